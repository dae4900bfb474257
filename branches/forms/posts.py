"""Forms about posts: give one, hand one over, put one right, end one; the terms of a unit; the newcomer's own form."""

import datetime

from django import forms

from branches.appointing import POST_FIELDS, Person, kinds_to_give
from branches.models import Account, Member, Period, Post, PostType, Unit
from branches.models.member import MemberQuerySet
from branches.scoping import rights_at
from branches.terms import TERM_FIELDS, seen

from .base import DayField, NumberField, OfficeForm

MOST = 300
HERE = "Đang hoặc từng giữ chức vụ"
REGISTER = "Đoàn viên trong danh sách"
SIGNING = "Đăng nhập với tư cách đoàn viên"


def people_to_choose(user, unit: Unit, today: datetime.date, *, apart_from: Account | None = None) -> list:
    """Who can be chosen by name: people with a post here (above branches also below), then the branch's register.

    Somebody who only signs in as a member holds no post: they stand in the register, or under what they are for
    readers who have no register to choose from. The register is for those who read it; others write a name.
    `apart_from` is the present holder of a post that is handed over.
    """
    posts = Post.objects.filter(unit=unit).exclude(type__body=PostType.Body.MEMBER)
    if not unit.is_branch:
        bodies = (PostType.Body.COMMITTEE, PostType.Body.OFFICE)
        posts = Post.objects.held_on(today).filter(unit__path__startswith=unit.path, type__body__in=bodies)
    known = Account.objects.filter(pk__in=posts.values("account"), is_active=True)
    known = known.exclude(pk__in=[user.pk, *_key(apart_from)])
    accounts = [(f"a{one.pk}", str(one)) for one in known.order_by("full_name", "pk")[:MOST]]
    members = []
    if unit.is_branch and not rights_at(user, unit).isdisjoint(MemberQuerySet.read_rights):
        rows = Member.objects.reached_by(user, MemberQuerySet.read_rights)
        rows = rows.filter(home=unit, is_active=True).exclude(account__in=known).exclude(account=user)
        if apart_from is not None:
            rows = rows.exclude(account=apart_from)
        for one in rows.order_by("sort_key", "pk"):
            born = f", sinh {one.birth_date.year}" if one.birth_date else ""
            members.append((f"m{one.pk}", f"{one.full_name}{born}"))
    loose = Account.objects.filter(posts__unit=unit, posts__type__body=PostType.Body.MEMBER, is_active=True)
    loose = loose.exclude(pk__in=known).exclude(pk__in=[user.pk, *_key(apart_from)])
    loose = loose.exclude(member__in=[int(key[1:]) for key, _ in members])
    signing = [(f"a{one.pk}", str(one)) for one in loose.order_by("full_name", "pk").distinct()[:MOST]]
    groups = [(HERE, accounts), (REGISTER, members), (SIGNING, signing)]
    return [("", "Chọn một người"), *[(label, rows) for label, rows in groups if rows]]


def _key(account: Account | None) -> list[int]:
    return [account.pk] if account else []


def term_choices(unit: Unit) -> list:
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit=unit).order_by("-starts_on", "pk")
    return [("", "Không ghi"), *[(str(term.pk), term.name) for term in terms]]


class TermChoice:
    """Mixed in: the field `term` chooses among the terms of the unit, and cleans to a Period or None."""

    def offer_terms(self, unit: Unit):
        self.unit = unit
        self.fields["term"].choices = term_choices(unit)

    def clean_term(self):
        chosen = self.cleaned_data["term"]
        return Period.objects.filter(kind=Period.Kind.TERM, unit=self.unit, pk=chosen).first() if chosen else None


class PersonFields(TermChoice, OfficeForm):
    """Who it is: chosen from a list, or by name when they are in none."""

    keyed = True
    who = forms.ChoiceField(label="Người nhận", required=False)
    name = forms.CharField(
        label="Hoặc ghi họ và tên", required=False, max_length=120,
        help_text="Khi người nhận chưa có trong danh sách trên.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    term = forms.ChoiceField(label="Nhiệm kỳ", required=False)
    decision = forms.CharField(
        label="Quyết định", required=False, max_length=120, help_text="Ví dụ: 12-QĐ/ĐK ngày 10/11/2026."
    )

    def __init__(self, *args, user, unit, today, apart_from: Account | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("who", "name"):
            self.fields[name].says_optional = True  # one of the two is wanted
        self.fields["who"].choices = people_to_choose(user, unit, today, apart_from=apart_from)
        if len(self.fields["who"].choices) == 1:
            del self.fields["who"]
            self.fields["name"].label, self.fields["name"].help_text = "Họ và tên người nhận", ""
        self.offer_terms(unit)

    def clean(self):
        said = super().clean()
        chosen, name = said.get("who") or "", (said.get("name") or "").strip()
        where = "who" if "who" in self.fields else "name"
        if chosen and name:
            self.add_error("name", "Đã chọn một người ở trên. Hãy bỏ trống ô này, hoặc bỏ chọn ở trên.")
        elif not chosen and not name and where not in self.errors:
            self.add_error(where, "Hãy chọn một người, hoặc ghi họ và tên.")
        return said

    @property
    def person(self) -> Person:
        chosen = self.cleaned_data.get("who") or ""
        if chosen.startswith("a"):
            return Person(account=Account.objects.get(pk=int(chosen[1:])))
        if chosen.startswith("m"):
            return Person(member=Member.objects.get(pk=int(chosen[1:])))
        return Person(name=self.cleaned_data["name"])


class PostForm(PersonFields):
    """Give a post."""

    kind = forms.ChoiceField(label="Chức vụ")
    starts_on = DayField(label="Từ ngày")
    ends_on = DayField(label="Đến trước ngày", required=False, help_text="Bỏ trống nếu chưa biết ngày thôi.")
    field_order = ("kind", "who", "name", "starts_on", "ends_on", "term", "decision")

    def __init__(self, *args, user, unit, today, **kwargs):
        super().__init__(*args, user=user, unit=unit, today=today, **kwargs)
        self.kinds = {str(kind.pk): kind for kind in kinds_to_give(user, unit)}
        self.fields["kind"].choices = [("", "Chọn chức vụ"), *[(pk, kind.name) for pk, kind in self.kinds.items()]]

    @property
    def chosen_kind(self) -> PostType:
        return self.kinds[self.cleaned_data["kind"]]


class HandoverForm(PersonFields):
    """One form ends the old post and begins the new one."""

    on = DayField(label="Người mới nhận từ ngày")
    note = forms.CharField(
        label="Nội dung bàn giao", required=False, max_length=20_000,
        help_text="Việc đang làm, hồ sơ để ở đâu, liên hệ cần biết. Chỉ người giữ chức vụ này đọc được.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    field_order = ("who", "name", "on", "term", "decision", "note")


class PostDaysForm(TermChoice, OfficeForm):
    """Put days, term and decision of a post right."""

    versioned = True
    starts_on = DayField(label="Từ ngày")
    ends_on = DayField(label="Đến trước ngày", required=False, help_text="Ngày đầu tiên không còn giữ chức vụ.")
    term = forms.ChoiceField(label="Nhiệm kỳ", required=False)
    decision = forms.CharField(label="Quyết định", required=False, max_length=120)

    @classmethod
    def of(cls, post: Post, data=None):
        initial = {"starts_on": post.starts_on, "ends_on": post.ends_on, "term": post.term_id or ""}
        initial |= {"decision": post.decision, "version": seen(post, POST_FIELDS)}
        form = cls(data, initial=initial)
        form.offer_terms(post.unit)
        return form


class PostEndForm(OfficeForm):
    """End a post on a day."""

    on = DayField(label="Thôi chức vụ từ ngày", help_text="Từ ngày này không còn quyền của chức vụ.")
    decision = forms.CharField(label="Quyết định", required=False, max_length=60)


class TermForm(OfficeForm):
    """A term of the unit; the same form writes a new one and corrects one."""

    name = forms.CharField(label="Tên nhiệm kỳ", max_length=80, help_text="Ví dụ: Nhiệm kỳ VI, 2025-2027.")
    number = NumberField(
        label="Lần thứ", required=False, min_value=1, max_value=99, help_text="Đại hội lần thứ mấy, nếu biết."
    )
    starts_on = DayField(label="Từ ngày")
    last_day = DayField(label="Đến hết ngày")
    is_provisional = forms.BooleanField(
        label="Ban Chấp hành lâm thời, chỉ định đến khi tổ chức đại hội", required=False
    )
    decision = forms.CharField(label="Quyết định", required=False, max_length=120)

    def __init__(self, *args, term: Period | None = None, **kwargs):
        self.keyed, self.versioned = term is None, term is not None
        if term is not None:
            kept = {name: getattr(term, name) for name in ("name", "number", "starts_on", "last_day", "decision")}
            kept |= {"is_provisional": term.is_provisional, "version": seen(term, TERM_FIELDS)}
            kwargs["initial"] = kept
        super().__init__(*args, **kwargs)

    def said(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class AcceptForm(OfficeForm):
    """The newcomer chooses a name to sign in with and a password."""

    username = forms.CharField(
        label="Tên đăng nhập", max_length=150,
        help_text="Chữ không dấu, số và các dấu . - _ @ +, viết liền.",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label="Mật khẩu mới", max_length=128, strip=False,
        help_text="Ít nhất 12 ký tự. Một câu dài dễ nhớ tốt hơn vài ký hiệu khó nhớ.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-reveal": ""}),
    )  # fmt: skip
    again = forms.CharField(
        label="Ghi lại mật khẩu mới", max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-reveal": ""}),
    )  # fmt: skip

    def clean(self):
        said = super().clean()
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", "Hai lần ghi mật khẩu mới chưa giống nhau. Hãy ghi lại.")
        return said
