"""Every paper that prints has its Word file: for the same people, of the same words, in the same layout."""

import datetime
import io
import re
import unicodedata
import zipfile
from contextlib import ExitStack
from unittest import mock

import docx
import lxml.html
import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from branches.models import Rule
from reports.papers.html_docx import word_of
from reports.papers.layout import layout_on
from reports.papers.pdf import render_pdf
from reports.papers.people import transfer_letter_html

from .access_expectations import EXPECTED
from .access_world import World
from .test_access import ours
from .word_templates_world import BESIDE

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = datetime.date(2026, 9, 15)
BUILT = World
# The words of a drawing stand in Word's own chart; a table over two sheets of the PDF has its head twice.
PRINTED_MORE = ("structure", "branch_book")
TOP_PT = 20 * 72 / 25.4
BLANK = re.compile(r"[.]{10,}")


def text_of(document) -> list[str]:
    """Paragraphs and cells of the body, in the order in which they are read."""
    found = []
    for block in document.element.body.iter(qn("w:p")):
        pieces = block.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
        found.append("".join(node.text or "" if node.tag == qn("w:t") else " " for node in pieces))
    return found


def words(text: str) -> list[str]:
    """Blanks to fill by hand are lines in the PDF and dots in Word: neither is a word."""
    return BLANK.sub(" ", text.replace("\xa0", " ")).split()


def words_of_word(content: bytes) -> list[str]:
    return words(" ".join(text_of(docx.Document(io.BytesIO(content)))))


def words_of_pdf(content: bytes) -> list[str]:
    """Without the page numbers, the only words in the 20 mm above the text."""
    found = []
    for page in PdfReader(io.BytesIO(content)).pages:
        top, said = float(page.mediabox.height) - TOP_PT, []

        def seen(text, cm, tm, font, size, top=top, said=said):
            if not text.strip() or tm[5] * cm[3] + cm[5] < top:
                said.append(text)

        page.extract_text(visitor_text=seen)
        found += words("".join(said))
    return found


def cells_of_word(content: bytes) -> list[list[str]]:
    """Rows of the tables of figures: those with lines around their cells, read cell by cell."""
    rows = []
    for table in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:tbl")):
        if next(table.iter(qn("w:insideV"))).get(qn("w:val")) != "single":
            continue
        for row in table.iter(qn("w:tr")):
            cells = [cell for cell in row.iter(qn("w:tc")) if _is_no_shadow(cell)]
            rows.append([" ".join(words(" ".join(n.text or "" for n in cell.iter(qn("w:t"))))) for cell in cells])
    return rows


def _is_no_shadow(cell) -> bool:
    """Not the part of a cell that hangs down from the row above."""
    merged = next(cell.iter(qn("w:vMerge")), None)
    return merged is None or merged.get(qn("w:val")) == "restart"


def cells_of_page(html: str) -> list[list[str]]:
    page = lxml.html.document_fromstring(html)
    return [
        [" ".join(words(" ".join(cell.itertext()))) for cell in row if cell.tag in ("td", "th")]
        for row in page.xpath("//table[contains(@class, 'grid')]//tr")
    ]


# --- everything has one -------------------------------------------------------------------------------


def test_every_paper_has_its_word_file():
    papers = {name.removesuffix("_pdf") for name in ours() if name.endswith("_pdf")}
    files = {name.removesuffix("_docx") for name in ours() if name.endswith("_docx")}
    assert papers - files == set()
    assert {f"reports:{name}" for name in BESIDE} <= papers


def test_the_word_file_is_for_those_who_print_the_paper():
    wrong = [name for name in ours() if name.endswith("_pdf") and EXPECTED[name] != EXPECTED[f"{name[:-4]}_docx"]]
    assert wrong == []


@pytest.fixture(scope="module")
def papers(built, django_db_blocker):
    """Of each paper in the world: its page, its PDF and its Word file, as the superior or an inspector gets them.

    Printed once: every test below only reads them.
    """
    world, folder = built
    pages, client = {}, Client()

    def drawn(html, **how):
        pages["last"] = html
        return render_pdf(html, **how)

    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(transaction.atomic())
        stack.enter_context(override_settings(MEDIA_ROOT=folder))
        stack.enter_context(mock.patch("reports.views.printing.PAPERS", 1000))
        stack.enter_context(mock.patch("reports.views.printing.render_pdf", drawn))
        found = {}
        for name in BESIDE:
            if name == "conclusion":
                continue  # made of blocks, not of a page: test_inspection_papers_same.py
            reader = sorted(EXPECTED[f"reports:{name}_pdf"][0] & {"secretary", "superior"})[0]
            client.force_login(world.accounts[reader])
            both = []
            for ending in ("pdf", "docx"):
                address = reverse(f"reports:{name}_{ending}", kwargs=world.arguments(f"reports:{name}_{ending}"))
                answer = client.get(address)
                assert answer.status_code == 200, (name, ending)
                both.append(answer.content)
            found[name] = (pages["last"], *both)
        transaction.set_rollback(True)
    return found


def test_word_says_what_the_pdf_says(papers):
    wrong = {}
    for name, (_, pdf, word) in papers.items():
        printed, written = words_of_pdf(pdf), words_of_word(word)
        if name in PRINTED_MORE:
            waiting = iter(printed)
            same = all(one in waiting for one in written)
        else:
            same = printed == written
        if not same:
            wrong[name] = [(a, b) for a, b in zip(printed, written, strict=False) if a != b][:5]
    assert wrong == {}


def test_cells_are_those_of_the_page(papers):
    assert {name: cells_of_word(word) for name, (_, _, word) in papers.items()} == {
        name: cells_of_page(page) for name, (page, _, _) in papers.items()
    }
    assert sum(len(cells_of_page(page)) > 0 for page, _, _ in papers.values()) >= 8


def test_every_file_opens_names_its_paper_and_is_composed_vietnamese(papers):
    for name, (page, _, word) in papers.items():
        document = docx.Document(io.BytesIO(word))
        assert document.core_properties.title == re.search(r"<title>(.*?)</title>", page)[1], name
        text = " ".join(text_of(document))
        assert text == unicodedata.normalize("NFC", text), name
        with zipfile.ZipFile(io.BytesIO(word)) as packed:
            assert b'TargetMode="External"' not in b"".join(packed.read(part) for part in packed.namelist()), name


def test_comparison_can_fail(papers):
    """Negative control: a word changed on the way into Word, and one cell, are seen."""
    page, pdf, _ = papers["dues_receipt"]
    spoilt = word_of(page.replace("Cộng", "Trừ"), layout_on(DAY))
    assert words_of_word(spoilt) != words_of_pdf(pdf)
    assert cells_of_word(spoilt) != cells_of_page(page)


# --- single pieces ------------------------------------------------------------------------------------


def page_of(body: str) -> str:
    return f'<html><head><title>T</title><meta name="author" content="A"></head><body>{body}</body></html>'


def made(body: str, **changes):
    return docx.Document(io.BytesIO(word_of(page_of(body), layout_on(DAY))))


def test_spans_of_a_table_head():
    body = (
        '<table class="grid"><colgroup><col class="w10"><col class="rest"><col class="w20"><col class="w20"></colgroup>'
        '<thead><tr><th rowspan="2">TT</th><th rowspan="2">Chỉ tiêu</th><th colspan="2">Năm</th></tr>'
        "<tr><th>KH</th><th>TH</th></tr></thead>"
        '<tbody><tr class="group"><td colspan="4">I</td></tr><tr><td>1</td><td>A</td><td class="r">2</td>'
        '<td class="r">3</td></tr></tbody></table>'
    )
    (table,) = made(body).tables
    # A4 less 30 + 20 mm leaves 160 mm: 10 + 20 + 20 are said, 110 are left.
    assert [round(column.width.mm) for column in table.columns] == [10, 110, 20, 20]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["TT", "Chỉ tiêu", "Năm", "Năm"],
        ["TT", "Chỉ tiêu", "KH", "TH"],
        ["I", "I", "I", "I"],
        ["1", "A", "2", "3"],
    ]
    heads = [row._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, True, False, False]
    assert all(row._tr.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for row in table.rows)


def test_a_turned_sheet_counts_its_own_pages_and_the_text_after_it_stands_upright():
    document = made("<p>Trước</p><section class='annex'><p class='type'>PHỤ LỤC</p></section><p>Sau</p>")
    first, turned, after = document.sections
    mm = [(round(one.page_width.mm), round(one.page_height.mm), round(one.top_margin.mm)) for one in document.sections]
    assert mm == [(210, 297, 20), (297, 210, 30), (210, 297, 20)]
    starts = [one._sectPr.find(qn("w:pgNumType")) for one in (first, turned, after)]
    assert [one is not None for one in starts] == [False, True, False]
    assert starts[1].get(qn("w:start")) == "1"


def test_a_paper_that_ends_turned_has_no_empty_sheet_after_it():
    assert len(made("<p>Trước</p><section class='annex'><p>Phụ lục</p></section>").sections) == 2


def test_weight_blanks_and_lines_survive():
    document = made(
        '<p class="flat">Họ và tên: <b>Lê  Thu\n An</b>; <i>nữ</i><br>dòng hai <s>bỏ</s></p>'
        '<p class="fillin"><b>4. Hạn chế:</b><span></span></p>'
        '<div class="fills"><span class="fill"></span><span class="fill"></span></div>'
    )
    first, second, *blanks = document.paragraphs
    assert [(run.text, run.bold, run.italic, run.font.strike) for run in first.runs if run.text.strip()] == [
        ("Họ và tên: ", False, False, None),
        ("Lê Thu An", True, False, None),
        ("; ", False, False, None),
        ("nữ", False, True, None),
        ("dòng hai ", False, False, None),
        ("bỏ", False, False, True),
    ]
    assert second.text == "4. Hạn chế:\t"
    assert len(blanks) == 2


def test_a_figure_keeps_what_follows_a_possible_break():
    """ "8/9" on paper is 8, a place to break, /9: both halves reach Word."""
    (table,) = made('<table class="grid"><tbody><tr><td>8<wbr>/9</td><td>x</td></tr></tbody></table>').tables
    assert [cell.text for cell in table.rows[0].cells] == ["8/9", "x"]


HOSTILE = [
    "</w:t><w:br/>", "{{ 7*7 }}", "&lt;script&gt;alert(1)&lt;/script&gt;", "=HYPERLINK(&quot;x&quot;)",
    "]]&gt;", "a\x0bb", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
]  # fmt: skip


def test_hostile_words_are_words():
    content = word_of(page_of("".join(f"<p>{text}</p>" for text in HOSTILE)), layout_on(DAY))
    said = [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]
    assert said[1:5] == ["{{ 7*7 }}", "<script>alert(1)</script>", '=HYPERLINK("x")', "]]>"]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<script" not in packed.read("word/document.xml")


# --- the layout is one ----------------------------------------------------------------------------------


def test_a_value_changed_from_a_day_on_is_followed_by_both_and_older_papers_keep_the_old(own_world):
    """Left margin 30 → 35 mm and text 14 → 13 pt from 01/10/2026."""
    rule = Rule.objects.get(key="paper_layout")
    changed = datetime.date(2026, 10, 1)
    Rule.objects.filter(pk=rule.pk).update(valid_to=changed)
    one_sheet = {**rule.value["one_sheet"], "body_pt": 13}
    value = {**rule.value, "margins_mm": [20, 20, 20, 35], "one_sheet": one_sheet}
    Rule.objects.create(key="paper_layout", valid_from=changed, value=value, source="Thử")
    found = {}
    for day in (DAY, datetime.date(2026, 10, 2)):
        own_world.transfer.letter_on = day
        html, layout = transfer_letter_html(own_world.transfer, on=day)
        document = docx.Document(io.BytesIO(word_of(html, layout)))
        body = next(one for one in document.paragraphs if "giới thiệu đồng chí" in one.text)
        page = PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages[0]
        sizes, lefts = set(), []

        def seen(text, cm, tm, font, size, sizes=sizes, lefts=lefts):
            if "Họ" in text:
                sizes.add(round(abs(size * tm[0] * cm[0]), 1))
                lefts.append(round((tm[4] * cm[0] + cm[4]) * 25.4 / 72))

        page.extract_text(visitor_text=seen)
        found[day] = (round(document.sections[0].left_margin.mm), body.runs[0].font.size.pt, sizes, lefts[:1])
    assert found == {DAY: (30, 12.5, {12.5}, [30]), datetime.date(2026, 10, 2): (35, 13, {13}, [35])}


def test_values_of_the_table_reach_word(own_world):
    """paper.md section 1, for one sheet: type of paper 15 pt, 17 mm to sign; a turned sheet has margins of its own."""
    html, layout = transfer_letter_html(own_world.transfer, on=DAY)
    document = docx.Document(io.BytesIO(word_of(html, layout)))
    kind = next(one for one in document.paragraphs if one.text == "GIẤY GIỚI THIỆU")
    assert kind.runs[0].font.size == Pt(15)
    assert layout.annex_margins_mm == (30, 20, 18, 20)
    assert (layout.note_pt, layout.table_lead_pt, layout.sign_gap_mm) == (10, 13, 17)
    names = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    gaps = [round((one.paragraph_format.space_before or Mm(0)).mm) for one in names]
    assert 17 - 6 in gaps
