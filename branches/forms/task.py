"""Giving a task, saying that it is done, and what the giver makes of it."""

import datetime

from django import forms
from django.utils.functional import cached_property

from branches.formats import NBSP, day
from branches.models import Task
from branches.uploads import MOST_FILES, UploadRefused, clean_upload, redeem, store, ticket_for

from .activity import OTHER_DAY, DayChoiceField, ManyFilesField
from .base import DayField, OfficeForm

NO_DAY = "none"
COLLECTIVE = "Ban Chấp hành"
SPANS = (("2 tuần", 14), ("1 tháng", 30))


class DueChoiceField(DayChoiceField):
    """The next meeting, two weeks, a month, another day or none. The chips carry the day itself."""

    def valid_value(self, value):
        return value == NO_DAY or super().valid_value(value)


class TaskForm(OfficeForm):
    """One task for one person or body; ticking more people gives each of them a task of their own."""

    keyed = True
    text = forms.CharField(label="Việc cần làm", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.TypedChoiceField(label="Ai làm?", coerce=int, empty_value=None, required=False)
    owners = forms.TypedMultipleChoiceField(
        label="Giao thêm cho", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    owner_name = forms.CharField(
        label="Hoặc tập thể", max_length=120, required=False, help_text=f"Ví dụ: {COLLECTIVE}, Tổ đoàn viên số 1."
    )
    due = DueChoiceField(label="Thời hạn")
    due_on = DayField(label="Đến ngày", required=False)
    expected = forms.CharField(
        label="Kết quả phải có", max_length=300, required=False, help_text="Ví dụ: danh sách 20 hộ, 5 ảnh, 1 bài viết."
    )

    def __init__(self, data=None, *, members, today, next_meeting=None, task=None, initial=None):
        """`members` may own it; `next_meeting` is the day of the unit's next one; `task` when one is changed."""
        self.offered = {member.pk: member for member in members}
        self.task, self.today = task, today
        self.versioned = task is not None
        days = self._days(today, next_meeting)
        # Words that hold together stand as chips that wrap, not as narrow segments.
        chips = [(one, f"{word} ({one:%d/%m})".replace(" ", NBSP)) for word, one in days]
        super().__init__(data, initial=self._initial(task, chips) | (initial or {}))
        names = [(pk, member.full_name) for pk, member in self.offered.items()]
        self.fields["owner"].choices = [("", "Chọn đoàn viên"), *names]
        self.fields["owners"].choices = names
        self.fields["due"].choices = [
            *((one.isoformat(), label) for one, label in chips),
            (OTHER_DAY, "Ngày khác"),
            (NO_DAY, "Không đặt hạn"),
        ]
        for name in ("owner", "due_on", "owners"):
            self.fields[name].says_optional = True
        if task is not None:
            del self.fields["owners"]

    @staticmethod
    def _days(today, next_meeting):
        found = {next_meeting: "Buổi sinh hoạt tới"} if next_meeting else {}
        for word, span in SPANS:
            found.setdefault(today + datetime.timedelta(days=span), word)
        return [(word, one) for one, word in sorted(found.items())]

    @staticmethod
    def _initial(task, chips) -> dict:
        if task is None:
            return {"due": chips[0][0].isoformat()}
        return {name: getattr(task, name) for name in ("text", "expected", "owner_name", "due_on", "version")} | {
            "owner": task.owner_id,
            "due": OTHER_DAY if task.due_on else NO_DAY,
        }

    def clean(self):
        data = super().clean()
        chosen = data.get("due")
        if chosen == NO_DAY:
            data["due_on"] = None
        elif chosen == OTHER_DAY:
            if data.get("due_on") is None and "due_on" not in self.errors:
                self.add_error("due_on", "Hãy chọn ngày.")
        elif chosen:
            data["due_on"] = datetime.date.fromisoformat(chosen)
        if data.get("owner") and data.get("owner_name"):
            self.add_error("owner_name", "Chọn một người hoặc ghi một tập thể, không cả hai.")
        return data

    def owners_said(self) -> list:
        """Members and, where a body is named, its name: each gets a task."""
        data = self.cleaned_data
        keys = dict.fromkeys(pk for pk in (data.get("owner"), *data.get("owners", ())) if pk)
        return [self.offered[pk] for pk in keys] + ([data["owner_name"]] if data["owner_name"] else [])

    def fields_said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("text", "expected", "due_on")}

    def changes_said(self) -> dict:
        return self.fields_said() | {
            "owner": self.offered.get(self.cleaned_data["owner"]),
            "owner_name": self.cleaned_data["owner_name"],
        }


class ReportForm(OfficeForm):
    """What was achieved, and the files that show it.

    Files are checked and stored as soon as they arrive and travel as signed tickets (`kept`), as on the quick
    log, so that an error elsewhere does not lose them.
    """

    keyed = True
    versioned = True
    folder = "taskfile"

    result = forms.CharField(label="Đã làm được gì?", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    reported_on = DayField(label="Ngày làm xong")
    files = ManyFilesField(label="Ảnh, tệp minh chứng", required=False)

    def __init__(self, data=None, files=None, *, account, **kwargs):
        self.account = account
        self.kept, self.file_errors = [], []
        super().__init__(data, files, **kwargs)

    @cached_property
    def key(self):
        """The form key as it came; a spoilt one is replaced, once."""
        return self.fields["form_key"].clean(self.data.get(self.add_prefix("form_key"), ""))

    def take_files(self, uploads) -> None:
        """Redeem the tickets that came back, check and store what is new. Slow; never in a transaction."""
        for ticket in dict.fromkeys(self.data.getlist("kept")):
            stored = redeem(ticket, account=self.account, form_key=self.key)
            if stored is not None:
                self.kept.append((ticket, stored))
        if len(uploads) + len(self.kept) > MOST_FILES:
            self.file_errors.append(f"Mỗi lần chọn tối đa {MOST_FILES} tệp. Hãy chọn lại, phần còn lại thêm sau.")
            return
        for upload in uploads:
            try:
                stored = store(clean_upload(upload), self.folder)
            except UploadRefused as refusal:
                self.file_errors.append(str(refusal))
            else:
                self.kept.append((ticket_for(stored, account=self.account, form_key=self.key), stored))

    @property
    def stored_files(self) -> list:
        return [stored for _, stored in self.kept]

    def clean(self):
        data = super().clean()
        self.take_files(data.get("files") or [])
        if self.file_errors:
            self.add_error("files", self.file_errors)
        return data


class ReviewForm(OfficeForm):
    """The giver accepts what was reported, or sends it back and says why."""

    ACCEPT, RETURN = "accept", "return"

    keyed = True
    versioned = True
    verdict = forms.ChoiceField(
        label="Kết quả", choices=((ACCEPT, "Nhận xong"), (RETURN, "Trả lại")), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Còn thiếu gì", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cần ghi khi trả lại, để người thực hiện biết mà làm tiếp.",
    )  # fmt: skip


class ReasonForm(OfficeForm):
    """Why a task is dropped or opened again."""

    keyed = True
    versioned = True
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class TaskFilter(OfficeForm):
    """What the list shows: open tasks by themselves, narrowed to an owner, a meeting or a direction."""

    SHOWN = (("", "Đang làm"), ("xong", "Đã xong"), ("tat-ca", "Tất cả"))

    loc = forms.ChoiceField(choices=SHOWN, required=False)
    nguoi = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    hop = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    chi_dao = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(self, data, *, owners, meetings, directions):
        super().__init__(data)
        self.fields["nguoi"].choices = [("", "Mọi người"), *((one.pk, one.full_name) for one in owners)]
        self.fields["hop"].choices = [
            ("", "Mọi cuộc họp"),
            *((one.pk, f"{one.title}, {day(one.day)}") for one in meetings),
        ]
        self.fields["chi_dao"].choices = [("", "Mọi chỉ đạo"), *((one.pk, f"{one}") for one in directions)]
        self.is_valid()

    def said(self, name):
        """A value that was understood; what was not is as if nothing was said."""
        return self.cleaned_data.get(name) or None

    def apply(self, rows):
        state = self.said("loc")
        if state is None:
            rows = rows.open()
        elif state == "xong":
            rows = rows.exclude(state__in=Task.OPEN)
        names = {"nguoi": "owner", "hop": "meeting", "chi_dao": "direction"}
        return rows.filter(**{column: self.said(name) for name, column in names.items() if self.said(name)})
