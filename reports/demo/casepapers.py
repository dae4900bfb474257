"""Papers of the demo's cases and programmes, issued under their numbers as people issue them."""

from django.core.files.uploadedfile import SimpleUploadedFile

from branches.uploads import clean_upload, store
from inspections.issuing import issue_paper
from inspections.models import CasePaper
from inspections.paper_scans import attach_scan
from inspections.papering import begin_paper, content_of, write_texts
from reports.papers.inspection_print import document_html, document_of
from reports.papers.pdf import render_pdf

from .casework import Sheet

Kind = CasePaper.Kind
EARLIER = "Các số trước đã cấp trong sổ giấy"
HOURS = "1. Thời gian, địa điểm: bắt đầu lúc {begin}, {day}, tại {place}."
END = (
    "Buổi làm việc kết thúc lúc {end} cùng ngày. Biên bản lập thành 02 bản, đã đọc lại cho mọi người cùng nghe và "
    "thống nhất, mỗi bên giữ 01 bản."
)


def send_out(sheet: Sheet, *, by, inspection=None, programme=None) -> CasePaper:
    """Begin, word and issue one paper on its day."""
    paper = begin_paper(kind=sheet.kind, by=by, on=sheet.day, inspection=inspection, programme=programme)
    if sheet.texts or sheet.about:
        about = inspection.recommendations.filter(number__in=sheet.about) if sheet.about else None
        paper = write_texts(
            paper=paper, version=paper.version, by=by, on=sheet.day, texts=sheet.texts, about=about
        )  # fmt: skip
    capacity, post, name = sheet.signer or (paper.signer_capacity, paper.signer_post, paper.signer_name)
    return issue_paper(
        paper=paper, version=paper.version, by=by, on=sheet.day, dated_on=sheet.day, wanted=sheet.number,
        number_reason=EARLIER if sheet.number else "", signer_capacity=capacity, signer_post=post, signer_name=name,
    )  # fmt: skip


def scan(paper: CasePaper, *, by) -> None:
    """The signed sheet, as it came back from the scanner."""
    html, layout = document_html(document_of(content_of(paper, on=paper.dated_on), number=paper.number))
    name = f"{paper.number.replace('/', '-') or paper.kind} (bản ký).pdf"
    attach_scan(paper=paper, by=by, files=[kept(name, render_pdf(html, layout=layout))])


def kept(name: str, content: bytes):
    """A file on the disk, by the same way as one that is sent."""
    return store(clean_upload(SimpleUploadedFile(name, content)))


def minutes_words(case, begin: str, end: str, reply: str) -> dict[str, str]:
    """The own words of the minutes of a session: when it began and ended, and what the unit replied."""
    part = f"{case.get_day_part_display()} " if case.day_part in ("morning", "afternoon") else ""
    when = f"{part}ngày {case.visited_on:%d/%m/%Y}"
    return {
        "when": HOURS.format(begin=begin, day=when, place=case.place), "end": END.format(end=end), "reply": reply,
    }  # fmt: skip
