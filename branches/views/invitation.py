"""The newcomer's page, open to whoever has the link: choose a name and a password, then sign in."""

from allauth.core.internal.ratelimit import get_ip, respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from branches.appointing import suggested_username
from branches.forms.base import sent
from branches.forms.posts import AcceptForm
from branches.inviting import InvitationRefused, accept_invitation, open_invitation

TRIES, SECONDS = 60, 300


def too_many_tries(request, page: str) -> bool:
    """More than 60 requests in five minutes from one address to one kind of page, whatever they ask for."""
    key = f"{page}:{get_ip(request)}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > TRIES
    except ValueError:  # the five minutes ended between the two lines
        return False


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Unknown, expired, used and taken back are answered alike, so that nothing can be found out by trying."""
    if too_many_tries(request, "invitation"):
        return respond_429(request)
    now = timezone.now()
    found = open_invitation(token, at=now)
    if found is None:
        return render(request, "branches/invitation_gone.html", status=404)
    form = AcceptForm(sent(request), initial={"username": suggested_username(found.account)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            accept_invitation(token=token, username=said["username"], password=said["password"], at=now)
        except InvitationRefused as refusal:
            if "" in refusal.errors:
                return render(request, "branches/invitation_gone.html", status=404)
            form.refuse(refusal)
        else:
            messages.success(request, f"Đã đặt mật khẩu. Hãy đăng nhập bằng tên {said['username']}.")
            return redirect("account_login")
    posts = found.account.posts.exclude(ends_on__lte=timezone.localdate()).select_related("unit", "type")
    return render(
        request,
        "branches/invitation.html",
        {
            "account": found.account,
            "form": form,
            "posts": posts.order_by("type__position", "pk"),
            "until": found.expires_at,
        },
    )
