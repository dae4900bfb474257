"""Forms of many reports at once."""

from django import forms

from branches.forms.base import OfficeForm
from branches.periods import read_period, write_period
from reports.models import PrintJob


class PrintAskForm(OfficeForm):
    """Which reports, as PDF or as Word. The period and the units were looked at before, and come along hidden."""

    keyed = True
    period = forms.CharField(max_length=12, widget=forms.HiddenInput)
    which = forms.ChoiceField(choices=PrintJob.Which, widget=forms.HiddenInput)
    what = forms.ChoiceField(
        label="In thành", choices=PrintJob.What, initial=PrintJob.What.PDF, widget=forms.RadioSelect
    )

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.periods = periods

    def clean_period(self):
        period = period_among(self.periods, self.cleaned_data["period"])
        if period is None:
            raise forms.ValidationError("Kỳ đã chọn không còn báo cáo nào. Hãy chọn lại kỳ.")
        return period


class PrintStepForm(OfficeForm):
    """Stop, or go on: nothing to fill in, and a double tap is one step."""

    keyed = True


def period_value(period) -> str:
    """A period in an address; halves and school years, which have no short form, by their row."""
    value = write_period(period)
    found = read_period(value, [])
    is_plain = found is not None and (found.kind, found.starts_on, found.ends_on) == (
        period.kind, period.starts_on, period.ends_on
    )  # fmt: skip
    return value if is_plain else f"ky-{period.pk}"


def period_among(periods, value: str):
    """The one of these periods that the address names; None for any other."""
    return next((one for one in periods if period_value(one) == value), None)
