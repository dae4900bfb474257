"""How wide words are on paper, and where the name of a unit may be broken into lines."""

import functools
import unicodedata

from branches.vietnamese import nfc

# Advance widths of the Times metrics in thousandths of the size, capitals and what stands between
# them; letters with marks are as wide as the bare letter. Used to break long unit names.
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_REGULAR = (
    722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611,
)  # fmt: skip
_BOLD = (
    722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944,
    722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667,
)  # fmt: skip
WIDTHS = {
    False: {**dict(zip(_CAPITALS, _REGULAR, strict=True)), " ": 250, "-": 333, ".": 250, ",": 250},
    True: {**dict(zip(_CAPITALS, _BOLD, strict=True)), " ": 250, "-": 333, ".": 250, ",": 250},
}
MM_OF_A_POINT = 25.4 / 72
NARROW_ITALIC = " .,ijltíìỉĩị"

# A line may begin with these even inside a name: they open a new part of it.
OPENERS = {"các", "và", "của", "tại", "thuộc", "trực", "tỉnh", "huyện", "quận", "xã", "phường", "thị", "đặc"}
# A line may end with these although a capital follows: they name a kind of body, not its own name.
BODIES = {"Cục", "Sở", "Bộ", "Ban", "Khối", "Vụ", "Viện", "Phòng", "Trường", "Tỉnh", "Đoàn", "Tòa", "Kho"}


def capitals(text: str) -> str:
    """Capitals of the composed text. Done here and not by CSS, so that copied text has them too."""
    return nfc(text).upper()


def width_mm(text: str, size_pt: float, *, bold: bool) -> float:
    """How wide the text is in capitals, in mm."""
    widths = WIDTHS[bold]
    bare = [sign for sign in unicodedata.normalize("NFD", capitals(text)) if not unicodedata.combining(sign)]
    return sum(widths.get(sign.replace("Đ", "D"), 500) for sign in bare) * size_pt * MM_OF_A_POINT / 1000


def broken(name: str, room_mm: float, size_pt: float, *, bold: bool) -> tuple[str, ...]:
    """A unit's name in the fewest lines that fit, as equal as possible, never cut inside a proper name."""
    syllables = nfc(name).split()
    allowed = [place for place in range(1, len(syllables)) if _may_break(syllables, place)]
    for places in (allowed, range(1, len(syllables))):
        for count in range(1, 6):
            lines = _even_lines(tuple(syllables), tuple(places), count, room_mm, size_pt, bold)
            if lines:
                return tuple(capitals(line) for line in lines)
    return (capitals(name),)


def _may_break(syllables: list[str], place: int) -> bool:
    before, after = syllables[place - 1], syllables[place]
    if after.lower() in OPENERS or (after.lower() == "thành" and syllables[place + 1 : place + 2] == ["phố"]):
        return before.lower() not in OPENERS
    if not after[:1].isupper() or before.lower() in OPENERS:
        return False
    return before[:1].islower() or before in BODIES or before.endswith(",")


def _even_lines(syllables, places, count, room_mm, size_pt, bold) -> tuple[str, ...]:
    """The break into `count` lines whose longest line is shortest; empty when none fits."""

    def line(first, last):
        return " ".join(syllables[first:last])

    @functools.cache
    def best(first, left):
        if left == 1:
            text = line(first, len(syllables))
            wide = width_mm(text, size_pt, bold=bold)
            return (wide, (text,)) if wide <= room_mm else None
        found = None
        for place in places:
            if place <= first:
                continue
            wide = width_mm(line(first, place), size_pt, bold=bold)
            if wide > room_mm:
                break
            rest = best(place, left - 1)
            if rest and (found is None or max(wide, rest[0]) < found[0]):
                found = (max(wide, rest[0]), (line(first, place), *rest[1]))
        return found

    answer = best(0, count)
    return answer[1] if answer else ()


def italic_em(sign: str) -> float:
    """About how wide a sign of the italic is, in ems; a little too wide rather than too narrow."""
    if sign in NARROW_ITALIC:
        return 0.28
    if sign == "…":
        return 0.889
    if sign == "m":
        return 0.73
    return 0.68 if sign.isupper() else 0.5
