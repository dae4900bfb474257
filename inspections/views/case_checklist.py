"""The checklist of one case: both sides beside each other, what goes into it, and the unit's own answers."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Activity, Meeting
from branches.scoping import get_editable_or_403
from inspections.checking.entries import answer_item
from inspections.checking.fact_lines import groups_of, section_of_fact
from inspections.checking.facts import fact_address, facts_of, label_of, span_of
from inspections.checking.items import add_item, put_checklists, remove_item, suggestions, take_suggestion
from inspections.checking.reading import rows_of, team_answers, topics_of
from inspections.checking.scoring import scores_of
from inspections.forms.cases import StepForm
from inspections.forms.checklists import AddChecklistsForm, OwnItemForm, SelfAnswerForm
from inspections.models import (
    ChecklistAnswer,
    ChecklistItem,
    ChecklistTemplate,
    Inspection,
    Result,
    SiteEntry,
    SiteFile,
)
from inspections.models.checklist import AnswerableCases
from inspections.models.room import RoomCases
from inspections.states import InspectionRefused, allowed
from inspections.views.cases import at_most, case_of
from inspections.views.saving import is_sent, keep_files, save

MOST_CHOICES = 400
NOT_SENT_YET = (Inspection.State.PLANNED, Inspection.State.TEAM)
CASES = ("programme__unit", "unit")
FILTERS = {
    "khac": lambda row: row.differs, "chua": lambda row: not row.is_said,
    "chua-dat": lambda row: bool(row.team and row.team.result in (Result.NOT_MET, Result.PARTLY)),
}  # fmt: skip
FILTER_LABELS = {"khac": "Hai bên khác nhau", "chua": "Chưa ghi", "chua-dat": "Chưa đạt, đạt một phần"}


def _address(case_pk) -> str:
    return reverse("inspections:case_checklist", args=[case_pk])


@require_GET
def case_checklist(request, pk):
    """Every item with the unit's answer, the inspector's answer and the figure; the scores line by line."""
    case = case_of(request.user, pk)
    for_team = Inspection.objects.open_to_committee(request.user).filter(pk=pk).exists()
    may_answer = not for_team and AnswerableCases(Inspection).editable_by(request.user).filter(pk=pk).exists()
    is_shown = for_team or case.state not in NOT_SENT_YET
    reads_room = Inspection.objects.room_opens_to(request.user).filter(pk=pk).exists()
    opens = "room" if reads_room else "unit" if may_answer else ""
    today = timezone.localdate()
    rows = rows_of(case, request.user, on=today, for_team=for_team, opens=opens) if is_shown else []
    reads_team = for_team or case.state in Inspection.NOTIFIED
    can_find, can_set = for_team and allowed(case, "find"), for_team and allowed(case, "set_checklist")
    choices = _choices(rows, reads_team=reads_team)
    chosen = request.GET.get("loc", "") if reads_team and request.GET.get("loc") in FILTERS else ""
    shown = [row for row in rows if FILTERS[chosen](row)] if chosen else rows
    return render(
        request,
        "inspections/checklist_case.html",
        {
            "case": case, "topics": topics_of(shown), "count": len(rows), "for_team": for_team,
            "reads_team": reads_team, "is_shown": is_shown, "choices": choices, "chosen": chosen,
            "suggested": suggestions(case, on=today) if can_set else [],
            "said": sum(row.is_said for row in rows), "unit_said": sum(row.unit is not None for row in rows),
            "differing": sum(row.differs for row in rows), "clashes": [one for row in rows for one in row.clashes],
            "scores": scores_of([row.item for row in rows], team_answers(rows)) if reads_team else [],
            "can_set": can_set, "can_find": can_find,
            "can_write": for_team and allowed(case, "settle_item"),
            "can_answer": may_answer and allowed(case, "answer_item"),
            "books": {name: _book(case.pk, name) for name in ("activities", "meetings")} if reads_room else {},
            "notes": SiteEntry.objects.visible_to(request.user)
            .filter(inspection=case, item=None)
            .exclude(note="")
            .select_related("written_by")
            .order_by("written_at", "pk"),
            "files": SiteFile.objects.visible_to(request.user).filter(inspection=case, item=None),
        },
    )  # fmt: skip


def _book(case_pk, section: str) -> str:
    """A book of the unit in the evidence room of the case."""
    return reverse("reports:evidence_section", args=[case_pk, section]) if section else ""


def _choices(rows, *, reads_team: bool) -> list[tuple[str, str, int]]:
    """What the list can be narrowed to, where there is something: (key, label, how many)."""
    found = [("", "Mọi mục", len(rows))]
    if reads_team:
        numbers = {key: sum(keeps(row) for row in rows) for key, keeps in FILTERS.items()}
        found += [(key, FILTER_LABELS[key], number) for key, number in numbers.items() if number]
    return found


@require_GET
def case_fact(request, pk, key):
    """The rows behind a figure, for readers of the evidence room; only figures beside an item of the case."""
    case = get_editable_or_403(RoomCases(Inspection).select_related(*CASES), request.user, pk=pk)
    if not case.items.filter(fact=key).exists():
        raise Http404
    today = timezone.localdate()
    fact = facts_of(case, [key], on=today)[key]
    if not fact.key:
        raise Http404
    return render(
        request,
        "inspections/case_fact.html",
        {
            "case": case, "fact": fact, "label": label_of(key), "groups": groups_of(case, key, on=today),
            "review_last": span_of(case).last_day,
            "book": _book(pk, section_of_fact(key)),
            "items": case.items.filter(fact=key).order_by("position", "pk"),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def case_checklist_add(request, pk):
    """Put checklists in, take a suggestion with one tap, write an item of one's own."""
    case = case_of(request.user, pk, to_edit=True)
    today = timezone.localdate()
    if request.method == "POST" and request.POST.get("suggestion"):
        try:
            item = take_suggestion(inspection=case, key=request.POST["suggestion"][:60], by=request.user, on=today)
        except InspectionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Đã thêm mục “{item.text}”.")
        return redirect("inspections:case_checklist_add", pk=pk)
    there = case.items.filter(template__isnull=False).values_list("template__unit", "template__code").distinct()
    taken = Q(pk__in=[])
    for unit, code in there:
        taken |= Q(unit=unit, code=code)
    usable = ChecklistTemplate.objects.for_case(case).annotate(count=Count("items"))
    if request.method != "POST":  # a form that comes a second time names what the first one took
        usable = usable.exclude(taken)
    usable = usable.order_by("name", "pk")
    is_own = request.method == "POST" and request.POST.get("do") == "own"
    form = AddChecklistsForm(sent(request) if not is_own else None, templates=usable)
    own = OwnItemForm(sent(request) if is_own else None, prefix="rieng")
    chosen = own if is_own else form
    if is_sent(request, chosen) and chosen.is_valid():

        def work():
            if is_own:
                add_item(inspection=case, by=request.user, **own.fields_of_item())
                return reverse("inspections:case_checklist_add", args=[pk])
            put_checklists(inspection=case, templates=form.cleaned_data["templates"], by=request.user)
            return _address(pk)

        if answer := save(request, chosen, work, said="Đã thêm vào phiếu của cuộc kiểm tra."):
            return answer
    return render(
        request,
        "inspections/checklist_case_add.html",
        {
            "case": case, "form": form, "own": own, "usable": usable, "suggestions": suggestions(case, on=today),
            "can_set": allowed(case, "set_checklist"),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_case_remove(request, pk):
    """Take an item out of the case, while nobody has written anything about it."""
    rows = ChecklistItem.objects.select_related("inspection__unit", "inspection__programme__unit")
    item = get_editable_or_403(rows, request.user, pk=pk)
    case = item.inspection
    form = StepForm(sent(request), initial={"version": case.version})
    if request.method == "POST" and form.is_valid():

        def work():
            remove_item(item=item, by=request.user)
            return _address(case.pk)

        if answer := save(request, form, work, said="Đã bỏ mục."):
            return answer
    return render(request, "inspections/checklist_case_remove.html", {"form": form, "case": case, "item": item})


# --- the unit's own side ------------------------------------------------------------------------------------


@require_GET
def self_check(request, pk):
    """What the unit is asked, and what it has said so far."""
    case = get_editable_or_403(AnswerableCases(Inspection).select_related(*CASES), request.user, pk=pk)
    is_shown = case.state not in NOT_SENT_YET
    rows = rows_of(case, request.user, on=timezone.localdate(), for_team=False, with_facts=False) if is_shown else []
    return render(
        request,
        "inspections/checklist_self.html",
        {
            "case": case, "topics": topics_of(rows), "count": len(rows), "is_shown": is_shown,
            "said": sum(row.unit is not None for row in rows), "can_answer": allowed(case, "answer_item"),
            "next": next((row.item for row in rows if row.unit is None), None),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def self_check_item(request, pk):
    """The unit answers one item and shows what proves it."""
    rows = ChecklistItem.objects.for_unit().select_related("inspection__unit", "inspection__programme__unit")
    item = get_editable_or_403(rows, request.user, pk=pk)
    case = item.inspection
    if case.state in NOT_SENT_YET or not allowed(case, "answer_item"):
        return redirect("inspections:self_check", pk=case.pk)
    today = timezone.localdate()
    answer = ChecklistAnswer.objects.filter(item=item, side=ChecklistAnswer.Side.UNIT).first()
    span = {"last_on__gte": case.review_from, "last_on__lt": case.review_to}
    held = Activity.objects.filter(
        unit=case.unit_id, state=Activity.State.HELD, nature=Activity.Nature.ACTIVITY, fed_by="", **span
    )
    met = Meeting.objects.held().filter(unit=case.unit_id).between(case.review_from, case.review_to)
    form = SelfAnswerForm(
        sent(request), request.FILES or None, item=item,
        activities=at_most(held.order_by("-last_on", "-pk"), MOST_CHOICES),
        meetings=at_most(met.order_by("-starts_at", "-pk"), MOST_CHOICES),
        initial=SelfAnswerForm.stored(answer) if answer else {"version": 0},
    )  # fmt: skip
    kept = []
    if request.method == "POST":
        is_whole = is_sent(request, form) and form.is_valid()
        kept = keep_files(request, form, "sitefile")
        if is_whole and form.is_valid():
            data = form.cleaned_data

            def work():
                answer_item(
                    item=item, version=data["version"], by=request.user, at=timezone.now(), result=data["result"],
                    note=data["note"], activities=data.get("activities", ()), meetings=data.get("meetings", ()),
                    files=[stored for _, stored in kept],
                )  # fmt: skip
                after = _next_unsaid(case, item) if "next" in request.POST else None
                if after:
                    return reverse("inspections:self_check_item", args=[after])
                return f"{reverse('inspections:self_check', args=[case.pk])}#muc-{item.pk}"

            done = save(
                request, form, work, said="Đã lưu phần tự đánh giá.", stored=SelfAnswerForm.stored,
                discard_url=reverse("inspections:self_check", args=[case.pk]),
            )  # fmt: skip
            if done:
                return done
    fact = facts_of(case, [item.fact], on=today).get(item.fact)
    files = SiteFile.objects.filter(item=item, side=ChecklistAnswer.Side.UNIT)
    return render(
        request,
        "inspections/checklist_self_item.html",
        {
            "form": form, "case": case, "item": item, "kept": kept, "files": files, "fact": fact,
            "fact_url": fact_address(fact, case, for_team=False) if fact else "",
        },
    )  # fmt: skip


def _next_unsaid(case: Inspection, item: ChecklistItem) -> int | None:
    """The item after this one that the unit has not answered; from the start again at the end."""
    answered = ChecklistAnswer.objects.filter(side=ChecklistAnswer.Side.UNIT, item__inspection=case).values("item")
    left = list(case.items.exclude(pk__in=answered).exclude(pk=item.pk).order_by("position", "pk"))
    after = [one for one in left if (one.position, one.pk) > (item.position, item.pk)]
    return (after or left)[0].pk if left else None
