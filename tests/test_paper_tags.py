"""What a paper is to a screen reader, to a search, and to an archive: tags, letters, PDF/A."""

import io
import itertools
import re
import shutil
import subprocess
import unicodedata

import pikepdf
import pytest
from django.urls import reverse
from pypdf import PdfReader

from doanquanly.checks import vietnamese_letters
from reports.freezing import content_of_submission
from reports.papers.layout import layout_on
from reports.papers.minutes import minutes_html, minutes_paper
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
from reports.proofs import proof_of

from .edition_scene import TODAY, a_branch, approve, begin, hand_in
from .factories import account_at
from .minuting import scene, signed
from .printing_jobs import Scene, Shop, packed, run
from .test_print_jobs import approved

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LETTERS = vietnamese_letters()
PAIR = re.compile(r"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")
PART, CONFORMANCE = "{http://www.aiim.org/pdfa/ns/id/}part", "{http://www.aiim.org/pdfa/ns/id/}conformance"


@pytest.fixture
def edition(settings):
    settings.SITE_URL = "https://doan.example.vn"
    return approve(hand_in(begin(a_branch(), number="1", dated_on=TODAY, signer_name="Đỗ Minh Khang")))


@pytest.fixture
def page(edition):
    return report_html(content_of_submission(edition), proof_of(edition))


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(node, depth=0):
    """The tree of tags from its root, in the order in which it is read; numbers are pieces of a page's drawing."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from elements(kid, depth + 1)


def roles(paper: pikepdf.Pdf) -> list[str]:
    return [str(one.S)[1:] for one in elements(paper.Root.StructTreeRoot) if "/S" in one]


def pieces(node):
    """(page, number of the piece of its drawing) in reading order."""
    if "/K" not in node:
        return
    for kid in node.K:
        if isinstance(kid, pikepdf.Dictionary):
            yield from pieces(kid)
        else:
            yield node.Pg, int(kid)


def letters_of(font) -> dict[int, str]:
    """{sign of the file: letter}, from the table that copying uses."""
    table = font.ToUnicode.read_bytes().decode()
    return {int(sign, 16): bytes.fromhex(text).decode("utf-16-be") for sign, text in PAIR.findall(table)}


def texts_of(sheet) -> dict[int, str]:
    """{number of the piece: its words} of a page."""
    found: dict[int, str] = {}
    letters, piece = {}, None
    fonts = {name: letters_of(font) for name, font in sheet.Resources.Font.items()}
    for given, verb in pikepdf.parse_content_stream(sheet):
        match str(verb):
            case "BDC":
                piece = int(given[1].MCID)
            case "EMC":
                piece = None
            case "Tf":
                letters = fonts[str(given[0])]
            case "TJ" if piece is not None:
                drawn = b"".join(bytes(one) for one in given[0] if isinstance(one, pikepdf.String))
                signs = (int.from_bytes(drawn[place : place + 2]) for place in range(0, len(drawn), 2))
                found[piece] = found.get(piece, "") + "".join(letters[sign] for sign in signs)
    return found


def read_aloud(paper: pikepdf.Pdf):
    """The words in the order of the tags."""
    sheets = {sheet.obj.objgen: texts_of(sheet.obj) for sheet in paper.pages}
    for sheet, piece in pieces(paper.Root.StructTreeRoot):
        yield f"{sheets[sheet.objgen].get(piece, '')} "


# --- tags -----------------------------------------------------------------------------------------------


def test_a_paper_says_its_language_its_title_and_that_it_is_tagged(page):
    html, layout = page
    paper = opened(render_pdf(html, layout=layout))
    assert (paper.Root.Lang, bool(paper.Root.MarkInfo.Marked)) == ("vi", True)
    assert bool(paper.Root.ViewerPreferences.DisplayDocTitle)
    assert str(paper.docinfo.Title).startswith("Báo cáo kết quả công tác Đoàn")


def test_headings_tables_and_figures_are_what_they_look_like(page):
    html, layout = page
    found = roles(opened(render_pdf(html, layout=layout)))
    headings = [role for role in found if role in ("H1", "H2", "H3")]
    # BÁO CÁO, then I., then the seven parts of II: never a level left out
    assert headings[:5] == ["H1", "H2", "H2", "H3", "H3"]
    assert headings.count("H1") == 1
    assert all(int(now[1]) - int(before[1]) <= 1 for before, now in itertools.pairwise(headings))
    assert found.count("Table") >= 1
    assert found.count("TH") >= 16
    assert found.count("Figure") >= 3
    assert found.count("Caption") == 2


def test_every_figure_is_told_in_words(page):
    html, layout = page
    paper = opened(render_pdf(html, layout=layout))
    figures = [one for one in elements(paper.Root.StructTreeRoot) if one.get("/S") == "/Figure" and "/Alt" in one]
    told = [str(one.Alt) for one in figures]
    assert told[-1] == "Mã QR mở trang kiểm tra bản in"
    assert len(told) == 3
    assert all(len(text) > 20 for text in told)
    assert "5/4 lượt người" in told[0]


def test_every_figure_cell_knows_its_heading(page):
    """Also below the head that is repeated on the next sheet."""
    html, layout = page
    paper = opened(render_pdf(html, layout=layout))
    cells = [one for one in elements(paper.Root.StructTreeRoot) if one.get("/S") == "/TD"]
    named = {str(one.ID) for one in elements(paper.Root.StructTreeRoot) if one.get("/S") == "/TH" and "/ID" in one}
    assert len(cells) > 30
    for cell in cells:
        headers = {str(one) for one in cell.A.Headers}
        assert headers
        assert headers <= named


def test_it_is_read_from_the_top_to_the_end(page):
    """The tags walk through the paper as a person does: left block, right block, title, text, tables row by row, the
    recipients, how to check the sheet, and who signs. The number of a page is no part of it."""
    html, layout = page
    paper = opened(render_pdf(html, layout=layout))
    text = " ".join("".join(read_aloud(paper)).split())
    order = [
        "CHI ĐOÀN SỞ Y TẾ", "Số: 01-BC/CĐ", "ĐOÀN TNCS HỒ CHÍ MINH", "ngày 05 tháng 01", "BÁO CÁO",
        "I. ĐẶC ĐIỂM TÌNH HÌNH", "II. KẾT QUẢ THỰC HIỆN", "Biểu đồ 1. Tỷ lệ", "Bảng 1. Kết quả",
        "TT Chỉ tiêu Đơn vị tính",
        "I. Tuyên truyền, giáo dục 1 Đăng ký học tập và làm theo gương Bác % x 100 100,0 (14/14) 0,0 điểm Đạt",
        "II. Phong trào", "Ghi chú:", "III. ĐÁNH GIÁ CHUNG", "Nơi nhận:", "Kiểm tra bản in:", "Mã nội dung:",
        "TM. BAN CHẤP HÀNH", "Đỗ Minh Khang",
    ]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.endswith("Đỗ Minh Khang")


# --- letters --------------------------------------------------------------------------------------------


def copied(pdf: bytes) -> list[str]:
    """The text as two readers take it out."""
    found = ["".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)]
    if tool := shutil.which("pdftotext"):
        asked = subprocess.run([tool, "-", "-"], input=pdf, capture_output=True, check=True)
        found.append(asked.stdout.decode())
    return found


@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize("style", ["p", "b", "i", "h4"])
def test_every_vietnamese_letter_is_copied_as_it_was_typed(style, archive):
    words = [LETTERS[place : place + 10] for place in range(0, len(LETTERS), 10)]
    assert len(LETTERS) == 134
    assert unicodedata.is_normalized("NFC", LETTERS)
    lines = "".join(f"<p><{style}>{one}</{style}></p>" for one in words)
    html = f'<html lang="vi"><head><title>Chữ</title></head><body>{lines}</body></html>'
    pdf = render_pdf(html, layout=layout_on(TODAY), archive=archive)
    for text in copied(pdf):
        assert text.split() == words


def test_a_whole_paper_is_copied_composed(page):
    """Not one letter comes out in two signs."""
    html, layout = page
    for text in copied(render_pdf(html, layout=layout)):
        assert unicodedata.is_normalized("NFC", text)
        assert "Ngoài chỉ tiêu được giao" in " ".join(text.split())


# --- weight ---------------------------------------------------------------------------------------------


def test_a_dotted_line_costs_little():
    """A page to fill by hand, 26 dotted lines: drawn dot by dot they were 100 kB a page."""
    report = begin(a_branch(), number="1", dated_on=TODAY)
    html, layout = report_html(draft_content(report, on=TODAY))
    pdf = render_pdf(html, layout=layout)
    sheets = len(PdfReader(io.BytesIO(pdf)).pages)
    assert sheets >= 4
    assert len(pdf) <= 18_000 * sheets  # of four sheets the embedded letters alone are five thousand each


# --- for the archive ------------------------------------------------------------------------------------


def is_archive(pdf: bytes) -> bool:
    with opened(pdf).open_metadata() as said:
        return (said.get(PART), said.get(CONFORMANCE)) == ("2", "U")


def test_a_paper_for_the_archive_has_all_it_needs_inside(page):
    html, layout = page
    pdf = render_pdf(html, layout=layout, archive=True)
    paper = opened(pdf)
    assert is_archive(pdf)
    assert not is_archive(render_pdf(html, layout=layout))
    (intent,) = paper.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 1000
    assert "/ID" in paper.trailer
    assert not paper.is_encrypted
    assert "/Names" not in paper.Root or "/JavaScript" not in paper.Root.Names
    assert bool(paper.Root.MarkInfo.Marked)
    with paper.open_metadata() as said:
        assert said["dc:title"] == str(paper.docinfo.Title)


def test_every_font_of_the_archive_copy_is_inside_with_its_letters(page):
    html, layout = page
    paper = opened(render_pdf(html, layout=layout, archive=True))
    fonts = [one for one in paper.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
    whole = [one for one in fonts if one.Subtype == "/Type0"]
    assert 1 <= len(whole) <= 3
    for font in whole:
        (part,) = font.DescendantFonts
        assert "/ToUnicode" in font
        assert "/FontFile2" in part.FontDescriptor
        assert "Liberation-Serif" in str(font.BaseFont)


def test_both_copies_say_the_same(page):
    html, layout = page
    plain, kept = (copied(render_pdf(html, layout=layout, archive=one)) for one in (False, True))
    assert plain == kept


def test_minutes_with_tables_are_kept_as_well(settings):
    settings.SITE_URL = "https://doan.example.vn"
    minutes = signed(scene())
    html, layout = minutes_html(minutes_paper(minutes.frozen), proof_of(minutes))
    assert is_archive(render_pdf(html, layout=layout, archive=True))


def test_only_what_is_fixed_is_printed_for_the_archive(edition, client):
    unit = edition.report.unit
    client.force_login(account_at(unit))

    def asked(name, found) -> bytes:
        return client.get(f"{reverse(f'reports:{name}', args=[found.pk])}?luu-tru=1").content

    waiting = hand_in(begin(a_branch("Chi đoàn Sở Nội vụ", superior=None), number="2", dated_on=TODAY))
    assert is_archive(asked("submission_pdf", edition))
    assert is_archive(asked("report_pdf", edition.report))
    client.force_login(account_at(waiting.report.unit))
    assert not is_archive(asked("submission_pdf", waiting))
    page = client.get(reverse("reports:submission", args=[waiting.pk])).content.decode()
    assert "PDF/A" not in page
    client.force_login(account_at(unit))
    assert "Bản lưu trữ (PDF/A)" in client.get(reverse("reports:submission", args=[edition.pk])).content.decode()


def test_many_reports_for_the_archive(settings, tmp_path, monkeypatch):
    """Of two reports one is approved: that one is printed for the archive, the draft as usual, both end with .pdf."""
    settings.MEDIA_ROOT = tmp_path
    settings.SITE_URL = "https://doan.example.vn"
    seen = []

    class Watched(Shop):
        def pdf(self, html, layout, *, archive=False):
            seen.append((archive, "Kiểm tra bản in" in html))
            return super().pdf(html, layout, archive=archive)

    monkeypatch.setattr("reports.print_worker.PrintShop", Watched)
    s = Scene()
    approved(s.reports[0], s.office, "Người Ký")
    job = s.ask(what="pdfa")
    assert run(job) == "done"
    assert sorted(seen) == [(False, False), (True, True)]
    assert sorted(name[-4:] for name in packed(job).namelist()) == [".pdf", ".pdf", "xlsx"]
