"""Pages of a rolled-up report: figures by unit, texts taken, editions that changed, and who sees none of it."""

import datetime
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import EditConflict, Unit
from reports.drafting import chapters_today, edit_sentence
from reports.joint import decide
from reports.material import material_of
from reports.models import PeriodReport, ReportSentence, SectionRevision, Submission
from reports.rolling_texts import changes_since, editions_now, take_all_new, take_text, texts_of_units
from reports.rolling_up import rolled_up
from reports.states import DraftingRefused

from .factories import IndicatorFactory, TargetFactory, UnitFactory, account_at
from .printed import tables_of
from .rolling import CLOSED, approved, began, corrected, log, rolled, submitted
from .test_rolling_up import Three

DAY = datetime.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def khoi(monkeypatch):
    """The Khối's report of 2026, begun when A1 (10) and A2 (20) were approved and A3 not begun."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: CLOSED)
    three = Three()
    three.turns = IndicatorFactory(name="Hiến máu tình nguyện", action="hiến máu tình nguyện")
    TargetFactory(unit=three.khoi, indicator=three.turns, value=40)
    three.each(three.turns, 10, 20, None, None, None)
    three.first = approved(three.a1, by=three.by, own="Cần thêm kinh phí cho hoạt động hè.")
    approved(three.a2, by=three.by)
    three.office = account_at(three.khoi, "superior_secretary")
    three.report = began(three.khoi, by=three.office, from_units=True)
    return three


def page(client, three, name, *args):
    client.force_login(three.office)
    answer = client.get(reverse(f"reports:{name}", args=[three.report.pk, *args]))
    assert answer.status_code == 200
    return answer.content.decode()


def chapters(three):
    report = PeriodReport.objects.select_related("unit", "period").get(pk=three.report.pk)
    material = material_of(report, as_of=CLOSED)
    return report, material, chapters_today(report, material)


# --- figures --------------------------------------------------------------------------------------------


def test_the_report_names_the_missing_unit_and_states_the_sum(khoi):
    texts = list(ReportSentence.objects.filter(section__report=khoi.report).values_list("drafted", flat=True))
    assert "Có 02/03 đơn vị trực thuộc có báo cáo được duyệt; số liệu chưa gồm 01 đơn vị chưa có: Chi đoàn A3." in texts
    assert any("30/40 lượt người" in text for text in texts)


def test_the_page_shows_each_units_part_and_who_is_missing(khoi, client):
    html = page(client, khoi, "report_units")
    rows = [row for table in tables_of(html) for row in table]
    (row,) = [row for row in rows if row[0].startswith("Hiến máu tình nguyện")]
    assert row[1] == "30"
    assert [cell.split()[-1] for cell in row[2:]] == ["10", "20"]
    assert "Chi đoàn A3" in html
    assert "Chưa soạn" in html


def test_excel_says_the_same(khoi, client):
    client.force_login(khoi.office)
    answer = client.get(reverse("reports:report_units_xlsx", args=[khoi.report.pk]))
    book = load_workbook(io.BytesIO(answer.content))
    rows = [[cell.value for cell in row] for row in book["Theo đơn vị"].iter_rows()]
    head = next(row for row in rows if row[0] == "Mục")
    (row,) = [row for row in rows if row[1] == "Hiến máu tình nguyện"]
    assert head[4:7] == ["Cộng", "Chi đoàn A1", "Chi đoàn A2"]
    assert row[4:7] == ["30", 10, 20]
    assert "Chi đoàn A3" in [row[0].value for row in book["Chưa có báo cáo duyệt"].iter_rows()]


def test_a_figure_opens_its_parts(khoi, client):
    html = page(client, khoi, "report_units_figure", khoi.turns.code)
    (table,) = tables_of(html)
    assert table[1:] == [
        ["Chi đoàn A1", "10"],
        ["Chi đoàn A2", "20"],
        ["Chi đoàn A3", "chưa có báo cáo duyệt (chưa soạn)"],
    ]
    assert reverse("reports:submission_figure", args=[khoi.first.pk, khoi.turns.code]) in html


def test_a_report_of_what_was_logged_has_no_such_page(khoi, client):
    PeriodReport.objects.filter(pk=khoi.report.pk).update(from_units=False)
    client.force_login(khoi.office)
    for name in ("report_units", "joint_activities", "report_units_xlsx"):
        assert client.get(reverse(f"reports:{name}", args=[khoi.report.pk])).status_code == 404


def test_a_stranger_sees_nothing_and_the_unit_below_neither(khoi, client):
    for account in (account_at(UnitFactory()), account_at(khoi.a1), account_at(khoi.khoi, "party_secretary")):
        client.force_login(account)
        for name in ("report_units", "joint_activities", "report_checks"):
            assert client.get(reverse(f"reports:{name}", args=[khoi.report.pk])).status_code == 404


@pytest.mark.parametrize("more", [1, 4])
@pytest.mark.parametrize(("page", "queries"), [("report_units", 21), ("report", 30), ("report_checks", 27)])
def test_pages_ask_the_same_whatever_the_number_of_units(
    khoi, client, more, page, queries, django_assert_num_queries
):  # fmt: skip
    for _ in range(more):
        unit = UnitFactory(superior=khoi.khoi)
        log(unit, khoi.turns, 5)
        approved(unit, by=khoi.by)
    client.force_login(khoi.office)
    with django_assert_num_queries(queries):
        assert client.get(reverse(f"reports:{page}", args=[khoi.report.pk])).status_code == 200


def test_the_superior_chooses_between_approved_and_logged(khoi, client):
    """Without a word it is the approved reports; what is logged and not approved is chosen on purpose."""
    khoi.report.delete()
    log(khoi.khoi, khoi.turns, 1)
    client.force_login(khoi.office)
    url = reverse("reports:report_new", args=[khoi.khoi.pk])
    assert "Tổng hợp từ báo cáo đã duyệt của đơn vị" in client.get(url).content.decode()
    answer = client.post(url, {"period": "2026", "figures": "units"})
    made = PeriodReport.objects.get(unit=khoi.khoi)
    assert answer.status_code == 302
    assert made.from_units
    assert set(made.rolled_from) == {str(khoi.a1.pk), str(khoi.a2.pk)}


def test_a_branch_is_not_asked(khoi, client):
    client.force_login(account_at(khoi.a3))
    assert "Tổng hợp từ" not in client.get(reverse("reports:report_new", args=[khoi.a3.pk])).content.decode()


# --- texts ----------------------------------------------------------------------------------------------


def section(three, key="proposals"):
    return three.report.sections.get(key=key)


def test_the_editor_shows_what_the_units_wrote(khoi, client):
    client.force_login(khoi.office)
    html = client.get(reverse("reports:report", args=[khoi.report.pk]) + "?muc=proposals").content.decode()
    assert "Các đơn vị viết" in html
    assert "Cần thêm kinh phí cho hoạt động hè." in html
    assert reverse("reports:submission", args=[khoi.first.pk]) in html


def test_a_sentence_taken_keeps_its_source_and_is_taken_once(khoi, client):
    client.force_login(khoi.office)
    url = reverse("reports:section_take_text", args=[section(khoi).pk])
    for _ in range(2):
        assert client.post(url, {"submission": khoi.first.pk, "number": 1}).status_code == 302
    (sentence,) = ReportSentence.objects.filter(section=section(khoi))
    assert (sentence.printed, sentence.from_submission) == ("Cần thêm kinh phí cho hoạt động hè.", khoi.first)
    html = client.get(reverse("reports:report", args=[khoi.report.pk]) + "?muc=proposals").content.decode()
    assert "Theo báo cáo của Chi đoàn A1" in html
    assert "Đã lấy câu này" in html


def test_editing_a_taken_sentence_keeps_where_it_came_from(khoi):
    sentence = take_text(section=section(khoi), submission=khoi.first, number=1, by=khoi.office)
    edit_sentence(
        sentence=sentence, version=sentence.version, by=khoi.office, text="Các chi đoàn đề nghị thêm kinh phí."
    )
    sentence.refresh_from_db()
    assert sentence.from_submission == khoi.first
    chapter = section(khoi)
    (wrote,) = texts_of_units(rolled(khoi.khoi), chapter, chapter.sentences.all(), Submission.objects.all())
    assert wrote.sentences[0].is_taken


def test_who_reads_only_the_superior_sees_its_sums_and_no_words_of_the_units(khoi, client):
    """A member of the superior's committee has no right at the units; their editions are 404 for them."""
    committee = account_at(khoi.khoi, "committee_member")
    client.force_login(committee)
    assert client.get(reverse("reports:submission", args=[khoi.first.pk])).status_code == 404
    url = reverse("reports:report", args=[khoi.report.pk]) + "?muc=proposals"
    html = client.get(url).content.decode()
    assert "Chi đoàn A1" not in html
    assert "Cần thêm kinh phí cho hoạt động hè." not in html
    html = client.get(reverse("reports:report_units", args=[khoi.report.pk])).content.decode()
    rows = [row for table in tables_of(html) for row in table]
    assert [row[1] for row in rows if row[0].startswith("Hiến máu tình nguyện")] == ["30"]


def test_titles_and_partners_of_units_are_for_who_reads_their_editions(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: CLOSED)
    three = Three()
    turns = IndicatorFactory(name="Hiến máu", unit_word="lượt người")
    one = log(three.a1, turns, 40, title="Ngày hội hiến máu", organiser="joint", partner="Công an phường")
    log(three.a2, turns, 40, title="Tham gia ngày hội hiến máu", organiser="joined", partner="Thành đoàn")
    three.approve_branches()
    report = began(three.khoi, by=three.by, from_units=True)
    (candidate,) = rolled_up(report, as_of=CLOSED).candidates
    decide(report=report, candidate=candidate, version=0, by=three.by, on=CLOSED, said="one", kept=one.pk)
    urls = [
        reverse("reports:joint_activities", args=[report.pk]),
        reverse("reports:report_units_figure", args=[report.pk, turns.code]),
    ]
    seen = {}
    for post in ("superior_secretary", "committee_member"):
        client.force_login(account_at(three.khoi, post))
        pages = [client.get(url).content.decode() for url in urls]
        words = ("ngày hội hiến máu", "Ngày hội hiến máu", "Công an phường", "26/03/2026", "Chi đoàn A2")
        seen[post] = [[word in html for word in words] for html in pages]
    assert seen == {
        "superior_secretary": [[True] * 5, [True, False, False, False, True]],  # taken off is A2's part
        "committee_member": [[False, False, False, False, True], [False, False, False, False, True]],
    }


def test_the_text_of_a_unit_that_moved_away_is_not_taken(khoi, client):
    """It still stands in the round of the period, but the office reads it no longer."""
    away = UnitFactory()
    Unit.objects.filter(pk=khoi.a1.pk).update(path=f"{away.path}{khoi.a1.pk}/")
    client.force_login(khoi.office)
    url = reverse("reports:section_take_text", args=[section(khoi).pk])
    assert client.post(url, {"submission": khoi.first.pk, "number": 1}).status_code == 404
    assert not ReportSentence.objects.filter(section=section(khoi)).exists()
    html = client.get(reverse("reports:report", args=[khoi.report.pk]) + "?muc=proposals").content.decode()
    assert "Cần thêm kinh phí cho hoạt động hè." not in html


def test_the_edition_of_a_stranger_is_not_taken(khoi, client):
    strange = approved(UnitFactory(), by=khoi.by, own="Bí mật")
    client.force_login(khoi.office)
    client.post(reverse("reports:section_take_text", args=[section(khoi).pk]), {"submission": strange.pk, "number": 1})
    assert not ReportSentence.objects.filter(section=section(khoi)).exists()


def test_a_sentence_that_is_not_there_is_refused(khoi):
    with pytest.raises(DraftingRefused):
        take_text(section=section(khoi), submission=khoi.first, number=2, by=khoi.office)


def test_nothing_is_taken_into_a_closed_report(khoi):
    submitted(khoi.report, by=khoi.office)
    with pytest.raises(DraftingRefused):
        take_text(section=section(khoi), submission=khoi.first, number=1, by=khoi.office)


# --- what changed since -----------------------------------------------------------------------------------


def said(three):
    report, material, _ = chapters(three)
    return [one.words for one in changes_since(report, material.rolled)]


def test_nothing_changed_says_nothing(khoi):
    assert said(khoi) == []


def test_a_correction_and_a_late_approval_are_told(khoi):
    log(khoi.a1, khoi.turns, 5, DAY(2026, 10, 1))
    corrected(khoi.first, by=khoi.by)
    approved(khoi.a3, by=khoi.by)
    assert said(khoi) == [
        "Báo cáo của Chi đoàn A1 đã đính chính (bản 2, duyệt ngày 05/01/2027)",
        "Báo cáo của Chi đoàn A3 đã được duyệt ngày 05/01/2027",
    ]


def test_new_figures_come_in_one_step_and_what_people_wrote_stays(khoi, client):
    """10 + 20 = 30 became 15 + 20 = 35; the sentence about missing units was written anew and stays."""
    by_source = {one.source: one for one in ReportSentence.objects.filter(section__report=khoi.report)}
    written = by_source["units"]
    edit_sentence(sentence=written, version=written.version, by=khoi.office, text="Chi đoàn A3 nộp sau.")
    log(khoi.a1, khoi.turns, 5, DAY(2026, 10, 1))
    corrected(khoi.first, by=khoi.by)
    approved(khoi.a3, by=khoi.by)
    html = page(client, khoi, "report")
    assert "Lấy số mới cho cả báo cáo" in html
    khoi.report.refresh_from_db()
    client.post(reverse("reports:report_take_all", args=[khoi.report.pk]), {"version": khoi.report.version})
    texts = {one.source: one.printed for one in ReportSentence.objects.filter(section__report=khoi.report)}
    assert "35/40 lượt người" in texts[f"indicator:{khoi.turns.pk}"]
    assert texts["units"] == "Chi đoàn A3 nộp sau."
    assert SectionRevision.objects.filter(note="Lấy số mới cho cả báo cáo").exists()
    assert said(khoi) == []


def test_of_two_who_renew_at_once_one_is_told(khoi):
    report, material, views = chapters(khoi)
    settings = {"report": report, "by": khoi.office, "chapters": views, "editions": editions_now(material)}
    take_all_new(version=report.version, **settings)
    with pytest.raises(EditConflict):
        take_all_new(version=report.version, **settings)


def test_a_sentence_changed_meanwhile_stops_all_of_it(khoi):
    log(khoi.a1, khoi.turns, 5, DAY(2026, 10, 1))
    corrected(khoi.first, by=khoi.by)
    report, material, views = chapters(khoi)
    stale = next(one.sentence for view in views for one in view.sentences if one.is_stale)
    other = ReportSentence.objects.get(pk=stale.pk)
    edit_sentence(sentence=other, version=other.version, by=khoi.office, text="Viết tay.")
    with pytest.raises(EditConflict):
        take_all_new(
            report=report, version=report.version, by=khoi.office, chapters=views, editions=editions_now(material)
        )
    assert ReportSentence.objects.get(pk=stale.pk).printed == "Viết tay."
    assert PeriodReport.objects.get(pk=report.pk).version == report.version


# --- joint activities, as a page --------------------------------------------------------------------------


def test_deciding_on_the_page_changes_the_figure_and_the_line_says_so(khoi, client):
    log(khoi.khoi, khoi.turns, 40, title="Ngày hội hiến máu")
    one = log(khoi.a3, khoi.turns, 40, title="Ngày hội hiến máu", organiser="joined")
    approved(khoi.a3, by=khoi.by)
    html = page(client, khoi, "joint_activities")
    assert "Chưa kết luận" in html
    key = re.search(r"hoat-dong-chung/([0-9a-f]{32})/", html)[1]
    url = reverse("reports:joint_decide", args=[khoi.report.pk, key])
    assert client.post(url, {"version": 0, "said": f"one:{one.pk}"}).status_code == 302
    assert rolled(khoi.khoi).table.row(khoi.turns.code).done.value == 70  # 10 + 20 + 40
    assert "đã trừ 40 lượt người tính trùng" in page(client, khoi, "report_units")
    _, _, views = chapters(khoi)
    offered = [draft.text for view in views for draft in view.waiting]
    assert (
        "Có 01 hoạt động nhiều đơn vị cùng làm được tính một lần:"
        " hiến máu tình nguyện đã trừ 40 lượt người tính trùng." in offered
    )


def test_a_decision_the_page_did_not_see_is_not_overwritten(khoi, client):
    for unit in (khoi.khoi, khoi.a3):
        log(unit, khoi.turns, 40, title="Ngày hội hiến máu", organiser="joint")
    approved(khoi.a3, by=khoi.by)
    html = page(client, khoi, "joint_activities")
    key, kept = re.search(r"hoat-dong-chung/([0-9a-f]{32})/", html)[1], re.search(r'value="(one:\d+)"', html)[1]
    url = reverse("reports:joint_decide", args=[khoi.report.pk, key])
    client.post(url, {"version": 0, "said": "different"})
    answer = client.post(url, {"version": 0, "said": kept}, follow=True)
    assert "Người khác vừa kết luận" in answer.content.decode()
    assert "Các hoạt động khác nhau" in answer.content.decode()
