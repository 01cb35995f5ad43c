"""Removes what the local runtime made, and nothing else."""

import shutil

from clinic.local import places, register
from clinic.local.lock import StateLock

_CACHES = (
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".import_linter_cache",
    "staticfiles",
)


def run(*, everything: bool) -> int:
    """Erase the records of all local runs; with ``everything`` also the packages and the caches."""
    for state in sorted(places.STATE.iterdir()) if places.STATE.is_dir() else ():
        if not state.is_dir():
            continue
        lock = StateLock(state)
        lock.take()
        register.sweep(state)
        places.remove(state)
        lock.release()
        print(f"Removed {state}")
    if everything:
        made = [places.CHECKOUT / name for name in _CACHES] + [places.STATE, places.VENV]
        if places.is_root():
            made.append(places.root_home())
        for directory in made:
            shutil.rmtree(directory, ignore_errors=True)
        print("Removed the packages and the caches.")
    return 0
