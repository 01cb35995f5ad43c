"""What follows from a missed step of a plan (clinical.md section 5). Pure.

A surveillance scan or a dose-change call is pursued within hours: two calls the same day, a nurse on the next day, a
physician at 48 hours, a certified letter at seven days. Any other step comes again after 3, 7 and 14 days.
After its last rung a step stays with a physician and comes again week by week: no plan lapses to closed, and "lost to
follow-up" is a physician's signature. All times count from when the step was missed first.
"""

from dataclasses import dataclass
from datetime import timedelta

#: Scans that measure and do not guard: missing their day endangers nobody.
MEASURING = frozenset({"baseline_scan_3_months", "end_of_treatment_scan"})
#: Kinds of step that a plan dates, and that climb a ladder. The others have clocks of their own: `clinic.escalation`.
CLIMBING = frozenset({"follow_up_call", "follow_up_scan", "follow_up_visit", "consult", "dose_change"})
#: How many calls are owed on the day on which such a step was missed.
CALLS_SAME_DAY = 2
#: Such a step counts as missed so long before its last day is over: the calls are made by day, not by night.
CALLED_WITHIN = timedelta(hours=3)


@dataclass(frozen=True, kw_only=True)
class Rung:
    """Whose the step is next, and until when: so long after it was missed first. ``calls`` are owed meanwhile;
    ``letter``: a certified letter is owed besides, by then."""

    after: timedelta
    role: str = ""
    calls: int = 0
    letter: bool = False


_PURSUED = (
    Rung(after=CALLED_WITHIN, calls=CALLS_SAME_DAY),
    Rung(after=timedelta(hours=24), role="clinician"),
    Rung(after=timedelta(hours=48), role="physician"),
    Rung(after=timedelta(days=7), role="physician", letter=True),
)
_OTHERS = (
    Rung(after=timedelta(days=3)),
    Rung(after=timedelta(days=7)),
    Rung(after=timedelta(days=14), role="physician"),
)
#: After the last rung: again and again, until the step is done or a physician signs.
_EVERY = timedelta(days=7)


def pursued(kind: str, code: str) -> bool:
    """Whether a step is a surveillance scan or a dose-change call."""
    return kind == "dose_change" or (kind == "follow_up_scan" and code not in MEASURING)


def rung(kind: str, code: str, times: int) -> Rung:
    """Return what follows when a step is missed for the ``times``-th time, counted from 1. ``role`` is empty where the
    step stays with whose it is."""
    ladder = _PURSUED if pursued(kind, code) else _OTHERS
    if times <= len(ladder):
        return ladder[times - 1]
    return Rung(after=ladder[-1].after + (times - len(ladder)) * _EVERY, role="physician")
