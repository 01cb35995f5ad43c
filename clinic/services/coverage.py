"""Recording who pays. A routine visit may wait for it, by a step; a rule-out never does."""

from datetime import datetime

from clinic import clock, events
from clinic.access import SYSTEM, Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid, NotFound
from clinic.models import (
    LIVE_STEP,
    Authorization,
    Coverage,
    CoverageStatus,
    Episode,
    EpisodeKind,
    EpisodeStatus,
    Role,
    Step,
    StepKind,
)
from clinic.services.plans import decision_where_last
from clinic.services.steps import NewStep, complete_step, open_step, postpone_step

MOST_CENTS = 10_000_000


def record_coverage(
    actor: Actor,
    *,
    episode_id: int,
    status: str,
    authorization: str = Authorization.NOT_NEEDED,
    estimate_cents: int | None = None,
) -> Coverage:
    """Record what is known of an episode's coverage; the step that waited for it ends once it is settled.

    Nothing of a visit changes by it. Raises `Invalid` by field, `NotFound`, and `Conflict` for a closed episode.
    """
    require(actor, Permission.RECORD_COVERAGE)
    _check(status, authorization, estimate_cents)

    def work() -> Coverage:
        episode = Episode.objects.select_for_update(no_key=True).filter(pk=episode_id).first()
        if episode is None:
            raise NotFound("No such episode.")
        if episode.status != EpisodeStatus.OPEN:
            raise Conflict("This episode is closed.", code="episode_closed")
        now = clock.now()
        values = {
            "status": status,
            "authorization": authorization,
            "estimate_cents": estimate_cents,
            "estimate_given_at": now if estimate_cents is not None else None,
            "changed_at": now,
            "changed_by_id": actor.staff_id,
        }
        row, _ = Coverage.objects.update_or_create(episode=episode, defaults=values)
        codes = {"status": status, "authorization": authorization, "estimate": estimate_cents is not None}
        events.record("coverage.recorded", actor=actor, episode=episode, subject=row, codes=codes)
        if row.settled:
            for step in _owed(episode):
                complete_step(actor, step=step, outcome="coverage_settled", then=decision_where_last(step))
        return row

    return in_transaction(work)


def owe_coverage(episode: Episode, *, center_id: int, due_at: datetime) -> Step | None:
    """Owe what is left of an episode's coverage before a routine visit, once.

    None where nobody has asked yet, where it is settled, and of a rule-out: nothing of that waits for a payer. Runs in
    the transaction of the booking, or of what was recorded.
    """
    row = Coverage.objects.filter(episode=episode).first()
    if row is None or row.settled or episode.kind == EpisodeKind.SUSPECTED_DVT:
        return None
    live = next(iter(_owed(episode)), None)
    if live is not None:
        return postpone_step(SYSTEM, step=live, due_at=due_at)
    new = NewStep(kind=StepKind.COVERAGE, owner_role=Role.REPRESENTATIVE, center_id=center_id, due_at=due_at)
    return open_step(SYSTEM, episode=episode, new=new)


def _owed(episode: Episode) -> list[Step]:
    return list(Step.objects.filter(episode=episode, kind=StepKind.COVERAGE, status__in=LIVE_STEP).order_by("id"))


def _check(status: str, authorization: str, estimate_cents: int | None) -> None:
    wrong: dict[str, str] = {}
    if status not in CoverageStatus.values:
        wrong["status"] = f"Choose one of: {', '.join(CoverageStatus.values)}."
    if authorization not in Authorization.values:
        wrong["authorization"] = f"Choose one of: {', '.join(Authorization.values)}."
    if estimate_cents is not None and not 0 <= estimate_cents <= MOST_CENTS:
        wrong["estimate"] = f"Give an amount from 0 to {MOST_CENTS // 100:,} dollars."
    elif estimate_cents is not None and status != CoverageStatus.SELF_PAY:
        wrong["estimate"] = "An estimate is for who pays for themselves."
    if wrong:
        raise Invalid(fields=wrong)
