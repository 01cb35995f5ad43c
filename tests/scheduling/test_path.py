"""The way from a search to a visit that took place."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import Actor
from clinic.models import EpisodeKind, Role, Step, StepKind
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep
from scheduling.models import Occupancy, ResourceDay
from scheduling.selectors.search import search
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.holding import hold_slot
from scheduling.services.wanted import SlotChoice
from tests.factories import actor_of, make_patient, make_working_center, make_zip, open_calendar

pytestmark = pytest.mark.django_db(transaction=True)


def _representative() -> Actor:
    return actor_of(Role.REPRESENTATIVE)


def test_a_found_slot_can_be_held_booked_and_done() -> None:
    make_zip()
    center = make_working_center()
    scan = open_calendar()["dvt_scan"]
    patient, actor = make_patient(), _representative()
    episode = open_episode(
        actor,
        patient=patient,
        kind=EpisodeKind.SUSPECTED_DVT,
        center=center,
        clock_started_at=clock.now(),
        first_steps=[
            NewStep(kind=StepKind.BOOKING, due_at=clock.now() + timedelta(minutes=15), owner_role=Role.REPRESENTATIVE)
        ],
    )
    answer = search(scan, near_zip="20770", within_miles=50)
    assert answer.slots[0].center.code == center.code
    hold = hold_slot(actor, slot=SlotChoice(scan, center, answer.slots[0].starts_at))
    booked = book(actor, patient=patient, hold_id=hold.pk, episode=episode)
    assert booked.pk == hold.pk
    assert [step.kind for step in episode.steps.filter(status="scheduled")] == [StepKind.SCAN]
    assert answer.slots[0].starts_at not in [slot.starts_at for slot in search(scan).slots]
    clock.advance(booked.starts_at - clock.now())
    sonographer = actor_of(Role.SONOGRAPHER)
    visits.check_in(sonographer, appointment_id=booked.pk)
    visits.start(sonographer, appointment_id=booked.pk, side="left")
    visits.complete(sonographer, appointment_id=booked.pk)
    assert Step.objects.get(episode=episode, status="open").kind == StepKind.READING
    assert not Occupancy.objects.filter(live=True).exists()
    assert all(not any(bytes(day.busy)) for day in ResourceDay.objects.all())
