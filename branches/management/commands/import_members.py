"""Take a list of members from a spreadsheet into the register: for migrations and for testing the importer."""

import itertools
import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from branches.days import NotADay, PartialDay
from branches.importing.at_once import Outcome, import_file
from branches.importing.planning import State, default_start
from branches.importing.reading import UnreadableFile
from branches.importing.saying import values_said
from branches.models import Precision, Unit

EXAMPLES = 20


class Command(BaseCommand):
    help = (
        "Reads FILE (.xlsx, .xls, .ods, .csv) and writes its persons into the register of a unit, whole or not at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--unit", required=True, metavar="CODE", help="code of the branch, or of a unit above branches"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="print what was understood of every row")
        parser.add_argument(
            "--leave-out", action="store_true", help="write the good rows, leave out what needs a person"
        )
        parser.add_argument("--from", dest="starts_on", metavar="DAY", help="members since (default: 1 January)")

    def handle(self, *, file, unit, dry_run, leave_out, starts_on, **options):
        today = timezone.localdate()
        found = Unit.objects.filter(code=unit).first()
        if found is None:
            raise CommandError(f"No unit has the code {unit}.")
        try:
            outcome = import_file(
                content=file.read_bytes(), name=file.name, unit=found, today=today, write=not dry_run,
                starts_on=_day(starts_on) if starts_on else default_start(today), leave_out=leave_out,
            )  # fmt: skip
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
        except UnreadableFile as error:
            if options["json"]:
                self._print({"file": file.name, "unit": unit, "refused": str(error), "code": error.code, "sheets": []})
            raise CommandError(str(error)) from error
        if options["json"]:
            self._print({"file": file.name, "unit": unit, **described(outcome)})
        else:
            self._tell(outcome)
        if outcome.refused:
            raise CommandError(outcome.refused)

    def _print(self, value: dict):
        self.stdout.write(json.dumps(value, ensure_ascii=False))

    def _tell(self, outcome: Outcome):
        for state in State:
            self.stdout.write(f"{state.label}: {outcome.count(state)}")
        asked = [row for row in outcome.rows if row.state in (State.ERROR, State.UNSURE)]
        for row in asked[:EXAMPLES]:
            sheet = outcome.sheets[row.sheet].sheet.name
            for problem in row.all_problems:
                self.stdout.write(f"{sheet}, dòng {row.number}: {problem.message}")
        if len(asked) > EXAMPLES:
            self.stdout.write(f"… và {len(asked) - EXAMPLES} dòng khác (xem bằng --json)")
        if outcome.written:
            self.stdout.write(f"Đã nhập: {outcome.written['new']} mới, {outcome.written['changed']} thay đổi.")


def described(outcome: Outcome) -> dict:
    """What was understood, per sheet and row; dates as 2001-03-22, 2001-03 or 2001."""
    return {
        "applied": outcome.written is not None,
        "written": outcome.written,
        "refused": outcome.refused,
        "counts": {state: outcome.count(state) for state in State.values},
        "sheets": [
            {
                "name": one.sheet.name,
                "legacy": one.sheet.legacy,
                "header_rows": list(one.header.rows) if one.header else [],
                "columns": _columns(one.header) if one.header else {},
                "rows": [_row(row) for row in one.rows],
            }
            for one in outcome.sheets
        ],
    }


def _columns(header) -> dict[str, str]:
    """Title → field; of several columns with one title the further ones are numbered, without one they are counted."""
    fields: dict[str, str] = {}
    for column in header.columns:
        title = column.title or f"Cột {column.index + 1}"
        place = next(
            place for place in itertools.count(1) if (f"{title} ({place})" if place > 1 else title) not in fields
        )
        fields[f"{title} ({place})" if place > 1 else title] = column.field
    return fields


def _row(row) -> dict:
    return {
        "row": row.number,
        "state": row.state,
        "unit": row.unit.code if row.unit else "",
        "values": values_said(row.values),
        "changes": {
            name: list(values_said({"held": held, "said": said}).values()) for name, (held, said) in row.changes.items()
        },
        "problems": [{"field": one.field, "code": one.code, "message": one.message} for one in row.all_problems],
    }


def _day(text: str):
    try:
        known = PartialDay.read(text)
    except NotADay as error:
        raise CommandError(str(error)) from error
    if known.precision != Precision.DAY:
        raise CommandError("--from needs a whole day, for example 2026-01-01.")
    return known.day
