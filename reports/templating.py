"""Word templates of papers: keep a checked file, put it in use from a day on, take it back, drop a draft.

Checking a file is slow and comes before (papers/word_templates.py). A file in use is never changed, and an older
paper keeps the file of its own day: a day that has passed is refused.
"""

import datetime

from django.db import transaction
from django.db.models import Max

from branches.formats import day
from branches.models import Unit
from branches.uploads import Stored
from reports.models import WordTemplate
from reports.papers.word_kinds import WordKind

State = WordTemplate.State


class WordTemplateRefused(Exception):
    """The step is not possible. `errors` maps a form field (or None) to a message in Vietnamese."""

    def __init__(self, message: str, field: str | None = None):
        self.errors = {field: message}
        super().__init__(message)


@transaction.atomic
def keep_template(*, unit: Unit, kind: WordKind, by, stored: Stored, used: tuple[str, ...]) -> WordTemplate:
    """A draft of the next edition of the unit's file for this paper; `stored` was checked, `used` are its places."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two at once get two editions
    rows = WordTemplate.objects.filter(unit=unit, paper=kind.key)
    last = rows.aggregate(last=Max("edition"))["last"] or 0
    return WordTemplate.objects.create(
        unit=unit, paper=kind.key, edition=last + 1, used_fields=list(used), file=stored.path, uploaded_by=by,
        **stored.columns(),
    )  # fmt: skip


@transaction.atomic
def put_in_use(*, template: WordTemplate, version: int, from_on: datetime.date, on: datetime.date) -> WordTemplate:
    """Papers dated from `from_on` on are filled from it. `on` is today. Raises WordTemplateRefused, EditConflict."""
    template.claim(version)
    if template.state != State.DRAFT:
        raise WordTemplateRefused("Mẫu này đã đưa vào dùng.")
    if from_on < on:
        raise WordTemplateRefused(
            f"Hãy chọn từ ngày {day(on)} trở đi. Giấy tờ của những ngày trước giữ mẫu của ngày đó.", "from_on"
        )
    template.state, template.valid_from = State.IN_USE, from_on
    template.save(update_fields=["state", "valid_from"])
    return template


@transaction.atomic
def end_template(*, template: WordTemplate, version: int, from_on: datetime.date, on: datetime.date) -> None:
    """From `from_on` the unit has no file of its own for this paper: that of a unit above counts, else the built-in.

    Every edition of the unit that is in force or was still to come ends with it.
    """
    template.claim(version)
    if template.state != State.IN_USE or template.ended_on:
        raise WordTemplateRefused("Mẫu này không còn dùng.")
    if from_on < on:
        raise WordTemplateRefused(f"Hãy chọn từ ngày {day(on)} trở đi.", "from_on")
    rows = WordTemplate.objects.select_for_update(no_key=True).filter(
        unit=template.unit_id, paper=template.paper, state=State.IN_USE, ended_on=None
    )
    for row in rows:
        row.ended_on = max(from_on, row.valid_from)
        row.save(update_fields=["ended_on"])


@transaction.atomic
def drop_draft(*, template: WordTemplate, version: int) -> None:
    """A draft that nobody used goes; its file is swept later."""
    template.claim(version)
    if template.state != State.DRAFT:
        raise WordTemplateRefused("Chỉ bỏ được mẫu chưa dùng.")
    template.delete()
