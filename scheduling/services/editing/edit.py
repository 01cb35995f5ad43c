"""What every edit of availability says of itself."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Max

from clinic import clock
from clinic.access import Actor
from clinic.errors import Invalid
from clinic.models import Center, Step
from scheduling.models import EditKind, Resource, ResourceDay
from scheduling.selectors.duties import DutyHit
from scheduling.services.calendar import HORIZON_DAYS

#: How far ahead an edit may be dated: further than anything can be booked.
FURTHEST_DAYS = 366


@dataclass(frozen=True)
class Span:
    """Whose days an edit may change, and from which date to which."""

    resources: tuple[Resource, ...]
    first: date
    last: date


@dataclass(frozen=True)
class Hits:
    """What an edit hits beside visits: rostered duties with what they leave uncovered, and steps in a person's name."""

    duties: tuple[DutyHit, ...] = ()
    steps: tuple[Step, ...] = ()


NO_HITS = Hits()


class Edit(ABC):
    """One edit. `check` refuses what makes no sense; `write` changes what days are written from, and says which."""

    kind: ClassVar[EditKind]

    @property
    @abstractmethod
    def center(self) -> Center:
        """The center whose managers look for it."""

    @property
    def unit(self) -> Resource | None:
        """The resource that it is about, if it is about one."""
        return None

    @property
    def others(self) -> Iterable[Center]:
        """Further centers whose days it may change."""
        return ()

    @abstractmethod
    def check(self) -> None:
        """Raise `Invalid` that names the field."""

    @abstractmethod
    def write(self) -> Span:
        """Write the edit, and return what must follow it. Runs in the transaction of the edit, its centers locked."""

    def hits(self) -> Hits:
        """Return what it hits beside visits, looked at before it is done."""
        return NO_HITS

    def before(self, actor: Actor) -> None:  # noqa: B027 - most edits have nothing to do beside the days
        """Do what must be done beside the days, before they are locked; a rehearsal takes it back like the rest."""

    @abstractmethod
    def codes(self) -> dict[str, object]:
        """What it says, in dates, hours and ids: for the event, and for the page of its outcome."""


def calendar_end() -> date:
    """Return the calendar's last day; what lies after it is written when the calendar gets there."""
    last: date | None = ResourceDay.objects.aggregate(last=Max("on"))["last"]
    return last or clock.now().date()


def refuse(**wrong: str) -> None:
    """Raise `Invalid` with every field that has something said of it."""
    if found := {field.rstrip("_"): words for field, words in wrong.items() if words}:
        raise Invalid(fields=found)


def not_coming(on: date, center: Center) -> str:
    """Say why a date can't be edited: it has passed, or lies too far ahead."""
    today = clock.today(center.zone)
    if on < today:
        return "This day has passed where the center is."
    return "This is more than a year ahead." if on > today + timedelta(days=FURTHEST_DAYS) else ""


def not_in_order(starts: time | None, ends: time | None, *, needed: bool = True) -> str:
    """Say why two hours of one day are none: both or neither, and one after the other."""
    if starts is None and ends is None:
        return "Give both hours." if needed else ""
    if starts is None or ends is None:
        return "Give both hours, or neither."
    return "" if starts < ends else "The end must come after the start."


def instants(on: date, starts: time, ends: time, zone: str) -> tuple[datetime, datetime]:
    """Return the instants of local hours. An hour that comes twice counts whole, as in a shift."""
    where = ZoneInfo(zone)
    return datetime.combine(on, starts, where), datetime.combine(on, ends.replace(fold=1), where)


def too_far(until: datetime) -> str:
    """Say why something can't last until then."""
    now = clock.now()
    if until <= now:
        return "Give a time that is still to come."
    return f"The calendar is open {HORIZON_DAYS} days ahead." if until > now + timedelta(days=HORIZON_DAYS) else ""
