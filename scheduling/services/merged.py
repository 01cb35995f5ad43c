"""The visits and waits of a record that was found to be a second one go where its open episodes went."""

from django.db.models import Q

from clinic.db import refusing
from clinic.models import Event, PatientMerge
from clinic.services.merging import BothHere
from scheduling.errors import PatientBusy
from scheduling.models import Appointment, AppointmentStatus, Offer, WaitlistEntry
from scheduling.services.on_site import still_here


def follow_merge(event: Event) -> None:
    """Move them to the record that stays.

    Raises `BothHere` where both are in the building, and `PatientBusy` where one person would be in two places at once.
    """
    merge = _merge(event)
    if _is_here(merge.duplicate_id) and _is_here(merge.kept_id):
        raise BothHere
    _move(merge.episodes, merge.duplicate_id, merge.kept_id)


def follow_undoing(event: Event) -> None:
    """Move them back."""
    merge = _merge(event)
    _move(merge.episodes, merge.kept_id, merge.duplicate_id)


def _merge(event: Event) -> PatientMerge:
    merge = event.subject
    return merge if isinstance(merge, PatientMerge) else PatientMerge.objects.get(pk=event.subject_id or 0)


def _move(episodes: list[int], former_id: int, patient_id: int) -> None:
    with refusing(patient_in_one_place=PatientBusy):
        Appointment.objects.filter(episode__in=episodes).update(patient_id=patient_id)
    WaitlistEntry.objects.filter(episode__in=episodes).update(patient_id=patient_id)
    # Somebody else may be asked to make room for who waits: that offer stays theirs.
    about = Q(entry__episode__in=episodes) | Q(visit__episode__in=episodes)
    Offer.objects.filter(about, patient=former_id).update(patient_id=patient_id)


def _is_here(patient_id: int) -> bool:
    """Whether a patient has arrived and was not seen yet, or was scanned and nobody recorded that they left."""
    here = (AppointmentStatus.ARRIVED, AppointmentStatus.IN_PROGRESS)
    if Appointment.objects.filter(patient_id=patient_id, status__in=here).exists():
        return True
    return any(visit.patient_id == patient_id for visit in still_here())
