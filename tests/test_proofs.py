"""Proofs: a stranger with the sheet in hand reads what stands on it and whether it counts, and nothing else."""

import datetime
import io
import re
import threading
import zipfile

import docx
import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from branches.meetings.signing import new_edition as new_minutes
from branches.models import Minutes
from inspections.issuing import issue_paper, new_edition
from inspections.models import CasePaper
from reports.freezing import content_of_submission
from reports.models import EmulationRanking, PaperProof, Submission
from reports.models.proof import LENGTH, LETTERS
from reports.papers.emulation import ranking_html, ranking_paper, ranking_word
from reports.papers.inspection_print import document_html, document_of, document_word
from reports.papers.minutes import minutes_html, minutes_paper, minutes_word
from reports.papers.pdf import render_pdf
from reports.papers.proof import in_groups
from reports.papers.report import report_html
from reports.papers.report_docx import report_docx
from reports.proofs import is_fixed, opened, proof_of, replaced_by

from .edition_scene import TODAY, a_branch, approve, begin, hand_in, log
from .emulating import scene as ranking_scene
from .factories import account_at
from .minuting import NOW, signed
from .minuting import scene as meeting_scene
from .papering import NOTICE, VISIT, concluded_case
from .test_emulation import all_scored, published

pytestmark = pytest.mark.django_db
SITE = "https://doan.example.vn"
DAY = datetime.date


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    cache.clear()  # the count of tries


@pytest.fixture
def edition() -> Submission:
    """Report 01-BC/CĐ of Chi đoàn Sở Y tế, dated and approved 05/01/2026 (TODAY of the scene)."""
    return approve(hand_in(begin(a_branch(), number="1", dated_on=TODAY, signer_name="Đỗ Minh Khang")))


def asked(client, token: str):
    return client.get(reverse("reports:paper_proof", args=[token]))


def words(html: str) -> str:
    body = re.sub(r"<head>.*?</head>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- which papers have one ------------------------------------------------------------------------------


def test_only_what_never_changes_has_a_proof(edition):
    handed_in = hand_in(begin(a_branch("Chi đoàn Sở Nội vụ"), number="2", dated_on=TODAY))
    draft = concluded_case().draft(CasePaper.Kind.REMINDER, VISIT)
    for source in (handed_in, Minutes(state=Minutes.State.SIGNING), draft, CasePaper(state="issued"), None):
        assert not is_fixed(source)
        assert proof_of(source) is None
    assert is_fixed(edition)
    assert not PaperProof.objects.exists()


def test_the_first_print_makes_the_token_and_every_later_one_carries_it(edition):
    first = proof_of(edition)
    assert proof_of(Submission.objects.get(pk=edition.pk)) == first
    assert (len(first.token), set(first.token) - set(LETTERS)) == (LENGTH, set())
    assert first.address == f"{SITE}/v/{first.token}"
    assert PaperProof.objects.count() == 1


def test_tokens_are_never_alike():
    """26 of 32 letters are 130 bits: of 500 none is twice, and each letter of the alphabet is used."""
    from reports.models.proof import new_token

    made = [new_token() for _ in range(500)]
    assert (len(set(made)), set("".join(made))) == (500, set(LETTERS))


def test_without_the_address_of_the_site_papers_carry_no_code(edition, settings):
    settings.SITE_URL = ""
    assert proof_of(edition) is None
    assert not PaperProof.objects.exists()
    said = [one for one in run_checks(tags=["papers"]) if one.id == "doanquanly.W002"]
    assert "SITE_URL" in said[0].msg
    assert "QR" in said[0].msg
    settings.SITE_URL = SITE
    assert run_checks(tags=["papers"]) == []


def test_a_print_asks_one_question_more_once_the_token_is_there(edition):
    proof_of(edition)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        proof_of(edition)
    assert len(asked_for) == 1


# --- the page -------------------------------------------------------------------------------------------


def test_a_stranger_reads_what_stands_on_the_sheet(edition, client):
    proof = proof_of(edition)
    answer = asked(client, proof.token)
    assert answer.status_code == 200
    said = words(answer.content.decode())
    for expected in (
        "Đang có hiệu lực", "BÁO CÁO", "01-BC/CĐ", TODAY.strftime("%d/%m/%Y"), "CHI ĐOÀN SỞ Y TẾ",
        " ".join(in_groups(edition.sha256)),
    ):  # fmt: skip
        assert expected in said


def test_and_nothing_else(edition, client):
    """No text, no figure, no name, neither of people nor of what the paper is about; and no link."""
    content, proof = content_of_submission(edition), proof_of(edition)
    page = asked(client, proof.token).content.decode()
    said = words(page)
    texts = [text for chapter in content.chapters for text in chapter.texts]
    figures = [row.done for row in content.table.rows]
    assert texts
    assert figures
    for secret in (
        *texts, *content.paper.abstract, *content.paper.recipients, *content.paper.head.superior, "Đỗ Minh Khang",
        "Bí thư", "hiến máu", "2025",
    ):  # fmt: skip
        assert secret not in said, secret
    assert "<a " not in page
    assert "<form" not in page
    assert "<script" not in page


def test_the_page_leaves_no_trace(edition, client):
    for token, status in ((proof_of(edition).token, 200), ("0" * LENGTH, 404)):
        answer = asked(client, token)
        assert answer.status_code == status
        assert not answer.cookies
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert 'content="noindex"' in answer.content.decode()


def test_a_wrong_token_is_answered_like_one_that_never_was(edition, client):
    token = proof_of(edition).token
    draft = PaperProof(token="z" * LENGTH)  # not saved
    pages = {
        asked(client, wrong).content
        for wrong in (
            draft.token,
            "0" * LENGTH,
            token[:-1],
            token + "0",
            "Ở đâu",
            "x",
            "\x00" + token[1:],
            token[:-1] + "ế",
        )
    }
    assert len(pages) == 1
    assert asked(client, "0" * LENGTH).status_code == 404


def test_letters_misread_from_paper_are_understood(edition):
    PaperProof.objects.create(submission=edition, token="10vabc" + "d" * 20)
    assert opened("LOUABC" + "D" * 20) == opened("10vabc" + "d" * 20)
    assert opened("IOVABC" + "D" * 20) is not None
    assert opened("11vabc" + "d" * 20) is None


def test_who_tries_many_is_told_to_wait(edition, client):
    token = proof_of(edition).token
    assert [asked(client, f"{place:026d}").status_code for place in range(60)] == [404] * 60
    assert asked(client, token).status_code == 429


def test_the_page_asks_the_same_number_of_questions_for_every_edition(edition, client):
    def questions(token) -> int:
        with CaptureQueriesContext(connection) as asked_for:
            assert asked(client, token).status_code == 200
        return len(asked_for)

    token = proof_of(edition).token
    first = questions(token)
    for place in range(3):
        approve(hand_in(edition.report, correction=f"Sửa lần {place}"))
    assert questions(token) == first


def test_nothing_can_be_sent_to_it(edition, client):
    assert client.post(reverse("reports:paper_proof", args=[proof_of(edition).token])).status_code == 405


def test_an_account_is_not_needed_and_not_shown(edition, client):
    client.force_login(account_at(edition.report.unit))
    page = asked(client, proof_of(edition).token)
    assert "Đăng xuất" not in page.content.decode()


# --- where an edition stands ----------------------------------------------------------------------------


def test_a_correction_replaces_the_edition_once_it_is_approved(edition):
    token = proof_of(edition).token
    log(edition.report.unit, "blood_turns", 1)
    second = hand_in(edition.report, correction="Thiếu một lượt người")
    assert opened(token).replaced_on is None  # handed in, and nobody approved it yet
    later = TODAY + datetime.timedelta(days=30)
    approve(second, on=later)
    assert opened(token).replaced_on == later
    assert opened(proof_of(second).token).replaced_on is None
    assert opened(proof_of(second).token).groups != opened(token).groups


def test_minutes_tell_kind_day_and_branch():
    minutes = signed(meeting_scene())
    found = opened(proof_of(minutes).token)
    assert (found.kind, found.issuer) == ("BIÊN BẢN", "CHI ĐOÀN CỤC THI HÀNH ÁN DÂN SỰ TỈNH")
    assert found.day == DAY(2023, 4, 7)
    assert "".join(found.groups) == minutes.sha256
    new_minutes(meeting=minutes.meeting, reason="Sửa tên", by=account_at(minutes.meeting.unit), now=NOW)
    assert replaced_by(minutes) is None  # the new edition is not signed
    Minutes.objects.filter(meeting=minutes.meeting, edition=2).update(
        state="locked", frozen=minutes.frozen, sha256=minutes.sha256, locked_at=NOW + datetime.timedelta(days=3)
    )
    assert opened(proof_of(minutes).token).replaced_on == (NOW + datetime.timedelta(days=3)).date()


def test_papers_of_an_inspection_tell_their_committee():
    case = concluded_case()
    notice = CasePaper.objects.get(inspection=case.case, kind=CasePaper.Kind.NOTICE)
    found = opened(proof_of(notice).token)
    assert found.kind.startswith("THÔNG BÁO")
    assert (found.day, found.replaced_on) == (NOTICE, None)
    assert (
        case.branch.name.upper() not in f"{found.kind} {found.number} {found.issuer}"
    )  # whom it is about stays closed
    again = new_edition(paper=notice, by=case.chair, on=NOTICE, reason="Sửa một số liệu")
    assert opened(proof_of(notice).token).replaced_on is None
    issue_paper(paper=again, version=again.version, by=case.chair, on=DAY(2019, 12, 9), dated_on=DAY(2019, 12, 9))
    assert opened(proof_of(notice).token).replaced_on == DAY(2019, 12, 9)


def test_a_published_ranking_tells_its_issuer():
    s = ranking_scene()
    all_scored(s)
    ranking = published(s)
    found = opened(proof_of(ranking).token)
    assert (found.kind, found.day, found.replaced_on) == ("BẢNG ĐIỂM THI ĐUA", ranking.published_on, None)
    assert found.issuer.startswith("BCH ")
    EmulationRanking.objects.create(
        set=ranking.set, edition=2, published_on=DAY(2027, 1, 5), published_by=ranking.published_by, reason="Chấm lại",
        content=ranking.content, sha256=ranking.sha256,
    )  # fmt: skip
    assert opened(proof_of(ranking).token).replaced_on == DAY(2027, 1, 5)


def test_a_copy_that_was_changed_by_hand_proves_nothing(edition, client):
    """Past every verb, as who can write the tables would: a figure of the report, a word of the minutes, points."""
    minutes = signed(meeting_scene())
    notice = CasePaper.objects.get(inspection=concluded_case().case, kind=CasePaper.Kind.NOTICE)
    s = ranking_scene()
    all_scored(s)
    ranking = published(s)
    tokens = [proof_of(one).token for one in (edition, minutes, notice, ranking)]
    assert [opened(token).is_intact for token in tokens] == [True] * 4
    edition.rows.filter(code="blood_turns").update(value=50)
    Minutes.objects.filter(pk=minutes.pk).update(frozen=minutes.frozen | {"place": "Nơi khác"})
    CasePaper.objects.filter(pk=notice.pk).update(frozen=notice.frozen | {"closing": "Khen"})
    EmulationRanking.objects.filter(pk=ranking.pk).update(content=ranking.content | {"note": "x"})
    assert [opened(token).is_intact for token in tokens] == [False] * 4
    page = asked(client, tokens[0]).content.decode()
    assert "Không kiểm tra được" in page
    assert "Đang có hiệu lực" not in page


# --- on paper -------------------------------------------------------------------------------------------


def sheets(html: str, layout) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages]


def pictures(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return sum(name.startswith("word/media/") for name in packed.namelist())


def word_text(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join(line for line in body.itertext() if line.strip())


def printed_kinds():
    """(proof, PDF page, Word file) of each kind of paper that has one."""
    edition = approve(hand_in(begin(a_branch(), number="1", dated_on=TODAY)))
    proof, content = proof_of(edition), content_of_submission(edition)
    yield "report", proof, report_html(content, proof), report_docx(content, proof)
    minutes = signed(meeting_scene())
    proof, made = proof_of(minutes), minutes_paper(minutes.frozen)
    yield "minutes", proof, minutes_html(made, proof), minutes_word(made, proof)
    notice = CasePaper.objects.get(inspection=concluded_case().case, kind=CasePaper.Kind.NOTICE)
    proof, made = proof_of(notice), document_of(notice.frozen, number=notice.number)
    yield "notice", proof, document_html(made, proof), document_word(made, proof)
    s = ranking_scene()
    all_scored(s)
    ranking = published(s)
    proof, made = proof_of(ranking), ranking_paper(s.set, ranking)
    yield "ranking", proof, ranking_html(made, proof), ranking_word(made, proof)


@pytest.mark.once
def test_every_fixed_paper_carries_code_address_and_hash_on_its_last_sheet():
    for name, proof, (html, layout), word in printed_kinds():
        text = sheets(html, layout)
        last = " ".join(text[-1].split())
        assert f"Kiểm tra bản in: doan.example.vn/v/ {proof.token} Mã nội dung:" in last, name
        assert " ".join(in_groups(proof.sha256)) in last, name
        assert proof.token not in "".join(text[:-1]), name
        assert html.count('class="proof"') == 1, name
        said = word_text(word)
        assert all(line in said for line in proof.lines), name
        assert pictures(word) == 1, name
        assert proof.alt in zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode(), name


@pytest.mark.once
def test_the_code_on_paper_opens_the_page(edition):
    """Drawn in the PDF is the code of the address: the same modules as a fresh code of it, 22 mm wide."""
    import segno

    proof = proof_of(edition)
    html, _ = report_html(content_of_submission(edition), proof)
    (path,) = re.findall(r'aria-label="Mã QR[^"]*"><path d="([^"]+)"', html)
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    fresh = segno.make(f"{SITE}/v/{proof.token}", error="m", micro=False).matrix
    assert drawn == {(x + 4, y + 4) for y, row in enumerate(fresh) for x, dark in enumerate(row) if dark}
    assert 22 / (len(fresh) + 8) > 0.5  # mm of a module


@pytest.mark.once
def test_a_draft_and_an_edition_that_waits_carry_nothing(client):
    branch = a_branch()
    submission = hand_in(begin(branch, number="1", dated_on=TODAY))
    html, _ = report_html(content_of_submission(submission), proof_of(submission))
    assert "proof" not in html
    assert "Kiểm tra bản in" not in html


# --- two at once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_first_prints_at_once_agree_on_one_token(settings):
    settings.SITE_URL = SITE
    edition = approve(hand_in(begin(a_branch(), number="1", dated_on=TODAY)))
    start, found = threading.Barrier(4), []

    def first_print():
        try:
            start.wait(10)
            found.append(proof_of(Submission.objects.get(pk=edition.pk)).token)
        finally:
            connection.close()

    threads = [threading.Thread(target=first_print) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert PaperProof.objects.count() == 1
