"""Moving the clock of the demo and of the tests: from one due time to the next, each worked off before going on."""

import time
from datetime import datetime, timedelta

from clinic import agenda, clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid

#: How long the workers may take for what is due at one instant, in seconds of real time.
PATIENCE = 30.0
#: The furthest that one move may go.
FURTHEST = timedelta(days=400)


def advance_to(actor: Actor, *, to: datetime) -> dict[str, object]:
    """Move every process's clock to an instant, stopping wherever something falls due until the workers have done it.

    Raises `Invalid` for an instant in the past or too far away, and `Conflict` (code ``work_is_stuck``) where the
    workers do not get done: the clock then stays at that stop.
    """
    require(actor, Permission.MOVE_CLOCK)
    start = clock.now()
    if not start < to <= start + FURTHEST:
        raise Invalid(fields={"to": f"Choose an instant after now and at most {FURTHEST.days} days ahead."})
    stops = 0
    _drain()
    while (due := agenda.next_due(clock.now())) is not None and due < to:
        clock.advance(max(due - clock.now(), timedelta(0)) + timedelta(seconds=1))
        stops += 1
        _drain()
    clock.advance(max(to - clock.now(), timedelta(0)))
    _drain()
    in_transaction(lambda: events.record("clock.moved", actor=actor, codes={"stops": stops}))
    return {"now": clock.now(), "stops": stops}


def _drain() -> None:
    """Do what is due, and wait until the workers have done the rest."""
    deadline = time.monotonic() + PATIENCE
    agenda.sweep()
    while left := agenda.waiting():
        if time.monotonic() > deadline:
            raise Conflict(
                "Work that is due was not done in time; are the worker and beat running?",
                code="work_is_stuck",
                extra={"waiting": left},
            )
        time.sleep(0.05)
        agenda.sweep()
