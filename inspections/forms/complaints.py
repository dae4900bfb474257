"""Forms of complaints. What a letter says is typed on a page of its own and kept closed."""

from django import forms

from branches.forms.base import DayField, FilterForm, OfficeForm
from inspections.forms.follow_up import SeveralFilesField
from inspections.models import Complaint

State = Complaint.State
OPEN = "mo"


class ComplaintForm(OfficeForm):
    keyed = True
    versioned = True

    received_by = forms.ModelChoiceField(label="Ủy ban Kiểm tra nhận đơn", queryset=None, empty_label=None)
    kind = forms.ChoiceField(label="Loại đơn", choices=Complaint.Kind.choices, widget=forms.RadioSelect)
    received_on = DayField(label="Ngày nhận")
    unit = forms.ModelChoiceField(label="Đơn nói về đơn vị", queryset=None, empty_label="Chọn đơn vị")
    from_name = forms.CharField(
        label="Người gửi", required=False, max_length=160, help_text="Đơn không ghi tên thì để trống."
    )
    from_contact = forms.CharField(label="Địa chỉ, điện thoại", required=False, max_length=200)
    text = forms.CharField(label="Nội dung đơn", max_length=6000, widget=forms.Textarea(attrs={"rows": 8}))
    files = SeveralFilesField(
        label="Bản chụp đơn, tệp kèm theo", required=False,
        help_text="Ảnh, PDF, Word, Excel; mỗi tệp tối đa 10 MB. Chọn được nhiều tệp.",
    )  # fmt: skip
    NAMES = ("unit", "kind", "received_on", "from_name", "from_contact", "text")

    def __init__(self, *args, committees, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        if committees is None or len(committees) == 1:
            del self.fields["received_by"]
        else:
            self.fields["received_by"].queryset = committees

    @classmethod
    def stored(cls, complaint: Complaint) -> dict:
        return {"version": complaint.version, **{name: getattr(complaint, name) for name in cls.NAMES}}

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class TakeUpForm(OfficeForm):
    keyed = True
    versioned = True

    words = forms.CharField(
        label="Giao ai, cách giải quyết", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(OfficeForm):
    keyed = True
    versioned = True

    ended_on = DayField(label="Ngày trả lời")
    answer = forms.CharField(
        label="Kết quả giải quyết", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Đơn không ghi tên thì ghi kết quả xem xét.",
    )  # fmt: skip


class RefuseForm(OfficeForm):
    keyed = True
    versioned = True

    ended_on = DayField(label="Ngày")
    reason = forms.CharField(label="Lý do không thụ lý", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ForwardForm(RefuseForm):
    reason = forms.CharField(label="Chuyển đến đâu, vì sao", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class OpenCaseForm(OfficeForm):
    """An inspection on signs of violation at the unit the letter is about."""

    keyed = True
    versioned = True

    programme = forms.ModelChoiceField(label="Căn cứ chương trình", queryset=None, empty_label=None)
    title = forms.CharField(
        label="Nội dung cuộc kiểm tra", max_length=200,
        help_text="Đoàn kiểm tra và đơn vị sẽ đọc dòng này: không nhắc đến đơn thư, người gửi.",
    )  # fmt: skip
    review_from = DayField(label="Xem xét từ ngày")
    review_last = DayField(label="Đến hết ngày")
    reason = forms.CharField(
        label="Lý do bổ sung vào chương trình", max_length=300,
        help_text="Ghi ở chương trình, không nhắc đến đơn thư.", initial="Kiểm tra khi có dấu hiệu vi phạm",
    )  # fmt: skip

    def __init__(self, *args, programmes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes


class LinkForm(OfficeForm):
    """The case in which it is looked into; the disciplinary case only to who may read such a case."""

    keyed = True
    versioned = True

    inspection = forms.ModelChoiceField(
        label="Cuộc kiểm tra", queryset=None, required=False, empty_label="Không gắn với cuộc nào"
    )
    discipline = forms.ModelChoiceField(
        label="Hồ sơ kỷ luật", queryset=None, required=False, empty_label="Không gắn với hồ sơ nào"
    )

    def __init__(self, *args, cases, disciplines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["inspection"].queryset = cases
        self.fields["discipline"].queryset = disciplines
        self.fields["discipline"].label_from_instance = discipline_label
        if not disciplines:
            del self.fields["discipline"]
        for field in self.fields.values():
            field.says_optional = True


def discipline_label(case) -> str:
    return f"{case.whom}, xem xét từ {case.opened_on:%d/%m/%Y}, {case.get_state_display().lower()}"


class ComplaintFilter(FilterForm):
    """By words, state and kind; what cannot be read is left out instead of refused."""

    tim = forms.CharField(label="Số đơn, đơn vị, người gửi", required=False, max_length=100)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False,
        choices=[("", "Mọi tình trạng"), (OPEN, "Chưa giải quyết xong"), *State.choices],
    )  # fmt: skip
    loai = forms.ChoiceField(label="Loại đơn", required=False, choices=[("", "Mọi loại"), *Complaint.Kind.choices])

    def chosen(self, rows):
        said = self.understood
        if words := said.get("tim"):
            rows = rows.matching(words)
        if state := said.get("tinh_trang"):
            rows = rows.waiting() if state == OPEN else rows.filter(state=state)
        if kind := said.get("loai"):
            rows = rows.filter(kind=kind)
        return rows
