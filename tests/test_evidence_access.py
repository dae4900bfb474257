"""Who opens the evidence room, and that nothing else of the unit is opened through it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.models import Unit
from inspections.models import CaseMove, Inspection, RoomTake, TeamSeat
from inspections.preparing import SeatLine, end_seat
from reports.evidence_room.sections import KINDS
from tests.factories import (
    AccountFactory,
    ActivityFactory,
    account_at,
)
from tests.inspecting import TODAY, nobody, planned, scene, stranger
from tests.rooming import Day, held, proof

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


@pytest.fixture
def s(media):
    return scene()


def addresses(case, paper) -> list[str]:
    return [
        reverse("reports:evidence_room", args=[case.pk]),
        reverse("reports:evidence_zip", args=[case.pk]),
        *(reverse("reports:evidence_section", args=[case.pk, key]) for key in KINDS),
        reverse("reports:evidence_section_zip", args=[case.pk, "activities"]),
        reverse("reports:evidence_paper", args=[case.pk, "minh-chung", paper.pk]),
    ]


def test_exactly_the_committee_and_the_team_within_its_span_open_it(s, client):
    inspector = AccountFactory(full_name="Người Trong Đoàn")
    former = AccountFactory(full_name="Người Đã Thôi")
    case = planned(
        s, team=[SeatLine("A", role="head"), SeatLine("B", account=inspector), SeatLine("C", account=former)]
    )
    seat = TeamSeat.objects.get(account=former)
    TeamSeat.objects.filter(pk=seat.pk).update(starts_on=Day(2026, 1, 1))
    end_seat(seat=TeamSeat.objects.get(pk=seat.pk), by=s.chair, on=TODAY - datetime.timedelta(days=1))
    paper = proof(held(s.branch, Day(2026, 5, 1))[0])
    other_committee = account_at(s.sibling, "inspection_chair", full_name="Ủy ban Khác")
    above = account_at(Unit.objects.get(pk=s.union.superior_pk), "inspection_chair", full_name="Ủy ban Cấp Trên")
    party = account_at(s.branch, "party_secretary", full_name="Cấp Ủy")
    colleague = AccountFactory(full_name="Đoàn Khác")
    planned(s, title="Cuộc khác", team=[SeatLine("C", role="head"), SeatLine("D", account=colleague)])
    office = account_at(s.union, "superior_office", full_name="Văn Phòng")
    asked = {
        "committee": (s.chair, 200), "team": (inspector, 200), "former": (former, 404), "unit": (s.secretary, 403),
        "other committee": (other_committee, 404), "superior": (office, 404),
        "committee above": (above, 403), "party": (party, 404), "another team": (colleague, 404),
        "stranger": (stranger(), 404),
        "nobody": (nobody(), 404),
    }  # fmt: skip
    for who, (account, status) in asked.items():
        client.force_login(account)
        for url in addresses(case, paper):
            assert client.get(url).status_code == status, (who, url)


def test_a_visit_that_is_not_announced_shows_the_unit_nothing_of_the_look(s, client):
    case = planned(s, inspection_kind="sudden", supervision_kind="", team=())
    paper = proof(held(s.branch, Day(2026, 5, 1))[0])
    client.force_login(s.chair)
    assert [client.get(url).status_code for url in addresses(case, paper)] == [200] * 12
    client.force_login(s.secretary)
    for url in addresses(case, paper):
        assert client.get(url).status_code == 404
    assert CaseMove.objects.filter(inspection=case).count() == 0
    assert RoomTake.objects.visible_to(s.secretary).count() == 0
    assert RoomTake.objects.visible_to(s.chair).count() == 2


def test_the_team_reads_no_more_once_the_case_ended(s, client):
    """The committee keeps the case and goes on reading."""
    inspector = AccountFactory(full_name="Người Trong Đoàn")
    case = planned(s, team=[SeatLine("A", role="head"), SeatLine("B", account=inspector)])
    paper = proof(held(s.branch, Day(2026, 5, 1))[0])
    Inspection.objects.filter(pk=case.pk).update(
        state="closed", visited_on=Day(2026, 10, 1), concluded_on=Day(2026, 10, 5), closed_on=Day(2026, 11, 1)
    )
    for account, status in ((inspector, 403), (s.chair, 200)):
        client.force_login(account)
        assert {client.get(url).status_code for url in addresses(case, paper)} == {status}


def test_the_room_is_read_and_nothing_else(s, client):
    case = planned(s)
    paper = proof(held(s.branch, Day(2026, 5, 1))[0])
    client.force_login(s.chair)
    for url in addresses(case, paper):
        for method in (client.post, client.put, client.delete):
            assert method(url).status_code == 405
    assert RoomTake.objects.count() == 0


def test_the_team_is_offered_no_page_of_the_unit_it_may_not_open(s, client):
    inspector = AccountFactory()
    case = planned(s, team=[SeatLine("A", role="head"), SeatLine("B", account=inspector)])
    client.force_login(inspector)
    for key in KINDS:
        page = client.get(reverse("reports:evidence_section", args=[case.pk, key])).content.decode()
        main = page[page.index("<main") : page.index("</main")]
        assert f"/don-vi/{s.branch.pk}/" not in main, key
    client.force_login(s.chair)  # the committee reads figures of its units with its own post
    own = reverse("reports:progress", args=[s.branch.pk])
    assert own in client.get(reverse("reports:evidence_section", args=[case.pk, "plan"])).content.decode()


def test_only_what_stands_in_the_room_is_opened_through_it(s, client):
    case = planned(s)
    inside, outside = held(s.branch, Day(2026, 1, 1), Day(2025, 12, 31))
    foreign = ActivityFactory(unit=s.sibling, starts_on=Day(2026, 5, 1), last_on=Day(2026, 5, 1))
    client.force_login(s.chair)

    def answer(kind, key):
        return client.get(reverse("reports:evidence_paper", args=[case.pk, kind, key]))

    good = answer("minh-chung", proof(inside, content=b"bytes").pk)
    assert (good.status_code, b"".join(good.streaming_content)) == (200, b"bytes")
    assert good.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer("minh-chung", proof(outside).pk).status_code == 404
    assert answer("minh-chung", proof(foreign).pk).status_code == 404
    assert answer("gi-do", 1).status_code == 404
    assert client.get(reverse("reports:evidence_section", args=[case.pk, "gi-do"])).status_code == 404
    assert client.get(reverse("reports:evidence_section_zip", args=[case.pk, "gi-do"])).status_code == 404
