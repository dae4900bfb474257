"""The whole content of minutes as plain data: what stands by itself in the register, and what was typed.

The page, the printed paper and the Word file are made from this one record; when both have signed it is
frozen as it is. Nothing in it is rounded or divided: a share is stored as its two parts.
"""

import datetime
import hashlib
import json

from django.db.models import Count, Q
from django.utils import timezone

from branches.meetings.minutes_text import CONCLUSION, DUES, Form, Part, form_of, item_key
from branches.meetings.voting import quorum, result_of
from branches.models import (
    AgendaItem,
    Assessment,
    Attendance,
    Ballot,
    Conclusion,
    DuesExemption,
    DuesPayment,
    Meeting,
    MeetingGuest,
    Membership,
    Minutes,
    Placement,
    Post,
    Task,
)
from branches.models.rule import rules_on
from branches.restructuring import names_on

Mark = Attendance.State
VOTES, TASKS, REVIEW = "Biểu quyết", "Phân công công việc", "Kiểm điểm việc đã giao"
DUES_HEADING = "Đoàn phí"


def record_of(meeting: Meeting, minutes: Minutes | None) -> dict:
    """The content: as it was frozen once the minutes are locked, else as everything stands now.

    `meeting` comes with its unit, chair and secretary. The number of queries does not depend on how much
    there is: some fifteen.
    """
    if minutes is not None and minutes.state == Minutes.State.LOCKED:
        return minutes.frozen
    form, day = form_of(meeting.kind), meeting.day
    rules = rules_on(day)
    texts = minutes.texts if minutes else {}
    roll = list(Attendance.objects.filter(meeting=meeting).order_by("sort_key", "pk"))
    items = list(
        AgendaItem.objects.filter(meeting=meeting).select_related("admission", "subject").order_by("position", "pk")
    )
    ballots = {}
    for ballot in Ballot.objects.filter(item__meeting=meeting).order_by("item__position", "item_id", "pk"):
        ballots.setdefault(ballot.item_id, []).append(_ballot(ballot, rules))
    entitled = [one for one in roll if one.standing == Membership.Kind.OFFICIAL]
    before = _last_meeting(meeting)
    reviewed = _reviewed(meeting, before)
    return {
        "form": meeting.kind,
        "edition": minutes.edition if minutes else 1,
        "reason": minutes.reason if minutes else "",
        "number": minutes.number if minutes else "",
        "day": day.isoformat(),
        "head": _head(meeting),
        "title": meeting.title,
        "theme": meeting.theme,
        "starts_at": _local(meeting.starts_at),
        "ends_at": _local(meeting.ends_at),
        "held": meeting.get_form_display().lower(),
        "place": meeting.place,
        "link": meeting.link,
        **_officers(meeting),
        "guests": [
            {"name": guest.name, "body": guest.body, "count": guest.count}
            for guest in MeetingGuest.objects.filter(meeting=meeting).order_by("pk")
        ],
        "roll": _roll(roll, entitled),
        "quorum": _quorum(form, entitled, rules),
        "parts": _parts(meeting, form, items, ballots, texts, reviewed),
        "conclusion": {
            "text": texts.get(CONCLUSION.key, ""),
            "points": list(
                Conclusion.objects.filter(item__meeting=meeting)
                .order_by("item__position", "item_id", "position", "pk")
                .values_list("text", flat=True)
            ),
        },
        "agreed": minutes.agreed_by_present if minutes else None,
    }


def digest_of(record: dict) -> str:
    """The sha256 of the content: the same for the same content on every database."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(minutes: Minutes) -> bool:
    """Whether locked minutes are still those that were signed."""
    return digest_of(minutes.frozen) == minutes.sha256


def _local(moment: datetime.datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _head(meeting: Meeting) -> dict:
    """Who issues the paper, with the names of the day. The lines a person stored count while the name is today's."""
    unit = meeting.unit
    placement = (
        Placement.objects.filter(unit=unit, starts_on__lte=meeting.day)
        .filter(Q(ends_on=None) | Q(ends_on__gt=meeting.day))
        .select_related("superior")
        .order_by("-starts_on", "-pk")
        .first()
    )
    above = placement.superior if placement else None
    old = names_on([one.pk for one in (unit, above) if one], meeting.day)
    return {
        "kind": unit.kind,
        "unit": old.get(unit.pk, unit.name),
        "unit_lines": "" if unit.pk in old else unit.printed_lines,
        "superior": old.get(above.pk, above.name) if above else "",
        "superior_lines": above.printed_lines if above and above.pk not in old else "",
        "superior_kind": above.kind if above else "",
        "place": unit.place,
        "code": unit.document_code,
    }


def _officers(meeting: Meeting) -> dict:
    """Chair and secretary with the post they held here on the day, as far as an account of theirs held one."""
    people = {"chair": meeting.chair, "secretary": meeting.secretary}
    held = {}
    posts = (
        Post.objects.held_on(meeting.day)
        .filter(unit=meeting.unit, account__member__in=[one.pk for one in people.values() if one])
        .select_related("type", "account")
        .order_by("-type__position", "-pk")
    )
    for post in posts:
        held[post.account.member_id] = post.type.name
    return {
        role: {"name": one.full_name if one else "", "post": _post_words(held.get(one.pk, ""), meeting) if one else ""}
        for role, one in people.items()
    }


def _post_words(name: str, meeting: Meeting) -> str:
    """ "Bí thư Chi đoàn", "ủy viên Ban Chấp hành": the post as a paper says it after the name."""
    if name.endswith("Bí thư"):
        return f"{name} {meeting.unit.get_kind_display()}"
    return name[:1].lower() + name[1:]


def _roll(roll: list[Attendance], entitled: list[Attendance]) -> dict:
    guests = [one for one in roll if one.standing != Membership.Kind.OFFICIAL]
    return {
        "present": sum(one.state == Mark.PRESENT for one in entitled),
        "of": len(entitled),
        "excused": [[one.name, one.reason] for one in entitled if one.state == Mark.EXCUSED],
        "absent": [[one.name, one.reason] for one in entitled if one.state == Mark.ABSENT],
        "unknown": [one.name for one in entitled if one.state == Mark.UNKNOWN],
        "staying_present": sum(one.state == Mark.PRESENT for one in guests),
        "staying": len(guests),
    }


def _quorum(form: Form, entitled: list[Attendance], rules: dict) -> dict | None:
    """Whether enough people were there for what this kind of meeting decides; the paper has to say it."""
    if not form.quorum:
        return None
    present = sum(one.state == Mark.PRESENT for one in entitled)
    return {
        "present": present,
        "of": len(entitled),
        "rule": rules["vote_rules"][form.quorum]["quorum"],
        "is_met": bool(entitled) and present >= quorum(len(entitled), form.quorum, rules),
    }


def _ballot(ballot: Ballot, rules: dict) -> dict:
    result = result_of(ballot, rules)
    return {
        "question": ballot.question,
        "means": ballot.means,
        "issued": ballot.issued,
        "returned": ballot.returned,
        "valid": None if ballot.returned is None else ballot.returned - ballot.invalid,
        "entitled": ballot.entitled,
        "fewer": ballot.fewer_because,
        "present": ballot.present,
        "for": ballot.votes_for,
        "against": ballot.votes_against,
        "other": ballot.abstentions,
        "of": rules["vote_rules"][ballot.decision]["of"],
        "base": result.of,
        "has_quorum": result.has_quorum,
        "passed": result.passed,
        "word": result.word,
    }


def _last_meeting(meeting: Meeting) -> Meeting | None:
    """The meeting held before this one in the same circle: the whole branch, or its committee."""
    rows = Meeting.objects.held().filter(unit=meeting.unit_id, starts_at__lt=meeting.starts_at)
    if meeting.kind == Meeting.Kind.COMMITTEE:
        rows = rows.filter(kind=meeting.kind)
    else:
        rows = rows.filter(kind__in=Meeting.OF_ALL)
    return rows.order_by("-starts_at", "-pk").first()


def _reviewed(meeting: Meeting, before: Meeting | None) -> list[dict]:
    """Tasks given earlier: those still open on the day, and those closed since the last meeting.

    A committee looks at what it gave itself; everybody's meeting at all the rest.
    """
    day = meeting.day
    since = before.day if before else day.replace(month=1, day=1)
    committee = Q(meeting__kind=Meeting.Kind.COMMITTEE)
    rows = (
        Task.objects.filter(unit=meeting.unit_id, given_on__lt=day)
        .exclude(meeting=meeting.pk)
        .filter(committee if meeting.kind == Meeting.Kind.COMMITTEE else Q(meeting=None) | ~committee)
        .filter(Q(closed_on=None) | Q(closed_on__gt=since))
        .select_related("owner")
        .annotate(times=Count("carries", filter=Q(carries__meeting__starts_at__lte=meeting.starts_at)))
        .order_by("given_on", "pk")
    )
    return [_task(task) | _outcome(task, day) for task in rows]


def _task(task: Task) -> dict:
    return {
        "text": task.text,
        "owner": task.whose,
        "due": task.due_on.isoformat() if task.due_on else "",
        "expected": task.expected,
        "given": task.given_on.isoformat(),
    }


def _outcome(task: Task, day: datetime.date) -> dict:
    """How the task stood on the day of the meeting."""
    closed = task.closed_on is not None and task.closed_on <= day
    if closed and task.state == Task.State.DROPPED:
        return {"state": "dropped", "result": task.drop_reason, "times": task.times}
    if closed:
        return {"state": "done", "result": task.result, "times": task.times}
    # What was sent back, or opened again, keeps the day it was reported on; it is to be done all the same.
    if task.state != Task.State.GIVEN and task.reported_on is not None and task.reported_on <= day:
        return {"state": "reported", "result": task.result, "times": task.times}
    return {"state": "open", "result": "", "times": task.times}


def _parts(meeting: Meeting, form: Form, items: list, ballots: dict, texts: dict, reviewed: list) -> list[dict]:
    """The numbered passages of chapter II, in the order in which they are printed."""
    found = [_typed(part, texts) for part in form.before]
    if reviewed and not any(item.kind == AgendaItem.Kind.REVIEW for item in items):
        found.append({"kind": "review", "key": "", "heading": REVIEW, "text": "", "rows": reviewed})
    votes = None
    voting = [item for item in items if item.kind == AgendaItem.Kind.VOTE]
    for item in items:
        key = item_key(item.pk)
        part = {"kind": "item", "key": key, "heading": item.title, "text": texts.get(key, ""), "ballots": []}
        if item.kind == AgendaItem.Kind.REVIEW and reviewed:
            part |= {"kind": "review", "rows": reviewed}
            reviewed = []
        if form.votes_apart:
            found.append(part | {"ballots": ballots.get(item.pk, []), "about": _about(item)})
        elif item.kind == AgendaItem.Kind.VOTE:
            if votes is None:
                heading = item.title if len(voting) == 1 else VOTES
                votes = {"kind": "votes", "key": "", "heading": heading, "ballots": [], "points": []}
                found.append(votes)
            votes["points"].append({"key": key, "heading": item.title, "text": texts.get(key, "")})
        else:
            found.append(part)
    every = [] if form.votes_apart else [one for item in items for one in ballots.get(item.pk, [])]
    if every and votes is None:
        votes = {"kind": "votes", "key": "", "heading": VOTES, "ballots": [], "points": []}
        found.append(votes)
    if votes is not None:
        votes["ballots"] = every
    if meeting.kind == Meeting.Kind.ASSESSMENT:
        found += _assessed(meeting)
    given = [
        _task(task) | {"moved": ""}
        for task in Task.objects.filter(meeting=meeting).select_related("owner").order_by("pk")
    ]
    still = next((part["rows"] for part in found if part["kind"] == "review"), [])
    moved = [row | {"moved": row["given"]} for row in still if row["state"] == "open"]
    if given or moved:
        keep = ("text", "owner", "due", "expected", "moved")
        rows = [{name: row[name] for name in keep} for row in (*given, *moved)]
        found.append({"kind": "tasks", "key": "", "heading": TASKS, "rows": rows})
    if form.has_dues:
        found.append(
            {"kind": "dues", "key": DUES, "heading": DUES_HEADING, "text": texts.get(DUES, ""), "facts": _dues(meeting)}
        )
    return found + [_typed(part, texts) for part in form.after]


def _typed(part: Part, texts: dict) -> dict:
    return {
        "kind": "text", "key": part.key, "heading": part.heading, "text": texts.get(part.key, ""),
        "always": part.always,
    }  # fmt: skip


def _about(item: AgendaItem) -> dict | None:
    """The person a point decides about."""
    if item.admission:
        one = item.admission
        return {
            "name": one.full_name, "born": one.birth_date.isoformat(), "applied": one.applied_on.isoformat(),
            "introduced_by": one.introduced_by,
        }  # fmt: skip
    return {"name": item.subject.full_name} if item.subject else None


def _assessed(meeting: Meeting) -> list[dict]:
    """Who was not eligible and why, and the votes for each level."""
    rows = list(
        Assessment.objects.filter(unit=meeting.unit_id, member__isnull=False)
        .filter(
            Q(meeting=meeting)
            | Q(state=Assessment.State.NOT_ELIGIBLE, round__opened_on__lte=meeting.day)
            & (Q(round__closed_on=None) | Q(round__closed_on__gte=meeting.day))
        )
        .select_related("member", "branch_label", "round__label_set")
        .prefetch_related("round__label_set__labels")
        .order_by("member__sort_key", "member_id")
    )
    found = []
    left_out = [[row.member.full_name, row.excluded_because] for row in rows if row.state == "not_eligible"]
    if left_out:
        found.append({"kind": "left_out", "key": "", "heading": "Không thuộc diện đánh giá", "rows": left_out})
    voted = [row for row in rows if row.state != "not_eligible" and row.votes]
    if voted:
        labels = sorted(voted[0].round.label_set.labels.all(), key=lambda label: (label.position, label.pk))
        found.append(
            {
                "kind": "levels",
                "key": "",
                "heading": "Kết quả biểu quyết mức xếp loại",
                "labels": [label.name for label in labels],
                "rows": [
                    {
                        "name": row.member.full_name,
                        "present": row.votes_present,
                        "votes": [row.votes.get(label.code, 0) for label in labels],
                        "label": row.branch_label.name if row.branch_label else "",
                    }
                    for row in voted
                ],
            }
        )
    return found


def _dues(meeting: Meeting) -> dict | None:
    """Dues of the month of the meeting: who paid, how much, how many of those who owe have not."""
    month = meeting.day.replace(day=1)
    paid = dict(
        DuesPayment.objects.standing().filter(unit=meeting.unit_id, month=month).values_list("member", "amount")
    )
    if not paid:
        return None
    exempt = DuesExemption.objects.filter(from_month__lte=month, last_month__gte=month).values("member")
    owing = (
        Membership.objects.on(month)
        .filter(unit=meeting.unit_id, kind=Membership.Kind.OFFICIAL)
        .exclude(member__in=exempt)
        .exclude(member__in=list(paid))
        .values("member")
        .distinct()
    )
    rates = set(paid.values())
    return {
        "month": month.isoformat(),
        "members": len(paid),
        "amount": sum(paid.values()),
        "rate": rates.pop() if len(rates) == 1 else None,
        "unpaid": owing.count(),
    }
