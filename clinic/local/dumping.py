"""PostgreSQL's own programs for a dump and its way back: those of the wheel, or those on PATH."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from clinic.local import wheel
from clinic.local.errors import LocalError
from clinic.local.postgres import without_pg_variables


class ProgramFailed(LocalError):
    """pg_dump or pg_restore ended badly; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Target:
    """A database as libpq names it. The password goes by the environment, where no list of processes shows it."""

    conninfo: str
    password: str = ""

    def environment(self) -> dict[str, str]:
        """The environment in which a program reaches it, and nothing else bends the way."""
        own = {"PGPASSWORD": self.password} if self.password else {}
        return {**without_pg_variables(dict(os.environ)), "LC_ALL": "C", **own}


def program(name: str, server_major: int) -> Path:
    """Return the program that suits a server best: of its own version, else the next newer one.

    Raises LocalError where there is none: a program refuses servers that are newer than itself.
    """
    majors = {path: _major(path) for path in _candidates(name)}
    fit = sorted((major, str(path)) for path, major in majors.items() if major >= server_major)
    if not fit:
        raise LocalError(
            f"{name} of PostgreSQL {server_major} or later is needed for this server, and is not at hand. Install the"
            f" client programs of PostgreSQL {server_major} (for example: apt install"
            f" postgresql-client-{server_major}), so that {name} is on PATH."
        )
    return Path(fit[0][1])


def _candidates(name: str) -> list[Path]:
    found = [Path(path)] if (path := shutil.which(name)) else []
    try:
        embedded = wheel.postgres().program(name)
    except LocalError:
        return found
    return [*found, embedded] if embedded.is_file() else found


def _major(path: Path) -> int:
    done = subprocess.run([str(path), "--version"], capture_output=True, text=True)
    match = re.search(r"\) (\d+)", done.stdout)
    return int(match[1]) if done.returncode == 0 and match else 0


def dump(pg_dump: Path, target: Target, *, snapshot: str, to: Path) -> None:
    """Write what a snapshot saw into a file, in PostgreSQL's custom format; ProgramFailed with its words."""
    words = [str(pg_dump), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    done = subprocess.run(
        [*words, f"--file={to}", f"--dbname={target.conninfo}"],
        capture_output=True,
        text=True,
        env=target.environment(),
    )
    if done.returncode:
        raise ProgramFailed(f"pg_dump failed, and no backup was written: {done.stderr.strip()}")


def restore(pg_restore: Path, target: Target, *, send: Callable[[IO[bytes]], object]) -> None:
    """Restore what ``send`` writes, in one transaction: all of it or nothing; ProgramFailed with its words."""
    words = [str(pg_restore), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as said:
        code = _fed([*words, f"--dbname={target.conninfo}"], target.environment(), send, said)
        if code:
            said.seek(0)
            words_said = said.read().decode(errors="replace").strip()
            raise ProgramFailed(f"pg_restore failed, and the database is as it was: {words_said}")


def _fed(command: list[str], env: Mapping[str, str], send: Callable[[IO[bytes]], object], said: IO[bytes]) -> int:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said, env=env) as running:
        try:
            with cast("IO[bytes]", running.stdin) as pipe:
                send(pipe)
        except BrokenPipeError:
            # It has ended, and says why by itself.
            pass
        except BaseException:
            # Half of a dump must not be taken for a whole one.
            running.kill()
            raise
        return running.wait()
