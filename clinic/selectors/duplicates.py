"""Records that may be of the same person. They are shown to people, who decide; nothing here merges."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from clinic.models import DistinctPatients, Patient
from clinic.names import alike, same

#: How many are looked at and shown at most.
MOST = 50


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another record, and in what it is like this one: codes of `REASONS`."""

    patient: Patient
    reasons: tuple[str, ...]


#: Why two records may be of one person, by code.
REASONS = {
    "birth_date_and_phone": "Same birth date and phone",
    "like_name_and_birth_date": "Like name, same birth date",
    "like_name_and_phone": "Like name, same phone",
}


def possible_duplicates(patient: Patient) -> list[Likeness]:
    """Return the records that may be this person's as well, but for those that somebody said are another's."""
    if patient.merged_into_id is not None:
        return []
    # Two who have no telephone have no number in common.
    same_number = Q(phone=patient.phone) if patient.phone is not None else Q(pk=None)
    same_day = Q(birth_date=patient.birth_date) if patient.birth_date is not None else Q(pk=None)
    found = Patient.objects.filter(same_number | same_day, merged_into=None).exclude(pk=patient.pk)
    found = found.exclude(_told_apart(patient)).order_by("id")
    likenesses = ((each, _reasons(patient, each)) for each in found.iterator(chunk_size=200))
    return [Likeness(each, reasons) for each, reasons in likenesses if reasons][:MOST]


def _told_apart(patient: Patient) -> Exists:
    """Whether somebody said of a record that it is another person's."""
    said = Q(one=patient, other=OuterRef("pk")) | Q(other=patient, one=OuterRef("pk"))
    return Exists(DistinctPatients.objects.filter(said))


def others_with_birth_date_and_phone(patient: Patient) -> list[Patient]:
    """Return whom the birth date and the phone do not tell from this patient, of another given name: twins."""
    if patient.birth_date is None or patient.phone is None:
        return []
    alike_so_far = Patient.objects.filter(birth_date=patient.birth_date, phone=patient.phone, merged_into=None)
    others = alike_so_far.exclude(pk=patient.pk).order_by("id")[:MOST]
    return [each for each in others if not same(each.given_name, patient.given_name)]


def _reasons(one: Patient, other: Patient) -> tuple[str, ...]:
    born = one.birth_date is not None and one.birth_date == other.birth_date
    number = one.phone is not None and one.phone == other.phone
    # Whoever has another birth date is another person, however alike they are called.
    contradicted = None not in (one.birth_date, other.birth_date) and not born
    named = alike(one.given_name, one.family_name, other.given_name, other.family_name)
    holds = {
        "birth_date_and_phone": born and number,
        "like_name_and_birth_date": named and born,
        "like_name_and_phone": named and number and not contradicted,
    }
    return tuple(code for code, true in holds.items() if true)
