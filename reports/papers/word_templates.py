"""The Word file of a paper: from the file an administrator put in place of the built-in one, else the built-in one.

What fills it is read off the marks of the printed page, so both say the same. The PDF is always the built-in one.
Nothing here trusts the file: it is opened and filled by word_filling.py in a process of its own.
"""

import datetime
import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import lxml.html
from django.template.loader import render_to_string

from branches.models import Unit
from reports.models import WordTemplate

from .html_docx import word_of
from .html_pieces import BLANK, Font, lines_of
from .layout import Layout, layout_on
from .word_kinds import KINDS, WordKind

SECONDS = 20
FILLING = Path(__file__).with_name("word_filling.py")
ONE_SHEET = ("transfer_letter",)
log = logging.getLogger(__name__)

WORDS = {
    "too_big": "Tệp mở ra quá lớn hoặc quá phức tạp. Hãy bỏ bớt hình ảnh rồi chọn lại.",
    "no_document": "Tệp không phải tệp Word (docx). Hãy tải mẫu gốc về sửa rồi chọn lại.",
    "damaged": "Tệp bị hỏng hoặc không mở được. Hãy mở bằng Word, lưu lại thành docx rồi chọn lại.",
    "object": "Tệp có macro, tệp nhúng hoặc mẫu đính kèm. Hãy bỏ đi, lưu lại thành docx rồi chọn lại.",
    "outside": "Tệp có hình ảnh hoặc đường dẫn lấy từ nơi khác. Hãy chèn hình vào tệp, bỏ đường dẫn rồi chọn lại.",
    "code": "Tệp có trường tự động của Word không được dùng. Chỉ được dùng số trang. Hãy bỏ trường đó rồi chọn lại.",
    "forbidden": "Tệp có lệnh không được dùng. Chỉ được ghi chỗ điền, điều kiện “if” và lặp “for” như trong mẫu gốc.",
    "syntax": "Có chỗ điền viết chưa đúng. Hãy đối chiếu với mẫu gốc rồi sửa lại.",
}


class WordFileRefused(Exception):
    """The file cannot be filled; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Filled:
    names: frozenset[str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file names: `unknown` nobody offers, `unused` are offered and not in it."""

    used: tuple[str, ...]
    unknown: tuple[str, ...]
    unused: tuple[str, ...]


def filled_file(content: bytes, values: dict[str, str], lists: dict[str, list]) -> Filled:
    """The file with its places filled. Slow, half a second: never inside a transaction. Raises WordFileRefused."""
    order = json.dumps({"values": values, "lists": lists}).encode() + b"\n" + content
    command = [sys.executable, "-I", str(FILLING)]
    try:
        ended = subprocess.run(  # noqa: S603 (our own file, no shell, nothing of the user's in the command)
            command, input=order, capture_output=True, timeout=SECONDS, check=False
        )
        head, _, made = ended.stdout.partition(b"\n")
        told = json.loads(head) if head else {"error": "too_big"}
    except subprocess.TimeoutExpired as error:
        raise WordFileRefused(WORDS["too_big"]) from error
    except ValueError as error:
        raise WordFileRefused(WORDS["damaged"]) from error
    if "error" in told:
        said = f" Chỗ cần sửa: “{told['said']}”." if told.get("said") else ""
        raise WordFileRefused(WORDS.get(told["error"], WORDS["damaged"]) + said)
    return Filled(frozenset(told["names"]), made)


def checked_file(kind: WordKind, content: bytes) -> Checked:
    """What the file names beside what is offered, found by filling it with samples. Raises WordFileRefused."""
    found = filled_file(content, *kind.samples()).names
    offered = kind.offered
    return Checked(
        used=tuple(key for key in offered if key in found),
        unknown=tuple(sorted(found - set(offered))),
        unused=tuple(key for key in offered if key not in found),
    )


def preview(kind: WordKind, content: bytes) -> bytes:
    """The file filled with invented values."""
    return filled_file(content, *kind.samples()).content


def starter(kind: WordKind, *, on: datetime.date) -> bytes:
    """The first file: the built-in layout of the day with the places to fill in it."""
    is_one_sheet = kind.key in ONE_SHEET
    context = {"title": kind.label, "is_one_sheet": is_one_sheet}
    html = render_to_string(f"papers/word/{kind.key}.html", context)
    return word_of(html, layout_on(on, one_sheet=is_one_sheet))


# --- from the page of a paper -------------------------------------------------------------------------


def word_file(html: str, layout: Layout) -> bytes:
    """The Word file of a printed page: by the template in force where it is issued on its day, else the built-in."""
    body = lxml.html.document_fromstring(html).find("body")
    kind = KINDS.get(body.get("data-paper") or "")
    if kind:
        day = datetime.date.fromisoformat(body.get("data-day"))
        if template := template_for(kind, int(body.get("data-issuer")), on=day):
            try:
                with template.file.open("rb") as stored:
                    content = stored.read()
                return filled_file(content, *values_of(kind, body)).content
            except (OSError, WordFileRefused):
                log.exception("Word template %s cannot be filled; the built-in one is given.", template.pk)
    return word_of(html, layout)


def template_for(kind: WordKind, issuer: int, *, on: datetime.date) -> WordTemplate | None:
    """The one in force that day at the unit that issues the paper, else at the nearest unit above. Two queries."""
    unit = Unit.objects.only("path").get(pk=issuer)
    return WordTemplate.objects.in_force(on).filter(paper=kind.key).nearest_first(unit).first()


def values_of(kind: WordKind, body) -> tuple[dict[str, str], dict[str, list]]:
    """What the page shows at its marks, as texts and lists of texts; what it does not show is empty."""
    values = dict.fromkeys((one.key for one in kind.all_fields), "")
    values |= _around(body)
    for marked in body.xpath(".//*[@data-field]"):
        if marked.tag != "td" or not marked.xpath("ancestor::*[@data-list]"):
            values[marked.get("data-field")] = _words(marked)
    lists = {one.key: [] for one in kind.all_lists}
    for marked in body.xpath(".//*[@data-list]"):
        lists[marked.get("data-list")] = _rows(marked)
    lists["noi_nhan"] = [_words(line) for line in body.xpath(".//div[@class='rcpt']/p")]
    # Only what is offered: a file that was checked against the offer fills nothing else.
    return {key: values[key] for key in (one.key for one in kind.all_fields)}, {
        one.key: lists[one.key] for one in kind.all_lists
    }


def _words(element) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines_of(element, Font()))


def _rows(marked) -> list:
    rows = []
    for row in marked.iter("tr"):
        cells = {cell.get("data-field"): _words(cell) for cell in row if cell.get("data-field")}
        if cells:
            rows.append(cells)
    if rows or marked.tag == "tbody":
        return rows
    return [_words(line) for line in marked.iter("p")]


PLACES = {
    "cap_tren": "//div[@class='superior']", "don_vi": "//div[@class='issuer']", "so": "//div[@class='number']",
    "ngay": "//div[contains(concat(' ', @class, ' '), ' dateline ')]", "loai": "//h1[@class='type']",
    "trich_yeu": "//p[@class='abstract']", "kinh_gui": "//p[@class='to']", "thay_mat": "//div[@class='capacity']",
    "chuc_vu": "//div[@class='post']", "cach_ky": "//div[@class='end']//div[@class='how']",
    "nguoi_ky": "//div[@class='end']//div[contains(@class, 'name')]",
}  # fmt: skip


def _around(body) -> dict[str, str]:
    """The head and the end, which every page has at the same places."""
    found = {}
    for key, place in PLACES.items():
        (element,) = body.xpath(f".{place}")[:1] or (None,)
        found[key] = "" if element is None else _words(element)
    found["kinh_gui"] = found["kinh_gui"].removeprefix("Kính gửi:").strip()
    found["nguoi_ky"] = found["nguoi_ky"] or BLANK
    return found
