"""The statistics tables that a round wants with a report, filled from the figures of the report itself."""

from .material import Material
from .models import PeriodReport, StatTable
from .statistics import StatContent
from .statistics.filling import Filled, fill_tables


def tables_asked(report: PeriodReport):
    """The tables that the rounds this report answers ask of such a unit, in order."""
    rows = StatTable.objects.usable_by(report.unit).exclude(state=StatTable.State.DRAFT)
    return rows.filter(pk__in=StatTable.objects.filter(rounds__rows__report=report).values("pk")).in_order()


def annexes_of(report: PeriodReport, material: Material) -> tuple[StatContent, ...]:
    """Each of them as plain data. One query where none is asked, else those of filling, whatever their number.

    The indicators are those of the report, so that annex and report say the same: a superior's that is put together
    from its units' reports has theirs, and one about a theme only what speaks of it.
    """
    return tuple(one.content for one in _filled(report, material))


def cells_left_open(report: PeriodReport, material: Material) -> list[str]:
    """ "Biểu 09. Hiến máu: 3 dòng chưa nhập số.", for each table with lines that are to be typed and are not yet; and
    what in them cannot be true together."""
    filled = _filled(report, material)
    found = [f"{one.content.heading}: {one.open_cells} dòng chưa nhập số." for one in filled if one.open_cells]
    return found + [f"{one.content.heading}: {words}." for one in filled for words in one.warnings]


def _filled(report: PeriodReport, material: Material) -> list[Filled]:
    tables = list(tables_asked(report))
    if not tables:
        return []
    return fill_tables(tables, report.unit, report.period, as_of=material.as_of, progress=material.table)
