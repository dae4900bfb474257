"""Where the figures of a drafted sentence, and what an offer is made from, can be opened."""

from django.urls import reverse

from branches.models import Unit


def lines_behind(
    source: str, code: str, unit: Unit, period: str, *, rolled: int | None = None, themed: int | None = None
) -> str:
    """The address of the lines behind a sentence; empty where it has none. `period` is as addresses write it.

    `rolled` is the key of a report made from its units' reports: its figures open their parts; `themed` that of one
    about a theme: its figures open only the lines it counts.
    """
    kind, _, key = source.partition(":")
    if rolled and code and kind != "next":
        return reverse("reports:report_units_figure", args=[rolled, code])
    if rolled and kind in ("summary", "units", "joint", "facts"):
        return reverse("reports:joint_activities" if kind == "joint" else "reports:report_units", args=[rolled])
    if code and kind != "next":
        only = f"&bao-cao={themed}" if themed else ""
        return f"{reverse('reports:figure', args=[unit.pk, code])}?ky={period}{only}"
    if kind in ("summary", "units"):
        return f"{reverse('reports:progress', args=[unit.pk])}?ky={period}"
    if kind == "facts":
        return reverse("reports:structure", args=[unit.pk])
    if kind == "moves":
        return reverse("branches:movement", args=[unit.pk])
    if kind == "activity":
        return reverse("branches:activity", args=[key])
    if kind == "next":
        return reverse("reports:target", args=[key])
    return ""


def behind_offer(opens: tuple[str, str], unit: Unit, period: str) -> str:
    """The address of what an offer of reports/suggestions.py is made from."""
    kind, key = opens
    if kind == "figure":
        return lines_behind("", key, unit, period)
    if kind == "activity":
        return reverse("branches:activity", args=[key])
    if kind == "duties":
        return reverse("reports:duty_calendar", args=[unit.pk])
    if kind == "progress":
        return f"{reverse('reports:progress', args=[unit.pk])}?ky={period}"
    return reverse("inspections:recommendation_list") if kind == "recommendations" else ""
