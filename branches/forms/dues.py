"""Forms on dues, slips to the superior and the fund book."""

import datetime
import re

from django import forms

from branches.dues.months import Month
from branches.dues.remitting import read_span, spans_offered
from branches.models import Activity, FundEntry, IncomeStatus, Unit
from branches.periods import write_period

from .base import DayField, MoneyField, OfficeForm
from .fields import NumberField
from .life import MonthField

CELL = re.compile(r"([0-9]{1,18})-((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
LONGEST_CELLS = 200_000
LAST_ACTIVITIES = 30
Cells = list[tuple[int, Month]]


def cell_words(member: int, month: Month) -> str:
    """How a chosen month of a member is written in a form: "12-2026-03"."""
    return f"{member}-{month:%Y-%m}"


def read_cells(texts) -> Cells:
    """What a form sent, without what is no month of a member, each once, in order."""
    found = {match.groups() for text in texts if (match := CELL.fullmatch(text))}
    return sorted((int(member), datetime.date(int(year), int(month), 1)) for member, year, month in found)


class ReceiptForm(OfficeForm):
    """The page before money is written down: the chosen months and the total are carried, the day is asked."""

    keyed = True

    paid_on = DayField(label="Ngày thu")
    note = forms.CharField(label="Ghi chú", required=False, max_length=200)
    cells = forms.CharField(max_length=LONGEST_CELLS, widget=forms.HiddenInput, required=False)
    said = NumberField(widget=forms.HiddenInput, required=False)

    def clean_cells(self) -> Cells:
        return read_cells(self.cleaned_data["cells"].split())

    def clean_said(self) -> int:
        return self.cleaned_data["said"] or 0


class WhyForm(OfficeForm):
    """Taking something back: why."""

    keyed = True

    why = forms.CharField(label="Lý do", max_length=200)


class SureForm(OfficeForm):
    """A button that is pressed once."""

    keyed = True


class SlipWhyForm(WhyForm):
    versioned = True


class AcceptForm(OfficeForm):
    keyed = True
    versioned = True

    note = forms.CharField(label="Ghi chú", required=False, max_length=300)


class StatusForm(OfficeForm):
    """From which month; the statuses themselves stand in the rows, one choice a member."""

    keyed = True

    from_month = MonthField(label="Áp dụng từ tháng")

    def statuses(self, members) -> dict[int, str]:
        """{member: status} of the rows that were sent with a known status."""
        said = {one.pk: self.data.get(f"dien-{one.pk}", "") for one in members}
        return {pk: status for pk, status in said.items() if status in IncomeStatus.values}


class ExemptionForm(OfficeForm):
    keyed = True

    from_month = MonthField(label="Miễn từ tháng")
    last_month = MonthField(label="Đến hết tháng")
    reason = forms.CharField(label="Lý do miễn", max_length=200)
    decision = forms.CharField(label="Văn bản đồng ý của Đoàn cấp trên", max_length=120)


class SlipAskForm(OfficeForm):
    """Which span the slip answers for, and up to which day the money is counted. Asked by GET."""

    ky = forms.ChoiceField(label="Kỳ nộp")
    den = DayField(label="Tính các khoản thu đến hết ngày")

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, auto_id="hoi_%s", **kwargs)  # beside SlipForm, which repeats what was asked
        self.on = on
        self.fields["ky"].choices = [(write_period(one), one.name) for one in spans_offered(on)]

    def clean_ky(self):
        return read_span(self.cleaned_data["ky"], self.on)

    def clean_den(self):
        if self.cleaned_data["den"] > self.on:
            raise forms.ValidationError("Ngày này chưa đến.")
        return self.cleaned_data["den"]


class SlipForm(OfficeForm):
    """Sends what the page before it counted: `said` is the part that goes up."""

    keyed = True

    superior_name = forms.CharField(label="Nơi nhận", max_length=200)
    handed_on = DayField(label="Ngày nộp")
    ky = forms.CharField(widget=forms.HiddenInput, required=False)
    den = DayField(widget=forms.HiddenInput, required=False)
    said = NumberField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, unit: Unit, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        if unit.superior_pk:
            del self.fields["superior_name"]

    def clean(self):
        said = super().clean()
        span = read_span(said.get("ky") or "", self.on)
        if span is None or not said.get("den"):
            self.add_error(None, "Trang này không còn mới. Hãy mở lại trang rồi gửi.")
        said["span"] = span
        return said


class FundEntryForm(OfficeForm):
    """One line of the fund book."""

    keyed = True

    kind = forms.ChoiceField(label="Thu hay chi", choices=FundEntry.Kind, widget=forms.RadioSelect)
    dated_on = DayField(label="Ngày")
    amount = MoneyField(label="Số tiền", min_value=1)
    text = forms.CharField(label="Nội dung", max_length=200, required=False)
    counterpart = forms.CharField(label="Người nộp, người nhận", max_length=120, required=False)
    document = forms.CharField(label="Chứng từ", max_length=80, required=False)
    activity = forms.ModelChoiceField(
        label="Của hoạt động", queryset=Activity.objects.none(), required=False, empty_label="không thuộc hoạt động nào"
    )

    def __init__(self, *args, unit: Unit, may_open: bool, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [FundEntry.Kind.INCOME, FundEntry.Kind.EXPENSE]
        if may_open:
            kinds.append(FundEntry.Kind.OPENING)
        self.fields["kind"].choices = [(one.value, one.label) for one in kinds]
        recent = Activity.objects.filter(unit=unit).order_by("-last_on", "-pk").values("pk")[:LAST_ACTIVITIES]
        self.fields["activity"].queryset = Activity.objects.filter(pk__in=recent).order_by("-last_on", "-pk")
        self.fields["activity"].label_from_instance = lambda one: f"{one.title}, {one.last_on:%d/%m/%Y}"
        # What was not said here means "the content says it": the verb asks for it where it is needed.
        self.fields["text"].says_optional = True
