"""Who is paged about a callback that is owed within minutes, by which channel, and when. Pure.

clinical.md R3: a call within ten minutes, else the supervisor, then ED advice. This product's own rule: a text at once,
an automated call two minutes later, and two minutes after that the next in line, until the call is due. After the last
in line it is the first one's turn again: a patient who may be in danger waits. A callback that has half an hour or an
hour is in the worklist; one text says so to the first in line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduling.slots import Duty

#: A callback owed within so long pages one after the other; one owed within `ONE_TEXT_WITHIN` sends one text.
LADDER_WITHIN = timedelta(minutes=10)
ONE_TEXT_WITHIN = timedelta(minutes=60)
#: How long after a text its reader's telephone rings, and how long after it the next in line is texted.
CALL_AFTER = timedelta(minutes=2)
TURN = timedelta(minutes=4)


class Channel(StrEnum):
    """How a page reaches somebody."""

    TEXT = "sms"
    CALL = "voice"


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody who may be paged. ``callbacks`` are the urgent ones that they have in hand already."""

    staff: int
    remote: bool
    callbacks: int
    duties: tuple[Duty, ...]

    def next_from(self, at: datetime) -> datetime | None:
        """Return the first instant from ``at`` on at which they are on duty."""
        return min((start for duty in self.duties if (start := duty.next_from(at)) is not None), default=None)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: to whom, how, and when it is due."""

    staff: int
    channel: Channel
    at: datetime


def in_line(people: Iterable[OnCall]) -> list[OnCall]:
    """Return who is paged first: who is on site, then who has the fewest callbacks in hand; the rest is by number."""
    return sorted(people, key=lambda person: (person.remote, person.callbacks, person.staff))


def pages(people: Iterable[OnCall], *, at: datetime, due_at: datetime) -> tuple[Page, ...]:
    """Return the pages about a callback that was opened ``at`` this instant and is owed by ``due_at``.

    Nobody is paged off duty: who comes on duty before the call is due is paged then.
    """
    if due_at - at <= LADDER_WITHIN:
        return _ladder(in_line(people), at=at, due_at=due_at)
    if due_at - at <= ONE_TEXT_WITHIN:
        return _ladder(in_line(people), at=at, due_at=due_at)[:1]
    return ()


def _ladder(line: Sequence[OnCall], *, at: datetime, due_at: datetime) -> tuple[Page, ...]:
    waiting, turn, rungs = list(line), at, list[Page]()
    while turn < due_at:
        person = next((each for each in waiting if each.next_from(turn) == turn), None)
        if person is None:
            starts = [start for each in waiting if (start := each.next_from(turn)) is not None]
            turn = min(starts, default=due_at)
            continue
        rungs.append(Page(person.staff, Channel.TEXT, turn))
        rings = turn + CALL_AFTER
        if rings < due_at and person.next_from(rings) == rings:
            rungs.append(Page(person.staff, Channel.CALL, rings))
        waiting.remove(person)
        waiting.append(person)
        turn += TURN
    return tuple(rungs)
