"""Whether a number may be texted, or called by a machine. No consent is needed for a person to call."""

from django.db.models import QuerySet

from clinic.models import Consent, ConsentScope


def may_text(phone: str) -> bool:
    """Whether the holder of a number agreed to texts and has not taken it back. No row is a no."""
    return _agreed(consent_in_force(phone))


def may_call(phone: str) -> bool:
    """Whether the holder of a number agreed to automated calls and has not taken it back. No row is a no."""
    return _agreed(_latest(Consent.objects.filter(phone=phone, covers_calls=True)))


def agreed_ways(phone: str) -> tuple[bool, bool]:
    """Return whether a number may be texted, and whether it may be called by a machine, at one query."""
    said = list(Consent.objects.filter(phone=phone).order_by("-at", "-id"))
    texts = next((each for each in said if each.scope == ConsentScope.CARE_TEXTS), None)
    return _agreed(texts), _agreed(next((each for each in said if each.covers_calls), None))


def opted_out(phone: str) -> bool:
    """Whether the holder of a number said that they want no texts: by taking their consent back, or when asked."""
    latest = consent_in_force(phone)
    return latest is not None and not latest.granted


def consent_in_force(phone: str) -> Consent | None:
    """Return the latest word on texts to a number, or None where nobody ever said any."""
    return _latest(Consent.objects.filter(phone=phone, scope=ConsentScope.CARE_TEXTS))


def _latest(said: QuerySet[Consent]) -> Consent | None:
    return said.order_by("-at", "-id").first()


def _agreed(latest: Consent | None) -> bool:
    return latest is not None and latest.granted
