"""What points at a member, and where each of it goes when two records of one person become one.

A row moves to the kept record, unless the kept record says the same already. Every relation to a member has a
line in RULES; tests/test_merge.py fails for one that has not.
"""

from collections.abc import Callable

from django.db.models import Model, Q

from branches.models import (
    Assessment,
    Attendance,
    DuesPayment,
    ImportRow,
    IncomeSpan,
    Meeting,
    MeetingLetter,
    Member,
    NotSamePerson,
    Participation,
    PartyStep,
    ProgressRemark,
    ProposedValue,
    Target,
)

STAYS: Callable | None = None  # the row says what happened and is not touched


def _rows(model: type[Model], field: str) -> Callable:
    """A relation whose rows simply belong to the kept record from now on."""

    def move(kept, absorbed, by) -> int:
        return model._base_manager.filter(**{field: absorbed}).update(**{field: kept})

    return move


def _participations(kept, absorbed, by) -> int:
    """Somebody took part once in an activity, under whichever record it was noted."""
    there = Participation.objects.filter(member=kept).values("activity")
    Participation.objects.filter(member=absorbed, activity__in=there).delete()
    return Participation.objects.filter(member=absorbed).update(member=kept)


def _targets(kept, absorbed, by) -> int:
    """With its history: who answered for a target is a question inspectors ask."""
    count = 0
    for target in Target.objects.select_for_update().filter(owner=absorbed).order_by("pk"):
        target.owner, target._history_user = kept, by
        target.save()
        count += 1
    return count


def _admission(kept, absorbed, by) -> int:
    """A person was admitted once. Where both records have a file, the second stays with the absorbed one."""
    model = Member._meta.get_field("admission").related_model
    if model.objects.filter(member=kept).exists():
        return 0
    return model.objects.filter(member=absorbed).update(member=kept)


def _proposals(kept, absorbed, by) -> int:
    """Of two proposals that wait about one field, the newer one goes on."""
    state = ProposedValue.State
    waiting = ProposedValue.objects.filter(member__in=[kept, absorbed], state=state.WAITING).order_by("sent_at", "pk")
    newest = {one.field: one.pk for one in waiting}
    waiting.exclude(pk__in=newest.values()).update(state=state.REPLACED)
    return ProposedValue.objects.filter(member=absorbed).update(member=kept)


def _not_same(kept, absorbed, by) -> int:
    """What was said of the absorbed record holds for the person."""
    count = 0
    for said in NotSamePerson.objects.filter(Q(first=absorbed) | Q(second=absorbed)).order_by("pk"):
        other = said.second_id if said.first_id == absorbed.pk else said.first_id
        first, second = sorted((other, kept.pk))
        NotSamePerson.objects.get_or_create(first_id=first, second_id=second, defaults={"said_by_id": said.said_by_id})
        said.delete()
        count += 1
    return count


def _pointers(kept, absorbed, by) -> int:
    """Records that were merged into the absorbed one lead straight to the kept one."""
    return Member.objects.filter(merged_into=absorbed).update(merged_into=kept)


def _import_rows(kept, absorbed, by) -> int:
    """Of the rows of a list: which person a row meant, and which it wrote."""
    ImportRow.objects.filter(chosen=absorbed).update(chosen=kept)
    return ImportRow.objects.filter(member=absorbed).update(member=kept)


def _attendance(kept, absorbed, by) -> int:
    """Two lines of one roll are one person: the line that was marked stands, else that of the kept record."""
    marked = Attendance.objects.filter(member=absorbed).exclude(state=Attendance.State.UNKNOWN).values("meeting")
    Attendance.objects.filter(member=kept, state=Attendance.State.UNKNOWN, meeting__in=marked).delete()
    there = Attendance.objects.filter(member=kept).values("meeting")
    Attendance.objects.filter(member=absorbed, meeting__in=there).delete()
    return Attendance.objects.filter(member=absorbed).update(member=kept)


def _where_free(model: type[Model], *fields: str, among: Q | None = None) -> Callable:
    """Rows of which a person has one for these fields: a second one stays with the absorbed record.

    Money that was paid twice was paid twice, and a second judgement was given: neither is thrown away.
    """

    def move(kept, absorbed, by) -> int:
        taken = set(model._base_manager.filter(among or Q(), member=kept).values_list(*fields))
        rows = model._base_manager.filter(member=absorbed)
        free = [row["pk"] for row in rows.values("pk", *fields) if tuple(row[name] for name in fields) not in taken]
        return model._base_manager.filter(pk__in=free).update(member=kept)

    return move


def _related(name: str) -> tuple[type[Model], str]:
    relation = Member._meta.get_field(name)
    return relation.related_model, relation.field.name


# Every way to a member, "Model.field" → how it moves. tests/test_merge.py fails for one that is missing here.
RULES: dict[str, Callable | None] = {
    "Account.member": _rows(*_related("account")),
    "Admission.member": _admission,
    "AgendaItem.subject": _rows(*_related("agenda_items")),
    "Assessment.member": _where_free(Assessment, "round"),
    "Attendance.member": _attendance,
    "Award.member": _rows(*_related("awards")),
    "AwayStay.member": _rows(*_related("away_stays")),
    "Consent.member": _rows(*_related("consents")),
    "DataRequest.member": _rows(*_related("data_requests")),
    "Discipline.member": _rows(*_related("disciplines")),
    "DuesExemption.member": _rows(*_related("dues_exemptions")),
    "DuesPayment.member": _where_free(DuesPayment, "month", among=Q(reversed_on=None)),
    "HistoricalMember.merged_into": STAYS,
    "HistoricalTarget.owner": STAYS,
    "ImportRow.chosen": STAYS,  # with ImportRow.member
    "ImportRow.member": _import_rows,
    "IncomeSpan.member": _where_free(IncomeSpan, "from_month"),
    "Meeting.chair": _rows(Meeting, "chair"),
    "Meeting.secretary": _rows(Meeting, "secretary"),
    "MeetingLetter.member": _where_free(MeetingLetter, "meeting"),
    "Member.merged_into": _pointers,
    "MemberMerge.absorbed": STAYS,
    "MemberMerge.kept": STAYS,
    "Membership.member": STAYS,  # _write_spans
    "NotSamePerson.first": _not_same,
    "NotSamePerson.second": STAYS,  # with the first
    "Participation.member": _participations,
    "PartyStep.member": _where_free(PartyStep, "kind", "dated_on"),
    "ProgressRemark.member": _where_free(ProgressRemark, "dated_on"),
    "ProposedValue.member": _proposals,
    "SelfServiceLink.member": _rows(*_related("links")),
    "SensitiveAccess.member": _rows(*_related("sensitive_accesses")),
    "SensitiveData.member": STAYS,  # its values are among the choices
    "StayOn.member": _rows(*_related("stays")),
    "Target.owner": _targets,
    "Task.owner": _rows(*_related("tasks")),
    "Transfer.member": _rows(*_related("transfers")),
}
MOVES = {name: move for name, move in RULES.items() if move is not None}
