"""Where one number is read from: the page, the paper, the workbook, and an edition frozen today.

The last day of 2026 is the day of everything; tests compare what these give with figures worked out by hand.
"""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from reports import wording
from reports.comparing import rows_of
from reports.drafting import start_report
from reports.freezing import content_of_submission, freeze, prepare, progress_of_rows
from reports.material import collect
from reports.models import Submission
from reports.papers.report import draft_content, report_html
from reports.papers.report_docx import report_docx
from reports.papers.report_xlsx import report_xlsx

from .factories import account_at, year
from .printed import row_with, sheet_of, tables_of

LAST_DAY = datetime.date(2026, 12, 31)


def page_of(client, unit, name="progress", *args) -> list:
    client.force_login(account_at(unit))
    answer = client.get(reverse(f"reports:{name}", args=[unit.pk, *args]))
    assert answer.status_code == 200
    return tables_of(answer.content.decode())


def workbook_of(client, unit, name="progress_xlsx") -> list:
    client.force_login(account_at(unit))
    return [sheet_of(client.get(reverse(f"reports:{name}", args=[unit.pk])).content)]


def paper_of(unit) -> list:
    """The tables of the unit's yearly report, as they go into the PDF."""
    material = collect(unit, year(2026), as_of=LAST_DAY)
    report = start_report(by=account_at(unit), unit=unit, period=year(2026), material=material)
    return tables_of(report_html(draft_content(report, on=LAST_DAY))[0])


def on_page(row) -> tuple:
    _, _, aim, done, _, last, standing = row
    return aim, done, last, standing


def on_paper(row) -> tuple:
    return tuple(row[3:])


def in_workbook(row) -> tuple:
    """Everything beside area, name, unit and note; figures compared to the tenth."""
    return tuple(pytest.approx(value, abs=0.001) if isinstance(value, int | float) else value for value in row[3:10])


def frozen_of(unit):
    """The content of the edition that is submitted today, read back from the database."""
    material = collect(unit, year(2026), as_of=LAST_DAY)
    report = start_report(by=account_at(unit), unit=unit, period=year(2026), material=material)
    made = freeze(report, prepare(report, on=LAST_DAY), by=account_at(unit), on=LAST_DAY)
    return Submission.objects.get(pk=made.pk)


def in_word(content) -> list:
    """The table of results in the Word file, a merged cell once, its lines run together as the paper is read."""
    document = Document(io.BytesIO(report_docx(content)))
    table = next(table for table in document.tables if len(table.columns) == 8)
    rows = [list(dict.fromkeys(cell._tc for cell in row.cells)) for row in table.rows]
    return [[" ".join("".join(part.text for part in cell.iter(qn("w:t"))).split()) for cell in row] for row in rows]


def in_figures(content) -> list:
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(content))).worksheets[0]
    return [[cell.replace(" (", "(") if isinstance(cell, str) else cell for cell in row]
            for row in book.iter_rows(values_only=True)]  # fmt: skip


def frozen_figures(unit, expected):
    """Frozen rows, and the PDF, Word and Excel of the edition, each against what was worked out by hand."""
    submission = frozen_of(unit)
    content = content_of_submission(submission)
    rows = {row.indicator.name: row for row in progress_of_rows(rows_of(submission))}
    paper, word, book = tables_of(report_html(content)[0]), [in_word(content)], [in_figures(content)]
    for name, (page, printed, (_, _, value, whole, *_)) in expected.items():
        row = rows[name]
        aim, done, last, standing = page
        assert wording.aim(row.aim, row.indicator).replace("\xa0", " ") == aim, name
        assert wording.result(row).replace("\xa0", " ") == done, name
        told = wording.amount(row.last, row.indicator).replace("\xa0", " ") if row.last.lines else "không ghi số"
        assert (told, wording.standing(row)) == (last, standing), name
        assert on_paper(row_with(paper, name)) == printed, name
        assert on_paper(row_with(word, name)) == printed, name
        cells = row_with(book, name)
        assert tuple(cell for cell in cells[4:9] if cell) == printed, name
        bare = [None if one is None else pytest.approx(one, abs=0.001) for one in (value, whole)]
        assert list(cells[9:11]) == bare, name
