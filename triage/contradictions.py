"""Answers that do not fit together, as questions to ask back before the answers are taken.

They are not errors of ``parse``: the table has a safe decision for each, and an answer that becomes more worrying must
never turn a decision into none. Doors ask these back; the decision stands until they are answered.
"""

from triage.answers import AnswerError, Answers, Limb, Tri
from triage.answers.groups import CARDINAL, MINOR
from triage.answers.values import ARMS
from triage.rules.match import named
from triage.suspicion import RECENT_DAYS, RECENT_DAYS_BOTH_LEGS

ONE_LEG_SIGNS = ("wells.entire_leg_swollen", "wells.calf_3cm", "wells.pitting_one_leg")
SIGNS = tuple(f"symptoms.{name}" for name in (*CARDINAL, *MINOR))


def questions_back(answers: Answers) -> tuple[AnswerError, ...]:
    """What to ask again: the field, the rule that the answers break, and the question. Empty where all fits."""
    found = (
        _limb(answers),
        _swelling(answers),
        _leg_signs_of_an_arm(answers),
        _worsening(answers),
        _infection(answers),
    )
    return tuple(question for question in found if question)


def _limb(answers: Answers) -> AnswerError | None:
    if answers.limb is not Limb.UNKNOWN or not named(answers, (*SIGNS, *ONE_LEG_SIGNS), Tri.YES):
        return None
    return AnswerError("limb", "sign_without_limb", "There is a sign, but no leg or arm is named. Which one is it?")


def _swelling(answers: Answers) -> AnswerError | None:
    if answers.symptoms.swelling is not Tri.NO or answers.wells.entire_leg_swollen is not Tri.YES:
        return None
    message = "The whole leg is said to be swollen, but swelling was answered no. Is there swelling?"
    return AnswerError("symptoms.swelling", "contradiction", message)


def _leg_signs_of_an_arm(answers: Answers) -> AnswerError | None:
    if answers.limb not in ARMS or not named(answers, ONE_LEG_SIGNS, Tri.YES):
        return None
    return AnswerError("limb", "leg_sign_of_an_arm", "An arm is named, but a leg is swollen. Which one is it?")


def _worsening(answers: Answers) -> AnswerError | None:
    """The table counts only a yes; with an old onset the answer decides, so an unknown is asked again."""
    recent_days = RECENT_DAYS_BOTH_LEGS if answers.limb is Limb.BOTH_LEGS else RECENT_DAYS
    old = answers.onset_days is not None and answers.onset_days > recent_days
    if answers.worsening is not Tri.UNKNOWN or not old or not named(answers, SIGNS, Tri.YES):
        return None
    return AnswerError("worsening", "decides_and_unknown", "It began a while ago. Is it getting worse now?")


def _infection(answers: Answers) -> AnswerError | None:
    local = answers.symptoms.cellulitis_like_local is Tri.YES
    if not local or answers.symptoms.redness is not Tri.NO or answers.symptoms.warmth is not Tri.NO:
        return None
    message = "Hot red skin was named, but redness and warmth were answered no. Is the skin red or warm?"
    return AnswerError("symptoms.redness", "contradiction", message)
