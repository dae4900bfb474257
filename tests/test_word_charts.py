"""The charts of papers in Word: the bars, series, plan and words of the PDF's drawing, as a chart that Word opens."""

import io
import re
from decimal import Decimal

import pytest
from docx import Document
from lxml import etree
from openpyxl.chart.chartspace import ChartSpace
from openpyxl.xml.functions import fromstring

from reports.papers.content import Chart, ChartBar, ChartGroup
from reports.papers.docx import printable
from reports.papers.docx_chart import add_chart
from reports.papers.report_charts import drawn, in_word
from reports.papers.word_charts import WordChart, bars_in_word, columns_in_word, shares_in_word
from reports.print_charts import Bar, Group, ShareBar, share_list

pytestmark = pytest.mark.once
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

BARS = Chart(
    "bars",
    bars=(
        ChartBar("Hiến máu", "1.25", "125,0% (5/4 lượt người)", "over"),
        ChartBar("Phần việc", "1", "100,0% (3/3 phần việc)", "met"),
        ChartBar("Sinh hoạt", "0.91666", "91,7% (11/12 buổi)", "missed"),
        ChartBar("Tin, bài", "12.5", "1.250,0% (125/10 tin, bài)", "over"),
        ChartBar("Sáng kiến", "", "chưa có", "not_measurable"),
    ),
)
COLUMNS = Chart(
    "columns",
    groups=(ChartGroup("Quý I", "", "3.00"), ChartGroup("Quý II", "2", "4.5"), ChartGroup("Quý III", "0", "10")),
    last_name="Năm 2024", now_name="Năm 2025", unit="buổi/quý", plan="3",
)  # fmt: skip
SHARES = [
    ShareBar("Dưới 18", 3, 1, "3 người"),
    ShareBar("18 đến 22", 14, 9, "14 người"),
    ShareBar("Trên 30", 0, 0, "0"),
]
SEXES = ("nữ", "nam, chưa ghi")


def every_kind() -> dict[str, WordChart]:
    return {
        "bars": in_word(BARS), "columns": in_word(COLUMNS), "shares": shares_in_word(SHARES, 17, words=SEXES),
        "without plan": columns_in_word([Group("2024", 4, None)], last_name="trước", now_name="nay", unit="buổi"),
        "of nobody": shares_in_word([ShareBar("Dưới 18", 0, 0, "0")], 0, words=SEXES),
        "hostile": bars_in_word([Bar('<c:x a="1">&amp;]]>', Decimal(1), "'\"<", "met")]),
    }  # fmt: skip


def xml_of(chart: WordChart) -> bytes:
    document = Document()
    add_chart(document, document.add_paragraph().add_run(), WordChart.from_text(chart.to_text()), width_mm=160)
    out = io.BytesIO()
    document.save(out)
    parts = Document(io.BytesIO(out.getvalue())).part.package.iter_parts()
    (part,) = [one for one in parts if str(one.partname).startswith("/word/charts/")]
    return part.blob


# --- the data -------------------------------------------------------------------------------------------


def test_late_met_and_over_are_three_series_as_the_pdf_fills_them():
    """100 % is the plan; bars end at 140, where the PDF cuts them, and the longer one says 1.250,0 % beside it."""
    chart = in_word(BARS)
    assert chart.labels == (
        "Hiến máu: 125,0% (5/4 lượt người)", "Phần việc: 100,0% (3/3 phần việc)", "Sinh hoạt: 91,7% (11/12 buổi)",
        "Tin, bài: 1.250,0% (125/10 tin, bài)", "Sáng kiến: chưa có",
    )  # fmt: skip
    assert [(one.name, one.fill, one.figures) for one in chart.series] == [
        ("Vượt", "dark", ("125.0", "", "", "1250.0", "")),
        ("Đạt", "light", ("", "100.0", "", "", "")),
        ("Chưa đạt", "hatched", ("", "", "91.7", "", "")),
    ]
    assert (chart.plan, chart.plan_name, chart.end) == ("100", "= kế hoạch", "140")
    svg = drawn(BARS)
    assert all(f">{one.name}<" in svg for one in chart.series)
    assert f'aria-label="{chart.words}"' in svg


def test_what_still_runs_is_called_so_in_both():
    running = Chart("bars", bars=(ChartBar("Sinh hoạt", "0.5", "50,0% (6/12 buổi)", "behind"),))
    assert in_word(running).series[-1].name == "Đang làm hoặc chưa đạt"
    assert "Đang làm hoặc chưa đạt" in drawn(running)


def test_columns_bring_both_years_and_the_plan():
    chart = in_word(COLUMNS)
    assert [(one.name, one.fill, one.figures) for one in chart.series] == [
        ("Năm 2024", "white", ("", "2", "0")), ("Năm 2025", "dark", ("3", "4.5", "10")),
    ]  # fmt: skip
    assert (chart.plan, chart.plan_name) == ("3", "Kế hoạch: 3 buổi/quý")
    assert chart.words == (
        "Quý I: không ghi số (Năm 2024), 3 (Năm 2025); Quý II: 2 (Năm 2024), 4,5 (Năm 2025); "
        "Quý III: 0 (Năm 2024), 10 (Năm 2025), đơn vị tính buổi/quý; Kế hoạch: 3 buổi/quý"
    )


def test_groups_of_a_whole_bring_both_their_parts():
    """3 with one woman are 1 and 2, 14 with nine are 9 and 5; every bar is seen against all 17."""
    chart = shares_in_word(SHARES, 17, words=SEXES)
    assert [(one.name, one.fill, one.figures) for one in chart.series] == [
        ("nữ", "dark", ("1", "9", "0")), ("nam, chưa ghi", "light", ("2", "5", "0")),
    ]  # fmt: skip
    assert (chart.end, chart.plan) == ("17", "")
    assert f'aria-label="{chart.words}"' in share_list(SHARES, 17, words=SEXES)


@pytest.mark.parametrize("name", every_kind())
def test_the_data_comes_back_from_the_page_as_it_went(name):
    chart = every_kind()[name]
    assert WordChart.from_text(chart.to_text()) == chart


def test_what_no_file_can_hold_is_left_out_of_every_text():
    bar = Bar("Hiến\x00 máu\x0b", Decimal(1), "100,0%\x1f", "met")
    chart = WordChart.from_text(bars_in_word([bar]).to_text()).cleaned(printable)
    assert (chart.labels, chart.words) == (("Hiến máu: 100,0%",), "Hiến máu: 100,0%")
    assert etree.fromstring(xml_of(chart)) is not None


# --- the chart ------------------------------------------------------------------------------------------

# The order that the schema of charts (ECMA-376, part 1, 21.2) asks of children; Word opens nothing else.
AXIS = ("axId", "scaling", "delete", "axPos", "majorGridlines", "minorGridlines", "title", "numFmt", "majorTickMark",
        "minorTickMark", "tickLblPos", "spPr", "txPr", "crossAx", "crosses")  # fmt: skip
ORDER = {
    "chartSpace": ("date1904", "lang", "roundedCorners", "style", "chart", "spPr", "txPr", "externalData"),
    "chart": ("title", "autoTitleDeleted", "plotArea", "legend", "plotVisOnly", "dispBlanksAs"),
    "plotArea": ("layout", "barChart", "lineChart", "catAx", "valAx", "spPr"),
    "barChart": ("barDir", "grouping", "varyColors", "ser", "dLbls", "gapWidth", "overlap", "axId"),
    "lineChart": ("grouping", "varyColors", "ser", "dLbls", "marker", "smooth", "axId"),
    "ser": ("idx", "order", "tx", "spPr", "invertIfNegative", "marker", "dPt", "dLbls", "cat", "val", "smooth"),
    "scaling": ("logBase", "orientation", "max", "min"),
    "catAx": (*AXIS, "auto", "lblAlgn", "lblOffset", "noMultiLvlLbl"),
    "valAx": (*AXIS, "crossBetween", "majorUnit", "minorUnit"),
    "legend": ("legendPos", "layout", "overlay"),
    "strLit": ("ptCount", "pt"),
    "numLit": ("formatCode", "ptCount", "pt"),
    "dLbls": ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize"),
}
OF_AXIS = {"axId", "scaling", "axPos", "crossAx"}
REQUIRED = {"barChart": {"barDir", "axId"}, "lineChart": {"grouping", "axId"}, "catAx": OF_AXIS, "valAx": OF_AXIS,
            "ser": {"idx", "order"}}  # fmt: skip


def misplaced(tree) -> list[str]:
    """Where the children of an element are not in the order of the schema, unknown to it, or missing."""
    wrong = []
    for element in tree.iter():
        name = etree.QName(element).localname
        if name not in ORDER or not element.tag.startswith(C):
            continue
        children = [etree.QName(one).localname for one in element]
        is_whole = REQUIRED.get(name, set()) <= set(children) <= set(ORDER[name])
        if not is_whole or children != sorted(children, key=ORDER[name].index):
            wrong.append(f"{name}: {children}")
    return wrong


@pytest.mark.parametrize("name", every_kind())
def test_word_gets_what_the_schema_of_charts_asks(name):
    chart = every_kind()[name]
    tree = etree.fromstring(xml_of(chart))
    assert misplaced(tree) == []
    read = ChartSpace.from_tree(fromstring(xml_of(chart)))  # types and closed lists of values
    assert read.chart.plotArea is not None
    axes = {one.get("val") for one in tree.iter(f"{C}axId")}
    assert axes == {"101", "102"}
    for series in tree.iter(f"{C}ser"):
        counts = {one.get("val") for one in series.iter(f"{C}ptCount")}
        assert counts == {str(len(chart.labels))}
        assert all(re.fullmatch(r"\d+(\.\d+)?", one.findtext(f"{C}v")) for one in series.find(f"{C}val").iter(f"{C}pt"))
    idx = [one.find(f"{C}idx").get("val") for one in tree.iter(f"{C}ser")]
    assert idx == [str(place) for place in range(len(idx))]


def test_control_an_element_out_of_its_place_is_found():
    tree = etree.fromstring(xml_of(in_word(BARS)))
    bars = next(tree.iter(f"{C}barChart"))
    bars.append(bars.find(f"{C}gapWidth"))
    assert [one.split(":")[0] for one in misplaced(tree)] == ["barChart"]


def test_the_plan_is_a_broken_line_across_the_bars_and_over_the_columns():
    tree = etree.fromstring(xml_of(in_word(BARS)))
    value = next(tree.iter(f"{C}valAx"))
    (dash,) = [one.get("val") for one in value.iter() if etree.QName(one).localname == "prstDash"]
    assert dash == "dash"
    assert (value.find(f"{C}majorUnit").get("val"), value.find(f"{C}scaling/{C}max").get("val")) == ("100", "140")
    assert value.find(f"{C}numFmt").get("formatCode") == '[=100]0" (= kế hoạch)";0'
    line = next(etree.fromstring(xml_of(in_word(COLUMNS))).iter(f"{C}lineChart"))
    assert line.findtext(f"{C}ser/{C}tx/{C}v") == "Kế hoạch: 3 buổi/quý"
    assert [one.text for one in line.find(f"{C}ser/{C}val").iter(f"{C}v")] == ["3", "3", "3"]
    without = etree.fromstring(xml_of(every_kind()["without plan"]))
    assert not list(without.iter(f"{C}lineChart"))
    assert not list(without.iter(f"{C}majorGridlines"))


def test_what_was_not_recorded_is_no_figure():
    tree = etree.fromstring(xml_of(in_word(COLUMNS)))
    last, now = (
        {one.get("idx"): one.findtext(f"{C}v") for one in series.find(f"{C}val").iter(f"{C}pt")}
        for series in next(tree.iter(f"{C}barChart")).iter(f"{C}ser")
    )
    assert (last, now) == ({"1": "2", "2": "0"}, {"0": "3", "1": "4.5", "2": "10"})
