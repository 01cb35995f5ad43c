"""Editing when time can be booked: what each edit writes, and how the calendar's days follow it."""

from scheduling.services.editing.applying import Rehearsal, apply, rehearse
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

__all__ = [
    "AbsenceOver",
    "Break",
    "Closing",
    "Day",
    "DayAsUsual",
    "Down",
    "Edit",
    "Leave",
    "NewHours",
    "NewUnit",
    "Rehearsal",
    "Reopening",
    "Retirement",
    "Week",
    "WeeklyBreak",
    "apply",
    "rehearse",
]
