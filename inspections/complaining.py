"""Verbs of a complaint: received, taken up, answered, refused or forwarded; what it led to.

Reading is closed (models/complaint.py) and each opening is written down (`note_opening`). A step leads on and never
back, each is a ComplaintMove. The days within which an answer is due are a dated rule (`complaint_days`, working days
by kind, domain.md section 5: the Đoàn's own text names none). A case opened from a complaint does not say so to
anybody who may not read the complaint: its team, the unit, the superior.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, Max

from branches.formats import day
from branches.long_texts import kept_lines
from branches.models import Discipline, Period, Unit
from branches.models.rule import rules_on
from branches.uploads import Stored
from branches.vietnamese import nfc
from branches.workdays import working_days_after, working_days_between
from inspections.models import (
    Complaint,
    ComplaintAccess,
    ComplaintFile,
    ComplaintMove,
    Inspection,
    InspectionProgramme,
)
from inspections.preparing import plan_inspections
from inspections.states import InspectionRefused, save_clean

State, Kind = Complaint.State, Complaint.Kind
SOON = 5  # working days before the due day from which it is said to come due

# verb → (from which states, to which state). An answer follows on taking up; a letter that is not for us never is.
MOVES = {
    "take_up": ({State.RECEIVED}, State.TAKEN_UP),
    "answer": ({State.TAKEN_UP}, State.ANSWERED),
    "refuse": ({State.RECEIVED, State.TAKEN_UP}, State.REFUSED),
    "forward": ({State.RECEIVED, State.TAKEN_UP}, State.FORWARDED),
    "change": ({State.RECEIVED, State.TAKEN_UP}, None),
    "link": (set(State), None),
}


def allowed(complaint: Complaint, verb: str) -> bool:
    """Whether the state permits the verb; for showing buttons."""
    return complaint.state in MOVES[verb][0]


def due_day(kind: str, received_on: datetime.date) -> datetime.date | None:
    """The last working day for the answer, by the rule of the day it was received; None where the rule names none."""
    days = rules_on(received_on)["complaint_days"].get(kind)
    return working_days_after(received_on, int(days)) if days else None


def days_left(complaint: Complaint, on: datetime.date) -> int | None:
    """Working days left until it is due, 0 on the day itself, below nothing when late; None once ended or undated."""
    if not complaint.is_open or complaint.due_on is None:
        return None
    return working_days_between(on, complaint.due_on)


def masked(name: str) -> str:
    """The sender in a list: "N. V. A.", or that nobody signed."""
    return " ".join(f"{word[0].upper()}." for word in nfc(name).split()) or "Không ghi tên"


def note_opening(*, complaint: Complaint, by) -> ComplaintAccess:
    """There is no way to read a complaint or its files that leaves no row."""
    return ComplaintAccess.objects.create(complaint=complaint, account=by)


@transaction.atomic
def receive(
    *,
    received_by: Unit,
    unit: Unit,
    kind: str,
    received_on: datetime.date,
    text: str,
    by,
    on: datetime.date,
    from_name: str = "",
    from_contact: str = "",
    files: Sequence[Stored] = (),
) -> Complaint:
    """Enter a letter into the register under the next number of the year; without a name it is an unsigned one."""
    book = Unit.objects.select_for_update(no_key=True).get(pk=received_by.pk)  # its row is the lock of the numbers
    year = received_on.year
    last = Complaint.objects.filter(received_by=book, year=year).aggregate(last=Max("number"))["last"] or 0
    row = Complaint(received_by=book, year=year, number=last + 1, written_by=by)
    _write(row, unit, kind, received_on, text, from_name, from_contact, on)
    _keep(row, files, by)
    _move(row, State.RECEIVED, by=by, on=received_on)
    return row


@transaction.atomic
def change(
    *,
    complaint: Complaint,
    version: int,
    unit: Unit,
    kind: str,
    received_on: datetime.date,
    text: str,
    by,
    on: datetime.date,
    from_name: str = "",
    from_contact: str = "",
    files: Sequence[Stored] = (),
) -> Complaint:
    """Correct what was entered, until it ended; its number stays. Raises EditConflict when somebody was faster."""
    row = _locked(complaint, "change", version)
    if received_on.year != row.year:
        raise InspectionRefused({"received_on": f"Đơn đã vào sổ năm {row.year}. Hãy ghi một ngày của năm đó."})
    _write(row, unit, kind, received_on, text, from_name, from_contact, on)
    _keep(row, files, by)
    return row


@transaction.atomic
def take_up(*, complaint: Complaint, version: int, by, on: datetime.date, words: str = "") -> Complaint:
    """The committee deals with it; `words` may say who and how."""
    row = _locked(complaint, "take_up", version)
    row.state = State.TAKEN_UP
    save_clean(row)
    _move(row, State.TAKEN_UP, by=by, on=on, words=words)
    return row


@transaction.atomic
def answer(*, complaint: Complaint, version: int, by, ended_on: datetime.date, text: str, on: datetime.date):
    """What was found and told the sender; of an unsigned letter what was found."""
    row = _locked(complaint, "answer", version)
    row.answer = kept_lines(text)
    if not row.answer:
        raise InspectionRefused({"answer": "Hãy ghi kết quả giải quyết."})
    return _end(row, State.ANSWERED, ended_on, by=by, on=on)


@transaction.atomic
def refuse(*, complaint: Complaint, version: int, by, ended_on: datetime.date, reason: str, on: datetime.date):
    """Not taken up, with the reason."""
    row = _locked(complaint, "refuse", version)
    row.state_reason = _said(reason, "Hãy ghi lý do không thụ lý.")
    return _end(row, State.REFUSED, ended_on, by=by, on=on)


@transaction.atomic
def forward(*, complaint: Complaint, version: int, by, ended_on: datetime.date, reason: str, on: datetime.date):
    """Sent on to who is competent; `reason` says where to and why."""
    row = _locked(complaint, "forward", version)
    row.state_reason = _said(reason, "Hãy ghi chuyển đến đâu, vì sao.")
    return _end(row, State.FORWARDED, ended_on, by=by, on=on)


# --- what it led to ---------------------------------------------------------------------------------


@transaction.atomic
def open_case_from(
    *,
    complaint: Complaint,
    version: int,
    programme: InspectionProgramme,
    title: str,
    review_from: datetime.date,
    review_to: datetime.date,
    reason: str,
    by,
    on: datetime.date,
) -> Inspection:
    """Open an inspection on signs of violation. Neither the case nor the change of the programme names the letter."""
    row = _locked(complaint, "link", version)
    if row.inspection_id is not None:
        raise InspectionRefused("Đơn này đã gắn với một cuộc kiểm tra.")
    case = plan_inspections(
        by=by, on=on, programme=programme, units=[row.unit], title=title, review_from=review_from,
        review_to=review_to, inspection_kind=Inspection.Kind.VIOLATION_SIGN, reason=reason,
    )[0]  # fmt: skip
    row.inspection = case
    save_clean(row)
    _note(row, f"Mở cuộc kiểm tra: {case.title}", by=by, on=on)
    return case


@transaction.atomic
def link_case(*, complaint: Complaint, version: int, inspection: Inspection | None, by, on: datetime.date):
    """Say in which case of the committee it is looked into, or in none any more."""
    row = _locked(complaint, "link", version)
    if inspection is not None and inspection.unit_id != row.unit_id:
        raise InspectionRefused({"inspection": f"Hãy chọn một cuộc kiểm tra tại {row.unit.name}."})
    row.inspection = inspection
    save_clean(row)
    _note(row, f"Gắn với cuộc kiểm tra: {inspection.title}" if inspection else "Bỏ gắn với cuộc kiểm tra", by=by, on=on)
    return row


@transaction.atomic
def link_discipline(*, complaint: Complaint, version: int, discipline: Discipline | None, by) -> Complaint:
    """Say which disciplinary case it led to. Who links reads both, and no step is written down: whoever of the
    committee may not read that case must not learn that there is one."""
    row = _locked(complaint, "link", version)
    if discipline is not None:
        if not Discipline.objects.visible_to(by).filter(pk=discipline.pk).exists():
            raise InspectionRefused({"discipline": "Mục đã chọn không còn trong danh sách. Hãy chọn lại."})
        if not discipline.unit.path.startswith(row.unit.path):
            raise InspectionRefused({"discipline": f"Hãy chọn một hồ sơ của {row.unit.name}."})
    row.discipline = discipline
    save_clean(row)
    return row


# --- counts, for sums alone -------------------------------------------------------------------------


def complaint_figures(committees: Iterable[Unit | int], period: Period) -> dict[str, Counter]:
    """What these committees received in the period, as numbers: {"kind": by kind, "state": by state today}. One query.

    No unit, no sender and no text: sums may be read by who may not read a letter.
    """
    keys = [getattr(one, "pk", one) for one in committees]
    rows = Complaint.objects.filter(received_by__in=keys)
    rows = rows.filter(received_on__gte=period.starts_on, received_on__lt=period.ends_on)
    kinds, states = Counter(), Counter()
    for kind, state, count in rows.order_by().values_list("kind", "state").annotate(n=Count("pk")):
        kinds[kind] += count
        states[state] += count
    return {"kind": kinds, "state": states}


# --- inside -----------------------------------------------------------------------------------------


def _locked(complaint: Complaint, verb: str, version: int) -> Complaint:
    row = Complaint.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "received_by")
    row = row.get(pk=complaint.pk)
    row.claim(version)
    if not allowed(row, verb):
        raise InspectionRefused(f"Đơn này đã chuyển bước: {row.get_state_display()}. Hãy mở lại trang để xem.")
    return row


def _write(row: Complaint, unit, kind, received_on, text, from_name, from_contact, on) -> None:
    errors = {}
    if not unit.path.startswith(row.received_by.path):
        errors["unit"] = f"{unit.name} không thuộc {row.received_by.name}. Đơn về nơi khác thì ghi là chuyển."
    if received_on > on:
        errors["received_on"] = "Ngày này chưa đến. Hãy ghi ngày đã nhận đơn."
    row.text = kept_lines(text)
    if not row.text:
        errors["text"] = "Hãy ghi nội dung đơn."
    if errors:
        raise InspectionRefused(errors)
    row.unit, row.kind, row.received_on = unit, kind, received_on
    row.from_name, row.from_contact = nfc(from_name), nfc(from_contact)
    row.due_on = due_day(kind, received_on)
    row.fill_keys()
    save_clean(row)


def _keep(row: Complaint, files: Sequence[Stored], by) -> None:
    ComplaintFile.objects.bulk_create(
        ComplaintFile(complaint=row, file=stored.path, uploaded_by=by, **stored.columns()) for stored in files
    )


def _said(reason: str, missing: str) -> str:
    reason = nfc(reason)
    if not reason:
        raise InspectionRefused({"reason": missing})
    return reason


def _end(row: Complaint, state: str, ended_on: datetime.date, *, by, on: datetime.date) -> Complaint:
    if ended_on > on:
        raise InspectionRefused({"ended_on": "Ngày này chưa đến."})
    if ended_on < row.received_on:
        raise InspectionRefused({"ended_on": f"Hãy ghi ngày từ {day(row.received_on)}, ngày nhận đơn, trở đi."})
    row.state, row.ended_on = state, ended_on
    save_clean(row)
    _move(row, state, by=by, on=ended_on, words=row.state_reason)
    return row


def _move(row: Complaint, state: str, *, by, on: datetime.date, words: str = "") -> None:
    ComplaintMove.objects.create(complaint=row, to_state=state, words=nfc(words)[:300], moved_on=on, moved_by=by)


def _note(row: Complaint, words: str, *, by, on: datetime.date) -> None:
    """A step that leaves the state as it is."""
    _move(row, row.state, by=by, on=on, words=words)
