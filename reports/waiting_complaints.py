"""What waits about complaints: how many come due, and nothing of what they say. This list is also sent by mail."""

import datetime

from django.urls import reverse

from branches.workdays import working_days_after
from inspections.complaining import SOON
from inspections.models import Complaint

from .waiting_items import Item, Source, deadline


def letters_due(account, on: datetime.date) -> Source:
    """One line for the letters past their day, one for those due within a few working days."""
    rows = Complaint.objects.visible_to(account).waiting().filter(due_on__lte=working_days_after(on, SOON))

    def lines(rows) -> list[Item]:
        late = [row.due_on for row in rows if row.due_on < on]
        soon = [row.due_on for row in rows if row.due_on >= on]
        url = reverse("inspections:complaint_list") + "?tinh_trang=mo"
        told = (("quá hạn", late), ("sắp đến hạn", soon))
        return [
            Item(
                f"{len(days)} đơn thư {word}", "Sổ đơn thư của Ủy ban Kiểm tra", url, "Mở sổ đơn thư",
                **deadline(min(days), on),
            )
            for word, days in told
            if days
        ]  # fmt: skip

    return Source.one(rows.order_by("due_on", "pk"), ("pk", "due_on"), lines)
