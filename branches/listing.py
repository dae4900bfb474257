"""A page of activities as ready strings: the template only prints, and the queries do not grow with rows."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Func, IntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce

from branches.formats import number as number_of
from branches.formats import qualified, span
from branches.models import Activity, Evidence, Participation, Quantity
from branches.restructuring import old_name
from branches.wording import figure_words, organiser_words, people_words

PAGE_SIZE = 50
NEWEST_FIRST = ("-last_on", "-pk")
# What a row and a file print; unit, chapter and indicator repeat on every row, and have twenty columns more.
RECORD_SAYS = (
    "title", "nature", "starts_on", "last_on", "organiser", "partner", "place", "note", "state", "cancel_reason",
    "member_count", "guest_count", "raised", "spent", "unit__name", "unit__kind", "area__name",
)  # fmt: skip
LINE_SAYS = (
    "activity_id", "value", "denominator", "qualifier", "each", "note",
    "indicator__name", "indicator__unit_word", "indicator__measure",
)  # fmt: skip
LINES_SHOWN = 3
COUNTED = 10_000  # beyond it a list says "hơn 10.000": an exact count of a province costs more than its page


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity in the list."""

    pk: int
    title: str
    days: str
    unit_name: str
    area: str
    organiser: str
    people: str
    results: tuple[tuple[str, str], ...]  # (name of the indicator, figure in words)
    more_results: int
    badge: tuple[str, str]  # (look of the state, its word)
    evidence: str
    is_figure: bool


@dataclass(frozen=True, slots=True)
class ActivityPage:
    rows: tuple[ActivityRow, ...]
    number: int
    total: int
    is_beyond_the_end: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return (self.number - 1) * PAGE_SIZE + len(self.rows)

    @property
    def total_words(self) -> str:
        return qualified(COUNTED, "more") if self.total > COUNTED else number_of(self.total)

    @property
    def next(self) -> int | None:
        uncounted = self.total > COUNTED and len(self.rows) == PAGE_SIZE
        return self.number + 1 if self.last < self.total or uncounted else None

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None


def _number_of(rows) -> Coalesce:
    """How many rows point at the activity, without joining them to it."""
    counted = rows.filter(activity=OuterRef("pk")).order_by().values("activity").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def activity_records(activities):
    """The rows with everything a list or a file says about them: two queries, however many rows."""
    lines = Quantity.objects.select_related("indicator").only(*LINE_SAYS).order_by("pk")
    return (
        activities.select_related("unit", "area")
        .only(*RECORD_SAYS)
        .annotate(
            named=_number_of(Participation.objects),
            pieces=_number_of(Evidence.objects),
            unit_then=old_name("unit", OuterRef("last_on")),
        )
        .prefetch_related(Prefetch("quantities", queryset=lines, to_attr="lines"))
    )


def activity_page(activities, *, number: str, today: datetime.date) -> ActivityPage:
    """One page of activities, newest first; a page number that means nothing is the first page."""
    wanted = int(number) if number.isdecimal() and 0 < len(number) < 7 else 1
    wanted = max(wanted, 1)
    start = (wanted - 1) * PAGE_SIZE
    # The page is cut first, by keys alone, so that what is counted beside a row is counted for the rows
    # shown and not for all that match. The total comes along: it would be one more query.
    shown = Activity.objects.filter(pk__in=activities.values("pk")[start : start + PAGE_SIZE])
    counted = activities.order_by().values("pk")[: COUNTED + 1]
    matching = Activity.objects.filter(pk__in=counted).order_by().annotate(n=Func("pk", function="COUNT"))
    total = Subquery(matching.values("n"), output_field=IntegerField())
    records = list(activity_records(shown).annotate(total=total).order_by(*NEWEST_FIRST))
    return ActivityPage(
        rows=tuple(_row(record, today) for record in records),
        number=wanted,
        total=records[0].total if records else 0,
        is_beyond_the_end=not records and wanted > 1,
    )


def _row(record, today) -> ActivityRow:
    shown = record.lines[:LINES_SHOWN]
    return ActivityRow(
        pk=record.pk,
        title=record.title,
        days=span(record.starts_on, record.last_on),
        unit_name=record.unit_then or record.unit.name,
        area=record.area.name,
        organiser=organiser_words(record),
        people=people_words(record.named, record.member_count, record.guest_count),
        results=tuple((line.indicator.name, figure_words(line)) for line in shown),
        more_results=len(record.lines) - len(shown),
        badge=_badge(record, today),
        evidence=f"{record.pieces} minh chứng" if record.pieces else "",
        is_figure=record.nature == Activity.Nature.FIGURE,
    )


def _badge(record, today) -> tuple[str, str]:
    if record.state == Activity.State.HELD:
        return "", ""  # most of the list; a badge on every row would say nothing
    if record.state == Activity.State.CANCELLED:
        return "none", "Không tổ chức"
    return ("behind", "Chưa ghi kết quả") if record.last_on < today else ("waiting", "Dự kiến")
