"""Forms of emulation: a set and its criteria, clusters, the unit's own points, the superior's."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from branches.formats import day
from branches.forms.activity import ManyFilesField
from branches.forms.base import DayField, NumberField, OfficeForm, RowsField
from branches.forms.fields import YearField, as_typed
from branches.forms.picking import PickField, PickManyField
from branches.models import Unit
from reports.models import EmulationCriterion

from .sheets import MOST_PIECES, Answer

Kind = EmulationCriterion.Kind
MOST_POINTS = 1000
TEXT = forms.Textarea(attrs={"rows": 3})


class PointsField(NumberField):
    """Points with at most two decimals."""

    def __init__(self, **kwargs):
        super().__init__(**{"whole": False, "places": 2, "unit": "điểm", "max_value": MOST_POINTS, **kwargs})


class SetForm(OfficeForm):
    """A new set, or what stands around the criteria of one."""

    keyed = True
    year = YearField(label="Năm thi đua")
    name = forms.CharField(label="Tên bộ tiêu chí", max_length=200)
    total_points = PointsField(
        label="Tổng điểm", min_value=Decimal("0.01"), help_text="Các tiêu chí phải cộng lại bằng số này."
    )
    bonus_cap = PointsField(label="Điểm thưởng tối đa", required=False, help_text="Để trống thì không giới hạn.")
    self_until = DayField(label="Đơn vị tự chấm đến hết ngày")
    source = forms.CharField(
        label="Căn cứ", max_length=300, required=False, help_text="Văn bản ban hành bộ tiêu chí, số và ngày."
    )

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "total_points", "bonus_cap", "self_until", "source")}


class SetEditForm(SetForm):
    """Everything but the year. Of a set in use only the last day can be changed; the verb says so."""

    versioned = True
    year = None


class CopyForm(OfficeForm):
    """The year a copy is for."""

    keyed = True
    year = YearField(label="Năm thi đua")
    name = forms.CharField(label="Tên bộ tiêu chí", max_length=200)
    self_until = DayField(label="Đơn vị tự chấm đến hết ngày")


class GroupForm(OfficeForm):
    """A heading under which criteria stand."""

    keyed = True
    number = forms.CharField(label="Số thứ tự", max_length=10, help_text="Ví dụ I, II hoặc A.")
    text = forms.CharField(label="Tên nhóm", max_length=500, widget=TEXT)

    def __init__(self, *args, versioned=False, **kwargs):
        self.versioned = versioned
        super().__init__(*args, **kwargs)

    def said(self) -> dict:
        return {"kind": Kind.GROUP, "number": self.cleaned_data["number"], "text": self.cleaned_data["text"]}


class CriterionForm(OfficeForm):
    """One criterion. Which of the lower fields count depends on the way of scoring; the verb keeps only those."""

    keyed = True
    KINDS = [(value, label) for value, label in Kind.choices if value != Kind.GROUP]

    number = forms.CharField(label="Số thứ tự", max_length=10, help_text="Ví dụ 1, 2 hoặc 1.1.")
    text = forms.CharField(label="Nội dung", max_length=500, widget=TEXT)
    points = PointsField(label="Điểm tối đa", help_text="Với điểm trừ: số điểm trừ nhiều nhất.")
    kind = forms.ChoiceField(label="Cách chấm", choices=KINDS, widget=forms.RadioSelect)
    indicator_code = PickField(
        label="Lấy số liệu của chỉ tiêu", required=False,
        help_text="Cần khi tính từ số liệu; với điểm trừ, điểm thưởng thì để trống nếu tự đếm số lần.",
    )  # fmt: skip
    rule = forms.ChoiceField(
        label="Tính từ số liệu thế nào?",
        required=False,
        choices=[("", "Chọn cách tính"), *EmulationCriterion.Rule.choices],
    )
    per_piece = PointsField(
        label="Điểm mỗi lần, mỗi kết quả", required=False,
        help_text="Cần khi tính theo từng kết quả, điểm trừ và điểm thưởng.",
    )  # fmt: skip
    bands = forms.CharField(
        label="Bảng mức", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi mức một dòng: từ; đến dưới; điểm. Ví dụ 80; 95; 8. Mức cuối bỏ trống phần giữa: 95; ; 10. "
        "Tỷ lệ ghi theo phần trăm.",
    )  # fmt: skip
    above_total = forms.BooleanField(
        label="Điểm thưởng cộng thêm ngoài tổng điểm", required=False,
        help_text="Bỏ dấu thì điểm thưởng chỉ bù vào cho đủ tổng điểm.",
    )  # fmt: skip
    needs_evidence = forms.BooleanField(label="Phải có minh chứng", required=False)
    guidance = forms.CharField(label="Hướng dẫn chấm", max_length=500, required=False, widget=TEXT)

    def __init__(self, *args, indicators, versioned=False, **kwargs):
        self.versioned = versioned
        super().__init__(*args, **kwargs)
        choices = [(one.code, f"{one.name} ({one.unit_word})") for one in indicators]
        self.fields["indicator_code"].choices = [("", "Không lấy số liệu"), *choices]

    def clean_bands(self) -> list:
        """Rows [from, to, points] as exact numbers, None for no end."""
        number, found = NumberField(whole=False), []
        for place, line in enumerate(self.cleaned_data["bands"].splitlines(), start=1):
            if not line.strip():
                continue
            cells = [cell.strip() for cell in re.split(r"[;\t|]", line)]
            try:
                low, high, worth = [number.clean(cell) if cell else None for cell in cells]
            except (ValueError, ValidationError):
                low = worth = None
            if low is None or worth is None:
                raise ValidationError(f"Dòng {place}: hãy ghi đủ từ; đến dưới; điểm, ví dụ 80; 95; 8.")
            found.append((low, high, worth))
        if len(found) > 20:
            raise ValidationError("Tối đa 20 mức. Hãy gộp bớt.")
        return found

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields if name not in ("form_key", "version")}


def bands_text(bands: list) -> str:
    """Stored bands as a person typed them."""
    return "\n".join("; ".join(as_typed(Decimal(cell)) if cell else "" for cell in row) for row in bands)


class ClusterForm(OfficeForm):
    """A cluster and the units in it."""

    keyed = versioned = True
    name = forms.CharField(label="Tên cụm", max_length=120, help_text="Ví dụ Cụm thi đua số II.")
    units = RowsField(
        Unit.objects.none(), label="Đơn vị trong cụm", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Đơn vị đang ở cụm khác sẽ chuyển sang cụm này.",
    )  # fmt: skip

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = Unit.objects.filter(pk__in=[one.pk for one in units]).order_by("sort_key", "pk")


class SureForm(OfficeForm):
    """Nothing to say, only the deed itself."""

    keyed = versioned = True


class ReasonForm(OfficeForm):
    keyed = versioned = True
    reason = forms.CharField(label="Lý do", max_length=500, widget=TEXT)


class PublishForm(OfficeForm):
    """The reason is asked from the second edition on."""

    keyed = versioned = True
    reason = forms.CharField(label="Lý do thay đổi", max_length=500, required=False, widget=TEXT)

    def __init__(self, *args, is_first, **kwargs):
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]


def said_field(criterion: EmulationCriterion, label: str, *, required: bool) -> forms.Field:
    """How this criterion is answered: yes or no, a number of times, or points."""
    if criterion.kind == Kind.YES_NO:
        choices = [("1", f"Có ({as_typed(criterion.points)} điểm)"), ("0", "Không")]
        return forms.TypedChoiceField(
            label=label, choices=choices, coerce=Decimal, empty_value=None, required=required, widget=forms.RadioSelect
        )
    if criterion.is_piecewise:
        return NumberField(label=label, unit="lần", max_value=int(MOST_PIECES), required=required)
    if criterion.kind == Kind.DEDUCTION:
        return PointsField(label=label, unit="điểm trừ", max_value=criterion.points, required=required)
    return PointsField(label=label, max_value=criterion.points, required=required)


def shown_said(criterion: EmulationCriterion, said: Decimal | None):
    """A stored answer as its field shows it."""
    if said is None:
        return None
    return str(int(said)) if criterion.kind == Kind.YES_NO or criterion.is_piecewise else said


class SelfForm(OfficeForm):
    """The whole sheet as the unit fills it; what is left empty is not answered yet."""

    keyed = versioned = True

    def __init__(self, data=None, *, criteria, lines, **kwargs):
        self.criteria = list(criteria)
        super().__init__(data, **kwargs)
        for one in self.criteria:
            line, name = lines.get(one.pk), f"c{one.pk}"
            said = said_field(one, "Tự chấm", required=False)
            note = forms.CharField(
                label="Giải trình", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
            for part, field in (("said", said), ("note", note)):
                field.says_optional = True
                self._dress(field)
                self._answer(field, field.label)
                self.fields[f"{name}-{part}"] = field
            if line:
                self.initial[f"{name}-said"] = shown_said(one, line.self_said)
                self.initial[f"{name}-note"] = line.self_note

    def fields_of(self, criterion) -> tuple:
        return self[f"c{criterion.pk}-said"], self[f"c{criterion.pk}-note"]

    def answers(self) -> dict:
        data = self.cleaned_data
        return {
            one: Answer(_exact(data.get(f"c{one.pk}-said")), data.get(f"c{one.pk}-note", "")) for one in self.criteria
        }


class GiveForm(OfficeForm):
    """The superior's points of one line."""

    keyed = versioned = True
    note = forms.CharField(
        label="Nhận xét, lý do", max_length=1000, required=False, widget=TEXT,
        help_text="Cần ghi khi điểm khác điểm đơn vị tự chấm. Đơn vị đọc được sau khi công bố.",
    )  # fmt: skip

    def __init__(self, data=None, *, criterion, **kwargs):
        super().__init__(data, **kwargs)
        said = said_field(criterion, "Điểm chấm", required=True)
        self._dress(said)
        self._answer(said, said.label)
        self.fields = {"said": said, **self.fields}

    def said(self) -> dict:
        return {"said": _exact(self.cleaned_data["said"]), "note": self.cleaned_data["note"]}


def _exact(value) -> Decimal | None:
    return None if value is None else Decimal(value)


class ActivityProofForm(OfficeForm):
    """Activities of the unit that show what it says of itself."""

    keyed = True
    activities = PickManyField(
        label="Hoạt động của đơn vị",
        help_text="Ảnh và số liệu của hoạt động là minh chứng, không phải gửi lại.",
    )  # fmt: skip

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {f"h{one.pk}": one for one in rows}
        self.fields["activities"].choices = [
            (name, f"{one.title}, {day(one.last_on)}") for name, one in self.known.items()
        ]

    def said(self) -> dict:
        return {"activities": [self.known[name] for name in self.cleaned_data["activities"]]}


class PaperProofForm(OfficeForm):
    """Papers of the unit's register."""

    keyed = True
    papers = PickManyField(
        label="Văn bản trong sổ của đơn vị",
        help_text="Chỉ văn bản đã lấy số. Bản ký đính kèm văn bản thì Đoàn cấp trên mở xem được.",
    )  # fmt: skip

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {f"v{one.pk}": one for one in rows}
        self.fields["papers"].choices = [
            (name, f"{one.symbol}, {day(one.dated_on)}{f': {one.about}' if one.about else ''}")
            for name, one in self.known.items()
        ]

    def said(self) -> dict:
        return {"papers": [self.known[name] for name in self.cleaned_data["papers"]]}


class FileProofForm(OfficeForm):
    """Files from the computer or the phone."""

    keyed = True
    files = ManyFilesField(label="Ảnh, tệp", required=False, help_text="Ảnh, PDF, Word, Excel, mỗi tệp đến 10 MB.")
