"""The closed list of figures a table can take beside the indicators, and reading them for a unit and those below it.

No rule stands here: each figure is asked of the module whose page shows it (register, structure, meetings, dues,
assessment, the way to the Party, inspection), for the whole unit and for each direct subordinate at once.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from branches import register
from branches.assessing.quota import rated_figures
from branches.dues.arrears import dues_by_unit
from branches.dues.fund import book
from branches.dues.months import first_of
from branches.meetings.attendance import attendance_figures
from branches.models import PartyStep, Period, Unit
from branches.party_way.funnel import figures_below
from branches.register import WHOLE, register_rows
from branches.structure import minority_rows
from branches.tree import Scope
from inspections.models import Finding
from reports.amounts import Amount
from reports.inspecting import inspection_year

ONE_DAY = datetime.timedelta(days=1)
PEOPLE, MONEY, CASES, ADVICE = "người", "đồng", "cuộc", "kiến nghị"
ORGANISATION, REGISTER, MEETINGS, RATING, PARTY, DUES, FUND, INSPECTION, WORK = (
    "Tổ chức", "Đoàn viên", "Sinh hoạt", "Xếp loại đoàn viên", "Phát triển Đảng", "Đoàn phí", "Quỹ của đơn vị",
    "Kiểm tra, giám sát", "Hoạt động",
)  # fmt: skip
GRASSROOTS = (Unit.Kind.GRASSROOTS_UNION, Unit.Kind.GRASSROOTS_BRANCH)
COLLECTING = (Unit.Kind.BRANCH, Unit.Kind.GRASSROOTS_BRANCH)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the list. `is_share`: it has both its parts. Those of the fund are of the unit itself, without
    those below it, and stand in no column of theirs."""

    key: str
    group: str
    label: str
    unit_word: str
    is_share: bool = False


FIGURES = {
    one.key: one
    for one in (
        Figure("branch_units", ORGANISATION, "Chi đoàn, chi đoàn cơ sở", "đơn vị"),
        Figure("grassroots_units", ORGANISATION, "Đoàn cơ sở, chi đoàn cơ sở", "đơn vị"),
        Figure("members", REGISTER, "Đoàn viên cuối kỳ", PEOPLE),
        Figure("women", REGISTER, "Đoàn viên nữ cuối kỳ", PEOPLE),
        Figure("ethnic_minority", REGISTER, "Đoàn viên dân tộc thiểu số cuối kỳ", PEOPLE),
        Figure("party_members", REGISTER, "Đoàn viên là đảng viên cuối kỳ", PEOPLE),
        Figure("admitted", REGISTER, "Đoàn viên mới kết nạp", PEOPLE),
        Figure("moved_in", REGISTER, "Đoàn viên chuyển đến", PEOPLE),
        Figure("moved_out", REGISTER, "Đoàn viên chuyển đi", PEOPLE),
        Figure("matured", REGISTER, "Đoàn viên trưởng thành đoàn", PEOPLE),
        Figure("activities", WORK, "Hoạt động đã ghi", "hoạt động"),
        Figure("meetings_held", MEETINGS, "Buổi sinh hoạt đã họp", "buổi"),
        Figure("attendance", MEETINGS, "Tỷ lệ dự sinh hoạt", "lượt đoàn viên", is_share=True),
        Figure("rated_all", RATING, "Đoàn viên phải đánh giá", PEOPLE),
        Figure("rated", RATING, "Đoàn viên đã được duyệt xếp loại", PEOPLE),
        Figure("rated_top", RATING, "Xếp loại mức cao nhất", PEOPLE),
        Figure("rated_fair", RATING, "Xếp loại từ khá trở lên", PEOPLE),
        Figure("rated_below", RATING, "Xếp loại dưới khá", PEOPLE),
        *(Figure(f"step_{kind.value}", PARTY, kind.label, PEOPLE) for kind in PartyStep.ORDER),
        Figure("dues_owed", DUES, "Đoàn phí phải thu", MONEY),
        Figure("dues_paid", DUES, "Đoàn phí đã thu", MONEY),
        Figure("dues_remitted", DUES, "Đoàn phí đã trích nộp", MONEY),
        Figure("fund_in", FUND, "Thu của quỹ trong kỳ", MONEY),
        Figure("fund_out", FUND, "Chi của quỹ trong kỳ", MONEY),
        Figure("fund_left", FUND, "Quỹ còn lại cuối kỳ", MONEY),
        Figure("cases_done", INSPECTION, "Cuộc kiểm tra, giám sát đã làm", CASES),
        Figure("cases_inspection", INSPECTION, "Cuộc đã làm có nội dung kiểm tra", CASES),
        Figure("cases_supervision", INSPECTION, "Cuộc đã làm có nội dung giám sát", CASES),
        Figure("cases_concluded", INSPECTION, "Cuộc đã thông báo kết luận", CASES),
        Figure("units_inspected", INSPECTION, "Đơn vị được kiểm tra, giám sát", "đơn vị"),
        Figure("shortcomings", INSPECTION, "Hạn chế nêu trong kết luận", "hạn chế"),
        Figure("violations_found", INSPECTION, "Vi phạm nêu trong kết luận", "vi phạm"),
        Figure("advice_closed", INSPECTION, "Kiến nghị đã kết thúc trong kỳ", ADVICE),
        Figure("advice_open", INSPECTION, "Kiến nghị còn mở cuối kỳ", ADVICE),
        Figure("advice_late", INSPECTION, "Kiến nghị quá hạn cuối kỳ", ADVICE),
    )
}
# Those of a superior are the sum of its units' own figures.
ADDED = frozenset(
    {"branch_units", "grassroots_units", "ethnic_minority", "meetings_held", "dues_owed", "dues_paid", "dues_remitted",
     "rated_all", "rated", "rated_top", "rated_fair", "rated_below", *register.STANDING}
)  # fmt: skip


@dataclass
class Figures:
    """What was read: (place, key) → figure; `place` is WHOLE or a direct subordinate.

    `told` are keys that were asked of everybody, `told_below` of every subordinate: where such a figure is missing,
    nothing happened; where another one is, it cannot be told.
    """

    found: dict[tuple, Amount] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    told_below: set[str] = field(default_factory=set)

    def amount(self, key: str, place) -> Amount | None:
        """The figure; None where it cannot be computed."""
        if (place, key) in self.found:
            return self.found[place, key]
        return Amount(value=Decimal(0)) if key in (self.told if place is WHOLE else self.told_below) else None

    def put(self, place, key: str, value, whole=None) -> None:
        whole = None if whole is None else Decimal(whole)
        self.found[place, key] = Amount(value=Decimal(value), whole=whole, lines=1)

    def tell(self, keys: Iterable[str]) -> None:
        """These keys are complete: what is missing is nothing."""
        keys = set(keys)
        self.told |= keys
        self.told_below |= keys

    def count(self, key: str, counts: Counter) -> None:
        """Counts by direct subordinate; the whole is their sum, what is the unit's own (None) included."""
        self.put(WHOLE, key, sum(counts.values()))
        for via, count in counts.items():
            if via is not None:
                self.put(via, key, count)


def read_figures(keys: Collection[str], scope: Scope, period: Period, *, as_of: datetime.date) -> Figures:
    """The figures of these keys for the scope's unit and its direct subordinates, up to `as_of`.

    Queries only for the groups asked for, and their number depends neither on units nor on keys; of inspection it
    depends on the years of the period. A period that has not begun has no figures.
    """
    found, closing = Figures(), min(period.last_day, as_of)
    if closing < period.starts_on:
        return found
    asked = defaultdict(set)
    for key in keys:
        asked[FIGURES[key].group].add(key)
    _register(asked[REGISTER], scope, period, closing, found)
    units = _Units(scope, closing)
    if asked[ORGANISATION]:
        _organisation(units, found)
    if asked[MEETINGS]:
        _meetings(units, period, closing, found)
    if asked[RATING]:
        _rating(units, period, found)
    if asked[PARTY]:
        _party(scope, period, closing, found)
    if asked[DUES]:
        _dues(units, period, closing, found)
    if asked[FUND]:
        _fund(scope.unit, period, closing, found)
    if asked[INSPECTION]:
        _inspection(units, period, closing, found)
    return found


class _Units:
    """The units of the scope with their direct subordinate, read when first asked: those that live on the closing day,
    or those that belonged here during a span."""

    def __init__(self, scope: Scope, closing: datetime.date):
        self.scope, self.closing, self._rows = scope, closing, None

    @property
    def rows(self) -> list[tuple[int, str, int | None]]:
        """(unit, its kind, direct subordinate). One query."""
        if self._rows is None:
            living = Unit.objects.living(self.closing).filter(self.scope.on(self.closing, ""))
            self._rows = [
                (pk, kind, self.scope.place(pk, path, self.closing)[1])
                for pk, kind, path in living.order_by("pk").values_list("pk", "kind", "path")
            ]
        return self._rows

    def via(self, kinds: Collection[str] = ()) -> dict[int, int | None]:
        return {pk: via for pk, kind, via in self.rows if not kinds or kind in kinds}

    def during(
        self, since: datetime.date, before: datetime.date, kinds: Collection[str] = ()
    ) -> dict[tuple[datetime.date, datetime.date], dict[int, int | None]]:
        """(first day, day after the last) → {unit: direct subordinate}: who belonged here, and on which of the days.

        Units that ended in between are among them; one that moved has the days on which it stood here. One query.
        """
        scope, found = self.scope, {}
        units = Unit.objects.living(since).filter(scope.settled("") | Q(pk__in=list(scope.strays)))
        if kinds:
            units = units.filter(kind__in=kinds)
        for pk, path in units.order_by("pk").values_list("pk", "path"):
            settled = ((since, before, scope.via(path)),) if pk not in scope.strays else ()
            for starts_on, ends_on, via in settled or scope.strays[pk]:
                days = max(starts_on, since), min(ends_on, before)
                if days[0] < days[1]:
                    found.setdefault(days, {})[pk] = via
        return found


def _register(keys: set[str], scope: Scope, period: Period, closing: datetime.date, found: Figures) -> None:
    standing = keys.intersection(register.STANDING)
    counts: dict[str, Counter] = {key: Counter() for key in standing}
    if standing:
        for unit_id, path, key, count in register_rows(standing, scope.on(closing), closing):
            counts[key][scope.place(unit_id, path, closing)[1]] += count
    if "ethnic_minority" in keys:
        counts["ethnic_minority"] = Counter()
        for unit_id, path, count in minority_rows(scope, closing):
            counts["ethnic_minority"][scope.place(unit_id, path, closing)[1]] += count
    for key, of_key in counts.items():
        found.count(key, of_key)
    moving = keys.intersection(register.FLOWS)
    for (place, key), count in register.flows(moving, scope.unit, period.starts_on, closing).items():
        found.put(place, key, count)
    found.tell(keys)


def _organisation(units: _Units, found: Figures) -> None:
    for key, kinds in (("branch_units", COLLECTING), ("grassroots_units", GRASSROOTS)):
        found.count(key, Counter(units.via(kinds).values()))
        found.tell([key])


def _by_place(rows: dict[int, tuple], places: dict[int, int | None], found: dict | None = None) -> dict[object, list]:
    """Rows of units under WHOLE and under the direct subordinate each stands below, beside what was `found` before."""
    found = {WHOLE: []} if found is None else found
    for unit_id, row in rows.items():
        found[WHOLE].append(row)
        if (via := places[unit_id]) is not None:
            found.setdefault(via, []).append(row)
    return found


def _meetings(units: _Units, period: Period, closing: datetime.date, found: Figures) -> None:
    """Meetings of whole branches, each where its branch stood on the day; those of a committee are none.

    Two queries, and two more for each day on which branches moved.
    """
    told = {WHOLE: []}
    for (since, before), places in units.during(period.starts_on, closing + ONE_DAY).items():
        span = Period(kind=period.kind, starts_on=since, ends_on=before)
        _by_place(attendance_figures(places, span), places, told)
    for place, rows in told.items():
        found.put(place, "meetings_held", sum(row.held for row in rows))
        found.put(place, "attendance", sum(row.present for row in rows), sum(row.marked for row in rows))
    found.tell(["meetings_held"])


def _rating(units: _Units, period: Period, found: Figures) -> None:
    """Of the rounds about exactly this span; a unit without one has no figure, not a zero."""
    places = units.via()
    for place, rows in _by_place(rated_figures(places, period), places).items():
        if not (total := sum(row.total for row in rows)):
            continue
        rated, fair = sum(row.rated for row in rows), sum(row.fair for row in rows)
        found.put(place, "rated_all", total)
        found.put(place, "rated", rated)
        found.put(place, "rated_top", sum(row.top for row in rows))
        found.put(place, "rated_fair", fair)
        found.put(place, "rated_below", rated - fair)


def _party(scope: Scope, period: Period, closing: datetime.date, found: Figures) -> None:
    span = Period(kind=period.kind, starts_on=period.starts_on, ends_on=closing + ONE_DAY)
    below = figures_below(scope.unit, span)
    for kind in PartyStep.ORDER:
        found.count(f"step_{kind.value}", Counter({via: counts[kind.value] for via, counts in below.items()}))
    found.tell(f"step_{kind.value}" for kind in PartyStep.ORDER)


def _dues(units: _Units, period: Period, closing: datetime.date, found: Figures) -> None:
    """As the page of dues: up to the running month. A unit that keeps no dues yet has no figure.

    A month belongs where the unit stood on its first day.
    """
    told = {WHOLE: []}
    for (since, before), places in units.during(period.starts_on, period.ends_on, COLLECTING).items():
        span = Period(kind=period.kind, starts_on=since, ends_on=before)
        _by_place(dues_by_unit([Unit(pk=pk) for pk in places], span, until=first_of(closing)), places, told)
    for place, rows in told.items():
        if any(row.owed or row.remitted for row in rows):
            found.put(place, "dues_owed", sum(row.owed for row in rows))
            found.put(place, "dues_paid", sum(row.paid for row in rows))
            found.put(place, "dues_remitted", sum(row.remitted for row in rows))


def _fund(unit: Unit, period: Period, closing: datetime.date, found: Figures) -> None:
    kept = book(unit, period.starts_on, closing + ONE_DAY)
    for key, amount in (("fund_in", kept.came_in), ("fund_out", kept.went_out), ("fund_left", kept.closing)):
        found.put(WHOLE, key, amount)


# --- inspection -------------------------------------------------------------------------------------


def _inspection(units: _Units, period: Period, closing: datetime.date, found: Figures) -> None:
    """The committees at the unit and below it, as their page of the year counts them.

    Of a period that begins within a year: what there is at its end without what there was on the day before it.
    """
    places = units.via()
    sets: dict[str, dict] = {}
    for year in period.years():
        if year.starts_on > closing:
            break
        told = inspection_year(units.scope.unit, year.year_number, as_of=closing)
        now = _told(told)
        if year.covers(period.starts_on) and period.starts_on > year.starts_on:
            before = _told(inspection_year(units.scope.unit, year.year_number, as_of=period.starts_on - ONE_DAY))
            now = {key: {pk: at for pk, at in of.items() if pk not in before[key]} for key, of in now.items()}
        for key, of_key in now.items():
            sets.setdefault(key, {}).update(of_key)
        # What stands open is told by the last year; the rest adds up.
        sets["advice_open"] = {row.pk: row.committee_id for row in told.board.chosen()}
        sets["advice_late"] = {row.pk: row.committee_id for row in told.board.chosen() if row.is_late}
    inspected = sets.pop("units_inspected", {})
    for key, of_key in sets.items():
        found.count(key, Counter(places.get(committee) for committee in of_key.values()))
    found.put(WHOLE, "units_inspected", len({unit for unit, _ in inspected.values()}))
    for via in set(places.values()) - {None}:
        found.put(via, "units_inspected", len({unit for unit, by in inspected.values() if places.get(by) == via}))
    found.tell(sets)
    # A recommendation that was closed does not say here whose it was.
    found.told_below.discard("advice_closed")


def _told(year) -> dict[str, dict]:
    """key → {key of the row: the committee}, of what happened in the year; of units the unit as well."""
    done = [case for case in year.cases if case.is_done]
    return {
        "cases_done": {case.pk: case.committee_id for case in done},
        "cases_inspection": {case.pk: case.committee_id for case in done if case.inspects},
        "cases_supervision": {case.pk: case.committee_id for case in done if case.supervises},
        "cases_concluded": {case.pk: case.committee_id for case in year.cases if case.is_concluded},
        "units_inspected": {case.pk: (case.unit_id, case.committee_id) for case in done},
        "shortcomings": {row.pk: row.committee_id for row in year.findings if row.kind == Finding.Class.SHORTCOMING},
        "violations_found": {row.pk: row.committee_id for row in year.findings if row.kind == Finding.Class.VIOLATION},
        "advice_closed": dict.fromkeys((pk for pk, _ in year.closed), year.unit.pk),
    }
