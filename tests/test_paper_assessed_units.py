"""The decision about the branches of a round: every line by hand, the same on paper, in Word and in Excel."""

import html
import io
import re

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from branches.assessing.rounds import criteria_sets
from branches.assessing.steps import Verdict, conclude
from branches.models import AgendaItem, Assessment, Ballot, Criterion, Label, UnitEvent
from branches.models.assessment import Subject
from reports.papers.assessed_units import units_decision, units_decision_html
from tests.factories import UnitFactory, account_at, year

from .assessed import GOOD, TODAY, TOP, Scene

pytestmark = [pytest.mark.django_db]
FACTS = {
    "meetings": {"words": "đã họp 11 trên 11 buổi, 0 buổi chưa báo", "done": 11, "of": 11},
    "attendance": {"words": "chưa điểm danh buổi nào", "done": 0, "of": 0},
    "party_steps": {"words": "chưa ghi bước nào", "done": None, "of": None},
    "dues": {"words": "đã thu 330.000 trên 360.000 đồng", "done": 330000, "of": 360000},
}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def scene():
    """Sở Tư pháp: the best by vote 10/12; Sở Y tế: good, no vote kept; Thuế tỉnh: not concluded yet."""
    made = Scene(members=["Lê Thu An"])
    made.third = UnitFactory(superior=made.union, name="Chi đoàn Thuế tỉnh")
    criteria = criteria_sets(Subject.BRANCH, year(2026)).get(name="Đánh giá chi đoàn từ năm 2023")
    made.round = made.open(subject=Subject.BRANCH, name="Xếp loại chi đoàn 2026", criteria_set=criteria)
    point = AgendaItem.objects.create(meeting=made.meeting(), position=1, title="Xếp loại")
    ballot = Ballot.objects.create(
        item=point, question="Xếp loại", decision="assessment", entitled=14, present=12, votes_for=10,
        votes_against=2, written_by=made.secretary,
    )  # fmt: skip
    for unit, code, vote in ((made.branch, TOP, ballot), (made.sibling, GOOD, None)):
        row = made.round.assessments.get(unit=unit)
        verdict = Verdict(row.pk, row.version, made.label(code), "Hoạt động đều", ballot=vote)
        conclude(round=made.round, unit=unit, verdicts=[verdict], by=made.secretary, on=TODAY)
        Assessment.objects.filter(pk=row.pk).update(facts=FACTS)
    made.approve(made.round, *made.round.assessments.filter(state="concluded"), decision="45-QĐ/ĐTN")
    return made


def decision_of(scene):
    rows = scene.round.assessments.filter(state="approved").select_related(
        "unit", "branch_label", "final_label", "ballot"
    )
    rows = list(rows.order_by("final_label__position", "unit__sort_key"))
    labels = list(Label.objects.filter(label_set=scene.round.label_set))
    criteria = list(Criterion.objects.filter(criteria_set=scene.round.criteria_set))
    return units_decision(scene.union, scene.round, rows, labels, criteria, on=TODAY)


def plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


LINES = [
    "BAN CHẤP HÀNH ĐOÀN KHỐI CÁC CƠ QUAN",
    "- Căn cứ Điều lệ Đoàn TNCS Hồ Chí Minh;",
    "- Căn cứ Hướng dẫn 25-HD/TWĐTN-BTC (2023) về đánh giá, xếp loại;",
    "- Xét kết luận của các chi đoàn theo bộ tiêu chí “Đánh giá chi đoàn từ năm 2023”,",
    "QUYẾT ĐỊNH",
    "Điều 1. Công nhận kết quả xếp loại 2 chi đoàn: hoàn thành xuất sắc nhiệm vụ 1 chi đoàn; hoàn thành tốt nhiệm vụ "
    "1 chi đoàn.",
    "Điều 2. Các chi đoàn có tên ở Điều 1 thực hiện Quyết định này, có hiệu lực từ ngày ký./.",
]
GROUNDS = "đã họp 11 trên 11 buổi; đã thu 330.000 trên 360.000 đồng"
ROWS = [
    ["1", "Chi đoàn Sở Tư pháp", "Hoàn thành xuất sắc nhiệm vụ", f"Biểu quyết 10/12; {GROUNDS}"],
    ["2", "Chi đoàn Sở Y tế", "Hoàn thành tốt nhiệm vụ", f"Đ{GROUNDS[1:]}"],
]  # fmt: skip


def test_decision_line_by_line(scene):
    made = decision_of(scene)
    paper = units_decision_html(made)[0]
    text = plain(html.unescape(re.sub(r"<[^>]+>", " ", paper)))
    for line in LINES:
        assert line in text, line
    assert text.index("Điều 1.") < text.index("Chi đoàn Sở Tư pháp") < text.index("Điều 2.")
    cells = re.findall(r"<tr>(.*?)</tr>", paper.split("<tbody>")[1].split("</tbody>")[0], re.S)
    assert [[plain(html.unescape(c)) for c in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in cells] == ROWS
    assert made.paper.head.number == "Số: 45-QĐ/ĐTN"
    assert made.paper.head.dateline.endswith("ngày 22 tháng 11 năm 2026")
    assert made.paper.abstract == ("Về việc công nhận kết quả đánh giá, xếp loại", "các chi đoàn năm 2026")
    assert made.paper.recipients == ("Các chi đoàn (để t/h)", "Lưu Đoàn Khối các cơ quan")
    assert "Thuế tỉnh" not in text


def test_numbers_that_differ_are_left_to_the_pen(scene):
    scene.round.assessments.filter(unit=scene.sibling).update(decision="46-QĐ/ĐTN")
    made = decision_of(scene)
    assert "45" not in made.paper.head.number + made.paper.head.dateline.replace("2026", "")
    assert "…" in made.paper.head.number


def test_a_branch_is_called_as_on_the_day_of_the_decision(scene):
    UnitEvent.objects.create(
        unit=scene.branch, kind="rename", takes_effect_on=TODAY.replace(day=23), old_name="Chi đoàn Tư pháp cũ",
        decision="1", decided_on=TODAY,
    )  # fmt: skip
    assert decision_of(scene).table.rows[0][1] == "Chi đoàn Tư pháp cũ"


def test_word_file_says_the_same_and_excel_has_every_branch(client, scene):
    client.force_login(scene.office)
    args = [scene.union.pk, scene.round.pk]
    answer = client.get(reverse("reports:assessment_units_docx", args=args))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    word = Document(io.BytesIO(answer.content))
    lines = [plain(line.text) for line in word.paragraphs if line.text.strip()]
    assert lines[-7:] == LINES
    table = next(one for one in word.tables if one.rows[0].cells[0].text == "TT")
    assert [[plain(cell.text) for cell in row.cells] for row in table.rows[1:]] == ROWS
    answer = client.get(reverse("reports:assessment_units_xlsx", args=args))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows() if isinstance(row[0].value, int | float)]
    assert [(row[1], row[2], row[4], row[6], row[7], row[9]) for row in found] == [
        ("Chi đoàn Sở Tư pháp", "Đoàn cấp trên đã chuẩn y", *[ROWS[0][2]] * 2, "45-QĐ/ĐTN", ROWS[0][3]),
        ("Chi đoàn Sở Y tế", "Đoàn cấp trên đã chuẩn y", *[ROWS[1][2]] * 2, "45-QĐ/ĐTN", ROWS[1][3]),
        ("Chi đoàn Thuế tỉnh", "Chưa tự đánh giá", None, None, None, None),
    ]


def test_only_who_reads_the_results_gets_papers_and_only_of_a_round_about_branches(client, scene, monkeypatch):
    monkeypatch.setattr("reports.views.papers_assessment.render_pdf", lambda *rest, **more: b"%PDF-1.7")
    members = scene.open()
    found = {}
    people = {"office": scene.office, "secretary": scene.secretary, "member": account_at(scene.union, "member")}
    for name, account in people.items():
        client.force_login(account)
        found[name] = [
            client.get(reverse(f"reports:assessment_units_{kind}", args=[scene.union.pk, round.pk])).status_code
            for round in (scene.round, members)
            for kind in ("pdf", "docx", "xlsx")
        ]
    none = [404] * 6
    assert found == {"office": [200, 200, 200, 404, 404, 404], "secretary": none, "member": none}
    page = reverse("branches:assessment_round", args=[scene.round.pk])
    client.force_login(scene.office)
    text = client.get(page).content.decode()
    assert reverse("reports:assessment_units_docx", args=[scene.union.pk, scene.round.pk]) in text
    Assessment.objects.filter(round=scene.round).update(state="open", final_label=None, approved_on=None)
    assert client.get(reverse("reports:assessment_units_pdf", args=[scene.union.pk, scene.round.pk])).status_code == 404
    text = client.get(page).content.decode()
    assert "In quyết định" not in text
    assert "Tải bảng (Excel)" in text
