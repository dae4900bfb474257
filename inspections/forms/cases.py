"""Forms of the programme, the plan of a case, the team, the visit and the conclusion."""

import datetime

from django import forms

from branches.forms.base import DayField, OfficeForm, RowsField
from branches.models import Account, Unit
from inspections.conducting import HostLine
from inspections.forms.fields import MonthField
from inspections.models import Inspection, InspectionProgramme, TeamSeat, Topic
from inspections.preparing import SeatLine
from inspections.programming import TopicLine

Kind = Inspection.Kind
ONE_DAY = datetime.timedelta(days=1)
STALE = "Trang này không còn mới. Hãy mở lại trang rồi ghi lại phần vừa sửa."
DAY_PARTS = [(part.value, str(part.label).capitalize()) for part in Inspection.DayPart]


def kinds(allowed, none: str) -> list:
    """Choices of a purpose: none, or one of its kinds."""
    return [("", none), *((kind.value, str(kind.label).capitalize()) for kind in allowed)]


def lines_of(text: str | None) -> list[str]:
    """The lines of a list typed into one box, without their bullets."""
    return [line.strip(" -•\t") for line in (text or "").splitlines() if line.strip(" -•\t")]


class TopicsForm(OfficeForm):
    """What is looked at, one thing a line; the lines keep the answers already given to them."""

    inspect_topics = forms.CharField(
        label="Nội dung kiểm tra",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một nội dung.",
        max_length=4000,
    )
    supervise_topics = forms.CharField(
        label="Nội dung giám sát",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng một nội dung.",
        max_length=4000,
    )
    question_topics = forms.CharField(
        label="Câu hỏi sẽ trao đổi", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một câu. Tại buổi làm việc còn ghi thêm được.", max_length=4000,
    )  # fmt: skip
    BY_USE = {
        Topic.Use.INSPECT: "inspect_topics",
        Topic.Use.SUPERVISE: "supervise_topics",
        Topic.Use.QUESTION: "question_topics",
    }

    @classmethod
    def topics_as_text(cls, topics) -> dict:
        return {
            field: "\n".join(topic.text for topic in topics if topic.use == use) for use, field in cls.BY_USE.items()
        }

    def clean(self):
        cleaned = super().clean()
        for field in self.BY_USE.values():
            for line in self._lines(field):
                if len(line) > 400:
                    self.add_error(field, f"Dòng “{line[:40]}…” dài quá 400 ký tự. Hãy rút gọn.")
                    break
        return cleaned

    def _lines(self, field) -> list[str]:
        return lines_of(self.cleaned_data.get(field))

    def topic_lines(self, known=()) -> list[TopicLine]:
        """The lines as topics. An unchanged line is its old topic; the others take over in their order."""
        found = []
        for use, field in self.BY_USE.items():
            lines = self._lines(field)
            old = [topic for topic in known if topic.use == use]
            same = {topic.text: topic for topic in old}
            rest = [topic for topic in old if topic.text not in lines]
            for line in lines:
                topic = same.pop(line, None) or (rest.pop(0) if rest else None)
                found.append(TopicLine(line, use, pk=topic.pk if topic else None))
        return found


class CaseForm(TopicsForm):
    """What a case is about. `review_last` is the last day looked at, as people say it."""

    title = forms.CharField(label="Nội dung, gọi tắt", max_length=200)
    inspection_kind = forms.ChoiceField(
        label="Kiểm tra", required=False, choices=kinds(Inspection.INSPECTION_KINDS, "Không kiểm tra")
    )
    supervision_kind = forms.ChoiceField(
        label="Giám sát", required=False, choices=kinds(Inspection.SUPERVISION_KINDS, "Không giám sát")
    )
    review_from = DayField(label="Xem xét từ ngày")
    review_last = DayField(label="Đến hết ngày")
    form = forms.ChoiceField(label="Hình thức", required=False, choices=Inspection.Form.choices)
    planned_month = MonthField(label="Tháng dự kiến", required=False)
    visited_on = DayField(label="Ngày làm việc với đơn vị", required=False)
    day_part = forms.ChoiceField(label="Buổi", required=False, choices=[("", "Chưa định"), *DAY_PARTS])
    place = forms.CharField(label="Địa điểm", required=False, max_length=160)
    reason = forms.CharField(
        label="Lý do thay đổi chương trình", required=False, max_length=300,
        help_text="Chỉ cần khi chương trình đã ban hành mà thêm cuộc hoặc đổi tháng.",
    )  # fmt: skip
    keyed = True
    versioned = True
    field_order = (
        "title", "inspection_kind", "inspect_topics", "supervision_kind", "supervise_topics", "review_from",
        "review_last", "form", "planned_month", "visited_on", "day_part", "place", "question_topics", "reason",
    )  # fmt: skip
    PLACES = {"review_to": "review_last", "topics": "question_topics"}
    NAMES = (
        "title", "inspection_kind", "supervision_kind", "review_from", "form", "planned_month", "visited_on",
        "day_part", "place",
    )  # fmt: skip

    @classmethod
    def stored(cls, case: Inspection) -> dict:
        """The case as this form would show it."""
        values = {name: getattr(case, name) for name in cls.NAMES}
        topics = cls.topics_as_text(case.topics.order_by("position", "pk"))
        return values | topics | {"review_last": case.review_to - ONE_DAY, "version": case.version}

    def fields_of_case(self) -> dict:
        values = {name: self.cleaned_data[name] for name in self.NAMES}
        values["form"] = values["form"] or Inspection.Form.ON_SITE
        return values | {"review_to": self.cleaned_data["review_last"] + ONE_DAY}


class PlanForm(CaseForm):
    """Several units under one programme: one case each."""

    programme = forms.ModelChoiceField(
        label="Theo văn bản", queryset=InspectionProgramme.objects.none(), empty_label="Chọn văn bản"
    )
    units = RowsField(
        label="Đơn vị được kiểm tra, giám sát", queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="Chọn nhiều đơn vị thì mỗi đơn vị có một hồ sơ riêng.",
    )  # fmt: skip
    versioned = False
    field_order = ("programme", "units", *CaseForm.field_order)

    def __init__(self, *args, programmes, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
        self.fields["units"].queryset = units
        for name in ("inspect_topics", "supervise_topics"):
            self.fields[name].help_text = "Mỗi dòng một nội dung. Để trống cả hai ô thì lấy nội dung chung của văn bản."


class RowForm(OfficeForm):
    """A row of a list that may stay empty; the page says so once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.says_optional = True


class SeatForm(RowForm):
    """One place in the team; a row without a name and without an account is no row."""

    role = forms.ChoiceField(label="Vai trò", choices=TeamSeat.Role.choices, initial=TeamSeat.Role.MEMBER)
    account = forms.ModelChoiceField(
        label="Tài khoản xem hồ sơ này", queryset=Account.objects.none(), required=False,
        empty_label="Không mở hồ sơ cho người này",
    )  # fmt: skip
    name = forms.CharField(label="Họ và tên", required=False, max_length=120)
    post_text = forms.CharField(label="Chức vụ", required=False, max_length=160)
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput, error_messages={"invalid": STALE})
    leaves = forms.BooleanField(label="Thôi tham gia đoàn", required=False)

    def __init__(self, *args, accounts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts
        if not self.initial.get("pk"):
            del self.fields["leaves"]

    def line(self) -> SeatLine | None:
        data = self.cleaned_data
        name = data.get("name") or (str(data["account"]) if data.get("account") else "")
        if not name or data.get("leaves"):
            return None
        return SeatLine(name, data["post_text"], data["role"], data["account"], pk=data.get("pk"))


class LinesFormSet(forms.BaseFormSet):
    """Rows of a list; empty ones are left out. "Thêm dòng" sends the page round, so that it needs no JavaScript."""

    default_error_messages = {
        "missing_management_form": "Danh sách chưa gửi đủ. Hãy mở lại trang rồi ghi lại.",
        "too_many_forms": "Danh sách quá dài. Hãy bỏ bớt dòng.",
        "too_few_forms": "Danh sách quá ngắn. Hãy thêm dòng.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_rearranged = self.is_bound and self.data.get("do") == f"add-{self.prefix}"
        if self.is_rearranged and self.management_form.is_valid() and self.can_grow:
            self._add_row()

    def _add_row(self):
        place = self.total_form_count()
        self.data = self.data.copy()
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(place + 1)
        for name, field in self.form.base_fields.items():
            if field.initial is not None:
                self.data[f"{self.add_prefix(place)}-{name}"] = field.initial
        del self.management_form  # it counted the rows as they came
        self.forms[place].visible_fields()[0].field.widget.attrs["autofocus"] = True

    @property
    def can_grow(self) -> bool:
        return self.total_form_count() < self.max_num

    def judge_later(self):
        for form in self.forms:
            form.judge_later()
        if self.management_form.is_valid():
            self._errors, self._non_form_errors = [form.errors for form in self.forms], self.error_class()

    def lines(self) -> list:
        return [line for form in self.forms if (line := form.line())]


def is_rearranged(form, *lists: LinesFormSet) -> bool:
    """The person pressed "Thêm dòng": everything typed is shown as it is, and nothing may be saved."""
    if not any(rows.is_rearranged for rows in lists):
        return False
    form.judge_later()
    for rows in lists:
        rows.judge_later()
    return True


SeatFormSet = forms.formset_factory(SeatForm, formset=LinesFormSet, extra=3, max_num=40, absolute_max=60)


class TeamForm(OfficeForm):
    """Carries version and key of the page; the people are rows of SeatFormSet."""

    keyed = True
    versioned = True


class HostForm(RowForm):
    name = forms.CharField(label="Họ và tên, hoặc thành phần", required=False, max_length=160)
    post_text = forms.CharField(label="Chức vụ", required=False, max_length=160)

    def line(self) -> HostLine | None:
        name = self.cleaned_data.get("name")
        return HostLine(name, self.cleaned_data["post_text"]) if name else None


class QuestionForm(RowForm):
    text = forms.CharField(label="Câu hỏi thêm", required=False, max_length=400)
    answer = forms.CharField(label="Đơn vị trả lời", required=False, max_length=3000, widget=forms.Textarea)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") and not cleaned.get("text"):
            self.add_error("text", "Hãy ghi câu hỏi của phần trả lời này.")
        return cleaned

    def line(self) -> TopicLine | None:
        text = self.cleaned_data.get("text")
        return TopicLine(text, Topic.Use.QUESTION, self.cleaned_data["answer"]) if text else None


HostFormSet = forms.formset_factory(HostForm, formset=LinesFormSet, extra=2, max_num=40, absolute_max=60)
QuestionFormSet = forms.formset_factory(QuestionForm, formset=LinesFormSet, extra=2, max_num=20, absolute_max=30)


class VisitForm(OfficeForm):
    """The working session; one box for the answer to each topic."""

    keyed = True
    versioned = True

    visited_on = DayField(label="Ngày làm việc")
    day_part = forms.ChoiceField(label="Buổi", choices=DAY_PARTS, widget=forms.RadioSelect)
    place = forms.CharField(label="Địa điểm", required=False, max_length=160)
    unit_account = forms.CharField(
        label="Đơn vị báo cáo", required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 6})
    )
    party_remark = forms.CharField(
        label="Ý kiến của cấp ủy", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )

    reason = forms.CharField(label="Lý do làm việc khi đơn vị chưa gửi báo cáo", required=False, max_length=300)

    def __init__(self, *args, topics, needs_reason=False, **kwargs):
        self.topics = list(topics)
        self.base_fields = {**self.base_fields}
        if not needs_reason:
            del self.base_fields["reason"]
        for topic in self.topics:
            self.base_fields[f"topic_{topic.pk}"] = forms.CharField(
                label=topic.text, required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 2})
            )
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.says_optional = True  # the page says it once

    @property
    def main_fields(self):
        return [self[name] for name in ("visited_on", "day_part", "place", "reason") if name in self.fields]

    @property
    def word_fields(self):
        return [self[name] for name in ("unit_account", "party_remark")]

    @property
    def topic_fields(self):
        return [(topic, self[f"topic_{topic.pk}"]) for topic in self.topics]

    def answers(self) -> dict[int, str]:
        return {topic.pk: self.cleaned_data[f"topic_{topic.pk}"] for topic in self.topics}

    @classmethod
    def stored(cls, case: Inspection) -> dict:
        names = ("visited_on", "day_part", "place", "unit_account", "party_remark", "version")
        values = {name: getattr(case, name) for name in names}
        return values | {f"topic_{topic.pk}": topic.answer for topic in case.topics.all()}


class ConcludeForm(OfficeForm):
    keyed = True
    versioned = True

    number = forms.CharField(
        label="Số thông báo kết luận", required=False, max_length=60,
        help_text="Điền sẵn số tiếp theo trong sổ số văn bản. Chưa lấy số thì để trống và ghi sau.",
    )  # fmt: skip
    concluded_on = DayField(label="Ngày thông báo")
    opening = forms.CharField(
        label="Nhận xét chung", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    signer_capacity = forms.CharField(label="Thể thức ký", required=False, max_length=120)
    signer_post = forms.CharField(label="Chức vụ người ký", required=False, max_length=120)
    signer_name = forms.CharField(label="Họ và tên người ký", required=False, max_length=120)


class NumberOfNoticeForm(OfficeForm):
    """Only the number, for a notice that went out without one."""

    keyed = True
    versioned = True

    number = forms.CharField(
        label="Số thông báo kết luận", max_length=60,
        help_text="Điền sẵn số tiếp theo trong sổ số văn bản. Ghi một lần, không sửa lại được.",
    )  # fmt: skip


class StepForm(OfficeForm):
    """A button that needs nothing but to be pressed once."""

    keyed = True
    versioned = True
