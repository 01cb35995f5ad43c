"""The two-level Wells DVT score as an interval.

Source: NICE NG158 table 1; Wells et al., NEJM 2003;349:1227. One point for each of nine items, -2 where a clinician
finds an alternative diagnosis at least as likely; likely from 2 points. The 1997 form (surgery within 4 weeks, calf
more than 3 cm) is another score and is not mixed in. For both legs the items describe the worse one.
"""

from dataclasses import dataclass
from operator import attrgetter

from triage.answers import Alternative, Answers, Anticoagulant, Tri
from triage.answers.values import ARMS

ITEMS = (
    "active_cancer",
    "paralysis_or_cast",
    "bedridden_3d_or_surgery_12w",
    "deep_vein_tenderness",
    "entire_leg_swollen",
    "calf_3cm",
    "pitting_one_leg",
    "collateral_veins",
    "prior_dvt_documented",
)
LIKELY = 2
ALTERNATIVE_POINTS = -2
ADULT_AGE = 18

NOT_APPLICABLE = "wells_not_applicable"
ARM_REASON = "arm symptoms: Constans score used"

_items = attrgetter(*ITEMS)


@dataclass(frozen=True, slots=True)
class WellsScore:
    """The interval ``yes`` to ``upper``, the clinician's final number, the category, and why it may not apply.

    ``yes``: certain points, alternative not applied. ``upper``: and one per unknown item. ``clinician``: only where
    no item is unknown and a clinician judged the alternative. All None for an arm. ``category``: ``likely``,
    ``unlikely``, ``indeterminate_treat_as_likely`` or ``wells_not_applicable``.
    """

    yes: int | None
    upper: int | None
    clinician: int | None
    category: str
    not_applicable: str | None


def wells(answers: Answers) -> WellsScore:
    """Score the answers."""
    if answers.limb in ARMS:
        return WellsScore(None, None, None, NOT_APPLICABLE, ARM_REASON)
    items = _items(answers.wells)
    yes = items.count(Tri.YES)
    unknown = items.count(Tri.UNKNOWN)
    not_applicable = _not_applicable(answers)
    return WellsScore(
        yes=yes,
        upper=yes + unknown,
        clinician=_clinician(yes, unknown, answers.wells.alternative_dx_clinician),
        category=NOT_APPLICABLE if not_applicable else _category(yes, yes + unknown),
        not_applicable=not_applicable,
    )


def _clinician(yes: int, unknown: int, alternative: Alternative) -> int | None:
    if unknown or alternative is Alternative.NOT_ASSESSED:
        return None
    return yes + (ALTERNATIVE_POINTS if alternative is Alternative.YES else 0)


def _category(yes: int, upper: int) -> str:
    if yes >= LIKELY:
        return "likely"
    return "unlikely" if upper < LIKELY else "indeterminate_treat_as_likely"


def _not_applicable(answers: Answers) -> str | None:
    """Where the score was never validated; every reason that holds, in the order of clinical.md section 2."""
    context, age = answers.context, answers.patient.age
    reasons = []
    if context.pregnant is Tri.YES:
        reasons.append("pregnancy")
    if context.postpartum_6wk is Tri.YES:
        reasons.append("postpartum")
    if age is not None and age < ADULT_AGE:
        reasons.append("age <18")
    if context.inpatient is Tri.YES:
        reasons.append("inpatient")
    if context.anticoagulant is Anticoagulant.THERAPEUTIC:
        reasons.append("therapeutic anticoagulation")
    return "; ".join(reasons) or None
