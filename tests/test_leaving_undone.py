"""A leaving that was a mistake is taken back with what it ended: posts, stays; and what stays ended says why."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from branches.appointing import end_post
from branches.enrolling import EnrolmentRefused
from branches.leaving import leave, undo_leaving
from branches.leaving_undone import returns
from branches.maturing import mature_members
from branches.models import AwayStay, EndedAlong, Member, Membership, Post
from branches.staying import begin_away, begin_stay
from tests.browsing import Looker
from tests.conftest import PHONE
from tests.factories import PostFactory, UnitFactory, account_at
from tests.test_leaving_posts import MARCH_26, MAY_19, TODAY, Scene

pytestmark = pytest.mark.django_db
JANUARY = datetime.date(2026, 1, 5)
END_OF_TERM = datetime.date(2027, 3, 26)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Away(Scene):
    """The deputy secretary also stays at the other branch and lives in a commune; the post has a last day."""

    def __init__(self):
        super().__init__()
        Post.objects.filter(pk=self.post.pk).update(ends_on=END_OF_TERM, decision="QĐ 12")
        self.post.refresh_from_db()
        said = {"member": self.member, "starts_on": JANUARY, "on": TODAY}
        self.stay = begin_stay(unit=self.other, kind="temporary", **said)
        self.commune = begin_away(place="Đoàn xã Ea Kao", kind="residence", by=self.secretary, **said)

    def undo(self, by=None, **said):
        return undo_leaving(member=self.member, why="Ghi nhầm người", by=by or self.secretary, **said)

    def left(self):
        return Membership.objects.get(member=self.member, kind="official")

    def told(self, by=None):
        return [(one.words, one.why_not) for one in returns(self.left(), by=by or self.secretary)]

    def ends(self):
        """The last days of post, stay and place, as stored."""
        self.post.refresh_from_db(), self.stay.refresh_from_db(), self.commune.refresh_from_db()
        return self.post.ends_on, self.stay.ends_on, self.commune.ends_on


@pytest.fixture
def scene():
    return Away()


STAY = "Sinh hoạt tạm thời tại Chi đoàn Sở Tư pháp từ 05/01/2026"
COMMUNE = "Sinh hoạt nơi cư trú tại Đoàn xã Ea Kao từ 05/01/2026"


def since(scene):
    """The words of the post, with the day the factory gave it."""
    return f"Phó Bí thư, Chi đoàn Sở Y tế, giữ từ {scene.post.starts_on:%d/%m/%Y} đến trước 26/03/2027"


def test_posts_and_stays_come_back_as_they_were(scene):
    scene.leave(scene.post)
    assert scene.ends() == (MARCH_26, MARCH_26, MARCH_26)
    assert scene.told() == [(since(scene), ""), (STAY, ""), (COMMUNE, "")]
    scene.undo()
    assert scene.ends() == (END_OF_TERM, None, None)
    assert scene.post.decision == "QĐ 12"
    assert scene.stay.end_reason == ""
    newest = scene.post.history.first()
    assert (newest.history_user, newest.history_change_reason) == (
        scene.secretary, "Bỏ việc rời danh sách: Ghi nhầm người",
    )  # fmt: skip
    assert Member.objects.get(pk=scene.member.pk).is_active
    assert not EndedAlong.objects.exists()
    # A second leaving is kept anew.
    scene.leave(on=MAY_19)
    assert scene.told() == [(STAY, ""), (COMMUNE, "")]


def test_what_was_not_ended_by_the_leaving_is_not_touched(scene):
    end_post(by=scene.office, post=scene.post, on=MARCH_26)
    Membership.objects.filter(pk=scene.stay.pk).update(ends_on=MARCH_26, end_reason="moved_out")
    AwayStay.objects.filter(pk=scene.commune.pk).update(ends_on=MARCH_26)
    scene.leave()
    assert scene.told() == []
    scene.undo()
    assert scene.ends() == (MARCH_26, MARCH_26, MARCH_26)


def test_post_given_to_somebody_else_meanwhile_stays_ended_and_says_so(scene):
    secretary = PostFactory(account=scene.holder, unit=scene.branch, type="secretary")
    scene.secretary.posts.update(ends_on=MARCH_26)
    scene.leave(secretary, by=scene.office)
    PostFactory(account=account_at(scene.other, full_name="Vũ Thị Lan"), unit=scene.branch, type="secretary",
                starts_on=MAY_19)  # fmt: skip
    (words, why), *_ = scene.told(scene.office)
    assert words.startswith("Bí thư, Chi đoàn Sở Y tế, giữ từ ")
    assert why == "Vũ Thị Lan giữ chức vụ Bí thư từ 19/05/2026"
    scene.undo(by=scene.office)
    secretary.refresh_from_db()
    assert secretary.ends_on == MARCH_26
    assert scene.ends()[1:] == (None, None)


@pytest.mark.parametrize("what", ["changed", "no right", "own", "closed account", "unit gone"])
def test_what_stays_ended_and_why(scene, what):
    scene.leave(scene.post)
    by = scene.secretary
    if what == "changed":
        Post.objects.update(ends_on=MAY_19)
        Membership.objects.filter(pk=scene.stay.pk).update(ends_on=MAY_19)
        AwayStay.objects.update(ends_on=MAY_19)
        why = ["đã có người sửa ngày kết thúc sau đó"] * 3
    elif what == "unit gone":
        type(scene.other).objects.filter(pk=scene.other.pk).update(dissolved_on=MAY_19)
        why = ["", "Chi đoàn Sở Tư pháp đã giải thể", ""]
    elif what == "closed account":
        type(scene.holder).objects.filter(pk=scene.holder.pk).update(is_active=False)
        why = ["tài khoản đã ngừng dùng", "", ""]
    else:
        by = scene.holder if what == "own" else account_at(scene.branch, "committee_member")
        why = ["bạn không giao được chức vụ này, hãy báo Đoàn cấp trên giao lại", "", ""]
    before = scene.ends()
    assert [said for _, said in scene.told(by)] == why
    scene.undo(by=by)
    restored = (END_OF_TERM, None, None)
    assert scene.ends() == tuple(old if said else new for said, old, new in zip(why, before, restored, strict=True))


def test_nothing_is_written_when_it_is_no_longer_what_the_page_said(scene):
    scene.leave(scene.post)
    seen = [one.row.pk for one in returns(scene.left(), by=scene.secretary)]
    AwayStay.objects.update(ends_on=MAY_19)
    with pytest.raises(EnrolmentRefused, match="Vừa có thay đổi về chức vụ hoặc nơi sinh hoạt"):
        scene.undo(seen=seen)
    assert scene.ends() == (MARCH_26, MARCH_26, MAY_19)
    assert not Member.objects.get(pk=scene.member.pk).is_active
    scene.undo(seen=seen[:2])
    assert scene.ends() == (END_OF_TERM, None, MAY_19)


def test_maturity_of_several_is_taken_back_for_one(scene):
    mature_members(
        members=[scene.member, scene.beside], on=MARCH_26, decision="9-QĐ/ĐK", note="", by=scene.office, today=TODAY,
        posts=[scene.post.pk],
    )  # fmt: skip
    scene.undo(by=scene.office)
    assert scene.ends() == (END_OF_TERM, None, None)
    assert not Member.objects.get(pk=scene.beside.pk).is_active


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_do_not_grow_with_the_stays(scene, django_assert_num_queries, count):
    for number in range(count):
        begin_away(
            member=scene.member, place=f"Xã {number}", kind="residence", starts_on=JANUARY, by=scene.secretary, on=TODAY
        )
    scene.leave()
    leaving = scene.left()
    with django_assert_num_queries(1):
        assert len(returns(leaving, by=scene.secretary)) == 2 + count


# --- the page -------------------------------------------------------------------------------------


def test_page_says_what_comes_back_and_refuses_what_it_did_not_say(client, scene):
    scene.leave(scene.post)
    AwayStay.objects.update(ends_on=MAY_19)
    client.force_login(scene.secretary)
    url = reverse("branches:member_leave", args=[scene.member.pk])
    page = client.get(url).content.decode()
    assert "Trở lại cùng lúc:" in page
    assert f"<li>{since(scene)}</li>" in page
    assert f"<li>{COMMUNE}: đã có người sửa ngày kết thúc sau đó.</li>" in page
    answer = client.post(url, {"why": "Nhầm", "seen": "", "form_key": "5f0c4f0e-4e2b-4a43-9a56-0a2f3a1f7b11"})
    assert "Vừa có thay đổi về chức vụ" in answer.content.decode()
    assert not Member.objects.get(pk=scene.member.pk).is_active
    client.force_login(account_at(UnitFactory(), "secretary"))
    assert client.get(url).status_code == 404


def test_page_says_so_when_nothing_ended_along(client, scene):
    leave(member=scene.beside, reason="matured", on=MARCH_26, decision="9-QĐ/ĐK", note="", by=scene.office, today=TODAY)
    client.force_login(account_at(scene.other))
    page = client.get(reverse("branches:member_leave", args=[scene.beside.pk])).content.decode()
    assert "không có chức vụ hay nơi sinh hoạt nào được ghi kết thúc theo" in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_take_a_leaving_back_on_a_phone(open_page):
    scene = Away()
    scene.leave(scene.post)
    page = open_page(PHONE, scene.secretary)
    looker = Looker("taking a leaving back")
    page.goto(reverse("branches:member_leave", args=[scene.member.pk]))
    expect(page.get_by_text("Trở lại cùng lúc:")).to_be_visible()
    page.get_by_label("Vì sao bỏ việc rời danh sách").fill("Ghi nhầm người")
    looker.at(page, "what comes back")
    page.get_by_role("button", name="Bỏ việc rời danh sách").click()
    expect(page.get_by_text("lại có trong danh sách của Chi đoàn Sở Y tế")).to_be_visible()
    assert scene.ends() == (END_OF_TERM, None, None)
    assert looker.wrong == {}
