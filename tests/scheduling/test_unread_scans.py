"""A scan that nobody reads at once any more is displaced, though it was booked when the edit could not see it."""

from datetime import time, timedelta

import pytest

from clinic import clock
from clinic.access import Actor
from clinic.models import Center, Role, Step
from clinic.services.staff_accounts import end_account
from scheduling.models import Appointment, Displacement, Resource
from scheduling.selectors.covered import not_read_at_once
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.editing import Day, Down, apply
from scheduling.services.holding import hold_slot
from scheduling.services.rebooking import rebook_displaced, waiting_displaced
from scheduling.services.rescheduling import reschedule
from tests.factories import GREENBELT, actor_of, make_working_center, set_clock
from tests.invariants import episodes_without_step, taken_twice, wrong_masks
from tests.scheduling.conftest import Place, at_once

pytestmark = pytest.mark.django_db(transaction=True)
#: About 14 miles away: half an hour on the road.
NEAR = (GREENBELT[0] + 0.2, GREENBELT[1])


@pytest.fixture
def near(place: Place) -> Center:
    """Another center, with a reader of its own."""
    center = make_working_center("NEXT", at=NEAR)
    materialise(days=3)
    return center


@pytest.fixture
def manager(place: Place) -> Actor:
    return actor_of(Role.MANAGER)


def _reader(place: Place) -> Resource:
    return Resource.objects.select_related("center").get(center=place.center, kind="physician")


def _out(place: Place) -> Down:
    return Down(resource=_reader(place), until=clock.now() + timedelta(hours=8))


def _settled(visit: Appointment) -> Appointment:
    assert waiting_displaced()
    rebook_displaced()
    assert not waiting_displaced()
    assert (taken_twice(), wrong_masks(), episodes_without_step()) == ([], [], [])
    return Appointment.objects.select_related("center", "visit_type", "episode").get(pk=visit.pk)


def test_a_time_that_was_held_before_its_reader_went_moves_once_it_is_booked(
    place: Place, near: Center, manager: Actor
) -> None:
    episode = place.suspected()
    hold = hold_slot(place.actor, slot=place.at(14))
    edit = apply(manager, _out(place), displace=True)
    visit = book(place.actor, patient=episode.patient, episode=episode, hold_id=hold.pk)
    moved = _settled(visit)
    assert (moved.center, not_read_at_once([moved])) == (near, [])
    # The manager finds it with the others of the edit.
    assert [(row.appointment, row.status) for row in edit.displacements.all()] == [(visit, "moved")]


def test_a_booking_and_the_leave_of_its_reader_at_the_same_instant_leave_no_scan_unread(
    place: Place, near: Center, manager: Actor
) -> None:
    episode = place.suspected()
    at_once(
        lambda: book(place.actor, patient=episode.patient, episode=episode, slot=place.at(14)),
        lambda: apply(manager, _out(place), displace=True),
    )
    moved = _settled(Appointment.objects.get(episode=episode))
    assert (moved.center, not_read_at_once([moved])) == (near, [])


def test_a_reader_whose_account_ends_leaves_no_scan_unread(place: Place, near: Center) -> None:
    visit = place.booked(14)
    end_account(actor_of(Role.ADMINISTRATOR), staff_id=_reader(place).staff_id or 0, reason="Moved away")
    assert _settled(visit).center == near


def test_where_nobody_reads_it_in_time_a_person_is_told_once(place: Place, manager: Actor) -> None:
    episode = place.suspected()
    hold = hold_slot(place.actor, slot=place.at(14))
    apply(manager, _out(place), displace=True)
    visit = book(place.actor, patient=episode.patient, episode=episode, hold_id=hold.pk)
    assert _settled(visit).starts_at == visit.starts_at
    rebook_displaced()
    assert Displacement.objects.get(appointment=visit).status == "left"
    assert Step.objects.filter(episode=episode, kind="contact").count() == 1


def test_what_was_booked_though_nobody_reads_then_stays_where_it_is(place: Place, near: Center, manager: Actor) -> None:
    apply(manager, _out(place), displace=True)
    set_clock(clock.now() + timedelta(minutes=1))
    place.booked(14)
    assert waiting_displaced() == 0
    rebook_displaced()
    assert not Displacement.objects.exists()


def test_an_edit_of_another_day_displaces_no_scan_that_was_booked_though_nobody_reads_then(
    place: Place, near: Center, manager: Actor
) -> None:
    apply(manager, _out(place), displace=True)
    set_clock(clock.now() + timedelta(minutes=1))
    place.booked(14)
    set_clock(clock.now() + timedelta(minutes=15))
    prescriber = Resource.objects.select_related("center").get(center=place.center, kind="clinician")
    tomorrow = clock.today(place.center.zone) + timedelta(days=1)
    apply(manager, Day(resource=prescriber, on=tomorrow, starts=time(9), ends=time(20)), displace=True)
    assert waiting_displaced() == 0
    rebook_displaced()
    assert not Displacement.objects.exists()


def test_a_scan_that_a_clinician_moves_well_after_the_edit_stays_where_they_put_it(
    place: Place, near: Center, manager: Actor
) -> None:
    visit = place.booked(13)
    today = clock.today(place.center.zone)
    apply(manager, Day(resource=_reader(place), on=today, starts=time(8), ends=time(15, 30)), displace=True)
    set_clock(clock.now() + timedelta(minutes=30))
    reschedule(actor_of(Role.CLINICIAN), appointment_id=visit.pk, starts_at=place.at(15).starts_at)
    assert waiting_displaced() == 0
    rebook_displaced()
    assert not Displacement.objects.exists()


def test_a_scan_that_stood_long_before_the_account_of_its_reader_ended_moves(place: Place, near: Center) -> None:
    visit = place.booked(14)
    set_clock(clock.now() + timedelta(minutes=20))
    end_account(actor_of(Role.ADMINISTRATOR), staff_id=_reader(place).staff_id or 0, reason="Moved away")
    assert _settled(visit).center == near
