"""What the screens say about a case and a recommendation: badges, the two lanes, the steps.

Pure functions of rows already loaded; the day is an argument.
"""

import datetime
from dataclasses import dataclass

from branches.formats import day, distance, small
from inspections.due import Due, session_over
from inspections.models import CasePaper, Check, Inspection, Recommendation
from inspections.states import STEPS
from inspections.terms import term_due

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
    """One step of a case. `phase`: done, now, next, or left (passed over); `x` is its place in the strip of a phone."""

    number: int
    name: str
    meta: str
    phase: str
    x: int


CASE_BADGES = {
    CaseState.PLANNED: ("none", "Chưa lập đoàn"),
    CaseState.TEAM: ("none", "Chưa làm việc"),
    CaseState.PLAN_SENT: ("waiting", "Chờ đơn vị báo cáo"),
    CaseState.SELF_REPORTED: ("going", "Đơn vị đã báo cáo"),
    CaseState.VERIFYING: ("going", "Đang thẩm tra"),
    CaseState.VISITED: ("behind", "Chưa kết luận"),
    CaseState.REPORTED: ("behind", "Chưa kết luận"),
    CaseState.CONCLUDED: ("going", "Đã thông báo kết luận"),
    CaseState.FOLLOWING: ("going", "Theo dõi kiến nghị"),
    CaseState.REINSPECTION: ("going", "Chờ phúc tra"),
    CaseState.CLOSED: ("done", "Đã kết thúc"),
    CaseState.ESCALATED: ("done", "Chuyển kiểm tra vi phạm"),
    CaseState.CANCELLED: ("none", "Ngoài chương trình"),
}


def case_badge(case: Inspection, on: datetime.date, due: Due | None = None) -> Badge:
    """Where a case stands; a visit whose day is over and that nobody wrote down is late, and so is a step past its
    due day (`due`, from due.py)."""
    if session_over(case, on):
        return Badge("overdue", "Chưa ghi buổi làm việc")
    if due is not None and due.is_late(on):
        return Badge("overdue", due.late_word)
    if case.state in (CaseState.PLANNED, CaseState.TEAM) and case.visited_on:
        return Badge("going", f"Làm việc {day(case.visited_on)}")
    return Badge(*CASE_BADGES[case.state])


def paper_words(state: str) -> str:
    """ "Quyết định lập đoàn; ký: Chủ nhiệm Ủy ban Kiểm tra": the paper that brings into the state, and who signs it."""
    step = STEPS[CaseState(state)]
    if not step.signer:
        return ""
    paper = CasePaper.Kind(step.paper).label if step.paper else "Báo cáo của đơn vị"
    return f"{paper}; ký: {step.signer}"


def due_words(row: Recommendation) -> str:
    """ "hạn 15/04/2020, gốc 31/03/2020", or that none was set. What recurs: from the running term's own date."""
    if row.due_on is None:
        return "không đặt hạn"
    if row.original_due_on is None:
        return f"hạn {day(row.due_on)}, thông báo không đặt hạn"
    first = term_due(row)
    if row.due_on != first:
        return f"hạn {day(row.due_on)}, gốc {day(first)}"
    return f"hạn {day(row.due_on)}"


def task_words(task, on: datetime.date) -> str:
    """ "Đang làm, hạn 30/11/2026 (Còn 8 ngày)": how a task stands, without its text, which is the unit's own."""
    words = task.get_state_display()
    if task.due_on is None:
        return words
    late = f" ({distance(task.due_on, on).lower()})" if task.state == task.State.GIVEN else ""
    return f"{words}, hạn {day(task.due_on)}{late}"


def unit_lane(row: Recommendation, on: datetime.date) -> Badge:
    """What the unit says. Reads `answers` newest first, with their files, activities and targets prefetched."""
    answers = list(row.answers.all())
    last = answers[0] if answers else None
    if row.state == State.WITHDRAWN:
        return Badge("none", "Không phải làm tiếp", _answer_note(row, last) if last else "Chưa có báo cáo")
    if row.is_accepted(on):
        return Badge("none", "Chưa phải làm", f"Đến hết {day(row.accepted_until)}")
    if row.state in (State.OPEN, State.SENT_BACK, State.ACCEPTED) or last is None:
        if row.state == State.CLOSED:
            return Badge("none", "Không báo", "Ủy ban Kiểm tra tự xem xét")
        note = _not_done_note(row, last)
        if row.days_late(on):
            return Badge("overdue", distance(row.binding_on, on), note)
        if row.state == State.SENT_BACK:
            return Badge("returned", "Làm tiếp", note)
        return Badge("waiting", distance(row.binding_on, on), note) if row.due_on else Badge("none", "Chưa báo", note)
    return Badge("done", "Đã làm", _answer_note(row, last))


def _not_done_note(row, last) -> str:
    if row.state == State.ACCEPTED:
        return f"Hết thời gian chấp nhận {day(row.accepted_until)}"
    if last is None:
        return "Chưa có báo cáo"
    if row.state == State.SENT_BACK:
        return f"Đã báo {day(last.answered_on)}, bị trả lại"
    return f"Kỳ này chưa báo, lần trước {day(last.answered_on)}" if row.recurs else f"Đã báo {day(last.answered_on)}"


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
    if row.is_accepted(on):
        return Badge("none", "Chấp nhận chưa thực hiện", f"Từ {day(row.accepted_on)} · {row.accepted_reason}")
    if row.state == State.SENT_BACK:
        return Badge("returned", Check.Verdict.NOT_ADEQUATE.label.split(",")[0], signed)
    if row.state == State.TO_VISIT:
        return Badge("going", "Chờ kiểm tra tại chỗ", signed)
    if row.state == State.OPEN and row.times_met:
        return Badge("none", "Chưa kiểm tra kỳ này", f"Kỳ trước đạt {signed}")
    if row.state == State.ANSWERED:
        answers = list(row.answers.all())
        waited = (on - answers[0].answered_on).days
        note = f"Nhận báo cáo đã {waited} ngày" if waited else "Nhận báo cáo hôm nay"
        if late := row.days_late(on):
            note += f", đã qua hạn {late} ngày"
        return Badge("behind" if late else "going", "Chờ kiểm tra lại" if last else "Chờ kiểm tra", note)
    return Badge("none", "Chưa kiểm tra", "Chờ đơn vị báo")


LEFT_WAY = (CaseState.ESCALATED, CaseState.CANCELLED)


def reached_on(moves) -> dict[str, datetime.date]:
    """The day the case last came into each state it has been in; `moves` newest first."""
    return {row.to_state: row.moved_on for row in reversed(moves) if row.verb not in ("step_back", "reopen")}


def steps(
    case: Inspection, *, team: int, findings: int, recommendations: list, on: datetime.date, reached: dict
) -> list[Step]:
    """The way of a case as far as the records know it, without the steps its form and kind do not ask for.

    A case that left the way early ends with that step. `reached` comes from `reached_on`.
    """
    told = case.state in Inspection.NOTIFIED
    ended = sum(row.is_ended or row.is_accepted(on) for row in recommendations)
    programme = case.programme
    issued = f"{day(programme.issued_on)} · {programme.number}" if programme.number else "chưa ban hành"
    ways = [
        ("programme", "Chương trình", issued),
        ("team", "Lập đoàn kiểm tra", f"{team} người" if team else "chưa ghi thành viên"),
        ("plan", "Gửi kế hoạch, đề cương", _plan_words(case, reached)),
        ("prepare", "Đơn vị báo cáo, thẩm tra", _prepared_words(reached)),
        ("session", "Làm việc với đơn vị", _session_words(case)),
        ("findings", "Nhận định, kiến nghị", _found_words(findings, recommendations)),
        ("notice", "Thông báo kết luận", f"{day(case.concluded_on)} · {case.conclusion_number or 'chưa có số'}"
         if case.concluded_on else "chưa thông báo"),
        ("follow", "Theo dõi kiến nghị", _follow_words(recommendations, ended, on) if told else ""),
        ("close", "Kết thúc hồ sơ", day(case.closed_on) or "khi mọi kiến nghị đã khép"),
    ]  # fmt: skip
    is_quiet, sits = case.inspection_kind in Inspection.UNANNOUNCED, case.form in Inspection.SITTING
    if is_quiet and CaseState.PLAN_SENT not in reached:
        ways = [("prepare", "Thẩm tra, xác minh", meta) if key == "prepare" else (key, name, meta)
                for key, name, meta in ways if key != "plan"]  # fmt: skip
    if not sits:
        ways = [way for way in ways if way[0] != "session"]
    passed = _passed(case, findings, reached)
    if case.state in LEFT_WAY:
        ways = [way for way in ways if way[0] in passed]
        ways.append(("left", case.get_state_display(), day(case.closed_on)))
        now = "left"
    else:
        now = _now(case, findings=findings, all_ended=ended == len(recommendations), is_quiet=is_quiet, sits=sits)
        if session_over(case, on) and case.state != CaseState.PLANNED:
            now = "session"
    keys = [key for key, _, _ in ways]
    place = keys.index(now) if now in keys else len(keys)
    return [
        Step(number, name, meta, _phase(key, number - 1, place, passed), (number - 1) * 10)
        for number, (key, name, meta) in enumerate(ways, 1)
    ]


def _phase(key, at: int, place: int, passed: set) -> str:
    if at >= place:
        return "now" if at == place else "next"
    return "done" if key in passed else "left"


def _passed(case, findings, reached) -> set:
    """The steps that left a trace."""
    found = {"programme"} if case.programme.state == case.programme.State.ISSUED else set()
    if CaseState.TEAM in reached or case.state not in (CaseState.PLANNED, CaseState.CANCELLED):
        found.add("team")
    if CaseState.PLAN_SENT in reached:
        found.add("plan")
    if reached.keys() & {CaseState.SELF_REPORTED, CaseState.VERIFYING}:
        found.add("prepare")
    was_held = case.visited_on and case.state not in (*Inspection.BEFORE_VISIT, *LEFT_WAY)
    if was_held or CaseState.VISITED in reached:
        found.add("session")
    if findings:
        found.add("findings")
    if case.concluded_on:
        found.add("notice")
    if case.state == CaseState.CLOSED:
        found |= {"follow", "close"}
    return found | ({"follow"} if case.state == CaseState.FOLLOWING else set())


def _now(case, *, findings, all_ended, is_quiet, sits) -> str:
    after_team = "session" if sits else "prepare"
    return {
        CaseState.PLANNED: "team",
        CaseState.TEAM: after_team if is_quiet else "plan",
        CaseState.PLAN_SENT: "prepare",
        CaseState.SELF_REPORTED: "prepare",
        CaseState.VERIFYING: "session" if sits else "notice" if findings else "findings",
        CaseState.VISITED: "notice" if findings else "findings",
        CaseState.REPORTED: "notice",
        CaseState.CONCLUDED: "close",
        CaseState.FOLLOWING: "close" if all_ended else "follow",
        CaseState.REINSPECTION: "follow",
    }.get(case.state, "")


def _plan_words(case, reached) -> str:
    if CaseState.PLAN_SENT not in reached:
        return "chưa gửi" if case.state in (CaseState.PLANNED, CaseState.TEAM) else "không ghi"
    due = f" · báo cáo hạn {day(case.self_report_due_on)}" if case.self_report_due_on else ""
    return day(reached[CaseState.PLAN_SENT]) + due


def _prepared_words(reached) -> str:
    names = ((CaseState.SELF_REPORTED, "báo cáo"), (CaseState.VERIFYING, "thẩm tra"))
    said = ", ".join(f"{word} {day(reached[state])}" for state, word in names if state in reached)
    return said or ("chờ báo cáo" if CaseState.PLAN_SENT in reached else "")


def _session_words(case) -> str:
    if case.visited_on:
        return day(case.visited_on)
    return f"dự kiến tháng {case.planned_month:%m/%Y}" if case.planned_month else "chưa định ngày"


def _found_words(findings, recommendations) -> str:
    return f"{findings} nhận định, {len(recommendations)} kiến nghị" if findings else "chưa ghi"


def _follow_words(recommendations, ended, on) -> str:
    if not recommendations:
        return "không có kiến nghị"
    late = sum(1 for row in recommendations if not row.is_ended and row.days_late(on))
    follow = f"Đã khép {ended}/{len(recommendations)}"
    return f"{follow}, có {late} quá hạn" if late else follow


def turn_words(cards: list[dict], on: datetime.date) -> list[str]:
    """Whose turn it is while recommendations are followed: "Đơn vị: trả lời kiến nghị 1, hạn 02/11/2026 (quá hạn …)".

    Of the unit the one due first, of the committee all it has to check. `cards` are those of views/cards.py.
    """
    said = []
    if waiting := [card["row"].number for card in cards if card["waits_for_check"]]:
        said.append(f"Ủy ban Kiểm tra: kiểm tra kiến nghị {', '.join(map(str, waiting))}")
    owed = [card["row"] for card in cards if card["waits_for_unit"] and not card["is_accepted"]]
    if owed:
        first = min(owed, key=lambda row: (row.binding_on is None, row.binding_on, row.number))
        due = f", hạn {day(first.binding_on)} ({small(distance(first.binding_on, on))})" if first.binding_on else ""
        said.append(f"Đơn vị: trả lời kiến nghị {first.number}{due}")
    return said
