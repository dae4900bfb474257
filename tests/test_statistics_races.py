"""Two people at one cell of a statistics table: one figure stands, the other person is told. With controls."""

import datetime
import time
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone

from branches.models import EditConflict, Period
from reports.models import StatSheet, StatTable, StatValue
from reports.statistics import typing_in
from reports.statistics.defining import add_item, create_table, put_in_use
from reports.statistics.typing_in import take_back_value, type_value

from .factories import UnionFactory, UnitFactory, account_at
from .test_inspection_easing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cell():
    """What both writers say of the one line of a table in use; the figure is theirs."""
    union = UnionFactory()
    unit = UnitFactory(superior=union)
    table = create_table(
        owner=union, by=account_at(union, "superior_office"), number="09", title="Biểu", whom="all", kinds=["year"]
    )
    line = add_item(table=table, what="typed", name="Thanh niên", unit_word="người")
    put_in_use(table=StatTable.objects.get(pk=table.pk), version=table.version, valid_from=datetime.date(2015, 1, 1))
    return {"item": line, "unit": unit, "period": Period.of_year(2026), "by": account_at(unit), "at": timezone.now()}


def both(cell, version):
    return race(
        lambda: type_value(value=Decimal(10), version=version, **cell),
        lambda: type_value(value=Decimal(20), version=version, **cell),
    )


def the_one_that_stands(results) -> Decimal:
    (refused,) = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refused, EditConflict)
    return next(one.value for one in results if isinstance(one, StatValue))


def test_of_two_first_figures_the_later_is_told(cell):
    """Nobody typed into the table of this period before: the sheet, the period and the figure are made once."""
    stands = the_one_that_stands(both(cell, 0))
    assert (StatSheet.objects.count(), StatValue.objects.get().value) == (1, stands)


def test_of_two_corrections_the_later_is_told(cell):
    type_value(value=Decimal(5), version=0, **cell)
    assert the_one_that_stands(both(cell, 1)) == StatValue.objects.get().value


def test_a_correction_and_a_taking_back_do_not_pass_each_other(cell):
    """Either the corrected figure stands, or none does; never is somebody's word lost without a word."""
    value = type_value(value=Decimal(5), version=0, **cell)
    results = race(
        lambda: type_value(value=Decimal(10), version=1, **cell), lambda: take_back_value(value=value, version=1)
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [EditConflict]
    assert StatValue.objects.count() == (0 if isinstance(results[0], EditConflict) else 1)


def test_without_the_version_the_later_correction_overwrites_silently(cell, monkeypatch):
    """The control: nobody is told, and one of two figures is lost."""
    type_value(value=Decimal(5), version=0, **cell)
    monkeypatch.setattr(StatValue, "claim", lambda self, version: None)
    assert [one for one in both(cell, 1) if isinstance(one, Exception)] == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time")
def test_without_the_sheet_held_the_database_has_to_refuse_a_first_figure(cell, monkeypatch):
    """The control: the later of two first figures ends in an error that tells nobody anything."""
    period = Period.objects.stored(cell["period"])
    kept = StatSheet.objects.create(table=cell["item"].table, unit=cell["unit"], period=period)
    plain = StatValue.save
    monkeypatch.setattr(typing_in, "_locked_sheet", lambda table, unit, period: kept)
    monkeypatch.setattr(StatValue, "save", lambda self, *args, **said: (time.sleep(0.3), plain(self, *args, **said))[1])
    refused = [one for one in both(cell, 0) if isinstance(one, Exception)]
    assert refused
    assert all(isinstance(one, IntegrityError | OperationalError) for one in refused)
