"""On which dates centers open at all, by their hours and closures: what tells closed from unstaffed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinic.models import Closure, OpeningHours


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The weekly hours of some centers, and the dates on which they are closed all day."""

    hours: tuple[OpeningHours, ...]
    closed: frozenset[tuple[int, date]]

    def on(self, center_id: int, on: date) -> bool:
        """Whether a center opens on a date."""
        return (center_id, on) not in self.closed and any(
            row.center_id == center_id and row.weekday == on.weekday() and row.in_force(on) for row in self.hours
        )


def open_days(center_ids: Sequence[int], *, first: date, last: date) -> OpenDays:
    """Return when these centers open between two dates, in two queries."""
    closures = Closure.objects.filter(center_id__in=center_ids, on__range=(first, last), starts=None)
    return OpenDays(
        tuple(OpeningHours.objects.filter(center_id__in=center_ids)), frozenset(closures.values_list("center_id", "on"))
    )
