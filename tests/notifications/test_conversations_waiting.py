"""Which conversations wait for a person, and who may end the wait."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import Actor
from clinic.errors import Conflict, Forbidden, NotFound
from clinic.models import ActorKind, Role, Step
from clinic.services.worklist import finish
from notifications.selectors.conversations import waiting_conversations
from notifications.services.conversing import converse_with, mark_handled, say
from tests.factories import set_clock
from tests.notifications.carrier import Carrier
from tests.notifications.writing_back import conversation_about, number_for, representative, told_of, writes
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
WORDS = "Yes, 3 PM is fine. Park behind the building."


def test_a_clinician_s_call_is_owed_until_it_was_made_whoever_answers(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    inbound = writes(number_for(visit), "chest pain")
    say(representative(ward), conversation_id=conversation_about(visit).pk, words="We are calling you now.")
    with pytest.raises(Conflict) as refused:
        mark_handled(representative(ward), conversation_id=conversation_about(visit).pk)
    assert refused.value.code == "callback_owed"
    [waiting] = waiting_conversations()
    assert waiting.urgent
    finish(ward.actor(Role.CLINICIAN), step_id=inbound.steps.get().pk, outcome="reached")
    inbound.refresh_from_db()
    assert inbound.attended_as == "step_ended"
    assert waiting_conversations() == []


def test_what_was_taken_care_of_is_marked_with_who_did(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    inbound = writes(number_for(visit), "Thank you so much")
    mark_handled(representative(ward), conversation_id=conversation_about(visit).pk)
    inbound.refresh_from_db()
    person = ward.people[Role.REPRESENTATIVE]
    assert (inbound.attended_as, inbound.attended_by, inbound.steps.get().outcome) == ("handled", person, "handled")
    with pytest.raises(Conflict) as refused:
        mark_handled(representative(ward), conversation_id=conversation_about(visit).pk)
    assert refused.value.code == "nothing_waits"


def test_the_step_done_on_the_worklist_ends_the_wait_as_well(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    inbound = writes(number_for(visit), "Where do I park?")
    finish(representative(ward), step_id=inbound.steps.get().pk, outcome="reached")
    inbound.refresh_from_db()
    assert (inbound.attended_as, inbound.attended_by) == ("step_ended", ward.people[Role.REPRESENTATIVE])


def test_emergencies_come_first_then_who_has_waited_longest(ward: Ward, carrier: Carrier) -> None:
    writes("+13015559991", "Hello?")
    set_clock(clock.now() + timedelta(minutes=5))
    writes("+13015559992", "Hello?")
    writes("+13015559991", "Anybody?")
    urgent = told_of(ward)
    writes(number_for(urgent), "I fainted")
    found = waiting_conversations()
    assert found[0].due_at == Step.objects.get(kind="callback").due_at
    assert [each.conversation.phone[-1] for each in found[1:]] == ["1", "2"]
    assert (found[0].urgent, found[1].count, found[1].last.body) == (True, 2, "Anybody?")


def test_only_people_may_answer(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    program = Actor(kind=ActorKind.INTEGRATION, id=1, scopes=frozenset({"conversations.write"}))
    for act in (
        lambda: say(program, conversation_id=conversation_about(visit).pk, words=WORDS),
        lambda: mark_handled(program, conversation_id=conversation_about(visit).pk),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Forbidden):
        say(ward.actor(Role.SONOGRAPHER), conversation_id=conversation_about(visit).pk, words=WORDS)


def test_a_conversation_that_is_none_is_said_so(ward: Ward) -> None:
    with pytest.raises(NotFound):
        say(representative(ward), conversation_id=999999, words=WORDS)
    with pytest.raises(NotFound):
        converse_with(representative(ward), patient_id=999999)


def test_what_came_while_an_answer_was_typed_waits_on(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    read = writes(number_for(visit), "Where do I park?")
    later = writes(number_for(visit), "I can't come after all, what now?")
    talk = conversation_about(visit).pk
    say(representative(ward), conversation_id=talk, words="Behind the building.", seen=read.pk)
    [waiting] = waiting_conversations()
    assert waiting.last == later
    assert later.steps.get().status == "open"
    with pytest.raises(Conflict) as refused:
        mark_handled(representative(ward), conversation_id=talk, seen=read.pk)
    assert refused.value.code == "wrote_meanwhile"
    say(representative(ward), conversation_id=talk, words="Please call us, we find another time.", seen=later.pk)
    assert waiting_conversations() == []
