"""Edits of one resource: its hours on a day or every week, its breaks, when it is down, and its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.models import Center
from scheduling.calendar import DAY, without
from scheduling.models import (
    Absence,
    AbsenceKind,
    EditKind,
    Resource,
    ResourceDay,
    ResourceKind,
    ShiftException,
    ShiftPattern,
)
from scheduling.services.editing.edit import (
    Edit,
    Span,
    calendar_end,
    instants,
    not_coming,
    not_in_order,
    refuse,
    too_far,
)

Shift = tuple[int, time, time]
"""Weekday (0 is Monday), start, end; an end at or before its start is the next day's."""
_FOLLOWS_HOURS = (ResourceKind.ROOM, ResourceKind.OVERFLOW)
FOLLOWS_HOURS = "A room is open as its center is: change the opening hours, or this room's hours on a day."


@dataclass(frozen=True, kw_only=True)
class OfResource(Edit):
    """An edit of one unit."""

    resource: Resource

    @property
    def center(self) -> Center:
        return self.resource.center

    @property
    def unit(self) -> Resource:
        return self.resource

    def _span(self, first: date, last: date) -> Span:
        return Span((self.resource,), first, min(last, calendar_end()))


@dataclass(frozen=True, kw_only=True)
class Day(OfResource):
    """A dated exception: other hours, off where none are given, maybe at another center."""

    kind = EditKind.DAY
    on: date
    starts: time | None = None
    ends: time | None = None
    at: Center | None = None

    @property
    def others(self) -> Iterable[Center]:
        return (self.at,) if self.at else ()

    def check(self) -> None:
        both = (self.starts is None) == (self.ends is None)
        moved = self.at is not None and self.at != self.center
        refuse(
            on=not_coming(self.on, self.center),
            ends="" if both else "Give both hours, or neither for a day off.",
            at="Give the hours at the other center." if moved and self.starts is None else "",
            resource="Remote people are at no center." if moved and self.resource.remote else "",
        )

    def write(self) -> Span:
        at = self.at or self.center
        values = {"starts": self.starts, "ends": self.ends, "center": at if self.starts is not None else None}
        ShiftException.objects.update_or_create(resource=self.resource, on=self.on, defaults=values)
        return self._span(self.on, self.on + DAY)

    def codes(self) -> dict[str, object]:
        return {"on": self.on, "starts": self.starts, "ends": self.ends, "at": self.at.code if self.at else ""}


@dataclass(frozen=True, kw_only=True)
class DayAsUsual(OfResource):
    """Take a dated exception back: the weekly hours count again."""

    kind = EditKind.DAY_AS_USUAL
    on: date

    def check(self) -> None:
        there = ShiftException.objects.filter(resource=self.resource, on=self.on).exists()
        refuse(on=not_coming(self.on, self.center) or ("" if there else "This day is as every week."))

    def write(self) -> Span:
        ShiftException.objects.filter(resource=self.resource, on=self.on).delete()
        return self._span(self.on, self.on + DAY)

    def codes(self) -> dict[str, object]:
        return {"on": self.on}


@dataclass(frozen=True, kw_only=True)
class Week(OfResource):
    """Weekly hours from a date on, in place of all that was said of later dates. No shift on a weekday: off."""

    kind = EditKind.WEEK
    first: date
    shifts: tuple[Shift, ...]

    def check(self) -> None:
        known = all(0 <= weekday <= 6 and starts != ends for weekday, starts, ends in self.shifts)
        refuse(
            resource=FOLLOWS_HOURS if self.resource.kind in _FOLLOWS_HOURS else "",
            first=not_coming(self.first, self.center),
            shifts="" if known else "Give weekdays from 0 (Monday) to 6, each with two different hours.",
        )

    def write(self) -> Span:
        patterns = ShiftPattern.objects.filter(resource=self.resource)
        patterns.filter(valid_from__gte=self.first).delete()
        patterns.exclude(valid_until__lt=self.first).update(valid_until=self.first - DAY)
        ShiftPattern.objects.bulk_create(
            ShiftPattern(
                resource=self.resource,
                center=self.center,
                weekday=weekday,
                starts=starts,
                ends=ends,
                valid_from=self.first,
            )
            for weekday, starts, ends in self.shifts
        )
        return self._span(self.first, calendar_end())

    def codes(self) -> dict[str, object]:
        return {"first": self.first, "shifts": [list(shift) for shift in self.shifts]}


@dataclass(frozen=True, kw_only=True)
class Break(OfResource):
    """Protected time on a day: a lunch. Nothing is booked in it."""

    kind = EditKind.BREAK
    on: date
    starts: time
    ends: time

    def check(self) -> None:
        refuse(on=not_coming(self.on, self.center), ends=not_in_order(self.starts, self.ends))
        begins, ends = self._instants()
        refuse(starts="" if begins < ends else "The clocks leap over this hour that day.")

    def write(self) -> Span:
        begins, ends = self._instants()
        Absence.objects.create(resource=self.resource, kind=AbsenceKind.BREAK, starts_at=begins, ends_at=ends)
        return self._span(self.on, self.on)

    def _instants(self) -> tuple[datetime, datetime]:
        """The break is taken where the resource is that day."""
        there = ResourceDay.objects.filter(resource=self.resource, on=self.on).values_list("center__zone", flat=True)
        begins, ends = instants(self.on, self.starts, self.ends, there.first() or self.center.zone)
        utc = ZoneInfo("UTC")
        return begins.astimezone(utc), ends.astimezone(utc)

    def codes(self) -> dict[str, object]:
        return {"on": self.on, "starts": self.starts, "ends": self.ends}


@dataclass(frozen=True, kw_only=True)
class WeeklyBreak(OfResource):
    """A break on weekdays from a date on: the weekly hours, split around it."""

    kind = EditKind.WEEKLY_BREAK
    first: date
    weekdays: tuple[int, ...]
    starts: time
    ends: time

    def check(self) -> None:
        known = self.weekdays and all(0 <= weekday <= 6 for weekday in self.weekdays)
        refuse(
            resource=FOLLOWS_HOURS if self.resource.kind in _FOLLOWS_HOURS else "",
            first=not_coming(self.first, self.center),
            ends=not_in_order(self.starts, self.ends),
            weekdays="" if known else "Choose at least one weekday, from 0 (Monday) to 6.",
        )

    def write(self) -> Span:
        in_force = ShiftPattern.objects.filter(resource=self.resource, weekday__in=self.weekdays)
        for pattern in in_force.exclude(valid_until__lt=self.first).order_by("id"):
            spans = without([(pattern.starts, pattern.ends)], self.starts, self.ends)
            if spans != [(pattern.starts, pattern.ends)]:
                self._split(pattern, spans)
        return self._span(self.first, calendar_end())

    def _split(self, pattern: ShiftPattern, spans: list[tuple[time, time]]) -> None:
        """Put a shift's parts in its place, from the date on."""
        ShiftPattern.objects.bulk_create(
            ShiftPattern(
                resource=self.resource,
                center_id=pattern.center_id,
                weekday=pattern.weekday,
                starts=starts,
                ends=ends,
                valid_from=max(pattern.valid_from, self.first),
                valid_until=pattern.valid_until,
            )
            for starts, ends in spans
        )
        if pattern.valid_from < self.first:
            ShiftPattern.objects.filter(pk=pattern.pk).update(valid_until=self.first - DAY)
        else:
            pattern.delete()

    def codes(self) -> dict[str, object]:
        return {"first": self.first, "weekdays": list(self.weekdays), "starts": self.starts, "ends": self.ends}


@dataclass(frozen=True, kw_only=True)
class Down(OfResource):
    """It is not there from now until a time: the machine broke, the sonographer fell ill."""

    kind = EditKind.DOWN
    until: datetime
    why: str = AbsenceKind.DOWN

    def check(self) -> None:
        known = (AbsenceKind.DOWN, AbsenceKind.SICK, AbsenceKind.AWAY)
        refuse(
            until=too_far(self.until),
            why="" if self.why in known else f"Choose one of: {', '.join(known)}.",
        )

    def write(self) -> Span:
        now = clock.now()
        Absence.objects.create(resource=self.resource, kind=self.why, starts_at=now, ends_at=self.until)
        # A day's margin: its own date may be another one at the center where it is.
        return self._span(now.date() - DAY, self.until.date() + DAY)

    def codes(self) -> dict[str, object]:
        return {"until": self.until, "why": self.why}


@dataclass(frozen=True, kw_only=True)
class AbsenceOver(OfResource):
    """A break is dropped, or something is there again sooner than was said."""

    kind = EditKind.ABSENCE_OVER
    absence: int

    def check(self) -> None:
        there = Absence.objects.filter(pk=self.absence, resource=self.resource, ends_at__gt=clock.now()).exists()
        refuse(absence="" if there else "There is no such absence, or it is over.")

    def write(self) -> Span:
        absence, now = Absence.objects.get(pk=self.absence), clock.now()
        if absence.starts_at < now:
            Absence.objects.filter(pk=absence.pk).update(ends_at=now)
        else:
            absence.delete()
        return self._span(max(absence.starts_at, now).date() - DAY, absence.ends_at.date() + DAY)

    def codes(self) -> dict[str, object]:
        return {"absence": self.absence}


@dataclass(frozen=True, kw_only=True)
class Retirement(OfResource):
    """A unit is used no more from a date on."""

    kind = EditKind.RETIREMENT
    first: date

    def check(self) -> None:
        gone = self.resource.retired_from is not None and self.resource.retired_from <= self.first
        refuse(first=not_coming(self.first, self.center) or ("It is retired by then already." if gone else ""))

    def write(self) -> Span:
        Resource.objects.filter(pk=self.resource.pk).update(retired_from=self.first)
        self.resource.retired_from = self.first
        return self._span(self.first, calendar_end())

    def codes(self) -> dict[str, object]:
        return {"first": self.first}
