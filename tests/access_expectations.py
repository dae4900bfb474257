"""The access table, read by test_access.py: for each address about `own`, who is let in and who is told "no".

A pair of sets: who gets the page, who gets 403 (they may see the thing, not do this). Everybody else gets
404. Relations are the keys of access_world.World.accounts. Change a line only together with design.md.
"""

OFFICERS = {"secretary", "committee_member"}  # record at own
READERS = OFFICERS | {"member", "superior", "administrator"}  # view at own, approve or view from above
FIGURES = READERS | {"inspector", "party", "party_above"}  # sums, no personal data
REGISTER = OFFICERS | {"superior"}  # names of members
TEAM = {"inspector", "seat"}  # the inspecting committee, and the team of this case
CASE = TEAM | OFFICERS  # the case as the inspected unit may read it once it is notified
PARTY = {"party", "party_above"}
NOBODY: set[str] = set()


def may(allowed, seen_by=NOBODY):
    return allowed, seen_by - allowed


EXPECTED = {
    # Activities and evidence: content of the unit's work; not for the Party committee and the inspectors.
    "branches:activity_list": may(READERS),
    "branches:activity_export": may(READERS),
    "branches:activity": may(READERS),
    "branches:activity_new": may(OFFICERS, READERS),
    "branches:activity_edit": may(OFFICERS, READERS),
    "branches:activity_hold": may(OFFICERS, READERS),
    "branches:activity_cancel": may(OFFICERS, READERS),
    "branches:quantity_row": may(OFFICERS, READERS),
    "branches:evidence": may(READERS),
    "branches:evidence_delete": may(OFFICERS, READERS),
    # Members: names for those who log and those above who approve; changes for those who manage the register.
    "branches:member_list": may(REGISTER),
    "branches:member": may(REGISTER),
    "branches:member_new": may({"secretary"}, REGISTER),
    "branches:member_edit": may({"secretary"}, REGISTER),
    "branches:member_sensitive": may({"secretary"}, REGISTER),
    # The unit: officers are named on its page, so the Party committee reads its summary instead.
    "branches:unit": may(READERS | {"inspector"}),
    "branches:unit_access": may(OFFICERS | {"administrator"}),
    # Directions: the Party committee reads what it asked for.
    "branches:direction_list": may(READERS | PARTY),
    "branches:direction_new": may(OFFICERS, READERS | PARTY),
    "branches:direction_edit": may(OFFICERS, READERS | PARTY),
    "branches:direction_answer": may(OFFICERS, READERS | PARTY),
    # Plan and result
    "reports:progress": may(FIGURES),
    "reports:progress_xlsx": may(FIGURES),
    "reports:figure": may(FIGURES),
    "reports:quantity_effect": may(OFFICERS, FIGURES),
    "reports:target": may(FIGURES),
    "reports:target_revise": may(OFFICERS, FIGURES),
    "reports:target_remove": may(OFFICERS, FIGURES),
    "reports:plan_edit": may(OFFICERS, FIGURES),
    "reports:plan_copy": may(OFFICERS, FIGURES),
    "reports:own_indicator_new": may(OFFICERS, FIGURES),
    "reports:term_new": may(OFFICERS, FIGURES),
    "reports:term_plan_edit": may(OFFICERS, FIGURES),
    "reports:term_plan_copy": may(OFFICERS, FIGURES),
    # Of the superior's unit: its board and handing down its own target.
    "reports:board": may({"superior", "inspector", "party_above", "administrator"}),
    "reports:board_xlsx": may({"superior", "inspector", "party_above", "administrator"}),
    "reports:target_hand_down": may({"superior"}, {"inspector", "party_above", "administrator"}),
    # Reports
    "reports:report_list": may(READERS),
    "reports:report_new": may({"secretary"}, FIGURES),
    "reports:report": may(READERS),
    "reports:report_settings": may({"secretary"}, READERS),
    "reports:report_pdf": may(READERS | PARTY),  # issued here; a draft is pinned in test_access.py
    "reports:report_sentence": may({"secretary"}, READERS),
    "reports:report_sentence_new": may({"secretary"}, READERS),
    "reports:report_section_review": may({"secretary"}, READERS),
    "reports:party_summary": may(READERS | PARTY),
    "reports:party_summary_pdf": may(READERS | PARTY),
    # Inspections: a superior's office without an inspecting post reads no case.
    "inspections:programme": may({"inspector"}),
    "inspections:programme_edit": may({"inspector"}),
    "inspections:inspection": may(CASE),
    "inspections:answer_file": may(CASE),
    "reports:conclusion_pdf": may(CASE | PARTY),  # the notice, once it went out
    "inspections:edit": may(TEAM, CASE),
    "inspections:team": may(TEAM, CASE),
    "inspections:seat_end": may(TEAM, CASE),
    "inspections:visit": may(TEAM, CASE),
    "inspections:conclude": may(TEAM, CASE),
    "inspections:close": may(TEAM, CASE),
    "inspections:finding_new": may(TEAM, CASE),
    "inspections:recommendation_new": may(TEAM, CASE),
    # Drafts of the conclusion are the committee's own until the notice goes out.
    "inspections:finding_edit": may(TEAM),
    "inspections:finding_delete": may(TEAM),
    "inspections:recommendation_edit": may(TEAM),
    "inspections:recommendation_delete": may(TEAM),
    "inspections:recommendation_extend": may(TEAM, CASE),
    "inspections:recommendation_withdraw": may(TEAM, CASE),
    "inspections:check": may(TEAM, CASE),
    "inspections:answer": may(OFFICERS, CASE),
}

# Addresses that speak about the person and not about one unit, with the answers they may give.
WITHOUT_UNIT = {
    "branches:more": {200},
    "branches:post_switch": {405},
    "reports:home": {200, 302},
    "inspections:list": {200, 404},
    "inspections:new": {200, 403},
    "inspections:programme_list": {200, 404},
    "inspections:programme_new": {200, 403},
    "inspections:recommendation_list": {200, 404},
}

# Small state changes without a page of their own.
POST_ONLY = {
    "reports:report_sentence",
    "reports:report_sentence_new",
    "reports:report_section_review",
}

# What a visitor may open without an account. Adding one needs a reason.
PUBLIC = {"account_login", "account_inactive"}
