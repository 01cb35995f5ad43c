"""Asking for times of a step to be offered: by the system when its window comes near, by staff at any moment."""

from clinic import events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, NotFound
from clinic.models import Step
from scheduling.selectors.step_times import times_of, waits_for_a_time


def offer_times(actor: Actor, *, step_id: int) -> Step:
    """Have the patient sent times for a step that waits for its visit, with a link to choose one.

    Raises `Conflict` where the step waits for none, or where no time in its window is free: then somebody calls.
    """
    require(actor, Permission.BOOK)

    def work() -> Step:
        step = Step.objects.select_related("episode__patient", "episode__center").filter(pk=step_id).first()
        if step is None:
            raise NotFound("No such step.")
        if not waits_for_a_time(step):
            raise Conflict("This step does not wait for a visit to be booked.", code="no_visit_awaited")
        if not times_of(step, zip=step.episode.patient.zip, most=1):
            raise Conflict(
                "No time within the step's window is free near the patient. Call them, or look further away.",
                code="no_time_to_offer",
            )
        events.record("step.offered", actor=actor, episode=step.episode, subject=step, codes={"step": step.kind})
        return step

    return in_transaction(work)
