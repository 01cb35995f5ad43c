"""The course of texts: how many a worker process sends, and how long one that can't wait does while thousands wait."""

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

import psycopg

from clinic.bench.errors import BenchFailed
from clinic.bench.owed import Owed
from clinic.bench.results import Figure, Results
from clinic.local.stack import BEAT, WORKER, Stack

#: How long the local Twilio takes to answer.
ANSWER_MS = 50
REMINDER, CONFIRMATION = "visit_reminder", "booking_confirmation"
#: For each round: reminders that wait, and texts that can't; the latter come one by one, so many a second.
_REMINDERS, _URGENT, _A_SECOND = 50, 1, 5
#: Seconds until the worker is at work with all it has.
_WARM_UP = 5.0
_PATIENCE = 120.0


def run(stack: Stack, results: Results, *, rounds: int) -> None:
    """Measure. Raises `BenchFailed` where a text is not sent, or twice."""
    _ask(stack, "latency", {"answer_ms": ANSWER_MS})
    with psycopg.connect(stack.database_url, autocommit=True) as database:
        owed, urgent = Owed(database), max(_URGENT * rounds, _A_SECOND)
        owed.owe(REMINDER, count=_REMINDERS * rounds, urgent=False)
        database.execute("VACUUM ANALYZE")
        with _at_work(stack):
            _wait_for(owed, REMINDER, 1)
            time.sleep(min(_WARM_UP, rounds / 10))
            since = owed.now()
            for _ in range(urgent):
                owed.owe(CONFIRMATION, count=1, urgent=True)
                time.sleep(1 / _A_SECOND)
            until, left = owed.now(), owed.standing(REMINDER).due
            _wait_for(owed, CONFIRMATION, urgent)
        _check_once_each(stack, owed)
        rate = owed.taken_between(since, until) / (until - since).total_seconds()
        waited = owed.waited(CONFIRMATION)
    results.tell(Figure("texts", f"One worker process, {ANSWER_MS} ms a call, sends", rate, "texts a second"))
    what = f"A text that can't wait, with {left:,} or more before it, leaves after"
    results.tell(Figure("urgent_median", f"{what}, median", 1000 * median(waited), "ms"))
    results.tell(Figure("urgent_p99", f"{what}, 99 of 100", 1000 * quantiles(waited, n=100)[-1], "ms"))


@contextmanager
def _at_work(stack: Stack) -> Iterator[None]:
    """One worker process, and what asks it to sweep."""
    for name in (WORKER, BEAT):
        stack.start(name)
    try:
        yield
    finally:
        for name in (BEAT, WORKER):
            stack.stop(name)


def _wait_for(owed: Owed, purpose: str, count: int) -> None:
    """Wait until so many texts of a purpose were taken."""
    until = time.monotonic() + _PATIENCE
    while owed.standing(purpose).taken < count:
        if time.monotonic() > until:
            raise BenchFailed(f"Of the texts {count} were not taken in time: {purpose}, {owed.standing(purpose)}.")
        time.sleep(0.1)


def _check_once_each(stack: Stack, owed: Owed) -> None:
    """Compare the phones with the rows: what was taken is there, and nothing is there twice."""
    texts = Counter(row["to"] for row in _ask(stack, "messages")["messages"])
    taken = sum(owed.standing(purpose).taken for purpose in (REMINDER, CONFIRMATION))
    if max(texts.values(), default=0) > 1:
        raise BenchFailed("A phone got a text twice.")
    if len(texts) < taken:
        raise BenchFailed(f"{taken} texts count as taken, {len(texts)} phones got one.")


def _ask(stack: Stack, door: str, body: object = None) -> Any:
    """Ask a local door of the local Twilio."""
    content = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{stack.twilio_url}/_local/{door}", content, timeout=60) as answer:  # noqa: S310
        return json.loads(answer.read())
