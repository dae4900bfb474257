"""A letter to the inspection committee of the scene, for tests of complaints."""

import datetime

from django.urls import reverse

from inspections.complaining import receive
from inspections.models import Complaint
from tests.inspecting import TODAY

Day = datetime.date
NBSP = "\u00a0"
RECEIVED = Day(2026, 11, 2)  # a Monday


def letter(s, **said) -> Complaint:
    values = {
        "received_by": s.union, "unit": s.branch, "kind": "petition", "received_on": RECEIVED, "by": s.chair,
        "text": "Bí thư thu đoàn phí không ghi sổ", "from_name": "Nguyễn Văn Ánh", "on": TODAY,
    }  # fmt: skip
    return receive(**values | said)


def url(name, row) -> str:
    return reverse(f"inspections:{name}", args=[row.pk])


def sent_form(**said) -> dict:
    return {
        "form_key": "7f1cb0de-6e5b-4c3e-9d43-3f0f7c7d3a11", "version": "0", "kind": "denunciation",
        "received_on": "02/11/2026", "from_name": "", "from_contact": "", "text": "Sổ quỹ thiếu 2 tháng", **said,
    }  # fmt: skip
