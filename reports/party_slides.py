"""The Party committee's year for the screen of a meeting room: one message a slide, in the figures of its page.

Sums, targets and directions only: nobody is named, and what people typed into tasks, answers and proposals stays out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from branches.models import Direction

from .board import BoardRow
from .decision_charts import Ranked
from .directions import DirectionNow
from .judging import Progress
from .shown_charts import Ranking, columns_of, ranking_of, steps_of
from .summary import PartySummary

LINES = 6  # lines of one slide that can be read from the last row
SHORT, REST = 160, "…"


@dataclass(frozen=True, slots=True)
class Tile:
    word: str
    figure: int
    standing: str = ""


@dataclass(frozen=True, slots=True)
class DirectionLine:
    """What was asked, shortened to two lines, and where it stands."""

    text: str
    now: DirectionNow


@dataclass(frozen=True, slots=True)
class Slide:
    """One screen. `kind` says which of the other fields it shows; `key` is its anchor."""

    key: str
    kind: str
    title: str
    note: str = ""
    tiles: tuple[Tile, ...] = ()
    rows: tuple[Progress, ...] = ()
    points: tuple = ()
    row: Progress | None = None
    directions: tuple[DirectionLine, ...] = ()
    units: tuple[BoardRow, ...] = ()
    ranking: Ranking | None = None
    ranked: tuple[Ranked, ...] = ()
    steps: tuple = ()


def slides_of(summary: PartySummary) -> tuple[Slide, ...]:
    """The slides in order. No query."""
    return tuple(_slides(summary))


def _slides(summary: PartySummary) -> Iterator[Slide]:
    table = summary.table
    yield Slide(
        "mo-dau", "title", f"Công tác Đoàn và phong trào thanh niên năm {summary.year}", summary.source_sentence
    )
    tiles = (
        Tile("đạt", table.reached, "met"),
        Tile("đang làm", summary.going, "going"),
        Tile(summary.late_word, len(table.late), "late"),
        Tile("chưa đo được", summary.unmeasured),
    )
    if table.planned:
        yield Slide(
            "chi-tieu", "tiles", f"{table.reached}/{len(table.planned)} chỉ tiêu đã đạt", summary.standing_sentence,
            tiles=tiles,
        )  # fmt: skip
    for place, rows in enumerate(_cut(table.late), start=1):
        count = len(table.late)
        yield Slide(f"cham-{place}", "rows", f"{count} chỉ tiêu {summary.late_word}", rows=rows)
    for place, key in enumerate(summary.trends(), start=1):
        yield Slide(
            f"xu-huong-{place}", "trend", key.row.indicator.name, "; ".join(summary.sources), row=key.row,
            points=tuple(columns_of(key, summary.years)),
        )  # fmt: skip
    settled = sum(1 for one in summary.directions if one.is_settled)
    for place, ones in enumerate(_cut(tuple(one for asking in summary.askings for one in asking.directions)), start=1):
        title = f"{settled}/{len(summary.directions)} ý kiến chỉ đạo đã xong"
        yield Slide(f"chi-dao-{place}", "directions", title, directions=tuple(map(_line, ones)))
    if summary.board and summary.board.rows:
        yield from _units(summary)
    if summary.party_steps:
        yield Slide(
            "phat-trien-dang", "steps", "Phát triển Đảng",
            "Mỗi bước đếm riêng, mỗi người đếm một lần cho mỗi bước.", steps=tuple(steps_of(summary.party_steps)),
        )  # fmt: skip
    found = summary.recommendations
    if found.total:
        yield Slide(
            "kien-nghi", "tiles", "Kiến nghị sau kiểm tra, giám sát",
            tiles=(
                Tile("đã kiểm tra, đạt", found.closed, "met"),
                Tile("còn mở", found.open, "going"),
                Tile("quá hạn", found.overdue, "late"),
            ),
        )  # fmt: skip


def _units(summary: PartySummary) -> Iterator[Slide]:
    board = summary.board
    late, missing = board.late_units, len(board.without_report)
    said = f"{missing}/{len(board.rows)} đơn vị chưa có báo cáo được duyệt, lấy số liệu đang ghi." if missing else ""
    title = f"{late}/{len(board.rows)} đơn vị có chỉ tiêu chậm hoặc chưa đạt" if late else "Không đơn vị nào chậm"
    for place, rows in enumerate(_cut(board.rows), start=1):
        yield Slide(f"don-vi-{place}", "units", title, said, units=rows)
    if ranking := ranking_of(board):
        for place, rows in enumerate(_cut(ranking.rows), start=1):
            title = f"So sánh các đơn vị: {ranking.title}"
            yield Slide(f"so-sanh-{place}", "ranking", title, ranking=ranking, ranked=rows)


def _cut(rows: tuple) -> Iterator[tuple]:
    for start in range(0, len(rows), LINES):
        yield rows[start : start + LINES]


def _line(one: DirectionNow) -> DirectionLine:
    return DirectionLine(_short(one.direction), one)


def _short(direction: Direction) -> str:
    text = " ".join(direction.text.split())
    return text if len(text) <= SHORT else text[:SHORT].rsplit(" ", 1)[0].rstrip(" ,;.") + REST
