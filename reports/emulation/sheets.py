"""A unit's sheet: what the unit says of itself, what the superior gives, and every step between.

Every verb that changes a sheet locks its row first and then looks at its state; a publication locks all sheets of its
set in the same way, so that a line is either scored before it is published or refused.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from branches.formats import number
from branches.models import EditConflict
from branches.vietnamese import nfc
from reports.models import EmulationCriterion, ScoreLine, ScoreSheet, ScoreStep

from . import EmulationRefused
from .scoring import Scored, points_as_said

Kind, State = EmulationCriterion.Kind, ScoreSheet.State
MOST_PIECES = Decimal(1000)
LONGEST_SOURCE = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit says about one criterion: `said` as ScoreLine keeps it, None where it says nothing yet."""

    said: Decimal | None
    note: str = ""


def locked(sheet: ScoreSheet) -> ScoreSheet:
    """The sheet as it stands, its row held until the transaction ends.

    Its set is read afterwards, not joined: a sheet that went to another edition meanwhile has that one.
    """
    return ScoreSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)


def _step(sheet: ScoreSheet, verb: str, to: str, *, by, on: datetime.date, reason: str = "") -> ScoreSheet:
    ScoreStep.objects.create(
        sheet=sheet, verb=verb, from_state=sheet.state, to_state=to, reason=reason, taken_on=on, taken_by=by
    )
    sheet.state = to
    sheet.save()
    return sheet


def _in_use(sheet: ScoreSheet) -> None:
    if not sheet.set.is_in_use:
        raise EmulationRefused("Bộ tiêu chí này không dùng để chấm điểm.")


def _said_why(reason: str) -> str:
    reason = nfc(reason)
    if not reason:
        raise EmulationRefused("Hãy ghi lý do.", "reason")
    return reason


def check_said(criterion: EmulationCriterion, said: Decimal | None) -> None:
    """Refused where it is more than the line may bring, or more pieces than anybody has."""
    if said is None or criterion.kind == Kind.YES_NO:
        return
    most = MOST_PIECES if criterion.is_piecewise else criterion.points
    if said < 0 or said > most:
        unit = "lần" if criterion.is_piecewise else "điểm"
        raise EmulationRefused(f"Mục {criterion.number}: ghi từ 0 đến {number(most)} {unit}.")


# --- the unit -----------------------------------------------------------------------------------------


def may_be_self_scored(sheet: ScoreSheet) -> bool:
    return sheet.set.is_in_use and sheet.state == State.OPEN


def held_to_fill(sheet: ScoreSheet) -> ScoreSheet:
    """The sheet, its row held, that the unit may still change."""
    found = locked(sheet)
    _in_use(found)
    if found.state != State.OPEN:
        raise EmulationRefused("Phiếu đã gửi nên đơn vị không sửa được nữa. Đoàn cấp trên có thể trả lại để sửa.")
    return found


@transaction.atomic
def self_score(*, sheet: ScoreSheet, version: int, by, answers: Mapping[EmulationCriterion, Answer]) -> ScoreSheet:
    """Keep what the unit says; may be done as often as it likes until it sends the sheet."""
    found = held_to_fill(sheet)
    found.claim(version)
    found.save()
    lines = {line.criterion_id: line for line in found.lines.all()}
    now = timezone.now()
    for criterion, answer in answers.items():
        check_said(criterion, answer.said)
        line = lines.get(criterion.pk)
        if line is None and answer.said is None and not answer.note:
            continue
        line = line or ScoreLine(sheet=found, criterion=criterion)
        line.self_said, line.self_points = answer.said, points_as_said(criterion, answer.said).points
        line.self_note, line.self_by, line.self_at = nfc(answer.note), by, now
        line.save()
    return found


@transaction.atomic
def send(*, sheet: ScoreSheet, version: int, by, on: datetime.date) -> ScoreSheet:
    """The unit is done. Deductions and bonuses it says nothing about are none; everything else has to be answered."""
    found = held_to_fill(sheet)
    found.claim(version)
    lines = {line.criterion_id: line for line in found.lines.prefetch_related("evidence")}
    without, unproven = [], []
    for criterion in found.set.criteria.exclude(kind=Kind.GROUP):
        line = lines.get(criterion.pk)
        if line is None or line.self_said is None:
            if criterion.kind not in EmulationCriterion.PIECES:
                without.append(criterion.number)
                continue
            line = line or ScoreLine(sheet=found, criterion=criterion)
            line.self_said, line.self_points, line.self_by = Decimal(0), Decimal(0), by
            line.self_at = timezone.now()
            line.save()
        if criterion.needs_evidence and line.self_points > 0 and not line.evidence.all():
            unproven.append(criterion.number)
    if without:
        raise EmulationRefused(f"Chưa tự chấm mục {', '.join(without)}.")
    if unproven:
        raise EmulationRefused(f"Mục {', '.join(unproven)} phải có minh chứng: chọn hoạt động, văn bản hoặc gửi tệp.")
    return _step(found, "send", State.SELF_SCORED, by=by, on=on)


# --- the superior -------------------------------------------------------------------------------------


def may_be_scored(sheet: ScoreSheet, on: datetime.date) -> bool:
    """Sent, or not sent in time; what is published has to be opened again first."""
    if not sheet.set.is_in_use:
        return False
    if sheet.state == State.OPEN:
        return on > sheet.set.self_until
    return sheet.state in (State.SELF_SCORED, State.SCORED, State.REOPENED)


def _to_score(sheet: ScoreSheet, on: datetime.date) -> ScoreSheet:
    found = locked(sheet)
    _in_use(found)
    if found.state == State.FINAL:
        raise EmulationRefused("Điểm của đơn vị này đã công bố. Muốn sửa thì mở lại phiếu và ghi lý do.")
    if not may_be_scored(found, on):
        raise EmulationRefused("Đơn vị chưa gửi phiếu và chưa hết hạn tự chấm.")
    return found


@transaction.atomic
def give(
    *, sheet: ScoreSheet, criterion: EmulationCriterion, version: int, by, on: datetime.date, said: Decimal | None,
    note: str = "", figures: Scored | None = None,
) -> ScoreLine:  # fmt: skip
    """The superior's points of one line. `version` is the line's, 0 where there was none; `figures` is what the
    figures bring, whose words are kept beside the points.

    Other points than the unit's own need a reason, unless they are those of the figures.
    """
    found = _to_score(sheet, on)
    if criterion.set_id != found.set_id or criterion.is_group:
        raise EmulationRefused("Tiêu chí này không thuộc phiếu.")
    if said is None:
        raise EmulationRefused("Hãy ghi điểm chấm.", "said")
    check_said(criterion, said)
    line = found.lines.filter(criterion=criterion).first()
    if line is None and version == 0:
        line = ScoreLine.objects.create(sheet=found, criterion=criterion)
    elif line is None:
        raise EditConflict(None)
    else:
        line.claim(version)
    scored, note = points_as_said(criterion, said), nfc(note)
    by_figures = figures is not None and figures.points is not None
    explained = (by_figures and figures.points == scored.points) or line.self_points in (None, scored.points)
    if not explained and not note:
        raise EmulationRefused("Điểm chấm khác điểm đơn vị tự chấm. Hãy ghi lý do để đơn vị biết.", "note")
    line.given_said, line.given_points, line.given_note = said, scored.points, note
    line.given_words = figures.words[:500] if by_figures else scored.words
    line.given_source = figures.source[:LONGEST_SOURCE] if by_figures else ""
    line.given_by, line.given_at = by, timezone.now()
    line.save()
    return line


@transaction.atomic
def take_figures(
    *, sheet: ScoreSheet, version: int, by, on: datetime.date, proposed: Mapping[EmulationCriterion, Scored]
) -> int:
    """Give what the figures bring to every line that has no points yet; how many those were."""
    found = _to_score(sheet, on)
    found.claim(version)
    found.save()
    lines = {line.criterion_id: line for line in found.lines.all()}
    taken = 0
    for criterion, scored in proposed.items():
        line = lines.get(criterion.pk)
        if scored.points is None or (line is not None and line.given_points is not None):
            continue
        line = line or ScoreLine(sheet=found, criterion=criterion)
        line.given_said, line.given_points = abs(scored.points), scored.points
        line.given_words, line.given_source = scored.words[:500], scored.source[:LONGEST_SOURCE]
        line.given_by, line.given_at = by, timezone.now()
        line.version += 1  # a page of this line that is open elsewhere is told so
        line.save()
        taken += 1
    return taken


@transaction.atomic
def finish_scoring(*, sheet: ScoreSheet, version: int, by, on: datetime.date) -> ScoreSheet:
    """Every line has its points: the unit waits for the publication."""
    found = _to_score(sheet, on)
    if found.state == State.SCORED:
        raise EmulationRefused("Phiếu này đã chấm xong.")
    given = set(found.lines.exclude(given_points=None).values_list("criterion_id", flat=True))
    rest = [one.number for one in found.set.criteria.exclude(kind=Kind.GROUP) if one.pk not in given]
    if rest:
        raise EmulationRefused(f"Chưa chấm mục {', '.join(rest)}.")
    found.claim(version)
    return _step(found, "finish", State.SCORED, by=by, on=on)


@transaction.atomic
def send_back(*, sheet: ScoreSheet, version: int, by, on: datetime.date, reason: str) -> ScoreSheet:
    """The unit has to add something to its own part."""
    reason, found = _said_why(reason), locked(sheet)
    _in_use(found)
    if found.state not in (State.SELF_SCORED, State.SCORED):
        raise EmulationRefused("Chỉ trả lại phiếu đơn vị đã gửi và chưa công bố.")
    found.claim(version)
    return _step(found, "send_back", State.OPEN, by=by, on=on, reason=reason)


@transaction.atomic
def reopen(*, sheet: ScoreSheet, version: int, by, on: datetime.date, reason: str) -> ScoreSheet:
    """Published points are looked at again, or a unit left out is considered after all. What was published stands
    until another edition of the ranking is."""
    reason, found = _said_why(reason), locked(sheet)
    _in_use(found)
    if found.state not in (State.FINAL, State.LEFT_OUT):
        raise EmulationRefused("Chỉ mở lại phiếu đã công bố hoặc đơn vị không xét.")
    found.claim(version)
    return _step(found, "reopen", State.REOPENED, by=by, on=on, reason=reason)


@transaction.atomic
def leave_out(*, sheet: ScoreSheet, version: int, by, on: datetime.date, reason: str) -> ScoreSheet:
    """The unit is not ranked this time (ended during the year, too new); it stays on the list with the reason."""
    reason, found = _said_why(reason), locked(sheet)
    _in_use(found)
    if found.state in (State.FINAL, State.LEFT_OUT):
        raise EmulationRefused("Phiếu này đã công bố hoặc đã ghi không xét.")
    found.claim(version)
    return _step(found, "leave_out", State.LEFT_OUT, by=by, on=on, reason=reason)
