"""Which color a status has: one table. The tones are those of the stylesheet; a word always stands beside them."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TONES: dict[str, str] = {
    # steps
    "open": "info",
    "scheduled": "neutral",
    "escalated": "urgent",
    "done": "calm",
    "missed": "soon",
    # appointments
    "held": "neutral",
    "booked": "neutral",
    "confirmed": "info",
    "arrived": "soon",
    "in_progress": "info",
    "completed": "calm",
    "no_show": "urgent",
    # reports
    "preliminary": "soon",
    "final": "calm",
    "amended": "info",
    # texts
    "due": "neutral",
    "sending": "neutral",
    "sent": "info",
    "delivered": "calm",
    "unknown": "soon",
    "undelivered": "urgent",
    "failed": "urgent",
    "suppressed": "soon",
}
SOON = timedelta(minutes=30)


def tone_of(status: str) -> str:
    """Return the tone of a status; what is over and done with is neutral."""
    return TONES.get(status, "neutral")


def tone_of_deadline(due_at: datetime, now: datetime) -> str:
    """Return how pressing a due time is."""
    if due_at < now:
        return "critical"
    return "soon" if due_at - now <= SOON else "neutral"


def left_in_words(due_at: datetime, now: datetime) -> str:
    """Say how long is left until an instant, or for how long it has passed."""
    late = due_at < now
    span = _span(now - due_at if late else due_at - now)
    return _("%(span)s late") % {"span": span} if late else _("in %(span)s") % {"span": span}


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return _("%(h)d h %(m)02d min") % {"h": hours, "m": rest} if hours < 10 else _("%(h)d h") % {"h": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
