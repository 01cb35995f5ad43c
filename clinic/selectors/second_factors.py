"""Who has a second factor."""

from allauth.mfa.adapter import get_adapter

from clinic.models import Staff


def has_app(staff: Staff) -> bool:
    """Whether somebody has set an authenticator app up."""
    return bool(get_adapter().is_mfa_enabled(staff))
