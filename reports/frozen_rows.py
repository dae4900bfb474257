"""The rows of an edition read again: plan against result as it was submitted, in the words of that day."""

import copy
from collections.abc import Iterable

from branches.models import Indicator

from .amounts import Amount
from .judging import Aim, Progress, Standing
from .models import ReportRow


def progress_of_rows(rows: Iterable[ReportRow]) -> list[Progress]:
    """The rows of an edition as plan against result, saying the words they said then. No query where the rows come
    with `indicator__area`; the target itself is not part of an edition."""
    return [progress_of(row) for row in rows]


def progress_of(row: ReportRow) -> Progress:
    aim = Aim(row.comparator, row.aim_value, row.aim_value_to, row.aim_each, row.aim_units) if row.comparator else None
    return Progress(
        unit_id=0,
        indicator=_of_that_day(row),
        target=None,
        aim=aim,
        done=Amount(
            row.value, row.whole, row.qualifier, row.lines, row.unknown, row.evidenced, row.added, row.added_units
        ),
        last=Amount(
            row.last_value,
            row.last_whole,
            row.last_qualifier,
            row.last_lines,
            added=row.last_added,
            added_units=row.last_added_units,
        ),
        ratio=row.ratio,
        difference=row.difference,
        standing=Standing(row.standing),
        reason=row.reason,
        depth=row.depth,
    )


def _of_that_day(row: ReportRow) -> Indicator:
    """The catalogue's entry under the name it had; how it is counted is part of its edition and never changed."""
    indicator = copy.copy(row.indicator)
    indicator.name, indicator.unit_word = row.name, row.unit_word
    return indicator
