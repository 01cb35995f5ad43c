"""Finding patients. Searches are POSTs: no name or birth date ever stands in a URL."""

from datetime import date

from django.db.models import Q

from clinic.errors import Invalid
from clinic.models import Patient
from clinic.phones import normalize

MOST = 20


def matching(*, phone: str = "", name: str = "", birth_date: date | None = None) -> list[Patient]:
    """Return patients with this number, this (part of a) family or given name, this birth date: all that are given."""
    if not (phone or name or birth_date):
        raise Invalid("Give a phone number, a name or a birth date.", code="search_is_empty")
    found = Patient.objects.filter(merged_into=None)
    if phone:
        try:
            found = found.filter(phone=normalize(phone))
        except ValueError as error:
            raise Invalid(fields={"phone": str(error)}) from error
    for word in name.split():
        found = found.filter(Q(family_name__istartswith=word) | Q(given_name__istartswith=word))
    if birth_date:
        found = found.filter(birth_date=birth_date)
    return list(found.order_by("family_name", "given_name", "id")[:MOST])


def staying(patient: Patient) -> Patient:
    """The record that stays: this one, or what it was merged into, however often."""
    while patient.merged_into is not None:
        patient = patient.merged_into
    return patient
