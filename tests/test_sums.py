"""Adding up in the database is the same as unit by unit: every kind of roll-up, by subordinate and in all."""

import datetime
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Activity, Indicator, Period, PeriodTotal, Quantity
from branches.totals import rebuild_totals
from branches.tree import scope_of
from reports import results

from .factories import ActivityFactory, IndicatorFactory, UnionFactory, UnitFactory

LAST_DAY = datetime.date(2026, 12, 31)
YEARS = [Period.of_year(2026), Period.of_year(2025)]
TERM = [Period(kind="term", starts_on=datetime.date(2025, 1, 1), ends_on=datetime.date(2027, 1, 1))]
KINDS = [
    (measure, over_time, over_units)
    for measure, over_time, over_units in itertools.product(
        Indicator.Measure.values, Indicator.OverTime.values, Indicator.OverUnits.values
    )
    if (over_units == "share_of_units") <= (measure == "yes_no")
    and (measure != "share" or (over_time in ("sum", "last") and over_units == "sum"))
]
lines = st.lists(
    st.tuples(
        st.integers(0, 3),  # which unit: two branches of one superior, one of another, the top itself
        st.integers(0, 729).map(lambda n: datetime.date(2025, 1, 1) + datetime.timedelta(days=n)),
        st.none() | st.decimals(0, 5000, places=2),
        st.none() | st.decimals(0, 5000, places=2),
        st.sampled_from(Quantity.Qualifier.values),
    ),
    max_size=14,
)


@pytest.fixture
def world():
    top = UnionFactory()
    first, second = UnionFactory(superior=top), UnionFactory(superior=top)
    units = [UnitFactory(superior=first), UnitFactory(superior=first), UnitFactory(superior=second), top]
    kinds = [
        IndicatorFactory(measure=measure, over_time=over_time, over_units=over_units)
        for measure, over_time, over_units in KINDS
    ]
    return top, (first, second), units, kinds


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=lines)
def test_added_in_the_database_or_unit_by_unit(world, story):
    top, subordinates, units, kinds = world
    PeriodTotal.objects.all().delete()  # each example starts without results, in one transaction
    Activity.objects.all().delete()
    for unit, day, value, whole, qualifier in story:
        activity = ActivityFactory(unit=units[unit], starts_on=day, area=kinds[0].area, totals=False)
        Quantity.objects.bulk_create(
            Quantity(
                activity=activity, indicator=kind, value=value, qualifier=qualifier,
                denominator=whole if kind.is_share and value is not None else None,
            )
            for kind in kinds
        )  # fmt: skip
    rebuild_totals()
    for spans in (YEARS, TERM):
        kept = _read(top, spans, by_subordinate=True)
        alone = _read(top, spans, by_subordinate=False)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(results, "_grain", lambda spans: None)
            counted = _read(top, spans, by_subordinate=True)
        for place, kind in itertools.product(range(len(spans)), kinds):
            told = counted[place].amount(kind)
            assert kept[place].amount(kind) == told, (kind.measure, kind.over_time, kind.over_units)
            assert alone[place].amount(kind) == told
            for via in (None, *(unit.pk for unit in subordinates)):
                assert kept[place].amount(kind, via=via) == counted[place].amount(kind, via=via)


def _read(top, spans, *, by_subordinate):
    scope = scope_of(top, spans[-1].starts_on)
    return results.read_results(scope, spans, as_of=LAST_DAY, by_subordinate=by_subordinate)


def test_every_allowed_kind_is_among_them():
    assert len(KINDS) == 4 * 3 * 2 + 4 * 4 + 2
