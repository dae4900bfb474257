"""Many reports at once: what is in the ZIP, who may have it, and what becomes of a job that is stopped or dies."""

import datetime
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from branches.models import Post, Unit
from reports import print_worker
from reports.freezing import freeze, prepare
from reports.models import PeriodReport, PrintJob, Submission
from reports.papers.print_shop import Printed
from reports.print_jobs import (
    LEASE,
    MOST,
    PrintRefused,
    cancel,
    folder_of,
    go_on,
    listing_of,
    may_take,
    periods_of,
    standing_of,
    watch_of,
    zip_of,
)
from reports.print_worker import TRIES, print_slice, watch
from tests.factories import AccountFactory, PostFactory, UnionFactory, UnitFactory, account_at
from tests.printing_jobs import MINUTE, NOW, TODAY, Clock, Scene, Shop, listed, packed, refuse, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    kind = type("ShopOfTest", (Shop,), {})
    monkeypatch.setattr(print_worker, "PrintShop", kind)
    return kind


@pytest.fixture
def s(media):
    return Scene()


def account(one):
    """The account as another request would load it."""
    return type(one).objects.get(pk=one.pk)


# --- what is printed ------------------------------------------------------------------------------------


def test_the_zip_holds_each_report_once_and_says_who_has_none(s):
    job = s.ask()
    assert run(job) == "done"
    assert packed(job).testzip() is None
    assert packed(job).namelist() == [
        "00-danh-sach.xlsx", "0001-chi-doan-so-tu-phap.pdf", "0002-chi-doan-so-y-te.pdf"
    ]  # fmt: skip
    assert packed(job).read("0001-chi-doan-so-tu-phap.pdf") == b"%PDF True"
    draft = "Bản đang soạn, chưa nộp"
    assert listed(job) == [
        (1, "Chi đoàn Sở Tư pháp", "0001-chi-doan-so-tu-phap.pdf", draft, 2),
        (2, "Chi đoàn Sở Y tế", "0002-chi-doan-so-y-te.pdf", draft, 2),
        (3, "Chi đoàn Sở Nội vụ", None, "Chưa có báo cáo", None),
        (4, "Đoàn Khối", None, "Chưa có báo cáo", None),
    ]
    assert (job.state, job.size, job.expires_on) == ("done", zip_of(job).stat().st_size, datetime.date(2026, 11, 29))
    assert (job.claim, job.claimed_at) == (None, None)
    assert [path.name for path in folder_of(job).iterdir()] == [job.file]  # single papers are gone


def test_word_is_printed_from_the_same_content(s):
    job = s.ask(what="docx")
    run(job)
    assert packed(job).read("0002-chi-doan-so-y-te.docx") == "PK Chi đoàn Sở Y tế".encode()


def test_direct_units_leave_out_those_further_down_and_the_unit_itself(s):
    below = UnitFactory(superior=s.branches[0], kind=Unit.Kind.SUB_BRANCH)
    s.report_of(below)
    s.report_of(s.union)
    everything = listing_of(s.office, s.union, s.period, "all", on=TODAY)
    direct = listing_of(s.office, s.union, s.period, "direct", on=TODAY)
    assert (len(everything.reports), len(direct.reports)) == (4, 2)
    assert direct.reports == tuple(one.pk for one in s.reports)
    assert direct.missing == ("Chi đoàn Sở Nội vụ",)


def test_other_periods_and_strangers_units_are_not_in_the_list(s):
    stranger = UnitFactory(superior=UnionFactory(), name="Chi đoàn nơi khác")
    s.report_of(stranger)
    assert listing_of(s.office, s.union, s.period, "all", on=TODAY).reports == tuple(one.pk for one in s.reports)
    assert periods_of(s.office, s.union) == [s.period]
    assert periods_of(account_at(stranger), s.union) == []


def test_minutes_are_said_beforehand(s):
    """Two seconds a report: 2 reports are "1 phút", 60 are 2, 61 are 3 (122 s, rounded up)."""
    listing = listing_of(s.office, s.union, s.period, "all", on=TODAY)
    sizes = {len(listing.reports): 1, 60: 2, 61: 3}
    assert {count: type(listing)(tuple(range(count)), 0, ()).minutes for count in sizes} == sizes


def test_reading_the_list_costs_the_same_for_one_and_for_three(s, django_assert_num_queries):
    assert s.office.posts_today
    for _ in range(2):
        with django_assert_num_queries(2):
            listing_of(s.office, s.union, s.period, "all", on=TODAY)
        s.report_of(UnitFactory(superior=s.union))


def approved(report, by, text):
    """The report handed in and approved, and its draft changed since; the first edition stands."""
    prepared = prepare(report, on=TODAY)
    with transaction.atomic():
        submission = freeze(report, prepared, by=by, on=TODAY)
    Submission.objects.filter(pk=submission.pk).update(approved_on=TODAY, approved_by=by)
    PeriodReport.objects.filter(pk=report.pk).update(state="reopened", signer_name=text)


def test_an_approved_edition_is_printed_and_not_what_was_written_since(s, shop, monkeypatch):
    approved(s.reports[0], s.office, "Người Ký Sau")
    pages = []
    monkeypatch.setattr(shop, "pdf", lambda self, html, **how: pages.append(html) or Printed(b"%PDF", 1))
    for person in (s.office, s.party):
        pages.clear()
        job = s.ask(by=person)
        assert run(job) == "done"
        assert "Người Ký Sau" not in pages[0]
        assert listed(job)[0][3] == "Bản đã duyệt"
    assert len(packed(job).namelist()) == 2  # the Party committee has no draft of the second
    assert may_take(account(s.party), job)


# --- refusals -------------------------------------------------------------------------------------------


def test_nothing_to_print_too_many_and_a_second_job_are_refused(s, monkeypatch):
    with pytest.raises(PrintRefused, match="Chưa có báo cáo nào"):
        s.ask(unit=s.branches[2])
    monkeypatch.setattr("reports.print_jobs.MOST", 1)
    with pytest.raises(PrintRefused, match=r"Có 2 báo cáo, một lượt in nhiều nhất 1\."):
        s.ask()
    monkeypatch.setattr("reports.print_jobs.MOST", MOST)
    s.ask()
    with pytest.raises(PrintRefused, match="chưa xong"):
        s.ask()
    assert PrintJob.objects.count() == 1
    s.ask(by=account_at(s.union, "superior_office"))  # another person's is another's


# --- stopping -------------------------------------------------------------------------------------------


def test_stopped_between_two_papers_prints_no_more_and_keeps_nothing(s, shop, django_capture_on_commit_callbacks):
    job = s.ask()

    def stop(number):
        with django_capture_on_commit_callbacks(execute=True):
            cancel(job=job, now=NOW)

    shop.on_paper = staticmethod(stop)
    assert run(job) == "stopped"
    assert (job.state, shop.papers) == ("cancelled", 1)
    assert not folder_of(job).exists()
    with pytest.raises(PrintRefused, match="đã kết thúc"):
        cancel(job=job, now=NOW)
    shop.on_paper = staticmethod(lambda number: None)
    go_on(job=job, now=NOW)  # from the beginning
    assert run(job) == "done"
    assert len(packed(job).namelist()) == 3


# --- permission -----------------------------------------------------------------------------------------


def test_a_job_is_its_owners_and_nobody_elses(s):
    job = s.ask()
    colleague = account_at(s.union, "superior_office")
    secretary = account_at(s.branches[0])
    assert PrintJob.objects.visible_to(s.office).get() == job
    for other in (colleague, s.party, secretary, AccountFactory()):
        assert not PrintJob.objects.visible_to(other).exists()
        assert not PrintJob.objects.editable_by(other).exists()


def test_who_lost_the_post_before_it_was_printed_gets_nothing(s, shop):
    job = s.ask()
    Post.objects.filter(account=s.office).update(ends_on=TODAY - datetime.timedelta(days=1))
    assert run(job) == "no right"
    assert (job.state, job.reason, shop.papers) == ("failed", print_worker.LOST, 0)
    assert not folder_of(job).exists()


def test_a_closed_account_prints_nothing(s, shop):
    job = s.ask()
    type(s.office).objects.filter(pk=s.office.pk).update(is_active=False)
    assert (run(job), shop.papers) == ("no right", 0)


def test_a_unit_that_moved_away_is_neither_printed_nor_taken(s):
    job = s.ask()
    away = UnionFactory()
    first = s.branches[0]
    Unit.objects.filter(pk=first.pk).update(path=f"{away.path}{first.pk}/")
    run(job)
    assert (standing_of(job).done, standing_of(job).failed) == (1, 1)
    assert listed(job)[0][3] == "Không in được: Không còn quyền đọc báo cáo này."
    assert may_take(account(s.office), job)
    second = s.branches[1]
    Unit.objects.filter(pk=second.pk).update(path=f"{away.path}{second.pk}/")
    assert not may_take(account(s.office), job)


def test_party_committee_gets_what_was_issued_and_no_drafts(s):
    assert listing_of(s.party, s.union, s.period, "all", on=TODAY).reports == ()
    PeriodReport.objects.update(number="07", dated_on=datetime.date(2026, 11, 20))
    assert listing_of(s.party, s.union, s.period, "all", on=TODAY).reports == ()
    approved(s.reports[0], s.office, "Người Ký")
    listing = listing_of(s.party, s.union, s.period, "all", on=TODAY)
    assert listing.reports == (s.reports[0].pk,)
    assert "Chi đoàn Sở Y tế" in listing.missing


def test_who_may_only_oversee_by_now_does_not_take_drafts(s):
    job = s.ask()
    run(job)
    Post.objects.filter(account=s.office).delete()
    PostFactory(account=s.office, unit=s.union, type="party_member")
    assert PrintJob.objects.visible_to(account(s.office)).filter(pk=job.pk).exists()
    assert not may_take(account(s.office), job)


def test_an_edition_that_waits_is_not_taken_by_who_may_only_oversee_by_now(s):
    """The report has an approved first edition; the ZIP of the office holds the second, which waits."""
    report = PeriodReport.objects.select_related("unit", "period").get(pk=s.reports[0].pk)
    PeriodReport.objects.filter(pk=s.reports[1].pk).delete()
    for edition in (1, 2):
        freeze(report, prepare(report, on=TODAY), by=s.office, on=TODAY, correction="" if edition == 1 else "Sai số")
        PeriodReport.objects.filter(pk=report.pk).update(state="submitted")
        if edition == 1:
            Submission.objects.update(approved_on=TODAY, approved_by=s.office)
    job = s.ask()
    run(job)
    assert list(job.items.values_list("state", "edition")) == [("done", 2)]
    Post.objects.filter(account=s.office).delete()
    PostFactory(account=s.office, unit=s.union, type="party_member")
    assert not may_take(account(s.office), job)
    Submission.objects.update(approved_on=TODAY, approved_by=s.office)
    assert may_take(account(s.office), job)


# --- what goes wrong ------------------------------------------------------------------------------------


def test_a_paper_that_fails_holds_up_no_other_and_is_taken_up_alone(s, shop):
    job = s.ask()
    shop.on_paper = staticmethod(lambda number: refuse(number) if number == 1 else None)
    assert run(job) == "done"
    assert packed(job).namelist() == ["00-danh-sach.xlsx", "0002-chi-doan-so-y-te.pdf"]
    assert listed(job)[0][3].startswith("Không in được: Không dàn được trang.")
    go_on(job=job, now=NOW)
    assert job.items.filter(state="waiting").count() == 1
    assert run(job) == "done"
    assert shop.papers == 3
    assert len(packed(job).namelist()) == 3
    with pytest.raises(PrintRefused, match="không có gì"):
        go_on(job=job, now=NOW)


def test_nothing_printed_at_all_is_a_failure_that_says_why(s, shop):
    shop.on_paper = staticmethod(refuse)
    job = s.ask()
    assert run(job) == "nothing printed"
    assert job.state == "failed"
    assert job.reason.startswith("Không dàn được trang")


def test_a_report_that_breaks_when_it_is_put_together_holds_up_no_other(s, monkeypatch):
    real = print_worker.draft_content

    def broken(report, *, on):
        if report.pk == s.reports[0].pk:
            raise ZeroDivisionError
        return real(report, on=on)

    monkeypatch.setattr(print_worker, "draft_content", broken)
    job = s.ask()
    assert run(job) == "done"
    assert (standing_of(job).done, standing_of(job).failed) == (1, 1)


def test_a_paper_that_killed_the_worker_three_times_is_left_out(s):
    job = s.ask()
    job.items.filter(position=1).update(tries=TRIES)
    assert run(job) == "done"
    assert packed(job).namelist() == ["00-danh-sach.xlsx", "0002-chi-doan-so-y-te.pdf"]


def test_an_error_of_the_worker_ends_the_job_and_it_can_go_on(s, monkeypatch):
    job = s.ask()
    with monkeypatch.context() as patched:
        patched.setattr(print_worker, "pack", lambda *args, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(job)
    job.refresh_from_db()
    assert (job.state, job.claim) == ("failed", None)
    go_on(job=job, now=NOW)
    assert run(job) == "done"


# --- lease ----------------------------------------------------------------------------------------------


def test_slices_go_on_under_one_claim(s, shop):
    job = s.ask()
    clock = Clock()
    assert print_slice(job.pk, on=TODAY, clock=clock, papers=1) == "goes on"
    job.refresh_from_db()
    assert standing_of(job).behind == 1
    assert print_slice(job.pk, on=TODAY, clock=clock) == "not free"  # a task that came twice
    queued = DBTaskResult.objects.filter(task_path=print_worker.print_some.module_path).order_by("-enqueued_at").first()
    assert queued.args_kwargs["args"] == [job.pk, job.claim.hex]
    assert run(job, clock, held=job.claim) == "done"
    assert shop.papers == 2


def test_a_silent_worker_loses_the_job_and_changes_nothing_any_more(s, shop):
    job = s.ask()
    late = Clock(NOW + LEASE + MINUTE)

    def overtaken(number):
        if number == 1:  # while the first paper is laid out, the lease passes and another worker does the job
            assert print_slice(job.pk, on=TODAY, clock=late) == "done"

    shop.on_paper = staticmethod(overtaken)
    assert run(job) == "stopped"
    assert (job.state, shop.papers) == ("done", 3)  # one paper was laid out twice, and lies in the ZIP once
    assert len(packed(job).namelist()) == 3


def test_the_watch_takes_up_a_job_whose_worker_died_and_ends_with_it(s):
    job = s.ask()
    asked = watch_of(job)
    assert watch(job.pk, asked, now=NOW + MINUTE) == "running"
    PrintJob.objects.filter(pk=job.pk).update(state="running", claim=job.folder, claimed_at=NOW)
    assert watch(job.pk, asked, now=NOW + LEASE - MINUTE) == "running"
    assert watch(job.pk, asked, now=NOW + LEASE + MINUTE) == "taken up"
    assert run(job, Clock(NOW + LEASE + MINUTE)) == "done"
    assert watch(job.pk, asked, now=NOW + 3 * LEASE) == "ended"


def chains(now) -> int:
    """Tasks that look after a job once all that are there were run, as the worker does when their time has come."""
    rows = DBTaskResult.objects.filter(task_path=print_worker.look_after.module_path)
    waiting = [row.args_kwargs["args"] for row in rows]
    rows.delete()
    for args in waiting:
        watch(*args, now=now)
    return rows.count()


def pressed(s, times: int) -> PrintJob:
    """A job that was stopped and taken up so often, a minute each."""
    job = s.ask()
    for minute in range(1, times + 1):
        cancel(job=job, now=NOW + minute * MINUTE)
        go_on(job=job, now=NOW + minute * MINUTE)
    return job


def test_a_job_has_one_chain_of_watching_however_often_somebody_presses_the_button(s):
    job = pressed(s, 5)
    assert chains(NOW + 6 * MINUTE) == 1
    assert chains(NOW + 6 * MINUTE + LEASE) == 1
    run(job)
    assert chains(NOW + 6 * MINUTE + 2 * LEASE) == 0


def test_control_without_naming_the_chain_each_press_adds_one_that_stays(s, monkeypatch):
    monkeypatch.setattr("reports.print_jobs.watch_of", lambda job: "")
    monkeypatch.setattr(print_worker, "watch_of", lambda job: "")
    pressed(s, 5)
    assert chains(NOW + 6 * MINUTE) == 6
    assert chains(NOW + 6 * MINUTE + LEASE) == 6


# --- memory ---------------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_web_process_loads_no_weasyprint():
    script = (
        "import sys, doanquanly.wsgi, doanquanly.urls, reports.urls, reports.print_worker;"
        "print(sorted({'weasyprint', 'docx', 'pikepdf'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout
    assert "weasyprint" not in said
