"""Whether a number may be texted."""

from clinic.models import Consent, ConsentScope


def may_text(phone: str) -> bool:
    """Whether the holder of a number agreed to texts and has not taken it back. No row is a no."""
    latest = (
        Consent.objects.filter(phone=phone, scope=ConsentScope.CARE_TEXTS)
        .order_by("-at", "-id")
        .values_list("granted", flat=True)
        .first()
    )
    return bool(latest)
