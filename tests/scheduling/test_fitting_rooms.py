"""Getting in and onto the table: rooms that do not fit are left out of the search and of the booking."""

from datetime import timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.models import Center, EpisodeKind, Role, StepKind
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep
from scheduling.errors import CapabilityMissing, RoomDoesNotFit
from scheduling.models import Appointment, Resource, ResourceKind, VisitType
from scheduling.needs import Needs
from scheduling.selectors.search import search
from scheduling.selectors.step_times import times_of
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.holding import hold_slot
from scheduling.services.rescheduling import reschedule
from scheduling.services.wanted import SlotChoice
from scheduling.waitlist.ways import ways_forward
from tests.factories import make_patient, make_resource, make_working_center, tomorrow_at
from tests.pages.staff import Ward
from tests.scheduling.access import booked, record

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


def _room(ward: Ward) -> Resource:
    return Resource.objects.get(center=ward.place.center, kind=ResourceKind.ROOM)


def _search(**needs: Any) -> Any:
    return search(VisitType.objects.get(kind="dvt_scan"), near_zip="20770", needs=Needs(**needs))


def test_a_weight_above_every_table_near_is_offered_nothing_and_told_why(ward: Ward) -> None:
    answer = _search(table=450)
    assert answer.slots == ()
    assert [each.reason for each in answer.unavailable] == ["capability_missing"]
    page = ward.browser(Role.REPRESENTATIVE).get(
        f"/api/v1/slots/?visit_type={ward.place.types['dvt_scan'].code}&near=20770&table_lb=450"
    )
    assert page.json()["results"] == []


def test_the_room_whose_table_carries_them_is_offered_when_it_is_free(ward: Ward) -> None:
    strong = make_resource(ward.place.center, ResourceKind.ROOM)
    Resource.objects.filter(pk=strong.pk).update(table_limit_lb=500)
    assert _search(table=450).slots == ()
    Resource.objects.filter(pk=_room_first(ward).pk).update(table_limit_lb=500)
    assert _search(table=450).slots


def _room_first(ward: Ward) -> Resource:
    return Resource.objects.filter(center=ward.place.center, kind=ResourceKind.ROOM).order_by("id")[0]


def test_a_lift_is_looked_for(ward: Ward) -> None:
    assert not _search(lift=True).slots
    Resource.objects.filter(pk=_room(ward).pk).update(lift=True)
    assert _search(lift=True).slots


def test_what_is_recorded_of_the_patient_is_searched_for_without_being_said_again(ward: Ward) -> None:
    episode = ward.suspected()
    record(ward, episode.patient, transfer="lift")
    code = ward.place.types["dvt_scan"].code
    url = f"/api/v1/slots/?visit_type={code}&near=20770&episode={episode.pk}"
    assert ward.browser(Role.REPRESENTATIVE).get(url).json()["results"] == []


def test_a_hold_in_a_room_that_does_not_fit_is_notbooked(ward: Ward) -> None:
    episode = ward.suspected()
    record(ward, episode.patient, weight_lb=400)
    with pytest.raises(RoomDoesNotFit):
        booked(ward, episode)
    assert not Appointment.objects.filter(status="booked").exists()


def test_a_center_without_access_is_not_booked_for_a_wheelchair(ward: Ward) -> None:
    center = ward.place.center
    center.wheelchair = False
    center.save()
    episode = ward.suspected()
    record(ward, episode.patient, mobility="wheelchair")
    with pytest.raises(CapabilityMissing):
        booked(ward, episode)


def _strong_room(ward: Ward) -> Resource:
    """Another room, with a table for 500 pounds."""
    strong = make_resource(ward.place.center, ResourceKind.ROOM)
    Resource.objects.filter(pk=strong.pk).update(table_limit_lb=500)
    materialise(days=3)
    return strong


def test_a_slot_held_for_a_strong_table_takes_the_room_that_has_it(ward: Ward) -> None:
    strong = _strong_room(ward)
    choice = SlotChoice(ward.place.types["dvt_scan"], ward.place.center, tomorrow_at(15, days=0), Needs(table=450))
    hold = hold_slot(ward.actor(Role.REPRESENTATIVE), slot=choice)
    assert hold.occupancies.filter(resource=strong).exists()
    assert hold.needs == "table-450"


def test_a_visit_that_moves_keeps_to_rooms_that_fit(ward: Ward) -> None:
    Resource.objects.filter(pk=_room(ward).pk).update(table_limit_lb=500)
    episode = ward.suspected()
    record(ward, episode.patient, weight_lb=400)
    visit = booked(ward, episode)
    assert visit.needs == "table-400"
    other = make_working_center()
    with pytest.raises(RoomDoesNotFit):
        reschedule(ward.actor(Role.CLINICIAN), appointment_id=visit.pk, starts_at=tomorrow_at(16, days=0), center=other)


def test_of_several_rooms_a_booking_at_once_takes_the_one_that_fits_its_patient(ward: Ward) -> None:
    strong = _strong_room(ward)
    episode = ward.suspected()
    record(ward, episode.patient, weight_lb=400)
    slot = SlotChoice(ward.place.types["dvt_scan"], ward.place.center, tomorrow_at(15, days=0))
    visit = book(ward.actor(Role.REPRESENTATIVE), patient=episode.patient, slot=slot, episode=episode)
    assert visit.occupancies.filter(resource=strong, live=True).exists()
    assert visit.needs == "table-400"


def test_a_visit_that_moves_heeds_what_was_recorded_since_it_wasbooked(ward: Ward) -> None:
    episode = ward.suspected()
    visit = booked(ward, episode)
    strong = _strong_room(ward)
    record(ward, episode.patient, weight_lb=400)
    reschedule(ward.actor(Role.CLINICIAN), appointment_id=visit.pk, starts_at=tomorrow_at(16, days=0))
    assert visit.occupancies.filter(resource=strong, live=True).exists()


def test_times_of_a_follow_up_and_ways_forward_leave_out_what_does_not_fit(ward: Ward) -> None:
    far = make_working_center(at=(39.1, -76.88), wheelchair=True)
    materialise(days=3)
    Center.objects.exclude(pk=far.pk).update(wheelchair=False)
    patient = make_patient()
    record(ward, patient, mobility="wheelchair")
    episode = open_episode(
        ward.actor(Role.REPRESENTATIVE),
        patient=patient,
        kind=EpisodeKind.SUSPECTED_DVT,
        center=ward.place.center,
        clock_started_at=clock.now(),
        first_steps=[
            NewStep(kind=StepKind.FOLLOW_UP_SCAN, due_at=clock.now() + timedelta(days=1), owner_role=Role.SONOGRAPHER)
        ],
    )
    offered = times_of(episode.steps.get(), zip="20770", most=20)
    assert {slot.center.code for slot in offered} == {far.code}
    assert {slot.center.code for slot in ways_forward(episode.pk).near} == {far.code}


def test_needs_are_kept_in_words_and_read_back() -> None:
    needs = Needs(arm=True, wheelchair=True, lift=True, table=450)
    assert needs.codes == "arm wheelchair lift table-450"
    assert Needs.named(needs.codes) == needs
    assert Needs(table=400) | Needs(arm=True, table=450) == Needs(arm=True, table=450)


def test_an_administrator_writes_what_a_rooms_table_carries_and_nothing_else_of_it(ward: Ward) -> None:
    ada = ward.people[Role.ADMINISTRATOR]
    ada.is_staff = ada.is_superuser = True
    ada.save()
    room = _room(ward)
    url = f"/admin/scheduling/resource/{room.pk}/change/"
    inlines = ("patterns", "exceptions", "absences")
    forms = {f"{name}-{part}_FORMS": "0" for name in inlines for part in ("TOTAL", "INITIAL")}
    given = {"table_limit_lb": "700", "lift": "on", "name": "Ballroom"}
    ward.browser(Role.ADMINISTRATOR).post(url, {**given, **forms})
    room.refresh_from_db()
    assert (room.table_limit_lb, room.lift) == (700, True)
    assert room.name != "Ballroom"
