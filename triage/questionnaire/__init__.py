"""The intake questionnaire: one versioned source for the web, the call script and the API (clinical.md section 1)."""

from triage.questionnaire.build import QUESTIONNAIRE_VERSION, SECTIONS, items, questionnaire
from triage.questionnaire.flow import asked, ending, pruned, questions, with_skipped
from triage.questionnaire.item import Item, Kind, Section

__all__ = [
    "QUESTIONNAIRE_VERSION",
    "SECTIONS",
    "Item",
    "Kind",
    "Section",
    "asked",
    "ending",
    "items",
    "pruned",
    "questionnaire",
    "questions",
    "with_skipped",
]
