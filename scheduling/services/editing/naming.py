"""An edit as a caller names it: a kind, and the fields that this kind takes."""

from collections.abc import Callable, Mapping
from typing import Any

from clinic.errors import Invalid, NotFound
from clinic.models import Center, Staff
from scheduling.models import EditKind, Resource
from scheduling.selectors import named
from scheduling.services.editing.edit import Edit
from scheduling.services.editing.of_center import Closing, NewHours, NewUnit, Reopening
from scheduling.services.editing.of_person import Leave
from scheduling.services.editing.of_resource import (
    AbsenceOver,
    Break,
    Day,
    DayAsUsual,
    Down,
    Retirement,
    Week,
    WeeklyBreak,
)

Given = Mapping[str, Any]
K = EditKind
#: What each kind can't do without.
NEEDED: dict[EditKind, tuple[str, ...]] = {
    K.DAY: ("resource", "on"),
    K.DAY_AS_USUAL: ("resource", "on"),
    K.WEEK: ("resource", "first"),
    K.BREAK: ("resource", "on", "starts", "ends"),
    K.WEEKLY_BREAK: ("resource", "first", "weekdays", "starts", "ends"),
    K.DOWN: ("resource", "until"),
    K.ABSENCE_OVER: ("resource", "absence"),
    K.RETIREMENT: ("resource", "first"),
    K.LEAVE: ("resource", "first", "last"),
    K.CLOSURE: ("center", "on", "reason"),
    K.REOPENING: ("center", "on"),
    K.HOURS: ("center", "first"),
    K.NEW_UNIT: ("center", "unit_kind"),
}


def edit_of(kind: str, given: Given) -> Edit:
    """Return the edit that a caller names. Raises `Invalid` for fields that this kind needs, `NotFound` for rows."""
    if kind not in K.values:
        raise Invalid(fields={"kind": f"Choose one of: {', '.join(K.values)}."})
    missing = [name for name in NEEDED[K(kind)] if given.get(name) in (None, "", [])]
    if missing:
        raise Invalid(fields=dict.fromkeys(missing, "This is needed."))
    return _BUILDERS[K(kind)](given)


def unit(resource_id: int) -> Resource:
    """Return a resource with its center, or raise `NotFound`."""
    found = Resource.objects.select_related("center").filter(pk=resource_id, active=True).first()
    if found is None:
        raise NotFound("There is no such unit.")
    return found


def _day(given: Given) -> Edit:
    at = named.center(given["at"]) if given.get("at") else None
    return Day(
        resource=unit(given["resource"]), on=given["on"], starts=given.get("starts"), ends=given.get("ends"), at=at
    )


def _week(given: Given) -> Edit:
    shifts = tuple((row["weekday"], row["starts"], row["ends"]) for row in given.get("shifts") or ())
    return Week(resource=unit(given["resource"]), first=given["first"], shifts=shifts)


def _break(given: Given) -> Edit:
    return Break(resource=unit(given["resource"]), on=given["on"], starts=given["starts"], ends=given["ends"])


def _weekly_break(given: Given) -> Edit:
    return WeeklyBreak(
        resource=unit(given["resource"]),
        first=given["first"],
        weekdays=tuple(given["weekdays"]),
        starts=given["starts"],
        ends=given["ends"],
    )


def _down(given: Given) -> Edit:
    return Down(resource=unit(given["resource"]), until=given["until"], why=given.get("why") or "down")


def _closure(given: Given) -> Edit:
    return Closing(
        place=_center(given),
        on=given["on"],
        reason=given["reason"],
        starts=given.get("starts"),
        ends=given.get("ends"),
    )


def _hours(given: Given) -> Edit:
    hours = {row["weekday"]: (row["opens"], row["closes"]) for row in given.get("hours") or ()}
    return NewHours(place=_center(given), first=given["first"], hours=hours)


def _new_unit(given: Given) -> Edit:
    staff = None
    if username := given.get("staff"):
        staff = Staff.objects.filter(username=username, is_active=True).first()
        if staff is None:
            raise Invalid(fields={"staff": "No such member of staff."})
    return NewUnit(place=_center(given), unit_kind=given["unit_kind"], name=given.get("name") or "", staff=staff)


def _center(given: Given) -> Center:
    return named.center(given["center"])


_BUILDERS: dict[EditKind, Callable[[Given], Edit]] = {
    K.DAY: _day,
    K.DAY_AS_USUAL: lambda given: DayAsUsual(resource=unit(given["resource"]), on=given["on"]),
    K.WEEK: _week,
    K.BREAK: _break,
    K.WEEKLY_BREAK: _weekly_break,
    K.DOWN: _down,
    K.ABSENCE_OVER: lambda given: AbsenceOver(resource=unit(given["resource"]), absence=given["absence"]),
    K.RETIREMENT: lambda given: Retirement(resource=unit(given["resource"]), first=given["first"]),
    K.LEAVE: lambda given: Leave(resource=unit(given["resource"]), first=given["first"], last=given["last"]),
    K.CLOSURE: _closure,
    K.REOPENING: lambda given: Reopening(place=_center(given), on=given["on"]),
    K.HOURS: _hours,
    K.NEW_UNIT: _new_unit,
}
