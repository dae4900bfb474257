"""The branch book as one PDF: a title page part with the head of the Đoàn, then its tables one after the other."""

import dataclasses
import datetime

from django.template.loader import render_to_string

from branches.models import Unit
from reports.branch_book import book_tables

from .filled import COMMITTEE
from .layout import Layout, paper_of


def branch_book_html(unit: Unit, year: int, *, on: datetime.date) -> tuple[str, Layout]:
    """The book of the year as HTML, with its layout. `on` is the day it is printed."""
    paper = paper_of(
        unit=unit,
        on=on,
        kind="Sổ chi đoàn",
        kind_code="",
        abstract=(f"Năm {year}",),
        signature=COMMITTEE,
        recipients=("Lưu chi đoàn",),
        dated_on=on,
        needs_confirmation=True,
    )
    # A book is no numbered document.
    paper = dataclasses.replace(paper, head=dataclasses.replace(paper.head, number=""))
    context = {"paper": paper, "tables": book_tables(unit, year, on=on), "unit": unit, "year": year, "on": on}
    return render_to_string("papers/branch_book.html", context), paper.layout
