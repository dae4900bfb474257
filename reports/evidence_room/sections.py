"""The table of contents of an evidence room: each book of the unit as a section of ready tables.

The same section is drawn by its page, written as sheets and printed into the index of the ZIP, so that the three
cannot tell different things.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .people import dues, meetings, members
from .room import Room
from .tables import Paper, Part
from .work import activities, before, duties, plan, reports


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    title: str
    make: Callable[[Room], list[Part]]


# The keys are those of Finding.Source, and two that no finding needs because it points at the thing itself.
KINDS = {
    kind.key: kind
    for kind in (
        Kind("plan", "Kế hoạch, chỉ tiêu và kết quả", plan),
        Kind("activities", "Hoạt động và minh chứng", activities),
        Kind("meetings", "Sinh hoạt, biên bản và điểm danh", meetings),
        Kind("dues", "Đoàn phí và quỹ", dues),
        Kind("members", "Danh sách đoàn viên", members),
        Kind("duties", "Việc định kỳ", duties),
        Kind("reports", "Báo cáo đã phát hành", reports),
        Kind("before", "Kiến nghị lần trước", before),
    )
}


@dataclass(frozen=True, slots=True)
class Section:
    """`place` is where it stands in the table of contents, from 1."""

    key: str
    title: str
    parts: list[Part]
    place: int

    @property
    def counted(self) -> str:
        """What is in its tables, in words: "12 cuộc họp, 34 đoàn viên"."""
        return ", ".join(part.counted for part in self.parts)

    @property
    def papers(self) -> list[Paper]:
        return [paper for part in self.parts for paper in part.papers]


def section_of(room: Room, key: str) -> Section | None:
    """One section; None for a key that names none. A constant number of queries, whatever is in it."""
    kind = KINDS.get(key)
    return Section(kind.key, kind.title, kind.make(room), list(KINDS).index(key) + 1) if kind else None


def sections_of(room: Room) -> list[Section]:
    """All of them, in the order of the table of contents."""
    return [section_of(room, key) for key in KINDS]
