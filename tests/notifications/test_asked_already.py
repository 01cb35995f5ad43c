"""A text that fails asks a person, unless one is asked already who will stay on it until the patient is reached."""

from datetime import timedelta

import pytest

from clinic.access import SYSTEM
from clinic.models import Role, StepKind
from clinic.services.steps import NewStep, open_step
from notifications.models import Message, Purpose
from notifications.services.settling import failed
from scheduling.models import Appointment
from scheduling.services import lateness, visits
from tests.factories import set_clock
from tests.notifications.carrier import asked_of_a_person
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _fails(visit: Appointment) -> None:
    failed(Message.objects.get(episode=visit.episode, purpose=Purpose.BOOKING_CONFIRMATION), "30006")


def test_who_is_called_for_being_late_is_not_reached_for_good_by_coming(ward: Ward) -> None:
    visit = ward.place.booked(13)
    set_clock(visit.starts_at + timedelta(minutes=15))
    lateness.call_late_rule_outs()
    _fails(visit)
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)
    assert visit.episode is not None
    assert {step.status for step in asked_of_a_person(visit.episode)} == {"done", "open"}


def test_who_is_to_be_reached_already_is_asked_for_once(ward: Ward) -> None:
    visit = ward.place.booked(13)
    assert visit.episode is not None
    new = NewStep(
        kind=StepKind.CONTACT, owner_role=Role.REPRESENTATIVE, center_id=visit.center_id, due_at=visit.starts_at
    )
    set_clock(visit.starts_at)
    open_step(SYSTEM, episode=visit.episode, new=new)
    _fails(visit)
    assert len(asked_of_a_person(visit.episode)) == 1
