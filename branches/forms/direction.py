"""What the Party committee or the superior asked, and the unit's answer."""

from collections import Counter

from django import forms

from branches.directing import version_of
from branches.long_texts import kept_lines
from branches.models import Direction, Unit

from .base import DayField, OfficeForm, OfficeModelForm
from .fields import VersionField


class DirectionForm(OfficeModelForm):
    """Write down or correct a direction."""

    keyed = True

    class Meta:
        model = Direction
        fields = ("given_by", "body_name", "given_on", "text", "document", "due_on")
        widgets = {"given_by": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": "5"})}
        help_texts = {
            "text": "Một việc một lần ghi, để theo dõi riêng từng việc.",
            "document": "Ví dụ: Kết luận 12-KL/CB ngày 31/03/2026, hoặc biên bản buổi làm việc.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_by"].choices = Direction.GivenBy.choices

    def _post_clean(self):
        """The verbs check and save the record; the instance stays as it was loaded."""

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class ChangingForm(DirectionForm):
    """Correct what was given: to one unit, or to all of one sending.

    `directions` are all it changes; what is written into the form is what most of them have. `answered` are those
    whose answer was to the old words: then a tick says that the giver knows.
    """

    knowing = forms.BooleanField(label="Tôi biết các đơn vị này đã trả lời theo nội dung cũ, vẫn sửa", required=False)

    def __init__(self, *args, directions: list[Direction], answered: list[Direction], **kwargs):
        shared = {
            name: Counter(getattr(one, name) for one in directions).most_common(1)[0][0] for name in self._meta.fields
        }
        initial = shared | {"version": version_of(directions)} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["version"] = VersionField()
        del self.fields["given_by"]  # who gives is not a matter of words
        if not answered:
            del self.fields["knowing"]

    def said(self) -> dict:
        """What was written otherwise; units with a date of their own keep it unless the date was changed here."""
        said = {name: self.cleaned_data[name] for name in self.changed_data if name in self._meta.fields}
        # A browser sends line breaks of its own kind; that is no other text.
        if "text" in said and kept_lines(said["text"]) == self.initial["text"]:
            del said["text"]
        return said

    @property
    def knows(self) -> bool:
        return self.cleaned_data.get("knowing", False)


class WithdrawForm(OfficeForm):
    """Why it is no longer asked."""

    keyed = True
    versioned = True
    reason = forms.CharField(label="Vì sao rút", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}))


class GivingForm(DirectionForm):
    """The giver's own direction, to one or several units: who it goes to stands first."""

    units = forms.ModelMultipleChoiceField(
        label="Giao cho đơn vị nào?", queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    to_all = forms.BooleanField(label="Giao cho tất cả đơn vị dưới đây", required=False)

    field_order = ("given_by", "to_all", "units", "text", "document", "given_on", "due_on", "body_name")

    def __init__(self, *args, places: dict[str, list[Unit]], unit: Unit, today, **kwargs):
        self.places = places
        kind = next(iter(places))
        party = Direction.GivenBy.PARTY
        initial = {"given_by": kind, "given_on": today, "body_name": unit.party_body if kind == party else ""}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        held = {one.pk: one for units in places.values() for one in units}
        self.fields["units"].queryset = Unit.objects.filter(pk__in=held).order_by("sort_key", "pk")
        self.fields["units"].says_optional = True  # or the tick above it
        self.fields["given_by"].choices = [one for one in Direction.GivenBy.choices if one[0] in places]
        self.fields["body_name"].help_text = "Tên ghi trên văn bản, ví dụ: Đảng ủy Sở Tư pháp."
        if len(places) == 1:
            self.fields["given_by"].widget = forms.HiddenInput()
            self.fields["given_by"].initial = kind
        if len(held) == 1:
            self.only = next(iter(held.values()))
            del self.fields["to_all"], self.fields["units"]

    only: Unit | None = None

    def clean(self):
        data = super().clean()
        allowed = self.places.get(data.get("given_by", ""), [])
        if self.only:
            data["units"] = [self.only]
        elif data.get("to_all"):
            data["units"] = allowed
        elif not data.get("units") and "units" not in self.errors:
            self.add_error("units", "Hãy chọn đơn vị được giao.")
        elif any(one not in allowed for one in data.get("units", ())):
            self.add_error("units", "Có đơn vị đồng chí không giao được. Hãy chọn lại.")
        return data

    def said(self) -> dict:
        return super().said() | {"units": list(self.cleaned_data["units"])}


class AnswerForm(OfficeForm):
    """Answer a direction in words; the targets that answer it are tied to it in the plan."""

    keyed = True
    versioned = True
    answer = forms.CharField(
        label="Đã làm gì, kết quả thế nào",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="Để trống nếu muốn bỏ trả lời đã ghi.",
    )
    answered_on = DayField(label="Ngày trả lời")
