"""Which value stands when two records become one."""

from django import forms

from branches.days import PartialDay
from branches.formats import day
from branches.merging_members import ABSORBED, KEPT, Choice
from branches.models import Member, SensitiveData

from .base import OfficeForm
from .fields import VersionField


def label_of(choice: Choice) -> str:
    model = SensitiveData if choice.is_sensitive else Member
    name = model._meta.get_field(choice.field).verbose_name
    return f"{name[:1].upper()}{name[1:]}"


def words_for(choice: Choice, value) -> str:
    """The value as people read it; of what is kept closed only whether there is one."""
    if choice.is_sensitive:
        return "đã ghi" if value else ""
    if isinstance(value, PartialDay):
        return value.words
    choices = Member._meta.get_field(choice.field).choices
    return dict(choices).get(value, "") if choices else str(value or "")


class MergeForm(OfficeForm):
    """One choice for each field in which the two records say different things, and the versions of both,
    which the page writes: those of the records it shows.

    `choices` are those of choices_between(kept, absorbed); their `side` is proposed.
    """

    keyed = True
    wrong_lead = "Chưa gộp được."
    version_kept = VersionField()
    version_absorbed = VersionField()

    def __init__(self, *args, choices: list[Choice], **kwargs):
        super().__init__(*args, **kwargs)
        self.to_choose = [choice for choice in choices if choice.differs]
        for choice in self.to_choose:
            field = forms.ChoiceField(
                label=label_of(choice), choices=self._offered(choice), initial=choice.side, widget=forms.RadioSelect
            )
            self._dress(field)
            self._answer(field, field.label)
            self.fields[choice.field] = field

    @staticmethod
    def _offered(choice: Choice) -> list[tuple[str, str]]:
        if choice.is_sensitive:
            return [(KEPT, "Như hồ sơ được giữ"), (ABSORBED, "Như hồ sơ kia")]
        values = ((KEPT, choice.kept), (ABSORBED, choice.absorbed))
        return [(side, words_for(choice, value)) for side, value in values]

    @property
    def sides(self) -> dict[str, str]:
        """What was chosen, for merge_members."""
        return {choice.field: self.cleaned_data[choice.field] for choice in self.to_choose}

    @property
    def versions(self) -> tuple[int, int]:
        return self.cleaned_data["version_kept"], self.cleaned_data["version_absorbed"]

    @property
    def chosen_fields(self) -> list:
        """The bound choices in the order of the record, for the page."""
        return [self[choice.field] for choice in self.to_choose]


def span_words(starts_on, ends_on) -> str:
    """ "từ 01/01/2020", "01/01/2018 đến trước 01/01/2020"."""
    return f"từ {day(starts_on)}" if ends_on is None else f"{day(starts_on)} đến trước {day(ends_on)}"
