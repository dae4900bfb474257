"""A year of emulation in a browser, by what the pages offer: criteria, cluster, self score, score, ranking."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import EmulationRanking, ScoreSheet
from tests.browsing import says
from tests.case_by_hand import Hand
from tests.conftest import DESKTOP, PHONE
from tests.factories import ActivityFactory, UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def of_line(hand: Hand, number: str, part: str):
    """A field of one criterion on the self-scoring page."""
    line = hand.page.locator("article", has=hand.page.locator("h3", has_text=f"{number}. "))
    return line.locator(f"[name$='-{part}']")


def test_a_year_from_the_criteria_to_the_published_rank(open_page):
    """55 + 40 of the unit's own; the office gives 50 + 40 = 90 and says why; the other unit is not looked at."""
    union = UnionFactory(name="Đoàn Khối các cơ quan tỉnh")
    branch = UnitFactory(name="Chi đoàn Sở Y tế", superior=union)
    UnitFactory(name="Chi đoàn Sở Tư pháp", superior=union)
    ActivityFactory(unit=branch, title="Hiến máu ngày Chủ nhật đỏ", totals=False)
    secretary = account_at(branch, full_name="Lê Thu Hạnh")
    office = account_at(union, "superior_office", full_name="Trần Văn Khối")
    year, today = timezone.localdate().year, timezone.localdate()
    above, unit = Hand(open_page(DESKTOP, office)), Hand(open_page(PHONE, secretary))

    # The office writes the criteria down, puts both branches into one cluster, and begins
    above.go("reports:emulation", union.pk)
    above.follow("Lập bộ tiêu chí")
    above.fill(year=str(year), name=f"Thi đua năm {year}", total_points="100", self_until=today.isoformat())
    above.save("Lập bộ tiêu chí")
    above.follow("Thêm nhóm đầu tiên")
    above.fill(number="I", text="Xây dựng Đoàn")
    above.save("Thêm nhóm")
    for number, text, points, kind in (
        ("1", "Phong trào có kết quả rõ", "60", "Chấm điểm trực tiếp"), ("2", "Đủ sổ sách", "40", "Có hoặc không"),
    ):  # fmt: skip
        above.follow("Thêm tiêu chí")
        above.fill(number=number, text=text, points=points)
        above.tap(kind)
        above.save("Thêm tiêu chí")
    above.follow("Lập cụm")
    above.fill(name="Cụm số I")
    above.tap("Chi đoàn Sở Y tế")
    above.tap("Chi đoàn Sở Tư pháp")
    above.save("Lưu cụm")
    above.lead("Đưa vào dùng")
    above.save("Đưa vào dùng")

    # The unit scores itself, shows an activity and sends
    unit.waiting("Tự chấm")
    unit.follow("Tự chấm")
    of_line(unit, "1", "said").fill("55")
    of_line(unit, "1", "note").fill("Ba phong trào, có ảnh và số liệu.")
    unit.page.get_by_text("Có (40 điểm)").click()
    unit.save("Lưu điểm tự chấm")
    says(unit.page, "95")
    unit.follow("Thêm minh chứng")
    unit.page.get_by_role("searchbox").press_sequentially("hien mau")
    says(unit.page, "1 mục hợp với “hien mau”.")
    unit.page.get_by_role("checkbox", name="Hiến máu ngày Chủ nhật đỏ").check()
    unit.save("Thêm minh chứng")
    says(unit.page, "Đã có 1 minh chứng")
    unit.follow("Về phiếu")
    unit.follow("Gửi phiếu")
    unit.save("Gửi phiếu")
    expect(unit.page.get_by_role("link", name="Tự chấm")).to_have_count(0)

    # The office gives less for the first line and says why
    above.waiting("Chấm điểm")
    above.follow("Chi đoàn Sở Y tế")
    above.follow("Chấm mục này")
    says(above.page, "Ba phong trào, có ảnh và số liệu.")
    above.fill(said="50", note="Một phong trào chưa có kết quả.")
    above.save("Lưu, sang mục sau")
    above.page.get_by_text("Có (40 điểm)").click()
    above.save("Lưu điểm")
    above.lead("Chấm xong")
    above.save("Chấm xong phiếu này")
    above.follow("Chi đoàn Sở Tư pháp")
    above.follow("Không xét đơn vị này")
    above.fill(reason="Mới thành lập tháng 11")
    above.save()

    # Published: the unit reads rank, points and the reason line by line
    above.go("reports:emulation_board", ScoreSheet.objects.first().set_id)
    above.lead("Công bố xếp hạng")
    above.save("Công bố")
    unit.go("reports:emulation", branch.pk)
    unit.follow(f"Thi đua năm {year}")
    says(unit.page, "Một phong trào chưa có kết quả.")
    unit.follow("Xem xếp hạng của cụm")
    says(unit.page, "90")
    rows = EmulationRanking.objects.get().content["clusters"][0]["rows"]
    assert [(row["name"], row["rank"], row["total"] and Decimal(row["total"])) for row in rows] == [
        ("Chi đoàn Sở Y tế", 1, 90), ("Chi đoàn Sở Tư pháp", None, ""),
    ]  # fmt: skip
    assert (above.seen, unit.seen) == ([], [])
