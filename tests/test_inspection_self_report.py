"""The unit's own report ahead of the visit: a draft of its own, sent once, received on paper, handed back."""

import datetime
import uuid

import pytest
from django.urls import reverse

from branches.models import EditConflict
from inspections.models import Inspection, SelfReport, SelfReportFile
from inspections.moving import (
    begin_verification,
    escalate,
    order_reinspection,
    receive_self_report,
    send_plan,
    send_self_report,
    step_back,
    write_self_report,
)
from inspections.states import InspectionRefused
from tests.factories import AccountFactory
from tests.inspecting import ISSUED, TODAY, concluded, planned, scene, stranger, with_findings
from tests.test_inspections_pages import picture

pytestmark = pytest.mark.django_db
Day = datetime.date
SENT, REPORTED = Day(2026, 9, 14), Day(2026, 9, 21)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: SENT)


def sent(s, **fields) -> Inspection:
    case = planned(s, **fields)
    return send_plan(inspection=case, version=case.version, by=s.chair, on=SENT, sent_on=SENT)


def seated(case, **fields):
    account = AccountFactory(full_name="Người trong đoàn")
    case.team.create(account=account, name=str(account), starts_on=fields.pop("starts_on", ISSUED), **fields)
    return account


def url(name, case):
    return reverse(f"inspections:{name}", args=[case.pk])


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def test_plan_of_a_draft_programme_is_not_sent_and_the_report_is_due_by_the_rule():
    s = scene()
    case = planned(s)
    s.programme.state = "draft"
    s.programme.save()
    with pytest.raises(InspectionRefused):
        send_plan(inspection=case, version=case.version, by=s.chair, on=SENT, sent_on=SENT)
    s.programme.state = "issued"
    s.programme.save()
    case = send_plan(inspection=case, version=case.version, by=s.chair, on=SENT, sent_on=SENT)
    # three working days before Monday 28/09: Friday 25, Thursday 24, Wednesday 23
    assert (case.state, case.self_report_due_on, case.state_since) == ("plan_sent", Day(2026, 9, 23), SENT)


@pytest.mark.parametrize("due", [Day(2026, 9, 13), Day(2026, 9, 29)])
def test_report_is_due_between_the_plan_and_the_session(due):
    s = scene()
    case = planned(s)
    with pytest.raises(InspectionRefused) as caught:
        send_plan(inspection=case, version=case.version, by=s.chair, on=SENT, sent_on=SENT, self_report_due_on=due)
    assert list(caught.value.errors) == ["self_report_due_on"]


def test_draft_is_the_units_own_until_it_is_sent(client, media):
    s = scene()
    case = sent(s)
    helper = seated(case)
    client.force_login(s.secretary)
    data = {"text": "Bản nháp chưa xong", "number": "", "version": 0, "do": "save", "files": [picture()]}
    assert client.post(url("self_report", case), data | key())["Location"] == url("self_report", case)
    report = SelfReport.objects.get()
    kept = SelfReportFile.objects.get()
    case.refresh_from_db()
    assert (report.text, report.sent_on, case.state, kept.name) == (
        "Bản nháp chưa xong", None, "plan_sent", "anh hop.jpg",
    )  # fmt: skip

    file_url = reverse("inspections:self_report_file", args=[kept.pk])
    for person, expected in ((s.secretary, 200), (s.chair, 404), (helper, 404), (stranger(), 404)):
        client.force_login(person)
        assert client.get(file_url).status_code == expected
    client.force_login(s.chair)
    assert "Bản nháp chưa xong" not in client.get(url("inspection", case) + "?muc=lam-viec").content.decode()

    client.force_login(s.secretary)
    sending = {"text": "Báo cáo đủ", "number": "07-BC/CĐ", "version": report.version, "do": "send"}
    assert client.post(url("self_report", case), sending | key())["Location"] == url("inspection", case)
    case.refresh_from_db()
    report.refresh_from_db()
    assert (case.state, case.unit_account, report.sent_on, report.sent_by) == (
        "self_reported", "Báo cáo đủ", SENT, s.secretary,
    )  # fmt: skip
    for person in (s.chair, helper):
        client.force_login(person)
        assert "Báo cáo đủ" in client.get(url("inspection", case) + "?muc=lam-viec").content.decode()
        assert client.get(file_url).status_code == 200
    client.force_login(stranger())
    assert client.get(file_url).status_code == 404


def test_report_sent_twice_is_one_and_an_empty_one_is_refused(client):
    s = scene()
    case = sent(s)
    client.force_login(s.secretary)
    empty = client.post(url("self_report", case), {"text": " ", "version": 0, "do": "send"} | key())
    assert empty.context["form"].errors == {"text": ["Hãy viết nội dung báo cáo hoặc đính kèm tệp."]}
    assert SelfReport.objects.count() == 0
    data = {"text": "Xong", "version": 0, "do": "send"} | key()
    first, second = (client.post(url("self_report", case), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (SelfReport.objects.count(), case.moves.filter(verb="receive_report").count()) == (1, 1)


def test_two_writers_of_one_report_do_not_overwrite_each_other():
    s = scene()
    case = sent(s)
    write_self_report(inspection=case, version=0, by=s.secretary, text="Của tôi")
    for version in (0, 2):
        with pytest.raises(EditConflict):
            write_self_report(inspection=case, version=version, by=s.secretary, text="Của bạn")
    assert SelfReport.objects.get().text == "Của tôi"


def test_report_on_paper_takes_the_place_of_the_draft():
    s = scene()
    case = sent(s)
    write_self_report(inspection=case, version=0, by=s.secretary, text="Nháp riêng của đơn vị")
    report = receive_self_report(
        inspection=case, version=case.version, by=s.chair, on=TODAY, sent_on=REPORTED, text="Bản giấy, 4 trang"
    )
    case.refresh_from_db()
    assert (report.on_paper, report.text, case.state, case.state_since) == (
        True, "Bản giấy, 4 trang", "self_reported", REPORTED,
    )  # fmt: skip


def test_step_back_hands_the_report_back_to_the_unit_and_says_why():
    s = scene()
    case = sent(s)
    send_self_report(inspection=case, version=0, by=s.secretary, on=REPORTED, text="Thiếu số liệu")
    case.refresh_from_db()
    with pytest.raises(InspectionRefused):
        step_back(inspection=case, version=case.version, by=s.chair, on=TODAY, reason=" ")
    case.refresh_from_db()
    case = step_back(inspection=case, version=case.version, by=s.chair, on=TODAY, reason="Thiếu phụ lục")
    assert case.state == "plan_sent"
    assert not SelfReport.objects.visible_to(s.chair).exists()
    report = SelfReport.objects.visible_to(s.secretary).get()
    assert report.text == "Thiếu số liệu"
    again = send_self_report(inspection=case, version=report.version, by=s.secretary, on=TODAY, text="Đủ số liệu")
    case.refresh_from_db()
    assert (again.sent_on, case.state) == (TODAY, "self_reported")
    assert list(case.moves.values_list("verb", "to_state", "reason")) == [
        ("set_team", "team", ""), ("send_plan", "plan_sent", ""), ("receive_report", "self_reported", ""),
        ("step_back", "plan_sent", "Thiếu phụ lục"), ("receive_report", "self_reported", ""),
    ]  # fmt: skip


def test_verification_without_the_report_needs_a_reason_and_a_sudden_visit_none():
    s = scene()
    case = sent(s)
    with pytest.raises(InspectionRefused) as caught:
        begin_verification(inspection=case, version=case.version, by=s.chair, on=TODAY)
    assert list(caught.value.errors) == ["reason"]
    sudden = planned(s, inspection_kind="sudden", supervision_kind="")
    assert begin_verification(inspection=sudden, version=sudden.version, by=s.chair, on=TODAY).state == "verifying"


def test_seat_opens_the_report_for_its_span_only(client):
    s = scene()
    case = sent(s)
    send_self_report(inspection=case, version=0, by=s.secretary, on=SENT, text="Báo cáo")
    former = seated(case, starts_on=Day(2026, 3, 1), ends_on=SENT)
    future = seated(case, starts_on=Day(2026, 9, 15))
    on_team = seated(case, starts_on=Day(2026, 3, 1), ends_on=Day(2026, 9, 15))
    assert [SelfReport.objects.visible_to(one).exists() for one in (on_team, former, future)] == [True, False, False]


# --- on into another case -------------------------------------------------------------------------------


def test_reinspection_opens_with_what_is_still_open_and_goes_back_when_given_up(client):
    s = scene()
    case, _ = concluded(s)
    new = order_reinspection(
        inspection=case, version=case.version, by=s.chair, on=TODAY, title="Phúc tra", planned_month=Day(2026, 12, 15)
    )
    case.refresh_from_db()
    assert (case.state, new.arose_from, new.arose_as, new.planned_month, new.state) == (
        "reinspection", case, "reinspection", Day(2026, 12, 1), "team",
    )  # fmt: skip
    assert [topic.text for topic in new.topics.all()] == ["Kiến nghị 1: Sinh hoạt đều hằng tháng"]
    assert list(new.team.order_by("position").values_list("name", flat=True)) == ["Vương Quốc Trung", "Mai Thị Duyên"]
    client.force_login(s.chair)
    assert "Phúc tra" in client.get(url("inspection", case)).content.decode()


def test_escalation_ends_without_a_notice_and_its_heir_is_quiet(client):
    s = scene()
    case, _ = with_findings(s)
    new = escalate(inspection=case, version=case.version, by=s.chair, on=TODAY, reason="Lệch quỹ", title="Kiểm tra quỹ")
    case.refresh_from_db()
    assert (case.state, case.concluded_on, case.closed_on) == ("escalated", None, TODAY)
    assert (new.inspection_kind, new.supervision_kind, new.arose_as) == ("violation_sign", "", "violation_sign")
    client.force_login(s.secretary)
    page = client.get(url("inspection", case)).content.decode()
    assert client.get(url("inspection", new)).status_code == 404
    assert "Kiểm tra quỹ" not in page
    assert "Lệch quỹ" not in page
