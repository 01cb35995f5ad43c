"""The Villalta score of post-thrombotic syndrome, at three months (clinical.md section 5). Pure.

Five symptoms and six signs, each 0 (none) to 3 (severe); 5 to 9 is mild, 10 to 14 moderate, 15 or more severe, and a
venous ulcer is severe whatever the sum (Villalta, Haemostasis 1994;24 suppl 1:158a; Kahn, J Thromb Haemost
2009;7:879-883, the ISTH's definition). The sum alone is none of this product's decisions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SOURCE = "Villalta 1994; Kahn, J Thromb Haemost 2009;7:879-883 (ISTH)"
SYMPTOMS = ("pain", "cramps", "heaviness", "paresthesia", "pruritus")
SIGNS = ("edema", "induration", "hyperpigmentation", "redness", "venous_ectasia", "calf_compression_pain")
ITEMS = (*SYMPTOMS, *SIGNS)
MOST = 3


@dataclass(frozen=True)
class Villalta:
    """The sum, and how severe the syndrome is: none, mild, moderate or severe."""

    total: int
    severity: str


def faults(items: Mapping[str, object]) -> dict[str, str]:
    """Return what is wrong with the items, by name: every one must be there, and be 0, 1, 2 or 3."""
    wrong = {name: "There is no such item." for name in items if name not in ITEMS}
    for name in ITEMS:
        value = items.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            wrong[name] = f"Say 0 (none) to {MOST} (severe)."
    return wrong


def score(items: Mapping[str, int], *, ulcer: bool) -> Villalta:
    """Return the score of eleven items. Raises `ValueError` where one is missing or out of range."""
    if wrong := faults(items):
        raise ValueError(", ".join(sorted(wrong)))
    total = sum(items[name] for name in ITEMS)
    if ulcer or total >= 15:
        return Villalta(total, "severe")
    if total >= 10:
        return Villalta(total, "moderate")
    return Villalta(total, "mild" if total >= 5 else "none")
