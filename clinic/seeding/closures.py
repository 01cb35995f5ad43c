"""The days on which the seeded network is closed: US holidays that outpatient centers keep, and a few local ones."""

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


def is_holiday(on: date) -> bool:
    """Whether the whole network is closed on a day."""
    return any(on == day for day, _ in holidays(on.year))


def _weekday_of(year: int, month: int, weekday: int, which: int) -> date:
    """Return the first, second, ... such weekday of a month; -1 for the last."""
    if which < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def local_closures(code: str, year: int) -> Iterator[tuple[date, str]]:
    """Yield a year's closures of one center: some repaint or train for a day, each on its own."""
    number = int("".join(filter(str.isdigit, code)) or 0)
    if number % 9 == 4:
        yield _weekday_of(year, 1 + number % 12, 2, 2), "Maintenance of the ultrasound units"
    if number % 11 == 7:
        yield _weekday_of(year, 1 + (number + 5) % 12, 4, 3), "Staff training"


def close_on_holidays(centers: Iterable[Center], years: Iterable[int]) -> None:
    """Write the holidays and the local closures, once."""
    Closure.objects.bulk_create(
        [
            Closure(center=center, on=on, reason=reason)
            for year in years
            for center in centers
            for on, reason in (*holidays(year), *local_closures(center.code, year))
        ],
        ignore_conflicts=True,
    )
