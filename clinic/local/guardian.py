"""A small process that outlives its supervisor by moments: it stops what the supervisor can no longer stop.

It holds the reading end of a pipe whose writing end only the supervisor has. However the supervisor ends, also by
kill -9, the pipe ends with it. Standard library only.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from clinic.local import places, register
from clinic.local.lock import GUARDIAN, SUPERVISOR, StateLock


class Guardian:
    """The supervisor's side: starts the guardian, and lets it go."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start watching this process."""
        # -S: no packages are needed, and leaving them out makes the start quick.
        command = [sys.executable, "-S", "-m", "clinic.local.guardian", str(self.state), str(os.getpid())]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(places.CHECKOUT)}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            start_new_session=True,
        )

    def renew(self) -> None:
        """Start another guardian if this one was killed: nobody would watch this process any more."""
        if self._process and self._process.poll() is not None:
            self.release()
            self.start()

    def release(self) -> None:
        """End the watch, after everything has been stopped and the lock has been given back."""
        if self._process and self._process.stdin:
            self._process.stdin.close()
            self._process.wait(timeout=60)
            self._process = None


def watch(state: Path, supervisor: int) -> None:
    """Wait for the supervisor's end, then stop what it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 1024):
        pass
    lock = StateLock(state)
    # If a new supervisor was quicker, it has swept already, and what runs now is its own. The old one's lock may be
    # let go a moment after its pipe.
    while state.is_dir() and lock.owner() == (SUPERVISOR, supervisor):
        if lock.try_take(GUARDIAN):
            register.sweep(state)
            lock.release()
            return
        time.sleep(0.02)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))
