"""Verbs on the hand-over slip: what was received goes up in part, is accepted or comes back, and never goes twice.

Every payment, and every slip accepted from below, is tied to the slip it went up with. A slip that came
back or was withdrawn lets them go, so that the next one carries them.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, Sum, Value

from branches.formats import day, dong
from branches.heirs import heir_of, left_to
from branches.models import DuesPayment, Period, Remittance, Unit
from branches.periods import write_period
from branches.vietnamese import nfc

from .fund import hand_over
from .months import DuesRefused, first_of, step
from .owing import SUB_BRANCH
from .paying import lock, lock_living, next_number, refuse_before_opening
from .rates import Rates, load_rates

State = Remittance.State
QUARTERS_BACK, MONTHS_BACK = 5, 3
ANSWERED = {State.ACCEPTED: "Cấp trên đã nhận", State.RETURNED: "Cấp trên đã trả lại", State.WITHDRAWN: "Phiếu đã rút"}


@dataclass(frozen=True, slots=True)
class Split:
    """What was received, what goes up and what stays. Whole đồng; the part that goes up is rounded down."""

    received: int
    amount: int
    share: tuple[int, int]
    months: int = 0
    slips: int = 0

    @property
    def kept(self) -> int:
        return self.received - self.amount

    @property
    def share_words(self) -> str:
        return f"{self.share[0]}/{self.share[1]}"

    @property
    def is_rounded(self) -> bool:
        return self.received * self.share[0] % self.share[1] != 0

    @property
    def words(self) -> str:
        """ "90.000 đồng đã thu; nộp 30.000 đồng; giữ lại 60.000 đồng"."""
        return f"{dong(self.received)} đã thu; nộp {dong(self.amount)}; giữ lại {dong(self.kept)}"

    @property
    def rounding_words(self) -> str:
        if self.is_rounded:
            return f"Nộp {self.share_words} số đã thu, phần lẻ dưới một đồng bỏ đi và để lại đơn vị."
        return f"Nộp {self.share_words} số đã thu, chia vừa hết, không phải làm tròn."


def split(received: int, *, rates: Rates, on: datetime.date, months: int = 0, slips: int = 0) -> Split:
    """By the share in force on the day; 100 đồng at one third: 33 go up, 67 stay."""
    part, whole = rates.share_up(on)
    return Split(received, received * part // whole, (part, whole), months, slips)


def split_of(slip: Remittance) -> Split:
    """The figures on the slip as they were written, with the share of its day. Three queries."""
    brought = slip.brought.aggregate(n=Count("pk"))["n"]
    months = slip.payments.aggregate(n=Count("pk"))["n"]
    return Split(slip.received, slip.amount, load_rates().share_up(slip.handed_on), months, brought)


def _free(unit: Unit, up_to: datetime.date):
    payments = DuesPayment.objects.standing().filter(remittance=None, receipt__paid_on__lte=up_to)
    slips = Remittance.objects.filter(state=State.ACCEPTED, passed_on=None, answered_on__lte=up_to)
    return payments.filter(held_by(unit, "unit")), slips.filter(held_by(unit, "superior"))


def held_by(unit: Unit, to_unit: str) -> Q:
    """Rows of the unit and of those that ended and whose heir it is.

    Money that such a unit received and did not hand over is handed over by the one that took its place.
    """
    return Q(**{to_unit: unit.pk}) | Q(**{f"{to_unit}__in": left_to([unit.pk])})


def unremitted(unit: Unit, *, up_to: datetime.date, on: datetime.date, rates: Rates | None = None) -> Split:
    """What was received up to the day and stands on no slip yet. Two queries, one where the rates are given."""
    months, slips = (
        rows.order_by().annotate(of=Value(place)).values_list("of").annotate(total=Sum("amount"), n=Count("pk"))
        for place, rows in enumerate(_free(unit, up_to))
    )
    found = {of: (total or 0, count) for of, total, count in months.union(slips, all=True)}
    own, below = found.get(0, (0, 0)), found.get(1, (0, 0))
    return split(own[0] + below[0], rates=rates or load_rates(), on=on, months=own[1], slips=below[1])


def spans_offered(on: datetime.date) -> list[Period]:
    """The spans a slip may answer for: quarters up to the running one, newest first, and the last months."""
    first = first_of(on)
    starts = [step(first, -3 * place) for place in range(QUARTERS_BACK)]
    quarters = [Period.of_quarter(one.year, (one.month + 2) // 3) for one in starts]
    months = [step(first, -place) for place in range(MONTHS_BACK)]
    return [*quarters, *(Period.of_month(one.year, one.month) for one in months)]


def span_wanted(unit: Unit, on: datetime.date) -> Period:
    """The oldest quarter of those offered that is over and has no standing slip, else the running one. One query."""
    quarters = [one for one in spans_offered(on) if one.kind == Period.Kind.QUARTER]
    said = set(
        Remittance.objects.filter(unit=unit, state__in=Remittance.STANDING, starts_on__gte=quarters[-1].starts_on)
        .values_list("starts_on", "ends_on")
    )  # fmt: skip
    over = [one for one in quarters if one.ends_on <= on and (one.starts_on, one.ends_on) not in said]
    # Older quarters than the last one are only wanted where the unit has begun to hand over here.
    older = [one for one in over if any(start < one.starts_on for start, _ in said)]
    if older:
        return older[-1]
    return over[0] if over and over[0] == quarters[1] else quarters[0]


def read_span(value: str, on: datetime.date) -> Period | None:
    return next((one for one in spans_offered(on) if write_period(one) == value), None)


@transaction.atomic
def remit(
    *,
    unit: Unit,
    span: Period,
    up_to: datetime.date,
    handed_on: datetime.date,
    said: int,
    superior_name: str = "",
    by,
    on: datetime.date,
) -> Remittance:
    """Hand over the part of everything received up to the day that stands on no slip yet.

    `said` is the amount that the page showed; when it is no longer that, nothing is written. The superior
    is that of today's tree; where there is none here, `superior_name` says who it is.
    """
    unit = lock_living(unit)
    if unit.kind == SUB_BRANCH:
        raise DuesRefused({"": "Đoàn phí của phân đoàn do chi đoàn thu và nộp."})
    errors = {}
    if handed_on > on:
        errors["handed_on"] = "Ngày này chưa đến. Hãy ghi ngày đã nộp."
    if up_to > handed_on:
        errors["up_to"] = "Hãy ghi ngày không sau ngày nộp."
    superior = Unit.objects.filter(pk=unit.superior_pk).first() if unit.superior_pk else None
    name = superior.name if superior else nfc(superior_name).strip()
    if not name:
        errors["superior_name"] = "Hãy ghi nơi nhận."
    if errors:
        raise DuesRefused(errors)
    refuse_before_opening(unit, handed_on, "handed_on")
    held = unremitted(unit, up_to=up_to, on=handed_on)
    if held.received == 0:
        raise DuesRefused({"": f"Đến {day(up_to)} chưa có khoản nào phải nộp."})
    if held.amount != said:
        raise DuesRefused({"": f"Số đã thu vừa thay đổi: {held.words}. Hãy xem lại rồi gửi."})
    slip = Remittance.objects.create(
        unit=unit,
        superior=superior,
        superior_name=name,
        year=handed_on.year,
        number=next_number(Remittance, unit, handed_on.year),
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        received=held.received,
        amount=held.amount,
        handed_on=handed_on,
        handed_by=by,
    )
    payments, slips = _free(unit, up_to)
    payments.update(remittance=slip)
    slips.update(passed_on=slip)
    # A slip from below may have been accepted between the sum and the tie: the sum counts what was tied.
    tied = (slip.payments.aggregate(s=Sum("amount"))["s"] or 0) + (slip.brought.aggregate(s=Sum("amount"))["s"] or 0)
    if tied != slip.received:
        raise DuesRefused({"": "Vừa có thêm khoản thu. Chưa gửi gì; hãy xem lại số tiền rồi gửi."})
    return slip


def settle(unit: Unit, superior: Unit, *, on: datetime.date, by) -> Remittance | None:
    """The last slip of a unit that ends and whose books go to its superior: all that stands on no slip, accepted.

    Without it the superior would hold the whole as if it had come from members. For verbs that hold both units.
    """
    held = unremitted(unit, up_to=datetime.date.max, on=on)
    if held.received == 0:
        return None
    span = Period.of_quarter(on.year, (on.month + 2) // 3)
    slip = Remittance.objects.create(
        unit=unit, superior=superior, superior_name=superior.name, year=on.year,
        number=next_number(Remittance, unit, on.year), starts_on=span.starts_on, ends_on=span.ends_on,
        received=held.received, amount=held.amount, handed_on=on, handed_by=by, state=State.ACCEPTED, answered_on=on,
        answered_by=by, answer="Quyết toán khi đơn vị kết thúc",
    )  # fmt: skip
    payments, slips = _free(unit, datetime.date.max)
    payments.update(remittance=slip)
    slips.update(passed_on=slip)
    return slip


@transaction.atomic
def accept(*, slip: Remittance, version: int, note: str = "", by, on: datetime.date) -> Remittance:
    """The superior has the money in hand. Of two who answer at once the first is heard."""
    slip = _open(slip)
    return _answer(slip, version, State.ACCEPTED, by=by, on=on, answer=note)


@transaction.atomic
def send_back(*, slip: Remittance, version: int, why: str, by, on: datetime.date) -> Remittance:
    """The superior does not take it, and says why; the money is unremitted again."""
    slip = _open(slip)
    if not why.strip():
        raise DuesRefused({"why": "Hãy ghi lý do trả lại, để đơn vị nộp biết cần làm gì."})
    return _let_go(slip, version, State.RETURNED, by=by, on=on, answer=why)


@transaction.atomic
def withdraw(*, slip: Remittance, version: int, why: str, by, on: datetime.date) -> Remittance:
    """The unit takes its slip back while nobody has answered."""
    slip = _open(slip)
    if not why.strip():
        raise DuesRefused({"why": "Hãy ghi lý do rút."})
    return _let_go(slip, version, State.WITHDRAWN, by=by, on=on, answer=why)


def _open(slip: Remittance) -> Remittance:
    lock(slip.unit)
    slip = Remittance.objects.select_for_update().get(pk=slip.pk)
    if slip.state != State.SENT:
        raise DuesRefused({"": f"{ANSWERED[slip.state]} ngày {day(slip.answered_on)}. Không đổi gì nữa."})
    return slip


def _answer(slip: Remittance, version: int, state: str, *, by, on: datetime.date, answer: str) -> Remittance:
    slip.claim(version)
    slip.state, slip.answered_on, slip.answered_by, slip.answer = state, on, by, nfc(answer).strip()
    slip.save()
    return slip


def _let_go(slip: Remittance, version: int, state: str, *, by, on: datetime.date, answer: str) -> Remittance:
    """The money is unremitted again; of a unit that ended meanwhile it goes to its heir, not into a closed book."""
    heir = heir_of(slip.unit)
    if heir and heir.pk == slip.superior_id:
        said = f"{slip.unit.name} đã kết thúc và bàn giao sổ quỹ cho {heir.name}: không còn nơi để trả lại. Hãy nhận."
        raise DuesRefused({"": said})
    slip = _answer(slip, version, state, by=by, on=on, answer=answer)
    slip.payments.update(remittance=None)
    slip.brought.update(passed_on=None)
    if heir:
        hand_over(slip.unit, lock(heir), on=on, by=by)
    return slip
