"""The files of a PostgreSQL server: made once, recognized when old or broken, and told about in plain words."""

import os
import shutil
import subprocess
from pathlib import Path

from clinic.local import pids, refusals, stopping
from clinic.local.errors import LocalError
from clinic.local.wheel import POSTGRES_MAJOR, PostgresPrograms

AFRESH = "To start afresh, which erases these records: make clean-data (or python3 manage.py clean-data)"
_LOCK = "postmaster.pid"
_SAYS_FULL = "No space left on device"


def prepare(
    programs: PostgresPrograms, data: Path, *, state: Path, user: int | None, group: int | None, durable: bool
) -> None:
    """Make the server's files unless they exist; LocalError when those that exist can't be used."""
    _forget_removed_checkout(data, state)
    if data.exists():
        _check_version(data)
        return
    half = data.with_name(f"{data.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    made = subprocess.run(
        _command(programs, half, durable=durable),
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )
    if made.returncode:
        # Before the half is removed: a full disk need not show in what was printed.
        full = refusals.is_full(half)
        shutil.rmtree(half, ignore_errors=True)
        raise LocalError(refusals.full(data) if full else explain_making(made.stdout + made.stderr, data))
    half.rename(data)


def _command(programs: PostgresPrograms, data: Path, *, durable: bool) -> list[str]:
    command = [str(programs.program("initdb")), "-D", str(data), "-U", "postgres", "--auth=trust", "-E", "UTF8"]
    # Built into PostgreSQL, so the records sort the same on every system.
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--no-instructions", "--no-clean"]
    return command if durable else [*command, "--no-sync"]


def _forget_removed_checkout(data: Path, state: Path) -> None:
    # Below /var/tmp a server outlives its checkout; one of the same path must not find another's records.
    if data.is_relative_to(state):
        return
    mine, theirs = state / "identity", data.with_name("identity")
    state.mkdir(parents=True, exist_ok=True)
    if not mine.exists():
        mine.write_text(os.urandom(16).hex())
    if not theirs.exists() or theirs.read_text() != mine.read_text():
        stopping.stop(stopping.POSTGRES, set(pids.marked(None, [data])))
        shutil.rmtree(data, ignore_errors=True)
        theirs.write_text(mine.read_text())


def _check_version(data: Path) -> None:
    try:
        major = (data / "PG_VERSION").read_text().strip()
    except OSError:
        raise LocalError(f"{data} is not a PostgreSQL data directory, or a broken one. {AFRESH}") from None
    if major != str(POSTGRES_MAJOR):
        raise LocalError(
            f"The records in {data} were written by PostgreSQL {major}; this is PostgreSQL {POSTGRES_MAJOR}. {AFRESH}"
        )


def lock_lines(data: Path) -> list[str]:
    """The lines of the server's lock file: process, data, start, port, sockets, address, memory, status."""
    try:
        return [line.strip() for line in (data / _LOCK).read_text().splitlines()]
    except OSError:
        return []


def ready_pid(data: Path) -> int:
    """The process number of a server that says it is ready; 0 when none does."""
    lines = lock_lines(data)
    return int(lines[0]) if len(lines) >= 8 and lines[7] == "ready" and lines[0].isdigit() else 0


def clear_stale_lock(data: Path) -> None:
    """Remove the lock file of a server that is gone; its number may belong to another process by now.

    The caller holds the state directory's lock and has stopped what earlier runs left, so no server of ours lives.
    """
    stopping.stop(stopping.POSTGRES, set(pids.marked(None, [data])))
    (data / _LOCK).unlink(missing_ok=True)


def explain_making(output: str, data: Path) -> str:
    """Why the server's files could not be made, from what initdb printed."""
    if _SAYS_FULL in output:
        return refusals.full(data)
    if "could not look up effective user ID" in output:
        return (
            f"PostgreSQL runs only as a user with a name, and this user ({os.geteuid()}) has none on this system "
            "(no entry in /etc/passwd). Run as a named user or as root, or name a PostgreSQL server in DATABASE_URL."
        )
    return f"PostgreSQL's files could not be made in {data}. Its last words:\n{_tail(output)}"


def explain_start(output: str, data: Path) -> str:
    """Why the server did not start, or stopped, from what it printed."""
    if _SAYS_FULL in output:
        return refusals.full(data)
    return f"PostgreSQL did not start with the records in {data}. Its last words:\n{_tail(output)}\n{AFRESH}"


def _tail(output: str) -> str:
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-8:])


def explain_os_error(error: OSError, place: Path) -> str:
    """What an operating system's refusal means here."""
    return refusals.explain(error) or (
        f"PostgreSQL can't be set up in {place}: {error.strerror}. As root it runs as the user nobody; where that is "
        "not possible, run as an ordinary user, or name a PostgreSQL server in DATABASE_URL."
    )
