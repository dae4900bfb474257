"""The year's report of an inspection committee: what the sums say, and who reads it."""

import datetime

import pytest
from django.urls import reverse

from reports.inspecting import inspection_year
from reports.papers.inspection_print import document_html, document_word
from reports.papers.inspection_year import year_document
from tests.inspecting import stranger
from tests.papering import concluded_case
from tests.printed import tables_of

pytestmark = pytest.mark.django_db
Day = datetime.date


def test_the_years_report_says_what_the_sums_say():
    a = concluded_case()
    made = year_document(inspection_year(a.union, 2019, as_of=Day(2020, 2, 3)))
    html, _ = document_html(made)
    tables = tables_of(html)
    assert ["Đoàn Thanh niên Bộ Tư pháp", "1", "1", "1", "0", "0"] in tables[0]
    assert tables[1][1:] == [
        ["Ưu điểm", "1", "-"], ["Hạn chế", "1", "0"], ["Vi phạm", "0", "0"], ["Cách làm hay", "0", "-"],
    ]  # fmt: skip
    assert ["Chưa quá hạn", "2"] in tables[2]
    assert ["Không đặt hạn", "1"] in tables[2]
    assert "Đã làm việc" in html
    assert html.count("<figure>") == 2
    assert "None" not in html
    assert document_word(made)[:2] == b"PK"


def test_the_years_report_is_for_who_inspects_there(client):
    a = concluded_case()
    url = reverse("reports:inspection_year_docx", args=[a.union.pk])
    client.force_login(a.secretary)
    assert client.get(url).status_code == 404
    client.force_login(stranger())
    assert client.get(url).status_code == 404
    client.force_login(a.chair)
    assert client.get(url, {"nam": "2019"}).status_code == 200
