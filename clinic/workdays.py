"""Local instants and working days, from dates and zones. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def at_local(on: date, at: time, zone: str) -> datetime:
    """Return the instant, in UTC, at which the zone's clocks show ``at`` on a date (the first one, where twice)."""
    return datetime.combine(on, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def working_day_after(on: date, days: int = 1) -> date:
    """Return the date that lies ``days`` working days (Monday to Friday) after a date."""
    while days:
        on += timedelta(days=1)
        days -= on.weekday() < 5
    return on
