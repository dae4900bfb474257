"""A transfer has two sides: nothing moves until the target takes in, and then exactly one membership is open."""

import datetime
import html
import threading
import uuid

import pytest
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from branches.enrolling import EnrolmentRefused
from branches.leaving import leave
from branches.models import Member, Membership, Transfer
from branches.register import register_figures
from branches.staying import begin_stay, end_stay
from branches.transferring import (
    accept_transfer,
    hand_on_transfer,
    return_transfer,
    send_transfer,
    units_called,
    withdraw_transfer,
)
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
NOVEMBER_1 = datetime.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    """A branch, the branch somebody moves to in another Đoàn, their secretaries, and the person."""

    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối các cơ quan")
        self.source = UnitFactory(superior=self.union, name="Chi đoàn Sở Thông tin")
        self.far_union = UnionFactory(name="Đoàn xã Ea Kao")
        self.target = UnitFactory(superior=self.far_union, name="Chi đoàn Buôn Kao")
        self.sender, self.receiver = account_at(self.source), account_at(self.target)
        self.member = MemberFactory(home=self.source, full_name="H'Mai Niê", phone="0905000111")

    def send(self, **said):
        values = {
            "member": self.member, "target": self.target, "asked_on": NOVEMBER_1, "remark": "Gương mẫu",
            "dues_paid_to": datetime.date(2026, 10, 15), "letter_number": "05", "letter_on": NOVEMBER_1,
            "by": self.sender, "on": TODAY,
        }  # fmt: skip
        return send_transfer(**values | said)


@pytest.fixture
def scene(db):
    return Scene()


def members_of(unit, day) -> int:
    return register_figures(units=Q(unit=unit), keys=["members"], day=day)["members"]


# --- verbs ----------------------------------------------------------------------------------------


def test_sent_transfer_is_due_after_thirty_days_and_moves_nobody(scene):
    sent = scene.send()
    assert (sent.state, sent.due_on) == ("sent", datetime.date(2026, 12, 1))
    assert sent.dues_paid_to == datetime.date(2026, 10, 1)
    assert (members_of(scene.source, TODAY), members_of(scene.target, TODAY)) == (1, 0)
    assert not sent.is_overdue(datetime.date(2026, 12, 1))
    assert sent.is_overdue(datetime.date(2026, 12, 2))


def test_accepted_member_is_counted_once_on_every_day(scene):
    moved_on = datetime.date(2026, 11, 10)
    accept_transfer(transfer=scene.send(), moved_on=moved_on, by=scene.receiver, on=TODAY)
    member = Member.objects.get()
    old, new = member.memberships.order_by("starts_on")
    assert (old.ends_on, old.end_reason, old.end_decision) == (
        moved_on, "moved_out", "Giấy giới thiệu 05 ngày 01/11/2026",
    )  # fmt: skip
    assert (new.unit, new.starts_on, new.begin_reason, new.ends_on) == (scene.target, moved_on, "moved_in", None)
    assert (member.home, member.is_active) == (scene.target, True)
    assert member.history.first().history_user == scene.receiver
    day = moved_on - datetime.timedelta(days=2)
    for _ in range(5):
        assert members_of(scene.source, day) + members_of(scene.target, day) == 1
        day += datetime.timedelta(days=1)


def test_returned_member_stays_and_may_be_sent_again(scene):
    sent = scene.send()
    with pytest.raises(EnrolmentRefused) as refused:
        return_transfer(transfer=sent, answer=" ", by=scene.receiver, on=TODAY)
    assert refused.value.errors == {"answer": "Hãy ghi lý do trả lại, để nơi đi biết cần làm gì."}
    return_transfer(transfer=sent, answer="Thiếu sổ đoàn viên", by=scene.receiver, on=TODAY)
    sent.refresh_from_db()
    assert (sent.state, sent.answer, sent.answered_by) == ("returned", "Thiếu sổ đoàn viên", scene.receiver)
    assert Member.objects.get().home == scene.source
    scene.send()
    assert Transfer.objects.open().count() == 1


def test_only_one_transfer_is_open_at_a_time(scene):
    scene.send()
    with pytest.raises(EnrolmentRefused, match="đang chuyển sinh hoạt, chưa có trả lời"):
        scene.send(target=None, target_name="Đoàn phường Tân Lập")


def test_answered_transfer_is_not_answered_again(scene):
    sent = scene.send()
    withdraw_transfer(transfer=sent, answer="Không chuyển nữa", by=scene.sender, on=TODAY)
    with pytest.raises(EnrolmentRefused, match=r"Nơi đi đã rút ngày 22/11/2026\. Không đổi gì nữa\."):
        accept_transfer(transfer=sent, moved_on=TODAY, by=scene.receiver, on=TODAY)
    assert Member.objects.get().home == scene.source


def test_transfer_to_a_unit_outside_is_closed_by_the_source(scene):
    sent = scene.send(target=None, target_name="Chi đoàn 3, Đoàn phường Tân Lập")
    accept_transfer(transfer=sent, moved_on=TODAY, by=scene.sender, on=TODAY)
    member, span = Member.objects.get(), Membership.objects.get()
    assert (member.is_active, member.home) == (False, scene.source)
    assert (span.ends_on, span.end_reason) == (TODAY, "moved_out")
    assert span.end_note == "Chuyển đến Chi đoàn 3, Đoàn phường Tân Lập"


@pytest.mark.parametrize(
    ("said", "field", "answer"),
    [
        ({"remark": " "}, "remark", "Hãy ghi nhận xét của chi đoàn về đoàn viên."),
        ({"target": None}, "where", "Hãy ghi nơi chuyển đến."),
        ({"asked_on": datetime.date(2026, 11, 23)}, "asked_on", "Ngày này chưa đến."),
        (
            {"asked_on": datetime.date(2014, 12, 31)},
            "asked_on",
            "Hãy ghi ngày từ 01/01/2015, ngày vào chi đoàn, trở đi.",
        ),
    ],
)
def test_transfer_that_cannot_be_sent_is_answered_at_its_field(scene, said, field, answer):
    with pytest.raises(EnrolmentRefused) as refused:
        scene.send(**said)
    assert refused.value.errors == {field: answer}
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (datetime.date(2026, 11, 23), "Ngày này chưa đến. Hãy ghi khi đoàn viên đã về sinh hoạt."),
        (datetime.date(2015, 1, 1), "Hãy ghi ngày sau 01/01/2015, ngày vào Chi đoàn Sở Thông tin."),
    ],
)
def test_day_of_the_move_lies_within_what_can_be(scene, day, answer):
    sent = scene.send()
    with pytest.raises(EnrolmentRefused) as refused:
        accept_transfer(transfer=sent, moved_on=day, by=scene.receiver, on=TODAY)
    assert refused.value.errors == {"moved_on": answer}
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_union_introduces_on_to_one_of_its_branches(scene):
    sent = scene.send(target=scene.far_union)
    with pytest.raises(EnrolmentRefused, match="Hãy giới thiệu tiếp về một chi đoàn của Đoàn xã Ea Kao"):
        accept_transfer(transfer=sent, moved_on=TODAY, by=scene.receiver, on=TODAY)
    with pytest.raises(EnrolmentRefused) as refused:
        hand_on_transfer(transfer=sent, branch=scene.source, on=TODAY)
    assert refused.value.errors == {"branch": "Hãy chọn một chi đoàn đang hoạt động của Đoàn xã Ea Kao."}
    hand_on_transfer(transfer=sent, branch=scene.target, on=TODAY)
    accept_transfer(transfer=sent, moved_on=TODAY, by=scene.receiver, on=TODAY)
    assert Member.objects.get().home == scene.target


def test_member_under_transfer_does_not_leave_meanwhile(scene):
    scene.send()
    with pytest.raises(EnrolmentRefused, match="Hãy rút việc chuyển trước"):
        leave(
            member=scene.member, reason="died", on=TODAY, decision="", note="", by=scene.sender, today=TODAY
        )  # fmt: skip


def test_units_are_found_without_marks_and_the_dissolved_are_not(scene):
    scene.target.dissolved_on = None
    gone = UnitFactory(name="Chi đoàn Buôn Kao cũ")
    gone.dissolved_on = NOVEMBER_1
    gone.save()
    assert units_called("buon kao", on=TODAY) == [scene.target]
    assert units_called("xa ea kao", on=TODAY) == [scene.far_union]
    assert units_called("xa ea kao", on=TODAY, branches_only=True) == []
    assert units_called("  ", on=TODAY) == []


# --- stays ----------------------------------------------------------------------------------------


def test_stay_is_kept_beside_the_home_and_never_counted(scene):
    stay = begin_stay(
        member=scene.member, unit=scene.target, kind="temporary", starts_on=NOVEMBER_1, decision="GT 7", on=TODAY
    )
    assert (members_of(scene.source, TODAY), members_of(scene.target, TODAY)) == (1, 0)
    with pytest.raises(EnrolmentRefused) as refused:
        begin_stay(member=scene.member, unit=scene.target, kind="residence", starts_on=TODAY, on=TODAY)
    assert refused.value.errors == {"where": "H'Mai Niê đang sinh hoạt tại Chi đoàn Buôn Kao rồi."}
    with pytest.raises(EnrolmentRefused) as refused:
        end_stay(stay=stay, ends_on=NOVEMBER_1, on=TODAY)
    assert refused.value.errors == {"ends_on": "Hãy ghi ngày sau 01/11/2026, ngày bắt đầu."}
    end_stay(stay=stay, ends_on=TODAY, on=TODAY)
    with pytest.raises(EnrolmentRefused, match="đã kết thúc từ 22/11/2026"):
        end_stay(stay=stay, ends_on=TODAY, on=TODAY)
    assert scene.member.memberships.filter(ends_on=None).get().unit == scene.source


def test_stay_ends_when_the_host_becomes_the_home(scene):
    begin_stay(member=scene.member, unit=scene.target, kind="residence", starts_on=NOVEMBER_1, on=TODAY)
    accept_transfer(transfer=scene.send(), moved_on=TODAY, by=scene.receiver, on=TODAY)
    stay = Membership.objects.get(kind="residence")
    assert (stay.ends_on, stay.end_reason) == (TODAY, "moved_out")
    assert members_of(scene.target, TODAY) == 1


def test_stays_end_with_the_membership(scene):
    begin_stay(member=scene.member, unit=scene.target, kind="temporary", starts_on=NOVEMBER_1, on=TODAY)
    leave(member=scene.member, reason="died", on=NOVEMBER_1, decision="", note="", by=scene.sender, today=TODAY)
    stay = Membership.objects.get(kind="temporary")
    # The stay began that day: a span is never empty, so it ends on the next.
    assert (stay.ends_on, stay.end_reason) == (datetime.date(2026, 11, 2), "died")


# --- races ----------------------------------------------------------------------------------------


def together(*calls) -> list:
    """What each of the calls answered, all begun at the same moment."""
    gate, answers = threading.Barrier(len(calls)), [None] * len(calls)

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
def test_two_acceptances_at_once_move_the_member_once():
    scene = Scene()
    sent = scene.send()

    def accept():
        return accept_transfer(transfer=sent, moved_on=TODAY, by=scene.receiver, on=TODAY)

    answers = together(accept, accept)
    assert sorted(type(one).__name__ for one in answers) == ["EnrolmentRefused", "Member"]
    assert Membership.objects.filter(ends_on=None).count() == 1
    assert Membership.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_withdrawal_and_acceptance_at_once_leave_one_truth():
    scene = Scene()
    sent = scene.send()
    answers = together(
        lambda: accept_transfer(transfer=sent, moved_on=TODAY, by=scene.receiver, on=TODAY),
        lambda: withdraw_transfer(transfer=sent, answer="Thôi", by=scene.sender, on=TODAY),
    )
    assert sum(isinstance(one, EnrolmentRefused) for one in answers) == 1
    sent.refresh_from_db()
    home = Member.objects.get().home
    assert (sent.state, home) in (("accepted", scene.target), ("withdrawn", scene.source))


@pytest.mark.django_db(transaction=True)
def test_leaving_and_sending_at_once_do_not_both_happen():
    scene = Scene()
    answers = together(
        scene.send,
        lambda: leave(
            member=scene.member, reason="died", on=TODAY, decision="", note="", by=scene.sender, today=TODAY
        ),
    )  # fmt: skip
    assert sum(isinstance(one, EnrolmentRefused) for one in answers) == 1
    assert Transfer.objects.count() + Membership.objects.exclude(ends_on=None).count() == 1


# --- pages ----------------------------------------------------------------------------------------


def words_of_page(answer) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def said(scene, **changed):
    return {
        "form_key": str(uuid.uuid4()), "where": "buon kao", "target": str(scene.target.pk), "asked_on": "01/11/2026",
        "remark": "Gương mẫu", "dues_paid_to": "10/2026", "do": "save",
    } | changed  # fmt: skip


def test_source_finds_the_unit_chooses_it_and_sends(client, scene):
    client.force_login(scene.sender)
    url = reverse("branches:transfer_new", args=[scene.member.pk])
    found = words_of_page(client.post(url, said(scene, do="find", target="", remark="")))
    assert "Chi đoàn Buôn Kao, Đoàn xã Ea Kao" in found
    assert "Hãy ghi" not in found  # nothing is judged while looking
    answer = client.post(url, said(scene))
    sent = Transfer.objects.get()
    assert answer.headers["Location"] == reverse("branches:transfer", args=[sent.pk])
    assert (sent.target, sent.dues_paid_to) == (scene.target, datetime.date(2026, 10, 1))
    # Opened again, the page leads to what waits already.
    assert client.get(url).headers["Location"] == reverse("branches:transfer", args=[sent.pk])


def test_letter_sent_twice_is_one(client, scene):
    client.force_login(scene.sender)
    url, form = reverse("branches:transfer_new", args=[scene.member.pk]), said(scene)
    first, second = client.post(url, form), client.post(url, form)
    assert first.headers["Location"].endswith(f"/chuyen-sinh-hoat/{Transfer.objects.get().pk}/")
    assert second.status_code == 302


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"target": ""}, "Hãy chọn nơi đến."),
        ({"where": "xa ea kao"}, "Mục đã chọn không còn trong danh sách. Hãy chọn lại."),
        ({"dues_paid_to": "2026"}, "Hãy ghi cả tháng, ví dụ 10/2026."),
        ({"remark": ""}, "Hãy ghi “Nhận xét của chi đoàn”."),
    ],
)
def test_letter_that_is_not_whole_is_answered(client, scene, changed, answer):
    client.force_login(scene.sender)
    page = client.post(reverse("branches:transfer_new", args=[scene.member.pk]), said(scene, **changed))
    assert answer in words_of_page(page)
    assert not Transfer.objects.exists()


def test_target_sees_what_it_needs_and_nothing_else_before_it_accepts(client, scene):
    sent = scene.send()
    client.force_login(scene.receiver)
    page = words_of_page(client.get(reverse("branches:transfer", args=[sent.pk])))
    assert "H'Mai Niê" in page
    assert "19/05/2000" in page
    assert "Gương mẫu" in page
    assert "đã đóng đến hết tháng 10/2026" in page
    assert "0905000111" not in page
    assert client.get(reverse("branches:member", args=[scene.member.pk])).status_code == 404
    url = reverse("branches:transfer_accept", args=[sent.pk])
    answer = client.post(url, {"form_key": str(uuid.uuid4()), "moved_on": "20/11/2026"})
    assert answer.headers["Location"] == reverse("branches:member", args=[scene.member.pk])
    assert "0905000111" in words_of_page(client.get(answer.headers["Location"]))


def test_each_side_has_its_own_steps(client, scene):
    sent = scene.send()
    steps = ("accept", "return", "withdraw")
    answers = {}
    for name, account in {
        "sender": scene.sender,
        "receiver": scene.receiver,
        "above": account_at(scene.union, "superior_office"),
        "stranger": account_at(UnitFactory(superior=scene.union)),
    }.items():
        client.force_login(account)
        answers[name] = [client.get(reverse(f"branches:transfer_{step}", args=[sent.pk])).status_code for step in steps]
    assert answers == {
        "sender": [403, 403, 200],
        "receiver": [200, 200, 403],
        "above": [403, 403, 403],
        "stranger": [404, 404, 404],
    }


def test_lists_of_both_sides_show_the_overdue_first(client, scene):
    other = MemberFactory(home=scene.source, full_name="Lê Còn Hạn")
    scene.send(member=other, asked_on=TODAY, letter_on=TODAY)
    scene.send(asked_on=datetime.date(2026, 10, 1), letter_on=datetime.date(2026, 10, 1))  # due on 31/10
    for account, unit in ((scene.sender, scene.source), (scene.receiver, scene.target)):
        client.force_login(account)
        page = client.get(reverse("branches:transfer_list", args=[unit.pk]))
        assert [(row["transfer"].member.full_name, row["word"]) for row in page.context["rows"]] == [
            ("H'Mai Niê", "Quá hạn 22 ngày"),
            ("Lê Còn Hạn", "Còn 30 ngày"),
        ]
        home = words_of_page(client.get(reverse("reports:home") + "?tat-ca"))
        late = "H'Mai Niê chuyển đi, nơi đến chưa trả lời" if unit == scene.source else "Tiếp nhận H'Mai Niê chuyển đến"
        assert late in home
        assert ("Lê Còn Hạn" in home) is (unit == scene.target)


def test_transfer_to_outside_leads_to_the_closing_by_the_source(client, scene):
    client.force_login(scene.sender)
    url = reverse("branches:transfer_new", args=[scene.member.pk])
    client.post(url, said(scene, where="Đoàn phường Tân Lập", target="outside"))
    sent = Transfer.objects.get()
    assert (sent.target, sent.target_name) == (None, "Đoàn phường Tân Lập")
    page = words_of_page(client.get(reverse("branches:transfer", args=[sent.pk])))
    assert "Ghi nơi đến đã tiếp nhận" in page
    url = reverse("branches:transfer_accept", args=[sent.pk])
    client.post(url, {"form_key": str(uuid.uuid4()), "moved_on": "20/11/2026"})
    assert not Member.objects.get().is_active


def test_union_hands_on_by_its_page(client, scene):
    sent = scene.send(target=scene.far_union)
    client.force_login(account_at(scene.far_union, "superior_office"))
    url = reverse("branches:transfer_hand_on", args=[sent.pk])
    client.post(url, {"form_key": str(uuid.uuid4()), "branch": scene.target.pk})
    sent.refresh_from_db()
    assert (sent.target, sent.state) == (scene.target, "sent")


def test_stay_is_written_at_home_seen_at_the_host_and_ended_there(client, scene):
    client.force_login(scene.sender)
    url = reverse("branches:stay_new", args=[scene.member.pk])
    form = {
        "form_key": str(uuid.uuid4()), "kind": "temporary", "where": "buon kao", "target": str(scene.target.pk),
        "starts_on": "01/11/2026", "do": "save",
    }  # fmt: skip
    assert client.post(url, form).status_code == 302
    stay = Membership.objects.get(kind="temporary")
    assert "Sinh hoạt tạm thời" in words_of_page(client.get(reverse("branches:member", args=[scene.member.pk])))
    client.force_login(scene.receiver)
    host = words_of_page(client.get(reverse("branches:stay_list", args=[scene.target.pk])))
    assert "H'Mai Niê" in host
    assert client.get(reverse("branches:stay_end_at_home", args=[scene.member.pk, stay.pk])).status_code == 404
    end = reverse("branches:stay_end", args=[stay.pk])
    client.post(end, {"form_key": str(uuid.uuid4()), "ends_on": "20/11/2026"})
    stay.refresh_from_db()
    assert stay.ends_on == datetime.date(2026, 11, 20)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_transfer_list_query_count(client, scene, rows, django_assert_num_queries):
    for _ in range(rows):
        scene.send(member=MemberFactory(home=scene.source))
    client.force_login(scene.sender)
    with django_assert_num_queries(6):  # session, account, posts, unit, count, rows
        page = client.get(reverse("branches:transfer_list", args=[scene.source.pk]))
    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_stay_list_query_count(client, scene, rows, django_assert_num_queries):
    for _ in range(rows):
        member = MemberFactory(home=scene.source)
        begin_stay(member=member, unit=scene.target, kind="residence", starts_on=NOVEMBER_1, on=TODAY)
    client.force_login(scene.receiver)
    with django_assert_num_queries(6):  # session, account, posts, unit, count, rows
        page = client.get(reverse("branches:stay_list", args=[scene.target.pk]))
    assert len(page.context["rows"]) == rows
