"""What the Party committee and the inspectors read of a report: what left the house or was approved, nothing else."""

import datetime

import pytest
from django.urls import reverse

from branches.models import Unit
from inspections.models import Inspection
from reports.evidence_room.room import Room
from reports.models import PeriodReport
from reports.papers.party import party_html
from reports.print_jobs import as_they_stand, readable
from reports.rounds import open_round
from reports.summary import party_summary

from .edition_scene import LAST_DAY, TODAY, a_branch, approve, begin, hand_in
from .factories import account_at, year

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Numbered:
    """A report with number and day, and everybody who would read it without a right to drafts."""

    def __init__(self):
        self.branch = a_branch()
        self.party = account_at(self.branch, "party_secretary")
        self.report = begin(self.branch, number="7", dated_on=TODAY, signer_name="Đỗ Minh Khang")

    def stands(self, state: str) -> None:
        PeriodReport.objects.filter(pk=self.report.pk).update(state=state)

    def printed(self, client) -> list[int]:
        """The answers to PDF, Word and Excel."""
        client.force_login(self.party)
        urls = [reverse(f"reports:report_{name}", args=[self.report.pk]) for name in ("pdf", "docx", "xlsx")]
        return [client.get(url).status_code for url in urls]

    def read(self) -> list[bool]:
        """In the list beside the summary, in a print job, in the evidence room, in the Party's own paper."""
        room = Room(
            Inspection(unit=self.branch, review_from=datetime.date(2025, 1, 1), review_to=datetime.date(2026, 1, 1)),
            TODAY,
        )
        paper, _ = party_html(party_summary(self.branch, 2025, as_of=LAST_DAY), on=LAST_DAY)
        party = type(self.party).objects.get(pk=self.party.pk)
        return [
            PeriodReport.objects.papers_of(party, self.branch, year(2025)).exists(),
            readable(party).exists(),
            room.reports().exists(),
            "Đỗ Minh Khang" in paper,
        ]


@pytest.mark.parametrize("state", ["submitted", "returned", "draft"])
def test_a_numbered_report_that_was_handed_in_waits_for_its_approval(client, state):
    """draft: taken back. The number comes with the submission and says nothing about the decision."""
    s = Numbered()
    submission = hand_in(s.report)
    s.stands(state)
    assert (s.printed(client), s.read()) == ([404, 404, 404], [False] * 4)
    assert not as_they_stand(s.party).exists()
    approve(submission)
    assert (s.printed(client), s.read()) == ([200, 200, 200], [True] * 4)


def test_a_numbered_draft_a_round_asks_for_was_not_issued(client):
    s = Numbered()
    superior = s.branch.placements.get().superior
    assert (s.printed(client), s.read()) == ([200, 200, 200], [True] * 4)  # issued by hand, as before rounds
    asked = open_round(
        unit=Unit.objects.get(pk=superior.pk), by=account_at(superior, "superior_secretary"), on=TODAY, kind="year",
        period=year(2025), due_on=TODAY,
    )  # fmt: skip
    assert (s.printed(client), s.read()) == ([404, 404, 404], [False] * 4)
    asked.closed_on = TODAY
    asked.save()
    assert s.read() == [False] * 4  # nor did closing the round issue it
