"""Emulation scoring: each rule by hand in exact decimals, totals, ranks, facts, and the life of a set and a sheet."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from branches.models import EditConflict
from branches.restructuring import dissolve_unit, found_unit, move_unit, rename_unit
from reports.emulation import EmulationRefused, sets
from reports.emulation.evidence import add_evidence
from reports.emulation.facts import facts_of
from reports.emulation.publishing import cluster_of, hash_of, latest, publish
from reports.emulation.reading import board_of, sheet_view
from reports.emulation.scoring import Fact, points_as_said, points_by_figures, ranks, total_of
from reports.emulation.sheets import (
    Answer,
    finish_scoring,
    give,
    leave_out,
    reopen,
    self_score,
    send,
    send_back,
    take_figures,
)
from reports.models import (
    EmulationCriterion,
    EmulationSet,
    PeriodReport,
    ReportRow,
    ScoreSheet,
    Submission,
)

from .emulating import TODAY, UNTIL, criterion, draft, fresh, in_use, scene, scored, sent
from .factories import ActivityFactory, QuantityFactory, TargetFactory, UnionFactory, UnitFactory, YesNoFactory, year

D = Decimal


def line(kind="measured", points="10", pk=2, parent=1, **values) -> EmulationCriterion:
    values = {"indicator_code": "ket-qua" if kind == "measured" else "", **values}
    if "per_piece" in values:
        values["per_piece"] = D(values["per_piece"])
    return EmulationCriterion(pk=pk, parent_id=parent, number="1", text="x", kind=kind, points=D(points), **values)


def fact(value, aim=None, **said) -> Fact:
    value, aim = (None if one is None else D(one) for one in (value, aim))
    shown = {"shown": "" if value is None else str(value), "aim_shown": "" if aim is None else str(aim)}
    return Fact(value=value, aim=aim, **{**shown, "unit_word": "lượt người", **said})


# --- each rule by hand ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "aim", "points", "words"),
    [
        ("15", "20", "7.5", "15/20\xa0lượt người = 75% kế hoạch × 10 điểm = 7,5 điểm"),
        ("25", "20", "10", "25/20\xa0lượt người = 125% kế hoạch, tính tối đa 100% × 10 điểm = 10 điểm"),
        ("1", "3", "3.33", "1/3\xa0lượt người = 33,3% kế hoạch × 10 điểm = 3,33 điểm"),
        ("2", "3", "6.67", "2/3\xa0lượt người = 66,7% kế hoạch × 10 điểm = 6,67 điểm"),
        ("0", "20", "0", "0/20\xa0lượt người = 0% kế hoạch × 10 điểm = 0 điểm"),
    ],
)
def test_proportional_is_the_share_of_the_plan_up_to_the_cap(done, aim, points, words):
    scored = points_by_figures(line(rule="proportional"), fact(done, aim))
    assert (scored.points, scored.words) == (D(points), words)


def test_without_figures_a_measured_line_is_zero_and_says_so():
    for rule in EmulationCriterion.Rule.values:
        one = line(rule=rule, per_piece="2", bands=[["0", "", "5"]])
        assert points_by_figures(one, None).points == 0
        assert points_by_figures(one, None).words == "Không có số liệu: 0 điểm"
        assert points_by_figures(one, fact(None, "5", reason="Chưa có số liệu")).points == 0


def test_without_a_plan_the_reason_is_told():
    told = points_by_figures(line(rule="proportional"), fact("5", reason="Chưa giao chỉ tiêu"))
    assert (told.points, told.words) == (D(0), "Chưa giao chỉ tiêu: 0 điểm")


def test_a_target_of_zero_is_kept_or_not_and_never_a_share():
    """ "Không để xảy ra" has no share: kept it brings all, broken nothing."""
    kept = points_by_figures(line(rule="proportional"), fact("0", "0", is_reached=True, is_ceiling=True))
    assert kept.points == D(10)
    broken = points_by_figures(line(rule="proportional"), fact("1", "0", is_reached=False, is_ceiling=True))
    assert broken.points == D(0)


def test_all_or_nothing_follows_the_verdict():
    one = line(rule="all_or_nothing")
    met = points_by_figures(one, fact("3", "3", is_reached=True))
    assert (met.points, met.words) == (D(10), "3\xa0lượt người, chỉ tiêu 3: đạt, 10 điểm")
    assert points_by_figures(one, fact("2", "3", is_reached=False)).points == D(0)


@pytest.mark.parametrize(
    ("pieces", "points", "words"),
    [
        ("3", "6", "3\xa0lượt người × 2 điểm = 6 điểm"),
        ("7", "10", "7\xa0lượt người × 2 điểm = 14 điểm, tối đa 10 điểm"),
    ],
)
def test_per_piece_stops_at_the_cap(pieces, points, words):
    scored = points_by_figures(line(rule="per_piece", per_piece="2"), fact(pieces))
    assert (scored.points, scored.words) == (D(points), words)


@pytest.mark.parametrize(
    ("share", "points"), [("79.9", "0"), ("80", "6"), ("94.99", "6"), ("95", "10"), ("100", "10"), ("120", "10")]
)
def test_bands_take_from_inclusive_and_to_exclusive(share, points):
    """80 to under 95 brings 6, from 95 on 10, below nothing."""
    one = line(rule="bands", bands=[["80", "95", "6"], ["95", "", "10"]])
    assert points_by_figures(one, fact(share)).points == D(points)


def test_bands_say_which_one():
    one = line(rule="bands", bands=[["80", "95", "6"], ["95", "", "10"]])
    told = points_by_figures(one, Fact(D(90), shown="90%", unit_word="%"))
    assert told.words == "90%, thuộc mức từ 80 đến dưới 95: 6 điểm"
    assert points_by_figures(one, Fact(D(99), shown="99%")).words == "99%, thuộc mức từ 95 trở lên: 10 điểm"


def test_what_a_person_says():
    assert points_as_said(line("typed"), D("7.25")).points == D("7.25")
    assert points_as_said(line("yes_no"), D(1)).points == D(10)
    assert points_as_said(line("yes_no"), D(0)).points == D(0)
    assert points_as_said(line("typed"), None).points is None
    taken = points_as_said(line("deduction", "6", per_piece="2"), D(2))
    assert (taken.points, taken.words) == (D(-4), "Trừ: 2\xa0lần × 2 điểm = 4 điểm")
    assert points_as_said(line("deduction", "6", per_piece="2"), D(9)).points == D(-6)
    assert points_as_said(line("bonus", "5", per_piece="1.5"), D(3)).points == D("4.5")
    assert points_as_said(line("bonus", "5", per_piece="1.5"), D(4)).points == D(5)


MONEY = st.decimals(min_value=0, max_value=1000, places=2)


@settings(max_examples=300, deadline=None)
@given(MONEY.filter(bool), MONEY, MONEY, MONEY, st.sampled_from(EmulationCriterion.Kind.values[1:]),
       st.sampled_from(EmulationCriterion.Rule.values))  # fmt: skip
def test_points_never_leave_their_bounds(cap, value, aim, piece, kind, rule):
    """Whatever is measured or typed: 0 … cap, a deduction -cap … 0, and never more than two decimals."""
    one = line(kind, str(cap), rule=rule, per_piece=piece, indicator_code="x", bands=[["0", "", str(cap)]])
    asked = [points_by_figures(one, fact(value, aim, is_reached=value > aim)), points_as_said(one, value)]
    one.indicator_code = ""
    for found in [*asked, points_as_said(one, value)]:
        low, high = (-cap, D(0)) if kind == "deduction" else (D(0), cap)
        assert low <= found.points <= high
        assert found.points == found.points.quantize(D("0.01"))
        assert found.words


# --- sums and ranks -------------------------------------------------------------------------------------


def group(pk, number="I"):
    return EmulationCriterion(pk=pk, number=number, text="Nhóm", kind="group", points=D(0))


def total(criteria, points, *, most="100", cap=None):
    return total_of(criteria, {pk: D(value) for pk, value in points.items()}, total_points=D(most),
                    bonus_cap=None if cap is None else D(cap))  # fmt: skip


def test_a_group_with_points_never_falls_below_zero():
    """I: 5 − 8 = 0, not −3; II: 20. 0 + 20 = 20."""
    criteria = [group(1), line("typed", pk=2), line("deduction", pk=3), group(4, "II"),
                line("typed", "30", pk=5, parent=4)]  # fmt: skip
    found = total(criteria, {2: 5, 3: -8, 5: 20})
    assert [one.points for one in found.groups] == [D(0), D(20)]
    assert found.points == D(20)


def test_a_group_of_deductions_is_taken_off_the_whole_but_not_below_zero():
    """20 − 8 = 12; 5 − 8 = 0."""
    criteria = [group(1), line("typed", "30", pk=2), group(4, "II"), line("deduction", pk=5, parent=4)]
    assert total(criteria, {2: 20, 5: -8}).points == D(12)
    assert total(criteria, {2: 20, 5: -8}).words == "20, trừ 8"
    assert total(criteria, {2: 5, 5: -8}).points == D(0)


def test_bonuses_above_the_total_are_added_and_capped():
    """95 + 3 + 4 above a total of 100, at most 5 bonus points: 95 + 5 = 100; with 100 it is 105."""
    criteria = [group(1), line("typed", "100", pk=2), line("bonus", pk=3, above_total=True),
                line("bonus", pk=4, above_total=True)]  # fmt: skip
    assert total(criteria, {2: 95, 3: 3, 4: 4}, cap="5").points == D(100)
    assert total(criteria, {2: 100, 3: 3, 4: 4}, cap="5").points == D(105)
    assert total(criteria, {2: 100, 3: 3, 4: 4}).points == D(107)


def test_bonuses_within_the_total_fill_it_up_and_no_more():
    """98 + 3 within 100 is 100, of which 2 counted."""
    criteria = [group(1), line("typed", "100", pk=2), line("bonus", pk=3, above_total=False)]
    found = total(criteria, {2: 98, 3: 3})
    assert (found.points, found.bonus, found.words) == (D(100), D(2), "98, thưởng 2")


def test_a_bonus_never_lowers_the_total():
    """98 of 100, cap 5: 3 above alone 98 + 3 = 101; with 5 within, of which 2 find room, 100 + 3 = 103."""
    criteria = [group(1), line("typed", "100", pk=2), line("bonus", pk=3, above_total=True),
                line("bonus", pk=4, above_total=False)]  # fmt: skip
    assert total(criteria, {2: 98, 3: 3, 4: 0}, cap="5").points == D(101)
    found = total(criteria, {2: 98, 3: 3, 4: 5}, cap="5")
    assert (found.points, found.bonus) == (D(103), D(5))


def test_missing_lines_are_counted():
    criteria = [group(1), line("typed", pk=2), line("typed", pk=3)]
    assert total(criteria, {2: 5}).missing == 1


def test_equal_totals_share_a_place_and_the_next_is_left_out():
    assert ranks([D(80), D("95.5"), None, D("95.50"), D(70)]) == [3, 1, None, 1, 4]


# --- a set ----------------------------------------------------------------------------------------------

db = pytest.mark.django_db


@db
def test_a_set_goes_into_use_only_when_its_points_add_up():
    s = scene()
    found = draft(s, total=90)
    with pytest.raises(EmulationRefused, match="cộng lại 100 điểm, tổng điểm của bộ là 90"):
        sets.put_in_use(set=found, version=found.version, on=TODAY)
    sets.edit_set(set=found, version=found.version, total_points=D(100))
    with pytest.raises(EmulationRefused, match="Chưa có đơn vị nào"):
        sets.put_in_use(set=found, version=fresh(found).version, on=TODAY)


@db
def test_in_use_criteria_stand():
    s = scene()
    found = in_use(s)
    for change in (
        lambda: sets.add_criterion(set=found, parent=None, kind="group", number="III", text="Thêm"),
        lambda: sets.edit_criterion(criterion=s.typed, version=1, kind="typed", number="2", text="x", points=D(40)),
        lambda: sets.remove_criterion(criterion=s.typed, version=1),
        lambda: sets.edit_set(set=found, version=found.version, total_points=D(10)),
    ):
        with pytest.raises(EmulationRefused):
            change()
    later = UNTIL + datetime.timedelta(days=5)
    assert sets.edit_set(set=found, version=found.version, self_until=later).self_until == later


@db
def test_a_new_edition_takes_units_over_until_somebody_scores():
    s = scene()
    old = in_use(s)
    new = sets.revise_set(set=old, version=old.version, by=s.office)
    assert (new.edition, new.state, new.sheets.count(), new.clusters.count()) == (2, "draft", 3, 1)
    assert new.criteria.count() == 7
    assert fresh(old).state == "ended"
    with pytest.raises(EmulationRefused, match="không dùng để chấm"):
        self_score(sheet=s.sheets[0], version=1, by=s.secretary, answers={})
    used = sets.put_in_use(set=new, version=new.version, on=TODAY)
    typed = used.criteria.get(kind="typed")
    self_score(sheet=s.sheets[0], version=1, by=s.secretary, answers={typed: Answer(D(3))})
    with pytest.raises(EmulationRefused, match="Đã có đơn vị chấm"):
        sets.revise_set(set=used, version=used.version, by=s.office)


@db
def test_a_copy_for_the_next_year_has_criteria_and_clusters_and_no_points():
    s = scene()
    old = in_use(s)
    scored(s, s.sheets[0])
    new = sets.draft_set(unit=s.union, by=s.office, period=year(2027), name="Thi đua 2027", total_points=D(100),
                         self_until=datetime.date(2027, 12, 10), like=old, on=TODAY)  # fmt: skip
    assert [(one.number, one.points, one.per_piece) for one in new.criteria.exclude(kind="group")] == [
        ("1", D(60), None), ("2", D(30), None), ("3", D(10), None), ("4", D(6), D(2)), ("5", D(5), D("1.5")),
    ]  # fmt: skip
    assert new.sheets.filter(state="open", lines=None).count() == 3


@db
@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ([], "ít nhất một mức"),
        ([(D(80), D(70), D(5))], "phải lớn hơn"),
        ([(D(80), None, D(5)), (D(90), None, D(6))], "Chỉ mức cuối"),
        ([(D(80), D(95), D(5)), (D(90), None, D(6))], "chồng lên"),
        ([(D(80), D(95), D(50))], "không quá 10"),
    ],
)
def test_bands_that_make_no_sense_are_refused(bands, said):
    s = scene()
    found = draft(s)
    with pytest.raises(EmulationRefused, match=said):
        criterion(found, s.group, "9", kind="measured", points=D(10), rule="bands", indicator_code="x", bands=bands)


@db
def test_a_branch_keeps_no_set():
    s = scene()
    with pytest.raises(EmulationRefused):
        sets.draft_set(unit=s.units[0], by=s.secretary, period=year(2026), name="x", total_points=D(1),
                       self_until=UNTIL, on=TODAY)  # fmt: skip


# --- clusters -------------------------------------------------------------------------------------------


def clustered(s, cluster, units, name="Cụm II"):
    return sets.save_cluster(set=s.set, cluster=cluster, version=fresh(s.set).version, name=name, units=units, on=TODAY)


@db
def test_a_unit_founded_later_is_taken_into_a_set_in_use():
    s = scene()
    in_use(s)
    scored(s, s.sheets[0])
    late = found_unit(kind="branch", name="Chi đoàn mới", superior=s.union, on=TODAY, code="chi-doan-moi")
    cluster = s.set.clusters.get()
    clustered(s, cluster, [*s.units, late])
    sheet = ScoreSheet.objects.get(set=s.set, unit=late)
    assert (sheet.cluster, sheet.taken_on, sheet.state) == (cluster, TODAY, "open")
    assert fresh(s.sheets[0]).state == "scored"


@db
def test_a_unit_stands_in_one_cluster_and_moves_with_its_sheet():
    s = scene()
    in_use(s)
    sent(s, s.sheets[0])
    other = clustered(s, None, [s.units[0]], "Cụm III")
    assert list(ScoreSheet.objects.filter(set=s.set, unit=s.units[0]).values_list("cluster", flat=True)) == [other.pk]
    assert fresh(s.sheets[0]).state == "self_scored"


@db
def test_a_unit_with_points_is_not_taken_out():
    s = scene()
    in_use(s)
    sent(s, s.sheets[0])
    with pytest.raises(EmulationRefused, match="Chi đoàn A đã có điểm"):
        clustered(s, s.set.clusters.get(), s.units[1:])
    clustered(s, s.set.clusters.get(), s.units[:2])
    assert ScoreSheet.objects.filter(set=s.set).count() == 2


@db
def test_two_who_change_clusters_do_not_overwrite_each_other():
    s = scene()
    in_use(s)
    version = fresh(s.set).version
    clustered(s, s.set.clusters.get(), s.units[:2])
    with pytest.raises(EditConflict):
        sets.save_cluster(set=s.set, cluster=None, version=version, name="Khác", units=s.units[2:], on=TODAY)


# --- facts ----------------------------------------------------------------------------------------------


@db
def test_facts_are_plan_and_result_of_the_unit_itself():
    """A has 15 of 20 lượt: 75 % of 60 points is 45. B has 4 and no plan, C nothing."""
    s = scene()
    in_use(s)
    QuantityFactory(activity=ActivityFactory(unit=s.units[1], totals=False), indicator=s.indicator, value=D(4))
    found = facts_of(s.set, s.sheets, [s.indicator.code], as_of=TODAY)
    scored = [points_by_figures(s.measured, found[unit.pk, s.indicator.code]) for unit in s.units]
    assert [one.points for one in scored] == [D(45), D(0), D(0)]
    assert scored[0].words == "15/20\xa0lượt người = 75% kế hoạch × 60 điểm = 45 điểm"
    assert scored[1].words == "Chưa giao chỉ tiêu nên không so được với kế hoạch: 0 điểm"
    assert found[s.units[0].pk, s.indicator.code].source == "số đã ghi đến 22/11/2026"


@db
def test_an_approved_report_of_the_year_goes_before_what_was_logged():
    """The report said 18 of 20: 90 % of 60 is 54, whatever was logged since."""
    s = scene()
    in_use(s)
    report = PeriodReport.objects.create(unit=s.units[0], period=year(2026))
    submission = Submission.objects.create(
        report=report, edition=1, as_of=TODAY, submitted_on=TODAY, submitted_by=s.secretary, content={},
        sha256="0" * 64, approved_on=TODAY, approved_by=s.office,
    )  # fmt: skip
    ReportRow.objects.create(
        submission=submission, position=1, indicator=s.indicator, code=s.indicator.code, name="x", unit_word="lượt",
        value=D(18), lines=3, comparator="ge", aim_value=D(20), standing="on_track", ratio=D("0.9"),
    )  # fmt: skip
    found = facts_of(s.set, s.sheets, [s.indicator.code], as_of=TODAY)[s.units[0].pk, s.indicator.code]
    assert points_by_figures(s.measured, found).points == D(54)
    assert found.source == "báo cáo năm 2026 duyệt ngày 22/11/2026"


@db
def test_yes_or_no_of_the_plan_is_all_or_nothing():
    s = scene()
    yes = YesNoFactory()
    TargetFactory(unit=s.units[0], indicator=yes, comparator="yes", value=None)
    QuantityFactory(activity=ActivityFactory(unit=s.units[0], totals=False), indicator=yes, value=D(1))
    found = in_use(s)
    one = EmulationCriterion(set=found, kind="measured", rule="all_or_nothing", indicator_code=yes.code, points=D(10))
    facts = facts_of(found, s.sheets, [yes.code], as_of=TODAY)
    assert points_by_figures(one, facts[s.units[0].pk, yes.code]).points == D(10)
    assert points_by_figures(one, facts[s.units[1].pk, yes.code]).points == D(0)


@db
def test_the_board_asks_as_often_for_one_unit_as_for_three():
    asked = []
    for count in (1, 3):
        s = scene(count)
        in_use(s)
        for unit in s.units[1:]:
            TargetFactory(unit=unit, indicator=s.indicator, value=D(10))
        found = EmulationSet.objects.select_related("unit", "period").get(pk=s.set.pk)
        with CaptureQueriesContext(connection) as queries:
            assert len(board_of(found, on=TODAY)) == count
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 14


# --- a sheet --------------------------------------------------------------------------------------------


@db
def test_from_the_units_own_points_to_scored():
    """45 + 30 + 10 − 2×2 deductions (II: 40 − 4 = 36) + 1,5 × 2 bonus: 45 + 36 + 3 = 84."""
    s = scene()
    in_use(s)
    sheet = sent(s, s.sheets[0])
    assert sheet.state == "self_scored"
    said = {s.measured: 45, s.typed: 30, s.yes_no: 1, s.deduction: 2, s.bonus: 2}
    for one, value in said.items():
        row = sheet.lines.get(criterion=one)
        give(sheet=sheet, criterion=one, version=row.version, by=s.office, on=TODAY, said=D(value), note="Theo sổ")
    finish_scoring(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY)
    view = sheet_view(ScoreSheet.objects.select_related("set__unit", "set__period", "unit").get(pk=sheet.pk),
                      reader=s.office, on=TODAY, reads_given=True, published=None)  # fmt: skip
    assert [one.points for one in view.given.groups] == [D(45), D(36)]
    assert (view.given.points, view.given.words) == (D(84), "45 + 36, thưởng 3")
    assert view.own.points == D(83)
    assert view.figures.points == D(45)


@db
def test_a_sheet_is_sent_whole_and_then_stands():
    s = scene()
    in_use(s)
    sheet = s.sheets[0]
    self_score(sheet=sheet, version=1, by=s.secretary, answers={s.measured: Answer(D(40))})
    with pytest.raises(EmulationRefused, match="Chưa tự chấm mục 2, 3"):
        send(sheet=sheet, version=2, by=s.secretary, on=TODAY)
    sent(s, sheet)
    with pytest.raises(EmulationRefused, match="đã gửi"):
        self_score(sheet=sheet, version=fresh(sheet).version, by=s.secretary, answers={})


@db
@pytest.mark.parametrize(("name", "said"), [("typed", "30.01"), ("typed", "-1"), ("bonus", "1001")])
def test_more_than_the_line_brings_is_refused(name, said):
    s = scene()
    in_use(s)
    with pytest.raises(EmulationRefused, match="ghi từ 0 đến"):
        self_score(sheet=s.sheets[0], version=1, by=s.secretary, answers={getattr(s, name): Answer(D(said))})


@db
def test_a_line_that_needs_proof_is_not_sent_without():
    s = scene()
    found = draft(s)
    EmulationCriterion.objects.filter(pk=s.typed.pk).update(needs_evidence=True)
    sets.save_cluster(set=found, cluster=None, version=found.version, name="Cụm", units=s.units, on=TODAY)
    sets.put_in_use(set=found, version=fresh(found).version, on=TODAY)
    sheet = ScoreSheet.objects.get(unit=s.units[0])
    with pytest.raises(EmulationRefused, match="Mục 2 phải có minh chứng"):
        sent(s, sheet)
    add_evidence(sheet=sheet, criterion=s.typed, by=s.secretary, activities=[s.activity])
    assert send(sheet=sheet, version=fresh(sheet).version, by=s.secretary, on=TODAY).state == "self_scored"


@db
def test_other_points_than_the_units_need_a_reason_unless_figures_say_so():
    s = scene()
    in_use(s)
    sheet = sent(s, s.sheets[0])
    row = sheet.lines.get(criterion=s.typed)
    at = {"sheet": sheet, "by": s.office, "on": TODAY}
    with pytest.raises(EmulationRefused, match="Hãy ghi lý do"):
        give(criterion=s.typed, version=row.version, said=D(20), **at)
    given = give(criterion=s.typed, version=row.version, said=D(20), note="Thiếu sổ chi đoàn", **at)
    assert (given.given_points, given.given_note, given.self_points) == (D(20), "Thiếu sổ chi đoàn", D(28))
    measured = sheet.lines.get(criterion=s.measured)
    figures = points_by_figures(s.measured, fact("12", "20"))  # 60 % of 60 is 36
    give(criterion=s.measured, version=measured.version, said=D(36), figures=figures, **at)
    assert sheet.lines.get(criterion=s.measured).given_words == figures.words


@db
def test_a_line_opened_before_somebody_scored_it_is_not_overwritten():
    s = scene()
    in_use(s)
    sheet = sent(s, s.sheets[0])
    row = sheet.lines.get(criterion=s.typed)
    at = {"sheet": sheet, "criterion": s.typed, "by": s.office, "on": TODAY, "version": row.version}
    give(said=D(28), **at)
    with pytest.raises(EditConflict):
        give(said=D(10), note="Khác", **at)
    assert sheet.lines.get(criterion=s.typed).given_points == D(28)


@db
def test_nobody_scores_a_unit_that_still_has_time():
    s = scene()
    in_use(s)
    with pytest.raises(EmulationRefused, match="chưa hết hạn"):
        give(sheet=s.sheets[0], criterion=s.typed, version=0, by=s.office, on=UNTIL, said=D(1))
    late = UNTIL + datetime.timedelta(days=1)
    assert give(sheet=s.sheets[0], criterion=s.typed, version=0, by=s.office, on=late, said=D(1)).given_points == D(1)


@db
def test_figures_are_taken_where_nobody_scored():
    s = scene()
    in_use(s)
    sheet = sent(s, s.sheets[0])
    proposed = {s.measured: points_by_figures(s.measured, fact("15", "20"))}
    at = {"sheet": sheet, "by": s.office, "on": TODAY, "proposed": proposed}
    assert take_figures(version=fresh(sheet).version, **at) == 1
    assert sheet.lines.get(criterion=s.measured).given_points == D(45)
    assert take_figures(version=fresh(sheet).version, **at) == 0


@db
def test_a_sheet_sent_back_keeps_points_and_the_reason():
    s = scene()
    in_use(s)
    sheet = sent(s, s.sheets[0])
    with pytest.raises(EmulationRefused, match="Hãy ghi lý do"):
        send_back(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY, reason=" ")
    send_back(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY, reason="Thiếu ảnh")
    assert fresh(sheet).state == "open"
    assert sheet.steps.order_by("-pk").first().reason == "Thiếu ảnh"
    assert sheet.lines.get(criterion=s.typed).self_points == D(28)


# --- the publication ------------------------------------------------------------------------------------


def all_scored(s):
    """A 45+28+10 = 83, B and C 60+30+10 = 100."""
    in_use(s)
    scored(s, s.sheets[0])
    for sheet in s.sheets[1:]:
        scored(s, sheet, typed=D(30), measured=D(60))


def published(s, **values):
    return publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY, **values)


@db
def test_ranks_of_the_publication_share_a_place():
    s = scene()
    all_scored(s)
    made = published(s)
    rows = made.content["clusters"][0]["rows"]
    assert [(row["name"], row["rank"], D(row["total"])) for row in rows] == [
        ("Chi đoàn B", 1, D(100)), ("Chi đoàn C", 1, D(100)), ("Chi đoàn A", 3, D(83)),
    ]  # fmt: skip
    assert made.sha256 == hash_of(fresh(made).content)
    assert set(ScoreSheet.objects.values_list("state", flat=True)) == {"final"}


@db
def test_nothing_is_published_while_somebody_waits():
    s = scene()
    in_use(s)
    scored(s, s.sheets[0])
    with pytest.raises(EmulationRefused, match="Chưa chấm xong: Chi đoàn B; Chi đoàn C"):
        published(s)


@db
def test_a_change_after_the_publication_is_another_edition_with_its_reason():
    """A is opened again: 83 becomes 85; the first edition stays as it was."""
    s = scene()
    all_scored(s)
    first = published(s)
    sheet = s.sheets[0]
    row = sheet.lines.get(criterion=s.typed)
    at = {"sheet": sheet, "criterion": s.typed, "by": s.office, "on": TODAY, "version": row.version, "note": "Có sổ"}
    with pytest.raises(EmulationRefused, match="đã công bố"):
        give(said=D(30), **at)
    reopen(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY, reason="Đơn vị bổ sung sổ")
    give(said=D(30), **at)
    finish_scoring(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY)
    with pytest.raises(EmulationRefused, match="Hãy ghi lý do thay đổi"):
        published(s)
    second = published(s, reason="Bổ sung sổ chi đoàn")
    assert (second.edition, latest(s.set)) == (2, second)
    totals = [cluster_of(one.content, s.units[0].pk)["rows"][-1]["total"] for one in (fresh(first), second)]
    assert totals == ["83.00", "85.00"]


@db
def test_the_same_points_are_not_published_twice():
    s = scene()
    all_scored(s)
    published(s)
    with pytest.raises(EmulationRefused, match="không có gì khác"):
        published(s, reason="Thử")


@db
def test_a_unit_left_out_stays_on_the_list_with_the_reason():
    s = scene()
    in_use(s)
    for sheet in s.sheets[:2]:
        scored(s, sheet)
    leave_out(sheet=s.sheets[2], version=1, by=s.office, on=TODAY, reason="Mới thành lập tháng 11")
    rows = published(s).content["clusters"][0]["rows"]
    assert [(row["name"], row["rank"], row["left_out"]) for row in rows] == [
        ("Chi đoàn A", 1, ""), ("Chi đoàn B", 1, ""), ("Chi đoàn C", None, "Mới thành lập tháng 11"),
    ]  # fmt: skip


@db
def test_names_of_the_publication_stay_when_a_unit_is_renamed_or_ends():
    s = scene()
    all_scored(s)
    made = published(s)
    later = TODAY + datetime.timedelta(days=10)
    rename_unit(unit=s.units[0], name="Chi đoàn Alpha", on=later, decision="11-QĐ")
    dissolve_unit(unit=s.units[1], on=later, decision="12-QĐ")
    names = {row["name"] for row in fresh(made).content["clusters"][0]["rows"]}
    assert names == {"Chi đoàn A", "Chi đoàn B", "Chi đoàn C"}


@db
def test_a_set_ends_only_after_its_publication():
    s = scene()
    all_scored(s)
    with pytest.raises(EmulationRefused, match="Chưa công bố"):
        sets.end_set(set=s.set, version=fresh(s.set).version, on=TODAY)
    published(s)
    sets.end_set(set=s.set, version=fresh(s.set).version, on=TODAY)
    with pytest.raises(EmulationRefused):
        reopen(sheet=s.sheets[0], version=fresh(s.sheets[0]).version, by=s.office, on=TODAY, reason="x")


@db
def test_the_unit_reads_points_only_as_published():
    s = scene()
    all_scored(s)
    sheet = ScoreSheet.objects.select_related("set__unit", "set__period", "unit").get(pk=s.sheets[0].pk)
    at = {"reader": s.secretary, "on": TODAY, "reads_given": False}
    assert sheet_view(sheet, published=None, **at).given is None
    made = published(s)
    assert sheet_view(sheet, published=made, **at).given.points == D(83)
    sheet.lines.filter(criterion=s.typed).update(given_points=D(1))
    assert sheet_view(sheet, published=made, **at).given.points == D(83)


@db
def test_a_stranger_is_no_unit_of_the_set():
    s = scene()
    in_use(s)
    assert UnitFactory() not in sets.units_below(s.union, TODAY)


@pytest.mark.django_db
def test_a_unit_that_moved_away_keeps_its_sheet_with_what_it_did_here():
    """Chi đoàn A, 15 turns in spring and 4 after leaving on 01/09: scored here on what it did here, without a plan."""
    s = scene(2)
    in_use(s)
    other = UnionFactory(name="Đoàn Phường")
    move_unit(unit=s.units[0], superior=other, on=datetime.date(2026, 9, 1), decision="05", today=TODAY)
    late = ActivityFactory(unit=s.units[0], starts_on=datetime.date(2026, 10, 5), totals=False)
    QuantityFactory(activity=late, indicator=s.indicator, value=D(4))
    sheet = fresh(s.sheets[0])
    fact = facts_of(s.set, [sheet], {s.indicator.code}, as_of=TODAY)[s.units[0].pk, s.indicator.code]
    assert fact.value == D(15)
    assert [row.sheet.unit_id for row in board_of(s.set, on=TODAY)] == [one.pk for one in s.units]
    view = sheet_view(sheet, reader=s.office, on=TODAY, reads_given=True, published=None)
    assert view.lines[0].figures.points is not None
