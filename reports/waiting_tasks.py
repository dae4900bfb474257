"""What waits about tasks and proposals: to do, to accept, to answer, to discuss."""

import datetime

from django.db.models import Q
from django.urls import reverse

from branches.formats import day
from branches.models import Proposal, Task, Unit

from .waiting_items import Item, deadline

MOST = 20


def own_tasks(account, on: datetime.date, soon: int) -> list[Item]:
    """What the person is to do: late, due soon or sent back. One query."""
    limit = on + datetime.timedelta(days=soon)
    rows = (
        Task.objects.owned_by(account)
        .filter(state=Task.State.GIVEN)
        .filter(Q(due_on__lte=limit) | Q(returned_count__gt=0))
        .select_related("unit")
        .order_by("due_on", "pk")[:MOST]
    )
    return [_own(row, on) for row in rows]


def _own(row: Task, on) -> Item:
    url = reverse("branches:task_report", args=[row.pk])
    if row.returned_count and not row.days_late(on):
        said = f"Còn thiếu: {row.returned_because}"
        return Item(f"Làm tiếp: {row.text}", said, url, "Báo xong", "returned", "Trả lại", 0)
    return Item(row.text, f"{row.unit.name} giao ngày {day(row.given_on)}", url, "Báo xong", **deadline(row.due_on, on))


def own_tasks_later(account, on: datetime.date, soon: int) -> list[Item]:
    """One line for the person's other open tasks. One query."""
    limit = on + datetime.timedelta(days=soon)
    rows = Task.objects.owned_by(account).filter(state=Task.State.GIVEN, returned_count=0)
    count = rows.filter(Q(due_on=None) | Q(due_on__gt=limit)).count()
    url = reverse("branches:task_own")
    return [Item(f"{count} việc khác đang làm", "Việc được giao, chưa đến hạn", url)] if count else []


def tasks_of_unit(unit: Unit, account, on: datetime.date) -> list[Item]:
    """Tasks of the unit reported done, and one line for those of others that are late. Two queries."""
    tasks = Task.objects.filter(unit=unit)
    reported = tasks.filter(state=Task.State.REPORTED).select_related("owner").order_by("reported_on", "pk")
    items = [
        Item(
            f"Nhận việc: {row.text}",
            f"{row.whose} báo xong ngày {day(row.reported_on)}",
            reverse("branches:task_review", args=[row.pk]),
            "Xem và nhận",
            "waiting",
            f"Chờ {(on - row.reported_on).days} ngày",
        )
        for row in reported[:MOST]
    ]
    late = tasks.overdue(on).exclude(pk__in=Task.objects.owned_by(account).values("pk"))
    dates = list(late.order_by("due_on", "pk").values_list("due_on", flat=True))
    if dates:
        url = reverse("branches:task_list", args=[unit.pk])
        what = f"{len(dates)} việc đã giao bị quá hạn"
        items.append(Item(what, "Hỏi lại người làm, lùi hạn hoặc thôi", url, "Xem", **deadline(dates[0], on)))
    return items


def proposals_to_answer(account, unit: Unit) -> list[Item]:
    """What those below put to this office. One query."""
    rows = Proposal.objects.answerable_by(account).filter(state=Proposal.State.SENT, unit__path__startswith=unit.path)
    return [
        Item(
            f"Trả lời đề xuất: {row.what}",
            f"{row.unit.name} gửi ngày {day(row.sent_on)}",
            reverse("branches:proposal_answer", args=[row.pk]),
            "Trả lời",
            "waiting",
            "Chờ trả lời",
        )
        for row in rows.select_related("unit").order_by("sent_on", "pk")[:MOST]
    ]


def proposals_answered(unit: Unit) -> list[Item]:
    """The unit's proposals to be discussed, and agreed ones of which nothing has become. One query."""
    carried = Q(target__isnull=False) | Q(tasks__isnull=False)
    rows = Proposal.objects.filter(unit=unit).filter(
        Q(state=Proposal.State.DISCUSS) | Q(state=Proposal.State.AGREED) & ~carried
    )
    items = []
    for row in rows.order_by("answered_on", "pk")[:MOST]:
        agreed, said = row.state == Proposal.State.AGREED, f": {row.answer}" if row.answer else ""
        items.append(
            Item(
                f"{'Làm theo đề xuất đã đồng ý' if agreed else 'Trao đổi thêm'}: {row.what}",
                f"{row.get_put_to_display()} trả lời ngày {day(row.answered_on)}{said}",
                reverse("branches:proposal", args=[row.pk]),
                "Mở đề xuất",
                "going" if agreed else "returned",
                "Đồng ý" if agreed else "Cần trao đổi",
            )
        )
    return items
