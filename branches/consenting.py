"""Consent to keeping personal data: the wording in force, and each time somebody says yes, no or no longer.

Law 91/2025/QH15: voluntary, informed, provable, never assumed from silence; below the age of the rule
`guardian_age` the parent or guardian agrees as well.
"""

import datetime

from django.db import transaction

from branches.days import PartialDay
from branches.enrolling import age_on
from branches.models import Consent, ConsentText, Member
from branches.models.rule import rules_on
from branches.vietnamese import nfc

REGISTER = "so-doan-vien"  # the purpose: keeping the register and making the reports of the Đoàn


class ConsentRefused(Exception):
    """Not written down. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def text_in_force(on: datetime.date, purpose: str = REGISTER) -> ConsentText | None:
    """The wording people are asked to agree to on this day."""
    return ConsentText.objects.filter(purpose=purpose, valid_from__lte=on).order_by("-valid_from", "-version").first()


def needs_guardian(member: Member, on: datetime.date) -> bool:
    """Whether a parent or guardian agrees as well. Of a birth date known by its year the latest day counts."""
    born = PartialDay.of(member.birth_date, member.birth_precision)
    return born is not None and age_on(born.last, on) < rules_on(on)["guardian_age"]


def last_said(member: Member, purpose: str = REGISTER) -> Consent | None:
    """What the member said last, whatever the version of the text."""
    said = member.consents.filter(text__purpose=purpose).select_related("text", "written_by")
    return said.order_by("-said_at", "-pk").first()


@transaction.atomic
def say_consent(
    *,
    member: Member,
    text: ConsentText,
    given: bool,
    means: str,
    on: datetime.date,
    by=None,
    guardian: str = "",
    note: str = "",
) -> Consent:
    """Write down that the member agrees to the text, or does not. `by` is the account that writes, if any.

    The same thing said again in the same way is the row that is there: a form sent twice is one.
    """
    # The member is the lock: of two sendings at once the second sees the first.
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    guardian, note = nfc(guardian), nfc(note)
    if member.anonymised_on:
        raise ConsentRefused({"": "Hồ sơ này đã ẩn danh, không còn ai để hỏi ý kiến."})
    if given and not guardian and needs_guardian(member, on):
        age = rules_on(on)["guardian_age"]
        raise ConsentRefused({"guardian": f"Đoàn viên chưa đủ {age} tuổi: hãy ghi tên cha, mẹ hoặc người giám hộ."})
    if means == Consent.Means.PAPER and not note:
        raise ConsentRefused({"note": "Hãy ghi giấy nào, ngày nào, đang để ở đâu."})
    last = last_said(member)
    said = {"text": text, "given": given, "means": means, "guardian": guardian, "note": note}
    if last is not None and all(getattr(last, name) == value for name, value in said.items()):
        return last
    return Consent.objects.create(member=member, written_by=by, **said)
