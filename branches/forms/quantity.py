"""The results of one activity: which indicators may be chosen, and one small form for each of them."""

import datetime
from itertools import groupby

from django import forms
from django.db.models import Exists, OuterRef

from branches.models import Indicator, Quantity, Target
from branches.recording import QuantityLine

from .base import MoneyField, NumberField, OfficeForm

# Things that are given piece by piece; only there the price of one piece is worth a field.
GIVEN_BY_PIECE = ("suất", "phần quà", "cuốn", "món")


class Catalogue:
    """Every indicator a unit may log, the ones of its plan first. One query."""

    def __init__(self, unit, day: datetime.date):
        planned = Target.objects.filter(
            unit=unit,
            indicator__code=OuterRef("code"),
            period__starts_on__lte=day,
            period__ends_on__gt=day,
        )
        self.year = day.year
        rows = (
            Indicator.objects.usable_by(unit)
            .exclude(source=Indicator.Source.REGISTER)
            .annotate(planned=Exists(planned))
            .select_related("area")
            .order_by("area__position", "area_id", "position", "pk")
        )
        # Editions of other years stay reachable: the day of the activity may be changed afterwards.
        self.by_pk = {indicator.pk: indicator for indicator in rows}

    def of_year(self) -> list[Indicator]:
        return [
            indicator
            for indicator in self.by_pk.values()
            if indicator.first_year <= self.year and (indicator.last_year is None or indicator.last_year >= self.year)
        ]

    def areas(self) -> dict:
        """Chapter pk → chapter, in the order of the report."""
        return {indicator.area_id: indicator.area for indicator in self.by_pk.values()}

    def find(self, wanted) -> Indicator | None:
        """By key or, for links from the plan, by code."""
        text = str(wanted)
        if text.isdecimal() and len(text) < 19:
            return self.by_pk.get(int(text))
        return next((indicator for indicator in self.of_year() if indicator.code == text), None)

    def groups(self, without=()) -> list[tuple[str, list[Indicator]]]:
        """What the list of choices shows: the plan's indicators, then the rest chapter by chapter."""
        offered = [indicator for indicator in self.of_year() if indicator.pk not in without]
        planned = [indicator for indicator in offered if indicator.planned]
        rest = [indicator for indicator in offered if not indicator.planned]
        groups = [("Chỉ tiêu trong kế hoạch", planned)] if planned else []
        return groups + [(area.name, list(rows)) for area, rows in groupby(rest, key=lambda one: one.area)]


class QuantityForm(OfficeForm):
    """One result. Made by `quantity_form`, which knows the kind of the indicator."""

    value = NumberField(required=False, label="Số lượng")
    qualifier = forms.ChoiceField(
        label="Mức chính xác",
        choices=Quantity.Qualifier,
        widget=forms.RadioSelect,
        required=False,
        initial=Quantity.Qualifier.EXACT,
    )
    unknown = forms.BooleanField(label="Chưa có số, sẽ ghi sau", required=False)
    note = forms.CharField(label="Cho ai, việc gì", max_length=160, required=False)

    def __init__(self, data=None, *, indicator, initial=None):
        self.indicator = indicator
        super().__init__(data, prefix=f"q{indicator.pk}", initial=initial)
        value = self.fields["value"]
        value.label = indicator.name
        value.says_optional = True  # the word "Chưa có số" below says it
        if isinstance(value, NumberField) and not indicator.is_money:
            value.unit = indicator.unit_word
            value.whole, value.places = indicator.decimals == 0, indicator.decimals
            value.widget.attrs["inputmode"] = "numeric" if value.whole else "decimal"

    def clean(self):
        data = super().clean()
        if "value" in self.errors or data.get("value") is not None:
            return data
        if not data.get("unknown"):
            what = "Hãy chọn" if self.indicator.is_yes_no else f"Hãy ghi số {self.indicator.unit_word}"
            self.add_error("value", f"{what}, hoặc đánh dấu “Chưa có số”.")
        return data

    def line(self) -> QuantityLine:
        data = self.cleaned_data
        return QuantityLine(
            indicator=self.indicator,
            value=data["value"],
            denominator=data.get("denominator"),
            qualifier=data.get("qualifier") or Quantity.Qualifier.EXACT,
            each=data.get("each"),
            note=data.get("note", ""),
        )


class PieceForm(QuantityForm):
    each = MoneyField(label="Mỗi suất", required=False)


class AmountForm(QuantityForm):
    value = MoneyField(required=False, label="Số tiền")


class ShareForm(QuantityForm):
    denominator = NumberField(label="Trên tổng số", required=False)

    def __init__(self, data=None, *, indicator, initial=None):
        super().__init__(data, indicator=indicator, initial=initial)
        self.fields["denominator"].unit = indicator.unit_word
        self.fields["denominator"].says_optional = True

    def clean(self):
        data = super().clean()
        value, whole = data.get("value"), data.get("denominator")
        if value is not None and "denominator" not in self.errors:
            if not whole:
                self.add_error("denominator", "Hãy ghi trên tổng số bao nhiêu.")
            elif value > whole:
                self.add_error("value", "Số này lớn hơn tổng số. Hãy xem lại hai số.")
        return data


class YesNoForm(QuantityForm):
    value = forms.TypedChoiceField(
        required=False,
        choices=[("1", "Có"), ("0", "Không")],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    qualifier = None


def quantity_form(indicator: Indicator, data=None, *, line=None, member_total: int | None = None) -> QuantityForm:
    """The form of one result: bound to `data`, filled from a stored `line`, or empty.

    `member_total` is offered as the whole of a share of members.
    """
    if indicator.is_yes_no:
        kind = YesNoForm
    elif indicator.is_share:
        kind = ShareForm
    elif indicator.is_money:
        kind = AmountForm
    else:
        kind = PieceForm if any(word in indicator.unit_word for word in GIVEN_BY_PIECE) else QuantityForm
    initial = {}
    if line is not None:
        initial = {
            "value": int(line.value) if indicator.is_yes_no and line.value is not None else line.value,
            "denominator": line.denominator,
            "qualifier": line.qualifier,
            "unknown": line.value is None,
            "each": line.each,
            "note": line.note,
        }
    elif indicator.is_share and "đoàn viên" in indicator.unit_word and "lượt" not in indicator.unit_word:
        initial = {"denominator": member_total or None}
    elif indicator.is_yes_no:
        initial = {"value": 1}
    return kind(data, indicator=indicator, initial=initial)
