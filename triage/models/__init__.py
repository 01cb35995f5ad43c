"""Answers, decisions, and the approval of the rules that made them."""

from triage.models.approval import RuleApproval, Verdict
from triage.models.decision import Decision, DecisionSource, Disposition, InterimAnticoagulant
from triage.models.intake import Assessment, Draft, Occasion, Whereabouts

__all__ = [
    "Assessment",
    "Decision",
    "DecisionSource",
    "Disposition",
    "Draft",
    "InterimAnticoagulant",
    "Occasion",
    "RuleApproval",
    "Verdict",
    "Whereabouts",
]
