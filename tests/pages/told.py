"""A patient who was told by voice, and what they then read behind their link."""

from datetime import date, timedelta

from django.test import Client

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Link, LinkPurpose, Report, Role
from clinic.pathway import Risk
from clinic.services import links
from clinic.services.reports import Finding, finalize, record_preliminary
from clinic.services.telling import Call, record_call
from tests.identified import of_report
from tests.kernel import acting, make_episode, make_patient, make_scan

BORN = "1964-05-17"


def signed(category: str, *, side: str = "left", risk: Risk = Risk(), **patient: object) -> Report:
    """A signed report that nobody has been told of."""
    episode = make_episode(SYSTEM, patient=make_patient(**{"birth_date": date.fromisoformat(BORN)} | patient))
    report = record_preliminary(
        acting(Role.SONOGRAPHER),
        step_id=make_scan(SYSTEM, episode).pk,
        finding=Finding(impression="positive", side=side),
        scan_ended_at=clock.now(),
    )
    finding = Finding(impression="", category=category, side=side)
    return finalize(acting(Role.PHYSICIAN), report_id=report.pk, finding=finding, risk=risk)


def tell(report: Report) -> Report:
    """A clinician speaks with the patient, who reads it back."""
    call = Call(audience="patient", outcome="reached", told_to="Pat", read_back=True, identifiers=of_report(report))
    record_call(acting(Role.CLINICIAN), report_id=report.pk, call=call)
    report.refresh_from_db()
    return report


def link_to(report: Report) -> Link:
    """The link of the text."""
    return links.issue(
        purpose=LinkPurpose.RESULT,
        subject_id=report.pk,
        patient=report.episode.patient,
        expires_at=clock.now() + timedelta(days=30),
    )


def phone_of(report: Report, phone: Client | None = None) -> Client:
    """The patient's browser, having proven who they are by birth date and code."""
    link, phone = link_to(report), phone or Client()
    phone.post(f"/l/{links.token(link)}", {"birth_date": BORN})
    phone.post("/result/", {"action": "send_code"})
    link.refresh_from_db()
    phone.post("/result/", {"action": "check_code", "code": links.current_code(link)})
    return phone
