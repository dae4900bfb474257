"""Pages of the congress: drafting, the grid, adopting, issuing, PDF and Word from one page; strangers see nothing."""

import html
import io
import re
import uuid

import pytest
from django.urls import reverse
from docx import Document

from branches.models import Target
from reports.congress.content import congress_html
from reports.congress.proposing import proposal_text, proposals_of
from reports.models import CongressPaper
from reports.papers.pdf import render_pdf

from .edition_scene import indicator
from .factories import UnionFactory, UnitFactory, account_at
from .test_congress import TODAY, Kind, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def go(client, scene):
    def _go(name, *args, data=None, status=None, by=None):
        client.force_login(by or scene.by)
        url = reverse(f"reports:{name}", args=[scene.unit.pk, scene.term.pk, *args])
        answer = client.get(url) if data is None else client.post(url, {"form_key": str(uuid.uuid4()), **data})
        assert answer.status_code == (status or (200 if data is None else 302)), answer.content.decode()[:3000]
        return answer

    return _go


def text(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_the_grid_opens_with_what_the_data_suggests_and_keeps_what_is_sent(scene, go):
    page = html.unescape(go("congress_targets").content.decode())
    blood = indicator("blood_turns")
    assert f'name="aim_{blood.pk}"' in page
    assert 'value="≥ 15"' in page
    assert "bằng kết quả nhiệm kỳ này: 15 lượt người" in page
    data = {"version": 0, f"aim_{blood.pk}": "≥ 16", f"reason_{blood.pk}": "tăng một lượt"}
    added = indicator("news_items")
    go("congress_targets", data=data | {"added": added.pk, "added_aim": "20-30", "added_reason": "việc mới"})
    said = {one.indicator.code: (proposal_text(one), one.reason) for one in proposals_of(scene.term)}
    assert said == {"blood_turns": ("≥ 16", "tăng một lượt"), "news_items": ("20-30", "việc mới")}
    # A saved draft is shown as it was saved: lines left out do not come back.
    page = html.unescape(go("congress_targets").content.decode())
    assert 'value="≥ 16"' in page
    assert 'value="≥ 15"' not in page
    assert 'value="20-30"' in page


def test_what_is_no_target_is_answered_at_its_line(scene, go):
    blood = indicator("blood_turns")
    page = text(go("congress_targets", data={"version": 0, f"aim_{blood.pk}": "nhiều"}, status=200))
    assert "Chưa lưu được." in page
    page = text(go("congress_targets", data={"version": 0, "added_aim": "5"}, status=200))
    assert "Hãy chọn chỉ tiêu cho mức đã ghi." in page
    assert proposals_of(scene.term) == []


def test_a_second_editor_is_told(scene, go):
    go("congress_paper", Kind.REVIEW, data={"version": 0, "text_uu_diem": "Đoàn kết"})
    page = text(go("congress_paper", Kind.REVIEW, data={"version": 0, "text_uu_diem": "Khác"}, status=200))
    assert "Có người vừa lưu văn bản này" in page
    assert CongressPaper.objects.get().texts == {"uu-diem": "Đoàn kết"}


def test_sent_twice_is_saved_once(scene, go):
    data = {"version": 0, "text_uu_diem": "Đoàn kết", "form_key": str(uuid.uuid4())}
    go("congress_paper", Kind.REVIEW, data=data)
    go("congress_paper", Kind.REVIEW, data=data)
    assert CongressPaper.objects.get().version == 1


def test_adopting_says_what_it_will_do_and_leads_to_the_plan(scene, go):
    scene.propose(blood_turns="≥ 15")
    assert "Chưa có nhiệm kỳ tiếp theo" in text(go("congress_adopt"))
    assert "Chưa có nhiệm kỳ tiếp theo" in text(go("congress_adopt", data={}, status=200))
    following = scene.next_term()
    assert "1 chỉ tiêu của dự thảo sẽ thành kế hoạch của Nhiệm kỳ 2020-2022" in text(go("congress_adopt"))
    answer = go("congress_adopt", data={})
    assert answer.headers["Location"].startswith(reverse("reports:progress", args=[scene.unit.pk]))
    Target.objects.of_period(following).update(value=20)
    page = text(go("congress_adopt"))
    assert "Có 1 chỗ khác với dự thảo" in page
    assert "dự thảo: ≥ 15; kế hoạch: ≥ 20" in page


def test_issuing_takes_the_next_number_and_closes_the_paper(scene, go):
    page = text(go("congress_issue", Kind.RESULTS, data={"version": 0, "dated_on": "20/12/2019"}, status=200))
    assert "lưu văn bản này trước khi ban hành" in page
    go("congress_paper", Kind.RESULTS, data={"version": 0})
    page = text(go("congress_issue", Kind.RESULTS, data={"version": 1, "dated_on": "21/12/2019"}, status=200))
    assert "không sau hôm nay" in page
    go("congress_issue", Kind.RESULTS, data={"version": 1, "dated_on": "20/12/2019"})
    assert "Số 01-BC/CĐ, ngày 20/12/2019. Đã ban hành" in text(go("congress_paper", Kind.RESULTS))
    page = text(go("congress_issue", Kind.RESULTS, data={"version": 2, "dated_on": "20/12/2019"}, status=200))
    assert "đã ban hành" in page
    assert "01-BC/CĐ" in text(go("congress"))


def test_the_grid_is_closed_by_the_resolution(scene, go):
    scene.propose(blood_turns="≥ 15")
    data = {"version": 1, "dated_on": "20/12/2019"}
    go("congress_issue", Kind.TARGETS, data=data)
    assert "Tờ trình số 01-TTr/CĐ giữ nguyên" in text(go("congress_targets"))
    blood = indicator("blood_turns")
    answer = go("congress_targets", data={"version": 2, f"aim_{blood.pk}": "≥ 20"})
    assert answer.headers["Location"].endswith(f"/{Kind.RESOLUTION}/")
    go("congress_paper", Kind.RESOLUTION, data={"version": 0})
    go("congress_issue", Kind.RESOLUTION, data=data)
    closed = go("congress_targets")
    assert "Nghị quyết đại hội số 01-NQ/CĐ đã ban hành" in text(closed)
    assert f"aim_{blood.pk}" not in closed.content.decode()
    go("congress_targets", data={"version": 3, f"aim_{blood.pk}": "≥ 99"}, status=200)
    assert [proposal_text(one) for one in proposals_of(scene.term)] == ["≥ 20"]
    assert "Soạn dự thảo chỉ tiêu" not in text(go("congress"))


def test_a_kind_that_is_not_there_is_not_found(scene, go):
    go("congress_paper", "khac", status=404)


@pytest.mark.once
@pytest.mark.parametrize("kind", Kind.values)
def test_pdf_and_word_are_of_one_page(scene, go, kind):
    scene.propose(blood_turns="≥ 15", youth_tasks="≥ 3")
    assert go("congress_paper_pdf", kind).content.startswith(b"%PDF")
    word = Document(io.BytesIO(go("congress_paper_docx", kind).content))
    said = " ".join(one.text for one in word.paragraphs)
    for passage in scene.content(kind).passages:
        assert passage.title in said
    if kind == Kind.RESOLUTION:
        assert "Có ít nhất 15 lượt người tham gia hiến máu tình nguyện" in said.replace("\xa0", " ")
    if kind == Kind.TARGETS:
        cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
        assert "≥ 15" in {one.replace("\xa0", " ") for one in cells}


@pytest.mark.once
def test_the_papers_are_laid_out_whatever_their_length(scene):
    scene.write(Kind.REVIEW, **{"uu-diem": "\n".join(f"Câu {number}. " + "dài " * 60 for number in range(20))})
    page, layout = congress_html(scene.content(Kind.REVIEW))
    assert render_pdf(page, layout=layout).startswith(b"%PDF")


def test_strangers_find_nothing_and_members_write_nothing(scene, go):
    stranger = account_at(UnitFactory(superior=UnionFactory(name="Đoàn khác")))
    party = account_at(scene.unit, "party_secretary")
    member = account_at(scene.unit, "member")
    for who, reads, writes in ((stranger, 404, 404), (party, 404, 404), (member, 200, 403)):
        go("congress", by=who, status=reads)
        go("congress_paper", Kind.REVIEW, by=who, status=reads)
        go("congress_targets", by=who, status=writes)
        go("congress_adopt", by=who, status=writes)
        go("congress_issue", Kind.REVIEW, by=who, status=writes)
        go("congress_paper", Kind.REVIEW, by=who, data={"version": 0}, status=writes)
    assert not CongressPaper.objects.exists()
