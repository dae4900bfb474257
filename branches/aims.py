"""A target's value as people write it in a plan, and back: "≥ 3", "2-3", "100%", "0", "có", "1/tháng".

Only reading and writing; whether a result reaches the value is judged in reports.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from branches import formats
from branches.forms.fields import MoneyField, NumberField
from branches.models import Indicator, Target
from branches.vietnamese import lower, plain

Comparator = Target.Comparator
HUNDRED = Decimal(100)
# Longest first, because ">" begins ">=".
SIGNS = (
    (("≥", ">=", "=>", "it nhat", "toi thieu", "tu", "dat it nhat"), Comparator.AT_LEAST),
    (("≤", "<=", "=<", "nhieu nhat", "toi da", "khong qua"), Comparator.AT_MOST),
    ((">", "tren", "hon"), Comparator.MORE_THAN),
    (("=", "dung", "dung bang"), Comparator.EQUAL),
)
SIGN_WORDS = sorted(((word, sign) for words, sign in SIGNS for word in words), key=lambda pair: -len(pair[0]))
PER = (("thang", Comparator.PER_MONTH), ("quy", Comparator.PER_QUARTER))
NONE_WORDS = ("khong", "khong co", "khong de xay ra", "khong xay ra")
YES_WORDS = ("co", "phai co", "x")


class AimRefused(ValueError):
    """What was written is not a target for this indicator; the message says what to write."""


@dataclass(frozen=True, slots=True)
class WrittenAim:
    """A comparator with its values, as stored on a Target: for a share in percent."""

    comparator: str
    value: Decimal | None = None
    value_to: Decimal | None = None


def aim_of_target(target: Target) -> WrittenAim:
    return WrittenAim(target.comparator, target.value, target.value_to)


def parse_aim(text: str, indicator: Indicator, comparator: str = "") -> WrittenAim | None:
    """Read what a person wrote; None when nothing is written (no target).

    `comparator` is a choice made beside the field; it decides what a bare number means and must not
    contradict a sign that was written. Without either a bare number is "exactly", and "at most" where
    less is better. Raises AimRefused.
    """
    written = _tidy(text, indicator)
    if not written:
        if comparator in Target.WITHOUT_VALUE:
            return check_aim(WrittenAim(comparator), indicator)
        if comparator:
            raise AimRefused(f"Hãy ghi mức, ví dụ {_example(indicator)}.")
        return None
    found = _read(written, indicator)
    if comparator and found.comparator != comparator:
        found = _reconcile(found, comparator, written, indicator)
    return check_aim(found, indicator)


def check_aim(aim: WrittenAim, indicator: Indicator) -> WrittenAim:
    """The aim, if such a target makes sense for the indicator; else AimRefused."""
    kind, value, value_to = aim.comparator, aim.value, aim.value_to
    if kind not in Comparator.values:
        raise AimRefused("Hãy chọn cách so sánh trong danh sách.")
    if indicator.is_yes_no and kind not in Target.WITHOUT_VALUE:
        raise AimRefused("Chỉ tiêu này là có hoặc không. Hãy ghi “có”, hoặc 0 nếu không để xảy ra.")
    if kind in Target.WITHOUT_VALUE:
        if kind == Comparator.YES and not indicator.is_yes_no:
            raise AimRefused(f"Chỉ tiêu này đếm bằng {indicator.unit_word}. Hãy ghi số, ví dụ {_example(indicator)}.")
        return WrittenAim(kind)
    if value is None:
        raise AimRefused(f"Hãy ghi mức, ví dụ {_example(indicator)}.")
    if (kind == Comparator.RANGE) != (value_to is not None):
        raise AimRefused("Một khoảng cần hai số, ví dụ 2-3.")
    if value < 0 or (value_to is not None and value_to <= value):
        raise AimRefused("Trong một khoảng, số sau phải lớn hơn số trước, ví dụ 2-3.")
    if value == 0 and kind not in (Comparator.AT_MOST, Comparator.EQUAL, Comparator.MORE_THAN, Comparator.RANGE):
        raise AimRefused("Mức 0 thì lúc nào cũng đạt. Hãy ghi từ 1 trở lên, hoặc chỉ ghi 0 nếu không để xảy ra.")
    if value == 0 and kind in (Comparator.AT_MOST, Comparator.EQUAL):
        return WrittenAim(Comparator.ZERO)
    if indicator.is_share:
        if kind in (Comparator.PER_MONTH, Comparator.PER_QUARTER):
            raise AimRefused("Tỷ lệ tính cho cả kỳ, không ghi theo tháng hoặc quý. Hãy ghi ví dụ 100%.")
        if max(value, value_to or value) > HUNDRED or (kind == Comparator.MORE_THAN and value == HUNDRED):
            raise AimRefused("Tỷ lệ không quá 100%. Hãy ghi số từ 1% đến 100%.")
    return WrittenAim(kind, value, value_to)


def aim_text(aim: WrittenAim | Target | None, indicator: Indicator) -> str:
    """What a person would write for it; parse_aim reads it back to the same aim."""
    if aim is None:
        return ""
    kind = aim.comparator
    if kind == Comparator.YES:
        return "có"
    if kind == Comparator.ZERO:
        return "0%" if indicator.is_share else "0"
    mark = "%" if indicator.is_share else ""
    low = f"{formats.number(aim.value)}{mark}"
    if kind == Comparator.RANGE:
        return f"{formats.number(aim.value)}-{formats.number(aim.value_to)}{mark}"
    if kind == Comparator.PER_MONTH:
        return f"{low}/tháng"
    if kind == Comparator.PER_QUARTER:
        return f"{low}/quý"
    sign = {Comparator.AT_LEAST: "≥", Comparator.AT_MOST: "≤", Comparator.MORE_THAN: ">"}.get(kind, "")
    if kind == Comparator.EQUAL and indicator.lower_is_better:
        sign = "="  # a bare number would be read back as "at most"
    return f"{sign} {low}" if sign else low


def target_text(target: Target) -> str:
    """The value of a target in words; needs its indicator loaded."""
    return aim_text(target, target.indicator)


def assigned_text(target: Target, indicator: Indicator) -> str:
    """What the superior handed down, in words; empty where it handed down nothing."""
    if not target.assigned_comparator:
        return ""
    aim = WrittenAim(target.assigned_comparator, target.assigned_value, target.assigned_value_to)
    return aim_text(aim, indicator)


def level_text(value: Decimal | None, indicator: Indicator) -> str:
    """A bare level, as registered: "4", "100%"; empty where there is none."""
    return "" if value is None else f"{formats.number(value)}{'%' if indicator.is_share else ''}"


def _tidy(text: str, indicator: Indicator) -> str:
    """Composed, small letters, one kind of dash, without the counting unit that people like to repeat."""
    written = re.sub(r"[–—−]", "-", lower(text or ""))
    if not indicator.is_money and not indicator.is_yes_no:
        word = lower(indicator.unit_word)
        written = re.sub(rf"(?<=[\d%\s]){re.escape(word)}(?=\s*(?:/|$|trở|mỗi|một))", " ", written)
    return " ".join(written.split())


def _read(written: str, indicator: Indicator) -> WrittenAim:
    bare = plain(written)
    if bare in YES_WORDS:
        return WrittenAim(Comparator.YES)
    if bare in NONE_WORDS or re.fullmatch(r"0+\s*%?", bare):
        return WrittenAim(Comparator.ZERO)
    if re.fullmatch(r"\d+\s*/\s*\d+", bare):
        if indicator.is_share:
            raise AimRefused("Hãy ghi tỷ lệ phần trăm, ví dụ 100%. Số người sẽ tính khi có kết quả.")
        raise AimRefused(f"Hãy ghi một mức, ví dụ {_example(indicator)}. Theo tháng thì ghi 1/tháng.")
    rest, per = _per(written)
    rest, sign = _sign(rest)
    if sign == "<":
        raise AimRefused("Hãy ghi ≤ và số lớn nhất được phép, ví dụ ≤ 2 thay cho < 3.")
    ends = re.split(r"\s*(?:-|\.\.\.?|\bđến\b|\btới\b)\s*", rest)
    if len(ends) == 2 and all(ends):
        if per or sign not in ("", Comparator.AT_LEAST):  # "từ 2 đến 3" reads as at least, then a range
            raise AimRefused("Hãy ghi một khoảng không có dấu so sánh, ví dụ 2-3.")
        low, high = (_number(end, indicator) for end in ends)
        return WrittenAim(Comparator.RANGE, low, high)
    if len(ends) > 2:
        raise AimRefused("Một khoảng chỉ có hai số, ví dụ 2-3.")
    value = _number(rest, indicator)
    if per:
        if sign not in ("", Comparator.AT_LEAST, Comparator.EQUAL):
            raise AimRefused("Theo tháng hoặc quý thì chỉ ghi số cần có, ví dụ 1/tháng.")
        return WrittenAim(per, value)
    if sign:
        return WrittenAim(sign, value)
    return WrittenAim(Comparator.AT_MOST if indicator.lower_is_better else Comparator.EQUAL, value)


def _per(written: str) -> tuple[str, str]:
    """Take "a month" or "a quarter" off: "1/tháng", "mỗi quý 3", "1 mỗi tháng"."""
    for word, kind in PER:
        pattern = rf"(?:/|mỗi|một|hằng|hàng)\s*{'tháng' if word == 'thang' else 'quý'}"
        if re.search(pattern, written):
            rest = re.sub(pattern, " ", written, count=1).strip(" :,")
            return rest or "1", kind
    return written, ""


def _sign(written: str) -> tuple[str, str]:
    """Take the sign off the front, or "trở lên" and "+" off the end."""
    for ending, kind in (
        ("trở lên", Comparator.AT_LEAST),
        ("trở xuống", Comparator.AT_MOST),
        ("+", Comparator.AT_LEAST),
    ):
        if written.endswith(ending):
            return _sign(written.removesuffix(ending).strip())[0], kind
    bare = plain(written)
    for word, kind in SIGN_WORDS:
        if bare.startswith(word) and (not word.isalpha() or not bare[len(word) :][:1].isalpha()):
            # plain() keeps one sign per sign, so the same cut fits the text with marks.
            return written[len(word) :].strip(), kind
    if bare.startswith(("<", "duoi")):
        return written, "<"
    return written, ""


def _number(text: str, indicator: Indicator) -> Decimal:
    text = text.strip()
    if text.endswith("%"):
        if not indicator.is_share:
            raise AimRefused(f"Chỉ tiêu này đếm bằng {indicator.unit_word}. Hãy ghi số, ví dụ {_example(indicator)}.")
        text = text[:-1]
    if not re.search(r"\d", text):
        raise AimRefused(f"Không đọc được “{text[:40]}”. Hãy ghi ví dụ {_example(indicator)}.")
    if indicator.is_money:
        field = MoneyField()
    elif indicator.is_share:
        field = NumberField(whole=False)
    else:
        field = NumberField(whole=indicator.decimals == 0, places=min(indicator.decimals, 2), unit=indicator.unit_word)
    try:
        return Decimal(field.clean(text))
    except ValidationError as error:
        raise AimRefused(error.messages[0]) from error


def _reconcile(found: WrittenAim, comparator: str, written: str, indicator: Indicator) -> WrittenAim:
    """A comparator was chosen beside the field: a bare number takes it, anything else contradicts it."""
    is_bare = bool(re.fullmatch(r"[\d.,]+\s*(?:%|đ|đồng)?", written)) and found.value is not None
    if comparator in Target.WITHOUT_VALUE or not is_bare or comparator == Comparator.RANGE:
        chosen = Comparator(comparator).label
        raise AimRefused(f"Ô này ghi “{written}” nhưng đã chọn “{chosen}”. Hãy giữ một trong hai.")
    return WrittenAim(comparator, found.value)


def _example(indicator: Indicator) -> str:
    if indicator.is_yes_no:
        return "có"
    if indicator.is_share:
        return "100%"
    if indicator.is_money:
        return "≥ 5.000.000"
    return "≤ 2" if indicator.lower_is_better else "≥ 3"
