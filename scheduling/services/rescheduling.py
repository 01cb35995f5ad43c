"""Moving a visit to another time or center: the same appointment, its sequence one higher."""

from datetime import datetime, timedelta

from clinic.access import Actor, Permission
from clinic.db import refusing
from clinic.errors import StaleState
from clinic.models import Center, Patient
from clinic.services.steps import move_step
from scheduling.errors import PastDeadline, PatientBusy
from scheduling.models import Appointment, AppointmentStatus, VisitKind
from scheduling.needs import Needs
from scheduling.selectors.fitting import needs_of_patient
from scheduling.services.callers import is_clinician, require_or_own
from scheduling.services.lateness import end_late_call
from scheduling.services.news import record
from scheduling.services.refusals import Asked, refusable
from scheduling.services.taking import move_occupancy
from scheduling.services.transition import find
from scheduling.services.wanted import SlotChoice, Wanted, want
from scheduling.states import MOVABLE


def reschedule(actor: Actor, *, appointment_id: int, starts_at: datetime, center: Center | None = None) -> Appointment:
    """Move a booked or confirmed visit, maybe to another center; it is then booked anew.

    Raises `PastDeadline` where a rule-out would miss its clinical deadline and the caller is no clinician, `SlotTaken`
    (the visit then stays where it was), `CapabilityMissing` where the new center lacks what the patient needs,
    `PatientBusy`, and `StaleState` where it has begun or ended.
    """
    require_or_own(actor, Permission.BOOK)

    def work() -> Appointment:
        visit = _locked(appointment_id)
        # What was recorded since it was booked counts as well.
        needs = Needs.named(visit.needs) | needs_of_patient(visit.patient_id)
        wanted = want(SlotChoice(visit.visit_type, center or visit.center, starts_at, needs))
        _refuse_too_late(actor, visit, wanted)
        held = list(visit.occupancies.filter(live=True).values_list("day_id", flat=True))
        move_occupancy(wanted, appointment_id=visit.pk, held_days=held)
        return moved_to(actor, visit=visit, center=wanted.center, starts_at=wanted.starts_at, ends_at=wanted.ends_at)

    return refusable(actor, lambda: _asked(appointment_id, starts_at, center), work)


def moved_to(
    actor: Actor, *, visit: Appointment, center: Center, starts_at: datetime, ends_at: datetime
) -> Appointment:
    """Write the new time of a locked visit that has taken it, with its step and its event. Raises `PatientBusy`."""
    with refusing(patient_in_one_place=PatientBusy):
        Appointment.objects.filter(pk=visit.pk).update(
            status=AppointmentStatus.BOOKED,
            center=center,
            starts_at=starts_at,
            ends_at=ends_at,
            sequence=visit.sequence + 1,
            confirmed_at=None,
            late_call=None,
            late_result=None,
        )
    end_late_call(actor, visit, "visit_moved")
    moved = find(visit.pk)
    if moved.step is not None:
        move_step(actor, step=moved.step, due_at=moved.starts_at, center_id=moved.center_id)
    record(actor, "appointment.rescheduled", moved, was=visit.starts_at.isoformat())
    return moved


def _asked(appointment_id: int, starts_at: datetime, center: Center | None) -> Asked:
    """Say what was asked for: a visit that is not there has no patient to name."""
    rows = Appointment.objects.select_related("visit_type", "center", "patient", "episode")
    visit = rows.filter(pk=appointment_id).first()
    if visit is None:
        return Asked(act="reschedule", visit_id=appointment_id)
    return Asked(
        act="reschedule",
        slot=SlotChoice(visit.visit_type, center or visit.center, starts_at),
        visit_id=visit.pk,
        patient=visit.patient,
        episode=visit.episode,
    )


def _locked(appointment_id: int) -> Appointment:
    """Lock patient, episode and appointment, in this order, and return the appointment."""
    pointed = Appointment.objects.filter(pk=appointment_id).values_list("patient_id", flat=True).first()
    if pointed is not None:
        Patient.objects.select_for_update(no_key=True).get(pk=pointed)
    find(appointment_id)
    visit = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("episode", "visit_type", "center")
        .get(pk=appointment_id)
    )
    if visit.status not in MOVABLE:
        raise StaleState(
            f"An appointment that is {visit.get_status_display().lower()} can't be moved.",
            extra={"appointment_status": visit.status},
        )
    return visit


def _refuse_too_late(actor: Actor, visit: Appointment, wanted: Wanted) -> None:
    """Keep a rule-out within its deadline; an earlier time than the present one is always an improvement."""
    episode = visit.episode
    if visit.visit_type.kind != VisitKind.DVT_SCAN or episode is None or is_clinician(actor):
        return
    if wanted.starts_at <= visit.starts_at:
        return
    result_at = wanted.ends_at + timedelta(minutes=wanted.shape.reading_minutes)
    scan_late = episode.scan_by is not None and wanted.starts_at > episode.scan_by
    result_late = episode.result_by is not None and result_at > episode.result_by
    if scan_late or result_late:
        raise PastDeadline(extra={"scan_by": episode.scan_by, "result_by": episode.result_by})
