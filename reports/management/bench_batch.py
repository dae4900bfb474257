"""Many reports at once: whether the last papers of a batch take longer than the first, and what their process keeps."""

import datetime
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path

from branches.models import Unit
from reports.papers.print_shop import PrintShop
from reports.papers.report import draft_content, report_html
from reports.print_worker import SLICE

from .bench_paper import loaded, report_of
from .reference import reference
from .timing import seconds

PAPERS, ENDS = 100, 10
PAGES = 20  # of the bare page of reference.py beside each paper: the machine itself is not equally fast all the time


def measure_batch(branch: Unit, *, today: datetime.date, say: Callable[[str], object]) -> None:
    """Print the lines of a hundred reports laid out as the worker does. Aims: performance notes, "PDF batch of 100"."""
    report = report_of(branch, today)
    took, ratios, memory = [], [], []
    page = reference()

    def pages() -> None:
        for _ in range(PAGES):
            page()

    def one(shop: PrintShop) -> None:
        html, layout = report_html(draft_content(loaded(report.pk), on=today))
        shop.pdf(html, layout)

    for _ in range(PAPERS // SLICE):
        with PrintShop() as shop:
            one(shop)  # the start of the process belongs to no paper
            for _ in range(SLICE):
                took.append(seconds(partial(one, shop)))
                ratios.append(took[-1] / seconds(pages))
            memory.append(_mebibytes(shop.child.pid))
    first, last = statistics.median(ratios[:ENDS]), statistics.median(ratios[-ENDS:])
    say(f"\n{'batch of 100 reports':30}{'ms':>8}{'last 10 / first 10':>20}{'aim':>5}")
    say(f"{'one paper':30}{statistics.median(took) * 1000:8.0f}{last / first:20.2f}{1.2:5}")
    say(f"memory of the printing process after {SLICE} papers {max(memory):.0f} MiB (aim 140)")


def _mebibytes(pid: int) -> float:
    """Resident memory of a process, where the system tells it."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
