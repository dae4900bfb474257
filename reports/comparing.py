"""An edition beside the data of today: which figures and which texts would be different now.

Nothing is computed: both sides are rows of the one number, told in the words of reports/wording.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from . import wording
from .drafting import ChapterView
from .freezing import edition_in_force, progress_of_rows
from .judging import Progress
from .models import PeriodReport, ReportRow, Submission
from .papers.content import ChapterText
from .progress import ProgressTable
from .statistics import StatContent


@dataclass(frozen=True, slots=True)
class Told:
    """A row in words: result, plan (empty where none can stand beside it), verdict."""

    result: str
    aim: str
    standing: str


@dataclass(frozen=True, slots=True)
class FigureBeside:
    """One indicator as submitted and now; a side is None where the row is not there."""

    code: str
    name: str
    unit_word: str
    then: Told | None
    now: Told | None

    @property
    def is_changed(self) -> bool:
        return self.then != self.now

    @property
    def changed_parts(self) -> str:
        """ "kết quả, chỉ tiêu": what of it differs; empty where nothing does or a whole side is missing."""
        if self.then is None or self.now is None:
            return ""
        pairs = (
            ("kết quả", self.then.result, self.now.result),
            ("chỉ tiêu", self.then.aim, self.now.aim),
            ("tình trạng", self.then.standing, self.now.standing),
        )
        return ", ".join(name for name, then, now in pairs if then != now)


@dataclass(frozen=True, slots=True)
class TextBeside:
    """One chapter as submitted and now: pairs of sentences, "" on the side that has none."""

    title: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def is_changed(self) -> bool:
        return any(then != now for then, now in self.pairs)


@dataclass(frozen=True, slots=True)
class CellBeside:
    """One cell of a statistics table as submitted and now, "" on the side that does not have it."""

    line: str
    column: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class AnnexBeside:
    """One statistics table: how many of its cells there are, and those that would be different now."""

    heading: str
    count: int
    changed: tuple[CellBeside, ...]


def told(row: Progress) -> Told:
    aim = "" if row.is_of_theme else wording.aim(row.aim, row.indicator)
    return Told(wording.result(row), aim, wording.standing(row))


def rows_of(submission: Submission) -> list[ReportRow]:
    """The frozen rows in order. One query."""
    return list(submission.rows.select_related("indicator__area").order_by("position", "pk"))


def figures_beside(frozen: Iterable[ReportRow], table: ProgressTable) -> list[FigureBeside]:
    """Every indicator of either side: those of the edition in its order, then those that came since."""
    frozen = list(frozen)
    today = {row.indicator.code: row for row in table.rows}
    found = []
    for row, then in zip(frozen, progress_of_rows(frozen), strict=True):
        now = today.pop(row.code, None)
        found.append(FigureBeside(row.code, row.name, row.unit_word, told(then), told(now) if now else None))
    for code, now in today.items():
        found.append(FigureBeside(code, now.indicator.name, now.indicator.unit_word, None, told(now)))
    return found


def texts_beside(frozen: Iterable[ChapterText], chapters: Iterable[ChapterView]) -> list[TextBeside]:
    """Every chapter of either side. "Now" is what stands in the report, and where the figures of a drafted sentence
    changed, what it would say of them today."""
    today = {view.chapter.key: view for view in chapters}
    found = []
    for chapter in frozen:
        view = today.pop(chapter.key, None)
        found.append(TextBeside(chapter.title, _paired(chapter.texts, _texts_now(view) if view else ())))
    found += [TextBeside(view.chapter.place, _paired((), _texts_now(view))) for view in today.values() if view.texts]
    return found


def annexes_beside(frozen: Iterable[StatContent], now: Iterable[StatContent]) -> list[AnnexBeside]:
    """Every table of either side, cell by cell: those of the edition first, then what is asked only since."""
    frozen, now = ({one.table: one for one in side} for side in (frozen, now))
    found = []
    for key in dict.fromkeys([*frozen, *now]):
        then, today = _cells(frozen.get(key)), _cells(now.get(key))
        pairs = [(*place[1:], then.get(place, ""), today.get(place, "")) for place in dict.fromkeys([*then, *today])]
        changed = tuple(CellBeside(*pair) for pair in pairs if pair[2] != pair[3])
        found.append(AnnexBeside((frozen.get(key) or now[key]).heading, len(pairs), changed))
    return found


def _cells(content: StatContent | None) -> dict[tuple[int, str, str], str]:
    """Item, line and column → the words of the cell."""
    rows = content.rows if content else ()
    return {
        (line.item, f"{line.number} {line.name}".strip(), title): cell.words
        for line, cells in rows
        for title, cell in cells
    }


def _texts_now(view: ChapterView) -> tuple[str, ...]:
    return tuple(one.now if one.state == "changed" else one.printed for one in view.sentences)


def _paired(then: tuple[str, ...], now: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Sentences side by side: equal ones on a line, and what stands between them opposite each other."""
    pairs = []
    for _, begin, end, since, until in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        left, right = list(then[begin:end]), list(now[since:until])
        longest = max(len(left), len(right))
        left += [""] * (longest - len(left))
        right += [""] * (longest - len(right))
        pairs += zip(left, right, strict=True)
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class Since:
    """What became of an approved edition: how many of its figures today's data would print otherwise."""

    submission: Submission
    count: int


def changed_since_approval(report: PeriodReport, table: ProgressTable) -> Since | None:
    """None where nothing was approved yet. Two queries; `table` is today's."""
    if report.state == PeriodReport.State.DRAFT:
        return None
    submission = edition_in_force(report)
    if submission is None:
        return None
    beside = figures_beside(rows_of(submission), table)
    return Since(submission, sum(1 for figure in beside if figure.is_changed))
