"""The minutes as a paper: one list of blocks, from which the PDF and the Word file are both made.

Reads only the record of branches/meetings/minutes_record.py (frozen once both have signed) and the dated
layout. What nobody wrote is a dotted blank; nothing is composed that was not recorded.
"""

import datetime
from dataclasses import dataclass

from django.template.loader import render_to_string

from branches.formats import day as day_words
from branches.formats import paper_day, two_digits
from branches.meetings.minutes_text import form_of
from branches.models import Unit
from branches.vietnamese import plain
from reports.papers.widths import capitals
from reports.templatetags.papers import ended, tied
from reports.wording import share

from .docx import WordPaper
from .layout import DOTS, Layout, Names, Paper, Signature, paper_of
from .minutes_parts import WRITERS, Block, Text, people_of
from .proof import Proof

SHARES = {(1, 2, "gt"): "quá nửa", (2, 3, "ge"): "ít nhất 2/3"}


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """`blocks` is the text, `closing` its last sentence, which stays with the signatures."""

    paper: Paper
    blocks: tuple[Block, ...]
    closing: str
    signers: tuple[tuple[tuple[str, ...], str, str], ...]  # (title lines, how, name) of each column


def minutes_paper(record: dict, *, mark: str = "", needs_confirmation: bool = False) -> MinutesPaper:
    """Lay out the record. `mark` is the line that says what this copy is not: a draft, a replaced edition.

    One query: the layout in force on the day of the meeting.
    """
    form = form_of(record["form"])
    on = datetime.date.fromisoformat(record["day"])
    paper = _paper(record, form, on)
    text = Text()
    if mark:
        text.add("centre", f"({mark})")
    if record["reason"]:
        text.add("centre", f"(Bản {record['edition']}; lý do lập lại: {record['reason']})")
    text.add("h2", "I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN")
    for place, line in enumerate(_composition(record, form), start=1):
        text.add("p", f"{place}. {line}")
    text.add("h2", "II. NỘI DUNG")
    for part in record["parts"]:
        WRITERS[part["kind"]](text, part, record)
    if text.blocks[-1].kind == "h2":  # a heading never stands over nothing
        text.add("fill")
    text.add("h2", "III. KẾT LUẬN")
    text.written(record["conclusion"]["text"], or_fill=not record["conclusion"]["points"])
    for point in record["conclusion"]["points"]:
        text.add("p", f"- {point}")
    closing = tied(ended(_closing(record, form), paper.layout.end_mark))
    return MinutesPaper(paper, tuple(text.blocks), closing, _signers(record, needs_confirmation))


def minutes_html(made: MinutesPaper, proof: Proof | None = None) -> tuple[str, Layout]:
    context = {"paper": made.paper, "made": made, "proof": proof}
    return render_to_string("papers/minutes.html", context), made.paper.layout


def _paper(record: dict, form, on: datetime.date) -> Paper:
    """Head and title, from the names frozen in the record; the unit's row of today is not asked."""
    head = record["head"]
    unit = Unit(
        kind=head["kind"], name=head["unit"], document_code=head["code"], printed_lines=head["unit_lines"],
        place=head["place"],
    )  # fmt: skip
    above = Unit(kind=head["superior_kind"], name=head["superior"], printed_lines=head["superior_lines"])
    names = Names(
        unit=head["unit"], superior=head["superior"], superior_unit=above if head["superior"] else None,
        renamed=frozenset(),
    )  # fmt: skip
    title = record["title"]
    says_it = plain(form.heading.removeprefix("Họp ")) in plain(title)
    return paper_of(
        unit=unit,
        on=on,
        kind="Biên bản",
        kind_code="BB",
        abstract=(title,) if says_it else (form.heading, title),
        signature=Signature("", ""),
        number=record["number"],
        dated_on=on,
        names=names,
    )


def _composition(record: dict, form) -> list[str]:
    """The numbered lines of chapter I."""
    begun = datetime.datetime.fromisoformat(record["starts_at"])
    where = f"tại {record['place']}" if record["place"] else record["link"] and f"qua {record['link']}"
    when = f"Thời gian, địa điểm: bắt đầu lúc {_clock(begun)} ngày {day_words(begun.date())}"
    lines = [
        f"{when}, {where or f'tại {DOTS * 4}'}; hình thức {record['held']}.",
        f"Chủ trì: {_officer(record['chair'])}.",
        f"Thư ký: {_officer(record['secretary'])}.",
    ]
    if record["guests"]:
        lines.append(f"Đại biểu: {'; '.join(_guest(one) for one in record['guests'])}.")
    roll = record["roll"]
    lines.append(f"{form.people}: {_present(roll)}.{_missing(roll)}")
    if roll["staying"]:
        came, of = two_digits(roll["staying_present"]), two_digits(roll["staying"])
        lines.append(f"Đoàn viên sinh hoạt tạm thời, sinh hoạt nơi cư trú: có mặt {came}/{of} đồng chí.")
    if record["quorum"]:
        lines.append(_quorum(record["quorum"], form.people))
    return lines


def _clock(moment: datetime.datetime) -> str:
    return f"{moment:%H} giờ {moment:%M} phút"


def _officer(one: dict) -> str:
    if not one["name"]:
        return f"đồng chí {DOTS * 5}"
    return f"đồng chí {one['name']}, {one['post']}" if one["post"] else f"đồng chí {one['name']}"


def _guest(one: dict) -> str:
    if one["name"]:
        return f"đồng chí {one['name']}, {one['body']}" if one["body"] else f"đồng chí {one['name']}"
    return f"{two_digits(one['count'])} đại biểu {one['body']}"


def _present(roll: dict) -> str:
    if not roll["of"]:
        return f"có mặt {DOTS}/{DOTS} đồng chí"
    present, of = two_digits(roll["present"]), two_digits(roll["of"])
    return f"có mặt {present}/{of} đồng chí, bằng {share(roll['present'], roll['of'])}"


def _missing(roll: dict) -> str:
    names = [f"{name} (có lý do{f': {reason}' if reason else ''})" for name, reason in roll["excused"]]
    names += [f"{name} (không có lý do)" for name, _ in roll["absent"]]
    said = f" Vắng {two_digits(len(names))} đồng chí: {_listing(names)}." if names else ""
    if roll["unknown"]:
        said += f" Chưa điểm danh {two_digits(len(roll['unknown']))} đồng chí: {_listing(roll['unknown'])}."
    return said


def _listing(names: list[str]) -> str:
    return " và ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _quorum(found: dict, people: str) -> str:
    words = SHARES.get(tuple(found["rule"]), "đủ số quy định")
    there = f"{people} có quyền biểu quyết có mặt {found['present']}/{found['of']}"
    return f"{there}, {'đủ' if found['is_met'] else 'chưa đủ'} điều kiện tiến hành biểu quyết (phải có {words})."


# --- the end -----------------------------------------------------------------------------------------


def _closing(record: dict, form) -> str:
    if record["ends_at"]:
        ended_at = datetime.datetime.fromisoformat(record["ends_at"])
        is_same = ended_at.date().isoformat() == record["day"]
        over = f"{_clock(ended_at)} {'cùng ngày' if is_same else paper_day(ended_at.date())}"
    else:
        over = f"{DOTS} giờ {DOTS} phút cùng ngày"
    agreed = DOTS if record["agreed"] is None else two_digits(record["agreed"])
    present = two_digits(record["roll"]["present"]) if record["roll"]["of"] else DOTS
    return (
        f"{form.occasion} kết thúc lúc {over}. Biên bản đã được đọc lại cho mọi người cùng nghe; "
        f"{agreed}/{present} {people_of(record)} có mặt nhất trí thông qua"
    )


def _signers(record: dict, needs_confirmation: bool):
    how = "(Ký, ghi rõ họ tên)"
    confirm = [((capitals("Xác nhận của"), capitals("Đoàn cấp trên")), "(Ký, đóng dấu)", "")]
    return tuple(
        (confirm if needs_confirmation else [])
        + [
            ((capitals("Thư ký"),), how, record["secretary"]["name"]),
            ((capitals("Chủ trì"),), how, record["chair"]["name"]),
        ]
    )


def minutes_word(made: MinutesPaper, proof: Proof | None = None) -> bytes:
    """The same blocks as a Word file."""
    word = WordPaper(made.paper)
    word.head()
    notes = {place - 1: block.text for place, block in enumerate(made.blocks) if block.kind == "note"}
    for place, block in enumerate(made.blocks):
        if block.kind in ("h2", "h3"):
            word.heading(block.text, level=1 if block.kind == "h2" else 2)
        elif block.kind == "p":
            word.paragraph(block.text)
        elif block.kind == "centre":
            word.paragraph(block.text, align="c", bold=True)
        elif block.kind == "fill":
            word.fill()
        elif block.kind == "cap":
            word.caption(block.text, block.small)
        elif block.kind == "table":
            word.table(block.table.columns, block.table.rows, note=notes.get(place, ""))
    word.paragraph(made.closing, keeps_next=True)
    word.signatures(made.signers, proof)
    return word.content()
