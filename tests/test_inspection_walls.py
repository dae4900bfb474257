"""The walls around an inspection, attacked: who stands outside changes nothing and reads nothing, a post in the
committee above decides nothing. (What is locked, stale or false: test_inspection_locks.py.)

The answers to a GET stand in the access matrix (access_expectations.py); here is what a POST does, and what leaks
into pages a person may open. Each wall has its control: somebody inside gets through.
"""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.models import Evidence, Unit
from inspections.models import (
    CasePaper,
    Complaint,
    ComplaintAccess,
    Finding,
    Inspection,
    InspectionProgramme,
    Recommendation,
    SelfReport,
    SelfReportFile,
    SiteFile,
)
from inspections.moving import step_back
from inspections.repeating import earlier_faults
from inspections.states import CASE_MOVES, roles_in, verbs_of

from .access_expectations import EXPECTED
from .access_world import RELATIONS
from .factories import ActivityFactory, account_at
from .foreign_world import TwoWorlds
from .form_attacks import FORMS
from .hostile import changed_tables, fingerprint, text_of
from .inspection_attacks import FAULT
from .test_access import Unprinted, address, arguments_of
from .test_security_forms import filled, send, undone

pytestmark = pytest.mark.django_db
BUILT = TwoWorlds
OURS = ("inspections:", "reports:evidence", "reports:inspect", "reports:case_paper", "branches:number_")
LAST_YEAR, MAY = datetime.date(2025, 12, 31), datetime.date(2026, 5, 1)
# Signing in is written down; who opened a letter or a disciplinary case, too: by those who may.
LOOKING = {"branches_account"}


@pytest.fixture
def world(own_world, monkeypatch):
    monkeypatch.setattr("reports.papers.pdf._laid_out", lambda *rest, **more: Unprinted())
    return own_world


def posted_at(client, world, name) -> int:
    """The answer to the form of the address, as an honest person would have filled it."""
    said = FORMS[name][1](world) if name in FORMS else {}
    return client.post(address(world, name), {"form_key": str(uuid.uuid4()), "version": 1, **said}).status_code


def let_in(client, world, names) -> list[tuple]:
    """Addresses that take the form, with what they answer."""
    answers = [(name, posted_at(client, world, name)) for name in names]
    return [one for one in answers if one[1] not in (403, 404, 405)]


def outside(relation) -> list[str]:
    found = [name for name, (allowed, _) in EXPECTED.items() if relation not in allowed]
    # In these worlds the checklist to be copied comes with the software, for every committee; and the finding is a
    # violation of a notice, from which the keeper of the register goes on.
    also = {"secretary": "inspections:finding_discipline"}
    also |= dict.fromkeys((name for name in RELATIONS if name.endswith("inspector")), "inspections:template_copy")
    return [name for name in found if name != also.get(relation)]


@pytest.mark.parametrize("relation", sorted(set(RELATIONS) - {"inspector"}))
def test_who_stands_outside_changes_nothing_of_an_inspection(relation, world, client):
    """Every form of the inspection, filled in rightly and sent by every person who is not let in."""
    client.force_login(world.accounts[relation])
    before = fingerprint()
    assert let_in(client, world, [name for name in outside(relation) if name.startswith(OURS)]) == []
    assert set(changed_tables(before, fingerprint())) <= LOOKING


@pytest.mark.parametrize("relation", ["seat", "head", "former_seat", "other_seat", "inspector", "top_inspector"])
def test_who_inspects_writes_nothing_in_the_material_of_the_unit(relation, world, client):
    client.force_login(world.accounts[relation])
    before = fingerprint()
    assert let_in(client, world, [name for name in outside(relation) if not name.startswith(OURS)]) == []
    assert set(changed_tables(before, fingerprint())) <= LOOKING


def test_the_same_forms_are_taken_from_whoever_may_send_them(world, client):
    """Control of the two above: what was sent is no rubbish."""
    for name in ("inspections:cancel", "inspections:paper_drop", "inspections:complaint_refuse", "branches:task_new"):
        honest = filled(client, world, name)
        with undone():
            assert send(client, world, name, honest).status_code == 302, name


# --- the committee above, and beside ----------------------------------------------------------------------


def test_the_committee_above_reads_what_went_out_and_decides_nothing(world, client):
    top = world.accounts["top_inspector"]
    issued = InspectionProgramme.objects.get(number="03-KH/UBKT")
    assert set(InspectionProgramme.objects.visible_to(top)) >= {issued}
    assert world.programme not in InspectionProgramme.objects.visible_to(top)  # still a draft
    assert not InspectionProgramme.objects.editable_by(top).exists()
    assert world.draft_case in Inspection.objects.visible_to(top)
    assert not Inspection.objects.editable_by(top).exists()
    assert not Inspection.objects.decided_by(top).exists()
    assert roles_in(world.draft_case.pk, top) == roles_in(world.case.pk, top) == set()
    told, draft = Finding.objects.visible_to(top), Finding.objects.filter(inspection=world.draft_case)
    assert world.earlier_fault in told
    assert not told.filter(pk__in=draft).exists()
    assert world.draft_advice not in Recommendation.objects.visible_to(top)
    assert not CasePaper.objects.visible_to(top).filter(state="draft").exists()
    assert not Complaint.objects.visible_to(top).exists()
    client.force_login(top)
    page = client.get(address(world, "inspections:inspection")).content.decode()
    assert FAULT in page
    assert "btn-primary" not in page
    draft_page = client.get(reverse("inspections:inspection", args=[world.draft_case.pk])).content.decode()
    assert world.finding.text not in draft_page
    assert client.get(reverse("inspections:programme", args=[issued.pk])).status_code == 200


def test_the_office_above_reads_an_issued_programme_and_no_draft_of_it(world, client):
    office = account_at(Unit.objects.get(pk=world.union.superior_pk), "superior_office", full_name="Văn phòng Tỉnh")
    issued = InspectionProgramme.objects.get(number="03-KH/UBKT")
    client.force_login(office)
    assert client.get(reverse("inspections:programme", args=[issued.pk])).status_code == 200
    for name in ("programme", "programme_paper", "programme_edit"):
        assert client.get(reverse(f"inspections:{name}", args=[world.programme.pk])).status_code == 404
    assert not Inspection.objects.visible_to(office).exists()


def test_what_another_committee_found_at_the_same_unit_is_suggested_to_nobody(world, client):
    """Two committees inspected one unit; neither reads the other's findings, also not as "the same again"."""
    top = Unit.objects.get(pk=world.union.superior_pk)
    theirs = InspectionProgramme.objects.create(
        unit=top, year=2026, number="9-KH", issued_on=world.programme.issued_on, state="issued",
        in_name_of="inspection", title="Tỉnh đoàn kiểm tra",
    )  # fmt: skip
    case = Inspection.objects.create(
        programme=theirs, unit=world.own, title="Của Tỉnh đoàn", inspection_kind="periodic", state="following",
        review_from=world.case.review_from, review_to=world.case.review_to, concluded_on=world.case.concluded_on,
    )  # fmt: skip
    told = "Chưa nộp đoàn phí của quý II về cấp trên"
    fault = Finding.objects.create(inspection=case, kind="shortcoming", text=told)
    advice = Recommendation.objects.create(
        inspection=case, number=1, text="Nộp đủ đoàn phí quý II", owner="BCH", no_due_date=True
    )
    assert fault not in earlier_faults(world.draft_case)
    assert world.earlier_fault in earlier_faults(world.draft_case)
    client.force_login(world.accounts["seat"])
    page = client.get(reverse("inspections:finding_new", args=[world.draft_case.pk])).content.decode()
    added = client.get(reverse("inspections:case_checklist_add", args=[world.draft_case.pk])).content.decode()
    room = client.get(reverse("reports:evidence_section", args=[world.draft_case.pk, "before"])).content.decode()
    assert told not in page
    assert advice.text not in added
    assert advice.text not in room
    assert world.advice.text in added
    assert world.advice.text in room
    said = {"kind": "shortcoming", "text": told, "again": fault.pk, "weight": 0, "form_key": str(uuid.uuid4())}
    client.post(reverse("inspections:finding_new", args=[world.draft_case.pk]), said)
    assert not Finding.objects.filter(repeat_of=fault).exists()


# --- the span of a seat -----------------------------------------------------------------------------------


def test_the_material_of_the_unit_closes_to_the_team_with_the_case(world, client):
    room = reverse("reports:evidence_room", args=[world.case.pk])
    people = ("inspector", "head", "seat", "former_seat", "other_seat")
    answers = {}
    for state in ("following", "closed"):
        Inspection.objects.filter(pk=world.case.pk).update(
            state=state, closed_on=timezone.localdate() if state == "closed" else None
        )
        for name in people:
            client.force_login(world.accounts[name])
            answers[state, name] = client.get(room).status_code
    assert [answers["following", name] for name in people] == [200, 200, 200, 404, 404]
    assert [answers["closed", name] for name in people] == [200, 403, 403, 404, 404]
    client.force_login(world.accounts["seat"])
    assert room not in client.get(reverse("inspections:inspection", args=[world.case.pk])).content.decode()


def test_only_what_stands_in_the_room_opens_through_it(world, client):
    """Keys guessed: of another unit, of a day before the span, of no kind."""
    before = ActivityFactory(unit=world.own, starts_on=LAST_YEAR, last_on=LAST_YEAR)
    elsewhere = ActivityFactory(unit=world.sibling, starts_on=MAY, last_on=MAY)
    keys = []
    for activity in (before, elsewhere):
        one = Evidence(activity=activity, kind="pdf", content_type="application/pdf", name="x.pdf")
        one.file.save("x.pdf", world.room_evidence.file)
        keys.append(one.pk)
    client.force_login(world.accounts["seat"])

    def status(kind, key):
        there = {"pk": world.case.pk, "kind": kind, "key": key}
        return client.get(reverse("reports:evidence_paper", kwargs=there)).status_code

    assert status("minh-chung", world.room_evidence.pk) == 200
    assert [status("minh-chung", key) for key in keys] == [404, 404]
    for kind in ("bien-ban", "bao-cao", "tra-loi", "don-thu", "ky-luat", "x"):
        assert status(kind, world.room_evidence.pk + 999_999) == 404
    assert status("minh-chung", 10**18) == 404


# --- what is not sent, not announced, not given notice of --------------------------------------------------------


def test_a_self_report_is_the_units_own_until_it_is_sent_and_again_when_it_goes_back(world, client):
    case = world.cases["plan_sent"]
    report, file = SelfReport.objects.get(inspection=case), world.kept_file
    inside = ("inspector", "head", "seat", "top_inspector")

    def reads(name) -> list[bool]:
        user = world.accounts[name]
        client.force_login(user)
        page = client.get(reverse("inspections:inspection", args=[case.pk]) + "?muc=lam-viec").content.decode()
        return [
            SelfReport.objects.visible_to(user).filter(pk=report.pk).exists(),
            SelfReportFile.objects.visible_to(user).filter(pk=file.pk).exists(),
            client.get(reverse("inspections:self_report_file", args=[file.pk])).status_code == 200,
            "Chuyện riêng của chi đoàn" in page,
        ]

    SelfReport.objects.filter(pk=report.pk).update(text="Chuyện riêng của chi đoàn")
    assert {name: reads(name) for name in inside} == dict.fromkeys(inside, [False] * 4)
    assert reads("secretary")[:3] == [True] * 3
    SelfReport.objects.filter(pk=report.pk).update(sent_on="2026-08-20", sent_by=world.accounts["secretary"])
    Inspection.objects.filter(pk=case.pk).update(state="self_reported")
    assert {name: reads(name) for name in inside} == dict.fromkeys(inside, [True] * 4)
    case.refresh_from_db()
    case.moves.create(
        verb="receive_report", from_state="plan_sent", to_state="self_reported", moved_on="2026-08-20",
        moved_by=world.accounts["secretary"],
    )  # fmt: skip
    step_back(
        inspection=case, version=case.version, by=world.accounts["inspector"], on=timezone.localdate(), reason="Sót"
    )
    assert {name: reads(name) for name in inside} == dict.fromkeys(inside, [False] * 4)


def test_a_case_thought_of_in_a_draft_programme_is_told_to_nobody_outside(world, client):
    case = world.cases["team"]
    url = reverse("inspections:inspection", args=[case.pk])
    readers = {}
    for state in ("draft", "issued"):
        InspectionProgramme.objects.filter(pk=case.programme_id).update(state=state)
        for name in ("secretary", "inspector", "seat"):
            client.force_login(world.accounts[name])
            readers[state, name] = client.get(url).status_code
    assert readers == {
        ("draft", "secretary"): 404, ("draft", "inspector"): 200, ("draft", "seat"): 200,
        ("issued", "secretary"): 200, ("issued", "inspector"): 200, ("issued", "seat"): 200,
    }  # fmt: skip


@pytest.mark.parametrize("state", ["planned", "team", "plan_sent", "self_reported", "verifying", "cancelled"])
def test_an_unannounced_visit_shows_on_no_page_of_the_unit(state, world, client):
    title = "Kiểm tra đột xuất quỹ"
    case = world.cases["team"]
    Inspection.objects.filter(pk=case.pk).update(
        inspection_kind="sudden", title=title, state=state, closed_on="2026-11-01" if state == "cancelled" else None
    )
    client.force_login(world.accounts["secretary"])
    shown = [client.get(reverse(name)).content.decode() for name in ("reports:home", "inspections:list")]
    shown.append(client.get(reverse("branches:unit", args=[world.own.pk])).content.decode())
    assert not any(title in page for page in shown)
    for name in ("inspection", "papers", "self_report", "case_checklist", "self_check", "visit"):
        assert client.get(reverse(f"inspections:{name}", args=[case.pk])).status_code == 404, name
    client.force_login(world.accounts["inspector"])
    assert title in client.get(reverse("inspections:list")).content.decode()


def test_photos_beside_free_notes_stay_with_the_notes(world, client):
    """With the notice the unit reads the answers to the items and their photos, and no working notes."""
    free = SiteFile(inspection=world.case, kind="picture", content_type="image/jpeg", name="nguoi-noi-chuyen.jpg")
    free.file.save("f.jpg", world.site_photo.file)
    for name, told in (("seat", 200), ("inspector", 200), ("secretary", 404), ("top_inspector", 404)):
        client.force_login(world.accounts[name])
        answers = [client.get(reverse("inspections:site_file", args=[one.pk])) for one in (world.site_photo, free)]
        page = client.get(reverse("inspections:case_checklist", args=[world.case.pk])).content.decode()
        assert [answer.status_code for answer in answers] == [200, told], name
        assert (free.name in page) == (told == 200), name


# --- closed reading of letters ------------------------------------------------------------------------------

SECRETS = ("Người Viết Đơn", "Thu sai đoàn phí ở chi đoàn này")
INSIDERS = {"inspector"}


@pytest.mark.parametrize(
    "relation",
    ["secretary", "superior", "seat", "head", "top_inspector", "party", "administrator", "superuser_without_post"],
)
def test_no_page_tells_of_a_letter_to_whoever_does_not_sit_in_its_committee(relation, world, client):
    """Every page the person may open, with a letter tied to the case and to a disciplinary case."""
    Complaint.objects.update(
        text=SECRETS[1], from_name=SECRETS[0], inspection=world.case, discipline=world.discipline, state_reason=""
    )
    client.force_login(world.accounts[relation])
    opened, told = 0, []
    for name, (allowed, _) in EXPECTED.items():
        if relation not in allowed or name.endswith(("_pdf", "_docx", "_zip")):
            continue
        answer = client.get(address(world, name))
        if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith(("text/html", "applica")):
            opened += 1
            shown = text_of(answer)
            told += [(name, secret) for secret in (*SECRETS, "don-thu/") if secret in shown]
    for name in ("reports:home", "inspections:list", "inspections:recommendation_list"):
        shown = client.get(reverse(name)).content.decode()
        told += [(name, secret) for secret in SECRETS if secret in shown]
    assert told == []
    assert opened > (0 if relation == "superuser_without_post" else 3) or relation == "superuser_without_post"
    assert not ComplaintAccess.objects.exists()


def test_each_opening_of_a_letter_is_written_down(world, client):
    """Control of the closed reading, and its log: the page, the form and the file, each time they are opened."""
    client.force_login(world.accounts["inspector"])
    for name in ("complaint", "complaint_edit", "complaint_file", "complaint"):
        assert client.get(address(world, f"inspections:{name}")).status_code == 200
    assert (
        list(ComplaintAccess.objects.values_list("complaint", "account"))
        == [(world.complaint.pk, world.accounts["inspector"].pk)] * ComplaintAccess.objects.count()
    )
    assert ComplaintAccess.objects.count() >= 1
    listed = client.get(reverse("inspections:complaint_list")).content.decode()
    assert "Người Viết Đơn" not in listed


def test_walls_can_fall(world, client, monkeypatch):
    """Negative control: with one rule opened, the tests above would notice."""
    monkeypatch.setattr("inspections.models.inspection.of_own_committee", lambda user, to_unit: ~_nothing())
    top = world.accounts["top_inspector"]
    assert roles_in(world.draft_case.pk, top)
    assert verbs_of(world.draft_case, roles_in(world.draft_case.pk, top))
    client.force_login(top)
    assert posted_at(client, world, "inspections:cancel") == 302
    assert "cancel" in CASE_MOVES
    assert arguments_of()["inspections:cancel"]


def _nothing():
    from django.db.models import Q

    return Q(pk__in=[])
