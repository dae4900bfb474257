"""The minutes on paper: every word of a whole one, the Word file equal to the PDF, the other kinds of meeting."""

import datetime
import io
import re

import docx
import pytest
from django.urls import reverse
from docx.oxml.ns import qn
from pypdf import PdfReader

from branches.meetings.minutes_record import record_of
from branches.models import AgendaItem, Attendance, Ballot, Conclusion, Meeting, Minutes
from branches.restructuring import rename_unit
from reports.papers.minutes import minutes_html, minutes_paper, minutes_word
from reports.papers.pdf import render_pdf
from tests.factories import UnitFactory, account_at
from tests.minuting import DAY, scene, signed, written
from tests.printed import tables_of

pytestmark = pytest.mark.django_db

HEAD = (
    "ĐOÀN KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP TỈNH CHI ĐOÀN CỤC THI HÀNH ÁN DÂN SỰ TỈNH *** Số: ……-BB/CĐ "
    "ĐOÀN TNCS HỒ CHÍ MINH An Hòa, ngày 07 tháng 4 năm 2023 "
    "BIÊN BẢN Sinh hoạt chi đoàn định kỳ tháng 4 năm 2023 ----------- "
)
BODY = (
    "I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN "
    "1. Thời gian, địa điểm: bắt đầu lúc 14 giờ 00 phút ngày 07/04/2023, tại Phòng họp tầng 2, trụ sở cơ quan; "
    "hình thức trực tiếp. "
    "2. Chủ trì: đồng chí Phan Thị Thu Hoài, Bí thư Chi đoàn. "
    "3. Thư ký: đồng chí Nguyễn Đức Toàn, ủy viên Ban Chấp hành. "
    "4. Đại biểu: đồng chí Lương Văn Quyết, Bí thư Chi bộ. "
    "5. Đoàn viên: có mặt 18/20 đồng chí, bằng 90%. Vắng 02 đồng chí: Tạ Quang Huy (có lý do: đi công tác) và "
    "Mai Thị Lệ (không có lý do). "
    "II. NỘI DUNG "
    "1. Kiểm điểm việc đã giao tại buổi sinh hoạt tháng 3 "
    "Bảng 1. Kết quả thực hiện việc đã giao "
    "TT Công việc Người thực hiện Thời hạn Kết quả "
    "1 Gửi báo cáo quý I cho Đoàn cấp trên Phan Thị Thu Hoài 25/03/2023 Hoàn thành: Đã gửi "
    "2 Vận động đoàn viên hiến máu đợt 26/3 Trịnh Hữu Phước 26/03/2023 Hoàn thành: 06 lượt người "
    "3 Cập nhật dữ liệu đoàn viên trên phần mềm Nguyễn Đức Toàn 31/03/2023 Chưa xong; đã chuyển 1 lần "
    "2. Thông tin, chủ điểm sinh hoạt "
    "Đồng chí Nguyễn Đức Toàn thông tin về Tháng Thanh niên. "
    "3. Tiếp thu ý kiến chỉ đạo của Chi bộ "
    "Đồng chí Phan Thị Thu Hoài truyền đạt ý kiến của đồng chí Bí thư Chi bộ: lượng hóa kết quả. "
    "4. Thảo luận "
    "- Đồng chí Trịnh Hữu Phước: đề nghị nhận đỡ đầu 01 xã nghèo. "
    "- Đồng chí Hồ Ngọc Ánh: đề nghị lập 01 tổ hỗ trợ rà soát án tồn. "
    "5. Biểu quyết "
    "Bảng 2. Kết quả biểu quyết (18 đoàn viên có quyền biểu quyết có mặt) "
    "TT Nội dung Hình thức Tán thành Không tán thành Ý kiến khác Kết quả "
    "1 Kế hoạch thực hiện 05 nhóm nhiệm vụ năm 2023 Giơ tay 18 0 0 Thông qua (100%) "
    "2 Nhận đỡ đầu 01 xã nghèo Giơ tay 16 0 2 Thông qua (88,9%) "
    "3 Giới thiệu đoàn viên ưu tú: đồng chí Hồ Ngọc Ánh Phiếu kín: phát ra 18, thu về 18, hợp lệ 17 15 2 0 "
    "Thông qua (83,3%) "
    "Ghi chú: tỷ lệ tính trên số đoàn viên có mặt (18). "
    "6. Phân công công việc "
    "Bảng 3. Công việc phải làm sau buổi họp "
    "TT Công việc Người thực hiện Thời hạn Kết quả phải có "
    "1 Tổ chức 01 buổi chuyên đề phòng, chống tham nhũng Nguyễn Đức Toàn 12/05/2023 "
    "Biên bản; ít nhất 18 lượt người dự "
    "2 Ra quân công sở sáng, xanh, sạch, đẹp Ban Chấp hành Không nêu 01 buổi/tháng "
    "3 Cập nhật dữ liệu đoàn viên trên phần mềm (giao từ ngày 03/03/2023) Nguyễn Đức Toàn 31/03/2023 "
    "20/20 đoàn viên "
    "7. Đoàn phí "
    "Thu đoàn phí tháng 4/2023 của 18 đoàn viên, mức 5.000 đồng/người, số tiền 90.000 đồng; "
    "còn 02 đoàn viên chưa nộp. "
    "8. Ý kiến, kiến nghị của đoàn viên "
    "Đề nghị Chi bộ cho phép tổ hỗ trợ tiếp cận danh mục hồ sơ. "
    "III. KẾT LUẬN "
    "Đồng chí chủ trì kết luận: thực hiện 03 việc tại Bảng 3. "
    "Buổi sinh hoạt kết thúc lúc 16 giờ 05 phút cùng ngày. Biên bản đã được đọc lại cho mọi người cùng nghe; "
    "18/18 đoàn viên có mặt nhất trí thông qua./. "
)
SIGNS = "THƯ KÝ (Ký, ghi rõ họ tên) CHỦ TRÌ (Ký, ghi rõ họ tên) Nguyễn Đức Toàn Phan Thị Thu Hoài"


def plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def words_of_html(html: str) -> str:
    import html as markup

    body = html[html.index("<body") :].replace('<div class="fills">', " ....... ")
    body = re.sub(r"</(td|th|p|h1|h2|h3|div|small|span)>|<br>|(?=<small|<span)", " ", body)
    return plain(markup.unescape(re.sub(r"<[^>]+>", "", body)))


def words_of_docx(content: bytes) -> list[str]:
    """Everything a reader sees, in order: paragraphs, and cells row by row."""
    document = docx.Document(io.BytesIO(content))
    found = []
    for element in document.element.body.iterchildren():
        if element.tag == qn("w:p"):
            found.append(_text(element))
        elif element.tag == qn("w:tbl"):
            for cell in element.iter(qn("w:tc")):
                found.extend(_text(line) for line in cell.iter(qn("w:p")))
    return [plain(text) for text in found if plain(text)]


def _text(element) -> str:
    return "".join(piece.text or "" for piece in element.iter(qn("w:t")))


def families(pdf: bytes) -> set[str]:
    reader = PdfReader(io.BytesIO(pdf))
    names = set()
    for page in reader.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            names.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    return names


def page_text(pdf: bytes) -> str:
    return plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def made_of(s, **options):
    return minutes_paper(record_of(s.fresh(), s.minutes()), **options)


def test_whole_paper_word_for_word():
    s = scene()
    signed(s)
    html, _ = minutes_html(made_of(s))
    assert words_of_html(html) == plain(HEAD + BODY + SIGNS)


def test_word_file_says_what_the_pdf_says():
    s = scene()
    signed(s)
    made = made_of(s)
    html, layout = minutes_html(made)
    word = minutes_word(made)
    # Sentence by sentence, cell by cell: the same words in the same order.
    assert plain(" ".join(words_of_docx(word))) == plain(HEAD + BODY + SIGNS) == words_of_html(html)
    tables = [
        [[plain(cell.text) for cell in row.cells] for row in table.rows]
        for table in docx.Document(io.BytesIO(word)).tables
    ]
    # The first table of the file is its head, the last its signatures.
    assert tables[1:-1] == _grids(html)
    pdf = render_pdf(html, layout=layout)
    squeezed = re.sub(r"\s", "", page_text(pdf))
    for sentence in words_of_docx(word):
        assert re.sub(r"\s", "", sentence) in squeezed, sentence


def _grids(html: str):
    from tests import printed

    silent, printed.SILENT = printed.SILENT, ("svg",)
    try:
        return [table for table in tables_of(html) if table and table[0][0] == "TT"]
    finally:
        printed.SILENT = silent


def test_pdf_embeds_only_liberation_serif_and_numbers_from_page_two():
    s = scene()
    signed(s)
    html, layout = minutes_html(made_of(s))
    pdf = render_pdf(html, layout=layout)
    assert {name.split("-Bold")[0].split("-Italic")[0] for name in families(pdf)} == {"Liberation-Serif"}
    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) >= 2
    assert not pages[0].startswith("1 ")
    assert all(text.startswith(f"{place} ") or text.endswith(f" {place}") for place, text in enumerate(pages[1:], 2))


def test_word_page_has_the_layout_of_the_pdf():
    s = scene()
    signed(s)
    document = docx.Document(io.BytesIO(minutes_word(made_of(s))))
    (section,) = document.sections
    in_mm = [round(length.mm) for length in (section.page_width, section.page_height)]
    margins = [
        round(length.mm)
        for length in (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    ]
    assert (in_mm, margins) == ([210, 297], [20, 20, 20, 30])
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    fonts = {element.get(qn("w:ascii")) for element in document.styles.element.iter(qn("w:rFonts"))}
    assert "Times New Roman" in fonts
    grids = document.tables[1:-1]
    assert [bool(table.rows[0]._tr.findall(f".//{qn('w:tblHeader')}")) for table in grids] == [True, True, True]
    # Every run that is printed has that face: none names another.
    assert {element.get(qn("w:ascii")) for element in document.element.body.iter(qn("w:rFonts"))} <= {None}


def test_what_is_missing_is_dotted_and_never_none():
    s = scene(members=7)
    s.meeting.place, s.meeting.ends_at, s.meeting.chair = "", None, None
    s.meeting.save()
    Attendance.objects.filter(meeting=s.meeting).delete()
    html, _ = minutes_html(made_of(s))
    text = words_of_html(html)
    assert f"bắt đầu lúc 14 giờ 00 phút ngày 07/04/2023, tại {'…' * 8}; hình thức trực tiếp." in text
    assert f"2. Chủ trì: đồng chí {'…' * 10}." in text
    assert "5. Đoàn viên: có mặt ……/…… đồng chí." in text
    assert "2. Thông tin, chủ điểm sinh hoạt ......." in text  # dotted lines
    assert "Buổi sinh hoạt kết thúc lúc …… giờ …… phút cùng ngày." in text
    assert "……/…… đoàn viên có mặt nhất trí thông qua./." in text
    assert "None" not in text
    assert "None" not in " ".join(words_of_docx(minutes_word(made_of(s))))


def test_confirmation_of_the_superior_is_a_third_column_when_asked():
    s = scene(members=7)
    written(s)
    assert "XÁC NHẬN" not in words_of_html(minutes_html(made_of(s))[0])
    made = made_of(s, needs_confirmation=True)
    assert [name for *_, name in made.signers] == ["", "Nguyễn Đức Toàn", "Phan Thị Thu Hoài"]
    assert "XÁC NHẬN CỦA ĐOÀN CẤP TRÊN (Ký, đóng dấu)" in words_of_html(minutes_html(made)[0])


def of_kind(s, kind, title, *items):
    """The same people at another kind of meeting, with votes under each point."""
    AgendaItem.objects.filter(meeting=s.meeting).delete()
    s.meeting.tasks.all().delete()
    s.meeting.kind, s.meeting.title = kind, title
    s.meeting.save()
    for place, (name, decision, votes) in enumerate(items, start=1):
        item = AgendaItem.objects.create(meeting=s.meeting, position=place, title=name, subject=s.people[NAMES[place]])
        Ballot.objects.create(
            item=item, question=name, decision=decision, means="secret", entitled=20, present=18, issued=18,
            returned=18, votes_for=votes, votes_against=18 - votes, written_by=s.by,
        )  # fmt: skip
    return words_of_html(minutes_html(made_of(s))[0])


NAMES = ("", "Trịnh Hữu Phước", "Hồ Ngọc Ánh")


def test_discipline_states_two_thirds_and_the_members_word():
    s = scene()
    text = of_kind(
        s, Meeting.Kind.DISCIPLINE, "Xét kỷ luật tháng 4", ("Xét kỷ luật đồng chí Trịnh Hữu Phước", "discipline", 12)
    )
    assert "BIÊN BẢN Xét kỷ luật tháng 4 -----------" in text  # the title says what the form would
    assert (
        "6. Đoàn viên có quyền biểu quyết có mặt 18/20, đủ điều kiện tiến hành biểu quyết (phải có ít nhất 2/3)."
    ) in text
    assert "II. NỘI DUNG 1. Tự kiểm điểm của đoàn viên ......." in text
    assert "Người được xem xét: đồng chí Trịnh Hữu Phước." in text
    assert "Phiếu kín: phát ra 18, thu về 18, hợp lệ 18 12 6 0 Thông qua (66,7%)" in text
    assert "Ý kiến của đoàn viên bị xét kỷ luật ......." in text
    assert "Đoàn phí" not in text


def test_outstanding_vote_is_one_person_at_a_time():
    s = scene()
    text = of_kind(
        s, Meeting.Kind.OUTSTANDING, "Họp bình chọn đoàn viên ưu tú năm 2023",
        ("Đồng chí Trịnh Hữu Phước", "outstanding", 9), ("Đồng chí Hồ Ngọc Ánh", "outstanding", 10),
    )  # fmt: skip
    assert "BIÊN BẢN Họp bình chọn đoàn viên ưu tú năm 2023 -----------" in text
    assert text.index("Bảng 2. Kết quả biểu quyết") < text.index("Bảng 3. Kết quả biểu quyết")
    assert "1 Đồng chí Trịnh Hữu Phước Phiếu kín: phát ra 18, thu về 18, hợp lệ 18 9 9 0 Không thông qua (50%)" in text
    assert "1 Đồng chí Hồ Ngọc Ánh Phiếu kín: phát ra 18, thu về 18, hợp lệ 18 10 8 0 Thông qua (55,6%)" in text


def test_committee_speaks_of_its_members_and_its_own_tasks():
    s = scene()
    text = of_kind(s, Meeting.Kind.COMMITTEE, "Phiên tháng 4")
    assert "6. Ủy viên Ban Chấp hành có quyền biểu quyết có mặt 18/20, đủ điều kiện" in text
    assert "II. NỘI DUNG ....... III. KẾT LUẬN ......." in text  # nothing typed, so nothing but lines to fill
    assert "Họp Ban Chấp hành Phiên tháng 4" in text
    assert "5. Ủy viên Ban Chấp hành: có mặt 18/20 đồng chí" in text
    assert "Gửi báo cáo quý I" not in text  # a task of the branch's own meeting
    assert "18 ủy viên Ban Chấp hành có mặt nhất trí thông qua./." in text


def test_conclusions_of_the_points_stand_under_the_last_chapter():
    s = scene(members=7)
    Conclusion.objects.create(item=s.items["discuss"], position=1, text="Giao đồng chí Ánh lập tổ hỗ trợ.")
    text = words_of_html(minutes_html(made_of(s))[0])
    assert "III. KẾT LUẬN - Giao đồng chí Ánh lập tổ hỗ trợ. Buổi sinh hoạt kết thúc" in text


def test_signed_paper_is_the_same_after_everything_around_it_changed():
    s = scene()
    minutes = signed(s)
    before = words_of_html(minutes_html(made_of(s))[0])
    member = s.people["Phan Thị Thu Hoài"]
    member.full_name = "Tên Khác Hẳn"
    member.save()
    s.unit.place, s.unit.document_code, s.unit.printed_lines = "Nơi khác", "XX", "TÊN\nKHÁC"
    s.unit.save()
    s.meeting.tasks.all().delete()
    Ballot.objects.filter(item__meeting=s.meeting).delete()
    Attendance.objects.filter(meeting=s.meeting).update(state="absent")
    AgendaItem.objects.filter(meeting=s.meeting).delete()
    rename_unit(unit=s.unit, name="Chi đoàn Mới", on=DAY, decision="1-QĐ", decided_on=DAY, by=None)
    assert words_of_html(minutes_html(made_of(s))[0]) == before
    minutes.refresh_from_db()
    # Negative control: read anew, the same meeting tells another story.
    minutes.state = Minutes.State.DRAFT
    assert words_of_html(minutes_html(minutes_paper(record_of(s.fresh(), minutes)))[0]) != before


def test_papers_are_for_readers_and_say_what_they_are(client):
    s = scene(members=7)
    minutes = written(s)
    pdf, word = (reverse(f"reports:minutes_{kind}", args=[minutes.pk]) for kind in ("pdf", "docx"))
    client.force_login(account_at(UnitFactory()))
    assert [client.get(pdf).status_code, client.get(word).status_code] == [404, 404]
    client.force_login(s.other)
    answer = client.get(pdf)
    assert answer.content.startswith(b"%PDF")
    assert "(DỰ THẢO, CHƯA KÝ)" in page_text(answer.content)
    answer = client.get(word)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "(DỰ THẢO, CHƯA KÝ)" in words_of_docx(answer.content)


def test_minutes_about_single_people_are_not_for_every_member(client):
    s = scene(members=7)
    minutes = written(s)
    member = account_at(s.unit, "member")
    urls = [reverse("reports:minutes_pdf", args=[minutes.pk]), reverse("branches:minutes", args=[s.meeting.pk])]
    client.force_login(member)
    assert [client.get(url).status_code for url in urls] == [200, 200]
    Meeting.objects.filter(pk=s.meeting.pk).update(kind=Meeting.Kind.DISCIPLINE)
    assert [client.get(url).status_code for url in urls] == [404, 404]
    client.force_login(s.other)
    assert [client.get(url).status_code for url in urls] == [200, 200]


def test_day_of_a_meeting_past_midnight_is_named():
    s = scene(members=7)
    s.meeting.ends_at = s.meeting.starts_at + datetime.timedelta(hours=11)
    s.meeting.save()
    text = words_of_html(minutes_html(made_of(s))[0])
    assert "kết thúc lúc 01 giờ 00 phút ngày 08 tháng 4 năm 2023." in text
