"""The patients: one for each category that a report may have, and why their episodes may close."""

import copy
from dataclasses import dataclass, field
from typing import Any

from clinic.story.rule_out import ANSWERS

NEGATIVE, POSITIVE, SUSPICIOUS, UNCLEAR = "negative", "positive", "suspicious", "non_diagnostic"
RULED_OUT, RISK_PASSED = "ruled_out", "risk_passed"
#: What a prescriber checks, and what the score of three months asks.
CHECKLIST = ("bleeding", "kidneys", "weight", "pregnancy", "interactions", "cost")
VILLALTA = (
    *("pain", "cramps", "heaviness", "paresthesia", "pruritus", "edema", "induration", "hyperpigmentation"),
    *("redness", "venous_ectasia", "calf_compression_pain"),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One patient: what the first study finds, what each repeated one does, and how it ends.

    ``owed`` are the codes of the plan's steps that must have been done by then. ``drug`` is empty where an emergency
    department takes the patient over.
    """

    category: str
    given_name: str
    impression: str
    reason: str
    owed: tuple[str, ...]
    repeats: str = ""
    arm: bool = False
    drug: str = "edoxaban"
    risk: dict[str, object] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Any]:
        """What the patient answers: of one leg, or of one arm."""
        answers: dict[str, Any] = copy.deepcopy(ANSWERS)
        if self.arm:
            answers["limb"] = "left_arm"
            answers["constans"] = {"venous_material": "yes", "localized_pain": "yes", "unilateral_edema": "yes"}
        return answers


def _treated(drug: str, *first: str) -> tuple[str, ...]:
    """What is owed of a treated clot: a change of dose takes the place of the call on its day."""
    first_week = "dose_change_d7" if drug == "apixaban" else "call_d5_7"
    third_week = "dose_change_d21" if drug == "rivaroxaban" else "call_d19_21"
    months = ("visit_d7_14", "visit_1_month", "visit_3_months", "baseline_scan_3_months", "stop_or_extend")
    return (
        *first,
        "treatment_start",
        "call_d1",
        first_week,
        third_week,
        *months,
        "end_of_treatment_scan",
        "clear_check",
    )


CASES = (
    Case(
        category="no_dvt_complete",
        given_name="Ana",
        impression=NEGATIVE,
        reason=RULED_OUT,
        owed=("safety_call_d7",),
    ),
    Case(
        category="no_dvt_limited",
        given_name="Ben",
        impression=NEGATIVE,
        reason=RULED_OUT,
        owed=("repeat_scan_d6_8",),
        repeats="no_dvt_complete",
    ),
    Case(
        category="non_diagnostic",
        given_name="Cora",
        impression=UNCLEAR,
        reason=RULED_OUT,
        owed=("clinician_today", "repeat_scan_d5_7"),
        repeats="no_dvt_complete",
    ),
    Case(
        category="acute_proximal_dvt",
        given_name="Dan",
        impression=POSITIVE,
        reason=RISK_PASSED,
        owed=_treated("apixaban"),
        repeats="no_dvt_complete",
        drug="apixaban",
    ),
    Case(
        category="acute_iliofemoral_threatened",
        given_name="Eva",
        impression=POSITIVE,
        reason=RISK_PASSED,
        owed=_treated("", "handover"),
        repeats="no_dvt_complete",
        drug="",
    ),
    Case(
        category="isolated_distal_dvt",
        given_name="Finn",
        impression=SUSPICIOUS,
        reason=RISK_PASSED,
        owed=("call_d1", "scan_d7", "scan_d14"),
        repeats="isolated_distal_dvt",
    ),
    Case(
        category="svt_near_sfj",
        given_name="Gail",
        impression=POSITIVE,
        reason=RISK_PASSED,
        owed=_treated("rivaroxaban"),
        repeats="no_dvt_complete",
        drug="rivaroxaban",
    ),
    Case(
        category="svt_long",
        given_name="Hugo",
        impression=POSITIVE,
        reason=RISK_PASSED,
        owed=("course_start", "call_d1", "call_d7", "scan_d7_14", "visit_d45"),
        repeats="svt_long",
    ),
    Case(
        category="svt_short",
        given_name="Iris",
        impression=POSITIVE,
        reason=RISK_PASSED,
        owed=("scan_d7_10",),
        repeats="svt_short",
    ),
    Case(
        category="chronic_post_thrombotic",
        given_name="Jack",
        impression=SUSPICIOUS,
        reason=RULED_OUT,
        owed=("consult_d14", "scan_d1_3", "scan_d7_10"),
        repeats="chronic_post_thrombotic",
        risk={"equivocal": True},
    ),
    Case(
        category="incidental",
        given_name="Kim",
        impression=NEGATIVE,
        reason=RULED_OUT,
        owed=("incidental_call", "incidental_referral"),
    ),
    Case(
        category="upper_extremity_dvt",
        given_name="Leo",
        impression=POSITIVE,
        reason=RISK_PASSED,
        owed=_treated("edoxaban"),
        repeats="no_dvt_complete",
        arm=True,
    ),
)
