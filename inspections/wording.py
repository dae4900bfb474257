"""What the screens say about a case and a recommendation: badges, the two lanes, the steps.

Pure functions of rows already loaded; the day is an argument.
"""

import datetime
from dataclasses import dataclass

from branches.formats import day, distance
from inspections.models import Check, Inspection, Recommendation

CaseState = Inspection.State
State = Recommendation.State


@dataclass(frozen=True, slots=True)
class Badge:
    """A sign, its word and one line beside it; `standing` is a name the {% state %} tag knows."""

    standing: str
    word: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case. `phase`: done, now or next; `x` is its place in the strip of the phone."""

    number: int
    name: str
    meta: str
    phase: str
    x: int


CASE_BADGES = {
    CaseState.PLANNED: ("none", "Chưa làm việc"),
    CaseState.VISITED: ("behind", "Chưa kết luận"),
    CaseState.CONCLUDED: ("going", "Theo dõi kiến nghị"),
    CaseState.CLOSED: ("done", "Đã kết thúc"),
}


def case_badge(case: Inspection, on: datetime.date) -> Badge:
    """Where a case stands; a visit whose day is over and that nobody wrote down is late."""
    if case.state == CaseState.PLANNED and case.visited_on:
        if case.visited_on < on:
            return Badge("overdue", "Chưa ghi buổi làm việc")
        return Badge("going", f"Làm việc {day(case.visited_on)}")
    return Badge(*CASE_BADGES[case.state])


def due_words(row: Recommendation) -> str:
    """ "hạn 15/04/2020, gốc 31/03/2020", or that none was set."""
    if row.due_on is None:
        return "không đặt hạn"
    if row.original_due_on is None:
        return f"hạn {day(row.due_on)}, thông báo không đặt hạn"
    if row.due_on != row.original_due_on:
        return f"hạn {day(row.due_on)}, gốc {day(row.original_due_on)}"
    return f"hạn {day(row.due_on)}"


def unit_lane(row: Recommendation, on: datetime.date) -> Badge:
    """What the unit says. Reads `answers` newest first, with their files, activities and targets prefetched."""
    answers = list(row.answers.all())
    last = answers[0] if answers else None
    if row.state == State.WITHDRAWN:
        return Badge("none", "Không phải làm tiếp", _answer_note(row, last) if last else "Chưa có báo cáo")
    if row.state == State.SENT_BACK or last is None:
        note = f"Đã báo {day(last.answered_on)}, bị trả lại" if last else "Chưa có báo cáo"
        if row.state == State.CLOSED:
            return Badge("none", "Không báo", "Ủy ban Kiểm tra tự xem xét")
        if row.days_late(on):
            return Badge("overdue", distance(row.due_on, on), note)
        if row.state == State.SENT_BACK:
            return Badge("returned", "Làm tiếp", note)
        return Badge("waiting", distance(row.due_on, on), note) if row.due_on else Badge("none", "Chưa báo", note)
    return Badge("done", "Đã làm", _answer_note(row, last))


def _answer_note(row, answer) -> str:
    """ "27/03/2020, sau hạn 3 ngày · 2 hoạt động, 1 chỉ tiêu, 2 tệp"."""
    late = (answer.answered_on - row.due_on).days if row.due_on else 0
    counts = (
        (len(answer.activities.all()), "hoạt động"),
        (len(answer.targets.all()), "chỉ tiêu"),
        (len(answer.files.all()), "tệp"),
    )
    proof = ", ".join(f"{count} {word}" for count, word in counts if count)
    said = day(answer.answered_on) + (f", sau hạn {late} ngày" if late > 0 else "")
    return f"{said} · {proof}" if proof else said


def check_lane(row: Recommendation, on: datetime.date) -> Badge:
    """What the committee says. Reads `checks` newest first with who checked."""
    checks = list(row.checks.all())
    last = checks[0] if checks else None
    signed = f"{day(last.checked_on)} · {last.checked_by}" if last else ""
    if row.state == State.CLOSED:
        return Badge("met", "Đạt", signed)
    if row.state == State.WITHDRAWN:
        return Badge("none", "Rút kiến nghị", f"{day(row.ended_on)} · {row.withdrawn_reason}")
    if row.state == State.SENT_BACK:
        return Badge("returned", Check.Verdict.NOT_ADEQUATE.label.split(",")[0], signed)
    if row.state == State.ANSWERED:
        answers = list(row.answers.all())
        waited = (on - answers[0].answered_on).days
        note = f"Nhận báo cáo đã {waited} ngày" if waited else "Nhận báo cáo hôm nay"
        if late := row.days_late(on):
            note += f", đã qua hạn {late} ngày"
        return Badge("behind" if late else "going", "Chờ kiểm tra lại" if last else "Chờ kiểm tra", note)
    return Badge("none", "Chưa kiểm tra", "Chờ đơn vị báo")


def steps(case: Inspection, *, team: int, findings: int, recommendations: list, on: datetime.date) -> list[Step]:
    """The way of a case as far as the records know it."""
    ended = sum(row.is_ended for row in recommendations)
    late = sum(1 for row in recommendations if not row.is_ended and row.days_late(on))
    follow = f"Đã khép {ended}/{len(recommendations)}" if recommendations else "Không có kiến nghị"
    visit_day = day(case.visited_on) or "chưa định ngày"
    said = [
        ("Chương trình", f"{day(case.programme.issued_on)} · {case.programme.number}"),
        ("Lập đoàn kiểm tra", f"{team} người" if team else "chưa ghi thành viên"),
        ("Làm việc tại đơn vị", visit_day),
        ("Nhận định, kiến nghị", f"{findings} nhận định, {len(recommendations)} kiến nghị" if findings else "chưa ghi"),
        ("Thông báo kết luận", f"{day(case.concluded_on)} · {case.conclusion_number or 'chưa có số'}"
         if case.concluded_on else "chưa thông báo"),
        ("Theo dõi kiến nghị", f"{follow}, có {late} quá hạn" if late else follow),
        ("Kết thúc hồ sơ", day(case.closed_on) or "Khi mọi kiến nghị đã khép"),
    ]  # fmt: skip
    now = {
        CaseState.PLANNED: 3 if team else 2,
        CaseState.VISITED: 5 if findings else 4,
        CaseState.CONCLUDED: 7 if ended == len(recommendations) else 6,
        CaseState.CLOSED: 8,
    }[case.state]
    return [
        Step(number, name, meta, "done" if number < now else "now" if number == now else "next", (number - 1) * 10)
        for number, (name, meta) in enumerate(said, 1)
    ]
