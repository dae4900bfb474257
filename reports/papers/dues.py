"""Papers of dues: the slip of a receipt, the hand-over slip, the fund book of a year; figures as on the page."""

import datetime

from branches.dues.fund import KIND_WORDS, book_of_year
from branches.dues.remitting import split_of
from branches.dues.spelling import money_words
from branches.formats import day
from branches.models import DuesReceipt, Remittance, Unit

from .filled import COMMITTEE, filled
from .layout import Layout, Signature, paper_of

NOBODY = Signature("", "")


def dues_receipt_html(receipt: DuesReceipt, lines: list[dict]) -> tuple[str, Layout]:
    """Phiếu thu: `lines` are those of the page, {member, months, count, amount}."""
    paper = paper_of(
        unit=receipt.unit,
        on=receipt.paid_on,
        kind="Phiếu thu",
        kind_code="PT",
        abstract=("Đoàn phí",),
        signature=NOBODY,
        number=str(receipt.number),
        dated_on=receipt.paid_on,
    )
    return filled(
        "papers/dues_receipt.html", paper, receipt=receipt, lines=lines, words=money_words(receipt.total),
        payer=lines[0]["member"].full_name if len(lines) == 1 else "", writer=str(receipt.written_by),
    )  # fmt: skip


def remittance_html(slip: Remittance, span: str) -> tuple[str, Layout]:
    """Phiếu nộp đoàn phí: what was received, the part that goes up and the part that stays, with the rounding."""
    paper = paper_of(
        unit=slip.unit,
        on=slip.handed_on,
        kind="Phiếu nộp",
        kind_code="PN",
        abstract=(f"Trích nộp đoàn phí {span}",),
        signature=NOBODY,
        number=str(slip.number),
        dated_on=slip.handed_on,
        addressee=slip.superior_name,
    )
    return filled(
        "papers/remittance.html", paper, slip=slip, split=split_of(slip), span=span, words=money_words(slip.amount),
        brought=slip.brought.select_related("unit").order_by("unit__sort_key", "pk"),
        giver=str(slip.handed_by), taker=str(slip.answered_by) if slip.state == slip.State.ACCEPTED else "",
    )  # fmt: skip


def fund_html(unit: Unit, year: int, *, on: datetime.date, may_name: bool) -> tuple[str, Layout]:
    """Sổ quỹ of a year: every line with the balance after it, sums by kind, what is carried over."""
    book = book_of_year(unit, year)
    paper = paper_of(
        unit=unit,
        on=min(on, datetime.date(year, 12, 31)),
        kind="Sổ quỹ",
        kind_code="SQ",
        abstract=(f"Năm {year}",),
        signature=COMMITTEE,
    )
    rows = [
        {
            "day": day(one.day),
            "words": one.typed if may_name and one.typed else one.words,
            "document": one.document if may_name else "",
            "counterpart": one.counterpart if may_name else "",
            "came": one.came_in,
            "went": one.went_out,
            "balance": one.balance,
            "struck": one.struck and (one.struck if may_name else "đã hủy"),
        }
        for one in book.lines
    ]
    kinds = [(KIND_WORDS[kind], total) for kind, total in book.by_kind.items() if total]
    last = min(on, book.ends_on - datetime.timedelta(days=1))
    return filled(
        "papers/fund.html", paper, book=book, rows=rows, kinds=kinds, last=day(last),
        words=money_words(book.closing),
    )  # fmt: skip
