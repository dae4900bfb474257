"""The pages of emulation: what each side reads, the forms, the papers, what waits, and the same figures everywhere."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import Post
from reports.emulation import sets
from reports.emulation.publishing import publish
from reports.emulation.sheets import give, leave_out, reopen
from reports.models import EmulationCriterion, EmulationSet, ScoreLine, ScoreSheet
from reports.papers.emulation import ranking_html, ranking_paper
from reports.waiting import waiting_for

from .emulating import TODAY, draft, fresh, in_use, scene, scored, sent
from .factories import UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.django_db, pytest.mark.once]
D = Decimal


def page(client, account, address, *args, **query) -> str:
    client.force_login(account)
    answer = client.get(reverse(f"reports:{address}", args=args), query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def post(client, account, address, *args, **values):
    """The form of the page, with these values written into it."""
    from .hostile import Page

    client.force_login(account)
    url = reverse(f"reports:{address}", args=args)
    form = next(one for one in Page(client.get(url).content.decode()).forms if one.method == "post" and
                "form_key" in dict(one.fields))  # fmt: skip
    filled = {key: value for key, value in form.filled().items() if key != "csrfmiddlewaretoken"}
    return client.post(url, filled | values)


def publish_all(s):
    in_use(s)
    for sheet in s.sheets:
        scored(s, sheet)
    return publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY)


# --- the superior's way through a year ------------------------------------------------------------------


def test_a_set_is_made_filled_and_put_in_use_by_its_forms(client):
    s = scene()
    post(client, s.office, "emulation_set_new", s.union.pk, year="2026", name="Thi đua 2026", total_points="40,5",
         self_until="10/12/2026")  # fmt: skip
    found = EmulationSet.objects.get()
    assert (found.unit, found.period.name, found.total_points) == (s.union, "Năm 2026", D("40.5"))
    post(client, s.office, "emulation_group_new", found.pk, number="I", text="Phong trào")
    group = found.criteria.get()
    answer = post(
        client, s.office, "emulation_criterion_new", group.pk, number="1", text="Đăng ký học tập", points="40,5",
        kind="measured", indicator_code=s.indicator.code, rule="bands", bands="80; 95; 30\n95; ; 40,5",
    )  # fmt: skip
    assert answer.status_code == 302
    one = found.criteria.get(kind="measured")
    assert one.bands == [["80", "95", "30"], ["95", "", "40.5"]] or one.bands == [
        ["80.0", "95.0", "30.0"], ["95.0", "", "40.5"],
    ]  # fmt: skip
    assert "40,5 điểm" in page(client, s.office, "emulation_set", found.pk)
    post(client, s.office, "emulation_cluster_new", found.pk, name="Cụm II", units=[s.units[0].pk, s.units[1].pk])
    assert "Chi đoàn C" in page(client, s.office, "emulation_set", found.pk)  # named as outside
    assert post(client, s.office, "emulation_set_use", found.pk).status_code == 302
    assert fresh(found).state == "in_use"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"bands": "80; 95"}, "Dòng 1: hãy ghi đủ"),
        ({"bands": "một; hai; ba"}, "Dòng 1: hãy ghi đủ"),
        ({"indicator_code": ""}, "Hãy chọn chỉ tiêu lấy số liệu"),
        ({"rule": ""}, "Hãy chọn cách tính từ số liệu"),
        ({"points": "0"}, "lớn hơn 0"),
        ({"kind": "bonus", "per_piece": ""}, "Hãy ghi số điểm cho mỗi lần"),
    ],
)
def test_a_criterion_that_cannot_be_scored_is_answered_at_its_field(client, values, said):
    s = scene()
    found = draft(s)
    before = found.criteria.count()
    honest = {"number": "9", "text": "x", "points": "10", "kind": "measured", "rule": "bands", "bands": "80; ; 10",
              "indicator_code": s.indicator.code}  # fmt: skip
    answer = post(client, s.office, "emulation_criterion_new", s.group.pk, **honest | values)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert found.criteria.count() == before


def test_a_set_of_no_points_is_answered_at_its_field(client):
    s = scene()
    answer = post(client, s.office, "emulation_set_new", s.union.pk, year="2026", name="Thi đua 2026", total_points="0",
                  self_until="10/12/2026")  # fmt: skip
    assert "0,01" in answer.content.decode()
    assert EmulationSet.objects.count() == 0


def test_a_set_in_use_offers_no_change_of_criteria(client):
    s = scene()
    found = in_use(s)
    text = page(client, s.office, "emulation_set", found.pk)
    assert reverse("reports:emulation_criterion_edit", args=[s.typed.pk]) not in text
    assert reverse("reports:emulation_set_revise", args=[found.pk]) in text


def test_a_unit_founded_later_is_named_and_taken_in(client):
    s = scene()
    found = in_use(s)
    late = UnitFactory(superior=s.union, name="Chi đoàn mới thành lập")
    assert "Chi đoàn mới thành lập" in page(client, s.office, "emulation_set", found.pk)
    cluster = found.clusters.get()
    post(client, s.office, "emulation_cluster_edit", cluster.pk, units=[*(one.pk for one in s.units), late.pk])
    assert ScoreSheet.objects.get(unit=late).cluster == cluster


# --- the unit -------------------------------------------------------------------------------------------


def test_the_unit_scores_itself_and_sends(client):
    s = scene()
    in_use(s)
    sheet = s.sheets[0]
    assert "15/20" in page(client, s.secretary, "emulation_self", sheet.pk)  # what the figures say stands beside
    answer = post(
        client, s.secretary, "emulation_self", sheet.pk,
        **{f"c{s.measured.pk}-said": "45", f"c{s.typed.pk}-said": "27,5", f"c{s.yes_no.pk}-said": "1",
           f"c{s.typed.pk}-note": "Đủ sổ"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert sheet.lines.get(criterion=s.typed).self_points == D("27.5")
    assert "82,5" in page(client, s.secretary, "emulation_sheet", sheet.pk)  # 45 + 27,5 + 10
    post(client, s.secretary, "emulation_send", sheet.pk)
    assert fresh(sheet).state == "self_scored"
    assert "Phiếu đã gửi" in page(client, s.secretary, "emulation_self", sheet.pk)


def test_points_above_the_line_are_answered_at_their_field(client):
    s = scene()
    in_use(s)
    answer = post(client, s.secretary, "emulation_self", s.sheets[0].pk, **{f"c{s.typed.pk}-said": "31"})
    assert "không quá 30" in answer.content.decode()
    assert not ScoreLine.objects.exists()


def test_two_who_fill_the_sheet_do_not_overwrite_each_other(client):
    s = scene()
    in_use(s)
    sheet = s.sheets[0]
    client.force_login(s.secretary)
    late = {"form_key": "8d7f0c0e-1111-4a4a-9d9d-000000000001", "version": sheet.version, f"c{s.typed.pk}-said": "5"}
    post(client, s.secretary, "emulation_self", sheet.pk, **{f"c{s.typed.pk}-said": "20"})
    answer = client.post(reverse("reports:emulation_self", args=[sheet.pk]), late)
    assert "Chưa ghi đè gì cả" in answer.content.decode()
    assert sheet.lines.get(criterion=s.typed).self_points == D(20)


# --- who reads what -------------------------------------------------------------------------------------


def test_the_unit_reads_the_superiors_points_only_once_published(client):
    s = scene()
    in_use(s)
    sheet = sent(s, s.sheets[0])
    row = sheet.lines.get(criterion=s.typed)
    give(sheet=sheet, criterion=s.typed, version=row.version, by=s.office, on=TODAY, said=D("11.25"), note="Thiếu sổ")
    text = page(client, s.secretary, "emulation_sheet", sheet.pk)
    assert "11,25" not in text
    assert "Thiếu sổ" not in text
    assert "Chưa công bố" in text
    assert "11,25" in page(client, s.office, "emulation_sheet", sheet.pk)


def test_a_finished_sheet_looks_to_the_unit_as_it_did_when_it_was_sent(client):
    s = scene()
    in_use(s)
    sheet = scored(s, s.sheets[0])
    text = page(client, s.secretary, "emulation_sheet", sheet.pk)
    assert "Đã gửi, chờ chấm" in text
    assert "Chấm xong" not in text


def test_the_published_ranking_of_the_own_cluster_and_no_lines_of_others(client):
    """A reads places and totals of B, not what B was given for which line; a cluster of others not at all."""
    s = scene()
    in_use(s)
    clusters = s.set.clusters.get()
    sets.save_cluster(
        set=s.set, cluster=None, version=fresh(s.set).version, name="Cụm III", units=[s.units[2]], on=TODAY
    )
    for sheet in s.sheets:
        scored(s, fresh(sheet), typed=25)
    publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY)
    text = page(client, s.secretary, "emulation_own_ranking", s.sheets[0].pk)
    assert "Chi đoàn B" in text
    assert clusters.name in text
    assert "Chi đoàn C" not in text
    assert "Theo sổ sách" not in text
    client.force_login(s.secretary)
    for name, key in (
        ("emulation_sheet", s.sheets[1].pk),
        ("emulation_ranking", s.set.pk),
        ("emulation_board", s.set.pk),
    ):
        assert client.get(reverse(f"reports:{name}", args=[key])).status_code == 404


def test_the_party_committee_reads_the_published_ranking_only(client):
    s = scene()
    party = account_at(s.union, "party_secretary")
    in_use(s)
    for sheet in s.sheets:
        scored(s, sheet, typed=25)
    text = page(client, party, "emulation_ranking", s.set.pk)
    assert "Chưa công bố" in text
    assert "Chi đoàn A" not in text
    publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY)
    text = page(client, party, "emulation_ranking", s.set.pk)
    assert "Chi đoàn A" in text
    assert s.set.name in page(client, party, "emulation", s.union.pk)
    for name, key in (("emulation_sheet", s.sheets[0].pk), ("emulation_set", s.set.pk), ("emulation_board", s.set.pk)):
        assert client.get(reverse(f"reports:{name}", args=[key])).status_code == 404
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("reports:emulation_ranking_xlsx", args=[s.set.pk])).content)
    )
    assert book.sheetnames == ["Xếp hạng"]


def test_the_party_committee_of_the_unit_finds_the_ranking_once_it_is_published(client):
    s = scene()
    party = account_at(s.units[0], "party_secretary")
    in_use(s)
    where = reverse("reports:emulation_own_ranking", args=[s.sheets[0].pk])
    assert where not in page(client, party, "emulation", s.units[0].pk)
    for sheet in s.sheets:
        scored(s, sheet)
    publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY)
    text = page(client, party, "emulation", s.units[0].pk)
    assert where in text
    assert f'{reverse("reports:emulation_sheet", args=[s.sheets[0].pk])}"' not in text
    assert "Chi đoàn B" in page(client, party, "emulation_own_ranking", s.sheets[0].pk)


def test_a_superior_of_strangers_sees_nothing(client):
    s = scene()
    publish_all(s)
    stranger = account_at(UnionFactory(), "superior_office")
    client.force_login(stranger)
    for name, key in (("emulation", s.union.pk), ("emulation_ranking", s.set.pk), ("emulation_sheet", s.sheets[0].pk)):
        assert client.get(reverse(f"reports:{name}", args=[key])).status_code == 404


# --- scoring --------------------------------------------------------------------------------------------


def test_the_superior_scores_line_by_line_and_goes_on_to_the_next(client):
    s = scene()
    in_use(s)
    sheet = sent(s, s.sheets[0])
    answer = post(client, s.office, "emulation_score", sheet.pk, s.measured.pk)  # what the figures bring stands there
    assert answer.url == reverse("reports:emulation_score", args=[sheet.pk, s.typed.pk])
    assert sheet.lines.get(criterion=s.measured).given_points == D(45)
    answer = post(client, s.office, "emulation_score", sheet.pk, s.typed.pk, said="20")
    assert "Hãy ghi lý do" in answer.content.decode()
    post(client, s.office, "emulation_score", sheet.pk, s.typed.pk, said="20", note="Thiếu sổ")
    for one in (s.yes_no, s.deduction, s.bonus):
        answer = post(client, s.office, "emulation_score", sheet.pk, one.pk)
        assert answer.status_code == 302
    assert answer.url == reverse("reports:emulation_sheet", args=[sheet.pk])
    post(client, s.office, "emulation_finish", sheet.pk)
    assert fresh(sheet).state == "scored"
    assert "75" in page(client, s.office, "emulation_board", s.set.pk)  # 45 + 20 + 10


def test_page_paper_and_workbook_of_the_ranking_say_the_same(client):
    s = scene()
    publish_all(s)
    leave = "Chi đoàn A"
    text = page(client, s.office, "emulation_ranking", s.set.pk)
    made = ranking_paper(s.set, s.set.rankings.get())
    html, _ = ranking_html(made)
    client.force_login(s.office)
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("reports:emulation_ranking_xlsx", args=[s.set.pk])).content)
    )
    rows = [[cell.value for cell in row] for row in book["Xếp hạng"].iter_rows()]
    assert [row[-2] for row in rows if row[2] == leave] == [83]  # 45 + 28 + 10
    assert made.clusters[0][1].rows[0] == ("1", "Chi đoàn A", "45 + 38", "83", "83")
    for said in ("45 + 38", ">83<"):
        assert said in text
        assert said in html
    assert len(list(book["Từng tiêu chí"].iter_rows())) == 5 + 15  # heading, and 3 units × 5 lines
    assert client.get(reverse("reports:emulation_ranking_pdf", args=[s.set.pk])).content.startswith(b"%PDF")
    assert client.get(reverse("reports:emulation_ranking_docx", args=[s.set.pk])).content.startswith(b"PK")


def test_the_second_edition_says_why_and_the_first_stays_readable(client):
    s = scene()
    publish_all(s)
    sheet = s.sheets[0]
    reopen(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY, reason="Đơn vị bổ sung")
    leave_out(sheet=sheet, version=fresh(sheet).version, by=s.office, on=TODAY, reason="Giải thể trong năm")
    answer = post(client, s.office, "emulation_publish", s.set.pk)
    assert "Hãy ghi lý do thay đổi" in answer.content.decode()
    post(client, s.office, "emulation_publish", s.set.pk, reason="Một đơn vị giải thể")
    assert "Một đơn vị giải thể" in page(client, s.office, "emulation_ranking", s.set.pk)
    assert "Giải thể trong năm" in page(client, s.office, "emulation_ranking", s.set.pk)
    assert "Giải thể trong năm" not in page(client, s.office, "emulation_ranking", s.set.pk, ban="1")


# --- what waits, tabs, queries --------------------------------------------------------------------------


def waiting(account, on=TODAY) -> list[str]:
    post = Post.objects.select_related("unit", "type").get(account=account)
    return [item.what for item in waiting_for(account, post, on=on).first]


def test_what_waits_for_the_unit_and_for_its_superior():
    s = scene()
    draft(s)
    assert not [one for one in waiting(s.secretary) if "thi đua" in one]
    EmulationSet.objects.all().delete()
    in_use(s)
    assert "Tự chấm điểm thi đua: Thi đua 2026" in waiting(s.secretary)
    assert "Chấm điểm thi đua: Thi đua 2026" not in waiting(s.office)
    sent(s, s.sheets[0])
    assert "Tự chấm điểm thi đua: Thi đua 2026" not in waiting(s.secretary)
    assert "Chấm điểm thi đua: Thi đua 2026" in waiting(s.office)


def test_the_tab_stands_where_a_unit_has_a_sheet(client):
    s = scene(2)
    in_use(s, units=s.units[:1])
    here = reverse("reports:emulation", args=[s.units[0].pk])
    assert here in page(client, s.secretary, "report_list", s.units[0].pk)
    elsewhere = reverse("reports:emulation", args=[s.units[1].pk])
    assert elsewhere not in page(client, s.others[0], "report_list", s.units[1].pk)


def test_pages_ask_as_often_for_one_unit_as_for_three(client):
    asked = []
    for count in (1, 3):
        s = scene(count)
        publish_all(s)
        found = []
        for account, name, key in (
            (s.office, "emulation_board", s.set.pk), (s.office, "emulation_ranking", s.set.pk),
            (s.office, "emulation_set", s.set.pk), (s.office, "emulation", s.union.pk),
            (s.secretary, "emulation_sheet", s.sheets[0].pk), (s.secretary, "emulation_own_ranking", s.sheets[0].pk),
        ):  # fmt: skip
            client.force_login(account)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"reports:{name}", args=[key])).status_code == 200
            found.append((name, len(queries)))
        asked.append(found)
    assert asked[0] == asked[1]


def test_a_sheet_asks_as_often_for_one_line_as_for_many(client):
    s = scene(1)
    in_use(s)
    url = reverse("reports:emulation_sheet", args=[s.sheets[0].pk])
    client.force_login(s.secretary)
    counts = []
    for more in (0, 3):
        for place in range(more):
            EmulationCriterion.objects.create(
                set=s.set, parent=s.second, number=f"9{place}", text="x", kind="typed", points=D(1)
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_day_after_the_last_one_is_late(client):
    s = scene()
    in_use(s)
    sets.edit_set(set=s.set, version=s.set.version, self_until=datetime.date(2020, 1, 1))
    assert "Quá hạn tự chấm" in page(client, s.secretary, "emulation_sheet", s.sheets[0].pk)
    assert "Quá hạn tự chấm" in page(client, s.office, "emulation_board", s.set.pk)
