"""A fault of our account stops all sending, gives nothing up, tells everybody, and ends by itself."""

from datetime import timedelta

import pytest
from django.test import Client

from clinic import clock
from clinic.access import SYSTEM
from clinic.metrics import exposition
from clinic.models import Event, Role
from notifications.models import Circuit, Message
from notifications.provider import NoAnswer, Refused
from notifications.services import circuit, operating
from notifications.services.claiming import claim
from notifications.services.sending import MOST_ATTEMPTS, send_due, send_one
from tests.factories import make_staff, set_clock
from tests.notifications.carrier import Carrier, a_text_owed, asked_of_a_person, in_care, status_of, tells
from tests.scheduling.conftest import at_once

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
SUSPENDED, UNAUTHORIZED = Refused(30002, 400), Refused(20003, 401)


def _next_probe() -> None:
    stopped = circuit.opened()
    assert stopped is not None
    assert stopped.probe_at is not None
    set_clock(stopped.probe_at)


@pytest.mark.parametrize("answer", [SUSPENDED, UNAUTHORIZED, Refused(None, 401)])
def test_one_such_answer_stops_all_and_all_stay_due(carrier: Carrier, answer: Refused) -> None:
    texts = [a_text_owed(good_for=timedelta(days=1)) for _ in range(5)]
    carrier.answers.append(answer)
    send_due()
    assert len(carrier.calls) == 1
    assert {status_of(each) for each in texts} == {"due"}
    assert claim(20) == []
    assert Event.objects.get(kind="sending.stopped").codes == {"code": str(answer.code or 401)}


@pytest.mark.parametrize("answer", [Refused(21211, 400), Refused(30007, 400), Refused(21408, 400), Refused(20429, 429)])
def test_a_fault_of_one_number_stops_nothing(carrier: Carrier, answer: Refused) -> None:
    carrier.answers.append(answer)
    texts = [a_text_owed(), a_text_owed()]
    send_due()
    assert (status_of(texts[1]), circuit.opened()) == ("sent", None)


def test_a_probe_that_is_taken_lets_all_others_go(carrier: Carrier) -> None:
    texts = [a_text_owed(good_for=timedelta(days=1)) for _ in range(4)]
    carrier.answers.append(UNAUTHORIZED)
    send_due()
    _next_probe()
    send_due()
    assert {status_of(each) for each in texts} == {"sent"}
    assert circuit.opened() is None
    assert Event.objects.get(kind="sending.resumed").codes == {"code": "20003"}


def test_each_probe_is_one_message_and_the_pauses_grow(carrier: Carrier) -> None:
    texts = [a_text_owed(good_for=timedelta(days=1), urgent=False) for _ in range(3)]
    Message.objects.update(urgent=True, created_at=clock.now() + timedelta(days=1))
    carrier.answers.extend([SUSPENDED] * (MOST_ATTEMPTS + 3))
    send_due()
    pauses = []
    for _ in range(MOST_ATTEMPTS + 2):
        _next_probe()
        before = len(carrier.calls)
        send_due()
        assert len(carrier.calls) == before + 1
        stopped = circuit.opened()
        assert stopped is not None
        assert stopped.probe_at is not None
        pauses.append(timedelta(seconds=round((stopped.probe_at - clock.now()).total_seconds())))
    assert pauses == sorted(pauses)
    assert pauses[-1] <= circuit.LONGEST_PAUSE
    # However often one was the probe, it has its tries yet.
    assert {status_of(each) for each in texts} == {"due"}


def test_a_probe_without_an_answer_proves_nothing(carrier: Carrier) -> None:
    a_text_owed(good_for=timedelta(days=1))
    carrier.answers.extend([SUSPENDED, NoAnswer("readtimeout")])
    send_due()
    _next_probe()
    send_due()
    assert circuit.opened() is not None


def test_a_probe_that_is_refused_for_its_number_proves_that_the_account_is_well(carrier: Carrier) -> None:
    a_text_owed(good_for=timedelta(days=1))
    carrier.answers.extend([SUSPENDED, Refused(21211, 400)])
    send_due()
    _next_probe()
    send_due()
    assert circuit.opened() is None


def test_a_probe_that_was_not_to_be_sent_gives_way_to_the_next(carrier: Carrier) -> None:
    short, long = a_text_owed(), a_text_owed(good_for=timedelta(days=1))
    carrier.answers.append(SUSPENDED)
    send_due()
    _next_probe()
    Message.objects.filter(pk=short.pk).update(expires_at=clock.now(), due_at=clock.now() - timedelta(minutes=1))
    send_due()
    assert [status_of(each) for each in (short, long)] == ["expired", "sent"]


def test_what_was_claimed_when_it_opened_is_put_back(carrier: Carrier) -> None:
    message = a_text_owed()
    [claimed] = claim(1)
    circuit.open_circuit("30002")
    send_one(claimed)
    assert (status_of(message), carrier.calls) == ("due", [])


def test_while_it_is_open_what_expires_ends_and_what_is_urgent_becomes_a_persons(carrier: Carrier) -> None:
    episode = in_care()
    short, urgent = a_text_owed(good_for=timedelta(seconds=5)), a_text_owed(episode=episode)
    routine = a_text_owed(urgent=False, good_for=timedelta(days=1))
    circuit.open_circuit("30002")
    Circuit.objects.update(probe_at=clock.now() + timedelta(hours=1))
    clock.advance(timedelta(minutes=6))
    send_due()
    assert [status_of(each) for each in (short, urgent, routine)] == ["expired", "failed", "due"]
    assert len(asked_of_a_person(episode)) == 1
    assert carrier.calls == []


def test_a_receipt_opens_it_and_only_a_text_that_arrives_closes_it(carrier: Carrier) -> None:
    first, second = a_text_owed(), a_text_owed()
    Message.objects.filter(pk=second.pk).update(due_at=clock.now() + timedelta(seconds=1))
    send_due()
    tells(carrier.texts[first.phone][-1].sid, "undelivered", call=carrier.calls[-1], code="30034")
    assert circuit.opened() is not None
    _next_probe()
    send_due()
    assert status_of(second) == "sent"
    assert circuit.opened() is not None
    tells(carrier.texts[second.phone][-1].sid, "delivered", call=carrier.calls[-1])
    assert circuit.opened() is None


def test_a_text_from_before_it_opened_that_arrives_late_does_not_close_it(carrier: Carrier) -> None:
    early, bad = a_text_owed(), a_text_owed()
    send_due()
    tells(carrier.texts[bad.phone][-1].sid, "failed", call=carrier.calls[-1], code="30034")
    tells(carrier.texts[early.phone][-1].sid, "delivered", call=carrier.calls[0])
    assert circuit.opened() is not None


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_one_probe(carrier: Carrier) -> None:
    for _ in range(6):
        a_text_owed(good_for=timedelta(days=1))
    carrier.answers.extend([SUSPENDED] * 9)
    send_due()
    _next_probe()
    at_once(*[send_due] * 4)
    assert len(carrier.calls) == 2


def test_every_page_of_staff_says_so_and_the_figures_too(client: Client) -> None:
    client.force_login(make_staff(Role.REPRESENTATIVE))
    assert "No texts or calls are leaving" not in client.get("/staff/", follow=True).content.decode()
    assert b"ruleout_sending_stopped{" not in exposition()
    circuit.open_circuit("30002")
    page = client.get("/staff/", follow=True).content.decode()
    assert "No texts or calls are leaving" in page
    assert "30002" in page
    assert b'ruleout_sending_stopped{code="30002"} 1.0' in exposition()
    assert "No texts or calls are leaving" not in Client().get("/").content.decode()


@pytest.mark.parametrize("code", [10001, 20005, 90010])
def test_an_account_that_is_not_active_stops_all_likewise(carrier: Carrier, code: int) -> None:
    texts = [a_text_owed(good_for=timedelta(days=1)) for _ in range(2)]
    carrier.answers.append(Refused(code, 403))
    send_due()
    assert {status_of(each) for each in texts} == {"due"}
    assert Event.objects.get(kind="sending.stopped").codes == {"code": str(code)}


def test_a_receipt_that_is_told_again_stops_nothing_that_was_put_in_order(carrier: Carrier) -> None:
    message = a_text_owed()
    send_due()
    sid = carrier.texts[message.phone][-1].sid
    tells(sid, "failed", call=carrier.calls[-1], code="30002")
    assert circuit.opened() is not None
    operating.resume(SYSTEM)
    tells(sid, "failed", call=carrier.calls[-1], code="30002")
    assert circuit.opened() is None
