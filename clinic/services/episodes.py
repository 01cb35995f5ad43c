"""Opening and closing an episode of care."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import (
    LIVE_STEP,
    Center,
    ClosingReason,
    Episode,
    EpisodeKind,
    EpisodeStatus,
    Patient,
    Plan,
    Role,
    Step,
)
from clinic.services.steps import NewStep, cancel_step, open_step


@dataclass(frozen=True, kw_only=True)
class Risk:
    """The risk that a follow-up plan needs, copied from the decision. ``True`` also where the answer is not known."""

    pretest_category: str = ""
    pregnant: bool = False
    active_cancer: bool = False


def open_episode(
    actor: Actor,
    *,
    patient: Patient,
    kind: EpisodeKind,
    center: Center,
    clock_started_at: datetime,
    first_steps: Sequence[NewStep],
    tier: int | None = None,
    scan_by: datetime | None = None,
    result_by: datetime | None = None,
    risk: Risk = Risk(),
) -> Episode:
    """Open an episode together with its first steps. Raises `NoNextStep` where none was given."""

    def work() -> Episode:
        episode = Episode.objects.create(
            patient=patient,
            kind=kind,
            center=center,
            tier=tier,
            clock_started_at=clock_started_at,
            scan_by=scan_by,
            result_by=result_by,
            pretest_category=risk.pretest_category,
            pregnant=risk.pregnant,
            active_cancer=risk.active_cancer,
            opened_at=clock.now(),
        )
        events.record(
            "episode.opened",
            actor=actor,
            episode=episode,
            subject=episode,
            codes={"kind": kind, "tier": tier},
        )
        for new in first_steps:
            open_step(actor, episode=episode, new=new)
        settle()
        return episode

    return in_transaction(work)


def retriage_episode(
    actor: Actor,
    *,
    episode: Episode,
    kind: EpisodeKind,
    tier: int | None,
    scan_by: datetime | None,
    result_by: datetime | None,
) -> Episode:
    """Let an open episode follow a further decision: its kind and deadlines. The clock itself is never restarted."""

    def work() -> Episode:
        changed = Episode.objects.filter(pk=episode.pk, status=EpisodeStatus.OPEN).update(
            kind=kind, tier=tier, scan_by=scan_by, result_by=result_by
        )
        if changed != 1:
            raise Conflict("This episode is closed.", code="episode_closed")
        episode.refresh_from_db()
        events.record(
            "episode.retriaged", actor=actor, episode=episode, subject=episode, codes={"kind": kind, "tier": tier}
        )
        return episode

    return in_transaction(work)


#: Steps that must be ended by themselves before an episode may close with each reason: a plan is not cut short by a
#: signature that says the risk has passed.
_MUST_BE_OVER = {ClosingReason.RISK_PASSED, ClosingReason.RULED_OUT, ClosingReason.CONSULT_COMPLETED}
_BY_PHYSICIAN = {ClosingReason.LOST_TO_FOLLOW_UP}


def close_episode(actor: Actor, *, episode_id: int, reason: str) -> Episode:
    """Close an episode with a clinician's signature.

    Raises `Invalid` for an unknown reason, `Forbidden` where the reason needs a physician, and `Conflict` where steps
    are still owed and the reason says that all is over.
    """
    require(actor, Permission.CLOSE_EPISODES)
    if actor.staff_id is None:
        raise Forbidden("An episode is closed by a person's signature.")
    if reason not in ClosingReason.values:
        raise Invalid(fields={"reason": f"Choose one of: {', '.join(ClosingReason.values)}."})
    if reason in _BY_PHYSICIAN and actor.role != Role.PHYSICIAN:
        raise Forbidden("Lost to follow-up is a physician's signature.")

    def work() -> Episode:
        episode = Episode.objects.select_for_update(no_key=True).filter(pk=episode_id).first()
        if episode is None:
            raise NotFound("No such episode.")
        if episode.status == EpisodeStatus.CLOSED:
            raise Conflict("This episode is closed already.", code="episode_closed")
        _refuse_open_conditions(episode, reason)
        Episode.objects.filter(pk=episode.pk).update(
            status=EpisodeStatus.CLOSED,
            closed_at=clock.now(),
            closed_by_id=actor.staff_id,
            closing_reason=reason,
        )
        Plan.objects.filter(episode=episode, ended_at=None, superseded_at=None).update(ended_at=clock.now())
        for step in Step.objects.filter(episode=episode, status__in=LIVE_STEP).order_by("id"):
            cancel_step(actor, step=step, outcome="episode_closed")
        episode.refresh_from_db()
        events.record("episode.closed", actor=actor, episode=episode, subject=episode, codes={"reason": reason})
        settle()
        return episode

    return in_transaction(work)


def _refuse_open_conditions(episode: Episode, reason: str) -> None:
    """Refuse "it is over" while something is owed besides the clinician's own decision."""
    if reason not in _MUST_BE_OVER:
        return
    owed = [step for step in episode.steps.filter(status__in=LIVE_STEP) if step.kind != "decision"]
    unsigned = episode.reports.filter(status="preliminary").exists()
    if owed or unsigned:
        raise Conflict(
            "Something is still owed in this episode: "
            + (", ".join(sorted({step.get_kind_display().lower() for step in owed})) or "a report is not signed")
            + ".",
            code="open_conditions",
            extra={"open_steps": [step.pk for step in owed], "unsigned_report": unsigned},
        )
