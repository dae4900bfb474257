"""The verbs that write activities: what they store, what they refuse, and that nothing is written twice."""

import datetime
import threading
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from branches.models import Activity, EditConflict, FormReceipt, Participation, PeriodTotal, Quantity
from branches.receipts import once, receipt_of
from branches.recording import (
    QuantityLine,
    RecordingRefused,
    cancel_activity,
    change_activity,
    hold_activity,
    record_activity,
    record_figure,
)
from branches.totals import compare_totals
from tests.factories import (
    AccountFactory,
    IndicatorFactory,
    MemberFactory,
    MoneyFactory,
    ShareFactory,
    UnitFactory,
    WorkAreaFactory,
    YesNoFactory,
)

TODAY = datetime.date(2026, 11, 22)
TET = datetime.date(2026, 1, 29)


@pytest.fixture
def unit(db):
    return UnitFactory()


@pytest.fixture
def secretary(db):
    return AccountFactory()


def record(unit, by, **fields):
    given = {"title": "Tặng quà hộ nghèo", "starts_on": TET, "area": WorkAreaFactory(), "on": TODAY, **fields}
    return record_activity(by=by, unit=unit, **given)


def figures(activity) -> list[tuple]:
    return list(
        activity.quantities.order_by("pk").values_list("indicator__code", "value", "denominator", "qualifier", "each")
    )


def year_values(unit) -> dict:
    return {(row.code, row.year): row.value for row in PeriodTotal.objects.filter(unit=unit, month=0).exclude(code="")}


def refusal(call, **fields) -> tuple[str, str]:
    with pytest.raises(RecordingRefused) as refused:
        call(**fields)
    return refused.value.field, str(refused.value)


# --- record ---------------------------------------------------------------------------------------


def test_record_activity_stores_everything_said(unit, secretary):
    gifts, money = IndicatorFactory(code="t-gifts", unit_word="suất"), MoneyFactory(code="t-value")
    members = [MemberFactory(home=unit), MemberFactory(home=unit)]

    made = record(
        unit,
        secretary,
        title="  Tặng quà\thộ nghèo ",
        area=None,
        organiser="joint",
        partner="Hội Chữ thập đỏ",
        quantities=[
            QuantityLine(gifts, 2, each=700_000, note="hộ nghèo"),
            QuantityLine(money, 1_400_000, qualifier="about"),
        ],
        members=members,
        guest_count=3,
        raised=2_000_000,
        spent=1_400_000,
    )

    made.refresh_from_db()
    assert (made.title, made.starts_on, made.last_on) == ("Tặng quà hộ nghèo", TET, TET)
    assert (made.area, made.organiser, made.partner) == (gifts.area, "joint", "Hội Chữ thập đỏ")
    assert (made.state, made.guest_count, made.raised, made.spent) == ("held", 3, 2_000_000, 1_400_000)
    assert (made.created_by, made.updated_by, made.version) == (secretary, secretary, 1)
    assert figures(made) == [
        ("t-gifts", Decimal(2), None, "exact", 700_000),
        ("t-value", Decimal(1_400_000), None, "about", None),
    ]
    assert set(made.participations.values_list("member", flat=True)) == {member.pk for member in members}
    assert year_values(unit) == {("t-gifts", 2026): Decimal(2), ("t-value", 2026): Decimal(1_400_000)}
    assert made.history.count() == 1


def test_record_activity_planned_does_not_count(unit, secretary):
    record(unit, secretary, state="planned", quantities=[QuantityLine(IndicatorFactory(), 5)])

    assert year_values(unit) == {}
    assert Quantity.objects.counted().count() == 0


def test_record_activity_without_a_figure_keeps_the_line(unit, secretary):
    made = record(unit, secretary, quantities=[QuantityLine(IndicatorFactory(code="x"), None, qualifier="about")])

    assert figures(made) == [("x", None, None, "exact", None)]
    total = PeriodTotal.objects.exclude(code="").get(unit=unit, month=0)
    assert (total.lines, total.known, total.value) == (1, 0, None)


def test_record_activity_uses_the_edition_of_its_year(unit, secretary):
    old = IndicatorFactory(code="t-blood", first_year=2015, last_year=2025)
    new = IndicatorFactory(code="t-blood", first_year=2026)

    this_year = record(unit, secretary, quantities=[QuantityLine(old, 4)])
    years_ago = record(unit, secretary, starts_on=datetime.date(2019, 5, 1), quantities=[QuantityLine(new, 3)])

    assert this_year.quantities.get().indicator == new
    assert years_ago.quantities.get().indicator == old
    assert year_values(unit) == {("t-blood", 2026): Decimal(4), ("t-blood", 2019): Decimal(3)}


def test_record_activity_over_new_year_counts_on_its_last_day(unit, secretary):
    record(
        unit,
        secretary,
        starts_on=datetime.date(2025, 12, 30),
        last_on=datetime.date(2026, 1, 2),
        quantities=[QuantityLine(IndicatorFactory(code="x"), 1)],
    )

    assert year_values(unit) == {("x", 2026): Decimal(1)}


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"title": "   "}, "title", "Hãy ghi tên hoạt động."),
        ({"last_on": datetime.date(2026, 1, 28)}, "last_on", "Ngày cuối không thể trước ngày đầu."),
        (
            {"starts_on": datetime.date(2026, 11, 23)},
            "state",
            "Ngày 23/11/2026 chưa đến nên chưa ghi là đã tổ chức được. Hãy xem lại ngày hoặc để là dự kiến.",
        ),
        ({"state": "cancelled"}, "cancel_reason", "Hãy ghi lý do không tổ chức."),
        ({"area": None}, "area", "Hãy chọn mục báo cáo."),
    ],
)
def test_record_activity_refuses(unit, secretary, fields, field, message):
    assert refusal(lambda **f: record(unit, secretary, **f), **fields) == (field, message)
    assert Activity.objects.count() == 0


def test_record_activity_refuses_after_dissolution(secretary):
    unit = UnitFactory(name="Chi đoàn Kho bạc")
    unit.dissolved_on = TET
    unit.save()

    assert refusal(lambda: record(unit, secretary)) == (
        "starts_on",
        "Chi đoàn Kho bạc đã giải thể từ ngày 29/01/2026.",
    )


@pytest.mark.parametrize(
    ("make", "line", "message"),
    [
        (IndicatorFactory, {"value": -1}, "“X” không thể âm."),
        (IndicatorFactory, {"value": Decimal("1.5")}, "“X” tính theo lượt người, là số nguyên."),
        (MoneyFactory, {"value": Decimal("0.5")}, "“X” tính theo đồng, là số nguyên."),
        (ShareFactory, {"value": 14}, "“X”: hãy ghi trên tổng số bao nhiêu."),
        (ShareFactory, {"value": 14, "denominator": 0}, "“X”: hãy ghi trên tổng số bao nhiêu."),
        (ShareFactory, {"value": 15, "denominator": 14}, "“X”: 15 trên tổng số 14 là quá tổng số."),
        (YesNoFactory, {"value": 2}, "“X” chỉ ghi Có hoặc Không."),
    ],
)
def test_record_activity_refuses_impossible_figures(unit, secretary, make, line, message):
    indicator = make(name="X")

    assert refusal(lambda: record(unit, secretary, quantities=[QuantityLine(indicator, **line)])) == (
        "quantities",
        message,
    )


def test_record_activity_refuses_the_same_indicator_twice_and_names_the_row(unit, secretary):
    blood = IndicatorFactory(name="Hiến máu")

    with pytest.raises(RecordingRefused, match=r"“Hiến máu” đã có ở dòng 1. Hãy gộp thành một dòng.") as refused:
        record(unit, secretary, quantities=[QuantityLine(blood, 1), QuantityLine(blood, 2)])

    assert refused.value.row == 1


def test_record_activity_refuses_what_the_register_counts(unit, secretary):
    women = IndicatorFactory(name="Đoàn viên nữ", source="register", register_key="women")

    assert refusal(lambda: record(unit, secretary, quantities=[QuantityLine(women, 5)])) == (
        "quantities",
        "“Đoàn viên nữ” được đếm từ danh sách đoàn viên, không ghi tay.",
    )


def test_record_activity_refuses_the_indicator_of_another_unit(unit, secretary):
    theirs = IndicatorFactory(name="Riêng", owner=UnitFactory())

    assert refusal(lambda: record(unit, secretary, quantities=[QuantityLine(theirs, 5)])) == (
        "quantities",
        "“Riêng” không phải chỉ tiêu của đơn vị này.",
    )


def test_record_activity_refuses_members_of_another_unit(unit, secretary):
    mine, stranger = MemberFactory(home=unit), MemberFactory()

    assert refusal(lambda: record(unit, secretary, members=[mine, stranger])) == (
        "members",
        "Có người không thuộc đơn vị này. Hãy chọn lại người tham gia.",
    )
    assert Participation.objects.count() == 0


def test_record_activity_takes_members_who_left_since(unit, secretary):
    gone = MemberFactory(home=unit)
    gone.home = UnitFactory()
    gone.save()

    made = record(unit, secretary, members=[gone])

    assert made.participations.get().member == gone


def test_record_activity_refuses_a_count_below_the_names(unit, secretary):
    members = [MemberFactory(home=unit), MemberFactory(home=unit)]

    assert refusal(lambda: record(unit, secretary, members=members, member_count=1)) == (
        "member_count",
        "Đã chọn 2 đoàn viên. Hãy ghi từ 2 trở lên hoặc để trống.",
    )


# --- change ---------------------------------------------------------------------------------------


def test_change_activity_moves_figures_between_codes_and_years(unit, secretary):
    blood, gifts = IndicatorFactory(code="t-blood"), IndicatorFactory(code="t-gifts")
    made = record(unit, secretary, quantities=[QuantityLine(blood, 4)])

    changed = change_activity(
        activity=made,
        version=1,
        by=secretary,
        on=TODAY,
        starts_on=datetime.date(2025, 3, 26),
        last_on=None,
        quantities=[QuantityLine(gifts, 7)],
    )

    assert changed.version == 2
    assert figures(changed) == [("t-gifts", Decimal(7), None, "exact", None)]
    assert year_values(unit) == {("t-gifts", 2025): Decimal(7)}
    assert compare_totals() == []


def test_change_activity_keeps_what_is_not_given(unit, secretary):
    member = MemberFactory(home=unit)
    made = record(
        unit, secretary, place="Hội trường", quantities=[QuantityLine(IndicatorFactory(code="x"), 4)], members=[member]
    )

    changed = change_activity(activity=made, version=1, by=secretary, on=TODAY, title="Tên mới")

    assert (changed.title, changed.place) == ("Tên mới", "Hội trường")
    assert figures(changed) == [("x", Decimal(4), None, "exact", None)]
    assert changed.participations.get().member == member


def test_change_activity_says_in_the_history_which_figure_changed(unit, secretary):
    other = AccountFactory()
    blood = IndicatorFactory(name="Hiến máu")
    made = record(unit, secretary, quantities=[QuantityLine(blood, 5)])

    change_activity(activity=made, version=1, by=other, on=TODAY, quantities=[QuantityLine(blood, 7)])

    last = made.history.order_by("-history_id").first()
    assert (last.history_change_reason, last.updated_by) == ("Hiến máu: 5 → 7", other)


def test_change_activity_with_an_old_version_writes_nothing(unit, secretary):
    blood = IndicatorFactory(code="t-blood")
    made = record(unit, secretary, quantities=[QuantityLine(blood, 5)])
    change_activity(activity=made, version=1, by=secretary, on=TODAY, title="Người thứ nhất")

    with pytest.raises(EditConflict) as conflict:
        change_activity(
            activity=made, version=1, by=secretary, on=TODAY, title="Người thứ hai", quantities=[QuantityLine(blood, 9)]
        )

    assert (conflict.value.current.title, conflict.value.current.version) == ("Người thứ nhất", 2)
    made.refresh_from_db()
    assert (made.title, made.version) == ("Người thứ nhất", 2)
    assert year_values(unit) == {("t-blood", 2026): Decimal(5)}


# --- planned, held, cancelled -----------------------------------------------------------------------


def test_hold_activity_makes_the_figures_count(unit, secretary):
    blood = IndicatorFactory(code="t-blood")
    made = record(unit, secretary, state="planned", quantities=[QuantityLine(blood, 5)])

    held = hold_activity(activity=made, version=1, by=secretary, on=TODAY, quantities=[QuantityLine(blood, 6)])

    assert held.state == "held"
    assert year_values(unit) == {("t-blood", 2026): Decimal(6)}


def test_hold_activity_refuses_before_its_last_day(unit, secretary):
    made = record(unit, secretary, state="planned", starts_on=datetime.date(2026, 12, 1))

    assert refusal(lambda: hold_activity(activity=made, version=1, by=secretary, on=TODAY))[0] == "state"


def test_cancel_activity_takes_the_figures_out_and_keeps_them_readable(unit, secretary):
    made = record(unit, secretary, quantities=[QuantityLine(IndicatorFactory(code="t-blood"), 5)])

    cancelled = cancel_activity(activity=made, version=1, by=secretary, on=TODAY, reason="Bão số 3")

    assert (cancelled.state, cancelled.cancel_reason) == ("cancelled", "Bão số 3")
    assert figures(cancelled) == [("t-blood", Decimal(5), None, "exact", None)]
    assert year_values(unit) == {}


def test_cancel_activity_needs_a_reason(unit, secretary):
    made = record(unit, secretary, state="planned")

    without = refusal(lambda: cancel_activity(activity=made, version=1, by=secretary, on=TODAY, reason=" "))
    assert without[0] == "cancel_reason"


def test_cancelled_activity_that_took_place_after_all_counts_again(unit, secretary):
    made = record(unit, secretary, quantities=[QuantityLine(IndicatorFactory(code="t-blood"), 5)])
    cancelled = cancel_activity(activity=made, version=1, by=secretary, on=TODAY, reason="Ghi nhầm")

    held = hold_activity(activity=cancelled, version=2, by=secretary, on=TODAY)

    assert (held.state, held.cancel_reason) == ("held", "")
    assert year_values(unit) == {("t-blood", 2026): Decimal(5)}


# --- typed figures ----------------------------------------------------------------------------------


def test_record_figure_is_a_held_line_without_an_event(unit, secretary):
    rated = ShareFactory(code="t-rated", name="Xếp loại khá trở lên", source="typed")

    made = record_figure(by=secretary, unit=unit, indicator=rated, on=TODAY, value=13, denominator=14)

    assert (made.nature, made.title, made.last_on) == ("figure", "Xếp loại khá trở lên", TODAY)
    assert figures(made) == [("t-rated", Decimal(13), Decimal(14), "exact", None)]


def test_record_figure_of_the_same_day_corrects_the_first(unit, secretary):
    rated = ShareFactory(code="t-rated", source="typed")
    first = record_figure(by=secretary, unit=unit, indicator=rated, on=TODAY, value=13, denominator=14)

    second = record_figure(by=secretary, unit=unit, indicator=rated, on=TODAY, value=14, denominator=14)

    assert second.pk == first.pk
    assert figures(second) == [("t-rated", Decimal(14), Decimal(14), "exact", None)]
    assert first.history.count() == 2


# --- once -------------------------------------------------------------------------------------------


def test_once_answers_the_second_sending_with_the_first_address(unit, secretary):
    key = uuid.uuid4()

    def work():
        return f"/hoat-dong/{record(unit, secretary).pk}/"

    first, second = once(key, secretary, work), once(key, secretary, work)

    assert (first[1], second[1]) == (True, False)
    assert first[0] == second[0] == receipt_of(key, secretary)
    assert Activity.objects.count() == 1


def test_once_leaves_no_receipt_of_refused_work(unit, secretary):
    key = uuid.uuid4()

    with pytest.raises(RecordingRefused):
        once(key, secretary, lambda: record(unit, secretary, title=""))

    assert FormReceipt.objects.count() == 0


def test_once_with_the_key_of_another_account_tells_nothing(unit, secretary):
    key = uuid.uuid4()
    once(key, secretary, lambda: f"/hoat-dong/{record(unit, secretary).pk}/")

    with pytest.raises(PermissionDenied):
        once(key, AccountFactory(), lambda: f"/hoat-dong/{record(unit, secretary).pk}/")

    assert Activity.objects.count() == 1


def in_threads(calls) -> list:
    """Run the calls at the same moment, each on a connection of its own; results or exceptions, in order."""
    answers, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(place, call):
        gate.wait()
        try:
            answers[place] = call()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_double_tap_makes_one_activity():
    unit, secretary, key = UnitFactory(), AccountFactory(), uuid.uuid4()
    blood, area = IndicatorFactory(code="t-blood"), WorkAreaFactory()

    def tap():
        return once(
            key,
            secretary,
            lambda: f"/hoat-dong/{record(unit, secretary, area=area, quantities=[QuantityLine(blood, 5)]).pk}/",
        )

    answers = in_threads([tap] * 4)

    assert sorted(made for _, made in answers) == [False, False, False, True]
    assert len({location for location, _ in answers}) == 1
    assert Activity.objects.count() == 1
    assert year_values(unit) == {("t-blood", 2026): Decimal(5)}


@pytest.mark.django_db(transaction=True)
def test_simultaneous_records_of_one_unit_lose_no_figure():
    unit, secretary = UnitFactory(), AccountFactory()
    blood, area = IndicatorFactory(code="t-blood"), WorkAreaFactory()

    in_threads([lambda: record(unit, secretary, area=area, quantities=[QuantityLine(blood, 5)])] * 6)

    assert Activity.objects.count() == 6
    assert year_values(unit) == {("t-blood", 2026): Decimal(30)}
    assert compare_totals() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_editors_exactly_one_wins():
    unit, secretary = UnitFactory(), AccountFactory()
    made = record(unit, secretary)

    answers = in_threads(
        [
            lambda name=name: change_activity(activity=made, version=1, by=secretary, on=TODAY, title=name)
            for name in ("Người thứ nhất", "Người thứ hai")
        ]
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Activity", "EditConflict"]
    winner = next(answer for answer in answers if isinstance(answer, Activity))
    made.refresh_from_db()
    assert (made.title, made.version) == (winner.title, 2)
