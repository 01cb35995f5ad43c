"""Which processes live, and which of them are ours. Standard library only, as the guardian runs without packages."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()


def started(pid: int) -> str | None:
    """When a live process started, as a word to compare; None when there is none (a zombie counts as gone)."""
    if not HAS_PROC:
        return _started_by_ps(pid)
    fields = _stat(pid)
    return fields[19] if fields and fields[0] not in "ZX" else None


def _stat(pid: int) -> list[str]:
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _started_by_ps(pid: int) -> str | None:
    found = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True)
    state, _, when = found.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else when.strip()


def marked(mark: str | None, directories: Iterable[Path]) -> Iterator[int]:
    """Live processes that carry a mark in their environment, or work in one of the directories (Linux only).

    PostgreSQL and Redis write over their environment to show a title; they are known by where they work.
    """
    if not HAS_PROC:
        return
    homes = {str(directory) for directory in directories}
    wanted = mark.encode() if mark else None
    for entry in PROC.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            ours = str((entry / "cwd").readlink()) in homes or wanted in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if ours and started(int(entry.name)):
            yield int(entry.name)


def send(pid: int, number: signal.Signals, *, group: bool) -> None:
    """Signal a process, or the group that it leads; one that is gone is no error."""
    try:
        if group and os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def wait_gone(pids: Iterable[int], seconds: float) -> set[int]:
    """Wait until the processes are gone; return those that still live after so many seconds."""
    until = time.monotonic() + seconds
    left = set(pids)
    while True:
        left = {pid for pid in left if started(pid)}
        if not left or time.monotonic() >= until:
            return left
        time.sleep(0.02)
