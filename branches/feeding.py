"""What the books already say feeds the figures of the plan: a meeting held, dues paid, a step taken, a result approved.

A fed figure is a line like any other, so that totals, boards, reports and "what stands behind it" need no second
way: an Activity of nature FIGURE whose `fed_by` names its source, and which only this module writes. The verbs of
the books call it in their own transaction. Called again it makes the line equal to the source as it stands now.

Of one indicator, unit and month there is either what somebody typed or what a book says, whichever came first:
a branch that has typed its meetings until June and keeps the book from July on counts none of them twice.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from branches.models import Activity, Indicator, Quantity, Unit
from branches.models.assessment import AssessmentQuerySet
from branches.models.member import MemberQuerySet
from branches.totals import refresh_totals

# The indicators that a book feeds, and which book; screens say it beside the field.
BOOKS = {
    "branch_meetings": "sổ họp",
    "meeting_attendance": "điểm danh các buổi họp",
    "meeting_size": "điểm danh các buổi họp",
    "resolution_briefed": "điểm danh các buổi học tập, quán triệt",
    "minutes_complete": "biên bản đã ký",
    "software_entered": "danh sách đoàn viên",
    "dues_collected": "sổ thu đoàn phí",
    "dues_paid_share": "sổ thu đoàn phí",
    "rated_fair": "kết quả đánh giá, xếp loại",
    "rated_excellent": "kết quả đánh giá, xếp loại",
    "violations": "hồ sơ kỷ luật",
    "outstanding_members": "sổ phát triển Đảng",
    "party_class": "sổ phát triển Đảng",
    "party_introduced": "sổ phát triển Đảng",
    "party_admitted": "sổ phát triển Đảng",
    "party_proposals": "sổ đề xuất",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fed figure was read: what people call it, the page that shows it, and who opens that page.

    `by` is what the page is addressed with: the source's "own" key, its "unit", or "both". An empty `readers` is
    everybody who reads the figure. `counted` says that the figure is a count of a day, which the register and the
    calendar change without anybody coming by: it is made anew every night.
    """

    words: str
    view: str = ""
    by: str = ""
    readers: tuple[str, ...] = ()
    counted: bool = False


# By what `fed_by` begins with.
SOURCES = {
    "meeting": Source("Cuộc họp", "branches:meeting", "own"),
    "receipt": Source("Phiếu thu đoàn phí", "branches:dues_receipt", "own"),
    "dues": Source("Sổ thu đoàn phí", "branches:dues", "unit", counted=True),
    "proposal": Source("Đề xuất", "branches:proposal", "own"),
    "round": Source("Đợt đánh giá, xếp loại", "branches:assessment_unit", "both", AssessmentQuerySet.read_rights),
    "entered": Source(
        "Danh sách đoàn viên có mã trên phần mềm", "branches:member_list", "unit", MemberQuerySet.read_rights,
        counted=True,
    ),
    # Closed books: who may read them knows where they are.
    "step": Source("Sổ phát triển Đảng"),
    "discipline": Source("Hồ sơ kỷ luật"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FedLine:
    """`value` in the indicator's counting unit; for a share the numerator, `whole` the denominator."""

    code: str
    value: int | Decimal
    whole: int | Decimal | None = None


def feed(*, unit_id: int, fed_by: str, on: datetime.date | None, title: str, lines: Iterable[FedLine]) -> None:
    """Make the figures read from `fed_by` ("meeting:12") these, on that day; without lines or a day there are none.

    Locks the unit, as every writer of lines does; call it last inside the transaction that changed the source.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    before = Activity.objects.filter(unit=unit_id, fed_by=fed_by).first()
    rows = _rows(unit_id, on, lines) if on else []
    if before is None and not rows:
        return
    codes = {row.indicator.code for row in rows}
    days = {on} if rows else set()
    if before is not None:
        told = {line.indicator_id: line for line in before.quantities.select_related("indicator")}
        if rows and (before.last_on, before.title) == (on, title[:200]) and _is_told(before, told, rows):
            return  # most of what is told anew, because something earlier changed, is told as it was
        codes |= {line.indicator.code for line in told.values()}
        days.add(before.last_on)
    if not rows:
        before.delete()
    else:
        _write(before or Activity(unit_id=unit_id, fed_by=fed_by), on, title, rows)
    refresh_totals(unit_id=unit_id, codes=codes, days=days)


def _is_told(activity: Activity, told: dict[int, Quantity], rows: list[Quantity]) -> bool:
    """Whether its lines, by indicator, say the same as the new ones, in the same chapter."""
    kept = {pk: (line.value, line.denominator) for pk, line in told.items()}
    new = {row.indicator_id: (row.value, row.denominator) for row in rows}
    return kept == new and activity.area_id == rows[0].indicator.area_id


def _write(activity: Activity, on: datetime.date, title: str, rows: list[Quantity]) -> None:
    activity.title, activity.starts_on, activity.last_on = title[:200], on, on
    activity.nature, activity.state, activity.area = Activity.Nature.FIGURE, Activity.State.HELD, rows[0].indicator.area
    activity.skip_history_when_saving = True  # the source has its own history
    activity.save()
    activity.quantities.all().delete()
    for row in rows:
        row.activity = activity
    Quantity.objects.bulk_create(rows)


def _rows(unit_id: int, on: datetime.date, lines: Iterable[FedLine]) -> list[Quantity]:
    """The lines on the catalogue of the year, without those that somebody typed for this month."""
    lines = {line.code: line for line in lines}
    typed = _codes_of_month(Quantity.objects.filter(activity__fed_by=""), unit_id, on)
    editions = Indicator.objects.of_year(on.year).filter(code__in=set(lines) - typed, owner=None)
    return [
        Quantity(indicator=edition, value=lines[edition.code].value, denominator=lines[edition.code].whole)
        for edition in editions.select_related("area").order_by("area__position", "position", "pk")
    ]


def fed_codes(unit_id: int, on: datetime.date) -> set[str]:
    """Indicators that a book feeds in the month of the day, so that nobody types them beside it. One query."""
    return _codes_of_month(Quantity.objects.exclude(activity__fed_by=""), unit_id, on)


def _codes_of_month(lines, unit_id: int, on: datetime.date) -> set[str]:
    first = on.replace(day=1)
    before = (first + datetime.timedelta(days=31)).replace(day=1)
    lines = lines.counted().filter(
        activity__unit=unit_id,
        activity__last_on__gte=first,
        activity__last_on__lt=before,
        indicator__code__in=BOOKS,
    )
    return set(lines.values_list("indicator__code", flat=True))
