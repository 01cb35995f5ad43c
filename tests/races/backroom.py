"""A process of the product that does in a race what no client can: the sweep, and an edit of a shift.

Each line on its input is a command; what became of it is the line that it prints. It ends with its input.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any

import django

from clinic.local import places
from clinic.local.stack import Stack


class Backroom:
    """The process, as a test speaks with it. One command at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def does(self, **command: object) -> dict[str, Any]:
        """Send a command and return what became of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def opened(stack: Stack) -> Iterator[Backroom]:
    """Start the process beside a stack's own, on its database."""
    command = [sys.executable, "-m", "tests.races.backroom"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=places.CHECKOUT, env=stack.child_environment(), stdin=pipe, stdout=pipe, text=True
    ) as process:
        room = Backroom(process)
        room.does(what="sweep")
        yield room
        assert process.stdin is not None
        process.stdin.close()


def _serve() -> None:
    # Models can be imported only when Django has been set up.
    from clinic.access import SYSTEM  # noqa: PLC0415
    from clinic.errors import DomainError  # noqa: PLC0415
    from scheduling.models import Resource  # noqa: PLC0415
    from scheduling.services.holding import expire_holds  # noqa: PLC0415
    from scheduling.services.shifts import change_shift  # noqa: PLC0415

    for line in sys.stdin:
        command = json.loads(line)
        answer: dict[str, object]
        try:
            if command["what"] == "sweep":
                answer = {"ended": expire_holds()}
            else:
                starts, ends = (
                    (time.fromisoformat(each) for each in command["hours"]) if command["hours"] else (None, None)
                )
                resource = Resource.objects.get(pk=command["resource"])
                change_shift(SYSTEM, resource=resource, on=date.fromisoformat(command["on"]), starts=starts, ends=ends)
                answer = {"done": True}
        except DomainError as refused:
            answer = {"code": refused.code, **refused.extra}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    django.setup()
    _serve()
