"""By when each step of a case is due: days worked out by hand around Tết and 30/4, what is late, who is reminded."""

import datetime

import pytest
from django.urls import reverse

from branches.models import Rule
from branches.models.rule import rules_on
from inspections.due import step_due
from inspections.models import Inspection
from inspections.moving import report_due
from reports.waiting import waiting_for
from tests.inspecting import NOTICE, TODAY, VISIT, concluded, planned, scene, visited

pytestmark = pytest.mark.django_db
Day = datetime.date
ON = Day(2026, 6, 1)


def due(**fields):
    """(what, day, who) of a case in memory that is as the fields say."""
    ended_on, on = fields.pop("ended_on", None), fields.pop("on", Day(2026, 1, 5))
    values = {"state": "planned", "form": "on_site", "inspection_kind": "periodic", **fields}
    found = step_due(Inspection(**values), rules_on(ON), on=on, ended_on=ended_on)
    return found and (found.what, found.on, found.who)


# Tết 2026: off from Monday 16/02 to Friday 20/02. Hùng Kings' day, Sunday 26/04, is made up on Monday 27/04; Thursday
# 30/04 and Friday 01/05 are off.
BEFORE_TET, BEFORE_LIBERATION = Day(2026, 2, 13), Day(2026, 4, 24)  # both a Friday


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # ten calendar days before the session
        ({"visited_on": VISIT}, ("Gửi kế hoạch, đề cương cho đơn vị", Day(2026, 9, 18), "committee")),
        ({"state": "team", "visited_on": VISIT}, ("Gửi kế hoạch, đề cương cho đơn vị", Day(2026, 9, 18), "committee")),
        # a sudden visit is not announced, and has no plan to send
        ({"inspection_kind": "sudden", "visited_on": VISIT}, ("Làm việc với đơn vị", VISIT, "head")),
        # no day yet: by the end of the month planned
        ({"planned_month": Day(2026, 2, 1)}, ("Tiến hành trong tháng 02/2026", Day(2026, 2, 28), "committee")),
        ({"planned_month": Day(2028, 2, 1)}, ("Tiến hành trong tháng 02/2028", Day(2028, 2, 29), "committee")),
        ({}, None),
        (
            {"state": "plan_sent", "self_report_due_on": Day(2026, 9, 23), "visited_on": VISIT},
            ("Gửi báo cáo cho đoàn kiểm tra", Day(2026, 9, 23), "unit"),
        ),
        ({"state": "self_reported", "visited_on": VISIT}, ("Làm việc với đơn vị", VISIT, "head")),
        ({"state": "verifying", "visited_on": VISIT}, ("Làm việc với đơn vị", VISIT, "head")),
        # without a session the team reports five working days after it began: 28, 29/04, 4, 5, 6/05
        (
            {"state": "verifying", "form": "by_report", "state_since": BEFORE_LIBERATION},
            ("Báo cáo của đoàn kiểm tra", Day(2026, 5, 6), "head"),
        ),
        # five working days after the session: 23, 24, 25, 26, 27/02
        (
            {"state": "visited", "visited_on": BEFORE_TET},
            ("Báo cáo của đoàn kiểm tra", Day(2026, 2, 27), "head"),
        ),
        # fifteen: three whole weeks from 23/02
        (
            {"state": "reported", "visited_on": BEFORE_TET, "state_since": Day(2026, 2, 25)},
            ("Thông báo kết luận", Day(2026, 3, 13), "committee"),
        ),
        # fifteen working days after the notice: 11, 12, 13/02, then from 23/02 to 10/03
        (
            {"state": "concluded", "concluded_on": Day(2026, 2, 10)},
            ("Kết thúc, lưu hồ sơ", Day(2026, 3, 10), "committee"),
        ),
        ({"state": "following", "concluded_on": Day(2026, 2, 10)}, None),  # the recommendations have days of their own
        (
            {"state": "following", "concluded_on": Day(2025, 12, 1), "ended_on": Day(2026, 2, 10)},
            ("Kết thúc, lưu hồ sơ", Day(2026, 3, 10), "committee"),
        ),
        # the agreed day has passed: the session itself is due, whatever was still to prepare it
        (
            {"state": "team", "visited_on": VISIT, "on": VISIT},
            ("Gửi kế hoạch, đề cương cho đơn vị", Day(2026, 9, 18), "committee"),
        ),
        ({"state": "team", "visited_on": VISIT, "on": Day(2026, 9, 29)}, ("Làm việc với đơn vị", VISIT, "head")),
        (
            {"state": "plan_sent", "self_report_due_on": Day(2026, 9, 23), "visited_on": VISIT, "on": Day(2026, 9, 29)},
            ("Làm việc với đơn vị", VISIT, "head"),
        ),
        ({"state": "closed", "concluded_on": Day(2026, 2, 10)}, None),
        ({"state": "cancelled", "visited_on": VISIT}, None),
        ({"state": "escalated", "visited_on": VISIT}, None),
    ],
)
def test_each_state_has_its_day_and_whose_it_is(fields, expected):
    assert due(**fields) == expected


def test_report_of_the_unit_is_due_three_working_days_before_the_session():
    # back from Wednesday 06/05: Tuesday 5, Monday 4, Wednesday 29/04
    assert report_due(Inspection(visited_on=Day(2026, 5, 6)), Day(2026, 4, 1)) == Day(2026, 4, 29)
    # never before the day it is asked for
    assert report_due(Inspection(visited_on=Day(2026, 5, 6)), Day(2026, 5, 5)) == Day(2026, 5, 5)
    assert report_due(Inspection(visited_on=None), ON) is None


def test_another_rule_from_a_day_on_is_another_due_day():
    case = Inspection(state="visited", form="on_site", visited_on=BEFORE_TET)
    Rule.objects.filter(key="inspection_team_report_days").update(valid_to=Day(2026, 7, 1))
    Rule.objects.create(key="inspection_team_report_days", value=7, valid_from=Day(2026, 7, 1), source="QĐ thử")
    assert step_due(case, rules_on(Day(2026, 6, 30)), on=ON).on == Day(2026, 2, 27)
    assert step_due(case, rules_on(Day(2026, 7, 1)), on=ON).on == Day(2026, 3, 3)


def test_the_day_itself_is_not_late():
    found = step_due(Inspection(state="visited", form="on_site", visited_on=BEFORE_TET), rules_on(ON), on=ON)
    assert (found.is_late(Day(2026, 2, 27)), found.is_late(Day(2026, 2, 28))) == (False, True)


def test_late_ones_stand_out_in_the_list_and_can_be_filtered(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    s = scene()
    late = visited(s)  # the session of 28/09; the report of the team was due on 05/10
    told, _ = concluded(s, unit=s.sibling, due_on=None)
    coming = planned(s, title="Sắp đến", visited_on=Day(2026, 12, 20))
    client.force_login(s.chair)
    page = client.get(reverse("inspections:list"))
    words = {case: badge.word for case, badge in page.context["cases"]}
    assert words == {late: "Đoàn chậm báo cáo", told: "Theo dõi kiến nghị", coming: "Làm việc 20/12/2026"}
    only = client.get(reverse("inspections:list"), {"nhom": "tre"})
    assert [case for case, _ in only.context["cases"]] == [late]


def test_next_steps_wait_for_the_committee_and_the_report_for_the_unit():
    s = scene()
    sent = planned(s, title="Đã gửi", visited_on=Day(2026, 11, 27))
    Inspection.objects.filter(pk=sent.pk).update(state="plan_sent", self_report_due_on=Day(2026, 11, 20))
    quiet = planned(s, title="Đột xuất", inspection_kind="sudden", supervision_kind="", visited_on=Day(2026, 11, 25))
    Inspection.objects.filter(pk=quiet.pk).update(state="plan_sent", self_report_due_on=Day(2026, 11, 20))
    late = visited(s, unit=s.sibling)
    planned(s, title="Còn xa", visited_on=Day(2027, 6, 1))

    def items(account):
        lines = waiting_for(account, account.posts.select_related("type", "unit").get(), on=TODAY).first
        return [(line.what, line.word) for line in lines if "kiem-tra" in line.url]

    assert items(s.chair) == [
        (f"Báo cáo của đoàn kiểm tra: {late.title}", "Quá hạn 48 ngày"),  # 05/10 to 22/11
        ("Gửi báo cáo cho đoàn kiểm tra: Đột xuất", "Quá hạn 2 ngày"),
        ("Gửi báo cáo cho đoàn kiểm tra: Đã gửi", "Quá hạn 2 ngày"),
    ]
    assert items(s.secretary) == [("Gửi báo cáo cho đoàn kiểm tra: Đã gửi", "Quá hạn 2 ngày")]
    assert NOTICE < TODAY
