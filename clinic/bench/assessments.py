"""Triage, measured: decisions a second as an examiner gets them, and what an assessment costs over HTTP."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from random import Random
from typing import Any

from clinic.bench.bookings import PRODUCT, TRIVIAL
from clinic.bench.caller import Caller
from clinic.bench.errors import BenchFailed
from clinic.bench.turns import Contender
from clinic.local import places
from clinic.local.stack import Stack
from clinic.story.rule_out import ANSWERS

#: Enough that what the process needs to start is a small part of the whole.
LINES = 50_000
_SEED = 2026
_TRI = ("yes", "no", "unknown")


def decisions_a_second(stack: Stack, lines: int = LINES) -> float:
    """Feed `manage.py decide` so many different intakes; return decisions a second, its start included.

    Raises `BenchFailed` where it does not decide every one of them.
    """
    given = "\n".join(json.dumps(each) for each in islice(_intakes(), lines)).encode()
    since = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "decide"],
        cwd=places.CHECKOUT,
        env=stack.environment(),
        input=given,
        capture_output=True,
        check=False,
    )
    took = time.perf_counter() - since
    written = len(done.stdout.splitlines())
    if done.returncode or written != lines:
        raise BenchFailed(f"decide wrote {written:,} decisions for {lines:,} intakes.")
    return lines / took


def _intakes() -> Iterator[dict[str, Any]]:
    """Yield different intakes without end: the story's, with some answers drawn anew. Emergencies are few."""
    chance = Random(_SEED)  # noqa: S311 - a load to measure, no secret
    for _ in count():
        drawn: dict[str, Any] = {**ANSWERS, "patient": {"age": chance.randint(15, 90), "sex": chance.choice("FM")}}
        for group in ("symptoms", "wells", "context", "history"):
            drawn[group] = {key: chance.choice(_TRI) for key in _tri_state(group)}
        yield {**drawn, "onset_days": chance.randint(0, 40)}


def _tri_state(group: str) -> list[str]:
    answers = ANSWERS.get(group)
    return [key for key, value in answers.items() if value in _TRI] if isinstance(answers, dict) else []


class Assessments:
    """The ways of sending answers, for one client."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._number = count(1)

    def anonymous(self) -> list[Contender]:
        """Answers about nobody: the rules, what the network offers, and two rows that say so."""
        return self._against_trivial(self._of_nobody)

    def with_patient(self) -> list[Contender]:
        """Answers about a patient: besides, the patient, the episode, its clock and its first step."""
        return self._against_trivial(self._of_somebody)

    def _against_trivial(self, body: Any) -> list[Contender]:
        def product(client: int) -> None:
            answer = self._caller.answer("POST", "/api/v1/triage/assessments/", body())
            if answer["decision"]["disposition"] != "SAME_DAY_DVT_SCAN":
                raise BenchFailed(f"The story's answers came to {answer['decision']['disposition']}.")

        def trivial(client: int) -> None:
            self._caller.answer("POST", "/api/v1/trivial/", body())

        ready = self._caller.ready
        return [Contender(PRODUCT, product, ready), Contender(TRIVIAL, trivial, ready)]

    def _of_nobody(self) -> dict[str, Any]:
        return {"answers": ANSWERS, "zip": "20770"}

    def _of_somebody(self) -> dict[str, Any]:
        number = next(self._number)
        contact = {
            "given_name": "Ana",
            "family_name": f"Bench{number}",
            "phone": f"+1301{200 + number // 10_000:03d}{number % 10_000:04d}",
            "zip": "20770",
            "birth_date": "1968-03-09",
        }
        return {"answers": ANSWERS, "contact": contact}
