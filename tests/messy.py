"""Lists of members as people keep them, made in memory: workbooks of every kind, old fonts, old code pages.

`python -m tests.messy` writes tests/samples/danh-sach-200.xlsx anew. Nobody in it exists.
"""

import csv
import datetime
import io
import unicodedata
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.styles import Font

from branches.importing.legacy_tables import TCVN3, VNI
from reports.demo.people import FAMILY, FEMALE, MALE, MEN, WOMEN

SAMPLE = Path(__file__).parent / "samples" / "danh-sach-200.xlsx"
TONES = "\u0300\u0301\u0303\u0309\u0323"
_TO_VNI = {letter: sign for sign, letter in VNI.items()}
_TO_TCVN3 = {letter: sign for sign, letter in TCVN3.items()}


def xlsx(sheets: dict[str, list[list[object]]], *, merged=(), hidden=(), year_1904=False) -> bytes:
    """Sheets by name; `merged` ranges ("B4:C5") are those of the first one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    for area in merged:
        book.worksheets[0].merge_cells(area)
    if year_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    return saved(book)


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: list[list[object]], *, merged=()) -> bytes:
    """Excel 97; `merged` areas as (first row, last row, first column, last column, text)."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Trang 1")
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    covered = {(area[0], area[2]) for area in merged}
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None and (at, column) not in covered:
                sheet.write(at, column, cell, day if isinstance(cell, datetime.date) else xlwt.Style.default_style)
    for area in merged:
        sheet.write_merge(*area)
    return saved(book)


def ods(rows: list[list[object]]) -> bytes:
    """OpenDocument, with the endless empty rows that LibreOffice writes below a table."""

    def cell(value: object) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, datetime.date):
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
                f"<text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
            )
        if isinstance(value, (int, float)):
            start = f'<table:table-cell office:value-type="float" office:value="{value}">'
            return f"{start}<text:p>{value}</text:p></table:table-cell>"
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Trang 1">{body}<table:table-row '
        'table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def text_file(rows: list[list[object]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def windows_1258(text: str) -> bytes:
    """As Excel saves Vietnamese under Windows: a letter with its circumflex in one byte, its tone in another."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            bare = unicodedata.normalize("NFC", "".join(sign for sign in parts if sign not in TONES))
            out += bare.encode("cp1258") + "".join(sign for sign in parts if sign in TONES).encode("cp1258")
    return out


def in_vni(text: str) -> str:
    """As it was typed in a VNI font."""
    return "".join(_TO_VNI.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def in_tcvn3(text: str) -> str:
    """As it was typed in a .Vn font; capitals with a tone had no sign and were typed small."""
    return "".join(
        _TO_TCVN3.get(letter, _TO_TCVN3.get(letter.lower(), letter)) for letter in unicodedata.normalize("NFC", text)
    )


class Person:
    """An invented member: four-part names, so that none is one of the demo's."""

    def __init__(self, number: int):
        self.number = number
        self.sex = FEMALE if number % 5 in (1, 3) else MALE
        middle, given = WOMEN if self.sex == FEMALE else MEN
        second = given[(number * 3 + number // 11) % len(given)]
        self.family = f"{FAMILY[number * 7 % len(FAMILY)]} {middle[number * 3 % len(middle)]} {second}"
        self.given = given[(number * 5 + number // 20 + 1) % len(given)]
        self.name = f"{self.family} {self.given}"
        self.birth = datetime.date(1992 + number % 17, 1 + number * 5 % 12, 1 + number * 11 % 28)
        self.admitted = datetime.date(self.birth.year + 16, 3, 26)
        self.phone = f"0900001{number:03d}"
        self.personal = (
            f"099{'13'[self.sex == FEMALE] if self.birth.year < 2000 else '02'[0]}{self.birth:%y}{number:06d}"
        )
        self.code = f"VD{number:05d}"


def day(when: datetime.date, way: int) -> tuple[object, str]:
    """A date as somebody would put it into a cell, and what it means in ISO."""
    iso = when.isoformat()
    return (
        (f"{when:%d/%m/%Y}", iso),
        (f"{when.day}-{when.month}-{when:%y}", iso),
        (f"{when:%d.%m.%Y}", iso),
        (when, iso),
        ((when - datetime.date(1899, 12, 30)).days, iso),
        (when.year, iso[:4]),
        (f"{when.month}/{when.year}", iso[:7]),
        (f" {when.day} /{when.month}/ {when.year}", iso),
        (f"ngày {when.day} tháng {when.month} năm {when.year}", iso),
        (f"{when:%d/%m/%Y}", iso),
    )[way % 10]


def phone(person: Person, way: int) -> object:
    digits = person.phone
    return (
        digits,
        int(digits),
        f"{digits[:4]}.{digits[4:7]}.{digits[7:]}",
        f"+84{digits[1:]}",
        digits[1:],
        f"{digits[:4]} {digits[4:7]} {digits[7:]}",
    )[way % 6]


def named(person: Person, way: int) -> str:
    return (person.name, person.name.upper(), person.name.lower(), f"Đ/c {person.name}", f"  {person.name}  ",
            unicodedata.normalize("NFD", person.name))[way % 6]  # fmt: skip


def sample() -> tuple[bytes, dict[str, list[dict]]]:
    """The workbook of 200 members, and what each of its sheets means: one dictionary for each person, in order.

    Faulty rows have "problems", the codes that keep them out.
    """
    people = [Person(number) for number in range(1, 201)]
    book = openpyxl.Workbook()
    book.remove(book.active)
    meant = {
        "Khối cơ quan": _offices(book, people[:80]),
        "Khối phường": _wards(book, people[80:150]),
        "Danh sách cũ": _old_font(book, people[150:]),
    }
    notes = book.create_sheet("Danh mục")
    notes.append(["Họ và tên", "Ngày sinh"])
    notes.append(["Người trong trang ẩn", "1/1/2000"])
    notes.sheet_state = "hidden"
    return saved(book), meant


def _offices(book, people: list[Person]) -> list[dict]:
    """Two-row merged header, names in two columns, sex by the birth column, sum and signature below."""
    sheet, meant = book.create_sheet("Khối cơ quan"), []
    header = [
        [
            "STT",
            "Họ và tên",
            None,
            "Ngày, tháng, năm sinh",
            None,
            "Đoàn",
            None,
            "Số\nđiện thoại",
            "Trình độ",
            None,
            "Ghi chú",
        ],
        [None, None, None, "Nam", "Nữ", "Ngày vào", "Nơi vào", None, "Văn hóa", "Chuyên môn", None],
    ]
    for row in (["ĐOÀN PHƯỜNG AN BÌNH"], ["DANH SÁCH ĐOÀN VIÊN CÁC CHI ĐOÀN CƠ QUAN"], ["Năm 2026"], [], *header):
        sheet.append(row)
    for area in ("A1:D1", "A2:K2", "A5:A6", "B5:C6", "D5:E5", "F5:G5", "H5:H6", "I5:J5", "K5:K6"):
        sheet.merge_cells(area)
    sheet.append(list(range(1, 12)))
    for place, person in enumerate(people):
        if place == 40:  # the second printed page
            for row in header:
                sheet.append(row)
        birth, iso = day(person.birth, place)
        given_day, _ = day(person.admitted, place * 3)
        women = person.sex == FEMALE
        row = [
            place + 1,
            person.family,
            person.given,
            None if women else birth,
            birth if women else None,
            given_day,
            "Trường THPT An Bình",
            phone(person, place),
            "12/12",
            ("ĐH Luật", "Cử nhân kinh tế", "Thạc sỹ", None)[place % 4],
            ("", "BT", None)[place % 3],
        ]
        expected = {"full_name": person.name, "sex": person.sex, "birth_date": iso, "phone": person.phone}
        if place == 17:
            row[4 if women else 3] = "31/2/2001"
            expected = {"full_name": person.name, "sex": person.sex, "phone": person.phone, "problems": {"no_such_day"}}
        if place == 33:
            row[7] = "09000010"
            del expected["phone"]
            expected["problems"] = {"bad_phone"}
        sheet.append(row)
        meant.append(expected)
    sheet.append([None, "Tổng cộng: 80 đồng chí", None, 48, 32])
    sheet.append([])
    sheet.append([None, None, None, None, None, None, "An Bình, ngày 5 tháng 3 năm 2026"])
    sheet.append([None, "Người lập biểu", None, None, None, None, "TM. BAN CHẤP HÀNH"])
    sheet.append([None, "Lê Thu Hạnh"])
    return meant


def _wards(book, people: list[Person]) -> list[dict]:
    """Abbreviated header in one row, names in every case, dates and numbers as typed, persons named twice."""
    sheet, meant = book.create_sheet("Khối phường"), []
    sheet.append([None, "DANH SÁCH ĐOÀN VIÊN"])
    sheet.append(
        ["TT", "HỌ TÊN", "GT", "NTNS", "Số CMND/CCCD", "Mã ĐV", "D.Tộc", "T.Giáo", "SĐT", "E-mail", "Chỗ ở hiện nay"]
    )
    for place, person in enumerate([*people, people[3], people[20]]):
        birth, iso = day(person.birth, place)
        shown = (
            person.personal,
            int(person.personal),
            f"{person.personal[:3]} {person.personal[3:]}",
            float(person.personal),
        )
        sex = ("nam", "Nam") if person.sex == MALE else ("nu", "Nữ")
        row = [
            place + 1,
            named(person, place),
            sex[place % 2],
            birth,
            shown[place % 4],
            person.code,
            "Kinh",
            "Không",
            phone(person, place + 1),
            f"doanvien{person.number}@vidu.example",
            f"Tổ {1 + place % 9}, phường An Bình",
        ]
        expected = {
            "full_name": person.name,
            "sex": person.sex,
            "birth_date": iso,
            "phone": person.phone,
            "personal_number": person.personal,
            "national_code": person.code,
            "religion": "Không",
        }
        if place == 9:
            row[4] = "1.2E+11"
            del expected["personal_number"]
            expected["problems"] = {"lost_digits"}
        if place == 25:
            row[1] = None
            del expected["full_name"]
            expected["problems"] = {"no_name"}
        if place == 44:
            row[3] = "22/11/2031"
            del expected["birth_date"]
            expected["problems"] = {"future_date"}
        if place == 51:
            row[8] = f"{person.phone}/0900009999"
        if place == 60:
            row[3] = f"{person.birth.month}/{20 + person.birth.day % 8}/{person.birth.year}"
            expected["birth_date"] = f"{person.birth.year}-{person.birth.month:02d}-{20 + person.birth.day % 8}"
        sheet.append(row)
        meant.append(expected)
    sheet.append([f"Tổng cộng: {len(meant)} đ/c"])
    return meant


def _old_font(book, people: list[Person]) -> list[dict]:
    """Typed in a .Vn font years ago; women marked with an x, only the year of birth."""
    sheet, meant = book.create_sheet("Danh sách cũ"), []
    sheet.append([in_tcvn3("Danh sách đoàn viên khối trường học")])
    sheet.append([])
    sheet.append(
        [in_tcvn3(title) for title in ("STT", "Họ và tên", "Nữ", "Năm sinh", "Nghề nghiệp", "Quê quán", "Ghi chú")]
    )
    for place, person in enumerate(people):
        row = [place + 1, in_tcvn3(person.name), "x" if person.sex == FEMALE else None, person.birth.year,
               in_tcvn3("Giáo viên"), in_tcvn3("Xã Hòa Lạc, tỉnh An Giang"), None]  # fmt: skip
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.font = Font(name=".VnTime")
        meant.append(
            {"full_name": person.name, "sex": person.sex, "birth_date": str(person.birth.year), "job": "Giáo viên",
             "hometown": "Xã Hòa Lạc, tỉnh An Giang"}
        )  # fmt: skip
    return meant


if __name__ == "__main__":
    SAMPLE.write_bytes(sample()[0])
