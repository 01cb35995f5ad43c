"""The course of many clients: what search and booking cost when eight or thirty-two callers are on the line."""

from dataclasses import dataclass

from clinic.bench import searches
from clinic.bench.bookings import PRODUCT, SQL, TRIVIAL, Bookings
from clinic.bench.course import CLIENTS, NEAR_MILES, Clients, Length, gather
from clinic.bench.errors import BenchFailed
from clinic.bench.load import CONSULT, SEARCHES, Load, Rush
from clinic.bench.results import Figure, Measured, Results
from clinic.bench.statements import PATIENTS
from clinic.bench.turns import Contender, take_turns
from clinic.bench.visits import ZIP, Visits, slots_apart
from clinic.local.stack import Stack

_RUSH_ROUNDS = 4
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@dataclass(frozen=True)
class Crowd:
    """How many clients there are: of a busy hour, of a worse one, and in the rush after so few slots."""

    busy: int = CLIENTS
    many: int = 32
    rush: int = 50
    few: int = 10


def run(stack: Stack, results: Results, *, rounds: int, crowd: Crowd = Crowd()) -> None:
    """Measure everything. Raises `BenchFailed` where something that is measured does not do its work."""
    length = Length.of(rounds)
    with gather(stack, max(crowd.busy, crowd.many, crowd.rush)) as clients:
        clients.databases[0].execute("VACUUM ANALYZE")
        results.head((PRODUCT, TRIVIAL), ("/ trivial",))
        for count in (1, crowd.busy, crowd.many):
            _search(clients, results, length, count)
        for count in (crowd.busy, crowd.many):
            _mix(clients, results, length, count)
        results.head((PRODUCT, TRIVIAL, SQL), ("/ trivial", "/ sql"))
        for count in (1, crowd.busy):
            _book(clients, results, length, count)
        _rush(clients, results, length, crowd)


def _load(clients: Clients, bookings: int) -> Load:
    now, callers, databases = clients.now, clients.callers, clients.databases
    visits = Visits(callers[0], databases[0], now=now, count=bookings)
    near = searches.Searches(callers[0], databases[0], searches.today(NEAR_MILES, now))
    sql = Bookings(callers, databases, visits, now).parameters
    return Load(callers, databases, visits, search=near.path, sql=sql)


def _turns(length: Length, count: int) -> dict[str, int]:
    if count == 1:
        return {"rounds": length.rounds, "warm_up": length.warm_up}
    return {"rounds": max(length.turns // 2, 1), "clients": count, "each": 2, "warm_up": 1}


def _acts(length: Length, count: int) -> int:
    turns = _turns(length, count)
    return (turns["rounds"] + turns["warm_up"]) * turns.get("clients", 1) * turns.get("each", 1)


def _search(clients: Clients, results: Results, length: Length, count: int) -> None:
    title = f"search: {NEAR_MILES} miles, one day, {_at_once(count)}"
    results.begin(title)
    timings = take_turns(_load(clients, 0).searching(), **_turns(length, count))
    results.add(Measured(f"search_near_{count}_clients", title, count, timings))


def _mix(clients: Clients, results: Results, length: Length, count: int) -> None:
    title = f"{SEARCHES} searches and a booking, {_at_once(count)}"
    results.begin(title)
    few = Length(length.rounds, max(length.turns // 5, 1), 1, 1)
    timings = take_turns(_load(clients, 2 * _acts(few, count)).mixed(), **_turns(few, count))
    results.add(Measured(f"mixed_{count}_clients", title, count, timings))


def _book(clients: Clients, results: Results, length: Length, count: int) -> None:
    title = f"a slot booked at once, {_at_once(count)}"
    results.begin(title)
    timings = take_turns(_load(clients, 2 * _acts(length, count)).booking(), **_turns(length, count))
    results.add(Measured(f"booking_at_once_{count}_clients", title, count, timings))
    if count == 1:
        more = timings[PRODUCT].median_ms - timings[SQL].median_ms
        results.tell(Figure("booking_above_sql", "A booking takes longer than its bare SQL by", more, "ms"))


def _rush(clients: Clients, results: Results, length: Length, crowd: Crowd) -> None:
    """All clients after the same few slots, against as many clients with a slot each."""
    database = clients.databases[0]
    before = _one(database.execute(_DEADLOCKS).fetchone())
    wanted = {"zip": ZIP, "count": crowd.rush, "now": clients.now}
    patients = [row[0] for row in database.execute(PATIENTS, wanted).fetchall()]
    callers = clients.callers[: crowd.rush]
    rush = Rush(callers, patients, slots_apart(callers[0], clients.now, CONSULT))
    ways = [
        Contender("together", lambda client: rush.together(crowd.few, client), _load(clients, 0).on_the_line),
        Contender("apart", rush.apart, _load(clients, 0).on_the_line),
    ]
    timings = take_turns(ways, rounds=_RUSH_ROUNDS, clients=crowd.rush, each=min(length.each, 5), warm_up=1)
    if _one(database.execute(_DEADLOCKS).fetchone()) > before:
        raise BenchFailed("The rush after few slots met a deadlock.")
    share = 100 * timings["together"].per_second / timings["apart"].per_second
    title = f"{crowd.rush} clients booking and cancelling on {crowd.few} slots, against a slot each"
    results.tell(Figure("rush", title, share, "% of the answers a second"))


def _one(row: tuple[int, ...] | None) -> int:
    return row[0] if row else 0


def _at_once(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"
