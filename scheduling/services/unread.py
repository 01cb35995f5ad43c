"""Tier-1 scans that nobody reads or treats at once, and that the edit which took those away could not see.

Who reads and who treats are booked by no row, and a booking locks no day of theirs: a time that was found, held or
offered before the edit may become a visit after it. A sweep finds such a visit, and displaces it in the name of that
edit.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from clinic import clock
from clinic.db import REFUSALS, in_transaction
from clinic.errors import DomainError
from scheduling.models import Appointment, Displacement, DisplacementStatus, ShiftEdit, VisitKind
from scheduling.selectors.covered import COVER, not_read_at_once
from scheduling.services.transition import find
from scheduling.states import MOVABLE

logger = logging.getLogger(__name__)
#: An edit is looked at for so long: a search under a tier-1 clock that was before it is over by then.
LOOKED_BACK = timedelta(hours=6)


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
    after its clock had started: what was searched for before, the edit had not taken away yet.

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
    found = ShiftEdit.objects.filter(who, at__gt=at).select_related("resource")
    return list(found.order_by("-at", "-id"))


def _cause(visit: Appointment, edits: list[ShiftEdit]) -> ShiftEdit | None:
    """Return the last edit since the clock of a scan began that is about its center, or about somebody from afar."""
    episode = visit.episode
    for edit in edits:
        near = edit.center_id == visit.center_id or (edit.resource is not None and edit.resource.remote)
        if near and episode is not None and edit.at >= episode.clock_started_at:
            return edit
    return None


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
