"""Who stands behind a link for members without an account: the gate of the pages of self_correction.py and others.

Anybody may open these addresses; see branches/self_correcting.py for what protects the record.
"""

import datetime
import functools
from dataclasses import dataclass

from django.shortcuts import redirect, render
from django.utils import timezone

from branches.models import Member, SelfServiceLink
from branches.self_correcting import live_link, members_of, note_use

SESSION_KEY = "self_correction"
MINUTES = 30


@dataclass(frozen=True, slots=True)
class Visit:
    """One request through a link. `member` is who proved within the last half hour who they are, else None."""

    link: SelfServiceLink
    token: str
    member: Member | None
    now: datetime.datetime


def through_link(view):
    """The view gets the `Visit`. Unknown, expired and revoked links get one and the same answer."""

    @functools.wraps(view)
    def opened(request, token):
        now = timezone.now()
        link = live_link(token, now)
        if link is None:
            return page(request, "branches/self_closed.html", {}, status=404)
        return view(request, Visit(link, token, _proven(request, link, now), now))

    return opened


def proven_only(view):
    """Under `through_link`: who has not said who they are is asked that first."""

    @functools.wraps(view)
    def opened(request, visit):
        if visit.member is None:
            return redirect("branches:self_correction", token=visit.token)
        return view(request, visit)

    return opened


def _proven(request, link, now):
    """The member who proved who they are by this link within the last half hour, while the link still lives."""
    said = request.session.get(SESSION_KEY)
    if not said or said["link"] != link.pk or said["until"] < now.timestamp():
        return None
    return members_of(link).select_related("home").filter(pk=said["member"]).first()


def enter(request, visit: Visit, member: Member) -> None:
    """A new session key: one that somebody knew before is worth nothing afterwards."""
    request.session.cycle_key()
    until = visit.now + datetime.timedelta(minutes=MINUTES)
    request.session[SESSION_KEY] = {"link": visit.link.pk, "member": member.pk, "until": until.timestamp()}
    if not request.user.is_authenticated:
        request.session.set_expiry(MINUTES * 60)
    note_use(visit.link, visit.now)


def leave(request) -> None:
    """Whoever comes next has to say again who they are."""
    request.session.pop(SESSION_KEY, None)


def page(request, template, context, status=200):
    """A page of these: see `private`."""
    return private(render(request, template, context, status=status))


def private(response):
    """Kept by no browser and no proxy, and found by no search engine."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
