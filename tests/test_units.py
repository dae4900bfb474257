"""The unit's page, who can see it and why, and the directions it was given."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse

from branches.directing import DirectionRefused, answer_direction
from branches.models import Direction, EditConflict, Post
from branches.restructuring import move_unit
from tests.factories import (
    DirectionFactory,
    MemberFactory,
    PostFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 31)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


def test_unit_page_counts_members_of_everything_below(client, union, branch):
    MemberFactory(home=branch)
    MemberFactory(home=branch, sex="female")
    MemberFactory(home=UnitFactory(superior=union))
    MemberFactory(home=UnitFactory())
    client.force_login(account_at(union, "superior_office"))
    page = client.get(reverse("branches:unit", args=[union.pk]))
    assert page.context["figures"] == {"members": 3, "women": 1, "party_members": 0}
    assert {row["unit"].pk: row["members"] for row in page.context["rows"]}[branch.pk] == 2
    assert len(page.context["rows"]) == 2


def test_moved_unit_stands_under_its_new_superior_only(client, union, branch):
    other = UnionFactory()
    move_unit(unit=branch, superior=other, on=datetime.date(2026, 1, 1), decision="01-QĐ")
    client.force_login(account_at(union, "superior_office"))
    assert client.get(reverse("branches:unit", args=[union.pk])).context["rows"] == []
    client.force_login(account_at(other, "superior_office"))
    page = client.get(reverse("branches:unit", args=[other.pk]))
    assert [row["unit"].pk for row in page.context["rows"]] == [branch.pk]


@pytest.mark.parametrize("units", [1, 3, 30])
def test_unit_page_query_count(client, union, units, django_assert_num_queries):
    for _ in range(units):
        MemberFactory(home=UnitFactory(superior=union))
    client.force_login(account_at(union, "superior_office"))
    with django_assert_num_queries(15):
        client.get(reverse("branches:unit", args=[union.pk]))


def test_access_page_names_everybody_with_the_reason(client, union, branch):
    secretary = account_at(branch, full_name="Lê Thư Ký")
    account_at(union, "superior_office", full_name="Trần Cấp Trên")
    account_at(branch, "party_secretary", full_name="Bùi Cấp Ủy")
    account_at(UnitFactory(superior=union), full_name="Vũ Bên Cạnh")
    former = account_at(branch, full_name="Cao Đã Thôi")
    Post.objects.filter(account=former).update(ends_on=datetime.date(2020, 1, 1))
    client.force_login(secretary)
    people = client.get(reverse("branches:unit_access", args=[branch.pk])).context["people"]
    assert {one["post"].account.full_name: one["words"] for one in people} == {
        "Lê Thư Ký": [
            "xem kế hoạch, hoạt động, kết quả",
            "ghi hoạt động, lập kế hoạch",
            "quản lý đoàn viên và hồ sơ đơn vị",
            "soạn và nộp báo cáo",
        ],
        "Bùi Cấp Ủy": ["xem số tổng hợp và văn bản, không có dữ liệu cá nhân"],
        "Trần Cấp Trên": ["xem kế hoạch, hoạt động, kết quả", "duyệt báo cáo, giao chỉ tiêu"],
    }


@pytest.mark.parametrize(("type", "status"), [("secretary", 200), ("committee_member", 200), ("member", 404)])
def test_access_page_is_for_keepers(client, branch, type, status):
    client.force_login(account_at(branch, type))
    assert client.get(reverse("branches:unit_access", args=[branch.pk])).status_code == status


def test_end_of_a_post_ends_the_page(client, branch):
    post = PostFactory(unit=branch, ends_on=datetime.date(2020, 1, 1))
    client.force_login(post.account)
    assert client.get(reverse("branches:unit", args=[branch.pk])).status_code == 404


# --- directions -----------------------------------------------------------------------------------


def test_direction_is_written_once_and_answered(client, branch):
    secretary = account_at(branch)
    client.force_login(secretary)
    said = {
        "given_by": "party",
        "body_name": "Chi bộ Sở",
        "given_on": "31/03/2026",
        "text": "Lượng hóa các hoạt động trong năm",
        "due_on": "30/04/2026",
        "form_key": str(uuid.uuid4()),
    }
    url = reverse("branches:direction_new", args=[branch.pk])
    assert [client.post(url, said).status_code, client.post(url, said).status_code] == [302, 302]
    direction = Direction.objects.get()
    assert (direction.given_on, direction.due_on, direction.position) == (DAY, datetime.date(2026, 4, 30), 1)
    page = client.get(reverse("reports:direction_list", args=[branch.pk]))
    assert page.context["rows"][0].standing == "overdue"
    answer = {"answer": "Đã đưa vào kế hoạch năm", "answered_on": "05/04/2026", "version": "1"}
    client.post(reverse("branches:direction_answer", args=[direction.pk]), answer)
    page = client.get(reverse("reports:direction_list", args=[branch.pk]))
    assert page.context["rows"][0].word == "Đã trả lời"


def test_direction_in_the_plan_shows_its_targets(client, branch):
    direction = DirectionFactory(unit=branch)
    TargetFactory(unit=branch, origin="direction", direction=direction)
    client.force_login(account_at(branch, "party_secretary"))
    page = client.get(reverse("reports:direction_list", args=[branch.pk]))
    row = page.context["rows"][0]
    assert (row.detail, len(row.rows)) == ("0/1 chỉ tiêu đạt", 1)


def test_direction_answered_by_targets_is_never_called_unanswered(client, branch):
    late = DirectionFactory(unit=branch, due_on=datetime.date(2026, 4, 30), text="Lượng hóa các hoạt động")
    target = TargetFactory(unit=branch, origin="direction", direction=late)
    client.force_login(account_at(branch))
    page = client.get(reverse("reports:direction_list", args=[branch.pk])).content.decode()
    assert "Quá hạn" in page
    assert "0/1 chỉ tiêu đạt" in page
    assert f'href="{reverse("reports:target", args=[target.pk])}">{target.indicator.name}</a>' in page
    assert "Chưa trả lời" not in page


def test_answer_before_the_direction_and_second_editor_are_refused(branch):
    secretary, direction = account_at(branch), DirectionFactory(unit=branch, given_on=DAY)
    with pytest.raises(DirectionRefused, match="Hãy ghi ngày từ 31/03/2026"):
        answer_direction(
            direction=direction, version=1, by=secretary, on=DAY - datetime.timedelta(days=1), answer="Xong"
        )
    answer_direction(direction=direction, version=1, by=secretary, on=DAY, answer="Xong")
    with pytest.raises(EditConflict):
        answer_direction(direction=direction, version=1, by=secretary, on=DAY, answer="Khác")


def test_party_reads_directions_and_may_not_write_them(client, union, branch):
    direction = DirectionFactory(unit=branch)
    client.force_login(account_at(branch, "party_secretary"))
    page = client.get(reverse("reports:direction_list", args=[branch.pk]))
    assert page.status_code == 200
    # The page of the unit is not theirs to open, so nothing here leads to it.
    assert f'href="{reverse("branches:unit", args=[branch.pk])}"' not in page.content.decode()
    assert client.get(reverse("branches:direction_new", args=[branch.pk])).status_code == 403
    assert client.get(reverse("branches:direction_edit", args=[direction.pk])).status_code == 403
    client.force_login(account_at(UnitFactory(superior=union)))
    assert client.get(reverse("reports:direction_list", args=[branch.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_direction_list_query_count(client, branch, rows, django_assert_num_queries):
    for _ in range(rows):
        TargetFactory(unit=branch, origin="direction", direction=DirectionFactory(unit=branch))
    client.force_login(account_at(branch))
    with django_assert_num_queries(13):
        client.get(reverse("reports:direction_list", args=[branch.pk]))


@pytest.mark.once
@pytest.mark.parametrize(
    "post", ["superior_office", "superior_secretary", "inspection_chair", "party_secretary", "administrator"]
)
def test_every_link_of_a_unit_page_opens_for_who_sees_it(client, union, branch, post):
    client.force_login(account_at(union, post))
    dead = []
    for unit in (union, branch):
        answer = client.get(reverse("branches:unit", args=[unit.pk]))
        if answer.status_code == 200:
            links = set(re.findall(r'href="(/[^"#?]*)', answer.content.decode()))
            dead += [link for link in sorted(links) if client.get(link).status_code not in (200, 302)]
    assert dead == []
