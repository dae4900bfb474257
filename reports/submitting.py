"""Handing a report in, and what its superior decides of it: submit, take back, return, approve, reopen.

Each verb runs in one short transaction, holds the report, claims the version the form was opened with, and refuses
with ReportRefused (states.py). What is submitted was read before (freezing.prepare), because that takes longer than
a transaction should.
"""

import datetime

from django.db import transaction

from branches.admitting import has_approver
from branches.formats import day
from branches.vietnamese import nfc

from .freezing import Prepared, freeze
from .models import PeriodReport, ReportStep, Submission
from .report_numbers import date_entry, number_for
from .rounds import answer_rounds
from .states import ReportRefused, State, lock_for, write_step

TYPED = "Số ghi tay khi soạn báo cáo"
ASK_AGAIN = "Báo cáo vừa có người sửa sau khi bạn mở trang này. Chưa nộp gì; hãy xem lại rồi nộp."


@transaction.atomic
def submit_report(
    *, report: PeriodReport, version: int, by, on: datetime.date, prepared: Prepared,
    dated_on: datetime.date | None = None, correction: str = "", takes_number: bool = False,
    reserved: int | None = None,
) -> Submission:  # fmt: skip
    """Hand the report in: its figures and texts are frozen as `prepared` has them; a text saved since refuses it.

    `dated_on` becomes the day of a paper that has none; `takes_number` gives it the next number of the register, in
    the same transaction, so that neither is without the other; `reserved` is one that was kept free for it. One that
    was approved before says what it corrects.
    Raises EditConflict and ReportRefused.
    """
    found = lock_for(report, "submit")
    found.claim(version)
    correction = nfc(correction).strip()
    if found.state == State.REOPENED and not correction:
        raise ReportRefused("Hãy ghi bản này đính chính những gì.", "correction")
    if found.dated_on is None:
        found.dated_on = dated_on
    if found.dated_on and found.dated_on > on:
        raise ReportRefused("Ngày báo cáo không thể sau hôm nay. Hãy sửa ở “Số, ngày, người ký”.", "dated_on")
    if found.dated_on and found.dated_on < found.period.starts_on:
        raise ReportRefused(f"Ngày báo cáo phải từ {day(found.period.starts_on)}, ngày đầu của kỳ.", "dated_on")
    if takes_number and reserved:
        raise ReportRefused("Hãy chọn một trong hai: số tiếp theo, hoặc số đã giữ chỗ.", "reserved")
    if (takes_number or reserved) and not found.number:
        number_for(found, by=by, on=on, wanted=reserved)
    elif found.entry_id is None and found.number.isdecimal():
        number_for(found, by=by, on=on, wanted=int(found.number), reason=TYPED)
    date_entry(found)
    answer_rounds(found)  # a round that was opened in the moment the report was begun may have missed it
    submission = freeze(found, prepared, by=by, on=on, correction=correction)
    write_step(found, "submit", by=by, on=on, edition=submission.edition, reason=correction)
    return submission


@transaction.atomic
def take_back(*, report: PeriodReport, version: int, by, on: datetime.date, reason: str) -> PeriodReport:
    """The unit takes back what nobody has decided yet; the edition it had handed in stays readable.

    Raises EditConflict and ReportRefused.
    """
    found = lock_for(report, "take_back")
    found.claim(version)
    step = found.steps.filter(verb="submit").order_by("-pk").first()
    before = State(step.from_state) if step else State.DRAFT
    write_step(found, "take_back", by=by, on=on, to=before, edition=_last(found).edition, reason=nfc(reason))
    return found


@transaction.atomic
def return_report(*, report: PeriodReport, version: int, by, on: datetime.date, reason: str) -> PeriodReport:
    """The superior sends it back to be put right; the reason stays on the page. Raises EditConflict, ReportRefused."""
    found = lock_for(report, "return")
    found.claim(version)
    write_step(found, "return", by=by, on=on, edition=_last(found).edition, reason=nfc(reason))
    return found


@transaction.atomic
def approve_report(*, report: PeriodReport, version: int, by, on: datetime.date, note: str = "") -> Submission:
    """The superior approves what was handed in last: from here on its figures count for the superior's report.

    Raises EditConflict and ReportRefused.
    """
    return _approved(report, "approve", version, by, on, reason=nfc(note))


@transaction.atomic
def approve_outside(
    *, report: PeriodReport, version: int, by, on: datetime.date, who: str, paper: str
) -> Submission:  # fmt: skip
    """A superior that does not use the software has approved by a paper: the unit writes down who, and by which.

    Refused where somebody above could approve here. Raises EditConflict and ReportRefused.
    """
    who, paper = nfc(who).strip(), nfc(paper).strip()
    if not who:
        raise ReportRefused("Hãy ghi cơ quan đã duyệt.", "who")
    if not paper:
        raise ReportRefused("Hãy ghi số, ngày của văn bản duyệt.", "paper")
    if has_approver(report.unit, on=on):
        raise ReportRefused("Đoàn cấp trên dùng phần mềm này và duyệt báo cáo tại đây. Hãy chờ cấp trên duyệt.")
    return _approved(report, "approve_outside", version, by, on, outside=f"{who}, {paper}"[:300])


@transaction.atomic
def reopen_report(*, report: PeriodReport, version: int, by, on: datetime.date, reason: str) -> PeriodReport:
    """An approved report is opened to be corrected. Until the corrected one is approved, the old one counts.

    Raises EditConflict and ReportRefused.
    """
    found = lock_for(report, "reopen")
    found.claim(version)
    write_step(found, "reopen", by=by, on=on, edition=_last(found).edition, reason=nfc(reason))
    return found


def _approved(report, verb, version, by, on, *, reason: str = "", outside: str = "") -> Submission:
    found = lock_for(report, verb)
    found.claim(version)
    submission = _last(found)
    submission.approved_on, submission.approved_by = on, by
    submission.save(update_fields=["approved_on", "approved_by"])
    write_step(found, verb, by=by, on=on, edition=submission.edition, reason=reason, outside=outside)
    return submission


def _last(report: PeriodReport) -> Submission:
    """The edition that was handed in last."""
    return Submission.objects.filter(report=report).order_by("-edition").only("pk", "edition", "report_id")[0]


def last_reason(report: PeriodReport) -> ReportStep | None:
    """Why it was returned or opened again, while that still stands: until it is handed in anew."""
    if report.state not in (State.RETURNED, State.REOPENED):
        return None
    rows = report.steps.filter(verb__in=("return", "reopen")).select_related("taken_by")
    return rows.order_by("-pk").first()
