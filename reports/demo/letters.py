"""Letters to the inspection committee: one answered after an inspection, one that comes due, one sent on."""

from inspections.complaining import answer, forward, open_case_from, receive, take_up
from inspections.preparing import set_team

from .casework import CONSIDERABLE, MERIT, SHORTCOMING, SLIGHT, VIOLATION, Asked, Found, Visit
from .people import FEMALE
from .running_scene import Scene, account, notice

ABOUT = "so-ldtbxh"
ANSWER = (
    "Đã kiểm tra tại đơn vị: nội dung phản ánh việc thu ba tháng không ghi phiếu là đúng; số tiền khớp với sổ tay của "
    "người thu, không thất thoát. Chi đoàn đã ghi bù phiếu thu và công khai sổ quỹ. Đã trả lời người gửi bằng văn bản."
)


def take_letters(s: Scene) -> None:
    _answered(s)
    _coming_due(s)
    _sent_on(s)


def _received(s: Scene, unit: str, kind: str, ago: int, text: str, **sender):
    on = s.demo.ago(ago)
    return receive(
        received_by=s.programme.unit, unit=s.demo.units[unit], kind=kind, received_on=on, text=text, by=s.by, on=on,
        **sender,
    )  # fmt: skip


def _answered(s: Scene) -> None:
    ago = s.demo.ago
    letter = _received(
        s, ABOUT, "denunciation", 118,
        "Từ tháng 3 đến tháng 5, Chi đoàn thu đoàn phí nhưng không ghi phiếu, không công khai số thu với đoàn viên.",
        from_name=s.demo.crowd.name(FEMALE), from_contact="Đoàn viên của Chi đoàn",
    )  # fmt: skip
    letter = take_up(
        complaint=letter, version=letter.version, by=s.by, on=ago(115), words="Giao hai ủy viên xác minh."
    )  # fmt: skip
    case = open_case_from(
        complaint=letter, version=letter.version, programme=s.programme, by=s.by, on=ago(112),
        title="Kiểm tra việc thu, quản lý đoàn phí", review_from=ago(300), review_to=ago(99),
        reason="Bổ sung theo yêu cầu công tác",
    )  # fmt: skip
    case = set_team(inspection=case, version=case.version, by=s.by, on=ago(110), seats=s.team)
    visit = Visit(
        day=s.weekday(99), filed_on=s.weekday(93),
        **account("Thủ quỹ thu tiền mặt, ghi vào sổ tay, định cuối quý mới viết phiếu."),
        opinion="Vi phạm về ghi phiếu, không có thất thoát; đề nghị nhắc nhở và yêu cầu ghi bù.",
        findings=[
            Found(MERIT, "Ban Chấp hành nhận thiếu sót, cung cấp đủ sổ tay và sao kê."),
            Found(VIOLATION, "Thu đoàn phí ba tháng không ghi phiếu, không vào sổ quỹ.", False, None, CONSIDERABLE,
                  "Sổ tay của người thu ghi đủ từng đoàn viên, số tiền khớp tiền mặt đang giữ.", source="dues"),
            Found(SHORTCOMING, "Chưa công khai thu chi trong sáu tháng đầu năm.", False, None, SLIGHT),
        ],
        asked=[
            Asked("Ghi bù phiếu thu của ba tháng, công khai sổ quỹ với đoàn viên.", of=(2, 3), due_on=ago(60),
                  proof="Phiếu thu, bản công khai",
                  steps=[(ago(66), "answer", "Đã ghi bù đủ phiếu và công khai tại buổi sinh hoạt."),
                         (ago(64), "visit", "Cần đối chiếu phiếu với sổ tay."),
                         (ago(55), "seen", "Đã đối chiếu tại đơn vị, khớp.")]),
        ],
    )  # fmt: skip
    case = s.go(case, visit, notice(s, s.weekday(84), 43), close_on=ago(50))
    letter.refresh_from_db()
    answer(complaint=letter, version=letter.version, by=s.by, ended_on=ago(82), text=ANSWER, on=ago(82))


def _coming_due(s: Scene) -> None:
    """Not signed, and due within a few days."""
    letter = _received(
        s, "vp-ubnd", "petition", 16,
        "Chi đoàn hai tháng liền đổi lịch sinh hoạt sát ngày, đoàn viên đi cơ sở không dự được; đề nghị báo lịch sớm.",
    )  # fmt: skip
    take_up(
        complaint=letter, version=letter.version, by=s.by, on=s.demo.ago(13), words="Xem sổ sinh hoạt, hỏi Bí thư."
    )  # fmt: skip


def _sent_on(s: Scene) -> None:
    letter = _received(
        s, "tt-hanh-chinh-cong", "complaint", 58,
        "Không đồng ý với kết quả xếp loại công chức năm trước; đề nghị xem lại.",
        from_name=s.demo.crowd.name(FEMALE), from_contact="Công chức một cửa",
    )  # fmt: skip
    forward(
        complaint=letter, version=letter.version, by=s.by, ended_on=s.demo.ago(55), on=s.demo.ago(55),
        reason="Việc xếp loại công chức thuộc Văn phòng Ủy ban nhân dân tỉnh, đã chuyển và báo người gửi.",
    )  # fmt: skip
