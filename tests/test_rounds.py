"""Rounds: who is asked, what is tied to them, due days, excuses, reminders, closing; and where each unit stands."""

import datetime

import pytest

from branches.models import EditConflict, Period, Unit
from branches.periods import read_period, write_period
from branches.restructuring import dissolve_unit, move_unit
from reports.chapter_templates import copy_template
from reports.drafting import start_report
from reports.freezing import prepare
from reports.material import collect
from reports.models import PeriodReport, ReportRound, ReportTemplate, RoundStep, RoundUnit
from reports.round_standing import GROUPS, standings_of, tallies
from reports.rounds import (
    RoundRefused,
    add_units,
    ask_again,
    close_round,
    direct_units,
    excuse,
    move_due,
    move_unit_due,
    open_round,
    remind,
    remind_near,
    reopen_round,
)
from reports.submitting import approve_report, return_report, submit_report, take_back

from .factories import TermFactory, UnionFactory, UnitFactory, account_at, year

DAY = datetime.date
OPENED, DUE, TODAY = DAY(2025, 12, 1), DAY(2026, 1, 5), DAY(2026, 1, 10)


class Scene:
    """An office with three branches; one of them has a sub-branch."""

    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối", superior=UnionFactory(name="Tỉnh đoàn", kind=Unit.Kind.PROVINCE))
        self.units = [UnitFactory(name=f"Chi đoàn {name}", superior=self.union) for name in "ABC"]
        self.below = UnitFactory(name="Phân đoàn A1", kind=Unit.Kind.SUB_BRANCH, superior=self.units[0])
        self.office = account_at(self.union, "superior_office", full_name="Trần Văn Khối")
        self.secretaries = {one.pk: account_at(one) for one in self.units}

    def open(self, **said) -> ReportRound:
        said = {"kind": "year", "period": Period.of_year(2025), "due_on": DUE, **said}
        return open_round(unit=self.union, by=self.office, on=said.pop("on", OPENED), **said)

    def row(self, round, place) -> RoundUnit:
        return RoundUnit.objects.select_related("round", "unit").get(round=round, unit=self.units[place])

    def begin(self, place, period=None, on=OPENED, **said) -> PeriodReport:
        unit, period = self.units[place], period or year(2025)
        return start_report(
            by=self.secretaries[unit.pk], unit=unit, period=period, material=collect(unit, period, as_of=on), **said
        )

    def submit(self, place, on) -> PeriodReport:
        report = PeriodReport.objects.filter(unit=self.units[place], period=year(2025)).first() or self.begin(place)
        report.refresh_from_db()
        by = self.secretaries[report.unit_id]
        submit_report(report=report, version=report.version, by=by, on=on, prepared=prepare(report, on=on), dated_on=on)
        return fresh(report)


def fresh(one):
    return type(one).objects.get(pk=one.pk)


@pytest.fixture
def scene(db):
    return Scene()


# --- opening --------------------------------------------------------------------------------------------


def test_a_round_asks_every_direct_unit_at_once_and_nobody_creates_a_report(scene):
    round = scene.open()
    rows = list(round.rows.order_by("unit__name").values_list("unit__name", "period__name", "due_on", "report"))
    # The sub-branch stands under branch A, not under the office.
    assert rows == [(f"Chi đoàn {name}", "Năm 2025", DUE, None) for name in "ABC"]
    assert (round.name, round.opened_on, PeriodReport.objects.count()) == ("Báo cáo năm 2025", OPENED, 0)
    step = round.steps.get()
    assert step.text == "Mở đợt, yêu cầu 3 đơn vị báo cáo, hạn nộp 05/01/2026"


def test_a_round_asks_those_who_stood_below_on_the_day(scene):
    dissolve_unit(unit=scene.units[2], on=DAY(2025, 6, 1), decision="QĐ 1", decided_on=DAY(2025, 5, 20))
    other = UnionFactory(name="Đoàn khác", superior=scene.union)
    move_unit(unit=scene.units[1], superior=other, on=DAY(2025, 7, 1), decision="QĐ 2", decided_on=DAY(2025, 6, 20))
    assert [one.name for one in direct_units(scene.union, OPENED)] == ["Chi đoàn A", "Đoàn khác"]
    # On 31/05/2025 all three still stood there; the other office was founded long before.
    assert direct_units(scene.union, DAY(2025, 5, 31)).count() == 4


def test_a_chosen_unit_that_stands_elsewhere_is_not_asked(scene):
    stranger = UnitFactory()
    round = scene.open(units=[scene.units[0], stranger])
    assert list(round.rows.values_list("unit__name", flat=True)) == ["Chi đoàn A"]


def test_reports_begun_before_are_tied_when_the_round_opens(scene):
    report = scene.begin(1)
    assert scene.row(scene.open(), 1).report == report


def test_a_report_that_is_begun_answers_every_round_that_asks_for_it(scene):
    round, themed = scene.open(), scene.open(theme="Tháng Thanh niên")
    report = scene.begin(0)
    assert (scene.row(round, 0).report, scene.row(themed, 0).report) == (report, None)
    other = scene.begin(0, theme="Tháng Thanh niên")
    assert scene.row(themed, 0).report == other
    assert themed.name == "Báo cáo chuyên đề Tháng Thanh niên, năm 2025"


def test_a_report_that_no_round_was_tied_to_is_tied_when_it_is_handed_in(scene):
    round = scene.open()
    scene.begin(0)
    RoundUnit.objects.update(report=None)
    report = scene.submit(0, TODAY)
    assert scene.row(round, 0).report == report


def test_a_template_of_other_reports_is_refused(scene):
    """The common ones: for a year, for a month, for a theme; and one for years that begin from 2026."""
    year_long, monthly, themed = (
        ReportTemplate.objects.get(owner=None, name=name)
        for name in ("Báo cáo năm", "Báo cáo tháng, quý", "Báo cáo chuyên đề")
    )
    later = copy_template(source=year_long, unit=scene.union, by=scene.office, name="Mẫu mới")
    ReportTemplate.objects.filter(pk=later.pk).update(starts_on=DAY(2026, 1, 1))
    for template in (monthly, themed, later):
        with pytest.raises(RoundRefused, match="Mẫu này không dùng cho kỳ đã chọn") as refusal:
            scene.open(template=template)
        assert refusal.value.field == "template"
    with pytest.raises(RoundRefused, match="Mẫu này không dùng"):
        scene.open(template=year_long, theme="Tháng Thanh niên")
    assert scene.open(template=year_long).template == year_long
    assert scene.open(template=themed, theme="Tháng Thanh niên").template == themed


def test_opening_the_same_twice_is_refused_and_names_the_round(scene):
    first = scene.open()
    with pytest.raises(RoundRefused) as refusal:
        scene.open(due_on=DAY(2026, 2, 1))
    assert (refusal.value.existing, refusal.value.field) == (first, "period")
    assert ReportRound.objects.count() == 1


def test_a_term_round_takes_each_units_own_term(scene):
    terms = [TermFactory(unit=one, starts_on=DAY(2022, 1, 1 + n), ends_on=DAY(2027, 1, 1))
             for n, one in enumerate(scene.units)]  # fmt: skip
    TermFactory(unit=scene.units[0], starts_on=DAY(2019, 1, 1), ends_on=DAY(2022, 1, 1))
    round = scene.open(kind="term", period=None)
    assert set(round.rows.values_list("unit", "period")) == {(one.unit_id, one.pk) for one in terms}
    with pytest.raises(RoundRefused, match="đã có báo cáo nhiệm kỳ, mở ngày 01/12/2025"):
        scene.open(kind="term", period=None)


def test_a_term_round_names_units_without_a_term(scene):
    TermFactory(unit=scene.units[0], starts_on=DAY(2022, 1, 1), ends_on=DAY(2027, 1, 1))
    with pytest.raises(RoundRefused, match="Chưa ghi nhiệm kỳ của: Chi đoàn B; Chi đoàn C"):
        scene.open(kind="term", period=None)
    assert not ReportRound.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"due_on": DAY(2025, 11, 30)}, "due_on"),  # before the day it is opened
        ({"period": Period.of_year(2026)}, "period"),  # has not begun
        ({"period": Period.of_quarter(2025, 4)}, "period"),  # not a year
        ({"period": None}, "period"),
        ({"units": []}, "units"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(scene, said, field):
    with pytest.raises(RoundRefused) as refusal:
        scene.open(**said)
    assert refusal.value.field == field


@pytest.mark.parametrize("branches", [1, 30])
def test_opening_costs_the_same_for_one_unit_and_for_thirty(scene, branches, django_assert_num_queries):
    for _ in range(branches):
        UnitFactory(superior=scene.union)
    year(2025)
    # Savepoint and release, the unit's lock, the period, the same round, the units, the round, its tables, the units'
    # locks, reports begun, rows, step.
    with django_assert_num_queries(12):
        scene.open()


# --- what changes afterwards ----------------------------------------------------------------------------


def test_units_founded_later_are_added_with_the_rounds_day(scene):
    round = scene.open(units=scene.units[:2])
    new = UnitFactory(name="Chi đoàn mới", superior=scene.union, on=DAY(2025, 12, 20))
    count = add_units(
        round=round, version=1, by=scene.office, on=DAY(2025, 12, 22), units=[new, scene.units[0], UnitFactory()]
    )
    assert count == 1  # one is asked already, one stands elsewhere
    assert list(round.rows.filter(unit=new).values_list("due_on", flat=True)) == [DUE]
    assert round.steps.order_by("-pk").first().text == "Thêm 1 đơn vị: Chi đoàn mới"


def test_a_moved_day_moves_everybody_but_who_has_a_later_one(scene):
    round = scene.open()
    at = {"by": scene.office, "on": TODAY, "reason": "Bão"}
    move_unit_due(row=scene.row(round, 1), version=1, due_on=DAY(2026, 2, 1), **at)
    move_unit_due(row=scene.row(round, 2), version=2, due_on=DAY(2026, 1, 7), **at)
    move_due(round=round, version=3, due_on=DAY(2026, 1, 15), **at)
    assert [scene.row(round, n).due_on for n in range(3)] == [DAY(2026, 1, 15), DAY(2026, 2, 1), DAY(2026, 1, 15)]
    assert [scene.row(round, n).due_reason for n in range(3)] == ["", "Bão", ""]
    assert fresh(round).due_on == DAY(2026, 1, 15)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_due_day_is_not_moved_without_a_reason(scene, reason):
    round = scene.open()
    with pytest.raises(RoundRefused):
        move_due(round=round, version=1, by=scene.office, on=TODAY, due_on=DAY(2026, 2, 1), reason=reason)
    assert fresh(round).version == 1


def test_two_offices_at_once_the_second_is_told(scene):
    round = scene.open()
    at = {"by": scene.office, "on": TODAY, "reason": "Bão", "due_on": DAY(2026, 2, 1)}
    move_due(round=round, version=1, **at)
    with pytest.raises(EditConflict):
        move_due(round=round, version=1, **at)


def test_an_excused_unit_owes_nothing_until_it_is_asked_again(scene):
    round = scene.open()
    row = excuse(row=scene.row(round, 0), version=1, by=scene.office, on=TODAY, reason="Mới thành lập")
    assert (row.excused_on, row.excused_reason) == (TODAY, "Mới thành lập")
    assert RoundUnit.objects.outstanding().count() == 2
    ask_again(row=row, version=2, by=scene.office, on=TODAY)
    assert RoundUnit.objects.outstanding().count() == 3


def test_closing_names_who_is_missing_and_takes_only_what_was_read(scene):
    round = scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    b, c = scene.units[1:]
    with pytest.raises(RoundRefused, match="Còn 2 đơn vị chưa nộp hoặc chưa nộp lại: Chi đoàn B; Chi đoàn C"):
        close_round(round=round, version=1, by=scene.office, on=TODAY, missing=[b.pk])
    close_round(round=round, version=1, by=scene.office, on=TODAY, missing=[b.pk, c.pk])
    assert fresh(round).closed_on == TODAY
    assert "còn 2 đơn vị" in round.steps.order_by("-pk").first().text
    assert not RoundUnit.objects.due().exists()
    with pytest.raises(RoundRefused, match="Đợt đã khép ngày 10/01/2026"):
        excuse(row=scene.row(round, 1), version=2, by=scene.office, on=TODAY, reason="x")
    reopen_round(round=round, version=2, by=scene.office, on=TODAY, reason="Còn hai chi đoàn")
    assert RoundUnit.objects.outstanding().count() == 2


def test_who_is_late_is_reminded_once_a_day(scene):
    round = scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    assert remind(round=round, by=scene.office, on=DUE) == 0  # the due day is not over
    assert [remind(round=round, by=scene.office, on=TODAY) for _ in range(2)] == [2, 0]
    assert remind(round=round, by=scene.office, on=TODAY + datetime.timedelta(days=1)) == 2
    row = scene.row(round, 1)
    assert (row.reminders, row.reminded_on) == (2, DAY(2026, 1, 11))
    assert scene.row(round, 0).reminders == 0
    assert RoundStep.objects.filter(verb="remind").count() == 2


def test_units_whose_day_is_near_are_reminded_and_no_others(scene):
    """Asked on 1 December for 5 January; the rule `due_soon_days` is 14, so from 22 December on it is near."""
    round = scene.open()
    scene.submit(0, DAY(2025, 12, 20))
    assert remind_near(round=round, by=scene.office, on=DAY(2025, 12, 21)) == 0
    assert [remind_near(round=round, by=scene.office, on=DAY(2025, 12, 22)) for _ in range(2)] == [2, 0]
    assert remind_near(round=round, by=scene.office, on=DUE) == 2  # on the day itself
    assert remind_near(round=round, by=scene.office, on=TODAY) == 0  # late now, which is the other button
    assert round.steps.filter(text="Nhắc 2 đơn vị sắp đến hạn").count() == 2


def test_who_hands_in_after_the_round_was_closed_is_marked(scene):
    """Closed on 10 January with B and C missing; B comes on the 10th still, C on the 12th."""
    round = scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    close_round(round=round, version=1, by=scene.office, on=TODAY, missing=[one.pk for one in scene.units])
    scene.submit(1, TODAY)
    scene.submit(2, DAY(2026, 1, 12))
    told = standings_of(fresh(round), scene.office, on=DAY(2026, 1, 20))
    assert [(one.is_after_close, one.days_late) for one in told] == [(False, 0), (False, 5), (True, 7)]
    assert [one.unit.name for one in told if GROUPS["sau-khep"][1](one)] == ["Chi đoàn C"]
    reopen_round(round=fresh(round), version=2, by=scene.office, on=DAY(2026, 1, 21), reason="Nhận bổ sung")
    assert not any(one.is_after_close for one in standings_of(fresh(round), scene.office, on=DAY(2026, 1, 22)))


# --- where each stands ----------------------------------------------------------------------------------


def stand(scene, round, on=TODAY):
    return {one.unit.name[-1]: (*one.look, one.handed_on, one.days_late)
            for one in standings_of(round, scene.office, on=on)}  # fmt: skip


def test_every_state_has_its_word_day_and_days_late(scene):
    round = scene.open()
    # A on time (04/01, due 05/01), returned on 06/01 and approved later; B on 08/01: 3 days late; C nothing: 5 so far.
    report = scene.submit(0, DAY(2026, 1, 4))
    scene.submit(1, DAY(2026, 1, 8))
    assert stand(scene, round) == {
        "A": ("waiting", "Chờ duyệt", DAY(2026, 1, 4), 0),
        "B": ("waiting", "Chờ duyệt", DAY(2026, 1, 8), 3),
        "C": ("overdue", "Chưa soạn, quá hạn", None, 5),
    }
    return_report(report=report, version=report.version, by=scene.office, on=DAY(2026, 1, 6), reason="Thiếu mục")
    assert stand(scene, round)["A"] == ("returned", "Trả lại", DAY(2026, 1, 4), 0)
    report = scene.submit(0, DAY(2026, 1, 9))
    approve_report(report=report, version=report.version, by=scene.office, on=TODAY)
    # It came in time; that it came again after the due day does not make it late.
    assert stand(scene, round)["A"] == ("done", "Đã duyệt", DAY(2026, 1, 4), 0)


def test_what_was_taken_back_has_not_come(scene):
    round = scene.open()
    report = scene.submit(0, DAY(2026, 1, 4))
    take_back(report=report, version=report.version, by=scene.secretaries[report.unit_id], on=DAY(2026, 1, 4),
              reason="Nhầm số")  # fmt: skip
    assert stand(scene, round)["A"] == ("overdue", "Đang soạn, quá hạn", None, 5)
    scene.submit(0, DAY(2026, 1, 7))
    assert stand(scene, round)["A"] == ("waiting", "Chờ duyệt", DAY(2026, 1, 7), 2)


def test_days_late_are_counted_to_the_day_the_round_was_closed(scene):
    round = scene.open(units=scene.units[:1])
    close_round(round=round, version=1, by=scene.office, on=DAY(2026, 1, 8), missing=[scene.units[0].pk])
    # Due on 05/01, closed on 08/01: 3 days, also when it is read in June.
    assert stand(scene, fresh(round), on=DAY(2026, 6, 1))["A"] == ("overdue", "Chưa soạn, quá hạn", None, 3)


def test_on_time_late_missing_and_excused_add_up_to_all(scene):
    round = scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    scene.submit(1, DAY(2026, 1, 8))
    UnitFactory(name="Chi đoàn D", superior=scene.union)
    add_units(round=round, version=1, by=scene.office, on=OPENED, units=direct_units(scene.union, OPENED))
    excuse(row=scene.row(round, 2), version=2, by=scene.office, on=TODAY, reason="Giải thể")
    rows = standings_of(round, scene.office, on=TODAY)
    counts = {key: sum(bool(belongs(one)) for one in rows) for key, (_, belongs) in GROUPS.items()}
    assert counts == {"dung-han": 1, "nop-muon": 1, "chua-nop": 1, "cho-duyet": 2, "tra-lai": 0, "da-duyet": 0,
                      "mien": 1, "sau-khep": 0}  # fmt: skip
    told = tallies([round])[round.pk]
    assert (told.asked, told.left, told.waiting, told.approved, told.excused) == (3, 1, 2, 0, 1)


@pytest.mark.parametrize("more", [0, 3])
def test_standings_cost_two_queries_whatever_the_number_of_units(scene, more, django_assert_num_queries):
    for _ in range(more):
        UnitFactory(superior=scene.union)
    round = scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    assert scene.office.posts_today  # every request has loaded them
    with django_assert_num_queries(2):
        assert len(standings_of(round, scene.office, on=TODAY)) == 3 + more


def test_a_round_is_seen_by_its_office_those_above_and_whom_it_asks(scene):
    round = scene.open(units=scene.units[:1])
    above = account_at(Unit.objects.get(pk=scene.union.superior_pk), "superior_office")
    seen = {
        "office": scene.office,
        "above": above,
        "asked": scene.secretaries[scene.units[0].pk],
        "not asked": scene.secretaries[scene.units[1].pk],
        "party": account_at(scene.union, "party_secretary"),
        "inspector": account_at(scene.union, "inspection_chair"),
        "stranger": account_at(UnitFactory()),
    }
    found = {name: ReportRound.objects.visible_to(one).filter(pk=round.pk).exists() for name, one in seen.items()}
    assert [name for name, is_seen in found.items() if is_seen] == ["office", "above", "asked"]
    may = {name for name, one in seen.items() if ReportRound.objects.editable_by(one).exists()}
    assert may == {"office"}
    rows = {name: RoundUnit.objects.visible_to(one).count() for name, one in seen.items()}
    assert rows == {"office": 1, "above": 1, "asked": 1, "not asked": 0, "party": 0, "inspector": 0, "stranger": 0}


def test_a_unit_that_moved_away_stays_in_the_round_of_its_old_office(scene):
    round = scene.open()
    other = UnionFactory()
    move_unit(unit=scene.units[1], superior=other, on=DAY(2026, 1, 2), decision="QĐ 2", decided_on=DAY(2026, 1, 1))
    assert len(standings_of(round, scene.office, on=TODAY)) == 3


# --- periods in addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "period",
    [Period.of_year(2026), Period.of_half(2026, 1), Period.of_half(2026, 2), Period.of_quarter(2026, 3),
     Period.of_month(2026, 9), Period.of_school_year(2025)],
    ids=lambda one: one.name,
)  # fmt: skip
def test_periods_are_read_as_they_are_written(period):
    found = read_period(write_period(period), [])
    assert (found.kind, found.starts_on, found.ends_on) == (period.kind, period.starts_on, period.ends_on)


@pytest.mark.parametrize("value", ["2026-h3", "2026-h", "2026-nhh", "1026-nh", "2026-q5", "2026-13", "-h1", "2026h1"])
def test_other_words_name_no_period(value):
    assert read_period(value, []) is None
