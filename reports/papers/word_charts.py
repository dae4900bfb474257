"""The charts of papers as data for Word: the same bars, series, plan and words as print_charts.py draws for the PDF.

A lying bar has its words beside it, "Hiến máu: 125,0% (5/4 lượt người)"; columns have their figures at them. The data
goes along in the HTML of the paper, from which both files are made; docx_chart.py makes Word's own chart of it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from branches.formats import number
from reports.print_charts import CUT_AT, Bar, Group, ShareBar, groups_in_words, in_words, reading, reading_words

from .content import as_plain, from_plain

DARK, LIGHT, WHITE, HATCHED = "dark", "light", "white", "hatched"
FILLS = {"over": DARK, "met": LIGHT, "below": HATCHED}
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Series:
    """Figures over the labels of the chart, as a program writes them ("12.5"); empty where nothing is drawn."""

    name: str
    fill: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordChart:
    """Lying bars are pieces behind each other, columns stand side by side. `words` say it to who cannot see it.

    `plan` is where the plan is marked, `plan_name` what it is called there. The axis of lying bars ends at `end`, and
    with it a longer bar; without an end it is as long as the longest.
    """

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    words: str
    lies: bool = True
    plan: str = ""
    plan_name: str = ""
    end: str = ""

    def cleaned(self, clean: Callable[[str], str]) -> "WordChart":
        """With every text as `clean` makes it."""
        return replace(
            self, labels=tuple(map(clean, self.labels)), words=clean(self.words), plan_name=clean(self.plan_name),
            series=tuple(replace(one, name=clean(one.name)) for one in self.series),
        )  # fmt: skip

    def to_text(self) -> str:
        return json.dumps(as_plain(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "WordChart":
        return from_plain(cls, json.loads(text))


def bars_in_word(bars: Sequence[Bar]) -> WordChart:
    """Targets in percent of their plan: what is over it, met and not met are three series in three fills."""
    series = tuple(
        Series(word, FILLS[kind], tuple(_percent(bar.share) if reading(bar) == kind else "" for bar in bars))
        for kind, word in reading_words(bars).items()
    )
    return WordChart(
        labels=tuple(in_words(bars)), series=series, words="; ".join(in_words(bars)), plan=_told(WHOLE * 100),
        plan_name="= kế hoạch", end=_told(CUT_AT * 100),
    )  # fmt: skip


def shares_in_word(bars: Sequence[ShareBar], whole: int, *, words: tuple[str, str]) -> WordChart:
    """Groups as parts of one whole: what `words` name first is dark, behind it lies the rest of the group."""
    series = (
        Series(words[0], DARK, tuple(str(bar.women) for bar in bars)),
        Series(words[1], LIGHT, tuple(str(bar.rest) for bar in bars)),
    )
    return WordChart(tuple(in_words(bars)), series, "; ".join(in_words(bars)), end=str(whole) if whole else "")


def columns_in_word(groups: Sequence[Group], *, last_name: str, now_name: str, unit: str, plan=None) -> WordChart:
    """Two figures of each span beside each other; what nobody recorded is neither a column nor a zero."""
    series = (
        Series(last_name, WHITE, tuple(_told(group.last) for group in groups)),
        Series(now_name, DARK, tuple(_told(group.now) for group in groups)),
    )
    called = f"Kế hoạch: {number(plan)} {unit}" if plan else ""
    words = groups_in_words(groups, last_name=last_name, now_name=now_name, unit=unit)
    return WordChart(
        labels=tuple(group.name for group in groups), series=series, words=f"{words}; {called}" if called else words,
        lies=False, plan=_told(plan) if plan else "", plan_name=called,
    )  # fmt: skip


def _percent(share: Decimal | None) -> str:
    return f"{share * 100:.1f}" if share else ""


def _told(value: Decimal | int | None) -> str:
    return "" if value is None else f"{Decimal(value).normalize():f}"
