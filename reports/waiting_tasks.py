"""What waits about tasks and proposals: to do, to accept, to answer, to discuss."""

import datetime

from django.db.models import Count, F, Max, Min, Q
from django.urls import reverse

from branches.formats import day
from branches.models import Proposal, Task, Unit

from .waiting_items import Item, Source, deadline

MOST = 20
NAMED = 6
BELOW_WITHIN = 92  # days; what is older stands on the page and is told nobody every week


def own_tasks(account, on: datetime.date, soon: int) -> Source:
    """What the person is to do: late, due soon or sent back."""
    limit = on + datetime.timedelta(days=soon)
    rows = (
        Task.objects.owned_by(account)
        .filter(state=Task.State.GIVEN)
        .filter(Q(due_on__lte=limit) | Q(returned_count__gt=0))
        .order_by("due_on", "pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [_own(row, on) for row in rows]

    told = ("returned_count", "returned_because", "text", "unit__name", "given_on", "due_on", "state", "reported_on")
    return Source.one(rows, ("pk", *told), lines)


def _own(row: Task, on) -> Item:
    url = reverse("branches:task_report", args=[row.pk])
    if row.returned_count and not row.days_late(on):
        said = f"Còn thiếu: {row.returned_because}"
        return Item(f"Làm tiếp: {row.text}", said, url, "Báo xong", "returned", "Trả lại", 0)
    return Item(row.text, f"{row.unit.name} giao ngày {day(row.given_on)}", url, "Báo xong", **deadline(row.due_on, on))


def own_tasks_later(account, on: datetime.date, soon: int) -> Source:
    """One line for the person's other open tasks."""
    limit = on + datetime.timedelta(days=soon)
    rows = Task.objects.owned_by(account).filter(state=Task.State.GIVEN, returned_count=0)
    rows = rows.filter(Q(due_on=None) | Q(due_on__gt=limit)).order_by()
    url = reverse("branches:task_own")

    def lines(rows) -> list[Item]:
        return [Item(f"{row.count} việc khác đang làm", "Việc được giao, chưa đến hạn", url) for row in rows]

    return Source.one(rows.values("state").annotate(count=Count("pk")), ("count",), lines)


def tasks_reported(unit: Unit, on: datetime.date) -> Source:
    """Tasks of the unit that somebody reported done."""
    rows = Task.objects.filter(unit=unit, state=Task.State.REPORTED).order_by("reported_on", "pk")[:MOST]

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Nhận việc: {row.text}",
                f"{row.whose} báo xong ngày {day(row.reported_on)}",
                reverse("branches:task_review", args=[row.pk]),
                "Xem và nhận",
                "waiting",
                f"Chờ {(on - row.reported_on).days} ngày",
            )
            for row in rows
        ]

    return Source.one(rows, ("pk", "text", "owner_id", "owner__full_name", "owner_name", "reported_on"), lines)


def tasks_late(unit: Unit, account, on: datetime.date) -> Source:
    """One line for the unit's tasks of others that are late."""
    late = Task.objects.filter(unit=unit).overdue(on).exclude(pk__in=Task.objects.owned_by(account).values("pk"))
    url = reverse("branches:task_list", args=[unit.pk])

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"{row.count} việc đã giao bị quá hạn",
                "Hỏi lại người làm, lùi hạn hoặc thôi",
                url,
                "Xem",
                **deadline(row.first, on),
            )
            for row in rows
        ]

    whole = late.order_by().values("unit_id").annotate(count=Count("pk"), first=Min("due_on"))
    return Source.one(whole, ("count", "first"), lines)


def late_below(unit: Unit, on: datetime.date, days: int) -> Source:
    """For the office above: one line with the units whose tasks are late for `days` days; neither texts nor names.

    The digest sends the same line: this is how what is overdue goes up.
    """
    first, last = on - datetime.timedelta(days=BELOW_WITHIN), on - datetime.timedelta(days=days)
    late = Task.objects.overdue(on).filter(unit__path__startswith=unit.path, due_on__range=(first, last))
    whole = late.exclude(unit=unit).order_by("unit__sort_key", "unit_id").values("unit_id", name=F("unit__name"))

    def lines(rows) -> list[Item]:
        if not rows:
            return []
        told = "; ".join(f"{row.name} ({row.count} việc)" for row in rows[:NAMED])
        rest = f"; và {len(rows) - NAMED} đơn vị khác" if len(rows) > NAMED else ""
        return [
            Item(
                f"{len(rows)} đơn vị có việc được giao quá hạn từ {days} ngày trở lên",
                f"{told}{rest}",
                reverse("branches:task_below", args=[unit.pk]),
                "Xem",
                **deadline(max(row.newest for row in rows), on),
            )
        ]

    return Source.one(whole.annotate(count=Count("pk"), newest=Max("due_on")), ("name", "count", "newest"), lines)


def proposals_to_answer(account, unit: Unit) -> Source:
    """What those below put to this office."""
    rows = Proposal.objects.answerable_by(account).filter(state=Proposal.State.SENT, unit__path__startswith=unit.path)

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Trả lời đề xuất: {row.what}",
                f"{row.unit.name} gửi ngày {day(row.sent_on)}",
                reverse("branches:proposal_answer", args=[row.pk]),
                "Trả lời",
                "waiting",
                "Chờ trả lời",
            )
            for row in rows
        ]

    return Source.one(rows.order_by("sent_on", "pk")[:MOST], ("pk", "what", "unit__name", "sent_on"), lines)


def proposals_answered(unit: Unit) -> Source:
    """The unit's proposals to be discussed, and agreed ones of which nothing has become."""
    carried = Q(target__isnull=False) | Q(tasks__isnull=False)
    rows = Proposal.objects.filter(unit=unit).filter(
        Q(state=Proposal.State.DISCUSS) | Q(state=Proposal.State.AGREED) & ~carried
    )

    def lines(rows) -> list[Item]:
        return [_answered(row) for row in rows]

    columns = ("pk", "state", "what", "put_to", "answer", "answered_on")
    return Source.one(rows.order_by("answered_on", "pk")[:MOST], columns, lines)


def _answered(row: Proposal) -> Item:
    agreed, said = row.state == Proposal.State.AGREED, f": {row.answer}" if row.answer else ""
    return Item(
        f"{'Làm theo đề xuất đã đồng ý' if agreed else 'Trao đổi thêm'}: {row.what}",
        f"{row.get_put_to_display()} trả lời ngày {day(row.answered_on)}{said}",
        reverse("branches:proposal", args=[row.pk]),
        "Mở đề xuất",
        "going" if agreed else "returned",
        "Đồng ý" if agreed else "Cần trao đổi",
    )
