"""The Party summary tells a past year as it stood at its end, on page and paper alike, and no word of a task."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from branches.directing import answer_direction, give_direction
from branches.duties import say_done, say_not_held, take_back
from branches.models import Direction, DutyType, DutyWord, PartyStep, Rhythm
from branches.proposing_above import answer_proposal, send_proposal, withdraw_proposal
from branches.tasks import accept_task, change_task, drop_task, give_task, reopen_task, report_task, send_back_task
from reports.papers.party import party_html
from reports.summary import party_summary
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
END = datetime.date(2025, 12, 31)
POISON = "Hoàn cảnh riêng của cháu Mai"


def on(month, day, year=2025):
    return datetime.date(year, month, day)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn A", party_body="Chi bộ A")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office")
        self.party = account_at(self.branch, "party_secretary")

    def asked(self, text, **said):
        values = {"given_by": "party", "body_name": "Chi bộ A", "given_on": on(3, 1), "text": text}
        return give_direction(by=self.party, units=[self.branch], **values | said)[0]

    def task(self, direction, **said):
        values = {"by": self.secretary, "on": on(4, 1), "text": POISON, "owner_name": "Ban Chấp hành"}
        return give_task(unit=self.branch, direction=direction, **values | said)

    def step(self, verb, task, day, **said):
        return verb(task=task, version=task.version, by=self.secretary, on=day, **said)

    def told(self, as_of=TODAY):
        found = party_summary(self.branch, 2025, as_of=as_of).directions
        return {one.direction.text: (one.word, one.count.words if one.count.total else "") for one in found}


@pytest.fixture
def scene(db):
    return Scene()


# --- as it stood ----------------------------------------------------------------------------------


def test_tasks_stand_as_at_the_end_of_the_year(scene):
    done, later, back, again, dropped, new = (scene.asked(text) for text in "abcdef")
    one = scene.step(report_task, scene.task(done), on(5, 1), result="Xong")
    scene.step(accept_task, one, on(5, 2))
    one = scene.step(report_task, scene.task(later), on(12, 31), result="Xong")
    scene.step(accept_task, one, on(1, 5, 2026))
    one = scene.step(report_task, scene.task(back), on(12, 1), result="Xong")
    one = scene.step(send_back_task, one, on(1, 6, 2026), reason="Thiếu ảnh")
    one = scene.step(report_task, scene.task(again), on(6, 1), result="Xong")
    one = scene.step(accept_task, one, on(6, 2))
    one = scene.step(reopen_task, one, on(2, 1, 2026), reason="Làm lại")
    scene.step(change_task, one, on(2, 2, 2026), text="Khác")
    scene.step(drop_task, scene.task(dropped), on(3, 1, 2026), reason="Thôi")
    scene.task(new, on=on(1, 7, 2026))
    assert scene.told() == {
        "a": ("Xong", "1 việc: 1 xong"),
        "b": ("Đang làm", "1 việc: 1 báo xong, chờ nhận"),
        "c": ("Đang làm", "1 việc: 1 báo xong, chờ nhận"),
        "d": ("Xong", "1 việc: 1 xong"),
        "e": ("Đang làm", "1 việc: 1 đang làm"),
        "f": ("Chưa trả lời", ""),
    }
    assert scene.told(as_of=on(4, 30)) == {
        text: ("Đang làm", "1 việc: 1 đang làm") if text != "f" else ("Chưa trả lời", "") for text in "abcdef"
    }
    # This year's page tells today: the control.
    this_year = {one.direction.text: one.word for one in party_summary(scene.branch, 2026, as_of=TODAY).directions}
    assert this_year == {"f": "Đang làm"}


def test_an_answer_written_later_was_not_there(scene):
    def answer(direction, day, text):
        direction = Direction.objects.get(pk=direction.pk)
        return answer_direction(
            direction=direction, version=direction.version, by=scene.secretary, on=day, answer=text
        )  # fmt: skip

    early, late, twice = scene.asked("sớm"), scene.asked("muộn", due_on=on(11, 30)), scene.asked("hai lần")
    answer(early, on(6, 1), "Đã làm")
    answer(late, on(1, 10, 2026), "Đã làm năm sau")
    answer(twice, on(7, 1), "Lần đầu")
    answer(twice, on(2, 1, 2026), "Lần sau")
    found = {one.direction.text: one for one in party_summary(scene.branch, 2025, as_of=TODAY).directions}
    assert {text: (one.word, one.direction.answer) for text, one in found.items()} == {
        "sớm": ("Đã trả lời", "Đã làm"),
        "muộn": ("Quá hạn 31 ngày", ""),
        "hai lần": ("Đã trả lời", "Lần đầu"),
    }
    assert Direction.objects.get(pk=twice.pk).answer == "Lần sau"


def test_proposals_stand_as_at_the_end_of_the_year(scene):
    def send(what):
        return send_proposal(by=scene.secretary, unit=scene.branch, on=on(10, 1), put_to="party", what=what, why="x")

    def agree(proposal, day):
        return answer_proposal(
            proposal=proposal, version=proposal.version, by=scene.party, on=day, answer="agreed", words="Làm ngay"
        )  # fmt: skip

    agree(send("trong năm"), on(11, 1))
    agree(send("năm sau"), on(1, 3, 2026))
    withdraw_proposal(proposal=send("rút năm sau"), version=1, by=scene.secretary, on=on(2, 1, 2026))
    withdraw_proposal(proposal=send("rút trong năm"), version=1, by=scene.secretary, on=on(10, 5))
    summary = party_summary(scene.branch, 2025, as_of=TODAY)
    assert [(one.what, one.state, one.answer) for one in summary.proposals] == [
        ("trong năm", "agreed", "Làm ngay"), ("năm sau", "sent", ""), ("rút năm sau", "sent", ""),
    ]  # fmt: skip
    assert summary.proposals_sentence == "Trong năm đã gửi 3 đề xuất, được đồng ý 1."


def test_page_and_paper_say_as_of_when(scene, client):
    def page():
        client.force_login(scene.party)
        url = reverse("reports:party_summary", args=[scene.branch.pk])
        return html.unescape(client.get(f"{url}?nam=2025").content.decode())

    def paper():
        return html.unescape(party_html(party_summary(scene.branch, 2025, as_of=TODAY), on=TODAY)[0])

    scene.asked("a")
    assert "việc và đề xuất tính đến 31/12/2025" in page()
    assert "kết quả đến ngày 31/12/2025 như sau" in paper()
    # Nothing was done and nothing said of any duty: that year the calendar was not used.
    assert "Năm 2025 chưa theo dõi việc định kỳ trong phần mềm" in page()
    assert "Việc định kỳ" not in paper()
    code = DutyType.objects.filter(fulfilled_by="meeting").first().code
    say_not_held(by=scene.secretary, unit=scene.branch, code=code, starts_on=on(2, 1), reason="Tết", on=TODAY)
    assert "Tính đến 22/11/2026, vì có việc của năm 2025 đến hạn sau 31/12" in page()
    assert "Việc định kỳ (đến 22/11/2026): " in paper()


# --- no word of a task ----------------------------------------------------------------------------


def test_the_party_committee_reads_states_and_never_the_text_of_a_task(scene, client):
    direction = scene.asked("Giữ cơ quan xanh", given_on=on(3, 1, 2026))
    done = scene.task(direction, on=on(3, 2, 2026), due_on=on(4, 1, 2026))
    scene.step(report_task, done, on(4, 1, 2026), result=POISON)
    scene.task(direction, on=on(3, 2, 2026), due_on=on(4, 1, 2026), expected=POISON)
    scene.task(direction, on=on(3, 2, 2026))
    names = [
        ("reports:party_summary", [scene.branch.pk]), ("reports:direction_list", [scene.branch.pk]),
        ("reports:direction_given", [scene.branch.pk]),
        ("reports:direction_sending", [scene.branch.pk, direction.sending]), ("reports:home", []),
    ]  # fmt: skip
    client.force_login(scene.party)
    pages = [html.unescape(client.get(reverse(name, args=args)).content.decode()) for name, args in names]
    paper, _ = party_html(party_summary(scene.branch, 2026, as_of=TODAY), on=TODAY)
    assert [POISON in page for page in (*pages, html.unescape(paper))] == [False] * 6
    words = "3 việc: 1 báo xong, chờ nhận; 1 quá hạn; 1 đang làm"
    assert [words in page for page in (pages[0], pages[1], pages[3], html.unescape(paper))] == [True] * 4
    # The control: whoever works with the tasks reads them.
    client.force_login(scene.secretary)
    assert POISON in client.get(reverse("reports:direction_list", args=[scene.branch.pk])).content.decode()


# --- duties and the way to the Party --------------------------------------------------------------


def test_duties_and_steps_are_the_same_on_page_and_paper(scene, client):
    DutyType.objects.all().delete()
    DutyType.objects.create(
        code="tin", name="Nộp tin", rhythm=Rhythm.MONTH, fulfilled_by="hand", unit_kinds=["chi_doan"],
        starts_on=on(1, 1),
    )  # fmt: skip
    DutyType.objects.update(unit_kinds=[scene.branch.kind])
    said = {"by": scene.secretary, "unit": scene.branch, "code": "tin"}
    for month in range(1, 8):
        first = on(month, 1, 2026)
        say_done(**said, starts_on=first, done_on=first, on=TODAY)
    say_not_held(**said, starts_on=on(8, 1, 2026), reason="Nghỉ hè", on=TODAY)
    for number, kind in enumerate(("prospect", "prospect", "class_done")):
        PartyStep.objects.create(
            member=MemberFactory(home=scene.branch), unit=scene.branch, kind=kind, dated_on=on(number + 2, 1, 2026),
            written_by=scene.secretary,
        )  # fmt: skip
    client.force_login(scene.party)
    page = client.get(reverse("reports:party_summary", args=[scene.branch.pk])).content.decode()
    section = words_of(re.search(r'<section aria-labelledby="dinh-ky">.*?</section>', page, re.DOTALL)[0])
    assert "Nộp tin Đã làm 7 trên 12 kỳ của cả năm, 1 không làm, có lý do 2 chưa báo" in section
    steps = re.search(r'<section aria-labelledby="phat-trien-dang">.*?</section>', page, re.DOTALL)[0]
    rows = dict(re.findall(r'class="name">(.*?)</th>.*?data-label="Kết quả">(\d+)</td>', steps))
    prospect, taught = PartyStep.Kind.PROSPECT.label, PartyStep.Kind.CLASS_DONE.label
    assert {name: count for name, count in rows.items() if count != "0"} == {prospect: "2", taught: "1"}
    paper = words_of(party_html(party_summary(scene.branch, 2026, as_of=TODAY), on=TODAY)[0])
    assert "Việc định kỳ: Nộp tin 7/12 kỳ, 1 không làm, có lý do, 2 chưa báo." in paper
    told = "; ".join(f"{name[:1].lower()}{name[1:]} {rows[name]} người" for name in rows if rows[name] != "0")
    assert f"Phát triển Đảng, mỗi bước đếm riêng: {told[:1].upper()}{told[1:]}." in paper


def words_of(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ").split()).replace(" .", ".")


# --- a word taken back ----------------------------------------------------------------------------


def test_a_duty_word_taken_back_leaves_its_history(scene, client):
    first = on(2, 1, 2026)
    code = DutyType.objects.filter(fulfilled_by="meeting").first().code
    word = say_not_held(by=scene.secretary, unit=scene.branch, code=code, starts_on=first, reason="Tết", on=TODAY)
    take_back(word=word, by=scene.office)
    take_back(word=word, by=scene.office)  # somebody was slower
    assert not DutyWord.objects.exists()
    kept = [(one.history_type, one.reason, one.history_user) for one in DutyWord.history.order_by("history_id")]
    assert kept == [("+", "Tết", None), ("-", "Tết", scene.office)]
    url = reverse("reports:duty_cell", args=[scene.branch.pk, code, f"{first:%Y-%m-%d}"])
    client.force_login(scene.secretary)
    page = html.unescape(client.get(url).content.decode())
    assert "ghi không làm, có lý do: Tết" in page
    assert f"{scene.office} bỏ điều đã ghi: không làm, có lý do: Tết" in page
    client.force_login(scene.party)  # reasons are not for the committee
    assert "Tết" not in html.unescape(client.get(url).content.decode())
