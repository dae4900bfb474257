"""What stands under a filled table: what was typed over and by whom, how many units a sum is of, the signs."""

from collections.abc import Iterable, Iterator

from branches.formats import number
from branches.register import WHOLE
from reports.models import StatItem, StatTable
from reports.papers.tables import NO_FIGURE, NOT_COMPUTED
from reports.papers.tables import NOTHING as NONE

from .content import StatLine
from .corrections import Instead
from .reading import PERCENT, Reading

NAMED = 5  # units named in one note
SIGNS = (
    (NONE, "(-) không phát sinh"),
    (NO_FIGURE, "(…) có phát sinh nhưng chưa có số liệu"),
    (NOT_COMPUTED, "(x) không tính được, không giao chỉ tiêu hoặc chưa có số liệu"),
)


def notes_of(table: StatTable, items: Iterable[StatItem], lines: Iterable[StatLine], reading: Reading) -> Iterator[str]:
    """What was typed over, what stands on how many units, the table's own note, the signs that occur."""
    shown = {line.item: line for line in lines}
    for item in items:
        if (typed := reading.typed.get(item.pk)) and not item.is_typed:
            cell = shown[item.pk].cells[0]
            reason = f" ({typed.reason})" if typed.reason else ""
            yield f"(*) Dòng {item.number or item.name}: đơn vị ghi {cell.text}, phần mềm tính {cell.instead}{reason}"
        elif item.is_typed and not typed and item.pk in reading.typers and item.unit_word != PERCENT:
            yield f"Dòng {item.number or item.name}: cộng số của {reading.typers[item.pk]} đơn vị đã nhập"
        if not typed and (instead := reading.instead.get((item.pk, WHOLE, True))):
            yield from _of_units(item, instead)
    if partial := [item.number or item.name for item in items if reading.is_of_theme(item)]:
        yield f"Dòng {', '.join(partial)}: chỉ tính các hoạt động có nội dung “{reading.theme}”, không so với kỳ trước"
    if table.note:
        yield table.note
    texts = {cell.text for line in lines for cell in line.cells}
    if signs := [words for sign, words in SIGNS if sign in texts]:
        yield "; ".join(signs)


def _of_units(item: StatItem, instead: Iterable[Instead]) -> Iterator[str]:
    """Which units wrote another figure than the computed one, and whether the sum is made with it."""
    for is_in, mark, words in (
        (True, "(*) ", "tính theo số đơn vị trực thuộc ghi"),
        (False, "", "giữ số phần mềm tính, dù có đơn vị trực thuộc ghi số khác"),
    ):
        rows = [one for one in instead if (one.computed is not None) == is_in]
        if rows:
            rest = f"; và {len(rows) - NAMED} đơn vị khác" if len(rows) > NAMED else ""
            said = "; ".join(_said(one) for one in rows[:NAMED])
            yield f"{mark}Dòng {item.number or item.name}: {words}: {said}{rest}"


def _said(one: Instead) -> str:
    """ "Chi đoàn An ghi 6, phần mềm tính 5 (lý do)"; without the computed figure where it has no part of its own."""
    typed = NO_FIGURE if one.typed.value is None else number(one.typed.value)
    said = f"{one.unit_name} ghi {typed}"
    if one.computed is not None:
        said += f", phần mềm tính {number(one.computed.value) if one.computed.value is not None else NO_FIGURE}"
    return f"{said} ({one.value.reason})"
