"""The forms in which a code of an authenticator app is typed: each code counts once, over all web processes.

django-allauth remembers a used code in its cache, which here is each process's own. The counter of the last code that
was accepted stands in the database (RFC 6238 section 5.2), moved by one UPDATE that must change one row.
"""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from clinic.services.second_factors import use_code


class _Once:
    """Accepts no code of an app that was accepted before, and none older."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, once. A second time it is as wrong as any other, and counts as a try."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            counter = counter_of(decrypt(self.authenticator.data["secret"]), code)
            if counter is None or not use_code(staff_id=self.user.pk, counter=counter):
                check_rate_limit(self.user)
                self._emit_authentication_failed(self.authenticator)  # type: ignore[attr-defined]
                raise get_adapter().validation_error("incorrect_code")
        return code


class LogInForm(_Once, AuthenticateForm):  # type: ignore[misc]
    """The code of a log-in."""


class AgainForm(_Once, ReauthenticateForm):  # type: ignore[misc]
    """The code that confirms a log-in once more."""


class SetUpForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app: it is used with that."""

    def clean_code(self) -> str:
        """The code; it opens no log-in afterwards."""
        code: str = super().clean_code()
        counter = counter_of(self.secret, code)
        if counter is not None:
            use_code(staff_id=self.user.pk, counter=counter)
        return code


def counter_of(secret: str, code: str) -> int | None:
    """Return which of the half minutes around now has this code; None where none has."""
    typed = "".join(code.split())
    for counter in yield_hotp_counters_from_time():
        if format_hotp_value(hotp_value(secret, counter)) == typed:
            return int(counter)
    return None
