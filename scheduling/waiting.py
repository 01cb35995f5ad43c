"""Who is offered a free time first, for how long, and when. Pure.

This product's own rules. A rule-out goes before all else, the one with the least time left first; then whoever has
waited longest, behind them who let offers run out. A rule-out has a quarter of an hour to answer, and is phoned
besides; a routine patient has two hours of the day, and is asked in the day only.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

URGENT_WINDOW = timedelta(minutes=15)
ROUTINE_WINDOW = timedelta(hours=2)
#: Less than this is no offer: a text is not read at once.
LEAST_URGENT_WINDOW = timedelta(minutes=5)
LEAST_ROUTINE_WINDOW = timedelta(minutes=30)
#: Who did not say that they can come at short notice is offered nothing nearer than this.
NOTICE = timedelta(hours=24)
#: Between these local hours a routine offer is made, so that it can be answered before nine in the evening.
FIRST_OFFER, LAST_OFFER = time(8), time(19)
#: A routine patient who let so many offers run out is called instead.
MOST_UNANSWERED = 2
#: How soon the calendar is searched again for somebody for whom there was nothing; freed time is looked at at once.
URGENT_PAUSE = timedelta(minutes=1)
ROUTINE_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody who waits. ``due_at`` is when a rule-out's result is owed; None is routine."""

    entry: int
    due_at: datetime | None
    unanswered: int
    since: datetime


def rank(waiter: Waiter) -> tuple[object, ...]:
    """Return the place in the line, least first: rule-outs by the time that is left, then who has waited longest."""
    if waiter.due_at is not None:
        return (0, waiter.due_at, waiter.since, waiter.entry)
    return (1, waiter.unanswered, waiter.since, waiter.entry)


def may_be_asked(at: datetime, zone: str, *, urgent: bool) -> bool:
    """Whether somebody may be made an offer now: a rule-out at any hour, others in the day where they are."""
    return urgent or FIRST_OFFER <= at.astimezone(ZoneInfo(zone)).time() < LAST_OFFER


def answer_by(
    at: datetime, *, starts_at: datetime, way: timedelta, urgent: bool, short_notice: bool
) -> datetime | None:
    """Return until when an offer made now stands, or None where the time is too near to offer.

    It ends early enough that whoever accepts at the last moment can still get there.
    """
    if not urgent and not short_notice and starts_at - at < NOTICE:
        return None
    window = URGENT_WINDOW if urgent else ROUTINE_WINDOW
    least = LEAST_URGENT_WINDOW if urgent else LEAST_ROUTINE_WINDOW
    latest = min(at + window, starts_at - way)
    return latest if latest - at >= least else None
