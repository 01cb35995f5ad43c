"""What patients are told: both languages, and never heat or massage while a clot is possible."""

import re

import pytest

from tests.reading_level import HIGHEST_GRADE, grade
from tests.triage.factories import answers
from triage.answers import parse
from triage.rules import decide
from triage.words import SCREENS, SPOKEN, WORDS, Screen, screen_for, spoken_for

HEAT_OR_MASSAGE = re.compile(r"\b(heat|warm bath|warm pad|massage|calor|tibi[oa]|masaj)", re.IGNORECASE)
SCREEN_CASES = [(language, key) for language, screens in SCREENS.items() for key in screens]
ON_A_PAGE = re.compile(r"\b(this page|esta página|these questions|estas preguntas|pick a time|elija)", re.IGNORECASE)


def text_of(screen: Screen) -> str:
    return " ".join((f"{screen.headline}.", *screen.steps, screen.safety_net))


@pytest.mark.parametrize("clause", WORDS)
def test_a_reason_speaks_to_everyone(clause: str) -> None:
    words = WORDS[clause]
    assert words.en.strip()
    assert words.es.strip()
    assert words.en != words.es
    assert words.clinician.strip()
    assert words.source.strip()


@pytest.mark.parametrize(("language", "key"), SCREEN_CASES)
def test_only_self_care_speaks_of_warmth(language: str, key: str) -> None:
    assert bool(HEAT_OR_MASSAGE.search(text_of(SCREENS[language][key]))) == (key == "SELF_CARE")


def test_no_reason_speaks_of_heat_or_massage() -> None:
    assert not [words for words in WORDS.values() if HEAT_OR_MASSAGE.search(f"{words.en} {words.es}")]


@pytest.mark.parametrize(("language", "key"), SCREEN_CASES)
def test_every_screen_names_911(language: str, key: str) -> None:
    assert "911" in text_of(SCREENS[language][key])


@pytest.mark.parametrize(("language", "key"), SCREEN_CASES)
def test_what_is_read_aloud_speaks_of_no_page_and_is_as_plain_and_as_safe(language: str, key: str) -> None:
    said = text_of(SPOKEN[language][key])
    assert not ON_A_PAGE.search(said)
    assert "911" in said
    assert bool(HEAT_OR_MASSAGE.search(said)) == (key == "SELF_CARE")
    assert language == "es" or grade(said) <= HIGHEST_GRADE


def test_a_callback_at_once_is_read_aloud_as_such() -> None:
    assert "10 minutes" in spoken_for("CLINICIAN_CALLBACK", 10, "en").headline
    assert "10 minutes" not in spoken_for("CLINICIAN_CALLBACK", 30, "en").headline


def test_a_callback_in_ten_minutes_says_what_to_do_when_nobody_calls() -> None:
    decision = decide(parse(answers(emergency__fainted="unknown"), on=None))
    assert "emergency room" in text_of(screen_for(decision, "en"))
    assert "emergencias" in text_of(screen_for(decision, "es"))


def test_a_decision_names_the_answers_that_fired_it() -> None:
    decision = decide(parse(answers(symptoms__swelling="yes", wells__active_cancer="unknown"), on=None))
    assert decision.reasons[0].clause == "R8.tier1"
    assert decision.reasons[0].answers == {
        "limb": "left_leg",
        "onset_days": 2,
        "symptoms.swelling": "yes",
        "wells.active_cancer": "unknown",
    }
