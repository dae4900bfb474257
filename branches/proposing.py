"""What members say is wrong or missing in their own record, and what the keeper of the register makes of it."""

import datetime

from django.db import transaction

from branches.days import PartialDay, words_of
from branches.enrolling import (
    MEMBER_FIELDS,
    PRECISIONS,
    SENSITIVE_FIELDS,
    EnrolmentRefused,
    change_member,
    faults_of,
    stored,
)
from branches.formats import day
from branches.models import Member, ProposedValue, SelfServiceLink, SensitiveData
from branches.vietnamese import nfc

# Discipline is decided, not told by the member.
PROPOSABLE = tuple(name for name in (*MEMBER_FIELDS, *SENSITIVE_FIELDS) if name != "discipline")
State = ProposedValue.State


class ProposalRefused(Exception):
    """Nothing was sent or decided. `errors` maps a field, or the key of a proposal, to a Vietnamese message."""

    def __init__(self, errors: dict):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


# --- values as text -------------------------------------------------------------------------------------


def text_of(value) -> str:
    """A value of a form as it is kept in a proposal: dates as ISO, as much of them as is known."""
    if isinstance(value, PartialDay):
        return value.iso
    return value.isoformat() if isinstance(value, datetime.date) else nfc(str(value or ""))


def value_of(field: str, text: str):
    """The kept text as the verbs of the register take it."""
    if field in PRECISIONS:
        return PartialDay.read(text)
    return datetime.date.fromisoformat(text) if field == "official_party_on" else text


def words_of_text(field: str, text: str) -> str:
    """The kept text as people read it: 22/11/2001, "Nữ"."""
    if not text:
        return ""
    if field in PRECISIONS or field == "official_party_on":
        return PartialDay.read(text).words
    choices = dict(_column(field).flatchoices)
    return str(choices.get(text, text))


def text_in(member: Member, sensitive: SensitiveData | None, field: str) -> str:
    """What the record says in this field today, as a proposal would keep it."""
    record = sensitive if field in SENSITIVE_FIELDS else member
    value = getattr(record, field, None) if record else None
    if value and field in PRECISIONS:
        value = PartialDay(value, getattr(record, PRECISIONS[field]))
    return text_of(value)


def _column(field: str):
    return (SensitiveData if field in SENSITIVE_FIELDS else Member)._meta.get_field(field)


# --- verbs ----------------------------------------------------------------------------------------------


@transaction.atomic
def propose(*, member: Member, values: dict, link: SelfServiceLink | None = None) -> list[ProposedValue]:
    """Send these values (field → cleaned value) to the keeper. Gives back the new rows.

    A field proposed anew replaces the one that waits; the same again changes nothing, so that a form sent
    twice is one; saying again what the record says takes a waiting proposal back. The record stays as it is.
    """
    unknown = set(values).difference(PROPOSABLE)
    if unknown:
        raise TypeError(f"nothing to propose: {', '.join(sorted(unknown))}")
    # The member is the lock: of two sendings at once the second sees the rows of the first.
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    sensitive = SensitiveData.objects.filter(member=member).first()
    if errors := _faults(member, sensitive, values):
        raise ProposalRefused(errors)
    waiting = {row.field: row for row in member.proposals.waiting()}
    made = []
    for field, value in values.items():
        text, old = text_of(value), waiting.get(field)
        if old is not None and old.value == text:
            continue
        # Of a sensitive field it is not told, not even by silence, whether the record says the same.
        changes = bool(text) and (field in SENSITIVE_FIELDS or text != text_in(member, sensitive, field))
        if old is not None and (changes or text):
            old.state = State.REPLACED
            old.save(update_fields=["state"])
        if changes:
            made.append(ProposedValue.objects.create(member=member, link=link, field=field, value=text))
    return made


def _faults(member: Member, sensitive: SensitiveData | None, values: dict) -> dict[str, str]:
    """What the register would answer to the record with these values, said about these fields only."""
    columns = stored(values)
    said = {name: value for name, value in columns.items() if hasattr(SensitiveData, name) and name != "member"}
    for name, value in columns.items():
        if name not in said:
            setattr(member, name, value)
    faults = faults_of(member, said)
    member.refresh_from_db()
    return {field: answer for field, answer in faults.items() if field in values}


@transaction.atomic
def decide(
    *, member: Member, version: int, accepted: list[int], declined: dict[int, str], by, now: datetime.datetime
) -> tuple[int, int]:
    """Take these proposals of the member into the record and decline those with their reasons: how many of each.

    All of one member or nothing. `version` is the record's as the keeper saw it beside the proposals; raises
    EditConflict when it changed since, ProposalRefused (proposal → answer) when the register refuses a value.
    Proposals that no longer wait are passed over: decided twice is decided once.
    """
    rows = {
        row.pk: row
        for row in ProposedValue.objects.select_for_update().waiting().filter(member=member).order_by("pk")
        if row.pk in declined or row.pk in accepted
    }
    taken = [row for pk, row in rows.items() if pk in accepted]
    refused = [row for pk, row in rows.items() if pk not in accepted]
    if errors := {
        row.pk: "Hãy ghi lý do không nhận, để đoàn viên biết." for row in refused if not nfc(declined[row.pk])
    }:
        raise ProposalRefused(errors)
    if taken:
        values = {row.field: value_of(row.field, row.value) for row in taken}
        try:
            change_member(member=member, version=version, by=by, **values)
        except EnrolmentRefused as refusal:
            keys = {row.field: row.pk for row in taken}
            first = taken[0].pk
            raise ProposalRefused({keys.get(name, first): text for name, text in refusal.errors.items()}) from refusal
    for row in taken:
        _close(row, State.ACCEPTED, by, now)
    for row in refused:
        _close(row, State.DECLINED, by, now, nfc(declined[row.pk]))
    return len(taken), len(refused)


def _close(row: ProposedValue, state: str, by, now, reason: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, now, reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])


# --- reading --------------------------------------------------------------------------------------------


def shown(member: Member, sensitive: SensitiveData | None, field: str) -> str:
    """What the record says, for a page that may show it; nothing when it says nothing."""
    if field == "official_party_on":
        return day(sensitive.official_party_on) if sensitive else ""
    if field in PRECISIONS:
        record = sensitive if field in SENSITIVE_FIELDS else member
        return words_of(getattr(record, field), getattr(record, PRECISIONS[field])) if record else ""
    return words_of_text(field, text_in(member, sensitive, field))
