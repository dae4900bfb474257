"""Forms of the report pages."""

import datetime

from django import forms

from branches.forms.base import DayField, OfficeForm, OfficeModelForm
from reports.models import PeriodReport
from reports.report_numbers import other_book


class NewReportForm(OfficeForm):
    """Which period the report is about; the choices come from the view."""

    FROM_UNITS, LOGGED = "units", "logged"

    period = forms.ChoiceField(label="Báo cáo của kỳ nào", widget=forms.RadioSelect)
    figures = forms.ChoiceField(
        label="Lấy số liệu từ đâu", widget=forms.RadioSelect, initial=FROM_UNITS,
        choices=[
            (FROM_UNITS, "Tổng hợp từ báo cáo đã duyệt của đơn vị"),
            (LOGGED, "Số liệu các đơn vị đang ghi trên phần mềm"),
        ],
        help_text="Báo cáo đã duyệt là số không đổi nữa; đơn vị chưa được duyệt thì nêu tên, không tính số.",
    )  # fmt: skip

    def __init__(self, *args, choices, has_units=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = choices
        if not has_units:
            del self.fields["figures"]


class ChangeSourceForm(OfficeForm):
    """The side the figures are to come from, as the page that was read said it."""

    keyed = True
    versioned = True

    figures = forms.ChoiceField(choices=NewReportForm.base_fields["figures"].choices, widget=forms.HiddenInput)

    @property
    def is_from_units(self) -> bool:
        return self.cleaned_data["figures"] == NewReportForm.FROM_UNITS


class SentenceForm(OfficeForm):
    """One sentence of a report. `version` is empty for a new one."""

    text = forms.CharField(label="Câu đang sửa", max_length=2000, strip=True, widget=forms.Textarea(attrs={"rows": 4}))


class OwnSentenceForm(SentenceForm):
    """A sentence nobody drafted; the key makes a double tap one sentence."""

    keyed = True

    def __init__(self, *args, label="Câu mới", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].error_messages["required"] = "Hãy ghi câu cần thêm."


class ReportSettingsForm(OfficeModelForm):
    """What stands around the text: number, day, signer, recipients."""

    dated_on = DayField(
        label="Ngày báo cáo", required=False, earliest=datetime.date(2013, 10, 29),
        help_text="Để trống thì in chỗ trống. Số liệu tính đến ngày này; chỉ tiêu chưa đến hạn thì chưa đánh giá.",
    )  # fmt: skip

    class Meta:
        model = PeriodReport
        fields = ("number", "dated_on", "signer_post", "signer_name", "recipients", "confirmed_by_superior")
        widgets = {"recipients": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signer_post"].required = True
        self.fields["number"].help_text = "Ví dụ 01. Để trống thì in chỗ trống để điền tay."
        if self.instance.entry_id:
            self.fields["number"].disabled = True
            self.fields["number"].help_text = "Lấy từ sổ văn bản; bản đính chính giữ số này."
        self.fields["recipients"].help_text = "Mỗi dòng một nơi, ví dụ: Chi bộ cơ quan (để b/c)."

    def clean_dated_on(self):
        day = self.cleaned_data["dated_on"]
        if day and day < self.instance.period.starts_on:
            raise forms.ValidationError(
                f"Ngày báo cáo phải từ {self.instance.period.starts_on:%d/%m/%Y}, ngày đầu của kỳ."
            )
        if day and (said := other_book(self.instance, day)):
            raise forms.ValidationError(said)
        return day
