"""A set of criteria from the first draft to the end of its year; its clusters and the units in them.

Every verb locks the row of the set first, so that nothing is changed in a set that is being put in use.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from branches.formats import day, number
from branches.models import Period, Unit
from branches.vietnamese import nfc
from reports.models import EmulationCluster, EmulationCriterion, EmulationSet, ScoreLine, ScoreSheet

from . import EmulationRefused
from .scoring import possible_points

Kind, Rule, State = EmulationCriterion.Kind, EmulationCriterion.Rule, EmulationSet.State
MOST_LINES = 100
# What an edition or the next year takes over of a set and of a criterion.
OF_SET = ("unit", "name", "total_points", "bonus_cap", "source")
OF_CRITERION = (
    "position", "number", "text", "kind", "points", "rule", "indicator_code", "per_piece", "bands", "above_total",
    "needs_evidence", "guidance",
)  # fmt: skip


def locked(set: EmulationSet) -> EmulationSet:
    """The set as it stands, held until the transaction ends."""
    return EmulationSet.objects.select_for_update(no_key=True).get(pk=set.pk)


def _with_sheets(set: EmulationSet) -> EmulationSet:
    """The set and all its sheets, held: whoever is scoring one has finished, or finds the set as it is left here."""
    found = locked(set)
    list(found.sheets.select_for_update(no_key=True).order_by("pk"))
    return found


def _draft(set: EmulationSet) -> EmulationSet:
    found = locked(set)
    if not found.is_draft:
        raise EmulationRefused(
            "Bộ tiêu chí đã đưa vào dùng nên không sửa được nữa. Khi chưa đơn vị nào chấm, có thể lập bản mới."
        )
    return found


@transaction.atomic
def draft_set(
    *, unit: Unit, by, period: Period, name: str, total_points: Decimal, self_until: datetime.date,
    bonus_cap: Decimal | None = None, source: str = "", like: EmulationSet | None = None, on: datetime.date,
) -> EmulationSet:  # fmt: skip
    """Begin a set of the superior; `like` lends criteria and clusters with the units that still stand there."""
    if unit.is_branch:
        raise EmulationRefused("Chỉ đơn vị có đơn vị trực thuộc mới chấm điểm thi đua.")
    made = EmulationSet.objects.create(
        unit=unit, created_by=by, period=Period.objects.stored(period), name=nfc(name), total_points=total_points,
        bonus_cap=bonus_cap, self_until=self_until, source=nfc(source),
    )  # fmt: skip
    if like is not None:
        _copy_criteria(like, made)
        _copy_clusters(like, made, on=on)
    return made


def _copy_criteria(old: EmulationSet, new: EmulationSet) -> None:
    rows = list(old.criteria.all())
    groups = {
        row.pk: EmulationCriterion.objects.create(set=new, **{name: getattr(row, name) for name in OF_CRITERION})
        for row in rows
        if row.is_group
    }
    EmulationCriterion.objects.bulk_create(
        EmulationCriterion(set=new, parent=groups[row.parent_id], **{name: getattr(row, name) for name in OF_CRITERION})
        for row in rows
        if not row.is_group
    )


def _copy_clusters(old: EmulationSet, new: EmulationSet, *, on: datetime.date) -> None:
    here = {unit.pk for unit in units_below(new.unit, on)}
    for cluster in old.clusters.all():
        made = EmulationCluster.objects.create(set=new, name=cluster.name, position=cluster.position)
        ScoreSheet.objects.bulk_create(
            ScoreSheet(set=new, unit_id=pk, cluster=made, taken_on=on)
            for pk in cluster.sheets.order_by("pk").values_list("unit_id", flat=True)
            if pk in here
        )


def units_below(unit: Unit, on: datetime.date) -> list[Unit]:
    """The direct subordinates of today that live, by name: who can be taken into a cluster."""
    below = Unit.objects.living(on).filter(placements__superior=unit, placements__ends_on=None)
    return list(below.order_by("sort_key", "pk"))


@transaction.atomic
def edit_set(*, set: EmulationSet, version: int, **values) -> EmulationSet:
    """Name, points, source and the day until which units score themselves.

    Once in use only that day can be changed: points are part of what was put in use.
    """
    found = locked(set)
    if found.state == State.ENDED:
        raise EmulationRefused("Bộ tiêu chí đã kết thúc.")
    fixed = ("name", "total_points", "bonus_cap", "source")
    if not found.is_draft and any(name in values and values[name] != getattr(found, name) for name in fixed):
        raise EmulationRefused("Bộ tiêu chí đang dùng chỉ đổi được hạn tự chấm.")
    found.claim(version)
    for name, value in values.items():
        setattr(found, name, nfc(value) if isinstance(value, str) else value)
    found.save()
    return found


# --- criteria -----------------------------------------------------------------------------------------


@transaction.atomic
def add_criterion(*, set: EmulationSet, parent: EmulationCriterion | None, **values) -> EmulationCriterion:
    """Add a group (no parent) or a criterion at the end of a group."""
    found = _draft(set)
    if found.criteria.count() >= MOST_LINES:
        raise EmulationRefused(f"Bộ tiêu chí đã có {MOST_LINES} dòng. Hãy gộp bớt tiêu chí.")
    if parent is not None and (parent.set_id != found.pk or not parent.is_group):
        raise EmulationRefused("Nhóm này không thuộc bộ tiêu chí.")
    last = found.criteria.aggregate(last=Max("position"))["last"] or 0
    made = EmulationCriterion(set=found, parent=parent, position=last + 1, **_checked(values))
    made.save()
    return made


@transaction.atomic
def edit_criterion(*, criterion: EmulationCriterion, version: int, **values) -> EmulationCriterion:
    _draft(criterion.set)
    criterion.claim(version)
    for name, value in _checked(values).items():
        setattr(criterion, name, value)
    criterion.save()
    return criterion


@transaction.atomic
def remove_criterion(*, criterion: EmulationCriterion, version: int) -> None:
    """Take a criterion, or a group with all in it, out of a draft."""
    _draft(criterion.set)
    criterion.claim(version)
    criterion.delete()


def _checked(values: dict) -> dict:
    """What belongs to the way of scoring and nothing else, so that nothing typed for another way stays behind."""
    values = {name: nfc(value) if isinstance(value, str) else value for name, value in values.items()}
    kind = values["kind"]
    plain = {"rule": "", "indicator_code": "", "per_piece": None, "bands": []}
    if kind == Kind.GROUP:
        return {"number": values["number"], "text": values["text"], "kind": kind}
    if values["points"] <= 0:
        raise EmulationRefused("Hãy ghi số điểm lớn hơn 0.", "points")
    if kind == Kind.MEASURED:
        if not values.get("rule"):
            raise EmulationRefused("Hãy chọn cách tính từ số liệu.", "rule")
        if not values.get("indicator_code"):
            raise EmulationRefused("Hãy chọn chỉ tiêu lấy số liệu.", "indicator_code")
        plain |= {"rule": values["rule"], "indicator_code": values["indicator_code"]}
        if values["rule"] == Rule.BANDS:
            plain["bands"] = _checked_bands(values.get("bands") or [], values["points"])
    elif kind in EmulationCriterion.PIECES:
        plain["indicator_code"] = values.get("indicator_code") or ""
    if kind in EmulationCriterion.PIECES or plain["rule"] == Rule.PER_PIECE:
        plain["per_piece"] = values.get("per_piece")
        if not plain["per_piece"] or plain["per_piece"] < 0:
            raise EmulationRefused("Hãy ghi số điểm cho mỗi lần, mỗi kết quả.", "per_piece")
    return values | plain


def _checked_bands(bands: list, most: Decimal) -> list:
    """Rows [from, to, points] as texts of exact numbers; rows rise and do not overlap, only the last has no end."""
    if not bands:
        raise EmulationRefused("Hãy ghi ít nhất một mức, mỗi mức một dòng: từ, đến dưới, điểm.", "bands")
    reached = None
    for place, (low, high, worth) in enumerate(bands, start=1):
        if reached is not None and low < reached:
            raise EmulationRefused(f"Mức ở dòng {place} chồng lên mức trước. Hãy ghi từ thấp đến cao.", "bands")
        if high is None and place < len(bands):
            raise EmulationRefused(f"Chỉ mức cuối được để trống “đến dưới”; xem lại dòng {place}.", "bands")
        if high is not None and high <= low:
            raise EmulationRefused(f"Dòng {place}: “đến dưới” phải lớn hơn “từ”.", "bands")
        if worth > most:
            raise EmulationRefused(f"Dòng {place}: điểm không quá {number(most)}.", "bands")
        reached = high
    return [[str(low), "" if high is None else str(high), str(worth)] for low, high, worth in bands]


# --- into use, on and out -----------------------------------------------------------------------------


def points_given(criteria: Iterable[EmulationCriterion]) -> Decimal:
    """What the ordinary criteria of all groups bring together; it has to be the total of the set."""
    criteria = list(criteria)
    return sum((possible_points(criteria, group) for group in criteria if group.is_group), Decimal(0))


@transaction.atomic
def put_in_use(*, set: EmulationSet, version: int, on: datetime.date) -> EmulationSet:
    """From here on criteria stand, and units can score themselves."""
    found = _draft(set)
    criteria = list(found.criteria.all())
    given = points_given(criteria)
    if given != found.total_points:
        raise EmulationRefused(
            f"Các tiêu chí cộng lại {number(given)} điểm, tổng điểm của bộ là {number(found.total_points)}. "
            "Hãy sửa cho bằng nhau."
        )
    if not found.sheets.exists():
        raise EmulationRefused("Chưa có đơn vị nào trong cụm. Hãy lập cụm và chọn đơn vị trước.")
    found.claim(version)
    found.state, found.used_on = State.IN_USE, on
    found.save()
    return found


@transaction.atomic
def revise_set(*, set: EmulationSet, version: int, by) -> EmulationSet:
    """A draft of the next edition, with the same criteria, clusters and units; possible while nobody has scored.

    The old edition ends with it, so that no unit begins on criteria that are being changed.
    """
    found = _with_sheets(set)
    if not found.is_in_use:
        raise EmulationRefused("Chỉ lập bản mới của bộ tiêu chí đang dùng.")
    if ScoreLine.objects.filter(sheet__set=found).exists():
        raise EmulationRefused("Đã có đơn vị chấm điểm nên không đổi tiêu chí được nữa.")
    found.claim(version)
    made = EmulationSet.objects.create(
        **{name: getattr(found, name) for name in OF_SET}, period_id=found.period_id, self_until=found.self_until,
        edition=found.edition + 1, replaced=found, created_by=by,
    )  # fmt: skip
    _copy_criteria(found, made)
    found.clusters.update(set=made)
    found.sheets.update(set=made)
    found.state, found.ended_on = State.ENDED, found.used_on
    found.save()
    return made


@transaction.atomic
def end_set(*, set: EmulationSet, version: int, on: datetime.date) -> EmulationSet:
    """The year is over: nothing more is scored. What was published stays."""
    found = _with_sheets(set)
    if not found.is_in_use:
        raise EmulationRefused("Chỉ kết thúc bộ tiêu chí đang dùng.")
    if not found.rankings.exists():
        raise EmulationRefused("Chưa công bố xếp hạng. Hãy công bố trước khi kết thúc.")
    if found.sheets.filter(state=ScoreSheet.State.REOPENED).exists():
        raise EmulationRefused("Còn phiếu đang mở lại. Hãy chấm xong và công bố bản mới trước.")
    found.claim(version)
    found.state, found.ended_on = State.ENDED, on
    found.save()
    return found


# --- clusters and units -------------------------------------------------------------------------------


@transaction.atomic
def save_cluster(
    *, set: EmulationSet, cluster: EmulationCluster | None, version: int, name: str, units: Iterable[Unit],
    on: datetime.date,
) -> EmulationCluster:  # fmt: skip
    """The cluster has this name and these units; a unit founded meanwhile is taken in here like any other.

    A unit stands in one cluster of a set: one chosen here leaves the one it stood in. A unit that has begun its
    sheet cannot be taken out, only moved, and after the publication nobody moves. `version` is the set's.
    """
    found = locked(set)
    if found.state == State.ENDED:
        raise EmulationRefused("Bộ tiêu chí đã kết thúc nên cụm giữ nguyên.")
    name, units = nfc(name), {unit.pk: unit for unit in units}
    if not units:
        raise EmulationRefused("Hãy chọn ít nhất một đơn vị.", "units")
    if found.clusters.filter(name=name).exclude(pk=cluster.pk if cluster else None).exists():
        raise EmulationRefused(f"Đã có “{name}”. Hãy đặt tên khác.", "name")
    found.claim(version)
    found.save()
    rows = found.sheets.select_for_update(of=("self",), no_key=True).select_related("unit")
    sheets = {sheet.unit_id: sheet for sheet in rows}
    here = cluster.pk if cluster else 0
    final = [
        one.unit.name
        for pk, one in sheets.items()
        if one.state == ScoreSheet.State.FINAL and (one.cluster_id == here) != (pk in units)
    ]
    if final:
        raise EmulationRefused(f"Đã công bố điểm của {final[0]} nên đơn vị này giữ nguyên cụm.", "units")
    if cluster is None:
        last = found.clusters.aggregate(last=Max("position"))["last"] or 0
        cluster = EmulationCluster.objects.create(set=found, name=name, position=last + 1)
    else:
        cluster.name = name
        cluster.save(update_fields=["name"])
    begun = dict(ScoreLine.objects.filter(sheet__set=found).values_list("sheet__unit_id", "sheet__unit__name"))
    for pk, sheet in sheets.items():
        if sheet.cluster_id == cluster.pk and pk not in units:
            if pk in begun or sheet.state != ScoreSheet.State.OPEN:
                raise EmulationRefused(
                    f"{sheet.unit.name} đã có điểm trong phiếu nên không đưa ra được. Có thể ghi “Không xét” ở phiếu.",
                    "units",
                )
            sheet.delete()
    moved = [sheet.pk for pk, sheet in sheets.items() if pk in units and sheet.cluster_id != cluster.pk]
    ScoreSheet.objects.filter(pk__in=moved).update(cluster=cluster)
    ScoreSheet.objects.bulk_create(
        ScoreSheet(set=found, unit_id=pk, cluster=cluster, taken_on=on) for pk in units if pk not in sheets
    )
    return cluster


@transaction.atomic
def drop_cluster(*, cluster: EmulationCluster, version: int) -> None:
    """Remove a cluster that holds no unit any more. `version` is the set's."""
    found = locked(cluster.set)
    found.claim(version)
    found.save()
    if cluster.sheets.exists():
        raise EmulationRefused("Cụm còn đơn vị. Hãy chuyển đơn vị sang cụm khác trước.")
    cluster.delete()


def set_words(set: EmulationSet) -> str:
    """ "Năm 2026, bản 2, dùng từ 01/02/2026"."""
    said = [set.period.name] + ([f"bản {set.edition}"] if set.edition > 1 else [])
    return ", ".join([*said, f"dùng từ {day(set.used_on)}"] if set.used_on else said)
