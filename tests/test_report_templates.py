"""Templates of reports: which one a report gets, what its chapters are then, and how a superior makes its own."""

import datetime
import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import EditConflict, Period, Rule, WorkArea
from reports.chapter_templates import (
    TemplateRefused,
    add_chapter,
    change_chapter,
    change_settings,
    copy_template,
    drop_template,
    move_chapter,
    remove_chapter,
)
from reports.chapters import chapters_in, chapters_of, template_for
from reports.drafting import chapters_today, start_report
from reports.material import collect
from reports.models import PeriodReport, ReportTemplate, RoundUnit, TemplateChapter
from reports.papers.report import draft_content
from reports.rounds import open_round

from .factories import TermFactory, UnionFactory, UnitFactory, WorkAreaFactory, account_at, year

DAY = datetime.date
TODAY = DAY(2020, 1, 6)
ROW = {"hint": "", "is_optional": False, "is_list": False}


@pytest.fixture
def office(db):
    return UnionFactory(name="Đoàn Khối")


@pytest.fixture
def branch(office):
    return UnitFactory(name="Chi đoàn Sở Y tế", superior=office)


@pytest.fixture
def leader(office):
    return account_at(office, "superior_office")


def common(name="Báo cáo năm"):
    return ReportTemplate.objects.get(owner=None, name=name)


@pytest.fixture
def own(office, leader):
    return copy_template(source=common(), unit=office, by=leader, name="Báo cáo năm của Khối")


def in_use(template, **values):
    said = {"name": template.name, "kinds": template.kinds, "for_theme": False, "source": "Hướng dẫn 05-HD/ĐK",
            "starts_on": DAY(2019, 1, 1), "ends_on": None}  # fmt: skip
    return change_settings(template=template, version=template.version, **{**said, **values})


def begun(unit, period, **settings):
    material = collect(unit, period, as_of=TODAY)
    return start_report(by=account_at(unit), unit=unit, period=period, material=material, **settings)


def outline(template) -> list[str]:
    return [f"{row.number} {row.key}".strip() for row in template.chapters.order_by("position", "pk")]


# --- the common ones ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_common_year_is_that_of_the_field():
    """domain.md 7.1: opening, situation, results by area, assessment, direction, proposals."""
    chapters = chapters_in(common().pk, year(2019))
    areas = [f"area-{area.code}" for area in WorkArea.objects.order_by("position", "pk")]
    assert [chapter.key for chapter in chapters] == [
        "opening", "situation", "advantages", "difficulties", "results", *areas, "merits", "shortcomings", "causes",
        "lessons", "next-targets", "solutions", "proposals",
    ]  # fmt: skip
    by_key = {chapter.key: chapter for chapter in chapters}
    assert by_key["shortcomings"].place == "III.2 Hạn chế"
    assert by_key["next-targets"].part == "IV. Phương hướng, nhiệm vụ năm 2020"
    assert by_key["advantages"].hint == "Điều kiện giúp chi đoàn hoàn thành nhiệm vụ trong năm 2019."
    assert by_key["proposals"].is_optional


@pytest.mark.django_db
def test_of_a_month_there_are_fewer_chapters():
    keys = {chapter.key for chapter in chapters_in(common("Báo cáo tháng, quý").pk, Period.of_month(2019, 12))}
    assert keys.isdisjoint({"situation", "advantages", "merits", "lessons"})
    assert {"results", "shortcomings", "next-targets"} <= keys
    part = next(one.part for one in chapters_in(common("Báo cáo tháng, quý").pk, Period.of_month(2019, 12))
                if one.key == "next-targets")  # fmt: skip
    assert part == "III. Nhiệm vụ trọng tâm tháng 1/2020"


@pytest.mark.parametrize(
    ("period", "theme", "name"),
    [
        (Period.of_year(2019), "", "Báo cáo năm"),
        (Period.of_school_year(2019), "", "Báo cáo năm"),
        (Period.of_half(2019, 1), "", "Báo cáo sáu tháng"),
        (Period.of_quarter(2019, 2), "", "Báo cáo tháng, quý"),
        (Period.of_month(2019, 3), "", "Báo cáo tháng, quý"),
        (Period.of_month(2019, 3), "Tháng Thanh niên", "Báo cáo chuyên đề"),
    ],
)
def test_the_kind_of_period_chooses(period, theme, name, branch):
    assert template_for(branch, period, theme=theme).name == name


def test_old_reports_get_the_common_one(branch):
    """The step of the migration itself, on a report without a template."""
    old = PeriodReport.objects.create(unit=branch, period=year(2018))
    term = PeriodReport.objects.create(unit=branch, period=TermFactory(unit=branch))
    ReportTemplate.objects.all().delete()
    Rule.objects.filter(key="report_drafting").delete()
    importlib.import_module("reports.migrations.0004_builder").fill(apps, None)
    old.refresh_from_db()
    term.refresh_from_db()
    assert (old.template.name, term.template.name) == ("Báo cáo năm", "Báo cáo nhiệm kỳ")


def test_a_new_work_area_has_its_chapter_at_once(branch):
    report = begun(branch, year(2019))
    WorkAreaFactory(code="moi", name="Việc mới", position=99)
    assert [one.heading for one in chapters_of(report) if one.key == "area-moi"] == ["Việc mới"]


@pytest.mark.parametrize("areas", [1, 3])
def test_chapters_cost_two_queries(areas, branch):
    report = begun(branch, year(2019))
    for number in range(areas):
        WorkAreaFactory(code=f"moi-{number}", position=90 + number)
    with CaptureQueriesContext(connection) as asked:
        chapters_of(report)
    assert len(asked) == 2
    material = collect(branch, report.period, as_of=TODAY)
    with CaptureQueriesContext(connection) as asked:
        chapters_today(report, material)
    assert len(asked) == 4


# --- a superior's own -------------------------------------------------------------------------------------


def test_a_copy_is_used_by_nobody_until_its_day_is_said(own, branch):
    assert outline(own) == outline(common())
    assert template_for(branch, year(2019)).name == "Báo cáo năm"
    in_use(own)
    assert template_for(branch, year(2019)) == own
    assert template_for(branch, year(2018)).name == "Báo cáo năm"  # began before its day
    assert template_for(UnitFactory(superior=UnionFactory()), year(2019)).name == "Báo cáo năm"  # a stranger


def test_the_nearest_owner_comes_first_and_then_the_newest(own, branch, leader):
    in_use(own)
    later = in_use(copy_template(source=own, unit=own.owner, by=leader, name=own.name), starts_on=DAY(2019, 6, 1))
    assert later.edition == 2
    assert template_for(branch, year(2019)) == own
    assert template_for(branch, year(2020)) == later
    mine = in_use(copy_template(source=common(), unit=branch, by=leader, name="Riêng"))
    assert template_for(branch, year(2020)) == mine


def test_what_the_round_asks_for_comes_before_all(own, branch, office, leader):
    in_use(own)
    in_use(copy_template(source=common(), unit=branch, by=leader, name="Riêng"))
    found = open_round(
        unit=office, by=leader, on=DAY(2020, 1, 2), kind="year", period=Period.of_year(2019), due_on=DAY(2020, 1, 20),
        units=[branch], template=own,
    )  # fmt: skip
    assert found.template == own
    assert RoundUnit.objects.get().unit == branch
    assert template_for(branch, Period.of_year(2019)) == own
    assert begun(branch, year(2019)).template == own


def test_a_typed_chapter_is_added_moved_and_printed(own, branch):
    added = add_chapter(template=own, heading="Mô hình mới trong {span}", under="assessment")
    assert outline(own)[-6:] == ["4 lessons", "5 rieng-mo-hinh-moi-trong-span", "IV direction", "1 next-targets",
                                 "2 solutions", "V proposals"]  # fmt: skip
    move_chapter(chapter=own.chapters.get(key="direction"), version=own.version, is_up=True)
    own.refresh_from_db()
    assert outline(own)[-10:] == [
        "III direction", "1 next-targets", "2 solutions", "IV assessment", "1 merits", "2 shortcomings", "3 causes",
        "4 lessons", f"5 {added.key}", "V proposals",
    ]  # fmt: skip
    change_chapter(chapter=own.chapters.get(key="merits"), version=own.version, **ROW | {"heading": "Mặt được"})
    own.refresh_from_db()
    in_use(own)
    report = begun(branch, year(2019))
    content = draft_content(report, on=TODAY)
    heads = [block.text for block in content.body + content.closing if block.kind in ("h2", "h3")]
    assert heads[-9:] == [
        "III. Phương hướng, nhiệm vụ năm 2020", "1. Chỉ tiêu", "2. Giải pháp", "IV. Đánh giá chung", "1. Mặt được",
        "2. Hạn chế", "3. Nguyên nhân", "4. Bài học kinh nghiệm", "5. Mô hình mới trong năm 2019",
    ]  # fmt: skip


def test_what_a_report_was_begun_with_is_no_longer_changed(own, branch):
    in_use(own)
    begun(branch, year(2019))
    chapter = own.chapters.get(key="merits")
    for refused in (
        lambda: add_chapter(template=own, heading="Mới", under=""),
        lambda: change_chapter(chapter=chapter, version=own.version, **ROW | {"heading": "Khác"}),
        lambda: remove_chapter(chapter=chapter, version=own.version),
        lambda: move_chapter(chapter=chapter, version=own.version, is_up=False),
        lambda: drop_template(template=own),
    ):
        with pytest.raises(TemplateRefused, match="Đã có báo cáo soạn theo mẫu này"):
            refused()
    in_use(own, ends_on=DAY(2019, 12, 1))  # ending it is always possible
    assert template_for(branch, year(2020)).name == "Báo cáo năm"


def test_the_results_stay_and_parts_are_emptied_first(own):
    for key, words in (("results", "kết quả"), ("areas", "kết quả"), ("assessment", "các mục bên trong")):
        with pytest.raises(TemplateRefused, match=words):
            remove_chapter(chapter=TemplateChapter.objects.get(template=own, key=key), version=own.version)
    remove_chapter(chapter=own.chapters.get(key="proposals"), version=own.version)
    assert not own.chapters.filter(key="proposals").exists()


def test_two_at_one_template_are_told(own):
    chapter = own.chapters.get(key="merits")
    stale = ReportTemplate.objects.get(pk=own.pk)
    change_chapter(chapter=chapter, version=own.version, **ROW | {"heading": "Mặt được"})
    with pytest.raises(EditConflict):
        change_chapter(chapter=own.chapters.get(key="causes"), version=stale.version, **ROW | {"heading": "Vì sao"})
    assert own.chapters.get(key="causes").heading == "Nguyên nhân"


@pytest.mark.parametrize("heading", ["", "  ", "Trong {nam}", "Dở {"])
def test_a_heading_is_words_and_known_places(heading, own):
    with pytest.raises(TemplateRefused) as refusal:
        add_chapter(template=own, heading=heading, under="")
    assert refusal.value.field == "heading"


# --- the pages ------------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_superior_makes_a_template_on_the_pages(office, leader, client):
    client.force_login(leader)
    page = client.get(reverse("reports:report_templates", args=[office.pk])).content.decode()
    assert "Báo cáo chuyên đề" in page
    copy = reverse("reports:report_template_copy", args=[office.pk, common().pk])
    key = "7e7a5d0c-8f7a-4f0e-9a51-1f6f6f5d0101"
    answer = client.post(copy, {"name": "Mẫu Khối", "form_key": key})
    made = ReportTemplate.objects.get(owner=office)
    assert answer.headers["Location"] == reverse("reports:report_template", args=[made.pk])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Đưa vào dùng" in page
    client.post(
        reverse("reports:report_template_settings", args=[made.pk]),
        {"name": "Mẫu Khối", "kinds": ["year"], "starts_on": "01/01/2026", "last_on": "31/12/2026",
         "version": made.version, "form_key": key[:-1] + "2"},
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.starts_on, made.ends_on) == (DAY(2026, 1, 1), DAY(2027, 1, 1))
    answer = client.post(
        reverse("reports:report_chapter_new", args=[made.pk]),
        {"heading": "Mô hình mới", "under": "direction", "form_key": key[:-1] + "3"},
    )
    assert made.chapters.get(heading="Mô hình mới").number == "3"
    step = reverse("reports:report_chapter_step", args=[made.chapters.get(heading="Mô hình mới").pk])
    made.refresh_from_db()
    for _ in range(2):  # a double tap is one step
        client.post(step, {"do": "up", "version": made.version})
    assert made.chapters.get(heading="Mô hình mới").number == "2"


@pytest.mark.once
def test_a_stranger_sees_no_template_of_others(own, branch, client):
    client.force_login(account_at(UnitFactory(superior=UnionFactory())))
    assert client.get(reverse("reports:report_template", args=[own.pk])).status_code == 404
    assert client.get(reverse("reports:report_template", args=[common().pk])).status_code == 200
    client.force_login(account_at(branch, "party_secretary"))
    assert client.get(reverse("reports:report_template", args=[common().pk])).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_many(rows, office, leader, client):
    for number in range(rows):
        copy_template(source=common(), unit=office, by=leader, name=f"Mẫu {number}")
    client.force_login(leader)
    address = reverse("reports:report_templates", args=[office.pk])
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) == 6
