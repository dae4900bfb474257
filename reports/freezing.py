"""Freezing: a report as it leaves the unit, with its words, its figures and a hash over all of it.

    prepare   reads everything; slow, so it stands before the transaction
    freeze    writes one edition from what was read; refuses when the texts were changed in between
    verify    whether an edition is still what was submitted

Nothing of an edition is looked up again: its papers are made from `content`, its figures from its rows, with the names
and the tree of its day. An edition is never changed; an approved one is followed by a dated correction.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from branches.formats import day
from branches.models import Activity
from branches.register import movement
from branches.vietnamese import nfc

from .drafting import chapters_today
from .frozen_rows import progress_of, progress_of_rows
from .judging import Progress
from .material import Material
from .models import PeriodReport, ReportRow, ReportSentence, Submission
from .papers.content import ReportContent, hash_of
from .papers.report import content_of, material_for, numbered
from .progress import lines_for
from .states import ReportRefused

__all__ = [
    "Prepared",
    "content_of_submission",
    "edition_day",
    "edition_in_force",
    "facts_of",
    "freeze",
    "prepare",
    "progress_of",
    "progress_of_rows",
    "verify",
]

# What of a row is hashed, in the names of its columns. A column added later is not in older hashes: leave it out here.
HASHED = (
    "position", "depth", "code", "name", "unit_word", "value", "whole", "qualifier", "lines", "unknown", "evidenced",
    "last_value", "last_whole", "last_qualifier", "last_lines", "comparator", "aim_value", "aim_value_to", "aim_each",
    "aim_units", "standing", "ratio", "difference", "reason", "together", "added", "added_units", "last_added",
    "last_added_units",
)  # fmt: skip
WORDS = 1000  # letters of a correction


@dataclass(frozen=True)
class Prepared:
    """What an edition is made of, read before the transaction. `mark` is the state of the texts it was read from."""

    content: ReportContent
    rows: tuple[Progress, ...]
    together: dict[str, list[dict]]
    facts: dict
    as_of: datetime.date
    mark: tuple
    replaces: Submission | None = None
    material: Material | None = field(default=None, compare=False)


def prepare(report: PeriodReport, *, on: datetime.date) -> Prepared:
    """Read the whole report, outside any transaction: at most 45 queries, whatever the number of rows.

    `report.dated_on` and the signer are taken as the object has them, so that a form may set them before. Raises
    ReportRefused for a figure too large to keep.
    """
    mark = _mark(report)  # first: a sentence saved while the rest is read makes freeze refuse
    replaces = edition_in_force(report)
    material = material_for(report, on=on)
    chapters = chapters_today(report, material)
    correction = _correction_days(report, replaces, on) if replaces else None
    content = content_of(report, material, chapters, on=on, correction=correction)
    for row in material.table.rows:
        _check_size(row)
    return Prepared(
        content=content,
        rows=material.table.rows,
        together=_together(material),
        facts=facts_of(material),
        as_of=material.until,
        mark=mark,
        replaces=replaces,
        material=material,
    )


@transaction.atomic
def freeze(report: PeriodReport, prepared: Prepared, *, by, on: datetime.date, correction: str = "") -> Submission:
    """Write the next edition. Inside the caller's transaction, which holds the row of the report. Eight queries.

    `correction` says what an edition after an approved one corrects. Raises ReportRefused without it, and when
    somebody changed the texts since `prepare`.
    """
    correction = nfc(correction).strip()
    last = Submission.objects.filter(report=report).order_by("-edition").first()
    in_force = edition_in_force(report)
    if not correction and last is not None:
        correction = last.correction  # a correction that was sent back is still that correction
    if in_force is not None and not correction:
        raise ReportRefused("Bản trước đã duyệt. Hãy ghi bản này đính chính điều gì.", "correction")
    if len(correction) > WORDS:
        raise ReportRefused(f"Tối đa {WORDS} ký tự, đang có {len(correction)}.", "correction")
    if _mark(report) != prepared.mark or in_force != prepared.replaces:
        raise ReportRefused("Báo cáo vừa được sửa ở nơi khác. Hãy xem lại rồi nộp.")
    submission = Submission.objects.create(
        report=report,
        edition=last.edition + 1 if last else 1,
        as_of=prepared.as_of,
        submitted_on=on,
        submitted_by=by,
        correction=correction if in_force else "",
        content=numbered(prepared.content, report).to_json(),
        facts=prepared.facts,
    )
    ReportRow.objects.bulk_create(
        _frozen(submission, place, row, prepared.together.get(row.indicator.code, []))
        for place, row in enumerate(prepared.rows, start=1)
    )
    # Over the rows as the database keeps them: it is what can be read again.
    submission.sha256 = _hash(submission, submission.rows.order_by("position", "pk"))
    submission.save(update_fields=["sha256"])
    return submission


def verify(submission: Submission) -> bool:
    """Whether content, facts and rows are those that were hashed. One query, none with prefetched rows."""
    return _hash(submission, sorted(submission.rows.all(), key=lambda row: (row.position, row.pk))) == submission.sha256


def content_of_submission(submission: Submission) -> ReportContent:
    """The paper of the edition, from nothing but what was frozen."""
    return ReportContent.from_json(submission.content)


def edition_in_force(report: PeriodReport) -> Submission | None:
    """The newest approved edition. One query."""
    return Submission.objects.filter(report=report, approved_on__isnull=False).order_by("-edition").first()


def _told_on(submission: Submission) -> datetime.date:
    """The day an edition is called by: its date, or the day it was submitted."""
    dated_on = content_of_submission(submission).dated_on
    return datetime.date.fromisoformat(dated_on) if dated_on else submission.submitted_on


def _correction_days(report: PeriodReport, replaces: Submission, on: datetime.date) -> tuple:
    """The day of the correction and of what it replaces: a paper that kept its date is corrected today."""
    before = _told_on(replaces)
    is_dated_anew = report.dated_on is not None and report.dated_on > before
    return (report.dated_on if is_dated_anew else on), before


def edition_day(submission: Submission) -> str:
    """ "06/01/2026": the day an edition is called by."""
    return day(_told_on(submission))


# --- what is kept ---------------------------------------------------------------------------------------


def _mark(report: PeriodReport) -> tuple:
    """Which sentences there are and in which version: any change of the texts gives another mark. One query."""
    columns = ("section__key", "position", "pk", "version", "left_out")
    rows = ReportSentence.objects.filter(section__report=report)
    return tuple(rows.order_by("section__position", "section_id", "position", "pk").values_list(*columns))


def facts_of(material: Material) -> dict:
    """The register of the period: opening + came - left = closing, each by reason, beside the standing figures; and
    `without`, the names of the units whose figures are not in this report, for those above."""
    first, last = material.period.starts_on, material.until
    if last < first:
        return {}
    moved = movement(material.unit, first, last, scope=material.scope)
    return {
        **material.facts,
        "opening": moved.opening,
        "came": moved.came,
        "left": moved.left,
        "closing": moved.closing,
        "ins": {reason: len(keys) for reason, keys in moved.ins.items()},
        "outs": {reason: len(keys) for reason, keys in moved.outs.items()},
        "committee": material.committee,
        "activities": material.table.activities,
        **({"without": list(without)} if (without := material.without) else {}),
    }


def _together(material: Material) -> dict[str, list[dict]]:
    """The lines of activities done with others, by code: what a superior must not count twice. Two or three queries.

    A report made from the units' reports carries theirs on, each activity once, beside its own unit's.
    """
    if material.rolled:
        return material.rolled.together
    period, codes = material.period, [row.indicator.code for row in material.table.rows]
    lines = lines_for(material.unit, codes, period, as_of=material.as_of, scope=material.scope).select_related(None)
    lines = material.counted.lines(lines) if material.counted else lines
    lines = lines.exclude(activity__organiser=Activity.Organiser.OWN)
    found: dict[str, list[dict]] = {}
    for code, pk, title, starts_on, last_on, organiser, partner, value, whole in lines.order_by(
        "indicator__code", "activity__last_on", "activity_id", "pk"
    ).values_list(
        "indicator__code", "activity_id", "activity__title", "activity__starts_on", "activity__last_on",
        "activity__organiser", "activity__partner", "value", "denominator",
    ):  # fmt: skip
        found.setdefault(code, []).append(
            {
                "activity": pk, "title": title, "starts_on": starts_on.isoformat(), "last_on": last_on.isoformat(),
                "organiser": organiser, "partner": partner, "value": _text(value), "whole": _text(whole),
            }
        )  # fmt: skip
    return found


def _frozen(submission: Submission, place: int, row: Progress, together: list[dict]) -> ReportRow:
    indicator, aim = row.indicator, row.aim
    return ReportRow(
        submission=submission, position=place, depth=row.depth, indicator=indicator, code=indicator.code,
        name=indicator.name, unit_word=indicator.unit_word,
        value=row.done.value, whole=row.done.whole, qualifier=row.done.qualifier, lines=row.done.lines,
        unknown=row.done.unknown, evidenced=row.done.evidenced,
        last_value=row.last.value, last_whole=row.last.whole, last_qualifier=row.last.qualifier,
        last_lines=row.last.lines, added=row.done.added, added_units=row.done.added_units,
        last_added=row.last.added, last_added_units=row.last.added_units,
        comparator=aim.comparator if aim else "", aim_value=aim.value if aim else None,
        aim_value_to=aim.value_to if aim else None, aim_each=aim.each if aim else None,
        aim_units=aim.units if aim else 1,
        standing=str(row.standing), ratio=row.ratio, difference=row.difference, reason=row.reason, together=together,
    )  # fmt: skip


def _check_size(row: Progress) -> None:
    """A figure with more digits than a column holds is a slip of the hand: said now, in words."""
    frozen = _frozen(Submission(), 1, row, [])
    for name in HASHED:
        column, value = ReportRow._meta.get_field(name), getattr(frozen, name)
        if isinstance(value, Decimal) and abs(value) >= Decimal(10) ** (column.max_digits - column.decimal_places):
            raise ReportRefused(f"Số liệu của “{row.indicator.name}” lớn quá mức có thể. Hãy xem lại số đã ghi.")


# --- the hash -------------------------------------------------------------------------------------------


def _hash(submission: Submission, rows: Iterable[ReportRow]) -> str:
    return hash_of(
        {
            "edition": submission.edition,
            "as_of": submission.as_of.isoformat(),
            "correction": submission.correction,
            "content": submission.content,
            "facts": submission.facts,
            "rows": [{name: _text(getattr(row, name)) for name in HASHED} for row in rows],
        }
    )


def _text(value):
    """Decimals as the database gives them back, digit by digit."""
    return format(value, "f") if isinstance(value, Decimal) else value
