"""Whole pages ask the same number of queries for 1, 3 and 30 rows: session, account and posts included.

The functions behind them, the activity list and the plan grid are pinned in their own test files.
"""

import datetime

import pytest
from django.urls import reverse

from branches.models import Evidence
from branches.numbering import reserve_number
from inspections.complaining import receive
from inspections.models import (
    ChecklistAnswer,
    ChecklistItem,
    ChecklistTemplate,
    Finding,
    InspectionProgramme,
    Recommendation,
    TemplateItem,
)
from inspections.papering import begin_paper
from reports.models import PeriodReport

from .factories import (
    ActivityFactory,
    DirectionFactory,
    EvidenceLinkFactory,
    IndicatorFactory,
    MemberFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)
from .inspecting import TODAY, VISIT, concluded, planned, scene, visited
from .test_progress import log, on

pytestmark = pytest.mark.django_db
ROWS = pytest.mark.parametrize("rows", [1, 3, 30])


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: datetime.date(2026, 11, 22))


@pytest.fixture
def asks(client, django_assert_num_queries):
    """asks(count, account, name, *args): the page opens for the account and asks so many queries."""

    def _asks(count, account, name, *args, query=""):
        client.force_login(account)
        with django_assert_num_queries(count):
            answer = client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return _asks


def busy_branch(rows, **unit):
    """A branch with so many targets and as many parts, late ones, results of two years, evidence, plans not held."""
    branch = UnitFactory(**unit)
    MemberFactory(home=branch)
    for number in range(rows):
        indicator = IndicatorFactory()
        asked = DirectionFactory(unit=branch, position=number)
        whole = TargetFactory(unit=branch, indicator=indicator, value=10, direction=asked)
        TargetFactory(unit=branch, value=5, parent=whole)
        log(branch, indicator, 1, on(2))
        log(branch, indicator, 2, on(2, year=2025))
        log(branch, IndicatorFactory(), 1, on(2))
        EvidenceLinkFactory(activity=ActivityFactory(unit=branch))
        ActivityFactory(unit=branch, state="planned", starts_on=on(10))
    return branch


def busy_union(rows):
    """A superior with so many branches, all with results for one target and a plan of their own."""
    union = UnionFactory()
    shared = IndicatorFactory(name="Hiến máu")
    TargetFactory(unit=union, indicator=shared, value=1000)
    for _ in range(rows):
        branch = UnitFactory(superior=union)
        MemberFactory(home=branch)
        TargetFactory(unit=branch, indicator=shared, value=4)
        log(branch, shared, 3, on(5))
        log(branch, shared, 3, on(5, year=2025))
    return union


@ROWS
def test_dashboard_of_a_branch(asks, rows):
    branch = busy_branch(rows)
    page = asks(10, account_at(branch), "reports:progress", branch.pk)
    assert page.count('data-label="Chỉ tiêu"') == 3 * rows


@ROWS
def test_dashboard_of_a_subtree(asks, rows):
    union = busy_union(rows)
    assert f">{3 * rows}</a>" in asks(9, account_at(union), "reports:progress", union.pk)


@ROWS
def test_board(asks, rows):
    union = busy_union(rows)
    page = asks(11, account_at(union, "superior_office"), "reports:board", union.pk)
    assert page.count(" đoàn viên</small>") == rows + 1


@ROWS
def test_party_summary_of_a_branch(asks, rows):
    branch = busy_branch(rows)
    page = asks(18, account_at(branch, "party_secretary"), "reports:party_summary", branch.pk)
    assert page.count('data-label="Kế hoạch"') == 2 * rows


@ROWS
def test_party_summary_of_a_superior(asks, rows):
    union = busy_union(rows)
    asks(22, account_at(union, "party_secretary"), "reports:party_summary", union.pk)


@ROWS
def test_home_of_a_secretary(asks, rows):
    branch = busy_branch(rows)
    page = asks(13, account_at(branch), "reports:home", query="?tat-ca")
    assert page.count("<li>") + page.count('<li class="slim">') > rows


@ROWS
def test_home_of_a_superior(asks, rows):
    asks(13, account_at(busy_union(rows), "superior_office"), "reports:home", query="?tat-ca")


@ROWS
def test_home_of_an_inspection_committee(asks, rows):
    world = scene()
    for _ in range(rows):
        concluded(world, unit=UnitFactory(superior=world.union))
    asks(5, world.chair, "reports:home", query="?tat-ca")


@ROWS
def test_lines_behind_a_figure(asks, rows):
    union = busy_union(rows)
    page = asks(12, account_at(union), "reports:figure", union.pk, union.targets.get().indicator.code)
    assert page.count('data-label="Minh chứng"') == rows


@ROWS
def test_member_list_of_a_superior(asks, rows):
    union = busy_union(rows)
    page = asks(7, account_at(union, "superior_office"), "branches:member_list", union.pk)
    assert page.count('class="home"') == rows


@ROWS
def test_reports_of_a_unit(asks, rows):
    branch = busy_branch(1)
    for number in range(rows):
        PeriodReport.objects.create(unit=branch, period=year(2000 + number))
    # Beside the list itself and the frame: what open rounds ask for, whether the unit is scored, its terms.
    asks(9, account_at(branch), "reports:report_list", branch.pk)


@ROWS
def test_cases_and_open_recommendations(asks, rows):
    world = scene()
    for _ in range(rows):
        concluded(world, unit=UnitFactory(superior=world.union))
    asks(8, world.chair, "inspections:list")
    asks(16, world.chair, "inspections:recommendation_list")
    asks(20, world.chair, "inspections:programme", world.programme.pk)


# --- inspection -------------------------------------------------------------------------------------------


@ROWS
def test_programmes_of_a_committee(asks, rows):
    world = scene()
    for number in range(rows):
        InspectionProgramme.objects.create(
            unit=world.union, year=2026, number=f"{number}-KH", issued_on=VISIT, state="issued",
            in_name_of="inspection", title="Kiểm tra chuyên đề",
        )  # fmt: skip
    page = asks(5, world.chair, "inspections:programme_list")
    assert page.count("Kiểm tra chuyên đề") == rows


def full_case(rows):
    """A concluded case with so many findings, recommendations and earlier faults of the same unit."""
    world = scene()
    concluded(world)
    case, _ = concluded(world)
    for number in range(2, rows + 2):
        found = Finding.objects.create(inspection=case, kind="shortcoming", text=f"Thiếu biên bản tháng {number}")
        row = Recommendation.objects.create(
            inspection=case, number=number, text="Lập đủ biên bản", owner="BCH", no_due_date=True
        )
        row.findings.add(found)
    return world, case


@ROWS
def test_page_of_a_case(asks, rows):
    world, case = full_case(rows)
    page = asks(20, world.chair, "inspections:inspection", case.pk)
    assert page.count("Lập đủ biên bản") >= rows
    asks(20, world.secretary, "inspections:inspection", case.pk)


@ROWS
def test_papers_of_a_case(asks, rows):
    world, case = full_case(1)
    for number in range(rows):
        paper = begin_paper(inspection=case, kind="reminder", by=world.chair, on=TODAY)
        type(paper).objects.filter(pk=paper.pk).update(series=number + 2)
    page = asks(7, world.chair, "inspections:papers", case.pk)
    assert page.count("Công văn đôn đốc") >= 1


@ROWS
def test_finding_with_everything_it_may_point_at(asks, rows):
    world, _ = full_case(rows)
    case = visited(world)
    for number in range(rows):
        TargetFactory(unit=world.branch)
        ActivityFactory(unit=world.branch)
        ChecklistItem.objects.create(inspection=case, topic="Nền nếp", text=f"Mục {number}")
    page = asks(14, world.chair, "inspections:finding_new", case.pk)
    assert page.count("Nền nếp: Mục") == rows


def with_items(rows, state="visited"):
    world = scene()
    case = visited(world) if state == "visited" else planned(world)
    type(case).objects.filter(pk=case.pk).update(state=state)
    for number in range(rows):
        item = ChecklistItem.objects.create(inspection=case, topic="Nền nếp", text=f"Mục {number}", fact="dues")
        for side, account in (("unit", world.secretary), ("team", world.chair)):
            ChecklistAnswer.objects.create(
                item=item, side=side, result="met", answered_by=account,
                answered_at=datetime.datetime(2026, 9, 28, tzinfo=datetime.UTC),
            )  # fmt: skip
    return world, case


@ROWS
def test_checklist_of_a_case(asks, rows):
    world, case = with_items(rows)
    assert asks(25, world.chair, "inspections:case_checklist", case.pk).count(">Mục ") == rows
    assert asks(16, world.chair, "inspections:site", case.pk).count(">Mục ") == rows


@ROWS
def test_checklist_as_the_unit_answers_it(asks, rows):
    world, case = with_items(rows, "plan_sent")
    assert asks(9, world.secretary, "inspections:self_check", case.pk).count("Mục ") >= rows
    asks(14, world.secretary, "inspections:self_check_item", case.items.first().pk)


@ROWS
def test_checklists_to_choose_from(asks, rows):
    world = scene()
    for number in range(rows):
        sheet = ChecklistTemplate.objects.create(unit=world.union, code=f"phieu-{number}", name="Phiếu riêng")
        for place in range(rows):
            TemplateItem.objects.create(template=sheet, topic="Nền nếp", text=f"Mục {place}")
    asks(4, world.chair, "inspections:template_list")
    asks(7, world.chair, "inspections:template", sheet.pk)


@ROWS
def test_letters_to_a_committee(asks, rows):
    world = scene()
    for _ in range(rows):
        letter = receive(
            received_by=world.union, unit=world.branch, kind="petition", received_on=VISIT, text="Xin xem lại",
            from_name="Nguyễn Văn Đơn", from_contact="", by=world.chair, on=TODAY,
        )  # fmt: skip
    page = asks(6, world.chair, "inspections:complaint_list")
    assert page.count("N.V.Đ") + page.count("N. V. Đ") >= rows
    asks(10, world.chair, "inspections:complaint", letter.pk)


@ROWS
def test_number_register(asks, rows):
    world = scene()
    for number in range(rows):
        reserve_number(unit=world.branch, type_code="BC", on=TODAY, by=world.secretary, about=f"Báo cáo {number}")
    page = asks(16, world.secretary, "branches:number_books", world.branch.pk)
    assert page.count("Báo cáo ") >= rows


@ROWS
def test_evidence_room(asks, rows):
    world, case = full_case(rows)
    for number in range(rows):
        MemberFactory(home=world.branch)
        activity = ActivityFactory(unit=world.branch, starts_on=VISIT, last_on=VISIT)
        Evidence.objects.create(activity=activity, link="https://doan.example/tin")
        log(world.branch, IndicatorFactory(), 1, on(2 + number % 6))
    asks(41, world.chair, "reports:evidence_room", case.pk)
    for key, count in (("members", 5), ("activities", 7), ("plan", 10), ("dues", 18), ("before", 7)):
        asks(count, world.chair, "reports:evidence_section", case.pk, key)


@ROWS
def test_what_inspection_adds_up_to(asks, rows):
    world = scene()
    for _ in range(rows):
        concluded(world, unit=UnitFactory(superior=world.union))
    for name, count in (("", 8), ("_open", 8), ("_closed", 8), ("_cases", 10), ("_findings", 10)):
        asks(count, world.chair, f"reports:inspecting{name}", world.union.pk)
