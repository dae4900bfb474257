"""What reports keep: their texts, the rounds that ask for them, and what was submitted."""

from .congress import CongressPaper, ProposedTarget
from .emulation import (
    EmulationCluster,
    EmulationCriterion,
    EmulationRanking,
    EmulationSet,
    ScoreEvidence,
    ScoreLine,
    ScoreSheet,
    ScoreStep,
)
from .joint import JointDecision
from .print_job import PrintJob, PrintJobItem
from .proof import PaperProof
from .report import PeriodReport, PeriodReportQuerySet, ReportSection, ReportSentence, ReportStep
from .revision import SectionRevision
from .round import ReportRound, RoundStep, RoundUnit
from .statistics import StatItem, StatSheet, StatTable, StatValue
from .submission import ReportRow, Submission
from .submission_scan import SubmissionScan
from .template import ReportTemplate, TemplateChapter
from .word_template import WordTemplate

__all__ = [
    "CongressPaper",
    "EmulationCluster",
    "EmulationCriterion",
    "EmulationRanking",
    "EmulationSet",
    "JointDecision",
    "PaperProof",
    "PeriodReport",
    "PeriodReportQuerySet",
    "PrintJob",
    "PrintJobItem",
    "ProposedTarget",
    "ReportRound",
    "ReportRow",
    "ReportSection",
    "ReportSentence",
    "ReportStep",
    "ReportTemplate",
    "RoundStep",
    "RoundUnit",
    "ScoreEvidence",
    "ScoreLine",
    "ScoreSheet",
    "ScoreStep",
    "SectionRevision",
    "StatItem",
    "StatSheet",
    "StatTable",
    "StatValue",
    "Submission",
    "SubmissionScan",
    "TemplateChapter",
    "WordTemplate",
]
