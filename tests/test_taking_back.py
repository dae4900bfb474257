""" "Lấy lại": the server shows what the browser kept and saves nothing; the page of a refused token leads back."""

import re

import pytest
from django.urls import reverse

from branches.models import Activity, FormReceipt, Target
from branches.views.errors import csrf_failure
from inspections.models import Finding, HostAttendee, Recommendation, Topic, UnitAnswer
from tests.factories import ActivityFactory, IndicatorFactory, UnitFactory, account_at
from tests.inspecting import concluded, planned, scene, with_findings
from tests.logging_activities import TODAY, edit_url, new_url, typed
from tests.test_inspections_pages import VISIT_FORM, at, key, rows_of

pytestmark = pytest.mark.django_db
RESTORE = {"do": "restore"}


@pytest.fixture
def gift():
    return IndicatorFactory(name="Túi quà khuyến học", unit_word="suất", area__position=1)


@pytest.fixture
def secretary(gift):
    return account_at(UnitFactory(name="Chi đoàn Sở Thông tin và Truyền thông"), username="bithu")


def unit_of(account):
    return account.posts_today[0].unit


def stored() -> list:
    models = (Activity, Target, Finding, Recommendation, HostAttendee, Topic, UnitAnswer, FormReceipt)
    return [list(model.objects.order_by("pk").values()) for model in models]


# --- the server: "Lấy lại" shows everything and saves nothing ---------------------------------------


def taken_back(client, url, data) -> str:
    """The page after "Lấy lại"; nothing may be saved by it, and it gives no verdict."""
    before = stored()
    answer = client.post(url, data | RESTORE)
    page = answer.content.decode()
    assert (answer.status_code, stored() == before) == (200, True)
    assert "Đã lấy lại nội dung nhập trước, chưa lưu." in page
    assert "is-invalid" not in page
    assert "Chưa lưu được" not in page
    return page


def test_log_is_taken_back_also_when_it_is_whole(client, secretary, gift):
    client.force_login(secretary)
    data = typed((gift, {"value": "hai mươi"}), title="", note="Còn dở")
    page = taken_back(client, new_url(unit_of(secretary)), data)
    assert f'name="form_key" value="{data["form_key"]}"' in page
    assert 'value="hai mươi"' in page
    assert "Còn dở" in page
    taken_back(client, new_url(unit_of(secretary)), typed((gift, {"value": "2"})))
    # The same content, sent to be saved, is saved.
    assert client.post(new_url(unit_of(secretary)), typed((gift, {"value": "2"}))).status_code == 302


@pytest.mark.parametrize("name", ["activity_edit", "activity_hold"])
def test_change_of_an_activity_is_taken_back(client, secretary, name):
    client.force_login(secretary)
    activity = ActivityFactory(unit=unit_of(secretary), state="planned")
    page = taken_back(client, edit_url(activity, name), typed(title="Tên mới", version=str(activity.version)))
    assert 'value="Tên mới"' in page


def grid_of(client, url) -> dict:
    """What the grid sends when nothing was touched."""
    page = client.get(url).content.decode()
    return dict(re.findall(r'name="((?:r\d+-|form_key)[^"]*)" value="([^"]*)"', page))


def test_plan_is_taken_back(client, secretary, gift):
    client.force_login(secretary)
    url = reverse("reports:plan_edit", args=[unit_of(secretary).pk, TODAY.year])
    name = f"r{gift.pk}-aim"
    page = taken_back(client, url, grid_of(client, url) | {name: "không phải số"})
    assert 'value="không phải số"' in page
    assert '<details class="plan-rest" open>' in page
    taken_back(client, url, grid_of(client, url) | {name: "20"})
    assert client.post(url, grid_of(client, url) | {name: "20"}).status_code == 302
    assert Target.objects.get().indicator == gift


def test_pages_of_a_case_are_taken_back(client):
    s = scene()
    case = planned(s)
    client.force_login(s.chair)
    hosts = rows_of("nguoi-du", {"name": "Nguyễn Thị Dự", "post_text": "Bí thư"})
    page = taken_back(client, at("visit", case.pk), VISIT_FORM | hosts | {"version": case.version} | key())
    assert 'value="Nguyễn Thị Dự"' in page
    page = taken_back(
        client, at("visit", case.pk), {**rows_of("nguoi-du"), **rows_of("cau-hoi"), "place": "Hội trường"}
    )
    assert 'value="Hội trường"' in page

    case, row = with_findings(s, title="Hồ sơ thứ hai")
    finding = Finding.objects.first()
    for name, pk in (("finding_new", case.pk), ("finding_edit", finding.pk)):
        page = taken_back(client, at(name, pk), {"kind": "violation", "text": "Đang ghi dở"} | key())
        assert "Đang ghi dở" in page
    for name, pk in (("recommendation_new", case.pk), ("recommendation_edit", row.pk)):
        page = taken_back(
            client, at(name, pk), {"text": "Đang ghi dở", "owner": "Bí thư", "due_on": "31/12/2026"} | key()
        )
        assert "Đang ghi dở" in page


def test_answer_is_taken_back(client):
    s = scene()
    _, row = concluded(s)
    client.force_login(s.secretary)
    page = taken_back(client, at("answer", row.pk), {"text": "Đã họp", "version": row.version} | key())
    assert "Đã họp" in page


def test_taking_back_asks_the_same_right_as_writing(client, secretary, gift):
    client.force_login(account_at(UnitFactory(), "secretary"))
    answer = client.post(new_url(unit_of(secretary)), typed((gift, {"value": "2"})) | RESTORE)
    assert answer.status_code == 404


# --- the page of a refused token ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/don-vi/1/hoat-dong/moi/?ngay=2026-01-01", "http://testserver/don-vi/1/hoat-dong/moi/?ngay=2026-01-01"),
        ("https://ke-xau.example/", "/chuc-vu/"),
        ("javascript:alert(1)", "/chuc-vu/"),
        ("http://testserver@ke-xau.example/", "/chuc-vu/"),
        ("", "/chuc-vu/"),
    ],
)  # fmt: skip
def test_refused_token_leads_back_to_the_form_and_never_elsewhere(rf, came_from, leads_to):
    page = csrf_failure(rf.post("/chuc-vu/", HTTP_REFERER=came_from)).content.decode()
    assert f'href="{leads_to}">Mở lại trang nhập' in page
    assert "data-if-kept hidden" in page  # without a script the page promises nothing


def test_refused_token_of_an_address_that_looks_like_a_host(rf):
    request = rf.post("/")
    request.path = "//ke-xau.example/"
    page = csrf_failure(request).content.decode()
    assert 'href="/">Mở lại trang nhập' in page
