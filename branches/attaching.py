"""Verbs that attach evidence to an activity and take it off again. Checking files is branches.uploads."""

from collections.abc import Sequence

from django.db import transaction

from branches.models import Activity, Evidence, Unit
from branches.recording import RecordingRefused
from branches.totals import refresh_totals
from branches.vietnamese import nfc


def add_evidence(*, activity: Activity, by, files=(), links: Sequence[tuple[str, str]] = ()) -> list[Evidence]:
    """Attach stored files (branches.uploads.Stored) and links (address, caption) to an activity.

    Raises RecordingRefused for an address that is not http or https: a browser would run some of them.
    """
    if not files and not links:
        return []
    for link, _ in links:
        if not link.lower().startswith(Evidence.WEB):
            raise RecordingRefused(f"“{link[:60]}” chưa phải đường dẫn. Hãy ghi địa chỉ bắt đầu bằng https://", "links")
    with transaction.atomic():
        _lock(activity)
        # A form that was sent again may bring a file that is attached already.
        names = [file.path for file in files]
        taken = set(Evidence.objects.filter(file__in=names).values_list("file", flat=True)) if names else set()
        rows = [
            Evidence(activity=activity, uploaded_by=by, file=file.path, **file.columns())
            for file in files
            if file.path not in taken
        ]
        rows += [Evidence(activity=activity, uploaded_by=by, link=link, caption=nfc(text)) for link, text in links]
        Evidence.objects.bulk_create(rows)
        _refresh(activity)
    return rows


@transaction.atomic
def remove_evidence(*, evidence: Evidence) -> None:
    """Take a file or link off its activity. The file leaves the disk when the removal is certain."""
    stored, activity = evidence.file, evidence.activity
    _lock(activity)
    evidence.delete()
    _refresh(activity)
    if stored:
        transaction.on_commit(lambda: stored.storage.delete(stored.name))


def _lock(activity) -> None:
    Unit.objects.select_for_update(no_key=True).get(pk=activity.unit_id)


def _refresh(activity) -> None:
    """The year's totals also say how many of their lines have evidence."""
    if activity.state == Activity.State.HELD:
        codes = set(activity.quantities.values_list("indicator__code", flat=True))
        refresh_totals(unit_id=activity.unit_id, codes=codes, days={activity.last_on})
