"""What a letter and a finding lead to: a case, a disciplinary case, and who sees the link."""

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.disciplining import open_case
from branches.models import Discipline
from inspections.complaining import (
    link_case,
    link_discipline,
    open_case_from,
)
from inspections.disciplining import open_from_finding, set_disciplines
from inspections.models import Complaint, ComplaintMove, Finding, Inspection
from inspections.states import InspectionRefused
from tests.factories import AccountFactory, MemberFactory, PostFactory, UnitFactory, account_at
from tests.inspecting import TODAY, concluded, planned, scene, stranger, with_findings
from tests.letters import RECEIVED, Day, letter, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


@pytest.fixture
def s(media):
    return scene()


def test_a_case_on_signs_of_violation_says_nothing_of_the_letter(s, client):
    row = letter(s)
    case = open_case_from(
        complaint=row, version=1, programme=s.programme, title="Thu, nộp đoàn phí", review_from=Day(2026, 1, 1),
        review_to=Day(2026, 11, 1), reason="Khi có dấu hiệu vi phạm", by=s.chair, on=TODAY,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.inspection, case.inspection_kind, case.unit) == (case, "violation_sign", s.branch)
    assert ComplaintMove.objects.last().words == "Mở cuộc kiểm tra: Thu, nộp đoàn phí"
    change_row = s.programme.changes.last()
    assert "đơn" not in f"{change_row.what} {change_row.reason}".lower()
    client.force_login(s.secretary)
    assert client.get(url("inspection", case)).status_code == 404  # not announced
    with pytest.raises(InspectionRefused, match="đã gắn với một cuộc"):
        open_case_from(
            complaint=row, version=2, programme=s.programme, title="Nữa", review_from=Day(2026, 1, 1),
            review_to=Day(2026, 11, 1), reason="x", by=s.chair, on=TODAY,
        )  # fmt: skip
    other = planned(s, s.sibling)
    with pytest.raises(InspectionRefused, match="Chi đoàn Cục Thử nghiệm"):
        link_case(complaint=row, version=2, inspection=other, by=s.chair, on=TODAY)


def test_the_case_is_opened_from_the_page(s, client):
    row = letter(s)
    client.force_login(s.chair)
    sent = {
        "form_key": "7f1cb0de-6e5b-4c3e-9d43-3f0f7c7d3a13", "version": 1, "programme": s.programme.pk,
        "title": "Thu, nộp đoàn phí", "review_from": "01/01/2026", "review_last": "31/10/2026", "reason": "Dấu hiệu",
    }  # fmt: skip
    client.post(url("complaint_case", row), sent)
    case = Inspection.objects.get()
    assert (case.review_to, Complaint.objects.get().inspection_id) == (Day(2026, 11, 1), case.pk)


def test_a_disciplinary_case_is_seen_only_by_who_reads_discipline(s, client):
    row = letter(s)
    member = MemberFactory(home=s.branch, full_name="Trần Bình")
    discipline = open_case(member=member, opened_on=RECEIVED, facts="Giữ tiền", by=s.secretary, on=TODAY)
    with pytest.raises(InspectionRefused):  # the chair reads no discipline
        link_discipline(complaint=row, version=1, discipline=discipline, by=s.chair)
    both = account_at(s.union, "inspection_member", full_name="Hai Vai")
    PostFactory(account=both, unit=s.union, type="superior_office")
    both = type(both).objects.get(pk=both.pk)
    link_discipline(complaint=row, version=1, discipline=discipline, by=both)
    for account, told in ((both, True), (s.chair, False)):
        client.force_login(account)
        page = client.get(url("complaint", row)).content.decode()
        link = client.get(url("complaint_link", row)).content.decode()
        assert (reverse("branches:discipline", args=[discipline.pk]) in page, "Trần Bình" in link) == (told, told)
    assert "kỷ luật" not in " ".join(ComplaintMove.objects.values_list("words", flat=True))


def test_a_disciplinary_case_shows_where_it_came_from_to_who_may_open_that(s, client):
    """The keeper of the register sees the case once it is announced; the letter only who sits in the committee, too."""
    case, _ = concluded(s)
    member = MemberFactory(home=s.branch, full_name="Trần Bình")
    made = open_case(member=member, opened_on=RECEIVED, facts="Giữ tiền", by=s.secretary, on=TODAY)
    case.disciplines.add(made)
    both = account_at(s.union, "inspection_member", full_name="Hai Vai")
    PostFactory(account=both, unit=s.union, type="superior_office")
    both = type(both).objects.get(pk=both.pk)
    link_discipline(complaint=letter(s), version=1, discipline=made, by=both)
    office = account_at(s.union, "superior_office", full_name="Văn Phòng")
    himself = AccountFactory(member=member)
    for account, shown in (
        (both, {"case", "letter"}), (s.secretary, {"case"}), (office, set()), (himself, set()),
    ):  # fmt: skip
        client.force_login(account)
        answer = client.get(reverse("branches:discipline", args=[made.pk]))
        page = answer.content.decode()
        links = {"case": url("inspection", case), "letter": url("complaint", Complaint.objects.get())}
        found = {name for name, place in links.items() if f'href="{place}"' in page}
        assert (answer.status_code, found) == (200, shown), account
        assert ("Đơn thư" in page[page.index("<main") :]) is ("letter" in shown)


def test_a_visit_not_announced_is_not_named_on_the_disciplinary_case(s, client):
    case = planned(s, inspection_kind="violation_sign", supervision_kind="", team=())
    made = open_case(
        member=MemberFactory(home=s.branch), opened_on=RECEIVED, facts="Giữ tiền", by=s.secretary, on=TODAY
    )
    case.disciplines.add(made)
    client.force_login(s.secretary)
    assert case.title not in client.get(reverse("branches:discipline", args=[made.pk])).content.decode()


def violation(s):
    case, _ = with_findings(s)
    return Finding.objects.create(
        inspection=case, kind="violation", text="Thu đoàn phí không ghi sổ", facts="120.000 đồng", weight=2
    )


def test_the_secretary_opens_a_disciplinary_case_from_a_violation(s, client):
    case, _ = concluded(s)
    found = Finding.objects.create(inspection=case, kind="violation", text="Thu không ghi sổ", facts="120.000 đồng")
    member = MemberFactory(home=s.branch, full_name="Trần Bình")
    client.force_login(s.secretary)
    page = client.get(url("finding_discipline", found)).content.decode()
    assert "Thu không ghi sổ" in page
    assert "Căn cứ: thông báo kết luận số 15-TB/ĐTN-UBKT ngày 05/10/2026." in page
    sent = {"form_key": "7f1cb0de-6e5b-4c3e-9d43-3f0f7c7d3a14", "member": member.pk, "opened_on": "20/11/2026",
            "facts": "Thu không ghi sổ"}  # fmt: skip
    client.post(url("finding_discipline", found), sent)
    made = Discipline.objects.get()
    assert (made.member, list(case.disciplines.all())) == (member, [made])
    assert reverse("branches:discipline", args=[made.pk]) in client.get(url("inspection", case)).content.decode()
    client.force_login(s.chair)  # sees the case, and nothing of the link
    page = client.get(url("inspection", case)).content.decode()
    assert "kỷ luật" not in page[page.index("<main") :].lower()
    assert client.get(url("case_discipline", case)).status_code == 403
    assert client.get(url("finding_discipline", found)).status_code == 403


def test_before_the_notice_the_unit_opens_nothing(s, client):
    found = violation(s)
    client.force_login(s.secretary)
    assert client.get(url("finding_discipline", found)).status_code == 404
    client.force_login(stranger())
    assert client.get(url("finding_discipline", found)).status_code == 404


def test_links_somebody_else_made_stay(s):
    case, _ = concluded(s)
    people = [MemberFactory(home=s.branch), MemberFactory(home=UnitFactory(superior=s.union))]
    mine, foreign = (
        Discipline.objects.create(
            member=one, unit=one.home, opened_on=RECEIVED, facts="x", written_by=s.chair
        ) for one in people
    )  # fmt: skip
    case.disciplines.add(foreign)
    set_disciplines(inspection=case, chosen=[mine], by=s.secretary)
    assert set(case.disciplines.all()) == {mine, foreign}
    set_disciplines(inspection=case, chosen=[], by=s.secretary)
    assert set(case.disciplines.all()) == {foreign}
    with pytest.raises(Exception, match="không còn trong danh sách"):
        set_disciplines(inspection=case, chosen=[foreign], by=s.secretary)


def test_a_finding_that_is_no_violation_opens_nothing(s):
    case, _ = concluded(s)
    member = MemberFactory(home=s.branch)
    found = Finding.objects.filter(inspection=case, kind="shortcoming").get()
    with pytest.raises(Exception, match="từ một vi phạm"):
        open_from_finding(finding=found, member=member, opened_on=TODAY, facts="x", by=s.secretary, on=TODAY)
    assert Discipline.objects.count() == 0
