"""Signed reports of referred patients, and a local carrier in the test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Report, Step
from clinic.services.referrers import Office, record_referrer
from clinic.services.reports import Finding, finalize, record_preliminary
from notifications.documents.reconciling import settle_documents
from notifications.documents.sending import send_due
from notifications.documents.settling import receive
from notifications.local_carrier.faults import parsed
from notifications.local_carrier.jobs import Job, Jobs
from notifications.local_carrier.server import LocalCarrier
from notifications.local_twilio.journal import Journal
from notifications.models import Delivery
from tests.kernel import acting, make_episode, make_scan

TOKEN = "a-token-of-the-tests"
FAX, DIRECT = "+13015550151", "records@direct.practice.example"


@contextmanager
def running_carrier() -> Iterator[LocalCarrier]:
    """A carrier that has every document arrive within 10 ms; nobody hears its receipts but who asks."""
    server = LocalCarrier("127.0.0.1", 0, Jobs(TOKEN, Journal(None), step_s=0.01))
    server.start()
    try:
        yield server
    finally:
        server.close()


def plan(carrier: LocalCarrier, *faults: str) -> None:
    """Set what befalls the next requests, one after the other."""
    carrier.jobs.plan.extend(parsed(each) for each in faults)


def referred(**office: str) -> Report:
    """A preliminary of a patient whom an office referred, which has a fax unless it is said otherwise."""
    episode = make_episode(SYSTEM)
    scan = make_scan(SYSTEM, episode)
    values: dict[str, Any] = {"name": "Dr. Rey", "phone": "301-555-0150", "fax": FAX, **office}
    record_referrer(acting("representative"), episode_id=episode.pk, office=Office(**values))
    finding = Finding(impression="negative", side="left")
    return record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())


def signed(category: str = "no_dvt_complete", **office: str) -> Report:
    """The same, signed."""
    report = referred(**office)
    finding = Finding(impression="", category=category, side="left", findings="Compressible throughout.")
    return finalize(acting("physician"), report_id=report.pk, finding=finding)


def deliveries(report: Report) -> list[Delivery]:
    """What is or was owed of a report, in order."""
    return list(Delivery.objects.filter(report=report).order_by("id"))


def states(report: Report) -> list[tuple[str, str]]:
    """The ways and states of these."""
    return [(row.way, row.status) for row in deliveries(report)]


def owed_step(report: Report) -> Step | None:
    """The step of whoever tells the office, where it is live."""
    live = ("open", "scheduled", "escalated")
    return report.episode.steps.filter(kind="referrer", status__in=live).first()


def arrived(carrier: LocalCarrier) -> list[Job]:
    """The jobs whose document came out at the other end."""
    return [job for job in carrier.jobs.all() if job.arrived]


def told(row: Delivery, status: str, code: str = "", *, job: int = 0) -> bool:
    """The carrier tells of a job."""
    return receive(delivery_id=row.pk, job=job or row.job, status=status, code=code)


def lets_time_pass(report: Report) -> None:
    """All leases are over, and whatever was not answered is long ago."""
    long_ago = clock.real_now().replace(year=2001)
    Delivery.objects.filter(report=report, claimed_at__isnull=False).update(claimed_at=long_ago)


def sends() -> int:
    """The worker's sweep."""
    return send_due()


def asks(report: Report) -> int:
    """The worker's other sweep, once what it asks about is old enough."""
    lets_time_pass(report)
    return settle_documents()
