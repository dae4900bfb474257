"""The large set for measuring: its size, its totals, and that the same seed gives the same set."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from branches.models import Account, Activity, Member, Membership, Placement, Quantity, Target, Unit
from branches.totals import compare_totals

TODAY = datetime.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


def load(seed):
    call_command("load_demo", today=TODAY, branches=120, members=240, activities=600, seed=seed, stdout=StringIO())
    lines = Quantity.objects.order_by("activity__last_on", "activity_id").values_list(
        "activity__last_on", "indicator__code", "value", "qualifier"
    )
    return list(lines), list(Member.objects.order_by("pk").values_list("full_name", flat=True))


@pytest.fixture(scope="module", autouse=True)
def sets(django_db_setup, django_db_blocker):
    """What the seeds 8, 1 and 1 once more load. The last set stays for every test here."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEBUG=True):
            found = []
            for seed in (8, 1):
                with transaction.atomic():
                    found.append(load(seed))
                    transaction.set_rollback(True)
            found.append(load(1))
        yield found
        transaction.set_rollback(True)


def test_size_and_shape():
    branches = Unit.objects.filter(kind="grassroots_branch")
    assert branches.count() == 120
    assert Member.objects.count() == Membership.objects.count() == 240
    assert Activity.objects.count() == Quantity.objects.count() == 600
    assert Target.objects.filter(unit__in=branches).count() == 120 * 10 * 3
    assert Target.objects.count() == (120 + 4) * 10 * 3  # two superiors, their province and the central body
    assert Placement.objects.count() == Unit.objects.count()
    sizes = [Placement.objects.filter(superior=unit).count() for unit in Unit.objects.filter(code__startswith="khoi-")]
    assert sorted(sizes) == [20, 100]
    assert Account.objects.filter(username="bithu", posts__unit__code="chi-doan-1").exists()
    assert compare_totals() == []
    blood = Activity.objects.filter(title="Ngày hội hiến máu tình nguyện").count()
    assert (Activity.objects.matching("hien mau").count(), Activity.objects.filter(search_key="").count()) == (blood, 0)


def test_paths_follow_the_placements():
    for placement in Placement.objects.select_related("unit", "superior"):
        above = placement.superior.path if placement.superior else "/"
        assert placement.unit.path == f"{above}{placement.unit_id}/"


def test_same_seed_same_set(sets):
    other, first, second = sets
    assert first == second
    assert first != other
