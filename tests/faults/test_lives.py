"""Many patients live through anything at once while parts die and clocks jump: at the end nobody is lost.

`make test` lets 25 live, `make soak` 500. RULEOUT_LIVES names another number, RULEOUT_SEED the first of other lives.
"""

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
import redis
import requests
from celery import Celery

from clinic.beat import SWEEPS
from clinic.local.stack import BEAT, REDIS, WEB, WORKER, Stack
from clinic.pages.timeline import WORDS
from tests.clinical_words import clinical
from tests.faults.conftest import IMPATIENT
from tests.faults.lives import Life, Office
from tests.lost import lost_in, story_of
from tests.outage import eventually, without
from tests.told import Heard, listening, log_lines, texts

pytestmark = pytest.mark.soak
LIVES = int(os.environ.get("RULEOUT_LIVES") or (500 if os.environ.get("RULEOUT_SOAK") else 25))
FIRST = int(os.environ.get("RULEOUT_SEED") or 0)
#: How much happens to each, how many live at a time, and what befalls the processes per fifty of them.
TURNS, AT_ONCE = 18, 5
#: The clock is let run on, in minutes, while they live; and afterwards, so that everything falls due.
MEANWHILE = (3, 20, 45)
AFTERWARDS = (26 * 60, 9 * 24 * 60)
_TAKEN_TWICE = """
SELECT a.id FROM scheduling_occupancy a JOIN scheduling_occupancy b
ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during WHERE a.live AND b.live
"""
_HELD_BY_THE_CHECK = """
SELECT plan_code, episode_id FROM clinic_step
WHERE kind = 'loose_end' AND status IN ('open', 'scheduled', 'escalated')
"""


@dataclass
class Lived:
    """What came of it."""

    stack: Stack
    office: Office
    heard: Heard


def _jump(stack: Stack, minutes: int) -> None:
    """Move every process's clock at once, with nothing done on the way: as after an outage of all of them."""
    with psycopg.connect(stack.database_url) as connection:
        connection.execute("UPDATE clinic_clockoffset SET seconds = seconds + %s", [minutes * 60])


def _sweep(stack: Stack) -> None:
    """Have everything swept now, as beat asks for it within five minutes."""
    with Celery(broker=stack.redis_url, set_as_current=False) as sweeps:
        for name in SWEEPS:
            sweeps.send_task(name, expires=30, ignore_result=True)


def _settles(stack: Stack) -> None:
    """Wait until nothing that is due waits to be done."""

    waiting: list[str] = []

    def over() -> bool:
        told = requests.get(f"{stack.web_url}/metrics", timeout=30).text
        waiting[:] = [line for line in told.splitlines() if line.startswith("ruleout_due_work{")]
        return not waiting

    def swept() -> bool:
        _sweep(stack)
        try:
            return eventually(over, seconds=3, every=0.2)
        except AssertionError:
            return False

    try:
        eventually(swept, seconds=120)
    except AssertionError:
        worker = stack.children.output(WORKER, 40)
        raise AssertionError(f"Still due: {waiting}; worker alive: {stack.alive(WORKER)}\n{worker}") from None


def _befall(stack: Stack, chance: random.Random, running: list[Future[None]]) -> None:
    """While they live, kill what can be killed and let the clock jump; every kind at least once."""
    while True:
        for part in chance.sample((WEB, WORKER, REDIS, BEAT, "forget", "jump", "jump"), 7):
            time.sleep(chance.uniform(0.1, 0.8))
            if part == "jump":
                _jump(stack, chance.choice(MEANWHILE))
            elif part == "forget":
                with redis.Redis.from_url(stack.redis_url) as broker:
                    broker.flushall()
            else:
                assert stack.alive(part), f"{part} ended by itself:\n{stack.children.output(part, 60)}"
                with without(stack, part):
                    time.sleep(chance.uniform(0, 0.5))
        if all(life.done() for life in running):
            return


def _live(office: Office, seed: int) -> None:
    life = Life(office, seed)
    life.begin()
    for _ in range(TURNS):
        life.turn()


@pytest.fixture(scope="module")
def lived(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[Lived]:
    """A town whose patients have lived, and in which everything that was due is done."""
    stack = new_stack(morning_template, env=IMPATIENT)
    requests.post(f"{stack.twilio_url}/_local/latency", json={"answer_ms": 0, "step_ms": 50}, timeout=10)
    with listening() as heard, ThreadPoolExecutor(AT_ONCE) as pool:
        office = Office(stack)
        running = [pool.submit(_live, office, seed) for seed in range(FIRST, FIRST + LIVES)]
        _befall(stack, random.Random(FIRST + LIVES), running)
        for life in running:
            life.result()
    for minutes in AFTERWARDS:
        _settles(stack)
        _jump(stack, minutes)
    _settles(stack)
    yield Lived(stack, office, heard)
    stack.close()


def test_nobody_is_lost_whatever_happened(lived: Lived) -> None:
    url = lived.stack.database_url
    lost = lost_in(url)
    assert lost == [], "\n\n".join(story_of(url, episode) for _, episode, _ in lost)
    assert json.loads(lived.stack.manage("reconcile", "--json", capture=True)) == {"lost": []}


def test_nobody_is_held_by_nothing_but_the_check(lived: Lived) -> None:
    def held() -> list[tuple[str, int]]:
        _sweep(lived.stack)
        with psycopg.connect(lived.stack.database_url) as connection:
            return connection.execute(_HELD_BY_THE_CHECK).fetchall()

    eventually(lambda: not held(), seconds=30, every=0.5)


def test_no_resource_is_taken_twice(lived: Lived) -> None:
    with psycopg.connect(lived.stack.database_url) as connection:
        assert connection.execute(_TAKEN_TWICE).fetchall() == []


def test_no_request_broke(lived: Lived) -> None:
    assert lived.office.broken == []


def test_everything_that_may_happen_did(lived: Lived) -> None:
    everything = {"intake", "hold", "book", "reschedule", "cancel", "check-in", "start", "complete", "preliminary"}
    everything |= {
        "final",
        "amend",
        "call",
        "send",
        "step done",
        "step attempt",
        "step reassign",
        "reply",
        "close",
        "ask signs",
    }
    assert everything - set(lived.office.did) == set()


def test_everything_that_happened_is_told_in_plain_words_on_its_timeline(lived: Lived) -> None:
    with psycopg.connect(lived.stack.database_url) as connection:
        rows = connection.execute("SELECT DISTINCT kind FROM clinic_event WHERE episode_id IS NOT NULL").fetchall()
    assert {kind for (kind,) in rows} - set(WORDS) == set()


def test_nothing_that_was_said_or_logged_tells_of_anybodys_health(lived: Lived) -> None:
    said, logged = texts(lived.stack), log_lines(lived.stack)
    assert len(said) >= LIVES
    assert any("celery" in line for line in logged)
    assert clinical(said) == []
    assert clinical(logged) == []
    assert clinical(lived.heard.urls | lived.heard.titles) == []
