"""What every inspection paper says the same way: who issues, on what basis, about what, who led, what was found."""

import datetime
import re
from dataclasses import dataclass

from branches.formats import day, two_digits
from branches.restructuring import name_on
from inspections.models import CasePaper, Finding, Inspection, InspectionProgramme, Recommendation, TeamSeat, Topic

from .inspection_sheet import ended, lowered
from .layout import DOTS
from .phrases import capital

Class = Finding.Class
COMMITTEE = InspectionProgramme.InNameOf.COMMITTEE
DOCUMENTS = {"-KH": "Kế hoạch", "-CTR": "Chương trình", "-QĐ": "Quyết định", "-NQ": "Nghị quyết"}
ONE_DAY = datetime.timedelta(days=1)
ABSTRACT_LINE = 58  # letters of bold 14 pt that fit between the margins with room to spare
NO_DAY = "……/……/………"
MOST_ISSUED = 300  # papers of one case


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who on the day of the paper. `body` speaks: the body in whose name the programme was issued."""

    unit: str
    union: str
    body: str
    committee: str
    team: str
    is_committee: bool


def names_of(case: Inspection, on: datetime.date) -> Names:
    programme = case.programme
    union = name_on(programme.unit, on)
    committee = f"Ủy ban Kiểm tra {union}"
    is_committee = programme.in_name_of == COMMITTEE
    body = f"Ban Chấp hành {union}" if is_committee else committee
    team = "Đoàn kiểm tra" if case.inspection_kind else "Đoàn giám sát"
    return Names(name_on(case.unit, on), union, body, committee, team, is_committee)


def programme_kind(programme: InspectionProgramme) -> str:
    """ "Kế hoạch" or "Chương trình": by its number, else by its title."""
    number = programme.number.upper()
    by_number = next((word for sign, word in DOCUMENTS.items() if sign in number), "")
    by_title = next((word for word in DOCUMENTS.values() if programme.title.lower().startswith(word.lower())), "")
    return by_number or by_title or ("Văn bản" if number else "Chương trình")


def programme_about(programme: InspectionProgramme) -> str:
    """What the programme is about, without its kind: "kiểm tra, giám sát công tác Đoàn năm 2019"."""
    about, kind = programme.title.rstrip(" ."), programme_kind(programme)
    if about.lower().startswith(kind.lower()):
        about = about[len(kind) :].strip()
    return about.removeprefix("về ").strip()


def cited(programme: InspectionProgramme, body: str) -> str:
    """ "Kế hoạch số 02-KH/ĐTN-UBKT ngày 28/02/2019 của Ban Chấp hành … về …"."""
    about = programme_about(programme)
    said = f"{programme_kind(programme)} số {programme.number or DOTS} ngày {day(programme.issued_on) or NO_DAY}"
    return f"{said} của {body}{f' về {lowered(about)}' if about else ''}"


def basis(case: Inspection, names: Names, *, team: list[TeamSeat] | None = None) -> str:
    """The sentence that names the order, the day, who led and where; without a session, what was gone through."""
    seats = case.team.order_by("position", "pk") if team is None else team
    head = next((seat for seat in seats if seat.role == TeamSeat.Role.HEAD), None)
    led = f" do đồng chí {head.name}" if head else ""
    if head:
        led += f", {head.post_text}," if head.post_text else ""
        led += " làm Trưởng đoàn"
    order = f"Thực hiện {cited(case.programme, names.body)}"
    if case.visited_on is None:
        return f"{order}, {names.team}{led} đã thẩm tra báo cáo, hồ sơ của {names.unit}."
    place = f" ({case.place.rstrip(' .')})" if case.place else ""
    return f"{order}, {when(case)}, {names.team}{led} đã làm việc tại {names.unit}{place}."


def when(case: Inspection) -> str:
    """ "chiều ngày 28/11/2019"."""
    if case.visited_on is None:
        return f"ngày {NO_DAY}"
    part = case.day_part in (Inspection.DayPart.MORNING, Inspection.DayPart.AFTERNOON)
    return f"{case.get_day_part_display()} ngày {day(case.visited_on)}" if part else f"ngày {day(case.visited_on)}"


def span(case: Inspection) -> str:
    return f"từ ngày {day(case.review_from)} đến ngày {day(case.review_to - ONE_DAY)}"


def contents(case: Inspection, topics: list[Topic]) -> list[str]:
    """What was inspected and what was supervised; the case's title where nobody wrote topics."""
    verbs = {Topic.Use.INSPECT: "Kiểm tra", Topic.Use.SUPERVISE: "Giám sát"}
    lines = []
    for topic in topics:
        verb = verbs.get(topic.use)
        if verb is None:
            continue
        text = topic.text.rstrip(" .;")
        lines.append(text if text.lower().startswith(verb.lower()) else f"{verb} {lowered(text)}")
    return lines or [case.title.rstrip(" .")]


def about_lines(case: Inspection, before: str, unit_name: str) -> tuple[str, ...]:
    """What a paper is about, broken by sense, after a word like "Kết luận"; both purposes stand in it."""
    about = case.title.rstrip(" .")
    if about.lower().startswith(("kiểm tra", "giám sát")):
        first, _, second = re.sub(r",? (?:và )?(?=giám sát )", "|", about, count=1).partition("|")
        lines = [f"{before} {lowered(first)}", f"và {second}"] if second else [f"{before} {lowered(first)}"]
    else:
        lines = [f"{before} {case.purpose_words.replace(', ', ' và ')}", lowered(about)]
    return (*(part for line in lines for part in halved(line.strip())), *halved(f"tại {unit_name}"))


def titled(case: Inspection, unit_name: str) -> tuple[str, ...]:
    """The same as a title of its own: "Kiểm tra công tác Đoàn năm 2019 / và giám sát … / tại …"."""
    first, *rest = about_lines(case, "", unit_name)
    return (capital(first), *rest)


def halved(line: str) -> list[str]:
    """A long line in two, before the joining word nearest its middle; as it is when there is none."""
    if len(line) <= ABSTRACT_LINE:
        return [line]
    middle = len(line) // 2
    places = [found.start() for found in re.finditer(r" (?:và|của|tại|cho|theo|trong|về|thực hiện|sử dụng|năm) ", line)]
    place = min(places, key=lambda at: abs(at - middle), default=0)
    return [line[:place], line[place + 1 :]] if place > ABSTRACT_LINE // 4 else [line]


# --- findings and recommendations ---------------------------------------------------------------------


SHORT_FACTS = 90  # letters that still read well in brackets


def finding_sentence(row: Finding, *, tells_source: bool = True) -> str:
    """A finding as it is printed: its words, what it rests on, how grave it is, and that it comes again.

    "Hoạt động chưa đều (sinh hoạt 9/12 tháng; đơn vị tự nêu). Đây là hạn chế đáng kể."
    """
    text, facts = (" ".join(words.split()).rstrip(" .;") for words in (row.text, row.facts))
    is_short = len(facts) <= SHORT_FACTS and ". " not in facts
    rests_on = [lowered(facts)] if facts and is_short else []
    rests_on += [f"theo {row.paper.strip(' .;')}"] if row.paper.strip() else []
    rests_on += ["đơn vị tự nêu"] if row.self_stated and tells_source else []
    said = [ended(f"{text} ({'; '.join(rests_on)})" if rests_on else text)]
    if facts and not is_short:
        said.append(f"Căn cứ: {ended(lowered(facts))}")
    said += _judged(row)
    return " ".join(said)


def _judged(row: Finding) -> list[str]:
    """How grave a fault is, unless it is slight, and that it was found before."""
    what = row.get_kind_display().lower()
    before = row.repeat_of.inspection if row.repeat_of_id else None
    told = ""
    if before is not None and before.concluded_on:
        number = f" số {before.conclusion_number}" if before.conclusion_number else ""
        told = f"đã nêu tại Thông báo{number} ngày {day(before.concluded_on)}, nay lặp lại"
    if row.weight > Finding.Weight.SLIGHT:
        return [f"Đây là {what} {row.get_weight_display().lower()}{f', {told}' if told else ''}."]
    return [f"{capital(what)} này {told}."] if told else []


def findings_of(case: Inspection) -> dict[str, list[str]]:
    """The findings as lines, by heading. Faults the unit told of itself are introduced once, not marked each.
    One query."""
    headings = {Class.MERIT: "merits", Class.GOOD_PRACTICE: "merits", Class.SHORTCOMING: "weak",
                Class.VIOLATION: "violations"}  # fmt: skip
    rows: dict[str, list[Finding]] = {"merits": [], "weak": [], "violations": []}
    for row in case.findings.select_related("repeat_of__inspection").order_by("position", "pk"):
        rows[headings[row.kind]].append(row)
    return {heading: _lines(found) for heading, found in rows.items()}


def _lines(rows: list[Finding]) -> list[str]:
    owned = len(rows) > 1 and all(row.self_stated and row.kind in Finding.FAULTS for row in rows)
    lines = [f"- {finding_sentence(row, tells_source=not owned)}" for row in rows]
    return [f"Đơn vị tự nêu các {rows[0].get_kind_display().lower()} sau:", *lines] if owned else lines


def due_words(row: Recommendation) -> str:
    """The date a recommendation was given with, for ever what the notice said."""
    if row.no_due_date:
        return "Không đặt hạn"
    first = day(row.original_due_on)
    if not row.recurs:
        return first
    until = f" đến {day(row.recurs_until)}" if row.recurs_until else ""
    return f"{first}, sau đó {row.get_recurs_display()}{until}"


ASKED_COLUMNS = (
    ("TT", 8, "c"), ("Kiến nghị", 0, ""), ("Người, đơn vị thực hiện", 28, ""), ("Thời hạn", 23, "c"),
    ("Minh chứng cần có", 38, ""),
)  # fmt: skip


def asked_rows(rows: list[Recommendation]) -> list[tuple]:
    return [
        (row.number, " ".join(row.text.split()), row.owner, due_words(row), row.expected_proof or "Không nêu")
        for row in rows
    ]


def notice_of(case: Inspection) -> str:
    """ "Thông báo số 11-TB/ĐTN-UBKT ngày 05/12/2019": the newest edition that went out, else what the case says."""
    papers = CasePaper.objects.filter(inspection=case, kind=CasePaper.Kind.NOTICE, state=CasePaper.State.ISSUED)
    last = papers.order_by("-edition").first()
    number, dated = (last.number, last.dated_on) if last else (case.conclusion_number, case.concluded_on)
    return f"Thông báo số {number or DOTS} ngày {day(dated) or NO_DAY}"


GROUPS = (
    "toàn thể", "các ", "tập thể", "đại diện", "đoàn viên", "ban ", "cấp ủy", "chi ủy", "đảng ủy", "chi bộ",
    "lãnh đạo", "thường trực", "cán bộ", "thành viên", "ủy viên", "bí thư các",
)  # fmt: skip


def person(name: str, post: str) -> str:
    """ "Đồng chí Nguyễn Văn An, Bí thư"; a group of people without the form of address."""
    said = capital(name) if name.lower().startswith(GROUPS) else f"Đồng chí {name}"
    return f"{said}, {post}" if post else said


def seated(one: TeamSeat) -> str:
    """ "Đồng chí Nguyễn Văn An, Chủ nhiệm Ủy ban Kiểm tra - Trưởng đoàn"."""
    return f"{person(one.name, one.post_text)} - {one.get_role_display()}"


def numbered(lines: list[str]) -> list[str]:
    """Sentences counted from 1; a single one bears no number."""
    lines = [ended(line.rstrip(" .;")) for line in lines]
    return [f"{place}. {line}" for place, line in enumerate(lines, 1)] if len(lines) > 1 else lines


def listed_off(names: list[str]) -> list[str]:
    """A list within one sentence: semicolons, a full stop at its end."""
    return [f"- {name};" for name in names[:-1]] + [f"- {ended(name)}" for name in names[-1:]]


def standing(rows: list[Recommendation], on: datetime.date) -> str:
    """ "2/3 kiến nghị đã được kiểm tra, xác nhận hoàn thành; còn 01 kiến nghị chưa hoàn thành".

    Only what was checked counts as done; what was withdrawn or let go is told apart."""
    of = {state: sum(1 for row in rows if row.state == state) for state in Recommendation.State}
    done, gone = of[Recommendation.State.CLOSED], of[Recommendation.State.WITHDRAWN]
    let_go = sum(1 for row in rows if row.is_accepted(on))
    left = [row for row in rows if not row.is_ended and not row.is_accepted(on)]
    late = sum(1 for row in left if row.days_late(on))
    said = [f"{done}/{len(rows)} kiến nghị đã được kiểm tra, xác nhận hoàn thành" if done
            else "chưa có kiến nghị nào được xác nhận hoàn thành"]  # fmt: skip
    said += [f"{two_digits(gone)} kiến nghị đã rút"] if gone else []
    said += [f"{two_digits(let_go)} kiến nghị được chấp nhận chưa thực hiện"] if let_go else []
    if left:
        lates = f", trong đó {two_digits(late)} kiến nghị quá hạn" if late else ""
        said.append(f"còn {two_digits(len(left))} kiến nghị chưa hoàn thành{lates}")
    return "; ".join(said)
