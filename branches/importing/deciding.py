"""The preview: what a person says about single rows, and the one transaction that ends it."""

import datetime

from django.db import transaction

from branches.models import ImportRow, MemberImport

from .applying import ListRefused, apply_rows, lock_units
from .cells import ParsedRow, Problem, parse_row
from .known import Known, Units
from .planning import WAITING, Planned, State, mark_repeats, plan_row
from .saying import values_meant
from .staging import effect_of, planned_columns, unit_of_sheet, units_of


@transaction.atomic
def decide_row(
    *, row: ImportRow, by, today: datetime.date, choice: str = "", chosen: int | None = None, typed: dict | None = None
) -> ImportRow:
    """Say what an unsure row means, or correct the cells of a wrong one (field → text, "" leaves the cell out)."""
    source = _at_preview(row.belongs_to_id)
    row = source.rows.select_related("unit").get(pk=row.pk)
    if row.state == State.SKIPPED and "full_name" not in row.values:
        raise ListRefused("Dòng này không phải là một người.")
    if choice == ImportRow.Choice.SAME and chosen not in row.candidates:
        raise ListRefused("Hãy chọn một người trong danh sách.")
    row.choice = choice
    row.chosen_id = chosen if choice == ImportRow.Choice.SAME else None
    row.typed |= typed or {}
    units = units_of(source.unit, by)
    parsed = _parsed(row, today)
    known = _known([(row, parsed)], units)
    plan = _plan(source, row, parsed, known, units)
    for name, value in planned_columns(plan).items():
        setattr(row, name, value)
    row.save()
    return row


@transaction.atomic
def decide_namesakes(*, source: MemberImport, by, today: datetime.date, choice: str) -> int:
    """Answer every unsure row that may mean exactly one person alike: the person held, or a new one. Rows answered."""
    source = _at_preview(source.pk)
    rows = [row for row in _rows(source).filter(state=State.UNSURE) if len(row.candidates) == 1]
    for row in rows:
        row.choice = choice
        row.chosen_id = row.candidates[0] if choice == ImportRow.Choice.SAME else None
    _write(rows, _plan_all(source, rows, by, today))
    return len(rows)


def apply_import(*, source: MemberImport, by, today: datetime.date, leave_out: bool) -> dict | None:
    """Write the list into the register, whole or not at all: {"new": n, "changed": n}.

    Every row is planned once more against the register as it stands, with its branches locked. When that
    comes out otherwise than the preview said, nothing is written: the preview is brought up to date and
    None is returned. Rows that need a choice or a correction stop the import unless `leave_out` is said.
    """
    with transaction.atomic():
        source = MemberImport.objects.select_for_update().get(pk=source.pk)
        if source.state != MemberImport.State.PREVIEW:
            raise ListRefused("Danh sách này đã nhập xong hoặc chưa đọc xong.")
        rows = list(_rows(source).exclude(state=State.SKIPPED))
        lock_units(row.unit_id for row in rows if row.unit_id)
        plans = _plan_all(source, rows, by, today)
        if stale := [(row, plan) for row, plan in zip(rows, plans, strict=True) if _differs(row, plan)]:
            _write([row for row, _ in stale], [plan for _, plan in stale])
            return None
        waiting = sum(plan.state in WAITING for plan in plans)
        if waiting and not leave_out:
            todo = "Hãy xem từng dòng, hoặc đánh dấu “Để lại” rồi nhập phần còn lại."
            raise ListRefused(f"Còn {waiting} dòng cần chọn hoặc cần sửa. {todo}")
        if not any(plan.state in (State.NEW, State.CHANGED) for plan in plans):
            raise ListRefused("Không có gì để nhập: mọi dòng đều đã có hoặc chưa chọn.")
        counts = {state: sum(plan.state == state for plan in plans) for state in State.values}
        counts[State.SKIPPED] = source.rows.filter(state=State.SKIPPED).count()
        source.counts = counts
        result = apply_rows(plans, source=source, by=by)
        source.rows.filter(state__in=[State.SAME, State.SKIPPED]).delete()
        file = source.file if not waiting else None
        if file:
            transaction.on_commit(lambda: file.storage.delete(file.name))
            MemberImport.objects.filter(pk=source.pk).update(file="")
    return result


@transaction.atomic
def drop_import(*, source: MemberImport) -> None:
    """Throw an unfinished list away: the file and all that was read of it."""
    source = MemberImport.objects.select_for_update().get(pk=source.pk)
    if source.state in (MemberImport.State.APPLIED, MemberImport.State.UNDONE):
        raise ListRefused("Danh sách này đã nhập xong; muốn lấy lại thì chọn “Bỏ lần nhập này”.")
    source.rows.all().delete()
    file = source.file
    if file:
        transaction.on_commit(lambda: file.storage.delete(file.name))
    source.file, source.state = "", MemberImport.State.DROPPED
    source.save()


def _at_preview(pk: int) -> MemberImport:
    """The list, locked; refused when it is past its preview or not there yet."""
    source = MemberImport.objects.select_for_update().get(pk=pk)
    if source.state != MemberImport.State.PREVIEW:
        raise ListRefused("Danh sách này không còn ở bước xem trước.")
    return source


def _rows(source: MemberImport):
    return source.rows.defer("cells").order_by("sheet", "number")


def _plan_all(source: MemberImport, rows: list[ImportRow], by, today) -> list[Planned]:
    units = units_of(source.unit, by)
    parsed = [_parsed(row, today) for row in rows]
    known = _known(list(zip(rows, parsed, strict=True)), units)
    plans = [_plan(source, row, one, known, units) for row, one in zip(rows, parsed, strict=True)]
    mark_repeats(plans)
    return plans


def _known(rows: list[tuple[ImportRow, ParsedRow]], units: Units) -> Known:
    known = Known.about([parsed.values for _, parsed in rows], units)
    known.add_missing([row.chosen_id for row, _ in rows if row.chosen_id])
    return known


def _plan(source: MemberImport, row: ImportRow, parsed: ParsedRow, known: Known, units: Units) -> Planned:
    return plan_row(
        row.sheet, row.number, parsed, known, unit=unit_of_sheet(source, row.sheet, units),
        starts_on=source.starts_on, choice=row.choice, chosen=known.members.get(row.chosen_id),
    )  # fmt: skip


def _parsed(row: ImportRow, today: datetime.date) -> ParsedRow:
    """What the row says, with the cells a person corrected in place of those of the file."""
    values = {name: value for name, value in values_meant(row.values).items() if name not in row.typed}
    problems = [
        Problem(one["field"], one["code"], one["message"], one["stops"])
        for one in row.problems
        if one.get("read") and one["field"] not in row.typed
    ]
    if not row.typed:
        return ParsedRow(values, tuple(problems), "person")
    typed = parse_row({name: text for name, text in row.typed.items() if text}, today=today)
    fresh = [problem for problem in typed.problems if problem.code != "no_name" or "full_name" in row.typed]
    return ParsedRow(values | typed.values, (*problems, *fresh), "person")


def _differs(row: ImportRow, plan: Planned) -> bool:
    """Whether the plan made now would do something else than the preview said."""
    return any(getattr(row, name) != value for name, value in effect_of(plan).items())


def _write(rows: list[ImportRow], plans: list[Planned]) -> None:
    for row, plan in zip(rows, plans, strict=True):
        for name, value in planned_columns(plan).items():
            setattr(row, name, value)
    ImportRow.objects.bulk_update(
        rows,
        ["unit", "state", "values", "problems", "candidates", "member", "before", "version", "choice", "chosen"],
        batch_size=500,
    )
