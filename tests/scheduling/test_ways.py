"""Never a dead end: what can be done for an episode now, in the order in which it is tried, and always something."""

from dataclasses import replace
from typing import Any

import pytest

from clinic.access import SYSTEM
from clinic.models import LIVE_STEP, Episode, Role, Step, StepKind
from clinic.services.steps import NewStep, open_step
from scheduling.api.wait_presenters import as_ways
from scheduling.intake import IntakeResult, submit
from scheduling.intake.falling_back import fall_back
from scheduling.intake.overriding import override
from scheduling.models import ResourceKind
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.waitlist.ways import ways_forward
from tests.factories import (
    actor_of,
    make_patient,
    make_resource,
    make_working_center,
    open_calendar,
    tomorrow_at,
)
from tests.scheduling.conftest import Place
from tests.scheduling.intakes import CONTACT, SUSPECTED, VISITOR, answers
from tests.scheduling.line import full, waits, waits_for_consult
from tests.scheduling.test_making_room import follow_up
from triage.overriding import Target
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db(transaction=True)


def ladder(episode: Episode) -> list[str]:
    ways: Any = as_ways(ways_forward(episode.pk))["ways"]
    return [way["way"] for way in ways]


def way(episode: Episode, name: str) -> Any:
    ways: Any = as_ways(ways_forward(episode.pk))["ways"]
    return next(each for each in ways if each["way"] == name)


def promised(place: Place) -> Episode:
    result: IntakeResult = submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT)
    assert result.decision.disposition == "SAME_DAY_DVT_SCAN"
    assert result.episode is not None
    return result.episode


def test_as_long_as_a_time_is_in_time_it_comes_first(place: Place) -> None:
    found = ladder(promised(place))
    assert found == ["slot", "waitlist", "call"]


def test_with_nothing_in_time_every_other_way_is_named_and_the_fallback_last(place: Place) -> None:
    make_resource(place.center, ResourceKind.OVERFLOW)
    materialise(days=3)
    episode = promised(place)
    visit = follow_up(place, 14)
    full(place)
    assert ladder(episode) == ["waitlist", "move", "overbook", "fallback"]
    assert way(episode, "move")["visits"] == [{"appointment": visit.pk, "center": place.center.code}]
    assert way(episode, "overbook")["slots"][0]["meets_deadline"] is True
    assert way(episode, "fallback")["disposition"] == "CLINICIAN_CALLBACK"


def test_what_is_further_away_and_in_time_is_offered(place: Place) -> None:
    far = make_working_center(at=(39.9, -76.88))
    open_calendar(days=3)
    episode = promised(place)
    full(place)
    assert ladder(episode)[0] == "further_away"
    assert {slot["center"] for slot in way(episode, "further_away")["slots"]} == {far.code}


def test_to_look_at_the_ways_decides_nothing(place: Place) -> None:
    episode = promised(place)
    full(place)
    before = list(episode.steps.values_list("id", "status"))
    ways_forward(episode.pk)
    assert list(episode.steps.values_list("id", "status")) == before


def test_who_waits_sees_that_they_wait(place: Place) -> None:
    episode = promised(place)
    full(place)
    entry = waits(place, episode)
    assert way(episode, "waiting")["entry"]["id"] == entry.pk
    assert "waitlist" not in ladder(episode)


def test_the_wait_goes_on_beside_the_call_that_the_rule_falls_back_to(place: Place) -> None:
    episode = promised(place)
    full(place)
    entry = waits(place, episode)
    row = fall_back(actor_of(Role.REPRESENTATIVE), episode_id=episode.pk)
    assert row is not None
    assert row.disposition == "CLINICIAN_CALLBACK"
    entry.refresh_from_db()
    assert (entry.status, entry.tier) == ("waiting", 1)
    owed = Step.objects.filter(episode=episode, status__in=LIVE_STEP).values_list("kind", flat=True)
    assert list(owed) == ["callback"]
    assert "waiting" in ladder(episode)


def test_whoever_was_sent_to_emergency_care_has_that_way_alone(place: Place) -> None:
    result = submit(VISITOR, raw_answers=answers(**SUSPECTED), contact=CONTACT)
    assert result.episode is not None
    override(
        actor_of(Role.CLINICIAN), assessment_id=result.assessment.pk, target=Target(Disposition.ED_NOW), reason="worse"
    )
    assert ladder(result.episode) == ["emergency_care"]


def test_a_consultation_that_is_not_booked_yet_has_its_ways_too(place: Place) -> None:
    entry = waits_for_consult(place, make_patient())
    assert ladder(entry.episode) == ["slot", "waiting", "call"]


def test_a_booked_visit_is_named(place: Place) -> None:
    visit = place.booked()
    assert visit.episode is not None
    assert ladder(visit.episode) == ["booked", "call"]


def scanned(place: Place) -> Episode:
    """A rule-out that was scanned today."""
    scan = place.booked(13)
    for service in (visits.check_in, visits.start, visits.complete):
        service(actor_of(Role.SONOGRAPHER), appointment_id=scan.pk)
    assert scan.episode is not None
    return scan.episode


def test_after_the_scan_a_repeat_within_its_window_is_what_waits_for_a_time(place: Place) -> None:
    episode = scanned(place)
    first, last = tomorrow_at(8, days=1), tomorrow_at(12, days=1)
    new = NewStep(kind=StepKind.FOLLOW_UP_SCAN, due_at=first, owner_role=Role.SONOGRAPHER)
    open_step(SYSTEM, episode=episode, new=replace(new, window_start=first, window_end=last))
    ways = ways_forward(episode.pk)
    assert ways.visit_type == place.types["repeat_scan"]
    assert ways.near
    assert all(first <= slot.starts_at <= last for slot in ways.near)
    full(place, kind="repeat_scan", days=(1,))
    assert "waitlist" in ladder(episode)


def test_after_the_scan_a_consultation_that_was_given_up_is_what_waits_for_a_time(place: Place) -> None:
    episode = scanned(place)
    consult = book(place.actor, patient=episode.patient, slot=place.at(16, kind="consult"), episode=episode)
    visits.cancel(place.actor, appointment_id=consult.pk)
    assert ways_forward(episode.pk).visit_type == place.types["consult"]
