"""The report of a superior Đoàn: figures of everything below it, whose are missing, and recommendations."""

import datetime
from decimal import Decimal

import pytest

from branches.models import Indicator, Unit
from inspections.models import Inspection, InspectionProgramme, Recommendation
from reports.drafting import start_report
from reports.drafts import drafts_of
from reports.followup import Recommendations
from reports.material import collect
from reports.papers.report import report_html
from reports.progress import progress_for
from reports.summary import party_summary

from .factories import (
    ActivityFactory,
    MemberFactory,
    QuantityFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)

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
    page = progress_for(union, year(2019), as_of=LAST_DAY, below=True).row("blood_turns")
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
    html, _ = report_html(report, on=LAST_DAY)
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
