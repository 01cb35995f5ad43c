"""Tier-1 scans that nobody reads or treats at once, and that the edit which took those away could not see.

Who reads and who treats are booked by no row, and a booking locks no day of theirs: a time that was found, held or
offered before the edit may become a visit after it. A sweep finds such a visit, and displaces it in the name of that
edit.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from clinic import clock
from clinic.db import REFUSALS, in_transaction
from clinic.errors import DomainError
from clinic.models import ActorKind, Event, Staff
from scheduling.models import Appointment, Displacement, DisplacementStatus, EditKind, ShiftEdit, VisitKind
from scheduling.selectors.covered import COVER, not_read_at_once
from scheduling.services.callers import CLINICAL_ROLES
from scheduling.services.holding import CHOOSING_TIME
from scheduling.services.transition import find
from scheduling.states import MOVABLE

logger = logging.getLogger(__name__)
#: An edit is looked at for so long: a search under a tier-1 clock that was before it is over by then.
LOOKED_BACK = timedelta(hours=6)
#: A booking that was begun before an edit may be written after it by so much.
OVERLAP = timedelta(minutes=1)
_GIVES_TIME = ("appointment.booked", "appointment.rescheduled")


def displace_unread() -> int:
    """Flag each scan that an edit missed, to be rebooked with what it saw; return how many."""
    count = 0
    for visit_id, edit_id in _missed():
        try:
            count += in_transaction(partial(_displace, visit_id, edit_id))
        except (DomainError, *REFUSALS) as refused:
            logger.error("Visit %s can't be displaced: %s", visit_id, type(refused).__name__)  # noqa: TRY400
    return count


def unread() -> int:
    """Return how many scans an edit missed, and nobody has flagged."""
    return len(_missed())


def _missed() -> list[tuple[int, int]]:
    """Return (visit, edit) of each tier-1 scan ahead that nobody reads or treats at once since an edit that was made
    after its clock had started, and before it was booked: what was searched for before, was not taken away yet.

    One that was displaced from this time already is with a person, or about to be.
    """
    now = clock.now()
    edits = _edits_since(now - LOOKED_BACK)
    if not edits:
        return []
    ahead = Appointment.objects.filter(
        visit_type__kind=VisitKind.DVT_SCAN,
        episode__tier=1,
        episode__clock_started_at__lte=edits[0].at,
        status__in=MOVABLE,
        starts_at__gt=now,
    ).select_related("center", "visit_type", "episode")
    left = [visit for visit in not_read_at_once(list(ahead.order_by("id"))) if not _is_displaced(visit)]
    causes = ((visit, _cause(visit, edits)) for visit in left)
    return [(visit.pk, edit.pk) for visit, edit in causes if edit is not None]


def _edits_since(at: datetime) -> list[ShiftEdit]:
    """Return the edits that may have taken somebody away who reads or treats, the last one first."""
    who = Q(resource__kind__in=COVER) | Q(resource=None)
    found = ShiftEdit.objects.filter(who, at__gt=at).select_related("resource__staff")
    return list(found.order_by("-at", "-id"))


def _cause(visit: Appointment, edits: list[ShiftEdit]) -> ShiftEdit | None:
    """Return the last edit since the clock of a scan began that could not see it, and is about its center, or about
    somebody from afar."""
    episode, given = visit.episode, _given(visit)
    for edit in edits:
        near = edit.center_id == visit.center_id or (edit.resource is not None and edit.resource.remote)
        if near and episode is not None and edit.at >= episode.clock_started_at and given.is_missed_by(edit):
            return edit
    return None


@dataclass(frozen=True)
class _Given:
    """When a visit was given its time, when that time was found, and whether a clinician chose it."""

    at: datetime
    found_at: datetime
    by_clinician: bool

    def is_missed_by(self, edit: ShiftEdit) -> bool:
        """Whether an edit could not see the visit. One that stood already and lost nobody, or that a clinician chose
        well after the edit, was booked though nobody reads then: that is for a person to change."""
        if self.by_clinician and self.found_at > edit.at + CHOOSING_TIME:
            return False
        return self.at >= edit.at - OVERLAP or _is_of_ended_account(edit)


def _given(visit: Appointment) -> _Given:
    told = Event.objects.filter(
        episode=visit.episode_id, kind__in=_GIVES_TIME, subject_kind="appointment", subject_id=visit.pk
    )
    last = told.order_by("-id").first()
    if last is None:
        return _Given(visit.booked_at or visit.created_at, visit.created_at, by_clinician=False)
    clinicians = Staff.objects.filter(role__in=CLINICAL_ROLES)
    by_clinician = last.actor_kind == ActorKind.STAFF and clinicians.filter(pk=last.actor_id or 0).exists()
    moved = last.kind == "appointment.rescheduled"
    return _Given(last.at, last.at if moved else visit.created_at, by_clinician)


def _is_of_ended_account(edit: ShiftEdit) -> bool:
    """Whether it gives back the time of somebody who counted no longer when it was made: it sees no scan of theirs."""
    staff = edit.resource.staff if edit.resource is not None else None
    return edit.kind == EditKind.RETIREMENT and staff is not None and not staff.is_active


def _is_displaced(visit: Appointment) -> bool:
    before = Displacement.objects.filter(
        appointment=visit, was_center=visit.center, was_starts_at=visit.starts_at
    ).exclude(status=DisplacementStatus.STANDS)
    return before.exists()


def _displace(visit_id: int, edit_id: int) -> bool:
    """Flag a scan, seen once more under its episode's lock; return whether it still was as it had been found."""
    visit, now = find(visit_id), clock.now()
    if visit.status not in MOVABLE or visit.starts_at <= now or not not_read_at_once([visit]) or _is_displaced(visit):
        return False
    row = Displacement(
        edit_id=edit_id, appointment=visit, was_center=visit.center, was_starts_at=visit.starts_at, created_at=now
    )
    # An edit that flags it at this moment is as good.
    Displacement.objects.bulk_create([row], ignore_conflicts=True)
    return True
