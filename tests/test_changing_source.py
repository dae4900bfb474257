"""The source of a superior's figures changed after the report was begun: figures, sentences, refusals, the page."""

import re

import pytest
from django.urls import reverse

from branches.models import EditConflict, Period
from reports.changing_source import (
    NO_UNITS,
    NONE_APPROVED,
    NOTE,
    SAME,
    Counts,
    change_source,
    counts_of,
    material_from,
    placed,
)
from reports.consistency import warnings_of_sum
from reports.drafting import (
    DraftingRefused,
    add_offered,
    add_own,
    chapters_today,
    edit_sentence,
    leave_out,
    mark_reviewed,
    move_sentence,
)
from reports.freezing import prepare
from reports.joint import decide
from reports.models import JointDecision, PeriodReport, ReportRound, ReportSentence, SectionRevision
from reports.papers.report import draft_content, material_for
from reports.revisions import restore_revision, stamp_of
from reports.rolling_texts import changes_since, take_text
from reports.rolling_up import rolled_up
from reports.submitting import submit_report
from reports.suggestions import Offer

from .factories import IndicatorFactory, TargetFactory, UnitFactory, account_at, year
from .printed import tables_of
from .rolling import CLOSED, approved, began, log, submitted
from .test_rolling_up import Three
from .test_statistics_annex import a_table, cells

pytestmark = pytest.mark.django_db


class Turning(Three):
    """The Khối's report of 2026 begun from what is logged: 10 of A1, 20 of A2, 5 of A3 make 35 of 40 turns.

    A1 and A2 are approved since, A3 has not begun: 30 of 40. Only A3 planted trees, 7: in what was approved are none.
    """

    def __init__(self, *, is_approved=True):
        super().__init__()
        self.turns = IndicatorFactory(name="Hiến máu tình nguyện", action="hiến máu tình nguyện")
        self.trees = IndicatorFactory(name="Cây trồng", action="trồng", unit_word="cây", area=self.turns.area)
        TargetFactory(unit=self.khoi, indicator=self.turns, value=40)
        self.each(self.turns, 10, 20, 5, None, None)
        self.each(self.trees, None, None, 7, None, None)
        self.office = account_at(self.khoi, "superior_secretary")
        self.report = began(self.khoi, by=self.office)
        if is_approved:
            self.first = approved(self.a1, by=self.by, own="Cần thêm kinh phí cho hoạt động hè.")
            approved(self.a2, by=self.by)

    def now(self) -> PeriodReport:
        return PeriodReport.objects.select_related("unit", "period").get(pk=self.report.pk)

    def turns_to(self, from_units: bool, *, version=None):
        """The call that changes the source; everything is read before, as the page does."""
        report = self.now()
        material = material_from(report, from_units=from_units, as_of=CLOSED)
        version = report.version if version is None else version
        return lambda: change_source(
            report=report, version=version, by=self.office, from_units=from_units, material=material
        )

    def section(self, key):
        return self.report.sections.get(key=key)

    def sentence(self, source) -> ReportSentence:
        return ReportSentence.objects.get(section__report=self.report, source=source)

    def texts(self) -> list[tuple[str, str, str]]:
        """(chapter, source, what is printed) of every sentence in the order of the paper."""
        rows = ReportSentence.objects.filter(section__report=self.report, left_out=False)
        rows = rows.select_related("section").order_by("section__position", "position", "pk")
        return [(one.section.key, one.source, one.printed) for one in rows]

    def states(self) -> dict[str, str]:
        """{what is printed: its state} of every sentence on the page."""
        report = self.now()
        views = chapters_today(report, material_for(report, on=CLOSED))
        return {one.printed: one.state for view in views for one in view.sentences}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: CLOSED)


@pytest.fixture
def s():
    return Turning()


def told(s, words: str) -> str:
    (text,) = [text for _, _, text in s.texts() if words in text]
    return text


# --- what follows at once -------------------------------------------------------------------------------------


def test_the_report_says_what_a_new_one_from_that_side_would_say_and_back(s):
    """Nobody wrote a word: after the change it is, sentence by sentence, the report begun from the other side."""
    before = s.texts()
    assert "35/40 lượt người" in told(s, "hiến máu")
    assert "07 cây" in told(s, "cây")
    changes = s.turns_to(True)()
    after = s.texts()
    assert "30/40 lượt người" in told(s, "hiến máu")
    assert "Có 02/03 đơn vị trực thuộc có báo cáo được duyệt; số liệu chưa gồm 01 đơn vị chưa có: Chi đoàn A3." in [
        text for _, _, text in after
    ]
    assert not [text for _, _, text in after if "cây" in text]  # only A3 planted any
    assert counts_of(changes) == Counts(renewed=3, gone=1, coming=0, staying=1, to_look_at=0)
    PeriodReport.objects.filter(pk=s.report.pk).delete()
    s.report = began(s.khoi, by=s.office, from_units=True)
    assert s.texts() == after
    assert counts_of(s.turns_to(False)()) == Counts(renewed=3, gone=0, coming=1, staying=1, to_look_at=0)
    assert s.texts() == before


def test_figures_table_sums_checks_and_editions_follow(s):
    report = s.now()
    assert draft_content(report, on=CLOSED).table.note == ""
    assert prepare(report, on=CLOSED).material.table.row(s.turns.code).done.value == 35
    s.turns_to(True)()
    report = s.now()
    assert (report.from_units, set(report.rolled_from)) == (True, {str(s.a1.pk), str(s.a2.pk)})
    material = material_for(report, on=CLOSED)
    assert changes_since(report, material.rolled) == []
    content = draft_content(report, on=CLOSED)
    assert content.table.note == "Chưa gồm số liệu của đơn vị chưa có báo cáo được duyệt: Chi đoàn A3."
    frozen = prepare(report, on=CLOSED)
    assert [row.done.value for row in frozen.rows if row.indicator == s.turns] == [30]
    assert frozen.facts["without"] == ["Chi đoàn A3"]
    assert warnings_of_sum(material.rolled) == warnings_of_sum(rolled_up(report, as_of=CLOSED))
    s.turns_to(False)()
    assert (s.now().from_units, s.now().rolled_from) == (False, {})
    assert prepare(s.now(), on=CLOSED).material.table.row(s.turns.code).done.value == 35


def test_the_table_of_a_round_follows(s):
    """A table the superior's superior asks: 35 turns logged, 30 approved."""
    asked = ReportRound.objects.create(
        unit=s.city, kind="year", period=year(), name="Năm 2026", due_on=CLOSED, opened_on=CLOSED, opened_by=s.by
    )
    asked.tables.add(a_table(s.city, s.by, codes=(s.turns.code,)))
    asked.rows.create(unit=s.khoi, period=year(), due_on=CLOSED, report=s.report)

    def cell():
        return cells(draft_content(s.now(), on=CLOSED))[0][0]

    assert cell() == "35"
    s.turns_to(True)()
    assert cell() == "30"
    s.turns_to(False)()
    assert cell() == "35"


def test_what_the_superior_said_of_an_activity_told_twice_outlives_turning_back_and_again(s):
    log(s.khoi, s.turns, 20, title="Ngày hội hiến máu", organiser="joint")
    joined = UnitFactory(superior=s.khoi, name="Chi đoàn A4")
    log(joined, s.turns, 20, title="Ngày hội hiến máu", organiser="joined", partner="Đoàn Khối")
    approved(joined, by=s.by)
    s.turns_to(True)()
    (candidate,) = rolled_up(s.now(), as_of=CLOSED).candidates
    decide(
        report=s.now(),
        candidate=candidate,
        version=0,
        by=s.office,
        on=CLOSED,
        said="one",
        kept=candidate.activities[0].activity,
    )
    assert rolled_up(s.now(), as_of=CLOSED).table.row(s.turns.code).done.value == 50  # 10 + 20 + 20, once
    s.turns_to(False)()
    s.turns_to(True)()
    assert JointDecision.objects.count() == 1
    assert rolled_up(s.now(), as_of=CLOSED).table.row(s.turns.code).done.value == 50


# --- what people wrote ----------------------------------------------------------------------------------------


def test_no_word_of_a_person_is_touched_and_the_page_says_where_it_differs(s):
    """Edited, written, left out, taken from an offer; of them the edited ones say something else than the reports."""
    turns, trees = s.sentence(f"indicator:{s.turns.pk}"), s.sentence(f"indicator:{s.trees.pk}")
    edit_sentence(sentence=turns, version=1, by=s.office, text="Cả Khối có 35 lượt người hiến máu.")
    edit_sentence(sentence=trees, version=1, by=s.office, text="Chi đoàn A3 trồng được 7 cây.")
    add_own(section=s.section("proposals"), by=s.office, text="Đề nghị mở lớp kỹ năng.")
    leave_out(sentence=s.sentence("summary"), version=1, by=s.office)
    offer = Offer("offer:x", "Sinh hoạt chưa đều.", "Sinh hoạt", "Vì một lý do")
    add_offered(section=s.section("shortcomings"), by=s.office, draft=offer)
    persons = {one for one in s.texts() if "indicator" in one[1] or one[1] in ("", "offer:x")}
    changes = s.turns_to(True)()
    assert counts_of(changes).to_look_at == 2
    assert persons <= set(s.texts())
    assert s.sentence("summary").left_out
    states = s.states()
    assert states["Cả Khối có 35 lượt người hiến máu."] == "changed"
    assert states["Chi đoàn A3 trồng được 7 cây."] == "gone"
    assert states["Đề nghị mở lớp kỹ năng."] == states["Sinh hoạt chưa đều."] == "own"
    assert list(states.values()).count("changed") == 1
    s.turns_to(False)()
    assert persons <= set(s.texts())
    assert set(s.states().values()) <= {"drafted", "edited", "own"}


def test_a_sentence_taken_from_a_unit_stays_when_it_turns_back(s):
    s.turns_to(True)()
    taken = take_text(section=s.section("proposals"), submission=s.first, number=1, by=s.office)
    s.turns_to(False)()
    taken.refresh_from_db()
    assert (taken.printed, taken.from_submission) == ("Cần thêm kinh phí cho hoạt động hè.", s.first)


def test_a_word_saved_after_the_page_was_read_stays(s):
    """The plan on the page had this sentence among those renewed."""
    change = s.turns_to(True)
    turns = s.sentence(f"indicator:{s.turns.pk}")
    edit_sentence(sentence=turns, version=1, by=s.by, text="Câu vừa ghi.")
    change()
    assert s.sentence(turns.source).printed == "Câu vừa ghi."
    assert s.states()["Câu vừa ghi."] == "changed"


def test_who_has_a_renewed_sentence_open_is_told(s):
    turns = s.sentence(f"indicator:{s.turns.pk}")
    s.turns_to(True)()
    with pytest.raises(EditConflict):
        edit_sentence(sentence=turns, version=turns.version, by=s.by, text="Câu cũ.")
    assert "30/40" in s.sentence(turns.source).printed


def test_a_chapter_is_read_through_again_only_where_it_says_something_else(s):
    for section in s.report.sections.all():
        mark_reviewed(section=section, by=s.office, on=CLOSED)
    changes = s.turns_to(True)()
    changed = {one.view.chapter.key for one in changes if one.is_changing}
    unread = set(s.report.sections.filter(reviewed_on=None).values_list("key", flat=True))
    assert unread == changed
    assert "results" in changed
    assert "proposals" not in changed


def test_what_comes_in_stands_where_a_new_report_would_have_it():
    """A new report has A B C D E; X is a person's own."""

    def rows(*sources):
        return [ReportSentence(source=source) for source in sources]

    def order(stored, coming, said="ABCDE"):
        return "".join(one.source or "X" for one in placed(rows(*stored), list(said), rows(*coming)))

    assert order(["A", "", "E"], "BCD") == "ABCDXE"
    assert order(["", "D"], "B") == "XBD"
    assert order(["", ""], "BA") == "XXAB"  # a chapter of a person's own words comes first
    assert order([], "ACE") == "ACE"
    assert order(["E", "A"], "B") == "EAB"  # as a person put them


def test_the_order_a_person_chose_stays(s):
    units = s.sentence("units")
    move_sentence(sentence=units, version=1, by=s.office, is_up=True)
    key = units.section.key
    before = [source for chapter, source, _ in s.texts() if chapter == key]
    assert before[:2] == ["units", "summary"]
    s.turns_to(True)()
    assert [source for chapter, source, _ in s.texts() if chapter == key] == before


# --- undo -----------------------------------------------------------------------------------------------------


def test_each_chapter_can_be_brought_back_to_what_it_said(s):
    before = s.texts()
    s.turns_to(True)()
    sections = s.report.sections.filter(revisions__note=NOTE).distinct()
    assert {one.key for one in sections} == {key for key, source, _ in set(before) ^ set(s.texts())}
    for section in sections:
        last = section.revisions.order_by("-number").first()
        restore_revision(section=section, number=1, seen=stamp_of(last), by=s.office)
    assert s.texts() == before
    assert SectionRevision.objects.filter(note=NOTE).count() == len(sections)  # what stood between is there, too


# --- refused --------------------------------------------------------------------------------------------------


def standing(s):
    rows = ReportSentence.objects.filter(section__report=s.report).order_by("pk")
    return (
        list(PeriodReport.objects.filter(pk=s.report.pk).values_list("version", "from_units", "rolled_from", "state")),
        list(rows.values_list("pk", "version", "drafted", "text", "position")),
        SectionRevision.objects.count(),
    )


def refused(s, from_units) -> str:
    before, change = standing(s), s.turns_to(from_units)
    with pytest.raises(DraftingRefused) as refusal:
        change()
    assert standing(s) == before
    return str(refusal.value)


def test_to_the_side_it_is_on_it_is_refused(s):
    assert refused(s, False) == SAME
    s.turns_to(True)()
    assert refused(s, True) == SAME


def test_without_an_approved_report_there_is_nothing_to_turn_to():
    s = Turning(is_approved=False)
    assert refused(s, True) == NONE_APPROVED
    submitted(began(s.a1, by=s.by), by=s.by)  # handed in is not approved
    assert refused(s, True) == NONE_APPROVED


def test_a_branch_has_no_other_side(s):
    s.report = s.first.report
    PeriodReport.objects.filter(pk=s.report.pk).update(state="draft")
    assert refused(s, True) == NO_UNITS


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_was_handed_in_is_not_changed(s, state):
    PeriodReport.objects.filter(pk=s.report.pk).update(state=state)
    assert "nên không sửa được" in refused(s, True)


def test_an_older_page_changes_nothing(s):
    s.turns_to(True)()
    before = standing(s)
    with pytest.raises(EditConflict):
        s.turns_to(False, version=1)()
    assert standing(s) == before


def test_material_of_the_other_side_is_a_defect(s):
    report = s.now()
    material = material_from(report, from_units=False, as_of=CLOSED)
    with pytest.raises(ValueError, match="other side"):
        change_source(report=report, version=1, by=s.office, from_units=True, material=material)


def test_what_is_being_handed_in_cannot_change_its_source_meanwhile(s):
    report = s.now()
    prepared = prepare(report, on=CLOSED)
    s.turns_to(True)()
    with pytest.raises(EditConflict):
        submit_report(report=report, version=1, by=s.office, on=CLOSED, prepared=prepared, dated_on=CLOSED)
    assert not report.submissions.exists()


def test_a_report_opened_again_may_turn_and_what_was_approved_stays(s):
    edition = submitted(s.report, by=s.office)
    PeriodReport.objects.filter(pk=s.report.pk).update(state="reopened")
    s.turns_to(True)()
    assert [row.value for row in edition.rows.filter(indicator=s.turns)] == [35]
    assert prepare(s.now(), on=CLOSED).material.table.row(s.turns.code).done.value == 30


@pytest.mark.parametrize("more", [0, 2])
def test_the_step_asks_the_same_whatever_the_number_of_sentences(s, more, django_assert_num_queries):
    """Chapters that change are three in both; of sentences there are two more."""
    for number in range(more):
        extra = IndicatorFactory(name=f"Việc {number}", action=f"việc {number}", area=s.turns.area)
        s.each(extra, 1, 2, 3, None, None)
    PeriodReport.objects.filter(pk=s.report.pk).delete()
    s.report = began(s.khoi, by=s.office)
    change = s.turns_to(True)
    with django_assert_num_queries(29):
        change()


# --- the page -------------------------------------------------------------------------------------------------


def url(s):
    return reverse("reports:report_source", args=[s.report.pk])


def page(client, s, *, by=None):
    client.force_login(by or s.office)
    return client.get(url(s)).content.decode()


def facts(html) -> dict[str, str]:
    pairs = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", html, re.S)
    return {label: text.strip() for label, text in pairs}


def sent_form(html) -> dict[str, str]:
    return dict(re.findall(r'name="(form_key|version|figures)" value="([^"]*)"', html))


def test_the_page_says_before_what_will_happen_and_then_it_does(s, client):
    """Renewed: the units and the turns; gone: the trees; the opening says the same, the summary a person wrote."""
    edit = s.sentence("summary")
    edit_sentence(sentence=edit, version=1, by=s.office, text="Tự viết phần tổng hợp.")
    html = page(client, s)
    said = facts(html)
    assert said["Đang lấy từ"] == "số liệu các đơn vị đang ghi trên phần mềm"
    assert said["Đổi sang"] == "báo cáo đã duyệt của đơn vị: 2/3 đơn vị có báo cáo đã duyệt"
    assert said["Soạn lại"].startswith("2 câu")
    assert "Thêm vào" not in said
    assert said["Bỏ đi"].startswith("1 câu")
    assert said["Giữ nguyên"] == ("2 câu; trong đó 1 câu do người viết nói khác nguồn mới, sẽ đánh dấu để bạn soát")
    before = s.texts()
    answer = client.post(url(s), sent_form(html), follow=True)
    text = answer.content.decode()
    assert "Đã đổi nguồn số liệu: soạn lại 2 câu, bỏ 1 câu. Còn 1 câu" in text
    assert len(s.texts()) == len(before) - 1
    assert s.now().from_units
    client.post(url(s), sent_form(html))  # sent twice it is done once
    assert s.now().from_units
    assert s.now().version == 2


def test_the_report_page_names_its_source_and_leads_here(s, client):
    client.force_login(s.office)
    address = reverse("reports:report", args=[s.report.pk])
    html = client.get(address).content.decode()
    assert "Số liệu lấy từ những gì các đơn vị đang ghi trên phần mềm" in html
    assert url(s) in html
    s.turns_to(True)()
    html = client.get(address).content.decode()
    assert "đơn vị có báo cáo đã duyệt" in html
    assert url(s) in html
    client.force_login(account_at(s.khoi, "member"))
    assert url(s) not in client.get(address).content.decode()
    client.force_login(s.by)
    branch = client.get(reverse("reports:report", args=[s.first.report_id])).content.decode()
    assert "đang ghi trên phần mềm" not in branch


def test_pages_of_the_units_come_and_go_with_the_source(s, client):
    client.force_login(s.office)
    units = reverse("reports:report_units", args=[s.report.pk])
    assert client.get(units).status_code == 404
    s.turns_to(True)()
    rows = [row for table in tables_of(client.get(units).content.decode()) for row in table]
    assert [row[1] for row in rows if row[0].startswith("Hiến máu")] == ["30"]
    s.turns_to(False)()
    assert client.get(units).status_code == 404


def test_where_it_cannot_turn_the_page_says_why_and_has_no_button(client):
    s = Turning(is_approved=False)
    html = page(client, s)
    assert NONE_APPROVED in html
    assert 'class="btn btn-primary' not in html
    answer = client.post(url(s), sent_form(html))
    assert answer.status_code == 200
    assert NONE_APPROVED in answer.content.decode()
    assert not s.now().from_units


def test_a_second_writer_is_told_and_nothing_turns_back(s, client):
    """Both opened the page; the second press is not the way back."""
    html = page(client, s)
    s.turns_to(True)()
    answer = client.post(url(s), sent_form(html))
    assert answer.status_code == 200
    assert "Chưa đổi gì" in answer.content.decode()
    assert s.now().from_units


def test_who_is_typing_is_named(s, client):
    colleague = account_at(s.khoi, "superior_secretary", full_name="Lê Thị Hoa")
    add_own(section=s.section("proposals"), by=colleague, text="Đang viết dở.")
    assert "Lê Thị Hoa đang soạn mục này" in page(client, s)
    assert "đang soạn mục này" not in page(client, s, by=colleague)


def test_strangers_find_nothing_and_readers_may_not(s, client):
    for account, status in (
        (account_at(UnitFactory()), 404), (account_at(s.a1), 404), (account_at(s.khoi, "party_secretary"), 404),
        (account_at(s.khoi, "member"), 403), (s.by, 403),
    ):  # fmt: skip
        client.force_login(account)
        assert client.get(url(s)).status_code == status
        assert client.post(url(s), {"version": 1, "figures": "units"}).status_code == status
    client.force_login(account_at(s.a1))
    assert client.get(reverse("reports:report_source", args=[s.first.report_id])).status_code == 404
    assert not s.now().from_units


def test_a_closed_report_leads_back_with_a_word(s, client):
    submitted(s.report, by=s.office)
    PeriodReport.objects.filter(pk=s.report.pk).update(state="submitted")
    client.force_login(s.office)
    answer = client.get(url(s), follow=True)
    assert "Báo cáo đã nộp nên không sửa được." in answer.content.decode()


@pytest.mark.parametrize("more", [1, 3])
def test_the_page_asks_the_same_whatever_the_number_of_units(s, client, more, django_assert_max_num_queries):
    for _ in range(more):
        unit = UnitFactory(superior=s.khoi)
        log(unit, s.turns, 5)
        approved(unit, by=s.by)
    client.force_login(s.office)
    with django_assert_max_num_queries(70):
        client.get(url(s))


def test_within_a_year_it_turns_as_well(s):
    """Of a quarter nothing says what was reached since January once it is made from the units' reports."""
    quarter = Period.objects.stored(Period.of_quarter(2026, 1))
    s.report = began(s.khoi, quarter, by=s.office)
    approved(s.a1, quarter, by=s.by)
    before = s.texts()
    s.turns_to(True)()
    assert "Chi đoàn A2, Chi đoàn A3" in told(s, "đơn vị trực thuộc")
    s.turns_to(False)()
    # The target of the year came in from there; here it would wait beside the report, but nobody left it out.
    came = [one for one in s.texts() if one not in before]
    assert [source.split(":")[0] for _, source, _ in came] == ["next"]
    assert [one for one in s.texts() if one not in came] == before
