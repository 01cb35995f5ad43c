"""What displaces visits in the tests of rebooking, and what became of them."""

from datetime import timedelta

from clinic import clock
from clinic.access import Actor
from scheduling.models import Resource, ShiftEdit
from scheduling.selectors.displaced import outcome
from scheduling.services.editing import Down, apply
from tests.factories import GREENBELT
from tests.invariants import episodes_without_step, taken_twice, wrong_masks
from tests.scheduling.conftest import Place

#: About 14 miles away: half an hour on the road.
NEAR = (GREENBELT[0] + 0.2, GREENBELT[1])


def down(place: Place, manager: Actor, kind: str = "room", *, hours: int = 8) -> ShiftEdit:
    """Take the center's first unit of a kind out of service, and displace what is booked."""
    unit = Resource.objects.select_related("center").filter(center=place.center, kind=kind).order_by("id").first()
    assert unit is not None
    return apply(manager, Down(resource=unit, until=clock.now() + timedelta(hours=hours)), displace=True)


def fates(edit: ShiftEdit) -> dict[int, str]:
    """What became of each displaced visit; no promise was broken by it."""
    assert not taken_twice()
    assert not wrong_masks()
    assert not episodes_without_step()
    return {row.appointment_id: row.status for row in outcome(edit)}
