"""A cell as it reads to a person."""

import datetime
import re
import unicodedata
from functools import lru_cache

from .legacy import LONGEST_KEPT, SUSPICIOUS, UnknownText, repaired

AS_TEXT = re.compile(r'="([^"]*)"|\'(.+)')  # ="0912…" and '0912…': ways to keep a zero in Excel
POINTED = re.compile(r"\d{4,}\.0")  # 79200012345.0: a whole number as programs write it into a text file
HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
DOUBLED = re.compile("[\u2000-\u200f\u2060\ufeff\u00a0]")


class Aside(str):
    """A text beside or below the table, met where a name would stand: a sum, a signature."""

    __slots__ = ()


def clean(text: str) -> str:
    """NFC, single spaces, old fonts converted where the text alone shows them, Excel's text marks taken off."""
    return _clean(text) if len(text) < LONGEST_KEPT else _clean.__wrapped__(text)


@lru_cache(maxsize=65536)
def _clean(text: str) -> str:
    if not text.isascii():
        text = _composed(text)
    text = " ".join(text.split())
    if text[:1] in ("=", "'") and (kept := AS_TEXT.fullmatch(text)):
        return (kept.group(1) or kept.group(2) or "").strip()
    return text[:-2] if text.endswith(".0") and POINTED.fullmatch(text) else text


def _composed(text: str) -> str:
    if DOUBLED.search(text):
        text = text.translate(HIDDEN)
    if SUSPICIOUS.search(text):
        try:
            return repaired(text)[0]
        except UnknownText:
            pass
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def text_of(raw: object) -> str:
    """How the cell reads: 12 digits without .0 or E+11, days as dd/mm/yyyy, text in Unicode with single spaces."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return clean(raw)
    if isinstance(raw, bool):
        return "Có" if raw else "Không"
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, float):
        if raw != raw or raw in (float("inf"), float("-inf")):
            return ""
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e18 else repr(raw)
    if isinstance(raw, datetime.datetime):
        return f"{raw:%d/%m/%Y}" if raw.time() == datetime.time() else f"{raw:%d/%m/%Y %H:%M}"
    if isinstance(raw, datetime.date):
        return f"{raw:%d/%m/%Y}"
    return clean(str(raw))
