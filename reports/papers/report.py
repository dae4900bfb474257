"""What the yearly and the term report have in common: from chapters and material to the printed page."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from branches.formats import number, percent, two_digits
from branches.models import Unit
from reports.drafting import ChapterView, chapters_today
from reports.judging import Progress, Standing
from reports.material import Material, collect
from reports.models import PeriodReport
from reports.print_charts import Bar, bar_list

from . import term, yearly
from .layout import Layout, Paper, Signature, paper_of, recipient_lines
from .phrases import with_qualifier
from .tables import groups_of

ALWAYS = 6  # the first six areas stand in every report; further ones only when there is something to say
PARAGRAPH = 420  # letters after which the sentences of a chapter go on in a new paragraph
BARS = 8


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the text: "h2", "h3", "p", "item", "lead", "fill", "figure", "table".

    `label` stands bold before a paragraph; of a figure it is what the text before calls it by.
    """

    kind: str
    text: str = ""
    label: str = ""
    number: int = 0
    svg: str = ""


def report_html(report: PeriodReport, *, on: datetime.date) -> tuple[str, Layout]:
    """The report as HTML for the PDF, with its layout. `on` is today; a dated report takes its own day."""
    material = collect(report.unit, report.period, as_of=day_of(report, on))
    return compose(report, material, chapters_today(report, material), on=on)


def day_of(report: PeriodReport, on: datetime.date) -> datetime.date:
    """The day the figures are told as of: the date on the paper, never later than today."""
    return min(report.dated_on or on, on)


def compose(
    report: PeriodReport, material: Material, chapters: list[ChapterView], *, on: datetime.date
) -> tuple[str, Layout]:
    kind = term if material.is_term else yearly
    paper = _paper(report, material, kind.abstract_of(material), on)
    figures = _figures(material, kind)
    body = _body(material, chapters, kind, figures)
    body, closing = _closing(body, paper.layout.end_mark)
    html = render_to_string(
        "papers/report.html",
        {
            "paper": paper,
            "report": report,
            "material": material,
            "body": body,
            "closing": closing,
            "groups": groups_of(material.table.chapters(), material.by_year),
            "table_title": kind.table_title(material),
            "year": material.period.year_number,
            "years": [year.starts_on.year for year in material.years],
            "span": 6 + 2 * len(material.years),
        },
    )
    return html, paper.layout


def _paper(report: PeriodReport, material: Material, abstract: tuple[str, ...], on: datetime.date) -> Paper:
    return paper_of(
        unit=report.unit,
        on=report.dated_on or on,
        kind="Báo cáo",
        kind_code="BC",
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


def _body(material: Material, chapters: list[ChapterView], kind, figures: list[Block]) -> list[Block]:
    by_key = {view.chapter.key: view for view in chapters}
    blocks = [Block("p", text) for text in by_key["opening"].texts] or [Block("fill")]
    blocks += [Block("h2", "I. Đặc điểm tình hình"), *_running(by_key["situation"].texts)]
    for key in ("advantages", "difficulties"):
        blocks += _labelled(by_key[key])
    blocks += [Block("h2", "II. Kết quả thực hiện"), *_running(by_key["results"].texts)]
    blocks += _areas(material, by_key, kind, figures)
    blocks.append(Block("h2", "III. Đánh giá chung"))
    for key in ("merits", "shortcomings", "causes", "lessons"):
        blocks += _typed(by_key[key])
    blocks.append(Block("h2", f"IV. Phương hướng, nhiệm vụ {kind.following(material)}"))
    blocks += _next_targets(by_key["next-targets"], material)
    blocks += _typed(by_key["solutions"])
    if by_key["proposals"].texts:
        blocks += [Block("h2", "V. Kiến nghị"), *(Block("item", text) for text in by_key["proposals"].texts)]
    return blocks


def _areas(material: Material, by_key, kind, figures: list[Block]) -> list[Block]:
    blocks, place = [], 0
    views = [view for key, view in by_key.items() if view.chapter.under == "results"]
    for position, view in enumerate(views):
        if position >= ALWAYS and not view.texts:
            continue
        place += 1
        blocks.append(Block("h3", f"{place}. {view.chapter.heading}"))
        blocks += _running(view.texts) or [Block("p", f"{kind.when(material)} chưa có hoạt động thuộc nội dung này.")]
    if material.table.rows:
        blocks.append(Block("h3", f"{place + 1}. Kết quả thực hiện chỉ tiêu"))
        blocks.append(Block("lead", _pointer(figures, kind)))
        blocks += [*figures, Block("table")]
    return blocks


def _pointer(figures: list[Block], kind) -> str:
    """Every chart and table is named once in the text before it."""
    parts = [f"{figure.label} nêu tại Biểu đồ {figure.number}" for figure in figures]
    parts.append("kết quả từng chỉ tiêu nêu tại Bảng 1")
    if kind is term:
        parts.append("kết quả từng năm nêu tại Phụ lục")
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


def _typed(view: ChapterView) -> list[Block]:
    blocks = [Block("h3", view.chapter.title)]
    if not view.texts:
        return [*blocks, Block("fill")]
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
    take = 2 if len(blocks[-1].text) < 90 and blocks[-2].kind in ("p", "item") else 1
    body, closing = blocks[:-take], blocks[-take:]
    last = closing[-1]
    if last.text:
        closing[-1] = Block(last.kind, f"{last.text.rstrip('.; ')}{end_mark}", last.label)
    return body, closing


# --- charts -------------------------------------------------------------------------------------------


def _figures(material: Material, kind) -> list[Block]:
    found = []
    bars = [_bar(row) for row in _bar_rows(material.table.rows)]
    if len(bars) > 1:
        drawn = bar_list(bars, name="so-voi-ke-hoach")
        found.append(Block("figure", kind.bars_title(material), "tỷ lệ thực hiện của các chỉ tiêu chính", svg=drawn))
    if second := kind.second_chart(material):
        label, drawn, title = second
        found.append(Block("figure", title, label, svg=drawn))
    return [replace(block, number=place) for place, block in enumerate(found, start=1)]


def _bar_rows(rows: Iterable[Progress]) -> list[Progress]:
    """Up to eight targets with a ratio, best first; those just met give way when there are more.

    Sums of money are left out: their figures are too long to stand beside a bar.
    """
    usable = [
        row
        for row in rows
        if row.ratio is not None and row.standing != Standing.NOT_MEASURABLE
        and not row.aim.is_ceiling and not row.indicator.is_money
    ]  # fmt: skip
    usable.sort(key=lambda row: (row.indicator.is_share, row.standing == Standing.MET))
    return sorted(usable[:BARS], key=lambda row: -row.ratio)


def _bar(row: Progress) -> Bar:
    indicator, done = row.indicator, row.done
    if indicator.is_share:
        told = f"{number(done.value)}/{number(done.whole)}, KH {percent(row.aim.value)}"
    elif indicator.is_yes_no:
        told = f"{number(done.value)}/{number(done.whole)} đơn vị"
    else:
        told = f"{number(done.value or 0)}/{number(row.aim.value)} {indicator.unit_word}"
    rate = with_qualifier(percent(row.ratio, 1), done.qualifier)
    return Bar(indicator.name, row.ratio, f"{rate} ({told})", str(row.standing))
