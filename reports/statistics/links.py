"""A printed number can be opened: the page behind each line of a table, for whoever may read that page."""

import datetime
from collections.abc import Set
from urllib.parse import urlencode

from django.urls import reverse

from branches.formats import day
from branches.models import Period, Unit
from branches.models.assessment import AssessmentRoundQuerySet
from branches.models.dues import MoneyQuerySet
from branches.models.meeting import MeetingQuerySet
from branches.models.merit import ClosedQuerySet
from branches.periods import write_period
from branches.register import FLOWS
from reports.models import StatItem

from .figures import DUES, FIGURES, FUND, INSPECTION, MEETINGS, ORGANISATION, PARTY, RATING, REGISTER, WORK

What = StatItem.What
FIGURE_READERS = ("view", "approve", "inspect", "oversee")
# Group of figures → its page, who reads it.
PAGES = {
    ORGANISATION: ("branches:unit", ("view", "approve", "inspect", "administer")),
    REGISTER: ("reports:structure", FIGURE_READERS),
    WORK: ("branches:activity_list", ("view", "approve")),
    MEETINGS: ("branches:meeting_list", MeetingQuerySet.read_rights),
    RATING: ("branches:assessment_list", AssessmentRoundQuerySet.read_rights),
    PARTY: ("branches:party_way", ClosedQuerySet.read_rights),
    DUES: ("branches:dues", MoneyQuerySet.read_rights),
    FUND: ("branches:fund", MoneyQuerySet.read_rights),
    INSPECTION: ("reports:inspecting", ("inspect",)),
}
BY_YEAR = (MEETINGS, PARTY, DUES, FUND, INSPECTION)


def link_of(item: StatItem, unit: Unit, period: Period, rights: Set[str], *, until: datetime.date) -> str:
    """Where the figure of the line is told for the unit and period; empty where this reader has no such page."""
    is_foreign_term = period.kind == Period.Kind.TERM and period.unit_id != unit.pk  # a page knows its unit's own terms
    if item.what == What.INDICATOR:
        if is_foreign_term or rights.isdisjoint(FIGURE_READERS):
            return ""
        return f"{reverse('reports:figure', args=[unit.pk, item.code])}?ky={write_period(period)}"
    if item.what != What.FIGURE or item.figure not in FIGURES:
        return ""
    group = FIGURES[item.figure].group
    view, readers = PAGES[group]
    if item.figure in FLOWS:
        view, asked = "branches:movement", {"tu": day(period.starts_on), "den": day(until)}
    elif group == REGISTER:
        asked = {"ngay": day(until)}
    elif group == MEETINGS and not unit.is_branch:
        return ""  # the meetings of its branches stand on their own pages
    elif group == WORK:
        asked = {"ky": write_period(period)}
        if is_foreign_term:
            asked = {"ky": "tu-den", "tu": period.starts_on.isoformat(), "den": until.isoformat()}
        asked |= {} if unit.is_branch else {"below": 1}
    elif group in BY_YEAR:
        if period.kind == Period.Kind.TERM:
            return ""  # those pages show one year
        asked = {"nam": until.year}
    else:
        asked = {}
    if rights.isdisjoint(readers):
        return ""
    url = reverse(view, args=[unit.pk])
    return f"{url}?{urlencode(asked)}" if asked else url
