"""Verbs on tasks: somebody is to do something by a day; done by the owner is not yet accepted by the giver.

Each verb but giving takes the `version` its page was opened with. The row is locked first, so that of two
people at once (the owner reports, the secretary drops) the second finds what the first made of it.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from branches.formats import day
from branches.long_texts import kept_lines
from branches.models import (
    Conclusion,
    Direction,
    Meeting,
    Member,
    Membership,
    Post,
    Proposal,
    Task,
    TaskCarry,
    TaskFile,
    TaskStep,
    Unit,
)
from branches.uploads import Stored
from branches.vietnamese import nfc

FIELDS = ("text", "expected", "owner", "owner_name", "due_on")
State, Kind = Task.State, TaskStep.Kind


class TaskRefused(Exception):
    """The change is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


# --- giving ---------------------------------------------------------------------------------------------


@transaction.atomic
def give_task(
    *,
    by,
    unit: Unit,
    on: datetime.date,
    text: str,
    expected: str = "",
    owner: Member | None = None,
    owner_name: str = "",
    due_on: datetime.date | None = None,
    conclusion: Conclusion | None = None,
    meeting: Meeting | None = None,
    direction: Direction | None = None,
    proposal: Proposal | None = None,
) -> Task:
    """Give one task to one member or to a body ("Ban Chấp hành"); a conclusion brings its meeting with it."""
    if conclusion is not None:
        meeting = conclusion.item.meeting
    task = Task(
        unit=unit,
        text=nfc(text),
        expected=nfc(expected),
        owner=owner,
        owner_name="" if owner else nfc(owner_name),
        given_on=on,
        given_by=by,
        due_on=due_on,
        conclusion=conclusion,
        meeting=meeting,
        direction=direction,
        proposal=proposal,
    )
    _refuse_wrong_source(task)
    _refuse_wrong_words(task)
    task.save()
    _note(task, Kind.GIVEN, by, on)
    return task


@transaction.atomic
def give_tasks(*, owners: Sequence[Member | str], **fields) -> list[Task]:
    """The same to several: one task for each, because each is reported and accepted by itself."""
    if not owners:
        raise TaskRefused({"owner": "Hãy chọn người thực hiện, hoặc ghi tên tập thể."})
    return [
        give_task(**fields, owner=one) if isinstance(one, Member) else give_task(**fields, owner_name=one)
        for one in owners
    ]


def _refuse_wrong_source(task: Task) -> None:
    for source in (task.meeting, task.direction, task.proposal):
        if source is not None and source.unit_id != task.unit_id:
            raise TaskRefused({"": "Việc này thuộc đơn vị khác. Hãy mở lại trang rồi giao lại."})
    if task.direction is not None and task.direction.withdrawn_on:
        raise TaskRefused({"": f"Ý kiến chỉ đạo này đã rút từ ngày {day(task.direction.withdrawn_on)}."})
    if task.proposal is not None and task.proposal.state != Proposal.State.AGREED:
        raise TaskRefused({"": "Đề xuất chưa được đồng ý nên chưa giao thành việc được."})


def _refuse_wrong_words(task: Task) -> None:
    errors = {}
    if not task.text:
        errors["text"] = "Hãy ghi việc cần làm."
    if task.owner_id is None and not task.owner_name:
        errors["owner"] = "Hãy chọn người thực hiện, hoặc ghi tên tập thể."
    elif task.owner_id is not None and not _is_of(task.unit, task.owner):
        errors["owner"] = f"{task.owner.full_name} không thuộc {task.unit.name}. Hãy chọn lại người thực hiện."
    if task.due_on and task.due_on < task.given_on:
        errors["due_on"] = f"Thời hạn phải từ ngày giao {day(task.given_on)} trở đi."
    if errors:
        raise TaskRefused(errors)


def _is_of(unit: Unit, member: Member) -> bool:
    """Who belongs here or takes part here, now or once: a task may outlive its owner's stay."""
    return members_of(unit).filter(pk=member.pk).exists()


def members_of(unit: Unit):
    """Everybody who may own a task of the unit."""
    here = Membership.objects.filter(unit=unit).values("member")
    return Member.objects.filter(Q(home__path__startswith=unit.path) | Q(pk__in=here), merged_into=None)


@transaction.atomic
def change_task(*, task: Task, version: int, by, on: datetime.date, **fields) -> Task:
    """Say the task otherwise, hand it to somebody else or move its date; only the fields of FIELDS given change."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not a field of a task: {', '.join(sorted(unknown))}")
    task = _locked(task)
    if not task.is_open:
        raise TaskRefused({"": f"{_closed(task)} Hãy mở lại việc rồi sửa."})
    task.claim(version)
    before = {name: getattr(task, name) for name in FIELDS}
    for name, value in fields.items():
        setattr(task, name, nfc(value) if isinstance(value, str) else value)
    if task.owner_id:
        task.owner_name = ""
    _refuse_wrong_words(task)
    task.save()
    _note(task, Kind.CHANGED, by, on, _changed_words(task, before))
    return task


def _changed_words(task: Task, before: dict) -> str:
    """What was changed. Names of owners are not written into the words: they are masked where the page masks them."""
    words = []
    if before["text"] != task.text:
        words.append(f"Trước là: {before['text']}")
    if before["due_on"] != task.due_on:
        words.append(f"Hạn cũ: {day(before['due_on']) or 'không đặt'}")
    if (before["owner"], before["owner_name"]) != (task.owner, task.owner_name):
        words.append("Đổi người thực hiện")
    return ". ".join(words)


# --- doing and accepting --------------------------------------------------------------------------------


@transaction.atomic
def report_task(*, task: Task, version: int, by, on: datetime.date, result: str, files: Sequence[Stored] = ()) -> Task:
    """The owner, or somebody of the unit for them, says what was achieved; `files` were stored before (uploads)."""
    task = _locked(task)
    if task.state != State.GIVEN:
        said = "Việc này đã báo xong, đang chờ nhận." if task.state == State.REPORTED else _closed(task)
        raise TaskRefused({"": said})
    result = kept_lines(result)
    if not result:
        raise TaskRefused({"result": "Hãy ghi đã làm được gì."})
    if on < task.given_on:
        raise TaskRefused({"reported_on": f"Hãy ghi ngày từ {day(task.given_on)}, ngày giao việc."})
    task.claim(version)
    task.state, task.result, task.reported_on, task.reported_by = State.REPORTED, result, on, by
    task.save()
    paths = [file.path for file in files]
    taken = set(TaskFile.objects.filter(file__in=paths).values_list("file", flat=True)) if paths else set()
    TaskFile.objects.bulk_create(
        TaskFile(task=task, uploaded_by=by, file=file.path, **file.columns())
        for file in files
        if file.path not in taken
    )
    _note(task, Kind.REPORTED, by, on, result)
    return task


@transaction.atomic
def accept_task(*, task: Task, version: int, by, on: datetime.date) -> Task:
    """It is done as it should be. Whoever did it does not accept it, unless nobody else could or they gave it."""
    task = _reported(task)
    if not may_accept(task, by, on):
        raise TaskRefused({"": "Việc của chính mình thì người giao hoặc đồng chí khác trong Ban Chấp hành nhận."})
    task.claim(version)
    _close(task, State.ACCEPTED, by, on)
    _note(task, Kind.ACCEPTED, by, on)
    return task


def may_accept(task: Task, by, on: datetime.date) -> bool:
    """Whether this person, who may write for the unit, may also say that this task is done."""
    if task.owner_id is None or by.member_id != task.owner_id or task.given_by_id == by.pk:
        return True
    posts = Post.objects.held_on(on).filter(unit=task.unit, account__is_active=True).exclude(account=by)
    return not any("record" in post.type.verbs_here for post in posts.select_related("type"))


@transaction.atomic
def send_back_task(*, task: Task, version: int, by, on: datetime.date, reason: str) -> Task:
    """Not yet as it should be: the owner goes on, knowing why."""
    task = _reported(task)
    reason = nfc(reason)
    if not reason:
        raise TaskRefused({"reason": "Hãy ghi còn thiếu gì, để người thực hiện biết mà làm tiếp."})
    task.claim(version)
    task.state, task.returned_count, task.returned_because = State.GIVEN, task.returned_count + 1, reason
    task.save()
    _note(task, Kind.RETURNED, by, on, reason)
    return task


@transaction.atomic
def drop_task(*, task: Task, version: int, by, on: datetime.date, reason: str) -> Task:
    """It will not be done. It stays on the list with the reason and counts for nobody."""
    task = _locked(task)
    if not task.is_open:
        raise TaskRefused({"": _closed(task)})
    reason = nfc(reason)
    if not reason:
        raise TaskRefused({"reason": "Hãy ghi lý do không làm nữa."})
    task.claim(version)
    task.drop_reason = reason
    _close(task, State.DROPPED, by, on)
    _note(task, Kind.DROPPED, by, on, reason)
    return task


@transaction.atomic
def reopen_task(*, task: Task, version: int, by, on: datetime.date, reason: str) -> Task:
    """An accepted or dropped task is to be done after all."""
    task = _locked(task)
    if task.is_open:
        raise TaskRefused({"": "Việc này đang mở, không cần mở lại."})
    reason = nfc(reason)
    if not reason:
        raise TaskRefused({"reason": "Hãy ghi lý do mở lại việc."})
    task.claim(version)
    task.state, task.closed_on, task.closed_by, task.drop_reason = State.GIVEN, None, None, ""
    task.save()
    _note(task, Kind.REOPENED, by, on, reason)
    return task


@transaction.atomic
def remove_task_file(*, file: TaskFile) -> None:
    """Take a file off a task that is still open. It leaves the disk when the removal is certain."""
    task = _locked(file.task)
    if not task.is_open:
        raise TaskRefused({"": f"{_closed(task)} Minh chứng giữ nguyên."})
    stored = file.file
    file.delete()
    transaction.on_commit(lambda: stored.storage.delete(stored.name))


@transaction.atomic
def carry_over(*, meeting: Meeting, tasks: Iterable[Task]) -> int:
    """These open tasks stand on the agenda of this meeting; said twice it is one. How many were new."""
    known = set(TaskCarry.objects.filter(meeting=meeting).values_list("task", flat=True))
    new = [TaskCarry(meeting=meeting, task=one) for one in tasks if one.pk not in known and one.is_open]
    TaskCarry.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update(no_key=True, of=("self",)).select_related("unit", "owner").get(pk=task.pk)


def _reported(task: Task) -> Task:
    task = _locked(task)
    if task.state == State.GIVEN:
        raise TaskRefused({"": "Người thực hiện chưa báo xong việc này."})
    if not task.is_open:
        raise TaskRefused({"": _closed(task)})
    return task


def _closed(task: Task) -> str:
    return f"Việc này {'đã nhận xong' if task.state == State.ACCEPTED else 'đã thôi'} từ {day(task.closed_on)}."


def _close(task: Task, state: str, by, on: datetime.date) -> None:
    task.state, task.closed_on, task.closed_by = state, on, by
    task.save()


def _note(task: Task, kind: str, by, on: datetime.date, words: str = "") -> None:
    TaskStep.objects.create(task=task, kind=kind, done_by=by, done_on=on, words=words)


# --- as it stood ----------------------------------------------------------------------------------------

# How a task stands after its last step; saying it otherwise changes nothing of that.
AFTER = {
    Kind.GIVEN: State.GIVEN, Kind.REPORTED: State.REPORTED, Kind.RETURNED: State.GIVEN,
    Kind.ACCEPTED: State.ACCEPTED, Kind.DROPPED: State.DROPPED, Kind.REOPENED: State.GIVEN,
}  # fmt: skip


def with_last_step(tasks: QuerySet, on: datetime.date) -> QuerySet:
    """The tasks given by the day `on`, each with the kind of its last step by then (`last_step`), for `stood`."""
    steps = TaskStep.objects.filter(task=OuterRef("pk"), kind__in=AFTER, done_on__lte=on).order_by("-pk")
    return tasks.filter(given_on__lte=on).annotate(last_step=Subquery(steps.values("kind")[:1]))


STOOD = ("pk", "direction_id", "state", "due_on", "reported_on", "closed_on", "last_step")  # what `stood` is told from


def stood(rows: Iterable[Task], on: datetime.date) -> list[Task]:
    """Rows of `with_last_step` with the state they had at the end of the day; text and date are those of today.

    For pages about a past day: the tasks are never saved. Those dropped by then are left out.
    """
    rows = list(rows)
    for row in rows:
        row.state = AFTER[row.last_step] if row.last_step else _by_days(row, on)
    return [row for row in rows if row.state != State.DROPPED]


def _by_days(task: Task, on: datetime.date) -> str:
    """For a task without steps: what its own days say."""
    if task.closed_on and task.closed_on <= on:
        return task.state
    return State.REPORTED if task.reported_on and task.reported_on <= on else State.GIVEN


# --- figures --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """Of one member over a span: `given` = `accepted` + `open`; `late` are those of both that passed their date."""

    given: int = 0
    accepted: int = 0
    late: int = 0
    open: int = 0


def tasks_of(
    member_ids: Iterable[int], starts_on: datetime.date, ends_on: datetime.date, *, on: datetime.date | None = None
) -> dict[int, TaskFigures]:
    """The tasks of each member from `starts_on` (inclusive) to `ends_on` (exclusive), as they stood at its end.

    Counts what was given in the span and what was still open at its beginning; what was dropped counts for
    nobody. `on` is the day of asking, for a span that is not over yet. Members without a task are there too,
    with zeros. One query.
    """
    wanted = list(member_ids)
    last = ends_on - datetime.timedelta(days=1)
    until = min(on, last) if on else last
    rows = (
        Task.objects.filter(owner__in=wanted, given_on__lt=ends_on)
        .filter(Q(given_on__gte=starts_on) | Q(closed_on=None) | Q(closed_on__gte=starts_on))
        .exclude(state=State.DROPPED)
        .only("owner", "state", "due_on", "reported_on", "closed_on")
    )
    found: dict[int, list[tuple[bool, bool]]] = {pk: [] for pk in wanted}
    for task in rows:
        accepted = task.closed_on is not None and task.closed_on < ends_on
        done_on = task.reported_on if task.state != State.GIVEN and task.reported_on < ends_on else None
        late = task.due_on is not None and (done_on or until) > task.due_on
        found[task.owner_id].append((accepted, late))
    return {pk: _figures(tasks) for pk, tasks in found.items()}


def _figures(tasks: list[tuple[bool, bool]]) -> TaskFigures:
    accepted = sum(done for done, _ in tasks)
    return TaskFigures(len(tasks), accepted, sum(late for _, late in tasks), len(tasks) - accepted)
