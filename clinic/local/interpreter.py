"""Finds a Python that can run the product.

Only syntax that Python 3.6 reads may be used here: this file exists to tell its user that their Python is too old.
"""

import os
import subprocess
import sys

MINIMUM = (3, 11)
NEWEST_TRIED = 15


def require() -> None:
    """Return when this Python is new enough; else go on with a newer one from PATH, or exit with what to do."""
    if sys.version_info >= MINIMUM:
        return
    newer = _newer_python()
    if newer:
        os.execv(newer, [newer, *sys.argv])
    sys.exit(
        "Ruleout needs Python 3.11 or newer, and this is Python {}.{} ({}). No newer one is on PATH. "
        "Install Python 3.11 or newer from your system's packages or https://www.python.org/downloads/, "
        "then try again; to name one: make demo PYTHON=/path/to/python3.11".format(
            sys.version_info[0], sys.version_info[1], sys.executable
        )
    )


def _newer_python() -> str:
    for minor in range(MINIMUM[1], NEWEST_TRIED + 1):
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            path = os.path.join(folder, "python3.{}".format(minor))
            if os.access(path, os.X_OK) and _runs(path):
                return path
    return ""


def _runs(path: str) -> bool:
    # A version manager leaves launchers on PATH for versions that are not switched on: only a run tells.
    test = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
    with open(os.devnull, "w") as nothing:
        return subprocess.call([path, "-c", test], stdout=nothing, stderr=nothing) == 0
