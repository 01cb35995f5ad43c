"""Who looks at whose chart, in the tests of that."""

from django.test import Client

from clinic.access import Actor
from clinic.models import ChartPage, Patient, Report, Role, Staff
from clinic.services.charts import read_chart
from clinic.services.reports import Finding, finalize
from tests.factories import make_center, make_staff
from tests.pages.staff import Ward

WHY = "Came to our desk without an appointment."


def from_elsewhere(role: str = Role.CLINICIAN) -> Staff:
    """Somebody who works at another center."""
    return make_staff(role, center=make_center())


def browser_of(staff: Staff) -> Client:
    """A browser in which somebody of the staff is logged in."""
    client = Client()
    client.force_login(staff)
    return client


def patient_booked(ward: Ward) -> Patient:
    """A patient who is booked at the ward's center."""
    return ward.place.booked(15).patient  # type: ignore[return-value]


def signed_report(ward: Ward) -> Report:
    """A report of an isolated distal clot that is watched."""
    finding = Finding(impression="", category="isolated_distal_dvt", side="left")
    return finalize(ward.actor(Role.PHYSICIAN), report_id=ward.read("positive").pk, finding=finding)


def look(actor: Actor, patient: Patient) -> None:
    """Look at a patient's chart."""
    read_chart(actor, patient_id=patient.pk, page=ChartPage.PATIENT)
