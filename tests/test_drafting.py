"""Drafting a report: what is drafted, what people change, and what happens when the data changes after."""

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from branches.models import Activity, EditConflict, Indicator
from reports import drafting
from reports.drafting import changed_figures, chapters_today, start_report
from reports.drafts import drafts_of
from reports.highlights import names_prize
from reports.material import collect
from reports.models import PeriodReport, ReportSection, ReportSentence

from .factories import (
    ActivityFactory,
    QuantityFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    account_at,
    refresh,
    year,
)

DAY = datetime.date
TODAY = DAY(2020, 1, 6)


@pytest.fixture
def today(monkeypatch):
    """Views ask for the day; every report of these tests is read on 06/01/2020."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def branch(db):
    return UnitFactory(name="Chi đoàn Sở Y tế", superior=UnionFactory(name="Đoàn Khối"), party_body="Chi bộ Sở")


@pytest.fixture
def secretary(branch):
    return account_at(branch, full_name="Lê Thu Hạnh")


def indicator(code):
    return Indicator.objects.get(code=code)


def log(unit, code, value, day=None, **line):
    found, day = indicator(code), day or DAY(2019, 3, 4)
    activity = ActivityFactory(unit=unit, starts_on=day, area=found.area)
    return QuantityFactory(activity=activity, indicator=found, value=Decimal(value), **line)


def today_of(report, as_of=TODAY):
    return {view.chapter.key: view for view in chapters_today(report, collect(report.unit, report.period, as_of=as_of))}


@pytest.fixture
def report(branch, secretary):
    """2019: 15 of 12 news items, 9 of 12 meetings."""
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=12)
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("branch_meetings"), value=12)
    log(branch, "news_items", 15)
    log(branch, "branch_meetings", 9)
    return start_report(by=secretary, unit=branch, period=year(2019), material=collect(branch, year(2019), as_of=TODAY))


def sentence(report, key) -> ReportSentence:
    return ReportSentence.objects.get(section__report=report, section__key=key)


# --- drafting -------------------------------------------------------------------------------------------


def test_every_chapter_is_there_and_typed_ones_are_empty(report):
    keys = list(report.sections.order_by("position").values_list("key", flat=True))
    assert keys == [
        "opening", "situation", "advantages", "difficulties", "results", "area-education", "area-movement",
        "area-companionship", "area-children", "area-international", "area-building", "area-inspection_direction",
        "merits", "shortcomings", "causes", "lessons", "next-targets", "solutions", "proposals",
    ]  # fmt: skip
    filled = ReportSentence.objects.filter(section__report=report).values_list("section__key", flat=True)
    assert sorted(filled) == ["area-building", "area-education", "opening", "results"]


def test_opening_and_summary(report):
    assert sentence(report, "opening").printed == (
        "Thực hiện Chương trình công tác Đoàn và phong trào thanh thiếu nhi năm 2019 của Ban Chấp hành Đoàn Khối và"
        " định hướng của Chi bộ Sở, Ban Chấp hành Chi đoàn Sở Y tế báo cáo kết quả công tác năm 2019 (số liệu từ ngày"
        " 01/01/2019 đến hết ngày 31/12/2019) và phương hướng, nhiệm vụ năm 2020 như sau:"
    )
    assert sentence(report, "results").printed == (
        "Năm 2019, trong 02 chỉ tiêu được giao, Chi đoàn thực hiện vượt 01 chỉ tiêu và chưa đạt 01 chỉ tiêu (Bảng 1)."
    )


def test_one_report_a_period(report, secretary):
    material = collect(report.unit, report.period, as_of=TODAY)
    with pytest.raises(drafting.DraftingRefused):
        start_report(by=secretary, unit=report.unit, period=report.period, material=material)
    assert PeriodReport.objects.count() == 1


def rows_of_work(branch, count: int, *, target: int | None) -> list:
    """Drafts of `count` indicators with a result of 3 each."""
    area = WorkAreaFactory(code="movement")
    for number in range(count):
        found = Indicator.objects.create(
            code=f"rieng-{number}", area=area, name=f"Việc {number}", unit_word="việc", action="làm", first_year=2015,
            position=number,
        )  # fmt: skip
        if target:
            TargetFactory(unit=branch, period=year(2019), indicator=found, value=target)
        QuantityFactory(
            activity=ActivityFactory(unit=branch, starts_on=DAY(2019, 5, 6), area=area), indicator=found, value=3
        )
    return drafts_of(collect(branch, year(2019), as_of=TODAY))["area-movement"]


def test_after_two_alike_the_rest_waits_beside_the_text(branch):
    drafts = rows_of_work(branch, 4, target=3)
    assert [draft.is_usual for draft in drafts] == [True, True, False, False]


def test_after_four_without_a_target_the_rest_waits(branch):
    drafts = rows_of_work(branch, 6, target=None)
    assert [draft.is_usual for draft in drafts] == [True, True, True, True, False, False]
    assert drafts[0].text == "Chi đoàn làm 03 việc."  # no plan at all, so nothing stands outside of it


def test_what_is_outside_the_plan_is_said_once_in_a_chapter(branch):
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("blood_turns"), value=4)
    drafts = rows_of_work(branch, 2, target=None)
    assert [draft.text for draft in drafts if draft.is_usual] == [
        "Chưa thực hiện được chỉ tiêu hiến máu tình nguyện (kế hoạch 04 lượt người).",
        "Ngoài chỉ tiêu được giao, Chi đoàn làm 03 việc.",
        "Chi đoàn làm 03 việc.",
    ]


def test_own_activities_without_figures_share_a_sentence(branch):
    area = WorkAreaFactory(code="companionship")
    for month, title in ((3, "Ngày hội sách"), (9, "Về nguồn")):
        ActivityFactory(unit=branch, starts_on=DAY(2019, month, 26), area=area, title=title)
    (draft,) = drafts_of(collect(branch, year(2019), as_of=TODAY))["area-companionship"]
    assert draft.text == "Chi đoàn tổ chức 02 hoạt động: “Ngày hội sách” (26/03/2019); “Về nguồn” (26/09/2019)."


def test_an_activity_of_others_is_joined_not_held(branch):
    ActivityFactory(
        unit=branch, starts_on=DAY(2019, 5, 12), area=WorkAreaFactory(code="companionship"), organiser="joined",
        title="Tham gia phục vụ đại lễ", partner="Tỉnh đoàn",
    )  # fmt: skip
    (draft,) = drafts_of(collect(branch, year(2019), as_of=TODAY))["area-companionship"]
    assert draft.text == "Chi đoàn tham gia phục vụ đại lễ do Tỉnh đoàn tổ chức (12/05/2019)."


@pytest.mark.parametrize(
    ("note", "is_prize"),
    [
        ("Giải Ba đôi nam nữ", True), ("Đội tuyển đạt giải", True), ("02 giải thể thao", True), ("giải thưởng", True),
        ("Giải quyết 12 hồ sơ", False), ("Hòa giải 3 vụ việc", False), ("hoà giải ở cơ sở", False), ("", False),
        ("Nêu giải pháp", False), ("vui chơi giải trí", False), ("giải thể câu lạc bộ", False), ("giải toả", False),
        ("Giải quyết 12 hồ sơ, đạt giải Nhì", True),
    ],
)  # fmt: skip
def test_only_a_prize_is_a_prize(note, is_prize):
    assert names_prize(note) == is_prize


def test_activities_without_a_figure_are_named_with_who_ran_them(branch):
    area = WorkAreaFactory(code="companionship")
    for title, organiser, partner, note in (
        ("Giải cầu lông 26/3", "joint", "Công đoàn Sở", "giải Ba đôi nam nữ"),
        ("Hội thao Khối", "joined", "Đoàn Khối", ""),
        ("Ngày hội sách", "own", "", ""),
    ):
        ActivityFactory(
            unit=branch, starts_on=DAY(2019, 3, 26), area=area, title=title, organiser=organiser, partner=partner,
            note=note,
        )  # fmt: skip
    drafts = drafts_of(collect(branch, year(2019), as_of=TODAY))["area-companionship"]
    assert [draft.text for draft in drafts] == [
        "Chi đoàn phối hợp với Công đoàn Sở tổ chức hoạt động “Giải cầu lông 26/3” (26/03/2019); kết quả: giải Ba đôi"
        " nam nữ.",
        "Chi đoàn tham gia hoạt động “Hội thao Khối” do Đoàn Khối tổ chức (26/03/2019).",
        "Chi đoàn tổ chức hoạt động “Ngày hội sách” (26/03/2019).",
    ]


def test_next_targets_come_from_the_next_plan(branch):
    whole = TargetFactory(
        unit=branch, period=year(2020), indicator=indicator("task_completed"), comparator="eq", value=100
    )
    TargetFactory(unit=branch, period=year(2020), indicator=indicator("task_excellent"), value=20, parent=whole)
    for code, comparator, value, value_to in (
        ("youth_tasks", "ge", 3, None), ("party_admitted", "range", 2, 3), ("branch_meetings", "per_month", 1, None),
        ("violations", "zero", None, None), ("plan_issued", "yes", None, None),
        ("gifts_poor_households", "ge", 5, None), ("fund_donations", "ge", 5_000_000, None),
    ):  # fmt: skip
        TargetFactory(
            unit=branch, period=year(2020), indicator=indicator(code), comparator=comparator, value=value,
            value_to=value_to,
        )  # fmt: skip
    drafts = drafts_of(collect(branch, year(2019), as_of=TODAY))["next-targets"]
    assert {draft.text for draft in drafts} == {
        "100% đoàn viên hoàn thành nhiệm vụ chuyên môn, trong đó ít nhất 20% hoàn thành xuất sắc.",
        "Hoàn thành ít nhất 03 phần việc.",
        "Có từ 02 đến 03 đoàn viên được kết nạp Đảng.",
        "Sinh hoạt định kỳ mỗi tháng 01 buổi.",
        "Không có đoàn viên vi phạm phải xử lý kỷ luật.",
        "Ban hành kế hoạch công tác năm.",
        "Tặng ít nhất 05 suất quà cho hộ nghèo.",
        "Ủng hộ các quỹ ít nhất 5.000.000 đồng.",
    }


def test_years_of_a_term_are_cut_to_the_term(branch):
    term = TermFactory(unit=branch, starts_on=DAY(2018, 4, 1), ends_on=DAY(2019, 10, 1))
    for day, value in ((DAY(2018, 3, 31), 100), (DAY(2018, 4, 1), 1), (DAY(2019, 9, 30), 2), (DAY(2019, 10, 1), 100)):
        log(branch, "news_items", value, day)
    material = collect(branch, term, as_of=TODAY)
    assert material.table.row("news_items").done.value == 3
    assert [told.done.value for told in material.by_year["news_items"]] == [1, 2]


# --- the data changes afterwards --------------------------------------------------------------------------


@pytest.fixture
def changed(report):
    """One more meeting is logged after the report was drafted."""
    log(report.unit, "branch_meetings", 1, DAY(2019, 11, 4))
    return report


def test_a_new_figure_is_shown_beside_the_old_one(changed):
    view = today_of(changed)["area-building"].sentences[0]
    assert view.state == "changed"
    assert view.figures == ("09/12 buổi", "10/12 buổi")
    assert view.printed == "Chi đoàn sinh hoạt định kỳ 09/12 buổi (75%), còn thiếu 03 buổi."
    assert view.now == "Chi đoàn sinh hoạt định kỳ 10/12 buổi (83,3%), còn thiếu 02 buổi."


def test_taking_the_new_figure(changed, secretary):
    view = today_of(changed)["area-building"].sentences[0]
    draft = next(d for d in drafts_of(collect(changed.unit, changed.period, as_of=TODAY))["area-building"])
    drafting.take_new(sentence=view.sentence, version=1, by=secretary, draft=draft)
    after = today_of(changed)["area-building"].sentences[0]
    assert (after.state, after.printed) == ("drafted", view.now)


def test_keeping_the_old_words(changed, secretary):
    view = today_of(changed)["area-building"].sentences[0]
    draft = next(d for d in drafts_of(collect(changed.unit, changed.period, as_of=TODAY))["area-building"])
    drafting.keep_old(sentence=view.sentence, version=1, by=secretary, draft=draft)
    after = today_of(changed)["area-building"].sentences[0]
    assert (after.state, after.printed) == ("edited", view.printed)
    drafting.restore_draft(sentence=after.sentence, version=2, by=secretary)
    assert today_of(changed)["area-building"].sentences[0].printed == view.now


def test_the_editor_leads_to_changed_figures_and_says_what_would_print(changed, secretary, client, today):
    url = reverse("reports:report", args=[changed.pk])
    chapters = {view.chapter.key: view for view in today_of(changed).values()}
    stale = [one for view in chapters.values() for one in view.sentences if one.state == "changed"]
    client.force_login(secretary)
    page = client.get(url).content.decode()
    assert f"Soát {len(stale)} câu có số đã đổi</a>" in page
    assert f"Bản in sẽ còn {len(stale)} câu số cũ" in page
    assert f'href="?muc={stale[0].sentence.section.key}#cau-{stale[0].sentence.pk}"' in page
    # From a chapter that has one itself the way leads to that one, not back to the first.
    meetings = chapters["area-building"].sentences[0].sentence
    assert f'href="?muc=area-building#cau-{meetings.pk}"' in client.get(url + "?muc=area-building").content.decode()

    client.force_login(account_at(changed.unit, "member"))
    page = client.get(url).content.decode()
    assert "Bản in sẽ còn" in page
    assert "Soát " not in page

    for one in stale:
        draft = next(d for d in drafts_of(collect(changed.unit, changed.period, as_of=TODAY))[
            one.sentence.section.key] if d.source == one.sentence.source)  # fmt: skip
        drafting.take_new(sentence=one.sentence, version=1, by=secretary, draft=draft)
    client.force_login(secretary)
    page = client.get(url).content.decode()
    assert "Bản in sẽ còn" not in page
    assert "có số đã đổi</a>" not in page


def test_a_sentence_whose_figures_are_gone_is_kept_or_dropped(report, secretary):
    activity = Activity.objects.get(quantities__indicator__code="branch_meetings")
    report.unit.targets.filter(indicator__code="branch_meetings").delete()
    activity.quantities.all().delete()
    Activity.objects.filter(pk=activity.pk).update(state=Activity.State.PLANNED)
    refresh(activity, ["branch_meetings"])
    view = today_of(report)["area-building"].sentences[0]
    assert view.state == "gone"
    drafting.keep_old(sentence=view.sentence, version=1, by=secretary, draft=None)
    assert today_of(report)["area-building"].sentences[0].state == "own"


@pytest.mark.parametrize(
    ("old", "new", "figures"),
    [
        ("có 9 buổi.", "có 10 buổi.", ("9 buổi", "10 buổi")),
        ("tổng 1.200.000 đồng", "tổng 1.300.000 đồng", ("1.200.000", "1.300.000")),
        ("có 9 buổi.", "có 9 buổi.", None),
        ("có 9 buổi.", "chưa có buổi nào.", None),
    ],
)
def test_changed_figures(old, new, figures):
    assert changed_figures(old, new, "buổi") == figures


# --- what people do ---------------------------------------------------------------------------------------


def test_editing_and_going_back(report, secretary):
    one = sentence(report, "area-education")
    drafting.edit_sentence(sentence=one, version=1, by=secretary, text="  Chi đoàn   viết 15 tin, bài. ")
    view = today_of(report)["area-education"].sentences[0]
    assert (view.state, view.printed, view.sentence.edited_by) == ("edited", "Chi đoàn viết 15 tin, bài.", secretary)
    drafting.edit_sentence(sentence=view.sentence, version=2, by=secretary, text=view.now)
    assert today_of(report)["area-education"].sentences[0].state == "drafted"


def test_two_editors_never_overwrite_silently(report, secretary):
    mine, theirs = sentence(report, "area-education"), sentence(report, "area-education")
    drafting.edit_sentence(sentence=theirs, version=1, by=secretary, text="Câu của người kia.")
    with pytest.raises(EditConflict) as conflict:
        drafting.edit_sentence(sentence=mine, version=1, by=secretary, text="Câu của tôi.")
    assert conflict.value.current.printed == "Câu của người kia."
    assert sentence(report, "area-education").printed == "Câu của người kia."


def test_left_out_sentences_wait_and_come_back(report, secretary):
    one = sentence(report, "area-education")
    drafting.leave_out(sentence=one, version=1, by=secretary)
    view = today_of(report)["area-education"]
    assert (view.texts, [left.sentence.pk for left in view.left_out], view.waiting) == ([], [one.pk], [])
    drafting.bring_back(sentence=view.left_out[0].sentence, version=2, by=secretary)
    assert len(today_of(report)["area-education"].texts) == 1


def test_own_sentences_are_added_and_deleted(report, secretary):
    section = ReportSection.objects.get(report=report, key="shortcomings")
    drafting.mark_reviewed(section=section, by=secretary, on=TODAY)
    own = drafting.add_own(section=section, by=secretary, text="Sinh hoạt chưa đều.")
    section.refresh_from_db()
    assert section.reviewed_on is None  # it has not been read as it now stands
    assert today_of(report)["shortcomings"].texts == ["Sinh hoạt chưa đều."]
    with pytest.raises(drafting.DraftingRefused):
        drafting.restore_draft(sentence=own, version=1, by=secretary)
    drafting.leave_out(sentence=own, version=1, by=secretary)
    assert not ReportSentence.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_sentence_has_words_and_an_end(text, report, secretary):
    with pytest.raises(drafting.DraftingRefused) as refusal:
        drafting.edit_sentence(sentence=sentence(report, "opening"), version=1, by=secretary, text=text)
    assert refusal.value.field == "text"


# --- the pages --------------------------------------------------------------------------------------------


def urls_of(report) -> dict[str, str]:
    section = ReportSection.objects.get(report=report, key="area-education")
    one = sentence(report, "area-education")
    return {
        "list": reverse("reports:report_list", args=[report.unit_id]),
        "new": reverse("reports:report_new", args=[report.unit_id]),
        "report": reverse("reports:report", args=[report.pk]),
        "settings": reverse("reports:report_settings", args=[report.pk]),
        "sentence": reverse("reports:report_sentence", args=[one.pk]),
        "add": reverse("reports:report_sentence_new", args=[section.pk]),
        "review": reverse("reports:report_section_review", args=[section.pk]),
    }


def test_who_reads_and_who_writes(report, client):
    urls = urls_of(report)
    superior = report.unit.placements.get().superior
    readers = {
        "member": account_at(report.unit, type="member"),
        "superior": account_at(superior, type="superior_office"),
        "party": account_at(report.unit, type="party_secretary"),
        "inspection": account_at(superior, type="inspection_chair"),
        "sibling": account_at(UnitFactory(superior=superior)),
    }
    expected = {"member": (200, 403), "superior": (200, 403), "party": (404, 404), "inspection": (404, 404),
                "sibling": (404, 404)}  # fmt: skip
    for who, account in readers.items():
        client.force_login(account)
        read, write = expected[who]
        assert client.get(urls["report"]).status_code == read, who
        assert client.get(urls["list"]).status_code == read, who
        assert client.get(urls["settings"]).status_code == write, who
        for name in ("sentence", "add", "review"):
            assert client.post(urls[name]).status_code == write, (who, name)
        # A post at the unit itself makes it visible; without the right to submit it is a 403.
        assert client.get(urls["new"]).status_code in (403, 404), who
    assert sentence(report, "area-education").version == 1


def test_editing_on_the_page(report, secretary, client, today):
    urls = urls_of(report)
    client.force_login(secretary)
    one = sentence(report, "area-education")
    page = client.get(f"{urls['report']}?muc=area-education&sua={one.pk}").content.decode()
    assert "Lưu câu" in page
    answer = client.post(urls["sentence"], {"do": "save", "version": 1, "text": "Chi đoàn viết 15 tin, bài."})
    assert answer.headers["Location"] == f"{urls['report']}?muc=area-education#cau-{one.pk}"
    assert sentence(report, "area-education").printed == "Chi đoàn viết 15 tin, bài."


def test_an_old_page_gets_the_conflict_and_keeps_what_was_typed(report, secretary, client, today):
    urls = urls_of(report)
    drafting.edit_sentence(sentence=sentence(report, "area-education"), version=1, by=secretary, text="Câu đã sửa.")
    client.force_login(account_at(report.unit, type="deputy_secretary"))
    answer = client.post(urls["sentence"], {"do": "save", "version": 1, "text": "Câu tôi gõ."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Lê Thu Hạnh" in page
    assert "“Câu đã sửa.”" in page
    assert "Câu tôi gõ.</textarea>" in page
    assert sentence(report, "area-education").printed == "Câu đã sửa."
    version = re.search(r'name="version" value="(\d+)"', page.split("sent open", 1)[1])[1]
    client.post(urls["sentence"], {"do": "save", "version": version, "text": "Câu tôi gõ."})
    assert sentence(report, "area-education").printed == "Câu tôi gõ."


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "save"},
        {"do": "save", "version": "x", "text": "a"},
        {"do": "xoa"},
        {"do": "take", "version": "9" * 40},
        {"do": "save", "version": 1, "text": "a\0b"},
    ],
)
def test_nonsense_is_answered(data, report, secretary, client, today):
    client.force_login(secretary)
    answer = client.post(urls_of(report)["sentence"], data)
    assert answer.status_code in (200, 302, 404, 409)
    assert sentence(report, "area-education").version == 1


def test_a_double_tap_adds_one_sentence(report, secretary, client, today):
    client.force_login(secretary)
    data = {"text": "Có cách làm hay.", "form_key": "7e7a5d0c-8f7a-4f0e-9a51-1f6f6f5d0001"}
    address = urls_of(report)["add"]
    first, second = (client.post(address, data).headers["Location"] for _ in range(2))
    assert first == second
    assert ReportSentence.objects.filter(text="Có cách làm hay.").count() == 1


def test_a_new_report_from_the_page(branch, secretary, client, today):
    log(branch, "news_items", 3)
    client.force_login(secretary)
    address = reverse("reports:report_new", args=[branch.pk])
    assert "Hãy chọn" in client.post(address, {}).content.decode()
    answer = client.post(address, {"period": "2019"})
    found = PeriodReport.objects.get()
    assert answer.headers["Location"] == reverse("reports:report", args=[found.pk])
    assert found.signer_name == "Lê Thu Hạnh"
    assert found.recipients == "BCH Đoàn Khối (để b/c)\nChi bộ Sở (để b/c)\nLưu Chi đoàn"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_settings_are_saved_once_each(report, secretary, client, today):
    client.force_login(secretary)
    address = urls_of(report)["settings"]
    data = {"number": "1", "dated_on": "06/01/2020", "signer_post": "Bí thư", "signer_name": "Đỗ Minh Khang",
            "recipients": "Chi bộ (để b/c)", "version": 1}  # fmt: skip
    assert client.post(address, data).status_code == 302
    assert client.post(address, data | {"number": "2"}).status_code == 409
    report.refresh_from_db()
    assert (report.number, report.dated_on, report.version) == ("1", DAY(2020, 1, 6), 2)
    early = client.post(address, data | {"dated_on": "31/12/2018", "version": 2}).content.decode()
    assert "Ngày báo cáo phải từ 01/01/2019" in early


def test_reading_on_leads_through_the_chapters(report, secretary, client, today):
    client.force_login(secretary)
    section = ReportSection.objects.get(report=report, key="opening")
    answer = client.post(reverse("reports:report_section_review", args=[section.pk]), {"do": "done"})
    assert answer.headers["Location"].endswith("?muc=situation")
    section.refresh_from_db()
    assert (section.reviewed_by, section.reviewed_on) == (secretary, TODAY)


def test_what_somebody_wrote_meanwhile_is_not_reviewed(report, secretary, client, today):
    """A second save on the page it was read from is enough: nobody has read that."""
    client.force_login(secretary)
    section = ReportSection.objects.get(report=report, key="shortcomings")
    drafting.add_own(section=section, by=secretary, text="Sinh hoạt chưa đều.")
    address = reverse("reports:report_section_review", args=[section.pk])

    def seen() -> str:
        page = client.get(urls_of(report)["report"] + "?muc=shortcomings").content.decode()
        return re.search(r'name="seen" value="([^"]*)"', page)[1]

    old = seen()
    drafting.add_own(section=section, by=secretary, text="Ít người dự.")
    late = client.post(address, {"do": "done", "seen": old}, follow=True).content.decode()
    section.refresh_from_db()
    assert (section.reviewed_on, "Mục này vừa có người sửa" in late) == (None, True)
    client.post(address, {"do": "done", "seen": seen()})
    section.refresh_from_db()
    assert section.reviewed_on == TODAY


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_editor_query_count(rows, branch, secretary, client, today, django_assert_num_queries):
    area = WorkAreaFactory(code="movement")
    for number in range(rows):
        found = Indicator.objects.create(
            code=f"rieng-{number}", area=area, name=f"Việc {number}", unit_word="việc", action="làm", first_year=2015
        )
        TargetFactory(unit=branch, period=year(2019), indicator=found, value=2)
        QuantityFactory(
            activity=ActivityFactory(unit=branch, starts_on=DAY(2019, 5, 6), area=area), indicator=found, value=3
        )
    material = collect(branch, year(2019), as_of=TODAY)
    found = start_report(by=secretary, unit=branch, period=year(2019), material=material)
    client.force_login(secretary)
    with django_assert_num_queries(21):
        client.get(f"{reverse('reports:report', args=[found.pk])}?muc=area-movement")
