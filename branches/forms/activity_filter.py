"""The filter of the activity list. It shares its rows with the Excel file, so both show the same."""

import datetime

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from branches.listing import NEWEST_FIRST
from branches.models import Activity, Indicator, Period, Unit
from branches.periods import read_period
from branches.vietnamese import nfc
from branches.wording import organiser_label

YEARS_OFFERED = 6


class ActivityFilter:
    """Reads the address. A value that means nothing is ignored, never an error: addresses get cut and edited.

    ky: as branches/periods.py writes it, or tu-den with tu and den · muc: chapter code
    · chi_tieu: indicator code · tinh_trang · to_chuc · don_vi: pk of a unit below · below=1: with every
    unit below · minh_chung=thieu: held without evidence · q: words of the title, with or without marks.
    """

    def __init__(self, query, *, unit: Unit, today: datetime.date):
        self.query, self.unit, self.today = query, unit, today
        self.indicators = list(
            Indicator.objects.usable_by(unit)
            .exclude(source=Indicator.Source.REGISTER)
            .select_related("area")
            .order_by("area__position", "area_id", "position", "pk")
        )
        self.terms = list(Period.objects.filter(unit=unit).order_by("-starts_on", "pk"))
        self.subordinates = [] if unit.is_branch else list(self._subordinates())
        self.ky = query.get("ky", "") or ("tu-den" if query.get("tu") or query.get("den") else "")
        # PostgreSQL takes no NUL in a text, and no title has control signs.
        self.words = "".join(sign for sign in nfc(query.get("q", "")) if sign.isprintable())[:100]
        self.area = self._known("muc", {one.area.code for one in self.indicators})
        self.indicator = self._known("chi_tieu", {one.code for one in self.indicators})
        self.state = self._known("tinh_trang", set(Activity.State.values))
        self.organiser = self._known("to_chuc", set(Activity.Organiser.values))
        self.child = self._known("don_vi", {str(one.pk) for one in self.subordinates})
        self.below = not unit.is_branch and query.get("below") == "1"
        self.without_evidence = query.get("minh_chung") == "thieu"
        self.first, self.last = self._days()

    def _subordinates(self):
        # The path ends in the unit's own key, so a direct subordinate is the superior's path and that key.
        own = Concat(Value(self.unit.path), Cast("pk", CharField()), Value("/"))
        return (
            Unit.objects.filter(path__startswith=self.unit.path)
            .annotate(straight=own)
            .filter(path=F("straight"))
            .order_by("sort_key", "pk")
        )

    def _known(self, name, allowed) -> str:
        value = self.query.get(name, "")
        return value if value in allowed else ""

    def _days(self) -> tuple[datetime.date | None, datetime.date | None]:
        """First and last day, both included."""
        if self.ky == "tu-den":
            return self._day("tu"), self._day("den")
        period = self._period()
        return (period.starts_on, period.last_day) if period else (None, None)

    def _day(self, name) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(self.query.get(name, ""))
        except ValueError:
            return None

    def _period(self) -> Period | None:
        return read_period(self.ky, self.terms)

    # --- what the page offers ---

    @property
    def area_choices(self) -> list[tuple[str, str]]:
        return list({one.area.code: f"{one.area.position}. {one.area.name}" for one in self.indicators}.items())

    @property
    def indicator_choices(self) -> list[tuple[str, str]]:
        return list({one.code: one.name for one in self.indicators}.items())

    @property
    def state_choices(self):
        return Activity.State.choices

    @property
    def organiser_choices(self) -> list[tuple[str, str]]:
        return [(value, organiser_label(value, self.unit)) for value in Activity.Organiser.values]

    @property
    def period_choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        year, month = self.today.year, self.today.month
        years = [(str(one), f"Năm {one}") for one in range(year, year - YEARS_OFFERED, -1)]
        quarters = [(f"{year}-q{q}", Period.of_quarter(year, q).name) for q in range((month + 2) // 3, 0, -1)]
        months = [(f"{year}-{m:02d}", f"Tháng {m}/{year}") for m in range(month, 0, -1)]
        groups = [("Năm", years), (f"Quý của năm {year}", quarters), (f"Tháng của năm {year}", months)]
        if self.terms:
            groups.insert(0, ("Nhiệm kỳ", [(f"nk-{term.pk}", term.name) for term in self.terms]))
        offered = {value for _, rows in groups for value, _ in rows}
        period = self._period()
        if period is not None and self.ky not in offered:
            groups.insert(0, ("Đang chọn", [(self.ky, period.name)]))
        return groups

    @property
    def is_set(self) -> bool:
        chosen = (self.first, self.last, self.area, self.indicator, self.state, self.organiser, self.child, self.words)
        return any(chosen) or self.without_evidence

    @property
    def is_detailed(self) -> bool:
        """Something in the folded part of the filter is in use."""
        return bool(self.organiser or self.state or self.indicator or self.without_evidence or self.ky == "tu-den")

    @property
    def names_units(self) -> bool:
        return self.below or bool(self.child)

    # --- what it means ---

    def apply(self):
        """The chosen activities, newest first."""
        rows = Activity.objects.filter(self._units())
        if self.first:
            rows = rows.filter(last_on__gte=self.first)
        if self.last:
            rows = rows.filter(last_on__lte=self.last)
        if self.area:
            rows = rows.filter(area__code=self.area)
        # What a book feeds is no activity and stands only behind its indicator. An activity has one line for a
        # code at most, so this join doubles nothing.
        rows = rows.filter(quantities__indicator__code=self.indicator) if self.indicator else rows.filter(fed_by="")
        if self.state:
            rows = rows.filter(state=self.state)
        if self.organiser:
            rows = rows.filter(organiser=self.organiser)
        if self.without_evidence:
            rows = rows.filter(state=Activity.State.HELD, evidence=None)
        return rows.matching(self.words).order_by(*NEWEST_FIRST)

    def _units(self) -> Q:
        if self.child:
            chosen = next(one for one in self.subordinates if str(one.pk) == self.child)
            return Q(unit__path__startswith=chosen.path)
        return Q(unit__path__startswith=self.unit.path) if self.below else Q(unit=self.unit)
