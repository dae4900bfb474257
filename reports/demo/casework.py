"""One inspection from the visit to the last check, played through the verbs in the order of the days."""

import datetime
from dataclasses import dataclass, field
from typing import NamedTuple

from branches.models import Activity
from inspections.conducting import HostLine, add_finding, close_case, conclude, record_visit
from inspections.following import answer_recommendation, check_answer, extend_due, recommend
from inspections.models import Check, Inspection
from inspections.preparing import SeatLine, TopicLine

Day = datetime.date
MERIT, SHORTCOMING, GOOD_PRACTICE = "merit", "shortcoming", "good_practice"
INSPECT, SUPERVISE, QUESTION = "inspect", "supervise", "question"
HEAD, DEPUTY, SECRETARY, SEAT = "head", "deputy", "secretary", "member"
ADEQUATE, NOT_ADEQUATE = Check.Verdict.ADEQUATE, Check.Verdict.NOT_ADEQUATE


@dataclass
class Asked:
    """A recommendation and what became of it.

    `of` names the findings it came from by their place (from 1). A step is (day, what, text), where what is
    "answer", "adequate", "not" or, with the new date behind the text, "extend".
    """

    text: str
    owner: str = "Ban Chấp hành chi đoàn"
    due_on: Day | None = None
    proof: str = ""
    of: tuple[int, ...] = ()
    steps: list[tuple] = field(default_factory=list)


class Plan(NamedTuple):
    """A finding about the unit's target of the year of the visit."""

    code: str

    def of(self, demo, case) -> dict:
        return {"target": demo.target(case.unit.code, demo.year(case.visited_on.year), self.code)}


class Deed(NamedTuple):
    """A finding about the last activity of the span under review that counts for the indicator."""

    code: str

    def of(self, demo, case) -> dict:
        rows = Activity.objects.counted().filter(unit=case.unit, quantities__indicator__code=self.code)
        rows = rows.filter(last_on__gte=case.review_from, last_on__lt=case.review_to)
        return {"activity": rows.order_by("last_on", "pk").last()}


@dataclass
class Visit:
    """What happened on site.

    `findings` are (kind, text, stated by the unit itself) and, where it is about one of them, Plan or Deed.
    """

    day: Day
    part: str
    place: str
    account: str
    party_remark: str = ""
    hosts: list[tuple[str, str]] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)
    findings: list[tuple] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


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


def go_through(demo, case: Inspection, visit: Visit, notice: Notice | None, *, by, close_on: Day | None = None):
    """Play the case: the visit, then the notice and what the unit and the committee did about it."""
    case = record_visit(
        inspection=case, version=case.version, by=by, on=visit.day, visited_on=visit.day, day_part=visit.part,
        place=visit.place, unit_account=visit.account, party_remark=visit.party_remark,
        hosts=[HostLine(*row) for row in visit.hosts],
        questions=[TopicLine(text=text, use=QUESTION, answer=answer) for text, answer in visit.questions],
    )  # fmt: skip
    found = [
        add_finding(
            inspection=case, by=by, kind=kind, text=text, self_stated=self_stated,
            **(about[0].of(demo, case) if about else {}),
        )
        for kind, text, self_stated, *about in visit.findings
    ]  # fmt: skip
    rows = [
        (
            recommend(
                inspection=case, by=by, text=asked.text, owner=asked.owner, due_on=asked.due_on,
                no_due_date=asked.due_on is None, expected_proof=asked.proof,
                findings=[found[place - 1] for place in asked.of],
            ),
            asked,
        )
        for asked in visit.asked
    ]  # fmt: skip
    if notice is None:
        return case
    case = conclude(
        inspection=case, version=case.version, by=by, on=notice.day, concluded_on=notice.day, number=notice.number,
        opening=notice.opening, signer_capacity=notice.capacity, signer_post=notice.post, signer_name=notice.name,
    )  # fmt: skip
    for row, asked in rows:
        for step in asked.steps:
            row.refresh_from_db()
            _play(demo, case, row, by, *step)
    if close_on:
        case = close_case(inspection=case, version=case.version, by=by, on=close_on)
    return case


def _play(demo, case, row, by, day, verb, text, due_on=None):
    held = {"recommendation": row, "version": row.version, "on": day}
    if verb == "answer":
        answer_recommendation(by=demo.recorder(case.unit.code, day), text=text, **held)
    elif verb == "extend":
        extend_due(by=by, due_on=due_on, reason=text, **held)
    else:
        check_answer(by=by, verdict=ADEQUATE if verb == "adequate" else NOT_ADEQUATE, text=text, **held)
