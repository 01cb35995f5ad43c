"""When a text that is not urgent may arrive: 08:00 to 21:00 where the patient is (47 CFR 64.1200(c)(1)). Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8), time(21)


def next_allowed(at: datetime, zones: Iterable[str]) -> datetime:
    """Return ``at``, or the first instant after it at which it is day in every zone that the patient may be in."""
    moment = at
    for _ in range(8):
        later = max((_opening(moment, ZoneInfo(zone)) for zone in zones), default=moment)
        if later == moment:
            return moment
        moment = later
    return moment


def end_of_day(at: datetime, zones: Iterable[str]) -> datetime:
    """Return when night begins first in one of these zones, of an instant at which it is day in all of them."""
    return min(
        datetime.combine(at.astimezone(ZoneInfo(zone)).date(), CLOSES, ZoneInfo(zone)).astimezone(UTC) for zone in zones
    )


def _opening(at: datetime, zone: ZoneInfo) -> datetime:
    """Return ``at`` where it is day, else the next opening."""
    local = at.astimezone(zone)
    if OPENS <= local.time() < CLOSES:
        return at
    on = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(on, OPENS, zone).astimezone(UTC)
