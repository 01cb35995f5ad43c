"""What django-allauth says of second factors, as events; and that setting one up has proven it."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from clinic import accounts
from clinic.models import Staff


def listen() -> None:
    """Note each second factor that is set up, removed, or tried in vain."""
    signals.authenticator_added.connect(_added)
    signals.authenticator_removed.connect(_removed)
    signals.authentication_failed.connect(_failed)


def _added(request: HttpRequest, user: Staff, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.TOTP:
        return
    # Whoever sets an app up has typed a code of it just now: this log-in has passed, and need not ask again.
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    accounts.note("second_factor.added", request, user)


def _removed(request: HttpRequest, user: Staff, authenticator: Authenticator, **_: Any) -> None:
    accounts.note("second_factor.removed", request, user, type=authenticator.type)


def _failed(request: HttpRequest, user: Staff, authenticator: Authenticator, **_: Any) -> None:
    accounts.note("second_factor.failed", request, user, type=authenticator.type)
