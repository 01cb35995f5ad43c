"""The broker dies, hangs, or forgets everything: bookings go on as if nothing were, and every owed text leaves once."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from django.conf import settings

from clinic.local.stack import REDIS, WORKER, Stack
from tests.faults.town import Town
from tests.outage import without

#: What a request that waited for a silent broker would take at least, in seconds.
BROKER_PATIENCE = settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_connect_timeout"]
BOOKINGS = 5
DEATHS = 40 if os.environ.get("RULEOUT_SOAK") else 2


@contextmanager
def _frozen(stack: Stack, name: str) -> Iterator[None]:
    """Let one part of the stack hang: it takes connections and answers nothing."""
    os.kill(stack.pid(name), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(stack.pid(name), signal.SIGCONT)


def _book_without_waiting(town: Town) -> None:
    for _ in range(BOOKINGS):
        body = town.registers()
        before = time.monotonic()
        assert town.book(body).status == 201
        assert time.monotonic() - before < BROKER_PATIENCE, "the request waited for the broker"


def _is_owed(town: Town) -> bool:
    return sum(town.standing().values()) == len(town.phones)


def test_bookings_go_on_without_a_broker_and_their_texts_leave_when_it_is_back(town: Town) -> None:
    with without(town.stack, REDIS):
        _book_without_waiting(town)
        assert _is_owed(town)
    town.all_got_their_text_once()


def test_bookings_go_on_while_the_broker_hangs(town: Town) -> None:
    with _frozen(town.stack, REDIS):
        _book_without_waiting(town)
        assert _is_owed(town)
    town.all_got_their_text_once()


def test_a_broker_that_forgets_everything_loses_no_text(town: Town) -> None:
    with redis.Redis.from_url(town.stack.redis_url) as broker:
        for _ in range(BOOKINGS):
            assert town.books().status == 201
            broker.flushall()
    town.all_got_their_text_once()


def test_the_worker_outlives_brokers_that_die_while_it_has_work_in_hand(town: Town) -> None:
    for _ in range(DEATHS):
        # More than the worker's threads do at once: the rest is taken, and not begun.
        for _ in range(40):
            town.sweep("send_due")
        with without(town.stack, REDIS):
            assert town.books().status == 201
        assert town.stack.alive(WORKER)
    town.all_got_their_text_once()
    assert town.stack.alive(WORKER)
