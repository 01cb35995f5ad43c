"""An edit of a person's time: a leave, with the duties and the steps that it hits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.access import Actor
from clinic.services.handing_over import hand_over_steps, steps_of
from scheduling.calendar import DAY
from scheduling.models import EditKind, ShiftException
from scheduling.selectors.duties import duties_of
from scheduling.services.editing.edit import Hits, Span, not_coming, refuse
from scheduling.services.editing.of_resource import OfResource

#: How many days a leave lasts at most: what is longer is other weekly hours, or an end.
LONGEST_LEAVE_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Leave(OfResource):
    """A person is away from one date to another, both included: off each day, whatever their weekly hours say.

    What is in their own name and falls due meanwhile goes over to their role.
    """

    kind = EditKind.LEAVE
    first: date
    last: date

    def check(self) -> None:
        days = (self.last - self.first).days + 1
        length = "" if 1 <= days <= LONGEST_LEAVE_DAYS else f"A leave lasts from 1 to {LONGEST_LEAVE_DAYS} days."
        refuse(
            resource="" if self.resource.staff_id else "A room takes no leave: it is down, or its center is closed.",
            first=not_coming(self.first, self.center),
            last=length or not_coming(self.last, self.center),
        )

    def before(self, actor: Actor) -> None:
        if self.resource.staff is not None:
            begins, ends = self.span_of_time()
            hand_over_steps(actor, self.resource.staff, due_from=max(begins, clock.now()), due_before=ends)

    def hits(self) -> Hits:
        begins, ends = self.span_of_time()
        staff = self.resource.staff
        owed = steps_of(staff, due_from=max(begins, clock.now()), due_before=ends) if staff else []
        return Hits(duties=tuple(duties_of(self.resource, self.first, self.last)), steps=tuple(owed))

    def write(self) -> Span:
        off = {"starts": None, "ends": None, "center": None}
        for days in range((self.last - self.first).days + 1):
            ShiftException.objects.update_or_create(
                resource=self.resource, on=self.first + timedelta(days=days), defaults=off
            )
        return self._span(self.first, self.last + DAY)

    def span_of_time(self) -> tuple[datetime, datetime]:
        """The leave as two instants, by the clocks of the person's center."""
        where = ZoneInfo(self.center.zone)
        return (
            datetime.combine(self.first, time(), where).astimezone(UTC),
            datetime.combine(self.last + DAY, time(), where).astimezone(UTC),
        )

    def codes(self) -> dict[str, object]:
        return {"first": self.first, "last": self.last}
