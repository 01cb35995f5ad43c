"""A sweep that waits for whoever is just moving a visit, or checking its patient in, goes by what stands then."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from clinic.models import LIVE_STEP, Role, Step, StepKind
from scheduling.models import Appointment
from scheduling.services import lateness, sweeps, visits
from scheduling.services.rescheduling import reschedule
from tests.factories import actor_of, set_clock, tomorrow_at
from tests.scheduling.conftest import Place

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20.0


def overtaken(change: Callable[[], object], sweep: Callable[[], Any]) -> Any:
    """Make a change, let a sweep begin and wait for its locks, commit, and return what the sweep says."""

    def swept() -> Any:
        try:
            return sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            change()
            running = pool.submit(swept)
            until = time.monotonic() + PATIENCE
            while not _somebody_waits() and not running.done():
                assert time.monotonic() < until, "the sweep neither waits nor ends"
                time.sleep(0.01)
        return running.result(timeout=PATIENCE)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def _calls(visit: Appointment) -> int:
    return Step.objects.filter(episode=visit.episode, kind=StepKind.CONTACT, status__in=LIVE_STEP).count()


def test_a_visit_that_is_just_moved_to_a_later_time_is_no_no_show(place: Place) -> None:
    visit, clinician = place.booked(13), actor_of(Role.CLINICIAN)
    set_clock(visit.starts_at + timedelta(minutes=30))
    later = tomorrow_at(15, days=0)
    marked = overtaken(lambda: reschedule(clinician, appointment_id=visit.pk, starts_at=later), sweeps.mark_no_shows)
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at, marked) == ("booked", later, 0)


def test_the_sweep_goes_on_with_the_next_where_a_visit_was_just_moved(place: Place) -> None:
    moved, missed = place.booked(13), place.booked(13, 40)
    clinician = actor_of(Role.CLINICIAN)
    set_clock(missed.starts_at + timedelta(minutes=30))
    overtaken(
        lambda: reschedule(clinician, appointment_id=moved.pk, starts_at=tomorrow_at(15, days=0)),
        sweeps.mark_no_shows,
    )
    missed.refresh_from_db()
    assert missed.status == "no_show"


def test_whoever_is_just_checked_in_is_not_called_as_late(place: Place) -> None:
    visit = place.booked(13)
    set_clock(visit.starts_at + timedelta(minutes=15))
    called = overtaken(lambda: visits.check_in(place.actor, appointment_id=visit.pk), lateness.call_late_rule_outs)
    assert (called, _calls(visit)) == (0, 0)


def test_whoever_is_just_moved_to_a_later_time_is_not_called_as_late(place: Place) -> None:
    visit, clinician = place.booked(13), actor_of(Role.CLINICIAN)
    set_clock(visit.starts_at + timedelta(minutes=15))
    called = overtaken(
        lambda: reschedule(clinician, appointment_id=visit.pk, starts_at=tomorrow_at(15, days=0)),
        lateness.call_late_rule_outs,
    )
    assert (called, _calls(visit)) == (0, 0)


def test_no_clinician_is_asked_about_a_delay_of_a_time_that_a_clinician_has_just_changed(place: Place) -> None:
    first, second = place.booked(13), place.booked(14, 40)
    sonographer, clinician = actor_of(Role.SONOGRAPHER), actor_of(Role.CLINICIAN)
    visits.check_in(sonographer, appointment_id=first.pk)
    set_clock(tomorrow_at(13, 50, days=0))
    visits.start(sonographer, appointment_id=first.pk)
    set_clock(tomorrow_at(14, 55, days=0))
    assert lateness.unraised() == 1
    later = tomorrow_at(16, days=0)
    raised = overtaken(
        lambda: reschedule(clinician, appointment_id=second.pk, starts_at=later), lateness.raise_late_results
    )
    second.refresh_from_db()
    assert (raised, second.late_result, second.starts_at) == (0, None, later)
