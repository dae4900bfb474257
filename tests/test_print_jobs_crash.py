"""A worker killed in the middle of a job, and two workers at once: every paper is in the ZIP once, and whole."""

import dataclasses
import datetime
import os
import signal
import time
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reports import print_jobs, print_worker
from reports.models import PrintJob, PrintJobItem
from reports.papers.layout import layout_on
from reports.papers.print_shop import PaperRefused, PrintShop
from reports.print_jobs import LEASE, PrintRefused, folder_of
from tests.printing_jobs import TODAY, Clock, Scene, Shop, packed, run
from tests.test_dues_crash import in_children

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PAPERS = 5


@pytest.fixture
def s(media):
    scene = Scene(branches=PAPERS, reports=PAPERS)
    for place, unit in enumerate(scene.branches):
        type(unit).objects.filter(pk=unit.pk).update(name=f"Chi đoàn {place}")
    return scene


@pytest.fixture
def shop(monkeypatch):
    kind = type("ShopOfTest", (Shop,), {})
    monkeypatch.setattr(print_worker, "PrintShop", kind)
    return kind


def work():
    """A worker as it is run in earnest, until there is nothing to do."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def asked(s, **more) -> PrintJob:
    return s.ask(now=timezone.now(), on=timezone.localdate(), **more)


def later(job) -> None:
    """The lease has passed: as if four minutes had gone by, for the job and for the task that looks after it."""
    past = timezone.now() - LEASE - datetime.timedelta(seconds=1)
    PrintJob.objects.filter(pk=job.pk).update(claimed_at=past)
    DBTaskResult.objects.filter(status="READY").update(run_after=past)


def test_killed_with_kill_nine_the_job_goes_on_where_it_stopped(s, shop, monkeypatch):
    job = asked(s)
    with monkeypatch.context() as patched:
        patched.setattr(shop, "on_paper", staticmethod(lambda number: die() if number == 3 else None))
        assert in_children([work]) == [signal.SIGKILL]
    job.refresh_from_db()
    assert (job.state, job.items.filter(state="done").count()) == ("running", 2)
    work()  # another worker at once: the lease of the dead one still holds
    assert (job.items.filter(state="done").count(), shop.papers) == (2, 0)
    later(job)
    work()
    job.refresh_from_db()
    assert (job.state, shop.papers) == ("done", 3)  # the two that were printed are not printed again
    assert packed(job).testzip() is None
    assert len(packed(job).namelist()) == 1 + PAPERS


def test_control_without_the_watch_a_killed_job_stands_still_for_ever(s, shop, monkeypatch):
    job = asked(s)
    DBTaskResult.objects.filter(task_path=print_worker.look_after.module_path).delete()
    with monkeypatch.context() as patched:
        patched.setattr(shop, "on_paper", staticmethod(lambda number: die() if number == 3 else None))
        in_children([work])
    later(job)
    work()
    job.refresh_from_db()
    assert (job.state, job.items.filter(state="done").count()) == ("running", 2)


def test_killed_while_a_paper_is_written_there_is_no_half_file_under_its_name(s, shop, monkeypatch):
    job = asked(s)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", lambda number: die())
        assert in_children([work]) == [signal.SIGKILL]
    assert not Path(folder_of(job), "0001.pdf").exists()
    later(job)
    work()
    job.refresh_from_db()
    assert len(packed(job).namelist()) == 1 + PAPERS


def test_control_written_under_its_own_name_half_a_paper_would_lie_there(s, shop, monkeypatch):
    def in_place(self, name, content):
        self.folder.mkdir(parents=True, exist_ok=True)
        with Path(self.folder, name).open("wb") as target:
            target.write(content[:3])
            target.flush()
            die()

    job = asked(s)
    monkeypatch.setattr(print_worker._Slice, "_keep", in_place)
    assert in_children([work]) == [signal.SIGKILL]
    assert Path(folder_of(job), "0001.pdf").read_bytes() == b"%PD"


def test_killed_while_packing_the_zip_is_made_anew(s, shop, monkeypatch):
    job = asked(s)
    with monkeypatch.context() as patched:
        patched.setattr("reports.print_archive.stands_as", lambda item: die())
        assert in_children([work]) == [signal.SIGKILL]
    job.refresh_from_db()
    assert (job.state, job.file, job.items.filter(state="done").count()) == ("running", "", PAPERS)
    later(job)
    work()
    job.refresh_from_db()
    assert (job.state, shop.papers) == ("done", 0)
    assert [path.name for path in folder_of(job).iterdir()] == [job.file]  # what was half packed is gone


STEPS = ("_may_go_on", "_next", "alive", "_laid_out", "_keep", "_note", "_hand_on", "_finish", "_is_there", "_clear")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_before_or_after_any_step_every_paper_is_in_the_zip_once(s, shop, monkeypatch, tmp_path, step, when):
    """The second time the worker comes to the step, where it does; at most the paper in hand is printed again."""
    real, reached = getattr(print_worker._Slice, step), tmp_path / "reached"

    def killed(self, *args, **more):
        times = reached.read_text() if reached.exists() else ""
        reached.write_text(f"{times}x")
        is_time = times == ("" if step in ("_finish", "_clear", "_is_there") else "x")
        if is_time and when == "before":
            die()
        found = real(self, *args, **more)
        if is_time:
            die()
        return found

    monkeypatch.setattr(print_worker, "SLICE", 2)
    monkeypatch.setattr(print_worker._Slice, step, killed)
    job, log = asked(s), tmp_path / "papers"
    shop.on_paper = staticmethod(lambda number: log.open("a").write("x\n"))
    assert in_children([work]) == [signal.SIGKILL]
    job.refresh_from_db()
    if job.state != "done":  # killed after its last note only rubbish is left, which is swept
        later(job)
        work()
        job.refresh_from_db()
    assert job.state == "done"
    with packed(job) as found:
        assert found.testzip() is None
        assert sorted(found.namelist()) == [
            "00-danh-sach.xlsx",
            *(f"000{n}-chi-doan-{n - 1}.pdf" for n in (1, 2, 3, 4, 5)),
        ]
    assert PAPERS <= len(log.read_text().split()) <= PAPERS + 1


def racing(job, log: Path):
    """One worker of several; each paper it prints leaves a line."""

    def on_paper(number):
        time.sleep(0.05)
        with log.open("a") as lines:
            lines.write("x\n")

    def go():
        print_worker.PrintShop.on_paper = staticmethod(on_paper)
        run(job, Clock(timezone.now()))

    return go


def test_two_workers_at_once_print_every_paper_once(s, shop, tmp_path):
    job, log = asked(s), tmp_path / "papers"
    assert in_children([racing(job, log)] * 3) == [0, 0, 0]
    job.refresh_from_db()
    assert (job.state, len(log.read_text().split())) == ("done", PAPERS)
    assert len(packed(job).namelist()) == 1 + PAPERS


def test_control_without_the_lease_papers_are_printed_twice_and_still_packed_once(s, shop, tmp_path, monkeypatch):
    monkeypatch.setattr(print_worker, "LEASE", datetime.timedelta(days=-1))
    monkeypatch.setattr(print_worker, "_held", lambda job, claim: PrintJob.objects.running().filter(pk=job.pk))
    job, log = asked(s), tmp_path / "papers"
    assert in_children([racing(job, log)] * 3) == [0, 0, 0]
    job.refresh_from_db()
    assert len(log.read_text().split()) > PAPERS
    names = packed(job).namelist()
    assert len(names) == len(set(names)) == 1 + PAPERS


def test_of_two_who_ask_at_once_one_is_refused(s):
    def go():
        try:
            asked(s)
        except PrintRefused:
            os._exit(3)

    assert sorted(in_children([go, go])) == [0, 3]
    assert (PrintJob.objects.count(), PrintJobItem.objects.count()) == (1, PAPERS)
    assert DBTaskResult.objects.filter(task_path=print_worker.print_some.module_path).count() == 1


# --- the process that lays out --------------------------------------------------------------------------

PAGE = "<html><head><title>Báo cáo</title></head><body><p>{}</p></body></html>"


@pytest.fixture
def layout(db):
    return layout_on(TODAY)


@pytest.mark.once
def test_a_real_shop_prints_refuses_and_recovers(layout):
    with PrintShop() as shop:
        printed = shop.pdf(PAGE.format("Một"), layout)
        assert (printed.content[:5], printed.pages) == (b"%PDF-", 1)
        first = shop.child
        assert shop.pdf(PAGE.format("Hai<p style='break-before: page'>Ba"), layout).pages == 2
        assert shop.child is first  # one process for many papers
        with pytest.raises(PaperRefused, match="TypeError"):
            shop._printed({"what": "pdf", "html": 5, "layout": dataclasses.asdict(layout), "archive": False})
        assert shop.pdf(PAGE.format("Bốn"), layout).pages == 1
        first.kill()
        first.wait()
        assert shop.pdf(PAGE.format("Bảy"), layout).pages == 1
    assert shop.child is None


@pytest.mark.once
def test_a_paper_that_does_not_end_is_given_up(layout):
    with PrintShop(seconds=0.05) as shop, pytest.raises(PaperRefused):
        shop.pdf(PAGE.format("Một"), layout)


@pytest.mark.once
def test_the_child_ends_when_its_parent_is_gone(layout):
    shop = PrintShop()
    shop.pdf(PAGE.format("Một"), layout)
    child = shop.child
    child.stdin.close()  # what the system does when the worker is killed
    assert child.wait(timeout=10) == 0
    child.stdout.close()
    shop.child = None


@pytest.mark.once
def test_a_whole_job_with_the_real_shop(s, monkeypatch):
    monkeypatch.setattr(print_worker, "SLICE", 2)
    job = asked(s)
    work()
    job.refresh_from_db()
    assert job.state == "done"
    with zipfile.ZipFile(print_jobs.zip_of(job)) as found:
        papers = found.namelist()[1:]
        assert len(papers) == PAPERS
        assert all(found.read(name).startswith(b"%PDF-") for name in papers)
    assert all(one.pages >= 1 for one in job.items.all())


def memory_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024


@pytest.mark.once
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_of_the_printing_process_stays_flat(s):
    """Performance notes: growth at most 0.35 MiB a report; 12 reports after five to warm up."""
    from reports.papers.report import draft_content, report_html

    html, layout = report_html(draft_content(s.reports[0], on=TODAY))
    with PrintShop() as shop:
        for _ in range(5):
            shop.pdf(html, layout)
        before = memory_of(shop.child.pid)
        for _ in range(12):
            shop.pdf(html, layout)
        after = memory_of(shop.child.pid)
    assert after - before <= 12 * 0.35
    assert after <= 140
