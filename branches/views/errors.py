"""Pages for requests that come to nothing. They ask no database, so that they also stand when it is down."""

from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token


def _page(request, template: str, status: int, **words):
    # Without the request no context processor runs: no session, no user, no query.
    return render(None, template, words, status=status)


@requires_csrf_token
def bad_request(request, exception=None):
    return _page(request, "errors/bad_request.html", 400)


@requires_csrf_token
def forbidden(request, exception=None):
    return _page(request, "errors/forbidden.html", 403)


@requires_csrf_token
def not_found(request, exception=None):
    return _page(request, "errors/not_found.html", 404)


@requires_csrf_token
def server_error(request):
    return _page(request, "errors/server_error.html", 500)


@requires_csrf_token
def csrf_failure(request, reason=""):
    """The form's token is missing or old: somebody signed in again elsewhere, or the page lay open over night."""
    return _page(request, "errors/csrf_failure.html", 403, form_url=_came_from(request))


def _came_from(request) -> str:
    """The page of ours the form stood on, else the address it was sent to; never a page of somebody else."""
    ours, secure = {request.get_host()}, request.is_secure()
    for page in (request.META.get("HTTP_REFERER", ""), request.get_full_path()):
        if url_has_allowed_host_and_scheme(page, ours, require_https=secure):
            return page
    return "/"
