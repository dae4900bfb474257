"""What reports keep: their texts, the rounds that ask for them, and what was submitted."""

from .report import PeriodReport, PeriodReportQuerySet, ReportSection, ReportSentence, ReportStep
from .round import ReportRound, RoundStep, RoundUnit
from .submission import ReportRow, Submission

__all__ = [
    "PeriodReport",
    "PeriodReportQuerySet",
    "ReportRound",
    "ReportRow",
    "ReportSection",
    "ReportSentence",
    "ReportStep",
    "RoundStep",
    "RoundUnit",
    "Submission",
]
