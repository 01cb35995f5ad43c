"""Makes the checkout's virtual environment and goes on inside it. Standard library only."""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clinic.local import packages, places, refusals, register
from clinic.local.errors import LocalError
from clinic.local.guardian import Guardian
from clinic.local.lock import SUPERVISOR, StateLock
from clinic.local.processes import Children, Program

NEEDED_MEGABYTES = 600
PYTHON = places.VENV / "bin" / "python"
# What tells a deployment's environment from one that has some of the same packages for another purpose.
_NEEDED = ("allauth", "celery", "drf_spectacular", "gunicorn", "pgtrigger", "psycopg", "twilio", "zipcodes")
# They would lead the checkout's own Python to packages that are not pinned.
_MISLEADING = ("PYTHONPATH", "PYTHONHOME")


def ensure(arguments: Sequence[str], kind: str) -> None:
    """Return when the packages of this kind are at hand; else install them and start again where they are.

    A deployment that brought its own packages is left as it is. Raises LocalError with what to do.
    """
    if inside():
        _prepare(kind)
        return
    if kind == packages.ANY and all(importlib.util.find_spec(name) for name in _NEEDED):
        return
    _prepare(kind)
    for name in _MISLEADING:
        os.environ.pop(name, None)
    os.execv(PYTHON, [str(PYTHON), *arguments])


def inside() -> bool:
    """Whether this Python is the one of the checkout's virtual environment."""
    return Path(sys.prefix).resolve() == places.VENV.resolve()


def _prepare(wanted: str) -> None:
    kind = packages.LOCAL if wanted == packages.ANY else wanted
    if packages.is_installed(kind) and os.access(PYTHON, os.X_OK):
        return
    if not places.VENV.exists():
        refusals.require_room(places.CHECKOUT, NEEDED_MEGABYTES, "the packages")
    with _alone() as children:
        if not inside() and not _works():
            print(f"Making a virtual environment in {places.VENV}", flush=True, file=sys.stderr)
            _create(children)
        if not packages.is_installed(kind):
            print("Installing the pinned packages (once; later runs need no network)", flush=True, file=sys.stderr)
            packages.install(kind, PYTHON, children)


def _works() -> bool:
    # A virtual environment breaks when its Python is removed, or when its making was cut short.
    if packages.was_cut_short():
        return False
    test = "import sys, pip; sys.exit(sys.version_info[:2] != tuple(map(int, sys.argv[1:])))"
    version = [str(part) for part in sys.version_info[:2]]
    try:
        return subprocess.run([PYTHON, "-c", test, *version], capture_output=True).returncode == 0
    except OSError:
        return False


def _create(children: Children) -> None:
    command = [sys.executable, "-m", "venv", "--clear", str(places.VENV)]
    made = children.run("venv", Program(command, places.CHECKOUT, dict(os.environ)), capture=True)
    if made.returncode == 0:
        return
    said = made.stdout + made.stderr
    if "No space left" in said or refusals.is_full(places.VENV):
        raise LocalError(refusals.full(places.VENV))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if "ensurepip" in said or "No module named venv" in said:
        raise LocalError(
            f"Python's own venv and pip modules are missing here. On Debian or Ubuntu: apt install python{version}-venv"
            f" (on others, the full Python package), or name another Python: make demo PYTHON=/path/to/python3"
        )
    raise LocalError(f"The virtual environment could not be made:\n{said.strip()}")


@contextmanager
def _alone() -> Iterator[Children]:
    """Processes that install, of one run at a time, and that end with this one however it ends: none is to go on
    writing into an environment that the next run makes anew.
    """
    state = places.STATE / "install"
    lock = StateLock(places.make_private(state))
    _wait_for(lock)
    register.sweep(state)
    # What an installer that is stopped leaves behind is erased with the directory.
    places.empty(state)
    guardian, children = Guardian(state), Children(state)
    guardian.start()
    try:
        yield children
    finally:
        children.stop_all()
        lock.release()
        guardian.release()


def _wait_for(lock: StateLock) -> None:
    told = False
    while not lock.try_take(SUPERVISOR):
        if not told:
            print("Another run is installing the packages; waiting for it.", flush=True, file=sys.stderr)
            told = True
        time.sleep(0.1)
