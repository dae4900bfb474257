"""The posts of a unit: who holds what, giving, putting right, ending; the terms they belong to."""

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.appointing import AppointmentRefused, appoint, correct_post, end_post, kinds_to_give, may_give
from branches.forms.base import sent
from branches.forms.posts import PostDaysForm, PostEndForm, PostForm, TermForm
from branches.inviting import InvitationRefused, invite, revoke_invitations
from branches.models import Invitation, Period, Post, PostType, Unit
from branches.models.rule import rules_on
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.terms import TERM_WRITERS, TermRefused, change_term

from .units import KEEPERS, PAGE_READERS, POST_READERS

# Bodies named on the unit's page; the rest is shown to those who keep the unit or give posts there.
SHOWN = (PostType.Body.COMMITTEE, PostType.Body.INSPECTION, PostType.Body.OFFICE)
FORMER = 50


def post_to_change(request, pk) -> Post:
    """The post, if the user may give and end posts of its kind: 404 without the unit's page, 403 without that right."""
    unit = get_visible_or_404(Unit, request.user, right=PAGE_READERS, posts__pk=pk)
    post = Post.objects.select_related("account", "type", "unit", "term").get(pk=pk)
    if not may_give(request.user, unit, post.type):
        raise PermissionDenied
    return post


@require_GET
def post_list(request, pk):
    """Who holds which post now, who will, and who did."""
    unit = get_visible_or_404(Unit, request.user, right=POST_READERS, pk=pk)
    today = timezone.localdate()
    kinds = kinds_to_give(request.user, unit)
    posts = unit.posts.select_related("account", "type", "term", "unit")
    if not kinds and rights_at(request.user, unit).isdisjoint(KEEPERS):
        posts = posts.filter(type__body__in=SHOWN).exclude(type__code="administrator")
    ahead = posts.exclude(ends_on__lte=today).order_by("type__position", "starts_on", "pk")
    former = posts.filter(ends_on__lte=today).order_by("-ends_on", "type__position", "pk")[:FORMER]
    given = {kind.pk for kind in kinds}
    now = timezone.now()
    links = dict(
        Invitation.objects.filter(account__posts__in=ahead, used_at=None, revoked_at=None, expires_at__gt=now)
        .values_list("account", "expires_at")
    )  # fmt: skip
    rows = [
        {
            "post": post,
            "may_change": post.type_id in given,
            "is_waiting": not post.account.has_usable_password(),
            "link_until": links.get(post.account_id),
        }
        for post in ahead
    ]
    return render(
        request,
        "branches/post_list.html",
        {
            "unit": unit,
            "today": today,
            "held": [row for row in rows if row["post"].starts_on <= today],
            "coming": [row for row in rows if row["post"].starts_on > today],
            "former": [{"post": post, "may_change": post.type_id in given} for post in former],
            "may_give": bool(kinds) and not unit.dissolved_on,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request, pk):
    """Give a post. A newcomer without an account is invited by a link, shown in this answer only."""
    unit = get_visible_or_404(Unit, request.user, right=PAGE_READERS, pk=pk)
    today = timezone.localdate()
    form = PostForm(sent(request), user=request.user, unit=unit, today=today, initial={"starts_on": today})
    if not form.kinds:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        made = {}

        def work():
            said = form.cleaned_data
            made["post"] = appoint(
                by=request.user, unit=unit, kind=form.chosen_kind, person=form.person, starts_on=said["starts_on"],
                ends_on=said["ends_on"], term=said["term"], decision=said["decision"],
            )  # fmt: skip
            made["token"] = invite_if_needed(request.user, made["post"], today)
            return reverse("branches:post_list", args=[unit.pk])

        try:
            location, is_new = once(form.cleaned_data["form_key"], request.user, work)
        except AppointmentRefused as refusal:
            form.refuse(refusal)
        else:
            if is_new:
                return after_giving(request, made["post"], made["token"], form_key=form.cleaned_data["form_key"])
            return redirect(location)
    return render(request, "branches/post_form.html", {"unit": unit, "form": form})


def invite_if_needed(user, post: Post, today) -> str:
    """The secret of a link for somebody who has no password yet; empty for everybody else."""
    if post.account.has_usable_password():
        return ""
    try:
        return invite(by=user, account=post.account, unit=post.unit, at=timezone.now(), on=today)
    except InvitationRefused:
        return ""  # invited by those above, for a post this giver does not give: that link stays


def after_giving(request, post: Post, token: str, *, form_key=""):
    """The link, if there is one; else straight back to the list."""
    if token:
        return link_page(request, post, token, form_key=form_key)
    if post.account.has_usable_password():
        text = f"Đã giao chức vụ {post.type.name} cho {post.account}. Người nhận đăng nhập bằng tài khoản đang có."
    else:
        text = (
            f"Đã giao chức vụ {post.type.name} cho {post.account}. Người nhận dùng liên kết mời đã được gửi trước đó."
        )
    messages.success(request, text, extra_tags=str(form_key))
    return redirect("branches:post_list", pk=post.unit_id)


def link_page(request, post: Post, token: str, *, form_key=""):
    """The newcomer's link with its picture to scan: in this answer and never again."""
    link = request.build_absolute_uri(reverse("branches:invitation", args=[token]))
    return render(
        request,
        "branches/invitation_link.html",
        {
            "unit": post.unit,
            "post": post,
            "form_key": form_key,
            "link": link,
            "qr": segno.make(link, error="m").svg_data_uri(scale=4, border=2),
            "days": rules_on(timezone.localdate())["invitation_days"],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request, pk):
    post = post_to_change(request, pk)
    form = PostDaysForm.of(post, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            correct_post(by=request.user, post=post, **form.cleaned_data)
        except AppointmentRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Đã lưu chức vụ {post.type.name} của {post.account}.")
            return redirect("branches:post_list", pk=post.unit_id)
    return render(request, "branches/post_edit.html", {"unit": post.unit, "post": post, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def post_end(request, pk):
    post = post_to_change(request, pk)
    today = timezone.localdate()
    form = PostEndForm(sent(request), initial={"on": today})
    if request.method == "POST" and form.is_valid():
        try:
            end_post(by=request.user, post=post, **form.cleaned_data)
        except AppointmentRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Đã ghi {post.account} thôi chức vụ {post.type.name}.")
            if post.account_id == request.user.pk:
                return redirect("reports:home")
            return redirect("branches:post_list", pk=post.unit_id)
    return render(request, "branches/post_end.html", {"unit": post.unit, "post": post, "form": form, "today": today})


@require_POST
def post_invite(request, pk):
    """A new link for somebody who has not used theirs; the older one no longer opens anything."""
    post = post_to_change(request, pk)
    try:
        token = invite(
            by=request.user, account=post.account, unit=post.unit, at=timezone.now(), on=timezone.localdate()
        )
    except InvitationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("branches:post_list", pk=post.unit_id)
    return link_page(request, post, token)


@require_POST
def post_uninvite(request, pk):
    post = post_to_change(request, pk)
    try:
        revoke_invitations(by=request.user, account=post.account, at=timezone.now(), on=timezone.localdate())
    except InvitationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã thu hồi liên kết mời của {post.account}.")
    return redirect("branches:post_list", pk=post.unit_id)


# --- terms ----------------------------------------------------------------------------------------


@require_GET
def term_list(request, pk):
    """The terms of the unit, newest first."""
    unit = get_visible_or_404(Unit, request.user, right=PAGE_READERS, pk=pk)
    return render(
        request,
        "branches/term_list.html",
        {
            "unit": unit,
            "today": timezone.localdate(),
            "terms": Period.objects.filter(kind=Period.Kind.TERM, unit=unit).order_by("-starts_on", "pk"),
            "may_write": not rights_at(request.user, unit).isdisjoint(TERM_WRITERS),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def term_edit(request, pk):
    units = Unit.objects.reached_by(request.user, PAGE_READERS)
    unit = get_editable_or_403(units, request.user, right=TERM_WRITERS, terms__pk=pk)
    term = unit.terms.get(pk=pk)
    form = TermForm(sent(request), term=term)
    if request.method == "POST" and form.is_valid():
        try:
            change_term(by=request.user, term=term, **form.said())
        except TermRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Đã lưu {form.cleaned_data['name']}.")
            return redirect("branches:term_list", pk=unit.pk)
    plans = term.targets.count()
    return render(request, "branches/term_edit.html", {"unit": unit, "term": term, "form": form, "plans": plans})
