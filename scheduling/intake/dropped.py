"""Visitors who left in the middle, after a worrying answer and a number: they are called.

What they did not answer is unknown, so that the rules ask for a clinician's call within ten minutes, or for more.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet

from clinic import clock
from clinic.access import SYSTEM
from clinic.db import REFUSALS
from clinic.errors import DomainError, Invalid
from scheduling.intake.drafted import submit_draft
from triage.drafts import spoken
from triage.models import Draft
from triage.worry import worrying

logger = logging.getLogger(__name__)
#: How often what can't be so is left out: leaving one answer out may show another.
TRIES = 3
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
    """Decide on what worrying visitors left unfinished, each in a transaction of its own; return how many.

    Nobody is left to mend an answer that can't be so: it counts as not given. One that is refused all the same holds up
    no other.
    """
    return sum(_is_decided(draft) for draft in _dropped())


def _is_decided(draft: Draft) -> bool:
    wrong: tuple[str, ...] = ()
    for _ in range(TRIES):
        try:
            submit_draft(SYSTEM, draft=draft, language=draft.language, leaving_out=wrong)
        except Invalid as refused:
            wrong = (*wrong, *refused.fields)
        except (DomainError, *REFUSALS) as refused:
            # Its name only: what it says may hold what a visitor said.
            logger.error("Draft %s can't be decided on: %s", draft.pk, type(refused).__name__)  # noqa: TRY400
            return False
        else:
            return True
    logger.error("Draft %s can't be decided on: its answers are refused", draft.pk)
    return False


def next_dropped(after: datetime) -> datetime | None:
    """Return when the next visitor counts as gone."""
    open_ = Draft.objects.filter(assessment=None, touched_at__gt=after - SILENCE).exclude(phone="").exclude(zip="")
    first = open_.order_by("touched_at").values_list("touched_at", flat=True).first()
    return first + SILENCE if first else None


def waiting_dropped() -> int:
    """Return how many visitors count as gone and are not taken care of."""
    return len(_dropped())
