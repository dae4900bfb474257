"""A member's record, and the sensitive part of it on a form of its own."""

import re

from django import forms

from branches.days import PartialDay
from branches.enrolling import PRECISIONS, SENSITIVE_FIELDS
from branches.importing.cell_numbers import read_phone
from branches.models import Member, Membership, SensitiveData

from .base import DayField, OfficeForm, OfficeModelForm, PartialDayField

BEGINNINGS = [
    (Membership.Begin.REGISTERED, "Có sẵn trong sổ"),
    (Membership.Begin.ADMITTED, "Kết nạp"),
    (Membership.Begin.MOVED_IN, "Chuyển đến"),
]
CONTACT = ("phone", "email", "address", "hometown")
PARTIAL = ("birth_date", "admitted_on")
BRACKETS = re.compile(r"\s*(?:\([^)]*\)?|\[[^\]]*\]?)")


class MemberForm(OfficeModelForm):
    """Correct a record. Sensitive fields are not here, so that opening the form shows none of them."""

    class Meta:
        model = Member
        fields = (
            "full_name",
            "sex",
            "birth_date",
            "national_code",
            "card_number",
            "admitted_on",
            "admitted_at",
            "job",
            "education",
            "education_level",
            "politics",
            "phone",
            "email",
            "address",
            "hometown",
        )
        field_classes = {"birth_date": PartialDayField, "admitted_on": PartialDayField}
        widgets = {"sex": forms.RadioSelect}
        help_texts = {"national_code": "Mã trong phần mềm quản lý đoàn viên của Trung ương, nếu có."}

    def __init__(self, *args, **kwargs):
        member = kwargs.get("instance")
        if member is not None:
            known = {name: PartialDay.of(getattr(member, name), getattr(member, PRECISIONS[name])) for name in PARTIAL}
            kwargs["initial"] = {**known, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["sex"].choices = Member.Sex.choices
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["full_name"].widget.attrs["autocomplete"] = "off"

    def clean_phone(self):
        """As the importer reads it, so that the same number is the same everywhere."""
        typed = self.cleaned_data["phone"].strip()
        if not typed:
            return ""
        number, said = read_phone(typed)
        if not number:
            raise forms.ValidationError([problem.message for problem in said])
        return number

    def clean_full_name(self):
        """What stands behind a name in brackets ("(BT)") belongs elsewhere: the importer takes it off, with a word."""
        typed = self.cleaned_data["full_name"]
        if "full_name" in self.changed_data and (found := BRACKETS.search(typed)):
            rest = " ".join(BRACKETS.sub(" ", typed).split())
            raise forms.ValidationError(
                f"Tên có chữ trong ngoặc {found.group().strip()}. Hãy chỉ ghi họ tên “{rest}”; "
                "chức vụ ghi ở ô “Công việc, chức vụ”."
            )
        return typed

    def _post_clean(self):
        """The verbs check and save the record; the instance stays as it was loaded."""

    def said(self) -> dict:
        """The values for the verbs, without what only carries the form."""
        return {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}

    def show(self, refusal) -> None:
        """Put the answers of a refusing verb beside their fields."""
        for name, message in refusal.errors.items():
            self.add_error(name if name in self.fields else None, message)


class SensitiveFields(forms.Form):
    """The fields of SensitiveData as a person fills them in."""

    ethnicity = forms.CharField(label="Dân tộc", required=False, max_length=40)
    religion = forms.CharField(label="Tôn giáo", required=False, max_length=40)
    joined_party_on = PartialDayField(label="Ngày vào Đảng (dự bị)", required=False, help_text="")
    official_party_on = DayField(label="Ngày chính thức", required=False)
    personal_number = forms.CharField(
        label="Số căn cước",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    discipline = forms.CharField(label="Kỷ luật", required=False, max_length=300)

    def clean_personal_number(self):
        return "".join(self.cleaned_data["personal_number"].split()).replace(".", "")


class NewMemberForm(SensitiveFields, MemberForm):
    """Write somebody into the register."""

    keyed = True
    begin_reason = forms.ChoiceField(
        label="Vì sao vào danh sách", choices=BEGINNINGS, initial=Membership.Begin.REGISTERED
    )
    starts_on = DayField(label="Sinh hoạt tại chi đoàn từ ngày")
    decision = forms.CharField(label="Quyết định", required=False, max_length=120)
    namesake = forms.BooleanField(label="Đây là hai người khác nhau, cùng tên, cùng ngày sinh", required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].latest = today

    @property
    def shows_namesake(self) -> bool:
        return "namesake" in self.errors or bool(self.data.get("namesake"))

    @property
    def sensitive_is_wrong(self) -> bool:
        return any(name in self.errors for name in (*SENSITIVE_FIELDS, *CONTACT, "decision"))

    def said(self) -> dict:
        values = super().said()
        values.update({name: self.cleaned_data[name] for name in SENSITIVE_FIELDS})
        values["begin_reason"] = self.cleaned_data["begin_reason"]
        values["decision"] = self.cleaned_data["decision"]
        values["namesake"] = self.cleaned_data["namesake"]
        return values


class SensitiveForm(SensitiveFields, OfficeForm):
    """The sensitive part, opened on purpose by those who keep the register."""

    versioned = True

    @classmethod
    def of(cls, member: Member, data=None):
        kept = SensitiveData.objects.filter(member=member).first() or SensitiveData(member=member)
        initial = {name: getattr(kept, name) for name in SENSITIVE_FIELDS}
        initial["joined_party_on"] = PartialDay.of(kept.joined_party_on, kept.joined_party_precision)
        return cls(data, initial={**initial, "version": member.version})

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in SENSITIVE_FIELDS}

    show = MemberForm.show
