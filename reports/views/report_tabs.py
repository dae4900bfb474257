"""The tabs above everything about reports of a unit: one list, so that every page shows the same."""

from dataclasses import dataclass

from django.urls import reverse

from branches.scoping import rights_at
from reports.models import ScoreSheet


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    is_here: bool


def report_tabs(user, unit, here: str) -> list[Tab]:
    """The pages of reports this person has at the unit; `here` is the key of the one that is open."""
    rights = rights_at(user, unit)
    tabs = []
    if rights & {"view", "approve"}:
        tabs.append(("reports", "Báo cáo", reverse("reports:report_list", args=[unit.pk])))
    if rights & {"record", "manage", "approve"}:
        tabs.append(("statistics", "Biểu số liệu", reverse("reports:stat_tables", args=[unit.pk])))
    if rights & {"view", "approve"} and not unit.is_branch:
        tabs.append(("rounds", "Đợt báo cáo", reverse("reports:round_list", args=[unit.pk])))
    if rights & {"view", "approve", "oversee"} and not unit.is_branch:
        tabs.append(("print", "In nhiều báo cáo", reverse("reports:print_job_list", args=[unit.pk])))
    scored = ScoreSheet.objects.filter(unit=unit).exclude(set__state="draft")
    if rights & {"view", "approve"} and (not unit.is_branch or scored.exists()):
        tabs.append(("emulation", "Thi đua", reverse("reports:emulation", args=[unit.pk])))
    if rights & {"view", "approve"} and not unit.is_branch:
        tabs.append(("templates", "Mẫu báo cáo", reverse("reports:report_templates", args=[unit.pk])))
    return [Tab(label, url, key == here) for key, label, url in tabs]
