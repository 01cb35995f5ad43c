"""A routine visit may wait for its coverage: the check is owed before it. A rule-out waits for nothing."""

from datetime import timedelta

from clinic import clock
from clinic.models import EpisodeStatus, Event
from clinic.services.coverage import owe_coverage
from scheduling.models import Appointment, VisitKind
from scheduling.states import MOVABLE

#: How long before a visit it should be settled, and how long somebody has at least.
BEFORE, LEAST = timedelta(days=2), timedelta(hours=4)
ROUTINE = frozenset({VisitKind.CONSULT, VisitKind.FOLLOW_UP_VISIT})


def owe_before_visit(event: Event) -> None:
    """A visit was booked or moved: what is left of a routine one's coverage is settled before."""
    visit = event.subject
    if isinstance(visit, Appointment) and visit.visit_type.kind in ROUTINE:
        _owe(event, visit)


def owe_what_was_found(event: Event) -> None:
    """Something of the coverage is still open: it is settled before the routine visit that is booked."""
    ahead = Appointment.objects.filter(episode=event.episode, visit_type__kind__in=ROUTINE, status__in=MOVABLE)
    visit = ahead.order_by("starts_at").first() if event.episode is not None else None
    if visit is not None:
        _owe(event, visit)


def _owe(event: Event, visit: Appointment) -> None:
    episode = event.episode
    if episode is not None and episode.status == EpisodeStatus.OPEN:
        due_at = max(clock.now() + LEAST, visit.starts_at - BEFORE)
        owe_coverage(episode, center_id=visit.center_id, due_at=due_at)
