"""The agenda: its points in their order, whom a point is about, and what was concluded on it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from branches.fed_books import feed_meeting
from branches.models import Admission, AgendaItem, Ballot, Conclusion, Meeting, Member, Minutes, Task
from branches.terms import seen
from branches.vietnamese import nfc

from .minutes_text import item_key
from .states import MeetingRefused, locked

ITEM_FIELDS = ("kind", "title", "presenter", "admission_id", "subject_id")
CONCLUSION_FIELDS = ("text",)
MEANWHILE = "Có người vừa sửa mục này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


@transaction.atomic
def add_item(
    *,
    meeting: Meeting,
    title: str,
    kind: str = AgendaItem.Kind.DISCUSS,
    presenter: str = "",
    admission: Admission | None = None,
    subject: Member | None = None,
) -> AgendaItem:
    """A point at the end of the agenda."""
    meeting = locked(meeting)
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem(meeting=meeting, position=last + 1)
    return _write(item, title=title, kind=kind, presenter=presenter, admission=admission, subject=subject)


@transaction.atomic
def change_item(*, item: AgendaItem, version: int, **said) -> AgendaItem:
    """Correct a point; `version` is what `terms.seen` said of ITEM_FIELDS when the form was opened."""
    locked(item.meeting)
    found = AgendaItem.objects.select_related("meeting__unit").filter(pk=item.pk).first()
    if found is None or seen(found, ITEM_FIELDS) != version:
        raise MeetingRefused({"": MEANWHILE})
    return _write(found, **said)


def _write(item: AgendaItem, *, title, kind, presenter="", admission=None, subject=None) -> AgendaItem:
    item.title, item.kind, item.presenter = " ".join(nfc(title).split()), kind, nfc(presenter).strip()
    known, item.admission, item.subject = item.subject_id, admission, subject
    unit, errors = item.meeting.unit, {}
    if not item.title:
        errors["title"] = "Hãy ghi nội dung."
    if admission is not None and admission.unit_id != unit.pk:
        errors["admission"] = f"Hồ sơ kết nạp này không phải của {unit.name}."
    # Who stood there already may have moved on since the meeting.
    if subject is not None and subject.pk != known and not subject.home.path.startswith(unit.path):
        errors["subject"] = f"{subject.full_name} không thuộc {unit.name}."
    if admission is not None and subject is not None:
        errors["subject"] = "Mỗi mục bàn về một người: chọn hồ sơ kết nạp hoặc đoàn viên."
    if errors:
        raise MeetingRefused(errors)
    item.save()
    _feed(item.meeting)
    return item


def _feed(meeting: Meeting) -> None:
    """A point written down after the meeting may be one on which people were briefed."""
    if meeting.state == Meeting.State.HELD:
        feed_meeting(meeting)


@transaction.atomic
def drop_item(*, item: AgendaItem) -> None:
    """Take a point off the agenda. What was voted, given or typed on it stays, so such a point stays too."""
    meeting = locked(item.meeting)
    if Ballot.objects.filter(item=item).exists():
        raise MeetingRefused({"": "Mục này đã có kết quả biểu quyết. Hãy xóa lần biểu quyết trước."})
    if Task.objects.filter(conclusion__item=item).exists():
        raise MeetingRefused({"": "Kết luận của mục này đã giao thành việc, nên giữ lại mục này."})
    minutes = Minutes.objects.filter(meeting=item.meeting_id).order_by("-edition").first()
    if minutes is not None and minutes.texts.get(item_key(item.pk)):
        raise MeetingRefused(
            {"": "Biên bản đã ghi nội dung của mục này. Hãy chép chữ sang mục khác, xóa ở mục này, rồi mới bỏ mục."}
        )
    AgendaItem.objects.filter(pk=item.pk).delete()
    _feed(meeting)


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool) -> None:
    """One place up or down; at the end of the list it stays where it is. The points are numbered anew."""
    meeting = locked(item.meeting)
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"))
    place = next((number for number, one in enumerate(items) if one.pk == item.pk), None)
    if place is None:
        raise MeetingRefused({"": MEANWHILE})
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    _number(items)


def _number(items: Iterable[AgendaItem]) -> None:
    items = list(items)
    for position, one in enumerate(items, start=1):
        one.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


# --- conclusions ----------------------------------------------------------------------------------------


@transaction.atomic
def conclude(*, item: AgendaItem, text: str) -> Conclusion:
    """What the chair concluded on the point, behind what was concluded before."""
    locked(item.meeting)
    last = Conclusion.objects.filter(item=item).aggregate(last=Max("position"))["last"] or 0
    return Conclusion.objects.create(item=item, position=last + 1, text=_text(text))


@transaction.atomic
def change_conclusion(*, conclusion: Conclusion, version: int, text: str) -> Conclusion:
    locked(conclusion.item.meeting)
    found = Conclusion.objects.filter(pk=conclusion.pk).first()
    if found is None or seen(found, CONCLUSION_FIELDS) != version:
        raise MeetingRefused({"": MEANWHILE})
    found.text = _text(text)
    found.save()
    return found


@transaction.atomic
def drop_conclusion(*, conclusion: Conclusion) -> None:
    """A conclusion that became a task stays: the task says where it came from."""
    locked(conclusion.item.meeting)
    if Task.objects.filter(conclusion=conclusion).exists():
        raise MeetingRefused({"": "Kết luận này đã giao thành việc, nên giữ lại."})
    Conclusion.objects.filter(pk=conclusion.pk).delete()


def _text(text: str) -> str:
    text = nfc(text).strip()
    if not text:
        raise MeetingRefused({"text": "Hãy ghi kết luận."})
    return text
