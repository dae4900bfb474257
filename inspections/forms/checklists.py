"""Forms of checklists: templates and their items, the items of a case, the unit's own answer, two notes joined."""

from django import forms

from branches.formats import day
from branches.forms.base import NumberField, OfficeForm, OfficeModelForm, RowsField
from branches.models import Activity, Meeting
from inspections.checking.facts import fact_choices
from inspections.checking.templates import ItemLine
from inspections.forms.follow_up import ActivityChoicesField, SeveralFilesField
from inspections.models import ChecklistTemplate, Result, TemplateItem


class MeetingChoicesField(RowsField):
    def label_from_instance(self, meeting):
        return f"{day(meeting.day)} · {meeting.title}"


class TemplateForm(OfficeModelForm):
    keyed = True

    class Meta:
        model = ChecklistTemplate
        fields = ("name", "about", "source", "scoring")
        widgets = {"scoring": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scoring"].choices = ChecklistTemplate.Scoring.choices
        self.fields["source"].help_text = "Văn bản làm căn cứ cho các mục, nếu có."

    def _get_validation_exclusions(self):
        # The verb validates the row; here the checklist has no code yet.
        return super()._get_validation_exclusions() | {"unit", "code", "edition"}

    def fields_of_row(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "about", "source", "scoring")}


class FactField(forms.ChoiceField):
    """One of the figures the software knows; which there are is known when all apps are ready."""

    def __init__(self, **kwargs):
        super().__init__(choices=lambda: [("", "Không đặt số liệu bên cạnh"), *fact_choices()], **kwargs)


class TemplateItemForm(OfficeModelForm):
    keyed = True

    fact = FactField(label="Số liệu đặt bên cạnh", required=False)

    class Meta:
        model = TemplateItem
        fields = (
            "topic", "text", "guidance", "evidence_where", "fact", "max_points", "weight", "na_allowed", "is_critical",
        )  # fmt: skip
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, template, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].help_text = "Các mục cùng nhóm đứng liền nhau, ví dụ: Nền nếp, sổ sách."
        self.fields["is_critical"].label = "Mục bắt buộc: chưa đạt thì cả phiếu chưa đạt"
        self.fields["na_allowed"].label = "Có thể trả lời “Không áp dụng”"
        for name in ("max_points", "weight"):
            if template.scoring == ChecklistTemplate.Scoring.NONE:
                del self.fields[name]
        if "weight" in self.fields:
            self.fields["max_points"].help_text = "Để 0 nếu mục này không chấm điểm."
            self.fields["max_points"].max_value = 100
            self.fields["weight"].min_value, self.fields["weight"].max_value = 1, 10

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"template", "position"}

    def line(self) -> ItemLine:
        names = [name for name in ItemLine.__dataclass_fields__ if name in self.cleaned_data]
        return ItemLine(**{name: self.cleaned_data[name] for name in names})


class TemplateChoicesField(RowsField):
    def label_from_instance(self, template):
        return f"{template.name} ({template.count} mục)"


class AddChecklistsForm(OfficeForm):
    keyed = True

    templates = TemplateChoicesField(
        label="Chọn một hoặc nhiều phiếu",
        queryset=ChecklistTemplate.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, templates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["templates"].queryset = templates


class OwnItemForm(OfficeForm):
    keyed = True

    text = forms.CharField(label="Nội dung kiểm tra", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    topic = forms.CharField(label="Nhóm", max_length=160, required=False)
    evidence_where = forms.CharField(label="Xem ở đâu", max_length=300, required=False)
    fact = FactField(label="Số liệu đặt bên cạnh", required=False)

    def fields_of_item(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("text", "topic", "evidence_where", "fact")}


def results_of(item) -> list[tuple[str, str]]:
    return [pair for pair in Result.choices if item.na_allowed or pair[0] != Result.NOT_APPLICABLE]


class SelfAnswerForm(OfficeForm):
    keyed = True
    versioned = True

    result = forms.ChoiceField(label="Đơn vị tự đánh giá", widget=forms.RadioSelect)
    note = forms.CharField(
        label="Nói rõ", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Đã làm gì, còn thiếu gì, vì sao.",
    )  # fmt: skip
    files = SeveralFilesField(
        label="Ảnh, tệp minh chứng", required=False,
        help_text="Ảnh, PDF, Word, Excel; mỗi tệp tối đa 10 MB. Chọn được nhiều tệp.",
    )  # fmt: skip
    activities = ActivityChoicesField(
        label="Gắn hoạt động đã ghi", queryset=Activity.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    meetings = MeetingChoicesField(
        label="Gắn buổi sinh hoạt", queryset=Meeting.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args, item, activities, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = results_of(item)
        for name, rows in (("activities", activities), ("meetings", meetings)):
            self.fields[name].queryset = rows
            self.fields[name].says_optional = True
            if not rows:
                del self.fields[name]

    @classmethod
    def stored(cls, answer) -> dict:
        return {
            "result": answer.result, "note": answer.note, "version": answer.version,
            "activities": list(answer.activities.all()), "meetings": list(answer.meetings.all()),
        }  # fmt: skip

    @property
    def proof_fields(self):
        return [self[name] for name in ("activities", "meetings") if name in self.fields]


class JoinForm(OfficeForm):
    """What counts of two answers to one item."""

    keyed = True
    versioned = True

    result = forms.ChoiceField(label="Kết quả chung", widget=forms.RadioSelect)
    points = NumberField(label="Điểm", whole=False, places=1, required=False, unit="điểm")
    note = forms.CharField(
        label="Ghi chú chung", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = results_of(item)
        if item.max_points:
            self.fields["points"].max_value = item.max_points
            self.fields["points"].help_text = f"Chỉ khi đạt một phần; tối đa {item.max_points}."
        else:
            del self.fields["points"]
