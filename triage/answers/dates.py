"""Dates become items by exact day counts (clinical.md section 1).

Surgery under general or regional anesthesia counts up to and including day 84; postpartum up to and including day 42;
a person is a child until the 18th birthday, and an adult on it.
"""

from collections.abc import Mapping
from datetime import date

from triage.answers.errors import AnswerError
from triage.answers.values import Tri

SURGERY_DAYS = 84
POSTPARTUM_DAYS = 42
BED_REST_DAYS = 3
COUNTED_ANESTHESIA = frozenset({"general", "regional"})

SURGERY_ITEM = "wells.bedridden_3d_or_surgery_12w"
POSTPARTUM_ITEM = "context.postpartum_6wk"


def age_on(born: date, on: date) -> int:
    """Whole years on the day ``on``. Someone born on February 29 has a birthday on March 1 in a common year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def surgery_or_bed_rest(kept: Mapping[str, object], on: date) -> Tri:
    """The Wells item, as far as the surgery date, its anesthesia and the days in bed settle it.

    UNKNOWN where they do not: an old operation alone says nothing about bed rest.
    """
    surgery = _surgery(kept, on)
    days_in_bed = kept.get("days_in_bed")
    bed = Tri.UNKNOWN
    if isinstance(days_in_bed, int):
        bed = Tri.YES if days_in_bed >= BED_REST_DAYS else Tri.NO
    if Tri.YES in (surgery, bed):
        return Tri.YES
    return Tri.NO if surgery is Tri.NO and bed is Tri.NO else Tri.UNKNOWN


def _surgery(kept: Mapping[str, object], on: date) -> Tri:
    when = kept.get("surgery_date")
    anesthesia = kept.get("anesthesia", "unknown")
    if not isinstance(when, date):
        return Tri.UNKNOWN
    if (on - when).days > SURGERY_DAYS or anesthesia in {"local", "none"}:
        return Tri.NO
    return Tri.YES if anesthesia in COUNTED_ANESTHESIA else Tri.UNKNOWN


def postpartum(kept: Mapping[str, object], on: date) -> Tri:
    """Whether the pregnancy ended at most 42 days ago; UNKNOWN where its date is not given."""
    when = kept.get("delivery_date")
    if not isinstance(when, date):
        return Tri.UNKNOWN
    return Tri.YES if (on - when).days <= POSTPARTUM_DAYS else Tri.NO


def settle(field: str, stated: Tri, derived: Tri, errors: list[AnswerError]) -> Tri:
    """One answer from what was stated and what the dates say; a clash is a fault, never a silent choice."""
    if stated is Tri.UNKNOWN or derived is Tri.UNKNOWN or stated is derived:
        return derived if stated is Tri.UNKNOWN else stated
    message = f"The answer is {stated}, but what was given beside it says {derived}. Ask again."
    errors.append(AnswerError(field, "contradiction", message))
    return stated
