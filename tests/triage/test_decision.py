"""A decision as its readers take it: its scores by their names, and all of it as plain data."""

import json

from tests.triage.factories import answers
from triage.answers import parse
from triage.constans import ConstansScore
from triage.decision import Decision
from triage.rules import RULES_VERSION, decide
from triage.urgency import Disposition, Urgency
from triage.wells import WellsScore

LEG = decide(parse(answers(symptoms__swelling="yes", wells__calf_3cm="yes", wells__active_cancer="unknown"), on=None))
JUDGED = decide(parse(answers(wells__calf_3cm="yes", wells__alternative_dx_clinician="no"), on=None))
ARM = decide(
    parse(answers(limb="left_arm", constans__localized_pain="yes", constans__venous_material="unknown"), on=None)
)


def test_the_scores_have_names_of_their_own() -> None:
    assert (LEG.wells_yes, LEG.wells_upper, LEG.wells_clinician) == (1, 2, None)
    assert (LEG.category, LEG.category_reason) == ("indeterminate_treat_as_likely", None)
    assert (LEG.constans_yes, LEG.constans_upper) == (None, None)
    assert JUDGED.wells_clinician == 1
    assert (ARM.constans_yes, ARM.constans_upper) == (1, 2)
    assert ARM.category_reason == "arm symptoms: Constans score used"


def test_it_is_plain_data_that_says_the_same() -> None:
    told = json.loads(json.dumps(LEG.as_dict()))
    assert told["disposition"] == LEG.disposition
    assert (told["tier"], told["within_minutes"], told["within_days"], told["hold_slot"]) == (1, 240, None, False)
    assert (told["rule"], told["version"]) == ("R8", RULES_VERSION)
    assert (told["wells_yes"], told["wells_upper"], told["wells_clinician"]) == (1, 2, None)
    assert (told["category"], told["wells_na_reason"]) == ("indeterminate_treat_as_likely", None)
    (reason,) = told["reasons"]
    assert (reason["rule"], reason["clause"]) == ("R8", "R8.tier1")
    assert reason["patient"] == {"en": LEG.reasons[0].patient_en, "es": LEG.reasons[0].patient_es}
    assert (reason["clinician"], reason["source"]) == (LEG.reasons[0].clinician, LEG.reasons[0].source)
    assert reason["answers"]["wells.calf_3cm"] == "yes"


def test_nothing_is_promised_that_was_not_said() -> None:
    score = WellsScore(None, None, None, "unlikely", None)
    bare = Decision(Disposition.SELF_CARE, "R11", (), score, ConstansScore(None, None), "1.0")
    assert (bare.tier, bare.within_minutes, bare.within_days, bare.hold_slot) == (None, None, None, False)
    assert bare.urgency is Urgency.SELF_CARE
