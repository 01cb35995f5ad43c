"""A patient who needs an interpreter: where nobody on duty speaks the language, somebody arranges the language line.

The visit is booked all the same, at the same time: no interpreter never changes what is owed, or by when.
"""

from datetime import datetime, timedelta

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import LIVE_STEP, AccessNeeds, EpisodeStatus, Event, Role, Step, StepKind
from clinic.services.plans import decision_where_last
from clinic.services.steps import NewStep, complete_step, open_step, postpone_step
from scheduling import bits
from scheduling.models import Appointment, ResourceDay
from scheduling.needs import Needs

#: How long before the visit the line must be arranged, and how long somebody has at least.
BEFORE, LEAST = timedelta(minutes=30), timedelta(minutes=10)


def arrange(event: Event) -> None:
    """A visit was booked or moved: owe the arrangement, once an episode, or end it where somebody there speaks."""
    visit = event.subject
    if not isinstance(visit, Appointment):
        return
    needs: AccessNeeds | None = getattr(visit.patient, "access_needs", None)
    # Whoever was booked with somebody who speaks their language may be moved to where nobody does.
    language = (needs.interpreter if needs else "") or Needs.named(visit.needs).language
    if language:
        arrange_for(visit, language)


def arrange_for(visit: Appointment, language: str) -> None:
    """Owe the arrangement of an interpreter for a visit, or end it where somebody there speaks the language."""
    episode = visit.episode
    if episode is None or episode.status != EpisodeStatus.OPEN:
        return
    live = Step.objects.filter(episode=episode, kind=StepKind.LANGUAGE_LINE, status__in=LIVE_STEP).first()
    if speaks_there(language, visit):
        if live is not None:
            complete_step(SYSTEM, step=live, outcome="interpreter_there", then=decision_where_last(live))
        return
    due_at = max(clock.now() + LEAST, visit.starts_at - BEFORE)
    if live is not None:
        postpone_step(SYSTEM, step=live, due_at=due_at)
        return
    new = NewStep(kind=StepKind.LANGUAGE_LINE, owner_role=Role.REPRESENTATIVE, center_id=visit.center_id, due_at=due_at)
    open_step(SYSTEM, episode=episode, new=new)


def speaks_there(language: str, visit: Appointment) -> bool:
    """Whether somebody who speaks a language is on duty at the center when the visit begins."""
    around = visit.starts_at.date()
    days = ResourceDay.objects.filter(
        center_id=visit.center_id,
        on__range=(around - timedelta(days=1), around + timedelta(days=1)),
        resource__active=True,
        resource__remote=False,
        resource__staff__is_active=True,
        resource__staff__languages__contains=[language],
    )
    return any(_on_duty(day, visit.starts_at) for day in days)


def _on_duty(day: ResourceDay, at: datetime) -> bool:
    bit = bits.bit_within(day.origin, at)
    return 0 <= bit < bits.WIDTH and bool(bits.decode(bytes(day.shift)) >> bit & 1)
