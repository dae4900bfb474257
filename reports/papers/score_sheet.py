"""PHIẾU CHẤM ĐIỂM THI ĐUA: one unit's sheet with the points of both sides and, line by line, how they came about.

Printed from what its page shows: a unit that reads no points of its superior yet gets a blank column to fill by hand.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from branches.formats import day, number, small
from reports.emulation.reading import LineView, SheetView
from reports.emulation.scoring import Total
from reports.models import EmulationRanking, ScoreSheet
from reports.templatetags.papers import ended, tied

from .filled import filled
from .layout import Layout, Signature, names_on, paper_of

SIGNED = "(Ký, ghi rõ họ tên)"
NO_POINTS = "-"


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One criterion as printed; `why` are the paragraphs of its last cell."""

    number: str
    text: str
    most: str
    own: str
    given: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    name: str
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True, slots=True)
class Signers:
    signers: tuple[tuple[tuple[str, ...], str, str], ...]


def score_sheet_html(
    sheet: ScoreSheet, view: SheetView, *, on: datetime.date, published: EmulationRanking | None
) -> tuple[str, Layout]:
    """The sheet as its reader sees it in `view`. `on` is today; the paper is dated and signed by hand."""
    own, above = names_on(sheet.unit, on), names_on(sheet.set.unit, on)
    paper = paper_of(
        unit=sheet.unit,
        on=on,
        kind="Phiếu",
        kind_code="P",
        abstract=("Chấm điểm thi đua", small(sheet.set.period.name)),
        signature=Signature("", ""),
        recipients=(above.unit, f"Lưu {own.unit}"),
        names=own,
    )
    about = [sheet.set.name] + ([sheet.cluster.name] if sheet.cluster else [])
    if sheet.set.source:
        about.append(f"căn cứ {sheet.set.source}")
    if published:
        edition = f", bản {published.edition}" if published.edition > 1 else ""
        about.append(f"công bố ngày {day(published.published_on)}{edition}")
    groups = [
        PrintedGroup(
            f"{one.group.number}. {one.group.text}",
            tuple(_line(row, shows=view.given is not None) for row in one.lines),
        )
        for one in view.groups
    ]
    sums = [_sum("Đơn vị tự chấm", view.own)]
    sums.append(_sum("Đoàn cấp trên chấm", view.given) if view.given else "Đoàn cấp trên chấm: ………… điểm")
    signers = (
        (("ĐƠN VỊ TỰ CHẤM", own.unit), SIGNED, ""),
        (("ĐOÀN CẤP TRÊN CHẤM", above.unit), SIGNED, ""),
    )
    return filled(
        "papers/score_sheet.html",
        paper,
        about=tied(ended("; ".join(about), "")),
        groups=groups,
        sums=[tied(ended(one, "")) for one in sums],
        total=f"Tổng điểm của bộ tiêu chí: {number(sheet.set.total_points)} điểm.",
        made=Signers(signers),
    )


def _line(row: LineView, *, shows: bool) -> PrintedLine:
    criterion, line = row.criterion, row.line
    own = line.self_points if line else None
    given = "" if not shows else NO_POINTS if row.given is None else number(row.given)
    most = f"{'-' if criterion.kind == criterion.Kind.DEDUCTION else ''}{number(criterion.points)}"
    return PrintedLine(
        criterion.number, criterion.text, most, NO_POINTS if own is None else number(own), given, tuple(_why(row))
    )


def _why(row: LineView) -> Iterable[str]:
    """The unit's word and what it shows for it, the superior's word; each once."""
    line = row.line
    if line and line.self_note:
        yield f"Đơn vị: {line.self_note}"
    proofs = list(_proofs(row))
    if proofs:
        yield "Minh chứng:"
        yield from (f"{place}. {words}" for place, words in enumerate(proofs, start=1))
    if row.given_words and row.given_words != row.figures.words and not row.given_source:
        yield f"Cách chấm: {row.given_words}"
    if row.given_note:
        yield f"Đoàn cấp trên: {row.given_note}"


def _proofs(row: LineView) -> Iterable[str]:
    """The figure with its source, as it was when points were given by it, then what the unit shows."""
    if row.given_source:
        yield f"Số liệu: {row.given_words}, theo {row.given_source}"
    elif row.figures.points is not None:
        yield f"Số liệu: {row.figures.words}" + (f", theo {row.figures.source}" if row.figures.source else "")
    yield from (piece.words for piece in row.evidence)


def _sum(who: str, total: Total) -> str:
    """ "Đơn vị tự chấm: 45 + 38 = 83 điểm"; how many lines are still open."""
    rest = f", còn {total.missing} mục chưa chấm" if total.missing else ""
    return f"{who}: {total.words} = {number(total.points)} điểm{rest}"
