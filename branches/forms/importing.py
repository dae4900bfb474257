"""The forms of an import: the file, the columns of each sheet, and what to do with the rows left."""

from django import forms

from branches.importing.headers import FIELDS
from branches.importing.known import Units
from branches.models import MemberImport

from .base import DayField, OfficeForm

KINDS = ".xlsx,.xls,.ods,.csv"
NOT_TAKEN = [("", "Không nhập cột này"), *FIELDS.items()]
# Fields that together or alone give a name.
NAMES = {"full_name", "given_name"}


class UploadForm(OfficeForm):
    """Choose the file."""

    keyed = True
    wrong_lead = "Chưa đọc được tệp."
    file = forms.FileField(
        label="Tệp danh sách",
        help_text="Tệp Excel (.xlsx, .xls), LibreOffice (.ods) hoặc .csv, tối đa 10 MB. Giữ nguyên tệp đang dùng, "
        "không cần sửa lại cho đúng mẫu.",
        widget=forms.ClearableFileInput(attrs={"accept": KINDS}),
    )


class StartForm(OfficeForm):
    """Since when the new people of the list belong to the branch."""

    versioned = True
    starts_on = DayField(
        label="Người mới có tên trong chi đoàn từ ngày",
        help_text="Số liệu từ ngày này trở đi sẽ tính cả họ. Ai vào Đoàn sau ngày này thì tính từ ngày vào Đoàn.",
    )


class SheetForm(OfficeForm):
    """One sheet: take it or not, where its header stands, which branch it is of, what each column holds."""

    def __init__(self, *args, sheet: dict, units: Units, **kwargs):
        self.sheet = sheet
        super().__init__(*args, **kwargs)
        choices = sorted(units.allowed.values(), key=lambda unit: unit.sort_key)
        if units.default is None:
            self.fields["unit"].choices = [("", "Theo cột Chi đoàn trong danh sách")] + [
                (str(unit.pk), unit.name) for unit in choices
            ]
        else:
            del self.fields["unit"]
        self.initial.setdefault("taken", sheet["taken"])
        self.initial.setdefault("unit", str(sheet.get("unit") or ""))
        self.initial.setdefault("header_rows", _rows_said(sheet["header_rows"]))
        for column in sheet["columns"]:
            title = column["title"] or f"Cột {column['index'] + 1} (không có tiêu đề)"
            self.fields[f"col_{column['index']}"] = field = forms.ChoiceField(
                label=title, choices=NOT_TAKEN, initial=column["field"], required=False
            )
            self._dress(field)
            self._answer(field, title)

    taken = forms.BooleanField(label="Nhập trang tính này", required=False)
    unit = forms.ChoiceField(label="Chi đoàn của trang tính này", required=False)
    header_rows = forms.CharField(
        label="Tiêu đề ở dòng",
        required=False,
        max_length=12,
        help_text="Ví dụ 5, hoặc 5-6 khi tiêu đề có hai dòng.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_header_rows(self):
        text = self.cleaned_data["header_rows"].replace(" ", "").replace("–", "-")
        parts = text.split("-") if text else []
        if not all(part.isascii() and part.isdecimal() and 0 < len(part) < 7 for part in parts) or len(parts) > 2:
            raise forms.ValidationError("Hãy ghi số dòng, ví dụ 5 hoặc 5-6.")
        first, last = (int(parts[0]), int(parts[-1])) if parts else (0, -1)
        if parts and not 1 <= first <= last <= first + 2:
            raise forms.ValidationError("Tiêu đề có một đến ba dòng liền nhau, ví dụ 5-6.")
        return list(range(first, last + 1))

    def clean(self):
        said = super().clean()
        if not said.get("taken") or self.errors:
            return said
        moved = said["header_rows"] != self.sheet["header_rows"]
        if not said["header_rows"]:
            self.add_error("header_rows", "Hãy ghi dòng tiêu đề, hoặc bỏ chọn trang tính này.")
        elif not moved:
            self._check_columns(said)
        return said

    def _check_columns(self, said):
        chosen = [(name, field) for name, field in said.items() if name.startswith("col_") and field]
        fields = [field for _, field in chosen]
        if not NAMES & set(fields):
            self.add_error(None, "Hãy chọn cột nào là Họ và tên.")
        for name, field in chosen:
            if fields.count(field) > 1 and field not in MAY_REPEAT:
                self.add_error(name, f"Hai cột cùng là “{FIELDS[field]}”. Hãy bỏ một cột.")

    @property
    def column_rows(self) -> list[dict]:
        """The columns as the page shows them: field, samples, whether the guess needs a look."""
        return [
            {"field": self[f"col_{column['index']}"], "samples": column["samples"], "sure": column["sure"]}
            for column in self.sheet["columns"]
        ]

    def said(self) -> dict:
        columns = {column["index"]: self.cleaned_data[f"col_{column['index']}"] for column in self.sheet["columns"]}
        unit = self.cleaned_data.get("unit") or ""
        return {
            "taken": self.cleaned_data["taken"],
            "unit": int(unit) if unit else self.sheet.get("unit"),
            "header_rows": self.cleaned_data["header_rows"],
            "columns": columns,
        }


MAY_REPEAT = {"phone", "education"}  # "Điện thoại 1 | 2", "Chuyên môn | Ngành": read together


def _rows_said(rows: list[int]) -> str:
    return "" if not rows else str(rows[0]) if len(rows) == 1 else f"{rows[0]}-{rows[-1]}"


def sheet_forms(source: MemberImport, units: Units, data=None) -> list[SheetForm]:
    """A form for each sheet of the file."""
    return [SheetForm(data, prefix=f"s{place}", sheet=sheet, units=units) for place, sheet in enumerate(source.sheets)]
