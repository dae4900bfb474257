"""Freezing: an edition keeps words, figures and names of its day, whatever changes afterwards."""

import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from branches.models import Quantity, Target
from branches.restructuring import move_unit, rename_unit
from reports import wording
from reports.comparing import rows_of
from reports.freezing import content_of_submission, freeze, prepare, progress_of_rows, verify
from reports.models import PeriodReport, ReportRow, ReportSentence, Submission
from reports.papers.report import draft_content, report_html
from reports.progress import progress_for
from reports.states import ReportRefused

from .edition_scene import LAST_DAY, TODAY, a_branch, approve, begin, hand_in, indicator, log
from .factories import UnionFactory, account_at, year

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def branch():
    return a_branch()


def words(row) -> tuple:
    return (
        row.indicator.name, row.depth, wording.result(row), wording.aim(row.aim, row.indicator), wording.standing(row),
        wording.amount(row.last, row.indicator),
    )  # fmt: skip


def row_of(submission, code) -> ReportRow:
    return submission.rows.get(code=code)


# --- what is kept ---------------------------------------------------------------------------------------


def test_the_figures_are_kept_in_their_parts(branch):
    submission = hand_in(begin(branch))
    blood, study, news = (row_of(submission, code) for code in ("blood_turns", "hcm_study_registered", "news_items"))
    # 3 + 2 of at least 4; 4 the year before; 5 / 4 = 1,25
    assert (blood.value, blood.lines, blood.last_value, blood.aim_value, blood.comparator) == (5, 2, 4, 4, "ge")
    assert (blood.ratio, blood.difference, blood.standing) == (Decimal("1.25"), 1, "over")
    assert (study.value, study.whole, study.aim_value) == (14, 14, 1)
    assert (news.value, news.qualifier) == (10, "about")
    assert row_of(submission, "children_gift_money").comparator == ""
    assert (submission.edition, submission.as_of, len(submission.sha256)) == (1, LAST_DAY, 64)


def test_rebuilt_rows_print_the_same_words(branch):
    submission = hand_in(begin(branch))
    live = progress_for(branch, year(2025), as_of=TODAY).rows
    assert [words(row) for row in progress_of_rows(rows_of(submission))] == [words(row) for row in live]


def test_a_mean_with_many_digits_prints_the_same_words(branch):
    """13 / 3 is kept with four decimals and still printed as 4,3."""
    Target.objects.filter(unit=branch, indicator__code="news_items").delete()
    average = indicator("news_items")
    average.over_time = "average"
    average.save()
    for value in (2, 1):  # with the 10 of the scene: 13 / 3
        log(branch, "news_items", value)
    submission = hand_in(begin(branch))
    assert row_of(submission, "news_items").value == Decimal("4.3333")
    (row,) = [row for row in progress_of_rows(rows_of(submission)) if row.indicator.code == "news_items"]
    assert wording.result(row).endswith("4,3")
    assert verify(Submission.objects.get(pk=submission.pk))


def test_what_was_done_with_others_is_kept_line_by_line(branch):
    submission = hand_in(begin(branch))
    (line,) = row_of(submission, "blood_turns").together
    assert (line["title"], line["organiser"], line["partner"]) == ("Hiến máu cùng công an", "joint", "Công an")
    assert (line["starts_on"], line["value"], line["whole"]) == ("2025-09-09", "2.00", None)
    assert row_of(submission, "news_items").together == []


def test_opening_and_moves_make_the_closing(branch):
    facts = hand_in(begin(branch)).facts
    assert facts["opening"] + facts["came"] - facts["left"] == facts["closing"] == facts["members"]


def test_the_paper_is_kept_whole(branch):
    report = begin(branch, number="7", dated_on=TODAY)
    before = report_html(draft_content(report, on=TODAY))
    submission = hand_in(report)
    assert report_html(content_of_submission(Submission.objects.get(pk=submission.pk))) == before


# --- and nothing of it changes --------------------------------------------------------------------------


def test_an_edition_says_the_same_after_everything_changed(branch):
    report = begin(branch, number="7", dated_on=TODAY)
    submission = hand_in(report)
    html = report_html(content_of_submission(submission))
    rows = [words(row) for row in progress_of_rows(rows_of(submission))]
    log(branch, "blood_turns", 999)
    Quantity.objects.filter(activity__unit=branch).update(value=Decimal(999))
    Target.objects.filter(unit=branch, value__isnull=False).update(value=1)
    ReportSentence.objects.filter(section__report=report).update(text="Câu khác.")
    PeriodReport.objects.filter(pk=report.pk).update(number="99", signer_name="Người khác", recipients="Nơi khác")
    found = indicator("blood_turns")
    found.name, found.unit_word = "Tên mới", "đơn vị mới"
    found.save()
    submission = Submission.objects.get(pk=submission.pk)
    assert report_html(content_of_submission(submission)) == html
    assert [words(row) for row in progress_of_rows(rows_of(submission))] == rows
    assert verify(submission)


def test_names_and_tree_are_those_of_the_day(branch):
    """Renamed and moved afterwards: the edition still speaks of the old name under the old superior."""
    submission = hand_in(begin(branch, number="7", dated_on=TODAY))
    rename_unit(unit=branch, name="Chi đoàn Sở Sức khỏe", on=DAY(2026, 2, 1), decision="1-QĐ")
    move_unit(unit=branch, superior=UnionFactory(name="Đoàn Tỉnh Mới"), on=DAY(2026, 2, 2), decision="2-QĐ")
    html, _ = report_html(content_of_submission(Submission.objects.get(pk=submission.pk)))
    assert "CHI ĐOÀN SỞ Y TẾ" in html
    assert "ĐOÀN KHỐI" in html
    assert "SỨC KHỎE" not in html
    assert "TỈNH MỚI" not in html


# --- editions and corrections ---------------------------------------------------------------------------


def test_the_first_edition_and_what_follows_a_return_is_no_correction(branch):
    report = begin(branch)
    first, second = hand_in(report), hand_in(report)
    assert [(one.edition, one.correction) for one in (first, second)] == [(1, ""), (2, "")]
    assert content_of_submission(second).notes == ()


def test_after_an_approved_edition_a_correction_says_what_it_corrects(branch):
    report = begin(branch, number="7", dated_on=DAY(2026, 1, 5))
    approve(hand_in(report))
    with pytest.raises(ReportRefused) as refused:
        hand_in(report, on=DAY(2026, 2, 3))
    assert refused.value.field == "correction"
    PeriodReport.objects.filter(pk=report.pk).update(dated_on=DAY(2026, 2, 3))
    second = hand_in(report, on=DAY(2026, 2, 3), correction="Sửa số lượt hiến máu")
    assert second.correction == "Sửa số lượt hiến máu"
    html, _ = report_html(content_of_submission(second))
    assert "(Bản đính chính ngày 03/02/2026, thay bản ngày 05/01/2026)" in html


def test_a_correction_sent_back_stays_that_correction(branch):
    report = begin(branch)
    approve(hand_in(report))
    hand_in(report, correction="Sửa số lượt hiến máu")
    assert hand_in(report).correction == "Sửa số lượt hiến máu"


def test_texts_changed_since_they_were_read_are_not_frozen(branch):
    report = begin(branch)
    prepared = prepare(report, on=TODAY)
    sentence = ReportSentence.objects.filter(section__report=report).first()
    sentence.claim(sentence.version)
    with pytest.raises(ReportRefused):
        freeze(report, prepared, by=account_at(branch), on=TODAY)
    assert not Submission.objects.exists()


def test_a_crash_on_the_way_leaves_nothing(branch, monkeypatch):
    report = begin(branch)
    prepared = prepare(report, on=TODAY)

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("reports.freezing._hash", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        freeze(report, prepared, by=account_at(branch), on=TODAY)
    assert (Submission.objects.count(), ReportRow.objects.count()) == (0, 0)


def test_a_figure_too_large_is_refused_in_words(branch):
    """10^14 pieces of news over a plan of 1/100 would be a ratio no column holds."""
    Target.objects.filter(unit=branch, indicator__code="news_items").update(value=Decimal("0.01"))
    log(branch, "news_items", 10**14)
    with pytest.raises(ReportRefused, match="lớn quá mức"):
        prepare(begin(branch), on=TODAY)


# --- the hash -------------------------------------------------------------------------------------------


def test_every_tampering_is_found(branch):
    submission = hand_in(begin(branch))
    assert verify(Submission.objects.get(pk=submission.pk))
    row = row_of(submission, "blood_turns")
    for change in ({"value": 6}, {"standing": "met"}, {"aim_value": 5}, {"together": []}, {"name": "Khác"}):
        before = {name: getattr(row, name) for name in change}
        ReportRow.objects.filter(pk=row.pk).update(**change)
        assert not verify(Submission.objects.get(pk=submission.pk)), change
        ReportRow.objects.filter(pk=row.pk).update(**before)
    content = {**submission.content, "unit_name": "Chi đoàn Khác"}
    for change in ({"content": content}, {"facts": {}}, {"correction": "x"}, {"edition": 3}, {"as_of": TODAY}):
        before = {name: getattr(submission, name) for name in change}
        Submission.objects.filter(pk=submission.pk).update(**change)
        assert not verify(Submission.objects.get(pk=submission.pk)), change
        Submission.objects.filter(pk=submission.pk).update(**before)
    assert verify(Submission.objects.get(pk=submission.pk))


def test_the_command_names_what_does_not_match(branch):
    submission = hand_in(begin(branch))
    out = StringIO()
    call_command("check_submissions", stdout=out)
    assert "1 bản" in out.getvalue()
    row_of(submission, "blood_turns").delete()
    with pytest.raises(CommandError) as failed:
        call_command("check_submissions", stdout=StringIO(), stderr=StringIO())
    assert "1/1" in str(failed.value)


# --- how much it asks of the database -------------------------------------------------------------------


def test_queries_do_not_grow_with_rows(branch):
    few, by = begin(branch), account_at(branch)
    with CaptureQueriesContext(connection) as of_few:
        prepared = prepare(few, on=TODAY)
    with CaptureQueriesContext(connection) as to_freeze_few:
        freeze(few, prepared, by=by, on=TODAY)
    for code in ("gifts_poor_households", "party_admitted", "youth_tasks", "branch_meetings"):
        log(branch, code, 1, organiser="joint", partner="Đoàn khác")
        log(branch, code, 2)
    with CaptureQueriesContext(connection) as of_many:
        prepared = prepare(few, on=TODAY)
    with CaptureQueriesContext(connection) as to_freeze_many:
        freeze(few, prepared, by=by, on=TODAY)
    assert len(of_many) <= len(of_few)
    assert len(of_few) <= 26
    assert len(to_freeze_many) <= len(to_freeze_few) <= 12
