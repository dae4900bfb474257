"""How private each field of inspections is: the part of privacy.py's table about cases."""

from .privacy_class import Privacy

T, P, W, PERS, S = Privacy  # short, because the table below is long

CLASSES: dict[str, dict[Privacy, str]] = {
    "inspections.InspectionProgramme": {
        T: "id version",
        W: "unit year state number issued_on in_name_of title purpose conduct",
    },
    "inspections.ProgrammeTopic": {T: "id", W: "programme use position text"},
    "inspections.ProgrammeChange": {T: "id", W: "programme inspection kind what reason changed_on changed_by"},
    "inspections.Inspection": {
        T: "id version",
        W: "programme unit title form planned_month arose_from arose_as inspection_kind supervision_kind review_from "
        "review_to visited_on day_part place unit_account party_remark self_report_due_on team_opinion "
        "conclusion_opening state state_since conclusion_number concluded_on signer_capacity signer_post signer_name "
        "closed_on",
        S: "disciplines",
    },
    "inspections.CaseMove": {
        T: "id",
        W: "inspection verb from_state to_state reason moved_on moved_by written_at",
    },
    "inspections.SelfReport": {T: "id version", W: "inspection text number on_paper sent_on sent_by"},
    "inspections.SelfReportFile": {
        T: "id kind content_type size sha256",
        W: "name uploaded_by uploaded_at report",
        PERS: "file",
    },
    "inspections.Topic": {T: "id", W: "inspection use position text answer"},
    "inspections.TeamSeat": {T: "id", W: "inspection account name post_text role position starts_on ends_on"},
    "inspections.HostAttendee": {T: "id", W: "inspection post_text position", PERS: "name"},
    "inspections.ChecklistTemplate": {
        T: "id version",
        P: "unit code edition name about scoring state source",
        W: "made_by made_on",
    },
    "inspections.TemplateItem": {
        T: "id version",
        P: "template topic position text guidance evidence_where weight max_points na_allowed is_critical fact",
    },
    "inspections.ChecklistItem": {
        T: "id",
        W: "inspection template origin topic position text guidance evidence_where weight max_points na_allowed "
        "is_critical fact fact_words target activity before",
    },
    "inspections.ChecklistAnswer": {
        T: "id version",
        W: "item side result points note activities meetings answered_by answered_at",
    },
    "inspections.SiteEntry": {
        T: "id client_id base_version",
        W: "inspection item result points note state written_at received_at written_by",
    },
    "inspections.SiteFile": {
        T: "id client_id kind content_type size sha256",
        W: "name uploaded_by uploaded_at inspection item side caption taken_at",
        PERS: "file",
    },
    "inspections.Finding": {
        T: "id version",
        W: "inspection position kind weight text facts self_stated item repeat_of target activity meeting source paper",
    },
    "inspections.Recommendation": {
        T: "id version",
        W: "inspection number text owner expected_proof no_due_date original_due_on due_on due_reason state "
        "sent_back_count ended_on withdrawn_reason findings recurs recurs_until times_met accepted_reason accepted_on "
        "accepted_until targets tasks",
    },
    "inspections.ExtensionRequest": {
        T: "id version",
        W: "recommendation wanted_due_on reason asked_on asked_by state due_before agreed_due_on words decided_on "
        "decided_by",
    },
    "inspections.UnitAnswer": {T: "id", W: "recommendation text answered_on answered_by activities targets"},
    "inspections.UnitAnswerFile": {
        T: "id kind content_type size sha256",
        W: "name uploaded_by uploaded_at answer",
        PERS: "file",
    },
    "inspections.Check": {
        T: "id",
        W: "recommendation answer verdict mode in_case text checked_on checked_by",
    },
    "inspections.CasePaper": {
        T: "id version sha256",
        W: "inspection programme kind series edition reason state about number entry dated_on signer_capacity "
        "signer_post signer_name issued_at issued_by",
        PERS: "texts frozen",  # who was there and what was said
    },
    "inspections.CasePaperScan": {
        T: "id kind content_type size sha256",
        W: "name uploaded_by uploaded_at paper",
        PERS: "file",
    },
    # Closed reading: what somebody put to the committee, about whom, and what came of it.
    "inspections.Complaint": {
        T: "id version",
        W: "received_by year number written_by written_at",
        S: "search_key unit kind received_on from_name from_contact text state due_on state_reason answer ended_on "
        "inspection discipline",
    },
    "inspections.ComplaintFile": {
        T: "id kind content_type size sha256",
        W: "uploaded_by uploaded_at complaint",
        S: "name file",
    },
    "inspections.ComplaintAccess": {T: "id", W: "account opened_at", S: "complaint"},
    "inspections.ComplaintMove": {T: "id", W: "moved_on moved_by written_at", S: "complaint to_state words"},
    "inspections.RoomTake": {T: "id size", W: "inspection sections files made_by made_at"},
}
