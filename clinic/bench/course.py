"""What is measured, one thing after the other, on a stack whose web server runs with `clinic.bench.settings`."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg

from clinic.access import Permission
from clinic.bench import searches
from clinic.bench.assessments import LINES, Assessments, decisions_a_second
from clinic.bench.bookings import PRODUCT, SQL, TRIVIAL, Bookings
from clinic.bench.caller import Caller, new_token
from clinic.bench.results import Figure, Measured, Results
from clinic.bench.turns import Contender, take_turns
from clinic.bench.visits import Visits
from clinic.local.stack import REDIS, Stack

SCOPES = (Permission.READ_CENTERS, Permission.ASSESS, Permission.SEARCH_SLOTS, Permission.HOLD, Permission.BOOK)
NEAR_MILES = 50
CLIENTS = 8
RUNNING, STOPPED = "running", "stopped"


@dataclass(frozen=True)
class Length:
    """How long the course is: rounds of what one client does once, and turns of what is done ``each`` times in one:
    with several clients, and with Redis stopped and started."""

    rounds: int
    turns: int
    each: int
    warm_up: int

    @classmethod
    def of(cls, rounds: int) -> "Length":
        """A course of so many rounds; one round is for trying that everything runs."""
        few = min(rounds, 5)
        return cls(rounds, max(rounds // 10, 1), few, few)

    @property
    def bookings(self) -> int:
        """How many visits are booked: all but the trivial ways, and two to see that they are the same."""
        in_turns = 2 * self.each * (self.turns + self.warm_up)
        return 2 + 2 * (self.rounds + self.warm_up) + CLIENTS * in_turns + in_turns


@dataclass(frozen=True)
class Clients:
    """An HTTP connection and a database connection for each client, and the product's time when they came."""

    callers: Sequence[Caller]
    databases: Sequence[psycopg.Connection]
    now: datetime


@contextmanager
def gather(stack: Stack, count: int) -> Iterator[Clients]:
    """Connect so many clients to a running stack."""
    token = new_token(stack.database_url, f"bench {secrets.token_hex(4)}", SCOPES)
    with ExitStack() as open_now:
        callers = [open_now.enter_context(closing(Caller(stack.web_url, token))) for _ in range(count)]
        databases = [open_now.enter_context(psycopg.connect(stack.database_url, autocommit=True)) for _ in range(count)]
        now = datetime.fromisoformat(callers[0].answer("GET", "/api/v1/clock/")["now"])
        yield Clients(callers, databases, now)


def run(stack: Stack, results: Results, *, rounds: int) -> None:
    """Measure everything. Raises `BenchFailed` where something that is measured does not do its work."""
    length = Length.of(rounds)
    with gather(stack, CLIENTS) as clients:
        clients.databases[0].execute("VACUUM ANALYZE")
        visits = Visits(clients.callers[0], clients.databases[0], now=clients.now, count=length.bookings)
        bookings = Bookings(clients.callers, clients.databases, visits, clients.now)
        results.head((PRODUCT, TRIVIAL, SQL), ("/ trivial", "/ sql"))
        _search(clients, results, length)
        _book(bookings, results, length)
        results.head((STOPPED, RUNNING), ("ratio",))
        _book_without_redis(stack, bookings, results, length)
        results.head((PRODUCT, TRIVIAL), ("/ trivial",))
        _assess(clients, results, length)
    _decide(stack, results, length)


def _search(clients: Clients, results: Results, length: Length) -> None:
    for name, title, reach in (
        ("search_near_1_day", f"search: {NEAR_MILES} miles, one day", searches.today(NEAR_MILES, clients.now)),
        ("search_all_14_days", "search: all centers, 14 days", searches.two_weeks(clients.now)),
    ):
        results.begin(title)
        ways = searches.Searches(clients.callers[0], clients.databases[0], reach)
        ways.check_same_work()
        timings = take_turns(ways.contenders(), rounds=length.rounds, warm_up=length.warm_up)
        results.add(Measured(name, title, 1, timings))


def _book(bookings: Bookings, results: Results, length: Length) -> None:
    bookings.check_same_work()
    title = "hold and booking, 1 client"
    results.begin(title)
    timings = take_turns(bookings.contenders(), rounds=length.rounds, warm_up=length.warm_up)
    results.add(Measured("booking_1_client", title, 1, timings))
    title = f"hold and booking, {CLIENTS} clients at once"
    results.begin(title)
    timings = take_turns(
        bookings.contenders(), rounds=length.turns, clients=CLIENTS, each=length.each, warm_up=length.warm_up
    )
    results.add(Measured(f"booking_{CLIENTS}_clients", title, CLIENTS, timings))


def _book_without_redis(stack: Stack, bookings: Bookings, results: Results, length: Length) -> None:
    def start() -> None:
        if not stack.alive(REDIS):
            stack.start(REDIS)
        bookings.on_the_line()

    def stop() -> None:
        if stack.alive(REDIS):
            stack.kill(REDIS)
        bookings.on_the_line()

    title = "hold and booking, Redis stopped or running"
    results.begin(title)
    ways = [Contender(STOPPED, bookings.over_http, stop), Contender(RUNNING, bookings.over_http, start)]
    timings = take_turns(ways, rounds=length.turns, each=length.each, warm_up=length.warm_up)
    start()
    results.add(Measured("booking_without_redis", title, 1, timings))


def _assess(clients: Clients, results: Results, length: Length) -> None:
    ways = Assessments(clients.callers[0])
    for name, title, contenders in (
        ("assessment_anonymous", "assessment: answers about nobody", ways.anonymous()),
        ("assessment_with_patient", "assessment: patient, episode and clock", ways.with_patient()),
    ):
        results.begin(title)
        timings = take_turns(contenders, rounds=length.rounds, warm_up=length.warm_up)
        results.add(Measured(name, title, 1, timings))


def _decide(stack: Stack, results: Results, length: Length) -> None:
    # Few rounds are for trying that everything runs: a share of the lines will do.
    lines = min(LINES, 500 * length.rounds)
    rate = decisions_a_second(stack, lines)
    results.tell(Figure("decisions", f"manage.py decide, {lines:,} intakes, its start included", rate, "a second"))
