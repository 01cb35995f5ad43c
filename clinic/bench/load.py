"""Many clients at once: searching, booking, both mixed, and all of them after the same few slots."""

from collections import deque
from collections.abc import Sequence
from itertools import cycle
from threading import Lock
from typing import Any

import psycopg

from clinic.bench.bookings import PRODUCT, SQL, TRIVIAL
from clinic.bench.caller import Caller
from clinic.bench.errors import BenchFailed
from clinic.bench.statements import BOOK, HOLD
from clinic.bench.turns import Contender
from clinic.bench.visits import Visits

#: A mixed load: so many searches to one booking.
SEARCHES = 20
CONSULT = "V30"
_TAKEN = "slot_taken"


class Load:
    """Clients that search and book over HTTP, against the trivial view behind the same doors."""

    def __init__(
        self,
        callers: Sequence[Caller],
        databases: Sequence[psycopg.Connection],
        visits: Visits,
        *,
        search: str,
        sql: Any,
    ) -> None:
        self._callers = callers
        self._databases = databases
        self._visits = visits
        self._search = search
        self._sql = sql

    def on_the_line(self) -> None:
        """See to it that every connection stands."""
        for caller in self._callers:
            caller.ready()

    def searching(self) -> list[Contender]:
        """One search near the patient."""
        return self._two(self._find, self._find_nothing)

    def booking(self) -> list[Contender]:
        """One slot booked at once, in one request; in SQL by the two statements of a hold and a booking."""
        return [*self._two(self._book, self._book_nothing), Contender(SQL, self._book_in_sql)]

    def mixed(self) -> list[Contender]:
        """Twenty searches and a booking."""

        def product(client: int) -> None:
            for _ in range(SEARCHES):
                self._find(client)
            self._book(client)

        def trivial(client: int) -> None:
            for _ in range(SEARCHES):
                self._find_nothing(client)
            self._book_nothing(client)

        return self._two(product, trivial)

    def _two(self, product: Any, trivial: Any) -> list[Contender]:
        return [Contender(PRODUCT, product, self.on_the_line), Contender(TRIVIAL, trivial, self.on_the_line)]

    def _find(self, client: int) -> None:
        self._callers[client].answer("GET", self._search)

    def _find_nothing(self, client: int) -> None:
        self._callers[client].answer("GET", "/api/v1/trivial/")

    def _book(self, client: int) -> None:
        visit = self._visits.next()
        wanted = {"slot": visit.slot, "patient": visit.patient, "episode": visit.episode}
        self._callers[client].answer("POST", "/api/v1/appointments/", wanted)

    def _book_nothing(self, client: int) -> None:
        self._callers[client].answer("POST", "/api/v1/trivial/", {"slot": {"center": "C001"}, "patient": 1})

    def _book_in_sql(self, client: int) -> None:
        visit, database = self._visits.next(), self._databases[client]
        given = self._sql(visit)
        held = database.execute(HOLD, given).fetchone()
        if held is None or len(database.execute(BOOK, {**given, "hold": held[0]}).fetchall()) != 2:
            raise BenchFailed("The bare SQL did not book a slot that was free.")


class Rush:
    """Clients that book a consultation and cancel it, over and over: each its own slot, or all the same few."""

    def __init__(self, callers: Sequence[Caller], patients: Sequence[int], slots: Sequence[dict[str, Any]]) -> None:
        if len(slots) < len(callers):
            raise BenchFailed(f"The rush needs {len(callers)} slots apart from each other, and found {len(slots)}.")
        self._callers = callers
        self._patients = patients
        self._slots = slots
        self._lock = Lock()
        self._few: dict[int, Any] = {}
        self.booked = deque[int]()

    def apart(self, client: int) -> None:
        """Book and cancel a slot that nobody else wants."""
        self._book_and_cancel(client, self._slots[client])

    def together(self, few: int, client: int) -> None:
        """Book and cancel one of the few slots that all want; where it is taken, that is the answer."""
        with self._lock:
            turn = self._few.setdefault(few, cycle(self._slots[:few]))
            slot = next(turn)
        self._book_and_cancel(client, slot)

    def _book_and_cancel(self, client: int, slot: dict[str, Any]) -> None:
        caller = self._callers[client]
        answer = caller.call("POST", "/api/v1/appointments/", {"slot": slot, "patient": self._patients[client]})
        if answer.status == 409 and answer.json["code"] == _TAKEN:
            return
        if answer.status != 201:
            raise BenchFailed(f"A booking in the rush was answered with {answer.status}: {answer.content!r}")
        self.booked.append(client)
        caller.answer("POST", f"/api/v1/appointments/{answer.json['id']}/cancel/", {"reason": "bench"})
