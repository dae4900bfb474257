"""Writing congress papers, and issuing them: the number is taken in the transaction that freezes the content."""

import datetime

from django.db import transaction

from branches.formats import day
from branches.long_texts import kept_lines
from branches.models import EditConflict, Period, Unit
from branches.numbering import NumberRefused, take_number
from branches.vietnamese import nfc
from reports.models import CongressPaper
from reports.papers.content import hash_of

from .content import PRINT_TARGETS, TYPES, CongressContent, numbered
from .proposing import draft_version, held_paper, hold_term
from .refused import CongressRefused

ABOUT = 300  # letters of an abstract in the register
LONGEST = 6000  # letters of one passage


@transaction.atomic
def save_texts(
    *, term: Period, kind: str, version: int, by, texts: dict[str, str], signer_post: str, signer_name: str
) -> CongressPaper:
    """Keep what somebody wrote, passage by passage; an empty one says again what the data says.

    `version` is 0 before the paper is there. Raises EditConflict when somebody saved since, CongressRefused for an
    issued paper.
    """
    for key, text in texts.items():
        if len(text) > LONGEST:
            raise CongressRefused(f"Tối đa {LONGEST} ký tự, đang có {len(text)}.", key)
    paper = held_paper(term, kind, version, by=by)
    paper.texts = {key: kept_lines(text) for key, text in texts.items() if text.strip()}
    paper.signer_post, paper.signer_name = nfc(signer_post).strip(), nfc(signer_name).strip()
    paper.save()
    return paper


@transaction.atomic
def issue_paper(
    *,
    paper: CongressPaper,
    unit: Unit,
    version: int,
    draft: int,
    by,
    on: datetime.date,
    dated_on: datetime.date,
    content: CongressContent,
) -> CongressPaper:
    """Issue the paper under the next number of its register. `content` was read before, dated `dated_on`, with the
    proposed targets of the save `draft` (`draft_version`, asked before the content was read).

    Raises EditConflict when somebody saved the paper or the targets since, CongressRefused when nobody saved it yet, it
    was issued, is dated before its term or after today (`on`), puts no target to the congress, or has no number.
    """
    if paper.pk is None:
        raise CongressRefused("Hãy xem lại và lưu văn bản này trước khi ban hành.")
    hold_term(paper.term)
    paper = CongressPaper.objects.select_for_update(no_key=True, of=("self",)).select_related("term").get(pk=paper.pk)
    if paper.is_issued:
        raise CongressRefused("Văn bản này đã ban hành.")
    if paper.version != version:
        raise EditConflict(paper)
    if paper.kind in PRINT_TARGETS and draft_version(paper.term) != draft:
        raise EditConflict(paper)
    if dated_on < paper.term.starts_on:
        raise CongressRefused(f"Ngày văn bản không trước ngày đầu nhiệm kỳ, {day(paper.term.starts_on)}.", "dated_on")
    if dated_on > on:
        raise CongressRefused("Ngày văn bản không sau hôm nay.", "dated_on")
    if paper.kind == CongressPaper.Kind.TARGETS and not content.grid:
        raise CongressRefused("Tờ trình chưa có chỉ tiêu nào. Hãy vào “Soạn dự thảo chỉ tiêu”, lưu rồi ban hành.")
    _, code = TYPES[paper.kind]
    try:
        entry = take_number(unit=unit, type_code=code, on=dated_on, by=by, about=str(paper)[:ABOUT])
    except NumberRefused as refused:
        field, message = next(iter(refused.errors.items()))
        raise CongressRefused(message, field or "") from refused
    paper.claim(version)
    paper.entry, paper.dated_on, paper.issued_by, paper.changed_by = entry, dated_on, by, by
    paper.content = numbered(content, unit, entry.number, code).to_json()
    paper.sha256 = hash_of(paper.content)
    paper.save()
    return paper
