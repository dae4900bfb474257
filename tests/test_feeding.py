"""What the books say becomes figures of the plan by itself, once, and changes with the book."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.dues.fund import take_back_entry, write_entry
from branches.dues.paying import take_back
from branches.dues.statuses import drop_exemption, exempt, set_statuses
from branches.fed_books import (
    feed_discipline,
    feed_entered,
    feed_everything,
    feed_meeting,
    feed_proposal,
    feed_round,
    feed_steps,
)
from branches.feeding import BOOKS, FedLine, fed_codes, feed
from branches.meetings.agenda import add_item, drop_item
from branches.meetings.planning import change_meeting
from branches.models import (
    Activity,
    AgendaItem,
    Assessment,
    AssessmentRound,
    Attendance,
    CriteriaSet,
    Discipline,
    Indicator,
    LabelSet,
    Meeting,
    Minutes,
    PartyStep,
    Period,
    Proposal,
    Quantity,
)
from branches.recording import QuantityLine, RecordingRefused, record_activity
from branches.totals import compare_totals
from reports.progress import progress_for
from tests.factories import AccountFactory, MemberFactory, TargetFactory, UnitFactory, account_at
from tests.keeping_dues import Keeping

pytestmark = pytest.mark.django_db
Day = datetime.date
TODAY = Day(2026, 11, 22)
UNKNOWN, PRESENT, EXCUSED, ABSENT = Attendance.State


@pytest.fixture
def branch():
    return UnitFactory(kind="grassroots_branch")


def figure(unit, code, *, as_of=TODAY, period=None):
    """(value, whole) as the plan shows it, None where nothing is known."""
    period = period or Period.of_year(as_of.year)
    row = progress_for(unit, period, as_of=as_of).row(code)
    return (row.done.value, row.done.whole) if row and row.done.lines else None


def held(unit, month, *states, kind="branch", briefing=False, members=(), day=5):
    """A meeting that was held on the day of the month of 2026, with a roll of these states."""
    starts_at = datetime.datetime(2026, month, day, 8, tzinfo=timezone.get_default_timezone())
    by = AccountFactory()
    meeting = Meeting.objects.create(
        unit=unit, kind=kind, title=f"Sinh hoạt tháng {month}", starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=1), state="held", roll_opened_at=starts_at, created_by=by,
    )  # fmt: skip
    members = members or [MemberFactory(home=unit) for _ in states]
    for member, state in zip(members, states, strict=True):
        marked = None if state == UNKNOWN else starts_at
        Attendance.objects.create(
            meeting=meeting, member=member, name=member.full_name, sort_key=member.sort_key, state=state,
            marked_at=marked, marked_by=by,
        )  # fmt: skip
    if briefing:
        AgendaItem.objects.create(meeting=meeting, position=1, kind="direction", title="Chỉ thị 42")
    feed_meeting(meeting)
    return meeting


def test_a_meeting_is_one_and_those_who_came_are_a_share_of_those_marked(branch):
    held(branch, 3, PRESENT, PRESENT, EXCUSED, UNKNOWN)
    held(branch, 4, PRESENT, ABSENT)
    assert figure(branch, "branch_meetings") == (2, None)
    assert figure(branch, "meeting_attendance") == (3, 5)  # who was not marked is in neither part
    assert figure(branch, "meeting_size")[0] == pytest.approx(1.5)
    assert figure(branch, "branch_meetings", as_of=Day(2026, 3, 31)) == (1, None)
    assert compare_totals() == []


def test_the_committee_meets_beside_and_what_was_not_held_is_nothing(branch):
    held(branch, 3, PRESENT, kind="committee")
    meeting = held(branch, 4, PRESENT)
    meeting.state, meeting.cancel_reason, meeting.ends_at = "cancelled", "Bão số 3", None
    meeting.save()
    feed_meeting(meeting)
    assert figure(branch, "branch_meetings") is None
    assert not Activity.objects.filter(unit=branch).exists()
    assert compare_totals() == []


def test_people_briefed_twice_are_counted_once_and_an_earlier_roll_changes_the_later_figure(branch):
    people = [MemberFactory(home=branch) for _ in range(4)]
    first = held(branch, 2, PRESENT, ABSENT, ABSENT, ABSENT, members=people, briefing=True)
    held(branch, 5, PRESENT, PRESENT, ABSENT, ABSENT, members=people, briefing=True)
    assert figure(branch, "resolution_briefed") == (2, 4)
    assert figure(branch, "resolution_briefed", as_of=Day(2026, 2, 28)) == (1, 4)
    first.attendance.filter(member=people[2]).update(state=PRESENT)
    feed_meeting(first)
    assert figure(branch, "resolution_briefed") == (3, 4)


def test_minutes_are_complete_while_every_meeting_so_far_has_signed_ones(branch):
    def sign(meeting):
        Minutes.objects.create(meeting=meeting, state="locked", frozen={}, locked_at=timezone.now())
        feed_meeting(meeting)

    first, second, third = (held(branch, month, PRESENT) for month in (1, 2, 3))
    sign(first)
    assert figure(branch, "minutes_complete") == (1, None)
    sign(third)
    assert figure(branch, "minutes_complete") == (0, None)  # the second one is missing
    sign(second)
    assert figure(branch, "minutes_complete") == (1, None)


def test_typed_until_june_and_kept_from_july_is_counted_once(branch):
    meetings = Indicator.objects.get(code="branch_meetings")
    typed = {"by": AccountFactory(), "unit": branch, "on": TODAY, "quantities": [QuantityLine(meetings, 1)]}
    record_activity(title="Sinh hoạt tháng 6", starts_on=Day(2026, 6, 12), **typed)
    held(branch, 6, PRESENT)  # the book has it as well
    held(branch, 7, PRESENT)
    assert figure(branch, "branch_meetings") == (2, None)
    with pytest.raises(RecordingRefused, match="“Sinh hoạt chi đoàn định kỳ” tháng 07/2026 đã tính từ sổ họp") as said:
        record_activity(title="Sinh hoạt tháng 7", starts_on=Day(2026, 7, 12), **typed)
    assert (said.value.field, said.value.row) == ("quantities", 0)
    record_activity(title="Sinh hoạt tháng 8", starts_on=Day(2026, 8, 12), **typed)  # no book that month
    assert figure(branch, "branch_meetings") == (3, None)
    assert fed_codes(branch.pk, Day(2026, 7, 1)) >= {"branch_meetings"}
    assert "branch_meetings" not in fed_codes(branch.pk, Day(2026, 8, 1))


def test_a_fed_figure_is_changed_in_its_book_only(branch, client):
    target = TargetFactory(unit=branch, indicator=Indicator.objects.get(code="branch_meetings"), value=12)
    held(branch, 3, PRESENT)
    activity = Activity.objects.get(unit=branch)
    assert (activity.fed_by[:8], activity.nature, activity.last_on) == ("meeting:", "figure", Day(2026, 3, 5))
    assert target.indicator_id == Quantity.objects.filter(activity=activity).first().indicator_id
    secretary = account_at(branch)
    client.force_login(secretary)
    page = client.get(reverse("branches:activity", args=[activity.pk])).content.decode()
    assert f'<a href="/hop/{activity.fed_by[8:]}/">Cuộc họp</a>, sửa ở đó thì số này đổi theo' in page
    assert "Sửa hoạt động" not in page
    everything = client.get(reverse("branches:activity_list", args=[branch.pk]))
    behind = client.get(reverse("branches:activity_list", args=[branch.pk]) + "?chi_tieu=branch_meetings")
    assert ("Sinh hoạt tháng 3" in everything.text, "Sinh hoạt tháng 3" in behind.text) == (False, True)
    assert client.get(reverse("branches:activity_edit", args=[activity.pk])).status_code == 403
    assert client.post(reverse("branches:activity_cancel", args=[activity.pk])).status_code == 403
    stranger = account_at(UnitFactory())
    client.force_login(stranger)
    assert client.get(reverse("branches:activity", args=[activity.pk])).status_code == 404


def test_a_source_that_moves_to_another_month_leaves_nothing_behind(branch):
    lines = [FedLine("branch_meetings", 1)]
    feed(unit_id=branch.pk, fed_by="meeting:1", on=Day(2025, 12, 30), title="Họp", lines=lines)
    feed(unit_id=branch.pk, fed_by="meeting:1", on=Day(2026, 1, 2), title="Họp", lines=lines)
    assert figure(branch, "branch_meetings") == (1, None)
    assert figure(branch, "branch_meetings", as_of=Day(2025, 12, 31), period=Period.of_year(2025)) is None
    feed(unit_id=branch.pk, fed_by="meeting:1", on=Day(2026, 1, 2), title="Họp", lines=[])
    assert figure(branch, "branch_meetings") is None
    assert compare_totals() == []


def test_results_of_the_year_and_the_share_of_that_share(branch):
    label_set = LabelSet.objects.get(starts_on=Day(2023, 1, 1))
    labels = {label.code: label for label in label_set.labels.all()}
    period, _ = Period.objects.get_or_create(
        kind="year", starts_on=Day(2026, 1, 1), ends_on=Day(2027, 1, 1), defaults={"name": "Năm 2026"}
    )
    round = AssessmentRound.objects.create(
        unit=branch, subject="member", name="Đánh giá năm 2026", period=period,
        label_set=label_set, criteria_set=CriteriaSet.objects.filter(subject="member").first(),
        opened_on=Day(2026, 11, 1),
        self_until=Day(2026, 11, 10), due_on=Day(2026, 11, 20), counted_on=Day(2026, 11, 1), opened_by=AccountFactory(),
    )  # fmt: skip
    words = ["hoan-thanh-xuat-sac", "hoan-thanh-tot", "hoan-thanh-tot", "hoan-thanh"]
    for word in words:
        Assessment.objects.create(
            round=round, unit=branch, member=MemberFactory(home=branch), state="approved", final_label=labels[word],
            approved_on=Day(2026, 11, 18),
        )  # fmt: skip
    Assessment.objects.create(round=round, unit=branch, member=MemberFactory(home=branch), state="concluded")
    feed_round(round, branch)
    assert figure(branch, "rated_fair") == (3, 4)  # the fifth is not approved yet
    assert figure(branch, "rated_excellent") == (1, 3)


def test_a_person_counts_once_for_each_step_on_the_first_day(branch):
    person, by = MemberFactory(home=branch), AccountFactory()

    def step(kind, day):
        PartyStep.objects.create(unit=branch, member=person, kind=kind, dated_on=day, written_by=by)
        feed_steps(member_id=person.pk, kind=kind)

    step("outstanding", Day(2026, 1, 10))
    step("introduced", Day(2026, 5, 10))
    assert (figure(branch, "outstanding_members"), figure(branch, "party_introduced")) == ((1, None), (1, None))
    step("outstanding", Day(2025, 1, 10))  # written down later: the first time was the year before
    assert figure(branch, "outstanding_members") is None
    assert figure(branch, "outstanding_members", as_of=Day(2025, 12, 31), period=Period.of_year(2025)) == (1, None)
    assert person.full_name not in " ".join(Activity.objects.values_list("title", flat=True))


def test_discipline_and_proposals(branch):
    by = AccountFactory()
    case = Discipline.objects.create(
        unit=branch, member=MemberFactory(home=branch), state="decided", opened_on=Day(2026, 4, 1), facts="Vi phạm",
        measure="reprimand", decision="01-QĐ/CĐ", decided_on=Day(2026, 5, 1), written_by=by,
    )  # fmt: skip
    feed_discipline(case)
    proposal = Proposal.objects.create(
        unit=branch, what="Đỡ đầu 1 xã", why="Xã nghèo", sent_on=Day(2026, 4, 1), sent_by=by
    )
    feed_proposal(proposal)
    assert (figure(branch, "violations"), figure(branch, "party_proposals")) == ((1, None), (1, None))
    proposal.state = "withdrawn"
    proposal.save()
    feed_proposal(proposal)
    assert figure(branch, "party_proposals") is None


def test_reading_every_book_again_changes_nothing(branch):
    held(branch, 3, PRESENT, ABSENT, briefing=True)
    held(branch, 4, PRESENT, PRESENT)
    before = list(Quantity.objects.order_by("indicator__code", "value").values_list("indicator__code", "value"))
    feed_everything(branch, on=TODAY)
    assert list(Quantity.objects.order_by("indicator__code", "value").values_list("indicator__code", "value")) == before
    assert compare_totals() == []


def test_what_is_told_as_it_was_is_not_written_again(branch):
    lines = [FedLine("branch_meetings", 1), FedLine("meeting_attendance", 8, 10)]
    told = {"unit_id": branch.pk, "fed_by": "meeting:7", "on": Day(2026, 3, 6), "title": "Họp tháng 3"}

    def rows():
        return list(Quantity.objects.filter(activity__fed_by="meeting:7").order_by("pk").values_list("pk", flat=True))

    feed(**told, lines=lines)
    first = rows()
    feed(**told, lines=list(reversed(lines)))
    assert len(first) == 2
    assert rows() == first
    for change in (
        {"lines": [FedLine("branch_meetings", 1), FedLine("meeting_attendance", 8, 11)]},
        {"lines": lines[:1]},
        {"lines": lines, "on": Day(2026, 3, 7)},
        {"lines": lines, "title": "Họp tháng Ba"},
    ):
        before = rows()
        feed(**told | change)
        assert not set(before) & set(rows()), change
    assert compare_totals() == []


def test_every_fed_indicator_is_in_the_catalogue():
    known = set(Indicator.objects.filter(owner=None).exclude(source="register").values_list("code", flat=True))
    assert set(BOOKS) <= known


def test_a_briefing_that_was_moved_changes_what_came_after_its_old_day_and_its_new_one(branch):
    people = [MemberFactory(home=branch) for _ in range(4)]
    first = held(branch, 2, PRESENT, PRESENT, ABSENT, ABSENT, members=people, briefing=True)
    held(branch, 4, ABSENT, ABSENT, PRESENT, ABSENT, members=people, briefing=True)
    held(branch, 6, ABSENT, ABSENT, ABSENT, PRESENT, members=people, briefing=True)
    assert [figure(branch, "resolution_briefed", as_of=Day(2026, m, 28)) for m in (2, 4, 6)] == [(2, 4), (3, 4), (4, 4)]
    first.starts_at, first.ends_at = (one.replace(month=5) for one in (first.starts_at, first.ends_at))
    first.save()
    feed_meeting(first)
    assert [figure(branch, "resolution_briefed", as_of=Day(2026, m, 28)) for m in (2, 4, 5, 6)] == [
        None, (1, 4), (3, 4), (4, 4),
    ]  # fmt: skip
    assert figure(branch, "branch_meetings", as_of=Day(2026, 4, 30)) == (1, None)
    assert compare_totals() == []


def test_a_meeting_corrected_after_it_was_held_corrects_its_figures(branch):
    meeting = held(branch, 3, PRESENT, ABSENT)
    Meeting.objects.filter(pk=meeting.pk).update(roll_opened_at=None)  # closed without a roll of its own
    item = add_item(meeting=meeting, title="Chỉ thị 42", kind="direction")
    assert figure(branch, "resolution_briefed") == (1, 2)
    drop_item(item=item)
    assert figure(branch, "resolution_briefed") is None
    meeting.refresh_from_db()
    change_meeting(meeting=meeting, version=meeting.version, on=TODAY, starts_at=meeting.starts_at.replace(month=2))
    assert figure(branch, "branch_meetings", as_of=Day(2026, 2, 28)) == (1, None)
    assert figure(branch, "branch_meetings") == (1, None)
    assert compare_totals() == []


# --- dues: whatever changes what is owed -------------------------------------------------------------


def shares(dues):
    """{month: (received, asked)} as fed."""
    lines = Quantity.objects.filter(activity__unit=dues.branch, indicator__code="dues_paid_share")
    return {
        fed_by.removeprefix("dues:2026-"): (value, whole)
        for fed_by, value, whole in lines.values_list("activity__fed_by", "value", "denominator")
    }


def test_the_only_receipt_taken_back_leaves_no_month_behind():
    dues = Keeping()
    receipt = dues.pay(dues.an, 9, paid_on=Day(2026, 9, 5))
    assert shares(dues) == {"09": (5000, 15_000), "10": (0, 15_000), "11": (0, 15_000)}
    take_back(receipt=receipt, why="Ghi nhầm", by=dues.keeper, on=TODAY)
    assert shares(dues) == {}
    assert not Activity.objects.filter(unit=dues.branch).exists()
    assert compare_totals() == []


def test_status_and_exemption_change_the_share_of_the_months_at_once():
    dues = Keeping()
    dues.pay(dues.an, 10, 11, paid_on=Day(2026, 10, 5))
    set_statuses(unit=dues.branch, statuses={dues.binh.pk: "unsalaried"}, from_month=Day(2026, 11, 1), by=dues.keeper)
    assert shares(dues) == {"10": (5000, 15_000), "11": (5000, 12_000)}
    said = {"reason": "Khó khăn", "decision": "NQ 12", "by": dues.keeper}
    made = exempt(member=dues.chi, from_month=Day(2026, 10, 1), last_month=Day(2026, 10, 1), **said)
    assert shares(dues) == {"10": (5000, 10_000), "11": (5000, 12_000)}
    drop_exemption(exemption=made)
    assert shares(dues) == {"10": (5000, 15_000), "11": (5000, 12_000)}
    assert compare_totals() == []


def test_the_opening_of_the_fund_book_begins_the_months_and_struck_ends_them():
    dues = Keeping()
    said = {"kind": "opening", "dated_on": Day(2026, 10, 1), "amount": 120_000, "text": ""}
    opening, _ = write_entry(unit=dues.branch, by=dues.keeper, on=TODAY, **said)
    assert shares(dues) == {"10": (0, 15_000), "11": (0, 15_000)}
    take_back_entry(entry=opening, why="Ghi nhầm", by=dues.keeper, on=TODAY)
    assert shares(dues) == {}
    assert compare_totals() == []


def test_a_rating_opens_its_round_for_who_reads_names(client, branch):
    period = Period.objects.year(2026)
    round = AssessmentRound.objects.create(
        unit=branch, subject="member", name="Xếp loại 2026", period=period, opened_on=TODAY, self_until=TODAY,
        due_on=TODAY, counted_on=TODAY, opened_by=AccountFactory(), label_set=LabelSet.objects.get(ends_on=None),
        criteria_set=CriteriaSet.objects.filter(subject="member").first(),
    )  # fmt: skip
    feed(unit_id=branch.pk, fed_by=f"round:{round.pk}", on=TODAY, title="Xếp loại", lines=[FedLine("rated_fair", 2, 3)])
    page = reverse("branches:activity", args=[Activity.objects.get().pk])
    opens = reverse("branches:assessment_unit", args=[branch.pk, round.pk])
    for post, is_link in (("secretary", True), ("member", False)):
        client.force_login(account_at(branch, post))
        text = client.get(page).content.decode()
        assert "Đợt đánh giá, xếp loại" in text
        assert (opens in text) is is_link, post


def test_members_entered_are_counted_for_a_day_and_said_so(client, branch):
    people = [MemberFactory(home=branch, national_code=code) for code in ("AH000001", "AH000002", "")]
    feed_entered(branch, on=Day(2026, 10, 31))
    assert figure(branch, "software_entered", as_of=Day(2026, 10, 31)) == (2, 3)
    people[2].national_code = "AH000003"
    people[2].save()
    assert figure(branch, "software_entered") == (2, 3)
    feed_everything(branch, on=TODAY)
    feed_everything(branch, on=TODAY)
    assert figure(branch, "software_entered") == (3, 3)
    assert figure(branch, "software_entered", as_of=Day(2026, 10, 31)) == (2, 3)
    assert Activity.objects.filter(fed_by__startswith="entered:").count() == 2
    assert compare_totals() == []
    client.force_login(account_at(branch))
    text = client.get(reverse("branches:activity", args=[Activity.objects.get(fed_by="entered:2026-11").pk]))
    assert "đếm cho ngày 22/11/2026, đếm lại mỗi đêm" in text.content.decode()


def test_a_branch_without_codes_or_with_a_typed_figure_is_told_nothing(branch):
    MemberFactory(home=branch)
    feed_entered(branch, on=TODAY)
    assert figure(branch, "software_entered") is None
    MemberFactory(home=branch, national_code="AH000001")
    entered = Indicator.objects.get(code="software_entered")
    record_activity(
        unit=branch, title="Rà soát", starts_on=Day(2026, 11, 12), by=AccountFactory(), on=TODAY,
        quantities=[QuantityLine(entered, 1, denominator=1)],
    )  # fmt: skip
    feed_entered(branch, on=TODAY)
    assert figure(branch, "software_entered") == (1, 1)
