"""The programme of the year: drafted, issued under its number, changed with a reason.

Each verb runs in one transaction and refuses with InspectionRefused (states.py).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from branches.models import Unit
from inspections.models import CasePaper, Inspection, InspectionProgramme, ProgrammeChange, ProgrammeTopic, Topic
from inspections.paper_books import enter_programme, entry_of_programme
from inspections.states import InspectionRefused, save_clean


@dataclass(frozen=True, slots=True)
class TopicLine:
    """Something to look at, or a question; `pk` when the row exists already."""

    text: str
    use: str = Topic.Use.INSPECT
    answer: str = ""
    pk: int | None = None


@transaction.atomic
def draft_programme(
    *,
    by,
    unit: Unit,
    year: int,
    in_name_of: str,
    title: str,
    number: str = "",
    issued_on: datetime.date | None = None,
    purpose: str = "",
    conduct: str = "",
    topics: Iterable[TopicLine] = (),
) -> InspectionProgramme:
    """Begin the programme of a year, or one plan under it. Until it is issued, cases come and go freely."""
    programme = InspectionProgramme(
        unit=unit,
        year=year,
        number=number.strip(),
        issued_on=issued_on,
        in_name_of=in_name_of,
        title=title.strip(),
        purpose=purpose.strip(),
        conduct=conduct.strip(),
    )
    _refuse_taken_number(programme)
    save_clean(programme, by)
    _write_programme_topics(programme, topics)
    return programme


@transaction.atomic
def issue_programme(
    *, programme: InspectionProgramme, version: int, by, number: str, issued_on: datetime.date
) -> InspectionProgramme:
    """The programme goes out under its number. From here on every change of it has a reason. Raises EditConflict."""
    programme = InspectionProgramme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    programme.claim(version)
    if programme.state == InspectionProgramme.State.ISSUED:
        raise InspectionRefused(f"Chương trình đã ban hành, số {programme.number}.")
    if not number.strip():
        raise InspectionRefused({"number": "Hãy ghi số, ký hiệu của chương trình."})
    programme.state, programme.number = InspectionProgramme.State.ISSUED, number.strip()
    programme.issued_on = issued_on
    _refuse_taken_number(programme)
    save_clean(programme, by)
    enter_programme(programme, by)
    return programme


@transaction.atomic
def change_programme(
    *,
    programme: InspectionProgramme,
    version: int,
    by,
    year: int,
    number: str,
    issued_on: datetime.date | None,
    in_name_of: str,
    title: str,
    purpose: str = "",
    conduct: str = "",
    topics: Iterable[TopicLine] | None = None,
    on: datetime.date | None = None,
    reason: str = "",
) -> InspectionProgramme:
    """Correct a programme. Issued, it needs a `reason` (and the day `on`) for other words; once a conclusion
    cites it, its number, day and issuing body stay. `topics` None leaves them as they are.

    Raises EditConflict when somebody saved it after the form was opened.
    """
    programme = InspectionProgramme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    programme.claim(version)
    cited = {"year": year, "number": number.strip(), "issued_on": issued_on, "in_name_of": in_name_of}
    changed = [name for name, value in cited.items() if getattr(programme, name) != value]
    if changed and programme.inspections.filter(state__in=Inspection.NOTIFIED).exists():
        raise InspectionRefused(
            {changed[0]: "Đã có kết luận dẫn văn bản này làm căn cứ nên số, ngày và nơi ban hành không sửa được."}
        )
    is_issued = programme.state == InspectionProgramme.State.ISSUED
    if changed and programme.papers.filter(state=CasePaper.State.ISSUED).exists():
        raise InspectionRefused(
            {changed[0]: "Văn bản của chương trình đã ban hành nên số, ngày và nơi ban hành giữ nguyên."}
        )
    before = entry_of_programme(programme) if changed and is_issued else None
    for name, value in cited.items():
        setattr(programme, name, value)
    words = {"title": title.strip(), "purpose": purpose.strip(), "conduct": conduct.strip()}
    reworded = [name for name, value in words.items() if getattr(programme, name) != value]
    lines = None if topics is None else [line for line in topics if line.text.strip()]
    if lines is not None and [(line.text.strip(), line.use) for line in lines] != [
        (row.text, row.use) for row in programme.topics.all()
    ]:
        reworded.append("topics")
    if reworded and programme.state == InspectionProgramme.State.ISSUED:
        fields = [InspectionProgramme._meta.get_field(name).verbose_name for name in reworded if name in words]
        what = ", ".join([*fields, *(["nội dung kiểm tra"] if "topics" in reworded else [])])
        note_change(programme, ProgrammeChange.Kind.REWORDED, f"Sửa {what}", by=by, on=on, reason=reason)
    for name, value in words.items():
        setattr(programme, name, value)
    _refuse_taken_number(programme)
    save_clean(programme, by)
    if changed and is_issued:
        enter_programme(programme, by, instead_of=before)
    if lines is not None:
        _write_programme_topics(programme, lines)
    return programme


def note_change(programme, kind, what, *, by, on, reason, inspection=None) -> None:
    """A change of an issued programme, with its reason; a draft changes without one."""
    if programme.state != InspectionProgramme.State.ISSUED:
        return
    if not reason.strip():
        raise InspectionRefused({"reason": "Chương trình đã ban hành, hãy ghi lý do thay đổi."})
    save_clean(
        ProgrammeChange(
            programme=programme, inspection=inspection, kind=kind, what=what, reason=reason.strip(), changed_on=on,
            changed_by=by,
        )
    )  # fmt: skip


def _write_programme_topics(programme, topics):
    programme.topics.all().delete()
    for position, line in enumerate([line for line in topics if line.text.strip()], 1):
        save_clean(ProgrammeTopic(programme=programme, text=line.text.strip(), use=line.use, position=position))


def _refuse_taken_number(programme):
    """Two at once cannot both find the number free: they look one after the other, the unit held in between."""
    if not programme.number:
        return
    Unit.objects.select_for_update(no_key=True).get(pk=programme.unit_id)
    same = InspectionProgramme.objects.filter(unit=programme.unit, year=programme.year, number=programme.number)
    if same.exclude(pk=programme.pk).exists():
        raise InspectionRefused({"number": f"Năm {programme.year} đã có văn bản số {programme.number}."})
