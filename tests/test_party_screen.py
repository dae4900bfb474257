"""Slides for a meeting room: one long page without a script, the figures of the Party's page, nobody named."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from branches.tasks import give_task
from reports.party_slides import slides_of
from reports.summary import party_summary

from .edition_scene import TODAY, a_branch, approve, begin, hand_in, log
from .factories import DirectionFactory, MemberFactory, UnionFactory, account_at

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = datetime.date
POISON = "Nguyễn Thị Bí Mật"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def branch():
    return a_branch()


def page_of(client, unit, account=None) -> str:
    client.force_login(account or account_at(unit, "party_secretary"))
    answer = client.get(reverse("reports:party_screen", args=[unit.pk, 2025]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_slide_has_its_anchor_and_the_page_needs_no_script(branch, client):
    page = page_of(client, branch)
    anchors = re.findall(r'<section class="slide[^"]*" id="([^"]+)"', page)
    assert anchors[0] == "mo-dau"
    assert len(anchors) == len(set(anchors))
    assert f"{len(anchors)}/{len(anchors)}" in page
    assert "data-fullscreen hidden" in page  # only a script can do it, so only a script shows it


def test_a_slide_tells_the_approved_figure(branch, client):
    approve(hand_in(begin(branch)))
    log(branch, "blood_turns", 90)
    page = html.unescape(page_of(client, branch))
    assert "Vượt 25%" in page
    assert "95" not in page
    assert "theo báo cáo đã duyệt ngày 05/01/2026" in page


def test_long_lists_are_cut_into_slides(branch):
    for place in range(8):
        DirectionFactory(unit=branch, given_on=DAY(2025, 2, 1), position=place, text=f"Việc {place} " + "rất dài " * 40)
    slides = [one for one in slides_of(party_summary(branch, 2025, as_of=TODAY)) if one.kind == "directions"]
    assert [len(one.directions) for one in slides] == [6, 2]
    assert all(len(line.text) <= 161 and line.text.endswith("…") for line in slides[0].directions)


def test_nobody_is_named(branch, client):
    member = MemberFactory(home=branch, full_name=POISON)
    secretary = account_at(branch, full_name=POISON)
    direction = DirectionFactory(unit=branch, given_on=DAY(2025, 2, 1), text="Hiến máu", answer="")
    give_task(unit=branch, by=secretary, on=DAY(2025, 3, 1), text=POISON, owner=member, direction=direction)
    log(branch, "blood_turns", 1, title=POISON, note=POISON)
    assert POISON not in html.unescape(page_of(client, branch))


def test_units_are_on_a_slide_and_those_without_a_report_counted(client):
    union = UnionFactory(name="Đoàn Khối")
    for name in ("Chi đoàn Sở Y tế", "Chi đoàn Sở Tư pháp"):
        branch = a_branch(name, union)
    approve(hand_in(begin(branch)))
    page = html.unescape(page_of(client, union))
    assert "1/2 đơn vị chưa có báo cáo được duyệt" in page
    assert "báo cáo duyệt 05/01/2026" in page
    assert "chưa có báo cáo<" in page


def test_a_ranking_over_two_slides_counts_on_and_every_bar_has_its_hatch(client):
    """Eight units with 18 to 11 of 12 planned: the last one alone is late, so this column is shown."""
    union = UnionFactory(name="Đoàn Khối")
    for place in range(1, 9):
        log(a_branch(f"Chi đoàn Sở số {place}", union), "news_items", 9 - place)
    page = html.unescape(page_of(client, union))
    said = re.findall(r'aria-label="So sánh các đơn vị: [^:]+: ([^"]+)"', page)
    assert [re.findall(r"thứ (\d), (Chi đoàn Sở số \d)", one) for one in said] == [
        [(str(place), f"Chi đoàn Sở số {place}") for place in range(1, 7)],
        [("7", "Chi đoàn Sở số 7"), ("8", "Chi đoàn Sở số 8")],
    ]
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_a_stranger_sees_nothing(branch, client):
    client.force_login(account_at(a_branch("Chi đoàn khác", UnionFactory()), "party_secretary"))
    assert client.get(reverse("reports:party_screen", args=[branch.pk, 2025])).status_code == 404
