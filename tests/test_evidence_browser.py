"""The evidence room read and taken along, and a letter from the register to its answer: on a phone and at a desk."""

import datetime
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from branches.models import Attendance, Evidence, FundEntry, Meeting
from inspections.models import Complaint, RoomTake
from tests.browsing import Looker, says
from tests.factories import ActivityFactory, IndicatorFactory, MemberFactory, QuantityFactory, TargetFactory, year
from tests.inspecting import TODAY, concluded, planned, scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Day = datetime.date
ZONE = timezone.get_default_timezone()


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day_of(*args) if args else TODAY)


def furnished():
    """A branch with a little of everything in the span of its case."""
    s = scene()
    people = [MemberFactory(home=s.branch, full_name=name) for name in ("Lê Thu An", "Trần Văn Bình")]
    target = TargetFactory(unit=s.branch, period=year(2026), value=12, indicator=IndicatorFactory(name="Ngày thứ bảy"))
    for month in (3, 6, 9):
        activity = ActivityFactory(
            unit=s.branch, title=f"Ngày thứ bảy tình nguyện, dọn vệ sinh khu dân cư tháng {month}/2026",
            starts_on=Day(2026, month, 14), last_on=Day(2026, month, 14), member_count=12,
        )  # fmt: skip
        QuantityFactory(activity=activity, indicator=target.indicator, value=1)
        proof = Evidence(activity=activity, kind="pdf", content_type="application/pdf", name="ke-hoach.pdf", size=8)
        proof.file.save("x", ContentFile(b"%PDF-1.4"))
        begins = datetime.datetime(2026, month, 5, 14, tzinfo=ZONE)
        meeting = Meeting.objects.create(
            unit=s.branch, title=f"Sinh hoạt chi đoàn tháng {month}", starts_at=begins, state="held",
            created_by=s.secretary, roll_opened_at=begins,
        )  # fmt: skip
        for one, state in zip(people, ("present", "excused"), strict=True):
            Attendance.objects.create(
                meeting=meeting, member=one, name=one.full_name, sort_key="", state=state, marked_at=begins
            )
    FundEntry.objects.create(
        unit=s.branch, kind="expense", dated_on=Day(2026, 5, 1), amount=250_000, text="Mua nước cho ngày ra quân",
        written_by=s.secretary,
    )  # fmt: skip
    concluded(s)
    return s, planned(s, title="Kiểm tra công tác Đoàn, phong trào thanh niên sáu tháng cuối năm")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_room_is_read_and_taken_along(open_page, media, tmp_path, width):
    s, case = furnished()
    page = open_page(width, s.chair)
    look = Looker("room")
    page.goto(reverse("inspections:inspection", args=[case.pk]))
    page.get_by_role("link", name="Hồ sơ đơn vị").click()
    page.get_by_role("heading", name="Hồ sơ đơn vị").wait_for()
    look.at(page, "contents")
    for title in ("Hoạt động và minh chứng", "Sinh hoạt, biên bản và điểm danh", "Kiến nghị lần trước"):
        page.get_by_role("link", name=title).first.click()
        page.get_by_role("heading", name=title).first.wait_for()
        look.at(page, title.split()[0])
        page.get_by_role("link", name="Về mục lục").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải tất cả (ZIP)").click()
    with zipfile.ZipFile(waiting.value.path()) as packed:
        assert packed.testzip() is None
        assert sum(name.endswith(".pdf") for name in packed.namelist()) == 3
        packed.extractall(tmp_path / "hồ sơ")
    assert RoomTake.objects.get().files == 3
    page.reload()
    says(page, "Phạm Thị Chủ Nhiệm")
    look.at(page, "taken")
    read_without_the_server(page.context.browser, width, tmp_path / "hồ sơ")
    assert look.wrong == {}


def read_without_the_server(browser, width, folder):
    """The index is read from the disk: it asks for nothing but its own files, and every link leads to one of them."""
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("heading", name="Hoạt động và minh chứng").wait_for()
    assert asked == [(folder / name).as_uri() for name in ("index.html", "index.css")]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    links = page.eval_on_selector_all("td a[href]", "found => found.map(one => one.getAttribute('href'))")
    assert len(links) == 3
    assert all((folder / link).is_file() for link in links)
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_letter_from_the_register_to_its_answer(open_page, media, width):
    s, _ = furnished()
    page = open_page(width, s.chair)
    look = Looker("letter")
    page.goto(reverse("inspections:list"))
    page.get_by_role("link", name="Đơn thư").first.click()
    page.get_by_role("heading", name="Chưa có đơn thư nào").wait_for()
    look.at(page, "empty")
    page.get_by_role("link", name="Ghi đơn thư").first.click()
    page.get_by_text("Tố cáo", exact=True).click()
    page.get_by_label("Đơn nói về đơn vị").select_option(label=s.branch.name)
    page.get_by_label("Người gửi").fill("Nguyễn Văn Ánh")
    page.get_by_label("Nội dung đơn").fill("Bí thư chi đoàn thu đoàn phí quý II nhưng không ghi sổ.")
    look.at(page, "form")
    page.get_by_role("button", name="Vào sổ đơn").click()
    page.get_by_role("heading", name="Tố cáo số 1/2026").wait_for()
    look.at(page, "received")
    page.get_by_role("link", name="Thụ lý đơn").click()
    page.get_by_role("button", name="Thụ lý đơn").click()
    page.get_by_role("link", name="Mở cuộc kiểm tra").click()
    page.get_by_role("heading", name="Mở cuộc kiểm tra").wait_for()
    look.at(page, "case")
    page.get_by_label("Nội dung cuộc kiểm tra").fill("Thu, nộp và quản lý đoàn phí")
    page.get_by_role("button", name="Mở cuộc kiểm tra").click()
    page.get_by_role("heading", name="Thu, nộp và quản lý đoàn phí").wait_for()
    page.get_by_role("link", name="Đơn thư số 1/2026").click()
    page.get_by_role("link", name="Trả lời đơn").click()
    page.get_by_label("Kết quả giải quyết").fill("Đã xác minh: có thu 120.000 đồng chưa ghi sổ, đã nộp lại.")
    look.at(page, "answer")
    page.get_by_role("button", name="Ghi đã trả lời").click()
    says(page, "Đã xác minh")
    look.at(page, "answered")
    page.get_by_role("link", name="Đơn thư", exact=True).first.click()
    page.get_by_role("heading", name="Đơn thư", exact=True).wait_for()
    look.at(page, "list")
    assert Complaint.objects.get().state == "answered"
    assert look.wrong == {}
