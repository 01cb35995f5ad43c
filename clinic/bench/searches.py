"""The search for slots, three ways: over HTTP, the trivial view, and the bare SQL that reads the same days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import psycopg

from clinic.bench.bookings import PRODUCT, SQL, TRIVIAL
from clinic.bench.caller import Caller
from clinic.bench.errors import BenchFailed
from clinic.bench.statements import SEARCH
from clinic.bench.turns import Contender
from clinic.bench.visits import RULE_OUT, ZIP

_ZONE = ZoneInfo("America/New_York")
_EVERYWHERE = 5000


@dataclass(frozen=True)
class Reach:
    """How far a search looks: within so many miles of the patient (None: everywhere), and until when."""

    miles: int | None
    now: datetime
    until: datetime

    @property
    def dates(self) -> tuple[date, date]:
        """The first and the last local date."""
        return self.now.astimezone(_ZONE).date(), (self.until - timedelta(seconds=1)).astimezone(_ZONE).date()


def today(miles: int, now: datetime) -> Reach:
    """Near the patient, to the end of their day."""
    midnight = datetime.combine(now.astimezone(_ZONE).date() + timedelta(days=1), time(), _ZONE)
    return Reach(miles, now, midnight)


def one_day(now: datetime) -> Reach:
    """At every center, to the end of the patient's day."""
    return Reach(None, now, today(0, now).until)


def two_weeks(now: datetime) -> Reach:
    """At every center, for 14 days."""
    return Reach(None, now, now + timedelta(days=14))


class Searches:
    """The ways of searching, for one client."""

    def __init__(self, caller: Caller, database: psycopg.Connection, reach: Reach) -> None:
        self._caller = caller
        self._database = database
        query: dict[str, object] = {"visit_type": RULE_OUT, "near": ZIP, "until": reach.until.isoformat()}
        within = {} if reach.miles is None else {"within_miles": reach.miles}
        #: Where the product is asked.
        self.path = f"/api/v1/slots/?{urlencode({**query, **within})}"
        self._centers_path = f"/api/v1/centers/?{urlencode({'near': ZIP, **within})}"
        first, last = reach.dates
        self._parameters = {
            "visit_type": RULE_OUT,
            "zip": ZIP,
            "miles": reach.miles or _EVERYWHERE,
            "first": first,
            "last": last,
        }

    def contenders(self) -> list[Contender]:
        """The three ways, to take turns."""
        return [
            Contender(PRODUCT, self._over_http, self._caller.ready),
            Contender(TRIVIAL, self._trivially, self._caller.ready),
            Contender(SQL, self._in_sql),
        ]

    def _over_http(self, client: int) -> None:
        if not self._caller.answer("GET", self.path)["results"]:
            raise BenchFailed("The search found no slot.")

    def _trivially(self, client: int) -> None:
        self._caller.answer("GET", "/api/v1/trivial/")

    def _in_sql(self, client: int) -> None:
        with psycopg.Cursor(self._database) as cursor:
            if not cursor.execute(SEARCH, self._parameters, binary=True).fetchall():
                raise BenchFailed("The bare SQL found no day.")

    def check_same_work(self) -> None:
        """Raise `BenchFailed` unless the bare SQL reads the days of the very centers that the product searches."""
        self._caller.ready()
        told = {center["code"] for center in self._caller.answer("GET", self._centers_path)["results"]}
        idle = {center["center"] for center in self._caller.answer("GET", self.path)["unavailable"]}
        read = {row[1] for row in self._database.execute(SEARCH, self._parameters)}
        # A center that is closed all that time may have no days to read.
        if not told - idle <= read <= told:
            raise BenchFailed(f"The product and the bare SQL search other centers: {sorted(told ^ read)}.")
