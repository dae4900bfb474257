"""Activities that several units did together: found in what they reported, decided by the superior, counted once.

    candidates_of   the same words in the title, overlapping days, at least two sides that reported it
    Candidate       an open question until a person says "one" or "different"
    deducted        what is taken off a figure, where taking off is right

Only what was done with others is compared: the rows of an edition carry those lines (`ReportRow.together`), and the
superior's own activities stand beside them. Until somebody decides, everything counts as it was reported.
"""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from branches.models import EditConflict, Indicator, Period, Quantity, Unit
from branches.vietnamese import plain, words_of

from .models import JointDecision, PeriodReport, ReportRow
from .rolling_sources import Source
from .states import ReportRefused, refuse_if_closed
from .themes import Counted

# What a title says besides the name of the thing: who did it, and that it was done.
EMPTY_WORDS = frozenset(
    ("tham", "gia", "phoi", "hop", "cung", "voi", "to", "chuc", "hoat", "dong", "chuong", "trinh", "do")
)
OWN = 0  # the superior itself, in place of the unit that reported


@dataclass(frozen=True, slots=True)
class Figure:
    """What one activity added to one figure, in its counting unit; None where nobody knows."""

    value: Decimal | None
    whole: Decimal | None = None


@dataclass(frozen=True)
class Joined:
    """One activity as one unit told it. `source` is the direct unit that reported it, OWN for the superior itself."""

    activity: int
    title: str
    starts_on: datetime.date
    last_on: datetime.date
    organiser: str
    partner: str
    unit_name: str
    source: int
    figures: dict[str, Figure] = field(default_factory=dict)

    def entry(self, code: str) -> dict:
        """As it stands in `ReportRow.together`, with the unit's name, so that the level above can name it too."""
        told = self.figures[code]
        return {
            "activity": self.activity, "title": self.title, "starts_on": self.starts_on.isoformat(),
            "last_on": self.last_on.isoformat(), "organiser": self.organiser, "partner": self.partner,
            "value": _text(told.value), "whole": _text(told.whole), "unit": self.unit_name,
        }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def joined_of(entries: Iterable[tuple[str, dict]], *, source: int, unit_name: str) -> list[Joined]:
    """The lines of one edition, (code, entry of `together`), one object for each activity."""
    found: dict[int, Joined] = {}
    for code, entry in entries:
        one = found.setdefault(
            entry["activity"],
            Joined(
                activity=entry["activity"], title=entry["title"],
                starts_on=datetime.date.fromisoformat(entry["starts_on"]),
                last_on=datetime.date.fromisoformat(entry["last_on"]),
                organiser=entry["organiser"], partner=entry["partner"],
                unit_name=entry.get("unit") or unit_name, source=source,
            ),
        )  # fmt: skip
        one.figures[code] = Figure(_decimal(entry["value"]), _decimal(entry["whole"]))
    return list(found.values())


def joined_by_units(sources: Iterable[Source], rows: dict[int, dict[str, ReportRow]]) -> list[Joined]:
    """What the units' rows say was done together. No query."""
    found = []
    for source in sources:
        told = rows.get(source.unit.pk, {})
        entries = ((code, entry) for code, row in told.items() for entry in row.together)
        found += joined_of(entries, source=source.unit.pk, unit_name=source.name)
    return found


def own_joined(
    unit: Unit, period: Period, rows: dict[int, dict[str, ReportRow]], counted: Counted | None, *, as_of: datetime.date
) -> list[Joined]:
    """The superior's own activities beside which units may have told theirs; no query where none told any. `counted`
    are the lines a report about a theme takes."""
    codes = {code for ones in rows.values() for code, row in ones.items() if row.together}
    if not codes:
        return []
    lines = Quantity.objects.counted().filter(
        activity__unit=unit, indicator__code__in=codes, activity__last_on__gte=period.starts_on,
        activity__last_on__lt=period.ends_on, activity__last_on__lte=as_of,
    )  # fmt: skip
    lines = counted.lines(lines) if counted else lines
    found: dict[int, Joined] = {}
    for line in lines.select_related("activity", "indicator").order_by("activity__last_on", "activity_id", "pk"):
        held = line.activity
        one = found.setdefault(
            held.pk,
            Joined(
                held.pk, held.title, held.starts_on, held.last_on, held.organiser, held.partner, unit.name, OWN
            ),
        )  # fmt: skip
        one.figures[line.indicator.code] = Figure(line.value, line.denominator)
    return list(found.values())


@dataclass(frozen=True)
class Candidate:
    """Activities of several sides that look like one. `decision` is what was said about exactly these."""

    key: str
    activities: tuple[Joined, ...]
    decision: JointDecision | None = None

    @property
    def title(self) -> str:
        return self.activities[0].title

    @property
    def is_one(self) -> bool:
        return self.decision is not None and self.decision.said == JointDecision.Said.ONE

    @property
    def codes(self) -> list[str]:
        """The figures it adds to, in the order of the first that says so."""
        return list(dict.fromkeys(code for one in self.activities for code in one.figures))


def meaning_of(title: str) -> frozenset[str]:
    """The words of a title that name the thing, without marks, years and who took part."""
    words = {plain(word) for word in words_of(title)}
    named = frozenset(word for word in words - EMPTY_WORDS if not (word.isdecimal() and len(word) == 4))
    return named or frozenset(words)


def candidates_of(joined: Iterable[Joined], decisions: Iterable[JointDecision] = ()) -> list[Candidate]:
    """Groups of the same words with overlapping days that at least two sides reported, by their first day."""
    by_words: dict[frozenset, list[Joined]] = {}
    for one in joined:
        by_words.setdefault(meaning_of(one.title), []).append(one)
    said = {decision.key: decision for decision in decisions}
    found = []
    for same in by_words.values():
        for group in _overlapping(same):
            if len({one.source for one in group}) > 1:
                key = key_of(one.activity for one in group)
                found.append(Candidate(key, tuple(group), said.get(key)))
    return sorted(found, key=lambda one: (one.activities[0].starts_on, one.key))


def _overlapping(same: list[Joined]) -> list[list[Joined]]:
    groups, until = [], None
    for one in sorted(same, key=lambda one: (one.starts_on, one.last_on, one.activity)):
        if until is None or one.starts_on > until:
            groups.append([])
            until = one.last_on
        groups[-1].append(one)
        until = max(until, one.last_on)
    return groups


def key_of(activities: Iterable[int]) -> str:
    """Stands for exactly these activities, in whatever order: another one makes another question."""
    return hashlib.sha256(",".join(str(pk) for pk in sorted(set(activities))).encode()).hexdigest()[:32]


# --- what is taken off ----------------------------------------------------------------------------------


def can_deduct(indicator: Indicator) -> bool:
    """Only what grows by addition, over time and over units, counts one activity twice.

    A largest figure, a mean, a newest figure and a share of units say the same however often it was told.
    """
    return (
        indicator.over_time == Indicator.OverTime.SUM
        and indicator.over_units == Indicator.OverUnits.SUM
        and not indicator.is_yes_no
    )


@dataclass(frozen=True, slots=True)
class Deduction:
    """What was taken off the figure of one side: the part of `joined` that stands in the figure of `kept`."""

    code: str
    joined: Joined
    kept: Joined

    @property
    def figure(self) -> Figure:
        return self.joined.figures[self.code]


def deducted(candidates: Iterable[Candidate]) -> list[Deduction]:
    """For each figure of activities that are one, all but one of the parts. Whether the indicator permits taking off
    is asked by the caller.

    The figure of the activity that a person kept stays; where that one has no such figure, the largest one does.
    """
    found = []
    for candidate in candidates:
        if not candidate.is_one:
            continue
        for code in candidate.codes:
            told = [one for one in candidate.activities if code in one.figures]
            kept = max(told, key=lambda one: _weight(one, code, candidate.decision.kept))
            found += [Deduction(code, one, kept) for one in told if one is not kept]
    return found


def _weight(one: Joined, code: str, kept: int) -> tuple:
    value = one.figures[code].value
    return value is not None and one.activity == kept, value is not None, value or 0, -one.activity


def carried(joined: Iterable[Joined], taken_off: Iterable[Deduction]) -> dict[str, list[dict]]:
    """What the superior's own rows say was done together, for the level above: each activity once."""
    gone = {(one.code, one.joined.activity) for one in taken_off}
    found: dict[str, list[dict]] = {}
    for one in sorted(joined, key=lambda one: (one.last_on, one.activity)):
        for code in one.figures:
            if (code, one.activity) not in gone:
                found.setdefault(code, []).append(one.entry(code))
    return found


# --- what is said about them ----------------------------------------------------------------------------


@transaction.atomic
def decide(
    *, report: PeriodReport, candidate: Candidate, version: int, by, on: datetime.date, said: str,
    kept: int | None = None,
) -> JointDecision:  # fmt: skip
    """Say that a candidate's activities are one (and whose figures stay), or different ones.

    `version` is that of the decision the page showed, 0 where there was none: of two people who decide at once the
    second gets EditConflict. Raises ReportRefused when the report is closed or `kept` is none of the activities.
    """
    refuse_if_closed(report)
    activities = {one.activity for one in candidate.activities}
    if said not in JointDecision.Said.values:
        raise ReportRefused("Hãy chọn: cùng một hoạt động, hay các hoạt động khác nhau.", "said")
    if said == JointDecision.Said.ONE and kept not in activities:
        raise ReportRefused("Hãy chọn giữ số của đơn vị nào.", "kept")
    decision = JointDecision.objects.filter(report=report, key=candidate.key).first()
    if (decision.version if decision else 0) != version:
        raise EditConflict(decision)
    if decision is None:
        decision = JointDecision(report=report, key=candidate.key, version=0)
    decision.version += 1
    decision.activities = sorted(activities)
    decision.said, decision.kept = said, kept if said == JointDecision.Said.ONE else None
    decision.decided_by, decision.decided_on = by, on
    decision.save()
    return decision
