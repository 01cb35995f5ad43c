"""What is in somebody's own name goes to their role, at the center of each step: nothing waits for who is not there."""

from datetime import datetime

from clinic.access import Actor
from clinic.db import in_transaction
from clinic.models import LIVE_STEP, Episode, Staff, Step
from clinic.services.steps import reassign_step


def steps_of(staff: Staff, *, due_from: datetime | None = None, due_before: datetime | None = None) -> list[Step]:
    """Return the live steps in somebody's own name, of a span where one is given: the one due first on top."""
    found = Step.objects.filter(owner=staff, status__in=LIVE_STEP)
    if due_from is not None:
        found = found.filter(due_at__gte=due_from)
    if due_before is not None:
        found = found.filter(due_at__lt=due_before)
    return list(found.select_related("episode__patient", "episode__center", "center").order_by("due_at", "id"))


def hand_over_steps(
    actor: Actor, staff: Staff, *, due_from: datetime | None = None, due_before: datetime | None = None
) -> int:
    """Give somebody's live steps to the role that owed them, at their centers; return how many there were.

    Each keeps its due time, so that it escalates as it would have; the episodes are locked first, in order.
    """

    def work() -> int:
        theirs = steps_of(staff, due_from=due_from, due_before=due_before)
        episodes = sorted({step.episode_id for step in theirs})
        list(Episode.objects.select_for_update(no_key=True).filter(pk__in=episodes).order_by("pk").values("pk"))
        for step in theirs:
            reassign_step(
                actor,
                step=step,
                owner_role=step.owner_role or staff.role,
                center_id=step.center_id or step.episode.center_id,
            )
        return len(theirs)

    return in_transaction(work)
