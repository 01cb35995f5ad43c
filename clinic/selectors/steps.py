"""Worklists: one table of steps, seen by role, center and time."""

from collections.abc import Mapping

from django.db.models import QuerySet

from clinic import clock
from clinic.access import Actor
from clinic.errors import Invalid
from clinic.models import LIVE_STEP, Event, Role, Step

MOST = 200


def live() -> QuerySet[Step]:
    """Live steps with what a list shows of them, the one due first on top."""
    return (
        Step.objects.filter(status__in=LIVE_STEP)
        .select_related("episode__patient", "center", "owner")
        .order_by("due_at", "id")
    )


def events_of(step: Step) -> list[Event]:
    """Return what became of a step, oldest first: who did what about it, and when."""
    events = Event.objects.filter(episode_id=step.episode_id, subject_kind="step", subject_id=step.pk)
    return list(events.order_by("id"))


def worklist(actor: Actor, query: Mapping[str, str], most: int = MOST) -> list[Step]:
    """Return live steps by ``role``, ``center``, ``episode``, ``overdue``, ``mine`` and ``unassigned`` (yes).

    Raises `Invalid` that names the parameter.
    """
    found = live()
    wrong: dict[str, str] = {}
    if role := query.get("role"):
        if role not in Role.values:
            wrong["role"] = f"Choose one of: {', '.join(Role.values)}."
        found = found.filter(owner_role=role)
    for name in ("center", "episode"):
        if value := query.get(name):
            if not value.isdecimal() or len(value) > 18:
                wrong[name] = "This must be a whole number."
            else:
                found = found.filter(**{f"{name}_id": int(value)})
    if query.get("overdue") == "yes":
        found = found.filter(due_at__lt=clock.now())
    if query.get("mine") == "yes":
        found = found.filter(owner_id=actor.staff_id)
    if query.get("unassigned") == "yes":
        found = found.filter(owner=None)
    if wrong:
        raise Invalid(fields=wrong)
    return list(found[:most])
