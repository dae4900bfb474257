"""The layout of a paper: head, date line, signature and recipients, and the dated values behind them.

Sizes and margins are data, not code: the rule "paper_layout" (migration reports 0002) has one row per
span of days, and a paper takes the row of its own day. What is missing on a paper prints as a dotted
blank to be filled by hand. Nothing here draws a seal, a signature or a confirmation.
"""

import dataclasses
import datetime
import unicodedata
from dataclasses import dataclass

from django.db.models import Q

from branches.formats import paper_day
from branches.models import Placement, Rule, Unit
from branches.restructuring import name_on, old_name
from branches.vietnamese import nfc

from .sheet import Layout
from .widths import MM_OF_A_POINT, broken, capitals, italic_em, width_mm

RULE = "paper_layout"
DOTS = "……"
NO_DATE = "ngày …… tháng …… năm ………"
NO_BREAK = "\xa0"

PAPER_WIDTH_MM = 210
UNIT_CELL_MM = 78  # the left block of the head with the space beside it, as in paper.css


def layout_on(day: datetime.date, *, one_sheet: bool = False) -> Layout:
    """The layout in force on the day; the earliest one for a day before any. One query.

    `one_sheet` gives the tighter values of a paper that has to stay on one page.
    """
    rows = Rule.objects.filter(key=RULE)
    value = (
        rows.filter(valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gt=day))
        .order_by("-valid_from", "-pk")
        .values_list("value", flat=True)
        .first()
    ) or rows.order_by("valid_from", "pk").values_list("value", flat=True)[0]
    values = {**value, **(value["one_sheet"] if one_sheet else {})}
    names = [field.name for field in dataclasses.fields(Layout)]
    sides = {name: tuple(values[name]) for name in ("margins_mm", "annex_margins_mm")}
    return Layout(**{name: values[name] for name in names} | sides)


@dataclass(frozen=True, slots=True)
class Head:
    """The two blocks on top of the first page, in the lines in which they are printed."""

    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    is_long: bool
    header: str
    number: str
    dateline: str
    dateline_fit: str = ""  # "", "tight", "tighter" or "wrapped": see dateline_fit()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs. An empty name is a dotted line; nothing is ever signed here."""

    capacity: str
    post: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything around the text of a paper. `title` and `author` become the metadata of the file."""

    layout: Layout
    head: Head
    kind: str
    abstract: tuple[str, ...]
    signature: Signature
    recipients: tuple[str, ...]
    needs_confirmation: bool = False
    is_one_sheet: bool = False
    addressee: str = ""
    title: str = ""
    author: str = ""
    unit_key: int = 0  # the unit that issues it, and
    on: datetime.date | None = None  # the day whose rules and templates it follows


def paper_of(
    *,
    unit: Unit,
    on: datetime.date,
    kind: str,
    kind_code: str,
    abstract: tuple[str, ...],
    signature: Signature,
    number: str = "",
    dated_on: datetime.date | None = None,
    recipients: tuple[str, ...] = (),
    issuer: str = "",
    symbol: str = "",
    needs_confirmation: bool = False,
    is_one_sheet: bool = False,
    addressee: str = "",
    names: "Names | None" = None,
) -> Paper:
    """Lay out a paper of `unit` as of the day `on` (its date, or the day it is printed while undated).

    The superior and both names are those of that day. `kind` is the word ("Báo cáo"), `kind_code` its
    sign in the number ("BC"), `symbol` the sign of the issuing body when it is not the unit's own
    document code, `issuer` its name when it is not the unit itself ("Ủy ban Kiểm tra …").
    Three queries, one when the caller knows the `names` already.
    """
    layout = layout_on(on, one_sheet=is_one_sheet)
    names = names or names_on(unit, on)
    author, above = names.unit, names.superior_unit
    unit_lines = _lines(unit, names.unit if unit.is_branch else f"BCH {names.unit}", names, layout, bold=True)
    superior_lines = _lines(above, names.superior, names, layout, bold=False) if above else ()
    if issuer:
        unit_lines, author = broken(issuer, layout.unit_block_mm, layout.unit_pt, bold=True), issuer
    lines = len(unit_lines) + len(superior_lines)
    widest = max((width_mm(line, layout.unit_pt, bold=True) for line in unit_lines), default=0)
    date = dateline(unit.place, dated_on)
    fit = dateline_fit(date, layout)
    head = Head(
        superior=superior_lines,
        issuer=unit_lines,
        is_long=lines > 5 or widest > layout.unit_block_mm,
        header=layout.header,
        number=number_line(number, kind_code, symbol or unit.document_code),
        # One that needs two lines breaks after the place, never within the day.
        dateline=dateline(unit.place, dated_on, tied_day=True) if fit == "wrapped" else date,
        dateline_fit=fit,
    )
    title = " ".join(
        [kind[:1].upper() + kind[1:], *(part[:1].lower() + part[1:] for part in abstract[:1]), *abstract[1:]]
    )
    return Paper(
        layout=layout,
        head=head,
        kind=capitals(kind),
        abstract=abstract,
        signature=signature,
        recipients=tuple(recipients) or (f"Lưu {unit.get_kind_display()}",),
        needs_confirmation=needs_confirmation,
        is_one_sheet=is_one_sheet,
        addressee=addressee,
        title=title,
        author=author,
        unit_key=unit.pk,
        on=on,
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What the unit and its superior were called on a day, and who the superior was."""

    unit: str
    superior: str
    superior_unit: Unit | None
    renamed: frozenset[int]


def names_on(unit: Unit, on: datetime.date) -> Names:
    """The names a paper of this day carries. One query, two for a unit that stood nowhere on the day."""
    placement = (
        Placement.objects.filter(unit=unit, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .select_related("superior")
        .annotate(unit_then=old_name("unit", on), superior_then=old_name("superior", on))
        .order_by("-starts_on", "-pk")
        .first()
    )
    if placement is None:
        then = name_on(unit, on)
        return Names(then, "", None, frozenset({unit.pk} if then != unit.name else ()))
    superior = placement.superior
    others = {unit.pk: placement.unit_then, placement.superior_id: placement.superior_then}
    return Names(
        unit=placement.unit_then or unit.name,
        superior=(placement.superior_then or superior.name) if superior else "",
        superior_unit=superior,
        renamed=frozenset(pk for pk, then in others.items() if then),
    )


def _lines(unit: Unit, name: str, names: Names, layout: Layout, *, bold: bool) -> tuple[str, ...]:
    """The lines a person stored for this name, else the automatic break."""
    stored = () if unit.pk in names.renamed else _stored_lines(unit)
    return stored or broken(name, layout.unit_block_mm, layout.unit_pt, bold=bold)


def _stored_lines(unit: Unit) -> tuple[str, ...]:
    return tuple(capitals(line) for line in unit.printed_lines.splitlines() if line.strip())


def number_line(number: str, kind_code: str, symbol: str) -> str:
    """ "Số: 01-BC/CĐ"; without a number the sign stays and the number is a blank to fill by hand.

    A number that already carries its own sign ("09-TB/ĐTN-UBKT") is printed as it is.
    """
    number = nfc(number)
    if "/" in number or "-" in number:
        return f"Số: {number}"
    shown = f"0{number}" if number.isdigit() and len(number) == 1 else number or DOTS
    return f"Số: {shown}-{kind_code}/{symbol}"


def dateline(place: str, dated_on: datetime.date | None, *, tied_day: bool = False) -> str:
    """ "An Hòa, ngày 06 tháng 01 năm 2020", with dots for what is not known yet. `tied_day` keeps the day on a line."""
    day = paper_day(dated_on) if dated_on else NO_DATE
    return f"{nfc(place) or '……………'}, {day.replace(' ', NO_BREAK) if tied_day else day}"


def dateline_fit(text: str, layout: Layout) -> str:
    """How the date line is kept inside the right margin: smaller by one or two points, else in two lines.

    A blank to fill by hand is wider than a date, and a long place name wider still.
    """
    room = PAPER_WIDTH_MM - layout.margins_mm[1] - layout.margins_mm[3] - UNIT_CELL_MM
    ems = sum(italic_em(sign) for sign in unicodedata.normalize("NFC", text))
    for smaller, name in ((0, ""), (1, "tight"), (2, "tighter")):
        if ems * (layout.body_pt - smaller) * MM_OF_A_POINT <= room:
            return name
    return "wrapped"


def recipient_lines(text: str) -> tuple[str, ...]:
    """What a person typed, one recipient a line, without the dashes and signs the paper itself sets."""
    lines = (nfc(line).strip("-;. ") for line in text.splitlines())
    return tuple(line for line in lines if line)
