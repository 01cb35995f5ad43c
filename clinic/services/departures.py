"""How a scanned patient leaves the center: nobody goes home by default (clinical.md section 4.6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, refusing, settle
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import LIVE_STEP, AccessNeeds, Departure, Instruction, Patient, Report, ReportStatus, Role, StepKind
from clinic.phones import normalize_own
from clinic.result_rules import URGENT_IMPRESSIONS, voice_first
from clinic.services.locked_reports import locked
from clinic.services.plans import decision_where_last
from clinic.services.refusals import noted
from clinic.services.steps import complete_step
from clinic.services.wet_reads import last_wet_read

#: What everybody is told before they leave.
ALWAYS = (Instruction.DANGER_SIGNS, Instruction.WHOM_TO_CALL)


NOT_FINDABLE = (
    "This patient has no telephone. Before they leave, record another contact, an address or a plan to come back, on "
    "the page of their access needs."
)


class ClinicianReleases(Forbidden):
    """A positive, suspicious or non-diagnostic finding: only a clinician lets the patient go."""

    code, title = "clinician_releases", "A clinician or a physician releases this patient. Ask one of them."


class LeftAlready(Conflict):
    """The departure was recorded before."""

    code, title = "left_already", "How this patient left is recorded already."


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What was done before the patient left: the number read back to them, and what they were told."""

    callback_phone: str
    instructions: Sequence[str]


def record_departure(actor: Actor, *, report_id: int, leaving: Leaving) -> Departure:
    """Record who released the patient, the callback number verified again, and the instructions given.

    A number that is not the one on record becomes the patient's number: later calls and texts go there. Raises
    `ClinicianReleases`, `LeftAlready`, or `Invalid` that names the field.
    """

    def work() -> Departure:
        report = _locked(report_id)
        if needs_clinician(report) and actor.role not in (Role.CLINICIAN, Role.PHYSICIAN):
            raise ClinicianReleases
        patient = report.episode.patient
        has_none = patient.phone is None or AccessNeeds.objects.filter(patient=patient, no_phone=True).exists()
        number = _checked(leaving, patient if has_none else None)
        with refusing(clinic_departure_report_id_key=LeftAlready):
            row = Departure.objects.create(
                report=report,
                released_by_id=_releaser(actor),
                callback_phone=number,
                instructions=list(dict.fromkeys(leaving.instructions)),
                at=clock.now(),
            )
        if not has_none or (patient.phone is None and leaving.callback_phone.strip()):
            _follow_number(actor, report, number)
        for step in report.episode.steps.filter(kind=StepKind.ON_SITE, status__in=LIVE_STEP):
            complete_step(actor, step=step, outcome="left", then=decision_where_last(step))
        codes = {"instructions": row.instructions}
        events.record("patient.left", actor=actor, episode=report.episode, subject=row, codes=codes)
        settle()
        return row

    with noted(actor, "departure", report_id=report_id):
        require(actor, Permission.RELEASE_PATIENTS)
        return in_transaction(work)


def needs_clinician(report: Report) -> bool:
    """Whether only a clinician may release: whatever of it, preliminary, spoken or signed, is not clear."""
    if report.status != ReportStatus.PRELIMINARY:
        return voice_first(report.category)
    read = last_wet_read(report)
    return report.impression in URGENT_IMPRESSIONS or (read is not None and voice_first(read.category))


def _checked(leaving: Leaving, without_phone: Patient | None) -> str:
    """Return the number, as E.164; of who has none, only that they can be found otherwise."""
    wrong: dict[str, str] = {}
    number = ""
    if without_phone is not None and not leaving.callback_phone.strip():
        number = without_phone.contact_phone
        if not without_phone.findable:
            wrong["callback_phone"] = NOT_FINDABLE
    else:
        try:
            number = normalize_own(leaving.callback_phone)
        except ValueError as error:
            wrong["callback_phone"] = str(error)
    unknown = [each for each in leaving.instructions if each not in Instruction.values]
    missing = [each.value for each in ALWAYS if each not in leaving.instructions]
    if unknown:
        wrong["instructions"] = f"Choose of: {', '.join(Instruction.values)}."
    elif missing:
        wrong["instructions"] = f"Nobody leaves without being told: {', '.join(missing)}."
    if wrong:
        raise Invalid(fields=wrong)
    return number


def _follow_number(actor: Actor, report: Report, number: str) -> None:
    patient = report.episode.patient
    if patient.phone != number:
        Patient.objects.filter(pk=patient.pk).update(phone=number)
        AccessNeeds.objects.filter(patient=patient).update(no_phone=False)
        patient.refresh_from_db()
        events.record("patient.phone_changed", actor=actor, episode=report.episode, subject=patient)


def _releaser(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A patient is released by a person.")
    return actor.staff_id


def _locked(report_id: int) -> Report:
    # The patient is locked before their report, as everywhere.
    Patient.objects.select_for_update(no_key=True).filter(episodes__reports=report_id).first()
    return locked(report_id)
