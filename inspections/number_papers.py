"""Papers of cases and programmes under the numbers of the register, for whoever may read them."""

from django.urls import reverse

from branches.number_papers import Under
from inspections.models import CasePaper


def case_papers_under(user, numbers: list[int]) -> dict[int, Under]:
    """Two queries, whatever the number of papers and sheets."""
    rows = CasePaper.objects.visible_to(user).filter(entry__in=numbers).prefetch_related("scans")
    return {
        row.entry_id: Under(
            row.get_kind_display(),
            reverse("inspections:paper", args=[row.pk]),
            tuple((scan.name, reverse("inspections:scan_file", args=[scan.pk])) for scan in row.scans.all()),
        )
        for row in rows
    }
