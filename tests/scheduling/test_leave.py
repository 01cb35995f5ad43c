"""Leaves: which duties and visits one hits, and who owes what meanwhile."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import staff_actor
from clinic.errors import Invalid
from clinic.models import Role
from clinic.services.steps import reassign_step
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import Displacement, Resource, ResourceKind, ShiftException
from scheduling.services.editing import Leave, apply, rehearse
from tests.factories import (
    make_staff,
)
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def ward(db: None) -> Ward:
    ward = open_ward()
    make_staff(Role.ADMINISTRATOR)
    return ward


def _unit(kind: str) -> Resource:
    return Resource.objects.select_related("center", "staff").filter(kind=kind).order_by("id")[0]


def _leave(unit: Resource, days: int = 2) -> Leave:
    today = clock.today(unit.center.zone)
    return Leave(resource=unit, first=today, last=today + timedelta(days=days - 1))


def _person(kind: str, role: str) -> Resource:
    unit = _unit(kind)
    if unit.staff is None:
        unit.staff = make_staff(role, center=unit.center)
        unit.save()
    return unit


def test_a_leave_shows_first_which_duties_it_hits_and_what_they_leave_uncovered(ward: Ward) -> None:
    unit = _unit(ResourceKind.PHYSICIAN)
    seen = rehearse(ward.actor(Role.MANAGER), _leave(unit))
    assert len(seen.hits.duties) == 2
    assert all(duty.uncovered == (unit.center.state,) for duty in seen.hits.duties)
    assert not ShiftException.objects.exists()


def test_a_leave_of_somebody_who_is_booked_is_refused_until_it_may_displace(ward: Ward) -> None:
    visit = ward.place.booked(15)
    unit = _person(ResourceKind.SONOGRAPHER, Role.SONOGRAPHER)
    taken = visit.occupancies.filter(resource=unit).exists()
    assert taken
    with pytest.raises(ShiftDisplacesBookings):
        apply(ward.actor(Role.MANAGER), _leave(unit))
    assert not ShiftException.objects.exists()
    apply(ward.actor(Role.MANAGER), _leave(unit), displace=True)
    assert Displacement.objects.get().appointment == visit
    assert ShiftException.objects.filter(resource=unit, starts=None).count() == 2


def test_what_falls_due_meanwhile_in_their_name_goes_to_their_role(ward: Ward) -> None:
    unit = _unit(ResourceKind.CLINICIAN)
    assert unit.staff is not None
    step = ward.suspected().steps.get()
    reassign_step(staff_actor(unit.staff), step=step, owner_id=unit.staff.pk)
    seen = rehearse(ward.actor(Role.MANAGER), _leave(unit))
    assert [each.pk for each in seen.hits.steps] == [step.pk]
    step.refresh_from_db()
    assert step.owner == unit.staff
    apply(ward.actor(Role.MANAGER), _leave(unit), displace=True)
    step.refresh_from_db()
    assert step.owner is None


def test_a_leave_is_entered_on_the_page_of_shifts(ward: Ward) -> None:
    unit = _unit(ResourceKind.PHYSICIAN)
    today = clock.today(unit.center.zone)
    given = {"kind": "leave", "resource": unit.pk, "first": today.isoformat(), "last": today.isoformat()}
    maya = ward.browser(Role.MANAGER)
    assert "1 duty falls away" in words(maya.post("/staff/shifts/preview/", given))
    maya.post("/staff/shifts/confirm/", given)
    assert ShiftException.objects.get(resource=unit).on == today


@pytest.mark.parametrize(("first", "last", "field"), [(0, -1, "last"), (-1, 1, "first"), (0, 400, "last")])
def test_a_leave_that_makes_no_sense_names_the_field(ward: Ward, first: int, last: int, field: str) -> None:
    unit = _unit(ResourceKind.PHYSICIAN)
    today = clock.today(unit.center.zone)
    edit = Leave(resource=unit, first=today + timedelta(days=first), last=today + timedelta(days=last))
    with pytest.raises(Invalid) as refused:
        rehearse(ward.actor(Role.MANAGER), edit)
    assert field in refused.value.fields
