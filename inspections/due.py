"""By when the next step of a case is due, and who has to take it.

The days are dated rules (`rules_on`), counted from the agreed or real day of the working session, from the notice,
or from the day the case came into its state; working days where the rule says so (branches/workdays.py). Pure
functions of a row already loaded.
"""

import calendar
import datetime
from dataclasses import dataclass

from branches.formats import day, distance
from branches.workdays import working_days_after
from inspections.models import Inspection
from inspections.states import COMMITTEE, HEAD, UNIT

State = Inspection.State
WHO = {COMMITTEE: "Ủy ban Kiểm tra", HEAD: "Trưởng đoàn kiểm tra", UNIT: "Đơn vị"}


@dataclass(frozen=True, slots=True)
class Due:
    """`what` is the step, `late_word` what the badge says once its day is over, `who` a role of states.py."""

    what: str
    late_word: str
    on: datetime.date
    who: str

    def is_late(self, today: datetime.date) -> bool:
        return self.on < today

    def words(self, today: datetime.date) -> str:
        """ "Gửi kế hoạch, đề cương cho đơn vị, hạn 18/09/2026 (Quá hạn 3 ngày)"."""
        return f"{self.what}, hạn {day(self.on)} ({distance(self.on, today).lower()})"

    @property
    def who_words(self) -> str:
        return WHO[self.who]


def month_end(month: datetime.date) -> datetime.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def session_over(case: Inspection, on: datetime.date) -> bool:
    """The day agreed for the session has passed and nobody has written the session down."""
    sits = case.form in Inspection.SITTING and case.state in Inspection.BEFORE_VISIT
    return sits and case.visited_on is not None and case.visited_on < on


def step_due(case: Inspection, rules: dict, *, on: datetime.date, ended_on: datetime.date | None = None) -> Due | None:
    """What is due next in the case; None where nothing has a day of its own.

    `rules` are those of today, the day `on`. Once the agreed day of the session has passed, the session is what is
    due: nothing that prepares it can be on time any more. `ended_on` is the day the last recommendation ended, given
    only when all ended: while one is open, its own date counts and not the case's.
    """
    if session_over(case, on):
        return _session(case)
    if case.state in (State.PLANNED, State.TEAM):
        return _before_plan(case, int(rules["inspection_plan_days_before"]))
    if case.state == State.PLAN_SENT:
        asked = case.self_report_due_on
        return Due("Gửi báo cáo cho đoàn kiểm tra", "Đơn vị chậm báo cáo", asked, UNIT) if asked else _session(case)
    if case.state in (State.SELF_REPORTED, State.VERIFYING):
        return _session(case) or _team_report(case, case.state_since, rules)
    if case.state == State.VISITED:
        return _team_report(case, case.visited_on, rules)
    if case.state == State.REPORTED:
        since = case.visited_on or case.state_since
        return _after("Thông báo kết luận", "Chậm kết luận", since, rules["inspection_conclusion_days"], COMMITTEE)
    if case.state in Inspection.IN_FORCE:
        since = case.concluded_on if case.state == State.CONCLUDED else ended_on
        return _after("Kết thúc, lưu hồ sơ", "Chậm lưu hồ sơ", since, rules["inspection_archive_days"], COMMITTEE)
    return None


def _before_plan(case, days: int) -> Due | None:
    """An announced session is announced so many calendar days ahead; of a sudden one only its own day is due."""
    if case.visited_on and case.form in Inspection.SITTING and case.inspection_kind not in Inspection.UNANNOUNCED:
        ahead = case.visited_on - datetime.timedelta(days=days)
        return Due("Gửi kế hoạch, đề cương cho đơn vị", "Chậm gửi kế hoạch", ahead, COMMITTEE)
    return _session(case) or _month(case)


def _session(case) -> Due | None:
    """The session on its agreed day, without one by the end of its month; None for a case that has no session."""
    if case.form not in Inspection.SITTING:
        return None
    if case.visited_on:
        return Due("Làm việc với đơn vị", "Chưa ghi buổi làm việc", case.visited_on, HEAD)
    return _month(case)


def _month(case) -> Due | None:
    if not case.planned_month:
        return None
    what = f"Tiến hành trong tháng {case.planned_month:%m/%Y}"
    return Due(what, "Đã qua tháng dự kiến", month_end(case.planned_month), COMMITTEE)


def _team_report(case, since, rules) -> Due | None:
    return _after("Báo cáo của đoàn kiểm tra", "Đoàn chậm báo cáo", since, rules["inspection_team_report_days"], HEAD)


def _after(what, late_word, since, days, who) -> Due | None:
    if since is None:
        return None
    return Due(what, late_word, working_days_after(since, int(days)), who)
