"""Two records of one person become one course of memberships: nobody belongs twice on any day.

What the kept record says stands. What the other record says on days on which the kept one says nothing is
added; where it was cut at a span of the same unit, the two become one span.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from branches.models import Membership

OPEN = datetime.date.max
COPIED = (
    "kind", "unit_id", "starts_on", "ends_on", "begin_reason", "end_reason", "decision", "end_decision", "end_note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A membership as it will be. `row` is the stored one that carries it; None: a new row."""

    kind: str
    unit_id: int
    unit_name: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    begin_reason: str
    end_reason: str
    decision: str
    end_decision: str
    end_note: str
    row: int | None
    is_of_kept: bool
    was_cut_before: bool = False
    was_cut_after: bool = False

    @classmethod
    def of(cls, row: Membership, *, is_of_kept: bool) -> "Span":
        said = {name: getattr(row, name) for name in COPIED}
        return cls(**said, unit_name=row.unit.name, row=row.pk, is_of_kept=is_of_kept)

    @property
    def end(self) -> datetime.date:
        return self.ends_on or OPEN

    @property
    def columns(self) -> dict:
        return {name: getattr(self, name) for name in COPIED}


def joined(kept: Iterable[Membership], absorbed: Iterable[Membership]) -> list[Span]:
    """The course of the person after the merge, in order of days. Rows that no span carries are to be deleted.

    Official spans never overlap; stays elsewhere (temporary, residence) only not at the same unit.
    """
    stand = [Span.of(row, is_of_kept=True) for row in kept]
    for span in sorted((Span.of(row, is_of_kept=False) for row in absorbed), key=attrgetter("starts_on", "row")):
        stand += _without(span, [one for one in stand if _excludes(one, span)])
    return sorted(_glued(stand), key=attrgetter("starts_on", "kind", "unit_id"))


def _excludes(one: Span, other: Span) -> bool:
    """Whether a person cannot be in both on one day."""
    if one.kind != other.kind:
        return False
    return one.kind == Membership.Kind.OFFICIAL or one.unit_id == other.unit_id


def _without(span: Span, taken: list[Span]) -> Iterator[Span]:
    """The parts of the span on days that are not taken. The first one keeps its row."""
    start, row = span.starts_on, span.row
    overlapping = [one for one in taken if one.starts_on < span.end and one.end > span.starts_on]
    for one in sorted(overlapping, key=attrgetter("starts_on")):
        if one.starts_on > start:
            yield _part(span, start, one.starts_on, row)
            row = None
        start = max(start, one.end)
    if start < span.end:
        yield _part(span, start, span.ends_on, row)


def _part(span: Span, starts_on: datetime.date, ends_on: datetime.date | None, row: int | None) -> Span:
    changed = {"starts_on": starts_on, "ends_on": ends_on, "row": row}
    if starts_on != span.starts_on:
        changed |= {"begin_reason": Membership.Begin.MOVED_IN, "decision": "", "was_cut_before": True}
    if ends_on != span.ends_on:
        changed |= {
            "end_reason": Membership.End.MOVED_OUT, "end_decision": "", "end_note": "", "was_cut_after": True
        }  # fmt: skip
    return dataclasses.replace(span, **changed)


def _glued(spans: list[Span]) -> list[Span]:
    """Spans of one unit that touch where one of them was cut become one."""
    found: list[Span] = []
    for span in sorted(spans, key=attrgetter("kind", "unit_id", "starts_on")):
        last = found[-1] if found else None
        touches = last and (last.kind, last.unit_id, last.end) == (span.kind, span.unit_id, span.starts_on)
        if touches and (last.was_cut_after or span.was_cut_before):
            found[-1] = dataclasses.replace(
                last,
                ends_on=span.ends_on,
                end_reason=span.end_reason,
                end_decision=span.end_decision,
                end_note=span.end_note,
                was_cut_after=span.was_cut_after,
                row=last.row if last.is_of_kept or not span.is_of_kept else span.row,
                is_of_kept=last.is_of_kept or span.is_of_kept,
            )
        else:
            found.append(span)
    return found
