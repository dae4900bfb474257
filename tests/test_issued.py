"""What the Party committee and the inspectors read of a report: what was issued, that is approved, nothing else."""

import datetime
import uuid

import pytest
from django.urls import reverse

from branches.admitting import has_approver
from inspections.models import Inspection
from reports.evidence_room.room import Room
from reports.models import PeriodReport, ReportRound
from reports.papers.party import party_html
from reports.print_jobs import readable
from reports.states import ReportRefused
from reports.submitting import approve_outside
from reports.summary import party_summary
from reports.waiting import waiting_for

from .edition_scene import LAST_DAY, TODAY, a_branch, approve, begin, hand_in
from .factories import UnitFactory, account_at, year

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


def test_number_and_day_alone_issue_nothing(client):
    """They are typed when it is drafted; a round has never asked for it."""
    s = Numbered()
    assert not ReportRound.objects.exists()
    assert (s.printed(client), s.read()) == ([404, 404, 404], [False] * 4)


@pytest.mark.parametrize("state", ["submitted", "returned", "draft"])
def test_a_numbered_report_that_was_handed_in_waits_for_its_approval(client, state):
    """draft: taken back. The number comes with the submission and says nothing about the decision."""
    s = Numbered()
    submission = hand_in(s.report)
    s.stands(state)
    assert (s.printed(client), s.read()) == ([404, 404, 404], [False] * 4)
    approve(submission)
    assert (s.printed(client), s.read()) == ([200, 200, 200], [True] * 4)


def test_an_edition_stays_issued_while_it_is_corrected(client):
    s = Numbered()
    approve(hand_in(s.report))
    s.stands("reopened")
    assert (s.printed(client), s.read()) == ([200, 200, 200], [True] * 4)


# --- where nobody above uses the software -----------------------------------------------------------------


class Alone(Numbered):
    """Nobody holds a post above the branch: its secretary writes down who approved."""

    def __init__(self):
        super().__init__()
        self.secretary = account_at(self.branch)
        assert not has_approver(self.branch, on=TODAY)

    def waits(self) -> list[str]:
        account = type(self.secretary).objects.get(pk=self.secretary.pk)
        found = waiting_for(account, account.posts.get(), on=TODAY).first
        return [item.what for item in found if "duyệt" in item.what]

    def page(self, client) -> str:
        client.force_login(self.secretary)
        return client.get(reverse("reports:report", args=[self.report.pk])).content.decode()


def test_the_way_to_the_party_committee_without_a_superior_here(client):
    """Draft, handed in, approved by a paper: each page says the next step, and only the last opens it."""
    s = Alone()
    step = reverse("reports:report_approve_outside", args=[s.report.pk])
    html = s.page(client)
    assert "cấp ủy đọc được khi đã duyệt" in html
    assert (step in html, s.waits()) == (False, [])
    submit = reverse("reports:report_submit", args=[s.report.pk])
    answer = client.post(submit, {"version": 1, "form_key": uuid.uuid4()}, follow=True)
    html = answer.content.decode()
    assert "Khi cấp trên duyệt, hãy ghi lại ở đây để cấp ủy đọc được báo cáo." in html
    assert "Đoàn cấp trên không dùng phần mềm này" in html
    assert step in html
    assert s.waits() == ["Ghi việc cấp trên duyệt báo cáo năm 2025"]
    assert s.read() == [False] * 4
    client.force_login(s.secretary)
    said = {
        "version": 2,
        "form_key": uuid.uuid4(),
        "who": "Ban Thường vụ Tỉnh đoàn",
        "paper": "Giao ban ngày 04/01/2026",
    }
    assert client.post(step, said).status_code == 302
    assert (s.printed(client), s.read(), s.waits()) == ([200, 200, 200], [True] * 4, [])


def test_where_somebody_above_could_approve_it_does_not_wait_at_home(client):
    s = Alone()
    account_at(s.branch.placements.get().superior, "superior_secretary")
    client.force_login(s.secretary)
    submit = reverse("reports:report_submit", args=[s.report.pk])
    html = client.post(submit, {"version": 1, "form_key": uuid.uuid4()}, follow=True).content.decode()
    assert "Cấp trên thấy báo cáo này trong “Việc của tôi”." in html
    assert "Đoàn cấp trên không dùng phần mềm này" not in html
    assert s.waits() == []
    found = PeriodReport.objects.get(pk=s.report.pk)
    with pytest.raises(ReportRefused):
        approve_outside(report=found, version=2, by=s.secretary, on=TODAY, who="Tỉnh đoàn", paper="35")


def test_a_stranger_reads_nothing_of_it_before_and_after():
    s = Alone()
    stranger = account_at(UnitFactory(), "party_secretary")
    approve(hand_in(s.report))
    assert not readable(stranger).exists()
    assert not PeriodReport.objects.papers_of(stranger, s.branch, year(2025)).exists()
