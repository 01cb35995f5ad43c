"""The emergency and limb-threat questions at a later contact: they go through R1 and R2 again (clinical.md section 3).

A new cough or lightheadedness is R3's, and is called back as at the intake. What is not known here has no effect: the
questions were answered once, and whoever asks now is with the patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clinic import clock
from clinic.access import Actor, Permission
from clinic.db import in_transaction
from clinic.errors import Forbidden, Invalid, NotFound
from clinic.models import LIVE_STEP, ActorKind, Episode, Step, StepKind
from clinic.services.steps import complete_step
from scheduling.intake.deciding import with_callback_time
from scheduling.intake.following import follow, locked_open
from scheduling.selectors.site import surroundings_if_known
from scheduling.services.callers import require_or_own
from triage import models
from triage.answers import Answers, AnswersInvalid, Site, parse
from triage.models import DecisionSource, Occasion
from triage.rules import ask_again
from triage.services.recording import Answered, record_assessment, record_decision

GROUPS = ("emergency", "limb_threat")


@dataclass(frozen=True)
class Asked:
    """What was answered, and what it led to: ``decision`` and ``step`` are None where no sign was there."""

    assessment: models.Assessment
    decision: models.Decision | None
    step: Step | None


def ask_signs(
    actor: Actor, *, episode_id: int, answers: Mapping[str, Any], occasion: Occasion, language: str = ""
) -> Asked:
    """Keep the answers of a later contact; where a sign is there, decide anew and let the episode follow.

    Raises `Invalid` for anything but the two groups, `NotFound`, and `Conflict` where the episode is closed.
    """
    require_or_own(actor, Permission.ASK_SIGNS)
    read = _read(answers)

    def work() -> Asked:
        episode = _episode(actor, episode_id)
        assessment = record_assessment(
            actor,
            answered=Answered(
                raw_answers={group: dict(answers.get(group, {})) for group in GROUPS},
                language=language or episode.patient.language,
                answered_by="staff" if actor.kind == ActorKind.STAFF else "patient",
                first_answer_at=clock.now(),
            ),
            patient=episode.patient,
            episode=episode,
            phone=episode.patient.phone or "",
            zip=episode.patient.zip,
            occasion=occasion,
        )
        row = _decided(actor, assessment, read)
        _end_safety_checks(actor, episode, row)
        step = follow(actor, episode=episode, decision=row) if row else None
        return Asked(assessment, row, step)

    return in_transaction(work)


def _read(answers: Mapping[str, Any]) -> Answers:
    wrong = {str(key): "Only the danger signs are asked here." for key in answers if key not in GROUPS}
    if not any(answers.get(group) for group in GROUPS):
        wrong["emergency"] = "Answer the danger signs."
    if wrong:
        raise Invalid(fields=wrong)
    try:
        return parse(answers, on=None)
    except AnswersInvalid as fault:
        raise Invalid(fields={error.field or "answers": error.message for error in fault.errors}) from fault


def _episode(actor: Actor, episode_id: int) -> Episode:
    found = Episode.objects.filter(pk=episode_id).first()
    if found is None:
        raise NotFound("There is no such episode.")
    if actor.kind == ActorKind.PATIENT and found.patient_id != actor.id:
        raise Forbidden("Patients answer for their own visit.")
    return locked_open(found)


def _decided(actor: Actor, assessment: models.Assessment, answers: Answers) -> models.Decision | None:
    decision = ask_again(answers)
    if decision is None:
        return None
    chain = [(decision, DecisionSource.RULES)]
    around = surroundings_if_known(assessment.zip)
    if around is not None:
        with_callback_time(chain, answers, around, now=clock.now())
    rows = [
        record_decision(actor, assessment=assessment, decision=each, source=source, site=Site())
        for each, source in chain
    ]
    return rows[-1]


def _end_safety_checks(actor: Actor, episode: Episode, row: models.Decision | None) -> None:
    """The questions that a next-day scan asked for have been put. Where a sign is there, the decision ends the step."""
    if row is not None:
        return
    for step in episode.steps.filter(kind=StepKind.SAFETY_CHECK, status__in=LIVE_STEP):
        complete_step(actor, step=step, outcome="no_danger_sign")
