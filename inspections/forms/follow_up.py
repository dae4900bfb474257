"""Forms after the notice: the unit's answers and requests, the committee's checks and decisions, the unit's plan."""

from django import forms

from branches.aims import AimRefused, parse_aim
from branches.formats import NBSP, day
from branches.forms.base import DayField, OfficeForm, RowsField
from branches.models import Activity, Indicator, Member, Target
from inspections.models import Check, Inspection, Recommendation

from .findings import ActivityChoiceField, TargetChoiceField


class CaseChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, case):
        return f"{case.title}, {day(case.visited_on) or 'chưa làm việc'}"


class MemberChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, member):
        return member.full_name


class IndicatorChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, indicator):
        return f"{indicator.name} ({indicator.unit_word})"


class TargetChoicesField(RowsField):
    label_from_instance = TargetChoiceField.label_from_instance


class ActivityChoicesField(RowsField):
    label_from_instance = ActivityChoiceField.label_from_instance


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files of one choice; cleans to a list."""

    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        one = super().clean
        return [one(item, initial) for item in data] if isinstance(data, list | tuple) else [one(data, initial)]


class AnswerForm(OfficeForm):
    keyed = True
    versioned = True

    text = forms.CharField(label="Đã làm gì", max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))
    activities = ActivityChoicesField(
        label="Gắn hoạt động đã ghi",
        queryset=Activity.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    targets = TargetChoicesField(
        label="Gắn chỉ tiêu", queryset=Target.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    files = SeveralFilesField(
        label="Ảnh, tệp minh chứng", required=False,
        help_text="Ảnh, PDF, Word, Excel; mỗi tệp tối đa 10 MB. Chọn được nhiều tệp.",
    )  # fmt: skip

    def __init__(self, *args, activities, targets, **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("activities", activities), ("targets", targets)):
            self.fields[name].queryset = rows
            self.fields[name].says_optional = True
            if not rows:
                del self.fields[name]

    @property
    def proof_fields(self):
        return [self[name] for name in ("activities", "targets") if name in self.fields]


class CheckForm(OfficeForm):
    """The verdict, and how it was reached. `cases` are re-inspections in which somebody may have looked.

    What waits for a look on the spot is checked there: the choice is not offered again.
    """

    keyed = True
    versioned = True

    verdict = forms.ChoiceField(label="Kết quả", choices=Check.Verdict.choices, widget=forms.RadioSelect)
    mode = forms.ChoiceField(
        label="Kiểm tra thế nào", choices=Check.Mode.choices, widget=forms.RadioSelect, required=False
    )
    in_case = CaseChoiceField(
        label="Trong cuộc phúc tra", queryset=Inspection.objects.none(), required=False, empty_label="Không"
    )
    text = forms.CharField(
        label="Nhận xét", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Chưa đạt thì ghi còn thiếu gì, đơn vị sẽ đọc được.",
    )  # fmt: skip

    def __init__(self, *args, row, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].says_optional = self.fields["in_case"].says_optional = True
        self.fields["in_case"].queryset = cases
        if not cases:
            del self.fields["in_case"]
        if row.state == Recommendation.State.TO_VISIT:
            self.fields["mode"].choices = [(Check.Mode.VISIT.value, Check.Mode.VISIT.label)]
            self.initial.setdefault("mode", Check.Mode.VISIT.value)
            verdicts = [one for one in Check.Verdict.choices if one[0] != Check.Verdict.VISIT]
            self.fields["verdict"].choices = verdicts
        else:
            self.initial.setdefault("mode", Check.Mode.DESK.value)

    def fields_of_check(self) -> dict:
        data = self.cleaned_data
        in_case = data.get("in_case")
        mode = data["mode"] or (Check.Mode.VISIT if in_case else Check.Mode.DESK)
        return {"verdict": data["verdict"], "text": data["text"], "mode": mode, "in_case": in_case}


class ExtendForm(OfficeForm):
    keyed = True
    versioned = True

    due_on = DayField(label="Hạn mới")
    reason = forms.CharField(label="Lý do đổi hạn", max_length=300)


class AskForm(OfficeForm):
    keyed = True
    versioned = True

    due_on = DayField(label="Xin gia hạn đến ngày")
    reason = forms.CharField(
        label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Vì sao chưa kịp, đã làm đến đâu.",
    )  # fmt: skip


class ExtensionForm(OfficeForm):
    """The committee's answer to a request: as asked, another day, or no, with the reason."""

    keyed = True
    versioned = True
    AS_ASKED, OTHER, NO = "as_asked", "other", "no"

    answer = forms.ChoiceField(label="Trả lời", widget=forms.RadioSelect)
    due_on = DayField(label="Hạn khác", required=False)
    words = forms.CharField(label="Trả lời đơn vị", max_length=300, required=False)

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [
            (self.AS_ASKED, f"Đồng ý đến {day(asked.wanted_due_on)}".replace(" ", NBSP)),
            (self.OTHER, "Đồng ý đến ngày khác".replace(" ", NBSP)),
            (self.NO, "Không đồng ý"),
        ]
        self.fields["due_on"].says_optional = self.fields["words"].says_optional = True
        self.fields["words"].help_text = "Không đồng ý thì ghi lý do, đơn vị sẽ đọc được."

    def clean(self):
        data = super().clean()
        if data.get("answer") == self.OTHER and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Hãy ghi hạn khác.")
        return data

    def fields_of_answer(self) -> dict:
        data = self.cleaned_data
        due_on = data["due_on"] if data["answer"] == self.OTHER else None
        return {"agreed": data["answer"] != self.NO, "due_on": due_on, "words": data["words"]}


class AcceptForm(OfficeForm):
    keyed = True
    versioned = True

    until = DayField(label="Chấp nhận đến hết ngày")
    reason = forms.CharField(label="Vì sao chấp nhận chưa thực hiện", max_length=300)


class WithdrawForm(OfficeForm):
    keyed = True
    versioned = True

    reason = forms.CharField(label="Lý do rút kiến nghị", max_length=300)


class ConfirmForm(OfficeForm):
    """A step that needs nothing but to be confirmed."""

    keyed = True
    versioned = True


class TargetForm(OfficeForm):
    """A target that carries out the recommendation: one that stands in the plan already, or a new one of a year."""

    keyed = True
    versioned = True

    target = TargetChoiceField(
        label="Chỉ tiêu đã có trong kế hoạch", queryset=Target.objects.none(), required=False,
        empty_label="Chọn chỉ tiêu",
    )  # fmt: skip
    indicator = IndicatorChoiceField(
        label="Hoặc chỉ tiêu mới", queryset=Indicator.objects.none(), required=False, empty_label="Chọn nội dung"
    )
    aim = forms.CharField(
        label="Mức phấn đấu", max_length=60, required=False, help_text="Ví dụ: 12, ≥ 3, 100%, 1/tháng, có."
    )
    due_on = DayField(label="Hạn", required=False)
    note = forms.CharField(label="Cụ thể", required=False, max_length=300)

    def __init__(self, *args, targets, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets
        self.fields["indicator"].queryset = indicators
        for name in ("target", "indicator", "aim"):
            self.fields[name].says_optional = True
        if not targets:
            del self.fields["target"]
            self.fields["indicator"].label = "Chỉ tiêu"

    def clean(self):
        data = super().clean()
        target, indicator = data.get("target"), data.get("indicator")
        if target and indicator:
            self.add_error("indicator", "Chọn chỉ tiêu đã có hoặc chỉ tiêu mới, không cả hai.")
        elif not target and not indicator and not self.errors:
            self.add_error("target" if "target" in self.fields else "indicator", "Hãy chọn chỉ tiêu.")
        elif indicator and "aim" not in self.errors:
            try:
                data["aim_read"] = parse_aim(data.get("aim", ""), indicator)
            except AimRefused as refusal:
                self.add_error("aim", str(refusal))
            else:
                if data["aim_read"] is None:
                    self.add_error("aim", "Hãy ghi mức phấn đấu.")
        return data


class TaskForRecommendationForm(OfficeForm):
    """A task that carries out the recommendation: what, who, by when."""

    keyed = True
    versioned = True

    text = forms.CharField(label="Việc cần làm", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    owner = MemberChoiceField(
        label="Ai làm", queryset=Member.objects.none(), required=False, empty_label="Chọn đoàn viên"
    )
    owner_name = forms.CharField(
        label="Hoặc tập thể", max_length=120, required=False, help_text="Ví dụ: Ban Chấp hành, Tổ đoàn viên số 1."
    )
    due_on = DayField(label="Thời hạn", required=False)
    expected = forms.CharField(label="Kết quả phải có", max_length=300, required=False)

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members
        self.fields["owner"].says_optional = self.fields["owner_name"].says_optional = True

    def clean(self):
        data = super().clean()
        if data.get("owner") and data.get("owner_name"):
            self.add_error("owner_name", "Chọn một người hoặc ghi một tập thể, không cả hai.")
        return data

    def fields_of_task(self) -> dict:
        names = ("text", "owner", "owner_name", "due_on", "expected")
        return {name: self.cleaned_data[name] for name in names}
