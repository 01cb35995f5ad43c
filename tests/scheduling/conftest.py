"""A working center with open calendar, and the ways in which tests of scheduling act on it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from clinic import clock
from clinic.access import Actor
from clinic.errors import DomainError
from clinic.models import Center, Episode, EpisodeKind, Patient, Role, StepKind
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep
from scheduling.models import Appointment, Occupancy, Resource, ResourceDay, VisitType
from scheduling.services.booking import book
from scheduling.services.wanted import SlotChoice
from tests.factories import (
    actor_of,
    center_at_noon,
    make_patient,
    make_working_center,
    make_zip,
    noon_tomorrow,
    open_calendar,
    set_clock,
    tomorrow_at,
)


@dataclass(frozen=True)
class Place:
    """One center with one scanner and one clinician, at noon of a day on which it is open from 8 to 8."""

    center: Center
    types: dict[str, VisitType]
    actor: Actor

    def at(self, hour: int, minute: int = 0, *, kind: str = "dvt_scan", days: int = 0) -> SlotChoice:
        """A slot of today (or days later) by its local hour."""
        return SlotChoice(self.types[kind], self.center, tomorrow_at(hour, minute, days=days))

    def suspected(self, patient: Patient | None = None) -> Episode:
        """An episode that waits for its scan to be booked, tier 1, its clock started now."""
        return open_episode(
            self.actor,
            patient=patient or make_patient(),
            kind=EpisodeKind.SUSPECTED_DVT,
            center=self.center,
            clock_started_at=clock.now(),
            tier=1,
            scan_by=clock.now() + timedelta(minutes=180),
            result_by=clock.now() + timedelta(minutes=240),
            first_steps=[
                NewStep(
                    kind=StepKind.BOOKING,
                    due_at=clock.now() + timedelta(minutes=15),
                    owner_role=Role.REPRESENTATIVE,
                )
            ],
        )

    def booked(self, hour: int = 13, minute: int = 0) -> Appointment:
        """A rule-out scan that is booked for today."""
        episode = self.suspected()
        return book(self.actor, patient=episode.patient, slot=self.at(hour, minute), episode=episode)


@pytest.fixture
def place(transactional_db: None) -> Place:
    make_zip()
    center = make_working_center()
    types = open_calendar(days=3)
    set_clock(noon_tomorrow())
    return Place(center, types, actor_of(Role.REPRESENTATIVE))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread and transaction of its own, all starting together; return results and domain errors."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return work()
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def masks_match_the_rows() -> bool:
    """Whether every busy mask is what the live occupancies say, read slowly."""
    for day in ResourceDay.objects.all():
        expected = 0
        for taken in Occupancy.objects.filter(day=day, live=True):
            at: datetime = taken.during.lower
            while at < taken.during.upper:
                expected |= 1 << int((at - day.origin).total_seconds() // 300)
                at += timedelta(minutes=5)
        if int.from_bytes(bytes(day.busy), "little") != expected:
            return False
    return True


def nothing_is_taken_twice() -> bool:
    """Whether no two live occupancies of one resource overlap, read slowly."""
    for resource in Resource.objects.all():
        spans = sorted(
            (taken.during.lower, taken.during.upper) for taken in Occupancy.objects.filter(resource=resource, live=True)
        )
        if any(second[0] < first[1] for first, second in pairwise(spans)):
            return False
    return True


@pytest.fixture
def center() -> Center:
    """A working center that scans arms too, at noon of a day on which it is open."""
    return center_at_noon()
