"""Cases kept before the whole way existed take their place in it: rows of the old kind, migrated for real."""

import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from branches.models import NumberBook, PaperNumber
from branches.numbering import next_symbol
from inspections.models import CaseMove, ExtensionRequest, Inspection, InspectionProgramme, Recommendation
from tests.factories import AccountFactory, UnionFactory, UnitFactory

Day = datetime.date
OLD = [("inspections", "0003_recommendation_date_after_notice")]
VISIT, NOTICE, END = Day(2026, 9, 28), Day(2026, 10, 5), Day(2026, 11, 10)
DUE, LATER, LATEST = Day(2026, 10, 31), Day(2026, 11, 30), Day(2026, 12, 31)


def at(day: Day, hour=3) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC)


class OldRows:
    """Rows as version 0003 knew them, with the history their saves left."""

    def __init__(self, apps, unit, union, by):
        self.apps, self.by = apps, by
        self.programme = self.model("InspectionProgramme").objects.create(
            unit_id=union.pk, year=2026, number="02-KH/ĐTN-UBKT", issued_on=Day(2026, 2, 28), in_name_of="committee",
            title="Kế hoạch năm 2026",
        )  # fmt: skip
        self.unit = unit

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


@pytest.fixture
def executor():
    """Hands out an executor and brings the database back to the newest state, whatever happened."""
    yield lambda: MigrationExecutor(connection)
    last = MigrationExecutor(connection)
    last.migrate(last.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_old_cases_take_their_place_and_lose_nothing(executor):
    union = UnionFactory()
    unit, by = UnitFactory(superior=union), AccountFactory()
    back = executor()
    back.migrate(OLD)
    apps = executor().loader.project_state(OLD).apps
    old = OldRows(apps, unit, union, by)
    held = {"visited_on": VISIT}
    told = held | {"concluded_on": NOTICE}
    old.case("Chưa có đoàn", "planned")
    with_team = old.case("Có đoàn", "planned", visited_on=Day(2026, 12, 1))
    old.model("TeamSeat").objects.create(inspection=with_team, name="Trưởng đoàn", role="head", starts_on=NOTICE)
    old.case("Đã làm việc", "visited", **held)
    asking = old.case("Còn kiến nghị", "concluded", **told)
    silent = old.case("Không kiến nghị", "concluded", **told)
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
    kept = {name: old.model(name).objects.count() for name in ("Inspection", "Recommendation", "TeamSeat")}

    forward = executor()
    forward.migrate(forward.loader.graph.leaf_nodes())

    assert {
        "Inspection": Inspection.objects.count(), "Recommendation": Recommendation.objects.count(), "TeamSeat": 1,
    } == kept  # fmt: skip
    assert InspectionProgramme.objects.get().state == "issued"
    states = dict(Inspection.objects.values_list("title", "state"))
    assert states == {
        "Chưa có đoàn": "planned", "Có đoàn": "team", "Đã làm việc": "visited", "Còn kiến nghị": "following",
        "Không kiến nghị": "concluded", "Đã khép hết": "concluded", "Đã kết thúc": "closed",
    }  # fmt: skip
    steps = CaseMove.objects.order_by("pk").values_list("verb", "from_state", "to_state", "moved_on", "moved_by")

    def steps_of(row):
        return list(steps.filter(inspection_id=row.pk))

    visit = ("record_visit", "planned", "visited", VISIT, by.pk)
    assert steps_of(with_team) == []
    assert steps_of(asking) == [visit, ("conclude", "visited", "following", NOTICE, by.pk)]
    assert steps_of(silent) == [visit, ("conclude", "visited", "concluded", NOTICE, by.pk)]
    assert steps_of(closed) == [
        visit, ("conclude", "visited", "concluded", NOTICE, by.pk), ("close", "concluded", "closed", END, by.pk),
    ]  # fmt: skip
    since = dict(Inspection.objects.values_list("title", "state_since"))
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

    # And folded back they are what they were.
    executor().migrate(OLD)
    again = executor().loader.project_state(OLD).apps.get_model("inspections", "Inspection")
    assert dict(again.objects.values_list("title", "state")) == {
        "Chưa có đoàn": "planned", "Có đoàn": "planned", "Đã làm việc": "visited", "Còn kiến nghị": "concluded",
        "Không kiến nghị": "concluded", "Đã khép hết": "concluded", "Đã kết thúc": "closed",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_numbers_given_before_the_register_stand_in_it_and_the_next_follows_them(executor):
    union = UnionFactory(document_code="ĐTN")
    unit, by = UnitFactory(superior=union), AccountFactory()
    back = executor()
    back.migrate(OLD)
    old = OldRows(executor().loader.project_state(OLD).apps, unit, union, by)
    old.remember(old.programme, at(Day(2026, 2, 28)))
    for number, is_known in (("9TB/ĐTN-UBKT", True), ("14-TB/ĐTN-UBKT", False), ("Thông báo miệng", True)):
        case = old.case("Cuộc đã thông báo", "concluded", visited_on=VISIT, concluded_on=NOTICE)
        old.model("Inspection").objects.filter(pk=case.pk).update(conclusion_number=number)
        if is_known:
            old.remember(case, at(NOTICE, hour=5), state="concluded", conclusion_number=number)
    last = executor()
    last.migrate(last.loader.graph.leaf_nodes())
    rows = PaperNumber.objects.order_by("symbol").values_list("symbol", "state", "dated_on", "taken_by")
    assert list(rows) == [
        ("02-KH/ĐTN-UBKT", "used", Day(2026, 2, 28), by.pk), ("09-TB/ĐTN-UBKT", "used", NOTICE, by.pk),
    ]  # fmt: skip
    books = NumberBook.objects.order_by("type_code").values_list("type_code", "key", "last")
    assert list(books) == [("KH", "2026", 2), ("TB", "2026", 14)]  # 14 too is never given again, whoever took it
    assert next_symbol(union, "TB", NOTICE, suffix="UBKT") == "15-TB/ĐTN-UBKT"
