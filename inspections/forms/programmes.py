"""Forms of the programme of the year, and the filter of the list of cases."""

from django import forms
from django.db.models import Q

from branches.forms.base import DayField, FilterForm, OfficeForm, OfficeModelForm
from branches.models import Unit
from inspections.forms.cases import lines_of
from inspections.forms.fields import MonthField
from inspections.models import Inspection, InspectionProgramme, ProgrammeTopic
from inspections.programming import TopicLine

State = Inspection.State
# The session was held, or the notice went out without one.
CARRIED_OUT = (State.VISITED, State.REPORTED, *Inspection.NOTIFIED, State.ESCALATED)


class ProgrammeForm(OfficeModelForm):
    """What the programme says; its number and day may come when it is issued."""

    keyed = True

    unit = forms.ModelChoiceField(label="Đơn vị ra văn bản", queryset=Unit.objects.none(), empty_label=None)
    year = forms.IntegerField(label="Chương trình của năm", min_value=2000, max_value=2100)
    inspect_topics = forms.CharField(
        label="Nội dung kiểm tra chung", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text="Mỗi dòng một nội dung; hồ sơ lập theo chương trình này lấy sẵn các nội dung ở đây.",
    )  # fmt: skip
    supervise_topics = forms.CharField(
        label="Nội dung giám sát chung", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text="Mỗi dòng một nội dung.",
    )  # fmt: skip
    reason = forms.CharField(label="Lý do thay đổi", required=False, max_length=300)
    BY_USE = {ProgrammeTopic.Use.INSPECT: "inspect_topics", ProgrammeTopic.Use.SUPERVISE: "supervise_topics"}
    PLACES = {"topics": "inspect_topics"}

    class Meta:
        model = InspectionProgramme
        fields = ("unit", "title", "year", "in_name_of", "number", "issued_on", "purpose", "conduct")
        widgets = {"in_name_of": forms.RadioSelect}

    def __init__(self, *args, units, **kwargs):
        programme = kwargs.get("instance")
        if programme is not None:
            kwargs["initial"] = {**self.topics_as_text(programme), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        # One committee has nothing to choose, and a programme never changes hands.
        if self.instance.pk or len(units) == 1:
            del self.fields["unit"]
        self.fields["in_name_of"].choices = InspectionProgramme.InNameOf.choices
        self.fields["number"].help_text = "Ghi cả ký hiệu, ví dụ 02-KH/ĐTN-UBKT. Chưa có số thì ghi khi ban hành."
        if self.instance.state == InspectionProgramme.State.ISSUED:
            self.fields["reason"].says_optional = True
            self.fields["reason"].help_text = "Chương trình đã ban hành: đổi trích yếu, nội dung thì phải ghi lý do."
        else:
            del self.fields["reason"]

    @classmethod
    def topics_as_text(cls, programme) -> dict:
        topics = list(programme.topics.all())
        return {
            field: "\n".join(topic.text for topic in topics if topic.use == use) for use, field in cls.BY_USE.items()
        }

    def clean(self):
        cleaned = super().clean()
        for field in self.BY_USE.values():
            if long := next((line for line in lines_of(cleaned.get(field)) if len(line) > 400), None):
                self.add_error(field, f"Dòng “{long[:40]}…” dài quá 400 ký tự. Hãy rút gọn.")
        return cleaned

    def topic_lines(self) -> list[TopicLine]:
        return [
            TopicLine(line, use)
            for use, field in self.BY_USE.items()
            for line in lines_of(self.cleaned_data.get(field))
        ]

    NAMES = ("title", "year", "in_name_of", "number", "issued_on", "purpose", "conduct")

    def fields_of_programme(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}

    @classmethod
    def stored(cls, programme) -> dict:
        return {name: getattr(programme, name) for name in cls.NAMES} | cls.topics_as_text(programme)


class IssueForm(OfficeForm):
    """The programme goes out."""

    keyed = True
    versioned = True

    number = forms.CharField(label="Số, ký hiệu", max_length=60, help_text="Ghi cả ký hiệu, ví dụ 02-KH/ĐTN-UBKT.")
    issued_on = DayField(label="Ngày ban hành")


class TakeForm(OfficeForm):
    """One suggested unit goes into a month of the programme."""

    keyed = True

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), widget=forms.HiddenInput)
    month = MonthField(label="Tháng")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class CaseFilter(FilterForm):
    """By unit, year, state and progress; what cannot be read is left out instead of refused."""

    DONE, AHEAD, LATE = "xong", "con", "tre"
    don_vi = forms.ModelChoiceField(
        label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Mọi đơn vị"
    )
    nam = forms.TypedChoiceField(label="Năm", required=False, coerce=int, empty_value=None)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Mọi tình trạng"), *Inspection.State.choices]
    )
    nhom = forms.ChoiceField(
        label="Tiến độ", required=False,
        choices=[("", "Mọi tiến độ"), (DONE, "Đã thực hiện"), (AHEAD, "Chưa thực hiện"), (LATE, "Quá hạn")],
    )  # fmt: skip
    chuong_trinh = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args, years, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nam"].choices = [("", "Mọi năm"), *((year, str(year)) for year in years)]
        self.fields["don_vi"].queryset = units

    @property
    def only_late(self) -> bool:
        return self.understood.get("nhom") == self.LATE

    def chosen(self) -> Q:
        """The filters that were understood; the late ones are found afterwards, by their due days (due.py)."""
        said = self.understood
        wanted = Q()
        if unit := said.get("don_vi"):
            wanted &= Q(unit=unit)
        if year := said.get("nam"):
            wanted &= Q(programme__year=year)
        if state := said.get("tinh_trang"):
            wanted &= Q(state=state)
        if programme := said.get("chuong_trinh"):
            wanted &= Q(programme=programme)
        if said.get("nhom") == self.DONE:
            wanted &= Q(state__in=CARRIED_OUT)
        if said.get("nhom") == self.AHEAD:
            wanted &= Q(state__in=Inspection.BEFORE_VISIT)
        return wanted
