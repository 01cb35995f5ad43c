"""People who walk in, and rule-outs that are late or made late."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Forbidden, Invalid
from clinic.models import Episode, Patient, Role
from notifications.models import Message
from scheduling.errors import AddOnsFull, DangerSign, SignsTooOld, SlotTaken, VisitBookedAlready
from scheduling.models import Appointment, Occupancy, Resource, ResourceKind
from scheduling.reserve import AFTERNOON
from scheduling.running import Expected
from scheduling.selectors.day import visits_of_day
from scheduling.selectors.gaps import gaps
from scheduling.selectors.running import running_day
from scheduling.services import lateness, sweeps, visits
from scheduling.services.calendar import materialise
from scheduling.services.editing import Down, apply
from scheduling.services.rescheduling import reschedule
from scheduling.services.reserves import set_add_on_limit, set_reserve
from scheduling.services.walk_ins import Registration, place_walk_in, screen_walk_in
from tests.factories import actor_of, make_center, make_patient, make_scanner, set_clock, tomorrow_at
from tests.scheduling.conftest import Place, at_once, masks_match_the_rows
from triage.answers.groups import Emergency, LimbThreat
from triage.models import Assessment

EVE = Registration(given_name="Eve", family_name="Walker", phone="+12405550777", zip="20770")
ADAM = Registration(given_name="Adam", family_name="Walker", phone="+12405550778", zip="20770")


def _answers(**signs: str) -> dict[str, dict[str, str]]:
    groups = {"emergency": Emergency, "limb_threat": LimbThreat}
    return {
        group: {name: signs.get(name, "no") for name in of.__dataclass_fields__}  # type: ignore[attr-defined]
        for group, of in groups.items()
    }


def asked_at_desk(place: Place, **signs: str) -> int:
    """The danger signs of somebody at the desk, none of them there but those given."""
    return screen_walk_in(place.actor, center=place.center, answers=_answers(**signs)).assessment.pk


def _placed(place: Place, *, kind: str = "dvt_scan", assessment: int = 0, gap: int = 0, **more: object) -> Appointment:
    person = gaps(place.center, place.types[kind], clock.now())[0]
    given: dict[str, object] = {"accepted_by": person.resource_id, "starts_at": person.starts[gap]}
    return place_walk_in(
        place.actor,
        assessment_id=assessment or asked_at_desk(place),
        center=place.center,
        visit_type=place.types[kind],
        **{**given, "registration": EVE, **more},  # type: ignore[arg-type]
    )


def test_a_walk_in_is_arrived_in_the_first_gap_with_a_clock_of_its_own(place: Place) -> None:
    taken = place.booked(12, 20)
    visit = _placed(place)
    assert (visit.status, visit.starts_at) == ("arrived", taken.starts_at + timedelta(minutes=40))
    assert visit.episode is not None
    assert visit.episode.tier == 1
    assert visit.episode.scan_by == visit.episode.clock_started_at + timedelta(minutes=180)
    assert visit.step is not None
    assert (visit.step.kind, visit.step.status) == ("scan", "scheduled")
    assert masks_match_the_rows()
    assert visits.start(actor_of(Role.SONOGRAPHER), appointment_id=visit.pk).status == "in_progress"
    assert not Message.objects.filter(patient=visit.patient).exists()


def test_a_danger_sign_ends_it_before_anybody_is_registered(place: Place) -> None:
    screened = screen_walk_in(place.actor, center=place.center, answers=_answers(chest_pain="yes"))
    assert screened.decision is not None
    assert screened.decision.disposition == "EMERGENCY_911"
    with pytest.raises(DangerSign):
        _placed(place, assessment=screened.assessment.pk)
    assert not Patient.objects.exists()


def test_every_question_is_answered_with_yes_or_no(place: Place) -> None:
    missing = _answers(fainted="unknown")
    del missing["limb_threat"]["limb_cold"]
    with pytest.raises(Invalid) as refused:
        screen_walk_in(place.actor, center=place.center, answers=missing)
    assert set(refused.value.fields) == {"emergency.fainted", "limb_threat.limb_cold"}
    assert not Assessment.objects.exists()


def test_the_answers_serve_one_person_at_one_desk_for_an_hour(place: Place) -> None:
    used = asked_at_desk(place)
    _placed(place, assessment=used)
    elsewhere = screen_walk_in(place.actor, center=make_center("FAR"), answers=_answers()).assessment
    old = asked_at_desk(place)
    for wrong in (used, 999_999):
        with pytest.raises(SignsTooOld):
            _placed(place, assessment=wrong)
    clock.advance(timedelta(minutes=61))
    with pytest.raises(SignsTooOld):
        _placed(place, assessment=old)
    assert elsewhere.zip == place.center.zip
    assert Appointment.objects.count() == 1


def test_of_two_who_are_placed_on_the_same_answers_at_once_one_is(place: Place) -> None:
    make_scanner(place.center)
    materialise(days=3)
    asked = asked_at_desk(place)
    people = gaps(place.center, place.types["dvt_scan"], clock.now())
    placed = at_once(
        *(
            partial(_placed, place, assessment=asked, accepted_by=person.resource_id, registration=registration)
            for person, registration in zip(people, (EVE, ADAM), strict=True)
        )
    )
    assert sorted(type(each).__name__ for each in placed) == ["Appointment", SignsTooOld.__name__]
    assert Patient.objects.count() == 1


def test_a_gap_that_leaves_the_reserve_to_a_colleague_is_taken(place: Place) -> None:
    make_scanner(place.center)
    materialise(days=3)
    set_reserve(SYSTEM, center=place.center, half=AFTERNOON, scans=1, release=())
    first, other = Resource.objects.filter(kind=ResourceKind.SONOGRAPHER).order_by("id")
    # One has a single time left before the last start of a rule-out, the other all of the day.
    busy = Down(resource=first, until=tomorrow_at(18, days=0), why="away")
    apply(SYSTEM, busy)
    waiting = place.suspected()
    visit = _placed(
        place,
        kind="repeat_scan",
        accepted_by=first.pk,
        starts_at=tomorrow_at(18, days=0),
        registration=None,
        patient_id=waiting.patient_id,
        episode=waiting,
    )
    assert (visit.status, visit.starts_at) == ("arrived", tomorrow_at(18, days=0))
    assert {taken.resource for taken in visit.occupancies.filter(resource__kind="sonographer")} == {first}
    assert first != other


def test_who_waits_for_a_booking_is_placed_in_that_episode(place: Place) -> None:
    episode = place.suspected()
    visit = _placed(place, registration=None, patient_id=episode.patient_id)
    assert visit.episode == episode
    assert Episode.objects.count() == 1
    assert list(episode.steps.filter(status="done").values_list("kind", "outcome")) == [("booking", "booked")]


def test_who_comes_hours_before_their_rule_out_is_moved_and_opens_no_second_one(place: Place) -> None:
    booked = place.booked(16)
    with pytest.raises(VisitBookedAlready):
        _placed(place, registration=None, patient_id=booked.patient_id)
    assert Episode.objects.filter(patient=booked.patient).count() == 1


def test_a_shift_takes_so_many_add_ons_and_a_clinician_one_more(place: Place) -> None:
    set_add_on_limit(actor_of(Role.MANAGER), center=place.center, visits=1)
    _placed(place)
    with pytest.raises(AddOnsFull):
        _placed(place, registration=None, patient_id=make_patient().pk)
    assert (Appointment.objects.count(), Occupancy.objects.count()) == (1, 2)
    assert gaps(place.center, place.types["dvt_scan"], clock.now())[0].full
    clinician = Place(place.center, place.types, actor_of(Role.CLINICIAN))
    assert _placed(clinician, registration=None, patient_id=make_patient().pk).status == "arrived"
    for who, visits_ in ((place.actor, 3), (actor_of(Role.MANAGER), 41)):
        with pytest.raises((Forbidden, Invalid)):
            set_add_on_limit(who, center=place.center, visits=visits_)


def test_a_gap_that_somebody_took_meanwhile_registers_nobody(place: Place) -> None:
    person = gaps(place.center, place.types["dvt_scan"], clock.now())[0]
    place.booked(12, 20)
    with pytest.raises(SlotTaken):
        _placed(place, starts_at=person.starts[0])
    assert not Patient.objects.filter(given_name="Eve").exists()


@pytest.mark.parametrize("wrong", [{"accepted_by": 999_999}, {"days": 1}, {"patient_id": 1}])
def test_what_makes_no_sense_is_named(place: Place, wrong: dict[str, int]) -> None:
    given: dict[str, Any] = dict(wrong)
    if given.pop("days", None):
        given["starts_at"] = tomorrow_at(13)
    with pytest.raises(Invalid):
        _placed(place, **given)
    assert not Appointment.objects.exists()


def test_a_late_rule_out_is_called_at_fifteen_minutes_once_and_not_once_it_came(place: Place) -> None:
    visit = place.booked(13)
    assert lateness.next_late_call(clock.now()) == visit.starts_at + timedelta(minutes=15)
    set_clock(visit.starts_at + timedelta(minutes=14))
    assert lateness.call_late_rule_outs() == 0
    set_clock(visit.starts_at + timedelta(minutes=15))
    assert (lateness.uncalled(), lateness.call_late_rule_outs(), lateness.call_late_rule_outs()) == (1, 1, 0)
    visit.refresh_from_db()
    call = visit.late_call
    assert call is not None
    assert (call.kind, call.status, call.owner_role) == ("contact", "open", "representative")
    visits.check_in(place.actor, appointment_id=visit.pk)
    call.refresh_from_db()
    assert (call.status, call.outcome) == ("done", "arrived")


def test_a_call_ends_with_the_visit_that_nobody_came_to(place: Place) -> None:
    visit = place.booked(13)
    set_clock(visit.starts_at + timedelta(minutes=15))
    lateness.call_late_rule_outs()
    set_clock(visit.starts_at + timedelta(minutes=30))
    assert sweeps.mark_no_shows() == 1
    visit.refresh_from_db()
    assert visit.late_call is not None
    assert (visit.late_call.status, visit.late_call.outcome) == ("cancelled", "no_show")


def test_a_moved_visit_is_called_anew(place: Place) -> None:
    visit = place.booked(13)
    set_clock(visit.starts_at + timedelta(minutes=15))
    lateness.call_late_rule_outs()
    moved = reschedule(place.actor, appointment_id=visit.pk, starts_at=tomorrow_at(14, days=0))
    assert moved.late_call is None
    set_clock(moved.starts_at + timedelta(minutes=15))
    assert lateness.call_late_rule_outs() == 1


def test_a_day_that_runs_late_tells_the_expected_starts_and_raises_a_lost_deadline_once(place: Place) -> None:
    first, second = place.booked(13), place.booked(14, 40)
    sonographer = actor_of(Role.SONOGRAPHER)
    visits.check_in(sonographer, appointment_id=first.pk)
    set_clock(tomorrow_at(13, 50, days=0))
    visits.start(sonographer, appointment_id=first.pk)
    assert lateness.raise_late_results() == 0
    assert second.episode is not None
    assert second.episode.scan_by is not None
    due = lateness.next_late_result(clock.now())
    assert due is not None
    assert due > second.episode.scan_by
    visits.check_in(sonographer, appointment_id=second.pk)
    set_clock(tomorrow_at(14, 55, days=0))
    found = _running(place)
    assert found.late_minutes >= 25
    assert found.deadline_lost
    assert (lateness.unraised(), lateness.raise_late_results(), lateness.raise_late_results()) == (1, 1, 0)
    second.refresh_from_db()
    assert second.late_result is not None
    assert (second.late_result.kind, second.late_result.owner_role) == ("decision", "clinician")
    assert lateness.unraised() == 0


def _running(place: Place) -> Expected:
    day = running_day(visits_of_day(place.center, clock.today(place.center.zone)), clock.now())
    (found,) = day.expected.values()
    assert [minutes for _, minutes in day.late] == [found.late_minutes]
    return found
