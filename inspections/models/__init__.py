"""What was found: the programme, the case, its checklists, findings, recommendations, checks and papers."""

from .checklist import ChecklistAnswer, ChecklistItem, ChecklistTemplate, Result, SiteEntry, SiteFile, TemplateItem
from .complaint import Complaint, ComplaintAccess, ComplaintFile, ComplaintMove
from .extension import ExtensionRequest
from .finding import Check, Finding, Recommendation, UnitAnswer, UnitAnswerFile
from .inspection import CaseMove, HostAttendee, Inspection, SelfReport, SelfReportFile, TeamSeat, Topic
from .paper import CasePaper, CasePaperScan
from .programme import InspectionProgramme, ProgrammeChange, ProgrammeTopic
from .room import RoomTake

__all__ = [
    "CaseMove",
    "CasePaper",
    "CasePaperScan",
    "Check",
    "ChecklistAnswer",
    "ChecklistItem",
    "ChecklistTemplate",
    "Complaint",
    "ComplaintAccess",
    "ComplaintFile",
    "ComplaintMove",
    "ExtensionRequest",
    "Finding",
    "HostAttendee",
    "Inspection",
    "InspectionProgramme",
    "ProgrammeChange",
    "ProgrammeTopic",
    "Recommendation",
    "Result",
    "RoomTake",
    "SelfReport",
    "SelfReportFile",
    "SiteEntry",
    "SiteFile",
    "TeamSeat",
    "TemplateItem",
    "Topic",
    "UnitAnswer",
    "UnitAnswerFile",
]
