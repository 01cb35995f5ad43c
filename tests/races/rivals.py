"""Many clients of one center over HTTP, and the one slot that they are all after."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Barrier
from typing import Any

import psycopg

from clinic.access import Permission
from clinic.bench.caller import Answer, Caller, new_token
from clinic.local.stack import WEB, Stack
from clinic.story.rule_out import ANSWERS
from scheduling import bits

CENTER = "C001"
_numbers = count()
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
_TAKEN_TWICE = """
SELECT a.id, b.id FROM scheduling_occupancy a JOIN scheduling_occupancy b
ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during WHERE a.live AND b.live
"""
_TWO_PLACES = """
SELECT a.id, b.id FROM scheduling_appointment a JOIN scheduling_appointment b
ON a.patient_id = b.patient_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
WHERE a.status IN ('booked', 'confirmed', 'arrived', 'in_progress')
AND b.status IN ('booked', 'confirmed', 'arrived', 'in_progress')
"""
_NOT_WHOLE = """
SELECT a.id, a.status FROM scheduling_appointment a JOIN scheduling_visittype v ON v.id = a.visit_type_id
LEFT JOIN scheduling_occupancy o ON o.appointment_id = a.id AND o.live AND lower(o.during) = a.starts_at
GROUP BY a.id, v.takes HAVING count(o.id) <> CASE WHEN a.status IN ('held', 'booked', 'confirmed', 'arrived',
'in_progress') THEN cardinality(v.takes) ELSE 0 END
"""
# Every visit of these races starts and ends on the five minutes.
_WRONG_MASK = """
SELECT d.id FROM scheduling_resourceday d LEFT JOIN scheduling_occupancy o ON o.day_id = d.id AND o.live
GROUP BY d.id HAVING bit_count(d.busy) <>
coalesce(sum(extract(epoch FROM upper(o.during) - lower(o.during)) / 300), 0)
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

    def some_at_once(self, requests: Sequence[Callable[[Caller], Any]]) -> list[Any]:
        """Let the first clients send a request each when all are on the line; return the answers in their order."""
        start = Barrier(len(requests))

        def run(caller: Caller, request: Callable[[Caller], Any]) -> Any:
            caller.ready()
            start.wait(timeout=60)
            return request(caller)

        return list(self.pool.map(run, self.callers, requests))


def posting(path: str, body: object) -> Callable[[Caller], Answer]:
    """A request to the API, to be sent when the moment comes."""
    return lambda caller: caller.call("POST", f"/api/v1/{path}", body)


@contextmanager
def gather(stack: Stack, clients: int) -> Iterator[Rivals]:
    """So many clients, on connections that they keep, and a patient with an open episode for each."""
    token = new_token(stack.database_url, f"rivals {next(_numbers)}", SCOPES)
    callers = [Caller(stack.web_url, token) for _ in range(clients)]
    try:
        patients = [_suspected(caller, next(_numbers)) for caller in callers]
        with ThreadPoolExecutor(clients) as pool:
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
    leave_one_pair(stack, CENTER, bits.span(13 * 12, 13 * 12 + 6))


def leave_one_pair(stack: Stack, center: str, shift: int) -> list[int]:
    """Take everybody at a center off duty, but for one room and one sonographer on one day; return these two days."""
    with psycopg.connect(stack.database_url) as connection:
        connection.execute(_NOBODY, [bits.encode(0), center])
        pair = connection.execute(_PAIR, [center]).fetchone()
        assert pair is not None
        connection.execute(
            "UPDATE scheduling_resourceday SET shift = %s WHERE id = ANY(%s)", [bits.encode(shift), list(pair)]
        )
        return list(pair)


def ask(stack: Stack, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What the rows say."""
    with psycopg.connect(stack.database_url) as connection:
        return connection.execute(query, parameters).fetchall()


def deadlocks(stack: Stack) -> int:
    """Deadlocks so far. A server process tells of its own when its client has gone, so the web server starts anew."""
    stack.restart(WEB)
    return int(ask(stack, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0])


def nothing_is_half_done(stack: Stack) -> None:
    """Assert that nothing and nobody is taken twice, that every live visit has a room and a sonographer or a clinician,
    that what has ended has nothing, and that every busy mask is what is taken."""
    for query in (_TAKEN_TWICE, _TWO_PLACES, _NOT_WHOLE, _WRONG_MASK):
        assert ask(stack, query) == [], query


def free_slots(caller: Caller, visit_type: str = "V10", center: str = CENTER) -> list[dict[str, Any]]:
    """What a search offers at a center."""
    answer = caller.call("GET", f"/api/v1/slots/?visit_type={visit_type}&center={center}&limit=200")
    assert answer.status == 200, answer.content
    found: list[dict[str, Any]] = answer.json["results"]
    return found
