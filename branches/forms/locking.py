"""Forms of the calendar lock."""

from django import forms

from branches.models import Unit

from .base import DayField, OfficeForm, RowsField


class LockForm(OfficeForm):
    """Through which day the office locks, and from when on; `before` is its last word when the page was opened."""

    keyed = True

    through = DayField(
        label="Khóa đến hết ngày", required=False, help_text="Để trống thì bỏ khóa, mọi ngày lại ghi được."
    )
    holds_from = DayField(
        label="Bắt đầu khóa từ ngày", required=False,
        help_text="Để trống thì khóa ngay. Chọn ngày sau thì các đơn vị được báo trước và còn kịp ghi bổ sung.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Lý do", required=False, max_length=300,
        help_text="Bắt buộc khi lùi ngày khóa, bỏ khóa hoặc đổi điều đã báo trước.",
    )  # fmt: skip
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("through", "holds_from", "reason"):
            self.fields[name].says_optional = True


class WithdrawForm(OfficeForm):
    """Why units need not reckon with the day they were told; `before` as in LockForm."""

    keyed = True

    reason = forms.CharField(label="Lý do", max_length=300)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)


class OpenForm(OfficeForm):
    """Which units may write which days again, and until when. `units` are those the office may choose from."""

    keyed = True

    units = RowsField(queryset=Unit.objects.none(), label="Đơn vị được mở", widget=forms.CheckboxSelectMultiple)
    first_on = DayField(label="Ghi, sửa việc từ ngày")
    last_on = DayField(label="Đến ngày")
    valid_until = DayField(label="Mở đến hết ngày", help_text="Qua ngày này khóa tự đóng lại.")
    reason = forms.CharField(label="Lý do", max_length=300)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class EndForm(OfficeForm):
    """Nothing to say but yes."""

    keyed = True
