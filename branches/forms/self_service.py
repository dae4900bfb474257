"""Forms of the link by which members see and correct their own record, and of the keeper who decides."""

import re

from django import forms
from django.core.exceptions import ValidationError

from branches.completeness import label_of
from branches.enrolling import SENSITIVE_FIELDS
from branches.models import ConsentText, Member, ProposedValue, SensitiveData
from branches.proposing import PROPOSABLE, shown, words_of_text
from branches.self_correcting import LAST_DIGITS

from .base import DayField, OfficeForm
from .member import MemberForm, SensitiveFields


class IdentityForm(OfficeForm):
    """What a member says to prove who they are. The answers are about the boxes, never about the record."""

    wrong_lead = "Chưa mở được."
    full_name = forms.CharField(
        label="Họ và tên", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    birth_date = DayField(
        label="Ngày sinh",
        help_text="Ví dụ 22/11/2001",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday"}),
    )
    digits = forms.CharField(
        label="4 số cuối",
        help_text="Của số điện thoại hoặc số căn cước chi đoàn đang giữ. Chưa có cả hai số thì của mã đoàn viên.",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, link, *args, **kwargs):
        self.is_personal = link.member_id is not None
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = not self.is_personal
            field.says_optional = True  # what is enough is said once, above the form

    def clean_digits(self):
        digits = re.sub(r"\s", "", self.cleaned_data["digits"])
        if digits and not (digits.isascii() and digits.isdecimal() and len(digits) == LAST_DIGITS):
            raise ValidationError(f"Hãy ghi đúng {LAST_DIGITS} chữ số cuối.", code="digits")
        return digits

    def clean(self):
        said = [name for name in ("full_name", "birth_date", "digits") if self.cleaned_data.get(name)]
        if self.is_personal and not self.errors and len(said) < 2:
            raise ValidationError("Hãy ghi ngày sinh và ít nhất một ô nữa.", code="two")

    def said(self) -> dict:
        values = self.cleaned_data
        return {
            "name": values["full_name"],
            "birth_date": values["birth_date"],
            "digits": values["digits"],
        }


class OwnRecordForm(SensitiveFields, MemberForm):
    """One's own record, each field with "right" or "correct it". Only what is to be corrected is read.

    What the keeper's own forms read is read here by the same fields. Sensitive values are not shown back.
    """

    wrong_lead = "Chưa gửi được."
    consent = forms.ChoiceField(
        label="Trả lời",
        choices=[("yes", "Đồng ý"), ("no", "Không đồng ý")],
        required=False,
        widget=forms.RadioSelect,
    )
    guardian = forms.CharField(
        label="Cha, mẹ hoặc người giám hộ cũng đồng ý (họ và tên)", required=False, max_length=120
    )

    def __init__(self, data=None, *, member: Member, sensitive: SensitiveData | None, counting=(), waiting=None):
        super().__init__(data, instance=member)
        del self.fields["version"], self.fields["discipline"]
        self.fields["education_level"].choices = [("", "Chọn bậc"), *Member.Level.choices]
        self.counting = counting
        self.waiting = waiting or {}
        self.recorded = {name: shown(member, sensitive, name) for name in PROPOSABLE}
        self.chosen = [name for name in PROPOSABLE if self._is_chosen(name)] if self.is_bound else []

    def _is_chosen(self, name: str) -> bool:
        if self.recorded[name]:
            return self.data.get(f"sua-{name}") == "1"
        return bool(str(self.data.get(name, "")).strip())

    def full_clean(self):
        """A field that is right as it stands is not read: nothing in its box can be wrong."""
        left = [name for name in PROPOSABLE if name not in self.chosen]
        for name in left:
            self.fields[name].disabled = True
        super().full_clean()
        for name in left:
            self.fields[name].disabled = False
            self._errors.pop(name, None)  # what an old list brought in may be refused by the form of today

    def clean(self):
        for name in self.chosen:
            if name in self.cleaned_data and not self.cleaned_data[name]:
                self.add_error(name, "Hãy ghi cho đúng, hoặc chọn “Đúng rồi”.")
        if not self.errors and not self.chosen and not self.cleaned_data.get("consent"):
            raise ValidationError("Chưa sửa ô nào. Chọn “Sửa” ở ô chưa đúng, hoặc điền ô còn thiếu.", code="nothing")

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.chosen}

    def rows(self, kind: str) -> list[dict]:
        """The rows of one part of the page: "missing" (those that count), "written", "more" (other empty ones)."""
        found = []
        for name in PROPOSABLE:
            part = "written" if self.recorded[name] else "missing" if name in self.counting else "more"
            if part == kind:
                found.append(self._row(name))
        return found

    def _row(self, name: str) -> dict:
        closed = name in SENSITIVE_FIELDS
        waiting = self.waiting.get(name)
        return {
            "name": name,
            "label": label_of(name),
            "field": self[name],
            "value": "đã ghi" if closed else self.recorded[name],
            "closed": closed,
            "chosen": name in self.chosen,
            "waiting": "" if waiting is None else "đã ghi" if closed else words_of_text(name, waiting),
        }

    @property
    def more_is_open(self) -> bool:
        return any(row["field"].errors or row["chosen"] for row in self.rows("more"))


class RevokeForm(OfficeForm):
    """Nothing to fill in: the button says it."""


class LinkForm(OfficeForm):
    """Make a link: the key makes a form sent twice one link."""

    keyed = True


class Decisions:
    """What a keeper chose for the proposals on the page, read for rows that were loaded by the permission rule.

    Names in the form: `thay` (each row shown), `quyet-<proposal>` = nhan | khong | "", `ly-do-<proposal>`,
    `ban-<member>` (the version of the record beside the proposals).
    """

    LONGEST_REASON = 300

    def __init__(self, data, proposals: list[ProposedValue]):
        self.data = data
        seen = set(data.getlist("thay"))
        self.rows = [row for row in proposals if str(row.pk) in seen]
        self.take_all = data.get("do") == "all"

    def choice(self, row: ProposedValue) -> str:
        if self.take_all:
            return "nhan"
        said = self.data.get(f"quyet-{row.pk}", "")
        return said if said in ("nhan", "khong") else ""

    def any_chosen(self) -> bool:
        """Whether anything was chosen on the page, also for rows that no longer wait."""
        return self.take_all or any(value for name, value in self.data.items() if name.startswith("quyet-"))

    def reason(self, row: ProposedValue) -> str:
        return self.data.get(f"ly-do-{row.pk}", "").replace("\x00", "")[: self.LONGEST_REASON]

    def version(self, member: Member) -> int:
        """0, which no record has, when the page does not say it."""
        said = self.data.get(f"ban-{member.pk}", "")
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0

    def by_member(self) -> dict[Member, tuple[list[int], dict[int, str]]]:
        """Member → (accepted, declined with reasons); only members about whom something was chosen."""
        found: dict[Member, tuple[list[int], dict[int, str]]] = {}
        for row in self.rows:
            choice = self.choice(row)
            if choice:
                accepted, declined = found.setdefault(row.member, ([], {}))
                if choice == "nhan":
                    accepted.append(row.pk)
                else:
                    declined[row.pk] = self.reason(row)
        return found


def consent_version(text: ConsentText) -> str:
    """ "bản 1, áp dụng từ 01/01/2026"."""
    return f"bản {text.version}, áp dụng từ {text.valid_from:%d/%m/%Y}"
