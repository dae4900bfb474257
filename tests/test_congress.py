"""Congress papers: results against the resolution, targets drafted from them, adopted once; words people wrote stay."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.aims import aim_text, parse_aim
from branches.models import EditConflict, PaperNumber, Target
from branches.models.meeting import Attendance, Meeting
from branches.number_papers import papers_under
from branches.tasks import accept_task, give_task, report_task
from reports.congress.content import CongressContent, congress_html, content_of
from reports.congress.keeping import issue_paper, save_texts
from reports.congress.proposing import (
    Difference,
    Wanted,
    adopt_targets,
    draft_version,
    lines_of,
    proposal_text,
    proposals_of,
    save_proposals,
)
from reports.congress.refused import CongressRefused
from reports.congress.review import review_of
from reports.material import collect
from reports.models import CongressPaper, ProposedTarget

from .edition_scene import indicator, log
from .factories import MemberFactory, TargetFactory, TermFactory, UnionFactory, UnitFactory, account_at, year

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY = DAY(2019, 12, 20)
Kind = CongressPaper.Kind


class Scene:
    """Term V (2017-2019): the congress resolved blood 12 (15 given), all briefed, of the tasks 20 % excellent, 1-2 to
    the Party; the years planned blood 4 and youth tasks 3 each (1 done)."""

    def __init__(self):
        self.unit = UnitFactory(name="Chi đoàn Sở", superior=UnionFactory(name="Đoàn Khối"), document_code="CĐ")
        self.by = account_at(self.unit)
        self.term = TermFactory(
            unit=self.unit, name="Nhiệm kỳ 2017-2019", starts_on=DAY(2017, 1, 1), ends_on=DAY(2020, 1, 1)
        )
        for code, comparator, value, value_to in (
            ("resolution_briefed", "eq", 100, None), ("task_completed", "eq", 100, None),
            ("task_excellent", "ge", 20, None), ("party_admitted", "range", 1, 2), ("blood_turns", "ge", 12, None),
        ):  # fmt: skip
            TargetFactory(
                unit=self.unit, period=self.term, indicator=indicator(code), comparator=comparator, value=value,
                value_to=value_to,
            )  # fmt: skip
        for number in (2017, 2018, 2019):
            TargetFactory(unit=self.unit, period=year(number), indicator=indicator("blood_turns"), value=4)
            TargetFactory(unit=self.unit, period=year(number), indicator=indicator("youth_tasks"), value=3)
            log(self.unit, "blood_turns", 5, DAY(number, 7, 1))
            log(self.unit, "youth_tasks", 1, DAY(number, 3, 1))
        log(self.unit, "resolution_briefed", 14, DAY(2019, 3, 1), denominator=14)

    def next_term(self):
        return TermFactory(
            unit=self.unit, name="Nhiệm kỳ 2020-2022", starts_on=DAY(2020, 1, 1), ends_on=DAY(2023, 1, 1)
        )

    def rows(self):
        return collect(self.unit, self.term, as_of=TODAY).table.rows

    def suggested(self):
        return {line.indicator.code: line.suggestion for line in lines_of(self.term, self.rows())}

    def propose(self, version=0, **aims):
        rows = [Wanted(indicator(code), parse_aim(text, indicator(code)), "căn cứ") for code, text in aims.items()]
        return save_proposals(term=self.term, version=version, rows=rows, by=self.by)

    def paper(self, kind):
        return CongressPaper.objects.filter(kind=kind).first() or CongressPaper(term=self.term, kind=kind, version=0)

    def content(self, kind) -> CongressContent:
        return content_of(self.paper(kind), self.unit, on=TODAY)

    def texts(self, kind, key) -> tuple[str, ...]:
        (found,) = [one for one in self.content(kind).passages if one.key == key]
        return found.texts

    def write(self, kind, version=0, **texts):
        return save_texts(
            term=self.term, kind=kind, version=version, by=self.by, texts=texts, signer_post="Bí thư", signer_name="",
        )  # fmt: skip


@pytest.fixture
def scene():
    return Scene()


# --- results --------------------------------------------------------------------------------------------


def test_each_target_of_the_resolution_has_its_years_and_its_verdict(scene):
    """5 + 5 + 5 = 15 of 12; nobody logged an admission. Of a share nothing is known: it is not judged."""
    content = scene.content(Kind.RESULTS)
    rows = {row.code: row for row in content.table.rows}
    blood = rows["blood_turns"]
    assert [(aim, done.text) for aim, done in blood.years] == [("≥ 4", "5")] * 3
    assert (blood.aim, blood.done.text, blood.verdict) == ("≥ 12", "15", "Vượt")
    assert scene.texts(Kind.RESULTS, "chung") == (
        "Nghị quyết đại hội đề ra 05 chỉ tiêu: đạt và vượt 02, chưa đạt hoặc chậm 01, chưa kết luận được 02.",
    )
    assert any("vượt 25%" in text for text in scene.texts(Kind.RESULTS, "tung-chi-tieu"))


def test_a_target_of_the_years_is_none_of_the_resolution(scene):
    """Youth tasks, 3 of 3 + 3 + 3, stand below the resolution's own to explain; no count and no sentence has them."""
    content = scene.content(Kind.RESULTS)
    *of_resolution, beside = content.table.groups
    assert "youth_tasks" not in {row.code for group in of_resolution for row in group.rows}
    assert beside.title == "IV. Chỉ tiêu của kế hoạch từng năm, không phải chỉ tiêu nghị quyết đại hội"
    assert [(row.code, row.aim, row.done.text, row.verdict) for row in beside.rows] == [
        ("youth_tasks", "≥ 9", "3", "Chậm")  # eleven days before the end of the term
    ]
    said = [text for passage in content.passages for text in passage.texts]
    assert not any("phần việc" in text for text in said)
    assert not content.lacks_targets


def test_yearly_plans_alone_are_no_resolution_and_the_page_says_what_to_do(scene, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    Target.objects.filter(unit=scene.unit, period=scene.term).delete()
    assert scene.texts(Kind.RESULTS, "chung") == ("Chưa ghi chỉ tiêu nào của nghị quyết đại hội cho nhiệm kỳ này.",)
    assert scene.texts(Kind.RESULTS, "tung-chi-tieu") == scene.texts(Kind.RESULTS, "chua-dat") == ()
    assert {row.code for row in scene.content(Kind.RESULTS).table.rows} == {"blood_turns", "youth_tasks"}
    client.force_login(scene.by)
    args = [scene.unit.pk, scene.term.pk]
    page = client.get(reverse("reports:congress_paper", args=[*args, Kind.RESULTS])).content.decode()
    assert f'href="{reverse("reports:term_plan_edit", args=args)}"' in page


# --- targets of the next term ---------------------------------------------------------------------------


def test_the_draft_takes_the_result_where_it_is_above_the_plan(scene):
    found = scene.suggested()
    said = {code: aim_text(one.aim, indicator(code)) for code, one in found.items()}
    assert said == {
        "blood_turns": "≥ 15", "youth_tasks": "≥ 9", "resolution_briefed": "100%", "task_completed": "100%",
        "task_excellent": "≥ 20%", "party_admitted": "1-2",
    }  # fmt: skip
    assert found["blood_turns"].reason == "bằng kết quả nhiệm kỳ này: 15 lượt người"
    assert found["youth_tasks"].reason == "giữ như nhiệm kỳ này, kết quả 3 phần việc"


def test_so_many_a_month_stay_so_many_a_month(scene):
    """Given for each of three years, one a month adds up to 36 in the term and two a quarter to 24: neither is n a
    month of the next. Where the years differ, the last counts."""
    rates = {"branch_meetings": [("per_month", 1)] * 3, "news_items": [("per_quarter", 2)] * 3,
             "sport_tournaments": [("ge", 2), ("per_quarter", 1), ("per_month", 1)]}  # fmt: skip
    for code, years in rates.items():
        for number, (comparator, value) in zip((2017, 2018, 2019), years, strict=True):
            TargetFactory(
                unit=scene.unit, period=year(number), indicator=indicator(code), comparator=comparator, value=value
            )
    log(scene.unit, "branch_meetings", 40, DAY(2019, 3, 1))  # 40 of 36
    found = scene.suggested()
    said = {code: (aim_text(found[code].aim, indicator(code)), found[code].reason) for code in rates}
    assert said == {
        "branch_meetings": ("1/tháng", "giữ như nhiệm kỳ này"), "news_items": ("2/quý", "giữ như nhiệm kỳ này"),
        "sport_tournaments": ("1/tháng", "giữ như nhiệm kỳ này"),
    }  # fmt: skip


def test_every_shape_a_target_can_take_is_kept_and_adopted(scene):
    """The six targets of case B: =, a share of a share, at least, a range."""
    wanted = {
        "resolution_briefed": "100%", "no_violation": "100%", "task_completed": "100%", "task_excellent": "≥ 20%",
        "youth_tasks": "≥ 3", "party_admitted": "2-3",
    }  # fmt: skip
    scene.propose(**wanted)
    assert {one.indicator.code: proposal_text(one) for one in proposals_of(scene.term)} == wanted
    following = scene.next_term()
    made = adopt_targets(term=scene.term, by=scene.by, on=TODAY).made
    assert len(made) == 6
    targets = {one.indicator.code: one for one in Target.objects.of_period(following)}
    assert (targets["party_admitted"].value, targets["party_admitted"].value_to) == (2, 3)
    assert targets["task_excellent"].parent == targets["task_completed"]
    assert {one.document for one in targets.values()} == {"Nghị quyết Đại hội"}


def test_adopting_again_changes_nothing_and_shows_what_differs(scene):
    following = scene.next_term()
    scene.propose(blood_turns="≥ 15", youth_tasks="≥ 3")
    adopt_targets(term=scene.term, by=scene.by, on=TODAY)
    assert adopt_targets(term=scene.term, by=scene.by, on=TODAY).differences == ()
    Target.objects.of_period(following).filter(indicator__code="blood_turns").update(value=20)
    TargetFactory(unit=scene.unit, period=following, indicator=indicator("news_items"), value=7)
    Target.objects.of_period(following).filter(indicator__code="youth_tasks").delete()
    again = adopt_targets(term=scene.term, by=scene.by, on=TODAY)
    name = indicator
    assert again.made == ()
    assert set(again.differences) == {
        Difference(name("blood_turns").name, "≥ 15", "≥ 20"), Difference(name("news_items").name, "", "≥ 7"),
        Difference(name("youth_tasks").name, "≥ 3", ""),
    }  # fmt: skip
    assert Target.objects.of_period(following).count() == 2


def test_nothing_is_adopted_without_a_next_term_or_a_draft(scene):
    with pytest.raises(CongressRefused, match="Chưa có nhiệm kỳ tiếp theo"):
        adopt_targets(term=scene.term, by=scene.by, on=TODAY)
    scene.next_term()
    with pytest.raises(CongressRefused, match="Chưa có chỉ tiêu dự thảo"):
        adopt_targets(term=scene.term, by=scene.by, on=TODAY)


def test_a_target_the_next_term_cannot_have_adopts_none(scene):
    following = scene.next_term()
    scene.propose(blood_turns="≥ 15", youth_tasks="≥ 3")
    gone = indicator("youth_tasks")
    gone.last_year = 2019
    gone.save()
    with pytest.raises(CongressRefused, match="không có trong danh mục năm 2020"):
        adopt_targets(term=scene.term, by=scene.by, on=TODAY)
    assert not Target.objects.of_period(following).exists()


def test_an_empty_aim_leaves_the_draft(scene):
    paper = scene.propose(blood_turns="≥ 15", youth_tasks="≥ 3")
    scene.propose(version=paper.version, youth_tasks="")
    assert [one.indicator.code for one in proposals_of(scene.term)] == ["blood_turns"]


def test_two_at_the_grid_never_overwrite_each_other(scene):
    paper = scene.propose(blood_turns="≥ 15")
    with pytest.raises(EditConflict):
        scene.propose(version=0, blood_turns="≥ 99")
    scene.propose(version=paper.version, blood_turns="≥ 16")
    with pytest.raises(EditConflict):
        scene.propose(version=paper.version, blood_turns="≥ 99")
    assert ProposedTarget.objects.get().value == Decimal(16)


# --- texts ----------------------------------------------------------------------------------------------


def test_what_a_person_wrote_stays_when_the_figures_change(scene):
    scene.write(Kind.RESULTS, chung="Câu của Ban Chấp hành.")
    log(scene.unit, "blood_turns", 100, DAY(2019, 8, 1))
    assert scene.texts(Kind.RESULTS, "chung") == ("Câu của Ban Chấp hành.",)
    (passage,) = [one for one in scene.content(Kind.RESULTS).passages if one.key == "tung-chi-tieu"]
    assert any("115" in text for text in passage.drafted)


def test_a_text_taken_away_lets_the_data_speak_again(scene):
    paper = scene.write(Kind.RESULTS, chung="Câu của Ban Chấp hành.")
    scene.write(Kind.RESULTS, version=paper.version, chung="  ")
    assert scene.texts(Kind.RESULTS, "chung")[0].startswith("Nghị quyết đại hội đề ra")


def test_what_nobody_can_count_is_a_dotted_line(scene):
    html, _ = congress_html(scene.content(Kind.REVIEW))
    assert "Hạn chế, khuyết điểm" in html
    assert scene.texts(Kind.REVIEW, "han-che") == ()
    assert html.count('class="fill') >= 4


# --- the committee's review of itself -------------------------------------------------------------------


def a_meeting(scene, day, state="held", kind="committee"):
    at = datetime.datetime.combine(day, datetime.time(8), datetime.UTC)
    reason = "Bận" if state == "cancelled" else ""
    return Meeting.objects.create(
        unit=scene.unit, kind=kind, title="Họp", starts_at=at, state=state, cancel_reason=reason, created_by=scene.by
    )


def test_the_review_counts_meetings_tasks_and_papers_of_the_term(scene):
    """Two of three committee meetings held, 3 of 4 turns; one of two tasks done; nothing of the year before counts."""
    members = MemberFactory.create_batch(2, home=scene.unit, full_name="Người Không In Tên")
    for day, states in ((DAY(2018, 1, 5), ("present", "present")), (DAY(2018, 2, 5), ("present", "absent"))):
        meeting = a_meeting(scene, day)
        for member, state in zip(members, states, strict=True):
            Attendance.objects.create(
                meeting=meeting, member=member, state=state, standing="official", marked_at=meeting.starts_at,
                marked_by=scene.by,
            )  # fmt: skip
    a_meeting(scene, DAY(2018, 3, 5), "cancelled")
    a_meeting(scene, DAY(2016, 3, 5))
    for text in ("Việc một", "Việc hai"):
        task = give_task(by=scene.by, unit=scene.unit, on=DAY(2018, 1, 6), text=text, owner=members[0])
    report_task(task=task, version=task.version, by=scene.by, on=DAY(2018, 2, 1), result="Xong")
    task.refresh_from_db()
    accept_task(task=task, version=task.version, by=scene.by, on=DAY(2018, 2, 2))
    found = review_of(scene.unit, scene.term, as_of=TODAY)
    assert (found.committee_held, found.committee_planned, found.present, found.marked) == (2, 3, 3, 4)
    assert (found.tasks_given, found.tasks_done) == (2, 1)
    html, _ = congress_html(scene.content(Kind.REVIEW))
    assert "Ban Chấp hành đã họp 2/3 kỳ đã định; ủy viên dự 3/4 lượt." in html.replace("\xa0", " ")
    assert "Người Không In Tên" not in html


# --- issuing --------------------------------------------------------------------------------------------


def issue(scene, kind, paper=None, draft=None, on=TODAY):
    paper = paper or CongressPaper.objects.select_related("term").get(kind=kind)
    paper.dated_on = on
    draft = draft_version(scene.term) if draft is None else draft
    content = content_of(paper, scene.unit, on=TODAY)
    return issue_paper(
        paper=paper, unit=scene.unit, version=paper.version, draft=draft, by=scene.by, on=TODAY, dated_on=on,
        content=content,
    )  # fmt: skip


def test_an_issued_paper_has_a_number_of_the_register_and_never_changes(scene):
    scene.write(Kind.RESOLUTION)
    scene.propose(blood_turns="≥ 15")
    paper = issue(scene, Kind.RESOLUTION)
    assert (paper.entry.symbol, PaperNumber.objects.get().dated_on) == ("01-NQ/CĐ", TODAY)
    before = congress_html(content_of(paper, scene.unit, on=TODAY))[0]
    assert paper.content["paper"]["head"]["number"] == "Số: 01-NQ/CĐ"
    assert papers_under(scene.by, [paper.entry_id])[paper.entry_id].words == "Nghị quyết đại hội, nhiệm kỳ 2017-2019"
    assert papers_under(account_at(UnitFactory(superior=UnionFactory())), [paper.entry_id]) == {}
    log(scene.unit, "blood_turns", 100, DAY(2019, 8, 1))
    again = CongressPaper.objects.select_related("term").get(pk=paper.pk)
    assert congress_html(content_of(again, scene.unit, on=DAY(2025, 1, 1)))[0] == before
    with pytest.raises(CongressRefused, match="đã ban hành"):
        scene.write(Kind.RESOLUTION, version=again.version, **{"dieu-3": "Khác"})


def test_adopted_targets_name_the_issued_resolution(scene):
    following = scene.next_term()
    scene.write(Kind.RESOLUTION)
    scene.propose(blood_turns="≥ 15")
    issue(scene, Kind.RESOLUTION)
    adopt_targets(term=scene.term, by=scene.by, on=TODAY)
    (target,) = Target.objects.of_period(following)
    assert target.document == "Nghị quyết Đại hội số 01-NQ/CĐ, ngày 20/12/2019"


def test_the_congress_may_change_what_was_put_to_it_until_it_resolved(scene):
    """The paper put to the congress says 15 for ever; the congress makes it 20; nothing makes its resolution 99."""
    scene.propose(blood_turns="≥ 15")
    put = issue(scene, Kind.TARGETS)
    scene.propose(version=put.version, blood_turns="≥ 20")
    put = CongressPaper.objects.select_related("term").get(pk=put.pk)
    assert [row.proposed for row in content_of(put, scene.unit, on=TODAY).grid] == ["≥ 15"]
    scene.write(Kind.RESOLUTION)
    resolved = issue(scene, Kind.RESOLUTION)
    (said,) = [one["drafted"] for one in resolved.content["passages"] if one["key"] == "dieu-2"]
    assert ["20" in text for text in said] == [True]
    with pytest.raises(CongressRefused, match="Nghị quyết đại hội đã ban hành"):
        scene.propose(version=put.version, blood_turns="≥ 99")
    following = scene.next_term()
    adopt_targets(term=scene.term, by=scene.by, on=TODAY)
    assert Target.objects.of_period(following).get().value == 20


def test_targets_changed_since_they_were_read_are_not_resolved(scene):
    scene.write(Kind.RESOLUTION)
    scene.write(Kind.RESULTS)
    read = scene.propose(blood_turns="≥ 15").version
    scene.propose(version=read, blood_turns="≥ 20")
    with pytest.raises(EditConflict):
        issue(scene, Kind.RESOLUTION, draft=read)
    assert not PaperNumber.objects.exists()
    assert issue(scene, Kind.RESULTS, draft=read).is_issued  # prints none of them


def test_a_paper_is_not_dated_before_its_term(scene):
    scene.write(Kind.REVIEW)
    with pytest.raises(CongressRefused, match="không trước ngày đầu nhiệm kỳ, 01/01/2017"):
        issue(scene, Kind.REVIEW, on=DAY(2016, 12, 31))
    assert not PaperNumber.objects.exists()
    assert issue(scene, Kind.REVIEW, on=DAY(2017, 1, 1)).is_issued


def test_a_paper_is_not_dated_after_today(scene):
    scene.write(Kind.REVIEW)
    with pytest.raises(CongressRefused, match="không sau hôm nay") as refusal:
        issue(scene, Kind.REVIEW, on=TODAY + datetime.timedelta(days=1))
    assert refusal.value.field == "dated_on"
    assert not PaperNumber.objects.exists()


def test_a_paper_nobody_saved_and_one_that_proposes_nothing_are_not_issued(scene):
    with pytest.raises(CongressRefused, match="lưu văn bản này trước khi ban hành"):
        issue(scene, Kind.REVIEW, scene.paper(Kind.REVIEW))
    scene.write(Kind.TARGETS, **{"du-thao": "Xem phụ lục."})
    with pytest.raises(CongressRefused, match="Tờ trình chưa có chỉ tiêu nào"):
        issue(scene, Kind.TARGETS)
    assert not PaperNumber.objects.exists()


def test_a_paper_changed_meanwhile_is_not_issued_and_takes_no_number(scene):
    stale = scene.write(Kind.REVIEW)
    stale = CongressPaper.objects.select_related("term").get(pk=stale.pk)
    scene.write(Kind.REVIEW, version=stale.version, **{"uu-diem": "Đoàn kết"})
    with pytest.raises(EditConflict):
        issue(scene, Kind.REVIEW, stale)
    assert not PaperNumber.objects.exists()


@pytest.mark.parametrize(("kind", "times"), [("chi-tieu", 1), ("nghi-quyet", 1), ("ket-qua", 0), ("kiem-diem", 0)])
def test_the_proposed_targets_are_read_once(scene, kind, times):
    scene.propose(blood_turns="≥ 15")
    with CaptureQueriesContext(connection) as asked:
        scene.content(kind)
    assert sum('FROM "reports_proposedtarget"' in one["sql"] for one in asked) == times


@pytest.mark.parametrize("kind", Kind.values)
def test_reading_a_paper_asks_the_same_however_many_targets(scene, kind, django_assert_max_num_queries):
    scene.propose(blood_turns="≥ 15")
    with django_assert_max_num_queries(50):
        scene.content(kind)
    paper = CongressPaper.objects.get(kind=Kind.TARGETS)
    scene.propose(version=paper.version, youth_tasks="≥ 3", news_items="≥ 9", resolution_briefed="100%")
    with django_assert_max_num_queries(50):
        scene.content(kind)
