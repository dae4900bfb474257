"""A unit that ends leaves what inspectors asked of it to its heir: told in the preview, read and answered after."""

import datetime
import uuid

import pytest
from django.urls import reverse

from branches.heirs import also_left
from branches.merging import SUPERIOR, NewUnit, Shares, merge_units, split_unit
from branches.models import Unit
from branches.restructuring import dissolve_unit
from inspections.following import answer_recommendation
from inspections.models import Finding, Inspection, Recommendation, UnitAnswer
from inspections.states import InspectionRefused
from tests.factories import ActivityFactory, UnitFactory, account_at
from tests.inspecting import TODAY, concluded, planned, scene, stranger, visited

pytestmark = pytest.mark.django_db
ENDS = datetime.date(2026, 11, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Ending:
    """A branch with a recommendation still open, and the branch it goes into."""

    def __init__(self):
        self.s = scene()
        self.case, self.row = concluded(self.s)
        self.office = account_at(self.s.union, "superior_office")
        self.heir = account_at(self.s.sibling, "secretary", full_name="Trần Thị Kế Tục")
        self.event = {"by": self.office, "on": ENDS, "today": TODAY, "decision": "12-QĐ/ĐTN"}

    def merge(self):
        into = self.s.sibling
        return merge_units(superior=self.s.union, sources=[self.s.branch, into], into=into, **self.event)

    def may(self, user):
        """(reads the case, reads what was found, answers) of the case of the branch that ended."""
        return (
            Inspection.objects.visible_to(user).filter(pk=self.case.pk).exists(),
            Finding.objects.visible_to(user).exists(),
            Recommendation.objects.answerable_by(user).filter(pk=self.row.pk).exists(),
        )


@pytest.fixture
def ending():
    return Ending()


NOTHING, ALL = (False, False, False), (True, True, True)


def test_the_heir_reads_and_answers_and_nobody_else(ending):
    beside = account_at(UnitFactory(superior=ending.s.union), "secretary")
    assert ending.may(ending.heir) == NOTHING
    ending.merge()
    assert ending.may(ending.heir) == ALL
    assert ending.may(beside) == ending.may(stranger()) == NOTHING
    assert Inspection.objects.get().unit == ending.s.branch  # the case stays with the unit that was inspected


def test_the_heir_of_the_heir_answers_in_its_turn(ending):
    ending.merge()
    third = UnitFactory(superior=ending.s.union)
    secretary = account_at(third, "secretary")
    merge_units(
        superior=ending.s.union, sources=[ending.s.sibling, third], into=third,
        **ending.event | {"on": datetime.date(2026, 11, 20)},
    )  # fmt: skip
    assert ending.may(secretary) == ALL
    assert ending.may(ending.heir) == NOTHING


@pytest.mark.parametrize("place", [0, 1])
def test_of_a_split_the_part_named_answers(ending, place):
    made = split_unit(
        unit=ending.s.branch, goes_on=False, shares=Shares(), heir=place,
        parts=[NewUnit("Chi đoàn Một", "branch"), NewUnit("Chi đoàn Hai", "branch")], **ending.event,
    )  # fmt: skip
    assert ending.may(account_at(made[place], "secretary")) == ALL
    assert ending.may(account_at(made[1 - place], "secretary")) == NOTHING


@pytest.mark.parametrize("how", ["split", "dissolved"])
def test_where_no_branch_takes_its_place_the_superior_answers(ending, how):
    secretary = account_at(ending.s.union, "superior_secretary")
    if how == "split":
        split_unit(
            unit=ending.s.branch, goes_on=False, shares=Shares(), heir=SUPERIOR,
            parts=[NewUnit("Chi đoàn Một", "branch"), NewUnit("Chi đoàn Hai", "branch")], **ending.event,
        )  # fmt: skip
    else:
        dissolve_unit(unit=ending.s.branch, sends_members_away=True, **ending.event)
    assert ending.may(secretary) == ALL


def test_a_visit_that_must_not_be_announced_is_not_told_to_the_heir_either(ending):
    sudden = planned(ending.s, title="Đột xuất", inspection_kind="sudden", supervision_kind="")
    ending.merge()
    assert not Inspection.objects.visible_to(ending.heir).filter(pk=sudden.pk).exists()


def test_the_heir_answers_with_its_own_work_and_that_of_the_unit_before(client, ending):
    ending.merge()
    before = ActivityFactory(unit=ending.s.branch, starts_on=datetime.date(2026, 10, 10), title="Họp tháng mười")
    own = ActivityFactory(unit=ending.s.sibling, starts_on=datetime.date(2026, 11, 18), title="Họp tháng mười một")
    other = ActivityFactory(unit=UnitFactory(superior=ending.s.union), starts_on=datetime.date(2026, 11, 18))
    client.force_login(ending.heir)
    url = reverse("inspections:answer", args=[ending.row.pk])
    page = client.get(url).content.decode()
    assert "Họp tháng mười một" in page
    assert f'value="{before.pk}"' in page
    said = {"recommendation": ending.row, "version": ending.row.version, "by": ending.heir, "on": TODAY, "text": "Xong"}
    with pytest.raises(InspectionRefused):
        answer_recommendation(**said, activities=[other])
    data = {
        "text": "Đã họp đều", "version": ending.row.version, "activities": [before.pk, own.pk],
        "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    answer = UnitAnswer.objects.get()
    assert (answer.answered_by, set(answer.activities.all())) == (ending.heir, {before, own})
    client.force_login(stranger())
    assert client.get(url).status_code == 404


# --- before the button is pressed -----------------------------------------------------------------


def test_preview_tells_what_is_open_and_who_will_answer(client, ending):
    visited(ending.s, title="Chưa kết luận")
    planned(ending.s, title="Đột xuất", inspection_kind="sudden", supervision_kind="")
    assert also_left([ending.s.branch.pk, ending.s.sibling.pk]) == {
        ending.s.branch.pk: ["1 kiến nghị của Ủy ban Kiểm tra chưa xong", "1 cuộc kiểm tra, giám sát chưa kết luận"]
    }
    client.force_login(ending.office)
    said = {"decision": "12-QĐ", "on": "15/11/2026", "form_key": str(uuid.uuid4()), "do": "preview"}
    sources = {"sources": [ending.s.branch.pk, ending.s.sibling.pk], "into": ending.s.sibling.pk, "new_kind": "branch"}
    told = (
        "Chi đoàn Cục Thử nghiệm: 1 kiến nghị của Ủy ban Kiểm tra chưa xong, 1 cuộc kiểm tra, giám sát chưa kết luận "
        "vẫn ở hồ sơ đơn vị này; {} đọc và trả lời tiếp."
    )
    page = client.post(reverse("branches:unit_merge", args=[ending.s.union.pk]), said | sources).content.decode()
    assert told.format("Chi đoàn Vụ Bên cạnh") in page
    page = client.post(reverse("branches:unit_dissolve", args=[ending.s.branch.pk]), said).content.decode()
    assert told.format("Đoàn Thanh niên Bộ thử") in page
    parts = {"goes_on": "no", "name_1": "Chi đoàn Một", "name_2": "Chi đoàn Hai", "rest": "1", "heir": "2"}
    page = client.post(reverse("branches:unit_split", args=[ending.s.branch.pk]), said | parts).content.decode()
    assert told.format("Chi đoàn Hai") in page
    assert Unit.objects.filter(dissolved_on=None, name__startswith="Chi đoàn").count() == 2  # nothing was saved


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_do_not_grow_with_the_units(ending, django_assert_num_queries, count):
    units = [ending.s.branch, *(UnitFactory(superior=ending.s.union) for _ in range(count))]
    with django_assert_num_queries(2):
        assert len(also_left([one.pk for one in units])) == 1
