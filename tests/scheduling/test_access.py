"""Getting in, onto the table, and understood: rooms that do not fit are left out, and nobody loses their tier by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from clinic.access import Actor
from clinic.errors import Invalid
from clinic.models import AccessNeeds, Center, Episode, EpisodeKind, Patient, Role, Staff, Step, StepKind
from clinic.services.access_needs import Access, record_access
from clinic.services.departures import Leaving, record_departure
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep
from clinic.tables import STANDARD_LB, table_for
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
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def ward(db: None) -> Ward:
    return open_ward()


def _record(ward: Ward, patient: Patient, **said: Any) -> AccessNeeds:
    return record_access(ward.actor(Role.REPRESENTATIVE), patient_id=patient.pk, access=Access(**said))


def _room(ward: Ward) -> Resource:
    return Resource.objects.get(center=ward.place.center, kind=ResourceKind.ROOM)


def _search(**needs: Any) -> Any:
    return search(VisitType.objects.get(kind="dvt_scan"), near_zip="20770", needs=Needs(**needs))


def _booked(ward: Ward, episode: Episode, hour: int = 15) -> Appointment:
    visit_type = ward.place.types["dvt_scan"]
    at = tomorrow_at(hour, days=0)
    choice = SlotChoice(visit_type, ward.place.center, at)
    actor: Actor = ward.actor(Role.REPRESENTATIVE)
    hold = hold_slot(actor, slot=choice)
    return book(actor, patient=episode.patient, hold_id=hold.pk, episode=episode)


# What is kept.


def test_of_a_weight_only_the_table_that_it_needs_is_kept(ward: Ward) -> None:
    row = _record(ward, make_patient(), weight_lb=412)
    assert row.table_limit_lb == 450
    assert "412" not in str([getattr(row, field.attname) for field in row._meta.concrete_fields])
    assert _record(ward, row.patient).table_limit_lb == 450
    assert _record(ward, row.patient, weight_lb=180).table_limit_lb == 0


@pytest.mark.parametrize(("weight", "table"), [(5, 0), (350, 0), (351, 400), (400, 400), (401, 450), (1000, 1000)])
def test_the_table_carries_the_weight_and_is_no_stronger_than_needed(weight: int, table: int) -> None:
    assert table_for(weight) == table
    assert table == 0 or weight <= table < weight + 50
    assert table or weight <= STANDARD_LB


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"weight_lb": 1001}, "weight_lb"),
        ({"mobility": "flies"}, "mobility"),
        ({"transfer": "thrown"}, "transfer"),
        ({"interpreter": "xx"}, "interpreter"),
        ({"contact_name": "Sister"}, "contact_phone"),
        ({"contact_phone": "301-555-0142"}, "contact_name"),
        ({"contact_name": "Sister", "contact_phone": "12"}, "contact_phone"),
    ],
)
def test_what_makes_no_sense_names_the_field_and_changes_nothing(ward: Ward, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _record(ward, make_patient(), **said)
    assert set(refused.value.fields) == {field}
    assert not AccessNeeds.objects.exists()


# The search and the booking.


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
    _record(ward, episode.patient, transfer="lift")
    code = ward.place.types["dvt_scan"].code
    url = f"/api/v1/slots/?visit_type={code}&near=20770&episode={episode.pk}"
    assert ward.browser(Role.REPRESENTATIVE).get(url).json()["results"] == []


def test_a_hold_in_a_room_that_does_not_fit_is_not_booked(ward: Ward) -> None:
    episode = ward.suspected()
    _record(ward, episode.patient, weight_lb=400)
    with pytest.raises(RoomDoesNotFit):
        _booked(ward, episode)
    assert not Appointment.objects.filter(status="booked").exists()


def test_a_center_without_access_is_not_booked_for_a_wheelchair(ward: Ward) -> None:
    center = ward.place.center
    center.wheelchair = False
    center.save()
    episode = ward.suspected()
    _record(ward, episode.patient, mobility="wheelchair")
    with pytest.raises(CapabilityMissing):
        _booked(ward, episode)


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
    _record(ward, episode.patient, weight_lb=400)
    visit = _booked(ward, episode)
    assert visit.needs == "table-400"
    other = make_working_center()
    with pytest.raises(RoomDoesNotFit):
        reschedule(ward.actor(Role.CLINICIAN), appointment_id=visit.pk, starts_at=tomorrow_at(16, days=0), center=other)


def test_of_several_rooms_a_booking_at_once_takes_the_one_that_fits_its_patient(ward: Ward) -> None:
    strong = _strong_room(ward)
    episode = ward.suspected()
    _record(ward, episode.patient, weight_lb=400)
    slot = SlotChoice(ward.place.types["dvt_scan"], ward.place.center, tomorrow_at(15, days=0))
    visit = book(ward.actor(Role.REPRESENTATIVE), patient=episode.patient, slot=slot, episode=episode)
    assert visit.occupancies.filter(resource=strong, live=True).exists()
    assert visit.needs == "table-400"


def test_a_visit_that_moves_heeds_what_was_recorded_since_it_was_booked(ward: Ward) -> None:
    episode = ward.suspected()
    visit = _booked(ward, episode)
    strong = _strong_room(ward)
    _record(ward, episode.patient, weight_lb=400)
    reschedule(ward.actor(Role.CLINICIAN), appointment_id=visit.pk, starts_at=tomorrow_at(16, days=0))
    assert visit.occupancies.filter(resource=strong, live=True).exists()


def test_times_of_a_follow_up_and_ways_forward_leave_out_what_does_not_fit(ward: Ward) -> None:
    far = make_working_center(at=(39.1, -76.88), wheelchair=True)
    materialise(days=3)
    Center.objects.exclude(pk=far.pk).update(wheelchair=False)
    patient = make_patient()
    _record(ward, patient, mobility="wheelchair")
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


# An interpreter.


def test_no_interpreter_opens_a_step_before_the_visit_and_changes_neither_tier_nor_time(ward: Ward) -> None:
    episode = ward.suspected()
    before = (episode.tier, episode.scan_by, episode.result_by)
    _record(ward, episode.patient, interpreter="ht")
    visit = _booked(ward, episode)
    step = Step.objects.get(episode=episode, kind=StepKind.LANGUAGE_LINE)
    assert step.due_at is not None
    assert clock.now() < step.due_at <= visit.starts_at
    assert (step.owner_role, step.center) == (Role.REPRESENTATIVE, visit.center)
    episode.refresh_from_db()
    assert (episode.tier, episode.scan_by, episode.result_by) == before


def test_where_somebody_on_duty_speaks_it_nothing_is_owed(ward: Ward) -> None:
    Staff.objects.filter(resource__kind=ResourceKind.SONOGRAPHER).update(languages=["ht"])
    episode = ward.suspected()
    _record(ward, episode.patient, interpreter="ht")
    _booked(ward, episode)
    assert not Step.objects.filter(kind=StepKind.LANGUAGE_LINE).exists()


def test_a_visit_that_moves_moves_its_arrangement_and_owes_it_once(ward: Ward) -> None:
    episode = ward.suspected()
    _record(ward, episode.patient, interpreter="asl")
    visit = _booked(ward, episode)
    moved = tomorrow_at(14, 0, days=0)
    reschedule(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk, starts_at=moved)
    step = Step.objects.get(episode=episode, kind=StepKind.LANGUAGE_LINE)
    assert step.due_at == moved - timedelta(minutes=30)


# Without a telephone.


def test_who_has_no_phone_does_not_leave_before_it_is_recorded_how_they_are_found(ward: Ward) -> None:
    report = ward.read()
    patient = report.episode.patient
    _record(ward, patient, no_phone=True)
    leaving = Leaving(callback_phone="", instructions=["danger_signs", "whom_to_call"])
    with pytest.raises(Invalid) as refused:
        record_departure(ward.actor(Role.SONOGRAPHER), report_id=report.pk, leaving=leaving)
    assert "no telephone" in refused.value.fields["callback_phone"]
    _record(ward, patient, no_phone=True, in_person_plan="Back at the desk at 4 pm")
    row = record_departure(ward.actor(Role.SONOGRAPHER), report_id=report.pk, leaving=leaving)
    assert row.callback_phone == ""


def test_who_has_a_phone_says_it_as_ever(ward: Ward) -> None:
    report = ward.read()
    leaving = Leaving(callback_phone="", instructions=["danger_signs", "whom_to_call"])
    with pytest.raises(Invalid) as refused:
        record_departure(ward.actor(Role.SONOGRAPHER), report_id=report.pk, leaving=leaving)
    assert "callback_phone" in refused.value.fields


# The doors.


def test_a_colleague_asks_on_a_page_and_comes_back_to_the_call(ward: Ward) -> None:
    patient = ward.suspected().patient
    rosa = ward.browser(Role.REPRESENTATIVE)
    url = f"/staff/patients/{patient.pk}/access/"
    assert "Interpreter" in words(rosa.get(url))
    given = {"mobility": "wheelchair", "transfer": "alone", "weight_lb": "400", "interpreter": "ht"}
    answer = rosa.post(url, {**given, "next": "/staff/console/"})
    assert answer.headers["Location"] == "/staff/console/"
    assert "carries 400 pounds" in words(rosa.get(url))
    assert 'value="400"' not in rosa.get(url).content.decode()
    assert rosa.post(url, {**given, "weight_lb": "4000"}).status_code == 422


def test_the_api_records_and_tells(ward: Ward) -> None:
    patient = make_patient()
    rosa = ward.browser(Role.REPRESENTATIVE)
    url = f"/api/v1/patients/{patient.pk}/access/"
    assert rosa.get(url).json()["asked"] is False
    said = {"mobility": "wheelchair", "weight_lb": 360, "interpreter": "asl"}
    answer = rosa.post(url, said, content_type="application/json", headers={"Idempotency-Key": "a1"})
    assert (answer.json()["table_limit_lb"], answer.json()["interpreter"]) == (400, "asl")
    wrong = rosa.post(url, {"weight_lb": 9999}, content_type="application/json", headers={"Idempotency-Key": "a2"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "weight_lb")


def test_a_visitor_is_asked_in_both_languages(ward: Ward) -> None:
    from django.utils import translation  # noqa: PLC0415

    from scheduling.pages.patient.forms import DetailsForm  # noqa: PLC0415

    assert "wheelchair" in DetailsForm(wording="").as_p()
    with translation.override("es"):
        assert "silla de ruedas" in DetailsForm(wording="").as_p()
        assert "Criollo haitiano" in DetailsForm(wording="").as_p()
    assert Client().get("/").status_code == 200
