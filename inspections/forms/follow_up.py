"""Forms of findings, recommendations, the unit's answers and the committee's checks; and the list filters."""

from django import forms

from branches.formats import day
from branches.forms.base import DayField, OfficeForm, OfficeModelForm, RowsField
from branches.models import Activity, Target, Unit
from inspections.models import Check, Finding, Inspection


class TargetChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, target):
        return f"{target.indicator.name} ({target.period.name})"


class ActivityChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, activity):
        return f"{day(activity.last_on)} · {activity.title}"


class TargetChoicesField(RowsField):
    label_from_instance = TargetChoiceField.label_from_instance


class ActivityChoicesField(RowsField):
    label_from_instance = ActivityChoiceField.label_from_instance


class FindingForm(OfficeModelForm):
    keyed = True

    target = TargetChoiceField(
        label="Gắn với chỉ tiêu", queryset=Target.objects.none(), required=False, empty_label="Không gắn"
    )
    activity = ActivityChoiceField(
        label="Gắn với hoạt động", queryset=Activity.objects.none(), required=False, empty_label="Không gắn"
    )

    class Meta:
        model = Finding
        fields = ("kind", "text", "self_stated", "target", "activity")
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, targets, activities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Finding.Class.choices
        self.fields["target"].queryset = targets
        self.fields["activity"].queryset = activities

    def _get_validation_exclusions(self):
        # The verb validates the row; here the finding has no case yet.
        return super()._get_validation_exclusions() | {"inspection", "position"}


class RecommendationForm(OfficeForm):
    keyed = True
    versioned = True

    text = forms.CharField(label="Nội dung kiến nghị", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    owner = forms.CharField(label="Ai thực hiện", max_length=160, help_text="Ví dụ: Bí thư chi đoàn.")
    due_on = DayField(label="Hạn", required=False)
    no_due_date = forms.BooleanField(label="Không đặt hạn", required=False)
    expected_proof = forms.CharField(label="Minh chứng cần có", required=False, max_length=300)
    findings = RowsField(
        label="Từ nhận định nào", queryset=Finding.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, findings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].says_optional = True
        self.fields["findings"].queryset = findings
        self.fields["findings"].label_from_instance = lambda finding: finding.text
        if not findings:
            del self.fields["findings"]
        if "version" not in self.initial:
            del self.fields["version"]

    @classmethod
    def stored(cls, row) -> dict:
        names = ("text", "owner", "due_on", "no_due_date", "expected_proof", "version")
        return {name: getattr(row, name) for name in names} | {"findings": list(row.findings.order_by("position"))}

    def fields_of_row(self) -> dict:
        names = ("text", "owner", "due_on", "no_due_date", "expected_proof")
        return {name: self.cleaned_data[name] for name in names} | {"findings": self.cleaned_data.get("findings", ())}


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files of one choice; cleans to a list."""

    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        one = super().clean
        return [one(item, initial) for item in data] if isinstance(data, list | tuple) else [one(data, initial)]


class AnswerForm(OfficeForm):
    keyed = True
    versioned = True

    text = forms.CharField(label="Đã làm gì", max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))
    activities = ActivityChoicesField(
        label="Gắn hoạt động đã ghi",
        queryset=Activity.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    targets = TargetChoicesField(
        label="Gắn chỉ tiêu", queryset=Target.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    files = SeveralFilesField(
        label="Ảnh, tệp minh chứng", required=False,
        help_text="Ảnh, PDF, Word, Excel; mỗi tệp tối đa 10 MB. Chọn được nhiều tệp.",
    )  # fmt: skip

    def __init__(self, *args, activities, targets, **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("activities", activities), ("targets", targets)):
            self.fields[name].queryset = rows
            self.fields[name].says_optional = True
            if not rows:
                del self.fields[name]

    @property
    def proof_fields(self):
        return [self[name] for name in ("activities", "targets") if name in self.fields]


class CheckForm(OfficeForm):
    keyed = True
    versioned = True

    verdict = forms.ChoiceField(label="Kết quả", choices=Check.Verdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Nhận xét", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Chưa đạt thì ghi còn thiếu gì, đơn vị sẽ đọc được.",
    )  # fmt: skip


class ExtendForm(OfficeForm):
    keyed = True
    versioned = True

    due_on = DayField(label="Hạn mới")
    reason = forms.CharField(label="Lý do đổi hạn", max_length=300)


class WithdrawForm(OfficeForm):
    keyed = True
    versioned = True

    reason = forms.CharField(label="Lý do rút kiến nghị", max_length=300)


class CaseFilter(OfficeForm):
    """By year, unit and state; what cannot be read is left out instead of refused."""

    don_vi = forms.ModelChoiceField(
        label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Mọi đơn vị"
    )
    nam = forms.TypedChoiceField(label="Năm", required=False, coerce=int, empty_value=None)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Mọi tình trạng"), *Inspection.State.choices]
    )

    def __init__(self, *args, years, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nam"].choices = [("", "Mọi năm"), *((year, str(year)) for year in years)]
        self.fields["don_vi"].queryset = units
        for field in self.fields.values():
            field.says_optional = True

    def chosen(self) -> dict:
        """Lookups of the filters that were understood."""
        self.is_valid()
        lookups = {"nam": "programme__year", "don_vi": "unit", "tinh_trang": "state"}
        return {lookup: value for name, lookup in lookups.items() if (value := self.cleaned_data.get(name))}
