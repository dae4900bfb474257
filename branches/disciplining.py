"""Verbs on a disciplinary case: opened, reviewed by the branch, decided by who has the authority, ended.

The branch reviews with two thirds present and by secret vote; it decides a reprimand of an ordinary member
itself, everything else is decided by the superior (rule `discipline_authority`, domain.md 5.3). A case may also be
about a unit: who keeps and decides that one is in branches/disciplining_units.py. What a decision does beyond its
paper is done by the verbs that do it elsewhere, with the decision or not at all.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Count

from branches.admitting import has_approver
from branches.disciplining_units import body_for_unit, may_keep_unit_case, unit_measures_for
from branches.enrolling import EnrolmentRefused, change_member
from branches.fed_books import feed_discipline
from branches.formats import day
from branches.leaving import leave, locked
from branches.leaving_posts import end_with, lock_places
from branches.long_texts import kept_lines
from branches.models import (
    Ballot,
    Discipline,
    DisciplineAccess,
    Member,
    Membership,
    Period,
    Post,
    PostType,
    SensitiveData,
    Unit,
)
from branches.models.rule import rules_on
from branches.scoping import rights_at
from branches.typed_votes import put_vote, result_of
from branches.vietnamese import nfc

Measure, State = Discipline.Measure, Discipline.State
BRANCH = "branch"  # in the rule: who decides the measure
LONGEST_NOTE = 300


class DisciplineRefused(EnrolmentRefused):
    """The step is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""


@transaction.atomic
def open_case(*, member: Member, opened_on: datetime.date, facts: str, by, on: datetime.date) -> Discipline:
    """The branch begins to look at a violation. One open case of a person at a time."""
    member = locked(member)
    _refuse_own(member, by)
    if not member.is_active or member.merged_into_id or member.anonymised_on:
        raise DisciplineRefused({"": f"{member.full_name} không còn sinh hoạt tại chi đoàn."})
    if member.disciplines.open().exists():
        raise DisciplineRefused({"": f"{member.full_name} đang có một hồ sơ chưa xong. Hãy mở hồ sơ đó."})
    case = Discipline(member=member, unit=member.home, written_by=by)
    _assign(case, opened_on, facts, on)
    case.save()
    return case


@transaction.atomic
def open_unit_case(*, unit: Unit, opened_on: datetime.date, facts: str, by, on: datetime.date) -> Discipline:
    """Those above begin to look at a violation of the unit itself. One open case of a unit at a time."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if unit.dissolved_on and unit.dissolved_on <= on:
        raise DisciplineRefused({"": f"{unit.name} đã giải thể từ {day(unit.dissolved_on)}."})
    if Discipline.objects.open().filter(unit=unit, member=None).exists():
        raise DisciplineRefused({"": f"{unit.name} đang có một hồ sơ chưa xong. Hãy mở hồ sơ đó."})
    case = Discipline(unit=unit, written_by=by)
    _assign(case, opened_on, facts, on)
    case.save()
    return case


@transaction.atomic
def change_case(*, case: Discipline, version: int, opened_on: datetime.date, facts: str, on: datetime.date):
    """Correct what it is about, before the branch met. Raises EditConflict when somebody was faster."""
    case = _locked(case, State.OPENED)
    case.claim(version)
    _assign(case, opened_on, facts, on)
    case.save()
    return case


@transaction.atomic
def review_case(
    *, case: Discipline, proposed: str, by, on: datetime.date, ballot: Ballot | None = None, vote: dict | None = None
) -> Discipline:
    """The branch met (about a unit: its superior's committee): the quorum there, by secret ballot, enough for it.

    A vote that does not pass leaves the case open: the branch votes on another measure, or gives the case up.
    """
    case = _locked(case, State.OPENED)
    _refuse_own(case.member, by)
    if proposed not in case.measures:
        raise DisciplineRefused({"proposed": "Hãy chọn hình thức đã biểu quyết."})
    case.claim(case.version)
    case.proposed = proposed  # a disbandment is voted by a rule of its own
    if errors := put_vote(case, ballot=ballot, said=vote or {}, on=on):
        raise DisciplineRefused(errors)
    result = result_of(case)
    if result is None:
        raise DisciplineRefused({"votes_for": "Hãy chọn cuộc họp, hoặc ghi số phiếu theo biên bản."})
    if case.voted_on < case.opened_on:
        raise DisciplineRefused({"voted_on": f"Hãy ghi ngày từ {day(case.opened_on)}, ngày xem xét, trở đi."})
    if not result.passed:
        field = "ballot" if ballot else "votes_for"
        raise DisciplineRefused({field: f"{result.words} Hãy biểu quyết hình thức khác, hoặc ghi thôi xem xét."})
    case.state = State.REVIEWED
    case.save()
    return case


@transaction.atomic
def decide_case(
    *,
    case: Discipline,
    measure: str,
    decision: str,
    decided_on: datetime.date,
    by,
    on: datetime.date,
    posts: Collection[int] = (),
) -> Discipline:
    """Who has the authority decides; what the measure does happens with it or nothing does.

    `posts` are keys of posts that end: needed for a removal, possible with an expulsion, which also ends the
    membership. The closed part of the register says the measure from then on.
    """
    lock_places(posts)
    case = _locked(case, State.REVIEWED)
    _refuse_own(case.member, by)
    decision = nfc(decision).strip()
    errors = {}
    if measure not in case.measures:
        errors["measure"] = "Hãy chọn hình thức kỷ luật."
    if not decision:
        errors["decision"] = "Hãy ghi số quyết định."
    if decided_on > on:
        errors["decided_on"] = "Ngày này chưa đến."
    elif decided_on < case.voted_on:
        errors["decided_on"] = f"Hãy ghi ngày từ {day(case.voted_on)}, ngày họp xét, trở đi."
    if errors:
        raise DisciplineRefused(errors)
    if measure not in measures_for(case, by, on=decided_on):
        who = "cấp trên của Đoàn cấp trên trực tiếp" if case.is_of_unit else "Đoàn cấp trên trực tiếp"
        raise DisciplineRefused({"measure": f"{Measure(measure).label} do {who} quyết định."})
    case.claim(case.version)
    before = _words_of(case.member)
    case.measure, case.decision, case.decided_on, case.decided_by = measure, decision, decided_on, by
    case.decided_by_body, case.state = _body_of(case, by, decided_on), State.DECIDED
    case.save()
    _keep_in_step(case.member, before, by)
    _carry_out(case, posts, by, on)
    feed_discipline(case)
    return case


@transaction.atomic
def dismiss_case(*, case: Discipline, ended_on: datetime.date, note: str, by, on: datetime.date) -> Discipline:
    """No measure: nothing was found, or the branch or the superior lets it be."""
    case = _locked(case, *Discipline.OPEN)
    _refuse_own(case.member, by)
    _end(case, State.DISMISSED, ended_on, note, case.voted_on or case.opened_on, on)
    return case


@transaction.atomic
def lift_case(*, case: Discipline, ended_on: datetime.date, note: str, by, on: datetime.date) -> Discipline:
    """The person is recognised as having corrected themselves; the measure no longer stands in the register."""
    case = _locked(case, State.DECIDED)
    _refuse_own(case.member, by)
    if case.measure == Measure.EXPULSION:
        raise DisciplineRefused({"": "Người đã khai trừ không công nhận sửa chữa; muốn trở lại thì kết nạp lại."})
    if case.measure == Measure.DISBANDMENT:
        raise DisciplineRefused({"": "Đơn vị đã giải tán không công nhận sửa chữa; muốn có lại thì thành lập mới."})
    before = _words_of(case.member)
    _end(case, State.LIFTED, ended_on, note, case.decided_on, on)
    _keep_in_step(case.member, before, by)
    return case


@transaction.atomic
def note_appeal(*, case: Discipline, appealed_on: datetime.date, note: str, on: datetime.date) -> Discipline:
    """The person appealed: when, what was asked, and later what came of it."""
    case = _locked(case, State.DECIDED, State.LIFTED)
    errors = {}
    if appealed_on > on:
        errors["appealed_on"] = "Ngày này chưa đến."
    elif appealed_on < case.decided_on:
        errors["appealed_on"] = f"Hãy ghi ngày từ {day(case.decided_on)}, ngày quyết định, trở đi."
    if not note.strip():
        errors["appeal_note"] = "Hãy ghi nội dung khiếu nại, kết quả giải quyết nếu đã có."
    if errors:
        raise DisciplineRefused(errors)
    case.claim(case.version)
    case.appealed_on, case.appeal_note = appealed_on, nfc(note).strip()
    case.save()
    return case


def note_opening(*, case: Discipline, by) -> DisciplineAccess:
    """There is no way to read a case that leaves no row."""
    return DisciplineAccess.objects.create(discipline=case, account=by)


# --- who decides ------------------------------------------------------------------------------------


def measures_for(case: Discipline, user, *, on: datetime.date) -> list[str]:
    """The measures this person may decide in this case; none for who may decide nothing.

    The superior decides any. The branch decides what the rule of the day leaves to it, as it voted, of a member
    who is no officer; and writes the paper of any down where nobody above decides in the software.
    """
    if case.is_of_unit:
        return unit_measures_for(case, user, on=on)
    rights = rights_at(user, case.unit)
    if user.member_id == case.member_id:
        return []
    if "approve" in rights:
        return list(case.measures)
    if "manage" not in rights:
        return []
    if not has_approver(case.unit, on=on):
        return list(case.measures)
    own = [one for one, who in rules_on(on)["discipline_authority"].items() if who == BRANCH]
    return [] if is_officer(case.member, case.unit, on) else [one for one in own if one == case.proposed]


def may_keep(case: Discipline, user, *, on: datetime.date) -> bool:
    """Who writes the case before it is decided: the keeper of the register, of a unit those above it."""
    if case.is_of_unit:
        return may_keep_unit_case(user, case.unit, on=on)
    return "manage" in rights_at(user, case.unit) and user.member_id != case.member_id


def may_end(case: Discipline, user, *, on: datetime.date) -> bool:
    """Who recognises the correction: who could have decided the measure."""
    if case.is_of_unit:
        return case.measure in unit_measures_for(case, user, on=on)
    rights = rights_at(user, case.unit)
    if user.member_id == case.member_id:
        return False
    if "approve" in rights:
        return True
    is_own = rules_on(on)["discipline_authority"].get(case.measure) == BRANCH
    return "manage" in rights and (is_own or not has_approver(case.unit, on=on))


def is_officer(member: Member, unit: Unit, on: datetime.date) -> bool:
    """Of an officer the own committee votes and the superior decides (domain.md 5.3)."""
    posts = Post.objects.held_on(on).filter(account__member=member, unit__path__startswith=unit.path)
    return posts.filter(type__body=PostType.Body.COMMITTEE).exists()


def open_case_warning(member: Member) -> list[str]:
    """What the pages of leaving and moving say while a case is open (domain.md 5.3: no resignation)."""
    if not member.disciplines.open().exists():
        return []
    return [
        f"{member.full_name} đang được xem xét kỷ luật: chưa giải quyết xin thôi, chuyển sinh hoạt cho đến khi xong. "
        "Hãy mở hồ sơ kỷ luật của chi đoàn trước."
    ]


# --- figures without names --------------------------------------------------------------------------


def discipline_figures(units: Iterable[Unit], period: Period) -> dict[int, dict[str, int]]:
    """By the key of each unit: {measure: decisions about members in the period}, everything below with it. One query.

    Decisions about units are not in it: they are no persons.
    """
    units = list(units)
    rows = (
        Discipline.objects.filter(state__in=[State.DECIDED, State.LIFTED], member__isnull=False)
        .filter(decided_on__gte=period.starts_on, decided_on__lt=period.ends_on)
        .order_by()
        .values_list("unit__path", "measure")
        .annotate(n=Count("pk"))
    )
    found = {unit.pk: Counter() for unit in units}
    for path, measure, count in rows:
        for unit in units:
            if path.startswith(unit.path):
                found[unit.pk][measure] += count
    return {pk: {one: counts[one] for one in Discipline.OF_MEMBERS} for pk, counts in found.items()}


# --- inside -----------------------------------------------------------------------------------------


def _locked(case: Discipline, *states: str) -> Discipline:
    """The case as stored, locked, at one of these steps."""
    rows = Discipline.objects.select_for_update(of=("self",))
    case = rows.select_related("unit", "member__home").get(pk=case.pk)
    if case.state not in states:
        raise DisciplineRefused({"": f"Hồ sơ này đã chuyển bước: {case.get_state_display()}. Hãy mở lại trang để xem."})
    return case


def _refuse_own(member: Member | None, by) -> None:
    if member is not None and by.member_id == member.pk:
        raise DisciplineRefused({"": "Không tự ghi hồ sơ kỷ luật của mình. Hãy nhờ Phó Bí thư hoặc Đoàn cấp trên."})


def _assign(case: Discipline, opened_on: datetime.date, facts: str, on: datetime.date) -> None:
    case.opened_on, case.facts = opened_on, kept_lines(facts)
    errors = {}
    if opened_on > on:
        errors["opened_on"] = "Ngày này chưa đến."
    if not case.facts:
        errors["facts"] = "Hãy ghi nội dung vi phạm."
    if errors:
        raise DisciplineRefused(errors)


def _end(case: Discipline, state: str, ended_on, note: str, not_before, on) -> None:
    errors = {}
    if ended_on > on:
        errors["ended_on"] = "Ngày này chưa đến."
    elif ended_on < not_before:
        errors["ended_on"] = f"Hãy ghi ngày từ {day(not_before)} trở đi."
    if not note.strip():
        errors["note"] = "Hãy ghi căn cứ."
    if errors:
        raise DisciplineRefused(errors)
    case.claim(case.version)
    case.state, case.ended_on, case.ended_note = state, ended_on, nfc(note).strip()
    case.save()


def _body_of(case: Discipline, by, on: datetime.date) -> str:
    """The body that decided, as it was called on the day: the superior's, or the branch's own."""
    if case.is_of_unit:
        return body_for_unit(case, on)
    is_superior = "approve" in rights_at(by, case.unit) or not _is_own_measure(case, on)
    above = case.unit.placements.filter(starts_on__lte=on).order_by("-starts_on").first()
    unit = above.superior if is_superior and above and above.superior else case.unit
    return f"Ban Chấp hành {unit.name}"[:160]


def _is_own_measure(case: Discipline, on: datetime.date) -> bool:
    return rules_on(on)["discipline_authority"].get(case.measure) == BRANCH


def _carry_out(case: Discipline, posts: Collection[int], by, on: datetime.date) -> None:
    """What the measure does. Raises what the verbs refuse, so that the decision is not written either."""
    if case.measure not in (Measure.REMOVAL, Measure.EXPULSION):
        return
    member = locked(case.member)
    if not member.home.path.startswith(case.unit.path):
        raise DisciplineRefused({"": f"{member.full_name} đã chuyển sang {member.home.name}. Nơi đó ghi quyết định."})
    if case.measure == Measure.REMOVAL:
        ended = end_with(
            member=member, home=case.unit, posts=posts, on=case.decided_on, decision=case.decision, by=by
        )  # fmt: skip
        if not ended:
            raise DisciplineRefused({"posts": "Cách chức phải chọn ít nhất một chức vụ đang giữ."})
        return
    leave(
        member=member, reason=Membership.End.EXPELLED, on=case.decided_on, decision=case.decision,
        note=case.facts[:500], by=by, today=on, posts=posts,
    )  # fmt: skip


def _words_of(member: Member | None) -> str:
    """What the closed part of the register says of the measures in force; nothing of a unit."""
    if member is None:
        return ""
    rows = member.disciplines.filter(state=State.DECIDED).order_by("decided_on", "pk")
    return "; ".join(f"{one.get_measure_display()}, {one.decision} ngày {day(one.decided_on)}" for one in rows)


def _keep_in_step(member: Member | None, before: str, by) -> None:
    """Bring the closed part up to date; words somebody typed there themselves stay."""
    if member is None:
        return
    member = Member.objects.get(pk=member.pk)
    if member.anonymised_on:
        return
    after, kept = _words_of(member), SensitiveData.objects.filter(member=member).first()
    said = kept.discipline if kept else ""
    own = said.replace(before, "").strip("; ") if before else said
    words = "; ".join(part for part in (own, after) if part)[:LONGEST_NOTE]
    if words != said:
        change_member(member=member, version=member.version, by=by, discipline=words)
