"""The branch proposes, those above answer on their own page, an agreed proposal becomes a target or a task."""

import datetime
import html
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from branches.aims import WrittenAim
from branches.models import EditConflict, Period, Proposal, Target, Task
from branches.planning import PlanningRefused
from branches.proposing_above import (
    ProposalFigures,
    ProposalRefused,
    answer_proposal,
    change_proposal,
    plan_proposal,
    proposals_of,
    reply_to_discussion,
    send_proposal,
    withdraw_proposal,
)
from branches.tasks import TaskRefused, give_task
from reports.waiting import waiting_for
from tests.factories import IndicatorFactory, MemberFactory, TargetFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
SENT, ANSWERED = datetime.date(2026, 10, 1), datetime.date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối các cơ quan")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Tư pháp", party_body="Chi bộ Sở Tư pháp")
        self.secretary = account_at(self.branch, full_name="Lê Văn Bí Thư")
        self.party = account_at(self.branch, "party_secretary")
        self.office = account_at(self.union, "superior_office")

    def send(self, **said):
        values = {
            "by": self.secretary, "unit": self.branch, "on": SENT, "put_to": "party",
            "what": " Số hóa 200 hồ sơ lưu trữ ", "why": "Hồ sơ giấy xuống cấp", "needs": "Một máy quét",
        }  # fmt: skip
        return send_proposal(**values | said)

    def answer(self, proposal, answer="agreed", words="", **said):
        values = {"version": proposal.version, "by": self.party, "on": ANSWERED}
        return answer_proposal(proposal=proposal, answer=answer, words=words, **values | said)


@pytest.fixture
def scene(db):
    return Scene()


# --- verbs ----------------------------------------------------------------------------------------


def test_discussion_keeps_its_turns(scene):
    proposal = scene.send()
    assert proposal.what == "Số hóa 200 hồ sơ lưu trữ"
    proposal = scene.answer(proposal, "discuss", "Cần bao nhiêu tiền?")
    proposal = reply_to_discussion(
        proposal=proposal, version=proposal.version, by=scene.secretary, on=ANSWERED, words="3.000.000 đồng"
    )
    assert proposal.state == "sent"
    proposal = scene.answer(proposal, "agreed", on=TODAY)
    assert (proposal.state, proposal.answer, proposal.answered_on) == ("agreed", "", TODAY)
    assert [(turn.side, turn.state, turn.words) for turn in proposal.turns.all()] == [
        ("branch", "sent", ""), ("party", "discuss", "Cần bao nhiêu tiền?"), ("branch", "sent", "3.000.000 đồng"),
        ("party", "agreed", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("answer", ["refused", "discuss"])
def test_anything_but_agreeing_needs_words(scene, answer):
    with pytest.raises(ProposalRefused, match="Hãy ghi vì sao"):
        scene.answer(scene.send(), answer)
    assert Proposal.objects.get().state == "sent"


def test_answer_refusals(scene):
    proposal = scene.send()
    with pytest.raises(ProposalRefused, match="từ 01/10/2026"):
        scene.answer(proposal, on=SENT - datetime.timedelta(days=1))
    with pytest.raises(ProposalRefused, match="Hãy chọn một cách trả lời"):
        scene.answer(proposal, "withdrawn")
    with pytest.raises(ProposalRefused, match="văn bản nào, cuộc họp nào"):
        scene.answer(proposal, is_written_down=True)
    with pytest.raises(ProposalRefused, match="không chờ trao đổi"):
        reply_to_discussion(proposal=proposal, version=1, by=scene.secretary, on=TODAY, words="x")
    scene.answer(proposal)
    with pytest.raises(ProposalRefused, match="đã xong: đồng ý"):
        scene.answer(proposal)


def test_sending_needs_what_and_why(scene):
    with pytest.raises(ProposalRefused) as refused:
        scene.send(what=" ", why="")
    assert list(refused.value.errors) == ["what", "why"]


def test_change_only_before_the_first_answer_and_withdraw_only_while_open(scene):
    proposal = change_proposal(proposal=scene.send(), version=1, what="Số hóa 300 hồ sơ")
    assert (proposal.what, proposal.version) == ("Số hóa 300 hồ sơ", 2)
    with pytest.raises(EditConflict):
        change_proposal(proposal=proposal, version=1, what="Khác")
    proposal = scene.answer(proposal, "discuss", "Hỏi thêm")
    with pytest.raises(ProposalRefused, match="không sửa nữa"):
        change_proposal(proposal=proposal, version=proposal.version, what="Khác")
    proposal = withdraw_proposal(proposal=proposal, version=proposal.version, by=scene.secretary, on=TODAY)
    with pytest.raises(ProposalRefused, match="đã rút"):
        withdraw_proposal(proposal=proposal, version=proposal.version, by=scene.secretary, on=TODAY)


def test_agreed_becomes_a_target_of_the_plan(scene):
    year, indicator = Period.objects.year(2026), IndicatorFactory(name="Hồ sơ số hóa")
    proposal, aim = scene.send(), WrittenAim("ge", 200)
    said = {"by": scene.secretary, "period": year, "indicator": indicator, "aim": aim}
    with pytest.raises(ProposalRefused, match="chưa được đồng ý"):
        plan_proposal(proposal=proposal, version=1, **said)
    proposal = scene.answer(proposal)
    target = plan_proposal(proposal=proposal, version=proposal.version, **said)
    assert (target.value, target.note) == (200, "Từ đề xuất ngày 01/10/2026: Số hóa 200 hồ sơ lưu trữ")
    proposal.refresh_from_db()
    assert proposal.target == target
    with pytest.raises(ProposalRefused, match="đã đưa vào kế hoạch"):
        plan_proposal(proposal=proposal, version=proposal.version, **said)


def test_target_the_plan_has_already_is_tied_and_not_changed(scene):
    year = Period.objects.year(2026)
    there = TargetFactory(unit=scene.branch, period=year, value=7)
    proposal = scene.answer(scene.send())
    said = {"by": scene.secretary, "period": year, "indicator": there.indicator, "aim": None}
    assert plan_proposal(proposal=proposal, version=proposal.version, **said) == there
    there.refresh_from_db()
    assert there.value == 7


def test_only_an_agreed_proposal_becomes_a_task(scene):
    said = {"by": scene.secretary, "unit": scene.branch, "on": TODAY, "text": "Quét hồ sơ", "owner_name": "BCH"}
    proposal = scene.send()
    with pytest.raises(TaskRefused, match="chưa được đồng ý"):
        give_task(proposal=proposal, **said)
    assert give_task(proposal=scene.answer(proposal), **said).proposal == proposal


def test_figures_of_units_over_a_year(scene, django_assert_num_queries):
    idle = UnitFactory(superior=scene.union)
    scene.answer(scene.send())
    scene.answer(scene.send(), "refused", "Chưa có kinh phí")
    scene.send()
    withdraw_proposal(proposal=scene.send(), version=1, by=scene.secretary, on=TODAY)
    scene.send(on=datetime.date(2025, 12, 31))
    with django_assert_num_queries(1):
        found = proposals_of([scene.branch, idle], Period.of_year(2026))
    assert found == {scene.branch.pk: ProposalFigures(sent=3, agreed=1), idle.pk: ProposalFigures()}


# --- two people at once ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts():
    scene = Scene()
    proposal, start, told = scene.send(), threading.Barrier(2), {}

    def do(answer, words):
        try:
            start.wait()
            scene.answer(proposal, answer, words, version=1)
            told[answer] = "done"
        except (ProposalRefused, EditConflict) as refused:
            told[answer] = type(refused).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=pair) for pair in (("agreed", ""), ("refused", "Chưa có tiền"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert list(told.values()).count("done") == 1
    proposal.refresh_from_db()
    assert told[proposal.state] == "done"
    assert proposal.turns.count() == 2


# --- pages ----------------------------------------------------------------------------------------


def read(client, name, *args, status=200):
    answer = client.get(reverse(f"branches:{name}", args=args))
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def test_from_the_branch_to_the_party_and_back_as_a_task(scene, client):
    client.force_login(scene.secretary)
    url = reverse("branches:proposal_new", args=[scene.branch.pk])
    said = {"put_to": "party", "what": "Nhận đỡ đầu xã nghèo", "why": "Cấp ủy mong muốn", "form_key": str(uuid.uuid4())}
    assert [client.post(url, said).status_code, client.post(url, said).status_code] == [302, 302]
    proposal = Proposal.objects.get()

    client.force_login(scene.party)
    summary = html.unescape(client.get(reverse("reports:party_summary", args=[scene.branch.pk])).content.decode())
    assert "1 đề xuất đang chờ đồng chí trả lời" in summary
    assert "Nhận đỡ đầu xã nghèo" in read(client, "proposal_list", scene.branch.pk)
    answer = reverse("branches:proposal_answer", args=[proposal.pk])
    refused = client.post(answer, {"answer": "refused", "words": "", "answered_on": "2026-11-22", "version": 1})
    assert "Hãy ghi vì sao" in html.unescape(refused.content.decode())
    client.post(answer, {"answer": "agreed", "words": "Làm từ quý I", "answered_on": "2026-11-22", "version": 1})
    assert client.get(reverse("branches:task_from_proposal", args=[proposal.pk])).status_code == 403

    waiting = waiting_for(scene.secretary, scene.secretary.posts_today[0], on=TODAY)
    assert "Làm theo đề xuất đã đồng ý: Nhận đỡ đầu xã nghèo" in [one.what for one in waiting.first]
    client.force_login(scene.secretary)
    owner = MemberFactory(home=scene.branch, full_name="Trần Thị Riêng Tư")
    said = {"text": "Khảo sát xã", "owner": owner.pk, "due": "none", "form_key": str(uuid.uuid4())}
    client.post(reverse("branches:task_from_proposal", args=[proposal.pk]), said)
    assert Task.objects.get().proposal == proposal
    again = type(scene.secretary).objects.get(pk=scene.secretary.pk)
    waiting = waiting_for(again, again.posts_today[0], on=TODAY)
    assert not [one for one in waiting.first if "đề xuất" in one.what]

    client.force_login(scene.party)
    for page in (read(client, "proposal", proposal.pk), read(client, "proposal_list", scene.branch.pk)):
        assert "Một việc đã giao" in page
        assert "Khảo sát xã" not in page  # what a person typed into a task
        assert "Trần Thị Riêng Tư" not in page
        assert "Lê Văn Bí Thư" not in page  # who wrote it is no business of this page
    summary = html.unescape(client.get(reverse("reports:party_summary", args=[scene.branch.pk])).content.decode())
    assert "Trong năm đã gửi 1 đề xuất, được đồng ý 1." in summary
    assert "chờ đồng chí trả lời" not in summary


def test_the_unit_writes_down_an_answer_and_it_is_said(scene, client):
    proposal = scene.send()
    client.force_login(scene.secretary)
    assert "Ghi lại câu trả lời" in read(client, "proposal_answer", proposal.pk)
    url = reverse("branches:proposal_answer", args=[proposal.pk])
    said = {"answer": "agreed", "words": "", "answered_on": "2026-11-20", "version": 1}
    assert "văn bản nào" in html.unescape(client.post(url, said).content.decode())
    assert "không thể sau hôm nay" in html.unescape(
        client.post(url, said | {"words": "Họp chi ủy", "answered_on": "2026-11-23"}).content.decode()
    )
    client.post(url, said | {"words": "Họp chi ủy ngày 20/11/2026"})
    assert "ghi lại câu trả lời nhận ngoài phần mềm" in read(client, "proposal", proposal.pk)


def test_plan_form_answers_and_ties(scene, client):
    indicator = IndicatorFactory(name="Hồ sơ số hóa")
    proposal = scene.answer(scene.send())
    client.force_login(scene.secretary)
    url = reverse("branches:proposal_plan", args=[proposal.pk])
    said = {"indicator": indicator.pk, "aim": "", "version": proposal.version}
    assert "Hãy ghi mức phải đạt" in html.unescape(client.post(url, said).content.decode())
    assert client.post(url, said | {"aim": "nhiều"}).status_code == 200
    assert client.post(url, said | {"aim": "≥ 200"}).status_code == 302
    target = Target.objects.get()
    assert (target.comparator, target.value, target.period.starts_on.year) == ("ge", 200, 2026)
    # From here on the page leads to the target; the Party committee may open it too.
    client.force_login(scene.party)
    assert reverse("reports:target", args=[target.pk]) in read(client, "proposal", proposal.pk)


def test_plan_refusal_is_shown(scene, client, monkeypatch):
    def refuse(**said):
        raise PlanningRefused({"": "Kế hoạch đã khóa."})

    monkeypatch.setattr("branches.proposing_above.set_target", refuse)
    proposal = scene.answer(scene.send())
    client.force_login(scene.secretary)
    said = {"indicator": IndicatorFactory().pk, "aim": "3", "version": proposal.version}
    page = client.post(reverse("branches:proposal_plan", args=[proposal.pk]), said)
    assert "Kế hoạch đã khóa." in html.unescape(page.content.decode())


def test_who_it_was_not_put_to_reads_and_does_not_answer(scene, client):
    proposal = scene.send(put_to="superior")
    client.force_login(scene.party)
    assert "Trả lời đề xuất" not in read(client, "proposal", proposal.pk)
    assert client.get(reverse("branches:proposal_answer", args=[proposal.pk])).status_code == 403
    client.force_login(scene.office)
    assert "Trả lời đề xuất" in read(client, "proposal", proposal.pk)
    assert "Số hóa" in read(client, "proposal_list", scene.union.pk)
    waiting = waiting_for(scene.office, scene.office.posts_today[0], on=TODAY)
    assert "Trả lời đề xuất: Số hóa 200 hồ sơ lưu trữ" in [one.what for one in waiting.first]


def test_stranger_finds_nothing(scene, client):
    proposal = scene.send()
    client.force_login(account_at(UnitFactory(superior=scene.union), "party_secretary"))
    for name in (
        "proposal",
        "proposal_answer",
        "proposal_edit",
        "proposal_reply",
        "proposal_withdraw",
        "proposal_plan",
    ):
        assert client.get(reverse(f"branches:{name}", args=[proposal.pk])).status_code == 404, name
    assert client.get(reverse("branches:proposal_list", args=[scene.branch.pk])).status_code == 404


def test_conflict_between_two_answers_is_told(scene, client):
    proposal = scene.send()
    scene.answer(proposal, "discuss", "Hỏi thêm")
    client.force_login(scene.party)
    said = {"answer": "agreed", "words": "", "answered_on": "2026-11-22", "version": 1}
    page = client.post(reverse("branches:proposal_answer", args=[proposal.pk]), said)
    assert "Chưa ghi đè gì cả" in html.unescape(page.content.decode())
    assert Proposal.objects.get().state == "discuss"


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_list_asks_the_same_number_of_queries(scene, client, rows, django_assert_num_queries):
    for _ in range(rows):
        proposal = scene.answer(scene.send())
        give_task(by=scene.secretary, unit=scene.branch, on=TODAY, text="Quét", owner_name="BCH", proposal=proposal)
    client.force_login(scene.secretary)
    with django_assert_num_queries(8):
        client.get(reverse("branches:proposal_list", args=[scene.branch.pk]))
