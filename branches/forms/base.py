"""The one base of every form: crispy helper, Vietnamese answers, error line, form key and version."""

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.models import ModelFormMetaclass
from django.forms.utils import ErrorDict

from branches.models.versioned import Versioned

from .fields import (
    LARGEST,
    DayField,
    DayInput,
    FormKeyField,
    MoneyField,
    NumberField,
    PartialDayField,
    RowsField,
    VersionField,
)

__all__ = [
    "DayField",
    "DayInput",
    "MoneyField",
    "NumberField",
    "OfficeForm",
    "OfficeFormMixin",
    "OfficeModelForm",
    "PartialDayField",
    "RowsField",
    "sent",
]

ANSWERS = {
    "max_length": "Tối đa %(limit_value)d ký tự, đang có %(show_value)d. Hãy rút gọn.",
    "min_length": "Ít nhất %(limit_value)d ký tự, đang có %(show_value)d. Hãy ghi thêm.",
    "max_value": "Hãy ghi số không quá %(limit_value)s.",
    "min_value": "Hãy ghi số từ %(limit_value)s trở lên.",
    "null_characters_not_allowed": "Có ký tự không đọc được. Hãy xóa rồi ghi lại.",
}
CHOICE_ANSWERS = {
    "invalid_choice": "Mục đã chọn không còn trong danh sách. Hãy chọn lại.",
    "invalid_list": "Hãy chọn lại trong danh sách.",
    "invalid_pk_value": "Mục đã chọn không còn trong danh sách. Hãy chọn lại.",
}
FILE_ANSWERS = {
    "invalid": "Chưa nhận được tệp. Hãy chọn lại tệp.",
    "missing": "Chưa nhận được tệp. Hãy chọn lại tệp.",
    "empty": "Tệp này trống. Hãy chọn tệp khác.",
    "max_length": "Tên tệp tối đa %(max)d ký tự, đang có %(length)d. Hãy đổi tên ngắn hơn.",
    "invalid_image": "Không đọc được ảnh này. Hãy chọn ảnh JPG hoặc PNG khác.",
}
CHOICES = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectMultiple)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
SEGMENTS_LETTERS = 30  # of 14 px, side by side in a panel on a phone 320 px wide


def sent(request):
    """What was posted, also when it is nothing at all, so that it is answered; None where a page is only opened."""
    return request.POST if request.method == "POST" else None


def required_answer(field, label: str) -> str:
    name = str(label or "").strip().rstrip("?:. ")
    if isinstance(field.widget, CHOICES):
        return f"Hãy chọn “{name}”."
    if isinstance(field, forms.FileField):
        return f"Hãy chọn tệp cho “{name}”."
    if isinstance(field, forms.BooleanField):
        return "Hãy đánh dấu ô này nếu muốn tiếp tục."
    return f"Hãy ghi “{name}”."


class OfficeBoundField(BoundField):
    """What `_field.html` asks of a field, so that templates hold no rules."""

    is_picked = False  # a long list with words to find by: picking.py

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if self.errors and not self.is_hidden and not isinstance(self.field.widget, GROUPS):
            own = attrs.get("class") or self.field.widget.attrs.get("class", "")
            attrs["class"] = f"{own} is-invalid".strip()
        return attrs

    @property
    def unit(self) -> str:
        return getattr(self.field, "unit", "")

    @property
    def is_group(self) -> bool:
        return isinstance(self.field.widget, GROUPS)

    @property
    def is_tick(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def group_class(self) -> str:
        """Two to four choices of one stand as segments, everything else as chips that wrap.

        A label whose words hold together ("nhiệm kỳ 2022-2027") and are wider than their share of a narrow
        phone, some thirty letters for all segments, makes them chips as well.
        """
        widget = self.field.widget
        is_of_one = isinstance(widget, forms.RadioSelect) and not isinstance(widget, forms.CheckboxSelectMultiple)
        choices = widget.choices if is_of_one else []
        if not 0 < len(choices) <= 4:
            return "chips"
        longest = max(len(piece) for _, label in choices for piece in str(label).split(" "))
        return "seg" if longest * len(choices) <= SEGMENTS_LETTERS else "chips"

    @property
    def is_optional(self) -> bool:
        return not self.field.required and not self.is_tick and not getattr(self.field, "says_optional", False)


class OfficeFormMixin:
    """Mixed into forms and model forms. A page writes <form>, {% csrf_token %}, {% crispy form %} and its buttons.

    `keyed = True` adds the hidden form key (`cleaned_data["form_key"]`), `versioned = True` the hidden
    version the record was opened with (`cleaned_data["version"]`); model forms of Versioned models
    have the version by themselves.
    """

    bound_field_class = OfficeBoundField
    use_required_attribute = False  # the answer comes in Vietnamese from us, not in the browser's tongue
    wrong_lead = "Chưa lưu được."
    keyed = False
    versioned = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if self.keyed:
            self.fields["form_key"] = FormKeyField()
        if self.versioned:
            self.fields["version"] = VersionField()
        for name, field in self.fields.items():
            self._dress(field)
            self._answer(field, field.label or name)

    def judge_later(self):
        """Show what was typed without a verdict: the person is still at work."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.layout = None
        helper.form_tag = False
        helper.disable_csrf = True  # the page writes its own token; filters by GET must not carry one
        helper.template = "_form.html"
        helper.field_template = "_field.html"
        return helper

    def _dress(self, field):
        widget = field.widget
        if widget.is_hidden or isinstance(widget, GROUPS):
            return
        if isinstance(widget, forms.CheckboxInput):
            css = "form-check-input"
        elif isinstance(widget, forms.Select):
            css = "form-select"
        else:
            css = "form-control"
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()
        if isinstance(widget, forms.Textarea):
            widget.attrs["rows"] = 3 if widget.attrs.get("rows") in (None, "10") else widget.attrs["rows"]
            widget.attrs.pop("cols", None)

    def _answer(self, field, label):
        """Vietnamese answers, unless the form wrote its own."""
        answers = dict(ANSWERS)
        if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
            answers |= CHOICE_ANSWERS
        if isinstance(field, forms.FileField):
            answers |= FILE_ANSWERS
        if isinstance(field, forms.URLField):
            answers["invalid"] = "Hãy ghi địa chỉ đầy đủ, ví dụ https://doanthanhnien.vn."
        if isinstance(field, forms.EmailField):
            answers["invalid"] = "Hãy ghi địa chỉ thư đầy đủ, ví dụ ten@donvi.gov.vn."
        if isinstance(field, forms.TimeField):
            answers["invalid"] = "Hãy ghi giờ và phút, ví dụ 14:30."
        if not field.widget.is_hidden:
            answers["required"] = required_answer(field, label)
        for code, text in answers.items():
            said_by_django = next(
                (
                    kind.default_error_messages[code]
                    for kind in type(field).__mro__
                    if code in getattr(kind, "default_error_messages", {})
                ),
                None,
            )
            if field.error_messages.get(code, said_by_django) == said_by_django:
                field.error_messages[code] = text

    def refuse(self, error: Exception, field: str = "") -> None:
        """Show a domain refusal where it belongs: at `field`, else where the error says, else on top.

        A refusal says where by `.field` (one message) or `.errors` (a message for each field).
        """
        said = getattr(error, "errors", None) or {getattr(error, "field", ""): str(error)}
        for place, text in said.items():
            place = field or place
            self.add_error(place if place in self.fields else None, text)

    @property
    def wrong_fields(self) -> list:
        """The visible fields that need another look, in the order of the page."""
        return [self[name] for name in self.fields if name in self.errors and not self[name].is_hidden]

    @property
    def top_errors(self) -> list[str]:
        """What belongs to no visible field."""
        hidden = [text for field in self.hidden_fields() for text in field.errors]
        return [*self.non_field_errors(), *hidden]

    @property
    def wrong_line(self) -> str:
        """ "Xem lại 2 ô bên dưới", or nothing when the trouble is not in a field."""
        count = len(self.wrong_fields)
        if not count:
            return ""
        rest = ", các ô khác vẫn còn nguyên" if len(self.visible_fields()) > count else ""
        return f"Xem lại {count} ô bên dưới{rest}."


class OfficeForm(OfficeFormMixin, forms.Form):
    """A plain form."""


class FilterForm(OfficeForm):
    """The choices above a list, from the address. None has to be made, and what is not understood is left out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.says_optional = True

    @property
    def understood(self) -> dict:
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def house_field(db_field, **kwargs):
    """Numbers and days of a model become the fields of this house; everything else stays Django's."""
    if db_field.choices is None:
        if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            kwargs.setdefault("form_class", DayField)
        elif isinstance(db_field, models.DecimalField):
            kwargs = {"form_class": NumberField, "whole": False, "places": db_field.decimal_places, **kwargs}
            return models.Field.formfield(db_field, **kwargs)
        elif isinstance(db_field, models.IntegerField) and not db_field.primary_key:
            kwargs = {"form_class": NumberField, "max_value": _largest(db_field), **kwargs}
            return models.Field.formfield(db_field, **kwargs)
    return db_field.formfield(**kwargs)


def _largest(db_field) -> int:
    if isinstance(db_field, models.SmallIntegerField | models.PositiveSmallIntegerField):
        return 32_767
    return LARGEST if isinstance(db_field, models.BigIntegerField) else 2_147_483_647


class OfficeModelFormMetaclass(ModelFormMetaclass):
    """Gives every model form `house_field`, which Django would otherwise want named in each Meta."""

    def __new__(mcs, name, bases, attrs):
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(house_field)
        return super().__new__(mcs, name, bases, attrs)


class OfficeModelForm(OfficeFormMixin, forms.ModelForm, metaclass=OfficeModelFormMetaclass):
    """A form over one record."""

    def __init__(self, *args, **kwargs):
        if issubclass(self._meta.model, Versioned):
            instance = kwargs.get("instance")
            # A new record has nobody to overwrite.
            self.versioned = instance is not None and instance.pk is not None
            if self.versioned:
                kwargs["initial"] = {"version": instance.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
