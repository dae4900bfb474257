"""Assessments in the access world: a round of the superior, in which three of `own` stand at different steps."""

import datetime

from branches.models import Assessment, AssessmentRound, CriteriaSet, Label, LabelSet, Meeting

from .factories import MemberFactory, year

OPENED = datetime.date(2026, 11, 1)


def add_assessments(world) -> None:
    labels = LabelSet.objects.get(ends_on=None)
    label = world.level = Label.objects.filter(label_set=labels).first()
    office = world.accounts["superior"]
    world.round = AssessmentRound.objects.create(
        unit=world.union, subject="member", name="Xếp loại 2026", period=year(2026), label_set=labels,
        criteria_set=CriteriaSet.objects.get(subject="member"), opened_on=OPENED, counted_on=OPENED,
        self_until=datetime.date(2100, 1, 1), due_on=datetime.date(2100, 1, 1), opened_by=office,
    )  # fmt: skip
    said = {"round": world.round, "unit": world.own}
    world.assessment = Assessment.objects.create(member=world.other_member, **said)
    world.rating_meeting = Meeting.objects.create(
        unit=world.own, title="Họp xếp loại", kind="assessment", state="held", created_by=world.accounts["secretary"],
        starts_at=datetime.datetime.combine(OPENED, datetime.time(8), datetime.UTC),
    )  # fmt: skip
    world.left_out = Assessment.objects.create(
        member=MemberFactory(home=world.own), state="not_eligible", excluded_because="Mới vào", **said
    )
    for state in ("concluded", "approved"):
        Assessment.objects.create(
            member=MemberFactory(home=world.own), state=state, branch_label=label, concluded_on=OPENED,
            concluded_by=world.accounts["secretary"],
            **({"final_label": label, "approved_on": OPENED, "approved_by": office} if state == "approved" else {}),
            **said,
        )  # fmt: skip
    world.branch_round = AssessmentRound.objects.create(
        unit=world.union, subject="branch", name="Xếp loại chi đoàn 2026", period=year(2026), label_set=labels,
        criteria_set=CriteriaSet.objects.filter(subject="branch").first(), opened_on=OPENED, counted_on=OPENED,
        self_until=datetime.date(2100, 1, 1), due_on=datetime.date(2100, 1, 1), opened_by=office,
    )  # fmt: skip
    Assessment.objects.create(
        round=world.branch_round, unit=world.own, state="approved", branch_label=label, final_label=label,
        concluded_on=OPENED, concluded_by=world.accounts["secretary"], approved_on=OPENED, approved_by=office,
    )  # fmt: skip


def assessment_arguments(world) -> dict[str, dict]:
    """Address → what it needs."""
    of_unit = {"pk": world.own.pk, "round": world.round.pk}
    pages = (
        "branches:assessment_unit", "branches:assessment_conclude", "branches:assessment_add",
        "branches:assessment_answer", "reports:assessment_list_pdf", "reports:assessment_decision_pdf",
    )  # fmt: skip
    one = {"pk": world.assessment.pk}
    singles = ("branches:assessment", "branches:assessment_self", "branches:assessment_exclude",
               "reports:assessment_self_pdf")  # fmt: skip
    rounds = ("branches:assessment_round", "branches:assessment_round_edit", "branches:assessment_round_close")
    return {
        **dict.fromkeys(pages, of_unit),
        **dict.fromkeys(singles, one),
        "branches:assessment_include": {"pk": world.left_out.pk},
        **{name: {"pk": world.round.pk} for name in rounds},
        **{
            f"reports:assessment_units_{kind}": {"pk": world.union.pk, "round": world.branch_round.pk}
            for kind in ("pdf", "docx", "xlsx")
        },
    }


# Address → who sends the form, and what has to be written into it to be accepted.
ASSESSMENT_FORMS = {
    "branches:assessment_self": ("secretary", lambda w: {"label": w.level.pk}),
    "branches:assessment_conclude": ("secretary", lambda w: {f"p{w.assessment.pk}-label": w.level.pk}),
    "branches:assessment_answer": ("superior", lambda w: {"decision": "12-QĐ/ĐK"}),
    "branches:assessment_add": ("secretary", lambda w: {}),
    "branches:assessment_exclude": ("secretary", lambda w: {"reason": "Đi học xa"}),
    "branches:assessment_include": ("secretary", lambda w: {}),
    "branches:assessment_round_edit": ("superior", lambda w: {"name": "Đợt cuối năm"}),
    "branches:assessment_round_close": ("superior", lambda w: {}),
}
ASSESSMENT_ATTACKS = [
    ("branches:assessment_conclude", "meeting", lambda one: {"meeting": one.pk}, "rating_meeting", "meeting"),
]
ASSESSMENT_SPOILT = {
    "branches:assessment_self": ("label", "version", "a-nhiem-vu"),
    "branches:assessment_conclude": ("meeting", "present"),
    "branches:assessment_answer": ("rows", "verdict", "decided_on"),
}
