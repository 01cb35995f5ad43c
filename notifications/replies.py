"""What a reply means. Pure: words in, meaning out."""

import re
from enum import StrEnum

from notifications.reply_words import (
    ALONE,
    EMERGENCIES,
    FILLERS,
    HELP,
    LETTERS,
    NUMBERS,
    ORDINALS,
    PROVIDERS_OWN,
    REVOKES,
    SPANISH,
    START,
    STOP,
    STOPS,
    plain,
)


class Meaning(StrEnum):
    """What somebody wants who writes back."""

    EMERGENCY = "emergency"
    STOP = "stop"
    START = "start"
    HELP = "help"
    CONFIRM = "confirm"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    NUMBER = "number"
    OTHER = "other"


_BY_LETTER = {"C": Meaning.CONFIRM, "R": Meaning.RESCHEDULE, "X": Meaning.CANCEL}
#: The number to call, within what somebody writes; never a part of a longer number.
_911 = re.compile(r"(?<![\d.(-])911(?![\d-])")


def meaning_of(body: str, opt_out_type: str = "") -> Meaning:
    """Return what a reply means. The provider's own ``OptOutType`` is trusted; an emergency comes before all else."""
    if emergency_language(body):
        return Meaning.EMERGENCY
    if opt_out_type:
        return {"STOP": Meaning.STOP, "START": Meaning.START}.get(opt_out_type.upper(), Meaning.HELP)
    alone = _alone(body)
    for known, meaning in ((STOP, Meaning.STOP), (START, Meaning.START), (HELP, Meaning.HELP)):
        if alone in known:
            return meaning
    if _revokes(body):
        return Meaning.STOP
    return _answer_in(body)


def emergency_language(body: str) -> str:
    """Return the language of the emergency that a text tells of: ``en``, ``es``, or nothing where it tells of none."""
    words = " " + " ".join(_tokens(body)) + " "
    for language, phrases in EMERGENCIES.items():
        if any(f" {phrase}" in words for phrase in phrases):
            return language
    return language_of(body) if _911.search(plain(body)) else ""


def number_in(body: str) -> int | None:
    """Return the number that a reply gives as its answer, or None."""
    wanted = [word for word in _tokens(body) if word not in FILLERS and word not in ORDINALS]
    return NUMBERS.get(wanted[0]) if len(wanted) == 1 else None


def by_free_text(body: str, opt_out_type: str = "") -> bool:
    """Whether who wants no more texts says so in words of their own: a person looks at those."""
    return not opt_out_type and _alone(body) not in STOP


def leaves_as_well(body: str, opt_out_type: str = "") -> bool:
    """Whether who tells of an emergency wants no more texts, too: by the provider's word, or plainly by theirs."""
    if opt_out_type.upper() == "STOP" or _tokens(body)[:1] == ["STOP"]:
        return True
    words = " " + " ".join(_tokens(body)) + " "
    return any(f" {phrase}" in words for phrase in REVOKES)


def may_mean_a_visit(body: str) -> bool:
    """Whether a word by which the carrier ends our texts may as well be meant for a visit."""
    return _alone(body) == "CANCEL"


def provider_answers(body: str, opt_out_type: str = "") -> bool:
    """Whether the provider itself answers a word that opts in or out, or asks for help."""
    return bool(opt_out_type) or _alone(body) in PROVIDERS_OWN


def language_of(body: str) -> str:
    """Guess the language of a text, ``en`` or ``es``: for somebody of whom we know nothing else."""
    marks = any(mark in body for mark in "¿¡ñÑ")
    return "es" if marks or not SPANISH.isdisjoint(_tokens(body)) else "en"


def _answer_in(body: str) -> Meaning:
    """A letter that we offer, or its word, among words that add nothing; a number likewise."""
    wanted = {word for word in _tokens(body) if word not in FILLERS}
    for letter, meaning in _BY_LETTER.items():
        if wanted and wanted <= LETTERS[letter]:
            return meaning
    return Meaning.NUMBER if number_in(body) is not None else Meaning.OTHER


def _revokes(body: str) -> bool:
    tokens = _tokens(body)
    words = " " + " ".join(tokens) + " "
    if any(f" {phrase}" in words for phrase in REVOKES):
        return True
    wanted = {word for word in tokens if word not in FILLERS}
    return wanted in ALONE or ("STOP" in wanted and wanted <= STOPS)


def _alone(body: str) -> str:
    return re.sub(r"[^A-Z ]", "", plain(body)).strip()


def _tokens(body: str) -> list[str]:
    """The words of a text, in capitals, without accents and apostrophes."""
    return re.findall(r"[A-Z]+|\d+", plain(body).replace("'", ""))
