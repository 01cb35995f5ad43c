"""People with an authenticator app: what their phone would show."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from clinic.models import Staff

PASSWORD = "swollen-leg-1856"


def with_app(staff: Staff) -> str:
    """Give somebody a password and an authenticator app; return its secret."""
    # Codes that were used, and tries that failed, are remembered by the process.
    cache.clear()
    staff.set_password(PASSWORD)
    staff.save()
    secret: str = generate_totp_secret()
    TOTP.activate(staff, secret)
    return secret


def code_of(secret: str) -> str:
    """The six digits that the app shows now."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code


def wrong_code(secret: str) -> str:
    """Six digits that the app shows neither now nor around now."""
    near = {format_hotp_value(hotp_value(secret, int(time.time()) // 30 + turn)) for turn in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in near
    )


def logged_in(staff: Staff, secret: str = "") -> Client:
    """A browser that logged in with the password, and with a code where there is an app."""
    client = Client()
    client.post("/staff/account/login/", {"login": staff.username, "password": PASSWORD})
    if secret:
        client.post("/staff/account/2fa/authenticate/", {"code": code_of(secret)})
    return client


def devices_of(staff: Staff) -> set[str]:
    """The kinds of second factor that somebody has."""
    return set(Authenticator.objects.filter(user=staff).values_list("type", flat=True))
