"""Vietnamese as Vietnamese write it: normal form, searching without marks, dictionary order.

Python's and the databases' own orders put "Đ" after "Z" and do not know the order of the tones, and
PostgreSQL and SQLite disagree with each other. The key made here is plain ASCII letters and digits,
so that both databases sort it the same way under any collation.
"""

import functools
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# ngang, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries.
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_RANK = {letter: f"{chr(97 + place // 26)}{chr(97 + place % 26)}" for place, letter in enumerate(ALPHABET)}


def nfc(text: str) -> str:
    """The text in composed form with single spaces; what is stored and compared."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def lower(text: str) -> str:
    """Composed and in small letters, marks kept; for searching with marks on any database."""
    return nfc(text).lower()


def plain(text: str) -> str:
    """Small letters without any mark: "Nguyễn Thị Ánh" → "nguyen thi anh"."""
    return " ".join(map(_plain_word, lower(text).split()))


@functools.lru_cache(maxsize=20_000)  # names are made of few syllables
def _plain_word(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word).replace("đ", "d")
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, marks kept: "Hội thi 42-CT/TW" → ["hội", "thi", "42", "ct", "tw"]."""
    return "".join(sign if sign.isalnum() or unicodedata.combining(sign) else " " for sign in lower(text)).split()


def search_key(text: str) -> str:
    """Every word without marks and as it is written, each after a space: f" {word}" in it finds a beginning of a word.

    A word typed without marks meets every spelling in the first half, one with marks only its own in the second.
    """
    words = words_of(text)
    return "".join(f" {word}" for word in [*map(plain, words), "|", *words])


def saying(rows, words: str):
    """Those of the queryset `rows` whose `search_key` has every word; none where only signs were typed."""
    wanted = words_of(words)
    if words.strip() and not wanted:
        return rows.none()
    for word in wanted:
        rows = rows.filter(search_key__contains=f" {word}")
    return rows


@functools.lru_cache(maxsize=20_000)
def _syllable_key(syllable: str) -> tuple[str, str]:
    letters, tone = [], "0"
    for sign in unicodedata.normalize("NFD", syllable.lower()):
        if sign in TONES:
            tone = TONES[sign]
        elif unicodedata.combining(sign):
            letters[-1:] = [unicodedata.normalize("NFC", letters[-1] + sign)] if letters else []
        elif sign.isalnum():
            letters.append(sign)
    return "".join(_RANK.get(letter, f"0{letter}" if letter.isascii() else "zz") for letter in letters), tone


def sort_key(text: str) -> str:
    """Dictionary order: letters decide first, tones only between words of the same letters."""
    syllables = [_syllable_key(part) for part in nfc(text).replace("-", " ").split()]
    return "0".join(letters for letters, _ in syllables) + "00" + "".join(tone for _, tone in syllables)


def person_sort_key(full_name: str) -> str:
    """Order of persons: given name first (the last syllable, with its tone), then family, then middle names."""
    syllables = nfc(full_name).split()
    if len(syllables) < 2:
        return sort_key(full_name)
    rest = " ".join([syllables[0], *syllables[1:-1]])
    return f"{sort_key(syllables[-1])}000{sort_key(rest)}"
