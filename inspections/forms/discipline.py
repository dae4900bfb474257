"""Forms that join a case with discipline."""

from django import forms

from branches.forms.base import OfficeForm, RowsField
from branches.forms.merit import CaseForm
from inspections.forms.complaints import discipline_label


class FromFindingForm(CaseForm):
    """The usual form of a disciplinary case, and whom it is about."""

    member = forms.ModelChoiceField(label="Ai vi phạm", queryset=None, empty_label="Chọn đoàn viên")
    field_order = ("member", "opened_on", "facts")

    def __init__(self, *args, people, of_unit: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = people
        self.fields["member"].label_from_instance = lambda one: one.full_name
        if of_unit:  # may be opened about the unit itself, too
            self.fields["member"].required = False
            self.fields["member"].empty_label = f"Chính đơn vị: {of_unit}"
            self.fields["member"].says_optional = True


class DisciplinesForm(OfficeForm):
    keyed = True

    disciplines = RowsField(label="Hồ sơ kỷ luật", queryset=None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, disciplines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["disciplines"].queryset = disciplines
        self.fields["disciplines"].label_from_instance = discipline_label
        self.fields["disciplines"].says_optional = True
