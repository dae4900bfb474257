"""The list of cases, one case, and the pages that prepare it."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Account, Activity, Post, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from inspections.forms.cases import ONE_DAY, CaseForm, PlanForm, SeatFormSet, TeamForm, is_rearranged
from inspections.forms.follow_up import CaseFilter
from inspections.models import (
    Check,
    Finding,
    Inspection,
    InspectionProgramme,
    Recommendation,
    TeamSeat,
    UnitAnswer,
)
from inspections.preparing import change_inspection, end_seat, plan_inspections, set_team
from inspections.states import allowed, allows
from inspections.views.saving import save
from inspections.wording import case_badge, check_lane, due_words, steps, unit_lane

PAGE = 50
Class = Finding.Class
TABS = (("ket-luan", "Kết luận"), ("lam-viec", "Làm việc"), ("doan", "Đoàn kiểm tra"))


def case_of(user, pk, *, to_edit=False) -> Inspection:
    """Load a case with what every page of it shows."""
    rows = Inspection.objects.select_related("programme__unit", "unit")
    return get_editable_or_403(rows, user, pk=pk) if to_edit else get_visible_or_404(rows, user, pk=pk)


def cases_or_404(user):
    """The cases the user reaches; 404 for people who have nothing to do with inspections at all."""
    reached = Inspection.objects.visible_to(user)
    concerned = {"inspect", "record", "manage", "submit"}
    is_concerned = any(concerned & {*post.type.verbs_here, *post.type.verbs_below} for post in user.posts_today)
    if not is_concerned and not reached.exists():
        raise Http404
    return reached


@require_GET
def inspection_list(request):
    reached = cases_or_404(request.user)
    years = InspectionProgramme.objects.filter(inspections__in=reached).values_list("year", flat=True)
    filters = CaseFilter(
        request.GET,
        years=sorted(set(years), reverse=True),
        units=Unit.objects.filter(pk__in=reached.values("unit")).order_by("sort_key", "pk"),
    )
    rows = (
        reached.filter(**filters.chosen())
        .select_related("programme", "unit")
        .annotate(
            asked=Count("recommendations"),
            ended=Count("recommendations", filter=Q(recommendations__state__in=Recommendation.ENDED)),
        )
        .order_by("-programme__year", "-visited_on", "unit__sort_key", "pk")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    today = timezone.localdate()
    listed = [(case, case_badge(case, today)) for case in page.object_list]
    return render(
        request,
        "inspections/inspection_list.html",
        {
            "page": page, "cases": listed, "filters": filters, "is_filtered": bool(filters.chosen()),
            "may_inspect": any("inspect" in post.type.verbs_here for post in request.user.posts_today),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def inspection_new(request):
    """Several units at once under one programme: one case each."""
    programmes = InspectionProgramme.objects.editable_by(request.user).order_by("-year", "-issued_on", "-pk")
    today = timezone.localdate()
    reach = Q(pk__in=[])
    for post in request.user.posts_today:
        if "inspect" in post.type.verbs_below:
            reach |= Q(path__startswith=post.unit.path) & ~Q(pk=post.unit_id)
    units = Unit.objects.filter(reach).living(today).order_by("sort_key", "pk")
    if not any("inspect" in post.type.verbs_here for post in request.user.posts_today):
        raise PermissionDenied
    initial = {"review_from": today.replace(month=1, day=1), "review_last": today}
    chosen = request.GET.get("chuong-trinh", "")
    initial["programme"] = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else programmes.first()
    form = PlanForm(sent(request), programmes=programmes, units=units, initial=initial)
    accounts = Account.objects.filter(
        pk__in=Post.objects.held_on(today).filter(unit__in=programmes.values("unit")).values("account")
    ).order_by("full_name", "pk")
    team = SeatFormSet(sent(request), prefix="doan", form_kwargs={"accounts": accounts})
    if request.method == "POST" and not is_rearranged(form, team) and form.is_valid() & team.is_valid():

        def work():
            data = form.cleaned_data
            cases = plan_inspections(
                by=request.user, on=today, programme=data["programme"], units=data["units"],
                topics=form.topic_lines(), team=team.lines(), **form.fields_of_case(),
            )  # fmt: skip
            if len(cases) == 1:
                return reverse("inspections:inspection", args=[cases[0].pk])
            return reverse("inspections:programme", args=[data["programme"].pk])

        if answer := save(request, form, work, said="Đã lập hồ sơ kiểm tra.", places=form.PLACES):
            return answer
    return render(
        request,
        "inspections/inspection_new.html",
        {"form": form, "team": team, "has_programme": programmes.exists()},
    )


@require_http_methods(["GET", "POST"])
def inspection_edit(request, pk):
    case = case_of(request.user, pk, to_edit=True)
    url = reverse("inspections:inspection", args=[pk])
    form = CaseForm(sent(request), initial=CaseForm.stored(case))
    if request.method == "POST" and form.is_valid():

        def work():
            change_inspection(
                inspection=case, version=form.cleaned_data["version"], by=request.user,
                topics=form.topic_lines(case.topics.order_by("position", "pk")), **form.fields_of_case(),
            )  # fmt: skip
            return url

        answer = save(request, form, work, said="Đã lưu.", places=form.PLACES, stored=CaseForm.stored, discard_url=url)
        if answer:
            return answer
    return render(request, "inspections/inspection_edit.html", {"form": form, "case": case})


@require_http_methods(["GET", "POST"])
def inspection_team(request, pk):
    case = case_of(request.user, pk, to_edit=True)
    today = timezone.localdate()
    url = reverse("inspections:inspection", args=[pk])
    seats = list(case.team.filter(ends_on=None).order_by("position", "pk"))
    at_unit = Post.objects.held_on(today).filter(unit=case.programme.unit).values("account")
    accounts = Account.objects.filter(
        Q(pk__in=at_unit) | Q(pk__in=[seat.account_id for seat in seats if seat.account_id])
    ).order_by("full_name", "pk")
    names = ("pk", "role", "account", "name", "post_text")
    form = TeamForm(sent(request), initial={"version": case.version})
    rows = SeatFormSet(
        sent(request), prefix="doan", form_kwargs={"accounts": accounts},
        initial=[{name: getattr(seat, name) for name in names} for seat in seats],
    )  # fmt: skip
    if request.method == "POST" and not is_rearranged(form, rows) and form.is_valid() & rows.is_valid():

        def work():
            set_team(
                inspection=case, version=form.cleaned_data["version"], by=request.user, on=today,
                seats=rows.lines(),
            )  # fmt: skip
            return f"{url}?muc=doan"

        if answer := save(request, form, work, said="Đã lưu đoàn kiểm tra.", discard_url=url):
            return answer
    return render(request, "inspections/inspection_team.html", {"form": form, "rows": rows, "case": case})


@require_http_methods(["GET", "POST"])
def seat_end(request, pk):
    """Take one person out of the team; possible also after the notice."""
    rows = TeamSeat.objects.select_related("inspection__unit")
    seat = get_editable_or_403(rows, request.user, pk=pk)
    form = TeamForm(sent(request), initial={"version": seat.inspection.version})
    if request.method == "POST" and form.is_valid():

        def work():
            end_seat(seat=seat, by=request.user, on=timezone.localdate())
            return reverse("inspections:inspection", args=[seat.inspection_id]) + "?muc=doan"

        if answer := save(request, form, work, said=f"{seat.name} đã thôi tham gia đoàn."):
            return answer
    return render(request, "inspections/seat_end.html", {"form": form, "seat": seat, "case": seat.inspection})


def at_most(rows, count: int):
    """The first few rows as choices: a queryset a form can still search, which a slice is not."""
    return rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:count]))


@require_GET
def inspection(request, pk):
    """One case: what was found and what became of it, the visit, the team."""
    case = case_of(request.user, pk)
    today = timezone.localdate()
    tab = request.GET.get("muc", TABS[0][0])
    findings = list(
        Finding.objects.visible_to(request.user)
        .filter(inspection=case)
        .select_related("target__indicator", "target__period", "activity")
        .prefetch_related(Prefetch("recommendations", Recommendation.objects.order_by("number", "pk")))
        .order_by("position", "pk")
    )
    asked = list(
        with_lanes(Recommendation.objects.visible_to(request.user).filter(inspection=case)).order_by("number", "pk")
    )
    for row in asked:
        row.inspection = case
    team = list(case.team.select_related("account").order_by("position", "pk"))
    may_edit = Inspection.objects.editable_by(request.user).filter(pk=pk).exists()
    may_answer = Inspection.objects.answerable_by(request.user).filter(pk=pk).exists()
    mine = {"editable": {pk} if may_edit else set(), "answerable": {pk} if may_answer else set()}
    open_team = [seat for seat in team if seat.ends_on is None or seat.ends_on > today]
    return render(
        request,
        "inspections/inspection.html",
        {
            "case": case, "today": today, "tabs": TABS, "tab": tab if tab in dict(TABS) else TABS[0][0],
            "review_last": case.review_to - ONE_DAY,
            "badge": case_badge(case, today), "findings": findings, "merits": _of(findings, Class.MERIT),
            "practices": _of(findings, Class.GOOD_PRACTICE), "shortcomings": _of(findings, Class.SHORTCOMING),
            "violations": _of(findings, Class.VIOLATION), "cards": cards(asked, today, **mine),
            "ended": sum(row.is_ended for row in asked), "may_edit": may_edit, "may_answer": may_answer,
            "reads_drafts": Inspection.objects.open_to_committee(request.user).filter(pk=pk).exists(),
            "can": {verb: may_edit and allowed(case, verb) for verb in ("change", "set_team", "record_visit", "find",
                    "recommend", "conclude", "number", "close", "end_seat")},
            "steps": steps(case, team=len(open_team), findings=len(findings), recommendations=asked, on=today),
            "team": team, "head": next((seat for seat in open_team if seat.role == TeamSeat.Role.HEAD), None),
            "hosts": list(case.hosts.order_by("position", "pk")),
            "topics": list(case.topics.order_by("position", "pk")),
            "openable": set(
                Activity.objects.visible_to(request.user)
                .filter(pk__in=[found.activity_id for found in findings if found.activity_id])
                .values_list("pk", flat=True)
            ),
        },
    )  # fmt: skip


def _of(findings, kind):
    return [found for found in findings if found.kind == kind]


def with_lanes(rows):
    """Recommendations with everything their card shows, in a fixed number of queries."""
    answers = UnitAnswer.objects.select_related("answered_by").prefetch_related(
        "files", "targets__indicator", "targets__period", Prefetch("activities", Activity.objects.order_by("last_on"))
    )
    checks = Check.objects.select_related("checked_by")
    return rows.prefetch_related(
        Prefetch("answers", answers.order_by("-answered_on", "-pk")),
        Prefetch("checks", checks.order_by("-checked_on", "-pk")),
    )


def cards(rows, today, *, editable: set, answerable: set) -> list[dict]:
    """What each recommendation card shows and offers.

    `editable` and `answerable` are the cases the user may check and answer in. The first card that waits
    for this user `leads`: its button is the one filled button of the page.
    """
    found = []
    for row in rows:
        may_check, may_answer = row.inspection_id in editable, row.inspection_id in answerable
        waits_for_check = row.state == Recommendation.State.ANSWERED
        waits_for_unit = row.state in (Recommendation.State.OPEN, Recommendation.State.SENT_BACK)
        waits_for_me = (may_check and waits_for_check) or (may_answer and waits_for_unit)
        found.append(
            {
                "row": row, "due": due_words(row), "unit": unit_lane(row, today), "check": check_lane(row, today),
                "can_answer": may_answer and allows(row, "answer"),
                "can_check": may_check and allows(row, "check"),
                "can_move": may_check and allows(row, "move_due"),
                "waits_for_check": waits_for_check,
                "leads": waits_for_me and not any(card["leads"] for card in found),
            }
        )  # fmt: skip
    return found
