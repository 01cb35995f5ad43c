"""Which combinations are looked at: each value once in `make test`, all of them in `make soak` and for pictures."""

import os
from collections.abc import Sequence
from itertools import product
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
EVERYTHING = bool(os.environ.get("RULEOUT_SOAK") or os.environ.get("RULEOUT_PICTURES"))


def pairs(first: Sequence[A], second: Sequence[B]) -> list[tuple[A, B]]:
    """Return every pair; else each of the first, and of the second each about as often."""
    if EVERYTHING:
        return list(product(first, second))
    return [(each, second[number % len(second)]) for number, each in enumerate(first)]


def of(everything: Sequence[A], one: A) -> Sequence[A]:
    """Return all of them; else the one that shows most."""
    return everything if EVERYTHING else (one,)
