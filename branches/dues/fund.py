"""The fund book: what came in, what went out, and the balance after each line.

Lines typed by hand are FundEntry. Receipts of dues, slips handed up and slips accepted from below are
lines by themselves and are never typed again. What was taken back stays, struck through, and counts nothing.
The book is added up twice, line by line here and kind by kind by the database, and says whether both agree.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby

from django.db import transaction
from django.db.models import Count, F, Max, Q, Sum, Value

from branches.fed_books import feed_months
from branches.formats import day, dong
from branches.models import Activity, DuesPayment, DuesReceipt, FundEntry, Remittance, Unit
from branches.vietnamese import nfc

from .months import DuesRefused, Month, first_of
from .paying import lock_living, refuse_before_opening

State = Remittance.State
Entry = FundEntry.Kind


class Kind(StrEnum):
    OPENING = "opening"
    DUES = "dues"
    BELOW = "below"
    INCOME = "income"
    UP = "up"
    EXPENSE = "expense"


KIND_WORDS = {
    Kind.OPENING: "Số dư mang sang",
    Kind.DUES: "Thu đoàn phí",
    Kind.BELOW: "Nhận trích nộp của cấp dưới",
    Kind.INCOME: "Thu khác",
    Kind.UP: "Trích nộp đoàn phí",
    Kind.EXPENSE: "Chi",
}
INS, OUTS = (Kind.DUES, Kind.BELOW, Kind.INCOME), (Kind.UP, Kind.EXPENSE)
ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `typed` and `counterpart` are words of a person, for those who keep or approve the book only."""

    day: datetime.date
    kind: Kind
    key: int
    amount: int
    words: str
    typed: str = ""
    counterpart: str = ""
    document: str = ""
    struck: str = ""  # why it was taken back
    balance: int = 0

    @property
    def came_in(self) -> int | None:
        return self.amount if self.kind in INS else None

    @property
    def went_out(self) -> int | None:
        return self.amount if self.kind in OUTS else None

    @property
    def change(self) -> int:
        if self.struck:
            return 0
        return -self.amount if self.kind in OUTS else self.amount


@dataclass(frozen=True, slots=True)
class MonthOfBook:
    month: Month
    lines: list[Line]
    opening: int
    closing: int

    @property
    def came_in(self) -> int:
        return sum(one.amount for one in self.lines if one.kind in INS and not one.struck)

    @property
    def went_out(self) -> int:
        return sum(one.amount for one in self.lines if one.kind in OUTS and not one.struck)


@dataclass(frozen=True, slots=True)
class Book:
    """A span of the book, start inclusive and end exclusive. All amounts are whole đồng."""

    unit: Unit
    starts_on: datetime.date
    ends_on: datetime.date
    opening: int
    lines: list[Line]
    by_kind: dict[Kind, int]  # as the database adds them
    closing_by_kinds: int = field(default=0)

    @property
    def carried(self) -> int:
        """An opening balance written within the span."""
        return self.by_kind.get(Kind.OPENING, 0)

    @property
    def came_in(self) -> int:
        return sum(self.by_kind.get(kind, 0) for kind in INS)

    @property
    def went_out(self) -> int:
        return sum(self.by_kind.get(kind, 0) for kind in OUTS)

    @property
    def closing(self) -> int:
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def is_checked(self) -> bool:
        """Both ways of adding agree: the lines, the kinds, and the balance of everything up to the end."""
        by_lines = Counter()
        for one in self.lines:
            if not one.struck:
                by_lines[one.kind] += one.amount
        agree = {kind: total for kind, total in self.by_kind.items() if total} == dict(by_lines)
        moved = self.carried + self.came_in - self.went_out
        return agree and self.closing == self.opening + moved == self.closing_by_kinds

    @property
    def lowest(self) -> Line | None:
        """The first line after which the fund is below nothing."""
        return next((one for one in self.lines if one.balance < 0), None)

    def months(self) -> list[MonthOfBook]:
        found, opening = [], self.opening
        for month, lines in groupby(self.lines, lambda one: first_of(one.day)):
            lines = list(lines)
            found.append(MonthOfBook(month, lines, opening, lines[-1].balance))
            opening = lines[-1].balance
        return found


def book(unit: Unit, starts_on: datetime.date, ends_on: datetime.date) -> Book:
    """The book over a span of days. Seven queries whatever its length."""
    opening = balance(sums(unit, before=starts_on))
    lines, at = [], opening
    for one in sorted(_lines(unit, starts_on, ends_on), key=lambda one: (one.day, ORDER[one.kind], one.key)):
        at += one.change
        lines.append(replace(one, balance=at))
    by_kind = sums(unit, since=starts_on, before=ends_on)
    return Book(unit, starts_on, ends_on, opening, lines, by_kind, balance(sums(unit, before=ends_on)))


def book_of_year(unit: Unit, year: int) -> Book:
    return book(unit, datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1))


def balance(by_kind: dict[Kind, int]) -> int:
    """What these sums leave in the fund; below nothing when more went out."""
    came = sum(total for kind, total in by_kind.items() if kind not in OUTS)
    return came - sum(total for kind, total in by_kind.items() if kind in OUTS)


def sums(unit: Unit, *, before: datetime.date, since: datetime.date | None = None) -> dict[Kind, int]:
    """{kind: đồng} of what stands, added by the database. One query."""

    def within(rows, name: str):
        rows = rows.filter(**{f"{name}__lt": before})
        return rows.filter(**{f"{name}__gte": since}) if since else rows

    found = dict.fromkeys(Kind, 0)
    entries = within(FundEntry.objects.standing().filter(unit=unit), "dated_on")
    # Added over the payments and not over the receipts' own totals: a receipt that lied would be found out.
    paid = within(DuesPayment.objects.standing().filter(unit=unit), "receipt__paid_on")
    up = within(Remittance.objects.filter(unit=unit, state__in=Remittance.STANDING), "handed_on")
    below = within(Remittance.objects.filter(superior=unit, state=State.ACCEPTED), "answered_on")
    named = ((Kind.DUES, paid), (Kind.UP, up), (Kind.BELOW, below))
    parts = [rows.order_by().annotate(of=Value(kind.value)).values_list("of") for kind, rows in named]
    parts = [rows.annotate(total=Sum("amount")) for rows in parts]
    by_hand = entries.order_by().annotate(of=F("kind")).values_list("of").annotate(total=Sum("amount"))
    found |= {Kind(kind): total or 0 for kind, total in by_hand.union(*parts, all=True)}
    return found


def _lines(unit: Unit, since: datetime.date, before: datetime.date):
    """Every line of the span, taken back or not. Four queries."""
    entries = FundEntry.objects.filter(unit=unit, dated_on__gte=since, dated_on__lt=before)
    for one in entries.select_related("activity"):
        about = f" (hoạt động “{one.activity.title}”)" if one.activity else ""
        yield Line(
            one.dated_on, Kind(one.kind), one.pk, one.amount, KIND_WORDS[Kind(one.kind)], f"{one.text}{about}",
            one.counterpart, one.document, one.reverse_reason,
        )  # fmt: skip
    receipts = DuesReceipt.objects.filter(unit=unit, paid_on__gte=since, paid_on__lt=before)
    counts = {"months": Count("payments"), "people": Count("payments__member", distinct=True),
              "inherited": Count("payments__owed_to")}  # fmt: skip
    for one in receipts.annotate(**counts):
        words = f"Thu đoàn phí {one.months} tháng của {one.people} đoàn viên"
        if one.inherited:
            words = f"{words}, trong đó {one.inherited} tháng nợ của đơn vị đã kết thúc"
        number = f"Phiếu thu {one.number}/{one.year}"
        yield Line(one.paid_on, Kind.DUES, one.pk, one.total, words, document=number, struck=one.reverse_reason)
    handed = Q(unit=unit, handed_on__gte=since, handed_on__lt=before)
    for one in Remittance.objects.filter(handed):
        struck = "" if one.state in Remittance.STANDING else f"{one.get_state_display()}: {one.answer}"
        words = f"Trích nộp đoàn phí lên {one.superior_name}"
        waits = " (chờ nhận)" if one.state == State.SENT else ""
        number = f"Phiếu nộp {one.number}/{one.year}"
        yield Line(one.handed_on, Kind.UP, one.pk, one.amount, f"{words}{waits}", document=number, struck=struck)
    accepted = Q(superior=unit, state=State.ACCEPTED, answered_on__gte=since, answered_on__lt=before)
    for one in Remittance.objects.filter(accepted).select_related("unit"):
        words = f"Nhận trích nộp đoàn phí của {one.unit.name}"
        number = f"Phiếu nộp {one.number}/{one.year}"
        yield Line(one.answered_on, Kind.BELOW, one.pk, one.amount, words, document=number)


@transaction.atomic
def write_entry(
    *,
    unit: Unit,
    kind: str,
    dated_on: datetime.date,
    amount: int,
    text: str,
    counterpart: str = "",
    document: str = "",
    activity: Activity | None = None,
    by,
    on: datetime.date,
) -> tuple[FundEntry, str]:
    """Write a line by hand: (the line, a warning or ""). A fund below nothing is warned about, not refused."""
    unit = lock_living(unit)
    errors = {}
    text = nfc(text).strip()
    if kind not in Entry.values:
        errors["kind"] = "Hãy chọn thu, chi hoặc số dư mang sang."
    if amount is None or amount <= 0:
        errors["amount"] = "Hãy ghi số tiền lớn hơn 0."
    if dated_on > on:
        errors["dated_on"] = "Ngày này chưa đến. Hãy ghi ngày đã thu, chi."
    if kind != Entry.OPENING and not text:
        errors["text"] = "Hãy ghi nội dung thu, chi."
    if activity is not None and activity.unit_id != unit.pk:
        errors["activity"] = "Hãy chọn một hoạt động của đơn vị."
    if errors:
        raise DuesRefused(errors)
    if kind == Entry.OPENING:
        _refuse_opening(unit, dated_on)
    else:
        refuse_before_opening(unit, dated_on, "dated_on")
    entry = FundEntry.objects.create(
        unit=unit,
        kind=kind,
        dated_on=dated_on,
        amount=amount,
        text=text or KIND_WORDS[Kind.OPENING],
        counterpart=nfc(counterpart).strip(),
        document=nfc(document).strip(),
        activity=activity,
        written_by=by,
    )
    if kind == Entry.OPENING:
        feed_months(unit, on=on)  # dues are kept from now on, whether somebody pays or not
    return entry, below_nothing(unit, dated_on, on)


def _refuse_opening(unit: Unit, dated_on: datetime.date) -> None:
    standing = FundEntry.objects.standing().filter(unit=unit)
    if opened := standing.filter(kind=Entry.OPENING).first():
        said = f"Sổ đã có số dư mang sang ngày {day(opened.dated_on)}. Nếu ghi sai, hãy hủy dòng đó."
        raise DuesRefused({"kind": said})
    earlier = [
        *standing.filter(dated_on__lt=dated_on).values_list("dated_on", flat=True)[:1],
        *DuesReceipt.objects.standing().filter(unit=unit, paid_on__lt=dated_on).values_list("paid_on", flat=True)[:1],
        *Remittance.objects.filter(unit=unit, state__in=Remittance.STANDING, handed_on__lt=dated_on)
        .values_list("handed_on", flat=True)[:1],
        *Remittance.objects.filter(superior=unit, state=State.ACCEPTED, answered_on__lt=dated_on)
        .values_list("answered_on", flat=True)[:1],
    ]  # fmt: skip
    if earlier:
        raise DuesRefused(
            {"dated_on": f"Sổ đã có dòng ngày {day(min(earlier))}. Hãy ghi số dư mang sang từ ngày đó trở về trước."}
        )


def below_nothing(unit: Unit, since: datetime.date, on: datetime.date) -> str:
    """A warning where the fund is below nothing on some day from `since` to today, else ""."""
    found = book(unit, since, on + datetime.timedelta(days=1)).lowest
    if found is None:
        return ""
    return f"Từ {day(found.day)} sổ quỹ âm {dong(-found.balance)}: chi nhiều hơn số có. Hãy xem lại các dòng thu, chi."


@transaction.atomic
def take_back_entry(*, entry: FundEntry, why: str, by, on: datetime.date) -> FundEntry:
    """The line was a mistake: it stays in the book, struck through, with the reason."""
    lock_living(entry.unit)
    entry = FundEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.reversed_on:
        raise DuesRefused({"": f"Dòng này đã hủy ngày {day(entry.reversed_on)}."})
    why = nfc(why).strip()
    if not why:
        raise DuesRefused({"why": "Hãy ghi vì sao hủy."})
    entry.reversed_on, entry.reversed_by, entry.reverse_reason = on, by, why
    entry.save()
    if entry.kind == Entry.OPENING:
        feed_months(entry.unit, on=on)
    return entry


# --- a unit that ends ---------------------------------------------------------------------------------


def hand_over(unit: Unit, to: Unit, *, on: datetime.date, by) -> int:
    """Bring the balance of the fund of `unit` to that of `to`; how many đồng went, below nothing for a debt.

    Dated the day the unit ends, or the day of its last line where that is later. Nothing is written twice: the
    balance is nothing afterwards. For verbs that hold both units.
    """
    left = balance(sums(unit, before=datetime.date.max))
    if left == 0:
        return 0
    dated_on = max([on, *last_days(unit, to)])
    out, back = (Entry.EXPENSE, Entry.INCOME) if left > 0 else (Entry.INCOME, Entry.EXPENSE)
    for one, other, kind, words in (
        (unit, to, out, f"Bàn giao quỹ cho {to.name}"),
        (to, unit, back, f"Nhận bàn giao quỹ của {unit.name}"),
    ):
        FundEntry.objects.create(
            unit=one, kind=kind, dated_on=dated_on, amount=abs(left), text=words[:200], counterpart=other.name[:120],
            written_by=by,
        )  # fmt: skip
    return left


def last_days(unit: Unit, to: Unit) -> list[datetime.date]:
    """The last line of the book that ends, and the opening of the one that goes on: nothing is written before it."""
    last = [
        FundEntry.objects.standing().filter(unit=unit).aggregate(last=Max("dated_on")),
        DuesReceipt.objects.standing().filter(unit=unit).aggregate(last=Max("paid_on")),
        Remittance.objects.filter(unit=unit, state__in=Remittance.STANDING).aggregate(last=Max("handed_on")),
        Remittance.objects.filter(superior=unit, state=State.ACCEPTED).aggregate(last=Max("answered_on")),
        FundEntry.objects.standing().filter(unit=to, kind=Entry.OPENING).aggregate(last=Max("dated_on")),
    ]
    return [one["last"] for one in last if one["last"]]
