"""What the unit proposes to those above, their answer, and what becomes of it."""

from django import forms
from django.core.exceptions import ValidationError

from branches.aims import AimRefused, parse_aim
from branches.formats import day
from branches.models import Meeting, Proposal
from branches.proposing_above import ANSWERS, FIELDS

from .base import DayField, OfficeForm, OfficeModelForm

State = Proposal.State


class MeetingChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, meeting):
        return f"{meeting.title}, {day(meeting.day)}"


class ProposalForm(OfficeModelForm):
    """Write or correct a proposal."""

    keyed = True

    meeting = MeetingChoiceField(
        label="Từ cuộc họp nào", queryset=Meeting.objects.none(), required=False, empty_label="Không từ cuộc họp"
    )

    class Meta:
        model = Proposal
        fields = FIELDS
        widgets = {
            "put_to": forms.RadioSelect,
            "what": forms.Textarea(attrs={"rows": "2"}),
            "why": forms.Textarea(attrs={"rows": "4"}),
        }
        help_texts = {
            "what": "Một việc một lần ghi. Không ghi tên, hoàn cảnh riêng của đoàn viên.",
            "needs": "Ví dụ: 2.000.000 đồng, hội trường chiều 26/3, một đồng chí hướng dẫn.",
        }

    def __init__(self, *args, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["put_to"].choices = Proposal.PutTo.choices
        self.fields["put_to"].label = "Gửi ai?"
        self.fields["meeting"].queryset = meetings

    def _post_clean(self):
        """The verbs check and save the record; the instance stays as it was loaded."""

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ProposalAnswerForm(OfficeForm):
    """Agreed, not agreed, or to be discussed."""

    keyed = True
    versioned = True
    answer = forms.ChoiceField(label="Trả lời", widget=forms.RadioSelect)
    words = forms.CharField(
        label="Ý kiến", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Cần ghi khi chưa đồng ý hoặc cần trao đổi thêm.",
    )  # fmt: skip
    answered_on = DayField(label="Ngày trả lời")

    def __init__(self, *args, is_written_down=False, **kwargs):
        super().__init__(*args, **kwargs)
        short = {State.DISCUSS: "Cần trao đổi"}
        self.fields["answer"].choices = [(one, short.get(one, State(one).label)) for one in ANSWERS]
        self.fields["words"].says_optional = True
        if is_written_down:
            self.fields["words"].label = "Trả lời thế nào, ở đâu"
            self.fields["words"].help_text = "Ghi rõ văn bản hoặc cuộc họp, ví dụ: họp chi ủy ngày 12/10/2026."


class WordsForm(OfficeForm):
    """More is said in a discussion, or why a proposal is withdrawn."""

    keyed = True
    versioned = True
    words = forms.CharField(label="Ý kiến", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, label="Ý kiến", required=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label
        self.fields["words"].required = required


class IndicatorChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, indicator):
        return f"{indicator.name} ({indicator.unit_word})"


class ProposalPlanForm(OfficeForm):
    """An agreed proposal becomes a target: which indicator, how much."""

    keyed = True
    versioned = True
    indicator = IndicatorChoiceField(label="Chỉ tiêu", queryset=None, empty_label="Chọn chỉ tiêu")
    aim = forms.CharField(
        label="Mức phải đạt", max_length=40, required=False,
        help_text="Ví dụ: 3; ≥ 3; 2-3; 100%. Nếu kế hoạch đã có chỉ tiêu này thì để trống, mức cũ giữ nguyên.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args, indicators, planned, **kwargs):
        """`planned` are the codes of the indicators the plan has a target for already."""
        super().__init__(*args, **kwargs)
        self.planned = planned
        self.fields["indicator"].queryset = indicators
        self.fields["aim"].says_optional = True
        self.written = None

    def clean(self):
        data = super().clean()
        indicator = data.get("indicator")
        if indicator is None or indicator.code in self.planned:
            return data
        try:
            self.written = parse_aim(data.get("aim", ""), indicator)
        except AimRefused as refused:
            self.add_error("aim", ValidationError(str(refused)))
        else:
            if self.written is None:
                self.add_error("aim", "Hãy ghi mức phải đạt, ví dụ 3 hoặc ≥ 3.")
        return data
