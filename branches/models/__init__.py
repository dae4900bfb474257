"""Who, the plan, the work. One file per subject; import from here."""

from .account import Account
from .activity import Activity, Participation, PeriodTotal, Quantity
from .assessment import Assessment, AssessmentRound, CriteriaSet, Criterion, Label, LabelSet
from .digest import DigestSent
from .dues import DuesExemption, DuesPayment, DuesReceipt, FundEntry, IncomeSpan, IncomeStatus, Remittance
from .duplicate import MemberMerge, NotSamePerson
from .duty import DutyException, DutyReminder, DutyType, DutyWord, Rhythm
from .evidence import Evidence, StoredFile
from .handover import HandoverNote, Invitation
from .importing import ColumnMemory, ImportRow, MemberImport
from .indicator import Indicator, WorkArea
from .life import Admission, AwayStay, EndedAlong, StayOn, Transfer
from .lock import LockException, PeriodLock
from .meeting import AgendaItem, Attendance, Ballot, CalendarFeed, Conclusion, Meeting, MeetingGuest, MeetingLetter
from .member import Member, Membership, Precision, SensitiveAccess, SensitiveData
from .merit import Award, Discipline, DisciplineAccess, PartyStep, ProgressRemark
from .minutes import Minutes, MinutesRevision, MinutesSignature
from .number import NumberBook, NumberSpan, PaperNumber
from .period import Period
from .plan import Direction, Target, TargetRevision
from .post import Post, PostType, Verb
from .receipt import FormReceipt
from .rule import Rule
from .self_service import Consent, ConsentText, DataRequest, ProposedValue, SelfServiceLink
from .task import Proposal, ProposalTurn, Task, TaskCarry, TaskFile, TaskStep
from .unit import Placement, Succession, Unit, UnitEvent
from .versioned import EditConflict, Versioned

__all__ = [
    "Account",
    "Activity",
    "Admission",
    "AgendaItem",
    "Assessment",
    "AssessmentRound",
    "Attendance",
    "Award",
    "AwayStay",
    "Ballot",
    "CalendarFeed",
    "ColumnMemory",
    "Conclusion",
    "Consent",
    "ConsentText",
    "CriteriaSet",
    "Criterion",
    "DataRequest",
    "DigestSent",
    "Direction",
    "Discipline",
    "DisciplineAccess",
    "DuesExemption",
    "DuesPayment",
    "DuesReceipt",
    "DutyException",
    "DutyReminder",
    "DutyType",
    "DutyWord",
    "EditConflict",
    "EndedAlong",
    "Evidence",
    "FormReceipt",
    "FundEntry",
    "HandoverNote",
    "ImportRow",
    "IncomeSpan",
    "IncomeStatus",
    "Indicator",
    "Invitation",
    "Label",
    "LabelSet",
    "LockException",
    "Meeting",
    "MeetingGuest",
    "MeetingLetter",
    "Member",
    "MemberImport",
    "MemberMerge",
    "Membership",
    "Minutes",
    "MinutesRevision",
    "MinutesSignature",
    "NotSamePerson",
    "NumberBook",
    "NumberSpan",
    "PaperNumber",
    "Participation",
    "PartyStep",
    "Period",
    "PeriodLock",
    "PeriodTotal",
    "Placement",
    "Post",
    "PostType",
    "Precision",
    "ProgressRemark",
    "Proposal",
    "ProposalTurn",
    "ProposedValue",
    "Quantity",
    "Remittance",
    "Rhythm",
    "Rule",
    "SelfServiceLink",
    "SensitiveAccess",
    "SensitiveData",
    "StayOn",
    "StoredFile",
    "Succession",
    "Target",
    "TargetRevision",
    "Task",
    "TaskCarry",
    "TaskFile",
    "TaskStep",
    "Transfer",
    "Unit",
    "UnitEvent",
    "Verb",
    "Versioned",
    "WorkArea",
]
