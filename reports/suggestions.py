"""What the data offers for the chapters people write: shortcomings, causes, and targets of the coming period.

An offer is never printed by itself: a person takes it and makes it their own. Each says why it is offered and opens
the lines behind it. A taken offer is a person's sentence; its source ("offer:late:12") only keeps it from being
offered twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from branches.formats import day, percent, two_digits
from branches.models import Activity, Indicator, Target

from .chapters import FilledBy
from .drafting import OFFERED, ChapterView
from .duties import DutyCell, DutyState, duty_calendar
from .judging import SUBPERIOD, Progress, Standing, as_set
from .material import Material
from .papers.aims import aim_sentence, aim_words
from .papers.phrases import figure, fraction, matter, share, with_qualifier, within
from .spans import is_within_a_year
from .themes import Theme

OFFER = OFFERED
MEETINGS = "branch_meetings"  # the indicator under which a meeting is logged that was not kept as one
NAMED = 5  # things named in one sentence; more are counted
REASONS = 6  # reasons offered, the latest


@dataclass(frozen=True, slots=True)
class Offer:
    """A sentence somebody may take. `opens` says what lies behind it: ("figure", code), ("activity", key) …"""

    source: str
    text: str
    subject: str
    because: str
    opens: tuple[str, str] = ("", "")


def offers_of(view: ChapterView, material: Material) -> list[Offer]:
    """What may be added to this chapter, without what was taken or left out before. At most twelve queries."""
    chapter = view.chapter
    if chapter.filled_by == FilledBy.NEXT_TARGETS:
        found = _next_targets(material)
    elif chapter.key == "shortcomings":
        found = [*_late(material), *_silent(material), *_recommended(material), *_without_evidence(material)]
    elif chapter.key == "causes":
        found = _causes(material)
    else:
        return []
    taken = {one.sentence.source for one in (*view.sentences, *view.left_out)}
    return [one for one in found if one.source not in taken]


# --- shortcomings ---------------------------------------------------------------------------------------


def _late(material: Material) -> list[Offer]:
    """Targets that are missed or behind; within a year those of the year so far."""
    return [_late_one(row) for row in (material.so_far or material.table).late]


def _late_one(row: Progress) -> Offer:
    indicator = row.indicator
    word = "Chưa hoàn thành" if row.standing == Standing.MISSED else "Chậm tiến độ"
    text = f"{word} chỉ tiêu {matter(indicator)}"
    if row.aim.is_ceiling:
        text = f"{indicator.name} vượt mức cho phép"
    told = ""
    if row.done.value is not None and row.aim.value is not None and not row.aim.is_ceiling:
        told = _told(row)
    text += f" ({told})" if told else ""
    because = "Chỉ tiêu chưa đạt" if row.standing == Standing.MISSED else "Chỉ tiêu đang chậm so với thời gian"
    return Offer(f"{OFFER}late:{indicator.pk}", f"{text}.", indicator.name, because, ("figure", indicator.code))


def _told(row: Progress) -> str:
    """Result beside the plan; a range has no percentage, it is told with both its ends."""
    indicator = row.indicator
    if row.aim.value_to is not None:
        done = share(row.done) if indicator.is_share else figure(row.done, indicator)
        return f"{done}, chỉ tiêu {aim_words(row.aim, indicator)}"
    if indicator.is_share:
        return share(row.done)
    told = fraction(row.done, row.aim.value, indicator)
    if row.ratio is not None:
        told += f", bằng {with_qualifier(percent(row.ratio), row.done.qualifier)} kế hoạch"
    return told


def _silent(material: Material) -> list[Offer]:
    """Months in which the branch neither met nor said why it did not; a meeting logged as an activity is one too."""
    if not _tells_meetings(material):
        return []
    held = [line.last_on for line in material.lines.get(MEETINGS, ())]
    months = [
        one
        for one in _meetings(material)
        if one.is_silent and not any(one.period.starts_on <= met_on <= one.period.last_day for met_on in held)
    ]
    if not months:
        return []
    names = ", ".join(f"{one.period.name}/{one.period.starts_on.year}" for one in months[:NAMED])
    more = f" và {two_digits(len(months) - NAMED)} kỳ khác" if len(months) > NAMED else ""
    text = f"Sinh hoạt chi đoàn chưa đều, còn {two_digits(len(months))} kỳ không sinh hoạt ({names}{more})."
    because = "Không có buổi họp, cũng không ghi lý do"
    return [Offer(f"{OFFER}silent", text, months[0].duty.name, because, ("duties", ""))]


def _tells_meetings(material: Material) -> bool:
    """A report about a theme speaks of meetings where the figure of meetings is about it."""
    row = material.table.row(MEETINGS)
    return not material.theme or (row is not None and not row.is_of_theme)


def _meetings(material: Material) -> list[DutyCell]:
    """The branch's own meetings that fell due within the period."""
    if not material.unit.is_branch:
        return []
    years = sorted({month.starts_on.year for month in material.period.months()})
    cells = duty_calendar(material.unit, years, as_of=material.as_of)
    return [
        one
        for one in cells
        if one.duty.fulfilled_by == one.duty.FulfilledBy.MEETING
        and material.period.covers(one.period.starts_on)
        and one.period.due_on <= material.as_of
    ]


def _recommended(material: Material) -> list[Offer]:
    count = material.recommendations.overdue
    if not count:
        return []
    text = f"Còn {two_digits(count)} kiến nghị sau kiểm tra, giám sát quá hạn chưa thực hiện xong."
    return [Offer(f"{OFFER}recommendations", text, "Kiến nghị quá hạn", f"Tính đến {day(material.until)}",
                  ("recommendations", ""))]  # fmt: skip


def _without_evidence(material: Material) -> list[Offer]:
    """Targets with results of which no line has a picture, a paper or a link."""
    rows = [
        row
        for row in material.table.planned
        if row.done.lines and not row.evidenced and row.indicator.source == Indicator.Source.LINES
    ]
    if not rows:
        return []
    names = "; ".join(matter(row.indicator) for row in rows[:NAMED])
    more = f"; và {two_digits(len(rows) - NAMED)} chỉ tiêu khác" if len(rows) > NAMED else ""
    text = f"Còn {two_digits(len(rows))} chỉ tiêu có kết quả nhưng chưa lưu minh chứng ({names}{more})."
    return [Offer(f"{OFFER}evidence", text, "Thiếu minh chứng", "Chưa có ảnh, văn bản hay liên kết", ("progress", ""))]


# --- causes ---------------------------------------------------------------------------------------------


def _causes(material: Material) -> list[Offer]:
    """What people themselves wrote when something was not held. Two queries, and the calendar's."""
    unit, period, theme = material.unit, material.period, Theme.of(material.theme)
    cancelled = (
        Activity.objects.filter(unit=unit, state=Activity.State.CANCELLED, last_on__lte=material.until)
        .in_period(period)
        .select_related("area")
        .order_by("-last_on", "-pk")
    )
    cancelled = [one for one in cancelled if theme is None or theme.is_activity_about(one)][:REASONS]
    found = [
        Offer(
            f"{OFFER}cancelled:{one.pk}",
            f"Không tổ chức được {_quoted(one.title)} ({day(one.starts_on)}): {_reason(one.cancel_reason)}.",
            one.title, "Lý do đã ghi khi bỏ hoạt động", ("activity", str(one.pk)),
        )
        for one in cancelled
    ]  # fmt: skip
    if _tells_meetings(material):
        found += [_not_held(one) for one in _meetings(material) if one.state == DutyState.NOT_HELD and one.reason]
    return found[: 2 * REASONS]


def _not_held(cell: DutyCell) -> Offer:
    text = f"Không sinh hoạt {cell.period.name}/{cell.period.starts_on.year}: {_reason(cell.reason)}."
    key = f"{cell.period.starts_on:%Y%m%d}"
    return Offer(f"{OFFER}not-held:{key}", text, cell.duty.name, "Lý do đã ghi khi không sinh hoạt", ("duties", ""))


def _reason(text: str) -> str:
    return within(text.strip().splitlines()[0].rstrip(".;, ")) if text.strip() else ""


def _quoted(title: str) -> str:
    return f"“{title.strip('“”')}”" if "“" not in title[1:] else title


# --- targets of the coming period -------------------------------------------------------------------------


def _next_targets(material: Material) -> list[Offer]:
    """Where no plan of the coming period stands yet: this period's targets again. What was exceeded is offered at what
    was reached, where that is an exact count; each says which of the two it is."""
    if material.next_targets or is_within_a_year(material.period):
        return []
    rows = [row for row in material.table.planned if row.target is not None]
    parts = {row.target.parent_id: row for row in rows if row.depth and row.target.parent_id}
    return [_again(row, parts.get(row.target.pk)) for row in rows if not row.depth]


def _again(row: Progress, part: Progress | None) -> Offer:
    aim, because = as_set(row.aim, row.indicator), "Bằng chỉ tiêu kỳ này"
    if aim.comparator in SUBPERIOD:  # "n a month" is asked for again, not what its months add up to
        aim = replace(aim, each=row.target.value)
    if _is_raised(row):
        aim = replace(aim, value=row.done.value)
        because = f"Bằng kết quả kỳ này ({figure(row.done, row.indicator)})"
    text = aim_sentence(_without_note(row.target), aim, (part.target, part.aim) if part else None)
    indicator = row.indicator
    return Offer(f"{OFFER}next:{indicator.pk}", f"{text}.", indicator.name, because, ("figure", indicator.code))


def _is_raised(row: Progress) -> bool:
    """Over its plan by an exact count: only then is the result a fair next aim."""
    comparators = Target.Comparator
    return (
        row.standing == Standing.OVER
        and row.aim.comparator in (comparators.AT_LEAST, comparators.EQUAL)
        and row.indicator.measure == Indicator.Measure.COUNT
        and row.done.qualifier == "exact"
        and row.done.value is not None
        and row.done.value == row.done.value.quantize(Decimal(1))
    )


def _without_note(target: Target) -> Target:
    """What a person noted beside this period's target is not said of the next."""
    return Target(indicator=target.indicator, comparator=target.comparator, value=target.value)


def offer_named(offers: Iterable[Offer], source: str) -> Offer | None:
    return next((one for one in offers if one.source == source), None)
