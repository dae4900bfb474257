"""The papers of a print job as one ZIP: a list of what is in it and what is missing, then one file a unit.

Names inside are plain letters, as in the evidence room; the list tells the true ones. Files are copied in small pieces,
so that memory does not grow with the job.
"""

import datetime
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from branches.formats import small
from branches.workbook import Workbook

from .evidence_room.archive import PIECE, safe_stem
from .models import PrintJob, PrintJobItem
from .print_jobs import folder_of

LIST_NAME = "00-danh-sach.xlsx"
RENEW_EVERY = 50  # files between two signs of life


def name_in_zip(item: PrintJobItem) -> str:
    """ "0012-chi-doan-so-tu-phap.pdf": the order of the list and the unit in plain letters."""
    return f"{item.position:04d}-{safe_stem(item.report.unit.name) or 'don-vi'}.{item.job.ending}"


def stands_as(item: PrintJobItem) -> str:
    """Which text was printed, in the words of the list."""
    if item.state == PrintJobItem.State.FAILED:
        return f"Không in được: {item.error}"
    report = item.report
    if item.edition is None:
        return "Bản đang soạn, chưa nộp" if report.is_open else report.get_state_display()
    return "Bản đã duyệt" if item.is_approved else "Bản đã nộp, chưa duyệt"


class TakenAway(Exception):
    """The job was stopped, or another worker has it; what was packed so far is not whole."""


def pack(
    job: PrintJob, items: list[PrintJobItem], target: Path, *, at: datetime.datetime, alive: Callable[[], bool]
) -> None:
    """Write the ZIP to `target`. Raises TakenAway when the job is no longer this worker's (`alive` says so).

    `at` is the moment in Vietnam. Papers lie in the order of the list; only what is noted as printed is packed.
    """
    approved = _approved(job)
    for item in items:
        item.job, item.is_approved = job, (item.report_id, item.edition) in approved
    with zipfile.ZipFile(target, "w", allowZip64=True) as packed:
        packed.writestr(_entry(LIST_NAME, at, zipfile.ZIP_DEFLATED), _list(job, items, at))
        for count, item in enumerate(items):
            if count % RENEW_EVERY == 0 and not alive():
                raise TakenAway
            if item.state != PrintJobItem.State.DONE:
                continue
            # PDF and Word are packed already; packing them again costs time and saves nothing.
            source = Path(folder_of(job), item.file)
            with source.open("rb") as paper, packed.open(_entry(name_in_zip(item), at), "w", force_zip64=True) as out:
                shutil.copyfileobj(paper, out, PIECE)
    if not alive():
        raise TakenAway


def _approved(job: PrintJob) -> set[tuple[int, int]]:
    from .models import Submission

    rows = Submission.objects.filter(report__in=job.items.values("report"), approved_on__isnull=False)
    return set(rows.values_list("report_id", "edition"))


def _entry(name: str, at: datetime.datetime, how: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = how
    entry.external_attr = 0o644 << 16
    return entry


def _list(job: PrintJob, items: list[PrintJobItem], at: datetime.datetime) -> bytes:
    title = f"Báo cáo {small(job.period.name)}, {job.unit.name}"
    book = Workbook(title, made_on=at.date())
    said = (title, f"In lúc {at:%H:%M, %d/%m/%Y}. Các đơn vị chưa có báo cáo ghi ở cuối danh sách.")
    columns = (("STT", 6), ("Đơn vị", 60), ("Tệp", 50), ("Bản in", 36), ("Số trang", 10))
    sheet = book.sheet("Danh sách", columns, said)
    for place, item in enumerate(items, start=1):
        is_done = item.state == PrintJobItem.State.DONE
        name = name_in_zip(item) if is_done else ""
        sheet.add(place, item.report.unit.name, name, stands_as(item), item.pages or None)
    for place, unit in enumerate(job.missing, start=len(items) + 1):
        sheet.add(place, unit, "", "Chưa có báo cáo", None)
    return book.content()
