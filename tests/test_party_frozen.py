"""The Party committee's year over approved reports: their figures, their day, units compared by theirs."""

import datetime
import html
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import Quantity, Unit
from reports import wording
from reports.models import Submission
from reports.papers.party import party_html
from reports.papers.party_xlsx import party_workbook
from reports.summary import party_summary

from .edition_scene import TODAY, a_branch, approve, begin, hand_in, log
from .factories import DirectionFactory, MemberFactory, TargetFactory, UnionFactory, UnitFactory, account_at, year

pytestmark = pytest.mark.django_db
DAY = datetime.date
LATER = DAY(2026, 3, 1)


@pytest.fixture
def branch():
    return a_branch()


def approved(unit, period=None):
    return approve(hand_in(begin(unit, period)))


def told(summary) -> dict[str, tuple]:
    return {
        key.row.indicator.code: (wording.result(key.row), wording.aim(key.row.aim, key.row.indicator),
                                 wording.standing(key.row))
        for key in summary.rows
    }  # fmt: skip


def text_of(page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_figures_are_those_of_the_report_whatever_is_logged_later(branch):
    approved(branch)
    before = told(party_summary(branch, 2025, as_of=TODAY))
    log(branch, "blood_turns", 90)
    Quantity.objects.filter(indicator__code="news_items").update(value=99)
    branch.targets.filter(indicator__code="blood_turns").update(value=500)
    summary = party_summary(branch, 2025, as_of=LATER)
    assert told(summary) == before
    assert before["blood_turns"] == ("5", "≥\xa04", "Vượt 25%")  # 3 + 2 of at least 4
    assert summary.source_sentence.endswith("năm 2025 theo báo cáo đã duyệt ngày 05/01/2026.")


def test_figures_of_a_year_never_speak_of_a_day_after_it(branch):
    """An edition that says the day it was handed in, 05/01/2026, still speaks of the year to its last day only."""
    edition = approved(branch)
    Submission.objects.filter(pk=edition.pk).update(as_of=TODAY)
    summary = party_summary(branch, 2025, as_of=LATER)
    assert summary.told_until == DAY(2025, 12, 31)
    assert "đến 31/12/2025" in summary.standing_sentence


def test_without_a_report_it_is_what_is_logged_and_says_so(branch):
    hand_in(begin(branch))  # submitted, not approved
    log(branch, "blood_turns", 90)
    summary = party_summary(branch, 2025, as_of=LATER)
    assert told(summary)["blood_turns"][0] == "95"
    assert summary.source_sentence == "Nguồn số liệu: năm 2025 chưa có báo cáo được duyệt, lấy số liệu đang ghi."


def test_before_the_approval_the_page_of_then_is_what_was_logged(branch):
    approved(branch)
    assert party_summary(branch, 2025, as_of=DAY(2026, 1, 4)).report is None


def test_the_trend_takes_each_year_from_its_report(branch):
    TargetFactory(unit=branch, period=year(2024), indicator=branch.targets.first().indicator, value=4)
    approved(branch, year(2024))  # 4 turns
    log(branch, "blood_turns", 30, DAY(2024, 6, 6))
    (key,) = [key for key in party_summary(branch, 2025, as_of=LATER).rows if key.row.indicator.code == "blood_turns"]
    assert [one.done.value for one in key.years] == [None, 4, 5]


def test_members_are_those_of_the_report(branch):
    MemberFactory(home=branch)
    approved(branch)
    for _ in range(3):
        MemberFactory(home=branch)
    assert party_summary(branch, 2025, as_of=LATER).members["members"] == 1


def test_a_direction_stands_by_the_approved_figure(branch):
    direction = DirectionFactory(unit=branch, given_on=DAY(2025, 2, 1), text="Hiến máu")
    branch.targets.filter(indicator__code="blood_turns").update(direction=direction, origin="direction")
    approved(branch)
    Quantity.objects.filter(indicator__code="blood_turns").update(value=0)
    (one,) = party_summary(branch, 2025, as_of=LATER).directions
    assert [wording.result(row) for row in one.rows] == ["5"]


# --- units ----------------------------------------------------------------------------------------------


@pytest.fixture
def union():
    """Two branches with 5 turns each, one of them approved; the third has no plan."""
    union = UnionFactory(name="Đoàn Khối", place="An Hòa")
    health, law = a_branch("Chi đoàn Sở Y tế", union), a_branch("Chi đoàn Sở Tư pháp", union)
    UnitFactory(name="Chi đoàn Thanh tra", superior=union)
    approved(health)
    for unit in (health, law):
        log(unit, "blood_turns", 10)
    return union


def cells_of(board, name) -> dict[str, str]:
    (row,) = [row for row in board.rows if row.unit.name == name]
    return {cell.indicator.code: wording.cell(cell) for cell in row.cells if cell}


def test_units_are_compared_by_their_reports_and_the_missing_are_named(union):
    board = party_summary(union, 2025, as_of=LATER).board
    assert cells_of(board, "Chi đoàn Sở Y tế")["blood_turns"] == "5"
    assert cells_of(board, "Chi đoàn Sở Tư pháp")["blood_turns"] == "15"
    assert {row.unit.name for row in board.without_report} == {"Chi đoàn Sở Tư pháp", "Chi đoàn Thanh tra"}


def test_all_together_is_the_approved_report_of_the_superior(union):
    """5 + 15 logged when its report was approved, with 10 of the first that its own report does not have: 30."""
    approved(union)
    log(union, "blood_turns", 1000)
    board = party_summary(union, 2025, as_of=LATER).board
    (total,) = [total for total in board.totals if total.indicator.code == "blood_turns"]
    assert total.done.value == 30


def test_the_number_of_queries_does_not_depend_on_reports(union, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        party_summary(union, 2025, as_of=LATER)
    approved(Unit.objects.get(name="Chi đoàn Sở Tư pháp"))
    approved(union)
    with django_assert_max_num_queries(20):
        party_summary(union, 2025, as_of=LATER)


# --- page, paper, workbook ------------------------------------------------------------------------------


@pytest.mark.once
def test_page_paper_and_workbook_say_the_same_figure_and_its_day(branch, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: LATER)
    approved(branch)
    log(branch, "blood_turns", 90)
    client.force_login(account_at(branch, "party_secretary"))
    page = text_of(client.get(reverse("reports:party_summary", args=[branch.pk]) + "?nam=2025").content.decode())
    summary = party_summary(branch, 2025, as_of=LATER)
    paper = text_of(party_html(summary, on=LATER)[0])
    for text in (page, paper):
        assert "theo báo cáo đã duyệt ngày 05/01/2026" in text
        assert "Vượt 25%" in text
        assert "95" not in text
    sheet = load_workbook(io.BytesIO(party_workbook(summary)))["Kế hoạch, kết quả"]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    (blood,) = [row for name, row in rows.items() if "hiến máu" in name.lower()]
    assert blood[7] == 5
    heads = [row[0] for row in sheet.iter_rows(values_only=True) if row[0]]
    assert "Nguồn số liệu: năm 2025 theo báo cáo đã duyệt ngày 05/01/2026" in heads


def test_a_stranger_gets_no_workbook(branch, client):
    client.force_login(account_at(a_branch("Chi đoàn khác", UnionFactory()), "party_secretary"))
    assert client.get(reverse("reports:party_summary_xlsx", args=[branch.pk, 2025])).status_code == 404
