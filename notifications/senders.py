"""Whom we send and call from, in order: the first that is well takes a message."""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from clinic.phones import E164
from notifications.models import Channel

SERVICE = re.compile(r"^MG[0-9a-fA-F]{32}$")
#: As `Attempt.sender` and `Circuit.sender` hold.
LONGEST = 40


def senders_of(channel: str) -> tuple[str, ...]:
    """Return our senders of texts, or the numbers that we call from, in order; empty where there is none."""
    if channel == Channel.VOICE:
        return tuple(settings.TWILIO_VOICE_SENDERS or filter(None, [settings.TWILIO_VOICE_FROM]))
    if channel == Channel.SMS:
        return tuple(
            settings.TWILIO_SENDERS or filter(None, [settings.TWILIO_MESSAGING_SERVICE_SID or settings.TWILIO_FROM])
        )
    return ()


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
