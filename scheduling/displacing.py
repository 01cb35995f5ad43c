"""Where a displaced visit may go, and who comes first. Pure.

A rule-out is never moved past its clock: another unit at the same time, another time within the deadline, or nothing.
What comes first is what disturbs a patient least: the same center before another, the nearest time before any other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Notice of an earlier time or of another center: the patient must read a text or be called, and set out anew. Who is
#: told late of a later time at the same center comes too early, and waits.
NOTICE = timedelta(minutes=60)
#: How far a routine visit without a window of its own may move.
ROUTINE_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Standing:
    """A visit as it stood, and the limits of where it may go.

    ``scan_by`` and ``result_by`` are a rule-out's clinical deadlines, ``window`` a routine visit's own first and last
    instant.
    """

    starts_at: datetime
    rule_out: bool
    scan_by: datetime | None = None
    result_by: datetime | None = None
    window: tuple[datetime | None, datetime | None] = (None, None)

    @property
    def latest(self) -> datetime:
        """Until when another time is looked for."""
        if not self.rule_out:
            # One that was booked past its window is as late already: it is seen as soon as may be.
            last = self.window[1]
            return last if last is not None and last >= self.starts_at else self.starts_at + ROUTINE_WITHIN
        limits = [limit for limit in (self.scan_by, self.result_by) if limit is not None]
        # Without a clock of its own a rule-out is not moved to a later time; past its clock neither.
        return max(self.starts_at, min(limits)) if limits else self.starts_at

    def allows(self, start: datetime, *, result_at: datetime, now: datetime, elsewhere: bool) -> bool:
        """Whether the visit may go to a start at its own center, or ``elsewhere``."""
        if (elsewhere or start < self.starts_at) and start < now + NOTICE:
            return False
        if not self.rule_out:
            first = self.window[0]
            return (first is None or start >= min(first, self.starts_at)) and start <= self.latest
        if start <= self.starts_at:
            return True
        in_time = self.scan_by is None or start <= self.scan_by
        told_in_time = self.result_by is None or result_at <= self.result_by
        return in_time and told_in_time and (self.scan_by is not None or self.result_by is not None)

    def rank(self, start: datetime, *, miles: float) -> tuple[float, timedelta, datetime]:
        """Nearer centers first, then the nearest time, an earlier one before a later one."""
        return miles, abs(start - self.starts_at), start


def clock_of(*, rule_out: bool, scan_by: datetime | None, result_by: datetime | None, starts_at: datetime) -> datetime:
    """Return the instant that a visit is ordered by within its kind: a rule-out's deadline, a routine visit's start."""
    limits = [limit for limit in (scan_by, result_by) if limit is not None] if rule_out else []
    return min(limits, default=starts_at)
