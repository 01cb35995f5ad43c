"""What only a clinician decides: a rule-out that would be moved past its deadline, and one that would be added on."""

from datetime import timedelta

from clinic import clock
from clinic.access import Actor, Permission
from clinic.db import in_transaction
from clinic.errors import NotFound, StaleState
from clinic.models import LIVE_STEP, ActorKind, Episode, EpisodeStatus, Role, Step, StepKind
from clinic.services.steps import NewStep, open_step
from scheduling.services.callers import CLINICAL_ROLES, require_or_own
from scheduling.services.news import record
from scheduling.services.transition import find
from scheduling.services.visit_steps import CANCELLED_SCAN_CALL
from scheduling.states import MOVABLE

#: How soon a clinician decides on an add-on: the clinical clock runs.
ADD_ON_DECISION = timedelta(minutes=10)


def ask_for_add_on(actor: Actor, *, episode_id: int) -> Step:
    """Open a clinician's decision on adding a rule-out on, and return it; one that is owed already will do."""
    require_or_own(actor, Permission.BOOK)

    def work() -> Step:
        rows = Episode.objects.select_for_update(no_key=True, of=("self",)).select_related("patient", "center")
        episode = rows.filter(pk=episode_id).first()
        if episode is None:
            raise NotFound("There is no such episode.")
        if episode.status != EpisodeStatus.OPEN:
            raise StaleState("This episode is closed.")
        due_at = clock.now() + ADD_ON_DECISION
        # One that a manager owes, or that is due in days, is about something else.
        owed = episode.steps.filter(
            kind=StepKind.DECISION, status__in=LIVE_STEP, owner_role__in=CLINICAL_ROLES, due_at__lte=due_at
        )
        soon = owed.order_by("due_at").first()
        if soon is not None:
            return soon
        return open_step(
            actor, episode=episode, new=NewStep(kind=StepKind.DECISION, due_at=due_at, owner_role=Role.CLINICIAN)
        )

    return in_transaction(work)


def ask_clinician(actor: Actor, *, appointment_id: int) -> Step:
    """Open the call of a clinician about another time for a visit, and return it; one that is owed already will do.

    The visit stays as it is. Raises `NotFound`, and `StaleState` where it has begun or ended.
    """
    require_or_own(actor, Permission.BOOK)

    def work() -> Step:
        visit = find(appointment_id)
        if visit.episode is None or (actor.kind == ActorKind.PATIENT and actor.id != visit.patient_id):
            raise NotFound("There is no such appointment.")
        if visit.status not in MOVABLE:
            raise StaleState("This visit can't be moved any more.", extra={"appointment_status": visit.status})
        owed = visit.episode.steps.filter(kind=StepKind.CALLBACK, status__in=LIVE_STEP).order_by("due_at").first()
        if owed is not None:
            return owed
        step = open_step(
            actor,
            episode=visit.episode,
            new=NewStep(
                kind=StepKind.CALLBACK,
                due_at=clock.now() + CANCELLED_SCAN_CALL,
                owner_role=Role.CLINICIAN,
                center_id=visit.center_id,
            ),
        )
        record(actor, "appointment.clinician_asked", visit)
        return step

    return in_transaction(work)
