"""What a list of members is asked for: words, a day, a group; and how the list is downloaded."""

import datetime

from django import forms
from django.core.exceptions import ValidationError

from branches.formats import day as day_words
from branches.models import Member
from branches.structure import FIRST_DAY, Chosen, group_named

from .base import DayField, OfficeForm

SEXES = (("", "Tất cả"), ("nu", "Nữ"), ("nam", "Nam"))
SEX_OF = {"nu": Member.Sex.FEMALE, "nam": Member.Sex.MALE}
OWN, NATIONAL = "rieng", "trung-uong"
# What Excel files can be asked for, said in the words of those who ask.
SHAPES = (
    (OWN, "Mẫu của phần mềm (nhập lại được)"),
    (NATIONAL, "Mẫu danh sách đoàn viên in, nộp cấp trên"),
)


class MemberSearch(OfficeForm):
    """Words to find a member by (with marks only that spelling, without marks every spelling), and what a figure
    of the structure asks: the members of a day, one group of them.

    Give the unit, and the day it is today. `day` and `chosen` (structure.Chosen) are set once the form is valid.
    """

    q = forms.CharField(
        label="Tìm theo tên hoặc mã đoàn viên",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    ngay = DayField(label="Ngày", required=False, widget=forms.HiddenInput)
    nhom = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    gioi = forms.ChoiceField(choices=SEXES, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, unit, today: datetime.date, **kwargs):
        self.unit, self.today = unit, today
        self.chosen: Chosen | None = None
        super().__init__(*args, **kwargs)

    def clean_ngay(self):
        day = self.cleaned_data["ngay"]
        if day is not None and not FIRST_DAY <= day <= self.today:
            raise ValidationError(f"Hãy chọn ngày từ {day_words(FIRST_DAY)} đến {day_words(self.today)}.")
        return day

    def clean(self):
        said = super().clean()
        if key := said.get("nhom"):
            # A group is one of a day; without one it is that of today.
            said["ngay"] = said.get("ngay") or self.today
            self.chosen = group_named(key, unit=self.unit, day=said["ngay"]) if "ngay" not in self.errors else None
            if self.chosen is None and "ngay" not in self.errors:
                self.add_error("nhom", "Không có nhóm này. Hãy mở lại từ trang cơ cấu đoàn viên.")
        return said

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What a new search by words keeps of the day and the group."""
        if not self.is_bound or not self.cleaned_data.get("ngay"):
            return []
        said = {"ngay": day_words(self.cleaned_data["ngay"])} | {n: self.cleaned_data.get(n) for n in ("nhom", "gioi")}
        return [(name, value) for name, value in said.items() if value]

    @property
    def sex_word(self) -> str:
        return Member.Sex(self.sex).label.lower() if self.sex else ""

    @property
    def sex(self) -> str:
        return SEX_OF.get(getattr(self, "cleaned_data", {}).get("gioi", ""), "")


class ExportForm(OfficeForm):
    """In which columns a list is downloaded. The closed part is offered only to somebody who keeps the register."""

    wrong_lead = "Chưa tải được."
    shape = forms.ChoiceField(label="Mẫu cột", choices=SHAPES, initial=OWN, widget=forms.RadioSelect)
    with_closed = forms.BooleanField(label="Kèm phần cần giữ kín của từng người", required=False)

    def __init__(self, *args, keeps: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not keeps:
            del self.fields["with_closed"]
