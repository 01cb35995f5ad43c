"""Taking a part away from a running stack, and waiting for what must come true."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from clinic.local.stack import Stack

T = TypeVar("T")


@contextmanager
def without(stack: Stack, name: str) -> Iterator[None]:
    """Kill -9 one part of the stack; start it again afterwards."""
    stack.kill(name)
    try:
        yield
    finally:
        if not stack.alive(name):
            stack.start(name)


def eventually(look: Callable[[], T], *, seconds: float = 10.0, every: float = 0.05) -> T:
    """Look again and again until what is seen is true, and return it; AssertionError when the time is over."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < until, f"Not so after {seconds} s: {look} saw {seen!r}"
        time.sleep(every)
    return seen
