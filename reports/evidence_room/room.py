"""What belongs to the evidence room of a case. An activity of the day before the span is not in it."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce

from branches.heirs import left_to
from branches.meetings.minutes_text import CLOSED_KINDS
from branches.models import Activity, Evidence, Meeting, Membership, Minutes, Period, Task, Unit
from inspections.checking.facts import span_of
from inspections.models import Inspection, Recommendation, UnitAnswerFile
from reports.models import PeriodReport


@dataclass(frozen=True)
class Room:
    """The unit and the span under review of `case`, as known on the day `on`.

    A branch is read with its groups (phân đoàn), as its own list is; a unit above branches by itself, because the
    work of each branch is that branch's own case.
    """

    case: Inspection
    on: datetime.date

    @property
    def unit(self) -> Unit:
        return self.case.unit

    @cached_property
    def span(self) -> Period:
        return span_of(self.case)

    @property
    def closing(self) -> datetime.date:
        """Figures are told as of the last day of the span, or of today while it runs."""
        return min(self.on, self.span.last_day)

    @property
    def years(self) -> range:
        return range(self.span.starts_on.year, self.span.last_day.year + 1)

    def within(self, to_unit: str = "unit__") -> Q:
        """Rows of the unit; of a branch with its groups."""
        look = "path__startswith" if self.unit.is_branch else "path"
        return Q(**{f"{to_unit}{look}": self.unit.path})

    # --- the rows of each book ----------------------------------------------------------------------

    def activities(self):
        """Activities whose last day falls into the span, as for figures; what a book feeds stands in that book."""
        rows = Activity.objects.filter(self.within(), fed_by="").in_period(self.span)
        return rows.order_by("last_on", "pk")

    def tasks(self):
        """What somebody had to do on any day of the span; nothing that came out of a meeting about single people."""
        rows = Task.objects.filter(self.within(), given_on__lt=self.span.ends_on)
        rows = rows.filter(Q(closed_on=None) | Q(closed_on__gte=self.span.starts_on))
        closed = Meeting.objects.filter(self.within(), kind__in=CLOSED_KINDS).values("pk")
        return rows.exclude(meeting__in=closed).order_by("given_on", "pk")

    def evidence(self):
        return Evidence.objects.filter(activity__in=self.activities().order_by().values("pk")).order_by("pk")

    def meetings(self):
        rows = Meeting.objects.filter(self.within()).between(self.span.starts_on, self.span.ends_on)
        return rows.order_by("starts_at", "pk")

    def minutes(self):
        """The signed edition that counts of each meeting. Meetings about single people keep theirs closed."""
        meetings = self.meetings().exclude(kind__in=CLOSED_KINDS).order_by()
        signed = Minutes.objects.filter(state=Minutes.State.LOCKED)
        newer = signed.filter(meeting=OuterRef("meeting"), edition__gt=OuterRef("edition"))
        rows = signed.filter(~Exists(newer), meeting__in=meetings.values("pk"))
        return rows.order_by("meeting__starts_at", "pk")

    def memberships(self):
        """Who belonged to the unit, or stayed with it for a while, on any day of the span."""
        rows = Membership.objects.filter(self.within(), starts_on__lt=self.span.ends_on, member__merged_into=None)
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gt=self.span.starts_on))
        return rows.order_by("member__sort_key", "member_id", "starts_on", "pk")

    def reports(self):
        """Reports that speak about the span and were issued; drafts are the unit's own."""
        rows = PeriodReport.objects.filter(unit=self.unit).issued()
        rows = rows.filter(period__starts_on__lt=self.span.ends_on, period__ends_on__gt=self.span.starts_on)
        rows = rows.annotate(told_on=Coalesce("dated_on", Max("submissions__approved_on")))
        return rows.order_by("told_on", "pk")

    def earlier(self):
        """What the same committee asked of the unit before, and of units that ended and whose heir it is.

        Another committee's cases are not opened by this one.
        """
        asked = Recommendation.objects.in_force().exclude(inspection=self.case)
        asked = asked.filter(inspection__programme__unit=self.case.programme.unit_id)
        asked = asked.filter(Q(inspection__unit=self.unit.pk) | Q(inspection__unit__in=left_to([self.unit.pk])))
        before = self.case.concluded_on or self.on
        return asked.filter(inspection__concluded_on__lte=before).order_by(
            "inspection__concluded_on", "inspection_id", "number", "pk"
        )

    def answer_files(self):
        rows = UnitAnswerFile.objects.filter(answer__recommendation__in=self.earlier().order_by().values("pk"))
        return rows.order_by("pk")
