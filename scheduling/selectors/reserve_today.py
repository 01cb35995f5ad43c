"""What each center keeps for rule-outs today, and what is used and still free of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic import clock
from clinic.models import Center
from scheduling.models import HalfDay, ResourceKind
from scheduling.reserve import HALVES, Policy, Span
from scheduling.selectors.days import center_days
from scheduling.selectors.reserves import Reserves, reserves
from scheduling.services.reserves import MOST_SCANS

_DAY = timedelta(days=1)
_KINDS = (ResourceKind.ROOM.value, ResourceKind.SONOGRAPHER.value)


@dataclass(frozen=True)
class HalfToday:
    """One center's half-day: its policy, and, where it is staffed today, how that stands now.

    ``kept`` counts the scans kept now, ``used`` the rule-outs booked; ``free`` how many more could still start in
    time to be read and treated before the close, whether kept or not.
    """

    center: Center
    half: HalfDay
    policy: Policy
    kept: int
    used: int
    free: int

    @property
    def short(self) -> int:
        """How many of the rule-outs that are kept for would no longer fit."""
        return max(0, self.kept - self.used - self.free)


def reserves_today(centers: Sequence[Center], now: datetime) -> list[HalfToday]:
    """Return both half-days of each center, in the order given. Three queries, however many."""
    ids = [center.pk for center in centers]
    kept = reserves(ids, from_=now - _DAY, until=now + _DAY, now=now)
    first, last = (now - _DAY).date(), (now + _DAY).date()
    span = (now - _DAY, now + _DAY)
    days = center_days(ids, first=first, last=last, span=span, kinds=_KINDS, now=now)
    found = []
    for center in centers:
        today = clock.today(center.zone)
        units = next((day.units for day in days.get(center.pk, ()) if day.on == today), [])
        reserve = kept.on(center.pk, today, units)
        standing = reserve.spans if reserve else ()
        spans = {each.half: (each, reserve.room_for(each, units, MOST_SCANS)) for each in standing if reserve}
        found += [_half(kept, center, half, today, spans.get(half)) for half in HALVES]
    return found


def _half(kept: Reserves, center: Center, half: str, today: date, known: tuple[Span, int] | None) -> HalfToday:
    policy = kept.policies(center.pk).get(half, Policy(0))
    if known is None:
        used = kept.used(center.pk, today).get(half, 0)
        return HalfToday(center, HalfDay(half), policy, 0, used, 0)
    span, free = known
    return HalfToday(center, HalfDay(half), policy, span.kept, span.used, free)
