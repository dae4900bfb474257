"""The notice of conclusion of an inspection, a supervision or both, from the rows of its case.

Nothing is composed that people did not write: findings, recommendations and remarks are their words,
what is missing is a dotted blank. The text of a concluded case no longer changes, and the dates are
those of the notice, so the paper can be printed again at any time.
"""

import datetime
import re
from dataclasses import dataclass

from django.template.loader import render_to_string

from branches.formats import day, two_digits
from branches.restructuring import name_on
from inspections.models import Finding, Inspection, InspectionProgramme, Recommendation, TeamSeat, Topic

from .layout import Layout, Signature, paper_of

Class = Finding.Class
# First words that keep their capital inside a sentence.
PROPER = ("Đoàn", "Đảng", "Ban", "Ủy", "Hồ", "Bộ", "Luật", "Nghị", "Chỉ", "Chi", "Quyết", "Kế", "Kết")
DOCUMENTS = {"-KH": "Kế hoạch", "-CTR": "Chương trình", "-QĐ": "Quyết định", "-NQ": "Nghị quyết"}
COMMITTEE = InspectionProgramme.InNameOf.COMMITTEE
ONE_DAY = datetime.timedelta(days=1)
ABSTRACT_LINE = 58  # letters of bold 14 pt that fit between the margins with room to spare


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the table of recommendations, as the notice said it."""

    number: int
    text: str
    owner: str
    due: str
    proof: str


def conclusion_html(case: Inspection, *, on: datetime.date) -> tuple[str, Layout]:
    """The notice as HTML, with its layout. `on` is today; a concluded case takes its own day.

    A fixed number of queries, whatever the number of findings.
    """
    union = case.programme.unit
    dated = case.concluded_on or on
    unit_name, union_name = name_on(case.unit, dated), name_on(union, dated)
    body = _body(case, union_name)
    topics = list(case.topics.order_by("position", "pk"))
    findings = list(case.findings.order_by("position", "pk"))
    asked = [_asked(row) for row in case.recommendations.order_by("number", "pk")]
    paper = paper_of(
        unit=union,
        on=dated,
        kind="Thông báo",
        kind_code="TB",
        abstract=_abstract(case, unit_name),
        signature=_signature(case),
        number=case.conclusion_number,
        dated_on=case.concluded_on,
        recipients=_recipients(case, unit_name, union_name),
        issuer="" if case.programme.in_name_of == COMMITTEE else f"Ủy ban Kiểm tra {union_name}",
        symbol=f"{union.document_code}-UBKT" if case.programme.in_name_of == COMMITTEE else "UBKT",
    )
    html = render_to_string(
        "papers/conclusion.html",
        {
            "paper": paper,
            "case": case,
            "is_draft": case.concluded_on is None,
            "unit_name": unit_name,
            "body_name": body,
            "committee_name": f"Ủy ban Kiểm tra {union_name}",
            "basis": _basis(case, unit_name, body),
            "heard": _heard(case, unit_name, body),
            "contents": _contents(case, topics),
            "account": _paragraphs(case.unit_account),
            "answers": [(topic.text.rstrip(" .:"), _paragraphs(topic.answer)) for topic in topics if topic.answer],
            "merits": [ended(row.text) for row in findings if row.kind in (Class.MERIT, Class.GOOD_PRACTICE)],
            "weak": [_weak(row) for row in findings if row.kind == Class.SHORTCOMING],
            "violations": [_weak(row) for row in findings if row.kind == Class.VIOLATION],
            "remark": _paragraphs(case.party_remark),
            "opening": _paragraphs(case.conclusion_opening),
            "asked": asked,
            "asked_count": two_digits(len(asked)),
            "end_mark": paper.layout.end_mark,
        },
    )
    return html, paper.layout


def _body(case, union_name) -> str:
    """Who speaks: the body in whose name the programme was issued."""
    if case.programme.in_name_of == COMMITTEE:
        return f"Ban Chấp hành {union_name}"
    return f"Ủy ban Kiểm tra {union_name}"


def _signature(case) -> Signature:
    if case.signer_capacity or case.signer_post or case.signer_name:
        return Signature(case.signer_capacity, case.signer_post, case.signer_name)
    if case.programme.in_name_of == COMMITTEE:
        return Signature("TM. Ban Chấp hành", "Bí thư")
    return Signature("TM. Ủy ban Kiểm tra", "Chủ nhiệm")


def _abstract(case, unit_name) -> tuple[str, ...]:
    """What the notice is about, broken by sense; both purposes stand in it when one session served both."""
    about = case.title.rstrip(" .")
    # An inspection concludes; a supervision alone only tells what it saw.
    outcome = "Kết luận" if case.inspection_kind else "Kết quả"
    if about.lower().startswith(("kiểm tra", "giám sát")):
        first, _, second = re.sub(r",? (?:và )?(?=giám sát )", "|", about, count=1).partition("|")
        lines = [f"{outcome} {lowered(first)}", f"và {second}"] if second else [f"{outcome} {lowered(first)}"]
    else:
        lines = [f"{outcome} {case.purpose_words.replace(', ', ' và ')}", lowered(about)]
    return (*(part for line in lines for part in _halved(line)), f"tại {unit_name}")


def _halved(line: str) -> list[str]:
    """A long line in two, before the joining word nearest its middle; as it is when there is none."""
    if len(line) <= ABSTRACT_LINE:
        return [line]
    middle = len(line) // 2
    places = [found.start() for found in re.finditer(r" (?:và|của|tại|cho|theo|trong|về|thực hiện|sử dụng|năm) ", line)]
    place = min(places, key=lambda at: abs(at - middle), default=0)
    return [line[:place], line[place + 1 :]] if place > ABSTRACT_LINE // 4 else [line]


def _basis(case, unit_name, body) -> str:
    """The sentence that names the order, the day, who led and where."""
    programme = case.programme
    number = programme.number.upper()
    kind = next((word for sign, word in DOCUMENTS.items() if sign in number), "Văn bản")
    about = programme.title.rstrip(" .")
    if about.lower().startswith(kind.lower()):
        about = about[len(kind) :].strip()
    about = about.removeprefix("về ").strip()
    team = "Đoàn kiểm tra" if case.inspection_kind else "Đoàn giám sát"
    seats = [seat for seat in case.team.order_by("position", "pk") if seat.role == TeamSeat.Role.HEAD]
    head = seats[0] if seats else None
    led = f" do đồng chí {head.name}" if head else ""
    if head:
        led += f", {head.post_text}," if head.post_text else ""
        led += " làm Trưởng đoàn"
    part = f"{case.get_day_part_display()} ngày" if case.day_part in ("morning", "afternoon") else "ngày"
    place = f" ({case.place.rstrip(' .')})" if case.place else ""
    about = f" về {lowered(about)}" if about else ""
    return (
        f"Thực hiện {kind} số {programme.number} ngày {day(programme.issued_on)} của {body}{about}, "
        f"{part} {day(case.visited_on)}, {team}{led} đã làm việc tại {unit_name}{place}."
    )


def _heard(case, unit_name, body) -> str:
    """What the conclusion rests on: only what was really heard."""
    sources = []
    if case.unit_account:
        sources.append(f"báo cáo của {unit_name}")
    if case.party_remark:
        sources.append(f"ý kiến của {case.unit.party_body or 'cấp ủy'}")
    if sources:
        return f"Sau khi xem xét {' và '.join(sources)}, {body} thông báo kết luận như sau:"
    return f"{body} thông báo kết luận như sau:"


def _contents(case, topics) -> list[str]:
    """What was inspected and what was supervised, with the span under review."""
    span = f"từ ngày {day(case.review_from)} đến ngày {day(case.review_to - ONE_DAY)}"
    verbs = {Topic.Use.INSPECT: "Kiểm tra", Topic.Use.SUPERVISE: "Giám sát"}
    lines = []
    for topic in topics:
        verb = verbs.get(topic.use)
        if verb is None:
            continue
        text = topic.text.rstrip(" .;")
        already = text.lower().startswith(verb.lower())
        lines.append(text if already else f"{verb} {lowered(text)}")
    if not lines:
        lines = [case.title.rstrip(" .")]
    return [f"{line}; thời gian {span}." if number == 1 else f"{line}." for number, line in enumerate(lines, 1)]


def _weak(finding) -> str:
    text = finding.text.strip()
    return ended(f"{text.rstrip(' .;')} (đơn vị tự nêu)") if finding.self_stated else ended(text)


def _asked(row: Recommendation) -> Asked:
    due = "Không đặt hạn" if row.no_due_date else day(row.original_due_on)
    return Asked(row.number, row.text.strip(), row.owner, due, row.expected_proof)


def _recipients(case, unit_name, union_name) -> tuple[str, ...]:
    lines = [f"{case.unit.party_body} (để p/h)"] if case.unit.party_body else []
    lines += [f"{unit_name} (để t/h)"]
    if case.programme.in_name_of == COMMITTEE:
        lines += [f"Ủy ban Kiểm tra {union_name} (để theo dõi)", "Lưu UBKT"]
    else:
        lines += [f"Ban Chấp hành {union_name} (để b/c)", "Lưu UBKT"]
    return tuple(lines)


def _paragraphs(text: str) -> list[str]:
    return [ended(line) for line in text.splitlines() if line.strip()]


def ended(text: str) -> str:
    """A sentence with its full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", ":", ";", "…")) else f"{text}."


def lowered(text: str) -> str:
    """The text as part of a sentence: a small first letter, unless a name or an abbreviation opens it."""
    first = text.split(" ", 1)[0]
    return text if first in PROPER or first.isupper() else text[:1].lower() + text[1:]
