"""The way of a case as its page draws it: the steps its form and kind ask for, what was passed over, whose turn."""

import datetime

import pytest
from django.urls import reverse

from inspections.models import CaseMove, Inspection, Recommendation
from tests.inspecting import TODAY, answered, concluded, planned, scene
from tests.test_inspection_moves import AHEAD, Way

pytestmark = pytest.mark.django_db
Day = datetime.date


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def drawn(client):
    """drawn(way, **fields): (name, phase) of each step as the committee sees it, after changing the case."""

    def _drawn(way, **fields):
        Inspection.objects.filter(pk=way.case.pk).update(**fields)
        client.force_login(way.s.chair)
        page = client.get(reverse("inspections:inspection", args=[way.case.pk]))
        return [(step.name, step.phase) for step in page.context["steps"]], page

    return _drawn


WHOLE = [
    "Chương trình", "Lập đoàn kiểm tra", "Gửi kế hoạch, đề cương", "Đơn vị báo cáo, thẩm tra", "Làm việc với đơn vị",
    "Nhận định, kiến nghị", "Thông báo kết luận", "Theo dõi kiến nghị", "Kết thúc hồ sơ",
]  # fmt: skip
NOW = {"P": 1, "T": 2, "S": 3, "R": 3, "V": 4, "W": 6, "B": 6, "F": 7, "I": 7}  # place of the step at work


@pytest.mark.parametrize("letter", NOW)
def test_nine_steps_of_an_announced_session(drawn, letter):
    """Findings are written in this world, so that after the session the notice is next."""
    way = Way()
    way.put_into(letter, AHEAD if letter in "PTSRV" else Day(2026, 9, 28))
    found, page = drawn(way)
    assert [name for name, _ in found] == WHOLE
    now = NOW[letter]
    assert [phase for _, phase in found] == ["done"] * now + ["now"] + ["next"] * (8 - now)
    assert f"Bước {now + 1}/9: {WHOLE[now]}" in page.content.decode()
    assert 'viewBox="0 0 90 8"' in page.content.decode()  # nine parts of ten, the last one inside


def test_a_case_by_report_has_no_session_and_a_sudden_one_no_plan(drawn):
    way = Way()
    way.put_into("V", AHEAD)
    found, _ = drawn(way, form="by_report", visited_on=None)
    assert [name for name, _ in found] == [name for name in WHOLE if name != "Làm việc với đơn vị"]

    way.put_into("T", AHEAD)
    found, _ = drawn(way, form="on_site", inspection_kind="sudden")
    assert [name for name, _ in found] == [
        "Chương trình", "Lập đoàn kiểm tra", "Thẩm tra, xác minh", "Làm việc với đơn vị", "Nhận định, kiến nghị",
        "Thông báo kết luận", "Theo dõi kiến nghị", "Kết thúc hồ sơ",
    ]  # fmt: skip
    assert dict(found)["Làm việc với đơn vị"] == "now"
    assert dict(found)["Thẩm tra, xác minh"] == "left"


def test_what_was_passed_over_carries_no_tick(drawn):
    way = Way()
    way.put_into("W")
    CaseMove.objects.filter(inspection=way.case, to_state__in=["plan_sent", "self_reported", "verifying"]).delete()
    found, page = drawn(way)
    assert dict(found)["Gửi kế hoạch, đề cương"] == dict(found)["Đơn vị báo cáo, thẩm tra"] == "left"
    assert page.content.decode().count("không ghi") == 2


def test_a_case_that_left_the_way_ends_there_and_says_why(drawn):
    way = Way()
    way.put_into("O")
    CaseMove.objects.filter(inspection=way.case, to_state="cancelled").update(reason="Ghép vào cuộc khác")
    found, page = drawn(way)
    assert found == [("Chương trình", "done"), ("Lập đoàn kiểm tra", "done"), ("Nhận định, kiến nghị", "done"),
                     ("Đưa ra khỏi chương trình", "now")]  # fmt: skip
    assert "Đưa ra khỏi chương trình ngày 28/02/2026: Ghép vào cuộc khác" in page.content.decode()


def test_under_a_draft_the_programme_comes_first(drawn):
    """Nothing may be sent to a unit by a programme that is not issued: the button says so instead of refusing."""
    way = Way()
    way.put_into("T", AHEAD)
    way.s.programme.state = "draft"
    way.s.programme.save()
    found, page = drawn(way)
    assert found[0] == ("Chương trình", "left")
    assert (page.context["lead"].label, page.context["lead"].url) == (
        "Ban hành chương trình", reverse("inspections:programme_issue", args=[way.s.programme.pk]),
    )  # fmt: skip


def turns(client, s, case) -> list:
    client.force_login(s.chair)
    return client.get(reverse("inspections:inspection", args=[case.pk])).context["turns"]


def test_whose_turn_it_is_while_recommendations_are_followed(client):
    s = scene()
    case, row = concluded(s)
    assert turns(client, s, case) == ["Đơn vị: trả lời kiến nghị 1, hạn 31/10/2026 (quá hạn 22 ngày)"]
    sooner = Recommendation.objects.create(
        inspection=case, number=2, text="Nộp sổ", owner="BCH", due_on=Day(2026, 10, 20),
        original_due_on=Day(2026, 10, 20),
    )  # fmt: skip
    assert turns(client, s, case) == ["Đơn vị: trả lời kiến nghị 2, hạn 20/10/2026 (quá hạn 33 ngày)"]
    Recommendation.objects.filter(pk__in=[row.pk, sooner.pk]).update(state="withdrawn", ended_on=TODAY)
    assert turns(client, s, case) == []


def test_an_answer_is_the_turn_of_the_committee(client):
    s = scene()
    case, _ = answered(s)
    assert turns(client, s, case) == ["Ủy ban Kiểm tra: kiểm tra kiến nghị 1"]


def test_a_team_without_a_head_does_not_go_on_and_the_page_says_so(client):
    s = scene()
    case = planned(s, team=[])
    client.force_login(s.chair)
    url = reverse("inspections:team", args=[case.pk])
    first = client.get(url).context["rows"].forms[0]
    assert first["role"].value() == "head"  # who is named first heads the team, unless somebody says otherwise
    data = {
        "version": case.version, "form_key": "6f0c9d0e-3f55-4a4e-9a53-0d2c2f3b8a11", "doan-TOTAL_FORMS": 1,
        "doan-INITIAL_FORMS": 0, "doan-0-role": "member", "doan-0-name": "Mai Thị Duyên",
    }  # fmt: skip
    page = client.post(url, data, follow=True)
    assert "Đoàn chưa có trưởng đoàn nên chưa sang bước tiếp theo" in page.content.decode()
    case.refresh_from_db()
    assert case.state == "planned"
