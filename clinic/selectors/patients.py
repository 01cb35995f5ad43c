"""Finding patients. Searches are POSTs: no name or birth date ever stands in a URL."""

from datetime import date

from django.db.models import Q, QuerySet

from clinic.errors import Invalid, NotFound
from clinic.models import Disclosure, Patient, Representative
from clinic.phones import normalize

MOST = 20


def matching(*, phone: str = "", name: str = "", birth_date: date | None = None) -> list[Patient]:
    """Return patients with this number, this (part of a) family or given name, this birth date: all that are given."""
    if not (phone or name or birth_date):
        raise Invalid("Give a phone number, a name or a birth date.", code="search_is_empty")
    found = Patient.objects.filter(merged_into=None)
    if phone:
        try:
            number = normalize(phone)
            # Who has none of their own is found by that of their contact.
            found = found.filter(Q(phone=number) | Q(phone=None, contact_phone=number))
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


def found_patient(pk: int) -> Patient:
    """Return a patient. Raises `NotFound`."""
    patient = Patient.objects.filter(pk=pk).first()
    if patient is None:
        raise NotFound("There is no such patient.")
    return patient


def records_of(patient: Patient) -> set[int]:
    """Return the ids of a patient's records: their own, and what was merged into it, however often."""
    ids, found = {patient.pk}, {patient.pk}
    while found := set(Patient.objects.filter(merged_into__in=found).values_list("pk", flat=True)) - ids:
        ids |= found
    return ids


def disclosures_of(patient: Patient) -> QuerySet[Disclosure]:
    """What was disclosed of a patient, latest first."""
    rows = Disclosure.objects.filter(patient__in=records_of(patient))
    return rows.select_related("by", "representative").order_by("-id")


def speaking_for(patient: Patient) -> QuerySet[Representative]:
    """Who speaks for a patient now, by this record or one merged into it: asked for only where it is shown."""
    mine = Q(patient=patient) | Q(patient__merged_into=patient) | Q(patient__merged_into__merged_into=patient)
    return Representative.objects.filter(mine, ended_at=None).order_by("id")


def representatives_of(patient: Patient, records: set[int] | None = None) -> list[Representative]:
    """Who speaks for a patient, by all ``records`` of theirs: first those who still do."""
    mine = records if records is not None else records_of(patient)
    rows = Representative.objects.filter(patient__in=mine).select_related("patient", "document_seen_by")
    return sorted(rows.order_by("id"), key=lambda row: row.ended_at is not None)
