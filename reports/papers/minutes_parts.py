"""The passages of chapter II of the minutes: from the parts of the record to blocks that both formats print."""

import datetime
from dataclasses import dataclass, field

from branches.formats import day as day_words
from branches.formats import number, two_digits
from branches.meetings.minutes_text import form_of
from branches.models import Ballot
from reports.templatetags.papers import tied
from reports.wording import share

from .layout import DOTS

NOT_SAID = "Không nêu"
OUTCOMES = {"done": "Hoàn thành", "reported": "Đã báo xong, chờ nhận", "open": "Chưa xong", "dropped": "Không làm nữa"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in mm (0: what is left) and how its cells stand ("", "c", "r")."""

    title: str
    width_mm: int = 0
    align: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_whole(self) -> bool:
        """Up to six rows stay together on a sheet."""
        return len(self.rows) <= 6

    @property
    def cells(self):
        return [list(zip(row, self.columns, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the text: h2, h3, p, lead (stays with what follows), centre, fill, cap, table or note."""

    kind: str
    text: str = ""
    small: str = ""
    table: Table | None = None


@dataclass(slots=True)
class Text:
    """Collects the blocks and counts headings and tables."""

    blocks: list[Block] = field(default_factory=list)
    tables: int = 0
    sections: int = 0

    def add(self, kind: str, text: str = "", **rest) -> None:
        self.blocks.append(Block(kind, tied(text) if kind in ("p", "lead", "note") else text, **rest))

    def section(self, heading: str) -> None:
        self.sections += 1
        self.add("h3", f"{self.sections}. {heading}")

    def written(self, text: str, *, or_fill: bool = False) -> None:
        """What a person typed, a paragraph a line; dotted lines where nothing was."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for line in lines:
            self.add("p", line)
        if not lines and or_fill:
            self.add("fill")

    def table(self, caption: str, columns, rows, *, small: str = "", note: str = "") -> None:
        self.tables += 1
        self.add("cap", f"Bảng {self.tables}. {caption}", small=small)
        self.add("table", table=Table(tuple(columns), tuple(tuple(row) for row in rows)))
        if note:
            self.add("note", note)


def iso_day(text: str) -> str:
    """22/11/2026 from what the record keeps, nothing from nothing."""
    return day_words(datetime.date.fromisoformat(text)) if text else ""


def _text_part(text: Text, part: dict, record: dict) -> None:
    if part["text"] or part["always"]:
        text.section(part["heading"])
        text.written(part["text"], or_fill=True)


def _item(text: Text, part: dict, record: dict) -> None:
    text.section(part["heading"])
    if about := part.get("about"):
        text.add("p", _about(about))
    text.written(part["text"], or_fill=True)
    if part["ballots"]:
        _ballots(text, part["ballots"], people_of(record))


def _about(one: dict) -> str:
    if "applied" not in one:
        return f"Người được xem xét: đồng chí {one['name']}."
    born, applied = iso_day(one["born"]), iso_day(one["applied"])
    return (
        f"Người xin vào Đoàn: {one['name']}, sinh ngày {born}; làm đơn ngày {applied}; "
        f"người giới thiệu: {one['introduced_by']}."
    )


def _review(text: Text, part: dict, record: dict) -> None:
    text.section(part["heading"])
    columns = (Column("TT", 8, "c"), Column("Công việc"), Column("Người thực hiện", 32), Column("Thời hạn", 23, "c"),
               Column("Kết quả", 40))  # fmt: skip
    rows = [
        (str(place), row["text"], row["owner"], iso_day(row["due"]) or NOT_SAID, _result(row))
        for place, row in enumerate(part["rows"], start=1)
    ]
    text.table("Kết quả thực hiện việc đã giao", columns, rows)
    text.written(part["text"])


def _result(row: dict) -> str:
    said = OUTCOMES[row["state"]]
    if row["state"] == "open" and row["times"]:
        return f"{said}; đã chuyển {row['times']} lần"
    return f"{said}: {row['result']}" if row["result"] else said


def _tasks(text: Text, part: dict, record: dict) -> None:
    text.section(part["heading"])
    columns = (Column("TT", 8, "c"), Column("Công việc"), Column("Người thực hiện", 32), Column("Thời hạn", 23, "c"),
               Column("Kết quả phải có", 40))  # fmt: skip
    rows = []
    for place, row in enumerate(part["rows"], start=1):
        name = f"{row['text']} (giao từ ngày {iso_day(row['moved'])})" if row["moved"] else row["text"]
        rows.append((str(place), name, row["owner"], iso_day(row["due"]) or NOT_SAID, row["expected"] or NOT_SAID))
    text.table("Công việc phải làm sau buổi họp", columns, rows)


def _votes(text: Text, part: dict, record: dict) -> None:
    text.section(part["heading"])
    for place, point in enumerate(part["points"], start=1):
        if len(part["points"]) > 1:  # the heading names a single one
            text.add("p", f"{text.sections}.{place}. {point['heading']}")
        text.written(point["text"])
    if part["ballots"]:
        _ballots(text, part["ballots"], people_of(record))
    elif not any(point["text"] for point in part["points"]):
        text.add("fill")


def people_of(record: dict) -> str:
    """ "đoàn viên", "ủy viên Ban Chấp hành": whose meeting it was, within a sentence."""
    people = form_of(record["form"]).people
    return people[:1].lower() + people[1:]


def _ballots(text: Text, ballots: list[dict], people: str) -> None:
    same = {(one["present"], one["entitled"]) for one in ballots}
    columns = (Column("TT", 8, "c"), Column("Nội dung"), Column("Hình thức", 33), Column("Tán thành", 15, "c"),
               Column("Không tán thành", 16, "c"), Column("Ý kiến khác", 14, "c"),
               Column("Kết quả", 26, "c"))  # fmt: skip
    rows = []
    for place, one in enumerate(ballots, start=1):
        there = "" if len(same) == 1 else f" (có mặt {one['present']}/{one['entitled']})"
        votes = (number(one["for"]), number(one["against"]), number(one["other"]))
        rows.append((str(place), f"{one['question']}{there}", _means(one), *votes, _verdict(one)))
    present = ballots[0]["present"]
    small = f"({present} {people} có quyền biểu quyết có mặt)" if len(same) == 1 else ""
    text.table("Kết quả biểu quyết", columns, rows, small=small, note=_note(ballots, people))


def _means(one: dict) -> str:
    if one["means"] == Ballot.Means.HAND:
        return "Giơ tay"
    return f"Phiếu kín: phát ra {one['issued']}, thu về {one['returned']}, hợp lệ {one['valid']}"


def _verdict(one: dict) -> str:
    if not one["has_quorum"]:
        return one["word"]
    rate = share(one["for"], one["base"])
    return f"{one['word']} ({rate})" if rate else one["word"]


def _note(ballots: list[dict], people: str) -> str:
    """What the percentages are of."""
    words = {"present": f"số {people} có mặt", "entitled": f"số {people} có quyền biểu quyết"}
    bases = {(one["of"], one["base"]) for one in ballots}
    if len(bases) == 1:
        ((of, base),) = bases
        return f"tỷ lệ tính trên {words[of]} ({base}).{_fewer(ballots)}"
    rows = [f"dòng {place} tính trên {words[one['of']]} ({one['base']})" for place, one in enumerate(ballots, start=1)]
    return f"tỷ lệ ở {'; '.join(rows)}.{_fewer(ballots)}"


def _fewer(ballots: list[dict]) -> str:
    """Why fewer could vote than stand on the roll. Minutes frozen before that was asked have no such word."""
    said = [(place, one) for place, one in enumerate(ballots, start=1) if one.get("fewer")]
    return "".join(
        f" Dòng {place}: {one['entitled']} người được biểu quyết, ít hơn điểm danh vì {one['fewer'].rstrip('.')}."
        for place, one in said
    )


def _left_out(text: Text, part: dict, record: dict) -> None:
    text.section(part["heading"])
    for name, reason in part["rows"]:
        text.add("p", f"- Đồng chí {name}: {reason}")


def _levels(text: Text, part: dict, record: dict) -> None:
    text.section(part["heading"])
    columns = [Column("TT", 8, "c"), Column("Họ và tên")]
    columns += [Column(label, 20, "c") for label in part["labels"]] + [Column("Xếp loại", 28, "c")]
    rows = [
        (str(place), row["name"], *(number(votes) for votes in row["votes"]), row["label"] or DOTS)
        for place, row in enumerate(part["rows"], start=1)
    ]
    text.table("Số phiếu ở từng mức", columns, rows, note="số đoàn viên biểu quyết mỗi mức.")


def _dues(text: Text, part: dict, record: dict) -> None:
    text.section(part["heading"])
    if facts := part["facts"]:
        month = datetime.date.fromisoformat(facts["month"])
        each = f", mức {number(facts['rate'])} đồng/người" if facts["rate"] else ""
        rest = (
            f"còn {two_digits(facts['unpaid'])} đoàn viên chưa nộp"
            if facts["unpaid"]
            else "không có đoàn viên chưa nộp"
        )
        people = two_digits(facts["members"])
        text.add(
            "p",
            f"Thu đoàn phí tháng {month.month}/{month.year} của {people} đoàn viên{each}, "
            f"số tiền {number(facts['amount'])} đồng; {rest}.",
        )
    text.written(part["text"], or_fill=not part["facts"])


WRITERS = {
    "text": _text_part,
    "item": _item,
    "review": _review,
    "votes": _votes,
    "tasks": _tasks,
    "dues": _dues,
    "left_out": _left_out,
    "levels": _levels,
}
