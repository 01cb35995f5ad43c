"""An account that ends: what it hits, looked at first; and its person's time, given back in the same transaction."""

from dataclasses import dataclass

from clinic import clock
from clinic.access import SYSTEM, Actor, Permission, require
from clinic.errors import NotFound
from clinic.models import Event, Staff, Step
from clinic.services.handing_over import steps_of
from clinic.services.staff_accounts import refuse_to_end
from scheduling.models import Resource
from scheduling.services.editing import Rehearsal, Retirement, apply, rehearse


@dataclass(frozen=True)
class Ending:
    """What ending an account would hit: the steps that go to a role, and the visits that lose their person."""

    staff: Staff
    steps: tuple[Step, ...]
    rehearsal: Rehearsal | None


def rehearse_end(actor: Actor, *, staff_id: int) -> Ending:
    """Return what ending an account would hit; nothing changes. Raises as `end_account` does."""
    require(actor, Permission.END_ACCOUNTS)
    staff = Staff.objects.select_related("home_center").filter(pk=staff_id).first()
    if staff is None:
        raise NotFound("There is no such member of staff.")
    refuse_to_end(actor, staff)
    edit = _retirement(staff)
    return Ending(staff, tuple(steps_of(staff)), rehearse(SYSTEM, edit) if edit else None)


def give_time_back(event: Event) -> None:
    """An account ended: its person can be booked no more from today on, and their visits are rebooked by the sweep."""
    staff = event.subject
    if isinstance(staff, Staff) and (edit := _retirement(staff)) is not None:
        apply(SYSTEM, edit, displace=True)


def _retirement(staff: Staff) -> Retirement | None:
    unit = Resource.objects.select_related("center").filter(staff=staff, active=True).first()
    if unit is None:
        return None
    today = clock.today(unit.center.zone)
    return (
        None if unit.retired_from is not None and unit.retired_from <= today else Retirement(resource=unit, first=today)
    )
