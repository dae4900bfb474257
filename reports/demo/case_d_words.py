"""Case D in words: the checklists of both units, what they said about each item and what the inspectors found."""

import datetime
from decimal import Decimal

from .caseplay import at
from .casework import MET, NOT_APPLICABLE, NOT_MET, PARTLY, Checklist, Mark

Day = datetime.date
# The items of "Giới thiệu đoàn viên ưu tú …" and of "Sử dụng phần mềm …", in their order.
TEXTILE = [
    Mark(MET, "Phổ biến ở cả hai chi đoàn phân xưởng.", MET, "Hai đoàn viên được hỏi đều trả lời được."),
    Mark(MET, "Chỉ tiêu 20 đoàn viên một năm.", PARTLY, "Có chỉ tiêu chung, chưa chia cho từng phân xưởng."),
    Mark(PARTLY, "Mới trao đổi miệng với chi ủy.", NOT_MET, "Chưa có văn bản."),
    Mark(MET, "Biên bản bình chọn lưu ở hai chi đoàn.", MET, "Đủ biên bản giấy, chưa ghi vào sổ phát triển Đảng."),
    Mark(MET, "", PARTLY, "Còn bốn đồng chí chưa được cử đi học."),
    Mark(MET, "19 đồng chí từ khi có Chỉ thị.", MET, "Đủ nghị quyết, có số phiếu."),
    Mark(PARTLY, "", PARTLY, "Đoàn công ty chưa nắm số được kết nạp."),
    Mark(PARTLY, "", NOT_MET, "Chưa giao việc riêng cho từng người."),
    Mark(NOT_MET, "Chưa làm định kỳ.", NOT_MET, ""),
    Mark(NOT_APPLICABLE, "", NOT_APPLICABLE, ""),
    Mark(PARTLY, "43/61 đoàn viên.", NOT_MET, "Mới 43/61, còn người ở ca đêm."),
    Mark(MET, "", PARTLY, "Hai trong năm hồ sơ sai ngày vào Đoàn.", Decimal(6)),
    Mark(PARTLY, "", NOT_MET, "Thiếu 18 người so với danh sách của Đoàn công ty."),
    Mark(MET, "", MET, ""),
    Mark(MET, "", PARTLY, "Một hồ sơ chờ tiếp nhận hơn một tháng.", Decimal(5)),
    Mark(MET, "", MET, ""),
    Mark(NOT_APPLICABLE, "Chưa đến kỳ.", NOT_APPLICABLE, ""),
    Mark(PARTLY, "Trong ca không được dùng điện thoại.", PARTLY, "Cần một buổi hướng dẫn ngoài ca.", Decimal(4)),
    Mark(MET, "Một ủy viên phụ trách.", MET, ""),
]  # fmt: skip
BUILDERS = [
    Mark(MET, "Phổ biến tại văn phòng; công trường phổ biến qua tổ trưởng.", PARTLY, "Công trường chưa có biên bản."),
    Mark(MET, "", PARTLY, "Chỉ tiêu không chia theo năm."),
    Mark(NOT_MET, "", NOT_MET, "Chưa tham mưu lần nào."),
    Mark(MET, "", PARTLY, "Một lần bình chọn không ghi số phiếu."),
    Mark(PARTLY, "", PARTLY, ""),
    Mark(PARTLY, "07 đồng chí từ khi có Chỉ thị.", NOT_MET, "07 đồng chí, bằng một phần ba mức yêu cầu."),
    Mark(PARTLY, "", PARTLY, "Đoàn công ty chưa nắm số được kết nạp."),
    Mark(NOT_MET, "", NOT_MET, ""),
    Mark(NOT_MET, "", NOT_MET, ""),
    Mark(PARTLY, "", NOT_MET, "Không ghi lý do người chưa đủ điều kiện."),
    Mark(PARTLY, "34/48 đoàn viên.", NOT_MET, "Mới 34/48, phần lớn người thiếu ở công trường."),
    Mark(MET, "", PARTLY, "Ba trong năm hồ sơ thiếu số điện thoại.", Decimal(5)),
    Mark(PARTLY, "", NOT_MET, "Thiếu 14 người."),
    Mark(MET, "", MET, ""),
    Mark(NOT_APPLICABLE, "", NOT_APPLICABLE, ""),
    Mark(MET, "", PARTLY, "Hai người đã trưởng thành còn trong danh sách.", Decimal(5)),
    Mark(NOT_APPLICABLE, "Chưa đến kỳ.", NOT_APPLICABLE, ""),
    Mark(NOT_MET, "Công trường xa, sóng yếu.", NOT_MET, ""),
    Mark(PARTLY, "", PARTLY, "Mật khẩu dùng chung hai người.", Decimal(3)),
]  # fmt: skip
MARKS = {"det-may": TEXTILE, "xay-lap": BUILDERS}
NOTES = {
    "det-may": "Đề nghị gặp thêm tổ trưởng ca đêm trước khi kết luận về phần mềm.",
    "xay-lap": "Công trường số 1 cách văn phòng 40 km, họp trực tuyến được vào tối thứ Năm.",
}
JUDGEMENT = (
    "Đoàn công ty thực hiện đủ bốn kiến nghị đúng hạn; danh sách đoàn viên ưu tú được theo dõi theo quý và đã thành "
    "chỉ tiêu của kế hoạch năm 2023."
)
COURSE = "Ban Chấp hành phổ biến thông báo tới hai chi đoàn phân xưởng trong tháng 8/2022 và giao việc từng tổ."
WISHES = "Đề nghị Thành đoàn báo với đơn vị quản lý phần mềm về lỗi đăng nhập vào giờ đổi ca."
ASK_BY = (
    "Đề nghị Đoàn Công ty Cổ phần Xây lắp Tân Phong báo cáo kết quả từng kiến nghị kèm minh chứng về Ủy ban Kiểm tra "
    "Thành đoàn Tân Phong trước ngày 10/03/2023; kiến nghị chưa thực hiện được thì nêu rõ lý do và thời hạn đề nghị "
    "gia hạn."
)


def checklist(unit: str) -> Checklist:
    return Checklist(
        ("doan-vien-uu-tu", "phan-mem"), MARKS[unit], told_at=at(Day(2022, 7, 3), 20), note=NOTES[unit],
        seen_at=at(Day(2022, 7, 6), 9),
    )  # fmt: skip
