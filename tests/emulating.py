"""A superior with units, a set of criteria of every kind and sheets: what the tests of emulation build on."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

from reports.emulation import sets
from reports.emulation.sheets import Answer, finish_scoring, give, self_score, send
from reports.models import EmulationCriterion, ScoreSheet

from .factories import (
    ActivityFactory,
    IndicatorFactory,
    QuantityFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)

TODAY = datetime.date(2026, 11, 22)
UNTIL = datetime.date(2026, 12, 10)
D = Decimal


def scene(count: int = 3) -> SimpleNamespace:
    """Đoàn Khối with `count` branches, of which the first has a plan of 20 lượt and 15 done."""
    union = UnionFactory(name="Đoàn Khối")
    units = [UnitFactory(superior=union, name=f"Chi đoàn {name}") for name in "ABCDEFGH"[:count]]
    indicator = IndicatorFactory(unit_word="lượt người")
    TargetFactory(unit=units[0], indicator=indicator, value=D(20))
    activity = ActivityFactory(unit=units[0], totals=False)
    QuantityFactory(activity=activity, indicator=indicator, value=D(15))
    office = account_at(union, "superior_office")
    return SimpleNamespace(
        union=union, units=units, indicator=indicator, office=office, activity=activity,
        secretary=account_at(units[0]), others=[account_at(unit) for unit in units[1:]],
    )  # fmt: skip


def draft(s, total=100, **values):
    """60 points measured, 30 typed, 10 yes or no; deductions within the second group, a bonus above the total."""
    found = sets.draft_set(
        unit=s.union, by=s.office, period=year(2026), name="Thi đua 2026", total_points=D(total), self_until=UNTIL,
        on=TODAY, **values,
    )  # fmt: skip
    s.group = sets.add_criterion(set=found, parent=None, kind="group", number="I", text="Phong trào")
    s.second = sets.add_criterion(set=found, parent=None, kind="group", number="II", text="Xây dựng Đoàn")
    s.measured = criterion(found, s.group, "1", kind="measured", points=D(60), rule="proportional",
                           indicator_code=s.indicator.code)  # fmt: skip
    s.typed = criterion(found, s.second, "2", kind="typed", points=D(30))
    s.yes_no = criterion(found, s.second, "3", kind="yes_no", points=D(10))
    s.deduction = criterion(found, s.second, "4", kind="deduction", points=D(6), per_piece=D(2))
    s.bonus = criterion(found, s.second, "5", kind="bonus", points=D(5), per_piece=D("1.5"))
    return found


def criterion(found, group, number, **values) -> EmulationCriterion:
    return sets.add_criterion(set=found, parent=group, number=number, text=f"Tiêu chí {number}", **values)


def in_use(s, *, units=None, **values):
    """The set in use, all units in one cluster."""
    found = draft(s, **values)
    sets.save_cluster(set=found, cluster=None, version=found.version, name="Cụm II", units=units or s.units, on=TODAY)
    found.refresh_from_db()
    s.set = sets.put_in_use(set=found, version=found.version, on=TODAY)
    s.sheets = list(ScoreSheet.objects.filter(set=s.set).select_related("set", "unit").order_by("unit__name"))
    return s.set


def fresh(row):
    return type(row)._default_manager.get(pk=row.pk)


def sent(s, sheet, by=None) -> ScoreSheet:
    """The unit gave itself 45 + 28 + 10 and sent it."""
    by = by or s.secretary
    answers = {s.measured: Answer(D(45)), s.typed: Answer(D(28), "Đủ sổ sách"), s.yes_no: Answer(D(1))}
    self_score(sheet=sheet, version=fresh(sheet).version, by=by, answers=answers)
    return send(sheet=sheet, version=fresh(sheet).version, by=by, on=TODAY)


def scored(s, sheet, typed=28, measured=45) -> ScoreSheet:
    """Sent and scored: measured + typed + 10."""
    sent(s, sheet)
    said = {s.measured: D(measured), s.typed: D(typed), s.yes_no: D(1), s.deduction: D(0), s.bonus: D(0)}
    for one, value in said.items():
        line = sheet.lines.filter(criterion=one).first()
        give(sheet=sheet, criterion=one, version=line.version if line else 0, by=s.office, on=TODAY, said=value,
             note="Theo sổ sách")  # fmt: skip
    return finish_scoring(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY)
