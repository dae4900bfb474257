"""Minutes as PDF and as Word, for those who read them: any edition, also a draft and one that was replaced."""

from django.views.decorators.http import require_GET

from branches.meetings.minutes_record import record_of
from branches.meetings.reading import MINUTES, rights_to_read
from branches.models import Minutes
from branches.scoping import get_visible_or_404
from reports.papers.minutes import MinutesPaper, minutes_html, minutes_paper, minutes_word
from reports.papers.pdf import render_pdf
from reports.proofs import proof_of, replaced_by

from .printing import for_archive, pdf_answer, too_many_papers, word_answer


def _minutes(request, pk) -> Minutes:
    found = get_visible_or_404(MINUTES, request.user, pk=pk)
    return get_visible_or_404(MINUTES, request.user, right=rights_to_read(found.meeting), pk=pk)


def _made(request, found: Minutes) -> MinutesPaper:
    return minutes_paper(
        record_of(found.meeting, found), mark=_mark(found), needs_confirmation="xac-nhan" in request.GET
    )


def _mark(found: Minutes) -> str:
    """What the copy is not: signed, or the one that counts."""
    if found.state != Minutes.State.LOCKED:
        return "DỰ THẢO, CHƯA KÝ"
    newer = replaced_by(found)
    return f"BẢN {found.edition}, ĐÃ ĐƯỢC THAY BẰNG BẢN {newer.edition}" if newer else ""


def _name(found: Minutes, ending: str) -> str:
    return f"Biên bản {found.meeting.title}.{ending}".replace("/", "-")


@require_GET
def minutes_pdf(request, pk):
    found = _minutes(request, pk)
    if refused := too_many_papers(request):
        return refused
    html, layout = minutes_html(_made(request, found), proof_of(found))
    return pdf_answer(render_pdf(html, layout=layout, archive=for_archive(request, found)), _name(found, "pdf"))


@require_GET
def minutes_docx(request, pk):
    found = _minutes(request, pk)
    if refused := too_many_papers(request):
        return refused
    return word_answer(minutes_word(_made(request, found), proof_of(found)), _name(found, "docx"))
