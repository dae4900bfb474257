"""A bar chart as Word itself draws it: the figures stand in the chart, so that an office may change its look.

The words and figures come ready from the paper, as its table has them; nothing is added or scaled here.
"""

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
LINE_MM, AROUND_MM = 8, 8  # one bar with its room, and the room above and below all
FILL = "7F7F7F"  # grey: papers are printed without colour


def add_chart(document, run, bars, *, width_mm: float, words: str) -> None:
    """Put a chart of (label, figure) pairs into the run. `words` say the same to who cannot see it."""
    parts = [part for part in document.part.package.iter_parts() if str(part.partname).startswith("/word/charts/")]
    number = len(parts) + 1
    name = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(name, CONTENT, _chart(bars).encode(), document.part.package)
    place = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    wide, high = int(Mm(width_mm)), int(Mm(LINE_MM * len(bars) + AROUND_MM))
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


def _chart(bars) -> str:
    """One series of lying bars, the first one on top, each with its figure at the end."""
    look = (
        '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100"><a:latin typeface="Times New Roman"/></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )
    labels = "".join(f'<c:pt idx="{at}"><c:v>{escape(label)}</c:v></c:pt>' for at, (label, _) in enumerate(bars))
    figures = "".join(f'<c:pt idx="{at}"><c:v>{figure}</c:v></c:pt>' for at, (_, figure) in enumerate(bars))
    count = f'<c:ptCount val="{len(bars)}"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {SPACES}><c:roundedCorners val="0"/>'
        '<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        '<c:ser><c:idx val="0"/><c:order val="0"/>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{FILL}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strLit>{count}{labels}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{figures}</c:numLit></c:val></c:ser>"
        '<c:gapWidth val="60"/><c:axId val="101"/><c:axId val="102"/></c:barChart>'
        '<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        '<c:crossAx val="102"/><c:crosses val="autoZero"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="1"/><c:axPos val="t"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:tickLblPos val="none"/><c:crossAx val="101"/><c:crosses val="autoZero"/></c:valAx>'
        f'</c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{look}</c:chartSpace>'
    )
