"""Issued congress papers are proved like every other paper that no longer changes; drafts are not. And those that were
issued before there were hashes.
"""

import hashlib
import io
import json
import re
import uuid
import zipfile

import docx
import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from reports.congress.content import content_of
from reports.models import CongressPaper, PaperProof
from reports.papers.proof import in_groups
from reports.proofs import is_fixed, is_intact, opened, proof_of

from .factories import account_at
from .migrating import migrate, newest
from .test_congress import TODAY, Kind, Scene, issue
from .test_paper_tags import is_archive

pytestmark = pytest.mark.django_db
NUMBERS = {Kind.RESULTS: "01-BC/CĐ", Kind.TARGETS: "01-TTr/CĐ", Kind.REVIEW: "01-BC/CĐ", Kind.RESOLUTION: "01-NQ/CĐ"}
KINDS = {
    Kind.RESULTS: "BÁO CÁO", Kind.TARGETS: "TỜ TRÌNH", Kind.REVIEW: "BÁO CÁO", Kind.RESOLUTION: "NGHỊ QUYẾT",
}  # fmt: skip


@pytest.fixture(autouse=True)
def site(settings, monkeypatch):
    settings.SITE_URL = "https://doan.example.vn"
    cache.clear()  # the counts of tries and of papers
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def scene():
    return Scene()


def issued(scene, kind=Kind.RESOLUTION) -> CongressPaper:
    """With a word of the committee and one target put to the congress."""
    made = scene.propose(blood_turns="≥ 15")
    scene.write(kind, version=made.version if kind == Kind.TARGETS else 0, **{"dieu-3": "Lời của Ban Chấp hành."})
    return issue(scene, kind)


def page_of(client, token: str) -> str:
    answer = client.get(reverse("reports:paper_proof", args=[token]))
    assert answer.status_code == 200
    return answer.content.decode()


def asked(client, scene, name, kind, query=""):
    client.force_login(scene.by)
    return client.get(reverse(f"reports:{name}", args=[scene.unit.pk, scene.term.pk, kind]) + query)


# --- what the sheet and the page behind it say ----------------------------------------------------------


@pytest.mark.parametrize("kind", Kind.values)
def test_every_issued_kind_tells_kind_number_day_and_issuer(kind, scene):
    paper = issued(scene, kind)
    found = opened(proof_of(paper).token)
    assert (found.kind, found.number, found.day) == (KINDS[kind], NUMBERS[kind], TODAY)
    assert found.issuer == scene.unit.name.upper()
    assert ("".join(found.groups), found.replaced_on, found.is_intact) == (paper.sha256, None, True)
    assert re.fullmatch("[0-9a-f]{64}", paper.sha256)


def test_the_page_says_nothing_else(scene, client):
    paper = issued(scene)
    said = " ".join(re.sub(r"<[^>]+>", " ", page_of(client, proof_of(paper).token)).split())
    assert "Đang có hiệu lực" in said
    for secret in ("Lời của Ban Chấp hành", "hiến máu", "15", "nhiệm kỳ", "2017", "Đại hội", "Bí thư"):
        assert secret not in said.replace(" ".join(in_groups(paper.sha256)), ""), secret


def test_a_draft_has_no_proof(scene, client):
    scene.propose(blood_turns="≥ 15")
    scene.write(Kind.RESULTS)
    for kind in Kind.values:
        draft = scene.paper(kind)
        assert not is_fixed(draft)
        assert proof_of(draft) is None
    page = asked(client, scene, "congress_paper", Kind.RESULTS).content.decode()
    assert "PDF/A" not in page
    assert not PaperProof.objects.exists()


def test_the_page_asks_the_same_number_of_questions_for_every_paper(scene, client):
    def questions(token) -> int:
        with CaptureQueriesContext(connection) as found:
            page_of(client, token)
        return len(found)

    first = questions(proof_of(issued(scene)).token)
    for kind in (Kind.RESULTS, Kind.REVIEW):
        scene.write(kind)
        assert questions(proof_of(issue(scene, kind)).token) == first


def test_a_paper_changed_by_hand_proves_nothing_and_says_so_at_home(scene, client):
    """Past every verb: one figure of the annex, one letter of the day."""
    paper = issued(scene)
    token, kept = proof_of(paper).token, paper.content
    for name, value in (("dated_on", "2019-12-19"), ("unit_name", "Chi đoàn khác")):
        CongressPaper.objects.filter(pk=paper.pk).update(content=kept | {name: value})
        assert not opened(token).is_intact
    assert "Không kiểm tra được" in page_of(client, token)
    warned = "Nội dung lưu không còn đúng như lúc ban hành"
    assert warned in asked(client, scene, "congress_paper", paper.kind).content.decode()
    CongressPaper.objects.filter(pk=paper.pk).update(content=kept)
    assert is_intact(CongressPaper.objects.get(pk=paper.pk))
    assert warned not in asked(client, scene, "congress_paper", paper.kind).content.decode()


def test_only_readers_print_it_and_print_one_token(scene, client):
    paper = issued(scene)
    stranger = account_at(Scene().unit)
    client.force_login(stranger)
    url = reverse("reports:congress_paper_docx", args=[scene.unit.pk, scene.term.pk, paper.kind])
    assert client.get(url).status_code == 404
    assert not PaperProof.objects.exists()
    client.force_login(account_at(scene.unit, "member"))
    for _ in range(2):
        assert client.get(url).status_code == 200
    assert PaperProof.objects.get().congress_paper == paper


# --- on paper -------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("kind", Kind.values)
def test_pdf_and_word_carry_code_address_and_hash_beside_the_signature(kind, scene, client):
    proof = proof_of(issued(scene, kind))
    pdf = PdfReader(io.BytesIO(asked(client, scene, "congress_paper_pdf", kind).content))
    told = [" ".join(page.extract_text().split()) for page in pdf.pages]
    (signed,) = [text for text in told if "Kiểm tra bản in" in text]
    assert f"Kiểm tra bản in: doan.example.vn/v/ {proof.token} Mã nội dung:" in signed
    assert " ".join(in_groups(proof.sha256)) in signed
    assert "Nơi nhận" in signed
    word = asked(client, scene, "congress_paper_docx", kind).content
    text = "\n".join(docx.Document(io.BytesIO(word)).element.body.itertext())
    assert all(line in text for line in proof.lines)
    with zipfile.ZipFile(io.BytesIO(word)) as packed:
        assert sum(name.startswith("word/media/") for name in packed.namelist()) == 1


@pytest.mark.once
def test_a_draft_is_printed_without_a_code_and_never_for_the_archive(scene, client):
    scene.write(Kind.REVIEW)
    draft = asked(client, scene, "congress_paper_pdf", Kind.REVIEW, "?luu-tru=1").content
    assert not is_archive(draft)
    assert "Kiểm tra bản in" not in "".join(page.extract_text() for page in PdfReader(io.BytesIO(draft)).pages)
    issue(scene, Kind.REVIEW)
    assert is_archive(asked(client, scene, "congress_paper_pdf", Kind.REVIEW, "?luu-tru=1").content)
    assert not is_archive(asked(client, scene, "congress_paper_pdf", Kind.REVIEW).content)
    assert "?luu-tru=1" in asked(client, scene, "congress_paper", Kind.REVIEW).content.decode()


# --- the tables -----------------------------------------------------------------------------------------


def test_a_proof_is_of_exactly_one_paper_and_an_issued_paper_has_its_hash(scene):
    from .edition_scene import a_branch, approve, begin, hand_in

    paper, edition = issued(scene), approve(hand_in(begin(a_branch(), number="1", dated_on=TODAY)))
    for wrong in ({}, {"congress_paper": paper, "submission": edition}):
        with pytest.raises(IntegrityError, match="paper_proof_of_one_paper"), transaction.atomic():
            PaperProof.objects.create(**wrong)
    with pytest.raises(IntegrityError, match="congress_paper_issued_whole"), transaction.atomic():
        CongressPaper.objects.filter(pk=paper.pk).update(sha256="")
    PaperProof.objects.create(congress_paper=paper)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperProof.objects.create(congress_paper=paper)


def test_papers_issued_before_there_were_hashes_are_proved_too(newest_afterwards):
    """The hash is of the one way to write down what is kept; a draft beside it has none."""
    scene = Scene()
    paper, draft = issued(scene), scene.write(Kind.REVIEW)
    old = migrate([("reports", "0012_congress")]).get_model("reports", "CongressPaper")
    kept = old.objects.get(pk=paper.pk).content | {"unit_name": "Chi đoàn Cũ"}
    old.objects.filter(pk=paper.pk).update(content=kept)
    migrate(newest())
    paper, draft = (CongressPaper.objects.select_related("term").get(pk=one.pk) for one in (paper, draft))
    written = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert paper.sha256 == hashlib.sha256(written.encode()).hexdigest()
    assert draft.sha256 == ""
    assert is_intact(paper)
    assert opened(proof_of(paper).token).number == "01-NQ/CĐ"
    assert content_of(paper, scene.unit, on=TODAY).unit_name == "Chi đoàn Cũ"


# --- what cannot be issued ------------------------------------------------------------------------------


def test_a_paper_without_targets_is_refused_at_its_form(scene, client):
    scene.write(Kind.TARGETS, **{"giai-phap": "Chia việc theo quý."})
    client.force_login(scene.by)
    url = reverse("reports:congress_issue", args=[scene.unit.pk, scene.term.pk, Kind.TARGETS])
    form = {"form_key": str(uuid.uuid4()), "version": 1, "dated_on": "20/12/2019"}
    answer = client.post(url, form)
    assert answer.status_code == 200
    said = "Tờ trình chưa có chỉ tiêu nào. Hãy vào “Soạn dự thảo chỉ tiêu”, lưu rồi ban hành."
    assert said in answer.content.decode()
    assert not CongressPaper.objects.get().is_issued
    scene.propose(version=1, blood_turns="≥ 15")
    assert client.post(url, form | {"version": 2}).status_code == 302
    assert CongressPaper.objects.get().is_issued
