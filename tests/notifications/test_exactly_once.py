"""Workers, sweeps, receipts and crashes in thousands of orders: each text comes to be once.

Nothing here runs at the same time as anything else: a seeded die says which of the parts moves next, and by how much
the clock goes on. Two workers claim, write attempts, call, hear or do not hear the answer, and die anywhere between. A
call that was begun may bring its text into being at any instant until it must be over. `make test` plays 30 schedules,
`make soak` 1,500.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from clinic import clock
from notifications import provider
from notifications.models import Attempt, Message
from notifications.provider import Accepted, Answer, NoAnswer, NotSent, Refused
from notifications.services import sending
from notifications.services.claiming import CALL, DELAY, LEASE, Claim, claim
from notifications.services.reconciling import ABSENT_AFTER, settle_unknown
from notifications.services.sending import send_due
from tests.notifications.carrier import Call, Carrier, a_text_owed, outcomes_of, status_of, tells
from tests.notifications.conftest import MachineTime

pytestmark = [pytest.mark.django_db, pytest.mark.soak]

SCHEDULES = 1500 if os.environ.get("RULEOUT_SOAK") else 30
MOVES = 150
RECEIPTS = ("queued", "sent", "delivered")


class _Begun(Exception):
    """The call has left; its answer is the die's to say."""


@dataclass
class Line:
    """One call on its way: its text may come to be until `until`, whether or not the worker lives."""

    call: Call
    until: datetime
    sid: str = ""


@dataclass
class Worker:
    """What one worker process has in hand."""

    claims: list[Claim] = field(default_factory=list)
    prepared: tuple[Attempt, str, timedelta] | None = None
    line: Line | None = None


@dataclass
class Schedule:
    """One run of the die over three texts, two of them to one number and in the same words."""

    die: random.Random
    machine: MachineTime
    carrier: Carrier
    workers: tuple[Worker, Worker]
    lines: list[Line] = field(default_factory=list)

    def play(self) -> None:
        """Let the parts move in the order that the die says."""
        moves: list[Callable[[Worker], None]] = [
            self.claims, self.prepares, self.prepares, self.calls, self.calls, self.answers, self.answers,
            self.dies, self.arrives, self.arrives, self.reports, self.sweeps, self.waits, self.waits,
        ]  # fmt: skip
        for _ in range(MOVES):
            self.die.choice(moves)(self.die.choice(self.workers))

    def claims(self, worker: Worker) -> None:
        if not worker.claims and worker.line is None and worker.prepared is None:
            worker.claims = claim(2)

    def prepares(self, worker: Worker) -> None:
        if worker.claims and worker.line is None and worker.prepared is None:
            worker.prepared = sending._prepare(worker.claims.pop(0))

    def calls(self, worker: Worker) -> None:
        """The worker goes on from its attempt to its call, unless it was held up for too long."""
        if worker.prepared is None:
            return
        attempt, body, valid_for = worker.prepared
        worker.prepared = None
        try:
            answer = sending._call(attempt, body, valid_for)
        except _Begun:
            worker.line = Line(self.carrier.calls[-1], self.machine.at + CALL)
            self.lines.append(worker.line)
        else:
            sending._record(attempt, answer)

    def arrives(self, _: Worker) -> None:
        """A text comes to be at the provider."""
        for line in self.lines:
            if not line.sid and self.machine.at <= line.until and self.die.random() < 0.5:
                line.sid = self.carrier.create(line.call)

    def answers(self, worker: Worker) -> None:
        """The worker hears the answer, a lie of a gateway, or nothing until its time is over."""
        if worker.line is None:
            return
        line, worker.line = worker.line, None
        possible: list[Answer] = [NoAnswer("readtimeout"), NoAnswer("http_503")]
        if line.sid:
            possible += [Accepted(line.sid, "queued")] * 2
        elif self.die.random() < 0.5:
            # Said by the provider, so nothing comes to be afterwards.
            possible = [Refused(20429, 429), NotSent("connection_refused")]
            self.lines.remove(line)
        sending._record(line.call.attempt, self.die.choice(possible))

    def dies(self, worker: Worker) -> None:
        if self.die.random() < 0.4:
            worker.claims, worker.prepared, worker.line = [], None, None

    def reports(self, _: Worker) -> None:
        told = [line for line in self.lines if line.sid]
        if told:
            line = self.die.choice(told)
            tells(line.sid, self.die.choice(RECEIPTS), call=self.die.choice([line.call, None]))

    def sweeps(self, _: Worker) -> None:
        self.carrier.silent = self.die.random() < 0.2
        settle_unknown()
        self.carrier.silent = False

    def waits(self, _: Worker) -> None:
        """Time passes: a moment, or as long as it takes to lose a lease or a text."""
        longest = self.die.choice([timedelta(seconds=1), DELAY, CALL, LEASE, ABSENT_AFTER])
        self.machine.go_on(self.die.random() * longest)
        for worker in self.workers:
            # A machine that slept hears of it later still, when its lease may be lost.
            if worker.line and self.machine.at > worker.line.until and self.die.random() < 0.7:
                line, worker.line = worker.line, None
                sending._record(line.call.attempt, NoAnswer("readtimeout"))

    def ends(self, messages: list[Message]) -> None:
        """The workers are gone; a new one finds a provider that answers, until nothing is left to do."""
        for _ in range(40):
            self.machine.go_on(ABSENT_AFTER)
            settle_unknown()
            clock.advance(timedelta(minutes=5))
            send_due()
            if all(status_of(each) in ("sent", "delivered", "failed") for each in messages):
                return
        raise AssertionError([status_of(each) for each in messages])


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_each_text_comes_to_be_once_in_every_order(
    seed: int, carrier: Carrier, machine: MachineTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = carrier.send

    def begins(**call: object) -> Answer:
        carrier.calls.append(Call(**call))  # type: ignore[arg-type]
        raise _Begun

    schedule = Schedule(random.Random(seed), machine, carrier, (Worker(), Worker()))
    first = a_text_owed(good_for=timedelta(days=30))
    messages = [first, *(a_text_owed(good_for=timedelta(days=30), phone=each) for each in (first.phone, ""))]
    monkeypatch.setattr(provider, "send", begins)
    schedule.play()
    monkeypatch.setattr(provider, "send", takes)
    schedule.ends(messages)
    failed = [each for each in messages if status_of(each) == "failed"]
    assert not failed, "five refusals in a row are beyond what the die can do"
    assert {number: len(texts) for number, texts in carrier.texts.items()} == {first.phone: 2, messages[2].phone: 1}
    for message in messages:
        # Nothing that was tried is left without an end, but where a worker died and a receipt was faster.
        *earlier, last = outcomes_of(message)
        assert all(earlier)
        assert {"accepted", "found"} & set(last) or status_of(message) == "delivered"
