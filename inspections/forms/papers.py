"""Forms of the papers of a case: the words of a draft, the issue, the signed sheet."""

from django import forms

from branches.forms.base import DayField, NumberField, OfficeForm, RowsField
from branches.numbering import LARGEST
from inspections.forms.follow_up import SeveralFilesField
from inspections.models import CasePaper, Recommendation
from inspections.papering import LONGEST_TEXT, Slot


class BeginForm(OfficeForm):
    keyed = True


class PaperForm(OfficeForm):
    """One box for each passage people may word; a reminder also says which recommendations it is about."""

    keyed = True
    versioned = True

    def __init__(self, *args, slots: tuple[Slot, ...], asked=None, **kwargs):
        self.slots = slots
        self.base_fields = {**self.base_fields}
        if asked is not None:
            self.base_fields["about"] = RowsField(
                label="Kiến nghị cần đôn đốc", queryset=asked, required=False, widget=forms.CheckboxSelectMultiple,
                help_text="Không chọn mục nào thì nêu mọi kiến nghị chưa khép.",
            )  # fmt: skip
            self.base_fields["about"].label_from_instance = lambda row: f"{row.number}. {row.text}"
        for slot in slots:
            rows = max(2, min(14, sum(1 + len(line) // 60 for line in slot.text.splitlines())))
            self.base_fields[f"text_{slot.key}"] = forms.CharField(
                label=slot.label, required=False, max_length=LONGEST_TEXT, help_text=slot.hint,
                widget=forms.Textarea(attrs={"rows": rows}),
            )  # fmt: skip
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.says_optional = True  # the page says it once

    @property
    def passages(self):
        return [(slot, self[f"text_{slot.key}"]) for slot in self.slots]

    def texts(self) -> dict[str, str]:
        return {slot.key: self.cleaned_data[f"text_{slot.key}"] for slot in self.slots}

    @staticmethod
    def stored(paper: CasePaper, slots: tuple[Slot, ...]) -> dict:
        values = {f"text_{slot.key}": slot.text for slot in slots}
        return values | {"version": paper.version, "about": Recommendation.objects.filter(papers=paper)}


class IssueForm(OfficeForm):
    """Number, day and signer. `offered` is the next number of the book, "" for a paper without a number."""

    keyed = True
    versioned = True

    dated_on = DayField(label="Ngày văn bản")
    wanted = NumberField(label="Số", required=False, min_value=1, max_value=LARGEST)
    number_reason = forms.CharField(
        label="Lý do không lấy số tiếp theo", required=False, max_length=300,
        help_text="Chỉ ghi khi số khác số tiếp theo trong sổ.",
    )  # fmt: skip
    signer_capacity = forms.CharField(label="Thể thức ký", required=False, max_length=120)
    signer_post = forms.CharField(label="Chức vụ người ký", required=False, max_length=120)
    signer_name = forms.CharField(label="Họ và tên người ký", required=False, max_length=120)

    def __init__(self, *args, offered: str, is_signed_alone: bool, **kwargs):
        self.base_fields = {**self.base_fields}
        if not offered:
            del self.base_fields["wanted"], self.base_fields["number_reason"]
        if not is_signed_alone:
            for name in ("signer_capacity", "signer_post", "signer_name"):
                del self.base_fields[name]
        super().__init__(*args, **kwargs)
        if offered:
            self.fields["wanted"].help_text = f"Để trống thì lấy số tiếp theo trong sổ: {offered}."


class ReplaceForm(OfficeForm):
    keyed = True

    reason = forms.CharField(
        label="Lý do ban hành lại", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In ở đầu bản mới.",
    )  # fmt: skip


class DropForm(OfficeForm):
    keyed = True
    versioned = True


class ScanForm(OfficeForm):
    keyed = True

    files = SeveralFilesField(label="Ảnh hoặc PDF bản ký", required=False)
