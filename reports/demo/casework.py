"""The words a demo inspection is told in: what was found, asked, answered, checked, and on which day.

caseplay.py plays them through the verbs, in the order of the days.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from branches.models import Activity, Meeting
from inspections.preparing import SeatLine
from inspections.programming import TopicLine

Day = datetime.date
MERIT, SHORTCOMING, VIOLATION, GOOD_PRACTICE = "merit", "shortcoming", "violation", "good_practice"
SLIGHT, CONSIDERABLE, GRAVE = 1, 2, 3
INSPECT, SUPERVISE, QUESTION = "inspect", "supervise", "question"
HEAD, DEPUTY, SECRETARY, SEAT = "head", "deputy", "secretary", "member"
MET, PARTLY, NOT_MET, NOT_APPLICABLE = "met", "partly", "not_met", "na"


# --- what a finding is about --------------------------------------------------------------------------


class Plan(NamedTuple):
    """The unit's target of the year of the visit."""

    code: str

    def of(self, demo, case) -> dict:
        return {"target": demo.target(case.unit.code, demo.year(case.visited_on.year), self.code)}


class Deed(NamedTuple):
    """The last activity of the span under review that counts for the indicator."""

    code: str

    def of(self, demo, case) -> dict:
        rows = Activity.objects.counted().filter(unit=case.unit, quantities__indicator__code=self.code)
        rows = rows.filter(last_on__gte=case.review_from, last_on__lt=case.review_to)
        return {"activity": rows.order_by("last_on", "pk").last()}


class Talk(NamedTuple):
    """The last meeting held in the span under review."""

    def of(self, demo, case) -> dict:
        rows = Meeting.objects.filter(unit=case.unit, state=Meeting.State.HELD)
        rows = rows.filter(starts_at__date__gte=case.review_from, starts_at__date__lt=case.review_to)
        return {"meeting": rows.order_by("starts_at", "pk").last()}


class Found(NamedTuple):
    """A finding. `item` is the place (from 1) of the line of the checklist behind it, `repeats` the beginning of the
    earlier finding at the unit that comes again."""

    kind: str
    text: str
    self_stated: bool = False
    about: Plan | Deed | Talk | None = None
    weight: int = 0
    facts: str = ""
    item: int = 0
    repeats: str = ""
    source: str = ""
    paper: str = ""


# --- the checklist ------------------------------------------------------------------------------------


class Mark(NamedTuple):
    """What both sides say about an item, in the order of the checklist; "" where a side has said nothing.

    `points` belong to the inspectors' "Đạt một phần"; `proof` is the beginning of the title of an activity.
    """

    unit: str = ""
    note: str = ""
    team: str = ""
    said: str = ""
    points: Decimal | None = None
    proof: str = ""


@dataclass
class Checklist:
    """The ready-made checklists of a case by their codes, and what was said about their items one after the other."""

    codes: tuple[str, ...]
    marks: list[Mark] = field(default_factory=list)
    told_at: datetime.datetime | None = None  # when the unit answered
    seen_at: datetime.datetime | None = None  # when the inspectors did
    note: str = ""  # a free note of the inspectors


# --- recommendations ----------------------------------------------------------------------------------


class Proof(NamedTuple):
    """What the unit shows: activities by the beginning of their titles, targets as (code, year), one file."""

    activities: tuple[str, ...] = ()
    targets: tuple[tuple[str, int], ...] = ()
    file: object = None  # makes a Stored, see casefiles.py


class Job(NamedTuple):
    """A task in the unit's plan, with the day it is due, done and accepted; without those days it is at work."""

    expected: str
    due_on: Day
    done_on: Day | None = None
    accepted_on: Day | None = None


@dataclass
class Asked:
    """A recommendation and what became of it.

    `of` names the findings it came from by their place (from 1). A step is (day, verb, text, more); of the verbs
    "answer" takes a Proof, "ask" (the unit), "agree" and "extend" (the committee) and "accept" a date, "target"
    (code, Aim), "task" a Job. "adequate", "not" and "visit" are checks at the desk, "seen" an adequate one on site.
    """

    text: str
    owner: str = "Ban Chấp hành chi đoàn"
    due_on: Day | None = None
    proof: str = ""
    of: tuple[int, ...] = ()
    steps: list[tuple] = field(default_factory=list)
    recurs: str = ""
    recurs_until: Day | None = None


# --- the case -----------------------------------------------------------------------------------------


@dataclass
class Before:
    """What went before the session: the plan sent, the unit's own report (with its number), the verification."""

    sent_on: Day
    reported_on: Day | None = None
    report: str = ""
    number: str = ""
    verified_on: Day | None = None
    file: object = None  # that came with the report


@dataclass
class Visit:
    """What happened on site. `findings` are Found, or its first values as a tuple."""

    day: Day
    part: str
    place: str
    account: str
    party_remark: str = ""
    hosts: list[tuple[str, str]] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)
    findings: list[tuple] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    before: Before | None = None
    checklist: Checklist | None = None
    opinion: str = ""  # of the team, in its report to the committee
    filed_on: Day | None = None


class Sheet(NamedTuple):
    """A paper of the case that goes out on a day; `number` where it is not the next one of its book, `texts` the
    people's own words for its passages, `about` the places of the recommendations a reminder is about."""

    day: Day
    kind: str
    number: int | None = None
    texts: dict[str, str] = {}
    about: tuple[int, ...] = ()
    signer: tuple[str, str, str] = ()


@dataclass
class Notice:
    """The notice of conclusion."""

    day: Day
    number: str
    opening: str
    capacity: str
    post: str
    name: str


def topics(*rows: tuple[str, str]) -> list[TopicLine]:
    return [TopicLine(text=text, use=use) for use, text in rows]


def seats(*rows: tuple) -> list[SeatLine]:
    """Rows of (name, post, role) or (account, post, role)."""
    return [
        SeatLine(name=str(who), post_text=post, role=role, account=None if isinstance(who, str) else who)
        for who, post, role in rows
    ]
