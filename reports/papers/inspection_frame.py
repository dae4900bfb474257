"""From a paper of a case to everything that is printed of it, as plain data: the composer of inspections/papering.py.

The writers (inspection_before, inspection_session, conclusion, inspection_after) say what stands in the sheet;
here the head, the number, the signature and the frozen form are put around it.
"""

import dataclasses
import datetime

from branches.formats import day
from branches.models import Unit
from branches.numbering import OVERSIGHT, TEAM
from inspections.models import CasePaper, Inspection
from inspections.paper_books import book_of
from inspections.papering import Draft

from . import conclusion, inspection_after, inspection_before, inspection_session
from .inspection_frames import Frame
from .inspection_sheet import Sheet
from .inspection_words import COMMITTEE, names_of
from .layout import Paper, Signature, paper_of
from .widths import broken

Kind = CasePaper.Kind
FORM = 1  # the form of the frozen record; a reader of an older form is kept when this grows
WRITERS = {
    Kind.PROGRAMME: inspection_before.programme,
    Kind.DECISION: inspection_before.decision,
    Kind.PLAN: inspection_before.plan,
    Kind.OUTLINE: inspection_before.outline,
    Kind.SESSION: inspection_session.session,
    Kind.TEAM_REPORT: inspection_session.team_report,
    Kind.NOTICE: conclusion.notice,
    Kind.REMINDER: inspection_after.reminder,
    Kind.REMEDIATION: inspection_after.remediation,
    Kind.CLOSING: inspection_after.closing,
}
PAPERS = CasePaper.objects.select_related("inspection__programme__unit", "inspection__unit", "programme__unit", "entry")


def compose(paper: CasePaper, *, on: datetime.date) -> Draft:
    """The paper as of its own day, or of `on` while it has none. The number of queries does not grow with the rows."""
    dated = paper.dated_on or on
    sheet = Sheet(paper.texts)
    if paper.edition > 1:
        sheet.add("centre", _replaces(paper), soft=True)
    frame = WRITERS[paper.kind](sheet, paper, dated)
    return Draft(_record(paper, frame, sheet, dated), tuple(sheet.slots))


def _replaces(paper: CasePaper) -> str:
    before = CasePaper.objects.filter(
        inspection=paper.inspection_id, programme=paper.programme_id, kind=paper.kind, series=paper.series,
        edition=paper.edition - 1,
    ).first()  # fmt: skip
    number = f" số {before.number}" if before.number else ""
    return f"(Thay thế bản{number} ngày {day(before.dated_on)}. Lý do: {paper.reason.rstrip(' .')})"


def _record(paper: CasePaper, frame: Frame, sheet: Sheet, dated: datetime.date) -> dict:
    laid, symbol = _laid_out(paper, frame, dated)
    return {
        "form": FORM,
        "kind": paper.kind,
        "word": laid.kind,
        "abstract": list(frame.abstract),
        "about": frame.about,
        "reference": frame.reference,
        "addressee": list(frame.addressee),
        "on": dated.isoformat(),
        "dated_on": paper.dated_on.isoformat() if paper.dated_on else "",
        "number": paper.number,
        "code": CasePaper.CODES[paper.kind] and book_of(paper).type_code,
        "symbol": symbol,
        "place": (frame.unit or _union(paper)).place,
        "superior": list(laid.head.superior),
        "issuer": list(laid.head.issuer),
        "is_long": laid.head.is_long,
        "title": laid.title,
        "author": laid.author,
        "recipients": list(frame.recipients),
        "signature": [paper.signer_capacity, paper.signer_post, paper.signer_name],
        "signers": [[list(titles), how, name] for titles, how, name in frame.signers],
        "needs_confirmation": frame.needs_confirmation,
        "blocks": sheet.blocks,
        "closing": sheet.closing,
        "closing_label": sheet.closing_label,
    }


def _union(paper: CasePaper) -> Unit:
    return (paper.programme or paper.inspection.programme).unit


def _laid_out(paper: CasePaper, frame: Frame, dated: datetime.date) -> tuple[Paper, str]:
    """Head and title, and the sign of the issuing body in the number."""
    programme = paper.programme or paper.inspection.programme
    shared = {
        "on": dated, "kind": frame.word, "kind_code": CasePaper.CODES[paper.kind], "abstract": frame.abstract,
        "signature": Signature("", ""), "recipients": frame.recipients or ("",),
    }  # fmt: skip
    if paper.kind in CasePaper.OF_THE_UNIT:
        unit = frame.unit or paper.inspection.unit
        return paper_of(unit=unit, **shared), unit.document_code
    union = programme.unit
    if paper.kind in CasePaper.OF_THE_TEAM:
        return _of_the_team(paper.inspection, union, shared)
    if paper.kind == Kind.CLOSING and programme.in_name_of == COMMITTEE:  # the inspection committee's own report
        committee = names_of(paper.inspection, dated).committee
        return paper_of(unit=union, issuer=committee, **shared), f"{union.document_code}-UBKT"
    if programme.in_name_of == COMMITTEE:
        return paper_of(unit=union, **shared), f"{union.document_code}-UBKT"
    committee = f"Ủy ban Kiểm tra {names_of(paper.inspection, dated).union}" if paper.inspection else ""
    return paper_of(unit=union, issuer=committee or f"Ủy ban Kiểm tra {union.name}", **shared), "UBKT"


def _of_the_team(case: Inspection, union: Unit, shared: dict) -> tuple[Paper, str]:
    """The team stands under the body that set it up."""
    names = names_of(case, shared["on"])
    made = paper_of(unit=union, issuer=names.team, **shared)
    above = f"BCH {names.union}" if names.is_committee else names.committee
    lines = broken(above, made.layout.unit_block_mm, made.layout.unit_pt, bold=False)
    head = dataclasses.replace(made.head, superior=lines, is_long=len(lines) + len(made.head.issuer) > 5)
    return dataclasses.replace(made, head=head), TEAM if case.inspection_kind else OVERSIGHT
