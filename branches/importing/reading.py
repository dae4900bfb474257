"""A list as it was sent: what kind of file it is, and its sheets as rows of cells.

The kind is decided by what is in the file, never by its name: web exports call a page or a text ".xls".
"""

import datetime
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .legacy import repair_rows
from .pages import looks_like_page, rows_of_page
from .plain_text import TooMuch, rows_of_text

MOST_BYTES = 10 * 1024 * 1024
MOST_BYTES_INSIDE = 200 * 1024 * 1024
MOST_SHEETS = 50
MOST_ROWS = 20_000
MOST_COLUMNS = 200
SECONDS = 30

REASONS = {
    "empty": "Tệp không có gì bên trong. Hãy kiểm tra lại tệp trên máy rồi gửi lại.",
    "too_big": "Tệp lớn hơn 10 MB. Hãy bỏ ảnh và các trang không dùng, hoặc chia danh sách thành nhiều tệp.",
    "too_big_inside": "Nội dung tệp quá lớn để đọc. Hãy chép riêng danh sách sang một tệp Excel mới rồi gửi lại.",
    "too_many_sheets": f"Tệp có hơn {MOST_SHEETS} trang tính. Hãy tách những trang cần nhập sang một tệp mới.",
    "too_many_rows": "Trang tính dài quá 20.000 dòng, kể cả ô sót lại ở cuối trang. "
    "Hãy chép riêng danh sách sang trang mới, hoặc chia thành nhiều tệp.",
    "too_many_columns": f"Trang tính có hơn {MOST_COLUMNS} cột. Hãy chỉ giữ lại những cột của danh sách.",
    "nothing_inside": "Không trang tính nào có nội dung (các trang đang ẩn không được đọc). "
    "Hãy kiểm tra lại tệp rồi gửi lại.",
    "password": "Tệp có mật khẩu nên không đọc được. Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi gửi.",
    "damaged": "Tệp bị hỏng hoặc chưa tải xong. Hãy mở bằng Excel, chọn Lưu thành (.xlsx) rồi gửi lại.",
    "picture": "Đây là ảnh, không phải danh sách Excel. Hãy gửi tệp Excel (.xlsx, .xls, .ods) hoặc .csv.",
    "pdf": "Đây là tệp PDF. Hãy gửi tệp Excel (.xlsx, .xls, .ods) hoặc .csv của danh sách.",
    "word": "Đây là tệp Word. Hãy chép bảng danh sách sang Excel, lưu thành .xlsx rồi gửi lại.",
    "page": "Đây là trang web không có bảng nào. Hãy mở bằng Excel, chọn Lưu thành (.xlsx) rồi gửi lại.",
    "other": "Không nhận ra loại tệp này. Hãy gửi tệp Excel (.xlsx, .xls, .ods) hoặc .csv.",
}
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class UnreadableFile(Exception):
    """The file cannot be read as a list. `code` is a key of REASONS, `message` says what to do, in Vietnamese."""

    def __init__(self, code: str):
        self.code, self.message = code, REASONS[code]
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet from its first row and column on; rows[0] is row 1 of the spreadsheet.

    Cells: text | int | float | bool | date | datetime | None, text in Unicode NFC. `merged` are areas
    (first row, first column, last row, last column), counted from 0, both ends inside. `legacy` says which
    old encoding was converted: "" | "tcvn3" | "vni" | "utf8" | "mixed".
    """

    name: str
    rows: list[list[object]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    legacy: str = ""


def read_sheets(content: bytes, name: str) -> list[Sheet]:
    """The visible sheets that hold anything, in the file's order. Raises UnreadableFile and nothing else."""
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableFile("empty")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_big")
    sheets = _found(content, Path(name).stem[:31] or "Danh sách")
    if not sheets:
        raise UnreadableFile("nothing_inside")
    return sheets


def _found(content: bytes, title: str) -> list[Sheet]:
    head = content[:4096].lstrip()
    if content.startswith(b"PK\x03\x04"):
        _look_inside(content)
        return _sheets(_opened(content))
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("password")
        if "WordDocument".encode("utf-16-le") in content:
            raise UnreadableFile("word")
        return _sheets(_opened(content))
    if head.startswith(b"%PDF"):
        raise UnreadableFile("pdf")
    if head.startswith(b"{\\rtf"):
        raise UnreadableFile("word")
    if content.startswith(PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP") or b"ftyphei" in head[:16]:
        raise UnreadableFile("picture")
    if content[:2] == b"\t\x08" and content[4:6] in (b"\x00\x06", b"\x00\x05"):  # BIFF without its container
        return _sheets(_opened(content))
    try:
        if looks_like_page(content):
            found = rows_of_page(content)
        else:
            rows = rows_of_text(content)
            found = None if rows is None else [(title, rows, ())]
    except TooMuch as error:
        raise UnreadableFile(error.args[0]) from error
    if not found:
        raise UnreadableFile("other" if found is None else "page")
    return _sheets([{"name": named or title, "rows": rows, "merged": merged} for named, rows, merged in found])


def _look_inside(content: bytes) -> None:
    """Refuse archives that are no workbook, are damaged, or unfold to more than a server should hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MOST_BYTES_INSIDE or len(members) > 5000:
                raise UnreadableFile("too_big_inside")
            names = {member.filename.replace("\\", "/") for member in members}
            if "word/document.xml" in names:
                raise UnreadableFile("word")
            if not any(path.endswith(("workbook.xml", "workbook.bin", "content.xml")) for path in names):
                raise UnreadableFile("other")
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise UnreadableFile("password")
            # The sizes are the archive's own word: reading to the end shows whether they are true.
            if archive.testzip() is not None:
                raise UnreadableFile("damaged")
    except UnreadableFile:
        raise
    except RuntimeError as error:  # a member locked with a password; NotImplementedError: packed in an unknown way
        raise UnreadableFile("damaged" if isinstance(error, NotImplementedError) else "password") from error
    except Exception as error:  # the archive reader has no common exception
        raise UnreadableFile("damaged") from error


def _opened(content: bytes) -> list[dict]:
    """Have the workbook opened by a process of its own (opening.py)."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("opening.py"))]
    limits = map(str, (MOST_SHEETS, MOST_ROWS, MOST_COLUMNS))
    try:
        ended = subprocess.run(  # noqa: S603 (our own file, no shell, nothing of the user's in the command)
            [*command, *limits], input=content, capture_output=True, timeout=SECONDS, check=False
        )
        found = json.loads(ended.stdout) if ended.stdout else {"error": "too_big_inside"}
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("too_big_inside") from error
    except ValueError as error:
        raise UnreadableFile("damaged") from error
    if "error" in found:
        raise UnreadableFile(found["error"])
    return found["sheets"]


def _sheets(found: list[dict]) -> list[Sheet]:
    sheets = []
    for one in found:
        rows = _trimmed([[_cell(raw) for raw in row] for row in one["rows"]])
        if rows:
            merged = tuple(
                tuple(area) for area in one["merged"] if area[0] < len(rows) and area[1] < len(rows[0]) and area[0] >= 0
            )
            sheets.append(Sheet(one["name"], rows, merged, repair_rows(rows)))
    if len(sheets) > MOST_SHEETS:
        raise UnreadableFile("too_many_sheets")
    return sheets


def _cell(raw: object) -> object:
    """A cell as opening.py sent it, back as Python means it."""
    if isinstance(raw, str):
        return (raw if raw.isascii() else unicodedata.normalize("NFC", raw)) if raw and not raw.isspace() else None
    if isinstance(raw, dict):
        return datetime.date.fromisoformat(raw["d"]) if "d" in raw else datetime.datetime.fromisoformat(raw["t"])
    return raw


def _trimmed(rows: list[list[object]]) -> list[list[object]]:
    """Without the empty rows and columns after the last filled ones, all rows of one length."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if sum(1 for row in rows if any(cell is not None for cell in row)) > MOST_ROWS:
        raise UnreadableFile("too_many_rows")
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell is not None), default=0)
    if width > MOST_COLUMNS:
        raise UnreadableFile("too_many_columns")
    return [(row + [None] * (width - len(row)))[:width] for row in rows]
