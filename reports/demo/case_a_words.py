"""Case A in words: what was asked and answered at the session of 28/11/2019, and the checklist of the visit."""

import datetime
from decimal import Decimal

from .caseplay import at
from .casework import MET, NOT_APPLICABLE, NOT_MET, PARTLY, Checklist, Mark

Day = datetime.date
QUESTIONS = [
    ("Việc ứng dụng công nghệ thông tin trong công tác Đoàn",
     "Chi đoàn đã làm phần mềm thi trắc nghiệm và giữ chuyên mục; chưa có công cụ dùng chung cho các chi đoàn khác."),
    ("Sự phối hợp với các tổ chức khác của Cục",
     "Phối hợp với Công đoàn trong các dịp lễ; chưa có quy chế phối hợp bằng văn bản."),
    ("Cách triển khai một số nhiệm vụ trọng tâm trong năm",
     "Mỗi việc có một ủy viên Ban Chấp hành phụ trách; tiến độ báo cáo miệng tại buổi sinh hoạt."),
    ("Khó khăn còn gặp", "Khối lượng công việc chuyên môn lớn vào quý IV, khó bố trí đủ đoàn viên."),
    ("Mong muốn đối với Đoàn cấp trên",
     "Được giao ít nhất một việc về công nghệ thông tin trong chương trình năm sau."),
]  # fmt: skip
ACCOUNT = (
    "Năm 2019, Chi đoàn đăng 06 ý tưởng trên ngân hàng ý tưởng, hoàn thành 01 công trình thanh niên lắp vật "
    "liệu cách nhiệt, hưởng ứng phong trào văn hóa công sở, giữ đều một chuyên mục trên trang thông tin của "
    "Đoàn Bộ, viết phần mềm cho một cuộc thi trắc nghiệm và học tập nghị quyết Đại hội XI trong các buổi "
    "sinh hoạt."
)
SELF_REPORT = ACCOUNT + (
    "\nHạn chế: hoạt động chưa đều, chưa thường xuyên; phần lớn là tham gia việc do đơn vị khác phát động; ít sáng "
    "kiến của riêng mình gắn với chuyên môn; sinh hoạt cần đổi mới."
)
PARTY_REMARK = (
    "Chi bộ coi buổi làm việc là dịp để nhìn lại một năm; ghi nhận cách tổ chức việc của Ban Chấp hành mới; "
    "đề nghị Chi đoàn nhận đi đầu những nhiệm vụ hợp với thế mạnh của mình."
)
OPINION = (
    "Chi đoàn chuẩn bị nghiêm túc, tự nêu đủ hạn chế. Đoàn kiểm tra đề nghị ra thông báo kết luận với ba kiến "
    "nghị, theo dõi đến hết năm 2020."
)
NEXT_WEEK = (
    "Đề nghị Chi đoàn Cục Công nghệ thông tin báo cáo kết quả kèm minh chứng về Ủy ban Kiểm tra Đoàn Thanh niên Bộ Tư "
    "pháp trước ngày 31/07/2020; việc chưa làm được thì nêu rõ lý do và thời hạn đề nghị gia hạn."
)
COURSE = (
    "Chi đoàn phổ biến thông báo kết luận tại buổi sinh hoạt tháng 01/2020, giao mỗi ủy viên Ban Chấp hành theo dõi "
    "một kiến nghị và báo cáo Chi bộ hai lần trong năm."
)
WISHES = "Đề nghị Đoàn Bộ giới thiệu công cụ tra cứu dùng chung tới các chi đoàn khác."
JUDGEMENT = (
    "Sinh hoạt đều từ tháng 5/2020; công trình thanh niên gắn với chuyên môn của Cục và do Chi đoàn đề xuất. Cả ba "
    "kiến nghị đã thực hiện, kiến nghị 2 chậm so với hạn đầu và được gia hạn một lần."
)

# The items of "Công tác Đoàn và phong trào thanh niên năm" and "Thực hiện một chỉ thị, nghị quyết", in their order.
YEARLY = [
    Mark(MET, "Ban hành tháng 02/2019, mỗi việc có một ủy viên phụ trách.", MET, "Hai việc chưa ghi thời hạn."),
    Mark(MET, "Đăng ký 08 chỉ tiêu.", PARTLY, "Chưa có cách bù cho chỉ tiêu sinh hoạt.", Decimal(6)),
    Mark(MET, "", MET, "Định hướng của Chi bộ đã đưa vào kế hoạch."),
    Mark(MET, "Học nghị quyết Đại hội XI, 15/15 đoàn viên đăng ký làm theo gương Bác.", MET, "",
         proof="Đăng ký học tập"),
    Mark(MET, "Lắp vật liệu cách nhiệt; phần mềm thi trắc nghiệm.", MET, "Có sản phẩm dùng được, đã xem tại chỗ.",
         proof="Công trình thanh niên"),
    Mark(MET, "22 lượt tham gia.", PARTLY, "Cả hai hoạt động đều do nơi khác phát động.", Decimal(7)),
    Mark(PARTLY, "Còn thiếu ảnh của các buổi học tập.", PARTLY, "Hoạt động tham gia cùng Cụm thi đua chưa lưu gì.",
         Decimal(5)),
    Mark(PARTLY, "Có tháng ghép với họp chuyên môn.", NOT_MET, "Sổ biên bản có ba buổi trong mười tháng."),
    Mark(PARTLY, "", NOT_MET, "Cả ba biên bản thiếu chữ ký thư ký."),
    Mark(MET, "Gửi bản giấy.", MET, "Đã xem bản giấy của báo cáo sáu tháng và báo cáo tháng 10."),
    Mark(NOT_APPLICABLE, "Chưa đến kỳ xếp loại năm 2019.", NOT_APPLICABLE, ""),
    Mark(NOT_APPLICABLE, "Lần đầu được kiểm tra.", NOT_APPLICABLE, ""),
]  # fmt: skip
DIRECTIVE = [
    Mark(MET, "Phổ biến tại buổi sinh hoạt tháng 3.", MET, ""),
    Mark(MET, "", MET, ""),
    Mark(MET, "Là một mục của kế hoạch năm.", PARTLY, "Mục này chưa ghi người làm."),
    Mark(MET, "", MET, "Đăng ký làm theo gương Bác, phong trào văn hóa công sở."),
    Mark(PARTLY, "", PARTLY, ""),
    Mark(MET, "", PARTLY, "Phong trào văn hóa công sở không có minh chứng."),
    Mark(MET, "Cùng Công đoàn trong các dịp lễ.", MET, "Chưa có quy chế bằng văn bản."),
    Mark(MET, "", MET, "Đã xem bản giấy."),
    Mark(MET, "Nêu bốn hạn chế.", MET, "Tự nêu đúng, chưa ghi cách khắc phục."),
    Mark(NOT_APPLICABLE, "", MET, "Chuyên mục trên trang của Đoàn Bộ đều hằng tháng."),
]  # fmt: skip
CHECKLIST = Checklist(
    ("cong-tac-nam", "thuc-hien-chi-thi"), YEARLY + DIRECTIVE, told_at=at(Day(2019, 11, 21), 9, 30),
    seen_at=at(Day(2019, 11, 25), 14), note="Xin xem thêm mã nguồn phần mềm thi trắc nghiệm tại buổi làm việc.",
)  # fmt: skip
