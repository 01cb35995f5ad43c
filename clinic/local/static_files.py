"""The static files of a run: collected and compressed as in production, once for each state of the sources."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from clinic.local import places
from clinic.local.stack import Stack

_APPS = ("clinic", "triage", "scheduling", "notifications")


def collect(stack: Stack) -> None:
    """Collect the static files unless nothing has changed since the last time."""
    stamp = stack.state / "static.stamp"
    now = hashlib.sha256("\n".join(_sources()).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == now:
        return
    stack.manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
    stamp.write_text(now)


def _sources() -> Iterator[str]:
    for app in _APPS:
        for path in sorted(Path(places.CHECKOUT / app).rglob("static/**/*")):
            facts = path.stat()
            yield f"{path} {facts.st_mtime_ns} {facts.st_size}"
    yield from sorted(f"{package.name} {package.version}" for package in distributions())
