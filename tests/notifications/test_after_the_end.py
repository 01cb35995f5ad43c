"""An episode that is closed: who hears what afterwards, who hears nothing any more, and what a person takes over."""

import pytest

from clinic.access import SYSTEM, patient_actor
from clinic.models import Episode, Patient, Report, Role, StepKind
from clinic.services.episodes import close_episode
from clinic.services.steps import open_step
from clinic.services.telling import record_opened
from notifications.local_twilio.message import new_sid
from notifications.models import Conversation, Inbound, Message, Purpose
from notifications.selectors.conversations import waiting_conversations
from notifications.services import operating
from notifications.services.conversing import say
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of, set_clock
from tests.kernel import new_step
from tests.notifications.called import agrees, result_sent
from tests.notifications.carrier import Carrier, asked_of_a_person, tells
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
WORDS = "Yes, 3 PM is fine. Park behind the building."


def _booked(ward: Ward, patient: Patient | None = None) -> Appointment:
    someone = patient or make_patient()
    agrees(phone_of(someone))
    visit = book(ward.place.actor, patient=someone, slot=ward.place.at(16, kind="consult"))
    send_due()
    return visit


def _closes(ward: Ward, episode: Episode | None, reason: str) -> None:
    assert episode is not None
    close_episode(ward.actor(Role.CLINICIAN), episode_id=episode.pk, reason=reason)


def _open_steps(episode: Episode | None) -> int:
    assert episode is not None
    return sum(step.status == "open" for step in asked_of_a_person(episode))


@pytest.mark.parametrize(("reason", "told"), [("declined", True), ("duplicate", True), ("died", False)])
def test_whose_visit_is_given_up_with_the_episode_is_told_so(
    ward: Ward, carrier: Carrier, reason: str, told: bool
) -> None:
    visit = _booked(ward)
    carrier.calls.clear()
    _closes(ward, visit.episode, reason)
    send_due()
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert ["is cancelled" in call.body for call in carrier.calls] == [True] * told


def test_where_that_does_not_arrive_a_person_says_it(ward: Ward, carrier: Carrier) -> None:
    visit = _booked(ward)
    _closes(ward, visit.episode, "declined")
    send_due()
    tells(carrier.texts[carrier.calls[-1].to][-1].sid, "undelivered", code="30005")
    assert _open_steps(visit.episode) == 1


@pytest.mark.parametrize("reason", ["died", "duplicate"])
def test_no_result_is_announced_to_a_phone_whose_owner_died_or_of_an_episode_that_was_an_error(
    ward: Ward, carrier: Carrier, reason: str
) -> None:
    report = result_sent(ward)
    send_due()
    carrier.calls.clear()
    _closes(ward, report.episode, reason)
    for message in Message.objects.filter(purpose=Purpose.RESULT_WAITING).order_by("due_at"):
        set_clock(message.due_at)
        send_due()
    assert carrier.calls == []
    assert _open_steps(report.episode) == 0


def test_a_result_that_does_not_arrive_is_a_person_s_though_the_episode_is_closed(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    send_due()
    _closes(ward, report.episode, "transferred")
    tells(carrier.texts[carrier.calls[-1].to][-1].sid, "undelivered", code="30005")
    assert _open_steps(report.episode) == 1


def test_a_result_that_nobody_opens_is_a_person_s_in_the_end_though_the_episode_is_closed(
    ward: Ward, carrier: Carrier
) -> None:
    report = result_sent(ward)
    send_due()
    _closes(ward, report.episode, "transferred")
    last = Message.objects.get(purpose=Purpose.RESULT_WAITING, channel="person")
    Message.objects.filter(purpose=Purpose.RESULT_WAITING).exclude(pk=last.pk).delete()
    set_clock(last.due_at)
    send_due()
    assert _open_steps(report.episode) == 1


@pytest.mark.parametrize(("reason", "told"), [("transferred", True), ("duplicate", False), ("died", False)])
def test_who_is_asked_to_tell_a_result_that_did_not_arrive_is_asked_still_when_the_episode_is_closed(
    ward: Ward, carrier: Carrier, reason: str, told: bool
) -> None:
    report = _not_arrived(ward, carrier)
    _closes(ward, report.episode, reason)
    assert _open_steps(report.episode) == told


def test_once_the_result_is_opened_nobody_is_asked_any_more_when_the_episode_is_closed(
    ward: Ward, carrier: Carrier
) -> None:
    report = _not_arrived(ward, carrier)
    record_opened(patient_actor(report.episode.patient_id), report=report)
    _closes(ward, report.episode, "transferred")
    assert _open_steps(report.episode) == 0


def test_who_is_asked_to_answer_a_text_is_not_asked_any_more_when_the_episode_is_closed(
    ward: Ward, carrier: Carrier
) -> None:
    report = _not_arrived(ward, carrier)
    store(sid=new_sid(), phone=phone_of(report.episode.patient), body="May I bring my dog?", opt_out_type="")
    handle_replies()
    assert _open_steps(report.episode) == 2
    _closes(ward, report.episode, "transferred")
    assert _open_steps(report.episode) == 1


def test_who_is_asked_about_a_reminder_is_not_asked_any_more_when_the_episode_is_closed(
    ward: Ward, carrier: Carrier
) -> None:
    report = result_sent(ward)
    send_due()
    open_step(SYSTEM, episode=report.episode, new=new_step(StepKind.CONTACT))
    _closes(ward, report.episode, "transferred")
    assert _open_steps(report.episode) == 0


def _not_arrived(ward: Ward, carrier: Carrier) -> Report:
    """A result whose text did not arrive: somebody is asked to reach the patient."""
    report = result_sent(ward)
    send_due()
    tells(carrier.texts[carrier.calls[-1].to][-1].sid, "undelivered", code="30005")
    assert _open_steps(report.episode) == 1
    return report


def _answered(ward: Ward, phone: str) -> Message:
    store(sid=new_sid(), phone=phone, body="Can I come at 3?", opt_out_type="")
    handle_replies()
    conversation = Conversation.objects.get(phone=phone)
    patients = list(Patient.objects.filter(phone=phone))
    typed = say(
        ward.actor(Role.REPRESENTATIVE),
        conversation_id=conversation.pk,
        words=WORDS,
        patient_id=patients[0].pk if patients else None,
    )
    return Message.objects.get(about_kind="typed", about_id=typed.pk)


def test_a_colleague_s_answer_that_does_not_arrive_waits_again_though_the_episode_was_closed(
    ward: Ward, carrier: Carrier
) -> None:
    visit = _booked(ward)
    assert visit.patient is not None
    answer = _answered(ward, phone_of(visit.patient))
    send_due()
    _closes(ward, visit.episode, "declined")
    assert waiting_conversations() == []
    tells(answer.tries.get().outcomes.get().provider_sid, "undelivered", code="30004")
    assert [each.conversation.phone for each in waiting_conversations()] == [answer.phone]


def test_a_colleague_s_answer_that_an_operator_has_not_sent_waits_again(ward: Ward, carrier: Carrier) -> None:
    answer = _answered(ward, "+13015559999")
    assert waiting_conversations() == []
    operating.cancel(SYSTEM, message_id=answer.pk)
    assert Inbound.objects.filter(waits_for_person=True, attended_at=None).count() == 1
