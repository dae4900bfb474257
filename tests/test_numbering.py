"""The number register: symbols, terms and years, order, gaps, keeping and letting go, many at once."""

import datetime
import os
import signal

import pytest
from django.db import transaction
from django.urls import reverse

from branches import numbering
from branches.models import NumberBook, NumberSpan, PaperNumber, Unit
from branches.numbering import (
    NumberRefused,
    books_of,
    choose_span,
    gaps,
    key_on,
    next_symbol,
    numbers_found,
    release_number,
    reserve_number,
    take_number,
    typed_number,
)
from branches.terms import start_term
from tests.factories import UnionFactory, UnitFactory, account_at
from tests.inspecting import stranger
from tests.test_dues_crash import in_children

Day = datetime.date
ON = Day(2026, 3, 2)


@pytest.fixture
def unit(db):
    return UnitFactory(document_code="CĐ", superior=UnionFactory())


@pytest.fixture
def keeper(unit):
    return account_at(unit, "secretary")


def take(unit, keeper, **fields):
    return take_number(**{"unit": unit, "type_code": "BC", "on": ON, "by": keeper, "about": "Báo cáo"} | fields)


def test_numbers_run_on_with_two_digits(unit, keeper):
    assert [take(unit, keeper).symbol for _ in range(3)] == ["01-BC/CĐ", "02-BC/CĐ", "03-BC/CĐ"]
    assert take(unit, keeper, type_code="KH").symbol == "01-KH/CĐ"


def test_a_suffix_shares_the_counter_and_another_body_has_its_own(keeper, db):
    union = UnionFactory(document_code="ĐTN")
    assert take(union, keeper, type_code="KH").symbol == "01-KH/ĐTN"
    assert take(union, keeper, type_code="KH", suffix="UBKT").symbol == "02-KH/ĐTN-UBKT"
    assert take(union, keeper, type_code="KH", body="UBKT").symbol == "01-KH/UBKT"


def test_the_book_is_of_the_term_of_the_day_else_of_the_year(unit, keeper):
    start_term(by=keeper, unit=unit, name="Nhiệm kỳ 2022-2027", starts_on=Day(2022, 5, 1), last_day=Day(2027, 4, 30))
    assert [key_on(unit, on) for on in (Day(2022, 4, 30), Day(2022, 5, 1), Day(2027, 4, 30), Day(2027, 5, 1))] == [
        "2022", "NK 2022-2027", "NK 2022-2027", "2027",
    ]  # fmt: skip
    take(unit, keeper, on=Day(2025, 12, 31))
    assert take(unit, keeper, on=Day(2026, 1, 2)).symbol == "02-BC/CĐ"  # through the term, not the year


def test_counting_by_the_year_begins_with_the_next_once_this_one_has_numbers(unit, keeper):
    start_term(by=keeper, unit=unit, name="Nhiệm kỳ 2022-2027", starts_on=Day(2022, 5, 1), last_day=Day(2027, 4, 30))
    take(unit, keeper)
    choose_span(unit=unit, span="year", by=keeper, on=ON)
    assert NumberSpan.objects.get().valid_from == Day(2027, 1, 1)
    assert take(unit, keeper, on=Day(2026, 12, 31)).symbol == "02-BC/CĐ"
    assert take(unit, keeper, on=Day(2027, 1, 1)).symbol == "01-BC/CĐ"
    with pytest.raises(NumberRefused, match="đang đánh số theo cách này"):
        choose_span(unit=unit, span="year", by=keeper, on=ON)


def test_a_number_out_of_turn_needs_a_reason_and_leaves_a_gap_that_is_told(unit, keeper):
    with pytest.raises(NumberRefused) as refused:
        take(unit, keeper, wanted=15)
    assert refused.value.errors == {"number_reason": "Số tiếp theo trong sổ là 01. Hãy ghi lý do lấy số 15."}
    assert PaperNumber.objects.count() == 0
    assert take(unit, keeper, wanted=15, reason="Các số trước ở sổ giấy").symbol == "15-BC/CĐ"
    assert take(unit, keeper).symbol == "16-BC/CĐ"
    assert take(unit, keeper, wanted=3, reason="Ghi bổ sung").symbol == "03-BC/CĐ"
    [view] = books_of(keeper, unit)
    assert (view.gaps, view.gap_words, view.used, view.is_whole) == (((1, 2), (4, 14)), "1 đến 2, 4 đến 14", 3, False)


def test_a_number_is_never_given_twice(unit, keeper):
    take(unit, keeper)
    with pytest.raises(NumberRefused, match="Số 01-BC/CĐ đã dùng: Báo cáo"):
        take(unit, keeper, wanted=1, reason="Muốn thế")


def test_a_kept_number_is_used_once_or_let_go_with_a_reason(unit, keeper):
    kept = reserve_number(unit=unit, type_code="BC", on=ON, by=keeper, about="Báo cáo quý")
    other = reserve_number(unit=unit, type_code="BC", on=ON, by=keeper)
    assert next_symbol(unit, "BC", ON) == "03-BC/CĐ"
    used = take(unit, keeper, wanted=1, about="", on=Day(2026, 4, 1))
    assert (used.pk, used.state, used.about, used.dated_on) == (kept.pk, "used", "Báo cáo quý", Day(2026, 4, 1))
    with pytest.raises(NumberRefused, match="Hãy ghi lý do bỏ số này"):
        release_number(number=other, by=keeper, reason=" ")
    release_number(number=other, by=keeper, reason="Không họp nữa")
    with pytest.raises(NumberRefused, match="bỏ không dùng"):
        take(unit, keeper, wanted=2)
    with pytest.raises(NumberRefused, match="đã dùng, không bỏ được"):
        release_number(number=used, by=keeper, reason="Nhầm")
    assert take(unit, keeper).symbol == "03-BC/CĐ"


@pytest.mark.parametrize(
    ("numbers", "last", "missing"),
    [([], 0, []), ([], 2, [(1, 2)]), ([1, 2], 2, []), ([2, 5], 7, [(1, 1), (3, 4), (6, 7)])],
)
def test_gaps_are_runs(numbers, last, missing):
    assert gaps(numbers, last) == missing


@pytest.mark.parametrize(
    ("text", "read"),
    [("15-TB/ĐTN-UBKT", (15, "TB", "ĐTN-UBKT")), ("20BC/ĐTN", (20, "BC", "ĐTN")), ("12 -CTr/ĐK", (12, "CTr", "ĐK")),
     ("BB-CĐ", None), ("0-TB/ĐTN", None), ("", None)],
)  # fmt: skip
def test_what_people_type_as_a_number_is_read(text, read):
    assert typed_number(text) == read


# --- the pages ----------------------------------------------------------------------------------------


def test_the_page_finds_without_marks_and_a_stranger_finds_nothing(client, unit, keeper):
    take(unit, keeper, about="Báo cáo công tác Đoàn quý I")
    take(unit, keeper, about="Báo cáo thu đoàn phí")
    url = reverse("branches:number_books", args=[unit.pk])
    client.force_login(keeper)
    found = [row.symbol for row in client.get(url, {"q": "doan phi"}).context["page"]]
    assert found == ["02-BC/CĐ"]
    client.force_login(stranger())
    assert client.get(url).status_code == 404


def test_numbers_of_the_inspection_committee_are_read_by_those_who_keep_the_register(unit, keeper):
    """A decision about a visit nobody is to know of stands there with its abstract."""
    take(unit, keeper)
    take(unit, keeper, type_code="QĐ", body="UBKT", about="Lập đoàn kiểm tra đột xuất")
    committee, above = (
        account_at(unit, "inspection_chair"),
        account_at(Unit.objects.get(pk=unit.superior_pk), "superior_office"),
    )
    for reader, books in ((keeper, {"", "UBKT"}), (committee, {"", "UBKT"}), (above, {""}), (stranger(), set())):
        assert {view.book.body for view in books_of(reader, unit)} == books, reader
        assert {row.book.body for row in numbers_found(reader, unit)} == books, reader


def test_a_number_for_a_paper_from_elsewhere_is_taken_once_however_often_it_is_sent(client, unit, keeper):
    client.force_login(keeper)
    url = reverse("branches:number_reserve", args=[unit.pk])
    form = client.get(url).context["form"]
    sent = {"form_key": str(form["form_key"].value()), "type_code": "KH", "dated_on": "02/03/2026",
            "about": "Kế hoạch tháng Thanh niên", "use": "used"}  # fmt: skip
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    assert [row.symbol for row in PaperNumber.objects.all()] == ["01-KH/CĐ"]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_of_the_books_do_not_grow(unit, keeper, count, django_assert_num_queries):
    for place in range(count):
        take(unit, keeper, on=Day(2026, 1, 1) + datetime.timedelta(days=place))
        take(unit, keeper, type_code=f"T{place}")
    keeper.posts_today  # noqa: B018 - asked once per request
    with django_assert_num_queries(2):
        books_of(keeper, unit)


# --- many at once, and killed ---------------------------------------------------------------------------

WRITERS, EACH = 4, 6


def _takers(unit, keeper):
    return [lambda: [take(unit, keeper) for _ in range(EACH)] for _ in range(WRITERS)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_numbers_without_gaps_or_doubles():
    unit = UnitFactory(document_code="CĐ", superior=UnionFactory())
    keeper = account_at(unit, "secretary")
    assert in_children(_takers(unit, keeper)) == [0] * WRITERS
    numbers = sorted(PaperNumber.objects.values_list("number", flat=True))
    assert numbers == list(range(1, WRITERS * EACH + 1))
    assert NumberBook.objects.get().last == WRITERS * EACH


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_control_a_number_read_before_the_lock_comes_twice(monkeypatch):
    """What the lock is for: two who read the last number before either writes it want the same one."""
    unit = UnitFactory(document_code="CĐ", superior=UnionFactory())
    keeper = account_at(unit, "secretary")
    take(unit, keeper)
    stale = NumberBook.objects.get()
    monkeypatch.setattr(numbering, "_locked_book", lambda *names: NumberBook.objects.get(pk=stale.pk))
    take(unit, keeper)
    monkeypatch.setattr(numbering, "_locked_book", lambda *names: stale)
    with pytest.raises(NumberRefused, match="Số 02-BC/CĐ đã dùng"):
        take(unit, keeper)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_between_number_and_paper_the_number_is_free_again():
    unit = UnitFactory(document_code="CĐ", superior=UnionFactory())
    keeper = account_at(unit, "secretary")

    def dies():
        with transaction.atomic():
            take(unit, keeper)
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_children([dies]) == [signal.SIGKILL]
    assert PaperNumber.objects.count() == 0
    assert take(unit, keeper).symbol == "01-BC/CĐ"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_control_outside_a_transaction_the_killed_number_is_lost():
    unit = UnitFactory(document_code="CĐ", superior=UnionFactory())
    keeper = account_at(unit, "secretary")

    def dies():
        take(unit, keeper)  # its own transaction, as if the paper came later
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_children([dies]) == [signal.SIGKILL]
    assert take(unit, keeper).symbol == "02-BC/CĐ"
