"""The Constans score for an arm, as an interval.

Source: Constans et al., Thromb Haemost 2008;99:202. One point each for venous material, localized pain and one-sided
swelling; likely from 2 points. Its fourth item (another diagnosis as plausible, -1) is a clinician's and never lowers
the interval.
"""

from dataclasses import dataclass

from triage.answers import Answers, Tri
from triage.answers.values import ARMS

LIKELY = 2


@dataclass(frozen=True, slots=True)
class ConstansScore:
    """``yes``: certain points; ``upper``: and one per unknown item. Both None where it is not an arm."""

    yes: int | None
    upper: int | None


def constans(answers: Answers) -> ConstansScore:
    """Score the answers."""
    if answers.limb not in ARMS:
        return ConstansScore(None, None)
    group = answers.constans
    items = (group.venous_material, group.localized_pain, group.unilateral_edema)
    yes = items.count(Tri.YES)
    return ConstansScore(yes, yes + items.count(Tri.UNKNOWN))
