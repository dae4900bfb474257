"""Time of a long list from Excel, file to committed, beside the bare writing of the same rows."""

import datetime
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from branches.importing.at_once import Outcome, import_file
from branches.importing.planning import default_start
from branches.models import Unit

from .timing import peak_mebibytes, seconds

ROWS = 10_000
HEADER = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Mã đoàn viên", "Điện thoại", "Thư điện tử", "Mã đơn vị")
FAMILY = [
    "Cầm",
    "Lò",
    "Quàng",
    "Giàng",
    "Vàng",
    "Thào",
    "Sùng",
    "Lường",
    "Tòng",
    "Nông",
]
MIDDLE = ["Thị", "Văn", "Đình", "Ngọc", "Thu", "Hoài", "Gia"]
GIVEN = ["Hạnh", "Thảo", "Ngân", "Quyên", "Trâm", "Vân", "Yến", "Khôi", "Lộc", "Thịnh", "Vinh", "Phúc", "Đạt"]
CODE = re.compile(r"NK[0-9]{8}")


def measure_import(top: Unit, *, today: datetime.date, rounds: int, say: Callable[[str], object]) -> None:
    """Print the line of the importer. Aims: performance notes, "import of 10,000 rows"."""
    codes = [unit.code for unit in Unit.objects.below(top).filter(kind__in=Unit.BRANCH_KINDS).order_by("pk")[:100]]
    whole, double = _workbook(ROWS, codes), _workbook(2 * ROWS - 1, codes)
    with CaptureQueriesContext(connection) as captured:
        _imported(whole, top, today)
    queries = len(captured)
    took = min(seconds(lambda: _imported(whole, top, today)) for _ in range(rounds))
    twice = min(seconds(lambda: _imported(double, top, today)) for _ in range(rounds))
    bare = min(seconds(lambda: _bare(codes)) for _ in range(rounds))
    say(f"\n{'list from Excel':30}{'ms':>8}{'queries':>9}{'aim':>5}{'L':>9}{'aim':>5}{'growth':>9}{'aim':>5}")
    aim = 10 + ROWS // 500
    say(
        f"{f'{ROWS} rows, file to committed':30}{took * 1000:8.0f}{queries:9}{aim:5}{took / bare:9.1f}{6:5}"
        f"{twice / took:9.2f}{2.2:5}"
    )
    alone = _peak(whole, top, today)
    say(f"L is {bare * 1000:.0f} ms; peak memory of a process that does nothing else {alone:.0f} MiB (aim 150)")


def _people(count: int, codes: list[str]) -> Iterator[tuple]:
    for n in range(count):
        name = f"{FAMILY[n % 10]} {MIDDLE[n // 10 % 7]} {GIVEN[n // 70 % 13]}"
        born = datetime.date(1990 + n // 336 % 18, 1 + n // 28 % 12, 1 + n % 28)
        yield (
            name,
            born,
            "Nữ" if n % 2 else "Nam",
            f"NK{n:08d}",
            f"09{n:08d}",
            f"nguoi{n}@vidu.example",
            codes[n % len(codes)],
        )


def _workbook(count: int, codes: list[str]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Danh sách")
    sheet.write_row(0, 0, HEADER)
    for place, (name, born, *rest) in enumerate(_people(count, codes), start=1):
        sheet.write_row(place, 0, (place, name, f"{born:%d/%m/%Y}", *rest))
    book.close()
    return out.getvalue()


def _imported(content: bytes, top: Unit, today: datetime.date) -> Outcome:
    """The whole way, taken back at the end so that the next round finds the same register."""
    with transaction.atomic():
        outcome = import_file(
            content=content, name="bench.xlsx", unit=top, starts_on=default_start(today), today=today, write=True
        )
        transaction.set_rollback(True)
    if outcome.written is None:
        raise AssertionError(f"the list of the benchmark was refused: {outcome.refused}")
    return outcome


def _peak(content: bytes, top: Unit, today: datetime.date) -> float:
    """Peak memory in MiB of a process of its own that imports the list: this one has filled a database before."""
    begin = "import sys, django; django.setup(); from reports.management.bench_import import say_peak"
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        ended = subprocess.run(  # noqa: S603 (our own words only)
            [sys.executable, "-c", f"{begin}; say_peak(*sys.argv[1:])", file.name, str(top.pk), today.isoformat()],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    return float(ended.stdout)


def say_peak(path: str, top: str, today: str) -> None:
    """Import the file below the unit with this key, take it back, and print the peak memory of this process."""
    settings.DEBUG = False
    _imported(Path(path).read_bytes(), Unit.objects.get(pk=top), datetime.date.fromisoformat(today))
    sys.stdout.write(str(peak_mebibytes()))


def _bare(codes: list[str]) -> None:
    """L: rows converted, their codes checked and written by the driver alone, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        key = "serial PRIMARY KEY" if connection.vendor == "postgresql" else "integer PRIMARY KEY"
        cursor.execute(
            f"CREATE TABLE bench_list (id {key}, name text, born date, sex text, code text UNIQUE, phone text, "
            "email text, unit text)"
        )
        rows = [row for row in _people(ROWS, codes) if CODE.fullmatch(row[3])]
        if connection.vendor == "postgresql":
            lines = "".join("\t".join(map(str, row)) + "\n" for row in rows)
            columns = ("name", "born", "sex", "code", "phone", "email", "unit")
            cursor.copy_from(io.StringIO(lines), "bench_list", columns=columns)
        else:
            cursor.executemany(
                "INSERT INTO bench_list (name, born, sex, code, phone, email, unit) VALUES (%s,%s,%s,%s,%s,%s,%s)",
                [(row[0], row[1].isoformat(), *row[2:]) for row in rows],
            )
        transaction.set_rollback(True)
