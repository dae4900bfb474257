"""Forms of a meeting: itself with its drafted agenda, its end, its points, its votes, its roll."""

import datetime

from django import forms
from django.db.models import Q
from django.utils import timezone

from branches.meetings.planning import Draft
from branches.models import Admission, AgendaItem, Attendance, Ballot, Meeting, Member, Unit

from .base import DayField, NumberField, OfficeForm, RowsField

Kind = Meeting.Kind
OF_A_COMMITTEE = (Kind.COMMITTEE, Kind.OTHER)
BLANK_ROWS, MOST_ROWS = 3, 40
# Three segments side by side on a narrow phone.
FORMS = [("in_person", "Trực tiếp"), ("online", "Trực tuyến"), ("hybrid", "Cả hai")]


def people_of(unit: Unit, *kept: int | None):
    """Who may chair or write: members now with the unit, and officers of it whose record lies elsewhere.

    `kept` are those who stand there already: somebody who has left meanwhile still chaired that meeting.
    """
    officers = Q(account__posts__unit=unit, account__posts__type__body="committee")
    here = Q(home__path__startswith=unit.path, is_active=True) | officers
    found = Member.objects.filter(here | Q(pk__in=[pk for pk in kept if pk]), merged_into=None)
    return Member.objects.filter(pk__in=found.values("pk")).order_by("sort_key", "pk")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class MeetingForm(OfficeForm):
    """The meeting itself. The draft of its agenda stands beside it in `AgendaRows`."""

    keyed = True
    kind = forms.ChoiceField(label="Loại", choices=Kind.choices)
    title = forms.CharField(label="Tên cuộc họp", max_length=200)
    day = DayField(label="Ngày")
    time = forms.TimeField(label="Giờ bắt đầu", widget=TimeInput)
    form = forms.ChoiceField(label="Hình thức", choices=FORMS, widget=forms.RadioSelect)
    place = forms.CharField(label="Nơi họp", max_length=200, required=False)
    link = forms.URLField(label="Đường dẫn họp trực tuyến", max_length=300, required=False, assume_scheme="https")
    theme = forms.CharField(label="Chủ điểm", max_length=300, required=False)
    chair = forms.ModelChoiceField(Member.objects.none(), label="Chủ trì", required=False, empty_label="Chưa chọn")
    secretary = forms.ModelChoiceField(Member.objects.none(), label="Thư ký", required=False, empty_label="Chưa chọn")

    def __init__(self, *args, unit: Unit, version: int | None = None, **kwargs):
        self.versioned = version is not None
        if self.versioned:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), "version": version}
        super().__init__(*args, **kwargs)
        if not unit.is_branch:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in OF_A_COMMITTEE]
        people = people_of(unit, *(getattr(self.initial.get(name), "pk", None) for name in ("chair", "secretary")))
        for name in ("chair", "secretary"):
            self.fields[name].queryset = people

    @staticmethod
    def values_of(meeting: Meeting) -> dict:
        begun = timezone.localtime(meeting.starts_at)
        names = ("kind", "title", "form", "place", "link", "theme", "chair", "secretary")
        return {name: getattr(meeting, name) for name in names} | {"day": begun.date(), "time": begun.time()}

    def said(self) -> dict:
        """What the verbs want: day and time as one moment in Vietnam."""
        said = dict(self.cleaned_data)
        said.pop("form_key", None)
        said.pop("version", None)
        starts_at = timezone.make_aware(datetime.datetime.combine(said.pop("day"), said.pop("time")))
        return said | {"starts_at": starts_at}


class DraftForm(OfficeForm):
    """One proposed point: taken or not, at which place, in which words."""

    use = forms.BooleanField(label="Đưa vào chương trình", required=False)
    order = NumberField(label="Thứ tự", required=False, max_value=99)
    kind = forms.ChoiceField(label="Loại", choices=AgendaItem.Kind.choices, required=False)
    title = forms.CharField(
        label="Nội dung", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": "1"})
    )
    admission = forms.ModelChoiceField(Admission.objects.none(), required=False, widget=forms.HiddenInput)
    # An empty row has nothing to tick: what is typed into it is meant.
    blank = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, admissions=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["admission"].queryset = admissions if admissions is not None else Admission.objects.none()

    def clean(self):
        said = super().clean()
        if said.get("blank") and said.get("title", "").strip():
            said["use"] = True
        if said.get("use") and not said.get("title", "").strip() and "title" not in self.errors:
            self.add_error("title", "Hãy ghi nội dung, hoặc bỏ dấu chọn.")
        return said


class AgendaRows:
    """The draft of the agenda as rows of a form, with some empty ones at the end."""

    def __init__(self, data, *, drafts: list[Draft], unit: Unit):
        self.admissions = Admission.objects.filter(unit=unit, state=Admission.State.PROPOSED)
        if data is None:
            rows = [*drafts, *[None] * BLANK_ROWS]
            self.forms = [self._row(None, place, one) for place, one in enumerate(rows)]
        else:
            self.forms = [self._row(data, place, None) for place in range(_count(data.get("rows")))]

    def _row(self, data, place: int, draft: Draft | None) -> DraftForm:
        initial = {"order": place + 1, "kind": AgendaItem.Kind.DISCUSS, "blank": draft is None}
        if draft is not None:
            initial |= {"use": True, "kind": draft.kind, "title": draft.title, "admission": draft.admission}
        return DraftForm(data, prefix=f"i{place}", initial=initial, admissions=self.admissions)

    @property
    def count(self) -> int:
        return len(self.forms)

    def is_valid(self) -> bool:
        return all([row.is_valid() for row in self.forms])  # noqa: C419 - every row says what is wrong

    def judge_later(self) -> None:
        for row in self.forms:
            row.judge_later()

    def drafts(self) -> list[Draft]:
        """What was ticked or typed into an empty row, in the order that was numbered."""
        rows = [(row.cleaned_data, place) for place, row in enumerate(self.forms)]
        taken = [(said, place) for said, place in rows if said.get("use")]
        taken.sort(key=lambda pair: (pair[0]["order"] if pair[0]["order"] is not None else 99, pair[1]))
        return [
            Draft(said["kind"] or AgendaItem.Kind.DISCUSS, " ".join(said["title"].split()), said["admission"])
            for said, _ in taken
        ]


def _count(said) -> int:
    said = said or ""
    return min(int(said), MOST_ROWS) if said.isascii() and said.isdecimal() and len(said) < 4 else 0


class TasksForm(OfficeForm):
    """Which unfinished tasks stand on the agenda."""

    tasks = RowsField(
        None, label="Việc chưa xong, đưa ra kiểm điểm", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, tasks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tasks"].queryset = tasks


class CancelForm(OfficeForm):
    keyed = True
    cancel_reason = forms.CharField(label="Lý do không họp", max_length=300)


class KeyForm(OfficeForm):
    """A step that needs nothing but a button."""

    keyed = True


class CloseForm(OfficeForm):
    keyed = True
    day = DayField(label="Ngày kết thúc")
    time = forms.TimeField(label="Giờ kết thúc", widget=TimeInput)

    def ends_at(self) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]))


class ItemForm(OfficeForm):
    """A point of the agenda. In meetings that decide about people it names one person."""

    keyed = True
    kind = forms.ChoiceField(label="Loại", choices=AgendaItem.Kind.choices)
    title = forms.CharField(label="Nội dung", max_length=300, widget=forms.Textarea(attrs={"rows": "2"}))
    presenter = forms.CharField(label="Người trình bày", max_length=120, required=False)
    admission = forms.ModelChoiceField(
        Admission.objects.none(), label="Hồ sơ kết nạp", required=False, empty_label="Không gắn với hồ sơ nào"
    )
    subject = forms.ModelChoiceField(
        Member.objects.none(), label="Bàn về đoàn viên", required=False, empty_label="Không bàn riêng về ai"
    )

    def __init__(self, *args, meeting: Meeting, item: AgendaItem | None = None, version: int | None = None, **kwargs):
        self.versioned = version is not None
        if self.versioned:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), "version": version}
        super().__init__(*args, **kwargs)
        open_ones = Q(unit=meeting.unit_id, state=Admission.State.PROPOSED)
        kept = Q(pk=item.admission_id) if item and item.admission_id else Q(pk__in=[])
        admissions = Admission.objects.filter(open_ones | kept).order_by("applied_on", "pk")
        self.fields["admission"].queryset = admissions
        self.fields["subject"].queryset = people_of(meeting.unit, item.subject_id if item else None)

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("kind", "title", "presenter", "admission", "subject")}


class ConclusionForm(OfficeForm):
    keyed = True
    text = forms.CharField(label="Kết luận", max_length=1000, widget=forms.Textarea(attrs={"rows": "3"}))

    def __init__(self, *args, version: int | None = None, **kwargs):
        self.versioned = version is not None
        if self.versioned:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), "version": version}
        super().__init__(*args, **kwargs)


class BallotForm(OfficeForm):
    """A vote. What the numbers have to be stands in meetings/voting.py."""

    keyed = True
    question = forms.CharField(label="Biểu quyết việc gì", max_length=300)
    decision = forms.ChoiceField(label="Loại quyết định", choices=Ballot.Decision.choices)
    means = forms.ChoiceField(label="Hình thức", choices=Ballot.Means.choices, widget=forms.RadioSelect)
    entitled = NumberField(label="Được biểu quyết", unit="người", max_value=32_767)
    fewer_because = forms.CharField(
        label="Vì sao ít hơn điểm danh", max_length=200, required=False,
        help_text="In trong biên bản. Ví dụ: 01 đoàn viên đang bị đình chỉ quyền biểu quyết.",
    )  # fmt: skip
    present = NumberField(label="Có mặt khi biểu quyết", unit="người", max_value=32_767)
    issued = NumberField(label="Phiếu phát ra", unit="phiếu", max_value=32_767, required=False)
    returned = NumberField(label="Phiếu thu về", unit="phiếu", max_value=32_767, required=False)
    invalid = NumberField(label="Phiếu không hợp lệ", unit="phiếu", max_value=32_767, required=False)
    votes_for = NumberField(label="Tán thành", max_value=32_767)
    votes_against = NumberField(label="Không tán thành", max_value=32_767, required=False)
    abstentions = NumberField(label="Ý kiến khác", max_value=32_767, required=False)

    def __init__(self, *args, version: int | None = None, **kwargs):
        self.versioned = version is not None
        if self.versioned:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), "version": version}
        super().__init__(*args, **kwargs)

    def said(self) -> dict:
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("form_key", "version")}
        return said | {name: said[name] or 0 for name in ("invalid", "votes_against", "abstentions")}


class AddToRollForm(OfficeForm):
    keyed = True
    member = forms.ModelChoiceField(Member.objects.none(), label="Đoàn viên", empty_label="Chọn một người")
    because = forms.CharField(
        label="Vì sao ghi thêm", max_length=160, help_text="Ví dụ: mới chuyển đến, chưa kịp nhập vào danh sách."
    )

    def __init__(self, *args, meeting: Meeting, **kwargs):
        super().__init__(*args, **kwargs)
        there = Attendance.objects.filter(meeting=meeting).values("member")
        people = Member.objects.filter(home__path__startswith=meeting.unit.path, is_active=True, merged_into=None)
        self.fields["member"].queryset = people.exclude(pk__in=there).order_by("sort_key", "pk")


class GuestForm(OfficeForm):
    keyed = True
    name = forms.CharField(label="Họ và tên", max_length=120, required=False)
    body = forms.CharField(
        label="Chức vụ, đơn vị", max_length=160, required=False, help_text="Ví dụ: Phó Bí thư chi bộ; Đoàn cấp trên."
    )
    count = NumberField(label="Số người", unit="người", min_value=1, max_value=999)
