"""Whose episode somebody at the desk is seen in, and who may accept them."""

from datetime import time, timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Invalid
from clinic.models import Episode, Role, StepKind
from clinic.services.steps import NewStep, open_step
from scheduling.errors import VisitBookedAlready
from scheduling.models import Resource, ResourceKind
from scheduling.services import sweeps, visits
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.editing import Day, apply
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import actor_of, make_working_center, set_clock
from tests.scheduling.conftest import Place
from tests.scheduling.line import waits
from tests.scheduling.test_day_at_a_center import ADAM, _placed


def test_who_is_seen_at_the_desk_waits_no_longer(place: Place) -> None:
    episode = place.suspected()
    entry = waits(place, episode)
    _placed(place, registration=None, patient_id=episode.patient_id)
    assert tend_waitlist() == 0
    entry.refresh_from_db()
    assert (entry.status, entry.end_reason) == ("booked", "booked_otherwise")


def test_who_is_seen_for_something_else_is_still_booked_for_their_rule_out(place: Place) -> None:
    episode = place.suspected()
    _placed(place, kind="consult", registration=None, patient_id=episode.patient_id)
    assert episode.steps.filter(kind="booking", status="open").exists()


def test_who_comes_after_they_were_given_up_is_seen_in_that_episode_by_its_clock(place: Place) -> None:
    missed = place.booked(13)
    set_clock(missed.starts_at + timedelta(minutes=31))
    assert sweeps.mark_no_shows() == 1
    visit = _placed(place, registration=None, patient_id=missed.patient_id)
    assert visit.episode == missed.episode
    assert Episode.objects.filter(patient=missed.patient).count() == 1


def test_whoever_missed_one_scan_and_has_booked_another_is_not_given_a_third(place: Place) -> None:
    missed = place.booked(13)
    set_clock(missed.starts_at + timedelta(minutes=31))
    assert sweeps.mark_no_shows() == 1
    assert missed.patient is not None
    again = place.suspected(missed.patient)
    book(place.actor, patient=missed.patient, episode=again, slot=place.at(16))
    with pytest.raises(VisitBookedAlready):
        _placed(place, registration=None, patient_id=missed.patient_id)


def test_who_was_scanned_and_comes_again_has_a_clock_of_their_own(place: Place) -> None:
    scan = place.booked(12, 20)
    for service in (visits.check_in, visits.start, visits.complete):
        service(actor_of(Role.SONOGRAPHER), appointment_id=scan.pk)
    assert scan.episode is not None
    new = NewStep(kind=StepKind.CALLBACK, due_at=clock.now() + timedelta(hours=1), owner_role=Role.CLINICIAN)
    open_step(SYSTEM, episode=scan.episode, new=new)
    again = _placed(place, registration=None, patient_id=scan.patient_id, gap=1)
    assert again.episode != scan.episode


def test_whoever_is_lent_for_the_day_accepts_here_and_not_at_home(place: Place) -> None:
    other = make_working_center("OTHER")
    own, lent = (
        Resource.objects.select_related("center").get(center=center, kind=ResourceKind.SONOGRAPHER)
        for center in (place.center, other)
    )
    materialise(days=3)
    today, manager = clock.today(place.center.zone), actor_of(Role.MANAGER)
    apply(manager, Day(resource=lent, on=today, starts=time(8), ends=time(20), at=place.center))
    apply(manager, Day(resource=own, on=today, starts=time(8), ends=time(20), at=other))
    visit = _placed(place)
    assert visit.status == "arrived"
    assert visit.occupancies.filter(resource=lent).exists()
    with pytest.raises(Invalid) as refused:
        _placed(place, accepted_by=own.pk, registration=ADAM, gap=1)
    assert set(refused.value.fields) == {"accepted_by"}
