"""The one permission rule: which rows a person reaches, and with which right.

Every queryset with a way to a unit descends from UnitScopedQuerySet and only says how to walk there
and which rights read and write it. Views load through the two loaders below. Checks on one object
are derived from the queryset and never restated.

Named exceptions, each in its own queryset and nowhere else: the team of an inspection sees its own
case for its span (inspections), a member sees their own record (MemberQuerySet).
"""

import functools
import operator
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404


def reach(user, to_unit: str = "", *, right: str | Iterable[str]) -> Q:
    """Rows at units where the user holds, today, a post that gives one of these rights.

    `to_unit` walks from the row to its unit along forward keys ("" for Unit, "inspection__unit__").
    By default nobody reaches anything: an anonymous visitor or a person without a post gets an
    empty condition, and `is_superuser` counts for nothing here.
    """
    rights = {right} if isinstance(right, str) else set(right)
    parts = []
    for post in getattr(user, "posts_today", []):
        here = not rights.isdisjoint(post.type.verbs_here)
        below = not rights.isdisjoint(post.type.verbs_below)
        at = Q(**{f"{to_unit}path": post.unit.path})
        under = Q(**{f"{to_unit}path__startswith": post.unit.path})
        if here and below:
            parts.append(under)
        elif here:
            parts.append(at)
        elif below:
            parts.append(under & ~at)
    return functools.reduce(operator.or_, parts) if parts else Q(pk__in=[])


def rights_at(user, unit) -> set[str]:
    """Every verb the user holds at this unit today. The same rule as `reach`, for showing buttons."""
    verbs = set()
    for post in getattr(user, "posts_today", []):
        if unit.path == post.unit.path:
            verbs.update(post.type.verbs_here)
        elif unit.path.startswith(post.unit.path):
            verbs.update(post.type.verbs_below)
    return verbs


class UnitScopedQuerySet(QuerySet):
    """A queryset that knows how to walk to a unit and which rights open it."""

    to_unit = "unit__"
    read_rights = ("view",)
    write_rights = ("record",)

    def reached_by(self, user, right):
        """Rows the user reaches with this right (or any of these rights)."""
        return self.filter(reach(user, self.to_unit, right=right))

    def visible_to(self, user):
        return self.reached_by(user, self.read_rights)

    def editable_by(self, user):
        return self.reached_by(user, self.write_rights)


def _scoped(source) -> UnitScopedQuerySet:
    return source._default_manager.all() if isinstance(source, type) else source


def get_visible_or_404(source, user, *, right=None, **lookup):
    """The row, if the user may read it; 404 for everyone else, so that existence does not leak.

    `source` is a model or a queryset of one. `right` asks for other rights than the model's own
    reading rights (the Party committee's "oversee", for example).
    """
    rows = _scoped(source)
    rows = rows.reached_by(user, right) if right else rows.visible_to(user)
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def get_editable_or_403(source, user, *, right=None, **lookup):
    """The row, if the user may change it: 404 if they may not even see it, 403 if they only may see it."""
    rows = _scoped(source)
    may = rows.reached_by(user, right) if right else rows.editable_by(user)
    found = may.filter(**lookup).first()
    if found is not None:
        return found
    if rows.visible_to(user).filter(**lookup).exists():
        raise PermissionDenied
    raise Http404
