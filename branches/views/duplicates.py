"""Records that may be one person: the list, "these are two persons", and making two records one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.days import PartialDay
from branches.duplicates import KEEP, pairs_in, said_not_same, say_not_same, take_back_not_same
from branches.enrolling import EnrolmentRefused
from branches.forms.duplicates import MergeForm, label_of, span_words, words_for
from branches.member_lists import READERS, row_of
from branches.merging_members import (
    KEPT,
    MergeRefused,
    choices_between,
    merge_members,
    merges_of,
    pointed_at,
    spans_after,
    why_not,
)
from branches.models import EditConflict, Member, Membership, SensitiveData, Unit
from branches.receipts import once
from branches.scoping import get_editable_or_403

PAGE_SIZE = 20
LAST_SAID = 20
LONGEST_KEY = 18


def _kept_unit(user, pk) -> Unit:
    return get_editable_or_403(Unit.objects.reached_by(user, READERS), user, right=KEEP, pk=pk)


@require_GET
def duplicate_list(request, pk):
    """Pairs that may be one person, the surest first."""
    unit = _kept_unit(request.user, pk)
    today = timezone.localdate()
    page = Paginator(pairs_in(request.user, unit), PAGE_SIZE).get_page(request.GET.get("trang"))
    keys = {key for pair in page for key in (pair.member, pair.other) if key}
    members = Member.objects.select_related("home", "account").in_bulk(keys)
    rows = []
    for pair in page:
        sides = [members[key] for key in (pair.member, pair.other) if key]
        # The record with an account, else the one in use, else the older one is proposed to be kept.
        sides.sort(key=lambda one: (getattr(one, "account", None) is None, not one.is_active, one.pk))
        rows.append({"pair": pair, "sides": [_side(request.user, member, today) for member in sides]})
    said = said_not_same(request.user, unit)[:LAST_SAID]
    context = {"unit": unit, "page": page, "rows": rows, "said": said}
    return render(request, "branches/duplicate_list.html", context)


def _side(user, member: Member, today) -> dict:
    return row_of(user, member, today) | {"code": member.national_code, "gone": not member.is_active}


@require_POST
def duplicate_answer(request, pk):
    """Say that the pair is two persons, or take that back. Both are the reader's own to keep."""
    unit = _kept_unit(request.user, pk)
    first, second = (_posted_member(request, name) for name in ("first", "second"))
    if request.POST.get("do") == "again":
        take_back_not_same(first=first, second=second)
        messages.success(request, f"Đã bỏ ghi: {first.full_name} và {second.full_name} lại được so với nhau.")
    elif first.pk != second.pk:
        say_not_same(first=first, second=second, by=request.user)
        messages.success(request, f"Đã ghi: {first.full_name} và {second.full_name} là hai người.")
    return redirect("branches:duplicate_list", pk=unit.pk)


def _posted_member(request, name) -> Member:
    key = request.POST.get(name, "")
    if not (key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY):
        raise Http404
    return get_editable_or_403(Member, request.user, pk=int(key))


@require_http_methods(["GET", "HEAD", "POST"])
def member_merge(request, pk, other):
    """Two records side by side: choose what stands, see the result, then make them one."""
    if (kept := _merged_already(request.user, pk, other)) is not None:
        return redirect("branches:member", pk=kept.pk)
    rows = Member.objects.select_related("home")
    kept, absorbed = (get_editable_or_403(rows, request.user, pk=key) for key in (pk, other))
    refused = why_not(kept, absorbed)
    do = request.POST.get("do", "") if not refused else ""
    form = MergeForm(request.POST if do else None, choices=choices_between(kept, absorbed))
    sides, is_result = {}, not form.to_choose
    if do and form.is_valid():
        sides = form.sides
        if do == "merge":
            if location := _merge(request, form, kept, absorbed, sides):
                return redirect(location)
            # What was changed meanwhile is shown as it is now, and the next button is about that.
            kept, absorbed = (rows.get(pk=key) for key in (pk, other))
        is_result = do != "choose" and not form.wrong_fields
    context = {
        "kept": kept,
        "absorbed": absorbed,
        "unit": kept.home,
        "form": form,
        "sides": sides.items(),
        "refused": refused,
        "is_result": is_result and not refused,
    }
    return render(request, "branches/member_merge.html", context | _result(kept, absorbed, sides))


def _merge(request, form, kept, absorbed, sides) -> str | None:
    """Where to go when the two are one; None when the form now says why they are not."""

    def work() -> str:
        merge_members(kept=kept, absorbed=absorbed, versions=form.versions, sides=sides, by=request.user)
        return reverse("branches:member", args=[kept.pk])

    try:
        location, is_new = once(form.cleaned_data["form_key"], request.user, work)
    except (MergeRefused, EnrolmentRefused) as refusal:
        form.refuse(refusal)
    except EditConflict as conflict:
        name = conflict.current.full_name if conflict.current else kept.full_name
        form.add_error(None, f"Có người vừa sửa hồ sơ của {name}. Chưa gộp gì cả; hãy xem lại kết quả bên dưới.")
    else:
        if is_new:
            messages.success(request, f"Đã gộp hai hồ sơ của {kept.full_name} thành một.")
        return location
    return None


def _merged_already(user, pk, other) -> Member | None:
    """The record a sent form led to before: a double tap ends where the first one did."""
    kept = pointed_at(user, other)
    return kept if kept and kept.pk == pk else None


def _result(kept: Member, absorbed: Member, sides: dict[str, str]) -> dict:
    """What both records say and what will stand, in words."""
    values = []
    for choice in choices_between(kept, absorbed, sides):
        if not choice.kept and not choice.absorbed:
            continue
        stands = words_for(choice, choice.stands)
        if choice.is_sensitive and choice.differs:
            stands = "như hồ sơ được giữ" if choice.side == KEPT else "như hồ sơ kia"
        first, second = words_for(choice, choice.kept), words_for(choice, choice.absorbed)
        values.append(
            {
                "label": label_of(choice),
                "kept": first,
                "absorbed": second,
                "stands": stands,
                "differs": choice.differs,
                "is_new": choice.stands != choice.kept,
            }
        )
    counts = Member.objects.filter(pk=absorbed.pk).aggregate(
        activities=Count("participations", distinct=True), targets=Count("owned_targets", distinct=True)
    )
    courses = [one.memberships.select_related("unit").order_by("starts_on", "pk") for one in (kept, absorbed)]
    return {
        "values": values,
        "spans": [_course_line(span, span.unit_name) for span in spans_after(kept, absorbed)],
        "courses": [[_course_line(row, row.unit.name) for row in rows] for rows in courses],
        "counts": counts,
        "login": getattr(absorbed, "account", None),
    }


def _course_line(span, unit_name) -> dict:
    """A membership or a span of the preview in words."""
    return {
        "unit": unit_name,
        "days": span_words(span.starts_on, span.ends_on),
        "kind": dict(Membership.Kind.choices)[span.kind],
    }


@require_GET
def member_merges(request, pk):
    """How a record came to be out of several: who made it one, when, what each said and what stood."""
    found = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    merges = [
        {"merge": merge, "values": list(_told_values(merge.values)), "course": list(_told_course(merge))}
        for merge in merges_of(found)
    ]
    return render(request, "branches/merge_history.html", {"member": found, "unit": found.home, "merges": merges})


def _told_values(values: dict):
    """The values of a merge in words, in the order of the record."""
    for name, (kept, absorbed, stands) in values.items():
        model = Member if name in {field.name for field in Member._meta.fields} else SensitiveData
        field = model._meta.get_field(name)
        if model is SensitiveData:
            words = ["không hiện", "không hiện", "như hồ sơ được giữ" if stands == KEPT else "như hồ sơ được gộp vào"]
        else:
            words = [_told(field, value) for value in (kept, absorbed, stands)]
        label = f"{field.verbose_name[:1].upper()}{field.verbose_name[1:]}"
        yield {"label": label, "kept": words[0], "absorbed": words[1], "stands": words[2]}


def _told(field, value: str) -> str:
    if field.choices:
        return dict(field.choices).get(value, value)
    return PartialDay.read(value).words if value and field.get_internal_type() == "DateField" else value


def _told_course(merge):
    """Where both belonged before the merge, as it was written down then."""
    rows = merge.moved.get("memberships_before", ())
    names = dict(Unit.objects.filter(pk__in={row["unit"] for row in rows}).values_list("pk", "name"))
    for row in rows:
        start, end = (PartialDay.read(row[name]).day if row[name] else None for name in ("starts_on", "ends_on"))
        yield f"{names.get(row['unit'], '')}, {span_words(start, end)}"
