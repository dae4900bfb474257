"""The pages of what was submitted: editions, one of them, beside today, on paper, and its signed sheet."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from branches.models import PaperNumber
from reports.freezing import prepare
from reports.models import PeriodReport, ReportSentence, ReportStep, SubmissionScan
from reports.states import ReportRefused
from reports.submitting import approve_report, reopen_report, return_report, submit_report

from .edition_scene import DAY, TODAY, a_branch, approve, begin, hand_in, indicator, log
from .factories import UnionFactory, account_at
from .inspection_attacks import SCAN
from .printed import row_with, tables_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def branch():
    return a_branch()


@pytest.fixture
def secretary(branch):
    return account_at(branch)


@pytest.fixture
def superior(branch):
    return account_at(branch.placements.get().superior, "superior_office")


@pytest.fixture
def approved(branch):
    """A report with its first edition approved."""
    return approve(hand_in(begin(branch, number="7", dated_on=TODAY, signer_name="Đỗ Minh Khang")))


def page(client, user, name, *args, status=200) -> str:
    client.force_login(user)
    answer = client.get(reverse(f"reports:{name}", args=args))
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode() if status == 200 else ""


def file_of(client, user, name, *args) -> bytes:
    client.force_login(user)
    answer = client.get(reverse(f"reports:{name}", args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def words_of_pdf(content: bytes) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages).split())


def words_of_word(content: bytes) -> str:
    return "".join(part.text or "" for part in Document(io.BytesIO(content)).element.iter(qn("w:t")))


def change_the_figures(branch):
    """Two more donations since: 7 now where 5 were submitted."""
    log(branch, "blood_turns", 2, DAY(2025, 11, 2))


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_says_who_when_and_where_each_stands(client, branch, secretary, superior):
    report = begin(branch)
    first = submit_report(report=report, version=1, by=secretary, on=TODAY, prepared=prepare(report, on=TODAY))
    return_report(report=report, version=2, by=superior, on=TODAY, reason="Thiếu mục hạn chế")
    report.refresh_from_db()
    second = submit_report(report=report, version=3, by=secretary, on=TODAY, prepared=prepare(report, on=TODAY))
    approve_report(report=report, version=4, by=superior, on=TODAY)
    reopen_report(report=report, version=5, by=superior, on=DAY(2026, 2, 1), reason="Sai số hiến máu")
    report.refresh_from_db()
    submit_report(
        report=report, version=6, by=secretary, on=DAY(2026, 2, 3), prepared=prepare(report, on=DAY(2026, 2, 3)),
        correction="Số hiến máu là 7",
    )  # fmt: skip
    shown = page(client, secretary, "submission_list", report.pk)
    for said in (
        "Bản 3, nộp ngày 03/02/2026", "Đã nộp, chờ duyệt", "Đính chính: Số hiến máu là 7", "Bản 2, nộp ngày 05/01/2026",
        "Đã duyệt, đang có hiệu lực", "Bị trả lại", "Lý do: Thiếu mục hạn chế", first.sha256[:12], second.sha256[:12],
    ):  # fmt: skip
        assert said in shown, said
    approve_report(report=report, version=7, by=superior, on=DAY(2026, 2, 4))
    shown = page(client, secretary, "submission_list", report.pk)
    assert "Đã duyệt, đã có bản thay" in shown
    assert "Thay bằng bản 3" in shown
    assert page(client, secretary, "submission", second.pk).count("đã được thay bằng bản 3") == 1


def test_without_an_edition_the_page_says_what_to_do(client, branch, secretary):
    assert "Chưa nộp bản nào" in page(client, secretary, "submission_list", begin(branch).pk)


# --- an edition -----------------------------------------------------------------------------------------


def test_the_page_shows_the_frozen_words_and_no_others(client, branch, secretary, approved):
    before = page(client, secretary, "submission", approved.pk)
    assert "Đỗ Minh Khang" in before
    assert "Đã tính lại: đúng như lúc nộp." in before
    ReportSentence.objects.update(text="Câu khác hẳn.")
    PeriodReport.objects.update(signer_name="Người khác")
    change_the_figures(branch)
    after = page(client, secretary, "submission", approved.pk)
    assert tables_of(after) == tables_of(before)
    assert "Câu khác hẳn." not in after
    assert "Người khác" not in after


def test_a_page_that_does_not_match_its_hash_says_so(client, secretary, approved):
    approved.rows.filter(code="blood_turns").update(value=6)
    assert "không còn đúng như lúc nộp" in page(client, secretary, "submission", approved.pk)


def test_the_papers_of_an_edition_are_those_of_its_day(client, branch, secretary, approved):
    args = ("submission", approved.pk)
    before = {kind: file_of(client, secretary, f"{args[0]}_{kind}", args[1]) for kind in ("docx", "xlsx")}
    printed = words_of_pdf(file_of(client, secretary, "submission_pdf", approved.pk))
    change_the_figures(branch)
    ReportSentence.objects.update(text="Câu khác hẳn.")
    assert words_of_pdf(file_of(client, secretary, "submission_pdf", approved.pk)) == printed
    assert words_of_word(file_of(client, secretary, "submission_docx", approved.pk)) == words_of_word(before["docx"])
    assert file_of(client, secretary, "submission_xlsx", approved.pk) == before["xlsx"]


# --- beside today ---------------------------------------------------------------------------------------


def test_as_submitted_beside_now(client, branch, secretary, approved):
    assert "Không có số liệu nào thay đổi." in page(client, secretary, "submission_compare", approved.pk)
    change_the_figures(branch)
    log(branch, "youth_tasks", 2)
    shown = page(client, secretary, "submission_compare", approved.pk)
    changed, same = tables_of(shown)
    name = indicator("blood_turns").name
    # 5 of at least 4 was 25 % over; 7 is 75 % over
    assert row_with([changed], name)[1:] == ["5", "7"]
    assert "khác kết quả, tình trạng" in shown
    assert [row[1:] for row in changed if row[0].startswith(indicator("youth_tasks").name)] == [
        ["Chưa có trong bản đã nộp", "2"]
    ]
    assert len(changed) == 3  # the head and these two
    assert len(same) == 5
    assert "vượt 25%" in shown
    assert "vượt 75%" in shown


def test_sentences_beside_each_other(client, branch, secretary, approved):
    sentence = (
        ReportSentence.objects.filter(section__report=approved.report, left_out=False).exclude(drafted="").first()
    )
    ReportSentence.objects.filter(pk=sentence.pk).update(text="Một câu viết lại.")
    shown = page(client, secretary, "submission_compare", approved.pk)
    assert f"<del>{sentence.drafted}</del>" in shown
    assert "<ins>Một câu viết lại.</ins>" in shown


def test_the_report_says_what_changed_since_it_was_approved(client, branch, secretary, approved):
    report = approved.report_id
    assert "đúng như bản đã duyệt" in page(client, secretary, "report", report)
    change_the_figures(branch)
    shown = page(client, secretary, "report", report)
    assert "Có 1 số liệu thay đổi từ khi duyệt." in shown
    assert reverse("reports:submission_compare", args=[approved.pk]) in shown


def test_a_frozen_figure_opens_its_value_then_and_now(client, branch, secretary, approved):
    shown = page(client, secretary, "submission_figure", approved.pk, "blood_turns")
    assert "Đúng như đã nộp" in shown
    assert "Hiến máu cùng công an" in shown
    change_the_figures(branch)
    shown = page(client, secretary, "submission_figure", approved.pk, "blood_turns")
    assert '<span class="fig">5</span>' in shown
    assert '<span class="fig">7</span>' in shown
    assert "Đã thay đổi từ khi nộp" in shown
    assert f"{reverse('reports:figure', args=[branch.pk, 'blood_turns'])}?ky=2025" in shown
    page(client, secretary, "submission_figure", approved.pk, "khong-co", status=404)


def test_titles_of_activities_are_for_who_may_read_them(client, branch, monkeypatch):
    """A member of the superior's committee reads the superior's edition and nothing at the units below."""
    union = branch.placements.get().superior
    report = begin(union)
    submission = approve(hand_in(report))
    seen = {}
    for post in ("superior_office", "committee_member"):
        html = page(client, account_at(union, post), "submission_figure", submission.pk, "blood_turns")
        seen[post] = [
            word in html for word in ("Hiến máu đợt 1", "Hiến máu cùng công an", "Công an", "Chi đoàn Sở Y tế")
        ]
        seen[post].append(html.count("/hoat-dong/"))
    assert (seen["superior_office"][:4], seen["committee_member"][:4]) == ([True] * 4, [False, False, False, True])
    assert seen["committee_member"][4] == seen["superior_office"][4] - 2  # the two lines of the branch


def test_pages_ask_no_more_for_more_rows(client, branch, secretary, approved):
    client.force_login(secretary)

    def count(name, *args):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"reports:{name}", args=args)).status_code == 200
        return len(asked)

    names = ("submission", "submission_compare")
    few = {name: count(name, approved.pk) for name in names}
    few["report"], few["list"] = count("report", approved.report_id), count("submission_list", approved.report_id)
    for code in ("gifts_poor_households", "party_admitted", "youth_tasks"):
        log(branch, code, 2, organiser="joint", partner="Đoàn khác")
    newer = approve(hand_in(approved.report, correction="Thêm ba chỉ tiêu"))
    many = {name: count(name, newer.pk) for name in names}
    many["report"], many["list"] = count("report", newer.report_id), count("submission_list", newer.report_id)
    assert many == few


# --- who reads which paper ------------------------------------------------------------------------------


def test_the_party_reads_approved_editions_and_nothing_else(client, branch, secretary):
    """Neither numbered nor dated: only the approval opens it, and never an edition that still waits."""
    party = account_at(branch, "party_secretary")
    report = begin(branch)
    page(client, party, "report_pdf", report.pk, status=404)
    first = hand_in(report)
    PeriodReport.objects.filter(pk=report.pk).update(state="submitted")
    for name in ("pdf", "docx", "xlsx"):
        page(client, party, f"submission_{name}", first.pk, status=404)
        page(client, party, f"report_{name}", report.pk, status=404)
    approve(first)
    printed = words_of_word(file_of(client, party, "submission_docx", first.pk))
    change_the_figures(branch)
    PeriodReport.objects.filter(pk=report.pk).update(state="submitted")
    second = hand_in(report, correction="Số hiến máu là 7")
    page(client, party, "submission_pdf", second.pk, status=404)
    assert words_of_word(file_of(client, party, "report_docx", report.pk)) == printed
    for name in ("submission", "submission_compare"):
        page(client, party, name, first.pk, status=404)
    page(client, party, "submission_list", report.pk, status=404)


def test_who_may_not_write_gets_the_edition_in_force(client, branch, secretary, superior, approved):
    """While a correction is written, the secretary prints its draft and everybody else what was approved."""
    PeriodReport.objects.update(state="reopened")
    change_the_figures(branch)
    member = account_at(branch, "member")
    name, args = "report_xlsx", (approved.report_id,)
    frozen = file_of(client, secretary, "submission_xlsx", approved.pk)
    assert file_of(client, member, name, *args) == frozen
    assert file_of(client, superior, name, *args) == frozen
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(client, secretary, name, *args))).worksheets[0]
    assert 7 in [row[9] for row in sheet.iter_rows(values_only=True)]


def test_what_is_handed_in_is_printed_as_it_was_handed_in(client, branch, secretary, superior):
    report = begin(branch)
    submission = hand_in(report)
    PeriodReport.objects.update(state="submitted")
    change_the_figures(branch)
    frozen = file_of(client, secretary, "submission_xlsx", submission.pk)
    for user in (secretary, superior):
        assert file_of(client, user, "report_xlsx", report.pk) == frozen


def test_a_stranger_finds_nothing(client, approved):
    stranger = account_at(UnionFactory(name="Đoàn Nơi Khác"))
    for name in ("", "_pdf", "_docx", "_xlsx", "_compare", "_scan"):
        page(client, stranger, f"submission{name}", approved.pk, status=404)
    page(client, stranger, "submission_figure", approved.pk, "blood_turns", status=404)


# --- the number -----------------------------------------------------------------------------------------


def test_the_number_comes_from_the_register_and_a_correction_keeps_it(branch, secretary, superior):
    report = begin(branch)
    prepared = prepare(report, on=TODAY)
    assert prepared.content.paper.head.number == "Số: ……-BC/CĐ"
    first = submit_report(
        report=report, version=1, by=secretary, on=TODAY, prepared=prepared, takes_number=True, dated_on=TODAY
    )
    report.refresh_from_db()
    assert (report.number, report.entry.symbol) == ("1", "01-BC/CĐ")
    assert first.content["paper"]["head"]["number"] == "Số: 01-BC/CĐ"
    assert first.content["dated_on"] == "2026-01-05"
    approve_report(report=report, version=2, by=superior, on=TODAY)
    reopen_report(report=report, version=3, by=superior, on=TODAY, reason="Sai số")
    report.refresh_from_db()
    second = submit_report(
        report=report, version=4, by=secretary, on=DAY(2026, 2, 3), prepared=prepare(report, on=DAY(2026, 2, 3)),
        takes_number=True, correction="Số hiến máu là 7",
    )  # fmt: skip
    assert second.content["paper"]["head"]["number"] == "Số: 01-BC/CĐ"
    assert PaperNumber.objects.count() == 1


def test_a_refused_submission_takes_no_number(branch, secretary):
    report = begin(branch)
    prepared = prepare(report, on=TODAY)
    sentence = ReportSentence.objects.filter(section__report=report).first()
    sentence.claim(sentence.version)
    with pytest.raises(ReportRefused):
        submit_report(report=report, version=1, by=secretary, on=TODAY, prepared=prepared, takes_number=True)
    report.refresh_from_db()
    assert (PaperNumber.objects.count(), report.number, report.state) == (0, "", "draft")
    assert not ReportStep.objects.exists()


# --- the signed sheet -----------------------------------------------------------------------------------


def send_scan(client, submission, name="ban-ky.png"):
    url = reverse("reports:submission_scan", args=[submission.pk])
    key = client.get(url).context["form"]["form_key"].value()
    SCAN.seek(0)
    file = SimpleUploadedFile(name, SCAN.read(), content_type="image/png")
    return client.post(url, {"form_key": key, "files": file}), key


def test_the_signed_sheet_stands_beside_the_edition(client, branch, secretary, approved, media):
    client.force_login(secretary)
    answer, _ = send_scan(client, approved)
    assert answer.status_code == 302
    scan = SubmissionScan.objects.get()
    assert scan.name in page(client, secretary, "submission", approved.pk)
    party = account_at(branch, "party_secretary")
    assert file_of(client, party, "submission_scan_file", scan.pk)
    page(client, account_at(UnionFactory()), "submission_scan_file", scan.pk, status=404)


def remove_scan_as(client, user, scan):
    client.force_login(user)
    url = reverse("reports:submission_scan_remove", args=[scan.pk])
    key = client.get(url).context["form"]["form_key"].value()
    return client.post(url, {"form_key": key})


def test_a_signed_sheet_goes_until_the_edition_is_approved_and_stays_then(client, branch, secretary, media):
    submission = hand_in(begin(branch))
    client.force_login(secretary)
    send_scan(client, submission)
    assert remove_scan_as(client, secretary, SubmissionScan.objects.get()).status_code == 302
    assert not SubmissionScan.objects.exists()
    client.force_login(secretary)
    send_scan(client, submission)
    approve(submission)
    scan = SubmissionScan.objects.get()
    answer = remove_scan_as(client, secretary, scan)
    assert answer.status_code == 200
    assert "Bản đã duyệt: chỉ đính kèm thêm, không bỏ bản ký." in answer.content.decode()
    assert SubmissionScan.objects.get() == scan
    assert scan.file.storage.exists(scan.file.name)
    shown = page(client, secretary, "submission", submission.pk)
    assert reverse("reports:submission_scan_remove", args=[scan.pk]) not in shown
    assert reverse("reports:submission_scan", args=[submission.pk]) in shown


def test_the_scan_of_a_waiting_edition_is_not_for_the_party(client, branch, secretary, media):
    submission = hand_in(begin(branch))
    client.force_login(secretary)
    send_scan(client, submission)
    scan = SubmissionScan.objects.get()
    page(client, account_at(branch, "party_secretary"), "submission_scan_file", scan.pk, status=404)


def test_nothing_chosen_is_answered_at_the_field(client, secretary, approved):
    client.force_login(secretary)
    url = reverse("reports:submission_scan", args=[approved.pk])
    key = client.get(url).context["form"]["form_key"].value()
    answer = client.post(url, {"form_key": key})
    assert "Hãy chọn ảnh hoặc PDF của bản đã ký." in answer.content.decode()
