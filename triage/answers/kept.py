"""What is asked and kept beside the answers, never scored (clinical.md section 1).

Three of these hold dates or days, from which an item of the rules may follow: see ``dates``. The rest is read by
people only; free text is never interpreted by a rule.
"""

import re
from collections.abc import Mapping
from datetime import date

from triage.answers.errors import AnswerError
from triage.answers.values import Tri

MAX_TEXT = 1000
MAX_DAYS_IN_BED = 3650

TEXT_KEYS = frozenset({"travel", "hormones", "injury", "activity", "fluids", "medicines", "allergies", "notes"})
TRI_KEYS = frozenset({"worse_standing", "worse_walking", "worse_foot_flexed_up", "diuretics"})
DATE_KEYS = frozenset({"surgery_date", "delivery_date"})
CHOICES: Mapping[str, frozenset[str]] = {
    "cramp_side": frozenset({"left", "right", "both", "alternating", "unknown"}),
    "cramp_time": frozenset({"night", "day", "both", "unknown"}),
    "anesthesia": frozenset({"general", "regional", "local", "none", "unknown"}),
}
#: Measured around both calves, 10 cm below the tibial tuberosity, in centimeters with one decimal at most.
CALF_KEYS = frozenset({"calf_left_cm", "calf_right_cm"})
SMALLEST_CALF, LARGEST_CALF = 10, 100
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
KEPT_KEYS = CALF_KEYS | TEXT_KEYS | TRI_KEYS | DATE_KEYS | frozenset(CHOICES) | {"days_in_bed"}


def check_kept(raw: object, errors: list[AnswerError]) -> dict[str, object]:
    """The kept answers, with dates read; each fault is added to ``errors`` and its key left out."""
    if not isinstance(raw, Mapping):
        errors.append(AnswerError("kept", "object", "Send an object of the kept answers."))
        return {}
    kept: dict[str, object] = {}
    for key, value in raw.items():
        if key not in KEPT_KEYS:
            errors.append(AnswerError(f"kept.{key}", "unknown_key", "This key is not known."))
            continue
        fault = _fault(key, value)
        if fault:
            errors.append(AnswerError(f"kept.{key}", *fault))
            continue
        kept[key] = date.fromisoformat(value) if key in DATE_KEYS else value
    return kept


def _fault(key: str, value: object) -> tuple[str, str] | None:
    if key in CHOICES:
        allowed = sorted(CHOICES[key])
        return None if value in allowed else ("choice", f"Answer one of: {', '.join(allowed)}.")
    if key in TRI_KEYS:
        return None if value in list(Tri) else ("tri_state", "Answer yes, no or unknown.")
    if key in DATE_KEYS:
        return None if is_iso_date(value) else ("date", "Give a date as YYYY-MM-DD.")
    if key in CALF_KEYS:
        message = f"Give centimeters from {SMALLEST_CALF} to {LARGEST_CALF}, such as 37.5."
        return None if _is_measure(value) else ("centimeters", message)
    if key == "days_in_bed":
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_DAYS_IN_BED
        return None if fits else ("whole_days", f"Give whole days from 0 to {MAX_DAYS_IN_BED}.")
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return "text", f"Give text of at most {MAX_TEXT} characters."
    return None


def is_iso_date(value: object) -> bool:
    """Whether ``value`` is a real calendar date written YYYY-MM-DD, and nothing looser."""
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_measure(value: object) -> bool:
    """Whether ``value`` is a length of a calf to the millimeter."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return SMALLEST_CALF <= value <= LARGEST_CALF and round(value, 1) == value
