"""The list of activities: filters, pages, units below, its price, and the same rows as a file."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse

from branches.models import Evidence
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    QuantityFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    account_at,
)
from tests.logging_activities import fill, list_url, titles


@pytest.fixture
def union(db):
    return UnionFactory()


@pytest.fixture
def unit(union):
    return UnitFactory(name="Chi đoàn Sở Thông tin", superior=union)


@pytest.fixture
def secretary(unit, client):
    account = account_at(unit)
    client.force_login(account)
    return account


# --- the list ---------------------------------------------------------------------------------------


@pytest.fixture
def various(unit):
    """Five activities of the unit and one of a stranger."""
    blood = IndicatorFactory(code="t-blood")
    education = WorkAreaFactory(code="education")
    IndicatorFactory(area=education)
    january = ActivityFactory(unit=unit, title="Hiến máu đầu xuân", starts_on=datetime.date(2026, 1, 10))
    QuantityFactory(activity=january, indicator=blood)
    Evidence.objects.create(activity=january, link="https://vidu.vn/1")
    ActivityFactory(unit=unit, title="Học nghị quyết", area=education, starts_on=datetime.date(2026, 4, 2))
    ActivityFactory(unit=unit, title="Giải bóng đá", organiser="joint", starts_on=datetime.date(2025, 12, 31))
    ActivityFactory(unit=unit, title="Dự kiến hè", state="planned", starts_on=datetime.date(2026, 7, 1))
    ActivityFactory(
        unit=unit, title="Hoãn", state="cancelled", cancel_reason="Bão", starts_on=datetime.date(2026, 9, 1)
    )
    ActivityFactory(title="Của đơn vị lạ", starts_on=datetime.date(2026, 4, 2))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Hoãn", "Dự kiến hè", "Học nghị quyết", "Hiến máu đầu xuân", "Giải bóng đá"]),
        ("?ky=2025", ["Giải bóng đá"]),
        ("?ky=2026-q1", ["Hiến máu đầu xuân"]),
        ("?ky=2026-04", ["Học nghị quyết"]),
        ("?ky=tu-den&tu=2026-01-01&den=2026-04-02", ["Học nghị quyết", "Hiến máu đầu xuân"]),
        ("?muc=education", ["Học nghị quyết"]),
        ("?chi_tieu=t-blood", ["Hiến máu đầu xuân"]),
        ("?tinh_trang=planned", ["Dự kiến hè"]),
        ("?to_chuc=joint", ["Giải bóng đá"]),
        ("?minh_chung=thieu", ["Học nghị quyết", "Giải bóng đá"]),
        ("?q=nghị", ["Học nghị quyết"]),
        ("?ky=2026-q9&muc=x&tinh_trang=x&trang=-1&don_vi=1&tu=x", None),
    ],
)
def test_list_filters(client, unit, secretary, various, query, expected):
    found = titles(client.get(list_url(unit, query)))

    assert found == expected if expected is not None else len(found) == 5


def test_list_of_a_superior_shows_units_below_when_asked(client, union, unit):
    sibling = UnitFactory(superior=union)
    ActivityFactory(unit=union, title="Của Đoàn")
    ActivityFactory(unit=unit, title="Của chi đoàn")
    ActivityFactory(unit=sibling, title="Của chi đoàn khác")
    ActivityFactory(title="Của đơn vị lạ")
    client.force_login(account_at(union, "superior_office"))

    assert titles(client.get(list_url(union))) == ["Của Đoàn"]
    assert set(titles(client.get(list_url(union, "?below=1")))) == {"Của Đoàn", "Của chi đoàn", "Của chi đoàn khác"}
    assert titles(client.get(list_url(union, f"?don_vi={unit.pk}"))) == ["Của chi đoàn"]


def test_list_turns_pages_in_a_stable_order(client, unit, secretary):
    made = [ActivityFactory(unit=unit, title=f"Số {n}") for n in range(60)]

    first, second = client.get(list_url(unit)), client.get(list_url(unit, "?trang=2"))
    beyond = client.get(list_url(unit, "?trang=9&ky=2026"))

    assert titles(first) + titles(second) == [one.title for one in reversed(made)]
    assert (first.context["page"].total, first.context["page"].next, second.context["page"].next) == (60, 2, None)
    assert beyond.url == list_url(unit, "?ky=2026")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_list_asks_the_same_queries_for_1_and_30_rows(client, unit, secretary, django_assert_num_queries, count):
    fill(unit, count)
    client.get(list_url(unit))

    with django_assert_num_queries(9):  # session, account, posts, unit, indicators, terms, page, lines, locks
        response = client.get(list_url(unit))

    assert len(titles(response)) == count


@pytest.mark.parametrize("count", [1, 3, 30])
def test_list_of_units_below_asks_the_same_queries(client, union, unit, django_assert_num_queries, count):
    for _ in range(count):
        fill(UnitFactory(superior=union), 1)
    client.force_login(account_at(union, "superior_office"))

    with django_assert_num_queries(10):  # as above, and the units to choose from
        response = client.get(list_url(union, "?below=1"))

    assert len(titles(response)) == count


# --- the file ------------------------------------------------------------------------------------------


def test_export_holds_the_filtered_list_as_inert_text(client, unit, secretary):
    hostile = '=HYPERLINK("http://xau.vn","bấm")\x01\x0b'
    line = QuantityFactory(
        activity__unit=unit, activity__title=hostile, activity__note="@cmd", activity__raised=1_500_000, value=5,
        indicator__name="+Hiến máu", qualifier="about",
    )  # fmt: skip
    ActivityFactory(unit=unit, title="Năm ngoái", starts_on=datetime.date(2025, 1, 1))
    url = reverse("branches:activity_export", args=[unit.pk])

    answer = client.get(url, {"ky": "2026"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    activities, results = ([[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}

    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert len(activities) == len(results) == 1
    assert activities[0][2] == '=HYPERLINK("http://xau.vn","bấm")'
    assert (activities[0][12], activities[0][15]) == (1_500_000, "@cmd")
    assert activities[0][8] == "+Hiến máu: khoảng\u00a05\u00a0lượt người"
    assert results[0][5:9] == ["+Hiến máu", line.indicator.unit_word, "Khoảng", 5]
    assert kinds <= {"s", "n", "d"}
