"""The list of cases, one case, and the pages that prepare it."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Prefetch, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Account, Post, Unit
from branches.models.rule import rules_on
from branches.scoping import get_editable_or_403, get_visible_or_404
from inspections.closed_links import closed_links
from inspections.due import step_due
from inspections.forms.cases import ONE_DAY, CaseForm, PlanForm, SeatFormSet, TeamForm, is_rearranged
from inspections.forms.programmes import CaseFilter
from inspections.interests import interests
from inspections.models import (
    Finding,
    Inspection,
    InspectionProgramme,
    Recommendation,
    SelfReport,
    TeamSeat,
)
from inspections.next_step import lead, others
from inspections.preparing import change_inspection, end_seat, plan_inspections, set_team, title_from
from inspections.repeating import mark_repeats
from inspections.states import CASE_MOVES, COMMITTEE, UNIT, roles_in, verbs_of
from inspections.views.cards import cards, warn_after, with_lanes
from inspections.views.openable import openable
from inspections.views.saving import is_sent, save
from inspections.wording import LEFT_WAY, case_badge, paper_words, reached_on, steps, turn_words

PAGE = 50
Class = Finding.Class
TABS = (("ket-luan", "Nội dung"), ("lam-viec", "Làm việc"), ("doan", "Đoàn kiểm tra"))


def case_of(user, pk, *, to_edit=False) -> Inspection:
    """Load a case with what every page of it shows."""
    rows = Inspection.objects.select_related("programme__unit", "unit")
    return get_editable_or_403(rows, user, pk=pk) if to_edit else get_visible_or_404(rows, user, pk=pk)


def case_to(user, pk, verb: str, *, apart_from: str = "") -> Inspection:
    """Load a case for a step of it: 404 for a stranger, 403 for a reader whom the table of states.py does not name.

    `apart_from` leaves a role out where its way to the same step is another page.
    """
    case = case_of(user, pk)
    if not (set(CASE_MOVES[verb].who) - {apart_from}) & roles_in(case.pk, user):
        raise PermissionDenied
    return case


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
    today = timezone.localdate()
    rules = rules_on(today)
    rows = with_ends(reached.filter(filters.chosen()).select_related("programme", "unit"), today).order_by(
        "-programme__year", F("visited_on").desc(nulls_last=True), "unit__sort_key", "pk"
    )
    if filters.only_late:
        late = [case.pk for case in rows if is_late(case, rules, today)]
        rows = rows.filter(pk__in=late)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    listed = [(case, case_badge(case, today, due_of(case, rules, today))) for case in page.object_list]
    return render(
        request,
        "inspections/inspection_list.html",
        {
            "page": page, "cases": listed, "filters": filters, "is_filtered": bool(filters.understood),
            "may_inspect": any("inspect" in post.type.verbs_here for post in request.user.posts_today),
        },
    )  # fmt: skip


def with_ends(rows, today):
    """Cases with what `due_of` asks of their recommendations: how many were asked, ended and are left, and the end."""
    kept = Q(recommendations__state=Recommendation.State.ACCEPTED, recommendations__accepted_until__gte=today)
    ended = Q(recommendations__state__in=Recommendation.ENDED)
    return rows.annotate(
        asked=Count("recommendations"),
        ended=Count("recommendations", filter=ended),
        settled=Count("recommendations", filter=ended | kept),
        ended_on=Max("recommendations__ended_on"),
    )


def due_of(case, rules, today):
    """What is due next in a case that comes from `with_ends`."""
    # What was accepted as not done has no end; then the case waits from its notice on.
    ended_on = (case.ended_on or case.concluded_on) if case.settled == case.asked else None
    return step_due(case, rules, on=today, ended_on=ended_on)


def is_late(case, rules, today) -> bool:
    due = due_of(case, rules, today)
    return due is not None and due.is_late(today)


@require_http_methods(["GET", "POST"])
def inspection_new(request):
    """Several units at once under one programme: one case each."""
    programmes = InspectionProgramme.objects.editable_by(request.user).order_by(
        "-year", F("issued_on").desc(nulls_first=True), "-pk"
    )
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
    named = programmes.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    initial["programme"] = named or programmes.first()
    initial["title"] = title_from(named) if named else ""
    form = PlanForm(sent(request), programmes=programmes, units=units, initial=initial)
    accounts = Account.objects.filter(
        pk__in=Post.objects.held_on(today).filter(unit__in=programmes.values("unit")).values("account")
    ).order_by("full_name", "pk")
    team = SeatFormSet(sent(request), prefix="doan", form_kwargs={"accounts": accounts})
    to_save = is_sent(request, form, team) and not is_rearranged(form, team)
    if to_save and form.is_valid() & team.is_valid():

        def work():
            data = form.cleaned_data
            cases = plan_inspections(
                by=request.user, on=today, programme=data["programme"], units=data["units"],
                topics=form.topic_lines(), team=team.lines(), reason=data["reason"], **form.fields_of_case(),
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
    case = case_to(request.user, pk, "change")
    url = reverse("inspections:inspection", args=[pk])
    form = CaseForm(sent(request), initial=CaseForm.stored(case))
    if is_sent(request, form) and form.is_valid():

        def work():
            change_inspection(
                inspection=case, version=form.cleaned_data["version"], by=request.user,
                topics=form.topic_lines(case.topics.order_by("position", "pk")), on=timezone.localdate(),
                reason=form.cleaned_data["reason"], **form.fields_of_case(),
            )  # fmt: skip
            return url

        answer = save(request, form, work, said="Đã lưu.", places=form.PLACES, stored=CaseForm.stored, discard_url=url)
        if answer:
            return answer
    return render(request, "inspections/inspection_edit.html", {"form": form, "case": case})


@require_http_methods(["GET", "POST"])
def inspection_team(request, pk):
    case = case_to(request.user, pk, "set_team")
    today = timezone.localdate()
    url = reverse("inspections:inspection", args=[pk])
    seats = list(case.team.filter(ends_on=None).select_related("account").order_by("position", "pk"))
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
    if not seats and not rows.is_bound:
        rows.forms[0].initial["role"] = TeamSeat.Role.HEAD  # the first one to be named
    if request.method == "POST" and not is_rearranged(form, rows) and form.is_valid() & rows.is_valid():

        def work():
            set_team(
                inspection=case, version=form.cleaned_data["version"], by=request.user, on=today,
                seats=rows.lines(),
            )  # fmt: skip
            return f"{url}?muc=doan"

        has_head = any(line.role == TeamSeat.Role.HEAD for line in rows.lines())
        said = "Đã lưu đoàn kiểm tra." if has_head else "Đã lưu. Đoàn chưa có trưởng đoàn nên chưa sang bước tiếp theo."
        if answer := save(request, form, work, said=said, discard_url=url):
            return answer
    tied = interests(case.unit, [(seat.name, seat.account) for seat in seats], today)
    return render(
        request,
        "inspections/inspection_team.html",
        {"form": form, "rows": rows, "case": case, "tied": tied, "paper": paper_words(Inspection.State.TEAM)},
    )


@require_http_methods(["GET", "POST"])
def seat_end(request, pk):
    """Take one person out of the team; possible also after the notice."""
    seat = get_visible_or_404(TeamSeat.objects.select_related("inspection__unit"), request.user, pk=pk)
    case_to(request.user, seat.inspection_id, "end_seat")
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
        .select_related("target__indicator", "target__period", "activity", "meeting", "item", "repeat_of__inspection")
        .prefetch_related(Prefetch("recommendations", Recommendation.objects.order_by("number", "pk")))
        .order_by("position", "pk")
    )
    mark_repeats(findings, case.unit_id)
    asked = list(
        with_lanes(Recommendation.objects.visible_to(request.user).filter(inspection=case)).order_by("number", "pk")
    )
    for row in asked:
        row.inspection = case
    team = list(case.team.select_related("account").order_by("position", "pk"))
    roles = roles_in(pk, request.user)
    verbs = verbs_of(case, roles)
    may_edit = bool(roles - {UNIT})
    if not may_edit:
        verbs.discard("receive_report")  # the unit sends its report on a page of its own
    mine = {
        "editable": {pk} if may_edit else set(), "answerable": {pk} if UNIT in roles else set(),
        "deciding": {pk} if COMMITTEE in roles else set(),
    }  # fmt: skip
    open_team = [seat for seat in team if seat.ends_on is None or seat.ends_on > today]
    settled = all(row.is_ended or row.is_accepted(today) for row in asked)
    ended_on = max((row.ended_on for row in asked if row.ended_on), default=case.concluded_on) if settled else None
    rules = rules_on(today)
    moves = list(case.moves.select_related("moved_by").order_by("-pk"))
    due = step_due(case, rules, on=today, ended_on=ended_on)
    leading = lead(case, verbs, on=today, findings=len(findings), all_ended=settled)
    listed = cards(asked, today, **mine, warn_after=warn_after(rules), with_progress=True)
    if leading:
        for card in listed:
            card["leads"] = False
    return render(
        request,
        "inspections/inspection.html",
        {
            "case": case, "today": today, "tabs": TABS, "tab": tab if tab in dict(TABS) else TABS[0][0],
            "review_last": case.review_to - ONE_DAY, "due": due, "lead": leading,
            "paper_words": paper_words(case.state), "due_words": due.words(today) if due else "",
            "turns": turn_words(listed, today) if not settled else [],
            "others": others(case, verbs, leading=leading, findings=len(findings), all_ended=settled),
            "badge": case_badge(case, today, due), "findings": findings, "merits": _of(findings, Class.MERIT),
            "practices": _of(findings, Class.GOOD_PRACTICE), "shortcomings": _of(findings, Class.SHORTCOMING),
            "violations": _of(findings, Class.VIOLATION), "cards": listed,
            "ended": sum(row.is_ended for row in asked), "may_edit": may_edit, "may_answer": UNIT in roles,
            "reads_drafts": may_edit, "can": dict.fromkeys(verbs, True),
            # To the team the programme is no page, and the unit's material none after the end of the case.
            "is_committee": COMMITTEE in roles, "room_opens": may_edit and case.state not in Inspection.ENDED,
            "steps": steps(
                case, team=len(open_team), findings=len(findings), recommendations=asked, on=today,
                reached=reached_on(moves),
            ),
            "team": team, "head": next((seat for seat in open_team if seat.role == TeamSeat.Role.HEAD), None),
            # What one part of the page shows is asked for when that part is shown.
            "tied": SimpleLazyObject(lambda: _tied(case, open_team, today, rules)) if may_edit else [],
            "report": SimpleLazyObject(
                lambda: SelfReport.objects.visible_to(request.user).filter(inspection=case).first()
            ),
            "moves": moves, "left_way": moves[0] if moves and case.state in LEFT_WAY else None,
            "led_to": list(Inspection.objects.visible_to(request.user).filter(arose_from=case).order_by("pk")),
            **closed_links(request.user, case, today), "hosts": case.hosts.order_by("position", "pk"),
            "topics": case.topics.order_by("position", "pk"),
            **openable(request.user, findings=findings, rows=asked),
        },
    )  # fmt: skip


def _tied(case, open_team, today, rules):
    return interests(case.unit, [(seat.name, seat.account) for seat in open_team], today, rules=rules)


def _of(findings, kind):
    return [found for found in findings if found.kind == kind]
