"""A stack on a database server of its own that keeps what it promised: its death is no one else's."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from clinic.local import places, wheel
from clinic.local.postgres import psql
from clinic.local.stack import Stack


@contextmanager
def durable_stack(state: Path, template_url: str, environment: Mapping[str, str]) -> Iterator[Stack]:
    """Run all processes on a copy of a database."""
    with Stack(state, env=environment) as stack:
        _copy(template_url, stack.database_url)
        stack.up()
        yield stack
    places.remove(state)


def _copy(source: str, target: str) -> None:
    """Copy a database from one server to another."""
    dump = subprocess.run(
        [wheel.postgres().program("pg_dump"), "--no-owner", source], check=True, capture_output=True
    ).stdout
    subprocess.run(
        [psql(), "-Xq", "-1", "-v", "ON_ERROR_STOP=1", "-d", target], check=True, input=dump, capture_output=True
    )
