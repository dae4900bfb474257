"""One inspection played through the verbs in the order of the days, from the plan sent to the last check."""

import datetime
import uuid

from django.utils import timezone

from branches.aims import WrittenAim
from branches.models import Activity
from branches.tasks import accept_task, report_task
from inspections.checking.entries import EntryLine, answer_item, take_entries
from inspections.checking.items import put_checklists
from inspections.conducting import HostLine, add_finding, close_case, conclude, record_visit
from inspections.easing import accept_not_done, answer_extension, ask_extension, extend_due
from inspections.following import answer_recommendation, check_answer, recommend
from inspections.models import CasePaper, Check, ChecklistTemplate, Finding, Inspection
from inspections.moving import begin_verification, file_team_report, send_plan, send_self_report
from inspections.programming import TopicLine
from inspections.taking_up import plan_as_target, plan_as_task

from .casepapers import send_out
from .casework import QUESTION, Before, Checklist, Found, Job, Notice, Proof, Sheet, Visit

Day = datetime.date
Verdict, Mode = Check.Verdict, Check.Mode
CHECKS = {
    "adequate": (Verdict.ADEQUATE, Mode.DESK), "not": (Verdict.NOT_ADEQUATE, Mode.DESK),
    "visit": (Verdict.VISIT, Mode.DESK), "seen": (Verdict.ADEQUATE, Mode.VISIT),
}  # fmt: skip


def at(day: Day, hour: int, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


# --- ahead of the session -----------------------------------------------------------------------------


def put(case: Inspection, checklist: Checklist, *, by) -> None:
    """The ready-made checklists of the software, as they are in use."""
    rows = {one.code: one for one in ChecklistTemplate.objects.usable().filter(unit=None, code__in=checklist.codes)}
    put_checklists(inspection=case, templates=[rows[code] for code in checklist.codes], by=by)


def _pairs(case: Inspection, checklist: Checklist) -> list:
    return list(zip(case.items.order_by("position", "pk"), checklist.marks, strict=False))


def tell(demo, case: Inspection, checklist: Checklist) -> None:
    """The unit's own answers."""
    by = demo.recorder(case.unit.code, checklist.told_at.date())
    for item, mark in _pairs(case, checklist):
        if mark.unit:
            shown = Activity.objects.filter(unit=case.unit, title__startswith=mark.proof).order_by("last_on")
            answer_item(
                item=item, version=0, by=by, at=checklist.told_at, result=mark.unit, note=mark.note,
                activities=shown[:1] if mark.proof else (),
            )  # fmt: skip


def see(case: Inspection, checklist: Checklist, *, by, later: int = 0) -> None:
    """What the inspectors found, one item every two minutes, and their free note. `later` minutes for a second one."""
    step = datetime.timedelta(minutes=2)
    begin = checklist.seen_at + datetime.timedelta(minutes=later)
    lines = [
        EntryLine(uuid.uuid4(), begin + place * step, item.pk, mark.team, mark.points, mark.said)
        for place, (item, mark) in enumerate(_pairs(case, checklist))
        if mark.team
    ]
    if checklist.note:
        lines.append(EntryLine(uuid.uuid4(), begin + len(lines) * step, note=checklist.note))
    take_entries(inspection=case, lines=lines, by=by, on=checklist.seen_at.date())


def prepare(demo, case: Inspection, before: Before, *, by, checklist: Checklist | None = None, sheets=()) -> Inspection:
    """The steps ahead of the session, as far as `before` knows them."""
    if checklist and not case.items.exists():
        put(case, checklist, by=by)
    case = send_plan(inspection=case, version=case.version, by=by, on=before.sent_on, sent_on=before.sent_on)
    _issue(case, sheets, by, until=before.sent_on)
    if checklist and checklist.told_at:
        tell(demo, case, checklist)
    if before.reported_on:
        send_self_report(
            inspection=case, version=0, by=demo.recorder(case.unit.code, before.reported_on), on=before.reported_on,
            text=before.report, number=before.number, files=[before.file()] if before.file else (),
        )  # fmt: skip
        case.refresh_from_db()
    if before.verified_on:
        case = begin_verification(inspection=case, version=case.version, by=by, on=before.verified_on)
    if checklist and checklist.seen_at:
        see(case, checklist, by=by)
    return case


# --- the session and the notice -----------------------------------------------------------------------


def go_through(
    demo, case: Inspection, visit: Visit, notice: Notice | None, *, by, close_on: Day | None = None, sheets=()
) -> Inspection:
    """Play the case: what went before, the session, the team's report, the notice and what became of it.

    `sheets` are papers that go out on their days.
    """
    sheets = sorted(sheets, key=lambda sheet: sheet.day)
    if visit.before:
        case = prepare(demo, case, visit.before, by=by, checklist=visit.checklist, sheets=sheets)
    elif visit.checklist:
        put(case, visit.checklist, by=by)
    case = record_visit(
        inspection=case, version=case.version, by=by, on=visit.day, visited_on=visit.day, day_part=visit.part,
        place=visit.place, unit_account=visit.account, party_remark=visit.party_remark,
        hosts=[HostLine(*row) for row in visit.hosts],
        questions=[TopicLine(text=text, use=QUESTION, answer=answer) for text, answer in visit.questions],
        reason="" if visit.before else "Đơn vị báo cáo trực tiếp tại buổi làm việc",
    )  # fmt: skip
    if visit.checklist and not visit.before:
        see(case, visit.checklist, by=by)
    found = [_find(demo, case, Found(*row), by) for row in visit.findings]
    rows = [_recommend(case, asked, found, by) for asked in visit.asked]
    after = (sheet for sheet in sheets if visit.before is None or sheet.day > visit.before.sent_on)
    _issue(case, after, by, until=visit.day)
    if visit.filed_on:
        case = file_team_report(inspection=case, version=case.version, by=by, on=visit.filed_on, opinion=visit.opinion)
    _issue(case, (sheet for sheet in sheets if sheet.day > visit.day), by, until=notice.day if notice else Day.max)
    if notice is None:
        return case
    case = conclude(
        inspection=case, version=case.version, by=by, on=notice.day, concluded_on=notice.day, number=notice.number,
        opening=notice.opening, signer_capacity=notice.capacity, signer_post=notice.post, signer_name=notice.name,
    )  # fmt: skip
    steps = [
        (step[0], lambda row=row, step=step: _play(demo, case, row, by, *step))
        for row, asked in zip(rows, visit.asked, strict=True)
        for step in asked.steps
    ] + [(sheet.day, lambda sheet=sheet: _sign(demo, case, sheet, by)) for sheet in sheets if sheet.day > notice.day]
    for _, play in sorted(steps, key=lambda one: one[0]):
        play()
    if close_on:
        case.refresh_from_db()
        case = close_case(inspection=case, version=case.version, by=by, on=close_on)
    return case


def _issue(case, sheets, by, *, until: Day) -> None:
    for sheet in sheets:
        if sheet.day <= until:
            send_out(sheet, by=by, inspection=case)


def _sign(demo, case, sheet: Sheet, by) -> None:
    """The unit signs its own papers."""
    own = sheet.kind in CasePaper.OF_THE_UNIT
    send_out(sheet, by=demo.recorder(case.unit.code, sheet.day) if own else by, inspection=case)


def _find(demo, case, row: Found, by) -> Finding:
    earlier = Finding.objects.faults().in_force().filter(inspection__unit=case.unit, text__startswith=row.repeats)
    return add_finding(
        inspection=case, by=by, kind=row.kind, text=row.text, self_stated=row.self_stated, weight=row.weight,
        facts=row.facts, source=row.source, paper=row.paper,
        item=case.items.order_by("position", "pk")[row.item - 1] if row.item else None,
        repeat_of=earlier.exclude(inspection=case).latest("pk") if row.repeats else None,
        **({} if row.about is None else row.about.of(demo, case)),
    )  # fmt: skip


def _recommend(case, asked, found, by):
    return recommend(
        inspection=case, by=by, text=asked.text, owner=asked.owner, due_on=asked.due_on,
        no_due_date=asked.due_on is None, expected_proof=asked.proof, recurs=asked.recurs,
        recurs_until=asked.recurs_until, findings=[found[place - 1] for place in asked.of],
    )  # fmt: skip


# --- what became of a recommendation ------------------------------------------------------------------


def _play(demo, case, row, by, day, verb, text, more=None):
    row.refresh_from_db()
    said = {"recommendation": row, "version": row.version, "on": day}
    if verb in CHECKS:
        verdict, mode = CHECKS[verb]
        check_answer(by=by, verdict=verdict, mode=mode, text=text, **said)
    elif verb == "extend":
        extend_due(by=by, due_on=more, reason=text, **said)
    elif verb == "agree":
        asked = row.extensions.latest("pk")
        answer_extension(
            extension=asked, version=asked.version, by=by, on=day, agreed=True, due_on=more, words=text
        )  # fmt: skip
    elif verb == "accept":
        accept_not_done(by=by, until=more, reason=text, **said)
    else:
        _of_the_unit(demo, case, row, said | {"by": demo.recorder(case.unit.code, day)}, verb, text, more)


def _of_the_unit(demo, case, row, said, verb, text, more):
    """What the unit does about it: answers with proof, asks for time, takes it into its plan."""
    code, day = case.unit.code, said["on"]
    if verb == "answer":
        proof = more or Proof()
        shown = [
            Activity.objects.filter(unit=case.unit, title__startswith=title, last_on__lte=day).latest("last_on")
            for title in proof.activities
        ]
        targets = [demo.target(code, demo.year(year), indicator) for indicator, year in proof.targets]
        files = [proof.file()] if proof.file else ()
        answer_recommendation(text=text, activities=shown, targets=targets, files=files, **said)
    elif verb == "ask":
        ask_extension(reason=text, due_on=more, **said)
    elif verb == "target":
        indicator, aim, year = more
        del said["on"]
        plan_as_target(
            unit=case.unit, year=year, indicator=demo.indicator(indicator, year), aim=WrittenAim(*aim), note=text,
            **said,
        )  # fmt: skip
    else:
        _give(demo, case.unit, said, text, more)


def _give(demo, unit, said, text, job: Job) -> None:
    """A task in the unit's plan, and how it went."""
    owner = demo.members_on(unit.code, said["on"])
    task = plan_as_task(
        unit=unit, text=text, expected=job.expected, due_on=job.due_on, owner=owner[1] if owner else None,
        owner_name="" if owner else "Ban Chấp hành", **said,
    )  # fmt: skip
    if job.done_on:
        task = report_task(
            task=task, version=task.version, by=said["by"], on=job.done_on, result=f"Đã xong: {job.expected}"
        )  # fmt: skip
    if job.accepted_on:
        accept_task(task=task, version=task.version, by=said["by"], on=job.accepted_on)
