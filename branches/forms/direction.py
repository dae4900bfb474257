"""What the Party committee or the superior asked, and the unit's answer."""

from django import forms

from branches.models import Direction

from .base import DayField, OfficeForm, OfficeModelForm


class DirectionForm(OfficeModelForm):
    """Write down or correct a direction."""

    keyed = True

    class Meta:
        model = Direction
        fields = ("given_by", "body_name", "given_on", "text", "document", "due_on")
        widgets = {"given_by": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": "5"})}
        help_texts = {
            "text": "Một việc một lần ghi, để theo dõi riêng từng việc.",
            "document": "Ví dụ: Kết luận 12-KL/CB ngày 31/03/2026, hoặc biên bản buổi làm việc.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_by"].choices = Direction.GivenBy.choices

    def _post_clean(self):
        """The verbs check and save the record; the instance stays as it was loaded."""

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def show(self, refusal) -> None:
        for name, message in refusal.errors.items():
            self.add_error(name if name in self.fields else None, message)


class AnswerForm(OfficeForm):
    """Answer a direction in words; the targets that answer it are tied to it in the plan."""

    versioned = True
    answer = forms.CharField(
        label="Đã làm gì, kết quả thế nào",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="Để trống nếu muốn bỏ trả lời đã ghi.",
    )
    answered_on = DayField(label="Ngày trả lời")

    show = DirectionForm.show
