"""The pages of many reports at once: what they say, to whom, and what they cost."""

import re

import pytest
from django.urls import reverse

from reports import print_worker
from reports.models import PrintJob
from reports.print_jobs import LEASE
from tests.factories import UnitFactory, account_at
from tests.printing_jobs import MINUTE, NOW, TODAY, Scene, Shop, packed, refuse, run
from tests.rooming import unpacked
from tests.test_duties import today_is

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    today_is(monkeypatch, TODAY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    kind = type("ShopOfTest", (Shop,), {})
    monkeypatch.setattr(print_worker, "PrintShop", kind)
    return kind


@pytest.fixture
def s(media):
    return Scene()


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def list_url(s, said=""):
    return reverse("reports:print_job_list", args=[s.union.pk]) + said


def url(job, name=""):
    return reverse(f"reports:print_job{name}", args=[job.pk])


def test_the_page_says_how_many_how_long_and_who_has_none(s, client):
    client.force_login(s.office)
    text = text_of(client.get(list_url(s)))
    assert "2 báo cáo , chưa có bản nào được duyệt. In hết khoảng 1 phút" in text
    assert "2 đơn vị chưa có báo cáo của kỳ này" in text
    assert "Chi đoàn Sở Nội vụ" in text
    direct = text_of(client.get(list_url(s, "?period=2026&which=direct")))
    assert "1 đơn vị chưa có báo cáo của kỳ này" in direct


def test_a_superior_without_reports_is_told_what_to_do(client, media):
    empty = Scene(reports=0)
    client.force_login(empty.office)
    assert "Chưa có báo cáo nào để in" in text_of(client.get(list_url(empty)))


def test_asking_printing_and_taking(s, client):
    client.force_login(s.office)
    page = client.get(list_url(s)).content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    sent = {"period": "2026", "which": "all", "what": "pdf", "form_key": key}
    answers = [client.post(list_url(s), sent) for _ in range(2)]
    job = PrintJob.objects.get()  # a double tap is one job
    assert [answer.url for answer in answers] == [url(job)] * 2
    waiting = client.get(url(job))
    assert "Đã in 0 trên 2 báo cáo" in text_of(waiting)
    assert '<meter id="da-in" class="reading" min="0" max="2" value="0">' in waiting.content.decode()
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert client.get(url(job, "_zip")).status_code == 404
    run(job)
    part = client.get(url(job), headers={"HX-Request": "true"})
    assert (part.headers["HX-Refresh"], b"<html" in part.content) == ("true", False)
    assert "Đã in 2 báo cáo" in text_of(part)
    taken = client.get(url(job, "_zip"))
    assert "B%C3%A1o%20c%C3%A1o%20n%C4%83m%202026" in taken.headers["Content-Disposition"]
    assert set(taken.headers["Cache-Control"].split(", ")) == {"private", "no-store"}
    assert unpacked(taken).namelist() == packed(job).namelist()
    assert "Báo cáo năm 2026, PDF" in text_of(client.get(list_url(s)))


def test_a_period_that_has_no_report_is_answered_in_the_form(s, client):
    client.force_login(s.office)
    answer = client.post(list_url(s), {"period": "2019", "which": "all", "what": "pdf"})
    assert "Hãy chọn lại kỳ" in text_of(answer)
    assert not PrintJob.objects.exists()


def test_stopping_says_what_it_does_first(s, client):
    job = s.ask()
    client.force_login(s.office)
    asked = client.get(url(job, "_cancel"))
    assert "phần đã in bị xóa" in text_of(asked)
    key = re.search(r'name="form_key" value="([^"]+)"', asked.content.decode())[1]
    assert client.post(url(job, "_cancel"), {"form_key": key}).url == url(job)
    text = text_of(client.get(url(job)))
    assert "Lượt in đã dừng" in text
    assert "In tiếp" in text
    assert client.get(url(job, "_cancel")).url == url(job)  # nothing to stop any more


def test_what_failed_is_named_and_taken_up(s, client, shop):
    shop.on_paper = staticmethod(lambda number: refuse(number) if number == 1 else None)
    job = s.ask()
    run(job)
    client.force_login(s.office)
    page = client.get(url(job))
    assert "1 báo cáo không in được" in text_of(page)
    assert "Chi đoàn Sở Tư pháp" in text_of(page)
    key = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())[1]
    assert client.post(url(job, "_go_on"), {"form_key": key}).url == url(job)
    assert run(job) == "done"
    assert len(packed(job).namelist()) == 3


def test_a_job_nobody_works_at_says_so(s, client):
    job = s.ask(now=NOW - LEASE - MINUTE)
    client.force_login(s.office)
    assert "Máy in chưa nhận hoặc đã dừng giữa chừng" in text_of(client.get(url(job)))


def test_who_lost_a_unit_reads_why_there_is_no_zip(s, client):
    job = s.ask()
    run(job)
    first = s.branches[0]
    type(first).objects.filter(pk=first.pk).update(path=f"/9999/{first.pk}/")
    client.force_login(s.office)
    answer = client.get(url(job, "_zip"))
    assert answer.status_code == 403
    assert "nay bạn không còn quyền đọc" in text_of(answer)


def test_only_units_above_others_have_the_page(s, client):
    client.force_login(account_at(s.branches[0]))
    assert client.get(reverse("reports:print_job_list", args=[s.branches[0].pk])).status_code == 404
    assert client.get(list_url(s)).status_code == 404
    assert client.get(url(s.ask())).status_code == 404


def test_pages_cost_the_same_for_two_and_for_four_reports(s, client, django_assert_max_num_queries):
    client.force_login(s.office)

    def cost(address):
        client.get(address)
        with django_assert_max_num_queries(40) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    first = s.ask()
    before = [cost(list_url(s)), cost(url(first))]
    run(first)
    for name in ("Chi đoàn Ba", "Chi đoàn Bốn"):
        s.report_of(UnitFactory(superior=s.union, name=name))
    second = s.ask()
    assert [cost(list_url(s)), cost(url(second))] == before
