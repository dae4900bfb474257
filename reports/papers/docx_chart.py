"""A bar chart as Word itself draws it: the figures stand in the chart, so that an office may change its look.

One series lies, the first bar on top; several stand beside each other over their common label, with a legend.

The words and figures come ready from the paper, as its table has them; nothing is added or scaled here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

CONTENT = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
LINE_MM, AROUND_MM, STANDING_MM = 8, 8, 60  # a lying bar with its room, the room around all, the height of columns
FILLS = ("7F7F7F",), ("FFFFFF", "595959")  # greys: papers are printed without colour; of one series, of two
LEGEND = '<c:legend><c:legendPos val="r"/><c:overlay val="0"/></c:legend>'


@dataclass(frozen=True, slots=True)
class Bar:
    """`figure` as a program writes it ("12.5"); `series` is empty where there is only one."""

    label: str
    figure: str
    series: str = ""

    @property
    def words(self) -> str:
        return f"{self.label}{f', {self.series}' if self.series else ''}: {self.figure}"


def add_chart(document, run, bars: Sequence[Bar], *, width_mm: float, words: str) -> None:
    """Put a chart of at most two series into the run. `words` say the same to who cannot see it."""
    parts = [part for part in document.part.package.iter_parts() if str(part.partname).startswith("/word/charts/")]
    number = len(parts) + 1
    name = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(name, CONTENT, _chart(bars).encode(), document.part.package)
    place = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    lies = len(_series(bars)) == 1
    wide, high = int(Mm(width_mm)), int(Mm(LINE_MM * len(bars) + AROUND_MM if lies else STANDING_MM))
    run._r.append(
        parse_xml(
            f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" {SPACES}'
            ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{9000 + number}" name="Biểu đồ {number}" descr={quoteattr(words)}/>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart r:id="{place}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
        )
    )


def _series(bars: Sequence[Bar]) -> list[str]:
    return list(dict.fromkeys(bar.series for bar in bars))


def _chart(bars: Sequence[Bar]) -> str:
    look = (
        '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100"><a:latin typeface="Times New Roman"/></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )
    labels = list(dict.fromkeys(bar.label for bar in bars))
    figures = {(bar.series, bar.label): bar.figure for bar in bars}
    names = _series(bars)
    lies = len(names) == 1
    series = "".join(
        _one_series(place, name, fill, labels, [figures.get((name, label)) for label in labels])
        for place, (name, fill) in enumerate(zip(names, FILLS[len(names) - 1], strict=True))
    )
    turned, grouped, side = ("maxMin", "bar", "l") if lies else ("minMax", "col", "b")
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {SPACES}><c:roundedCorners val="0"/>'
        '<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="{grouped}"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}'
        '<c:gapWidth val="60"/><c:axId val="101"/><c:axId val="102"/></c:barChart>'
        f'<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="{turned}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        '<c:crossAx val="102"/><c:crosses val="autoZero"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{"t" if lies else "l"}"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/>'
        '<c:tickLblPos val="none"/><c:crossAx val="101"/><c:crosses val="autoZero"/></c:valAx>'
        f'</c:plotArea>{"" if lies else LEGEND}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{look}'
        "</c:chartSpace>"
    )


def _one_series(place: int, name: str, fill: str, labels: list[str], figures: list[str | None]) -> str:
    """Its figures over the labels of all, each written at its bar; a label without a figure keeps its room."""
    said = "".join(f'<c:pt idx="{at}"><c:v>{escape(label)}</c:v></c:pt>' for at, label in enumerate(labels))
    told = "".join(
        f'<c:pt idx="{at}"><c:v>{figure}</c:v></c:pt>' for at, figure in enumerate(figures) if figure is not None
    )
    count = f'<c:ptCount val="{len(labels)}"/>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        + (f"<c:tx><c:v>{escape(name)}</c:v></c:tx>" if name else "")
        + f'<c:spPr><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>'
        '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></c:spPr>'
        '<c:invertIfNegative val="0"/>'
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strLit>{count}{said}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{told}</c:numLit></c:val></c:ser>"
    )
