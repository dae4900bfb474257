"""Who, the plan, the work. One file per subject; import from here."""

from .account import Account
from .activity import Activity, Participation, PeriodTotal, Quantity
from .duplicate import MemberMerge, NotSamePerson
from .evidence import Evidence, StoredFile
from .handover import HandoverNote, Invitation
from .importing import ColumnMemory, ImportRow, MemberImport
from .indicator import Indicator, WorkArea
from .life import Admission, StayOn, Transfer
from .member import Member, Membership, Precision, SensitiveAccess, SensitiveData
from .period import Period
from .plan import Direction, Target, TargetRevision
from .post import Post, PostType, Verb
from .receipt import FormReceipt
from .rule import Rule
from .self_service import Consent, ConsentText, DataRequest, ProposedValue, SelfServiceLink
from .unit import Placement, Succession, Unit, UnitEvent
from .versioned import EditConflict, Versioned

__all__ = [
    "Account",
    "Activity",
    "Admission",
    "ColumnMemory",
    "Consent",
    "ConsentText",
    "DataRequest",
    "Direction",
    "EditConflict",
    "Evidence",
    "FormReceipt",
    "HandoverNote",
    "ImportRow",
    "Indicator",
    "Invitation",
    "Member",
    "MemberImport",
    "MemberMerge",
    "Membership",
    "NotSamePerson",
    "Participation",
    "Period",
    "PeriodTotal",
    "Placement",
    "Post",
    "PostType",
    "Precision",
    "ProposedValue",
    "Quantity",
    "Rule",
    "SelfServiceLink",
    "SensitiveAccess",
    "SensitiveData",
    "StayOn",
    "StoredFile",
    "Succession",
    "Target",
    "TargetRevision",
    "Transfer",
    "Unit",
    "UnitEvent",
    "Verb",
    "Versioned",
    "WorkArea",
]
