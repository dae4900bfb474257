"""A server killed around the steps of a report: at the page with its receipt, in the register of numbers, while a
congress paper is issued, while the code of a print is made. With controls: without the transaction a half would stand.
"""

import uuid

import pytest
from django.urls import reverse

from branches.models import NumberBook, PaperNumber
from branches.numbering import release_number, reserve_number, take_number
from reports.congress.content import CongressContent, content_of
from reports.congress.keeping import issue_paper
from reports.models import CongressPaper, PaperProof, Submission
from reports.proofs import proof_of

from .factories import UnionFactory, UnitFactory, account_at
from .killing import killed_after, killed_everywhere
from .test_congress import TODAY as CONGRESS_DAY
from .test_congress import Kind
from .test_congress import Scene as Congress
from .test_report_crash import Scene
from .test_submitting import TODAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


# --- the page: the step and the receipt of its form -----------------------------------------------------


@pytest.mark.parametrize(
    ("is_there", "name", "data", "state"),
    [
        (False, "report_submit", {"dated_on": "10/01/2026", "takes_number": "on"}, "submitted"),
        (True, "report_approve", {"note": ""}, "approved"),
    ],
    ids=["submit", "approve"],
)
def test_a_form_that_was_killed_is_sent_again_and_once_more_changes_nothing(
    is_there, name, data, state, client, monkeypatch
):
    """Receipt and step stand together: never a receipt of what was not done, never what is done twice."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    scene = Scene().submitted() if is_there else Scene()
    client.force_login(scene.office if is_there else scene.secretary)
    url = reverse(f"reports:{name}", args=[scene.report.pk])
    form = {"form_key": str(uuid.uuid4()), "version": scene.now().version, **data}
    before = scene.standing()
    seen = killed_everywhere(lambda: client.post(url, form), scene.standing)
    after = scene.standing()
    assert len(seen) >= 4
    assert seen[0] == before
    # What the answer writes into the session comes behind: killed there, step and receipt are both there.
    assert all(one in (before, after) for one in seen)
    assert (after["report"][0], after["receipts"], len(after["editions"])) == (state, 1, 1)
    assert client.post(url, form).status_code == 302
    assert scene.standing() == after


# --- numbers --------------------------------------------------------------------------------------------

TAKEN = [("01-BC/CĐ", "used", "")]


def register() -> tuple:
    """(last number of each book, each number with its state and reason)"""
    rows = PaperNumber.objects.order_by("number").values_list("symbol", "state", "reason")
    return list(NumberBook.objects.values_list("last", flat=True)), list(rows)


def asking() -> dict:
    unit = UnitFactory(document_code="CĐ", superior=UnionFactory())
    return {"unit": unit, "type_code": "BC", "on": TODAY, "by": account_at(unit), "about": "Báo cáo"}


@pytest.mark.parametrize(
    ("verb", "said", "then"),
    [
        (take_number, {}, ([2], [*TAKEN, ("02-BC/CĐ", "used", "")])),
        (take_number, {"wanted": 7, "reason": "Sổ giấy"}, ([7], [*TAKEN, ("07-BC/CĐ", "used", "Sổ giấy")])),
        (reserve_number, {}, ([2], [*TAKEN, ("02-BC/CĐ", "reserved", "")])),
    ],
    ids=["next", "out_of_turn", "kept"],
)
def test_a_number_that_was_killed_leaves_no_gap_in_the_book(verb, said, then):
    ask = asking()
    take_number(**ask)
    seen = killed_everywhere(lambda: verb(**ask, **said), register)
    assert seen == [([1], TAKEN)] * 2  # the book, the number
    assert register() == then


def test_control_a_book_moved_on_by_itself_would_have_a_gap():
    ask = asking()
    take_number(**ask)
    assert killed_after(1, lambda: take_number(**ask), together=False)
    assert register() == ([2], TAKEN)
    assert take_number(**ask).symbol == "03-BC/CĐ"


def test_a_number_let_go_while_the_server_dies_is_still_kept():
    ask = asking()
    kept = reserve_number(**ask)
    seen = killed_everywhere(lambda: release_number(number=kept, by=ask["by"], reason="Không họp nữa"), register)
    assert seen == [([1], [("01-BC/CĐ", "reserved", "")])] * len(seen)
    assert seen
    assert register() == ([1], [("01-BC/CĐ", "unused", "Không họp nữa")])


# --- congress papers ------------------------------------------------------------------------------------


def congress() -> tuple:
    """(the number of the register, the number in the frozen paper, the register)"""
    paper = CongressPaper.objects.select_related("entry").get()
    frozen = CongressContent.from_json(paper.content).paper.head.number if paper.content else None
    return paper.entry.symbol if paper.entry else None, frozen, register()


def issues(scene):
    """Read before, as the page does; the call only writes."""
    scene.write(Kind.RESULTS)
    paper = scene.paper(Kind.RESULTS)
    content = content_of(paper, scene.unit, on=CONGRESS_DAY)
    return lambda: issue_paper(
        paper=paper, unit=scene.unit, version=paper.version, draft=0, by=scene.by, on=CONGRESS_DAY,
        dated_on=CONGRESS_DAY, content=content,
    )  # fmt: skip


def test_a_congress_paper_is_issued_with_its_number_or_not_at_all():
    issue = issues(Congress())
    seen = killed_everywhere(issue, congress)
    assert len(seen) >= 4  # the book, its last number, the number, the paper
    assert seen == [(None, None, ([], []))] * len(seen)
    assert congress() == ("01-BC/CĐ", "Số: 01-BC/CĐ", ([1], TAKEN))


def test_control_a_congress_paper_killed_behind_its_number_would_lose_it():
    # Book, last number, number, version of the paper: all but its number and its content.
    assert killed_after(4, issues(Congress()), together=False)
    assert congress() == (None, None, ([1], TAKEN))


# --- the code on the paper ------------------------------------------------------------------------------


def test_killed_while_the_code_is_made_the_next_print_makes_it(settings):
    """One token or none; what was made is what every later print carries."""
    settings.SITE_URL = "https://doan.example.vn"
    Scene().approved()
    edition = Submission.objects.get()
    seen = killed_everywhere(lambda: proof_of(edition), PaperProof.objects.count)
    assert seen in ([0], [1])  # its one write by itself, before or after the database has it
    assert proof_of(edition).token == PaperProof.objects.get().token
