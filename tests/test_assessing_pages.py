"""Pages of the yearly assessment: the way from the member to the superior, who sees what, typed nonsense, papers."""

import datetime
import html
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.assessing.rounds import close_round, take_in_missing
from branches.assessing.steps import exclude, send_back
from branches.models import Assessment, AssessmentRound, Member
from branches.models.assessment import Subject
from branches.self_correcting import make_link
from reports.waiting import waiting_for
from reports.waiting_assessing import to_approve, to_conclude
from reports.waiting_items import tell
from tests.factories import MemberFactory, UnitFactory, account_at

from .assessed import DONE, GOOD, TODAY, TOP, UNTIL, Scene
from .test_forms_fuzz import FOREIGN, TRICKY, form_on

State = Assessment.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def round(scene):
    return scene.open()


def get(client, account, name, *args, query=""):
    client.force_login(account)
    answer = client.get(reverse(f"branches:{name}", args=args) + query)
    return answer.status_code, html.unescape(answer.content.decode())


def post(client, account, page, /, *args, **data):
    client.force_login(account)
    url = reverse(f"branches:{page}", args=args)
    return client.post(url, {"form_key": uuid.uuid4(), **data})


def row_of(scene, round, place=0):
    return scene.of(round, scene.people[place])


def words(answer) -> str:
    return html.unescape(answer.content.decode())


# --- the way from the member to the superior ----------------------------------------------------------------


def test_the_office_opens_a_round_with_the_sets_of_its_year(client, scene):
    status, page = get(client, scene.office, "assessment_round_new", scene.union.pk)
    assert status == 200
    assert "Xếp loại chất lượng từ năm 2023 (Hướng dẫn 25-HD/TWĐTN-BTC (2023) về đánh giá, xếp loại)" in page
    assert "đến năm 2022" not in page
    assert 'value="Đánh giá, xếp loại đoàn viên năm 2026"' in page
    sent, _ = form_on(page)
    answer = client.post(reverse("branches:assessment_round_new", args=[scene.union.pk]), sent)
    made = AssessmentRound.objects.get()
    assert answer.headers["Location"] == reverse("branches:assessment_round", args=[made.pk])
    assert (made.subject, made.period.name, made.top_quota, made.self_until) == ("member", "Năm 2026", 20, UNTIL)
    again = client.post(reverse("branches:assessment_round_new", args=[scene.union.pk]), sent)
    assert (again.headers["Location"], AssessmentRound.objects.count()) == (answer.headers["Location"], 1)
    _, page = get(client, scene.office, "assessment_round_new", scene.union.pk, query="?ai=chi-doan&nam=2025")
    assert "Chi đoàn “3 chủ động”" in page
    assert "Đánh giá, xếp loại chi đoàn năm 2025" in page
    _, page = get(client, scene.office, "assessment_round_new", scene.union.pk, query="?ai=x&nam=1900")
    assert "Đánh giá, xếp loại đoàn viên năm 2026" in page


def test_a_branch_opens_a_round_where_nobody_above_uses_the_software(client, scene):
    assert get(client, scene.secretary, "assessment_round_new", scene.branch.pk)[0] == 403
    _, page = get(client, scene.secretary, "assessment_list", scene.branch.pk)
    assert "Khi Đoàn cấp trên mở đợt" in page
    scene.office.posts.update(ends_on=datetime.date(2026, 1, 1))
    assert get(client, scene.secretary, "assessment_round_new", scene.branch.pk)[0] == 200
    made = scene.open(unit=scene.branch, by=scene.secretary)
    row = scene.concluded(made, scene.people[0])
    answer = post(client, scene.secretary, "assessment_answer", scene.branch.pk, made.pk, verdict="approve",
                  rows=f"{row.pk}-{row.version}", decided_on="22/11/2026", decision="5-QĐ")  # fmt: skip
    assert answer.status_code == 302
    assert row_of(scene, made).decision == "5-QĐ"


def test_member_secretary_superior(client, scene, round):
    row = row_of(scene, round)
    status, page = get(client, scene.account, "assessment_own")
    assert status == 200
    assert "Tự đánh giá đến hết ngày 06/12/2026" in page
    answer = post(client, scene.account, "assessment_self", row.pk, version=1, label=scene.label(TOP).pk,
                  text="Cố gắng", **{"a-nhiem-vu": "Đủ việc"})  # fmt: skip
    assert answer.status_code == 302
    assert row_of(scene, round).self_answers == {"nhiem-vu": "Đủ việc"}

    name = ("assessment_conclude", scene.branch.pk, round.pk)
    status, page = get(client, scene.secretary, *name)
    assert "Tự xếp: Hoàn thành xuất sắc nhiệm vụ" in page
    sent, _ = form_on(page)
    label = scene.label(GOOD).pk
    sent |= {f"p{row.pk}-label": label, "present": "12", f"p{row.pk}-v{label}": "9", f"p{row.pk}-remark": "Tốt"}
    assert client.post(reverse(f"branches:{name[0]}", args=name[1:]), sent).status_code == 302
    row = row_of(scene, round)
    assert (row.state, row.branch_label.code, row.votes, row.votes_present, row.version) == (
        "concluded", GOOD, {GOOD: 9}, 12, 3,
    )  # fmt: skip
    assert Assessment.objects.filter(state="concluded").count() == 1  # rows left empty are left as they are

    status, page = get(client, scene.office, "assessment_answer", scene.union.pk, round.pk)
    assert "Lê Thu An" in page
    sent, _ = form_on(page)
    assert sent["rows"] == [f"{row.pk}-3"]
    answer = client.post(reverse("branches:assessment_answer", args=[scene.union.pk, round.pk]), sent)
    assert answer.headers["Location"] == reverse("branches:assessment_unit", args=[scene.union.pk, round.pk])
    assert row_of(scene, round).state == "approved"
    for account, name, args in (
        (scene.account, "assessment", [row.pk]), (scene.secretary, "member", [scene.people[0].pk]),
        (scene.account, "member", [scene.people[0].pk]),
    ):  # fmt: skip
        status, page = get(client, account, name, *args)
        assert status == 200
        assert "Hoàn thành tốt nhiệm vụ" in page


def test_the_same_answer_after_a_return_is_concluded_anew(client, scene, round):
    row = scene.concluded(round, scene.people[0])
    client.force_login(scene.office)
    answer = post(client, scene.office, "assessment_answer", scene.branch.pk, round.pk, verdict="return",
                  rows=f"{row.pk}-{row.version}", reason="Thiếu biên bản")  # fmt: skip
    assert answer.status_code == 302
    _, page = get(client, scene.secretary, "assessment_conclude", scene.branch.pk, round.pk)
    assert "Đoàn cấp trên trả lại: Thiếu biên bản" in page
    sent, _ = form_on(page)
    assert f"p{row.pk}-label" not in sent
    sent[f"p{row.pk}-label"] = scene.label(GOOD).pk
    client.post(reverse("branches:assessment_conclude", args=[scene.branch.pk, round.pk]), sent)
    assert row_of(scene, round).state == "concluded"


def test_a_row_written_meanwhile_is_told_and_the_others_are_kept(client, scene, round):
    _, page = get(client, scene.secretary, "assessment_conclude", scene.branch.pk, round.pk)
    sent, _ = form_on(page)
    one, two = row_of(scene, round), row_of(scene, round, 1)
    scene.concluded(round, scene.people[0], TOP)
    sent |= {f"p{row.pk}-label": scene.label(DONE).pk for row in (one, two)}
    url = reverse("branches:assessment_conclude", args=[scene.branch.pk, round.pk])
    answer = client.post(url, sent)
    assert answer.status_code == 200
    assert "Có người vừa ghi: Hoàn thành xuất sắc nhiệm vụ" in words(answer)
    assert row_of(scene, round, 1).state == "open"
    sent, _ = form_on(words(answer))
    assert sent[f"p{two.pk}-label"] == [str(scene.label(DONE).pk)]
    assert client.post(url, sent).status_code == 302
    assert [row_of(scene, round, place).branch_label.code for place in (0, 1)] == [DONE, DONE]


def test_votes_above_those_present_stand_at_their_row(client, scene, round):
    _, page = get(client, scene.secretary, "assessment_conclude", scene.branch.pk, round.pk)
    sent, _ = form_on(page)
    row, label = row_of(scene, round), scene.label(GOOD).pk
    sent |= {f"p{row.pk}-label": label, f"p{row.pk}-v{label}": "13", "present": "12"}
    answer = client.post(reverse("branches:assessment_conclude", args=[scene.branch.pk, round.pk]), sent)
    assert "Có 13 phiếu mà chỉ 12 người có mặt" in words(answer)
    assert row_of(scene, round).state == "open"


def test_the_meeting_and_those_present_are_offered(client, scene, round):
    meeting = scene.meeting()
    for member, state in zip(scene.people, ("present", "present", "absent"), strict=True):
        scene.mark(meeting, member, state)
    _, page = get(client, scene.secretary, "assessment_conclude", scene.branch.pk, round.pk)
    sent, _ = form_on(page)
    assert (sent["meeting"], sent["present"]) == ([str(meeting.pk)], ["2"])


def test_quota_is_said_to_both_and_stops_nobody(client, scene, round):
    rows = [scene.concluded(round, member, TOP) for member in scene.people]
    says = "3 trên 3 đồng chí, bằng 100%, quá 20%"
    for account, name, args in (
        (scene.secretary, "assessment_unit", [scene.branch.pk, round.pk]),
        (scene.office, "assessment_answer", [scene.branch.pk, round.pk]),
        (scene.office, "assessment_round", [round.pk]),
    ):
        assert says in get(client, account, name, *args)[1], name
    scene.approve(round, *rows)


def test_newcomers_and_who_is_left_out(client, scene, round):
    MemberFactory(home=scene.branch, full_name="Vũ Bị Quên")
    _, page = get(client, scene.secretary, "assessment_unit", scene.branch.pk, round.pk)
    assert "1 đồng chí của chi đoàn chưa có trong đợt" in page
    _, page = get(client, scene.secretary, "assessment_add", scene.branch.pk, round.pk)
    assert "Vũ Bị Quên" in page
    assert post(client, scene.secretary, "assessment_add", scene.branch.pk, round.pk).status_code == 302
    row = row_of(scene, round)
    assert post(client, scene.secretary, "assessment_exclude", row.pk, version=1, reason="Đi học").status_code == 302
    assert (row_of(scene, round).state, row_of(scene, round).excluded_because) == ("not_eligible", "Đi học")
    assert post(client, scene.secretary, "assessment_include", row.pk, version=2).status_code == 302
    assert row_of(scene, round).state == "open"


def test_round_is_changed_and_closed_by_its_unit(client, scene, round):
    answer = post(client, scene.office, "assessment_round_edit", round.pk, version=1, name="Đợt cuối năm",
                  self_until="10/12/2026", due_on="22/12/2026", top_quota="")  # fmt: skip
    assert answer.status_code == 302
    _, page = get(client, scene.office, "assessment_round_close", round.pk)
    assert "Còn 3 chưa chuẩn y sẽ để trống kết quả" in page
    assert post(client, scene.office, "assessment_round_close", round.pk).status_code == 302
    round.refresh_from_db()
    assert (round.name, round.top_quota, round.closed_on) == ("Đợt cuối năm", None, TODAY)
    assert post(client, scene.secretary, "assessment_round_close", round.pk).status_code == 404
    assert get(client, scene.secretary, "assessment_conclude", scene.branch.pk, round.pk)[0] == 302
    assert get(client, scene.office, "assessment_answer", scene.branch.pk, round.pk)[0] == 302


def test_a_branch_is_assessed_by_its_officers_and_its_superior(client, scene):
    made = scene.open(subject=Subject.BRANCH)
    row = made.assessments.get(unit=scene.branch)
    status, page = get(client, scene.secretary, "assessment_self", row.pk)
    assert status == 200
    assert "họp 0 trên" in page
    label = scene.label(GOOD).pk
    assert post(client, scene.secretary, "assessment_self", row.pk, version=1, label=label).status_code == 302
    data = {f"p{row.pk}-version": 2, f"p{row.pk}-label": label}
    assert post(client, scene.secretary, "assessment_conclude", scene.branch.pk, made.pk, **data).status_code == 302
    answer = post(client, scene.office, "assessment_answer", scene.union.pk, made.pk, verdict="approve",
                  rows=f"{row.pk}-3", decided_on="22/11/2026")  # fmt: skip
    assert answer.status_code == 302
    for account, name, args in (
        (scene.office, "assessment_round", [made.pk]), (scene.secretary, "unit", [scene.branch.pk]),
        (scene.secretary, "assessment_list", [scene.branch.pk]),
    ):  # fmt: skip
        assert "Hoàn thành tốt nhiệm vụ" in get(client, account, name, *args)[1], name


def told(source):
    tell([source])
    return source.told


def test_home_says_what_waits_for_whom(client, scene, round):
    said = {
        "member": [item.what for item in waiting_for(scene.account, None, on=TODAY).first],
        "officer": [item.what for item in told(to_conclude(scene.branch, TODAY))],
        "office": [item.what for item in told(to_approve(scene.office, scene.union, TODAY))],
    }
    assert said == {"member": ["Tự đánh giá: Xếp loại 2026"], "officer": [], "office": []}
    row = scene.concluded(round, scene.people[0])
    assert waiting_for(scene.account, None, on=TODAY).first == []
    after = UNTIL + datetime.timedelta(days=1)
    [item] = told(to_conclude(scene.branch, after))
    assert item.context == "Còn 2 chưa kết luận, gửi trước 22/12/2026"
    [item] = told(to_approve(scene.office, scene.union, TODAY))
    assert item.context == "1 kết quả của 1 chi đoàn, sớm nhất từ 22/11/2026"
    assert told(to_approve(scene.stranger, scene.union, TODAY)) == []
    send_back(round=round, unit=scene.branch, chosen={row.pk: row.version}, reason="Xem lại")
    [item] = told(to_conclude(scene.branch, TODAY))
    assert item.context == "Còn 3 chưa kết luận, 1 bị trả lại, gửi trước 22/12/2026"


# --- who sees what ----------------------------------------------------------------------------------------


def test_state_and_verb_and_who_over_the_pages(client, scene, round):
    """403 or 404 for who may never; back to the assessment with the reason for who may, but not now."""
    row = row_of(scene, round)
    pages = {"assessment_self": (200, 200, 403, 404), "assessment_exclude": (403, 200, 403, 404),
             "assessment_include": (403, 302, 403, 404)}  # fmt: skip
    for name, statuses in pages.items():
        people = (scene.account, scene.secretary, scene.office, scene.stranger)
        assert tuple(get(client, one, name, row.pk)[0] for one in people) == statuses, name
    row = scene.approved(round, scene.people[0])
    for account, name in ((scene.account, "assessment_self"), (scene.secretary, "assessment_exclude")):
        client.force_login(account)
        answer = client.get(reverse(f"branches:{name}", args=[row.pk]), follow=True)
        assert "Kết quả đã chuẩn y ngày 22/11/2026" in words(answer)


def test_a_person_reads_the_own_and_no_others(client, scene, round):
    own, other = row_of(scene, round), row_of(scene, round, 1)
    assert get(client, scene.account, "assessment", own.pk)[0] == 200
    assert get(client, scene.account, "assessment", other.pk)[0] == 404
    assert get(client, scene.account, "assessment_unit", scene.branch.pk, round.pk)[0] == 404
    assert post(client, scene.account, "assessment_self", other.pk, version=1, label=1).status_code == 404
    status, page = get(client, scene.account, "assessment_list", scene.branch.pk)
    assert status == 200
    assert "0 trên 3 đồng chí đã chuẩn y" in page
    assert not any(member.full_name in page for member in scene.people)


def test_rows_of_another_branch_are_not_reached_through_this_one(client, scene, round):
    """Attack: keys of a foreign row in the form of one's own branch; a foreign round in one's own address."""
    foreign = scene.of(scene_of_sibling(scene, round), scene.foreign)
    label = scene.label(GOOD).pk
    answer = post(client, scene.secretary, "assessment_conclude", scene.branch.pk, round.pk,
                  **{f"p{foreign.pk}-version": 1, f"p{foreign.pk}-label": label})  # fmt: skip
    assert answer.status_code == 302
    foreign.refresh_from_db()
    assert foreign.state == "open"
    assert get(client, scene.secretary, "assessment", foreign.pk)[0] == 404
    other = Scene()
    elsewhere = other.open()
    for name in ("assessment_unit", "assessment_conclude", "assessment_add", "assessment_answer"):
        assert get(client, scene.secretary, name, scene.branch.pk, elsewhere.pk)[0] in (403, 404), name
    answer = post(client, other.office, "assessment_answer", other.union.pk, elsewhere.pk, verdict="approve",
                  rows=f"{foreign.pk}-1", decided_on="22/11/2026")  # fmt: skip
    assert Assessment.objects.filter(state="approved").count() == 0


def scene_of_sibling(scene, round):
    scene.foreign = MemberFactory(home=scene.sibling)
    take_in_missing(round=round, unit=scene.sibling, on=TODAY)
    return round


def test_a_level_of_another_set_cannot_be_slipped_in(client, scene, round):
    row, old = row_of(scene, round), scene.label("xuat-sac").pk
    answer = post(client, scene.account, "assessment_self", row.pk, version=1, label=old)
    assert "Mục đã chọn không còn trong danh sách" in words(answer)
    answer = post(client, scene.secretary, "assessment_conclude", scene.branch.pk, round.pk,
                  **{f"p{row.pk}-version": 1, f"p{row.pk}-label": old})  # fmt: skip
    assert answer.status_code == 200
    assert row_of(scene, round).state == "open"


def test_a_superior_two_levels_up_watches_and_answers_its_part(client, scene):
    top = scene
    middle = UnitFactory(superior=top.union, kind="grassroots_union", name="Đoàn cơ sở")
    branch = UnitFactory(superior=middle)
    member = MemberFactory(home=branch)
    made = top.open()
    office = account_at(middle, "superior_office")
    assert get(client, office, "assessment_round", made.pk)[0] == 404
    status, page = get(client, office, "assessment_unit", middle.pk, made.pk)
    assert status == 200
    assert branch.name in page
    assert top.branch.name not in page
    row = top.of(made, member)
    Assessment.objects.filter(pk=row.pk).update(state="concluded", branch_label=top.label(GOOD), concluded_on=TODAY)
    answer = post(client, office, "assessment_answer", middle.pk, made.pk, verdict="approve",
                  rows=f"{row.pk}-1", decided_on="22/11/2026")  # fmt: skip
    assert answer.status_code == 302
    assert top.of(made, member).state == "approved"


# --- through the link ---------------------------------------------------------------------------------------


@pytest.fixture
def token(scene, client):
    """The link of the branch, with An inside."""
    Member.objects.filter(pk=scene.people[0].pk).update(phone="0912345678")
    _, token = make_link(unit=scene.branch, by=scene.secretary, now=timezone.now())
    who = {"who-full_name": "le thu an", "who-birth_date": "19/05/2000", "who-digits": "5678", "do": "who"}
    assert client.post(reverse("branches:self_correction", args=[token]), who).status_code == 302
    return token


def test_self_assessment_by_the_link(client, scene, round, token):
    assert "Đang có đợt tự đánh giá" in words(client.get(reverse("branches:self_correction", args=[token])))
    url = reverse("branches:self_assessment", args=[token])
    answer = client.get(url)
    assert answer.headers["Cache-Control"] == "no-store, private"
    sent, _ = form_on(words(answer))
    sent |= {"label": scene.label(TOP).pk, "a-nhiem-vu": "Đủ việc"}
    answer = client.post(url, sent, follow=True)
    assert "Đã gửi cho chi đoàn: Hoàn thành xuất sắc nhiệm vụ" in words(answer)
    row = row_of(scene, round)
    assert (row.state, row.self_label.code, row.self_answers) == ("self", TOP, {"nhiem-vu": "Đủ việc"})
    assert client.post(url, sent).status_code == 302  # a double tap is one
    sent["label"] = scene.label(DONE).pk
    assert "vừa được ghi ở máy khác" in words(client.post(url, sent))
    assert row_of(scene, round).version == 2


def test_the_link_opens_ones_own_only_and_nothing_without_proof(client, scene, round, token):
    url = reverse("branches:self_assessment", args=[token])
    other = row_of(scene, round, 1)
    client.post(url, {"assessment": other.pk, "version": 1, "label": scene.label(TOP).pk, "form_key": uuid.uuid4()})
    assert row_of(scene, round, 1).state == "open"
    client.post(reverse("branches:self_correction", args=[token]), {"do": "leave"})
    answer = client.post(url, {"version": 1, "label": scene.label(TOP).pk})
    assert answer.headers["Location"] == reverse("branches:self_correction", args=[token])
    assert client.get(reverse("branches:self_assessment", args=["doan-bua"])).status_code == 404


def test_the_link_says_when_there_is_nothing_to_assess(client, scene, round, token):
    close_round(round=round, on=TODAY)
    assert "không có đợt nào chờ bạn" in words(client.get(reverse("branches:self_assessment", args=[token])))


# --- typed nonsense -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["assessment_self", "assessment_conclude", "assessment_answer",
                                  "assessment_round_new", "assessment_round_edit", "assessment_exclude"])  # fmt: skip
def test_no_form_breaks_on_what_is_typed(client, scene, round, name):
    scene.concluded(round, scene.people[2])
    own, union = [row_of(scene, round).pk], [scene.union.pk, round.pk]
    account, args = {
        "assessment_self": (scene.account, own),
        "assessment_conclude": (scene.secretary, [scene.branch.pk, round.pk]),
        "assessment_answer": (scene.office, union),
        "assessment_round_new": (scene.office, [scene.union.pk]),
        "assessment_round_edit": (scene.office, [round.pk]),
        "assessment_exclude": (scene.secretary, own),
    }[name]
    client.force_login(account)
    url = reverse(f"branches:{name}", args=args)
    sent, choices = form_on(words(client.get(url)))
    names = sorted({*sent, *choices} - {"form_key"})
    for place, junk in enumerate(TRICKY):
        spoilt = {
            **sent,
            "form_key": uuid.uuid4(),
            names[place % len(names)]: junk,
            names[(place * 7) % len(names)]: junk,
        }
        answer = client.post(url, spoilt)
        assert answer.status_code in (200, 302), (junk, names[place % len(names)])
        if answer.status_code == 200:
            said = re.sub(r"<(textarea|input)[^>]*>[^<]*", "", words(answer))
            assert not FOREIGN.search(said), FOREIGN.search(said)


# --- how much is asked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_pages_ask_the_same_number_of_queries(client, rows):
    scene = Scene(members=[f"Lê Thử {number}" for number in range(rows)])
    round = scene.open()
    half = scene.people[: max(1, rows // 2)]
    for member in half:
        scene.concluded(round, member)
    counts = {}
    for account, name, args in (
        (scene.secretary, "assessment_list", [scene.branch.pk]),
        (scene.secretary, "assessment_unit", [scene.branch.pk, round.pk]),
        (scene.secretary, "assessment_conclude", [scene.branch.pk, round.pk]),
        (scene.office, "assessment_answer", [scene.branch.pk, round.pk]),
        (scene.office, "assessment_round", [round.pk]),
    ):
        client.force_login(account)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"branches:{name}", args=args)).status_code == 200
        counts[name] = len(asked)
    assert counts == QUERIES


QUERIES = {
    "assessment_list": 9, "assessment_unit": 12, "assessment_conclude": 20, "assessment_answer": 8,
    "assessment_round": 9,
}  # fmt: skip


# --- papers ---------------------------------------------------------------------------------------------------


def test_papers_say_what_was_kept(client, scene, round, monkeypatch):
    an, _, chi = scene.people
    row = scene.of(round, an)
    scene.say_self(row, TOP)
    row = scene.of(round, an)
    scene.conclude(round, scene.verdict(row, TOP, present=12, votes={TOP: 10, GOOD: 2}, remark="Gương mẫu"))
    scene.approve(round, scene.of(round, an))
    exclude(assessment=scene.of(round, chi), version=1, reason="Nghỉ thai sản")
    seen = {}

    def drawn(html, **how):
        seen["html"] = html
        return b"%PDF-1.7"

    monkeypatch.setattr("reports.views.printing.render_pdf", drawn)
    client.force_login(scene.secretary)

    def paper(name, *args):
        assert client.get(reverse(f"reports:{name}", args=args)).status_code == 200
        return html.unescape(seen["html"]).replace("\xa0", " ")

    text = paper("assessment_list_pdf", scene.branch.pk, round.pk)
    assert "đánh giá 2 đồng chí" in text
    assert "hoàn thành xuất sắc nhiệm vụ 1 đồng chí" in text
    assert "chưa kết luận 1 đồng chí" in text
    assert "10/12" in text
    assert "Phạm Thị Chi: Nghỉ thai sản." in text
    assert "Trần Văn Bình" not in text
    text = paper("assessment_decision_pdf", scene.branch.pk, round.pk)
    assert "12-QĐ/ĐTN" in text
    assert "BAN CHẤP HÀNH ĐOÀN KHỐI CÁC CƠ QUAN" in text
    text = paper("assessment_self_pdf", row.pk)
    assert "☒ Hoàn thành xuất sắc nhiệm vụ" in text
    assert "Đã lập 2 báo cáo" in text
    assert "hoàn thành tốt nhiệm vụ 2 phiếu" in text
    assert "Gương mẫu" in text
    scene.open(subject=Subject.BRANCH)
    other = AssessmentRound.objects.get(subject="branch")
    for name in ("assessment_list_pdf", "assessment_decision_pdf"):
        assert client.get(reverse(f"reports:{name}", args=[scene.branch.pk, other.pk])).status_code == 404
