"""Answers for tests: every key spelled out, so that a test names only what it is about."""

import copy
import json
import random
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from triage.answers import Constans, Context, Emergency, History, Limb, LimbThreat, Symptoms, Wells

EXAMPLES = json.loads((Path(__file__).parent / "data" / "triage_examples.json").read_text(encoding="utf-8"))
ANNOTATIONS = ("id", "title", "provenance", "expected", "left_rule", "risk_not_scored")
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
TRI = ("yes", "no", "unknown")
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


def random_answers(rng: random.Random) -> dict[str, Any]:
    """Random answers, mostly no, so that every rule is reached."""
    weight = rng.choice((0.01, 0.05, 0.2, 0.6))
    urgent = rng.choice((0.0, 0.0, 0.05))

    def pick(share: float) -> str:
        return rng.choice(("yes", "unknown")) if rng.random() < share else "no"

    raw = answers()
    for group, key in TRI_PATHS:
        raw[group][key] = pick(urgent if group in {"emergency", "limb_threat"} else weight)
    raw["patient"] = {"age": rng.choice((None, 3, 17, 18, 40, 90)) if rng.random() < 0.2 else 40}
    raw["limb"] = rng.choice([str(limb) for limb in Limb])
    raw["onset_days"] = rng.choice((None, 0, 14, 15, 28, 29, 400))
    raw["worsening"] = rng.choice(TRI)
    raw["context"]["anticoagulant"] = rng.choice(("none", "none", "prophylactic", "therapeutic", "unknown"))
    raw["wells"]["alternative_dx_clinician"] = rng.choice(("yes", "no", "not_assessed"))
    raw["site"] = {
        "next_result_min": rng.choice((None, 0, 240, 241, 720, 721)),
        "upper_extremity": rng.random() < 0.7,
        "iliac_duplex": rng.random() < 0.7,
    }
    return raw
