"""Votes: quorum and majority in whole people, the words they come out in, and numbers that have to agree."""

import datetime
import itertools
from fractions import Fraction

import pytest
from django.urls import reverse

from branches.meetings.agenda import add_item
from branches.meetings.states import MeetingRefused
from branches.meetings.voting import (
    FIELDS,
    change_ballot,
    counts_words,
    drop_ballot,
    hand_to_admission,
    needed,
    record_ballot,
    result_of,
    share_words,
)
from branches.models import Admission, Attendance, Ballot
from branches.models.rule import rules_on
from branches.terms import seen
from tests.factories import account_at
from tests.holding_meetings import DAY, TODAY, MeetingScene

pytestmark = pytest.mark.django_db
HALF, TWO_THIRDS = [1, 2, "gt"], [2, 3, "ge"]


@pytest.fixture
def scene():
    return MeetingScene()


@pytest.fixture
def rules():
    return rules_on(DAY)


def vote(**said) -> Ballot:
    values = {"question": "Việc A", "decision": "simple", "means": "hand", "entitled": 14, "present": 12,
              "votes_for": 11, "votes_against": 1, "abstentions": 0}  # fmt: skip
    return Ballot(**values | said)


SECRET = {"means": "secret", "issued": 12, "returned": 12, "invalid": 1, "votes_for": 10}


@pytest.mark.parametrize(
    ("of", "share", "least"),
    [(14, HALF, 8), (13, HALF, 7), (1, HALF, 1), (0, HALF, 1), (14, TWO_THIRDS, 10), (15, TWO_THIRDS, 10),
     (16, TWO_THIRDS, 11), (3, [1, 1, "ge"], 3)],
)  # fmt: skip
def test_least_number_by_hand(of, share, least):
    assert needed(of, share) == least


def test_least_number_is_the_least_for_every_roll():
    """Against exact fractions: it is enough, and one less is not."""
    for of, share in itertools.product(range(200), (HALF, TWO_THIRDS, [1, 2, "ge"], [3, 4, "gt"])):
        least, wanted = needed(of, share), Fraction(share[0], share[1]) * of
        enough = (lambda n, w=wanted: n > w) if share[2] == "gt" else (lambda n, w=wanted: n >= w)
        assert enough(least)
        assert not enough(least - 1)


@pytest.mark.parametrize(
    ("said", "passed", "words"),
    [
        ({}, True, "Thông qua: tán thành 11/12 người có mặt, cần từ 7; có mặt 12/14."),
        ({"votes_for": 6, "votes_against": 6}, False,
         "Không thông qua: tán thành 6/12 người có mặt, cần từ 7; có mặt 12/14."),
        ({"present": 7, "votes_for": 7, "votes_against": 0}, False,
         "Chưa đủ số người để biểu quyết: có mặt 7/14, phải có từ 8. Kết quả không có giá trị."),
        ({"present": 8, "votes_for": 5, "votes_against": 3}, True,
         "Thông qua: tán thành 5/8 người có mặt, cần từ 5; có mặt 8/14."),
        # Of all entitled: 8 of 14 are wanted although only 10 are there.
        ({"decision": "party", "present": 10, "votes_for": 7, "votes_against": 3}, False,
         "Không thông qua: tán thành 7/14 người được biểu quyết, cần từ 8; có mặt 10/14."),
        ({"decision": "party", "present": 9, "votes_for": 9, "votes_against": 0}, False,
         "Chưa đủ số người để biểu quyết: có mặt 9/14, phải có từ 10. Kết quả không có giá trị."),
        (SECRET | {"decision": "discipline"}, True,
         "Thông qua: tán thành 10/12 người có mặt, cần từ 7; có mặt 12/14."),
        ({"decision": "discipline"}, False,
         "Việc này phải bỏ phiếu kín; giơ tay thì kết quả không có giá trị."),
    ],
)  # fmt: skip
def test_result_by_hand(rules, said, passed, words):
    found = result_of(vote(**said), rules)
    assert (found.passed, found.words) == (passed, words)


def test_rule_of_another_day_gives_another_result(rules):
    stricter = {"vote_rules": rules["vote_rules"] | {
        "simple": {"quorum": TWO_THIRDS, "majority": TWO_THIRDS, "of": "present", "secret": False},
    }}  # fmt: skip
    ballot = vote(votes_for=7, votes_against=5)
    assert (result_of(ballot, rules).passed, result_of(ballot, stricter).passed) == (True, False)
    assert (share_words(HALF), share_words(TWO_THIRDS)) == ("quá 1/2", "từ 2/3")


def test_counts_in_words():
    assert counts_words(vote()) == "11 tán thành, 1 không tán thành, 0 ý kiến khác"
    assert counts_words(vote(**SECRET)) == (
        "phát ra 12 phiếu, thu về 12 phiếu, 1 phiếu không hợp lệ; 10 tán thành, 1 không tán thành, 0 ý kiến khác"
    )


SAID = {name: getattr(vote(), name) for name in FIELDS}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"question": " "}, "question"),
        ({"entitled": 0, "present": 0, "votes_for": 0, "votes_against": 0}, "entitled"),
        ({"present": 15}, "present"),
        ({"votes_for": 12}, "votes_for"),  # 13 votes of 12 people
        ({"decision": "discipline"}, "means"),
        (SECRET | {"issued": None}, "issued"),
        (SECRET | {"issued": 13}, "issued"),
        (SECRET | {"returned": 13}, "returned"),
        (SECRET | {"invalid": 13}, "invalid"),
        (SECRET | {"invalid": 0}, "votes_for"),  # 12 valid papers, 11 votes
    ],
)
def test_numbers_that_do_not_agree_are_refused_at_their_field(scene, rules, said, field):
    item = add_item(meeting=scene.plan(), title="Việc A")
    with pytest.raises(MeetingRefused) as refused:
        record_ballot(item=item, by=scene.secretary, rules=rules, **SAID | said)
    assert list(refused.value.errors) == [field]
    assert not Ballot.objects.exists()


def test_ballot_is_corrected_by_one_and_not_by_two(scene, rules):
    item = add_item(meeting=scene.plan(), title="Việc A")
    ballot = record_ballot(item=item, by=scene.secretary, rules=rules, **SAID)
    version = seen(ballot, FIELDS)
    change_ballot(ballot=ballot, version=version, by=scene.secretary, rules=rules, **SAID | {"votes_for": 10})
    with pytest.raises(MeetingRefused, match="vừa sửa lần biểu quyết"):
        change_ballot(ballot=ballot, version=version, by=scene.secretary, rules=rules, **SAID | {"votes_for": 9})
    assert Ballot.objects.get().votes_for == 10
    drop_ballot(ballot=ballot, version=seen(Ballot.objects.get(), FIELDS))
    assert not Ballot.objects.exists()


# --- beside the roll --------------------------------------------------------------------------------------


def refusal(scene, rules, meeting, **said) -> dict:
    """What is answered to a vote at this meeting; nothing where it was taken."""
    item = add_item(meeting=meeting, title="Việc A")
    try:
        record_ballot(item=item, by=scene.secretary, rules=rules, **SAID | said)
    except MeetingRefused as refused:
        return refused.errors
    return {}


def test_fewer_entitled_than_on_the_roll_need_a_reason(scene, rules):
    meeting = scene.open()  # four on the roll
    scene.mark(meeting, "present", "present", "excused")
    said = {"entitled": 3, "present": 2, "votes_for": 2, "votes_against": 0}
    assert refusal(scene, rules, meeting, **said) == {
        "entitled": "Danh sách điểm danh có 4 người được biểu quyết. Hãy ghi đủ, hoặc ghi lý do ít hơn ở ô dưới."
    }
    assert refusal(scene, rules, meeting, **said, fewer_because=" 01 người đang bị đình chỉ ") == {}
    assert Ballot.objects.get().fewer_because == "01 người đang bị đình chỉ"
    # The number of the roll needs none, and keeps none.
    assert refusal(scene, rules, meeting, **said | {"entitled": 4}, fewer_because="thừa") == {}
    assert Ballot.objects.latest("pk").fewer_because == ""


def test_nobody_votes_who_is_marked_away(scene, rules):
    meeting = scene.open()
    scene.mark(meeting, "present", "excused", "absent")  # the fourth is not marked and may be there
    said = {"entitled": 4, "votes_for": 2, "votes_against": 0}
    assert refusal(scene, rules, meeting, **said, present=3) == {
        "present": "Theo điểm danh nhiều nhất 2 người được biểu quyết có mặt. Ai đến sau thì sửa điểm danh trước."
    }
    assert refusal(scene, rules, meeting, **said, present=2) == {}
    # Two more entitled than the roll knows may both be there.
    assert refusal(scene, rules, meeting, **said | {"entitled": 6}, present=5) == {"present": (
        "Theo điểm danh nhiều nhất 4 người được biểu quyết có mặt. Ai đến sau thì sửa điểm danh trước."
    )}  # fmt: skip
    assert refusal(scene, rules, meeting, **said | {"entitled": 6}, present=4) == {}


def test_who_only_stays_for_a_while_is_not_entitled(scene, rules):
    meeting = scene.open()
    scene.mark(meeting, "present", "present", "present", "present")
    Attendance.objects.filter(pk=scene.rows(meeting)[3].pk).update(standing="temporary")
    assert refusal(scene, rules, meeting, entitled=3, present=3, votes_for=3, votes_against=0) == {}


def test_without_a_roll_the_numbers_stand_for_themselves(scene, rules):
    assert refusal(scene, rules, scene.plan(), entitled=3, present=2, votes_for=2, votes_against=0) == {}


def test_form_asks_for_the_reason_where_it_is_missing(scene, client):
    meeting = scene.open()
    scene.mark(meeting, "present", "present", "present", "present")
    item = add_item(meeting=meeting, title="Việc A")
    client.force_login(scene.secretary)
    url = reverse("branches:meeting_vote", args=[item.pk])
    page = client.get(url)
    assert 'name="fewer_because"' not in page.content.decode()
    said = {
        "form_key": page.context["form"]["form_key"].value(), "question": "Việc A", "decision": "simple",
        "means": "hand", "entitled": "3", "present": "3", "votes_for": "3",
    }  # fmt: skip
    page = client.post(url, said)
    assert "Danh sách điểm danh có 4 người được biểu quyết." in page.content.decode()
    assert 'name="fewer_because"' in page.content.decode()
    client.post(url, said | {"fewer_because": "01 người đang bị đình chỉ"})
    ballot = Ballot.objects.get()
    assert (ballot.entitled, ballot.fewer_because) == (3, "01 người đang bị đình chỉ")
    page = client.get(reverse("branches:meeting_ballot", args=[ballot.pk])).content.decode()
    assert "01 người đang bị đình chỉ" in page


# --- the admission ------------------------------------------------------------------------------------


@pytest.fixture
def applicant(scene):
    return Admission.objects.create(
        unit=scene.unit, full_name="Người xin vào", birth_date=datetime.date(2009, 1, 1),
        applied_on=datetime.date(2026, 9, 1), introduced_by="Một đoàn viên", written_by=scene.secretary,
    )  # fmt: skip


def test_passed_vote_becomes_the_vote_of_the_admission(scene, rules, applicant, client):
    item = add_item(meeting=scene.plan(), title="Xét kết nạp", kind="vote", admission=applicant)
    ballot = record_ballot(item=item, by=scene.secretary, rules=rules, **SAID | {"decision": "admission"})
    client.force_login(scene.secretary)
    url = reverse("branches:meeting_ballot", args=[ballot.pk])
    assert "Chuyển kết quả sang hồ sơ kết nạp" in client.get(url).content.decode()
    answer = client.post(url, {"do": "hand"})
    assert answer.headers["Location"] == reverse("branches:admission", args=[applicant.pk])
    applicant.refresh_from_db()
    assert (applicant.state, applicant.voted_on, applicant.members_present, applicant.votes_for) == (
        "voted", DAY, 12, 11,
    )  # fmt: skip
    with pytest.raises(MeetingRefused, match="đã chuyển bước"):
        hand_to_admission(ballot=ballot, rules=rules, on=TODAY)


@pytest.mark.parametrize(
    "said", [{"votes_for": 6, "votes_against": 6}, {"present": 7, "votes_for": 7, "votes_against": 0}]
)
def test_vote_that_did_not_pass_is_not_handed_over(scene, rules, applicant, said):
    item = add_item(meeting=scene.plan(), title="Xét kết nạp", kind="vote", admission=applicant)
    ballot = record_ballot(item=item, by=scene.secretary, rules=rules, **SAID | {"decision": "admission"} | said)
    with pytest.raises(MeetingRefused):
        hand_to_admission(ballot=ballot, rules=rules, on=TODAY)
    applicant.refresh_from_db()
    assert applicant.state == "proposed"


def test_who_records_without_keeping_the_register_hands_nothing_over(scene, rules, applicant, client):
    item = add_item(meeting=scene.plan(), title="Xét kết nạp", kind="vote", admission=applicant)
    ballot = record_ballot(item=item, by=scene.secretary, rules=rules, **SAID | {"decision": "admission"})
    client.force_login(account_at(scene.unit, "committee_member"))
    url = reverse("branches:meeting_ballot", args=[ballot.pk])
    assert "Chuyển kết quả" not in client.get(url).content.decode()
    assert client.post(url, {"do": "hand"}).status_code == 403


def test_form_proposes_the_numbers_of_the_roll(scene, client):
    meeting = scene.open()
    scene.mark(meeting, "present", "present", "present")
    item = add_item(meeting=meeting, title="Việc A")
    client.force_login(scene.secretary)
    url = reverse("branches:meeting_vote", args=[item.pk])
    page = client.get(url)
    initial = page.context["form"].initial
    assert (initial["question"], initial["entitled"], initial["present"], initial["means"]) == ("Việc A", 4, 3, "hand")
    said = {
        "question": "Việc A",
        "decision": "simple",
        "means": "hand",
        "entitled": "4",
        "present": "3",
        "votes_for": "3",
    }
    page = client.post(url, said | {"form_key": page.context["form"]["form_key"].value()}, follow=True).content.decode()
    assert "Thông qua: tán thành 3/3 người có mặt, cần từ 2; có mặt 3/4." in page
