"""The notice of conclusion of an inspection, or of the result of a supervision, from the rows of its case.

Nothing is composed that people did not write: findings, recommendations and remarks are their words, what is
missing is a dotted blank. It is frozen in the transaction that concludes the case (inspections/papering.py).
"""

import datetime

from branches.formats import two_digits
from inspections.models import CasePaper, Inspection

from .inspection_frames import Frame
from .inspection_sheet import Sheet, paragraphs
from .inspection_words import (
    ASKED_COLUMNS,
    Names,
    about_lines,
    asked_rows,
    basis,
    contents,
    findings_of,
    names_of,
    numbered,
    span,
)


def notice(sheet: Sheet, paper: CasePaper, on: datetime.date) -> Frame:
    """The notice as of its day. A fixed number of queries, whatever the number of findings."""
    case = paper.inspection
    names = names_of(case, on)
    topics = list(case.topics.order_by("position", "pk"))
    found = findings_of(case)
    asked = list(case.recommendations.order_by("number", "pk"))
    if case.concluded_on is None:
        sheet.add("centre", "(DỰ THẢO, CHƯA THÔNG BÁO)", bold=True)
    sheet.passage("basis", "Căn cứ", [basis(case, names)])
    sheet.passage("heard", "Câu dẫn", [_heard(case, names)], leads=True)
    sheet.chapter("Nội dung, phạm vi")
    lines = contents(case, topics)
    sheet.passage(
        "topics", "Nội dung, phạm vi",
        [*numbered(lines), f"Thời gian xem xét: {span(case)}."],
    )  # fmt: skip
    sheet.chapter("Kết quả")
    sheet.section("Đơn vị báo cáo")
    sheet.passage("account", "Đơn vị báo cáo", paragraphs(case.unit_account))
    for topic in topics:
        if topic.answer:
            first, *rest = paragraphs(topic.answer)
            sheet.add("p", first, label=f"- {topic.text.rstrip(' .:')}:", soft=True)
            for line in rest:
                sheet.add("p", line)
    sheet.section("Ưu điểm")
    sheet.listed(found["merits"])
    sheet.section("Hạn chế")
    sheet.listed(found["weak"])
    if found["violations"]:
        sheet.section("Vi phạm")
        sheet.listed(found["violations"])
    sheet.chapter("Ý kiến của cấp ủy")
    sheet.passage("party", "Ý kiến của cấp ủy", paragraphs(case.party_remark))
    sheet.chapter("Kết luận và kiến nghị")
    for line in paragraphs(case.conclusion_opening):
        sheet.add("p", line)
    if not case.conclusion_opening.strip():
        sheet.add("fill")
    if asked:
        count = two_digits(len(asked))
        sheet.add("lead", f"{names.body} đề nghị {names.unit} thực hiện {count} kiến nghị tại Bảng 1.")
        sheet.table(f"Kiến nghị sau {case.purpose_words}", ASKED_COLUMNS, asked_rows(asked))
    sheet.chapter("Tổ chức thực hiện")
    if asked:
        sheet.last(
            "conduct", "Tổ chức thực hiện",
            [f"1. {names.unit} thực hiện và báo cáo kết quả từng kiến nghị về {names.committee}.",
             f"2. {names.committee} theo dõi, kiểm tra việc thực hiện từng kiến nghị."],
        )  # fmt: skip
    else:
        sheet.last("conduct", "Tổ chức thực hiện", [f"{names.unit} tổ chức thực hiện Thông báo này."])
    # An inspection concludes; a supervision alone only tells what it saw.
    outcome = "Kết luận" if case.inspection_kind else "Kết quả"
    return Frame(word="Thông báo", abstract=about_lines(case, outcome, names.unit), recipients=_recipients(case, names))


def _heard(case: Inspection, names: Names) -> str:
    """What the conclusion rests on: only what was really heard."""
    told = "kết luận" if case.inspection_kind else "kết quả"
    sources = []
    if case.unit_account:
        sources.append(f"báo cáo của {names.unit}")
    if case.party_remark:
        sources.append(f"ý kiến của {case.unit.party_body or 'cấp ủy'}")
    if sources:
        return f"Sau khi xem xét {' và '.join(sources)}, {names.body} thông báo {told} như sau:"
    return f"{names.body} thông báo {told} như sau:"


def _recipients(case: Inspection, names: Names) -> tuple[str, ...]:
    lines = [f"{case.unit.party_body} (để p/h)"] if case.unit.party_body else []
    lines += [f"{names.unit} (để t/h)"]
    if names.is_committee:
        return (*lines, f"{names.committee} (để theo dõi)", "Lưu UBKT")
    return (*lines, f"Ban Chấp hành {names.union} (để b/c)", "Lưu UBKT")
