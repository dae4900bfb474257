"""Forms of consent, of requests about one's own data, and of anonymising."""

from django import forms

from branches.models import DataRequest, Member

from .base import DayField, NumberField, OfficeForm


class ConsentForm(OfficeForm):
    """What a member says to the text. Nothing is ticked beforehand; silence is no answer."""

    given = forms.ChoiceField(
        label="Đoàn viên trả lời",
        choices=[("yes", "Đồng ý"), ("no", "Không đồng ý, hoặc rút lại")],
        widget=forms.RadioSelect,
    )
    guardian = forms.CharField(label="Cha, mẹ hoặc người giám hộ cũng đồng ý", required=False, max_length=120)
    note = forms.CharField(label="Giấy nào, ngày nào, để ở đâu", required=False, max_length=300)

    def __init__(self, *args, on_paper: bool, asks_guardian: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not on_paper:
            self.fields["given"].label = "Trả lời của bạn"
            del self.fields["note"]
        else:
            self.fields["note"].required = True
        if not asks_guardian:
            del self.fields["guardian"]


class NewRequestForm(OfficeForm):
    """Write a request into the register. The member lends the name when none is written."""

    keyed = True
    member = forms.ModelChoiceField(
        label="Đoàn viên", queryset=Member.objects.none(), required=False, empty_label="Người ngoài danh sách"
    )
    name = forms.CharField(
        label="Tên người yêu cầu", required=False, max_length=120, help_text="Để trống nếu chính đoàn viên yêu cầu"
    )
    kind = forms.ChoiceField(label="Yêu cầu", choices=DataRequest.Kind.choices)
    details = forms.CharField(label="Nội dung", required=False, max_length=2000, widget=forms.Textarea)
    received_on = DayField(label="Ngày nhận")

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        for name in ("member", "name"):  # one of the two is wanted: neither is called optional
            self.fields[name].says_optional = True

    def clean_member(self):
        return self.cleaned_data["member"]


class AnswerForm(OfficeForm):
    answered_on = DayField(label="Đã trả lời ngày")


class ExtendForm(OfficeForm):
    days = NumberField(label="Gia hạn thêm", unit="ngày", min_value=1)
    because = forms.CharField(label="Lý do, để báo cho người yêu cầu", max_length=300)


class FinishForm(OfficeForm):
    finished_on = DayField(label="Làm xong ngày")
    outcome = forms.CharField(label="Đã làm gì, hoặc vì sao không làm được", max_length=2000, widget=forms.Textarea)


class AnonymiseForm(OfficeForm):
    """No way back, so a tick is asked for."""

    versioned = True
    wrong_lead = "Chưa ẩn danh."
    sure = forms.BooleanField(label="Đã đọc phần trên. Sau khi ẩn danh không lấy lại được.")
