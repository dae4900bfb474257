"""The tabs above everything about reports of a unit: one list, so that every page shows the same."""

from dataclasses import dataclass

from django.urls import reverse

from branches.scoping import rights_at


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
    return [Tab(label, url, key == here) for key, label, url in tabs]
