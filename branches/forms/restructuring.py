"""Forms of the unit events. Each asks for the decision and the day it takes effect."""

import datetime

from django import forms

from branches.merging import SUPERIOR, NewUnit, Shares
from branches.models import Member, Unit

from .base import DayField, OfficeForm, RowsField

Kind = Unit.Kind
# What can stand below what. A Chi đoàn cơ sở answers to whoever is above the grassroots.
BELOW = {
    Kind.CENTRAL: (Kind.PROVINCE, Kind.ABOVE_GRASSROOTS),
    Kind.PROVINCE: (Kind.ABOVE_GRASSROOTS, Kind.GRASSROOTS_UNION, Kind.GRASSROOTS_BRANCH),
    Kind.ABOVE_GRASSROOTS: (Kind.GRASSROOTS_UNION, Kind.GRASSROOTS_BRANCH, Kind.ABOVE_GRASSROOTS, Kind.BRANCH),
    Kind.GRASSROOTS_UNION: (Kind.BRANCH, Kind.INTER_BRANCH),
    Kind.INTER_BRANCH: (Kind.BRANCH,),
    Kind.GRASSROOTS_BRANCH: (Kind.SUB_BRANCH,),
    Kind.BRANCH: (Kind.SUB_BRANCH,),
    Kind.SUB_BRANCH: (),
}
MOST_PARTS = 4
OLD, ABOVE = "0", "tren"


def kinds_below(unit: Unit) -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in BELOW[unit.kind]]


class EventForm(OfficeForm):
    """The decision and its day."""

    keyed = True
    wanted_by_choice = ()  # fields that another choice makes necessary: they are not called optional
    decision = forms.CharField(label="Quyết định số", max_length=80, help_text="Ví dụ: 112-QĐ/TĐTN.")
    decided_on = DayField(label="Ngày quyết định", required=False)
    on = DayField(label="Có hiệu lực từ ngày", help_text="Hôm nay hoặc ngày đã qua.")

    def __init__(self, *args, today: datetime.date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        for name in self.wanted_by_choice:
            self.fields[name].says_optional = True

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                f"Ngày {on:%d/%m/%Y} chưa đến. Hãy ghi từ ngày đó, vì quyền xem đổi ngay khi lưu."
            )
        return on

    def clean(self):
        said = super().clean()
        if said.get("decided_on") and said["decided_on"] > self.today:
            self.add_error("decided_on", "Ngày quyết định chưa đến. Hãy xem lại ngày.")
        return said

    @property
    def event(self) -> dict:
        """What every verb wants to know of the event."""
        return {name: self.cleaned_data[name] for name in ("on", "decision", "decided_on")}


class FoundForm(EventForm):
    kind = forms.ChoiceField(label="Loại tổ chức")
    name = forms.CharField(label="Tên đơn vị", max_length=200)
    code = forms.SlugField(
        label="Mã đơn vị", max_length=40, required=False,
        help_text="Chữ không dấu, số, gạch nối. Bỏ trống thì phần mềm đặt theo tên.",
    )  # fmt: skip
    document_code = forms.CharField(
        label="Ký hiệu văn bản", max_length=20, required=False, help_text="Ví dụ: CĐ, ĐTN. In trong số của văn bản."
    )
    place = forms.CharField(label="Địa danh", max_length=60, required=False)
    party_body = forms.CharField(label="Cấp ủy cùng cấp", max_length=160, required=False)
    is_provisional = forms.BooleanField(
        label="Ghi luôn nhiệm kỳ lâm thời từ ngày này", required=False,
        help_text="Đại hội tổ chức trong 6 tháng; sau khi lưu sẽ chỉ định Ban Chấp hành lâm thời.",
    )  # fmt: skip
    field_order = (
        "kind", "name", "code", "document_code", "place", "party_body", "decision", "decided_on", "on",
        "is_provisional",
    )  # fmt: skip

    def __init__(self, *args, superior: Unit, **kwargs):
        kwargs["initial"] = {"place": superior.place} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_below(superior)
        self.fields["code"].error_messages["invalid"] = "Mã chỉ có chữ không dấu, số và gạch nối, ví dụ so-y-te."

    @property
    def unit_fields(self) -> dict:
        said = self.cleaned_data
        fields = {name: said[name] for name in ("kind", "name", "code", "place", "party_body")}
        is_branch = said["kind"] in Unit.BRANCH_KINDS
        return fields | {"document_code": said["document_code"] or ("CĐ" if is_branch else "ĐTN")}


class RenameForm(EventForm):
    name = forms.CharField(label="Tên mới", max_length=200)
    field_order = ("name", "decision", "decided_on", "on")


class MoveForm(EventForm):
    superior = forms.ModelChoiceField(label="Đơn vị cấp trên mới", queryset=Unit.objects.none(), empty_label="Chọn")
    field_order = ("superior", "decision", "decided_on", "on")

    def __init__(self, *args, superiors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["superior"].queryset = superiors


class NewUnitFields(EventForm):
    """The unit that a merger founds."""

    new_name = forms.CharField(label="Tên đơn vị mới", max_length=200, required=False)
    new_kind = forms.ChoiceField(label="Loại tổ chức", required=False)
    new_code = forms.SlugField(
        label="Mã đơn vị mới", max_length=40, required=False, help_text="Bỏ trống thì phần mềm đặt theo tên."
    )


class MergeForm(NewUnitFields):
    """Which units, and into what."""

    wanted_by_choice = ("into", "new_name", "new_kind")
    sources = RowsField(label="Các đơn vị sáp nhập", queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple)
    into = forms.ChoiceField(
        label="Sáp nhập thành", required=False, help_text="Đơn vị mới, hoặc một trong các đơn vị trên."
    )
    field_order = ("sources", "into", "new_name", "new_kind", "new_code", "decision", "decided_on", "on")

    def __init__(self, *args, superior: Unit, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sources"].queryset = units
        self.fields["sources"].error_messages["required"] = "Hãy đánh dấu các đơn vị sáp nhập."
        self.fields["into"].choices = [("", "Một đơn vị mới"), *[(str(one.pk), f"Vào {one.name}") for one in units]]
        self.fields["new_kind"].choices = kinds_below(superior)

    def clean(self):
        said = super().clean()
        if not said.get("into"):
            if not said.get("new_name") and "new_name" not in self.errors:
                self.add_error("new_name", "Hãy ghi tên đơn vị mới, hoặc chọn sáp nhập vào một đơn vị đang có.")
        elif said.get("sources") is not None and int(said["into"]) not in {one.pk for one in said["sources"]}:
            self.add_error("into", "Hãy đánh dấu cả đơn vị này trong các đơn vị sáp nhập.")
        return said

    @property
    def merger(self) -> dict:
        said = self.cleaned_data
        if said["into"]:
            return {"sources": said["sources"], "into": Unit.objects.get(pk=int(said["into"]))}
        return {"sources": said["sources"], "new": NewUnit(said["new_name"], said["new_kind"], said["new_code"])}


class SplitForm(EventForm):
    """The parts, and who goes to which. `people` are members to choose for, `below` the units directly below."""

    wanted_by_choice = ("rest", "heir")
    goes_on = forms.ChoiceField(
        label="Đơn vị cũ", initial="yes", widget=forms.RadioSelect,
        choices=[("yes", "Tiếp tục hoạt động"), ("no", "Kết thúc")],
    )  # fmt: skip
    rest = forms.ChoiceField(label="Ai không chọn ở dưới thì về", required=False)
    heir = forms.ChoiceField(
        label="Nơi nhận quỹ, đoàn phí chưa nộp và kiến nghị kiểm tra chưa xong", required=False,
        help_text="Khi đơn vị cũ kết thúc: một đơn vị mới, hoặc Đoàn cấp trên.",
    )  # fmt: skip

    def __init__(self, *args, unit: Unit, superior: Unit | None, people: list[Member], below: list[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        self.unit, self.people, self.below = unit, people, below
        names = [self._typed(number) for number in range(1, MOST_PARTS + 1)]
        for number in range(1, MOST_PARTS + 1):
            self._add(f"name_{number}", forms.CharField(
                label=f"Tên đơn vị mới {number}", max_length=200, required=number == 1,
            ))  # fmt: skip
        places = [(OLD, f"Ở lại {unit.name}")]
        places += [(str(n), f"Đơn vị mới {n}{f': {name}' if name else ''}") for n, name in enumerate(names, start=1)]
        self.fields["rest"].choices = places
        above = [(ABOVE, superior.name)] if superior else []
        self.fields["heir"].choices = [("", "Chọn nơi nhận"), *places[1:], *above]
        for member in people:
            self._add(f"m{member.pk}", self._place(member.full_name, places))
        for one in below:
            self._add(f"u{one.pk}", self._place(one.name, places))

    def _typed(self, number: int) -> str:
        return str(self.data.get(f"name_{number}", "")).strip()[:60]

    def _add(self, name, field):
        self.fields[name] = field
        self._dress(field)
        self._answer(field, field.label)

    @staticmethod
    def _place(label, places):
        return forms.ChoiceField(label=label, required=False, choices=[("", "Như trên"), *places])

    @property
    def name_fields(self) -> list:
        return [self[f"name_{number}"] for number in range(1, MOST_PARTS + 1)]

    @property
    def people_fields(self) -> list:
        return [self[f"m{member.pk}"] for member in self.people]

    @property
    def below_fields(self) -> list:
        return [self[f"u{one.pk}"] for one in self.below]

    @property
    def parts(self) -> list[NewUnit]:
        names = [self.cleaned_data.get(f"name_{number}", "") for number in range(1, MOST_PARTS + 1)]
        return [NewUnit(name, self.unit.kind) for name in names if name]

    def clean(self):
        said = super().clean()
        names = [said.get(f"name_{number}") for number in range(1, MOST_PARTS + 1)]
        written = [number for number, name in enumerate(names, start=1) if name]
        if written != list(range(1, len(written) + 1)):
            self.add_error(f"name_{len(written) + 1}", "Hãy ghi tên các đơn vị mới lần lượt, không bỏ cách.")
        goes_on = said.get("goes_on") == "yes"
        if not goes_on and len(written) == 1:
            self.add_error("name_2", "Đơn vị cũ kết thúc thì cần ít nhất hai đơn vị mới.")
        allowed = {str(number) for number in written} | ({OLD} if goes_on else set())
        if goes_on:
            said["heir"] = ""  # its books stay with it
        elif said.get("heir") and said["heir"] not in {*allowed, ABOVE}:
            self.add_error("heir", self._why_not(said["heir"]))
        for name in ("rest", *(field.name for field in [*self.people_fields, *self.below_fields])):
            if said.get(name) and said[name] not in allowed:
                self.add_error(name, self._why_not(said[name]))
        return said

    def _why_not(self, place: str) -> str:
        if place == OLD:
            return f"{self.unit.name} kết thúc nên không ai ở lại. Hãy chọn một đơn vị mới."
        return f"Chưa ghi tên đơn vị mới {place}. Hãy ghi tên, hoặc chọn nơi khác."

    @property
    def takes_over(self) -> int | None:
        """Who takes over where the old unit ends, as split_unit wants it; None where nobody was chosen."""
        said = self.cleaned_data["heir"]
        if said == ABOVE:
            return SUPERIOR
        return int(said) - 1 if said else None

    @property
    def shares(self) -> Shares:
        said = self.cleaned_data
        first = 0 if said["goes_on"] == "yes" else 1
        rest = int(said["rest"] or first)
        return Shares(
            members={one.pk: int(said[f"m{one.pk}"]) - first for one in self.people if said.get(f"m{one.pk}")},
            units={one.pk: int(said[f"u{one.pk}"]) - first for one in self.below if said.get(f"u{one.pk}")},
            rest=rest - first,
        )


class DissolveForm(EventForm):
    """Where the members go: to one branch, or away with a letter of introduction."""

    wanted_by_choice = ("members_to",)
    members = forms.ChoiceField(
        label="Đoàn viên của đơn vị", widget=forms.RadioSelect, initial="to",
        choices=[("to", "Về một chi đoàn"), ("away", "Đi nơi khác")],
        help_text="Đi nơi khác: ra khỏi danh sách, mỗi người mang giấy giới thiệu sinh hoạt.",
    )  # fmt: skip
    members_to = forms.ModelChoiceField(
        label="Chi đoàn nhận", queryset=Unit.objects.none(), required=False, empty_label="Chọn chi đoàn"
    )
    field_order = ("members", "members_to", "decision", "decided_on", "on")

    def __init__(self, *args, has_members: bool, branches, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members_to"].queryset = branches
        if not has_members:
            del self.fields["members"], self.fields["members_to"]

    def clean(self):
        said = super().clean()
        if said.get("members") == "to" and not said.get("members_to") and "members_to" not in self.errors:
            self.add_error("members_to", "Hãy chọn chi đoàn nhận.")
        return said

    @property
    def ending(self) -> dict:
        if "members" not in self.fields:
            return {}
        if self.cleaned_data["members"] == "away":
            return {"sends_members_away": True}
        return {"members_to": self.cleaned_data["members_to"]}
