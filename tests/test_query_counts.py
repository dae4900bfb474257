"""Whole pages ask the same number of queries for 1, 3 and 30 rows: session, account and posts included.

The functions behind them, the activity list and the plan grid are pinned in their own test files.
"""

import datetime

import pytest
from django.urls import reverse

from reports.models import PeriodReport

from .factories import (
    ActivityFactory,
    DirectionFactory,
    EvidenceLinkFactory,
    IndicatorFactory,
    MemberFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)
from .inspecting import concluded, scene
from .test_progress import log, on

pytestmark = pytest.mark.django_db
ROWS = pytest.mark.parametrize("rows", [1, 3, 30])


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: datetime.date(2026, 11, 22))


@pytest.fixture
def asks(client, django_assert_num_queries):
    """asks(count, account, name, *args): the page opens for the account and asks so many queries."""

    def _asks(count, account, name, *args, query=""):
        client.force_login(account)
        with django_assert_num_queries(count):
            answer = client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return _asks


def busy_branch(rows, **unit):
    """A branch with so many targets and as many parts, late ones, results of two years, evidence, plans not held."""
    branch = UnitFactory(**unit)
    MemberFactory(home=branch)
    for number in range(rows):
        indicator = IndicatorFactory()
        asked = DirectionFactory(unit=branch, position=number)
        whole = TargetFactory(unit=branch, indicator=indicator, value=10, direction=asked)
        TargetFactory(unit=branch, value=5, parent=whole)
        log(branch, indicator, 1, on(2))
        log(branch, indicator, 2, on(2, year=2025))
        log(branch, IndicatorFactory(), 1, on(2))
        EvidenceLinkFactory(activity=ActivityFactory(unit=branch))
        ActivityFactory(unit=branch, state="planned", starts_on=on(10))
    return branch


def busy_union(rows):
    """A superior with so many branches, all with results for one target and a plan of their own."""
    union = UnionFactory()
    shared = IndicatorFactory(name="Hiến máu")
    TargetFactory(unit=union, indicator=shared, value=1000)
    for _ in range(rows):
        branch = UnitFactory(superior=union)
        MemberFactory(home=branch)
        TargetFactory(unit=branch, indicator=shared, value=4)
        log(branch, shared, 3, on(5))
        log(branch, shared, 3, on(5, year=2025))
    return union


@ROWS
def test_dashboard_of_a_branch(asks, rows):
    branch = busy_branch(rows)
    page = asks(10, account_at(branch), "reports:progress", branch.pk)
    assert page.count('data-label="Chỉ tiêu"') == 3 * rows


@ROWS
def test_dashboard_of_a_subtree(asks, rows):
    union = busy_union(rows)
    assert f">{3 * rows}</a>" in asks(9, account_at(union), "reports:progress", union.pk)


@ROWS
def test_board(asks, rows):
    union = busy_union(rows)
    page = asks(11, account_at(union, "superior_office"), "reports:board", union.pk)
    assert page.count(" đoàn viên</small>") == rows + 1


@ROWS
def test_party_summary_of_a_branch(asks, rows):
    branch = busy_branch(rows)
    page = asks(17, account_at(branch, "party_secretary"), "reports:party_summary", branch.pk)
    assert page.count('data-label="Kế hoạch"') == 2 * rows


@ROWS
def test_party_summary_of_a_superior(asks, rows):
    union = busy_union(rows)
    asks(21, account_at(union, "party_secretary"), "reports:party_summary", union.pk)


@ROWS
def test_home_of_a_secretary(asks, rows):
    branch = busy_branch(rows)
    page = asks(13, account_at(branch), "reports:home", query="?tat-ca")
    assert page.count("<li>") + page.count('<li class="slim">') > rows


@ROWS
def test_home_of_a_superior(asks, rows):
    asks(13, account_at(busy_union(rows), "superior_office"), "reports:home", query="?tat-ca")


@ROWS
def test_home_of_an_inspection_committee(asks, rows):
    world = scene()
    for _ in range(rows):
        concluded(world, unit=UnitFactory(superior=world.union))
    asks(5, world.chair, "reports:home", query="?tat-ca")


@ROWS
def test_lines_behind_a_figure(asks, rows):
    union = busy_union(rows)
    page = asks(11, account_at(union), "reports:figure", union.pk, union.targets.get().indicator.code)
    assert page.count('data-label="Minh chứng"') == rows


@ROWS
def test_member_list_of_a_superior(asks, rows):
    union = busy_union(rows)
    page = asks(7, account_at(union, "superior_office"), "branches:member_list", union.pk)
    assert page.count('class="home"') == rows


@ROWS
def test_reports_of_a_unit(asks, rows):
    branch = busy_branch(1)
    for number in range(rows):
        PeriodReport.objects.create(unit=branch, period=year(2000 + number))
    asks(6, account_at(branch), "reports:report_list", branch.pk)


@ROWS
def test_cases_and_open_recommendations(asks, rows):
    world = scene()
    for _ in range(rows):
        concluded(world, unit=UnitFactory(superior=world.union))
    asks(7, world.chair, "inspections:list")
    asks(10, world.chair, "inspections:recommendation_list")
    asks(6, world.chair, "inspections:programme", world.programme.pk)
