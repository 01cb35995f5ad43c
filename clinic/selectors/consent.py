"""Whether a number may be texted, or called by a machine. No consent is needed for a person to call."""

from django.db.models import QuerySet

from clinic.models import Consent, ConsentScope


def may_text(phone: str) -> bool:
    """Whether the holder of a number agreed to texts and has not taken it back. No row is a no."""
    return _agreed(Consent.objects.filter(phone=phone, scope=ConsentScope.CARE_TEXTS))


def may_call(phone: str) -> bool:
    """Whether the holder of a number agreed to automated calls and has not taken it back. No row is a no."""
    return _agreed(Consent.objects.filter(phone=phone, covers_calls=True))


def _agreed(said: QuerySet[Consent]) -> bool:
    return bool(said.order_by("-at", "-id").values_list("granted", flat=True).first())
