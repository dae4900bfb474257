"""What was asked of units and where each stands: of one unit, and of everything a giver gave."""

from collections import defaultdict

from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.directing import changeable_by, given_from, may_give_from, places_to_give
from branches.models import Direction, Unit
from branches.models.plan import DirectionQuerySet, TargetQuerySet
from branches.models.task import TaskQuerySet
from branches.scoping import get_visible_or_404, rights_at
from branches.views.units import PAGE_READERS
from reports import directions as standings

PAGE_SIZE = 30
SENDINGS = 10


def _unit(request, pk) -> Unit:
    rights = DirectionQuerySet.read_rights
    return get_visible_or_404(Unit.objects.reached_by(request.user, rights), request.user, right=rights, pk=pk)


@require_GET
def direction_list(request, pk):
    """Newest first, those that need somebody before the others; each with its targets, tasks and answer."""
    unit = _unit(request, pk)
    today = timezone.localdate()
    rows = Direction.objects.filter(unit=unit).order_by("-given_on", "position", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    found = standings.of_unit(unit, page, as_of=today)
    rights = rights_at(request.user, unit)
    return render(
        request,
        "reports/direction_list.html",
        {
            "unit": unit,
            "page": page,
            "rows": sorted(found, key=lambda one: not one.is_overdue),
            "overdue": sum(one.is_overdue for one in found),
            "today": today,
            "changeable": set(
                changeable_by(request.user).filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True)
            ),
            "may_record": "record" in rights,
            "may_give": may_give_from(request.user, unit),
            "may_see_targets": not rights.isdisjoint(TargetQuerySet.read_rights),
            "may_see_tasks": may_read_tasks(request.user, unit),
            "may_open_unit": not rights.isdisjoint(PAGE_READERS),
        },
    )


@require_GET
def direction_given(request, pk):
    """Everything the giver gave from here, newest first: to how many units, and how many of them stand where."""
    unit = _unit(request, pk)
    today = timezone.localdate()
    places = _places(request, unit, today)
    given = given_from(places)
    sendings = (
        given.values("sending")
        .annotate(day=Max("given_on"), units=Count("pk"), last=Max("pk"))
        .order_by("-day", "-last")
    )
    page = Paginator(sendings, SENDINGS).get_page(request.GET.get("trang"))
    rows = defaultdict(list)
    for one in standings.below(unit, _rows(given.filter(sending__in=[row["sending"] for row in page])), as_of=today):
        rows[one.direction.sending].append(one)
    return render(
        request,
        "reports/direction_given.html",
        {
            "unit": unit,
            "page": page,
            "rows": [_row(rows[row["sending"]]) for row in page],
            "today": today,
        },
    )


@require_GET
def direction_sending(request, pk, sending):
    """One direction given to several units: units × standing, those that need somebody first."""
    unit = _unit(request, pk)
    today = timezone.localdate()
    rows = standings.below(unit, _rows(given_from(_places(request, unit, today)).filter(sending=sending)), as_of=today)
    if not rows:
        raise Http404
    return render(
        request,
        "reports/direction_sending.html",
        {
            "unit": unit,
            "asked": rows[0].direction,
            "rows": rows,
            # What a person typed into a task is for those who read the tasks of that unit.
            "told": {one.direction.pk for one in rows if may_read_tasks(request.user, one.direction.unit)},
            "counts": _row(rows),
            "today": today,
            "changeable": set(
                changeable_by(request.user)
                .standing()
                .filter(pk__in=[one.direction.pk for one in rows])
                .values_list("pk", flat=True)
            ),
        },
    )


def may_read_tasks(user, unit) -> bool:
    """The Party committee counts tasks and does not read them."""
    return not rights_at(user, unit).isdisjoint(TaskQuerySet.read_rights)


def _places(request, unit, today):
    places = places_to_give(request.user, unit, on=today)
    if not places:
        raise Http404
    return places


def _rows(directions):
    return list(directions.select_related("unit").order_by("unit__sort_key", "unit_id", "pk"))


def _row(rows) -> dict:
    """How the units of one sending stand, in numbers."""
    return {
        "direction": rows[0].direction,
        "units": len(rows),
        "only": rows[0].direction.unit if len(rows) == 1 else None,
        "settled": sum(one.is_settled for one in rows),
        "overdue": (late := sum(one.is_overdue for one in rows)),
        "overdue_word": f"{late} đơn vị quá hạn",
        "silent": sum(one.standing == "none" and not one.is_withdrawn for one in rows),
        "withdrawn": (gone := sum(one.is_withdrawn for one in rows)),
        "standing": len(rows) - gone,
    }
