"""What a text may not be: longer than one segment at its longest, or a word about health. A deployment check."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

from notifications.segments import beyond_gsm_7, segment_count
from notifications.wording import CALLED, LANGUAGES, LONGEST, SPOKEN, TOKEN_LENGTH, VARIABLES, fill, named_in, template

#: Never in a text (47 CFR 164.502(b), minimum necessary): a diagnosis, a test, a body part, a finding. In English and
#: Spanish; "result" stands alone, without what it says.
FORBIDDEN = re.compile(
    r"\b(dvt|tvp|clot|co[aá]gulo|thromb\w*|tromb\w*|embol\w*|scan|ultrasound|ecograf\w*|doppler|leg|pierna|arm|brazo|"
    r"vein of|calf|pantorrilla|positive|positivo|negative|negativo|diagnos\w*|swell\w*|swollen|hinchad\w*|cramp\w*|"
    r"calambre\w*|surgery|cirug\w*|pregnan\w*|embaraz\w*|cancer|medic\w*|anticoag\w*|birth|nacimiento)\b",
    re.IGNORECASE,
)
#: Words that the carrier takes as opting in or out: a patient is never told to reply them to change a visit.
CARRIER_WORDS = re.compile(r"\breply (cancel|yes|end|quit)\b", re.IGNORECASE)


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
    for pattern in (FORBIDDEN, CARRIER_WORDS):
        if found := pattern.search(words):
            yield f"it says {found[0]!r}"


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
