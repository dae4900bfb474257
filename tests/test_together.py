"""Several questions in one statement: every row, in its order, as an object or as a plain row."""

import datetime

import pytest
from django.db.models import Count, Q
from django.utils import timezone

from branches.models import Activity, Post, Target, Unit
from branches.together import Question, ask_together

from .factories import (
    AccountFactory,
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    PostFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
NAMES = ("Trồng cây", 'Thi "Tìm hiểu 100% Luật"', "Đêm nhạc, ngày hội \\ năm 2026")


@pytest.fixture
def branch():
    return UnitFactory(name="Chi đoàn Sở Y tế")


def activities(unit, names=NAMES):
    for day, name in enumerate(names, start=1):
        ActivityFactory(unit=unit, title=name, starts_on=datetime.date(2026, 3, day))
    return Activity.objects.filter(unit=unit)


def test_every_question_is_answered_by_its_own_rows_in_one_query(branch, django_assert_num_queries):
    other = UnitFactory(name="Chi đoàn khác")
    activities(branch)
    activities(other, ("Của người khác",))
    newest = Activity.objects.filter(unit=branch).order_by("-last_on", "-pk")
    with django_assert_num_queries(1):
        found = ask_together(
            {
                "newest": Question(newest[:2], ("pk", "title", "last_on", "unit__name")),
                "units": Question(Unit.objects.filter(pk__in=[branch.pk, other.pk]).order_by("-pk"), ("name",)),
                "none": Question(Activity.objects.filter(title="Không có"), ("pk", "title")),
                "nobody": Question(Activity.objects.filter(Q(pk__in=[])), ("pk", "title")),
            }
        )
        # Nothing more is read to say these.
        assert [(row.title, row.last_on, row.unit.name) for row in found["newest"]] == [
            (NAMES[2], datetime.date(2026, 3, 3), "Chi đoàn Sở Y tế"),
            (NAMES[1], datetime.date(2026, 3, 2), "Chi đoàn Sở Y tế"),
        ]
    assert [row.name for row in found["units"]] == ["Chi đoàn khác", "Chi đoàn Sở Y tế"]
    assert (found["none"], found["nobody"]) == ([], [])
    assert found["newest"][0] == newest[0]


def test_objects_are_those_of_the_model_and_know_whom_they_point_to(branch, django_assert_num_queries):
    owned = TargetFactory(unit=branch, indicator=IndicatorFactory(name="Hiến máu"), owner=MemberFactory(home=branch))
    free = TargetFactory(unit=branch, indicator=IndicatorFactory(name="Học nghị quyết"))
    columns = ("pk", "indicator__name", "indicator__area__code", "owner_id", "owner__full_name", "period__starts_on")
    with django_assert_num_queries(1):
        rows = ask_together({"targets": Question(Target.objects.filter(unit=branch).order_by("pk"), columns)})[
            "targets"
        ]
        assert [type(row) for row in rows] == [Target, Target]
        assert rows == [owned, free]
        assert (rows[0].owner.full_name, rows[0].owner.pk, rows[1].owner) == (
            owned.owner.full_name,
            owned.owner_id,
            None,
        )
        assert rows[1].indicator.area.code == free.indicator.area.code
        assert rows[1].period.starts_on == datetime.date(2026, 1, 1)
    with django_assert_num_queries(1):  # what was not asked for is read when it is wanted
        assert rows[1].note == free.note


def test_times_yes_and_no_and_what_is_annotated(branch):
    at = datetime.datetime(2026, 11, 22, 23, 30, 15, 250000, tzinfo=datetime.UTC)
    account = AccountFactory(is_active=False)
    type(account).objects.filter(pk=account.pk).update(last_login=at)
    PostFactory(account=account, unit=branch)
    PostFactory(account=AccountFactory(last_login=None), unit=branch)
    columns = ("pk", "account__last_login", "account__is_active", "activities", "ends_on")
    rows = Post.objects.filter(unit=branch).annotate(activities=Count("unit__activities")).order_by("pk")
    activities(branch)
    first, second = ask_together({"posts": Question(rows, columns)})["posts"]
    assert (first.account.last_login, first.account.is_active, first.activities) == (at, False, 3)
    assert timezone.localtime(first.account.last_login).day == 23  # in Vietnam it was the next morning
    assert (second.account.last_login, second.account.is_active, second.ends_on) == (None, True, None)


def test_groups_come_as_plain_rows(branch):
    activities(branch)
    ActivityFactory(unit=branch, state="planned", starts_on=datetime.date(2026, 12, 1))
    rows = Activity.objects.filter(unit=branch).order_by("state").values("state").annotate(count=Count("pk"))
    found = ask_together({"states": Question(rows, ("state", "count"))})["states"]
    assert [(row.state, row.count) for row in found] == [("held", 3), ("planned", 1)]


def test_no_question_is_no_query(django_assert_num_queries):
    UnionFactory()
    with django_assert_num_queries(0):
        assert ask_together({}) == {}


def test_without_any_unit_there_is_nothing_to_find(django_assert_num_queries):
    assert ask_together({"units": Question(Unit.objects.all(), ("pk", "name"))}) == {"units": []}
