"""Work areas with chapters of their own: split out of the block, renamed, moved, given back, and never lost.

The catalogue has seven areas: education, movement, companionship, children, international, building,
inspection_direction. The first six stand in every report, the seventh only when there is something to say.
"""

import datetime
import io
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from branches.models import EditConflict, WorkArea
from reports.chapter_templates import (
    MOST,
    TemplateRefused,
    add_chapter,
    areas_in_block,
    change_chapter,
    change_settings,
    copy_template,
    move_chapter,
    outline_of,
    remove_chapter,
    split_areas,
)
from reports.chapters import chapters_in, chapters_of
from reports.drafting import add_drafted, begin_chapter, chapters_today, start_report
from reports.drafts import drafts_of
from reports.material import collect, material_of
from reports.models import PeriodReport, ReportSentence, ReportTemplate
from reports.papers.report import content_of, draft_content, report_html
from reports.papers.report_docx import report_docx
from reports.rolling_texts import take_text, texts_of_units
from reports.states import DraftingRefused

from .factories import ActivityFactory, IndicatorFactory, UnionFactory, UnitFactory, WorkAreaFactory, account_at, year
from .rolling import CLOSED, approved, began, log, submitted
from .test_rolling_up import Three

DAY = datetime.date
TODAY = DAY(2027, 1, 5)
SEVEN = ["education", "movement", "companionship", "children", "international", "building", "inspection_direction"]
NAMES = [
    "Tuyên truyền, giáo dục", "Phong trào hành động cách mạng", "Đồng hành với thanh niên",
    "Chăm sóc, giáo dục thiếu niên, nhi đồng", "Quốc tế thanh niên",
    "Xây dựng Đoàn, mở rộng mặt trận đoàn kết tập hợp thanh niên", "Kiểm tra, giám sát; chỉ đạo, thi đua",
]  # fmt: skip
PARTY = "Tham gia xây dựng Đảng"


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


def split(template, *codes):
    template.refresh_from_db()
    areas = list(WorkArea.objects.filter(code__in=codes))
    made = split_areas(template=template, version=template.version, areas=areas)
    template.refresh_from_db()
    return made


def step(verb, template, key, **said):
    template.refresh_from_db()
    answer = verb(chapter=template.chapters.get(key=key), version=template.version, **said)
    template.refresh_from_db()
    return answer


def renamed(template, key, heading, *, hint="", is_optional=False, is_list=False):
    return step(change_chapter, template, key, heading=heading, hint=hint, is_optional=is_optional, is_list=is_list)


def in_use(template):
    template.refresh_from_db()
    return change_settings(
        template=template, version=template.version, name=template.name, kinds=template.kinds,
        for_theme=template.for_theme, source="", starts_on=DAY(2026, 1, 1), ends_on=None,
    )  # fmt: skip


def results(template) -> list[str]:
    """The chapters of part II as a report of 2026 has them."""
    return [f"{one.number} {one.key}" for one in chapters_in(template.pk, year()) if one.under == "results"]


def said(codes, *, first=1):
    return [f"{number} area-{code}" for number, code in enumerate(codes, start=first)]


def begun(unit, **settings):
    material = collect(unit, year(), as_of=TODAY)
    return start_report(by=account_at(unit), unit=unit, period=year(), material=material, **settings)


def heads(content) -> list[str]:
    """The headings of part II on the paper, the table's among them."""
    found = [block.text for block in content.body + content.closing if block.kind in ("h2", "h3")]
    start = next(at for at, text in enumerate(found) if text.startswith("II. "))
    end = next(at for at, text in enumerate(found) if text.startswith("III. "))
    return found[start + 1 : end]


# --- the template ---------------------------------------------------------------------------------------


def test_all_split_is_printed_as_before_until_somebody_changes_it(own):
    before = chapters_in(own.pk, year())
    made = split(own, *SEVEN)
    assert [row.heading for row in made] == NAMES
    assert chapters_in(own.pk, year()) == before
    assert [(one.key, one.is_optional) for one in before if one.area][5:] == [
        ("area-building", False), ("area-inspection_direction", True),
    ]  # fmt: skip


def test_one_pulled_out_stands_before_the_others(own):
    (row,) = split(own, "building")
    assert (row.key, row.area.code, row.under) == ("area-building", "building", "results")
    assert results(own) == said(["building", *SEVEN[:5], "inspection_direction"])
    split(own, "children", "education")  # however they were ticked: in the order of the catalogue, before the block
    assert results(own) == said(
        ["building", "education", "children", "movement", "companionship", "international", "inspection_direction"]
    )


def test_its_words_are_its_own_and_it_moves_among_the_others(own):
    split(own, "building", "education")
    renamed(own, "area-building", f"{PARTY} trong {{span}}", hint="Số đảng viên mới trong {span}.", is_list=True)
    step(move_chapter, own, "area-building", is_up=True)
    step(move_chapter, own, "area-education", is_up=False)
    step(move_chapter, own, "area-education", is_up=False)  # at the end it stays
    assert results(own) == said(
        ["building", "movement", "companionship", "children", "international", "inspection_direction", "education"]
    )
    first = next(one for one in chapters_in(own.pk, year()) if one.key == "area-building")
    assert (first.place, first.hint, first.is_list) == (
        "II.1 Tham gia xây dựng Đảng trong năm 2026", "Số đảng viên mới trong năm 2026.", True,
    )  # fmt: skip


def test_given_up_it_goes_back_to_the_block_and_the_block_stays(own):
    split(own, *SEVEN)
    renamed(own, "area-building", PARTY)
    step(remove_chapter, own, "area-building")
    block = next(row for row in outline_of(own) if row.chapter.key == "areas")
    assert (block.is_block, block.heading, block.number, block.areas, block.may_go) == (
        True, "Các mục công tác còn lại", "7", (NAMES[5],), False,
    )  # fmt: skip
    assert results(own) == said([*SEVEN[:5], "inspection_direction", "building"])
    assert next(one.heading for one in chapters_in(own.pk, year()) if one.area == "building") == NAMES[5]
    with pytest.raises(TemplateRefused, match="chứa kết quả"):
        step(remove_chapter, own, "areas")
    own.refresh_from_db()
    split(own, "building")  # and out again, under the name of the catalogue
    assert results(own) == said([*SEVEN[:5], "inspection_direction", "building"])


def test_an_area_the_catalogue_gets_later_stands_in_the_block(own):
    split(own, *SEVEN)
    WorkAreaFactory(code="digital", name="Chuyển đổi số", position=2)
    assert results(own) == said([*SEVEN, "digital"])
    late = next(one for one in chapters_in(own.pk, year()) if one.area == "digital")
    assert (late.heading, late.is_optional) == ("Chuyển đổi số", False)  # the third of the catalogue
    assert [area.code for area in areas_in_block(own)] == ["digital"]


def test_what_people_write_among_the_results_is_counted_on(own):
    """Before, such a chapter was a second 1."""
    split(own, "education")
    add_chapter(template=own, heading="Mô hình mới", under="results")
    assert results(own) == [*said(SEVEN), "8 rieng-mo-hinh-moi"]
    step(move_chapter, own, "rieng-mo-hinh-moi", is_up=True)
    assert results(own) == ["1 area-education", "2 rieng-mo-hinh-moi", *said(SEVEN[1:], first=3)]


def test_the_outline_says_what_the_block_stands_for_and_what_is_possible(own):
    split(own, "movement")
    rows = {row.chapter.key: row for row in outline_of(own)}
    assert [row.number for row in rows.values()] == [
        "", "I", "", "", "II", "1", "2-7", "III", "1", "2", "3", "4", "IV", "1", "2", "V",
    ]  # fmt: skip
    assert rows["areas"].areas == (NAMES[0], *NAMES[2:])
    assert rows["area-movement"].areas == (NAMES[1],)
    assert rows["direction"].heading == "Phương hướng, nhiệm vụ kỳ sau"
    assert rows["advantages"].hint == "Điều kiện giúp chi đoàn hoàn thành nhiệm vụ trong kỳ báo cáo."
    possible = {key: (row.may_rise, row.may_fall, row.may_go) for key, row in rows.items()}
    assert possible["opening"] == (False, False, False)
    assert possible["situation"] == (False, True, False)  # the first part; chapters stand in it
    assert possible["area-movement"] == (False, True, True)
    assert possible["areas"] == (True, False, False)
    assert possible["merits"] == (False, True, True)
    assert possible["proposals"] == (True, False, True)


def test_what_is_not_possible_is_said(own, branch):
    split(own, "education")
    first = WorkArea.objects.get(code="education")
    for asked, words in (([], "ít nhất một"), ([first], "đã được tách"), ([WorkArea(pk=999)], "đã được tách")):
        with pytest.raises(TemplateRefused, match=words) as refusal:
            split_areas(template=own, version=own.version, areas=asked)
        assert refusal.value.field == "areas"
        own.refresh_from_db()
    with pytest.raises(EditConflict):
        split_areas(template=own, version=own.version - 1, areas=[WorkArea.objects.get(code="movement")])
    own.refresh_from_db()
    for number in range(MOST - 16):  # the sixteen of the year with "education" among them
        add_chapter(template=own, heading=f"Mục {number}", under="")
    with pytest.raises(TemplateRefused, match="tối đa 60"):
        split(own, "movement")
    in_use(own)
    begun(branch)
    with pytest.raises(TemplateRefused, match="Đã có báo cáo soạn theo mẫu này"):
        split(own, "movement")
    assert own.chapters.count() == MOST


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_areas_split(count, own):
    split(own, *SEVEN[:count])
    with CaptureQueriesContext(connection) as asked:
        outline_of(own)
    assert len(asked) == 2
    period = year()
    with CaptureQueriesContext(connection) as asked:
        chapters_in(own.pk, period)
    assert len(asked) == 2


# --- reports --------------------------------------------------------------------------------------------


def test_drafts_of_the_area_go_to_its_chapter_in_pdf_and_word(own, branch):
    split(own, "building")
    renamed(own, "area-building", PARTY)
    in_use(own)
    log(
        branch, IndicatorFactory(area=WorkAreaFactory(code="building"), action="giới thiệu", name="Giới thiệu ưu tú"), 3
    )
    report = begun(branch)
    assert report.template == own
    (view,) = [
        one for one in chapters_today(report, collect(branch, year(), as_of=TODAY)) if one.chapter.area == "building"
    ]
    assert view.chapter.place == f"II.1 {PARTY}"
    assert "giới thiệu 03 lượt người" in view.texts[0]
    content = draft_content(report, on=TODAY)
    assert heads(content) == [  # the seventh of the catalogue says nothing and leaves no gap
        f"1. {PARTY}", *(f"{place}. {name}" for place, name in enumerate(NAMES[:5], start=2)),
        "7. Kết quả thực hiện chỉ tiêu",
    ]  # fmt: skip
    html = report_html(content)[0].replace("\xa0", " ")
    assert html.index(f"1. {PARTY}") < html.index("giới thiệu 03 lượt người") < html.index(f"2. {NAMES[0]}")
    texts = [one.text.replace("\xa0", " ") for one in Document(io.BytesIO(report_docx(content))).paragraphs]
    place = texts.index(f"1. {PARTY}")
    assert "giới thiệu 03 lượt người" in texts[place + 1]
    assert f"2. {NAMES[0]}" in texts


def test_an_empty_chapter_of_an_area_is_printed_as_its_template_says(own, branch):
    split(own, "building", "inspection_direction")
    renamed(own, "area-building", PARTY, is_optional=True)
    renamed(own, "area-inspection_direction", "Kiểm tra, giám sát", is_optional=False)
    in_use(own)
    content = draft_content(begun(branch), on=TODAY)
    assert heads(content) == ["1. Kiểm tra, giám sát", *(f"{n}. {name}" for n, name in enumerate(NAMES[:5], start=2))]
    assert content.body[[block.text for block in content.body].index("1. Kiểm tra, giám sát") + 1].text == (
        "Trong năm chưa có hoạt động thuộc nội dung này."
    )


def test_a_list_of_an_area_is_printed_as_a_list(own, branch):
    split(own, "building")
    renamed(own, "area-building", PARTY, is_list=True)
    in_use(own)
    area = WorkAreaFactory(code="building")
    for name in ("Giới thiệu ưu tú", "Kết nạp đoàn viên"):
        log(branch, IndicatorFactory(area=area, name=name), 3)
    blocks = draft_content(begun(branch), on=TODAY).body
    place = [block.text for block in blocks].index(f"1. {PARTY}")
    assert [block.kind for block in blocks[place : place + 4]] == ["h3", "item", "item", "h3"]


def test_an_optional_chapter_nobody_wrote_leaves_no_gap_in_the_numbers(own, branch):
    add_chapter(template=own, heading="Mô hình mới", under="assessment", is_optional=True)
    step(move_chapter, own, "rieng-mo-hinh-moi", is_up=True)
    in_use(own)
    content = draft_content(begun(branch), on=TODAY)
    found = [block.text for block in content.body + content.closing if block.kind in ("h2", "h3")]
    at = found.index("III. Đánh giá chung")
    assert found[at + 1 : at + 5] == ["1. Ưu điểm", "2. Hạn chế", "3. Nguyên nhân", "4. Bài học kinh nghiệm"]


def test_a_report_begun_before_keeps_its_chapters(own, branch, leader):
    in_use(own)
    report = begun(branch)
    before = chapters_of(report)
    later = copy_template(source=own, unit=own.owner, by=leader, name=own.name)
    split(later, "building")
    in_use(later)
    assert chapters_of(PeriodReport.objects.get(pk=report.pk)) == before
    other = UnitFactory(superior=own.owner)
    assert next(one.key for one in chapters_of(begun(other)) if one.area) == "area-building"


def test_a_theme_and_a_month_have_them_too(office, leader):
    for name, part in (("Báo cáo chuyên đề", "I"), ("Báo cáo tháng, quý", "I")):
        template = copy_template(source=common(name), unit=office, by=leader, name=f"{name} của Khối")
        split(template, "building")
        assert results(template) == said(["building", *SEVEN[:5], "inspection_direction"])
        assert chapters_in(template.pk, year())[2].place == f"{part}.1 {NAMES[5]}"


@pytest.mark.django_db
def test_the_superiors_own_chapter_gathers_what_units_wrote_in_their_block(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: CLOSED)
    three = Three()
    area = WorkAreaFactory(code="building")
    turns = IndicatorFactory(area=area, name="Giới thiệu ưu tú", action="giới thiệu")
    three.each(turns, 10, 20, None, None, None)
    first, _ = approved(three.a1, by=three.by), approved(three.a2, by=three.by)
    office = account_at(three.khoi, "superior_secretary")
    mine = copy_template(source=common(), unit=three.khoi, by=office, name="Báo cáo năm của Khối")
    split(mine, "building")
    renamed(mine, "area-building", PARTY)
    in_use(mine)
    report = began(three.khoi, by=office, from_units=True)
    material = material_of(report, as_of=CLOSED)
    view = next(one for one in chapters_today(report, material) if one.chapter.area == "building")
    assert (view.chapter.place, report.template) == (f"II.1 {PARTY}", mine)
    assert "giới thiệu 30 lượt người" in view.texts[0]  # 10 + 20
    wrote = texts_of_units(material.rolled, view.section, [], type(first).objects.all())
    assert [(one.unit_name, len(one.sentences)) for one in wrote] == [("Chi đoàn A1", 1), ("Chi đoàn A2", 1)]
    taken = take_text(section=view.section, submission=first, number=1, by=office)
    assert "giới thiệu 10 lượt người" in taken.printed
    content = content_of(report, material, chapters_today(report, material), on=CLOSED)
    assert heads(content)[0] == f"1. {PARTY}"
    assert submitted(report, by=office).content["chapters"][5]["key"] == "area-building"


# --- an area that came after the report was begun ---------------------------------------------------------


def test_a_late_area_is_begun_in_its_place_and_once(branch):
    report = begun(branch)
    late = WorkAreaFactory(code="digital", name="Chuyển đổi số", position=3)  # between movement and companionship
    log(branch, IndicatorFactory(area=late, name="Lớp tập huấn số", action="mở"), 2)
    material = collect(branch, year(), as_of=TODAY)
    (view,) = [one for one in chapters_today(report, material) if one.chapter.key == "area-digital"]
    assert view.section is None
    assert len(view.waiting) == 1
    for _ in range(2):
        begin_chapter(report=report, key="area-digital", drafts=drafts_of(material)["area-digital"])
    keys = list(report.sections.order_by("position").values_list("key", flat=True))
    assert keys == [one.key for one in chapters_of(report)]
    assert list(report.sections.order_by("position").values_list("position", flat=True)) == list(range(1, 21))
    (sentence,) = ReportSentence.objects.filter(section__report=report, section__key="area-digital")
    assert "mở 02 lượt người" in sentence.printed


def test_what_stands_elsewhere_already_is_not_told_twice(branch):
    report = begun(branch)
    late = WorkAreaFactory(code="digital", name="Chuyển đổi số", position=9)
    log(branch, IndicatorFactory(area=late, name="Lớp tập huấn số", action="mở"), 2)
    drafts = drafts_of(collect(branch, year(), as_of=TODAY))["area-digital"]
    add_drafted(section=report.sections.get(key="merits"), by=account_at(branch), draft=drafts[0])
    section = begin_chapter(report=report, key="area-digital", drafts=drafts)
    assert not section.sentences.exists()


def test_a_closed_report_and_an_unknown_chapter_are_refused(branch):
    report = begun(branch)
    with pytest.raises(DraftingRefused, match="không có mục này"):
        begin_chapter(report=report, key="area-digital", drafts=[])
    WorkAreaFactory(code="digital", position=9)
    submitted(report, by=report.created_by, on=TODAY)
    with pytest.raises(DraftingRefused, match="đã nộp"):
        begin_chapter(report=report, key="area-digital", drafts=[])
    assert not report.sections.filter(key="area-digital").exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_begin_a_late_area_at_once():
    branch = UnitFactory()
    report = begun(branch)
    WorkAreaFactory(code="digital", position=9)
    there, problems = threading.Barrier(2), []

    def begin():
        try:
            there.wait()
            begin_chapter(report=report, key="area-digital", drafts=[])
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert problems == []
    assert report.sections.filter(key="area-digital").count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_template_is_not_split_while_a_report_is_begun_with_it(monkeypatch):
    """Without the lock of start_report the split sees no report yet and changes its chapters under it."""
    office = UnionFactory()
    branch = UnitFactory(superior=office)
    mine = copy_template(source=common(), unit=office, by=account_at(office, "superior_office"), name="Mẫu của Khối")
    in_use(mine)
    material, by, read = collect(branch, year(), as_of=TODAY), account_at(branch), threading.Event()

    def slowly(report):
        found = chapters_of(report)
        read.set()
        threading.Event().wait(1)
        return found

    def begin():
        try:
            start_report(by=by, unit=branch, period=year(), material=material)
        finally:
            connection.close()

    monkeypatch.setattr("reports.drafting.chapters_of", slowly)
    other = threading.Thread(target=begin)
    other.start()
    assert read.wait(30)
    with pytest.raises(TemplateRefused, match="Đã có báo cáo soạn theo mẫu này"):
        split(mine, "building")
    other.join()
    assert PeriodReport.objects.get().template == mine
    assert not mine.chapters.filter(area__isnull=False).exists()


# --- the pages ------------------------------------------------------------------------------------------

KEY = "7e7a5d0c-8f7a-4f0e-9a51-1f6f6f5d020"


@pytest.mark.once
def test_a_superior_splits_on_the_page(own, leader, client):
    client.force_login(leader)
    address = reverse("reports:report_areas_split", args=[own.pk])
    template = reverse("reports:report_template", args=[own.pk])
    assert address in client.get(template).content.decode()
    assert client.get(address).content.decode().count("checked") == 0
    assert client.get(f"{address}?het").content.decode().count("checked") == 7
    empty = client.post(address, {"version": own.version, "form_key": f"{KEY}1"}).content.decode()
    assert "Hãy chọn “Mục công tác có mục riêng”" in empty
    form = {"areas": ["building", "education"], "version": own.version, "form_key": f"{KEY}2"}
    for _ in range(2):  # sent twice it is one split
        answer = client.post(address, form)
        assert answer.headers["Location"] == f"{template}#muc-{own.chapters.get(key='area-education').pk}"
    assert results(own) == said(["education", "building", *SEVEN[1:5], "inspection_direction"])
    stale = client.post(address, {**form, "areas": ["children"], "form_key": f"{KEY}3"}).content.decode()
    assert "Mẫu vừa có người sửa" in stale
    gone = client.post(address, {**form, "form_key": f"{KEY}4"}).content.decode()
    assert "không còn trong danh sách" in gone
    page = client.get(template).content.decode()
    assert "Các mục công tác còn lại" in page
    assert "Bỏ mục riêng" in page
    own.refresh_from_db()
    go = reverse("reports:report_chapter_step", args=[own.chapters.get(key="area-building").pk])
    after = client.post(go, {"do": "remove", "version": own.version}, follow=True).content.decode()
    assert "lại in chung với các mục công tác còn lại" in after


@pytest.mark.once
def test_the_block_has_no_name_to_change(own, leader, client):
    client.force_login(leader)
    address = reverse("reports:report_chapter_edit", args=[own.chapters.get(key="areas").pk])
    assert "Tên mục" not in client.get(address).content.decode()
    client.post(address, {"heading": "Khác", "hint": "Nêu con số.", "version": own.version, "form_key": f"{KEY}5"})
    block = own.chapters.get(key="areas")
    assert (block.heading, block.hint) == ("Các mục công tác", "Nêu con số.")


@pytest.mark.once
def test_a_stranger_splits_nothing(own, branch, client):
    address = reverse("reports:report_areas_split", args=[own.pk])
    form = {"areas": ["building"], "version": own.version, "form_key": f"{KEY}6"}
    client.force_login(account_at(UnitFactory(superior=UnionFactory())))
    assert (client.get(address).status_code, client.post(address, form).status_code) == (404, 404)
    client.force_login(account_at(branch))
    common_one = reverse("reports:report_areas_split", args=[common().pk])
    assert client.post(common_one, form).status_code == 403
    assert own.chapters.count() == common().chapters.count() == 15


@pytest.mark.once
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_many(count, own, leader, client):
    split(own, *SEVEN[:count])
    client.force_login(leader)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("reports:report_template", args=[own.pk]))
    assert len(asked) == 9
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("reports:report_areas_split", args=[own.pk]))
    assert len(asked) == 6


@pytest.mark.once
def test_the_editor_offers_to_begin_a_late_area(branch, leader, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    report = begun(branch)
    late = WorkAreaFactory(code="digital", name="Chuyển đổi số", position=9)
    ActivityFactory(unit=branch, area=late, title="Tập huấn chữ ký số")
    client.force_login(report.created_by)
    page = reverse("reports:report", args=[report.pk]) + "?muc=area-digital"
    assert "Soạn mục này" in client.get(page).content.decode()
    begin = reverse("reports:report_chapter_begin", args=[report.pk])
    assert client.post(begin, {"key": "area-digital"}).headers["Location"] == page
    html = client.get(page).content.decode()
    assert "Soạn mục này" not in html
    assert "Tập huấn chữ ký số" in html
    client.force_login(account_at(UnitFactory()))
    assert client.post(begin, {"key": "area-digital"}).status_code == 404
    client.force_login(leader)
    assert client.post(begin, {"key": "area-digital"}).status_code == 403
