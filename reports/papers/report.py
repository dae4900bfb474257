"""What the yearly and the term report have in common: from chapters and material to the content of the paper."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from branches.formats import day, number, percent, two_digits
from branches.models import Unit
from reports import wording
from reports.annexes import annexes_of
from reports.chapters import FilledBy
from reports.drafting import ChapterView, chapters_today
from reports.judging import Progress, Standing
from reports.material import Material, material_of
from reports.models import PeriodReport
from reports.spans import SAME_SPAN, YEAR_BEFORE, is_within_a_year

from . import term, yearly
from .content import Block, ChapterText, Chart, ChartBar, PlanTable, ReportContent
from .layout import (
    Layout,
    Paper,
    Signature,
    dateline,
    dateline_fit,
    number_line,
    paper_of,
    recipient_lines,
)
from .phrases import with_qualifier
from .proof import Proof
from .report_charts import told
from .statistics import annex_tables
from .tables import OF_THEME, groups_of

KIND_CODE = "BC"  # domain.md 6.3
PARAGRAPH = 420  # letters after which the sentences of a chapter go on in a new paragraph
BARS = 8
TARGETS = "Kết quả thực hiện chỉ tiêu"


def report_html(content: ReportContent, proof: Proof | None = None) -> tuple[str, Layout]:
    """The paper as HTML for the PDF, with its layout: of a draft and of a frozen edition alike. No query.

    `proof` stands on what was approved: it is no part of the content, which is hashed before there is one.
    """
    days = {"dated_on": _day(content.dated_on), "until": _day(content.as_of)}
    annexes = annex_tables(content.annexes)
    context = {"content": content, "paper": content.paper, "proof": proof, "annexes": annexes, **days}
    return render_to_string("papers/report.html", context), content.paper.layout


def draft_content(report: PeriodReport, *, on: datetime.date) -> ReportContent:
    """The report as it stands. `on` is today; a dated report takes its own day. At most 26 queries."""
    material = material_for(report, on=on)
    return content_of(report, material, chapters_today(report, material), on=on)


def material_for(report: PeriodReport, *, on: datetime.date) -> Material:
    """What this report is drafted from today."""
    return material_of(report, as_of=day_of(report, on))


def day_of(report: PeriodReport, on: datetime.date) -> datetime.date:
    """The day the figures are told as of: the date on the paper, never later than today."""
    return min(report.dated_on or on, on)


def numbered(content: ReportContent, report: PeriodReport) -> ReportContent:
    """The content with the number and the day the report has got since it was read."""
    head, layout, unit = content.paper.head, content.paper.layout, report.unit
    date = dateline(unit.place, report.dated_on)
    fit = dateline_fit(date, layout)
    head = replace(
        head,
        number=number_line(report.number, KIND_CODE, unit.document_code),
        dateline=dateline(unit.place, report.dated_on, tied_day=True) if fit == "wrapped" else date,
        dateline_fit=fit,
    )
    dated_on = report.dated_on.isoformat() if report.dated_on else ""
    return replace(content, paper=replace(content.paper, head=head), dated_on=dated_on)


def content_of(
    report: PeriodReport, material: Material, chapters: list[ChapterView], *, on: datetime.date,
    correction: tuple[datetime.date, datetime.date] | None = None,
) -> ReportContent:  # fmt: skip
    """The whole paper as data. `correction` is (day of this edition, day of the one it replaces).

    The names are those of the day of the paper; the layout is the one in force on it. Two queries and the chart's.
    """
    kind = term if material.is_term else yearly
    paper = _paper(report, material, kind.abstract_of(material), on)
    annexes = annexes_of(report, material)
    pointer = _Pointer(_figures(material, kind), has_years=bool(material.years), has_annexes=bool(annexes))
    body, closing = _closing(_body(material, chapters, kind, pointer), paper.layout.end_mark)
    notes = ()
    if correction:
        now, before = correction
        notes = (f"(Bản đính chính ngày {day(now)}, thay bản ngày {day(before)})",)
    return ReportContent(
        paper=paper,
        unit_name=material.names.unit,
        period_name=material.period.name,
        as_of=material.until.isoformat(),
        dated_on=report.dated_on.isoformat() if report.dated_on else "",
        body=tuple(body),
        closing=tuple(closing),
        table=PlanTable(
            kind.table_title(material),
            material.period.year_number,
            tuple(groups_of(material.table.chapters(), material.by_year)),
            tuple(year.starts_on.year for year in material.years),
            material.year_sources,
            " ".join(filter(None, (_not_in_it(material), _of_theme(material), wording.plan_note(material.table)))),
            SAME_SPAN if is_within_a_year(material.period) else YEAR_BEFORE,
        ),
        chapters=tuple(ChapterText(one.chapter.key, one.chapter.place, tuple(one.texts)) for one in chapters),
        notes=notes,
        is_term=material.is_term,
        annexes=annexes,
    )


def _not_in_it(material: Material) -> str:
    """Below the table of a report made from its units' reports: whose are missing, at any depth."""
    if not material.rolled or not material.without:
        return ""
    return f"Chưa gồm số liệu của đơn vị chưa có báo cáo được duyệt: {'; '.join(material.without)}."


def _of_theme(material: Material) -> str:
    """Below the table of a report about a theme: what of it counts only the activities of the theme."""
    if not any(row.is_of_theme for row in material.table.rows):
        return ""
    return (
        f"Nội dung ghi “{OF_THEME}” chỉ tính kết quả của các hoạt động có nội dung “{material.theme}”, "
        "không phải kết quả cả kỳ, nên không so với kế hoạch và năm trước."
    )


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _paper(report: PeriodReport, material: Material, abstract: tuple[str, ...], on: datetime.date) -> Paper:
    return paper_of(
        unit=report.unit,
        on=report.dated_on or on,
        kind="Báo cáo",
        kind_code=KIND_CODE,
        abstract=abstract,
        signature=Signature("TM. Ban Chấp hành", report.signer_post, report.signer_name),
        number=report.number,
        dated_on=report.dated_on,
        recipients=recipients_of(report),
        needs_confirmation=report.confirmed_by_superior,
        names=material.names,
    )


def recipients_of(report: PeriodReport) -> tuple[str, ...]:
    """What a person typed; the branch's own copy always stands last."""
    lines = recipient_lines(report.recipients)
    kept = any(line.lower().startswith("lưu") for line in lines)
    return lines if kept else (*lines, f"Lưu {'Chi đoàn' if report.unit.is_branch else 'VP'}")


def usual_recipients(unit: Unit, superior_name: str) -> str:
    """Where such a report usually goes, for a new report; a person changes it."""
    lines = [f"BCH {superior_name} (để b/c)"] if superior_name else []
    lines += [f"{unit.party_body} (để b/c)"] if unit.party_body else []
    return "\n".join([*lines, f"Lưu {'Chi đoàn' if unit.is_branch else 'VP'}"])


# --- the text -----------------------------------------------------------------------------------------


def _body(material: Material, chapters: list[ChapterView], kind, pointer: "_Pointer") -> list[Block]:
    """The chapters in the order of the template, each part under its heading.

    What is not printed leaves no gap: within a part the numbers are those of the chapters on the paper.
    """
    blocks, part, printed = [], "", Counter()
    results = next((view.chapter.key for view in chapters if view.chapter.filled_by == FilledBy.SUMMARY), None)
    last = next((view for view in reversed(chapters) if results in (view.chapter.under, view.chapter.key)), None)
    for view in chapters:
        chapter = view.chapter
        if not view.texts and (chapter.is_optional or _is_aside(view, material)):
            pass
        elif chapter.filled_by == FilledBy.OPENING:
            blocks += [Block("p", text) for text in view.texts] or [Block("fill")]
        elif not chapter.under:
            part = chapter.title
            blocks += [Block("h2", part), *_of_part(view, kind, material)]
        else:
            if chapter.part != part:
                part = chapter.part
                blocks.append(Block("h2", part))
            blocks += _within_part(_counted(view, printed), kind, material)
        if view is last and material.table.rows:
            place = printed[results] + 1
            blocks.append(Block("h3", f"{place}. {TARGETS}" if place > 1 else TARGETS))
            blocks += [Block("lead", pointer.words), *pointer.figures, Block("table")]
    return blocks


def _is_aside(view: ChapterView, material: Material) -> bool:
    """A work area in a report about a theme: that nothing of it speaks of the theme is not worth a heading."""
    return bool(material.theme) and view.chapter.filled_by == FilledBy.AREA


def _counted(view: ChapterView, printed: Counter) -> ChapterView:
    """The chapter with its number on the paper; what never has one keeps none."""
    if not view.chapter.number:
        return view
    printed[view.chapter.under] += 1
    return replace(view, chapter=replace(view.chapter, number=str(printed[view.chapter.under])))


def _of_part(view: ChapterView, kind, material: Material) -> list[Block]:
    """What stands under a heading of the first level before its own chapters."""
    if view.chapter.filled_by in (FilledBy.SITUATION, FilledBy.SUMMARY):
        return _running(view.texts)
    return _within_part(view, kind, material)[1:]


def _within_part(view: ChapterView, kind, material: Material) -> list[Block]:
    if view.chapter.filled_by == FilledBy.AREA:
        nothing = Block("p", f"{kind.when(material)} chưa có hoạt động thuộc nội dung này.")
        return _typed(view, empty=nothing)
    if view.chapter.filled_by == FilledBy.NEXT_TARGETS:
        return _next_targets(view, material)
    return _typed(view, empty=Block("fill")) if view.chapter.number else _labelled(view)


@dataclass(frozen=True, slots=True)
class _Pointer:
    """The charts before the table, and the sentence that names every chart, table and annex once before it comes."""

    figures: list[Block]
    has_years: bool
    has_annexes: bool

    @property
    def words(self) -> str:
        parts = [f"{figure.label} nêu tại Biểu đồ {figure.number}" for figure in self.figures]
        parts.append("kết quả từng chỉ tiêu nêu tại Bảng 1")
        if self.has_years:
            parts.append("kết quả từng năm nêu tại Phụ lục")
        if self.has_annexes:
            parts.append("số liệu chi tiết nêu tại các biểu kèm theo")
        text = "; ".join(parts)
        return f"{text[:1].upper()}{text[1:]}."


def _running(texts: Iterable[str]) -> list[Block]:
    """Sentences as paragraphs of a readable length."""
    blocks, now = [], ""
    for text in texts:
        if now and len(now) + len(text) > PARAGRAPH:
            blocks.append(Block("p", now))
            now = ""
        now = f"{now} {text}".strip()
    return [*blocks, Block("p", now)] if now else blocks


def _labelled(view: ChapterView) -> list[Block]:
    label = f"{view.chapter.heading}:"
    if not view.texts:
        return [Block("p", "", label), Block("fill")]
    return [Block("p", " ".join(view.texts), label)]


def _typed(view: ChapterView, *, empty: Block) -> list[Block]:
    blocks = [Block("h3", view.chapter.title)]
    if not view.texts:
        return [*blocks, empty]
    if view.chapter.is_list:
        return blocks + [Block("item", text) for text in view.texts]
    return blocks + _running(view.texts)


def _next_targets(view: ChapterView, material: Material) -> list[Block]:
    blocks = [Block("h3", view.chapter.title)]
    if not view.texts:
        return [*blocks, Block("fill")]
    count = two_digits(len(view.texts))
    blocks.append(Block("lead", f"Ban Chấp hành {material.speaker} đề ra {count} nhóm chỉ tiêu:"))
    return blocks + [Block("item", text) for text in view.texts]


def _closing(blocks: list[Block], end_mark: str) -> tuple[list[Block], list[Block]]:
    """The last text goes with the signature; when it is one short line, the one before goes too."""
    if not blocks:  # a template from which every chapter was taken out
        return [], []
    take = 2 if len(blocks[-1].text) < 90 and blocks[-2:-1] and blocks[-2].kind in ("p", "item") else 1
    body, closing = blocks[:-take], blocks[-take:]
    last = closing[-1]
    if last.text:
        closing[-1] = replace(last, text=f"{last.text.rstrip('.; ')}{end_mark}")
    return body, closing


# --- charts -------------------------------------------------------------------------------------------


def _figures(material: Material, kind) -> list[Block]:
    found = []
    bars = tuple(_bar(row) for row in _bar_rows(material.table.rows))
    if len(bars) > 1:
        chart = Chart("bars", name="so-voi-ke-hoach", bars=bars)
        found.append(Block("figure", kind.bars_title(material), "tỷ lệ thực hiện của các chỉ tiêu chính", chart=chart))
    if second := kind.second_chart(material):
        label, chart, title = second
        found.append(Block("figure", title, label, chart=chart))
    return [replace(block, number=place) for place, block in enumerate(found, start=1)]


def _bar_rows(rows: Iterable[Progress]) -> list[Progress]:
    """Up to eight targets with a ratio, best first; those just met give way when there are more.

    Sums of money are left out: their figures are too long to stand beside a bar. So are ranges, of which no share says
    how much is done.
    """
    usable = [
        row
        for row in rows
        if row.ratio is not None and row.standing != Standing.NOT_MEASURABLE
        and not row.aim.is_ceiling and row.aim.value_to is None and not row.indicator.is_money
    ]  # fmt: skip
    usable.sort(key=lambda row: (row.indicator.is_share, row.standing == Standing.MET))
    return sorted(usable[:BARS], key=lambda row: -row.ratio)


def _bar(row: Progress) -> ChartBar:
    indicator, done = row.indicator, row.done
    if indicator.is_share:
        parts = f"{number(done.value)}/{number(done.whole)}, KH {percent(row.aim.value)}"
    elif indicator.is_yes_no:
        parts = f"{number(done.value)}/{number(done.whole)} đơn vị"
    else:
        parts = f"{number(done.value or 0)}/{number(row.aim.value)} {indicator.unit_word}"
    rate = with_qualifier(percent(row.ratio, 1), done.qualifier)
    return ChartBar(indicator.name, told(row.ratio), f"{rate} ({parts})", str(row.standing))
