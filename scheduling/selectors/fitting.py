"""Which rooms fit a patient, and what a patient needs of them."""

from collections.abc import Iterable

from django.db.models import Q

from clinic.models import AccessNeeds, Mobility, Patient, Transfer
from scheduling.models import Occupancy, Resource, ResourceKind
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


def room_fits(appointment_id: int, needs: Needs) -> bool:
    """Whether the room that an appointment takes fits; one that takes none is done where there is one."""
    if not needs.of_room:
        return True
    taken = Occupancy.objects.filter(appointment_id=appointment_id, live=True, resource__kind=ResourceKind.ROOM)
    return not taken.exclude(_fits(needs, "resource__")).exists()
