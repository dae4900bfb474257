"""Opens a workbook in a process of its own: workbook on standard input, sheets as JSON on standard output.

Run by reading.py, never imported by it. A file made to exhaust memory or to run for ever ends this
process and not the server's. Besides the standard library it needs only python-calamine.

Cells come as null, true/false, number, text, or {"d": ISO day} and {"t": ISO moment}. What went wrong
comes as {"error": code}.
"""

import contextlib
import datetime
import io
import json
import sys
import zipfile
from xml.parsers import expat

MEMORY = 1_500_000_000  # bytes of address space
SECONDS = 15  # of computing


def limit() -> None:
    """Bound what this process may use, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cell_of(raw: object) -> object:
    """The cell as JSON can carry it."""
    if raw is None or raw == "" or isinstance(raw, (bool, str)):
        return raw if raw != "" else None
    if isinstance(raw, float):
        if raw != raw or raw in (float("inf"), float("-inf")):
            return None
        return int(raw) if raw.is_integer() and abs(raw) < 1e15 else raw
    if isinstance(raw, datetime.datetime):
        return {"t": raw.isoformat()} if raw.time() != datetime.time() else {"d": raw.date().isoformat()}
    if isinstance(raw, datetime.date):
        return {"d": raw.isoformat()}
    return raw if isinstance(raw, int) else str(raw)


def is_whole(content: bytes) -> bool:
    """Whether an OpenDocument table is well-formed: the reading library waits for ever for the end of one cut short."""
    if not content.startswith(b"PK"):
        return True
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "content.xml" not in archive.namelist():
            return True
        try:
            expat.ParserCreate().Parse(archive.read("content.xml"), True)
        except expat.ExpatError:
            return False
    return True


def opened(content: bytes, *, most_sheets: int, most_rows: int, most_columns: int) -> dict:
    """The visible sheets that hold anything, or {"error": code}."""
    import python_calamine as calamine

    try:
        if not is_whole(content):
            return {"error": "damaged"}
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        kept = [
            index
            for index, about in enumerate(book.sheets_metadata)
            if about.typ == calamine.SheetTypeEnum.WorkSheet and about.visible == calamine.SheetVisibleEnum.Visible
        ]
        if len(kept) > most_sheets:
            return {"error": "too_many_sheets"}
        sheets = []
        for index in kept:
            sheet = book.get_sheet_by_index(index)
            if sheet.end is None:
                continue
            # Stray cells far away make a sheet look huge; the caller counts rows that hold something.
            if sheet.total_height > 10 * most_rows or sheet.total_width > 10 * most_columns:
                return {"error": "too_many_rows" if sheet.total_height > 10 * most_rows else "too_many_columns"}
            rows = [[cell_of(raw) for raw in row] for row in sheet.to_python(skip_empty_area=False)]
            # A cell merged over an empty area lies outside of what was read; its range still says how titles span.
            merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
            sheets.append({"name": sheet.name, "rows": rows, "merged": merged})
        return {"sheets": sheets}
    except calamine.PasswordError:
        return {"error": "password"}
    except MemoryError:
        return {"error": "too_big_inside"}
    except Exception:
        return {"error": "damaged"}


if __name__ == "__main__":
    limit()
    limits = dict(zip(("most_sheets", "most_rows", "most_columns"), map(int, sys.argv[1:4]), strict=True))
    try:
        found = opened(sys.stdin.buffer.read(), **limits)
        sys.stdout.write(json.dumps(found))
    except BaseException as error:
        if isinstance(error, MemoryError):
            sys.stdout.write('{"error": "too_big_inside"}')
        else:  # a panic of the reading library is no Exception
            sys.stdout.write('{"error": "damaged"}')
