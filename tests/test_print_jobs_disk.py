"""Many reports at once where the disk is full, a file is gone, a report cannot be drawn, or the job is stopped."""

import errno
from pathlib import Path

import pytest

from reports import print_worker
from reports.models import PrintJob
from reports.print_jobs import cancel, folder_of, go_on
from reports.print_worker import BROKEN, FULL, TRIES, print_slice
from tests.printing_jobs import NOW, TODAY, Clock, Scene, Shop, listed, packed, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(media):
    return Scene(branches=3, reports=3)


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    kind = type("ShopOfTest", (Shop,), {})
    monkeypatch.setattr(print_worker, "PrintShop", kind)
    return kind


def files(job) -> list[str]:
    return sorted(path.name for path in folder_of(job).iterdir())


# --- the disk -------------------------------------------------------------------------------------------


def full_from(monkeypatch, name: str, number: int = errno.ENOSPC) -> None:
    """The disk refuses the file of this ending or name, as it does when what was written is to stay."""
    real = print_worker._written_through

    def through(path):
        if name in path.name:
            raise OSError(number, "No space left on device")
        real(path)

    monkeypatch.setattr(print_worker, "_written_through", through)


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, FULL), (errno.EDQUOT, FULL), (errno.EIO, BROKEN)])
def test_a_full_disk_ends_the_job_says_so_and_keeps_what_was_printed(s, shop, monkeypatch, number, said):
    job = s.ask()
    with monkeypatch.context() as patched:
        full_from(patched, "0002.pdf", number)
        with pytest.raises(OSError, match="No space"):
            run(job)
    job.refresh_from_db()
    assert (job.state, job.reason, job.claim) == ("failed", said, None)
    assert files(job) == ["0001.pdf"]  # the half of the second paper takes up no room
    go_on(job=job, now=NOW)
    assert run(job) == "done"
    assert shop.papers == 4  # the first once, the second twice, the third once
    assert len(packed(job).namelist()) == 4


def test_a_disk_that_is_full_for_the_zip_keeps_the_papers_and_no_half_zip(s, shop, monkeypatch):
    job = s.ask()
    with monkeypatch.context() as patched:
        full_from(patched, ".zip")
        with pytest.raises(OSError, match="No space"):
            run(job)
    job.refresh_from_db()
    assert (job.state, job.file, files(job)) == ("failed", "", ["0001.pdf", "0002.pdf", "0003.pdf"])
    go_on(job=job, now=NOW)
    assert run(job) == "done"
    assert (shop.papers, files(job)) == (3, [job.file])


def test_control_without_cleaning_up_half_a_paper_stays(s, monkeypatch):
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)
    full_from(monkeypatch, "0002.pdf")
    job = s.ask()
    with pytest.raises(OSError, match="No space"):
        run(job)
    assert [name for name in files(job) if name.endswith(".part")] == [f"0002.pdf.{part_of(job)}.part"]


def part_of(job) -> str:
    return next(name.split(".")[2] for name in files(job) if name.endswith(".part"))


@pytest.mark.parametrize("what", ["gone", "cut short"])
def test_a_paper_whose_file_was_lost_is_printed_again(s, shop, what):
    """A power cut takes what the system had not written yet; the row says it was printed."""
    job, clock = s.ask(), Clock()
    assert print_slice(job.pk, on=TODAY, clock=clock, papers=2) == "goes on"
    lost = folder_of(job) / "0002.pdf"
    lost.unlink() if what == "gone" else lost.write_bytes(b"%P")
    job.refresh_from_db()
    assert run(job, clock, held=job.claim) == "done"
    assert shop.papers == 4
    with packed(job) as found:
        assert len(found.namelist()) == 4
        assert all(len(found.read(name)) > 5 for name in found.namelist())


def test_a_file_that_is_lost_again_and_again_is_left_out_and_named(s, shop, monkeypatch):
    real = print_worker._Slice._keep

    def keep(self, name, content):
        real(self, name, content)
        if name == "0002.pdf":
            (self.folder / name).unlink()

    monkeypatch.setattr(print_worker._Slice, "_keep", keep)
    job = s.ask()
    assert run(job) == "done"
    assert shop.papers == 2 + TRIES
    assert [row[3] for row in listed(job)] == [
        "Bản đang soạn, chưa nộp",
        "Không in được: Đã thử in nhiều lần mà không xong.",
        "Bản đang soạn, chưa nộp",
        "Chưa có báo cáo",
    ]


def test_taken_up_and_failed_once_more_there_is_one_zip(s, shop, monkeypatch):
    break_pages_of(s.reports[0], monkeypatch)
    job = s.ask()
    run(job)
    first = job.file
    go_on(job=job, now=NOW)
    run(job)
    assert job.file != first
    assert files(job) == sorted(["0002.pdf", "0003.pdf", job.file])


# --- a report that cannot be drawn ----------------------------------------------------------------------


def break_pages_of(report, monkeypatch) -> None:
    real, name = print_worker.report_html, report.unit.name.upper()

    def broken(content, proof=None):
        html, layout = real(content, proof)
        if name in html.upper():
            raise ValueError("no such chart")
        return html, layout

    monkeypatch.setattr(print_worker, "report_html", broken)


def test_a_report_whose_page_cannot_be_drawn_is_named_and_the_others_are_printed(s, shop, monkeypatch):
    break_pages_of(s.reports[0], monkeypatch)
    job = s.ask()
    assert run(job) == "done"
    assert [(row[1], row[3][:13]) for row in listed(job)] == [
        ("Chi đoàn Sở Tư pháp", "Không in được"), ("Chi đoàn Sở Y tế", "Bản đang soạn"),
        ("Chi đoàn Sở Nội vụ", "Bản đang soạn"), ("Đoàn Khối", "Chưa có báo c"),
    ]  # fmt: skip
    assert list(job.items.filter(state="failed").values_list("report__unit__name", flat=True)) == [
        "Chi đoàn Sở Tư pháp"
    ]
    assert shop.papers == 2


# --- stopped in the middle ------------------------------------------------------------------------------


def test_stopped_while_a_paper_is_laid_out_keeps_nothing(s, shop, django_capture_on_commit_callbacks):
    job = s.ask()

    def stop(number):
        if number == 2:
            with django_capture_on_commit_callbacks(execute=True):
                cancel(job=PrintJob.objects.get(pk=job.pk), now=NOW)

    shop.on_paper = staticmethod(stop)
    assert run(job) == "stopped"
    assert (job.state, shop.papers, folder_of(job).exists()) == ("cancelled", 2, False)
    assert set(job.items.values_list("state", "file")) == {("waiting", "")}
    shop.on_paper = staticmethod(lambda number: None)
    go_on(job=job, now=NOW)
    assert run(job) == "done"
    assert (shop.papers, len(packed(job).namelist())) == (5, 4)


def test_stopped_while_it_is_packed_is_no_failure_and_keeps_nothing(
    s, shop, monkeypatch, django_capture_on_commit_callbacks
):
    """The files go while the ZIP is written: the worker finds the next paper gone."""
    job = s.ask()

    def stop(item):
        with django_capture_on_commit_callbacks(execute=True):
            PrintJob.objects.running().filter(pk=job.pk).exists() and cancel(job=job, now=NOW)
        return "Bản đang soạn"

    monkeypatch.setattr("reports.print_archive.stands_as", stop)
    assert run(job) == "stopped"
    assert (job.state, job.file, folder_of(job).exists()) == ("cancelled", "", False)
