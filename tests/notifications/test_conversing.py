"""Staff answer by text in their own name: an owed text like every other, and what waited for it waits no longer."""

import uuid
from datetime import timedelta

import pytest

from clinic import clock
from clinic.errors import Conflict, DomainError, Invalid
from clinic.models import Event, Role, Step
from clinic.services.episodes import close_episode
from notifications.models import Conversation, Message, Typed
from notifications.selectors.conversations import thread_of, waiting_conversations
from notifications.services.conversing import converse_with, departure, say
from notifications.services.sending import send_due
from scheduling.services import visits
from tests.factories import make_patient, phone_of, set_clock
from tests.notifications.carrier import Carrier, tells
from tests.notifications.writing_back import conversation_about, number_for, representative, told_of, writes
from tests.pages.staff import Ward, open_ward
from tests.scheduling.conftest import at_once

pytestmark = pytest.mark.django_db
WORDS = "Yes, 3 PM is fine. Park behind the building."


def _owed(typed: Typed) -> Message:
    return Message.objects.get(about_kind="typed", about_id=typed.pk)


def test_an_answer_leaves_with_our_name_and_ends_what_waited(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    inbound = writes(number_for(visit), "Can I come at 3?")
    step = inbound.steps.get()
    typed = say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS)
    send_due()
    assert carrier.calls[-1].body == f"Vein Center: {WORDS}"
    assert carrier.calls[-1].to == number_for(visit)
    step.refresh_from_db()
    inbound.refresh_from_db()
    person = ward.people[Role.REPRESENTATIVE]
    assert (typed.author, step.status, step.ended_by, step.outcome) == (person, "done", person, "answered")
    assert (inbound.attended_as, inbound.attended_by) == ("answered", person)
    assert waiting_conversations() == []
    event = Event.objects.get(kind="message.typed")
    assert (event.actor_id, event.episode) == (person.pk, visit.episode)


def test_what_became_of_it_is_seen_in_the_thread(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    typed = say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS)
    send_due()
    tells(carrier.texts[number_for(visit)][-1].sid, "delivered")
    thread = thread_of(conversation_about(visit))
    assert (thread.messages[0].purpose, thread.messages[0].status) == ("staff_reply", "delivered")
    assert thread.typed[typed.pk].words == WORDS


def test_an_answer_that_does_not_arrive_asks_a_person_to_call(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS)
    send_due()
    tells(carrier.texts[number_for(visit)][-1].sid, "undelivered", code="30004")
    assert Step.objects.filter(episode=visit.episode, kind="contact", status="open").count() == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [("Your scan is at 3", "never says"), ("a" * 400, "at most 2"), ("", "Type what to say"), ("\0", "Type what")],
)
def test_words_that_no_text_may_hold_are_refused_and_change_nothing(
    ward: Ward, carrier: Carrier, words: str, why: str
) -> None:
    visit = told_of(ward)
    inbound = writes(number_for(visit), "Can I come at 3?")
    with pytest.raises(Invalid) as refused:
        say(representative(ward), conversation_id=conversation_about(visit).pk, words=words)
    assert why in refused.value.fields["words"]
    assert not Typed.objects.exists()
    assert inbound.steps.get().status == "open"


def test_who_wants_no_texts_gets_none_from_staff_either(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    writes(number_for(visit), "STOP")
    with pytest.raises(Conflict) as refused:
        say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS)
    assert refused.value.code == "opted_out"


def test_who_leaves_after_the_answer_was_typed_does_not_get_it_and_is_called(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    typed = say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS)
    writes(number_for(visit), "STOP")
    send_due()
    assert _owed(typed).status == "suppressed"
    assert Step.objects.filter(episode=visit.episode, kind="contact", status="open").exists()


def test_who_never_agreed_and_never_wrote_is_not_written_to(ward: Ward, carrier: Carrier) -> None:
    patient = make_patient()
    conversation = converse_with(representative(ward), patient_id=patient.pk)
    with pytest.raises(Conflict) as refused:
        say(representative(ward), conversation_id=conversation.pk, words=WORDS)
    assert refused.value.code == "no_consent"


def test_who_wrote_first_is_answered_though_nobody_asked_about_texts(ward: Ward, carrier: Carrier) -> None:
    patient = make_patient()
    writes(phone_of(patient), "Where are you?")
    conversation = Conversation.objects.get(phone=patient.phone)
    typed = say(representative(ward), conversation_id=conversation.pk, words=WORDS)
    send_due()
    assert _owed(typed).status == "sent"


def test_a_stranger_is_answered(ward: Ward, carrier: Carrier) -> None:
    inbound = writes("+13015559999", "Who is this?")
    conversation = Conversation.objects.get(phone="+13015559999")
    typed = say(representative(ward), conversation_id=conversation.pk, words=WORDS)
    send_due()
    inbound.refresh_from_db()
    assert (_owed(typed).status, inbound.attended_as) == ("sent", "answered")


def test_an_answer_to_a_stranger_that_does_not_arrive_waits_in_the_list_again(ward: Ward, carrier: Carrier) -> None:
    writes("+13015559999", "Who is this?")
    conversation = Conversation.objects.get(phone="+13015559999")
    say(representative(ward), conversation_id=conversation.pk, words=WORDS)
    send_due()
    assert waiting_conversations() == []
    tells(carrier.texts["+13015559999"][-1].sid, "undelivered", code="30004")
    assert [each.conversation for each in waiting_conversations()] == [conversation]


def test_what_was_typed_at_night_leaves_though_the_episode_is_closed_before_the_morning(
    ward: Ward, carrier: Carrier
) -> None:
    visit = told_of(ward)
    evening = ward.place.at(22).starts_at
    visits.cancel(representative(ward), appointment_id=visit.pk)
    set_clock(evening)
    typed = say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS)
    assert visit.episode is not None
    close_episode(ward.actor(Role.CLINICIAN), episode_id=visit.episode.pk, reason="declined")
    assert _owed(typed).status == "due"
    set_clock(_owed(typed).due_at)
    send_due()
    assert _owed(typed).status == "sent"


def test_for_whom_a_text_is_must_be_said_where_two_share_the_number(ward: Ward, carrier: Carrier) -> None:
    mother = make_patient()
    daughter = make_patient(phone=mother.phone)
    visits = [told_of(ward, 15, mother), told_of(ward, 17, daughter)]
    with pytest.raises(Invalid) as refused:
        say(representative(ward), conversation_id=conversation_about(visits[0]).pk, words=WORDS)
    assert "patient" in refused.value.fields
    with pytest.raises(Invalid):
        say(
            representative(ward),
            conversation_id=conversation_about(visits[0]).pk,
            words=WORDS,
            patient_id=make_patient().pk,
        )
    typed = say(
        representative(ward), conversation_id=conversation_about(visits[0]).pk, words=WORDS, patient_id=daughter.pk
    )
    assert (typed.patient, _owed(typed).episode) == (daughter, visits[1].episode)


def test_the_same_form_sent_twice_says_it_once(ward: Ward, carrier: Carrier) -> None:
    visit, key = told_of(ward), uuid.uuid4()
    first, again = (
        say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS, key=key) for _ in range(2)
    )
    assert first == again
    assert Message.objects.filter(purpose="staff_reply").count() == 1


def test_an_answer_by_night_passes_while_they_are_awake_and_waits_for_their_morning_later(
    ward: Ward, carrier: Carrier
) -> None:
    visit = told_of(ward)
    evening, morning = ward.place.at(22).starts_at, ward.place.at(8, days=1).starts_at
    set_clock(evening)
    writes(number_for(visit), "Can I come at 3?")
    assert not departure(number_for(visit), visit.patient).waits_for_day
    set_clock(clock.now() + timedelta(hours=2))
    leaves = departure(number_for(visit), visit.patient)
    assert leaves.waits_for_day
    assert leaves.at == morning
    typed = say(representative(ward), conversation_id=conversation_about(visit).pk, words=WORDS)
    send_due()
    assert _owed(typed).status == "due"
    set_clock(leaves.at)
    send_due()
    assert _owed(typed).status == "sent"


def test_what_a_person_types_is_not_held_back_by_the_caps_of_what_machines_send(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    typed = [
        say(representative(ward), conversation_id=conversation_about(visit).pk, words=f"{WORDS} {n}") for n in range(2)
    ]
    send_due()
    assert [_owed(each).status for each in typed] == ["sent", "sent"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_both_are_sent_and_the_step_ends_once(carrier: Carrier) -> None:
    ward = open_ward()
    visit = told_of(ward)
    inbound = writes(number_for(visit), "Where do I park?")
    actors = [representative(ward), ward.actor(Role.CLINICIAN)]
    pk = conversation_about(visit).pk
    done = at_once(
        *(lambda actor=actor: say(actor, conversation_id=pk, words=f"{WORDS} {actor.id}") for actor in actors)
    )
    assert [isinstance(each, DomainError) for each in done] == [False, False]
    assert Typed.objects.count() == 2
    assert Event.objects.filter(kind="step.done", subject_id=inbound.steps.get().pk).count() == 1
