"""R9 to R11: adults outside hospital in whom no clot is suspected. One of them always holds."""

from operator import attrgetter

from triage.answers import Answers, Anticoagulant, Limb, Tri
from triage.answers.groups import LEG_SIGNS, RISKS, History
from triage.answers.values import ARMS, ONE_LEG
from triage.rules.match import Match, callback, consult, named
from triage.rules.suspects import CARDINAL_PATHS, CONSTANS_PATHS, SIGNS, since_when
from triage.suspicion import RECENT_DAYS, RECENT_DAYS_BOTH_LEGS, cardinal_signs, recent
from triage.urgency import Disposition

RISK_PATHS = ("context.pregnant", "context.postpartum_6wk", *(f"wells.{name}" for name in RISKS))
HISTORY_PATHS = tuple(f"history.{name}" for name in History.__slots__)
REST_PAIN = "symptoms.rest_pain_or_open_wound"
# Named by a rule above R11 or a sign of a leg; where one is yes, nobody is told that self-care is enough.
MUST_NOT_BE_YES = (
    "context.prior_pe",
    "symptoms.asymmetric",
    "symptoms.cellulitis_like_local",
    *(f"wells.{name}" for name in LEG_SIGNS),
)
# What anyone can answer and R11 needs as an explicit no.
MUST_NOT_BE_UNKNOWN = (
    "symptoms.heaviness",
    "symptoms.difficulty_walking",
    "symptoms.cellulitis_like_local",
    "context.prior_pe",
    "context.inpatient",
)
ANTICOAGULANT = "context.anticoagulant"

_history = attrgetter(*History.__slots__)


def r9_to_r11(answers: Answers) -> Match:
    """The first of R9, R10 and R11 that holds."""
    return _r9(answers) or _r10(answers) or Match("R11", Disposition.SELF_CARE, ("symptoms.cramps",))


def _r9(answers: Answers) -> Match | None:
    cardinal = cardinal_signs(answers.symptoms)
    if Tri.UNKNOWN in cardinal:
        return callback("R9.sign_unknown", 30, named(answers, CARDINAL_PATHS, Tri.UNKNOWN))
    if answers.limb is Limb.UNKNOWN:
        return callback("R9.limb_unknown", 30, ("limb", *named(answers, CARDINAL_PATHS, Tri.YES)))
    both_legs = answers.limb is Limb.BOTH_LEGS and Tri.YES in cardinal
    if both_legs and recent(answers, RECENT_DAYS_BOTH_LEGS):
        return callback("R9.both_legs", 60, ("limb", *since_when(answers), *named(answers, CARDINAL_PATHS, Tri.YES)))
    if answers.symptoms.rest_pain_or_open_wound is not Tri.NO:
        return callback("R9.rest_pain", 60, (REST_PAIN,))
    return _r9_cramps(answers)


def _r9_cramps(answers: Answers) -> Match | None:
    if answers.limb not in ONE_LEG or answers.symptoms.cramps is not Tri.YES or not recent(answers, RECENT_DAYS):
        return None
    risks = named(answers, RISK_PATHS, Tri.YES, Tri.UNKNOWN)
    return (
        callback("R9.cramps_with_risk", 60, ("limb", *since_when(answers), "symptoms.cramps", *risks))
        if risks
        else None
    )


def _r10(answers: Answers) -> Match | None:
    signs = named(answers, SIGNS, Tri.YES)
    history: tuple[str, ...] = ()
    if any(value is not Tri.NO for value in _history(answers.history)):
        history = named(answers, HISTORY_PATHS, Tri.YES, Tri.UNKNOWN)
    listed = (*signs, *history, *named(answers, RISK_PATHS, Tri.YES, Tri.UNKNOWN))
    if listed:
        return consult("R10.listed", listed)
    left_open = _not_an_explicit_no(answers)
    return consult("R10.not_all_no", left_open) if left_open else None


def _not_an_explicit_no(answers: Answers) -> tuple[str, ...]:
    """What keeps R11 from saying that everything above is an explicit no, though R10 does not list it."""
    constans = named(answers, CONSTANS_PATHS, Tri.YES, Tri.UNKNOWN) if answers.limb in ARMS else ()
    return (
        *named(answers, MUST_NOT_BE_YES, Tri.YES),
        *named(answers, MUST_NOT_BE_UNKNOWN, Tri.UNKNOWN),
        *named(answers, (ANTICOAGULANT,), Anticoagulant.THERAPEUTIC, Anticoagulant.UNKNOWN),
        *constans,
    )
