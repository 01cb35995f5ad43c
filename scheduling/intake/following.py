"""What a further decision does to an episode that is open: its deadlines, its next step, and what no longer applies."""

from clinic import clock
from clinic.access import Actor
from clinic.db import settle
from clinic.errors import Conflict
from clinic.models import LIVE_STEP, Episode, EpisodeStatus, Role, Step, StepKind, StepStatus
from clinic.services.attending import give_up_step, want_again
from clinic.services.episodes import retriage_episode
from clinic.services.steps import NewStep, open_step
from scheduling.models import Appointment
from scheduling.selectors.covered import is_covered
from scheduling.services.giving_up import give_up_visits
from scheduling.services.opening import BOOKING_TIME, NEXT_DAY_SCAN_TIME, Opening, opening
from scheduling.states import MOVABLE
from scheduling.visit_types import shape_of
from triage.models import Decision, Disposition

#: Steps that a decision opens or books, as against those of a follow-up plan.
_OF_TRIAGE = (
    StepKind.CALLBACK,
    StepKind.BOOKING,
    StepKind.ARRIVAL_CALL,
    StepKind.SELF_CARE_CHECK,
    StepKind.SAFETY_CHECK,
    StepKind.SCAN,
    StepKind.CONSULT,
)
_VISITS = frozenset({StepKind.SCAN, StepKind.CONSULT})
#: What stays beside each decision. Visits stay while somebody is on the way to help, or waits for a call: a slip of the
#: finger must not cost a scan. They end when the patient has arrived, or a clinician says so.
_STAYS: dict[str, frozenset[StepKind]] = {
    Disposition.EMERGENCY_911: _VISITS,
    Disposition.ED_NOW: _VISITS,
    Disposition.CLINICIAN_CALLBACK: _VISITS,
    Disposition.SAME_DAY_DVT_SCAN: frozenset({StepKind.SCAN}),
    Disposition.NEXT_DAY_DVT_SCAN: frozenset({StepKind.SCAN}),
    Disposition.VASCULAR_CONSULT: frozenset({StepKind.CONSULT}),
    Disposition.SELF_CARE: frozenset(),
}
#: The visit that a decision asks for, where one is.
_WANTED = {
    Disposition.SAME_DAY_DVT_SCAN: StepKind.SCAN,
    Disposition.NEXT_DAY_DVT_SCAN: StepKind.SCAN,
    Disposition.VASCULAR_CONSULT: StepKind.CONSULT,
}
#: How long before the end of a next-day scan's day the danger signs are asked again.
SAFETY_CHECK_BEFORE = NEXT_DAY_SCAN_TIME / 2


def locked_open(episode: Episode) -> Episode:
    """Lock and return an episode. Raises `Conflict` where it is closed."""
    kept = Episode.objects.select_for_update(no_key=True, of=("self",)).select_related("center", "patient")
    found = kept.get(pk=episode.pk)
    if found.status != EpisodeStatus.OPEN:
        raise Conflict("This episode is closed.", code="episode_closed")
    return found


def follow(
    actor: Actor, *, episode: Episode, decision: Decision, also_stays: frozenset[StepKind] = frozenset()
) -> Step:
    """Let an open, locked episode follow a decision, and return its next step. Call it in the decision's transaction.

    The new step is opened before the former ones end, so that the episode is never without one.
    """
    now = clock.now()
    new = opening(
        decision,
        center_id=episode.center_id,
        zone=episode.center.zone,
        now=now,
        clock_started_at=episode.clock_started_at,
    )
    former = list(episode.steps.filter(status__in=LIVE_STEP, kind__in=_OF_TRIAGE, plan=None).order_by("due_at", "id"))
    for asked in _asked_for(decision, new, former, episode):
        open_step(actor, episode=episode, new=asked)
    stays = _STAYS[decision.disposition] | also_stays
    ended = [step for step in former if step.kind not in stays]
    for step in former:
        if step.kind in stays:
            want_again(step)
        else:
            give_up_step(actor, step=step, outcome="decision_changed")
    give_up_visits(actor, episode=episode, reason="decision_changed", step_ids=[step.pk for step in ended])
    limits = new.limits
    retriage_episode(
        actor, episode=episode, kind=new.kind, tier=limits.tier, scan_by=limits.scan_by, result_by=limits.result_by
    )
    settle()
    return episode.steps.filter(status__in=LIVE_STEP).order_by("due_at", "id")[0]


def _asked_for(decision: Decision, new: Opening, former: list[Step], episode: Episode) -> list[NewStep]:
    """What the decision asks for besides what is booked already."""
    wanted = _WANTED.get(Disposition(decision.disposition))
    visits = [step for step in former if step.kind == wanted]
    booked = next((step for step in visits if step.status == StepStatus.SCHEDULED or step.attended_since), None)
    asked = [new.first_step]
    if booked is not None and booked.due_at is not None:
        late = not booked.attended_since and new.limits.scan_by is not None and booked.due_at > new.limits.scan_by
        asked = [_sooner(episode)] if late or _is_unread(booked, new) else []
    if decision.disposition == Disposition.NEXT_DAY_DVT_SCAN:
        asked.append(_safety_check(episode))
    return asked


def _is_unread(booked: Step, new: Opening) -> bool:
    """Whether a scan that is ahead is under a tier-1 clock now, and nobody is on duty after it who reads or treats."""
    if new.limits.tier != 1:
        return False
    visit = Appointment.objects.filter(step=booked, status__in=MOVABLE).select_related("center", "visit_type").first()
    return visit is not None and not is_covered(shape_of(visit.visit_type), visit.center, visit.starts_at)


def _sooner(episode: Episode) -> NewStep:
    """Somebody reaches the patient to move a visit that is later than the new deadline, or that nobody would read."""
    return NewStep(
        kind=StepKind.CONTACT,
        due_at=clock.now() + BOOKING_TIME,
        owner_role=Role.REPRESENTATIVE,
        center_id=episode.center_id,
    )


def _safety_check(episode: Episode) -> NewStep:
    return NewStep(
        kind=StepKind.SAFETY_CHECK,
        due_at=clock.now() + SAFETY_CHECK_BEFORE,
        owner_role=Role.CLINICIAN,
        center_id=episode.center_id,
    )
