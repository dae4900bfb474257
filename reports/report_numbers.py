"""The number of a report, from the register of its unit (branches/numbering.py, type BC)."""

import datetime

from branches.numbering import NumberRefused, take_number

from .models import PeriodReport
from .papers.report import KIND_CODE
from .states import ReportRefused

ABOUT = 300  # letters of an abstract in the register


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
