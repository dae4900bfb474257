"""Fields only cases need."""

import datetime
import re

from django import forms
from django.core.exceptions import ValidationError

from branches.forms.base import OfficeBoundField

MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")


class _Sentences(OfficeBoundField):
    group_class = "chips"


class SentencesField(forms.ChoiceField):
    """A choice between sentences: they stand one below the other and wrap, never squeezed side by side."""

    def get_bound_field(self, form, field_name):
        return _Sentences(form, self, field_name)


class MonthField(forms.Field):
    """A month as people write it, "9/2026"; cleans to its first day."""

    WRONG = "Hãy ghi tháng và năm, ví dụ 9/2026."

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "maxlength": 10}
        self.help_text = self.help_text or "Ví dụ 9/2026."

    def prepare_value(self, value):
        return f"{value.month}/{value.year}" if isinstance(value, datetime.date) else value

    def to_python(self, value) -> datetime.date | None:
        if isinstance(value, datetime.date):
            return value.replace(day=1)
        text = str(value or "").strip()
        if not text:
            return None
        found = MONTH.fullmatch(text)
        if not found or not 1 <= int(found[1]) <= 12 or not 2000 <= int(found[2]) <= 2100:
            raise ValidationError(self.WRONG)
        return datetime.date(int(found[2]), int(found[1]), 1)
