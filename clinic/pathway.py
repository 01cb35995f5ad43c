"""The follow-up plan by result (clinical.md section 5), as a pure function from result and risk to steps.

Days count from D: the diagnosis, or the scan where there is none. A step's window is the span of days in which it may
happen. Minutes count from the signature. What a later result makes of a plan says `clinic.revising`; when a plan may
end, `clinic.closing`.
"""

from collections.abc import Callable
from dataclasses import dataclass

VERSION = "2026-2"
#: Roles that own a step, as `clinic.models.Role` names them; this module is free of Django.
CLINICIAN, REPRESENTATIVE = "clinician", "representative"


@dataclass(frozen=True, kw_only=True)
class Risk:
    """What, besides the category, a plan depends on. ``None`` means not known, and is read on the safe side.

    ``treated``: an isolated distal clot that is treated rather than watched. ``equivocal``: a chronic change that may
    hide a new clot. ``other_imaging``: the clinician chose another study within 24 hours as ours showed nothing.
    """

    pretest_category: str = ""
    pregnant: bool = False
    d_dimer: str = "unknown"
    treated: bool = False
    equivocal: bool = False
    suspicion_persists: bool | None = None
    other_imaging: bool = False


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """One step of a plan.

    Where ``minutes`` is set it is due so long after the signature; where ``working_days`` is set, by the end of that
    working day after D; else on ``day``, in a window of days from D. ``named_owner``: it is a person's, not a role's.
    """

    code: str
    kind: str
    owner_role: str = CLINICIAN
    day: int = 0
    first_day: int = 0
    last_day: int = 0
    minutes: int | None = None
    working_days: int | None = None
    named_owner: bool = False


def _call(code: str, day: int, first: int | None = None, last: int | None = None) -> PlannedStep:
    return _dated(code, "follow_up_call", day, first, last)


def _scan(code: str, day: int, first: int, last: int) -> PlannedStep:
    return _dated(code, "follow_up_scan", day, first, last, REPRESENTATIVE)


def _visit(code: str, day: int, first: int, last: int) -> PlannedStep:
    return _dated(code, "follow_up_visit", day, first, last, REPRESENTATIVE)


def _dated(code: str, kind: str, day: int, first: int | None, last: int | None, role: str = CLINICIAN) -> PlannedStep:
    return PlannedStep(
        code=code,
        kind=kind,
        owner_role=role,
        day=day,
        first_day=day if first is None else first,
        last_day=day if last is None else last,
    )


TREATMENT_START = PlannedStep(code="treatment_start", kind="treatment_start", minutes=60)
HANDOVER = PlannedStep(code="handover", kind="handover", minutes=15)
SAFETY_CALL = _call("safety_call_d7", 7, 5, 9)
#: The two scans that the visit of three months and the end of treatment are measured by: nobody's safety hangs on the
#: day, as it does with every other scan of a plan.
BASELINE_SCAN = _scan("baseline_scan_3_months", 90, 76, 104)
END_SCAN = _scan("end_of_treatment_scan", 0, -7, 7)
#: One clear check four to six weeks after the last dose; days count from that dose, as those of `END_SCAN` do.
CLEAR_CHECK = _visit("clear_check", 35, 28, 42)
#: Therapy that goes on is reviewed every year, counted from the decision.
YEARLY_REVIEW = _visit("yearly_review", 365, 335, 395)
#: A change of dose, by drug, counted from the first dose (apixaban and rivaroxaban, US prescribing information, section
#: 2.1). The product never prescribes: it raises the clinician's call.
DOSE_CHANGES = {
    "apixaban": PlannedStep(code="dose_change_d7", kind="dose_change", day=7, first_day=6, last_day=7),
    "rivaroxaban": PlannedStep(code="dose_change_d21", kind="dose_change", day=21, first_day=20, last_day=21),
}
#: The step in which a clinician says whether treatment stops or goes on.
STOP_OR_EXTEND = "stop_or_extend"
#: Steps that follow from a drug or a decision, not from the row: owed as long as treatment is.
THERAPY_CODES = frozenset(
    {step.code for step in (*DOSE_CHANGES.values(), END_SCAN, CLEAR_CHECK, YEARLY_REVIEW)} | {STOP_OR_EXTEND}
)
#: The call of the row that a dose change takes the place of: one call, not two on one day.
DOSE_CHANGE_INSTEAD_OF = {"apixaban": "call_d5_7", "rivaroxaban": "call_d19_21"}
#: Another finding is followed to its own end, whatever a later study shows.
INCIDENTAL_CODES = frozenset({"incidental_call", "incidental_referral"})

_TO_THREE_MONTHS = (
    TREATMENT_START,
    _call("call_d1", 1),
    _call("call_d5_7", 7, 5, 7),
    _visit("visit_d7_14", 10, 7, 14),
    _call("call_d19_21", 21, 19, 21),
    _visit("visit_1_month", 30, 23, 37),
    _visit("visit_3_months", 90, 76, 104),
    BASELINE_SCAN,
)
_PROXIMAL = (
    *_TO_THREE_MONTHS,
    _visit("visit_6_months", 182, 168, 196),
    _visit("visit_12_months", 365, 351, 379),
)
_PREGNANT = (_scan("scan_d3", 3, 3, 3), _scan("scan_d7", 7, 7, 7))


def watched_pregnancy(risk: Risk) -> bool:
    """Whether a clear study of somebody pregnant is not believed yet: it is repeated on days 3 and 7."""
    return risk.pregnant and risk.suspicion_persists is not False


def _no_dvt_complete(risk: Risk) -> tuple[PlannedStep, ...]:
    return _PREGNANT if watched_pregnancy(risk) else (SAFETY_CALL,)


def _no_dvt_limited(risk: Risk) -> tuple[PlannedStep, ...]:
    if watched_pregnancy(risk):
        return _PREGNANT
    if risk.pretest_category == "unlikely" and risk.d_dimer == "negative":
        return (SAFETY_CALL,)
    return (_scan("repeat_scan_d6_8", 7, 6, 8),)


def _non_diagnostic(risk: Risk) -> tuple[PlannedStep, ...]:
    today = PlannedStep(code="clinician_today", kind="decision", minutes=60)
    if risk.other_imaging:
        return (today, PlannedStep(code="other_imaging_24h", kind="other_imaging", minutes=24 * 60))
    return (today, _scan("repeat_scan_d5_7", 6, 5, 7))


def _isolated_distal(risk: Risk) -> tuple[PlannedStep, ...]:
    if risk.treated:
        return _TO_THREE_MONTHS
    return (_call("call_d1", 1), _scan("scan_d7", 7, 6, 8), _scan("scan_d14", 14, 13, 15))


def _svt_long(risk: Risk) -> tuple[PlannedStep, ...]:
    return (
        # The course of 45 days has a first dose as well; no clock of an hour runs on it.
        PlannedStep(code="course_start", kind="treatment_start", minutes=24 * 60),
        _call("call_d1", 1),
        _call("call_d7", 7),
        _scan("scan_d7_14", 10, 7, 14),
        _visit("visit_d45", 45, 40, 50),
    )


def _chronic(risk: Risk) -> tuple[PlannedStep, ...]:
    consult = PlannedStep(
        code="consult_d14",
        kind="consult",
        owner_role=REPRESENTATIVE,
        day=14,
        first_day=0,
        last_day=14,
    )
    scans = (_scan("scan_d1_3", 2, 1, 3), _scan("scan_d7_10", 8, 7, 10))
    return (consult, *scans) if risk.equivocal else (consult,)


def _incidental(risk: Risk) -> tuple[PlannedStep, ...]:
    return (
        PlannedStep(code="incidental_call", kind="follow_up_call", working_days=2, named_owner=True),
        # The row ends when the referral is completed: somebody must ask whether it was.
        PlannedStep(
            code="incidental_referral", kind="follow_up_call", day=14, first_day=3, last_day=30, named_owner=True
        ),
    )


_BY_CATEGORY: dict[str, Callable[[Risk], tuple[PlannedStep, ...]]] = {
    "no_dvt_complete": _no_dvt_complete,
    "no_dvt_limited": _no_dvt_limited,
    "non_diagnostic": _non_diagnostic,
    "acute_proximal_dvt": lambda _: _PROXIMAL,
    "svt_near_sfj": lambda _: _PROXIMAL,
    "upper_extremity_dvt": lambda _: _PROXIMAL,
    "acute_iliofemoral_threatened": lambda _: (HANDOVER, *_PROXIMAL),
    "isolated_distal_dvt": _isolated_distal,
    "svt_long": _svt_long,
    "svt_short": lambda _: (_scan("scan_d7_10", 8, 7, 10),),
    "chronic_post_thrombotic": _chronic,
    "incidental": _incidental,
}
CATEGORIES = tuple(_BY_CATEGORY)


def planned(category: str, risk: Risk) -> tuple[PlannedStep, ...]:
    """Return the steps of a result's row of the table: never none."""
    return _BY_CATEGORY[category](risk)


def treated(category: str, risk: Risk) -> bool:
    """Whether the row of a result begins with a treatment that a clinician must stop or extend."""
    return any(step.code == "treatment_start" for step in planned(category, risk))
