"""Forms of Word templates: the file, and the day from which it counts or no longer counts."""

from django import forms

from branches.forms.base import DayField, OfficeForm
from branches.models import StoredFile
from branches.uploads import UploadRefused, clean_upload
from reports.papers.word_templates import WordFileRefused, checked_file

WORD_SUFFIX = ".docx"


class WordFileForm(OfficeForm):
    """A file is taken only when it is a plain Word file and names nothing that is not offered."""

    keyed = True
    wrong_lead = "Chưa nhận được mẫu."
    file = forms.FileField(
        label="Tệp mẫu (docx)",
        help_text="Tối đa 10 MB, không có macro.",
        widget=forms.FileInput(attrs={"accept": WORD_SUFFIX}),
    )

    def __init__(self, *args, kind, **kwargs):
        self.kind = kind
        super().__init__(*args, **kwargs)

    def clean_file(self):
        """The clean file; what it names is in `self.checked`."""
        try:
            clean = clean_upload(self.cleaned_data["file"], field="file")
            if clean.kind != StoredFile.Kind.OFFICE or not clean.name.lower().endswith(WORD_SUFFIX):
                raise UploadRefused(f"Tệp “{clean.name}” không phải tệp Word (docx). Hãy chọn tệp docx.", "file")
            self.checked = checked_file(self.kind, clean.content)
        except (UploadRefused, WordFileRefused) as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if self.checked.unknown:
            names = ", ".join(f"“{name}”" for name in self.checked.unknown)
            raise forms.ValidationError(
                f"Trong tệp có chỗ điền phần mềm không biết: {names}. Hãy sửa theo bảng các chỗ điền rồi chọn lại."
            )
        return clean


class FromDayForm(OfficeForm):
    """From which day the step counts."""

    keyed = True
    versioned = True
    from_on = DayField(label="Từ ngày")


class DropForm(OfficeForm):
    keyed = True
    versioned = True
