"""What waits for whoever keeps a register: who comes and goes, what members ask."""

import datetime

from django.db.models import Q
from django.urls import reverse

from branches.appointing import may_give
from branches.formats import day
from branches.leaving_posts import held_by_gone
from branches.models import Admission, DataRequest, Post, ProposedValue, Transfer, Unit
from branches.requests_of_data import standing_of
from branches.scoping import reach

from .waiting_items import Item, deadline

MOST_POSTS = 20


def proposals(account, unit: Unit) -> list[Item]:
    """What members sent through a link, for whoever keeps their register. One query."""
    waiting = ProposedValue.objects.editable_by(account).waiting().filter(member__home__path__startswith=unit.path)
    count = waiting.count()
    url = reverse("branches:proposals", args=[unit.pk])
    return [Item(f"{count} ô đoàn viên đề nghị sửa", "Xem từng ô rồi nhận vào sổ", url)] if count else []


def data_requests(account, unit: Unit, on, soon) -> list[Item]:
    """Requests about one's own data whose next day is near or past. One query."""
    limit = on + datetime.timedelta(days=soon)
    rows = DataRequest.objects.editable_by(account).filter(unit__path__startswith=unit.path, finished_on=None)
    rows = rows.filter(Q(answered_on=None, answer_due_on__lte=limit) | Q(finish_due_on__lte=limit))
    return [
        Item(
            f"{row.get_kind_display()}: {row.name}",
            f"Yêu cầu về dữ liệu cá nhân, nhận ngày {day(row.received_on)}",
            reverse("branches:data_request", args=[row.pk]),
            "Trả lời" if row.answered_on is None else "Ghi kết quả",
            **deadline(standing_of(row, on)[1], on),
        )
        for row in rows.order_by("finish_due_on", "pk")[:20]
    ]


def transfers(unit: Unit, on) -> list[Item]:
    """Who is to be taken in here, and who left a letter ago that nobody answered in time. One query."""
    late = Q(source=unit, due_on__lt=on)
    rows = (
        Transfer.objects.open()
        .filter(Q(target=unit) | late)
        .select_related("member", "source")
        .order_by("due_on", "pk")[:20]
    )
    return [
        Item(
            f"Tiếp nhận {row.member.full_name} chuyển đến"
            if row.target_id == unit.pk
            else f"{row.member.full_name} chuyển đi, nơi đến chưa trả lời",
            f"{row.source.name} giới thiệu" if row.target_id == unit.pk else f"Nơi đến: {row.target_name}",
            reverse("branches:transfer", args=[row.pk]),
            "Xem giấy giới thiệu" if row.target_id == unit.pk else "Mở việc chuyển",
            **deadline(row.due_on, on),
        )
        for row in rows
    ]


def holders_gone(account, unit: Unit, on) -> list[Item]:
    """Posts at the unit and below whose holder left, for whoever may end them. One query."""
    rows = held_by_gone(Post.objects.filter(unit__path__startswith=unit.path), on)
    return [
        Item(
            f"Ghi thôi chức vụ của {row.account}",
            f"{row.type.name}, {row.body_name}; đã rời đơn vị từ {day(row.left_on)}",
            reverse("branches:post_end", args=[row.pk]),
            "Ghi thôi chức vụ",
        )
        for row in rows[:MOST_POSTS]
        if may_give(account, row.unit, row.type)
    ]


def admissions(account, unit: Unit, on) -> list[Item]:
    """Applications the branches below voted for, waiting for this office. One query."""
    rows = (
        Admission.objects.filter(reach(account, "unit__", right="approve"), unit__path__startswith=unit.path)
        .filter(state=Admission.State.VOTED)
        .select_related("unit")
        .order_by("voted_on", "pk")[:20]
    )
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
