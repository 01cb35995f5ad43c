"""Answers as visitors give them, for whatever follows from an intake."""

from typing import Any

from clinic.access import visitor_actor
from scheduling.intake import Contact
from triage.answers.groups import RISKS, Emergency, History, LimbThreat, Symptoms

VISITOR = visitor_actor("somebody")
CONTACT = Contact(given_name="Ana", family_name="Ruiz", phone="301-555-0142", zip="20770", consent_to_texts=True)


def nothing(group: type) -> dict[str, str]:
    return dict.fromkeys(group.__slots__, "no")  # type: ignore[attr-defined]


def answers(**groups: Any) -> dict[str, Any]:
    """A calm adult's answers, no to everything that was asked, with the groups given laid over them."""
    base: dict[str, Any] = {
        "patient": {"age": 58, "sex": "F"},
        "limb": "left_leg",
        "onset_days": 2,
        "worsening": "yes",
        "emergency": nothing(Emergency),
        "limb_threat": nothing(LimbThreat),
        "symptoms": nothing(Symptoms),
        "wells": dict.fromkeys((*RISKS, "entire_leg_swollen"), "no"),
        "context": {
            "pregnant": "no",
            "postpartum_6wk": "no",
            "inpatient": "no",
            "prior_pe": "no",
            "anticoagulant": "none",
        },
        "history": nothing(History),
    }
    for name, values in groups.items():
        base[name] = {**base[name], **values} if isinstance(values, dict) else values
    return base


SUSPECTED = {"symptoms": {"swelling": "yes", "warmth": "yes"}, "wells": {"bedridden_3d_or_surgery_12w": "yes"}}
NO_SIGNS = {"emergency": nothing(Emergency), "limb_threat": nothing(LimbThreat)}
