"""A person who left long ago, or asks to be deleted, is taken out of the register and out of what surrounds it.

What the figures of past days are made of stays: sex, year of birth, level of education, ethnic group, the day
of joining the Party, the days of joining the Đoàn and of every membership. What tells who it was goes, from the
history as well. There is no way back, and no copy is kept. Age bands count an anonymised person by the year of
birth, as they count everybody of whom only the year is known: right on 31/12, a year too old before the birthday.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from branches.models import (
    Account,
    Admission,
    Assessment,
    Attendance,
    AwayStay,
    Consent,
    DataRequest,
    Discipline,
    DuesExemption,
    ImportRow,
    MeetingLetter,
    Member,
    MemberImport,
    MemberMerge,
    Membership,
    NotSamePerson,
    PartyStep,
    Precision,
    ProgressRemark,
    ProposedValue,
    SelfServiceLink,
    SensitiveData,
    Transfer,
)
from branches.models.rule import rules_on

NAME = "Đã ẩn danh"
# Of the record itself and of its sensitive part: emptied. Everything else of them stays.
EMPTIED = (
    "national_code", "phone", "email", "address", "hometown", "job", "education", "politics", "admitted_at",
    "card_number",
)  # fmt: skip
SENSITIVE_EMPTIED = ("religion", "personal_number", "discipline")
# What becomes of each kind of row that points at a member. A new kind of row needs a line here; a test asks.
ROWS = {
    "Account.member": "unlinked",
    "Participation.member": "stays: an activity keeps the number of its people",
    "MemberMerge.kept": "emptied of values",
    "MemberMerge.absorbed": "emptied of values",
    "ImportRow.member": "emptied and unlinked",
    "ImportRow.chosen": "emptied and unlinked",
    "Member.merged_into": "anonymised too: it is the same person",
    "SensitiveData.member": "emptied, see SENSITIVE_EMPTIED",
    "SensitiveAccess.member": "stays: says what officers did, and nothing of the person",
    "Membership.member": "stays, without its texts",
    "Admission.member": "stays, without name and details",
    "Transfer.member": "stays, without its texts",
    "StayOn.member": "stays: days only",
    "AwayStay.member": "deleted: a place and days, in no figure",
    "Target.owner": "stays: the plan keeps that somebody was in charge",
    "SelfServiceLink.member": "deleted",
    "ProposedValue.member": "deleted",
    "Consent.member": "stays, without guardian and note",
    "DataRequest.member": "unlinked: the register of requests keeps its own words",
    "Attendance.member": "stays, without the name and the reason: a meeting keeps who was counted",
    "Meeting.chair": "stays: signed minutes keep their own words",
    "Meeting.secretary": "stays: signed minutes keep their own words",
    "MeetingLetter.member": "deleted: an address, in no figure",
    "AgendaItem.subject": "stays: signed minutes keep their own words",
    "Task.owner": "stays: the branch keeps that somebody was in charge",
    "Award.member": "stays: the branch keeps its awards",
    "Assessment.member": "stays, without its texts: figures of a year keep their labels",
    "IncomeSpan.member": "stays: what was owed",
    "DuesExemption.member": "stays, without the reason",
    "DuesPayment.member": "stays: the fund book keeps its money",
    "PartyStep.member": "stays, without its texts: each step is counted",
    "ProgressRemark.member": "deleted",
    "Discipline.member": "stays, without its texts: figures of a year keep it",
    "NotSamePerson.first": "deleted",
    "NotSamePerson.second": "deleted",
}


class AnonymisingRefused(Exception):
    """Not possible now; nothing was changed."""

    def __init__(self, message: str):
        super().__init__(message)
        self.errors = {"": message}


@dataclass(frozen=True, slots=True)
class Loss:
    """What a page says before it happens: a thing and how many there are of it."""

    what: str
    count: int


def due_for_anonymising(members, on: datetime.date):
    """Of these members (a queryset), those who left so long ago as the rule says, with `left_on`."""
    open_spans = Membership.objects.filter(member=OuterRef("pk")).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    return (
        members.filter(is_active=False, anonymised_on=None, merged_into=None)
        .filter(~Exists(open_spans))
        .annotate(left_on=Max("memberships__ends_on"))
        .filter(left_on__lte=_years_before(on, rules_on(on)["anonymise_after_years"]))
    )


def why_not(member: Member, on: datetime.date) -> str:
    """Why the member cannot be anonymised on this day, in Vietnamese; nothing when they can."""
    if member.anonymised_on:
        return f"Hồ sơ này đã ẩn danh ngày {member.anonymised_on:%d/%m/%Y}."
    if member.merged_into_id:
        return "Hồ sơ này đã gộp vào một hồ sơ khác. Hãy ẩn danh hồ sơ được giữ lại."
    if member.is_active or member.memberships.filter(Q(ends_on=None) | Q(ends_on__gt=on)).exists():
        return f"{member.full_name} còn sinh hoạt. Chỉ ẩn danh hồ sơ của người đã rời Đoàn."
    if member.transfers.filter(state=Transfer.State.SENT).exists():
        return f"{member.full_name} đang chuyển sinh hoạt, chưa có trả lời của nơi đến."
    asked = member.data_requests.filter(kind=DataRequest.Kind.DELETE, finished_on=None).exists()
    years = rules_on(on)["anonymise_after_years"]
    left_on = member.memberships.aggregate(last=Max("ends_on"))["last"]
    if not asked and left_on is not None and left_on > _years_before(on, years):
        return (
            f"{member.full_name} rời ngày {left_on:%d/%m/%Y}, chưa đủ {years} năm. "
            "Muốn sớm hơn, hãy ghi yêu cầu xóa dữ liệu của người đó vào sổ yêu cầu trước."
        )
    return ""


def losses_of(member: Member) -> list[Loss]:
    """What goes for good besides name, contacts and codes."""
    persons = _persons(member)
    counted = (
        ("lần sửa hồ sơ trước đây (lịch sử)", Member.history.filter(id__in=persons)),
        ("đề nghị sửa của đoàn viên", ProposedValue.objects.filter(member__in=persons)),
        ("lần sinh hoạt ở nơi ngoài phần mềm", AwayStay.objects.filter(member__in=persons)),
        ("liên kết riêng để tự sửa", SelfServiceLink.objects.filter(member__in=persons)),
        ("dòng trong danh sách Excel đã nhập", _import_rows(persons)),
        ("nhận xét khi chuyển sinh hoạt", Transfer.objects.filter(member__in=persons)),
        ("chi tiết của hồ sơ kết nạp", Admission.objects.filter(member__in=persons)),
        ("tài khoản nối với hồ sơ (tài khoản còn, mối nối mất)", Account.objects.filter(member__in=persons)),
    )
    return [Loss(what, count) for what, rows in counted if (count := rows.count())]


@transaction.atomic
def anonymise(*, member: Member, version: int, by, on: datetime.date) -> Member:
    """Take the person out. Raises EditConflict when the record changed since `version`, AnonymisingRefused when
    the person still belongs somewhere or left too recently. Who and when stand in the one history row that is left.
    """
    member = Member.objects.select_for_update().get(pk=member.pk)
    if reason := why_not(member, on):
        raise AnonymisingRefused(reason)
    member.claim(version)
    persons = _persons(member)
    _empty_rows(persons)
    Member.history.filter(id__in=persons).delete()
    for one in [member, *Member.objects.filter(pk__in=persons).exclude(pk=member.pk)]:
        _empty_record(one, on)
        one._history_user, one._change_reason = by, NAME
        one.save()
    return member


def _empty_record(member: Member, on: datetime.date) -> None:
    member.full_name = NAME
    for name in EMPTIED:
        setattr(member, name, "")
    if member.birth_date:
        member.birth_date, member.birth_precision = member.birth_date.replace(month=1, day=1), Precision.YEAR
    member.anonymised_on = on


def _empty_rows(persons: list[int]) -> None:
    """Every kind of row of ROWS that does not stay as it is."""
    SensitiveData.objects.filter(member__in=persons).update(
        **dict.fromkeys(SENSITIVE_EMPTIED, ""), official_party_on=None
    )
    Account.objects.filter(member__in=persons).update(member=None)
    DataRequest.objects.filter(member__in=persons).update(member=None)
    ProposedValue.objects.filter(member__in=persons).delete()
    SelfServiceLink.objects.filter(member__in=persons).delete()
    AwayStay.objects.filter(member__in=persons).delete()
    NotSamePerson.objects.filter(Q(first__in=persons) | Q(second__in=persons)).delete()
    MemberMerge.objects.filter(Q(kept__in=persons) | Q(absorbed__in=persons)).update(values={})
    Membership.objects.filter(member__in=persons).update(decision="", end_decision="", end_note="")
    Transfer.objects.filter(member__in=persons).update(reason="", remark="", letter_number="", answer="")
    Consent.objects.filter(member__in=persons).update(guardian="", note="")
    _empty_branch_life(persons)
    for admission in Admission.objects.filter(member__in=persons):
        admission.full_name, admission.birth_date = NAME, admission.birth_date.replace(month=1, day=1)
        for name in ("job", "education", "hometown", "address", "phone", "introduced_by", "reason"):
            setattr(admission, name, "")
        admission.save()
    rows = _import_rows(persons)
    files = list(MemberImport.objects.filter(pk__in=rows.values("belongs_to")).exclude(file=""))
    rows.update(cells={}, typed={}, values={}, before={}, problems=[], candidates=[], member=None, chosen=None)
    for one in files:
        _drop_file(one)


def _empty_branch_life(persons: list[int]) -> None:
    """Meetings, money, judgements: what was counted stays, the words about the person go."""
    Attendance.objects.filter(member__in=persons).update(name=NAME, sort_key="", reason="", added_because="")
    MeetingLetter.objects.filter(member__in=persons).delete()
    DuesExemption.objects.filter(member__in=persons).update(reason=NAME, decision="")
    Assessment.objects.filter(member__in=persons).update(
        self_answers={}, self_text="", branch_remark="", facts={}, returned_because=""
    )
    PartyStep.objects.filter(member__in=persons).update(document="", helpers="", note="")
    ProgressRemark.objects.filter(member__in=persons).delete()
    Discipline.objects.filter(member__in=persons).update(facts=NAME, decided_by_body="", ended_note="", appeal_note="")


def _drop_file(one: MemberImport) -> None:
    """The uploaded list still has the person's row; it goes once nobody can need it and the rest is written."""
    if one.state not in (MemberImport.State.APPLIED, MemberImport.State.UNDONE, MemberImport.State.DROPPED):
        return
    stored, name = one.file.storage, one.file.name
    MemberImport.objects.filter(pk=one.pk).update(file="")
    transaction.on_commit(lambda: stored.delete(name))


def _persons(member: Member) -> list[int]:
    """The record and those merged into it, step by step."""
    found, fresh = [member.pk], [member.pk]
    while fresh:
        fresh = list(Member.objects.filter(merged_into__in=fresh).exclude(pk__in=found).values_list("pk", flat=True))
        found += fresh
    return found


def _import_rows(persons: list[int]):
    return ImportRow.objects.filter(Q(member__in=persons) | Q(chosen__in=persons))


def _years_before(day: datetime.date, years: int) -> datetime.date:
    """The same day so many years earlier; 29/02 becomes 28/02."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
