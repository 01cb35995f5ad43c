"""Each fault does to the caller what the real network does."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from requests.exceptions import ConnectionError as ConnectionLost
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioRestException

from notifications.local_twilio.faults import CREATE_FAULTS, RECEIPT_FAULTS, Fault, Plan, parse_all
from notifications.local_twilio.server import LocalTwilio
from tests.notifications.line import SENDER, ask, running_line, sdk, tell

PHONE = "+12025550101"


@pytest.fixture
def line() -> Iterator[LocalTwilio]:
    with running_line() as server:
        yield server


def send(line: LocalTwilio, body: str = "Hello", timeout_s: float = 0.3) -> Any:
    return sdk(line, timeout_s=timeout_s).messages.create(to=PHONE, from_=SENDER, body=body)


def arrived(line: LocalTwilio) -> list[str]:
    return [message.body for message in sdk(line).messages.list(to=PHONE)]


@pytest.mark.parametrize(
    ("fault", "error", "created"),
    [
        ("hang_after_create", ReadTimeout, True),
        ("hang_before_create", ReadTimeout, False),
        ("hang_after_create:0", ConnectionLost, True),
        ("reset_after_create", ConnectionLost, True),
        ("reset_before_create", ConnectionLost, False),
        ("late_answer:5", ReadTimeout, True),
    ],
)
def test_an_unknown_outcome_is_known_to_the_list(
    line: LocalTwilio, fault: str, error: type[Exception], created: bool
) -> None:
    tell(line, "/_local/faults", {"queue": [fault]})
    with pytest.raises(error):
        send(line)
    assert arrived(line) == (["Hello"] if created else [])
    assert send(line, "the next is untouched").status == "queued"


def test_a_late_create_appears_after_the_caller_gave_up(line: LocalTwilio) -> None:
    tell(line, "/_local/faults", {"queue": ["late_create:0.5"]})
    with pytest.raises(ReadTimeout):
        send(line)
    assert arrived(line) == []
    time.sleep(0.4)
    assert arrived(line) == ["Hello"]


@pytest.mark.parametrize(
    ("fault", "status", "code", "created"),
    [
        ("429", 429, 20429, False),
        ("500", 500, 20500, False),
        ("503", 503, 20503, False),
        (
            "502",
            502,
            502,
            False,
        ),  # a gateway answers no JSON: then the SDK takes the HTTP status for the code
        ("503_after_create", 503, 20503, True),
        ("error:30002", 400, 30002, False),
        ("error:21611", 400, 21611, False),
    ],
)
def test_a_refusal_carries_its_code(line: LocalTwilio, fault: str, status: int, code: int, created: bool) -> None:
    tell(line, "/_local/faults", {"queue": [fault]})
    with pytest.raises(TwilioRestException) as refused:
        send(line)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert bool(arrived(line)) is created


def test_faults_of_a_number_and_of_the_queue(line: LocalTwilio) -> None:
    tell(line, "/_local/faults", {"queue": ["none", "429"], "numbers": {PHONE: ["error:21614"]}})
    assert send(line).status == "queued"
    for code in (20429, 21614, 21614):
        with pytest.raises(TwilioRestException) as refused:
            send(line)
        assert refused.value.code == code
    tell(line, "/_local/faults", {})
    assert send(line).status == "queued"


def test_a_seeded_plan_repeats_whatever_the_order_of_the_numbers() -> None:
    rates = {Fault.parse("429"): 0.3, Fault.parse("reset_after_create"): 0.3, Fault.parse("duplicate"): 0.3}
    numbers = [f"+1202555{n:04}" for n in range(100, 150)]
    first, second, other = Plan(rates=rates, seed=1), Plan(rates=rates, seed=1), Plan(rates=rates, seed=2)
    drawn = {number: [first.draw(number) for _ in range(3)] for number in numbers}
    again = {number: [second.draw(number) for _ in range(3)] for number in reversed(numbers)}
    assert drawn == again
    assert drawn != {number: [other.draw(number) for _ in range(3)] for number in numbers}
    flat = [faults for each in drawn.values() for faults in each]
    assert all(sum(fault.at_create for fault in faults) <= 1 for faults in flat)
    assert {fault.kind for faults in flat for fault in faults} == {"429", "reset_after_create", "duplicate"}


def test_every_fault_can_be_named() -> None:
    assert {Fault.parse(kind).kind for kind in CREATE_FAULTS | RECEIPT_FAULTS} == CREATE_FAULTS | RECEIPT_FAULTS
    assert parse_all(["none", "delay:2.5"]) == (Fault("delay", 2.5),)


@pytest.mark.parametrize(
    "plan",
    [
        {"queue": ["hang_sometimes"]},
        {"queue": ["delay:soon"]},
        {"queue": ["delay:-1"]},
        {"queue": ["delay:nan"]},
        {"queue": [5]},
        {"rates": {"429": 2}},
        {"rates": ["429"]},
        {"que": []},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_and_changes_nothing(line: LocalTwilio, plan: dict[str, Any]) -> None:
    tell(line, "/_local/faults", {"queue": ["429"]})
    assert tell(line, "/_local/faults", plan) == 400
    assert ask(line, "/healthz")["faults_left"] == 1
