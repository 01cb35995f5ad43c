"""Many at once after the same time, on real PostgreSQL."""

from datetime import timedelta
from functools import partial

from clinic import clock
from clinic.access import visitor_actor
from clinic.models import Role
from scheduling.errors import HoldAlreadyUsed, PatientBusy, SlotTaken
from scheduling.models import Appointment, Displacement, Occupancy, ShiftEdit
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.editing import Closing, Reopening, apply
from scheduling.services.holding import expire_holds, hold_slot
from scheduling.services.rebooking import rebook_displaced
from scheduling.services.rescheduling import reschedule
from scheduling.services.shifts import change_shift
from scheduling.services.visits import cancel
from tests.factories import actor_of, make_patient, make_scanner
from tests.scheduling.conftest import Place, at_once, masks_match_the_rows, nothing_is_taken_twice

RIVALS = 12


def test_one_of_many_gets_the_last_slot_and_the_others_hear_that_it_is_taken(place: Place) -> None:
    for minute in (0, 40):
        slot = place.at(13, minute)
        found = at_once(*(partial(hold_slot, visitor_actor(f"v{n}"), slot=slot) for n in range(RIVALS)))
        assert sum(isinstance(each, Appointment) for each in found) == 1
        assert sum(isinstance(each, SlotTaken) for each in found) == RIVALS - 1
    assert nothing_is_taken_twice()
    assert masks_match_the_rows()


def test_no_free_unit_is_refused_while_rivals_crowd_in(place: Place) -> None:
    make_scanner(place.center, count=2)
    materialise(days=3)
    found = at_once(*(partial(hold_slot, visitor_actor(f"v{n}"), slot=place.at(13)) for n in range(RIVALS)))
    assert sum(isinstance(each, Appointment) for each in found) == 3
    assert nothing_is_taken_twice()


def test_one_patient_is_booked_once_at_a_time(place: Place) -> None:
    make_scanner(place.center)
    materialise(days=3)
    patient = make_patient()
    works = [
        partial(book, place.actor, patient=patient, slot=place.at(13), episode=place.suspected(patient))
        for _ in range(2)
    ]
    found = at_once(*works)
    assert sorted(type(each).__name__ for each in found) == ["Appointment", PatientBusy.__name__]
    assert Occupancy.objects.filter(live=True).count() == 2


def test_one_hold_becomes_one_booking(place: Place) -> None:
    hold = hold_slot(place.actor, slot=place.at(13))
    episode = place.suspected()
    one = partial(book, place.actor, patient=episode.patient, hold_id=hold.pk, episode=episode)
    found = at_once(one, one, one)
    assert sum(isinstance(each, Appointment) for each in found) == 1
    assert sum(isinstance(each, HoldAlreadyUsed) for each in found) == 2


def test_a_stale_hold_is_taken_over_by_one_while_the_sweep_runs(place: Place) -> None:
    for hour in (8, 10, 12, 14, 16):
        for minute in (0, 40):
            hold_slot(place.actor, slot=place.at(hour, minute, days=1))
        clock.advance(timedelta(minutes=11))
        takers = [
            partial(hold_slot, visitor_actor(f"v{n}-{hour}"), slot=place.at(hour, 40 * (n % 2), days=1))
            for n in range(8)
        ]
        found = at_once(*takers, expire_holds, expire_holds)
        assert sum(isinstance(each, Appointment) for each in found) == 2
        assert not [each for each in found if not isinstance(each, Appointment | SlotTaken | int)]
    assert nothing_is_taken_twice()
    assert masks_match_the_rows()


def test_two_visits_that_would_change_places_neither_deadlock_nor_overlap(place: Place) -> None:
    first, second = place.booked(13, 0), place.booked(14, 0)
    for _ in range(5):
        found = at_once(
            partial(reschedule, place.actor, appointment_id=first.pk, starts_at=second.starts_at),
            partial(reschedule, place.actor, appointment_id=second.pk, starts_at=first.starts_at),
        )
        assert [type(each) for each in found] == [SlotTaken, SlotTaken]
    assert nothing_is_taken_twice()


def test_a_shift_edit_and_a_booking_do_not_slip_past_each_other(place: Place) -> None:
    manager = actor_of(Role.MANAGER)
    room = place.center.resources.get(kind="room")
    on = clock.today(place.center.zone)
    found = at_once(
        partial(hold_slot, place.actor, slot=place.at(14)),
        partial(change_shift, manager, resource=room, on=on),
    )
    held = [each for each in found if isinstance(each, Appointment)]
    assert len([each for each in found if isinstance(each, Exception)]) == 1
    assert bool(held) == Occupancy.objects.filter(live=True).exists()


def test_visitors_who_change_their_minds_over_and_over_never_block_each_other(place: Place) -> None:
    def hop(number: int) -> int:
        kept = 0
        for turn in range(12):
            try:
                hold_slot(visitor_actor(f"v{number}"), slot=place.at(13 + turn % 2, days=(turn + number) % 2))
                kept += 1
            except SlotTaken:
                continue
        return kept

    found = at_once(*(partial(hop, number) for number in range(6)))
    assert all(isinstance(each, int) for each in found)
    assert nothing_is_taken_twice()
    assert masks_match_the_rows()
    holders = Appointment.objects.filter(status="held").values_list("holder", flat=True)
    assert len(holders) == len(set(holders))


def test_a_center_that_closes_while_patients_book_leaves_nobody_outside_a_shift_unseen(place: Place) -> None:
    make_scanner(place.center)
    materialise(days=3)
    manager, on = actor_of(Role.MANAGER), clock.today(place.center.zone)
    edit = Closing(place=place.center, on=on, reason="Storm")
    for turn in range(3):
        holds = [hold_slot(place.actor, slot=place.at(13 + n)) for n in range(2)]
        episodes = [place.suspected() for _ in range(6)]
        bookings = [
            *(
                partial(book, place.actor, patient=each.patient, hold_id=hold.pk, episode=each)
                for each, hold in zip(episodes, holds, strict=False)
            ),
            *(
                partial(book, place.actor, patient=each.patient, slot=place.at(15 + n), episode=each)
                for n, each in enumerate(episodes[2:])
            ),
            partial(hold_slot, visitor_actor(f"v{turn}"), slot=place.at(14, 20)),
        ]
        found = at_once(*bookings, partial(apply, manager, edit, displace=True))
        assert isinstance(found[-1], ShiftEdit)
        standing = Appointment.objects.filter(status__in=("held", "booked"))
        flagged = Displacement.objects.filter(status="waiting").values_list("appointment_id", flat=True)
        assert set(standing.values_list("pk", flat=True)) == set(flagged)
        at_once(rebook_displaced, rebook_displaced, partial(apply, manager, Reopening(place=place.center, on=on)))
        assert not Displacement.objects.filter(status="waiting").exists()
        assert nothing_is_taken_twice()
        assert masks_match_the_rows()
        for visit in Appointment.objects.filter(status="booked"):
            cancel(place.actor, appointment_id=visit.pk)
