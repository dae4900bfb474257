"""Vietnamese as Vietnamese write it: searching, dictionary order of persons, and targets as people type them."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.aims import AimRefused, WrittenAim, aim_text, parse_aim
from branches.models import Indicator, Member, Unit
from branches.vietnamese import lower, nfc, person_sort_key, plain, sort_key
from tests import factories

COUNT = Indicator(name="Buổi", unit_word="buổi")
SHARE = Indicator(name="Tỷ lệ", measure="share", unit_word="đoàn viên")
MONEY = Indicator(name="Quỹ", measure="money", unit_word="đồng")
YES_NO = Indicator(name="Sổ", measure="yes_no", unit_word="có/không")
LOWER = Indicator(name="Vi phạm", unit_word="vụ", lower_is_better=True)


def test_plain_drops_every_mark():
    assert plain("Nguyễn Thị Ánh Đào") == "nguyen thi anh dao"
    assert lower("  NGUYỄN   Thị ") == "nguyễn thị"
    assert nfc(unicodedata.normalize("NFD", "Đặng Hữu Phước")) == "Đặng Hữu Phước"


def test_persons_sort_by_given_name_in_dictionary_order():
    right = [
        "Trần Thị An",
        "Lê Văn Ân",
        "Lê Bình",
        "Nguyễn Cường",
        "Bùi Dung",
        "Đỗ Dũng",
        "Phạm Đào",
        "Hoàng Hà",
        "Hoàng Hạ",
        "Vũ Quân",
        "Cao Ưng",
    ]
    backwards = right[::-1]
    assert sorted(backwards, key=person_sort_key) == right


def test_tones_decide_only_between_words_of_the_same_letters():
    assert sorted(["mạ", "mã", "má", "mả", "mà", "ma", "mau"], key=sort_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "mau",
    ]


@pytest.mark.django_db
def test_the_database_sorts_persons_as_python_does():
    home = factories.UnitFactory()
    for name in ["Cao Ưng", "Đỗ Dũng", "Trần Thị An", "Phạm Đào", "Bùi Dung", "Lê Văn Ân"]:
        factories.MemberFactory(full_name=name, home=home)
    names = list(Member.objects.order_by("sort_key", "pk").values_list("full_name", flat=True))
    assert names == ["Trần Thị An", "Lê Văn Ân", "Bùi Dung", "Đỗ Dũng", "Phạm Đào", "Cao Ưng"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hương", ["Trần Hương"]),
        ("huong", ["Lê Hường", "Trần Hương"]),
        ("HƯỜNG", ["Lê Hường"]),
        ("le huong", ["Lê Hường"]),
        ("uong", []),
        ("12345", ["Trần Hương"]),
        ("đao", []),
        ("dao", ["Vũ Đào"]),
        (unicodedata.normalize("NFD", "đào"), ["Vũ Đào"]),
    ],
)
def test_search_with_and_without_marks(words, found):
    home = factories.UnitFactory()
    factories.MemberFactory(full_name="Trần Hương", home=home, national_code="12345678")
    factories.MemberFactory(full_name="Lê Hường", home=home)
    factories.MemberFactory(full_name="Vũ Đào", home=home)
    rows = Member.objects.matching(words).order_by("full_name", "pk")
    assert sorted(rows.values_list("full_name", flat=True)) == sorted(found)


@pytest.mark.django_db
def test_unit_keeps_a_sort_key():
    assert factories.UnitFactory(name="Chi đoàn Đắk Lắk").sort_key == sort_key("Chi đoàn Đắk Lắk")
    assert Unit.objects.count() == 1


# --- targets as people write them -------------------------------------------------------------------

WRITTEN = [
    (COUNT, "≥ 3", WrittenAim("ge", Decimal(3)), "≥ 3"),
    (COUNT, ">=3", WrittenAim("ge", Decimal(3)), "≥ 3"),
    (COUNT, "ít nhất 3 buổi", WrittenAim("ge", Decimal(3)), "≥ 3"),
    (COUNT, "từ 3 trở lên", WrittenAim("ge", Decimal(3)), "≥ 3"),
    (COUNT, "3+", WrittenAim("ge", Decimal(3)), "≥ 3"),
    (COUNT, "3", WrittenAim("eq", Decimal(3)), "3"),
    (COUNT, "1.200", WrittenAim("eq", Decimal(1200)), "1.200"),
    (COUNT, "2-3", WrittenAim("range", Decimal(2), Decimal(3)), "2-3"),
    (COUNT, "2 – 3", WrittenAim("range", Decimal(2), Decimal(3)), "2-3"),
    (COUNT, "từ 2 đến 3", WrittenAim("range", Decimal(2), Decimal(3)), "2-3"),
    (COUNT, "> 20", WrittenAim("gt", Decimal(20)), "> 20"),
    (COUNT, "trên 20 buổi", WrittenAim("gt", Decimal(20)), "> 20"),
    (COUNT, "≤ 2", WrittenAim("le", Decimal(2)), "≤ 2"),
    (COUNT, "không quá 2", WrittenAim("le", Decimal(2)), "≤ 2"),
    (COUNT, "0", WrittenAim("zero"), "0"),
    (COUNT, "không để xảy ra", WrittenAim("zero"), "0"),
    (COUNT, "≤ 0", WrittenAim("zero"), "0"),
    (COUNT, "1/tháng", WrittenAim("per_month", Decimal(1)), "1/tháng"),
    (COUNT, "mỗi tháng 1 buổi", WrittenAim("per_month", Decimal(1)), "1/tháng"),
    (COUNT, "1 buổi/tháng", WrittenAim("per_month", Decimal(1)), "1/tháng"),
    (COUNT, "3/quý", WrittenAim("per_quarter", Decimal(3)), "3/quý"),
    (SHARE, "100%", WrittenAim("eq", Decimal(100)), "100%"),
    (SHARE, "100", WrittenAim("eq", Decimal(100)), "100%"),
    (SHARE, "≥ 92,5%", WrittenAim("ge", Decimal("92.5")), "≥ 92,5%"),
    (SHARE, "90-95%", WrittenAim("range", Decimal(90), Decimal(95)), "90-95%"),
    (SHARE, "> 70 %", WrittenAim("gt", Decimal(70)), "> 70%"),
    (MONEY, "≥ 5.000.000 đồng", WrittenAim("ge", Decimal(5_000_000)), "≥ 5.000.000"),
    (YES_NO, "Có", WrittenAim("yes"), "có"),
    (YES_NO, "0", WrittenAim("zero"), "0"),
    (LOWER, "2", WrittenAim("le", Decimal(2)), "≤ 2"),
    (LOWER, "= 2", WrittenAim("eq", Decimal(2)), "= 2"),
]


@pytest.mark.parametrize(("indicator", "text", "aim", "back"), WRITTEN)
def test_target_is_read_as_people_write_it(indicator, text, aim, back):
    assert parse_aim(text, indicator) == aim
    assert aim_text(aim, indicator) == back
    assert parse_aim(back, indicator) == aim


@pytest.mark.parametrize(
    ("indicator", "text", "answer"),
    [
        (COUNT, "abc", "Không đọc được “abc”. Hãy ghi ví dụ ≥ 3."),
        (COUNT, "20%", "Chỉ tiêu này đếm bằng buổi. Hãy ghi số, ví dụ ≥ 3."),
        (COUNT, "2,5", "Số buổi là số nguyên. Hãy ghi 2 hoặc 3."),
        (COUNT, "3-2", "Trong một khoảng, số sau phải lớn hơn số trước, ví dụ 2-3."),
        (COUNT, "< 3", "Hãy ghi ≤ và số lớn nhất được phép, ví dụ ≤ 2 thay cho < 3."),
        (COUNT, "≥ 0", "Mức 0 thì lúc nào cũng đạt. Hãy ghi từ 1 trở lên, hoặc chỉ ghi 0 nếu không để xảy ra."),
        (COUNT, "có", "Chỉ tiêu này đếm bằng buổi. Hãy ghi số, ví dụ ≥ 3."),
        (SHARE, "120%", "Tỷ lệ không quá 100%. Hãy ghi số từ 1% đến 100%."),
        (SHARE, "14/14", "Hãy ghi tỷ lệ phần trăm, ví dụ 100%. Số người sẽ tính khi có kết quả."),
        (MONEY, "5 triệu", "Hãy ghi đủ số đồng bằng chữ số, ví dụ 1.200.000."),
        (YES_NO, "3", "Chỉ tiêu này là có hoặc không. Hãy ghi “có”, hoặc 0 nếu không để xảy ra."),
    ],
)
def test_nonsense_gets_an_answer_that_says_what_to_write(indicator, text, answer):
    with pytest.raises(AimRefused) as refused:
        parse_aim(text, indicator)
    assert str(refused.value) == answer


def test_empty_means_no_target_and_a_chosen_comparator_reads_a_bare_number():
    assert parse_aim("  ", COUNT) is None
    assert parse_aim("3", COUNT, "ge") == WrittenAim("ge", Decimal(3))
    assert parse_aim("", YES_NO, "yes") == WrittenAim("yes")
    with pytest.raises(AimRefused, match="Hãy giữ một trong hai"):
        parse_aim("≥ 3", COUNT, "le")


@given(st.text(max_size=60), st.sampled_from([COUNT, SHARE, MONEY, YES_NO, LOWER]))
def test_any_text_is_read_or_answered(text, indicator):
    """Never an error of the program, and what was read is written back to the same target."""
    try:
        aim = parse_aim(text, indicator)
    except AimRefused as refused:
        assert str(refused)  # noqa: PT017
    else:
        assert aim is None or parse_aim(aim_text(aim, indicator), indicator) == aim
