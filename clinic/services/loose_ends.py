"""Whoever the check finds lost gets a step with an owner, and the managers an alert."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.models import LIVE_STEP, Episode, EpisodeStatus, Role, Step, StepKind
from clinic.services.steps import NewStep, complete_step, open_step
from clinic.watchdog import Found, find_lost

log = logging.getLogger(__name__)

#: How long a manager has to take up what was lost.
TAKE_UP = timedelta(minutes=30)
#: What is owed to others though the episode is closed.
AFTER_THE_END = frozenset({"office_not_told"})


def take_up_lost() -> int:
    """Check the whole database: each loss becomes a manager's step, once. Return how many steps were opened."""
    found = find_lost()
    end_mended(found)
    return take_up(found)


def take_up(found: Iterable[Found]) -> int:
    """Open a step for each loss that has none; one transaction each. Return how many there were.

    An episode that was closed meanwhile has nobody to lose, but for what is owed after its end.
    """
    return sum(in_transaction(partial(_take_up, each)) for each in found if not each.taken_up)


def end_mended(found: Iterable[Found]) -> int:
    """End the steps of what is lost no longer, where the episode has another step; return how many."""
    lost = {(each.episode_id, each.loss.code) for each in found}
    steps = Step.objects.filter(kind=StepKind.LOOSE_END, plan=None, status__in=LIVE_STEP).order_by("id")
    return sum(
        in_transaction(partial(_end_mended, step))
        for step in steps.select_related("episode")
        if (step.episode_id, step.plan_code) not in lost
    )


def _take_up(found: Found) -> bool:
    episode = Episode.objects.select_for_update(no_key=True).get(pk=found.episode_id)
    if episode.status != EpisodeStatus.OPEN and found.loss.code not in AFTER_THE_END:
        return False
    mine = episode.steps.filter(kind=StepKind.LOOSE_END, plan=None, plan_code=found.loss.code, status__in=LIVE_STEP)
    if mine.exists():
        return False
    step = open_step(
        SYSTEM,
        episode=episode,
        new=NewStep(
            kind=StepKind.LOOSE_END,
            owner_role=Role.MANAGER,
            center_id=episode.center_id,
            due_at=clock.now() + TAKE_UP,
            plan_code=found.loss.code,
        ),
    )
    codes = {"loss": found.loss.code, "subject": found.subject_id}
    events.record("reconcile.lost", actor=SYSTEM, episode=episode, subject=step, codes=codes)
    # The alert. Its ids only: how somebody was lost would tell of their result.
    log.error("Lost: episode %d, a manager has step %d for it.", episode.pk, step.pk)
    return True


def _end_mended(step: Step) -> bool:
    """A manager's own word ends the last step of an episode, never this check's."""
    episode = Episode.objects.select_for_update(no_key=True).get(pk=step.episode_id)
    others = Step.objects.filter(episode_id=step.episode_id, status__in=LIVE_STEP).exclude(kind=StepKind.LOOSE_END)
    last = episode.status == EpisodeStatus.OPEN and not others.exists()
    if last or not Step.objects.filter(pk=step.pk, status__in=LIVE_STEP).exists():
        return False
    complete_step(SYSTEM, step=step, outcome="mended")
    return True
