"""A congress paper as plain data: passages drafted from the term, each with what a person wrote in its place.

A passage says its own text where there is one, else what the data says today, else a dotted line. What somebody wrote
is never changed by new figures: the page shows today's draft beside it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from branches.formats import dong, number, small, two_digits
from branches.models import Period, Target, Unit, WorkArea
from reports import wording
from reports.judging import Aim, Progress, aim_of
from reports.material import Material, collect, term_years
from reports.models import CongressPaper, ProposedTarget
from reports.papers.aims import aim_sentence
from reports.papers.content import PlanTable, as_plain, from_plain
from reports.papers.layout import Layout, Paper, Signature, number_line, paper_of
from reports.papers.proof import Proof
from reports.papers.sentences import sentence_of
from reports.papers.tables import groups_of

from .proposing import aim_of_proposal, proposal_text, proposals_of
from .review import Review, review_of

Kind = CongressPaper.Kind
BC, TTR, NQ = ("Báo cáo", "BC"), ("Tờ trình", "TTr"), ("Nghị quyết", "NQ")
TYPES = {Kind.RESULTS: BC, Kind.TARGETS: TTR, Kind.REVIEW: BC, Kind.RESOLUTION: NQ}
BESIDE = "Chỉ tiêu của kế hoạch từng năm, không phải chỉ tiêu nghị quyết đại hội"
PRINT_TARGETS = (Kind.TARGETS, Kind.RESOLUTION)
Proposals = list[ProposedTarget]


@dataclass(frozen=True, slots=True)
class GridRow:
    """A line of the table of proposed targets, every cell a ready text."""

    number: int
    name: str
    unit: str
    aim: str
    done: str
    proposed: str
    reason: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """One part of the paper. `own` stands in place of `drafted` where a person wrote it."""

    key: str
    title: str
    drafted: tuple[str, ...] = ()
    own: str = ""
    has_grid: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.own.splitlines() if line.strip()) or self.drafted


@dataclass(frozen=True, slots=True)
class CongressContent:
    """The whole paper. `table` is the annex by years of the results, `grid` the proposed targets."""

    paper: Paper
    unit_name: str
    until: datetime.date
    passages: tuple[Passage, ...]
    grid: tuple[GridRow, ...] = ()
    table: PlanTable | None = None
    dated_on: datetime.date | None = None

    @property
    def lacks_targets(self) -> bool:
        """A paper of results without a single target of the resolution."""
        return self.table is not None and all(group.title.endswith(BESIDE) for group in self.table.groups)

    def to_json(self) -> dict:
        return as_plain(self)

    @classmethod
    def from_json(cls, data: dict) -> "CongressContent":
        return from_plain(cls, data)


def congress_html(content: CongressContent, proof: Proof | None = None) -> tuple[str, Layout]:
    """The paper as HTML for PDF and Word, with its layout; `proof` of an issued one. No query."""
    context = {"content": content, "paper": content.paper, "dated_on": content.dated_on, "proof": proof}
    return render_to_string("papers/congress.html", context), content.paper.layout


def content_of(
    paper: CongressPaper, unit: Unit, *, on: datetime.date, material: Material | None = None
) -> CongressContent:
    """The paper as it stands on the day `on`; an issued one as it was issued. A constant number of queries."""
    if paper.is_issued:
        return CongressContent.from_json(paper.content)
    material = material or collect(unit, paper.term, as_of=on)
    kind_word, code = TYPES[paper.kind]
    proposals = proposals_of(paper.term) if paper.kind in PRINT_TARGETS else []
    drafted = _DRAFTS[paper.kind](material, on, proposals)
    passages = tuple(replace(one, own=str(paper.texts.get(one.key, ""))) for one in drafted)
    is_resolution = paper.kind == Kind.RESOLUTION
    return CongressContent(
        paper=paper_of(
            unit=unit,
            on=paper.dated_on or on,
            kind=kind_word,
            kind_code=code,
            abstract=abstract_of(paper.kind, material),
            signature=Signature(
                "TM. Đoàn Chủ tịch Đại hội" if is_resolution else "TM. Ban Chấp hành", paper.signer_post,
                paper.signer_name,
            ),
            dated_on=paper.dated_on,
            names=material.names,
        ),
        unit_name=material.names.unit,
        until=material.until,
        passages=passages,
        grid=_grid(material, proposals) if paper.kind == Kind.TARGETS else (),
        table=_years(material) if paper.kind == Kind.RESULTS else None,
        dated_on=paper.dated_on,
    )  # fmt: skip


def numbered(content: CongressContent, unit: Unit, number_taken: int, code: str) -> CongressContent:
    """The content under the number it got."""
    head = replace(content.paper.head, number=number_line(str(number_taken), code, unit.document_code))
    return replace(content, paper=replace(content.paper, head=head))


def abstract_of(kind: str, material: Material) -> tuple[str, ...]:
    years = term_years(material.period)
    coming = f"nhiệm kỳ {term_years(material.next_period)}" if material.next_period else "nhiệm kỳ tới"
    return {
        Kind.RESULTS: ("Kết quả thực hiện nghị quyết đại hội", f"nhiệm kỳ {years}"),
        Kind.TARGETS: ("Về dự thảo chỉ tiêu", coming),
        Kind.REVIEW: ("Kiểm điểm của Ban Chấp hành", f"nhiệm kỳ {years}"),
        Kind.RESOLUTION: (f"Đại hội {material.names.unit}", coming),
    }[kind]


# --- results --------------------------------------------------------------------------------------------


def _results(material: Material, on: datetime.date, proposals: Proposals) -> list[Passage]:
    resolved, verdicts = _resolved(material), []
    late = tuple(row for row in resolved if row.is_late)
    reached = sum(row.is_reached for row in resolved)
    for word, count in (
        ("đạt và vượt", reached),
        ("chưa đạt hoặc chậm", len(late)),
        ("chưa kết luận được", len(resolved) - reached - len(late)),
    ):
        if count:
            verdicts.append(f"{word} {two_digits(count)}")
    general = (
        (f"Nghị quyết đại hội đề ra {two_digits(len(resolved))} chỉ tiêu: {', '.join(verdicts)}.",)
        if resolved
        else ("Chưa ghi chỉ tiêu nào của nghị quyết đại hội cho nhiệm kỳ này.",)
    )
    told = tuple(sentence_of(row, material.voice, lines=material.lines.get(row.indicator.code, ())).text
                 for row in resolved)  # fmt: skip
    causes = tuple(f"{row.indicator.name}: {_verdict(row)}." for row in late)
    return [
        Passage("chung", "Đánh giá chung", general),
        Passage("tung-chi-tieu", "Kết quả từng chỉ tiêu", told),
        Passage("chua-dat", "Chỉ tiêu chưa đạt và nguyên nhân", causes),
        Passage("bai-hoc", "Bài học kinh nghiệm"),
    ]


def _resolved(material: Material) -> tuple[Progress, ...]:
    """What the congress resolved: the targets of the term itself. What years planned beside them was not."""
    return tuple(row for row in material.table.planned if not material.table.is_of_years(row))


def _verdict(row: Progress) -> str:
    aim = wording.aim(row.aim, row.indicator)
    return f"kế hoạch {aim}, kết quả {small(wording.result(row))}, {small(wording.standing(row))}"


def _years(material: Material) -> PlanTable:
    """Each target of the resolution with plan and result of every year and of the term; below them, to explain the
    results, what only yearly plans had."""
    table, resolved = material.table, _resolved(material)
    chapters = [
        (area, chosen) for area, rows in table.chapters() if (chosen := [row for row in rows if row in resolved])
    ]
    if beside := [row for row in table.planned if row not in resolved]:
        chapters.append((WorkArea(name=BESIDE), beside))
    return PlanTable(
        f"Kết quả thực hiện chỉ tiêu nhiệm kỳ {term_years(material.period)}",
        material.period.year_number,
        tuple(groups_of(chapters, material.by_year)),
        tuple(year.starts_on.year for year in material.years),
        material.year_sources,
        wording.plan_note(table),
    )


# --- targets --------------------------------------------------------------------------------------------


def _targets(material: Material, on: datetime.date, proposals: Proposals) -> list[Passage]:
    count = len(proposals)
    said = (f"Ban Chấp hành trình Đại hội {two_digits(count)} chỉ tiêu, căn cứ kết quả nhiệm kỳ này.",) if count else ()
    return [
        Passage("can-cu", "Căn cứ", (f"Kết quả thực hiện chỉ tiêu nhiệm kỳ {term_years(material.period)}.",)),
        Passage("du-thao", "Dự thảo chỉ tiêu", said, has_grid=True),
        Passage("giai-phap", "Giải pháp thực hiện"),
    ]


def _grid(material: Material, proposals: Proposals) -> tuple[GridRow, ...]:
    """The proposed targets, each beside plan and result of the term that ends."""
    rows = {row.indicator.code: row for row in material.table.rows}
    codes = {one.indicator.code for one in proposals}
    found = []
    for place, one in enumerate(proposals, start=1):
        row, indicator = rows.get(one.indicator.code), one.indicator
        is_part = bool(indicator.of_id and indicator.of.code in codes)
        found.append(
            GridRow(
                place,
                f"Trong đó: {small(indicator.name)}" if is_part else indicator.name,
                indicator.unit_word,
                wording.aim(row.aim, indicator) if row and row.aim else "-",
                wording.result(row) if row and row.done.lines else "-",
                proposal_text(one).replace("-", "–"),
                one.reason,
                is_part,
            )
        )
    return tuple(found)


# --- review of the committee ----------------------------------------------------------------------------


def _review(material: Material, on: datetime.date, proposals: Proposals) -> list[Passage]:
    """An outline: what the house counted stands filled in, what only the committee can say is a dotted line."""
    found = review_of(material.unit, material.period, as_of=on)
    return [
        Passage("to-chuc", "Tổ chức, hoạt động của Ban Chấp hành", _meetings(found, material)),
        Passage("chi-dao", "Lãnh đạo, chỉ đạo thực hiện nhiệm vụ", _steering(found)),
        Passage("kiem-tra", "Kiểm tra, giám sát và khắc phục kiến nghị", _recommended(material)),
        Passage("doan-phi", "Thu, nộp đoàn phí", _dues(found)),
        Passage("uu-diem", "Ưu điểm"),
        Passage("han-che", "Hạn chế, khuyết điểm"),
        Passage("nguyen-nhan", "Nguyên nhân, trách nhiệm"),
        Passage("khac-phuc", "Biện pháp khắc phục"),
    ]


def _meetings(found: Review, material: Material) -> tuple[str, ...]:
    told = []
    if material.committee:
        told.append(f"Ban Chấp hành có {two_digits(material.committee)} đồng chí.")
    if found.committee_planned:
        text = f"Ban Chấp hành đã họp {found.committee_held}/{found.committee_planned} kỳ đã định"
        if found.marked:
            text += f"; ủy viên dự {number(found.present)}/{number(found.marked)} lượt"
        told.append(f"{text}.")
    if found.meetings.planned:
        held, planned = number(found.meetings.held), number(found.meetings.planned)
        told.append(f"Sinh hoạt {small(material.speaker)}: {held}/{planned} buổi đã định.")
    return tuple(told)


def _steering(found: Review) -> tuple[str, ...]:
    told = []
    if found.papers:
        told.append(f"Đã ban hành {', '.join(f'{number(count)} {small(name)}' for name, count in found.papers)}.")
    if found.tasks_given:
        dropped = f", thôi không làm {found.tasks_dropped}" if found.tasks_dropped else ""
        told.append(f"Đã giao {number(found.tasks_given)} việc, nhận xong {number(found.tasks_done)}{dropped}.")
    if found.directions:
        told.append(
            f"Nhận {number(found.directions)} ý kiến chỉ đạo của cấp ủy và Đoàn cấp trên, đã trả lời "
            f"{number(found.directions_answered)}."
        )
    if found.proposals:
        agreed = number(found.proposals_agreed)
        told.append(f"Đã gửi {number(found.proposals)} đề xuất, được đồng ý {agreed}.")
    return tuple(told)


def _recommended(material: Material) -> tuple[str, ...]:
    found = material.recommendations
    if not found.total:
        return ()
    late = f", quá hạn {found.overdue}" if found.overdue else ""
    return (f"Kiến nghị sau kiểm tra, giám sát: đã kiểm tra, đạt {found.closed}; còn mở {found.open}{late}.",)


def _dues(found: Review) -> tuple[str, ...]:
    dues = found.dues
    if not (dues.owed or dues.paid):
        return ()
    return (f"Đã thu {dong(dues.paid)} trên {dong(dues.owed)} phải thu; nộp cấp trên {dong(dues.remitted)}.",)


# --- resolution -----------------------------------------------------------------------------------------


def _resolution(material: Material, on: datetime.date, proposals: Proposals) -> list[Passage]:
    years = term_years(material.period)
    following = material.next_period
    coming = f"nhiệm kỳ {term_years(following)}" if following else "nhiệm kỳ tới"
    return [
        Passage(
            "dieu-1", "Điều 1",
            (f"Thông qua báo cáo kết quả thực hiện nghị quyết đại hội nhiệm kỳ {years} và báo cáo kiểm điểm của "
             "Ban Chấp hành.",),
        ),
        Passage("dieu-2", f"Điều 2. Chỉ tiêu {coming}", tuple(_in_words(proposals))),
        Passage("dieu-3", "Điều 3. Nhiệm vụ, giải pháp"),
        Passage(
            "dieu-4", "Điều 4. Tổ chức thực hiện",
            ("Ban Chấp hành khóa mới cụ thể hóa nghị quyết thành kế hoạch hằng năm và báo cáo kết quả theo quy định.",),
        ),
    ]  # fmt: skip


def _in_words(proposals: Proposals) -> list[str]:
    """Each proposed target as a sentence of a plan."""
    told = []
    for one in proposals:
        written = aim_of_proposal(one)
        target = Target(indicator=one.indicator, comparator=written.comparator, value=written.value,
                        value_to=written.value_to)  # fmt: skip
        told.append(f"{aim_sentence(target, _said(target))}.")
    return told


def _said(target: Target) -> Aim:
    """The aim in the words of the plan: "n a month" is said as n a month, however long the term."""
    return aim_of(target, Period.of_year(2000))


_DRAFTS: dict[str, Callable[[Material, datetime.date, Proposals], list[Passage]]] = {
    Kind.RESULTS: _results,
    Kind.TARGETS: _targets,
    Kind.REVIEW: _review,
    Kind.RESOLUTION: _resolution,
}
