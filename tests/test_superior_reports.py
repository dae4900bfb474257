"""The report of a superior Đoàn: figures of everything below it, whose are missing, and recommendations."""

import datetime
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader

from branches.models import Indicator, Unit
from inspections.models import Inspection, InspectionProgramme, Recommendation
from reports.drafting import start_report
from reports.drafts import drafts_of
from reports.followup import Recommendations
from reports.material import collect
from reports.papers.party import party_html
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
from reports.progress import progress_for
from reports.summary import party_summary

from .factories import (
    ActivityFactory,
    DirectionFactory,
    MemberFactory,
    QuantityFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)
from .printed import tables_of

DAY = datetime.date
LAST_DAY = DAY(2019, 12, 31)


@pytest.fixture
def union(db):
    """A Đoàn with three branches of which two logged blood donations, 5 and 7, against its plan of 10."""
    union = UnionFactory(name="Đoàn Khối", place="An Hòa")
    blood = Indicator.objects.get(code="blood_turns")
    TargetFactory(unit=union, period=year(2019), indicator=blood, value=10)
    for name, turns in (("Chi đoàn Sở Y tế", 5), ("Chi đoàn Sở Tư pháp", 7), ("Chi đoàn Thanh tra tỉnh", 0)):
        unit = UnitFactory(name=name, superior=union)
        MemberFactory(home=unit)
        if turns:
            activity = ActivityFactory(unit=unit, starts_on=DAY(2019, 4, 7), area=blood.area)
            QuantityFactory(activity=activity, indicator=blood, value=Decimal(turns))
    return union


def drafts(unit, chapter: str, *, as_of=LAST_DAY) -> list[str]:
    return [draft.text for draft in drafts_of(collect(unit, year(2019), as_of=as_of)).get(chapter, [])]


def test_the_figures_are_those_of_the_page(union):
    assert drafts(union, "area-movement") == [
        "Có 12 lượt người tham gia hiến máu tình nguyện, vượt 20% kế hoạch (10 lượt người)."
    ]
    page = progress_for(union, year(2019), as_of=LAST_DAY).row("blood_turns")
    assert collect(union, year(2019), as_of=LAST_DAY).table.row("blood_turns").done == page.done


def test_it_says_whose_figures_are_missing(union):
    assert drafts(union, "results")[1] == (
        "Có 02/03 đơn vị trực thuộc đã ghi kết quả; số liệu chưa gồm 01 đơn vị chưa ghi: Chi đoàn Thanh tra tỉnh."
    )


def test_it_says_when_all_are_there(union):
    late = Unit.objects.get(name="Chi đoàn Thanh tra tỉnh")
    ActivityFactory(unit=late, starts_on=DAY(2019, 5, 1))
    assert drafts(union, "results")[1] == "Số liệu gồm đủ 03 đơn vị trực thuộc."


def test_everybody_below_is_counted(union):
    assert drafts(union, "situation")[0].startswith("Đến ngày 31/12/2019, toàn Đoàn có 03 đoàn viên")


def test_a_branch_speaks_of_no_units(union):
    branch = Unit.objects.get(name="Chi đoàn Sở Y tế")
    assert len(drafts(branch, "results")) == 1


def test_the_paper_prints_the_sum(union):
    report = start_report(
        by=account_at(union), unit=union, period=year(2019), material=collect(union, year(2019), as_of=LAST_DAY)
    )
    html, _ = report_html(draft_content(report, on=LAST_DAY))
    assert '<td class="r">≥ 10</td><td class="r">12</td><td class="r">120,0%</td>' in html
    assert "số liệu chưa gồm" in html


# --- recommendations after inspections -------------------------------------------------------------


@pytest.fixture
def inspected(union):
    """A branch with four recommendations of March 2019: closed in time, closed in 2020, overdue, withdrawn."""
    unit = Unit.objects.get(name="Chi đoàn Sở Y tế")
    programme = InspectionProgramme.objects.create(
        unit=union, year=2019, number="02-KH/ĐK", issued_on=DAY(2019, 2, 28), in_name_of="committee", title="Kế hoạch"
    )
    case = Inspection.objects.create(
        programme=programme, unit=unit, title="Kiểm tra năm 2019", inspection_kind="periodic",
        review_from=DAY(2018, 1, 1), review_to=DAY(2019, 3, 1), visited_on=DAY(2019, 3, 5), state="concluded",
        concluded_on=DAY(2019, 3, 20),
    )  # fmt: skip
    for number, due, state, ended in (
        (1, DAY(2019, 6, 30), "closed", DAY(2019, 6, 20)), (2, DAY(2020, 3, 1), "closed", DAY(2020, 2, 1)),
        (3, DAY(2019, 9, 1), "open", None), (4, DAY(2019, 9, 1), "withdrawn", DAY(2019, 8, 1)),
    ):  # fmt: skip
        Recommendation.objects.create(
            inspection=case, number=number, text="Việc phải làm", owner="Ban Chấp hành", due_on=due,
            original_due_on=due, state=state, ended_on=ended,
        )  # fmt: skip
    return unit


def test_recommendations_stand_as_they_stood_then(inspected):
    assert party_summary(inspected, 2019, as_of=DAY(2020, 6, 1)).recommendations == Recommendations(1, 2, 1)
    assert party_summary(inspected, 2020, as_of=DAY(2020, 6, 1)).recommendations == Recommendations(1, 1, 1)


def test_recommendations_stand_in_the_chapter_of_inspections(inspected):
    assert drafts(inspected, "area-inspection_direction") == [
        "Đến ngày 31/12/2019, Chi đoàn đã hoàn thành 01/03 kiến nghị sau kiểm tra, giám sát; 01 kiến nghị quá hạn."
    ]


def test_without_recommendations_nothing_is_said(union):
    assert drafts(union, "area-inspection_direction") == []


# --- the Party committee's page of a superior ------------------------------------------------------------


def test_directions_of_one_day_stand_under_one_heading(union):
    for place, (day, document, text) in enumerate(
        (
            (DAY(2019, 1, 15), "Thông báo số 12-TB/ĐU ngày 15/01/2019", "Việc một"),
            (DAY(2019, 1, 15), "Thông báo số 12-TB/ĐU ngày 15/01/2019", "Việc hai"),
            (DAY(2019, 5, 2), "", "Việc ba"),
        ),
        start=1,
    ):
        DirectionFactory(
            unit=union, given_on=day, body_name="Đảng ủy Khối", document=document, text=text, position=place
        )
    summary = party_summary(union, 2019, as_of=LAST_DAY)
    found = [(a.given_on, a.document_name, [one.direction.text for one in a.directions]) for a in summary.askings]
    assert found == [
        (DAY(2019, 1, 15), "Thông báo số 12-TB/ĐU", ["Việc một", "Việc hai"]),
        (DAY(2019, 5, 2), "", ["Việc ba"]),
    ]


def test_a_document_of_another_day_keeps_its_day(union):
    DirectionFactory(unit=union, given_on=DAY(2019, 3, 1), document="Nghị quyết số 3-NQ/ĐU ngày 15/01/2019")
    (asked,) = party_summary(union, 2019, as_of=LAST_DAY).askings
    assert asked.document_name == "Nghị quyết số 3-NQ/ĐU ngày 15/01/2019"


@pytest.fixture
def planned(union):
    """The two branches that gave blood had planned 8 and 7."""
    blood = Indicator.objects.get(code="blood_turns")
    for name, plan in (("Chi đoàn Sở Y tế", 8), ("Chi đoàn Sở Tư pháp", 7)):
        TargetFactory(unit=Unit.objects.get(name=name), period=year(2019), indicator=blood, value=plan)
    return union


def test_each_unit_and_all_together_stand_on_page_and_paper_worst_first(planned, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: LAST_DAY)
    client.force_login(account_at(planned, "party_secretary"))
    page = tables_of(client.get(reverse("reports:party_summary", args=[planned.pk])).content.decode())
    paper, _ = party_html(party_summary(planned, 2019, as_of=LAST_DAY), on=LAST_DAY)
    on_page, on_paper = (
        next(table for table in tables if table[0][0] == "Đơn vị")[1:] for tables in (page, tables_of(paper))
    )
    assert on_page == [
        ["Chi đoàn Sở Y tế", "0/1", "5/8"],
        ["Chi đoàn Thanh tra tỉnh", "chưa giao", "Chưa có số"],
        ["Chi đoàn Sở Tư pháp", "1/1", "7/7"],
        ["Cộng chung", "1/2", "12/15"],
    ]
    assert on_paper == on_page
    assert '<td class="c late">5<wbr>/8</td>' in paper
    plan = next(table for table in tables_of(paper) if table[0][0] == "TT")
    assert plan[3:] == [["1", "Hiến máu tình nguyện", "lượt người", "-", "-", "≥ 10", "12", "120,0%", "Vượt 20%"]]


def test_the_paper_names_every_unit(planned):
    blood = Indicator.objects.get(code="blood_turns")
    for number in range(40):
        unit = UnitFactory(
            name=f"Chi đoàn Trung tâm Phục vụ hành chính công và Kiểm soát số {number}", superior=planned
        )
        TargetFactory(unit=unit, period=year(2019), indicator=blood, value=4)
    html, layout = party_html(party_summary(planned, 2019, as_of=LAST_DAY), on=LAST_DAY)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages]
    assert len(pages) > 1
    assert ["Đúng" in page for page in pages].count(True) > 1  # the head of the table stands on every sheet
    text = " ".join(" ".join(pages).split())
    assert all(f"Kiểm soát số {number} " in text for number in range(40))
    assert "Cộng chung 1/42 12/175" in text
    assert "TM. BAN CHẤP HÀNH" in pages[-1]


def test_a_superior_without_a_plan_prints_its_units_only(planned):
    planned.targets.all().delete()
    html, _ = party_html(party_summary(planned, 2019, as_of=LAST_DAY), on=LAST_DAY)
    assert "Đoàn Khối chưa lập kế hoạch năm 2019. Các số dưới đây cộng từ các đơn vị trực thuộc." in html.replace(
        "\u00a0", " "
    )
    assert [table[0][0] for table in tables_of(html)] == ["Đơn vị"]


def test_a_year_in_which_fewer_units_recorded_says_so(planned, client, monkeypatch):
    """5 turns of one branch in 2018 beside 12 turns of two in 2019 is no growth."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: LAST_DAY)
    blood = Indicator.objects.get(code="blood_turns")
    activity = ActivityFactory(unit=Unit.objects.get(name="Chi đoàn Sở Y tế"), starts_on=DAY(2018, 4, 7))
    QuantityFactory(activity=activity, indicator=blood, value=5)
    (key,) = party_summary(planned, 2019, as_of=LAST_DAY).rows
    assert [told.done.value for told in key.years] == [None, 5, 12]
    assert key.units == (None, 1, None)
    client.force_login(account_at(planned, "party_secretary"))
    page = client.get(reverse("reports:party_summary", args=[planned.pk])).content.decode()
    assert re.findall(r"\d+: \d+ đơn vị có số liệu", page) == ["2018: 1 đơn vị có số liệu"]
    paper, _ = party_html(party_summary(planned, 2019, as_of=LAST_DAY), on=LAST_DAY)
    assert '<td class="r">5<small class="parts">(1 đơn vị)</small></td>' in paper


def test_trends_with_most_years_come_first(union):
    """Blood has a figure in one year only; news in two: news is drawn and blood is not."""
    news = Indicator.objects.get(code="news_items")
    TargetFactory(unit=union, period=year(2019), indicator=news, value=10)
    unit = Unit.objects.get(name="Chi đoàn Sở Y tế")
    for day in (DAY(2018, 5, 1), DAY(2019, 5, 1)):
        QuantityFactory(activity=ActivityFactory(unit=unit, starts_on=day, area=news.area), indicator=news, value=3)
    trends = party_summary(union, 2019, as_of=LAST_DAY).trends()
    assert [key.row.indicator.code for key in trends] == ["news_items"]
