"""The forms of availability as they open: filled in with what holds now."""

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.models import Center, OpeningHours
from scheduling.models import AbsenceKind, EditKind, Resource, ResourceKind, ShiftPattern
from scheduling.pages.shift_forms import OF_UNIT, ClosureForm, EditForm, HoursForm, NewUnitForm

#: When something that is down is expected back, until somebody says otherwise.
BACK_AFTER = timedelta(hours=4)


def unit_forms(unit: Resource) -> dict[str, EditForm]:
    """The empty forms of a unit's page, filled in with what holds now."""
    today = clock.today(unit.center.zone)
    back = (clock.now() + BACK_AFTER).astimezone(ZoneInfo(unit.center.zone)).replace(minute=0)
    initial: dict[str, dict[str, Any]] = {
        EditKind.DAY: {"on": today},
        EditKind.BREAK: {"on": today},
        EditKind.DOWN: {"until_on": back.date(), "until": back.time(), "why": _usual_absence(unit)},
        EditKind.WEEK: {"first": today + timedelta(days=1), **_week_now(unit)},
        EditKind.WEEKLY_BREAK: {"first": today + timedelta(days=1), "weekdays": list(range(5))},
        EditKind.LEAVE: {"first": today + timedelta(days=1), "last": today + timedelta(days=1)},
        EditKind.RETIREMENT: {"first": today + timedelta(days=1)},
    }
    room = unit.kind in (ResourceKind.ROOM, ResourceKind.OVERFLOW)
    weekly = (EditKind.WEEK, EditKind.WEEKLY_BREAK, EditKind.LEAVE)
    return {form.kind: form(initial=initial[form.kind]) for form in OF_UNIT if not (room and form.kind in weekly)}


def center_forms(center: Center) -> dict[str, EditForm]:
    """The empty forms of a center's page."""
    today = clock.today(center.zone)
    tomorrow = today + timedelta(days=1)
    hours: dict[str, Any] = {"first": tomorrow}
    for row in OpeningHours.objects.on(tomorrow).filter(center=center):
        hours |= {f"opens_{row.weekday}": row.opens, f"closes_{row.weekday}": row.closes}
    return {
        EditKind.CLOSURE: ClosureForm(initial={"on": today}),
        EditKind.HOURS: HoursForm(initial=hours),
        EditKind.NEW_UNIT: NewUnitForm(),
    }


def _usual_absence(unit: Resource) -> str:
    return AbsenceKind.DOWN if unit.staff_id is None else AbsenceKind.SICK


def _week_now(unit: Resource) -> dict[str, time]:
    """The weekly hours in force, from the first start to the last end of each day."""
    today = clock.today(unit.center.zone)
    found: dict[str, time] = {}
    rows = ShiftPattern.objects.filter(resource=unit, valid_from__lte=today).exclude(valid_until__lt=today)
    for row in rows.order_by("weekday", "starts"):
        found.setdefault(f"starts_{row.weekday}", row.starts)
        found[f"ends_{row.weekday}"] = row.ends
    return found
