"""Makes the checkout's virtual environment and goes on inside it. Standard library only."""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clinic.local import packages, places
from clinic.local.errors import LocalError

NEEDED_MEGABYTES = 600
PYTHON = places.VENV / "bin" / "python"
_NEEDED = {
    packages.LOCAL: ("django", "celery", "gunicorn"),
    packages.TESTS: ("django", "pytest", "ruff", "mypy"),
}


def ensure(arguments: Sequence[str], kind: str) -> None:
    """Return when the packages of this kind are at hand; else install them and start again where they are.

    A deployment that brought its own packages is left as it is. Raises LocalError with what to do.
    """
    if not inside():
        if all(importlib.util.find_spec(name) for name in _NEEDED[kind]):
            return
        _prepare(kind)
        os.execv(PYTHON, [str(PYTHON), *arguments])
    if not packages.is_installed(kind):
        _prepare(kind)


def inside() -> bool:
    """Whether this Python is the one of the checkout's virtual environment."""
    return Path(sys.prefix).resolve() == places.VENV.resolve()


def _prepare(kind: str) -> None:
    if packages.is_installed(kind) and os.access(PYTHON, os.X_OK):
        return
    with _one_at_a_time():
        _require_room()
        try:
            if not inside() and not _works():
                print(f"Making a virtual environment in {places.VENV}", flush=True, file=sys.stderr)
                _create()
            if not packages.is_installed(kind):
                print("Installing the pinned packages (once; later runs need no network)", flush=True, file=sys.stderr)
                packages.install(kind, PYTHON)
        except OSError as error:
            raise LocalError(f"{places.VENV} can't be written: {error.strerror}. Free space or fix access.") from error


def _require_room() -> None:
    free = shutil.disk_usage(places.CHECKOUT).free // 1_000_000
    if not places.VENV.exists() and free < NEEDED_MEGABYTES:
        raise LocalError(
            f"The disk is full: {free} MB are free at {places.CHECKOUT}, and the packages need {NEEDED_MEGABYTES} MB. "
            "Make room and try again."
        )


def _works() -> bool:
    # A virtual environment breaks when its Python is removed, or when its making was cut short.
    test = "import sys, pip; sys.exit(sys.version_info[:2] != tuple(map(int, sys.argv[1:])))"
    version = [str(part) for part in sys.version_info[:2]]
    try:
        return subprocess.run([PYTHON, "-c", test, *version], capture_output=True).returncode == 0
    except OSError:
        return False


def _create() -> None:
    command = [sys.executable, "-m", "venv", "--clear", str(places.VENV)]
    made = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if made.returncode == 0:
        return
    said = made.stdout + made.stderr
    if "No space left" in said or shutil.disk_usage(places.CHECKOUT).free < 1_000_000:
        raise LocalError("The disk is full: the virtual environment could not be made. Make room and try again.")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if "ensurepip" in said or "No module named venv" in said:
        raise LocalError(
            f"Python's own venv and pip modules are missing here. On Debian or Ubuntu: apt install python{version}-venv"
            f" (on others, the full Python package), or name another Python: make demo PYTHON=/path/to/python3"
        )
    raise LocalError(f"The virtual environment could not be made:\n{said.strip()}")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    places.STATE.mkdir(exist_ok=True)
    with (places.STATE / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
