"""Compiles the pinned and hashed requirements from pyproject.toml: the widest first, so that all agree with it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from clinic.local import interpreter, packages, places
from clinic.local.errors import LocalError

DEPLOYMENT = places.CHECKOUT / "requirements.txt"
_EXTRAS: tuple[tuple[Path, tuple[str, ...]], ...] = (
    (packages.REQUIREMENTS[packages.TESTS], ("local", "tests")),
    (packages.REQUIREMENTS[packages.LOCAL], ("local",)),
    (DEPLOYMENT, ()),
)
# No word of where the packages came from: everybody has their own index.
_COMPILE = (
    "-m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-annotate --no-header"
    " --no-emit-index-url --no-emit-find-links --no-emit-trusted-host"
)


def run(extra: Sequence[str]) -> int:
    """Compile the three files; pins that still fit are kept, unless `--upgrade` is among the extra words.

    Raises LocalError on another Python than the oldest: pins that it can use, all later ones can.
    """
    if sys.version_info[:2] != interpreter.MINIMUM:
        oldest = ".".join(map(str, interpreter.MINIMUM))
        raise LocalError(f"Pins are compiled with Python {oldest}: make requirements PYTHON=python{oldest}")
    for file, extras in _EXTRAS:
        print(f"Compiling {file.relative_to(places.CHECKOUT)} ...", flush=True)
        command = [sys.executable, *_COMPILE.split(), "--output-file", str(file)]
        command += [word for name in extras for word in ("--extra", name)]
        if file != _EXTRAS[0][0]:
            command += ["--constraint", str(_EXTRAS[0][0])]
        done = subprocess.run([*command, *extra, "pyproject.toml"], cwd=places.CHECKOUT)
        if done.returncode:
            return done.returncode
    return 0
