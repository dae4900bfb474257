"""The year of an inspection committee: page, PDF, Word and Excel say the same figures, read from each of the four."""

import datetime
import io
import re

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from branches.models import Unit
from inspections.conducting import add_finding, conclude
from inspections.following import answer_recommendation, check_answer, recommend
from inspections.models import Finding, Recommendation
from tests.factories import UnitFactory, account_at
from tests.inspecting import TODAY, planned, scene, stranger, visited
from tests.printed import tables_of

pytestmark = pytest.mark.django_db
NOTICE = datetime.date(2026, 7, 1)
# Everything by hand, for 22/11/2026: what stands in each of the four.
CASES = ["4", "3", "3", "0", "0"]  # planned, done, concluded, closed, out
FINDINGS = {"Ưu điểm": "3", "Hạn chế": "4", "Vi phạm": "0", "Cách làm hay": "0"}
STANDINGS = {
    "Chưa quá hạn": "1", "Quá hạn đến 30 ngày": "1", "Quá hạn 31 đến 90 ngày": "1", "Quá hạn trên 90 ngày": "2",
    "Không đặt hạn": "1", "Chấp nhận chưa thực hiện": "0",
}  # fmt: skip
UNITS = {  # open, overdue, without a date, waiting for a check
    "Chi đoàn Cục Thử nghiệm": ["4", "2", "1", "1"], "Chi đoàn Số 3": ["2", "2", "0", "0"],
}  # fmt: skip
CLOSED, MEDIAN, LONGEST, REPEATED = 2, 10, 40, 1


def day(month, number):
    return datetime.date(2026, month, number)


def noticed(s, unit, dues, *, merits=1, repeat_of=None, on=NOTICE):
    case = visited(s, unit=unit)
    case.visited_on = day(6, 20)
    case.save()
    for _ in range(merits):
        add_finding(inspection=case, by=s.chair, kind="merit", text="Sổ sách đủ")
    weak = add_finding(inspection=case, by=s.chair, kind="shortcoming", text="Chậm nộp", repeat_of=repeat_of)
    asked = [
        recommend(
            inspection=case, by=s.chair, text=f"Việc {number}", owner="Bí thư", due_on=due, no_due_date=due is None,
            findings=[weak],
        )
        for number, due in enumerate(dues, 1)
    ]  # fmt: skip
    conclude(inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=on)
    return case, [fresh(row) for row in asked]


def fresh(row):
    return Recommendation.objects.select_related("inspection").get(pk=row.pk)


@pytest.fixture
def s(monkeypatch):
    """Three cases told, one to come; two recommendations closed after 10 and 40 days, one reported and unchecked."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    s = scene()
    first, rows = noticed(s, s.branch, [day(7, 31), day(8, 31), day(12, 31), day(10, 31)])
    for row, on in zip(rows[:2], (day(7, 11), day(8, 10)), strict=True):
        check_answer(recommendation=row, version=row.version, by=s.chair, on=on, verdict="adequate", text="Đã xem sổ")
    answer_recommendation(
        recommendation=rows[3], version=rows[3].version, by=s.secretary, on=day(11, 2), text="Đã làm xong"
    )
    before = Finding.objects.get(inspection=first, kind="shortcoming")
    noticed(s, s.branch, [None, day(8, 1)], repeat_of=before, on=day(7, 15))
    case, _ = noticed(s, UnitFactory(name="Chi đoàn Số 3", superior=s.union), [day(8, 24), day(7, 31)])
    add_finding_late(s, case)
    planned(s, unit=s.sibling, visited_on=None)
    return s


def add_finding_late(s, case):
    """One more shortcoming of the third case; what its notice says is frozen, so the row is made directly."""
    Finding.objects.create(inspection=case, position=9, kind="shortcoming", text="Thiếu biên bản")


def address(s, name):
    return reverse(f"reports:{name}", args=[s.union.pk]) + "?nam=2026"


def get(client, s, name):
    answer = client.get(address(s, name))
    assert answer.status_code == 200
    return answer


def said_by_page(client, s) -> dict:
    page = get(client, s, "inspecting")
    tables = tables_of(page.text)
    board = {row[0]: row[1:] for row in tables[0][1:]}
    bars = dict(
        re.findall(r'<span class="what">([^<]+)</span><span class="n">(?:<a[^>]*>)?(\d+)(?:</a>)?</span>', page.text)
    )
    took = re.search(r"một nửa khép trong (\d+) ngày, lâu nhất (\d+) ngày", page.text)
    closed = client.get(address(s, "inspecting_closed")).context["count"]
    repeated = client.get(address(s, "inspecting_findings") + "&loai=lap-lai").context["page"].paginator.count
    total = board.pop("Tổng cộng")
    late = [sum(map(int, row[1:4])) for row in board.values()]
    return {
        "cases": next(row[1:] for table in tables for row in table if row[0] == "Tổng cộng" and len(row) == 6),
        "findings": {name: bars[name] for name in FINDINGS}, "standings": dict(zip(STANDINGS, total[:6], strict=True)),
        "bars": {name: bars[name] for name in STANDINGS},
        "units": {
            unit: [row[6], str(count), row[4], row[7]] for (unit, row), count in zip(board.items(), late, strict=True)
        },
        "closed": closed, "took": tuple(map(int, took.groups())), "repeated": repeated,
    }  # fmt: skip


def said_by_paper(tables, text: str) -> dict:
    took = re.search(r"mất trung vị (\d+) ngày, lâu nhất (\d+) ngày", text)
    return {
        "cases": tables[0][1][1:], "findings": {row[0]: row[1] for row in tables[1][1:]},
        "standings": dict(tables[2][1:]), "units": {row[0]: row[1:] for row in tables[3][1:]},
        "closed": int(re.search(r"đã khép (\d+) kiến nghị", text)[1]), "took": tuple(map(int, took.groups())),
        "repeated": int(re.search(r"lặp lại (\d+)\.", text)[1]),
    }  # fmt: skip


def said_by_excel(content: bytes) -> dict:
    book = load_workbook(io.BytesIO(content))
    lines = [[str(cell) for cell in row] for row in book["Kiến nghị còn mở"].iter_rows(min_row=6, values_only=True)]
    total = next(place for place, row in enumerate(lines) if row[0] == "Tổng cộng")
    year = dict(book["Trong năm"].iter_rows(min_row=6, values_only=True))
    return {
        "cases": [
            str(year[name]) for name in (
                "Cuộc trong chương trình", "Đã làm việc", "Đã thông báo kết luận", "Đã kết thúc hồ sơ",
                "Đưa ra khỏi chương trình",
            )
        ],
        "findings": {name: str(year[name]) for name in FINDINGS},
        "standings": dict(zip(STANDINGS, lines[total][1:7], strict=True)),
        "units": {row[0]: [row[7], row[8], row[5], row[9]] for row in lines[:total]},
        "closed": year["Kiến nghị đã khép trong năm"],
        "took": (year["Số ngày để khép, trung vị"], year["Số ngày để khép, lâu nhất"]),
        "repeated": year["Hạn chế, vi phạm lặp lại"],
    }  # fmt: skip


def charts_of_excel(content: bytes) -> list[dict]:
    """What each chart draws, read from the cells it points at."""
    sheet = load_workbook(io.BytesIO(content))["Biểu đồ"]
    found = []
    for chart in sheet._charts:
        names, figures = (
            [cell.value for (cell,) in sheet[where.f.split("!")[1].replace("$", "")]]
            for where in (chart.series[0].cat.strRef, chart.series[0].val.numRef)
        )
        found.append(dict(zip(names, map(str, figures), strict=True)))
    return found


def charts_of_word(content: bytes) -> list[tuple[dict, dict]]:
    """Of each chart the figure that is written at each bar, and its pieces by the legend; their sum is that figure."""
    parts = Document(io.BytesIO(content)).part.package.iter_parts()
    found = []
    for part in sorted((one for one in parts if "/charts/" in str(one.partname)), key=lambda one: str(one.partname)):
        pieces = {}
        for series in re.findall(r"<c:ser>.*?</c:ser>", part.blob.decode()):
            name, cats, figures = (
                re.findall(r"<c:v>([^<]*)</c:v>", re.search(f"<c:{kind}>.*</c:{kind}>", series)[0])
                for kind in ("tx", "cat", "val")
            )
            pieces[name[0]] = list(map(int, figures))
        whole = dict(label.rsplit(": ", 1) for label in cats)
        assert [str(sum(one)) for one in zip(*pieces.values(), strict=True)] == list(whole.values())
        found.append((whole, pieces))
    return found


BY_HAND = {
    "cases": CASES, "findings": FINDINGS, "standings": STANDINGS, "units": UNITS, "closed": CLOSED,
    "took": (MEDIAN, LONGEST), "repeated": REPEATED,
}  # fmt: skip


def test_page_pdf_word_and_excel_say_the_same(client, s):
    client.force_login(s.chair)
    page = said_by_page(client, s)
    assert page.pop("bars") == STANDINGS
    assert page == BY_HAND

    word = get(client, s, "inspection_year_docx").content
    document = Document(io.BytesIO(word))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    grids = [table for table in tables if table[0][0] in ("Ủy ban Kiểm tra", "Loại", "Tình trạng", "Đơn vị")]
    text = " ".join(one.text for one in document.paragraphs).replace("\xa0", " ")
    assert said_by_paper(grids, text) == BY_HAND
    assert charts_of_word(word) == [
        (FINDINGS, {"lặp lại": [0, 1, 0, 0], "không lặp lại": [3, 3, 0, 0]}),
        (STANDINGS, {"quá hạn": [0, 1, 1, 2, 0, 0], "khác": [1, 0, 0, 0, 1, 0]}),
    ]

    excel = get(client, s, "inspecting_xlsx").content
    assert said_by_excel(excel) == BY_HAND
    of_standings, of_findings, of_cases = charts_of_excel(excel)
    assert (of_standings, of_findings, list(of_cases.values())) == (STANDINGS, FINDINGS, CASES[:4])

    assert said_by_pdf(get(client, s, "inspection_year_pdf").content) == BY_HAND


def said_by_pdf(content: bytes) -> dict:
    """The lines of the printed sheets: a row of a table ends with its figures."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\xa0", " ")
    text = re.sub(r"[ ]+", " ", text)
    flat = text.replace("\n", " ")

    def figures(name, count, *, after):
        asked = re.escape(name).replace(r"\ ", r"\s+") + r"\s+" + r"\s+".join([r"(\d+|-)"] * count)
        return list(re.search(asked, flat[flat.index(after) :]).groups())

    took = re.search(r"mất trung vị (\d+) ngày, lâu nhất (\d+) ngày", flat)
    return {
        "cases": figures("Đoàn Thanh niên Bộ thử", 5, after="Bảng 1."),
        "findings": {name: figures(name, 1, after="Bảng 2.")[0] for name in FINDINGS},
        "standings": {name: figures(name, 1, after="Bảng 3.")[0] for name in STANDINGS},
        "units": {name: figures(name, 4, after="Bảng 4.") for name in UNITS},
        "closed": int(re.search(r"đã khép (\d+) kiến nghị", flat)[1]), "took": tuple(map(int, took.groups())),
        "repeated": int(re.search(r"lặp lại (\d+)\.", flat)[1]),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["inspecting", "inspecting_xlsx", "inspection_year_pdf", "inspection_year_docx"])
def test_who_reads_the_year(client, s, name):
    """The committee and the committee above it; not the inspected unit, the Party committee or a stranger."""
    above = account_at(Unit.objects.get(name="Tỉnh Đoàn thử"), "inspection_chair", full_name="Chủ nhiệm cấp trên")
    for person, expected in [
        (s.chair, 200), (above, 200), (s.secretary, 404), (account_at(s.union, "party_secretary"), 404),
        (stranger(), 404),
    ]:  # fmt: skip
        client.force_login(person)
        assert client.get(address(s, name)).status_code == expected, person


@pytest.mark.parametrize("name", ["inspecting", "inspecting_xlsx", "inspection_year_pdf", "inspection_year_docx"])
def test_a_year_without_anything_is_answered(client, s, name):
    client.force_login(s.chair)
    answer = client.get(reverse(f"reports:{name}", args=[s.union.pk]) + "?nam=2020")
    assert answer.status_code == 200
    assert b"None" not in answer.content
