"""Whom we send and call from, in order: the first that is well takes a message. How fast each of them sends."""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

from clinic.phones import E164
from notifications.models import Channel

SERVICE = re.compile(r"^MG[0-9a-fA-F]{32}$")
#: As `Attempt.sender` and `Circuit.sender` hold.
LONGEST = 40
_UNASKED = Caution(
    "A messaging service sends our texts, and TWILIO_INBOUND_NUMBERS does not name its numbers: replies that come "
    "while no web process answers are not fetched afterwards.",
    hint="Name the service's numbers, such as +12025550100, apart by commas.",
    id="notifications.W004",
)
#: What a rate may be, in segments a second.
SLOWEST, FASTEST = 0.01, 1000.0


def senders_of(channel: str) -> tuple[str, ...]:
    """Return our senders of texts, or the numbers that we call from, in order; empty where there is none."""
    if channel == Channel.VOICE:
        return tuple(settings.TWILIO_VOICE_SENDERS or filter(None, [settings.TWILIO_VOICE_FROM]))
    if channel == Channel.SMS:
        return tuple(
            settings.TWILIO_SENDERS or filter(None, [settings.TWILIO_MESSAGING_SERVICE_SID or settings.TWILIO_FROM])
        )
    return ()


def numbers_written_to() -> tuple[str, ...]:
    """Return the numbers to which people answer our texts: our senders, and those of our messaging services."""
    senders = (each for each in senders_of(Channel.SMS) if E164.match(each))
    return tuple(dict.fromkeys((*senders, *settings.TWILIO_INBOUND_NUMBERS)))


def rates() -> dict[str, float]:
    """Return how many segments a second each sender of texts takes; empty where no limit is set."""
    given = [float(each) for each in settings.TWILIO_SENDER_RATES]
    if not given:
        return {}
    ours = senders_of(Channel.SMS)
    return dict(zip(ours, given * len(ours) if len(given) == 1 else given, strict=True))


def check_senders(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Django's system check: a sender is a telephone number, or for texts a messaging service."""
    wrong = [each for each in settings.TWILIO_SENDERS if not (SERVICE.match(each) or E164.match(each))]
    mute = [each for each in settings.TWILIO_VOICE_SENDERS if not E164.match(each)]
    return [
        Error(
            f"{name} names {each!r}: give telephone numbers such as +12025550100{more}, apart by commas.",
            id="notifications.E002",
        )
        for name, found, more in (
            ("TWILIO_SENDERS", wrong, " or messaging services (MG and 32 digits)"),
            ("TWILIO_VOICE_SENDERS", mute, ""),
        )
        for each in found
    ]


def check_inbound_numbers(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check, for Django: the numbers of messaging services are numbers, and are named where a service sends."""
    named = settings.TWILIO_INBOUND_NUMBERS
    wrong: list[CheckMessage] = [
        Error(
            f"TWILIO_INBOUND_NUMBERS names {each!r}: give telephone numbers such as +12025550100, apart by commas.",
            id="notifications.E004",
        )
        for each in named
        if not E164.match(each)
    ]
    unasked = not named and any(SERVICE.match(each) for each in senders_of(Channel.SMS))
    return [*wrong, _UNASKED] if unasked else wrong


def check_rates(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Django's system check: a rate is a number of segments a second; there is one for all senders, or one for each."""
    given, ours = settings.TWILIO_SENDER_RATES, len(senders_of(Channel.SMS))
    found: list[CheckMessage] = [
        Error(
            f"TWILIO_SENDER_RATES names {each!r}: give segments a second, from {SLOWEST:g} to {FASTEST:g}, such as 10"
            " or 0.5.",
            id="notifications.E003",
        )
        for each in given
        if not _is_rate(each)
    ]
    if len(given) > 1 and len(given) != ours:
        found.append(
            Error(
                f"TWILIO_SENDER_RATES names {len(given)} rates and there are {ours} senders of texts: give one rate for"
                " all, or one for each in the order of TWILIO_SENDERS, apart by commas.",
                id="notifications.E003",
            )
        )
    return found


def _is_rate(given: str) -> bool:
    try:
        return SLOWEST <= float(given) <= FASTEST
    except ValueError:
        return False
