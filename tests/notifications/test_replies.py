"""What a reply means: an emergency before all else, then leaving, then the letters that we offer."""

import pytest

from notifications.replies import (
    Meaning,
    by_free_text,
    emergency_language,
    language_of,
    meaning_of,
    number_in,
    provider_answers,
)


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


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("C please", Meaning.CONFIRM),
        ("c, thank you!", Meaning.CONFIRM),
        ("C=confirm", Meaning.CONFIRM),
        ("I confirm my appointment", Meaning.CONFIRM),
        ("C, por favor", Meaning.CONFIRM),
        ("Confirmo mi cita, gracias", Meaning.CONFIRM),
        ("R.", Meaning.RESCHEDULE),
        ("r pls", Meaning.RESCHEDULE),
        ("I need to reschedule", Meaning.RESCHEDULE),
        ("quiero cambiar la cita", Meaning.RESCHEDULE),
        ("X x", Meaning.CANCEL),
        ("please cancel my appointment", Meaning.CANCEL),
        ("Cancelar", Meaning.CANCEL),
        ("C X", Meaning.OTHER),
        ("I can't confirm", Meaning.OTHER),
        ("do not cancel", Meaning.OTHER),
        ("C at 3", Meaning.OTHER),
        ("no quiero cancelar", Meaning.OTHER),
        ("please", Meaning.OTHER),
        ("1", Meaning.NUMBER),
        ("2.", Meaning.NUMBER),
        ("#2 please", Meaning.NUMBER),
        ("option 1", Meaning.NUMBER),
        ("la opci\u00f3n 2, gracias", Meaning.NUMBER),
        ("dos", Meaning.NUMBER),
        ("1 or 2", Meaning.OTHER),
        ("2:30", Meaning.OTHER),
        ("at 2", Meaning.OTHER),
        ("12", Meaning.OTHER),
        ("please stop", Meaning.STOP),
        ("STOP texting me!!", Meaning.STOP),
        ("wrong number", Meaning.STOP),
        ("n\u00famero equivocado", Meaning.STOP),
        ("ya no me escriban", Meaning.STOP),
        ("dejen de mandar mensajes", Meaning.STOP),
    ],
)
def test_an_answer_is_heard_through_the_noise_around_it_and_nothing_is_guessed(body: str, meaning: Meaning) -> None:
    assert meaning_of(body) is meaning


@pytest.mark.parametrize(
    ("body", "number"),
    [("1", 1), ("opci\u00f3n dos", 2), ("the second", 2), ("9", 9), ("1 2", None), ("one or two", None)],
)
def test_a_number_is_read_in_figures_and_in_words(body: str, number: int | None) -> None:
    assert number_in(body) == number


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("He collapsed in the kitchen, what do I do", "en"),
        ("My wife says her chest hurts since this morning and R please", "en"),
        ("1. Also I am short of breath when I walk", "en"),
        ("my foot is cold and I can't feel my toes", "en"),
        ("Buenas tardes, desde ayer me duele el pecho cuando camino", "es"),
        ("mi esposo se desmay\u00f3", "es"),
        ("le falta el aire", "es"),
        ("llamo al 911?", "es"),
    ],
)
def test_an_emergency_is_heard_within_a_longer_text_in_its_language(body: str, language: str) -> None:
    assert emergency_language(body) == language


@pytest.mark.parametrize("body", ["Call me at 301-911-4567", "my number is 3019114567", "the painting fell", "C"])
def test_what_only_looks_like_an_emergency_is_none(body: str) -> None:
    assert emergency_language(body) == ""


def test_who_leaves_in_their_own_words_is_told_from_who_sends_the_word() -> None:
    assert by_free_text("no m\u00e1s")
    assert not by_free_text("stop.")
    assert not by_free_text("Adios", "STOP")


def test_what_the_provider_answers_itself_is_known() -> None:
    assert provider_answers("Help")
    assert provider_answers("whatever", "HELP")
    assert not provider_answers("ayuda")
    assert not provider_answers("alto")


@pytest.mark.parametrize(("body", "language"), [("\u00bfQui\u00e9n es?", "es"), ("hola", "es"), ("Who is this?", "en")])
def test_a_stranger_s_language_is_guessed_from_their_words(body: str, language: str) -> None:
    assert language_of(body) == language


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("It is difficult to breathe when I lie down", "en"),
        ("can hardly breathe", "en"),
        ("I can't catch my breath", "en"),
        ("bad pain in chest", "en"),
        ("she lost consciousness", "en"),
        ("me falta aire", "es"),
        ("tengo un dolor en mi pecho", "es"),
        ("me duele mucho el pecho", "es"),
        ("dificultad al respirar", "es"),
        ("tengo tos con sangre", "es"),
        ("perdi\u00f3 el conocimiento", "es"),
    ],
)
def test_an_emergency_is_heard_in_whatever_common_words(body: str, language: str) -> None:
    assert emergency_language(body) == language


@pytest.mark.parametrize(
    "body",
    [
        "please unsubscribe",
        "Quit texting me",
        "don't send me any more messages",
        "I don't want these texts",
        "I no longer wish to receive messages",
        "no quiero m\u00e1s mensajes",
        "ya no quiero recibir mensajes",
        "no me molesten",
        "quiero darme de baja",
        "Basta",
        "PARE",
        "ya no m\u00e1s, por favor",
        "no m\u00e1s mensajes",
        "no me manden nada",
        "no me env\u00eden textos",
        "d\u00e9jenme en paz",
        "please remove me",
        "remove me from your list",
        "qu\u00edtenme de su lista",
    ],
)
def test_who_plainly_wants_no_more_texts_has_left(body: str) -> None:
    assert meaning_of(body) is Meaning.STOP


@pytest.mark.parametrize(
    "body",
    [
        "I got no texts",
        "don't send me to that center",
        "I don't want these times",
        "no quiero esa hora",
        "d\u00f3nde paro el carro?",
        "no me llamaron",
        # "Let me know", "nobody sent me the address", "only ten minutes": each of these ended all texts.
        "d\u00e9jenme saber a qu\u00e9 hora",
        "no me enviaron la direcci\u00f3n",
        "no me mandaron el enlace",
        "no me escribieron",
        "no me molesta esperar",
        "llego en diez minutos no m\u00e1s",
        "remove me from the schedule tomorrow",
        "take me off the 3 pm please",
        "qu\u00edteme de la agenda de ma\u00f1ana",
    ],
)
def test_what_only_sounds_like_leaving_goes_to_a_person(body: str) -> None:
    assert meaning_of(body) is Meaning.OTHER
