"""What a named case is: its title, when its day begins, and the function that lives through it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from clinic.seeding.closures import is_holiday
from clinic.story.cast import Cast
from clinic.story.narrator import ZONE


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: the product's time of it, what, and its figures."""

    at: datetime
    what: str
    figures: dict[str, object] = field(default_factory=dict)


class Account:
    """Keeps what happens in a case line by line, and has each told as it happens."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.lines: list[Line] = []

    def say(self, what: str, **figures: object) -> None:
        """Keep and tell a line, at the product's time now."""
        line = Line(self.cast.now(), what, figures)
        self.lines.append(line)
        self.cast.narrator.step(line.at, line.what, **figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hard day: ``tell`` lives through it over HTTP and returns its lines. It raises `StoryFailed`.

    All cases of a run share one network and one clock, which only goes forward: a case has people and telephone numbers
    of its own, and begins at the next instant that is ``begins_at`` (and, where it is said, a ``weekday``, Monday 0),
    of a day on which the network is not closed.
    """

    title: str
    tell: Callable[[Cast], list[Line]]
    begins_at: time = time(9, 0)
    weekday: int | None = None

    def first_instant(self, now: datetime) -> datetime:
        """Return when this case may begin, from ``now`` on, where the people of the stories are."""
        here = now.astimezone(ZONE)
        days = (here.date() + timedelta(days=ahead) for ahead in range(23))
        starts = (datetime.combine(day, self.begins_at, ZONE) for day in days if not is_holiday(day))
        # Most centers are closed on Sundays: a case begins there only where it says so.
        wanted = range(6) if self.weekday is None else (self.weekday,)
        return next(at for at in starts if at >= here and at.weekday() in wanted)
