"""What waits for a person, worked out from the posts they hold: first what is late, then targets, then the rest."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from branches.formats import day, distance, small
from branches.models import (
    Activity,
    Direction,
    HandoverNote,
    Period,
    Post,
    PostType,
    Quantity,
    Target,
    Task,
    Unit,
)
from branches.models.rule import rules_on
from branches.scoping import reach
from branches.unit_warnings import unit_warnings
from inspections.models import Check, Inspection, Recommendation

from .progress import ProgressTable, progress_for
from .waiting_assessing import own_assessments, to_approve, to_conclude
from .waiting_dues import slips
from .waiting_duties import directions_unanswered, duties_of_unit, silent_units
from .waiting_items import Item
from .waiting_items import deadline as _deadline
from .waiting_merit import cases_to_decide, remarks_due
from .waiting_people import admissions, data_requests, holders_gone, proposals, transfers
from .waiting_tasks import own_tasks, own_tasks_later, proposals_answered, proposals_to_answer, tasks_of_unit

SHOWN = 5
NAMED = 3
NEW_IN_POST = 60  # days
PLAN_NEXT_YEAR_FROM = 11  # branches plan the next year in November and December (domain.md 7.1)


@dataclass
class Waiting:
    """Three groups as the page shows them; `table` is the progress of the post's own unit."""

    first: list[Item] = field(default_factory=list)
    later: list[Item] = field(default_factory=list)
    table: ProgressTable | None = None

    @property
    def slow(self):
        return self.table.late if self.table else ()

    @property
    def nothing(self) -> bool:
        return not (self.first or self.later or self.slow)


def waiting_for(account, post: Post | None, *, on: datetime.date) -> Waiting:
    """What waits for the account in this post. A constant number of queries."""
    waiting = Waiting()
    rules = rules_on(on)
    soon = rules["due_soon_days"]
    if account.member_id:  # also without a post: a member sees what they were given to do
        waiting.first += own_tasks(account, on, soon)
        waiting.later += own_tasks_later(account, on, soon)
        waiting.first += own_assessments(account, on)
    if post is None:
        return waiting
    here = set(post.type.verbs_here)
    if "record" in here:
        waiting.table = progress_for(post.unit, Period.of_year(on.year), as_of=on)
        waiting.first += _undecided(post.unit, on)
        waiting.first += _recommendations(account, on, soon)
        waiting.first += _directions(post.unit, on, soon)
        waiting.first += duties_of_unit(post.unit, on, soon)
        waiting.first += slips(post.unit, on)
        waiting.first += tasks_of_unit(post.unit, account, on)
        waiting.first += to_conclude(post.unit, on)
        waiting.first += proposals_answered(post.unit)
        waiting.later += _without_results(waiting.table)
        waiting.later += _missing_plans(post.unit, waiting.table, on)
        waiting.later += _without_figures(post.unit, on)
    if here & {"manage", "administer"} or "approve" in post.type.verbs_below:
        gone = holders_gone(account, post.unit, on)
        waiting.later += gone
    if "manage" in here:
        waiting.first += remarks_due(post.unit, on, int(rules["party_remark_months"]))
        waiting.first += transfers(post.unit, on)
        waiting.first += data_requests(account, post.unit, on, soon)
        waiting.later += proposals(account, post.unit)
        waiting.later += _unit_warnings(post.unit, on, apart_from={"holder_gone"} if gone else set())
    if "approve" in post.type.verbs_below:
        waiting.first += admissions(account, post.unit, on)
        waiting.first += cases_to_decide(account, post.unit, on)
        waiting.first += to_approve(account, post.unit, on)
        waiting.first += proposals_to_answer(account, post.unit)
        waiting.first += silent_units(post.unit, on, rules["digest_escalate_days"])
        waiting.first += directions_unanswered(post.unit, on, rules["digest_escalate_days"])
        waiting.later += _subordinates_without_plan(post.unit, on)
    waiting.later = [*_handover_notes(account, post, on), *waiting.later]
    if "inspect" in here:
        waiting.first += _inspections(account, on, soon)
    if "administer" in here:
        waiting.later += _vacancies(account, on)
    if post.type.body == PostType.Body.MEMBER and account.member_id:
        waiting.first += _own_targets(account.member_id, on)
    waiting.first.sort(key=lambda item: item.days)
    return waiting


def _undecided(unit: Unit, on) -> list[Item]:
    rows = Activity.objects.filter(unit=unit).undecided(on).order_by("last_on", "pk")[:20]
    return [
        Item(
            row.title,
            f"Dự kiến {day(row.last_on)}, chưa ghi đã tổ chức hay không",
            reverse("branches:activity_hold", args=[row.pk]),
            "Ghi kết quả",
            "overdue",
            f"Qua {(on - row.last_on).days} ngày",
            (row.last_on - on).days,
        )
        for row in rows
    ]


def _recommendations(account, on, soon) -> list[Item]:
    """Due soon, without a date, or sent back: that one is a new task, however far its date."""
    limit = on + datetime.timedelta(days=soon)
    newest = Check.objects.filter(recommendation=OuterRef("pk")).order_by("-checked_on", "-pk")
    rows = (
        Recommendation.objects.answerable_by(account)
        .waiting_for_unit()
        .filter(Q(due_on__lte=limit) | Q(due_on=None) | Q(state=Recommendation.State.SENT_BACK))
        .select_related("inspection__programme__unit")
        .annotate(said_by_committee=Subquery(newest.values("text")[:1]))
        .by_age()[:20]
    )
    return [_recommendation(row, on) for row in rows]


def _recommendation(row, on) -> Item:
    url = reverse("inspections:answer", args=[row.pk])
    if row.state != Recommendation.State.SENT_BACK:
        visit = f"Sau cuộc làm việc {day(row.inspection.visited_on)} của {row.inspection.programme.issuer_name}"
        return Item(f"Trả lời kiến nghị: {row.text}", visit, url, "Trả lời", **_deadline(row.due_on, on))
    what, said = f"Làm tiếp kiến nghị: {row.text}", f"Ủy ban Kiểm tra trả lại: {row.said_by_committee}"
    if row.days_late(on):
        return Item(what, said, url, "Trả lời", **_deadline(row.due_on, on))
    due = f", {small(distance(row.due_on, on))}" if row.due_on else ""
    return Item(what, said, url, "Trả lời", "returned", f"Trả lại{due}", 0)


def _directions(unit: Unit, on, soon) -> list[Item]:
    targets = Target.objects.filter(direction=OuterRef("pk"))
    tasks = Task.objects.filter(direction=OuterRef("pk")).exclude(state=Task.State.DROPPED)
    rows = (
        Direction.objects.filter(unit=unit, answer="", due_on__lte=on + datetime.timedelta(days=soon))
        .filter(~Exists(targets), ~Exists(tasks))
        .order_by("due_on", "pk")[:20]
    )
    return [
        Item(
            f"Trả lời chỉ đạo: {row.text}",
            f"{row.body_name}, giao ngày {day(row.given_on)}",
            reverse("branches:direction_answer", args=[row.pk]),
            "Trả lời",
            **_deadline(row.due_on, on),
        )
        for row in rows
    ]


def _unit_warnings(unit: Unit, on, *, apart_from: set[str]) -> list[Item]:
    """What the unit itself should look at; a superior's office finds those of its units behind one line.

    `apart_from` are codes that have a line of their own already.
    """
    found = [one for one in unit_warnings(unit, on) if one.code not in apart_from]
    if not unit.is_branch:
        below = reverse("branches:unit_warnings", args=[unit.pk])
        return [Item("Đơn vị trực thuộc cần lưu ý", "Ít đoàn viên, hết nhiệm kỳ, chưa có Bí thư", below)] + [
            Item(one.text, unit.name, reverse("branches:unit", args=[unit.pk])) for one in found
        ]
    return [Item(one.text, unit.name, reverse("branches:unit", args=[unit.pk])) for one in found]


def _handover_notes(account, post: Post, on) -> list[Item]:
    """The last note a former holder left, for the first weeks in the post. One query."""
    notes = HandoverNote.objects.visible_to(account).filter(unit=post.unit, type=post.type)
    note = notes.order_by("-written_on", "-pk").first() if (on - post.starts_on).days < NEW_IN_POST else None
    if note is None:
        return []
    url = reverse("branches:handover_note", args=[note.pk])
    return [Item("Đọc nội dung bàn giao", f"{post.type.name}, ghi ngày {day(note.written_on)}", url)]


def _without_results(table: ProgressTable) -> list[Item]:
    rows = table.without_results
    if not rows:
        return []
    names = "; ".join(row.indicator.name for row in rows[:NAMED])
    return [
        Item(
            f"{len(rows)} chỉ tiêu chưa có kết quả năm {table.period.year_number}",
            f"{names}; …" if len(rows) > NAMED else names,
            f"{reverse('reports:progress', args=[table.unit.pk])}?loc=chua-co",
        )
    ]


def _missing_plans(unit: Unit, table: ProgressTable, on) -> list[Item]:
    years = [on.year] if not table.planned else []
    if on.month >= PLAN_NEXT_YEAR_FROM:
        following = Target.objects.filter(unit=unit).of_period(Period.of_year(on.year + 1))
        years += [on.year + 1] if not following.exists() else []
    return [
        Item(
            f"Lập kế hoạch năm {year}",
            "Chưa có chỉ tiêu nào. Có thể chép từ năm trước rồi sửa",
            reverse("reports:plan_edit", args=[unit.pk, year]),
        )
        for year in years
    ]


def _without_figures(unit: Unit, on) -> list[Item]:
    lines = Quantity.objects.filter(activity=OuterRef("pk"), value__isnull=False)
    rows = list(
        Activity.objects.filter(unit=unit)
        .counted()
        .in_period(Period.of_year(on.year))
        .filter(~Exists(lines))
        .order_by("-last_on", "-pk")[:3]
    )
    return [
        Item(
            f"Bổ sung số lượng: {row.title}",
            f"Ngày {day(row.last_on)}",
            reverse("branches:activity_edit", args=[row.pk]),
        )
        for row in rows
    ]


def _subordinates_without_plan(unit: Unit, on) -> list[Item]:
    planned = Target.objects.of_period(Period.of_year(on.year)).filter(unit=OuterRef("pk"))
    names = list(
        Unit.objects.living(on)
        .filter(placements__superior=unit, placements__ends_on=None)
        .filter(~Exists(planned))
        .order_by("sort_key", "pk")
        .values_list("name", flat=True)[: SHOWN + 1]
    )
    if not names:
        return []
    count = f"{len(names)}" if len(names) <= SHOWN else f"Hơn {SHOWN}"
    return [
        Item(
            f"{count} đơn vị chưa có kế hoạch năm {on.year}",
            "; ".join(names[:NAMED]),
            reverse("reports:board", args=[unit.pk]),
        )
    ]


def _inspections(account, on, soon) -> list[Item]:
    limit = on + datetime.timedelta(days=soon)
    cases = Inspection.objects.editable_by(account)
    answered = (
        Recommendation.objects.filter(inspection__in=cases.values("pk"))
        .waiting_for_check()
        .select_related("inspection__unit")
        .by_age()[:20]
    )
    items = [
        Item(
            f"Kiểm tra kiến nghị: {row.text}",
            f"{row.inspection.unit.name} báo đã làm",
            reverse("inspections:check", args=[row.pk]),
            "Ghi kết quả kiểm tra",
            "waiting",
            "Chờ kiểm tra",
            -1,
        )
        for row in answered
    ]
    late = (
        Recommendation.objects.filter(inspection__in=cases.values("pk"))
        .waiting_for_unit()
        .filter(due_on__lte=limit)
        .select_related("inspection__unit")
        .by_age()[:20]
    )
    items += [
        Item(
            row.text,
            f"Kiến nghị {row.number} với {row.inspection.unit.name}, hạn {day(row.due_on)}",
            reverse("inspections:inspection", args=[row.inspection_id]),
            "Xem hồ sơ",
            **_deadline(row.due_on, on),
        )
        for row in late
    ]
    visits = (
        cases.filter(Q(state=Inspection.State.VISITED) | Q(state=Inspection.State.PLANNED, visited_on__lte=limit))
        .select_related("unit")
        .order_by("visited_on", "pk")[:20]
    )
    for case in visits:
        visited = case.state == Inspection.State.VISITED
        items.append(
            Item(
                f"Ra thông báo kết luận: {case.title}" if visited else f"Làm việc tại đơn vị: {case.title}",
                f"{case.unit.name}, ngày {day(case.visited_on)}",
                reverse("inspections:inspection", args=[case.pk]),
                "Mở hồ sơ",
                **({"standing": "going", "word": "Chưa kết luận"} if visited else _deadline(case.visited_on, on)),
            )
        )
    return items


def _vacancies(account, on) -> list[Item]:
    """Living branches below without anybody who may record: nobody can log or plan there."""
    holders = Post.objects.held_on(on).filter(
        unit=OuterRef("pk"), type__body=PostType.Body.COMMITTEE, account__is_active=True
    )
    rows = list(
        Unit.objects.living(on)
        .filter(reach(account, right="administer"), kind__in=Unit.BRANCH_KINDS)
        .filter(~Exists(holders))
        .order_by("sort_key", "pk")[: SHOWN + 1]
    )
    return [
        Item(f"{row.name} chưa có ai phụ trách", "Chưa có Bí thư hoặc ủy viên dùng phần mềm",
             reverse("branches:unit_access", args=[row.pk]))
        for row in rows[:SHOWN]
    ]  # fmt: skip


def _own_targets(member_id: int, on) -> list[Item]:
    rows = (
        Target.objects.filter(owner_id=member_id, period__starts_on__lte=on, period__ends_on__gt=on)
        .select_related("indicator", "period")
        .order_by("due_on", "pk")[:20]
    )
    return [
        Item(
            f"Phụ trách chỉ tiêu: {row.indicator.name}",
            row.note or row.period.name,
            reverse("reports:target", args=[row.pk]),
            "Xem",
            **_deadline(row.due_on, on),
        )
        for row in rows
    ]
