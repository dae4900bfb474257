""" "Thêm dòng" on the lists of a case: one more blank row, everything typed still there, nothing saved."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import HostAttendee, Inspection, TeamSeat, Topic
from tests.conftest import PHONE
from tests.factories import AccountFactory
from tests.inspecting import planned, scene
from tests.test_inspections_pages import VISIT_FORM, at, key, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(client):
    found = scene()
    client.force_login(found.chair)
    return found


def stored() -> list:
    models = (Inspection, TeamSeat, HostAttendee, Topic)
    return [list(model.objects.order_by("pk").values()) for model in models]


def said(rows, name) -> list:
    return [form[name].value() for form in rows]


def complaints(*forms) -> list:
    return [form.errors for form in forms if form.errors]


def test_team_gets_a_blank_row_and_keeps_what_was_typed(client, s):
    case = planned(s)
    head = case.team.order_by("position").first()
    before = stored()
    rows = rows_of(
        "doan",
        {"pk": head.pk, "role": "head", "name": head.name, "post_text": "Phó Bí thư"},
        {"role": "secretary", "name": "Người vừa gõ", "account": "không có"},
        initial=1,
    )

    page = client.post(at("team", case.pk), {"version": case.version, "do": "add-doan", **rows, **key()})

    assert page.status_code == 200
    assert said(page.context["rows"], "name") == [head.name, "Người vừa gõ", None]
    assert said(page.context["rows"], "role") == ["head", "secretary", "member"]
    assert said(page.context["rows"], "account")[1] == "không có"
    assert complaints(page.context["form"], *page.context["rows"]) == []
    assert 'name="doan-TOTAL_FORMS" value="3"' in page.content.decode()
    assert stored() == before


def test_added_row_is_saved_with_the_rest(client, s):
    case = planned(s)
    people = [{"role": "member", "name": f"Người {n}"} for n in range(1, 6)]
    sent = {"version": case.version, **key()}

    page = client.post(at("team", case.pk), sent | {"do": "add-doan"} | rows_of("doan", *people))
    assert len(page.context["rows"].forms) == 6
    client.post(at("team", case.pk), sent | rows_of("doan", *people, {"role": "member", "name": "Người 6"}))

    names = TeamSeat.objects.filter(inspection=case, ends_on=None).order_by("position").values_list("name", flat=True)
    assert list(names) == [f"Người {n}" for n in range(1, 7)]


def test_visit_adds_to_one_list_and_keeps_the_other_and_the_texts(client, s):
    case = planned(s)
    question = case.topics.get(use="question")
    before = stored()
    sent = (
        VISIT_FORM | key() | {"version": case.version, f"topic_{question.pk}": "Đã làm", "visited_on": "không ngày"}
        | rows_of("nguoi-du", {"name": "Toàn thể đoàn viên"}, {"name": ""})
        | rows_of("cau-hoi", {"text": "Vì sao chậm?", "answer": "Do dịch"})
    )  # fmt: skip

    hosts = client.post(at("visit", case.pk), sent | {"do": "add-nguoi-du"})
    questions = client.post(at("visit", case.pk), sent | {"do": "add-cau-hoi"})

    assert said(hosts.context["hosts"], "name") == ["Toàn thể đoàn viên", "", None]
    assert said(hosts.context["questions"], "text") == ["Vì sao chậm?"]
    assert said(questions.context["hosts"], "name") == ["Toàn thể đoàn viên", ""]
    assert said(questions.context["questions"], "text") == ["Vì sao chậm?", None]
    for page in (hosts, questions):
        form = page.context["form"]
        assert (form["visited_on"].value(), form[f"topic_{question.pk}"].value()) == ("không ngày", "Đã làm")
        assert (form["form_key"].value(), form["version"].value()) == (sent["form_key"], str(case.version))
        assert complaints(form, *page.context["hosts"], *page.context["questions"]) == []
    assert stored() == before


def test_new_case_gets_a_row_for_the_team_before_anything_is_judged(client, s):
    sent = {"title": "", "programme": s.programme.pk, "units": [s.branch.pk], "do": "add-doan", **key()}

    page = client.post(at("new"), sent | rows_of("doan", {"role": "head", "name": "Trưởng đoàn"}))

    assert said(page.context["team"], "name") == ["Trưởng đoàn", None]
    assert page.context["form"]["units"].value() == [str(s.branch.pk)]
    assert complaints(page.context["form"]) == []
    assert Inspection.objects.count() == 0


def test_full_list_grows_no_further_and_says_so(client, s):
    case = planned(s)
    sent = VISIT_FORM | key() | {"version": case.version, "do": "add-cau-hoi"}

    page = client.post(at("visit", case.pk), sent | rows_of("cau-hoi", *[{"text": f"Câu {n}"} for n in range(20)]))

    assert len(page.context["questions"].forms) == 20
    assert "Danh sách tối đa 20 dòng." in page.content.decode()
    assert 'value="add-cau-hoi"' not in page.content.decode()
    assert not Topic.objects.filter(text__startswith="Câu ").exists()


def test_list_that_lost_its_count_is_answered_and_not_saved(client, s):
    case = planned(s)
    before = stored()

    page = client.post(
        at("team", case.pk), {"version": case.version, "do": "add-doan", "doan-TOTAL_FORMS": "x", **key()}
    )

    assert "Danh sách chưa gửi đủ. Hãy mở lại trang rồi ghi lại." in page.content.decode()
    assert stored() == before


def test_stranger_adds_nothing(client, s):
    case = planned(s)
    client.force_login(AccountFactory(full_name="Người Lạ"))

    for name in ("team", "visit"):
        answer = client.post(at(name, case.pk), {"do": "add-doan", **rows_of("doan", {"name": "x"})})
        assert answer.status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_the_cursor_stands_in_the_new_row_and_enter_saves(open_page, javascript):
    s = scene()
    case = planned(s)
    page = open_page(PHONE, s.chair, javascript=javascript)
    page.goto(reverse("inspections:visit", args=[case.pk]))
    page.locator("#id_place").fill("Trụ sở Cục")
    page.locator("#id_reason").fill("Đơn vị báo cáo tại buổi làm việc")
    page.locator("#id_nguoi-du-0-name").fill("Nguyễn Văn Tiếp")

    page.get_by_role("group", name="Buổi").get_by_text("Chiều").click()
    for count in (3, 4):
        page.get_by_role("button", name="Thêm dòng người dự").click()
        added = page.locator(f"#id_nguoi-du-{count - 1}-name")
        expect(added).to_be_focused()
        expect(added).to_be_in_viewport(ratio=1)
    added.fill("Người thứ tư")
    added.press("Enter")
    page.wait_for_url(f"**{reverse('inspections:inspection', args=[case.pk])}*")

    assert list(HostAttendee.objects.order_by("position").values_list("name", flat=True)) == [
        "Nguyễn Văn Tiếp",
        "Người thứ tư",
    ]
    case.refresh_from_db()
    assert case.place == "Trụ sở Cục"
