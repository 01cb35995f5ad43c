"""Where a plot's ticks lie. Pure; the drawing itself is each plot's own."""

import math
from collections.abc import Sequence

#: Steps that an axis may go in, times a power of ten.
_STEPS = (1, 2, 2.5, 5, 10)
#: Steps that an axis of minutes may go in: an hour is a clock that people know.
_MINUTES = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240)
#: Steps of an axis to 100.
_PERCENTS = (5, 10, 20, 25)
_TICKS = 5


def scale(known: Sequence[float], full: float | None = None) -> tuple[float, float, float]:
    """Return the axis's lowest and highest value and its step: round ones, from zero. ``full`` sets the highest."""
    if full is not None:
        return 0, full, full / _TICKS
    highest = max(known, default=1)
    step = _round_step(highest / _TICKS or 0.2)
    return 0, max(step, math.ceil(highest * 1.08 / step) * step), step


def scale_of_counts(known: Sequence[float]) -> tuple[float, float, float]:
    """The same for what is counted: a tick is a whole number."""
    step = max(1, math.ceil(_round_step(max(known, default=1) / _TICKS or 1)))
    # No bar reaches the top: it would look cut off.
    return 0, max(step, math.ceil((max(known, default=1) + step / 4) / step) * step), step


def scale_of_minutes(known: Sequence[float]) -> tuple[float, float, float]:
    """The same in minutes: ticks as a clock has them."""
    highest = max(known, default=60) * 1.05
    step = next((each for each in _MINUTES if each * _TICKS >= highest), None) or 60 * math.ceil(highest / _TICKS / 60)
    return 0, max(step, math.ceil(highest / step) * step), step


def scale_of_percent(known: Sequence[float]) -> tuple[float, float, float]:
    """The same for a share that a line shows: it begins at the whole ten below, so that lines near 100 stay apart."""
    low = min(80, math.floor(min(known, default=100) / 10) * 10)
    return low, 100, next(each for each in _PERCENTS if (100 - low) / each <= _TICKS)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(each * power for each in _STEPS if each * power >= rough - 1e-9)
