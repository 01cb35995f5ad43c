"""One run at a time owns a state directory: an advisory lock that the kernel drops when its owner dies."""

import fcntl
import os
import time
from pathlib import Path

from clinic.local import places
from clinic.local.errors import AlreadyRunning

SUPERVISOR = "supervisor"
GUARDIAN = "guardian"


class StateLock:
    """The lock of a state directory, held by a supervisor, or by the guardian that cleans up after one."""

    def __init__(self, state: Path) -> None:
        self.path = state / places.LOCK
        self._file: int | None = None

    def try_take(self, role: str) -> bool:
        """Take the lock if it is free."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(number)
            return False
        os.ftruncate(number, 0)
        os.pwrite(number, f"{role} {os.getpid()}\n".encode(), 0)
        self._file = number
        return True

    def take(self, seconds: float = 30.0) -> None:
        """Take the lock, waiting while a guardian still cleans up; raises AlreadyRunning on a live supervisor."""
        until = time.monotonic() + seconds
        seen_supervisor = 0
        while not self.try_take(SUPERVISOR):
            role, pid = self.owner()
            # A guardian that has just taken the lock may not have written its name yet: look twice.
            seen_supervisor = seen_supervisor + 1 if role == SUPERVISOR else 0
            if seen_supervisor > 5 or time.monotonic() > until:
                raise AlreadyRunning(
                    f"Another run (process {pid}) is using {self.path.parent}. Stop it first: Ctrl-C in its window, "
                    f"or: kill {pid}"
                )
            time.sleep(0.05)

    def owner(self) -> tuple[str, int]:
        """Who wrote their name last: role and process number."""
        try:
            role, _, pid = self.path.read_text().strip().partition(" ")
        except FileNotFoundError:
            return "", 0
        return role, int(pid) if pid.isdigit() else 0

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
