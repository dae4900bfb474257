"""Forms of statistics tables: a typed figure, the head of a table, one of its lines by where its figure comes from."""

from django import forms

from branches.forms.base import DayField, OfficeForm
from branches.forms.fields import NumberField
from branches.forms.picking import PickField
from branches.models import Indicator, Period, Unit
from reports.models import StatItem, StatTable

from .figures import FIGURES

What = StatItem.What
NONE = ""
DEPTHS = (("lon", "Dòng lớn"), ("con", "Dòng con"), ("trong-do", "Trong đó"))  # StatItem.depth is the place


class ValueForm(OfficeForm):
    """A figure of one line. `needs_reason`: the program computes another one."""

    keyed = True
    versioned = True

    value = NumberField(label="Số", whole=False, required=False)
    unknown = forms.BooleanField(label="Có phát sinh nhưng chưa có số liệu (in dấu …)", required=False)
    reason = forms.CharField(label="Lý do", max_length=300, required=False)

    def __init__(self, *args, item: StatItem, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"].unit = item.unit_word
        if item.is_typed:
            self.fields["reason"].label = "Ghi chú"
            self.fields["reason"].help_text = "Ví dụ: lấy từ sổ theo dõi của cơ quan."
        else:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = "In dưới biểu, cạnh số phần mềm tính."

    def clean(self):
        said = super().clean()
        if "value" in self.errors:
            return said
        if said.get("unknown") and said.get("value") is not None:
            self.add_error("unknown", "Đã ghi số thì bỏ đánh dấu ô này, hoặc xóa số đã ghi.")
        elif said.get("value") is None and not said.get("unknown"):
            self.add_error("value", "Hãy ghi số, hoặc đánh dấu ô bên dưới nếu chưa có số liệu.")
        return said


class VersionedSureForm(OfficeForm):
    """A button that is pressed once, for the version that was shown."""

    keyed = True
    versioned = True


class HeadForm(OfficeForm):
    """Number, title, whom and which periods a table is for. A new one may begin with the lines of another."""

    keyed = True

    number = forms.CharField(label="Số biểu", max_length=8, help_text="Hai chữ số, ví dụ 09.")
    title = forms.CharField(label="Tên biểu", max_length=200)
    whom = forms.ChoiceField(label="Dùng cho", choices=StatTable.Whom.choices, initial=StatTable.Whom.ALL)
    kinds = forms.MultipleChoiceField(
        label="Loại kỳ", choices=Period.Kind.choices, widget=forms.CheckboxSelectMultiple,
        initial=[Period.Kind.QUARTER, Period.Kind.HALF, Period.Kind.YEAR],
    )  # fmt: skip
    source = forms.CharField(label="Căn cứ", max_length=300, required=False, help_text="Văn bản ban hành biểu.")
    note = forms.CharField(
        label="Ghi chú dưới biểu", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class EditHeadForm(HeadForm):
    versioned = True


class NewHeadForm(HeadForm):
    copied = forms.ChoiceField(label="Chép các dòng từ biểu", required=False)

    def __init__(self, *args, tables, **kwargs):
        super().__init__(*args, **kwargs)
        self.tables = {f"b{table.pk}": table for table in tables}
        choices = [(name, str(table)) for name, table in self.tables.items()]
        self.fields["copied"].choices = [(NONE, "Không chép, tự thêm từng dòng"), *choices]

    def clean_copied(self) -> StatTable | None:
        return self.tables.get(self.cleaned_data["copied"])


class UseForm(OfficeForm):
    keyed = True
    versioned = True

    valid_from = DayField(label="Dùng từ ngày", help_text="Biểu của kỳ kết thúc từ ngày này trở đi có mặt.")


class OutForm(OfficeForm):
    keyed = True
    versioned = True

    last_day = DayField(label="Dùng đến hết ngày")


class LineForm(OfficeForm):
    """What every line has. The form of a line that stands carries the version of its table."""

    keyed = True

    number = forms.CharField(label="Số thứ tự", max_length=12, required=False, help_text="Ví dụ 1, 1.1.")
    name = forms.CharField(label="Nội dung", max_length=200, required=False)
    depth = forms.TypedChoiceField(
        label="Bậc", choices=DEPTHS, coerce=[name for name, _ in DEPTHS].index, empty_value=0, required=False,
        widget=forms.RadioSelect, initial=DEPTHS[0][0],
    )  # fmt: skip
    is_bold = forms.BooleanField(label="In đậm", required=False)

    def __init__(self, *args, table: StatTable, owner: Unit, item: StatItem | None = None, **kwargs):
        self.versioned = item is not None
        super().__init__(*args, **kwargs)
        self.table, self.owner, self.item = table, owner, item
        self.offer()

    def offer(self) -> None:
        """Fill in what can be chosen here."""

    def lines(self) -> dict[str, StatItem]:
        """The other lines of the table that have a figure, by their name in the form."""
        rows = self.table.items.exclude(what=What.HEADING).exclude(pk=self.item.pk if self.item else None)
        return {f"d{row.pk}": row for row in rows.order_by("position", "pk")}


class HeadingForm(LineForm):
    def offer(self) -> None:
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Hãy ghi “Nội dung”."


class PartForm(LineForm):
    """A figure that may be a share, of which one part can be taken."""

    part = forms.ChoiceField(
        label="Lấy phần nào", choices=StatItem.Part.choices, widget=forms.RadioSelect, initial=StatItem.Part.RESULT
    )


class IndicatorForm(PartForm):
    indicator = PickField(label="Chỉ tiêu", help_text="Để trống “Nội dung” thì lấy tên chỉ tiêu.")

    field_order = ("indicator",)

    def offer(self) -> None:
        rows = Indicator.objects.usable_by(self.owner).filter(last_year=None).select_related("area")
        self.known, groups = {}, {}
        for one in rows.order_by("area__position", "position", "pk"):
            self.known[one.code] = one
            groups.setdefault(one.area.name, []).append((one.code, f"{one.name} ({one.unit_word})"))
        self.fields["indicator"].choices = list(groups.items())

    def clean_indicator(self) -> Indicator | None:
        return self.known.get(self.cleaned_data["indicator"])


class FigureForm(PartForm):
    figure = PickField(label="Số liệu", help_text="Để trống “Nội dung” thì lấy tên số liệu.")

    field_order = ("figure",)

    def offer(self) -> None:
        groups: dict[str, list] = {}
        for one in FIGURES.values():
            groups.setdefault(one.group, []).append((one.key, f"{one.label} ({one.unit_word})"))
        self.fields["figure"].choices = list(groups.items())


class SumForm(HeadingForm):
    parts = forms.MultipleChoiceField(
        label="Cộng các dòng", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Chỉ cộng các dòng cùng đơn vị tính: người, lượt người, suất, đồng không cộng lẫn nhau.",
    )  # fmt: skip

    def offer(self) -> None:
        super().offer()
        self.known = self.lines()
        self.fields["parts"].choices = [(name, _told(row)) for name, row in self.known.items()]

    def clean_parts(self) -> list[StatItem]:
        return [self.known[name] for name in self.cleaned_data["parts"]]


class ShareForm(HeadingForm):
    share_of = forms.ChoiceField(label="Tử số", required=False)
    share_whole = forms.ChoiceField(label="Mẫu số", required=False)

    def offer(self) -> None:
        super().offer()
        self.known = self.lines()
        choices = [(NONE, "Chọn dòng"), *((name, _told(row)) for name, row in self.known.items())]
        for name in ("share_of", "share_whole"):
            self.fields[name].choices = choices

    def clean_share_of(self) -> StatItem | None:
        return self.known.get(self.cleaned_data["share_of"])

    def clean_share_whole(self) -> StatItem | None:
        return self.known.get(self.cleaned_data["share_whole"])


class TypedForm(HeadingForm):
    unit_word = forms.CharField(label="Đơn vị tính", max_length=40, help_text="Ví dụ người, lượt người, buổi, đồng.")


def _told(row: StatItem) -> str:
    return f"{row} ({row.unit_word})"


LINE_FORMS = {
    What.INDICATOR: IndicatorForm, What.FIGURE: FigureForm, What.TYPED: TypedForm, What.SUM: SumForm,
    What.SHARE: ShareForm, What.HEADING: HeadingForm,
}  # fmt: skip
SAID = ("number", "name", "depth", "is_bold", "indicator", "figure", "part", "unit_word", "parts", "share_of",
        "share_whole")  # fmt: skip


def said_of(form: LineForm, what: str) -> dict:
    """What the form says, as the verbs of defining.py take it."""
    return {"what": what, **{name: form.cleaned_data[name] for name in SAID if name in form.cleaned_data}}


def initial_of(item: StatItem) -> dict:
    """The form of a line as it stands."""
    return {
        "number": item.number, "name": item.name, "depth": DEPTHS[item.depth][0], "is_bold": item.is_bold,
        "part": item.part,
        "indicator": item.code, "figure": item.figure, "unit_word": item.unit_word,
        "parts": [f"d{part.pk}" for part in item.parts.all()],
        "share_of": f"d{item.share_of_id}", "share_whole": f"d{item.share_whole_id}",
    }  # fmt: skip
