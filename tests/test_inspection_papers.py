"""Papers of a case: begun, worded, issued with a number, frozen, replaced, scanned; who reads and who signs."""

import datetime
import io

import docx
import pytest
from django.urls import reverse

from branches.models import EditConflict, PaperNumber
from branches.uploads import Stored
from inspections.conducting import add_finding, conclude, give_number
from inspections.issuing import issue_paper, new_edition
from inspections.models import CasePaper, CasePaperScan, Finding, Inspection
from inspections.paper_scans import attach_scan
from inspections.papering import begin_paper, composed, content_of, digest_of, drop_draft, is_intact, write_texts
from inspections.states import InspectionRefused
from reports.papers.inspection_frame import PAPERS
from reports.papers.inspection_print import document_html, document_of, document_word
from reports.papers.inspection_words import finding_sentence, findings_of
from tests.inspecting import stranger
from tests.papering import NOTICE, SENT, VISIT, CaseA, concluded_case, planned_case, sent_case, visited_case
from tests.printed import tables_of

pytestmark = pytest.mark.django_db
Day = datetime.date
Kind = CasePaper.Kind


def refusal(verb, **fields) -> dict:
    with pytest.raises(InspectionRefused) as refused:
        verb(**fields)
    return refused.value.errors


def numbers() -> list[str]:
    return list(PaperNumber.objects.order_by("number").values_list("symbol", flat=True))


def test_a_draft_follows_its_rows_until_it_is_issued():
    a = sent_case()
    a.issue(Kind.DECISION, SENT)
    paper = PAPERS.get(kind=Kind.DECISION)
    frozen = content_of(paper, on=SENT)
    Inspection.objects.filter(pk=a.case.pk).update(place="Nơi khác", title="Nội dung khác")
    a.case.team.all().delete()
    assert content_of(PAPERS.get(pk=paper.pk), on=NOTICE) == frozen
    assert is_intact(paper)
    CasePaper.objects.filter(pk=paper.pk).update(frozen=frozen | {"closing": "Khác"})
    assert not is_intact(CasePaper.objects.get(pk=paper.pk))


def test_own_words_stay_and_an_emptied_passage_is_drafted_again():
    a = sent_case()
    paper = a.draft(Kind.PLAN)
    write = {"paper": paper, "by": a.chair, "on": SENT}
    drafted = {slot.key: slot.drafted for slot in composed(paper, on=SENT).slots}
    write_texts(**write, version=1, texts={"purpose": " Lời của tôi. \n\n Dòng hai. ", "agenda": drafted["agenda"]})
    paper = PAPERS.get(pk=paper.pk)
    assert paper.texts == {"purpose": "Lời của tôi.\nDòng hai."}
    said = [block["text"] for block in composed(paper, on=SENT).record["blocks"]]
    assert said[said.index("I. MỤC ĐÍCH, YÊU CẦU") + 1 :][:2] == ["Lời của tôi.", "Dòng hai."]
    with pytest.raises(EditConflict):
        write_texts(**write, version=1, texts={"purpose": "Người khác"})
    write_texts(paper=paper, by=a.chair, on=SENT, version=2, texts={"purpose": ""})
    assert PAPERS.get(pk=paper.pk).texts == {}


def test_numbers_come_from_the_books_of_committee_team_and_unit():
    a = concluded_case()
    assert a.issue(Kind.PLAN, NOTICE).number == "03-KH/ĐTN-UBKT"  # the programme of the year was number 02
    assert a.issue(Kind.DECISION, NOTICE).number == "01-QĐ/ĐTN-UBKT"
    assert a.issue(Kind.SESSION, NOTICE).number == "01-BB/ĐKT"
    assert a.issue(Kind.OUTLINE, NOTICE).number == ""
    remediation = a.issue(Kind.REMEDIATION, NOTICE)
    assert (remediation.number, remediation.entry.book.unit) == ("01-BC/CĐ", a.branch)
    assert CasePaper.objects.get(kind=Kind.NOTICE).entry.symbol == "11-TB/ĐTN-UBKT"
    assert PaperNumber.objects.count() == 6


def test_a_refused_issue_takes_no_number():
    a = sent_case()
    paper = a.draft(Kind.PLAN)
    issue = {"paper": paper, "version": paper.version, "by": a.chair, "on": SENT, "dated_on": SENT}
    assert refusal(issue_paper, **issue | {"dated_on": Day(2019, 11, 12)}) == {
        "dated_on": "Ngày văn bản không thể sau hôm nay."
    }
    assert refusal(issue_paper, **issue, wanted=9) == {
        "number_reason": "Số tiếp theo trong sổ là 03. Hãy ghi lý do lấy số 09."
    }
    assert numbers() == ["02-KH/ĐTN-UBKT"]
    assert CasePaper.objects.get().state == "draft"
    issue_paper(**issue)
    assert "đã ban hành nên không sửa được" in refusal(issue_paper, **issue)[None]
    assert numbers() == ["02-KH/ĐTN-UBKT", "03-KH/ĐTN-UBKT"]


def test_papers_wait_for_their_step():
    a = planned_case()
    begin = {"inspection": a.case, "by": a.chair, "on": SENT}
    assert "Cuộc này đang ở bước" in refusal(begin_paper, **begin, kind=Kind.SESSION)[None]
    assert "Cuộc này đang ở bước" in refusal(begin_paper, **begin, kind=Kind.REMINDER)[None]
    told = concluded_case()
    assert refusal(begin_paper, inspection=told.case, by=told.chair, on=NOTICE, kind=Kind.CLOSING) == {
        None: "Còn 3 kiến nghị chưa khép. Kiểm tra hoặc rút từng kiến nghị trước."
    }
    assert begin_paper(**begin, kind=Kind.PLAN).pk == begin_paper(**begin, kind=Kind.PLAN).pk


def test_the_notice_goes_out_with_the_conclusion_and_not_alone():
    a = visited_case()
    paper = a.draft(Kind.NOTICE)
    issue = {"paper": paper, "version": paper.version, "by": a.chair, "on": NOTICE, "dated_on": NOTICE}
    assert refusal(issue_paper, **issue) == {None: "Thông báo ban hành cùng bước Thông báo kết luận của hồ sơ."}
    write_texts(paper=paper, version=paper.version, by=a.chair, on=NOTICE, texts={"heard": "Nay thông báo:"})
    case = a.fresh()
    conclude(inspection=case, version=case.version, by=a.chair, on=NOTICE, concluded_on=NOTICE, number="")
    paper = PAPERS.get(pk=paper.pk)
    assert (paper.state, paper.number, paper.dated_on) == ("issued", "", NOTICE)
    assert "Nay thông báo:" in [block["text"] for block in paper.frozen["blocks"]]
    made = document_of(paper.frozen, number=paper.number)
    assert made.paper.head.number == "Số: ……-TB/ĐTN-UBKT"
    case = a.fresh()
    give_number(inspection=case, version=case.version, by=a.chair, number="11-TB/ĐTN-UBKT")
    numbered = PAPERS.get(pk=paper.pk)
    assert (numbered.number, numbered.entry.number, numbered.frozen) == ("11-TB/ĐTN-UBKT", 11, paper.frozen)
    assert is_intact(numbered)
    assert document_of(numbered.frozen, number=numbered.number).paper.head.number == "Số: 11-TB/ĐTN-UBKT"


def test_a_number_typed_twice_refuses_the_conclusion_whole():
    a = visited_case()
    other = concluded_case()  # another committee of its own: the same number is no double there
    assert other.case.conclusion_number == "11-TB/ĐTN-UBKT"
    case = a.fresh()
    fields = {"inspection": case, "version": case.version, "by": a.chair, "on": NOTICE, "concluded_on": NOTICE}
    a.issue(Kind.PLAN, VISIT)
    from branches.numbering import take_number

    take_number(unit=a.union, type_code="TB", suffix="UBKT", on=NOTICE, by=a.chair, about="Thông báo khác")
    errors = refusal(conclude, **fields, number="01-TB/ĐTN-UBKT")
    assert errors == {"number": "Số 01-TB/ĐTN-UBKT đã dùng: Thông báo khác. Số tiếp theo trong sổ là 02."}
    assert a.fresh().concluded_on is None
    assert not CasePaper.objects.filter(inspection=a.case, kind=Kind.NOTICE).exists()


def test_a_new_edition_says_what_it_replaces_and_has_a_number_of_its_own():
    a = sent_case()
    first = a.issue(Kind.PLAN, SENT)
    assert refusal(new_edition, paper=first, by=a.chair, on=VISIT, reason=" ") == {
        "reason": "Hãy ghi lý do ban hành lại."
    }
    second = new_edition(paper=first, by=a.chair, on=VISIT, reason="Đổi ngày làm việc")
    assert refusal(new_edition, paper=first, by=a.chair, on=VISIT, reason="Lần nữa") == {
        None: "Đã có dự thảo của bản mới. Hãy sửa dự thảo đó."
    }
    issue_paper(paper=second, version=1, by=a.chair, on=VISIT, dated_on=VISIT)
    second = PAPERS.get(pk=second.pk)
    assert (second.edition, second.number) == (2, "04-KH/ĐTN-UBKT")
    said = "(Thay thế bản số 03-KH/ĐTN-UBKT ngày 11/11/2019. Lý do: Đổi ngày làm việc)"
    assert second.frozen["blocks"][0] == {"kind": "centre", "text": said, "soft": True}
    assert is_intact(PAPERS.get(pk=first.pk))


def test_reminders_are_a_series_and_a_draft_can_be_dropped():
    a = concluded_case()
    first = a.issue(Kind.REMINDER, Day(2020, 2, 3))
    second = a.draft(Kind.REMINDER, Day(2020, 3, 2))
    assert (first.series, second.series, second.edition) == (1, 2, 1)
    drop_draft(paper=second, version=second.version, by=a.chair)
    assert CasePaper.objects.filter(kind=Kind.REMINDER).count() == 1


def test_a_scan_goes_only_to_what_was_issued():
    a = sent_case()
    file = Stored("x/ban-ky.pdf", "ban-ky.pdf", "pdf", "application/pdf", 9, "0" * 64)
    draft = a.draft(Kind.PLAN)
    assert refusal(attach_scan, paper=draft, by=a.chair, files=[file]) == {
        None: "Văn bản chưa ban hành nên chưa có bản ký."
    }
    attach_scan(paper=a.issue(Kind.DECISION, SENT), by=a.chair, files=[file])
    assert CasePaperScan.objects.get().name == "ban-ky.pdf"


# --- who reads, who signs -------------------------------------------------------------------------------


def test_drafts_stay_with_their_writers_and_issued_papers_go_to_whom_they_are_addressed():
    a = concluded_case()
    a.issue(Kind.PLAN, NOTICE)
    a.draft(Kind.REMINDER)
    a.issue(Kind.TEAM_REPORT, NOTICE)
    a.draft(Kind.REMEDIATION)

    def kinds(user):
        return sorted(CasePaper.objects.visible_to(user).values_list("kind", flat=True))

    assert kinds(a.chair) == ["notice", "plan", "reminder", "team_report"]
    assert kinds(a.secretary) == ["notice", "plan", "remediation"]
    assert kinds(stranger()) == []
    assert sorted(CasePaper.objects.issuable_by(a.secretary).values_list("kind", flat=True)) == ["remediation"]


def test_the_unit_opens_its_paper_and_a_stranger_does_not(client):
    a = concluded_case()
    paper = CasePaper.objects.get(kind=Kind.NOTICE)
    url = reverse("inspections:paper", args=[paper.pk])
    client.force_login(a.secretary)
    page = client.get(url)
    assert page.status_code == 200
    assert "Số 11-TB/ĐTN-UBKT" in page.content.decode()
    assert "Ban hành văn bản" not in page.content.decode()
    client.force_login(stranger())
    assert client.get(url).status_code == 404


def test_issuing_on_the_page_once_however_often_it_is_sent(client):
    a = sent_case()
    paper = a.draft(Kind.PLAN)
    client.force_login(a.chair)
    url = reverse("inspections:paper_issue", args=[paper.pk])
    form = client.get(url).context["form"]
    offered = "Để trống thì lấy số tiếp theo trong sổ: 01-KH/ĐTN-UBKT."  # of this year; the paper is dated 2019
    assert form.fields["wanted"].help_text == offered
    sent = {"form_key": str(form["form_key"].value()), "version": "1", "dated_on": "11/11/2019",
            "signer_capacity": "TM. BAN CHẤP HÀNH", "signer_post": "BÍ THƯ",
            "signer_name": "Trần Minh Quân"}  # fmt: skip
    for _ in range(2):
        assert client.post(url, sent)["Location"] == reverse("inspections:paper", args=[paper.pk])
    assert numbers() == ["02-KH/ĐTN-UBKT", "03-KH/ĐTN-UBKT"]
    assert CasePaper.objects.get().signer_name == "Trần Minh Quân"


# --- PDF and Word say the same ----------------------------------------------------------------------------


def _word_text(content: bytes) -> tuple[list[str], list[list[str]]]:
    document = docx.Document(io.BytesIO(content))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return [line.text for line in document.paragraphs if line.text.strip()], rows


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.PROGRAMME])
def test_word_and_print_carry_the_same_text(kind):
    a: CaseA = concluded_case()
    on = NOTICE
    if kind == Kind.CLOSING:
        a.case.recommendations.update(state="withdrawn", ended_on=on, withdrawn_reason="Đã sáp nhập")
    paper = CasePaper.objects.get(kind=kind) if kind == Kind.NOTICE else a.issue(kind, on)
    made = document_of(paper.frozen, number=paper.number)
    html, _ = document_html(made)
    lines, cells = _word_text(document_word(made))
    for block in made.blocks:
        if block.table:
            heads = [column.title for column in block.table.columns]
            assert [heads, *map(list, block.table.rows)] in tables_of(html)
            for row in [heads] + [list(row) for row in block.table.rows]:
                assert row in cells
        elif block.kind != "fill":
            assert " ".join(filter(None, [block.label, block.text])) in lines
    assert f"{made.closing_label} {made.closing}".strip() in lines
    assert made.closing.endswith("./.")
    assert "None" not in html
    shown = made.paper.head.number
    assert shown in html
    assert not shown or any(shown in cell for row in cells for cell in row)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_of_composing_do_not_grow(count, django_assert_num_queries):
    from inspections.following import recommend

    a = visited_case()
    for place in range(count):
        add_finding(inspection=a.case, by=a.chair, kind="merit", text=f"Ưu điểm {place}")
        recommend(inspection=a.case, by=a.chair, text=f"Việc {place}", owner="Bí thư", no_due_date=True)
    paper = a.draft(Kind.TEAM_REPORT)
    with django_assert_num_queries(11):
        composed(paper, on=NOTICE)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "Chuẩn bị tốt. ", "kind": "merit"}, "Chuẩn bị tốt."),
        ({"text": "Hoạt động chưa đều", "facts": "Sinh hoạt 9/12 tháng.", "weight": 2, "self_stated": True},
         "Hoạt động chưa đều (sinh hoạt 9/12 tháng; đơn vị tự nêu). Đây là hạn chế đáng kể."),
        ({"text": "Thiếu biên bản", "weight": 1, "paper": "Báo cáo số 05-BC/CĐ"},
         "Thiếu biên bản (theo Báo cáo số 05-BC/CĐ)."),
        ({"text": "Thu sai đoàn phí", "kind": "violation", "weight": 3,
          "facts": "Thu 5.000 đồng mỗi tháng. Sổ thu không có chữ ký của người nộp trong cả năm."},
         "Thu sai đoàn phí. Căn cứ: thu 5.000 đồng mỗi tháng. Sổ thu không có chữ ký của người nộp trong cả năm. "
         "Đây là vi phạm nghiêm trọng."),
    ],
)  # fmt: skip
def test_a_finding_reads_as_a_sentence(fields, said):
    assert finding_sentence(Finding(**{"kind": "shortcoming"} | fields)) == said


def test_what_comes_again_says_where_it_was_told_and_faults_the_unit_told_of_are_introduced_once():
    a = concluded_case()
    before = a.case.findings.get(kind="shortcoming")
    case = a.sister(1, visited=True)
    Inspection.objects.filter(pk=case.pk).update(unit=a.branch)
    told = {"inspection": Inspection.objects.get(pk=case.pk), "by": a.chair, "kind": "shortcoming", "self_stated": True}
    add_finding(**told, text="Sinh hoạt chưa đều", repeat_of=before)
    assert findings_of(told["inspection"])["weak"] == [
        "- Sinh hoạt chưa đều (đơn vị tự nêu). Hạn chế này đã nêu tại Thông báo số 11-TB/ĐTN-UBKT ngày 05/12/2019, nay "
        "lặp lại."
    ]
    add_finding(**told, text="Ít sáng kiến", weight=2)
    assert findings_of(told["inspection"])["weak"] == [
        "Đơn vị tự nêu các hạn chế sau:",
        "- Sinh hoạt chưa đều. Hạn chế này đã nêu tại Thông báo số 11-TB/ĐTN-UBKT ngày 05/12/2019, nay lặp lại.",
        "- Ít sáng kiến. Đây là hạn chế đáng kể.",
    ]


def test_digest_knows_no_order_of_keys():
    assert digest_of({"a": 1, "b": "Đoàn"}) == digest_of({"b": "Đoàn", "a": 1})
