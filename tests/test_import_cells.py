"""One row of a list: what its cells mean and what is said about them."""

import datetime
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branches.days import PartialDay
from branches.importing.cells import ParsedRow, cells_of, parse_row, text_of
from branches.importing.education import level_of
from branches.importing.header_words import FIELDS
from branches.importing.headers import find_header, meaning
from branches.importing.reading import Sheet

TODAY = datetime.date(2026, 11, 22)


def row(**cells) -> ParsedRow:
    return parse_row({"full_name": "Lê Thị Ánh", **cells}, today=TODAY)


def said(parsed: ParsedRow) -> list[tuple[str, str, bool]]:
    return [(problem.field, problem.code, problem.stops) for problem in parsed.problems]


# Text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, ""),
        ("", ""),
        ("  Lê \n Thị\u00a0Ánh ", "Lê Thị Ánh"),
        (1.20099012345e11, "120099012345"),
        (912345678.0, "912345678"),
        (5, "5"),
        (1.5, "1.5"),
        (datetime.date(2001, 3, 5), "05/03/2001"),
        (datetime.datetime(2001, 3, 5), "05/03/2001"),  # noqa: DTZ001
        (True, "Có"),
        ("'0912345678", "0912345678"),
        ('="0912345678"', "0912345678"),
        ("NguyÔn ThÞ H¹nh", "Nguyễn Thị Hạnh"),
        ("a\u0301", "á"),
        ("\ufeffLê\u200b", "Lê"),
    ],
)
def test_a_cell_as_a_person_reads_it(raw, text):
    assert text_of(raw) == text


# Names


@pytest.mark.parametrize(
    ("written", "name", "codes"),
    [
        ("Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh", []),
        ("NGUYỄN THỊ HẠNH", "Nguyễn Thị Hạnh", []),
        ("nguyễn thị hạnh", "Nguyễn Thị Hạnh", []),
        ("Nguyễn thị Hạnh", "Nguyễn Thị Hạnh", []),
        ("NGUYỄN Thị Hạnh", "Nguyễn Thị Hạnh", []),
        ("Đ/c Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh", []),
        ("đồng chí: Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh", []),
        ("Anh Nguyễn Văn Lộc", "Nguyễn Văn Lộc", []),
        ("Bà Trần Thị Lan", "Trần Thị Lan", []),
        ("Ông Ích Khiêm", "Ông Ích Khiêm", []),  # a family name
        ("1. Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh", []),
        ("H'MAI ÊBAN", "H'Mai Êban", []),
        ("Nguyễn Thị Hạnh (BT)", "Nguyễn Thị Hạnh", ["mark_in_name"]),
        ("Nguyễn Thị Hạnh *", "Nguyễn Thị Hạnh", ["mark_in_name"]),
        ("Nguyễn Thị Hạnh - Bí thư", "Nguyễn Thị Hạnh", ["mark_in_name"]),
        ("Hạnh", "Hạnh", ["one_word_name"]),
        ("Tống Thị Cộng", "Tống Thị Cộng", []),  # not a sum
        ("Công Tằng Tôn Nữ Ý", "Công Tằng Tôn Nữ Ý", []),
        ("Đoàn Thị Chi", "Đoàn Thị Chi", []),
        ("Hoàng Bí Thư", "Hoàng Bí Thư", []),
    ],
)
def test_names(written, name, codes):
    parsed = parse_row({"full_name": written, "phone": "0912345678"}, today=TODAY)
    assert parsed.values["full_name"] == name
    assert [code for _, code, stops in said(parsed) if not stops] == codes


def test_names_in_two_columns_and_names_that_are_none():
    assert parse_row({"family_names": "NGUYỄN THỊ", "given_name": "HẠNH"}, today=TODAY).values == {
        "full_name": "Nguyễn Thị Hạnh"
    }
    assert said(row(full_name="Nguyễn Văn 5")) == [("full_name", "bad_name", True)]
    assert said(row(full_name=None, phone="0912345678", email="a@b.vn")) == [("full_name", "no_name", True)]
    (problem,) = row(full_name="Nguy?n V?n H", phone="0912345678").problems
    assert (problem.code, problem.stops) == ("legacy_text", True)
    assert problem.message == "Chữ trong ô “Nguy?n V?n H” bị lỗi phông, không đọc lại được. Hãy gõ lại ô này."


# Days


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("22/11/2001", "2001-11-22"),
        ("5-3-01", "2001-03-05"),
        ("05.03.2001", "2001-03-05"),
        ("22 /11/ 2001", "2001-11-22"),
        ("ngày 5 tháng 3 năm 2001", "2001-03-05"),
        ("05 tháng 3 năm 2001", "2001-03-05"),
        ("tháng 3 năm 2001", "2001-03"),
        ("Ngày 5/3/2001", "2001-03-05"),
        ("năm 2001", "2001"),
        ("3/2001", "2001-03"),
        ("2001", "2001"),
        (2001, "2001"),
        (2001.0, "2001"),
        ("2001-11-22", "2001-11-22"),
        ("2001-11-22 00:00:00", "2001-11-22"),
        ("22112001", "2001-11-22"),
        (22112001, "2001-11-22"),
        (5032001, "2001-03-05"),
        (36852, "2000-11-22"),
        (36852.0, "2000-11-22"),
        ("36852", "2000-11-22"),
        (112001, "2001-11"),
        (11.2001, "2001-11"),
        (9.199, "1990-09"),
        (datetime.date(2001, 11, 22), "2001-11-22"),
        (datetime.datetime(2001, 11, 22, 8, 0), "2001-11-22"),  # noqa: DTZ001
        (datetime.date(1905, 6, 23), "2001"),  # a year in a cell made for dates
        ("00/00/2001", "2001"),
        ("00/11/2001", "2001-11"),
        ("../../2001", "2001"),
        ("--/03/2001", "2001-03"),
        ("O5/O3/2001", "2001-03-05"),
        ("22,11,2001", "2001-11-22"),
        ("22//11/2001", "2001-11-22"),
        ("22 11 2001", "2001-11-22"),
        ("22\\11\\2001", "2001-11-22"),
        ("22/11/2001.", "2001-11-22"),
        ("5/3/98", "1998-03-05"),
        ("12/3/68", "1968-03-12"),
        ("29/2/2000", "2000-02-29"),
    ],
)
def test_days(raw, iso):
    parsed = row(birth_date=raw)
    assert (said(parsed), parsed.values["birth_date"].iso) == ([], iso)


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("31/2/2001", "no_such_day", "Không có ngày “31/2/2001”. Hãy ghi ngày, tháng, năm, ví dụ 22/11/2001."),
        (
            "khoảng 2001",
            "unreadable_date",
            "Không đọc được ngày “khoảng 2001”. Hãy ghi ngày, tháng, năm, ví dụ 22/11/2001.",
        ),
        ("22/11", "no_year", "Ngày “22/11” thiếu năm. Hãy ghi ngày, tháng, năm, ví dụ 22/11/2001."),
        ("22/11/2031", "future_date", "Ngày “22/11/2031” sau ngày hôm nay. Hãy xem lại năm."),
        ("22/11/1901", "absurd_year", "Năm 1901 quá xa. Hãy xem lại ngày “22/11/1901”."),
        (7, "unreadable_date", "Không đọc được ngày “7”. Hãy ghi ngày, tháng, năm, ví dụ 22/11/2001."),
        (-5.5, "unreadable_date", "Không đọc được ngày “-5.5”. Hãy ghi ngày, tháng, năm, ví dụ 22/11/2001."),
        ("29/2/2001", "no_such_day", "Không có ngày “29/2/2001”. Hãy ghi ngày, tháng, năm, ví dụ 22/11/2001."),
    ],
)
def test_days_that_are_none(raw, code, message):
    parsed = row(birth_date=raw)
    (problem,) = parsed.problems
    assert (problem.field, problem.code, problem.message, problem.stops) == ("birth_date", code, message, True)
    assert "birth_date" not in parsed.values


def test_a_month_written_before_the_day_is_read_with_a_remark():
    parsed = row(birth_date="11/22/2001")
    assert parsed.values["birth_date"].iso == "2001-11-22"
    assert said(parsed) == [("birth_date", "month_first", False)]


def test_other_days():
    parsed = row(admitted_on="3/2016", joined_party_on="2020", official_party_on="3/2/2021")
    assert said(parsed) == []
    assert (parsed.values["admitted_on"].iso, parsed.values["joined_party_on"].iso) == ("2016-03", "2020")
    assert parsed.values["official_party_on"] == datetime.date(2021, 2, 3)
    assert said(row(official_party_on="2021")) == [("official_party_on", "needs_full_day", True)]
    assert said(row(joined_party_on="x")) == [("joined_party_on", "unreadable_date", False)]
    assert row(joined_party_on="Chưa").values == {"full_name": "Lê Thị Ánh"}
    parts = row(birth_day=5, birth_month="3", birth_year=2001)
    assert parts.values["birth_date"].iso == "2001-03-05"
    assert row(birth_day=None, birth_month=3, birth_year=2001).values["birth_date"].iso == "2001-03"


# Sex


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("Nam", "male"),
        ("nữ", "female"),
        ("NU", "female"),
        ("nam", "male"),
        ("M", "male"),
        ("F", "female"),
        ("Nữ ", "female"),
    ],
)
def test_sex_in_words(written, sex):
    assert row(sex=written).values["sex"] == sex


def test_sex_by_the_column_that_is_filled():
    assert row(birth_date_male="2001", birth_date_female=None).values["sex"] == "male"
    assert row(birth_date_male=None, birth_date_female="2001").values["sex"] == "female"
    assert row(is_female="x").values["sex"] == "female"
    assert row(is_female=1).values["sex"] == "female"
    assert row(is_female=None).values["sex"] == row(is_female=0).values["sex"] == "male"
    assert row(is_female=None, is_male="x").values["sex"] == "male"
    assert "sex" not in row(is_female=None, is_male=None).values
    assert said(row(birth_date_male="2001", birth_date_female="2002")) == [
        ("birth_date", "two_births", True),
        ("sex", "sex_unclear", True),
    ]
    assert said(row(sex="Nam", birth_date_female="2002")) == [("sex", "sex_unclear", True)]
    assert said(row(sex="x")) == [("sex", "sex_unclear", False)]
    assert "sex" not in row(sex="x").values


# Numbers


@pytest.mark.parametrize(
    ("raw", "number", "codes"),
    [
        ("0912345678", "0912345678", []),
        (912345678, "0912345678", []),
        (912345678.0, "0912345678", []),
        ("912345678", "0912345678", []),
        ("+84912345678", "0912345678", []),
        ("84912345678", "0912345678", []),
        ("0084912345678", "0912345678", []),
        ("+84 (0) 912 345 678", "0912345678", []),
        ("0912.345.678", "0912345678", []),
        ("0912 345 678", "0912345678", []),
        ("0912-345-678", "0912345678", []),
        ("9.12345678E+08", "0912345678", []),
        ("0912345678/0987654321", "0912345678", ["two_numbers"]),
        ("0912345678 - 0987654321", "0912345678", ["two_numbers"]),
        ("0912345678 0987654321", "0912345678", ["two_numbers"]),
        ("01662345678", "0362345678", ["renumbered"]),
        ("1662345678", "0362345678", ["renumbered"]),
        ("01232345678", "0832345678", ["renumbered"]),
        ("02438251234", "02438251234", []),
        ("024 3825 1234", "02438251234", []),
        (2438251234, "02438251234", []),
    ],
)
def test_phone_numbers(raw, number, codes):
    parsed = row(phone=raw)
    assert (parsed.values["phone"], said(parsed)) == (number, [("phone", code, False) for code in codes])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("09123", "bad_phone"),
        ("0112345678", "bad_phone"),
        ("hỏi sau", "bad_phone"),
        ("9.1E+08", "lost_digits"),
        ("09123456789", "bad_phone"),
    ],
)
def test_phone_numbers_that_are_none(raw, code):
    parsed = row(phone=raw)
    assert said(parsed) == [("phone", code, True)]
    assert "phone" not in parsed.values


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("001099012345", "001099012345"),
        (1099012345.0, "001099012345"),
        (1.20099012345e11, "120099012345"),
        (79099012345, "079099012345"),
        ("001 099 012345", "001099012345"),
        ("1.099012345E+09", "001099012345"),
        ("CCCD: 001099012345", "001099012345"),
        ("012345678", "012345678"),
        (12345678, "012345678"),
        (123456789, "123456789"),
        ("001099012345 cấp 1/2/2021", "001099012345"),
    ],
)
def test_personal_numbers(raw, number):
    parsed = row(personal_number=raw)
    assert (parsed.values["personal_number"], said(parsed)) == (number, [])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1.2E+11", "lost_digits"),
        (1.2e11, "lost_digits"),
        ("1.20099E+11", "lost_digits"),
        ("12345", "bad_personal_number"),
        ("B1234567", "bad_personal_number"),
        ("0010990123456", "bad_personal_number"),
        (99999999999, "bad_personal_number"),
    ],
)
def test_personal_numbers_that_are_none(raw, code):
    parsed = row(personal_number=raw)
    assert said(parsed) == [("personal_number", code, True)]
    assert "personal_number" not in parsed.values


def test_addresses_of_mail():
    assert row(email=" Ten @Gmail.com ").values["email"] == "ten@gmail.com"
    assert row(email="mailto:ten@vidu.vn,").values["email"] == "ten@vidu.vn"
    assert row(email="ten@gmail,com").values["email"] == "ten@gmail.com"
    two = row(email="mot@vidu.vn; hai@vidu.vn")
    assert (two.values["email"], said(two)) == ("mot@vidu.vn", [("email", "two_emails", False)])
    for wrong in ("ten", "ten@", "tên@vidu.vn", "a@b"):
        assert said(row(email=wrong)) == [("email", "bad_email", True)]


# The rest


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("ĐH", "university"),
        ("Cử nhân luật", "university"),
        ("Kỹ sư", "university"),
        ("Thạc sỹ", "master"),
        ("ThS. Luật", "master"),
        ("12/12", "high_school"),
        ("THPT", "high_school"),
        ("Cao đẳng", "college"),
        ("TC", "vocational"),
        ("9/12", "secondary"),
        ("12/12, Đại học Luật", "university"),
        ("Tiến sĩ", "doctor"),
        ("Đại học", "university"),
        ("Bác sĩ", "university"),
        ("Trung học cơ sở", "secondary"),
        ("Sinh viên năm 3 ĐH Luật", "high_school"),
        ("Khác", ""),
        ("", ""),
        ("university", "university"),
    ],
)
def test_the_level_of_education(text, level):
    assert level_of(text) == level
    assert row(education=text).values.get("education_level", "") == level


def test_a_column_of_its_own_says_the_level():
    values = row(education="Luật", education_level="Đại học").values
    assert (values["education"], values["education_level"]) == ("Luật", "university")
    assert said(row(education_level="cao")) == [("education_level", "level_unclear", False)]


def test_blank_and_none_are_no_values_but_no_religion_is_an_answer():
    cells = {"phone": "-", "email": "Không có", "job": "  ", "discipline": "Không", "religion": "Không", "address": "…"}
    assert row(**cells).values == {"full_name": "Lê Thị Ánh", "religion": "Không"}
    assert row(religion="-").values == {"full_name": "Lê Thị Ánh"}


def test_what_is_longer_than_the_register_holds():
    parsed = row(job="x" * 121)
    (problem,) = parsed.problems
    assert (problem.code, problem.stops) == ("too_long", True)
    assert problem.message == f"Công việc, chức vụ dài quá 120 chữ: “{'x' * 40}…”. Hãy ghi ngắn lại."
    assert row(job="x" * 120).values["job"] == "x" * 120


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"full_name": None, "phone": ""}, "empty"),
        ({"full_name": "Tổng cộng: 25 đồng chí"}, "total"),
        ({"full_name": "Tổng"}, "total"),
        ({"full_name": "Cộng"}, "total"),
        ({"full_name": "CỘNG", "phone": 12}, "total"),
        ({"full_name": "Tổng nữ đoàn viên"}, "total"),
        ({"full_name": "Tổng Thị Hoa"}, "person"),  # Tổng and Cộng are family names, too
        ({"full_name": "TỔNG VĂN BÌNH", "birth_date": "01/02/2001"}, "person"),
        ({"full_name": "Cộng Thị Mai", "phone": "0905111222"}, "person"),
        ({"full_name": "Cộng: 25 đ/c", "birth_date_female": 12}, "total"),
        ({"full_name": "TỔNG SỐ", "phone": 3}, "total"),
        ({"full_name": "TM. BAN CHẤP HÀNH"}, "note"),
        ({"full_name": "Người lập biểu", "job": "BÍ THƯ"}, "note"),
        ({"full_name": None, "job": "An Bình, ngày 5 tháng 3 năm 2026"}, "note"),
        ({"full_name": "I. KHỐI CƠ QUAN"}, "note"),
        ({"full_name": "Chi đoàn thôn 2"}, "note"),
        ({"full_name": "Họ và tên", "birth_date": "Ngày sinh", "phone": "SĐT"}, "header"),
        ({"full_name": 2, "birth_date": 3, "phone": 4}, "header"),
        ({"full_name": "Tống Thị Lan"}, "person"),
        ({"full_name": None, "birth_date": "1/1/2001", "phone": "0912345678"}, "person"),
        ({"full_name": "Đoàn Văn Khối", "birth_date": "2001"}, "person"),
    ],
)
def test_rows_that_are_no_persons(cells, kind):
    parsed = parse_row(cells, today=TODAY)
    assert parsed.kind == kind
    assert kind == "person" or (parsed.values, parsed.problems) == ({}, ())


def test_who_signed_the_list_is_not_in_it():
    rows = [["STT", "Họ và tên", "Ngày sinh", "SĐT", "Nghề nghiệp"], [1, "Lê Thị Ánh", "1/1/2001", None, None],
            [2, "Trần Văn Lộc", None, None, None], ["Tổng cộng: 2", None, "1", None, None],
            [None, "Lê Thu Hạnh", None, None, None], [None, "Cao Văn Lộc", "1/1/2001", None, None]]  # fmt: skip
    header = find_header(Sheet("S", rows))
    kinds = [parse_row(cells_of(header, one), today=TODAY).kind for one in rows[1:]]
    assert kinds == ["person", "person", "total", "note", "person"]


def test_single_corrected_cells_are_understood_without_a_name():
    parsed = parse_row({"job": "Bí thư"}, today=TODAY)
    assert (parsed.kind, parsed.values) == ("person", {"job": "Bí thư"})


CELLS = st.one_of(
    st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
    st.from_regex(r"[0-9]{1,4}[/.\- ,]{0,2}[0-9]{0,4}[/.\-]?[0-9]{0,9}([eE]\+?[0-9]{0,12})?", fullmatch=True),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), CELLS))
def test_any_cells_are_understood_or_refused(cells):
    parsed = parse_row(cells, today=TODAY)
    assert parsed.kind in {"person", "empty", "total", "header", "note"}
    assert all(value not in (None, "") for value in parsed.values.values())
    assert {problem.field for problem in parsed.problems} <= set(FIELDS)


def test_ten_thousand_rows_take_about_a_second():
    """Processor time, so that a busy machine does not decide; the bound leaves room for slow ones."""
    titles = [
        "STT",
        "Họ và tên",
        "Giới tính",
        "Ngày sinh",
        "CCCD",
        "Dân tộc",
        "Trình độ",
        "Ngày vào Đoàn",
        "SĐT",
        "Email",
        "Địa chỉ",
        "Quê quán",
    ]
    rows = [titles] + [
        [
            n,
            f"Nguyễn Thị {'ABCDE'[n % 5]}{n % 97} Hạnh".translate({48 + d: 97 + d for d in range(10)}),
            "Nữ",
            f"{1 + n % 28}/{1 + n % 12}/2001",
            1099000000.0 + n,
            "Kinh",
            "Cử nhân luật",
            f"26/3/{2005 + n % 20}",
            900000000 + n,
            f"dv{n}@vidu.example",
            f"Tổ {n}",
            "Huế",
        ]
        for n in range(10_000)
    ]
    header = find_header(Sheet("S", rows))
    started = time.process_time()
    parsed = [parse_row(cells_of(header, one), today=TODAY) for one in rows[1:]]
    spent = time.process_time() - started
    assert sum(1 for one in parsed if one.kind == "person" and not one.problems) == 10_000
    assert spent < 4, f"{spent:.2f} s"


def test_who_signed_below_the_column_of_birth_dates_is_not_in_the_list():
    def kind(**cells):
        return parse_row({"full_name": None, **cells}, today=TODAY).kind

    said = ("BÍ THƯ", "Trần Văn Ký", "Hà Nội, ngày 2 tháng 3 năm 2026", "Trong đó nữ: 0")
    assert [kind(birth_date=text) for text in said] == ["note", "note", "note", "total"]
    assert [kind(birth_date=text) for text in ("12/5/1999", "1999", "31/2/1999")] == ["person"] * 3


def test_whole_numbers_of_a_text_file_lose_their_point_and_no_digit():
    parsed = row(
        phone="912345678.0", personal_number="79200012345.0", national_code="1234567890.0", birth_date="1999.0"
    )
    assert parsed.problems == ()
    assert parsed.values == {
        "full_name": "Lê Thị Ánh", "birth_date": PartialDay.read("1999"), "phone": "0912345678",
        "personal_number": "079200012345", "national_code": "1234567890",
    }  # fmt: skip
    assert row(national_code="nan", phone="nan").values == {"full_name": "Lê Thị Ánh"}


@pytest.mark.parametrize(
    ("title", "field"),
    [("Họ và chữ lót", "family_names"), ("Đảng viên (ngày vào Đảng)", "joined_party_on")],
)
def test_titles_that_cost_half_a_name_or_a_date(title, field):
    assert meaning((title,)) == (field, True)
