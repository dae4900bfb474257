"""The number register: which number a paper gets, what is kept free, what was left out.

Source of the rules: domain.md 6.3. One counter a type of paper and issuing body, through the term of the unit
on the day of the paper, or anew each year where the unit chose so (NumberSpan). A suffix ("-UBKT") opens no
counter of its own, another body ("UBKT", "ĐKT") does. The row of the book is the lock: two people who ask at
the same moment get two numbers, and a number is part of the transaction that uses it.
"""

import datetime
import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from branches.models import NumberBook, NumberSpan, PaperNumber, Period, Unit
from branches.vietnamese import nfc, plain

UBKT, TEAM, OVERSIGHT = "UBKT", "ĐKT", "ĐGS"
BODY_WORDS = {
    "": "Ban Chấp hành", UBKT: "Ủy ban Kiểm tra", TEAM: "Đoàn kiểm tra", OVERSIGHT: "Đoàn giám sát",
}  # fmt: skip
TYPE_WORDS = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "KL": "Kết luận", "QC": "Quy chế", "HD": "Hướng dẫn",
    "TB": "Thông báo", "BC": "Báo cáo", "KH": "Kế hoạch", "CTr": "Chương trình", "ĐA": "Đề án", "TTr": "Tờ trình",
    "CV": "Công văn", "BB": "Biên bản", "GM": "Giấy mời", "GT": "Giấy giới thiệu",
}  # fmt: skip
LARGEST = 99_999
TYPED = re.compile(r"(\d{1,5})\s*[-–]?\s*([^\W\d_]{1,4})\s*/\s*(\S.*)")
State = PaperNumber.State


class NumberRefused(Exception):
    """The number is not possible. `errors` maps a form field (or None) to a message in Vietnamese."""

    def __init__(self, message: str, field: str | None = "wanted"):
        self.errors = {field: message}
        super().__init__(message)


# --- which book -------------------------------------------------------------------------------------


def span_on(unit: Unit, on: datetime.date) -> str:
    """How the unit counts on the day: by the term, unless it chose the year."""
    rows = NumberSpan.objects.filter(unit=unit, valid_from__lte=on).order_by("-valid_from")
    return rows.values_list("span", flat=True).first() or NumberSpan.Span.TERM


def key_on(unit: Unit, on: datetime.date) -> str:
    """The term of the unit on the day, "NK 2022-2027", where it counts by the term and has one; else the year."""
    if span_on(unit, on) == NumberSpan.Span.TERM:
        term = (
            Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__lte=on, ends_on__gt=on)
            .order_by("-starts_on", "-pk")
            .first()
        )
        if term is not None:
            return f"NK {term.starts_on.year}-{term.last_day.year}"
    return str(on.year)


def symbol_of(number: int, type_code: str, unit: Unit, *, body: str = "", suffix: str = "") -> str:
    """ "02-KH/ĐTN-UBKT": two digits, hyphen before the type, slash before the body."""
    issuer = body or unit.document_code
    return f"{number:02d}-{type_code}/{issuer}{f'-{suffix}' if suffix else ''}"


def next_symbol(unit: Unit, type_code: str, on: datetime.date, *, body: str = "", suffix: str = "") -> str:
    """What the next paper would get, for showing; nothing is taken."""
    book = NumberBook.objects.filter(unit=unit, body=body, type_code=type_code, key=key_on(unit, on)).first()
    return symbol_of((book.last if book else 0) + 1, type_code, unit, body=body, suffix=suffix)


def typed_number(text: str) -> tuple[int, str, str] | None:
    """Number, type and issuer of what a person typed ("15-TB/ĐTN", "20BC/ĐTN", "12 -CTr/ĐK"); None where it is
    none of these."""
    found = TYPED.fullmatch(nfc(text).strip())
    return (int(found[1]), found[2], found[3].replace(" ", "")) if found and int(found[1]) else None


def entry_of(unit: Unit, type_code: str, on: datetime.date, number: int, *, body: str = "") -> PaperNumber | None:
    """Where a number of the day's book stands in the register."""
    rows = PaperNumber.objects.filter(
        book__unit=unit, book__body=body, book__type_code=type_code, book__key=key_on(unit, on), number=number
    )
    return rows.select_related("book").first()


# --- taking, keeping, letting go --------------------------------------------------------------------


def take_number(
    *,
    unit: Unit,
    type_code: str,
    on: datetime.date,
    by,
    about: str,
    body: str = "",
    suffix: str = "",
    wanted: int | None = None,
    reason: str = "",
) -> PaperNumber:
    """The number of a paper dated `on`: the next one of its book, or `wanted`.

    A wanted number may be one that was kept free; one out of turn needs a reason. Call it inside the
    transaction that saves the paper, so that neither is without the other. Raises NumberRefused.
    """
    return _taken(State.USED, unit, type_code, on, by, about, body, suffix, wanted, reason)


def reserve_number(
    *,
    unit: Unit,
    type_code: str,
    on: datetime.date,
    by,
    about: str = "",
    body: str = "",
    suffix: str = "",
    wanted: int | None = None,
    reason: str = "",
) -> PaperNumber:
    """Keep a number free for a paper to come; `take_number(wanted=…)` uses it. Raises NumberRefused."""
    return _taken(State.RESERVED, unit, type_code, on, by, about, body, suffix, wanted, reason)


@transaction.atomic
def _taken(state, unit, type_code, on, by, about, body, suffix, wanted, reason) -> PaperNumber:
    book = _locked_book(unit, body, type_code, key_on(unit, on))
    reason, about = nfc(reason).strip(), nfc(about).strip()[:300]
    number = book.last + 1 if wanted is None else wanted
    if not 0 < number <= LARGEST:
        raise NumberRefused(f"Hãy ghi số từ 1 đến {LARGEST}.")
    held = PaperNumber.objects.filter(book=book, number=number).first()
    if held is not None:
        return _used(held, book, state, on, by, about)
    if number == book.last + 1:
        reason = ""  # in turn there is nothing to explain
    elif not reason:
        said = f"Số tiếp theo trong sổ là {book.last + 1:02d}. Hãy ghi lý do lấy số {number:02d}."
        raise NumberRefused(said, "number_reason")
    if number > book.last:
        book.last = number
        book.save(update_fields=["last"])
    return PaperNumber.objects.create(
        book=book, number=number, state=state, about=about, dated_on=on, reason=reason, taken_by=by,
        symbol=symbol_of(number, type_code, unit, body=body, suffix=suffix),
    )  # fmt: skip


def _used(held: PaperNumber, book: NumberBook, state: str, on, by, about) -> PaperNumber:
    """A number kept free goes to the paper it was kept for; any other is gone."""
    if held.state != State.RESERVED or state != State.USED:
        what = f": {held.about}" if held.about else ""
        said = f"Số {held.symbol} {held.get_state_display().lower()}{what}"
        raise NumberRefused(f"{said}. Số tiếp theo trong sổ là {book.last + 1:02d}.")
    held.state, held.dated_on, held.taken_by = State.USED, on, by
    held.about = about or held.about
    held.save()
    return held


def _locked_book(unit: Unit, body: str, type_code: str, key: str) -> NumberBook:
    """The book, begun if it is not, held until the transaction ends."""
    names = {"unit": unit, "body": body, "type_code": type_code, "key": key}
    NumberBook.objects.get_or_create(**names)
    return NumberBook.objects.select_for_update(no_key=True).get(**names)


@transaction.atomic
def release_number(*, number: PaperNumber, by, reason: str) -> PaperNumber:
    """What was kept free is not needed: it stays in the book as unused, with the reason. Raises NumberRefused."""
    NumberBook.objects.select_for_update(no_key=True).get(pk=number.book_id)
    row = PaperNumber.objects.get(pk=number.pk)
    if row.state != State.RESERVED:
        raise NumberRefused(f"Số {row.symbol} {row.get_state_display().lower()}, không bỏ được.", None)
    if not reason.strip():
        raise NumberRefused("Hãy ghi lý do bỏ số này.", "reason")
    row.state, row.reason, row.taken_by = State.UNUSED, nfc(reason).strip()[:300], by
    row.save()
    return row


@transaction.atomic
def void_number(*, number: PaperNumber, by, reason: str) -> PaperNumber:
    """A number that went out on no paper after all: it stays in the book as unused, with the reason."""
    NumberBook.objects.select_for_update(no_key=True).get(pk=number.book_id)
    row = PaperNumber.objects.get(pk=number.pk)
    row.state, row.reason, row.taken_by = State.UNUSED, nfc(reason).strip()[:300], by
    row.save()
    return row


@transaction.atomic
def choose_span(*, unit: Unit, span: str, by, on: datetime.date) -> NumberSpan:
    """Count by the term or by the year from now on. Where this year has numbers already it begins with the next
    year, so that no number of a year comes twice. Raises NumberRefused."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    has_begun = PaperNumber.objects.filter(book__unit=unit, dated_on__year=on.year).exists()
    valid_from = datetime.date(on.year + 1, 1, 1) if has_begun else datetime.date(on.year, 1, 1)
    last = NumberSpan.objects.filter(unit=unit).order_by("-valid_from").first()
    if (last.span if last else NumberSpan.Span.TERM) == span:
        raise NumberRefused("Đơn vị đang đánh số theo cách này.", "span")
    NumberSpan.objects.filter(unit=unit, valid_from__gte=valid_from).delete()
    return NumberSpan.objects.create(unit=unit, span=span, valid_from=valid_from)


# --- reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookView:
    """A book with what is missing in it: spans of numbers no paper here carries, and how many are kept or unused."""

    book: NumberBook
    used: int
    reserved: int
    unused: int
    gaps: tuple[tuple[int, int], ...]

    @property
    def name(self) -> str:
        return f"{TYPE_WORDS.get(self.book.type_code, self.book.type_code)} ({self.book.type_code})"

    @property
    def body_name(self) -> str:
        return BODY_WORDS.get(self.book.body, self.book.body)

    @property
    def is_whole(self) -> bool:
        return not self.gaps

    @property
    def gap_words(self) -> str:
        """ "1 đến 14, 17"."""
        return ", ".join(f"{first}" if first == last else f"{first} đến {last}" for first, last in self.gaps)


def books_of(user, unit: Unit) -> list[BookView]:
    """Every book of the unit, the newest term or year first. Two queries, whatever the number of books."""
    books = list(NumberBook.objects.visible_to(user).filter(unit=unit).order_by("-key", "body", "type_code", "pk"))
    rows: dict[int, list[tuple[int, str]]] = {}
    for book_pk, number, state in (
        PaperNumber.objects.filter(book__in=books).order_by("number").values_list("book_id", "number", "state")
    ):
        rows.setdefault(book_pk, []).append((number, state))
    return [_view(book, rows.get(book.pk, [])) for book in books]


def _view(book: NumberBook, rows: list[tuple[int, str]]) -> BookView:
    states = [state for _, state in rows]
    return BookView(
        book, states.count(State.USED), states.count(State.RESERVED), states.count(State.UNUSED),
        tuple(gaps([number for number, _ in rows], book.last)),
    )  # fmt: skip


def gaps(numbers: list[int], last: int) -> list[tuple[int, int]]:
    """Runs of numbers from 1 to `last` that are not in the ascending list."""
    found, expected = [], 1
    for number in [*numbers, last + 1]:
        if number > expected:
            found.append((expected, number - 1))
        expected = number + 1
    return found


def numbers_found(user, unit: Unit, *, words: str = "", type_code: str = "", key: str = "", state: str = ""):
    """The numbers of a unit by words of the abstract or symbol (with or without marks), type, term and state."""
    rows = PaperNumber.objects.visible_to(user).filter(book__unit=unit).select_related("book", "taken_by")
    for word in plain(words).split():
        rows = rows.filter(Q(search_text__contains=word))
    wanted = {"book__type_code": type_code, "book__key": key, "state": state}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.order_by("-dated_on", "-book__key", "book__type_code", "-number", "-pk")
