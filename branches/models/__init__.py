"""Who, the plan, the work. One file per subject; import from here."""

from .account import Account
from .activity import Activity, Participation, PeriodTotal, Quantity
from .evidence import Evidence, StoredFile
from .indicator import Indicator, WorkArea
from .member import Member, Membership, SensitiveAccess, SensitiveData
from .period import Period
from .plan import Direction, Target, TargetRevision
from .post import Post, PostType, Verb
from .receipt import FormReceipt
from .rule import Rule
from .unit import Placement, Unit, UnitEvent
from .versioned import EditConflict, Versioned

__all__ = [
    "Account",
    "Activity",
    "Direction",
    "EditConflict",
    "Evidence",
    "FormReceipt",
    "Indicator",
    "Member",
    "Membership",
    "Participation",
    "Period",
    "PeriodTotal",
    "Placement",
    "Post",
    "PostType",
    "Quantity",
    "Rule",
    "SensitiveAccess",
    "SensitiveData",
    "StoredFile",
    "Target",
    "TargetRevision",
    "Unit",
    "UnitEvent",
    "Verb",
    "Versioned",
    "WorkArea",
]
