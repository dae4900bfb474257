"""One target: what it is, how it changed, and the forms that change it, drop it or hand it down."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.aims import WrittenAim, aim_text, assigned_text, level_text, target_text
from branches.forms.base import sent
from branches.forms.plan import HandDownForm, RemoveForm, ReviseForm, directions_of, owners_of
from branches.models import EditConflict, Placement, Target, Unit
from branches.planning import PlanningRefused, hand_down, remove_target, revise_target
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from inspections.origins import origins_of_target
from reports.progress import progress_for
from reports.shown_charts import running_of

from .periods import period_value

TARGETS = Target.objects.select_related("unit", "period", "indicator__area", "owner", "direction", "superior_target")
NAMES_RIGHTS = frozenset(("view", "record", "manage", "approve"))  # the Party committee and UBKT see no persons


@require_GET
def target(request, pk):
    """The target with its result today, every revision with its reason, and who changed what."""
    found = get_visible_or_404(TARGETS, request.user, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, found.unit)
    table = progress_for(found.unit, found.period, as_of=today)
    row = next((row for row in table.rows if row.target and row.target.pk == found.pk), None)
    changes = found.history.select_related("history_user").order_by("-history_date", "-history_id")[:20]
    return render(
        request,
        "reports/target.html",
        {
            "target": found,
            "unit": found.unit,
            "indicator": found.indicator,
            "row": row,
            "running": running_of(found.unit, row, found.period, as_of=today),
            "period_value": period_value(found.period),
            "today": today,
            "aim": target_text(found),
            "assigned": assigned_text(found, found.indicator),
            "registered": level_text(found.registered_value, found.indicator),
            "revisions": [_revision(one, found.indicator) for one in _revisions_of(found)],
            "origins": origins_of_target(request.user, found),
            "changes": changes if rights & NAMES_RIGHTS else (),
            "shows_names": bool(rights & NAMES_RIGHTS),
            "handed": [
                {"target": one, "assigned": assigned_text(one, one.indicator)}
                for one in Target.objects.visible_to(request.user)
                .filter(superior_target=found)
                .select_related("unit", "indicator")
                .order_by("unit__sort_key", "pk")
            ],
            "may_record": "record" in rights,
            "may_hand_down": "record" in rights and not found.unit.is_branch,
        },
    )


def _revisions_of(target):
    return target.revisions.select_related("revised_by").order_by("-revised_on", "-pk")


def _revision(one, indicator) -> dict:
    return {
        "row": one,
        "old": aim_text(WrittenAim(one.old_comparator, one.old_value, one.old_value_to), indicator),
        "new": aim_text(WrittenAim(one.comparator, one.value, one.value_to), indicator),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def target_revise(request, pk):
    found = get_editable_or_403(TARGETS, request.user, pk=pk)
    data = request.POST.copy() if request.method == "POST" else None
    form = ReviseForm(data, target=found, owners=owners_of(found.unit), directions=directions_of(found.unit))
    if request.method == "POST" and form.is_valid():
        aim = form.cleaned_data["aim_read"]
        try:
            revise_target(
                target=found,
                version=form.cleaned_data["version"],
                by=request.user,
                on=timezone.localdate(),
                comparator=aim.comparator,
                value=aim.value,
                value_to=aim.value_to,
                reason=form.cleaned_data["reason"],
                document=form.cleaned_data["revision_document"],
                details=form.details(),
            )
        except PlanningRefused as refusal:
            form.show(refusal.errors)
        except EditConflict as conflict:
            # Whoever is gone: the page of the target says 404. Else the next save is made knowingly.
            if conflict.current is None:
                return redirect("reports:progress", pk=found.unit_id)
            now = aim_text(conflict.current, found.indicator)
            form.add_error("aim", f"Có người vừa sửa thành {now}. Chưa ghi đè. Lưu lần nữa thì dùng số đang ghi.")
            data["version"] = str(conflict.current.version)
        else:
            messages.success(request, f"Đã lưu chỉ tiêu “{found.indicator.name}”.")
            return redirect("reports:target", pk=found.pk)
    return render(
        request,
        "reports/target_revise.html",
        {"target": found, "unit": found.unit, "form": form, "period_value": period_value(found.period)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def target_remove(request, pk):
    """Ask first; a target whose results exist goes only with a reason, and its results stay."""
    found = get_editable_or_403(TARGETS, request.user, pk=pk)
    form = RemoveForm(sent(request), initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            remove_target(
                target=found,
                version=form.cleaned_data["version"],
                by=request.user,
                on=timezone.localdate(),
                reason=form.cleaned_data["reason"],
            )
        except PlanningRefused as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
        except EditConflict:
            form.add_error(None, "Có người vừa sửa chỉ tiêu này. Chưa bỏ gì cả; hãy xem lại rồi bỏ.")
        else:
            messages.success(request, f"Đã bỏ chỉ tiêu “{found.indicator.name}”. Kết quả đã ghi vẫn còn.")
            return redirect("reports:progress", pk=found.unit_id)
    return render(
        request,
        "reports/target_remove.html",
        {"target": found, "unit": found.unit, "form": form, "aim": target_text(found)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def target_hand_down(request, pk):
    """What each unit directly below is to reach of this target."""
    found = get_editable_or_403(TARGETS, request.user, pk=pk)
    today = timezone.localdate()
    units = list(_units_below(request.user, found.unit, today))
    there = {
        one.unit_id: one
        for one in Target.objects.filter(unit__in=units, indicator__code=found.indicator.code).of_period(found.period)
    }
    given = {pk: text for pk, one in there.items() if (text := assigned_text(one, found.indicator))}
    form = HandDownForm(sent(request), target=found, units=units, given=given)
    if request.method == "POST" and form.is_valid():
        try:
            count = _hand_down_all(request.user, found, form, today)
        except PlanningRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã giao chỉ tiêu cho {count} đơn vị." if count else "Không có gì thay đổi.")
            return redirect("reports:target", pk=found.pk)
    return render(
        request,
        "reports/target_hand_down.html",
        {
            "target": found,
            "unit": found.unit,
            "form": form,
            "aim": target_text(found),
            "rows": [
                {"field": form[f"u{unit.pk}"], "own": target_text(there[unit.pk]) if unit.pk in there else ""}
                for unit in units
            ],
        },
    )


def _units_below(user, unit, today):
    """Directly below in today's tree, where the person may hand down targets."""
    on_day = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gt=today))
    under = Placement.objects.filter(on_day, superior=unit).values("unit")
    return Unit.objects.reached_by(user, ("approve", "record")).filter(pk__in=under).order_by("sort_key", "pk")


def _hand_down_all(user, target: Target, form, today) -> int:
    with transaction.atomic():
        for unit, aim in sorted(form.aims.items(), key=lambda pair: pair[0].pk):
            hand_down(
                by=user,
                target=target,
                unit=unit,
                on=today,
                comparator=aim.comparator,
                value=aim.value,
                value_to=aim.value_to,
                document=form.cleaned_data["document"],
            )
    return len(form.aims)
