"""A person puts another decision beside the one in force. The original never changes.

Representatives may only make it more urgent; clinicians and physicians may also make it less so, with a reason
(clinical.md section 3). The episode follows at once.
"""

from clinic import clock
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import ActorKind, Step
from scheduling.errors import NoClinicianInTime
from scheduling.intake.following import follow, locked_open
from scheduling.intake.submitting import IntakeResult
from scheduling.selectors.roster import next_call_near
from triage.models import Assessment, Decision, DecisionSource
from triage.overriding import Target, may_override
from triage.selectors import decision_in_force
from triage.services.recording import record_further
from triage.urgency import Disposition, Urgency, urgency_of

REASON_LENGTH = 500


def override(actor: Actor, *, assessment_id: int, target: Target, reason: str) -> IntakeResult:
    """Override the decision in force of an assessment, and let its episode follow.

    Raises `Invalid` by field, `Forbidden` where the role may not go there, `NoClinicianInTime` where nobody on the
    roster could make the callback, and `Conflict` where the episode is closed, was assessed anew, or the decision in
    force says the same already.
    """
    require(actor, Permission.OVERRIDE)
    words = _checked(actor, target, reason)

    def work() -> IntakeResult:
        assessment = _locked(assessment_id)
        before = decision_in_force(assessment)
        if before is None:
            raise Conflict("Nothing was decided on these answers that could be overridden.", code="nothing_decided")
        raised = _direction(actor, before, target)
        _refuse_empty_promise(assessment, target)
        row = record_further(
            actor,
            before=before,
            target=target,
            source=DecisionSource.OVERRIDE,
            clause="OVERRIDE.raised" if raised else "OVERRIDE.lowered",
            reason=words,
        )
        step = _followed(actor, assessment, row)
        decisions = tuple(assessment.decisions.order_by("number"))
        return IntakeResult(assessment, decisions, assessment.episode, step, assessment.patient)

    return in_transaction(work)


def _checked(actor: Actor, target: Target, reason: str) -> str:
    if actor.kind != ActorKind.STAFF:
        raise Forbidden("An override is signed by a person of the staff.")
    words, wrong = reason.strip(), target.faults()
    if not words or len(words) > REASON_LENGTH:
        wrong["reason"] = f"Give the reason, in at most {REASON_LENGTH} characters."
    if wrong:
        raise Invalid(fields=wrong)
    return words


def _locked(assessment_id: int) -> Assessment:
    assessment = (
        Assessment.objects.select_related("episode__center", "episode__patient", "patient")
        .filter(pk=assessment_id)
        .first()
    )
    if assessment is None:
        raise NotFound("There is no such assessment.")
    if assessment.episode is not None:
        assessment.episode = locked_open(assessment.episode)
        later = Assessment.objects.filter(episode=assessment.episode, pk__gt=assessment.pk, decisions__isnull=False)
        if later.exists():
            raise Conflict("There is a later assessment: override that one.", code="assessed_anew")
    return assessment


def _direction(actor: Actor, before: Decision, target: Target) -> bool:
    """Return whether the target is more urgent. Raises `Forbidden` where this role may not go there."""
    present = urgency_of(Disposition(before.disposition), before.tier, before.within_minutes)
    if not may_override(actor.role, present, target):
        raise Forbidden(_why_not(target.urgency, present), code="may_only_raise")
    if target.urgency == present:
        raise Conflict("This is the decision in force already.", code="same_decision")
    return target.urgency.more_urgent_than(present)


def _why_not(wanted: Urgency, present: Urgency) -> str:
    if wanted.more_urgent_than(present):
        return "Only a clinician who has spoken with the patient may record this."
    return "Only a clinician may make this less urgent. You may make it more so."


def _refuse_empty_promise(assessment: Assessment, target: Target) -> None:
    """A call is promised only where a rostered clinician can make it."""
    if target.disposition is not Disposition.CLINICIAN_CALLBACK or assessment.episode is None:
        return
    at = clock.now()
    opening = next_call_near(assessment.episode.patient.zip, at=at)
    if opening is None or (opening - at).total_seconds() > 60 * (target.minutes or 0):
        raise NoClinicianInTime(extra={"next_call_at": opening})


def _followed(actor: Actor, assessment: Assessment, row: Decision) -> Step | None:
    return follow(actor, episode=assessment.episode, decision=row) if assessment.episode else None
