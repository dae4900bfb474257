"""One paper whose Word file the province replaced: the letter of a transfer, with a line of its own."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from branches.uploads import clean_upload, store
from reports.papers.word_kinds import TRANSFER
from reports.papers.word_templates import checked_file, starter
from reports.templating import keep_template, put_in_use

from .loading import Demo

AGO = 30  # days
LINE = "Đề nghị nơi tiếp nhận gửi lại phiếu trả lời trong 10 ngày."


def build(demo: Demo) -> None:
    by, on = demo.accounts["quantri"], demo.ago(AGO)
    content = with_line(starter(TRANSFER, on=on))
    stored = store(clean_upload(SimpleUploadedFile("Giay gioi thieu Tinh doan.docx", content)), "wordtemplate")
    used = checked_file(TRANSFER, content).used
    unit = by.posts.get().unit
    made = keep_template(unit=unit, kind=TRANSFER, by=by, stored=stored, used=used)
    put_in_use(template=made, version=made.version, from_on=on, on=on)


def with_line(content: bytes) -> bytes:
    """The first file with the province's line before the signature."""
    document = Document(io.BytesIO(content))
    before = next(one for one in document.paragraphs if one.text.startswith("Đề nghị"))
    copied = before.insert_paragraph_before(LINE, style=before.style)
    copied.paragraph_format.first_line_indent = before.paragraph_format.first_line_indent
    for run in copied.runs:
        run.font.size = before.runs[0].font.size
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
