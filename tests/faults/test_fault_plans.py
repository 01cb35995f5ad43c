"""Seeded plans of everything that can go wrong with a text: each reaches its phone exactly once, or is a person's.

The provider fails in every way, before and after it has taken a text, and tells of it twice, late, in any order or not
at all. Workers die at every line at which it matters; the broker forgets everything and dies; the database is
restarted and killed. `make test` plays one plan over 200 messages, `make soak` ten, each on a stack of its own;
RULEOUT_PLAN plays the plan of one seed.
"""

import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import requests

from clinic.local import places
from clinic.local.postgres import Postgres
from clinic.local.stack import PROGRAMS, WORKER
from notifications.local_twilio.faults import RECEIPT_FAULTS, Fault
from tests.conftest import TEST_ENVIRONMENT
from tests.faults.conftest import IMPATIENT
from tests.faults.deadly import LINES, POLLED, VARIABLE
from tests.faults.durable import durable_stack
from tests.faults.storm import OUTAGES, Storm
from tests.faults.stubborn import Stubborn
from tests.faults.test_provider_faults import RATES, SILENT
from tests.faults.town import OPEN, PATIENCE, Town, settled_in
from tests.lost import lost_in
from tests.outage import eventually

pytestmark = pytest.mark.soak
MESSAGES = 200
PLANS = range(10) if os.environ.get("RULEOUT_SOAK") else range(1)
SEEDS = [int(seed)] if (seed := os.environ.get("RULEOUT_PLAN", "")) else list(PLANS)
#: Many receipts get lost, and of the first texts both the answer and what is told of them: those must be looked for.
FAULTS: dict[str, Any] = {"rates": {**RATES, "drop": 0.3}, "queue": SILENT * 3}
#: Once the storm is over only what is told of them goes wrong.
RECEIPTS = {fault: rate for fault, rate in FAULTS["rates"].items() if Fault.parse(fault).kind in RECEIPT_FAULTS}
#: One visit of so many is cancelled at once: another text to the same number, and the first may not be true any more.
CANCELLED = 5
_NOW = "now() + make_interval(secs => coalesce((SELECT seconds FROM clinic_clockoffset), 0))"
_STANDING = f"SELECT status, count(*) FROM notifications_message WHERE due_at <= {_NOW} GROUP BY status"
_OPEN = f"""
SELECT m.id, m.purpose, m.status, m.claimed_at, m.due_at, m.sent_at, (
    SELECT array_agg(o.kind || ' ' || o.code ORDER BY o.id) FROM notifications_attempt a
    JOIN notifications_attemptoutcome o ON o.attempt_id = a.id WHERE a.message_id = m.id
) FROM notifications_message m WHERE m.due_at <= {_NOW} AND m.status = ANY(%s) ORDER BY m.id
"""
_TICK = "UPDATE clinic_clockoffset SET seconds = seconds + %s"
_OWED = f"""
SELECT m.id, m.phone, m.purpose, m.status, m.end_code, (
    SELECT count(*) FROM clinic_step s
    WHERE s.episode_id = m.episode_id AND s.kind = 'contact' AND s.status IN ('open', 'escalated')
) FROM notifications_message m WHERE m.due_at <= {_NOW} ORDER BY m.id
"""
_TAKEN = """
SELECT o.provider_sid, array_agg(DISTINCT a.message_id), array_agg(DISTINCT a.body_sha256)
FROM notifications_attemptoutcome o JOIN notifications_attempt a ON a.id = o.attempt_id
WHERE o.provider_sid <> '' GROUP BY o.provider_sid
"""
_WITHOUT_END = """
SELECT a.id FROM notifications_attempt a
WHERE NOT EXISTS (SELECT FROM notifications_attemptoutcome o WHERE o.attempt_id = a.id)
"""


@dataclass
class Plan:
    """A seed, the town that it befalls, and the storm."""

    seed: int
    town: Town
    storm: Storm

    def books(self) -> None:
        """Have patients book, and some of them cancel, until enough is owed and the storm is over."""
        owed = 0
        while owed < MESSAGES or not self.storm.over.is_set():
            booked = self.town.books()
            assert booked.status == 201, booked.content
            owed += 1
            # Spread over the storm, and no more of them than it takes.
            time.sleep(0.1 if owed < MESSAGES else 0.5)
            if owed >= MESSAGES:
                # What nobody came to yet needs a text of which nothing tells: there are enough of them from now on.
                self.town.faults(rates=FAULTS["rates"], queue=SILENT, seed=self.seed + owed)
            if owed % CANCELLED == 0:
                path = f"/api/v1/appointments/{booked.json['id']}/cancel/"
                cancelled = self.town.caller.call("POST", path, {"reason": "patient"})
                assert cancelled.status == 200, cancelled.content
                owed += 1

    def settles(self, *, but_for: str = "", sweeps: tuple[str, ...] = ("settle_unknown", "send_due")) -> None:
        """Sweep until nothing that is due is open; what waits for its next try is due soon: the clock is let run."""

        def over() -> bool:
            self.town.sweep(*sweeps)
            self._goes_on(10)
            return not set(self._standing()) & (set(OPEN) - {but_for})

        try:
            eventually(over, seconds=2 * PATIENCE, every=0.3)
        except AssertionError:
            alive = {name: self.town.stack.alive(name) for name in PROGRAMS}
            words = self.town.stack.last_words(WORKER, 40)
            found = self.town.rows(_OPEN, list(OPEN))
            raise AssertionError(f"seed {self.seed}: still open: {found}; alive: {alive}\n{words}") from None

    def asks_an_hour_later(self) -> None:
        """Let an hour pass, and workers die while they ask about every text whose receipt is missing."""
        self._goes_on(3700)
        with ThreadPoolExecutor(1) as thread:
            deaths = thread.submit(self.storm.blow, POLLED)
            self.settles(sweeps=("poll_receipts", "settle_unknown", "send_due"))
            # The lines at which nobody died yet wait for a text whose receipt gets lost.
            while not deaths.done():
                self.town.faults(queue=["drop"])
                assert self.town.books().status == 201
                self.settles(but_for="sent")
                self._goes_on(3700)
                self.settles(sweeps=("poll_receipts",))
            deaths.result()

    def _standing(self) -> Counter[str]:
        return Counter(dict(self.town.rows(_STANDING)))

    def _goes_on(self, seconds: int) -> None:
        with psycopg.connect(self.town.stack.database_url) as connection:
            connection.execute(_TICK, [seconds])

    def at_the_phones(self) -> dict[str, dict[str, Any]]:
        """Every text of ours that the provider has, by its id."""
        answer = requests.get(f"{self.town.stack.twilio_url}/_local/messages", timeout=30).json()
        return {row["sid"]: row for row in answer["messages"] if row["direction"] == "outbound-api"}


@pytest.fixture(params=SEEDS, ids="RULEOUT_PLAN={}".format)
def plan(request: pytest.FixtureRequest, server: Postgres, morning_template: str) -> Iterator[Plan]:
    """A stack of its own for each plan: a database server that can be killed, and processes that can die."""
    state = places.STATE / f"{server.state.name}-plan-{os.getpid()}-{request.param}"
    folder = state / "dies"
    deadly = {"DJANGO_SETTINGS_MODULE": "tests.faults.deadly_settings", VARIABLE: str(folder)}
    environment = {**TEST_ENVIRONMENT, **IMPATIENT, **deadly}
    with durable_stack(state, server.url(morning_template), environment) as stack, settled_in(stack) as town:
        folder.mkdir()
        town.caller = Stubborn(stack.web_url, town.token)
        town.pace(answer_ms=5, step_ms=50)
        town.faults(**FAULTS, seed=request.param)
        yield Plan(request.param, town, Storm(stack, folder, random.Random(request.param)))
        town.caller.close()


def test_each_owed_message_reaches_its_phone_once_or_ends_in_a_step_for_a_person(plan: Plan) -> None:
    with ThreadPoolExecutor(1) as thread:
        storm = thread.submit(plan.storm.blow, LINES, OUTAGES)
        plan.books()
        storm.result()
    plan.town.faults(rates=RECEIPTS, seed=plan.seed)
    plan.settles(but_for="sent")
    plan.asks_an_hour_later()
    _each_once_or_a_persons(plan)
    _nothing_at_the_phones_that_we_do_not_know_of(plan)
    _nobody_is_lost(plan)


def _each_once_or_a_persons(plan: Plan) -> None:
    """By the owed rows: a delivered one has one text at its phone; any other a step, or nothing left to say."""
    texts, owed = plan.at_the_phones(), plan.town.rows(_OWED)
    came: defaultdict[int, list[str]] = defaultdict(list)
    for sid, messages, _ in plan.town.rows(_TAKEN):
        assert len(messages) == 1, f"seed {plan.seed}: {sid} counts for {messages}"
        came[messages[0]].append(sid)
    assert len(owed) >= MESSAGES
    for message, phone, purpose, status, code, asked in owed:
        seen = f"seed {plan.seed}: message {message} ({purpose}) is {status} {code}, at the phone {came[message]}"
        assert len(came[message]) <= 1, seen
        if status == "delivered":
            [sid] = came[message]
            assert (texts[sid]["to"], texts[sid]["status"]) == (phone, "delivered"), seen
        elif status == "cancelled":
            # It was not true any more: the visit had been cancelled before it left.
            assert (purpose, came[message]) == ("booking_confirmation", []), seen
            assert code in {"cancelled", "visit_cancelled"}, seen
        else:
            assert status in {"failed", "undelivered", "suppressed"}, seen
            assert asked == 1, f"{seen}, asked of {asked} persons"
    assert plan.town.rows(_WITHOUT_END) == []


def _nothing_at_the_phones_that_we_do_not_know_of(plan: Plan) -> None:
    known = {sid for sid, _, _ in plan.town.rows(_TAKEN)}
    assert set(plan.at_the_phones()) == known


def _nobody_is_lost(plan: Plan) -> None:
    """Once what fell due within that hour is with whom it belongs, the product's own check finds nobody lost."""

    def none() -> bool:
        plan.town.sweeps.send_task("clinic.tasks.escalate_overdue", expires=5, ignore_result=True)
        return not lost_in(plan.town.stack.database_url)

    eventually(none, seconds=PATIENCE, every=1)
    assert json.loads(plan.town.stack.manage("reconcile", "--json", capture=True)) == {"lost": []}
