"""Somebody who left comes back with the same record; the time between is a gap and is counted as one."""

import datetime
import uuid

import pytest
from django.db.models import Q
from django.urls import reverse

from branches.enrolling import EnrolmentRefused
from branches.leaving import end_membership
from branches.models import Member
from branches.register import register_figures
from branches.returning import take_back
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
LEFT, BACK, TODAY = datetime.date(2026, 3, 26), datetime.date(2026, 9, 1), datetime.date(2026, 11, 22)


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Thông tin")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


def gone(branch, reason="deleted") -> Member:
    member = MemberFactory(home=branch, full_name="Lê Thu An")
    end_membership(member=member, on=LEFT, reason=reason, by=None)
    return member


def test_the_record_goes_on_and_the_gap_stays(branch, secretary):
    member = gone(branch)
    take_back(member=member, on=BACK, begin_reason="moved_in", by=secretary, today=TODAY)
    member.refresh_from_db()
    assert (member.is_active, member.home, member.memberships.count()) == (True, branch, 2)
    counts = [
        register_figures(units=Q(unit=branch), keys=["members"], day=day)["members"]
        for day in (LEFT - datetime.timedelta(days=1), LEFT, BACK - datetime.timedelta(days=1), BACK)
    ]
    assert counts == [1, 0, 0, 1]
    assert member.history.first().history_user == secretary
    with pytest.raises(EnrolmentRefused, match="đang có trong danh sách"):
        take_back(member=member, on=BACK, begin_reason="moved_in", by=secretary, today=TODAY)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"on": LEFT - datetime.timedelta(days=1)}, "on"),
        ({"on": TODAY + datetime.timedelta(days=1)}, "on"),
        ({"begin_reason": "registered"}, "begin_reason"),
        ({"begin_reason": "admitted"}, "decision"),
    ],
)
def test_what_does_not_fit_is_answered_at_its_field_and_writes_nothing(branch, secretary, said, field):
    member = gone(branch)
    with pytest.raises(EnrolmentRefused) as refused:
        take_back(**{"member": member, "on": BACK, "begin_reason": "moved_in", "by": secretary, "today": TODAY} | said)
    assert list(refused.value.errors) == [field]
    member.refresh_from_db()
    assert (member.is_active, member.memberships.count()) == (False, 1)


def test_nobody_comes_back_from_death_or_to_a_dissolved_branch(branch, secretary):
    with pytest.raises(EnrolmentRefused, match="đã từ trần"):
        take_back(member=gone(branch, "died"), on=BACK, begin_reason="moved_in", by=secretary, today=TODAY)
    member = gone(branch)
    branch.dissolved_on = BACK
    branch.save()
    with pytest.raises(EnrolmentRefused, match="đã giải thể"):
        take_back(member=member, on=BACK, begin_reason="moved_in", by=secretary, today=TODAY)


def test_the_page_brings_back_once_however_often_it_is_sent(client, branch, secretary):
    member = gone(branch)
    client.force_login(secretary)
    page = reverse("branches:member_return", args=[member.pk])
    assert "Trở lại danh sách" in client.get(reverse("branches:member", args=[member.pk])).content.decode()
    said = {"on": "01/09/2026", "begin_reason": "moved_in", "decision": "", "form_key": str(uuid.uuid4())}
    assert [client.post(page, said).status_code for _ in range(2)] == [302, 302]
    assert member.memberships.count() == 2
