"""Charts one decides by: exact places for small figures worked out by hand, and what must not break them."""

import re
from decimal import Decimal

import pytest

from reports.decision_charts import BLUE, INK, NOTE, MonthEnd, Ranked, Step, funnel, ranked_bars, running_line

D = Decimal


def ends(*values):
    return [MonthEnd(None if value is None else D(value)) for value in values]


def lines(svg, stroke) -> list[tuple]:
    """(x1, y1, x2, y2) of the lines in this colour, in their order."""
    found = re.findall(r'<line x1="([\d.]+)%" y1="([\d.]+)" x2="([\d.]+)%" y2="([\d.]+)" stroke="([^"]+)"', svg)
    return [tuple(one[:4]) for one in found if one[4] == stroke]


def label(svg) -> str:
    return re.search(r'aria-label="([^"]*)"', svg)[1]


@pytest.mark.once
def test_the_same_drawing_prints(tmp_path):
    """What the page shows is what a paper would print: colours as attributes, no class reaches inside, no script."""
    from weasyprint import HTML

    drawn = [
        running_line(ends("3", "6"), "buổi", aim=D(12)),
        ranked_bars([Ranked("A", D(1), "4/4"), Ranked("B", D("0.4"), "2/5", "behind")]),
        funnel([Step("Ưu tú", 8), Step("Kết nạp", 2)]),
    ]  # fmt: skip
    for svg in drawn:
        assert " style=" not in svg
        assert HTML(string=f"<body>{svg}</body>").write_pdf().startswith(b"%PDF")


# --- the year against its pace --------------------------------------------------------------------------


def test_steps_rise_at_the_end_of_the_month_and_stay_between():
    """Plan 12 is the top: 120 px above y 164, so 3 is at 164 - 30 = 134 and 6 at 104. Months are 8 % wide from 2."""
    svg = running_line(ends("3", "3", "6"), "buổi", aim=D(12), title="Sinh hoạt")
    steps = [one for one in lines(svg, BLUE) if one[1] != "8.0"]  # without the legend
    assert steps == [
        ("2", "164.0", "10", "164.0"), ("10", "164.0", "10", "134.0"),
        ("10", "134.0", "18", "134.0"),
        ("18", "134.0", "26", "134.0"), ("26", "134.0", "26", "104.0"),
    ]  # fmt: skip
    assert ("2", "44.0", "98", "44.0") in lines(svg, INK)  # the plan
    assert ("2", "164.0", "98", "44.0") in lines(svg, NOTE)  # the pace
    assert label(svg) == "Sinh hoạt: cộng dồn đến tháng 3 được 6 buổi, chỉ tiêu 12 buổi"
    assert 'role="img"' in svg


def test_over_the_plan_the_result_is_the_top():
    """20 of 10: the plan stands half way, at 164 - 60 = 104."""
    svg = running_line(ends("20"), "buổi", aim=D(10))
    assert ("2", "104.0", "98", "104.0") in lines(svg, INK)
    assert ("10", "164.0", "10", "44.0") in lines(svg, BLUE)


def test_without_a_plan_there_is_neither_mark_nor_pace():
    svg = running_line(ends("5"), "buổi")
    assert lines(svg, INK) + lines(svg, NOTE) == []
    assert label(svg).endswith("chưa giao chỉ tiêu")


def test_a_ceiling_has_a_level_and_no_pace():
    svg = running_line(ends("1"), "vụ", aim=D(4), has_pace=False)
    assert lines(svg, NOTE) == []
    assert "Nếu làm đều" not in svg


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_recorded_draws_nothing(values):
    assert running_line(ends(*values), "buổi", aim=D(3)) == ""


def test_nothing_but_zero_lies_on_the_ground():
    svg = running_line(ends("0", "0"), "vụ")
    assert {one[1] for one in lines(svg, BLUE) if one[1] != "8.0"} == {"164.0"}


def test_words_of_result_and_plan_stand_at_opposite_ends():
    early, late = (running_line(ends(*["9"] * count), "buổi", aim=D(9)) for count in (3, 11))
    assert re.search(r'x="98%"[^>]*text-anchor="end">9 buổi', early)
    assert re.search(r'x="26%"[^>]*text-anchor="start">9<', early)
    assert re.search(r'x="2%"[^>]*text-anchor="start">9 buổi', late)
    assert re.search(r'x="90%"[^>]*text-anchor="end">9<', late)


def test_huge_sums_keep_inside_the_drawing():
    svg = running_line(ends("999999999999"), "đồng", aim=D("1"))
    tops = [float(y) for one in lines(svg, BLUE) for y in (one[1], one[3])]
    assert min(tops) >= 8
    assert "999.999.999.999" in svg


# --- units in rank --------------------------------------------------------------------------------------


def bars(svg) -> list[tuple]:
    return re.findall(r'<rect width="([\d.]+)%" height="12" y="(\d+)" rx="2" fill="([^"]+)"', svg)


def test_every_plan_stands_at_one_mark_and_bars_end_at_the_edge():
    """Half of the plan is 40 % of the width, the plan 80 %, one and a half of it would be 120 % and ends at 100 %."""
    rows = [Ranked("A", D("1.5"), "6/4"), Ranked("B", D(1), "4/4"), Ranked("C", D("0.5"), "2/4", "behind")]
    svg = ranked_bars(rows, title="Sinh hoạt")
    drawn = [one for one in bars(svg) if one[2] != "#eaeff5"]
    # A name of 19 px, 2 px, a bar; the next name begins 16 + 19 + 8 px below the first.
    assert drawn == [("100.0", "21", BLUE), ("80.0", "83", BLUE), ("40.0", "145", "url(#xep-hang-gach)")]
    assert lines(svg, INK) == [
        ("80", "19.0", "80", "35.0"),
        ("80", "81.0", "80", "97.0"),
        ("80", "143.0", "80", "159.0"),
    ]
    assert label(svg) == "Sinh hoạt: thứ 1, A: 6/4; thứ 2, B: 4/4; thứ 3, C: 2/4"


def test_equal_shares_have_one_place_and_the_next_is_left_out():
    svg = ranked_bars([Ranked("A", D(1), "4/4"), Ranked("B", D(1), "2/2"), Ranked("C", D("0.5"), "2/4")])
    assert label(svg) == "thứ 1, A: 4/4; thứ 1, B: 2/2; thứ 3, C: 2/4"
    assert "3. C" in svg


def test_a_part_of_the_list_keeps_its_places():
    rows = [Ranked("A", D(1), "4/4"), Ranked("B", D("0.5"), "2/4"), Ranked("C", D("0.5"), "1/2")]
    assert label(ranked_bars(rows[1:], among=rows)) == "thứ 2, B: 2/4; thứ 2, C: 1/2"


def test_who_cannot_be_measured_is_not_drawn():
    assert ranked_bars([Ranked("A", None, "chưa có số")]) == ""
    assert ranked_bars([]) == ""
    assert "B" not in label(ranked_bars([Ranked("A", D(1), "1/1"), Ranked("B", None, "")]))


def test_long_names_wrap_and_hostile_ones_are_inert():
    name = "Chi đoàn Trung tâm Phục vụ hành chính công <script>alert(1)</script> tỉnh Đắk Lắk"
    svg = ranked_bars([Ranked(name, D(0), "0/4")])
    assert "<script" not in svg
    assert all(len(one) <= 36 for one in re.findall(r'font-weight="600"[^>]*>([^<&]*)</text>', svg))
    assert [one for one in bars(svg) if one[2] == BLUE] == []  # nothing done is no bar


# --- steps on the way -----------------------------------------------------------------------------------


def test_each_step_is_counted_by_itself_on_one_scale():
    """Of 8 at most: 8 are 96 %, 4 are 48 %, a plan of 2 stands at 24 %."""
    svg = funnel([Step("Ưu tú", 8), Step("Học lớp", 4), Step("Kết nạp", 0, 2)], title="Vào Đảng")
    widths = re.findall(r'<rect x="0" width="([\d.]+)%"', svg)
    assert widths == ["96.0", "48.0"]
    assert [one[0] for one in lines(svg, INK)] == ["24.0"]
    assert label(svg) == "Vào Đảng: Ưu tú: 8 người; Học lớp: 4 người; Kết nạp: 0 người, chỉ tiêu 2"
    assert "12" not in label(svg)  # steps are never added


def test_no_step_taken_draws_nothing():
    assert funnel([]) == ""
    assert funnel([Step("Ưu tú", 0), Step("Học lớp", 0)]) == ""
