"""Answers that do not fit together, as questions to ask back in the visitor's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from clinic import clock
from clinic.models import ZipCode
from scheduling.pages.patient.screens import number_of
from triage.answers import AnswerError, AnswersInvalid, parse
from triage.contradictions import questions_back
from triage.drafts import answer, to_assess

#: What is said in place of the engine's own sentence, which is written for staff.
_WORDS = {
    ("limb", "sign_without_limb"): noop("You named a sign, but not the leg or arm. Which one is it?"),
    ("symptoms.swelling", "contradiction"): noop(
        "You said that the whole leg is swollen, but also that there is no swelling. Is there swelling?"
    ),
    ("limb", "leg_sign_of_an_arm"): noop("You named an arm, but said that a leg is swollen. Which one is it?"),
    ("worsening", "decides_and_unknown"): noop("It began a while ago. Is it getting worse now?"),
    ("symptoms.redness", "contradiction"): noop(
        "You named hot, red skin, but said no to redness and warmth. Is the skin red or warm?"
    ),
    ("wells.bedridden_3d_or_surgery_12w", "contradiction"): noop(
        "What you said of an operation or bed rest does not fit the dates that you gave. Please look at both."
    ),
    ("context.postpartum_6wk", "contradiction"): noop(
        "What you said of a birth does not fit the date that you gave. Please look at both."
    ),
    ("onset_days", "before_birth"): noop("It cannot have begun before birth. When did it begin?"),
}
_RULES = {
    "future": noop("This date has not come yet. Please look at it again."),
    "before_birth": noop("This date is before birth. Please look at it again."),
    "range": noop("This number or date cannot be right. Please look at it again."),
}


@dataclass(frozen=True)
class Clash:
    """A question asked back, and the screen on which its answer stands."""

    sentence: str
    number: int
    key: str


@dataclass(frozen=True)
class Clashes:
    """What does not fit. ``binding``: it must be mended before anything can be decided."""

    found: tuple[Clash, ...]
    binding: bool


def clashes(answers: Mapping[str, Any]) -> Clashes:
    """Return what to ask back about these answers; nothing where all fits."""
    place = ZipCode.objects.filter(pk=answer(answers, "contact.zip") or "").first()
    on = clock.now().astimezone(ZoneInfo(place.zone) if place else UTC).date()
    try:
        read = parse(to_assess(answers), on=on)
    except AnswersInvalid as fault:
        return Clashes(tuple(_clash(error) for error in fault.errors), binding=True)
    return Clashes(tuple(_clash(error) for error in questions_back(read)), binding=False)


def _clash(error: AnswerError) -> Clash:
    words = _WORDS.get((error.field, error.rule)) or _RULES.get(error.rule) or error.message
    return Clash(gettext(words), number_of(error.field), error.field)
