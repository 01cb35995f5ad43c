"""Whether a clot must be suspected (clinical.md section 3, *Suspected*)."""

from operator import attrgetter

from triage.answers import Answers, Limb, Tri
from triage.answers.groups import CARDINAL, MINOR

RECENT_DAYS = 28
RECENT_DAYS_BOTH_LEGS = 14
MINOR_SIGNS = 2

cardinal_signs = attrgetter(*CARDINAL)
minor_signs = attrgetter(*MINOR)


def recent(answers: Answers, days: int) -> bool:
    """Whether it began at most ``days`` ago, or nobody knows when, or it is getting worse."""
    onset = answers.onset_days
    return onset is None or onset <= days or answers.worsening is Tri.YES


def suspected(answers: Answers) -> bool:
    """Whether the signs make a clot possible enough to look for.

    Cramps that change legs (``alternating``) are no one limb. A cardinal sign beside them is in some leg all the same,
    and counts as in one; minor signs (heaviness, trouble walking) go with the cramps.
    """
    limb = answers.limb
    if limb is Limb.UNKNOWN:
        return False
    cardinal = cardinal_signs(answers.symptoms).count(Tri.YES)
    if limb is Limb.BOTH_LEGS:
        return bool(cardinal) and recent(answers, RECENT_DAYS_BOTH_LEGS) and _both_legs_support(answers)
    if not recent(answers, RECENT_DAYS):
        return False
    if limb is Limb.ALTERNATING:
        return bool(cardinal)
    return bool(cardinal) or minor_signs(answers.symptoms).count(Tri.YES) >= MINOR_SIGNS


def _both_legs_support(answers: Answers) -> bool:
    symptoms, wells, context = answers.symptoms, answers.wells, answers.context
    return Tri.YES in (
        symptoms.pain_persistent,
        symptoms.asymmetric,
        wells.active_cancer,
        wells.bedridden_3d_or_surgery_12w,
        wells.prior_dvt_documented,
        context.pregnant,
        context.postpartum_6wk,
    )
