"""The page behind the address on a print: for anybody who holds the sheet, and about nothing but the sheet."""

from allauth.core.internal.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from branches.views.invitation import too_many_tries
from reports.proofs import opened


@login_not_required
@never_cache
@require_safe
def paper_proof(request, token):
    """Kind, number, day, issuer, hash and whether the edition counts. Any other text is answered like one unknown.

    No cookie, no trace in search engines, and nothing told to wherever the reader goes next.
    """
    if too_many_tries(request, "proof"):
        return respond_429(request)
    found = opened(token)
    page = "reports/paper_proof.html" if found else "reports/paper_proof_unknown.html"
    response = render(request, page, {"found": found}, status=200 if found else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
