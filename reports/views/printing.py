"""What every view that prints a paper shares: the answer itself, and the limit on how many an account may ask for.

Laying out a paper takes a second or two of the processor; without a limit one impatient reader, or one
stolen password, could keep the server from everybody else.
"""

import time

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from branches.views.attachments import UNKEPT, attached
from reports.papers.pdf import render_pdf
from reports.papers.word_templates import word_file
from reports.proofs import is_fixed

PAPERS, SECONDS = 30, 600
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def too_many_papers(request) -> HttpResponse | None:
    """Counts this paper; the page that says "wait" when the account asked for 30 within ten minutes.

    Ask after the permission and before anything is laid out. The count is in the cache all processes
    share; two requests in the same instant may count as one, which is near enough.
    """
    key, now = f"papers:{request.user.pk}", time.time()
    asked = [moment for moment in cache.get(key, []) if moment > now - SECONDS]
    if len(asked) < PAPERS:
        cache.set(key, [*asked, now], SECONDS)
        return None
    wait = int(asked[0] + SECONDS - now) + 1
    response = render(request, "reports/papers_wait.html", {"papers": PAPERS}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to be read in the browser, kept by nobody on the way."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name)
    response.headers["Cache-Control"] = UNKEPT
    return response


def word_answer(content: bytes, name: str) -> HttpResponse:
    """A Word file to be kept and edited."""
    return attached(content, WORD, name)


def for_archive(request, source) -> bool:
    """Whether a PDF/A was asked for, of a paper that is fixed: what may still change is nothing to keep for ever."""
    return "luu-tru" in request.GET and is_fixed(source)


def printed(request, compose, name: str, ending: str, *, archive: bool = False) -> HttpResponse:
    """A paper as the address asks for it, `ending` "pdf" or "docx": both from the one page `compose` makes.

    Composed and laid out only for an account that has not asked for too many. `name` is the file's, without ending.
    """
    if refused := too_many_papers(request):
        return refused
    html, layout = compose()
    if ending == "docx":
        return word_answer(word_file(html, layout), f"{name}.docx")
    return pdf_answer(render_pdf(html, layout=layout, archive=archive), f"{name}.pdf")
