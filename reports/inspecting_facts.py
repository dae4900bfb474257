"""Facts of a checklist that are made in this app: the duty calendar and plan against result. And weak targets."""

import datetime
from collections.abc import Iterable

from branches.formats import small
from branches.models import DutyType
from inspections.checking.fact_lines import Line, add_lines
from inspections.checking.facts import Asked, Fact, add_fact, asked_of
from inspections.checking.items import MOST_SUGGESTED, Suggestion, add_suggester
from inspections.models import ChecklistItem, Inspection

from . import wording
from .duties import REPORT_KINDS, DutyCell, duty_calendar
from .duty_words import sentence_of
from .progress import ProgressTable, progress_for

MEETINGS = {DutyType.FulfilledBy.MEETING}


def _cells(asked: Asked, fulfilled_by) -> list[DutyCell]:
    """What was owed in the span and is over or done, as the duty calendar says it.

    Of a span that has ended it is asked on the day after: what was due on the very last day is over, too.
    """
    span, on = asked.span, min(asked.today, asked.span.ends_on)
    years = list(range(span.starts_on.year, span.last_day.year + 1))
    return [
        one
        for one in duty_calendar(asked.unit, years, as_of=on)
        if one.duty.fulfilled_by in fulfilled_by
        and span.starts_on <= one.period.starts_on < span.ends_on
        and one.is_owed
        and (one.is_done or one.period.due_on < on)
    ]


def _is_in_time(cell: DutyCell) -> bool:
    return cell.is_done and cell.state != "late"


def meetings_held(asked: Asked) -> Fact:
    """Periods with a meeting, of those that owed one; each rhythm counts as it is."""
    cells = _cells(asked, MEETINGS)
    if not cells:
        return Fact("không có kỳ sinh hoạt nào phải họp", 0, 0)
    done, silent = sum(one.is_done for one in cells), sum(one.is_silent for one in cells)
    rest = f", {silent} kỳ chưa báo" if silent else ""
    return Fact(f"họp {done} trên {len(cells)} kỳ phải họp{rest}", done, len(cells))


def reports_in_time(asked: Asked) -> Fact:
    """Reports handed in by their due day, of those that were due."""
    cells = _cells(asked, set(REPORT_KINDS))
    if not cells:
        return Fact("không có báo cáo nào đến hạn", 0, 0)
    in_time = sum(_is_in_time(one) for one in cells)
    late = sum(one.state == "late" for one in cells)
    rest = f", {late} báo cáo nộp muộn" if late else ""
    return Fact(f"đúng hạn {in_time} trên {len(cells)} báo cáo{rest}", in_time, len(cells))


def _lines(fulfilled_by, counts):
    def lines(asked: Asked) -> list[Line]:
        return [
            Line(f"{one.duty.name}, {_called(one)}", sentence_of(one, with_reason=True), int(counts(one)), 1)
            for one in _cells(asked, fulfilled_by)
        ]

    return lines


def _called(cell: DutyCell) -> str:
    """The period with its year: a span may touch two."""
    name, year = small(cell.period.name), str(cell.period.starts_on.year)
    return name if year in name else f"{name} năm {year}"


def _table(asked: Asked) -> ProgressTable:
    """Plan against result of the year in which the span ends: targets are set for years."""
    return progress_for(asked.unit, asked.year, as_of=asked.on)


def targets_behind(asked: Asked) -> Fact:
    table = _table(asked)
    planned, year = len(table.planned), small(table.period.name)
    if not planned:
        return Fact(f"{year} chưa có chỉ tiêu nào trong kế hoạch", 0, 0)
    late = len(table.late)
    return Fact(f"{year}: {late} trên {planned} chỉ tiêu chậm, {table.reached} đã đạt", late)


def targets_lines(asked: Asked) -> list[Line]:
    return [
        Line(
            row.indicator.name,
            f"{wording.standing(row)}: kết quả {small(wording.result(row))}, "
            f"chỉ tiêu {wording.aim(row.aim, row.indicator)} {row.indicator.unit_word}",
            int(row.is_late),
        )
        for row in _table(asked).planned
    ]  # fmt: skip


def weak_targets(case: Inspection, on: datetime.date) -> Iterable[Suggestion]:
    """Targets that are late by the end of the span."""
    rows = [row for row in _table(asked_of(case, on=on)).late if row.target]
    return [
        Suggestion(
            f"target-{row.target.pk}", ChecklistItem.Origin.TARGET, "Chỉ tiêu còn chậm",
            f"Kết quả và nguyên nhân chậm của chỉ tiêu “{row.indicator.name}”"[:400],
            f"Chỉ tiêu {small(row.target.period.name)} đang chậm so với kế hoạch",
            evidence_where="Bảng kế hoạch, kết quả của đơn vị", fact="targets_behind", target=row.target,
        )
        for row in rows[:MOST_SUGGESTED]
    ]  # fmt: skip


def connect() -> None:
    add_fact("meetings_held", "Sinh hoạt chi đoàn đã họp", meetings_held, page="reports:duty_calendar")
    add_fact("targets_behind", "Chỉ tiêu chậm", targets_behind, page="reports:progress")
    add_fact("reports_in_time", "Báo cáo đúng hạn", reports_in_time, page="reports:report_list")
    add_lines("meetings_held", "Đã họp", "Chưa họp", _lines(MEETINGS, lambda one: one.is_done), section="duties")
    add_lines("targets_behind", "Đang chậm", "Không chậm", targets_lines, section="plan")
    add_lines(
        "reports_in_time", "Đúng hạn", "Muộn hoặc chưa nộp", _lines(set(REPORT_KINDS), _is_in_time), section="duties"
    )
    add_suggester(weak_targets)
