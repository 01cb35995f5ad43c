"""Writing each center's downtime sheet anew before it is old, and noticing where that did not happen."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from django.db import OperationalError
from django.db.models import Exists, F, Q, QuerySet

from clinic import clock
from clinic.db import in_transaction
from clinic.models import Center
from scheduling.downtime.contents import sheet_of
from scheduling.models import DowntimeSheet

logger = logging.getLogger(__name__)
#: A sheet is written anew after so long, and nobody may trust it after `STALE_AFTER`.
ANEW_AFTER = timedelta(minutes=15)
STALE_AFTER = timedelta(minutes=20)
#: Sheets of one sweep: a worker's thread has other work. Three sweeps a minute write 1,800 in 15 minutes.
MOST = 40


def render_sheets() -> int:
    """Write the sheets that are due, the oldest first, each in a transaction of its own; return how many.

    One that can't be written is told by its age, and holds up no other.
    """
    due = _active().filter(Q(downtime_sheet=None) | Q(downtime_sheet__made_at__lte=clock.now() - ANEW_AFTER))
    oldest = due.order_by(F("downtime_sheet__made_at").asc(nulls_first=True), "pk")
    return sum(map(_is_rendered, oldest[:MOST]))


def _is_rendered(center: Center) -> bool:
    try:
        return in_transaction(partial(_render, center))
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other centers need their paper
        # Its name only: what it says may hold what is said of a patient.
        logger.error("The downtime sheet of %s can't be written: %s", center.code, type(error).__name__)  # noqa: TRY400
        return False


def _render(center: Center) -> bool:
    from scheduling.downtime.paper import as_pdf  # noqa: PLC0415 - see there

    # Of two sweeps at once the second finds it done.
    Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    now = clock.now()
    if DowntimeSheet.objects.filter(center=center, made_at__gt=now - ANEW_AFTER).exists():
        return False
    stale_at = now + STALE_AFTER
    content = as_pdf(sheet_of(center, made_at=now, stale_at=stale_at))
    made = {"made_at": now, "stale_at": stale_at, "content": content}
    DowntimeSheet.objects.update_or_create(center=center, defaults=made)
    return True


def stale_centers() -> list[Center]:
    """Return the active centers whose sheet is older than it may be, or that have none while others have.

    Where no center has a sheet yet, nothing has been running that could make one, and nobody is named. One query: every
    page of the staff asks it.
    """
    late = Q(downtime_sheet=None) | Q(downtime_sheet__stale_at__lte=clock.now())
    running = Exists(DowntimeSheet.objects.all())
    return list(_active().filter(late, running).order_by("code"))


def by_state() -> Mapping[str, float]:
    """Count active centers by their sheet: fresh, stale, missing."""
    active, stale = _active(), Q(downtime_sheet__stale_at__lte=clock.now())
    missing = active.filter(downtime_sheet=None).count()
    old = active.filter(stale).count()
    return {"fresh": active.count() - missing - old, "stale": old, "missing": missing}


def _active() -> "QuerySet[Center]":
    return Center.objects.filter(active=True)
