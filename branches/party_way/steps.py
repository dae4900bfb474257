"""Verbs on the steps of the way to the Party, and what each step asks for.

Hard rules refuse: the age, a vote that passed, a class certificate that is valid, one admission a life.
A step that is missing only warns, because it may have been taken at another place.
"""

import datetime

from django.db import transaction

from branches.days import PartialDay
from branches.enrolling import EnrolmentRefused, age_on, change_member
from branches.fed_books import feed_steps, forget_step
from branches.formats import day
from branches.leaving import locked
from branches.models import Ballot, Member, Membership, PartyStep, SensitiveData
from branches.models.rule import rules_on
from branches.typed_votes import put_vote, result_of
from branches.unit_warnings import months_after
from branches.vietnamese import nfc

Kind = PartyStep.Kind
# Steps that the Party takes once in a life; the register keeps their day.
OF_THE_PARTY = {Kind.ADMITTED: "joined_party_on", Kind.OFFICIAL: "official_party_on"}
NEED_AGE = (Kind.INTRODUCED, Kind.ADMITTED)
TEXTS = ("document", "helpers", "note")


class PartyWayRefused(EnrolmentRefused):
    """The step is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""


@transaction.atomic
def record_step(
    *,
    member: Member,
    kind: str,
    dated_on: datetime.date,
    by,
    on: datetime.date,
    document: str = "",
    expires_on: datetime.date | None = None,
    helpers: str = "",
    note: str = "",
    ballot: Ballot | None = None,
    vote: dict | None = None,
) -> PartyStep:
    """Write down that the member took this step. `vote` are typed numbers (typed_votes.VOTE_FIELDS).

    An admission and the full membership also write their day into the closed part of the register,
    which leaves its row of access. A certificate of the class without an end gets that of the rule.
    """
    member = locked(member)
    step = PartyStep(member=member, unit=member.home, kind=kind, written_by=by)
    _write(step, member, dated_on, document, expires_on, helpers, note, ballot, vote, on)
    _keep_day(step, member, by)
    feed_steps(member_id=member.pk, kind=kind)
    return step


@transaction.atomic
def change_step(
    *,
    step: PartyStep,
    version: int,
    dated_on: datetime.date,
    by,
    on: datetime.date,
    document: str = "",
    expires_on: datetime.date | None = None,
    helpers: str = "",
    note: str = "",
    ballot: Ballot | None = None,
    vote: dict | None = None,
) -> PartyStep:
    """Correct a step. Raises EditConflict when somebody was faster; the day in the register follows."""
    member = locked(step.member)
    step = PartyStep.objects.select_related("unit").get(pk=step.pk)
    step.claim(version)
    before = step.dated_on
    step.member = member
    _write(step, member, dated_on, document, expires_on, helpers, note, ballot, vote, on)
    if before != dated_on:
        _forget_day(step, member, before, by)
        member.refresh_from_db()
    _keep_day(step, member, by)
    feed_steps(member_id=member.pk, kind=step.kind)
    return step


@transaction.atomic
def drop_step(*, step: PartyStep, version: int, by) -> None:
    """Take a step back that was written by mistake; a day it had put into the register goes with it."""
    member = locked(step.member)
    step = PartyStep.objects.get(pk=step.pk)
    step.claim(version)
    later = [Kind.OFFICIAL] if step.kind == Kind.ADMITTED else []
    if member.party_steps.filter(kind__in=later).exists():
        raise PartyWayRefused({"": "Đã ghi chuyển Đảng chính thức. Hãy bỏ bước đó trước."})
    _forget_day(step, member, step.dated_on, by)
    forget_step(step)
    step.delete()
    feed_steps(member_id=member.pk, kind=step.kind)


# --- what a step asks for ---------------------------------------------------------------------------


def warnings_about_step(member: Member, kind: str, dated_on: datetime.date, *, steps, rules: dict) -> list[str]:
    """What to look at again, and what never stops a save. `steps` are the member's other steps."""
    before = {one.kind for one in steps if one.dated_on <= dated_on}
    if Kind.CLASS_DONE in before:
        before.add(Kind.CLASS_PROPOSED)
    place = PartyStep.ORDER.index(kind)
    found = []
    if missing := [one.label for one in PartyStep.ORDER[:place] if one not in before]:
        found.append(f"Chưa ghi: {'; '.join(missing)}. Nếu đã làm ở nơi khác, hãy ghi bổ sung.")
    if kind in NEED_AGE and member.birth_date is None:
        found.append("Chưa ghi ngày sinh nên chưa kiểm tra được tuổi.")
    admitted = next((one for one in steps if one.kind == Kind.ADMITTED), None)
    if (
        kind == Kind.OFFICIAL
        and admitted
        and dated_on < months_after(admitted.dated_on, months := int(rules["party_probation_months"]))
    ):
        found.append(f"Chưa đủ {months} tháng dự bị kể từ {day(admitted.dated_on)}.")
    if kind == Kind.ADMITTED and valid_certificate(steps, dated_on) is None and Kind.CLASS_DONE in before:
        found.append("Giấy chứng nhận lớp nhận thức về Đảng đã hết giá trị vào ngày kết nạp.")
    return found


def valid_certificate(steps, on: datetime.date) -> PartyStep | None:
    """The class done on or before the day whose certificate still holds then; the newest one."""
    done = [one for one in steps if one.kind == Kind.CLASS_DONE and one.dated_on <= on and not one.has_expired(on)]
    return max(done, key=lambda one: one.dated_on, default=None)


def _faults(step: PartyStep, member: Member, others: list[PartyStep], on: datetime.date) -> dict[str, str]:
    rules, dated_on = rules_on(step.dated_on), step.dated_on
    if dated_on > on:
        return {"dated_on": "Ngày này chưa đến. Hãy ghi khi đã thực hiện."}
    if any(one.kind == step.kind and one.dated_on == dated_on for one in others):
        return {"dated_on": f"Đã ghi bước này ngày {day(dated_on)}."}
    youngest = int(rules["party_age_min"])
    # Of a birth date known by its year only the earliest day counts: nobody is refused by a guess.
    if step.kind in NEED_AGE and member.birth_date and (age := age_on(member.birth_date, dated_on)) < youngest:
        return {"dated_on": f"Ngày này mới {age} tuổi; vào Đảng phải đủ {youngest} tuổi."}
    if step.expires_on and step.expires_on <= dated_on:
        return {"expires_on": f"Hãy ghi ngày sau {day(dated_on)}."}
    if step.kind == Kind.ADMITTED and not step.document:
        return {"document": "Hãy ghi số quyết định kết nạp."}
    return _faults_of_order(step, others) or _faults_of_vote(step)


def _faults_of_order(step: PartyStep, others: list[PartyStep]) -> dict[str, str]:
    dated_on, by_kind = step.dated_on, {one.kind: one for one in others}
    admitted, official = by_kind.get(Kind.ADMITTED), by_kind.get(Kind.OFFICIAL)
    if step.kind in OF_THE_PARTY and step.kind in by_kind:
        return {"": f"Đã ghi {step.get_kind_display()} ngày {day(by_kind[step.kind].dated_on)}."}
    if step.kind == Kind.OFFICIAL and admitted and dated_on < admitted.dated_on:
        return {"dated_on": f"Hãy ghi ngày sau {day(admitted.dated_on)}, ngày kết nạp Đảng."}
    if step.kind == Kind.ADMITTED and official and dated_on > official.dated_on:
        return {"dated_on": f"Hãy ghi ngày trước {day(official.dated_on)}, ngày chuyển Đảng chính thức."}
    if step.kind not in OF_THE_PARTY and admitted and dated_on > admitted.dated_on:
        return {"dated_on": f"Đã kết nạp Đảng ngày {day(admitted.dated_on)}: bước này phải trước ngày đó."}
    has_done_class = any(one.kind == Kind.CLASS_DONE and one.dated_on <= dated_on for one in others)
    if step.kind == Kind.INTRODUCED and has_done_class and valid_certificate(others, dated_on) is None:
        last = max(one.expires_on for one in others if one.kind == Kind.CLASS_DONE and one.expires_on)
        return {"dated_on": f"Giấy chứng nhận lớp nhận thức về Đảng hết giá trị từ {day(last)}. Hãy ghi lớp học mới."}
    return {}


def _faults_of_vote(step: PartyStep) -> dict[str, str]:
    if not step.decision_kind:
        return {}
    result = result_of(step)
    if result is None:
        asked = "Bước này phải được chi đoàn biểu quyết: chọn cuộc họp, hoặc ghi số phiếu theo biên bản."
        return {} if step.is_elsewhere else {"votes_for": asked}
    if step.voted_on > step.dated_on:
        return {"dated_on": f"Hãy ghi ngày từ {day(step.voted_on)}, ngày họp xét, trở đi."}
    return {} if result.passed else {"votes_for": result.words}


# --- writing ----------------------------------------------------------------------------------------


def _write(step: PartyStep, member: Member, dated_on, document, expires_on, helpers, note, ballot, vote, on) -> None:
    if member.anonymised_on or member.merged_into_id:
        raise PartyWayRefused({"": "Hồ sơ này đã được gộp hoặc ẩn danh, không ghi thêm được."})
    if step.kind not in Kind.values:
        raise PartyWayRefused({"": "Hãy chọn bước cần ghi."})
    step.dated_on, step.is_elsewhere = dated_on, _is_elsewhere(member, step.unit_id, dated_on)
    for name, value in zip(TEXTS, (document, helpers, note), strict=True):
        setattr(step, name, nfc(value).strip())
    step.expires_on = expires_on or _end_of_certificate(step)
    errors = {}
    if step.decision_kind:
        errors = put_vote(step, ballot=ballot, said=vote or {}, on=on)
    others = list(member.party_steps.exclude(pk=step.pk))
    if errors := errors or _faults(step, member, others, on):
        raise PartyWayRefused(errors)
    step.save()


def _end_of_certificate(step: PartyStep) -> datetime.date | None:
    if step.kind != Kind.CLASS_DONE:
        return None
    return months_after(step.dated_on, 12 * int(rules_on(step.dated_on)["party_class_valid_years"]))


def _is_elsewhere(member: Member, unit_id: int, dated_on: datetime.date) -> bool:
    """Whether the step was taken at another branch; refused once the person belonged nowhere.

    Before the first span somebody "in the register when the software began" was here already.
    """
    spans = list(member.memberships.filter(kind=Membership.Kind.OFFICIAL).order_by("starts_on", "pk"))
    begun = [one for one in spans if one.starts_on <= dated_on]
    if not begun:
        first = spans[0] if spans else None
        return first is None or first.unit_id != unit_id or first.begin_reason != Membership.Begin.REGISTERED
    last = begun[-1]
    if last.ends_on is not None and last.ends_on <= dated_on and len(begun) == len(spans):
        raise PartyWayRefused({"dated_on": f"Đã rời chi đoàn từ {day(last.ends_on)}. Hãy xem lại ngày."})
    return last.unit_id != unit_id


def _keep_day(step: PartyStep, member: Member, by) -> None:
    """The day of the Party's own steps stands in the register too; another one there is not overwritten."""
    if (field := OF_THE_PARTY.get(step.kind)) is None:
        return
    kept = SensitiveData.objects.filter(member=member).first()
    known = getattr(kept, field, None)
    if known and field == "joined_party_on":
        partial = PartialDay(known, kept.joined_party_precision)
        agrees = partial.day <= step.dated_on <= partial.last
    else:
        agrees = known in (None, step.dated_on)
    if not agrees:
        raise PartyWayRefused(
            {"dated_on": "Phần giữ kín của hồ sơ đang ghi một ngày khác. Hãy sửa cho khớp rồi ghi lại."}
        )
    change_member(member=member, version=member.version, by=by, **{field: step.dated_on})


def _forget_day(step: PartyStep, member: Member, dated_on: datetime.date, by) -> None:
    field = OF_THE_PARTY.get(step.kind)
    if field and SensitiveData.objects.filter(member=member, **{field: dated_on}).exists():
        change_member(member=member, version=member.version, by=by, **{field: None})
