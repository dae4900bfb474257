"""The units: two ministries' worth of names would be too many, a province, a ministry and a city are enough.

The province and the city do not exist. Bodies whose names are in the founding cases keep their names.
"""

import datetime

from branches.models import Unit
from branches.restructuring import move_unit, rename_unit

from .loading import Demo
from .people import FEMALE, FORMER_SECRETARY, MALE, MEMBER, SECRETARY, Part

Day = datetime.date
Kind = Unit.Kind
FOUNDED = Day(2012, 3, 26)
AN_HOA, HA_NOI, TAN_PHONG = {"place": "An Hòa"}, {"place": "Hà Nội"}, {"place": "Tân Phong"}

# code, kind, name, superior, fields; a superior comes before what stands under it
UNITS = [
    ("trung-uong", Kind.CENTRAL, "Trung ương Đoàn", None,
     {"document_code": "TWĐTN", "party_body": "Ban Bí thư Trung ương Đảng"} | HA_NOI),
    ("khoi-trung-uong", Kind.PROVINCE, "Đoàn Khối các cơ quan Trung ương", "trung-uong",
     {"document_code": "ĐTNK", "party_body": "Đảng ủy Khối các cơ quan Trung ương"} | HA_NOI),
    ("bo-tu-phap", Kind.ABOVE_GRASSROOTS, "Đoàn Thanh niên Bộ Tư pháp", "khoi-trung-uong",
     {"document_code": "ĐTN", "party_body": "Đảng ủy Bộ Tư pháp"} | HA_NOI),
    ("cuc-cntt", Kind.GRASSROOTS_BRANCH, "Chi đoàn Cục Công nghệ thông tin", "bo-tu-phap",
     {"party_body": "Chi bộ Cục Công nghệ thông tin"} | HA_NOI),
    ("tinh-doan", Kind.PROVINCE, "Tỉnh đoàn An Hòa", "trung-uong",
     {"document_code": "TĐTN", "party_body": "Tỉnh ủy An Hòa"} | AN_HOA),
    ("doan-khoi", Kind.ABOVE_GRASSROOTS, "Đoàn Khối các cơ quan tỉnh", "tinh-doan",
     {"document_code": "ĐK", "printed_lines": "Đoàn Khối\ncác cơ quan tỉnh",
      "party_body": "Đảng ủy Khối các cơ quan tỉnh"} | AN_HOA),
    ("doan-khoi-dn", Kind.ABOVE_GRASSROOTS, "Đoàn Khối doanh nghiệp tỉnh", "tinh-doan",
     {"document_code": "ĐKDN", "party_body": "Đảng ủy Khối doanh nghiệp tỉnh"} | AN_HOA),
    ("so-tttt", Kind.GRASSROOTS_BRANCH, "Chi đoàn Sở Thông tin và Truyền thông", "doan-khoi",
     {"printed_lines": "Chi đoàn Sở Thông tin\nvà Truyền thông",
      "party_body": "Chi bộ Sở Thông tin và Truyền thông"} | AN_HOA),
    ("cuc-thads", Kind.GRASSROOTS_BRANCH, "Chi đoàn Cục Thi hành án dân sự tỉnh", "doan-khoi",
     {"printed_lines": "Chi đoàn Cục\nThi hành án dân sự tỉnh",
      "party_body": "Đảng ủy Cục Thi hành án dân sự tỉnh"} | AN_HOA),
    ("tt-hanh-chinh-cong", Kind.GRASSROOTS_BRANCH,
     "Chi đoàn Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính tỉnh", "doan-khoi",
     {"party_body": "Chi bộ Văn phòng Ủy ban nhân dân tỉnh"} | AN_HOA),
    ("so-ldtbxh", Kind.GRASSROOTS_BRANCH, "Chi đoàn Sở Lao động – Thương binh và Xã hội", "doan-khoi",
     {"party_body": "Đảng ủy Sở Lao động – Thương binh và Xã hội"} | AN_HOA),
    ("vp-ubnd", Kind.GRASSROOTS_BRANCH, "Chi đoàn Văn phòng Ủy ban nhân dân tỉnh", "doan-khoi",
     {"party_body": "Đảng ủy Văn phòng Ủy ban nhân dân tỉnh"} | AN_HOA),
    ("so-nn", Kind.GRASSROOTS_UNION, "Đoàn cơ sở Sở Nông nghiệp và Phát triển nông thôn", "doan-khoi",
     {"document_code": "ĐTN", "party_body": "Đảng ủy Sở Nông nghiệp và Phát triển nông thôn"} | AN_HOA),
    ("so-nn-vp", Kind.BRANCH, "Chi đoàn Văn phòng Sở", "so-nn", AN_HOA),
    ("so-nn-thuy-loi", Kind.BRANCH, "Chi đoàn Chi cục Thủy lợi", "so-nn", AN_HOA),
    ("so-nn-khuyen-nong", Kind.BRANCH, "Chi đoàn Trung tâm Khuyến nông", "so-nn", AN_HOA),
    ("so-tnmt", Kind.GRASSROOTS_BRANCH, "Chi đoàn Sở Tài nguyên và Môi trường", "doan-khoi",
     {"party_body": "Đảng ủy Sở Tài nguyên và Môi trường"} | AN_HOA),
    ("so-tu-phap", Kind.GRASSROOTS_BRANCH, "Chi đoàn Sở Tư pháp", "doan-khoi",
     {"party_body": "Chi bộ Sở Tư pháp"} | AN_HOA),
    ("thanh-tra", Kind.GRASSROOTS_BRANCH, "Chi đoàn Thanh tra tỉnh", "doan-khoi",
     {"party_body": "Chi bộ Thanh tra tỉnh"} | AN_HOA),
    ("bql-kcn", Kind.GRASSROOTS_BRANCH, "Chi đoàn Ban Quản lý khu công nghiệp", "doan-khoi-dn",
     {"party_body": "Chi bộ Ban Quản lý các khu công nghiệp tỉnh"} | AN_HOA),
    ("thanh-doan", Kind.PROVINCE, "Thành đoàn Tân Phong", "trung-uong",
     {"document_code": "TĐTN", "party_body": "Thành ủy Tân Phong"} | TAN_PHONG),
    ("det-may", Kind.GRASSROOTS_UNION, "Đoàn Công ty Cổ phần Dệt may Tân Phong", "thanh-doan",
     {"document_code": "ĐTN", "party_body": "Đảng ủy Công ty Cổ phần Dệt may Tân Phong"} | TAN_PHONG),
    ("det-may-soi", Kind.BRANCH, "Chi đoàn Phân xưởng Sợi", "det-may", TAN_PHONG),
    ("det-may-may", Kind.BRANCH, "Chi đoàn Phân xưởng May", "det-may", TAN_PHONG),
    ("xay-lap", Kind.GRASSROOTS_UNION, "Đoàn Công ty Cổ phần Xây lắp Tân Phong", "thanh-doan",
     {"document_code": "ĐTN", "party_body": "Đảng ủy Công ty Cổ phần Xây lắp Tân Phong"} | TAN_PHONG),
    ("xay-lap-vp", Kind.BRANCH, "Chi đoàn Khối văn phòng", "xay-lap", TAN_PHONG),
    ("xay-lap-cong-truong", Kind.BRANCH, "Chi đoàn Công trường số 1", "xay-lap", TAN_PHONG),
]  # fmt: skip

# branch → members, on the roll since
ROLLS = {
    "cuc-cntt": (15, Day(2018, 3, 26)),
    "so-tttt": (14, Day(2017, 1, 1)),
    "cuc-thads": (26, Day(2022, 1, 1)),
    "tt-hanh-chinh-cong": (16, Day(2024, 1, 1)),
    "so-ldtbxh": (21, Day(2024, 1, 1)),
    "vp-ubnd": (18, Day(2024, 1, 1)),
    "so-nn-vp": (20, Day(2024, 1, 1)),
    "so-nn-thuy-loi": (24, Day(2024, 1, 1)),
    "so-nn-khuyen-nong": (20, Day(2024, 1, 1)),
    "so-tnmt": (27, Day(2024, 1, 1)),
    "so-tu-phap": (19, Day(2024, 1, 1)),
    "thanh-tra": (9, Day(2024, 1, 1)),
    "bql-kcn": (12, Day(2024, 1, 1)),
    "det-may-soi": (34, Day(2021, 7, 1)),
    "det-may-may": (27, Day(2021, 7, 1)),
    "xay-lap-vp": (22, Day(2021, 7, 1)),
    "xay-lap-cong-truong": (26, Day(2021, 7, 1)),
}
# Members whose code of the national software nobody had entered when case D was told.
UNCODED = {"det-may-soi": 12, "det-may-may": 6, "xay-lap-vp": 2, "xay-lap-cong-truong": 12}
CAST_OF = {
    "so-tttt": [
        Part(Day(2017, 1, 1), FORMER_SECRETARY, MALE, 23),
        Part(Day(2019, 1, 1), SECRETARY, FEMALE, 22),
        Part(Day(2022, 1, 1), MEMBER, MALE, 21),
    ],
}


def found_all(demo: Demo) -> None:
    for code, kind, name, superior, fields in UNITS:
        on = FOUNDED if "bql" not in code else Day(2015, 5, 19)
        demo.found(code, kind, name, superior, on, **fields)


def change_some(demo: Demo) -> None:
    """One branch changed its name, and it came over from another superior in the middle of a year."""
    kcn = demo.units["bql-kcn"]
    rename_unit(
        unit=kcn, name="Chi đoàn Ban Quản lý các khu công nghiệp tỉnh", on=Day(2025, 3, 1),
        decision="QĐ số 41-QĐ/ĐKDN", decided_on=Day(2025, 2, 24),
    )  # fmt: skip
    moved_on = Day(demo.today.year, 7, 1)
    if moved_on > demo.today:
        moved_on = moved_on.replace(year=moved_on.year - 1)
    move_unit(
        unit=kcn, superior=demo.units["doan-khoi"], on=moved_on, decision="QĐ số 112-QĐ/TĐTN",
        decided_on=moved_on - datetime.timedelta(days=12),
    )  # fmt: skip
    kcn.refresh_from_db()


def enrol_all(demo: Demo) -> None:
    for code, (size, since) in ROLLS.items():
        demo.keep_roll(code, size, since, CAST_OF.get(code, ()), UNCODED.get(code, 0))


TERMS = {
    "so-tttt": [
        ("Nhiệm kỳ V (2017-2019)", Day(2017, 1, 1), Day(2020, 1, 1)),
        ("Nhiệm kỳ VI (2019-2022)", Day(2020, 1, 1), Day(2023, 1, 1)),
        ("Nhiệm kỳ VII (2022-2027)", Day(2023, 1, 1), Day(2028, 1, 1)),
    ],
    "cuc-cntt": [
        ("Nhiệm kỳ 2019-2022", Day(2019, 1, 1), Day(2022, 7, 1)),
        ("Nhiệm kỳ 2022-2027", Day(2022, 7, 1), Day(2027, 7, 1)),
    ],
    "cuc-thads": [("Nhiệm kỳ 2022-2027", Day(2022, 1, 1), Day(2027, 1, 1))],
    "doan-khoi": [("Nhiệm kỳ 2022-2027", Day(2022, 1, 1), Day(2027, 1, 1))],
}


def open_terms(demo: Demo) -> dict[tuple[str, str], object]:
    """Terms by unit and name."""
    return {
        (code, name): demo.term(code, name, start, end) for code, rows in TERMS.items() for name, start, end in rows
    }
