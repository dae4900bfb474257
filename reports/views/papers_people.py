"""Papers about people, for those who read the register they come from."""

import datetime

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.maturing import ageing_members
from branches.models import Admission, Membership, Transfer, Unit
from branches.models.member import MemberQuerySet
from branches.scoping import get_visible_or_404
from reports.papers.people import (
    admission_decision_html,
    admission_request_html,
    maturity_decision_html,
    maturity_list_html,
    transfer_letter_html,
)

from .printing import printed

State = Admission.State


@require_GET
def transfer_letter(request, pk, ending):
    """The letter, for both sides."""
    rows = Transfer.objects.select_related("member", "source", "target")
    found = get_visible_or_404(rows, request.user, pk=pk)
    name = f"Giấy giới thiệu {found.member.full_name}"
    return printed(request, lambda: transfer_letter_html(found, on=timezone.localdate()), name, ending)


def _admission(request, pk, *states) -> Admission:
    found = get_visible_or_404(Admission.objects.select_related("unit"), request.user, pk=pk)
    if found.state not in states:
        raise Http404
    return found


@require_GET
def admission_request(request, pk, ending):
    """What the branch sends up, once it has voted for the person."""
    found = _admission(request, pk, State.VOTED, State.DECIDED, State.REFUSED)
    name = f"Tờ trình kết nạp {found.full_name}"
    return printed(request, lambda: admission_request_html(found, on=timezone.localdate()), name, ending)


@require_GET
def admission_decision(request, pk, ending):
    """The superior's decision, or its draft while it is waited for."""
    found = _admission(request, pk, State.VOTED, State.DECIDED)
    name = f"Quyết định chuẩn y {found.full_name}"
    return printed(request, lambda: admission_decision_html(found, on=timezone.localdate()), name, ending)


@require_GET
def maturity_list(request, pk, ending):
    unit = get_visible_or_404(Unit, request.user, right=MemberQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    rows = ageing_members(unit, user=request.user, on=today)
    name = f"Danh sách đủ tuổi trưởng thành {unit.name}"
    return printed(request, lambda: maturity_list_html(unit, rows, on=today), name, ending)


@require_GET
def maturity_decision(request, pk, day, ending):
    """Those of the unit and below who matured on the day, written 2026-03-26."""
    unit = get_visible_or_404(Unit, request.user, right=MemberQuerySet.read_rights, pk=pk)
    try:
        ended_on = datetime.date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    memberships = list(
        Membership.objects.visible_to(request.user)
        .filter(
            unit__path__startswith=unit.path,
            kind=Membership.Kind.OFFICIAL,
            end_reason=Membership.End.MATURED,
            ends_on=ended_on,
        )
        .select_related("member", "unit")
        .order_by("member__sort_key", "member_id")
    )
    if not memberships:
        raise Http404
    name = f"Quyết định trưởng thành đoàn {ended_on:%d-%m-%Y}"
    return printed(request, lambda: maturity_decision_html(unit, memberships, ended_on=ended_on), name, ending)
