"""Two years of assessment under the Khối: last year's finished, this year's open with the first self-assessments."""

import datetime

from django.db import transaction
from django.utils import timezone

from branches.assessing.rounds import close_round, criteria_sets, label_sets, open_round
from branches.assessing.steps import Verdict, approve, assess_self, conclude
from branches.models import Assessment, AssessmentRound, Label, Unit
from branches.models.assessment import Subject

from .loading import Demo

Day = datetime.date
OFFICE, ABOVE, OWN, NOT_YET = "doancaptren", "doan-khoi", "so-tttt", "doanvien"
OPENED, SELF_UNTIL, MET_ON, DUE, DECIDED = (11, 10), (11, 24), (12, 5), (12, 15), (12, 22)
TOP, GOOD, DONE = 0, 1, 2
# By the place on the roll: of eight, one at the top and one who only completed.
LEVELS = (GOOD, TOP, GOOD, GOOD, DONE, GOOD, GOOD, GOOD)
REMARKS = {
    TOP: "Gương mẫu trong công việc, có sáng kiến được đơn vị áp dụng, tham gia đủ các hoạt động.",
    GOOD: "Hoàn thành tốt nhiệm vụ, tham gia đều các buổi sinh hoạt.",
    DONE: "Hoàn thành việc được giao; cần tham gia hoạt động của chi đoàn đều hơn.",
}
ANSWERS = {
    "nhiem-vu": "Hoàn thành các việc chi đoàn giao, đúng hạn.",
    "hoat-dong": "Tham gia Ngày Chủ nhật xanh, hiến máu, chiến dịch hè.",
    "noi-cu-tru": "Dự hội nghị đoàn viên nơi cư trú tháng 5.",
}
SAID_OF_EIGHT = 5
OPENED_AGO, SELF_DAYS, DUE_DAYS = 9, 16, 32


@transaction.atomic
def build(demo: Demo) -> None:
    last = demo.today.year - 1
    for subject in (Subject.MEMBER, Subject.BRANCH):
        _finished(demo, last, subject)
    _running(demo)


def _open(demo: Demo, year: int, subject: str, on: Day, self_until: Day, due_on: Day) -> AssessmentRound:
    period, whom = demo.year(year), "đoàn viên" if subject == Subject.MEMBER else "chi đoàn"
    return open_round(
        unit=demo.units[ABOVE], subject=subject, period=period, label_set=label_sets(period).first(),
        criteria_set=criteria_sets(subject, period).first(), name=f"Đánh giá, xếp loại {whom} năm {year}",
        self_until=self_until, due_on=due_on, counted_on=on, top_quota=20, by=demo.accounts[OFFICE], on=on,
    )  # fmt: skip


def _moment(day: Day) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(20, 15)))


def _finished(demo: Demo, year: int, subject: str) -> None:
    on, self_until, met_on, due_on, decided = (Day(year, *one) for one in (OPENED, SELF_UNTIL, MET_ON, DUE, DECIDED))
    made = _open(demo, year, subject, on, self_until, due_on)
    labels = list(Label.objects.filter(label_set=made.label_set))
    rows = made.assessments.exclude(state=Assessment.State.NOT_ELIGIBLE).select_related("unit", "round")
    by_unit: dict[Unit, list[Assessment]] = {}
    for row in rows.order_by("unit_id", "member__sort_key", "pk"):
        by_unit.setdefault(row.unit, []).append(row)
    for number, (unit, people) in enumerate(by_unit.items()):
        by = demo.recorder(unit.code, met_on)
        verdicts = []
        for place, row in enumerate(people):
            level = (
                LEVELS[(place + number) % len(LEVELS)] if subject == Subject.MEMBER else LEVELS[number % len(LEVELS)]
            )
            if place % 4 != 3:
                own = labels[min(level, GOOD)]
                assess_self(assessment=row, version=row.version, label=own, answers={}, text="", on=on,
                            now=_moment(on + datetime.timedelta(days=1 + place % 10)))  # fmt: skip
            there = max(len(people) - 2, 1)
            votes = {labels[level].pk: there - place % 2} if there > 1 and subject == Subject.MEMBER else {}
            version = row.version + (place % 4 != 3)
            verdicts.append(Verdict(row.pk, version, labels[level], REMARKS[level], there if votes else None, votes))
        conclude(round=made, unit=unit, verdicts=verdicts, by=by, on=met_on)
        chosen = dict(Assessment.objects.filter(round=made, unit=unit, state="concluded").values_list("pk", "version"))
        # Each branch has a decision about its members; one decision names all the branches.
        paper = f"{31 + number:02d}-QĐ/ĐTN" if subject == Subject.MEMBER else "45-QĐ/ĐTN"
        approve(round=made, unit=unit, chosen=chosen, decision=paper, decided_on=decided, by=demo.accounts[OFFICE],
                on=decided)  # fmt: skip
    close_round(round=made, on=decided)


def _running(demo: Demo) -> None:
    """The member who signs in to the demo has not said anything yet; the others of the branch partly."""
    year = demo.today.year
    on = max(demo.ago(OPENED_AGO), Day(year, 1, 1))
    days = [on + datetime.timedelta(days=count) for count in (SELF_DAYS, DUE_DAYS)]
    made = _open(demo, year, Subject.MEMBER, on, *days)
    labels = list(Label.objects.filter(label_set=made.label_set))
    rows = made.assessments.filter(unit=demo.units[OWN], state=Assessment.State.OPEN)
    rows = rows.exclude(member=demo.accounts[NOT_YET].member_id).select_related("round")
    for place, row in enumerate(rows.order_by("member__sort_key", "pk")):
        if place % len(LEVELS) < SAID_OF_EIGHT:
            said = min(on + datetime.timedelta(days=1 + place), demo.today)
            assess_self(assessment=row, version=row.version, label=labels[TOP if place % 4 == 1 else GOOD],
                        answers=ANSWERS, text="Sẽ tham gia sinh hoạt đều hơn.", now=_moment(said), on=said)  # fmt: skip
