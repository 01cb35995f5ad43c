"""The questionnaire as a whole, and as JSON-able data in one language."""

from collections.abc import Iterator

from triage.questionnaire.about import ABOUT
from triage.questionnaire.contact import CONTACT
from triage.questionnaire.emergency import EMERGENCY
from triage.questionnaire.examined import ARM_SECTION, EXAMINED
from triage.questionnaire.history import HISTORY
from triage.questionnaire.item import Condition, Item, Section, Text
from triage.questionnaire.kept import KEPT
from triage.questionnaire.limb_threat import LIMB_THREAT
from triage.questionnaire.risk import RISK
from triage.questionnaire.symptoms import SYMPTOMS

QUESTIONNAIRE_VERSION = "2026.1"

LANGUAGES = ("en", "es")

# Emergency first; then how to reach the visitor, so that whoever drops out can be called back.
SECTIONS: tuple[Section, ...] = (
    EMERGENCY,
    CONTACT,
    LIMB_THREAT,
    ABOUT,
    SYMPTOMS,
    RISK,
    EXAMINED,
    ARM_SECTION,
    HISTORY,
    KEPT,
)


def items() -> Iterator[Item]:
    """Every question, in the order in which it is asked."""
    for section in SECTIONS:
        yield from section.items


def questionnaire(lang: str) -> dict[str, object]:
    """The questionnaire in ``en`` or ``es`` as JSON-able data. Raises KeyError for another language."""
    if lang not in LANGUAGES:
        raise KeyError(lang)
    at = LANGUAGES.index(lang)
    return {
        "version": QUESTIONNAIRE_VERSION,
        "language": lang,
        "sections": [
            {
                "key": section.key,
                "title": section.title[at],
                "items": [_item(item, at) for item in section.items],
            }
            for section in SECTIONS
        ],
    }


def _item(item: Item, at: int) -> dict[str, object]:
    return {
        "key": item.key,
        "group": item.group,
        "kind": item.kind.value,
        "question": item.question[at],
        "script": (item.script or item.question)[at],
        "help": _words(item.help, at),
        "choices": [{"value": choice.value, "label": choice.words[at]} for choice in item.choices],
        "unit": _words(item.unit, at),
        "minimum": item.minimum,
        "maximum": item.maximum,
        "asked_of": item.audience.value,
        "when": [_condition(condition) for condition in item.when],
        "when_skipped": item.when_skipped,
        "ends_on": item.ends_on,
    }


def _words(text: Text | None, at: int) -> str | None:
    return text[at] if text else None


def _condition(condition: Condition) -> dict[str, object]:
    return {"key": condition.key, "any_of": list(condition.any_of), "answered": condition.answered}
