"""The specification of the way of a case: every state × every verb × every person, worked out by hand.

The table below does not come from states.CASE_MOVES: it is what the committee's rules say, typed. Each line is a
verb, the states in which it is possible and who may do it; everything else has to be refused.
"""

import datetime
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import reverse

from inspections import states
from inspections.models import CaseMove, Finding, Inspection, Recommendation, TeamSeat
from inspections.states import CASE_MOVES, roles_in, verbs_of
from tests.factories import AccountFactory, UnionFactory, account_at
from tests.inspecting import ISSUED, NOTICE, TODAY, VISIT, planned, scene, stranger
from tests.test_inspections_pages import rows_of

pytestmark = pytest.mark.django_db

LETTERS = {
    "P": "planned", "T": "team", "S": "plan_sent", "R": "self_reported", "V": "verifying", "W": "visited",
    "B": "reported", "N": "concluded", "F": "following", "I": "reinspection", "C": "closed", "X": "escalated",
    "O": "cancelled",
}  # fmt: skip
# verb · states · who: C committee, H head of the team, M member or secretary of the team, U the inspected unit
TABLE = """
change              PTSRVW         CH
set_team            PTSRVW         C
end_seat            PTSRVWBNFICXO  C
send_plan           T              C
write_report        S              U
receive_report      S              CHMU
verify              TSR            CH
set_checklist       PTSRVWB        CHM
answer_item         SRV            U
settle_item         TSRVWB         CHM
record_visit        TSRVW          CHM
find                VWB            CHM
recommend           VWB            CHM
file_report         VW             CH
conclude            WB             C
number              NFIC           C
follow              NFI            CHM
decide              NFI            C
order_reinspection  F              C
close               NFI            C
escalate            VWB            C
cancel              PTSRV          C
step_back           SRVWB          CH
reopen              IC             C
"""
SPEC = {verb: (where, who) for verb, where, who in (line.split() for line in TABLE.strip().splitlines())}
# Where a step leads, by hand; a verb not named here leaves the case in its state.
LEADS = {
    "set_team": {"P": "T"},
    "send_plan": {"T": "S"},
    "receive_report": {"S": "R"},
    "verify": dict.fromkeys("TSR", "V"),
    "record_visit": dict.fromkeys("TSRV", "W"),
    "file_report": {"W": "B"},
    "conclude": dict.fromkeys("WB", "F"),  # it asks something, so that it is followed
    "order_reinspection": {"F": "I"},
    "close": dict.fromkeys("NFI", "C"),
    "escalate": dict.fromkeys("VWB", "X"),
    "cancel": dict.fromkeys("PTSRV", "O"),
    "step_back": {"S": "T", "R": "S", "V": "R", "W": "V", "B": "W"},
    "reopen": {"C": "F", "I": "F"},
}
# A case with a session is reported after it: the state would allow it, the form of the case does not.
NOT_FOR_A_SITTING = {("file_report", "V")}
LETTER_OF = {
    "committee": "C", "head": "H", "member": "M", "team_secretary": "M", "unit_secretary": "U",
    "former": "", "unit_member": "", "superior": "", "other_committee": "", "stranger": "", "anonymous": "",
}  # fmt: skip
READERS = {"committee", "head", "member", "team_secretary", "unit_secretary"}


class Way:
    """One case that can be put into any state, and everybody who stands to it in some way."""

    def __init__(self):
        self.s = s = scene()
        seated = {name: AccountFactory(full_name=f"Người {name}") for name in ("head", "member", "team_secretary")}
        former = AccountFactory(full_name="Người đã thôi")
        self.case = planned(s, team=[], inspection_kind="periodic", supervision_kind="")
        roles = {"head": "head", "member": "member", "team_secretary": "secretary"}
        for place, (name, role) in enumerate(roles.items(), 1):
            TeamSeat.objects.create(
                inspection=self.case, account=seated[name], name=str(seated[name]), role=role, position=place,
                starts_on=ISSUED,
            )  # fmt: skip
        TeamSeat.objects.create(
            inspection=self.case, account=former, name=str(former), starts_on=ISSUED, ends_on=TODAY, position=9
        )
        self.people = {
            "committee": s.chair, **seated, "former": former, "unit_secretary": s.secretary,
            "unit_member": account_at(s.branch, "member"), "superior": account_at(s.union, "superior_office"),
            "other_committee": account_at(UnionFactory(), "inspection_chair"), "stranger": stranger(),
            "anonymous": AnonymousUser(),
        }  # fmt: skip
        found = Finding.objects.create(inspection=self.case, kind="shortcoming", text="Sinh hoạt chưa đều")
        self.row = Recommendation.objects.create(
            inspection=self.case, number=1, text="Sinh hoạt đều", owner="BCH", no_due_date=True
        )
        self.row.findings.add(found)

    def put_into(self, letter: str, visit: datetime.date = VISIT) -> Inspection:
        """The case in this state, with the steps that led there; `visit` is the agreed day of the session."""
        before = {"N": "PTSRVWB", "F": "PTSRVWB", "I": "PTSRVWBF", "C": "PTSRVWBF", "X": "PTSRVW", "O": "PT"}
        way = before.get(letter) or "PTSRVWB"[: "PTSRVWB".index(letter)]
        self.case.moves.all().delete()
        for one, next_one in zip(way, (way + letter)[1:], strict=True):
            CaseMove.objects.create(
                inspection=self.case, verb="walk", from_state=LETTERS[one], to_state=LETTERS[next_one],
                moved_on=ISSUED, moved_by=self.s.chair,
            )  # fmt: skip
        told, ended = letter in "NFIC", letter in "CXO"
        Inspection.objects.filter(pk=self.case.pk).update(
            state=LETTERS[letter], visited_on=visit, concluded_on=NOTICE if told else None,
            closed_on=TODAY if ended else None, state_since=ISSUED,
            conclusion_number="15-TB/ĐTN-UBKT" if told else "",  # without one its page asks for the number
        )  # fmt: skip
        self.case.refresh_from_db()
        return self.case


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def differences(way: Way, letter: str) -> dict:
    """Where code and table disagree in this state: {person: verbs that only one of them knows}."""
    case = way.put_into(letter)
    found = {}
    for person, account in way.people.items():
        mine = LETTER_OF[person]
        by_hand = {verb for verb, (where, who) in SPEC.items() if letter in where and mine and mine in who}
        if differing := by_hand ^ verbs_of(case, roles_in(case.pk, account)):
            found[person] = differing
    return found


def test_the_table_knows_every_verb_and_every_state():
    assert set(SPEC) == set(CASE_MOVES)
    assert set(LETTERS.values()) == set(Inspection.State.values)


def test_verbs_of_everybody_in_every_state_are_those_of_the_table():
    way = Way()
    assert {letter: found for letter in LETTERS if (found := differences(way, letter))} == {}


def test_a_verb_given_to_one_role_too_many_is_noticed(monkeypatch):
    """Negative control: the comparison above can fail."""
    loose = states.Verb(CASE_MOVES["conclude"].states, None, ("committee", "head"))
    monkeypatch.setitem(states.CASE_MOVES, "conclude", loose)
    assert differences(Way(), "W") == {"head": {"conclude"}}


# --- the pages ------------------------------------------------------------------------------------------

PAGES = {
    "change": "edit", "set_team": "team", "end_seat": "seat_end", "send_plan": "send_plan",
    "write_report": "self_report", "receive_report": "self_report_paper", "verify": "verify",
    "record_visit": "visit", "find": "finding_new", "recommend": "recommendation_new", "file_report": "team_report",
    "conclude": "conclude", "close": "close", "order_reinspection": "reinspect", "escalate": "escalate",
    "cancel": "cancel", "step_back": "step_back", "reopen": "reopen",
}  # fmt: skip


def form_for(way: Way, verb: str) -> dict:
    """What a person would send for the verb: enough to be accepted where it is possible."""
    case = way.case
    seats = [
        {"pk": seat.pk, "role": seat.role, "name": seat.name, "account": seat.account_id}
        for seat in case.team.filter(ends_on=None).order_by("position")
    ]
    own = {
        "change": {
            "title": "Tên khác", "inspection_kind": "periodic", "review_from": "01/01/2026",
            "review_last": "30/09/2026", "visited_on": "28/09/2026", "form": "on_site",
            "inspect_topics": "Công tác Đoàn",
        },
        "set_team": rows_of("doan", *seats, initial=len(seats)),
        "send_plan": {"sent_on": "01/09/2026", "self_report_due_on": "20/09/2026"},
        "write_report": {"text": "Đã làm đủ", "version": 0, "do": "save"},
        "receive_report": {"sent_on": "10/09/2026", "text": "Bản giấy"},
        "verify": {"reason": "Kiểm tra gấp"},
        "record_visit": {
            "visited_on": "28/09/2026", "day_part": "morning", "reason": "Kiểm tra gấp", **rows_of("nguoi-du"),
            **rows_of("cau-hoi"),
        },
        "find": {"kind": "merit", "text": "Chuẩn bị tốt", "weight": 0},
        "recommend": {"text": "Làm thêm", "owner": "BCH", "no_due_date": "on"},
        "file_report": {"opinion": "Đơn vị cố gắng"},
        "conclude": {"concluded_on": "05/10/2026", "number": "15-TB/UBKT"},
        "escalate": {"reason": "Dấu hiệu sai quỹ", "title": "Kiểm tra quỹ"},
        "order_reinspection": {"title": "Phúc tra", "planned_month": "12/2026"},
    }  # fmt: skip
    return {"version": case.version, "form_key": str(uuid.uuid4()), "reason": "Có lý do", **own.get(verb, {})}


def expected(verb: str, letter: str, person: str) -> tuple[str, str]:
    """What the person is told, and the state afterwards: by the table alone."""
    where, who = SPEC[verb]
    if verb == "receive_report":
        who = "CHM"  # the unit sends its report on its own page
    if person == "anonymous":
        return "sign in", letter
    if person not in READERS:
        return "404", letter
    if LETTER_OF[person] not in who:
        return "403", letter
    if letter not in where or (verb, letter) in NOT_FOR_A_SITTING:
        return "refused", letter
    return "done", LEADS.get(verb, {}).get(letter, letter)


def try_it(way: Way, client: Client, verb: str) -> tuple[str, str]:
    """Send the form, say what came of it, and undo it."""
    pk = way.case.team.get(role="secretary").pk if verb == "end_seat" else way.case.pk
    with transaction.atomic():
        way.row.state, way.row.ended_on = ("open", None) if verb == "order_reinspection" else ("withdrawn", TODAY)
        way.row.save()
        answer = client.post(reverse(f"inspections:{PAGES[verb]}", args=[pk]), form_for(way, verb))
        state = Inspection.objects.get(pk=way.case.pk).state
        transaction.set_rollback(True)
    letter = next(letter for letter, name in LETTERS.items() if name == state)
    if answer.status_code == 302:
        return ("sign in" if "dang-nhap" in answer["Location"] else "done"), letter
    return {404: "404", 403: "403", 200: "refused"}[answer.status_code], letter


@pytest.mark.parametrize("letter", LETTERS)
def test_every_page_answers_every_person_in_every_state(letter):
    way = Way()
    way.put_into(letter)
    clients = {}
    for person, account in way.people.items():
        clients[person] = Client()
        if person != "anonymous":
            clients[person].force_login(account)
    wrong = {
        (verb, person): (said, wanted)
        for verb in PAGES
        for person, client in clients.items()
        if (said := try_it(way, client, verb)) != (wanted := expected(verb, letter, person))
    }
    assert wrong == {}


def leads_of(way: Way, client, letters, visit: datetime.date) -> dict:
    """The verb of the filled button in each of the states, everything asked being ended."""
    way.row.state, way.row.ended_on = "withdrawn", TODAY
    way.row.save()
    leads = {}
    for letter in letters:
        way.put_into(letter, visit)
        page = client.get(reverse("inspections:inspection", args=[way.case.pk]))
        leads[letter] = page.context["lead"].verb if page.context["lead"] else ""
        assert page.content.decode().count("btn-primary") <= 1
    return leads


AHEAD = TODAY + datetime.timedelta(days=1)


def test_the_case_page_offers_exactly_the_steps_of_the_table(client):
    """The filled button of each state for the committee, its way skipped nowhere."""
    way = Way()
    client.force_login(way.s.chair)
    assert leads_of(way, client, LETTERS, AHEAD) == {
        "P": "set_team", "T": "send_plan", "S": "receive_report", "R": "verify", "V": "record_visit",
        "W": "file_report", "B": "conclude", "N": "close", "F": "close", "I": "close", "C": "", "X": "", "O": "",
    }  # fmt: skip


def test_on_its_day_and_after_it_the_session_comes_first(client):
    """On the day itself a plan may still go out in the morning; after it nothing but the session is left to do."""
    way = Way()
    client.force_login(way.people["member"])
    assert leads_of(way, client, "SRV", TODAY) == dict.fromkeys("SRV", "record_visit")
    client.force_login(way.s.chair)
    assert leads_of(way, client, "PTSRV", TODAY) == {
        "P": "set_team", "T": "send_plan", "S": "record_visit", "R": "record_visit", "V": "record_visit",
    }  # fmt: skip
    assert leads_of(way, client, "PTSRV", VISIT) == {"P": "set_team", **dict.fromkeys("TSRV", "record_visit")}
    client.force_login(way.s.secretary)  # the unit has its own: to send its report, however late
    assert leads_of(way, client, "TSRV", VISIT) == {"T": "", "S": "write_report", "R": "", "V": ""}


def test_every_button_of_a_case_opens_for_whoever_sees_it():
    """No person in any state is offered a page that then refuses them."""
    way = Way()
    wrong, seen = {}, set()
    for person in READERS:
        client = Client()
        client.force_login(way.people[person])
        for letter in LETTERS:
            way.put_into(letter, AHEAD)
            page = client.get(reverse("inspections:inspection", args=[way.case.pk]))
            if page.status_code == 404:
                continue
            offered = [*page.context["others"], *([page.context["lead"]] if page.context["lead"] else [])]
            for act in offered:
                seen.add((person, act.verb))
                answer = client.get(act.url)
                if answer.status_code != 200 or answer.context.get("why_not"):
                    wrong[letter, person, act.verb] = answer.status_code
    assert wrong == {}
    assert ("unit_secretary", "write_report") in seen
    assert ("unit_secretary", "receive_report") not in seen
    assert ("head", "verify") in seen
    assert ("committee", "conclude") in seen


@pytest.mark.parametrize(
    ("form", "state", "verb"),
    [
        ("on_site", "V", "record_visit"),
        ("online", "V", "record_visit"),
        ("by_report", "V", "file_report"),
        ("by_documents", "V", "file_report"),
    ],
)
def test_the_form_of_the_case_shapes_the_way(client, form, state, verb):
    way = Way()
    way.put_into(state)
    Inspection.objects.update(form=form)
    client.force_login(way.people["head"])
    page = client.get(reverse("inspections:inspection", args=[way.case.pk]))
    assert page.context["lead"].verb == verb


def test_a_case_by_report_goes_to_its_end_without_a_session(client):
    way = Way()
    way.put_into("V")
    Inspection.objects.update(form="by_report", visited_on=None, planned_month=datetime.date(2026, 9, 1))
    way.case.refresh_from_db()
    clients = {}
    for name in ("head", "committee"):
        clients[name] = Client()
        clients[name].force_login(way.people[name])
    for verb, who, state in (("file_report", "head", "reported"), ("conclude", "committee", "following")):
        answer = clients[who].post(reverse(f"inspections:{PAGES[verb]}", args=[way.case.pk]), form_for(way, verb))
        assert answer.status_code == 302
        way.case.refresh_from_db()
        assert way.case.state == state
