"""All patients live at once: whoever is to be looked at first comes first, and the clock goes on to that instant."""

import heapq
from collections.abc import Sequence
from datetime import datetime

from clinic.story.cast import Cast
from clinic.story.results.cases import CASES, Case
from clinic.story.results.course import Course, Waking

#: Their phones: numbers that are reserved for fiction.
PHONE = "+1301555{:04d}"
FIRST = 160


def tell(cast: Cast, cases: Sequence[Case] = CASES) -> None:
    """Take every patient to the signature. Raises `StoryFailed` at the first step that is not as it must be."""
    waking: list[tuple[datetime, int, Waking]] = []
    for number, case in enumerate(cases):
        course = Course(cast, case, PHONE.format(FIRST + number), cast.narrator.open(case.category))
        life = course.live()
        waking.append((next(life), number, life))
    heapq.heapify(waking)
    while waking:
        at, number, life = heapq.heappop(waking)
        cast.wait_until(at)
        again = next(life, None)
        if again is not None:
            heapq.heappush(waking, (again, number, life))
