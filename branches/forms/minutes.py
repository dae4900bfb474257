"""What the minutes pages take: texts by their keys, and the small forms of each step."""

from django import forms

from branches.meetings.minutes import Typed
from branches.models import Minutes, MinutesSignature

from .base import NumberField, OfficeForm

MOST_DIGITS = 9  # of a revision's number
TEXT, BASE, CHOICE = "text-", "base-", "choose-"
MINE, THEIRS, BOTH = "mine", "theirs", "both"


def whole_number(text: str) -> int:
    """A number a page wrote itself; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def typed_texts(data, stored: dict[str, str]) -> dict[str, Typed]:
    """The texts of a POST by their keys; where two had changed one, as the person chose between them.

    `stored` is what stands now: choosing "theirs" or "both" begins from it.
    """
    found = {}
    for name in data:
        if not name.startswith(TEXT):
            continue
        key = name.removeprefix(TEXT)
        text, choice = data[name], data.get(CHOICE + key, MINE)
        if choice == THEIRS:
            text = stored.get(key, "")
        elif choice == BOTH:
            text = "\n".join(filter(None, [stored.get(key, ""), text]))
        found[key] = Typed(text, whole_number(data.get(BASE + key, "")))
    return found


class SeenForm(OfficeForm):
    """A step that is for the content as it stood on the page."""

    keyed = True
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ReadBackForm(OfficeForm):
    keyed = True


class AgreeForm(SeenForm):
    agreed = NumberField(label="Số người có mặt tán thành biên bản", unit="người", max_value=32_767)


class SignForm(SeenForm):
    role = forms.ChoiceField(label="Ký với tư cách", choices=MinutesSignature.Role, widget=forms.HiddenInput)


class ReasonForm(OfficeForm):
    keyed = True
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)


class NumberForm(OfficeForm):
    keyed = True
    number = forms.CharField(
        label="Số của biên bản",
        max_length=Minutes._meta.get_field("number").max_length,
        required=False,
        help_text="Chỉ ghi số, ví dụ 04. Để trống thì in dòng chấm để điền tay.",
    )
