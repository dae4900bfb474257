"""The notice of conclusion: its words against the rows, in both kinds of issuer, and as a real PDF."""

import datetime
import html as markup
import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from branches.restructuring import rename_unit
from inspections.conducting import add_finding, conclude, record_visit
from inspections.easing import extend_due
from inspections.following import recommend
from inspections.issuing import notice_paper
from inspections.models import Inspection, InspectionProgramme, Recommendation
from inspections.papering import composed, content_of
from inspections.preparing import SeatLine
from inspections.programming import TopicLine
from reports.papers.inspection_print import document_html, document_of
from reports.papers.inspection_sheet import lowered
from tests.inspecting import NOTICE, TODAY, VISIT, concluded, planned, scene, visited, with_findings

pytestmark = pytest.mark.django_db


def html_of(case) -> str:
    found = Inspection.objects.select_related("programme__unit", "unit").get(pk=case.pk)
    paper = notice_paper(found)
    return document_html(document_of(content_of(paper, on=TODAY), number=paper.number))[0]


def text_of(case) -> str:
    """The paper as running text."""
    html = html_of(case)
    plain = markup.unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ")
    return re.sub(r"\s+", " ", plain)


def test_notice_says_what_was_written():
    s = scene()
    case, _ = concluded(s)
    text = text_of(case)

    assert "Số: 15-TB/ĐTN-UBKT" in text
    assert "Kết luận kiểm tra và giám sát công tác Đoàn năm 2026 tại Chi đoàn Cục Thử nghiệm" in text
    assert (
        "Thực hiện Kế hoạch số 02-KH/ĐTN-UBKT ngày 28/02/2026 của Ban Chấp hành Đoàn Thanh niên Bộ thử về kiểm tra "
        "công tác Đoàn và phong trào thanh niên năm 2026, chiều ngày 28/09/2026, Đoàn kiểm tra do đồng chí "
        "Vương Quốc Trung, Phó Bí thư, làm Trưởng đoàn đã làm việc tại Chi đoàn Cục Thử nghiệm (Trụ sở Cục)."
    ) in text
    assert "1. Kiểm tra công tác Đoàn và phong trào thanh niên năm 2026. 2. Giám sát" in text
    assert "2. Giám sát việc thực hiện Chỉ thị 42-CT/TW. Thời gian xem xét: từ ngày 01/01/2026 đến ngày" in text
    assert "- Chuẩn bị báo cáo tốt." in text
    assert "- Sinh hoạt chưa đều (đơn vị tự nêu)." in text
    assert "thực hiện 01 kiến nghị tại Bảng 1." in text
    assert "1 Sinh hoạt đều hằng tháng Bí thư chi đoàn 31/10/2026 Không nêu" in text
    assert "TM. BAN CHẤP HÀNH PHÓ BÍ THƯ Vương Quốc Trung" in text
    assert "None" not in text
    assert "DỰ THẢO" not in text


def test_notice_keeps_its_own_dates_after_they_moved():
    s = scene()
    case, row = concluded(s)
    recommendation = {"version": row.version, "by": s.chair, "on": TODAY, "reason": "Đại hội"}
    extend_due(recommendation=row, due_on=datetime.date(2026, 12, 31), **recommendation)
    assert "31/10/2026" in text_of(case)
    assert "31/12/2026" not in text_of(case)


def test_recommendation_without_a_date_says_so_for_ever():
    s = scene()
    case, row = concluded(s, due_on=None)
    extend_due(
        recommendation=row, version=row.version, by=s.chair, on=TODAY, due_on=datetime.date(2026, 12, 31), reason="X"
    )
    assert "Bí thư chi đoàn Không đặt hạn Không nêu" in text_of(case)


def test_supervision_alone_tells_a_result_in_the_committees_own_name():
    s = scene()
    s.programme.in_name_of = InspectionProgramme.InNameOf.INSPECTION_COMMITTEE
    s.programme.number, s.programme.title = "383-KH/UBKT", "Kế hoạch giám sát chuyên đề năm 2026"
    s.programme.save()
    case = planned(
        s, title="Giám sát việc giới thiệu đoàn viên ưu tú", inspection_kind="", supervision_kind="thematic",
        topics=[TopicLine("Giám sát thực hiện Chỉ thị 03", use="supervise")], team=[SeatLine("Trần Khắc", role="head")],
    )  # fmt: skip
    case = record_visit(
        inspection=case, version=case.version, by=s.chair, on=TODAY, visited_on=VISIT, reason="Họp luôn"
    )
    add_finding(inspection=case, by=s.chair, kind="shortcoming", text="Mới đạt 19 trên 20.")
    conclude(inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=NOTICE)
    text = text_of(case)

    assert "Kết quả giám sát việc giới thiệu đoàn viên ưu tú tại Chi đoàn Cục Thử nghiệm" in text
    assert "Kế hoạch số 383-KH/UBKT ngày 28/02/2026 của Ủy ban Kiểm tra Đoàn Thanh niên Bộ thử về giám sát" in text
    assert "ngày 28/09/2026, Đoàn giám sát do đồng chí Trần Khắc làm Trưởng đoàn đã làm việc tại" in text
    assert "Giám sát thực hiện Chỉ thị 03. Thời gian xem xét: từ" in text
    assert "Số: ……-TB/UBKT" in text
    assert "TM. ỦY BAN KIỂM TRA CHỦ NHIỆM (Ký, ghi rõ họ tên)" in text
    assert "Bảng 1" not in text
    assert "- Mới đạt 19 trên 20." in text


def test_paper_keeps_the_name_of_its_day():
    s = scene()
    case, _ = concluded(s)
    rename_unit(unit=s.branch, name="Chi đoàn Tên Mới", on=datetime.date(2026, 11, 1), decision="1-QĐ/ĐTN")
    text = text_of(case)
    assert "Chi đoàn Cục Thử nghiệm" in text
    assert "Tên Mới" not in text


def test_missing_parts_are_dotted_and_a_draft_says_so():
    s = scene()
    case = visited(s)
    html = html_of(case)
    assert "DỰ THẢO" in html
    assert html.count('class="fills"') == 3  # merits, shortcomings, the opening of the conclusion
    assert "ngày …… tháng …… năm ………" in html.replace("\xa0", " ")  # tied where the line would be too long


def test_typed_text_is_never_markup():
    s = scene()
    case, _ = with_findings(s)
    add_finding(inspection=case, by=s.chair, kind="merit", text='<img src="http://x/"><script>alert(1)</script>')
    html = html_of(case)
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize("count", [1, 3, 30])
def test_query_count_does_not_grow(count, django_assert_num_queries):
    s = scene()
    case = visited(s)
    for number in range(count):
        add_finding(inspection=case, by=s.chair, kind="merit", text=f"Ưu điểm {number}")
        recommend(inspection=case, by=s.chair, text=f"Việc {number}", owner="Bí thư", no_due_date=True)
    found = Inspection.objects.select_related("programme__unit", "unit").get(pk=case.pk)
    paper = notice_paper(found)
    with django_assert_num_queries(8):
        composed(paper, on=TODAY)


def test_pdf_embeds_only_the_paper_face_and_reads_back(client):
    s = scene()
    case, _ = concluded(s)
    client.force_login(s.chair)
    answer = client.get(reverse("reports:conclusion_pdf", args=[case.pk]))
    paper = PdfReader(io.BytesIO(answer.content))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store, private"
    assert {name for page in paper.pages for name in fonts_of(page)} <= {
        "Liberation-Serif", "Liberation-Serif-Bold", "Liberation-Serif-Italic",
    }  # fmt: skip
    said = " ".join(page.extract_text() for page in paper.pages)
    assert "THÔNG BÁO" in said
    assert Recommendation.objects.get().text in re.sub(r"\s+", " ", said)


def fonts_of(page) -> set[str]:
    fonts = page["/Resources"]["/Font"].get_object()
    return {fonts[key].get_object()["/BaseFont"].split("+")[-1] for key in fonts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Việc thực hiện", "việc thực hiện"), ("Chỉ thị 42", "Chỉ thị 42"), ("UBKT nêu", "UBKT nêu"), ("", "")],
)
def test_lowered_keeps_names(text, expected):
    assert lowered(text) == expected
