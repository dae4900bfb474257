"""Directions: given by those above to one or several units, answered by targets, tasks or words; the giver sees it."""

import datetime
import html
import uuid

import pytest
from django.urls import reverse

from branches.directing import (
    DirectionRefused,
    TaskCount,
    change_direction,
    changeable_by,
    give_direction,
    places_to_give,
    standing_of,
)
from branches.models import Direction
from branches.tasks import accept_task, drop_task, give_task, report_task
from reports.summary import party_summary
from tests.factories import (
    DirectionFactory,
    IndicatorFactory,
    MemberFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)

from .test_progress import log, on, year

TODAY = datetime.date(2026, 11, 22)
GIVEN, DUE = datetime.date(2026, 3, 31), datetime.date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối các cơ quan")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn A", party_body="Chi bộ A")
        self.other = UnitFactory(superior=self.union, name="Chi đoàn B")
        self.secretary = account_at(self.branch)
        self.party = account_at(self.branch, "party_secretary")
        self.office = account_at(self.union, "superior_office")

    def give(self, *units, by=None, **said):
        values = {
            "given_by": "superior", "body_name": "Đoàn Khối", "given_on": GIVEN, "text": "Nhận đỡ đầu xã nghèo",
            "due_on": None,
        }  # fmt: skip
        return give_direction(by=by or self.office, units=units or [self.branch, self.other], **values | said)

    def task(self, direction, due_on=None, *, done=False):
        task = give_task(
            by=self.secretary, unit=direction.unit, on=GIVEN, text="Khảo sát xã", due_on=due_on, direction=direction,
            owner=MemberFactory(home=direction.unit, full_name="Lê Thu An"),
        )  # fmt: skip
        if done:
            task = report_task(task=task, version=1, by=self.secretary, on=GIVEN, result="Xong")
            task = accept_task(task=task, version=2, by=self.secretary, on=GIVEN)
        return task


@pytest.fixture
def scene(db):
    return Scene()


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "tasks", "targets", "standing", "word", "detail"),
    [
        ({}, (), (), "none", "Chưa trả lời", "Chưa có chỉ tiêu, việc và chưa trả lời"),
        ({"due_on": DUE}, (), (), "overdue", "Quá hạn 53 ngày", "Chưa có chỉ tiêu, việc và chưa trả lời"),
        ({"answer": "Đã làm"}, (), (), "done", "Đã trả lời", ""),
        ({"answer": "Đã làm", "due_on": DUE}, (), (), "done", "Đã trả lời", ""),
        # Who has answered and has still something open is not done.
        ({"answer": "Đã làm"}, (2, 1, 0), (), "on_track", "Đang làm", "1/2 việc xong"),
        ({}, (3, 3, 0), (), "done", "Xong", "3/3 việc xong"),
        ({}, (3, 1, 1), (), "overdue", "1 việc quá hạn", "1/3 việc xong"),
        ({"due_on": DUE}, (3, 1, 0), (), "overdue", "Quá hạn 53 ngày", "1/3 việc xong"),
        ({"due_on": DUE}, (3, 3, 0), (), "done", "Xong", "3/3 việc xong"),
        ({}, (), ("met", "over"), "met", "Đạt", "2/2 chỉ tiêu đạt"),
        ({}, (1, 0, 0), ("met",), "on_track", "Đang làm", "1/1 chỉ tiêu đạt, 0/1 việc xong"),
        ({}, (1, 1, 0), ("met",), "met", "Đạt", "1/1 chỉ tiêu đạt, 1/1 việc xong"),
        ({}, (), ("met", "behind"), "behind", "Chậm", "1/2 chỉ tiêu đạt"),
        ({}, (), ("not_measurable",), "on_track", "Đang làm", "0/1 chỉ tiêu đạt"),
        ({"due_on": DUE}, (), ("missed",), "missed", "Chưa đạt", "0/1 chỉ tiêu đạt"),
        ({"due_on": DUE}, (), ("on_track",), "overdue", "Quá hạn 53 ngày", "0/1 chỉ tiêu đạt"),
        ({"due_on": TODAY}, (), ("on_track",), "on_track", "Đang làm", "0/1 chỉ tiêu đạt"),
    ],
)  # fmt: skip
def test_where_a_direction_stands(said, tasks, targets, standing, word, detail):
    found = standing_of(Direction(**said), on=TODAY, tasks=TaskCount(*tasks), targets=targets)
    assert (found.standing, found.word, found.detail) == (standing, word, detail)


def test_dropped_tasks_count_for_nothing(scene):
    (direction,) = scene.give(scene.branch)
    dropped = scene.task(direction, DUE)
    drop_task(task=dropped, version=1, by=scene.secretary, on=TODAY, reason="Thôi")
    scene.task(direction, done=True)
    scene.task(direction, DUE)
    assert TaskCount.of(direction.tasks.all(), TODAY) == TaskCount(total=2, accepted=1, overdue=1)


# --- giving ---------------------------------------------------------------------------------------


def test_one_form_is_one_direction_for_each_unit_known_by_one_sending(scene):
    first, second = scene.give()
    assert (first.unit, second.unit, first.text) == (scene.branch, scene.other, second.text)
    assert first.sending == second.sending is not None
    with pytest.raises(DirectionRefused, match="Hãy chọn đơn vị"):
        give_direction(by=scene.office, units=[], given_by="party", body_name="x", given_on=GIVEN, text="x")
    with pytest.raises(DirectionRefused, match="từ ngày giao"):
        scene.give(due_on=GIVEN - datetime.timedelta(days=1))
    assert Direction.objects.count() == 2


def test_words_belong_to_whoever_wrote_them(scene):
    (given,) = scene.give(scene.branch)
    (asked,) = scene.give(scene.branch, by=scene.party, given_by="party")
    told = DirectionFactory(unit=scene.branch)

    def may(account):
        return set(changeable_by(account))

    assert (may(scene.secretary), may(scene.party), may(scene.office)) == ({told}, {asked}, {given})
    assert may(account_at(scene.other)) == set()
    change_direction(direction=given, version=1, by=scene.office, text="Nhận đỡ đầu hai xã")
    assert Direction.objects.get(pk=given.pk).text == "Nhận đỡ đầu hai xã"


def test_places_to_give_from(scene):
    assert places_to_give(scene.office, scene.union, on=TODAY) == {"superior": [scene.branch, scene.other]}
    assert places_to_give(scene.office, scene.branch, on=TODAY) == {"superior": [scene.branch]}
    assert places_to_give(scene.party, scene.branch, on=TODAY) == {"party": [scene.branch]}
    above = account_at(scene.union, "party_member")
    assert places_to_give(above, scene.union, on=TODAY) == {"party": [scene.union, scene.branch, scene.other]}
    for account in (scene.secretary, account_at(scene.other, "party_secretary")):
        assert places_to_give(account, scene.branch, on=TODAY) == {}


# --- pages ----------------------------------------------------------------------------------------


def read(client, name, *args, status=200):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def test_superior_gives_to_several_and_sees_each(scene, client):
    client.force_login(scene.office)
    url = reverse("branches:direction_give", args=[scene.union.pk])
    said = {
        "given_by": "superior", "body_name": "Đoàn Khối", "given_on": "2026-03-31", "text": "Đỡ đầu xã nghèo",
        "document": "Kế hoạch 12-KH/ĐK", "due_on": "2026-09-30", "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert "Hãy chọn đơn vị được giao" in html.unescape(client.post(url, said).content.decode())
    stranger = UnitFactory(superior=UnionFactory())
    forged = client.post(url, said | {"units": [scene.branch.pk, stranger.pk]})
    assert forged.status_code == 200
    answers = [client.post(url, said | {"to_all": "on"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    first, _second = Direction.objects.order_by("unit__name")
    for task in (scene.task(first, done=True), scene.task(first, done=True)):
        assert task.state == "accepted"
    page = client.get(answers[0].headers["Location"])
    rows = [(row.direction.unit.name, row.standing, row.word) for row in page.context["rows"]]
    assert rows == [("Chi đoàn B", "overdue", "Quá hạn 53 ngày"), ("Chi đoàn A", "done", "Xong")]
    assert "Lê Thu An" not in page.content.decode()
    overview = read(client, "reports:direction_given", scene.union.pk)
    assert "2 đơn vị: 1 xong, 1 quá hạn" in overview
    assert "1 đơn vị quá hạn" in overview
    # The branch reads it among what it was asked, and may not change the words.
    client.force_login(scene.secretary)
    assert "Đỡ đầu xã nghèo" in read(client, "reports:direction_list", scene.branch.pk)
    assert client.get(reverse("branches:direction_edit", args=[first.pk])).status_code == 403
    assert client.get(reverse("reports:direction_given", args=[scene.branch.pk])).status_code == 404
    assert client.get(reverse("branches:direction_give", args=[scene.branch.pk])).status_code == 403


def test_party_gives_from_its_own_page_and_sees_tasks_without_names(scene, client):
    client.force_login(scene.party)
    page = read(client, "branches:direction_give", scene.branch.pk)
    assert "Chi bộ A" in page
    said = {
        "given_by": "party", "body_name": "Chi bộ A", "given_on": "2026-03-31", "text": "Giữ cơ quan xanh",
        "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    url = reverse("branches:direction_give", args=[scene.branch.pk])
    forged = client.post(url, said | {"given_by": "superior"})
    assert forged.status_code == 200
    assert client.post(url, said).status_code == 302
    direction = Direction.objects.get()
    assert (direction.given_by, direction.unit) == ("party", scene.branch)
    scene.task(direction, DUE)
    scene.task(direction, done=True)
    for page in (
        read(client, "reports:direction_list", scene.branch.pk),
        read(client, "reports:direction_sending", scene.branch.pk, direction.sending),
        read(client, "reports:party_summary", scene.branch.pk),
    ):
        assert "1 việc quá hạn" in page
        assert "2 việc: 1 xong; 1 quá hạn" in page
        assert "Khảo sát xã" not in page
        assert "Lê Thu An" not in page
    assert "1/2 việc xong" in read(client, "reports:direction_list", scene.branch.pk)
    assert client.get(reverse("branches:direction_edit", args=[direction.pk])).status_code == 200


def test_stranger_sees_no_sending(scene, client):
    (direction,) = scene.give(scene.branch)
    client.force_login(account_at(scene.other, "party_secretary"))
    sending = reverse("reports:direction_sending", args=[scene.branch.pk, direction.sending])
    assert client.get(sending).status_code == 404
    client.force_login(scene.party)  # oversees the unit; what the superior gave is told on the list of directions
    assert client.get(sending).status_code == 404


def test_targets_of_subordinates_are_judged_as_on_their_own_pages(scene, client):
    first, second = scene.give(due_on=None)
    indicator = IndicatorFactory(name="Xã đỡ đầu")
    for direction, value, done in ((first, 2, 3), (second, 4, 1)):
        TargetFactory(
            unit=direction.unit, indicator=indicator, value=value, period=year(2026), origin="direction",
            direction=direction,
        )  # fmt: skip
        log(direction.unit, indicator, done, on(5))
    client.force_login(scene.office)
    page = client.get(reverse("reports:direction_sending", args=[scene.union.pk, first.sending]))
    judged = {row.direction.unit: (row.standing, row.rows[0].done.value) for row in page.context["rows"]}
    assert judged == {scene.branch: ("met", 3), scene.other: ("behind", 1)}
    for direction in (first, second):
        own = client.get(reverse("reports:direction_list", args=[direction.unit_id])).context["rows"][0]
        assert (own.standing, own.rows[0].done.value) == judged[direction.unit]


def test_overdue_stands_first_in_the_summary(scene):
    scene.give(scene.branch, given_by="party", text="Việc thường", given_on=datetime.date(2026, 2, 1))
    scene.give(scene.branch, given_by="party", text="Xong", due_on=DUE)
    late = scene.give(scene.branch, given_by="party", text="Quá hạn", due_on=DUE)
    old = scene.give(scene.branch, given_by="party", text="Năm trước", given_on=datetime.date(2025, 5, 5))
    done = Direction.objects.get(text="Xong")
    scene.task(done, done=True)
    summary = party_summary(scene.branch, 2026, as_of=TODAY)
    told = [[(one.direction.text, one.standing) for one in asking.directions] for asking in summary.askings]
    assert told == [
        [("Quá hạn", "overdue"), ("Xong", "done")], [("Năm trước", "none")], [("Việc thường", "none")],
    ]  # fmt: skip
    assert late[0].pk
    assert old[0].pk
    # Once it was answered, it belongs to its own year.
    Direction.objects.filter(text="Năm trước").update(answer="Đã làm", answered_on=TODAY)
    assert "Năm trước" not in [one.direction.text for one in party_summary(scene.branch, 2026, as_of=TODAY).directions]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_tables_ask_the_same_number_of_queries(scene, client, rows, django_assert_num_queries):
    units = [UnitFactory(superior=scene.union) for _ in range(rows)]
    indicator = IndicatorFactory()
    given = scene.give(*units)
    for direction in given:
        TargetFactory(
            unit=direction.unit, indicator=indicator, value=2, period=year(2026), origin="direction",
            direction=direction,
        )  # fmt: skip
        scene.task(direction)
    client.force_login(scene.office)
    with django_assert_num_queries(12):
        client.get(reverse("reports:direction_sending", args=[scene.union.pk, given[0].sending]))
    for _ in range(rows):
        direction = DirectionFactory(unit=scene.branch)
        TargetFactory(unit=scene.branch, period=year(2026), origin="direction", direction=direction)
        scene.task(direction)
    client.force_login(scene.secretary)
    with django_assert_num_queries(13):
        client.get(reverse("reports:direction_list", args=[scene.branch.pk]))
