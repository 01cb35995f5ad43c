"""What shall go wrong, and when: a queue of explicit faults, faults of a number, and a seeded plan.

A fault is a word with an optional figure: `hang_after_create:2`, `undelivered:30003`, `429`. Seeded draws depend on the
seed, the number and how many creates it has seen, not on the order in which threads arrive, so that a plan repeats.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from threading import Lock

CREATE_FAULTS = frozenset(
    {
        "hang_before_create",  # nothing is created, nothing is answered; closed after N seconds
        "hang_after_create",  # created, never answered; closed after N seconds
        "reset_before_create",
        "reset_after_create",
        "late_create",  # created after N seconds, when the caller may have given up
        "late_answer",  # created at once, answered after N seconds: callbacks overtake the answer
        "error",  # refused with Twilio's error N
        "429",
        "500",
        "502",
        "503",
        "504",
        "500_after_create",
        "503_after_create",
    }
)
RECEIPT_FAULTS = frozenset(
    {
        "drop",  # the statuses change, no callback tells
        "duplicate",  # each callback comes twice
        "reorder",  # the last callback comes first
        "delay",  # all callbacks come N seconds late
        "stuck",  # never beyond sent
        "undelivered",  # of a text: with error N
        "failed",  # with error N; of a call: it could not be connected
        "busy",  # of a call: the line is taken
        "no-answer",  # of a call: it rings, and nobody takes it
        "machine",  # of a call: a mailbox takes it
        "press",  # of a call: who takes it presses key N, once
    }
)
NONE = "none"
DEFAULT_FIGURES = {
    "hang_before_create": 60.0,
    "hang_after_create": 60.0,
    "late_create": 1.0,
    "late_answer": 1.0,
}
DEFAULT_FIGURES |= {
    "error": 20001.0,
    "delay": 1.0,
    "undelivered": 30003.0,
    "failed": 30008.0,
    "press": 1.0,
}


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; `figure` is seconds or an error code, as the kind needs."""

    kind: str
    figure: float = 0.0

    @property
    def at_create(self) -> bool:
        """True if it strikes the create call, False if it strikes its receipts."""
        return self.kind in CREATE_FAULTS

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read `kind` or `kind:figure`; ValueError names what is wrong."""
        kind, colon, figure = text.partition(":")
        if kind not in CREATE_FAULTS | RECEIPT_FAULTS:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(sorted(CREATE_FAULTS | RECEIPT_FAULTS))}")
        try:
            number = float(figure) if colon else DEFAULT_FIGURES.get(kind, 0.0)
        except ValueError:
            raise ValueError(f"{text!r}: the figure after the colon is not a number") from None
        if not 0 <= number < 1e6:
            raise ValueError(f"{text!r}: the figure must be between 0 and a million")
        return cls(kind, number)


Faults = tuple[Fault, ...]


def parse_all(words: str | Iterable[str]) -> Faults:
    """The faults of one create: a word, several, or `none`."""
    listed = [words] if isinstance(words, str) else list(words)
    return tuple(Fault.parse(word) for word in listed if word != NONE)


@dataclass
class Plan:
    """Everything that was asked to go wrong. The queue is used first, then the number's own, then the seeded rates."""

    queue: deque[Faults] = field(default_factory=deque)
    numbers: Mapping[str, Faults] = field(default_factory=dict)
    rates: Mapping[Fault, float] = field(default_factory=dict)
    seed: int = 0
    _seen: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: Lock = field(default_factory=Lock)

    def draw(self, to: str) -> Faults:
        """The faults that the next create to this number meets."""
        with self._lock:
            self._seen[to] += 1
            if self.queue:
                return self.queue.popleft()
            if to in self.numbers:
                return self.numbers[to]
            random = Random(f"{self.seed}/{to}/{self._seen[to]}")  # noqa: S311 - a repeatable plan, no secret
            drawn = [fault for fault, rate in self.rates.items() if random.random() < rate]
        first_at_create = next((fault for fault in drawn if fault.at_create), None)
        return tuple(fault for fault in drawn if not fault.at_create or fault is first_at_create)

    def left(self) -> int:
        """Entries of the queue that no create has met yet."""
        with self._lock:
            return len(self.queue)
