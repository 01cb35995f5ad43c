"""Everything that can befall a running stack, in a seeded order: deaths at each line that matters, and outages."""

import os
import random
import signal
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import redis

from clinic.local.stack import POSTGRES, REDIS, WORKER, Stack
from tests.faults.town import PATIENCE
from tests.outage import eventually, without

#: What befalls the servers: the broker forgets or dies, the database is restarted as PostgreSQL's own "fast" and
#: "immediate" shutdowns do, or killed.
OUTAGES = ("forget", "forget", "broker", "fast", "immediate", "killed")
_SHUTDOWNS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "killed": signal.SIGKILL}
#: How long a line waits, in seconds, for somebody to come there until the next thing happens beside it.
_PATIENT_FOR = 3.0
#: How long all lines wait in the end. Each death costs a start of the worker: many seconds on a busy machine.
_PATIENT_AT_LAST = 5 * PATIENCE


@dataclass
class Storm:
    """One run of it over a stack that runs with `tests.faults.deadly_settings`.

    ``folder`` is where lines are armed. ``deaths`` counts how often the worker was found dead.
    """

    stack: Stack
    folder: Path
    die: random.Random
    deaths: int = 0
    over: Event = field(default_factory=Event)

    def blow(self, lines: Collection[str], outages: Collection[str] = ()) -> None:
        """Let everything happen once, in the die's order; return when all of it has, and the worker lives."""
        coming = [*lines, *outages]
        self.die.shuffle(coming)
        try:
            for each in coming:
                if each in outages:
                    self._outage(each)
                else:
                    self._arm(each)
                    self._until(lambda each=each: not self._waits(each), _PATIENT_FOR)  # type: ignore[misc]
                time.sleep(self.die.uniform(0, 0.3))
            everyone = set(lines)
            assert self._until(lambda: not any(map(self._waits, everyone)), _PATIENT_AT_LAST), self._armed()
        finally:
            # Whoever has just come to a line is seen dead a moment later.
            time.sleep(0.5)
            self._revive()
            self.over.set()

    def _arm(self, line: str) -> None:
        (self.folder / line).touch()

    def _waits(self, line: str) -> bool:
        return (self.folder / line).exists()

    def _armed(self) -> str:
        return f"Nobody came to {sorted(path.name for path in self.folder.iterdir())}"

    def _until(self, come_true: Callable[[], bool], seconds: float) -> bool:
        """Wait for something, starting the worker again whenever it has died; return whether it came true."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._revive()
            if come_true():
                return True
            time.sleep(0.02)
        return False

    def _revive(self) -> None:
        if not self.stack.alive(WORKER):
            self.deaths += 1
            # It may die before it says that it is ready.
            self.stack.start(WORKER, wait=False)

    def _outage(self, kind: str) -> None:
        if kind == "forget":
            with redis.Redis.from_url(self.stack.redis_url) as broker:
                broker.flushall()
        elif kind == "broker":
            with without(self.stack, REDIS):
                time.sleep(self.die.uniform(0, 0.5))
        else:
            os.kill(self.stack.pid(POSTGRES), _SHUTDOWNS[kind])
            eventually(lambda: not self.stack.alive(POSTGRES), seconds=PATIENCE)
            self.stack.start(POSTGRES)
