"""What many reports at once leave on the disk: until when it is kept, how much of it, and what the page says then."""

import datetime
import io
import os
import signal
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse

from reports import print_jobs, print_worker
from reports.models import PrintJob
from reports.print_jobs import PrintRefused, disk, folder_of, forget_old_jobs, go_on, is_kept, make_room, zip_of
from tests.printing_jobs import MINUTE, NOW, TODAY, Clock, Scene, Shop, refuse, run
from tests.test_dues_crash import in_children
from tests.test_duties import today_is
from tests.test_print_jobs_pages import text_of, url

pytestmark = pytest.mark.django_db
DAY = datetime.date
LAST_DAY = DAY(2026, 11, 29)  # printed on the 22nd, kept seven days


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    kind = type("ShopOfTest", (Shop,), {})
    monkeypatch.setattr(print_worker, "PrintShop", kind)
    return kind


@pytest.fixture
def s(media):
    return Scene()


def printed(s, hours=0, size=0) -> PrintJob:
    """A job that was printed so many hours after NOW, its ZIP made `size` MB big (with holes: it takes no room)."""
    now = NOW + datetime.timedelta(hours=hours)
    job = s.ask(now=now)
    assert run(job, Clock(now)) == "done"
    if size:
        os.truncate(zip_of(job), size << 20)
    return job


def left(*jobs) -> list[bool]:
    for job in jobs:
        job.refresh_from_db()
    assert [bool(job.file) for job in jobs] == [folder_of(job).exists() for job in jobs]
    return [is_kept(job, on=TODAY) for job in jobs]


# --- days -----------------------------------------------------------------------------------------------


def test_a_zip_is_kept_through_its_last_day_and_no_longer(s):
    job = printed(s)
    at_noon = datetime.datetime(2026, 11, 29, 5, tzinfo=datetime.UTC)  # more than seven times 24 hours after
    assert forget_old_jobs(on=LAST_DAY, now=at_noon) == 0
    assert is_kept(job, on=LAST_DAY)
    next_day = LAST_DAY + datetime.timedelta(days=1)
    assert not is_kept(job, on=next_day)  # whether the sweeper has come by or not
    assert forget_old_jobs(on=next_day, now=at_noon) == 1
    assert left(job) == [False]
    assert forget_old_jobs(on=next_day, now=at_noon) == 0


def test_papers_of_a_job_that_failed_are_swept_after_the_same_days(s, shop):
    shop.on_paper = staticmethod(lambda number: refuse(number) if number == 1 else None)
    job = s.ask()
    print_worker.print_slice(job.pk, on=TODAY, clock=Clock(), papers=2)
    failed = {"state": "failed", "reason": "Hỏng", "finished_at": NOW, "claim": None, "claimed_at": None}
    PrintJob.objects.filter(pk=job.pk).update(**failed)
    assert forget_old_jobs(on=LAST_DAY, now=NOW + datetime.timedelta(days=7)) == 0
    assert forget_old_jobs(on=LAST_DAY, now=NOW + datetime.timedelta(days=7) + MINUTE) == 1
    assert not folder_of(job).exists()
    shop.on_paper = staticmethod(lambda number: None)
    go_on(job=job, now=NOW)  # from the beginning
    assert run(job) == "done"
    assert len(zipfile.ZipFile(zip_of(job)).namelist()) == 3


def test_the_days_are_a_setting(s, settings):
    settings.PRINT_KEPT_DAYS = 2
    job = printed(s)
    assert job.expires_on == DAY(2026, 11, 24)


def test_folders_nobody_knows_go_after_a_day_of_grace(s):
    job = printed(s)
    stray = folder_of(job).parent / "la"
    stray.mkdir()
    out = io.StringIO()
    call_command("sweep_files", stdout=out)
    assert stray.exists()
    assert "1 print jobs keep 0 MB;" in out.getvalue()  # what the administrator reads
    forget_old_jobs(on=TODAY, now=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2))
    assert (stray.exists(), left(job)) == (False, [True])


# --- size -----------------------------------------------------------------------------------------------


def test_a_unit_keeps_its_newest_zips_that_fit_and_always_the_last(s, settings):
    """100 MB for the unit: of 60, 50, 40 (the newest) the 60 goes; then one of 200 stays alone."""
    settings.PRINT_KEPT_MB = 1000
    jobs = [printed(s, hours=place, size=size) for place, size in enumerate((60, 50, 40))]
    settings.PRINT_KEPT_MB = 100
    assert make_room(s.union.pk) == 1
    assert left(*jobs) == [False, True, True]
    assert make_room(s.union.pk) == 0
    jobs.append(printed(s, hours=3, size=200))
    make_room(s.union.pk)
    assert left(*jobs) == [False, False, False, True]
    assert disk().jobs == 1
    assert disk().used == 200 << 20


def test_the_worker_makes_room_when_a_job_is_done(s, settings):
    settings.PRINT_KEPT_MB = 100
    old = printed(s, size=101)
    new = printed(s, hours=1)
    assert left(old, new) == [False, True]


def test_other_units_and_running_jobs_lose_nothing(s, settings):
    settings.PRINT_KEPT_MB = 100
    other = Scene()
    theirs = printed(other, size=300)
    running = s.ask()
    print_worker.print_slice(running.pk, on=TODAY, clock=Clock(), papers=1)
    os.truncate(folder_of(running) / "0001.pdf", 300 << 20)
    assert make_room(s.union.pk) == make_room(other.union.pk) == 0
    assert left(theirs) == [True]
    assert folder_of(running).exists()


# --- at the same time, and killed -----------------------------------------------------------------------


def test_who_is_downloading_gets_the_whole_zip_though_it_is_swept_meanwhile(s, client, monkeypatch):
    job = printed(s, size=1)
    os.truncate(zip_of(job), 3 << 20)
    today_is(monkeypatch, TODAY)
    client.force_login(s.office)
    pieces = iter(client.get(url(job, "_zip")).streaming_content)
    got = len(next(pieces))
    assert forget_old_jobs(on=DAY(2027, 1, 1), now=NOW) == 1
    assert not zip_of(job).exists()
    assert got + sum(len(piece) for piece in pieces) == 3 << 20


def test_a_zip_that_the_disk_lost_is_not_offered(s, client, monkeypatch):
    job = printed(s)
    zip_of(job).unlink()
    assert not is_kept(job, on=TODAY)
    today_is(monkeypatch, TODAY)
    client.force_login(s.office)
    assert client.get(url(job, "_zip")).status_code == 410
    forget_old_jobs(on=TODAY, now=NOW)
    job.refresh_from_db()
    assert (job.file, job.size) == ("", 0)


def killed_while_forgetting(s, monkeypatch) -> PrintJob:
    job = printed(s)
    with monkeypatch.context() as patched:
        patched.setattr(print_jobs, "drop_files", lambda job: os.kill(os.getpid(), signal.SIGKILL))
        sweep = lambda: forget_old_jobs(on=DAY(2027, 1, 1), now=NOW)  # noqa: E731 - the child's whole work
        assert in_children([sweep]) == [signal.SIGKILL]
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_killed_between_the_row_and_the_files_nothing_is_offered_and_the_next_sweep_clears_it(s, monkeypatch):
    job = killed_while_forgetting(s, monkeypatch)
    assert (job.file, folder_of(job).exists()) == ("", True)
    assert forget_old_jobs(on=DAY(2027, 1, 1), now=NOW) == 1
    assert not folder_of(job).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_control_files_first_and_a_killed_sweep_leaves_a_row_that_names_a_file_which_is_gone(s, monkeypatch):
    def files_first(job, still):
        print_jobs.shutil.rmtree(folder_of(job))
        print_jobs.drop_files(job)

    monkeypatch.setattr(print_jobs, "_forget", files_first)
    job = killed_while_forgetting(s, monkeypatch)
    assert (bool(job.file), zip_of(job).exists()) == (True, False)
    assert not is_kept(job, on=TODAY)  # and even then it is not offered


def test_a_job_taken_up_while_it_is_swept_prints_again_what_was_lost(s, shop, monkeypatch):
    """Between the row and the files somebody presses "In tiếp", and the worker has the first paper."""
    shop.on_paper = staticmethod(lambda number: refuse(number) if number == 2 else None)
    job = s.ask()
    run(job)
    real = print_jobs.drop_files

    def taken_up(row):
        PrintJob.objects.filter(pk=job.pk).update(state="failed", reason="Hỏng")
        go_on(job=job, now=NOW)
        real(row)

    monkeypatch.setattr(print_jobs, "drop_files", taken_up)
    shop.on_paper = staticmethod(lambda number: None)
    forget_old_jobs(on=DAY(2027, 1, 1), now=NOW)
    assert run(job) == "done"
    assert len(zipfile.ZipFile(zip_of(job)).namelist()) == 3


# --- the pages ------------------------------------------------------------------------------------------


def test_the_page_says_until_when_and_afterwards_how_to_print_again(s, client, monkeypatch):
    today_is(monkeypatch, TODAY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    job = printed(s)
    client.force_login(s.office)
    list_url = reverse("reports:print_job_list", args=[s.union.pk])
    assert "Tải được đến hết ngày 29/11/2026." in text_of(client.get(url(job)))
    assert "tải được đến hết 29/11/2026" in text_of(client.get(list_url))
    today_is(monkeypatch, LAST_DAY + datetime.timedelta(days=1))
    answer = client.get(url(job, "_zip"))
    assert answer.status_code == 410
    assert "Hết hạn tải ngày 29/11/2026, tệp đã xóa." in text_of(answer)
    again = f"{list_url}?period=2026&which=all&what=pdf"
    assert again.replace("&", "&amp;") in answer.content.decode()
    text = text_of(client.get(list_url))
    assert "Hết hạn Báo cáo năm 2026, PDF" in text
    assert "tệp đã xóa, cần thì in lại" in text
    assert client.get(again.replace("pdf", "docx")).context["form"]["what"].value() == "docx"


def test_what_made_room_says_so_and_is_not_taken_up(s, client, shop, settings, monkeypatch):
    today_is(monkeypatch, TODAY)
    settings.PRINT_KEPT_MB = 10
    shop.on_paper = staticmethod(lambda number: refuse(number) if number == 1 else None)
    old = printed(s, size=11)
    new = printed(s, hours=1)
    assert left(old, new) == [False, True]
    client.force_login(s.office)
    text = text_of(client.get(url(old)))
    assert "đã xóa để lấy chỗ cho các lượt in sau" in text
    assert "In tiếp" not in text
    with pytest.raises(PrintRefused, match="Hãy in lại một lượt mới"):
        go_on(job=old, now=NOW)
