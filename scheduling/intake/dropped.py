"""Visitors who left in the middle, after a worrying answer and a number: they are called.

What they did not answer is unknown, so that the rules ask for a clinician's call within ten minutes, or for more.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from clinic import clock
from clinic.access import SYSTEM
from scheduling.intake.drafted import submit_draft
from triage.drafts import spoken
from triage.models import Draft
from triage.worry import worrying

#: How long somebody may think about one question before we take it that they have gone.
SILENCE = timedelta(minutes=10)
#: A draft older than this was there before: it is not looked at again and again.
FORGOTTEN = timedelta(days=1)


def _silent(before: datetime) -> QuerySet[Draft]:
    reachable = Draft.objects.filter(assessment=None).exclude(phone="").exclude(zip="")
    return reachable.filter(touched_at__lte=before, touched_at__gt=before - FORGOTTEN).order_by("touched_at")


def _dropped() -> list[Draft]:
    return [draft for draft in _silent(clock.now() - SILENCE)[:200] if worrying(spoken(draft.answers))]


def call_dropped_visitors() -> int:
    """Decide on what worrying visitors left unfinished, each in a transaction of its own; return how many."""
    dropped = _dropped()
    for draft in dropped:
        submit_draft(SYSTEM, draft=draft, language=draft.language)
    return len(dropped)


def next_dropped(after: datetime) -> datetime | None:
    """Return when the next visitor counts as gone."""
    open_ = Draft.objects.filter(assessment=None, touched_at__gt=after - SILENCE).exclude(phone="").exclude(zip="")
    first = open_.order_by("touched_at").values_list("touched_at", flat=True).first()
    return first + SILENCE if first else None


def waiting_dropped() -> int:
    """Return how many visitors count as gone and are not taken care of."""
    return len(_dropped())
