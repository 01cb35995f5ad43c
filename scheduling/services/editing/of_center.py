"""Edits of a center: closures, opening hours, and another unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from django.db.models import Q

from clinic import clock
from clinic.models import Center, Closure, OpeningHours, Staff
from scheduling.calendar import DAY
from scheduling.models import EditKind, Resource, ResourceDay, ResourceKind
from scheduling.services.editing.edit import Edit, Span, calendar_end, not_coming, not_in_order, refuse

REASON_LENGTH, NAME_LENGTH = 80, 80
#: What a unit of people is called by who may be it.
_ROOMS = {ResourceKind.ROOM: "Room", ResourceKind.OVERFLOW: "Overflow"}


@dataclass(frozen=True, kw_only=True)
class _OfCenter(Edit):
    place: Center

    @property
    def center(self) -> Center:
        return self.place

    def _span(self, first: date, last: date) -> Span:
        """All who are there in that time, those of other centers too; remote people keep their own hours."""
        last = min(last, calendar_end())
        here = ResourceDay.objects.filter(center=self.place, on__range=(first, last)).values("resource_id")
        units = Resource.objects.filter(Q(center=self.place) | Q(pk__in=here), active=True, remote=False)
        return Span(tuple(units.select_related("center").order_by("id")), first, last)


@dataclass(frozen=True, kw_only=True)
class Closing(_OfCenter):
    """The center is closed on a day, or for a part of it: weather, no power. Today, it closes at once."""

    kind = EditKind.CLOSURE
    on: date
    reason: str
    starts: time | None = None
    ends: time | None = None

    def check(self) -> None:
        named = 0 < len(self.reason.strip()) <= REASON_LENGTH
        refuse(
            on=not_coming(self.on, self.place),
            reason="" if named else f"Say why, in at most {REASON_LENGTH} characters.",
            ends=not_in_order(self.starts, self.ends, needed=False),
        )

    def write(self) -> Span:
        Closure.objects.update_or_create(
            center=self.place,
            on=self.on,
            starts=self.starts,
            defaults={"ends": self.ends, "reason": self.reason.strip()},
        )
        return self._span(self.on, self.on)

    def codes(self) -> dict[str, object]:
        return {"on": self.on, "starts": self.starts, "ends": self.ends}


@dataclass(frozen=True, kw_only=True)
class Reopening(_OfCenter):
    """Take the closures of a day back."""

    kind = EditKind.REOPENING
    on: date

    def check(self) -> None:
        there = Closure.objects.filter(center=self.place, on=self.on).exists()
        refuse(on=not_coming(self.on, self.place) or ("" if there else "The center is not closed that day."))

    def write(self) -> Span:
        Closure.objects.filter(center=self.place, on=self.on).delete()
        return self._span(self.on, self.on)

    def codes(self) -> dict[str, object]:
        return {"on": self.on}


@dataclass(frozen=True, kw_only=True)
class NewHours(_OfCenter):
    """Opening hours from a date on, in place of all that was said of later dates. A weekday without hours: closed."""

    kind = EditKind.HOURS
    first: date
    hours: Mapping[int, tuple[time, time]]

    def check(self) -> None:
        known = all(0 <= weekday <= 6 and opens < closes for weekday, (opens, closes) in self.hours.items())
        refuse(
            first=not_coming(self.first, self.place),
            hours="" if known else "Give weekdays from 0 (Monday) to 6; each must close after it opens.",
        )

    def write(self) -> Span:
        rows = OpeningHours.objects.filter(center=self.place)
        rows.filter(valid_from__gte=self.first).delete()
        rows.exclude(valid_until__lt=self.first).update(valid_until=self.first - DAY)
        OpeningHours.objects.bulk_create(
            OpeningHours(center=self.place, weekday=weekday, opens=opens, closes=closes, valid_from=self.first)
            for weekday, (opens, closes) in sorted(self.hours.items())
        )
        return self._span(self.first, calendar_end())

    def codes(self) -> dict[str, object]:
        return {"first": self.first, "hours": [[day, *span] for day, span in sorted(self.hours.items())]}


@dataclass(frozen=True, kw_only=True)
class NewUnit(_OfCenter):
    """Another unit of a kind: a room, an overflow unit, or a person. A retired one of that name comes back.

    A room needs no name: it gets the next number. A person is a member of staff of that role.
    """

    kind = EditKind.NEW_UNIT
    unit_kind: str
    name: str = ""
    staff: Staff | None = None

    def check(self) -> None:
        known = self.unit_kind in ResourceKind.values
        person = known and self.unit_kind not in _ROOMS
        refuse(
            unit_kind="" if known else "There is no such kind of unit.",
            name="" if len(self.name) <= NAME_LENGTH else f"Give at most {NAME_LENGTH} characters.",
            staff=self._wrong_person() if person else ("A room is nobody." if self.staff else ""),
        )
        former = self._former()
        there = former is not None and former.active and former.retired_from is None
        refuse(name="There is a unit of this kind and name already." if there else "")

    def _wrong_person(self) -> str:
        if self.staff is None:
            return "Say who it is."
        if self.staff.role != self.unit_kind:
            return "This is the work of another role."
        has_left = Resource.objects.filter(staff=self.staff, retired_from=None, active=True).exclude(center=self.place)
        return "They are booked at another center already: change their hours there." if has_left.exists() else ""

    def _named(self) -> str:
        if self.staff is not None:
            return str(self.staff)
        if self.name.strip():
            return self.name.strip()
        word = _ROOMS[ResourceKind(self.unit_kind)]
        names = set(Resource.objects.filter(center=self.place, kind=self.unit_kind).values_list("name", flat=True))
        return next(name for number in range(1, len(names) + 2) if (name := f"{word} {number}") not in names)

    def _former(self) -> Resource | None:
        if self.staff is not None:
            return Resource.objects.filter(staff=self.staff).first()
        return Resource.objects.filter(center=self.place, kind=self.unit_kind, name=self._named()).first()

    def write(self) -> Span:
        unit = self._former()
        if unit is None:
            unit = Resource.objects.create(center=self.place, kind=self.unit_kind, name=self._named(), staff=self.staff)
        else:
            if unit.center_id != self.place.pk:
                # Whoever comes from another center has no hours here yet, and none there any more.
                today = clock.today(self.place.zone)
                unit.patterns.filter(valid_from__gte=today).delete()
                unit.patterns.exclude(valid_until__lt=today).update(valid_until=today - DAY)
                unit.exceptions.filter(on__gte=today, center__isnull=False).exclude(center=self.place).delete()
            Resource.objects.filter(pk=unit.pk).update(active=True, retired_from=None, center=self.place)
            unit = Resource.objects.select_related("center").get(pk=unit.pk)
        return Span((unit,), clock.today(self.place.zone), calendar_end())

    def codes(self) -> dict[str, object]:
        return {"unit_kind": self.unit_kind}
