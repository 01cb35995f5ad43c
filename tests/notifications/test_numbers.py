"""A number in a reply takes the time that was offered under it; a time that is gone is said, never another one."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import ConsentChannel, LinkPurpose, Patient, Step, StepKind
from clinic.models import Link as SentLink
from clinic.services import links
from clinic.services.consent import record_consent
from clinic.services.steps import open_step
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound, Message, OfferedTime
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from scheduling.services.offering import offer_times
from scheduling.services.wanted import SlotChoice
from tests.factories import make_patient, phone_of
from tests.kernel import new_step
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _offered(ward: Ward, patient: Patient | None = None) -> Step:
    """A visit of a follow-up of which two times were just offered by text."""
    episode = ward.place.suspected(patient)
    record_consent(SYSTEM, phone=phone_of(episode.patient), granted=True, channel=ConsentChannel.PHONE, language="en")
    wanted = new_step(StepKind.FOLLOW_UP_VISIT, due_at=clock.now() + timedelta(days=1))
    step = open_step(SYSTEM, episode=episode, new=wanted)
    offer_times(ward.place.actor, step_id=step.pk)
    send_due()
    return step


def _reply(step: Step, body: str) -> Inbound:
    sid = new_sid()
    store(sid=sid, phone=phone_of(step.episode.patient), body=body, opt_out_type="")
    handle_replies()
    return Inbound.objects.get(provider_sid=sid)


def _visit(step: Step) -> Appointment | None:
    return Appointment.objects.filter(step=step, status="booked").first()


@pytest.mark.parametrize(("body", "number"), [("1", 1), ("2 please", 2), ("la dos", 2)])
def test_the_time_under_the_number_is_booked_and_confirmed(
    ward: Ward, carrier: Carrier, body: str, number: int
) -> None:
    step = _offered(ward)
    assert "1=" in carrier.calls[-1].body
    assert "2=" in carrier.calls[-1].body
    inbound = _reply(step, body)
    visit = _visit(step)
    assert visit is not None
    assert visit.starts_at == OfferedTime.objects.get(step=step, number=number).starts_at
    assert (inbound.visit, inbound.waits_for_person) == (visit, False)
    send_due()
    assert "C=confirm" in carrier.calls[-1].body


@pytest.mark.parametrize("body", ["3", "1 or 2", "2:30"])
def test_a_number_that_was_not_offered_goes_to_a_person(ward: Ward, carrier: Carrier, body: str) -> None:
    step = _offered(ward)
    assert _reply(step, body).waits_for_person
    assert _visit(step) is None


def test_a_time_that_is_gone_is_a_person_s_and_the_link_shows_the_others(ward: Ward, carrier: Carrier) -> None:
    step = _offered(ward)
    first = OfferedTime.objects.get(step=step, number=1)
    other = ward.place.suspected(make_patient())
    wanted = new_step(StepKind.FOLLOW_UP_VISIT, due_at=clock.now() + timedelta(days=1))
    open_step(SYSTEM, episode=other, new=wanted)
    slot = SlotChoice(first.visit_type, first.center, first.starts_at)
    book(ward.place.actor, patient=other.patient, slot=slot, episode=other)
    inbound = _reply(step, "1")
    assert _visit(step) is None
    assert inbound.waits_for_person
    send_due()
    link = SentLink.objects.get(purpose=LinkPurpose.FOLLOW_UP, subject_id=step.episode_id)
    assert links.url(link) in carrier.calls[-1].body


def test_a_number_is_answered_once(ward: Ward, carrier: Carrier) -> None:
    step = _offered(ward)
    _reply(step, "1")
    assert _reply(step, "2").waits_for_person
    assert Appointment.objects.filter(step=step).count() == 1


def test_of_two_on_one_phone_who_were_both_offered_times_nobody_is_booked(ward: Ward, carrier: Carrier) -> None:
    mother = _offered(ward)
    # A number gets one such text a day.
    Message.objects.filter(purpose="follow_up_offer").update(sent_at=clock.now() - timedelta(days=2))
    daughter = _offered(ward, make_patient(phone=mother.episode.patient.phone))
    assert _reply(mother, "1").waits_for_person
    assert (_visit(mother), _visit(daughter)) == (None, None)
    assert Step.objects.filter(kind=StepKind.CONTACT, episode__in=[mother.episode, daughter.episode]).count() == 2
