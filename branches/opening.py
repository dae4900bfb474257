"""Opening what is kept closed of many members at once: a row for each of them, as for one."""

from collections.abc import Iterable

from django.db import transaction

from branches.models import Member, SensitiveAccess

AT_ONCE = 1000


@transaction.atomic
def note_openings(*, members: Iterable[int], by) -> int:
    """Write down that the account opened the sensitive part of these members (keys); returns how many.

    Call before anything is shown, so that there is no way to see it that leaves no row.
    """
    opened = SensitiveAccess.Kind.OPENED
    rows = [SensitiveAccess(member_id=pk, account=by, kind=opened) for pk in members]
    SensitiveAccess.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)


def kept_members(user):
    """Members whose sensitive part this person may open for their work."""
    return Member.objects.editable_by(user)
