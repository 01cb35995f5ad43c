"""One worker's process that runs the waitlist's sweep whenever it is told to."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from clinic.local import places
from clinic.local.stack import Stack

_SWEEPS = """
import sys, django
django.setup()
from scheduling.services.holding import expire_holds
from scheduling.waitlist.tending import tend_waitlist
for _ in sys.stdin:
    expire_holds()
    print(tend_waitlist(), flush=True)
"""


@dataclass
class Sweeper:
    """The process, waiting for the next word."""

    told: IO[str]
    answers: IO[str]

    def sweep(self) -> int:
        """Run the sweeps once, and return how many offers were made."""
        self.told.write("sweep\n")
        self.told.flush()
        return int(self.answers.readline())


@contextmanager
def sweeping(stack: Stack) -> Iterator[Sweeper]:
    """Start the process; it ends with the test."""
    command = [sys.executable, "-c", _SWEEPS]
    with subprocess.Popen(
        command,
        cwd=places.CHECKOUT,
        env=stack.child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            yield Sweeper(child.stdin, child.stdout)
        finally:
            child.stdin.close()
