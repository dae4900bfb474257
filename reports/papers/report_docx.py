"""The yearly and the term report as a Word file that an office goes on editing, from the same content as the PDF."""

from .content import ReportContent
from .html_docx import word_of
from .proof import Proof
from .report import report_html


def report_docx(content: ReportContent, proof: Proof | None = None) -> bytes:
    """The paper of a draft or of a frozen edition as Word. No query."""
    return word_of(*report_html(content, proof))
