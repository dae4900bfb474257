"""Pages of rounds and of a report on its way: what each side reads, presses and is told."""

import datetime
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import Period
from branches.numbering import next_symbol
from reports.freezing import content_of_submission
from reports.models import PeriodReport, ReportRound, RoundUnit, Submission
from reports.rounds import excuse
from reports.states import State
from reports.submitting import return_report
from reports.waiting import waiting_for

from .browsing import Looker
from .conftest import DESKTOP, PHONE
from .factories import TermFactory, UnitFactory, account_at
from .test_rounds import OPENED, TODAY, Scene, fresh

DAY = datetime.date


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def go(client):
    def _go(account, name, *args, query="", data=None, status=None):
        client.force_login(account)
        url = f"{reverse(f'reports:{name}', args=args)}{query}"
        answer = client.get(url) if data is None else client.post(url, {"form_key": str(uuid.uuid4()), **data})
        assert answer.status_code == (status or (200 if data is None else 302)), answer.content.decode()[:2000]
        return answer

    return _go


def text(answer) -> str:
    return answer.content.decode()


# --- the office -----------------------------------------------------------------------------------------


def test_the_office_opens_a_round_with_every_unit_chosen(scene, go):
    page = text(go(scene.office, "round_new", scene.union.pk))
    for unit in scene.units:
        assert f'value="{unit.pk}" class="" checked' in page or f'value="{unit.pk}"' in page
    assert "Năm 2026" in page
    assert "Quý I/2026" in page
    assert "Quý II/2026" not in page  # has not begun on 10/01/2026
    said = {"period": "ky-2025", "due_on": "20/01/2026", "units": [one.pk for one in scene.units[:2]]}
    answer = go(scene.office, "round_new", scene.union.pk, data=said)
    round = ReportRound.objects.get()
    assert answer.headers["Location"] == reverse("reports:round", args=[round.pk])
    assert sorted(round.rows.values_list("unit__name", flat=True)) == ["Chi đoàn A", "Chi đoàn B"]
    assert "Báo cáo năm 2025" in text(go(scene.office, "round_list", scene.union.pk))


def test_the_same_round_again_is_refused_with_a_link_to_it(scene, go):
    round = scene.open()
    said = {"period": "ky-2025", "due_on": "20/01/2026", "units": [scene.units[0].pk]}
    page = text(go(scene.office, "round_new", scene.union.pk, data=said, status=200))
    assert "Kỳ này đã có báo cáo năm 2025, mở ngày 01/12/2025" in page
    assert f'href="{reverse("reports:round", args=[round.pk])}"' in page


def test_a_branch_has_no_rounds_of_its_own(scene, go):
    go(scene.secretaries[scene.units[0].pk], "round_list", scene.units[0].pk, status=404)


def test_tiles_count_and_filter_and_the_excel_follows(scene, go):
    round = scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    excuse(row=scene.row(round, 1), version=1, by=scene.office, on=OPENED, reason="Mới thành lập")
    page = text(go(scene.office, "round", round.pk))
    assert all(f"Chi đoàn {name}" in page for name in "ABC")
    assert "chậm 5 ngày" in page
    page = text(go(scene.office, "round", round.pk, query="?loc=chua-nop"))
    assert "Chi đoàn C" in page
    assert "Chi đoàn A" not in page
    rows = load_workbook(io.BytesIO(go(scene.office, "round_xlsx", round.pk, query="?loc=chua-nop").content)).active
    last = [cell.value for cell in list(rows.rows)[-1]]
    assert [*last[:2], f"{last[2]:%Y-%m-%d}", *last[3:6]] == [
        "Chi đoàn C", "Năm 2025", "2026-01-05", "Chưa soạn, quá hạn", None, 5,
    ]  # fmt: skip
    rows = load_workbook(io.BytesIO(go(scene.office, "round_xlsx", round.pk).content)).active
    assert [row[0].value for row in list(rows.rows)[-3:]] == ["Chi đoàn A", "Chi đoàn B", "Chi đoàn C"]
    assert [row[3].value for row in list(rows.rows)[-3:]] == ["Chờ duyệt", "Được miễn", "Chưa soạn, quá hạn"]


def test_one_button_reminds_all_late_units_and_then_is_gone(scene, go):
    round = scene.open()
    assert "</svg>Nhắc 3 đơn vị quá hạn" in text(go(scene.office, "round", round.pk))
    go(scene.office, "round_remind", round.pk, data={})
    page = text(go(scene.office, "round", round.pk))
    assert "</svg>Nhắc 3 đơn vị" not in page
    assert "Hôm nay đã nhắc 3 đơn vị" in page
    items = waiting_for(*post_of(scene.secretaries[scene.units[0].pk]), on=TODAY).first
    assert [(one.what, one.context, one.word) for one in items if "Nộp" in one.what] == [
        ("Nộp báo cáo năm 2025", f"{scene.union.name} yêu cầu, hạn 05/01/2026; đã nhắc ngày 10/01/2026",
         "Quá hạn 5 ngày")
    ]  # fmt: skip


def post_of(account):
    return account, account.posts.select_related("unit", "type").get()


def test_closing_names_the_missing_and_asks(scene, go):
    round = scene.open()
    page = text(go(scene.office, "round_close", round.pk))
    assert "Còn 3 đơn vị chưa nộp hoặc chưa nộp lại: Chi đoàn A; Chi đoàn B; Chi đoàn C." in page
    missing = " ".join(f"d{one.pk}" for one in scene.units)
    go(scene.office, "round_close", round.pk, data={"version": 1, "missing": missing}, status=200)
    go(scene.office, "round_close", round.pk, data={"version": 1, "missing": missing, "sure": "on"})
    assert fresh(round).closed_on == TODAY
    go(scene.office, "round_close", round.pk, data={"version": 2, "reason": "Còn thiếu"})
    assert fresh(round).is_open


def test_steps_on_one_unit(scene, go):
    round = scene.open()
    row = scene.row(round, 0)
    go(scene.office, "round_unit_due", row.pk, data={"version": 1, "due_on": "31/01/2026", "reason": "Bão"})
    go(scene.office, "round_unit_excuse", row.pk, data={"version": 2, "reason": "Giải thể"})
    row = fresh(row)
    assert (row.due_on, row.due_reason, row.excused_reason) == (DAY(2026, 1, 31), "Bão", "Giải thể")
    go(scene.office, "round_unit_excuse", row.pk, data={"version": 3})
    assert fresh(row).excused_on is None
    # Opened before somebody else's step: nothing is overwritten.
    page = text(go(scene.office, "round_unit_due", row.pk, status=200,
                   data={"version": 1, "due_on": "01/02/2026", "reason": "x"}))  # fmt: skip
    assert "Có người vừa đổi đợt báo cáo này" in page


def test_a_unit_reads_what_is_asked_and_its_own_line_only(scene, go):
    round = scene.open(asks="Nêu rõ khó khăn")
    page = text(go(scene.secretaries[scene.units[0].pk], "round", round.pk))
    assert "Nêu rõ khó khăn" in page
    assert "Chi đoàn A" in page
    assert "Chi đoàn B" not in page
    assert "Đổi hạn" not in page


@pytest.mark.parametrize("more", [1, 12])
def test_the_page_of_a_round_costs_the_same_for_any_number_of_units(scene, go, more, django_assert_max_num_queries):
    for _ in range(more):
        UnitFactory(superior=scene.union)
    round = scene.open()
    go(scene.office, "round", round.pk)
    with django_assert_max_num_queries(16):
        go(scene.office, "round", round.pk)


def test_the_list_of_rounds_costs_the_same_for_any_number(scene, go):
    counts = []
    for theme in ("", "Tháng Thanh niên", "Chiến dịch hè"):
        scene.open(theme=theme)
        go(scene.office, "round_list", scene.union.pk)
        with CaptureQueriesContext(connection) as told:
            go(scene.office, "round_list", scene.union.pk)
        counts.append(len(told))
    assert counts[0] == counts[2]


# --- the unit -------------------------------------------------------------------------------------------


def test_what_is_due_stands_first_and_leads_on(scene, go):
    round = scene.open()
    secretary, unit = scene.secretaries[scene.units[0].pk], scene.units[0]
    page = text(go(secretary, "report_list", unit.pk))
    assert page.index("Phải nộp") < page.index("Báo cáo năm 2025")
    row = scene.row(round, 0)
    link = f"{reverse('reports:report_new', args=[unit.pk])}?dot={row.pk}"
    assert f'href="{link}">Soạn báo cáo</a>' in page
    page = text(go(secretary, "report_new", unit.pk, query=f"?dot={row.pk}"))
    assert "Báo cáo năm 2025 (Đoàn Khối yêu cầu, hạn nộp 05/01/2026)" in page
    go(secretary, "report_new", unit.pk, data={"period": f"dot-{row.pk}"})
    report = PeriodReport.objects.get()
    assert fresh(row).report == report
    page = text(go(secretary, "report_list", unit.pk))
    assert f'href="{reverse("reports:report", args=[report.pk])}">Soạn tiếp</a>' in page


def test_a_theme_round_begins_a_report_of_that_theme(scene, go):
    round = scene.open(theme="Tháng Thanh niên")
    row = scene.row(round, 0)
    go(scene.secretaries[scene.units[0].pk], "report_new", scene.units[0].pk, data={"period": f"dot-{row.pk}"})
    assert PeriodReport.objects.get().theme == "Tháng Thanh niên"


@pytest.mark.parametrize("pk", [0, 999_999])
def test_a_row_of_somebody_else_begins_no_report(scene, go, pk):
    round = scene.open()
    row = scene.row(round, 1).pk if pk == 0 else pk
    unit = scene.units[0]
    go(scene.secretaries[unit.pk], "report_new", unit.pk, data={"period": f"dot-{row}"}, status=200)
    assert not PeriodReport.objects.exists()


@pytest.mark.parametrize("kind", ["month", "quarter", "half", "school_year", "term"])
def test_reports_of_every_kind_of_period_can_be_begun_submitted_and_printed(scene, go, kind):
    period = {
        "month": Period.of_month(2025, 12), "quarter": Period.of_quarter(2025, 4), "half": Period.of_half(2025, 2),
        "school_year": Period.of_school_year(2025), "term": None,
    }[kind]  # fmt: skip
    for unit in scene.units:
        TermFactory(unit=unit, starts_on=DAY(2022, 1, 1), ends_on=DAY(2027, 1, 1))
    round = scene.open(kind=kind, period=period)
    secretary, unit = scene.secretaries[scene.units[0].pk], scene.units[0]
    go(secretary, "report_new", unit.pk, data={"period": f"dot-{scene.row(round, 0).pk}"})
    report = PeriodReport.objects.get()
    go(secretary, "report", report.pk)
    go(secretary, "report_submit", report.pk, data={"version": 1, "dated_on": "10/01/2026"})
    assert fresh(report).state == State.SUBMITTED
    go(scene.office, "report", report.pk)


def test_the_submit_page_says_what_is_unread_and_empty(scene, go):
    report = scene.begin(0)
    page = text(go(scene.secretaries[report.unit_id], "report_submit", report.pk))
    assert "mục chưa đánh dấu đã soát" in page
    assert "Chưa viết:" in page
    assert "Nộp rồi thì câu chữ và số liệu được giữ đúng như lúc này." in page
    assert next_symbol(report.unit, "BC", TODAY) in page


def test_submitting_with_a_number_takes_the_next_of_the_register(scene, go):
    report = scene.begin(0)
    secretary = scene.secretaries[report.unit_id]
    go(secretary, "report_submit", report.pk, data={"version": 1, "dated_on": "09/01/2026", "takes_number": "on"})
    report = fresh(report)
    assert (report.state, report.dated_on, report.number.lstrip("0")) == (State.SUBMITTED, DAY(2026, 1, 9), "1")
    assert content_of_submission(Submission.objects.get()).paper.head.number.startswith("Số: 01-BC/")


@pytest.mark.parametrize("day", ["11/01/2026", "31/12/2024", "không rõ"])
def test_a_wrong_day_is_said_at_the_field_and_nothing_is_submitted(scene, go, day):
    report = scene.begin(0)
    page = text(go(scene.secretaries[report.unit_id], "report_submit", report.pk, status=200,
                   data={"version": 1, "dated_on": day}))  # fmt: skip
    assert "is-invalid" in page
    assert fresh(report).state == State.DRAFT


def test_a_form_sent_twice_submits_once(scene, go):
    report = scene.begin(0)
    said = {"version": 1, "dated_on": "09/01/2026", "form_key": str(uuid.uuid4())}
    for _ in range(2):
        go(scene.secretaries[report.unit_id], "report_submit", report.pk, data=said)
    assert Submission.objects.count() == 1


# --- both sides -----------------------------------------------------------------------------------------


def test_the_superior_decides_and_the_reason_stands_on_the_page(scene, go):
    scene.open()
    report = scene.submit(0, TODAY)
    secretary = scene.secretaries[report.unit_id]
    page = text(go(scene.office, "report", report.pk))
    for word in ("Duyệt", "Trả lại"):
        assert f"</svg>{word}</a>" in page
    assert "Rút lại để sửa" not in page
    assert "Rút lại để sửa" in text(go(secretary, "report", report.pk))
    go(scene.office, "report_return", report.pk, data={"version": report.version, "reason": "Thiếu mục hạn chế"})
    page = text(go(secretary, "report", report.pk))
    assert "Thiếu mục hạn chế" in page
    assert "</svg>Nộp báo cáo</a>" in page
    first = [(one.what, one.context, one.verb) for one in waiting_for(*post_of(secretary), on=TODAY).first]
    assert ("Nộp báo cáo năm 2025", "Bị trả lại: Thiếu mục hạn chế", "Sửa và nộp lại") in first
    report = scene.submit(0, TODAY)
    go(scene.office, "report_approve", report.pk, data={"version": report.version, "note": ""})
    page = text(go(secretary, "report", report.pk))
    assert "Đã duyệt" in page
    assert "Mở lại để đính chính" not in page
    assert "Mở lại để đính chính" in text(go(scene.office, "report", report.pk))


def test_what_was_sent_back_without_a_round_is_told_too(scene):
    report = scene.submit(0, TODAY)
    return_report(report=report, version=report.version, by=scene.office, on=TODAY, reason="Thiếu chữ ký")
    items = waiting_for(*post_of(scene.secretaries[report.unit_id]), on=TODAY).first
    assert [(one.what, one.context) for one in items if "báo cáo năm 2025" in one.what] == [
        ("Nộp lại báo cáo năm 2025", "Lý do: Thiếu chữ ký")
    ]


def test_the_office_is_told_what_waits_and_who_is_late(scene):
    round = scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    scene.submit(1, DAY(2026, 1, 8))
    items = {one.what: (one.context, one.word, one.url) for one in waiting_for(*post_of(scene.office), on=TODAY).first}
    assert items["Duyệt báo cáo năm 2025 của 2 đơn vị"] == (
        "Chi đoàn A; Chi đoàn B", "Chờ 6 ngày", f"{reverse('reports:round', args=[round.pk])}?loc=cho-duyet",
    )  # fmt: skip
    assert items["1 đơn vị chậm nộp: báo cáo năm 2025"][:2] == ("Chưa nhắc lần nào", "Quá hạn 5 ngày")


def test_an_office_two_levels_up_is_not_told_about_every_branch(scene):
    scene.open()
    scene.submit(0, DAY(2026, 1, 4))
    above = account_at(scene.union.placements.get().superior, "superior_office")
    assert not [one for one in waiting_for(*post_of(above), on=TODAY).first if one.what.startswith("Duyệt báo cáo")]


def test_the_waiting_list_costs_the_same_for_any_number_of_reports(scene):
    counts = []
    for place in range(3):
        scene.open(theme=f"Chuyên đề {place}")
        scene.submit(place, TODAY)
        for account in (scene.office, scene.secretaries[scene.units[0].pk]):
            waiting_for(*post_of(account), on=TODAY)
            with CaptureQueriesContext(connection) as told:
                waiting_for(*post_of(account), on=TODAY)
            counts.append(len(told))
    assert counts[:2] == counts[4:]


@pytest.mark.parametrize("step", ["report_settings", "report_submit", "report_approve", "report_reopen"])
def test_a_step_that_is_not_possible_now_leads_back_and_says_why(scene, go, client, step):
    report = scene.submit(0, TODAY)
    account = scene.secretaries[report.unit_id]
    if step in ("report_approve", "report_reopen"):
        account = scene.office
    if step == "report_approve":
        return_report(report=report, version=report.version, by=scene.office, on=TODAY, reason="Thiếu")
    answer = go(account, step, report.pk, status=302)
    assert answer.headers["Location"] == reverse("reports:report", args=[report.pk])
    assert "Báo cáo" in text(client.get(answer.headers["Location"]))


def test_the_editor_of_a_closed_report_offers_no_change(scene, go):
    report = scene.submit(0, TODAY)
    secretary = scene.secretaries[report.unit_id]
    page = text(go(secretary, "report", report.pk))
    assert "Thêm câu" not in page
    assert "Soát xong mục này" not in page
    section = report.sections.order_by("position").first()
    answer = go(secretary, "report_section_review", section.pk, data={"do": "done"})
    assert "Báo cáo đã nộp nên không sửa được" in text(go(secretary, "report", report.pk)), answer


def test_the_party_and_strangers_read_no_round(scene, go):
    round = scene.open()
    for account in (account_at(scene.union, "party_secretary"), account_at(scene.union, "inspection_chair"),
                    account_at(UnitFactory())):  # fmt: skip
        go(account, "round", round.pk, status=404)
        go(account, "round_list", scene.union.pk, status=404)
    assert RoundUnit.objects.filter(round=round).count() == 3


# --- the look -------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_of_rounds_look_right(open_page):
    scene = Scene()
    for number in range(2):
        UnitFactory(superior=scene.union, name=f"Chi đoàn Cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh số {number}")
    round = scene.open(asks="Nêu rõ khó khăn")
    report, drafted = scene.submit(0, DAY(2026, 1, 8)), scene.begin(1)
    secretary = scene.secretaries[drafted.unit_id]
    pages = (
        (scene.office, "round_list", scene.union.pk), (scene.office, "round_new", scene.union.pk),
        (scene.office, "round", round.pk), (scene.office, "round_close", round.pk), (scene.office, "report", report.pk),
        (scene.office, "report_return", report.pk), (secretary, "report_list", drafted.unit_id),
        (secretary, "report_submit", drafted.pk),
    )  # fmt: skip
    looker = Looker("rounds")
    for width in (PHONE, DESKTOP):
        for account in (scene.office, secretary):
            tab = open_page(width, account)
            for reader, name, pk in pages:
                if reader == account:
                    tab.goto(reverse(f"reports:{name}", args=[pk]))
                    looker.at(tab, name)
    assert looker.wrong == {}
