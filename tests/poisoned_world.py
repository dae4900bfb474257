"""The world of the access test with everything a person can type turned into an attack, and every personal
value marked, so that a page that runs the one or shows the other to the wrong reader gives itself away."""

import datetime
from itertools import count

from django.apps import apps
from django.db import models

from branches.models import (
    Account,
    Evidence,
    Member,
    NumberBook,
    PaperNumber,
    Participation,
    Period,
    PeriodTotal,
    ProposedValue,
    Rule,
    SelfServiceLink,
    SensitiveData,
    TargetRevision,
    Unit,
)
from inspections.models import CaseMove, Check, HostAttendee, InspectionProgramme, Topic
from reports.models import (
    EmulationCluster,
    PaperProof,
    PeriodReport,
    PrintJob,
    PrintJobItem,
    ReportRound,
    ReportRow,
    ReportSection,
    ReportStep,
    ReportTemplate,
    RoundStep,
    ScoreStep,
    TemplateChapter,
    WordTemplate,
)

from .access_world import World
from .factories import QuantityFactory
from .hostile import POISON, SHORT_POISON

BORN = datetime.date(1997, 3, 7)
# Names and contacts of people; the party and the inspectors meet them on no page.
PERSONAL = {
    Member: ("full_name", "phone", "email", "address", "national_code", "job", "education"),
    Account: ("full_name", "first_name", "last_name", "email"),
    SensitiveData: ("ethnicity", "religion"),
    PeriodReport: ("signer_name",),
}
CONTACTS = ("phone", "email", "address")
# What the program itself reads: keys, codes, paths, types of files, and names to sign in with.
NOT_TEXT_OF_PEOPLE = {
    (Account, "password"), (Account, "username"), (Rule, "key"), (Rule, "value"), (ReportSection, "key"),
    (Unit, "path"), (Unit, "sort_key"), (ProposedValue, "field"), (SelfServiceLink, "token_hash"),
    (CaseMove, "verb"), (NumberBook, "body"), (NumberBook, "type_code"), (NumberBook, "key"),
    (ReportRow, "standing"), (ReportRow, "comparator"), (ReportRow, "qualifier"), (ReportRow, "last_qualifier"),
    (PaperNumber, "search_text"), (ScoreStep, "verb"), (PrintJob, "file"), (PrintJobItem, "file"),
    (TemplateChapter, "under"), (PaperProof, "token"), (ReportStep, "verb"), (RoundStep, "verb"), (ReportRound, "kind"),
    (WordTemplate, "paper"), (PeriodTotal, "last_qualifier"), (PeriodTotal, "largest_qualifier"),
}  # fmt: skip
# No two rows say the same there.
ONE_OF_EACH = {(InspectionProgramme, "number"), (EmulationCluster, "name"), (ReportTemplate, "name"),
               (PeriodReport, "theme"), (ReportRound, "theme")}  # fmt: skip
READ_BY_CODE = (
    "content_type", "sha256", "source", "register_key", "name_key", "name_lower", "sort_key", "search_key", "code",
    "fed_by", "figure", "indicator_code",
)  # fmt: skip
# Where nothing is written, that is itself the statement: not answered, not cancelled, a link and no file.
EMPTY_SAYS_SOMETHING = (
    "answer", "cancel_reason", "reverse_reason", "withdrawn_reason", "withdraw_reason", "excused_reason", "text",
    "name",
)  # fmt: skip


def _is_typed(model, column) -> bool:
    """Whether the column holds words that a person typed."""
    if not isinstance(column, models.CharField | models.TextField) or column.choices:
        return False
    if isinstance(column, models.SlugField | models.URLField):
        return False
    is_kept_by_program = column.name in READ_BY_CODE or column.name.startswith("history_") or "verbs" in column.name
    return not is_kept_by_program and (model, column.name) not in NOT_TEXT_OF_PEOPLE


class PoisonedWorld(World):
    """`marks`: mark → (model, column, key) of every personal value; each mark occurs in one value only."""

    def __init__(self):
        super().__init__()
        self._more_rows()
        self.marks: dict[str, tuple] = {}
        numbers = count(100_001)  # so long that no token of a page holds a mark by chance
        for label in ("branches", "inspections", "reports"):
            for model in apps.get_app_config(label).get_models():
                for row in model._base_manager.order_by("pk"):
                    values = self._poisoned(model, row, numbers)
                    if values:
                        model._base_manager.filter(pk=row.pk).update(**values)
        Member.objects.update(birth_date=BORN)
        for model in (Unit, Period):  # what was loaded before the poison would be saved back without it
            assert not model._base_manager.exclude(name__contains="<").exists()

    def _more_rows(self):
        """What the access world has no need of: every kind of row that a page prints."""
        for activity in (self.activity, self.planned):
            Participation.objects.create(activity=activity, member=self.other_member)
            activity.created_by = activity.updated_by = self.accounts["secretary"]
            activity.note = activity.place = activity.partner = "x"
            activity.save()
        QuantityFactory(activity=self.planned, indicator=self.target.indicator, note="x")
        # Past the form, which takes no such address: as if somebody had written the table by hand.
        Evidence.objects.create(activity=self.activity, link="javascript:alert(1)", caption="")
        Evidence.objects.create(activity=self.activity, link="https://baodoan.example/tin", caption="x")
        self.target.owner, self.target.direction = self.other_member, self.direction
        self.target._history_user = self.accounts["secretary"]
        self.target.save()
        TargetRevision.objects.create(
            target=self.target, old_comparator="ge", old_value=3, comparator="ge", value=4, reason="x", document="x",
            revised_on=datetime.date(2026, 5, 1), revised_by=self.accounts["secretary"],
        )  # fmt: skip
        SensitiveData.objects.create(member=self.other_member, ethnicity="x", religion="x")
        for case in (self.case, self.draft_case):
            HostAttendee.objects.create(inspection=case, name="x")
            Topic.objects.create(inspection=case, text="x", answer="x")
            case.signer_name = case.unit_account = case.party_remark = "x"
            case.save()
        Check.objects.create(
            recommendation=self.answered, answer=self.answer, verdict="not_adequate", text="x",
            checked_on=datetime.date(2026, 10, 2), checked_by=self.accounts["inspector"],
        )  # fmt: skip

    def _poisoned(self, model, row, numbers) -> dict:
        return {
            column.name: self._value(model, column, row, numbers)
            for column in model._meta.concrete_fields
            if _is_typed(model, column) and (getattr(row, column.name) or column.name not in EMPTY_SAYS_SOMETHING)
        }

    def _value(self, model, column, row, numbers) -> str:
        mark = f"{row.pk} " if (model, column.name) in ONE_OF_EACH else ""
        if column.name in PERSONAL.get(model, ()):
            mark = f"zq{next(numbers)}z"
            self.marks[mark] = (model, column.name, row.pk)
        longest = column.max_length or 2000
        poison = POISON if longest >= len(mark) + len(POISON) else SHORT_POISON
        return (mark + poison)[:longest]
