"""How a run's processes are stopped: those that serve first, then Redis, PostgreSQL last."""

import signal
from collections.abc import Collection

from clinic.local import pids

POSTGRES = "postgres"
REDIS = "redis"
# Seconds given to each signal. PostgreSQL: a fast shutdown, then an immediate one, and only then the hard way.
_POSTGRES_STEPS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 3.0))
_OTHER_STEPS = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 3.0))


def stop(name: str, found: Collection[int]) -> None:
    """Stop the processes of one name, politely and then not; returns when they are gone."""
    left = set(found)
    for number, seconds in _POSTGRES_STEPS if name == POSTGRES else _OTHER_STEPS:
        for pid in left:
            # Only the postmaster is told to stop: it stops its own children in order.
            pids.send(pid, number, group=name != POSTGRES)
        left = pids.wait_gone(left, seconds)
        if not left:
            return


def stop_all(found: dict[str, set[int]]) -> None:
    """Stop everything that a run started, in the order that loses nothing."""
    serving = {pid for name, group in found.items() if name not in {POSTGRES, REDIS} for pid in group}
    stop("serving", serving)
    for name in (REDIS, POSTGRES):
        stop(name, found.get(name, set()))
