"""What the data offers for the chapters people write; and drafts of a month, a quarter and of what weighs."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import Activity, Evidence, Period, Rule
from reports.drafting import chapters_today, start_report
from reports.drafts import drafts_of
from reports.material import collect, material_of
from reports.models import ReportSection, ReportSentence
from reports.papers.report import draft_content, report_html
from reports.suggestions import offers_of

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
from .test_drafting import indicator, log

DAY = datetime.date
TODAY = DAY(2020, 1, 6)


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def branch(db):
    return UnitFactory(name="Chi đoàn Sở Y tế", superior=UnionFactory(name="Đoàn Khối"))


@pytest.fixture
def secretary(branch):
    return account_at(branch, full_name="Lê Thu Hạnh")


def begun(branch, secretary, period=None, **settings):
    period = period or year(2019)
    material = collect(branch, period, as_of=TODAY)
    return start_report(by=secretary, unit=branch, period=period, material=material, **settings)


def offers(report, key, as_of=TODAY):
    material = material_of(report, as_of=as_of)
    view = next(one for one in chapters_today(report, material) if one.chapter.key == key)
    return offers_of(view, material)


def texts(report, key, kind="") -> list[str]:
    return [one.text for one in offers(report, key) if kind in one.source]


# --- shortcomings -----------------------------------------------------------------------------------------


def test_a_missed_target_is_offered_and_opens_its_lines(branch, secretary):
    """9 of 12 meetings is 75 %; 15 of 12 news items is no shortcoming."""
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=12)
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("branch_meetings"), value=12)
    log(branch, "news_items", 15)
    log(branch, "branch_meetings", 9)
    (offer,) = [one for one in offers(begun(branch, secretary), "shortcomings") if "late" in one.source]
    name = indicator("branch_meetings").name
    assert offer.text == f"Chưa hoàn thành chỉ tiêu {name[:1].lower()}{name[1:]} (09/12 buổi, bằng 75% kế hoạch)."
    assert offer.opens == ("figure", "branch_meetings")


def test_months_without_a_meeting_are_counted_and_named(branch, secretary):
    (text,) = texts(begun(branch, secretary), "shortcomings", "silent")
    assert text.startswith("Sinh hoạt chi đoàn chưa đều, còn 12 kỳ không sinh hoạt (tháng 1/2019, tháng 2/2019")
    assert text.endswith(" và 07 kỳ khác).")


def test_a_meeting_logged_as_an_activity_is_no_silent_month(branch, secretary):
    log(branch, "branch_meetings", 1, DAY(2019, 1, 7))
    (text,) = texts(begun(branch, secretary), "shortcomings", "silent")
    assert "còn 11 kỳ không sinh hoạt (tháng 2/2019" in text


def test_results_without_evidence_are_named(branch, secretary):
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=12)
    line = log(branch, "news_items", 15)
    report = begun(branch, secretary)
    assert len(texts(report, "shortcomings", "evidence")) == 1
    Evidence.objects.create(activity=line.activity, link="https://baodoan.example/tin", caption="Tin")
    refresh(line.activity, ["news_items"])
    assert texts(report, "shortcomings", "evidence") == []


def test_an_offer_is_never_printed_by_itself_and_is_offered_once(branch, secretary, client, today):
    report = begun(branch, secretary)
    assert not ReportSentence.objects.filter(section__report=report, section__key="shortcomings").exists()
    section = ReportSection.objects.get(report=report, key="shortcomings")
    client.force_login(secretary)
    page = client.get(f"{reverse('reports:report', args=[report.pk])}?muc=shortcomings").content.decode()
    assert "Gợi ý từ số liệu" in page
    for _ in range(2):  # a double tap adds one sentence
        client.post(reverse("reports:report_sentence_new", args=[section.pk]), {"source": "offer:silent"})
    (taken,) = section.sentences.all()
    assert (taken.edited_by, taken.text.startswith("Sinh hoạt chi đoàn chưa đều")) == (secretary, True)
    view = next(
        one for one in chapters_today(report, material_of(report, as_of=TODAY)) if one.chapter.key == "shortcomings"
    )
    assert view.sentences[0].state == "own"
    assert texts(report, "shortcomings", "silent") == []
    client.post(reverse("reports:report_sentence_new", args=[section.pk]), {"source": "offer:late:999999"})
    assert section.sentences.count() == 1


# --- causes -------------------------------------------------------------------------------------------------


def test_reasons_people_wrote_are_offered_as_causes(branch, secretary):
    ActivityFactory(
        unit=branch, starts_on=DAY(2019, 5, 6), last_on=DAY(2019, 5, 6), title="Hội trại hè",
        state=Activity.State.CANCELLED, cancel_reason="Mưa bão.",
    )  # fmt: skip
    ActivityFactory(
        unit=UnitFactory(), starts_on=DAY(2019, 5, 6), title="Của nơi khác", state=Activity.State.CANCELLED,
        cancel_reason="Không rõ",
    )  # fmt: skip
    assert texts(begun(branch, secretary), "causes") == ["Không tổ chức được “Hội trại hè” (06/05/2019): mưa bão."]


# --- targets of the coming period -----------------------------------------------------------------------------


def test_next_targets_are_this_one_s_where_no_plan_stands(branch, secretary):
    """12 news items planned and 15 written: 15 are offered. 9 of 12 meetings: 12 again."""
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=12)
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("branch_meetings"), value=12)
    log(branch, "news_items", 15)
    log(branch, "branch_meetings", 9)
    report = begun(branch, secretary)
    found = {one.opens[1]: one for one in offers(report, "next-targets")}
    assert "ít nhất 15 tin, bài" in found["news_items"].text
    assert found["news_items"].because == "Bằng kết quả kỳ này (15 tin, bài)"
    assert "ít nhất 12 buổi" in found["branch_meetings"].text
    assert found["branch_meetings"].because == "Bằng chỉ tiêu kỳ này"
    TargetFactory(unit=branch, period=year(2020), indicator=indicator("news_items"), value=20)
    assert offers(report, "next-targets") == []  # the plan of 2020 says it


def test_a_monthly_aim_is_offered_again_as_a_monthly_aim(branch, secretary):
    """One meeting a month over the 36 months of 2017 to 2019 is one a month again, not 36."""
    for one in (2017, 2018, 2019):
        TargetFactory(
            unit=branch, period=year(one), indicator=indicator("branch_meetings"), comparator="per_month", value=1
        )
    term = TermFactory(unit=branch, starts_on=DAY(2017, 1, 1), ends_on=DAY(2020, 1, 1))
    report = begun(branch, secretary, term)
    (offer,) = [one for one in offers(report, "next-targets") if one.opens[1] == "branch_meetings"]
    assert "mỗi tháng 01 buổi" in offer.text


def test_a_range_and_an_estimate_are_offered_as_they_are(branch, secretary):
    """3 of 5 to 8 meetings has no percentage; "khoảng 3" of 12 is about 25 %."""
    TargetFactory(
        unit=branch, period=year(2019), indicator=indicator("branch_meetings"), comparator="range", value=5, value_to=8
    )
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=12)
    log(branch, "branch_meetings", 3)
    log(branch, "news_items", 3, qualifier="about")
    report = begun(branch, secretary)
    found = {one.opens[1]: one.text for one in offers(report, "shortcomings") if "late" in one.source}
    assert found["branch_meetings"].endswith(" (03 buổi, chỉ tiêu từ 05 đến 08 buổi).")
    assert found["news_items"].endswith(" (khoảng 03/12 tin, bài, bằng khoảng 25% kế hoạch).")


@pytest.mark.parametrize("rows", [1, 3])
def test_offers_cost_the_same_for_many(rows, branch, secretary):
    for code in ("news_items", "branch_meetings", "youth_tasks")[:rows]:
        TargetFactory(unit=branch, period=year(2019), indicator=indicator(code), value=12)
        log(branch, code, 3)
    report = begun(branch, secretary)
    material = material_of(report, as_of=TODAY)
    views = {one.chapter.key: one for one in chapters_today(report, material)}
    counts = []
    for key in ("shortcomings", "causes", "next-targets", "merits"):
        with CaptureQueriesContext(connection) as asked:
            offers_of(views[key], material)
        counts.append(len(asked))
    assert counts[2:] == [0, 0]
    assert max(counts) <= 12
    assert counts[1] == counts[0] + 1  # the activities that were not held


# --- parts of a year --------------------------------------------------------------------------------------------


def drafts(branch, period, key):
    return drafts_of(collect(branch, period, as_of=TODAY)).get(key, [])


def test_a_quarter_is_told_beside_the_year_and_the_year_before(branch):
    """Q1 2019: 4 items, 3 in Q1 2018; from January to March 4 of 16 planned, 25 %."""
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=16)
    log(branch, "news_items", 4, DAY(2019, 2, 4))
    log(branch, "news_items", 9, DAY(2019, 4, 1))
    log(branch, "news_items", 3, DAY(2018, 3, 31))
    (draft,) = drafts(branch, Period.of_quarter(2019, 1), "area-education")
    assert draft.text.endswith(
        "04 tin, bài, tăng 01 tin, bài so với cùng kỳ năm 2018; từ đầu năm đạt 04/16 tin, bài (25% kế hoạch năm)."
    )
    (summary,) = drafts(branch, Period.of_quarter(2019, 1), "results")
    assert summary.text == (
        "Đến hết ngày 31/03/2019, trong 01 chỉ tiêu của năm 2019, Chi đoàn đúng tiến độ 01 chỉ tiêu (Bảng 1)."
    )


def test_the_table_of_a_quarter_does_not_judge_the_year_s_target(branch, secretary):
    """Nor does it say that something cannot be computed; editions frozen before kept no word for their column."""
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=16)
    log(branch, "news_items", 4, DAY(2019, 2, 4))
    content = draft_content(begun(branch, secretary, Period.objects.stored(Period.of_quarter(2019, 1))), on=TODAY)
    (row,) = content.table.rows
    assert (row.against, row.verdict, row.is_compared) == ("Chỉ tiêu cả năm", "", False)
    assert "<th>Cùng kỳ năm trước</th>" in report_html(content)[0]
    older = content.to_json()
    del older["table"]["before"]
    assert "<th>Năm trước</th>" in report_html(type(content).from_json(older))[0]
    assert draft_content(begun(branch, secretary), on=TODAY).table.before == "Năm trước"


def test_an_estimated_share_keeps_its_word_in_the_next_quarter(branch):
    """About 90 % (9 of 10), wanted 100 %."""
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("resolution_briefed"), value=100)
    log(branch, "resolution_briefed", 9, DAY(2019, 2, 4), denominator=10, qualifier="about")
    (draft,) = drafts(branch, Period.of_half(2019, 1), "next-targets")
    assert draft.text.endswith("(chỉ tiêu cả năm, đến nay khoảng 90%).")


def test_what_was_not_done_in_a_month_waits_beside_the_text(branch):
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=16)
    (draft,) = drafts(branch, Period.of_month(2019, 5), "area-education")
    assert draft.text.startswith("Trong tháng chưa có kết quả ")
    assert not draft.is_usual


def test_the_opening_of_a_month(branch):
    (draft,) = drafts(branch, Period.of_month(2019, 12), "opening")
    assert draft.text == (
        "Thực hiện Chương trình công tác Đoàn và phong trào thanh thiếu nhi năm 2019 của Ban Chấp hành Đoàn Khối,"
        " Ban Chấp hành Chi đoàn Sở Y tế báo cáo kết quả công tác tháng 12/2019 (số liệu từ ngày 01/12/2019 đến hết"
        " ngày 31/12/2019) và phương hướng, nhiệm vụ tháng 1/2020 như sau:"
    )


def test_of_the_year_only_what_is_not_reached_is_left_for_the_next_quarter(branch):
    """30 written of 16 is over; 3 meetings of 12 are behind on 30/06."""
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=16)
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("branch_meetings"), value=12)
    log(branch, "news_items", 30, DAY(2019, 2, 4))
    log(branch, "branch_meetings", 3, DAY(2019, 2, 4))
    (draft,) = drafts(branch, Period.of_half(2019, 1), "next-targets")
    assert draft.text.endswith("ít nhất 12 buổi (chỉ tiêu cả năm, đến nay 03 buổi).")
    assert draft.is_usual


@pytest.mark.parametrize("period", [Period.of_month(2019, 3), Period.of_quarter(2019, 1), Period.of_half(2019, 1)])
def test_every_kind_of_report_begins_and_prints(period, branch, secretary, client, today):
    log(branch, "news_items", 4, DAY(2019, 3, 4))
    report = begun(branch, secretary, Period.objects.stored(period))
    content = draft_content(report, on=TODAY)
    heads = [block.text for block in content.body + content.closing if block.kind == "h2"]
    assert heads[-1].split(". ", 1)[1].startswith(("Nhiệm vụ trọng tâm", "Phương hướng, nhiệm vụ"))
    client.force_login(secretary)
    assert client.get(reverse("reports:report", args=[report.pk])).status_code == 200


# --- what weighs ----------------------------------------------------------------------------------------------------


def weighty(branch, **fields):
    activity = ActivityFactory(
        unit=branch, starts_on=DAY(2019, 5, 6), area=WorkAreaFactory(code="movement"), **{"title": "Ngày hội", **fields}
    )
    QuantityFactory(activity=activity, indicator=indicator("blood_turns"), value=1)
    return activity


def test_an_activity_is_named_when_enough_was_recorded_of_it(branch):
    """100 people are 4 points, the limit; 99 people are 2."""
    weighty(branch, title="Ngày hội đọc sách", member_count=20, guest_count=80)
    weighty(branch, title="Ngày hội nhỏ", member_count=19, guest_count=80)
    found = [one for one in drafts(branch, year(2019), "area-movement") if one.source.startswith("activity:")]
    assert [one.text for one in found] == [
        "Chi đoàn tổ chức hoạt động “Ngày hội đọc sách” (06/05/2019), có 100 người tham gia."
    ]
    assert found[0].why == ("100 người tham gia",)


def test_points_add_up_and_each_has_its_reason(branch):
    """Joint 1, 30 people 2, first of its kind in three years 1: four."""
    ActivityFactory(unit=branch, starts_on=DAY(2018, 5, 6), title="Hội thao 2018")
    weighty(branch, title="Đêm nhạc", organiser="joint", partner="Công đoàn Sở", member_count=30)
    weighty(branch, title="Hội thao 2019", organiser="joint", partner="Công đoàn Sở", member_count=30)
    found = [one for one in drafts(branch, year(2019), "area-movement") if one.source.startswith("activity:")]
    assert [one.subject for one in found] == ["Đêm nhạc"]
    assert found[0].why == ("phối hợp với đơn vị khác", "30 người tham gia", "chưa tổ chức trong 03 năm trước")


def test_limits_are_dated_rules(branch):
    """Two in a chapter stand in the text; by the rule of the next year none."""
    for number in range(3):
        weighty(branch, title=f"Ngày hội {number}", member_count=100 + number)
    found = [one for one in drafts(branch, year(2019), "area-movement") if one.source.startswith("activity:")]
    assert [one.is_usual for one in found] == [True, True, False]  # equal points: the earlier ones
    rule = Rule.objects.get(key="report_drafting")
    Rule.objects.filter(pk=rule.pk).update(valid_to=DAY(2019, 1, 1))
    Rule.objects.create(
        key="report_drafting", valid_from=DAY(2019, 1, 1), source="thử", value=rule.value | {"highlights": 0}
    )
    found = [one for one in drafts(branch, year(2019), "area-movement") if one.source.startswith("activity:")]
    assert [one.is_usual for one in found] == [False, False, False]


# --- figures open their lines ---------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_figure_inside_a_sentence_opens_its_lines(branch, secretary, client, today):
    log(branch, "news_items", 15)
    report = begun(branch, secretary)
    for account in (secretary, account_at(branch, "member")):
        client.force_login(account)
        page = client.get(f"{reverse('reports:report', args=[report.pk])}?muc=area-education").content.decode()
        address = reverse("reports:figure", args=[branch.pk, "news_items"])
        assert f'<a class="fig-link" href="{address}?ky=2019">15</a>' in page
    assert client.get(f"{address}?ky=2019").status_code == 200
