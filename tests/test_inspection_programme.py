"""The programme of the year: draft, issue, changes with their reason, the grid, whom to visit next and why."""

import datetime
import uuid

import pytest
from django.urls import reverse

from branches.models import Membership, Period
from inspections import suggesting
from inspections.interests import interests
from inspections.models import Inspection, InspectionProgramme, ProgrammeChange
from inspections.moving import cancel_case
from inspections.programming import draft_programme, issue_programme
from inspections.states import InspectionRefused
from inspections.suggesting import suggestions, survey
from reports.duties import silent_below
from reports.progress import progress_for
from tests.factories import (
    AccountFactory,
    MemberFactory,
    PostFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)
from tests.inspecting import ISSUED, TODAY, concluded, planned, scene, stranger, visited

pytestmark = pytest.mark.django_db
Day = datetime.date


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def at(name, *args):
    return reverse(f"inspections:{name}", args=args)


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


DRAFT = {
    "title": "Kế hoạch kiểm tra năm 2026", "year": "2026", "in_name_of": "inspection", "number": "", "issued_on": "",
    "purpose": "Nắm việc thực hiện chỉ tiêu", "conduct": "Thành lập hai đoàn",
    "inspect_topics": "- Sinh hoạt\n- Đoàn phí", "supervise_topics": "Chỉ thị 42-CT/TW",
}  # fmt: skip


def test_drafted_filled_and_issued_then_changed_with_a_reason(client):
    s = scene()
    client.force_login(s.chair)
    client.post(at("programme_new"), DRAFT | key())
    draft = InspectionProgramme.objects.get(title=DRAFT["title"])
    assert (draft.state, draft.number, draft.issued_on) == ("draft", "", None)
    assert list(draft.topics.values_list("text", "use")) == [
        ("Sinh hoạt", "inspect"), ("Đoàn phí", "inspect"), ("Chỉ thị 42-CT/TW", "supervise"),
    ]  # fmt: skip

    # A draft takes and loses cases without a word.
    case_form = {
        "programme": draft.pk, "units": [s.branch.pk, s.sibling.pk], "title": "Kiểm tra quý IV",
        "inspection_kind": "periodic", "review_from": "01/01/2026", "review_last": "30/09/2026",
        "planned_month": "12/2026", "doan-TOTAL_FORMS": 0, "doan-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert client.post(at("new"), case_form | key()).status_code == 302
    assert list(draft.inspections.values_list("planned_month", "state")) == [(Day(2026, 12, 1), "planned")] * 2
    assert list(draft.inspections.first().topics.values_list("text", flat=True)) == [
        "Sinh hoạt", "Đoàn phí", "Chỉ thị 42-CT/TW",
    ]  # fmt: skip

    issue = {"version": draft.version, "number": "", "issued_on": "05/11/2026"}
    assert client.post(at("programme_issue", draft.pk), issue | key()).context["form"].errors["number"]
    client.post(at("programme_issue", draft.pk), issue | {"number": "09-KH/UBKT"} | key())
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.issued_on) == ("issued", "09-KH/UBKT", Day(2026, 11, 5))
    assert ProgrammeChange.objects.count() == 0

    # Issued, every change says why.
    edit = DRAFT | {"number": "09-KH/UBKT", "issued_on": "05/11/2026", "version": draft.version, "title": "Tên đã sửa"}
    refused = client.post(at("programme_edit", draft.pk), edit | key())
    assert refused.context["form"].errors == {"reason": ["Chương trình đã ban hành, hãy ghi lý do thay đổi."]}
    draft.refresh_from_db()
    assert draft.title == DRAFT["title"]
    version = refused.context["form"]["version"].value()
    said = {"reason": "Theo văn bản đính chính", "version": version}
    client.post(at("programme_edit", draft.pk), edit | said | key())
    case = draft.inspections.get(unit=s.branch)
    cancel_case(inspection=case, version=case.version, by=s.chair, on=TODAY, reason="Đơn vị sắp sáp nhập")
    assert list(draft.changes.values_list("kind", "reason")) == [
        ("dropped", "Đơn vị sắp sáp nhập"), ("reworded", "Theo văn bản đính chính"),
    ]  # fmt: skip
    page = client.get(at("programme", draft.pk)).content.decode()
    assert "Đơn vị sắp sáp nhập" in page
    assert "Theo văn bản đính chính" in page


def test_issued_twice_is_refused_and_a_number_stands_once():
    s = scene()
    with pytest.raises(InspectionRefused):
        issue_programme(programme=s.programme, version=s.programme.version, by=s.chair, number="3", issued_on=ISSUED)
    other = draft_programme(by=s.chair, unit=s.union, year=2026, in_name_of="committee", title="Khác")
    with pytest.raises(InspectionRefused) as caught:
        issue_programme(programme=other, version=1, by=s.chair, number=" 02-KH/ĐTN-UBKT", issued_on=ISSUED)
    assert caught.value.errors == {"number": "Năm 2026 đã có văn bản số 02-KH/ĐTN-UBKT."}


def test_another_month_of_an_issued_programme_is_a_change_with_its_reason(client):
    s = scene()
    case = planned(s, visited_on=None, planned_month=Day(2026, 11, 1))
    client.force_login(s.chair)
    data = {
        "version": case.version, "title": "Tên", "inspection_kind": "periodic", "review_from": "01/01/2026",
        "review_last": "30/09/2026", "planned_month": "12/2026",
    }  # fmt: skip
    refused = client.post(at("edit", case.pk), data | key())
    assert list(refused.context["form"].errors) == ["reason"]
    client.post(at("edit", case.pk), data | {"reason": "Trùng đại hội"} | key())
    case.refresh_from_db()
    assert case.planned_month == Day(2026, 12, 1)
    assert s.programme.changes.get(kind="moved").what == "Chi đoàn Cục Thử nghiệm: từ tháng 11/2026 sang 12/2026"


def test_counts_and_grid_equal_the_lists_they_open(client):
    s = scene()
    third = UnitFactory(name="Chi đoàn Ba", superior=s.union)
    done = concluded(s)[0]
    late = planned(s, unit=s.sibling, visited_on=None, planned_month=Day(2026, 10, 1))
    ahead = planned(s, unit=third, visited_on=None, planned_month=Day(2026, 12, 1))
    gone = planned(s, unit=third, title="Bỏ", visited_on=None, planned_month=Day(2026, 12, 1))
    cancel_case(inspection=gone, version=gone.version, by=s.chair, on=TODAY, reason="Trùng cuộc khác")
    client.force_login(s.chair)
    page = client.get(at("programme", s.programme.pk))
    assert page.context["counts"] == {"all": 3, "done": 1, "ahead": 2, "late": 1}
    listed = {}
    for name in ("xong", "con", "tre"):
        found = client.get(at("list"), {"chuong_trinh": s.programme.pk, "nhom": name})
        listed[name] = {case for case, _ in found.context["cases"]}
    assert listed == {"xong": {done}, "con": {late, ahead}, "tre": {late}}

    rows = {row["unit"]: row for row in page.context["grid"]["rows"]}
    assert [case for case, _, _ in rows[s.branch]["cells"][8]] == [done]  # September
    assert [case for case, _, _ in rows[s.sibling]["cells"][9]] == [late]
    assert [case for case, _, _ in rows[third]["cells"][11]] == [ahead]
    # 28/09 to 22/11 is 55 days; nobody was at the other two
    assert [rows[unit]["days"] for unit in (s.branch, s.sibling, third)] == [55, None, None]
    assert [month["name"] for month in page.context["months"]] == ["Tháng 09/2026", "Tháng 10/2026", "Tháng 12/2026"]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_page_of_the_programme_has_a_constant_query_count(client, count, django_assert_num_queries):
    s = scene()
    for number in range(count):
        planned(s, unit=UnitFactory(superior=s.union, name=f"Chi đoàn {number}"), title=f"Cuộc {number}")
        UnitFactory(superior=s.union, name=f"Chi đoàn chưa kiểm tra {number}")
    client.force_login(s.chair)
    client.get(at("programme", s.programme.pk))
    with django_assert_num_queries(20):
        client.get(at("programme", s.programme.pk))


# --- whom to visit next -----------------------------------------------------------------------------


@pytest.fixture
def no_signals(monkeypatch):
    monkeypatch.setattr(suggesting, "SIGNALS", [])


def reasons(s, programme) -> dict:
    return {one.unit.name: [reason.text for reason in one.reasons] for one in suggestions(programme, TODAY)}


def test_units_are_suggested_with_the_reason_and_without_one_not(no_signals):
    s = scene()
    UnitFactory(name="Chi đoàn Chưa ai đến", superior=s.union)
    UnitFactory(name="Chi đoàn Nơi khác", superior=UnionFactory())
    concluded(s)  # visited 55 days ago; its recommendation was due on 31/10
    old = visited(s, unit=s.sibling)
    Inspection.objects.filter(pk=old.pk).update(visited_on=Day(2024, 11, 21))
    following = draft_programme(by=s.chair, unit=s.union, year=2027, in_name_of="committee", title="Năm sau")
    assert reasons(s, following) == {
        "Chi đoàn Chưa ai đến": ["Chưa kiểm tra lần nào"],
        "Chi đoàn Cục Thử nghiệm": ["1 kiến nghị quá hạn"],
        "Chi đoàn Vụ Bên cạnh": ["Lần gần nhất 21/11/2024, đã 731 ngày"],
    }
    # 24 months by the rule: on the day itself it is not yet long ago.
    Inspection.objects.filter(pk=old.pk).update(visited_on=Day(2024, 11, 22))
    assert "Chi đoàn Vụ Bên cạnh" not in reasons(s, following)
    # It is still told how long ago that was: 730 days from 22/11/2024 to 22/11/2026.
    assert [(one.unit.name, one.days) for one in survey(following, TODAY) if not one.reasons] == [
        ("Chi đoàn Vụ Bên cạnh", 730)
    ]
    # What stands in the programme already is not suggested again.
    assert list(reasons(s, s.programme)) == ["Chi đoàn Chưa ai đến"]


def test_targets_behind_and_silent_meetings_are_the_figures_of_their_pages():
    s = scene()
    target = TargetFactory(unit=s.branch, period=Period.objects.year(2026), value=100)
    late = progress_for(s.branch, Period.of_year(2026), as_of=TODAY).late
    assert [row.target for row in late] == [target]
    silent = {
        unit.pk: sum(cell.duty.fulfilled_by == "meeting" for cell in cells)
        for unit, cells in silent_below(s.union, as_of=TODAY, days=1, within=325)
    }
    following = draft_programme(by=s.chair, unit=s.union, year=2027, in_name_of="committee", title="Năm sau")
    said = reasons(s, following)
    assert "1 chỉ tiêu chậm" in said["Chi đoàn Cục Thử nghiệm"]
    assert "1 chỉ tiêu chậm" not in said["Chi đoàn Vụ Bên cạnh"]
    for unit in (s.branch, s.sibling):
        line = f"{silent.get(unit.pk)} kỳ chưa báo sinh hoạt"
        assert (line in said[unit.name]) == bool(silent.get(unit.pk))


def test_one_tap_puts_a_suggested_unit_into_its_month_with_the_reason_shown(client, no_signals):
    s = scene()
    client.force_login(s.chair)
    assert "Chưa kiểm tra lần nào" in client.get(at("programme", s.programme.pk)).content.decode()
    tap = {"unit": s.branch.pk, "month": "12/2026"} | key()
    first = client.post(at("programme_take", s.programme.pk), tap)
    second = client.post(at("programme_take", s.programme.pk), tap)
    assert first["Location"] == second["Location"] == at("programme", s.programme.pk)
    case = Inspection.objects.get()
    assert (case.unit, case.planned_month, case.review_from, case.review_to, case.state) == (
        s.branch, Day(2026, 12, 1), Day(2026, 1, 1), Day(2026, 12, 1), "planned",
    )  # fmt: skip
    assert s.programme.changes.get().reason == "Chưa kiểm tra lần nào"

    elsewhere = UnitFactory(superior=UnionFactory())
    refused = client.post(at("programme_take", s.programme.pk), {"unit": elsewhere.pk, "month": "12/2026"} | key())
    assert refused.status_code == 200
    client.force_login(stranger())
    assert client.post(at("programme_take", s.programme.pk), tap | key()).status_code == 404
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize("month", ["13/2026", "2026", "tháng 9", "0/2026", "9/1999"])
def test_a_month_that_is_none_is_answered(client, month):
    s = scene()
    client.force_login(s.chair)
    page = client.post(at("programme_take", s.programme.pk), {"unit": s.branch.pk, "month": month} | key())
    assert page.context["form"].errors["month"] == ["Hãy ghi tháng và năm, ví dụ 9/2026."]


# --- conflict of interest ---------------------------------------------------------------------------


def tied(s, *people) -> list[str]:
    return [one.words for one in interests(s.branch, people, TODAY)]


def test_posts_and_membership_in_the_unit_are_told_within_twelve_months():
    s = scene()
    now = account_at(s.branch, "committee_member", full_name="Đang Giữ Chức")
    lately, long_ago, party = (AccountFactory(full_name=name) for name in ("Vừa Thôi", "Thôi Đã Lâu", "Cấp Ủy Viên"))
    begun = Day(2024, 1, 1)
    PostFactory(unit=s.branch, type="secretary", account=lately, starts_on=begun, ends_on=Day(2025, 11, 23))
    PostFactory(unit=s.branch, type="secretary", account=long_ago, starts_on=begun, ends_on=Day(2025, 11, 22))
    PostFactory(unit=s.branch, type="party_member", account=party, starts_on=begun)
    member = MemberFactory(home=s.branch, full_name="Đoàn Viên Cũ")
    Membership.objects.update(starts_on=begun)
    of_unit = AccountFactory(full_name="Đoàn Viên Cũ", member=member)
    elsewhere = account_at(s.sibling, "secretary", full_name="Người Bên Cạnh")
    Membership.objects.update(starts_on=begun)
    s.branch.posts.filter(account=now).update(starts_on=begun)
    people = [(str(one), one) for one in (now, lately, long_ago, party, of_unit, elsewhere)]
    assert set(tied(s, *people)) == {
        "Đang Giữ Chức: giữ chức vụ (Ủy viên Ban Chấp hành) tại Chi đoàn Cục Thử nghiệm từ 01/01/2024",
        "Vừa Thôi: giữ chức vụ (Bí thư) tại Chi đoàn Cục Thử nghiệm đến 22/11/2025",
        "Cấp Ủy Viên: trong cấp ủy (Cấp ủy viên) tại Chi đoàn Cục Thử nghiệm từ 01/01/2024",
        "Đoàn Viên Cũ: đoàn viên của Chi đoàn Cục Thử nghiệm từ 01/01/2024",
    }


def test_somebody_without_an_account_is_known_by_name_only():
    s = scene()
    MemberFactory(home=s.branch, full_name="Nguyễn Thị Trùng Tên")
    Membership.objects.update(starts_on=Day(2024, 1, 1))
    assert tied(s, ("Nguyễn Thị Trùng Tên", None), ("Trần Văn Khác", None)) == [
        "Nguyễn Thị Trùng Tên: trùng họ tên với người đoàn viên của Chi đoàn Cục Thử nghiệm từ 01/01/2024; cần xác minh"
    ]


def test_the_warning_stands_on_the_case_and_blocks_nothing(client):
    s = scene()
    case = planned(s, team=[])
    client.force_login(s.chair)
    data = {
        "version": case.version, "doan-TOTAL_FORMS": 1, "doan-INITIAL_FORMS": 0, "doan-0-role": "head",
        "doan-0-name": "Lê Văn Bí Thư",
    }  # fmt: skip
    assert client.post(at("team", case.pk), data | key()).status_code == 302
    page = client.get(at("inspection", case.pk) + "?muc=doan").content.decode()
    assert "Cân nhắc sự khách quan" in page
    assert "trùng họ tên với người giữ chức vụ (Bí thư)" in page
    client.force_login(s.secretary)
    assert "Cân nhắc sự khách quan" not in client.get(at("inspection", case.pk) + "?muc=doan").content.decode()
