"""Forms of the steps of a case."""

from django import forms

from branches.forms.base import DayField, OfficeForm
from inspections.forms.fields import MonthField
from inspections.forms.follow_up import SeveralFilesField


class SendPlanForm(OfficeForm):
    keyed = True
    versioned = True

    sent_on = DayField(label="Ngày gửi kế hoạch và đề cương")
    self_report_due_on = DayField(label="Hạn đơn vị gửi báo cáo", required=False)

    def __init__(self, *args, suggested, **kwargs):
        super().__init__(*args, **kwargs)
        nothing = "Chưa định ngày làm việc nên chưa có hạn gợi ý; để trống là không đặt hạn."
        self.fields["self_report_due_on"].help_text = suggested or nothing


class ReasonForm(OfficeForm):
    """One reason, for steps that need one."""

    keyed = True
    versioned = True

    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class VerifyForm(OfficeForm):
    keyed = True
    versioned = True

    reason = forms.CharField(
        label="Lý do thẩm tra khi chưa có báo cáo", required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args, needs_reason, **kwargs):
        super().__init__(*args, **kwargs)
        if needs_reason:
            self.fields["reason"].says_optional = True
        else:
            del self.fields["reason"]


class TeamReportForm(OfficeForm):
    keyed = True
    versioned = True

    opinion = forms.CharField(
        label="Đánh giá, đề nghị của đoàn kiểm tra", required=False, max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Nhận định và kiến nghị đã ghi tự vào báo cáo; ở đây chỉ ghi đánh giá chung.",
    )  # fmt: skip


class EscalateForm(ReasonForm):
    title = forms.CharField(label="Nội dung cuộc kiểm tra mới", max_length=200)
    field_order = ("reason", "title")


class ReinspectForm(OfficeForm):
    keyed = True
    versioned = True

    title = forms.CharField(label="Nội dung cuộc phúc tra", max_length=200)
    planned_month = MonthField(label="Tháng dự kiến", required=False)


class PaperReportForm(OfficeForm):
    """The unit's report came on paper."""

    keyed = True
    versioned = True

    sent_on = DayField(label="Ngày nhận")
    number = forms.CharField(label="Số, ký hiệu văn bản", required=False, max_length=60)
    text = forms.CharField(
        label="Tóm tắt nội dung", required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 5})
    )
    files = SeveralFilesField(
        label="Bản chụp", required=False, help_text="Ảnh, PDF, Word, Excel; mỗi tệp tối đa 10 MB."
    )


class SelfReportForm(OfficeForm):
    """The unit's own report, as long as it is being written."""

    keyed = True
    versioned = True

    text = forms.CharField(
        label="Nội dung báo cáo", required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 14})
    )
    number = forms.CharField(label="Số, ký hiệu văn bản", required=False, max_length=60)
    files = SeveralFilesField(
        label="Tệp kèm theo", required=False,
        help_text="Ảnh, PDF, Word, Excel; mỗi tệp tối đa 10 MB. Chọn được nhiều tệp.",
    )  # fmt: skip
    dropped = forms.TypedMultipleChoiceField(
        label="Bỏ tệp đã lưu", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, stored_files, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].says_optional = True
        self.fields["dropped"].choices = [(file.pk, file.name) for file in stored_files]
        self.fields["dropped"].says_optional = True
        if not stored_files:
            del self.fields["dropped"]
