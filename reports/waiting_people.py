"""What waits for whoever keeps a register: who comes and goes, what members ask."""

import datetime

from django.db.models import Count, Q
from django.urls import reverse

from branches.appointing import may_give
from branches.formats import day
from branches.leaving_posts import held_by_gone
from branches.models import Admission, DataRequest, Post, ProposedValue, Transfer, Unit
from branches.requests_of_data import standing_of
from branches.scoping import reach

from .waiting_items import Item, Source, deadline

MOST_POSTS = 20


def proposals(account, unit: Unit) -> Source:
    """What members sent through a link, for whoever keeps their register."""
    waiting = ProposedValue.objects.editable_by(account).waiting().filter(member__home__path__startswith=unit.path)
    url = reverse("branches:proposals", args=[unit.pk])

    def lines(rows) -> list[Item]:
        return [Item(f"{row.count} ô đoàn viên đề nghị sửa", "Xem từng ô rồi nhận vào sổ", url) for row in rows]

    return Source.one(waiting.order_by().values("state").annotate(count=Count("pk")), ("count",), lines)


def data_requests(account, unit: Unit, on, soon) -> Source:
    """Requests about one's own data whose next day is near or past."""
    limit = on + datetime.timedelta(days=soon)
    rows = DataRequest.objects.editable_by(account).filter(unit__path__startswith=unit.path, finished_on=None)
    rows = rows.filter(Q(answered_on=None, answer_due_on__lte=limit) | Q(finish_due_on__lte=limit))

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"{row.get_kind_display()}: {row.name}",
                f"Yêu cầu về dữ liệu cá nhân, nhận ngày {day(row.received_on)}",
                reverse("branches:data_request", args=[row.pk]),
                "Trả lời" if row.answered_on is None else "Ghi kết quả",
                **deadline(standing_of(row, on)[1], on),
            )
            for row in rows
        ]

    columns = ("pk", "kind", "name", "received_on", "answered_on", "finished_on", "answer_due_on", "finish_due_on")
    return Source.one(rows.order_by("finish_due_on", "pk")[:20], columns, lines)


def transfers(unit: Unit, on) -> Source:
    """Who is to be taken in here, and who left a letter ago that nobody answered in time."""
    late = Q(source=unit, due_on__lt=on)
    rows = Transfer.objects.open().filter(Q(target=unit) | late).order_by("due_on", "pk")[:20]

    def lines(rows) -> list[Item]:
        return [_transfer(row, unit, on) for row in rows]

    columns = ("pk", "member_id", "member__full_name", "source__name", "target_id", "target_name", "due_on")
    return Source.one(rows, columns, lines)


def _transfer(row: Transfer, unit: Unit, on) -> Item:
    comes = row.target_id == unit.pk
    return Item(
        f"Tiếp nhận {row.member.full_name} chuyển đến"
        if comes
        else f"{row.member.full_name} chuyển đi, nơi đến chưa trả lời",
        f"{row.source.name} giới thiệu" if comes else f"Nơi đến: {row.target_name}",
        reverse("branches:transfer", args=[row.pk]),
        "Xem giấy giới thiệu" if comes else "Mở việc chuyển",
        **deadline(row.due_on, on),
    )


def holders_gone(account, unit: Unit, on) -> Source:
    """Posts at the unit and below whose holder left, for whoever may end them. One query more where there are any."""
    posts = held_by_gone(Post.objects.filter(unit__path__startswith=unit.path), on)

    def lines(rows) -> list[Item]:
        # Who may end a post is a matter of whole posts, units and kinds of post; hardly ever is there one to ask.
        return [
            Item(
                f"Ghi thôi chức vụ của {row.account}",
                f"{row.type.name}, {row.body_name}; đã rời đơn vị từ {day(row.left_on)}",
                reverse("branches:post_end", args=[row.pk]),
                "Ghi thôi chức vụ",
            )
            for row in (posts.filter(pk__in=[row.pk for row in rows]) if rows else ())
            if may_give(account, row.unit, row.type)
        ]

    return Source.one(posts[:MOST_POSTS], ("pk",), lines)


def admissions(account, unit: Unit, on) -> Source:
    """Applications the branches below voted for, waiting for this office."""
    rows = (
        Admission.objects.filter(reach(account, "unit__", right="approve"), unit__path__startswith=unit.path)
        .filter(state=Admission.State.VOTED)
        .order_by("voted_on", "pk")[:20]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Chuẩn y kết nạp {row.full_name}",
                f"{row.unit.name}, biểu quyết {row.votes_for}/{row.members_present} ngày {day(row.voted_on)}",
                reverse("branches:admission", args=[row.pk]),
                "Xem hồ sơ",
                "waiting",
                f"Chờ {(on - row.voted_on).days} ngày",
            )
            for row in rows
        ]

    return Source.one(rows, ("pk", "full_name", "unit__name", "votes_for", "members_present", "voted_on"), lines)
