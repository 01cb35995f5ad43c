"""Somebody whose clot is followed by a plan, and a further visit of theirs: for tests of what happens meanwhile."""

from datetime import timedelta

from clinic import clock
from clinic.models import Report, Role, Step
from clinic.services.reports import Finding, finalize, record_preliminary
from clinic.services.reports import amend as amend_report
from clinic.services.telling import Call, record_call
from scheduling.models import Appointment
from scheduling.services import visits
from scheduling.services.booking import book
from tests.identified import of_report
from tests.pages.staff import Ward


def signed(ward: Ward, report: Report, category: str) -> Report:
    """A report that is signed with a category."""
    finding = Finding(impression="", category=category, side="left", reason="Seen with care")
    return finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)


def amend(ward: Ward, report: Report, category: str = "no_dvt_complete") -> None:
    """Amend a signed report, and tell the patient anew."""
    finding = Finding(impression="", category=category, side="left", reason="Seen once more")
    amend_report(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    told(ward, report)


def told(ward: Ward, report: Report) -> None:
    """Tell the patient by voice, read back."""
    call = Call(
        audience="patient", outcome="reached", told_to="the patient", read_back=True, identifiers=of_report(report)
    )
    record_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call)
    report.refresh_from_db()
    assert report.patient_told_at is not None


def followed(ward: Ward, category: str = "isolated_distal_dvt") -> Report:
    """A clot that was signed and told, and is followed by a plan."""
    report = signed(ward, ward.read("positive"), category)
    told(ward, report)
    return report


def booked(ward: Ward, report: Report, kind: str = "repeat_scan", hour: int = 15) -> Appointment:
    """A further visit of the same episode, later today."""
    slot = ward.place.at(hour, kind=kind)
    return book(ward.place.actor, patient=report.episode.patient, slot=slot, episode=report.episode)


def arrived(ward: Ward, report: Report, kind: str = "repeat_scan", hour: int = 15) -> Appointment:
    """The same, and the patient is here."""
    visit = booked(ward, report, kind, hour)
    return visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)


def begun(ward: Ward, visit: Appointment) -> Appointment:
    """The visit begins."""
    return visits.start(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk, side="left")


def completed(ward: Ward, visit: Appointment) -> Appointment:
    """The visit is over."""
    return visits.complete(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)


def step_of(visit: Appointment) -> Step:
    """The visit's step as it is now."""
    visit.refresh_from_db()
    assert visit.step is not None
    return visit.step


def is_read_and_told(ward: Ward, visit: Appointment) -> None:
    """Follow a study that was just made to the patient's ear."""
    assert visit.episode is not None
    [reading] = visit.episode.steps.filter(kind="reading", status="open")
    seen = Finding(impression="positive", side="left")
    sonographer = ward.actor(Role.SONOGRAPHER)
    study = record_preliminary(sonographer, step_id=step_of(visit).pk, finding=seen, scan_ended_at=clock.now())
    assert visit.episode.steps.filter(kind="telling", status="open").exists()
    told(ward, signed(ward, study, "acute_proximal_dvt"))
    reading.refresh_from_db()
    assert (reading.status, reading.outcome) == ("done", "signed")


def seen_again(ward: Ward, first: Report, category: str) -> Report:
    """The repeat of a study, a minute later: read, signed and told."""
    clock.advance(timedelta(minutes=1))
    visit = completed(ward, begun(ward, arrived(ward, first)))
    vague = Finding(impression="non_diagnostic", side="left")
    sonographer = ward.actor(Role.SONOGRAPHER)
    study = record_preliminary(sonographer, step_id=step_of(visit).pk, finding=vague, scan_ended_at=clock.now())
    told(ward, signed(ward, study, category))
    return study
