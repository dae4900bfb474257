"""The structure of a unit's members: every figure worked out by hand, and equal to the list it opens."""

import datetime
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import Member, Membership, Precision, SensitiveAccess, SensitiveData, Unit
from branches.register import register_figures
from branches.restructuring import as_called, move_unit, rename_unit
from branches.structure import group_named, members_on, structure_of
from tests.factories import MemberFactory, RuleFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 1)


def d(year, month=1, day=1):
    return datetime.date(year, month, day)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


def person(home, *, ethnicity=None, party=None, **fields):
    member = MemberFactory(home=home, **fields)
    if ethnicity is not None or party:
        SensitiveData.objects.create(member=member, ethnicity=ethnicity or "", joined_party_on=party)
    return member


@pytest.fixture
def seven(branch):
    """Seven persons, four of them women."""
    born, level = "birth_date", "education_level"
    return [
        person(branch, sex="female", ethnicity="Kinh", party=d(2020), **{born: d(2001, 3, 1), level: "university"}),
        person(branch, sex="female", ethnicity="kinh", **{born: d(2001, 3, 2), level: "university"}),
        person(branch, sex="female", ethnicity="Ê Đê", **{born: d(2008, 3, 1), level: "high_school"}),
        person(branch, sex="female", ethnicity="ê đê", party=DAY, **{born: d(1995, 1, 1), level: "master"}),
        person(branch, sex="male", ethnicity="Gia Rai", party=d(2026, 3, 2), **{born: d(1995, 3, 2), level: ""}),
        person(branch, sex="male", ethnicity="  ", birth_precision=Precision.YEAR, **{born: d(2008), level: "college"}),
        person(branch, sex="", **{born: None}),
    ]


def figures(structure, title):
    part = next(part for part in structure.parts if part.title == title)
    return [(group.label, group.total, group.women) for group in part.groups]


# --- the figures ------------------------------------------------------------------------------------


def test_every_figure_by_hand(branch, seven):
    found = structure_of(branch, DAY)
    assert (found.total, found.women) == (7, 4)
    assert figures(found, "Giới tính") == [("Nam", 2, 0), ("Nữ", 4, 4), ("Chưa ghi", 1, 0)]
    # On 01/03/2026: born 01/03/2001 is 25, 02/03/2001 still 24; born 01/03/2008 is 18; "2008" is about 18;
    # born 01/01/1995 is 31, 02/03/1995 still 30.
    assert figures(found, "Tuổi") == [
        ("Dưới 16 tuổi", 0, 0),
        ("16 đến 17 tuổi", 0, 0),
        ("18 đến 24 tuổi", 3, 2),
        ("25 đến 30 tuổi", 2, 1),
        ("Từ 31 tuổi", 1, 1),
        ("Chưa ghi ngày sinh", 1, 0),
    ]
    assert figures(found, "Trình độ") == [
        ("Trung học cơ sở", 0, 0),
        ("Trung học phổ thông", 1, 1),
        ("Sơ cấp, trung cấp", 0, 0),
        ("Cao đẳng", 1, 0),
        ("Đại học", 2, 2),
        ("Thạc sĩ", 1, 1),
        ("Tiến sĩ", 0, 0),
        ("Chưa ghi", 2, 0),
    ]
    assert figures(found, "Dân tộc") == [
        ("Kinh", 2, 2),
        ("Các dân tộc khác", 3, 2),
        ("Ê Đê", 2, 2),
        ("Gia Rai", 1, 0),
        ("Chưa ghi", 2, 0),
    ]
    # Admitted on the day counts, the day after does not.
    assert figures(found, "Đảng viên") == [("Đảng viên", 2, 2), ("Chưa vào Đảng hoặc chưa ghi", 5, 2)]


def test_every_part_adds_up_to_the_whole(branch, seven):
    found = structure_of(branch, DAY)
    for part in found.parts:
        whole = [group for group in part.groups if not group.is_part]
        assert (sum(one.total for one in whole), sum(one.women for one in whole)) == (7, 4), part.title
        pieces = [group for group in part.groups if group.is_part]
        assert not pieces or sum(one.total for one in pieces) == 3


def test_the_bands_are_a_rule(branch, seven):
    RuleFactory(key="age_bands", value=[0, 25])
    assert figures(structure_of(branch, DAY), "Tuổi") == [
        ("Dưới 25 tuổi", 3, 2),
        ("Từ 25 tuổi", 3, 2),
        ("Chưa ghi ngày sinh", 1, 0),
    ]


@pytest.mark.parametrize(("day", "age"), [(d(2026, 2, 28), 17), (d(2026, 3, 1), 18), (d(2028, 2, 29), 20)])
def test_somebody_born_on_29_february_is_older_on_1_march(branch, day, age):
    MemberFactory(home=branch, birth_date=d(2008, 2, 29))
    RuleFactory(key="age_bands", value=[0, age, age + 1])
    assert figures(structure_of(branch, day), "Tuổi")[1] == (f"{age} đến {age} tuổi", 1, 0)


def test_the_day_decides_who_belongs_and_under_whom(union, branch):
    other = UnionFactory(name="Đoàn thành phố")
    MemberFactory(home=branch, since=d(2024))
    gone = MemberFactory(home=branch, since=d(2020), is_active=False)
    gone.memberships.update(ends_on=d(2025), end_reason="matured")
    move_unit(unit=branch, superior=other, on=d(2025, 7, 1), decision="9-QĐ")
    branch.refresh_from_db()
    days = [d(2023), d(2024, 12, 31), d(2025), d(2025, 6, 30), d(2025, 7, 1)]
    assert [structure_of(union, day).total for day in days] == [1, 2, 1, 1, 0]
    assert [structure_of(other, day).total for day in days] == [0, 0, 0, 0, 1]
    assert [structure_of(branch, day).total for day in days] == [1, 2, 1, 1, 1]


def test_a_stay_elsewhere_is_counted_at_home_only(union, branch):
    guest = MemberFactory(home=UnitFactory(superior=union))
    Membership.objects.create(member=guest, unit=branch, kind="temporary", starts_on=d(2025))
    assert (structure_of(branch, DAY).total, structure_of(union, DAY).total) == (0, 1)


def test_it_says_what_the_register_says(union, branch, seven):
    from django.db.models import Q

    MemberFactory(home=UnitFactory(superior=union), sex="female", party_on=d(2019))
    known = register_figures(
        units=Q(unit__path__startswith=union.path), keys=["members", "women", "party_members"], day=DAY
    )
    found = structure_of(union, DAY)
    party = figures(found, "Đảng viên")[0][1]
    assert known == {"members": found.total, "women": found.women, "party_members": party} == {
        "members": 8, "women": 5, "party_members": 3,
    }  # fmt: skip


@pytest.mark.parametrize("units", [1, 3, 30])
def test_the_same_queries_for_any_number_of_units(union, units, django_assert_num_queries):
    for place in range(units):
        person(UnitFactory(superior=union), ethnicity=f"Dân tộc {place}")
    with django_assert_num_queries(4):  # moved units, rules, figures, ethnic groups
        assert structure_of(union, DAY).total == units


# --- figures open lists -----------------------------------------------------------------------------


def test_every_figure_is_the_length_of_its_list(client, branch, seven):
    found = structure_of(branch, DAY)
    client.force_login(account_at(branch))
    opened = {}
    for part in found.parts:
        for group in part.groups:
            said = {"ngay": "01/03/2026", "nhom": group.key}
            if part.is_closed:
                url = reverse("branches:member_group", args=[branch.pk])
                lists = [client.post(f"{url}?ngay=01/03/2026&nhom={group.key}{women}") for women in ("", "&gioi=nu")]
            else:
                url = reverse("branches:member_list", args=[branch.pk])
                lists = [client.get(url, said | women) for women in ({}, {"gioi": "nu"})]
            opened[group.key] = tuple(len(page.context["rows"]) for page in lists)
    expected = {group.key: (group.total, group.women) for part in found.parts for group in part.groups}
    assert opened == expected


def test_the_list_of_a_past_day_has_those_who_left_and_shows_them_as_they_belonged(client, union, branch):
    elsewhere = UnitFactory(superior=union, name="Chi đoàn Sở Y tế")
    left = MemberFactory(home=elsewhere, full_name="Lê An", phone="0912345678", since=d(2025), job="Bác sĩ")
    Membership.objects.create(member=left, unit=branch, starts_on=d(2020), ends_on=d(2025), end_reason="moved_out")
    client.force_login(account_at(branch))
    url = reverse("branches:member_list", args=[branch.pk])
    assert client.get(url).context["rows"] == []
    page = client.get(url, {"ngay": "31/12/2024"})
    [row] = page.context["rows"]
    # Their record is another branch's now: no link, no telephone, no present work.
    assert (row["name"], row["unit"], row["pk"], row["phone"], row["job"]) == (
        "Lê An", "Chi đoàn Sở Thông tin", None, "", "",
    )  # fmt: skip
    assert reverse("branches:member", args=[left.pk]) not in page.content.decode()


@pytest.mark.parametrize("day", ["32/01/2026", "25/03/1931", "01/01/2099", "hôm qua", "9999-12-31", "0001-01-01"])
def test_a_day_nobody_can_ask_about_is_answered(client, branch, day):
    MemberFactory(home=branch, full_name="Lê An")
    client.force_login(account_at(branch))
    page = client.get(reverse("branches:member_list", args=[branch.pk]), {"ngay": day})
    assert page.status_code == 200
    assert page.context["rows"] == []
    assert page.context["search"].errors["ngay"]
    assert str(page.context["search"].errors["ngay"][0]) in page.content.decode()


def test_every_day_since_the_founding_has_an_answer(client, branch, seven):
    """Also days before the earliest rule of other things: an inspector types 01/01/1990."""
    client.force_login(account_at(branch))
    for day in ("26/03/1931", "31/12/1999"):
        page = client.get(reverse("reports:structure", args=[branch.pk]), {"ngay": day})
        assert page.status_code == 200
        assert page.context["structure"].total == 0
    listed = client.get(reverse("branches:member_list", args=[branch.pk]), {"ngay": "31/12/1999", "nhom": "tuoi-18"})
    assert listed.status_code == 200


# --- what is kept closed ----------------------------------------------------------------------------


def test_a_closed_list_opens_by_post_for_the_keeper_and_leaves_a_row_for_each(client, branch, seven):
    keeper = account_at(branch)
    client.force_login(keeper)
    url = reverse("branches:member_group", args=[branch.pk]) + "?ngay=01/03/2026&nhom=dan-toc-e-de"
    page = client.get(url)
    assert page.context["rows"] is None
    assert not SensitiveAccess.objects.exists()
    opened = client.post(url)
    assert {row["pk"] for row in opened.context["rows"]} == {seven[2].pk, seven[3].pk}
    rows = SensitiveAccess.objects.order_by("member").values_list("member", "account", "kind")
    assert list(rows) == [(seven[2].pk, keeper.pk, "opened"), (seven[3].pk, keeper.pk, "opened")]


def test_the_closed_list_says_who_is_counted_and_kept_elsewhere(client, union, branch, seven):
    """Somebody counted here on that day and kept by another branch today: the figure and the list differ by them."""
    goal = UnitFactory(superior=union)
    Member.objects.filter(pk=seven[2].pk).update(home=goal)
    client.force_login(account_at(branch))
    url = reverse("branches:member_group", args=[branch.pk]) + "?ngay=01/03/2026&nhom=dan-toc-e-de"
    page = client.get(url)
    assert (page.context["count"], page.context["kept_elsewhere"]) == (1, 1)
    assert "Thêm 1 người do đơn vị khác giữ hồ sơ" in page.content.decode()
    # The office of the superior has no record below to open: no button that opens nothing.
    client.force_login(account_at(union, "superior_office"))
    page = client.get(reverse("branches:member_group", args=[union.pk]) + "?ngay=01/03/2026&nhom=dan-toc-e-de")
    assert (page.context["count"], page.context["kept_elsewhere"]) == (0, 2)
    assert "Hiện danh sách" not in page.content.decode()


def test_a_closed_group_is_no_open_list(client, union, branch, seven):
    url = reverse("branches:member_list", args=[branch.pk])
    answers = {}
    for name, account in {
        "keeper": account_at(branch),
        "committee": account_at(branch, "committee_member"),
        "superior": account_at(union, "superior_office"),
    }.items():
        client.force_login(account)
        answers[name] = client.get(url, {"nhom": "dang-vien"}).status_code
    assert answers == {"keeper": 302, "committee": 403, "superior": 403}
    closed = reverse("branches:member_group", args=[branch.pk])
    assert client.post(f"{closed}?nhom=dang-vien").status_code == 403
    client.force_login(account_at(UnitFactory()))
    assert client.post(f"{closed}?nhom=dang-vien").status_code == 404
    assert not SensitiveAccess.objects.exists()


def test_a_group_that_is_none(client, branch):
    assert group_named("khong-co", unit=branch, day=DAY) is None
    assert group_named("dan-toc-khong-co", unit=branch, day=DAY) is None
    client.force_login(account_at(branch))
    page = client.get(reverse("branches:member_list", args=[branch.pk]), {"nhom": "khong-co"})
    assert page.context["search"].errors["nhom"]


# --- page, Excel and paper --------------------------------------------------------------------------


def sheet_rows(content):
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_page_excel_and_paper_say_the_same(client, union, branch, seven):
    client.force_login(account_at(union, "superior_office"))
    page = client.get(reverse("reports:structure", args=[union.pk]), {"ngay": "01/03/2026"})
    shown = [
        (group.label, group.total, group.women) for part in page.context["structure"].parts for group in part.groups
    ]
    excel = client.get(reverse("reports:structure_xlsx", args=[union.pk]), {"ngay": "01/03/2026"})
    rows = [row[1:4] for row in sheet_rows(excel.content) if row[0] and row[0] != "Cách chia" and row[2] is not None]
    assert rows == [("Tất cả đoàn viên", 7, 4), *shown]
    from reports.papers.structure import structure_html

    html, _ = structure_html(page.context["structure"], on=DAY)
    for label, total, women in shown:
        assert f'{label}</td><td class="r">{total}</td><td class="r">{women}</td>' in html, label


def test_the_paper_is_a_pdf(client, branch, seven):
    client.force_login(account_at(branch))
    answer = client.get(reverse("reports:structure_pdf", args=[branch.pk]), {"ngay": "01/03/2026"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")


def test_readers_of_figures_see_no_names_and_no_small_groups_of_a_branch(client, union, branch, seven):
    Member.objects.filter(pk=seven[4].pk).update(full_name="Ksor Y Bình")
    seen = {}
    for name, account in {
        "party": account_at(branch, "party_secretary"),
        "inspection": account_at(union, "inspection_chair"),
        "member": account_at(branch, "member"),
        "superior": account_at(union, "superior_office"),
        "keeper": account_at(branch),
    }.items():
        client.force_login(account)
        text = client.get(reverse("reports:structure", args=[branch.pk]), {"ngay": "01/03/2026"}).content.decode()
        lists = "/doan-vien/?" in text, "nhom-giu-kin" in text
        seen[name] = ("Các dân tộc khác" in text, "Gia Rai" in text, "Ksor" in text, *lists)
    # In a branch of seven "Gia Rai: 1" is a person. The superior reads names, the keeper also what is closed.
    assert seen == {
        "party": (True, False, False, False, False),
        "inspection": (True, False, False, False, False),
        "member": (True, False, False, False, False),
        "superior": (True, False, False, True, False),
        "keeper": (True, True, False, True, True),
    }
    client.force_login(account_at(union, "superior_office"))
    above = client.get(reverse("reports:structure", args=[union.pk]), {"ngay": "01/03/2026"}).content.decode()
    assert "Gia Rai" in above
    assert "/doan-vien/?" in above
    assert "nhom-giu-kin" not in above  # the branches keep these records: the list would open empty


def test_members_of_the_day_are_rows_of_the_register(branch, seven):
    assert set(members_on(branch, DAY)) == set(seven)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_of_a_day_asks_the_same_queries(client, branch, rows, django_assert_num_queries):
    for _ in range(rows):
        MemberFactory(home=branch, sex="female")
    client.force_login(account_at(branch))
    url = reverse("branches:member_list", args=[branch.pk])
    with django_assert_num_queries(12):
        page = client.get(url, {"ngay": "01/03/2026", "nhom": "nu"})
    assert len(page.context["rows"]) == rows


def test_a_past_day_is_told_under_the_name_of_that_day(client, union, branch, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: d(2026, 11, 22))
    MemberFactory(home=branch, since=d(2024))
    old = branch.name
    rename_unit(
        by=account_at(union, "superior_office"), unit=branch, name="Chi đoàn Sở Khoa học", on=d(2026, 6, 1),
        decision="1-QĐ", decided_on=None, today=d(2026, 11, 22),
    )  # fmt: skip
    client.force_login(account_at(branch))
    heads, sheets = {}, {}
    for said in ("01/03/2026", "01/07/2026"):
        page = client.get(reverse("reports:structure", args=[branch.pk]), {"ngay": said})
        heads[said] = page.context["structure"].unit.name
        file = client.get(reverse("reports:structure_xlsx", args=[branch.pk]), {"ngay": said})
        sheets[said] = load_workbook(io.BytesIO(file.content)).active["A2"].value
        assert f"{heads[said]}: 1 đoàn viên" in page.content.decode()
    assert heads == sheets == {"01/03/2026": old, "01/07/2026": "Chi đoàn Sở Khoa học"}
    # The paper is issued today, by the unit as it is called today.
    from reports.papers.structure import structure_html

    found = structure_of(as_called(Unit.objects.get(pk=branch.pk), DAY, today=d(2026, 11, 22)), DAY)
    html, _ = structure_html(found, on=d(2026, 11, 22), issuer=Unit.objects.get(pk=branch.pk))
    assert found.unit.name == old
    assert "SỞ KHOA HỌC" in html.upper()
