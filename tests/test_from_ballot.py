"""A vote taken at a meeting is written once: ratings, steps towards the Party and cases take it over and open it."""

import datetime
import html
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.assessing.rounds import AssessmentRefused
from branches.assessing.steps import exclude, lacks_majority, send_back
from branches.disciplining import open_case
from branches.meetings.states import MeetingRefused
from branches.meetings.voting import FIELDS, drop_ballot
from branches.models import AgendaItem, Assessment, Ballot, Discipline, Label, Minutes, PartyStep
from branches.models.rule import rules_on
from branches.terms import seen
from reports.papers.assessment import result_list_html, self_form_html
from tests.factories import account_at

from .assessed import GOOD, TODAY, TOP, Scene

pytestmark = pytest.mark.django_db
HELD = datetime.date(2026, 11, 10)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def round(scene):
    return scene.open()


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", answer.content.decode())).split())


def words_of(paper: str) -> str:
    body = html.unescape(re.sub(r"<[^>]+>", " ", paper)).replace("\xa0", " ")
    return re.sub(r"\s+([,.;:])", r"\1", " ".join(body.split()))


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def ballot_of(scene, decision="assessment", *, subject=None, unit=None, question="Xếp loại", on=HELD, **numbers):
    meeting = scene.meeting(on=on, unit=unit or scene.branch)
    item = AgendaItem.objects.create(meeting=meeting, position=1, title=question, subject=subject)
    values = {"entitled": 14, "present": 12, "votes_for": 10, "votes_against": 2} | numbers
    return Ballot.objects.create(
        item=item, question=question, decision=decision, written_by=scene.secretary, **values
    )  # fmt: skip


# --- ratings --------------------------------------------------------------------------------------------


def test_a_rating_takes_the_vote_of_its_meeting(scene, round):
    an, binh, chi = scene.people
    common, own = ballot_of(scene), ballot_of(scene, subject=an, votes_for=7, votes_against=5)
    scene.conclude(
        round,
        scene.verdict(scene.of(round, an), TOP, ballot=own, present=9, votes={TOP: 9}),
        scene.verdict(scene.of(round, binh), ballot=common),
        scene.verdict(scene.of(round, chi), present=12, votes={GOOD: 11}),
    )
    rows = [scene.of(round, member) for member in scene.people]
    assert [row.got for row in rows] == [(7, 12), (10, 12), (11, 12)]
    assert [(row.ballot, row.meeting, row.votes, row.votes_present) for row in rows] == [
        (own, own.item.meeting, {}, None), (common, common.item.meeting, {}, None), (None, None, {GOOD: 11}, 12),
    ]  # fmt: skip
    # Corrected at the meeting, it is corrected here: the numbers stand once.
    Ballot.objects.filter(pk=own.pk).update(votes_for=6)
    assert scene.of(round, an).got == (6, 12)


@pytest.mark.parametrize("which", ["person", "kind", "unit"])
def test_a_vote_about_something_else_is_refused_at_its_row(scene, round, which):
    an, binh, _ = scene.people
    ballot = {
        "person": lambda: ballot_of(scene, subject=binh),
        "kind": lambda: ballot_of(scene, "outstanding", subject=an),
        "unit": lambda: ballot_of(scene, unit=scene.sibling),
    }[which]()
    row = scene.of(round, an)
    with pytest.raises(AssessmentRefused) as refused:
        scene.conclude(round, scene.verdict(row, ballot=ballot))
    assert refused.value.errors == {f"p{row.pk}-ballot": "Lần biểu quyết này là về việc khác. Hãy chọn lại."}
    assert scene.of(round, an).state == "open"


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({"votes_for": 7, "votes_against": 5}, ""),  # 7 of 12 is more than half
        ({"votes_for": 6, "votes_against": 6}, "Không thông qua: tán thành 6/12 người có mặt, cần từ 7; có mặt 12/14."),
        (
            {"present": 7, "votes_for": 7, "votes_against": 0},
            "Chưa đủ số người để biểu quyết: có mặt 7/14, phải có từ 8. Kết quả không có giá trị.",
        ),
    ],
)
def test_a_vote_that_did_not_pass_is_said_and_stops_nobody(scene, round, numbers, says):
    an = scene.people[0]
    scene.conclude(round, scene.verdict(scene.of(round, an), TOP, ballot=ballot_of(scene, subject=an, **numbers)))
    row = Assessment.objects.select_related("ballot", "branch_label").get(round=round, member=an)
    assert (row.state, lacks_majority(row, rules_on(TODAY))) == ("concluded", says)


def test_the_vote_goes_with_the_conclusion_it_was_about(scene, round):
    an = scene.people[0]
    row = scene.of(round, an)
    ballot = ballot_of(scene, subject=an)
    scene.conclude(round, scene.verdict(row, TOP, ballot=ballot))
    row = scene.of(round, an)
    send_back(round=round, unit=scene.union, chosen={row.pk: row.version}, reason="Xem lại")
    row = scene.of(round, an)
    assert row.ballot == ballot
    exclude(assessment=row, version=row.version, reason="Chuyển công tác")
    assert scene.of(round, an).ballot is None


def test_a_vote_in_use_is_not_deleted(scene, round):
    an = scene.people[0]
    ballot = ballot_of(scene, subject=an)
    scene.conclude(round, scene.verdict(scene.of(round, an), TOP, ballot=ballot))
    with pytest.raises(MeetingRefused, match="đã dùng trong xếp loại"):
        drop_ballot(ballot=ballot, version=seen(Ballot.objects.get(pk=ballot.pk), FIELDS))
    free = ballot_of(scene, subject=an)
    drop_ballot(ballot=free, version=seen(Ballot.objects.get(pk=free.pk), FIELDS))
    assert list(Ballot.objects.all()) == [ballot]


def test_page_offers_the_votes_and_the_rating_opens_the_minutes(client, scene, round):
    an = scene.people[0]
    common = ballot_of(scene, question="Danh sách xếp loại")
    own = ballot_of(scene, subject=an, question="Xuất sắc", votes_for=9, votes_against=3)
    ballot_of(scene, "outstanding", subject=an, question="Ưu tú")
    client.force_login(scene.secretary)
    url = reverse("branches:assessment_conclude", args=[scene.branch.pk, round.pk])
    page = text_of(client.get(url))
    assert page.count("Họp 10/11/2026: Danh sách xếp loại, 10/12 tán thành") == 1
    assert page.count("Họp 10/11/2026: Xuất sắc, 9/12 tán thành") == 1
    assert "Ưu tú" not in page
    rows = [scene.of(round, member) for member in scene.people]
    said = key() | {"ballot": common.pk}
    for row, vote in zip(rows, ({"ballot": own.pk}, {}, None), strict=True):
        chosen = {} if vote is None else {"label": scene.label(GOOD).pk} | vote
        said |= {f"p{row.pk}-{name}": value for name, value in ({"version": 1} | chosen).items()}
    assert client.post(url, said).status_code == 302
    rows = [scene.of(round, member) for member in scene.people]
    assert [(row.state, row.ballot) for row in rows] == [("concluded", own), ("concluded", common), ("open", None)]
    page = client.get(reverse("branches:assessment", args=[rows[0].pk]))
    words = text_of(page)
    assert "Giơ tay, có mặt 12/14: 9 tán thành, 3 không tán thành, 0 ý kiến khác" in words
    assert reverse("branches:minutes", args=[own.item.meeting_id]) in page.content.decode()
    client.force_login(scene.account)  # the person reads the own rating, not the minutes of it
    page = client.get(reverse("branches:assessment", args=[rows[0].pk]))
    assert "9 tán thành" in text_of(page)
    assert reverse("branches:minutes", args=[own.item.meeting_id]) not in page.content.decode()


def test_a_vote_of_another_person_sent_in_a_row_is_refused_by_the_form(client, scene, round):
    an, binh, _ = scene.people
    other = ballot_of(scene, subject=binh)
    ballot_of(scene, subject=an)
    row = scene.of(round, an)
    client.force_login(scene.secretary)
    said = {"version": 1, "label": scene.label(GOOD).pk, "ballot": other.pk}
    url = reverse("branches:assessment_conclude", args=[scene.branch.pk, round.pk])
    answer = client.post(url, key() | {f"p{row.pk}-{name}": value for name, value in said.items()})
    assert answer.status_code == 200
    assert scene.of(round, an).state == "open"


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_votes_of_many_ask_no_more_queries(client, rows):
    scene = Scene(members=[f"Lê Thử {number}" for number in range(rows)])
    round = scene.open()
    ballots = [ballot_of(scene, subject=member) for member in scene.people[:20]]
    client.force_login(scene.secretary)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("branches:assessment_conclude", args=[scene.branch.pk, round.pk]))
    assert len(asked) == 25
    votes = Ballot.objects.select_related("item__meeting")
    verdicts = [
        scene.verdict(scene.of(round, member), ballot=votes.get(pk=ballot.pk))
        for member, ballot in zip(scene.people, ballots, strict=False)
    ]
    scene.conclude(round, *verdicts)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("branches:assessment_unit", args=[scene.branch.pk, round.pk]))
    assert len(asked) == 12


def test_papers_print_the_vote_of_the_meeting(scene, round):
    an, binh, _ = scene.people
    secret = {"means": "secret", "issued": 12, "returned": 12, "invalid": 1, "votes_for": 9, "votes_against": 2}
    own = ballot_of(scene, subject=an, **secret)
    scene.conclude(
        round,
        scene.verdict(scene.of(round, an), TOP, ballot=own),
        scene.verdict(scene.of(round, binh), GOOD, present=12, votes={GOOD: 11, TOP: 1}),
    )
    labels = list(Label.objects.filter(label_set=round.label_set))
    rows = list(round.assessments.select_related("member", "self_label", "branch_label", "final_label", "ballot"))
    table = words_of(result_list_html(scene.branch, round, rows, labels, on=TODAY)[0])
    assert "9/12 Hoàn thành xuất sắc nhiệm vụ" in table
    assert "11/12 Hoàn thành tốt nhiệm vụ" in table
    papers = [words_of(self_form_html(scene.of(round, one), [], {}, labels, on=TODAY)[0]) for one in (an, binh)]
    assert (
        "Biểu quyết: có mặt 12/14 đồng chí; phát ra 12 phiếu, thu về 12 phiếu, 1 phiếu không hợp lệ; 9 tán thành, "
        "2 không tán thành, 0 ý kiến khác."
    ) in papers[0]
    assert (
        "Biểu quyết: có mặt 12 đồng chí; hoàn thành xuất sắc nhiệm vụ 1 phiếu; hoàn thành tốt nhiệm vụ 11 phiếu."
    ) in papers[1]


# --- from the vote on ------------------------------------------------------------------------------------


def onward(client, ballot):
    return client.get(reverse("branches:ballot_onward", args=[ballot.pk]))


@pytest.mark.parametrize(
    ("decision", "kind", "words", "document"),
    [
        ("outstanding", "outstanding", "Ghi bước đoàn viên ưu tú", "Biên bản 05-BB/CĐ ngày 10/11/2026"),
        ("party", "introduced", "Ghi bước giới thiệu vào Đảng", ""),
    ],
)
def test_one_tap_from_the_vote_to_the_step(client, scene, decision, kind, words, document):
    an = scene.people[0]
    ballot = ballot_of(scene, decision, subject=an, question="Bình chọn", votes_for=12, votes_against=0)
    Minutes.objects.create(meeting=ballot.item.meeting, number="05-BB/CĐ", typed_by=scene.secretary)
    client.force_login(scene.secretary)
    page = client.get(reverse("branches:meeting", args=[ballot.item.meeting_id]))
    assert words in text_of(page)
    step = onward(client, ballot)
    url = f"{reverse('branches:party_step_new', args=[an.pk, kind])}?bieu-quyet={ballot.pk}"
    assert (step.status_code, step.url) == (302, url)
    form = client.get(url).context["form"]
    filled = {name: form[name].value() for name in ("ballot", "dated_on", "document")}
    assert filled == {"ballot": ballot.pk, "dated_on": HELD, "document": document or None}
    said = key() | {"ballot": ballot.pk, "dated_on": "10/11/2026", "document": document}
    assert client.post(url, said).status_code == 302
    made = PartyStep.objects.get()
    assert (made.member, made.kind, made.ballot, made.dated_on, made.present) == (an, kind, ballot, HELD, None)
    again = client.get(reverse("branches:ballot_onward", args=[ballot.pk]), follow=True)
    assert again.redirect_chain[0][0] == reverse("branches:party_member", args=[an.pk])
    assert "Lần biểu quyết này đã ghi thành bước." in text_of(again)


def test_a_vote_about_nobody_or_not_passed_has_no_button(client, scene):
    an = scene.people[0]
    client.force_login(scene.secretary)
    for ballot in (ballot_of(scene, "party"), ballot_of(scene, "party", subject=an, votes_for=7)):
        assert "Ghi bước" not in text_of(client.get(reverse("branches:meeting", args=[ballot.item.meeting_id])))
    assert onward(client, ballot_of(scene, "party")).status_code == 404
    lost = ballot_of(scene, "party", subject=an, votes_for=7)  # of 14 entitled, 8 are more than half
    assert onward(client, lost).url == reverse("branches:meeting_ballot", args=[lost.pk])
    assert onward(client, ballot_of(scene, "simple", subject=an)).status_code == 404


def test_a_vote_about_somebody_else_fills_nothing(client, scene):
    an, binh, _ = scene.people
    other = ballot_of(scene, "party", subject=binh)
    client.force_login(scene.secretary)
    url = reverse("branches:party_step_new", args=[an.pk, "introduced"])
    for said in (str(other.pk), "x", "9" * 30, "٣"):
        form = client.get(url, {"bieu-quyet": said}).context["form"]
        assert form.initial.get("ballot") is None


def test_discipline_vote_goes_into_the_open_case(client, scene):
    an = scene.people[0]
    secret = {"means": "secret", "issued": 12, "returned": 12}
    ballot = ballot_of(scene, "discipline", subject=an, **secret)
    client.force_login(scene.secretary)
    assert onward(client, ballot).url == reverse("branches:discipline_new", args=[an.pk])
    case = open_case(member=an, opened_on=HELD, facts="Vi phạm", by=scene.secretary, on=TODAY)
    url = reverse("branches:discipline_review", args=[case.pk])
    assert onward(client, ballot).url == f"{url}?bieu-quyet={ballot.pk}"
    assert client.get(f"{url}?bieu-quyet={ballot.pk}").context["form"]["ballot"].value() == ballot.pk
    assert client.post(url, key() | {"ballot": ballot.pk, "proposed": "warning"}).status_code == 302
    assert Discipline.objects.get().ballot == ballot
    assert onward(client, ballot).url == reverse("branches:discipline", args=[case.pk])


def test_assessment_vote_goes_to_the_row_of_the_open_round(client, scene):
    an = scene.people[0]
    ballot = ballot_of(scene, subject=an)
    client.force_login(scene.secretary)
    assert onward(client, ballot).url == reverse("branches:assessment_list", args=[scene.branch.pk])
    round = scene.open()
    row = scene.of(round, an)
    page = reverse("branches:assessment_conclude", args=[scene.branch.pk, round.pk])
    assert onward(client, ballot).url == f"{page}#p{row.pk}"


def test_strangers_members_and_recorders_go_nowhere(client, scene):
    ballot = ballot_of(scene, "party", subject=scene.people[0])
    accounts = {
        "stranger": scene.stranger,
        "member": scene.account,
        "recorder": account_at(scene.branch, "committee_member"),
    }
    found = {}
    for name, account in accounts.items():
        client.force_login(account)
        found[name] = onward(client, ballot).status_code
    assert found == {"stranger": 404, "member": 403, "recorder": 403}
