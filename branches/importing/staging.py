"""A list on its way into the register: uploaded, columns chosen, read in portions, looked at, applied.

Every step is one short transaction, so that a closed browser or a killed server leaves the list where it
was, and the register untouched until the one transaction of `apply_import`.
"""

import datetime
from collections.abc import Iterator
from dataclasses import asdict

from django.core.files.base import ContentFile
from django.db import transaction

from branches.models import ColumnMemory, ImportRow, MemberImport, Unit
from branches.models.rule import rules_on
from branches.models.unit import UnitQuerySet

from .applying import ListRefused
from .cells import ParsedRow, text_of
from .copying import write_rows
from .headers import Column, Header, find_header, header_at
from .known import KnownMember, Units
from .planning import Planned, State, default_start, mark_repeats
from .reading import Sheet, read_sheets
from .saying import said, values_meant, values_said
from .walking import plans_of, rows_of

PORTION = 2_000
SAMPLES = 3


def start_import(
    *, unit: Unit, by, name: str, content: bytes, sheets: list[Sheet], on: datetime.date
) -> MemberImport:  # fmt: skip
    """Keep the file and guess its columns. `sheets` is what read_sheets made of it, outside of any transaction."""
    memory = remembered(unit)
    units = units_of(unit, by)
    described = [_described(place, sheet, memory, units) for place, sheet in enumerate(sheets)]
    made = MemberImport(
        unit=unit, account=by, name=name[-200:], starts_on=default_start(on), sheets=described,
        rows_total=sum(sheet["rows"] for sheet in described if sheet["taken"]),
    )  # fmt: skip
    made.file.save("danh-sach", ContentFile(content), save=False)
    made.save()
    return made


def units_of(unit: Unit, by) -> Units:
    """The branches this person may write for at and below the unit; all of them when nobody asks (a command)."""
    allowed = Unit.objects.below(unit)
    if by is not None:
        allowed = allowed.reached_by(by, UnitQuerySet.write_rights)
    return Units(unit, allowed)


def remembered(unit: Unit) -> dict[str, str]:
    """What the headers of this unit's lists meant last time: column key → field."""
    return dict(ColumnMemory.objects.filter(unit=unit).values_list("header", "field"))


def _described(place: int, sheet: Sheet, memory: dict, units: Units) -> dict:
    header = find_header(sheet, memory)
    named = units.named(sheet.name)
    described = {
        "name": sheet.name,
        "legacy": sheet.legacy,
        "taken": header is not None,
        "unit": named[0].pk if len(named) == 1 else None,
        "header_rows": [],
        "columns": [],
        "rows": 0,
    }
    return described | (_columns(sheet, header) if header else {})


def _columns(sheet: Sheet, header: Header) -> dict:
    return {
        "header_rows": list(header.rows),
        "first_row": header.first_row,
        "rows": max(len(sheet.rows) - header.first_row + 1, 0),
        "columns": [
            {
                "index": column.index,
                "title": column.title,
                "key": column.key,
                "field": column.field,
                "sure": column.sure,
                "samples": _samples(sheet, header, column.index),
            }
            for column in header.columns
        ],
    }


def _samples(sheet: Sheet, header: Header, index: int) -> list[str]:
    found = []
    for row in sheet.rows[header.first_row - 1 : header.first_row + 200]:
        text = text_of(row[index]) if index < len(row) else ""
        if text and text not in found:
            found.append(text[:40])
        if len(found) == SAMPLES:
            break
    return found


@transaction.atomic
def choose_columns(
    *, source: MemberImport, version: int, choices: list[dict], starts_on: datetime.date, today: datetime.date
) -> MemberImport:
    """Take over what a person said about the sheets, remember it for the unit, and start reading anew.

    `choices` has, for each sheet, {"taken", "unit", "header_rows", "columns": {index: field}}. A header
    in another row is found again, with guessed columns.
    """
    source = MemberImport.objects.select_for_update().get(pk=source.pk)
    if source.state not in OPEN:
        raise ListRefused("Danh sách này đã nhập xong hoặc đã hủy.")
    if starts_on > today:
        raise ListRefused("Ngày bắt đầu sinh hoạt chưa đến. Hãy ghi ngày đến hôm nay.")
    source.claim(version)
    contents = None
    memory = {}
    for place, (sheet, choice) in enumerate(zip(source.sheets, choices, strict=True)):
        sheet["taken"], sheet["unit"] = choice["taken"], choice["unit"]
        if choice["header_rows"] and choice["header_rows"] != sheet["header_rows"]:
            contents = contents or sheets_of(source)
            cells = contents[place]
            sheet |= _columns(cells, header_at(cells, tuple(choice["header_rows"]), remembered(source.unit)))
            continue
        for column in sheet["columns"]:
            column["field"] = choice["columns"].get(column["index"], column["field"])
            column["sure"] = True
            memory[column["key"][:120]] = column["field"]
    if not any(sheet["taken"] and any(column["field"] for column in sheet["columns"]) for sheet in source.sheets):
        raise ListRefused("Hãy chọn ít nhất một trang tính có cột họ tên.")
    ColumnMemory.objects.bulk_create(
        [ColumnMemory(unit=source.unit, header=header, field=field) for header, field in memory.items() if header],
        update_conflicts=True, unique_fields=["unit", "header"], update_fields=["field"],
    )  # fmt: skip
    source.rows.all().delete()
    source.starts_on = starts_on
    source.rows_read = 0
    source.rows_total = sum(sheet["rows"] for sheet in source.sheets if sheet["taken"])
    source.state = MemberImport.State.READING
    source.save()
    return source


OPEN = (MemberImport.State.COLUMNS, MemberImport.State.READING, MemberImport.State.PREVIEW)


def sheets_of(source: MemberImport) -> list[Sheet]:
    """The sheets of the kept file."""
    with source.file.open("rb") as file:
        return read_sheets(file.read(), source.name)


def header_of(sheet: dict) -> Header:
    """The header as it was found and corrected."""
    columns = tuple(
        Column(one["index"], one["title"], one["key"], one["field"], one["sure"]) for one in sheet["columns"]
    )
    return Header(tuple(sheet["header_rows"]), columns, sheet["first_row"])


def read_on(*, source: MemberImport, by, today: datetime.date) -> MemberImport:
    """Read the next portion; the last one also looks for persons named twice and opens the preview.

    The file is read outside of the transaction. Of two readers at once one finds its portion read already.
    """
    if source.state != MemberImport.State.READING:
        return source
    units = units_of(source.unit, by)
    portion = list(_portion(source, units, today))
    cells = {(place, number): cells for place, number, cells, _ in portion}
    plans = plans_of(
        [(place, number, row) for place, number, _, row in portion], units=units,
        of_sheets={place: unit_of_sheet(source, place, units) for place in range(len(source.sheets))},
        starts_on=source.starts_on,
    )  # fmt: skip
    rows = [kept_row(source, plan, cells[plan.sheet, plan.number]) for plan in plans]
    with transaction.atomic():
        current = MemberImport.objects.select_for_update().get(pk=source.pk)
        if (current.state, current.rows_read, current.version) != (source.state, source.rows_read, source.version):
            return current
        write_rows(ImportRow, rows)
        current.rows_read += len(portion)
        if len(portion) < PORTION or current.rows_read >= current.rows_total:
            current.rows_read = current.rows_total
            _find_repeats(current, units)
            current.state = MemberImport.State.PREVIEW
        current.save()
    return current


def unit_of_sheet(source: MemberImport, place: int, units: Units) -> Unit | None:
    """The branch chosen for a whole sheet, if the person may still write there."""
    return units.allowed.get(source.sheets[place].get("unit"))


def _portion(source: MemberImport, units: Units, today: datetime.date) -> Iterator[tuple[int, int, dict, ParsedRow]]:
    """(sheet, row number, field → cell, what it says) of the next rows to read."""
    contents, before, left = sheets_of(source), source.rows_read, PORTION
    for place, described in enumerate(source.sheets):
        if not described["taken"]:
            continue
        skip, before = before, max(before - described["rows"], 0)
        if skip < described["rows"] and left:
            # From the first row on, because the heading of a section may stand in an earlier portion.
            rows = rows_of(contents[place], header_of(described), units, today=today, skip=skip, most=left)
            for number, cells, row in rows:
                yield place, number, cells, row
                left -= 1


def kept_row(source: MemberImport, plan: Planned, cells: dict) -> dict:
    """The row as the preview shows it: the columns of an ImportRow."""
    texts = {name: text for name, raw in cells.items() if (text := text_of(raw))}
    return {"belongs_to_id": source.pk, "sheet": plan.sheet, "number": plan.number, "cells": texts} | planned_columns(
        plan
    )


def planned_columns(plan: Planned) -> dict:
    """The plan as the columns of an ImportRow."""
    return effect_of(plan) | {
        "unit_id": plan.unit.pk if plan.unit else None,
        "values": values_said(plan.values),
        "problems": [asdict(one) | {"read": True} for one in plan.read] + [asdict(one) for one in plan.problems],
        "candidates": [one.pk for one in plan.candidates],
    }


def effect_of(plan: Planned) -> dict:
    """What the plan does to the register, as the columns of an ImportRow."""
    return {
        "state": plan.state,
        "member_id": plan.member.pk if plan.member else None,
        "before": {name: said(held) for name, (held, _) in plan.changes.items()},
        "version": plan.member.version if plan.member else None,
    }


def _find_repeats(source: MemberImport, units: Units) -> None:
    """Look over the whole list for persons who stand in it twice."""
    waiting = source.rows.filter(state__in=[State.NEW, State.CHANGED, State.SAME]).order_by("sheet", "number")
    rows = list(waiting.only("belongs_to", "sheet", "number", "values", "state", "unit", "member", "problems"))
    plans = [
        Planned(
            row.sheet, row.number, values_meant(row.values), state=row.state, unit=units.allowed.get(row.unit_id),
            member=KnownMember(row.member_id, 0, True, 0, {}) if row.member_id else None,
        )
        for row in rows
    ]  # fmt: skip
    mark_repeats(plans)
    repeated = []
    for row, plan in zip(rows, plans, strict=True):
        if plan.state != row.state:
            row.state = plan.state
            row.problems += [asdict(one) for one in plan.problems]
            repeated.append(row)
    ImportRow.objects.bulk_update(repeated, ["state", "problems"], batch_size=500)


def forget_old_lists(*, on: datetime.date) -> int:
    """Delete the files and the rows of lists that nobody finished within the days of the rule: files removed.

    They hold personal data of people who perhaps never entered the register. What an applied list needs to
    be taken back stays; its rows left out are forgotten with the file.
    """
    before = on - datetime.timedelta(days=int(rules_on(on)["import_kept_days"]))
    old = MemberImport.objects.exclude(file="").filter(created_at__date__lt=before)
    for source in old.order_by("pk"):
        with transaction.atomic():
            forgotten = source.rows.all()
            if source.state in OPEN:
                source.state = MemberImport.State.DROPPED
            else:
                forgotten = forgotten.filter(state__in=[State.UNSURE, State.ERROR, State.SAME, State.SKIPPED])
            forgotten.delete()
            name, source.file = source.file.name, ""
            source.save()
        source._meta.get_field("file").storage.delete(name)
    return len(old)
