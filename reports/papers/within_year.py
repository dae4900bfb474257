"""Sentences of a month, a quarter or half a year: what was done in it, beside the year's plan and the year before.

A target of the whole year is not judged within it: the sentence tells the figure of the span, what it adds up to since
January, and the same span of the year before where both are exact.
"""

from dataclasses import replace

from branches.formats import percent
from reports.judging import Progress, Standing

from .phrases import figure, fraction, matter, plain, with_qualifier
from .sentences import Line, Sentence, Voice, sentence_of

TOLD, NOTHING = 30, 31  # patterns beside those of paper.md section 6, which are about whole years


def sentence_within_year(
    row: Progress, so_far: Progress | None, voice: Voice, *, when: str, lines: tuple[Line, ...] = ()
) -> Sentence:
    """`row` is of the span, `so_far` of the year up to its end; `when` is "Trong quý"."""
    if not row.done.lines:
        return Sentence(NOTHING, f"{when} chưa có kết quả {matter(row.indicator)}{_so_far(so_far)}.")
    if row.done.value is None:
        told = f"{matter(row.indicator)} có thực hiện nhưng chưa thống kê được số liệu"
        return Sentence(TOLD, f"{when}, {told}{_so_far(so_far)}.")
    told = sentence_of(replace(row, aim=None), replace(voice, last_year=""), lines=lines)
    return Sentence(TOLD, f"{told.text[:-1]}{_against_last(row, voice)}{_so_far(so_far)}.")


def _against_last(row: Progress, voice: Voice) -> str:
    done, last, indicator = row.done, row.last, row.indicator
    if indicator.is_share or indicator.is_yes_no or not voice.last_year or last.value is None:
        return ""
    if {done.qualifier, last.qualifier} != {"exact"}:
        return f", {voice.last_year} là {figure(last, indicator)}"
    change = done.value - last.value
    if not change:
        return f", bằng {voice.last_year}"
    return f", {'tăng' if change > 0 else 'giảm'} {plain(abs(change), indicator)} so với {voice.last_year}"


def _so_far(row: Progress | None) -> str:
    """ "; từ đầu năm đạt 09/12 tin, bài (75%)": only where a sum is put beside a plan of the year."""
    if row is None or row.aim is None or row.aim.is_ceiling or row.aim.value is None or row.done.value is None:
        return ""
    indicator = row.indicator
    if indicator.is_share:
        return f"; chỉ tiêu năm {percent(row.aim.value)}"
    if indicator.is_yes_no or row.standing == Standing.NOT_MEASURABLE or row.ratio is None:
        return ""
    if row.aim.value_to is not None:
        return f"; từ đầu năm đạt {figure(row.done, indicator)}"
    rate = with_qualifier(percent(row.ratio), row.done.qualifier)
    return f"; từ đầu năm đạt {fraction(row.done, row.aim.value, indicator)} ({rate} kế hoạch năm)"
