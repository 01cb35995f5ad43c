"""A rule-out that was promised a scan, and finds no slot in time any more: the table's own fallback, as at the intake.

The clock is never restarted: what counts is the first answer, not when somebody noticed.
"""

from clinic import clock
from clinic.access import SYSTEM, Actor, Permission
from clinic.db import in_transaction
from clinic.errors import NotFound
from clinic.models import LIVE_STEP, Episode, EpisodeStatus, Event, Step, StepKind
from scheduling.intake.deciding import FALLBACK, with_callback_time
from scheduling.intake.following import follow, locked_open
from scheduling.intake.reading import needs_of
from scheduling.selectors.deadlines import of_episode
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.site import first_result, minutes_to_result, surroundings_if_known
from scheduling.services.callers import require_or_own
from triage import decision
from triage.answers import Site
from triage.models import Assessment, Decision, DecisionSource, Disposition
from triage.rules import fallback, needed
from triage.selectors import answers_of, decision_in_force, intake_of
from triage.services.recording import record_decision


def fall_back(actor: Actor, *, episode_id: int) -> Decision | None:
    """Decide anew where a promised scan is not booked and can't be had in time; None where nothing has to change.

    Raises `NotFound`, and `Conflict` where the episode is closed.
    """
    require_or_own(actor, Permission.ASSESS)

    def work() -> Decision | None:
        found = Episode.objects.filter(pk=episode_id).first()
        if found is None:
            raise NotFound("There is no such episode.")
        episode = locked_open(found)
        assessment = intake_of(episode)
        before = decision_in_force(assessment) if assessment else None
        if assessment is None or before is None or before.disposition != Disposition.SAME_DAY_DVT_SCAN:
            return None
        if episode.steps.filter(kind=StepKind.SCAN, status__in=LIVE_STEP).exists():
            return None
        return _decided(actor, episode, assessment)

    return in_transaction(work)


def fall_back_when_booking_is_late(event: Event) -> None:
    """Nobody has booked a promised scan within its minutes: see whether it can still be had in time."""
    step = Step.objects.select_related("episode").get(pk=event.subject_id or 0)
    if step.kind == StepKind.BOOKING and step.episode.tier and step.episode.status == EpisodeStatus.OPEN:
        fall_back(SYSTEM, episode_id=step.episode_id)


def foreseen(episode: Episode) -> decision.Decision | None:
    """Return what the rule would say if nothing in time were booked now; None where nothing in time was promised."""
    assessment = intake_of(episode)
    before = decision_in_force(assessment) if assessment else None
    if assessment is None or before is None or before.disposition != Disposition.SAME_DAY_DVT_SCAN:
        return None
    worked_out = _chain(episode, assessment)
    return worked_out[0][-1][0] if worked_out else None


def _decided(actor: Actor, episode: Episode, assessment: Assessment) -> Decision | None:
    worked_out = _chain(episode, assessment)
    if worked_out is None:
        return None
    chain, site = worked_out
    rows = [
        record_decision(actor, assessment=assessment, decision=each, source=source, site=site) for each, source in chain
    ]
    follow(actor, episode=episode, decision=rows[-1])
    return rows[-1]


def _chain(
    episode: Episode, assessment: Assessment
) -> tuple[list[tuple[decision.Decision, DecisionSource]], Site] | None:
    """Return the fallback, with the roster's word beside it, and the offer it rests on; None where one is in time."""
    answers, deadline = answers_of(assessment), of_episode(episode)
    around = surroundings_if_known(assessment.zip)
    if deadline is None or around is None:
        return None
    needs = needs_of(answers) | needs_of_patient(episode.patient_id)
    earliest = first_result(around.zip, needs=needs, deadline=deadline)
    if earliest is not None and earliest.meets_deadline:
        return None
    asked = around.offered(answers)
    minutes = minutes_to_result(earliest, deadline)
    chain = [(fallback(asked, needed(asked), minutes), FALLBACK)]
    with_callback_time(chain, asked, around, now=clock.now())
    return chain, asked.offered(minutes).site
