"""The figures beside the items: each by hand, nothing expected is a sentence, and as many rows stand behind it.

Under review is 1/1 to 30/9/2026; the day is 22/11/2026. Everything outside the span or of another unit is there, too,
and in no figure.
"""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.assessing.rounds import criteria_sets, label_sets, open_round
from branches.dues.paying import priced, receive
from branches.formats import NBSP
from branches.models import (
    Activity,
    Assessment,
    Attendance,
    Label,
    Meeting,
    Member,
    Minutes,
    PartyStep,
    Period,
    Remittance,
)
from branches.models.assessment import Subject
from inspections.checking.fact_lines import lines_of
from inspections.checking.facts import fact_choices, facts_of
from inspections.checking.items import add_item, suggestions
from inspections.models import Inspection
from reports.models import PeriodReport, Submission
from reports.progress import progress_for
from tests.factories import (
    ActivityFactory,
    DirectionFactory,
    EvidenceLinkFactory,
    MemberFactory,
    TargetFactory,
    account_at,
    year,
)
from tests.inspecting import TODAY, concluded, planned, scene, stranger

pytestmark = pytest.mark.django_db
ZONE = timezone.get_default_timezone
LONG_AGO = datetime.date(2020, 1, 1)


def on(month, day=1, of=2026):
    return datetime.date(of, month, day)


@pytest.fixture
def s():
    found = scene()
    found.case = planned(found)  # 1/1 to 30/9/2026
    return found


def fact(case, key, day=TODAY):
    """The fact; and whatever it is, its rows add up to it."""
    case = Inspection.objects.select_related("unit", "programme").get(pk=case.pk)
    found, lines = facts_of(case, [key], on=day)[key], lines_of(case, key, on=day)
    assert sum(line.done for line in lines) == found.done
    if found.of is not None:
        assert sum(line.of for line in lines) == found.of
    return found


def meet(s, month, day, *, unit=None, state="held", year=2026, marks=()):
    """A meeting at eight; `marks` are the states of its roll, "" for somebody nobody marked."""
    reason = {"cancel_reason": "Mưa bão"} if state == "cancelled" else {}
    made = Meeting.objects.create(
        unit=unit or s.branch, title=f"Sinh hoạt tháng {month}", created_by=s.secretary, state=state,
        starts_at=datetime.datetime(year, month, day, 8, tzinfo=ZONE()), **reason,
    )  # fmt: skip
    for place, mark in enumerate(marks):
        person = MemberFactory(home=unit or s.branch, full_name=f"Lê An {place:02}")
        Attendance.objects.create(
            meeting=made, member=person, name=person.full_name, sort_key=person.sort_key,
            state=mark or Attendance.State.UNKNOWN, marked_at=made.starts_at if mark else None,
        )  # fmt: skip
    return made


def outside(s):
    """Meetings that are in no figure: before, after, of another unit, called off."""
    meet(s, 12, 30, year=2025, marks=["present"])
    meet(s, 10, 1, marks=["present"])
    meet(s, 2, 2, unit=s.sibling, marks=["present"])
    meet(s, 5, 5, state="cancelled")


# --- meetings -----------------------------------------------------------------------------------------------


def test_meetings_held_of_the_months_that_owed_one(s):
    """Nine months; January, February and twice in March: three of nine. May was called off with a reason."""
    outside(s)
    for month, day in ((1, 5), (2, 9), (3, 2), (3, 30)):
        meet(s, month, day)
    found = fact(s.case, "meetings_held")
    assert (found.done, found.of) == (3, 9)
    assert found.full_words.startswith("họp 3 trên 9 kỳ phải họp")
    assert found.full_words.endswith("(33,3%)")
    last = lines_of(s.case, "meetings_held", on=TODAY)[8]  # due on the last day of the span, and counted
    assert (last.text, last.done, last.of) == ("Sinh hoạt chi đoàn, tháng 9 năm 2026", 0, 1)


def test_minutes_with_both_signatures(s):
    outside(s)
    first, second = meet(s, 1, 5), meet(s, 2, 9)
    meet(s, 3, 2)
    Minutes.objects.create(meeting=first, state="locked", frozen={}, locked_at=timezone.now())
    Minutes.objects.create(meeting=second, state="signing")
    assert fact(s.case, "minutes_signed").full_words == "1 trên 3 buổi có biên bản đủ chữ ký (33,3%)"


def test_attendance_leaves_out_who_was_not_marked(s):
    """Present 3 of 4, then 2 of 3 with one nobody marked, and a roll nobody opened: 5 of 7 turns, 71,43 %."""
    outside(s)
    meet(s, 1, 5, marks=["present", "present", "present", "absent"])
    meet(s, 2, 9, marks=["present", "present", "excused", ""])
    meet(s, 3, 2, marks=["", ""])
    found = fact(s.case, "attendance")
    assert found.full_words == "có mặt 5 trên 7 lượt, 2 buổi điểm danh (71,4%)"
    assert [line.said for line in lines_of(s.case, "attendance", on=TODAY)] == [
        "có mặt 3 trên 4", "có mặt 2 trên 3", "chưa điểm danh",
    ]  # fmt: skip


# --- dues ---------------------------------------------------------------------------------------------------


def pay(s, person, *months):
    cells = [(person.pk, on(month)) for month in months]
    total = sum(amount for *_, amount in priced(unit=s.branch, cells=cells, on=on(1, 10)))
    receive(unit=s.branch, cells=cells, paid_on=on(1, 10), said=total, by=s.secretary, on=on(1, 10))


def test_dues_of_the_months_that_are_over(s):
    """Two members of 5.000 đồng, nine months: 90.000. Paid are January to March of one, January of the other: 20.000.

    October, paid ahead, is in neither.
    """
    one, other = (MemberFactory(home=s.branch, since=LONG_AGO) for _ in range(2))
    pay(s, one, 1, 2, 3, 10)
    pay(s, other, 1)
    assert fact(s.case, "dues").full_words == f"thu 20.000 trên 90.000{NBSP}đồng (22,2%)"
    assert [(line.done, line.of) for line in lines_of(s.case, "dues", on=TODAY)] == [
        (10_000, 10_000), (5_000, 10_000), (5_000, 10_000), *[(0, 10_000)] * 6,
    ]  # fmt: skip


def test_dues_handed_up_count_slips_that_stand(s):
    one = MemberFactory(home=s.branch, since=LONG_AGO)
    pay(s, one, 1, 2, 3)
    slips = ((1, 2_000, "accepted", s.branch), (2, 700, "sent", s.branch), (3, 900, "returned", s.branch),
             (4, 1_000, "accepted", s.branch), (1, 5_000, "accepted", s.sibling))  # fmt: skip
    for number, (quarter, amount, state, unit) in enumerate(slips, 1):
        span = Period.of_quarter(2026, quarter)
        Remittance.objects.create(
            unit=unit, superior=s.union, superior_name="Đoàn Bộ", year=2026, number=number, starts_on=span.starts_on,
            ends_on=span.ends_on, received=6_000, amount=amount, handed_on=on(10, 5), handed_by=s.secretary,
            state=state,
        )  # fmt: skip
    assert fact(s.case, "dues_remitted").full_words == f"đã trích nộp 2.700{NBSP}đồng, thu 15.000{NBSP}đồng"


# --- members ------------------------------------------------------------------------------------------------


def test_members_and_their_codes_on_the_last_day_of_the_span(s):
    people = [MemberFactory(home=s.branch) for _ in range(3)]
    for person, code in zip(people, ("DV1", "DV2", ""), strict=True):
        Member.objects.filter(pk=person.pk).update(national_code=code)
    MemberFactory(home=s.branch, since=on(10, 1))  # the day after
    MemberFactory(home=s.sibling)
    assert fact(s.case, "members_software").full_words == "2 trên 3 đoàn viên có mã trên phần mềm (66,7%)"
    assert fact(s.case, "members").full_words == "3 đoàn viên chính thức"


def test_ratings_are_those_approved_of_the_year(s):
    """Of four members three are approved, two of them good or better: 2 of 3. Not names, levels stand behind it."""
    office = account_at(s.union, "superior_office")
    people = [MemberFactory(home=s.branch, full_name=f"Lê An {place}", since=LONG_AGO) for place in range(4)]
    period = year(2026)
    open_round(
        unit=s.union, subject=Subject.MEMBER, period=period, name="Xếp loại 2026", self_until=on(12, 6),
        due_on=on(12, 22), counted_on=TODAY, top_quota=20, by=office, on=TODAY,
        label_set=label_sets(period).first(), criteria_set=criteria_sets(Subject.MEMBER, period).first(),
    )  # fmt: skip
    for person, code in zip(people, ("hoan-thanh-xuat-sac", "hoan-thanh-tot", "hoan-thanh"), strict=False):
        Assessment.objects.filter(member=person).update(
            state="approved", final_label=Label.objects.get(code=code), approved_on=TODAY
        )
    found = fact(s.case, "members_rated")
    assert found.full_words == "năm 2026: 2 trên 3 đồng chí xếp loại từ khá trở lên (66,7%)"
    said = " ".join(line.text + line.said for line in lines_of(s.case, "members_rated", on=TODAY))
    assert "Lê An" not in said


@pytest.mark.parametrize(
    ("key", "kind", "words"),
    [
        ("outstanding", "outstanding", "2 đồng chí được bình chọn"),
        ("party_class", "class_done", "2 đồng chí đã học"),
        ("party_introduced", "introduced", "2 đồng chí được giới thiệu"),
        ("party_admitted", "admitted", "2 đồng chí được kết nạp"),
    ],
)
def test_steps_to_the_party_count_persons_once_and_name_nobody(s, key, kind, words):
    assert kind in PartyStep.Kind.values
    one, other, third, before, foreign = (
        MemberFactory(home=home, full_name=f"Lê An {place}")
        for place, home in enumerate([s.branch, s.branch, s.branch, s.branch, s.sibling])
    )
    for person, day, unit in (
        (one, on(1, 1), s.branch), (one, on(3, 3), s.branch), (other, on(9, 30), s.branch),
        (third, on(10, 1), s.branch), (before, on(12, 31, 2025), s.branch), (foreign, on(5, 5), s.sibling),
    ):  # fmt: skip
        PartyStep.objects.create(unit=unit, member=person, kind=kind, dated_on=day, written_by=s.secretary)
    assert fact(s.case, key).full_words == words
    lines = lines_of(s.case, key, on=TODAY)
    assert [line.text for line in lines] == ["Ngày 01/01/2026 · một đồng chí", "Ngày 30/09/2026 · một đồng chí"]


# --- work ---------------------------------------------------------------------------------------------------


def held(s, day, **fields):
    return ActivityFactory(**{"unit": s.branch, "starts_on": day, "last_on": day} | fields)


def test_activities_with_evidence_are_those_of_the_span_alone(s):
    inside = [held(s, day) for day in (on(1, 1), on(9, 30), on(6, 1))]
    for day in (on(12, 31, 2025), on(10, 1)):
        EvidenceLinkFactory(activity=held(s, day))
    EvidenceLinkFactory(activity=held(s, on(6, 1), unit=s.sibling))
    EvidenceLinkFactory(activity=inside[0])
    held(s, on(6, 1), state=Activity.State.PLANNED)
    assert fact(s.case, "activities_evidence").full_words == "1 trên 3 hoạt động có minh chứng (33,3%)"


def test_targets_behind_are_those_of_the_progress_page(s):
    TargetFactory(unit=s.branch, value=12)
    TargetFactory(unit=s.sibling, value=12)
    table = progress_for(s.branch, Period.of_year(2026), as_of=on(9, 30))
    assert len(table.late) == 1  # or the comparison below says nothing
    found = fact(s.case, "targets_behind")
    assert found.full_words == "năm 2026: 1 trên 1 chỉ tiêu chậm, 0 đã đạt"


def test_reports_handed_in_by_their_day(s):
    """The report of the first half year is due in the span, that of the year is not."""
    half = Period.objects.create(kind="half", name="6 tháng đầu năm 2026", starts_on=on(1), ends_on=on(7))
    for unit in (s.branch, s.sibling):
        report = PeriodReport.objects.create(unit=unit, period=half, state="submitted")
        Submission.objects.create(
            report=report, edition=1, as_of=on(6, 15), submitted_on=on(6, 15), submitted_by=s.secretary, content={},
            sha256="0" * 64,
        )  # fmt: skip
    assert fact(s.case, "reports_in_time").full_words == "đúng hạn 1 trên 1 báo cáo (100%)"
    Submission.objects.filter(report__unit=s.branch).update(submitted_on=on(9, 1))
    assert fact(s.case, "reports_in_time").full_words == "đúng hạn 0 trên 1 báo cáo, 1 báo cáo nộp muộn (0%)"
    PeriodReport.objects.filter(unit=s.branch).update(state="draft", number="3", dated_on=on(6, 15))
    assert fact(s.case, "reports_in_time").full_words == "đúng hạn 0 trên 1 báo cáo (0%)"


def test_directions_of_the_span_and_those_answered_in_it(s):
    for day, answered in (
        (on(1, 1), on(2, 1)), (on(9, 30), None), (on(5, 5), on(10, 1)), (on(6, 6), on(9, 30)),
        (on(12, 31, 2025), on(1, 5)), (on(10, 1), on(10, 2)),
    ):  # fmt: skip
        DirectionFactory(unit=s.branch, given_on=day, answered_on=answered, answer="Đã làm" if answered else "")
    DirectionFactory(unit=s.sibling, given_on=on(3, 3), answered_on=on(4, 4), answer="Đã làm")
    assert fact(s.case, "directions").full_words == "2 trên 4 chỉ đạo đã trả lời (50%)"


def test_recommendations_before_are_those_of_earlier_notices_as_they_stand_today(s):
    """The notice went out on 5/10, after the span of the next case: an inspector still wants to see it."""
    _, row = concluded(s)
    other = planned(s, title="Lần sau")
    assert fact(other, "recommendations").full_words == "đã khép 0 trên 1 kiến nghị lần trước (0%)"
    type(row).objects.filter(pk=row.pk).update(state="closed", ended_on=on(11, 1))
    assert fact(other, "recommendations").full_words == "đã khép 1 trên 1 kiến nghị lần trước (100%)"


def test_what_another_committee_asked_is_neither_counted_nor_suggested(s):
    """The branch was inspected by one committee; another one's case does not open that one's notice."""
    case, row = concluded(s)
    foreign = scene()
    other = planned(foreign)
    Inspection.objects.filter(pk=other.pk).update(unit=s.branch)
    assert fact(other, "recommendations").words == "chưa có kiến nghị nào lần trước"
    other.refresh_from_db()
    assert [one for one in suggestions(other, on=TODAY) if one.before] == []
    again = planned(s, title="Lần sau")
    assert [one.before for one in suggestions(again, on=TODAY) if one.before] == [row]
    assert case.unit_id == other.unit_id


# --- nothing, and the page behind a figure ------------------------------------------------------------------

NOTHING = {
    "meetings_held": "không có kỳ sinh hoạt nào phải họp",
    "minutes_signed": "chưa họp buổi nào",
    "attendance": "chưa điểm danh buổi nào",
    "dues": "chưa theo dõi đoàn phí",
    "dues_remitted": "chưa theo dõi đoàn phí",
    "members": "không có đoàn viên nào",
    "members_software": "không có đoàn viên nào",
    "members_rated": "chưa có kết quả xếp loại năm 2026",
    "activities_evidence": "chưa ghi hoạt động nào",
    "directions": "chưa ghi chỉ đạo nào",
    "recommendations": "chưa có kiến nghị nào lần trước",
    "outstanding": "chưa ghi đồng chí nào",
    "party_class": "chưa ghi đồng chí nào",
    "party_introduced": "chưa ghi đồng chí nào",
    "party_admitted": "chưa ghi đồng chí nào",
    "targets_behind": "năm 2026 chưa có chỉ tiêu nào trong kế hoạch",
    "reports_in_time": "không có báo cáo nào đến hạn",
}


def test_every_fact_has_its_sentence_for_nothing():
    assert set(NOTHING) == {key for key, _ in fact_choices()}


@pytest.mark.parametrize("key", NOTHING)
def test_nothing_expected_is_a_sentence_and_no_share(s, key):
    """November 2026, which is not over: nothing was due, nothing was done."""
    case = planned(s, title="Tháng 11", review_from=on(11, 1), review_to=on(12, 1))
    found = fact(case, key)
    assert found.full_words == NOTHING[key]
    assert "%" not in found.full_words
    assert lines_of(case, key, on=TODAY) == []


@pytest.mark.parametrize("key", NOTHING)
def test_figure_links_to_a_page_with_its_rows(s, client, key):
    add_item(inspection=s.case, by=s.chair, text="Mục có số liệu", fact=key)
    client.force_login(s.chair)
    checklist = client.get(reverse("inspections:case_checklist", args=[s.case.pk])).text
    url = reverse("inspections:case_fact", args=[s.case.pk, key])
    assert f'href="{url}"' in checklist
    page = client.get(url)
    assert (page.status_code, len(lines_of(s.case, key, on=timezone.localdate()))) == (
        200, sum(len(group.lines) for group in page.context["groups"]),
    )  # fmt: skip


def test_page_of_a_figure_shows_as_many_rows_as_the_figure_says(s, client):
    people = [MemberFactory(home=s.branch, full_name=f"Lê An {place:02}") for place in range(5)]
    Member.objects.filter(pk__in=[one.pk for one in people[:2]]).update(national_code="DV1")
    Member.objects.filter(pk__in=[one.pk for one in people[2:]]).update(national_code="")
    add_item(inspection=s.case, by=s.chair, text="Mã phần mềm", fact="members_software")
    url = reverse("inspections:case_fact", args=[s.case.pk, "members_software"])
    client.force_login(s.chair)
    page = client.get(url)
    assert "2 trên 5 đoàn viên có mã trên phần mềm (40%)" in page.text
    assert [(group.title, len(group.lines)) for group in page.context["groups"]] == [
        ("Chưa có mã", 3), ("Có mã trên phần mềm", 2),
    ]  # fmt: skip
    assert re.findall(r"Lê An \d\d", page.text) == ["Lê An 02", "Lê An 03", "Lê An 04", "Lê An 00", "Lê An 01"]
    other = reverse("inspections:case_fact", args=[s.case.pk, "dues"])
    assert client.get(other).status_code == 404  # beside no item of the case
    for account, status in ((s.secretary, 403), (stranger(), 404)):
        client.force_login(account)
        assert client.get(url).status_code == status


@pytest.mark.parametrize("key", ["members_software", "activities_evidence", "minutes_signed", "outstanding"])
def test_page_of_a_figure_costs_the_same_for_few_and_many_rows(s, client, django_assert_num_queries, key):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def one_more(place):
        person = MemberFactory(home=s.branch, full_name=f"Lê An {place:02}")
        held(s, on(6, 1))
        meet(s, 6, 1)
        PartyStep.objects.create(
            unit=s.branch, member=person, kind="outstanding", dated_on=on(6, 1), written_by=s.secretary
        )

    add_item(inspection=s.case, by=s.chair, text="Mục", fact=key)
    url = reverse("inspections:case_fact", args=[s.case.pk, key])
    client.force_login(s.chair)
    one_more(0)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for place in range(1, 30):
        one_more(place)
    with django_assert_num_queries(len(few)):
        page = client.get(url)
    assert sum(len(group.lines) for group in page.context["groups"]) == 30
