"""Who reaches which case: exact sets, with strangers by name, and the answer of every address."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from inspections.models import (
    Finding,
    HostAttendee,
    Inspection,
    InspectionProgramme,
    Recommendation,
    TeamSeat,
    Topic,
    UnitAnswer,
    UnitAnswerFile,
)
from tests.factories import AccountFactory, PostFactory, UnionFactory, account_at
from tests.inspecting import TODAY, answered, concluded, nobody, planned, scene, stranger, visited, with_findings

pytestmark = pytest.mark.django_db
ONE_DAY = datetime.timedelta(days=1)


def seat(case, account, *, starts_on=datetime.date(2026, 1, 1), ends_on=None):
    return TeamSeat.objects.create(
        inspection=case, account=account, name=str(account), starts_on=starts_on, ends_on=ends_on
    )


def visible(user) -> set:
    return set(Inspection.objects.visible_to(user))


def test_committee_sees_its_cases_and_no_other_committees():
    s, other = scene(), None
    own = [planned(s), concluded(s, unit=s.sibling)[0]]
    other_union = UnionFactory(name="Đoàn Khối khác")
    other = account_at(other_union, "inspection_chair", full_name="Chủ nhiệm nơi khác")
    assert visible(s.chair) == visible(s.inspector) == set(own)
    assert visible(other) == set()


def test_inspected_unit_sees_its_own_case_and_a_sibling_nothing_of_it():
    s = scene()
    mine, theirs = concluded(s)[0], concluded(s, unit=s.sibling)[0]
    sibling = account_at(s.sibling, "secretary", full_name="Bí thư bên cạnh")
    assert visible(s.secretary) == {mine}
    assert visible(sibling) == {theirs}
    assert visible(stranger()) == visible(nobody()) == set()


@pytest.mark.parametrize("post", ["member", "party_secretary", "party_member"])
def test_members_and_the_party_committee_see_no_case(post):
    s = scene()
    concluded(s)
    assert visible(account_at(s.branch, post)) == set()


def test_superior_office_sees_no_case_of_a_branch():
    s = scene()
    concluded(s)
    assert visible(account_at(s.union, "superior_office")) == set()


def test_team_seat_opens_its_one_case_for_its_span():
    s = scene()
    today = timezone.localdate()
    case, other = planned(s), planned(s, unit=s.sibling)
    on_team, former, future = AccountFactory(), AccountFactory(full_name="Đã thôi"), AccountFactory()
    seat(case, on_team)
    seat(case, former, ends_on=today)
    seat(case, future, starts_on=today + ONE_DAY)

    assert visible(on_team) == {case}
    assert other not in visible(on_team)
    assert visible(former) == visible(future) == set()
    assert set(Inspection.objects.editable_by(on_team)) == {case}


def test_two_seats_and_a_post_show_a_case_once():
    s = scene()
    case = planned(s)
    seat(case, s.chair)
    seat(case, s.chair)
    assert list(Inspection.objects.visible_to(s.chair)) == [case]


def test_end_of_a_post_ends_the_reach():
    s = scene()
    planned(s)
    former = AccountFactory(full_name="Chủ nhiệm khóa trước")
    PostFactory(unit=s.union, type="inspection_chair", account=former, ends_on=timezone.localdate())
    assert visible(former) == set()


def test_unannounced_visit_stays_with_the_committee_until_it_took_place():
    s = scene()
    case = planned(s, inspection_kind="sudden", supervision_kind="")
    assert visible(s.secretary) == set()
    assert visible(s.chair) == {case}
    Inspection.objects.filter(pk=case.pk).update(state="visited")
    assert visible(s.secretary) == {case}


def test_findings_are_the_committees_own_until_the_notice():
    s = scene()
    _, draft = with_findings(s)
    assert set(Recommendation.objects.visible_to(s.chair)) == {draft}
    assert set(Recommendation.objects.visible_to(s.secretary)) == set()
    assert set(Finding.objects.visible_to(s.secretary)) == set()

    _, told = concluded(s)
    assert set(Recommendation.objects.visible_to(s.secretary)) == {told}
    assert Finding.objects.visible_to(s.secretary).count() == 2
    assert Finding.objects.visible_to(s.chair).count() == 4


def test_everything_hanging_on_a_case_is_hidden_from_the_stranger():
    s = scene()
    _, row = answered(s)
    outsider = stranger()
    UnitAnswerFile.objects.create(answer=UnitAnswer.objects.get(), name="a.pdf", content_type="application/pdf")
    HostAttendee.objects.create(inspection=row.inspection, name="Khách")
    for model in (Finding, Recommendation, UnitAnswer, UnitAnswerFile, Topic, TeamSeat, HostAttendee):
        assert model.objects.visible_to(s.chair).exists(), model
        assert not model.objects.visible_to(outsider).exists(), model
        assert not model.objects.editable_by(s.secretary).exists(), model
    assert set(InspectionProgramme.objects.visible_to(outsider)) == set()


def test_only_the_units_own_office_answers():
    s = scene()
    _, row = concluded(s)
    committee_member = account_at(s.branch, "committee_member")
    assert set(Recommendation.objects.answerable_by(s.secretary)) == {row}
    assert set(Recommendation.objects.answerable_by(committee_member)) == {row}
    for other in (s.chair, account_at(s.branch, "member"), account_at(s.sibling, "secretary")):
        assert set(Recommendation.objects.answerable_by(other)) == set()


# --- addresses ----------------------------------------------------------------------------------------


@pytest.fixture
def world(media):
    """A visited case with drafts and a concluded one with an answer and its file."""
    s = scene()
    draft_case, draft = with_findings(s)
    told_case, told = answered(s, unit=s.branch)
    file = UnitAnswerFile(answer=told.answers.get(), name="bien-ban.pdf", content_type="application/pdf", kind="pdf")
    file.file.save("x", ContentFile(b"%PDF-1.4"))
    return {
        "s": s, "draft_case": draft_case, "draft": draft, "told_case": told_case, "told": told, "file": file,
        "finding": Finding.objects.filter(inspection=draft_case).first(),
        "seat": TeamSeat.objects.filter(inspection=draft_case).first(),
    }  # fmt: skip


# name: (which object, committee, inspected secretary, everybody else)
PAGES = {
    "programme_list": (None, 200, 404, 404),
    "programme_new": (None, 200, 403, 403),
    "programme": ("programme", 200, 404, 404),
    "programme_edit": ("programme", 200, 404, 404),
    "programme_issue": ("programme", 200, 404, 404),
    "programme_take": ("programme", 200, 404, 404),
    "list": (None, 200, 200, 404),
    "new": (None, 200, 403, 403),
    "inspection": ("told_case", 200, 200, 404),
    "edit": ("draft_case", 200, 403, 404),
    "team": ("draft_case", 200, 403, 404),
    "seat_end": ("seat", 200, 403, 404),
    "send_plan": ("draft_case", 200, 403, 404),
    "self_report": ("draft_case", 403, 200, 404),
    "self_report_paper": ("draft_case", 200, 403, 404),
    "verify": ("draft_case", 200, 403, 404),
    "visit": ("draft_case", 200, 403, 404),
    "team_report": ("draft_case", 200, 403, 404),
    "step_back": ("draft_case", 200, 403, 404),
    "reopen": ("told_case", 200, 403, 404),
    "cancel": ("draft_case", 200, 403, 404),
    "escalate": ("draft_case", 200, 403, 404),
    "reinspect": ("told_case", 200, 403, 404),
    "conclude": ("draft_case", 200, 403, 404),
    "close": ("told_case", 200, 403, 404),
    "finding_new": ("draft_case", 200, 403, 404),
    "finding_edit": ("finding", 200, 404, 404),
    "finding_delete": ("finding", 200, 404, 404),
    "recommendation_new": ("draft_case", 200, 403, 404),
    "recommendation_edit": ("draft", 200, 404, 404),
    "recommendation_delete": ("draft", 200, 404, 404),
    "recommendation_list": (None, 200, 200, 404),
    "answer": ("told", 403, 200, 404),
    "check": ("told", 200, 403, 404),
    "recommendation_extend": ("told", 200, 403, 404),
    "recommendation_withdraw": ("told", 200, 403, 404),
    "recommendation_accept": ("told", 200, 403, 404),
    "recommendation_revoke": ("told", 200, 403, 404),
    "extension_ask": ("told", 403, 200, 404),
    "recommendation_target": ("told", 403, 200, 404),
    "recommendation_task": ("told", 403, 200, 404),
    "answer_file": ("file", 200, 200, 404),
}


@pytest.mark.parametrize("name", PAGES)
def test_page_answers_each_person_as_declared(client, world, name):
    key, *expected = PAGES[name]
    s = world["s"]
    found = s.programme if key == "programme" else world[key] if key else None
    url = reverse(f"inspections:{name}", args=[found.pk] if found else [])
    people = [s.chair, s.secretary, account_at(s.branch, "member", full_name="Đoàn viên thường")]
    answers = []
    for person in people:
        client.force_login(person)
        answers.append(client.get(url).status_code)
    assert answers == expected
    if found is not None:
        for outsider in (stranger(), account_at(s.branch, "party_secretary"), account_at(s.sibling, "secretary")):
            client.force_login(outsider)
            assert client.get(url).status_code == 404


def test_paper_follows_the_case(client, world):
    s = world["s"]
    told = reverse("reports:conclusion_pdf", args=[world["told_case"].pk])
    draft = reverse("reports:conclusion_pdf", args=[world["draft_case"].pk])
    party = account_at(s.branch, "party_secretary")
    for person, expected in [
        (s.chair, (200, 200)),
        (s.secretary, (200, 404)),
        (party, (200, 404)),
    ]:  # the Party committee: what went out
        client.force_login(person)
        assert (client.get(told).status_code, client.get(draft).status_code) == expected


def test_inspected_unit_reads_no_draft_text_on_the_case_page(client, world):
    client.force_login(world["s"].secretary)
    page = client.get(reverse("inspections:inspection", args=[world["draft_case"].pk])).content.decode()
    assert "Sinh hoạt chưa đều" not in page
    assert "Chưa thông báo kết luận" in page


def test_file_of_an_answer_is_disarmed(client, world):
    client.force_login(world["s"].chair)
    answer = client.get(reverse("inspections:answer_file", args=[world["file"].pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="bien-ban.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_team_member_works_in_the_case_and_sees_no_other(client):
    s = scene()
    case, other = visited(s), visited(s, unit=s.sibling)
    helper = AccountFactory(full_name="Người của đoàn kiểm tra")
    seat(case, helper)
    client.force_login(helper)
    assert client.get(reverse("inspections:visit", args=[case.pk])).status_code == 200
    assert client.get(reverse("inspections:inspection", args=[other.pk])).status_code == 404
    listed = client.get(reverse("inspections:list"))
    assert [row[0] for row in listed.context["cases"]] == [case]
    assert case.visited_on < TODAY
