"""A recommendation in the plan of the unit: progress stands on the recommendation, the origin on what was planned."""

import datetime
import uuid

import pytest
from django.urls import reverse

from branches.models import Target
from branches.recording import QuantityLine, record_activity
from branches.tasks import accept_task, report_task
from inspections.models import Recommendation
from inspections.origins import origins_of_target, origins_of_task
from inspections.taking_up import link_target
from tests.factories import IndicatorFactory, TargetFactory, account_at
from tests.inspecting import TODAY, concluded, planned, scene, stranger, with_findings

pytestmark = pytest.mark.django_db
State = Recommendation.State
MARCH = datetime.date(2027, 3, 31)
ORIGIN = "Kiến nghị 1, thông báo 05/10/2026: Sinh hoạt đều hằng tháng"


@pytest.fixture
def s():
    return scene()


@pytest.fixture
def clock(monkeypatch):
    def stand_at(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day)

    stand_at(TODAY)
    return stand_at


def fresh(row):
    return Recommendation.objects.select_related("inspection__unit").get(pk=row.pk)


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def test_from_a_recommendation_to_next_years_target_and_to_its_end(client, s, clock):
    """The branch met seven months of twelve; the request becomes a target and a task of 2027, closed by a check."""
    case, row = concluded(s)
    meetings = IndicatorFactory(code="meetings_2027", name="Sinh hoạt chi đoàn định kỳ", unit_word="buổi")
    page = reverse("inspections:inspection", args=[case.pk])
    client.force_login(s.secretary)

    url = reverse("inspections:recommendation_target", args=[row.pk]) + "?nam=2027"
    offered = client.get(url)
    assert offered.context["year"] == 2027
    data = {"indicator": meetings.pk, "aim": "≥ 12", "note": "Tuần đầu mỗi tháng", "version": row.version}
    assert client.post(url, data | key()).status_code == 302
    target = Target.objects.get(indicator=meetings)
    assert (target.unit, target.period.year_number, target.note) == (s.branch, 2027, "Tuần đầu mỗi tháng")

    row = fresh(row)
    data = {
        "text": "Lập lịch sinh hoạt năm 2027", "owner_name": "Ban Chấp hành", "due_on": "15/12/2026",
        "version": row.version,
    }  # fmt: skip
    assert client.post(reverse("inspections:recommendation_task", args=[row.pk]), data | key()).status_code == 302
    task = fresh(row).tasks.get()

    # What was planned says where it came from, with the way back.
    way_back = f"{page}#kien-nghi-{row.pk}"
    for address in (reverse("reports:target", args=[target.pk]), reverse("branches:task", args=[task.pk])):
        shown = client.get(address).text
        assert f'<dt>Từ kiến nghị</dt><dd><a href="{way_back}">{ORIGIN}</a></dd>' in shown

    # In March three meetings are logged: the recommendation says what the plan says.
    clock(MARCH)
    for month in (1, 2, 3):
        record_activity(
            by=s.secretary, unit=s.branch, on=MARCH, title=f"Sinh hoạt tháng {month}",
            starts_on=datetime.date(2027, month, 5), area=meetings.area, quantities=[QuantityLine(meetings, 1)],
        )  # fmt: skip
    client.force_login(s.chair)
    (card,) = client.get(page).context["cards"]
    assert [one.get("words") for one in card["plan"]] == [
        "kết quả 3, kế hoạch ≥\u00a012 buổi, đang làm", "Đang làm, hạn 15/12/2026 (quá hạn 106 ngày)",
    ]  # fmt: skip
    plan = client.get(reverse("reports:target", args=[target.pk]))
    assert (plan.context["row"].done.value, plan.context["row"].aim.value) == (3, 12)

    # Neither the task nor the target closes anything: done by the unit is not verified.
    report_task(task=task, version=task.version, by=s.secretary, on=MARCH, result="Đã gửi lịch cả năm")
    task.refresh_from_db()
    above = account_at(s.branch, "deputy_secretary", full_name="Hà Thị Phó")
    accept_task(task=task, version=task.version, by=above, on=MARCH)
    assert fresh(row).state == State.OPEN

    client.force_login(s.secretary)
    data = {"text": "Đã họp đủ ba tháng đầu năm", "targets": [target.pk], "version": fresh(row).version}
    assert client.post(reverse("inspections:answer", args=[row.pk]), data | key()).status_code == 302
    client.force_login(s.chair)
    check = reverse("inspections:check", args=[row.pk])
    shown = client.get(check)
    assert f'href="{reverse("reports:target", args=[target.pk])}"' in shown.text  # the proof opens
    data = {"verdict": "adequate", "text": "Đã xem biên bản", "version": fresh(row).version}
    assert client.post(check, data | key()).status_code == 302
    row = fresh(row)
    assert (row.state, row.ended_on, row.days_late(datetime.date(2030, 1, 1))) == (State.CLOSED, MARCH, 151)
    (card,) = client.get(page).context["cards"]
    assert card["plan"][0]["words"] == "kết quả 3, kế hoạch ≥\u00a012 buổi, đang làm"  # the plan goes on


def test_origin_is_told_only_to_who_reads_the_notice(s):
    _, row = concluded(s)
    target = TargetFactory(unit=s.branch)
    link_target(recommendation=row, version=row.version, by=s.secretary, target=target)
    for person, expected in [
        (s.secretary, [ORIGIN]), (s.chair, [ORIGIN]), (account_at(s.union, "party_secretary"), []), (stranger(), []),
        (account_at(s.branch, "member", full_name="Đoàn viên thường"), []),
    ]:  # fmt: skip
        assert [one.words for one in origins_of_target(person, target)] == expected, person


def test_draft_is_no_origin(s):
    """Nothing can be planned of a draft; were it linked, the unit would not read of it."""
    _, row = with_findings(s)
    target = TargetFactory(unit=s.branch)
    row.targets.add(target)
    assert origins_of_target(s.secretary, target) == []
    assert origins_of_target(s.chair, target) == []


def test_a_task_of_its_own_has_no_origin(s):
    from branches.tasks import give_task

    planned(s)
    task = give_task(by=s.secretary, unit=s.branch, on=TODAY, text="Mua nước", owner_name="Ban Chấp hành")
    assert origins_of_task(s.secretary, task) == []


@pytest.mark.parametrize("count", [1, 3])
def test_origins_are_one_query(s, count, django_assert_num_queries):
    target = TargetFactory(unit=s.branch)
    for _ in range(count):
        _, row = concluded(s)
        link_target(recommendation=row, version=row.version, by=s.secretary, target=target)
    s.secretary.posts_today  # noqa: B018  (read before the counting)
    origins_of_target(s.secretary, target)
    with django_assert_num_queries(1):
        assert len(origins_of_target(s.secretary, target)) == count
