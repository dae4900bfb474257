"""What was found: the programme, the visit, findings, recommendations and their checks."""

from .finding import Check, Finding, Recommendation, UnitAnswer, UnitAnswerFile
from .inspection import HostAttendee, Inspection, InspectionProgramme, TeamSeat, Topic

__all__ = [
    "Check",
    "Finding",
    "HostAttendee",
    "Inspection",
    "InspectionProgramme",
    "Recommendation",
    "TeamSeat",
    "Topic",
    "UnitAnswer",
    "UnitAnswerFile",
]
