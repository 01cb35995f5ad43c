"""Measuring several ways of doing one thing so that they can be compared on a machine whose speed drifts.

They take turns: every round each of them acts, in an order that changes from round to round, so that each meets the
same weather and follows each of the others equally often.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice, permutations
from statistics import median, quantiles
from threading import Barrier

#: Rounds that are acted but not counted: connections are made, plans and caches filled.
WARM_UP = 5
_PATIENCE_SECONDS = 60.0


def _nothing() -> None:
    """Need no preparation."""


@dataclass(frozen=True)
class Contender:
    """One way of doing a thing: ``act`` does it once, for the client of that number. ``prepare`` is not timed."""

    name: str
    act: Callable[[int], None]
    prepare: Callable[[], None] = _nothing


@dataclass
class Timing:
    """How long each act took, and how long the clients were at work altogether, in seconds."""

    acts: list[float] = field(default_factory=list)
    at_work: float = 0.0

    @property
    def median_ms(self) -> float:
        """The median of one act, in milliseconds."""
        return median(self.acts) * 1000

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 acts kept under, in milliseconds."""
        return (quantiles(self.acts, n=20)[-1] if len(self.acts) > 1 else self.acts[0]) * 1000

    @property
    def per_second(self) -> float:
        """Acts a second, of all clients together."""
        return len(self.acts) / self.at_work


def take_turns(
    contenders: Sequence[Contender], *, rounds: int, clients: int = 1, each: int = 1, warm_up: int = WARM_UP
) -> dict[str, Timing]:
    """Return the timing of each contender by its name.

    In every round each contender acts ``each`` times for each client; several clients act at the same time, on a
    thread of their own. Raises whatever an act raises.
    """
    timings = {contender.name: Timing() for contender in contenders}
    orders = islice(cycle(permutations(contenders)), warm_up + rounds)
    with ThreadPoolExecutor(clients) as pool:
        for number, order in enumerate(orders):
            for contender in order:
                contender.prepare()
                acts, at_work = _turn(contender, clients, each, pool)
                if number >= warm_up:
                    timings[contender.name].acts += acts
                    timings[contender.name].at_work += at_work
    return timings


def _turn(contender: Contender, clients: int, each: int, pool: ThreadPoolExecutor) -> tuple[list[float], float]:
    """Return how long each act of one turn took, and the whole turn."""
    if clients == 1:
        acts = _acts(contender, 0, each)
        return acts, sum(acts)
    start = Barrier(clients + 1)

    def client(number: int) -> list[float]:
        start.wait(_PATIENCE_SECONDS)
        return _acts(contender, number, each)

    running = [pool.submit(client, number) for number in range(clients)]
    start.wait(_PATIENCE_SECONDS)
    since = time.perf_counter()
    acts = [took for future in running for took in future.result()]
    return acts, time.perf_counter() - since


def _acts(contender: Contender, client: int, each: int) -> list[float]:
    took = []
    for _ in range(each):
        since = time.perf_counter()
        contender.act(client)
        took.append(time.perf_counter() - since)
    return took
