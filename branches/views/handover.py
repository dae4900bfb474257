"""Handing a post over in one form, and the note that stays for the next holder."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.appointing import AppointmentRefused
from branches.forms.base import sent
from branches.forms.posts import HandoverForm
from branches.handing_over import hand_over
from branches.models import HandoverNote, PostType
from branches.receipts import once
from branches.scoping import get_visible_or_404

from .posts import after_giving, post_to_change


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request, pk):
    """End the post, begin the newcomer's, invite them, leave a note: one form, all or nothing."""
    post = post_to_change(request, pk)
    if post.type.body == PostType.Body.MEMBER:  # signing in as a member is no office, and nothing is handed over
        return redirect("branches:post_end", pk=post.pk)
    today = timezone.localdate()
    form = HandoverForm(
        sent(request), user=request.user, unit=post.unit, today=today, apart_from=post.account,
        initial={"on": today, "term": post.term_id or ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = {}

        def work():
            said = form.cleaned_data
            made["done"] = hand_over(
                by=request.user, post=post, to=form.person, on=said["on"], today=today, at=timezone.now(),
                term=said["term"], decision=said["decision"], note=said["note"],
            )  # fmt: skip
            return reverse("branches:post_list", args=[post.unit_id])

        try:
            location, is_new = once(form.cleaned_data["form_key"], request.user, work)
        except AppointmentRefused as refusal:
            form.refuse(refusal)
        else:
            if not is_new:
                return redirect(location)
            key = form.cleaned_data["form_key"]
            return after_giving(request, made["done"].new, made["done"].token, form_key=key)
    return render(
        request,
        "branches/handover.html",
        {"unit": post.unit, "post": post, "form": form, "today": today, "is_own": post.account_id == request.user.pk},
    )


@require_GET
def handover_note(request, pk):
    """What a former holder of one's own post left."""
    notes = HandoverNote.objects.select_related("unit", "type", "written_by")
    note = get_visible_or_404(notes, request.user, pk=pk)
    return render(request, "branches/handover_note.html", {"note": note, "unit": note.unit})
