"""What is in the evidence room of a case, to the row, and the edges of its span."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import (
    Attendance,
    DuesPayment,
    DuesReceipt,
    Evidence,
    FundEntry,
    Meeting,
    Minutes,
    Placement,
    Quantity,
    Task,
    Unit,
)
from branches.restructuring import move_unit
from inspections.models import Finding, Inspection, Recommendation, UnitAnswer
from reports.evidence_room.room import Room
from reports.evidence_room.sections import KINDS, section_of
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    QuantityFactory,
    TargetFactory,
    UnitFactory,
    year,
)
from tests.inspecting import TODAY, concluded, planned, scene
from tests.rooming import NBSP, Day, at, cells, held, proof, room_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


@pytest.fixture
def s(media):
    return scene()


def test_activities_are_those_whose_last_day_is_in_the_span(s):
    """The day before the span and the day after it are out; the first and the last day are in."""
    room = room_of(s)
    held(s.branch, Day(2025, 12, 31), Day(2026, 1, 1), Day(2026, 9, 30), Day(2026, 10, 1))
    ActivityFactory(unit=s.sibling, title="Của chi đoàn bên cạnh", last_on=Day(2026, 5, 1), starts_on=Day(2026, 5, 1))
    over = ActivityFactory(
        unit=s.branch, title="Qua giao thừa", starts_on=Day(2025, 12, 30), last_on=Day(2026, 1, 2), member_count=7
    )
    proof(over)
    blood = IndicatorFactory(name="Hiến máu", unit_word="đơn vị máu")
    Quantity.objects.create(activity=over, indicator=blood, value=20, qualifier="about")
    Evidence.objects.create(activity=over, link="https://vi-du.vn/bai")
    section = section_of(room, "activities")
    area = over.area.name
    assert cells(section) == [
        (Day(2026, 1, 1), "Việc ngày 01/01/2026", area, "Đã tổ chức", "", None, 0),
        (Day(2026, 1, 2), "Qua giao thừa", area, "Đã tổ chức", f"Hiến máu: khoảng{NBSP}20{NBSP}đơn vị máu", 7, 2),
        (Day(2026, 9, 30), "Việc ngày 30/09/2026", area, "Đã tổ chức", "", None, 0),
    ]
    row = section.parts[0].rows[1]
    assert ([paper.name for paper in row.papers], row.links) == (["anh.jpg"], ("https://vi-du.vn/bai",))
    assert section.counted == f"3{NBSP}hoạt động"
    assert section.parts[0].note == "2 hoạt động đã tổ chức chưa có minh chứng."


def test_members_have_a_name_a_year_and_their_days_and_nothing_else(s):
    room = room_of(s)
    an = MemberFactory(home=s.branch, full_name="Lê Văn An", birth_date=Day(1999, 2, 3), since=Day(2020, 3, 26))
    type(an).objects.filter(pk=an.pk).update(phone="0912345678")
    left = MemberFactory(home=s.branch, full_name="Vũ Thị Yến", birth_date=None, is_active=False)
    left.memberships.update(ends_on=Day(2026, 1, 1), end_reason="moved_out")  # the last day here was 31/12/2025
    until = MemberFactory(home=s.branch, full_name="Đỗ Chi", birth_date=Day(1990, 1, 1), since=Day(2021, 1, 1))
    until.memberships.update(ends_on=Day(2026, 1, 2), end_reason="matured")
    MemberFactory(home=s.branch, full_name="Người mới", since=Day(2026, 10, 1))
    assert cells(section_of(room, "members")) == [
        ("Lê Văn An", "1999", "Sinh hoạt chính thức", Day(2020, 3, 26), None),
        ("Đỗ Chi", "1990", "Sinh hoạt chính thức", Day(2021, 1, 1), Day(2026, 1, 1)),
    ]


def test_meetings_show_counts_and_keep_reasons_and_closed_minutes(s):
    room = room_of(s)
    an, binh = (MemberFactory(home=s.branch, full_name=name) for name in ("Lê An", "Trần Bình"))
    by = {"unit": s.branch, "created_by": s.secretary, "state": "held", "roll_opened_at": at(3, 5)}
    early = Meeting.objects.create(title="Tháng 12", starts_at=at(12, 31, 2025), **by)
    march = Meeting.objects.create(title="Tháng 3", starts_at=at(3, 5), ends_at=at(3, 5).replace(hour=9), **by)
    closed = Meeting.objects.create(title="Xét kỷ luật Trần Bình", kind="discipline", starts_at=at(4, 5), **by)
    Meeting.objects.create(
        unit=s.branch, created_by=s.secretary, title="Tháng 5", starts_at=at(5, 5), state="cancelled",
        cancel_reason="Mưa bão",
    )  # fmt: skip
    mark = {"sort_key": "", "marked_at": at(3, 5), "marked_by": s.secretary}
    Attendance.objects.create(meeting=march, member=an, name="Lê An", state="present", **mark)
    Attendance.objects.create(meeting=march, member=binh, name="Trần Bình", state="excused", reason="Đi viện", **mark)
    Attendance.objects.create(meeting=early, member=an, name="Lê An", state="absent", **mark)
    frozen = {"title": "Tháng 3"}
    signed = Minutes.objects.create(
        meeting=march, number="03-BB/CĐ", state="locked", frozen=frozen, locked_at=at(3, 6), sha256="x" * 64
    )
    Minutes.objects.create(meeting=march, edition=2, reason="Sửa ngày")  # a draft does not replace what was signed
    Minutes.objects.create(meeting=closed, state="locked", frozen={}, locked_at=at(4, 6), sha256="y" * 64)
    section = section_of(room, "meetings")
    branch, discipline = Meeting.Kind.BRANCH.label, Meeting.Kind.DISCIPLINE.label
    assert cells(section) == [
        (Day(2026, 3, 5), "Tháng 3", branch, "Đã họp", 2, 1, 1, 0, "03-BB/CĐ"),
        (Day(2026, 4, 5), discipline, discipline, "Đã họp", 0, 0, 0, 0, "giữ kín tại đơn vị"),
        (Day(2026, 5, 5), "Tháng 5", branch, "Không họp: Mưa bão", None, None, None, None, ""),
    ]
    assert [(paper.kind, paper.pk) for paper in section.papers] == [("bien-ban", signed.pk)]
    assert cells(section, 1) == [("Lê An", 1, 0, 0, 0, 1), ("Trần Bình", 0, 1, 0, 0, 1)]
    assert "Đi viện" not in str(section)


def test_dues_and_fund_of_the_span(s):
    room = room_of(s)
    an = MemberFactory(home=s.branch, full_name="Lê An")
    receipt = DuesReceipt.objects.create(
        unit=s.branch, year=2026, number=1, paid_on=Day(2026, 2, 1), total=10_000, written_by=s.secretary
    )
    for month in (1, 2):
        DuesPayment.objects.create(
            receipt=receipt, unit=s.branch, member=an, month=Day(2026, month, 1), amount=5_000, owed_to=None
        )
    entry = {"unit": s.branch, "written_by": s.secretary, "kind": "expense", "counterpart": "Bà Hàng Nước"}
    FundEntry.objects.create(dated_on=Day(2026, 9, 30), amount=4_000, text="Mua nước", **entry)
    FundEntry.objects.create(dated_on=Day(2026, 10, 1), amount=1_000, text="Ngoài thời gian", **entry)
    section = section_of(room, "dues")
    name, paid, _owed, exempt, amount = cells(section)[0]
    assert (name, paid, exempt, amount) == ("Lê An", 2, 0, 10_000)
    assert [row[1:6] for row in cells(section, 1)] == [
        ("Thu đoàn phí 2 tháng của 1 đoàn viên", "Phiếu thu 1/2026", 10_000, None, 10_000),
        ("Mua nước", "", None, 4_000, 6_000),
    ]
    assert section.parts[1].note == (
        f"Đầu kỳ 0{NBSP}đồng, thu 10.000{NBSP}đồng, chi 4.000{NBSP}đồng, cuối kỳ 6.000{NBSP}đồng."
    )
    assert "Bà Hàng Nước" not in str(section)


def test_plan_tells_results_as_of_the_end_of_the_span(s):
    room = room_of(s)
    target = TargetFactory(unit=s.branch, period=year(2026), value=10, indicator=IndicatorFactory(name="Ngày hội"))
    for one, count in zip(held(s.branch, Day(2026, 3, 1), Day(2026, 10, 1)), (4, 5), strict=True):
        QuantityFactory(activity=one, indicator=target.indicator, value=count)
    section = section_of(room, "plan")
    assert [row[1:5] for row in cells(section)] == [("Ngày hội", "lượt người", f"≥{NBSP}10", "4")]
    assert section.parts[0].note == "Kết quả từ 01/01/2026 đến hết ngày 30/09/2026."


def test_a_span_over_two_years_has_the_plan_of_both(s):
    room = room_of(s, review_from=Day(2025, 7, 1))
    assert [part.title for part in section_of(room, "plan").parts] == ["Năm 2025", "Năm 2026", "Việc được giao"]


def test_tasks_are_those_of_the_span_and_none_of_a_closed_meeting(s):
    """Done the day before the span, given the day after it: out. Done on its first day, given on its last: in."""
    room = room_of(s)
    an = MemberFactory(home=s.branch, full_name="Lê An")
    by = {"unit": s.branch, "given_by": s.secretary}
    done = {"state": "accepted", "reported_on": Day(2025, 12, 30), "result": "Đủ 14 người", "closed_by": s.secretary}
    Task.objects.create(text="Trước", owner=an, given_on=Day(2025, 12, 1), closed_on=Day(2025, 12, 31), **done, **by)
    Task.objects.create(text="Danh sách", owner=an, given_on=Day(2025, 12, 1), closed_on=Day(2026, 1, 1), **done, **by)
    last = {"given_on": Day(2026, 9, 30), "due_on": Day(2026, 11, 20)}  # two days ago
    Task.objects.create(text="Quyết toán quỹ", owner_name="Ban Chấp hành", **last, **by)
    Task.objects.create(text="Sau", owner=an, given_on=Day(2026, 10, 1), **by)
    Task.objects.create(
        text="Bỏ", owner=an, given_on=Day(2026, 5, 1), state="dropped", closed_on=Day(2026, 5, 2),
        closed_by=s.secretary, drop_reason="Trùng việc", **by,
    )  # fmt: skip
    closed = Meeting.objects.create(
        unit=s.branch, kind="discipline", title="Xét kỷ luật", starts_at=at(4, 5), created_by=s.secretary
    )
    Task.objects.create(text="Gặp Trần Bình", owner=an, given_on=Day(2026, 4, 5), meeting=closed, **by)
    assert cells(section_of(room, "plan"), 1) == [
        ("Danh sách", "Lê An", Day(2025, 12, 1), None, "Đã nhận xong", "Đủ 14 người"),
        ("Bỏ", "Lê An", Day(2026, 5, 1), None, "Không làm nữa: Trùng việc", ""),
        ("Quyết toán quỹ", "Ban Chấp hành", Day(2026, 9, 30), Day(2026, 11, 20), f"Đang làm, chậm 2{NBSP}ngày", ""),
    ]


def test_earlier_recommendations_of_the_same_committee_and_what_became_of_them(s):
    _, asked = concluded(s)
    other = scene()  # another Đoàn's committee asked the same branch, too: not told here
    concluded(other)
    room = room_of(s, title="Lần sau")
    assert cells(section_of(room, "before")) == [
        (
            "15-TB/ĐTN-UBKT, 05/10/2026", "1. Sinh hoạt đều hằng tháng", "Bí thư chi đoàn", "31/10/2026",
            "chưa báo", "chưa kiểm tra", f"Chưa thực hiện, quá hạn 22{NBSP}ngày",
        )
    ]  # fmt: skip
    own = Room(asked.inspection, TODAY)
    assert cells(section_of(own, "before")) == []  # a case does not precede itself


def test_every_source_of_a_finding_is_a_section():
    assert set(Finding.Source.values) - set(KINDS) == set()
    assert list(KINDS) == ["plan", "activities", "meetings", "dues", "members", "duties", "reports", "before"]


QUERIES = {"plan": 5, "activities": 3, "meetings": 5, "dues": 14, "members": 1, "duties": 4, "reports": 1, "before": 4}


@pytest.mark.parametrize("key", list(KINDS))
def test_a_section_costs_the_same_with_one_three_and_thirty(s, key):
    asked = []
    for more in (1, 2, 27):
        fill(s, more)
        room = room_of(s, title=f"Cuộc thêm {more}")
        with CaptureQueriesContext(connection) as queries:
            section_of(room, key)
        asked.append(len(queries))
    assert asked == [QUERIES[key]] * 3


def fill(s, count):
    for number in range(count):
        activity = held(s.branch, Day(2026, 2, 1) + datetime.timedelta(days=number))[0]
        proof(activity, name=f"{number}.jpg")
        member = MemberFactory(home=s.branch)
        meeting = Meeting.objects.create(
            unit=s.branch, title="Họp", starts_at=at(3, 1 + number % 28), state="held", created_by=s.secretary,
            roll_opened_at=at(3, 1),
        )  # fmt: skip
        Attendance.objects.create(
            meeting=meeting, member=member, name="x", sort_key="", state="present", marked_at=at(3, 1)
        )
        target = TargetFactory(unit=s.branch, period=year(2026))
        QuantityFactory(activity=activity, indicator=target.indicator, value=1)
        FundEntry.objects.create(
            unit=s.branch, kind="income", dated_on=Day(2026, 4, 1), amount=1, text="Thu", written_by=s.secretary
        )
        Task.objects.create(
            unit=s.branch, text="Lập danh sách", owner=member, given_on=Day(2026, 3, 1), given_by=s.chair
        )
        case = planned(s)
        Inspection.objects.filter(pk=case.pk).update(state="following", concluded_on=Day(2026, 10, 5))
        asked = Recommendation.objects.create(inspection=case, number=1, text="Họp đều", owner="BCH", no_due_date=True)
        UnitAnswer.objects.create(
            recommendation=asked, text="Đã họp", answered_on=Day(2026, 10, 9), answered_by=s.secretary
        )


def test_the_page_reads_on_a_branch_with_groups(s):
    """A branch is read with its groups, as its own list is; a union by itself."""
    group = UnitFactory(superior=s.branch, kind="sub_branch", name="Phân đoàn 1")
    MemberFactory(home=group, full_name="Người Phân Đoàn")
    assert [row[0] for row in cells(section_of(room_of(s), "members"))] == ["Người Phân Đoàn"]
    case = planned(s)
    Inspection.objects.filter(pk=case.pk).update(unit=s.union)
    room = Room(Inspection.objects.select_related("unit", "programme").get(pk=case.pk), TODAY)
    below, own = section_of(room, "members").parts
    assert [row.cells for row in below.rows] == [("Chi đoàn Cục Thử nghiệm", 1), ("Chi đoàn Vụ Bên cạnh", 0)]
    assert (own.rows, own.nothing) == ([], "Đoàn viên sinh hoạt ở các đơn vị trực thuộc.")
    assert section_of(room, "members").counted == f"2{NBSP}đơn vị trực thuộc, chưa có đoàn viên"


def test_units_below_are_those_of_the_last_day_of_the_span(s):
    """One that came later is out, one that left since is in, with the members it had on that day."""
    case = planned(s)
    Inspection.objects.filter(pk=case.pk).update(unit=s.union)
    later, gone = (UnitFactory(superior=s.union, name=name) for name in ("Chi đoàn Đến sau", "Chi đoàn Đã chuyển"))
    Placement.objects.filter(unit=later).update(starts_on=Day(2026, 10, 1))
    elsewhere = Unit.objects.get(pk=s.union.superior_pk)
    MemberFactory(home=gone, since=Day(2026, 1, 1))
    MemberFactory(home=gone, since=Day(2026, 10, 1))
    move_unit(unit=gone, superior=elsewhere, on=Day(2026, 10, 1), decision="1-QĐ")
    room = Room(Inspection.objects.select_related("unit", "programme").get(pk=case.pk), TODAY)
    assert [row.cells for row in section_of(room, "members").parts[0].rows] == [
        ("Chi đoàn Cục Thử nghiệm", 0), ("Chi đoàn Đã chuyển", 1), ("Chi đoàn Vụ Bên cạnh", 0)
    ]  # fmt: skip
