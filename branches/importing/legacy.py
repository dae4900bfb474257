"""Text typed in the old fonts (TCVN3, VNI) or spoilt on its way through programs: recognised and put right.

A word is converted only when the result is spelt as Vietnamese and the text as it stands is not, or
when the rest of its column says what its font was. Proper Unicode text is never touched.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from .legacy_tables import TCVN3, VNI
from .syllables import is_syllable

# A plain letter wears its mark in either case: "Aùnh" as well as "AÙnh".
_VNI = {**{f"{pair[0].upper()}{pair[1]}": letter.upper() for pair, letter in VNI.items() if len(pair) == 2}, **VNI}
_VNI_PARTS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_MARKS = frozenset("".join(_VNI)) - frozenset("aeouyAEOUY")
_TCVN3 = str.maketrans(TCVN3)
_NO_CAPITAL = frozenset(sign for sign, letter in TCVN3.items() if letter not in "ăâđêôơư" and letter.islower())

# Signs that Vietnamese does not use but the old fonts do; a sheet without any of them is not looked into further.
SUSPICIOUS = re.compile(
    "[?\x80-\xbf\u2013-\u2026\u20ac\u0192\u0160\u0161\u0152\u0153\u017d\u017e\u0178\u02c6\u02dc\u2030\u2039\u203a\ufffd"
    "×÷ÄÅÆÇËÎÏÐÑÖØÛÜÞßäåæçëîïðñöøûüþÿ]"
)
_CP1252 = {bytes([code]).decode("cp1252", "replace"): code for code in range(128, 256)}
# A leading byte of UTF-8 followed by what stands for a following byte, both seen as Western signs.
_FOLLOWING = "".join(sign for sign, code in _CP1252.items() if code < 192 and sign != "\ufffd") + "\x81\x8d\x8f\x90\x9d"
_MOJIBAKE = re.compile(f"(?:á[º»]|Ã|Ä|Å|Æ|Ì|â€)[{re.escape(_FOLLOWING)}]")
_LONE = re.compile(f"Ä(?![{re.escape(_FOLLOWING)}])")  # "Đ", whose second byte has no Western sign and is often dropped
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]|�")
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")


LONGEST_KEPT = 300  # longer texts are not kept in memory for the next time


class UnknownText(ValueError):
    """Letters were lost before the file came here; nothing can bring them back."""


def _from_tcvn3(word: str) -> str | None:
    """The word in Unicode, None when it holds a sign that TCVN3 does not have."""
    if any(ord(sign) > 127 and sign not in TCVN3 for sign in word):
        return None
    text = word.translate(_TCVN3)
    plain_letters = [sign for sign in word if sign.isascii() and sign.isalpha()]
    return text.upper() if len(plain_letters) > 1 and all(map(str.isupper, plain_letters)) else text


def _from_vni(word: str) -> str | None:
    """The word in Unicode, None when a mark stands where VNI cannot have it."""
    text = _VNI_PARTS.sub(lambda found: _VNI[found.group()], word)
    rest = _VNI_PARTS.sub("", word)
    return None if any(ord(sign) > 127 for sign in rest) else text


_READERS = {"tcvn3": _from_tcvn3, "vni": _from_vni}


@lru_cache(maxsize=1024)
def _judged(text: str, kind: str) -> tuple[int, int, int]:
    """Of the words with marks: spelt right when read as `kind` ("" is Unicode), spelt wrong, longest right one."""
    right = wrong = longest = 0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        read = word if not kind else _READERS[kind](word)
        if read is not None and is_syllable(read):
            right, longest = right + 1, max(longest, len(word))
        elif read is None or len(read) > 3 or not read.isupper():  # "TĐ", "ĐT" are abbreviations
            wrong += 1
    return right, wrong, longest


def _kind_of(text: str, hint: str) -> str:
    """What the text is written in, as far as it and its neighbours (`hint`) say."""
    right, wrong, _ = _judged(text, "")
    proper = wrong == 0
    fitting = {}
    for kind in _READERS:
        right, wrong, longest = _judged(text, kind)
        # One short word alone may be anything ("µm", "ª"): it needs the column's word for it.
        if kind == hint and wrong <= right and (right or not proper):
            return kind
        if not proper and right >= 2 * wrong and (right > 1 or longest > 2):
            fitting[kind] = right - wrong
    return max(fitting, key=fitting.get) if fitting else ""


def _converted(text: str, kind: str) -> str:
    reader = _READERS[kind]
    words = [found.group() for found in _WORD.finditer(text)]
    shouted = any(sum(map(str.isupper, filter(str.isascii, word))) > 1 for word in words) and not re.search(
        "[a-z]", text
    )
    named = len(words) > 1 and sum(word[0].isupper() or word[0] in "¡¢£¤¥¦§" for word in words) * 2 >= len(words)

    def convert(found: re.Match) -> str:
        word = found.group()
        read = reader(word)
        if read is None:
            return word
        if kind == "tcvn3" and shouted:
            return read.upper()
        if kind == "tcvn3" and named and word[0] in _NO_CAPITAL:
            return read[0].upper() + read[1:]  # "¸nh": the font had no sign for "Á"
        return read

    return unicodedata.normalize("NFC", _WORD.sub(convert, text))


def _from_mojibake(text: str) -> str | None:
    """UTF-8 that some program took for Western text, read again; None when a part of it is gone."""
    text = _LONE.sub("Ä\x90", text)
    for _ in range(2):
        try:
            text = bytes(_CP1252.get(sign, ord(sign)) for sign in text).decode()
        except ValueError:
            return None
        if not _MOJIBAKE.search(text):
            return unicodedata.normalize("NFC", text)
    return None


def repaired(text: str, hint: str = "") -> tuple[str, str]:
    """The text in Unicode NFC and what it was written in: "" (nothing to do), "tcvn3", "vni", "utf8" (UTF-8
    taken for Western text) or "mixed". `hint` is the kind its column or sheet is known to be in.

    Raises UnknownText when letters are lost ("Nguy?n", U+FFFD): whoever has the source must type them.
    """
    return _repaired(text, hint) if len(text) < LONGEST_KEPT else _repaired.__wrapped__(text, hint)


@lru_cache(maxsize=16384)
def _repaired(text: str, hint: str) -> tuple[str, str]:
    if _LOST.search(text) and "://" not in text and "@" not in text:
        raise UnknownText(text)
    if text.isascii():
        return text, ""
    text = unicodedata.normalize("NFC", text)
    if _MOJIBAKE.search(text):
        read = _from_mojibake(text)
        if read is not None:
            return read, "utf8"
    if "á»" in text or "áº" in text:  # no old font puts these two together
        raise UnknownText(text)
    if any(ord(sign) > 255 and sign.isalpha() for sign in text):
        return _mended_words(text)
    kind = _kind_of(text, hint)
    return (_converted(text, kind), kind) if kind else (text, "")


def _mended_words(text: str) -> tuple[str, str]:
    """A text that is Unicode already; single words pasted into it from an old document are converted."""
    if not SUSPICIOUS.search(text):
        return text, ""
    changed = False

    def mend(found: re.Match) -> str:
        nonlocal changed
        word = found.group()
        if (
            len(word) > 2
            and word.isascii() is False
            and all(ord(sign) < 256 for sign in word)
            and not is_syllable(word)
        ):
            for reader in _READERS.values():
                read = reader(word)
                if read is not None and is_syllable(read):
                    changed = True
                    return read
        return word

    mended = _WORD.sub(mend, text)
    return (mended, "mixed") if changed else (text, "")


def encoding_of(texts: Iterable[str]) -> str:
    """The old font most of the texts are in, "" when they are Unicode or say nothing."""
    counted = Counter()
    for text in texts:
        if text.isascii():
            continue
        if any(ord(sign) > 255 and sign.isalpha() for sign in text):
            counted[""] += 1
        else:
            right, wrong, _ = _judged(text, "")
            kind = _kind_of(text, "")
            if kind or (wrong == 0 and right):
                counted[kind] += 1 if kind else 0.2  # "Thò" is a word in Unicode and another one in VNI
    return max(counted, key=counted.get) if counted else ""


def sheet_encoding(sheet) -> str:
    """The old font of a sheet: "tcvn3", "vni" or ""."""
    return encoding_of(cell for row in sheet.rows for cell in row if isinstance(cell, str))


def repair_rows(rows: list[list[object]]) -> str:
    """Put every text of the rows right, in place; says what was converted: "", one kind, or "mixed".

    Texts that cannot be brought back stay as they are: the row's check names them to the user.
    """
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    if not any(SUSPICIOUS.search(text) for text in texts):
        return ""
    whole = encoding_of(texts)
    kinds = set()
    for column in range(max(map(len, rows))):
        cells = [row[column] for row in rows if column < len(row) and isinstance(row[column], str)]
        said = [text for text in cells if not text.isascii()]
        hint = encoding_of(said) or ("" if any(ord(sign) > 255 for text in said for sign in text) else whole)
        for row in rows:
            if column < len(row) and isinstance(row[column], str):
                try:
                    row[column], kind = repaired(row[column], hint)
                except UnknownText:
                    continue
                kinds.add(kind)
    kinds.discard("")
    return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else ""
