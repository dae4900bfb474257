"""Verbs of checklist templates: draft, change, put into use, next version. A version in use never changes.

    draft ─ put_into_use ─▶ in use ─ (the next version is put into use) ─▶ retired

A unit changes its own checklists; those of the software are copied first. A case holds a copy of the items, so
nothing that happens here reaches a case.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from branches.models import Unit
from branches.vietnamese import nfc, plain
from inspections.models import ChecklistTemplate, TemplateItem
from inspections.states import InspectionRefused, save_clean

State = ChecklistTemplate.State
FIXED = "Bản này đã đưa vào dùng nên không sửa được. Hãy soạn bản mới."
ITEM_FIELDS = (
    "topic", "position", "text", "guidance", "evidence_where", "weight", "max_points", "na_allowed", "is_critical",
    "fact",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as a form gives it."""

    topic: str
    text: str
    guidance: str = ""
    evidence_where: str = ""
    weight: int = 1
    max_points: int = 0
    na_allowed: bool = False
    is_critical: bool = False
    fact: str = ""


def code_of(unit: Unit, name: str) -> str:
    """A code that no checklist of the unit has yet, made of the name without marks."""
    base = slugify(plain(name))[:34].strip("-_") or "phieu"
    taken = set(ChecklistTemplate.objects.filter(unit=unit, code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)


@transaction.atomic
def draft_template(*, unit: Unit, by, on: datetime.date, name: str, about: str = "", scoring: str = "none", source=""):
    """Begin a checklist of the unit's own, without items."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return save_clean(
        ChecklistTemplate(
            unit=unit, code=code_of(unit, name), name=nfc(name.strip()), about=nfc(about.strip()), scoring=scoring,
            source=nfc(source.strip()), made_by=by, made_on=on,
        )
    )  # fmt: skip


@transaction.atomic
def copy_template(*, template: ChecklistTemplate, unit: Unit, by, on: datetime.date) -> ChecklistTemplate:
    """The next version of the unit's own checklist, or a copy of another one as its own; both as a draft.

    Refused while a draft of the same checklist is being written.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    code = template.code
    if template.unit_id != unit.pk and ChecklistTemplate.objects.filter(unit=unit, code=code).exists():
        code = code_of(unit, template.name)
    same = ChecklistTemplate.objects.filter(unit=unit, code=code)
    if same.filter(state=State.DRAFT).exists():
        raise InspectionRefused("Phiếu này đang có bản soạn dở. Hãy sửa tiếp bản đó.")
    last = same.order_by("-edition").first()
    draft = save_clean(
        ChecklistTemplate(
            unit=unit, code=code, edition=last.edition + 1 if last else 1, name=template.name, about=template.about,
            scoring=template.scoring, source=template.source, made_by=by, made_on=on,
        )
    )  # fmt: skip
    items = template.items.order_by("position", "pk")
    TemplateItem.objects.bulk_create(
        [TemplateItem(template=draft, **{name: getattr(one, name) for name in ITEM_FIELDS}) for one in items]
    )
    return draft


def _locked_draft(template: ChecklistTemplate) -> ChecklistTemplate:
    row = ChecklistTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
    if row.state != State.DRAFT:
        raise InspectionRefused(FIXED)
    return row


@transaction.atomic
def change_template(*, template: ChecklistTemplate, version: int, name: str, about: str, scoring: str, source: str):
    """Correct the head of a draft. Raises EditConflict."""
    row = _locked_draft(template)
    row.claim(version)
    row.name, row.about, row.source = (nfc(text.strip()) for text in (name, about, source))
    row.scoring = scoring
    return save_clean(row)


@transaction.atomic
def add_template_item(*, template: ChecklistTemplate, line: ItemLine) -> TemplateItem:
    """Put an item at the end of its topic."""
    row = _locked_draft(template)
    item = TemplateItem(template=row, position=0)
    saved = _write_item(item, line)
    _arrange(row)
    return saved


@transaction.atomic
def change_template_item(*, item: TemplateItem, version: int, line: ItemLine) -> TemplateItem:
    """Raises EditConflict when somebody changed or removed the item meanwhile."""
    row = _locked_draft(item.template)
    item.claim(version)
    item.refresh_from_db()
    saved = _write_item(item, line)
    _arrange(row)
    return saved


def _write_item(item: TemplateItem, line: ItemLine) -> TemplateItem:
    same = item.template.items.exclude(pk=item.pk)
    last = same.filter(topic=line.topic.strip()).order_by("-position").first() or same.order_by("-position").first()
    if not item.position or item.topic != line.topic.strip():
        item.position = last.position if last else 1
    for name in ITEM_FIELDS:
        if name != "position":
            value = getattr(line, name)
            setattr(item, name, nfc(value.strip()) if isinstance(value, str) else value)
    return save_clean(item)


def _arrange(template: ChecklistTemplate) -> None:
    """Number the items from one, those of a topic together, in the order in which the topics come up."""
    items = list(template.items.order_by("position", "pk"))
    topics = list(dict.fromkeys(item.topic for item in items))
    items.sort(key=lambda item: topics.index(item.topic))
    for place, item in enumerate(items, 1):
        item.position = place
    TemplateItem.objects.bulk_update(items, ["position"])


@transaction.atomic
def move_template_item(*, item: TemplateItem, down: bool) -> None:
    """Change places with the neighbour of the same topic; nothing happens at the end of the topic."""
    row = _locked_draft(item.template)
    items = list(row.items.filter(topic=item.topic).order_by("position", "pk"))
    place = next(n for n, one in enumerate(items) if one.pk == item.pk)
    other = place + (1 if down else -1)
    if 0 <= other < len(items):
        items[place].position, items[other].position = items[other].position, items[place].position
        TemplateItem.objects.bulk_update([items[place], items[other]], ["position"])


@transaction.atomic
def remove_template_item(*, item: TemplateItem) -> None:
    row = _locked_draft(item.template)
    row.items.filter(pk=item.pk).delete()
    _arrange(row)


@transaction.atomic
def put_into_use(*, template: ChecklistTemplate, version: int) -> ChecklistTemplate:
    """From here on the version is fixed, and the one before it is retired. Raises EditConflict."""
    row = _locked_draft(template)
    row.claim(version)
    items = list(row.items.all())
    if not items:
        raise InspectionRefused("Phiếu chưa có mục nào. Hãy thêm ít nhất một mục.")
    if row.scoring == ChecklistTemplate.Scoring.WEIGHTED and not any(item.max_points for item in items):
        raise InspectionRefused("Phiếu chấm điểm mà chưa mục nào có điểm tối đa. Hãy ghi điểm hoặc chọn không chấm.")
    ChecklistTemplate.objects.filter(unit=row.unit, code=row.code, state=State.IN_USE).update(state=State.RETIRED)
    row.state = State.IN_USE
    return save_clean(row)


@transaction.atomic
def drop_draft(*, template: ChecklistTemplate) -> None:
    """Throw a draft away; versions in use stay."""
    _locked_draft(template).delete()
