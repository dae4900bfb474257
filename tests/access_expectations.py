"""The access table, read by test_access.py: for each address about `own`, who is let in and who is told "no".

A pair of sets: who gets the page, who gets 403 (they may see the thing, not do this). Everybody else gets
404. Relations are the keys of access_world.World.accounts. Change a line only together with design.md.
"""

from . import report_worlds, word_templates_world
from .access_people import (
    CASE,
    DECIDERS,
    FIGURES,
    GIVERS,
    INSPECTORS,
    LEADERS,
    NOBODY,
    OFFICERS,
    PARTY,
    READERS,
    REGISTER,
    TEAM,
    UNIT_PAGE,
    may,
)

# Everything that is done with a meeting, a page of its own each.
MEETING_STEPS = [
    f"branches:meeting_{name}"
    for name in (
        "new", "edit", "cancel", "take_back", "close", "reopen", "invite", "roll", "roll_batch", "roll_add", "guests",
        "agenda", "item", "conclude", "conclusion", "vote", "ballot", "calendar",
    )
]  # fmt: skip
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
    # Lists: readers take what they read as a file; closed lists, pairs and merges are for those who keep the register.
    "branches:member_export": may(REGISTER),
    "branches:unit_export": may(FIGURES),
    "branches:member_group": may({"secretary"}, REGISTER),
    "branches:duplicate_list": may({"secretary"}, REGISTER),
    "branches:duplicate_answer": may({"secretary"}, REGISTER),
    "branches:member_merge": may({"secretary"}, REGISTER),
    "branches:member_merges": may({"secretary"}, REGISTER),
    # The structure of the members: figures without names.
    "reports:structure": may(FIGURES),
    "reports:structure_xlsx": may(FIGURES),
    "reports:structure_pdf": may(FIGURES),
    # A member's life. The superior reads, and approves admissions; the other side of a transfer is let in to answer.
    "branches:admission_list": may(REGISTER),
    "branches:admission": may(REGISTER),
    "branches:admission_new": may({"secretary"}, REGISTER),
    "branches:admission_edit": may({"secretary"}, REGISTER),
    "branches:admission_vote": may({"secretary"}, REGISTER),
    "branches:admission_withdraw": may({"secretary"}, REGISTER),
    "branches:admission_decide": may({"superior"}, REGISTER),  # nobody above: the branch, in test_admissions.py
    "branches:admission_refuse": may({"superior"}, REGISTER),
    "reports:admission_request_pdf": may(REGISTER),
    "reports:admission_decision_pdf": may(REGISTER),
    "branches:transfer_list": may(REGISTER),
    "branches:transfer": may(REGISTER | {"sibling"}),
    "branches:transfer_new": may({"secretary"}, REGISTER),
    "branches:transfer_accept": may({"sibling"}, REGISTER),
    "branches:transfer_return": may({"sibling"}, REGISTER),
    "branches:transfer_hand_on": may({"sibling"}, REGISTER),
    "branches:transfer_withdraw": may({"secretary"}, REGISTER | {"sibling"}),
    "reports:transfer_letter_pdf": may(REGISTER | {"sibling"}),
    "branches:stay_list": may(REGISTER),
    "branches:stay_new": may({"secretary"}, REGISTER),
    "branches:stay_end": may({"secretary"}, REGISTER),  # a guest of own
    "branches:stay_end_at_home": may({"secretary"}, REGISTER),
    "branches:away_end": may({"secretary"}, REGISTER),
    "branches:member_leave": may({"secretary"}, REGISTER),
    "branches:member_return": may({"secretary"}, REGISTER),
    "branches:member_leave_for": may({"secretary"}, REGISTER),
    "branches:stay_on": may({"secretary"}, REGISTER),
    "branches:maturity": may(REGISTER),
    "reports:maturity_list_pdf": may(REGISTER),
    "reports:branch_book_pdf": may(REGISTER),
    "reports:maturity_decision_pdf": may(REGISTER),
    "branches:movement": may(FIGURES),
    "branches:movement_xlsx": may(FIGURES),
    # Self-correction and completeness: readers see how full the register is, its keeper makes links and decides.
    "branches:completeness": may(REGISTER),
    "branches:self_service": may({"secretary"}, REGISTER),
    "branches:self_link_new": may({"secretary"}, REGISTER),
    "branches:self_link_member": may({"secretary"}, REGISTER),
    "branches:self_link_revoke": may({"secretary"}),
    "branches:proposals": may({"secretary"}, REGISTER),
    # Personal data: for the keeper of the register (and for the person, in test_self_correction.py).
    "branches:consent": may({"secretary"}, REGISTER),
    "branches:own_data": may({"secretary"}, REGISTER),
    "branches:data_request_list": may({"secretary"}, REGISTER),
    "branches:data_request_xlsx": may({"secretary"}, REGISTER),
    "branches:data_request_new": may({"secretary"}, REGISTER),
    "branches:data_request": may({"secretary"}),
    "branches:anonymise_list": may({"secretary"}, REGISTER),
    "branches:anonymise": may({"secretary"}, REGISTER),
    # A list from Excel: personal data of people who perhaps never enter the register, for the keeper alone.
    "branches:import_new": may({"secretary"}, REGISTER),
    "branches:import_sample": may({"secretary"}, REGISTER),
    "branches:import": may({"secretary"}),
    "branches:import_columns": may({"secretary"}),
    "branches:import_read": may({"secretary"}),
    "branches:import_namesakes": may({"secretary"}),
    "branches:import_apply": may({"secretary"}),
    "branches:import_left_out": may({"secretary"}),
    "branches:import_undo": may({"secretary"}),
    "branches:import_row": may({"secretary"}),
    # The unit: officers are named on its page, so the Party committee reads its summary instead.
    "branches:unit": may(UNIT_PAGE),
    "branches:unit_access": may(OFFICERS | {"administrator"}),
    # Posts and terms: named on pages like the unit's; given by whoever may, see appointing.py (here a deputy's post).
    "branches:post_list": may(READERS),
    "branches:post_new": may(GIVERS, UNIT_PAGE),
    "branches:post_edit": may(GIVERS, UNIT_PAGE),
    "branches:post_end": may(GIVERS, UNIT_PAGE),
    "branches:post_invite": may(GIVERS, UNIT_PAGE),
    "branches:post_uninvite": may(GIVERS, UNIT_PAGE),
    "branches:handover": may(GIVERS, UNIT_PAGE),
    "branches:handover_note": may({"secretary"}),  # the note of a secretary to the next: nobody above reads it
    "branches:term_list": may(UNIT_PAGE),
    "branches:term_edit": may(OFFICERS | DECIDERS, UNIT_PAGE),
    # Unit events are decided by those above.
    "branches:unit_warnings": may(GIVERS),
    "branches:unit_found": may(DECIDERS, UNIT_PAGE),
    "branches:unit_rename": may(DECIDERS, UNIT_PAGE),
    "branches:unit_move": may(DECIDERS, UNIT_PAGE),
    "branches:unit_merge": may(DECIDERS, UNIT_PAGE),
    "branches:unit_split": may(DECIDERS, UNIT_PAGE),
    "branches:unit_dissolve": may(DECIDERS, UNIT_PAGE),
    # Directions: the Party committee reads what it asked for.
    "reports:direction_list": may(READERS | PARTY),
    "branches:direction_new": may(OFFICERS, READERS | PARTY),
    "branches:direction_edit": may(OFFICERS, READERS | PARTY),
    "branches:direction_answer": may(OFFICERS, READERS | PARTY),
    "branches:direction_withdraw": may(OFFICERS, READERS | PARTY),
    # Given by those who oversee or approve; what they gave is theirs to follow.
    "branches:direction_give": may(PARTY | {"superior"}, READERS | PARTY),
    "reports:direction_given": may(PARTY | {"superior"}),
    "reports:direction_sending": may({"superior"}),  # the superior's own; the Party committee's in test_directions.py
    "branches:direction_sending_edit": may({"superior"}),
    "branches:direction_sending_withdraw": may({"superior"}),
    # Tasks: what is to be done is read with the unit's work, whose it is with the register. Here of another member.
    "branches:task_list": may(READERS),
    "branches:task_below": may(READERS),
    "branches:task_new": may(OFFICERS, READERS),
    "branches:task_from_conclusion": may(OFFICERS, READERS),
    "branches:task_from_direction": may(OFFICERS, READERS | PARTY),
    "branches:task_from_proposal": may(OFFICERS, READERS | PARTY),
    "branches:task": may(READERS),
    "branches:task_edit": may(OFFICERS, READERS),
    "branches:task_report": may(OFFICERS, READERS),  # and its owner, in test_tasks.py
    "branches:task_review": may(OFFICERS, READERS),
    "branches:task_drop": may(OFFICERS, READERS),
    "branches:task_reopen": may(OFFICERS, READERS),
    "branches:task_file": may(READERS),
    "branches:task_file_delete": may(OFFICERS, READERS),
    # Proposals to those above, without personal data; here one to the Party committee.
    "branches:proposal_list": may(READERS | PARTY),
    "branches:proposal": may(READERS | PARTY),
    "branches:proposal_new": may(OFFICERS, READERS | PARTY),
    "branches:proposal_edit": may(OFFICERS, READERS | PARTY),
    "branches:proposal_withdraw": may(OFFICERS, READERS | PARTY),
    "branches:proposal_reply": may(OFFICERS, READERS | PARTY),
    "branches:proposal_plan": may(OFFICERS, READERS | PARTY),
    "branches:proposal_answer": may(OFFICERS | PARTY, READERS | PARTY),
    # Meetings: read like other work of the unit; names on them only by those who read the register (test_meetings.py).
    "branches:meeting_list": may(READERS),
    "branches:meeting": may(READERS),
    "branches:meeting_ics": may(READERS),
    **dict.fromkeys(MEETING_STEPS, may(OFFICERS, READERS)),
    # Minutes: read by those whose meeting it was and above, typed and signed for by officers; meetings about single
    # people are closed to plain members (test_paper_minutes.py). Here `member` is secretary of the meeting and signs.
    **dict.fromkeys(
        (
            "branches:minutes",
            "branches:minutes_edition",
            "branches:minutes_history",
            "reports:minutes_pdf",
            "reports:minutes_docx",
        ),
        may(READERS),
    ),
    **dict.fromkeys(
        (
            "branches:minutes_confirm",
            "branches:minutes_number",
            "branches:minutes_writers",
            "branches:minutes_reopen",
            "branches:minutes_new_edition",
            "branches:minutes_restore",
        ),
        may(OFFICERS, READERS),
    ),
    "branches:minutes_sign": may(OFFICERS | {"member"}, READERS),
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
    "reports:term_new": may(OFFICERS | DECIDERS, FIGURES),
    "reports:term_plan_edit": may(OFFICERS, FIGURES),
    "reports:term_plan_copy": may(OFFICERS, FIGURES),
    # Of the superior's unit: its board and handing down its own target.
    "reports:board": may({"superior", "party_above", "administrator"} | INSPECTORS),
    "reports:board_xlsx": may({"superior", "party_above", "administrator"} | INSPECTORS),
    "reports:target_hand_down": may({"superior"}, {"party_above", "administrator"} | INSPECTORS),
    # Reports
    "reports:report_list": may(READERS),
    "reports:report_new": may({"secretary"}, FIGURES),
    "reports:report": may(READERS),
    "reports:report_settings": may({"secretary"}, READERS),
    "reports:report_pdf": may(READERS | PARTY),  # issued here; a draft is pinned in test_access.py
    "reports:report_sentence": may({"secretary"}, READERS),
    "reports:report_sentence_new": may({"secretary"}, READERS),
    "reports:report_section_review": may({"secretary"}, READERS),
    # Duties: where each stands is a figure like others; what people typed about it is for readers only.
    "reports:duty_calendar": may(FIGURES),
    "reports:duty_cell": may(FIGURES),
    "reports:duty_not_held": may(OFFICERS, FIGURES),
    "reports:duty_done": may(OFFICERS, FIGURES),
    "reports:duty_take_back": may(OFFICERS, FIGURES),  # the branch's own word; an exemption in test_duties_pages.py
    "reports:duty_exempt": may({"superior"}, FIGURES),
    "reports:duty_exception": may({"superior"}, FIGURES),
    "reports:duty_exception_end": may({"superior"}, READERS),
    "reports:duty_board": may({"superior", "party_above", "administrator"} | INSPECTORS),
    "reports:duty_board_xlsx": may({"superior", "party_above", "administrator"} | INSPECTORS),
    "reports:duty_remind": may({"superior"}, {"party_above", "administrator"} | INSPECTORS),
    "reports:duty_types": may({"superior", "party_above", "administrator"} | INSPECTORS),
    "reports:duty_type_new": may({"superior"}, {"party_above", "administrator"} | INSPECTORS),
    "reports:duty_type_end": may({"superior"}, {"party_above", "administrator"} | INSPECTORS),
    "reports:party_summary": may(READERS | PARTY),
    "reports:party_summary_pdf": may(READERS | PARTY),
    # Inspections: a superior's office without an inspecting post reads no case. Of a programme that is still a draft
    # nobody above its committee reads anything.
    "inspections:programme": may({"inspector"}),
    "inspections:programme_edit": may({"inspector"}),
    "inspections:programme_issue": may({"inspector"}),
    "inspections:programme_take": may({"inspector"}),
    "inspections:inspection": may(CASE),
    # The way to the Party and discipline: for the keeper of the register and those above who approve; the Party
    # committee counts on its summary. Awards are the unit's work.
    **dict.fromkeys(
        (
            "branches:party_way",
            "branches:party_list",
            "branches:party_member",
            "reports:party_introduction_pdf",
            "reports:party_remark_pdf",
            "reports:outstanding_list_pdf",
            "branches:discipline_list",
            "branches:discipline",
            "reports:discipline_decision_pdf",
            "reports:discipline_minutes_pdf",
        ),
        may({"secretary", "superior"}),
    ),
    **dict.fromkeys(
        (
            "branches:party_step_new",
            "branches:party_step_edit",
            "branches:party_step_drop",
            "branches:party_remark_new",
            "branches:party_remark_edit",
            "branches:discipline_new",
            "branches:discipline_edit",
            "branches:discipline_review",
        ),
        may({"secretary"}, {"secretary", "superior"}),
    ),
    # About the unit itself only those above write; from a vote on goes who keeps the register.
    "branches:discipline_unit_new": may({"superior"}, {"secretary", "superior"}),
    "branches:ballot_onward": may({"secretary"}, READERS),
    "branches:discipline_decide": may({"superior"}, {"secretary", "superior"}),  # a warning: the branch may not
    "branches:discipline_lift": may({"secretary", "superior"}),  # a reprimand, which is the branch's own
    "branches:discipline_dismiss": may({"secretary", "superior"}),
    "branches:discipline_appeal": may({"secretary", "superior"}),
    "branches:award_list": may(READERS),
    "branches:award_xlsx": may(READERS),
    "branches:award_new": may(OFFICERS, READERS),
    "branches:award_edit": may(OFFICERS, READERS),
    "branches:award_drop": may(OFFICERS, READERS),
    # Dues and the fund: names for the register, figures also for the inspectors; money is written by officers. A slip
    # is answered by the other side.
    **dict.fromkeys(
        (
            "branches:dues",
            "branches:remittance_list",
            "branches:remittance",
            "branches:fund",
            "branches:fund_xlsx",
            "reports:fund_pdf",
        ),
        may(REGISTER | INSPECTORS),
    ),
    **dict.fromkeys(
        (
            "branches:dues_xlsx",
            "branches:dues_receipts",
            "branches:dues_receipt",
            "branches:dues_arrears",
            "branches:dues_member",
            "reports:dues_receipt_pdf",
            "reports:remittance_pdf",
        ),
        may(REGISTER),
    ),
    **dict.fromkeys(
        (
            "branches:dues_receive",
            "branches:dues_receipt_undo",
            "branches:dues_statuses",
            "branches:dues_exempt",
            "branches:dues_exempt_undo",
            "branches:remittance_new",
            "branches:fund_new",
            "branches:fund_undo",
        ),
        may(OFFICERS, REGISTER),
    ),
    # The yearly assessment: counts for readers, names for the register and for the person; the superior approves.
    "branches:assessment_list": may(READERS),
    "branches:assessment_unit": may(REGISTER),
    "branches:assessment_conclude": may(OFFICERS, REGISTER),
    "branches:assessment_add": may(OFFICERS, REGISTER),
    "branches:assessment_answer": may({"superior"}, REGISTER),
    "branches:assessment": may(REGISTER),
    "branches:assessment_self": may(OFFICERS, REGISTER),
    "branches:assessment_exclude": may(OFFICERS, REGISTER),
    "branches:assessment_include": may(OFFICERS, REGISTER),
    "reports:assessment_list_pdf": may(REGISTER),
    "reports:assessment_decision_pdf": may(REGISTER),
    "reports:assessment_self_pdf": may(REGISTER),
    **dict.fromkeys(
        ("reports:assessment_units_pdf", "reports:assessment_units_docx", "reports:assessment_units_xlsx"),
        may({"superior"}),
    ),
    # A round is the superior's own; that a branch opens one where nobody above does is in test_assessing_pages.py.
    "branches:assessment_round": may({"superior", "administrator"}),
    "branches:assessment_round_edit": may({"superior"}, {"administrator"}),
    "branches:assessment_round_close": may({"superior"}, {"administrator"}),
    "branches:assessment_round_new": may(NOBODY, READERS),
    "branches:remittance_accept": may({"superior"}, REGISTER | INSPECTORS),
    "branches:remittance_return": may({"superior"}, REGISTER | INSPECTORS),
    "branches:remittance_withdraw": may(OFFICERS, REGISTER | INSPECTORS),
    "inspections:answer_file": may(CASE),
    "reports:conclusion_pdf": may(CASE | PARTY),  # the notice, once it went out
    "inspections:edit": may(LEADERS, CASE),
    "inspections:team": may({"inspector"}, CASE),
    "inspections:seat_end": may({"inspector"}, CASE),
    # Steps: a plain member of the team works in the case and does not decide about it, its head leads the work and
    # does not decide for the committee; the committee above decides nothing for the one below (issue 5, section 2).
    **dict.fromkeys((f"inspections:{name}" for name in ("verify", "team_report", "step_back")), may(LEADERS, CASE)),
    **dict.fromkeys(
        (f"inspections:{name}" for name in ("send_plan", "reopen", "cancel", "escalate", "reinspect")),
        may({"inspector"}, CASE),
    ),
    # Papers: drafts stay with the committee and its team; issued ones go to the unit they are addressed to.
    "inspections:papers": may(CASE),
    "inspections:paper": may(CASE),
    "inspections:paper_new": may(TEAM, CASE),
    "inspections:programme_paper": may({"inspector"}),
    "inspections:paper_edit": may(TEAM),
    "inspections:paper_drop": may(TEAM),
    "inspections:paper_issue": may({"inspector"}, TEAM),  # the plan; what the team signs, in test_inspection_walls.py
    "inspections:paper_replace": may(TEAM, CASE),
    "inspections:paper_scan": may(TEAM, CASE),
    "inspections:scan_file": may(CASE),
    "inspections:scan_remove": may(TEAM, CASE),
    "reports:case_paper_pdf": may(CASE),
    "reports:case_paper_docx": may(CASE),
    # The number register of the unit
    "branches:number_books": may(UNIT_PAGE),
    "branches:number_books_xlsx": may(UNIT_PAGE),
    "branches:number_reserve": may(OFFICERS, UNIT_PAGE),
    "branches:number_span": may(OFFICERS, UNIT_PAGE),
    "branches:number_release": may(OFFICERS, UNIT_PAGE),
    "inspections:self_report": may(OFFICERS, CASE),
    "inspections:self_report_paper": may(TEAM, CASE),
    "inspections:self_report_file": may(CASE),
    # The evidence room: whoever may edit the case. A letter: the committee that received it, nobody above or beside it.
    **dict.fromkeys(
        (f"reports:evidence_{name}" for name in ("room", "section", "paper", "zip", "section_zip")), may(TEAM, CASE)
    ),
    **dict.fromkeys(
        (
            f"inspections:complaint{name}"
            for name in ("", "_edit", "_take_up", "_answer", "_refuse", "_forward", "_case", "_link", "_file")
        ),
        may({"inspector"}),
    ),
    # Discipline beside a case: who keeps the register of the unit. The finding is one before the notice.
    "inspections:case_discipline": may({"secretary"}, CASE),
    "inspections:finding_discipline": may(NOBODY, TEAM),
    "inspections:visit": may(TEAM, CASE),
    "inspections:conclude": may({"inspector"}, CASE),
    "inspections:close": may({"inspector"}, CASE),
    "inspections:finding_new": may(TEAM, CASE),
    "inspections:recommendation_new": may(TEAM, CASE),
    # Drafts of the conclusion are the committee's own until the notice goes out.
    "inspections:finding_edit": may(TEAM),
    "inspections:finding_delete": may(TEAM),
    "inspections:recommendation_edit": may(TEAM),
    "inspections:recommendation_delete": may(TEAM),
    # Dates and decisions are the committee's; the unit asks, and takes what is asked of it into its plan.
    **dict.fromkeys(
        (f"inspections:recommendation_{name}" for name in ("extend", "withdraw", "accept", "revoke")),
        may({"inspector"}, CASE),
    ),
    "inspections:extension_answer": may({"inspector"}, CASE),
    "inspections:extension_ask": may(OFFICERS, CASE),
    "inspections:recommendation_target": may(OFFICERS, CASE),
    "inspections:recommendation_task": may(OFFICERS, CASE),
    # Sums of inspection: for who inspects there, or above.
    **dict.fromkeys(
        (f"reports:inspecting{name}" for name in ("", "_xlsx", "_open", "_closed", "_cases", "_findings")),
        may(INSPECTORS),
    ),
    "reports:inspection_year_pdf": may(INSPECTORS),
    "reports:inspection_year_docx": may(INSPECTORS),
    "inspections:check": may(TEAM, CASE),
    "inspections:answer": may(OFFICERS, CASE),
    # A draft checklist is its own committee's; one in use is read below it, too (test_inspection_checklists.py).
    "inspections:template": may({"inspector"}),
    "inspections:template_copy": may({"inspector"}),
    "inspections:template_edit": may({"inspector"}),
    "inspections:template_item_new": may({"inspector"}),
    "inspections:template_item_edit": may({"inspector"}),
    "inspections:template_item_remove": may({"inspector"}),
    "inspections:template_use": may({"inspector"}),
    "inspections:template_drop": may({"inspector"}),
    "inspections:case_checklist": may(CASE),
    "inspections:case_checklist_add": may(TEAM, CASE),
    "inspections:case_fact": may(TEAM, CASE),
    "inspections:case_checklist_remove": may(TEAM, CASE),
    "inspections:self_check": may(OFFICERS, CASE),
    "inspections:self_check_item": may(OFFICERS, CASE),
    "inspections:site": may(TEAM, CASE),
    "inspections:site_worker": may(TEAM, CASE),
    "inspections:site_send": may(TEAM, CASE),
    "inspections:site_photo": may(TEAM, CASE),
    "inspections:site_file": may(CASE),
    "inspections:site_file_remove": may(TEAM, CASE),
    "inspections:site_choose": may(TEAM),  # working notes, also after the notice
    **report_worlds.EXPECTED,
}
EXPECTED |= {f"reports:{name}_docx": EXPECTED[f"reports:{name}_pdf"] for name in word_templates_world.BESIDE}

# Addresses that speak about the person and not about one unit, with the answers they may give.
WITHOUT_UNIT = {
    "branches:assessment_own": {200},
    "branches:more": {200},
    "branches:post_switch": {405},
    "branches:task_own": {200},
    "reports:home": {200, 302},
    "reports:digest_settings": {200},
    "inspections:template_list": {200, 404},
    "inspections:template_new": {200, 403},
    "inspections:complaint_list": {200, 404},
    "inspections:complaint_new": {200, 403},
    "inspections:list": {200, 404},
    "inspections:new": {200, 403},
    "inspections:programme_list": {200, 404},
    "inspections:programme_new": {200, 403},
    "inspections:recommendation_list": {200, 404},
}

# Small state changes without a page of their own.
POST_ONLY = {
    *report_worlds.POST_ONLY,
    "reports:duty_remind",
    "branches:minutes_restore",
    "branches:dues_receive",
    "branches:import_read",
    "branches:import_namesakes",
    "branches:import_apply",
    "branches:import_row",
    "reports:report_sentence",
    "reports:report_sentence_new",
    "reports:report_section_review",
    "branches:post_invite",
    "branches:post_uninvite",
    "branches:duplicate_answer",
    "branches:own_data",
}

# What a visitor may open without an account. Adding one needs a reason.
PUBLIC = {"account_login", "account_inactive"}

# Opened by whoever holds a secret address, without an account; a wrong secret is answered like one that has ended.
# A member corrects the own record on a phone: behind the link stand facts only the member and the branch know.
# A newcomer to a post sets a password of their own. A calendar asks for a unit's meetings on its own.
# Whoever holds a print of a frozen paper reads what stands on it anyway: kind, number, day, issuer, hash and its state.
BY_SECRET = {
    "branches:self_correction",
    "branches:self_correction_sent",
    "branches:self_correction_copy",
    "branches:self_assessment",
    "branches:invitation",
    "branches:calendar_feed",
    "reports:paper_proof",
}
