"""Papers as pictures: every page of ten papers beside the one a person looked at and found right.

The pictures lie in tests/samples/golden. Where a paper is meant to look otherwise from now on, write them anew with
`GOLDEN=write make test ARGS=tests/test_golden_pages.py` and look at each before it is committed; a failure leaves the
new page and the difference in the folder that it names.

Pages are compared in squares of a few millimetres: letters may be smoothed a little otherwise by another version of a
library, but a word, a line or a border may not be missing, be elsewhere or be there twice.
"""

import io
import os
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from branches.models import Minutes
from inspections.models import CasePaper
from reports.congress.content import congress_html
from reports.congress.content import content_of as congress_content
from reports.emulation.publishing import publish
from reports.freezing import content_of_submission
from reports.models import CongressPaper
from reports.papers.content import Block
from reports.papers.emulation import ranking_html, ranking_paper
from reports.papers.inspection_print import document_html, document_of
from reports.papers.minutes import minutes_html, minutes_paper
from reports.papers.party import party_html
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
from reports.papers.statistics import statistics_html
from reports.papers.tables import Cell
from reports.summary import party_summary

from . import edition_scene, emulating, minuting, test_congress
from .papering import concluded_case
from .rolling import CLOSED
from .test_paper_layout import PROOF, SENTENCE, content
from .test_statistics_annex import Scene as Asked
from .test_statistics_annex import khoi  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
GOLDEN = Path(__file__).parent / "samples" / "golden"
DPI, GREYS = 48, 16
SQUARE = 8  # pixels: 4.2 mm
LIMIT = 14  # of 255: how far the mean of a square may be from the one that was looked at


# --- the papers -----------------------------------------------------------------------------------------


def yearly_report():
    """Handed in and approved: first page with number and day, sentences, charts, table, signature, the code."""
    branch = edition_scene.a_branch()
    report = edition_scene.begin(branch, number="7", dated_on=edition_scene.TODAY, signer_name="Đỗ Minh Khang")
    return report_html(content_of_submission(edition_scene.approve(edition_scene.hand_in(report))), PROOF)


def long_content():
    """Names of four lines, forty rows under repeated heads, an annex across with the years of a term."""
    chapters = (
        Block("h1", "I. KẾT QUẢ"),
        *(Block("p", SENTENCE.format(number)) for number in range(1, 9)),
        Block("fill"),
    )
    return content(body=chapters, table_rows=40, groups=4, years=(2023, 2024, 2025), recipients=3)


def rolled_up_report(three):
    """From what two of three units had approved; the third is named below the table, its superior's tables follow."""
    return report_html(draft_content(three.report, on=CLOSED))


def statistics_tables():
    asked = Asked()
    asked.ask()
    annexes = draft_content(edition_scene.begin(asked.branch), on=edition_scene.TODAY).annexes
    return statistics_html(annexes, on=edition_scene.TODAY)


def congress(kind):
    scene = test_congress.Scene()
    paper = CongressPaper(term=scene.term, kind=kind, version=0)
    if kind == CongressPaper.Kind.TARGETS:
        paper = scene.propose(blood_turns="≥ 15", youth_tasks="≥ 3")
    return congress_html(congress_content(paper, scene.unit, on=test_congress.TODAY))


def minutes():
    signed = minuting.signed(minuting.scene())
    return minutes_html(minutes_paper(Minutes.objects.get(pk=signed.pk).frozen), PROOF)


def conclusion():
    paper = concluded_case().case.papers.filter(kind=CasePaper.Kind.NOTICE).get()
    return document_html(document_of(paper.frozen, number=paper.number), PROOF)


def ranking():
    scene = emulating.scene()
    emulating.in_use(scene)
    for sheet, points in zip(scene.sheets, (28, 20, 20), strict=True):
        emulating.scored(scene, sheet, typed=points)
    made = publish(set=scene.set, version=emulating.fresh(scene.set).version, by=scene.office, on=emulating.TODAY)
    return ranking_html(ranking_paper(emulating.fresh(scene.set), made), PROOF)


def party():
    summary = party_summary(edition_scene.a_branch(), 2025, as_of=edition_scene.LAST_DAY)
    return party_html(summary, on=edition_scene.TODAY)


PAPERS = {
    "bao-cao-nam": yearly_report,
    "bao-cao-dai": lambda: report_html(long_content(), PROOF),
    "bieu-so-lieu": statistics_tables,
    "dai-hoi-ket-qua": lambda: congress("ket-qua"),
    "dai-hoi-chi-tieu": lambda: congress("chi-tieu"),
    "bien-ban": minutes,
    "ket-luan": conclusion,
    "thi-dua": ranking,
    "tom-tat": party,
}


# --- comparing ------------------------------------------------------------------------------------------


def pages_of(html: str, layout) -> list[Image.Image]:
    """The pages of the PDF in a few greys, as small as they can still be read."""
    with pypdfium2.PdfDocument(io.BytesIO(render_pdf(html, layout=layout))) as paper:
        drawn = [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in paper]
    step = 256 // GREYS
    return [page.convert("L").point([grey // step * 255 // (GREYS - 1) for grey in range(256)]) for page in drawn]


def in_squares(page: Image.Image) -> Image.Image:
    return page.resize((-(-page.width // SQUARE), -(-page.height // SQUARE)), Image.Resampling.BOX)


def difference(page: Image.Image, golden: Image.Image) -> int:
    """Of the square that differs most, by how much its mean grey does (0 to 255); 255 for another size."""
    if page.size != golden.size:
        return 255
    return ImageChops.difference(in_squares(page), in_squares(golden)).getextrema()[1]


def compare(name: str, html: str, layout, folder: Path) -> None:
    """Fails where a page differs from its picture, or there are more or fewer pages than pictures."""
    pages = pages_of(html, layout)
    if os.environ.get("GOLDEN") == "write":
        for old in GOLDEN.glob(f"{name}-*.png"):
            old.unlink()
        for number, page in enumerate(pages, start=1):
            page.quantize(GREYS).save(GOLDEN / f"{name}-{number}.png", optimize=True)
        pytest.skip("written anew: look at them")
    wrong = []
    for number, page in enumerate(pages, start=1):
        picture = GOLDEN / f"{name}-{number}.png"
        page.save(folder / picture.name)
        if not picture.exists():
            wrong.append(f"page {number} is new: {folder / picture.name}")
            continue
        golden = Image.open(picture).convert("L")
        if (by := difference(page, golden)) > LIMIT:
            if page.size == golden.size:
                ImageChops.difference(page, golden).save(folder / f"{name}-{number}-difference.png")
            wrong.append(f"page {number} differs by {by}: {folder / picture.name} beside {picture}")
    wrong += [f"{path.name} is no more" for path in sorted(GOLDEN.glob(f"{name}-*.png"))[len(pages) :]]
    assert wrong == []


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_looks_as_it_was_found_right(name, tmp_path):
    compare(name, *PAPERS[name](), tmp_path)


def test_a_report_from_its_units_looks_as_it_was_found_right(khoi, tmp_path):  # noqa: F811
    compare("tong-hop", *rolled_up_report(khoi), tmp_path)


# --- that it can fail, and that it does not fail for nothing ----------------------------------------------


def a_row_less(made):
    first, *others = made.table.groups
    return replace(made, table=replace(made.table, groups=(replace(first, rows=first.rows[:-1]), *others)))


def another_figure(made):
    first, *others = made.table.groups
    row, *rows = first.rows
    changed = replace(first, rows=(replace(row, done=Cell("13")), *rows))
    return replace(made, table=replace(made.table, groups=(changed, *others)))


def another_word(made):
    return replace(made, body=(made.body[0], Block("p", SENTENCE.format(1).replace("Khối", "tỉnh")), *made.body[2:]))


def a_blank_less(made):
    return replace(made, body=tuple(block for block in made.body if block.kind != "fill"))


def another_signer(made):
    signature = replace(made.paper.signature, name="Lê Bá Vinh")
    return replace(made, paper=replace(made.paper, signature=signature))


@pytest.mark.parametrize("change", [a_row_less, another_figure, another_word, a_blank_less, another_signer])
def test_control_a_small_change_is_seen(change):
    pages = pages_of(*report_html(change(long_content()), PROOF))
    goldens = [Image.open(GOLDEN / f"bao-cao-dai-{number}.png").convert("L") for number in range(1, len(pages) + 1)]
    assert max(map(difference, pages, goldens)) > LIMIT


def test_control_letters_smoothed_otherwise_are_no_difference():
    golden = Image.open(GOLDEN / "bao-cao-nam-1.png").convert("L")
    assert difference(golden.filter(ImageFilter.GaussianBlur(0.6)), golden) <= LIMIT
