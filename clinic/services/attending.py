"""Steps whose patient is here for them: while somebody waits or is seen, only their visit ends what they came for.

A plan may be revised meanwhile, a ladder's time may pass, a decision may change: the visit goes on all the same, and
what is seen must be read and told. So a step that is owed no longer is noted as such, and ends with the visit: done
where it took place, cancelled where the patient leaves unseen. The app that knows of visits says who is here.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import DateTimeField, Value
from django.db.models.functions import Least

from clinic import events
from clinic.access import Actor
from clinic.db import in_transaction, settle
from clinic.models import LIVE_STEP, Step, StepStatus
from clinic.services.steps import NewStep, cancel_step


def attend_step(step: Step, *, at: datetime) -> None:
    """The patient is here for a live step since ``at``. The visit's own event tells it."""
    Step.objects.filter(pk=step.pk, status__in=LIVE_STEP).update(attended_since=at)


def begin_step(step: Step, *, at: datetime) -> None:
    """The visit begins at ``at``: its step is due from then on, where it was to begin later."""
    begun = Least("due_at", Value(at, output_field=DateTimeField()))
    Step.objects.filter(pk=step.pk, status=StepStatus.SCHEDULED).update(due_at=begun)


def give_up_step(actor: Actor, *, step: Step, outcome: str, then: Sequence[NewStep] = ()) -> Step:
    """A step is owed no longer: cancel it, and open what takes its place; one whose patient is here ends with their
    visit, and ``outcome`` is noted until then."""

    def work() -> Step:
        held = Step.objects.select_for_update(no_key=True).get(pk=step.pk)
        if held.attended_since is None or held.status not in LIVE_STEP:
            return cancel_step(actor, step=step, outcome=outcome, then=then)
        if not held.ends_as:
            Step.objects.filter(pk=step.pk).update(ends_as=outcome)
            codes = {"step": step.kind, "outcome": outcome}
            events.record("step.given_up", actor=actor, episode=step.episode, subject=step, codes=codes)
        step.refresh_from_db(fields=["ends_as"])
        settle()
        return step

    return in_transaction(work)


def want_again(step: Step) -> None:
    """A step that was given up while its patient was here is owed after all."""
    Step.objects.filter(pk=step.pk).exclude(ends_as="").update(ends_as="")
