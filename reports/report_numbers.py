"""The number of a report, from the register of its unit (branches/numbering.py, type BC)."""

import datetime

from branches.formats import day as day_words
from branches.models import PaperNumber
from branches.numbering import NumberRefused, key_on, take_number

from .models import PeriodReport
from .papers.report import KIND_CODE
from .states import ReportRefused

ABOUT = 300  # letters of an abstract in the register


def reserved_for(report: PeriodReport, *, on: datetime.date):
    """The numbers kept free in the book that the report takes its own from."""
    rows = PaperNumber.objects.filter(
        book__unit=report.unit, book__body="", book__type_code=KIND_CODE, state=PaperNumber.State.RESERVED,
        book__key=key_on(report.unit, report.dated_on or on),
    )  # fmt: skip
    return rows.order_by("number")


def number_for(report: PeriodReport, *, by, on: datetime.date, wanted: int | None = None, reason: str = "") -> str:
    """Give the report its number: the next one of the register, or `wanted` (out of turn with a `reason`).

    One that has a number from the register keeps it: a correction goes out under the number of what it corrects.
    `report` is locked by the caller, whose transaction saves it. Raises ReportRefused.
    """
    if report.entry_id is None:
        try:
            entry = take_number(
                unit=report.unit, type_code=KIND_CODE, on=report.dated_on or on, by=by, about=str(report)[:ABOUT],
                wanted=wanted, reason=reason,
            )  # fmt: skip
        except NumberRefused as refused:
            field, message = next(iter(refused.errors.items()))
            raise ReportRefused(message, field or "") from refused
        report.entry, report.number = entry, str(entry.number)
        report.save(update_fields=["entry", "number"])
    return report.number


def other_book(report: PeriodReport, day: datetime.date) -> str:
    """Why a report with a number of the register cannot have this day; empty where it can.

    Numbers are counted by the term or by the year: on a day of another book the same number is another paper's.
    """
    entry = report.entry
    if entry is None or day == entry.dated_on or key_on(report.unit, day) == entry.book.key:
        return ""
    return f"Số {entry.symbol} lấy theo sổ của ngày {day_words(entry.dated_on)}. Hãy chọn ngày trong cùng sổ."


def date_entry(report: PeriodReport) -> None:
    """The register says the day of the paper. Call with the report locked. Raises ReportRefused."""
    if report.entry_id is None or report.dated_on is None or report.entry.dated_on == report.dated_on:
        return
    if said := other_book(report, report.dated_on):
        raise ReportRefused(said, "dated_on")
    report.entry.dated_on = report.dated_on
    report.entry.save(update_fields=["dated_on"])
