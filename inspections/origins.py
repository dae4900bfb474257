"""The recommendation that a target or a task of the unit's plan carries out, for whoever may read it."""

from django.urls import reverse

from branches.models import Target, Task
from branches.task_origin import Origin
from inspections.models import Recommendation


def origins_of_target(user, target: Target) -> list[Origin]:
    """Recommendations that this target carries out. One query."""
    return _said(Recommendation.objects.filter(targets=target), user)


def origins_of_task(user, task: Task) -> list[Origin]:
    """Recommendations that this task carries out. One query."""
    return _said(Recommendation.objects.filter(tasks=task), user)


def _said(rows, user) -> list[Origin]:
    read = rows.visible_to(user).in_force().select_related("inspection").order_by("inspection__concluded_on", "pk")
    return [
        Origin(
            "Từ kiến nghị",
            f"Kiến nghị {row.number}, thông báo {row.inspection.concluded_on:%d/%m/%Y}: {row.text}",
            f"{reverse('inspections:inspection', args=[row.inspection_id])}#kien-nghi-{row.pk}",
        )
        for row in read
    ]
