"""What the software knows that speaks for or against deleting a name: shown to the branch, which decides.

That is meetings, activities, dues, stays elsewhere and transfers.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from branches.dues.arrears import paid_and_open
from branches.dues.months import first_of, spans_words, step
from branches.formats import day
from branches.meetings.attendance import missed_of
from branches.models import Activity, AwayStay, Member, Membership, Transfer
from branches.models.rule import rules_on
from branches.staying import STAYS


@dataclass(frozen=True, slots=True)
class Line:
    """One fact in words. `warns` marks an exception of the charter: then a name is usually not deleted."""

    text: str
    warns: bool = False


def evidence_of(member: Member, *, on: datetime.date) -> list[Line]:
    """Facts of the last `deletion_absent_months` months, exceptions first; dues of a year.

    Twelve queries, two more for who was in a unit that ended.
    """
    rules = rules_on(on)
    months, away = int(rules["deletion_absent_months"]), int(rules["deletion_away_months"])
    since = months_before(on, months)
    spans = list(member.memberships.select_related("unit").order_by("-starts_on", "-pk"))
    official = next((one for one in spans if one.kind == Membership.Kind.OFFICIAL), None)
    lines = [_stay_line(one, away) for one in spans if one.kind in STAYS and _is_recent(one, months_before(on, away))]
    lines += [_away_line(one, away, on) for one in member.away_stays.order_by("-starts_on", "-pk")
              if _is_recent(one, months_before(on, away))]  # fmt: skip
    if transfer := member.transfers.filter(state=Transfer.State.SENT).first():
        lines.append(
            Line(f"Đang chuyển sinh hoạt đến {transfer.target_name}, gửi ngày {day(transfer.asked_on)}.", True)
        )
    if official and official.starts_on > since:
        lines.append(Line(f"Mới sinh hoạt tại chi đoàn từ {day(official.starts_on)}, chưa đủ {months} tháng.", True))
    lines += _meeting_lines(member, since, on, months)
    lines += _activity_lines(member, since, on, months)
    lines.append(_dues_line(member, on, months))
    return lines


def _dues_line(member: Member, on: datetime.date, months: int) -> Line:
    """Months paid of those owed in the twelve full months before today, and which were not."""
    since, until = step(first_of(on), -12), first_of(on)
    done, missing = paid_and_open([member.pk], since, until)[member.pk]
    paid, owed = len(done), len(done) + len(missing)
    if not owed:
        return Line("Đoàn phí 12 tháng qua chưa ghi trong phần mềm: xem sổ giấy trước khi quyết định.")
    if paid == owed:
        return Line(f"Đoàn phí 12 tháng qua: đã đóng đủ {paid} tháng.", True)
    enough = "" if len(missing) >= months else f", chưa đến {months} tháng"
    return Line(f"Đoàn phí 12 tháng qua: đóng {paid} trên {owed} tháng, chưa đóng {spans_words(missing)}{enough}.")


def _stay_line(stay: Membership, away: int) -> Line:
    what = f"{stay.get_kind_display()} tại {stay.unit.name} từ {day(stay.starts_on)}"
    if stay.ends_on:
        what += f" đến trước {day(stay.ends_on)}"
    return Line(f"{what}: không xóa tên người đi xa không quá {away} tháng có báo cáo.", True)


def _away_line(stay: AwayStay, away: int, on: datetime.date) -> Line:
    """A place outside excuses for as long as the rule says; whoever is gone longer is no exception any more."""
    what = f"{stay.get_kind_display()} tại {stay.place} từ {day(stay.starts_on)}"
    if stay.ends_on:
        what += f" đến trước {day(stay.ends_on)}"
    if stay.starts_on < months_before(min(on, stay.ends_on or on), away):
        return Line(f"{what}, có báo cáo nhưng đã quá {away} tháng.")
    return Line(f"{what}: không xóa tên người đi xa không quá {away} tháng có báo cáo.", True)


def _is_recent(stay: Membership | AwayStay, since: datetime.date) -> bool:
    """A stay that goes on, or ended within the span in which being away excuses."""
    return stay.ends_on is None or stay.ends_on > since


def _meeting_lines(member: Member, since: datetime.date, on: datetime.date, months: int) -> list[Line]:
    """Meetings held on whose roll they were marked; not marked speaks neither for nor against."""
    until = on + datetime.timedelta(days=1)
    missed, excused, of = missed_of([member.pk], since, until)[member.pk]
    span = f"Từ {day(since)} đến {day(on)} ({months} tháng)"
    if not of:
        return []
    there = of - missed - excused
    words = f"{span}: {of} buổi sinh hoạt, có mặt {there}, vắng có lý do {excused}, vắng không lý do {missed}."
    # Only who missed every one of them without a reason is what the charter means.
    return [Line(words, missed < of)]


def _activity_lines(member: Member, since: datetime.date, on: datetime.date, months: int) -> list[Line]:
    took_part = Activity.objects.counted().filter(participations__member=member, last_on__lte=on)
    own = took_part.aggregate(last=Max("last_on"), lately=Count("pk", filter=Q(last_on__gte=since)))
    held = Activity.objects.counted().filter(unit=member.home_id, last_on__gte=since, last_on__lte=on)
    span = f"Từ {day(since)} đến {day(on)} ({months} tháng)"
    if own["lately"]:
        lines = [Line(f"{span}: có tên trong {own['lately']} hoạt động, không phải là vắng hẳn.", True)]
    else:
        lines = [Line(f"{span}: không có tên trong hoạt động nào; chi đoàn đã tổ chức {held.count()} hoạt động.")]
    last = f"Lần gần nhất có tên: {day(own['last'])}." if own["last"] else "Chưa từng có tên trong hoạt động nào."
    return [*lines, Line(last)]


def months_before(on: datetime.date, months: int) -> datetime.date:
    """The same day so many months earlier, or the last day of a shorter month."""
    place = on.year * 12 + on.month - 1 - months
    year, month = place // 12, place % 12 + 1
    for number in range(on.day, 0, -1):
        try:
            return datetime.date(year, month, number)
        except ValueError:
            continue
    raise ValueError(on)
