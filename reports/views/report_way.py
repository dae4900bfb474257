"""Where a report stands on its way, for the top of its page: state, why it came back, what can be done, its steps."""

import datetime
from dataclasses import dataclass

from django.urls import reverse

from branches.formats import day
from reports.models import PeriodReport, ReportStep, RoundUnit
from reports.round_standing import LOOKS, rows_asked_of
from reports.states import ALONE, STEP_WORDS, roles_of, verbs_of

# Verb → address, word on the button, whether it is the main thing to do; in the order of the page.
BUTTONS = {
    "submit": ("report_submit", "Nộp báo cáo", "direction", True),
    "approve": ("report_approve", "Duyệt", "check", True),
    "return": ("report_return", "Trả lại", "swap", False),
    "approve_outside": ("report_approve_outside", "Ghi việc cấp trên duyệt", "check", True),
    "take_back": ("report_take_back", "Rút lại để sửa", "swap", False),
    "reopen": ("report_reopen", "Mở lại để đính chính", "edit", False),
}


@dataclass(frozen=True, slots=True)
class Button:
    url: str
    word: str
    icon: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Way:
    """`look` is the state badge (sign, word); `back` the step that says why it has to be changed, while it holds."""

    look: tuple[str, str]
    line: str
    back: ReportStep | None
    asked: RoundUnit | None
    buttons: list[Button]
    steps: list[tuple[str, ReportStep]]


def way_of(user, report: PeriodReport, *, on: datetime.date, is_ready: bool = False) -> Way:
    """At most three queries: the steps, the round that asks, and who could approve.

    `is_ready`: every chapter was read through, so that handing it in is what comes next.
    """
    steps = list(report.steps.select_related("taken_by").order_by("-pk"))
    asked = RoundUnit.objects.filter(report=report).select_related("round__unit").order_by("-pk").first()
    roles = roles_of(user, report, on=on)
    may = verbs_of(report, roles)
    buttons = [
        Button(reverse(f"reports:{name}", args=[report.pk]), word, icon, is_main and (is_ready or verb != "submit"))
        for verb, (name, word, icon, is_main) in BUTTONS.items()
        if verb in may
    ]
    wanted = {"returned": "return", "reopened": "reopen"}.get(report.state)
    back = next((one for one in steps if one.verb == wanted), None) if wanted else None
    return Way(
        LOOKS.get(report.state, ("going", "Đang soạn")), _line(report, steps, roles), back, asked, buttons,
        [(STEP_WORDS.get(one.verb, one.verb), one) for one in steps],
    )  # fmt: skip


def _line(report: PeriodReport, steps: list[ReportStep], roles: set[str]) -> str:
    """Where it stands and since when, in a sentence or two."""
    last = steps[0] if steps else None
    if last is None:
        return "Chưa nộp. Cấp trên xem được bản đang soạn nhưng chưa tính là đã báo cáo; cấp ủy đọc được khi đã duyệt."
    since, who = day(last.taken_on), last.taken_by
    if report.state == "submitted" and ALONE in roles:
        return (
            f"{who} nộp ngày {since}. Đoàn cấp trên không dùng phần mềm này: khi cấp trên duyệt, hãy ghi lại ở đây;"
            " từ đó cấp ủy đọc được báo cáo."
        )
    return {
        "submitted": f"{who} nộp ngày {since}, đang chờ cấp trên duyệt.",
        "approved": f"{last.outside} duyệt, ghi ngày {since}." if last.outside else f"{who} duyệt ngày {since}.",
        "returned": f"{who} trả lại ngày {since}. Sửa xong thì nộp lại.",
        "reopened": f"{who} mở lại ngày {since}. Bản đã duyệt vẫn có giá trị cho đến khi bản đính chính được duyệt.",
    }.get(report.state, f"Đã rút lại ngày {since}. Sửa xong thì nộp lại.")


def due_reports(unit, *, on: datetime.date) -> list[dict]:
    """What open rounds ask of the unit and still wait for, for the top of its list of reports. One query."""
    found = []
    for row in rows_asked_of(unit):
        state = row.report.state if row.report else ""
        if row.report:
            url, verb = reverse("reports:report", args=[row.report_id]), "Soạn tiếp"
        else:
            url, verb = f"{reverse('reports:report_new', args=[unit.pk])}?dot={row.pk}", "Soạn báo cáo"
        word = LOOKS.get(state, ("going", "Đang soạn") if state else ("none", "Chưa soạn"))
        if row.due_on < on and state in ("", "draft"):
            word = ("overdue", f"Quá hạn {(on - row.due_on).days} ngày")
        verb = "Sửa và nộp lại" if state == "returned" else verb
        found.append({"row": row, "look": word, "url": url, "verb": verb})
    return found
