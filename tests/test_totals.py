"""The kept year totals are equal to the lines after any sequence of verbs, and progress reads the same from both."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.attaching import add_evidence
from branches.models import Activity, PeriodTotal, Quantity
from branches.recording import QuantityLine, cancel_activity, change_activity, hold_activity, record_activity
from branches.totals import compare_totals, totals_at_the_end
from reports import results
from reports.progress import progress_for

from .factories import IndicatorFactory, ShareFactory, TargetFactory, UnionFactory, UnitFactory, account_at
from .test_progress import YEAR

TODAY = datetime.date(2026, 12, 31)
FIRST = datetime.date(2025, 11, 1)
days = st.integers(0, 425).map(lambda n: FIRST + datetime.timedelta(days=n))
values = st.one_of(st.none(), st.integers(0, 50))
qualifiers = st.sampled_from(Quantity.Qualifier.values)
lines = st.tuples(values, values, qualifiers)
steps = st.lists(
    st.tuples(
        st.sampled_from(["record", "plan", "change", "hold", "cancel", "evidence"]), st.integers(0, 5), days, lines
    ),
    min_size=1,
    max_size=12,
)


def quantities(counted, share, line):
    value, other, qualifier = line
    found = [QuantityLine(counted, value, qualifier=qualifier)]
    if other is not None:
        found.append(QuantityLine(share, min(other, 40), denominator=40))
    return found


def run(unit, by, counted, share, story):
    for verb, pick, day, line in story:
        activities = list(Activity.objects.filter(unit=unit).order_by("pk"))
        fields = {
            "title": "Việc", "starts_on": day, "last_on": day, "area": counted.area,
            "quantities": quantities(counted, share, line)
        }  # fmt: skip
        chosen = activities[pick % len(activities)] if activities else None
        if verb in ("record", "plan") or chosen is None:
            record_activity(by=by, unit=unit, on=TODAY, state="held" if verb != "plan" else "planned", **fields)
        elif verb == "change":
            state = chosen.state if chosen.state != "cancelled" else "held"
            change_activity(activity=chosen, version=chosen.version, by=by, on=TODAY, state=state, **fields)
        elif verb == "evidence":
            add_evidence(activity=chosen, by=by, links=[("https://doan.example/tin", "")])
        elif chosen.state == "planned" and verb == "hold":
            hold_activity(activity=chosen, version=chosen.version, by=by, on=TODAY)
        elif chosen.state != "cancelled" and verb == "cancel":
            cancel_activity(activity=chosen, version=chosen.version, by=by, on=TODAY, reason="Mưa bão")


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=steps)
def test_any_story_leaves_totals_equal_to_lines_and_both_readings_equal(story):
    union = UnionFactory()
    unit, counted, share = UnitFactory(superior=union), IndicatorFactory(), ShareFactory()
    for place in (unit, union):
        TargetFactory(unit=place, indicator=counted, value=Decimal(10))
        TargetFactory(unit=place, indicator=share, comparator="eq", value=Decimal(100))
    run(unit, account_at(unit), counted, share, story)
    assert compare_totals() == []
    for place in (unit, union):
        for period in (YEAR, *YEAR.quarters()):
            cached, counted = progress_for(place, period, as_of=TODAY), _from_lines(place, period)
            assert cached.rows == counted.rows
            assert cached.activities == counted.activities
    _forget_the_story()


def _forget_the_story():
    """Each example starts without results, in one transaction."""
    PeriodTotal.objects.all().delete()
    Activity.objects.all().delete()


@pytest.mark.django_db
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=steps)
def test_totals_made_once_at_the_end_are_those_made_step_by_step(story):
    unit, counted, share = UnitFactory(), IndicatorFactory(), ShareFactory()
    with totals_at_the_end():
        run(unit, account_at(unit), counted, share, story)
        assert not PeriodTotal.objects.filter(unit=unit).exists()
    assert compare_totals() == []
    assert PeriodTotal.objects.exists() == Activity.objects.counted().exists()
    _forget_the_story()


@pytest.mark.django_db
def test_totals_put_off_are_made_at_once_again_after_a_failure():
    unit, counted, share = UnitFactory(), IndicatorFactory(), ShareFactory()
    held = [("record", 0, datetime.date(2026, 3, 1), (3, None, "exact"))]
    with pytest.raises(ZeroDivisionError), totals_at_the_end():
        raise ZeroDivisionError
    run(unit, account_at(unit), counted, share, held)
    assert PeriodTotal.objects.get(unit=unit, code=counted.code, month=3).value == 3


@pytest.mark.django_db(transaction=True)
def test_totals_are_put_off_only_inside_a_transaction():
    with pytest.raises(RuntimeError, match="inside a transaction"), totals_at_the_end():
        pass


def _from_lines(unit, period):
    """The same table with the cache switched off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "_grain", lambda spans: None)
        return progress_for(unit, period, as_of=TODAY)
