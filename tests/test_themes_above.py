"""A superior's report about a theme: what its units told of the theme, and of its own work what speaks of it."""

import pytest
from django.urls import reverse

from branches.models import Activity
from reports.freezing import content_of_submission
from reports.joint import decide
from reports.judging import Standing
from reports.material import collect, material_of
from reports.models import PeriodReport
from reports.papers.report import draft_content

from .factories import IndicatorFactory, TargetFactory, UnionFactory, UnitFactory, YesNoFactory, account_at, year
from .printed import row_with, tables_of
from .rolling import CLOSED, approved, began, log, rolled
from .test_themes import APRIL, MARCH, THEME, WINTER, OverTime, OverUnits, closed, papers_say, told

__all__ = ["closed"]  # a fixture
pytestmark = pytest.mark.django_db


class Above:
    """Thành đoàn ─ Đoàn Khối ─ A1, A2, A3: A1 and A2 reported of the theme, A3 did not."""

    def __init__(self):
        self.city = UnionFactory(name="Thành đoàn An Hòa")
        self.khoi = UnionFactory(name="Đoàn Khối", superior=self.city)
        self.a1, self.a2, self.a3 = (UnitFactory(name=f"Chi đoàn A{n}", superior=self.khoi) for n in (1, 2, 3))
        self.by = account_at(self.city, "superior_secretary")
        self.coats = IndicatorFactory(name="Áo ấm tặng")
        self.largest = IndicatorFactory(name="Buổi đông nhất", over_time=OverTime.MAX, over_units=OverUnits.MAX)
        self.works = IndicatorFactory(name="Công trình Tháng Thanh niên")
        self.news = IndicatorFactory(name="Tin, bài")
        for indicator in (self.coats, self.works, self.news):
            TargetFactory(unit=self.khoi, indicator=indicator, value=10)

    def tell(self, unit, indicator, in_theme, besides, **fields):
        if in_theme is not None:
            log(unit, indicator, in_theme, MARCH, **{"title": f"{THEME} của {unit.name}", **fields})
        if besides is not None:
            log(unit, indicator, besides, WINTER, title="Mùa đông ấm")

    def year(self):
        """Coats 120, 30, 5 and 10 of its own within the theme; 1.000 times as many besides."""
        for unit, coats, most, works in (
            (self.a1, 120, 40, 2), (self.a2, 30, 25, 1), (self.a3, 5, 99, 7), (self.khoi, 10, None, 1),
        ):  # fmt: skip
            self.tell(unit, self.coats, coats, coats * 1000)
            self.tell(unit, self.largest, most, 500)
            self.tell(unit, self.works, None, works)
            self.tell(unit, self.news, None, 9)

    def approve_below(self):
        return [approved(unit, by=self.by, theme=THEME) for unit in (self.a1, self.a2)]

    def rolled(self, unit=None):
        report = PeriodReport(unit=unit or self.khoi, period=year(), from_units=True, theme=THEME)
        return material_of(report, as_of=CLOSED)


@pytest.fixture
def above():
    found = Above()
    found.year()
    return found


def test_a_superior_adds_what_its_units_told_of_the_theme(above):
    """Coats 120 + 30 + 10 of its own; the largest of 40 and 25; works 2 + 1 + 1 of the whole year, of 10 planned. A3,
    which has not reported, is named and not counted; news is in no report of the theme."""
    above.approve_below()
    material = above.rolled()
    table = material.table
    assert {row.indicator.code: row.done.value for row in table.rows} == {
        above.coats.code: 160, above.largest.code: 40, above.works.code: 4,
    }  # fmt: skip
    assert told(table, above.coats) == (160, None, "exact", None, 0)
    assert [row.is_of_theme for row in table.rows] == [False, True, True]
    assert (table.row(above.works.code).aim.value, table.row(above.works.code).standing) == (10, Standing.MISSED)
    assert material.without == ("Chi đoàn A3",)
    # A1 and A2 each held two activities of the theme (coats and the largest), the Khối one.
    assert table.activities == 5


def test_a_figure_only_units_told_is_not_narrowed_again(above):
    """The Khối itself held nothing of the theme: what its units told stays."""
    above.approve_below()
    Activity.objects.filter(unit=above.khoi).update(state=Activity.State.PLANNED)
    table = above.rolled().table
    assert told(table, above.coats)[0] == 150
    assert told(table, above.largest)[0] == 40


def test_the_level_above_adds_the_reports_of_the_theme_again(above):
    """160 of the Khối and 8 of the city's own theme; the city's 90 besides are not counted."""
    above.approve_below()
    approved(above.khoi, by=above.by, theme=THEME, from_units=True)
    above.tell(above.city, above.coats, 8, 90)
    table = above.rolled(above.city).table
    assert told(table, above.coats) == (168, None, "exact", None, 0)
    assert told(table, above.works)[0] == 4


def test_a_joint_activity_of_the_theme_counts_once(above):
    """A1 and A2 both told the same clean-up: 6 and 4. One of them, A1's: 160 + 6 + 4 - 4 = 166. The joint winter is no
    part of the theme and nothing to decide."""
    for unit, value in ((above.a1, 6), (above.a2, 4)):
        log(unit, above.coats, value, APRIL, title="Dọn bản Tháng Thanh niên", organiser="joint")
        log(unit, above.coats, 70, WINTER, title="Đêm đông", organiser="joint")
    above.approve_below()
    report = began(above.khoi, by=above.by, theme=THEME, from_units=True)
    (candidate,) = material_of(report, as_of=CLOSED).rolled.candidates
    assert candidate.title == "Dọn bản Tháng Thanh niên"
    first = next(one.activity for one in candidate.activities if one.source == above.a1.pk)
    decide(report=report, candidate=candidate, version=0, by=above.by, on=CLOSED, said="one", kept=first)
    assert told(material_of(report, as_of=CLOSED).table, above.coats)[0] == 166


def test_the_superior_s_own_side_of_a_joint_activity_is_of_the_theme(above):
    """The Khối told the clean-up too, and a winter night of its own: only the first stands beside its units'."""
    for unit, value in ((above.a1, 6), (above.khoi, 4)):
        log(unit, above.coats, value, APRIL, title="Dọn bản Tháng Thanh niên", organiser="joint")
        log(unit, above.coats, 70, WINTER, title="Đêm đông", organiser="joint")
    above.approve_below()
    (candidate,) = above.rolled().rolled.candidates
    assert [one.figures[above.coats.code].value for one in candidate.activities] == [6, 4]


def test_a_superior_without_reports_counts_everything_below_that_speaks_of_the_theme(above):
    """120 + 30 + 5 + 10, and the largest of 40, 25 and 99."""
    table = collect(above.khoi, year(), as_of=CLOSED, theme=THEME).table
    assert told(table, above.coats) == (165, None, "exact", None, 0)
    assert told(table, above.largest)[0] == 99
    assert told(table, above.works)[0] == 11


def test_units_that_have_it_are_counted_among_those_asked(above):
    """A1 has it within the theme, A2 only besides; three branches are asked."""
    have = YesNoFactory(name="Có mô hình")
    above.tell(above.a1, have, 1, 1)
    above.tell(above.a2, have, None, 1)
    assert told(collect(above.khoi, year(), as_of=CLOSED, theme=THEME).table, have)[:2] == (1, 3)


def test_a_unit_s_own_indicator_named_by_the_theme_goes_up(above):
    own = IndicatorFactory(name="Giải chạy Tháng Thanh niên", owner=above.a1)
    log(above.a1, own, 3, WINTER)
    above.approve_below()
    row = above.rolled().table.row(own.code)
    assert (row.done.value, row.is_of_theme) == (3, False)


def test_rolled_up_papers_say_what_the_page_of_units_says(above, client, closed):
    above.approve_below()
    edition = approved(above.khoi, by=above.by, theme=THEME, from_units=True)
    expected = {
        "Áo ấm tặng": ("x", "x", "160", "Trong chuyên đề"),
        "Buổi đông nhất": ("x", "x", "40", "Trong chuyên đề"),
        "Công trình Tháng Thanh niên": ("x", "≥ 10", "4", "40,0%", "Chưa đạt"),
    }
    papers_say(content_of_submission(edition), expected)
    papers_say(draft_content(edition.report, on=CLOSED), expected)
    client.force_login(above.by)
    page = tables_of(client.get(reverse("reports:report_units", args=[edition.report_id])).content.decode())
    assert [cell for cell in row_with(page, "Áo ấm tặng") if cell][1:] == [
        "160", "Chi đoàn A1 120", "Chi đoàn A2 30", "Đoàn Khối tự ghi 10",
    ]  # fmt: skip
    figure = client.get(reverse("reports:report_units_figure", args=[edition.report_id, above.coats.code]))
    assert "Chỉ tính hoạt động của chuyên đề" in figure.content.decode()
    own = f"{reverse('reports:figure', args=[above.khoi.pk, above.coats.code])}?ky=2026&bao-cao={edition.report_id}"
    assert own.replace("&", "&amp;") in figure.content.decode()


def test_rolled_up_of_no_theme_counts_everything(above):
    for unit in (above.a1, above.a2):
        approved(unit, by=above.by)
    assert rolled(above.khoi).table.row(above.coats.code).done.value == 160 * 1001
