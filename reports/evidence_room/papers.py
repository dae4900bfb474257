"""Files and papers of a room, by their kind and key: only what stands in it can be opened through it."""

from branches.meetings.minutes_record import record_of
from branches.models import StoredFile
from reports.freezing import content_of_submission, edition_in_force
from reports.papers.layout import Layout
from reports.papers.minutes import MinutesPaper, minutes_html, minutes_paper, minutes_word
from reports.papers.pdf import render_pdf
from reports.papers.report import report_html
from reports.proofs import proof_of

from .room import Room
from .tables import ANSWER, EVIDENCE, MINUTES, REPORT

ABOUT_A_SECOND = (MINUTES, REPORT)  # laid out when they are asked for; the others are stored files


def rows_of(room: Room, kind: str):
    """What stands in the room under a kind; None for a kind that is none."""
    rows = {
        EVIDENCE: room.evidence().exclude(file=""),
        ANSWER: room.answer_files().exclude(file=""),
        MINUTES: room.minutes().select_related("meeting__unit", "meeting__chair", "meeting__secretary"),
        REPORT: room.reports().select_related("unit", "period"),
    }
    return rows.get(kind)


def stored_files(room: Room, kind: str, keys) -> dict[int, StoredFile]:
    """{key: file} of these keys. One query."""
    return rows_of(room, kind).in_bulk(keys)


def as_pdf(kind: str, found) -> bytes:
    """The paper as it is printed elsewhere; signed minutes and approved reports as they were frozen."""
    html, layout = minutes_html(_minutes(found), proof_of(found)) if kind == MINUTES else _report(found)
    return render_pdf(html, layout=layout)


def _report(found) -> tuple[str, Layout]:
    edition = edition_in_force(found)
    return report_html(content_of_submission(edition), proof_of(edition))


def as_word(found) -> bytes:
    """Signed minutes as a Word file: the same rows, made in a fraction of the time."""
    return minutes_word(_minutes(found), proof_of(found))


def _minutes(found) -> MinutesPaper:
    return minutes_paper(record_of(found.meeting, found))
