"""Two records of one person become one: what stands, what moves, what is refused, and that every day counts once."""

import datetime
import html
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.days import PartialDay
from branches.enrolling import EnrolmentRefused, change_member
from branches.joining_spans import joined
from branches.merging_members import (
    ABSORBED,
    KEPT,
    MergeRefused,
    choices_between,
    merge_members,
    merges_of,
)
from branches.merging_rows import RULES
from branches.models import (
    Admission,
    AwayStay,
    Consent,
    ConsentText,
    DataRequest,
    EditConflict,
    Member,
    MemberMerge,
    Membership,
    NotSamePerson,
    Participation,
    Precision,
    ProposedValue,
    SelfServiceLink,
    SensitiveAccess,
    SensitiveData,
    StayOn,
    Transfer,
)
from branches.register import register_figures
from branches.totals import compare_totals
from tests.factories import (
    AccountFactory,
    ActivityFactory,
    MemberFactory,
    ParticipationFactory,
    PostFactory,
    QuantityFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 26)


def d(year, month=1, day=1):
    return datetime.date(year, month, day)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


@pytest.fixture
def elsewhere(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Y tế")


@pytest.fixture
def keeper(branch, elsewhere):
    """Somebody who keeps both registers."""
    account = account_at(branch)
    PostFactory(account=account, unit=elsewhere)
    return account


@pytest.fixture
def pair(branch):
    return (
        MemberFactory(home=branch, full_name="Lê Thu An", national_code="0101", phone=""),
        MemberFactory(home=branch, full_name="LE THU AN", national_code="0202", phone="0912345678"),
    )


def merge(pair, by, **sides):
    kept, absorbed = (Member.objects.get(pk=one.pk) for one in pair)
    return merge_members(kept=kept, absorbed=absorbed, versions=(kept.version, absorbed.version), sides=sides, by=by)


def course(member):
    rows = member.memberships.order_by("starts_on", "pk").values_list("unit__name", "starts_on", "ends_on")
    return [(name.removeprefix("Chi đoàn "), starts_on, ends_on) for name, starts_on, ends_on in rows]


# --- every way to a member has a rule ---------------------------------------------------------------


def test_every_relation_to_a_member_has_a_rule():
    """A new table that points at a member must say here what becomes of its rows."""
    relations = {
        f"{relation.related_model.__name__}.{relation.field.name}"
        for relation in Member._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }
    assert relations == set(RULES)


def test_every_link_moves(pair, branch, elsewhere, keeper):
    kept, absorbed = pair
    login = AccountFactory(member=absorbed)
    target = TargetFactory(unit=branch, owner=absorbed)
    activity = ParticipationFactory(member=absorbed, activity=ActivityFactory(unit=branch)).activity
    text = ConsentText.objects.create(purpose="so", version=99, title="T", body="B", valid_from=DAY)
    rows = [
        Admission.objects.create(
            unit=branch, full_name="Lê Thu An", birth_date=d(2001), applied_on=DAY, member=absorbed, written_by=keeper
        ),
        Consent.objects.create(member=absorbed, text=text, given=True, means="paper"),
        DataRequest.objects.create(
            unit=branch, member=absorbed, name="Lê Thu An", kind="copy", received_on=DAY, answer_due_on=DAY,
            finish_due_on=DAY, written_by=keeper,
        ),
        ProposedValue.objects.create(member=absorbed, field="phone", value="0911"),
        SelfServiceLink.objects.create(
            unit=branch, member=absorbed, token_hash="a", created_by=keeper,
            expires_at=datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC),
        ),
        SensitiveAccess.objects.create(member=absorbed, account=keeper, kind="opened"),
        StayOn.objects.create(member=absorbed, wished_on=DAY, written_by=keeper),
        AwayStay.objects.create(
            member=absorbed, kind="residence", place="Xã Ea Kao", starts_on=DAY, written_by=keeper
        ),
        Transfer.objects.create(
            member=absorbed, source=branch, target=elsewhere, target_name=elsewhere.name, state="returned",
            asked_on=DAY, remark="Tốt", due_on=DAY, sent_by=keeper,
        ),
    ]  # fmt: skip
    done = merge(pair, keeper)
    for row in rows:
        row.refresh_from_db()
        assert row.member_id == kept.pk, row
    login.refresh_from_db()
    target.refresh_from_db()
    assert (login.member, target.owner) == (kept, kept)
    assert target.history.first().history_user == keeper
    assert list(activity.participations.values_list("member", flat=True)) == [kept.pk]
    assert done.moved["rows"] == {
        "Account.member": 1,
        "Admission.member": 1,
        "AwayStay.member": 1,
        "Consent.member": 1,
        "DataRequest.member": 1,
        "Participation.member": 1,
        "ProposedValue.member": 1,
        "SelfServiceLink.member": 1,
        "SensitiveAccess.member": 1,
        "StayOn.member": 1,
        "Target.owner": 1,
        "Transfer.member": 1,
    }


def test_somebody_took_part_once_in_an_activity(pair, branch, keeper):
    kept, absorbed = pair
    both, one = ActivityFactory(unit=branch), ActivityFactory(unit=branch)
    QuantityFactory(activity=both)
    for member in pair:
        ParticipationFactory(activity=both, member=member)
    ParticipationFactory(activity=one, member=absorbed)
    merge(pair, keeper)
    assert sorted(Participation.objects.values_list("activity", "member")) == sorted(
        [(both.pk, kept.pk), (one.pk, kept.pk)]
    )
    assert compare_totals() == []


def test_of_two_waiting_proposals_the_newer_one_goes_on(pair, keeper):
    kept, absorbed = pair
    older = ProposedValue.objects.create(member=kept, field="phone", value="0911")
    newer = ProposedValue.objects.create(member=absorbed, field="phone", value="0922")
    merge(pair, keeper)
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.state, newer.state, newer.member) == ("replaced", "waiting", kept)


def test_two_persons_said_of_the_absorbed_record_holds_for_the_kept_one(pair, branch, keeper):
    kept, absorbed = pair
    third, fourth = MemberFactory(home=branch), MemberFactory(home=branch)
    for first, second in ((kept, third), (absorbed, third), (absorbed, fourth)):
        NotSamePerson.objects.create(first=first, second=second, said_by=keeper)
    merge(pair, keeper)
    assert sorted(NotSamePerson.objects.values_list("first", "second")) == [(kept.pk, third.pk), (kept.pk, fourth.pk)]


# --- which value stands -----------------------------------------------------------------------------


def test_filled_beats_empty_exact_beats_vague_and_else_the_kept_record_stands(branch):
    kept = MemberFactory(
        home=branch, full_name="Lê An", job="Văn thư", birth_date=d(2001), birth_precision=Precision.YEAR,
        admitted_on=d(2016, 3), admitted_precision=Precision.MONTH,
    )  # fmt: skip
    absorbed = MemberFactory(
        home=branch, full_name="LE AN", job="Kế toán", birth_date=d(2001, 5, 9), phone="0912345678",
        admitted_on=d(2017), admitted_precision=Precision.YEAR,
    )  # fmt: skip
    found = {one.field: (one.stands, one.differs) for one in choices_between(kept, absorbed)}
    assert found["full_name"] == ("Lê An", True)
    assert found["job"] == ("Văn thư", True)
    assert found["phone"] == ("0912345678", False)
    assert found["birth_date"] == (PartialDay(d(2001, 5, 9)), True)
    assert found["admitted_on"] == (PartialDay(d(2016, 3), Precision.MONTH), True)
    assert found["email"] == ("", False)


def test_the_chosen_values_stand_and_the_code_of_the_absorbed_record_is_free(pair, keeper):
    kept, absorbed = pair
    SensitiveData.objects.create(member=kept, ethnicity="Kinh")
    SensitiveData.objects.create(member=absorbed, ethnicity="Ê Đê", personal_number="066099001234")
    done = merge(pair, keeper, national_code=ABSORBED, full_name=KEPT, ethnicity=ABSORBED)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert (kept.full_name, kept.national_code, kept.phone, kept.version) == ("Lê Thu An", "0202", "0912345678", 2)
    assert (kept.sensitive.ethnicity, kept.sensitive.personal_number) == ("Ê Đê", "066099001234")
    assert not SensitiveData.objects.filter(member=absorbed).exists()
    assert (absorbed.national_code, absorbed.phone, absorbed.is_active, absorbed.merged_into) == ("", "", False, kept)
    # What both said is kept for the explanation; of the sensitive part only whose value stands.
    assert done.values["national_code"] == ["0101", "0202", "0202"]
    assert done.values["ethnicity"] == ["", "", "absorbed"]
    assert "066099001234" not in str(done.values)
    assert "Ê Đê" not in str(done.values)
    access = SensitiveAccess.objects.get(member=kept)
    assert (access.kind, access.account) == ("changed", keeper)
    assert kept.history.first().history_user == keeper


def test_values_that_contradict_each_other_are_refused_and_nothing_moves(branch, keeper):
    kept = MemberFactory(home=branch, birth_date=d(2001, 5, 9), admitted_on=None)
    absorbed = MemberFactory(home=branch, birth_date=None, admitted_on=d(1999))
    with pytest.raises(EnrolmentRefused) as refused:
        merge((kept, absorbed), keeper)
    assert list(refused.value.errors) == ["admitted_on"]
    absorbed.refresh_from_db()
    assert (absorbed.merged_into, absorbed.is_active, absorbed.memberships.count()) == (None, True, 1)


# --- spans ------------------------------------------------------------------------------------------


def test_overlapping_spans_of_one_unit_become_one_from_the_earlier_start(branch, keeper):
    kept = MemberFactory(home=branch, since=d(2020))
    absorbed = MemberFactory(home=branch, since=d(2018), begin_reason="admitted")
    merge((kept, absorbed), keeper)
    membership = kept.memberships.get()
    assert (membership.starts_on, membership.ends_on, membership.begin_reason) == (d(2018), None, "admitted")


def test_a_record_that_ended_goes_on_where_the_other_one_is_open(branch, keeper):
    kept = MemberFactory(home=branch, since=d(2018), is_active=False)
    kept.memberships.update(ends_on=d(2021), end_reason="moved_out", end_decision="5-QĐ")
    absorbed = MemberFactory(home=branch, since=d(2020))
    merge((kept, absorbed), keeper)
    kept.refresh_from_db()
    membership = kept.memberships.get()
    assert (membership.starts_on, membership.ends_on, membership.end_reason) == (d(2018), None, "")
    assert (membership.end_decision, kept.is_active) == ("", True)


def test_in_two_units_the_kept_one_stands_and_the_other_is_cut(branch, elsewhere, keeper):
    kept = MemberFactory(home=branch, since=d(2020))
    absorbed = MemberFactory(home=elsewhere, since=d(2018))
    merge((kept, absorbed), keeper)
    kept.refresh_from_db()
    assert kept.home == branch
    assert course(kept) == [("Sở Y tế", d(2018), d(2020)), ("Sở Thông tin", d(2020), None)]
    assert kept.memberships.get(unit=elsewhere).end_reason == "moved_out"


def test_home_is_where_the_only_open_span_is(branch, elsewhere, keeper):
    kept = MemberFactory(home=branch, since=d(2018), is_active=False)
    kept.memberships.update(ends_on=d(2021), end_reason="moved_out")
    absorbed = MemberFactory(home=elsewhere, since=d(2020))
    merge((kept, absorbed), keeper)
    kept.refresh_from_db()
    assert (kept.home, kept.is_active) == (elsewhere, True)
    assert course(kept) == [("Sở Thông tin", d(2018), d(2021)), ("Sở Y tế", d(2021), None)]


def test_a_span_within_the_others_is_gone_and_one_around_it_is_parted(branch, elsewhere, keeper):
    kept = MemberFactory(home=branch, since=d(2018), is_active=False)
    kept.memberships.update(ends_on=d(2021), end_reason="moved_out")
    absorbed = MemberFactory(home=elsewhere, since=d(2016), is_active=False)
    absorbed.memberships.update(ends_on=d(2023), end_reason="matured", end_decision="7-QĐ")
    Membership.objects.create(
        member=absorbed, unit=elsewhere, starts_on=d(2019), ends_on=d(2020), end_reason="moved_out"
    )
    merge((kept, absorbed), keeper)
    assert course(kept) == [
        ("Sở Y tế", d(2016), d(2018)),
        ("Sở Thông tin", d(2018), d(2021)),
        ("Sở Y tế", d(2021), d(2023)),
    ]
    reasons = list(kept.memberships.order_by("starts_on").values_list("begin_reason", "end_reason", "end_decision"))
    assert reasons == [
        ("registered", "moved_out", ""),
        ("registered", "moved_out", ""),
        ("moved_in", "matured", "7-QĐ"),
    ]


def test_a_gap_between_two_spans_of_the_unit_is_closed_to_one(branch, keeper):
    kept = MemberFactory(home=branch, since=d(2016))
    kept.memberships.update(ends_on=d(2018), end_reason="deleted")
    Membership.objects.create(member=kept, unit=branch, starts_on=d(2020), begin_reason="moved_in")
    absorbed = MemberFactory(home=branch, since=d(2017))
    merge((kept, absorbed), keeper)
    assert course(kept) == [("Sở Thông tin", d(2016), None)]


def test_spans_that_only_touch_stay_two(branch, keeper):
    """Somebody left and came back on that day: the register has two facts."""
    kept = MemberFactory(home=branch, since=d(2020))
    absorbed = MemberFactory(home=branch, since=d(2018), is_active=False)
    absorbed.memberships.update(ends_on=d(2020), end_reason="deleted")
    merge((kept, absorbed), keeper)
    assert course(kept) == [("Sở Thông tin", d(2018), d(2020)), ("Sở Thông tin", d(2020), None)]


def test_a_stay_elsewhere_moves_beside_the_official_span(branch, elsewhere, keeper):
    kept, absorbed = MemberFactory(home=branch, since=d(2018)), MemberFactory(home=branch, since=d(2018))
    Membership.objects.create(member=kept, unit=elsewhere, kind="residence", starts_on=d(2020))
    Membership.objects.create(member=absorbed, unit=elsewhere, kind="residence", starts_on=d(2019))
    merge((kept, absorbed), keeper)
    rows = kept.memberships.order_by("kind").values_list("kind", "starts_on", "ends_on")
    assert list(rows) == [("official", d(2018), None), ("residence", d(2019), None)]


DAYS = st.dates(d(2024), d(2024, 3, 1))


@st.composite
def courses(draw):
    """The official course of one record: spans that do not overlap, in two units, the last one perhaps open."""
    days = sorted(draw(st.sets(DAYS, min_size=2, max_size=6)))
    days = days[: len(days) // 2 * 2]
    spans = [(draw(st.integers(0, 1)), *days[place : place + 2]) for place in range(0, len(days), 2)]
    return spans, draw(st.booleans())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=courses(), second=courses())
def test_every_day_counts_once_in_the_unit_of_the_kept_record(branch, elsewhere, keeper, first, second):
    units = [branch, elsewhere]

    def unit_of(spans, is_open, day):
        for place, (number, starts_on, ends_on) in enumerate(spans):
            if starts_on <= day and (day < ends_on or (is_open and place == len(spans) - 1)):
                return units[number].pk
        return None

    with transaction.atomic():
        pair = []
        for spans, is_open in (first, second):
            member = Member.objects.create(full_name="Lê An", home=units[spans[-1][0]], is_active=is_open)
            for place, (number, starts_on, ends_on) in enumerate(spans):
                ends = None if is_open and place == len(spans) - 1 else ends_on
                Membership.objects.create(
                    member=member, unit=units[number], starts_on=starts_on, ends_on=ends,
                    end_reason="moved_out" if ends else "",
                )  # fmt: skip
            pair.append(member)
        merge(pair, keeper)
        rows = list(Membership.objects.values_list("member", "unit", "starts_on", "ends_on"))
        assert {member for member, *_ in rows} == {pair[0].pk}
        for number in range(62):
            day = d(2024) + datetime.timedelta(number)
            here = [unit for _, unit, start, end in rows if start <= day and (end is None or day < end)]
            expected = unit_of(*first, day) or unit_of(*second, day)
            assert here == ([expected] if expected else []), day
        kept = Member.objects.get(pk=pair[0].pk)
        assert kept.is_active == (first[1] or second[1])
        transaction.set_rollback(True)


def test_counts_of_the_register_lose_one_person_and_no_day(union, branch, elsewhere, keeper, pair):
    from django.db.models import Q

    MemberFactory(home=branch)
    days = [d(2014), d(2016), DAY]
    units = Q(unit__path__startswith=union.path)
    before = [register_figures(units=units, keys=["members"], day=day)["members"] for day in days]
    merge(pair, keeper)
    after = [register_figures(units=units, keys=["members"], day=day)["members"] for day in days]
    assert (before, after) == ([0, 3, 3], [0, 2, 2])


def test_joining_nothing_to_a_course_changes_nothing(branch):
    member = MemberFactory(home=branch, since=d(2018))
    rows = list(member.memberships.select_related("unit"))
    assert [span.columns for span in joined(rows, [])] == [span.columns for span in joined([], rows)]


# --- what is refused --------------------------------------------------------------------------------


def test_two_accounts_two_persons_an_open_transfer_and_a_merged_record_are_refused(pair, branch, keeper):
    kept, absorbed = pair
    with pytest.raises(MergeRefused, match="cùng một hồ sơ"):
        merge((kept, kept), keeper)
    said = NotSamePerson.objects.create(first=kept, second=absorbed, said_by=keeper)
    with pytest.raises(MergeRefused, match="đã được ghi là hai người"):
        merge(pair, keeper)
    said.delete()
    moving = Transfer.objects.create(
        member=absorbed,
        source=branch,
        target_name="Đoàn xã Ea Kao",
        asked_on=DAY,
        remark="",
        due_on=DAY,
        sent_by=keeper,
    )
    with pytest.raises(MergeRefused, match="Đang chuyển sinh hoạt đến Đoàn xã Ea Kao"):
        merge(pair, keeper)
    moving.delete()
    for member, name in ((kept, "an.le"), (absorbed, "an.le2")):
        AccountFactory(member=member, username=name)
    with pytest.raises(MergeRefused, match=r"\(an.le và an.le2\)"):
        merge(pair, keeper)
    absorbed.account.delete()
    merge(pair, keeper)
    with pytest.raises(MergeRefused, match="đã được gộp"):
        merge(pair, keeper)
    assert MemberMerge.objects.count() == 1


@pytest.mark.parametrize("side", [0, 1])
def test_the_right_to_one_record_is_not_enough(branch, elsewhere, side):
    """A false twin in one's own branch must not open the real person's record."""
    pair = MemberFactory(home=branch), MemberFactory(home=elsewhere)
    with pytest.raises(MergeRefused, match="của cả hai hồ sơ"):
        merge(pair, account_at(pair[side].home))
    assert Member.objects.filter(merged_into=None).count() == 2


@pytest.mark.parametrize("side", [0, 1])
def test_a_record_changed_after_the_preview_is_looked_at_again(pair, keeper, side):
    before = [Member.objects.get(pk=one.pk) for one in pair]
    change_member(member=pair[side], version=1, by=keeper, job="Kế toán")
    with pytest.raises(EditConflict) as conflict:
        merge_members(kept=before[0], absorbed=before[1], versions=(1, 1), by=keeper)
    assert conflict.value.current.pk == pair[side].pk
    assert not MemberMerge.objects.exists()


def test_an_edit_opened_before_the_merge_is_refused(pair, keeper):
    merge(pair, keeper)
    for member in pair:
        with pytest.raises(EditConflict):
            change_member(member=member, version=1, by=keeper, job="Kế toán")


# --- after it ---------------------------------------------------------------------------------------


def test_the_absorbed_record_is_in_no_list_and_its_address_leads_on(client, pair, branch, keeper):
    kept, absorbed = pair
    merge(pair, keeper)
    client.force_login(keeper)
    pages = [
        client.get(reverse("branches:member_list", args=[branch.pk]), said)
        for said in ({}, {"xem": "da-roi"}, {"q": "le thu an"})
    ]
    assert [[row["pk"] for row in page.context["rows"]] for page in pages] == [[kept.pk], [], [kept.pk]]
    answer = client.get(reverse("branches:member", args=[absorbed.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("branches:member", args=[kept.pk]))
    client.force_login(account_at(UnitFactory()))
    assert client.get(reverse("branches:member", args=[absorbed.pk])).status_code == 404


def test_a_chain_of_merges_leads_to_the_end_and_is_explained(client, pair, branch, keeper):
    kept, absorbed = pair
    last = MemberFactory(home=branch, full_name="Lê Thu Ân")
    merge(pair, keeper)
    merge((last, kept), keeper)
    absorbed.refresh_from_db()
    assert absorbed.merged_into == last
    assert [(row.kept, row.absorbed) for row in merges_of(last)] == [(kept, absorbed), (last, kept)]
    client.force_login(keeper)
    page = client.get(reverse("branches:member", args=[last.pk])).content.decode()
    assert "Gộp từ hồ sơ LE THU AN" in page
    explained = client.get(reverse("branches:member_merges", args=[last.pk])).content.decode()
    assert "0202" in explained  # the code that gave way
    client.force_login(account_at(branch, "committee_member"))
    assert client.get(reverse("branches:member_merges", args=[last.pk])).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_the_same_pair_at_once_one_does_it(pair, keeper):
    """Each keeps the other record; whoever comes second waits, then sees that it was done."""
    gate, answers = threading.Barrier(2), []

    def run(first, second):
        gate.wait()
        try:
            merge_members(kept=first, absorbed=second, versions=(1, 1), by=keeper)
            answers.append("done")
        except (MergeRefused, EditConflict) as refused:
            answers.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["MergeRefused", "done"]
    assert Member.objects.filter(merged_into=None).count() == 1
    assert Membership.objects.filter(ends_on=None).count() == 1
    assert MemberMerge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_merge_and_an_edit_at_once_no_work_is_lost(pair, keeper):
    gate, answers = threading.Barrier(2), {}

    def run(name, work):
        gate.wait()
        try:
            work()
            answers[name] = "done"
        except (MergeRefused, EditConflict) as refused:
            answers[name] = type(refused).__name__
        finally:
            connection.close()

    kept, absorbed = pair
    works = {
        "merge": lambda: merge_members(kept=kept, absorbed=absorbed, versions=(1, 1), by=keeper),
        "edit": lambda: change_member(member=absorbed, version=1, by=keeper, job="Kế toán"),
    }
    threads = [threading.Thread(target=run, args=work) for work in works.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == ["EditConflict", "done"]
    absorbed.refresh_from_db()
    assert (absorbed.job == "Kế toán") == (answers["edit"] == "done")
    assert (absorbed.merged_into == kept) == (answers["merge"] == "done")


def test_page_says_what_moves_and_nothing_of_what_there_is_none(client, pair, keeper):
    kept, absorbed = pair
    client.force_login(keeper)
    url = reverse("branches:member_merge", args=[kept.pk, absorbed.pk])
    page = html.unescape(client.get(url).content.decode())
    assert "Chuyển sang hồ sơ được giữ: mọi giấy tờ" in page
    ParticipationFactory(member=absorbed)
    page = html.unescape(client.get(url).content.decode())
    assert "Chuyển sang hồ sơ được giữ: 1 lần tham gia hoạt động, mọi giấy tờ" in page
    assert "0 chỉ tiêu" not in page
