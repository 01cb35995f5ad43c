"""What the tests of access do to a patient and for them."""

from typing import Any

from clinic.access import Actor
from clinic.models import AccessNeeds, Episode, Patient, Role
from clinic.services.access_needs import Access, record_access
from scheduling.models import Appointment
from scheduling.services.booking import book
from scheduling.services.holding import hold_slot
from scheduling.services.wanted import SlotChoice
from tests.factories import tomorrow_at
from tests.pages.staff import Ward


def record(ward: Ward, patient: Patient, **said: Any) -> AccessNeeds:
    """Record what a patient said of how they get in, onto the table, and are understood."""
    return record_access(ward.actor(Role.REPRESENTATIVE), patient_id=patient.pk, access=Access(**said))


def booked(ward: Ward, episode: Episode, hour: int = 15) -> Appointment:
    """Book a scan of today for an episode's patient, held first."""
    visit_type = ward.place.types["dvt_scan"]
    at = tomorrow_at(hour, days=0)
    choice = SlotChoice(visit_type, ward.place.center, at)
    actor: Actor = ward.actor(Role.REPRESENTATIVE)
    hold = hold_slot(actor, slot=choice)
    return book(actor, patient=episode.patient, hold_id=hold.pk, episode=episode)
