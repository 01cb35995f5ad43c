"""Which rooms and people fit a patient, and what a patient needs of them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q

from clinic import clock
from clinic.languages import INTERPRETED
from clinic.models import AccessNeeds, Mobility, Patient, Transfer
from scheduling.models import Occupancy, Resource, ResourceDay, ResourceKind
from scheduling.needs import NO_NEEDS, Needs


def needs_of_patient(patient_id: int | None) -> Needs:
    """Return what was recorded that a patient needs of a center and its rooms."""
    row = AccessNeeds.objects.filter(patient_id=patient_id).first() if patient_id is not None else None
    return _of_row(row)


def needs_at_hand(patient: Patient) -> Needs:
    """The same of a patient who was read with their access needs: nothing is asked again."""
    return _of_row(getattr(patient, "access_needs", None))


def _of_row(row: AccessNeeds | None) -> Needs:
    return needs_of_access(row.mobility, row.transfer, row.table_limit_lb) if row else NO_NEEDS


def needs_of_access(mobility: str, transfer: str, table_limit_lb: int) -> Needs:
    """Return what somebody needs who gets about so, gets onto the table so, and needs a table of this limit."""
    return Needs(wheelchair=mobility == Mobility.WHEELCHAIR, lift=transfer == Transfer.LIFT, table=table_limit_lb)


def _fits(needs: Needs, prefix: str = "") -> Q:
    fits = Q(**{f"{prefix}table_limit_lb__gte": needs.table})
    return fits & Q(**{f"{prefix}lift": True}) if needs.lift else fits


def misfits(needs: Needs) -> Q:
    """What leaves out, of resource-days, the rooms that do not fit."""
    return Q(kind=ResourceKind.ROOM) & ~_fits(needs, "resource__")


def centers_with_room(center_ids: Iterable[int], needs: Needs) -> set[int]:
    """Return the centers that have a room which fits; all of them where any room will do. At most one query."""
    if not needs.of_room:
        return set(center_ids)
    rooms = Resource.objects.filter(_fits(needs), center_id__in=list(center_ids), kind=ResourceKind.ROOM, active=True)
    return set(rooms.values_list("center_id", flat=True))


def centers_with_speakers(center_ids: Iterable[int], needs: Needs, takes: Sequence[str]) -> set[int]:
    """Return the centers where, of each kind of people that a visit takes, somebody speaks the language that it needs:
    of those who belong there, or come on some day ahead. All of them, without a query, where it needs none."""
    ids = set(center_ids)
    for kind in needs.speakers(takes):
        speak = Resource.objects.filter(
            kind=kind, active=True, remote=False, staff__languages__contains=[needs.language]
        ).order_by()
        there = set(speak.filter(center_id__in=ids).values_list("center_id", flat=True))
        # A day's margin: somewhere it is still yesterday.
        ahead = ResourceDay.objects.filter(
            resource__in=speak, center_id__in=ids, on__gte=clock.now().date() - timedelta(days=1)
        )
        ids &= there | set(ahead.order_by().values_list("center_id", flat=True).distinct())
    return ids


def able_centers(center_ids: Iterable[int], needs: Needs, takes: Sequence[str]) -> set[int]:
    """Return the centers that have a room which fits, and people who speak, for a visit that takes these kinds."""
    return centers_with_speakers(centers_with_room(center_ids, needs), needs, takes)


def spoken_languages(takes: Sequence[str]) -> dict[str, str]:
    """Return the languages, with their names, that somebody of the network speaks whose time a visit takes."""
    here = Resource.objects.filter(kind__in=takes, active=True, remote=False, staff__is_active=True)
    spoken = {code for codes in here.order_by().values_list("staff__languages", flat=True) for code in codes}
    return {code: name for code, name in INTERPRETED.items() if code in spoken}


def room_fits(appointment_id: int, needs: Needs) -> bool:
    """Whether the room that an appointment takes fits; one that takes none is done where there is one."""
    if not needs.of_room:
        return True
    taken = Occupancy.objects.filter(appointment_id=appointment_id, live=True, resource__kind=ResourceKind.ROOM)
    return not taken.exclude(_fits(needs, "resource__")).exists()
