"""Two small views of the frame itself: changing post, and the page "Thêm"."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from branches.frame import SESSION_KEY


@require_POST
def post_switch(request):
    """Speak from another of one's own posts. Rights do not change: they are the sum of all posts."""
    wanted = request.POST.get("post", "")
    post = next((post for post in request.user.posts_today if str(post.pk) == wanted), None)
    if post is None:
        raise Http404
    request.session[SESSION_KEY] = post.pk
    return redirect("reports:home")


@require_GET
def more(request):
    """Every destination, the posts and the account on one page, so that a phone needs no script."""
    return render(request, "branches/more.html")
