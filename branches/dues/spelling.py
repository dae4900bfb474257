"""An amount of money in words, as a receipt writes it: 1234567 → "Một triệu hai trăm ba mươi tư nghìn … đồng"."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", " nghìn", " triệu")
BILLION = 1_000_000_000


def money_words(amount: int) -> str:
    """Whole đồng in words, the first letter a capital."""
    if amount < 0:
        return f"Âm {number_words(-amount)} đồng"
    words = number_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"


def number_words(value: int) -> str:
    """A whole number from 0 in words; "linh" for a missing ten, "mốt", "tư", "lăm" after tens."""
    if value == 0:
        return DIGITS[0]
    billions, rest = divmod(value, BILLION)
    parts = [f"{number_words(billions)} tỷ"] if billions else []
    for place in (2, 1, 0):
        group = rest // 1000**place % 1000
        if group:
            parts.append(_group(group, is_full=bool(parts)) + GROUPS[place])
    return " ".join(parts)


def _group(value: int, *, is_full: bool) -> str:
    """Three digits; `is_full` says the hundreds although they are none, because something stands before."""
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    parts = [f"{DIGITS[hundreds]} trăm"] if hundreds or is_full else []
    if tens == 0:
        if ones and parts:
            parts.append("linh")
    else:
        parts.append("mười" if tens == 1 else f"{DIGITS[tens]} mươi")
    if ones:
        parts.append(_last(tens, ones))
    return " ".join(parts)


def _last(tens: int, ones: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    if ones == 4 and tens > 1:
        return "tư"
    if ones == 5 and tens > 0:
        return "lăm"
    return DIGITS[ones]
