"""Minutes of an admission and of an assessment, word for word, and what a word processor needs of the Word file."""

import io

import docx
import pytest
from docx.oxml.ns import qn

from branches.models import Ballot
from reports.papers.minutes import minutes_html, minutes_word
from tests.minuting import scene, signed, write
from tests.minuting_kinds import admission_meeting, assessment_meeting
from tests.test_paper_minutes import made_of, plain, words_of_docx, words_of_html

pytestmark = pytest.mark.django_db

HEAD = (
    "ĐOÀN KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP TỈNH CHI ĐOÀN CỤC THI HÀNH ÁN DÂN SỰ TỈNH *** Số: ……-BB/CĐ "
    "ĐOÀN TNCS HỒ CHÍ MINH An Hòa, ngày 07 tháng 4 năm 2023 BIÊN BẢN "
)
COMPOSITION = (
    "----------- I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN "
    "1. Thời gian, địa điểm: bắt đầu lúc 14 giờ 00 phút ngày 07/04/2023, tại Phòng họp tầng 2, trụ sở cơ quan; "
    "hình thức trực tiếp. "
    "2. Chủ trì: đồng chí Phan Thị Thu Hoài, Bí thư Chi đoàn. "
    "3. Thư ký: đồng chí Nguyễn Đức Toàn, ủy viên Ban Chấp hành. "
    "4. Đại biểu: đồng chí Lương Văn Quyết, Bí thư Chi bộ. "
    "5. Đoàn viên: có mặt 18/20 đồng chí, bằng 90%. Vắng 02 đồng chí: Tạ Quang Huy (có lý do: đi công tác) và "
    "Mai Thị Lệ (không có lý do). "
    "6. Đoàn viên có quyền biểu quyết có mặt 18/20, đủ điều kiện tiến hành biểu quyết (phải có quá nửa). "
    "II. NỘI DUNG "
)
VOTE_HEAD = (
    "(18 đoàn viên có quyền biểu quyết có mặt) TT Nội dung Hình thức Tán thành Không tán thành Ý kiến khác Kết quả "
)
END = (
    "Cuộc họp kết thúc lúc 16 giờ 05 phút cùng ngày. Biên bản đã được đọc lại cho mọi người cùng nghe; "
    "……/18 đoàn viên có mặt nhất trí thông qua./. "
    "THƯ KÝ (Ký, ghi rõ họ tên) CHỦ TRÌ (Ký, ghi rõ họ tên) Nguyễn Đức Toàn Phan Thị Thu Hoài"
)


def same_in_both(s) -> str:
    """The words of the printed page; the Word file says the same, but for lines to fill by hand."""
    made = made_of(s)
    text = words_of_html(minutes_html(made)[0])
    assert plain(" ".join(words_of_docx(minutes_word(made)))) == plain(text.replace(" ....... ", " "))
    return text


def test_admission_word_for_word():
    s = admission_meeting()
    first, _ = s.items
    write(s, {
        "statement": "Đồng chí Trịnh Hữu Phước báo cáo lý lịch của Đặng Minh Châu.",
        s.key(first): "Chi đoàn nhận xét: có ý thức rèn luyện.\nKhông có ý kiến khác.",
        "conclusion": "Đề nghị Đoàn cấp trên chuẩn y kết nạp Đặng Minh Châu.",
    })  # fmt: skip
    assert same_in_both(s) == plain(
        HEAD + "Họp xét kết nạp đoàn viên tháng 4 năm 2023 " + COMPOSITION
        + "1. Người giới thiệu báo cáo "
        "Đồng chí Trịnh Hữu Phước báo cáo lý lịch của Đặng Minh Châu. "
        "2. Xét kết nạp Đặng Minh Châu "
        "Người xin vào Đoàn: Đặng Minh Châu, sinh ngày 09/01/2005; làm đơn ngày 01/02/2023; "
        "người giới thiệu: Trịnh Hữu Phước. "
        "Chi đoàn nhận xét: có ý thức rèn luyện. Không có ý kiến khác. "
        "Bảng 1. Kết quả biểu quyết " + VOTE_HEAD
        # 17 of 18 there: 94,44…%
        + "1 Kết nạp Đặng Minh Châu Giơ tay 17 0 1 Thông qua (94,4%) "
        "Ghi chú: tỷ lệ tính trên số đoàn viên có mặt (18). "
        "3. Xét kết nạp Vũ Khắc Tiệp "
        "Người xin vào Đoàn: Vũ Khắc Tiệp, sinh ngày 30/12/2004; làm đơn ngày 15/03/2023; "
        "người giới thiệu: Hồ Ngọc Ánh. ....... "
        "Bảng 2. Kết quả biểu quyết " + VOTE_HEAD
        # 17 papers back, one not valid; 9 of 18 there is not more than a half
        + "1 Kết nạp Vũ Khắc Tiệp Phiếu kín: phát ra 18, thu về 17, hợp lệ 16 9 7 0 Không thông qua (50%) "
        "Ghi chú: tỷ lệ tính trên số đoàn viên có mặt (18). "
        "III. KẾT LUẬN Đề nghị Đoàn cấp trên chuẩn y kết nạp Đặng Minh Châu. " + END
    )  # fmt: skip


def test_assessment_word_for_word():
    s = assessment_meeting()
    write(s, {
        "statement": "Theo hướng dẫn của Đoàn cấp trên: bốn mức; mức cao nhất không quá 20%.",
        s.key("vote"): "Từng đồng chí tự nhận, chi đoàn góp ý.",
        "other": "Không có.",
        "conclusion": "Gửi kết quả lên Đoàn cấp trên.",
    })  # fmt: skip
    assert same_in_both(s) == plain(
        HEAD + "Họp đánh giá, xếp loại đoàn viên năm 2023 " + COMPOSITION
        + "1. Tiêu chuẩn và cách đánh giá "
        "Theo hướng dẫn của Đoàn cấp trên: bốn mức; mức cao nhất không quá 20%. "
        "2. Đánh giá, xếp loại đoàn viên Từng đồng chí tự nhận, chi đoàn góp ý. "
        "3. Không thuộc diện đánh giá "
        "- Đồng chí Mai Thị Lệ: mới sinh hoạt tại chi đoàn 02 tháng "
        "4. Kết quả biểu quyết mức xếp loại "
        "Bảng 1. Số phiếu ở từng mức "
        "TT Họ và tên Hoàn thành xuất sắc nhiệm vụ Hoàn thành tốt nhiệm vụ Hoàn thành nhiệm vụ "
        "Không hoàn thành nhiệm vụ Xếp loại "
        "1 Hồ Ngọc Ánh 0 18 0 0 Hoàn thành tốt nhiệm vụ "
        "2 Bùi Gia Bảo 0 9 9 0 …… "
        "3 Trịnh Hữu Phước 15 3 0 0 Hoàn thành xuất sắc nhiệm vụ "
        "Ghi chú: số đoàn viên biểu quyết mỗi mức. "
        "5. Việc khác Không có. "
        "III. KẾT LUẬN Gửi kết quả lên Đoàn cấp trên. " + END
    )  # fmt: skip


def test_title_of_a_meeting_is_not_said_twice():
    s = assessment_meeting()
    s.meeting.title = "Họp đánh giá, xếp loại tháng 12/2023"  # as the form proposes it
    s.meeting.save()
    assert made_of(s).paper.abstract == ("Họp đánh giá, xếp loại tháng 12/2023",)
    s.meeting.title = "Cuối năm 2023"
    s.meeting.save()
    assert made_of(s).paper.abstract == ("Họp đánh giá, xếp loại", "Cuối năm 2023")


def test_paper_says_why_fewer_could_vote():
    s = admission_meeting()
    Ballot.objects.filter(item=next(iter(s.items.values()))).update(
        entitled=19, fewer_because="01 đoàn viên đang bị đình chỉ quyền biểu quyết"
    )
    assert (
        "Ghi chú: tỷ lệ tính trên số đoàn viên có mặt (18). Dòng 1: 19 người được biểu quyết, ít hơn điểm danh vì "
        "01 đoàn viên đang bị đình chỉ quyền biểu quyết. 3. Xét kết nạp Vũ Khắc Tiệp"
    ) in same_in_both(s)


def test_committee_votes_are_of_its_members():
    s = scene()
    s.meeting.kind = "committee"
    s.meeting.save()
    text = same_in_both(s)
    assert "(18 ủy viên Ban Chấp hành có quyền biểu quyết có mặt) TT Nội dung" in text
    assert "Ghi chú: tỷ lệ tính trên số ủy viên Ban Chấp hành có mặt (18)." in text


# --- what was seen in a word processor -------------------------------------------------------------------


@pytest.fixture
def word():
    s = scene()
    signed(s)
    return docx.Document(io.BytesIO(minutes_word(made_of(s))))


def grids(document):
    """The tables with lines: neither the head nor the signatures."""
    return document.tables[1:-1]


def test_cells_have_the_room_of_the_pdf_so_that_a_date_stays_on_its_line(word):
    for table in word.tables:
        wanted = "60" if any(table._tbl is one._tbl for one in grids(word)) else "0"
        room = table._tbl.tblPr.find(qn("w:tblCellMar"))
        assert {side.tag.split("}")[1]: side.get(qn("w:w")) for side in room} == {
            "top": "40" if wanted == "60" else "0", "left": wanted, "bottom": "40" if wanted == "60" else "0",
            "right": wanted,
        }  # fmt: skip
    # 31/03/2023 at 12 pt is 54,7 pt wide; with 3 pt at each side it needs 21,4 mm.
    dates = [cell.width.mm for table in grids(word) for cell in table.columns[3].cells if "/2023" in cell.text]
    assert len(dates) == 5
    assert min(dates) > 21.4


def test_properties_of_tables_stand_in_the_order_of_the_schema(word):
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for table in word.tables:
        names = [element.tag.split("}")[1] for element in table._tbl.tblPr]
        assert names == [name for name in order if name in names]
    cells = ["tcW", "shd", "tcMar", "vAlign"]
    for cell in grids(word)[0].rows[0].cells:
        assert [element.tag.split("}")[1] for element in cell._tc.tcPr] == cells


def test_note_moves_with_the_last_row_of_its_table(word):
    votes, tasks = grids(word)[1:]
    last = [[line.paragraph_format.keep_with_next for line in cell.paragraphs] for cell in votes.rows[-1].cells]
    assert last == [[True]] * 7
    gap = votes._tbl.getnext()
    assert gap.pPr.find(qn("w:keepNext")) is not None
    assert "Ghi chú:" in "".join(piece.text or "" for piece in gap.getnext().iter(qn("w:t")))
    # A table without a note lets the text after it go.
    assert [cell.paragraphs[0].paragraph_format.keep_with_next for cell in tasks.rows[-1].cells] == [False] * 5


def test_lines_to_fill_by_hand_stay_together():
    document = docx.Document(io.BytesIO(minutes_word(made_of(admission_meeting()))))
    dotted = [line.paragraph_format.keep_with_next for line in document.paragraphs if line.text == "\t"]
    assert dotted == [True, True, False] * 4


def test_file_does_not_end_with_a_table_nor_in_english(word):
    last = word.element.body[-2]
    assert last.tag == qn("w:p")
    assert word.paragraphs[-1].paragraph_format.line_spacing.pt == 1
    assert {one.get(qn("w:val")) for one in word.styles.element.iter(qn("w:lang"))} == {"vi-VN"}
    # The library's own template is of 2013.
    assert [one.tag for one in word.core_properties._element if one.tag.endswith(("created", "modified"))] == []


def test_day_that_needs_a_line_of_its_own_is_not_broken():
    s = scene(members=7)
    s.unit.place = "Thành phố Phan Rang - Tháp Chàm"
    s.unit.save()
    made = made_of(s)
    assert made.paper.head.dateline_fit == "wrapped"
    wanted = "Thành phố Phan Rang - Tháp Chàm, ngày\xa007\xa0tháng\xa04\xa0năm\xa02023"
    assert made.paper.head.dateline == wanted
    document = docx.Document(io.BytesIO(minutes_word(made)))
    assert document.tables[0].rows[0].cells[1].paragraphs[1].text == wanted
