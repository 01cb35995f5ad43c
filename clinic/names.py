"""When two names are alike, and when a spoken name is the one on record. Pure.

Plain normalization, and no trigram index of the database: an extension is not on every server that we run on, and the
candidates are few (those of one birth date, or of one telephone number), so that each can be looked at.
"""

import unicodedata


def folded(name: str) -> str:
    """A name without accents, capitals, or anything but letters and single spaces: José-Luis → jose luis."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(each if each.isalpha() else " " for each in plain if not unicodedata.combining(each))
    return " ".join(kept.split())


def same(one: str, other: str) -> bool:
    """Whether two names are one name, differently written."""
    return folded(one) == folded(other) != ""


def alike(given: str, family: str, other_given: str, other_family: str) -> bool:
    """Whether two names may be one person's: written otherwise, with one slip, the first name shortened, or swapped.

    An initial is alike to every name that begins with it; a shorter form is at least three letters of the longer one.
    """
    mine, theirs = (folded(given), folded(family)), (folded(other_given), folded(other_family))
    straight = _near(mine[1], theirs[1]) and like_given(mine[0], theirs[0])
    swapped = _near(mine[0], theirs[1]) and _near(mine[1], theirs[0])
    return straight or swapped


def like_given(one: str, other: str) -> bool:
    """Whether two given names may be one: with one slip, or one of them shortened."""
    mine, theirs = folded(one), folded(other)
    return _near(mine, theirs) or _shortened(mine, theirs)


def is_said(said: str, given: str, family: str, legal: str = "") -> bool:
    """Whether what somebody said names the person on record: both names, in either order, or the legal name."""
    words = set(folded(said).split())
    if not words:
        return False
    whole = set(folded(given).split()), set(folded(family).split())
    return all(whole) and (whole[0] | whole[1] == words or (bool(legal) and set(folded(legal).split()) == words))


def _shortened(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and (len(short) == 1 or len(short) >= 3) and long.startswith(short)


def _near(one: str, other: str) -> bool:
    """The same, or one slip apart: a letter too many, too few, another one, or two that changed places."""
    if one == other:
        return bool(one)
    if min(len(one), len(other)) < 3 or abs(len(one) - len(other)) > 1:
        return False
    at = next((place for place, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs), None)
    if at is None:
        return True
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
        or (one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :])
    )
