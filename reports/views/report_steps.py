"""Steps of a report on its way: handed in, taken back, approved, sent back, opened again. One page each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.admitting import has_approver
from branches.formats import day, small
from branches.forms.base import sent
from branches.scoping import get_editable_or_403
from branches.views.life_steps import answered_before, step_page, take_step
from reports import submitting as verbs
from reports.annexes import cells_left_open
from reports.drafting import chapters_today
from reports.forms_rounds import ApproveForm, ApproveOutsideForm, ReportReasonForm, SubmitForm
from reports.freezing import prepare
from reports.material import material_of
from reports.models import PeriodReport, RoundUnit
from reports.papers.report import day_of
from reports.states import WHY_NOT, ReportRefused, State, allowed, roles_of, verbs_of

from .consistency import warnings_of
from .reports import reports_with_unit

STEP = ["GET", "HEAD", "POST"]
MEANWHILE = verbs.ASK_AGAIN


def _report(request, pk, right):
    found = get_editable_or_403(reports_with_unit(), request.user, right=right, pk=pk)
    return found, reverse("reports:report", args=[found.pk])


def _too_late(request, found, verb, back):
    """Back to the report, with a word why, where its state does not permit the step; None else."""
    if allowed(found, verb):
        return None
    messages.error(request, f"{WHY_NOT[State(found.state)]} Chưa ghi gì.")
    return redirect(back)


def _page(request, form, found, back, *, title, button, says, warns=False, facts=()):
    return step_page(request, form, title=title, button=button, back=back, unit=found.unit, about=found.title,
                     says=says, warns=warns, facts=facts)  # fmt: skip


@require_http_methods(STEP)
def report_submit(request, pk):
    """Hand it in: what will happen, and what should be looked at before."""
    found, back = _report(request, pk, "submit")
    if answer := answered_before(request) or _too_late(request, found, "submit", back):
        return answer
    today = timezone.localdate()
    form = SubmitForm(sent(request), report=found, on=today, initial={"version": found.version, "dated_on": today})
    prepared = None
    if request.method == "POST" and form.is_valid():
        # Read before the transaction, of the report as it will be dated; what is written meanwhile refuses it.
        found.dated_on = found.dated_on or form.cleaned_data["dated_on"]
        try:
            prepared = prepare(found, on=today)
        except ReportRefused as refusal:
            form.refuse(refusal)

    def work():
        verbs.submit_report(
            report=found, version=form.cleaned_data["version"], by=request.user, on=today, dated_on=found.dated_on,
            correction=form.cleaned_data.get("correction", ""), prepared=prepared,
            takes_number=form.cleaned_data.get("takes_number", False), reserved=form.cleaned_data.get("reserved"),
        )  # fmt: skip
        return back

    def done():
        if has_approver(found.unit, on=today):
            return "Đã nộp báo cáo. Cấp trên thấy báo cáo này trong “Việc của tôi”."
        return "Đã nộp báo cáo. Khi cấp trên duyệt, hãy ghi lại ở đây để cấp ủy đọc được báo cáo."

    if answer := take_step(request, form, work, done, refused=ReportRefused, meanwhile=MEANWHILE):
        return answer
    warnings = _warnings(found, today)
    says = [
        *warnings,
        *_closed_rounds(found),
        "Nộp rồi thì câu chữ và số liệu được giữ đúng như lúc này. Muốn sửa thì rút lại khi cấp trên chưa duyệt, "
        "hoặc chờ cấp trên trả lại.",
    ]
    return _page(
        request, form, found, back, title="Nộp báo cáo", button="Nộp báo cáo", says=says, warns=bool(warnings),
        facts=_facts(found, today),
    )  # fmt: skip


def _closed_rounds(found: PeriodReport) -> list[str]:
    """A closed round still takes the report, and says so beside it."""
    rows = RoundUnit.objects.filter(report=found).exclude(round__closed_on=None).select_related("round")
    told = "Vẫn nộp được; bên yêu cầu thấy là nộp sau khi khép đợt."
    rows = rows.order_by("round_id")
    return [f"{row.round.name} đã khép ngày {day(row.round.closed_on)}. {told}" for row in rows]


def _facts(found: PeriodReport, today) -> list[tuple[str, str]]:
    signer = f"{found.signer_post} {found.signer_name}".strip()
    return [
        ("Số", found.number or "để trống, điền tay"),
        ("Ngày báo cáo", day(found.dated_on)),
        ("Số liệu đến", day(min(day_of(found, today), found.period.last_day))),
        ("Người ký", signer),
    ]


def _warnings(found: PeriodReport, today) -> list[str]:
    """What should be looked at before it is handed in: chapters unread, figures that changed, chapters left empty."""
    material = material_of(found, as_of=day_of(found, today))
    chapters = chapters_today(found, material)
    unread = [one for one in chapters if one.section is not None and not one.is_reviewed]
    changed = sum(one.changed for one in chapters)
    empty = [one for one in chapters if one.chapter.is_typed and not one.chapter.is_optional and not one.sentences]
    told = []
    if unread:
        told.append(f"{len(unread)} trên {len(chapters)} mục chưa đánh dấu đã soát.")
    if changed:
        told.append(f"{changed} câu còn số cũ: số liệu đã đổi sau khi lấy câu.")
    told += cells_left_open(found, material)
    if empty:
        told.append(f"Chưa viết: {'; '.join(one.chapter.title for one in empty)}.")
    return told + [f"Số liệu nên xem lại: {small(one.words)}." for one, _ in warnings_of(found, material)]


@require_http_methods(STEP)
def report_take_back(request, pk):
    """The unit takes it back before anything was decided."""
    return _reasoned(
        request, pk, "submit", "take_back", verbs.take_back, title="Rút lại báo cáo", button="Rút lại báo cáo",
        done="Đã rút lại báo cáo. Sửa xong thì nộp lại.",
        says=["Rút lại rồi thì sửa được. Cấp trên thấy báo cáo là chưa nộp cho đến khi nộp lại; "
              "bản đã nộp vẫn giữ để đối chiếu."],
    )  # fmt: skip


@require_http_methods(STEP)
def report_return(request, pk):
    """The superior sends it back."""
    return _reasoned(
        request, pk, "approve", "return", verbs.return_report, title="Trả lại báo cáo", button="Trả lại báo cáo",
        done="Đã trả lại báo cáo. Đơn vị thấy lý do này.",
        says=["Đơn vị thấy lý do trên báo cáo và trong “Việc của tôi”, sửa rồi nộp lại."],
    )  # fmt: skip


@require_http_methods(STEP)
def report_reopen(request, pk):
    """An approved report is opened again to be corrected: by the superior, or by a unit without one in the system."""
    return _reasoned(
        request, pk, ("approve", "submit"), "reopen", verbs.reopen_report, title="Mở lại để đính chính",
        button="Mở lại báo cáo", done="Đã mở lại báo cáo để đính chính.",
        says=["Bản đã duyệt vẫn có giá trị cho đến khi bản đính chính được duyệt.",
              "Bản đính chính ghi rõ ngày và nội dung đính chính."],
    )  # fmt: skip


def _reasoned(request, pk, right, verb, act, *, title, button, done, says):
    """A step that needs nothing but a reason."""
    found, back = _report(request, pk, right)
    today = timezone.localdate()
    if answer := answered_before(request) or _too_late(request, found, verb, back):
        return answer
    if verb not in verbs_of(found, roles_of(request.user, found, on=today)):
        raise PermissionDenied
    form = ReportReasonForm(sent(request), initial={"version": found.version})

    def work():
        act(report=found, version=form.cleaned_data["version"], by=request.user, on=today,
            reason=form.cleaned_data["reason"])  # fmt: skip
        return back

    answer = take_step(request, form, work, done, refused=ReportRefused, meanwhile=MEANWHILE)
    return answer or _page(request, form, found, back, title=title, button=button, says=says)


@require_http_methods(STEP)
def report_approve(request, pk):
    """The superior approves what was handed in."""
    found, back = _report(request, pk, "approve")
    if answer := answered_before(request) or _too_late(request, found, "approve", back):
        return answer
    form = ApproveForm(sent(request), initial={"version": found.version})

    def work():
        verbs.approve_report(
            report=found, version=form.cleaned_data["version"], by=request.user, on=timezone.localdate(),
            note=form.cleaned_data["note"],
        )  # fmt: skip
        return back

    if answer := take_step(request, form, work, "Đã duyệt báo cáo.", refused=ReportRefused, meanwhile=MEANWHILE):
        return answer
    says = ["Duyệt rồi thì số liệu được tính vào báo cáo tổng hợp của cấp trên, và cấp ủy đọc được báo cáo.",
            "Muốn đơn vị sửa sau khi duyệt thì phải mở lại, có lý do."]  # fmt: skip
    return _page(request, form, found, back, title="Duyệt báo cáo", button="Duyệt báo cáo", says=says,
                 facts=_facts(found, timezone.localdate()))  # fmt: skip


@require_http_methods(STEP)
def report_approve_outside(request, pk):
    """Who approved it by which paper, where the superior does not use the software."""
    found, back = _report(request, pk, "submit")
    today = timezone.localdate()
    if answer := answered_before(request) or _too_late(request, found, "approve_outside", back):
        return answer
    if "approve_outside" not in verbs_of(found, roles_of(request.user, found, on=today)):
        raise PermissionDenied
    form = ApproveOutsideForm(sent(request), initial={"version": found.version})

    def work():
        verbs.approve_outside(
            report=found, version=form.cleaned_data["version"], by=request.user, on=today,
            who=form.cleaned_data["who"], paper=form.cleaned_data["paper"],
        )  # fmt: skip
        return back

    if answer := take_step(request, form, work, "Đã ghi việc duyệt.", refused=ReportRefused, meanwhile=MEANWHILE):
        return answer
    says = [
        "Dùng khi Đoàn cấp trên không dùng phần mềm này và đã duyệt báo cáo.",
        "Ghi rồi thì báo cáo là đã ban hành: cấp ủy đọc được, số liệu tính vào các bảng của cấp ủy. "
        "Muốn sửa thì mở lại để đính chính, có lý do.",
    ]
    return _page(request, form, found, back, title="Ghi việc cấp trên duyệt", button="Ghi đã duyệt", says=says)
