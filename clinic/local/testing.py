"""Runs the gate, the tests and the soak."""

import os
import subprocess
import sys

from clinic.local import gate, places
from clinic.local.errors import LocalError


def run(command: str, extra: list[str]) -> int:
    """Run `gate`, `test` (the gate first, then every test) or `soak` (the long counts); extra words go to pytest."""
    if command == "gate":
        return gate.run()
    if command == "test" and gate.run():
        return 1
    words = ["-m", "soak", "-n", "0"] if command == "soak" else ["-n", os.environ.get("TEST_PROCESSES", "2")]
    if command == "soak":
        os.environ["RULEOUT_SOAK"] = "1"
    done = subprocess.run([sys.executable, "-m", "pytest", *words, *extra], cwd=places.CHECKOUT)
    if done.returncode == 130 or done.returncode < 0:
        raise LocalError("The tests were stopped.")
    return done.returncode
