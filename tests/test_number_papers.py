"""From the register to the paper and its signed sheet; what is missing in a book; a number kept for a report."""

import datetime
import io
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import PaperNumber
from branches.number_papers import papers_under
from branches.numbering import reserve_number, take_number
from reports.freezing import content_of_submission, prepare
from reports.models import PeriodReport, SubmissionScan
from reports.states import ReportRefused
from reports.submitting import submit_report

from .edition_scene import TODAY, a_branch, begin
from .factories import UnionFactory, account_at

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def unit():
    return a_branch()


@pytest.fixture
def keeper(unit):
    return account_at(unit, full_name="Lê Thị Thư ký")


def keep_free(unit, keeper, about="Báo cáo năm"):
    return reserve_number(unit=unit, type_code="BC", on=TODAY, by=keeper, about=about)


def hand_in(unit, keeper, **said):
    report = PeriodReport.objects.select_related("unit", "period").get(pk=begin(unit, dated_on=TODAY).pk)
    return submit_report(report=report, version=1, by=keeper, on=TODAY, prepared=prepare(report, on=TODAY), **said)


def listed(client, account, unit) -> str:
    client.force_login(account)
    answer = client.get(reverse("branches:number_books", args=[unit.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


# --- a number kept for a report ---------------------------------------------------------------------------


def test_a_report_takes_the_number_that_was_kept_for_it(unit, keeper):
    kept = keep_free(unit, keeper)
    keep_free(unit, keeper, "Báo cáo khác")
    submission = hand_in(unit, keeper, reserved=kept.number)
    kept.refresh_from_db()
    assert (kept.state, kept.report.pk) == (PaperNumber.State.USED, submission.report_id)
    assert content_of_submission(submission).paper.head.number == "Số: 01-BC/CĐ"
    # Nothing was taken beside it: the book still ends with the other one that is kept.
    assert list(PaperNumber.objects.order_by("number").values_list("number", "state")) == [(1, "used"), (2, "reserved")]


def test_a_kept_number_that_is_used_by_now_refuses_the_report(unit, keeper):
    kept = keep_free(unit, keeper)
    take_number(unit=unit, type_code="BC", on=TODAY, by=keeper, about="Báo cáo khác", wanted=kept.number)
    with pytest.raises(ReportRefused, match="đã dùng: Báo cáo khác"):
        hand_in(unit, keeper, reserved=kept.number)
    assert PeriodReport.objects.get().state == "draft"


def test_the_form_offers_what_is_kept_and_takes_one_way_only(unit, keeper, client):
    report = begin(unit, dated_on=TODAY)
    client.force_login(keeper)
    url = reverse("reports:report_submit", args=[report.pk])
    assert "Hoặc dùng số đã giữ chỗ" not in client.get(url).content.decode()
    keep_free(unit, keeper)
    assert "01-BC/CĐ: Báo cáo năm" in client.get(url).content.decode()
    said = {"form_key": str(uuid.uuid4()), "version": 1, "reserved": "1"}
    both = client.post(url, {**said, "takes_number": "on"})
    assert "Hãy chọn một trong hai" in both.content.decode()
    assert client.post(url, said).status_code == 302
    assert PeriodReport.objects.get().number == "1"


def test_a_draft_without_a_number_has_a_blank_for_it(unit, keeper):
    submission = hand_in(unit, keeper)
    assert content_of_submission(submission).paper.head.number.startswith("Số: …")
    assert PaperNumber.objects.count() == 0


# --- from the register to the paper -----------------------------------------------------------------------


def test_a_number_opens_its_report_and_the_signed_sheet(unit, keeper, client):
    submission = hand_in(unit, keeper, takes_number=True)
    page = listed(client, keeper, unit)
    assert reverse("reports:report", args=[submission.report_id]) in page
    assert "chưa có bản ký" in page
    scan = SubmissionScan.objects.create(
        submission=submission, uploaded_by=keeper, kind="pdf", content_type="application/pdf", name="ban-ky.pdf"
    )
    page = listed(client, keeper, unit)
    assert reverse("reports:submission_scan_file", args=[scan.pk]) in page
    assert "Bản ký: ban-ky.pdf" in page


def test_a_number_without_a_paper_here_says_nothing_of_one(unit, keeper, client):
    take_number(unit=unit, type_code="CV", on=TODAY, by=keeper, about="Mời họp")
    page = listed(client, keeper, unit)
    assert "Mời họp" in page
    assert "bản ký" not in page


def test_a_stranger_is_told_of_no_paper(unit, keeper):
    submission = hand_in(unit, keeper, takes_number=True)
    entry = submission.report.entry_id or PeriodReport.objects.get(pk=submission.report_id).entry_id
    stranger = account_at(UnionFactory(name="Đoàn xa"), "superior_office")
    assert papers_under(stranger, [entry]) == {}
    assert list(papers_under(keeper, [entry])) == [entry]


def test_queries_do_not_grow_with_papers(unit, keeper, django_assert_num_queries):
    numbers = [take_number(unit=unit, type_code="CV", on=TODAY, by=keeper, about="Mời").pk for _ in range(3)]
    papers_under(keeper, numbers)  # the posts are read once
    with django_assert_num_queries(4) as one:  # cases, congresses, reports, sheets of reports
        papers_under(keeper, numbers[:1])
    with django_assert_num_queries(len(one)):
        papers_under(keeper, numbers)


def test_the_workbook_has_what_is_missing_in_each_book(unit, keeper, client):
    """03 was taken after 01 with a reason, so 02 is missing; the letters are whole."""
    take_number(unit=unit, type_code="BC", on=TODAY, by=keeper, about="Một")
    take_number(unit=unit, type_code="BC", on=TODAY, by=keeper, about="Ba", wanted=3, reason="Số 02 ở sổ giấy")
    take_number(unit=unit, type_code="CV", on=TODAY, by=keeper, about="Mời họp")
    client.force_login(keeper)
    answer = client.get(reverse("branches:number_books_xlsx", args=[unit.pk]))
    book = load_workbook(io.BytesIO(answer.content))
    rows = [[cell.value for cell in row] for row in book["Số còn thiếu"].iter_rows()]
    assert ["Báo cáo (BC)", "Ban Chấp hành", "2026", 3, 2, 0, 0, "2"] in rows
    assert ["Công văn (CV)", "Ban Chấp hành", "2026", 1, 1, 0, 0, "liền số"] in rows
