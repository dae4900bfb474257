"""An evidence room as one ZIP: an index to read, the same as Excel, and every file under a name of our own.

It is written into a file without a name: when the process dies half-way, nothing is left anywhere. Stored files are
copied in small pieces and papers are laid out one after the other, so that memory does not grow with the room. All
of it is slow: call it outside any transaction.
"""

import datetime
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from branches.formats import day
from branches.models import StoredFile
from branches.vietnamese import plain
from branches.workbook import Workbook

from .papers import as_pdf, as_word, rows_of, stored_files
from .room import Room
from .sections import Section
from .tables import ANSWER, EVIDENCE, MINUTES, REPORT, Paper

LARGEST = 300 * 1024 * 1024  # of stored files together
MEGABYTE = 1024 * 1024
# A paper takes about a second of the processor and the web server waits half a minute: minutes above it come as Word.
MOST_PDF = 15
PIECE = 64 * 1024
ENDINGS = {"jpeg": ".jpg", **{one: f".{one}" for one in ("jpg", "png", "pdf", "docx", "xlsx")}}
STYLESHEET = Path(settings.BASE_DIR) / "static" / "css" / "evidence_index.css"
LONGEST_STEM = 60
LONGEST_SHEET = 31  # letters Excel allows


@dataclass(frozen=True, slots=True)
class Archive:
    """A finished ZIP at its beginning; whoever reads it closes it."""

    content: tempfile.SpooledTemporaryFile
    files: int
    size: int


def parts_of(sections: list[Section]) -> list[set[tuple[str, int]]]:
    """The papers of these sections by (kind, key), in as many ZIPs as the limit asks for; one where nothing is big.

    No file is larger than the limit: uploads are not.
    """
    parts, size, seen = [set()], 0, set()
    for paper in (paper for section in sections for paper in section.papers):
        key = paper.kind, paper.pk
        if key in seen:
            continue
        if size + paper.size > LARGEST:
            parts.append(set())
            size = 0
        seen.add(key)
        parts[-1].add(key)
        size += paper.size
    return parts


def parts_words(parts: list) -> str:
    """Why there are several, and how they become one; nothing for one."""
    if len(parts) == 1:
        return ""
    return (
        f"Nhiều tệp nên chia thành {len(parts)} phần, mỗi phần không quá {LARGEST // MEGABYTE} MB. "
        "Tải đủ các phần rồi giải nén vào cùng một thư mục."
    )


def build(room: Room, sections: list[Section], *, by: str, at: datetime.datetime, part: int = 1) -> Archive:
    """Pack part number `part` of these sections; the index of each part is that of all, with the same names.

    `by` is who makes it, `at` the moment in Vietnam; both stand on the index.
    """
    # It has no name on the disk from the first byte on, and is gone with the last process that holds it.
    content = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    try:
        with zipfile.ZipFile(content, "w", allowZip64=True) as packed:
            writer = _Writer(packed, room, at, sections, part)
            for section in sections:
                writer.put_papers(f"{section.place:02d}-{safe_stem(section.title)}", section)
            writer.put_index(sections, by=by)
    except BaseException:
        content.close()
        raise
    size = content.tell()
    content.seek(0)
    return Archive(content, writer.files, size)


class _Writer:
    """`placed` says under which name each paper lies in the ZIP or in another part of it, `lost` which file is no
    more on the server."""

    def __init__(self, packed: zipfile.ZipFile, room: Room, at: datetime.datetime, sections: list[Section], part: int):
        self.packed, self.room, self.at, self.part = packed, room, at, part
        self.parts = parts_of(sections)
        self.files = 0  # of this part
        reports = {paper.pk for section in sections for paper in section.papers if paper.kind == REPORT}
        self.most_pdf = max(0, MOST_PDF - len(reports))  # of minutes; a report has no Word file
        self.placed: dict[tuple[str, int], str] = {}
        self.lost: set[tuple[str, int]] = set()
        self.minutes = 0

    def put_papers(self, folder: str, section: Section) -> None:
        papers = list({(paper.kind, paper.pk): paper for paper in section.papers}.values())
        files = {
            kind: stored_files(self.room, kind, [one.pk for one in papers if one.kind == kind])
            for kind in (EVIDENCE, ANSWER)
            if any(one.kind == kind for one in papers)
        }
        for place, paper in enumerate(papers, start=1):
            if paper.kind in files:
                self._copy(folder, place, paper, files[paper.kind].get(paper.pk))
            else:
                self._lay_out(folder, place, paper)

    def _copy(self, folder: str, place: int, paper: Paper, stored: StoredFile | None) -> None:
        key = paper.kind, paper.pk
        if stored is None or not stored.file.storage.exists(stored.file.name):
            self.lost.add(key)
            return
        path = f"{folder}/{_numbered(place, paper)}-{safe_name(paper.name)}"
        self.placed[key] = path
        if not self._is_mine(key):
            return
        # Pictures and PDFs are packed already; packing them again costs time and saves nothing.
        with stored.file.open("rb") as source, self.packed.open(self._entry(path), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, PIECE)
        self.files += 1

    def _is_mine(self, key: tuple[str, int]) -> bool:
        return key in self.parts[self.part - 1]

    def _lay_out(self, folder: str, place: int, paper: Paper) -> None:
        key = paper.kind, paper.pk
        self.minutes += paper.kind == MINUTES
        is_pdf = paper.kind == REPORT or self.minutes <= self.most_pdf
        path = f"{folder}/{_numbered(place, paper)}-{safe_name(paper.name, '.pdf' if is_pdf else '.docx')}"
        if self._is_mine(key):
            found = rows_of(self.room, paper.kind).filter(pk=paper.pk).first()
            if found is None:
                self.lost.add(key)
                return
            self._write(path, as_pdf(paper.kind, found) if is_pdf else as_word(found))
            self.files += 1
        self.placed[key] = path

    def _entry(self, path: str, how: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(path, self.at.timetuple()[:6])
        entry.compress_type = how
        entry.external_attr = 0o644 << 16
        return entry

    def _write(self, path: str, content: bytes) -> None:
        self.packed.writestr(self._entry(path, zipfile.ZIP_DEFLATED), content)

    def put_index(self, sections: list[Section], *, by: str) -> None:
        shown = [(section, [(part, self._lines(part)) for part in section.parts]) for section in sections]
        page = render_to_string(
            "reports/evidence_index.html",
            {
                "room": self.room, "case": self.room.case, "unit": self.room.unit, "sections": shown, "by": by,
                "at": self.at, "files": self.files, "part": self.part, "parts": len(self.parts), "lost": len(self.lost),
                "has_word": self.minutes > self.most_pdf, "most_pdf": self.most_pdf,
            },
        )  # fmt: skip
        self._write("index.html", page.encode())
        self._write("index.css", STYLESHEET.read_bytes())
        self._write("index.xlsx", self._workbook(sections, by))

    def _lines(self, part) -> list[tuple]:
        """Each row: (cells beside their columns, [(paper, path)], addresses on the web)."""
        return [
            (
                list(zip(row.cells, part.columns, strict=True)),
                [(paper, self.placed.get((paper.kind, paper.pk), "")) for paper in row.papers],
                row.links,
            )
            for row in part.rows
        ]

    def _workbook(self, sections: list[Section], by: str) -> bytes:
        room = self.room
        title = f"Hồ sơ kiểm tra: {room.case.title}"
        book = Workbook(title, made_on=self.at.date())
        span = f"Thời gian xem xét từ {day(room.span.starts_on)} đến {day(room.span.last_day)}"
        made = f"{by} lập lúc {self.at:%H:%M}, {day(self.at.date())}"
        contents = book.sheet("Mục lục", (("Mục", 40), ("Có gì", 60), ("Tệp", 10)), (title, room.unit.name, span, made))
        for section in sections:
            contents.add(section.title, section.counted, len(section.papers))
        taken = {"mục lục"}
        for section in sections:
            for part in section.parts:
                self._sheet(book, taken, section, part)
        return book.content()

    def _sheet(self, book: Workbook, taken: set[str], section: Section, part) -> None:
        columns = [(column.title, column.width) for column in part.columns]
        if part.has_papers:
            columns.append(("Tệp, đường dẫn", 60))
        is_only = len(section.parts) == 1
        name = sheet_name(section.title if is_only else part.title, taken)
        heading = [section.title if is_only else f"{section.title}: {part.title}", self.room.unit.name]
        said = [part.note, "" if part.rows else part.nothing]
        sheet = book.sheet(name, columns, [*heading, *filter(None, said)])
        for row in part.rows:
            paths = [
                self.placed.get((paper.kind, paper.pk), f"{paper.name}: không còn trên máy chủ") for paper in row.papers
            ]
            more = ("\n".join([*paths, *row.links]),) if part.has_papers else ()
            sheet.add(*row.cells, *more)


def _numbered(place: int, paper: Paper) -> str:
    """ "003-2026-05-19": the order of the list, and the day, so that a folder reads as the section does."""
    return f"{place:03d}-{paper.day.isoformat()}" if paper.day else f"{place:03d}"


def safe_stem(name: str) -> str:
    """Plain small letters, figures and hyphens: no folder, no mark, no sign a system minds. It may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")[:LONGEST_STEM].strip("-")


def safe_name(name: str, ending: str = "") -> str:
    """A file name that every system takes; the index tells the true one."""
    stem, _, last = name.rpartition(".")
    found = ENDINGS.get(last.lower(), "")
    return f"{safe_stem(stem if found else name) or 'tep'}{ending or found or '.bin'}"


def sheet_name(title: str, taken: set[str]) -> str:
    """A name Excel takes, not used before in the workbook."""
    base = re.sub(r"[\[\]:*?/\\']", " ", title)[:LONGEST_SHEET].strip()
    name, count = base, 1
    while name.lower() in taken:
        count += 1
        name = f"{base[: LONGEST_SHEET - 4]} ({count})"
    taken.add(name.lower())
    return name
