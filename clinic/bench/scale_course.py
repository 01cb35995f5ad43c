"""The course of size: the same questions on a network ten times as large, nine tenths full, with a long past."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from clinic.bench import searches
from clinic.bench.bookings import PRODUCT, SQL, TRIVIAL, Bookings
from clinic.bench.course import NEAR_MILES, Clients, Length, gather
from clinic.bench.enlarge import fill, grow_old, multiply
from clinic.bench.results import Figure, Measured, Results
from clinic.bench.turns import Timing, take_turns
from clinic.bench.visits import Visits
from clinic.local.stack import WEB, Stack

TIMES = 10
PAST = 1_000_000
DAYS = 14
_LEAST_ROUNDS = 5


def run(stack: Stack, results: Results, *, rounds: int, past: int = PAST) -> None:
    """Measure everything. Raises `BenchFailed` where something that is measured does not do its work."""
    length = Length.of(rounds)
    with gather(stack, 1) as clients:
        database, until = clients.databases[0], (clients.now + timedelta(days=DAYS + 2)).date()
        results.say("Filling nine tenths of what can be scanned ...")
        fill(database, until=until)
        results.head((PRODUCT, TRIVIAL, SQL), ("/ trivial", "/ sql"))
        _search(clients, results, length, "110", "110 centers, 90% full")
        fresh = _book(clients, results, length, "before", "hold and booking, little past")
        results.say(f"Writing {past:,} visits that are over ...")
        grow_old(database, count=past, now=clients.now)
        aged = _book(clients, results, length, "after", f"hold and booking, {past:,} visits past")
        results.tell(_ratio("past", "A booking with that past takes, of one without", aged, fresh))
        results.say(f"Setting up {TIMES} times as many centers ...")
        count = multiply(database, times=TIMES, until=until)
        fill(database, until=until)
        results.head((PRODUCT, TRIVIAL, SQL), ("/ trivial", "/ sql"))
        _search(clients, results, length, "1100", f"{count:,} centers, 90% full")
        results.tell(Figure("web_memory", "The largest web process holds", _memory(stack), "MB"))


def _search(clients: Clients, results: Results, length: Length, name: str, where: str) -> None:
    few = max(length.rounds // 5, _LEAST_ROUNDS) if length.rounds > _LEAST_ROUNDS else length.rounds
    for key, words, reach in (
        ("near", f"{NEAR_MILES} miles, one day", searches.today(NEAR_MILES, clients.now)),
        ("all_day", "all, one day", searches.one_day(clients.now)),
        ("all_14", "all, 14 days", searches.two_weeks(clients.now)),
    ):
        title = f"search: {where}: {words}"
        results.begin(title)
        ways = searches.Searches(clients.callers[0], clients.databases[0], reach)
        timings = take_turns(ways.contenders(), rounds=few, warm_up=min(length.warm_up, 2))
        results.add(Measured(f"search_{name}_{key}", title, 1, timings))


def _book(clients: Clients, results: Results, length: Length, name: str, title: str) -> Timing:
    results.begin(title)
    count = 2 * (length.rounds + length.warm_up)
    visits = Visits(clients.callers[0], clients.databases[0], now=clients.now, count=count)
    ways = Bookings(clients.callers, clients.databases, visits, clients.now).contenders()
    timings = take_turns(ways, rounds=length.rounds, warm_up=length.warm_up)
    results.add(Measured(f"booking_{name}", title, 1, timings))
    return timings[PRODUCT]


def _ratio(name: str, title: str, one: Timing, other: Timing) -> Figure:
    return Figure(name, title, 100 * one.median_ms / other.median_ms, "%")


def _memory(stack: Stack) -> float:
    """Return the resident memory of the web server's largest process, in MB; 0 where the system does not tell."""
    kilobytes = [_resident(pid) for pid in [stack.pid(WEB), *_children(stack.pid(WEB))]]
    return max(kilobytes, default=0) / 1000


def _children(pid: int) -> Sequence[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
