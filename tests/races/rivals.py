"""Many clients of one center over HTTP, and the one slot that they are all after."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import psycopg

from clinic.access import Permission
from clinic.bench.caller import Answer, Caller, new_token
from clinic.local.stack import Stack
from clinic.story.rule_out import ANSWERS
from scheduling import bits

CENTER = "C001"
SCOPES = (Permission.ASSESS, Permission.SEARCH_SLOTS, Permission.HOLD, Permission.BOOK, Permission.WAIT)
_NOBODY = (
    "UPDATE scheduling_resourceday SET shift = %s WHERE center_id = (SELECT id FROM clinic_center WHERE code = %s)"
)
_PAIR = """
SELECT (array_agg(d.id) FILTER (WHERE d.kind = 'room'))[1], (array_agg(d.id) FILTER (WHERE d.kind = 'sonographer'))[1]
FROM scheduling_resourceday d JOIN clinic_center c ON c.id = d.center_id
WHERE c.code = %s AND d."on" > (now() + (SELECT seconds FROM clinic_clockoffset) * interval '1 second')::date + 1
GROUP BY d."on" HAVING count(DISTINCT d.kind) FILTER (WHERE d.kind IN ('room', 'sonographer')) = 2
ORDER BY d."on" LIMIT 1
"""


@dataclass
class Rivals:
    """The clients, each with a patient who needs a scan; they call at the same moment."""

    callers: list[Caller]
    patients: list[dict[str, int]]
    pool: ThreadPoolExecutor

    def all_at_once(self, request: Callable[[Caller, dict[str, int]], Answer]) -> list[Answer]:
        """Let every client send its request when all are on the line; return the answers, in the clients' order."""
        start = Barrier(len(self.callers))

        def run(caller: Caller, patient: dict[str, int]) -> Answer:
            caller.ready()
            start.wait(timeout=60)
            return request(caller, patient)

        return list(self.pool.map(run, self.callers, self.patients))


@contextmanager
def gather(stack: Stack, count: int) -> Iterator[Rivals]:
    """So many clients, on connections that they keep, and a patient with an open episode for each."""
    token = new_token(stack.database_url, f"rivals of {stack.database}", SCOPES)
    callers = [Caller(stack.web_url, token) for _ in range(count)]
    try:
        patients = [_suspected(caller, number) for number, caller in enumerate(callers)]
        with ThreadPoolExecutor(count) as pool:
            yield Rivals(callers, patients, pool)
    finally:
        for caller in callers:
            caller.close()


def _suspected(caller: Caller, number: int) -> dict[str, int]:
    contact = {
        "given_name": "Ana",
        "family_name": f"Rival{number}",
        "phone": f"+1301555{number:04d}",
        "zip": "20770",
        "birth_date": "1968-03-09",
    }
    answer = caller.call("POST", "/api/v1/triage/assessments/", {"answers": ANSWERS, "contact": contact})
    assert answer.status == 201, answer.content
    return {"patient": answer.json["patient"], "episode": answer.json["episode"]}


def leave_one_slot(stack: Stack) -> None:
    """Take everybody at the center off duty, but for one room and one sonographer for half an hour at 13:00."""
    one_visit = bits.span(13 * 12, 13 * 12 + 6)
    with psycopg.connect(stack.database_url) as connection:
        connection.execute(_NOBODY, [bits.encode(0), CENTER])
        pair = connection.execute(_PAIR, [CENTER]).fetchone()
        assert pair is not None
        connection.execute(
            "UPDATE scheduling_resourceday SET shift = %s WHERE id = ANY(%s)", [bits.encode(one_visit), list(pair)]
        )


def free_slots(caller: Caller) -> list[dict[str, Any]]:
    """What a search offers at the center."""
    answer = caller.call("GET", f"/api/v1/slots/?visit_type=V10&center={CENTER}")
    assert answer.status == 200, answer.content
    found: list[dict[str, Any]] = answer.json["results"]
    return found
