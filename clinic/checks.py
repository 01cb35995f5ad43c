"""What a deployment must name in its environment: without it the product runs, and does half its work."""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks

_NEEDED = {
    "DATABASE_URL": "PostgreSQL 15 or later: postgresql://user:password@host/name",
    "REDIS_URL": "the broker, as web, worker and beat reach it: redis://host:6379/0",
    "PUBLIC_BASE_URL": "the address as patients and Twilio reach it: links and signatures depend on it",
    "TWILIO_ACCOUNT_SID": "no text can be sent without the account",
    "TWILIO_AUTH_TOKEN": "no text can be sent, and no webhook trusted, without the token",
}


def check_environment(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Django's deployment check: an error for each part of a production environment that is missing."""
    if not settings.PRODUCTION:
        return []
    found: list[checks.CheckMessage] = [
        checks.Error(f"{name} is not set.", hint=f"{hint[0].upper()}{hint[1:]}.", id="clinic.E001")
        for name, hint in _NEEDED.items()
        if not os.environ.get(name)
    ]
    if not (settings.TWILIO_SENDERS or settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID):
        hint = "Texts need a sender: a number of the account, or a messaging service."
        sentence = "None of TWILIO_FROM, TWILIO_MESSAGING_SERVICE_SID and TWILIO_SENDERS is set."
        found.append(checks.Error(sentence, hint=hint, id="clinic.E002"))
    if settings.LINK_KEY == settings.SECRET_KEY:
        hint = "With a key of their own, the links in texts outlive a change of SECRET_KEY."
        found.append(checks.Warning("LINK_KEY is not set.", hint=hint, id="clinic.W001"))
    return found
