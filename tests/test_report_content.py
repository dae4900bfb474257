"""The content of a report: plain data that comes back from its JSON as it went, and prints the same paper."""

import datetime
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.papers.content import (
    Block,
    ChapterText,
    Chart,
    ChartBar,
    ChartGroup,
    PlanTable,
    ReportContent,
    canonical,
    hash_of,
)
from reports.papers.layout import Head, Layout, Paper, Signature
from reports.papers.report import draft_content, report_html
from reports.papers.report_charts import drawn
from reports.papers.tables import Cell, Group, Row

from .edition_scene import TODAY, a_branch, begin, indicator
from .factories import TargetFactory, TermFactory, UnitFactory, year

# Whatever people type; half a surrogate pair is no text and never arrives.
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
numbers = st.integers(0, 99)
figures = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False).map(str) | st.just("")
sizes = st.floats(1, 200, allow_nan=False).map(lambda size: round(size, 2))
lines = st.lists(words, max_size=3).map(tuple)


def some(strategy, most=3):
    return st.lists(strategy, max_size=most).map(tuple)


margins = st.tuples(numbers, numbers, numbers, numbers)
FLOATS = {name: sizes for name, hint in Layout.__annotations__.items() if hint in (float, "float")}
layouts = st.builds(Layout, margins_mm=margins, annex_margins_mm=margins, font=words, header=words, page_number=words,
                    end_mark=words, **FLOATS)  # fmt: skip
heads = st.builds(Head, superior=lines, issuer=lines, is_long=st.booleans(), header=words, number=words,
                  dateline=words, dateline_fit=words)  # fmt: skip
papers = st.builds(Paper, layout=layouts, head=heads, kind=words, abstract=lines,
                   signature=st.builds(Signature, words, words, words), recipients=lines, title=words,
                   author=words)  # fmt: skip
charts = st.builds(
    Chart, st.sampled_from(("bars", "columns")), words, some(st.builds(ChartBar, words, figures, words, words)),
    some(st.builds(ChartGroup, words, figures, figures)), words, words, words, figures,
)  # fmt: skip
blocks = st.builds(Block, words, words, words, numbers, st.none() | charts, words)
cells = st.builds(Cell, words, words)
rows = st.builds(Row, number=numbers, name=words, unit=words, last=cells, aim=words, done=cells, against=words,
                 verdict=words, is_part=st.booleans(), years=some(st.tuples(words, cells)), code=words, value=figures,
                 whole=figures)  # fmt: skip
tables = st.builds(PlanTable, words, numbers, some(st.builds(Group, words, some(rows))), some(numbers))
contents = st.builds(
    ReportContent, paper=papers, unit_name=words, period_name=words, as_of=words, dated_on=words, body=some(blocks),
    closing=some(blocks), table=tables, chapters=some(st.builds(ChapterText, words, words, lines)), notes=lines,
    is_term=st.booleans(),
)  # fmt: skip


@pytest.mark.once
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents)
def test_what_comes_back_is_what_went(content):
    """Also through text, as a database or a file keeps it."""
    back = ReportContent.from_json(json.loads(canonical(content.to_json())))
    assert back == content
    assert back.sha256() == content.sha256()


@pytest.mark.once
def test_the_canonical_form_knows_no_order_and_no_fractions():
    assert canonical({"b": 1, "a": ["đ", None, True]}) == '{"a":["đ",null,true],"b":1}'
    assert hash_of({"b": 1, "a": 2}) == hash_of({"a": 2, "b": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


def plain_kinds(value) -> set:
    if isinstance(value, dict):
        return {str} if not value else set().union(*map(plain_kinds, value.values()))
    if isinstance(value, list):
        return set().union(*map(plain_kinds, value)) if value else set()
    return {type(value)}


@pytest.mark.django_db
def test_the_content_is_plain_and_prints_the_same_paper():
    branch = a_branch()
    content = draft_content(begin(branch, number="7", dated_on=TODAY, signer_name="Đỗ Minh Khang"), on=TODAY)
    data = content.to_json()
    assert plain_kinds(data) <= {str, int, bool, type(None)}
    back = ReportContent.from_json(json.loads(json.dumps(data)))
    assert back == content
    assert report_html(back) == report_html(content)
    assert (back.unit_name, back.as_of, back.dated_on) == ("Chi đoàn Sở Y tế", "2025-12-31", "2026-01-05")


@pytest.mark.django_db
def test_names_numbers_and_days_of_the_head_are_there():
    branch = a_branch()
    content = draft_content(begin(branch), on=TODAY)
    assert content.paper.head.number == "Số: ……-BC/CĐ"  # nobody has given it a number yet
    assert "ngày …… tháng" in content.paper.head.dateline
    assert content.dated_on == ""


@pytest.mark.django_db
def test_every_row_of_the_table_has_its_figure_bare():
    content = draft_content(begin(a_branch()), on=TODAY)
    by_code = {row.code: row for row in content.table.rows}
    assert (Decimal(by_code["blood_turns"].value), by_code["blood_turns"].whole) == (5, "")
    assert (Decimal(by_code["hcm_study_registered"].value), Decimal(by_code["hcm_study_registered"].whole)) == (14, 14)
    assert by_code["violations"].value == ""


@pytest.mark.once
def test_charts_are_drawn_anew_from_their_data():
    bars = Chart("bars", name="x", bars=(ChartBar("Hiến máu", "1.25", "125,0% (5/4 lượt)", "over"),
                                         ChartBar("Tin bài", "", "chưa có", "not_measurable")))  # fmt: skip
    svg = drawn(bars)
    assert "125,0% (5/4 lượt)" in svg
    assert svg.count("<rect") == 5  # three of the legend, the hatch, one bar: the row without a figure has none
    columns = Chart("columns", groups=(ChartGroup("Quý I", "", "3"), ChartGroup("Quý II", "2", "4.5")),
                    last_name="Năm 2024", now_name="Năm 2025", unit="buổi/quý", plan="3")  # fmt: skip
    assert "Quý I: không ghi số (Năm 2024), 3 (Năm 2025); Quý II: 2 (Năm 2024), 4,5 (Năm 2025)" in drawn(columns)


@pytest.mark.django_db
def test_a_term_keeps_its_years():
    unit = UnitFactory(place="An Hòa")
    first, after = datetime.date(2022, 1, 1), datetime.date(2026, 1, 1)
    term = TermFactory(unit=unit, name="Nhiệm kỳ 2022 - 2025", starts_on=first, ends_on=after)
    for number in (2022, 2023, 2024, 2025):
        TargetFactory(unit=unit, period=year(number), indicator=indicator("blood_turns"), value=4)
    content = draft_content(begin(unit, term), on=TODAY)
    assert content.table.years == (2022, 2023, 2024, 2025)
    assert content.table.span == 14
    assert all(len(row.years) == 4 for row in content.table.rows)
    back = ReportContent.from_json(json.loads(json.dumps(content.to_json())))
    assert report_html(back) == report_html(content)
