"""Two people edited one activity: both versions side by side, and nothing typed is lost."""

from django.shortcuts import render

from branches.models import Activity, Quantity
from branches.wording import activity_rows

NOT_CARRIED = ("csrfmiddlewaretoken", "version", "kept", "do")


def activity_conflict(request, form, mode):
    """The page after an EditConflict. The form on it carries the new version and everything typed."""
    current = Activity.objects.select_related("unit", "area", "updated_by").get(pk=form.activity.pk)
    lines = current.quantities.select_related("indicator").order_by("pk")
    named = current.participations.order_by("member__sort_key", "member_id").values_list("member__full_name", flat=True)
    theirs = activity_rows(current, list(lines), list(named))
    mine = _rows_of_form(form, current)
    carried = [
        (name, value) for name in request.POST if name not in NOT_CARRIED for value in request.POST.getlist(name)
    ]
    return render(
        request,
        "branches/activity_conflict.html",
        {
            "activity": current,
            "unit": current.unit,
            "mode": mode,
            "who": current.updated_by,
            "when": current.updated_at,
            "rows": [
                {"label": label, "theirs": theirs[label], "mine": mine[label], "differs": theirs[label] != mine[label]}
                for label in theirs
                if theirs[label] or mine[label]
            ],
            "carried": [*carried, ("version", current.version), *(("kept", ticket) for ticket, _ in form.kept)],
        },
        status=409,
    )


def _rows_of_form(form, current) -> dict[str, str]:
    """What the person typed, in the words in which the stored version is shown."""
    said = form.fields_said()
    lines = [
        Quantity(
            indicator=line.indicator,
            value=line.value,
            denominator=line.denominator,
            qualifier=line.qualifier,
            each=line.each,
            note=line.note,
        )
        for line in said.pop("quantities")
    ]
    named = [member.full_name for member in said.pop("members")]
    said["last_on"] = said["last_on"] or said["starts_on"]
    said["area"] = said["area"] or (lines[0].indicator.area if lines else None)
    typed = Activity(unit=current.unit, state=form.state_said(), cancel_reason=current.cancel_reason, **said)
    return activity_rows(typed, lines, named)
