"""Forms of the number register."""

from django import forms

from branches.models import NumberSpan, PaperNumber
from branches.numbering import BODY_WORDS, LARGEST, TYPE_WORDS, UBKT

from .base import DayField, FilterForm, NumberField, OfficeForm

TYPES = [(code, f"{name} ({code})") for code, name in sorted(TYPE_WORDS.items(), key=lambda one: one[1])]


class NumberSearch(FilterForm):
    """Words of the abstract or the number, type, term or year, standing."""

    q = forms.CharField(label="Trích yếu, số", required=False, max_length=80)
    loai = forms.ChoiceField(label="Loại văn bản", required=False)
    ky = forms.ChoiceField(label="Nhiệm kỳ, năm", required=False)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Mọi tình trạng"), *PaperNumber.State.choices]
    )

    def __init__(self, *args, books, **kwargs):
        super().__init__(*args, **kwargs)
        types = sorted({view.book.type_code for view in books})
        keys = sorted({view.book.key for view in books}, reverse=True)
        self.fields["loai"].choices = [("", "Mọi loại"), *((code, TYPE_WORDS.get(code, code)) for code in types)]
        self.fields["ky"].choices = [("", "Mọi kỳ"), *((key, key) for key in keys)]


class ReserveForm(OfficeForm):
    """Keep a number free, or write one given on paper."""

    keyed = True

    type_code = forms.ChoiceField(label="Loại văn bản", choices=TYPES)
    body = forms.ChoiceField(label="Cơ quan ban hành", required=False, widget=forms.RadioSelect)
    dated_on = DayField(label="Ngày văn bản")
    about = forms.CharField(label="Trích yếu", max_length=300)
    use = forms.ChoiceField(
        label="Lấy số để", widget=forms.RadioSelect,
        choices=[("used", "Dùng ngay"), ("reserved", "Giữ chỗ")],
        help_text="Dùng ngay: cho văn bản soạn ngoài phần mềm. Giữ chỗ: để dành cho một văn bản sẽ ban hành.",
    )  # fmt: skip
    wanted = NumberField(
        label="Số", required=False, min_value=1, max_value=LARGEST,
        help_text="Để trống thì lấy số tiếp theo trong sổ.",
    )  # fmt: skip
    number_reason = forms.CharField(
        label="Lý do không lấy số tiếp theo", required=False, max_length=300,
        help_text="Chỉ ghi khi số khác số tiếp theo, ví dụ: các số trước ở sổ giấy.",
    )  # fmt: skip

    def __init__(self, *args, has_committee: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", BODY_WORDS[""]), (UBKT, BODY_WORDS[UBKT])]
        self.fields["body"].says_optional = True  # one of the two is always chosen
        self.fields["type_code"].choices = [("", "Chọn loại văn bản"), *TYPES]
        if not has_committee:
            del self.fields["body"]


class ReleaseForm(OfficeForm):
    keyed = True

    reason = forms.CharField(label="Lý do bỏ số", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SpanForm(OfficeForm):
    keyed = True

    span = forms.ChoiceField(label="Đánh số văn bản", choices=NumberSpan.Span, widget=forms.RadioSelect)
