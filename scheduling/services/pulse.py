"""Noticing that the system was down: then nobody counts as not come before the papers are entered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic import clock
from clinic.db import in_transaction
from scheduling.models import Pulse

#: A silence of the sweeps that was a downtime: they run every minute, and a deployment takes less.
DOWN_AFTER = timedelta(minutes=10)
#: How long the centers have to enter their papers before sweeps take silence for absence again.
ENTERED_WITHIN = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Downtime:
    """A span in which nothing was recorded, and until when what happened in it may still be entered."""

    down_from: datetime
    back_at: datetime

    @property
    def entered_by(self) -> datetime:
        """From then on silence counts as absence."""
        return self.back_at + ENTERED_WITHIN


def beat() -> None:
    """Say that the sweeps run; after a long silence, keep from when to when they did not."""

    def work() -> None:
        now = clock.real_now()
        pulse, new = Pulse.objects.select_for_update().get_or_create(only=True, defaults={"at": now})
        if new:
            return
        silent = now - pulse.at
        if silent > DOWN_AFTER:
            pulse.back_at = clock.now()
            pulse.down_from = pulse.back_at - silent
        pulse.at = max(now, pulse.at)
        pulse.save()

    in_transaction(work)


def last_downtime() -> Downtime | None:
    """Return the downtime whose papers may still be entered, or None."""
    pulse = Pulse.objects.filter(back_at__gt=clock.now() - ENTERED_WITHIN).first()
    if pulse is None or pulse.down_from is None or pulse.back_at is None:
        return None
    return Downtime(pulse.down_from, pulse.back_at)
