"""What staff may type: nothing of health, no full name, two segments; and what leaves is what was measured."""

from datetime import date

import pytest

from notifications.segments import Encoding, encoding_of
from notifications.typed_words import as_sent, measure

HEAD = "Vein Center: "


@pytest.mark.parametrize(
    "words",
    [
        "Your scan is moved to 3 PM",
        "The result is negative, good news",
        "How is your leg today?",
        "\u00bfC\u00f3mo est\u00e1 su pierna?",
        "Bring the medicine with you",
        "No DVT was found",
    ],
)
def test_a_word_of_health_is_refused_and_named(words: str) -> None:
    [fault] = measure(words, head=HEAD).faults
    assert "A text never says" in fault


def test_words_of_the_day_pass() -> None:
    measured = measure("You can come at 3 PM instead. Park behind the building.", head=HEAD)
    assert (measured.segments, measured.faults) == (1, ())


def test_a_text_counts_with_our_name_before_it() -> None:
    room = 160 - len(HEAD)
    assert measure("a" * room, head=HEAD).segments == 1
    assert measure("a" * (room + 1), head=HEAD).segments == 2


def test_three_segments_are_too_long_and_the_characters_that_cost_are_named() -> None:
    assert measure("a" * 250, head=HEAD).faults == ()
    [fault] = measure("a" * 320, head=HEAD).faults
    assert "3 texts" in fault
    [costly] = measure("\u4f60" * 150, head=HEAD).faults
    assert "\u4f60" in costly


def test_a_flood_is_refused_without_being_measured() -> None:
    [fault] = measure("a" * 4000, head=HEAD).faults
    assert "at most 2" in fault


def test_quotes_and_accents_that_would_make_it_dearer_are_written_plainly() -> None:
    sent = as_sent("  I\u2019ll call at\u00a03 \u2013 Mar\u00eda, se\u00f1or Jos\u00e9 \u2026\r\n\tbye\0  ")
    assert sent == "I'll call at 3 - Maria, se\u00f1or Jos\u00e9 ...\nbye"
    assert encoding_of(sent) is Encoding.GSM_7


@pytest.mark.parametrize("words", ["Reply CANCEL to end", "reply yes please"])
def test_nobody_is_told_to_reply_a_word_of_the_carrier(words: str) -> None:
    [fault] = measure(words, head=HEAD).faults
    assert "C, R or X" in fault


def test_a_full_name_is_refused_and_a_first_name_is_not() -> None:
    names = (("Ana", "Ruiz"),)
    assert measure("Hello Ana, you can come at 3 PM", head=HEAD, names=names).faults == ()
    [fault] = measure("Hello ANA RUIZ", head=HEAD, names=names).faults
    assert "first name" in fault


@pytest.mark.parametrize("words", ["", "   ", "\n\n"])
def test_nothing_is_not_sent(words: str) -> None:
    assert measure(words, head=HEAD).faults == ("Type what to say.",)


@pytest.mark.parametrize(
    "words",
    [
        "We have your scans",
        "How are both legs?",
        "There were no clots",
        "Las piernas",
        "La prueba es negativa",
        "Your result is normal",
        "Su resultado fue bueno",
    ],
)
def test_a_word_of_health_is_refused_in_every_form(words: str) -> None:
    [fault] = measure(words, head=HEAD).faults
    assert "A text never says" in fault


@pytest.mark.parametrize(
    "words", ['Reply "YES" to come', "text us back CANCEL", "Responda YES", "Please reply: quit", "send the word END"]
)
def test_nobody_is_told_to_reply_a_word_of_the_carrier_in_other_words(words: str) -> None:
    [fault] = measure(words, head=HEAD).faults
    assert "C, R or X" in fault


@pytest.mark.parametrize("words", ["Thanks for your text, yes you can come", "Your result is ready. Good to see you"])
def test_words_that_only_stand_side_by_side_pass(words: str) -> None:
    assert measure(words, head=HEAD).faults == ()


@pytest.mark.parametrize(
    "words",
    [
        "Born 5/17/1964?",
        "05-17-64, is that right?",
        "1964-05-17",
        "17/5/1964",
        "You said May 17, 1964",
        "17 de mayo de 1964",
    ],
)
def test_a_birth_date_is_refused_however_it_is_written(words: str) -> None:
    [fault] = measure(words, head=HEAD, born=(date(1964, 5, 17),)).faults
    assert "birth date" in fault


@pytest.mark.parametrize("words", ["See you on 5/17/2027", "Call 301-555-0117", "May 17 at 3 PM", "Room 17, floor 5"])
def test_another_day_is_none(words: str) -> None:
    assert measure(words, head=HEAD, born=(date(1964, 5, 17),)).faults == ()
