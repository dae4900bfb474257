"""A unit's page, and the page that says who can see it and why."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.assessing.quota import results_of_unit
from branches.models import HandoverNote, Period, Placement, Post, Succession, Unit, Verb
from branches.models.assessment import AssessmentRoundQuerySet
from branches.models.member import MemberQuerySet
from branches.models.merit import AwardQuerySet, ClosedQuerySet
from branches.models.number import NumberBookQuerySet
from branches.models.plan import DirectionQuerySet, TargetQuerySet
from branches.models.post import PostType
from branches.models.task import TaskQuerySet
from branches.register import register_amounts, register_figures
from branches.restructuring import may_found_below, may_restructure
from branches.scoping import get_visible_or_404, rights_at
from branches.unit_warnings import unit_warnings as warnings_of_unit
from branches.unit_warnings import warnings_below
from branches.views.merit_panels import unit_awards

STANDING = ("members", "women", "party_members")
# Officers are named on the page: the Party committee reads its summary instead.
PAGE_READERS = ("view", "approve", "inspect", "administer")
# The inspectors meet today's officers on the unit's page and need no list of former ones.
POST_READERS = ("view", "approve", "administer")
WARNED = ("manage", "approve", "administer")
PAGE_SIZE = 50
LAST_NOTES = 5
LAST_RESULTS = 5
KEEPERS = ("record", "manage", "administer")


def chain_of(unit) -> list[Unit]:
    """The units above, highest first, in today's tree."""
    steps = [int(step) for step in unit.path.strip("/").split("/")][:-1]
    return sorted(Unit.objects.filter(pk__in=steps), key=lambda one: len(one.path))


def _standing_under(unit, day):
    """Keys of the units directly below on the day; a subquery, so that no unit is listed twice."""
    on_day = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))
    return Placement.objects.filter(on_day, superior=unit).values("unit")


@require_GET
def unit(request, pk):
    """What the unit is, who leads it, what stands below it and what happened to it."""
    found = get_visible_or_404(Unit, request.user, right=PAGE_READERS, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, found)
    below = list(
        Unit.objects.visible_to(request.user)
        .living(today)
        .filter(pk__in=_standing_under(found, today))
        .order_by("sort_key", "pk")
    )
    in_units = Q(unit__path__startswith=found.path)
    counts = register_amounts(["members"], in_units, today) if below else {}
    # A subordinate's number is that of everything under it; the paths of all units come with one query.
    paths = dict(Unit.objects.filter(path__startswith=found.path).values_list("pk", "path")) if counts else {}
    rows = [
        {"unit": one, "members": sum(n for (pk, _), n in counts.items() if paths[pk].startswith(one.path))}
        for one in below
    ]
    leaders = (
        Post.objects.held_on(today)
        .filter(unit=found, type__body__in=[PostType.Body.COMMITTEE, PostType.Body.INSPECTION, PostType.Body.OFFICE])
        .exclude(type__code="administrator")
        .select_related("account", "type", "term", "unit")
        .order_by("type__position", "starts_on", "pk")
    )
    return render(
        request,
        "branches/unit.html",
        {
            "unit": found,
            "chain": chain_of(found),
            "figures": register_figures(units=in_units, keys=STANDING, day=today),
            "rows": rows,
            "today": today,
            "term": Period.objects.containing(today)
            .filter(kind=Period.Kind.TERM, unit=found)
            .order_by("-starts_on", "pk")
            .first(),
            "leaders": leaders,
            "events": found.events.select_related("other")
            .annotate(
                ends_here=Exists(Succession.objects.filter(event=OuterRef("pk"))),
                opens_other=Exists(Unit.objects.reached_by(request.user, PAGE_READERS).filter(pk=OuterRef("other"))),
            )
            .order_by("-takes_effect_on", "-pk"),
            "warnings": warnings_of_unit(found, today) if not found.dissolved_on else [],
            "notes": HandoverNote.objects.visible_to(request.user)
            .filter(unit=found)
            .order_by("-written_on", "-pk")[:LAST_NOTES],
            "may_restructure": not found.dissolved_on and may_restructure(request.user, found),
            "may_found_below": not found.dissolved_on and may_found_below(request.user, found),
            "may_see_numbers": not rights.isdisjoint(NumberBookQuerySet.read_rights),
            "may_see_posts": not rights.isdisjoint(POST_READERS),
            "may_see_warnings": bool(rows) and not rights.isdisjoint(WARNED),
            "may_see_access": not rights.isdisjoint(KEEPERS),
            "may_replace_papers": "administer" in rights,
            "may_see_assessments": not rights.isdisjoint(AssessmentRoundQuerySet.read_rights),
            "may_see_members": not rights.isdisjoint(MemberQuerySet.read_rights),
            "may_see_tasks": not rights.isdisjoint(TaskQuerySet.read_rights),
            "results": results_of_unit(found)[:LAST_RESULTS] if found.is_branch else [],
            "may_see_directions": not rights.isdisjoint(DirectionQuerySet.read_rights),
            "may_see_awards": not rights.isdisjoint(AwardQuerySet.read_rights),
            "awards": unit_awards(request.user, found),
            "may_see_party_way": not rights.isdisjoint(ClosedQuerySet.read_rights),
            "may_see_plan": not rights.isdisjoint(TargetQuerySet.read_rights),
        },
    )


@require_GET
def unit_warnings(request, pk):
    """The units below that should look at something again, those with most first; an unwritten term weighs least."""
    found = get_visible_or_404(Unit, request.user, right=WARNED, pk=pk)
    today = timezone.localdate()
    rows = [{"unit": one, "warnings": said} for one, said in warnings_below(found, today)]
    rows.sort(key=lambda row: (-sum(one.code != "no_term" for one in row["warnings"]), -len(row["warnings"])))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(
        request,
        "branches/unit_warnings.html",
        {"unit": found, "page": page, "count": len(rows), "own": warnings_of_unit(found, today), "today": today},
    )


@require_GET
def unit_access(request, pk):
    """Everybody whose post opens this unit today: which rights, from which post, until when."""
    found = get_visible_or_404(Unit, request.user, right=KEEPERS, pk=pk)
    today = timezone.localdate()
    steps = [int(step) for step in found.path.strip("/").split("/")]
    posts = (
        Post.objects.held_on(today)
        .filter(unit__in=steps)
        .select_related("account", "unit", "type")
        .order_by("-unit__path", "type__position", "account__username", "pk")
    )
    people = [
        {"post": post, "words": words, "is_here": post.unit_id == found.pk}
        for post in posts
        if post.account.is_active and (words := _words_of(post.type, here=post.unit_id == found.pk))
    ]
    return render(request, "branches/unit_access.html", {"unit": found, "people": people, "today": today})


def _words_of(kind: PostType, *, here: bool) -> list[str]:
    """The rights of the post at this unit, in words, in the order in which the verbs are declared."""
    held = kind.verbs_here if here else kind.verbs_below
    return [verb.label for verb in Verb if verb.value in held]
