"""Measures become items by exact lengths (clinical.md section 2: a calf at least 3 cm larger counts, 3.0 included)."""

from collections.abc import Mapping

from triage.answers.values import Limb, Tri

CALF_ITEM = "wells.calf_3cm"
CALF_MILLIMETERS = 30


def calf_swelling(kept: Mapping[str, object], limb: Limb) -> Tri:
    """The Wells item from both calves measured; UNKNOWN where they are not, or where it is not known which leg hurts.

    For one leg that one must be the larger; for both legs the worse one counts, whichever it is.
    """
    left, right = _millimeters(kept.get("calf_left_cm")), _millimeters(kept.get("calf_right_cm"))
    if left is None or right is None:
        return Tri.UNKNOWN
    difference = {
        Limb.LEFT_LEG: left - right,
        Limb.RIGHT_LEG: right - left,
        Limb.BOTH_LEGS: abs(left - right),
        Limb.ALTERNATING: abs(left - right),
    }.get(limb)
    if difference is None:
        return Tri.UNKNOWN
    return Tri.YES if difference >= CALF_MILLIMETERS else Tri.NO


def _millimeters(centimeters: object) -> int | None:
    # Whole millimeters, so that 37.1 less 34.1 is exactly 3.0.
    return round(float(centimeters) * 10) if isinstance(centimeters, int | float) else None
