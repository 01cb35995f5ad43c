"""What a text may not be: longer than one segment at its longest, or a word about health. A deployment check."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

from notifications.segments import beyond_gsm_7, segment_count
from notifications.wording import CALLED, LANGUAGES, LONGEST, SPOKEN, TOKEN_LENGTH, VARIABLES, fill, named_in, template

#: Never in a text (47 CFR 164.502(b), minimum necessary): a diagnosis, a test, a body part, a finding, of one or of
#: several, of whatever gender. In English and Spanish; "result" stands alone, without what it says.
FORBIDDEN = re.compile(
    r"\b(dvts?|tvp|clots?|clotting|co[aá]gulos?|thromb\w*|tromb\w*|embol\w*|scans?|ultraso\w*|sonogra\w*|ecograf\w*|"
    r"doppler|legs?|piernas?|arms?|brazos?|veins? of|calf|calves|pantorrillas?|thighs?|muslos?|positiv\w*|negativ\w*|"
    r"(?:results?|resultados?)(?: \w+){0,2} (?:normal\w*|clear|good|bad|fine|bien|mal|buen\w*|mal[oa]s?)|"
    r"abnormal\w*|anormal\w*|diagn[oó]s\w*|swell\w*|swollen|hinchad\w*|hinchaz\w*|cramp\w*|calambre\w*|"
    r"surger\w*|cirug\w*|pregnan\w*|embaraz\w*|c[aá]ncer|medic\w*|anticoag\w*|blood thinners?|births?|dob|mrn|"
    r"nacimiento)\b",
    re.IGNORECASE,
)
#: Words that the carrier takes as opting in or out: a patient is never told to reply them to change a visit.
CARRIER_WORDS = re.compile(
    r"\b(?:reply|respond|answer|text|send|responda|conteste|env[ií]e|mande|escriba)"
    r"(?:[ :=]+(?:back|with|us|the word|con|la palabra|nos))*[ :=]+[\"']?(?:cancel|yes|end|quit)\b",
    re.IGNORECASE,
)
#: A link is one of ours, made for whom it goes to: never written out in a template.
WRITTEN_LINK = re.compile(r"https?:|\bwww\.|\b[a-z0-9-]+\.(?:com|org|net|us|gov|ly|me)\b", re.IGNORECASE)


def faults() -> Iterator[tuple[str, str]]:
    """Yield each template's file name with what is wrong with it."""
    for name, allowed in (VARIABLES | CALLED).items():
        for language in LANGUAGES:
            yield from ((f"{name}.{language}", fault) for fault in _faults(name, language, allowed))


def _faults(name: str, language: str, allowed: frozenset[str]) -> Iterator[str]:
    try:
        words = template(name, language)
        named = named_in(words)
    except (OSError, ValueError) as error:
        yield f"it can't be read: {error}"
        return
    if unknown := named - allowed:
        yield f"it names what it is not given: {', '.join(sorted(unknown))}"
        return
    text = fill(name, language, LONGEST)
    if name not in SPOKEN and segment_count(text) > 1:
        why = "".join(sorted(beyond_gsm_7(text)))
        yield f"it takes {segment_count(text)} segments at its longest" + (f"; beyond GSM-7: {why}" if why else "")
    said = [found[0] for pattern in (FORBIDDEN, CARRIER_WORDS, WRITTEN_LINK) if (found := pattern.search(words))]
    yield from (f"it says {each!r}" for each in said)
    if not said and (missing := allowed - named):
        yield f"it leaves out: {', '.join(sorted(missing))}"


def check_texts(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Django's system check: a faulty template is refused before deployment, never at sending."""
    return (
        [Error(f"The text {name}: {fault}.", id="notifications.E001") for name, fault in faults()]
        + _long_links()
        + _no_voice()
    )


def _long_links() -> list[CheckMessage]:
    room = len(LONGEST["link"]) - len("/l/") - TOKEN_LENGTH
    if len(settings.PUBLIC_BASE_URL) <= room:
        return []
    return [
        Caution(
            f"PUBLIC_BASE_URL has more than {room} characters: texts with a link may take two segments.",
            id="notifications.W001",
        )
    ]


def _no_voice() -> list[CheckMessage]:
    if settings.TWILIO_VOICE_FROM or not settings.TWILIO_ACCOUNT_SID:
        return []
    return [
        Caution(
            "TWILIO_VOICE_FROM is not set: who is on call is texted about an urgent callback, and not called.",
            id="notifications.W002",
        )
    ]
