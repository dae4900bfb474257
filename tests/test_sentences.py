"""The sentences of a report: exact text for every pattern, worked out by hand."""

import datetime
from decimal import Decimal

import pytest

from branches.models import Indicator, Period, Target
from reports.amounts import NOTHING, Amount, over_units
from reports.judging import Aim, Progress, judge
from reports.papers.report import _bar_rows
from reports.papers.sentences import Line, Voice, sentence_of
from reports.papers.within_year import sentence_within_year

RULES = {"about_tolerance": 0.05, "pace_share": 0.8}
YEAR = Period.of_year(2019)
END = datetime.date(2019, 12, 31)
BRANCH = Voice("Chi đoàn", as_of=END, last_day=END, last_year="năm 2018")
MID = Voice("Chi đoàn", as_of=datetime.date(2019, 10, 20), last_day=END, last_year="năm 2018")

BLOOD = {"name": "Hiến máu tình nguyện", "unit_word": "lượt người", "action": "tham gia hiến máu tình nguyện"}
NEWS = {"name": "Tin, bài về hoạt động của Đoàn", "unit_word": "tin, bài", "action": "đăng"}
TALKS = {"name": "Buổi tuyên truyền pháp luật", "unit_word": "buổi", "action": "tổ chức tuyên truyền pháp luật"}
MEETINGS = {"name": "Sinh hoạt chi đoàn định kỳ", "unit_word": "buổi", "action": "sinh hoạt định kỳ"}
TASKS = {"name": "Phần việc thanh niên", "unit_word": "phần việc", "action": "hoàn thành"}
GIFTS = {"name": "Quà tặng hộ nghèo", "unit_word": "suất", "action": "tặng", "subject": "hộ nghèo"}
ADMITTED = {
    "name": "Đoàn viên ưu tú được kết nạp Đảng",
    "unit_word": "đoàn viên",
    "action": "được kết nạp Đảng",
    "subject": "đoàn viên ưu tú",
}
VIOLATED = {
    "name": "Đoàn viên vi phạm kỷ luật",
    "unit_word": "đoàn viên",
    "subject": "đoàn viên",
    "action": "vi phạm phải xử lý kỷ luật",
    "lower_is_better": True,
}
CHILDREN = {
    "name": "Quà cho con cán bộ, công chức",
    "unit_word": "đồng",
    "measure": "money",
    "action": "tặng quà con cán bộ, công chức dịp 1/6 và Trung thu",
}
FUNDS = {"name": "Ủng hộ các quỹ", "unit_word": "đồng", "measure": "money", "action": "ủng hộ các quỹ"}
SUMMER = {
    "name": "Kinh phí chiến dịch tình nguyện hè",
    "unit_word": "đồng",
    "measure": "money",
    "action": "thực hiện chiến dịch tình nguyện hè",
}
STUDY = {
    "name": "Đoàn viên được quán triệt nghị quyết",
    "unit_word": "đoàn viên",
    "measure": "share",
    "over_time": "last",
    "subject": "đoàn viên",
    "action": "được quán triệt chỉ thị, nghị quyết",
}
DUTY = STUDY | {"name": "Hoàn thành nhiệm vụ", "action": "hoàn thành nhiệm vụ chuyên môn"}
EXCELLENT = STUDY | {"name": "Hoàn thành xuất sắc", "action": "hoàn thành xuất sắc"}
PLAN = {
    "name": "Ban hành kế hoạch công tác năm",
    "unit_word": "có/không",
    "measure": "yes_no",
    "action": "ban hành kế hoạch công tác năm",
}


def amount(value, qualifier="exact", lines=1, whole=None):
    exact = None if value is None else Decimal(str(value))
    return Amount(exact, None if whole is None else Decimal(whole), qualifier, lines, int(value is None))


def row(kind, aim, done, last=NOTHING, *, voice=BRANCH, by_month=None):
    """A judged row: `aim` is (comparator, value[, value_to[, each]]) or None."""
    indicator = Indicator(**kind)
    if aim is None:
        return Progress(1, indicator, None, None, done, last)
    comparator, *values = aim
    values = [None if value is None else Decimal(str(value)) for value in values]
    found = Progress(1, indicator, Target(comparator=comparator), Aim(comparator, *values), done, last)
    return judge(found, YEAR, as_of=voice.as_of, rules=RULES, by_month=by_month)


CASES = [
    # 2, 3: met; last year the same, other, unknown
    (2, row(TASKS, ("ge", 2), amount(2), amount(2)), "Chi đoàn hoàn thành 02 phần việc, đạt kế hoạch, bằng năm 2018."),
    (3, row(TASKS, ("ge", 2), amount(2), amount(1)),
     "Chi đoàn hoàn thành 02 phần việc, đạt kế hoạch và tăng 01 phần việc so với năm 2018."),
    (3, row(NEWS, ("eq", 15), amount(15), amount(18)),
     "Chi đoàn đăng 15 tin, bài, đạt kế hoạch và giảm 03 tin, bài so với năm 2018."),
    (2, row(NEWS, ("ge", 15), amount(15), amount(20, "about")),
     "Chi đoàn đăng 15 tin, bài, đạt kế hoạch; năm 2018 là khoảng 20 tin, bài."),
    (2, row(NEWS, ("ge", 15), amount(15), amount(None)),
     "Chi đoàn đăng 15 tin, bài, đạt kế hoạch; năm 2018 chưa thống kê nội dung này."),
    (2, row(TASKS, ("gt", 2), amount(3)), "Chi đoàn hoàn thành 03 phần việc, đạt chỉ tiêu trên 02 phần việc."),
    # 4, 5: exceeded, small and large plan
    (4, row(BLOOD, ("ge", 4), amount(5)),
     "Có 05 lượt người tham gia hiến máu tình nguyện, vượt 01 lượt người so với kế hoạch (125%)."),
    (5, row(NEWS, ("ge", 12), amount(15), amount(20, "about")),
     "Chi đoàn đăng 15 tin, bài, vượt 25% kế hoạch (12 tin, bài); năm 2018 là khoảng 20 tin, bài."),
    (5, row(BLOOD, ("ge", 12), amount(15)),
     "Có 15 lượt người tham gia hiến máu tình nguyện, vượt 25% kế hoạch (12 lượt người)."),
    (5, row(TALKS, ("ge", 4), amount(4, "more")),
     "Chi đoàn tổ chức hơn 04 buổi tuyên truyền pháp luật, vượt kế hoạch (04 buổi)."),
    # 6, 7: behind, none
    (6, row(MEETINGS, ("ge", 12), amount(7)), "Chi đoàn sinh hoạt định kỳ 07/12 buổi (58,3%), còn thiếu 05 buổi."),
    (6, row(TALKS, ("ge", 4), amount(4, "nearly")),
     "Chi đoàn tổ chức gần 04/04 buổi tuyên truyền pháp luật, chưa đạt kế hoạch."),
    (7, row(TASKS, ("ge", 3), NOTHING), "Chưa thực hiện được chỉ tiêu phần việc thanh niên (kế hoạch 03 phần việc)."),
    # 8, 9: no target, no figure
    (8, row(NEWS, None, amount(6)), "Chi đoàn đăng 06 tin, bài."),
    (9, row(NEWS, ("ge", 6), amount(None)),
     "Tin, bài về hoạt động của Đoàn có thực hiện nhưng chưa thống kê được số liệu."),
    # 12-16: shares
    (12, row(STUDY, ("eq", 1), amount(14, whole=14)),
     "100% đoàn viên (14/14) được quán triệt chỉ thị, nghị quyết, đạt chỉ tiêu."),
    (13, row(STUDY, ("ge", "0.9"), amount(14, whole=14)),
     "100% đoàn viên (14/14) được quán triệt chỉ thị, nghị quyết, cao hơn chỉ tiêu 10 điểm phần trăm."),
    (14, row(STUDY, ("eq", 1), amount(13, whole=14), amount(14, whole=14)),
     "13/14 đoàn viên (92,9%) được quán triệt chỉ thị, nghị quyết, thấp hơn chỉ tiêu 7,1 điểm phần trăm"
     " và giảm 7,1 điểm phần trăm so với năm 2018."),
    (14, row(STUDY, ("eq", 1), amount(9, whole=14)),
     "09/14 đoàn viên (64,3%) được quán triệt chỉ thị, nghị quyết, thấp hơn chỉ tiêu 35,7 điểm phần trăm."),
    (8, row(STUDY, None, amount(14, whole=14)),
     "100% đoàn viên (14/14) được quán triệt chỉ thị, nghị quyết."),
    (16, row(STUDY, ("eq", 1), amount(0, whole=0)),
     "Không tính được tỷ lệ đoàn viên được quán triệt chỉ thị, nghị quyết vì trong kỳ không có đoàn viên."),
    (7, row(STUDY, ("eq", 1), NOTHING),
     "Chưa có số liệu về nội dung đoàn viên được quán triệt nghị quyết (kế hoạch 100%)."),
    # 18, 19: money with a qualifier
    (18, row(CHILDREN, ("ge", 30_000_000), amount(31_000_000, "more")),
     "Chi đoàn tặng quà con cán bộ, công chức dịp 1/6 và Trung thu với tổng trị giá hơn 31.000.000 đồng,"
     " vượt kế hoạch."),
    (18, row(SUMMER, ("ge", 25_000_000), amount(20_000_000, "nearly")),
     "Chi đoàn thực hiện chiến dịch tình nguyện hè với tổng kinh phí gần 20.000.000 đồng, chưa đạt kế hoạch."),
    (18, row(FUNDS, None, amount(15_000_000, "about")),
     "Chi đoàn ủng hộ các quỹ với số tiền khoảng 15.000.000 đồng."),
    (19, row(FUNDS, ("ge", 15_000_000), amount(15_000_000, "about")),
     "Chi đoàn ủng hộ các quỹ với số tiền khoảng 15.000.000 đồng; số liệu ước tính, chưa đủ căn cứ kết luận"
     " đạt chỉ tiêu 15.000.000 đồng."),
    (5, row(FUNDS, ("ge", 4_000_000), amount(5_000_000)),
     "Chi đoàn ủng hộ các quỹ 5.000.000 đồng, vượt 25% kế hoạch (4.000.000 đồng)."),
    (6, row(FUNDS, ("ge", 5_000_000), amount(4_000_000)),
     "Chi đoàn ủng hộ các quỹ 4.000.000 đồng, bằng 80% kế hoạch, còn thiếu 1.000.000 đồng."),
    # 21-24: range, zero, yes/no, at most
    (21, row(ADMITTED, ("range", 2, 3), amount(2)),
     "Có 02 đoàn viên được kết nạp Đảng, đạt chỉ tiêu từ 02 đến 03 đoàn viên."),
    (21, row(ADMITTED, ("range", 2, 3), amount(4)),
     "Có 04 đoàn viên được kết nạp Đảng, vượt chỉ tiêu từ 02 đến 03 đoàn viên."),
    (21, row(ADMITTED, ("range", 2, 3), amount(1)),
     "Có 01 đoàn viên được kết nạp Đảng, chưa đạt chỉ tiêu từ 02 đến 03 đoàn viên."),
    (22, row(VIOLATED, ("zero",), NOTHING), "Không có đoàn viên vi phạm phải xử lý kỷ luật, đạt chỉ tiêu."),
    (22, row(VIOLATED, ("zero",), amount(1)),
     "Có 01 đoàn viên vi phạm phải xử lý kỷ luật, không đạt chỉ tiêu không để phát sinh."),
    (23, row(PLAN, ("yes",), amount(1)), "Đã ban hành kế hoạch công tác năm, đạt yêu cầu."),
    (23, row(PLAN, ("yes",), amount(3, whole=12)), "03/12 đơn vị đã ban hành kế hoạch công tác năm, chưa đạt yêu cầu."),
    (23, row(PLAN, ("yes",), amount(12, whole=12)), "12/12 đơn vị đã ban hành kế hoạch công tác năm, đạt yêu cầu."),
    (23, row(PLAN, ("yes",), NOTHING), "Chưa ban hành kế hoạch công tác năm."),
    (24, row(VIOLATED, ("le", 2), amount(1)), "Đoàn viên vi phạm kỷ luật 01 đoàn viên, trong giới hạn 02 đoàn viên."),
    (24, row(VIOLATED, ("le", 2), amount(3)), "Đoàn viên vi phạm kỷ luật 03 đoàn viên, vượt giới hạn 01 đoàn viên."),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "progress", "text"), CASES, ids=[text for _, _, text in CASES])
def test_sentence(pattern, progress, text):
    found = sentence_of(progress, BRANCH)
    assert (found.pattern, found.text) == (pattern, text)


NOT_DUE = [
    (row(NEWS, ("ge", 12), amount(9), voice=MID),
     "Đến ngày 20/10/2019, tin, bài về hoạt động của Đoàn đạt 09/12 tin, bài; thời hạn đến 31/12/2019,"
     " chưa đánh giá."),
    (row(STUDY, ("eq", 1), amount(13, whole=14), voice=MID),
     "Đến ngày 20/10/2019, 92,9% đoàn viên (13/14) được quán triệt chỉ thị, nghị quyết; thời hạn đến 31/12/2019,"
     " chưa đánh giá."),
    (row(FUNDS, ("ge", 5_000_000), amount(4_000_000, "about"), voice=MID),
     "Đến ngày 20/10/2019, ủng hộ các quỹ đạt khoảng 4.000.000 đồng (kế hoạch 5.000.000 đồng); thời hạn đến"
     " 31/12/2019, chưa đánh giá."),
    (row(PLAN, ("yes",), NOTHING, voice=MID),
     "Đến ngày 20/10/2019, chưa ban hành kế hoạch công tác năm; thời hạn đến 31/12/2019, chưa đánh giá."),
    (row(PLAN, ("yes",), amount(3, whole=12), voice=MID),
     "Đến ngày 20/10/2019, 03/12 đơn vị đã ban hành kế hoạch công tác năm; thời hạn đến 31/12/2019, chưa đánh giá."),
    (row(ADMITTED, ("range", 2, 3), amount(1), voice=MID),
     "Đến ngày 20/10/2019, đoàn viên ưu tú được kết nạp Đảng đạt 01 đoàn viên (chỉ tiêu từ 02 đến 03 đoàn viên);"
     " thời hạn đến 31/12/2019, chưa đánh giá."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("progress", "text"), NOT_DUE, ids=["count", "share", "money", "yes-no", "yes-no-of-units", "range"]
)
def test_before_its_last_day_a_target_is_told_and_not_judged(progress, text):
    found = sentence_of(progress, MID)
    assert (found.pattern, found.text) == (10, text)


def test_a_range_has_no_bar():
    """6 meetings of 5 to 8 are not "120 %"; 15 of 12 items are 125 %."""
    ranged, plain = row(MEETINGS, ("range", 5, 8), amount(6)), row(NEWS, ("ge", 12), amount(15))
    assert _bar_rows([ranged, plain]) == [plain]


def test_the_largest_keeps_its_own_word():
    """Exactly 12 is the largest beside "khoảng 7"; "hơn 12" beside exactly 12 is "hơn 12"."""
    largest = Indicator(over_units="max")
    assert over_units([amount(12), amount(7, "about")], largest).qualifier == "exact"
    assert over_units([amount(12), amount(12, "more")], largest).qualifier == "more"


def test_what_happened_without_a_figure_is_not_told_as_nothing():
    news = Indicator(**NEWS)
    quarter = Progress(1, news, None, None, amount(None, lines=2))
    so_far = row(NEWS, ("ge", 12), amount(9, "nearly"))
    assert sentence_within_year(quarter, so_far, BRANCH, when="Trong quý").text == (
        "Trong quý, tin, bài về hoạt động của Đoàn có thực hiện nhưng chưa thống kê được số liệu;"
        " từ đầu năm đạt gần 09/12 tin, bài (gần 75% kế hoạch năm)."
    )


def test_months_without_a_meeting_are_named():
    months = {datetime.date(2019, month, 1): Decimal(1) for month in (1, 2, 3, 4, 6, 7, 8, 9, 10, 12)}
    found = sentence_of(row(MEETINGS, ("per_month", 12, None, 1), amount(10), by_month=months), BRANCH)
    assert (found.pattern, found.text) == (
        11,
        "Chi đoàn sinh hoạt định kỳ 10/12 buổi (83,3%); các tháng chưa tổ chức đủ: 5, 11.",
    )


def test_share_of_a_share_is_told_with_its_whole():
    whole = row(DUTY, ("eq", 1), amount(14, whole=14))
    part = row(EXCELLENT, ("ge", "0.2"), amount(4, whole=14))
    found = sentence_of(whole, BRANCH, part=part)
    assert (found.pattern, found.text) == (
        15,
        "100% đoàn viên (14/14) hoàn thành nhiệm vụ chuyên môn, đạt chỉ tiêu, trong đó 04 đồng chí (28,6%)"
        " hoàn thành xuất sắc, vượt chỉ tiêu ít nhất 20%.",
    )


def test_gifts_name_day_price_and_worth():
    gift = Line(Decimal(2), 700_000, datetime.date(2019, 1, 29), datetime.date(2019, 1, 29))
    found = sentence_of(row(GIFTS, None, amount(2)), BRANCH, lines=[gift])
    assert (found.pattern, found.text) == (
        17,
        "Ngày 29/01/2019, tặng 02 suất quà cho hộ nghèo, mỗi suất 700.000 đồng, tổng trị giá 1.400.000 đồng.",
    )


def test_gifts_of_two_prices_give_the_worth_alone():
    lines = [
        Line(Decimal(2), 700_000, datetime.date(2019, 1, 29), datetime.date(2019, 1, 29)),
        Line(Decimal(5), 300_000, datetime.date(2019, 1, 30), datetime.date(2019, 1, 30)),
    ]
    found = sentence_of(row(GIFTS, ("ge", 7), amount(7, lines=2)), BRANCH, lines=lines)
    assert found.text == "Tặng 07 suất quà cho hộ nghèo, tổng trị giá 2.900.000 đồng, đạt kế hoạch."


def test_things_are_named_when_every_line_names_one():
    day = datetime.date(2019, 5, 6)
    lines = [Line(Decimal(1), None, day, day, "hộp bảo vệ đường điện"), Line(Decimal(1), None, day, day, "khung cửa")]
    found = sentence_of(row(TASKS, ("ge", 2), amount(2, lines=2)), BRANCH, lines=lines)
    assert found.text == "Chi đoàn hoàn thành 02 phần việc (hộp bảo vệ đường điện; khung cửa), đạt kế hoạch."


@pytest.mark.parametrize(
    ("action", "unit_word", "text"),
    [
        ("cử học lớp bồi dưỡng nhận thức về Đảng", "đoàn viên",
         "Chi đoàn cử 02 đoàn viên học lớp bồi dưỡng nhận thức về Đảng"),
        ("giới thiệu cho Đảng xem xét, kết nạp", "đoàn viên",
         "Chi đoàn giới thiệu 02 đoàn viên cho Đảng xem xét, kết nạp"),
        ("bình chọn đoàn viên ưu tú", "đoàn viên", "Chi đoàn bình chọn 02 đoàn viên ưu tú"),
        ("tiếp nhận chuyển đến", "đoàn viên", "Chi đoàn tiếp nhận 02 đoàn viên chuyển đến"),
        ("thăm gia đình liệt sĩ", "hộ", "Chi đoàn thăm 02 hộ gia đình liệt sĩ"),
        ("thực hiện kiểm tra", "cuộc", "Chi đoàn thực hiện 02 cuộc kiểm tra"),
        ("gửi cấp ủy", "báo cáo", "Chi đoàn gửi cấp ủy 02 báo cáo"),
        ("học thạc sĩ", "đoàn viên", "Có 02 đoàn viên học thạc sĩ"),
        ("", "lớp", "Việc thử đạt 02 lớp"),
    ],
)  # fmt: skip
def test_figure_stands_where_the_words_want_it(action, unit_word, text):
    kind = {"name": "Việc thử", "action": action, "unit_word": unit_word}
    found = sentence_of(row(kind, None, amount(2)), BRANCH)
    assert found.text == f"{text}."
