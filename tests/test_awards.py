"""Awards: one decision for several, never twice, years in a row, the list with its filters and file."""

import datetime
import html
import io
import threading
import uuid

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from branches.awarding import change_award, drop_award, give_awards, streak_words, streaks
from branches.enrolling import EnrolmentRefused
from branches.models import Award, EditConflict
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
GIVEN = datetime.date(2026, 3, 26)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở")
        self.secretary = account_at(self.branch)
        self.first = MemberFactory(home=self.branch, full_name="Lê Thị Ánh")
        self.second = MemberFactory(home=self.branch, full_name="Y Khoa Niê")

    def give(self, *members, to_unit=False, **said):
        values = {
            "kind": "certificate", "title": "Thành tích xuất sắc", "given_by": "BCH Đoàn Khối", "number": "45-QĐ/ĐK",
            "dated_on": GIVEN, "year": 2025,
        }  # fmt: skip
        return give_awards(
            unit=self.branch, members=members, to_unit=to_unit, by=self.secretary, on=TODAY, **values | said
        )  # fmt: skip


@pytest.fixture
def scene(db):
    return Scene()


def test_one_decision_gives_an_award_to_each(scene):
    scene.give(scene.first, scene.second, to_unit=True, title="  Thành tích xuất sắc ")
    rows = Award.objects.order_by("pk").values_list("unit", "member", "title", "year", "number")
    same = ("Thành tích xuất sắc", 2025, "45-QĐ/ĐK")
    assert list(rows) == [
        (scene.branch.pk, None, *same), (scene.branch.pk, scene.first.pk, *same),
        (scene.branch.pk, scene.second.pk, *same),
    ]  # fmt: skip


def test_nobody_gets_one_decision_twice_and_then_nothing_is_written(scene):
    scene.give(scene.first)
    with pytest.raises(EnrolmentRefused) as refused:
        scene.give(scene.first, scene.second)
    assert refused.value.errors == {"number": "Đã ghi khen thưởng này cho Lê Thị Ánh. Hãy bỏ chọn hoặc xem lại."}
    assert Award.objects.count() == 1
    scene.give(scene.first, number="46-QĐ/ĐK")
    scene.give(scene.first, number="", title="Biểu dương")
    with pytest.raises(EnrolmentRefused):
        scene.give(scene.first, number="", title="Biểu dương")
    assert Award.objects.count() == 3


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"kind": "khac"}, {"kind": "Hãy chọn hình thức khen."}),
        ({"title": " "}, {"title": "Hãy ghi khen về việc gì."}),
        ({"given_by": ""}, {"given_by": "Hãy ghi cấp nào khen."}),
        ({"dated_on": datetime.date(2026, 11, 23)}, {"dated_on": "Ngày này chưa đến."}),
        ({"year": 2027}, {"year": "Năm được khen không thể sau ngày quyết định 26/03/2026."}),
    ],
)
def test_award_that_cannot_be_is_answered_at_its_field(scene, said, errors):
    with pytest.raises(EnrolmentRefused) as refused:
        scene.give(scene.first, **said)
    assert refused.value.errors == errors
    assert not Award.objects.exists()


def test_award_is_for_somebody_of_the_branch(scene):
    with pytest.raises(EnrolmentRefused, match="Hãy chọn ít nhất một người"):
        scene.give()
    with pytest.raises(EnrolmentRefused, match="Chỉ chọn đoàn viên của Chi đoàn Sở"):
        scene.give(MemberFactory(home=UnitFactory(superior=scene.union)))


def test_years_in_a_row_count_the_years_of_merit_of_one_kind(scene):
    years = (2021, 2023, 2024, 2025)
    own = [scene.give(scene.first, year=year, number=str(year))[0] for year in years]
    other = scene.give(scene.first, kind="merit", number="9")[0]
    unit = scene.give(to_unit=True, year=2024, number="2024")[0]
    found = streaks(Award.objects.all())
    assert [found[one.pk] for one in own] == [1, 1, 2, 3]
    assert (found[other.pk], found[unit.pk]) == (1, 1)
    assert (streak_words(3), streak_words(1)) == ("3 năm liền", "")


def test_second_editor_is_refused(scene):
    (award,) = scene.give(scene.first)
    change_award(award=award, version=1, on=TODAY, number="47-QĐ/ĐK")
    for act in (lambda: change_award(award=award, version=1, on=TODAY, number="1"),
                lambda: drop_award(award=award, version=1)):  # fmt: skip
        with pytest.raises(EditConflict):
            act()
    assert Award.objects.get().number == "47-QĐ/ĐK"


@pytest.mark.django_db(transaction=True)
def test_two_writing_one_decision_down_at_once_give_it_once():
    scene = Scene()
    gate, answers = threading.Barrier(2), []

    def give():
        gate.wait()
        try:
            answers.append(scene.give(scene.first))
        except EnrolmentRefused as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(type(one).__name__ for one in answers) == ["AwardRefused", "list"]
    assert Award.objects.count() == 1


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_whole_decision_is_written_in_one_form_and_once(client, scene):
    client.force_login(scene.secretary)
    url = reverse("branches:award_new", args=[scene.branch.pk])
    chosen = text_of(client.get(f"{url}?doan-vien={scene.second.pk}"))
    assert f'value="{scene.second.pk}" id="dv-{scene.second.pk}" checked' in chosen
    said = {
        "form_key": str(uuid.uuid4()), "kind": "certificate", "title": "Năm 2025", "given_by": "Đoàn Khối",
        "dated_on": "26/03/2026", "year": "2025", "members": [scene.first.pk, scene.second.pk], "to_unit": "on",
    }  # fmt: skip
    assert client.post(url, said).headers["Location"] == client.post(url, said).headers["Location"]
    assert Award.objects.count() == 3
    award = Award.objects.get(member=scene.first)
    edit = reverse("branches:award_edit", args=[award.pk])
    assert client.post(edit, said | {"form_key": str(uuid.uuid4()), "version": "1", "number": "5"}).status_code == 302
    award.refresh_from_db()
    assert award.number == "5"
    drop = reverse("branches:award_drop", args=[award.pk])
    assert client.post(drop, {"form_key": str(uuid.uuid4()), "version": "2"}).status_code == 302
    assert Award.objects.count() == 2


def test_list_is_filtered_and_taken_as_a_file(client, scene):
    scene.give(scene.first, scene.second, to_unit=True)
    scene.give(scene.first, year=2024, number="=1+1", dated_on=datetime.date(2025, 3, 26))
    client.force_login(scene.secretary)
    url = reverse("branches:award_list", args=[scene.branch.pk])

    def shown(query):
        page = client.get(url + query)
        return [row["award"].member for row in page.context["rows"]]

    assert shown("") == [scene.second, scene.first, None, scene.first]
    assert shown("?nam=2024") == [scene.first]
    assert shown("?ai=don-vi") == [None]
    assert shown("?ai=doan-vien&q=y khoa") == [scene.second]
    assert shown("?kieu=merit") == []
    assert "2 năm liền" in text_of(client.get(url + "?nam=2025"))  # the year before is on no page of this filter
    answer = client.get(reverse("branches:award_xlsx", args=[scene.branch.pk]) + "?nam=2024")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell.value for cell in sheet[sheet.max_row]]
    assert (cells[6].day, cells[6].month, cells[6].year) == (26, 3, 2025)
    assert cells[:6] + cells[7:] == [
        "Lê Thị Ánh", "Chi đoàn Sở", "Giấy khen", "Thành tích xuất sắc", "BCH Đoàn Khối", "=1+1",
        "2024", 1,
    ]  # fmt: skip
    assert sheet[sheet.max_row][5].data_type == "s"


def test_awards_stand_on_the_pages_of_member_and_unit(client, scene):
    scene.give(scene.first, to_unit=True)
    client.force_login(scene.secretary)
    assert "Giấy khen: Thành tích xuất sắc" in text_of(client.get(reverse("branches:member", args=[scene.first.pk])))
    assert "Giấy khen năm 2025: Thành tích xuất sắc" in text_of(
        client.get(reverse("branches:unit", args=[scene.branch.pk]))
    )


def test_stranger_party_and_inspector_find_nothing(client, scene):
    (award,) = scene.give(scene.first)
    accounts = [account_at(scene.branch, kind) for kind in ("party_secretary", "inspection_chair")]
    for account in (*accounts, account_at(UnitFactory(superior=scene.union))):
        client.force_login(account)
        for name, pk in (("award_list", scene.branch.pk), ("award_xlsx", scene.branch.pk), ("award_edit", award.pk)):
            assert client.get(reverse(f"branches:{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_award_list_query_count(client, scene, rows, django_assert_num_queries):
    for number in range(rows):
        scene.give(MemberFactory(home=scene.branch), number=str(number))
    client.force_login(scene.secretary)
    with django_assert_num_queries(7):  # session, account, posts, unit, count, rows, years around them
        page = client.get(reverse("branches:award_list", args=[scene.branch.pk]))
    assert len(page.context["rows"]) == rows
