"""Checklists of the running year: one the secretary has begun, one with two inspectors' notes, one with its score."""

import datetime
from decimal import Decimal

from .caseplay import at
from .casework import MET, NOT_APPLICABLE, NOT_MET, PARTLY, Checklist, Mark

Day = datetime.date
# "Thu, nộp và sử dụng đoàn phí": the first three of its items are answered.
DUES = [
    Mark(PARTLY, "Hai đồng chí chậm đóng, đã nhắc tại buổi sinh hoạt tháng trước."),
    Mark(MET, "Một đồng chí hợp đồng thử việc đóng mức không hưởng lương."),
    Mark(MET, "Một đồng chí nghỉ điều trị, có nghị quyết miễn."),
]  # fmt: skip
# "Công tác đoàn viên".
MEMBERS = [
    Mark(MET, "Đối chiếu với danh sách của Văn phòng Sở đầu tháng.", MET, ""),
    Mark(PARTLY, "Ba đồng chí mới về chưa nộp sổ đoàn viên.", PARTLY, "Thiếu bốn sổ, không phải ba.", Decimal(6)),
    Mark(MET, "", MET, ""),
    Mark(MET, "", PARTLY, "Bản đăng ký có, danh sách việc không ghi hạn.", Decimal(5)),
    Mark(MET, "", MET, ""),
    Mark(MET, "", NOT_MET, "Chưa thấy biên bản biểu quyết xếp loại năm trước."),
    Mark(MET, "Không có ai đi xa dài ngày."),
    Mark(NOT_APPLICABLE, "Năm nay chưa kết nạp ai."),
    Mark(MET, ""),
    Mark(MET, "Tổ chức ngày 26/3."),
    Mark(NOT_APPLICABLE, ""),
]  # fmt: skip
SECOND = [Mark()] * 5 + [Mark(team=PARTLY, said="Có biên bản họp, chưa ghi số phiếu từng người.", points=Decimal(6))]
# "Nền nếp sinh hoạt chi đoàn".
MEETINGS = [
    Mark(MET, "Họp đều vào tuần thứ hai hằng tháng.", MET, ""),
    Mark(MET, "Báo qua nhóm chung trước năm ngày.", MET, "Đã xem tin báo của ba buổi gần nhất."),
    Mark(NOT_APPLICABLE, "Ban Chấp hành có hai người, thống nhất trực tiếp.", NOT_APPLICABLE, ""),
    Mark(MET, "", MET, "Người vắng đều có lý do."),
    Mark(MET, "", PARTLY, "Hai buổi không nhắc việc giao kỳ trước.", Decimal(7)),
    Mark(MET, "", MET, ""),
    Mark(MET, "", PARTLY, "Có thảo luận, ít biểu quyết.", Decimal(6)),
    Mark(PARTLY, "Chưa có buổi thực tế nào trong năm.", PARTLY, "Đã có kế hoạch cho tháng sau.", Decimal(5)),
    Mark(PARTLY, "Biên bản tháng gần nhất đang hoàn thiện.", PARTLY, "Có biên bản ký sau nửa tháng.", Decimal(4)),
    Mark(MET, "", MET, ""),
]  # fmt: skip


def dues_half_told(on: Day) -> Checklist:
    return Checklist(("doan-phi",), DUES, told_at=at(on, 20, 15))


def members_told(told_on: Day, seen_on: Day) -> Checklist:
    return Checklist(
        ("doan-vien",), MEMBERS, told_at=at(told_on, 19, 40), seen_at=at(seen_on, 14),
        note="Đề nghị Chi đoàn mang sổ đoàn viên của các đồng chí mới về tới buổi làm việc.",
    )  # fmt: skip


def second_opinion(on: Day) -> Checklist:
    """What the other inspector wrote about one of the items, without having seen the first one's answer."""
    return Checklist(("doan-vien",), SECOND, seen_at=at(on, 16, 30))


def meetings_seen(told_on: Day, seen_on: Day) -> Checklist:
    return Checklist(("sinh-hoat",), MEETINGS, told_at=at(told_on, 20), seen_at=at(seen_on, 9))
