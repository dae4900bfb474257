"""The meetings of minuting.py called for one purpose: an admission of two people, an assessment with levels."""

import datetime

from branches.models import (
    Admission,
    AgendaItem,
    Assessment,
    Ballot,
    Label,
    Meeting,
    Period,
)
from branches.models.assessment import Subject

from .assessed import TOP
from .factories import year
from .minuting import DAY, Scene, scene

SECRET = {"means": "secret", "entitled": 20, "present": 18}


def _called_for(kind: str, title: str) -> Scene:
    """The same people and roll, without the agenda, the tasks and the votes of the ordinary meeting."""
    s = scene()
    AgendaItem.objects.filter(meeting=s.meeting).delete()
    s.unit.tasks.all().delete()
    s.meeting.kind, s.meeting.title = kind, title
    s.meeting.save()
    s.items.clear()
    return s


def admission_meeting() -> Scene:
    """Two people, one vote each: the first by hand and admitted, the second in secret and not."""
    s = _called_for(Meeting.Kind.ADMISSION, "Họp xét kết nạp đoàn viên tháng 4 năm 2023")
    applicants = (
        ("Đặng Minh Châu", datetime.date(2005, 1, 9), datetime.date(2023, 2, 1), "Trịnh Hữu Phước"),
        ("Vũ Khắc Tiệp", datetime.date(2004, 12, 30), datetime.date(2023, 3, 15), "Hồ Ngọc Ánh"),
    )
    for place, (name, born, applied, by) in enumerate(applicants, start=1):
        one = Admission.objects.create(
            unit=s.unit, full_name=name, birth_date=born, applied_on=applied, introduced_by=by, written_by=s.by
        )
        s.items[name] = AgendaItem.objects.create(
            meeting=s.meeting, position=place, kind="vote", title=f"Xét kết nạp {name}", admission=one
        )
    first, second = s.items.values()
    Ballot.objects.create(
        item=first, question="Kết nạp Đặng Minh Châu", decision="admission", entitled=20, present=18, votes_for=17,
        abstentions=1, written_by=s.by,
    )  # fmt: skip
    Ballot.objects.create(
        item=second, question="Kết nạp Vũ Khắc Tiệp", decision="admission", issued=18, returned=17, invalid=1,
        votes_for=9, votes_against=7, written_by=s.by, **SECRET,
    )  # fmt: skip
    return s


def assessment_meeting() -> Scene:
    """Two members with votes for each level, one without a result yet, one who is not assessed."""
    s = _called_for(Meeting.Kind.ASSESSMENT, "Họp đánh giá, xếp loại đoàn viên năm 2023")
    s.items["vote"] = AgendaItem.objects.create(
        meeting=s.meeting, position=1, kind="vote", title="Đánh giá, xếp loại đoàn viên"
    )
    labels = {one.code: one for one in Label.objects.all()}
    campaign = _round(s)
    rows = (
        ("Trịnh Hữu Phước", {TOP: 15, "hoan-thanh-tot": 3}, labels[TOP]),
        ("Hồ Ngọc Ánh", {"hoan-thanh-tot": 18}, labels["hoan-thanh-tot"]),
        ("Bùi Gia Bảo", {"hoan-thanh": 9, "hoan-thanh-tot": 9}, None),
    )
    for name, votes, label in rows:
        Assessment.objects.create(
            round=campaign, unit=s.unit, member=s.people[name], state="concluded" if label else "self",
            meeting=s.meeting, votes_present=18, votes=votes, branch_label=label,
        )  # fmt: skip
    Assessment.objects.create(
        round=campaign, unit=s.unit, member=s.people["Mai Thị Lệ"], state="not_eligible",
        excluded_because="mới sinh hoạt tại chi đoàn 02 tháng",
    )  # fmt: skip
    return s


def _round(s: Scene):
    from branches.assessing.rounds import criteria_sets, label_sets
    from branches.models import AssessmentRound

    period: Period = year(2023)
    return AssessmentRound.objects.create(
        unit=s.unit.superior if hasattr(s.unit, "superior") else s.unit, subject=Subject.MEMBER, name="Xếp loại 2023",
        period=period, label_set=label_sets(period).first(), criteria_set=criteria_sets(Subject.MEMBER, period).first(),
        opened_on=datetime.date(2023, 4, 1), self_until=DAY, due_on=DAY, counted_on=DAY, opened_by=s.by,
    )  # fmt: skip
