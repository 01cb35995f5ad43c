"""The embedded PostgreSQL for the life of one command, shared with a running demo or another command."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic.local import places, postgres
from clinic.local.errors import AlreadyRunning
from clinic.local.stack import Stack


@contextmanager
def database(state: Path = places.DEMO_STATE) -> Iterator[str]:
    """Put the URL of the checkout's own database into the environment; start its server if it is not up."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    with _user(state) as everyone:
        stack = Stack(state, parts=(), redis_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
        try:
            stack.__enter__()
        except AlreadyRunning:
            url = postgres.running_url(state)
            if not url:
                raise
            os.environ["DATABASE_URL"] = url
            yield url
            return
        try:
            os.environ["DATABASE_URL"] = stack.database_url
            yield stack.database_url
        finally:
            # Other commands may have found this server; it leaves with the last of them.
            fcntl.flock(everyone, fcntl.LOCK_UN)
            fcntl.flock(everyone, fcntl.LOCK_EX)
            stack.close()


@contextmanager
def _user(state: Path) -> Iterator[int]:
    state.mkdir(parents=True, exist_ok=True)
    number = os.open(state / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_SH)
        yield number
    finally:
        os.close(number)
