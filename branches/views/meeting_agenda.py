"""The agenda of a meeting: its points, their conclusions and their votes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.forms.meeting import BallotForm, ConclusionForm, ItemForm
from branches.meetings.agenda import (
    CONCLUSION_FIELDS,
    ITEM_FIELDS,
    add_item,
    change_conclusion,
    change_item,
    conclude,
    drop_conclusion,
    drop_item,
    move_item,
)
from branches.meetings.roll import tally_of
from branches.meetings.showing import agenda_rows
from branches.meetings.states import MeetingRefused, State, is_signed
from branches.meetings.voting import (
    DECISION_OF,
    FIELDS,
    Decision,
    change_ballot,
    drop_ballot,
    hand_to_admission,
    quorum,
    record_ballot,
    result_of,
    share_words,
)
from branches.models import Admission, AgendaItem, Attendance, Ballot, Conclusion, Meeting
from branches.models.rule import rules_on
from branches.scoping import get_editable_or_403
from branches.terms import seen

from .meeting_steps import MEETINGS, take_meeting_step

ITEMS = AgendaItem.objects.select_related("meeting__unit", "admission", "subject")
CONCLUSIONS = Conclusion.objects.select_related("item__meeting__unit")
BALLOTS = Ballot.objects.select_related("item__meeting__unit", "item__admission")


def _agenda_of(meeting: Meeting) -> str:
    return reverse("branches:meeting_agenda", args=[meeting.pk])


def _pressed(request) -> str:
    return request.POST.get("do", "") if request.method == "POST" else ""


def _number(said: str) -> int:
    """A number as a form sends it; 0 for rubbish."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def _at_once(request, verb, done: str, location: str):
    """A small act without a form of its own; what it refuses is said on the page it leads to."""
    try:
        verb()
    except MeetingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(location)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_agenda(request, pk):
    """All points in order with arrows, and one form to add the next."""
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    here, do = _agenda_of(found), _pressed(request)
    if do in ("up", "down"):
        item = ITEMS.filter(meeting=found, pk=_number(request.POST.get("item", ""))).first()
        if item is None:
            raise Http404
        # Back to the point: on a phone a long agenda would begin at its top after every tap.
        return _at_once(request, lambda: move_item(item=item, up=do == "up"), "", f"{here}#muc-{item.pk}")
    form = ItemForm(sent(request), meeting=found, initial={"kind": AgendaItem.Kind.DISCUSS})

    def add():
        add_item(meeting=found, **form.said())
        return here

    if answer := take_meeting_step(request, form, add, "Đã thêm vào chương trình."):
        return answer
    return render(
        request,
        "branches/meeting_agenda.html",
        {
            "meeting": found,
            "unit": found.unit,
            "rows": agenda_rows(found, rules_on(found.day), names=True),
            "form": form,
            "may_change": found.state != State.CANCELLED and not is_signed(found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_item(request, pk):
    """One point: its words and whom it is about; or taken off the agenda."""
    item = get_editable_or_403(ITEMS, request.user, pk=pk)
    meeting, back = item.meeting, _agenda_of(item.meeting)
    if _pressed(request) == "drop":
        return _at_once(request, lambda: drop_item(item=item), f"Đã bỏ mục “{item.title}”.", back)
    first = {"kind": item.kind, "title": item.title, "presenter": item.presenter, "admission": item.admission,
             "subject": item.subject}  # fmt: skip
    form = ItemForm(sent(request), meeting=meeting, item=item, version=seen(item, ITEM_FIELDS), initial=first)

    def change():
        change_item(item=item, version=form.cleaned_data["version"], **form.said())
        return back

    if answer := take_meeting_step(request, form, change, "Đã lưu mục chương trình."):
        return answer
    return _part_page(request, meeting, form, title="Sửa mục chương trình", button="Lưu mục", drop="Bỏ mục này",
                      drop_says="Mục này và kết luận của nó sẽ mất khỏi chương trình.")  # fmt: skip


def _part_page(request, meeting, form, *, title, button, drop="", drop_says="", about=""):
    context = {
        "meeting": meeting, "unit": meeting.unit, "form": form, "title": title, "button": button, "drop": drop,
        "drop_says": drop_says, "about": about, "back": reverse("branches:meeting", args=[meeting.pk]),
    }  # fmt: skip
    return render(request, "branches/meeting_part.html", context)


# --- conclusions ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_conclude(request, pk):
    item = get_editable_or_403(ITEMS, request.user, pk=pk)
    form = ConclusionForm(sent(request))

    def write():
        conclude(item=item, text=form.cleaned_data["text"])
        return f"{reverse('branches:meeting', args=[item.meeting_id])}#muc-{item.pk}"

    if answer := take_meeting_step(request, form, write, "Đã ghi kết luận."):
        return answer
    return _part_page(request, item.meeting, form, title="Ghi kết luận", button="Lưu kết luận", about=item.title)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_conclusion(request, pk):
    found = get_editable_or_403(CONCLUSIONS, request.user, pk=pk)
    meeting = found.item.meeting
    back = f"{reverse('branches:meeting', args=[meeting.pk])}#muc-{found.item_id}"
    if _pressed(request) == "drop":
        return _at_once(request, lambda: drop_conclusion(conclusion=found), "Đã bỏ kết luận.", back)
    form = ConclusionForm(sent(request), version=seen(found, CONCLUSION_FIELDS), initial={"text": found.text})

    def change():
        change_conclusion(conclusion=found, version=form.cleaned_data["version"], text=form.cleaned_data["text"])
        return back

    if answer := take_meeting_step(request, form, change, "Đã lưu kết luận."):
        return answer
    return _part_page(request, meeting, form, title="Sửa kết luận", button="Lưu kết luận", drop="Bỏ kết luận này",
                      drop_says="Kết luận này sẽ không có trong biên bản.", about=found.item.title)  # fmt: skip


# --- votes ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_vote(request, pk):
    """A new vote on a point; who is entitled and who is there come from the roll and can be changed."""
    item = get_editable_or_403(ITEMS, request.user, pk=pk)
    meeting = item.meeting
    rules = rules_on(meeting.day)
    tally = tally_of(Attendance.objects.filter(meeting=meeting))
    decision = Decision.ADMISSION if item.admission_id else DECISION_OF.get(meeting.kind, Decision.SIMPLE)
    first = {
        "question": item.title, "decision": decision,
        "means": "secret" if rules["vote_rules"][decision]["secret"] else "hand",
        "entitled": tally.entitled or None, "present": tally.voting or None,
    }  # fmt: skip
    form = BallotForm(sent(request), initial=first)
    made = []

    def record():
        made.append(record_ballot(item=item, by=request.user, rules=rules, **form.said()))
        return f"{reverse('branches:meeting', args=[meeting.pk])}#muc-{item.pk}"

    if answer := take_meeting_step(request, form, record, lambda: _said_of(made, rules)):
        return answer
    return _vote_page(request, item, form, rules, tally, title="Ghi kết quả biểu quyết")


def _said_of(made: list[Ballot], rules: dict) -> str:
    return f"Đã ghi. {result_of(made[0], rules).words}" if made else "Đã ghi kết quả biểu quyết."


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_ballot(request, pk):
    """Correct a vote, take it off, or hand its numbers to the admission it was about."""
    found = get_editable_or_403(BALLOTS, request.user, pk=pk)
    item, meeting = found.item, found.item.meeting
    rules, back = rules_on(meeting.day), f"{reverse('branches:meeting', args=[meeting.pk])}#muc-{found.item_id}"
    if _pressed(request) == "drop":
        version = _number(request.POST.get("seen", ""))
        return _at_once(request, lambda: drop_ballot(ballot=found, version=version), "Đã xóa lần biểu quyết.", back)
    if _pressed(request) == "hand":
        admission = get_editable_or_403(Admission, request.user, pk=item.admission_id)
        there = reverse("branches:admission", args=[admission.pk])
        on = timezone.localdate()
        done = "Đã chuyển kết quả sang hồ sơ kết nạp."
        return _at_once(request, lambda: hand_to_admission(ballot=found, rules=rules, on=on), done, there)
    version = seen(found, FIELDS)
    form = BallotForm(sent(request), version=version, initial={name: getattr(found, name) for name in FIELDS})

    def change():
        said = form.said()
        change_ballot(ballot=found, version=form.cleaned_data["version"], by=request.user, rules=rules, **said)
        return back

    if answer := take_meeting_step(request, form, change, "Đã lưu kết quả biểu quyết."):
        return answer
    tally = tally_of(Attendance.objects.filter(meeting=meeting))
    return _vote_page(request, item, form, rules, tally, title="Sửa kết quả biểu quyết", ballot=found, version=version)


def _vote_page(request, item, form, rules, tally, *, title, ballot=None, version=0):
    meeting = item.meeting
    result = result_of(ballot, rules) if ballot else None
    may_hand = (
        ballot is not None and result.passed and ballot.decision == Decision.ADMISSION
        and item.admission is not None and item.admission.state == Admission.State.PROPOSED
        and Admission.objects.editable_by(request.user).filter(pk=item.admission_id).exists()
    )  # fmt: skip
    return render(
        request,
        "branches/meeting_vote.html",
        {
            "meeting": meeting,
            "unit": meeting.unit,
            "item": item,
            "form": form,
            "title": title,
            "tally": tally,
            "rules": [
                {
                    "label": label,
                    "needed": quorum(tally.entitled, value, rules) if tally.entitled else None,
                    "secret": rules["vote_rules"][value]["secret"],
                    "of": rules["vote_rules"][value]["of"],
                    "majority": share_words(rules["vote_rules"][value]["majority"]),
                }
                for value, label in Decision.choices
            ],
            "ballot": ballot,
            "version": version,
            "result": result,
            "may_hand": may_hand,
            "back": reverse("branches:meeting", args=[meeting.pk]),
        },
    )
