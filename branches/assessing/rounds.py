"""Rounds of assessment: opened for a year, filled with everybody who belonged on a day, closed.

Label and criteria sets are data valid over a span of years; a round keeps those it was opened with. Who
belonged for fewer months than the rule `assessment_min_months` asks is listed with the reason and not assessed.
"""

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from branches.admitting import has_approver
from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.models import (
    Assessment,
    AssessmentRound,
    CriteriaSet,
    LabelSet,
    Member,
    Membership,
    Period,
    Unit,
)
from branches.models.assessment import Subject
from branches.models.rule import rules_on
from branches.vietnamese import nfc

State = Assessment.State
Begin, End = Membership.Begin, Membership.End
SUB_BRANCH = Unit.Kind.SUB_BRANCH


class AssessmentRefused(EnrolmentRefused):
    """Nothing was written. `errors` maps a field ("" for the whole form) to a Vietnamese message."""


def _in_force(rows, period: Period):
    """Sets that hold on the last day of the period: a year that ended keeps the words it was rated in."""
    last = period.last_day
    return rows.filter(starts_on__lte=last).filter(Q(ends_on=None) | Q(ends_on__gt=last)).order_by("-starts_on", "pk")


def label_sets(period: Period):
    return _in_force(LabelSet.objects.all(), period)


def criteria_sets(subject: str, period: Period):
    return _in_force(CriteriaSet.objects.filter(subject=subject), period)


def covering(unit: Unit):
    """Rounds the unit takes part in: its own and those opened above it."""
    return AssessmentRound.objects.filter(unit__in=[int(step) for step in unit.path.strip("/").split("/")])


# --- opening, changing, closing -------------------------------------------------------------------------


@transaction.atomic
def open_round(
    *,
    unit: Unit,
    subject: str,
    period: Period,
    label_set: LabelSet,
    criteria_set: CriteriaSet,
    name: str,
    self_until: datetime.date,
    due_on: datetime.date,
    counted_on: datetime.date,
    top_quota: int | None = None,
    by,
    on: datetime.date,
) -> AssessmentRound:
    """Open a round and put everybody concerned into it. `top_quota` is in percent, None warns of nothing.

    A branch opens one for itself only where nobody above it uses the software.
    """
    # Two who open at once wait for each other here, so that the second sees the first.
    Unit.objects.select_for_update(no_key=True).filter(pk=int(unit.path.strip("/").split("/")[0])).first()
    errors = _wrong_days(on, self_until, due_on) | _wrong_words(name, top_quota)
    if unit.is_branch and has_approver(unit, on=on):
        errors[""] = f"Đoàn cấp trên mở đợt cho cả các chi đoàn. {unit.name} đánh giá trong đợt đó."
    if unit.dissolved_on and unit.dissolved_on <= on:
        errors[""] = f"{unit.name} đã giải thể từ {day(unit.dissolved_on)}."
    if label_set not in label_sets(period):
        errors["label_set"] = f"Bộ mức này không áp dụng cho {period.name}."
    if criteria_set not in criteria_sets(subject, period):
        errors["criteria_set"] = f"Bộ tiêu chí này không áp dụng cho {period.name}."
    if not period.starts_on <= counted_on <= on:
        errors["counted_on"] = f"Hãy ghi ngày từ {day(period.starts_on)} đến hôm nay {day(on)}."
    if twin := _twin(unit, subject, period, criteria_set):
        errors[""] = f"Đã có đợt “{twin.name}” của {twin.unit.name} cho kỳ này. Hãy mở đợt đó mà làm tiếp."
    if errors:
        raise AssessmentRefused(errors)
    made = AssessmentRound.objects.create(
        unit=unit,
        subject=subject,
        name=nfc(name),
        period=period,
        label_set=label_set,
        criteria_set=criteria_set,
        opened_on=on,
        self_until=self_until,
        due_on=due_on,
        counted_on=counted_on,
        top_quota=top_quota,
        opened_by=by,
    )
    _fill(made)
    return made


def _wrong_days(opened_on, self_until, due_on) -> dict[str, str]:
    if self_until < opened_on:
        return {"self_until": f"Hãy ghi ngày từ {day(opened_on)}, ngày mở đợt, trở đi."}
    if due_on < self_until:
        return {"due_on": f"Hãy ghi ngày từ {day(self_until)}, hạn tự đánh giá, trở đi."}
    return {}


def _wrong_words(name, top_quota) -> dict[str, str]:
    errors = {}
    if not nfc(name):
        errors["name"] = "Hãy ghi tên đợt."
    if top_quota is not None and not 1 <= top_quota <= 100:
        errors["top_quota"] = "Hãy ghi từ 1 đến 100, hoặc để trống."
    return errors


def _twin(unit: Unit, subject: str, period: Period, criteria_set: CriteriaSet) -> AssessmentRound | None:
    """The same assessment of the same span, opened above, below or here. "3 chủ động" beside it is another one."""
    above = Q(unit__in=[int(step) for step in unit.path.strip("/").split("/")])
    rows = AssessmentRound.objects.filter(above | Q(unit__path__startswith=unit.path)).select_related("unit")
    same = {"period__starts_on": period.starts_on, "period__ends_on": period.ends_on}
    return rows.filter(subject=subject, criteria_set=criteria_set, **same).order_by("pk").first()


@transaction.atomic
def change_round(*, round: AssessmentRound, version: int, name: str, self_until, due_on, top_quota) -> AssessmentRound:
    """Rename, move dates, change the quota. Who is in it and which sets it uses stay. Raises EditConflict."""
    found = locked_round(round)
    if found.closed_on:
        raise AssessmentRefused({"": f"Đợt này đã khép ngày {day(found.closed_on)}. Hãy mở lại đợt rồi sửa."})
    if errors := _wrong_days(found.opened_on, self_until, due_on) | _wrong_words(name, top_quota):
        raise AssessmentRefused(errors)
    found.claim(version)
    found.name, found.self_until, found.due_on, found.top_quota = nfc(name), self_until, due_on, top_quota
    found.save()
    return found


@transaction.atomic
def close_round(*, round: AssessmentRound, on: datetime.date) -> AssessmentRound:
    """Nothing in it changes from now on. What has no result stays without one."""
    found = locked_round(round)
    if found.closed_on is None:
        found.claim(found.version)
        found.closed_on = on
        found.save()
    return found


@transaction.atomic
def reopen_round(*, round: AssessmentRound) -> AssessmentRound:
    found = locked_round(round)
    if found.closed_on is not None:
        found.claim(found.version)
        found.closed_on = None
        found.save()
    return found


def locked_round(round: AssessmentRound) -> AssessmentRound:
    """Held while one of its assessments changes, so that a round is not closed in between."""
    rows = AssessmentRound.objects.select_for_update(no_key=True, of=("self",)).select_related("unit", "period")
    return rows.get(pk=round.pk)


# --- who is in it ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Belonging:
    """A member belongs to the unit without a break since a day; None: since before the software was used here."""

    member: int
    unit: int
    since: datetime.date | None


def belonging(unit: Unit, on: datetime.date) -> list[Belonging]:
    """Everybody officially of the unit or of what is below it on the day. Two queries.

    A phân đoàn is assessed with its chi đoàn. Who came along when units were merged or split goes on with what
    they had before; who stood in the list when the software was taken up has been there longer than it knows.
    """
    official = Membership.objects.filter(kind=Membership.Kind.OFFICIAL, member__merged_into=None)
    now = list(
        official.on(on)
        .filter(unit__path__startswith=unit.path, member__anonymised_on=None)
        .order_by("member__sort_key", "member_id", "-starts_on")
        .values_list("member_id", "unit_id", "unit__kind", "unit__path", "starts_on", "begin_reason")
    )
    moved = [member for member, *_, begin in now if begin == Begin.WITH_UNIT]
    before = defaultdict(list)
    for member, starts_on, ends_on, begin in official.filter(member__in=moved).values_list(
        "member_id", "starts_on", "ends_on", "begin_reason"
    ):
        before[member].append((starts_on, ends_on, begin))
    found = {}
    for member, place, kind, path, starts_on, begin in now:
        seat = int(path.strip("/").split("/")[-2]) if kind == SUB_BRANCH and path.count("/") > 2 else place
        found.setdefault(member, Belonging(member, seat, _since(starts_on, begin, before[member])))
    return list(found.values())


def _since(starts_on, begin, spans) -> datetime.date | None:
    while begin == Begin.WITH_UNIT:
        earlier = next(((start, how) for start, end, how in spans if end == starts_on and start < starts_on), None)
        if earlier is None:
            break
        starts_on, begin = earlier
    return None if begin == Begin.REGISTERED else starts_on


def months_later(first: datetime.date, months: int) -> datetime.date:
    """The same day so many months on; the last day of the month where there is none."""
    count = first.month - 1 + months
    year, month = first.year + count // 12, count % 12 + 1
    return first.replace(year=year, month=month, day=min(first.day, calendar.monthrange(year, month)[1]))


def why_not(since: datetime.date | None, counted_on: datetime.date, months: int) -> str:
    """Why somebody is not assessed, in words; "" for who is."""
    if since is None or months_later(since, months) <= counted_on:
        return ""
    if since > counted_on:
        return f"Vào chi đoàn ngày {day(since)}, sau ngày tính {day(counted_on)}"
    return f"Mới sinh hoạt tại chi đoàn từ {day(since)}, chưa đủ {months} tháng đến {day(counted_on)}"


def _fill(round: AssessmentRound) -> None:
    if round.subject == Subject.BRANCH:
        kinds = [kind for kind in Unit.BRANCH_KINDS if kind != SUB_BRANCH]
        units = Unit.objects.living(round.counted_on).below(round.unit).filter(kind__in=kinds)
        keys = units.order_by("sort_key", "pk").values_list("pk", flat=True)
        Assessment.objects.bulk_create(Assessment(round=round, unit_id=key) for key in keys)
    else:
        _take_in(round, belonging(round.unit, round.counted_on))


def _take_in(round: AssessmentRound, people: list[Belonging]) -> int:
    months = rules_on(round.counted_on)["assessment_min_months"]
    rows = []
    for one in people:
        reason = why_not(one.since, round.counted_on, months)
        state = State.NOT_ELIGIBLE if reason else State.OPEN
        rows.append(
            Assessment(round=round, unit_id=one.unit, member_id=one.member, state=state, excluded_because=reason)
        )
    Assessment.objects.bulk_create(rows)
    return len(rows)


def missing_from(round: AssessmentRound, unit: Unit, on: datetime.date) -> list[Belonging]:
    """Who belongs to the unit today and is not in the round: came later, or was enrolled later. Three queries."""
    if round.subject != Subject.MEMBER:
        return []
    inside = set(Assessment.objects.filter(round=round).values_list("member_id", flat=True))
    return [one for one in belonging(unit, on) if one.member not in inside]


@transaction.atomic
def take_in_missing(*, round: AssessmentRound, unit: Unit, on: datetime.date) -> int:
    """Put those of `missing_from` into the round, each judged by the round's own day. How many they were."""
    found = locked_round(round)
    refuse_closed(found)
    return _take_in(found, missing_from(found, unit, on))


def refuse_closed(round: AssessmentRound) -> None:
    if round.closed_on:
        raise AssessmentRefused({"": f"Đợt này đã khép ngày {day(round.closed_on)}, không thay đổi được nữa."})


def names_of_missing(people: list[Belonging]):
    """The members behind those rows, in the order of names. One query."""
    return Member.objects.filter(pk__in=[one.member for one in people]).order_by("sort_key", "pk")
