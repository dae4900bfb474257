"""From the HTML of a paper to its PDF. Nothing is ever fetched: neither a file nor an address.

The stylesheet is handed over as text, charts are SVG inside the page, and the fetcher answers only
`data:`. Call it outside any transaction: a report takes about a second.
"""

import functools
import logging
import re
import threading
from pathlib import Path

from django.conf import settings

from .sheet import Layout

STYLESHEET = Path(settings.BASE_DIR) / "static" / "paper.css"
log = logging.getLogger(__name__)
_OF_THREAD = threading.local()


class FetchRefused(ValueError):
    """The paper named something outside itself. WeasyPrint leaves it out and goes on."""


@functools.cache
def _fetcher_class():
    """WeasyPrint and Pango take some 50 MB; a process that prints nothing never loads them."""
    from weasyprint.urls import URLFetcher

    class NothingButData(URLFetcher):
        """Answers `data:` alone. No file, no network, no redirect, whatever the HTML asks for."""

        def __init__(self):
            super().__init__(timeout=1, allowed_protocols={"data"}, allow_redirects=False)

        def fetch(self, url, headers=None):
            if not url.lower().startswith("data:"):
                log.warning("A paper asked for %.120s; refused.", url)
                raise FetchRefused("Papers fetch nothing.")
            return super().fetch(url, headers)

    return NothingButData


@functools.cache
def _rules() -> str:
    return STYLESHEET.read_text(encoding="utf-8")


# What is tried, one after the other and each on top of the last, when the last sheet is nearly empty.
# The body type and the margins are never touched.
SQUEEZES = (
    "--sign-gap: 20mm",
    "--gap: 4pt",
    "--figure-width: 136mm",  # 15 % less than 160 mm, and the height with it
)
FEW_LINES = 5
SIGNATURE = "ky"  # the id of the block of recipients and signature
POINTS_OF_A_PX, POINTS_OF_A_MM = 0.75, 2.8346


# What stands in a drawing's label is read to who cannot see it; the engine takes it from a title inside the drawing.
UNTITLED = re.compile(r'(<svg\b[^>]*\baria-label="([^"]*)"[^>]*>)(?!<title>)')
ARCHIVE = "pdf/a-2u"


def render_pdf(html: str, *, layout: Layout, archive: bool = False) -> bytes:
    """The paper as tagged PDF. Title and author come from the page's own <title> and <meta name="author">.

    `archive` makes it a PDF/A-2u as well: nothing in it needs anything outside it, every letter can be copied.

    When fewer than five lines of text stand above the signature on a sheet of their own, the paper is
    laid out again a little closer, up to three times; it stays as it was when that saves no sheet.
    """
    html = UNTITLED.sub(r"\1<title>\2</title>", html)
    kind = {"pdf_tags": True, "pdf_variant": ARCHIVE if archive else None}
    document = _laid_out(html, layout)
    sheet = _nearly_empty_sheet(document, layout)
    if sheet:
        for count in range(1, len(SQUEEZES) + 1):
            closer = _laid_out(html, layout, squeeze="; ".join(SQUEEZES[:count]))
            if (_signature_sheet(closer) or (sheet, 0))[0] < sheet:
                return closer.write_pdf(**kind)
    return document.write_pdf(**kind)


def _signature_sheet(document) -> tuple[int, float] | None:
    """On which sheet the signature stands (the first is 0), and how far below its upper edge, in points."""
    for place, page in enumerate(document.pages):
        if SIGNATURE in page.anchors:
            return place, page.anchors[SIGNATURE][1] * POINTS_OF_A_PX
    return None


def _nearly_empty_sheet(document, layout: Layout) -> int:
    """The sheet that carries the signature and fewer than five lines before it; 0 when there is none."""
    sheet, top = _signature_sheet(document) or (0, 0.0)
    above = top - layout.margins_mm[0] * POINTS_OF_A_MM
    few = FEW_LINES * layout.lead_pt + layout.paragraph_gap_pt
    return sheet if above < few else 0


def _fonts():
    """One for each thread: papers bring no fonts of their own, and every new one keeps memory for ever."""
    from weasyprint.text.fonts import FontConfiguration

    if not hasattr(_OF_THREAD, "fonts"):
        _OF_THREAD.fonts = FontConfiguration()
    return _OF_THREAD.fonts


def _laid_out(html: str, layout: Layout, *, squeeze: str = ""):
    from weasyprint import CSS, HTML

    fetcher = _fetcher_class()()
    fonts = _fonts()
    texts = [layout.stylesheet(), _rules(), *([f":root {{ {squeeze} }}"] if squeeze else [])]
    sheets = [CSS(string=text, url_fetcher=fetcher, font_config=fonts) for text in texts]
    # No base address: a relative reference then has nothing to be relative to.
    page = HTML(string=html, url_fetcher=fetcher, base_url=None)
    return page.render(stylesheets=sheets, font_config=fonts, presentational_hints=False)
