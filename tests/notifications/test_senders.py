"""Several senders in order: one that fails again and again is stopped, and the next takes its messages."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from clinic import clock
from clinic.access import SYSTEM, staff_actor
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.metrics import exposition
from clinic.models import Event, Role
from notifications.models import Circuit
from notifications.provider import Answer, NoAnswer, Refused
from notifications.senders import check_inbound_numbers, check_senders
from notifications.services import circuit, operating
from notifications.services.circuit import MOST_FAULTS
from notifications.services.sending import send_due
from tests.factories import make_staff, set_clock
from tests.notifications.carrier import Call, Carrier, a_text_owed, accepts, loses_the_answer, status_of, tells

pytestmark = pytest.mark.django_db
FIRST, SECOND = "+12025550100", "MG" + "0123456789abcdef" * 2
FILTERED, UNREGISTERED, NO_REGION = "30007", Refused(30034, 400), Refused(21408, 403)


@pytest.fixture
def two(carrier: Carrier, settings: LazySettings) -> Carrier:
    """A provider, and two senders of ours."""
    settings.TWILIO_SENDERS = [FIRST, SECOND]
    return carrier


def _senders(carrier: Carrier) -> list[str]:
    return [call.sender for call in carrier.calls]


def _stopped() -> dict[str, str]:
    return dict(Circuit.objects.filter(opened_at__isnull=False).values_list("sender", "code"))


def test_while_all_is_well_the_first_sends(two: Carrier) -> None:
    for _ in range(3):
        a_text_owed()
    send_due()
    assert _senders(two) == [FIRST] * 3


def test_an_unregistered_sender_is_stopped_at_once_and_its_text_leaves_by_the_next(two: Carrier) -> None:
    message, later = a_text_owed(), a_text_owed()
    two.answers.append(UNREGISTERED)
    send_due()
    assert _senders(two) == [FIRST, SECOND, SECOND]
    assert [status_of(each) for each in (message, later)] == ["sent", "sent"]
    assert _stopped() == {FIRST: "30034"}
    assert circuit.opened() is None
    assert Event.objects.get(kind="sender.stopped").codes == {"code": "30034"}


def test_one_refusal_leaves_by_the_next_and_stops_nothing(two: Carrier) -> None:
    message = a_text_owed()
    two.answers.append(NO_REGION)
    send_due()
    assert (_senders(two), status_of(message), _stopped()) == ([FIRST, SECOND], "sent", {})


def test_refusals_of_different_messages_in_a_row_stop_a_sender(two: Carrier) -> None:
    messages = [a_text_owed() for _ in range(MOST_FAULTS + 2)]
    two.answers.extend([_refuses_the_first] * 20)
    send_due()
    assert _stopped() == {FIRST: "21408"}
    assert _senders(two).count(FIRST) == MOST_FAULTS
    assert {status_of(each) for each in messages} == {"sent"}


def _refuses_the_first(carrier: Carrier, call: Call) -> Answer:
    return NO_REGION if call.sender == FIRST else accepts(carrier, call)


def test_one_that_goes_well_between_begins_the_count_anew(two: Carrier) -> None:
    circuit.refused("sms", FIRST, "21408")
    for _ in range(MOST_FAULTS - 2):
        circuit.refused("sms", FIRST, "21408")
    a_text_owed()
    send_due()
    circuit.refused("sms", FIRST, "21408")
    assert _stopped() == {}


def test_tries_of_one_message_count_once(carrier: Carrier) -> None:
    message = a_text_owed(good_for=timedelta(days=1))
    carrier.answers.extend([NO_REGION] * (MOST_FAULTS + 1))
    for _ in range(MOST_FAULTS):
        send_due()
        set_clock(clock.now() + timedelta(minutes=6))
    assert (status_of(message), _stopped()) == ("failed", {})


def test_a_provider_that_breaks_down_again_and_again_stops_its_sender_and_repeats_nothing(two: Carrier) -> None:
    messages = [a_text_owed() for _ in range(MOST_FAULTS + 1)]
    two.answers.extend([NoAnswer("http_503")] * MOST_FAULTS)
    send_due()
    assert _stopped() == {FIRST: "http_503"}
    # What may have been taken is found out about first.
    assert sorted(status_of(each) for each in messages) == ["sent", *["unknown"] * MOST_FAULTS]
    assert len(two.calls) == MOST_FAULTS + 1


def test_texts_that_carriers_filter_one_after_the_other_stop_their_sender(two: Carrier) -> None:
    for _ in range(MOST_FAULTS):
        _is_told(two, FILTERED)
    assert _stopped() == {FIRST: FILTERED}
    assert Circuit.objects.get(sender=FIRST).by_receipt


def test_one_that_arrives_between_begins_the_count_of_the_filtered_anew(two: Carrier) -> None:
    for number in range(MOST_FAULTS + 2):
        _is_told(two, "" if number == MOST_FAULTS - 1 else FILTERED)
    assert _stopped() == {}


def _is_told(carrier: Carrier, code: str) -> None:
    """A text leaves, and is filtered with this code, or arrives where there is none."""
    message = a_text_owed()
    send_due()
    sid = carrier.texts[message.phone][-1].sid
    tells(sid, "undelivered" if code else "delivered", call=carrier.calls[-1], code=code)


def test_a_sender_that_loses_what_it_takes_gets_nothing_more_while_another_is_well(two: Carrier) -> None:
    circuit.open_circuit(FILTERED, channel="sms", sender=FIRST, by_receipt=True)
    clock.advance(timedelta(hours=1))
    a_text_owed()
    send_due()
    assert _senders(two) == [SECOND]


def test_one_that_refuses_is_tried_again_at_its_time_and_comes_back(two: Carrier) -> None:
    circuit.open_circuit("21408", channel="sms", sender=FIRST)
    a_text_owed()
    send_due()
    clock.advance(timedelta(minutes=1))
    for _ in range(2):
        a_text_owed()
        send_due()
    assert _senders(two) == [SECOND, FIRST, FIRST]
    assert _stopped() == {}


def test_a_trial_that_is_refused_loses_nothing(two: Carrier) -> None:
    circuit.open_circuit("21408", channel="sms", sender=FIRST)
    clock.advance(timedelta(minutes=1))
    message = a_text_owed()
    two.answers.append(NO_REGION)
    send_due()
    assert (_senders(two), status_of(message)) == ([FIRST, SECOND], "sent")
    assert _stopped() == {FIRST: "21408"}


def test_where_all_are_stopped_texts_wait_and_one_tries_at_its_time(two: Carrier) -> None:
    for sender in (FIRST, SECOND):
        circuit.open_circuit("30034", channel="sms", sender=sender)
    messages = [a_text_owed(good_for=timedelta(days=1)) for _ in range(3)]
    send_due()
    assert (two.calls, {status_of(each) for each in messages}) == ([], {"due"})
    assert b'ruleout_sending_stopped{code="30034"} 1.0' in exposition()
    stopped = circuit.opened()
    assert stopped is not None
    assert stopped.probe_at is not None
    set_clock(stopped.probe_at)
    send_due()
    assert {status_of(each) for each in messages} == {"sent"}
    assert _senders(two) == [FIRST] * 3


def test_an_unknown_outcome_is_looked_for_under_the_sender_that_was_tried(two: Carrier) -> None:
    circuit.open_circuit("21408", channel="sms", sender=FIRST)
    message = a_text_owed()
    two.answers.append(loses_the_answer)
    send_due()
    assert two.calls[-1].attempt.sender == SECOND
    assert status_of(message) == "unknown"


def test_an_operator_stops_a_sender_and_nothing_tries_it_until_they_let_it_go_on(two: Carrier) -> None:
    manager = staff_actor(make_staff(Role.MANAGER))
    operating.stop_sender(manager, channel="sms", sender=FIRST)
    clock.advance(timedelta(days=1))
    a_text_owed()
    send_due()
    operating.resume(manager, channel="sms", sender=FIRST)
    a_text_owed()
    send_due()
    assert _senders(two) == [SECOND, FIRST]
    assert Event.objects.get(kind="sender.stopped").actor_id == manager.id


def test_only_who_operates_sending_stops_a_sender_and_only_one_of_ours(two: Carrier) -> None:
    representative, manager = (staff_actor(make_staff(role)) for role in (Role.REPRESENTATIVE, Role.MANAGER))
    with pytest.raises(Forbidden):
        operating.stop_sender(representative, channel="sms", sender=FIRST)
    with pytest.raises(Invalid):
        operating.stop_sender(manager, channel="sms", sender="+12025550199")
    operating.stop_sender(manager, channel="sms", sender=FIRST)
    with pytest.raises(Conflict):
        operating.stop_sender(manager, channel="sms", sender=FIRST)
    with pytest.raises(Conflict):
        operating.resume(manager, channel="sms", sender=SECOND)
    with pytest.raises(Conflict):
        operating.resume(manager)


def test_an_operator_closes_the_accounts_circuit_by_hand(two: Carrier) -> None:
    circuit.open_circuit("20003")
    message = a_text_owed()
    send_due()
    assert status_of(message) == "due"
    operating.resume(SYSTEM)
    send_due()
    assert status_of(message) == "sent"


def test_the_command_shows_stops_and_resumes(two: Carrier) -> None:
    out = StringIO()
    call_command("messages", "stop", sender=FIRST)
    call_command("messages", "senders", stdout=out)
    shown = json.loads(out.getvalue())
    assert shown["account"] is None
    assert [(each["sender"], each["in_use"], bool(each["stopped"])) for each in shown["senders"][:2]] == [
        (FIRST, False, True),
        (SECOND, True, False),
    ]
    call_command("messages", "resume", sender=FIRST)
    assert _stopped() == {}
    with pytest.raises(CommandError, match="not_stopped"):
        call_command("messages", "resume", sender=FIRST)


def test_the_figures_say_which_is_stopped_by_its_place(two: Carrier) -> None:
    circuit.open_circuit("30034", channel="sms", sender=SECOND)
    told = exposition().decode()
    assert 'ruleout_sender_stopped{sender="sms 1"} 0.0' in told
    assert 'ruleout_sender_stopped{sender="sms 2"} 1.0' in told


@pytest.mark.parametrize(("texts", "voice", "faults"), [([FIRST, SECOND], [FIRST], 0), (["us"], [SECOND], 2)])
def test_a_sender_that_is_none_is_refused_before_a_deployment(
    settings: LazySettings, texts: list[str], voice: list[str], faults: int
) -> None:
    settings.TWILIO_SENDERS, settings.TWILIO_VOICE_SENDERS = texts, voice
    assert len(check_senders()) == faults


@pytest.mark.parametrize(
    ("texts", "named", "faults"),
    [
        ([FIRST], [], []),
        ([SECOND, FIRST], [], ["notifications.W004"]),
        ([SECOND, FIRST], ["+12025550122"], []),
        ([FIRST], ["2025550122"], ["notifications.E004"]),
    ],
)
def test_the_numbers_of_a_messaging_service_are_named_before_a_deployment(
    settings: LazySettings, texts: list[str], named: list[str], faults: list[str]
) -> None:
    settings.TWILIO_SENDERS, settings.TWILIO_INBOUND_NUMBERS = texts, named
    assert [each.id for each in check_inbound_numbers()] == faults
