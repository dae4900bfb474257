"""The notice of conclusion opens with the name of who holds the signing post today, never with another's."""

import datetime

import pytest
from django.urls import reverse

from branches.models import Post
from inspections.models import InspectionProgramme

from .factories import PostFactory, UnionFactory, account_at
from .inspecting import TODAY, scene, visited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def offered(client, world, in_name_of) -> tuple[str, str, str]:
    """Capacity, post and name on the form; the head of the team is Vương Quốc Trung."""
    InspectionProgramme.objects.update(in_name_of=in_name_of)
    case = visited(world)
    client.force_login(world.chair)
    form = client.get(reverse("inspections:conclude", args=[case.pk])).context["form"]
    return tuple(form[name].value() for name in ("signer_capacity", "signer_post", "signer_name"))


def test_the_chair_signs_for_the_inspection_committee(client):
    said = ("TM. ỦY BAN KIỂM TRA", "CHỦ NHIỆM", "Phạm Thị Chủ Nhiệm")
    assert offered(client, scene(), "inspection") == said


def test_without_a_chair_the_name_stays_blank(client):
    world = scene()
    Post.objects.filter(account=world.chair).update(ends_on=TODAY)
    account_at(UnionFactory(), "inspection_chair", full_name="Chủ Nhiệm Nơi Khác")
    PostFactory(account=world.chair, unit=world.union, type="inspection_member")
    assert offered(client, world, "inspection") == ("TM. ỦY BAN KIỂM TRA", "CHỦ NHIỆM", "")


def test_the_secretary_signs_for_the_committee_and_not_the_one_before(client):
    world = scene()
    before = account_at(world.union, "superior_secretary", full_name="Bí Thư Khóa Trước")
    before.posts.update(ends_on=datetime.date(2026, 5, 1))
    account_at(world.union, "superior_secretary", full_name="Đỗ Thị Bí Thư")
    account_at(world.union, "deputy_secretary", full_name="Hồ Văn Phó")
    assert offered(client, world, "committee") == ("TM. BAN CHẤP HÀNH", "BÍ THƯ", "Đỗ Thị Bí Thư")


def test_without_a_secretary_the_deputy_signs_in_the_deputys_post(client):
    world = scene()
    account_at(world.union, "deputy_secretary", full_name="Hồ Văn Phó")
    assert offered(client, world, "committee") == ("TM. BAN CHẤP HÀNH", "PHÓ BÍ THƯ", "Hồ Văn Phó")


def test_without_either_the_name_stays_blank(client):
    assert offered(client, scene(), "committee") == ("TM. BAN CHẤP HÀNH", "BÍ THƯ", "")
