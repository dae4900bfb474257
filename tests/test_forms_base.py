"""What the fields read, what they refuse and with which words, and what the base form puts on the page."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from branches.forms.base import DayField, MoneyField, NumberField, OfficeForm, OfficeModelForm
from branches.forms.fields import as_typed
from branches.models import Unit


def answer(field, text) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    return refused.value.messages[0]


# --- numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("15", 15), (" 15 ", 15), ("1.200.000", 1_200_000), ("1 200 000", 1_200_000), ("1\u00a0200", 1200),
     ("12.345", 12_345), ("2,0", 2), ("007", 7)],
)  # fmt: skip
def test_whole_number_reads_what_people_type(text, number):
    assert NumberField().clean(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("92,5", "92.5"), ("1.200,75", "1200.75"), ("1.5", "1.5"), ("1.500", "1500"), ("100", "100"), ("0,10", "0.1")],
)
def test_decimal_number_reads_comma_and_the_point_of_an_english_phone(text, number):
    assert NumberField(whole=False).clean(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("15 lượt", "Chỉ ghi số, không ghi chữ: hãy ghi 15."),
        ("2,5", "Số suất là số nguyên. Hãy ghi 2 hoặc 3."),
        ("1,200", "Phần nghìn ngăn bằng dấu chấm: hãy ghi 1.200."),
        ("1,200,000", "Phần nghìn ngăn bằng dấu chấm, ví dụ 1.200.000."),
        ("1.5", "Hãy ghi một số, ví dụ 1.200."),
        ("nhiều", "Hãy ghi một số, ví dụ 1.200."),
        ("5²", "Chỉ ghi số, không ghi chữ: hãy ghi 5."),
        ("١٢", "Hãy ghi một số, ví dụ 1.200."),
        ("1e9", "Chỉ ghi số, không ghi chữ: hãy ghi 1."),
        ("NaN", "Hãy ghi một số, ví dụ 1.200."),
        ("-1", "Hãy ghi số từ 0 trở lên."),
        ("1.000.000.000.000", "Hãy ghi số không quá 999.999.999.999."),
        ("9" * 40, "Số quá lớn. Hãy ghi số không quá 999.999.999.999."),
    ],
)
def test_whole_number_refuses_and_says_what_to_write(text, said):
    assert answer(NumberField(unit="suất"), text) == said


def test_decimal_number_refuses_more_places_than_are_kept():
    assert answer(NumberField(whole=False, places=1), "92,55") == "Chỉ ghi tối đa 1 chữ số sau dấu phẩy."


def test_empty_optional_number_is_none_and_zero_stays_zero():
    assert NumberField(required=False).clean("  ") is None
    assert NumberField(required=False).clean("0") == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1_200_000, "1.200.000"), (Decimal("92.50"), "92,5"), (Decimal("5.000"), "5"), (0, "0"), (92.5, "92,5"),
     ("15 lượt", "15 lượt"), (None, None)],
)  # fmt: skip
def test_number_is_shown_as_it_would_be_typed(value, shown):
    assert NumberField(whole=False).prepare_value(value) == shown


@given(st.integers(min_value=0, max_value=999_999_999_999))
def test_a_shown_whole_number_is_read_back(number):
    assert NumberField().clean(as_typed(number)) == number


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_a_shown_decimal_is_read_back(number):
    assert NumberField(whole=False, places=3).clean(as_typed(number)) == number


def outcome(field, text):
    """What the field makes of the text: (value, answer), one of them None."""
    try:
        return field.clean(text), None
    except ValidationError as refused:
        return None, refused.messages[0]


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_gets_an_answer(text):
    for field in (NumberField(required=False), NumberField(whole=False, required=False), MoneyField(required=False)):
        value, said = outcome(field, text)
        assert said.endswith(".") if said else value is None or value >= 0


@pytest.mark.parametrize("text", ["1.200.000", "1.200.000đ", "1.200.000 đồng", "1200000 VND"])
def test_money_reads_the_sign_of_the_currency(text):
    assert MoneyField().clean(text) == 1_200_000


@pytest.mark.parametrize("text", ["1,2 triệu", "500 nghìn", "500k", "2 tỷ"])
def test_money_does_not_guess_words(text):
    assert answer(MoneyField(), text) == "Hãy ghi đủ số đồng bằng chữ số, ví dụ 1.200.000."


# --- days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["22/11/2026", "22-11-2026", "22.11.2026", "22/11/26", "22-11-26", " 22 / 11 / 2026 ", "2026-11-22"]
)
def test_day_reads_what_people_and_date_boxes_send(text):
    assert DayField().clean(text) == datetime.date(2026, 11, 22)


def test_two_figures_of_a_year_of_birth_are_of_the_last_century():
    assert DayField().clean("5/3/98") == datetime.date(1998, 3, 5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/02/2026", "Không có ngày 31/2/2026. Hãy xem lại ngày và tháng."),
        ("11/22/2026", "Không có ngày 11/22/2026. Hãy xem lại ngày và tháng."),
        ("22/11", "Hãy ghi cả năm, ví dụ 22/11/2026."),
        ("hôm qua", "Hãy ghi ngày, tháng, năm, ví dụ 22/11/2026."),
        ("0001-01-01", "Hãy ghi ngày từ 01/01/1900 đến 01/01/2100."),
        ("0000-01-01", "Không có ngày 1/1/0. Hãy xem lại ngày và tháng."),
    ],
)
def test_day_refuses_and_says_what_to_write(text, said):
    assert answer(DayField(), text) == said


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_gets_an_answer(text):
    value, said = outcome(DayField(required=False), text)
    assert said.endswith(".") if said else value is None or value.year >= 1900


# --- the form ---------------------------------------------------------------------------------------


class GiftForm(OfficeForm):
    keyed = True
    title = forms.CharField(label="Đã làm việc gì?", max_length=10)
    gifts = NumberField(label="Số suất quà", unit="suất")
    day = DayField(label="Ngày")
    note = forms.CharField(label="Ghi chú", required=False)


def page_of(form) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def test_form_names_the_field_and_what_to_do():
    form = GiftForm({"title": "Tặng quà hộ nghèo", "gifts": "2,5", "day": ""})
    assert not form.is_valid()
    assert form.errors == {
        "title": ["Tối đa 10 ký tự, đang có 17. Hãy rút gọn."],
        "gifts": ["Số suất là số nguyên. Hãy ghi 2 hoặc 3."],
        "day": ["Hãy ghi “Ngày”."],
    }
    assert form.wrong_line == "Xem lại 3 ô bên dưới, các ô khác vẫn còn nguyên."


def test_page_shows_the_refusal_at_the_field_and_keeps_what_was_typed():
    page = page_of(GiftForm({"title": "Thăm hỏi", "gifts": "2,5", "day": "31/02/2026", "note": "<b>"}))
    assert 'value="2,5"' in page
    assert 'aria-describedby="id_gifts_error"' in page
    assert 'id="id_gifts_error">Số suất là số nguyên. Hãy ghi 2 hoặc 3.' in page
    # A date box would silently empty a day that does not exist.
    assert '<input type="text" name="day" value="31/02/2026"' in page
    assert "&lt;b&gt;" in page
    assert "(không bắt buộc)" in page
    assert 'role="alert"' in page


def test_fresh_form_shows_no_error_line_and_carries_a_new_key():
    first, second = page_of(GiftForm()), page_of(GiftForm())
    assert "Chưa lưu được" not in first
    assert 'type="hidden" name="form_key"' in first
    assert first != second


def test_spoilt_form_key_becomes_a_new_one_and_the_work_is_not_lost():
    form = GiftForm({"title": "Thăm hỏi", "gifts": "2", "day": "22/11/2026", "form_key": "x' or 1=1"})
    assert form.is_valid()
    assert isinstance(form.cleaned_data["form_key"], uuid.UUID)


def test_given_form_key_comes_through():
    key = uuid.uuid4()
    form = GiftForm({"title": "Thăm hỏi", "gifts": "2", "day": "22/11/2026", "form_key": str(key)})
    assert form.is_valid()
    assert form.cleaned_data["form_key"] == key


class Refused(Exception):
    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class RefusedMany(Exception):
    errors = {"gifts": "Số suất đã chốt.", None: "Báo cáo đã nộp."}


@pytest.mark.parametrize(
    ("error", "errors"),
    [
        (Refused("Ngày này chưa tới.", "day"), {"day": ["Ngày này chưa tới."]}),
        (Refused("Báo cáo đã nộp."), {"__all__": ["Báo cáo đã nộp."]}),
        (Refused("Không có ô này.", "elsewhere"), {"__all__": ["Không có ô này."]}),
        (RefusedMany(), {"gifts": ["Số suất đã chốt."], "__all__": ["Báo cáo đã nộp."]}),
    ],
)
def test_domain_refusal_stands_where_it_belongs(error, errors):
    form = GiftForm({"title": "Thăm hỏi", "gifts": "2", "day": "22/11/2026"})
    assert form.is_valid()
    form.refuse(error)
    assert form.errors == errors


def test_versioned_form_without_a_version_is_refused_on_top():
    class RenameForm(OfficeForm):
        versioned = True
        name = forms.CharField(label="Tên")

    form = RenameForm({"name": "Chi đoàn A"})
    assert not form.is_valid()
    assert form.top_errors == ["Trang này không còn mới. Hãy mở lại trang rồi ghi lại phần vừa sửa."]
    assert RenameForm({"name": "Chi đoàn A", "version": "3"}).is_valid()


def test_model_form_reads_days_the_vietnamese_way():
    class UnitForm(OfficeModelForm):
        class Meta:
            model = Unit
            fields = ["name", "kind", "dissolved_on"]

    form = UnitForm({"name": "Chi đoàn A", "kind": "branch", "dissolved_on": "1/7/25"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["dissolved_on"] == datetime.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("labels", "shape"),
    [
        (["Sinh hoạt tạm thời", "Sinh hoạt nơi cư trú"], "seg"),  # words that wrap fit any phone
        (["Báo cáo năm 2026", "Báo cáo nhiệm\u00a0kỳ\u00a02022-2027"], "chips"),
        (["Đúng", "Khoảng", "Gần", "Hơn"], "seg"),
        (["Đúng", "Khoảng", "Gần", "Không rõ".replace(" ", "\u00a0")], "chips"),
        (["Một", "Hai", "Ba", "Bốn", "Năm"], "chips"),
    ],
)
def test_choices_stand_side_by_side_only_where_they_fit_a_phone(labels, shape):
    class ChoiceForm(OfficeForm):
        one = forms.ChoiceField(choices=[(label, label) for label in labels], widget=forms.RadioSelect)

    assert ChoiceForm()["one"].group_class == shape
