"""What the security tests send: every form as an honest person fills it, and the objects it is attacked with."""

from . import report_worlds
from .assessed_world import ASSESSMENT_ATTACKS, ASSESSMENT_FORMS, ASSESSMENT_SPOILT
from .duties_world import DUTY_FORMS
from .inspection_attacks import (
    INSPECTION_ATTACKS,
    INSPECTION_FORMS,
    INSPECTION_SPOILT,
)
from .merit_world import MERIT_ATTACKS, MERIT_FORMS, MERIT_SPOILT
from .sent_files import Anew


def one_row(indicator, **values):
    """A result of an activity."""
    return {"quantity": indicator.pk, f"q{indicator.pk}-value": "3"} | values


LIST = Anew("Họ và tên,Ngày sinh\nLê Thị Danh Sách,01/02/2003\n".encode(), name="danh-sach.csv")


def grid_row(indicator, **values):
    """A row of the plan, opened by whoever sends it."""
    said = {"aim": "5", "origin": "own", "comparator": "", "document": "", "note": "", "due_on": "", "opened": "x"}
    return {f"r{indicator.pk}-{name}": value for name, value in {**said, "version": "", **values}.items()}


CASE = {
    "title": "Kiểm tra", "inspection_kind": "periodic", "review_from": "01/01/2026", "review_last": "30/09/2026",
}  # fmt: skip
PROGRAMME = {"number": "77-KH", "issued_on": "01/02/2026", "title": "Kế hoạch", "year": "2026",
             "in_name_of": "committee"}  # fmt: skip
EVENT = {"decision": "112-QĐ/TĐTN"}
ADVICE = {"text": "Sinh hoạt đều", "owner": "BCH", "due_on": "31/12/2026"}

# Address → who sends the form, and what has to be written into it to be accepted.
FORMS = {
    "branches:activity_new": ("secretary", lambda w: {"title": "Việc mới", "area": w.area.pk}),
    "branches:activity_edit": ("secretary", lambda w: {"title": "Việc đã sửa"}),
    "branches:activity_hold": ("secretary", lambda w: {}),
    "branches:activity_cancel": ("secretary", lambda w: {"cancel_reason": "Mưa bão"}),
    "branches:evidence_delete": ("secretary", lambda w: {}),
    "branches:member_new": (
        "secretary",
        lambda w: {"full_name": "Lê Thị Mới", "starts_on": "01/01/2026", "begin_reason": "admitted"},
    ),
    "branches:member_edit": ("secretary", lambda w: {"job": "Văn thư"}),
    "branches:member_sensitive": ("secretary", lambda w: {"ethnicity": "Kinh"}),
    "branches:member_merge": ("secretary", lambda w: {"do": "merge"}),
    "branches:duplicate_answer": ("secretary", lambda w: w.form("branches:duplicate_answer")),
    "branches:consent": ("secretary", lambda w: {"given": "yes", "note": "Giấy ngày 20/11/2026"}),
    "branches:data_request_new": (
        "secretary",
        lambda w: {"kind": "copy", "received_on": "20/01/2026", "member": w.other_member.pk},
    ),
    "branches:data_request": ("secretary", lambda w: {"do": "answer", "answered_on": "20/01/2026"}),
    "branches:anonymise": ("secretary", lambda w: {"sure": "on"}),
    "branches:self_link_revoke": ("secretary", lambda w: {}),
    "branches:proposals": ("secretary", lambda w: {f"quyet-{w.proposal.pk}": "nhan", "do": "save"}),
    "branches:direction_new": ("secretary", lambda w: {"text": "Việc cần làm", "body_name": "Chi bộ"}),
    "branches:direction_edit": ("secretary", lambda w: {"text": "Việc cần làm khác"}),
    "branches:direction_answer": ("secretary", lambda w: {"answer": "Đã làm"}),
    "branches:direction_withdraw": ("secretary", lambda w: {"reason": "Chi bộ thôi giao"}),
    "branches:direction_sending_edit": ("superior", lambda w: {"text": "Đỡ đầu hai xã"}),
    "branches:direction_sending_withdraw": ("superior", lambda w: {"reason": "Tỉnh đã làm"}),
    "branches:direction_give": ("superior", lambda w: {"to_all": "on", "text": "Đỡ đầu xã", "body_name": "Đoàn Khối"}),
    # Tasks and proposals
    "branches:task_new": ("secretary", lambda w: {"text": "Thăm hộ nghèo", "owner_name": "Ban Chấp hành"}),
    "branches:task_from_conclusion": ("secretary", lambda w: {"owner_name": "Ban Chấp hành"}),
    "branches:task_from_direction": ("secretary", lambda w: {"owner_name": "Ban Chấp hành"}),
    "branches:task_from_proposal": ("secretary", lambda w: {"owner_name": "Ban Chấp hành"}),
    "branches:task_edit": ("secretary", lambda w: {"text": "Thăm hai hộ nghèo"}),
    "branches:task_report": ("secretary", lambda w: {"result": "Đã thăm"}),
    "branches:task_review": ("secretary", lambda w: {"verdict": "accept"}),
    "branches:task_drop": ("secretary", lambda w: {"reason": "Xã đã làm"}),
    "branches:task_reopen": ("secretary", lambda w: {"reason": "Còn thiếu"}),
    "branches:task_file_delete": ("secretary", lambda w: {}),
    "branches:proposal_new": ("secretary", lambda w: {"what": "Đỡ đầu xã nghèo", "why": "Để chủ động"}),
    "branches:proposal_edit": ("secretary", lambda w: {"what": "Đỡ đầu hai xã"}),
    "branches:proposal_withdraw": ("secretary", lambda w: {}),
    "branches:proposal_reply": ("secretary", lambda w: {"words": "Ba triệu đồng"}),
    "branches:proposal_plan": ("secretary", lambda w: {"indicator": w.indicator.pk, "aim": "3"}),
    "branches:proposal_answer": ("party", lambda w: {"answer": "agreed"}),
    # Meetings
    "branches:meeting_new": ("secretary", lambda w: {"title": "Họp mới"}),
    "branches:meeting_edit": ("secretary", lambda w: {"title": "Họp khác"}),
    "branches:meeting_cancel": ("secretary", lambda w: {"cancel_reason": "Mưa bão"}),
    "branches:meeting_take_back": ("secretary", lambda w: {}),
    "branches:meeting_close": ("secretary", lambda w: {"day": "16/10/2026", "time": "18:15"}),
    "branches:meeting_reopen": ("secretary", lambda w: {}),
    "branches:meeting_roll": ("secretary", lambda w: {f"m{w.attendance.pk}": "excused", f"r{w.attendance.pk}": "Ốm"}),
    "branches:meeting_roll_add": ("secretary", lambda w: {"member": w.moving.pk, "because": "Mới chuyển đến"}),
    "branches:meeting_guests": ("secretary", lambda w: {"name": "Khách", "count": "1", "do": "save"}),
    "branches:meeting_agenda": ("secretary", lambda w: {"title": "Việc khác", "do": "save"}),
    "branches:meeting_item": ("secretary", lambda w: {"title": "Việc đã sửa", "do": "save"}),
    "branches:meeting_conclude": ("secretary", lambda w: {"text": "Thống nhất"}),
    "branches:meeting_conclusion": ("secretary", lambda w: {"text": "Chưa thống nhất", "do": "save"}),
    "branches:meeting_vote": (
        "secretary",
        lambda w: {"question": "Kết nạp", "entitled": "2", "present": "2", "votes_for": "1", "means": "hand"},
    ),
    "branches:meeting_ballot": ("secretary", lambda w: {"votes_for": "1", "votes_against": "1", "do": "save"}),
    "branches:meeting_calendar": ("secretary", lambda w: {"do": "drop"}),
    "branches:minutes": ("secretary", lambda w: {"text-wishes": "Ý kiến sửa lại"}),
    "branches:minutes_confirm": ("secretary", lambda w: {}),
    "branches:minutes_sign": ("secretary", lambda w: {"role": "chair"}),
    "branches:minutes_reopen": ("secretary", lambda w: {"reason": "Ghi thiếu"}),
    "branches:minutes_new_edition": ("secretary", lambda w: {"reason": "Ghi nhầm"}),
    "branches:minutes_number": ("secretary", lambda w: {"number": "05"}),
    "branches:minutes_restore": ("secretary", lambda w: {"number": "1"}),
    "reports:plan_edit": ("secretary", lambda w: {f"r{w.indicator.pk}-aim": "7", "reason": "Theo thực tế"}),
    "reports:plan_copy": ("secretary", lambda w: {}),
    "reports:term_plan_edit": ("secretary", lambda w: {f"r{w.indicator.pk}-aim": "7", "reason": "Theo thực tế"}),
    "reports:term_plan_copy": ("secretary", lambda w: {}),
    "reports:own_indicator_new": (
        "secretary",
        lambda w: {"name": "Chỉ tiêu riêng", "unit_word": "buổi", "area": w.area.pk},
    ),
    "reports:term_new": (
        "secretary",
        lambda w: {"name": "Nhiệm kỳ mới", "starts_on": "01/06/2027", "last_day": "31/05/2030"},
    ),
    "reports:target_revise": ("secretary", lambda w: {"aim": "≥ 6", "reason": "Theo thực tế"}),
    "reports:target_remove": ("secretary", lambda w: {"reason": "Không còn làm"}),
    "reports:target_hand_down": ("superior", lambda w: {f"u{w.own.pk}": "2"}),
    "reports:report_new": ("secretary", lambda w: {"period": f"nk-{w.term.pk}"}),
    "reports:report_settings": ("secretary", lambda w: {"signer_name": "Lê Văn Ký"}),
    "reports:report_sentence": ("secretary", lambda w: w.form("reports:report_sentence")),
    "reports:report_sentence_new": ("secretary", lambda w: {"text": "Câu mới."}),
    "reports:report_section_review": ("secretary", lambda w: {}),
    # A list from Excel
    "branches:import_new": ("secretary", lambda w: {"file": LIST}),
    "branches:import_columns": ("secretary", lambda w: {"starts_on": "01/02/2021"}),
    "branches:import_read": ("secretary", lambda w: {}),
    "branches:import_row": ("secretary", lambda w: {"choice": "new", "cell_job": "Kế toán trưởng"}),
    "branches:import_namesakes": ("secretary", lambda w: {"choice": "new"}),
    "branches:import_apply": ("secretary", lambda w: {"leave_out": "on"}),
    "branches:import_undo": ("secretary", lambda w: {}),
    # A member's life
    "branches:admission_new": (
        "secretary",
        lambda w: {"full_name": "Lê Thị Xin", "birth_date": "01/01/2009", "introduced_by": "Một đoàn viên"},
    ),
    "branches:admission_edit": ("secretary", lambda w: {"job": "Học sinh"}),
    "branches:admission_vote": ("secretary", lambda w: {"members_present": "5", "votes_for": "4"}),
    "branches:admission_withdraw": ("secretary", lambda w: {"reason": "Chuyển trường"}),
    "branches:admission_decide": ("superior", lambda w: {"decision": "12-QĐ/ĐK"}),
    "branches:admission_refuse": ("superior", lambda w: {"reason": "Chưa học lớp bồi dưỡng"}),
    "branches:transfer_new": (
        "secretary",
        lambda w: {"where": w.closing.name, "target": w.closing.pk, "remark": "Nhiệt tình"},
    ),
    "branches:transfer_accept": ("sibling", lambda w: {"answer": "Đã về sinh hoạt"}),
    "branches:transfer_return": ("sibling", lambda w: {"answer": "Không làm việc ở đây"}),
    "branches:transfer_withdraw": ("secretary", lambda w: {"answer": "Ghi nhầm nơi đến"}),
    "branches:transfer_hand_on": ("superior", lambda w: {"branch": w.closing.pk}),
    "branches:stay_new": ("secretary", lambda w: {"where": w.closing.name, "target": w.closing.pk}),
    "branches:stay_end": ("secretary", lambda w: {"note": "Đã về"}),
    "branches:stay_end_at_home": ("secretary", lambda w: {"note": "Đã về"}),
    "branches:away_end": ("secretary", lambda w: {"note": "Đã về"}),
    "branches:stay_on": ("secretary", lambda w: {"wished_on": "01/11/2026"}),
    "branches:maturity": ("secretary", lambda w: {"members": w.ageing.pk, "on": "20/11/2026", "decision": "03-QĐ/CĐ"}),
    "branches:member_leave": ("secretary", lambda w: {"why": "Ghi nhầm người"}),
    "branches:member_leave_for": (
        "secretary",
        lambda w: {"decision": "04-NQ/CĐ", "note": "Bỏ sinh hoạt ba tháng, từ tháng 8/2026"},
    ),
    "branches:member_return": ("secretary", lambda w: {"decision": "Giấy giới thiệu số 5"}),
    # Dues and the fund
    "branches:dues_receive": ("secretary", lambda w: w.form("branches:dues_receive")),
    "branches:dues_receipt_undo": ("secretary", lambda w: {"why": "Ghi nhầm người"}),
    "branches:dues_statuses": ("secretary", lambda w: {f"dien-{w.other_member.pk}": "abroad"}),
    "branches:dues_exempt": (
        "secretary",
        lambda w: {"from_month": "1/2025", "last_month": "2/2025", "reason": "Ốm", "decision": "NQ 4"},
    ),
    "branches:dues_exempt_undo": ("secretary", lambda w: {}),
    "branches:remittance_new": ("secretary", lambda w: {}),
    "branches:remittance_accept": ("superior", lambda w: {"note": "Đủ"}),
    "branches:remittance_return": ("superior", lambda w: {"why": "Thiếu tiền"}),
    "branches:remittance_withdraw": ("secretary", lambda w: {"why": "Ghi nhầm"}),
    "branches:fund_new": ("secretary", lambda w: {"amount": "20.000", "text": "Mua hoa"}),
    "branches:fund_undo": ("secretary", lambda w: {"why": "Ghi hai lần"}),
    **DUTY_FORMS,
    **MERIT_FORMS,
    **ASSESSMENT_FORMS,
    # Posts and terms
    "branches:post_new": ("secretary", lambda w: {"kind": w.kind.pk, "who": f"a{w.fellow.pk}"}),
    "branches:post_edit": ("secretary", lambda w: {"decision": "06-QĐ/ĐK"}),
    "branches:post_end": ("secretary", lambda w: {"decision": "07-QĐ/ĐK"}),
    "branches:post_uninvite": ("secretary", lambda w: {}),
    "branches:handover": ("secretary", lambda w: {"who": f"a{w.fellow.pk}", "note": "Sổ ở tủ số 3"}),
    "branches:term_edit": ("secretary", lambda w: {"name": "Nhiệm kỳ VI"}),
    # Unit events, each done after its preview
    "branches:unit_found": ("superior", lambda w: EVENT | {"name": "Phân đoàn Mới"}),
    "branches:unit_rename": ("superior", lambda w: EVENT | {"name": "Chi đoàn Tên Mới"}),
    "branches:unit_move": ("superior", lambda w: EVENT | {"superior": w.other_union.pk}),
    "branches:unit_merge": (
        "superior",
        lambda w: EVENT | {"sources": [w.lower.pk, w.lowest.pk], "new_name": "Phân đoàn Chung"},
    ),
    "branches:unit_split": ("superior", lambda w: EVENT | {"name_1": "Chi đoàn Một"}),
    "branches:unit_dissolve": ("superior", lambda w: EVENT | {"members_to": w.sibling.pk}),
    "inspections:programme_new": ("inspector", lambda w: PROGRAMME),
    "inspections:programme_edit": ("inspector", lambda w: {"title": "Trích yếu khác", "reason": "Ghi sót"}),
    "inspections:programme_issue": ("inspector", lambda w: {"number": "78-KH", "issued_on": "01/02/2026"}),
    "inspections:programme_take": ("inspector", lambda w: {"unit": w.sibling.pk, "month": "11/2026"}),
    "inspections:send_plan": ("inspector", lambda w: {}),
    "inspections:self_report": ("secretary", lambda w: {"text": "Đã làm đủ các việc", "do": "send"}),
    "inspections:self_report_paper": ("inspector", lambda w: {"text": "Bản giấy"}),
    "inspections:verify": ("inspector", lambda w: {}),
    "inspections:team_report": ("inspector", lambda w: {"opinion": "Đơn vị cố gắng"}),
    "inspections:step_back": ("inspector", lambda w: {"reason": "Ghi nhầm bước"}),
    "inspections:reopen": ("inspector", lambda w: {"reason": "Khép nhầm"}),
    "inspections:cancel": ("inspector", lambda w: {"reason": "Đơn vị sắp sáp nhập"}),
    "inspections:escalate": ("inspector", lambda w: {"reason": "Có dấu hiệu sai quỹ"}),
    "inspections:reinspect": ("inspector", lambda w: {"planned_month": "12/2026"}),
    "inspections:new": ("inspector", lambda w: CASE | {"programme": w.programme.pk, "units": w.own.pk}),
    "inspections:edit": ("inspector", lambda w: {"title": "Tên khác"}),
    "inspections:team": ("inspector", lambda w: {}),
    "inspections:seat_end": ("inspector", lambda w: {}),
    "inspections:visit": ("inspector", lambda w: {"day_part": "morning"}),
    "inspections:conclude": ("inspector", lambda w: {"concluded_on": "20/09/2026", "number": "5-TB"}),
    "inspections:finding_new": ("inspector", lambda w: {"text": "Còn chậm"}),
    "inspections:finding_edit": ("inspector", lambda w: {"text": "Còn rất chậm"}),
    "inspections:finding_delete": ("inspector", lambda w: {}),
    "inspections:recommendation_new": ("inspector", lambda w: ADVICE),
    "inspections:recommendation_edit": ("inspector", lambda w: {"text": "Sinh hoạt đều hơn"}),
    "inspections:recommendation_delete": ("inspector", lambda w: {}),
    "inspections:recommendation_extend": ("inspector", lambda w: {"due_on": "31/12/2027", "reason": "Chờ kinh phí"}),
    "inspections:extension_ask": ("secretary", lambda w: {"due_on": "31/12/2027", "reason": "Chờ lịch"}),
    "inspections:extension_answer": ("inspector", lambda w: {"answer": "as_asked"}),
    "inspections:recommendation_accept": ("inspector", lambda w: {"until": "31/12/2028", "reason": "Đang sửa"}),
    "inspections:recommendation_revoke": ("inspector", lambda w: {}),
    "inspections:recommendation_target": ("secretary", lambda w: {"target": w.target.pk}),
    "inspections:recommendation_task": ("secretary", lambda w: {"owner_name": "Ban Chấp hành"}),
    "inspections:recommendation_withdraw": ("inspector", lambda w: {"reason": "Không còn cần"}),
    "inspections:check": ("inspector", lambda w: {"verdict": "adequate", "text": "Đạt"}),
    "inspections:answer": ("secretary", lambda w: {"text": "Đã làm xong"}),
    **INSPECTION_FORMS,
    **report_worlds.FORMS,
}
# These change one thing into another, and a second sending finds it changed: a version is enough.
WITHOUT_A_KEY = {
    "reports:duty_remind", "reports:round_remind",
    "branches:minutes", "branches:minutes_restore",
    "branches:duplicate_answer",
    "branches:evidence_delete", "branches:member_edit", "branches:member_sensitive",
    "branches:consent", "branches:data_request", "branches:anonymise", "branches:self_link_revoke",
    "branches:proposals",
    "branches:task_file_delete",
    "reports:plan_copy", "reports:term_plan_copy", "reports:target_revise",
    "reports:target_remove", "reports:target_hand_down", "reports:report_new", "reports:report_settings",
    "reports:report_sentence", "reports:report_section_review", "inspections:finding_delete",
    "inspections:recommendation_delete",
    "branches:import_columns", "branches:import_read", "branches:import_row", "branches:import_namesakes",
    "branches:import_apply", "branches:import_undo", "branches:post_edit", "branches:post_end",
    "branches:post_uninvite", "branches:term_edit",
    "reports:report_chapter_step", "reports:report_revision_restore", "reports:report_sentence_autosave",
    "reports:report_chapter_begin", "reports:joint_decide", "reports:report_take_all", "reports:section_take_text",
}  # fmt: skip
# Closing the case needs its recommendations ended; the form is a button without a field.
# A copy of one's data is answered as a file. The link of a newcomer (test_appointing.py), or
# a link to correct one's own record, is shown where it was asked for and not led away from: test_self_correction.py.
WITHOUT_A_FIELD = {
    "inspections:close", "branches:post_switch", "branches:self_link_new", "branches:self_link_member",
    "branches:post_invite", "branches:own_data", "branches:meeting_invite",
    "reports:digest_settings",
}  # fmt: skip

# A list that is read to its end has no next portion.
WITHOUT_A_CHANGE = {"branches:import_read"}
# What is to happen is shown first, and done only by who has seen this very preview.
PREVIEWED = {
    "branches:unit_found", "branches:unit_rename", "branches:unit_move", "branches:unit_merge", "branches:unit_split",
    "branches:unit_dissolve",
}  # fmt: skip

# (address, field, what is sent for an object, the own object, the foreign one)
ATTACKS = [
    *MERIT_ATTACKS,
    *ASSESSMENT_ATTACKS,
    *INSPECTION_ATTACKS,
    *report_worlds.ATTACKS,
    *[
        (f"branches:activity_{name}", field, said, own, far)
        for name in ("new", "edit", "hold")
        for field, said, own, far in (
            ("members", lambda one: {"members": one.pk}, "member", "member"),
            ("quantity", one_row, "indicator", "indicator"),
        )
    ],
    *[
        (f"branches:task_{name}", field, lambda one, field=field: {"owner_name": "", field: one.pk}, *pair)
        for name in ("new", "from_conclusion", "from_direction", "from_proposal", "edit")
        for field in ("owner", "owners")
        if (name, field) != ("edit", "owners")
        for pair in (("member", "member"),)
    ],
    ("branches:proposal_new", "meeting", lambda one: {"meeting": one.pk}, "task_meeting", "meeting"),
    ("branches:proposal_edit", "meeting", lambda one: {"meeting": one.pk}, "task_meeting", "meeting"),
    ("branches:proposal_plan", "indicator", lambda one: {"indicator": one.pk, "aim": "3"}, "indicator", "indicator"),
    ("branches:direction_give", "units", lambda one: {"units": one.pk, "to_all": ""}, "own", "unit"),
    ("branches:data_request_new", "member", lambda one: {"member": one.pk}, "other_member", "member"),
    *[
        (f"branches:{name}", field, lambda one, field=field: {field: one.pk}, "other_member", "member")
        for name in ("meeting_new", "meeting_edit")
        for field in ("chair", "secretary")
    ],
    ("branches:meeting_new", "tasks", lambda one: {"tasks": one.pk}, "task", "task"),
    (
        "branches:meeting_new",
        "i*-admission",
        lambda one: {"i0-admission": one.pk, "i0-use": "on"},
        "applicant",
        "admission",
    ),
    *[
        (f"branches:{name}", field, lambda one, field=field: {"admission": "", "subject": "", field: one.pk}, own, far)
        for name in ("meeting_agenda", "meeting_item")
        for field, own, far in (("admission", "applicant", "admission"), ("subject", "other_member", "member"))
    ],
    ("branches:meeting_agenda", "item", lambda one: {"do": "down", "item": one.pk}, "agenda_item", "agenda_item"),
    ("branches:meeting_roll_add", "member", lambda one: {"member": one.pk}, "moving", "member"),
    ("branches:meeting_roll", "row", lambda one: {"do": "unmark", "row": one.pk}, "attendance", "attendance"),
    ("branches:meeting_guests", "guest", lambda one: {"do": "drop", "guest": one.pk}, "meeting_guest", "meeting_guest"),
    # The keys of rows on the page; nobody else's are taken.
    ("branches:proposals", "thay", lambda one: {"thay": one.pk, f"quyet-{one.pk}": "nhan"}, "proposal", "proposal"),
    ("reports:plan_edit", "r*-owner", None, "other_member", "member"),
    ("reports:plan_edit", "r*-direction", None, "direction", "direction"),
    ("reports:plan_edit", "r*-aim", grid_row, "indicator", "indicator"),
    ("reports:term_plan_edit", "r*-owner", None, "other_member", "member"),
    ("reports:term_plan_edit", "r*-direction", None, "direction", "direction"),
    ("reports:target_revise", "owner", lambda one: {"owner": one.pk}, "other_member", "member"),
    ("reports:target_revise", "direction", lambda one: {"direction": one.pk}, "direction", "direction"),
    ("reports:target_hand_down", "u*", lambda one: {f"u{one.pk}": "3"}, "own", "unit"),
    ("reports:report_new", "period", lambda one: {"period": f"nk-{one.pk}"}, "term", "term"),
    # The person a row of a list may mean.
    ("branches:import_row", "chosen", lambda one: {"choice": "same", "chosen": one.pk}, "other_member", "member"),
    # Whoever is introduced may go anywhere; but only to what was found under the name on the form.
    ("branches:transfer_new", "target", lambda one: {"target": one.pk}, "closing", "unit"),
    ("branches:stay_new", "target", lambda one: {"target": one.pk}, "closing", "unit"),
    ("branches:transfer_hand_on", "branch", lambda one: {"branch": one.pk}, "closing", "unit"),
    ("branches:dues_receive", "cells", lambda one: {"cells": f"{one.pk}-2026-02"}, "other_member", "member"),
    ("branches:dues_statuses", "dien-*", lambda one: {f"dien-{one.pk}": "abroad"}, "other_member", "member"),
    ("branches:fund_new", "activity", lambda one: {"activity": one.pk}, "own_activity", "activity"),
    ("branches:maturity", "members", lambda one: {"members": one.pk}, "ageing", "member"),
    ("branches:post_new", "kind", lambda one: {"kind": one.pk}, "kind", "kind"),
    *[
        (f"branches:{name}", field, said, own, far)
        for name in ("post_new", "handover")
        for field, said, own, far in (
            ("who", lambda one: {"who": f"a{one.pk}"}, "fellow", "account"),
            ("who", lambda one: {"who": f"m{one.member_id}"}, "registered", "account"),
            ("term", lambda one: {"term": one.pk}, "term", "term"),
        )
    ],
    ("branches:post_edit", "term", lambda one: {"term": one.pk}, "term", "term"),
    ("branches:unit_move", "superior", lambda one: {"superior": one.pk}, "other_union", "union"),
    ("branches:unit_merge", "sources", None, "lowest", "unit"),
    ("branches:unit_merge", "into", lambda one: {"into": one.pk}, "lowest", "unit"),
    ("branches:unit_split", "m*", lambda one: {f"m{one.pk}": "1"}, "other_member", "member"),
    ("branches:unit_split", "u*", lambda one: {f"u{one.pk}": "1"}, "lower", "unit"),
    ("branches:unit_dissolve", "members_to", lambda one: {"members_to": one.pk}, "sibling", "unit"),
    ("inspections:programme_take", "unit", lambda one: {"unit": one.pk}, "sibling", "unit"),
    ("inspections:new", "programme", lambda one: {"programme": one.pk}, "programme", "programme"),
    ("inspections:new", "units", lambda one: {"units": one.pk}, "own", "unit"),
    ("inspections:new", "doan-*-account", lambda one: {"doan-0-account": one.pk}, "chair", "account"),
    ("inspections:team", "doan-*-account", lambda one: {"doan-2-account": one.pk}, "chair", "account"),
    ("inspections:team", "doan-*-pk", lambda one: {"doan-0-pk": one.pk, "doan-0-name": "Đổi"}, "open_seat", "seat"),
    ("inspections:visit", "topic_*", lambda one: {f"topic_{one.pk}": "Trả lời"}, "topic", "topic"),
    ("inspections:finding_new", "target", lambda one: {"target": one.pk}, "target", "target"),
    ("inspections:finding_new", "activity", lambda one: {"activity": one.pk}, "activity", "activity"),
    ("inspections:finding_edit", "target", lambda one: {"target": one.pk}, "target", "target"),
    ("inspections:finding_edit", "activity", lambda one: {"activity": one.pk}, "activity", "activity"),
    ("inspections:recommendation_new", "findings", lambda one: {"findings": one.pk}, "finding", "finding"),
    ("inspections:recommendation_edit", "findings", lambda one: {"findings": one.pk}, "finding", "finding"),
    ("inspections:answer", "activities", lambda one: {"activities": one.pk}, "own_activity", "activity"),
    ("inspections:answer", "targets", lambda one: {"targets": one.pk}, "target", "target"),
]
# Choices with numbers that belong to nobody: amounts, chapters, yes and no, the parts of a split.
OF_NOBODY = {"said", "area", "value", "weight", "q*-value", "pick", "rest", "heir", "label", "p*-label"}

# Lists and hidden fields in which something is sent that no page offers.
SPOILT = {
    **MERIT_SPOILT,
    **ASSESSMENT_SPOILT,
    "branches:minutes": ("edition", "known", "base-wishes", "choose-wishes", "text-item-999999"),
    "branches:minutes_sign": ("role", "seen"),
    "branches:minutes_restore": ("number",),
    "branches:meeting_new": ("rows", "i0-order", "i0-kind", "i0-admission", "tasks", "chair", "kind", "form"),
    "branches:meeting_roll": ("row", "do", "form_key"),
    "branches:meeting_agenda": ("item", "do", "kind", "subject"),
    "branches:meeting_ballot": ("version", "seen", "decision", "votes_for"),
    "branches:meeting_guests": ("guest", "count"),
    "branches:import_row": ("choice", "chosen", "cell_birth_date", "cell_nothing", "nhom"),
    "branches:import_columns": ("s0-header_rows", "s0-col_0", "s0-unit", "version"),
    "branches:transfer_new": ("where", "target", "do"),
    "branches:stay_new": ("kind", "target"),
    "branches:maturity": ("members", "ceremony"),
    "branches:dues_receive": ("cells", "said", "do", "form_key"),
    "branches:dues_statuses": ("dien-*", "from_month"),
    "branches:remittance_new": ("ky", "den", "said"),
    "branches:fund_new": ("kind", "activity", "amount"),
    "branches:post_new": ("kind", "who", "term"),
    "branches:handover": ("who", "term"),
    "branches:unit_move": ("superior", "seen", "form_key"),
    "branches:unit_merge": ("sources", "into", "new_kind", "new_code"),
    "branches:unit_split": ("rest", "goes_on"),
    "inspections:new": ("units", "programme", "doan-0-account"),
    "inspections:answer": ("activities", "targets", "ticket"),
    "inspections:recommendation_new": ("findings",),
    **INSPECTION_SPOILT,
    **report_worlds.SPOILT,
    "branches:activity_new": ("members", "quantity", "kept", "day", "pick", "do", "form_key"),
    "reports:report_sentence": ("version", "do"),
    "reports:report_sentence_new": ("source",),
}
