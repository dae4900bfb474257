"""Statistics tables filled: every figure is that of the page it opens, worked out by hand; sums and shares by parts."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import EditConflict, Indicator, Meeting, Membership, Period, SensitiveData, Unit
from branches.register import WHOLE
from branches.restructuring import move_unit, rename_unit
from branches.tree import scope_of
from reports.models import StatItem, StatTable, StatValue
from reports.progress import progress_for
from reports.statistics import StatContent, fill, sheet_content, tables_of
from reports.statistics.defining import add_item, change_table, create_table, new_edition, put_in_use, take_out_of_use
from reports.statistics.figures import FIGURES, read_figures
from reports.statistics.filling import fill_tables
from reports.statistics.links import link_of
from reports.statistics.typing_in import StatRefused, take_back_value, type_value

from .factories import (
    IndicatorFactory,
    MemberFactory,
    MoneyFactory,
    ShareFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)
from .keeping_dues import TODAY, Keeping
from .test_progress import END, YEAR, log, on

pytestmark = pytest.mark.django_db
What = StatItem.What


@pytest.fixture
def union():
    """Two branches below: An planned 4 turns of blood and did 5, Bình did 1; a stranger elsewhere did 100."""
    union = UnionFactory(name="Đoàn Khối")
    union.an, union.binh = (UnitFactory(superior=union, name=f"Chi đoàn {name}") for name in ("An", "Bình"))
    union.blood = IndicatorFactory(code="hien-mau", name="Hiến máu")
    union.stranger = UnitFactory(name="Chi đoàn Nơi Khác")
    TargetFactory(unit=union.an, indicator=union.blood, value=4)
    for unit, value in ((union.an, 5), (union.binh, 1), (union.stranger, 100)):
        log(unit, union.blood, value, on(2))
    union.office = account_at(union, "superior_office")
    return union


@pytest.fixture
def table(union):
    """Own table 09 of the superior for everybody, in use since 2015; lines are added before it is put in use."""
    return create_table(owner=union, by=union.office, number="09", title="Biểu thử", whom="all", kinds=["year"])


def used(table):
    return put_in_use(
        table=StatTable.objects.get(pk=table.pk), version=table.version, valid_from=datetime.date(2015, 1, 1)
    )


def figure_line(table, key, **said):
    return add_item(table=table, what=What.FIGURE, figure=key, **said)


def indicator_line(table, indicator, **said):
    return add_item(table=table, what=What.INDICATOR, indicator=indicator, **said)


def typed_line(table, word="người", **said):
    return add_item(table=table, what=What.TYPED, unit_word=word, **{"name": "Thanh niên", **said})


def texts(found):
    return [[cell.words for cell in line.cells] for line in found.content.lines]


def write(item, unit, value, *, version=0, reason="", by=None):
    return type_value(
        item=item, unit=unit, period=Period.of_year(2026), version=version,
        value=None if value is None else Decimal(value), reason=reason, by=by or account_at(unit), at=timezone.now(),
    )  # fmt: skip


# --- indicators ---------------------------------------------------------------------------------------


def test_indicator_has_result_last_year_plan_and_percent(union, table):
    log(union.an, union.blood, 2, on(5, year=2025))
    indicator_line(table, union.blood)
    found = fill(used(table), union.an, YEAR, as_of=END)
    # 5 turns of 4 planned: 125 %; two the year before.
    assert found.content.columns == ("Kỳ này", "Kỳ trước", "Kế hoạch", "So kế hoạch")
    assert texts(found) == [["5", "2", "≥ 4", "125,0%"]]
    row = progress_for(union.an, YEAR, as_of=END).row("hien-mau")
    assert Decimal(found.content.lines[0].cells[0].value) == row.done.value == 5


def test_indicator_without_result_or_plan_prints_signs(union, table):
    indicator_line(table, IndicatorFactory(code="khong-co"))
    found = fill(used(table), union.an, YEAR, as_of=END)
    # Nothing happened: "-"; no target: "x".
    assert texts(found) == [["-", "-", "x", "x"]]
    assert found.content.notes == (
        "(-) không phát sinh; (x) không tính được, không giao chỉ tiêu hoặc chưa có số liệu",
    )


def test_line_known_to_have_happened_without_a_figure(union, table):
    unknown = IndicatorFactory(code="chua-ro")
    log(union.an, unknown, None, on(2))
    indicator_line(table, unknown)
    assert texts(fill(used(table), union.an, YEAR, as_of=END))[0][0] == "…"


def test_share_keeps_its_parts_and_each_part_can_be_a_line(union, table):
    share = ShareFactory(code="hoc-tap")
    log(union.an, share, 13, on(2), denominator=14)
    indicator_line(table, share)
    indicator_line(table, share, part="value")
    indicator_line(table, share, part="whole")
    found = fill(used(table), union.an, YEAR, as_of=END)
    # 13/14 = 92,857… → 92,9; the parts as heads.
    assert [row[0] for row in texts(found)] == ["92,9 (13/14)", "13", "14"]
    assert [line.unit for line in found.content.lines] == ["%", "đoàn viên", "đoàn viên"]


def test_superior_has_everything_below_and_a_column_for_each(union, table):
    indicator_line(table, union.blood)
    in_use = used(table)
    assert texts(fill(in_use, union, YEAR, as_of=END))[0][0] == "6"  # 5 + 1, the stranger's 100 elsewhere
    by_unit = fill(in_use, union, YEAR, as_of=END, by_unit=True)
    assert by_unit.content.columns == ("Toàn đơn vị", "Chi đoàn An", "Chi đoàn Bình")
    assert texts(by_unit) == [["6", "5", "1"]]


def test_result_after_the_day_does_not_count(union, table):
    log(union.an, union.blood, 7, on(11))
    indicator_line(table, union.blood)
    assert texts(fill(used(table), union.an, YEAR, as_of=on(6)))[0][0] == "5"


# --- figures of the program ----------------------------------------------------------------------------


def test_register_figures_stand_on_the_last_day(union, table):
    first = MemberFactory(home=union.an, sex="female")
    MemberFactory(home=union.an, since=on(3), begin_reason=Membership.Begin.ADMITTED)
    MemberFactory(home=union.binh, sex="female", party_on=on(1))
    MemberFactory(home=union.stranger)
    SensitiveData.objects.create(member=first, ethnicity="Ê Đê")
    for key in ("members", "women", "ethnic_minority", "party_members", "admitted", "branch_units"):
        figure_line(table, key)
    found = fill(used(table), union, YEAR, as_of=END, by_unit=True)
    # 3 members, 2 women, 1 Ê Đê, 1 in the Party, 1 admitted in March, 2 branches: of all, of An, of Bình.
    assert texts(found) == [["3", "2", "1"], ["2", "1", "1"], ["1", "1", "-"], ["1", "-", "1"], ["1", "1", "-"],
                            ["2", "1", "1"]]  # fmt: skip
    last = fill(table, union, YEAR, as_of=END)
    assert texts(last)[0] == ["3", "2"]  # a year earlier without the one admitted in March


def test_figure_of_nobody_asked_is_not_zero(union, table):
    """No round of assessment, no dues kept: "x", not "-"."""
    for key in ("rated_all", "dues_owed", "meetings_held", "cases_done", "step_admitted"):
        figure_line(table, key)
    assert [row[0] for row in texts(fill(used(table), union, YEAR, as_of=END))] == ["x", "x", "-", "-", "-"]


def test_every_figure_of_the_list_can_be_read(union):
    """None without a reader: each is told or cannot be told, for the whole and below, and none is a KeyError."""
    found = read_figures(FIGURES.keys() - {"activities"}, scope_of(union, YEAR.starts_on), YEAR, as_of=END)
    assert {key for _, key in found.found} | found.told >= {
        "branch_units", "grassroots_units", "members", "moved_in", "meetings_held", "step_outstanding", "fund_in",
        "fund_out", "fund_left", "cases_done", "units_inspected", "shortcomings", "advice_open", "advice_late",
    }  # fmt: skip
    assert found.amount("fund_left", union.an.pk) is None  # a fund is told of its own unit only
    assert found.amount("members", WHOLE).value == 0


def test_period_that_has_not_begun_has_no_figures(union, table):
    figure_line(table, "members")
    found = fill(used(table), union, Period.of_year(2027), as_of=END)
    assert texts(found)[0][0] == "x"


def test_activities_are_those_the_progress_page_names(union, table):
    figure_line(table, "activities")
    assert texts(fill(used(table), union, YEAR, as_of=END))[0][0] == "2"
    assert progress_for(union, YEAR, as_of=END).activities == 2


# --- sums and shares ------------------------------------------------------------------------------------


def test_sum_and_share_are_made_of_lines(union, table):
    poor, pupils = (IndicatorFactory(code=code, unit_word="suất") for code in ("ho-ngheo", "hoc-sinh"))
    log(union.an, poor, 2, on(1))
    log(union.an, pupils, 5, on(1), qualifier="more")
    one, two = indicator_line(table, poor), indicator_line(table, pupils)
    whole = add_item(table=table, what=What.SUM, name="Quà", parts=[one, two])
    add_item(table=table, what=What.SHARE, name="Hộ nghèo", share_of=one, share_whole=whole)
    rows = texts(fill(used(table), union.an, YEAR, as_of=END))
    # 2 + hơn 5 = hơn 7; 2 of 7 = 28,57…, of more than 7 it is less: gần 28,6
    assert [row[0] for row in rows] == ["2", "hơn 5", "hơn 7", "gần 28,6 (2/7)"]


def test_share_of_nothing_cannot_be_computed(union, table):
    one = typed_line(table)
    two = typed_line(table, name="Cả thôn")
    add_item(table=table, what=What.SHARE, name="Tỷ lệ", share_of=one, share_whole=two)
    used(table)
    write(one, union.an, 0)
    write(two, union.an, 0)
    assert [row[0] for row in texts(fill(table, union.an, YEAR, as_of=END))] == ["-", "-", "x"]


def test_sum_with_an_unknown_part_has_no_figure(union, table):
    one, two = typed_line(table), typed_line(table, name="Khác")
    add_item(table=table, what=What.SUM, name="Cộng", parts=[one, two])
    used(table)
    write(one, union.an, 3)
    assert texts(fill(table, union.an, YEAR, as_of=END))[2][0] == "x"  # the other one is not typed yet
    write(two, union.an, None)
    assert texts(fill(table, union.an, YEAR, as_of=END))[2][0] == "…"  # it happened, nobody knows how much


# --- typed figures --------------------------------------------------------------------------------------


def test_typed_figure_stands_in_its_own_sheet_only(union, table):
    line = typed_line(table)
    used(table)
    write(line, union.an, 20)
    assert texts(fill(table, union.an, YEAR, as_of=END))[0] == ["20", "x"]
    assert texts(fill(table, union.binh, YEAR, as_of=END))[0] == ["x", "x"]
    assert texts(fill(table, union.an, Period.of_year(2027), as_of=datetime.date(2027, 3, 1)))[0] == ["x", "20"]


def test_superior_adds_what_its_units_typed_and_says_of_how_many(union, table):
    line = typed_line(table)
    used(table)
    write(line, union.an, 20)
    found = fill(table, union, YEAR, as_of=END, by_unit=True)
    assert texts(found) == [["20", "20", "x"]]
    assert "Dòng Thanh niên: cộng số của 1 đơn vị đã nhập" in found.content.notes
    write(line, union, 31)
    assert texts(fill(table, union, YEAR, as_of=END))[0][0] == "31"  # its own word for itself and those below


def test_a_unit_between_stands_for_those_below_it(union, table):
    between = UnionFactory(superior=union, kind=Unit.Kind.GRASSROOTS_UNION)
    leaf = UnitFactory(superior=between)
    line = typed_line(table)
    used(table)
    write(line, leaf, 7)
    write(line, between, 9)
    assert texts(fill(table, union, YEAR, as_of=END))[0][0] == "9"


def test_share_in_percent_typed_below_is_not_added(union, table):
    line = typed_line(table, word="%")
    used(table)
    write(line, union.an, 90)
    assert texts(fill(table, union, YEAR, as_of=END))[0][0] == "x"


def test_computed_figure_is_replaced_with_a_reason_and_both_are_told(union, table):
    line = indicator_line(table, union.blood, number="1.2")
    used(table)
    with pytest.raises(StatRefused) as refused:
        write(line, union.an, 6)
    assert refused.value.errors == {"reason": "Hãy ghi vì sao dùng số khác số phần mềm tính."}
    value = write(line, union.an, 6, reason="Một người hiến ở bệnh viện")
    cell = fill(table, union.an, YEAR, as_of=END).content.lines[0].cells[0]
    assert (cell.text, cell.instead, cell.is_typed) == ("6", "5", True)
    note = "(*) Dòng 1.2: đơn vị ghi 6, phần mềm tính 5 (Một người hiến ở bệnh viện)"
    assert fill(table, union.an, YEAR, as_of=END).content.notes[0] == note
    assert texts(fill(table, union.an, YEAR, as_of=END))[0][3] == "x"  # the plan judges the computed figure only
    take_back_value(value=value, version=value.version)
    assert texts(fill(table, union.an, YEAR, as_of=END))[0][0] == "5"
    assert [row.history_type for row in StatValue.history.order_by("history_id")] == ["+", "-"]


def test_two_writers_of_one_cell_do_not_overwrite(union, table):
    line = typed_line(table)
    used(table)
    write(line, union.an, 20)
    with pytest.raises(EditConflict):
        write(line, union.an, 21)  # opened while the cell was empty
    write(line, union.an, 22, version=1)
    with pytest.raises(EditConflict):
        write(line, union.an, 23, version=1)
    assert StatValue.objects.get().value == 22


def test_what_is_made_of_other_lines_takes_no_figure(union, table):
    one, two = typed_line(table), typed_line(table, name="Khác")
    whole = add_item(table=table, what=What.SUM, name="Cộng", parts=[one, two])
    used(table)
    with pytest.raises(StatRefused, match="tính từ các dòng khác"):
        write(whole, union.an, 3)


def test_draft_table_and_stranger_take_no_figure(union, table):
    line = typed_line(table)
    with pytest.raises(StatRefused, match="không dùng cho đơn vị"):
        write(line, union.an, 3)
    used(table)
    with pytest.raises(StatRefused, match="không dùng cho đơn vị"):
        write(line, union.stranger, 3)


def test_negative_and_huge_figures_are_refused(union, table):
    line = typed_line(table)
    used(table)
    for value, words in ((-1, "từ 0 trở lên"), (10**15, "quá lớn")):
        with pytest.raises(StatRefused, match=words):
            write(line, union.an, value)


# --- which tables, and as data --------------------------------------------------------------------------


def test_tables_of_a_unit_are_the_common_ones_and_those_from_above(union, table):
    typed_line(table)
    assert [one.number for one in tables_of(union.an, YEAR)] == ["01", "02", "03", "04", "05", "06", "08"]
    used(table)
    assert [one.number for one in tables_of(union.an, YEAR)][-1] == "09"
    assert "09" not in [one.number for one in tables_of(union.stranger, YEAR)]
    assert "09" not in [one.number for one in tables_of(union.an, Period.of_quarter(2026, 1))]  # asked by the year
    assert "07" in [one.number for one in tables_of(union, YEAR)]  # inspection: for a superior


def test_edition_ends_the_one_before_and_past_periods_keep_theirs(union, table):
    typed_line(table)
    old = used(table)
    made = new_edition(table=old, by=union.office)
    made = change_table(
        table=made, version=1, number="09", title="Biểu sửa", whom="all", kinds=["year"], source="", note=""
    )
    put_in_use(table=made, version=2, valid_from=datetime.date(2026, 1, 1))
    assert [one.title for one in tables_of(union.an, YEAR)][-1] == "Biểu sửa"
    assert [one.title for one in tables_of(union.an, Period.of_year(2025))][-1] == "Biểu thử"
    take_out_of_use(table=StatTable.objects.get(pk=made.pk), version=3, last_day=datetime.date(2026, 12, 31))
    assert "09" not in [one.number for one in tables_of(union.an, Period.of_year(2027))]


def test_common_tables_have_no_line_without_a_source(union):
    """Every indicator they name is in the catalogue, every figure in the list; the migration makes them once."""
    lines = StatItem.objects.filter(table__owner=None)
    codes = set(lines.filter(what=What.INDICATOR).values_list("code", flat=True))
    assert len(codes) > 40
    assert codes <= set(Indicator.objects.values_list("code", flat=True))
    assert set(lines.filter(what=What.FIGURE).values_list("figure", flat=True)) <= set(FIGURES)
    for line in lines.filter(what=What.FIGURE):
        figure = FIGURES[line.figure]
        assert line.unit_word == ("%" if figure.is_share else figure.unit_word), line
    for line in lines.filter(what=What.SUM).prefetch_related("parts"):
        assert {part.unit_word for part in line.parts.all()} == {line.unit_word}
    for line in lines.filter(what=What.SHARE).select_related("share_of", "share_whole"):
        assert line.share_of.unit_word == line.share_whole.unit_word, line


def test_migration_run_again_changes_nothing():
    from importlib import import_module

    from django.apps import apps

    before = list(StatItem.objects.order_by("pk").values())
    assert before
    import_module("reports.migrations.0006_statistics").fill(apps, None)
    assert list(StatItem.objects.order_by("pk").values()) == before


def test_content_goes_to_json_and_back_with_the_name_of_its_time(union, table):
    indicator_line(table, union.blood)
    content = sheet_content(used(table), union.an, YEAR, as_of=END)
    assert StatContent.from_json(content.to_json()) == content
    rename_unit(
        by=union.office, unit=union.an, name="Chi đoàn Mới", on=datetime.date(2027, 1, 1), decision="1-QĐ/ĐK",
        today=datetime.date(2027, 1, 2),
    )  # fmt: skip
    later = sheet_content(table, Unit.objects.get(pk=union.an.pk), YEAR, as_of=datetime.date(2027, 2, 1))
    assert later.unit_name == "Chi đoàn An"


# --- cost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_unit", [False, True])
def test_query_count_does_not_grow_with_tables_lines_or_units(by_unit):
    def made(count):
        union = UnionFactory()
        by = account_at(union, "superior_office")
        tables = []
        for place in range(count):
            own = create_table(owner=union, by=by, number=f"{20 + place}", title="Biểu", whom="all", kinds=["year"])
            for _ in range(count):
                indicator_line(own, IndicatorFactory())
                typed_line(own)
                figure_line(own, "members")
                figure_line(own, "dues_paid")
                figure_line(own, "cases_done")
            for _ in range(count):
                branch = UnitFactory(superior=union)
                MemberFactory(home=branch)
                log(branch, Indicator.objects.latest("pk"), 1, on(2))
            tables.append(used(own))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            fill_tables(tables, union, YEAR, as_of=END, by_unit=by_unit)
        return len(asked)

    assert made(1) == made(3)


# --- who was here, and when -----------------------------------------------------------------------------


def test_what_happened_last_year_only_is_told(union, table):
    """Trees: 7 in 2025, neither plan nor result in 2026; nothing at all of the other."""
    trees, other = IndicatorFactory(code="cay-xanh"), IndicatorFactory(code="khac")
    log(union.an, trees, 7, datetime.date(2025, 3, 1))
    indicator_line(table, trees)
    indicator_line(table, other)
    rows = texts(fill(used(table), union, YEAR, as_of=END))
    assert [row[:2] for row in rows] == [["-", "7"], ["-", "-"]]


def test_share_of_what_only_some_typed_cannot_be_computed(union, table):
    """20 young people typed by An alone over the members of both is no share; with Bình's 10 it is 30 of 40."""
    part, whole = typed_line(table), typed_line(table, name="Cả thôn")
    add_item(table=table, what=What.SHARE, name="Tỷ lệ", share_of=part, share_whole=whole)
    used(table)
    write(whole, union, 40)
    write(part, union.an, 20)
    assert texts(fill(table, union, YEAR, as_of=END))[2][0] == "x"
    write(part, union.binh, 10)
    assert texts(fill(table, union, YEAR, as_of=END))[2][0] == "75,0 (30/40)"


def test_a_quarter_stands_beside_the_same_quarter_of_the_year_before(union, table):
    """A target of the year is not judged within it."""
    indicator_line(table, union.blood)
    found = fill(used(table), union.an, Period.of_quarter(2026, 1), as_of=END)
    assert found.content.columns == ("Kỳ này", "Cùng kỳ năm trước", "Kế hoạch", "So kế hoạch")
    assert texts(found)[0][3] == "x"


def held(branch, day):
    return Meeting.objects.create(
        unit=branch, kind=Meeting.OF_ALL[0], state=Meeting.State.HELD, title="Họp", created_by=account_at(branch),
        starts_at=datetime.datetime.combine(day, datetime.time(8), datetime.UTC),
    )  # fmt: skip


def test_meetings_stay_with_the_superior_of_their_day(union):
    """An was dissolved on 01/10 after one meeting; Bình left on 01/07 after one of two: 2 here, 1 there."""
    other = UnionFactory(name="Đoàn Phường")
    move_unit(unit=union.binh, superior=other, on=on(7), decision="01", today=END)
    for branch, day in ((union.an, on(3)), (union.binh, on(5)), (union.binh, on(9))):
        held(branch, day)
    Unit.objects.filter(pk=union.an.pk).update(dissolved_on=on(10))
    told = {}
    for unit in (union, other):
        found = read_figures({"meetings_held", "branch_units"}, scope_of(unit, YEAR.starts_on), YEAR, as_of=END)
        told[unit.name] = [found.amount(key, WHOLE).value for key in ("meetings_held", "branch_units")]
    assert told == {"Đoàn Khối": [2, 0], "Đoàn Phường": [1, 1]}


def test_dues_of_a_branch_that_ended_are_told():
    """The branch ends on the day of the figures: what was paid for January to March stays in the figure of the year."""
    keeping = Keeping()
    keeping.pay(keeping.an, 1, 2, 3)
    before = read_figures({"dues_paid"}, scope_of(keeping.union, YEAR.starts_on), YEAR, as_of=TODAY)
    Unit.objects.filter(pk=keeping.branch.pk).update(dissolved_on=TODAY)
    after = read_figures({"dues_paid"}, scope_of(keeping.union, YEAR.starts_on), YEAR, as_of=TODAY)
    assert before.amount("dues_paid", WHOLE).value == after.amount("dues_paid", WHOLE).value == 15_000


def test_figures_open_the_page_of_their_own_period(union, table):
    """Activities of the quarter with those below; yearly pages in the year of the last day, none over a term."""
    activities = figure_line(table, "activities")
    dues = figure_line(table, "dues_paid")
    blood = indicator_line(table, union.blood)
    rights, last = {"view", "approve"}, datetime.date(2026, 3, 31)
    quarter, school = Period.of_quarter(2026, 1), Period.of_school_year(2025)
    term = TermFactory(unit=union)

    def query(item, unit, period, until=last):
        return link_of(item, unit, period, rights, until=until).partition("?")[2]

    assert query(activities, union, quarter) == "ky=2026-q1&below=1"
    assert query(activities, union.an, quarter) == "ky=2026-q1"
    assert query(dues, union, school, until=datetime.date(2026, 5, 31)) == "nam=2026"
    assert link_of(dues, union, term, rights, until=last) == ""
    assert query(blood, union, term) == f"ky=nk-{term.pk}"
    assert link_of(blood, union.an, term, rights, until=last) == ""  # the superior's term is none of its own
    assert query(activities, union.an, term) == "ky=tu-den&tu=2019-11-01&den=2026-03-31"


def test_money_is_written_with_dots(union, table):
    gifts = MoneyFactory(code="qua")
    log(union.an, gifts, 24_000_000, on(2))
    indicator_line(table, gifts)
    assert texts(fill(used(table), union.an, YEAR, as_of=END))[0][0] == "24.000.000"


# --- other figures than the computed ones, from below -------------------------------------------------------


def test_a_superior_adds_what_its_units_tables_show(union, table):
    """An did 5 and wrote 6, Bình did 1: the superior has 6 + 1 = 7, as the columns of its units say."""
    blood = indicator_line(table, union.blood, number="1")
    people = figure_line(table, "members", number="2")
    again = indicator_line(table, union.blood, number="3")
    add_item(table=table, what=What.SUM, number="4", name="Cả hai", parts=[blood, again])
    used(table)
    MemberFactory(home=union.an)
    write(blood, union.an, 6, reason="Một người hiến ở bệnh viện")
    write(people, union.binh, 3, reason="Chưa nhập hai người")
    found = fill(table, union, YEAR, as_of=END)
    first, second, other, total = (line.cells[0] for line in found.content.lines)
    assert (first.text, first.value, first.instead, first.is_typed) == ("7", "7.00", "6", False)
    assert (second.text, second.instead) == ("4", "1")  # 1 of the register and 3 - 0 that Bình wrote
    assert other.text == "6"  # the line nobody wrote into
    assert total.text == "13"  # 7 + 6
    assert texts(found)[0][3] == "x"  # the plan judges the computed figure only
    note = "(*) Dòng 1: tính theo số đơn vị trực thuộc ghi: Chi đoàn An ghi 6, phần mềm tính 5"
    assert f"{note} (Một người hiến ở bệnh viện)" in found.content.notes
    by_unit = texts(fill(table, union, YEAR, as_of=END, by_unit=True))
    assert by_unit[0] == ["7", "6", "1"]
    assert by_unit[1] == ["4", "1", "3"]
    write(blood, union, 9, reason="Theo bệnh viện")
    cell = fill(table, union, YEAR, as_of=END).content.lines[0].cells[0]
    assert (cell.text, cell.instead) == ("9", "7")  # its own word stands above what its units wrote


def test_what_is_logged_after_the_word_of_the_unit_changes_no_sum(union, table):
    """An keeps its 6 whatever is logged later, at its own page and in the sum."""
    blood = indicator_line(table, union.blood, number="1")
    used(table)
    write(blood, union.an, 6, reason="Theo bệnh viện")
    log(union.an, union.blood, 10, on(4))
    assert texts(fill(table, union.an, YEAR, as_of=END))[0][0] == "6"
    assert texts(fill(table, union, YEAR, as_of=END))[0][0] == "7"


def test_of_units_one_under_another_the_higher_counts_and_depth_does_not_matter(union, table):
    """A leaf two steps below wrote 8 for 2: the union has 6 + 8. The union between then wrote 20 for all of its."""
    between = UnionFactory(superior=union, kind=Unit.Kind.GRASSROOTS_UNION)
    leaf = UnitFactory(superior=between)
    log(leaf, union.blood, 2, on(3))
    blood = indicator_line(table, union.blood)
    used(table)
    write(blood, leaf, 8, reason="Theo sổ")
    assert texts(fill(table, union, YEAR, as_of=END, by_unit=True))[0][0] == "14"
    write(blood, between, 20, reason="Theo sổ")
    assert texts(fill(table, union, YEAR, as_of=END))[0][0] == "26"


def test_a_unit_that_moved_brings_its_word_to_the_superior_of_the_closing_day(union, table):
    """Bình left Khối on 01/07, after one turn in February; what it wrote goes with it."""
    blood = indicator_line(table, union.blood)
    used(table)
    other = UnionFactory(name="Đoàn Phường", superior=None)
    move_unit(unit=union.binh, superior=other, on=on(7), decision="01", today=END)
    log(union.binh, union.blood, 2, on(9))
    StatTable.objects.filter(pk=table.pk).update(owner=None)
    write(blood, union.binh, 30, reason="Theo sổ")
    # Khối keeps An's 5 and the one turn of February; Phường has the word of Bình instead of its two.
    assert texts(fill(table, union, YEAR, as_of=END))[0][0] == "6"
    assert texts(fill(table, other, YEAR, as_of=END))[0][0] == "30"


def test_an_unknown_figure_below_leaves_the_sum_without_one(union, table):
    blood = indicator_line(table, union.blood)
    used(table)
    write(blood, union.an, None, reason="Mất sổ")
    assert texts(fill(table, union, YEAR, as_of=END))[0][0] == "…"


def test_a_share_keeps_what_is_computed_and_says_who_wrote_another(union, table):
    share = ShareFactory(code="ty-le")
    log(union.an, share, 3, on(2), denominator=4)
    line = indicator_line(table, share, number="7")
    used(table)
    write(line, union.an, 90, reason="Theo sổ")
    found = fill(table, union, YEAR, as_of=END)
    assert texts(found)[0][0] == "75,0 (3/4)"
    said = "Dòng 7: giữ số phần mềm tính, dù có đơn vị trực thuộc ghi số khác: Chi đoàn An ghi 90 (Theo sổ)"
    assert said in found.content.notes


def test_figures_of_a_report_stay_those_of_the_report(union, table):
    """A report was made of 6 turns: its annex says 6, and names who wrote another."""
    blood = indicator_line(table, union.blood, number="1")
    used(table)
    write(blood, union.an, 6, reason="Theo sổ")
    told = progress_for(union, YEAR, as_of=END)
    found = fill(table, union, YEAR, as_of=END, progress=told)
    assert texts(found)[0][0] == "6"
    assert "Dòng 1: giữ số phần mềm tính, dù có đơn vị trực thuộc ghi số khác: Chi đoàn An ghi 6 (Theo sổ)" in (
        found.content.notes
    )


@pytest.mark.parametrize("by_unit", [False, True])
def test_words_of_units_cost_the_same_for_one_and_for_three(by_unit):
    union = UnionFactory()
    by = account_at(union, "superior_office")
    own = create_table(owner=union, by=by, number="20", title="Biểu", whom="all", kinds=["year"])
    blood = IndicatorFactory()
    lines = [indicator_line(own, blood), figure_line(own, "members"), figure_line(own, "dues_paid")]
    used(own)
    counts = []
    for unit in [UnitFactory(superior=union) for _ in range(3)]:
        log(unit, blood, 1, on(2))
        for line in lines:
            write(line, unit, 2, reason="Theo sổ")
        with CaptureQueriesContext(connection) as asked:
            fill(own, union, YEAR, as_of=END, by_unit=by_unit)
        counts.append(len(asked))
    assert counts[0] == counts[2]


# --- figures that cannot be true together -------------------------------------------------------------------


def test_a_part_larger_than_its_whole_is_told_and_blocks_nothing(union, table, client):
    whole = typed_line(table, number="1", name="Thanh niên")
    part = typed_line(table, number="1.1", name="Nữ", depth=2)
    money = typed_line(table, word="đồng", number="1.2", name="Đóng góp", depth=2)
    add_item(table=table, what=What.SHARE, number="2", name="Tỷ lệ nữ", share_of=part, share_whole=whole)
    used(table)
    write(money, union.an, 500)  # another unit word is no part
    write(whole, union.an, 20)
    assert fill(table, union.an, YEAR, as_of=END).warnings == []  # 1.1 is not known yet
    write(part, union.an, 20)
    assert fill(table, union.an, YEAR, as_of=END).warnings == []  # all of them are women
    write(part, union.an, 21, version=1)
    # Told once, though the share says it as well.
    assert fill(table, union.an, YEAR, as_of=END).warnings == [
        "Dòng 1.1 nữ (21) lớn hơn dòng 1 thanh niên (20) mà nó là một phần"
    ]
    client.force_login(StatValue.objects.get(item=part).typed_by)
    page = client.get(reverse("reports:stat_table", args=[union.an.pk, table.pk]), {"ky": "2026"}).content.decode()
    assert "lớn hơn dòng 1 thanh niên (20)" in page
    page = client.get(reverse("reports:stat_tables", args=[union.an.pk]), {"ky": "2026"}).content.decode()
    assert "1 chỗ cần xem lại" in page
