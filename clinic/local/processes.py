"""The child processes of a run: each in its own session, with its log in the state directory."""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from clinic.local import pids, places, register, stopping
from clinic.local.errors import LocalError


@dataclass(frozen=True)
class Program:
    """How to start one process: its words, where it works, and as whom (None: as ourselves)."""

    command: Sequence[str]
    cwd: Path
    environment: Mapping[str, str]
    user: int | None = None
    group: int | None = None


@dataclass
class Children:
    """The processes that this run started and has to stop."""

    state: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _log_from: dict[str, int] = field(default_factory=dict)

    def log(self, name: str) -> Path:
        """The file that holds what a process printed."""
        return self.state / "logs" / f"{name}.log"

    def launch(self, name: str, program: Program) -> int:
        """Start a process that prints to its log, and return its number."""
        path = self.log(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as log:
            self._log_from[name] = log.tell()
            return self._start(name, program, log, log).pid

    def run(self, name: str, program: Program, *, capture: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a process to its end, on our own output or with its output captured. If we are stopped, it is too."""
        where = subprocess.PIPE if capture else None
        child = self._start(name, program, where, where)
        try:
            printed, told = child.communicate()
        finally:
            self.stop(name)
        words = [(each or b"").decode(errors="replace") for each in (printed, told)]
        return subprocess.CompletedProcess(program.command, child.returncode, *words)

    def follow(self, name: str, program: Program) -> Iterator[str]:
        """Run a process to its end and yield the lines that it prints, so that the caller can tell of its progress.

        Raises `subprocess.CalledProcessError` at the end if the process failed.
        """
        child = self._start(name, program, subprocess.PIPE, subprocess.STDOUT)
        try:
            for line in child.stdout or ():
                yield line.decode(errors="replace")
            child.wait()
        finally:
            self.stop(name)
            if child.stdout:
                child.stdout.close()
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, list(program.command))

    def _start(
        self, name: str, program: Program, stdout: IO[bytes] | int | None, stderr: IO[bytes] | int | None
    ) -> subprocess.Popen[bytes]:
        if self.alive(name):
            raise LocalError(f"{name} is running already.")
        child = subprocess.Popen(
            list(program.command),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            cwd=program.cwd,
            env={**program.environment, places.MARK: str(self.state)},
            start_new_session=True,
            user=program.user,
            group=program.group,
            extra_groups=None if program.user is None else [],
        )
        # First what stops it, then what may fail: its note needs room on the disk.
        self._running[name] = child
        register.enter(self.state, name, child.pid)
        return child

    def names(self) -> list[str]:
        """The processes that were started and not stopped; some may have died since."""
        return list(self._running)

    def alive(self, name: str) -> bool:
        """Whether the process runs."""
        child = self._running.get(name)
        return child is not None and child.poll() is None

    def pid(self, name: str) -> int:
        """The number of a running process; LocalError when it does not run."""
        if not self.alive(name):
            raise LocalError(f"{name} is not running.")
        return self._running[name].pid

    def exit_code(self, name: str) -> int | None:
        """How a process ended; None while it runs or if it never did."""
        child = self._running.get(name)
        return child.poll() if child else None

    def stop(self, name: str) -> None:
        """Stop one process as its kind wants to be stopped. One that does not run is no error."""
        self._end({name})

    def kill(self, name: str) -> None:
        """End a process at once, with everything in its group, as a crash would."""
        pids.send(self.pid(name), signal.SIGKILL, group=True)
        self._reap(name)

    def stop_all(self) -> None:
        """Stop every process, PostgreSQL last."""
        self._end(set(self._running))

    def _end(self, names: set[str]) -> None:
        stopping.stop_all({name: {self.pid(name)} for name in names if self.alive(name)})
        for name in names & set(self._running):
            self._reap(name)

    def _reap(self, name: str) -> None:
        self._running.pop(name).wait(timeout=30)
        register.leave(self.state, name)

    def output(self, name: str, lines: int | None = None) -> str:
        """What a process printed since its last start; the last lines only, if so many are asked for."""
        path = self.log(name)
        if not path.exists():
            return ""
        with path.open("rb") as log:
            log.seek(self._log_from.get(name, 0))
            text = log.read().decode(errors="replace")
        return text if lines is None else "\n".join(text.splitlines()[-lines:])
