"""Headers that every answer carries, whoever made it: a view, an error page or a refusal on the way."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

# The app asks the browser for none of these; a picture is taken through the file field, which needs
# no permission of the page.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def private_pages(get_response):
    """Nothing personal stays in a cache, and no answer leaves without the security headers.

    Stands first in MIDDLEWARE. Django's own middlewares add their headers only to answers that pass
    them on the way out; the redirect to https, the refusal of an unknown host and files served by
    WhiteNoise turn back before that. Running their outward half once more here closes the gap: each
    of them leaves a header alone that is already there.
    """
    header_writers = [
        middleware(get_response) for middleware in (SecurityMiddleware, CSPMiddleware, XFrameOptionsMiddleware)
    ]

    def middleware(request):
        response = get_response(request)
        for writer in header_writers:
            response = writer.process_response(request, response)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if _is_signed_in(request, response) and not request.path_info.startswith(settings.STATIC_URL):
            # "no-store" also empties the browser's back button after sign-out on a shared computer.
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def _is_signed_in(request, response) -> bool:
    """Whether a session came in or goes out. Asks no database: this also runs when that is down."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
