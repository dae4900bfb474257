"""The button under a vote of a meeting: on to the page where its result is written, filled in."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from branches.from_ballot import onward_of
from branches.models import Ballot
from branches.models.merit import ClosedQuerySet
from branches.scoping import get_editable_or_403

BALLOTS = Ballot.objects.select_related("item__meeting__unit", "item__subject")


@require_GET
def ballot_onward(request, pk):
    """Only a way: nothing is written here, and the page it leads to asks for its own right."""
    found = get_editable_or_403(BALLOTS, request.user, right=ClosedQuerySet.write_rights, pk=pk)
    onward = onward_of(found)
    if onward is None:
        raise Http404
    if onward.says:
        messages.info(request, onward.says)
    return redirect(onward.url)
