"""What becomes of scans that nobody reads or treats any more: who does is booked by no row."""

from datetime import time, timedelta

import pytest

from clinic import clock
from clinic.access import Actor
from clinic.models import Role
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import Absence, Resource
from scheduling.selectors.displaced import must_be_called, outcome
from scheduling.services.calendar import materialise
from scheduling.services.editing import AbsenceOver, Day, Down, apply, rehearse
from scheduling.services.rebooking import rebook_displaced
from tests.factories import actor_of, make_cover, make_working_center
from tests.scheduling.conftest import Place
from tests.scheduling.displaced import NEAR, down, fates


@pytest.fixture
def manager(place: Place) -> Actor:
    return actor_of(Role.MANAGER)


@pytest.mark.parametrize("kind", ["physician", "clinician"])
def test_a_scan_that_nobody_reads_or_treats_any_more_moves_to_where_somebody_does(
    place: Place, manager: Actor, kind: str
) -> None:
    near = make_working_center("NEXT", at=NEAR)
    materialise(days=3)
    visit = place.booked(14)
    unit = Resource.objects.select_related("center").get(center=place.center, kind=kind)
    out = Down(resource=unit, until=clock.now() + timedelta(hours=8))
    assert [each.visit.pk for each in rehearse(manager, out).visits] == [visit.pk]
    with pytest.raises(ShiftDisplacesBookings):
        apply(manager, out)
    edit = apply(manager, out, displace=True)
    rebook_displaced()
    assert fates(edit) == {visit.pk: "moved"}
    visit.refresh_from_db()
    assert visit.center == near


def test_a_scan_that_nobody_reads_anywhere_in_time_stays_and_a_person_is_told(place: Place, manager: Actor) -> None:
    visit = place.booked(14)
    edit = down(place, manager, "physician")
    rebook_displaced()
    assert fates(edit) == {visit.pk: "left"}
    [row] = outcome(edit)
    assert must_be_called(row)
    assert row.step is not None
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at) == ("booked", place.at(14).starts_at)


def test_a_shift_that_ends_before_the_reading_shows_the_scan_in_its_rehearsal(place: Place, manager: Actor) -> None:
    early, late = place.booked(13), place.booked(14)
    reader = Resource.objects.select_related("center").get(center=place.center, kind="physician")
    today = clock.today(place.center.zone)
    shorter = Day(resource=reader, on=today, starts=time(8), ends=time(14))
    assert [each.visit.pk for each in rehearse(manager, shorter).visits] == [late.pk]
    assert early.pk != late.pk


def test_while_another_reads_or_the_scan_is_routine_nothing_is_displaced(place: Place, manager: Actor) -> None:
    make_cover(place.center, remote=True)
    materialise(days=3)
    place.booked(14)
    assert fates(down(place, manager, "physician")) == {}


def test_a_scan_whose_reader_is_back_before_it_was_moved_stands(place: Place, manager: Actor) -> None:
    visit = place.booked(14)
    edit = down(place, manager, "physician")
    reader = Resource.objects.select_related("center").get(center=place.center, kind="physician")
    apply(manager, AbsenceOver(resource=reader, absence=Absence.objects.get(resource=reader).pk))
    rebook_displaced()
    assert fates(edit) == {visit.pk: "stands"}
