"""Segment counts follow the SMS alphabets, at their exact borders."""

import pytest

from notifications.segments import Encoding, beyond_gsm_7, encoding_of, segment_count


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("ó" * 70, 1),
        ("ó" * 71, 2),
        ("ó" * 134, 2),
        ("ó" * 135, 3),
        ("\U0001f600" * 35, 1),
        ("\U0001f600" * 35 + "a", 2),
    ],
)
def test_counts_at_the_borders(text: str, segments: int) -> None:
    assert segment_count(text) == segments


def test_an_extension_character_is_never_cut_by_a_segment_end() -> None:
    # 152 + 2 does not fit in 153, so the euro sign opens the next segment and pushes the last character out of it.
    assert segment_count("a" * 152 + "€" + "a" * 151) == 2
    assert segment_count("a" * 152 + "€" + "a" * 152) == 3


def test_a_surrogate_pair_is_never_cut_by_a_segment_end() -> None:
    assert segment_count("a" * 66 + "\U0001f600" + "a" * 65) == 2
    assert segment_count("a" * 66 + "\U0001f600" + "a" * 66) == 3


@pytest.mark.parametrize("character", "ñüéàèùìòÑÜÉ¿¡Çäö£¥\n")
def test_some_accents_are_cheap(character: str) -> None:
    assert encoding_of(character) is Encoding.GSM_7


@pytest.mark.parametrize("character", "áíóúÁÍÓÚ’“–…ç\t")
def test_other_accents_and_typographic_signs_flip_the_encoding(character: str) -> None:
    assert encoding_of("Your appointment" + character) is Encoding.UCS_2


def test_the_author_is_told_which_characters_cost() -> None:
    assert beyond_gsm_7("Mañana está, él está aquí") == ("á", "í")
