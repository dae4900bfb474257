"""Forms of the duty calendar: why it was not done, that it was, an exemption, another rhythm, a duty of one's own."""

import datetime

from django import forms

from branches.formats import day
from branches.models import Rhythm, Unit

from .base import DayField, OfficeForm
from .fields import NumberField

NEVER = ""
ONE_DAY = datetime.timedelta(days=1)
# Kinds of unit that are asked, lowest first.
KINDS = (
    Unit.Kind.BRANCH, Unit.Kind.GRASSROOTS_BRANCH, Unit.Kind.SUB_BRANCH, Unit.Kind.INTER_BRANCH,
    Unit.Kind.GRASSROOTS_UNION, Unit.Kind.ABOVE_GRASSROOTS, Unit.Kind.PROVINCE,
)  # fmt: skip


class ReasonForm(OfficeForm):
    """Why it was not done, or why the unit is let off."""

    keyed = True

    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DoneForm(OfficeForm):
    keyed = True

    done_on = DayField(label="Ngày làm xong")
    note = forms.CharField(
        label="Ghi chú", required=False, max_length=300, help_text="Ví dụ: gửi bản giấy, số văn bản, nơi nhận."
    )


class SureForm(OfficeForm):
    """A button that is pressed once."""

    keyed = True


class ExceptionForm(OfficeForm):
    """Another rhythm of one unit; the last day is asked as people say it, the verb takes the day after."""

    keyed = True

    rhythm = forms.ChoiceField(
        label="Nhịp riêng", required=False, widget=forms.RadioSelect,
        choices=(*Rhythm.choices, (NEVER, "Không phải làm")),
    )  # fmt: skip
    starts_on = DayField(label="Từ ngày", help_text="Ngày mùng 1 của một tháng.")
    last_day = DayField(label="Đến hết ngày", required=False, help_text="Để trống thì áp dụng cho đến khi thôi.")
    reason = forms.CharField(label="Lý do", max_length=300, help_text="Ví dụ: đoàn viên phân tán, công tác xa.")
    decision = forms.CharField(label="Văn bản xác nhận", max_length=120, required=False)

    def clean(self):
        said = super().clean()
        if "rhythm" in self.fields and "rhythm" not in self.data and self.is_bound:
            self.add_error("rhythm", "Hãy chọn “Nhịp riêng”.")
        said["ends_on"] = said["last_day"] + ONE_DAY if said.get("last_day") else None
        return said

    def refuse(self, error, field=""):
        super().refuse(error, "last_day" if list(getattr(error, "errors", {})) == ["ends_on"] else field)


class EndForm(OfficeForm):
    """From which day on it no longer holds."""

    keyed = True

    ends_on = DayField(label="Thôi từ ngày")


class DutyForm(OfficeForm):
    """A duty that an office asks of the units below it."""

    keyed = True

    name = forms.CharField(label="Việc phải làm", max_length=120, help_text="Ví dụ: Gửi tin bài về Đoàn cấp trên.")
    rhythm = forms.ChoiceField(label="Nhịp", choices=Rhythm.choices)
    unit_kinds = forms.MultipleChoiceField(label="Loại đơn vị phải làm", widget=forms.CheckboxSelectMultiple)
    due_days = NumberField(
        label="Hạn: số ngày sau ngày cuối kỳ", max_value=60, help_text="0 là ngày cuối của kỳ.",
    )  # fmt: skip
    starts_on = DayField(label="Áp dụng từ ngày", help_text="Ngày mùng 1 của một tháng.")
    source = forms.CharField(label="Văn bản, căn cứ", max_length=200, required=False)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit_kinds"].choices = [(one.value, one.label) for one in KINDS if one.value in kinds]


def first_of_month(today: datetime.date) -> datetime.date:
    return today.replace(day=1)


def until_words(ends_on: datetime.date | None) -> str:
    """ "đến hết 30/06/2026", or that no end was said."""
    return f"đến hết {day(ends_on - ONE_DAY)}" if ends_on else "chưa định ngày thôi"
