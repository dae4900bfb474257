"""What is locked stays locked, what is stale moves nothing, what is false is not stored: the forms of an inspection
attacked by people who may open them. Each wall has its control: the honest form gets through."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inspections.issuing import issue_paper, new_edition
from inspections.models import (
    CasePaper,
    CasePaperScan,
    ComplaintFile,
    Inspection,
    SelfReportFile,
    SiteFile,
    UnitAnswerFile,
)
from inspections.papering import drop_draft, write_texts
from inspections.states import InspectionRefused
from reports.models import SubmissionScan

from .foreign_world import TwoWorlds
from .hostile import address_of, changed_tables, fingerprint
from .inspection_attacks import SCAN
from .test_security_forms import filled, send, undone

pytestmark = pytest.mark.django_db
BUILT = TwoWorlds
LOOKING = {"branches_account"}  # signing in is written down


@pytest.fixture
def world(own_world):
    return own_world


# --- locked papers, stale forms ---------------------------------------------------------------------------------


def locked() -> dict:
    """Everything an issued paper says, by its key."""
    names = ("frozen", "sha256", "texts", "number", "entry_id", "dated_on", "signer_name", "state", "edition", "series",
             "reason", "issued_at", "issued_by_id")  # fmt: skip
    return {row["pk"]: row for row in CasePaper.objects.filter(state="issued").values("pk", *names)}


@pytest.mark.parametrize("relation", ["inspector", "head", "seat", "secretary", "top_inspector"])
def test_no_form_changes_an_issued_paper(relation, world, client):
    """Every form of papers, aimed at the issued one, with everything in it that such a form may carry."""
    paper, before = world.issued_paper, locked()
    client.force_login(world.accounts[relation])
    said = {
        "version": paper.version, "text_purpose": "Sửa lén", "texts": "{}", "frozen": "{}", "sha256": "0" * 64,
        "number": "99-KH", "wanted": "7", "number_reason": "x", "dated_on": "01/01/2026", "signer_name": "Kẻ Khác",
        "reason": "", "state": "draft", "edition": "9", "do": "save",
    }  # fmt: skip
    for name in ("paper", "paper_edit", "paper_issue", "paper_drop", "paper_scan", "paper_replace"):
        for version in (paper.version, paper.version + 1):
            client.post(
                reverse(f"inspections:{name}", args=[paper.pk]),
                said | {"version": version, "form_key": str(uuid.uuid4())},
            )
    assert locked() == before
    assert CasePaper.objects.filter(inspection=world.case, kind="plan").count() == 1


def test_the_verbs_refuse_an_issued_paper_and_take_a_draft(world):
    by, on = world.accounts["inspector"], timezone.localdate()
    before, draft = locked(), world.draft_paper
    for paper, is_taken in ((world.issued_paper, False), (draft, True)):
        for verb in (
            lambda one: write_texts(paper=one, version=one.version, by=by, on=on, texts={"purpose": "Khác"}),
            lambda one: drop_draft(paper=one, version=one.version, by=by),
            lambda one: issue_paper(paper=one, version=one.version, by=by, on=on, dated_on=on, signer_name="A"),
        ):
            with undone():
                try:
                    verb(CasePaper.objects.get(pk=paper.pk))
                except InspectionRefused:
                    assert not is_taken
                else:
                    assert is_taken
    with pytest.raises(InspectionRefused):
        new_edition(paper=world.issued_paper, by=by, on=on, reason="")
    assert locked() == before


STEPS = {
    "send_plan": "team", "cancel": "team", "verify": "self_reported", "reinspect": "following", "reopen": "closed",
    "team_report": "draft", "step_back": "draft", "escalate": "draft", "conclude": "draft", "visit": "draft",
    "edit": "draft", "team": "draft",
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_a_stale_form_moves_no_case(step, world, client):
    """Somebody changed the case after the form was opened; the same form with the right version moves it."""
    name = f"inspections:{step}"
    case = world.draft_case if STEPS[step] == "draft" else world.cases[STEPS[step]]
    honest = filled(client, world, name)
    stood = (case.state, Inspection.objects.count())
    with undone():
        assert send(client, world, name, honest).status_code == 302
        case.refresh_from_db()
        assert case.version > 1
    Inspection.objects.filter(pk=case.pk).update(version=case.version + 6)
    before = fingerprint()
    with undone():
        assert send(client, world, name, honest).status_code in (200, 409)
        assert set(changed_tables(before, fingerprint())) <= LOOKING
    case.refresh_from_db()
    assert (case.state, Inspection.objects.count()) == stood


def test_a_stale_form_puts_no_checklist_into_use(world, client):
    honest = filled(client, world, "inspections:template_use")
    type(world.checklist).objects.filter(pk=world.checklist.pk).update(version=7)
    send(client, world, "inspections:template_use", honest)
    world.checklist.refresh_from_db()
    assert world.checklist.state == "draft"


# --- the page on site ---------------------------------------------------------------------------------------


def test_the_worker_serves_one_page_of_one_case(world, client):
    client.force_login(world.accounts["seat"])
    site_of = lambda pk: reverse("inspections:site", args=[pk])  # noqa: E731
    page, script = site_of(world.case.pk), reverse("inspections:site_worker", args=[world.case.pk])
    assert script == f"{site_of(world.case.pk)}may.js"  # a script serves what lies beside and below it
    answer = client.get(script)
    assert "Service-Worker-Allowed" not in answer.headers
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "no-store" in client.get(page).headers["Cache-Control"]
    assert not reverse("inspections:inspection", args=[world.case.pk]).startswith(site_of(world.case.pk))
    assert not site_of(int(f"{world.case.pk}1")).startswith(site_of(world.case.pk))


def test_what_a_phone_sends_lands_in_no_other_case_and_under_no_other_name(world):
    client = Client(enforce_csrf_checks=False)
    client.force_login(world.accounts["seat"])
    url = reverse("inspections:site_send", args=[world.draft_case.pk])
    strange = world.far.item

    def sent(account, item):
        entry = {"id": str(uuid.uuid4()), "item": item, "result": "not_met", "note": "x", "base": 0, "ago": 0}
        said = {"account": str(account.pk), "entries": [entry]}
        return client.post(url, said, content_type="application/json").status_code

    assert sent(world.accounts["head"], world.free_item.pk) == 409  # kept there by somebody else
    before = strange.answers.count(), strange.entries.count()
    assert sent(world.accounts["seat"], strange.pk) == 200
    assert (strange.answers.count(), strange.entries.count()) == before
    assert sent(world.accounts["seat"], world.free_item.pk) == 200
    assert world.free_item.answers.get().answered_by == world.accounts["seat"]


def test_the_page_on_site_takes_nothing_across_sites(world):
    """A page of somebody else's that posts here carries no token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.accounts["seat"])
    for name in ("site", "site_send", "site_photo"):
        url = reverse(f"inspections:{name}", args=[world.draft_case.pk])
        assert client.post(url, {"account": world.accounts["seat"].pk}).status_code == 403, name


# --- files ------------------------------------------------------------------------------------------------------

FALSE_FILES = {
    "anh.jpg": b"<html><script>alert(1)</script></html>",
    "anh.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "don.pdf": b"MZ\x90\x00 this is a program",
    "bao-cao.docx": b"PK\x03\x04 broken",
    "../../etc/passwd": b"root:x:0:0",
}
UPLOADS = {
    "inspections:paper_scan": "files", "inspections:self_report": "files", "inspections:self_report_paper": "files",
    "inspections:complaint_new": "files", "inspections:complaint_edit": "files", "inspections:self_check_item": "files",
    "inspections:answer": "files", "inspections:site": "f0", "reports:submission_scan": "files",
}  # fmt: skip
STORED = (CasePaperScan, ComplaintFile, SelfReportFile, SiteFile, SubmissionScan, UnitAnswerFile)


def stored_files() -> set:
    return {(model, pk) for model in STORED for pk in model._base_manager.values_list("pk", flat=True)}


@pytest.mark.parametrize("name", UPLOADS)
def test_a_file_that_is_not_what_it_says_is_refused(name, world, client):
    honest = filled(client, world, name)
    honest.pop("files", None)
    box = UPLOADS[name]
    for said, content in FALSE_FILES.items():
        with undone():
            before = stored_files()
            answer = client.post(
                address_of(world, name), honest | {box: ContentFile(content, name=said), "form_key": str(uuid.uuid4())}
            )
            assert stored_files() <= before, (said, answer.status_code)
            assert answer.status_code in (200, 302), said
    with undone():  # control: a picture is taken
        before = stored_files()
        client.post(address_of(world, name), honest | {box: SCAN, "form_key": str(uuid.uuid4())})
        assert len(stored_files() - before) == 1


def test_a_false_photo_of_a_phone_is_refused(world, client):
    client.force_login(world.accounts["seat"])
    url = reverse("inspections:site_photo", args=[world.draft_case.pk])
    me = world.accounts["seat"].pk
    for said, content in FALSE_FILES.items():
        sent = {"account": me, "id": str(uuid.uuid4()), "item": "", "file": ContentFile(content, name=said)}
        answer = client.post(url, sent)
        assert (answer.status_code, bool(answer.json()["error"])) == (409, True), said
    taken = client.post(url, {"account": me, "id": str(uuid.uuid4()), "item": str(world.far.item.pk), "file": SCAN})
    assert taken.status_code == 200
    assert SiteFile.objects.get(uploaded_by=me).item is None  # not beside an item of another case
