"""Cases kept before the whole way existed take their place in it: rows of the old kind, migrated for real."""

import datetime

import pytest

from branches.models import NumberBook, PaperNumber
from branches.numbering import next_symbol
from inspections.models import CaseMove, ExtensionRequest, Inspection, InspectionProgramme, Recommendation
from tests.factories import AccountFactory, UnionFactory, UnitFactory
from tests.migrating import migrate, newest

Day = datetime.date
OLD = [("inspections", "0003_recommendation_date_after_notice")]
VISIT, NOTICE, END = Day(2026, 9, 28), Day(2026, 10, 5), Day(2026, 11, 10)
DUE, LATER, LATEST = Day(2026, 10, 31), Day(2026, 11, 30), Day(2026, 12, 31)


def at(day: Day, hour=3) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC)


class OldRows:
    """Rows as version 0003 knew them, with the history their saves left."""

    def __init__(self, apps, unit, union, by):
        self.apps, self.unit, self.union, self.by = apps, unit, union, by
        self.programme = self.model("InspectionProgramme").objects.create(
            unit_id=union.pk, year=2026, number="02-KH/ĐTN-UBKT", issued_on=Day(2026, 2, 28), in_name_of="committee",
            title="Kế hoạch năm 2026",
        )  # fmt: skip

    def model(self, name):
        return self.apps.get_model("inspections", name)

    def remember(self, row, when, **values):
        """A line of the history: the row as it was saved then."""
        fields = {
            field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
        }
        self.model(f"Historical{type(row).__name__}").objects.create(
            id=row.pk, history_date=when, history_type="~", history_user_id=self.by.pk, **fields | values
        )

    def case(self, title, state, **dates):
        row = self.model("Inspection").objects.create(
            programme=self.programme, unit_id=self.unit.pk, title=title, inspection_kind="periodic", state=state,
            review_from=Day(2026, 1, 1), review_to=Day(2026, 10, 1), **dates,
        )  # fmt: skip
        for past, day in (("visited", VISIT), ("concluded", NOTICE), ("closed", END)):
            known = {"visited": "visited_on", "concluded": "concluded_on", "closed": "closed_on"}[past]
            if dates.get(known) and state != "planned":
                self.remember(row, at(day), state=past)
                if past == state:
                    break
        return row

    def ask(self, case, number, state, **fields):
        return self.model("Recommendation").objects.create(
            inspection=case, number=number, text="Sinh hoạt đều", owner="BCH", state=state, original_due_on=DUE,
            **{"due_on": DUE, **fields},
        )  # fmt: skip


def old_rows(apps) -> OldRows:
    union = UnionFactory(document_code="ĐTN")
    return OldRows(apps, UnitFactory(superior=union), union, AccountFactory())


@pytest.mark.once  # what is migrated is worked out in Python, the same on both
def test_old_rows_take_their_place_and_lose_nothing(empty_database):
    """One way forwards and back for everything: the migrations alone take half a minute."""
    migrate(newest("branches"))
    apps = migrate(OLD)
    of_cases, of_numbers = old_rows(apps), old_rows(apps)
    moved = remember_cases(of_cases)
    remember_numbers(of_numbers)
    kept = {name: of_cases.model(name).objects.count() for name in ("Inspection", "Recommendation", "TeamSeat")}

    migrate(newest("inspections"))
    assert {
        "Inspection": Inspection.objects.count(), "Recommendation": Recommendation.objects.count(), "TeamSeat": 1,
    } == kept  # fmt: skip
    assert set(InspectionProgramme.objects.values_list("state", flat=True)) == {"issued"}
    cases_stand_where_they_were(of_cases, moved)
    numbers_stand_in_the_register(of_numbers)

    # And folded back they are what they were.
    again = migrate(OLD).get_model("inspections", "Inspection")
    assert dict(again.objects.filter(unit_id=of_cases.unit.pk).values_list("title", "state")) == {
        "Chưa có đoàn": "planned", "Có đoàn": "planned", "Đã làm việc": "visited", "Còn kiến nghị": "concluded",
        "Không kiến nghị": "concluded", "Đã khép hết": "concluded", "Đã kết thúc": "closed",
    }  # fmt: skip


def remember_cases(old: OldRows):
    """A case in each state, with and without recommendations; returns one whose date was moved twice."""
    held = {"visited_on": VISIT}
    told = held | {"concluded_on": NOTICE}
    old.case("Chưa có đoàn", "planned")
    with_team = old.case("Có đoàn", "planned", visited_on=Day(2026, 12, 1))
    old.model("TeamSeat").objects.create(inspection=with_team, name="Trưởng đoàn", role="head", starts_on=NOTICE)
    old.case("Đã làm việc", "visited", **held)
    asking = old.case("Còn kiến nghị", "concluded", **told)
    old.case("Không kiến nghị", "concluded", **told)
    settled = old.case("Đã khép hết", "concluded", **told)
    closed = old.case("Đã kết thúc", "closed", closed_on=END, **told)
    old.ask(asking, 1, "open")
    moved = old.ask(asking, 2, "answered", due_on=LATEST, due_reason="Đại hội")
    old.remember(moved, at(NOTICE), due_on=DUE, due_reason="")
    old.remember(moved, at(Day(2026, 10, 20)), due_on=LATER, due_reason="Bận thi")
    old.remember(moved, at(Day(2026, 10, 25)), due_on=LATER, due_reason="Bận thi")  # saved again, the date stayed
    old.remember(moved, at(Day(2026, 11, 15)), due_on=LATEST, due_reason="Đại hội")
    old.ask(settled, 1, "closed", ended_on=END)
    old.ask(closed, 1, "withdrawn", ended_on=END, withdrawn_reason="Hết phù hợp")
    return moved


def cases_stand_where_they_were(old: OldRows, moved):
    cases = Inspection.objects.filter(unit=old.unit)
    states = dict(cases.values_list("title", "state"))
    assert states == {
        "Chưa có đoàn": "planned", "Có đoàn": "team", "Đã làm việc": "visited", "Còn kiến nghị": "following",
        "Không kiến nghị": "concluded", "Đã khép hết": "concluded", "Đã kết thúc": "closed",
    }  # fmt: skip
    steps = CaseMove.objects.order_by("pk").values_list("verb", "from_state", "to_state", "moved_on", "moved_by")

    def steps_of(title):
        return list(steps.filter(inspection__in=cases.filter(title=title)))

    by = old.by.pk
    visit = ("record_visit", "planned", "visited", VISIT, by)
    concluded = ("conclude", "visited", "concluded", NOTICE, by)
    assert steps_of("Có đoàn") == []
    assert steps_of("Còn kiến nghị") == [visit, ("conclude", "visited", "following", NOTICE, by)]
    assert steps_of("Không kiến nghị") == [visit, concluded]
    assert steps_of("Đã kết thúc") == [visit, concluded, ("close", "concluded", "closed", END, by)]
    since = dict(cases.values_list("title", "state_since"))
    assert (since["Đã làm việc"], since["Còn kiến nghị"], since["Đã kết thúc"], since["Có đoàn"]) == (
        VISIT, NOTICE, END, None,
    )  # fmt: skip
    assert list(
        ExtensionRequest.objects.order_by("pk").values_list(
            "recommendation", "due_before", "agreed_due_on", "reason", "asked_on", "state"
        )
    ) == [
        (moved.pk, DUE, LATER, "Bận thi", Day(2026, 10, 20), "agreed"),
        (moved.pk, LATER, LATEST, "Đại hội", Day(2026, 11, 15), "agreed"),
    ]


def remember_numbers(old: OldRows):
    """Numbers given before there was a register of them: written this way and that, one by nobody knows whom."""
    old.remember(old.programme, at(Day(2026, 2, 28)))
    for number, is_known in (("9TB/ĐTN-UBKT", True), ("14-TB/ĐTN-UBKT", False), ("Thông báo miệng", True)):
        case = old.case("Cuộc đã thông báo", "concluded", visited_on=VISIT, concluded_on=NOTICE)
        old.model("Inspection").objects.filter(pk=case.pk).update(conclusion_number=number)
        if is_known:
            old.remember(case, at(NOTICE, hour=5), state="concluded", conclusion_number=number)


def numbers_stand_in_the_register(old: OldRows):
    """Each stands in the register, and the next one follows them."""
    union, by = old.union, old.by
    rows = PaperNumber.objects.filter(book__unit=union).order_by("symbol")
    assert list(rows.values_list("symbol", "state", "dated_on", "taken_by")) == [
        ("02-KH/ĐTN-UBKT", "used", Day(2026, 2, 28), by.pk), ("09-TB/ĐTN-UBKT", "used", NOTICE, by.pk),
    ]  # fmt: skip
    books = NumberBook.objects.filter(unit=union).order_by("type_code").values_list("type_code", "key", "last")
    assert list(books) == [("KH", "2026", 2), ("TB", "2026", 14)]  # 14 too is never given again, whoever took it
    assert next_symbol(union, "TB", NOTICE, suffix="UBKT") == "15-TB/ĐTN-UBKT"
