"""From scored sheets to the ranking of each cluster, and its publication as plain data that never changes."""

import datetime
from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from branches.restructuring import names_on
from branches.vietnamese import nfc
from reports.models import EmulationRanking, EmulationSet, ScoreEvidence, ScoreLine, ScoreSheet, ScoreStep
from reports.papers.content import hash_of

from . import EmulationRefused
from .evidence import evidence_of
from .scoring import possible_points, ranks, total_of
from .sets import locked

State = ScoreSheet.State
READY = (State.SCORED, State.FINAL)
OUTSIDE = "Đơn vị chưa vào cụm"


def ranking_of(set: EmulationSet, sheets: list[ScoreSheet], *, on: datetime.date) -> dict:
    """The ranking as it stands, of the sheets that are scored: clusters, units by place, each with its lines.

    Names are those of the day; a unit that ended keeps its last one. Figures are texts of exact decimals. Five
    queries, however many units.
    """
    criteria = list(set.criteria.all())
    groups = [one for one in criteria if one.is_group]
    lines: dict[int, dict[int, ScoreLine]] = defaultdict(dict)
    for line in ScoreLine.objects.filter(sheet__in=sheets):
        lines[line.sheet_id][line.criterion_id] = line
    pieces: dict[int, list[ScoreEvidence]] = defaultdict(list)
    for piece in evidence_of(sheets):
        pieces[piece.line_id].append(piece)
    names = names_on([sheet.unit_id for sheet in sheets], on)
    why = dict(
        ScoreStep.objects.filter(sheet__in=sheets, verb="leave_out").order_by("pk").values_list("sheet_id", "reason")
    )
    by_cluster: dict[int | None, list[dict]] = defaultdict(list)
    for sheet in sheets:
        row = _row(set, sheet, criteria, lines[sheet.pk], pieces, names.get(sheet.unit_id, sheet.unit.name))
        row["left_out"] = why.get(sheet.pk, "") if sheet.state == State.LEFT_OUT else ""
        by_cluster[sheet.cluster_id].append(row)
    clusters = [(one.pk, one.name) for one in set.clusters.all()] + [(None, OUTSIDE)]
    return {
        "name": set.name, "period": set.period.name, "edition": set.edition, "unit": set.unit.name,
        "total_points": str(set.total_points), "source": set.source,
        "groups": [
            {"number": one.number, "text": one.text, "points": str(possible_points(criteria, one))} for one in groups
        ],
        "clusters": [
            {"cluster": pk, "name": name, "rows": _placed(by_cluster[pk])} for pk, name in clusters if by_cluster[pk]
        ],
    }  # fmt: skip


def _row(set, sheet: ScoreSheet, criteria, lines: dict[int, ScoreLine], pieces, name: str) -> dict:
    given = {pk: line.given_points for pk, line in lines.items()}
    own = {pk: line.self_points for pk, line in lines.items()}
    most = {"total_points": set.total_points, "bonus_cap": set.bonus_cap}
    total = total_of(criteria, given, **most)
    is_ready = sheet.state in READY
    return {
        "sheet": sheet.pk, "unit": sheet.unit_id, "name": name,
        "groups": [str(one.points) for one in total.groups] if is_ready else [],
        "bonus": str(total.bonus) if is_ready else "",
        "total": str(total.points) if is_ready else "",
        "words": total.words if is_ready else "",
        "self_total": str(total_of(criteria, own, **most).points) if any(v is not None for v in own.values()) else "",
        "lines": [_line(one, lines.get(one.pk), pieces) for one in criteria if not one.is_group] if is_ready else [],
    }  # fmt: skip


def _line(criterion, line: ScoreLine | None, pieces: dict[int, list[ScoreEvidence]]) -> dict:
    def text(value) -> str:
        return "" if value is None else str(value)

    return {
        "criterion": criterion.pk, "number": criterion.number, "text": criterion.text, "points": str(criterion.points),
        "self": text(line and line.self_points), "given": text(line and line.given_points),
        "words": line.given_words if line else "", "note": line.given_note if line else "",
        "source": line.given_source if line else "",
        "evidence": [[piece.pk, str(piece)] for piece in pieces.get(line.pk, ())] if line else [],
    }  # fmt: skip


def _placed(rows: list[dict]) -> list[dict]:
    """With places, the best first; who has no points stands at the end, by name as they came."""
    totals = [Decimal(row["total"]) if row["total"] and not row["left_out"] else None for row in rows]
    for row, place in zip(rows, ranks(totals), strict=True):
        row["rank"] = place
    return sorted(rows, key=lambda row: row["rank"] or len(rows) + 1)


def sheets_of(set: EmulationSet):
    """The sheets of a set in the order of names, with their units."""
    return set.sheets.select_related("unit", "cluster").order_by("unit__sort_key", "pk")


@transaction.atomic
def publish(*, set: EmulationSet, version: int, by, on: datetime.date, reason: str = "") -> EmulationRanking:
    """Freeze and show the ranking of every cluster; units read their points and reasons from here on.

    Refused while a unit is not scored (and not left out), while one is in no cluster, and where nothing changed since
    the last edition. From the second edition on the reason is part of it.
    """
    found = locked(set)
    if not found.is_in_use:
        raise EmulationRefused("Chỉ công bố xếp hạng của bộ tiêu chí đang dùng.")
    sheets = list(sheets_of(found).select_for_update(of=("self",), no_key=True))
    waiting = [one.unit.name for one in sheets if one.state not in (*READY, State.LEFT_OUT)]
    if waiting:
        rest = f" và {len(waiting) - 3} đơn vị khác" if len(waiting) > 3 else ""
        raise EmulationRefused(f"Chưa chấm xong: {'; '.join(waiting[:3])}{rest}.")
    last = found.rankings.order_by("-edition").first()
    reason = nfc(reason)
    if last is not None and not reason:
        raise EmulationRefused("Đã công bố một lần. Hãy ghi lý do thay đổi.", "reason")
    found.claim(version)
    found.save()
    # The unit rows of select_related were read before the locks of others ended; names are read now.
    content = ranking_of(EmulationSet.objects.select_related("unit", "period").get(pk=found.pk), sheets, on=on)
    if last is not None and content == last.content:
        raise EmulationRefused("Điểm và thứ hạng không có gì khác bản đã công bố.")
    edition = (found.rankings.aggregate(last=Max("edition"))["last"] or 0) + 1
    made = EmulationRanking.objects.create(
        set=found, edition=edition, published_on=on, published_by=by, reason=reason if edition > 1 else "",
        content=content, sha256=hash_of(content),
    )  # fmt: skip
    ready = [one.pk for one in sheets if one.state in READY]
    ScoreEvidence.objects.filter(line__sheet__in=ready, published_in=None).update(published_in=made)
    scored = [one for one in sheets if one.state == State.SCORED]
    ScoreStep.objects.bulk_create(
        ScoreStep(sheet=one, verb="publish", from_state=one.state, to_state=State.FINAL, taken_on=on, taken_by=by)
        for one in scored
    )
    for one in scored:
        one.claim(one.version)
        one.state = State.FINAL
        one.save(update_fields=["state"])
    return made


def latest(set: EmulationSet) -> EmulationRanking | None:
    """The published edition that counts."""
    return set.rankings.order_by("-edition").first()


def cluster_of(content: dict, unit_id: int) -> dict | None:
    """The cluster in which the unit stands in this edition; None where it was not in it."""
    return next((one for one in content["clusters"] if any(row["unit"] == unit_id for row in one["rows"])), None)
