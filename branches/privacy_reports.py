"""How private each field of reports is: the part of privacy.py's table about what is told upward."""

from .privacy_class import Privacy

T, P, W, PERS, S = Privacy  # short, because the table below is long

CLASSES: dict[str, dict[Privacy, str]] = {
    "reports.PeriodReport": {
        T: "id version",
        W: "unit period theme state from_units number dated_on signer_post signer_name recipients "
        "confirmed_by_superior created_by created_at",
    },
    "reports.ReportStep": {
        T: "id",
        W: "report verb from_state to_state edition reason outside taken_on taken_by written_at",
    },
    "reports.ReportSection": {T: "id key", W: "report position reviewed_by reviewed_on"},
    "reports.ReportSentence": {
        T: "id version",
        W: "section position source drafted text left_out edited_by edited_at",
    },
    # Rounds
    "reports.ReportRound": {
        T: "id version",
        W: "unit kind period theme name asks due_on opened_on opened_by closed_on",
    },
    "reports.RoundStep": {T: "id", W: "round verb text reason taken_on taken_by written_at"},
    "reports.RoundUnit": {
        T: "id",
        W: "round unit period due_on due_reason report excused_on excused_reason reminded_on reminders",
    },
    # What was submitted
    "reports.Submission": {
        T: "id sha256",
        W: "report edition as_of submitted_on submitted_by submitted_at correction content facts approved_on "
        "approved_by",
    },
    "reports.ReportRow": {
        T: "id position depth code",
        P: "indicator name unit_word",
        W: "submission value whole qualifier lines unknown evidenced last_value last_whole last_qualifier last_lines "
        "comparator aim_value aim_value_to aim_each aim_units standing ratio difference reason together",
    },
}
