"""Forms on what happens to a member: transfer, stay elsewhere, leaving, the age."""

import datetime

from django import forms

from branches.formats import day
from branches.leaving_posts import PostLeft
from branches.maturing import ceremony_days
from branches.models import Member, Membership, Post, Unit
from branches.transferring import superiors_of, units_called

from .base import DayField, OfficeForm, PartialDayField, RowsField

OUTSIDE = "outside"
LONGEST_PLACE = 200


class MonthField(PartialDayField):
    """A month: 10/2026. A day is read as its month. Cleans to the first day of the month."""

    def __init__(self, **kwargs):
        super().__init__(**{"help_text": "Tháng và năm, ví dụ 10/2026.", **kwargs})

    def prepare_value(self, value):
        return f"{value:%m/%Y}" if isinstance(value, datetime.date) else value

    def to_python(self, value):
        if isinstance(value, datetime.date):
            return value.replace(day=1)
        try:
            known = super().to_python(value)
        except forms.ValidationError as error:
            if getattr(error.__cause__, "code", "") != "unreadable":
                raise
            raise forms.ValidationError("Hãy ghi tháng và năm, ví dụ 10/2026.", code="invalid") from error
        if known is None:
            return None
        if known.precision == "year":
            raise forms.ValidationError("Hãy ghi cả tháng, ví dụ 10/2026.", code="invalid")
        return known.day.replace(day=1)


class PlaceForm(OfficeForm):
    """Find a unit by its name, then choose it from what was found. Works with two sendings and no script.

    The choice must be among what the typed name finds, so that a changed name never keeps an old choice.
    """

    branches_only = False
    may_be_outside = True

    where = forms.CharField(
        label="Nơi chuyển đến",
        max_length=LONGEST_PLACE,
        help_text="Gõ tên chi đoàn hoặc Đoàn, có dấu hay không dấu đều được, rồi bấm Tìm.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    target = forms.ChoiceField(label="Chọn đúng nơi đến", required=False, widget=forms.RadioSelect)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.found: list[Unit] = []
        self.fields["target"].says_optional = True
        words = str(self.data.get("where", ""))[:LONGEST_PLACE] if self.is_bound else ""
        self.has_looked = bool(words.strip())
        if self.has_looked:
            self.found = units_called(words, on=today, branches_only=self.branches_only)
            above = superiors_of(self.found)
            choices = [(str(one.pk), f"{one.name}, {above[one.pk]}".rstrip(", ")) for one in self.found]
            if self.may_be_outside:
                choices.append((OUTSIDE, "Nơi khác, chưa dùng phần mềm này"))
            self.fields["target"].choices = choices

    @property
    def shows_choice(self) -> bool:
        return self.has_looked and bool(self.fields["target"].choices)

    @property
    def found_nothing(self) -> bool:
        return self.has_looked and not self.found

    def clean(self):
        said = super().clean()
        chosen = said.get("target")
        if said.get("where") and "target" not in self.errors and not chosen:
            if self.shows_choice:
                self.add_error("target", "Hãy chọn nơi đến.")
            else:
                self.add_error("where", "Không có chi đoàn nào tên như vậy trong phần mềm. Hãy thử gõ ít chữ hơn.")
        return said

    @property
    def unit(self) -> Unit | None:
        """The chosen unit; None for a place outside."""
        chosen = self.cleaned_data.get("target")
        return next((one for one in self.found if str(one.pk) == chosen), None)


class TransferForm(PlaceForm):
    """The source introduces a member."""

    keyed = True

    asked_on = DayField(label="Ngày đoàn viên đề nghị")
    reason = forms.CharField(label="Lý do chuyển", required=False, max_length=300)
    remark = forms.CharField(label="Nhận xét của chi đoàn", max_length=2000, widget=forms.Textarea)
    dues_paid_to = MonthField(label="Đã đóng đoàn phí đến hết tháng", required=False)
    letter_number = forms.CharField(
        label="Số giấy giới thiệu", required=False, max_length=40, help_text="Để trống thì ghi tay trên giấy in ra."
    )
    letter_on = DayField(label="Ngày giấy giới thiệu", required=False)

    field_order = ("where", "target")

    def said(self) -> dict:
        names = ("asked_on", "reason", "remark", "dues_paid_to", "letter_number", "letter_on")
        values = {name: self.cleaned_data[name] for name in names}
        return {**values, "target": self.unit, "target_name": self.cleaned_data["where"]}


class EndsPosts:
    """Mixed in: the field `posts`, posts that end with the step. The page draws it (branches/_posts_left.html)."""

    several = False  # whether the posts of several persons stand in one list

    def offer_posts(self, left: list[PostLeft]):
        """Those the reader may end are offered, ticked on a fresh page; the others are only named."""
        offered = [one.post.pk for one in left if one.may_end]
        self.fields["posts"].queryset = Post.objects.filter(pk__in=offered)
        ticked = set(self.data.getlist("posts")) if self.is_bound else {str(pk) for pk in offered}
        self.left = [
            {"pk": one.post.pk, "words": one.words, "holder": one.post.account, "member": one.post.account.member_id,
             "may_end": one.may_end, "is_ticked": str(one.post.pk) in ticked}
            for one in left
        ]  # fmt: skip

    def visible_fields(self):
        return [field for field in super().visible_fields() if field.name != "posts"]

    def ending(self, *members: Member) -> list[Post]:
        """The posts to end, of these members."""
        chosen = self.cleaned_data["posts"].filter(account__member__in=[one.pk for one in members])
        return list(chosen.select_related("type", "unit").order_by("pk"))


def posts_field() -> RowsField:
    return RowsField(
        queryset=Post.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Chức vụ đang giữ"
    )


class AcceptForm(EndsPosts, OfficeForm):
    keyed = True
    posts = posts_field()
    moved_on = DayField(label="Sinh hoạt tại nơi mới từ ngày")
    answer = forms.CharField(label="Ghi chú", required=False, max_length=300)


class AnswerForm(OfficeForm):
    """Why a transfer is returned or withdrawn."""

    keyed = True
    answer = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)


class HandOnForm(OfficeForm):
    keyed = True
    branch = forms.ModelChoiceField(
        label="Chi đoàn tiếp nhận", queryset=Unit.objects.none(), empty_label="Chọn chi đoàn"
    )

    def __init__(self, *args, union: Unit, today, **kwargs):
        super().__init__(*args, **kwargs)
        branches = Unit.objects.living(today).filter(path__startswith=union.path, kind__in=Unit.BRANCH_KINDS)
        self.fields["branch"].queryset = branches.order_by("sort_key", "pk")


class StayForm(PlaceForm):
    """A member takes part elsewhere for a while, or where they live; the place may be outside the software."""

    keyed = True
    branches_only = True

    kind = forms.ChoiceField(
        label="Hình thức",
        choices=[
            (Membership.Kind.TEMPORARY, Membership.Kind.TEMPORARY.label),
            (Membership.Kind.RESIDENCE, Membership.Kind.RESIDENCE.label),
        ],
        widget=forms.RadioSelect,
        initial=Membership.Kind.TEMPORARY,
    )
    starts_on = DayField(label="Từ ngày")
    decision = forms.CharField(label="Giấy giới thiệu", required=False, max_length=120)

    field_order = ("kind", "where", "target")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["where"].label = "Nơi đến"
        self.fields[
            "where"
        ].help_text = (
            "Gõ tên chi đoàn rồi bấm Tìm. Nơi chưa dùng phần mềm (xã, khu công nghiệp, trường): gõ đủ tên nơi đó."
        )
        self.fields["where"].error_messages["required"] = "Hãy ghi “Nơi đến”."


class StayEndForm(OfficeForm):
    keyed = True
    ends_on = DayField(label="Không còn sinh hoạt ở đó từ ngày")
    note = forms.CharField(label="Ghi chú", required=False, max_length=300)


class LeaveForm(EndsPosts, OfficeForm):
    """One reason, one form: the labels say what this reason asks for."""

    keyed = True
    posts = posts_field()
    on = DayField(label="Không còn trong danh sách từ ngày")
    decision = forms.CharField(label="Số quyết định", required=False, max_length=120)
    note = forms.CharField(label="Căn cứ", required=False, max_length=500, widget=forms.Textarea)

    LABELS = {
        Membership.End.MATURED: ("Số quyết định, biên bản", "Ghi chú"),
        Membership.End.DELETED: ("Số nghị quyết của chi đoàn", "Căn cứ: việc gì, từ bao giờ"),
        Membership.End.EXPELLED: ("Số quyết định kỷ luật", "Căn cứ: vi phạm gì"),
        Membership.End.DIED: ("Giấy tờ, nếu có", "Ghi chú"),
    }
    NEEDS_GROUNDS = (Membership.End.DELETED, Membership.End.EXPELLED)

    def __init__(self, *args, reason: str, **kwargs):
        super().__init__(*args, **kwargs)
        decision, note = self.fields["decision"], self.fields["note"]
        decision.label, note.label = self.LABELS[reason]
        decision.says_optional = reason != Membership.End.DIED
        note.says_optional = reason in self.NEEDS_GROUNDS


class UndoForm(OfficeForm):
    keyed = True
    why = forms.CharField(label="Vì sao bỏ việc rời danh sách", max_length=60)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_000)

    def clean_seen(self) -> list[int]:
        """Keys of what the page said would come back."""
        return [int(key) for key in self.cleaned_data["seen"].split() if key.isdecimal() and len(key) < 19]


class ReturnForm(OfficeForm):
    """Somebody who left comes back."""

    keyed = True
    begin_reason = forms.ChoiceField(
        label="Vì sao trở lại",
        choices=[(Membership.Begin.MOVED_IN, "Chuyển đến"), (Membership.Begin.ADMITTED, "Kết nạp lại")],
        initial=Membership.Begin.MOVED_IN,
        widget=forms.RadioSelect,
    )
    on = DayField(label="Sinh hoạt lại từ ngày")
    decision = forms.CharField(label="Giấy giới thiệu, quyết định số", required=False, max_length=120)


class MatureForm(EndsPosts, OfficeForm):
    """Several members leave on one day with one decision."""

    keyed = True
    several = True
    posts = posts_field()
    members = RowsField(queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple, label="Đoàn viên")
    ceremony = forms.ChoiceField(label="Ngày lễ trưởng thành", required=False, widget=forms.RadioSelect)
    on = DayField(label="Ngày khác", required=False)
    decision = forms.CharField(label="Số quyết định, biên bản", required=False, max_length=120)
    note = forms.CharField(label="Ghi chú", required=False, max_length=500)

    def __init__(self, *args, members, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = members
        self.fields["members"].error_messages["required"] = "Hãy chọn ít nhất một đoàn viên."
        ceremonies = [(f"{one:%Y-%m-%d}", day(one)) for one in ceremony_days(today)]
        self.fields["ceremony"].choices = [*ceremonies, ("", "Ngày khác")]
        for name in ("ceremony", "on", "decision"):  # one of the two days, and the decision, are asked for below
            self.fields[name].says_optional = True

    def clean(self):
        said = super().clean()
        if "on" not in self.errors and not said.get("on"):
            if said.get("ceremony"):
                said["on"] = datetime.date.fromisoformat(said["ceremony"])
            else:
                self.add_error("on", "Hãy chọn ngày lễ hoặc ghi ngày khác.")
        return said


class KeepOnForm(OfficeForm):
    """The wish to stay on past the age."""

    keyed = True
    wished_on = DayField(label="Ngày nêu nguyện vọng")
    agreed_on = DayField(label="Ngày chi đoàn đồng ý", required=False)
    until = DayField(label="Ở lại đến trước ngày", required=False)
    decision = forms.CharField(label="Nghị quyết, biên bản số", required=False, max_length=120)


class MovementForm(OfficeForm):
    """Two days. Asked by GET, so that the address can be kept and sent."""

    tu = DayField(label="Từ ngày")
    den = DayField(label="Đến hết ngày")

    def clean(self):
        said = super().clean()
        if said.get("tu") and said.get("den") and said["tu"] > said["den"]:
            self.add_error("den", "Ngày sau phải bằng hoặc sau ngày trước.")
        return said
