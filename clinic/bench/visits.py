"""Whom to book and when: patients who need a scan, and free slots, enough of both for every contender."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any

import psycopg

from clinic.bench.caller import Caller
from clinic.bench.errors import BenchFailed
from clinic.bench.statements import PATIENTS

RULE_OUT = "V10"
ZIP = "20770"
#: Two visits of one center so far apart can be booked beside each other, whatever they take.
APART = timedelta(minutes=60)
#: Where in the calendar the bench books: far enough ahead that each visit is owed a confirmation and a reminder.
AHEAD, SPAN = timedelta(days=2), timedelta(days=12)
_MOST = 200


@dataclass(frozen=True)
class Visit:
    """One booking to be made: whose, in which episode, and what a search named as free."""

    patient: int
    episode: int
    slot: dict[str, Any]

    @property
    def starts_at(self) -> datetime:
        """The slot's start, with the center's offset."""
        return datetime.fromisoformat(self.slot["starts_at"])


class Visits:
    """The visits that are still to be booked; each is handed out once, to whichever client asks."""

    def __init__(self, caller: Caller, database: psycopg.Connection, *, now: datetime, count: int) -> None:
        parameters = {"zip": ZIP, "count": count, "now": now}
        patients = database.execute(PATIENTS, parameters).fetchall()
        caller.ready()
        slots = slots_apart(caller, now, RULE_OUT) if count else []
        if len(slots) < count:
            raise BenchFailed(f"The network has {len(slots)} free slots for {count} bookings. Take fewer rounds.")
        self._left = deque(
            Visit(patient, episode, slot) for (patient, episode), slot in zip(patients, slots, strict=False)
        )

    def next(self) -> Visit:
        """Return the next visit to book."""
        try:
            return self._left.popleft()
        except IndexError:
            raise BenchFailed("There is nobody left to book for.") from None


def slots_apart(caller: Caller, now: datetime, visit_type: str) -> list[dict[str, Any]]:
    """Return free slots, one after the other at different centers, so that clients rarely meet at one."""
    centers = caller.answer("GET", "/api/v1/centers/")["results"]
    by_center = [_apart(_at_center(caller, center["code"], now, visit_type)) for center in centers]
    return [slot for slot in chain.from_iterable(zip_longest(*by_center)) if slot]


def _at_center(caller: Caller, code: str, now: datetime, visit_type: str) -> list[dict[str, Any]]:
    query = f"visit_type={visit_type}&center={code}&limit={_MOST}&from={_utc(now + AHEAD)}&until={_utc(now + SPAN)}"
    found: list[dict[str, Any]] = caller.answer("GET", f"/api/v1/slots/?{query}")["results"]
    return [{key: slot[key] for key in ("visit_type", "center", "starts_at")} for slot in found]


def _apart(slots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those of one center's slots that don't stand in each other's way."""
    chosen: list[dict[str, Any]] = []
    for slot in sorted(slots, key=lambda each: datetime.fromisoformat(each["starts_at"])):
        start = datetime.fromisoformat(slot["starts_at"])
        if not chosen or start - datetime.fromisoformat(chosen[-1]["starts_at"]) >= APART:
            chosen.append(slot)
    return chosen


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
