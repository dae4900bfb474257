"""Leaving the list: deletion, expulsion, death, maturity of several, a mistaken end taken back, the wish to stay."""

import datetime
import html
import uuid

import pytest
from django.urls import reverse

from branches.absence import evidence_of, months_before
from branches.enrolling import EnrolmentRefused
from branches.leaving import leave, undo_leaving
from branches.maturing import ageing_members, birthday, ceremony_days, keep_on, mature_members
from branches.models import Member, Membership, StayOn
from branches.staying import begin_stay
from branches.transferring import send_transfer
from tests.factories import (
    AccountFactory,
    ActivityFactory,
    MemberFactory,
    ParticipationFactory,
    PostFactory,
    PostTypeFactory,
    RuleFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
OCTOBER_1 = datetime.date(2026, 10, 1)
MARCH_26 = datetime.date(2026, 3, 26)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


@pytest.fixture
def member(branch):
    return MemberFactory(home=branch, full_name="Trần Văn Bình")


def let_go(member, by, reason="deleted", on=OCTOBER_1, decision="3-NQ/CĐ", note="Vắng từ tháng 5"):
    return leave(member=member, reason=reason, on=on, decision=decision, note=note, by=by, today=TODAY)


# --- one person leaves ----------------------------------------------------------------------------


def test_end_keeps_day_decision_and_grounds_and_the_begin_as_it_was(member, secretary):
    member.memberships.update(decision="1-QĐ kết nạp")
    let_go(member, secretary)
    span, gone = Membership.objects.get(), Member.objects.get()
    assert (span.ends_on, span.end_reason, span.end_decision, span.end_note) == (
        OCTOBER_1, "deleted", "3-NQ/CĐ", "Vắng từ tháng 5",
    )  # fmt: skip
    assert span.decision == "1-QĐ kết nạp"
    assert (gone.is_active, gone.history.first().history_user) == (False, secretary)


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        (
            {"decision": "", "note": ""},
            {
                "decision": "Hãy ghi số quyết định, nghị quyết hoặc biên bản.",
                "note": "Hãy ghi căn cứ: việc gì, từ bao giờ.",
            },
        ),
        ({"reason": "matured", "decision": ""}, {"decision": "Hãy ghi số quyết định, nghị quyết hoặc biên bản."}),
        ({"on": datetime.date(2026, 11, 23)}, {"on": "Ngày này chưa đến. Hãy ghi khi đã thực hiện."}),
        ({"on": datetime.date(2015, 1, 1)}, {"on": "Hãy ghi ngày sau 01/01/2015, ngày vào chi đoàn."}),
        ({"reason": "moved_out"}, {"": "Chọn lại vì sao rời danh sách."}),
    ],
)
def test_end_without_its_papers_is_refused(member, secretary, said, errors):
    with pytest.raises(EnrolmentRefused) as refused:
        let_go(member, secretary, **said)
    assert refused.value.errors == errors
    assert Member.objects.get().is_active


def test_death_needs_no_paper(member, secretary):
    let_go(member, secretary, reason="died", decision="", note="")
    assert Membership.objects.get().end_reason == "died"


def test_mistaken_end_is_taken_back_and_the_history_says_so(member, secretary):
    let_go(member, secretary)
    undo_leaving(member=member, why="Ghi nhầm người", by=secretary)
    span, back = Membership.objects.get(), Member.objects.get()
    assert (span.ends_on, span.end_reason, span.end_decision, span.end_note) == (None, "", "", "")
    assert back.is_active
    newest = back.history.first()
    assert newest.history_user == secretary
    assert newest.history_change_reason == "Bỏ “Xóa tên từ 01/10/2026, 3-NQ/CĐ”: Ghi nhầm người"


def test_end_is_not_taken_back_without_a_reason_or_when_there_is_none(member, secretary):
    with pytest.raises(EnrolmentRefused, match="đang sinh hoạt, không có gì để bỏ"):
        undo_leaving(member=member, why="Nhầm", by=secretary)
    let_go(member, secretary)
    with pytest.raises(EnrolmentRefused) as refused:
        undo_leaving(member=member, why=" ", by=secretary)
    assert refused.value.errors == {"why": "Hãy ghi vì sao bỏ."}


def test_end_is_not_taken_back_once_the_person_belongs_elsewhere(member, secretary):
    let_go(member, secretary)
    other = UnitFactory()
    Membership.objects.create(member=member, unit=other, starts_on=TODAY, begin_reason="admitted")
    with pytest.raises(EnrolmentRefused, match="đang sinh hoạt, không có gì để bỏ"):
        undo_leaving(member=member, why="Nhầm", by=secretary)


def test_end_that_belongs_to_a_merge_is_not_taken_back(member, secretary):
    member.memberships.update(ends_on=TODAY, end_reason="with_unit")
    with pytest.raises(EnrolmentRefused, match="không bỏ riêng được"):
        undo_leaving(member=member, why="Nhầm", by=secretary)


# --- evidence for a deletion ----------------------------------------------------------------------


def lines(member, **changed):
    return [(line.text, line.warns) for line in evidence_of(member, on=TODAY)]


def test_absence_is_told_with_what_the_branch_held(branch, member):
    other = MemberFactory(home=branch)
    for month in (7, 9, 10):  # the first one lies before the three months
        held = ActivityFactory(unit=branch, starts_on=datetime.date(2026, month, 22))
        ParticipationFactory(activity=held, member=other)
    ActivityFactory(unit=branch, starts_on=TODAY, state="planned")
    assert lines(member) == [
        (
            "Từ 22/08/2026 đến 22/11/2026 (3 tháng): không có tên trong hoạt động nào; "
            "chi đoàn đã tổ chức 2 hoạt động.",
            False,
        ),
        ("Chưa từng có tên trong hoạt động nào.", False),
        ("Đoàn phí 12 tháng qua chưa ghi trong phần mềm: xem sổ giấy trước khi quyết định.", False),
    ]
    assert lines(other)[0] == (
        "Từ 22/08/2026 đến 22/11/2026 (3 tháng): có tên trong 2 hoạt động, không phải là vắng hẳn.", True,
    )  # fmt: skip
    assert lines(other)[1] == ("Lần gần nhất có tên: 22/10/2026.", False)


def test_number_of_months_is_a_rule(branch, member):
    ParticipationFactory(activity=ActivityFactory(unit=branch, starts_on=datetime.date(2026, 7, 1)), member=member)
    assert [warns for _, warns in lines(member)] == [False, False, False]
    RuleFactory(key="deletion_absent_months", value=6)
    assert lines(member)[0][0].startswith("Từ 22/05/2026 đến 22/11/2026 (6 tháng): có tên trong 1 hoạt động")


def test_exceptions_warn_first(branch, member, secretary):
    host = UnitFactory(name="Chi đoàn Buôn Kao")
    begin_stay(member=member, unit=host, kind="temporary", starts_on=OCTOBER_1, on=TODAY)
    send_transfer(
        member=member, target=None, target_name="Đoàn phường Tân Lập", asked_on=TODAY, remark="Tốt", by=secretary,
        on=TODAY,
    )  # fmt: skip
    assert [line for line in lines(member) if line[1]] == [
        (
            "Sinh hoạt tạm thời tại Chi đoàn Buôn Kao từ 01/10/2026: không xóa tên người đi xa không quá 12 tháng "
            "có báo cáo.",
            True,
        ),
        ("Đang chuyển sinh hoạt đến Đoàn phường Tân Lập, gửi ngày 22/11/2026.", True),
    ]
    newcomer = MemberFactory(home=branch, since=OCTOBER_1)
    assert lines(newcomer)[0] == ("Mới sinh hoạt tại chi đoàn từ 01/10/2026, chưa đủ 3 tháng.", True)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (TODAY, 3, datetime.date(2026, 8, 22)),
        (datetime.date(2026, 5, 31), 3, datetime.date(2026, 2, 28)),
        (datetime.date(2026, 3, 31), 12, datetime.date(2025, 3, 31)),
        (datetime.date(2026, 1, 15), 1, datetime.date(2025, 12, 15)),
    ],
)
def test_months_before(day, months, expected):
    assert months_before(day, months) == expected


# --- the age --------------------------------------------------------------------------------------


def test_list_of_the_age_has_who_reaches_it_within_a_year(union, branch, secretary):
    born = {
        "past": datetime.date(1995, 1, 1),
        "in a year": datetime.date(1997, 11, 22),
        "a day later": datetime.date(1997, 11, 23),
        "below": datetime.date(1996, 12, 31),
    }
    elsewhere = UnitFactory(superior=union)
    for name, date in born.items():
        MemberFactory(home=elsewhere if name == "below" else branch, full_name=name, birth_date=date)
    MemberFactory(home=branch, full_name="gone", birth_date=born["past"], is_active=False)
    MemberFactory(full_name="stranger", birth_date=born["past"])
    own = ageing_members(branch, user=secretary, on=TODAY)
    assert [(row.member.full_name, row.reaches_on) for row in own] == [
        ("past", datetime.date(2025, 1, 1)),
        ("in a year", datetime.date(2027, 11, 22)),
    ]
    above = ageing_members(union, user=account_at(union, "superior_office"), on=TODAY)
    assert [row.member.full_name for row in above] == ["past", "below", "in a year"]


def test_birthday_of_a_leap_day():
    assert birthday(datetime.date(1996, 2, 29), 30) == datetime.date(2026, 3, 1)
    assert birthday(datetime.date(1996, 2, 29), 32) == datetime.date(2028, 2, 29)


def test_ceremony_days_are_the_last_four():
    assert ceremony_days(TODAY) == [
        datetime.date(2026, 10, 15), datetime.date(2026, 5, 19), MARCH_26, datetime.date(2025, 12, 22),
    ]  # fmt: skip


def test_several_mature_with_one_decision(branch, secretary):
    members = [MemberFactory(home=branch) for _ in range(3)]
    mature_members(members=members[:2], on=MARCH_26, decision="9-QĐ/ĐK", by=secretary, today=TODAY)
    spans = Membership.objects.filter(end_reason="matured")
    assert {(span.member_id, span.ends_on, span.end_decision) for span in spans} == {
        (one.pk, MARCH_26, "9-QĐ/ĐK") for one in members[:2]
    }
    assert Member.objects.filter(is_active=True).get() == members[2]


def test_all_mature_or_none(branch, secretary):
    first, late = MemberFactory(home=branch), MemberFactory(home=branch, full_name="Lê Muộn", since=OCTOBER_1)
    with pytest.raises(EnrolmentRefused) as refused:
        mature_members(members=[first, late], on=MARCH_26, decision="9-QĐ/ĐK", by=secretary, today=TODAY)
    assert refused.value.errors == {"on": "Lê Muộn: Hãy ghi ngày sau 01/10/2026, ngày vào chi đoàn."}
    assert not Membership.objects.exclude(ends_on=None).exists()
    assert Member.objects.filter(is_active=True).count() == 2


def wish(member, by, **said):
    values = {
        "wished_on": OCTOBER_1, "agreed_on": TODAY, "until": datetime.date(2028, 1, 1), "decision": "4-NQ/CĐ",
    }  # fmt: skip
    return keep_on(member=member, by=by, on=TODAY, **values | said)


def test_wish_to_stay_is_kept_with_its_end(branch, secretary):
    member = MemberFactory(home=branch, birth_date=datetime.date(1995, 6, 1))
    wish(member, secretary)
    row = ageing_members(branch, user=secretary, on=TODAY)[0]
    assert row.stays_until(TODAY) == datetime.date(2028, 1, 1)
    assert row.stays_until(datetime.date(2028, 1, 1)) is None


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"until": datetime.date(2030, 6, 2)}, {"until": "Không quá 01/06/2030, ngày đủ 35 tuổi."}),
        ({"until": None}, {"until": "Hãy ghi được ở lại đến ngày nào."}),
        ({"agreed_on": None}, {"agreed_on": "Hãy ghi ngày chi đoàn đồng ý."}),
        (
            {"agreed_on": datetime.date(2026, 9, 30)},
            {"agreed_on": "Hãy ghi ngày từ 01/10/2026, ngày nêu nguyện vọng, trở đi."},
        ),
    ],
)
def test_wish_to_stay_beyond_the_rules_is_refused(branch, secretary, said, errors):
    member = MemberFactory(home=branch, birth_date=datetime.date(1995, 6, 1))
    with pytest.raises(EnrolmentRefused) as refused:
        wish(member, secretary, **said)
    assert refused.value.errors == errors
    assert not StayOn.objects.exists()


def test_the_cap_itself_is_allowed(branch, secretary):
    member = MemberFactory(home=branch, birth_date=datetime.date(1995, 6, 1))
    assert wish(member, secretary, until=datetime.date(2030, 6, 1)).until == datetime.date(2030, 6, 1)


def test_wish_alone_may_be_written_down(branch, secretary):
    member = MemberFactory(home=branch, birth_date=datetime.date(1995, 6, 1))
    made = wish(member, secretary, agreed_on=None, until=None, decision="")
    assert (made.agreed_on, made.until) == (None, None)
    assert ageing_members(branch, user=secretary, on=TODAY)[0].stays_until(TODAY) is None


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_deletion_by_its_page_shows_the_evidence_and_says_what_happens(client, branch, member, secretary):
    client.force_login(secretary)
    choice = text_of(client.get(reverse("branches:member_leave", args=[member.pk])))
    url = reverse("branches:member_leave_for", args=[member.pk, "xoa-ten"])
    assert url in choice
    page = text_of(client.get(url))
    assert "Chưa từng có tên trong hoạt động nào." in page
    assert "Từ ngày ghi dưới đây Trần Văn Bình không còn trong danh sách" in page
    refused = text_of(client.post(url, {"form_key": str(uuid.uuid4()), "on": "01/10/2026"}))
    assert "Hãy ghi căn cứ: việc gì, từ bao giờ." in refused
    said = {"form_key": str(uuid.uuid4()), "on": "01/10/2026", "decision": "3-NQ/CĐ", "note": "Vắng từ tháng 5"}
    first, second = client.post(url, said), client.post(url, said)
    assert first.headers["Location"] == reverse("branches:member", args=[member.pk])
    # The second sending finds the person gone already and leads to where that is shown.
    assert second.headers["Location"] in (first.headers["Location"], reverse("branches:member_leave", args=[member.pk]))
    assert Membership.objects.get().end_reason == "deleted"


def test_evidence_stands_only_on_the_page_of_deletion(client, member, secretary):
    client.force_login(secretary)
    page = text_of(client.get(reverse("branches:member_leave_for", args=[member.pk, "tu-tran"])))
    assert "Phần mềm đang có" not in page


@pytest.mark.parametrize(
    "address", [("member_leave_for", "khai-tru"), ("member_leave_for", "truong-thanh"), ("transfer_new",)]
)
def test_who_leaves_and_still_holds_a_post_is_told_of(client, union, branch, member, secretary, address):
    """Leaving a list ends no post: who forgets that leaves an expelled member signed in to the register."""
    client.force_login(secretary)
    url = reverse(f"branches:{address[0]}", args=[member.pk, *address[1:]])
    account = AccountFactory(member=member)
    PostFactory(unit=branch, account=account, type="member", ends_on=TODAY)  # over since this morning
    assert "còn giữ chức vụ" not in text_of(client.get(url))
    kind = PostTypeFactory(code="committee_member", name="Ủy viên Ban Chấp hành")
    PostFactory(unit=union, account=account, type=kind)
    page = text_of(client.get(url))
    assert "Trần Văn Bình còn giữ chức vụ Ủy viên Ban Chấp hành, Đoàn Khối các cơ quan" in page


def test_mistake_is_taken_back_by_its_page(client, member, secretary):
    let_go(member, secretary)
    client.force_login(secretary)
    url = reverse("branches:member_leave", args=[member.pk])
    assert "Vắng từ tháng 5" in text_of(client.get(url))
    client.post(url, {"form_key": str(uuid.uuid4()), "why": "Ghi nhầm người"})
    assert Member.objects.get().is_active


@pytest.mark.parametrize("address", ["branches:member_leave", "branches:stay_on"])
def test_leaving_is_for_the_keeper(client, union, branch, member, address):
    answers = {}
    for name, account in {
        "committee": account_at(branch, "committee_member"),
        "above": account_at(union, "superior_office"),
        "stranger": account_at(UnitFactory(superior=union)),
    }.items():
        client.force_login(account)
        answers[name] = client.post(reverse(address, args=[member.pk]), {}).status_code
    assert answers == {"committee": 403, "above": 403, "stranger": 404}


def test_unknown_reason_is_no_page(client, member, secretary):
    client.force_login(secretary)
    assert client.get(reverse("branches:member_leave_for", args=[member.pk, "khac"])).status_code == 404


def test_several_mature_by_the_page_on_a_ceremony_day(client, branch, secretary):
    old = [MemberFactory(home=branch, birth_date=datetime.date(1995, 1, day)) for day in (1, 2, 3)]
    client.force_login(secretary)
    url = reverse("branches:maturity", args=[branch.pk])
    assert len(client.get(url).context["rows"]) == 3
    said = {
        "form_key": str(uuid.uuid4()), "members": [old[0].pk, old[2].pk], "ceremony": "2026-03-26",
        "decision": "9-QĐ/ĐK",
    }  # fmt: skip
    answer = client.post(url, said)
    assert answer.headers["Location"] == f"{url}?ngay=2026-03-26"
    assert set(Membership.objects.filter(ends_on=MARCH_26).values_list("member", flat=True)) == {old[0].pk, old[2].pk}
    assert client.post(url, said).headers["Location"] == answer.headers["Location"]  # sent twice is once
    paper = reverse("reports:maturity_decision_pdf", args=[branch.pk, "2026-03-26"])
    assert paper in text_of(client.get(answer.headers["Location"]))


def test_member_of_another_branch_is_no_choice(client, union, branch, secretary):
    stranger = MemberFactory(home=UnitFactory(superior=union), birth_date=datetime.date(1995, 1, 1))
    MemberFactory(home=branch, birth_date=datetime.date(1995, 1, 1))
    client.force_login(secretary)
    said = {"form_key": str(uuid.uuid4()), "members": [stranger.pk], "ceremony": "2026-03-26", "decision": "9-QĐ"}
    page = text_of(client.post(reverse("branches:maturity", args=[branch.pk]), said))
    assert "Mục đã chọn không còn trong danh sách. Hãy chọn lại." in page
    assert Member.objects.filter(is_active=True).count() == 2


def test_who_only_records_reads_the_list_and_changes_nothing(client, branch):
    old = MemberFactory(home=branch, birth_date=datetime.date(1995, 1, 1))
    client.force_login(account_at(branch, "committee_member"))
    url = reverse("branches:maturity", args=[branch.pk])
    assert "Ghi trưởng thành đoàn" not in text_of(client.get(url))
    said = {"form_key": str(uuid.uuid4()), "members": [old.pk], "ceremony": "2026-03-26", "decision": "9-QĐ"}
    client.post(url, said)
    assert Member.objects.get().is_active


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_maturity_query_count(client, branch, secretary, rows, django_assert_num_queries):
    for _ in range(rows):
        MemberFactory(home=branch, birth_date=datetime.date(1995, 1, 1))
    client.force_login(secretary)
    # session, account, posts, unit, rules, members, stays, posts of the members
    with django_assert_num_queries(8):
        page = client.get(reverse("branches:maturity", args=[branch.pk]))
    assert len(page.context["rows"]) == rows
