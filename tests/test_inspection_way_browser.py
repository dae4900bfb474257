"""Cases A and D on a phone by a new user, by what the pages offer: from the programme to the last recommendation.

The facts are those of the founding cases (a branch of an IT department inspected and supervised in one session; two
units supervised under one plan); the days are today's, because everything is written down while it happens.
"""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from branches.formats import day
from branches.models import Unit
from inspections.models import Inspection, InspectionProgramme
from tests.browsing import says
from tests.case_by_hand import Hand
from tests.conftest import PHONE
from tests.factories import UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CASE = "inspections:inspection"


def a_ministry(document_code="ĐTN", name="Đoàn Thanh niên Bộ Tư pháp"):
    """An inspecting Đoàn with the chair of its inspection committee."""
    union = UnionFactory(
        name=name, document_code=document_code, superior=UnionFactory(name="Cấp trên", kind=Unit.Kind.PROVINCE)
    )
    return union, account_at(union, "inspection_chair", full_name="Phạm Thị Chủ Nhiệm")


def moves_of(case) -> list:
    return list(case.moves.order_by("pk").values_list("to_state", flat=True))


def test_case_a_from_the_programme_to_the_closed_recommendation(open_page):
    union, chair = a_ministry()
    branch = UnitFactory(name="Chi đoàn Cục Công nghệ thông tin", superior=union)
    secretary = account_at(branch, "secretary", full_name="Lê Văn Bí Thư")
    today = timezone.localdate()
    iso, session = today.isoformat(), today + datetime.timedelta(days=20)
    ubkt, unit = Hand(open_page(PHONE, chair)), Hand(open_page(PHONE, secretary))

    # The programme as a draft, its case, and out it goes under its number
    ubkt.go("inspections:programme_list")
    ubkt.follow("Lập chương trình")
    ubkt.fill(title="Kế hoạch kiểm tra công tác Đoàn năm nay", inspect_topics="Công tác Đoàn trong năm")
    ubkt.tap("Ban Chấp hành")
    ubkt.save("Lưu dự thảo")
    ubkt.lead("Lập hồ sơ kiểm tra")
    ubkt.tap(branch.name)
    ubkt.fill(title="Kiểm tra công tác Đoàn, giám sát Chỉ thị 42-CT/TW", review_from=f"{today.year}-01-01")
    ubkt.fill(review_last=iso, visited_on=session.isoformat(), inspect_topics="Công tác Đoàn trong năm")
    ubkt.choose(inspection_kind="periodic", supervision_kind="thematic")
    ubkt.fill(supervise_topics="Thực hiện Chỉ thị 42-CT/TW", question_topics="Ứng dụng công nghệ thông tin thế nào?")
    ubkt.save("Lập hồ sơ")
    case = Inspection.objects.get()
    ubkt.go("inspections:programme", case.programme_id)
    ubkt.lead("Ban hành chương trình")
    ubkt.fill(number="02-KH/ĐTN-UBKT")
    ubkt.save("Ban hành chương trình")
    assert InspectionProgramme.objects.get().state == "issued"

    # The team, the plan
    ubkt.page.locator(".row-link").click()
    ubkt.lead("Lập đoàn kiểm tra")
    ubkt.fill(**{"doan-0-name": "Vương Quốc Trung", "doan-0-post_text": "Phó Bí thư, Chủ nhiệm Ủy ban Kiểm tra"})
    ubkt.save("Lưu đoàn kiểm tra")
    ubkt.lead("Gửi kế hoạch, đề cương")
    ubkt.save("Ghi đã gửi kế hoạch")

    # The unit finds it waiting, keeps a draft, sends it
    unit.waiting("Viết báo cáo")
    unit.fill(text="Đã đăng 06 ý tưởng, xong 01 công trình thanh niên.")
    unit.press("Lưu nháp")
    ubkt.go(CASE, case.pk)
    expect(ubkt.page.locator("main")).not_to_contain_text("06 ý tưởng")  # a draft is the unit's own
    unit.press("Gửi báo cáo")
    says(unit.page, "06 ý tưởng")

    # Verification, the session, what was found, the report of the team
    ubkt.go(CASE, case.pk)
    ubkt.lead("Bắt đầu thẩm tra")
    ubkt.save("Bắt đầu thẩm tra")
    ubkt.lead("Ghi buổi làm việc")
    ubkt.tap("Chiều")
    ubkt.fill(place="Trụ sở Cục")
    ubkt.save("Lưu buổi làm việc")
    ubkt.lead("Ghi nhận định")
    ubkt.tap("Hạn chế")
    ubkt.fill(text="Hoạt động chưa đều, chưa thường xuyên.")
    ubkt.save()
    ubkt.go(CASE, case.pk)
    ubkt.follow("Thêm kiến nghị")
    ubkt.fill(text="Xây dựng ngay kế hoạch năm sau.", owner="Ban Chấp hành chi đoàn", due_on=iso)
    ubkt.save()
    ubkt.go(CASE, case.pk)
    ubkt.lead("Gửi báo cáo của đoàn")
    ubkt.fill(opinion="Chi đoàn chuẩn bị nghiêm túc.")
    ubkt.save("Gửi báo cáo của đoàn")
    ubkt.lead("Thông báo kết luận")
    ubkt.save("Thông báo kết luận")
    case.refresh_from_db()
    assert (case.state, case.concluded_on, case.visited_on) == ("following", today, today)

    # The recommendation, answered and checked, and the end
    unit.waiting("Trả lời")
    unit.fill(text="Đã ban hành kế hoạch năm sau.")
    unit.save()
    ubkt.waiting("Ghi kết quả kiểm tra")
    ubkt.tap("Đạt")
    ubkt.save()
    ubkt.waiting("Mở hồ sơ")
    ubkt.lead("Kết thúc hồ sơ")
    ubkt.save("Kết thúc hồ sơ")

    case.refresh_from_db()
    assert (case.state, case.closed_on, case.recommendations.get().state) == ("closed", today, "closed")
    assert moves_of(case) == [
        "team", "plan_sent", "self_reported", "verifying", "visited", "reported", "following", "closed",
    ]  # fmt: skip
    says(ubkt.page, day(today))
    assert ubkt.seen + unit.seen == []


def test_case_d_two_units_under_one_plan_of_supervision(open_page):
    city, chair = a_ministry("TĐ", "Thành đoàn Tân Phong")
    textile = UnitFactory(name="Đoàn Công ty Dệt may", superior=city)
    builders = UnitFactory(name="Đoàn Công ty Xây lắp", superior=city)
    today = timezone.localdate()
    secretary = account_at(textile, "secretary", full_name="Vũ Thị Bí Thư")
    ubkt, unit = Hand(open_page(PHONE, chair)), Hand(open_page(PHONE, secretary))

    # One plan in UBKT's own name with two topics; both units in one go, with their team
    ubkt.go("inspections:programme_new")
    topics = "Giới thiệu đoàn viên ưu tú cho Đảng\nSử dụng phần mềm quản lý đoàn viên"
    ubkt.fill(title="Giám sát chuyên đề", supervise_topics=topics, number="383-KH/UBKT")
    ubkt.tap("Ủy ban Kiểm tra")
    ubkt.save("Lưu dự thảo")
    ubkt.lead("Lập hồ sơ kiểm tra")
    for one in (textile, builders):
        ubkt.tap(one.name)
    ubkt.fill(review_from=f"{today.year}-01-01", review_last=today.isoformat())
    ubkt.fill(planned_month=f"{today.month}/{today.year}")
    ubkt.choose(supervision_kind="thematic")
    ubkt.page.locator("summary").filter(has_text="Đoàn kiểm tra").click()
    ubkt.fill(**{"doan-0-name": "Trần Văn Phó Bí Thư"})
    ubkt.choose(**{"doan-0-role": "head"})
    ubkt.save("Lập hồ sơ")
    ubkt.lead("Ban hành chương trình")
    expect(ubkt.page.locator("#id_number")).to_have_value("383-KH/UBKT")
    ubkt.save("Ban hành chương trình")

    cases = list(Inspection.objects.order_by("unit__sort_key"))
    assert [(case.unit, case.state, case.title) for case in cases] == [
        (textile, "team", "Giám sát chuyên đề"), (builders, "team", "Giám sát chuyên đề"),
    ]  # fmt: skip
    assert [case.topics.filter(use="supervise").count() for case in cases] == [2, 2]

    # The first: its report came on paper; nothing asked of it but one thing every quarter
    first, second = cases
    ubkt.go(CASE, first.pk)
    ubkt.lead("Gửi kế hoạch, đề cương")
    ubkt.save()
    ubkt.lead("Ghi nhận báo cáo giấy")
    ubkt.fill(text="Từ năm 2021 giới thiệu 19 đoàn viên ưu tú.")
    ubkt.save("Ghi đã nhận báo cáo")
    ubkt.other("Ghi buổi làm việc")  # the books were brought to the table
    ubkt.tap("Sáng")
    ubkt.save("Lưu buổi làm việc")
    ubkt.lead("Ghi nhận định")
    ubkt.tap("Hạn chế")
    ubkt.fill(text="Mới nhập gần 70 % đoàn viên vào phần mềm.")
    ubkt.save()
    ubkt.go(CASE, first.pk)
    ubkt.follow("Thêm kiến nghị")
    ubkt.fill(text="Nhập đủ 100 % đoàn viên.", owner="Ban Chấp hành", due_on=today.isoformat())
    ubkt.save()
    ubkt.go(CASE, first.pk)
    ubkt.other("Thông báo kết luận")  # a short session needs no report of the team
    ubkt.save("Thông báo kết luận")

    # The second: nothing is asked of it, so that it ends with the notice
    ubkt.go(CASE, second.pk)
    ubkt.other("Ghi buổi làm việc")
    ubkt.tap("Chiều")
    ubkt.fill(reason="Đơn vị báo cáo tại buổi làm việc")
    ubkt.save("Lưu buổi làm việc")
    ubkt.lead("Ghi nhận định")
    ubkt.tap("Ưu điểm")
    ubkt.fill(text="Giới thiệu 7 đoàn viên ưu tú từ năm 2021.")
    ubkt.save()
    ubkt.go(CASE, second.pk)
    ubkt.lead("Gửi báo cáo của đoàn")
    ubkt.save()
    ubkt.lead("Thông báo kết luận")
    ubkt.save()
    ubkt.lead("Kết thúc hồ sơ")
    ubkt.save()

    # The first unit answers, is sent back, answers again; then its case ends, too
    for words, verdict in (("Đã nhập 80 %.", "Chưa đạt, làm tiếp"), ("Đã nhập 100 %.", "Đạt")):
        unit.go(CASE, first.pk)
        unit.page.get_by_role("link", name="Trả lời kiến nghị").click()
        unit.fill(text=words)
        unit.save()
        ubkt.go(CASE, first.pk)
        ubkt.page.locator(".rec .btn-primary").click()
        ubkt.tap(verdict)
        ubkt.fill(text="Đã xem trên phần mềm.")
        ubkt.save()
    ubkt.go(CASE, first.pk)
    ubkt.lead("Kết thúc hồ sơ")
    ubkt.save()

    assert {case.state for case in Inspection.objects.all()} == {"closed"}
    assert moves_of(first) == ["team", "plan_sent", "self_reported", "visited", "following", "closed"]
    assert moves_of(second) == ["team", "visited", "reported", "concluded", "closed"]
    assert first.recommendations.get().checks.count() == 2
    ubkt.go("inspections:programme", first.programme_id)
    says(ubkt.page, "trên 2 cuộc")
    assert ubkt.seen + unit.seen == []
