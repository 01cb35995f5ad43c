"""The follow-up plan by result (clinical.md section 5), as a pure function from result and risk to steps.

Days count from D: the diagnosis, or the scan where there is none. A step's window is the span of days in which it may
happen. Minutes count from the signature.
"""

from collections.abc import Callable
from dataclasses import dataclass

from clinic.result_rules import NEGATIVE

VERSION = "2026-1"
#: Roles that own a step, as `clinic.models.Role` names them; this module is free of Django.
CLINICIAN, REPRESENTATIVE = "clinician", "representative"


@dataclass(frozen=True, kw_only=True)
class Risk:
    """What, besides the category, a plan depends on. ``None`` means not known, and is read on the safe side."""

    pretest_category: str = ""
    pregnant: bool = False
    d_dimer: str = "unknown"
    treated: bool = False
    equivocal: bool = False
    suspicion_persists: bool | None = None
    previous: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """One step of a plan. Where ``minutes`` is set it is due so long after the signature; else on ``day``, in a window
    of days from D."""

    code: str
    kind: str
    owner_role: str = CLINICIAN
    day: int = 0
    first_day: int = 0
    last_day: int = 0
    minutes: int | None = None


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

_TO_THREE_MONTHS = (
    TREATMENT_START,
    _call("call_d1", 1),
    _call("call_d5_7", 7, 5, 7),
    _visit("visit_d7_14", 10, 7, 14),
    _call("call_d19_21", 21, 19, 21),
    _visit("visit_1_month", 30, 23, 37),
    _visit("visit_3_months", 90, 76, 104),
)
_PROXIMAL = (
    *_TO_THREE_MONTHS,
    _visit("visit_6_months", 182, 168, 196),
    _visit("visit_12_months", 365, 351, 379),
)


def _no_dvt_complete(risk: Risk) -> tuple[PlannedStep, ...]:
    # A clear repeat scan settles what the first one left open: nothing but the signature is owed.
    if risk.previous and risk.previous != "no_dvt_complete":
        return ()
    if risk.pregnant and risk.suspicion_persists is not False:
        return (_scan("scan_d3", 3, 3, 3), _scan("scan_d7", 7, 7, 7))
    return (SAFETY_CALL,)


def _no_dvt_limited(risk: Risk) -> tuple[PlannedStep, ...]:
    if risk.pregnant and risk.suspicion_persists is not False:
        return (_scan("scan_d3", 3, 3, 3), _scan("scan_d7", 7, 7, 7))
    if risk.pretest_category == "unlikely" and risk.d_dimer == "negative":
        return (SAFETY_CALL,)
    return (_scan("repeat_scan_d6_8", 7, 6, 8),)


def _isolated_distal(risk: Risk) -> tuple[PlannedStep, ...]:
    if risk.treated:
        return _TO_THREE_MONTHS
    return (_call("call_d1", 1), _scan("scan_d7", 7, 6, 8), _scan("scan_d14", 14, 13, 15))


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


_BY_CATEGORY: dict[str, Callable[[Risk], tuple[PlannedStep, ...]]] = {
    "no_dvt_complete": _no_dvt_complete,
    "no_dvt_limited": _no_dvt_limited,
    "non_diagnostic": lambda _: (
        PlannedStep(code="clinician_today", kind="decision", minutes=60),
        _scan("repeat_scan_d5_7", 6, 5, 7),
    ),
    "acute_proximal_dvt": lambda _: _PROXIMAL,
    "svt_near_sfj": lambda _: _PROXIMAL,
    "upper_extremity_dvt": lambda _: _PROXIMAL,
    "acute_iliofemoral_threatened": lambda _: (HANDOVER, *_PROXIMAL),
    "isolated_distal_dvt": _isolated_distal,
    "svt_long": lambda _: (
        _call("call_d1", 1),
        _call("call_d7", 7),
        _scan("scan_d7_14", 10, 7, 14),
        _visit("visit_d45", 45, 40, 50),
    ),
    "svt_short": lambda _: (_scan("scan_d7_10", 8, 7, 10),),
    "chronic_post_thrombotic": _chronic,
    "incidental": lambda _: (_call("incidental_call", 2, 0, 2),),
}


def planned(category: str, risk: Risk) -> tuple[PlannedStep, ...]:
    """Return the steps that a result asks for. Empty where only the clinician's signature is owed.

    A repeated scan that is clear after a surveillance plan ends it; every other result has its row of the table.
    """
    if risk.previous and category in NEGATIVE and risk.previous not in NEGATIVE:
        return ()
    return _BY_CATEGORY[category](risk)
