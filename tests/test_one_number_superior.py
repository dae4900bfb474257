"""One number of a superior: every roll-up over units, with a unit that moved; the Party committee, the board, and what
was made from approved reports. The figures are written out; nothing is taken from the code that is being tested.
"""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse

from branches.models import Target
from branches.restructuring import move_unit
from reports.freezing import content_of_submission
from reports.joint import decide
from reports.papers.party import party_html
from reports.papers.report import draft_content, report_html
from reports.rolling_up import rolled_up
from reports.summary import party_summary

from .factories import (
    IndicatorFactory,
    ShareFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    YesNoFactory,
    account_at,
)
from .one_number import LAST_DAY, frozen_figures, in_workbook, on_page, on_paper, page_of, paper_of, workbook_of
from .printed import row_with, tables_of
from .rolling import approved, began, submitted
from .rolling import log as told_before
from .test_progress import log, on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _last_day_of_the_year(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: LAST_DAY)


@pytest.fixture
def union():
    """Two branches all year (An, Bình), and Cường that left for another superior on 01/07/2026.

    What Cường did before that day counts here, what it has on the last day counts there.
    """
    top = UnionFactory(name="Đoàn Khối Một Con Số")
    other = UnionFactory(name="Đoàn Khối Bên Kia")
    an, binh, cuong = (UnitFactory(name=f"Chi đoàn {name}", superior=top) for name in ("An", "Bình", "Cường"))

    def row(name, comparator, value, *lines, factory=IndicatorFactory, shared=(), **kind):
        indicator = factory(name=name, **kind)
        for unit, aim in ((top, value), (other, value), *shared):
            whole = Target.objects.filter(unit=unit, indicator=indicator.of).first()
            TargetFactory(unit=unit, indicator=indicator, comparator=comparator, value=aim, parent=whole)
        for unit, day, *figure in lines:
            log(unit, indicator, figure[0], day, *figure[1:])
        return indicator

    early, late = on(6, 30), on(7, 1)
    row("Cộng các đơn vị", "ge", 10, (an, on(2), 4), (binh, on(3), 3, None, "more"), (cuong, early, 5),
        (cuong, late, 8), (top, on(4), 1), shared=((an, 4), (binh, 6)))  # fmt: skip
    row("Trung bình đơn vị", "ge", 4, (an, on(2), 3), (binh, on(3), 8), (cuong, early, 1), (cuong, late, 50),
        over_units="average")  # fmt: skip
    row("Đơn vị cao nhất", "ge", 10, (an, on(2), 3), (binh, on(3), 8), (cuong, late, 50), over_units="max")
    row("Có mặt cuối năm", "ge", 30, (an, on(1), 10), (an, on(6), 12), (binh, on(1), 20), (cuong, on(1), 7),
        over_time="last")  # fmt: skip
    row("Tỷ lệ gộp", "ge", 50, (an, on(3), 1, 1), (binh, on(3), 0, 99), (cuong, on(3), 50, 50), factory=ShareFactory,
        shared=((an, 50), (binh, 50)))  # fmt: skip
    row("Đơn vị đã có", "yes", None, (an, on(3), 1), (binh, on(3), 0), (cuong, on(3), 1), factory=YesNoFactory,
        shared=((an, None), (binh, None), (cuong, None)))  # fmt: skip
    whole = row("Xếp loại khá", "eq", 100, (an, on(11), 10, 10), (binh, on(11), 20, 30), factory=ShareFactory,
                shared=((an, 100), (binh, 100)))  # fmt: skip
    row("Xếp loại tốt", "ge", 20, (an, on(11), 5), (binh, on(11), 6), factory=ShareFactory, of=whole, area=whole.area,
        shared=((an, 20), (binh, 20)))  # fmt: skip
    move_unit(unit=cuong, superior=other, on=late, decision="15-QĐ/TĐTN")
    for unit in (top, other, an, binh, cuong):
        unit.refresh_from_db()
    top.other, top.an, top.binh = other, an, binh
    return top


UNION = {
    "Cộng các đơn vị": (  # 4 + hơn 3 + 5 + 1
        ("≥ 10", "hơn 13", "không ghi số", "Vượt 30%"),
        ("x", "≥ 10", "hơn 13", "hơn 130,0%", "Vượt"),
        ("≥ 10", "hơn 13", 13, None, 130, None, "Vượt 30%"),
    ),
    "Trung bình đơn vị": (  # (3 + 8 + 1) / 3
        ("≥ 4", "4", "không ghi số", "Đạt"),
        ("x", "≥ 4", "4", "100,0%", "Đạt"),
        ("≥ 4", "4", 4, None, 100, None, "Đạt"),
    ),
    "Đơn vị cao nhất": (
        ("≥ 10", "8", "không ghi số", "Chưa đạt"),
        ("x", "≥ 10", "8", "80,0%", "Chưa đạt"),
        ("≥ 10", "8", 8, None, 80, None, "Chưa đạt"),
    ),
    "Có mặt cuối năm": (  # 12 + 20; the seven of Cường are elsewhere on the last day
        ("≥ 30", "32", "không ghi số", "Vượt 6,7%"),
        ("x", "≥ 30", "32", "106,7%", "Vượt"),
        ("≥ 30", "32", 32, None, 106.7, None, "Vượt 6,7%"),
    ),
    "Tỷ lệ gộp": (  # 1 / 100, not the mean of 100 % and 0 %
        ("≥ 50%", "1%", "không ghi số", "Chưa đạt"),
        ("x", "≥ 50", "1,0(1/100)", "-49,0 điểm", "Chưa đạt"),
        ("≥ 50%", "1%", 1, 100, None, None, "Chưa đạt"),
    ),
    "Đơn vị đã có": (  # An of An and Bình: Cường is asked elsewhere on the last day
        ("Có", "1/2", "không ghi số", "Chưa đạt"),
        ("x", "Có", "1/2", "x", "Chưa đạt"),
        ("Có", "1/2", 1, 2, None, None, "Chưa đạt"),
    ),
    "Xếp loại khá": (
        ("100%", "75%", "không ghi số", "Chưa đạt"),
        ("x", "100", "75,0(30/40)", "-25,0 điểm", "Chưa đạt"),
        ("100%", "75%", 30, 40, None, None, "Chưa đạt"),
    ),
    "Xếp loại tốt": (  # 11 of those 30
        ("≥ 20%", "36,7%", "không ghi số", "Vượt 16,7 điểm %"),
        ("x", "≥ 20", "36,7(11/30)", "+16,7 điểm", "Vượt"),
        ("≥ 20%", "36,7%", 11, 30, None, None, "Vượt 16,7 điểm %"),
    ),
}


def test_page_paper_and_workbook_of_a_superior(union, client):
    page, paper, book = page_of(client, union), paper_of(union), workbook_of(client, union)
    printed = {
        name: (on_page(row_with(page, name)), on_paper(row_with(paper, name)), in_workbook(row_with(book, name)))
        for name in UNION
    }
    assert printed == UNION


def test_frozen_word_and_workbook_of_a_superior(union):
    frozen_figures(union, UNION)


def test_what_the_moved_unit_did_since_stands_at_its_new_superior(union, client):
    page, book = page_of(client, union.other), workbook_of(client, union.other)
    found = {name: on_page(row_with(page, name))[1] for name in UNION}
    assert found == {
        "Cộng các đơn vị": "8",
        "Trung bình đơn vị": "50",
        "Đơn vị cao nhất": "50",
        "Có mặt cuối năm": "7",
        "Tỷ lệ gộp": "100%",
        "Đơn vị đã có": "1/1",
        "Xếp loại khá": "Chưa có số",
        "Xếp loại tốt": "Chưa có số",
    }
    assert found == {name: row_with(book, name)[4] for name in UNION}


# --- the Party committee: its page and its sheet -----------------------------------------------------------


def test_party_page_and_sheet(union, client):
    client.force_login(account_at(union, "party_secretary"))
    page = tables_of(client.get(reverse("reports:party_summary", args=[union.pk])).content.decode())
    plan = next(table for table in page if table[0][0] == "Chỉ tiêu")
    # two years before, then this year's plan, result and standing
    assert {name: tuple(row_with([plan], name)[3:]) for name in UNION} == {
        name: (aim, done, standing) for name, ((aim, done, _, standing), _, _) in UNION.items()
    }
    paper, _ = party_html(party_summary(union, 2026, as_of=LAST_DAY), on=LAST_DAY)
    main = next(table for table in tables_of(paper) if table[0][0] == "TT")
    printed = {}
    for name in UNION:
        _, _, _, _, _, aim, done, _, verdict = row_with([main], name)
        printed[name] = (aim, done, verdict)
    assert printed == {name: (aim, done, standing) for name, ((aim, done, _, standing), _, _) in UNION.items()}
    for tables in (page, tables_of(paper)):
        units = next(table for table in tables if table[0][0] == "Đơn vị")
        column = next(place for place, name in enumerate(units[0]) if name.startswith("Cộng các đơn vị"))
        assert row_with([units], "Cộng chung")[column].replace(" /", "/") == "hơn 13/10"


# --- the board: the same figures by subordinate ------------------------------------------------------------


def test_board_page_and_workbook(union, client):
    board, ranking = page_of(client, union, "board")
    assert ranking == [  # Cường stood here for a part of the year, and without a plan for it: named below the ranking
        ["Đơn vị", "Kết quả trên chỉ tiêu"],
        ["Chi đoàn An", "4/4 lượt người, Đạt"], ["Chi đoàn Bình", "hơn 3/6 lượt người, Chưa đạt"],
    ]  # fmt: skip
    assert board[0] == [
        "Đơn vị", "Cộng các đơn vị lượt người", "Tỷ lệ gộp đoàn viên", "Đơn vị đã có đơn vị",
        "Xếp loại khá đoàn viên", "Xếp loại tốt đoàn viên",
    ]  # fmt: skip
    cells = {row[0]: row[-5:] for row in board[1:]}
    assert cells == {
        "Chi đoàn An": ["4/4", "1/1, cần ≥ 50%", "Có", "10/10", "5/10, cần ≥ 20%"],
        "Chi đoàn Bình": ["hơn 3/6", "0/99, cần ≥ 50%", "Chưa", "20/30", "6/20, cần ≥ 20%"],
        # what it did before the move; what it has at the end of the year stands elsewhere
        "Chi đoàn Cường": ["5", "Chưa có số", "Chưa có số", "Chưa có số", "Chưa có số"],
        "Tổng cộng": ["hơn 13/10", "1/100", "1/2", "30/40", "11/30"],
    }
    (book,) = workbook_of(client, union, "board_xlsx")
    nothing = ["Chưa có số", None, None]
    assert {row[0]: row[2:] for row in book if str(row[0]).startswith(("Chi đoàn", "Tổng"))} == {
        "Chi đoàn An": [
            "4", "≥ 4", "Đạt", "100%", "≥ 50%", "Vượt 50 điểm %", "Có", "Có", "Đạt",
            "100%", "100%", "Đạt", "50%", "≥ 20%", "Vượt 30 điểm %",
        ],
        "Chi đoàn Bình": [
            "hơn 3", "≥ 6", "Chưa đạt", "0%", "≥ 50%", "Chưa đạt", "Chưa", "Có", "Chưa đạt",
            "66,7%", "100%", "Chưa đạt", "30%", "≥ 20%", "Vượt 10 điểm %",
        ],
        "Chi đoàn Cường": ["5", "chưa giao", "Chưa giao", *nothing * 4],
        "Tổng cộng": [
            "hơn 13", 10, None, "1%", None, None, "1/2", None, None, "75%", None, None, "36,7%", None, None,
        ],
    }  # fmt: skip


# --- rolled up from approved reports ---------------------------------------------------------------------


def test_rolled_up_figures_are_the_same_on_every_page_paper_and_file(client):
    """12 + 7 of two branches, 40 told by both counted once, 3 of the superior's own: 62 everywhere."""
    union = UnionFactory(name="Đoàn Khối")
    turns = IndicatorFactory(name="Hiến máu", unit_word="lượt người")
    TargetFactory(unit=union, indicator=turns, value=50)
    by, held = account_at(union, "superior_secretary"), []
    for name, value in (("Chi đoàn An", 12), ("Chi đoàn Bình", 7)):
        unit = UnitFactory(name=name, superior=union)
        told_before(unit, turns, value, datetime.date(2026, 5, 1))
        held.append(
            told_before(unit, turns, 40, datetime.date(2026, 4, 7), title="Ngày hội hiến máu", organiser="joint")
        )
        approved(unit, by=by, on=LAST_DAY)
    told_before(union, turns, 3, datetime.date(2026, 6, 1))
    report = began(union, by=by, from_units=True, on=LAST_DAY)
    (candidate,) = rolled_up(report, as_of=LAST_DAY).candidates
    decide(report=report, candidate=candidate, version=0, by=by, on=LAST_DAY, said="one", kept=held[0].pk)
    assert rolled_up(report, as_of=LAST_DAY).table.row(turns.code).done.value == 62

    client.force_login(by)
    page = tables_of(client.get(reverse("reports:report_units", args=[report.pk])).content.decode())
    assert row_with(page, "Hiến máu")[1] == "62"
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("reports:report_units_xlsx", args=[report.pk])).content)
    )
    (row,) = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows() if row[1].value == "Hiến máu"]
    assert row[4:8] == ["62", 52, 47, 3]
    paper = tables_of(report_html(draft_content(report, on=LAST_DAY))[0])
    assert row_with(paper, "Hiến máu")[5:7] == ["62", "124,0%"]
    frozen = submitted(report, by=by, on=LAST_DAY)
    (kept,) = [one for one in frozen.rows.all() if one.code == turns.code]
    assert (kept.value, kept.standing) == (62, "over")
    printed = tables_of(report_html(content_of_submission(frozen))[0])
    assert row_with(printed, "Hiến máu") == row_with(paper, "Hiến máu")
