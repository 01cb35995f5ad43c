"""How many SMS segments a text takes, and which of its characters make it expensive.

A text whose characters are all in GSM-7 (3GPP TS 23.038, section 6.2.1) holds 160 of them, or 153 per segment once it
is split; one character outside flips the whole text to UCS-2: 70, or 67 per segment. Characters of the extension
table count two, and neither they nor a surrogate pair are cut in half by a segment's end.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

GSM_7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_EXTENSION = frozenset("\f^{}\\[~]|€")


class Encoding(StrEnum):
    """The alphabet in which a text travels."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True)
class Capacity:
    """What one segment holds, in units of its encoding: alone, and as a part of several."""

    alone: int
    part: int


CAPACITY = {Encoding.GSM_7: Capacity(160, 153), Encoding.UCS_2: Capacity(70, 67)}


def beyond_gsm_7(text: str) -> tuple[str, ...]:
    """The characters that force UCS-2, each once, in order of appearance (what a template's author must replace)."""
    return tuple(dict.fromkeys(c for c in text if c not in GSM_7_BASIC and c not in GSM_7_EXTENSION))


def without_costly_marks(text: str) -> str:
    """The text without the accents that would force UCS-2: María is written Maria, while José and Nuño stay."""
    return "".join(c if c in GSM_7_BASIC else _bare(c) for c in text)


def _bare(character: str) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
    return letters if letters and all(c in GSM_7_BASIC for c in letters) else character


def encoding_of(text: str) -> Encoding:
    """GSM-7 if every character allows it, else UCS-2."""
    return Encoding.UCS_2 if beyond_gsm_7(text) else Encoding.GSM_7


def unit_lengths(text: str) -> list[int]:
    """The units (septets, or 16-bit words) that each character takes in the text's encoding."""
    if encoding_of(text) is Encoding.GSM_7:
        return [2 if c in GSM_7_EXTENSION else 1 for c in text]
    return [2 if ord(c) > 0xFFFF else 1 for c in text]


def segment_count(text: str) -> int:
    """Segments that the text takes, each billed as one SMS; an empty text takes none."""
    lengths = unit_lengths(text)
    capacity = CAPACITY[encoding_of(text)]
    if sum(lengths) <= capacity.alone:
        return 1 if text else 0
    segments, used = 1, 0
    for length in lengths:
        if used + length > capacity.part:
            segments, used = segments + 1, 0
        used += length
    return segments
