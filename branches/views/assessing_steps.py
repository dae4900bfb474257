"""Steps of the assessment: one's own words, the branch's conclusions, the superior's answer, who is left out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.assessing.facts import criterion_rows, facts_of
from branches.assessing.quota import tallies, together
from branches.assessing.rounds import missing_from, names_of_missing, take_in_missing
from branches.assessing.steps import (
    APPROVER,
    OFFICER,
    PERSON,
    STEPS,
    approve,
    assess_self,
    ballots_of,
    conclude,
    exclude,
    include,
    may,
    roles_at,
    roles_of,
    send_back,
    why_state,
)
from branches.forms.assessing import AnswerForm, ConcludeForm, ExcludeForm, IncludeForm, KeyForm, SelfForm
from branches.forms.base import sent
from branches.models import Assessment, Attendance, Criterion, Meeting, Unit
from branches.models.assessment import Subject
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.life_steps import answered_before, step_page, take_step

from .assessing import ASSESSMENTS, NAMES, STANDINGS, labels_of, round_at, warning_of

State = Assessment.State
MOST_MEETINGS = 20


def _criteria(found) -> list[Criterion]:
    return list(Criterion.objects.filter(criteria_set=found.round.criteria_set_id))


def _may_or_403(request, pk, verb: str):
    """The assessment and the roles of the user there, 403 for who reads it and is none of those who do this."""
    found = get_visible_or_404(ASSESSMENTS, request.user, pk=pk)
    roles = roles_of(request.user, found, timezone.localdate())
    if STEPS[verb].who.isdisjoint(roles):
        raise PermissionDenied
    return found, roles


def _stopped(request, found, verb: str, roles):
    """Back to the assessment with the reason, where it does not stand so that this could be done."""
    if request.method == "POST" or (may(verb, found, roles) and not found.round.closed_on):
        return None
    messages.info(request, "Đợt này đã khép." if found.round.closed_on else why_state(found))
    return redirect("branches:assessment", pk=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_self(request, pk):
    """The member's own words; an officer enters them from paper, for the branch itself the officers write."""
    found, roles = _may_or_403(request, pk, "assess_self")
    if answer := answered_before(request) or _stopped(request, found, "assess_self", roles):
        return answer
    today, criteria = timezone.localdate(), _criteria(found)
    form = SelfForm(sent(request), assessment=found, criteria=criteria)
    back = reverse("branches:assessment", args=[found.pk])

    def work():
        assess_self(assessment=found, now=timezone.now(), on=today, by_officer=OFFICER in roles, **form.said())
        return back

    if answer := take_step(request, form, work, "Đã gửi tự đánh giá. Còn sửa được đến khi chi đoàn kết luận."):
        return answer
    facts = facts_of([found], found.round, on=today)[found.pk]
    rows = {one.criterion.code: one for one in criterion_rows(found, criteria, facts)}
    return render(
        request,
        "branches/assessment_self.html",
        {
            "assessment": found,
            "round": found.round,
            "unit": found.unit,
            "name": found.member.full_name if found.member_id else found.unit.name,
            "is_own": PERSON in roles,
            "form": form,
            "rows": [(rows[one.code], field) for one, field in form.answer_fields()],
            "back": back,
        },
    )


# --- the branch -----------------------------------------------------------------------------------------


def _officers_unit(request, pk) -> Unit:
    units = Unit.objects.reached_by(request.user, NAMES)
    return get_editable_or_403(units, request.user, right="record", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_conclude(request, pk, round):
    """All of a branch on one page: a card each, saved together; rows that say nothing new are left as they are."""
    unit = _officers_unit(request, pk)
    found = round_at(unit, round)
    back = reverse("branches:assessment_unit", args=[unit.pk, found.pk])
    if answer := answered_before(request):
        return answer
    if found.closed_on or not unit.is_branch:
        messages.info(request, "Đợt này đã khép." if found.closed_on else "Hãy mở trang của từng chi đoàn.")
        return redirect(back)
    today, labels = timezone.localdate(), labels_of(found)
    of_unit = ASSESSMENTS.filter(round=found, unit__path__startswith=unit.path)
    rows = list(of_unit.filter(state__in=STEPS["conclude"].before).order_by("member__sort_key", "pk"))
    meetings = Meeting.objects.filter(unit=unit, state__in=[Meeting.State.OPEN, Meeting.State.HELD])
    meetings = meetings.filter(starts_at__date__gte=found.counted_on.replace(month=1, day=1)).order_by(
        "-starts_at", "-pk"
    )
    offered = Meeting.objects.filter(pk__in=list(meetings.values_list("pk", flat=True)[:MOST_MEETINGS]))
    initial = _usual(offered)
    form = ConcludeForm(
        sent(request), rows=rows, labels=labels, meetings=offered.order_by("-starts_at", "-pk"),
        ballots=ballots_of(unit, offered), initial=initial,
    )  # fmt: skip
    if request.method == "POST":
        if not form.typed() and request.POST.get("do") != "restore":
            messages.info(request, "Chưa ghi gì mới.")
            return redirect(back)
        count = len(form.typed())

        def work():
            conclude(round=found, unit=unit, verdicts=form.verdicts(), meeting=form.cleaned_data["meeting"],
                     by=request.user, on=today)  # fmt: skip
            return back

        if answer := take_step(request, form, work, f"Đã ghi kết luận cho {count} dòng."):
            return answer
        form.renew(dict(of_unit.values_list("pk", "version")))
    facts = facts_of(rows, found, on=today)
    criteria = list(Criterion.objects.filter(criteria_set=found.criteria_set_id).exclude(fact=""))
    tally = together(tallies([found], within=unit).values())
    return render(
        request,
        "branches/assessment_conclude.html",
        {
            "unit": unit,
            "round": found,
            "form": form,
            "cards": [
                {"form": one, "row": one.row, "standing": STANDINGS[one.row.state],
                 "facts": criterion_rows(one.row, criteria, facts[one.row.pk])}
                for one in form.rows
            ],
            "is_of_members": found.subject == Subject.MEMBER,
            "tally": tally,
            "by_label": tally.by_label(labels),
            "warning": warning_of(tally, labels, found),
            "approved": tally.approved,
            "back": back,
        },
    )  # fmt: skip


def _usual(meetings) -> dict:
    """The last assessment meeting, and how many of its roll who vote were there."""
    last = meetings.filter(kind=Meeting.Kind.ASSESSMENT).order_by("-starts_at", "-pk").first()
    if last is None:
        return {}
    there = Attendance.objects.filter(meeting=last, state=Attendance.State.PRESENT, standing="official").count()
    return {"meeting": last.pk, "present": there or None}


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_add(request, pk, round):
    """Who belongs to the branch and is not in the round yet."""
    unit = _officers_unit(request, pk)
    found = round_at(unit, round)
    back = reverse("branches:assessment_unit", args=[unit.pk, found.pk])
    today, form, count = timezone.localdate(), KeyForm(sent(request)), 0

    def work():
        nonlocal count
        count = take_in_missing(round=found, unit=unit, on=today)
        return back

    if answer := take_step(request, form, work, lambda: f"Đã đưa thêm {count} đồng chí vào đợt."):
        return answer
    missing = missing_from(found, unit, today)
    if not missing:
        messages.info(request, "Mọi đoàn viên của chi đoàn đã có trong đợt.")
        return redirect(back)
    names = ", ".join(one.full_name for one in names_of_missing(missing))
    says = [
        f"Chưa có trong đợt: {names}.",
        "Ai chưa đủ thời gian sinh hoạt thì ghi là không thuộc diện đánh giá, kèm lý do; vẫn đổi lại được.",
    ]
    return step_page(request, form, title="Đưa thêm người vào đợt", button=f"Đưa thêm {len(missing)} đồng chí",
                     back=back, unit=unit, about=found.name, says=says)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_exclude(request, pk):
    found, roles = _may_or_403(request, pk, "exclude")
    if answer := answered_before(request) or _stopped(request, found, "exclude", roles):
        return answer
    form = ExcludeForm(sent(request), initial={"version": found.version})

    def act():
        exclude(assessment=found, version=form.cleaned_data["version"], reason=form.cleaned_data["reason"])

    says = ["Không tính vào số được đánh giá; danh sách in kèm lý do. Đưa vào lại được khi chưa khép đợt."]
    return _small_step(request, found, form, act, "Không đánh giá trong đợt này", "Lưu lý do không đánh giá", says)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_include(request, pk):
    found, roles = _may_or_403(request, pk, "include")
    if answer := answered_before(request) or _stopped(request, found, "include", roles):
        return answer
    form = IncludeForm(sent(request), initial={"version": found.version})

    def act():
        include(assessment=found, version=form.cleaned_data["version"])

    says = [f"Đang ghi là không đánh giá: {found.excluded_because}."]
    return _small_step(request, found, form, act, "Đưa vào đánh giá", "Đưa vào đánh giá", says)


def _small_step(request, found, form, act, title, button, says):
    back = reverse("branches:assessment", args=[found.pk])

    def work():
        act()
        return back

    if answer := take_step(request, form, work, "Đã lưu."):
        return answer
    about = found.member.full_name if found.member_id else found.round.name
    return step_page(request, form, title=title, button=button, back=back, unit=found.unit, about=about, says=says)


# --- the superior ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_answer(request, pk, round):
    """What the branch, or all branches below, concluded: approved together, or returned with the reason."""
    unit = get_visible_or_404(Unit, request.user, right=NAMES, pk=pk)
    found = round_at(unit, round)
    today = timezone.localdate()
    if unit.is_branch:
        may_answer = APPROVER in roles_at(request.user, unit, today)
    else:  # a superior's own right reaches below its unit
        may_answer = Unit.objects.reached_by(request.user, "approve").below(unit).exists()
    if not may_answer:
        raise PermissionDenied
    if answer := answered_before(request):
        return answer
    back = reverse("branches:assessment_unit", args=[unit.pk, found.pk])
    allowed = ASSESSMENTS if unit.is_branch else ASSESSMENTS.reached_by(request.user, "approve")
    states = (State.CONCLUDED, State.APPROVED)
    rows = list(
        allowed.filter(round=found, unit__path__startswith=unit.path, state__in=states).order_by(
            "unit__sort_key", "unit_id", "member__sort_key", "pk"
        )
    )
    if found.closed_on or not rows:
        messages.info(request, "Đợt này đã khép." if found.closed_on else "Chưa có kết luận nào chờ chuẩn y.")
        return redirect(back)
    form = AnswerForm(sent(request), rows=rows, initial={"verdict": AnswerForm.APPROVE, "decided_on": today})

    def work():
        said = form.cleaned_data
        chosen = {"round": found, "unit": unit, "chosen": form.chosen()}
        if said["verdict"] == AnswerForm.APPROVE:
            approve(**chosen, decision=said["decision"], decided_on=said["decided_on"], by=request.user, on=today)
        else:
            send_back(**chosen, reason=said["reason"])
        return back

    def done():
        approved = form.cleaned_data["verdict"] == AnswerForm.APPROVE
        return f"Đã {'chuẩn y' if approved else 'trả lại'} {len(form.cleaned_data['rows'])} kết quả."

    if answer := take_step(request, form, work, done):
        return answer
    labels = labels_of(found)
    tally = together(tallies([found], within=unit).values())
    marked = form.marked()
    return render(
        request,
        "branches/assessment_answer.html",
        {
            "unit": unit,
            "round": found,
            "form": form,
            "rows": [
                {"row": row, "value": value, "is_marked": value in marked, "standing": STANDINGS[row.state]}
                for value, row in form.by_value.items()
            ],
            "is_of_members": found.subject == Subject.MEMBER,
            "is_one_branch": unit.is_branch,
            "by_label": tally.by_label(labels),
            "tally": tally,
            "warning": warning_of(tally, labels, found),
            "back": back,
        },
    )
