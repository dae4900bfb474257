"""Findings that come again: which earlier ones look like this one, and how often it was found by now.

Suggested is what an earlier notice to the same unit said about the same target or the same item of a checklist, or
in like words, read without marks. Only the inspector says that it is the same thing again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from branches.vietnamese import plain, words_of
from inspections.models import Finding, Inspection

MOST_EARLIER = 60  # the newest are looked at; what is older was found again since or is history
MOST_SUGGESTED = 5
FEWEST_WORDS, OF_TEN = 3, 6  # alike: three words in common, and six tenths of the shorter text
# Words that stand in every finding and tell nothing.
EMPTY = frozenset((
    "va", "cua", "cac", "cho", "con", "chua", "khong", "da", "duoc", "trong", "ve", "voi", "la", "co", "o", "tai",
    "theo", "mot", "so", "viec", "de", "nhung", "doan", "chi", "thanh", "nien", "don", "vi", "nam",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier finding with the reason why it is suggested; `score` orders them, the surest first."""

    finding: Finding
    why: str
    score: int


def earlier_faults(case: Inspection) -> list[Finding]:
    """Shortcomings and violations that earlier notices of the same committee named at the same unit, the newest first.

    Another committee's cases are not opened by this one. One query.
    """
    rows = Finding.objects.faults().in_force().filter(inspection__unit=case.unit_id).exclude(inspection=case.pk)
    rows = rows.filter(inspection__programme__unit=case.programme.unit_id)
    rows = rows.select_related("inspection__programme", "item", "target__indicator")
    return list(rows.order_by("-inspection__concluded_on", "-pk")[:MOST_EARLIER])


def suggest_repeats(text: str, *, target=None, item=None, among: Iterable[Finding]) -> list[Earlier]:
    """Which of the earlier findings this one may be again. Of a chain only its last link is suggested."""
    among = list(among)
    followed = {finding.repeat_of_id for finding in among}
    asked, found = telling_words(text), []
    for finding in among:
        if finding.pk in followed:
            continue
        why, score = _likeness(finding, asked, target, item)
        if score:
            found.append(Earlier(finding, why, score))
    return sorted(found, key=lambda one: -one.score)[:MOST_SUGGESTED]


def _likeness(finding: Finding, asked: set[str], target, item) -> tuple[str, int]:
    # The same target of another year is the same thing: targets are of a year, their indicator lasts.
    if target is not None and finding.target is not None and finding.target.indicator.code == target.indicator.code:
        return "cùng chỉ tiêu", 100
    if item is not None and finding.item is not None and plain(finding.item.text) == plain(item.text):
        return "cùng mục trong phiếu kiểm tra", 90
    there = telling_words(finding.text)
    common, shorter = len(asked & there), min(len(asked), len(there))
    if common >= FEWEST_WORDS and common * 10 >= shorter * OF_TEN:
        return "nội dung giống nhau", common
    return "", 0


def telling_words(text: str) -> set[str]:
    """The words of a text without marks, without those that stand in every finding."""
    return {plain(word) for word in words_of(text)} - EMPTY


def times_found(findings: Iterable[Finding], unit: int) -> dict[int, int]:
    """{finding: how often this was found at the unit by then}, 2 for the first repeat; only for those that repeat.

    One query, none where nothing repeats.
    """
    asked = [finding.pk for finding in findings if finding.repeat_of_id]
    if not asked:
        return {}
    rows = Finding.objects.filter(inspection__unit=unit, repeat_of__isnull=False)
    before = dict(rows.values_list("pk", "repeat_of"))
    return {pk: _depth(pk, before) for pk in asked}


def mark_repeats(findings: Iterable[Finding], unit: int) -> None:
    """Give each finding of a page that repeats the word for it, as `repeat_words`."""
    times = times_found(findings, unit)
    for finding in findings:
        finding.repeat_words = f"Lặp lại, lần thứ {times[finding.pk]}" if finding.pk in times else ""


def _depth(pk: int, before: dict[int, int]) -> int:
    """Links from here to the first one, itself counted; a circle, which no verb makes, would end."""
    seen = {pk}
    while (pk := before.get(pk)) is not None and pk not in seen:
        seen.add(pk)
    return len(seen)
