"""The slots of the sentences: how a figure, its unit and its verb stand together in running text.

Source of the rules: paper.md section 5. Two digits for whole counts 1-9 in running text, none for
percents, decimals and money; qualifiers come only from what a person recorded.
"""

from decimal import Decimal

from branches.formats import QUALIFIER_WORDS, number, percent, small, two_digits
from branches.models import Indicator
from reports.amounts import Amount

# The figure follows these verbs at once: "tổ chức 04 buổi tuyên truyền", "cử 02 đoàn viên học …".
TAKING_A_FIGURE = ("tổ chức", "cử", "giới thiệu", "thu hút", "kết nạp", "tiếp nhận", "thăm", "thực hiện")
# People who do it themselves: "Có 05 lượt người tham gia hiến máu".
DOERS = ("người", "đoàn viên", "đồng chí", "thanh niên", "vận động viên", "cán bộ")
DOING = ("tham gia ", "học ", "có sáng kiến", "có mặt", "được ", "hiến máu", "vi phạm", "đăng ký", "hoàn thành ")


UNIT_WORDS = ("Chi đoàn", "Đoàn", "Phân đoàn", "Liên chi đoàn")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def unit_word(indicator) -> str:
    """The counting unit inside a sentence. "suất" is a table's word; in a sentence it is a gift."""
    return "suất quà" if indicator.unit_word == "suất" else indicator.unit_word


def count(value: Decimal, indicator) -> str:
    """A bare figure of this indicator in running text: 05, 15, 1.200.000, 12,5."""
    if indicator.is_money:
        return number(value)
    places = max(indicator.decimals, 1 if value % 1 else 0)
    return number(value, places if value % 1 else None) if value % 1 else two_digits(value)


def with_qualifier(text: str, qualifier: str) -> str:
    word = QUALIFIER_WORDS.get(qualifier, "")
    return f"{word} {text}" if word else text


def figure(done: Amount, indicator) -> str:
    """A result with its qualifier and its unit: "khoảng 20 tin, bài", "hơn 31.000.000 đồng"."""
    return f"{with_qualifier(count(done.value, indicator), done.qualifier)} {unit_word(indicator)}"


def plain(value: Decimal, indicator) -> str:
    """A plan or a difference with its unit: "12 buổi", "03 tin, bài"."""
    return f"{count(value, indicator)} {unit_word(indicator)}"


def fraction(done: Amount, plan: Decimal, indicator) -> str:
    """Result over plan with the unit: "07/12 buổi"."""
    return f"{with_qualifier(count(done.value or Decimal(0), indicator), done.qualifier)}/{plain(plan, indicator)}"


def parts(done: Amount) -> str:
    """Numerator over denominator of a share: "14/14", "09/14"."""
    return f"{two_digits(done.value)}/{two_digits(done.whole)}"


def share(done: Amount) -> str:
    return with_qualifier(percent(done.ratio), done.qualifier)


def doing(indicator, figure_text: str, speaker: str) -> str:
    """Who did how much of what, as the beginning of a sentence.

    `figure_text` ends in the unit. Three ways, by the words of the indicator: persons who act themselves
    ("Có 05 lượt người tham gia hiến máu"), a verb that takes the figure at once ("Chi đoàn tổ chức 04
    buổi tuyên truyền pháp luật"), else verb, then figure ("Chi đoàn sinh hoạt định kỳ 12 buổi").
    """
    action = indicator.action
    if not action:
        return f"{indicator.name} đạt {figure_text}"
    word = unit_word(indicator)
    if indicator.over_time == Indicator.OverTime.AVERAGE:
        return f"{indicator.name} bình quân là {figure_text}"
    if persons_act(indicator):
        return f"Có {figure_text} {action}"
    if f" {word}" in f" {action}":
        before, after = f" {action}".split(f" {word}", 1)
        return " ".join(f"{speaker}{before} {figure_text}{after}".split())
    for verb in TAKING_A_FIGURE:
        if action.startswith(f"{verb} "):
            return f"{speaker} {verb} {figure_text}{action.removeprefix(verb)}"
    return f"{speaker} {action} {figure_text}"


def persons_act(indicator) -> bool:
    return indicator.unit_word.endswith(DOERS) and indicator.action.startswith(DOING)


def matter(indicator) -> str:
    """What is spoken of, without a figure: the name, because verbs alone do not say it."""
    return small(indicator.name)


def listing(words) -> str:
    """a, b và c."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} và {words[-1]}"


def within(text: str) -> str:
    """Words as they stand inside a sentence: "Toàn Đoàn", "Có 01 …" become small, "Chi đoàn", "Đoàn" do not."""
    return text if text.startswith(UNIT_WORDS) else small(text)
