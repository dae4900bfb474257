"""How private each field of the project is: the one declared place. A field without a class fails a test. The five
classes: privacy_class.py.
"""

from . import privacy_inspections, privacy_reports
from .privacy_class import Privacy

T, P, W, PERS, S = Privacy  # short, because the table below is long

CLASSES: dict[str, dict[Privacy, str]] = {
    # People
    "branches.Member": {
        T: "id version name_key name_lower sort_key merged_into anonymised_on",
        W: "home is_active",
        PERS: "full_name national_code sex birth_date birth_precision phone email address hometown job education "
        "education_level politics admitted_on admitted_precision admitted_at card_number",
    },
    "branches.SensitiveData": {
        T: "id member",
        S: "ethnicity religion joined_party_on joined_party_precision official_party_on personal_number discipline",
    },
    "branches.SensitiveAccess": {T: "id", W: "account kind created_at", PERS: "member"},
    "branches.Membership": {
        T: "id",
        W: "unit kind starts_on ends_on begin_reason decision end_decision",
        PERS: "member end_reason",
        S: "end_note",  # grounds of a deletion or an expulsion
    },
    "branches.Admission": {
        T: "id version",
        W: "unit state voted_on members_present votes_for decision decided_on decided_by written_by created_at",
        PERS: "full_name sex birth_date job education hometown address phone applied_on introduced_by admitted_on "
        "reason member",
    },
    "branches.Transfer": {
        T: "id version",
        W: "source target target_name state letter_number letter_on due_on answered_on answered_by sent_by created_at",
        PERS: "member asked_on reason remark dues_paid_to answer moved_on",
    },
    "branches.StayOn": {T: "id", W: "agreed_on until decision written_by created_at", PERS: "member wished_on"},
    "branches.AwayStay": {
        T: "id",
        W: "kind decision written_by created_at",
        PERS: "member place starts_on ends_on note",
    },
    "branches.EndedAlong": {T: "id leaving post stay away", W: "ended_on was_until was_decision"},
    "branches.NotSamePerson": {T: "id", W: "said_by said_at", PERS: "first second"},
    "branches.MemberMerge": {T: "id moved", W: "merged_by merged_at", PERS: "kept absorbed", S: "values"},
    "branches.MemberImport": {
        T: "id version state rows_total rows_read counts",
        PERS: "enrolled",
        W: "unit account name starts_on created_at applied_at undone_at sheets",
        S: "file",  # a whole list of people
    },
    "branches.ImportRow": {
        T: "id belongs_to sheet number state choice version problems",
        W: "unit",
        PERS: "candidates chosen member",
        S: "cells typed values before",
    },
    "branches.ColumnMemory": {T: "id", W: "unit header field"},
    "branches.SelfServiceLink": {
        T: "id token_hash",
        W: "unit created_by created_at expires_at revoked_at",
        PERS: "member used_at uses",
    },
    "branches.ProposedValue": {
        T: "id link field state",
        W: "decided_at decided_by",
        PERS: "member sent_at",
        S: "value reason",
    },
    "branches.ConsentText": {T: "id", P: "purpose version title body valid_from"},
    "branches.Consent": {T: "id text", W: "written_by", PERS: "member given means said_at", S: "guardian note"},
    "branches.DataRequest": {
        T: "id",
        W: "unit received_on answer_due_on finish_due_on extended_because answered_on finished_on "
        "written_by created_at",
        PERS: "member name kind details outcome",
    },
    "branches.Account": {
        T: "id password last_login is_superuser username is_staff is_active date_joined sessions_end_on "
        "sessions_ended wants_digest groups user_permissions",
        PERS: "first_name last_name email full_name member",
    },
    # The life of a branch
    "branches.DutyType": {
        T: "id code",
        P: "name rhythm fulfilled_by unit_kinds only due_days owner starts_on ends_on source position",
    },
    "branches.DutyException": {
        T: "id code",
        W: "unit rhythm starts_on ends_on reason decision written_by created_at",
    },
    "branches.DutyWord": {T: "id code", W: "unit starts_on said done_on reason written_by written_at"},
    "branches.DutyReminder": {T: "id code", W: "unit starts_on reminded_by reminded_on"},
    "branches.Meeting": {
        T: "id version",
        W: "unit kind title theme starts_at ends_at form place link state cancel_reason roll_opened_at created_by "
        "created_at",
        PERS: "chair secretary",
    },
    "branches.Attendance": {
        T: "id meeting sort_key",
        W: "marked_at marked_by",
        PERS: "member name standing state reason added_because",
    },
    "branches.MeetingGuest": {T: "id meeting", W: "body count", PERS: "name"},
    "branches.MeetingLetter": {
        T: "id meeting",
        W: "starts_at form place link claimed_at sent_at",
        PERS: "member email",
    },
    "branches.AgendaItem": {
        T: "id meeting position",
        W: "kind title",
        PERS: "presenter admission subject",
    },
    "branches.Ballot": {
        T: "id item",
        W: "question decision means entitled fewer_because present issued returned invalid votes_for votes_against "
        "abstentions "
        "written_by written_at",
    },
    "branches.Conclusion": {T: "id item position", W: "text"},
    "branches.CalendarFeed": {T: "id token_hash", W: "unit made_by made_at"},
    "branches.Minutes": {
        T: "id version meeting revision sha256",
        W: "edition reason state number typed_by typed_at agreed_by_present locked_at",
        PERS: "texts frozen",  # who said what
    },
    "branches.MinutesRevision": {T: "id minutes number restored_from", W: "saved_by saved_at", PERS: "texts note"},
    "branches.MinutesSignature": {
        T: "id minutes sha256",
        W: "role signed_by on_paper signed_at",
        PERS: "name",
    },
    "branches.Task": {
        T: "id version",
        W: "unit text expected owner_name given_on given_by due_on state meeting conclusion direction proposal "
        "reported_on reported_by result returned_count returned_because closed_on closed_by drop_reason",
        PERS: "owner",
    },
    "branches.TaskFile": {
        T: "id kind content_type size sha256",
        W: "task uploaded_by uploaded_at",
        PERS: "file name",
    },
    "branches.TaskStep": {T: "id", W: "task kind done_on done_by words written_at"},
    "branches.TaskCarry": {T: "id", W: "task meeting"},
    "branches.Proposal": {
        T: "id version",
        W: "unit put_to what why needs state sent_on sent_by answer answered_on answered_by meeting target",
    },
    "branches.ProposalTurn": {
        T: "id",
        W: "proposal side state words said_on is_written_down written_by written_at",
    },
    "branches.IncomeSpan": {T: "id", W: "written_by", PERS: "member status from_month"},
    "branches.DuesExemption": {
        T: "id",
        W: "decision written_by created_at",
        PERS: "member from_month last_month reason",
    },
    "branches.DuesReceipt": {
        T: "id",
        W: "unit year number paid_on total written_by written_at reversed_on reversed_by reverse_reason",
        PERS: "note",
    },
    "branches.DuesPayment": {T: "id receipt", W: "unit owed_to reversed_on remittance", PERS: "member month amount"},
    "branches.Remittance": {
        T: "id version",
        W: "unit superior superior_name year number starts_on ends_on received amount handed_on handed_by state "
        "answered_on answered_by answer passed_on",
    },
    "branches.FundEntry": {
        T: "id",
        W: "unit kind dated_on amount text document activity written_by written_at reversed_on reversed_by "
        "reverse_reason",
        PERS: "counterpart",
    },
    "branches.LabelSet": {T: "id", P: "name starts_on ends_on source"},
    "branches.Label": {T: "id label_set code position", P: "name is_top is_fair"},
    "branches.CriteriaSet": {T: "id", P: "subject name starts_on ends_on source"},
    "branches.Criterion": {T: "id criteria_set code position", P: "text guidance fact expected"},
    "branches.AssessmentRound": {
        T: "id version",
        W: "unit subject name period label_set criteria_set opened_on self_until due_on counted_on top_quota opened_by "
        "closed_on",
    },
    "branches.Assessment": {
        T: "id version round",
        W: "unit meeting ballot votes_present concluded_on concluded_by decision approved_on approved_by",
        PERS: "member state excluded_because self_label self_answers self_text self_at votes branch_label "
        "branch_remark facts final_label returned_because",
    },
    "branches.PartyStep": {
        T: "id version",
        W: "unit ballot entitled present issued returned invalid votes_for votes_against abstentions is_secret "
        "is_elsewhere written_by written_at",
        PERS: "member",
        S: "voted_on kind dated_on document expires_on helpers note",
    },
    "branches.ProgressRemark": {
        T: "id version",
        W: "unit sent_on written_by",
        PERS: "member",
        S: "dated_on merits shortcomings",
    },
    "branches.Award": {
        T: "id version",
        W: "unit kind title given_by number dated_on year written_by written_at",
        PERS: "member",
    },
    "branches.Discipline": {
        T: "id version",
        W: "unit ballot entitled present issued returned invalid votes_for votes_against abstentions is_secret "
        "written_by written_at decided_by",
        PERS: "member",
        S: "state opened_on facts proposed voted_on measure decided_by_body decision decided_on ended_on ended_note "
        "appealed_on appeal_note",
    },
    "branches.DisciplineAccess": {T: "id", W: "account opened_at", S: "discipline"},
    "branches.DigestSent": {T: "id items", W: "account week queued_at claimed_at sent_at"},
    # Organisation
    "branches.Unit": {
        T: "id path sort_key",
        P: "kind name code document_code printed_lines place party_body dissolved_on",
    },
    "branches.Placement": {T: "id", P: "unit superior starts_on ends_on"},
    "branches.UnitEvent": {T: "id", P: "unit kind takes_effect_on decision decided_on old_name other heir note"},
    "branches.Succession": {T: "id", P: "event predecessor successor"},
    "branches.Period": {T: "id", P: "kind unit name number is_provisional decision starts_on ends_on"},
    "branches.PostType": {T: "id code", P: "name body verbs_here verbs_below position"},
    "branches.Post": {T: "id", W: "account unit type term starts_on ends_on decision"},
    "branches.Invitation": {
        T: "id token_hash",
        W: "account unit created_by created_at expires_at used_at revoked_at",
    },
    "branches.HandoverNote": {T: "id", W: "unit type text written_by written_on"},
    "branches.Rule": {T: "id", P: "key value valid_from valid_to source"},
    "branches.FormReceipt": {T: "key account location made_at"},
    # Plan and work
    "branches.WorkArea": {T: "id code", P: "name position"},
    "branches.Indicator": {
        T: "id code",
        P: "first_year last_year area position name unit_word measure decimals lower_is_better over_time over_units "
        "source register_key of action subject owner",
    },
    "branches.Direction": {
        T: "id version sending",
        W: "unit given_by body_name given_on document position text due_on answer answered_on withdrawn_on "
        "withdraw_reason",
    },
    "branches.Target": {
        T: "id version",
        W: "unit period indicator parent comparator value value_to assigned_comparator assigned_value "
        "assigned_value_to registered_value position note due_on origin direction superior_target document created_at",
        PERS: "owner",
    },
    "branches.TargetRevision": {
        T: "id",
        W: "target old_comparator old_value old_value_to comparator value value_to reason document revised_on "
        "revised_by",
    },
    "branches.Activity": {
        T: "id version search_key fed_by",
        W: "unit title nature starts_on last_on area organiser partner place note state cancel_reason member_count "
        "guest_count raised spent created_by created_at updated_by updated_at",
    },
    "branches.Quantity": {T: "id", W: "activity indicator value denominator qualifier each note"},
    "branches.Participation": {T: "id", W: "activity", PERS: "member"},
    "branches.PeriodTotal": {
        T: "id lines known evidenced about nearly more",
        W: "unit code year month value denominator largest largest_qualifier last_on last_value last_denominator "
        "last_qualifier",
    },
    "branches.Evidence": {
        T: "id kind content_type size sha256",
        W: "name uploaded_by uploaded_at activity link caption",
        PERS: "file",  # people are seen on pictures
    },
    "branches.PeriodLock": {T: "id", W: "unit through reason set_on holds_from set_by"},
    "branches.LockException": {
        T: "id",
        W: "office unit first_on last_on valid_until reason given_on given_by ended_on ended_by",
    },
    "branches.NumberBook": {T: "id", W: "unit body type_code key last"},
    "branches.NumberSpan": {T: "id", W: "unit span valid_from"},
    "branches.PaperNumber": {
        T: "id search_text",
        W: "book number symbol state about dated_on reason taken_by taken_at",
    },
    **privacy_inspections.CLASSES,
    **privacy_reports.CLASSES,
}

# A history table repeats the columns of what it keeps; these it adds.
OF_HISTORY = {
    "history_id": Privacy.TECHNICAL,
    "history_type": Privacy.TECHNICAL,
    "history_date": Privacy.WORK,
    "history_user": Privacy.WORK,
    "history_change_reason": Privacy.WORK,
}


def privacy_of(model, field: str) -> Privacy:
    """The class of a field; KeyError when nobody declared one, or declared two."""
    kept = getattr(model, "instance_type", None)  # only history tables have it
    if kept is not None:
        return OF_HISTORY[field] if field in OF_HISTORY else privacy_of(kept, field)
    declared = CLASSES[model._meta.label]
    found = [privacy for privacy, names in declared.items() if field in names.split()]
    if len(found) != 1:
        raise KeyError(f"{model._meta.label}.{field}")
    return found[0]


def fields_of(model, *classes: Privacy) -> tuple[str, ...]:
    """The names of the model's own columns that have one of these classes, in the order of the model."""
    return tuple(
        field.name
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if privacy_of(model, field.name) in classes
    )
