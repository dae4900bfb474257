"""Forms of an admission, one for each step."""

from django import forms

from branches.admitting import APPLICANT_FIELDS
from branches.models import Admission

from .base import DayField, NumberField, OfficeForm, OfficeModelForm


class AdmissionForm(OfficeModelForm):
    """The applicant, as the branch writes them down."""

    keyed = True

    class Meta:
        model = Admission
        fields = (
            "full_name",
            "sex",
            "birth_date",
            "job",
            "education",
            "applied_on",
            "introduced_by",
            "phone",
            "address",
            "hometown",
        )
        widgets = {"sex": forms.RadioSelect}
        help_texts = {"introduced_by": "Một đoàn viên cùng công tác ít nhất 3 tháng, hoặc chi đội, chi hội."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sex"].choices = Admission._meta.get_field("sex").choices
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["full_name"].widget.attrs["autocomplete"] = "off"
        self.fields["introduced_by"].says_optional = True  # the verb asks for it in its own words

    def _post_clean(self):
        """The verbs check and save; the instance stays as it was loaded."""

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in APPLICANT_FIELDS}


class VoteForm(OfficeForm):
    keyed = True
    voted_on = DayField(label="Ngày chi đoàn họp xét")
    members_present = NumberField(label="Đoàn viên có mặt", unit="người", max_value=9999)
    votes_for = NumberField(label="Tán thành", unit="người", max_value=9999)


class DecideForm(OfficeForm):
    keyed = True
    decision = forms.CharField(label="Số quyết định", max_length=80, help_text="Ví dụ 12-QĐ/ĐK.")
    decided_on = DayField(label="Ngày quyết định")
    admitted_on = DayField(label="Ngày lễ kết nạp", required=False, help_text="Để trống nếu cùng ngày quyết định.")
    namesake = forms.BooleanField(label="Đây là hai người khác nhau, cùng tên, cùng ngày sinh", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.data.get("namesake"):
            self.fields["namesake"].widget = forms.HiddenInput()

    def refuse(self, error, field: str = "") -> None:
        """Asks about a namesake only when there is one."""
        if "namesake" in getattr(error, "errors", {}):
            self.fields["namesake"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
        super().refuse(error, field)


class RefuseForm(OfficeForm):
    keyed = True
    decided_on = DayField(label="Ngày trả lời")
    reason = forms.CharField(label="Lý do không chuẩn y", max_length=300, widget=forms.Textarea)


class WithdrawForm(OfficeForm):
    keyed = True
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)
