"""To whom an overdue step goes, and for how long. Pure."""

#: The role above, by role. A manager's overdue step stays with managers, and is raised again.
ABOVE: dict[str, str] = {
    "representative": "manager",
    "sonographer": "manager",
    "clinician": "physician",
    "physician": "manager",
    "manager": "manager",
    "administrator": "manager",
}
#: Minutes that the role above has, by the kind of step; a day for what is not of today.
MINUTES: dict[str, int] = {
    "arrival_call": 60,
    "callback": 10,
    "telling": 15,
    "reading": 30,
    "treatment_start": 30,
    "handover": 15,
    "other_imaging": 120,
    "discrepancy": 15,
    "emergency_contact": 15,
    "welfare_check": 15,
    "on_site": 30,
    "referrer": 60,
    "referrer_time": 30,
    "order": 15,
    "language_line": 30,
    "identity": 15,
    "two_episodes": 120,
}
#: The same where a same-day scan was promised: its clock runs on.
URGENT_MINUTES: dict[str, int] = {"booking": 15, "contact": 15}
MINUTES_OTHERWISE = 24 * 60


def above(role: str) -> str:
    """Return the role that an overdue step of ``role`` goes to."""
    return ABOVE.get(role, "manager")


def minutes_for(kind: str, *, raised_before: bool, urgent: bool = False) -> int:
    """Return how long the role above has, in minutes. What was raised before is raised again day by day.

    ``urgent``: the episode has a same-day deadline.
    """
    if raised_before:
        return MINUTES_OTHERWISE
    return (URGENT_MINUTES.get(kind) if urgent else None) or MINUTES.get(kind, MINUTES_OTHERWISE)
