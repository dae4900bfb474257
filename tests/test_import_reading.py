"""Reading lists of every kind: files, sheets, old fonts, headers."""

import datetime
import io
import struct
import time
import unicodedata
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from branches.importing import opening, reading
from branches.importing.cells import cells_of, parse_row
from branches.importing.headers import FIELDS, find_header, header_at
from branches.importing.legacy import UnknownText, repaired, sheet_encoding
from branches.importing.legacy_tables import TCVN3, VNI
from branches.importing.reading import Sheet, UnreadableFile, read_sheets
from branches.importing.texts import text_of
from reports.demo.people import FAMILY, MEN, WOMEN
from tests import messy

TODAY = datetime.date(2026, 11, 22)
ROWS = [["STT", "Họ và tên", "Ngày sinh"], [1, "Nguyễn Thị Hạnh", "22/11/2001"], [2, "Trần Văn Đức", "5/3/2000"]]
TEXTS = [[str(cell) for cell in row] for row in ROWS]


def refusal(content: bytes, name: str = "danh-sach.xlsx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(content, name)
    assert caught.value.message == str(caught.value) == reading.REASONS[caught.value.code]
    return caught.value.code


# Files


def test_workbook_keeps_texts_numbers_days_places_and_merged_areas():
    rows = [[], [None, "001099012345", 912345678, 1.5], [None, datetime.date(2001, 11, 22), True, "a\nb"], ["Nguyễn"]]
    content = messy.xlsx({"Chi đoàn 1": rows}, merged=("B2:C3",))

    (sheet,) = read_sheets(content, "x.xlsx")

    assert sheet == Sheet(
        "Chi đoàn 1",
        [
            [None, None, None, None],
            [None, "001099012345", None, 1.5],  # what a merged cell covers is gone
            [None, None, None, "a\nb"],
            ["Nguyễn", None, None, None],
        ],
        ((1, 1, 2, 2),),
        "",
    )


def test_days_booleans_and_the_1904_calendar():
    rows = [[datetime.date(2001, 11, 22), True, datetime.datetime(2001, 11, 22, 7, 30)]]  # noqa: DTZ001 (a cell has no zone)
    for old in (False, True):
        (sheet,) = read_sheets(messy.xlsx({"S": rows}, year_1904=old), "x.xlsx")
        assert sheet.rows == rows
        assert type(sheet.rows[0][0]) is datetime.date


def test_hidden_and_empty_sheets_are_left_out():
    content = messy.xlsx({"Một": ROWS, "Ẩn": ROWS, "Trống": [], "Hai": ROWS}, hidden=("Ẩn",))
    assert [sheet.name for sheet in read_sheets(content, "x.xlsx")] == ["Một", "Hai"]


def test_every_format_gives_the_same_rows():
    assert read_sheets(messy.xlsx({"S": ROWS}), "a.xlsx")[0].rows == ROWS
    assert read_sheets(messy.xls(ROWS), "a.xls")[0].rows == ROWS
    assert read_sheets(messy.ods(ROWS), "a.ods")[0].rows == ROWS
    for delimiter in ",;\t":
        text = messy.text_file(ROWS, delimiter)
        for content in (
            text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16"), messy.windows_1258(text),
            b"\xfe\xff" + text.encode("utf-16-be"), messy.in_vni(text).encode("latin-1"),
            messy.in_tcvn3(text).encode("latin-1"),
        ):  # fmt: skip
            assert read_sheets(content, "a.csv")[0].rows == TEXTS, (delimiter, content[:40])


def test_the_name_of_a_file_decides_nothing():
    page = "<html><table><tr><td>Họ và tên<td>Ngày sinh<tr><td>Lê Thị Ánh<td>1/1/2001</table></html>".encode()
    assert read_sheets(messy.xlsx({"S": ROWS}), "danh-sach.xls")[0].rows == ROWS
    assert read_sheets(messy.text_file(ROWS).encode(), "danh-sach.xls")[0].rows == TEXTS
    assert read_sheets(page, "danh-sach.xls")[0].rows == [["Họ và tên", "Ngày sinh"], ["Lê Thị Ánh", "1/1/2001"]]


def test_a_page_keeps_its_merged_cells():
    page = """<table><tr><th rowspan=2>Họ tên</th><th colspan=2>Ngày sinh</th></tr><tr><th>Nam<th>Nữ</tr>
        <tr><td>Lê&nbsp;Văn&#7841;</td><td></td><td>1/1<br>2001</td></tr></table>"""
    (sheet,) = read_sheets(page.encode(), "export.xls")
    assert sheet.rows == [["Họ tên", "Ngày sinh", None], [None, "Nam", "Nữ"], ["Lê Vănạ", None, "1/1 2001"]]
    assert sheet.merged == ((0, 0, 1, 0), (0, 1, 0, 2))


def test_excel_2003_xml():
    xml = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Tổ 1"><Table>
        <Row><Cell><Data ss:Type="String">Họ tên</Data></Cell><Cell ss:Index="3"><Data>Ngày sinh</Data></Cell></Row>
        <Row ss:Index="3"><Cell><Data>Lê A</Data></Cell>
        <Cell ss:Index="3"><Data>2001-11-22T00:00:00.000</Data></Cell></Row>
        </Table></Worksheet></Workbook>"""
    (sheet,) = read_sheets(xml.encode(), "a.xls")
    assert sheet.name == "Tổ 1"
    assert sheet.rows == [["Họ tên", None, "Ngày sinh"], [None, None, None], ["Lê A", None, "2001-11-22"]]


def test_text_files_of_exports():
    text = 'sep=;\n"Họ tên";"Số ĐT"\n"Lê; A";="0912345678"\n'
    assert read_sheets(text.encode(), "a.csv")[0].rows == [["Họ tên", "Số ĐT"], ["Lê; A", "0912345678"]]


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\x00", "empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_big"),
        (b"\x89PNG\r\n\x1a\n0000", "picture"),
        (b"\xff\xd8\xff\xe0 JFIF", "picture"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"{\\rtf1 ...}", "word"),
        (archive({"word/document.xml": b"<x/>"}), "word"),
        (archive({"mot.txt": b"x"}), "other"),
        (archive({"xl/workbook.xml": b"<x/>"}), "damaged"),
        (b"PK\x03\x04 half a file", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "password"),
        (b"<html><body>Xin dang nhap lai</body></html>", "page"),
        (bytes(range(256)) * 8, "other"),
        (b"\x00\x01\x02\x03MZ program", "other"),
        (archive({"content.xml": b"<x/>", "META-INF/manifest.xml": b"<m:encryption-data/>"}), "password"),
        (archive({"xl/workbook.xml": b"0" * (201 * 1024 * 1024)}), "too_big_inside"),
    ],
)
def test_what_is_no_list_gets_its_own_answer(content, code):
    assert refusal(content) == code


def test_limits():
    assert refusal(messy.text_file([["Họ tên"], *[["Lê A"]] * 20_000]).encode()) == "too_many_rows"
    assert len(read_sheets(messy.text_file([["Họ tên"], *[["Lê A"]] * 19_999]).encode(), "a.csv")[0].rows) == 20_000
    assert refusal(b"\n" * 50_000 + b"x") == refusal(b"<table>" + b"<tr><td>x" * 50_000) == "too_many_rows"
    assert refusal(messy.text_file([["x"] * 201]).encode()) == refusal(b"a," * 5000) == "too_many_columns"
    assert refusal(messy.xlsx({f"S{n}": [["x"]] for n in range(51)})) == "too_many_sheets"
    assert refusal(messy.xlsx({"S": []})) == "nothing_inside"


def test_a_cell_at_the_end_of_the_sheet_does_not_exhaust_the_server():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Họ tên", 1
    assert refusal(messy.saved(book)) == "too_big_inside"


def test_an_archive_that_lies_about_its_size_is_refused():
    content = bytearray(messy.xlsx({"S": ROWS}))
    central = content.rindex(b"PK\x01\x02")
    real = struct.unpack_from("<I", content, central + 24)[0]
    struct.pack_into("<I", content, central + 24, max(real // 2, 1))
    assert refusal(bytes(content)) == "damaged"


WHOLE = {"xlsx": messy.xlsx({"S": ROWS}), "xls": messy.xls(ROWS), "ods": messy.ods(ROWS), "csv": b'"a;b\n1;2'}


def mutated(content: bytes, changes: list[tuple[int, int]], cut: int) -> bytes:
    changed = bytearray(content)
    for place, value in changes:
        changed[place % len(changed)] = value
    return bytes(changed[: len(changed) - cut % len(changed)])


CHANGES = st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.sampled_from(sorted(WHOLE)), changes=CHANGES, cut=st.one_of(st.just(0), st.integers(0, 100_000)))
def test_damaged_files_are_refused_and_nothing_else(kind, changes, cut):
    try:
        sheets = read_sheets(mutated(WHOLE[kind], changes, cut), f"a.{kind}")
    except UnreadableFile:
        return
    assert all(isinstance(sheet, Sheet) for sheet in sheets)


@settings(max_examples=150, deadline=None)
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode)))
@example(content=b"\xcc?\xf6")
@example(content=b'"' + b"x" * 140_000)
@example(content=b"<table>" * 3000)
@example(content=b"\xff\xfe<\x00")
@example(content=b"<table><tr><td colspan=99999 rowspan=99999>x" * 9)
def test_any_bytes_are_read_or_refused(content):
    try:
        for sheet in read_sheets(content, "a.csv"):
            find_header(sheet)
    except UnreadableFile:
        pass


def test_a_list_in_an_old_font_with_a_lost_letter_is_read():
    """One cell went through a program that did not know its letters; the others are still what they were."""
    rows = ["Họ và tên;Quê quán", "Nguyễn Thị Hạnh;xã Đông Hòa", "Lê Thị Ánh;Bình Dương", "Đỗ Văn Trường;Ninh Bình"]
    content = messy.in_tcvn3("\n".join(rows)).encode("latin-1") + b"\nNguy?n Th\xde Hoa;Hu\xd5"
    [sheet] = read_sheets(content, "a.csv")
    names = [text_of(row[0]) for row in sheet.rows]
    assert names[1:4] == ["Nguyễn Thị Hạnh", "Lê Thị Ánh", "Đỗ Văn Trường"]
    assert names[4].startswith("Nguy?n")  # to be typed anew


def test_a_table_cut_short_is_refused_at_once():
    """The reading library would wait for its end until the time of its process is used up."""
    with zipfile.ZipFile(io.BytesIO(messy.ods(ROWS))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["content.xml"] = parts["content.xml"][: parts["content.xml"].index(b"Nguy")]
    started = time.monotonic()
    assert refusal(archive(parts)) == "damaged"
    assert time.monotonic() - started < 8


def test_the_process_that_opens_files_says_what_went_wrong():
    limits = {"most_sheets": 50, "most_rows": 20_000, "most_columns": 200}
    assert opening.opened(b"nothing", **limits) == {"error": "damaged"}
    assert opening.cell_of(float("nan")) is None
    assert opening.cell_of(1.2e11) == 120_000_000_000


# Old fonts

LETTERS = "aăâeêioôơuưy"


def test_the_tables_have_every_letter():
    tones = "\u0300\u0309\u0303\u0301\u0323"
    small = {unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in ["", *tones]} | {"đ"}
    marked = {letter for letter in small if not letter.isascii()}
    assert len(marked) == 67
    assert set(VNI.values()) == marked | {letter.upper() for letter in marked}
    assert set(TCVN3.values()) == marked | set("ĂÂÊÔƠƯĐ")


NAMES = st.builds(
    lambda family, pair, given: f"{family} {pair[0]} {given}",
    st.sampled_from(FAMILY),
    st.sampled_from([(middle, 0) for middle in (*WOMEN[0], *MEN[0])]),
    st.sampled_from([*WOMEN[1], *MEN[1], "Ánh", "Ân", "Oanh", "Ưng", "Quỳnh", "Nguyệt", "Thủy", "Đức", "Ý"]),
)


@settings(max_examples=300, deadline=None)
@given(NAMES)
def test_a_name_comes_back_from_the_old_fonts(name):
    for convert, kind in ((messy.in_vni, "vni"), (messy.in_tcvn3, "tcvn3")):
        for text in (name, name.upper()) if kind == "vni" else (name,):
            old = convert(text)
            if old != text:
                assert repaired(old, kind) == (text, kind)


@pytest.mark.parametrize(
    ("text", "meant", "kind"),
    [
        ("NguyÔn ThÞ H¹nh", "Nguyễn Thị Hạnh", "tcvn3"),
        ("NGUYÔN THÞ H¹NH", "NGUYỄN THỊ HẠNH", "tcvn3"),  # the capital font: small signs meant as capitals
        ("Lª ThÞ ¸nh", "Lê Thị Ánh", "tcvn3"),
        ("x· §«ng Hßa, tØnh B×nh D\xad¬ng", "xã Đông Hòa, tỉnh Bình Dương", "tcvn3"),
        ("Nguyeãn Thò Haïnh", "Nguyễn Thị Hạnh", "vni"),
        ("NGUYEÃN THÒ HAÏNH", "NGUYỄN THỊ HẠNH", "vni"),
        ("Traàn Vaên Ñöùc", "Trần Văn Đức", "vni"),
        ("Aùnh", "Ánh", "vni"),
        ("Nguyá»…n VÄƒn Äá»©c", "Nguyễn Văn Đức", "utf8"),
        ("Đoàn viên NguyÔn ThÞ H¹nh", "Đoàn viên Nguyễn Thị Hạnh", "mixed"),
    ],
)
def test_old_text_is_recognised_by_itself(text, meant, kind):
    assert repaired(text) == (meant, kind)


@pytest.mark.parametrize("text", ["Nguy?n V?n ?", "Tr\ufffdn", "Nguyá»n V"])
def test_lost_letters_are_said(text):
    with pytest.raises(UnknownText):
        repaired(text)


PROPER = """
Nguyễn Văn Đức|Lê Na|Hà|Hòa|Hoà|Hoàn|Thò|Vũ|Võ|Đỗ|Tô|Cù|Hồ|Y|Ý|Ô|Đ|ª|º|µm|30°C|m²|§ 5|«Nam»|Café|naïve|BD00001|
12/12|Đắk Lắk|Krông Pắc|Y Bhôk Niê|H'Mai Êban|K’Brêu|ten@vidu.vn|a.b+c@vidu.example|0912345678|1.200.000|
Tổ 5, phường An Bình|Cần Thơ|Huế|Đà Nẵng|Kỹ sư|Cử nhân luật|Thạc sĩ|Đại học|Cao đẳng|Trung cấp|Không|Kinh|Tày|Nùng|
Mường|Thái|Khmer|Hoa|Chăm|Ê Đê|Ba Na|Gia Rai|Phật giáo|Công giáo|Tin lành|Cao Đài|Bí thư|Phó bí thư|Ủy viên|
Đoàn viên|Nữ|Nam|nữ|nam|Ghi chú|Xuất sắc|Khá|Tốt|Giỏi|Trung bình|Yếu|Số nhà 12A/3|Quốc lộ 1A|TP. Hồ Chí Minh|TP.HCM|
Q.1|Bà Rịa - Vũng Tàu|Thừa Thiên Huế|ấp Mỹ Hòa|khóm 3|thôn Đông|xóm Chùa|làng Vòng|bản Lác|buôn Đôn|Trường THPT|
Học viện|Sở Tư pháp|Tòa án|Viện kiểm sát|Thi hành án|Công an|Quân đội|Bộ đội|Giáo viên|Bác sĩ|Y tá|Điều dưỡng|
Kế toán|Văn thư|Lái xe|Bảo vệ|Sinh viên|Học sinh|Nông dân|Công nhân|Tự do|Kinh doanh|Nội trợ|Thợ may|Đang học|
Mất việc|Nguyễn Thị Ánh|Trần Thị Bé|Lê Út|Phạm Út Em|Hoàng Âu|Vũ Ơn|Đặng Ưng|Bùi Ý Nhi|Đỗ Ái|Hồ Ẩn|Ngô Ẩm|Dương Ất|
Lý Ốc|Phan Ổn|Võ Ỷ|Trịnh Ứng|Mai Ừ|Cao Ủy|Tạ Ụ|ôi|ơi|ưu|yêu|oán|uống|ươm|khuya|khuỷu|quýt|quốc|gì|giếng|nghiêng|
ngoằn|nguệch|loè|loà|xoè|oà|uý|thuỷ|thủy|hoạ|họa|già|giặt|ghế|kẻ|nhà|phở|trà|chị|khế|ăn|âm|em|ê|in|on|ô|ơ|un|ư|ỷ|à|
á|ả|ã|ạ|è|é|ẻ|ẽ|ẹ|ì|í|ò|ó|ù|ú|ý|â|ê|ăng|ân|ôn|ơn|ung|ưng|Lê Ông|Tôn Nữ|Công Tằng|Hà Tiên|Hòn Gai|Sóc Trăng|Bến Tre|
Vĩnh Long|Trà Vinh|Long An|Tiền Giang|Đồng Tháp|An Giang|Kiên Giang|Cà Mau|Bạc Liêu|Hậu Giang|Lào Cai|Yên Bái|
Sơn La|Điện Biên|Lai Châu|Hòa Bình|Bắc Kạn|“Anh hùng”|– không –|5 × 3|±2|½|©|®|×|…
"""


def test_proper_text_is_never_touched():
    words = [word.strip() for word in PROPER.replace("\n", "").split("|")]
    assert len(words) > 200
    assert [word for word in words if repaired(word) != (word, "")] == []


def test_a_short_cell_is_read_as_its_column_is():
    sheet = Sheet("S", [[messy.in_vni(cell)] for cell in ("Họ và tên", "Nguyễn Thị Hạnh", "Trần Văn Đức")])
    assert sheet_encoding(sheet) == "vni"
    assert sheet_encoding(Sheet("S", ROWS)) == ""
    assert repaired("Thò") == ("Thò", "")
    assert repaired("Thò", "vni") == ("Thị", "vni")
    assert repaired("ª", "tcvn3") == ("ê", "tcvn3")
    assert repaired("Lê", "vni") == ("Lê", "")


def test_a_sheet_says_what_was_converted():
    def legacy(rows):
        return read_sheets(messy.xlsx({"S": rows}), "a.xlsx")[0]

    old = [[messy.in_tcvn3(cell) if isinstance(cell, str) else cell for cell in row] for row in ROWS]
    assert legacy(old) == Sheet("S", ROWS, (), "tcvn3")
    assert legacy(ROWS).legacy == ""
    one_column = [[row[0], messy.in_vni(row[1]), row[2], "Số nhà 5, phường Hòa Lạc"] for row in ROWS]
    assert legacy(one_column) == Sheet("S", [[*row, "Số nhà 5, phường Hòa Lạc"] for row in ROWS], (), "vni")
    assert legacy([*old, [3, messy.in_vni("Nguyễn Thị Thảo"), None]]).legacy == "mixed"


# Headers


def found(rows, merged=(), remembered=None):
    header = find_header(Sheet("S", rows, merged), remembered)
    return header and (header.rows, [column.field for column in header.columns], header.first_row)


def test_title_rows_and_a_two_row_header():
    rows = [
        ["CHI ĐOÀN THÔN 1"],
        ["DANH SÁCH ĐOÀN VIÊN NĂM 2026"],
        [],
        [
            "STT",
            "Họ và tên",
            None,
            "Ngày sinh",
            None,
            "Đoàn",
            None,
            "Trình độ",
            None,
            None,
            "Ngày vào Đảng",
            None,
            "Ghi chú",
        ],
        [None, None, None, "Nam", "Nữ", "Ngày vào", "Nơi vào", "Văn hóa", "Chuyên môn", "LLCT", "Dự bị", "Chính thức"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        [1, "Nguyễn Thị", "Hạnh", None, "22/11/2001", "26/3/2016", "THPT An Bình"],
    ]
    fields = ["", "family_names", "given_name", "birth_date_male", "birth_date_female", "admitted_on", "admitted_at",
              "education", "education", "politics", "joined_party_on", "official_party_on", ""]  # fmt: skip
    merged = ((3, 1, 4, 2), (3, 3, 3, 4), (3, 5, 3, 6), (3, 7, 3, 9), (3, 10, 3, 11), (3, 0, 4, 0))
    assert found(rows, merged) == ((4, 5), fields, 7)
    assert found(rows) == ((4, 5), fields, 7), "a text file has no merged cells"


def test_titles_are_kept_as_printed_and_told_apart():
    rows = [["Họ và tên", None, "Ngày\nsinh"], ["Lê Thị", "Ánh", "1/1/2001"]]
    header = find_header(Sheet("S", rows, ((0, 0, 0, 1),)))
    assert [(one.title, one.key, one.sure) for one in header.columns] == [
        ("Họ và tên", "ho va ten 1", True),
        ("Họ và tên", "ho va ten 2", True),
        ("Ngày sinh", "ngay sinh", True),
    ]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("HỌ VÀ TÊN", "full_name"),
        ("ho va ten", "full_name"),
        ("Họ tên đ/c", "full_name"),
        ("Đ/c", "full_name"),
        ("Ngày, tháng, năm sinh", "birth_date"),
        ("Năm sinh", "birth_date"),
        ("NTNS", "birth_date"),
        ("Giới tính (Nam/Nữ)", "sex"),
        ("Nữ", "is_female"),
        ("Giới tính (nữ: x)", "is_female"),
        ("SĐT", "phone"),
        ("Số ĐT", "phone"),
        ("ĐTDĐ", "phone"),
        ("CMND/CCCD", "personal_number"),
        ("Số định danh cá nhân", "personal_number"),
        ("TĐVH", "education"),
        ("NVĐ", "admitted_on"),
        ("T.Giáo", "religion"),
        ("Mã ĐV", "national_code"),
        ("Ngày vào Đoàn TNCS\nHồ Chí Minh", "admitted_on"),
        ("Chức vụ Đoàn", ""),
        ("Ghi chú", ""),
        ("Xếp loại", ""),
        ("Quê quán", "hometown"),
        ("Nơi ở hiện nay", "address"),
        ("Đơn vị", "unit"),
        ("Lý luận chính trị", "politics"),
        ("Ngày chính thức", "official_party_on"),
        ("E-mail", "email"),
        ("D.tộc", "ethnicity"),
        ("Số thẻ ĐV", "card_number"),
    ],
)
def test_synonyms(title, field):
    rows = [
        [
            "STT",
            "Họ và tên" if field != "full_name" else "Ghi chú",
            title,
            "Dân tộc" if field != "ethnicity" else "Tôn giáo",
        ],
        [1, "Lê Thị Ánh", "x", "Kinh"],
        [2, "Lê Văn Khôi", None, "Kinh"],
    ]
    column = find_header(Sheet("S", rows)).columns[2]
    assert (column.field, column.sure) == (field, True)


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_our_own_labels_are_understood(field):
    rows = [["Họ và tên", FIELDS[field]] if field != "full_name" else ["STT", FIELDS[field]], ["Lê A", "x"]]
    header = header_at(Sheet("S", rows), (1,))
    mixed = {"full_name": "full_name", "birth_date_male": "is_male", "birth_date_female": "is_female"}
    assert header.columns[1].field == mixed.get(field, field)


def test_one_row_of_words_is_not_taken_for_a_second_header_row():
    assert found([["Họ tên", "Giới tính", "Dân tộc"], ["Lê Thị Ánh", "Nữ", "Kinh"]]) == (
        (1,),
        ["full_name", "sex", "ethnicity"],
        2,
    )


def test_day_month_and_year_in_three_columns():
    rows = [
        ["Họ và tên", "Ngày sinh", None, None, "SĐT"],
        [None, "Ngày", "Tháng", "Năm"],
        ["Lê A", 5, 3, 2001, "0912345678"],
    ]
    assert found(rows) == ((1, 2), ["full_name", "birth_day", "birth_month", "birth_year", "phone"], 3)


def test_places_below_one_title_are_joined_and_of_two_the_present_one_is_taken():
    rows = [["Họ và tên", "Nơi ở hiện nay", None], [None, "Xã", "Tỉnh"], ["Lê A", "Hòa Lạc", "An Giang"]]
    sheet = Sheet("S", rows, ((0, 1, 0, 2),))
    header = find_header(sheet)
    assert cells_of(header, rows[2]) == {"full_name": "Lê A", "address": "Hòa Lạc, An Giang"}
    rows = [["Họ và tên", "Địa chỉ thường trú", "Chỗ ở hiện nay"], ["Lê A", "Xã Hòa Lạc", "Phường An Bình"]]
    assert found(rows)[1] == ["full_name", "", "address"]


def test_a_column_without_title_beside_the_name_is_the_given_name():
    rows = [["STT", "Họ và tên", "", "Ngày sinh"], [1, "Lê Thị", "Ánh", "1/1/2001"], [2, "Lê Văn", "Khôi", "1/1/2001"]]
    assert found(rows)[1] == ["", "family_names", "given_name", "birth_date"]


def test_what_was_remembered_beats_the_guess():
    rows = [["Họ và tên", "Mã số", "Quê quán"], ["Lê A", "BD1", "Huế"]]
    assert found(rows)[1] == ["full_name", "", "hometown"]
    assert found(rows, remembered={"ma so": "national_code", "que quan": ""})[1] == ["full_name", "national_code", ""]


def test_a_post_in_the_branch_is_no_job():
    rows = [["Họ và tên", "Chức vụ", "ĐT", "DT"], ["Lê Thị Ánh", "BT", "0912345678", "Kinh"], ["Lê A", "Đoàn viên"]]
    assert found(rows)[1] == ["full_name", "", "phone", "ethnicity"]
    rows[2][1] = rows[1][1] = "Chuyên viên"
    assert found(rows)[1] == ["full_name", "job", "phone", "ethnicity"]


def test_no_header_and_a_header_that_is_pointed_at():
    assert found([["Chào các bạn"], ["Danh sách đoàn viên nộp sau"]]) is None
    assert found([[1, 2], [3, 4]]) is None
    rows = [["a", "b"], ["Nguyễn Văn A", "Kinh"]]
    header = header_at(Sheet("S", rows), (1,))
    assert ([column.field for column in header.columns], header.first_row) == (["", ""], 2)
    assert header_at(Sheet("S", rows), (99,)).columns


# The whole way


def understood(sheet: Sheet) -> list[dict]:
    header = find_header(sheet)
    people = []
    for row in sheet.rows[header.first_row - 1 :]:
        parsed = parse_row(cells_of(header, row), today=TODAY)
        if parsed.kind == "person":
            stopping = {problem.code for problem in parsed.problems if problem.stops}
            values = {name: getattr(value, "iso", value) for name, value in parsed.values.items()}
            people.append(values | ({"problems": stopping} if stopping else {}))
    return people


def test_the_messy_list_of_200_is_understood():
    content, meant = messy.sample()
    sheets = read_sheets(messy.SAMPLE.read_bytes(), messy.SAMPLE.name)
    assert [sheet.rows for sheet in sheets] == [sheet.rows for sheet in read_sheets(content, "a.xlsx")]
    assert {sheet.name: sheet.legacy for sheet in sheets} == {
        "Khối cơ quan": "", "Khối phường": "", "Danh sách cũ": "tcvn3",
    }  # fmt: skip
    for sheet in sheets:
        people = understood(sheet)
        assert len(people) == len(meant[sheet.name])
        for person, expected in zip(people, meant[sheet.name], strict=True):
            assert {name: person.get(name) for name in {*expected, "problems"}} == {"problems": None} | expected
    names = {
        expected.get("full_name")
        for expected in [*meant["Khối cơ quan"], *meant["Khối phường"], *meant["Danh sách cũ"]]
    }
    assert len(names - {None}) == 199, "200 members, one of them without a name, two of them named twice"
