"""Activities several units did together: the superior says which are one, so that they count once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.models import EditConflict
from branches.scoping import get_editable_or_403
from reports.joint import Candidate, decide
from reports.models import JointDecision
from reports.papers.report import day_of
from reports.rolling_table import joint_rule_words, part_words
from reports.rolling_up import RolledUp, rolled_up
from reports.states import ReportRefused

from .reports import reports_with_unit
from .rolling_up import may_write, read_units, rolled_or_404
from .sentences import version_of

MEANWHILE = "Người khác vừa kết luận về hoạt động này. Chưa ghi gì; hãy xem kết luận đó rồi chọn lại nếu cần."


def sides_of(rolled: RolledUp, candidate: Candidate, read: set[int]) -> list[dict]:
    """Each activity of a candidate beside the others, with its part of every figure in words; its title, partner and
    days only where its unit is one of `read`."""
    indicators = {row.indicator.code: row.indicator for row in rolled.table.rows}
    shown = [code for code in candidate.codes if code in indicators]
    kept = candidate.decision.kept if candidate.decision else None
    return [
        {
            "joined": one,
            "is_kept": one.activity == kept,
            "is_read": one.source in read,
            "figures": [
                (indicators[c].name, part_words(indicators[c], one.figures[c])) for c in shown if c in one.figures
            ],
        }
        for one in candidate.activities
    ]


def rules_of(rolled: RolledUp, candidate: Candidate) -> list[tuple[str, str]]:
    """What counting once does to each figure of the candidate."""
    indicators = {row.indicator.code: row.indicator for row in rolled.table.rows}
    return [(indicators[c].name, joint_rule_words(indicators[c])) for c in candidate.codes if c in indicators]


@require_GET
def joint_activities(request, pk):
    """The candidates side by side: undecided ones first."""
    found, rolled = rolled_or_404(request, pk)
    read = read_units(request, rolled)
    shown = [
        {
            "candidate": one,
            "title": next((side.title for side in one.activities if side.source in read), "Hoạt động của đơn vị"),
            "sides": sides_of(rolled, one, read),
            "rules": rules_of(rolled, one),
        }
        for one in rolled.candidates
    ]
    return render(
        request,
        "reports/joint_activities.html",
        {
            "report": found,
            "unit": found.unit,
            "rolled": rolled,
            "shown": sorted(shown, key=lambda one: one["candidate"].decision is not None),
            "can_write": may_write(request, found),
        },
    )


@require_POST
def joint_decide(request, pk, key):
    """One activity, counted once with the figures of one unit; or different ones."""
    found = get_editable_or_403(reports_with_unit(), request.user, pk=pk)
    if not found.from_units:
        raise Http404
    today = timezone.localdate()
    rolled = rolled_up(found, as_of=day_of(found, today))
    candidate = next((one for one in rolled.candidates if one.key == key), None)
    if candidate is None:
        messages.error(request, "Các hoạt động này vừa thay đổi theo báo cáo của đơn vị. Hãy xem lại.")
        return redirect("reports:joint_activities", found.pk)
    said, _, kept = request.POST.get("said", "").partition(":")
    try:
        decide(
            report=found, candidate=candidate, version=version_of(request), by=request.user, on=today, said=said,
            kept=int(kept) if kept.isascii() and kept.isdecimal() and len(kept) < 18 else None,
        )  # fmt: skip
    except EditConflict:
        messages.error(request, MEANWHILE)
    except ReportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        is_one = said == JointDecision.Said.ONE
        messages.success(request, "Đã ghi: tính một lần." if is_one else "Đã ghi: các hoạt động khác nhau.")
    return redirect("reports:joint_activities", found.pk)
