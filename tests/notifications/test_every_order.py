"""Every sequence of what the provider may say, with repetition, ends where the same things in any other order end."""

from itertools import product

import pytest

from notifications.models import Message
from notifications.receipt_rank import CALL, TEXT, Rank, Said, verdict, verdict_of_call
from notifications.services.sending import send_due
from tests.notifications.carrier import Carrier, a_text_owed, status_of, tells

#: Twilio's statuses of a text and of a call, written down once more: the test shares no table with what it tests.
OF_A_TEXT = (
    "accepted",
    "scheduled",
    "queued",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "canceled",
    "read",
)
OF_A_CALL = ("queued", "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled")
LONGEST = 5
CODES = {"undelivered": "30003", "failed": "30008"}


def _text_ends(said: frozenset[str]) -> tuple[str, str]:
    """Where a text ends of which this was said, with its code, in whatever order."""
    if said & {"delivered", "read"}:
        return "delivered", ""
    if "undelivered" in said:
        return "undelivered", "30003"
    if said & {"failed", "canceled"}:
        return "failed", "30008" if "failed" in said else ""
    return "sent", ""


def _call_ends(said: frozenset[str]) -> tuple[str, str]:
    if "completed" in said:
        return "delivered", ""
    for status in ("busy", "no-answer", "failed"):
        if status in said:
            return "undelivered", CODES.get(status, status)
    return ("failed", "canceled") if "canceled" in said else ("sent", "")


def _come_to(order: tuple[str, ...], rank: Rank) -> tuple[str, str]:
    came_to = verdict([Said(status, CODES.get(status, "")) for status in order], rank)
    assert came_to is not None
    return came_to.status, came_to.code


@pytest.mark.parametrize("size", range(1, LONGEST + 1))
def test_every_sequence_of_a_texts_statuses_ends_by_what_was_said_alone(size: int) -> None:
    for order in product(OF_A_TEXT, repeat=size):
        assert _come_to(order, TEXT) == _text_ends(frozenset(order)), order


@pytest.mark.parametrize("size", range(1, LONGEST + 1))
def test_every_sequence_of_a_calls_statuses_ends_by_what_was_said_alone(size: int) -> None:
    for order in product(OF_A_CALL, repeat=size):
        assert _come_to(order, CALL) == _call_ends(frozenset(order)), order


#: What is kept of a call to a patient beside the provider's statuses: who took it, and a key that was pressed.
TAKEN = ("answered-human", "answered-unknown", "answered-machine", "pressed-1")


def _call_to_a_patient_ends(said: frozenset[str]) -> tuple[str, str]:
    """As any call, but that a patient was reached only where a person took it or pressed a key."""
    end = _call_ends(said)
    if end[0] != "delivered" or said & {"answered-human", "pressed-1"}:
        return end
    return "undelivered", "machine" if "answered-machine" in said else "not_heard"


@pytest.mark.parametrize("to_patient", [True, False])
@pytest.mark.parametrize("size", range(1, 5))
def test_every_sequence_of_what_is_said_of_a_call_and_in_it_ends_by_what_was_said_alone(
    size: int, to_patient: bool
) -> None:
    ends = _call_to_a_patient_ends if to_patient else _call_ends
    for order in product((*OF_A_CALL, *TAKEN), repeat=size):
        said = [Said(status, CODES.get(status, "")) for status in order]
        came_to = verdict_of_call(said, to_patient=to_patient)
        assert came_to is not None
        assert (came_to.status, came_to.code) == ends(frozenset(order)), order


def test_no_later_word_takes_an_end_back() -> None:
    """Each sequence, word by word: once a text has ended it does not go on, and a delivered one stays so."""
    better = ("sent", "failed", "undelivered", "delivered")
    for order in product(OF_A_TEXT, repeat=4):
        ends = [better.index(_come_to(order[:size], TEXT)[0]) for size in range(1, len(order) + 1)]
        assert ends == sorted(ends), order


@pytest.mark.django_db
def test_the_rows_end_where_the_rule_says_for_every_pair_and_every_three_that_matter(carrier: Carrier) -> None:
    matter = ("sent", "undelivered", "delivered")
    for order in (*product(OF_A_TEXT, repeat=2), *product(matter, repeat=3)):
        message = a_text_owed()
        send_due()
        sid, call = carrier.texts[message.phone][-1].sid, carrier.calls[-1]
        for status in order:
            tells(sid, status, call=call, code=CODES.get(status, ""))
        end, code = _text_ends(frozenset(order))
        assert (status_of(message), Message.objects.get(pk=message.pk).end_code) == (end, code), order
