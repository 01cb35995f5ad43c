"""The days on which the seeded network is closed: US federal holidays that outpatient centers keep."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from clinic.models import Center, Closure


def holidays(year: int) -> Iterator[tuple[date, str]]:
    """Yield a year's holidays."""
    yield date(year, 1, 1), "New Year's Day"
    yield _weekday_of(year, 5, 0, -1), "Memorial Day"
    yield date(year, 7, 4), "Independence Day"
    yield _weekday_of(year, 9, 0, 1), "Labor Day"
    yield _weekday_of(year, 11, 3, 4), "Thanksgiving"
    yield date(year, 12, 25), "Christmas Day"


def _weekday_of(year: int, month: int, weekday: int, which: int) -> date:
    """Return the first, second, ... such weekday of a month; -1 for the last."""
    if which < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def close_on_holidays(centers: Iterable[Center], years: Iterable[int]) -> None:
    """Write the holidays as closures, once."""
    days = [day for year in years for day in holidays(year)]
    Closure.objects.bulk_create(
        [Closure(center=center, on=on, reason=reason) for center in centers for on, reason in days],
        ignore_conflicts=True,
    )
