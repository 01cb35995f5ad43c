"""Which conversations wait for a person, and who may end the wait."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.errors import Conflict, Forbidden, NotFound
from clinic.models import ActorKind, ConsentChannel, Patient, Role, Step
from clinic.services.consent import record_consent
from clinic.services.worklist import finish
from notifications.local_twilio.message import new_sid
from notifications.models import Conversation, Inbound
from notifications.selectors.conversations import waiting_conversations
from notifications.services.conversing import converse_with, mark_handled, say
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of, set_clock
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.django_db
WORDS = "Yes, 3 PM is fine. Park behind the building."


@pytest.fixture
def ward(db: None) -> Ward:
    """A center at noon."""
    return open_ward()


def _rosa(ward: Ward) -> Actor:
    return ward.actor(Role.REPRESENTATIVE)


def _visit(ward: Ward, hour: int = 16, patient: Patient | None = None) -> Appointment:
    someone = patient or make_patient()
    record_consent(SYSTEM, phone=phone_of(someone), granted=True, channel=ConsentChannel.PHONE, language="en")
    visit = book(ward.place.actor, patient=someone, slot=ward.place.at(hour, kind="consult"))
    send_due()
    return visit


def _writes(phone: str, body: str) -> Inbound:
    sid = new_sid()
    store(sid=sid, phone=phone, body=body, opt_out_type="")
    handle_replies()
    return Inbound.objects.get(provider_sid=sid)


def _phone(visit: Appointment) -> str:
    assert visit.patient is not None
    return phone_of(visit.patient)


def _with(visit: Appointment) -> Conversation:
    return Conversation.objects.get_or_create(phone=_phone(visit), defaults={"created_at": clock.now()})[0]


def test_a_clinician_s_call_is_owed_until_it_was_made_whoever_answers(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    inbound = _writes(_phone(visit), "chest pain")
    say(_rosa(ward), conversation_id=_with(visit).pk, words="We are calling you now.")
    with pytest.raises(Conflict) as refused:
        mark_handled(_rosa(ward), conversation_id=_with(visit).pk)
    assert refused.value.code == "callback_owed"
    [waiting] = waiting_conversations()
    assert waiting.urgent
    finish(ward.actor(Role.CLINICIAN), step_id=inbound.steps.get().pk, outcome="reached")
    inbound.refresh_from_db()
    assert inbound.attended_as == "step_ended"
    assert waiting_conversations() == []


def test_what_was_taken_care_of_is_marked_with_who_did(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    inbound = _writes(_phone(visit), "Thank you so much")
    mark_handled(_rosa(ward), conversation_id=_with(visit).pk)
    inbound.refresh_from_db()
    person = ward.people[Role.REPRESENTATIVE]
    assert (inbound.attended_as, inbound.attended_by, inbound.steps.get().outcome) == ("handled", person, "handled")
    with pytest.raises(Conflict) as refused:
        mark_handled(_rosa(ward), conversation_id=_with(visit).pk)
    assert refused.value.code == "nothing_waits"


def test_the_step_done_on_the_worklist_ends_the_wait_as_well(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    inbound = _writes(_phone(visit), "Where do I park?")
    finish(_rosa(ward), step_id=inbound.steps.get().pk, outcome="reached")
    inbound.refresh_from_db()
    assert (inbound.attended_as, inbound.attended_by) == ("step_ended", ward.people[Role.REPRESENTATIVE])


def test_emergencies_come_first_then_who_has_waited_longest(ward: Ward, carrier: Carrier) -> None:
    _writes("+13015559991", "Hello?")
    set_clock(clock.now() + timedelta(minutes=5))
    _writes("+13015559992", "Hello?")
    _writes("+13015559991", "Anybody?")
    urgent = _visit(ward)
    _writes(_phone(urgent), "I fainted")
    found = waiting_conversations()
    assert found[0].due_at == Step.objects.get(kind="callback").due_at
    assert [each.conversation.phone[-1] for each in found[1:]] == ["1", "2"]
    assert (found[0].urgent, found[1].count, found[1].last.body) == (True, 2, "Anybody?")


def test_only_people_may_answer(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward)
    program = Actor(kind=ActorKind.INTEGRATION, id=1, scopes=frozenset({"conversations.write"}))
    for act in (
        lambda: say(program, conversation_id=_with(visit).pk, words=WORDS),
        lambda: mark_handled(program, conversation_id=_with(visit).pk),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Forbidden):
        say(ward.actor(Role.SONOGRAPHER), conversation_id=_with(visit).pk, words=WORDS)


def test_a_conversation_that_is_none_is_said_so(ward: Ward) -> None:
    with pytest.raises(NotFound):
        say(_rosa(ward), conversation_id=999999, words=WORDS)
    with pytest.raises(NotFound):
        converse_with(_rosa(ward), patient_id=999999)
