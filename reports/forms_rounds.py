"""Forms of rounds, of handing a report in, and of deciding about it."""

import datetime

from django import forms

from branches.forms.base import DayField, OfficeForm
from branches.models import Period
from branches.numbering import next_symbol
from branches.periods import write_period
from reports.models import ReportTemplate
from reports.papers.report import KIND_CODE
from reports.report_numbers import reserved_for

TERM = "ky-nk"
SURE = {"required": "Hãy đánh dấu ô này nếu vẫn muốn khép đợt."}


def periods_asked(today: datetime.date) -> list[tuple[str, list[Period]]]:
    """The periods a round can be about, newest first, by their kind. None has still to begin."""
    years = [today.year, today.year - 1]
    halves = [Period.of_half(year, half) for year in years for half in (2, 1)]
    quarters = [Period.of_quarter(year, quarter) for year in years for quarter in (4, 3, 2, 1)]
    months = [Period.of_month(year, month) for year in years for month in range(12, 0, -1)]
    groups = [
        ("Năm", [Period.of_year(year) for year in years]),
        ("Sáu tháng", halves[:4]),
        ("Quý", quarters),
        ("Tháng", months),
        ("Năm học", [Period.of_school_year(year) for year in (*years, today.year - 2)]),
    ]
    most = {"Quý": 5, "Tháng": 13}
    begun = [(name, [one for one in rows if one.starts_on <= today]) for name, rows in groups]
    return [(name, rows[: most.get(name, 4)]) for name, rows in begun]


def period_key(period: Period) -> str:
    return f"ky-{write_period(period)}"


class RoundForm(OfficeForm):
    """What is asked, of whom and by when. The choices come from the view."""

    keyed = True

    period = forms.ChoiceField(label="Kỳ báo cáo")
    theme = forms.CharField(
        label="Chuyên đề", required=False, max_length=160,
        help_text="Chỉ ghi khi hỏi riêng một việc, ví dụ: Tháng Thanh niên. Để trống là báo cáo cả kỳ.",
    )  # fmt: skip
    due_on = DayField(label="Hạn nộp")
    name = forms.CharField(
        label="Tên đợt", required=False, max_length=200, help_text="Để trống thì lấy tên kỳ, ví dụ: Báo cáo năm 2026."
    )
    asks = forms.CharField(
        label="Yêu cầu", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ví dụ: nội dung cần nêu rõ, văn bản làm căn cứ.",
    )  # fmt: skip
    template = forms.ModelChoiceField(
        label="Mẫu báo cáo", required=False, queryset=ReportTemplate.objects.none(),
        empty_label="Mẫu thường dùng của kỳ",
    )  # fmt: skip
    tables = forms.MultipleChoiceField(
        label="Biểu số liệu kèm theo", required=False, widget=forms.CheckboxSelectMultiple
    )
    units = forms.MultipleChoiceField(label="Đơn vị phải báo cáo", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, today, units, templates, tables, **kwargs):
        super().__init__(*args, **kwargs)
        asked = periods_asked(today)
        self.periods = {period_key(one): one for _, rows in asked for one in rows}
        self.fields["period"].choices = [
            *((name, [(period_key(one), one.name) for one in rows]) for name, rows in asked if rows),
            ("Nhiệm kỳ", [(TERM, "Nhiệm kỳ của từng đơn vị")]),
        ]
        self.fields["units"].choices = [(str(one.pk), one.name) for one in units]
        self.units = {str(one.pk): one for one in units}
        self.tables = {str(one.pk): one for one in tables}
        self.fields["template"].queryset = templates
        self.fields["template"].label_from_instance = _edition_named
        self.fields["tables"].choices = [(key, str(one)) for key, one in self.tables.items()]
        for name, rows in (("template", templates), ("tables", self.tables)):
            if not rows:
                del self.fields[name]

    def said(self) -> dict:
        """What open_round takes."""
        values = dict(self.cleaned_data)
        period = self.periods.get(values.pop("period"))
        units = [self.units[key] for key in values.pop("units")]
        tables = [self.tables[key] for key in values.pop("tables", [])]
        values.pop("form_key")
        kind = period.kind if period else Period.Kind.TERM
        return {**values, "period": period, "kind": kind, "units": units, "tables": tables}


def _edition_named(template: ReportTemplate) -> str:
    return f"{template}, bản {template.edition}" if template.edition > 1 else str(template)


class RoundStepForm(OfficeForm):
    """A step of a round: the version of the round is claimed by every one of them."""

    keyed = True
    versioned = True


class RoundReasonForm(RoundStepForm):
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)


class RoundDueForm(RoundStepForm):
    due_on = DayField(label="Hạn nộp mới")
    reason = forms.CharField(label="Lý do đổi hạn", max_length=300)


class RoundAddForm(RoundStepForm):
    units = forms.MultipleChoiceField(label="Đơn vị thêm vào đợt", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(str(one.pk), one.name) for one in units]


class RoundCloseForm(RoundStepForm):
    """`missing` are the units named on the page: only what the person has read is confirmed."""

    sure = forms.BooleanField(label="Vẫn khép đợt khi còn đơn vị chưa nộp", error_messages=SURE)
    missing = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args, missing, **kwargs):
        super().__init__(*args, **kwargs)
        if missing:
            self.fields["missing"].initial = " ".join(f"d{pk}" for pk in missing)
        else:
            del self.fields["sure"], self.fields["missing"]

    def told(self) -> list[int]:
        """The units the page named."""
        words = [word.removeprefix("d") for word in self.cleaned_data.get("missing", "").split()]
        return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 10]


# --- reports --------------------------------------------------------------------------------------------


class ReportStepForm(OfficeForm):
    """A step of a report; the version it was opened with is claimed by the verb."""

    keyed = True
    versioned = True


class SubmitForm(ReportStepForm):
    """Day and number of a paper that has none yet, and what is corrected where one was approved before."""

    dated_on = DayField(label="Ngày báo cáo", help_text="In dưới tên đơn vị. Số liệu tính đến ngày này.")
    takes_number = forms.BooleanField(label="Lấy số tiếp theo trong sổ văn bản", required=False)
    reserved = forms.TypedChoiceField(
        label="Hoặc dùng số đã giữ chỗ", required=False, coerce=int, empty_value=None,
    )  # fmt: skip
    correction = forms.CharField(
        label="Đính chính những gì", max_length=1000, widget=forms.Textarea,
        help_text="Ví dụ: số người hiến máu là 42, không phải 24.",
    )  # fmt: skip

    def __init__(self, *args, report, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.report, self.on = report, on
        if report.dated_on:
            del self.fields["dated_on"]
        kept = [] if report.number else list(reserved_for(report, on=on))
        if kept:
            offered = [(one.number, f"{one.symbol}{f': {one.about}' if one.about else ''}") for one in kept]
            self.fields["reserved"].choices = [("", "Không dùng số giữ chỗ"), *offered]
        else:
            del self.fields["reserved"]
        if report.number:
            del self.fields["takes_number"]
        else:
            offered = next_symbol(report.unit, KIND_CODE, report.dated_on or on)
            said = f"Số tiếp theo: {offered}. Không lấy thì số để trống, điền tay."
            self.fields["takes_number"].help_text = said
        if report.state != report.State.REOPENED:
            del self.fields["correction"]

    def clean(self):
        said = super().clean()
        if said.get("reserved") and said.get("takes_number"):
            self.add_error("reserved", "Hãy chọn một trong hai: số tiếp theo, hoặc số đã giữ chỗ.")
        return said

    def clean_dated_on(self):
        day = self.cleaned_data["dated_on"]
        if day > self.on:
            raise forms.ValidationError("Ngày báo cáo không thể sau hôm nay.")
        if day < self.report.period.starts_on:
            raise forms.ValidationError(
                f"Ngày báo cáo phải từ {self.report.period.starts_on:%d/%m/%Y}, ngày đầu của kỳ."
            )
        return day


class ReportReasonForm(ReportStepForm):
    reason = forms.CharField(label="Lý do", max_length=1000, widget=forms.Textarea)


class ApproveForm(ReportStepForm):
    note = forms.CharField(label="Ý kiến khi duyệt", required=False, max_length=1000, widget=forms.Textarea)


class ApproveOutsideForm(ReportStepForm):
    who = forms.CharField(label="Cơ quan đã duyệt", max_length=150, help_text="Ví dụ: Ban Thường vụ Tỉnh đoàn.")
    paper = forms.CharField(
        label="Văn bản duyệt",
        max_length=140,
        help_text="Số và ngày, ví dụ: công văn 35-CV/TĐTN ngày 10/01/2026. Cấp trên không ra văn bản riêng thì ghi "
        "duyệt ở đâu, ngày nào, ví dụ: hội nghị giao ban ngày 10/01/2026.",
    )
