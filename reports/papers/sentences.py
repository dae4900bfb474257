"""From one line of plan against result to one sentence of a report, in the fixed patterns.

Patterns and their numbers are those of paper.md section 6. A sentence speaks of one indicator, opens
with a word (a number only for a percent or a fraction of members) and never praises: verdicts come
from progress.py, words of merit and of cause only from people.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from branches.formats import day, number, percent, points, small, span, two_digits
from branches.models import Target
from reports.judging import LATE, Progress, Standing

from .phrases import (
    capital,
    count,
    doing,
    figure,
    fraction,
    matter,
    parts,
    plain,
    share,
    unit_word,
    with_qualifier,
)

Comparator = Target.Comparator
GIVEN = "số tiền"
MANY = Decimal(10)  # from this plan on a comparison reads better in percent than in pieces
VERDICT = {Standing.OVER: "vượt", Standing.MET: "đạt", Standing.MISSED: "chưa đạt"}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks and when. `last_year` is "năm 2018", empty where there is no year before to name."""

    speaker: str
    as_of: datetime.date
    last_day: datetime.date
    last_year: str = ""
    aside: str = ""  # what the things were, in brackets behind the figure

    def due(self, row: Progress) -> datetime.date:
        return row.target.due_on if row.target and row.target.due_on else self.last_day


@dataclass(frozen=True, slots=True)
class Line:
    """One activity line behind a figure, as far as a sentence may name it."""

    value: Decimal | None
    each: int | None
    starts_on: datetime.date
    last_on: datetime.date
    note: str = ""
    qualifier: str = "exact"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A drafted sentence and the number of its pattern."""

    pattern: int
    text: str


def sentence_of(row: Progress, voice: Voice, *, part: Progress | None = None, lines: Sequence[Line] = ()) -> Sentence:
    """The sentence of a row. `part` is its "trong đó" share, told in the same sentence; `lines` are the
    activity lines behind the figure and give dates, prices and the names of things where a person wrote them."""
    indicator = row.indicator
    if indicator.is_yes_no:
        return _yes_no(row, voice)
    if row.aim and row.aim.comparator == Comparator.ZERO:
        return _zero(row, voice)
    if indicator.is_share:
        return _with_part(_share(row, voice), part)
    if row.done.lines and row.done.value is None:
        return Sentence(9, f"{capital(matter(indicator))} có thực hiện nhưng chưa thống kê được số liệu.")
    if lines and all(line.each and line.value is not None for line in lines) and row.done.value:
        return _gifts(row, voice, lines)
    voice = replace(voice, aside=_aside(lines))
    if indicator.is_money and row.done.qualifier != "exact":
        return _money(row, voice)
    return _count(row, voice)


# --- counts -------------------------------------------------------------------------------------------


def _count(row: Progress, voice: Voice) -> Sentence:
    indicator, done, aim = row.indicator, row.done, row.aim
    if aim is None:
        return Sentence(8, f"{_begin(row, voice)}.")
    if aim.comparator == Comparator.AT_MOST:
        return _ceiling(row, voice)
    if aim.comparator == Comparator.RANGE:
        return _range(row, voice)
    if not done.lines and row.standing in (*LATE, Standing.NOT_MEASURABLE):
        if row.standing == Standing.BEHIND:
            return _not_due(row, voice)
        return Sentence(
            7, f"Chưa thực hiện được chỉ tiêu {matter(indicator)} (kế hoạch {plain(aim.value, indicator)})."
        )
    if row.standing in (Standing.ON_TRACK, Standing.BEHIND):
        return _not_due(row, voice)
    if row.standing == Standing.MET:
        return _met(row, voice)
    if row.standing == Standing.OVER:
        return _over(row, voice)
    if row.standing == Standing.NOT_MEASURABLE:
        return Sentence(
            19,
            f"{_begin(row, voice)}; số liệu ước tính, chưa đủ căn cứ kết luận đạt chỉ tiêu "
            f"{plain(aim.value, indicator)}.",
        )
    return _missed(row, voice)


def _begin(row: Progress, voice: Voice) -> str:
    if row.indicator.is_money and _sum_word(row.indicator.action) != GIVEN:  # "ủng hộ 5.000.000 đồng" needs no word
        return _with_sum(row, voice)
    return doing(row.indicator, figure(row.done, row.indicator), voice.speaker) + voice.aside


def _met(row: Progress, voice: Voice) -> Sentence:
    compared = _difference_to_last(row)
    begin = _begin(row, voice)
    plan = "đạt kế hoạch"
    if row.aim.comparator == Comparator.MORE_THAN:
        plan = f"đạt chỉ tiêu trên {plain(row.aim.value, row.indicator)}"
    if compared is None:
        return Sentence(2, f"{begin}, {plan}{_last_clause(row, voice)}.")
    if not compared:
        return Sentence(2, f"{begin}, {plan}, bằng {voice.last_year}.")
    way = "tăng" if compared > 0 else "giảm"
    return Sentence(3, f"{begin}, {plan} và {way} {plain(abs(compared), row.indicator)} so với {voice.last_year}.")


def _over(row: Progress, voice: Voice) -> Sentence:
    indicator, aim = row.indicator, row.aim
    begin, last = _begin(row, voice), _last_clause(row, voice)
    if not row.difference or row.ratio is None:
        return Sentence(5, f"{begin}, vượt kế hoạch ({plain(aim.value, indicator)}){last}.")
    if aim.value < MANY and not indicator.is_money:
        over = plain(row.difference, indicator)
        rate = with_qualifier(percent(row.ratio), row.done.qualifier)
        return Sentence(4, f"{begin}, vượt {over} so với kế hoạch ({rate}){last}.")
    over = with_qualifier(percent(row.ratio - 1), row.done.qualifier)
    return Sentence(5, f"{begin}, vượt {over} kế hoạch ({plain(aim.value, indicator)}){last}.")


def _missed(row: Progress, voice: Voice) -> Sentence:
    indicator, aim, done = row.indicator, row.aim, row.done
    rate = with_qualifier(percent(row.ratio), done.qualifier)
    if indicator.is_money:
        return Sentence(
            6,
            f"{_begin(row, voice)}, bằng {rate} kế hoạch, còn thiếu {number(abs(row.difference))} đồng.",
        )
    begin = doing(indicator, fraction(done, aim.value, indicator), voice.speaker) + voice.aside
    if row.missing_spans:
        word = "quý" if aim.comparator == Comparator.PER_QUARTER else "tháng"
        names = ", ".join(_span_number(one) for one in row.missing_spans)
        return Sentence(11, f"{begin} ({rate}); các {word} chưa tổ chức đủ: {names}.")
    if not row.difference:  # "gần 12" of 12
        return Sentence(6, f"{begin}, chưa đạt kế hoạch.")
    return Sentence(6, f"{begin} ({rate}), còn thiếu {plain(abs(row.difference), indicator)}.")


def _span_number(period) -> str:
    """ "Tháng 3/2019" → "3", "Quý II/2019" → "II"; over several years the year stays: "3/2018"."""
    return period.name.split(" ", 1)[-1].rsplit("/", 1)[0]


def _not_due(row: Progress, voice: Voice) -> Sentence:
    """Before its last day a target is told, not judged."""
    indicator, aim = row.indicator, row.aim
    if indicator.is_money:
        told = (
            f"{matter(indicator)} đạt {figure(row.done, indicator)}"
            if row.done.lines
            else (f"{matter(indicator)} chưa có kết quả")
        )
        told += f" (kế hoạch {plain(aim.value, indicator)})"
    elif not row.done.lines:
        told = f"{matter(indicator)} chưa có kết quả (kế hoạch {plain(aim.value, indicator)})"
    else:
        told = f"{matter(indicator)} đạt {fraction(row.done, aim.value, indicator)}"
    return Sentence(10, f"{_until(voice)}{told}; thời hạn đến {day(voice.due(row))}, chưa đánh giá.")


def _until(voice: Voice) -> str:
    return f"Đến ngày {day(voice.as_of)}, "


def _range(row: Progress, voice: Voice) -> Sentence:
    indicator, aim = row.indicator, row.aim
    goal = f"từ {count(aim.value, indicator)} đến {plain(aim.value_to, indicator)}"
    if row.standing in (Standing.ON_TRACK, Standing.BEHIND):
        told = f"đạt {figure(row.done, indicator)}" if row.done.lines else "chưa có kết quả"
        text = f"{_until(voice)}{matter(indicator)} {told} (chỉ tiêu {goal})"
        return Sentence(10, f"{text}; thời hạn đến {day(voice.due(row))}, chưa đánh giá.")
    if not row.done.value:
        return Sentence(7, f"Chưa thực hiện được chỉ tiêu {matter(indicator)} (kế hoạch {goal}).")
    if row.standing == Standing.NOT_MEASURABLE:
        return Sentence(19, f"{_begin(row, voice)}; số liệu ước tính, chưa đủ căn cứ kết luận đạt chỉ tiêu {goal}.")
    return Sentence(21, f"{_begin(row, voice)}, {VERDICT[row.standing]} chỉ tiêu {goal}.")


def _ceiling(row: Progress, voice: Voice) -> Sentence:
    indicator, aim = row.indicator, row.aim
    done = row.done if row.done.value is not None else replace(row.done, value=Decimal(0))
    name = capital(matter(indicator))
    limit = plain(aim.value, indicator)
    if row.standing == Standing.MISSED:
        beyond = f" {plain(row.difference, indicator)}" if row.difference else f" {limit}"
        return Sentence(24, f"{name} {figure(done, indicator)}, vượt giới hạn{beyond}.")
    if row.standing == Standing.ON_TRACK:
        return Sentence(
            24, f"{_until(voice)}{matter(indicator)} {figure(done, indicator)}, chưa vượt giới hạn {limit}."
        )
    return Sentence(24, f"{name} {figure(done, indicator)}, trong giới hạn {limit}.")


def _zero(row: Progress, voice: Voice) -> Sentence:
    indicator = row.indicator
    who = indicator.subject or unit_word(indicator)
    action = indicator.action or matter(indicator)
    if row.standing == Standing.MISSED and row.done.value:
        return Sentence(
            22, f"Có {count(row.done.value, indicator)} {who} {action}, không đạt chỉ tiêu không để phát sinh."
        )
    return Sentence(22, f"Không có {who} {action}, đạt chỉ tiêu.")


def _yes_no(row: Progress, voice: Voice) -> Sentence:
    action = row.indicator.action or matter(row.indicator)
    if row.done.value and row.done.whole:  # of a superior: how many of its units have it
        told = f"{parts(row.done)} đơn vị đã {action}"
        if row.aim and row.standing == Standing.ON_TRACK:
            return Sentence(10, f"{_until(voice)}{told}; thời hạn đến {day(voice.due(row))}, chưa đánh giá.")
        verdict = f", {VERDICT[row.standing]} yêu cầu" if row.aim and row.standing in VERDICT else ""
        return Sentence(23, f"{told}{verdict}.")
    if row.done.value:
        verdict = ", đạt yêu cầu" if row.aim else ""
        return Sentence(23, f"Đã {action}{verdict}.")
    if row.standing == Standing.ON_TRACK:
        return Sentence(10, f"{_until(voice)}chưa {action}; thời hạn đến {day(voice.due(row))}, chưa đánh giá.")
    return Sentence(23, f"Chưa {action}.")


# --- shares -------------------------------------------------------------------------------------------


def _share(row: Progress, voice: Voice) -> Sentence:
    indicator, done = row.indicator, row.done
    subject = indicator.subject or unit_word(indicator)
    action = indicator.action or matter(indicator)
    if not done.lines:
        goal = f" (kế hoạch {_share_goal(row)})" if row.aim else ""
        return Sentence(7, f"Chưa có số liệu về nội dung {matter(indicator)}{goal}.")
    if done.value is None:
        return Sentence(9, f"{capital(matter(indicator))} có thực hiện nhưng chưa thống kê được số liệu.")
    if done.ratio is None:
        return Sentence(16, f"Không tính được tỷ lệ {subject} {action} vì trong kỳ không có {subject}.")
    first = f"{capital(share(done))} {subject} ({parts(done)}) {action}"
    if row.aim is None:
        return Sentence(8, f"{first}.")
    if row.standing in (Standing.ON_TRACK, Standing.BEHIND):
        text = f"{_until(voice)}{share(done)} {subject} ({parts(done)}) {action}"
        return Sentence(10, f"{text}; thời hạn đến {day(voice.due(row))}, chưa đánh giá.")
    if row.standing == Standing.NOT_MEASURABLE:
        return Sentence(19, f"{first}; số liệu ước tính, chưa đủ căn cứ kết luận đạt chỉ tiêu {_share_goal(row)}.")
    if row.standing == Standing.MET:
        return Sentence(12, f"{first}, đạt chỉ tiêu.")
    if row.standing == Standing.OVER:
        more = f"cao hơn chỉ tiêu {points(row.difference)}" if row.difference else "vượt chỉ tiêu"
        return Sentence(13, f"{first}, {more}.")
    below = f"thấp hơn chỉ tiêu {points(row.difference)}" if row.difference else "chưa đạt chỉ tiêu"
    return Sentence(14, f"{parts(done)} {subject} ({share(done)}) {action}, {below}{_share_against_last(row, voice)}.")


def _share_goal(row: Progress) -> str:
    aim = row.aim
    if aim.value_to is not None:
        return f"từ {percent(aim.value)} đến {percent(aim.value_to)}"
    return percent(aim.value)


def _share_against_last(row: Progress, voice: Voice) -> str:
    if not voice.last_year or row.last.ratio is None or {row.last.qualifier, row.done.qualifier} != {"exact"}:
        return ""
    change = row.done.ratio - row.last.ratio
    if not change:
        return f" và bằng {voice.last_year}"
    return f" và {'tăng' if change > 0 else 'giảm'} {points(change)} so với {voice.last_year}"


def _with_part(whole: Sentence, part: Progress | None) -> Sentence:
    """Pattern 15: the share of that share, in the sentence of its whole."""
    if part is None or whole.pattern == 7:  # nothing is known of the whole
        return whole
    action = part.indicator.action or matter(part.indicator)
    if part.done.ratio is None or part.done.value is None:
        return replace(whole, text=f"{whole.text[:-1]}, trong đó chưa có số liệu {action}.")
    who = with_qualifier(two_digits(part.done.value), part.done.qualifier)
    text = f"{whole.text[:-1]}, trong đó {who} đồng chí ({percent(part.done.ratio)}) {action}"
    if part.aim and part.standing in VERDICT:
        least = "ít nhất " if part.aim.comparator == Comparator.AT_LEAST else ""
        text += f", {VERDICT[part.standing]} chỉ tiêu {least}{_share_goal(part)}"
    return Sentence(15, f"{text}.")


# --- money and gifts ------------------------------------------------------------------------------------


def _money(row: Progress, voice: Voice) -> Sentence:
    """Sums that a person gave with a qualifier. "Khoảng" near the plan is told and not judged."""
    begin = _with_sum(row, voice)
    if row.aim is None:
        return Sentence(18, f"{begin}.")
    if row.standing == Standing.NOT_MEASURABLE:
        return Sentence(
            19, f"{begin}; số liệu ước tính, chưa đủ căn cứ kết luận đạt chỉ tiêu {number(row.aim.value)} đồng."
        )
    if row.standing in VERDICT:
        return Sentence(18, f"{begin}, {VERDICT[row.standing]} kế hoạch.")
    return _not_due(row, voice)


def _with_sum(row: Progress, voice: Voice) -> str:
    action = row.indicator.action or matter(row.indicator)
    return f"{voice.speaker} {action} với {_sum_word(action)} {figure(row.done, row.indicator)}{voice.aside}"


def _sum_word(action: str) -> str:
    if action.startswith("tặng"):
        return "tổng trị giá"
    return GIVEN if action.startswith(("ủng hộ", "thu", "nộp")) else "tổng kinh phí"


def _gifts(row: Progress, voice: Voice, lines: Sequence[Line]) -> Sentence:
    """Pattern 17: gift sets with the price a person wrote down for each set."""
    indicator = row.indicator
    whom = indicator.subject or next((line.note for line in lines if line.note), "")
    begin = f"Tặng {figure(row.done, indicator)}" + (f" cho {whom}" if whom else "")
    if len(lines) == 1:
        begin = f"{_when(lines[0])}, {small(begin)}"
    worth = sum(line.value * line.each for line in lines)
    prices = {line.each for line in lines}
    exact = all(line.qualifier == "exact" for line in lines)
    text = begin + (f", mỗi suất {number(prices.pop())} đồng" if len(prices) == 1 else "")
    if exact:
        text += f", tổng trị giá {number(worth)} đồng"
    if row.aim and row.standing in VERDICT:
        text += f", {VERDICT[row.standing]} kế hoạch"
    return Sentence(17, f"{text}.")


def _when(line: Line) -> str:
    if line.starts_on == line.last_on:
        return f"Ngày {day(line.last_on)}"
    return f"Từ ngày {span(line.starts_on, line.last_on).replace(' đến ', ' đến ngày ')}"


# --- clauses --------------------------------------------------------------------------------------------


def _difference_to_last(row: Progress) -> Decimal | None:
    """This year minus last year in counting units; None unless both are exact figures."""
    done, last = row.done, row.last
    if last.value is None or done.value is None or {done.qualifier, last.qualifier} != {"exact"}:
        return None
    return done.value - last.value


def _last_clause(row: Progress, voice: Voice) -> str:
    """Pattern 25 and the tail of 5: what is known of the year before, and nothing when nothing is."""
    if not voice.last_year or not row.last.lines:
        return ""
    if row.last.value is None:
        return f"; {voice.last_year} chưa thống kê nội dung này"
    return f"; {voice.last_year} là {figure(row.last, row.indicator)}"


def _aside(lines: Sequence[Line]) -> str:
    """Where every line says what it was and they are few: " (hộp bảo vệ đường điện; khung cửa)"."""
    notes = [line.note for line in lines]
    if not notes or len(notes) > 4 or not all(notes):
        return ""
    return f" ({'; '.join(dict.fromkeys(notes))})"
