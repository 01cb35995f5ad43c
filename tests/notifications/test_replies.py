"""What a reply means: an emergency before all else, then leaving, then the letters that we offer."""

import pytest

from notifications.replies import Meaning, meaning_of


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("C", Meaning.CONFIRM),
        (" c. ", Meaning.CONFIRM),
        ("R", Meaning.RESCHEDULE),
        ("x!", Meaning.CANCEL),
        ("C \N{THUMBS UP SIGN}", Meaning.CONFIRM),
        ("STOP", Meaning.STOP),
        ("stop.", Meaning.STOP),
        ("Opt-out", Meaning.STOP),
        ("CANCEL", Meaning.STOP),
        ("alto", Meaning.STOP),
        ("START", Meaning.START),
        ("Yes", Meaning.START),
        ("help", Meaning.HELP),
        ("ayuda", Meaning.HELP),
        ("Leave me alone", Meaning.STOP),
        ("please don\N{RIGHT SINGLE QUOTATION MARK}t text this number", Meaning.STOP),
        ("no m\u00e1s", Meaning.STOP),
        ("don't stop", Meaning.OTHER),
        ("I can come at 3", Meaning.OTHER),
        ("C U there", Meaning.OTHER),
        ("", Meaning.OTHER),
        ("\N{THUMBS UP SIGN}", Meaning.OTHER),
    ],
)
def test_the_words_that_we_know(body: str, meaning: Meaning) -> None:
    assert meaning_of(body) is meaning


@pytest.mark.parametrize(
    "body",
    [
        "I can't breathe",
        "i cant breathe well",
        "I can\N{RIGHT SINGLE QUOTATION MARK}t   breathe",
        "having CHEST PAIN since noon",
        "she passed out",
        "me desmay\u00e9",
        "no puedo respirar",
        "Dolor en el pecho",
        "toso sangre",
        "should I call 911?",
        "STOP, chest pain",
    ],
)
def test_an_emergency_comes_before_all_else(body: str) -> None:
    assert meaning_of(body) is Meaning.EMERGENCY
    assert meaning_of(body, "STOP") is Meaning.EMERGENCY


def test_what_the_provider_took_for_leaving_or_coming_back_is_believed() -> None:
    assert meaning_of("Adios", "STOP") is Meaning.STOP
    assert meaning_of("Hola", "START") is Meaning.START
    assert meaning_of("C", "HELP") is Meaning.HELP
