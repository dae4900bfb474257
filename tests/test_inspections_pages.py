"""The pages of inspection as people use them: forms, refusals, double taps, conflicts, query counts."""

import datetime
import io
import threading
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from branches.models import EditConflict
from inspections.conducting import record_visit
from inspections.following import check_answer
from inspections.models import (
    Check,
    Finding,
    Inspection,
    InspectionProgramme,
    Recommendation,
    TeamSeat,
    Topic,
    UnitAnswer,
    UnitAnswerFile,
)
from inspections.states import InspectionRefused
from tests.factories import ActivityFactory, TargetFactory, UnitFactory, account_at
from tests.inspecting import DUE, TODAY, VISIT, answered, concluded, planned, scene, visited, with_findings

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"inspections:{name}", args=args)


def rows_of(prefix, *rows, initial=0) -> dict:
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


VISIT_FORM = {
    "reason": "Đơn vị báo cáo tại buổi làm việc", "visited_on": "28/09/2026", "day_part": "afternoon",
    "place": "Trụ sở", "unit_account": "Đã làm 12 việc", "party_remark": "",
    **rows_of("nguoi-du"), **rows_of("cau-hoi"),
}  # fmt: skip


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    return SimpleUploadedFile("anh hop.png", out.getvalue(), content_type="image/png")


# --- the committee --------------------------------------------------------------------------------------


def test_programme_is_entered_and_its_number_refused_twice(client):
    s = scene()
    client.force_login(s.chair)
    data = {
        "number": "05-KH/UBKT", "issued_on": "16/05/2026", "in_name_of": "inspection", "title": "Kế hoạch năm 2026",
        "year": "2026",
    }  # fmt: skip
    answer = client.post(at("programme_new"), data | key())
    programme = InspectionProgramme.objects.get(number="05-KH/UBKT")
    assert answer["Location"] == at("programme", programme.pk)
    assert (programme.unit, programme.issued_on) == (s.union, datetime.date(2026, 5, 16))

    again = client.post(at("programme_new"), data | key())
    assert again.context["form"].errors == {"number": ["Năm 2026 đã có văn bản số 05-KH/UBKT."]}


def test_two_units_are_planned_at_once_with_topics_and_team(client):
    s = scene()
    client.force_login(s.chair)
    data = {
        "programme": s.programme.pk, "units": [s.branch.pk, s.sibling.pk], "title": "Hai chuyên đề",
        "inspection_kind": "", "supervision_kind": "thematic", "review_from": "21/07/2021", "review_last": "07/07/2022",
        "supervise_topics": "- Giới thiệu đoàn viên ưu tú\n- Phần mềm quản lý đoàn viên\n", "visited_on": "",
        "reason": "Bổ sung theo chỉ đạo", "planned_month": "7/2022", "form": "online",
        **rows_of("doan", {"role": "head", "name": "Trần Khắc Thử", "post_text": "Chủ nhiệm"}, {"role": "member"}),
    }  # fmt: skip
    answer = client.post(at("new"), data | key())
    assert answer["Location"] == at("programme", s.programme.pk)
    cases = Inspection.objects.order_by("pk")
    assert [case.unit for case in cases] == [s.branch, s.sibling]
    assert cases[0].review_to == datetime.date(2022, 7, 8)  # the last day is shown, the end is exclusive
    assert {(case.planned_month, case.form, case.state) for case in cases} == {
        (datetime.date(2022, 7, 1), "online", "team")
    }
    assert list(Topic.objects.filter(inspection=cases[0]).order_by("position").values_list("text", "use")) == [
        ("Giới thiệu đoàn viên ưu tú", "supervise"),
        ("Phần mềm quản lý đoàn viên", "supervise"),
    ]
    assert list(TeamSeat.objects.values_list("name", "role")) == [("Trần Khắc Thử", "head")] * 2


def test_plan_offers_no_unit_of_another_committee(client):
    s = scene()
    elsewhere = UnitFactory(name="Chi đoàn của Đoàn khác")
    client.force_login(s.chair)
    form = client.get(at("new")).context["form"]
    assert set(form.fields["units"].queryset) == {s.branch, s.sibling}
    assert elsewhere not in form.fields["units"].queryset


def test_plan_without_a_purpose_is_answered_at_the_field(client):
    s = scene()
    client.force_login(s.chair)
    data = {
        "programme": s.programme.pk, "units": [s.branch.pk], "title": "X", "review_from": "01/01/2026",
        "review_last": "01/02/2026", **rows_of("doan"),
    }  # fmt: skip
    form = client.post(at("new"), data | key()).context["form"]
    assert form.errors == {"inspection_kind": ["Hãy chọn kiểm tra, giám sát, hoặc cả hai."]}


def test_editing_topics_keeps_the_answers(client):
    s = scene()
    case = visited(s)
    question = case.topics.get(use="question")
    question.answer = "Đã làm phần mềm thi"
    question.save()
    client.force_login(s.chair)
    data = {
        "version": case.version, "title": "Tên mới", "inspection_kind": "periodic", "supervision_kind": "",
        "review_from": "01/01/2026", "review_last": "30/09/2026", "visited_on": "28/09/2026", "day_part": "morning",
        "inspect_topics": "Nội dung mới", "question_topics": "Câu mới?\nỨng dụng công nghệ thông tin thế nào?",
    }  # fmt: skip
    client.post(at("edit", case.pk), data | key())
    assert list(case.topics.order_by("position").values_list("text", "answer")) == [
        ("Nội dung mới", ""),
        ("Câu mới?", ""),
        ("Ứng dụng công nghệ thông tin thế nào?", "Đã làm phần mềm thi"),
    ]


def test_team_page_ends_a_seat_and_opens_the_case_for_an_account(client):
    s = scene()
    case = planned(s)
    head, other = case.team.order_by("position")
    client.force_login(s.chair)
    rows = rows_of(
        "doan",
        {"pk": head.pk, "role": "head", "name": head.name, "post_text": "", "account": ""},
        {"pk": other.pk, "role": "secretary", "name": other.name, "leaves": "on"},
        {"role": "member", "account": s.inspector.pk},
        initial=2,
    )
    client.post(at("team", case.pk), {"version": case.version, **rows, **key()})
    open_seats = TeamSeat.objects.filter(inspection=case, ends_on=None).order_by("position")
    assert list(open_seats.values_list("name", "account")) == [
        ("Vương Quốc Trung", None),
        ("Mai Thị Ủy Viên", s.inspector.pk),
    ]


def test_visit_on_site_then_findings_then_the_notice(client):
    s = scene()
    case = planned(s)
    question = case.topics.get(use="question")
    target = TargetFactory(unit=s.branch)
    client.force_login(s.chair)

    client.post(
        at("visit", case.pk),
        VISIT_FORM | key() | {"version": case.version, f"topic_{question.pk}": "Làm phần mềm thi"}
        | rows_of("nguoi-du", {"name": "Toàn thể đoàn viên"}, {"name": ""}),
    )  # fmt: skip
    client.post(
        at("finding_new", case.pk),
        {"kind": "shortcoming", "text": "Chưa đều", "self_stated": "on", "target": target.pk} | key(),
    )
    weak = Finding.objects.get()
    client.post(
        at("recommendation_new", case.pk),
        {"text": "Làm kế hoạch năm sau", "owner": "Bí thư", "due_on": "31/12/2026", "findings": [weak.pk]} | key(),
    )
    case.refresh_from_db()
    answer = client.post(
        at("conclude", case.pk),
        {"version": case.version, "number": "", "concluded_on": "05/10/2026", "signer_name": "Phạm Thử"} | key(),
    )
    case.refresh_from_db()
    question.refresh_from_db()

    assert answer["Location"] == at("inspection", case.pk)
    assert (case.state, case.unit_account, case.hosts.get().name) == (
        "following", "Đã làm 12 việc", "Toàn thể đoàn viên",
    )  # fmt: skip
    assert (question.answer, weak.self_stated, weak.target) == ("Làm phần mềm thi", True, target)
    row = Recommendation.objects.get()
    assert (row.number, row.due_on, list(row.findings.all())) == (1, datetime.date(2026, 12, 31), [weak])

    client.post(at("conclude", case.pk), {"version": case.version, "number": "16-TB/ĐTN-UBKT"} | key())
    case.refresh_from_db()
    assert case.conclusion_number == "16-TB/ĐTN-UBKT"


def test_finding_offers_only_material_of_the_unit_and_the_span(client):
    s = scene()
    case = visited(s)
    inside = ActivityFactory(unit=s.branch, starts_on=datetime.date(2026, 3, 26))
    ActivityFactory(unit=s.branch, starts_on=datetime.date(2025, 12, 31))
    ActivityFactory(unit=s.sibling, starts_on=datetime.date(2026, 3, 26))
    client.force_login(s.chair)
    form = client.get(at("finding_new", case.pk)).context["form"]
    assert list(form.fields["activity"].queryset) == [inside]


def test_form_sent_twice_is_one_finding(client):
    s = scene()
    case = visited(s)
    client.force_login(s.chair)
    data = {"kind": "merit", "text": "Tốt"} | key()
    first = client.post(at("finding_new", case.pk), data)
    second = client.post(at("finding_new", case.pk), data)
    assert Finding.objects.count() == 1
    assert first["Location"] == second["Location"] == at("inspection", case.pk)


def test_second_editor_sees_both_versions_and_overwrites_knowingly(client):
    s = scene()
    case = planned(s)
    opened = case.version
    record_visit(
        inspection=case, version=opened, by=s.inspector, on=TODAY, visited_on=VISIT, place="Hội trường", reason="Gấp"
    )
    client.force_login(s.chair)
    data = VISIT_FORM | {"version": opened} | key()
    page = client.post(at("visit", case.pk), data)

    conflict = page.context["form"].conflict
    assert conflict.who == str(s.inspector)
    place = next(row for row in conflict.rows if row["label"] == "Địa điểm")
    assert (place["theirs"], place["mine"], place["differs"]) == ("Hội trường", "Trụ sở", True)
    case.refresh_from_db()
    assert case.place == "Hội trường"

    shown = page.context["form"]["version"].value()
    client.post(at("visit", case.pk), data | {"version": shown})
    case.refresh_from_db()
    assert case.place == "Trụ sở"


# --- the unit and the check -------------------------------------------------------------------------------


def test_unit_answers_with_proof_and_the_committee_closes(client, media):
    s = scene()
    _, row = concluded(s)
    activity = ActivityFactory(unit=s.branch, starts_on=datetime.date(2026, 10, 10))
    client.force_login(s.secretary)
    data = {"version": row.version, "text": "Đã họp", "activities": [activity.pk], "files": [picture()]} | key()
    client.post(at("answer", row.pk), data)
    answer = UnitAnswer.objects.get()
    file = UnitAnswerFile.objects.get()
    row.refresh_from_db()
    assert (row.state, answer.answered_by, list(answer.activities.all())) == ("answered", s.secretary, [activity])
    assert (file.name, file.content_type, file.uploaded_by) == ("anh hop.jpg", "image/jpeg", s.secretary)

    client.force_login(s.chair)
    client.post(at("check", row.pk), {"version": row.version, "verdict": "adequate", "text": ""} | key())
    row.refresh_from_db()
    assert (row.state, Check.objects.get().answer) == ("closed", answer)


def test_files_survive_an_error_elsewhere_in_the_form(client, media):
    s = scene()
    _, row = concluded(s)
    client.force_login(s.secretary)
    form_key = key()
    page = client.post(at("answer", row.pk), {"version": row.version, "text": "", "files": [picture()]} | form_key)
    ((ticket, stored),) = page.context["kept"]
    assert stored.name == "anh hop.jpg"
    assert UnitAnswer.objects.count() == 0

    client.post(at("answer", row.pk), {"version": row.version, "text": "Xong", "ticket": [ticket]} | form_key)
    assert UnitAnswerFile.objects.get().name == "anh hop.jpg"


def test_refused_file_is_named_and_nothing_is_saved(client, media):
    s = scene()
    _, row = concluded(s)
    client.force_login(s.secretary)
    bad = SimpleUploadedFile("virus.exe", b"MZ0000", content_type="application/pdf")
    page = client.post(at("answer", row.pk), {"version": row.version, "text": "Xong", "files": [bad]} | key())
    assert "virus.exe" in page.context["form"].errors["files"][0]
    assert UnitAnswer.objects.count() == 0


def test_sent_back_without_a_reason_is_answered_at_the_field(client):
    s = scene()
    _, row = answered(s)
    client.force_login(s.chair)
    page = client.post(at("check", row.pk), {"version": row.version, "verdict": "not_adequate", "text": " "} | key())
    assert page.context["form"].errors == {"text": ["Hãy ghi còn thiếu gì để đơn vị làm tiếp."]}


def test_check_returns_to_the_list_it_came_from_but_to_no_other_site(client):
    s = scene()
    _, row = answered(s)
    client.force_login(s.chair)
    data = {"version": row.version, "verdict": "adequate", "text": ""} | key()
    answer = client.post(at("check", row.pk) + "?ve=https://evil.example/", data)
    assert answer["Location"] == at("inspection", row.inspection_id)


def test_open_recommendations_are_listed_by_age(client):
    s = scene()
    undated = concluded(s, due_on=None)[1]
    overdue = concluded(s)[1]
    ahead = concluded(s, unit=s.sibling, due_on=datetime.date(2099, 1, 1))[1]
    _, done = answered(s)
    check_answer(recommendation=done, version=done.version, by=s.chair, on=TODAY, verdict="adequate")
    with_findings(s, title="Chưa kết luận")
    client.force_login(s.chair)
    page = client.get(at("recommendation_list"))
    assert [card["row"] for card in page.context["cards"]] == [overdue, ahead, undated]
    assert page.context["counts"] == {"asked": 0, "overdue": 1, "waiting": 0, "ahead": 1, "dateless": 1}

    only = client.get(at("recommendation_list"), {"nhom": "khong-han"})
    assert [card["row"] for card in only.context["cards"]] == [undated]

    client.force_login(account_at(s.sibling, "secretary"))
    own = client.get(at("recommendation_list"))
    assert [card["row"] for card in own.context["cards"]] == [ahead]
    assert [card["can_answer"] for card in own.context["cards"]] == [True]
    assert [card["can_check"] for card in own.context["cards"]] == [False]


@pytest.mark.parametrize(
    ("query", "expected"),
    [({"nam": "2026"}, 2), ({"nam": "1999"}, 2), ({"tinh_trang": "following"}, 1), ({"don_vi": "abc"}, 2)],
)
def test_list_filters_and_ignores_what_it_cannot_read(client, query, expected):
    s = scene()
    planned(s)
    concluded(s, unit=s.sibling)
    client.force_login(s.chair)
    assert len(client.get(at("list"), query).context["cases"]) == expected


# --- query counts: the same literal for 1, 3 and 30 rows -----------------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 30])
def test_list_of_cases_has_a_constant_query_count(client, count, django_assert_num_queries):
    s = scene()
    for number in range(count):
        planned(s, title=f"Cuộc {number}")
    client.force_login(s.chair)
    with django_assert_num_queries(8):
        client.get(at("list"))


@pytest.mark.parametrize("count", [1, 3, 30])
def test_list_of_recommendations_has_a_constant_query_count(client, count, django_assert_num_queries):
    s = scene()
    _many_answers(s, count)
    client.force_login(s.chair)
    with django_assert_num_queries(21):
        client.get(at("recommendation_list"))


@pytest.mark.parametrize("count", [1, 3, 30])
def test_page_of_a_case_has_a_constant_query_count(client, count, django_assert_num_queries):
    s = scene()
    case = _many_answers(s, count)
    client.force_login(s.chair)
    with django_assert_num_queries(26):
        client.get(at("inspection", case.pk))


def _many_answers(s, count):
    """One concluded case with `count` findings and answered recommendations, each with an activity and a target."""
    case, _ = concluded(s)
    case.recommendations.all().delete()
    case.findings.all().delete()
    activity, target = ActivityFactory(unit=s.branch), TargetFactory(unit=s.branch)
    for number in range(1, count + 1):
        found = Finding.objects.create(
            inspection=case, kind="shortcoming", text="Chưa đều", target=target, activity=activity, position=number
        )
        row = Recommendation.objects.create(
            inspection=case, number=number, text="Làm", owner="Bí thư", due_on=DUE, original_due_on=DUE,
            state="answered",
        )  # fmt: skip
        row.findings.add(found)
        answer = UnitAnswer.objects.create(recommendation=row, text="Xong", answered_on=TODAY, answered_by=s.secretary)
        answer.activities.add(activity)
        answer.targets.add(target)
        UnitAnswerFile.objects.create(answer=answer, name="a.pdf", content_type="application/pdf")
        Check.objects.create(
            recommendation=row, verdict="not_adequate", text="Thiếu", checked_on=TODAY, checked_by=s.chair
        )
    return case


# --- bad input and races -----------------------------------------------------------------------------------

ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "0", "-1", "99999999999999999999", "31/02/2026", "2026-13-01", "\x00", "<b>", "null", "1e9"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([
    "visited_on", "day_part", "place", "unit_account", "version", "form_key", "nguoi-du-TOTAL_FORMS", "cau-hoi-0-text",
]), ODD))  # fmt: skip
def test_visit_form_answers_anything_without_falling_over(client, odd):
    case = Inspection.objects.first() or planned(scene())
    client.force_login(_chair_of(case))
    answer = client.post(at("visit", case.pk), VISIT_FORM | {"version": case.version} | key() | odd)
    assert answer.status_code in (200, 302)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["text", "owner", "due_on", "no_due_date", "findings", "form_key"]), ODD))
def test_recommendation_form_answers_anything_without_falling_over(client, odd):
    case = Inspection.objects.first() or visited(scene())
    client.force_login(_chair_of(case))
    data = {"text": "Làm", "owner": "Ai", "due_on": "31/12/2026"} | key() | odd
    answer = client.post(at("recommendation_new", case.pk), data)
    assert answer.status_code in (200, 302)


def _chair_of(case):
    return case.programme.unit.posts.get(type__code="inspection_chair").account


@pytest.mark.parametrize(
    "query", [{"trang": "abc"}, {"trang": "99"}, {"nhom": "'"}, {"don_vi": "9" * 30}, {"nam": "x"}]
)
def test_odd_addresses_are_answered(client, query):
    s = scene()
    concluded(s)
    client.force_login(s.chair)
    for name in ("list", "recommendation_list"):
        assert client.get(at(name), query).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_checks_exactly_one_stands():
    s = scene()
    _, row = answered(s)
    start, outcomes = threading.Barrier(2), []

    def check(person, verdict):
        start.wait()
        try:
            check_answer(
                recommendation=row, version=row.version, by=person, on=TODAY, verdict=verdict, text="Đã xem sổ"
            )
            outcomes.append("done")
        except (EditConflict, InspectionRefused):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=check, args=(s.chair, "adequate")),
        threading.Thread(target=check, args=(s.inspector, "not_adequate")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "refused"]
    assert Check.objects.count() == 1
    row.refresh_from_db()
    assert row.state == {"adequate": "closed", "not_adequate": "sent_back"}[Check.objects.get().verdict]
