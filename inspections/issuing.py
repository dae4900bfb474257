"""Papers of a programme or a case go out: under a number, frozen, issued anew.

Each verb runs in one transaction, holds the case or the programme first and refuses with InspectionRefused
(states.py), so that a number, the paper it stands on and the step it belongs to are all there or none of them.
"""

import datetime
import json

from django.db import transaction
from django.utils import timezone

from branches.models import PaperNumber
from branches.numbering import NumberRefused
from branches.vietnamese import nfc
from inspections.models import CasePaper, Inspection, InspectionProgramme
from inspections.paper_books import about_of, book_of, capacity_of, enter_programme
from inspections.papering import AFTER_NOTICE, composed, digest_of, draft_to_change, held, why_not_yet
from inspections.programming import issue_programme
from inspections.states import InspectionRefused, save_clean

Kind, Standing = CasePaper.Kind, CasePaper.State


@transaction.atomic
def new_edition(*, paper: CasePaper, by, on: datetime.date, reason: str) -> CasePaper:
    """Begin the paper that replaces an issued one, with the reason; it says so and has a number of its own."""
    held(paper.inspection, paper.programme)
    same = CasePaper.objects.filter(
        inspection=paper.inspection_id, programme=paper.programme_id, kind=paper.kind, series=paper.series
    )
    last = same.order_by("-edition").first()
    if last.state != Standing.ISSUED:
        raise InspectionRefused("Đã có dự thảo của bản mới. Hãy sửa dự thảo đó.")
    if not reason.strip():
        raise InspectionRefused({"reason": "Hãy ghi lý do ban hành lại."})
    made = CasePaper(
        inspection=paper.inspection, programme=paper.programme, kind=paper.kind, series=paper.series,
        edition=last.edition + 1, reason=nfc(reason).strip(), texts=last.texts,
        signer_capacity=last.signer_capacity, signer_post=last.signer_post, signer_name=last.signer_name,
    )  # fmt: skip
    save_clean(made)
    made.about.set(last.about.all())
    return made


# --- issuing ----------------------------------------------------------------------------------------


@transaction.atomic
def issue_paper(
    *,
    paper: CasePaper,
    version: int,
    by,
    on: datetime.date,
    dated_on: datetime.date,
    wanted: int | None = None,
    number_reason: str = "",
    signer_capacity: str = "",
    signer_post: str = "",
    signer_name: str = "",
) -> CasePaper:
    """The paper goes out: it takes its number, its day and its signer, and stays as it is from then on.

    Without `wanted` the number is the next one of the book. The paper of a draft programme issues the
    programme. Raises EditConflict.
    """
    paper = draft_to_change(paper, version)
    case = paper.inspection
    if dated_on > on:
        raise InspectionRefused({"dated_on": "Ngày văn bản không thể sau hôm nay."})
    if case is not None and (refusal := why_not_yet(case, paper.kind)):
        raise InspectionRefused(refusal)
    if paper.kind == Kind.NOTICE and case.state not in AFTER_NOTICE:
        raise InspectionRefused("Thông báo ban hành cùng bước Thông báo kết luận của hồ sơ.")
    if paper.kind == Kind.NOTICE and paper.edition == 1:  # concluded before papers were kept
        return issue_notice(inspection=case, by=by)
    _refuse_earlier_than_replaced(paper, dated_on)
    paper.signer_capacity, paper.signer_post = signer_capacity.strip(), signer_post.strip()
    paper.signer_name, paper.dated_on = signer_name.strip(), dated_on
    if paper.kind == Kind.PROGRAMME and _programme_number(paper, by, on, wanted):
        return _frozen(paper, by)
    _give_number(paper, by, wanted, number_reason)
    if paper.kind == Kind.PROGRAMME:
        programme = paper.programme
        if programme.state == InspectionProgramme.State.DRAFT:
            paper.programme = issue_programme(
                programme=programme, version=programme.version, by=by, number=paper.number, issued_on=dated_on
            )
    return _frozen(paper, by)


def _refuse_earlier_than_replaced(paper: CasePaper, dated_on) -> None:
    before = (
        CasePaper.objects.filter(
            inspection=paper.inspection, programme=paper.programme, kind=paper.kind, series=paper.series,
            edition__lt=paper.edition,
        )
        .order_by("-edition")
        .first()
    )  # fmt: skip
    if before is not None and dated_on < before.dated_on:
        said = f"Bản được thay ban hành ngày {before.dated_on:%d/%m/%Y}; bản mới không thể có ngày trước đó."
        raise InspectionRefused({"dated_on": said})


def _programme_number(paper: CasePaper, by, on, wanted) -> bool:
    """A programme issued before its paper was made keeps its number and day; whether that is so."""
    programme = paper.programme
    if programme.state == InspectionProgramme.State.DRAFT or paper.edition > 1:
        return False
    paper.number, paper.dated_on = programme.number, programme.issued_on
    paper.entry = enter_programme(programme, by)
    return True


def _give_number(paper: CasePaper, by, wanted, reason) -> None:
    book = book_of(paper)
    if not book.type_code:
        return
    try:
        paper.entry = book.take(on=paper.dated_on, by=by, about=about_of(paper), wanted=wanted, reason=reason)
    except NumberRefused as refusal:
        raise InspectionRefused(refusal.errors) from refusal
    paper.number = paper.entry.symbol


def _frozen(paper: CasePaper, by) -> CasePaper:
    record = composed(paper, on=paper.dated_on).record
    # As the database gives it back, so that the digest of what is stored is the digest of what was made.
    paper.frozen = json.loads(json.dumps(record, ensure_ascii=False))
    paper.sha256 = digest_of(paper.frozen)
    paper.state, paper.issued_at, paper.issued_by = Standing.ISSUED, timezone.now(), by
    return save_clean(paper)


def issue_notice(*, inspection: Inspection, by) -> CasePaper:
    """Freeze the notice of a case that is being concluded; called by `conclude` inside its transaction, with the
    case as it stands after the step. A typed number goes into the register; without one it stays a blank."""
    paper = CasePaper.objects.select_for_update(no_key=True).filter(
        inspection=inspection, kind=Kind.NOTICE, state=Standing.DRAFT
    ).first() or CasePaper(inspection=inspection, kind=Kind.NOTICE)  # fmt: skip
    paper.inspection, paper.dated_on = inspection, inspection.concluded_on
    paper.signer_capacity, paper.signer_post = inspection.signer_capacity, inspection.signer_post
    paper.signer_name, paper.number = inspection.signer_name, inspection.conclusion_number
    if not (paper.signer_capacity or paper.signer_post):
        paper.signer_capacity, paper.signer_post = capacity_of(inspection.programme)
    if paper.pk:
        paper.claim(paper.version)
    if paper.number:
        paper.entry = _entered(paper, by)
    return _frozen(paper, by)


def notice_paper(case: Inspection) -> CasePaper:
    """The notice that counts: the newest edition that went out, else the draft. Where a case was concluded before
    papers were kept, or nobody began a draft, one made up from the rows; it is not stored. One query."""
    papers = list(CasePaper.objects.filter(inspection=case, kind=Kind.NOTICE).order_by("-edition"))
    found = next((paper for paper in papers if paper.state == Standing.ISSUED), papers[0] if papers else None)
    paper = found or CasePaper(
        inspection=case, kind=Kind.NOTICE, number=case.conclusion_number, dated_on=case.concluded_on,
        signer_capacity=case.signer_capacity, signer_post=case.signer_post, signer_name=case.signer_name,
    )  # fmt: skip
    paper.inspection = case
    if paper.state == Standing.DRAFT and not (paper.signer_capacity or paper.signer_post or paper.signer_name):
        paper.signer_capacity, paper.signer_post = capacity_of(case.programme)
    return paper


def number_notice(*, inspection: Inspection, by) -> None:
    """The number a notice got after it went out; called by `give_number`. The frozen words stay."""
    paper = CasePaper.objects.filter(
        inspection=inspection, kind=Kind.NOTICE, state=Standing.ISSUED, edition=1, number=""
    ).first()
    if paper is None:  # concluded before papers were kept
        return
    paper.number = inspection.conclusion_number
    paper.entry = _entered(paper, by)
    save_clean(paper)


def _entered(paper: CasePaper, by) -> PaperNumber | None:
    """The typed number of a notice in the register."""
    return book_of(paper).enter(paper.number, on=paper.dated_on, by=by, about=about_of(paper), field="number")
