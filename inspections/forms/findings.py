"""The forms of findings and draft recommendations, written until the notice goes out."""

from django import forms

from branches.formats import day
from branches.forms.base import DayField, OfficeForm, OfficeModelForm, RowsField
from branches.models import Activity, Meeting, Target
from inspections.models import ChecklistItem, Finding, Recommendation
from inspections.repeating import suggest_repeats

from .fields import SentencesField

NOT_AGAIN = "none"
# In the order of the page: what was found, then what it rests on.
LINKS = ("target", "activity", "meeting", "item")
FIELDS = ("kind", "text", "weight", "facts", "self_stated", *LINKS, "source", "paper")


class TargetChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, target):
        return f"{target.indicator.name} ({target.period.name})"


class ActivityChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, activity):
        return f"{day(activity.last_on)} · {activity.title}"


class MeetingChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, meeting):
        return f"{day(meeting.day)} · {meeting.title}"


class ItemChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, item):
        return f"{item.topic}: {item.text}" if item.topic else item.text


class FindingForm(OfficeModelForm):
    """What was found, how grave it is, and what it rests on.

    `earlier` are the faults that notices named at this unit before. Where one looks like this finding the form asks
    once whether it is the same again; the answer is the inspector's, either way.
    """

    keyed = True

    target = TargetChoiceField(
        label="Chỉ tiêu", queryset=Target.objects.none(), required=False, empty_label="Không gắn"
    )
    activity = ActivityChoiceField(
        label="Hoạt động", queryset=Activity.objects.none(), required=False, empty_label="Không gắn"
    )
    meeting = MeetingChoiceField(
        label="Buổi sinh hoạt", queryset=Meeting.objects.none(), required=False, empty_label="Không gắn"
    )
    item = ItemChoiceField(
        label="Mục trong phiếu kiểm tra", queryset=ChecklistItem.objects.none(), required=False,
        empty_label="Không gắn",
    )  # fmt: skip
    again = SentencesField(label="Có phải lặp lại hạn chế lần trước?", required=False, widget=forms.RadioSelect)

    class Meta:
        model = Finding
        fields = FIELDS
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 4}),
            "facts": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"source": "Danh sách, sổ sách đã xem", "paper": "Văn bản ngoài phần mềm"}
        help_texts = {
            "weight": "Chỉ dùng cho hạn chế, vi phạm.",
            "facts": "Ví dụ: họp 7 trên 9 buổi; thiếu biên bản tháng 3, tháng 6.",
            "paper": "Ví dụ: Báo cáo 12-BC/CĐ, 05/9/2026.",
        }

    def __init__(self, *args, earlier=(), **kwargs):
        material = {name: kwargs.pop(name) for name in ("targets", "activities", "meetings", "items")}
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Finding.Class.choices
        self.fields["weight"].required = False
        self.fields["weight"].says_optional = self.fields["again"].says_optional = True
        self.fields["source"].choices = [("", "Không gắn"), *Finding.Source.choices]
        self.earlier = list(earlier)
        for name, rows in zip(LINKS, material.values(), strict=True):
            self.fields[name].queryset = rows
            self.fields[name].says_optional = True
            if not rows:
                del self.fields[name]
        self.suggested = self._suggested()
        self._offer_again()

    def _suggested(self):
        """What the finding, as far as it is known now, may be again."""
        if not self.earlier:
            return []
        return suggest_repeats(
            self._known("text") or "", target=self._row("target"), item=self._row("item"), among=self.earlier
        )

    def _known(self, name):
        return self[name].value() if name in self.fields else None

    def _row(self, name):
        value = self._known(name)
        if name not in self.fields or not value:
            return None
        wanted = str(getattr(value, "pk", value))
        return next((row for row in self.fields[name].queryset if str(row.pk) == wanted), None)

    def _offer_again(self):
        """The suggested ones, and the one chosen before; without any the question is not asked."""
        offered = {one.finding.pk: (one.finding, one.why) for one in self.suggested}
        before = self.instance.repeat_of
        if before is not None:
            offered.setdefault(before.pk, (before, ""))
        if not offered:
            del self.fields["again"]
            return
        self.fields["again"].choices = [
            *((str(pk), _earlier_words(finding, why)) for pk, (finding, why) in offered.items()),
            (NOT_AGAIN, "Không, đây là hạn chế mới"),
        ]
        self.offered = {str(pk): finding for pk, (finding, _) in offered.items()}
        if self.instance.pk:
            self.initial["again"] = str(before.pk) if before else NOT_AGAIN

    def clean(self):
        data = super().clean()
        if "again" not in self.fields or data.get("kind") not in Finding.FAULTS:
            return data
        if not data.get("again") and "again" not in self.errors:
            self.add_error("again", "Lần trước đã có nhận định giống thế này. Hãy chọn có lặp lại hay không.")
        return data

    def fields_of_finding(self) -> dict:
        """What the verbs take."""
        data = self.cleaned_data
        said = {name: data.get(name) for name in FIELDS}
        said["weight"] = data["weight"] or Finding.Weight.NONE
        return said | {"repeat_of": self.offered.get(data.get("again")) if "again" in self.fields else None}

    @property
    def main_fields(self):
        names = ("kind", "text", "weight", "facts", "self_stated", "again")
        return [self[name] for name in names if name in self.fields]

    @property
    def link_fields(self):
        return [self[name] for name in (*LINKS, "source", "paper") if name in self.fields]

    @property
    def has_links(self) -> bool:
        return any(field.value() or field.errors for field in self.link_fields)

    def _get_validation_exclusions(self):
        # The verb validates the row; here the finding has no case yet.
        return super()._get_validation_exclusions() | {"inspection", "position"}


def _earlier_words(finding: Finding, why: str) -> str:
    said = f"{day(finding.inspection.concluded_on)}: {finding.text}"
    return f"{said} ({why})" if why else said


class RecommendationForm(OfficeForm):
    keyed = True
    versioned = True
    FIELDS = ("text", "owner", "due_on", "no_due_date", "recurs", "recurs_until", "expected_proof")

    text = forms.CharField(label="Nội dung kiến nghị", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    owner = forms.CharField(label="Ai thực hiện", max_length=160, help_text="Ví dụ: Bí thư chi đoàn.")
    due_on = DayField(label="Hạn", required=False, help_text="Việc làm lặp lại thì ghi hạn của kỳ đầu.")
    no_due_date = forms.BooleanField(label="Không đặt hạn", required=False)
    recurs = forms.ChoiceField(
        label="Lặp lại", required=False, choices=[("", "Làm một lần"), *Recommendation.Recurs.choices]
    )
    recurs_until = DayField(label="Lặp lại đến ngày", required=False)
    expected_proof = forms.CharField(label="Minh chứng cần có", required=False, max_length=300)
    findings = RowsField(
        label="Từ nhận định nào", queryset=Finding.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, findings, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("due_on", "recurs"):
            self.fields[name].says_optional = True
        self.fields["findings"].queryset = findings
        self.fields["findings"].label_from_instance = lambda finding: finding.text
        if not findings:
            del self.fields["findings"]
        if "version" not in self.initial:
            del self.fields["version"]

    @classmethod
    def stored(cls, row) -> dict:
        said = {name: getattr(row, name) for name in (*cls.FIELDS, "version")}
        return said | {"findings": list(row.findings.order_by("position"))}

    def fields_of_row(self) -> dict:
        said = {name: self.cleaned_data[name] for name in self.FIELDS}
        return said | {"findings": self.cleaned_data.get("findings", ())}
