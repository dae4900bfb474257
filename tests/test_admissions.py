"""Admission: the branch proposes and votes, the superior decides, the register gets a new member."""

import datetime
import html
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from branches.admitting import (
    change_admission,
    decide_admission,
    has_approver,
    is_passed,
    open_twins,
    propose_admission,
    record_vote,
    refuse_admission,
    warnings_about_applicant,
    withdraw_admission,
)
from branches.enrolling import EnrolmentRefused
from branches.models import Admission, EditConflict, Member, Membership
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
APPLIED, VOTED, DECIDED = datetime.date(2026, 9, 2), datetime.date(2026, 10, 5), datetime.date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối các cơ quan")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Thông tin")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office")

    def propose(self, **said):
        values = {
            "full_name": "  Y Khoa   Niê ", "sex": "male", "birth_date": datetime.date(2008, 5, 1),
            "applied_on": APPLIED, "introduced_by": "Lê Thu An", "phone": "0905 111 222",
        }  # fmt: skip
        return propose_admission(unit=self.branch, by=self.secretary, on=TODAY, **values | said)

    def vote(self, admission, present=12, agreed=11):
        return record_vote(
            admission=admission, voted_on=VOTED, members_present=present, votes_for=agreed, on=TODAY
        )  # fmt: skip

    def decide(self, admission, **said):
        values = {"decision": "12-QĐ/ĐK", "decided_on": DECIDED, "by": self.office, "on": TODAY}
        return decide_admission(admission=admission, **values | said)


@pytest.fixture
def scene(db):
    return Scene()


# --- verbs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("present", "agreed", "passed"), [(12, 7, True), (12, 6, False), (11, 6, True), (1, 1, True)])
def test_more_than_half_of_those_present_must_agree(present, agreed, passed):
    assert is_passed(present, agreed) is passed


def test_decided_applicant_is_in_the_register_from_that_day(scene):
    admission = scene.decide(scene.vote(scene.propose()))
    member = Member.objects.get()
    assert (admission.state, admission.member, admission.decided_by) == ("decided", member, scene.office)
    assert (member.full_name, member.home, member.birth_date) == (
        "Y Khoa Niê", scene.branch, datetime.date(2008, 5, 1),
    )  # fmt: skip
    assert (member.admitted_on, member.admitted_at, member.phone) == (DECIDED, "Chi đoàn Sở Thông tin", "0905 111 222")
    span = Membership.objects.get()
    assert (span.unit, span.starts_on, span.begin_reason, span.decision) == (
        scene.branch, DECIDED, "admitted", "12-QĐ/ĐK ngày 20/10/2026",
    )  # fmt: skip
    assert member.history.get().history_user == scene.office


def test_ceremony_after_the_decision_is_the_day_of_admission(scene):
    ceremony = datetime.date(2026, 11, 1)
    scene.decide(scene.vote(scene.propose()), admitted_on=ceremony)
    assert (Member.objects.get().admitted_on, Membership.objects.get().starts_on) == (ceremony, ceremony)


def test_vote_without_a_majority_ends_the_application(scene):
    admission = scene.vote(scene.propose(), present=12, agreed=6)
    assert admission.state == "not_passed"
    with pytest.raises(EnrolmentRefused, match="Hồ sơ này đã chuyển bước: Chi đoàn chưa tán thành"):
        scene.decide(admission)
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"voted_on": datetime.date(2026, 9, 1)}, {"voted_on": "Hãy ghi ngày từ 02/09/2026, ngày làm đơn, trở đi."}),
        ({"voted_on": datetime.date(2026, 11, 23)}, {"voted_on": "Ngày này chưa đến. Hãy ghi sau khi họp."}),
        ({"members_present": 0, "votes_for": 0}, {"members_present": "Hãy ghi số đoàn viên có mặt."}),
        ({"votes_for": 13}, {"votes_for": "Chỉ có 12 đoàn viên có mặt. Hãy xem lại số tán thành."}),
    ],
)
def test_vote_that_cannot_be_is_answered_at_its_field(scene, said, errors):
    values = {"voted_on": VOTED, "members_present": 12, "votes_for": 11}
    with pytest.raises(EnrolmentRefused) as refused:
        record_vote(admission=scene.propose(), on=TODAY, **values | said)
    assert refused.value.errors == errors
    assert Admission.objects.get().state == "proposed"


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"decision": " "}, {"decision": "Hãy ghi số quyết định."}),
        (
            {"decided_on": datetime.date(2026, 10, 4)},
            {"decided_on": "Hãy ghi ngày từ 05/10/2026, ngày chi đoàn họp xét, trở đi."},
        ),
        (
            {"admitted_on": datetime.date(2026, 10, 19)},
            {"admitted_on": "Lễ kết nạp không thể trước ngày quyết định 20/10/2026."},
        ),
    ],
)
def test_decision_that_cannot_be_is_answered_at_its_field(scene, said, errors):
    admission = scene.vote(scene.propose())
    with pytest.raises(EnrolmentRefused) as refused:
        scene.decide(admission, **said)
    assert refused.value.errors == errors
    assert not Member.objects.exists()


def test_namesake_in_the_branch_is_asked_about_before_the_decision(scene):
    MemberFactory(home=scene.branch, full_name="Y Khoa Niê", birth_date=datetime.date(2008, 5, 1))
    admission = scene.vote(scene.propose())
    with pytest.raises(EnrolmentRefused) as refused:
        scene.decide(admission)
    assert list(refused.value.errors) == ["namesake"]
    scene.decide(admission, namesake=True)
    assert Member.objects.count() == 2


def test_refused_and_withdrawn_say_why_and_end_there(scene):
    first, second = scene.vote(scene.propose()), scene.propose(full_name="Lê An")
    with pytest.raises(EnrolmentRefused) as refused:
        refuse_admission(admission=first, reason="", decided_on=DECIDED, by=scene.office, on=TODAY)
    assert refused.value.errors == {"reason": "Hãy ghi lý do, để chi đoàn và người làm đơn biết."}
    refuse_admission(admission=first, reason="Chưa học Điều lệ", decided_on=DECIDED, by=scene.office, on=TODAY)
    withdraw_admission(admission=second, reason="Chuyển nơi ở")
    assert list(Admission.objects.order_by("pk").values_list("state", "reason")) == [
        ("refused", "Chưa học Điều lệ"),
        ("withdrawn", "Chuyển nơi ở"),
    ]
    assert not Admission.objects.open().exists()
    with pytest.raises(EnrolmentRefused, match="đã chuyển bước: Không chuẩn y"):
        scene.decide(first)


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"introduced_by": ""}, {"introduced_by": "Hãy ghi ai giới thiệu: một đoàn viên, hoặc chi đội, chi hội."}),
        ({"applied_on": datetime.date(2026, 11, 23)}, {"applied_on": "Ngày này chưa đến."}),
        ({"birth_date": APPLIED}, {"birth_date": "Ngày sinh phải trước ngày làm đơn. Hãy xem lại năm."}),
    ],
)
def test_application_that_cannot_be_is_answered_at_its_field(scene, said, errors):
    with pytest.raises(EnrolmentRefused) as refused:
        scene.propose(**said)
    assert refused.value.errors == errors


def test_second_editor_of_an_application_is_refused(scene):
    admission = scene.propose()
    values = {name: getattr(admission, name) for name in ("full_name", "birth_date", "applied_on", "introduced_by")}
    change_admission(admission=admission, version=1, on=TODAY, **values, job="Học sinh")
    with pytest.raises(EditConflict):
        change_admission(admission=admission, version=1, on=TODAY, **values, job="Sinh viên")
    assert Admission.objects.get().job == "Học sinh"


def test_union_takes_no_application(scene):
    with pytest.raises(EnrolmentRefused, match="Chi đoàn xét kết nạp"):
        propose_admission(
            unit=scene.union, by=scene.office, on=TODAY, full_name="Lê An", birth_date=datetime.date(2008, 5, 1),
            applied_on=APPLIED, introduced_by="Lê Thu An",
        )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born", "words"),
    [
        (datetime.date(2011, 10, 5), ["Mới 15 tuổi, chưa đến tuổi kết nạp (16 tuổi)."]),
        (datetime.date(2011, 10, 4), []),  # fifteen years and a day
        (datetime.date(1995, 10, 6), []),  # still 30
        (datetime.date(1995, 10, 5), ["Đã 31 tuổi, quá tuổi kết nạp (30 tuổi)."]),
    ],
)
def test_ages_warn_on_the_day_of_the_vote(born, words):
    assert warnings_about_applicant(birth_date=born, day_of=VOTED) == words


def test_branch_without_anybody_above_writes_the_decision_down_itself(scene):
    assert has_approver(scene.branch, on=TODAY)
    assert not has_approver(scene.union, on=TODAY)
    scene.office.posts.update(ends_on=TODAY)
    assert not has_approver(scene.branch, on=TODAY)


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_make_one_member():
    scene = Scene()
    admission = scene.vote(scene.propose())
    gate, answers = threading.Barrier(2), []

    def decide():
        gate.wait()
        try:
            answers.append(scene.decide(admission))
        except EnrolmentRefused as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(type(one).__name__ for one in answers) == ["Admission", "EnrolmentRefused"]
    assert Member.objects.count() == 1


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def test_admission_goes_from_the_application_to_the_register_by_its_pages(client, scene):
    client.force_login(scene.secretary)
    said = key() | {
        "full_name": "Y Khoa Niê", "birth_date": "01/05/2008", "applied_on": "02/09/2026",
        "introduced_by": "Lê Thu An", "phone": "0905111222",
    }  # fmt: skip
    first = client.post(reverse("branches:admission_new", args=[scene.branch.pk]), said)
    second = client.post(reverse("branches:admission_new", args=[scene.branch.pk]), said)
    admission = Admission.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == reverse("branches:admission", args=[admission.pk])
    vote = key() | {"voted_on": "05/10/2026", "members_present": "12", "votes_for": "11"}
    client.post(reverse("branches:admission_vote", args=[admission.pk]), vote)
    # The branch does not approve its own application.
    decide = reverse("branches:admission_decide", args=[admission.pk])
    assert client.post(decide, key()).status_code == 403

    client.force_login(scene.office)
    assert "Chuẩn y kết nạp Y Khoa Niê" in text_of(client.get(reverse("reports:home")))
    page = text_of(client.get(reverse("branches:admission", args=[admission.pk])))
    assert "11/12 tán thành" in page
    assert "0905111222" not in page
    client.post(decide, key() | {"decision": "12-QĐ/ĐK", "decided_on": "20/10/2026"})
    assert Member.objects.get().home == scene.branch
    assert "Chuẩn y kết nạp Y Khoa Niê" not in text_of(client.get(reverse("reports:home")))


def test_namesake_is_asked_about_on_the_page(client, scene):
    MemberFactory(home=scene.branch, full_name="Y Khoa Niê", birth_date=datetime.date(2008, 5, 1))
    admission = scene.vote(scene.propose())
    client.force_login(scene.office)
    url = reverse("branches:admission_decide", args=[admission.pk])
    said = {"decision": "12-QĐ/ĐK", "decided_on": "20/10/2026"}
    assert 'type="checkbox" name="namesake"' not in text_of(client.get(url))
    page = text_of(client.post(url, key() | said))
    assert 'name="namesake"' in page
    assert "đã có Y Khoa Niê cùng ngày sinh" in page
    assert client.post(url, key() | said | {"namesake": "on"}).status_code == 302
    assert Member.objects.count() == 2


def test_branch_alone_in_the_software_decides_by_paper(client, scene):
    admission = scene.vote(scene.propose())
    scene.office.posts.update(ends_on=TODAY)
    client.force_login(scene.secretary)
    url = reverse("branches:admission_decide", args=[admission.pk])
    client.post(url, key() | {"decision": "12-QĐ/ĐK", "decided_on": "20/10/2026"})
    admission.refresh_from_db()
    assert (admission.state, admission.decided_by) == ("decided", scene.secretary)


def test_stranger_and_member_find_nothing(client, scene):
    admission = scene.propose()
    for account in (account_at(UnitFactory(superior=scene.union)), account_at(scene.branch, "member")):
        client.force_login(account)
        assert client.get(reverse("branches:admission", args=[admission.pk])).status_code == 404
        assert client.get(reverse("branches:admission_list", args=[scene.branch.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_admission_list_query_count(client, scene, rows, django_assert_num_queries):
    for _ in range(rows):
        scene.propose()
    client.force_login(scene.office)
    with django_assert_num_queries(6):  # session, account, posts, unit, count, rows
        page = client.get(reverse("branches:admission_list", args=[scene.union.pk]))
    assert len(page.context["rows"]) == rows


# --- somebody who asks twice ----------------------------------------------------------------------


def application(**said):
    return {
        "form_key": str(uuid.uuid4()), "full_name": "y khoa niê", "sex": "male", "birth_date": "01/05/2008",
        "applied_on": "10/09/2026", "introduced_by": "Lê Thu An", **said,
    }  # fmt: skip


def test_second_open_application_is_told_and_may_still_be_written(client, scene):
    first = scene.propose()
    client.force_login(scene.secretary)
    url = reverse("branches:admission_new", args=[scene.branch.pk])
    said = application()
    page = html.unescape(client.post(url, said).content.decode())
    assert "Chưa lưu: đã có hồ sơ cùng họ tên, cùng ngày sinh." in page
    assert f'<a href="{reverse("branches:admission", args=[first.pk])}">Y Khoa Niê, Chi đoàn Sở Thông tin</a>' in page
    assert Admission.objects.count() == 1
    answer = client.post(url, said | {"seen": "1"})
    assert answer.status_code == 302
    assert client.post(url, said | {"seen": "1"}).headers["Location"] == answer.headers["Location"]
    assert Admission.objects.count() == 2


@pytest.mark.parametrize("changed", [{"full_name": "Y Khoa Mlô"}, {"birth_date": "02/05/2008"}])
def test_another_name_or_day_of_birth_is_somebody_else(client, scene, changed):
    scene.propose()
    client.force_login(scene.secretary)
    url = reverse("branches:admission_new", args=[scene.branch.pk])
    assert client.post(url, application(**changed)).status_code == 302


def test_closed_applications_and_those_of_strangers_are_not_told(client, scene):
    withdraw_admission(admission=scene.propose(), reason="Chuyển nhà")
    far = UnitFactory()
    propose_admission(
        unit=far, by=account_at(far), on=TODAY, full_name="Y Khoa Niê", birth_date=datetime.date(2008, 5, 1),
        applied_on=APPLIED, introduced_by="Lê Thu An",
    )  # fmt: skip
    assert open_twins(full_name="Y Khoa Niê", birth_date=datetime.date(2008, 5, 1), user=scene.secretary) == []
    client.force_login(scene.secretary)
    assert client.post(reverse("branches:admission_new", args=[scene.branch.pk]), application()).status_code == 302


def test_the_superior_sees_twins_of_two_branches_and_an_application_is_no_twin_of_itself(client, scene):
    first, other = scene.propose(), UnitFactory(superior=scene.union)
    second = propose_admission(
        unit=other, by=account_at(other), on=TODAY, full_name="Y KHOA NIE", birth_date=datetime.date(2008, 5, 1),
        applied_on=APPLIED, introduced_by="Lê Thu An",
    )  # fmt: skip
    said = {"full_name": "Y Khoa Niê", "birth_date": datetime.date(2008, 5, 1)}
    assert open_twins(user=scene.office, **said) == [first, second]
    assert open_twins(user=scene.secretary, **said) == [first]
    assert open_twins(user=scene.secretary, apart_from=first.pk, **said) == []
    client.force_login(scene.secretary)
    saved = client.post(
        reverse("branches:admission_edit", args=[first.pk]), application(version=first.version, job="Giáo viên")
    )
    assert saved.status_code == 302
    assert Admission.objects.get(pk=first.pk).job == "Giáo viên"
