"""The way to the Party: the funnel of a unit, the persons behind a counter, one person's steps and remarks."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.forms.merit import DropForm, RemarkEditForm, RemarkForm, StepEditForm, StepForm, VoteFields
from branches.from_ballot import asked_ballot, step_values
from branches.models import Member, PartyStep, Period, Placement, ProgressRemark, Unit
from branches.models.merit import ClosedQuerySet
from branches.models.rule import rules_on
from branches.party_way.funnel import OWN, figures_below, prospects_on, step_figures, steps_behind
from branches.party_way.remarks import change_remark, on_the_way, write_remark
from branches.party_way.steps import change_step, drop_step, record_step, warnings_about_step
from branches.periods import FIRST_YEAR, LAST_YEAR
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.typed_votes import vote_words
from branches.views.life_steps import answered_before, step_page, take_step

READERS = ClosedQuerySet.read_rights
STEPS = PartyStep.objects.select_related("unit", "member__home", "ballot__item__meeting")
REMARKS = ProgressRemark.objects.select_related("unit", "member__home")
PAGE_SIZE = 50
Kind = PartyStep.Kind


def year_asked(request, today) -> int:
    """The year of the page, this one where nothing sensible was asked."""
    text = request.GET.get("nam", "")
    year = int(text) if len(text) == 4 and text.isascii() and text.isdecimal() else today.year
    return year if FIRST_YEAR < year < LAST_YEAR else today.year


@require_GET
def party_way(request, pk):
    """The counters of a year, each opening its list; for a superior those of its units; who is on the way today."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    period = Period.of_year(year)
    figures = step_figures([unit], period)[unit.pk]
    rules = rules_on(today)
    page = Paginator(on_the_way(unit, on=today, rules=rules), PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(
        request,
        "branches/party_way.html",
        {
            "unit": unit,
            "year": year,
            "before": year - 1,
            "after": year + 1 if year < today.year else None,
            "today": today,
            "counters": [(kind.value, kind.label, figures[kind]) for kind in PartyStep.ORDER],
            "below": [] if unit.is_branch else _below(request.user, unit, period),
            "kinds": [kind.label for kind in PartyStep.ORDER],
            "prospects": prospects_on(unit, min(today, period.last_day)),
            "counted_on": min(today, period.last_day),
            "page": page,
            "rows": [{"row": row, "is_due": row.is_due(today)} for row in page],
            "months": rules["party_remark_months"],
            "may_write": "manage" in rights_at(request.user, unit),
        },
    )


def _below(user, unit: Unit, period: Period) -> list[dict]:
    """The direct subordinates with their counters, by name; those without any stand there too."""
    found = figures_below(unit, period)
    standing = Placement.objects.filter(superior=unit, ends_on=None, unit__dissolved_on=None).values("unit")
    with_figures = [pk for pk in found if pk is not OWN]
    units = Unit.objects.reached_by(user, READERS).filter(Q(pk__in=standing) | Q(pk__in=with_figures))
    rows = [{"unit": one, "cells": _cells(found.get(one.pk, {}))} for one in units.order_by("sort_key", "pk")]
    if OWN in found:
        rows.append({"unit": None, "cells": _cells(found[OWN])})
    return rows


def _cells(figures: dict[str, int]) -> list[dict]:
    return [{"label": kind.label, "count": figures.get(kind, 0)} for kind in PartyStep.ORDER]


@require_GET
def party_list(request, pk, kind):
    """The persons behind one counter of a unit and year."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    if kind not in Kind.values:
        raise Http404
    today = timezone.localdate()
    year = year_asked(request, today)
    rows = steps_behind(unit, kind, Period.of_year(year)).select_related("ballot__item__meeting")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    reached = _reached(request.user, [one.member_id for one in page])
    context = {
        "unit": unit,
        "kind": kind,
        "label": Kind(kind).label,
        "year": year,
        "page": page,
        "rows": [{"step": one, "vote": vote_words(one), "may_open": one.member_id in reached} for one in page],
        "has_paper": kind == Kind.OUTSTANDING,
        "expires": kind == Kind.CLASS_DONE,
        "today": today,
    }
    return render(request, "branches/party_list.html", context)


def _reached(user, members) -> set[int]:
    """Of these members those whose page this person opens: somebody may have moved away since."""
    return set(Member.objects.reached_by(user, READERS).filter(pk__in=members).values_list("pk", flat=True))


# --- one person -------------------------------------------------------------------------------------


@require_GET
def party_member(request, pk):
    """Everything known of one person's way: steps with what is missing, remarks, and the next things to write."""
    member = get_visible_or_404(Member.objects.select_related("home"), request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    rules = rules_on(today)
    steps = list(
        member.party_steps.select_related("unit", "ballot__item__meeting", "written_by").order_by("dated_on", "pk")
    )
    may_write = "manage" in rights_at(request.user, member.home) and not member.anonymised_on
    remarks = member.progress_remarks.select_related("unit").order_by("-dated_on", "-pk")
    return render(
        request,
        "branches/party_member.html",
        {
            "member": member,
            "unit": member.home,
            "today": today,
            "groups": [_group(kind, steps, member, rules, request.user, today) for kind in PartyStep.ORDER],
            "has_steps": bool(steps),
            "remarks": [{"remark": one, "may_edit": "manage" in rights_at(request.user, one.unit)} for one in remarks],
            "may_write": may_write,
            "next_kind": _next_kind(steps) if may_write else None,
        },
    )


def _group(kind: Kind, steps, member, rules, user, today) -> dict:
    own = [one for one in steps if one.kind == kind]
    return {
        "kind": kind.value,
        "label": kind.label,
        "steps": [
            {
                "step": one,
                "vote": vote_words(one),
                "has_expired": one.has_expired(today),
                "warnings": warnings_about_step(
                    member, kind, one.dated_on, steps=[other for other in steps if other.pk != one.pk], rules=rules
                ),
                "may_edit": "manage" in rights_at(user, one.unit),
            }
            for one in own
        ],
        "may_add": not (own and kind in (Kind.ADMITTED, Kind.OFFICIAL)),
    }


def _next_kind(steps) -> dict | None:
    """The step that follows the furthest one; the class is proposed and done."""
    reached = max((PartyStep.ORDER.index(one.kind) for one in steps), default=-1)
    kind = PartyStep.ORDER[reached + 1] if reached + 1 < len(PartyStep.ORDER) else None
    return {"kind": kind.value, "label": kind.label} if kind else None


@require_http_methods(["GET", "HEAD", "POST"])
def party_step_new(request, pk, kind):
    """Write down one step of a member."""
    members = Member.objects.reached_by(request.user, READERS).select_related("home")
    member = get_editable_or_403(members, request.user, pk=pk)
    if kind not in Kind.values:
        raise Http404
    today = timezone.localdate()
    years = int(rules_on(today)["party_class_valid_years"])
    ballot = asked_ballot(request, member, member.home, PartyStep.VOTED[kind]) if kind in PartyStep.VOTED else None
    initial = {"dated_on": today} | step_values(ballot, kind)
    form = StepForm(sent(request), kind=kind, member=member, years=years, initial=initial)
    back = reverse("branches:party_member", args=[member.pk])

    def record():
        record_step(member=member, kind=kind, by=request.user, on=today, **form.said())
        return back

    if answer := take_step(request, form, record, f"Đã ghi: {Kind(kind).label}, {member.full_name}."):
        return answer
    return _step_page(request, form, member, Kind(kind), back, today)


@require_http_methods(["GET", "HEAD", "POST"])
def party_step_edit(request, pk):
    step = get_editable_or_403(STEPS, request.user, pk=pk)
    today = timezone.localdate()
    names = ("dated_on", "document", "expires_on", "helpers", "note", "version")
    initial = {name: getattr(step, name) for name in names} | VoteFields.of_row(step)
    years = int(rules_on(today)["party_class_valid_years"])
    form = StepEditForm(sent(request), kind=step.kind, member=step.member, years=years, initial=initial)
    back = reverse("branches:party_member", args=[step.member_id])

    def change():
        change_step(step=step, version=form.cleaned_data["version"], by=request.user, on=today, **form.said())
        return back

    if answer := take_step(request, form, change, f"Đã lưu: {step.get_kind_display()}, {step.member.full_name}."):
        return answer
    return _step_page(request, form, step.member, Kind(step.kind), back, today, step=step)


def _step_page(request, form, member, kind: Kind, back, today, *, step=None):
    others = list(member.party_steps.exclude(pk=step.pk if step else None))
    on = step.dated_on if step else today
    context = {
        "form": form,
        "member": member,
        "unit": member.home,
        "title": kind.label,
        "back": back,
        "step": step,
        "warnings": warnings_about_step(member, kind, on, steps=others, rules=rules_on(on)),
        "keeps_day": kind in (Kind.ADMITTED, Kind.OFFICIAL),
    }
    return render(request, "branches/party_step.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def party_step_drop(request, pk):
    """Take a step back that was written by mistake."""
    if answer := answered_before(request):
        return answer
    step = get_editable_or_403(STEPS, request.user, pk=pk)
    form = DropForm(sent(request), initial={"version": step.version})
    back = reverse("branches:party_member", args=[step.member_id])

    def drop():
        drop_step(step=step, version=form.cleaned_data["version"], by=request.user)
        return back

    if answer := take_step(request, form, drop, f"Đã bỏ: {step.get_kind_display()}, {step.member.full_name}."):
        return answer
    says = [f"{step.get_kind_display()}, ngày {step.dated_on:%d/%m/%Y}: bước này không còn trong các số đếm."]
    if step.kind in (Kind.ADMITTED, Kind.OFFICIAL):
        says.append("Ngày đã chép vào phần giữ kín của hồ sơ cũng được bỏ.")
    return step_page(
        request, form, title="Bỏ bước ghi nhầm", button="Bỏ bước này", back=back, unit=step.unit,
        about=step.member.full_name, says=says, warns=True,
    )  # fmt: skip


# --- remarks ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def party_remark_new(request, pk):
    """What the branch tells the Party committee about somebody on the way."""
    members = Member.objects.reached_by(request.user, READERS).select_related("home")
    member = get_editable_or_403(members, request.user, pk=pk)
    today = timezone.localdate()
    form = RemarkForm(sent(request), initial={"dated_on": today})
    back = reverse("branches:party_member", args=[member.pk])

    def write():
        write_remark(member=member, by=request.user, on=today, **form.said())
        return back

    if answer := take_step(request, form, write, "Đã lưu nhận xét. In ra ở trang này để gửi cấp ủy."):
        return answer
    return _remark_page(request, form, member, back, title="Nhận xét định kỳ")


@require_http_methods(["GET", "HEAD", "POST"])
def party_remark_edit(request, pk):
    remark = get_editable_or_403(REMARKS, request.user, pk=pk)
    today = timezone.localdate()
    names = ("dated_on", "merits", "shortcomings", "sent_on", "version")
    form = RemarkEditForm(sent(request), initial={name: getattr(remark, name) for name in names})
    back = reverse("branches:party_member", args=[remark.member_id])

    def change():
        change_remark(remark=remark, version=form.cleaned_data["version"], on=today, **form.said())
        return back

    if answer := take_step(request, form, change, "Đã lưu nhận xét."):
        return answer
    return _remark_page(request, form, remark.member, back, title="Sửa nhận xét")


def _remark_page(request, form, member, back, *, title):
    context = {"form": form, "member": member, "unit": member.home, "back": back, "title": title}
    return render(request, "branches/party_remark.html", context)
