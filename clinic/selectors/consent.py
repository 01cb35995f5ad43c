"""Whether a number may be texted."""

from clinic.models import Consent, ConsentScope


def may_text(phone: str) -> bool:
    """Whether the holder of a number agreed to texts and has not taken it back. No row is a no."""
    latest = consent_in_force(phone)
    return latest is not None and latest.granted


def opted_out(phone: str) -> bool:
    """Whether the holder of a number said that they want no texts: by taking their consent back, or when asked."""
    latest = consent_in_force(phone)
    return latest is not None and not latest.granted


def consent_in_force(phone: str) -> Consent | None:
    """Return the latest word on texts to a number, or None where nobody ever said any."""
    return Consent.objects.filter(phone=phone, scope=ConsentScope.CARE_TEXTS).order_by("-at", "-id").first()
