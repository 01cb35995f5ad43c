"""Working a step from a worklist: done, tried, handed over."""

from datetime import timedelta

from clinic import clock
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import LIVE_STEP, Center, Role, Staff, Step, StepKind
from clinic.pathway import STOP_OR_EXTEND
from clinic.services import steps
from clinic.services.plans import decision_where_last

#: Steps that end with what they are about, never by a tick in a list.
ENDED_ELSEWHERE = {
    StepKind.SCAN: "Complete the visit.",
    StepKind.CONSULT: "Complete the visit.",
    StepKind.FOLLOW_UP_VISIT: "Complete the visit.",
    StepKind.FOLLOW_UP_SCAN: "Complete the visit.",
    StepKind.READING: "Sign the report.",
    StepKind.TELLING: "Record the call, or send the result.",
    StepKind.BOOKING: "Book the visit.",
    StepKind.TREATMENT_START: "Record the first dose, who accepted the patient, or why no treatment begins.",
    StepKind.HANDOVER: "Record who accepted the patient.",
    StepKind.ACKNOWLEDGE: "Acknowledge the finding on the results desk.",
    StepKind.DISCREPANCY: "Record the call to the treating clinician, with its read-back.",
    StepKind.EMERGENCY_CONTACT: "Record the call to the emergency contact.",
    StepKind.WELFARE_CHECK: "Record the decision on the results desk.",
    StepKind.ON_SITE: "Record how the patient left.",
    StepKind.REFERRER: "Record how the referring clinician was told, and that they confirmed.",
    StepKind.ORDER: "Sign the order, or record that the referring clinician's arrived.",
    StepKind.IDENTITY: "Call the number on record, and check two identifiers on the patient's page.",
    StepKind.SAFETY_CHECK: "Ask the danger signs, on the episode's page.",
}
#: How an arrival call ends when the patient is where help is; and how soon it is tried again otherwise.
ARRIVED = "arrived_at_ed"
ARRIVAL_CALL_AGAIN = timedelta(minutes=15)
#: Steps that only a clinician or a physician may call done.
CLINICAL = {
    StepKind.CALLBACK,
    StepKind.FOLLOW_UP_CALL,
    StepKind.DOSE_CHANGE,
    StepKind.OTHER_IMAGING,
    StepKind.DECISION,
    StepKind.TWO_EPISODES,
}


def finish(actor: Actor, *, step_id: int, outcome: str) -> Step:
    """Record that a step was done. Where it was the episode's last, the clinician's decision follows."""
    require(actor, Permission.WORK_STEPS)

    def work() -> Step:
        step = _live(step_id)
        if elsewhere := ended_elsewhere(step):
            raise Conflict(elsewhere, code="ended_elsewhere")
        if not may_finish(actor, step, outcome):
            raise Forbidden("Only a clinician or a physician may end this step so.")
        then = decision_where_last(step)
        if then and step.kind == StepKind.DECISION:
            raise Conflict("Close the episode, or open what must happen next.", code="no_next_step")
        return steps.complete_step(actor, step=step, outcome=_code(outcome), then=then)

    return in_transaction(work)


def ended_elsewhere(step: Step) -> str:
    """Return what ends a step that no tick in a list may end, or an empty string."""
    if step.plan_code == STOP_OR_EXTEND:
        return "Record whether treatment stops or goes on."
    return ENDED_ELSEWHERE.get(StepKind(step.kind), "")


def may_finish(actor: Actor, step: Step, outcome: str = "") -> bool:
    """Whether the actor's role may call a step of this kind done, with this outcome.

    An arrival call ends for anybody once the patient has arrived; any other end of it is a clinician's signature.
    """
    if actor.role in (Role.CLINICIAN, Role.PHYSICIAN):
        return True
    if step.kind == StepKind.ARRIVAL_CALL:
        return outcome in ("", ARRIVED)
    return step.kind not in CLINICAL


def attempt(actor: Actor, *, step_id: int, outcome: str) -> Step:
    """Count a try at a step that did not end it. An arrival call is due again soon, until they have arrived."""
    require(actor, Permission.WORK_STEPS)

    def work() -> Step:
        step = steps.record_attempt(actor, step=_live(step_id), outcome=_code(outcome))
        if step.kind == StepKind.ARRIVAL_CALL:
            step = steps.postpone_step(actor, step=step, due_at=clock.now() + ARRIVAL_CALL_AGAIN)
        return step

    return in_transaction(work)


def reassign(actor: Actor, *, step_id: int, owner_id: int | None, owner_role: str, center_id: int | None) -> Step:
    """Give a step to a person, or to a role at a center."""
    require(actor, Permission.WORK_STEPS)
    if owner_id is not None and not Staff.objects.filter(pk=owner_id, is_active=True).exists():
        raise Invalid(fields={"owner": "No such member of staff."})
    if owner_role and owner_role not in Role.values:
        raise Invalid(fields={"role": f"Choose one of: {', '.join(Role.values)}."})
    if center_id is not None and not Center.objects.filter(pk=center_id).exists():
        raise Invalid(fields={"center": "No such center."})

    def work() -> Step:
        step = _live(step_id)
        return steps.reassign_step(
            actor, step=step, owner_id=owner_id, owner_role=owner_role, center_id=center_id or step.center_id
        )

    return in_transaction(work)


def _live(step_id: int) -> Step:
    step = Step.objects.select_related("episode__center").filter(pk=step_id).first()
    if step is None:
        raise NotFound("No such step.")
    if step.status not in LIVE_STEP:
        raise Conflict("This step has ended.", code="step_ended")
    return step


def _code(outcome: str) -> str:
    """An outcome is a short code: free text about health has no place in a step."""
    if not outcome or len(outcome) > 40 or not outcome.replace("_", "").isalnum():
        raise Invalid(fields={"outcome": "Use a short code of letters, digits and underscores, such as reached."})
    return outcome
