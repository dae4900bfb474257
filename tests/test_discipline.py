"""Discipline: state × verb × person, votes, authority, what a decision does, restricted reading, papers."""

import datetime
import html
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from branches.disciplining import (
    change_case,
    decide_case,
    discipline_figures,
    dismiss_case,
    lift_case,
    measures_for,
    note_appeal,
    open_case,
    open_case_warning,
    review_case,
)
from branches.enrolling import EnrolmentRefused
from branches.models import (
    Discipline,
    DisciplineAccess,
    EditConflict,
    Membership,
    Period,
    Post,
    SensitiveAccess,
    SensitiveData,
)
from reports.papers.merit import discipline_decision_html, discipline_minutes_html
from tests.factories import AccountFactory, MemberFactory, PostFactory, UnionFactory, UnitFactory, account_at
from tests.printed import unmarked

TODAY = datetime.date(2026, 11, 22)
OPENED, VOTED, DECIDED, ENDED = (datetime.date(2026, month, 5) for month in (8, 9, 10, 11))
MEASURES = ["reprimand", "warning", "removal", "expulsion"]


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office")
        self.member = MemberFactory(home=self.branch, full_name="Lê Văn Phạm")

    def open(self, **said):
        values = {"member": self.member, "opened_on": OPENED, "facts": "Bỏ sinh hoạt", "by": self.secretary}
        return open_case(on=TODAY, **values | said)

    def review(self, case, proposed="reprimand", by=None, **said):
        """14 on the roll, 10 there (two thirds of 14), 6 for (more than half of 10)."""
        vote = {
            "voted_on": VOTED, "is_secret": True, "entitled": 14, "present": 10, "issued": 10, "returned": 10,
            "invalid": 1, "votes_for": 6, "votes_against": 3,
        }  # fmt: skip
        return review_case(case=case, proposed=proposed, by=by or self.secretary, on=TODAY, vote=vote | said)

    def decide(self, case, measure="reprimand", by=None, **said):
        values = {"decision": "12-QĐ/ĐK", "decided_on": DECIDED, "by": by or self.office, "on": TODAY}
        return decide_case(case=case, measure=measure, **values | said)

    def at(self, state):
        case = self.open()
        if state == "dismissed":
            return dismiss_case(case=case, ended_on=ENDED, note="Không có căn cứ", by=self.secretary, on=TODAY)
        if state != "opened":
            case = self.review(case)
        if state in ("decided", "lifted"):
            case = self.decide(case)
        if state == "lifted":
            case = lift_case(case=case, ended_on=ENDED, note="Đã sửa chữa", by=self.office, on=TODAY)
        return case


@pytest.fixture
def scene(db):
    return Scene()


def refusal(act) -> dict:
    with pytest.raises(EnrolmentRefused) as refused:
        act()
    return refused.value.errors


def closed_words(member) -> str:
    return SensitiveData.objects.filter(member=member).values_list("discipline", flat=True).first() or ""


# --- the table of states --------------------------------------------------------------------------

ALLOWED = {
    "change": {"opened"},
    "review": {"opened"},
    "decide": {"reviewed"},
    "dismiss": {"opened", "reviewed"},
    "lift": {"decided"},
    "appeal": {"decided", "lifted"},
}


def verbs(scene, case):
    by = scene.office
    return {
        "change": lambda: change_case(case=case, version=case.version, opened_on=OPENED, facts="Khác", on=TODAY),
        "review": lambda: scene.review(case),
        "decide": lambda: scene.decide(case),
        "dismiss": lambda: dismiss_case(case=case, ended_on=ENDED, note="Đủ", by=by, on=TODAY),
        "lift": lambda: lift_case(case=case, ended_on=ENDED, note="Đủ", by=by, on=TODAY),
        "appeal": lambda: note_appeal(case=case, appealed_on=ENDED, note="Xin xem lại", on=TODAY),
    }


@pytest.mark.parametrize("verb", ALLOWED)
@pytest.mark.parametrize("state", Discipline.State.values)
def test_each_verb_works_at_its_states_and_at_no_other(scene, state, verb):
    case = scene.at(state)
    assert case.state == state
    act = verbs(scene, case)[verb]
    if state in ALLOWED[verb]:
        assert act().version == case.version + 1
        return
    said = f"Hồ sơ này đã chuyển bước: {case.get_state_display()}. Hãy mở lại trang để xem."
    assert refusal(act) == {"": said}
    assert Discipline.objects.get().state == state


@pytest.mark.parametrize("verb", ["open", "review", "decide", "dismiss", "lift"])
def test_nobody_handles_the_own_case(scene, verb):
    own = account_at(scene.branch, "deputy_secretary", member=scene.member)
    said = {"": "Không tự ghi hồ sơ kỷ luật của mình. Hãy nhờ Phó Bí thư hoặc Đoàn cấp trên."}
    if verb == "open":
        assert refusal(lambda: scene.open(by=own)) == said
        return
    case = scene.at({"review": "opened", "dismiss": "opened", "decide": "reviewed", "lift": "decided"}[verb])
    acts = {
        "review": lambda: scene.review(case, by=own),
        "decide": lambda: scene.decide(case, by=own),
        "dismiss": lambda: dismiss_case(case=case, ended_on=ENDED, note="Đủ", by=own, on=TODAY),
        "lift": lambda: lift_case(case=case, ended_on=ENDED, note="Đủ", by=own, on=TODAY),
    }
    assert refusal(acts[verb]) == said


# --- opening and review ---------------------------------------------------------------------------


def test_one_open_case_of_a_person_at_a_time(scene):
    case = scene.open()
    assert refusal(scene.open) == {"": "Lê Văn Phạm đang có một hồ sơ chưa xong. Hãy mở hồ sơ đó."}
    dismiss_case(case=case, ended_on=ENDED, note="Không có căn cứ", by=scene.secretary, on=TODAY)
    assert scene.open().state == "opened"
    assert refusal(lambda: scene.open(member=MemberFactory(home=scene.branch), facts=" ")) == {
        "facts": "Hãy ghi nội dung vi phạm."
    }


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"present": 9, "issued": 9, "returned": 9, "votes_against": 2}, {
            "votes_for": "Chưa đủ số người để biểu quyết: có mặt 9/14, phải có từ 10. Kết quả không có giá trị. "
            "Hãy biểu quyết hình thức khác, hoặc ghi thôi xem xét."
        }),
        # exactly half of the ten is not enough
        ({"votes_for": 5, "votes_against": 4}, {
            "votes_for": "Không thông qua: tán thành 5/10 người có mặt, cần từ 6; có mặt 10/14. "
            "Hãy biểu quyết hình thức khác, hoặc ghi thôi xem xét."
        }),
        ({"is_secret": False}, {"is_secret": "Kỷ luật phải bỏ phiếu kín."}),
        ({"votes_for": 7}, {"votes_for": "Có 9 phiếu hợp lệ, cộng lại ba ô là 10. Hãy đếm lại."}),
        ({"issued": 11}, {"issued": "Phát ra không thể nhiều hơn 10 người có mặt."}),
        ({"returned": None}, {"returned": "Bỏ phiếu kín phải ghi số phiếu."}),
        ({"voted_on": datetime.date(2026, 8, 4)}, {"voted_on": "Hãy ghi ngày từ 05/08/2026, ngày xem xét, trở đi."}),
        ({"voted_on": datetime.date(2026, 11, 23)}, {"voted_on": "Ngày này chưa đến. Hãy ghi sau khi họp."}),
    ],
)  # fmt: skip
def test_review_that_does_not_hold_leaves_the_case_open(scene, said, errors):
    case = scene.open()
    assert refusal(lambda: scene.review(case, **said)) == errors
    assert Discipline.objects.values_list("state", "present").get() == ("opened", None)


def test_second_editor_is_refused(scene):
    case = scene.open()
    change_case(case=case, version=1, opened_on=OPENED, facts="Rõ hơn", on=TODAY)
    with pytest.raises(EditConflict):
        change_case(case=case, version=1, opened_on=OPENED, facts="Khác", on=TODAY)


# --- authority ------------------------------------------------------------------------------------


@pytest.mark.parametrize("proposed", MEASURES)
def test_branch_decides_a_reprimand_and_the_superior_everything(scene, proposed):
    case = scene.review(scene.open(), proposed=proposed)
    assert measures_for(case, scene.office, on=DECIDED) == MEASURES
    assert measures_for(case, scene.secretary, on=DECIDED) == (["reprimand"] if proposed == "reprimand" else [])
    others = [account_at(scene.branch, kind) for kind in ("committee_member", "member", "party_secretary")]
    assert [measures_for(case, one, on=DECIDED) for one in (*others, account_at(UnitFactory()))] == [[]] * 4
    if proposed != "reprimand":
        said = f"{case.get_proposed_display()} do Đoàn cấp trên trực tiếp quyết định."
        assert refusal(lambda: scene.decide(case, proposed, by=scene.secretary)) == {"measure": said}
        assert closed_words(scene.member) == ""


def test_of_an_officer_the_superior_decides_a_reprimand_too(scene):
    account_at(scene.branch, "committee_member", member=scene.member)
    case = scene.review(scene.open())
    assert measures_for(case, scene.secretary, on=DECIDED) == []
    assert measures_for(case, scene.office, on=DECIDED) == MEASURES


def test_where_nobody_is_above_the_branch_writes_the_paper_down(scene):
    scene.office.posts.update(ends_on=TODAY)
    case = scene.review(scene.open(), proposed="warning")
    case = scene.decide(case, "warning", by=scene.secretary, decided_on=TODAY)
    assert (case.state, case.decided_by, case.decided_by_body) == (
        "decided",
        scene.secretary,
        "Ban Chấp hành Đoàn Khối",
    )


def test_decision_names_who_decided(scene):
    case = scene.decide(scene.review(scene.open()), by=scene.secretary)
    assert (case.decided_by_body, case.decided_by) == ("Ban Chấp hành Chi đoàn Sở", scene.secretary)


# --- what a decision does -------------------------------------------------------------------------


def test_closed_part_of_the_register_is_kept_in_step(scene):
    SensitiveData.objects.create(member=scene.member, discipline="Phê bình năm 2020")
    case = scene.decide(scene.review(scene.open(), proposed="warning"), "warning")
    assert closed_words(scene.member) == "Phê bình năm 2020; Cảnh cáo, 12-QĐ/ĐK ngày 05/10/2026"
    assert list(SensitiveAccess.objects.values_list("account", "kind")) == [(scene.office.pk, "changed")]
    lift_case(case=case, ended_on=ENDED, note="Đã sửa chữa", by=scene.office, on=TODAY)
    assert closed_words(scene.member) == "Phê bình năm 2020"


def test_dismissed_case_leaves_nothing_in_the_register(scene):
    scene.at("dismissed")
    assert not SensitiveData.objects.exists()


def test_expulsion_ends_membership_and_posts_with_the_decision(scene):
    post = PostFactory(unit=scene.branch, type="deputy_secretary", account=AccountFactory(member=scene.member))
    case = scene.decide(scene.review(scene.open(), proposed="expulsion"), "expulsion", posts=[post.pk])
    scene.member.refresh_from_db()
    post.refresh_from_db()
    span = Membership.objects.get(member=scene.member)
    assert (case.state, scene.member.is_active, post.ends_on) == ("decided", False, DECIDED)
    assert (span.ends_on, span.end_reason, span.end_decision) == (DECIDED, "expelled", "12-QĐ/ĐK")
    assert refusal(lambda: lift_case(case=case, ended_on=ENDED, note="Đủ", by=scene.office, on=TODAY)) == {
        "": "Người đã khai trừ không công nhận sửa chữa; muốn trở lại thì kết nạp lại."
    }


def test_expulsion_that_cannot_be_carried_out_is_not_decided(scene):
    case = scene.review(scene.open(), proposed="expulsion")
    scene.member.transfers.create(
        source=scene.branch, target_name="Nơi khác", remark="Tốt", asked_on=OPENED, due_on=ENDED,
        sent_by=scene.secretary,
    )  # fmt: skip
    assert "đang chuyển sinh hoạt" in refusal(lambda: scene.decide(case, "expulsion"))[""]
    assert Discipline.objects.get().state == "reviewed"
    assert closed_words(scene.member) == ""


def test_removal_ends_the_chosen_posts_and_needs_one(scene):
    case = scene.review(scene.open(), proposed="removal")
    said = {"posts": "Cách chức phải chọn ít nhất một chức vụ đang giữ."}
    assert refusal(lambda: scene.decide(case, "removal")) == said
    assert Discipline.objects.get().state == "reviewed"
    post = PostFactory(unit=scene.branch, type="committee_member", account=AccountFactory(member=scene.member))
    stranger = PostFactory(unit=scene.branch, type="committee_member")
    assert refusal(lambda: scene.decide(case, "removal", posts=[stranger.pk])) == said
    scene.decide(case, "removal", posts=[post.pk])
    ends = dict(Post.objects.values_list("pk", "ends_on"))
    assert (ends[post.pk], ends[stranger.pk]) == (DECIDED, None)
    assert scene.member.memberships.get().ends_on is None


def test_appeal_is_noted_and_added_to(scene):
    case = scene.at("decided")
    early = datetime.date(2026, 10, 4)
    assert refusal(lambda: note_appeal(case=case, appealed_on=early, note="Xin xem lại", on=TODAY)) == {
        "appealed_on": "Hãy ghi ngày từ 05/10/2026, ngày quyết định, trở đi."
    }
    note_appeal(case=case, appealed_on=ENDED, note="Xin xem lại", on=TODAY)
    note_appeal(case=case, appealed_on=ENDED, note="Xin xem lại; giữ nguyên", on=TODAY)
    assert Discipline.objects.get().appeal_note == "Xin xem lại; giữ nguyên"


def test_figures_count_decisions_without_names(scene, django_assert_num_queries):
    scene.at("lifted")
    scene.decide(scene.review(scene.open(), proposed="warning"), "warning")
    scene.open(member=MemberFactory(home=scene.branch))
    other = UnitFactory(superior=scene.union)
    with django_assert_num_queries(1):
        found = discipline_figures([scene.union, scene.branch, other], Period.of_year(2026))
    counted = {"reprimand": 1, "warning": 1, "removal": 0, "expulsion": 0}
    assert found == {scene.union.pk: counted, scene.branch.pk: counted, other.pk: dict.fromkeys(MEASURES, 0)}
    assert discipline_figures([scene.branch], Period.of_year(2025)) == {scene.branch.pk: dict.fromkeys(MEASURES, 0)}


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one():
    scene = Scene()
    case = scene.review(scene.open(), proposed="expulsion")
    gate, answers = threading.Barrier(2), []

    def decide(measure):
        gate.wait()
        try:
            answers.append(scene.decide(case, measure))
        except EnrolmentRefused as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[measure]) for measure in ("warning", "expulsion")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(type(one).__name__ for one in answers) == ["Discipline", "DisciplineRefused"]
    kept = Discipline.objects.get()
    scene.member.refresh_from_db()
    assert scene.member.is_active is (kept.measure == "warning")


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def test_case_goes_its_way_by_the_pages(client, scene):
    client.force_login(scene.secretary)
    new = reverse("branches:discipline_new", args=[scene.member.pk])
    said = key() | {"opened_on": "05/08/2026", "facts": "Bỏ sinh hoạt ba tháng"}
    first = client.post(new, said)
    assert client.post(new, said).headers["Location"] == first.headers["Location"]
    case = Discipline.objects.get()
    numbers = {"entitled": "14", "present": "10", "issued": "10", "returned": "10", "votes_for": "6",
               "votes_against": "4", "is_secret": "on", "voted_on": "05/09/2026"}  # fmt: skip
    review = reverse("branches:discipline_review", args=[case.pk])
    assert "cần từ 6" in text_of(client.post(review, key() | numbers | {"proposed": "warning", "votes_for": "5",
                                                                        "votes_against": "5"}))  # fmt: skip
    assert client.post(review, key() | numbers | {"proposed": "warning"}).status_code == 302
    decide = reverse("branches:discipline_decide", args=[case.pk])
    decision = {"measure": "warning", "decision": "12-QĐ/ĐK", "decided_on": "05/10/2026"}
    assert client.post(decide, key() | decision).status_code == 403
    client.force_login(scene.office)
    home = text_of(client.get(reverse("reports:home")))
    assert "Hồ sơ kỷ luật chờ quyết định" in home
    assert "Lê Văn Phạm" not in home
    assert client.post(decide, key() | decision).status_code == 302
    assert "chờ quyết định" not in text_of(client.get(reverse("reports:home")))
    lift = reverse("branches:discipline_lift", args=[case.pk])
    assert client.post(lift, key() | {"ended_on": "05/11/2026", "note": "Đã sửa chữa"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.measure, closed_words(scene.member)) == ("lifted", "warning", "")


def test_each_opening_leaves_a_row_that_the_page_shows(client, scene):
    case = scene.at("reviewed")
    client.force_login(scene.office)
    page = text_of(client.get(reverse("branches:discipline", args=[case.pk])))
    assert "Bỏ sinh hoạt" in page
    assert str(scene.office) in page
    client.get(reverse("reports:discipline_decision_pdf", args=[case.pk]))
    client.get(reverse("branches:discipline_list", args=[scene.union.pk]))  # says nothing of the case: no row
    assert list(DisciplineAccess.objects.values_list("account", flat=True)) == [scene.office.pk] * 2


def test_person_reads_the_own_case_and_does_nothing_to_it(client, scene):
    case = scene.at("reviewed")
    own = account_at(scene.branch, member=scene.member)
    client.force_login(own)
    page = text_of(client.get(reverse("branches:discipline", args=[case.pk])))
    assert "Bỏ sinh hoạt" in page
    for name in ("review", "decide", "dismiss", "lift", "appeal", "edit"):
        assert client.post(reverse(f"branches:discipline_{name}", args=[case.pk]), key()).status_code == 403, name
    assert client.get(reverse("branches:discipline_new", args=[scene.member.pk])).status_code == 403


def test_others_find_nothing(client, scene):
    case = scene.at("reviewed")
    kinds = ("member", "committee_member", "party_secretary", "inspection_chair")
    for account in (*(account_at(scene.branch, kind) for kind in kinds), account_at(UnitFactory(superior=scene.union))):
        client.force_login(account)
        names = {
            "branches:discipline": case.pk, "branches:discipline_list": scene.branch.pk,
            "branches:discipline_decide": case.pk, "reports:discipline_minutes_pdf": case.pk,
        }  # fmt: skip
        for name, pk in names.items():
            assert client.get(reverse(name, args=[pk])).status_code == 404, (account, name)
    assert not DisciplineAccess.objects.exists()


def test_pages_of_leaving_and_moving_warn_while_a_case_is_open(client, scene):
    client.force_login(scene.secretary)
    pages = [reverse(f"branches:{name}", args=[scene.member.pk]) for name in ("member_leave", "transfer_new")]
    pages.append(reverse("branches:member_leave_for", args=[scene.member.pk, "xoa-ten"]))
    words = "đang được xem xét kỷ luật"
    assert [words in text_of(client.get(page)) for page in pages] == [False] * 3
    case = scene.open()
    assert [words in text_of(client.get(page)) for page in pages] == [True] * 3
    dismiss_case(case=case, ended_on=ENDED, note="Không có căn cứ", by=scene.secretary, on=TODAY)
    assert open_case_warning(scene.member) == []


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_discipline_list_query_count(client, scene, rows, django_assert_num_queries):
    for _ in range(rows):
        scene.open(member=MemberFactory(home=scene.branch))
    client.force_login(scene.office)
    with django_assert_num_queries(6):  # session, account, posts, unit, count, rows
        page = client.get(reverse("branches:discipline_list", args=[scene.union.pk]))
    assert len(page.context["rows"]) == rows


# --- papers ---------------------------------------------------------------------------------------


def test_decision_and_its_draft(scene):
    case = scene.review(scene.open(), proposed="warning")
    draft = unmarked(discipline_decision_html(case, on=TODAY)[0])
    assert "(DỰ THẢO, CHƯA QUYẾT ĐỊNH)" in draft
    assert "<b>cảnh cáo</b>" in draft
    paper = unmarked(discipline_decision_html(scene.decide(case, "reprimand"), on=TODAY)[0])
    for words in (
        "BAN CHẤP HÀNH ĐOÀN KHỐI", "<b>khiển trách</b>", "Số: 12-QĐ/ĐK", "có mặt 10/14, 6 phiếu tán thành", "cảnh cáo",
        "ngày 05 tháng 10 năm 2026",
    ):  # fmt: skip
        assert words in paper, words
    assert "DỰ THẢO" not in paper


def test_minutes_say_how_the_vote_went(scene):
    paper = discipline_minutes_html(scene.review(scene.open(), proposed="warning"))[0]
    assert "tổng số 14 đoàn viên được biểu quyết, có mặt 10" in paper
    assert "phát ra 10 phiếu, thu về 10 phiếu, không hợp lệ 1 phiếu; tán thành 6, không tán thành 3" in paper
    assert "Thông qua: tán thành 6/10 người có mặt, cần từ 6; có mặt 10/14." in paper
