"""Periodic remarks about everybody on the way to the Party, for the Party committee: who is on the way, who is due.

On the way is who took a step and is not a full Party member yet. The first remark is due the rule's months
(`party_remark_months`) after the newest step, every further one as long after the one before.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, Q

from branches.long_texts import kept_lines
from branches.models import Member, Membership, PartyStep, ProgressRemark, Unit
from branches.models.rule import rules_on
from branches.unit_warnings import months_after

from .steps import Kind, PartyWayRefused, valid_certificate

FIELDS = ("merits", "shortcomings")


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """One person on the way, as a list shows them on a day."""

    member: Member
    last: PartyStep
    certificate: PartyStep | None
    had_class: bool
    remark: ProgressRemark | None
    due_on: datetime.date

    def is_due(self, on: datetime.date) -> bool:
        return self.due_on < on

    @property
    def has_lapsed(self) -> bool:
        """The certificate of the class no longer holds, and it is needed for what comes next."""
        return self.had_class and self.certificate is None and self.last.kind not in (Kind.ADMITTED, Kind.OFFICIAL)


def members_on_the_way(units: Q, on: datetime.date):
    """Members on the roll today who took a step and are not full Party members. `units` walks from a membership."""
    steps = PartyStep.objects.filter(member=OuterRef("pk"))
    here = Membership.objects.filter(units, member=OuterRef("pk"), kind=Membership.Kind.OFFICIAL).on(on)
    return Member.objects.filter(
        Exists(steps), ~Exists(steps.filter(kind=Kind.OFFICIAL)), Exists(here), merged_into=None
    )


def on_the_way(unit: Unit, *, on: datetime.date, rules: dict | None = None) -> list[OnTheWay]:
    """Everybody on the way at the unit and below, the longest without a remark first. Three queries, and the rules."""
    months = int((rules or rules_on(on))["party_remark_months"])
    members = (
        members_on_the_way(Q(unit__path__startswith=unit.path), on)
        .select_related("home")
        .prefetch_related(
            Prefetch("party_steps", PartyStep.objects.order_by("dated_on", "pk"), to_attr="way"),
            Prefetch("progress_remarks", ProgressRemark.objects.order_by("dated_on", "pk"), to_attr="remarks"),
        )
    )
    rows = [_row(member, on, months) for member in members.order_by("sort_key", "pk")]
    return sorted(rows, key=lambda row: row.due_on)


def last_words(unit: Unit, on: datetime.date):
    """Of each member of the unit on the way: the day of the last `step`, and of the last `remark` if there is one."""
    return members_on_the_way(Q(unit=unit), on).annotate(
        step=Max("party_steps__dated_on"), remark=Max("progress_remarks__dated_on")
    )


def due_days(last: Iterable[tuple], *, on: datetime.date, months: int) -> list[datetime.date]:
    """The days on which remarks were due and are not written, the oldest first. `last`: (step, remark) of each."""
    due = [months_after(remark or step, months) for step, remark in last]
    return sorted(one for one in due if one < on)


def _row(member: Member, on: datetime.date, months: int) -> OnTheWay:
    remark = member.remarks[-1] if member.remarks else None
    last = max(member.way, key=lambda one: (PartyStep.ORDER.index(one.kind), one.dated_on))
    since = remark.dated_on if remark else max(one.dated_on for one in member.way)
    return OnTheWay(
        member=member,
        last=last,
        certificate=valid_certificate(member.way, on),
        had_class=any(one.kind == Kind.CLASS_DONE for one in member.way),
        remark=remark,
        due_on=months_after(since, months),
    )


@transaction.atomic
def write_remark(
    *,
    member: Member,
    dated_on: datetime.date,
    merits: str,
    shortcomings: str = "",
    sent_on: datetime.date | None = None,
    by,
    on: datetime.date,
) -> ProgressRemark:
    """Write what the branch tells the Party committee about somebody on the way."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    if not member.party_steps.exists():
        raise PartyWayRefused({"": f"{member.full_name} chưa có bước nào trên đường vào Đảng. Hãy ghi bước trước."})
    remark = ProgressRemark(member=member, unit=member.home, written_by=by)
    return _write(remark, dated_on, merits, shortcomings, sent_on, on)


@transaction.atomic
def change_remark(
    *,
    remark: ProgressRemark,
    version: int,
    dated_on: datetime.date,
    merits: str,
    shortcomings: str = "",
    sent_on: datetime.date | None = None,
    on: datetime.date,
) -> ProgressRemark:
    """Correct a remark, or note that it went out. Raises EditConflict when somebody was faster."""
    Member.objects.select_for_update().get(pk=remark.member_id)
    remark = ProgressRemark.objects.get(pk=remark.pk)
    remark.claim(version)
    return _write(remark, dated_on, merits, shortcomings, sent_on, on)


def _write(remark: ProgressRemark, dated_on, merits, shortcomings, sent_on, on) -> ProgressRemark:
    remark.dated_on, remark.sent_on = dated_on, sent_on
    remark.merits, remark.shortcomings = kept_lines(merits), kept_lines(shortcomings)
    errors = {}
    if dated_on > on:
        errors["dated_on"] = "Ngày này chưa đến."
    elif sent_on and sent_on < dated_on:
        errors["sent_on"] = "Ngày gửi không thể trước ngày nhận xét."
    elif sent_on and sent_on > on:
        errors["sent_on"] = "Ngày này chưa đến. Để trống, gửi rồi thì ghi."
    if not remark.merits:
        errors["merits"] = "Hãy ghi ưu điểm, tiến bộ."
    same = ProgressRemark.objects.filter(member_id=remark.member_id, dated_on=dated_on).exclude(pk=remark.pk)
    if not errors and same.exists():
        errors["dated_on"] = "Đã có nhận xét ngày này. Hãy mở nhận xét đó để sửa."
    if errors:
        raise PartyWayRefused(errors)
    remark.save()
    return remark
