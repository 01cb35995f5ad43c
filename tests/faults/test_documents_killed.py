"""Kill -9 the worker in the midst of its requests to the carrier of documents, and have the carrier misbehave as well:
each office gets each report once, and nothing is left open.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import requests

from clinic.local.stack import BEAT, CARRIER, WEB, WORKER, Stack
from tests.outage import eventually, without

pytestmark = pytest.mark.soak
DEATHS = 6 if os.environ.get("RULEOUT_SOAK") else 1
#: Seconds of real time that all of it may take on a busy machine.
PATIENCE = 120.0
IMPATIENT = {
    "DOCUMENT_CARRIER_TIMEOUT_SECONDS": "1.5",
    "DOCUMENT_ABSENT_AFTER_SECONDS": "4.5",
    "DOCUMENT_RECEIPT_AFTER_SECONDS": "3",
}
FAULTS = (
    "hang_after:20",
    "hang_before:20",
    "reset_before",
    "reset_after",
    "late_create:3",
    "500",
    "500_after",
    "429",
    "drop",
    "duplicate",
    "delay:2",
    "failed_then_delivered:not_a_fax",
)
#: Signed reports of referred patients, made by the services themselves in a process of the stack.
_SIGN = """
import itertools
from tests import kernel
kernel._numbers = itertools.count({first})
from tests.notifications.documents import signed
for number in range({count}):
    signed(fax=f"301-555-{{{first} + number:04d}}")
"""


@pytest.fixture(scope="module")
def stack(new_stack: Callable[..., Stack], morning_template: str) -> Iterator[Stack]:
    found = new_stack(morning_template, parts=(CARRIER, WEB, WORKER, BEAT), env=IMPATIENT)
    yield found
    found.close()


def _rows(stack: Stack, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.database_url) as connection:
        return connection.execute(query).fetchall()


def _unconfirmed(stack: Stack) -> list[tuple[Any, ...]]:
    return _rows(stack, "SELECT address, status FROM notifications_delivery WHERE status <> 'confirmed'")


def _jobs(stack: Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(f"{stack.carrier_url}/_local/jobs", timeout=10).json()["jobs"]
    return found


@pytest.mark.parametrize("seed", range(DEATHS))
def test_deaths_and_faults_neither_lose_nor_repeat_a_document(stack: Stack, seed: int) -> None:
    die = random.Random(seed)
    faults = list(FAULTS)
    die.shuffle(faults)
    plan = {"queue": faults}
    requests.post(f"{stack.carrier_url}/_local/faults", json=plan, timeout=10).raise_for_status()
    first = 1000 + 100 * seed
    stack.manage("shell", "-c", _SIGN.format(count=len(FAULTS), first=first), capture=True)
    for _ in range(2):
        time.sleep(die.uniform(1, 4))
        with without(stack, WORKER):
            pass
    eventually(lambda: not _unconfirmed(stack), seconds=PATIENCE)
    ours = {f"+1301555{first + number:04d}" for number in range(len(FAULTS))}
    arrived = {job["to"]: job["arrived"] for job in _jobs(stack) if job["to"] in ours}
    assert arrived == dict.fromkeys(ours, 1)
    notices = _rows(stack, "SELECT sent_to, count(*) FROM clinic_referrernotice GROUP BY sent_to HAVING count(*) > 1")
    assert notices == []
