"""How late a day runs, from actual times: when each waiting visit will probably start. Pure.

Each room and person goes on with its next visit when the one before is over, with its buffer. A visit in progress ends
at its planned length after its actual start, or now where it lasts longer already. Whoever has not come by their time
holds nobody up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Turn:
    """One visit of the day as far as time matters. ``here``: the patient has arrived."""

    id: int
    starts_at: datetime
    minutes: int
    buffer_minutes: int
    units: tuple[int, ...]
    here: bool = False
    started_at: datetime | None = None
    #: The last instants at which the scan may start, and at which its result may be ready; and the reading's length.
    scan_by: datetime | None = None
    result_by: datetime | None = None
    reading_minutes: int = 0

    def misses_if_started(self, at: datetime) -> bool:
        """Whether a start then is past its clinical deadline."""
        return self.latest_start is not None and at > self.latest_start

    @property
    def latest_start(self) -> datetime | None:
        """The last start that is in time; None where no clock runs."""
        length = timedelta(minutes=self.minutes + self.reading_minutes)
        limits = [limit for limit in (self.scan_by, self.result_by and self.result_by - length) if limit]
        return min(limits, default=None)


@dataclass(frozen=True, slots=True)
class Expected:
    """When a waiting visit will probably start, and how many minutes late that is.

    ``deadline_lost``: it would have been in time as booked, and will not be.
    """

    id: int
    starts_at: datetime
    late_minutes: int
    deadline_lost: bool


def expected(turns: Iterable[Turn], now: datetime) -> list[Expected]:
    """Return the visits that wait, in the order of their booked starts."""
    free: dict[int, datetime] = {}
    ordered = sorted(turns, key=lambda turn: (turn.starts_at, turn.id))
    for turn in ordered:
        if turn.started_at is not None:
            over = max(now, turn.started_at + timedelta(minutes=turn.minutes))
            _until(free, turn, over + timedelta(minutes=turn.buffer_minutes))
    found = []
    for turn in ordered:
        if turn.started_at is None:
            at = max([turn.starts_at, now, *(free[unit] for unit in turn.units if unit in free)])
            late = max(0, int((at - turn.starts_at) / timedelta(minutes=1)))
            lost = turn.misses_if_started(at) and not turn.misses_if_started(turn.starts_at)
            found.append(Expected(turn.id, at, late, lost))
            if turn.here or turn.starts_at >= now:
                _until(free, turn, at + timedelta(minutes=turn.minutes + turn.buffer_minutes))
    return found


def late_now(turns: Sequence[Turn], now: datetime) -> dict[int, int]:
    """Return by how many minutes each unit runs late: at the next visit of somebody who is here, or comes next."""
    by_id = {turn.id: turn for turn in turns}
    late: dict[int, int] = {}
    for each in expected(turns, now):
        turn = by_id[each.id]
        if turn.here or turn.starts_at >= now:
            for unit in turn.units:
                late.setdefault(unit, each.late_minutes)
    return {unit: minutes for unit, minutes in late.items() if minutes}


def _until(free: dict[int, datetime], turn: Turn, at: datetime) -> None:
    for unit in turn.units:
        free[unit] = max(at, free.get(unit, at))
