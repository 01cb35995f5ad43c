"""On which dates centers open at all, by their hours and closures: what tells closed from unstaffed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinic.models import Closure, OpeningHours


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The weekly hours and the closures of some centers."""

    weekdays: frozenset[tuple[int, int]]
    closed: frozenset[tuple[int, date]]

    def on(self, center_id: int, on: date) -> bool:
        """Whether a center opens on a date."""
        return (center_id, on.weekday()) in self.weekdays and (center_id, on) not in self.closed


def open_days(center_ids: Sequence[int], *, first: date, last: date) -> OpenDays:
    """Return when these centers open between two dates, in two queries."""
    hours = OpeningHours.objects.filter(center_id__in=center_ids).values_list("center_id", "weekday")
    closures = Closure.objects.filter(center_id__in=center_ids, on__range=(first, last))
    return OpenDays(frozenset(hours), frozenset(closures.values_list("center_id", "on")))
