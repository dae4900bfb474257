"""The words of a block of a paper's HTML, in lines, each word with its weight: what the Word file is written from."""

import re
from dataclasses import dataclass, replace

BLANK = "." * 30
SPACE = re.compile("[ \t\n\r\f]+")  # not the no-break space, which ties a number to its word
BLOCKS = ("div", "p", "li", "tr", "figcaption")
OWN_LINE = ("line", "parts", "how", "superior", "issuer", "stars", "number", "about")
SMALL = ("small",)
SMALL_STEP_PT = -2


@dataclass(frozen=True, slots=True)
class Font:
    bold: bool = False
    italic: bool = False
    struck: bool = False
    underlined: bool = False
    step_pt: float = 0  # against the text around it


Line = list[tuple[str, Font]]


def classes(element) -> list[str]:
    return (element.get("class") or "").split()


def has_text(element) -> bool:
    return bool(element.text_content().strip()) or element.find(".//*[@class='blank']") is not None


def is_piece(element) -> bool:
    """A block that holds words itself, not only other blocks."""
    return bool((element.text or "").strip()) or any((one.tail or "").strip() for one in element)


def lines_of(element, font: Font) -> list[Line]:
    """Lines with something in them; a blank to fill by hand is a row of dots."""
    lines: list[Line] = [[]]
    for text, worn in _pieces(element, font):
        if text is None:
            lines.append([])
        else:
            _add(lines[-1], text, worn)
    return [kept for line in lines if (kept := _trimmed(line))]


def line_of(element, font: Font) -> Line:
    """The same on one line."""
    line: Line = []
    for number, part in enumerate(lines_of(element, font)):
        line += ([(" ", font)] if number else []) + part
    return line


def _pieces(element, font: Font):
    """(text, font) in order; None in place of the text where a line ends."""
    yield element.text or "", font
    for child in element:
        if isinstance(child.tag, str):
            yield from _child(child, font)
        yield child.tail or "", font


def _child(child, font: Font):
    kinds = classes(child)
    if child.tag == "br":
        yield None, font
    elif "blank" in kinds:
        yield BLANK, font
    elif child.tag != "svg":  # what follows a <wbr> stands inside it: the parser knows no such empty tag
        own_line = child.tag in BLOCKS or any(kind in OWN_LINE for kind in kinds) or _is_block_span(child)
        if own_line:
            yield None, font
        yield from _pieces(child, _worn(child, kinds, font))
        if own_line:
            yield None, font


def _is_block_span(child) -> bool:
    """Lines of an abstract, the small line of a caption, the bold line of a confirmation, a head's unit word."""
    above = child.getparent()
    around = classes(above)
    return (
        (child.tag == "span" and "abstract" in around)
        or (child.tag == "small" and ("cap" in around or above.tag == "figcaption"))
        or (child.tag == "b" and "confirm" in around)
        or (child.tag == "i" and above.tag == "th")
    )


def _worn(child, kinds: list[str], font: Font) -> Font:
    if child.tag in ("b", "strong", "th"):
        font = replace(font, bold=True)
    if child.tag in ("i", "em"):
        font = replace(font, italic=True, bold=font.bold and child.getparent().tag != "th")
    if child.tag == "s":
        font = replace(font, struck=True)
    if "how" in kinds:
        font = replace(font, bold=False, italic=True)
    if child.tag == "small" or "parts" in kinds:
        is_caption = _is_block_span(child)
        font = replace(font, step_pt=SMALL_STEP_PT, bold=font.bold and not is_caption, italic=font.italic or is_caption)
    return font


def _add(line: Line, text: str, font: Font) -> None:
    text = SPACE.sub(" ", text)
    if text.startswith(" ") and (not line or line[-1][0].endswith(" ")):
        text = text[1:]
    if text:
        line.append((text, font))


def _trimmed(line: Line) -> Line:
    while line and not line[-1][0].rstrip(" "):
        line = line[:-1]
    if line and line[-1][0].endswith(" "):
        line = [*line[:-1], (line[-1][0].rstrip(" "), line[-1][1])]
    return line
