"""What is due when, over all apps: so that the demo's clock can be moved without leaping over anything.

Each app registers, in its ``AppConfig.ready``, when its next work falls due and how much of it is due now and not done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Source:
    """One kind of timed work.

    ``next_due(after)`` is the first instant later than ``after``; ``waiting()`` counts what is due by now and not yet
    taken care of. ``sweep`` does it, where that is a matter of the database alone; without one the workers do it.
    """

    name: str
    next_due: Callable[[datetime], datetime | None]
    waiting: Callable[[], int]
    sweep: Callable[[], object] | None = None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a kind of timed work, once by name."""
    _sources[source.name] = source


def next_due(after: datetime) -> datetime | None:
    """Return the first instant later than ``after`` at which anything falls due."""
    found = [due for source in _sources.values() if (due := source.next_due(after)) is not None]
    return min(found, default=None)


def waiting() -> dict[str, int]:
    """Return what is due now and not done, by kind; empty where nothing is."""
    counts = {source.name: source.waiting() for source in _sources.values()}
    return {name: count for name, count in counts.items() if count}


def sweep() -> None:
    """Do what is due and can be done here."""
    for source in _sources.values():
        if source.sweep is not None:
            source.sweep()
