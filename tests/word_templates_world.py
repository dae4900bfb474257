"""Word templates of papers: their part of World (access_world.py), and of the tables of access and attacks."""

import datetime
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

from branches.models import StoredFile
from branches.uploads import Clean, store
from reports.papers.word_kinds import KINDS, TRANSFER
from reports.papers.word_templates import starter
from reports.templating import keep_template, put_in_use
from reports.views.printing import WORD

from .access_people import may
from .sent_files import Anew

# Papers whose Word file stands beside the PDF, for the same people and about the same object.
BESIDE = (
    "structure", "party_summary", "transfer_letter", "admission_request", "admission_decision", "maturity_list",
    "maturity_decision", "branch_book", "party_introduction", "outstanding_list", "party_remark",
    "discipline_decision", "discipline_minutes", "dues_receipt", "assessment_list", "assessment_decision",
    "assessment_self", "remittance", "fund", "conclusion",
)  # fmt: skip


def pdf_beside(name: str) -> str:
    """The PDF's address for that of a Word file beside one; any other address as it is."""
    paper = name.removeprefix("reports:").removesuffix("_docx")
    return f"reports:{paper}_pdf" if name.endswith("_docx") and paper in BESIDE else name


DAY, TO_COME = datetime.date(2026, 9, 15), datetime.date(2030, 1, 1)
EXPECTED = dict.fromkeys(
    (
        "reports:word_template_list", "reports:word_template_kind", "reports:word_starter", "reports:word_template",
        "reports:word_template_file", "reports:word_template_preview", "reports:word_template_use",
        "reports:word_template_end", "reports:word_template_drop",
    ),
    may({"administrator"}),
)  # fmt: skip
POST_ONLY: set = set()
FORMS = {
    "reports:word_template_kind": ("administrator", lambda w: {"file": Anew(first_file(), name="mau.docx")}),
    "reports:word_template_use": ("administrator", lambda w: {"from_on": "01/01/2031"}),
    "reports:word_template_end": ("administrator", lambda w: {"from_on": "01/01/2031"}),
    "reports:word_template_drop": ("administrator", lambda w: {}),
}
ATTACKS: list = []
SPOILT = {
    "reports:word_template_kind": ("file", "form_key"), "reports:word_template_use": ("from_on", "version"),
    "reports:word_template_end": ("from_on", "version"),
}  # fmt: skip


@cache
def first_file(key: str = TRANSFER.key) -> bytes:
    """The first file of a paper, made once."""
    return starter(KINDS[key], on=DAY)


def upload(content: bytes | None = None, name: str = "mau.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, first_file() if content is None else content)


def stored_template(unit, by, *, kind=TRANSFER, content: bytes | None = None):
    """A draft of this file, or of the first file of the paper."""
    content = first_file(kind.key) if content is None else content
    stored = store(Clean("mau.docx", StoredFile.Kind.OFFICE, WORD, content), "wordtemplate")
    return keep_template(unit=unit, kind=kind, by=by, stored=stored, used=tuple(kind.offered))


def add(world) -> None:
    """A draft at `own`, and one that counts from a day to come."""
    by = world.accounts["administrator"]
    world.word_draft = stored_template(world.own, by)
    used = stored_template(world.own, by)
    world.word_used = put_in_use(template=used, version=used.version, from_on=TO_COME, on=DAY)


def objects(world) -> dict:
    """Address → the object it is about."""
    drafts = ("word_template", "word_template_file", "word_template_preview", "word_template_use", "word_template_drop")
    return {f"reports:{name}": world.word_draft for name in drafts} | {"reports:word_template_end": world.word_used}


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    paper = {"pk": world.own.pk, "paper": TRANSFER.key}
    return {"reports:word_template_kind": paper, "reports:word_starter": paper}
