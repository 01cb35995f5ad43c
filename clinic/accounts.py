"""How staff log in, and prove who they are twice. Accounts are made by an administrator: nobody signs up."""

import base64
import hashlib
from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinic import events
from clinic.access import staff_actor
from clinic.api.throttles import address_of
from clinic.db import in_transaction
from clinic.models import Staff

#: Sets the key for secrets of second factors apart from all else that is derived from the same value.
_PURPOSE = b"ruleout second factor"


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """django-allauth's adapter, closed for sign-up, in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name and password do not go together. Look at both, and type them again.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes accounts."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Never: staff have no mail box that we know of, and a deployment has no mail server."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address by which tries to log in are counted: behind a proxy of ours, the one that it has seen.

        By the proxy's own address ten wrong passwords of a stranger would keep all of the network's staff out.
        """
        return address_of(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps encrypted: a copy of the database alone makes no codes.

    The key comes of ``LINK_KEY``, which stays when ``SECRET_KEY`` is changed. The app shows the user name, no address.
    """

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of what is stored."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Staff) -> str:
        """What stands beside the code in the app."""
        return user.username


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + settings.LINK_KEY.encode()).digest()))


def passed_second_factor(request: HttpRequest, staff: Staff) -> bool:
    """Whether this log-in of this person has confirmed a code. Asks the session only."""
    return any(each.get("method") == "mfa" for each in get_authentication_records(request, staff))


def note(kind: str, request: HttpRequest, staff: Staff, **codes: object) -> None:
    """Write down what became of somebody's second factor."""
    actor = staff_actor(staff, second_factor=passed_second_factor(request, staff))
    in_transaction(partial(events.record, kind, actor=actor, subject=staff, codes=codes))
