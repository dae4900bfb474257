"""Who leaves ends what they held in the same step, all or nothing; who holds on is told to those who may end it."""

import datetime
import html
import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from branches.enrolling import EnrolmentRefused
from branches.leaving import leave
from branches.leaving_posts import posts_left
from branches.maturing import mature_members
from branches.models import Member, Membership, Post
from branches.transferring import accept_transfer, send_transfer
from branches.unit_warnings import unit_warnings, warnings_below
from reports.waiting_items import tell
from reports.waiting_people import holders_gone
from tests.browsing import Looker
from tests.conftest import PHONE
from tests.factories import MemberFactory, PostFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
MARCH_26 = datetime.date(2026, 3, 26)
MAY_19 = datetime.date(2026, 5, 19)
BORN = datetime.date(1995, 1, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    """Two branches of a Đoàn; the deputy secretary of the first is a member of it who reaches the age."""

    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối các cơ quan")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Y tế")
        self.other = UnitFactory(superior=self.union, name="Chi đoàn Sở Tư pháp")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office")
        self.member = MemberFactory(home=self.branch, full_name="Trần Văn Bình", birth_date=BORN)
        self.holder = account_at(self.branch, "deputy_secretary", member=self.member, full_name="Trần Văn Bình")
        self.post = self.holder.posts.get()
        self.beside = MemberFactory(home=self.other, full_name="Lê Thị Cúc", birth_date=BORN)

    def leave(self, *posts, by=None, on=MARCH_26, member=None):
        return leave(
            member=member or self.member, reason="matured", on=on, decision="9-QĐ/ĐK", note="",
            by=by or self.secretary, today=TODAY, posts=[one.pk for one in posts],
        )  # fmt: skip

    def offered(self, user):
        return [(one.words, one.may_end) for one in posts_left([self.member], user=user, on=TODAY)[self.member.pk]]

    def days(self):
        return {post.pk: post.ends_on for post in Post.objects.filter(account=self.holder)}


@pytest.fixture
def scene(db):
    return Scene()


# --- what is offered ------------------------------------------------------------------------------


def test_posts_at_the_branch_and_below_are_offered_to_who_may_end_them(scene):
    group = UnitFactory(superior=scene.branch, kind="sub_branch", name="Phân đoàn 1")
    PostFactory(account=scene.holder, unit=group, type="committee_member", starts_on=MAY_19)
    PostFactory(account=scene.holder, unit=scene.union, type="committee_member")  # not at the unit that is left
    PostFactory(account=scene.holder, unit=scene.branch, type="party_member")  # not held as a member
    PostFactory(account=scene.holder, unit=scene.branch, type="member", ends_on=MAY_19)  # over
    words = [
        ("Phó Bí thư, Chi đoàn Sở Y tế, giữ từ 01/01/2015", True),
        ("Ủy viên Ban Chấp hành, Phân đoàn 1, giữ từ 19/05/2026", True),
    ]
    assert scene.offered(scene.secretary) == words
    recorder = account_at(scene.branch, "committee_member")  # gives no post
    assert scene.offered(recorder) == [(text, False) for text, _ in words]


@pytest.mark.parametrize("number", [1, 3, 30])
def test_offering_is_one_query(scene, number, django_assert_num_queries):
    members = [MemberFactory(home=scene.branch) for _ in range(number)]
    for one in members:
        account_at(scene.branch, "committee_member", member=one)
    with django_assert_num_queries(1):
        assert len(posts_left(members, user=None, on=TODAY)) == number


# --- the step -------------------------------------------------------------------------------------


def test_leaving_ends_the_chosen_post_on_its_day_and_leaves_the_others(scene):
    kept = PostFactory(account=scene.holder, unit=scene.branch, type="committee_member")
    scene.leave(scene.post)
    assert scene.days() == {scene.post.pk: MARCH_26, kept.pk: None}
    scene.post.refresh_from_db()
    assert scene.post.decision == "thôi: 9-QĐ/ĐK"
    assert scene.post.history.first().history_user == scene.secretary
    assert Membership.objects.get(member=scene.member).ends_on == MARCH_26


def test_post_begun_after_the_day_was_held_for_a_day(scene):
    late = PostFactory(account=scene.holder, unit=scene.branch, type="committee_member", starts_on=MAY_19)
    scene.leave(late)
    assert scene.days()[late.pk] == datetime.date(2026, 5, 20)


def test_post_that_ended_meanwhile_stays_as_it_was_written(scene):
    Post.objects.filter(pk=scene.post.pk).update(ends_on=MARCH_26)
    scene.leave(scene.post, on=MAY_19)
    assert scene.days() == {scene.post.pk: MARCH_26}


def test_post_of_somebody_else_is_not_touched(scene):
    other = account_at(scene.branch, "committee_member", member=MemberFactory(home=scene.branch)).posts.get()
    scene.leave(scene.post, other)
    other.refresh_from_db()
    assert other.ends_on is None


@pytest.mark.parametrize("where", ["above", "no right"])
def test_nobody_leaves_where_a_chosen_post_cannot_be_ended(scene, where):
    if where == "above":
        post = PostFactory(account=scene.holder, unit=scene.union, type="committee_member")
        by, text = scene.secretary, "không thuộc Chi đoàn Sở Y tế. Hãy ghi thôi ở trang chức vụ."
    else:
        post, by = scene.post, account_at(scene.branch, "committee_member")
        text = "Bạn không thay đổi được chức vụ Phó Bí thư tại Chi đoàn Sở Y tế."
    with pytest.raises(EnrolmentRefused) as refused:
        scene.leave(post, by=by)
    assert text in refused.value.errors["posts"]
    assert Member.objects.get(pk=scene.member.pk).is_active
    assert set(scene.days().values()) == {None}


def test_source_ends_the_post_when_it_closes_a_transfer_to_outside(scene):
    transfer = send_transfer(
        member=scene.member, target=None, target_name="Đoàn xã Ea Kao", asked_on=MAY_19, remark="Tốt",
        letter_number="05", letter_on=MAY_19, by=scene.secretary, on=TODAY,
    )  # fmt: skip
    accept_transfer(transfer=transfer, moved_on=TODAY, by=scene.secretary, on=TODAY, posts=[scene.post.pk])
    scene.post.refresh_from_db()
    assert (scene.post.ends_on, scene.post.decision) == (TODAY, "thôi: Giấy giới thiệu 05 ngày 19/05/2026")


def test_host_that_takes_in_may_not_end_a_post_of_the_source(scene):
    transfer = send_transfer(
        member=scene.member, target=scene.other, asked_on=MAY_19, remark="Tốt", by=scene.secretary, on=TODAY
    )
    host = account_at(scene.other)
    with pytest.raises(EnrolmentRefused, match="Bạn không thay đổi được chức vụ Phó Bí thư"):
        accept_transfer(transfer=transfer, moved_on=TODAY, by=host, on=TODAY, posts=[scene.post.pk])
    assert Member.objects.get(pk=scene.member.pk).home == scene.branch
    accept_transfer(transfer=transfer, moved_on=TODAY, by=host, on=TODAY)
    assert Member.objects.get(pk=scene.member.pk).home == scene.other
    assert scene.days() == {scene.post.pk: None}


# --- several branches at once ---------------------------------------------------------------------


def test_superior_matures_people_of_two_branches_with_one_decision(scene):
    mature_members(
        members=[scene.member, scene.beside], on=MARCH_26, decision="9-QĐ/ĐK", by=scene.office, today=TODAY,
        posts=[scene.post.pk],
    )  # fmt: skip
    spans = Membership.objects.order_by("member_id").values_list("unit__name", "ends_on", "end_decision")
    assert list(spans) == [("Chi đoàn Sở Y tế", MARCH_26, "9-QĐ/ĐK"), ("Chi đoàn Sở Tư pháp", MARCH_26, "9-QĐ/ĐK")]
    assert scene.days() == {scene.post.pk: MARCH_26}


def test_refusal_names_the_person_and_the_branch_and_nobody_leaves(scene):
    scene.beside.memberships.update(starts_on=MAY_19)
    with pytest.raises(EnrolmentRefused) as refused:
        mature_members(
            members=[scene.member, scene.beside], on=MARCH_26, decision="9-QĐ", by=scene.office, today=TODAY,
            posts=[scene.post.pk],
        )  # fmt: skip
    assert refused.value.errors == {
        "on": "Lê Thị Cúc (Chi đoàn Sở Tư pháp): Hãy ghi ngày sau 19/05/2026, ngày vào chi đoàn."
    }
    assert Member.objects.filter(is_active=True).count() == 2
    assert scene.days() == {scene.post.pk: None}


# --- who left and still holds it ------------------------------------------------------------------


def gone(unit):
    return [one.text for one in unit_warnings(unit, TODAY) if one.code == "holder_gone"]


def test_branch_and_superior_are_told_until_the_post_ends(scene):
    assert gone(scene.branch) == []
    scene.leave()
    text = "Trần Văn Bình giữ chức vụ Phó Bí thư đã rời đơn vị từ 26/03/2026. Hãy ghi thôi hoặc bàn giao chức vụ."
    assert gone(scene.branch) == [text]
    assert [one.text for unit, found in warnings_below(scene.union, TODAY) for one in found if "rời" in one.text] == [
        text
    ]
    Post.objects.filter(pk=scene.post.pk).update(ends_on=TODAY)
    assert gone(scene.branch) == []


def test_officer_of_another_branch_and_who_moved_within_have_left_nothing(scene):
    stranger = MemberFactory(home=scene.other)
    account_at(scene.branch, "committee_member", member=stranger)  # was never a member here
    above = PostFactory(account=scene.holder, unit=scene.union, type="committee_member")
    scene.member.memberships.update(ends_on=MAY_19, end_reason="moved_out")
    Membership.objects.create(member=scene.member, unit=scene.other, starts_on=MAY_19, begin_reason="moved_in")
    assert gone(scene.union) == []  # still below it
    assert len(gone(scene.branch)) == 1
    scene.member.memberships.filter(unit=scene.other).update(ends_on=TODAY, end_reason="matured")
    assert len(gone(scene.union)) == 1
    above.delete()
    assert gone(scene.union) == []


def waits(account, unit):
    source = holders_gone(account, unit, TODAY)
    tell([source])
    return [(one.what, one.context) for one in source.told]


def test_waiting_list_of_those_who_may_end_it_has_it(scene):
    scene.leave()
    line = ("Ghi thôi chức vụ của Trần Văn Bình", "Phó Bí thư, Chi đoàn Sở Y tế; đã rời đơn vị từ 26/03/2026")
    assert waits(scene.secretary, scene.branch) == [line]
    assert waits(scene.office, scene.union) == [line]
    assert waits(account_at(scene.branch, "committee_member"), scene.branch) == []
    assert waits(account_at(scene.other), scene.other) == []


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


def matured(scene, **said):
    return {
        "form_key": str(uuid.uuid4()), "on": "26/03/2026", "decision": "9-QĐ/ĐK", "note": "", "ceremony": "", **said
    }  # fmt: skip


def test_page_offers_the_post_ticked_and_says_what_ended(client, scene):
    client.force_login(scene.secretary)
    url = reverse("branches:member_leave_for", args=[scene.member.pk, "truong-thanh"])
    page = text_of(client.get(url))
    assert f'name="posts" value="{scene.post.pk}" id="cv-{scene.post.pk}" checked' in page
    assert "thôi Phó Bí thư, Chi đoàn Sở Y tế, giữ từ 01/01/2015" in page
    page = text_of(client.post(url, matured(scene, posts=[scene.post.pk]), follow=True))
    assert "rời danh sách: trưởng thành đoàn. Thôi chức vụ: Phó Bí thư, Chi đoàn Sở Y tế." in page
    assert scene.days() == {scene.post.pk: MARCH_26}


def test_unticked_post_goes_on(client, scene):
    client.force_login(scene.secretary)
    url = reverse("branches:member_leave_for", args=[scene.member.pk, "truong-thanh"])
    assert client.post(url, matured(scene)).status_code == 302
    assert scene.days() == {scene.post.pk: None}


def test_superior_page_matures_several_branches_and_the_paper_names_them(client, scene):
    client.force_login(scene.office)
    url = reverse("branches:maturity", args=[scene.union.pk])
    page = text_of(client.get(url))
    assert "Trần Văn Bình: thôi Phó Bí thư, Chi đoàn Sở Y tế, giữ từ 01/01/2015" in page
    said = matured(scene, members=[scene.member.pk, scene.beside.pk], posts=[scene.post.pk])
    answer = client.post(url, said)
    assert answer.headers["Location"] == f"{url}?ngay=2026-03-26"
    assert client.post(url, said).headers["Location"] == answer.headers["Location"]  # sent twice is once
    assert not Member.objects.filter(is_active=True).exists()
    assert scene.days() == {scene.post.pk: MARCH_26}
    page = text_of(client.get(answer.headers["Location"]))
    assert "Đã ghi 2 đoàn viên trưởng thành đoàn từ 26/03/2026. Thôi chức vụ: Phó Bí thư, Chi đoàn Sở Y tế." in page
    assert reverse("reports:maturity_decision_pdf", args=[scene.union.pk, "2026-03-26"]) in page


def test_superior_of_others_cannot_choose_them(client, scene):
    far = account_at(UnionFactory(), "superior_office")
    client.force_login(far)
    assert client.get(reverse("branches:maturity", args=[scene.union.pk])).status_code == 404
    own = far.posts.get().unit
    MemberFactory(home=UnitFactory(superior=own), birth_date=BORN)
    client.post(reverse("branches:maturity", args=[own.pk]), matured(scene, members=[scene.member.pk]))
    assert Member.objects.get(pk=scene.member.pk).is_active


def test_who_ends_the_own_post_is_led_home(client, scene):
    own = account_at(scene.branch, member=MemberFactory(home=scene.branch, birth_date=BORN))
    client.force_login(own)
    url = reverse("branches:maturity", args=[scene.branch.pk])
    answer = client.post(url, matured(scene, members=[own.member_id], posts=[own.posts.get().pk]))
    assert answer.headers["Location"] == reverse("reports:home")
    assert client.get(url).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_superior_matures_two_branches_on_a_phone(open_page):
    scene = Scene()
    looker = Looker("maturity of several branches")
    page = open_page(PHONE, scene.office)
    page.goto(reverse("branches:maturity", args=[scene.union.pk]))
    page.get_by_label("Trần Văn Bình", exact=True).check()
    page.get_by_label("Lê Thị Cúc", exact=True).check()
    expect(page.get_by_label("thôi Phó Bí thư, Chi đoàn Sở Y tế")).to_be_checked()
    page.get_by_text("26/03/2026", exact=True).click()
    page.get_by_label("Số quyết định, biên bản").fill("9-QĐ/ĐK")
    looker.at(page, "chosen")
    page.get_by_role("button", name="Ghi trưởng thành đoàn").click()
    expect(page.get_by_text("Thôi chức vụ: Phó Bí thư, Chi đoàn Sở Y tế.")).to_be_visible()
    looker.at(page, "done")
    assert scene.days() == {scene.post.pk: MARCH_26}
    assert not Member.objects.filter(is_active=True).exists()
    assert looker.wrong == {}
