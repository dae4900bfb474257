"""One number above: what two units reported and a third did not is the same wherever the superior's year is told.

The figures are those of one_number_above.UP, worked out by hand; nothing is taken from the code that is being tested.
"""

import io

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from branches.models import Target
from reports.congress.content import congress_html, content_of
from reports.freezing import content_of_submission
from reports.models import CongressPaper, PeriodReport, Submission
from reports.papers.report import draft_content, report_html
from reports.papers.report_docx import report_docx
from reports.papers.report_xlsx import report_xlsx
from reports.submitting import approve_report

from .factories import account_at
from .one_number import in_figures, in_word
from .one_number_above import UP, Above, Told
from .printed import row_with, tables_of
from .rolling import CLOSED, began, corrected, log

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# An held one activity of 5 more and its report was corrected: 12 + 9 + 2 = 23 of 20 = 115 %. Term: 11 + 23 = 34 of 30.
CORRECTED = UP | {
    "Cộng lượt": Told(
        ("≥ 20", "23", "11", "Vượt 15%"), ("11", "≥ 20", "23", "115,0%", "Vượt"), (23, None), ("12", "9", "2"),
        ("≥ 10", "11", "≥ 20", "23", "≥ 30", "34", "Vượt"),
    )
}  # fmt: skip


@pytest.fixture
def above(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: CLOSED)
    return Above()


def get(client, name, *args):
    answer = client.get(reverse(f"reports:{name}", args=args))
    assert answer.status_code == 200
    return answer.content


def plain(words) -> str:
    """Cells of a file as they are read: plain spaces, the parts of a share right behind it."""
    return "" if words is None else " ".join(str(words).split()).replace(" (", "(")


def sheet(content: bytes, title: str) -> list:
    return [[list(row) for row in openpyxl.load_workbook(io.BytesIO(content))[title].values]]


def approve(above, edition) -> None:
    report = PeriodReport.objects.get(pk=edition.report_id)
    approve_report(report=report, version=report.version, by=above.by, on=CLOSED)


def units_say(client, above, expected) -> None:
    """The page by units and its workbook: the sum and what each side adds to it."""
    client.force_login(above.office)
    page = tables_of(get(client, "report_units", above.report.pk).decode())
    book = sheet(get(client, "report_units_xlsx", above.report.pk), "Theo đơn vị")
    whose = (above.an.name, above.binh.name, f"{above.khoi.name} tự ghi")
    for name, told in expected.items():
        done, *cells = row_with(page, name)[1:]
        said = tuple(cell.removeprefix(who).strip() for cell, who in zip(cells, whose, strict=True))
        assert (done, said) == (told.page[1], told.units), name
        row = row_with(book, name)
        assert plain(row[4]) == told.page[1], name
        for cell, words in zip(row[5:8], told.units, strict=True):
            # A yes is a 1 in a workbook that adds; a sum of money has its dots on the page only.
            bare = {"-": "", "Có": "1", "Chưa": "0"}.get(words, words)
            shown = f"{cell:,.0f}".replace(",", ".") if isinstance(cell, int | float) else plain(cell)
            assert shown == bare, (name, cell, words)


def papers_say(content, expected) -> None:
    """PDF, Word read back, Excel read back, and the table of figures that goes with the report in each of them."""
    html, word, excel = report_html(content)[0], report_docx(content), report_xlsx(content)
    main, annex = tables_of(html)[:1], tables_of(html)[1:2]
    documents = Document(io.BytesIO(word)).tables
    (in_words,) = [one for one in documents if len(one.columns) == 7 and one.rows[0].cells[1].text == "Nội dung"]
    typed = [[plain(cell.text) for cell in row.cells] for row in in_words.rows]
    counted = sheet(excel, "Biểu 01")
    for name, told in expected.items():
        before, aim, done, against, *_ = told.paper
        assert tuple(row_with(main, name)[3:]) == told.paper, name
        assert tuple(row_with([in_word(content)], name)[3:]) == told.paper, name
        row = row_with([in_figures(content)], name)
        assert tuple(cell for cell in row[4:9] if cell) == told.paper, name
        assert tuple(row[9:11]) == told.bare, name
        # What cannot be computed is told in words beside the plan, and by its sign in the table that goes with it.
        beside = (done, before, aim, "x" if against == "Không tính được" else against)
        assert tuple(row_with(annex, name)[3:]) == beside, name
        assert tuple(row_with([typed], name)[3:]) == beside, name
        row = row_with(counted, name)
        assert tuple(plain(one).replace(".", ",") if isinstance(one, float) else plain(one) for one in row[3:7]) == (
            beside
        ), name


def frozen_says(client, above, edition, expected) -> None:
    """Rows and JSON of the edition read back from the database, its papers, and its page."""
    edition = Submission.objects.get(pk=edition.pk)
    rows = {row.name: row for row in edition.rows.all()}
    kept = {
        row["name"].removeprefix("Trong đó: ").casefold(): row
        for group in edition.content["table"]["groups"]
        for row in group["rows"]
    }
    client.force_login(above.office)
    page = tables_of(get(client, "submission", edition.pk).decode())[:1]
    for name, told in expected.items():
        row, cell = rows[name], kept[name.casefold()]
        assert (row.value, row.whole) == told.bare, name
        words = f"{cell['done']['text']}{cell['done']['parts']}"
        assert (words, cell["aim"], cell["against"]) == (told.paper[2], told.paper[1], told.paper[3]), name
        assert tuple(plain(one) for one in row_with(page, name)[3:] if one) == told.paper, name
    papers_say(content_of_submission(edition), expected)


def party_says(client, above, expected) -> None:
    """The Party committee's page, its workbook, and the slides of what is late."""
    client.force_login(account_at(above.khoi, "party_secretary"))
    address = reverse("reports:party_summary", args=[above.khoi.pk])
    page = tables_of(client.get(f"{address}?nam=2026").content.decode())
    plan = [table for table in page if table[0][0] == "Chỉ tiêu"]
    units = next(table for table in page if table[0][0] == "Đơn vị")
    assert row_with([units], "Cộng chung")[2] == f"{expected['Cộng lượt'].page[1]}/60"  # 20 set to each of three
    book = sheet(get(client, "party_summary_xlsx", above.khoi.pk, 2026), "Kế hoạch, kết quả")
    screen = tables_of(get(client, "party_screen", above.khoi.pk, 2026).decode())
    slides = [table for table in screen if table[0][0] == "Chỉ tiêu"]
    for name, told in expected.items():
        aim, done, before, standing = told.page
        assert row_with(plan, name)[2:] == [before or "không ghi số", aim, done, standing], name
        row = row_with(book, name)
        assert [plain(one) for one in row[4:7]] == [before, aim, done], name
        assert (tuple(row[7:9]), plain(row[9])) == (told.bare, standing), name
        shown = [row for table in slides for row in table if row[0] == name]
        assert shown == ([[name, aim, done, standing]] if standing == "Chưa đạt" else []), name


def years_say(above, term, expected) -> None:
    """The annex by years of the term report, its workbook, and the table of results put to the congress."""
    content = draft_content(term, on=CLOSED)
    paper = CongressPaper(term=above.term, kind=CongressPaper.Kind.RESULTS, version=0)
    congress = congress_html(content_of(paper, above.khoi, on=CLOSED))[0]
    annexes = [
        [next(table for table in tables_of(html) if "Cả nhiệm kỳ" in table[0])]
        for html in (report_html(content)[0], congress)
    ]
    book = sheet(report_xlsx(content), "Từng năm")
    for name, told in expected.items():
        for annex in annexes:
            assert tuple(row_with(annex, name)[3:]) == told.term, name
        assert tuple(plain(one) or "x" for one in row_with(book, name)[3:]) == told.term, name


def test_what_two_units_reported_is_one_number_everywhere_and_moves_together(above, client):
    units_say(client, above, UP)
    papers_say(draft_content(above.report, on=CLOSED), UP)
    edition = above.hand_in()
    frozen_says(client, above, edition, UP)
    approve(above, edition)
    term = began(above.khoi, above.term, by=above.office)
    party_says(client, above, UP)
    years_say(above, term, UP)

    # What An logs and does not report moves nothing; its correction moves what is added up and not what was approved.
    log(above.an, above.turns, 5)
    units_say(client, above, UP)
    corrected(above.first, by=above.by)
    units_say(client, above, CORRECTED)
    frozen_says(client, above, edition, UP)
    party_says(client, above, UP)
    years_say(above, term, UP)
    # The superior's own correction moves every place, and the first edition stays as it was.
    again = corrected(edition, by=above.by)
    frozen_says(client, above, again, CORRECTED)
    frozen_says(client, above, edition, UP)
    party_says(client, above, CORRECTED)
    years_say(above, term, CORRECTED)


def test_a_mean_of_means_keeps_its_parts_for_the_level_above(above):
    """4 of An and 8 of Bình go up as 12 of two units, not as one 6."""
    row = Submission.objects.get(pk=above.hand_in().pk).rows.get(name="Trung bình")
    assert (row.value, row.added, row.added_units) == (6, 12, 2)


def test_the_plan_of_a_term_is_that_of_its_last_year_whichever_was_written_first(above):
    """2026 was planned before 2025: the aim of the newest figure is 30 all the same, not 15."""
    planned = Target.objects.filter(unit=above.khoi, indicator__name="Số cuối").order_by("pk")
    assert [one.period.year_number for one in planned] == [2026, 2025]
    term = began(above.khoi, above.term, by=above.office)
    row = row_with(tables_of(report_html(draft_content(term, on=CLOSED))[0])[:1], "Số cuối")
    assert row[3] == "≥ 30"


def test_a_stranger_opens_none_of_it(above, client):
    client.force_login(account_at(above.an))
    edition = above.hand_in()
    for name, args in (
        ("report_units", [above.report.pk]), ("submission", [edition.pk]), ("party_screen", [above.khoi.pk, 2026]),
    ):  # fmt: skip
        assert client.get(reverse(f"reports:{name}", args=args)).status_code == 404, name
