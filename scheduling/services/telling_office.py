"""The referring office hears the time: a representative's step for each visit that is booked, moved or given up."""

from datetime import timedelta

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import LIVE_STEP, EpisodeStatus, Event, Role, Step, StepKind
from clinic.rows import fetch
from clinic.services.steps import NewStep, open_step, postpone_step
from scheduling.models import Appointment
from scheduling.services.scan_orders import SCANS

#: How long until the office has the time: its people wait to tell the patient, or have gone home.
WITHIN = timedelta(minutes=15)
#: The office knows why: the patient is where they sent them, or the episode is over.
_TOLD_OTHERWISE = frozenset({"episode_closed"})
_REFERRED = "SELECT 1 FROM clinic_referrer WHERE episode_id = %(episode)s"


def owe_time_to_office(event: Event) -> None:
    """A scan of a referred patient was booked, moved or given up: the office is told, by one step at a time."""
    visit, episode = event.subject, event.episode
    if not isinstance(visit, Appointment) or episode is None or visit.visit_type.kind not in SCANS:
        return
    if visit.end_reason in _TOLD_OTHERWISE or episode.status != EpisodeStatus.OPEN:
        return
    if not fetch(_REFERRED, {"episode": episode.pk}):
        return
    due_at = clock.now() + WITHIN
    live = Step.objects.filter(episode=episode, kind=StepKind.REFERRER_TIME, status__in=LIVE_STEP).first()
    if live is not None:
        postpone_step(SYSTEM, step=live, due_at=due_at)
        return
    new = NewStep(kind=StepKind.REFERRER_TIME, owner_role=Role.REPRESENTATIVE, center_id=visit.center_id, due_at=due_at)
    open_step(SYSTEM, episode=episode, new=new)
