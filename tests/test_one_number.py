"""One number: page, paper and workbook print the same figures, and they are those computed by hand here.

One branch: every roll-up over time and every shape of target; a superior is in test_one_number_superior.py. The figures
are written out; nothing is taken from the code that is being tested.
"""

from decimal import Decimal

import pytest
from django.urls import reverse

from branches.models import Period, Target

from .factories import (
    IndicatorFactory,
    MoneyFactory,
    ShareFactory,
    TargetFactory,
    UnitFactory,
    YesNoFactory,
    account_at,
)
from .one_number import LAST_DAY, frozen_figures, in_workbook, on_page, on_paper, page_of, paper_of, workbook_of
from .printed import row_with, sheet_of, tables_of
from .test_progress import log, on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _last_day_of_the_year(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: LAST_DAY)


@pytest.fixture
def branch():
    """A branch with one row of each kind; the lines behind every figure are written here."""
    unit = UnitFactory(name="Chi đoàn Một Con Số")

    def row(name, comparator, value, *lines, factory=IndicatorFactory, value_to=None, parent=None, **kind):
        indicator = factory(name=name, **kind)
        target = TargetFactory(
            unit=unit, indicator=indicator, comparator=comparator, value=value, value_to=value_to, parent=parent
        )
        for day, *figure in lines:
            log(unit, indicator, figure[0], day, *figure[1:])
        return target

    before = on(5, year=2025)
    row("Cộng dồn", "ge", 4, (on(2), 2), (on(12, 31), 3), (before, 4))
    row("Số cuối", "eq", 12, (on(1), 10), (on(6), 12), over_time="last")
    row("Trung bình", "ge", 5, (on(2), 2), (on(5), 7), (on(9), 4), over_time="average")
    row("Lớn nhất", "gt", 6, (on(2), 2), (on(5), 7), (on(9), 3), over_time="max")
    row("Số cao nhất", "ge", 7, (on(2), 6, None, "about"), (on(5), 7), (on(9), 7, None, "nearly"), over_time="max")
    row("Cao nhất, hơn", "ge", 7, (on(2), 7), (on(5), 7, None, "more"), (on(9), 2, None, "about"), over_time="max")
    row("Mỗi tháng", "per_month", 1, *((on(month), 2 if month == 3 else 1) for month in range(1, 13) if month != 8))
    row("Không để xảy ra", "zero", None)
    row("Đã xảy ra", "zero", None, (on(3), 1))
    row("Không quá", "le", 4, (on(3), 3))
    row("Một khoảng", "range", 2, (on(3), 1), (on(8), 2), value_to=3)
    row("Có hay chưa", "yes", None, (on(3), 1), factory=YesNoFactory)
    row("Hơn mức", "ge", 50, (on(2), 30), (on(3), 20, None, "more"), (before, 60, None, "more"))
    row("Gần mức", "ge", 5_000_000, (on(2), 1_400_000, None, "nearly"), (on(3), 1_500_001), factory=MoneyFactory)
    row("Khoảng mức", "ge", 100, (on(2), 60, None, "about"), (on(4), 40))
    row("Chưa rõ số", "ge", 3, (on(2), None))
    row("Bốn phần trăm", "ge", 96, (on(6), 13, 14), (on(9), 27, 28), factory=ShareFactory)
    whole = row("Hoàn thành nhiệm vụ", "eq", 100, (on(11), 14, 14), factory=ShareFactory)
    row(
        "Hoàn thành xuất sắc", "ge", 20, (on(11), 4), factory=ShareFactory, parent=whole,
        of=whole.indicator, area=whole.indicator.area,
    )  # fmt: skip
    return unit


# name: on the page (aim, result, year before, standing); on paper (year before, aim, result, against the
# plan, verdict); in the workbook (aim, result, value, whole, percent of the plan, year before, standing).
# "không ghi số" and "x" where the year before has no figure, "-" where a sum had nothing.
BRANCH = {
    "Cộng dồn": (
        ("≥ 4", "5", "4", "Vượt 25%"),
        ("4", "≥ 4", "5", "125,0%", "Vượt"),
        ("≥ 4", "5", 5, None, 125, "4", "Vượt 25%"),
    ),
    "Số cuối": (
        ("12", "12", "không ghi số", "Đạt"),
        ("x", "12", "12", "100,0%", "Đạt"),
        ("12", "12", 12, None, 100, None, "Đạt"),
    ),
    "Trung bình": (  # 13 / 3
        ("≥ 5", "4,3", "không ghi số", "Chưa đạt"),
        ("x", "≥ 5", "4,3", "86,7%", "Chưa đạt"),
        ("≥ 5", "4,3", 13 / 3, None, 86.7, None, "Chưa đạt"),
    ),
    "Lớn nhất": (  # 7 / 6
        ("> 6", "7", "không ghi số", "Đạt"),
        ("x", "> 6", "7", "116,7%", "Đạt"),
        ("> 6", "7", 7, None, 116.7, None, "Đạt"),
    ),
    "Số cao nhất": (  # the 6 is about, one 7 nearly: the largest is the other, exactly 7
        ("≥ 7", "7", "không ghi số", "Đạt"),
        ("x", "≥ 7", "7", "100,0%", "Đạt"),
        ("≥ 7", "7", 7, None, 100, None, "Đạt"),
    ),
    "Cao nhất, hơn": (  # more than 7 is larger than 7; the 2 that was about says nothing of it
        ("≥ 7", "hơn 7", "không ghi số", "Vượt"),
        ("x", "≥ 7", "hơn 7", "hơn 100,0%", "Vượt"),
        ("≥ 7", "hơn 7", 7, None, 100, None, "Vượt"),
    ),
    "Mỗi tháng": (  # 12 in all, two of them in March and none in August
        ("12", "12", "không ghi số", "Chưa đạt"),
        ("-", "12", "12", "100,0%", "Chưa đạt"),
        ("12", "12", 12, None, 100, None, "Chưa đạt"),
    ),
    "Không để xảy ra": (
        ("0", "0", "không ghi số", "Đạt"),
        ("-", "0", "0", "x", "Đạt"),
        ("0", "0", None, None, None, None, "Đạt"),
    ),
    "Đã xảy ra": (
        ("0", "1", "không ghi số", "Chưa đạt"),
        ("-", "0", "1", "x", "Chưa đạt"),
        ("0", "1", 1, None, None, None, "Chưa đạt"),
    ),
    "Không quá": (
        ("≤ 4", "3", "không ghi số", "Đạt"),
        ("-", "≤ 4", "3", "x", "Đạt"),
        ("≤ 4", "3", 3, None, None, None, "Đạt"),
    ),
    "Một khoảng": (
        ("2–3", "3", "không ghi số", "Đạt"),
        ("-", "2 - 3", "3", "x", "Đạt"),
        ("2–3", "3", 3, None, None, None, "Đạt"),
    ),
    "Có hay chưa": (
        ("Có", "Có", "không ghi số", "Đạt"),
        ("x", "Có", "Có", "x", "Đạt"),
        ("Có", "Có", 1, None, None, None, "Đạt"),
    ),
    "Hơn mức": (  # hơn 20 makes the sum hơn 50, which is over 50
        ("≥ 50", "hơn 50", "hơn 60", "Vượt"),
        ("hơn 60", "≥ 50", "hơn 50", "hơn 100,0%", "Vượt"),
        ("≥ 50", "hơn 50", 50, None, 100, "hơn 60", "Vượt"),
    ),
    "Gần mức": (  # 2.900.001 / 5.000.000
        ("≥ 5.000.000", "gần 2.900.001", "không ghi số", "Chưa đạt"),
        ("-", "≥ 5.000.000", "gần 2.900.001", "gần 58,0%", "Chưa đạt"),
        ("≥ 5.000.000", "gần 2.900.001", 2_900_001, None, 58, None, "Chưa đạt"),
    ),
    "Khoảng mức": (  # about the plan is no verdict
        ("≥ 100", "khoảng 100", "không ghi số", "Chưa đo được"),
        ("-", "≥ 100", "khoảng 100", "Không tính được"),
        ("≥ 100", "khoảng 100", 100, None, None, None, "Chưa đo được"),
    ),
    "Chưa rõ số": (
        ("≥ 3", "Có, chưa có số", "không ghi số", "Chưa đo được"),
        ("-", "≥ 3", "…", "Không tính được"),
        ("≥ 3", "Có, chưa có số", None, None, None, None, "Chưa đo được"),
    ),
    "Bốn phần trăm": (  # the last of the year, 27 / 28 = 96,43 %, is 0,43 points over
        ("≥ 96%", "96,4%", "không ghi số", "Vượt 0,4 điểm %"),
        ("x", "≥ 96", "96,4(27/28)", "+0,4 điểm", "Vượt"),
        ("≥ 96%", "96,4%", 27, 28, None, None, "Vượt 0,4 điểm %"),
    ),
    "Hoàn thành nhiệm vụ": (
        ("100%", "100%", "không ghi số", "Đạt"),
        ("x", "100", "100,0(14/14)", "0,0 điểm", "Đạt"),
        ("100%", "100%", 14, 14, None, None, "Đạt"),
    ),
    "Hoàn thành xuất sắc": (  # 4 of those 14 = 28,57 %
        ("≥ 20%", "28,6%", "không ghi số", "Vượt 8,6 điểm %"),
        ("x", "≥ 20", "28,6(4/14)", "+8,6 điểm", "Vượt"),
        ("≥ 20%", "28,6%", 4, 14, None, None, "Vượt 8,6 điểm %"),
    ),
}


def test_page_paper_and_workbook_of_a_branch(branch, client):
    page, paper, book = page_of(client, branch), paper_of(branch), workbook_of(client, branch)
    printed = {
        name: (on_page(row_with(page, name)), on_paper(row_with(paper, name)), in_workbook(row_with(book, name)))
        for name in BRANCH
    }
    assert printed == BRANCH


def test_frozen_word_and_workbook_of_a_branch(branch):
    frozen_figures(branch, BRANCH)


def test_a_figure_opens_the_lines_it_was_added_from(branch, client):
    """5 on the page; the page behind it says 5 again and lists 3 and 2."""
    target = Target.objects.get(unit=branch, indicator__name="Cộng dồn")
    so_far, lines = page_of(client, branch, "figure", target.indicator.code)
    assert so_far[2] == ["Hết tháng 2", "2"]  # behind the line of the year; it ends in the figure itself
    assert so_far[-1] == ["Hết tháng 12", "5"]
    assert [row[0:1] + row[2:3] for row in lines[1:]] == [["31/12/2026", "3"], ["15/02/2026", "2"]]
    assert '<span class="fig">5</span>' in client.get(
        reverse("reports:figure", args=[branch.pk, target.indicator.code])
    ).content.decode()  # fmt: skip


def test_period_of_one_month_shows_results_of_the_month_everywhere(branch, client):
    """The address carries the period to the page, to the workbook and to the lines."""
    client.force_login(account_at(branch))
    month = Period.of_month(2026, 2)
    query = f"?ky={month.starts_on:%Y-%m}"
    page = tables_of(client.get(reverse("reports:progress", args=[branch.pk]) + query).content.decode())
    book = [sheet_of(client.get(reverse("reports:progress_xlsx", args=[branch.pk]) + query).content)]
    assert row_with(page, "Cộng dồn")[3] == row_with(book, "Cộng dồn")[4] == "2"
    assert Decimal(row_with(book, "Cộng dồn")[5]) == 2
