"""Files a page hands out to be kept."""

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

UNKEPT = "private, no-store"


def attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to be kept by whoever asked for it, and by nobody on the way."""
    return _named(HttpResponse(content, content_type=content_type), name)


def streamed(content, content_type: str, name: str) -> FileResponse:
    """The same of an open file too large to be held in memory; it is closed when it was sent."""
    return _named(FileResponse(content, content_type=content_type), name)


def _named(response, name: str):
    response.headers["Content-Disposition"] = content_disposition_header(True, name.replace("/", "-"))
    response.headers["Cache-Control"] = UNKEPT
    return response
