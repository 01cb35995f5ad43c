"""How the seeded year ran: how long things took and what was found, drawn by chance. Pure.

Made up, yet of the order that outpatient rule-outs have: about one study in seven finds something, most results are
told within the hour, and some are not.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

MINUTE = timedelta(minutes=1)
#: Each category's weight among a thousand studies, with the preliminary that it follows.
CATEGORIES = {
    "no_dvt_complete": (790, "negative"),
    "no_dvt_limited": (60, "negative"),
    "acute_proximal_dvt": (75, "positive"),
    "isolated_distal_dvt": (40, "suspicious"),
    "svt_long": (15, "positive"),
    "svt_short": (20, "positive"),
}
#: Shares of what goes wrong and is put right, or is not.
BOOKED_LATE, CALL_MISSED, CALL_NEVER_DONE, NEXT_MORNING, DECLINED = 0.05, 0.07, 0.12, 0.02, 0.015
#: Weeks in which a center is short of people, and by how much all takes longer then.
LEAN_WEEKS, LEAN = 4, 1.55


@dataclass(frozen=True)
class Pace:
    """How a center works in one week: above 1 all takes longer."""

    slow: float

    def minutes(self, chance: Random, median: float, spread: float, *, least: float = 1) -> timedelta:
        """Draw a time around a median; ``spread`` is the standard deviation of its logarithm."""
        return round(max(least, median * self.slow * math.exp(chance.gauss(0, spread)))) * MINUTE


def pace_of(code: str, on: date, seed: int) -> Pace:
    """Return a center's pace: its own, better from quarter to quarter, and slow in its lean weeks."""
    year, week, _day = on.isocalendar()
    own = Random(f"{seed}/pace/{code}").uniform(0.85, 1.15)  # noqa: S311 - made-up figures, no secret
    lean = Random(f"{seed}/lean/{code}/{year}").sample(range(1, 53), LEAN_WEEKS)  # noqa: S311 - as above
    return Pace(own * (LEAN if week in lean else 1))


def busy(on: date) -> float:
    """Return how much is asked for on a date, around 1: more on Mondays, in winter, and year by year."""
    weekday = (1.35, 1.1, 1.0, 0.95, 1.0, 0.8, 0.7)[on.weekday()]
    return weekday * (1 + 0.2 * math.cos(2 * math.pi * (on.timetuple().tm_yday - 20) / 365))


def category(chance: Random) -> str:
    """Draw what a study finds."""
    return chance.choices(list(CATEGORIES), [weight for weight, _ in CATEGORIES.values()])[0]


def impression(found: str) -> str:
    """Return the preliminary that a category follows."""
    return CATEGORIES[found][1]
