"""Answers for tests: every key spelled out, so that a test names only what it is about."""

import copy
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from triage.answers import Constans, Context, Emergency, History, LimbThreat, Symptoms, Wells
from triage.answers.groups import CARDINAL, MINOR
from triage.wells import ITEMS

EXAMPLES = json.loads((Path(__file__).parent / "data" / "triage_examples.json").read_text(encoding="utf-8"))
ANNOTATIONS = ("id", "title", "provenance", "expected", "left_rule", "risk_not_scored")
REMARKS = ("reason", "note", "wells_published")
GROUPS: Mapping[str, type] = {
    "emergency": Emergency,
    "limb_threat": LimbThreat,
    "symptoms": Symptoms,
    "wells": Wells,
    "constans": Constans,
    "context": Context,
    "history": History,
}
CHOSEN = ("anticoagulant", "alternative_dx_clinician")
TRI_PATHS = tuple(
    (group, field.name) for group, cls in GROUPS.items() for field in fields(cls) if field.name not in CHOSEN
)
ItemPath = tuple[str, str]
# The items that the property names, word by word; and the two that deliberately lead past a clinician.
NAMED: list[ItemPath] = [
    *(("emergency", key) for key in Emergency.__slots__),
    *(("limb_threat", key) for key in LimbThreat.__slots__),
    *(("symptoms", key) for key in (*CARDINAL, *MINOR)),
    *(("wells", key) for key in ITEMS),
    *(("constans", key) for key in Constans.__slots__),
    *(("history", key) for key in History.__slots__),
    *(("context", key) for key in ("pregnant", "postpartum_6wk", "prior_pe")),
]
DETOURS: list[ItemPath] = [("context", "inpatient"), ("symptoms", "cellulitis_like_local")]
SITE = {"next_result_min": 90, "upper_extremity": True, "iliac_duplex": True}


def answers(**changes: Any) -> dict[str, Any]:
    """An adult with cramps in one leg for two days, no to all else; ``group__key`` changes one answer."""
    raw: dict[str, Any] = {
        "patient": {"age": 50, "sex": "F"},
        "limb": "left_leg",
        "onset_days": 2,
        "worsening": "no",
        "site": dict(SITE),
        **{group: {} for group in GROUPS},
    }
    for group, key in TRI_PATHS:
        raw[group][key] = "no"
    raw["symptoms"]["cramps"] = "yes"
    raw["context"]["anticoagulant"] = "none"
    raw["wells"]["alternative_dx_clinician"] = "not_assessed"
    for path, value in changes.items():
        group, _, key = path.partition("__")
        if key:
            raw[group][key] = value
        else:
            raw[group] = value
    return raw


def expanded(example: Mapping[str, Any]) -> dict[str, Any]:
    """An example's answers with every omitted key spelled out as a no, as its conventions say."""
    raw = answers(symptoms__cramps="no")
    given = {key: copy.deepcopy(value) for key, value in example.items() if key not in ANNOTATIONS}
    site = given.get("context", {}).pop("site", {})
    for key, value in given.items():
        if isinstance(value, dict):
            raw[key].update(value)
        else:
            raw[key] = value
    raw["site"].update(site)
    return raw


def expected_of(example: Mapping[str, Any]) -> dict[str, Any]:
    """What the decision of an example must say: every expected key but the remarks to its reader."""
    return {key: value for key, value in example["expected"].items() if key not in REMARKS}
