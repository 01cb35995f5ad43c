"""Whether answers that were left unfinished are worrying enough to call somebody who never asked for it. Pure."""

from collections.abc import Mapping
from typing import Any

from triage.answers.groups import CARDINAL, MINOR

DANGER = ("emergency", "limb_threat")
SIGNS = frozenset((*CARDINAL, *MINOR))


def worrying(raw: Mapping[str, Any]) -> bool:
    """Whether a danger sign is present or not known, or a sign of a clot is present, among what was answered.

    What was not answered does not count here: it says nothing of somebody who has just opened the page.
    """
    danger = any(answer in ("yes", "unknown") for group in DANGER for answer in raw.get(group, {}).values())
    symptoms: Mapping[str, Any] = raw.get("symptoms", {})
    return danger or any(symptoms.get(sign) == "yes" for sign in SIGNS)
