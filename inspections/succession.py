"""What the inspectors still ask of a unit that is about to end, for the preview of the event (branches/heirs.py).

The case stays with the unit that was inspected; its heir reads it and answers (Inspection.answerable_by).
"""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, Q

from inspections.models import Inspection, Recommendation


def left_open(units: Collection[int]) -> dict[int, list[str]]:
    """{unit: what is open, in words}. A visit that must not be announced is not told. Two queries."""
    found = defaultdict(list)
    rows = Recommendation.objects.in_force().open().filter(inspection__unit__in=units)
    for unit, count in rows.order_by().values_list("inspection__unit").annotate(count=Count("pk")):
        found[unit].append(f"{count} kiến nghị của Ủy ban Kiểm tra chưa xong")
    quiet = Q(state__in=Inspection.BEFORE_VISIT, inspection_kind__in=Inspection.UNANNOUNCED)
    cases = Inspection.objects.filter(unit__in=units).going().exclude(state__in=Inspection.NOTIFIED).exclude(quiet)
    for unit, count in cases.order_by().values_list("unit").annotate(count=Count("pk")):
        found[unit].append(f"{count} cuộc kiểm tra, giám sát chưa kết luận")
    return found
