"""A large reproducible set for measuring: provinces of branches, members, activities and their results.

Written in chunks past the verbs, because 300,000 activities one by one would take an hour. The year
totals are rebuilt from the lines at the end, by the same function that keeps them, and the history
tables stay empty. The shape follows the demo: ten targets a unit, superiors of a hundred branches.
"""

import datetime
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.db import transaction

from branches.models import (
    Activity,
    Indicator,
    Member,
    Membership,
    Participation,
    Period,
    Placement,
    Quantity,
    Target,
    Unit,
    WorkArea,
)  # fmt: skip
from branches.totals import rebuild_totals
from branches.vietnamese import sort_key

from .accounts import PASSWORD, SIX
from .loading import Demo
from .people import FAMILY as FAMILIES
from .people import FEMALE, MALE, MEN, WOMEN

Day = datetime.date
CHUNK = 2000
A_SUPERIOR_HAS = 100
A_PROVINCE_HAS = 10  # superiors
YEARS = 3
FOUNDED = Day(2015, 3, 26)
NAMED_EVERY = 10  # every tenth activity names who took part

# What every branch plans (comparator, value) and, for its activities, how much one of them brings.
PLAN = {
    "hcm_study_registered": ("eq", 100),
    "news_items": ("ge", 12),
    "blood_turns": ("ge", 5),
    "youth_tasks": ("ge", 2),
    "fund_donations": ("ge", 5_000_000),
    "digital_help_turns": ("ge", 60),
    "children_gift_money": ("ge", 6_000_000),
    "branch_meetings": ("per_month", 1),
    "party_admitted": ("range", 1),
    "violations": ("zero", None),
}
TITLES = {
    "hcm_study_registered": "Đăng ký học tập và làm theo gương Bác",
    "news_items": "Đăng tin, bài về hoạt động của Chi đoàn",
    "blood_turns": "Ngày hội hiến máu tình nguyện",
    "youth_tasks": "Phần việc thanh niên tại trụ sở",
    "fund_donations": "Ủng hộ quỹ Vì người nghèo",
    "digital_help_turns": "Hướng dẫn người dân dịch vụ công trực tuyến",
    "children_gift_money": "Tặng quà thiếu nhi",
    "branch_meetings": "Sinh hoạt chi đoàn",
    "party_admitted": "Lễ kết nạp đảng viên là đoàn viên ưu tú",
}
COMMON = ("branch_meetings", "news_items", "digital_help_turns", "fund_donations", "youth_tasks", "blood_turns")
RARE = ("hcm_study_registered", "children_gift_money", "party_admitted")


@dataclass(frozen=True)
class Size:
    branches: int
    members: int
    activities: int


def load_bulk(size: Size, *, today: Day, seed: int, report: Callable[[str], object]) -> None:
    """Fill the empty database with a set of this size; the same seed and day give the same set."""
    chance = Random(seed)  # noqa: S311
    with transaction.atomic():
        branches = _units(size.branches)
        report(f"{len(branches)} chi đoàn")
        _accounts(today, branches)
    members = _members(size.members, branches, chance, today)
    report(f"{size.members} đoàn viên")
    _targets(branches, today)
    _activities(size.activities, branches, members, chance, today, report)
    report(f"{rebuild_totals()} tổng năm")


def _units(count: int) -> list[Unit]:
    """Province → superiors of a hundred → branches, each level written at once."""
    superiors = -(-count // A_SUPERIOR_HAS)
    provinces = -(-superiors // A_PROVINCE_HAS)
    top = _level([None], 1, lambda n: (Unit.Kind.CENTRAL, "Trung ương Đoàn", "trung-uong", "TWĐTN"))
    above = _level(top, provinces, lambda n: (Unit.Kind.PROVINCE, f"Tỉnh đoàn số {n}", f"tinh-{n}", "TĐTN"))
    middle = _level(
        above, superiors, lambda n: (Unit.Kind.ABOVE_GRASSROOTS, f"Đoàn Khối số {n}", f"khoi-{n}", "ĐK"), A_PROVINCE_HAS
    )
    return _level(
        middle, count, lambda n: (Unit.Kind.GRASSROOTS_BRANCH, f"Chi đoàn cơ quan số {n}", f"chi-doan-{n}", "CĐ"),
        A_SUPERIOR_HAS,
    )  # fmt: skip


def _level(superiors: list, count: int, named: Callable, each: int | None = None) -> list[Unit]:
    rows = []
    for number in range(1, count + 1):
        kind, name, code, document_code = named(number)
        rows.append(
            Unit(
                kind=kind,
                name=name,
                code=code,
                document_code=document_code,
                sort_key=sort_key(name)[:600],
                place="An Hòa",
                party_body=f"Cấp ủy {name}",
            )
        )
    Unit.objects.bulk_create(rows, batch_size=CHUNK)
    over = [superiors[place // each if each else 0] for place in range(count)]
    for unit, superior in zip(rows, over, strict=True):
        unit.path = f"{superior.path if superior else '/'}{unit.pk}/"
    Unit.objects.bulk_update(rows, ["path"], batch_size=500)
    Placement.objects.bulk_create(
        (Placement(unit=unit, superior=superior, starts_on=FOUNDED) for unit, superior in zip(rows, over, strict=True)),
        batch_size=CHUNK,
    )
    return rows


def _accounts(today: Day, branches: list[Unit]) -> None:
    """The six of the demo, at the first branch and above it."""
    demo = Demo(today, PASSWORD)
    first = branches[0]
    steps = [int(step) for step in first.path.strip("/").split("/")]
    chain = Unit.objects.in_bulk(steps)
    at = {"so-tttt": first, "cuc-thads": branches[-1], "doan-khoi": chain[steps[2]], "tinh-doan": chain[steps[1]]}
    demo.units = at
    for login in SIX:
        demo.account(
            login.username, login.full_name, signs_in=True, is_staff=login.is_administrator,
            is_superuser=login.is_administrator,
        )  # fmt: skip
        for unit, kind in login.posts:
            demo.hold(login.username, unit, kind, Day(2020, 1, 1))


def _members(count: int, branches: list[Unit], chance: Random, today: Day) -> dict[int, list[int]]:
    """Members spread evenly, with an official membership each; returns the keys of each branch's members."""
    found: dict[int, list[int]] = {branch.pk: [] for branch in branches}

    def rows() -> Iterator[Member]:
        for number in range(count):
            sex = FEMALE if chance.random() < 0.48 else MALE
            middle, given = WOMEN if sex == FEMALE else MEN
            member = Member(
                full_name=f"{chance.choice(FAMILIES)} {chance.choice(middle)} {chance.choice(given)}", sex=sex,
                birth_date=Day(today.year - chance.randrange(18, 31), chance.randrange(1, 13), chance.randrange(1, 29)),
                national_code=f"BD{number:08d}", home=branches[number % len(branches)],
            )  # fmt: skip
            member.fill_keys()
            yield member

    for batch in _batches(rows()):
        with transaction.atomic():
            Member.objects.bulk_create(batch)
            Membership.objects.bulk_create(
                Membership(member=member, unit_id=member.home_id, starts_on=Day(today.year - 2, 1, 5))
                for member in batch
            )
        for member in batch:
            found[member.home_id].append(member.pk)
    return found


def _targets(branches: list[Unit], today: Day) -> None:
    """The plan of every branch, and of every superior: the same one, as often as it has branches where that adds up."""
    below = dict.fromkeys(branches, 1)
    for unit in Unit.objects.exclude(kind__in=Unit.BRANCH_KINDS).order_by("pk"):
        below[unit] = sum(1 for branch in branches if branch.path.startswith(unit.path))
    catalogue = {row.code: row for row in Indicator.objects.of_year(today.year).filter(code__in=PLAN).order_by("pk")}
    periods = [Period.objects.year(today.year - back) for back in range(YEARS)]

    def rows() -> Iterator[Target]:
        for period in periods:
            for unit, count in below.items():
                for place, (code, (comparator, value)) in enumerate(PLAN.items(), start=1):
                    indicator = catalogue[code]
                    adds = indicator.over_units == Indicator.OverUnits.SUM and not indicator.is_share
                    times = count if adds else 1
                    whole = value and value * times
                    yield Target(
                        unit=unit, period=period, indicator=indicator, comparator=comparator, value=whole,
                        value_to=2 * times if comparator == "range" else None, registered_value=whole,
                        position=10 * place,
                    )  # fmt: skip

    for batch in _batches(rows()):
        with transaction.atomic():
            Target.objects.bulk_create(batch)


def _activities(count, branches, members, chance, today, report) -> None:
    """Activities of the last years, one result each; a tenth name who took part, a hundredth wait for a decision."""
    catalogue = {row.code: row for row in Indicator.objects.of_year(today.year).order_by("pk")}
    areas = {area.pk: area for area in WorkArea.objects.order_by("pk")}
    first = Day(today.year - YEARS + 1, 1, 1)
    days = (today - first).days
    numbers = iter(range(count))
    while batch := list(itertools.islice(numbers, CHUNK)):
        rows, results, people = [], [], []
        for number in batch:
            branch = branches[number % len(branches)]
            code = chance.choice(COMMON if chance.random() < 0.85 else RARE)
            day = first + datetime.timedelta(days=chance.randrange(days + 1))
            is_planned = chance.random() < 0.01
            activity = Activity(
                unit=branch, title=TITLES[code], starts_on=day, last_on=day, area=areas[catalogue[code].area_id],
                state=Activity.State.PLANNED if is_planned else Activity.State.HELD,
                member_count=chance.randrange(3, 12),
            )  # fmt: skip
            activity.fill_keys()
            rows.append(activity)
            roll = members[branch.pk]
            results.append(_result(code, catalogue[code], activity, max(1, len(roll)), chance))
            if number % NAMED_EVERY == 0 and roll:
                people += [(activity, pk) for pk in roll[: chance.randrange(1, 8)]]
        with transaction.atomic():
            Activity.objects.bulk_create(rows)
            Quantity.objects.bulk_create(results)
            Participation.objects.bulk_create(
                Participation(activity_id=activity.pk, member_id=pk) for activity, pk in people
            )
        done = batch[-1] + 1
        if done % (25 * CHUNK) == 0:
            report(f"{done} hoạt động")


def _result(code: str, indicator: Indicator, activity: Activity, size: int, chance: Random) -> Quantity:
    value, whole = Decimal(chance.randrange(1, 6)), None
    if indicator.is_share:
        value, whole = Decimal(chance.randrange(size // 2, size + 1)), Decimal(size)
    elif indicator.is_money:
        value = Decimal(chance.randrange(2, 30) * 100_000)
    elif code in ("branch_meetings", "youth_tasks", "party_admitted"):
        value = Decimal(1)
    qualifier = chance.choices(("exact", "about", "nearly", "more"), (94, 3, 1, 2))[0]
    return Quantity(activity=activity, indicator=indicator, value=value, denominator=whole, qualifier=qualifier)


def _batches(rows: Iterator) -> Iterator[list]:
    while batch := list(itertools.islice(rows, CHUNK)):
        yield batch
