"""What inspection adds up to: every figure worked out by hand, and equal to the list it opens."""

import datetime

import pytest
from django.urls import reverse

from branches.models import Period, Unit
from branches.tree import scope_of
from inspections.conducting import add_finding, conclude
from inspections.easing import accept_not_done, extend_due
from inspections.following import answer_recommendation, check_answer, recommend, withdraw
from inspections.models import Finding, Recommendation
from reports.followup import Recommendations, added_up, asked_of
from reports.inspecting import inspection_board, inspection_year
from reports.recommended import Standing
from tests.factories import UnionFactory, UnitFactory, account_at
from tests.inspecting import TODAY, planned, scene, stranger, visited

pytestmark = pytest.mark.django_db
NOTICE = datetime.date(2026, 7, 1)
VISIT = datetime.date(2026, 6, 20)
S = Standing


def day(month, number):
    return datetime.date(2026, month, number)


def told_in(scope, period, *, as_of):
    """The recommendations of a span as the pages count them."""
    return added_up(asked_of(scope, period, as_of=as_of), period, as_of=as_of)


@pytest.fixture
def s():
    return scene()


def noticed(s, unit, rows, *, findings=(), on=NOTICE):
    """A case of the unit whose notice went out with these recommendations: (due date or None, class behind it)."""
    case = visited(s, unit=unit)
    case.visited_on = VISIT
    case.save()
    made = {}
    for kind in ("merit", "shortcoming", "violation"):
        made[kind] = add_finding(inspection=case, by=s.chair, kind=kind, text=f"Nhận định {kind}")
    for fields in findings:
        add_finding(inspection=case, by=s.chair, **fields)
    asked = [
        recommend(
            inspection=case, by=s.chair, text=f"Việc {number}", owner="Bí thư", due_on=due_on,
            no_due_date=due_on is None, findings=[made[kind]] if kind else [],
        )
        for number, (due_on, kind) in enumerate(rows, 1)
    ]  # fmt: skip
    conclude(inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=on)
    return case, [fresh(row) for row in asked]


def fresh(row):
    return Recommendation.objects.select_related("inspection").get(pk=row.pk)


def closed(s, row, on):
    check_answer(recommendation=row, version=row.version, by=s.chair, on=on, verdict="adequate", text="Đã xem sổ")


# Late on 22/11/2026: 22/10 is 31 days, 23/10 is 30, 24/08 is 90, 23/08 is 91.
ROWS = [
    (day(11, 22), "shortcoming"), (day(12, 31), "violation"), (day(10, 23), "shortcoming"), (day(10, 22), "violation"),
    (day(8, 24), ""), (day(8, 23), "violation"), (None, "shortcoming"),
]  # fmt: skip


def test_board_counts_by_unit_age_and_class(s):
    noticed(s, s.branch, ROWS)
    noticed(s, s.sibling, [(day(8, 1), "violation")])
    board = inspection_board(s.union, as_of=TODAY)
    found = {line.label: (dict(line.counts), line.open, line.overdue) for line in board.by_unit}
    assert found == {
        "Chi đoàn Cục Thử nghiệm": ({S.AHEAD: 2, S.MONTH: 1, S.QUARTER: 2, S.LONGER: 1, S.NO_DATE: 1}, 7, 4),
        "Chi đoàn Vụ Bên cạnh": ({S.LONGER: 1}, 1, 1),
    }
    assert [line.label for line in board.by_unit] == ["Chi đoàn Cục Thử nghiệm", "Chi đoàn Vụ Bên cạnh"]
    assert [(line.label, line.open, line.overdue) for line in board.by_class] == [
        ("Vi phạm", 4, 3), ("Hạn chế", 3, 1), ("Không gắn hạn chế, vi phạm", 1, 1),
    ]  # fmt: skip
    assert (board.total.open, board.total.overdue) == (8, 5)


def test_figures_equal_the_rows_behind_them_and_the_queryset(s):
    noticed(s, s.branch, ROWS)
    _, (row,) = noticed(s, s.sibling, [(day(8, 1), "violation")])
    accept_not_done(
        recommendation=row, version=row.version, by=s.chair, on=TODAY, until=day(12, 31), reason="Trụ sở đang sửa"
    )
    board = inspection_board(s.union, as_of=TODAY)
    for line in board.by_unit:
        for standing, count in line.cells:
            assert len(board.chosen(unit=line.key, standings=[standing])) == count
        assert len(board.chosen(unit=line.key)) == line.open
    every = Recommendation.objects.in_force()
    assert {one.pk for one in board.chosen()} == set(every.open(TODAY).values_list("pk", flat=True))
    late = {one.pk for one in board.open_rows if one.is_late}
    assert late == set(every.overdue(TODAY).values_list("pk", flat=True))
    assert {one.pk for one in board.chosen(standings=[S.AHEAD])} == set(every.ahead(TODAY).values_list("pk", flat=True))
    assert [one.pk for one in board.chosen(standings=[S.ACCEPTED])] == [row.pk]
    assert board.total.open == 7


def test_board_of_a_past_day_stands_as_it_stood(s):
    _, (moved, ended, gone, kept) = noticed(s, s.branch, [(day(8, 31), "shortcoming")] * 4)
    extend_due(
        recommendation=moved, version=moved.version, by=s.chair, on=day(9, 10), due_on=day(12, 31), reason="Chờ lịch"
    )
    closed(s, ended, day(9, 15))
    withdraw(recommendation=gone, version=gone.version, by=s.chair, on=day(9, 20), reason="Không còn cần")
    accept_not_done(
        recommendation=kept, version=kept.version, by=s.chair, on=day(9, 25), until=day(10, 31), reason="Đang sửa"
    )

    def standings(on):
        found = {
            row.pk: (row.standing, row.days_late, row.due_on) for row in inspection_board(s.union, as_of=on).open_rows
        }
        return [found.get(row.pk) for row in (moved, ended, gone, kept)]

    august, december = day(8, 31), day(12, 31)
    assert standings(day(6, 30)) == [None] * 4  # before the notice
    assert standings(day(9, 9)) == [(S.MONTH, 9, august)] * 4
    assert standings(day(9, 17)) == [(S.AHEAD, 0, december), None, (S.MONTH, 17, august), (S.MONTH, 17, august)]
    assert standings(day(10, 31)) == [(S.AHEAD, 0, december), None, None, (S.ACCEPTED, 0, august)]
    assert standings(day(11, 1)) == [(S.AHEAD, 0, december), None, None, (S.MONTH, 1, august)]


def said(s, row, on):
    row = fresh(row)
    answer_recommendation(recommendation=row, version=row.version, by=s.secretary, on=on, text="Đã làm xong")


def test_done_by_the_unit_is_open_until_it_is_checked(s):
    """Counted beside, never among the closed; a look on the spot still to come changes nothing."""
    _, rows = noticed(s, s.branch, [(day(8, 31), "shortcoming")] * 5)
    done, returned, to_visit, again, kept = rows
    for row in rows:
        said(s, row, day(9, 10))
    closed(s, fresh(done), day(9, 20))
    for row, verdict in ((returned, "not_adequate"), (to_visit, "visit"), (again, "not_adequate")):
        row = fresh(row)
        check_answer(
            recommendation=row, version=row.version, by=s.chair, on=day(9, 20), verdict=verdict, text="Xem sổ gốc"
        )
    said(s, again, day(9, 20))  # the same day once more
    row = fresh(kept)
    accept_not_done(
        recommendation=row, version=row.version, by=s.chair, on=day(9, 25), until=day(10, 31), reason="Đang sửa"
    )

    def waiting(on):
        board = inspection_board(s.union, as_of=on)
        assert len(board.chosen(waiting=True)) == board.total.waiting
        of_party = told_in(scope_of(s.branch, day(1, 1)), Period.of_year(2026), as_of=on)
        assert (of_party.waiting, of_party.open, of_party.closed) == (
            board.total.waiting, board.total.open, len(inspection_year(s.union, 2026, as_of=on).closed),
        )  # fmt: skip
        return {one.pk for one in board.chosen(waiting=True)}, board.total.open, board.total.overdue

    every = {row.pk for row in rows}
    assert waiting(day(9, 9)) == (set(), 5, 5)
    assert waiting(day(9, 10)) == (every, 5, 5)
    assert waiting(day(9, 19)) == (every, 5, 5)
    assert waiting(day(9, 20)) == ({to_visit.pk, again.pk, kept.pk}, 4, 4)
    assert waiting(day(9, 25)) == ({to_visit.pk, again.pk}, 3, 3)
    assert waiting(day(11, 1)) == ({to_visit.pk, again.pk}, 4, 4)  # the acceptance ran out: the unit's turn
    assert waiting(TODAY)[0] == set(Recommendation.objects.waiting_for_check().values_list("pk", flat=True))


def test_past_day_of_what_recurs(s):
    case = visited(s)
    case.visited_on = VISIT
    case.save()
    add_finding(inspection=case, by=s.chair, kind="merit", text="Tốt")
    row = recommend(
        inspection=case, by=s.chair, text="Nộp biên bản", owner="Thư ký", due_on=day(7, 31), recurs="month",
        recurs_until=day(12, 31),
    )  # fmt: skip
    conclude(inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=NOTICE)
    for on in (day(8, 5), day(9, 1)):
        closed(s, fresh(row), on)
    due = [
        inspection_board(s.union, as_of=on).open_rows[0].due_on for on in (day(8, 4), day(8, 5), day(8, 31), day(9, 1))
    ]
    assert due == [day(7, 31), day(8, 31), day(8, 31), day(9, 30)]
    assert fresh(row).due_on == day(9, 30)


def test_year_counts_cases_findings_and_time_to_close(s):
    first, rows = noticed(s, s.branch, [(day(8, 31), "shortcoming")] * 4)
    planned(s, unit=s.sibling, visited_on=None)
    before = Finding.objects.get(inspection=first, kind="shortcoming")
    noticed(
        s, s.branch, [(day(12, 31), "shortcoming")], on=day(9, 1),
        findings=[{"kind": "shortcoming", "text": "Lại thế", "repeat_of": before}],
    )  # fmt: skip
    for row, on in zip(rows, (day(7, 11), day(7, 31), day(8, 10), day(10, 9)), strict=True):
        closed(s, row, on)  # 10, 30, 40 and 100 days after the notice
    year = inspection_year(s.union, 2026, as_of=TODAY)
    visits = year.visits
    assert (visits.planned, visits.done, visits.concluded, visits.closed, visits.dropped) == (3, 2, 2, 0, 0)
    assert [(label, count) for _, label, count in year.findings_by_class] == [
        ("Ưu điểm", 2), ("Hạn chế", 3), ("Vi phạm", 2), ("Cách làm hay", 0),
    ]  # fmt: skip
    assert (year.faults, len(year.repeated)) == (5, 1)
    assert sorted(days for _, days in year.closed) == [10, 30, 40, 100]
    assert (year.median_days, year.longest_days) == (30, 100)
    assert len(year.cases_of("da-lam")) == 2
    assert len(year.cases_of("chua-lam")) == 1
    august = inspection_year(s.union, 2026, as_of=day(8, 31))
    assert (august.visits.concluded, len(august.closed), august.median_days, len(august.repeated)) == (1, 3, 30, 0)
    nothing = inspection_year(s.union, 2025, as_of=TODAY)
    assert (nothing.visits.planned, nothing.median_days, nothing.longest_days) == (0, None, None)


def test_superior_committee_counts_its_lower_ones_and_they_not_it(s):
    top = Unit.objects.get(name="Tỉnh Đoàn thử")
    noticed(s, s.branch, [(day(8, 1), "violation")])
    other = UnionFactory(name="Đoàn bên cạnh", superior=top)
    above = inspection_board(top, as_of=TODAY)
    assert [(line.label, line.overdue) for line in above.by_committee] == [("Đoàn Thanh niên Bộ thử", 1)]
    assert inspection_board(other, as_of=TODAY).open_rows == ()
    year = inspection_year(top, 2026, as_of=TODAY)
    (line,) = year.visits_by_committee
    assert (line.label, line.key, line.planned, line.done) == ("Đoàn Thanh niên Bộ thử", str(s.union.pk), 1, 1)
    assert (len(year.cases_of("", committee=line.key)), year.cases_of("", committee=str(top.pk))) == (1, [])


def test_party_summary_counts_what_the_board_counts(s):
    _, rows = noticed(s, s.branch, ROWS)
    closed(s, rows[0], day(11, 1))
    accept_not_done(
        recommendation=rows[5], version=rows[5].version, by=s.chair, on=TODAY, until=day(12, 31), reason="Đang sửa"
    )
    scope = scope_of(s.branch, day(1, 1))
    found = told_in(scope, Period.of_year(2026), as_of=TODAY)
    assert found == Recommendations(closed=1, open=5, overdue=3, accepted=1)
    total = inspection_board(s.union, as_of=TODAY).total
    assert (found.open, found.overdue, found.accepted) == (total.open, total.overdue, total.counts[S.ACCEPTED])


# --- pages ---------------------------------------------------------------------------------------------------


def address(name, unit, query=""):
    return reverse(f"reports:{name}", args=[unit.pk]) + query


PAGES = ("inspecting", "inspecting_open", "inspecting_closed", "inspecting_cases", "inspecting_findings",
         "inspecting_xlsx")  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_only_who_inspects_here_reads_the_sums(client, s, name):
    noticed(s, s.branch, ROWS)
    above = account_at(Unit.objects.get(name="Tỉnh Đoàn thử"), "inspection_chair", full_name="Chủ nhiệm cấp trên")
    for person, expected in [
        (s.chair, 200), (s.inspector, 200), (above, 200), (s.secretary, 404), (stranger(), 404),
        (account_at(s.union, "superior_secretary"), 404), (account_at(s.union, "party_secretary"), 404),
    ]:  # fmt: skip
        client.force_login(person)
        assert client.get(address(name, s.union)).status_code == expected, person


def test_every_cell_opens_its_list(client, s, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    noticed(s, s.branch, ROWS)
    client.force_login(s.chair)
    page = client.get(address("inspecting", s.union))
    assert page.context["total"].overdue == 4
    for line in page.context["units"]:
        for standing, count in line.cells:
            listed = client.get(address("inspecting_open", s.union, f"?don_vi={line.key}&nhom={standing.value}"))
            assert listed.context["count"] == count
    assert client.get(address("inspecting_open", s.union, "?nhom=qua-han")).context["count"] == 4
    assert client.get(address("inspecting_open", s.union, "?loai=violation")).context["count"] == 3
    assert client.get(address("inspecting_cases", s.union, "?nhom=da-lam")).context["page"].paginator.count == 1
    assert client.get(address("inspecting_findings", s.union, "?loai=violation")).context["page"].paginator.count == 1


@pytest.mark.parametrize("query", ["?nam=abc", "?nam=9999", "?nam=٢٠٢٦", "?nhom=x&don_vi=-1&loai=%00", "?trang=99"])
def test_odd_addresses_are_answered(client, s, query):
    noticed(s, s.branch, ROWS)
    client.force_login(s.chair)
    for name in PAGES:
        assert client.get(address(name, s.union, query)).status_code == 200


@pytest.mark.parametrize("count", [1, 3, 30])
def test_board_has_a_constant_query_count(client, s, count, django_assert_num_queries):
    for number in range(count):
        noticed(s, UnitFactory(name=f"Chi đoàn số {number}", superior=s.union), [(day(8, 1), "violation")])
    client.force_login(s.chair)
    client.get(address("inspecting", s.union))
    with django_assert_num_queries(8):
        client.get(address("inspecting", s.union))


def test_workbook_holds_the_board(s):
    from io import BytesIO

    from openpyxl import load_workbook

    from reports.papers.xlsx_inspecting import inspection_workbook

    noticed(s, s.branch, ROWS)
    book = load_workbook(BytesIO(inspection_workbook(inspection_year(s.union, 2026, as_of=TODAY))))
    assert book.sheetnames == ["Kiến nghị còn mở", "Từng kiến nghị", "Trong năm", "Biểu đồ"]
    rows = [[cell for cell in row if cell is not None] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert ["Chi đoàn Cục Thử nghiệm", 2, 1, 2, 1, 1, 0, 7, 4, 0] in rows
    assert ["Tổng cộng", 2, 1, 2, 1, 1, 0, 7, 4, 0] in rows
