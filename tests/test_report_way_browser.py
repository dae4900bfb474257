"""The yearly report of a branch on a phone, by what the pages offer: asked for, written, handed in, sent back,
corrected, approved."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import PeriodReport, ReportRound, Submission
from tests.browsing import says
from tests.case_by_hand import Hand
from tests.conftest import DESKTOP, PHONE
from tests.factories import UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_yearly_report_from_the_round_to_the_approval(open_page):
    union = UnionFactory(name="Đoàn Khối các cơ quan tỉnh")
    branch = UnitFactory(name="Chi đoàn Sở Y tế", superior=union)
    UnitFactory(name="Chi đoàn Sở Tư pháp", superior=union)
    secretary = account_at(branch, full_name="Lê Thu Hạnh")
    office = account_at(union, "superior_office", full_name="Trần Văn Khối")
    year = timezone.localdate().year
    above, unit = Hand(open_page(DESKTOP, office)), Hand(open_page(PHONE, secretary))

    # The office asks both branches
    above.go("reports:round_list", union.pk)
    above.follow("Mở đợt báo cáo")
    above.fill(asks="Nêu rõ khó khăn của chi đoàn")
    above.save("Mở đợt báo cáo")
    says(above.page, "Chi đoàn Sở Tư pháp")
    assert ReportRound.objects.get().rows.count() == 2

    # The branch finds it, begins it, writes, hands it in
    unit.go("reports:report_list", branch.pk)
    says(unit.page, f"Báo cáo năm {year}")
    unit.follow("Soạn báo cáo")
    unit.save("Soạn báo cáo")
    report = PeriodReport.objects.get()
    says(unit.page, "Chưa nộp")
    unit.page.goto(f"/bao-cao/{report.pk}/?muc=advantages&them#them")
    unit.fill(text="Chi bộ giao việc cụ thể cho đoàn viên.")
    unit.press("Lưu câu")
    says(unit.page, "Chi bộ giao việc cụ thể")
    unit.follow("Nộp báo cáo")
    says(unit.page, "mục chưa đánh dấu đã soát")
    unit.save("Nộp báo cáo")
    says(unit.page, "Chờ duyệt")
    expect(unit.page.get_by_role("link", name="Thêm câu")).to_have_count(0)

    # The office sends it back; the reason stands where the branch works
    above.waiting("Xem và duyệt")
    above.follow("Trả lại")
    above.fill(reason="Chưa nêu khó khăn")
    above.save("Trả lại báo cáo")
    says(above.page, "Trả lại")
    unit.waiting("Sửa và nộp lại")
    says(unit.page, "Chưa nêu khó khăn")
    unit.page.goto(f"/bao-cao/{report.pk}/?muc=difficulties&them#them")
    unit.fill(text="Đoàn viên đi công tác nhiều.")
    unit.press("Lưu câu")
    says(unit.page, "Chưa nêu khó khăn")
    unit.follow("Nộp báo cáo")
    unit.save("Nộp báo cáo")
    says(unit.page, "Chờ duyệt")

    # Approved: both sides read it, and the round counts it
    above.waiting("Xem và duyệt")
    above.follow("Duyệt")
    above.save("Duyệt báo cáo")
    says(above.page, "Đã duyệt")
    unit.go("reports:report", report.pk)
    says(unit.page, "Đã duyệt")
    above.go("reports:round", ReportRound.objects.get().pk)
    above.page.get_by_role("link", name="Đã duyệt").click()
    says(above.page, "Chi đoàn Sở Y tế")
    expect(above.page.locator("table")).not_to_contain_text("Chi đoàn Sở Tư pháp")
    assert list(Submission.objects.order_by("edition").values_list("edition", "approved_by")) == [
        (1, None), (2, office.pk),
    ]  # fmt: skip
    assert list(report.steps.order_by("pk").values_list("verb", flat=True)) == ["submit", "return", "submit", "approve"]
