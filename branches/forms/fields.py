"""Fields that read what Vietnamese people type: 1.200.000, 92,5, 22/11/2026. Every refusal says what to write."""

import datetime
import re
import unicodedata
import uuid
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator

from branches import formats
from branches.days import NotADay, PartialDay
from branches.models.member import Precision

GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
PLAIN = re.compile(r"[0-9]+")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
LARGEST = 999_999_999_999


def as_typed(value: Decimal | int) -> str:
    """A number as a person here would type it, with all its digits: 1.200.000 or 92,5."""
    exact = Decimal(value).normalize()
    return formats.number(exact, decimals=max(0, -exact.as_tuple().exponent))


class YearField(forms.IntegerField):
    """A year of the Đoàn, which is no amount: 2026 and never 2.026."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Hãy ghi năm bằng bốn chữ số, ví dụ 2026."}

    def __init__(self, **kwargs):
        super().__init__(min_value=1931, max_value=2100, **kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}


class NumberField(forms.Field):
    """A number typed the Vietnamese way. Cleans to int when `whole`, else to Decimal; empty is None.

    `unit` stands inside the box at the right and in the refusals. `places` limits decimals of a
    number that is not whole. Without `min_value` negative numbers are refused.
    """

    widget = forms.TextInput
    may_end_with = ()

    def __init__(self, *, whole=True, places=2, unit="", min_value=0, max_value=LARGEST, **kwargs):
        self.whole, self.places, self.unit = whole, places, unit
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric" if self.whole else "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        if isinstance(value, float):
            value = Decimal(str(value))
        return as_typed(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial if initial is not None else "") != self.to_python(data)
        except ValidationError:
            return True

    def to_python(self, value):
        if value is None or isinstance(value, Decimal | int):
            return value
        text = re.sub(r"\s+", "", unicodedata.normalize("NFC", str(value))).lower()
        if not text:
            return None
        for ending in self.may_end_with:
            text = text.removesuffix(ending)
        number = self._read(text)
        return int(number) if self.whole else number

    def _read(self, text: str) -> Decimal:
        sign, digits = ("-", text[1:]) if text.startswith(("-", "−")) else ("", text)
        head, comma, tail = digits.partition(",")
        if comma and not PLAIN.fullmatch(tail):
            raise ValidationError(self._answer(text), code="invalid")
        if PLAIN.fullmatch(head):
            whole = head
        elif GROUPED.fullmatch(head):
            whole = head.replace(".", "")
        elif not comma and re.fullmatch(r"[0-9]+\.[0-9]{1,2}", head) and not self.whole:
            # A phone set to English has no comma on its number pad; two digits cannot be thousands.
            whole, _, tail = head.partition(".")
        else:
            raise ValidationError(self._answer(text), code="invalid")
        if len(whole) > 15 or len(tail) > 15:
            raise ValidationError(f"Số quá lớn. Hãy ghi số không quá {as_typed(self.max_value)}.", code="invalid")
        if self.whole and len(tail) == 3:
            # "1,200" is a thousand written the English way; reading it as 1 would be silent damage.
            meant = as_typed(int(whole + tail))
            raise ValidationError(f"Phần nghìn ngăn bằng dấu chấm: hãy ghi {meant}.", code="invalid")
        if self.whole and tail.strip("0"):
            low = as_typed(int(whole))
            high = as_typed(int(whole) + 1)
            raise ValidationError(f"{self._subject()} là số nguyên. Hãy ghi {low} hoặc {high}.", code="whole")
        if len(tail.rstrip("0")) > self.places:
            raise ValidationError(f"Chỉ ghi tối đa {self.places} chữ số sau dấu phẩy.", code="places")
        try:
            return Decimal(f"{sign}{whole}.{tail or '0'}")
        except InvalidOperation as error:
            raise ValidationError(self._answer(text), code="invalid") from error

    def _subject(self) -> str:
        return f"Số {self.unit}" if self.unit else "Đây"

    def _answer(self, text: str) -> str:
        found = re.match(r"[0-9]+(?:\.[0-9]{3})*(?:,[0-9]+)?", text)
        words = re.search(r"[^\W\d_]", text)
        if found and words:
            return f"Chỉ ghi số, không ghi chữ: hãy ghi {found.group()}."
        if text.count(",") > 1 or re.search(r",[0-9]{3}\.", text):
            return "Phần nghìn ngăn bằng dấu chấm, ví dụ 1.200.000."
        example = "1.200" if self.whole else "92,5"
        return f"Hãy ghi một số, ví dụ {example}."

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(f"Hãy ghi số từ {as_typed(self.min_value)} trở lên.", code="min_value")
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(f"Hãy ghi số không quá {as_typed(self.max_value)}.", code="max_value")


class MoneyField(NumberField):
    """Whole đồng. "1.200.000đ" is understood; "1,2 triệu" gets an answer instead of a guess."""

    may_end_with = ("đồng", "đ", "vnđ", "vnd")

    def __init__(self, **kwargs):
        super().__init__(**{"unit": "đồng", **kwargs, "whole": True})

    def _answer(self, text: str) -> str:
        if "triệu" in text or "tr" in text or "nghìn" in text or "ngàn" in text or "tỷ" in text or text.endswith("k"):
            return "Hãy ghi đủ số đồng bằng chữ số, ví dụ 1.200.000."
        return super()._answer(text)


class DayInput(forms.DateInput):
    """The browser's date box where the value allows it; a text box when it must show back what was typed."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not ISO_DATE.fullmatch(shown):
            # A date box silently empties what it cannot read, and the typed text would be lost.
            context["widget"]["type"] = "text"
        return context


class DayField(forms.Field):
    """A day: 22/11/2026, 22-11-26, 22.11.2026 or what a date box sends. Cleans to datetime.date."""

    widget = DayInput

    def __init__(self, *, earliest=datetime.date(1900, 1, 1), latest=datetime.date(2100, 1, 1), **kwargs):
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial if initial is not None else "") != self.to_python(data)
        except ValidationError:
            return True

    def to_python(self, value):
        if isinstance(value, datetime.datetime):
            return value.date()
        if value is None or isinstance(value, datetime.date):
            return value
        text = str(value).strip()
        if not text:
            return None
        known = _read_day(text)
        if known.precision != Precision.DAY:
            raise ValidationError("Hãy ghi ngày, tháng, năm, ví dụ 22/11/2026.", code="invalid")
        self._check_range(known.day)
        return known.day

    def _check_range(self, day: datetime.date):
        if not self.earliest <= day <= self.latest:
            raise ValidationError(f"Hãy ghi ngày từ {self.earliest:%d/%m/%Y} đến {self.latest:%d/%m/%Y}.", code="range")


class PartialDayField(DayField):
    """A day, a month or a year, as old lists know it: 22/11/2001, 11/2001, 2001. Cleans to PartialDay."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(**{"help_text": "Ngày, tháng, năm; chỉ biết tháng hoặc năm cũng được.", **kwargs})

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}

    def prepare_value(self, value):
        if isinstance(value, datetime.date):
            value = PartialDay(value)
        return value.words if isinstance(value, PartialDay) else value

    def to_python(self, value):
        if value is None or isinstance(value, PartialDay):
            return value
        if isinstance(value, datetime.date):
            return PartialDay(value)
        text = str(value).strip()
        if not text:
            return None
        known = _read_day(text)
        self._check_range(known.day)
        return known


def _read_day(text: str) -> PartialDay:
    try:
        return PartialDay.read(text)
    except NotADay as error:
        raise ValidationError(str(error), code="invalid") from error


class FormKeyField(forms.Field):
    """The key that makes a form sent twice one form. A spoilt key becomes a new one: the work is not lost."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False, initial=uuid.uuid4)

    def to_python(self, value):
        try:
            return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
        except ValueError:
            return uuid.uuid4()


class VersionField(forms.Field):
    """The version of the record this form was opened with; without it a save could overwrite somebody."""

    widget = forms.HiddenInput
    default_error_messages = {"required": "Trang này không còn mới. Hãy mở lại trang rồi ghi lại phần vừa sửa."}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return int(str(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["required"], code="version") from error


class RowsAskedOnce(ModelChoiceIterator):
    """The rows as choices. A page looks at a list of choices six times, and Django asks the database each time."""

    def __iter__(self):
        return map(self.choice, self.field.rows)

    def __len__(self):
        return len(self.field.rows)

    def __bool__(self):
        return bool(self.field.rows)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows of a table to choose from. A number too long to be a key is no choice.

    Django hands it to the database, and SQLite ends the request with an error.
    """

    LONGEST_KEY = 18
    iterator = RowsAskedOnce
    _asked = (None, ())

    @property
    def rows(self) -> list:
        """What is offered, asked for once; anew when another queryset is set."""
        if self._asked[0] is not self.queryset:
            self._asked = (self.queryset, list(self.queryset))
        return self._asked[1]

    def clean(self, value):
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > self.LONGEST_KEY:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": key})
        return super().clean(value)
