"""When two names are alike, and when what was said names the person on record."""

import pytest

from clinic.names import alike, folded, is_said, like_given, same


def test_accents_capitals_and_hyphens_make_no_other_name() -> None:
    assert folded("  José-Luis O'Neill ") == "jose luis o neill"
    assert same("MÜLLER", "Müller")
    assert not same("", " ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Jon", "Smith"), ("John", "Smith")),
        (("Maria", "Lopez"), ("María", "López")),
        (("Maria", "Lopez"), ("Maira", "Lopez")),
        (("Maria", "Lopez"), ("Lopez", "Maria")),
        (("Alexander", "Reed"), ("Alex", "Reed")),
        (("A", "Reed"), ("Alexander", "Reed")),
    ],
)
def test_one_slip_a_short_form_and_swapped_names_are_alike(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert alike(*one, *other)
    assert alike(*other, *one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Lena", "Weiss"), ("Clara", "Weiss")),
        (("Maria", "Lopez"), ("Maria", "Gomez")),
        (("", "Lopez"), ("", "Lopez")),
        (("Al", "Reed"), ("Bo", "Reed")),
    ],
)
def test_other_names_are_not_alike(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not alike(*one, *other)


def test_a_name_is_said_in_either_order_or_as_it_stands_on_the_document() -> None:
    assert is_said("lópez maria", "Maria", "Lopez")
    assert is_said("Maria Elena Lopez", "Maria", "Lopez", "María Elena López")
    assert not is_said("Maria", "Maria", "Lopez")
    assert not is_said("Ana Lopez", "Maria", "Lopez")
    assert not is_said("", "Maria", "Lopez")


def test_a_slip_in_a_given_name_is_like_it_and_a_twins_name_is_not() -> None:
    assert like_given("Lna", "Lena")
    assert not like_given("Clara", "Lena")
