"""The assessment of oneself through the link for members without an account; see self_gate.py for who is let in."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.assessing.facts import criterion_rows, facts_of
from branches.assessing.rounds import AssessmentRefused
from branches.assessing.steps import assess_self, open_assessments
from branches.forms.assessing import SelfForm
from branches.forms.base import sent
from branches.long_texts import kept_lines
from branches.models import Criterion, EditConflict

from .self_gate import page, proven_only, through_link

MEANWHILE = "Phần này vừa được ghi ở máy khác. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@through_link
@proven_only
def self_assessment(request, visit):
    """The open assessment of who proved who they are; nothing of others, and no figures of the branch."""
    member, today = visit.member, timezone.localdate(visit.now)
    rows = list(
        open_assessments(member, today).select_related("round__period", "round__label_set", "member", "self_label")
    )
    wanted = request.POST.get("assessment") or request.GET.get("dot") or ""
    found = next((row for row in rows if str(row.pk) == wanted), rows[0] if rows else None)
    context = {"link": visit.link, "token": visit.token, "member": member, "assessment": found, "others": rows}
    if found is None:
        return page(request, "branches/self_assessment.html", context)
    criteria = list(Criterion.objects.filter(criteria_set=found.round.criteria_set_id))
    form = SelfForm(sent(request), assessment=found, criteria=criteria)
    if request.method == "POST" and form.is_valid() and _save(found, form, visit.now, today):
        return redirect(f"{reverse('branches:self_assessment', args=[visit.token])}?dot={found.pk}&xong=1")
    facts = facts_of([found], found.round, on=today)[found.pk]
    shown = {one.criterion.code: one for one in criterion_rows(found, criteria, facts)}
    context |= {
        "assessment": found,
        "form": form,
        "saved": "xong" in request.GET and request.method != "POST",
        "rows": [(shown[one.code], field) for one, field in form.answer_fields()],
    }
    return page(request, "branches/self_assessment.html", context)


def _save(found, form, now, today) -> bool:
    try:
        assess_self(assessment=found, now=now, on=today, **form.said())
    except AssessmentRefused as refusal:
        form.refuse(refusal)
    except EditConflict as conflict:
        if _is_stored(conflict.current, form.said()):  # sent twice by a double tap
            return True
        form.add_error(None, MEANWHILE)
    else:
        return True
    return False


def _is_stored(row, said) -> bool:
    answers = {code: kept_lines(words) for code, words in said["answers"].items() if kept_lines(words)}
    return (row.self_label_id, row.self_text, row.self_answers) == (said["label"].pk, kept_lines(said["text"]), answers)
