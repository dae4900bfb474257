"""Which unit owes which duty in which period: editions by date, a unit's own rhythm, the tree of the day.

A month follows the rule of its first day. Months that follow the same rhythm and fall into the same quarter,
half or year are one period; a rhythm that changes within a quarter cuts it there. What was done about a
period is no matter here: reports/duties.py puts it beside.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Min, Q

from branches.models import DutyException, DutyType, Placement, Rhythm, Unit
from branches.restructuring import old_name
from branches.tree import Scope, scope_of

MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF: 6, Rhythm.YEAR: 12}
ONE_DAY = datetime.timedelta(days=1)
Day = datetime.date
Span = tuple[Day, Day, int]  # from, before, the unit above
ALWAYS = (datetime.date.min, datetime.date.max)


@dataclass(frozen=True, slots=True)
class DutyPeriod:
    """One duty of one unit in one period, [starts_on, ends_on). `why_not` says why it is not owed after all.

    `due_on` is the last day on which it is in time. `exception` is the unit's own rhythm, if one holds.
    """

    unit_id: int
    duty: DutyType
    starts_on: Day
    ends_on: Day
    due_on: Day
    rhythm: str
    exception: DutyException | None
    why_not: str = ""

    @property
    def last_day(self) -> Day:
        return self.ends_on - ONE_DAY

    @property
    def first_month(self) -> int:
        return self.starts_on.month

    @property
    def last_month(self) -> int:
        return self.last_day.month

    @property
    def months(self) -> int:
        return self.last_month - self.first_month + 1

    @property
    def is_free(self) -> bool:
        """The superior confirmed that the unit need not do it at all."""
        return self.exception is not None and not self.exception.rhythm

    @property
    def name(self) -> str:
        """ "tháng 10", "quý III", "6 tháng đầu năm", "cả năm"; a cut one says from when to when."""
        first, length = self.first_month, MONTHS[Rhythm(self.rhythm)]
        if self.months < length:
            last = self.last_month
            return f"tháng {first}" if first == last else f"từ tháng {first} đến tháng {last}"
        if length == 1:
            return f"tháng {first}"
        if length == 3:
            return f"quý {('I', 'II', 'III', 'IV')[first // 3]}"
        return "cả năm" if length == 12 else f"6 tháng {'đầu' if first == 1 else 'cuối'} năm"

    @property
    def title(self) -> str:
        """ "Sinh hoạt chi đoàn tháng 10/2026", "Báo cáo năm 2026": what is once a year needs no name of its period."""
        name, year = self.duty.name, self.starts_on.year
        if self.rhythm == Rhythm.YEAR or len(self.duty.only) == 1:
            return f"{name} {year}" if name.endswith("năm") else f"{name} năm {year}"
        return f"{name} {self.name}/{year}"


@dataclass(frozen=True, slots=True)
class Stay:
    """A unit as a page about duties sees it: when it existed, and on which days it belongs to the page."""

    unit: Unit
    founded_on: Day | None
    is_here: Callable[[Day], bool]
    is_under: Callable[[int, Day], bool]  # (owner of a duty, day)


def own_periods(unit: Unit, years: Sequence[int]) -> list[DutyPeriod]:
    """What the unit itself owes in these years, duty by duty, in order. Three queries, four if it was moved."""
    above, founded_on = spans_above(unit, Day(years[0], 1, 1))
    return _periods([_own_stay(unit, above, founded_on)], years, {pk for _, _, pk in above})


def _own_stay(unit: Unit, above: list[Span], founded_on: Day | None) -> Stay:
    return Stay(unit, founded_on, lambda day: True, lambda owner, day: _stands_under(above, owner, day))


def periods_below(unit: Unit, years: Sequence[int], *, as_of: Day) -> tuple[list[Unit], list[DutyPeriod]]:
    """The units that stood below within these years, under their name of the last day, and what they owe.

    Duties of the whole organisation, of the unit itself and of those above it; what a unit below asks of
    its own branches is on its own board. The number of queries does not depend on the units.
    """
    units, _, below = periods_here_and_below(scope_of(unit, Day(years[0], 1, 1)), years, as_of=as_of)
    return units, below


def periods_here_and_below(
    scope: Scope, years: Sequence[int], *, as_of: Day
) -> tuple[list[Unit], list[DutyPeriod], list[DutyPeriod]]:
    """`periods_below` with what the unit itself owes before it, for a page that needs both: four queries.

    `scope` is that of the unit, from the first of these years or an earlier day on.
    """
    unit, first, last = scope.unit, Day(years[0], 1, 1), Day(years[-1], 12, 31)
    above, founded_on = spans_above(unit, first)
    below = Unit.objects.filter(scope.settled("") | Q(pk__in=list(scope.strays))).exclude(pk=unit.pk).living(first)
    called = old_name("pk", min(last, as_of))
    units = list(below.annotate(founded_on=Min("placements__starts_on"), name_then=called).order_by("sort_key", "pk"))
    for one in units:
        one.name = one.name_then or one.name

    def stay(one: Unit) -> Stay:
        def is_here(day: Day) -> bool:
            return scope.place(one.pk, one.path, day)[0]

        def is_under(owner: int, day: Day) -> bool:
            return is_here(day) and (owner == unit.pk or _stands_under(above, owner, day))

        return Stay(one, one.founded_on, is_here, is_under)

    stays = [_own_stay(unit, above, founded_on), *(stay(one) for one in units)]
    own, below = [], []
    for period in _periods(stays, years, {unit.pk} | {pk for _, _, pk in above}):
        if period.unit_id != unit.pk:
            below.append(period)
        elif period.duty.owner_id != unit.pk:  # what it asks of those below
            own.append(period)
    return units, own, below


def period_of(unit: Unit, code: str, starts_on: Day) -> DutyPeriod | None:
    """The period of this duty of the unit that begins on the day; None where it has none."""
    found = own_periods(unit, [starts_on.year])
    return next((one for one in found if one.duty.code == code and one.starts_on == starts_on), None)


def spans_above(unit: Unit, since: Day) -> tuple[list[Span], Day | None]:
    """Under whom the unit stood from `since` on, directly or not, and when it was founded. One query, two if moved."""
    steps = [int(step) for step in unit.path.strip("/").split("/")]
    columns = ("unit_id", "superior_id", "starts_on", "ends_on")
    rows = list(Placement.objects.filter(unit__in=steps).order_by("starts_on", "pk").values_list(*columns))
    founded_on = min((row[2] for row in rows if row[0] == unit.pk), default=None)
    ends = {row[0]: row for row in rows}  # the newest of each
    if not any(row[3] and row[3] > since and ends[row[0]] != row for row in rows):
        return [(*ALWAYS, step) for step in steps[:-1]], founded_on
    placements = defaultdict(list)
    for row in Placement.objects.order_by("starts_on", "pk").values_list(*columns):
        placements[row[0]].append(row)
    return list(_climb(placements, unit.pk, *ALWAYS)), founded_on


def _climb(placements: dict, unit_id: int, since: Day, until: Day) -> Iterable[Span]:
    rows = placements.get(unit_id, [])
    for place, (_, superior_id, starts_on, ends_on) in enumerate(rows):
        # What is dated before the founding or after the end of a unit still belongs to its first or last place.
        first = max(since, datetime.date.min if place == 0 else starts_on)
        last = min(until, datetime.date.max if place == len(rows) - 1 or ends_on is None else ends_on)
        if superior_id is not None and first < last:
            yield first, last, superior_id
            yield from _climb(placements, superior_id, first, last)


def _stands_under(above: Iterable[Span], owner: int, day: Day) -> bool:
    return any(pk == owner and first <= day < last for first, last, pk in above)


def _periods(stays: list[Stay], years: Sequence[int], owners: set[int]) -> list[DutyPeriod]:
    first, end = Day(years[0], 1, 1), Day(years[-1] + 1, 1, 1)
    editions: dict[str, list[DutyType]] = defaultdict(list)
    for duty in (
        DutyType.objects.in_force(first, end)
        .filter(Q(owner=None) | Q(owner__in=owners))
        .order_by("position", "name", "starts_on", "pk")
    ):
        editions[duty.code].append(duty)
    if not editions:
        return []
    exceptions = defaultdict(list)
    rows = DutyException.objects.filter(unit__in=[one.unit.pk for one in stays], starts_on__lt=end)
    for row in rows.filter(Q(ends_on=None) | Q(ends_on__gt=first)).order_by("starts_on", "pk"):
        exceptions[row.unit_id, row.code].append(row)
    return [
        period
        for stay in stays
        for code, dated in editions.items()
        if (asked := [duty for duty in dated if stay.unit.kind in duty.unit_kinds])
        for year in years
        for period in _year(stay, asked, exceptions.get((stay.unit.pk, code), ()), year)
    ]


def _in_force(rows: Iterable, day: Day):
    return next((row for row in rows if row.starts_on <= day and (row.ends_on is None or row.ends_on > day)), None)


def _year(stay: Stay, editions: list[DutyType], exceptions: Sequence[DutyException], year: int) -> list[DutyPeriod]:
    """The twelve months of one duty of one unit, put together to periods."""
    found: list[list] = []  # key, edition, exception, first day, end
    for month in range(1, 13):
        day = Day(year, month, 1)
        duty = _in_force(editions, day)
        if duty is None:
            continue
        exception = _in_force(exceptions, day)
        rhythm = Rhythm(exception.rhythm if exception and exception.rhythm else duty.rhythm)
        number = (month - 1) // MONTHS[rhythm]
        if duty.only and rhythm == duty.rhythm and number + 1 not in duty.only:
            continue
        end = Day(year + month // 12, month % 12 + 1, 1)
        key = (rhythm, number, exception is not None and not exception.rhythm)
        if found and found[-1][0] == key and found[-1][4] == day:
            found[-1][4] = end
        else:
            found.append([key, duty, exception, day, end])
    return [_period(stay, *rest, key[0]) for key, *rest in found]


def _period(stay: Stay, duty: DutyType, exception, starts_on: Day, ends_on: Day, rhythm: Rhythm) -> DutyPeriod:
    last_day = ends_on - ONE_DAY
    due_on = max(last_day + datetime.timedelta(days=duty.due_days), starts_on)
    why_not = _why_not(stay, duty, last_day, min(due_on, last_day))
    return DutyPeriod(stay.unit.pk, duty, starts_on, ends_on, due_on, rhythm, exception, why_not)


def _why_not(stay: Stay, duty: DutyType, last_day: Day, wanted_on: Day) -> str:
    """Owed by who was there from the first day of the period's last month until the due day, or its last day."""
    if stay.founded_on and stay.founded_on > last_day.replace(day=1):
        return "Đơn vị chưa thành lập" if stay.founded_on > last_day else "Đơn vị mới thành lập"
    if stay.unit.dissolved_on and stay.unit.dissolved_on <= wanted_on:
        return "Đơn vị đã giải thể"
    if not stay.is_here(last_day):
        return "Cuối kỳ thuộc đơn vị khác"
    if duty.owner_id and not stay.is_under(duty.owner_id, last_day):
        return "Cuối kỳ không thuộc nơi giao việc này"
    return ""
