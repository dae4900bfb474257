"""The evidence room of a case: its table of contents, one section, one file or paper, all of it as a ZIP.

Every page is opened by the right to edit the case and by nothing else; links to the unit's own pages are shown only
to whoever reaches them with a post of their own.
"""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import StoredFile
from branches.scoping import get_editable_or_403, rights_at
from branches.views.attachments import streamed
from branches.views.evidence import file_answer
from inspections.models import Inspection, RoomTake
from inspections.models.room import RoomCases
from reports.evidence_room.archive import build, parts_of, parts_words, safe_stem
from reports.evidence_room.papers import as_pdf, rows_of
from reports.evidence_room.room import Room
from reports.evidence_room.sections import KINDS, Section, section_of, sections_of
from reports.evidence_room.tables import Part

from .printing import pdf_answer, too_many_papers

ROWS_SHOWN = 200
TAKES_SHOWN = 10
LONGEST_TITLES = 180
FIGURES = {"view", "approve", "inspect", "oversee"}
# The unit's own page of a section, and the rights at the unit that open it.
OWN_PAGES = {
    "plan": ("reports:progress", FIGURES),
    "activities": ("branches:activity_list", {"view", "approve"}),
    "meetings": ("branches:meeting_list", {"view", "approve"}),
    "duties": ("reports:duty_calendar", FIGURES),
    "reports": ("reports:report_list", {"view", "approve"}),
}


def room_of(request, pk) -> Room:
    """404 for a stranger, 403 for a reader of the case who is neither of its committee nor, while it runs, of its
    team."""
    case = get_editable_or_403(RoomCases(Inspection).select_related("programme__unit", "unit"), request.user, pk=pk)
    return Room(case, timezone.localdate())


def _page(room: Room) -> dict:
    return {"case": room.case, "unit": room.unit, "room": room, "on": room.on}


def _to_take(sections: list[Section], url: str) -> dict:
    """The address of each ZIP these sections fill, by its number, and why there are several."""
    parts = parts_of(sections)
    takes = [(part, url if len(parts) == 1 else f"{url}?phan={part}") for part in range(1, len(parts) + 1)]
    return {"to_take": takes, "why_parts": parts_words(parts)}


def _said(sections: list[Section], part: int, parts: list) -> str:
    titles = "; ".join(section.title for section in sections)[:LONGEST_TITLES]
    return f"{titles} (phần {part} trên {len(parts)})" if len(parts) > 1 else titles


@require_GET
def evidence_room(request, pk):
    room = room_of(request, pk)
    sections = sections_of(room)
    takes = RoomTake.objects.visible_to(request.user).filter(inspection=room.case).select_related("made_by")
    return render(
        request,
        "reports/evidence_room.html",
        {
            **_page(room),
            "sections": sections,
            "files": sum(len(section.papers) for section in sections),
            **_to_take(sections, reverse("reports:evidence_zip", args=[pk])),
            "takes": takes.order_by("-pk")[:TAKES_SHOWN],
        },
    )


@require_GET
def evidence_section(request, pk, key):
    room = room_of(request, pk)
    section = section_of(room, key)
    if section is None:
        raise Http404
    keys = list(KINDS)
    place = keys.index(key)
    following = KINDS[keys[place + 1]] if place + 1 < len(keys) else None
    page, rights = OWN_PAGES.get(key, ("", set()))
    may_open = bool(page) and not rights.isdisjoint(rights_at(request.user, room.unit))
    return render(
        request,
        "reports/evidence_section.html",
        {
            **_page(room),
            "section": section,
            "parts": [_shown(part) for part in section.parts],
            "rows_shown": ROWS_SHOWN,
            "following": following,
            **_to_take([section], reverse("reports:evidence_section_zip", args=[pk, key])),
            "own_page": reverse(page, args=[room.unit.pk]) if may_open else "",
        },
    )


def _shown(part: Part) -> dict:
    """A table as the page draws it: what is equal in many rows stands once above them."""
    columns = [column for column in part.columns if not column.is_chapter]
    rows, above = [], None
    for row in part.rows[:ROWS_SHOWN]:
        pairs = list(zip(part.columns, row.cells, strict=True))
        chapter = next((cell for column, cell in pairs if column.is_chapter), None)
        rows.append(
            {
                "chapter": chapter if chapter != above else None,
                "cells": [pair for pair in pairs if not pair[0].is_chapter],
                "papers": row.papers,
                "links": row.links,
            }
        )
        above = chapter
    width = len(columns) + part.has_papers
    return {"part": part, "columns": columns, "width": width, "rows": rows, "left_out": len(part.rows) - len(rows)}


@require_GET
def evidence_paper(request, pk, kind, key):
    """A stored file as it is, a paper as its PDF; only what stands in the room of this case."""
    room = room_of(request, pk)
    rows = rows_of(room, kind)
    found = rows.filter(pk=key).first() if rows is not None else None
    if found is None:
        raise Http404
    if isinstance(found, StoredFile):
        return file_answer(request, found)
    if refused := too_many_papers(request):
        return refused
    return pdf_answer(as_pdf(kind, found), f"{kind}-{found.pk}.pdf")


@require_GET
def evidence_zip(request, pk, key=""):
    """All sections, or one, as a ZIP. Who took it and when stays with the case."""
    room = room_of(request, pk)
    if key and key not in KINDS:
        raise Http404
    sections = [section_of(room, key)] if key else sections_of(room)
    parts = parts_of(sections)
    asked = request.GET.get("phan", "1")
    if asked not in {str(part) for part in range(1, len(parts) + 1)}:
        raise Http404
    part = int(asked)
    if refused := too_many_papers(request):
        return refused
    now = timezone.localtime()
    made = build(room, sections, by=str(request.user), at=now, part=part)
    RoomTake.objects.create(
        inspection=room.case, sections=_said(sections, part, parts),
        files=made.files, size=made.size, made_by=request.user, made_at=now,
    )  # fmt: skip
    name = f"ho-so-{safe_stem(room.unit.name)}-{room.span.starts_on:%Y%m%d}-{room.span.last_day:%Y%m%d}"
    more = ("-" + safe_stem(sections[0].title) if key else "") + (f"-phan-{part}" if len(parts) > 1 else "")
    response = streamed(made.content, "application/zip", f"{name}{more}.zip")
    response.headers["Content-Length"] = str(made.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
