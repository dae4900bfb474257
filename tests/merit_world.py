"""Somebody on the way to the Party, an award and disciplinary cases in the small organisation of access_world.py."""

import datetime

from branches.awarding import give_awards
from branches.disciplining import decide_case, open_case, review_case
from branches.models import AgendaItem, Ballot
from branches.party_way.remarks import write_remark
from branches.party_way.steps import record_step

from .factories import MemberFactory

STEP_ON, ON = datetime.date(2026, 8, 1), datetime.date(2026, 9, 1)
VOTE = {"voted_on": STEP_ON, "entitled": 12, "present": 10, "votes_for": 9, "votes_against": 1}
UNTYPED = dict.fromkeys(("voted_on", "entitled", "present", "votes_for", "votes_against"), "")
PAPERS = {"is_secret": True, "issued": 10, "returned": 10, "invalid": 0}


def add_merit(world) -> None:
    by, member, unit = world.accounts["secretary"], world.other_member, world.own
    said = {"member": member, "by": by, "on": ON}
    world.party_step = record_step(kind="introduced", dated_on=STEP_ON, document="05-NQ/CĐ", vote=VOTE, **said)
    world.party_remark = write_remark(dated_on=STEP_ON, merits="Tiến bộ", **said)
    (world.award,) = give_awards(
        unit=unit, members=[member], kind="certificate", title="Thành tích tốt", given_by="Đoàn Khối", number="9",
        dated_on=STEP_ON, year=2026, by=by, on=ON,
    )  # fmt: skip
    cases = [open_case(member=MemberFactory(home=unit), opened_on=STEP_ON, facts="Vi phạm", by=by, on=ON)]
    for measure in ("warning", "reprimand"):
        case = open_case(member=MemberFactory(home=unit), opened_on=STEP_ON, facts="Vi phạm", by=by, on=ON)
        cases.append(review_case(case=case, proposed=measure, by=by, on=ON, vote=VOTE | PAPERS))
    point = AgendaItem.objects.create(
        meeting=world.held_meeting, position=1, kind="vote", title="Giới thiệu vào Đảng", subject=member
    )
    world.party_ballot = Ballot.objects.create(
        item=point, question="Giới thiệu", decision="party", entitled=12, present=10, votes_for=9, written_by=by
    )
    world.discipline, world.reviewed_case, reprimand = cases
    world.decided_case = decide_case(
        case=reprimand, measure="reprimand", decision="3-QĐ/CĐ", decided_on=ON, by=world.accounts["superior"], on=ON
    )


def merit_objects(world) -> dict:
    """Address → the object it is about."""
    of_member = ("party_member", "party_remark_new", "discipline_new")
    return {
        **{f"branches:{name}": world.other_member for name in of_member},
        "branches:ballot_onward": world.party_ballot,
        "branches:party_step_edit": world.party_step, "branches:party_step_drop": world.party_step,
        "branches:party_remark_edit": world.party_remark, "branches:award_edit": world.award,
        "branches:award_drop": world.award, "branches:discipline": world.discipline,
        "branches:discipline_edit": world.discipline, "branches:discipline_review": world.discipline,
        "branches:discipline_dismiss": world.discipline, "branches:discipline_decide": world.reviewed_case,
        "branches:discipline_lift": world.decided_case, "branches:discipline_appeal": world.decided_case,
        "reports:party_introduction_pdf": world.party_step, "reports:party_remark_pdf": world.party_remark,
        "reports:discipline_decision_pdf": world.reviewed_case, "reports:discipline_minutes_pdf": world.reviewed_case,
    }  # fmt: skip


NUMBERS = {
    "voted_on": "01/08/2026", "entitled": "12", "present": "10", "votes_for": "9", "votes_against": "1",
}  # fmt: skip
SECRET = NUMBERS | {"is_secret": "on", "issued": "10", "returned": "10", "invalid": "0"}
ENDED = {"ended_on": "01/09/2026", "note": "Có căn cứ"}
MERIT_FORMS = {
    "branches:party_step_new": ("secretary", lambda w: {"dated_on": "10/08/2026"}),
    "branches:party_step_edit": ("secretary", lambda w: {"document": "06-NQ/CĐ"}),
    "branches:party_step_drop": ("secretary", lambda w: {}),
    "branches:party_remark_new": ("secretary", lambda w: {"merits": "Gương mẫu", "dated_on": "10/08/2026"}),
    "branches:party_remark_edit": ("secretary", lambda w: {"merits": "Gương mẫu hơn"}),
    "branches:award_new": (
        "secretary",
        lambda w: {"kind": "merit", "title": "Thành tích", "given_by": "Tỉnh đoàn", "to_unit": "on"},
    ),
    "branches:award_edit": ("secretary", lambda w: {"title": "Thành tích khác"}),
    "branches:award_drop": ("secretary", lambda w: {}),
    "branches:discipline_new": ("secretary", lambda w: {"facts": "Vi phạm", "opened_on": "01/08/2026"}),
    "branches:discipline_unit_new": ("superior", lambda w: {"facts": "Vi phạm", "opened_on": "01/08/2026"}),
    "branches:discipline_edit": ("secretary", lambda w: {"facts": "Vi phạm khác"}),
    "branches:discipline_review": ("secretary", lambda w: SECRET | {"proposed": "warning"}),
    "branches:discipline_decide": ("superior", lambda w: {"decision": "8-QĐ/ĐK", "decided_on": "01/09/2026"}),
    "branches:discipline_dismiss": ("secretary", lambda w: ENDED),
    "branches:discipline_lift": ("secretary", lambda w: ENDED),
    "branches:discipline_appeal": ("secretary", lambda w: {"appealed_on": "01/09/2026", "appeal_note": "Xin xem lại"}),
}
MERIT_ATTACKS = [
    ("branches:award_new", "members", lambda one: {"members": one.pk}, "other_member", "member"),
    (
        "branches:party_step_edit", "ballot",
        lambda one: UNTYPED | {"ballot": one.pk, "dated_on": "20/10/2026"},  # not before the meeting voted
        "party_ballot", "ballot",
    ),
]  # fmt: skip
MERIT_SPOILT = {"branches:discipline_review": ["ballot"], "branches:discipline_decide": ["posts", "measure"]}
