"""Proofs: anybody who holds a print of a paper that no longer changes may check it at the address printed on it.

    proof_of    what the print of a frozen edition carries; its token is made with the first print
    opened      what the page behind a token says: kind, number, day, issuer, hash, and whether the edition still counts

Fixed are approved editions of reports, locked minutes, issued papers of inspections and of congresses, and published
rankings. All else is printed from rows that live on: there is no one thing such a sheet could be compared with, so it
carries no code.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from branches.meetings.minutes_record import is_intact as minutes_are_intact
from branches.models import Minutes
from inspections.models import CasePaper
from inspections.papering import is_intact as paper_is_intact

from .congress.content import CongressContent
from .freezing import content_of_submission, verify
from .models import CongressPaper, EmulationRanking, PaperProof, Submission
from .models.proof import LENGTH, LETTERS
from .papers.content import hash_of
from .papers.emulation import ranking_paper
from .papers.inspection_print import document_of
from .papers.layout import Paper
from .papers.minutes import minutes_paper
from .papers.proof import Proof, in_groups

FIELDS = {
    Submission: "submission", Minutes: "minutes", CasePaper: "case_paper", EmulationRanking: "ranking",
    CongressPaper: "congress_paper",
}  # fmt: skip
MISREAD = str.maketrans({"i": "1", "l": "1", "o": "0", "u": "v"})  # letters that no token has
Fixed = Submission | Minutes | CasePaper | EmulationRanking | CongressPaper


def is_fixed(source: Fixed | None) -> bool:
    """Whether what is printed of this is frozen for ever."""
    match source:
        case Submission():
            return source.approved_on is not None
        case Minutes():
            return source.state == Minutes.State.LOCKED
        case CasePaper():
            return source.pk is not None and source.state == CasePaper.State.ISSUED
        case EmulationRanking():
            return True
        case CongressPaper():
            return source.is_issued
    return False


def proof_of(source: Fixed | None) -> Proof | None:
    """What the print carries. None for what may still change, and where the site does not know its own address.

    The first print makes the token, all later ones carry the same; two first prints at once agree on one. One query,
    four the first time.
    """
    if not settings.SITE_URL or not is_fixed(source):
        return None
    made, _ = PaperProof.objects.get_or_create(**{FIELDS[type(source)]: source})
    site = reverse("reports:paper_proof", args=["x"]).removesuffix("x")
    return Proof(f"{settings.SITE_URL}{site}", made.token, source.sha256)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a stranger with the sheet in hand is told. `day` is None on a paper that is dated by hand; `replaced_on` is
    the day since which another edition counts, None while this one does. Where `is_intact` is False the copy kept here
    is no longer the one whose hash was printed: nothing can be said of the sheet."""

    kind: str
    number: str
    day: datetime.date | None
    issuer: str
    groups: tuple[str, ...]
    replaced_on: datetime.date | None
    is_intact: bool = True


def opened(token: str) -> Opened | None:
    """What the token opens, None for every other text. Letters read wrongly from paper are understood. Six queries."""
    token = token.strip().lower().translate(MISREAD)
    if len(token) != LENGTH or not set(token) <= set(LETTERS):
        return None
    rows = PaperProof.objects.select_related(*FIELDS.values(), "minutes__meeting", "ranking__set__unit")
    found = rows.filter(token=token).first()
    if found is None:
        return None
    source = next(one for name in FIELDS.values() if (one := getattr(found, name)) is not None)
    paper, day = _paper_of(source)
    newer = replaced_by(source)
    return Opened(
        kind=paper.kind,
        number=paper.head.number.removeprefix("Số:").strip(),
        day=day,
        issuer=" ".join(paper.head.issuer),
        groups=in_groups(source.sha256),
        replaced_on=_day_of(newer) if newer is not None else None,
        is_intact=is_intact(source),
    )


def is_intact(source: Fixed) -> bool:
    """Whether what is kept is still what was hashed; one query for a report, whose rows are part of it."""
    match source:
        case Submission():
            return verify(source)
        case Minutes():
            return minutes_are_intact(source)
        case CasePaper():
            return paper_is_intact(source)
    return hash_of(source.content) == source.sha256


def replaced_by(source: Fixed) -> Fixed | None:
    """The edition that counts in place of this one; None while this one counts. One query.

    A congress paper is issued once a term: none, and nothing asked.
    """
    match source:
        case CongressPaper():
            return None
        case Submission():
            newer = Submission.objects.filter(report=source.report_id, approved_on__isnull=False)
        case Minutes():
            newer = Minutes.objects.filter(meeting=source.meeting_id, state=Minutes.State.LOCKED)
        case CasePaper():
            newer = CasePaper.objects.filter(
                inspection=source.inspection_id, programme=source.programme_id, kind=source.kind,
                series=source.series, state=CasePaper.State.ISSUED,
            )  # fmt: skip
        case EmulationRanking():
            newer = EmulationRanking.objects.filter(set=source.set_id)
    return newer.filter(edition__gt=source.edition).order_by("-edition").first()


def _day_of(source: Fixed) -> datetime.date:
    """Since when an edition counts."""
    match source:
        case Submission():
            return source.approved_on
        case Minutes():
            return timezone.localdate(source.locked_at)
        case CasePaper():
            return source.dated_on
    return source.published_on


def _paper_of(source: Fixed) -> tuple[Paper, datetime.date | None]:
    """Head and kind as they are printed, from what was frozen, and the day on the sheet."""
    match source:
        case Submission():
            content = content_of_submission(source)
            return content.paper, datetime.date.fromisoformat(content.dated_on) if content.dated_on else None
        case Minutes():
            return minutes_paper(source.frozen).paper, datetime.date.fromisoformat(source.frozen["day"])
        case CasePaper():
            return document_of(source.frozen, number=source.number).paper, source.dated_on
        case CongressPaper():
            content = CongressContent.from_json(source.content)
            return content.paper, content.dated_on
    return ranking_paper(source.set, source).paper, source.published_on
