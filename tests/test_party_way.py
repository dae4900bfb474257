"""The way to the Party: what each step asks for, counting once, remarks, pages, papers."""

import datetime
import html
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from branches.enrolling import EnrolmentRefused
from branches.models import (
    AgendaItem,
    Ballot,
    EditConflict,
    Meeting,
    Membership,
    PartyStep,
    Period,
    ProgressRemark,
    SensitiveAccess,
    SensitiveData,
)
from branches.models.rule import rules_on
from branches.party_way.funnel import figures_below, prospects_on, step_figures, steps_behind
from branches.party_way.remarks import change_remark, on_the_way, write_remark
from branches.party_way.steps import change_step, drop_step, record_step, valid_certificate, warnings_about_step
from branches.restructuring import move_unit
from reports.papers.merit import outstanding_list_html, party_introduction_html, party_remark_html
from tests.browsing import faults
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at
from tests.printed import unmarked

TODAY = datetime.date(2026, 11, 22)
NONE = dict.fromkeys(PartyStep.Kind.values, 0)


def on(month, number=1, year=2026):
    return datetime.date(year, month, number)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    real = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda moment=None: real(moment) if moment else TODAY)


def vote_on(day, **said):
    """14 on the roll, 12 there, 11 for."""
    return {"voted_on": day, "entitled": 14, "present": 12, "votes_for": 11, "votes_against": 1} | said


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở", party_body="Chi bộ Sở")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office")
        self.member = MemberFactory(home=self.branch, full_name="Lê Thị Ưu Tú")

    def step(self, kind, day, member=None, **said):
        if kind in ("outstanding", "introduced"):
            said = {"vote": vote_on(day)} | said
        if kind == "admitted":
            said = {"document": "12-QĐ/ĐU"} | said
        return record_step(member=member or self.member, kind=kind, dated_on=day, by=self.secretary, on=TODAY, **said)

    def way(self, *until, member=None):
        days = {"outstanding": on(1, 10), "class_done": on(3, 10), "prospect": on(4, 10), "introduced": on(6, 10),
                "admitted": on(9, 2)}  # fmt: skip
        return [self.step(kind, days[kind], member=member) for kind in until]

    def refused(self, kind, day, **said):
        with pytest.raises(EnrolmentRefused) as refused:
            self.step(kind, day, **said)
        return refused.value.errors


@pytest.fixture
def scene(db):
    return Scene()


# --- what a step asks for -------------------------------------------------------------------------


def test_steps_are_kept_with_day_document_and_end(scene):
    step = scene.step("class_done", on(3, 10), document=" GCN 05 ")
    assert (step.unit, step.document, step.expires_on, step.is_elsewhere) == (
        scene.branch, "GCN 05", on(3, 10, 2031), False,
    )  # fmt: skip
    assert not step.has_expired(on(3, 9, 2031))
    assert step.has_expired(on(3, 10, 2031))


@pytest.mark.parametrize(
    ("kind", "day", "said", "errors"),
    [
        ("prospect", on(11, 23), {}, {"dated_on": "Ngày này chưa đến. Hãy ghi khi đã thực hiện."}),
        ("admitted", on(9, 2), {"document": " "}, {"document": "Hãy ghi số quyết định kết nạp."}),
        ("class_done", on(3, 10), {"expires_on": on(3, 10)}, {"expires_on": "Hãy ghi ngày sau 10/03/2026."}),
        (
            "outstanding", on(1, 10), {"vote": {}},
            {"votes_for": "Bước này phải được chi đoàn biểu quyết: chọn cuộc họp, hoặc ghi số phiếu theo biên bản."},
        ),
        # 12 of 14 there; more than half of them are 7
        (
            "outstanding", on(1, 10), {"vote": vote_on(on(1, 10), votes_for=6, votes_against=6)},
            {"votes_for": "Không thông qua: tán thành 6/12 người có mặt, cần từ 7; có mặt 12/14."},
        ),
        # into the Party: two thirds of 14 are 10 present, and more than half of all 14 are 8
        (
            "introduced", on(6, 10), {"vote": vote_on(on(6, 10), present=9, votes_for=9, votes_against=0)},
            {"votes_for": "Chưa đủ số người để biểu quyết: có mặt 9/14, phải có từ 10. Kết quả không có giá trị."},
        ),
        (
            "introduced", on(6, 10), {"vote": vote_on(on(6, 10), votes_for=7, votes_against=5)},
            {"votes_for": "Không thông qua: tán thành 7/14 người được biểu quyết, cần từ 8; có mặt 12/14."},
        ),
        (
            "outstanding", on(1, 10), {"vote": vote_on(on(1, 11))},
            {"dated_on": "Hãy ghi ngày từ 11/01/2026, ngày họp xét, trở đi."},
        ),
        (
            "outstanding", on(1, 10), {"vote": vote_on(on(1, 10), votes_for=12)},
            {"votes_for": "Cộng lại 13 người biểu quyết, nhiều hơn 12 người có mặt."},
        ),
        ("outstanding", on(1, 10), {"vote": {"present": 12}}, {
            "voted_on": "Hãy ghi ngày họp xét.", "entitled": "Hãy ghi số người được biểu quyết.",
            "votes_for": "Hãy ghi số tán thành.",
        }),
    ],
)  # fmt: skip
def test_step_that_cannot_be_is_answered_at_its_field(scene, kind, day, said, errors):
    assert scene.refused(kind, day, **said) == errors
    assert not PartyStep.objects.exists()


@pytest.mark.parametrize("kind", ["introduced", "admitted"])
def test_eighteen_full_years_on_the_day(scene, kind):
    scene.member.birth_date = on(6, 11, 2008)
    scene.member.save()
    assert scene.refused(kind, on(6, 10)) == {"dated_on": "Ngày này mới 17 tuổi; vào Đảng phải đủ 18 tuổi."}
    assert scene.step(kind, on(6, 11)).pk


def test_certificate_has_to_hold_on_the_day_of_the_resolution(scene):
    scene.step("class_done", on(6, 10, 2021))
    assert scene.refused("introduced", on(6, 10)) == {
        "dated_on": "Giấy chứng nhận lớp nhận thức về Đảng hết giá trị từ 10/06/2026. Hãy ghi lớp học mới."
    }
    assert scene.step("introduced", on(6, 9)).pk
    again = scene.step("class_done", on(7, 1))
    assert scene.step("introduced", on(7, 2)).pk
    assert valid_certificate(list(PartyStep.objects.all()), TODAY) == again


def test_missing_steps_warn_and_do_not_stop(scene):
    step = scene.step("introduced", on(6, 10))
    said = warnings_about_step(scene.member, "introduced", step.dated_on, steps=[], rules=rules_on(TODAY))
    assert said == [
        "Chưa ghi: Đoàn viên ưu tú; Giới thiệu học lớp nhận thức về Đảng; Đã học lớp nhận thức về Đảng; "
        "Đối tượng Đảng. Nếu đã làm ở nơi khác, hãy ghi bổ sung."
    ]
    scene.way("outstanding", "class_done", "prospect")
    others = list(PartyStep.objects.exclude(pk=step.pk))
    # who did the class was proposed for it
    assert warnings_about_step(scene.member, "introduced", step.dated_on, steps=others, rules=rules_on(TODAY)) == []


def test_probation_is_twelve_months(scene):
    admitted = scene.step("admitted", on(9, 2, 2025))
    for day, said in ((on(9, 1), ["Chưa đủ 12 tháng dự bị kể từ 02/09/2025."]), (on(9, 2), [])):
        found = warnings_about_step(scene.member, "official", day, steps=[admitted], rules=rules_on(TODAY))
        assert found[1:] == said  # the first one names missing steps


def test_steps_of_the_party_come_once_and_in_their_order(scene):
    scene.way("introduced", "admitted")
    assert scene.refused("admitted", on(9, 3)) == {"": "Đã ghi Kết nạp Đảng ngày 02/09/2026."}
    assert scene.refused("official", on(9, 1)) == {"dated_on": "Hãy ghi ngày sau 02/09/2026, ngày kết nạp Đảng."}
    assert scene.refused("prospect", on(9, 3)) == {
        "dated_on": "Đã kết nạp Đảng ngày 02/09/2026: bước này phải trước ngày đó."
    }
    assert scene.refused("introduced", on(6, 10)) == {"dated_on": "Đã ghi bước này ngày 10/06/2026."}


def test_vote_of_a_meeting_is_taken_over(scene):
    meeting = Meeting.objects.create(
        unit=scene.branch,
        title="Xét đoàn viên ưu tú",
        starts_at=timezone.make_aware(datetime.datetime.combine(on(1, 9), datetime.time(10))),
        created_by=scene.secretary,
    )
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="Bỏ phiếu", subject=scene.member)
    numbers = {"entitled": 14, "present": 12, "votes_for": 7, "written_by": scene.secretary}
    ballot = Ballot.objects.create(item=item, question="Đoàn viên ưu tú", decision="outstanding", **numbers)
    step = scene.step("outstanding", on(1, 10), ballot=ballot, vote=None)
    assert (step.voted_on, step.vote, step.present) == (on(1, 9), ballot, None)
    other = MemberFactory(home=scene.branch)
    wrong = {"ballot": "Lần biểu quyết này là về việc khác. Hãy chọn lại."}
    assert scene.refused("outstanding", on(1, 10), member=other, ballot=ballot) == wrong
    assert scene.refused("introduced", on(1, 10), ballot=ballot) == wrong


# --- the register ---------------------------------------------------------------------------------


def test_admission_writes_the_register_with_its_row_of_access(scene):
    scene.way("introduced", "admitted")
    scene.step("official", on(10, 1))
    kept = SensitiveData.objects.get(member=scene.member)
    assert (kept.joined_party_on, kept.joined_party_precision, kept.official_party_on) == (on(9, 2), "day", on(10, 1))
    rows = SensitiveAccess.objects.values_list("account", "kind")
    assert list(rows) == [(scene.secretary.pk, "changed")] * 2


def test_another_day_in_the_register_is_not_overwritten(scene):
    SensitiveData.objects.create(member=scene.member, joined_party_on=on(5, 19))
    said = {"dated_on": "Phần giữ kín của hồ sơ đang ghi một ngày khác. Hãy sửa cho khớp rồi ghi lại."}
    assert scene.refused("admitted", on(9, 2)) == said
    assert not PartyStep.objects.exists()
    # known by its year only, it is made precise
    SensitiveData.objects.update(joined_party_on=on(1, 1), joined_party_precision="year")
    scene.step("admitted", on(9, 2))
    assert SensitiveData.objects.get().joined_party_on == on(9, 2)


def test_corrected_and_dropped_admission_is_followed_by_the_register(scene):
    step = scene.step("admitted", on(9, 2))
    step = change_step(
        step=step, version=1, dated_on=on(9, 3), document="12-QĐ/ĐU", by=scene.secretary, on=TODAY
    )  # fmt: skip
    assert SensitiveData.objects.get().joined_party_on == on(9, 3)
    with pytest.raises(EditConflict):
        drop_step(step=step, version=1, by=scene.secretary)
    drop_step(step=step, version=2, by=scene.secretary)
    assert SensitiveData.objects.get().joined_party_on is None
    assert not PartyStep.objects.exists()


def test_full_membership_goes_before_its_admission_does(scene):
    admitted = scene.step("admitted", on(9, 2))
    scene.step("official", on(10, 1))
    with pytest.raises(EnrolmentRefused, match="Đã ghi chuyển Đảng chính thức"):
        drop_step(step=admitted, version=1, by=scene.secretary)


# --- counting -------------------------------------------------------------------------------------


def figures(unit, year=2026):
    return {kind: n for kind, n in step_figures([unit], Period.of_year(year))[unit.pk].items() if n}


def test_each_person_counts_once_a_step_in_the_year_of_the_first(scene):
    scene.step("outstanding", on(12, 1, 2025))
    scene.step("outstanding", on(1, 10))
    scene.step("introduced", on(6, 10))
    scene.step("introduced", on(6, 20))
    scene.step("outstanding", on(2, 10), member=MemberFactory(home=scene.branch))
    assert figures(scene.branch, 2025) == {"outstanding": 1}
    assert figures(scene.branch) == figures(scene.union) == {"outstanding": 1, "introduced": 1}
    both = Period(kind="term", starts_on=on(1, 1, 2025), ends_on=on(1, 1, 2027))
    assert step_figures([scene.branch], both)[scene.branch.pk] == NONE | {"outstanding": 2, "introduced": 1}
    behind = steps_behind(scene.union, "introduced", Period.of_year(2026))
    assert [(one.member, one.dated_on) for one in behind] == [(scene.member, on(6, 10))]


def test_step_taken_before_coming_here_is_on_the_way_and_in_no_figure(scene):
    newcomer = MemberFactory(home=scene.branch, since=on(5, 1), begin_reason=Membership.Begin.MOVED_IN)
    step = scene.step("outstanding", on(1, 10), member=newcomer, vote={})
    assert step.is_elsewhere
    assert figures(scene.branch) == {}
    scene.step("outstanding", on(6, 10), member=newcomer)
    assert figures(scene.branch) == {}  # the first one was elsewhere
    assert [row.member for row in on_the_way(scene.branch, on=TODAY)] == [newcomer]


def test_after_leaving_nothing_is_written(scene):
    scene.member.memberships.update(ends_on=on(3, 26), end_reason="matured")
    assert scene.refused("outstanding", on(4, 1)) == {"dated_on": "Đã rời chi đoàn từ 26/03/2026. Hãy xem lại ngày."}
    assert scene.step("outstanding", on(3, 1)).pk


def test_superior_counts_by_unit_and_by_the_tree_of_the_day(scene):
    other = UnionFactory(name="Đoàn khác")
    mover = UnitFactory(superior=scene.union)
    scene.step("prospect", on(4, 1), member=MemberFactory(home=mover))
    scene.step("prospect", on(8, 1), member=MemberFactory(home=mover))
    scene.way("prospect")
    move_unit(unit=mover, superior=other, decision="9-QĐ", on=on(7, 1))
    year = Period.of_year(2026)
    mover.refresh_from_db()
    assert figures_below(scene.union, year) == {
        scene.branch.pk: NONE | {"prospect": 1}, mover.pk: NONE | {"prospect": 1},
    }  # fmt: skip
    found = step_figures([scene.union, other, mover], year)
    assert [found[one.pk]["prospect"] for one in (scene.union, other, mover)] == [2, 1, 2]


def test_prospects_stand_on_a_day(scene):
    scene.way("prospect")
    scene.way("prospect", "admitted", member=MemberFactory(home=scene.branch))
    assert [prospects_on(scene.union, day) for day in (on(4, 9), on(4, 10), on(9, 1), on(9, 2))] == [0, 2, 2, 1]


@pytest.mark.parametrize("units", [1, 3, 30])
def test_figures_need_two_queries(scene, units, django_assert_num_queries):
    branches = [UnitFactory(superior=scene.union) for _ in range(units)]
    for branch in branches:
        scene.way("prospect", member=MemberFactory(home=branch))
    with django_assert_num_queries(2):
        found = step_figures([scene.union, *branches], Period.of_year(2026))
    assert found[scene.union.pk] == NONE | {"prospect": units}
    assert found[branches[0].pk] == NONE | {"prospect": 1}


# --- remarks --------------------------------------------------------------------------------------


def remark(scene, day, **said):
    said = {"member": scene.member, "merits": "Gương mẫu", "by": scene.secretary, "on": TODAY} | said
    return write_remark(dated_on=day, **said)


def test_remark_is_due_six_months_after_the_last_one_or_the_newest_step(scene):
    scene.way("prospect")  # 10/04
    (row,) = on_the_way(scene.branch, on=TODAY)
    assert (row.due_on, row.is_due(on(10, 10)), row.is_due(on(10, 11))) == (on(10, 10), False, True)
    remark(scene, on(8, 31))
    (row,) = on_the_way(scene.branch, on=TODAY)
    assert row.due_on == on(2, 28, 2027)
    scene.step("official", on(11, 1))
    assert on_the_way(scene.branch, on=TODAY) == []


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"merits": " "}, {"merits": "Hãy ghi ưu điểm, tiến bộ."}),
        ({"sent_on": on(8, 30)}, {"sent_on": "Ngày gửi không thể trước ngày nhận xét."}),
        ({"sent_on": on(11, 23)}, {"sent_on": "Ngày này chưa đến. Để trống, gửi rồi thì ghi."}),
    ],
)
def test_remark_that_cannot_be_is_answered_at_its_field(scene, said, errors):
    scene.way("prospect")
    with pytest.raises(EnrolmentRefused) as refused:
        remark(scene, on(8, 31), **said)
    assert refused.value.errors == errors
    assert not ProgressRemark.objects.exists()


def test_remark_is_of_somebody_on_the_way_and_once_a_day(scene):
    with pytest.raises(EnrolmentRefused, match="chưa có bước nào"):
        remark(scene, on(8, 31))
    scene.way("prospect")
    first = remark(scene, on(8, 31))
    with pytest.raises(EnrolmentRefused, match="Đã có nhận xét ngày này"):
        remark(scene, on(8, 31))
    said = {"dated_on": on(8, 31), "merits": "Gương mẫu", "on": TODAY}
    change_remark(remark=first, version=1, sent_on=on(9, 1), **said)
    with pytest.raises(EditConflict):
        change_remark(remark=first, version=1, **said)
    assert ProgressRemark.objects.get().sent_on == on(9, 1)


# --- races ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_admissions_at_once_are_one():
    scene = Scene()
    gate, answers = threading.Barrier(2), []

    def record(number):
        gate.wait()
        try:
            answers.append(scene.step("admitted", on(9, number)))
        except EnrolmentRefused as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=[number]) for number in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(type(one).__name__ for one in answers) == ["PartyStep", "PartyWayRefused"]
    assert SensitiveData.objects.get().joined_party_on == PartyStep.objects.get().dated_on


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def test_step_is_written_corrected_and_dropped_by_its_pages(client, scene):
    client.force_login(scene.secretary)
    url = reverse("branches:party_step_new", args=[scene.member.pk, "outstanding"])
    said = key() | {
        "dated_on": "10/01/2026", "document": "04-NQ", "voted_on": "09/01/2026", "entitled": "14", "present": "12",
        "votes_for": "11", "votes_against": "1",
    }  # fmt: skip
    first = client.post(url, said)
    assert client.post(url, said).headers["Location"] == first.headers["Location"]
    step = PartyStep.objects.get()
    page = text_of(client.get(reverse("branches:party_member", args=[scene.member.pk])))
    words = "Họp ngày 09/01/2026, có mặt 12/14: 11 tán thành, 1 không tán thành, 0 ý kiến khác"
    assert words in page
    edit = reverse("branches:party_step_edit", args=[step.pk])
    assert 'value="11"' in text_of(client.get(edit))
    changed = said | key() | {"version": "1", "votes_for": "3"}
    assert "Không thông qua: tán thành 3/12" in text_of(client.post(edit, changed))
    assert client.post(edit, changed | {"votes_for": "10"}).status_code == 302
    drop = reverse("branches:party_step_drop", args=[step.pk])
    assert "Có người vừa sửa" in text_of(client.post(drop, key() | {"version": "1"}))
    assert client.post(drop, key() | {"version": "2"}).status_code == 302
    assert not PartyStep.objects.exists()


def test_vote_of_a_meeting_is_chosen_on_the_page(client, scene):
    meeting = Meeting.objects.create(
        unit=scene.branch, title="Họp", created_by=scene.secretary,
        starts_at=timezone.make_aware(datetime.datetime.combine(on(1, 9), datetime.time(10))),
    )  # fmt: skip
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="Bỏ phiếu")
    numbers = {"entitled": 14, "present": 12, "votes_for": 7, "written_by": scene.secretary}
    ballot = Ballot.objects.create(item=item, question="Đoàn viên ưu tú", decision="outstanding", **numbers)
    other = Ballot.objects.create(item=item, question="Việc khác", decision="simple", **numbers)
    client.force_login(scene.secretary)
    url = reverse("branches:party_step_new", args=[scene.member.pk, "outstanding"])
    page = text_of(client.get(url))
    assert "Họp 09/01/2026: Đoàn viên ưu tú, 7/12 tán thành" in page
    assert "Việc khác" not in page
    said = key() | {"dated_on": "10/01/2026"}
    assert "Mục đã chọn không còn trong danh sách" in text_of(client.post(url, said | {"ballot": other.pk}))
    assert client.post(url, said | {"ballot": ballot.pk}).status_code == 302
    assert PartyStep.objects.get().ballot == ballot


def test_counters_open_the_list_behind_them(client, scene):
    scene.way("outstanding", "class_done", "prospect", "introduced")
    client.force_login(scene.office)
    page = text_of(client.get(reverse("branches:party_way", args=[scene.union.pk])))
    assert 'data-label="Giới thiệu Đảng xem xét kết nạp:">1<' in page
    listed = text_of(client.get(reverse("branches:party_list", args=[scene.union.pk, "introduced"])))
    assert "Lê Thị Ưu Tú" in listed
    assert "Lê Thị Ưu Tú" not in text_of(
        client.get(reverse("branches:party_list", args=[scene.union.pk, "introduced"]) + "?nam=2025")
    )
    assert client.get(reverse("branches:party_list", args=[scene.union.pk, "gi-do"])).status_code == 404


def test_overdue_remarks_wait_for_the_secretary(client, scene):
    scene.way("prospect")
    client.force_login(scene.secretary)
    assert "1 đoàn viên đến kỳ nhận xét gửi cấp ủy" in text_of(client.get(reverse("reports:home")))
    remark(scene, on(11, 1))
    assert "đến kỳ nhận xét gửi cấp ủy" not in text_of(client.get(reverse("reports:home")))


def test_party_committee_reads_counters_and_no_names(client, scene):
    scene.way("outstanding", "class_done")
    party = account_at(scene.branch, "party_secretary")
    client.force_login(party)
    page = text_of(client.get(reverse("reports:party_summary", args=[scene.branch.pk])))
    assert "Phát triển Đảng" in page
    assert 'data-label="Kết quả">1</td>' in page
    assert "Lê Thị Ưu Tú" not in page
    assert client.get(reverse("branches:party_way", args=[scene.branch.pk])).status_code == 404
    assert client.get(reverse("branches:party_member", args=[scene.member.pk])).status_code == 404


def test_stranger_member_and_committee_member_find_nothing(client, scene):
    step = scene.way("introduced")[0]
    kinds = ("member", "committee_member", "inspection_chair")
    accounts = [account_at(scene.branch, kind) for kind in kinds]
    for account in (*accounts, account_at(UnitFactory(superior=scene.union))):
        client.force_login(account)
        names = {
            "branches:party_way": scene.branch.pk, "branches:party_member": scene.member.pk,
            "branches:party_step_edit": step.pk, "reports:party_introduction_pdf": step.pk,
        }  # fmt: skip
        for name, pk in names.items():
            assert client.get(reverse(name, args=[pk])).status_code == 404, (account, name)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_funnel_page_query_count(client, scene, rows, django_assert_num_queries):
    for _ in range(rows):
        scene.way("outstanding", "prospect", member=MemberFactory(home=scene.branch))
        UnitFactory(superior=scene.union)
    client.force_login(scene.office)
    # session, account, posts, unit; figures 2, rules, on the way 3, below 3, prospects
    with django_assert_num_queries(14):
        page = client.get(reverse("branches:party_way", args=[scene.union.pk]))
    assert (len(page.context["rows"]), len(page.context["below"])) == (rows, rows + 1)


# --- papers ---------------------------------------------------------------------------------------


def test_resolution_says_vote_and_last_remark(scene):
    scene.way("prospect")
    remark(scene, on(5, 1), merits="Gương mẫu.\nHọc tốt.", shortcomings="Còn rụt rè.")
    remark(scene, on(7, 1), merits="Viết sau")
    paper = unmarked(party_introduction_html(scene.way("introduced")[0])[0])
    for words in (
        "CHI ĐOÀN SỞ QUYẾT NGHỊ", "Chi bộ Sở", "Họ và tên: <b>Lê Thị Ưu Tú</b>", "<p>Gương mẫu.</p>", "<p>Học tốt.</p>",
        "<p>Còn rụt rè.</p>", "tổng số 14 đoàn viên, có mặt 12; tán thành 11, không tán thành 1, ý kiến khác 0",
        "ngày 10 tháng 6 năm 2026",
    ):  # fmt: skip
        assert words in paper, words
    assert "Viết sau" not in paper


def test_list_and_remark_are_printed(scene):
    scene.way("outstanding")
    steps = list(steps_behind(scene.branch, "outstanding", Period.of_year(2026)))
    paper = outstanding_list_html(scene.branch, steps, year=2026, on=TODAY)[0]
    assert '<td class="c">11/12</td><td class="c">10/01/2026</td>' in paper
    paper = unmarked(party_remark_html(remark(scene, on(8, 31)))[0])
    assert "Kính gửi: Chi bộ Sở" in paper
    assert "đoàn viên ưu tú (10/01/2026)" in paper
    assert "19/05/2000" in paper


@pytest.mark.parametrize("name", ["party_introduction_pdf", "party_remark_pdf", "outstanding_list_pdf"])
def test_papers_come_as_pdf(client, scene, name):
    steps = scene.way("outstanding", "introduced")
    keys = {"party_introduction_pdf": steps[1].pk, "outstanding_list_pdf": scene.branch.pk}
    if name == "party_remark_pdf":
        keys[name] = remark(scene, on(8, 31)).pk
    client.force_login(scene.office)
    answer = client.get(reverse(f"reports:{name}", args=[keys[name]]))
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


# --- on a phone -----------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_one_way_to_the_party_on_a_phone(open_page):
    scene = Scene()
    page = open_page(360, scene.secretary)
    page.goto(reverse("branches:member", args=[scene.member.pk]))
    page.get_by_role("link", name="Phát triển Đảng").click()
    wrong = {"way": faults(page)}
    page.get_by_role("link", name="Ghi đoàn viên ưu tú").click()
    wrong["form"] = faults(page)
    page.get_by_label("Ngày công nhận").fill("2026-01-10")
    page.get_by_label("Ngày họp xét").fill("2026-01-09")
    for label, number in (("Được biểu quyết", "14"), ("Có mặt", "12"), ("Tán thành", "6")):
        page.get_by_label(label, exact=True).fill(number)
    page.get_by_role("button", name="Lưu bước này").click()
    page.get_by_text("cần từ 7").first.wait_for()
    page.get_by_label("Tán thành", exact=True).fill("11")
    page.get_by_role("button", name="Lưu bước này").click()
    page.get_by_role("link", name="Ghi giới thiệu học lớp nhận thức về Đảng").click()
    page.get_by_label("Ngày giới thiệu").fill("2026-02-10")
    page.get_by_role("button", name="Lưu bước này").click()
    page.get_by_role("link", name="Viết nhận xét").click()
    page.get_by_label("Ưu điểm, tiến bộ").fill("Gương mẫu, nhiệt tình.")
    page.get_by_role("button", name="Lưu nhận xét").click()
    page.get_by_text("chưa ghi ngày gửi").wait_for()
    wrong["after"] = faults(page)
    page.goto(reverse("branches:party_way", args=[scene.branch.pk]))
    wrong["funnel"] = faults(page)
    assert {name: found for name, found in wrong.items() if found} == {}
    assert list(PartyStep.objects.order_by("pk").values_list("kind", "votes_for")) == [
        ("outstanding", 11), ("class_proposed", None),
    ]  # fmt: skip
