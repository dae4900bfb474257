"""Forms of congress papers: the passages of one, the grid of proposed targets, the day it is issued."""

from django import forms

from branches.aims import AimRefused, aim_text, parse_aim
from branches.forms.base import DayField, OfficeForm
from branches.models import Indicator

from .content import Passage
from .keeping import LONGEST
from .proposing import Line, Wanted, proposal_text


class TextsForm(OfficeForm):
    """One field a passage; empty, the paper says what the data says."""

    keyed = True
    versioned = True

    signer_post = forms.CharField(label="Chức vụ người ký", max_length=60, required=False)
    signer_name = forms.CharField(label="Người ký", max_length=120, required=False)

    def __init__(self, *args, passages: tuple[Passage, ...], **kwargs):
        self.passages = passages
        super().__init__(*args, **kwargs)

    @property
    def texts(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[self.name_of(one)] for one in self.passages}

    @staticmethod
    def name_of(passage: Passage) -> str:
        return f"text_{passage.key.replace('-', '_')}"

    @classmethod
    def of(cls, passages: tuple[Passage, ...]) -> type["TextsForm"]:
        """The form with a field for each of these passages."""
        fields = {
            cls.name_of(one): forms.CharField(
                label=one.title, max_length=LONGEST, required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            for one in passages
        }  # fmt: skip
        return type(cls.__name__, (cls,), fields)

    def rows(self):
        """(passage, its field) in the order of the paper."""
        return [(one, self[self.name_of(one)]) for one in self.passages]


class GridForm(OfficeForm):
    """Every line with its aim and reason, and one more of the catalogue."""

    keyed = True
    versioned = True

    added = forms.ModelChoiceField(
        Indicator.objects.none(), label="Thêm chỉ tiêu", required=False, empty_label="Chọn trong danh mục"
    )
    added_aim = forms.CharField(label="Mức đề xuất", max_length=60, required=False)
    added_reason = forms.CharField(label="Căn cứ", max_length=300, required=False)

    def __init__(self, *args, lines: list[Line], catalogue, **kwargs):
        self.lines = lines
        super().__init__(*args, **kwargs)
        self.fields["added"].queryset = catalogue

    @classmethod
    def of(cls, lines: list[Line], *, is_new: bool) -> type["GridForm"]:
        """The form with the fields of these lines; a draft nobody saved yet begins with what the data suggests."""
        fields = {}
        for line in lines:
            aim, reason = "", ""
            if line.proposed:
                aim, reason = proposal_text(line.proposed), line.proposed.reason
            elif is_new and line.suggestion:
                aim, reason = aim_text(line.suggestion.aim, line.indicator), line.suggestion.reason
            name = line.indicator.name
            fields[f"aim_{line.indicator.pk}"] = forms.CharField(
                label=f"Mức đề xuất: {name}", max_length=60, required=False, initial=aim
            )
            fields[f"reason_{line.indicator.pk}"] = forms.CharField(
                label=f"Căn cứ: {name}", max_length=300, required=False, initial=reason
            )
        return type(cls.__name__, (cls,), fields)

    def clean(self):
        said = super().clean()
        self.wanted = []
        for line in self.lines:
            key = line.indicator.pk
            self._read(line.indicator, f"aim_{key}", said.get(f"reason_{key}", ""))
        if indicator := said.get("added"):
            if any(line.indicator.code == indicator.code for line in self.lines):
                self.add_error("added", "Chỉ tiêu này đã có dòng ở trên.")
            elif not said.get("added_aim") and "added_aim" not in self.errors:
                self.add_error("added_aim", "Hãy ghi mức đề xuất.")
            else:
                self._read(indicator, "added_aim", said.get("added_reason", ""))
        elif (said.get("added_aim") or said.get("added_reason")) and "added" not in self.errors:
            self.add_error("added", "Hãy chọn chỉ tiêu cho mức đã ghi.")
        return said

    def _read(self, indicator: Indicator, name: str, reason: str) -> None:
        if name in self.errors:
            return
        try:
            aim = parse_aim(self.cleaned_data.get(name, ""), indicator)
        except AimRefused as refused:
            self.add_error(name, str(refused))
        else:
            self.wanted.append(Wanted(indicator, aim, reason))

    def rows(self):
        """(line, its aim, its reason) in the order of the grid."""
        return [(line, self[f"aim_{line.indicator.pk}"], self[f"reason_{line.indicator.pk}"]) for line in self.lines]


class IssueForm(OfficeForm):
    keyed = True
    versioned = True

    dated_on = DayField(label="Ngày văn bản")


class AdoptForm(OfficeForm):
    keyed = True
