"""Times that a step of a follow-up may be booked at: within its window, near the patient."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from clinic import clock
from clinic.models import Episode, EpisodeStatus, Step, StepKind, StepStatus
from scheduling.models import VisitKind, VisitType
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.search import Slot, search
from scheduling.selectors.site import WITHIN_MILES

#: Steps of a follow-up that wait for a visit, and the visit.
AWAITED = {
    StepKind.FOLLOW_UP_SCAN: VisitKind.REPEAT_SCAN,
    StepKind.FOLLOW_UP_VISIT: VisitKind.FOLLOW_UP_VISIT,
    StepKind.CONSULT: VisitKind.CONSULT,
}
_WAITING = (StepStatus.OPEN, StepStatus.ESCALATED)
#: How long before its window opens a step may be booked: the calendar reaches further, people's plans do not.
BOOKED_AHEAD = timedelta(days=45)
#: How far ahead a time is looked for where the window is over or there is none.
OTHERWISE_WITHIN = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Window:
    """The span in which a step may begin, as far as it is still ahead."""

    from_: datetime | None
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether a start lies within."""
        return at <= self.until and (self.from_ is None or at >= self.from_)


def awaiting(episode: Episode) -> Step | None:
    """Return the step of an open episode that waits for a time to be chosen: the one due first that is near enough."""
    if episode.status != EpisodeStatus.OPEN:
        return None
    near = Q(window_start=None) | Q(window_start__lte=clock.now() + BOOKED_AHEAD)
    # One that was raised while its patient was here has its visit.
    steps = episode.steps.filter(near, status__in=_WAITING, kind__in=AWAITED, attended_since=None)
    return steps.order_by("due_at", "id").first()


def waits_for_a_time(step: Step) -> bool:
    """Whether a step waits for a visit to be booked."""
    return step.status in _WAITING and step.kind in AWAITED and step.attended_since is None


def window_of(step: Step) -> Window:
    """Return the span in which the step's visit may begin. One that was missed is booked as soon as may be."""
    now = clock.now()
    ahead = step.window_end if step.window_end and step.window_end > now else None
    from_ = step.window_start if ahead and step.window_start and step.window_start > now else None
    return Window(from_, ahead or now + OTHERWISE_WITHIN)


def times_of(step: Step, *, zip: str, most: int) -> list[Slot]:
    """Return the first times within a step's window, by day and distance; none where nothing is free.

    Centers and rooms that do not fit the patient are left out: they could not be booked.
    """
    window, center = window_of(step), step.center or step.episode.center
    answer = search(
        VisitType.objects.get(kind=AWAITED[StepKind(step.kind)]),
        near_zip=zip or None,
        within_miles=WITHIN_MILES if zip else None,
        # Whoever gave no ZIP code comes to where their care is.
        center_code="" if zip else center.code,
        from_=window.from_,
        until=window.until,
        limit=most,
        needs=needs_of_patient(step.episode.patient_id),
    )
    return list(answer.slots)
