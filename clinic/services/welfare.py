"""What is done for a patient whom no call reaches: whom else to ask, and a named clinician's decision."""

from datetime import timedelta

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import LIVE_STEP, Patient, RegistrationPart, StepKind, WelfareChoice, WelfareDecision
from clinic.phones import normalize
from clinic.services.locked_reports import locked
from clinic.services.plans import decision_where_last
from clinic.services.refusals import noted
from clinic.services.registration import mark_asked
from clinic.services.steps import complete_step, postpone_step

#: After either answer the calls go on: the next is due so soon.
CALL_AGAIN = timedelta(minutes=15)


def decide_welfare(actor: Actor, *, report_id: int, choice: str, reason: str) -> WelfareDecision:
    """Record a clinician's decision on a welfare check, with the reason. The telling stays owed, and is due again soon.

    Raises `Conflict` where no decision is owed: the patient was reached, or the emergency contact was not asked yet.
    """

    def work() -> WelfareDecision:
        report = locked(report_id)
        owed = list(report.episode.steps.filter(kind=StepKind.WELFARE_CHECK, status__in=LIVE_STEP))
        if not owed:
            raise Conflict(
                "No decision is owed: the patient was reached, or other ways are tried first.", code="not_owed"
            )
        if actor.staff_id is None:
            raise Forbidden("A person decides on a welfare check.")
        row = WelfareDecision.objects.create(
            report=report, choice=choice, reason=reason.strip(), by_id=actor.staff_id, at=clock.now()
        )
        for step in owed:
            complete_step(actor, step=step, outcome=choice, then=decision_where_last(step))
        for step in report.episode.steps.filter(kind=StepKind.TELLING, status__in=LIVE_STEP):
            postpone_step(actor, step=step, due_at=clock.now() + CALL_AGAIN)
        codes = {"choice": choice}
        events.record("welfare.decided", actor=actor, episode=report.episode, subject=row, codes=codes)
        settle()
        return row

    with noted(actor, "welfare", report_id=report_id):
        require(actor, Permission.TELL_RESULTS)
        _check(choice, reason)
        return in_transaction(work)


def name_emergency_contact(actor: Actor, *, patient_id: int, name: str, phone: str) -> Patient:
    """Keep whom to ask where the patient answers no call; both empty: nobody. They are never told a finding."""
    require(actor, Permission.REGISTER_PATIENTS)
    number = _number(name, phone)

    def work() -> Patient:
        patient = Patient.objects.select_for_update(no_key=True).filter(pk=patient_id).first()
        if patient is None:
            raise NotFound("No such patient.")
        patient.emergency_contact_name, patient.emergency_contact_phone = name.strip(), number
        patient.save(update_fields=["emergency_contact_name", "emergency_contact_phone"])
        mark_asked(actor, patient, RegistrationPart.EMERGENCY_CONTACT)
        codes = {"named": bool(number)}
        events.record("patient.contact_named", actor=actor, patient=patient, subject=patient, codes=codes)
        return patient

    return in_transaction(work)


def _check(choice: str, reason: str) -> None:
    wrong: dict[str, str] = {}
    if choice not in WelfareChoice.values:
        wrong["choice"] = f"Choose one of: {', '.join(WelfareChoice.values)}."
    if not reason.strip() or len(reason) > 200:
        wrong["reason"] = "Say why, in at most 200 characters."
    if wrong:
        raise Invalid(fields=wrong)


def _number(name: str, phone: str) -> str:
    if not name.strip() and not phone.strip():
        return ""
    wrong: dict[str, str] = {}
    number = ""
    if not name.strip() or len(name) > 120:
        wrong["name"] = "Enter a name of at most 120 characters."
    try:
        number = normalize(phone)
    except ValueError as error:
        wrong["phone"] = str(error)
    if wrong:
        raise Invalid(fields=wrong)
    return number
