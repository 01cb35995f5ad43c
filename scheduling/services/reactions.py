"""What scheduling does when the kernel tells news, in the same transaction."""

from clinic.access import SYSTEM
from clinic.models import LIVE_STEP, Event, Step, StepKind
from clinic.services.attending import give_up_step
from clinic.services.plans import decision_where_last
from clinic.services.worklist import ARRIVED
from scheduling.models import Appointment
from scheduling.services.giving_up import give_up_visits
from scheduling.services.lateness import end_late_call

#: Why a step of a plan was cancelled, where a visit may be booked for it.
NO_LONGER_WANTED = frozenset({"plan_revised", "therapy_decided"})


def cancel_visits_of_closed_episode(event: Event) -> None:
    """An episode was closed: give up the visits that it still had ahead. Its steps are ended already."""
    if event.episode is not None:
        give_up_visits(SYSTEM, episode=event.episode, reason="episode_closed")


def end_scan_of_arrived(event: Event) -> None:
    """The patient is in an emergency department, which scans there: end our own rule-out visit, and free its time.

    Whom we are scanning, as far as our own people recorded, is seen to the end, or recorded as gone.
    """
    if event.episode is None or (event.codes["step"], event.codes.get("outcome")) != (StepKind.ARRIVAL_CALL, ARRIVED):
        return
    scans = Step.objects.filter(episode=event.episode, kind=StepKind.SCAN, status__in=LIVE_STEP, plan=None)
    for step in scans.order_by("id"):
        # Before the scan's step: whoever was to call a late patient is nobody who has the next one in hand.
        for visit in Appointment.objects.filter(step=step).select_related("late_call"):
            end_late_call(SYSTEM, visit, "seen_in_emergency")
        give_up_step(SYSTEM, step=step, outcome="seen_in_emergency", then=decision_where_last(step))
        give_up_visits(SYSTEM, episode=event.episode, reason="seen_in_emergency", step_ids=[step.pk])


def give_up_visit_of_revised_plan(event: Event) -> None:
    """A step that no longer applies is cancelled: its visit is given up, and the patient told."""
    if event.episode is not None and event.codes.get("outcome") in NO_LONGER_WANTED and event.subject_id is not None:
        give_up_visits(SYSTEM, episode=event.episode, reason="plan_revised", step_ids=[event.subject_id])
