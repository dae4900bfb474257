"""What a chapter said at each save: kept with every change, merged while one types, brought back, raced."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import EditConflict
from reports import drafting
from reports.drafting import chapters_today, start_report
from reports.drafts import drafts_of
from reports.material import collect, material_of
from reports.models import PeriodReport, ReportSection, ReportSentence, SectionRevision
from reports.revisions import differences, restore_revision, saves_of, stamp_of, writing_now
from reports.states import DraftingRefused

from .factories import TargetFactory, UnionFactory, UnitFactory, account_at, year
from .test_drafting import indicator, log
from .test_inspection_easing import race

DAY = datetime.date
TODAY = DAY(2020, 1, 6)


def made():
    """A report of 2019 with 15 of 12 news items; its secretary and deputy."""
    branch = UnitFactory(name="Chi đoàn Sở Y tế", superior=UnionFactory(name="Đoàn Khối"))
    secretary = account_at(branch, full_name="Lê Thu Hạnh")
    deputy = account_at(branch, type="deputy_secretary", full_name="Đỗ Minh Khang")
    TargetFactory(unit=branch, period=year(2019), indicator=indicator("news_items"), value=12)
    log(branch, "news_items", 15)
    material = collect(branch, year(2019), as_of=TODAY)
    report = start_report(by=secretary, unit=branch, period=year(2019), material=material)
    return report, secretary, deputy


@pytest.fixture
def scene(db):
    return made()


@pytest.fixture
def clock(monkeypatch):
    """Minutes on the clock of the saves; every save asks it."""

    class Clock:
        now = datetime.datetime(2020, 1, 6, 1, 0, tzinfo=datetime.UTC)

        def forward(self, minutes):
            self.now += datetime.timedelta(minutes=minutes)

    found = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: found.now)
    return found


def section_of(report, key="area-education") -> ReportSection:
    return ReportSection.objects.select_related("report").get(report=report, key=key)


def sentence_of(report, key="area-education") -> ReportSentence:
    return ReportSentence.objects.select_related("section").filter(section__report=report, section__key=key).first()


def edit(report, by, text, key="area-education"):
    one = sentence_of(report, key)
    return drafting.edit_sentence(sentence=one, version=one.version, by=by, text=text)


def numbers(section) -> list[tuple]:
    return list(section.revisions.order_by("number").values_list("number", "note", "saved_by__full_name"))


def texts(revision) -> list[str]:
    return [said["text"] or said["drafted"] for said in revision.content if not said["left_out"]]


# --- kept ---------------------------------------------------------------------------------------------------


def test_the_first_revision_is_the_chapter_before_anybody_touched_it(scene):
    report, secretary, _ = scene
    drafted = sentence_of(report).drafted
    edit(report, secretary, "Chi đoàn viết 15 tin, bài.")
    first, second = section_of(report).revisions.order_by("number")
    assert (texts(first), first.saved_by) == ([drafted], None)
    assert (texts(second), second.saved_by) == (["Chi đoàn viết 15 tin, bài."], secretary)


def test_typing_of_one_person_is_merged_for_ten_minutes(scene, clock):
    report, secretary, deputy = scene
    for minutes, text in ((0, "Một."), (4, "Một hai."), (5, "Một hai ba.")):  # 0, 4 and 9 minutes
        clock.forward(minutes)
        edit(report, secretary, text)
    section = section_of(report)
    assert [texts(one) for one in section.revisions.order_by("number")][1:] == [["Một hai ba."]]
    clock.forward(2)  # eleven minutes after it began
    edit(report, secretary, "Bốn.")
    edit(report, deputy, "Năm.")  # somebody else
    assert numbers(section) == [
        (1, "Trước khi có người sửa", None), (2, "Sửa câu", "Lê Thu Hạnh"), (3, "Sửa câu", "Lê Thu Hạnh"),
        (4, "Sửa câu", "Đỗ Minh Khang"),
    ]  # fmt: skip


def test_whatever_else_is_done_is_a_save_of_its_own(scene, clock):
    report, secretary, _ = scene
    edit(report, secretary, "Một.")
    one = sentence_of(report)
    drafting.restore_draft(sentence=one, version=one.version, by=secretary)
    drafting.leave_out(sentence=one, version=one.version, by=secretary)
    drafting.bring_back(sentence=one, version=one.version, by=secretary)
    drafting.add_own(section=section_of(report), by=secretary, text="Câu mới.")
    notes = [note for _, note, _ in numbers(section_of(report))]
    assert notes == ["Trước khi có người sửa", "Sửa câu", "Về câu gốc", "Bỏ câu", "Đưa câu trở lại", "Thêm câu"]


def test_nothing_changed_is_no_save(scene):
    report, secretary, _ = scene
    draft = drafts_of(material_of(report, as_of=TODAY))["area-education"][0]
    for _ in range(2):  # a second tap finds it there
        drafting.add_drafted(section=section_of(report), by=secretary, draft=draft)
    assert [number for number, *_ in numbers(section_of(report))] == [1]


def test_regenerating_never_destroys_what_somebody_wrote(scene):
    """The data changes, new sentences are taken over: the words of people stay, and stay in the saves."""
    report, secretary, _ = scene
    edit(report, secretary, "Chi đoàn viết 15 tin, bài về cải cách hành chính.")
    own = drafting.add_own(section=section_of(report), by=secretary, text="Tin, bài đăng đều các tháng.")
    log(report.unit, "news_items", 3, DAY(2019, 6, 3))
    views = {view.chapter.key: view for view in chapters_today(report, material_of(report, as_of=TODAY))}
    view = views["area-education"].sentences[0]
    assert (view.state, view.printed) == ("changed", "Chi đoàn viết 15 tin, bài về cải cách hành chính.")
    assert "18" in view.now
    draft = next(one for one in drafts_of(material_of(report, as_of=TODAY))["area-education"])
    drafting.take_new(sentence=view.sentence, version=view.sentence.version, by=secretary, draft=draft)
    assert ReportSentence.objects.get(pk=own.pk).printed == "Tin, bài đăng đều các tháng."
    kept = [text for one in section_of(report).revisions.all() for text in texts(one)]
    assert "Chi đoàn viết 15 tin, bài về cải cách hành chính." in kept


# --- brought back -------------------------------------------------------------------------------------------


def newest(section):
    return stamp_of(section.revisions.order_by("-number").first())


def test_restoring_is_a_new_save_and_nothing_is_lost(scene, clock):
    report, secretary, deputy = scene
    edit(report, secretary, "Chi đoàn viết 15 tin, bài.")
    drafting.add_own(section=section_of(report), by=secretary, text="Câu thêm.")
    section = section_of(report)
    version = sentence_of(report).version
    restore_revision(section=section, number=2, seen=newest(section), by=deputy)
    assert list(ReportSentence.objects.filter(section=section).values_list("text", flat=True)) == [
        "Chi đoàn viết 15 tin, bài."
    ]
    assert sentence_of(report).version == version  # it said the same then: nobody's open page is made stale
    last = section.revisions.order_by("-number").first()
    assert (last.number, last.restored_from, last.saved_by) == (4, 2, deputy)
    restore_revision(section=section, number=3, seen=newest(section), by=deputy)
    assert [one.printed for one in ReportSentence.objects.filter(section=section).order_by("position")] == [
        "Chi đoàn viết 15 tin, bài.", "Câu thêm.",
    ]  # fmt: skip


def test_a_drafted_sentence_added_later_is_left_out_and_not_deleted(scene):
    report, secretary, _ = scene
    section = section_of(report)
    one = sentence_of(report)
    drafting.leave_out(sentence=one, version=one.version, by=secretary)
    drafting.bring_back(sentence=one, version=one.version, by=secretary)
    restore_revision(section=section, number=2, seen=newest(section), by=secretary)
    stored = ReportSentence.objects.get(pk=one.pk)
    assert (stored.left_out, stored.version) == (True, 4)


def test_who_did_not_see_the_newest_save_is_asked_to_look(scene, clock):
    report, secretary, deputy = scene
    edit(report, secretary, "Một.")
    section = section_of(report)
    seen = newest(section)
    clock.forward(1)
    edit(report, secretary, "Một hai.")  # goes on with the same save, and is seen all the same
    with pytest.raises(DraftingRefused, match="Lê Thu Hạnh vừa lưu mục này"):
        restore_revision(section=section, number=1, seen=seen, by=deputy)
    assert sentence_of(report).printed == "Một hai."
    with pytest.raises(DraftingRefused):
        restore_revision(section=section, number=99, seen=newest(section), by=deputy)


def test_a_report_handed_in_is_not_brought_back(scene):
    report, secretary, _ = scene
    edit(report, secretary, "Một.")
    section = section_of(report)
    PeriodReport.objects.filter(pk=report.pk).update(state="submitted")
    with pytest.raises(DraftingRefused, match="đã nộp"):
        restore_revision(section=section, number=1, seen=newest(section), by=secretary)
    assert sentence_of(report).printed == "Một."


def said(pk, text, *, source="", left_out=False):
    return {"id": pk, "source": source, "drafted": "", "text": text, "left_out": left_out}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([said(1, "Một hai.")], [said(1, "Một ba.")],
         [("Sửa câu", [("same", "Một"), ("old", "hai."), ("new", "ba.")])]),
        ([said(1, "Một.")], [said(1, "Một."), said(2, "Hai.")], [("Thêm câu", [("new", "Hai.")])]),
        ([said(1, "Một.")], [], [("Bỏ câu", [("old", "Một.")])]),
        ([said(1, "Một.", source="facts")], [said(9, "Một.", source="facts", left_out=True)],
         [("Bỏ câu", [("old", "Một.")])]),
        ([said(1, "Một."), said(2, "Hai.")], [said(2, "Hai."), said(1, "Một.")], [("Đổi thứ tự các câu", [])]),
        ([said(1, "Một.")], [said(1, "Một.")], []),
    ],
)  # fmt: skip
def test_differences(old, new, found):
    assert [(one.what, [(piece.kind, piece.text) for piece in one.pieces]) for one in differences(old, new)] == found


@pytest.mark.parametrize("rows", [1, 3])
def test_the_saves_cost_one_query(rows, scene):
    report, secretary, deputy = scene
    for number in range(rows):
        edit(report, (secretary, deputy)[number % 2], f"Câu {number}.")
    with CaptureQueriesContext(connection) as asked:
        found = saves_of(section_of(report), limit=30)
        assert [str(save.revision.saved_by) for save in found][-1] == "None"
    assert len(asked) == 2  # the section itself and its saves
    assert len(found) == rows + 1


# --- order and place ------------------------------------------------------------------------------------------


def test_sentences_move_up_and_down_and_stay_at_the_ends(scene):
    report, secretary, _ = scene
    section = section_of(report)
    for text in ("Hai.", "Ba."):
        drafting.add_own(section=section, by=secretary, text=text)

    def order():
        return [one.printed[:4] for one in section.sentences.order_by("position", "pk")]

    last = section.sentences.get(text="Ba.")
    for is_up, expected in ((True, ["Ba.", "Hai."]), (False, ["Hai.", "Ba."]), (False, ["Hai.", "Ba."])):
        last.refresh_from_db()
        drafting.move_sentence(sentence=last, version=last.version, by=secretary, is_up=is_up)
        assert order()[1:] == expected


def test_a_drafted_sentence_keeps_its_figures_in_another_chapter(scene):
    report, secretary, _ = scene
    there = section_of(report, "merits")
    one = sentence_of(report)
    drafting.move_to_chapter(sentence=one, version=one.version, by=secretary, section=there)
    views = {view.chapter.key: view for view in chapters_today(report, material_of(report, as_of=TODAY))}
    assert views["merits"].sentences[0].state == "drafted"
    assert views["area-education"].waiting == []  # it stands elsewhere and is not offered again
    assert [note for _, note, _ in numbers(there)] == ["Trước khi có người sửa", "Nhận câu từ mục khác"]
    with pytest.raises(DraftingRefused):
        drafting.move_to_chapter(
            sentence=one, version=one.version, by=secretary, section=section_of(made()[0], "merits")
        )


def test_a_sentence_that_stands_there_already_is_not_moved_there(scene):
    report, secretary, _ = scene
    there = section_of(report, "merits")
    one = sentence_of(report)
    ReportSentence.objects.create(section=there, position=10, source=one.source, drafted=one.drafted)
    with pytest.raises(DraftingRefused, match="Mục này đã có câu ấy"):
        drafting.move_to_chapter(sentence=one, version=one.version, by=secretary, section=there)
    assert (sentence_of(report).version, there.sentences.count()) == (1, 1)


# --- two writers ----------------------------------------------------------------------------------------------


def test_who_opens_a_chapter_somebody_types_in_is_told(scene, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    report, secretary, deputy = scene
    edit(report, secretary, "Một.")
    address = f"{reverse('reports:report', args=[report.pk])}?muc=area-education"
    client.force_login(deputy)
    assert "Lê Thu Hạnh đang soạn mục này" in client.get(address).content.decode()
    client.force_login(secretary)
    assert "đang soạn mục này" not in client.get(address).content.decode()
    section = section_of(report)
    at = timezone.now() + datetime.timedelta(minutes=6)
    assert writing_now(section, deputy, at=at, minutes=5) == ""
    client.force_login(account_at(report.unit, "member"))  # who only reads need not know
    assert "đang soạn mục này" not in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_sentence_one_is_told():
    report, secretary, deputy = made()
    results = race(
        lambda: drafting.edit_sentence(sentence=sentence_of(report), version=1, by=secretary, text="Của Hạnh."),
        lambda: drafting.edit_sentence(sentence=sentence_of(report), version=1, by=deputy, text="Của Khang."),
    )
    assert [type(one) for one in results if isinstance(one, Exception)] == [EditConflict]
    assert [number for number, *_ in numbers(section_of(report))] == [1, 2]
    assert texts(section_of(report).revisions.get(number=2)) == [sentence_of(report).printed]


@pytest.mark.django_db(transaction=True)
def test_without_the_version_the_second_writer_overwrites(monkeypatch):
    """The control: with no version looked at, both are let in and one text is gone from the report."""
    monkeypatch.setattr(ReportSentence, "claim", lambda self, version: None)
    report, secretary, deputy = made()
    results = race(
        lambda: drafting.edit_sentence(sentence=sentence_of(report), version=1, by=secretary, text="Của Hạnh."),
        lambda: drafting.edit_sentence(sentence=sentence_of(report), version=1, by=deputy, text="Của Khang."),
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert {text for one in section_of(report).revisions.all() for text in texts(one)} >= {"Của Hạnh.", "Của Khang."}


@pytest.mark.django_db(transaction=True)
def test_two_sentences_of_one_chapter_at_once_are_two_saves_that_both_know_both():
    report, secretary, deputy = made()
    section = section_of(report)
    own = drafting.add_own(section=section, by=secretary, text="Câu thêm.")
    results = race(
        lambda: drafting.edit_sentence(sentence=sentence_of(report), version=1, by=secretary, text="Của Hạnh."),
        lambda: drafting.edit_sentence(
            sentence=ReportSentence.objects.get(pk=own.pk), version=1, by=deputy, text="Của Khang."
        ),
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert [number for number, *_ in numbers(section)] == [1, 2, 3, 4]
    assert texts(section.revisions.get(number=4)) == ["Của Hạnh.", "Của Khang."]


def test_a_crash_while_the_save_is_written_changes_nothing(scene, monkeypatch):
    report, secretary, _ = scene
    before = sentence_of(report).printed

    def crash(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("reports.revisions.rules_on", crash)
    edit(report, secretary, "Một.")
    with pytest.raises(RuntimeError):  # the second one asks the rule of merging
        edit(report, secretary, "Hai.")
    assert (sentence_of(report).printed, before != "Một.") == ("Một.", True)


# --- the pages ------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_chapter_nobody_saved_has_a_page_too(scene, client):
    """As chapters of reports begun before there were saves."""
    report, secretary, _ = scene
    section = section_of(report)
    section.revisions.all().delete()
    client.force_login(secretary)
    page = client.get(reverse("reports:report_revisions", args=[section.pk]))
    assert page.status_code == 200
    assert "Chưa ai sửa mục này" in page.content.decode()


@pytest.mark.once
def test_the_page_shows_what_changed_and_brings_it_back(scene, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    report, secretary, deputy = scene
    edit(report, secretary, "Chi đoàn viết 15 tin, bài.")
    edit(report, deputy, "Chi đoàn viết 16 tin, bài.")
    section = section_of(report)
    page_at = reverse("reports:report_revisions", args=[section.pk])
    client.force_login(deputy)
    page = client.get(page_at).content.decode()
    assert "<del>15</del> <ins>16</ins>" in page
    address = reverse("reports:report_revision_restore", args=[section.pk])
    answer = client.post(address, {"number": "2", "seen": newest(section)})
    assert answer.headers["Location"].endswith("?muc=area-education")
    assert sentence_of(report).printed == "Chi đoàn viết 15 tin, bài."
    # From the old page once more: what was saved since is not undone unseen.
    assert client.post(address, {"number": "3", "seen": "3.1"}).headers["Location"] == page_at
    assert sentence_of(report).printed == "Chi đoàn viết 15 tin, bài."


@pytest.mark.once
def test_the_open_sentence_is_saved_while_it_is_typed(scene, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    report, secretary, deputy = scene
    one = sentence_of(report)
    address = reverse("reports:report_sentence_autosave", args=[one.pk])
    client.force_login(secretary)
    page = client.get(f"{reverse('reports:report', args=[report.pk])}?muc=area-education&sua={one.pk}").content.decode()
    assert f'hx-post="{address}"' in page
    answer = client.post(address, {"version": 1, "text": "Đang gõ."}, headers={"HX-Request": "true"}).content.decode()
    assert "Đã lưu" in answer
    assert 'name="version" value="2"' in answer
    assert sentence_of(report).printed == "Đang gõ."
    drafting.edit_sentence(sentence=sentence_of(report), version=2, by=deputy, text="Của Khang.")
    answer = client.post(address, {"version": 2, "text": "Gõ nữa."}, headers={"HX-Request": "true"}).content.decode()
    assert "Chưa lưu. Đỗ Minh Khang vừa sửa câu này" in answer
    assert sentence_of(report).printed == "Của Khang."
    answer = client.post(address, {"version": 3, "text": " "}, headers={"HX-Request": "true"}).content.decode()
    assert "Chưa lưu" in answer
    # Without htmx it is an ordinary save that leads back to the chapter.
    assert client.post(address, {"version": 3, "text": "Không có JavaScript."}).status_code == 302
    assert sentence_of(report).printed == "Không có JavaScript."
    assert [number for number, *_ in numbers(section_of(report))] == [1, 2, 3, 4]


@pytest.mark.once
def test_a_stranger_sees_no_saves(scene, client):
    report, secretary, _ = scene
    edit(report, secretary, "Một.")
    section = section_of(report)
    pages = [reverse("reports:report_revisions", args=[section.pk])]
    sibling = account_at(UnitFactory(superior=report.unit.placements.get().superior))
    for account in (sibling, account_at(report.unit, "party_secretary")):
        client.force_login(account)
        assert [client.get(page).status_code for page in pages] == [404]
        assert client.post(reverse("reports:report_revision_restore", args=[section.pk])).status_code == 404
    assert SectionRevision.objects.count() == 2
    client.force_login(account_at(report.unit, "member"))
    assert "Lấy lại bản này" not in client.get(pages[0]).content.decode()
