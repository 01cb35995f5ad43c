"""Hold and booking, three ways: over HTTP, twice the trivial view, and bare SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from clinic.bench.caller import Caller
from clinic.bench.errors import BenchFailed
from clinic.bench.statements import BOOK, HOLD, WRITTEN
from clinic.bench.turns import Contender
from clinic.bench.visits import Visit, Visits

PRODUCT, TRIVIAL, SQL = "product", "trivial", "sql"
_HOLDER = "integration:1"


class Bookings:
    """The ways of booking, for clients that each have an HTTP connection and a database connection of their own."""

    def __init__(
        self, callers: Sequence[Caller], databases: Sequence[psycopg.Connection], visits: Visits, now: datetime
    ) -> None:
        self._callers = callers
        self._databases = databases
        self._visits = visits
        self._now = now

    def contenders(self) -> list[Contender]:
        """The three ways, to take turns."""
        return [
            Contender(PRODUCT, self.over_http, self.on_the_line),
            Contender(TRIVIAL, self._trivially, self.on_the_line),
            Contender(SQL, self._in_sql),
        ]

    def over_http(self, client: int) -> None:
        """Hold a slot and book what is held: two requests."""
        caller, visit = self._callers[client], self._visits.next()
        hold = caller.answer("POST", "/api/v1/holds/", visit.slot)
        wanted = {"hold": hold["id"], "patient": visit.patient, "episode": visit.episode}
        booked = caller.answer("POST", "/api/v1/appointments/", wanted)
        if booked["status"] != "booked":
            raise BenchFailed(f"The booking came back as {booked['status']}.")

    def _trivially(self, client: int) -> None:
        """Send two requests with bodies of the same kind to the view that does nothing."""
        caller = self._callers[client]
        for _ in range(2):
            caller.answer("POST", "/api/v1/trivial/", {"hold": 1, "patient": 1, "episode": 1})

    def _in_sql(self, client: int) -> None:
        """Write the same rows by two statements, each a transaction."""
        database, visit = self._databases[client], self._visits.next()
        held = database.execute(HOLD, self.parameters(visit)).fetchone()
        if held is None:
            raise BenchFailed("The bare SQL found no room and sonographer for a slot that was free.")
        told = database.execute(BOOK, {**self.parameters(visit), "hold": held[0]}).fetchall()
        if len(told) != 2:
            raise BenchFailed("The bare SQL did not book what it held.")

    def parameters(self, visit: Visit) -> dict[str, Any]:
        """What the bare SQL is told of a visit."""
        return {
            **visit.slot,
            "starts_at": visit.starts_at,
            "on": visit.starts_at.date(),
            "patient": visit.patient,
            "episode": visit.episode,
            "holder": _HOLDER,
            "now": self._now,
        }

    def on_the_line(self) -> None:
        """See to it that every connection stands."""
        for caller in self._callers:
            caller.ready()

    def check_same_work(self) -> None:
        """Book once each way. Raises `BenchFailed` unless the bare SQL leaves as many rows in each table."""
        self.on_the_line()
        before = self._written()
        self.over_http(0)
        between = self._written()
        self._in_sql(0)
        after = self._written()
        by_product = [now - then for now, then in zip(between, before, strict=True)]
        by_sql = [now - then for now, then in zip(after, between, strict=True)]
        if by_product != by_sql:
            raise BenchFailed(
                "A booking over HTTP and the bare SQL do not write the same (appointments, occupancies, steps, events,"
                f" messages, orders): {by_product} and {by_sql}."
            )

    def _written(self) -> tuple[int, ...]:
        row: tuple[int, ...] | None = self._databases[0].execute(WRITTEN).fetchone()
        return row or ()
