"""R1 to R3: the emergency and limb-threat questions."""

from operator import attrgetter

from triage.answers import Answers, Tri
from triage.answers.groups import Emergency, LimbThreat
from triage.rules.match import Match, callback, ed_now, emergency, named

COUGH = "emergency.new_cough_or_lightheaded"
_EMERGENCY = tuple(name for name in Emergency.__slots__ if name != "new_cough_or_lightheaded")
EMERGENCY = tuple(f"emergency.{name}" for name in _EMERGENCY)
LIMB_THREAT = tuple(f"limb_threat.{name}" for name in LimbThreat.__slots__)

_emergency_values = attrgetter(*_EMERGENCY)
_limb_values = attrgetter(*LimbThreat.__slots__)


def r1_r2(answers: Answers) -> tuple[Match, ...]:
    """R1, then R2: these win outright. Where both hold, R2 is told of beside it. Empty where neither does."""
    found = []
    if Tri.YES in _emergency_values(answers.emergency):
        found.append(emergency("R1", named(answers, EMERGENCY, Tri.YES)))
    if Tri.YES in _limb_values(answers.limb_threat):
        found.append(ed_now("R2", named(answers, LIMB_THREAT, Tri.YES)))
    return tuple(found)


def r3(answers: Answers) -> Match | None:
    """R3: an emergency or limb-threat answer is unknown, or there is a new cough or lightheadedness."""
    cough = answers.emergency.new_cough_or_lightheaded
    unknown = Tri.UNKNOWN in _emergency_values(answers.emergency) or Tri.UNKNOWN in _limb_values(answers.limb_threat)
    if cough is Tri.NO and not unknown:
        return None
    open_questions = named(answers, (*EMERGENCY, *LIMB_THREAT), Tri.UNKNOWN) if unknown else ()
    cough_fired = () if cough is Tri.NO else (COUGH,)
    if cough is Tri.YES and not unknown:
        return callback("R3.cough", 10, cough_fired)
    return callback("R3.unknown", 10, (*cough_fired, *open_questions))
