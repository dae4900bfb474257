"""What the pages show: a sheet line by line, and all sheets of a set beside each other. Nothing is written here."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from branches.number_papers import papers_under
from reports.models import EmulationCriterion, EmulationRanking, EmulationSet, ScoreEvidence, ScoreLine, ScoreSheet

from .evidence import evidence_of
from .facts import facts_of
from .publishing import cluster_of, sheets_of
from .scoring import Scored, Total, points_by_figures, possible_points, total_of


@dataclass(frozen=True)
class Piece:
    """One piece of evidence in words, where it opens, and signed sheets beside it as (name, address)."""

    row: ScoreEvidence
    words: str
    url: str
    scans: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LineView:
    """One criterion: the unit's answer, what the figures bring, what the superior gave (as far as it may be read)."""

    criterion: EmulationCriterion
    line: ScoreLine | None
    figures: Scored
    given: Decimal | None
    given_note: str
    given_words: str
    given_source: str
    evidence: tuple[Piece, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether both sides gave other points."""
        own = self.line.self_points if self.line else None
        return None not in (own, self.given) and own != self.given


@dataclass(frozen=True)
class GroupView:
    group: EmulationCriterion
    possible: Decimal
    lines: list[LineView] = field(default_factory=list)


@dataclass(frozen=True)
class SheetView:
    """A whole sheet with the three sums; `given` is None where this reader sees no points of the superior yet."""

    groups: list[GroupView]
    own: Total
    figures: Total
    given: Total | None

    @property
    def lines(self) -> list[LineView]:
        return [line for group in self.groups for line in group.lines]


def sheet_view(
    sheet: ScoreSheet, *, reader, on: datetime.date, reads_given: bool, published: EmulationRanking | None
) -> SheetView:
    """The sheet for a reader: the superior's side (`reads_given`) sees points as they stand, the unit what was
    `published`. Evidence of a published sheet is called what it was called then. A constant number of queries."""
    set = sheet.set
    criteria = list(set.criteria.all())
    lines = {line.criterion_id: line for line in sheet.lines.select_related("given_by")}
    facts = facts_of(set, [sheet], {one.indicator_code for one in criteria}, as_of=on)
    told = _published_lines(sheet, published)
    is_final = sheet.state == ScoreSheet.State.FINAL
    pieces = _pieces(sheet, reader, told if is_final else {})
    groups = []
    for group in (one for one in criteria if one.is_group):
        found = GroupView(group, possible_points(criteria, group))
        for one in criteria:
            if one.parent_id == group.pk:
                line, fact = lines.get(one.pk), facts.get((sheet.unit_id, one.indicator_code))
                given = _given(line) if reads_given else _told(told.get(one.pk, {}))
                found.lines.append(LineView(one, line, points_by_figures(one, fact), *given, tuple(pieces[one.pk])))
        groups.append(found)
    most = {"total_points": set.total_points, "bonus_cap": set.bonus_cap}
    views = [line for group in groups for line in group.lines]
    shows = reads_given or bool(told)
    return SheetView(
        groups,
        total_of(criteria, {pk: line.self_points for pk, line in lines.items()}, **most),
        total_of(criteria, {one.criterion.pk: one.figures.points for one in views}, **most),
        total_of(criteria, {one.criterion.pk: one.given for one in views}, **most) if shows else None,
    )


def _given(line: ScoreLine | None) -> tuple:
    return (line.given_points, line.given_note, line.given_words, line.given_source) if line else (None, "", "", "")


def _told(line: dict) -> tuple:
    """What a publication says of a line; those before its source was kept say none."""
    points = Decimal(line["given"]) if line.get("given") else None
    return points, line.get("note", ""), line.get("words", ""), line.get("source", "")


def _published_lines(sheet: ScoreSheet, published: EmulationRanking | None) -> dict[int, dict]:
    """Criterion → the line of this unit alone, as the publication froze it."""
    cluster = cluster_of(published.content, sheet.unit_id) if published else None
    rows = [row for row in cluster["rows"] if row["unit"] == sheet.unit_id] if cluster else []
    return {line["criterion"]: line for row in rows for line in row["lines"]}


def _pieces(sheet: ScoreSheet, reader, told: dict[int, dict]) -> dict[int, list[Piece]]:
    """Criterion → its pieces in the order they came, with what the reader may open; `told` are published lines."""
    rows = evidence_of([sheet])
    papers = papers_under(reader, [row.paper_id for row in rows if row.paper_id])
    called = {pk: words for line in told.values() for pk, words in line.get("evidence", ())}
    found: dict[int, list[Piece]] = defaultdict(list)
    for row in rows:
        under = papers.get(row.paper_id)
        if row.activity_id:
            url = reverse("branches:activity", args=[row.activity_id])
        elif under:
            url = under.url
        elif row.paper_id:
            query = urlencode({"q": row.paper.symbol})
            url = f"{reverse('branches:number_books', args=[sheet.unit_id])}?{query}"
        else:
            url = reverse("reports:emulation_file", args=[row.pk])
        piece = Piece(row, called.get(row.pk, str(row)), url, under.scans if under else ())
        found[row.line.criterion_id].append(piece)
    return found


@dataclass(frozen=True)
class BoardLine:
    """One unit on the board of a set: three sums, how many lines have points, and where the sheet stands."""

    sheet: ScoreSheet
    own: Total
    figures: Total
    given: Total
    has_own: bool
    count: int

    @property
    def scored(self) -> int:
        return self.count - self.given.missing


def board_of(set: EmulationSet, *, on: datetime.date) -> list[BoardLine]:
    """Every unit of the set, cluster by cluster. The number of queries does not depend on how many there are."""
    sheets = sorted(sheets_of(set), key=lambda one: one.cluster.position if one.cluster else -1)
    criteria = list(set.criteria.all())
    facts = facts_of(set, sheets, {one.indicator_code for one in criteria}, as_of=on)
    lines: dict[int, list[ScoreLine]] = defaultdict(list)
    for line in ScoreLine.objects.filter(sheet__set=set):
        lines[line.sheet_id].append(line)
    ordinary = [one for one in criteria if not one.is_group]
    most = {"total_points": set.total_points, "bonus_cap": set.bonus_cap}
    found = []
    for sheet in sheets:
        own = {line.criterion_id: line.self_points for line in lines[sheet.pk]}
        given = {line.criterion_id: line.given_points for line in lines[sheet.pk]}
        by_figures = {
            one.pk: points_by_figures(one, facts.get((sheet.unit_id, one.indicator_code))).points for one in ordinary
        }
        totals = [total_of(criteria, points, **most) for points in (own, by_figures, given)]
        has_own = any(value is not None for value in own.values())
        found.append(BoardLine(sheet, *totals, has_own, len(ordinary)))
    return found
