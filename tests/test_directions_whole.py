"""What went to several units at once: corrected and withdrawn as a whole, with a warning under what was answered."""

import datetime
import html
import uuid

import pytest
from django.urls import reverse

from branches.directing import (
    DirectionRefused,
    answer_direction,
    change_direction,
    change_directions,
    standing_of,
    version_of,
    withdraw_directions,
)
from branches.models import Direction, EditConflict
from branches.tasks import TaskRefused, give_task
from reports.waiting import waiting_for
from tests.factories import MemberFactory, UnitFactory, account_at

from .test_directions import DUE, GIVEN, TODAY, Scene

NEW_DUE = datetime.date(2026, 12, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def scene(db):
    return Scene()


def answer(direction, on=datetime.date(2026, 6, 1), by=None):
    return answer_direction(direction=direction, version=direction.version, by=by, on=on, answer="Đã nhận xã A Lưới")


def now(*directions):
    return [Direction.objects.get(pk=one.pk) for one in directions]


# --- the verbs ------------------------------------------------------------------------------------


def test_corrected_for_all_with_history_and_the_giver_named(scene):
    given = scene.give(document="Kế hoạch 12-KH/ĐK")
    change_directions(
        directions=given, version=version_of(given), by=scene.office, due_on=NEW_DUE, text="Hai xã\nnghèo"
    )
    assert [(one.text, one.due_on, one.document) for one in now(*given)] == [
        ("Hai xã\nnghèo", NEW_DUE, "Kế hoạch 12-KH/ĐK")
    ] * 2
    newest, first = given[0].history.all()
    assert (newest.history_user, newest.due_on, first.text) == (scene.office, NEW_DUE, "Nhận đỡ đầu xã nghèo")


def test_words_under_an_answer_change_only_knowingly(scene):
    given = scene.give()
    answer(given[0])
    given = now(*given)
    said = {"directions": given, "version": version_of(given), "by": scene.office}
    with pytest.raises(DirectionRefused) as refused:
        change_directions(**said, text="Nhận hai xã")
    assert list(refused.value.errors) == ["knowing"]
    assert "Chi đoàn A đã trả lời" in refused.value.errors["knowing"]
    assert {one.text for one in now(*given)} == {"Nhận đỡ đầu xã nghèo"}
    with pytest.raises(DirectionRefused) as refused:  # it cannot have been answered before it was given
        change_directions(**said, given_on=datetime.date(2026, 6, 2), knowing=True)
    assert list(refused.value.errors) == ["given_on"]
    # The number of the document is not what was answered.
    change_directions(**said, document="Kế hoạch 13-KH/ĐK")
    given = now(*given)
    change_directions(**said | {"version": version_of(given)}, text="Nhận hai xã", knowing=True)
    assert [one.text for one in now(*given)] == ["Nhận hai xã"] * 2
    assert now(given[0])[0].answer == "Đã nhận xã A Lưới"


def test_a_task_reported_done_is_an_answer_too(scene):
    given = scene.give()
    scene.task(given[1], done=True)
    with pytest.raises(DirectionRefused, match="Chi đoàn B đã trả lời"):
        change_directions(directions=given, version=version_of(given), by=scene.office, due_on=NEW_DUE)
    # One unit by itself, which did nothing yet, needs no warning.
    change_direction(direction=given[0], version=1, by=scene.office, due_on=NEW_DUE)


def test_an_answer_that_came_meanwhile_is_a_conflict(scene):
    given = scene.give()
    opened = version_of(given)
    answer(given[1])
    for verb in (
        lambda: change_directions(directions=given, version=opened, by=scene.office, text="Khác", knowing=True),
        lambda: withdraw_directions(directions=given, version=opened, by=scene.office, on=TODAY, reason="Thôi"),
    ):
        with pytest.raises(EditConflict):
            verb()
    assert {(one.text, one.withdrawn_on) for one in now(*given)} == {("Nhận đỡ đầu xã nghèo", None)}


def test_withdrawn_is_not_late_and_takes_neither_answer_nor_task(scene):
    given = scene.give(due_on=DUE)
    gone = withdraw_directions(
        directions=given, version=version_of(given), by=scene.office, on=TODAY, reason="Tỉnh đã bố trí"
    )
    assert [(one.withdrawn_on, one.withdraw_reason) for one in now(*gone)] == [(TODAY, "Tỉnh đã bố trí")] * 2
    here = now(given[0])[0]
    found = standing_of(here, on=TODAY)
    assert (found.standing, found.word, found.is_withdrawn, found.is_settled) == ("none", "Đã rút", True, False)
    assert standing_of(here, on=TODAY - datetime.timedelta(days=1)).standing == "overdue"  # as it stood then
    with pytest.raises(DirectionRefused, match="đã rút từ ngày 22/11/2026"):
        answer(here)
    with pytest.raises(DirectionRefused, match="đã rút"):
        change_direction(direction=here, version=here.version, by=scene.office, text="Khác")
    with pytest.raises(TaskRefused, match="đã rút"):
        give_task(by=scene.secretary, unit=scene.branch, on=TODAY, text="x", owner_name="BCH", direction=here)
    with pytest.raises(DirectionRefused, match="đã rút"):
        withdraw_directions(directions=now(*given), version=version_of(now(*given)), by=None, on=TODAY, reason="Lại")
    waiting = waiting_for(scene.secretary, scene.secretary.posts_today[0], on=TODAY)
    assert not [one for one in waiting.first if "Trả lời chỉ đạo" in one.what]


def test_withdrawing_needs_a_reason_and_leaves_what_was_withdrawn_before(scene):
    given = scene.give()
    with pytest.raises(DirectionRefused) as refused:
        withdraw_directions(directions=given, version=2, by=scene.office, on=TODAY, reason=" ")
    assert list(refused.value.errors) == ["reason"]
    early = TODAY - datetime.timedelta(days=9)
    withdraw_directions(directions=given[:1], version=1, by=scene.office, on=early, reason="Ít người")
    given = now(*given)
    withdraw_directions(directions=given, version=version_of(given), by=scene.office, on=TODAY, reason="Thôi giao")
    assert [(one.withdrawn_on, one.withdraw_reason) for one in now(*given)] == [
        (early, "Ít người"), (TODAY, "Thôi giao"),
    ]  # fmt: skip


# --- the pages ------------------------------------------------------------------------------------


def test_the_giver_corrects_all_in_one_form_and_a_date_of_its_own_stays(scene, client):
    third = UnitFactory(superior=scene.union, name="Chi đoàn C")
    given = scene.give(scene.branch, scene.other, third, due_on=DUE, text="Nhận đỡ đầu\nxã nghèo")
    own_due = datetime.date(2026, 12, 31)
    change_direction(direction=given[2], version=1, by=scene.office, due_on=own_due)
    answer(given[0])
    client.force_login(scene.office)
    url = reverse("branches:direction_sending_edit", args=[scene.union.pk, given[0].sending])
    page = html.unescape(client.get(url).content.decode())
    assert "Sửa cho 3 đơn vị cùng lúc" in page
    assert "Chi đoàn A đã trả lời hoặc làm theo nội dung cũ" in page
    said = {
        "body_name": "Đoàn Khối", "given_on": "2026-03-31", "text": "Nhận đỡ đầu\r\nxã nghèo", "document": "KH 14",
        "due_on": "2026-09-30", "version": version_of(now(*given)), "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert client.post(url, said).status_code == 302
    told = [(one.document, one.text, one.due_on, one.version) for one in now(*given)]
    text = "Nhận đỡ đầu\nxã nghèo"
    assert told == [("KH 14", text, DUE, 3), ("KH 14", text, DUE, 2), ("KH 14", text, own_due, 3)]
    # Another text is another question: the tick is wanted.
    said |= {"document": "KH 14", "text": "Nhận hai xã", "version": 8, "form_key": str(uuid.uuid4())}
    refused = html.unescape(client.post(url, said).content.decode())
    assert "Đánh dấu ô dưới nếu vẫn sửa" in refused
    assert client.post(url, said | {"knowing": "on"}).status_code == 302
    assert {one.text for one in now(*given)} == {"Nhận hai xã"}


def test_the_giver_withdraws_all_and_everybody_reads_why(scene, client):
    given = scene.give(due_on=DUE)
    client.force_login(scene.office)
    args = [scene.union.pk, given[0].sending]
    url = reverse("branches:direction_sending_withdraw", args=args)
    assert "không đơn vị nào phải làm nữa" in client.get(url).content.decode()
    said = {"reason": "Tỉnh đã bố trí", "version": version_of(given), "form_key": str(uuid.uuid4())}
    assert [client.post(url, said).status_code for _ in range(2)] == [302, 302]
    page = html.unescape(client.get(reverse("reports:direction_sending", args=args)).content.decode())
    assert "0 trên 0 đơn vị xong, 2 đã rút" in page
    assert "Lý do rút: Tỉnh đã bố trí" in page
    assert "Sửa riêng" not in page
    assert "Đã rút" in client.get(reverse("reports:direction_given", args=[scene.union.pk])).content.decode()
    client.force_login(scene.secretary)
    own = html.unescape(client.get(reverse("reports:direction_list", args=[scene.branch.pk])).content.decode())
    assert "Lý do rút: Tỉnh đã bố trí" in own
    assert "Ghi trả lời" not in own


def test_only_the_giver_opens_the_whole(scene, client):
    (given, _) = scene.give()
    stranger = account_at(UnitFactory(), "superior_office")
    for account, status in ((scene.secretary, 404), (scene.party, 404), (stranger, 404), (scene.office, 200)):
        client.force_login(account)
        for name in ("branches:direction_sending_edit", "branches:direction_sending_withdraw"):
            at = scene.union if account == scene.office else scene.branch
            assert client.get(reverse(name, args=[at.pk, given.sending])).status_code == status
    for account, status in ((scene.secretary, 403), (scene.party, 403), (stranger, 404), (scene.office, 200)):
        client.force_login(account)
        assert client.get(reverse("branches:direction_withdraw", args=[given.pk])).status_code == status


# --- late tasks go up -----------------------------------------------------------------------------


def test_tasks_late_for_the_days_of_the_rule_go_up_without_words_or_names(scene, client):
    def late(unit, days):
        return give_task(
            by=scene.secretary, unit=unit, on=GIVEN, text="Thăm nhà cháu Mai", owner=MemberFactory(home=unit),
            due_on=TODAY - datetime.timedelta(days=days),
        )  # fmt: skip

    def told():
        again = type(scene.office).objects.get(pk=scene.office.pk)
        waiting = waiting_for(again, again.posts_today[0], on=TODAY)
        return [(one.what, one.context) for one in waiting.first if "việc được giao quá hạn" in one.what]

    late(scene.branch, 6)
    assert told() == []  # the branch itself has the first seven days
    for days in (7, 9, 92):
        late(scene.branch, days)
    late(scene.other, 8)
    late(scene.other, 93)  # old enough to be told nobody every week
    late(UnitFactory(), 20)  # of another superior
    assert told() == [
        ("2 đơn vị có việc được giao quá hạn từ 7 ngày trở lên", "Chi đoàn A (3 việc); Chi đoàn B (1 việc)")
    ]
    client.force_login(scene.office)
    page = client.get(reverse("branches:task_below", args=[scene.union.pk]))
    rows = [(row["unit__name"], row["open"], row["late"]) for row in page.context["page"]]
    assert rows == [("Chi đoàn A", 4, 4), ("Chi đoàn B", 2, 2)]
    assert "Thăm nhà" not in page.content.decode()
    client.force_login(scene.party)
    assert client.get(reverse("branches:task_below", args=[scene.branch.pk])).status_code == 404


@pytest.mark.parametrize("units", [1, 3, 30])
def test_tasks_below_ask_the_same_number_of_queries(scene, client, units, django_assert_num_queries):
    for _ in range(units):
        unit = UnitFactory(superior=scene.union)
        give_task(by=scene.secretary, unit=unit, on=GIVEN, text="x", owner_name="BCH", due_on=DUE)
    client.force_login(scene.office)
    with django_assert_num_queries(6):
        client.get(reverse("branches:task_below", args=[scene.union.pk]))
