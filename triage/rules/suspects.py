"""R4 to R8: children, inpatients, everyone in whom a clot is suspected; and the stat order beside them."""

from triage.answers import Answers, Anticoagulant, Tri
from triage.answers.groups import CARDINAL, MINOR
from triage.answers.values import ARMS
from triage.constans import LIKELY as CONSTANS_LIKELY
from triage.constans import ConstansScore
from triage.rules.match import TIER_1_MINUTES, TIER_2_MINUTES, Match, callback, ed_now, named, scan
from triage.suspicion import cardinal_signs
from triage.wells import ADULT_AGE, ITEMS, WellsScore
from triage.wells import LIKELY as WELLS_LIKELY

SIGNS = tuple(f"symptoms.{name}" for name in (*CARDINAL, *MINOR))
CARDINAL_PATHS = tuple(f"symptoms.{name}" for name in CARDINAL)
WELLS_PATHS = tuple(f"wells.{name}" for name in ITEMS)
CONSTANS_PATHS = ("constans.venous_material", "constans.localized_pain", "constans.unilateral_edema")
YES_OR_UNKNOWN_IS_TIER_1 = ("context.pregnant", "context.postpartum_6wk", "wells.active_cancer")
YES_IS_TIER_1 = ("wells.prior_dvt_documented", "context.prior_pe")


def r4_r5(answers: Answers, is_suspected: bool) -> Match | None:
    """R4: age missing, or under 18. R5: a hospital inpatient."""
    age = answers.patient.age
    if age is None:
        return callback("R4.age_missing", 30, ("patient.age",))
    if age < ADULT_AGE:
        if is_suspected:
            return ed_now("R4.child_suspected", ("patient.age", *_signs(answers)))
        return callback("R4.child", 60, ("patient.age",))
    if answers.context.inpatient is Tri.YES:
        return callback("R5", 30, ("context.inpatient",))
    return None


def r6_to_r8(answers: Answers, wells: WellsScore, constans: ConstansScore) -> Match:
    """R6, R7 or R8 for an adult outpatient in whom a clot is suspected; one of them always holds."""
    local = answers.symptoms.cellulitis_like_local
    therapeutic = answers.context.anticoagulant is Anticoagulant.THERAPEUTIC
    if therapeutic or local is not Tri.NO:
        why: tuple[str, ...] = ("context.anticoagulant",) if therapeutic else ()
        why += () if local is Tri.NO else ("symptoms.cellulitis_like_local",)
        clause = "R6.therapeutic" if therapeutic else "R6.local_infection"
        return callback(clause, 30, (*_signs(answers), *why), hold_slot=True)
    if answers.limb in ARMS:
        return _r7(answers, constans)
    return _r8(answers, wells)


def stat(answers: Answers) -> Match | None:
    """A referring clinician's stat order is at least tier 1: no answer to the questionnaire makes it less.

    Where no result can be had in time it is an emergency department's: a callback would be less than tier 1.
    """
    if not answers.stat_order:
        return None
    if _result_within(answers, TIER_1_MINUTES):
        return scan("STAT.tier1", 1, ("stat_order",))
    return ed_now("STAT.tier1_no_slot", ("stat_order", "site.next_result_min"))


def _r7(answers: Answers, score: ConstansScore) -> Match:
    if not answers.site.upper_extremity:
        return ed_now("R7.no_arm_scan", _signs(answers))
    upper = score.upper or 0
    fired = (*_signs(answers), *named(answers, CARDINAL_PATHS, Tri.UNKNOWN))
    if upper >= CONSTANS_LIKELY or _cardinal_unknown(answers):
        fired += named(answers, CONSTANS_PATHS, Tri.YES, Tri.UNKNOWN)
        if _result_within(answers, TIER_1_MINUTES):
            return scan("R7.tier1", 1, fired)
        return ed_now("R7.tier1_no_slot", (*fired, "site.next_result_min"))
    if _result_within(answers, TIER_2_MINUTES):
        return scan("R7.tier2", 2, fired)
    return callback("R7.tier2_no_slot", 60, (*fired, "site.next_result_min"))


def _r8(answers: Answers, score: WellsScore) -> Match:
    signs = _signs(answers)
    if answers.context.pregnant is Tri.YES and not answers.site.iliac_duplex:
        return ed_now("R8.no_iliac", ("context.pregnant", *signs))
    forcing = _forcing(answers, score)
    if forcing is None:
        if _result_within(answers, TIER_2_MINUTES):
            return scan("R8.tier2", 2, signs)
        return callback("R8.tier2_no_slot", 60, (*signs, "site.next_result_min"))
    fired = (*signs, *forcing)
    if _result_within(answers, TIER_1_MINUTES):
        return scan("R8.tier1", 1, fired)
    fired += ("site.next_result_min",)
    if _proven(answers, score):
        return ed_now("R8.tier1_proven_no_slot", fired)
    return callback("R8.tier1_unknown_no_slot", 30, fired)


def _forcing(answers: Answers, score: WellsScore) -> tuple[str, ...] | None:
    """The answers that make it tier 1; None where it is tier 2."""
    points = (score.upper or 0) >= WELLS_LIKELY
    fired = named(answers, WELLS_PATHS, Tri.YES, Tri.UNKNOWN) if points else ()
    fired += named(answers, CARDINAL_PATHS, Tri.UNKNOWN)
    fired += named(answers, YES_OR_UNKNOWN_IS_TIER_1, Tri.YES, Tri.UNKNOWN)
    fired += named(answers, YES_IS_TIER_1, Tri.YES)
    return tuple(dict.fromkeys(fired)) or None


def _proven(answers: Answers, score: WellsScore) -> bool:
    """Whether tier 1 rests on what is certain, not only on what is unknown."""
    certain = named(answers, (*YES_OR_UNKNOWN_IS_TIER_1, *YES_IS_TIER_1), Tri.YES)
    return (score.yes or 0) >= WELLS_LIKELY or bool(certain)


def _result_within(answers: Answers, minutes: int) -> bool:
    earliest = answers.site.next_result_min
    return earliest is not None and earliest <= minutes


def _cardinal_unknown(answers: Answers) -> bool:
    return Tri.UNKNOWN in cardinal_signs(answers.symptoms)


def _signs(answers: Answers) -> tuple[str, ...]:
    """What makes a clot suspected: where, since when, and the signs."""
    return ("limb", *since_when(answers), *named(answers, SIGNS, Tri.YES))


def since_when(answers: Answers) -> tuple[str, ...]:
    """The answers that say that it is recent."""
    return ("onset_days", "worsening") if answers.worsening is Tri.YES else ("onset_days",)
