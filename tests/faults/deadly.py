"""Lines at which a process dies as by kill -9, each as soon as a test asks for it; the product knows nothing of them.

A line is a function of the product and a side of it: before it is called, or after it returned and before its caller
has the answer. A test arms a line by a file of its name; whichever process comes there first removes it, and ends.
"""

import functools
import importlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import AppConfig

#: The folder of the files.
VARIABLE = "RULEOUT_DIES_IN"


@dataclass(frozen=True)
class Line:
    """Where to die: at a function of a module. ``after``: once it has come to something."""

    module: str
    function: str
    after: bool


def _line(where: str, side: str) -> Line:
    module, _, function = where.rpartition(".")
    return Line(f"notifications.{module}", function, side == "after")


#: Every line between which and the next something is written, or said to the provider.
LINES = {
    "before_claim": _line("services.sending.claim", "before"),
    "claim_not_committed": _line("services.claiming._claim", "after"),
    "claimed": _line("services.sending.claim", "after"),
    "attempt_not_committed": _line("services.sending._prepare", "after"),
    "before_call": _line("services.sending._call", "before"),
    "called": _line("services.sending._call", "after"),
    "record_not_committed": _line("services.sending._record", "after"),
    "recorded": _line("services.sending.send_one", "after"),
    "receipt_not_committed": _line("services.settling._move", "after"),
    "before_looking": _line("services.reconciling._look_for", "before"),
    "looked_and_found": _line("services.reconciling._look_for", "after"),
    "found_written": _line("services.settling.found", "after"),
    "absence_not_committed": _line("services.reconciling._absent", "after"),
    "settled": _line("services.reconciling._settle", "after"),
}
#: And those of the sweep that asks about texts whose receipt is missing.
POLLED = {
    "before_asking": _line("services.reconciling._ask", "before"),
    "asked": _line("provider.fetch", "after"),
    "answer_written": _line("services.reconciling._ask", "after"),
}
#: These return nothing, or what they return says nothing of whether they did something.
_WHATEVER = {"record_not_committed", "recorded", "receipt_not_committed", "found_written"}


class DeadlyConfig(AppConfig):
    """Puts the lines into the process that it is loaded in."""

    name = "tests.faults"
    label = "tests_faults"

    def ready(self) -> None:
        """Wrap the functions."""
        folder = Path(os.environ[VARIABLE])
        for name, line in (LINES | POLLED).items():
            module = importlib.import_module(line.module)
            setattr(module, line.function, _deadly(getattr(module, line.function), line, folder / name))


def _deadly(function: Callable[..., Any], line: Line, armed: Path) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        if not line.after:
            _die_if(armed)
        came_to = function(*arguments, **named)
        if line.after and (came_to or armed.name in _WHATEVER):
            _die_if(armed)
        return came_to

    return wrapped


def _die_if(armed: Path) -> None:
    try:
        armed.unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
