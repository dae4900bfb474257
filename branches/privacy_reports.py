"""How private each field of reports is: the part of privacy.py's table about what is told upward."""

from .privacy_class import Privacy

T, P, W, PERS, S = Privacy  # short, because the table below is long

CLASSES: dict[str, dict[Privacy, str]] = {
    "reports.PeriodReport": {
        T: "id version",
        W: "unit period theme template state from_units rolled_from number entry dated_on signer_post signer_name "
        "recipients confirmed_by_superior created_by created_at",
    },
    "reports.ReportStep": {
        T: "id",
        W: "report verb from_state to_state edition reason outside taken_on taken_by written_at",
    },
    "reports.ReportSection": {T: "id key", W: "report position reviewed_by reviewed_on typed_by typed_at"},
    "reports.ReportSentence": {
        T: "id version",
        W: "section position source drafted text left_out from_submission edited_by edited_at",
    },
    # Templates of chapters, and what a chapter said at each save
    "reports.ReportTemplate": {
        T: "id version edition",
        W: "owner name kinds for_theme starts_on ends_on source made_from created_by created_at",
    },
    "reports.TemplateChapter": {
        T: "id key",
        W: "template position number heading under filled_by area is_optional is_list hint",
    },
    "reports.SectionRevision": {
        T: "id number",
        W: "section content note restored_from saved_by begun_at saved_at",
    },
    # Rounds
    "reports.ReportRound": {
        T: "id version",
        W: "unit kind period theme template name asks tables due_on opened_on opened_by closed_on",
    },
    "reports.RoundStep": {T: "id", W: "round verb text reason taken_on taken_by written_at"},
    "reports.RoundUnit": {
        T: "id",
        W: "round unit period due_on due_reason report excused_on excused_reason reminded_on reminders",
    },
    # Papers of a congress
    "reports.CongressPaper": {
        T: "id version kind sha256",
        W: "term texts signer_post signer_name entry dated_on content issued_by changed_by changed_at",
    },
    "reports.ProposedTarget": {T: "id", W: "term indicator comparator value value_to reason"},
    # What was submitted
    "reports.Submission": {
        T: "id sha256",
        W: "report edition as_of submitted_on submitted_by submitted_at correction content facts approved_on "
        "approved_by",
    },
    # The address printed on a frozen paper: it opens number, day, issuer, hash and state, nothing else
    "reports.PaperProof": {T: "id token", W: "submission minutes case_paper ranking congress_paper made_at"},
    "reports.SubmissionScan": {
        T: "id kind content_type size sha256",
        W: "name uploaded_by uploaded_at submission",
        PERS: "file",
    },
    "reports.ReportRow": {
        T: "id position depth code",
        P: "indicator name unit_word",
        W: "submission value whole qualifier lines unknown evidenced last_value last_whole last_qualifier last_lines "
        "comparator aim_value aim_value_to aim_each aim_units standing ratio difference reason together "
        "added added_units last_added last_added_units",
    },
    "reports.JointDecision": {
        T: "id version key",
        W: "report activities said kept decided_by decided_on",
    },
    # Word files of papers, changed by administrators; they hold no data of anybody
    "reports.WordTemplate": {
        T: "id version kind content_type size sha256 used_fields file",
        W: "unit paper edition state valid_from ended_on name uploaded_by uploaded_at",
    },
    # Statistics tables: what they ask is no data of anybody
    "reports.StatTable": {
        T: "id version",
        P: "owner number title whom of_month of_quarter of_half of_year of_school_year of_term source note edition "
        "replaces state valid_from valid_to",
        W: "created_by created_at",
    },
    "reports.StatItem": {
        T: "id code figure",
        P: "table position number name unit_word depth is_bold what part parts share_of share_whole",
    },
    "reports.StatSheet": {T: "id", W: "table unit period"},
    "reports.StatValue": {T: "id version", W: "sheet item value reason typed_by typed_at"},
    # Many papers in one go
    "reports.PrintJob": {
        T: "id claim claimed_at folder file size expires_on missing",
        W: "unit period what which state reason asked_by asked_at started_at finished_at",
    },
    "reports.PrintJobItem": {
        T: "id position file size pages tries",
        W: "job report state edition error printed_at",
    },
    # Emulation: what units are scored by, and how they stand
    "reports.EmulationSet": {
        T: "id version edition",
        W: "unit period name replaced total_points bonus_cap source self_until state used_on ended_on created_by "
        "created_at",
    },
    "reports.EmulationCriterion": {
        T: "id version position indicator_code",
        W: "set parent number text kind points rule per_piece bands above_total needs_evidence guidance",
    },
    "reports.EmulationCluster": {T: "id position", W: "set name"},
    "reports.ScoreSheet": {T: "id version", W: "set unit cluster taken_on state"},
    "reports.ScoreStep": {T: "id", W: "sheet verb from_state to_state reason taken_on taken_by written_at"},
    "reports.ScoreLine": {
        T: "id version",
        W: "sheet criterion self_said self_points self_note self_by self_at given_said given_points "
        "given_words given_source given_note given_by given_at",
    },
    "reports.ScoreEvidence": {
        T: "id kind content_type size sha256",
        W: "name uploaded_by uploaded_at line activity paper published_in",
        PERS: "file",
    },
    "reports.EmulationRanking": {
        T: "id edition sha256",
        W: "set published_on published_by published_at reason content",
    },
}
