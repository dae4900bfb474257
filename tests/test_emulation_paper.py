"""The sheet of a unit on paper: both sides' points with every reason, for the reader it is printed for."""

import io

import docx
import pytest
from django.urls import reverse
from django.utils.html import escape

from reports.emulation.evidence import add_evidence
from reports.emulation.publishing import latest, publish
from reports.emulation.reading import sheet_view
from reports.papers.score_sheet import score_sheet_html

from .emulating import TODAY, fresh, in_use, scene, scored, sent

pytestmark = pytest.mark.django_db


def html_of(sheet, reader, *, reads_given=True, published=None):
    view = sheet_view(fresh(sheet), reader=reader, on=TODAY, reads_given=reads_given, published=published)
    return score_sheet_html(fresh(sheet), view, on=TODAY, published=published)[0]


def test_both_sides_and_every_reason_stand_on_it():
    s = scene(1)
    in_use(s)
    add_evidence(sheet=s.sheets[0], criterion=s.typed, by=s.secretary, activities=[s.activity])
    html = html_of(scored(s, s.sheets[0]), s.office)
    # 15 of 20 planned bring 45 of 60; 28 of 30 and 10 of 10 were said and given: 45 + 38 = 83 on both sides.
    assert "Đơn vị tự chấm: 45 + 38 = 83 điểm" in html.replace("\xa0", " ")
    assert "Đoàn cấp trên chấm: 45 + 38 = 83 điểm" in html.replace("\xa0", " ")
    assert "15/20" in html
    assert "Đơn vị: Đủ sổ sách" in html
    assert escape(f"1. Hoạt động {s.activity.title}") in html
    assert "Đoàn cấp trên: Theo sổ sách" in html
    for words in ("ĐƠN VỊ TỰ CHẤM", "Chi đoàn A", "ĐOÀN CẤP TRÊN CHẤM", "Đoàn Khối"):
        assert words in html


def test_before_the_publication_the_unit_prints_a_blank_for_its_superior():
    s = scene(1)
    in_use(s)
    sheet = scored(s, s.sheets[0])
    html = html_of(sheet, s.secretary, reads_given=False)
    assert "Đoàn cấp trên chấm: …………" in html
    assert "Đoàn cấp trên: Theo sổ sách" not in html
    publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY)
    html = html_of(sheet, s.secretary, reads_given=False, published=latest(s.set))
    assert "công bố ngày 22/11/2026" in html.replace("\xa0", " ")
    assert "Đoàn cấp trên: Theo sổ sách" in html


def test_what_people_typed_stays_text():
    s = scene(1)
    in_use(s)
    sheet = sent(s, s.sheets[0])
    sheet.lines.filter(criterion=s.typed).update(self_note="<script>alert(1)</script>\n=1+1")
    html = html_of(sheet, s.office)
    assert "<script>" not in html
    assert "=1+1" in html


@pytest.mark.once
def test_pdf_and_word_have_the_same_rows_and_strangers_have_neither(client):
    s = scene(2)
    in_use(s)
    sheet = sent(s, s.sheets[0])
    client.force_login(s.secretary)
    urls = [reverse(f"reports:emulation_sheet_paper_{ending}", args=[sheet.pk]) for ending in ("pdf", "docx")]
    assert client.get(urls[0]).content.startswith(b"%PDF")
    word = docx.Document(io.BytesIO(client.get(urls[1]).content))
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    (row,) = [row for row in rows if row[0] == "2"]
    assert row[:5] == ["2", "Tiêu chí 2", "30", "28", ""]
    assert "Đủ sổ sách" in row[5]
    assert urls[0] in client.get(reverse("reports:emulation_sheet", args=[sheet.pk])).content.decode()
    client.force_login(s.others[0])
    assert [client.get(url).status_code for url in urls] == [404, 404]
