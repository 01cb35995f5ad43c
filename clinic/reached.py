"""In words how a patient is reached: their telephone, or what is recorded of who has none."""

from django.utils.translation import gettext as _

from clinic.models import Patient
from clinic.phones import national


def reached(patient: Patient) -> str:
    """Return the number as a reader expects it; without one the other contact, the address, the plan to come back."""
    if patient.phone is not None:
        return national(patient.phone)
    contact = f"{patient.contact_name} {national(patient.contact_phone)}" if patient.contact_phone else ""
    ways = [each for each in (contact, patient.contact_address, patient.in_person_plan) if each]
    return _("No telephone") + ": " + "; ".join(ways)
