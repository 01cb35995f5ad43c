"""Who was on the phone while the system was down: the identifiers that the paper says were checked."""

from datetime import datetime

from clinic import clock, events
from clinic.access import Actor
from clinic.errors import Forbidden
from clinic.models import IdentityCheck, Patient, Representative
from clinic.services.identifying import IdentityAmbiguous, NotIdentified, Said, compared

NOT_ON_PAPER = "Enter the two identifiers that the paper says were checked on the call."


def identified_on_paper(
    actor: Actor,
    *,
    patient: Patient,
    said: Said | None,
    representative: Representative | None,
    called_back: bool,
    at: datetime,
) -> IdentityCheck:
    """Keep the check of a call that was made ``at``, as its paper says; a check of today proves nothing of it.

    In the transaction of what records the call. It opens and closes the phone for nobody. Raises `NotIdentified` where
    the paper names no two identifiers, or others than we have, and `IdentityAmbiguous`.
    """
    if actor.staff_id is None:
        raise Forbidden("A person enters what stands on paper.")
    if said is None:
        raise NotIdentified(NOT_ON_PAPER, fields={"identifiers": NOT_ON_PAPER})
    matched, failed = compared(patient, said, called_back=called_back, on_paper=True)
    if failed:
        raise NotIdentified(fields={each.value: f"{each.label}: this is not what we have." for each in failed})
    row = IdentityCheck.objects.create(
        patient=patient,
        representative=representative,
        matched=[each.value for each in matched],
        failed=[],
        passed=True,
        called_back=called_back,
        by_id=actor.staff_id,
        at=at,
        recorded_at=clock.now(),
    )
    codes = {"passed": True, "matched": row.matched, "failed": [], "called_back": called_back, "on_paper": True}
    events.record("identity.checked", actor=actor, patient=patient, subject=row, codes=codes)
    return row


def contradicts(patient: Patient, said: Said | None, *, called_back: bool) -> bool:
    """Whether the identifiers on a paper are not this patient's, or not theirs alone: somebody else may have heard."""
    if said is None:
        return False
    try:
        return bool(compared(patient, said, called_back=called_back, on_paper=True)[1])
    except IdentityAmbiguous:
        return True
