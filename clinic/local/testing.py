"""Runs the gate, the tests, the soak, and the look at every page."""

import os
import sys
from typing import NoReturn

from clinic.local import gate, places


def run(command: str, extra: list[str]) -> int:
    """Run `gate`, `test` (the gate first, then every test), `soak` (the long counts), `pictures` (a picture of each
    page, in `pictures/`) or `outline` (what a screen reader finds, in `docs/outline.md`); extra words go to pytest."""
    if command == "gate":
        return gate.run()
    if command == "test" and gate.run():
        return 1
    return _become_pytest(command, extra)


def _become_pytest(command: str, extra: list[str]) -> NoReturn:
    words = ["-n", os.environ.get("TEST_PROCESSES", "2")]
    if command == "soak":
        words = ["-m", "soak", "-n", "0"]
        os.environ["RULEOUT_SOAK"] = "1"
    elif command == "pictures":
        # The journeys walk over the same pages, and take no picture.
        tests = places.CHECKOUT / "tests" / "browser"
        words += sorted(str(path) for part in ("screens", "states") for path in tests.glob(f"test_*_{part}.py"))
        os.environ["RULEOUT_PICTURES"] = str(places.CHECKOUT / "pictures")
    elif command == "outline":
        words = ["-n", "0", "tests/browser/test_outline.py"]
        os.environ["RULEOUT_OUTLINE"] = "1"
    # In our place, not below us: whoever stops this process, also by kill -9, stops the tests.
    os.chdir(places.CHECKOUT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *words, *extra])
