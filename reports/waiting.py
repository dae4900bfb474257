"""What waits for a person, worked out from the posts they hold: first what is late, then targets, then the rest."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.urls import reverse

from branches.formats import day
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
from branches.tree import scope_of
from branches.unit_warnings import questions_about, warnings_from

from .progress import ProgressTable, first_day_of, progress_for
from .waiting_assessing import own_assessments, to_approve, to_conclude
from .waiting_cases import self_reports, steps_of_team
from .waiting_complaints import letters_due
from .waiting_dues import slips
from .waiting_duties import directions_unanswered, duties_of
from .waiting_emulation import own_sheets, sheets_to_score
from .waiting_inspections import inspections, recommendations
from .waiting_items import Item, Source, tell
from .waiting_items import deadline as _deadline
from .waiting_locks import locks_near, openings
from .waiting_merit import cases_to_decide, remarks_due
from .waiting_people import admissions, data_requests, holders_gone, proposals, transfers
from .waiting_rounds import (
    reports_approved_outside,
    reports_due,
    reports_returned,
    reports_to_approve,
    rounds_late,
)
from .waiting_statistics import cells_to_type
from .waiting_tasks import (
    late_below,
    own_tasks,
    own_tasks_later,
    proposals_answered,
    proposals_to_answer,
    tasks_late,
    tasks_reported,
)

SHOWN = 5
NAMED = 3
RECENT = 4
NEW_IN_POST = 60  # days
PLAN_NEXT_YEAR_FROM = 11  # branches plan the next year in November and December (domain.md 7.1)


@dataclass
class Waiting:
    """Two groups and the late targets as the page shows them; `table` is the progress of the post's own unit.

    `notices` stand above all of them, however much waits; `recent` is what the unit did last, beside the table.
    """

    notices: list[Item] = field(default_factory=list)
    first: list[Item] = field(default_factory=list)
    later: list[Item] = field(default_factory=list)
    table: ProgressTable | None = None
    recent: list[Activity] = field(default_factory=list)

    @property
    def slow(self):
        return self.table.late if self.table else ()

    @property
    def nothing(self) -> bool:
        return not (self.notices or self.first or self.later or self.slow)


def waiting_for(account, post: Post | None, *, on: datetime.date) -> Waiting:
    """What waits for the account in this post. A constant number of queries.

    The plan of the year and the duties are read by their own modules; everything else is asked together.
    """
    waiting, rules = Waiting(), rules_on(on)
    soon, escalate = rules["due_soon_days"], rules["digest_escalate_days"]
    notices: list[Source] = []
    first: list[Source | list[Item]] = []
    later: list[Source | list[Item]] = []
    if account.member_id:  # also without a post: a member sees what they were given to do
        first += [own_tasks(account, on, soon), own_assessments(account, on)]
        later += [own_tasks_later(account, on, soon)]
    if post is None or "inspect" not in post.type.verbs_here:
        first += [steps_of_team(account, on, soon, rules)]  # anybody may be called into a team
    if post is None:
        return _told(waiting, notices, first, later)
    unit, here, approves = post.unit, set(post.type.verbs_here), "approve" in post.type.verbs_below
    scope = scope_of(unit, first_day_of(Period.of_year(on.year))) if "record" in here or approves else None
    own, below = duties_of(scope, on, soon, escalate, own="record" in here, below=approves) if scope else ([], [])
    if "record" in here:
        waiting.table = progress_for(unit, Period.of_year(on.year), as_of=on, scope=scope, rules=rules)
        first += [_undecided(unit, on), recommendations(account, on, soon), _directions(unit, on, soon), own]
        first += [slips(unit, on), tasks_reported(unit, on), tasks_late(unit, account, on), to_conclude(unit, on)]
        first += [proposals_answered(unit), self_reports(account, on), own_sheets(unit, on)]
        notices += [openings(unit, on), locks_near(unit, on, soon)]
        later += [_without_results(waiting.table), _missing_plans(unit, waiting.table, on), _without_figures(unit, on)]
        later += [_recent(account, unit, waiting)]
    if "submit" in here:
        first += [reports_due(unit, on, soon), reports_returned(unit, on), cells_to_type(unit, on, soon)]
        first += [reports_approved_outside(unit, on)]
    gone = None
    if here & {"manage", "administer"} or approves:
        gone = holders_gone(account, unit, on)
        later += [gone]
    if "manage" in here:
        first += [remarks_due(unit, on, int(rules["party_remark_months"]))] if unit.is_branch else []
        first += [transfers(unit, on), data_requests(account, unit, on, soon)]
        later += [proposals(account, unit), _unit_warnings(unit, on, rules, gone)]
    if approves:
        first += [admissions(account, unit, on), cases_to_decide(account, unit, on), to_approve(account, unit, on)]
        first += [proposals_to_answer(account, unit), below, directions_unanswered(unit, on, escalate)]
        first += [sheets_to_score(unit)]
        first += [late_below(unit, on, escalate), reports_to_approve(account, unit, on), rounds_late(unit, on)]
        later += [_subordinates_without_plan(unit, on)]
    later = [_handover_notes(account, post, on), *later]
    if "inspect" in here:
        first += inspections(account, on, soon, rules)
        first += [letters_due(account, on)]
    if "administer" in here:
        later += [_vacancies(account, on)]
    if post.type.body == PostType.Body.MEMBER and account.member_id:
        first += [_own_targets(account.member_id, on)]
    return _told(waiting, notices, first, later)


def _told(waiting: Waiting, notices: list, first: list, later: list) -> Waiting:
    """All groups in the order of their parts; what has a day comes by its day."""
    tell([part for part in (*notices, *first, *later) if isinstance(part, Source)])
    for group, parts in ((waiting.notices, notices), (waiting.first, first), (waiting.later, later)):
        for part in parts:
            group += part.told if isinstance(part, Source) else part
    waiting.first.sort(key=lambda item: item.days)
    return waiting


def _recent(account, unit: Unit, waiting: Waiting) -> Source:
    """No line of the list: what the unit did last."""
    rows = Activity.objects.filter(reach(account, "unit__", right="view"), unit=unit).counted()

    def lines(rows) -> list[Item]:
        waiting.recent = rows
        return []

    return Source.one(rows.order_by("-last_on", "-pk")[:RECENT], ("pk", "title", "last_on", "member_count"), lines)


def _undecided(unit: Unit, on) -> Source:
    rows = Activity.objects.filter(unit=unit).undecided(on).order_by("last_on", "pk")[:20]

    def lines(rows) -> list[Item]:
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

    return Source.one(rows, ("pk", "title", "last_on"), lines)


def _directions(unit: Unit, on, soon) -> Source:
    targets = Target.objects.filter(direction=OuterRef("pk"))
    tasks = Task.objects.filter(direction=OuterRef("pk")).exclude(state=Task.State.DROPPED)
    rows = (
        Direction.objects.standing()
        .filter(unit=unit, answer="", due_on__lte=on + datetime.timedelta(days=soon))
        .filter(~Exists(targets), ~Exists(tasks))
        .order_by("due_on", "pk")[:20]
    )

    def lines(rows) -> list[Item]:
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

    return Source.one(rows, ("pk", "text", "body_name", "given_on", "due_on"), lines)


def _unit_warnings(unit: Unit, on, rules: dict, gone: Source | None) -> Source:
    """What the unit itself should look at; a superior's office finds those of its units behind one line.

    Who left and still holds a post is told by `gone`, where this reader may end the post.
    """

    def lines(answers) -> list[Item]:
        apart_from = {"holder_gone"} if gone and gone.told else set()
        found = [
            Item(one.text, unit.name, reverse("branches:unit", args=[unit.pk]))
            for one in warnings_from(answers, [unit], on, rules)[unit.pk]
            if one.code not in apart_from
        ]
        if unit.is_branch:
            return found
        below = reverse("branches:unit_warnings", args=[unit.pk])
        return [Item("Đơn vị trực thuộc cần lưu ý", "Ít đoàn viên, hết nhiệm kỳ, chưa có Bí thư", below), *found]

    return Source(questions_about([unit], on), lines)


def _handover_notes(account, post: Post, on) -> Source | list[Item]:
    """The last note a former holder left, for the first weeks in the post."""
    if (on - post.starts_on).days >= NEW_IN_POST:
        return []
    notes = HandoverNote.objects.visible_to(account).filter(unit=post.unit, type=post.type)

    def lines(rows) -> list[Item]:
        return [
            Item(
                "Đọc nội dung bàn giao",
                f"{post.type.name}, ghi ngày {day(note.written_on)}",
                reverse("branches:handover_note", args=[note.pk]),
            )
            for note in rows
        ]

    return Source.one(notes.order_by("-written_on", "-pk")[:1], ("pk", "written_on"), lines)


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


def _missing_plans(unit: Unit, table: ProgressTable, on) -> Source:
    following = Target.objects.filter(unit=unit).of_period(Period.of_year(on.year + 1))

    def lines(rows) -> list[Item]:
        years = [on.year] if not table.planned else []
        if on.month >= PLAN_NEXT_YEAR_FROM and not rows:
            years.append(on.year + 1)
        return [
            Item(
                f"Lập kế hoạch năm {year}",
                "Chưa có chỉ tiêu nào. Có thể chép từ năm trước rồi sửa",
                reverse("reports:plan_edit", args=[unit.pk, year]),
            )
            for year in years
        ]

    return Source.one(following.order_by()[:1], ("pk",), lines)


def _without_figures(unit: Unit, on) -> Source:
    known = Quantity.objects.filter(activity=OuterRef("pk"), value__isnull=False)
    held = Activity.objects.filter(unit=unit).counted().in_period(Period.of_year(on.year))

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Bổ sung số lượng: {row.title}",
                f"Ngày {day(row.last_on)}",
                reverse("branches:activity_edit", args=[row.pk]),
            )
            for row in rows
        ]

    rows = held.filter(~Exists(known)).order_by("-last_on", "-pk")[:3]
    return Source.one(rows, ("pk", "title", "last_on"), lines)


def _subordinates_without_plan(unit: Unit, on) -> Source:
    planned = Target.objects.of_period(Period.of_year(on.year)).filter(unit=OuterRef("pk"))
    below = Unit.objects.living(on).filter(placements__superior=unit, placements__ends_on=None)

    def lines(rows) -> list[Item]:
        if not rows:
            return []
        count = f"{len(rows)}" if len(rows) <= SHOWN else f"Hơn {SHOWN}"
        return [
            Item(
                f"{count} đơn vị chưa có kế hoạch năm {on.year}",
                "; ".join(row.name for row in rows[:NAMED]),
                reverse("reports:board", args=[unit.pk]),
            )
        ]

    rows = below.filter(~Exists(planned)).order_by("sort_key", "pk")[: SHOWN + 1]
    return Source.one(rows, ("name",), lines)


def _vacancies(account, on) -> Source:
    """Living branches below without anybody who may record: nobody can log or plan there."""
    holders = Post.objects.held_on(on).filter(
        unit=OuterRef("pk"), type__body=PostType.Body.COMMITTEE, account__is_active=True
    )
    empty = Unit.objects.living(on).filter(reach(account, right="administer"), kind__in=Unit.BRANCH_KINDS)

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"{row.name} chưa có ai phụ trách",
                "Chưa có Bí thư hoặc ủy viên dùng phần mềm",
                reverse("branches:unit_access", args=[row.pk]),
            )
            for row in rows
        ]

    return Source.one(empty.filter(~Exists(holders)).order_by("sort_key", "pk")[:SHOWN], ("pk", "name"), lines)


def _own_targets(member_id: int, on) -> Source:
    rows = Target.objects.filter(owner_id=member_id, period__starts_on__lte=on, period__ends_on__gt=on)

    def lines(rows) -> list[Item]:
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

    return Source.one(
        rows.order_by("due_on", "pk")[:20], ("pk", "indicator__name", "note", "period__name", "due_on"), lines
    )
