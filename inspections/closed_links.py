"""What pages show of things kept closed, each only to whoever may read it anyway.

A case shows its letters and disciplinary cases, a disciplinary case the inspection and the letter it arose from.
"""

import datetime

from django.urls import reverse

from branches.discipline_origin import Origin
from branches.models import Discipline
from inspections.disciplining import may_link, may_open, readable
from inspections.models import Complaint, Inspection

ONLY_US = "chỉ Ủy ban Kiểm tra nhận đơn thấy dòng này"


def _letters_of(user):
    """Letters the user may read; no query for who sits in no committee."""
    sits = any("inspect" in post.type.verbs_here for post in user.posts_today)
    return Complaint.objects.visible_to(user).order_by("pk") if sits else Complaint.objects.none()


def origins_of_discipline(user, discipline: Discipline) -> list[Origin]:
    """Inspections and letters that led to a disciplinary case, of those the user may open. A query each."""
    cases = Inspection.objects.visible_to(user).filter(disciplines=discipline).order_by("pk")
    letters = _letters_of(user).filter(discipline=discipline)
    return [
        *(
            Origin(one.title, reverse("inspections:inspection", args=[one.pk]), one.get_state_display())
            for one in cases
        ),
        *(
            Origin(f"Đơn thư số {one.number}/{one.year}", reverse("inspections:complaint", args=[one.pk]), ONLY_US)
            for one in letters
        ),
    ]


def closed_links(user, case: Inspection, on: datetime.date) -> dict:
    """Letters and disciplinary cases tied to the case, and what the user may do about discipline.

    A query for those whose post could read such things, none for everybody else.
    """
    may = may_link(user, case)
    return {
        "complaints": list(_letters_of(user).filter(inspection=case)),
        "disciplines": list(readable(user, case).filter(inspections=case)) if may else [],
        "may_link_discipline": may,
        "may_open_discipline": may and may_open(user, case, on=on),
    }
