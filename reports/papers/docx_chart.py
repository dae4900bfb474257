"""A chart as Word itself draws it, from word_charts.py: the figures stand in it, so that an office may change its look.

Papers are printed without colour: series differ by dark, light, white and hatched, as in the drawing of the PDF, and a
legend names them. Nothing is added or scaled here.
"""

import textwrap
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from .word_charts import DARK, HATCHED, LIGHT, WHITE, Series, WordChart

CONTENT = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
LINE_MM, BETWEEN_MM, AROUND_MM, STANDING_MM = 4, 2.5, 15, 56  # a line of a label, between bars, around all; columns
LABEL = 40  # letters that a line of a label holds beside lying bars


def _flat(grey: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{grey}"/></a:solidFill>'


FILLS = {
    DARK: _flat("555555"), LIGHT: _flat("C4C4C4"), WHITE: _flat("FFFFFF"),
    HATCHED: '<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="000000"/></a:fgClr>'
             '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>',
}  # fmt: skip


def add_chart(document, run, chart: WordChart, *, width_mm: float) -> None:
    """Put the chart into the run; its words say the same to who cannot see it."""
    parts = [part for part in document.part.package.iter_parts() if str(part.partname).startswith("/word/charts/")]
    number = len(parts) + 1
    name = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(name, CONTENT, _chart(chart).encode(), document.part.package)
    place = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    wide, high = int(Mm(width_mm)), int(Mm(_height_mm(chart)))
    run._r.append(
        parse_xml(
            f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" {SPACES}'
            ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{9000 + number}" name="Biểu đồ {number}" descr={quoteattr(chart.words)}/>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart r:id="{place}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
        )
    )


def _height_mm(chart: WordChart) -> float:
    """All bars have the room of the one with the longest label."""
    if not chart.lies:
        return STANDING_MM
    lines = max(len(textwrap.wrap(label, LABEL)) for label in chart.labels)
    return AROUND_MM + (LINE_MM * lines + BETWEEN_MM) * len(chart.labels)


def _chart(chart: WordChart) -> str:
    drawn = _lying(chart) if chart.lies else _standing(chart)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {SPACES}><c:roundedCorners val="0"/>'
        f'<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>{drawn}</c:plotArea>'
        f'<c:legend><c:legendPos val="{"t" if chart.lies else "r"}"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1000"><a:latin typeface="Times New Roman"/></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="vi-VN"/></a:p></c:txPr></c:chartSpace>'
    )


def _lying(chart: WordChart) -> str:
    """Pieces behind each other, the first bar on top; where there is a plan, a broken line crosses all at it."""
    marked = (
        f'<c:majorGridlines>{_stroke("dash", 19050)}</c:majorGridlines>'
        f'<c:numFmt formatCode={quoteattr(_at_the_plan(chart))} sourceLinked="0"/>' if chart.plan else ""
    )  # fmt: skip
    return (
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>{_bars(chart)}'
        '<c:gapWidth val="60"/><c:overlap val="100"/><c:axId val="101"/><c:axId val="102"/></c:barChart>'
        + _labels_axis("maxMin", "l")
        + '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/>'
        + (f'<c:max val="{chart.end}"/>' if chart.end else "")
        + f'<c:min val="0"/></c:scaling><c:delete val="{0 if chart.plan else 1}"/><c:axPos val="b"/>{marked}'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="{"nextTo" if chart.plan else "none"}"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        '<c:crossAx val="101"/><c:crosses val="max"/><c:crossBetween val="between"/>'
        + (f'<c:majorUnit val="{chart.plan}"/>' if chart.plan else "")
        + "</c:valAx>"
    )


def _at_the_plan(chart: WordChart) -> str:
    """The axis is numbered at nothing and at the plan, where it says what that is."""
    return f'[={chart.plan}]0" ({chart.plan_name})";0'


def _standing(chart: WordChart) -> str:
    """Columns side by side with their figures on top; the plan is a broken line over all of them."""
    line = ""
    if chart.plan:
        level = Series(chart.plan_name, "", (chart.plan,) * len(chart.labels))
        line = (
            '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
            f"<c:ser>{_named(level, len(chart.series))}{_stroke('dash', 19050)}"
            f'<c:marker><c:symbol val="none"/></c:marker>{_figures(chart.labels, level)}<c:smooth val="0"/></c:ser>'
            '<c:marker val="1"/><c:axId val="101"/><c:axId val="102"/></c:lineChart>'
        )
    return (
        f'<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>{_bars(chart)}'
        f'<c:gapWidth val="60"/><c:axId val="101"/><c:axId val="102"/></c:barChart>{line}'
        + _labels_axis("minMax", "b")
        + '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="1"/><c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:tickLblPos val="none"/><c:crossAx val="101"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>'
        "</c:valAx>"
    )


def _labels_axis(turned: str, side: str) -> str:
    return (
        f'<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="{turned}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        '<c:crossAx val="102"/><c:crosses val="autoZero"/></c:catAx>'
    )


def _stroke(dash: str, width: int) -> str:
    """`width` in English metric units: 12700 are a point."""
    return f'<c:spPr><a:ln w="{width}">{_flat("000000")}<a:prstDash val="{dash}"/></a:ln></c:spPr>'


def _bars(chart: WordChart) -> str:
    said = "" if chart.lies else (
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )  # fmt: skip
    return "".join(
        f'<c:ser>{_named(one, place)}<c:spPr>{FILLS[one.fill]}<a:ln w="9525">{_flat("000000")}</a:ln></c:spPr>'
        f'<c:invertIfNegative val="0"/>{said}{_figures(chart.labels, one)}</c:ser>'
        for place, one in enumerate(chart.series)
    )


def _named(series: Series, place: int) -> str:
    return f'<c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:v>{escape(series.name)}</c:v></c:tx>'


def _figures(labels: tuple[str, ...], series: Series) -> str:
    """Its figures over the labels of all; a label without a figure keeps its room."""
    said = "".join(f'<c:pt idx="{at}"><c:v>{escape(label)}</c:v></c:pt>' for at, label in enumerate(labels))
    told = "".join(f'<c:pt idx="{at}"><c:v>{figure}</c:v></c:pt>' for at, figure in enumerate(series.figures) if figure)
    count = f'<c:ptCount val="{len(labels)}"/>'
    return (
        f"<c:cat><c:strLit>{count}{said}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{told}</c:numLit></c:val>"
    )
