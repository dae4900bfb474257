"""Papers of a programme or a case, until they go out: composed, begun from the rows, worded, thrown away.

What a paper says is composed by reports/papers, given to `set_composer` by reports/apps.py. Each verb runs in one
transaction, holds the case or the programme first and refuses with InspectionRefused (states.py). Going out is in
issuing.py, the signed sheet in paper_scans.py.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from branches.vietnamese import nfc
from inspections.models import CasePaper, Inspection, InspectionProgramme, Recommendation
from inspections.paper_books import default_signature
from inspections.states import AT_WORK, BEFORE_VISIT, IN_FORCE, InspectionRefused, State, save_clean

Kind, Standing = CasePaper.Kind, CasePaper.State
AFTER_NOTICE = IN_FORCE | {State.CLOSED}
ORDERED = (BEFORE_VISIT - {State.PLANNED}) | AT_WORK | AFTER_NOTICE
MET = {State.VISITED, State.REPORTED} | AFTER_NOTICE
# In which states of the case a paper may be begun and issued. The notice goes out with `conclude` and not by itself.
READY = {
    Kind.DECISION: ORDERED,
    Kind.PLAN: ORDERED,
    Kind.OUTLINE: ORDERED,
    Kind.SESSION: MET,
    Kind.TEAM_REPORT: MET | {State.VERIFYING},
    Kind.NOTICE: MET,
    Kind.REMINDER: {State.FOLLOWING, State.REINSPECTION},
    Kind.REMEDIATION: {State.FOLLOWING, State.REINSPECTION, State.CLOSED},
    Kind.CLOSING: AFTER_NOTICE,
}
REPEATED, LONGEST_TEXT = (Kind.REMINDER, Kind.REMEDIATION), 12_000  # the first two may go out several times


# --- what a paper says ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A passage people may word themselves: `drafted` is what the rows say, `text` what will be printed."""

    key: str
    label: str
    text: str
    drafted: str
    hint: str = ""

    @property
    def is_own(self) -> bool:
        return self.text != self.drafted


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed paper: `record` is everything that is printed, as plain data; `slots` are its passages."""

    record: dict
    slots: tuple[Slot, ...]


_composer: list[Callable[..., Draft]] = []


def set_composer(composer: Callable[..., Draft]) -> None:
    _composer[:] = [composer]


def composed(paper: CasePaper, *, on: datetime.date) -> Draft:
    """The paper as its rows and its own words make it today."""
    return _composer[0](paper, on=on)


def content_of(paper: CasePaper, *, on: datetime.date) -> dict:
    """What is printed: the frozen content of an issued paper for ever, else the draft as of the day."""
    return paper.frozen if paper.state == Standing.ISSUED else composed(paper, on=on).record


def digest_of(record: dict) -> str:
    """The sha256 of the content: the same for the same content on every database."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(paper: CasePaper) -> bool:
    """Whether an issued paper still says what was signed."""
    return digest_of(paper.frozen) == paper.sha256


# --- beginning and wording --------------------------------------------------------------------------


def why_not_yet(case: Inspection, kind: str) -> str:
    """Why a paper of this kind cannot be made at the present step of the case, in words; "" where it can."""
    if case.state not in READY[kind]:
        return f"Cuộc này đang ở bước “{case.get_state_display().lower()}” nên chưa lập được văn bản này."
    if kind == Kind.SESSION and case.visited_on is None:
        return "Cuộc này không có buổi làm việc nên không có biên bản."
    if kind == Kind.CLOSING:
        left = case.recommendations.open().exclude(state=Recommendation.State.ACCEPTED).count()
        return f"Còn {left} kiến nghị chưa khép. Kiểm tra hoặc rút từng kiến nghị trước." if left else ""
    return ""


@transaction.atomic
def begin_paper(
    *,
    kind: str,
    by,
    on: datetime.date,
    inspection: Inspection | None = None,
    programme: InspectionProgramme | None = None,
) -> CasePaper:
    """The draft of a paper of a case or programme, made if there is none.

    Reminders and remediation reports begin anew when the last one went out; any other paper that went out
    is issued again with `new_edition`.
    """
    owner = held(inspection, programme)
    rows = CasePaper.objects.filter(inspection=inspection, programme=programme, kind=kind)
    last = rows.order_by("-series", "-edition").first()
    if last is not None and last.state == Standing.DRAFT:
        return last
    if last is not None and kind not in REPEATED:
        raise InspectionRefused(f"{last.get_kind_display()} đã ban hành. Muốn sửa, hãy lập bản mới và ghi lý do.")
    if inspection is not None and (refusal := why_not_yet(owner, kind)):
        raise InspectionRefused(refusal)
    paper = CasePaper(
        inspection=inspection and owner, programme=programme and owner, kind=kind, series=last.series + 1 if last else 1
    )
    for name, value in default_signature(paper, on).items():
        setattr(paper, name, value)
    return save_clean(paper)


@transaction.atomic
def write_texts(
    *, paper: CasePaper, version: int, by, on: datetime.date, texts: dict[str, str], about: Iterable | None = None
) -> CasePaper:
    """Keep people's own words for passages of a draft. A passage that says what the rows say, or nothing, is
    drafted from the rows again. `about` are the recommendations a reminder is about. Raises EditConflict."""
    paper = draft_to_change(paper, version)
    drafted = {slot.key: slot for slot in composed(paper, on=on).slots}
    own = dict(paper.texts)
    for key, text in texts.items():
        if key not in drafted:
            continue
        text = "\n".join(nfc(line) for line in text.splitlines() if line.strip())
        if len(text) > LONGEST_TEXT:
            raise InspectionRefused({f"text_{key}": f"Tối đa {LONGEST_TEXT} ký tự, đang có {len(text)}."})
        if text and text != drafted[key].drafted:
            own[key] = text
        else:
            own.pop(key, None)
    paper.texts = own
    save_clean(paper)
    if about is not None:
        chosen = Recommendation.objects.filter(inspection=paper.inspection, pk__in=[row.pk for row in about])
        paper.about.set(chosen)
    return paper


@transaction.atomic
def drop_draft(*, paper: CasePaper, version: int, by) -> None:
    """Throw a draft away; nothing that went out is touched. Raises EditConflict."""
    draft_to_change(paper, version).delete()


# --- helpers ----------------------------------------------------------------------------------------


def held(inspection, programme):
    """The case or programme, held until the transaction ends."""
    if inspection is not None:
        rows = Inspection.objects.select_for_update(of=("self",), no_key=True)
        return rows.select_related("programme__unit", "unit").get(pk=inspection.pk)
    rows = InspectionProgramme.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("unit").get(pk=programme.pk)


def draft_to_change(paper: CasePaper, version: int) -> CasePaper:
    """The draft as it stands, its case or programme held, its version claimed. Raises EditConflict."""
    owner = held(paper.inspection, paper.programme)
    row = CasePaper.objects.filter(pk=paper.pk).first()
    if row is None:
        raise InspectionRefused("Dự thảo này vừa bị bỏ.")
    if row.state != Standing.DRAFT:
        raise InspectionRefused(f"{row} đã ban hành nên không sửa được. Muốn sửa, hãy lập bản mới và ghi lý do.")
    row.claim(version)
    if paper.inspection_id:
        row.inspection = owner
    else:
        row.programme = owner
    return row
