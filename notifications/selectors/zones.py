"""The zones that somebody may be in: of the address, else of the number's area, else of the whole mainland."""

from clinic.models import Patient, ZipCode
from notifications.zones import zones_of


def zones_of_phone(phone: str, patient: Patient | None) -> tuple[str, ...]:
    """Return the zones in all of which it must be day before a text that is not urgent arrives."""
    found = ZipCode.objects.filter(pk=patient.zip).values_list("zone", flat=True).first() if patient else None
    return zones_of(found, phone)
