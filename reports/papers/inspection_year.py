"""The year's inspection report of a committee: the sums of reports/inspecting.py as tables and charts.

Figures are the lengths of the lists on the pages; nothing is added or judged here. Conclusions are written by
people: where nobody did, the passage is dotted lines. PDF and Word carry the same text and tables, and under a table
the chart of it: the PDF a drawing of ours, Word one of its own.
"""

from collections import Counter
from dataclasses import replace

from branches.formats import day, number, two_digits
from branches.models import Period
from branches.restructuring import name_on
from inspections.models import Complaint, Finding
from reports.inspecting import Year
from reports.print_charts import ShareBar, share_list
from reports.recommended import LATE, Standing

from .inspection_print import Block, CaseDocument, tied_blocks
from .inspection_sheet import Sheet
from .layout import Signature, paper_of
from .word_charts import shares_in_word


def year_document(found: Year) -> CaseDocument:
    """The report as of the day of the sums, a draft without number. Three queries of its own."""
    unit, until = found.unit, found.until
    union = name_on(unit, until)
    paper = paper_of(
        unit=unit,
        on=until,
        kind="Báo cáo",
        kind_code="BC",
        abstract=("Kết quả công tác kiểm tra, giám sát", f"năm {found.year}"),
        signature=Signature("TM. Ủy ban Kiểm tra", "Chủ nhiệm"),
        recipients=("Đoàn cấp trên trực tiếp (để b/c)", f"Ban Chấp hành {union} (để b/c)", "Lưu UBKT"),
        issuer=f"Ủy ban Kiểm tra {union}",
        symbol="UBKT",
    )
    sheet = Sheet({})
    sheet.add("p", f"Ủy ban Kiểm tra {union} báo cáo kết quả công tác kiểm tra, giám sát năm {found.year}; số liệu "
                   f"đến hết ngày {day(until)}, gồm cả các đơn vị cấp dưới.")  # fmt: skip
    sheet.chapter("Thực hiện chương trình")
    _visits(sheet, found)
    sheet.chapter("Kết quả kiểm tra, giám sát")
    drawings = [_findings(sheet, found)]
    sheet.chapter("Theo dõi kiến nghị")
    drawings.append(_recommendations(sheet, found))
    sheet.chapter("Đơn thư")
    _complaints(sheet, found)
    sheet.chapter("Đánh giá, phương hướng")
    sheet.passage("judgement", "Đánh giá, phương hướng", [])
    sheet.last("end", "Câu kết", [f"Trên đây là báo cáo công tác kiểm tra, giám sát năm {found.year}."])
    blocks = tied_blocks(sheet.blocks)
    return CaseDocument(
        paper=paper, kind="year", about="", reference="", addressees=(f"Ban Chấp hành {union}",),
        blocks=_with_drawings(blocks, drawings), closing=f"{sheet.closing.rstrip('.')}{paper.layout.end_mark}",
        closing_label="", signers=(),
    )  # fmt: skip


def _visits(sheet: Sheet, found: Year) -> None:
    total = found.visits
    sheet.add("lead", f"Đã làm việc {total.done}/{total.planned} cuộc trong chương trình; đã thông báo kết luận "
                      f"{two_digits(total.concluded)} cuộc; đã kết thúc {two_digits(total.closed)} hồ sơ.")  # fmt: skip
    columns = (("Ủy ban Kiểm tra", 0, ""), ("Trong chương trình", 26, "c"), ("Đã làm việc", 22, "c"),
               ("Đã kết luận", 22, "c"), ("Đã kết thúc", 22, "c"), ("Đưa ra", 18, "c"))  # fmt: skip
    lines = [*found.visits_by_committee, *([total] if len(found.visits_by_committee) != 1 else [])]
    sheet.table(
        f"Các cuộc kiểm tra, giám sát năm {found.year}", columns,
        [(one.label, *map(number, (one.planned, one.done, one.concluded, one.closed, one.dropped))) for one in lines],
    )  # fmt: skip


def _findings(sheet: Sheet, found: Year) -> Block:
    repeated = Counter(row.kind for row in found.repeated)
    sheet.add("lead", f"Các thông báo trong năm nêu {two_digits(len(found.findings))} nhận định, trong đó "
                      f"{two_digits(found.faults)} hạn chế, vi phạm; lặp lại {two_digits(len(found.repeated))}."
              if found.findings else "Trong năm chưa có thông báo kết luận, kết quả nào.")  # fmt: skip
    rows = found.findings_by_class
    sheet.table(
        "Nhận định theo loại", (("Loại", 0, ""), ("Số nhận định", 32, "c"), ("Lặp lại", 32, "c")),
        [(label, number(count), number(repeated[kind]) if kind in Finding.FAULTS else "-")
         for kind, label, count in rows],
    )  # fmt: skip
    whole = max((count for _, _, count in rows), default=0)
    bars = [ShareBar(label, count, repeated[kind], number(count)) for kind, label, count in rows]
    return _drawing(bars, whole, ("lặp lại", "không lặp lại"), "Nhận định theo loại (số nhận định)")


def _recommendations(sheet: Sheet, found: Year) -> Block:
    total = found.board.total
    took = (
        f" Kiến nghị khép trong năm mất trung vị {found.median_days} ngày, lâu nhất {found.longest_days} ngày."
        if found.closed else ""
    )  # fmt: skip
    sheet.add("lead", f"Trong năm đã khép {two_digits(len(found.closed))} kiến nghị; còn mở {two_digits(total.open)}, "
                      f"trong đó {two_digits(total.overdue)} quá hạn; {two_digits(total.waiting)} đơn vị đã báo, chờ "
                      f"kiểm tra.{took}")  # fmt: skip
    cells = total.cells
    sheet.table(
        f"Kiến nghị còn mở đến ngày {day(found.until)}", (("Tình trạng", 0, ""), ("Số kiến nghị", 40, "c")),
        [(standing.label, number(count)) for standing, count in cells],
    )  # fmt: skip
    lines = [line for line in found.board.by_unit if line.counts.total()]
    if lines:
        columns = (("Đơn vị", 0, ""), ("Còn mở", 20, "c"), ("Quá hạn", 20, "c"), ("Không đặt hạn", 22, "c"),
                   ("Chờ kiểm tra", 22, "c"))  # fmt: skip
        sheet.table(
            "Kiến nghị còn mở theo đơn vị", columns,
            [(line.label, number(line.open), number(line.overdue), number(line.counts[Standing.NO_DATE]),
              number(line.waiting)) for line in lines],
        )  # fmt: skip
    bars = [ShareBar(one.label, count, count if one in LATE else 0, number(count)) for one, count in cells]
    whole = max((count for _, count in cells), default=0)
    return _drawing(bars, whole, ("quá hạn", "khác"), "Kiến nghị còn mở (số kiến nghị)")


def _drawing(bars: list[ShareBar], whole: int, words: tuple[str, str], caption: str) -> Block:
    """A figure for the PDF and for Word; which one of the paper it is, is told where it is put."""
    svg, chart = share_list(bars, whole, words=words), shares_in_word(bars, whole, words=words)
    return Block("figure", caption, svg=svg, chart=chart)


def _complaints(sheet: Sheet, found: Year) -> None:
    """Counts by kind and nothing else: what was written in them is closed."""
    period = Period.of_year(found.year)
    received = Complaint.objects.filter(
        received_by__path__startswith=found.unit.path, received_on__gte=period.starts_on, received_on__lte=found.until
    )
    counts = Counter(received.values_list("kind", "state"))
    if not counts:
        sheet.add("p", "Trong năm không nhận đơn thư.")
        return
    rows = []
    for kind in Complaint.Kind:
        of_kind = {state: count for (one, state), count in counts.items() if one == kind}
        waiting = sum(count for state, count in of_kind.items() if state in Complaint.OPEN)
        rows.append((kind.label, number(sum(of_kind.values())), number(waiting)))
    sheet.table("Đơn thư nhận trong năm", (("Loại", 0, ""), ("Đã nhận", 30, "c"), ("Đang giải quyết", 34, "c")), rows)


def _with_drawings(blocks: tuple[Block, ...], drawings: list[Block]) -> tuple[Block, ...]:
    """Each drawing under the table it draws: the second and the third of the paper."""
    after, found, tables = {2: 0, 3: 1}, [], 0
    for block in blocks:
        found.append(block)
        if block.table is not None:
            tables += 1
            if tables in after:
                place = after[tables]
                found.append(replace(drawings[place], text=f"Biểu đồ {place + 1}. {drawings[place].text}"))
    return tuple(found)
