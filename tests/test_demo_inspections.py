"""The demo's cases A and D, from the programme to the last check: exact figures, typed by hand from cases.md."""

import datetime

import pytest

from branches.models import NumberBook, PaperNumber, Quantity
from inspections.checking.reading import rows_of, team_answers
from inspections.checking.scoring import scores_of
from inspections.models import (
    CasePaper,
    ChecklistAnswer,
    Finding,
    Inspection,
    InspectionProgramme,
    SiteEntry,
    UnitAnswerFile,
)
from inspections.papering import is_intact
from reports.progress import progress_for

from .demo_world import TODAY, standing, unit, year

Day = datetime.date
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from standing(django_db_setup, django_db_blocker, tmp_path_factory)


def case_a() -> Inspection:
    return Inspection.objects.get(unit__code="cuc-cntt", visited_on=Day(2019, 11, 28))


def case_d(code: str) -> Inspection:
    return Inspection.objects.get(unit__code=code, visited_on=Day(2022, 7, 8))


def issued(case: Inspection) -> list[tuple]:
    rows = CasePaper.objects.filter(inspection=case, state="issued").order_by("dated_on", "pk")
    return list(rows.values_list("kind", "number", "dated_on"))


def steps(case: Inspection) -> list[tuple]:
    return list(case.moves.values_list("to_state", "moved_on"))


def asked(case: Inspection, *names: str) -> list[tuple]:
    return list(case.recommendations.order_by("number").values_list(*names))


# --- case A -------------------------------------------------------------------------------------------


def test_case_a_is_one_session_with_two_purposes():
    case = case_a()
    assert case.purpose_words == "kiểm tra, giám sát"
    assert (case.programme.number, case.programme.issued_on, case.visited_on, case.day_part) == (
        "02-KH/ĐTN-UBKT", Day(2019, 2, 28), Day(2019, 11, 28), "afternoon",
    )  # fmt: skip
    assert case.topics.filter(use="question").count() == 5
    assert case.findings.filter(kind="shortcoming", self_stated=True).count() == 4
    topics = list(case.programme.topics.values_list("use", flat=True))
    assert topics == ["inspect", "supervise"] == list(case.topics.exclude(use="question").values_list("use", flat=True))


def test_case_a_went_the_whole_way():
    case = case_a()
    assert steps(case) == [
        ("team", Day(2019, 11, 4)),
        ("plan_sent", Day(2019, 11, 8)),
        ("self_reported", Day(2019, 11, 22)),
        ("verifying", Day(2019, 11, 25)),
        ("visited", Day(2019, 11, 28)),
        ("reported", Day(2019, 12, 2)),
        ("following", Day(2019, 12, 5)),
        ("closed", Day(2021, 1, 22)),
    ]
    assert (case.state, case.closed_on, case.self_report_due_on) == ("closed", Day(2021, 1, 22), Day(2019, 11, 25))
    assert (case.self_report.number, case.self_report.files.count()) == ("05-BC/CĐ", 1)


def test_case_a_has_all_its_papers_under_their_numbers():
    case = case_a()
    programme = CasePaper.objects.get(programme=case.programme)
    assert (programme.number, programme.dated_on, programme.entry.reason) == (
        "02-KH/ĐTN-UBKT", Day(2019, 2, 28), "Các số trước đã cấp trong sổ giấy",
    )  # fmt: skip
    assert issued(case) == [
        ("decision", "27-QĐ/ĐTN-UBKT", Day(2019, 11, 5)),
        ("plan", "19-KH/ĐTN-UBKT", Day(2019, 11, 8)),
        ("outline", "", Day(2019, 11, 8)),
        ("session", "01-BB/ĐKT", Day(2019, 11, 28)),
        ("team_report", "01-BC/ĐKT", Day(2019, 12, 2)),
        ("notice", "11-TB/ĐTN-UBKT", Day(2019, 12, 5)),
        ("reminder", "08-CV/ĐTN-UBKT", Day(2020, 7, 13)),
        ("remediation", "09-BC/CĐ", Day(2020, 12, 21)),
        ("closing", "03-BC/ĐTN-UBKT", Day(2021, 1, 22)),
    ]
    assert all(is_intact(paper) for paper in case.papers.all())
    assert [scan.name for scan in case.papers.get(kind="notice").scans.all()] == ["11-TB-ĐTN-UBKT (bản ký).pdf"]


def test_case_a_recommendations_to_their_end():
    assert asked(case_a(), "state", "original_due_on", "due_on", "sent_back_count", "ended_on") == [
        ("closed", Day(2020, 1, 15), Day(2020, 1, 15), 0, Day(2020, 1, 20)),
        ("closed", Day(2020, 6, 30), Day(2020, 12, 15), 1, Day(2020, 12, 18)),
        ("closed", None, None, 0, Day(2021, 1, 15)),
    ]
    first, second, third = case_a().recommendations.order_by("number")
    assert list(second.extensions.values_list("state", "asked_on", "decided_on", "agreed_due_on")) == [
        ("agreed", Day(2020, 7, 20), Day(2020, 7, 23), Day(2020, 12, 15))
    ]
    assert [second.days_late(TODAY), first.days_late(TODAY), third.days_late(TODAY)] == [3, 5, 0]
    checks = third.checks.order_by("checked_on").values_list("verdict", "mode", "checked_on")
    assert list(checks) == [("visit", "desk", Day(2020, 12, 18)), ("adequate", "visit", Day(2021, 1, 15))]
    target = second.targets.get()
    assert (target.indicator.code, target.period.name, target.document) == (
        "youth_projects", "Năm 2020", "Thông báo kết luận 11-TB/ĐTN-UBKT, 05/12/2019, kiến nghị 2",
    )  # fmt: skip
    row = progress_for(unit("cuc-cntt"), year(2020), as_of=TODAY).row("youth_projects")
    assert (row.done.value, row.aim.value) == (1, 1)
    task = third.tasks.get()
    assert (task.state, task.given_on, task.due_on) == ("accepted", Day(2020, 2, 17), Day(2020, 9, 30))


def test_case_a_answers_show_what_was_done():
    answer = case_a().recommendations.get(number=2).answers.latest("answered_on")
    assert [one.title for one in answer.activities.order_by("last_on")] == [
        "Sinh hoạt chi đoàn tháng 11/2020",
        "Công trình thanh niên: công cụ tra cứu văn bản dùng chung",
    ]
    assert sorted(one.indicator.code for one in answer.targets.all()) == ["branch_meetings", "youth_projects"]
    assert [file.name for file in answer.files.all()] == ["Lịch sinh hoạt và kết quả năm 2020.xlsx"]


def test_case_a_checklist_has_both_sides_and_its_score():
    """20 + 12 + 10 + 10 + 20 + 7 + 5 + 0 + 0 + 10 of 20 + 20 + 10 + 10 + 20 + 10 + 10 + 20 + 10 + 10."""
    case = case_a()
    rows = rows_of(case, case.moves.last().moved_by, on=TODAY, for_team=True, with_facts=False)
    assert [len(rows), sum(row.differs for row in rows)] == [22, 7]
    [score] = scores_of([row.item for row in rows], team_answers(rows))
    assert (score.earned, score.possible, score.words) == (94, 140, "94 trên 140 điểm (67,1%)")
    said = {row.item.position: row.item.fact_words for row in rows}
    assert said[8] == "họp 3 trên 10 kỳ phải họp, 7 kỳ chưa báo (30%)"
    assert said[9] == "0 trên 3 buổi có biên bản đủ chữ ký (0%)"
    assert said[2] == "năm 2019: 1 trên 8 chỉ tiêu chậm, 7 đã đạt"


def test_one_shortcoming_of_case_a_is_found_again_in_the_running_year():
    again = Finding.objects.get(repeat_of__inspection=case_a())
    assert again.repeat_of.text == "Sinh hoạt chi đoàn cần đổi mới."
    assert (again.inspection.unit.code, again.inspection.visited_on) == ("cuc-cntt", Day(2026, 10, 13))
    assert (again.weight, again.target.period.name) == (Finding.Weight.CONSIDERABLE, "Năm 2026")


# --- case D -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "introduced", "entered"), [("det-may", 19, (43, 61)), ("xay-lap", 7, (34, 48))])
def test_case_d_counts(code, introduced, entered):
    lines = Quantity.objects.filter(activity__unit__code=code, activity__last_on__lte=Day(2022, 7, 8))
    assert sum(line.value for line in lines.filter(indicator__code="party_introduced")) == introduced
    figure = lines.get(indicator__code="software_entered")
    assert (figure.value, figure.denominator) == entered
    facts = {item.fact: item.fact_words for item in case_d(code).items.all()}
    shares = {"det-may": "43 trên 61 đoàn viên có mã trên phần mềm (70,5%)",
              "xay-lap": "34 trên 48 đoàn viên có mã trên phần mềm (70,8%)"}  # fmt: skip
    assert facts["members_software"] == shares[code]
    assert facts["party_introduced"] == f"{introduced} đồng chí được giới thiệu"


def test_case_d_is_one_plan_for_two_units_with_two_topics():
    programme = InspectionProgramme.objects.get(number="383-KH/UBKT")
    assert (programme.issued_on, programme.in_name_of, programme.topics.count()) == (Day(2022, 4, 28), "inspection", 2)
    cases = programme.inspections.order_by("pk")
    assert [(case.unit.code, case.purpose_words, case.topics.exclude(use="question").count()) for case in cases] == [
        ("det-may", "giám sát", 2), ("xay-lap", "giám sát", 2),
    ]  # fmt: skip
    assert [paper.number for paper in CasePaper.objects.filter(programme=programme)] == ["383-KH/UBKT"]


def test_case_d_papers():
    both = [("outline", "", Day(2022, 6, 24)), ("session", "{}-BB/ĐGS", Day(2022, 7, 8)),
            ("team_report", "{}-BC/ĐGS", Day(2022, 7, 15))]  # fmt: skip

    def numbered(place: str) -> list[tuple]:
        return [(kind, number.format(place), on) for kind, number, on in both]

    assert issued(case_d("det-may")) == [
        ("decision", "61-QĐ/UBKT", Day(2022, 6, 21)), ("plan", "384-KH/UBKT", Day(2022, 6, 24)), *numbered("01"),
        ("notice", "52-TB/UBKT", Day(2022, 7, 22)), ("remediation", "21-BC/ĐTN", Day(2023, 10, 6)),
        ("closing", "07-BC/UBKT", Day(2023, 10, 12)),
    ]  # fmt: skip
    assert issued(case_d("xay-lap")) == [
        ("decision", "62-QĐ/UBKT", Day(2022, 6, 21)), ("plan", "385-KH/UBKT", Day(2022, 6, 24)), *numbered("02"),
        ("notice", "53-TB/UBKT", Day(2022, 7, 22)), ("reminder", "12-CV/UBKT", Day(2023, 2, 10)),
    ]  # fmt: skip


def test_case_d_one_unit_did_it_all_and_its_file_is_closed():
    case = case_d("det-may")
    assert (case.state, case.closed_on) == ("closed", Day(2023, 10, 12))
    assert asked(case, "state", "due_on", "times_met", "ended_on") == [
        ("closed", Day(2022, 12, 31), 1, Day(2022, 12, 28)),
        ("closed", Day(2022, 10, 31), 1, Day(2022, 11, 4)),
        ("closed", Day(2023, 1, 31), 1, Day(2023, 2, 6)),
        ("closed", Day(2023, 9, 30), 5, Day(2023, 9, 28)),
    ]
    assert case.recommendations.get(number=3).targets.get().period.name == "Năm 2023"


def test_case_d_the_other_still_owes_and_part_is_accepted_for_a_time():
    case = case_d("xay-lap")
    assert case.state == "following"
    assert asked(case, "state", "original_due_on", "due_on", "sent_back_count", "accepted_until") == [
        ("accepted", Day(2022, 12, 31), Day(2023, 6, 30), 2, Day(2026, 12, 31)),
        ("closed", Day(2022, 10, 31), Day(2022, 10, 31), 0, None),
        ("open", Day(2023, 1, 31), Day(2023, 1, 31), 0, None),
        ("open", Day(2022, 9, 30), Day(2022, 12, 30), 0, None),
    ]
    # 31/01/2023 to 22/11/2026: 334 days of 2023, 366, 365, 326. 30/12/2022: 32 more. An acceptance is not late.
    assert [row.days_late(TODAY) for row in case.recommendations.order_by("number")] == [0, 4, 1391, 1423]
    assert case.recommendations.get(number=2).tasks.get().state == "accepted"


@pytest.mark.parametrize(("code", "score", "failed"), [
    ("det-may", "51 trên 120 điểm (42,5%)", 1), ("xay-lap", "28 trên 110 điểm (25,5%)", 1),
])  # fmt: skip
def test_case_d_checklists(code, score, failed):
    """12 + 10 + 5 + 10 + 4 + 10 of 30 + 20 + 20 + 10 × 5; 10 + 10 + 5 + 3 of 30 + 20 + 20 + 10 × 4."""
    case = case_d(code)
    assert [case.items.count(), ChecklistAnswer.objects.filter(item__inspection=case).count()] == [19, 38]
    rows = rows_of(case, case.moves.last().moved_by, on=TODAY, for_team=True, with_facts=False)
    [found] = scores_of([row.item for row in rows], team_answers(rows))
    assert (found.words, len(found.failed)) == (score, failed)


# --- all cases ----------------------------------------------------------------------------------------


def test_findings_lead_to_what_they_are_about():
    linked = {}
    rows = Finding.objects.select_related("inspection__unit", "target__indicator", "activity", "meeting")
    for row in rows.order_by("inspection_id", "position"):
        held = row.activity or row.meeting
        about = row.target.indicator.code if row.target else held and held.title
        if about:
            linked.setdefault(row.inspection.unit.code, []).append(about)
    assert linked == {
        "cuc-cntt": [
            "Phần việc thanh niên: viết phần mềm cho cuộc thi trắc nghiệm",
            "branch_meetings",
            "Tham gia Ngày hội của Cụm thi đua số II",
            "Sinh hoạt chi đoàn tháng 10/2019",
            "branch_meetings",
        ],
        "det-may": ["party_introduced", "Rà soát dữ liệu trên phần mềm quản lý đoàn viên"],
        "xay-lap": ["party_introduced", "Rà soát dữ liệu trên phần mềm quản lý đoàn viên"],
        "thanh-tra": ["Sinh hoạt chi đoàn tháng 11/2025"],
        "tt-hanh-chinh-cong": ["digital_help_turns", "branch_meetings", "initiative_members"],
        "so-tttt": ["blood_turns", "branch_meetings", "initiative_members"],
        "cuc-thads": ["law_talks", "backlog_cleared", "Sinh hoạt chi đoàn tháng 8/2026"],
        "so-tu-phap": ["branch_meetings", "Sinh hoạt chi đoàn tháng 11/2026"],
    }


def test_numbers_are_taken_in_the_order_of_the_days():
    """Of one book a later day never has a smaller number; what is left out was given on paper."""
    given = PaperNumber.objects.filter(case_paper__isnull=False)
    assert given.count() == CasePaper.objects.exclude(number="").count() > 40
    for book in NumberBook.objects.all():
        days = list(book.numbers.order_by("number").values_list("dated_on", flat=True))
        assert days == sorted(days), book.pk


def test_two_inspectors_wrote_differently_about_one_item():
    entry = SiteEntry.objects.get(state="differs")
    assert (entry.inspection.unit.code, entry.item.position, entry.written_by.username) == ("so-tnmt", 6, "ubkt-uyvien")


def test_the_secretary_has_begun_her_checklist():
    case = Inspection.objects.get(unit__code="so-tttt", state="plan_sent")
    answers = ChecklistAnswer.objects.filter(item__inspection=case)
    assert [case.items.count(), answers.count(), set(answers.values_list("side", flat=True))] == [10, 3, {"unit"}]
    assert not hasattr(case, "self_report")


def test_files_of_answers_are_named_as_an_office_names_them():
    assert sorted(set(UnitAnswerFile.objects.values_list("name", flat=True))) == [
        "Bảng phân công việc.xlsx",
        "Bảng xuất từ phần mềm.xlsx",
        "Lịch sinh hoạt và kết quả năm 2020.xlsx",
    ]
