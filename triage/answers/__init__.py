"""The answers of one intake, as the rules read them (clinical.md section 1).

Every answer is yes, no or unknown, and a missing answer is unknown: it is never a no.
"""

from triage.answers.errors import AnswerError, AnswersInvalid
from triage.answers.groups import (
    Answers,
    Constans,
    Context,
    Emergency,
    History,
    LimbThreat,
    Person,
    Site,
    Symptoms,
    Wells,
)
from triage.answers.parsing import parse
from triage.answers.values import Alternative, Anticoagulant, Limb, Tri

__all__ = [
    "Alternative",
    "AnswerError",
    "Answers",
    "AnswersInvalid",
    "Anticoagulant",
    "Constans",
    "Context",
    "Emergency",
    "History",
    "Limb",
    "LimbThreat",
    "Person",
    "Site",
    "Symptoms",
    "Tri",
    "Wells",
    "parse",
]
