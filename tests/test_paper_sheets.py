"""The last sheet of a paper, what never stands alone, the date line, and the limit on printing."""

import datetime
import io
import time
from urllib.parse import unquote

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from pypdf import PdfReader

from reports.papers import pdf as papers
from reports.papers.layout import Signature, dateline, dateline_fit, layout_on, paper_of
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
from reports.views.printing import PAPERS

from .factories import UnitFactory, account_at
from .test_papers import begin, branch, full_year, year  # noqa: F401  (fixtures)

pytestmark = pytest.mark.once
DAY = datetime.date


@pytest.fixture
def layout(db):
    return layout_on(DAY(2020, 1, 6))


def paper(lines: int, *, figure: str = "") -> str:
    """So many paragraphs of one line, then the last one with the signature."""
    signed = '<div class="end" id="ky"><div class="rcpt">Nơi nhận:</div><div><div class="post">BÍ THƯ</div>'
    return (
        f"<html><body>{figure}{'<p>Một dòng chữ.</p>' * lines}<div class='closing'><p>Dòng cuối./.</p>{signed}"
        "<div class='name'>Đỗ Minh Khang</div></div></div></div></body></html>"
    )


def sheets(html, layout) -> int:
    return len(PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages)


def plain_sheets(html, layout, **kind) -> int:
    return len(papers._laid_out(html, layout, **kind).pages)


def first_spilling(layout) -> int:
    """The fewest lines with which the signature no longer fits on the first sheet."""
    return next(lines for lines in range(15, 40) if plain_sheets(paper(lines), layout) == 2)


def recorded(monkeypatch) -> list[str]:
    """What every layout from here on is squeezed by."""
    tried, laid_out = [], papers._laid_out

    def laid_out_and_noted(html, layout, *, squeeze=""):
        tried.append(squeeze)
        return laid_out(html, layout, squeeze=squeeze)

    monkeypatch.setattr(papers, "_laid_out", laid_out_and_noted)
    return tried


def test_a_paper_that_just_spills_over_is_drawn_together(layout):
    lines = first_spilling(layout)
    assert plain_sheets(paper(lines), layout) == 2
    assert sheets(paper(lines), layout) == 1


def test_it_stops_at_the_first_step_that_saves_the_sheet(layout, monkeypatch):
    html = paper(first_spilling(layout))
    tried = recorded(monkeypatch)
    render_pdf(html, layout=layout)
    assert tried == ["", "--sign-gap: 20mm"]


def test_where_nothing_helps_the_paper_stays_as_it_was(layout):
    html = paper(first_spilling(layout) + 4)
    assert plain_sheets(html, layout, squeeze="; ".join(papers.SQUEEZES)) == 2
    assert sheets(html, layout) == 2
    printed = PdfReader(io.BytesIO(render_pdf(html, layout=layout)))
    plain = PdfReader(io.BytesIO(papers._laid_out(html, layout).write_pdf()))
    assert [page.extract_text() for page in printed.pages] == [page.extract_text() for page in plain.pages]


def test_five_lines_before_the_signature_are_enough(layout, monkeypatch):
    html = paper(first_spilling(layout) + 12)
    assert plain_sheets(html, layout) == 2
    tried = recorded(monkeypatch)
    render_pdf(html, layout=layout)
    assert tried == [""]


def test_body_and_margins_are_never_touched():
    assert all(not step.startswith(("--body", "--lead", "--left", "--right")) for step in papers.SQUEEZES)


# --- the head and the recipients -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "dated_on", "fit"),
    [
        ("An Hòa", DAY(2019, 12, 27), ""),
        ("An Hòa", None, "tight"),
        ("Tân Phong", None, "tighter"),
        ("", None, "tighter"),
        ("Thành phố Hồ Chí Minh", DAY(2019, 12, 27), "wrapped"),
    ],
)
def test_the_date_line_stays_inside_the_margin(place, dated_on, fit, layout):
    assert dateline_fit(dateline(place, dated_on), layout) == fit


def test_the_date_line_ends_before_the_right_margin(db):
    """Measured in the PDF: the right edge of the last glyph of the line, in points from the left."""
    unit = UnitFactory(name="Chi đoàn Sở Y tế", place="Tân Phong")
    found = paper_of(
        unit=unit, on=DAY(2026, 1, 5), kind="Báo cáo", kind_code="BC", abstract=("Về việc thử",),
        signature=Signature("TM. Ban Chấp hành", "Bí thư"),
    )  # fmt: skip
    document = papers._laid_out(render_to_string("papers/_paper.html", {"paper": found}), found.layout)
    page = document.pages[0]
    ends = [
        box.position_x + box.width
        for box in page._page_box.descendants()
        if getattr(box, "text", "").startswith("Tân Phong, ngày")
    ]
    right_edge = page.width - 20 * 96 / 25.4
    assert len(ends) == 1
    assert ends[0] <= right_edge


def test_the_dash_of_a_recipient_never_stands_alone(full_year):  # noqa: F811
    report = begin(full_year, year(2019), recipients="Chi bộ Sở (để b/c)")
    html, _ = report_html(draft_content(report, on=DAY(2020, 1, 6)))
    assert "<p>-&nbsp;Chi bộ Sở" in html


# --- the limit on printing -----------------------------------------------------------------------------------


@pytest.fixture
def address(full_year, client, monkeypatch):  # noqa: F811
    """The PDF of a report, laid out as nothing so that thirty of them are quick."""
    monkeypatch.setattr("reports.views.printing.render_pdf", lambda html, **how: b"%PDF-")
    client.force_login(account_at(full_year, type="secretary"))
    return reverse("reports:report_pdf", args=[begin(full_year, year(2019)).pk])


def test_after_thirty_papers_the_account_waits(address, client, full_year):  # noqa: F811
    assert {client.get(address).status_code for _ in range(PAPERS)} == {200}
    refused = client.get(address)
    assert refused.status_code == 429
    assert "Mỗi tài khoản in tối đa 30 bản trong mười phút" in refused.content.decode()
    assert 0 < int(refused.headers["Retry-After"]) <= 601
    client.force_login(account_at(full_year, type="deputy_secretary"))
    assert client.get(address).status_code == 200


def test_the_wait_ends_after_ten_minutes(address, client, monkeypatch):
    for _ in range(PAPERS):
        client.get(address)
    later = time.time() + 601
    monkeypatch.setattr("reports.views.printing.time.time", lambda: later)
    assert client.get(address).status_code == 200


def test_a_stranger_neither_prints_nor_learns_of_the_limit(address, client):
    client.force_login(account_at(UnitFactory(), type="secretary"))
    assert {client.get(address).status_code for _ in range(PAPERS + 1)} == {404}


def test_the_file_has_a_name_and_nobody_keeps_it(address, client):
    answer = client.get(address)
    assert unquote(answer.headers["Content-Disposition"]) == (
        "inline; filename*=utf-8''Báo cáo năm 2019, Chi đoàn Sở Thông tin và Truyền thông.pdf"
    )
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-store"}
