"""The plan as a grid: one field for each target, the rest folded away; and the small forms around it."""

import hashlib

from django import forms

from branches.aims import AimRefused, aim_text, parse_aim
from branches.models import Direction, Indicator, Member, Target, Unit, WorkArea
from branches.plan_saving import PlanRow

from .base import DayField, OfficeForm

AS_WRITTEN = ("", "Như đã ghi")
DETAILS = ("comparator", "owner", "due_on", "origin", "direction", "document", "note")


def owners_of(unit: Unit) -> list[Member]:
    """Who may be named responsible: the branch's members; above a branch those who hold a post there."""
    members = Member.objects.filter(is_active=True)
    if unit.is_branch:
        members = members.filter(home=unit)
    else:
        holders = unit.posts.filter(account__member__isnull=False).values("account__member")
        members = members.filter(pk__in=holders, home__path__startswith=unit.path)
    return list(members.select_related("home").order_by("sort_key", "pk"))


def directions_of(unit: Unit) -> list[Direction]:
    """Those that stand; one withdrawn stays on offer where a target answers it, so that saving loses no link."""
    answered = Target.objects.filter(unit=unit, direction__isnull=False).values("direction")
    rows = Direction.objects.standing() | Direction.objects.filter(pk__in=answered)
    return list(rows.filter(unit=unit).order_by("-given_on", "position", "pk"))


def strings_of(target: Target | None, indicator: Indicator) -> dict[str, str]:
    """Everything a row shows, as the very text its fields carry."""
    if target is None:
        return dict.fromkeys(("aim", *DETAILS), "") | {"origin": Target.Origin.OWN}
    return {
        "aim": aim_text(target, indicator),
        "comparator": "",
        "owner": str(target.owner_id or ""),
        "due_on": target.due_on.isoformat() if target.due_on else "",
        "origin": str(target.origin),
        "direction": str(target.direction_id or ""),
        "document": target.document,
        "note": target.note,
    }


def fingerprint(strings: dict[str, str], names) -> str:
    """Tells a row that was touched from one that was only on the page."""
    text = "\x1f".join(" ".join((strings.get(name) or "").split()) for name in names)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class DetailsMixin:
    """Owner, due day, origin, direction and document of a target; the choices come loaded."""

    def add_details(self, owners, directions):
        self.owners = {str(member.pk): member for member in owners}
        self.directions = {str(direction.pk): direction for direction in directions}
        fields = {
            "comparator": forms.ChoiceField(
                label="So sánh", required=False, choices=[AS_WRITTEN, *Target.Comparator.choices]
            ),
            "owner": forms.ChoiceField(
                label="Người phụ trách",
                required=False,
                choices=[("", "Chưa giao ai"), *((pk, str(member)) for pk, member in self.owners.items())],
            ),
            "due_on": DayField(label="Hạn", required=False),
            "origin": forms.ChoiceField(label="Nguồn", choices=Target.Origin.choices, initial=Target.Origin.OWN),
            "direction": forms.ChoiceField(
                label="Chỉ đạo được trả lời",
                required=False,
                choices=[("", "Không"), *((pk, f"{d.given_on:%d/%m/%Y}: {d}") for pk, d in self.directions.items())],
            ),
            "document": forms.CharField(label="Văn bản", required=False, max_length=160),
            "note": forms.CharField(label="Cụ thể", required=False, max_length=300),
        }
        self.fields.update(fields)
        for name, field in fields.items():
            self._dress(field)
            self._answer(field, field.label or name)

    def clean_owner(self):
        return self.owners.get(self.cleaned_data["owner"])

    def clean_direction(self):
        return self.directions.get(self.cleaned_data["direction"])

    def details(self) -> dict:
        named = ("owner", "due_on", "origin", "direction", "document", "note")
        return {name: self.cleaned_data[name] for name in named if name in self.fields}

    def read_aim(self):
        """Put the parsed value under "aim_read"; the answer stands at the field."""
        try:
            self.cleaned_data["aim_read"] = parse_aim(
                self.cleaned_data.get("aim", ""), self.indicator, self.cleaned_data.get("comparator", "")
            )
        except AimRefused as error:
            self.add_error("aim", str(error))

    def show(self, errors: dict[str, str]) -> None:
        for name, message in errors.items():
            self.add_error(name if name in self.fields else "aim", message)


class TargetRow(DetailsMixin, OfficeForm):
    """One row of the grid. Rows taken from the catalogue for the first time have the value only."""

    aim = forms.CharField(label="Chỉ tiêu", required=False, max_length=60)
    version = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, data, *, indicator, target, owners, directions, is_open):
        # A row that was closed on the page sent no details: reading them as empty would erase them.
        if data is not None:
            is_open = f"r{indicator.pk}-origin" in data
        self.indicator, self.target, self.is_open = indicator, target, is_open
        self.names = ("aim", *DETAILS) if is_open else ("aim",)
        super().__init__(data, prefix=f"r{indicator.pk}", initial=self._strings())
        if is_open:
            self.add_details(owners, directions)
        self.fields["aim"].widget.attrs.update(
            {
                "aria-label": f"{indicator.name}, {indicator.unit_word}",
                "autocomplete": "off",
                "data-down": "",
                "enterkeyhint": "next",
            }
        )

    def _strings(self):
        strings = strings_of(self.target, self.indicator)
        version = str(self.target.version) if self.target else ""
        return strings | {"version": version, "opened": fingerprint(strings, self.names)}

    def has_changed(self):
        """Against what the page showed, not against what is stored now: an untouched row is left alone."""
        said = {name: self.data.get(self.add_prefix(name), "") for name in self.names}
        return fingerprint(said, self.names) != self.data.get(self.add_prefix("opened"))

    def clean(self):
        self.read_aim()
        return super().clean()

    def as_row(self) -> PlanRow:
        version = self.cleaned_data["version"]
        return PlanRow(
            indicator=self.indicator,
            aim=self.cleaned_data["aim_read"],
            version=int(version) if version.isascii() and version.isdigit() else None,
            details=self.details(),
        )

    def take_in(self, current: Target | None, who: str) -> None:
        """Somebody else changed this target: say so, keep what was typed, and let a second save decide."""
        strings = strings_of(current, self.indicator)
        self.data[self.add_prefix("version")] = str(current.version) if current else ""
        self.data[self.add_prefix("opened")] = fingerprint(strings, self.names)
        now = f"thành {strings['aim']}" if current else "và bỏ chỉ tiêu này"
        self.add_error("aim", f"{who} vừa sửa {now}. Chưa ghi đè. Lưu lần nữa thì dùng số đang ghi ở ô này.")

    @property
    def details_are_wrong(self) -> bool:
        return any(name in self.errors for name in DETAILS)


class PlanHead(OfficeForm):
    """What belongs to the whole save."""

    keyed = True
    reason = forms.CharField(
        label="Lý do điều chỉnh",
        required=False,
        max_length=300,
        help_text="Bắt buộc khi đổi hoặc bỏ chỉ tiêu đã có kết quả.",
    )
    reason.says_optional = True  # the help says when it is required
    document = forms.CharField(label="Văn bản điều chỉnh", required=False, max_length=160)


class ReviseForm(DetailsMixin, OfficeForm):
    """One target: its value, who is responsible, where it comes from, and why it changes."""

    versioned = True
    aim = forms.CharField(
        label="Chỉ tiêu",
        max_length=60,
        help_text="Ghi như trong kế hoạch: ≥ 3, 2-3, 100%, 0, có, 1/tháng, 3/quý.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="Lý do điều chỉnh",
        required=False,
        max_length=300,
        help_text="Bắt buộc khi đổi mức của chỉ tiêu đã có kết quả.",
    )
    reason.says_optional = True
    revision_document = forms.CharField(label="Văn bản điều chỉnh", required=False, max_length=160)

    def __init__(self, data=None, *, target, owners, directions):
        self.indicator = target.indicator
        super().__init__(data, initial={**strings_of(target, target.indicator), "version": target.version})
        self.add_details(owners, directions)
        self.order_fields(["aim", "comparator", "note", "owner", "due_on", "origin", "direction", "document"])

    def clean(self):
        self.read_aim()
        return super().clean()


class RemoveForm(OfficeForm):
    versioned = True
    reason = forms.CharField(label="Lý do bỏ", required=False, max_length=100, help_text="Bắt buộc khi đã có kết quả.")
    reason.says_optional = True


class OwnIndicatorForm(OfficeForm):
    """Something to count that the catalogue lacks."""

    keyed = True
    name = forms.CharField(label="Tên chỉ tiêu", max_length=160)
    unit_word = forms.CharField(
        label="Đơn vị tính", max_length=40, required=False, help_text="Ví dụ: buổi, lượt người, suất quà, công trình."
    )
    measure = forms.ChoiceField(label="Loại số", choices=Indicator.Measure.choices, initial=Indicator.Measure.COUNT)
    area = forms.ModelChoiceField(
        label="Mục báo cáo", queryset=WorkArea.objects.order_by("position", "pk"), empty_label="Chọn mục"
    )
    lower_is_better = forms.BooleanField(label="Càng ít càng tốt", required=False)


class HandDownForm(OfficeForm):
    """What each unit below is to reach; an empty field hands nothing down."""

    document = forms.CharField(label="Văn bản giao", required=False, max_length=160)

    def __init__(self, data=None, *, target, units, given):
        self.indicator, self.units = target.indicator, units
        super().__init__(data)
        for unit in units:
            self.fields[f"u{unit.pk}"] = forms.CharField(
                label=unit.name, required=False, max_length=60, initial=given.get(unit.pk, "")
            )
            self._dress(self.fields[f"u{unit.pk}"])
            self.fields[f"u{unit.pk}"].widget.attrs.update({"autocomplete": "off", "data-down": ""})

    def clean(self):
        self.aims = {}
        for unit in self.units:
            name = f"u{unit.pk}"
            if name not in self.changed_data:
                continue
            try:
                aim = parse_aim(self.cleaned_data.get(name, ""), self.indicator)
            except AimRefused as error:
                self.add_error(name, str(error))
            else:
                if aim is not None:
                    self.aims[unit] = aim
        return super().clean()
