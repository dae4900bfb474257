"""The quick log and its small sisters: hold, edit and cancel an activity."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property

from branches.models import Activity
from branches.uploads import MOST_FILES, UploadRefused, clean_upload, redeem, store, ticket_for
from branches.wording import organiser_label

from .base import DayField, MoneyField, NumberField, OfficeForm
from .quantity import Catalogue, quantity_form

OTHER_DAY = "other"
MOST_LINKS = 10
MOST_PEOPLE = 1_000_000


class DayChoiceField(forms.ChoiceField):
    """Today, yesterday or another day. The chips carry the day itself, so that midnight changes nothing."""

    widget = forms.RadioSelect

    def valid_value(self, value):
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            return value == OTHER_DAY
        return True


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    widget = ManyFilesInput

    def clean(self, data, initial=None):
        """A list of uploads, empty ones left out; what they are is decided by branches.uploads."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [upload for upload in chosen if upload]


class ActivityForm(OfficeForm):
    """One activity with its results, people and evidence.

    `rows` are the forms of the results (see quantity.py); their prefix is the key of the indicator,
    because an activity says one figure for an indicator. Files are checked and stored as soon as they
    arrive and travel as signed tickets (`kept`), so that an error elsewhere does not lose them.
    """

    keyed = True

    title = forms.CharField(
        label="Đã làm việc gì?", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    day = DayChoiceField(label="Ngày")
    starts_on = DayField(label="Ngày làm", required=False)
    last_on = DayField(label="Đến ngày", required=False)
    organiser = forms.ChoiceField(label="Ai tổ chức?", widget=forms.RadioSelect)
    partner = forms.CharField(label="Phối hợp với ai, cấp trên nào?", max_length=160, required=False)
    members = forms.TypedMultipleChoiceField(
        label="Chọn đoàn viên", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    member_count = NumberField(label="Số đoàn viên", unit="người", max_value=MOST_PEOPLE, required=False)
    guest_count = NumberField(label="Số khách", unit="người", max_value=MOST_PEOPLE, required=False)
    files = ManyFilesField(label="Ảnh, tệp minh chứng", required=False)
    links = forms.CharField(
        label="Đường dẫn bài đăng",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "url"}),
        help_text="Mỗi dòng một đường dẫn.",
    )
    raised = MoneyField(label="Tiền đã vận động", required=False)
    spent = MoneyField(label="Tiền đã chi", required=False)
    place = forms.CharField(label="Nơi làm", max_length=160, required=False)
    area = forms.TypedChoiceField(label="Mục báo cáo", required=False, coerce=int, empty_value=None)
    note = forms.CharField(label="Ghi chú", max_length=2000, required=False, widget=forms.Textarea)
    planned = forms.BooleanField(label="Mới là dự kiến, chưa tổ chức", required=False)

    def __init__(self, data=None, files=None, *, unit, account, today, members, activity=None, lines=(), initial=None):
        """`members` are the persons offered, read when the page shows them or somebody chose one; `activity` with its
        `lines` when one is changed."""
        self.unit, self.account, self.today, self.activity = unit, account, today, activity
        self.members_offered = members
        self.versioned = activity is not None
        self.kept, self.file_errors = [], []
        super().__init__(data, files, initial={**self._initial(activity), **(initial or {})})
        self.catalogue = Catalogue(unit, activity.last_on if activity else today)
        self._offer()
        self.rows = self._bound_rows() if self.is_bound else self._stored_rows(lines)

    @cached_property
    def offered(self) -> dict:
        return {member.pk: member for member in self.members_offered}

    def _initial(self, activity) -> dict:
        if activity is None:
            return {"day": self.today.isoformat(), "organiser": Activity.Organiser.OWN}
        near = (self.today, self.today - datetime.timedelta(days=1))
        one_day = activity.starts_on == activity.last_on
        names = ("title", "organiser", "partner", "member_count", "raised", "spent", "place", "note", "version")
        return {name: getattr(activity, name) for name in names} | {
            "day": activity.starts_on.isoformat() if one_day and activity.starts_on in near else OTHER_DAY,
            "starts_on": activity.starts_on,
            "last_on": None if one_day else activity.last_on,
            "guest_count": activity.guest_count or None,
            "area": activity.area_id,
            "planned": activity.state == Activity.State.PLANNED,
        }

    def _offer(self):
        for name in ("starts_on", "last_on", "partner", "member_count", "guest_count"):
            self.fields[name].says_optional = True  # their labels or their place say it
        yesterday = self.today - datetime.timedelta(days=1)
        self.fields["day"].choices = [
            (self.today.isoformat(), "Hôm nay"),
            (yesterday.isoformat(), "Hôm qua"),
            (OTHER_DAY, "Ngày khác"),
        ]
        self.fields["organiser"].choices = [
            (value, organiser_label(value, self.unit)) for value in Activity.Organiser.values
        ]
        self.fields["members"].choices = lambda: [(pk, member.full_name) for pk, member in self.offered.items()]
        areas = self.catalogue.areas()
        if self.activity is not None:
            areas.setdefault(self.activity.area_id, self.activity.area)
        self.areas = areas
        self.fields["area"].choices = [
            ("", "Theo kết quả đầu tiên"),
            *((pk, f"{area.position}. {area.name}") for pk, area in areas.items()),
        ]

    # --- rows of results ---

    @property
    def member_total(self) -> int:
        return len(self.offered)

    def _bound_rows(self) -> list:
        chosen = dict.fromkeys(self.data.getlist("quantity"))
        found = [indicator for indicator in map(self.catalogue.find, chosen) if indicator is not None]
        dropped = self.data.get("do", "").removeprefix("drop-")
        return [quantity_form(one, self.data) for one in dict.fromkeys(found) if str(one.pk) != dropped]

    def _stored_rows(self, lines) -> list:
        return [quantity_form(line.indicator, line=line) for line in lines]

    def add_row(self, wanted) -> bool:
        """Put an empty row for an indicator at the end; whether there was something to add."""
        indicator = self.catalogue.find(wanted) if wanted else None
        if indicator is None or indicator.pk in self.chosen:
            return False
        self.rows.append(quantity_form(indicator, member_total=self.member_total))
        return True

    @property
    def chosen(self) -> set[int]:
        return {row.indicator.pk for row in self.rows}

    @property
    def choices(self):
        """What the list under the rows still offers."""
        return self.catalogue.groups(without=self.chosen)

    # --- without JavaScript: adding and dropping a row sends the page round ---

    @property
    def is_rearranged(self) -> bool:
        """The person pressed "Thêm kết quả", "Bỏ dòng" or "Lấy lại", or chose a result and pressed save at once."""
        pick = self.data.get("pick", "")
        asked = self.data.get("do", "").startswith(("add", "drop-", "restore"))
        return asked or self.catalogue.find(pick or "-") is not None

    def rearrange(self):
        """Add what was picked and show everything typed as it is, without a verdict."""
        for row in self.rows:
            row.judge_later()
        self.add_row(self.data.get("pick", ""))
        self.take_files(self.files.getlist("files"))
        self.judge_later()
        if self.file_errors:
            self.add_error("files", self.file_errors)

    # --- files ---

    @cached_property
    def key(self):
        """The form key as it came; a spoilt one is replaced, once."""
        return self.fields["form_key"].clean(self.data.get(self.add_prefix("form_key"), ""))

    def take_files(self, uploads):
        """Redeem the tickets that came back, check and store what is new. Slow; never in a transaction."""
        if self.kept or self.file_errors:
            return
        key = self.key
        for ticket in dict.fromkeys(self.data.getlist("kept")):
            stored = redeem(ticket, account=self.account, form_key=key)
            if stored is not None:
                self.kept.append((ticket, stored))
        if len(uploads) + len(self.kept) > MOST_FILES:
            self.file_errors.append(f"Mỗi lần chọn tối đa {MOST_FILES} tệp. Hãy chọn lại, phần còn lại thêm sau.")
            return
        for upload in uploads:
            try:
                stored = store(clean_upload(upload))
            except UploadRefused as refusal:
                self.file_errors.append(str(refusal))
            else:
                self.kept.append((ticket_for(stored, account=self.account, form_key=key), stored))

    @property
    def stored_files(self) -> list:
        return [stored for _, stored in self.kept]

    @property
    def links_said(self) -> list[tuple[str, str]]:
        """(address, caption) as attaching.add_evidence takes them."""
        return [(link, "") for link in self.cleaned_data["links"]]

    # --- the verdict ---

    @property
    def errors(self):
        """Own errors and those of the rows, so that the page is valid only as a whole."""
        merged = ErrorDict(super().errors)
        for row in self.rows:
            if row.is_bound:
                merged.update({f"{row.prefix}-{name}": texts for name, texts in row.errors.items()})
        return merged

    @property
    def wrong_fields(self):
        own = [self[name] for name in self.fields if name in self.errors and not self[name].is_hidden]
        return own + [field for row in self.rows if row.is_bound for field in row.wrong_fields]

    @property
    def more_is_wrong(self) -> bool:
        """An error hides in the closed part of the page."""
        return any(name in self.errors for name in ("raised", "spent", "place", "area", "note", "planned", "links"))

    def clean_members(self):
        return [self.offered[pk] for pk in self.cleaned_data["members"] if pk in self.offered]

    def clean_links(self):
        found = list(dict.fromkeys(self.cleaned_data["links"].split()))
        if len(found) > MOST_LINKS:
            raise ValidationError(f"Mỗi lần ghi tối đa {MOST_LINKS} đường dẫn.")
        check = URLValidator(schemes=["http", "https"])
        for link in found:
            try:
                check(link)
            except ValidationError as error:
                raise ValidationError(
                    f"“{link[:60]}” chưa phải đường dẫn. Hãy chép cả địa chỉ, bắt đầu bằng https://"
                ) from error
            if len(link) > 300:
                raise ValidationError("Đường dẫn tối đa 300 ký tự. Hãy dùng địa chỉ ngắn hơn.")
        return found

    def clean(self):
        data = super().clean()
        self.take_files(data.get("files") or [])
        if self.file_errors:
            self.add_error("files", self.file_errors)
        chosen = data.get("day")
        if chosen == OTHER_DAY:
            if data.get("starts_on") is None and "starts_on" not in self.errors:
                self.add_error("starts_on", "Hãy chọn ngày làm.")
        elif chosen:
            data["starts_on"], data["last_on"] = datetime.date.fromisoformat(chosen), None
        first, last = data.get("starts_on"), data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "Ngày cuối không thể trước ngày đầu. Hãy xem lại hai ngày.")
        if not self.rows and data.get("area") is None and "area" not in self.errors:
            self.add_error("area", "Chưa ghi kết quả nào thì hãy chọn mục báo cáo.")
        return data

    def fields_said(self) -> dict:
        """What recording.record_activity and change_activity take, without the state."""
        data = self.cleaned_data
        names = ("title", "starts_on", "last_on", "organiser", "place", "note", "raised", "spent", "members")
        alone = data["organiser"] == Activity.Organiser.OWN
        return {name: data[name] for name in names} | {
            "partner": "" if alone else data["partner"],
            "area": self.areas.get(data["area"]),
            "member_count": data["member_count"],
            "guest_count": data["guest_count"] or 0,
            "quantities": [row.line() for row in self.rows if row.is_bound],
        }

    @property
    def may_be_planned(self) -> bool:
        """What was called off stays so, and a typed figure is never a plan."""
        if self.activity is None:
            return True
        is_event = self.activity.nature == Activity.Nature.ACTIVITY
        return is_event and self.activity.state != Activity.State.CANCELLED

    def state_said(self) -> str:
        """Planned when the person says so, else held. A new one is planned too when its day is still to come.

        Of one that was saved before, the day alone decides nothing: results never stop counting unasked.
        """
        if not self.may_be_planned:
            return self.activity.state
        last = self.cleaned_data["last_on"] or self.cleaned_data["starts_on"]
        is_planned = self.cleaned_data["planned"] or (self.activity is None and last > self.today)
        return Activity.State.PLANNED if is_planned else Activity.State.HELD

    def refuse(self, error, field=""):
        """A refusal about a result belongs to its row."""
        row = getattr(error, "row", None)
        if row is not None and row < len(self.rows):
            self.rows[row].add_error("value", str(error))
        elif getattr(error, "field", "") == "state":
            self.add_error("starts_on" if self.cleaned_data.get("day") == OTHER_DAY else "day", str(error))
        else:
            super().refuse(error, field)


class CancelForm(OfficeForm):
    """It did not take place, and why."""

    keyed = versioned = True
    cancel_reason = forms.CharField(
        label="Lý do không tổ chức",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
