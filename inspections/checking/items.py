"""The items of one case: copies of a version in use, items of its own, and what the records suggest to look at.

Suggested are weak targets, activities without evidence and what an earlier notice asked and is still open; those
that need progress are added by reports/inspecting_facts.py through `add_suggester`. A suggestion is taken by its
key and made anew from the records, so that nothing a browser sends becomes an item by itself.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from branches.formats import day
from branches.models import Activity, Target
from branches.vietnamese import nfc
from inspections.models import ChecklistItem, ChecklistTemplate, Inspection, Recommendation
from inspections.states import InspectionRefused, lock_case, save_clean

from .facts import asked_of, earlier_recommendations, held_activities, without_evidence
from .templates import ITEM_FIELDS

Origin = ChecklistItem.Origin
OWN_TOPIC = "Nội dung đoàn kiểm tra thêm"
MOST_SUGGESTED = 12  # of one kind: more is a list and no suggestion
MOST_ITEMS = 300


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the records point at. `key` finds it again; `why` is the reason in words."""

    key: str
    origin: str
    topic: str
    text: str
    why: str
    evidence_where: str = ""
    fact: str = ""
    target: Target | None = None
    activity: Activity | None = None
    before: Recommendation | None = None


Suggester = Callable[[Inspection, datetime.date], Iterable[Suggestion]]
_suggesters: list[Suggester] = []


def add_suggester(suggester: Suggester) -> None:
    """Add what is suggested from above this app."""
    if suggester not in _suggesters:
        _suggesters.append(suggester)


def suggestions(case: Inspection, *, on: datetime.date) -> list[Suggestion]:
    """What the records suggest and is not in the case yet. A fixed number of queries."""
    rows = ChecklistItem.objects.filter(inspection=case).exclude(origin__in=[Origin.TEMPLATE, Origin.OWN])
    there = {
        (origin, target or activity or before)
        for origin, target, activity, before in rows.values_list("origin", "target", "activity", "before")
    }
    found = [one for suggester in _suggesters for one in suggester(case, on)]
    return [one for one in found if (one.origin, (one.target or one.activity or one.before).pk) not in there]


def _unproven(case: Inspection, on: datetime.date) -> list[Suggestion]:
    held = without_evidence(held_activities(asked_of(case, on=on)))
    return [
        Suggestion(
            f"evidence-{one.pk}", Origin.EVIDENCE, "Hoạt động chưa có minh chứng",
            f"Minh chứng của hoạt động “{one.title}” ngày {day(one.last_on)}"[:400],
            "Hoạt động đã tổ chức, chưa có ảnh, tệp hay đường dẫn nào",
            evidence_where="Ảnh, danh sách tham gia, văn bản tổ chức hoạt động", activity=one,
        )
        for one in held.order_by("-last_on", "-pk")[:MOST_SUGGESTED]
    ]  # fmt: skip


def _still_open(case: Inspection, on: datetime.date) -> list[Suggestion]:
    rows = earlier_recommendations(asked_of(case, on=on)).open(on).select_related("inspection")
    return [
        Suggestion(
            f"before-{one.pk}", Origin.BEFORE, "Kiến nghị lần trước", f"Việc thực hiện kiến nghị: {one.text}"[:400],
            f"Thông báo ngày {day(one.inspection.concluded_on)}, chưa khép"
            + (f", quá hạn {late} ngày" if (late := one.days_late(on)) else ""),
            fact="recommendations", before=one,
        )
        for one in rows.by_age()[:MOST_SUGGESTED]
    ]  # fmt: skip


for _suggester in (_unproven, _still_open):
    add_suggester(_suggester)


# --- verbs ------------------------------------------------------------------------------------------------


def _next_position(case: Inspection) -> int:
    last = case.items.order_by("-position", "-pk").first()
    return last.position + 1 if last else 1


def _has_room(case: Inspection, more: int) -> None:
    if case.items.count() + more > MOST_ITEMS:
        raise InspectionRefused(f"Một cuộc kiểm tra tối đa {MOST_ITEMS} mục. Hãy bỏ bớt mục không cần.")


@transaction.atomic
def put_checklists(*, inspection: Inspection, templates: Iterable[ChecklistTemplate], by) -> list[ChecklistItem]:
    """Copy the items of these versions into the case. A checklist is put in once, in whichever version."""
    case = lock_case(inspection, "set_checklist")
    there = set(case.items.filter(template__isnull=False).values_list("template__unit", "template__code").distinct())
    made: list[ChecklistItem] = []
    place = _next_position(case)
    for template in templates:
        if template.state != ChecklistTemplate.State.IN_USE:
            raise InspectionRefused({"templates": f"Phiếu “{template.name}” không còn dùng. Hãy chọn lại."})
        if (template.unit_id, template.code) in there:
            raise InspectionRefused({"templates": f"Phiếu “{template.name}” đã có trong cuộc kiểm tra này."})
        for one in template.items.order_by("position", "pk"):
            fields = {name: getattr(one, name) for name in ITEM_FIELDS} | {"position": place}
            made.append(ChecklistItem(inspection=case, template=template, **fields))
            place += 1
    _has_room(case, len(made))
    return ChecklistItem.objects.bulk_create(made)


@transaction.atomic
def add_item(
    *, inspection: Inspection, by, text: str, topic: str = "", guidance: str = "", evidence_where: str = "",
    fact: str = "",
) -> ChecklistItem:  # fmt: skip
    """An item of this case alone."""
    case = lock_case(inspection, "set_checklist")
    _has_room(case, 1)
    return save_clean(
        ChecklistItem(
            inspection=case, origin=Origin.OWN, topic=nfc(topic.strip()) or OWN_TOPIC, text=nfc(text.strip()),
            guidance=nfc(guidance.strip()), evidence_where=nfc(evidence_where.strip()), fact=fact, na_allowed=True,
            position=_next_position(case),
        )
    )  # fmt: skip


@transaction.atomic
def take_suggestion(*, inspection: Inspection, key: str, by, on: datetime.date) -> ChecklistItem:
    """Make an item of a suggestion. Taken twice, it is there once: the second time it is not suggested any more."""
    case = lock_case(inspection, "set_checklist")
    one = next((one for one in suggestions(case, on=on) if one.key == key), None)
    if one is None:
        raise InspectionRefused("Gợi ý này không còn. Có thể mục đã được thêm.")
    _has_room(case, 1)
    return save_clean(
        ChecklistItem(
            inspection=case, origin=one.origin, topic=one.topic, text=nfc(one.text), guidance=nfc(one.why),
            evidence_where=one.evidence_where, fact=one.fact, target=one.target, activity=one.activity,
            before=one.before, na_allowed=True, position=_next_position(case),
        )
    )  # fmt: skip


@transaction.atomic
def remove_item(*, item: ChecklistItem, by) -> None:
    """Take an item out while nobody has written anything about it."""
    case = lock_case(item.inspection, "set_checklist")
    row = case.items.filter(pk=item.pk).first()
    if row is None:
        return
    if row.answers.exists() or row.entries.exists() or row.files.exists() or row.findings.exists():
        raise InspectionRefused("Mục này đã có trả lời, ảnh hoặc nhận định nên không bỏ được.")
    row.delete()
