"""Verbs on an admission: the branch proposes and votes, the superior decides, the register gets a new member."""

import datetime

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from branches.enrolling import EnrolmentRefused, age_on, enrol_member
from branches.formats import day
from branches.models import Admission, Membership, Post, Unit
from branches.models.rule import rules_on
from branches.vietnamese import nfc, plain

State = Admission.State
APPLICANT_FIELDS = (
    "full_name", "sex", "birth_date", "job", "education", "hometown", "address", "phone", "applied_on", "introduced_by",
)  # fmt: skip
# What the new member's record takes over from the application.
KEPT_FIELDS = ("full_name", "sex", "birth_date", "job", "education", "hometown", "address", "phone")


@transaction.atomic
def propose_admission(*, unit: Unit, by, on: datetime.date, **fields) -> Admission:
    """Write down somebody who asks to be admitted. `fields` are APPLICANT_FIELDS."""
    if not unit.is_branch:
        raise EnrolmentRefused({"": f"Chi đoàn xét kết nạp. Hãy chọn chi đoàn trong {unit.name}."})
    if unit.dissolved_on and unit.dissolved_on <= on:
        raise EnrolmentRefused({"": f"{unit.name} đã giải thể từ {day(unit.dissolved_on)}."})
    admission = Admission(unit=unit, written_by=by)
    _assign(admission, fields, on)
    admission.save()
    return admission


@transaction.atomic
def change_admission(*, admission: Admission, version: int, on: datetime.date, **fields) -> Admission:
    """Correct the application before the vote. Raises EditConflict when somebody was faster."""
    admission = _locked(admission, State.PROPOSED)
    admission.claim(version)
    _assign(admission, fields, on)
    admission.save()
    return admission


@transaction.atomic
def record_vote(
    *, admission: Admission, voted_on: datetime.date, members_present: int, votes_for: int, on: datetime.date
) -> Admission:
    """The branch voted, on this one person: more than half of those present must agree."""
    admission = _locked(admission, State.PROPOSED)
    errors = {}
    if voted_on > on:
        errors["voted_on"] = "Ngày này chưa đến. Hãy ghi sau khi họp."
    elif voted_on < admission.applied_on:
        errors["voted_on"] = f"Hãy ghi ngày từ {day(admission.applied_on)}, ngày làm đơn, trở đi."
    if members_present < 1:
        errors["members_present"] = "Hãy ghi số đoàn viên có mặt."
    elif votes_for > members_present:
        errors["votes_for"] = f"Chỉ có {members_present} đoàn viên có mặt. Hãy xem lại số tán thành."
    if errors:
        raise EnrolmentRefused(errors)
    admission.claim(admission.version)
    admission.voted_on, admission.members_present, admission.votes_for = voted_on, members_present, votes_for
    admission.state = State.VOTED if is_passed(members_present, votes_for) else State.NOT_PASSED
    admission.save()
    return admission


@transaction.atomic
def decide_admission(
    *,
    admission: Admission,
    decision: str,
    decided_on: datetime.date,
    admitted_on: datetime.date | None = None,
    namesake: bool = False,
    by,
    on: datetime.date,
) -> Admission:
    """The superior approves: the person is enrolled from `admitted_on`, the day of the decision unless said.

    EnrolmentRefused with "namesake" when the branch has somebody of that name and birth date already.
    """
    admission = _locked(admission, State.VOTED)
    admitted_on = admitted_on or decided_on
    errors = _errors_of_decision(admission, decided_on, on)
    if not decision.strip():
        errors["decision"] = "Hãy ghi số quyết định."
    if admitted_on < decided_on:
        errors["admitted_on"] = f"Lễ kết nạp không thể trước ngày quyết định {day(decided_on)}."
    elif admitted_on > on:
        errors["admitted_on"] = "Ngày này chưa đến. Hãy ghi quyết định sau khi đã tổ chức lễ."
    if errors:
        raise EnrolmentRefused(errors)
    decision = decision.strip()
    admission.member = enrol_member(
        by=by,
        unit=admission.unit,
        on=admitted_on,
        begin_reason=Membership.Begin.ADMITTED,
        decision=f"{decision} ngày {day(decided_on)}",
        namesake=namesake,
        admitted_on=admitted_on,
        admitted_at=nfc(admission.unit.name)[:160],
        **{name: getattr(admission, name) for name in KEPT_FIELDS},
    )
    admission.claim(admission.version)
    admission.state, admission.decision, admission.decided_on = State.DECIDED, decision, decided_on
    admission.admitted_on, admission.decided_by = admitted_on, by
    admission.save()
    return admission


@transaction.atomic
def refuse_admission(
    *, admission: Admission, reason: str, decided_on: datetime.date, by, on: datetime.date
) -> Admission:
    """The superior does not approve, and says why."""
    admission = _locked(admission, State.VOTED)
    errors = _errors_of_decision(admission, decided_on, on)
    if not reason.strip():
        errors["reason"] = "Hãy ghi lý do, để chi đoàn và người làm đơn biết."
    if errors:
        raise EnrolmentRefused(errors)
    admission.claim(admission.version)
    admission.state, admission.reason = State.REFUSED, reason.strip()
    admission.decided_on, admission.decided_by = decided_on, by
    admission.save()
    return admission


@transaction.atomic
def withdraw_admission(*, admission: Admission, reason: str) -> Admission:
    """The branch or the applicant does not go on."""
    admission = _locked(admission, *Admission.OPEN)
    if not reason.strip():
        raise EnrolmentRefused({"reason": "Hãy ghi lý do."})
    admission.claim(admission.version)
    admission.state, admission.reason = State.WITHDRAWN, reason.strip()
    admission.save()
    return admission


def is_passed(members_present: int, votes_for: int) -> bool:
    """More than half of those present (charter; domain.md 2.3). Exactly half is not enough."""
    return 2 * votes_for > members_present


def warnings_about_applicant(*, birth_date: datetime.date, day_of: datetime.date) -> list[str]:
    """What the branch should look at again on the day of the step. Ages are rules and never stop it."""
    rules = rules_on(day_of)
    youngest, oldest = int(rules["member_age_min"]), int(rules["member_age_max"])
    age = age_on(birth_date, day_of)
    # "From 16" is read as in the sixteenth year: fifteen full years and a day.
    if age_on(birth_date, day_of - datetime.timedelta(days=1)) < youngest - 1:
        return [f"Mới {age} tuổi, chưa đến tuổi kết nạp ({youngest} tuổi)."]
    if age > oldest:
        return [f"Đã {age} tuổi, quá tuổi kết nạp ({oldest} tuổi)."]
    return []


def open_twins(*, full_name: str, birth_date: datetime.date, user, apart_from: int | None = None) -> list[Admission]:
    """Applications under way of somebody of the same name (marks aside) and birth date, that this reader sees.

    Somebody who asks twice, or at two branches, is admitted once: the form says so and stops nobody. One query.
    """
    rows = Admission.objects.visible_to(user).open().filter(birth_date=birth_date).exclude(pk=apart_from)
    rows = rows.select_related("unit").order_by("applied_on", "pk")
    return [one for one in rows if plain(one.full_name) == plain(full_name)]


def approvers_above(unit: Unit, *, on: datetime.date):
    """The posts above the unit, at whatever height, whose holders decide about it."""
    above = [int(step) for step in unit.path.strip("/").split("/")[:-1]]
    posts = Post.objects.held_on(on).filter(unit__in=above, account__is_active=True)
    return posts.alias(verbs=Cast("type__verbs_below", TextField())).filter(verbs__contains='"approve"')


def has_approver(unit: Unit, *, on: datetime.date) -> bool:
    """Whether anybody above holds a post that decides here. Where nobody does, the branch writes the paper down."""
    return approvers_above(unit, on=on).exists()


def _errors_of_decision(admission: Admission, decided_on: datetime.date, on: datetime.date) -> dict[str, str]:
    if decided_on > on:
        return {"decided_on": "Ngày này chưa đến."}
    if decided_on < admission.voted_on:
        return {"decided_on": f"Hãy ghi ngày từ {day(admission.voted_on)}, ngày chi đoàn họp xét, trở đi."}
    return {}


def _locked(admission: Admission, *states: str) -> Admission:
    """The admission as stored, locked, at one of these steps."""
    admission = Admission.objects.select_for_update().get(pk=admission.pk)
    if admission.state not in states:
        words = admission.get_state_display()
        raise EnrolmentRefused({"": f"Hồ sơ này đã chuyển bước: {words}. Hãy mở lại trang để xem."})
    return admission


def _assign(admission: Admission, fields: dict, on: datetime.date) -> None:
    if unknown := set(fields) - set(APPLICANT_FIELDS):
        raise TypeError(f"not a field of an application: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(admission, name, nfc(value) if isinstance(value, str) else value)
    errors = {}
    if not admission.full_name:
        errors["full_name"] = "Hãy ghi họ và tên."
    if not admission.introduced_by:
        errors["introduced_by"] = "Hãy ghi ai giới thiệu: một đoàn viên, hoặc chi đội, chi hội."
    if admission.applied_on > on:
        errors["applied_on"] = "Ngày này chưa đến."
    if admission.birth_date >= admission.applied_on:
        errors["birth_date"] = "Ngày sinh phải trước ngày làm đơn. Hãy xem lại năm."
    if errors:
        raise EnrolmentRefused(errors)
