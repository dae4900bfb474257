"""The yearly assessment as it is read: a unit's rounds, one branch in a round, one person, one's own."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.assessing.facts import criterion_rows, facts_of, from_stored, lines_of
from branches.assessing.quota import Tally, quota_warning, results_of_unit, tallies, together
from branches.assessing.rounds import covering, missing_from, names_of_missing
from branches.assessing.steps import APPROVER, OFFICER, lacks_majority, may, roles_at, roles_of
from branches.meetings.voting import counts_words
from branches.models import Assessment, AssessmentRound, Criterion, Label, Unit
from branches.models.assessment import AssessmentQuerySet, AssessmentRoundQuerySet, Subject
from branches.models.rule import rules_on
from branches.scoping import get_visible_or_404, rights_at

State = Assessment.State
PAGE_SIZE, UNITS_A_PAGE = 50, 100
NAMES, COUNTS = AssessmentQuerySet.read_rights, AssessmentRoundQuerySet.read_rights
ASSESSMENTS = Assessment.objects.select_related(
    "round__unit", "round__period", "round__label_set", "round__criteria_set", "unit", "member", "self_label",
    "branch_label", "final_label", "meeting", "ballot__item__meeting", "concluded_by", "approved_by",
)  # fmt: skip
STANDINGS = {
    State.OPEN: "none",
    State.SELF: "going",
    State.CONCLUDED: "waiting",
    State.APPROVED: "done",
    State.RETURNED: "returned",
    State.NOT_ELIGIBLE: "none",
}
ROUNDS = AssessmentRound.objects.select_related("unit", "period", "label_set", "criteria_set")
WHOM = {Subject.MEMBER: "đồng chí", Subject.BRANCH: "chi đoàn"}


def round_at(unit: Unit, pk: int) -> AssessmentRound:
    """A round the unit takes part in; 404 for every other one."""
    found = covering(unit).select_related("unit", "period", "label_set", "criteria_set").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def labels_of(round: AssessmentRound) -> list[Label]:
    return list(Label.objects.filter(label_set=round.label_set_id))


def warning_of(tally: Tally, labels: list[Label], round: AssessmentRound) -> str:
    return quota_warning(tally.top(labels), tally.total, round.top_quota, WHOM[Subject(round.subject)])


def _is_late(round: AssessmentRound, tally: Tally, today) -> bool:
    """The day for results is over and the branch has not concluded on everybody."""
    return round.closed_on is None and today > round.due_on and tally.left > 0


@require_GET
def assessment_list(request, pk):
    """Every round the unit takes part in, the newest first, with its counts; the branch's own results of the years."""
    unit = get_visible_or_404(Unit, request.user, right=COUNTS, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, unit)
    rows = covering(unit).select_related("unit", "period", "label_set")
    page = Paginator(rows.order_by("-period__starts_on", "-opened_on", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("trang")
    )
    counts = tallies(page.object_list, within=unit)
    return render(
        request,
        "branches/assessment_list.html",
        {
            "unit": unit,
            "page": page,
            "rows": [
                {"round": one, "tally": tally, "is_late": _is_late(one, tally, today)}
                for one in page
                for tally in [together(tally for (key, _), tally in counts.items() if key == one.pk)]
            ],
            "results": results_of_unit(unit) if unit.is_branch else [],
            "may_name": not rights.isdisjoint(NAMES),
            "may_open": "record" in rights and (not unit.is_branch or APPROVER in roles_at(request.user, unit, today)),
            "today": today,
        },
    )  # fmt: skip


@require_GET
def assessment_unit(request, pk, round):
    """One branch in one round: everybody with where they stand, the tally, the next step."""
    unit = get_visible_or_404(Unit, request.user, right=NAMES, pk=pk)
    found = round_at(unit, round)
    if not unit.is_branch:
        return units_page(request, found, unit)
    today = timezone.localdate()
    rows = ASSESSMENTS.filter(round=found, unit__path__startswith=unit.path).order_by("member__sort_key", "pk")
    labels, roles = labels_of(found), roles_at(request.user, unit, today)
    tally = together(tallies([found], within=unit).values())
    missing = missing_from(found, unit, today) if OFFICER in roles and not found.closed_on else []
    rules = rules_on(today)
    return render(
        request,
        "branches/assessment_unit.html",
        {
            "unit": unit,
            "round": found,
            "is_of_members": found.subject == Subject.MEMBER,
            "rows": [
                {"row": row, "standing": STANDINGS[row.state], "note": lacks_majority(row, rules)} for row in rows
            ],
            "tally": tally,
            "by_label": tally.by_label(labels),
            "warning": warning_of(tally, labels, found),
            "missing": names_of_missing(missing) if missing else [],
            "is_officer": OFFICER in roles and not found.closed_on,
            "is_approver": APPROVER in roles and not found.closed_on,
            "to_conclude": tally.total - tally.concluded,
            "today": today,
        },
    )


def units_page(request, found: AssessmentRound, unit: Unit):
    """A round unit by unit, at and below `unit`."""
    today, labels = timezone.localdate(), labels_of(found)
    rights = rights_at(request.user, unit)
    counts = {unit_id: tally for (_, unit_id), tally in tallies([found], within=unit).items()}
    page = Paginator(Unit.objects.filter(pk__in=counts).order_by("sort_key", "pk"), UNITS_A_PAGE).get_page(
        request.GET.get("trang")
    )
    keys = [one.pk for one in page]
    readable = set(Unit.objects.reached_by(request.user, NAMES).filter(pk__in=keys).values_list("pk", flat=True))
    whole, is_of_members = together(counts.values()), found.subject == Subject.MEMBER
    of_branches = {} if is_of_members else {row.unit_id: row for row in ASSESSMENTS.filter(round=found, unit__in=keys)}
    return render(
        request,
        "branches/assessment_round.html",
        {
            "round": found,
            "unit": unit,
            "is_of_members": is_of_members,
            "page": page,
            "rows": [_unit_row(one, counts[one.pk], labels, found, readable, of_branches) for one in page],
            "tally": whole,
            "by_label": whole.by_label(labels),
            "warning": warning_of(whole, labels, found),
            "may_edit": unit.pk == found.unit_id and "record" in rights,
            "may_answer": not rights.isdisjoint(("record", "approve")) and not found.closed_on,
            "may_print": not is_of_members and not unit.is_branch and not rights.isdisjoint(NAMES),
            "is_late": _is_late(found, whole, today),
            "today": today,
        },
    )


def _unit_row(unit, tally: Tally, labels, round, readable, of_branches) -> dict:
    one = of_branches.get(unit.pk)
    return {
        "unit": unit,
        "tally": tally,
        "top": tally.top(labels),
        "warning": warning_of(tally, labels, round) if one is None else "",
        "is_readable": unit.pk in readable,
        "assessment": one,
        "standing": STANDINGS[one.state] if one else "",
    }


@require_GET
def assessment(request, pk):
    """One assessment: what the person wrote, what the year shows, what the branch and the superior said."""
    found = get_visible_or_404(ASSESSMENTS, request.user, pk=pk)
    today = timezone.localdate()
    roles = set() if found.round.closed_on else roles_of(request.user, found, today)
    criteria = list(Criterion.objects.filter(criteria_set=found.round.criteria_set_id))
    is_frozen = bool(found.facts)
    facts = from_stored(found.facts) if is_frozen else facts_of([found], found.round, on=today)[found.pk]
    rules = rules_on(today)
    rights = rights_at(request.user, found.unit)
    return render(
        request,
        "branches/assessment.html",
        {
            "assessment": found,
            "round": found.round,
            "unit": found.unit,
            "name": found.member.full_name if found.member_id else found.unit.name,
            "standing": STANDINGS[found.state],
            "criteria": criterion_rows(found, criteria, facts),
            "is_frozen": is_frozen,
            "lines": lines_of(found.member, found.round.period, user=request.user) if found.member_id else None,
            "votes": [
                (label, found.votes[label.code]) for label in labels_of(found.round) if label.code in found.votes
            ],
            "vote": counts_words(found.ballot) if found.ballot_id else "",
            "note": lacks_majority(found, rules),
            "may": {verb: may(verb, found, roles) for verb in ("assess_self", "conclude", "exclude", "include")},
            "is_own": found.member_id is not None and request.user.member_id == found.member_id,
            "is_late_for_self": today > found.round.self_until and OFFICER not in roles,
            "may_name": not rights.isdisjoint(NAMES),
            "today": today,
        },
    )


@require_GET
def assessment_own(request):
    """The signed-in member's own assessments, the open one first."""
    rows = ASSESSMENTS.of_person(request.user).order_by("-round__period__starts_on", "-round__opened_on", "-pk")
    return render(
        request,
        "branches/assessment_own.html",
        {
            "rows": [{"row": row, "standing": STANDINGS[row.state]} for row in rows],
            "today": timezone.localdate(),
        },
    )
