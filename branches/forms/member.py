"""A member's record, and the sensitive part of it on a form of its own."""

from django import forms

from branches.models import Member, Membership, SensitiveData

from .base import DayField, OfficeForm, OfficeModelForm

BEGINNINGS = [
    (Membership.Begin.REGISTERED, "Có sẵn trong sổ"),
    (Membership.Begin.ADMITTED, "Kết nạp"),
    (Membership.Begin.MOVED_IN, "Chuyển đến"),
]
CONTACT = ("phone", "email", "address")


class MemberSearch(OfficeForm):
    """Words to find a member by; with marks only that spelling, without marks every spelling."""

    q = forms.CharField(
        label="Tìm theo tên hoặc mã đoàn viên",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class MemberForm(OfficeModelForm):
    """Correct a record. Sensitive fields are not here, so that opening the form shows none of them."""

    class Meta:
        model = Member
        fields = (
            "full_name",
            "sex",
            "birth_date",
            "national_code",
            "admitted_on",
            "job",
            "education",
            "phone",
            "email",
            "address",
        )
        widgets = {"sex": forms.RadioSelect}
        help_texts = {"national_code": "Mã trong phần mềm quản lý đoàn viên của Trung ương, nếu có."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sex"].choices = Member.Sex.choices
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["full_name"].widget.attrs["autocomplete"] = "off"

    def _post_clean(self):
        """The verbs check and save the record; the instance stays as it was loaded."""

    def said(self) -> dict:
        """The values for the verbs, without what only carries the form."""
        return {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}

    def show(self, refusal) -> None:
        """Put the answers of a refusing verb beside their fields."""
        for name, message in refusal.errors.items():
            self.add_error(name if name in self.fields else None, message)


class NewMemberForm(MemberForm):
    """Write somebody into the register."""

    keyed = True
    begin_reason = forms.ChoiceField(
        label="Vì sao vào danh sách", choices=BEGINNINGS, initial=Membership.Begin.REGISTERED
    )
    starts_on = DayField(label="Sinh hoạt tại chi đoàn từ ngày")
    decision = forms.CharField(label="Quyết định", required=False, max_length=120)
    ethnicity = forms.CharField(label="Dân tộc", required=False, max_length=40)
    religion = forms.CharField(label="Tôn giáo", required=False, max_length=40)
    joined_party_on = DayField(label="Ngày vào Đảng", required=False)
    namesake = forms.BooleanField(label="Đây là hai người khác nhau, cùng tên, cùng ngày sinh", required=False)

    sensitive = ("ethnicity", "religion", "joined_party_on")

    @property
    def shows_namesake(self) -> bool:
        return "namesake" in self.errors or bool(self.data.get("namesake"))

    @property
    def sensitive_is_wrong(self) -> bool:
        return any(name in self.errors for name in (*self.sensitive, *CONTACT, "decision"))

    def said(self) -> dict:
        values = super().said()
        values.update({name: self.cleaned_data[name] for name in self.sensitive})
        values["begin_reason"] = self.cleaned_data["begin_reason"]
        values["decision"] = self.cleaned_data["decision"]
        values["namesake"] = self.cleaned_data["namesake"]
        return values


class SensitiveForm(OfficeForm):
    """The sensitive part, opened on purpose by those who keep the register."""

    versioned = True
    ethnicity = forms.CharField(label="Dân tộc", required=False, max_length=40)
    religion = forms.CharField(label="Tôn giáo", required=False, max_length=40)
    joined_party_on = DayField(label="Ngày vào Đảng", required=False)

    @classmethod
    def of(cls, member: Member, data=None):
        kept = SensitiveData.objects.filter(member=member).first() or SensitiveData(member=member)
        initial = {name: getattr(kept, name) for name in ("ethnicity", "religion", "joined_party_on")}
        return cls(data, initial={**initial, "version": member.version})

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("ethnicity", "religion", "joined_party_on")}

    show = MemberForm.show
